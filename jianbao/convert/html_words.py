"""The words of a saved page's frame, and what a line says by itself: control, source line, breadcrumb, name of the site.

Patterns are matched against a line without the blanks around it, in simplified characters.
"""

from __future__ import annotations

import re

from jianbao.convert.forms import (
    CONTROL_TAIL_RE,
    DATED_RE,
    FOOTER_RE,
    PAPER,
    PAPER_KINDS,
    SOURCE_LINE_RE,
)
from jianbao.convert.html_lines import HtmlLine

# Prose without a full stop is at least so long.
PROSE_LENGTH = 25
# A line with so great a share of links leads away from the page.
LINKED = 0.5
SHORT = 40

# Words of controls; a line that is nothing but such words, numbers and strokes is one.
CONTROLS_RE = re.compile(
    r"""(?:打印(?:本[页文]|此[页文]|文章|预览)?|关闭(?:本页|窗口|此页)?|(?:加入)?收藏(?:本[页文])?|一键分享|分享(?:文章|到|给好友)?|微信(?:好友|扫码)?|朋友圈|新浪微博|腾讯微博|微博
      |[Qq][Qq](?:好友|空间)?|豆瓣|人人网?|复制(?:链接|本?网址)?|[字体]?[字体][号体大小]+|字体|正文字号|视力保护色?|超?特?[大中小]号?|放大|缩小|默认|正常|还原|返回(?:顶部|首页|列表|目录|上一[页级]|版面)?|回到?顶部|TOP
      |第?[上下前后首末尾]\s*一?\s*[篇页版条期]|首页|尾页|末页|共\s*\d+\s*[页条篇]|第\s*\d+\s*页|点赞|[点]?赞|踩|顶|转发|转帖|回复|引用|举报|只看(?:楼主|该作者)|楼主|沙发|板凳|\d+\s*[楼#＃]|[#＃]\d+|我要(?:评论|纠错|留言|投稿)
      |我来说两句|发表(?:评论|回复)|(?:查看)?(?:全部|更多)(?:评论|回复|新闻)?|更多|more|MORE|查看(?:全文|原图|详情)?|详细|详情|听新闻|语音(?:播报|朗读)|朗读|播放|暂停|登录|注册|退出|搜索|提交|重置|取消|确定
      |手机(?:版|看|浏览|阅读)|扫一扫[^。，]{0,12}|用?手机扫[^。，]{0,12}|扫码[^。，]{0,8}|二维码|客户端下载|下载|English|简体|繁体|繁體|设为首页|设为主页|网站地图|联系我们|关于我们|版权声明|隐私(?:政策|声明)|广告服务|版面(?:导航|目录)?|标题导航|往期(?:回顾|阅读|检索)?
      |PDF(?:版|下载)?|pdf|(?:THE\s*)?END|end|RSS|APP|A[+-]?|\d+|[+-])""",
    re.VERBOSE,
)
SEPARATORS_RE = re.compile(
    r"[\s|｜·•:：/／、，,\[\]【】（）()<>《》〈〉→←↑↓»«›‹>＞▶►◀…._\-—+↗✕×☆★♡]+"
)
# Words of a frame that are followed by something: 上一篇：…, 分享到：…, 浏览次数：12.
FRAME_WORD_RE = re.compile(
    r"""^[【\[（(]?\s*(?:[上下前后]\s*一?\s*[篇条页期]\s*[:：]|分享(?:到|至|给)|我要(?:评论|纠错)|关键[词字]\s*[:：]|(?:文章)?标签\s*[:：]|tags?\s*[:：]
      |本帖最后由|原标题\s*[:：]|本文(?:网址|链接|地址)\s*[:：]|(?:友情|相关)链接|(?:热门|热点|最新|推荐|相关|图片|今日|精彩|本类|频道|专题|24小时|一周|点击|阅读)(?:新闻|文章|推荐|阅读|排行|头条|资讯|热点|内容|图文|报道|专题|导读|信息)?\s*[:：]?\s*(?:更多|more|>>|»)?\s*$
      |延伸阅读|猜你喜欢|大家都在看|您?(?:现在|当前)?的?位置|今天是|欢迎(?:您|访问|光临)|.{0,12}版权所有|Copyright|©|.{0,10}ICP备)""",
    re.VERBOSE | re.IGNORECASE,
)
# What asks a reader to do something else than to read.
PROMPT_RE = re.compile(
    r"(?:点我|点此|点击|立即|马上|扫码)下载|下载(?:APP|客户端)|点击(?:上方|下方|蓝字|阅读原文|图片|进入专题)|(?:长按|扫描|识别|扫一扫).{0,6}二维码|关注.{0,8}(?:公众号|微信|我们)|阅读原文",
    re.IGNORECASE,
)
# Whole sentences that are of the site.
NOTICE_RE = re.compile(
    r"^[【\[（(]?\s*(?:版权|免责|特别|郑重|本[网站])?声明\s*[】\])）]?\s*[:：]|^(?:\d[、.．]\s*)?凡(?:是|本[网站报])*(?:[^。]{0,20})?注明[“\"‘《]?\s*(?:[^。]{0,6}来源|[^。]{0,10}稿)"
    r"|^(?:\d[、.．]\s*)?(?:本[网站]转载|转载本[网站]|未经(?:本[网站报]|书面)?[^。]{0,6}授权)|(?:版权归|版权均?属).{0,20}(?:所有|本[网站])"
)
# Where what readers say begins.
TALK_RE = re.compile(
    r"^(?:(?:网友|读者|用户|最新|热门|精彩|全部|文章)?(?:评论|留言|跟帖|回帖|回复)(?:列表|区|内容)?|发表(?:评论|回复|留言)|(?:共有?)?\s*\d+\s*(?:条|个|则)?(?:评论|回复|留言|跟帖)(?:数)?"
    r"|(?:我要|我来)(?:评论|说两句|留言)|参与评论|(?:评论|回复|留言|跟帖)\s*[（(]?\s*\d*\s*条?\s*[）)]?)\s*[:：(（]?"
)
# Who said it and when, above or below one of them; a floor of a forum.
SPEAKER_RE = re.compile(
    r"^(?:\S{1,20}\s*)?(?:发表于|发布于|回复于|评论于|写于|于)?\s*[:：]?\s*(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?|(?:\d+\s*(?:秒|分钟|小时|天|个?月|年)|昨天|前天|刚刚?)前?)\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?(?:\s*(?:发表|回复|来自\S{2,8}|\S{0,6}[#楼]|引用|举报|只看\S{2,4}|赞|[（(]\d+[)）]))*$"
    r"|^(?:第?\s*\d+\s*楼|楼主|沙发|板凳|地板|#\d+)(?:\s|$)"
)
# A line of the story's day, source, people.
SOURCE_WORD_RE = re.compile(
    r"\d+\s*(?:秒|分钟|小时|天|周|个?月|年)前(?:\s|$)|(?:来源|稿源|作者|记者|通讯员|(?:责任)?编辑|责编|发布|发表|更新|时间|日期|浏览|阅读|点击|访问|文号|索引号|摄影|供稿|撰稿)[^:：。，]{0,6}[:：]"
)
# 星期三, 三月 06, 2019 · June 18, 2020: a day as a program of another country writes it.
FOREIGN_DAY_RE = re.compile(
    r"(?:月|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
)
TODAY_RE = re.compile(r"今天是|现在(?:时间|是)|北京时间")
EDITION_RE = re.compile(rf"(?:第?\s*[A-Z]?\d{{1,2}}\s*版)|{PAPER}|第\d+期")
PAGE_NUMBER_RE = re.compile(r"第\s*[A-Z]?\d{1,3}\s*版|^[A-Z]\d{2}\s*[:：版]")
EDITION_DAY_RE = re.compile(r"星期|周[一二三四五六日]|版")
SITE_NAME_RE = re.compile(
    rf"(?:欢迎(?:访问|光临))?[\u4e00-\u9fff·]{{2,16}}(?:(?:新闻|信息|政府|政务|门户|资讯)网|网站|论坛|在线|数字报|电子报|电子版|客户端|频道|{PAPER_KINDS}网?)"
    r"|[\u4e00-\u9fff]{2,5}网"
)
SENTENCE_RE = re.compile(r"[，。；！？：、]")
BLURB_END_RE = re.compile(r"(?:\.{3}|…)\s*[\[【（(]?(?:详细|全文|详情|阅读全文|查看)?[\]】）)]?$|[\[【（(](?:详细|全文|详情)[\]】）)]$")  # fmt: skip
TITLE_CUT_RE = re.compile(r"\s*[_|｜–—»>]+\s*|\s*-{1,2}\s*|\s*::\s*")
FOLD_RE = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """A title without its marks and blanks, to compare.

    >>> fold("“一张桌子” 坐下来")
    '一张桌子坐下来'
    """
    return FOLD_RE.sub("", text).lower()


def prose_of(line: HtmlLine) -> int:
    """How many characters of sentences a line has; none if it is mostly links, or says no sentence."""
    text = line.text
    if line.linked > LINKED or line.level or line.row or BLURB_END_RE.search(text):
        return 0
    ended = text.endswith(("。", "！", "？", "；", "：", "”", "）", "…", ":"))
    if not SENTENCE_RE.search(text) or len(text) < 8 or not (ended or len(text) >= PROSE_LENGTH):
        return 0
    frame = FRAME_WORD_RE.match(text) is not None and len(text) <= SHORT
    if (
        frame
        or NOTICE_RE.search(text)
        or FOOTER_RE.search(text)
        or (is_source(line) and len(text) < 2 * SHORT)
    ):
        return 0
    return len(text)


def ends_phrase(text: str) -> bool:
    """Whether a text ends with a mark that no headline ends with.

    >>> ends_phrase("灯亮了。"), ends_phrase("书店里的“早课”"), ends_phrase("谁来修路？")
    (True, False, False)
    """
    return text.endswith(("。", "；", "，", "：", ";", ",", ":"))


def is_control(text: str) -> bool:
    """Whether a line is nothing but controls of the page.

    >>> [is_control(text) for text in ("【打印本页】 【关闭窗口】", "字号：[大 中 小]", "上一版 下一版", "大家的事")]
    [True, True, True, False]
    """
    if len(text) > 80 or DATED_RE.search(text):
        return False
    rest = SEPARATORS_RE.sub("", text)
    while found := CONTROLS_RE.match(rest):
        rest = rest[found.end() :]
    return not rest


def is_source(line: HtmlLine) -> bool:
    """Whether a line tells the day or the source of a story."""
    text = line.text
    if len(text) > 120 or line.level or text.endswith("。"):
        return False
    return (
        SOURCE_LINE_RE.search(text) is not None
        or (len(text) <= SHORT and FOREIGN_DAY_RE.search(text) is not None)
        or SOURCE_WORD_RE.match(text) is not None
        or (DATED_RE.search(text) is not None and (SOURCE_WORD_RE.search(text) is not None or len(DATED_RE.sub("", text)) <= 24))
    )  # fmt: skip


def source_role(line: HtmlLine) -> str | None:
    """Nothing where the forms of print know such a line themselves, with the controls that end it; else that it is one."""
    controls = CONTROL_TAIL_RE.search(line.text)
    told = line.text[: controls.start()] if controls else line.text
    dated = DATED_RE.search(told) is not None or DATED_RE.search(line.text) is None
    return (
        None
        if dated and SOURCE_LINE_RE.search(told) and len(line.text) < 2 * SHORT
        else "source_line"
    )


def is_crumbs(line: HtmlLine) -> bool:
    """Whether a line is the way from the site's home to this page."""
    return re.search(r"首页\s*(?:>|＞|»|›|/|→|-)|位置\s*[:：]|(?:>|＞|»|›).*(?:>|＞|»|›|正文)", line.text) is not None  # fmt: skip


def is_site_name(text: str) -> bool:
    """Whether a line is the name of a site or a paper.

    >>> is_site_name("青禾新闻网"), is_site_name("青禾日报"), is_site_name("老街织成一张网")
    (True, True, False)
    """
    return SITE_NAME_RE.fullmatch(text) is not None


def is_masthead(text: str) -> bool:
    """Whether a line is of a page's head: the name of the paper or site, its day, its number."""
    return is_site_name(text) or (len(text) <= SHORT and EDITION_RE.search(text) is not None)
