"""The fixed forms of print: how dates, numbers, pointers, page headers and navigation are written.

Patterns only, no decisions. Each is matched against one paragraph without the blanks around it, in simplified characters.
"""

from __future__ import annotations

import re


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


# --- days ----------------------------------------------------------------------------------------

# 2020年10月19日 · 2020-10-19 · 二〇二〇年…
DATE = (
    r"(?:\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)"
)
DATED_RE = re.compile(DATE)
DAY_LINE_RE = re.compile(rf"^[（(]?{DATE}[）)]?$")

# --- numbering -----------------------------------------------------------------------------------

NUMERAL = "[一二三四五六七八九十]{1,3}"
# 第二章 · 第一关： · 一、 · （一） · 1. · 1 甲: the number of a heading
NUMBERED_RE = re.compile(
    rf"""^(?: 第[一二三四五六七八九十百零\d]+(?:[章节编部]|[关站招步幕课问篇]\s*[:：，。])
        | {NUMERAL}\s*[、．.] | [（(]{NUMERAL}[）)] | \d{{1,2}}\s*[.．、](?!\d)
        | \d{{1,2}}[ ](?![月日年人个名件项万亿])(?=[\u4e00-\u9fff“]) )""",
    re.VERBOSE,
)
# （一） · (3) · ① : the number of an item
ITEM_RE = re.compile(rf"^[（(](?:{NUMERAL}|\d{{1,2}})[）)]|^[①-⑳]")
# 第五条 : the number of an article of a regulation
ARTICLE_NUMBER_RE = re.compile(r"^\*{0,2}(第[一二三四五六七八九十百零\d]+条)\*{0,2}")

# --- continued on another page -------------------------------------------------------------------

POINTER = r"(?:上接|下转|紧接|转|详见|见)\s*第?\s*(?:[A-Z]?\d{1,2}|[一二三四五六七八九十]{1,3})\s*版[^（）()]{0,12}"
POINTER_RE = re.compile(rf"^[（(►▶▷→]?\s*{POINTER}[）)]?$")
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
# A sentence about the whole story: （本文图片由…提供） · （转载自…）
WHOLE_ARTICLE_RE = re.compile(
    r"""^[（(]?(?:本文|以上|本版|本组)?(?:图片?|照片|稿件|文图)[^。]{0,6}(?:由|均).{2,20}(?:提供|拍摄)
      | ^[（(](?:转载|原载|摘自|摘编自|选自|据|来源)""",
    re.VERBOSE,
)
# The standing name of a column 栏目 is short and ends as such names do: 讲台手记 · 科普时评 · 相关链接 · 律师信箱.
COLUMN_WORDS = _any(
    "手记", "札记", "随笔", "杂谈", "漫谈", "笔谈", "时评", "短评", "快评", "锐评", "评论", "评弹", "论坛", "视点", "观点", "观察",
    "链接", "资料", "速递", "快递", "快讯", "简讯", "短讯", "要闻", "传真", "动态", "播报", "资讯", "集锦", "新闻",
    "聚焦", "关注", "追踪", "直击", "调查", "调研行", "纪行", "解读", "说法", "问答", "问诊室", "诊室", "信箱", "来信", "回音", "热线",
    "提示", "提醒", "小贴士", "贴士", "百科", "课堂", "讲堂", "讲坛", "茶座", "茶馆", "会客厅", "访谈", "对话", "面对面", "人物", "人生",
    "榜样", "风采", "故事", "记忆", "往事", "史话", "风物", "天地", "园地", "之窗", "广角", "纵横", "专栏", "专题", "连载",
    "曝光台", "服务台", "看点", "导读", "一线", "生活馆", "书架", "书评", "影评", "文苑", "诗笺", "诗页",
)  # fmt: skip
OFFICE = "[省市县区镇局委部办厅]|中心|公司|医院|学校"
COLUMN_RE = re.compile(
    rf"^[“「『【]?(?:(?!{OFFICE})[\u4e00-\u9fff·“”「」]){{0,5}}{COLUMN_WORDS}[”」』】]?$"
)
COLUMN_LENGTH = 8


def is_column_name(text: str) -> bool:
    """Whether a line set apart can be the standing name of a column; letters set wide count as they are read.

    >>> [is_column_name(text) for text in ("讲台手记", "导 读", "着眼民生热点", "今年前三季度的重点新闻")]
    [True, True, False, False]
    """
    name = re.sub(r"[ \u3000]", "", text)
    return len(name) <= COLUMN_LENGTH and COLUMN_RE.match(name) is not None


TABLE_ROW_RE = re.compile(r"^\|.*\|$")

# --- page furniture ------------------------------------------------------------------------------

PAGE_NUMBER = r"(?:第?[A-Z]?\d{1,2}版|[A-Z]\d{1,2})"
PAGE_HEADER_RE = re.compile(
    rf"""^(?:主办|承办|协办|主管|出版)\s*[:：]
      | ^{DATE}\s*[/·|]?\s*(?:星期|周|农历|庚|己|辛)
      | ^(?:星期|周)[一二三四五六日天]\s
      | 国内统一(?:连续出版物号|刊号) | 邮发代号
      | ^{PAGE_NUMBER}\s*(?:[\u4e00-\u9fff·]{{2,6}})?$
      | 今日\s*\d+\s*版 | ^总?第\d+期
      | ^(?:新闻热线|投稿(?:邮箱|信箱)|订阅热线|广告热线|发行热线|报料电话|读者热线)
      | ^[\u4e00-\u9fff]{{2,6}}日报社?\s*(?:出版|主办)""",
    re.VERBOSE,
)
# A short line with a full date and one of these is the head of a page, in whatever order.
HEADER_WORD_RE = re.compile(r"星期[一二三四五六日天]|\d\s*版|农历|日报社|出版|第\d+期|[A-Z]\d{2}\b")
HEADER_LENGTH = 80
EDITORS = _any(
    "责任编辑", "责编", "责任编", "美术编辑", "美编", "版式(?:编辑|设计)?", "本版编辑", "编辑", "校对", "组版", "排版",
    "值班(?:主任|编委|总编)", "审读", "统筹", "视觉",
)  # fmt: skip
EDITOR_RE = re.compile(
    rf"""^[（(]?(?:本版|[一二三四五六七八]版)?{EDITORS}\s*(?:[/／]{EDITORS})?\s*[:：/／]
      | ^(?:责编|责任编辑|本版编辑|编辑|美编|校对|版式|组版)\s+[\u4e00-\u9fff]{{2,4}}(?:\s|$)""",
    re.VERBOSE,
)
DESK_LINE_RE = re.compile(
    r"^(?:电话|热线|传真|邮箱|E-?mail|网址|地址|QQ)\s*[:：]\s*[\d\w@./:-]+", re.IGNORECASE
)
AD_RE = re.compile(r"^[·•【（(]?\s*(?:公益)?广告\s*[·•】）):：]")
IMAGE_RE = re.compile(r"^(?:!\[[^\]]*\]\([^)]*\)|<img[^>]*>|\[?图片\]?)$")
ORNAMENT_RE = re.compile(r"^[^\w\u3400-\u9fff]+$")

# --- saved web pages -----------------------------------------------------------------------------

ORIGIN = r"(?:来源|稿源)"
SOURCE_LINE_RE = re.compile(
    rf"""^(?=.*(?:{ORIGIN}|发布)[^:：]{{0,4}}[:：])(?=.*{DATE})
      | ^{DATE}(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*{ORIGIN}
      | ^{ORIGIN}\s*[:：].{{2,20}}$
      | ^发布(?:时间|日期)\s*[:：]""",
    re.VERBOSE,
)
CONTROLS = _any(
    "相关(?:链接|新闻|阅读|文章|附件|信息)", "(?:延伸|推荐)阅读", "上一篇", "下一篇",
    "打印(?:本页)?", "关闭窗口", "关闭", "返回(?:顶部|首页|列表)?", "首页", "收藏", "分享(?:到)?", "扫一扫.*",
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
# Below it a saved page lists other stories.
RELATED_RE = re.compile(
    r"^【?\s*(?:相关(?:链接|新闻|阅读|文章|信息)|(?:延伸|推荐)阅读|热点(?:新闻|推荐)|上一篇|下一篇)\s*[:：】]?"
)
# Controls behind the date of a saved page: 【字体: 打印
CONTROL_TAIL_RE = re.compile(r"【?\s*(?:字[体号]|大\s*中\s*小|打印|关闭|浏览次数|点击数|阅读量).*$")
