"""How people's names are printed: patterns and the tables of surnames, no decisions."""

from __future__ import annotations

# Every Chinese character but 摄, which ends a credit and no name.
HAN = r"[\u3400-\u6443\u6445-\u9fff\U00020000-\U0003134f]"
# 李春红 · 阿依古丽·买买提 · 王 帆 (set wide)
NAME = rf"(?:{HAN}{{2,4}}(?:·{HAN}{{1,8}})*|{HAN}{{1,8}}(?:·{HAN}{{1,8}})+|{HAN}[ \u3000]{{1,3}}{HAN}(?!{HAN}))"
SEPARATOR = r"[\s、，,/／&]+"
NAMES = rf"{NAME}(?:{SEPARATOR}{NAME})*"

DOUBLE_SURNAMES = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "闻人", "端木", "南宫", "钟离",
     "司空", "宇文", "长孙", "轩辕", "申屠", "贺兰")
)  # fmt: skip
# The hundred surnames that cover nearly all people, and the double ones; only asked where no role is printed.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛"
    "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
    "蓝路游辛靳管柴蒙鲍华喻祁房蒲滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳"
    "洪赖裘荀芮蔺屠闻莘逄宰郦雍璩濮扈郏茹宦戈庾暨晁訾阚巢蒯竺逯桓雒昝贲诸钮嵇羿汲邴隗宓郗郜蓟邰奚酆湛禹狄茅"
)
# What the names of offices and places end with, and a name of two or three characters hardly does.
PLACES = "路街巷弄村镇乡县市区州省校局院厂站所馆办委会社部队店联"
# What a person's standing ends with: 城北街道居民, 西津镇教师, 市图书馆退休馆员.
STANDINGS = "员师生民工者友长官医"
# Words that are set wide like names.
WIDE_WORDS = frozenset(
    ("启事", "通知", "公告", "通告", "公示", "声明", "讣告", "导读", "简讯", "更正", "目录", "前言", "后记", "编后", "结语", "感谢",
     "要闻", "时评", "随笔", "诗歌", "散文", "小说", "征文", "广告", "链接", "附件", "附表")
)  # fmt: skip
