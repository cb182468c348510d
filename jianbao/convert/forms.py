"""The fixed forms of print: how dates, numbers, pointers, page headers and navigation are written.

Patterns only, no decisions. Each is matched against one paragraph without the blanks around it, in simplified characters.
"""

from __future__ import annotations

import re

from jianbao.convert.names import NAME, NAMES


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


# --- days ----------------------------------------------------------------------------------------

# 2020年10月19日 · 2020-10-19 · 二〇二〇年… · 中华民国一〇九年…; not the middle of a number such as AB2020-10-1917
DATE = (
    r"(?:(?<![A-Za-z\d])\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}(?!\d)\s*日?"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十廿卅]{1,3}日"
    r"|民国\s*(?:[〇○零一二三四五六七八九十百]{2,6}|\d{2,3})\s*年\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*月"
    r"\s*(?:[一二三四五六七八九十廿卅]{1,3}|\d{1,2})\s*日)"
)
DATED_RE = re.compile(DATE)
DAY_LINE_RE = re.compile(rf"^[（(]?{DATE}[）)]?$")

# --- numbering -----------------------------------------------------------------------------------

NUMERAL = "[一二三四五六七八九十]{1,3}"
# 第二章 · 第一关： · 一、 · 一　 · （一） · 1. · 1 甲: the number of a heading
NUMBERED_RE = re.compile(
    rf"""^(?: 第[一二三四五六七八九十百零\d]+(?:[章节编部]|[关站招步幕课问篇]\s*[:：，。])
        | {NUMERAL}\s*[、．.\u3000] | [（(]{NUMERAL}[）)] | \d{{1,2}}\s*[.．、](?!\d)
        | \d{{1,2}}[ ](?![月日年人个名件项万亿])(?=[\u4e00-\u9fff“]) )""",
    re.VERBOSE,
)
# （一） · (3) · ① : the number of an item
ITEM_RE = re.compile(rf"^[（(](?:{NUMERAL}|\d{{1,2}})[）)]|^[①-⑳]")
# 第五条 : the number of an article of a regulation
ARTICLE_NUMBER_RE = re.compile(r"^\*{0,2}(第[一二三四五六七八九十百零\d]+条)\*{0,2}")

# --- continued on another page -------------------------------------------------------------------

POINTER = r"(?:上接|下转|紧接|转|详见|见)\s*第?\s*(?:[A-Z]?\d{1,2}|[一二三四五六七八九十]{1,3})\s*版[^（）()]{0,12}"
# An instalment of a serial ends with （未完待续）, （待续）, （连载完）.
SERIAL = r"(?:未完待续|未完|待续|连载完|续完|全文完)"
POINTER_RE = re.compile(rf"^[（(►▶▷→]?\s*{POINTER}[）)]?$|^[（(]{SERIAL}[）)]$")
POINTER_END_RE = re.compile(rf"[（(]\s*{POINTER}[）)]$|[►▶→]\s*{POINTER}$")
POINTER_START_RE = re.compile(rf"^[（(]\s*{POINTER}[）)]\s*(?=\S)")

# --- parts of a story ----------------------------------------------------------------------------

SUBTITLE_RE = re.compile(r"^(?:——|--|－－|──|—)")
CAPTION_RE = re.compile(
    r"^(?:图[:：]|图为|图片说明[:：]|[上下左右]图|[▲△▼▽◀▶←→↑↓]\s*[\u4e00-\u9fff]|[（(][上下左右]?图[）)])"
)
CONTACT_WORDS = _any(
    "地址", "邮编", "邮政编码", "电话", "联系人", "联系方式", "网址", "网站", "邮箱", "信箱", "传真",
    "短信[\u4e00-\u9fff]{0,4}", "平台", "热线", "微信", "公众号",
)  # fmt: skip
CONTACT_RE = re.compile(rf"^\*{{0,2}}[\u4e00-\u9fff]{{0,6}}{CONTACT_WORDS}\s*[:：]\*{{0,2}}")
# A sentence about the whole story: （本文图片由…提供） · （转载自…） · （作者单位：…）
WHOLE_ARTICLE_RE = re.compile(
    r"""^[（(]?(?:本文|以上|本版|本组)?(?:图片?|照片|稿件|文图)[^。]{0,6}(?:由|均).{2,20}(?:提供|拍摄)
      | ^[（(](?:本文|本版)?(?:转载|原载|摘自|摘编自|选自|据|来源|作者(?:单位|简介|系))""",
    re.VERBOSE,
)
# （作者系…） · （一位…的父亲） : a line that is one bracket.
BRACKETED_RE = re.compile(r"[（(][^（）()。]{3,40}[）)]")
# **记者：** … · **主张改的占58%。** … : a paragraph with its first words in bold.
RUN_IN_RE = re.compile(r"\*\*[^*]+\*\*\s*[^\s*]")
TABLE_ROW_RE = re.compile(r"^\|.*\|$")

# --- offices and places -------------------------------------------------------------------------

# An office, a place, a firm: what a subject line above a headline and a signature below a text name.
OFFICE_RE = re.compile(
    r"^[^，。：:]{2,16}(?:局|委|院|中心|办|办公室|市|县|区|镇|乡|村|街道|社区|会|公司|集团|学校|大学|部|厅|处|所|站|队|馆|银行|提示|提醒)$"
)

# --- names of columns ----------------------------------------------------------------------------

# The standing name of a column 栏目 is short and ends as such names do: 讲台手记 · 科普时评 · 相关链接 · 律师信箱.
COLUMN_WORDS = _any(
    "调研行", "问诊室", "小贴士", "会客厅", "面对面", "曝光台", "服务台", "生活馆", "回音壁", "编者按", "手记", "札记", "随笔", "杂谈", "漫谈", "笔谈",
    "时评", "短评", "快评", "锐评", "评论", "评弹", "论坛", "视点", "观点", "观察", "链接", "资料", "速递", "快递", "快讯", "简讯", "短讯",
    "要闻", "传真", "动态", "播报", "资讯", "集锦", "新闻", "聚焦", "关注", "追踪", "直击", "调查", "纪行", "解读", "说法", "问答", "诊室",
    "信箱", "来信", "回音", "热线", "提示", "提醒", "贴士", "百科", "课堂", "讲堂", "讲坛", "茶座", "茶馆", "访谈", "对话", "人物", "人生",
    "榜样", "风采", "故事", "记忆", "往事", "史话", "风物", "天地", "园地", "之窗", "广角", "纵横", "专栏", "专题", "连载", "看点", "导读",
    "一线", "书架", "书评", "影评", "文苑", "诗笺", "诗页", "往来", "短波", "小札", "漫笔", "走笔", "综述", "视窗", "之声", "掌故", "编后",
    "剪影", "写真",
)  # fmt: skip
COLUMN_RE = re.compile(
    rf"^[【“「『]?(?:(?![省市县区镇局委部办厅]|中心|公司|医院|学校)[\u4e00-\u9fff·“”「」]){{0,6}}{COLUMN_WORDS}[】”」』]?$"
)
COLUMN_LENGTH = 8


def is_column_name(text: str) -> bool:
    """Whether a line set apart can be the standing name of a column; letters set wide count as they are read.

    >>> [is_column_name(text) for text in ("讲台手记", "导 读", "着眼民生热点", "今年前三季度的重点新闻")]
    [True, True, False, False]
    """
    name = re.sub(r"[ \u3000]", "", text)
    return len(name) <= COLUMN_LENGTH and COLUMN_RE.match(name) is not None


# --- page furniture ------------------------------------------------------------------------------

# A03 · 第3版 · 第三版 · 06; a single digit by itself is oftener the number of a heading
PAGE_NUMBER = rf"\**(?:第?[A-Z]?\d{{1,2}}版|第{NUMERAL}版|[A-Z]\d{{1,2}}|0\d)\**"
# What newspapers are called behind their town.
PAPER_KINDS = _any(
    "日报", "晚报", "早报", "时报", "商报", "快报", "晨报", "周报", "导报", "都市报", "工人报", "青年报", "法制报", "法治报",
    "工会报", "农民报", "新报",
)  # fmt: skip
PAPER = rf"[\u4e00-\u9fff]{{2,8}}?{PAPER_KINDS}"
# What papers call their sections: 7 国际, 3 经济·民生.
SECTIONS = _any(
    "要闻", "时政", "时事", "国际", "国内", "天下", "世界", "本地", "综合", "经济", "财经", "民生", "社会", "法治", "体育", "文体",
    "文化", "娱乐", "副刊", "教育", "科教", "科技", "健康", "卫生", "理论", "评论", "观点", "读者", "专题", "专版", "特刊", "生活",
    "旅游", "文艺", "新闻", "广告", "深度", "县域",
)  # fmt: skip
SECTION = r"[\u4e00-\u9fff·]{2,10}"
GANZHI = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
PAGE_HEADER_RE = re.compile(
    rf"""^(?:主办|承办|协办|主管|出版)\s*[:：]
      | ^(?:中华)?{DATE}\s*[/·|]?\s*(?:星期|周|农历|{GANZHI}) | ^(?:农历)?{GANZHI}[正一二三四五六七八九十冬腊]{{1,2}}月
      | ^(?:星期|周)[一二三四五六日天](?:\s|$)
      | 国内统一(?:连续出版物号|刊号) | 邮发代号
      | ^[【\[]?{PAGE_NUMBER}[】\]]?\s*[|·]?\s*(?:{SECTION})?$ | ^●?{SECTION}\s+[|·]?\s*{PAGE_NUMBER}$
      | ^\d{{1,2}}\s+(?:{SECTIONS}[·\s]?){{1,3}}$ | ^(?:{SECTIONS}[·\s]?){{1,3}}\s\d{{1,2}}$ | ^[—－-]\s?\d{{1,2}}\s?[—－-]$ | ^第\d{{1,2}}页$
      | ^\d{{1,2}}月\d{{1,2}}日\s*(?:星期|周)[一二三四五六日天]$ | ^(?:零售|每份|定价)[^。]{{0,12}}元$
      | ^{PAPER}[·\s]*(?:{SECTIONS}[·\s]*){{0,3}}(?:{PAGE_NUMBER}\s*(?:{SECTION})?)?(?:[A-Z]{{2,}}(?:\s+[A-Z]{{2,}})*)?$
      | ^[A-Z]{{3,}}\s+(?:(?:RI|WAN|ZAO|CHEN|SHANG|KUAI)BAO|DAILY|NEWS|TIMES)$
      | 今日\s*\d+\s*版 | ^(?:{SECTION}\s+)?总?第\s*\d+\s*期$ | ^总?第\d+期
      | ^(?:新闻热线|投稿(?:邮箱|信箱)|订阅热线|广告热线|发行热线|报料电话|读者热线)\s*[:：\d]
      | ^[\u4e00-\u9fff]{{2,6}}日报社?\s*(?:出版|主办)
      | ^中共[\u4e00-\u9fff]{{2,14}}委(?:员会)?(?:机关报|主管|主办) | ^[\u4e00-\u9fff]{{2,8}}(?:网|客户端)\s*[:：]?\s*(?:https?://|www\.)""",
    re.VERBOSE,
)
# A short line with a full date and one of these is the head of a page, in whatever order.
HEADER_WORD_RE = re.compile(
    r"星期[一二三四五六日天]|\d\s*版|农历|日报社|出版|第\d+期|[A-Z]\d{2}\b|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
)
HEADER_LENGTH = 80
EDITORS = _any(
    "责任编辑", "责编", "责任编", "美术编辑", "美编", "版式(?:编辑|设计)?", "本版编辑", "编辑", "校对", "组版", "排版",
    "值班(?:主任|编委|总编)", "审读", "统筹", "视觉",
    "(?:执行)?主编", "总编辑?", "版面(?:设计)?", "编审", "终审", "监制",
)  # fmt: skip
# Others who stand on an editors' line, but begin none.
EDITORS_TOO = _any(EDITORS, "题图", "插图", "设计", "制图", "投稿", "邮箱", "电话", "热线", "QQ")
EDITOR_RE = re.compile(
    rf"""^(?!.*[。？！])[（(]?(?:本版|[一二三四五六七八]版)?{EDITORS}\s*(?:[/／]{EDITORS})?\s*[:：/／]
      | ^(?=.{{0,80}}$)[^，。]*?{EDITORS}\s*[:：/／][^，。]*?{EDITORS}\s*[:：/／]
      | ^(?:本版)?{EDITORS}\s+{NAMES}\s+(?:本版|首席)?{EDITORS_TOO}
      | ^(?:责编|责任编辑|本版编辑|美编|校对|版式|组版|(?:执行)?主编|总编辑)\s+{NAME}(?:\s|$)""",
    re.VERBOSE,
)
DESK_LINE_RE = re.compile(
    r"^(?:电话|热线|传真|邮箱|E-?mail|网址|地址|QQ)\s*[:：]\s*[\d\w@./:-]+", re.IGNORECASE
)
# Where a paper is written to, called or ordered: a telephone or an address of mail on the same line.
DESK_RE = re.compile(
    r"""^(?=.*(?:\d{3,4}[-\s]?\d{3,}|\S@\S))(?:来[信稿]请寄|投稿\s
      |[^，。:：]{0,12}(?:投稿|订报|订阅|发行|广告|新闻|[报爆]料|刊登|读者服务|[日晚早晨商]报)(?:热线|专线|邮箱|信箱|电邮|电话|部|中心)\s*[:：\s\d])
      |^(?:https?://|www\.)[\w./-]+$|^(?:本报(?:地址|社址|法律顾问)|社址|法律顾问)\s*[:：]""",
    re.VERBOSE,
)
# The weather in a page's head, the list of what stands on other pages, a code to be read by telephone.
SERVICE_RE = re.compile(
    r"^\|?\s*今[日天]天气\s.*℃|^导\s*读$|^[^。]{4,30}\s+[▶►→]?\s*(?:详?见|刊)\s*第?[A-Z]?\d{1,2}版$"
    r"|^(?:扫描?|长按|识别)[^。，]{0,8}二维码[^。，]{0,15}$"
)
# 广告 · 遗失声明 · 甲遗失…，声明作废。
AD_RE = re.compile(
    r"^[·•【（(]?\s*(?:公益)?广告\s*[·•】）):：]|^(?:[^。]{2,12}\s)?公益广告$|^广告$|^(?:遗失(?:声明|启事)|分类广告)|遗失[^。]{2,60}作废。?$"
)
IMAGE_RE = re.compile(r"^(?:!\[[^\]]*\]\([^)]*\)|<img[^>]*>|\[?图片\]?)$")
ORNAMENT_RE = re.compile(r"^[^\w\u3400-\u9fff]+$")

# --- saved web pages -----------------------------------------------------------------------------

ORIGIN = r"(?:(?:稿件|文章|信息)?来源|稿源)"
SOURCE_LINE_RE = re.compile(
    rf"""^(?=.*(?:{ORIGIN}|发布)[^:：]{{0,4}}[:：])(?=.*{DATE})
      | ^{DATE}(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*{ORIGIN}
      | ^{ORIGIN}\s*[:：].{{2,20}}$
      | ^{DATE}\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s+\S{{2,12}})?$ | ^\[{DATE}\]$ | ^原创\s.*{DATE}
      | ^{ORIGIN}\s*[:：]\s*\S{{2,20}}\s+(?:作者|记者|通讯员|编辑|浏览|阅读|点击)
      | ^(?:发布|更新|发表)(?:时间|日期)\s*[:：]""",
    re.VERBOSE,
)
CONTROLS = _any(
    "相关(?:链接|新闻|阅读|文章|附件|信息)", "(?:延伸|推荐)阅读", "上一篇", "下一篇",
    "打印(?:本页)?", "关闭窗口", "关闭", "返回(?:顶部|首页|列表)?", "首页", "收藏", "分享(?:到)?", "扫一扫.*",
    "分享(?:到|至)?[:：].*", "我要纠错.*", "网站纠错.*",
    "网站地图", "联系我们", "关于我们", "无障碍(?:浏览|阅读)?", "浏览次数.*", "点击(?:数|率|次数).*",
)  # fmt: skip
NAV_RE = re.compile(
    rf"""\S\s*(?:>{{2}}|»)\s*\S | ＞.*＞ | ^\S+\s*>\s*\S+\s*>
      | ^您?(?:现在|当前)?的?位置\s*[:：] | ^当前位置
      | ^【?\s*字[体号]\s*[:：]
      | ^(?:【?\s*{CONTROLS}\s*[:：】]?[\s|]*)+$
      | ^(?:上一篇|下一篇|上一条|下一条)\s*[:：]
      | 版权所有 | ICP备 | 公网安备 | 技术支持\s*[:：] | 网站标识码
      | ^(?:浏览|阅读|点击)(?:次数|量|数)\s*[:：]""",
    re.VERBOSE,
)
# The menu of a saved page, words between strokes or behind 首页, and what else its frame says.
MENU_RE = re.compile(
    r"^[^|｜。]{1,10}(?:[|｜][^|｜。]{1,10}){2,}$|^(?:网站)?首页(?:\s+\S{2,8}){2,}$"
    r"|^(?:(?:主办|承办|协办|主管)单位|标签|用户名)\s*[:：]|^阅读\s*\d+|^微信扫一扫|^(?:热门|热点)推荐$|^A[-+]?\s+A"
)
# What readers said of a story: the heading, and each with its writer and minute.
COMMENTS_RE = re.compile(
    rf"^(?:网友|读者|用户)?(?:评论|留言)\s*[（(]\s*\d+|^\S{{1,16}}\s+{DATE}\s+\d{{1,2}}:\d{{2}}\s"
)
# What stands at the foot of a site.
FOOTER_RE = re.compile(r"版权所有|ICP备|公网安备|网站标识码")
# Below it a saved page lists other stories.
RELATED_RE = re.compile(
    r"^【?\s*(?:相关(?:链接|新闻|阅读|文章|信息|稿件)|(?:延伸|推荐)阅读|热[点门](?:新闻|推荐)|上一篇|下一篇)\s*[:：】]?"
)
# Controls behind the date of a saved page: 【字体: 打印
CONTROL_TAIL_RE = re.compile(r"【?\s*(?:字[体号]|大\s*中\s*小|打印|关闭|浏览次数|点击数|阅读量).*$")
