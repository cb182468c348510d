"""The fixed forms of print: how dates, numbers, pointers, page headers and navigation are written.

Patterns only, no decisions. Each is matched against one paragraph without the blanks around it, in simplified characters.
"""

from __future__ import annotations

import re


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


# --- days ----------------------------------------------------------------------------------------

# 2020年10月19日 · 2020-10-19 · 二〇二〇年… · 中华民国一〇三年…
DATE = (
    r"(?:\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
    r"|(?:中华)?民国[〇○零一二三四五六七八九十\d]{1,4}年[一二三四五六七八九十\d]{1,3}月[一二三四五六七八九十\d]{1,3}日"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)"
)
DATED_RE = re.compile(DATE)
DAY_LINE_RE = re.compile(rf"^[（(]?{DATE}[）)]?$")

# --- numbering -----------------------------------------------------------------------------------

NUMERAL = "[一二三四五六七八九十]{1,3}"
# 第二章 · 第一关： · 一、 · 一　 · （一） · 1. : the number of a heading
NUMBERED_RE = re.compile(
    rf"""^(?: 第[一二三四五六七八九十百零\d]+(?:[章节编部]|[关站招步幕课问篇]\s*[:：，。])
        | {NUMERAL}\s*[、．.\u3000] | [（(]{NUMERAL}[）)] | \d{{1,2}}\s*[.．、](?!\d) )""",
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
# A sentence about the whole story: （本文图片由…提供） · （转载自…）
WHOLE_ARTICLE_RE = re.compile(
    r"""^[（(]?(?:本文|以上|本版|本组)?(?:图片?|照片|稿件|文图)[^。]{0,6}(?:由|均).{2,20}(?:提供|拍摄)
      | ^[（(](?:转载|原载|摘自|摘编自|选自|据|来源)""",
    re.VERBOSE,
)
# （作者系…） · （一位…的父亲） : a line that is one bracket.
BRACKETED_RE = re.compile(r"[（(][^（）()。]{3,40}[）)]")
# **记者：** … · **主张改的占58%。** … : a paragraph with its first words in bold.
RUN_IN_RE = re.compile(r"\*\*[^*]+\*\*\s*[^\s*]")
# 梧桐路 何小禾 · 西门街读者 艾松 : a letter is signed with a place or a standing and a name.
LETTER_SIGNATURE_RE = re.compile(
    r"[\u4e00-\u9fff]{0,8}(?:[省市县区镇乡村街路巷组]|社区|小区|读者|市民|居民|村民|学生|教师|职工)[ \u3000]+(?P<name>[\u4e00-\u9fff]{2,3})"
)
TABLE_ROW_RE = re.compile(r"^\|.*\|$")

# --- names of columns ----------------------------------------------------------------------------

# What the standing name of a column (栏目) ends with.
COLUMN_RE = re.compile(
    "^[【“「『]?[\u4e00-\u9fff·]{0,6}(?:信箱|来信|往来|短波|短讯|简讯|快讯|要闻|札记|小札|随笔|漫笔|走笔|笔谈|杂谈|论坛|观察|综述|时评"
    "|热线|广角|视点|视窗|之窗|之声|掌故|书架|连载|回音壁|曝光台|编后|编者按|聚焦|速递|传真|剪影|写真|百科|茶座)[】”」』]?$"
)

# --- page furniture ------------------------------------------------------------------------------

PAGE_NUMBER = r"(?:第?[A-Z]?\d{1,2}版|[A-Z]\d{1,2})"
PAPER = r"[\u4e00-\u9fff]{2,6}(?:日报|晚报|早报|时报|商报|快报|晨报|周报)"
PAGE_HEADER_RE = re.compile(
    rf"""^(?:主办|承办|协办|主管|出版)\s*[:：]
      | ^{DATE}\s*[/·|]?\s*(?:星期|周|农历|庚|己|辛)
      | ^(?:星期|周)[一二三四五六日天]\s
      | 国内统一(?:连续出版物号|刊号) | 邮发代号
      | ^{PAGE_NUMBER}\s*(?:[\u4e00-\u9fff·]{{2,6}})?$
      | ^{PAPER}\s*\*{{0,2}}{PAGE_NUMBER}\*{{0,2}}\s*(?:[\u4e00-\u9fff·]{{2,6}})?$
      | 今日\s*\d+\s*版 | ^总?第\d+期
      | ^(?:新闻热线|投稿(?:邮箱|信箱)|订阅热线|广告热线|发行热线|报料电话|读者热线)
      | ^[\u4e00-\u9fff]{{2,6}}日报社?\s*(?:出版|主办)""",
    re.VERBOSE,
)
# A short line with a full date and one of these is the head of a page, in whatever order.
HEADER_WORD_RE = re.compile(r"星期[一二三四五六日天]|\d\s*版|农历|日报社|出版|第\d+期|[A-Z]\d{2}\b")
HEADER_LENGTH = 80
# 06 读者之声 · 7 国际 : the number of a page and its name, at the edge of the page.
FOLIO_RE = re.compile(r"^0?\d{1,2}\s+[\u4e00-\u9fff·]{2,6}$|^[\u4e00-\u9fff·]{2,6}\s+0?\d{1,2}$")
EDITORS = _any(
    "责任编辑", "责编", "责任编", "美术编辑", "美编", "版式(?:编辑|设计)?", "本版编辑", "编辑", "校对", "组版", "排版",
    "值班(?:主任|编委|总编)", "主编", "审读", "统筹", "视觉",
)  # fmt: skip
# Two of them in one line say who made the page, whatever stands before: 国际部主编 责编：… 校对：…
EDITOR_RE = re.compile(
    rf"""^[（(]?(?:本版|[一二三四五六七八]版)?{EDITORS}\s*(?:[/／]{EDITORS})?\s*[:：/／]
      | ^(?:责编|责任编辑|本版编辑|编辑|美编|校对|版式|组版)\s+[\u4e00-\u9fff](?:[ ]?[\u4e00-\u9fff]){{1,3}}(?:\s|$)
      | ^[^。，,]{{0,12}}{EDITORS}\s*[:：/／][^。，,]{{2,12}}{EDITORS}\s*[:：/／]""",
    re.VERBOSE,
)
DESK_LINE_RE = re.compile(
    r"^(?:电话|热线|传真|邮箱|E-?mail|网址|地址|QQ)\s*[:：]\s*[\d\w@./:-]+"
    r"|^[\u4e00-\u9fff]{0,4}(?:投稿|来稿|来信)(?:邮箱|信箱|电邮|邮件|请寄|地址)\s*[:：]",
    re.IGNORECASE,
)
AD_RE = re.compile(r"^[·•【（(]?\s*(?:公益)?广告\s*[·•】）):：]|^欢迎(?:订阅|投稿|赐稿)[^。]*$")
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
