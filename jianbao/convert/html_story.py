"""The stories of a saved page: which of its lines they are, and what each of the others is for.

Main text is told from navigation by how pages are built: prose has sentences and few links, a story stands in an element of its
own below the line that the page's title repeats, furniture stands in elements that say so, or says so itself. The words of a
frame (打印本页, 上一篇, 责任编辑) are the forms of print; the names of elements only help, and none is of one site.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from jianbao.convert.credits import is_byline
from jianbao.convert.forms import (
    DATED_RE,
    DAY_LINE_RE,
    FOOTER_RE,
    MENU_RE,
    NAV_RE,
    PAPER,
    PAPER_KINDS,
    RELATED_RE,
    SOURCE_LINE_RE,
    SUBTITLE_RE,
    is_column_name,
)
from jianbao.convert.html_lines import Element, HtmlLine, HtmlPage
from jianbao.convert.lines import is_open
from jianbao.convert.script import simplify

# --- how pages are built -------------------------------------------------------------------------

# Elements, ARIA roles and words in the names of elements that mark the frame of a page.
FRAME_TAGS = frozenset(("nav", "aside", "footer", "menu", "select", "option", "button", "textarea", "label", "dialog"))  # fmt: skip
FRAME_PURPOSES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alert", "toolbar")
)  # fmt: skip
PARAGRAPHS = frozenset(("p", "li", "blockquote", "center", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "figcaption", "address"))  # fmt: skip
STORY_TAGS = frozenset(("article", "main"))
FRAME_NAME_RE = re.compile(
    r"""(?:^|[\s_-])(?:nav\w*|menus?|bread\w*|crumbs?|foot(?:er)?|copyright|side(?:bar)?|aside|relat\w*|recommend\w*|recom|hot\w*|rank\w*
      |share\w*|bdshare\w*|pager?|pagination|tool(?:s|bar)?|login|search\w*|ads?|advert\w*|banner|friend\w*|links?|tags?|qr\w*|popup
      |modal|toast|cookies?|weather|topbar|prev\w*|next\w*)(?:$|[\s_\d-])""",
    re.VERBOSE,
)
TALK_NAME_RE = re.compile(r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|pinglun|liuyan|discuss\w*|feedback)(?:$|[\s_\d-]|list|box|area)")  # fmt: skip
TITLE_NAME_RE = re.compile(r"(?:^|[\s_-])(?:\w*title\d?|headline|biaoti|zhengbiaoti|bt|tit|subject)(?:$|[\s_-])")  # fmt: skip
ABOVE_NAME_RE = re.compile(r"yinti|yin_?biaoti|kicker|shoulder|eyebrow|jianti|pre-?title|yt|sub-?title|sub|futi|fubiaoti|ft|second")  # fmt: skip
CAPTION_NAME_RE = re.compile(
    r"(?:^|[\s_-])(?:caption|captions|pic-?(?:desc|text|info|title|note)|img-?(?:desc|text|info|note)|photo-?(?:desc|info)|tushuo|figcaption)(?:$|[\s_-])"
)
PICTURE_NAME_RE = re.compile(r"(?:^|[\s_-])(?:photos?|pics?|pictures?|images?|imgs?|tupian|tu)(?:$|[\s_\d-]|box|wrap|con)")

# --- what lines say ------------------------------------------------------------------------------

# Words of controls; a line that is nothing but such words, numbers and strokes is one.
CONTROLS_RE = re.compile(
    r"""(?:打印(?:本[页文]|此[页文]|文章|预览)?|关闭(?:本页|窗口|此页)?|(?:加入)?收藏(?:本[页文])?|一键分享|分享(?:文章|到|给好友)?|微信(?:好友|扫码)?|朋友圈|新浪微博|腾讯微博|微博
      |[Qq][Qq](?:好友|空间)?|豆瓣|人人网?|复制(?:链接|本?网址)?|[字体]?[字体][号体大小]+|字体|正文字号|视力保护色?|超?特?[大中小]号?|放大|缩小|默认|正常|还原|返回(?:顶部|首页|列表|目录|上一[页级]|版面)?|回到?顶部|TOP
      |第?[上下前后首末尾]\s*一?\s*[篇页版条期]|首页|尾页|末页|共\s*\d+\s*页|点赞|[点]?赞|踩|顶|转发|转帖|回复|引用|举报|只看(?:楼主|该作者)|楼主|沙发|板凳|\d+\s*[楼#＃]|[#＃]\d+|我要(?:评论|纠错|留言|投稿)
      |我来说两句|发表(?:评论|回复)|(?:查看)?(?:全部|更多)(?:评论|回复|新闻)?|更多|more|MORE|查看(?:全文|原图|详情)?|详细|详情|听新闻|语音(?:播报|朗读)|朗读|播放|暂停|登录|注册|退出|搜索|提交|重置|取消|确定
      |手机(?:版|看|浏览|阅读)|扫一扫[^。，]{0,12}|用?手机扫[^。，]{0,12}|扫码[^。，]{0,8}|二维码|客户端下载|下载|English|简体|繁体|繁體|设为首页|设为主页|网站地图|联系我们|关于我们|版权声明|隐私(?:政策|声明)|广告服务|版面(?:导航|目录)?|标题导航|往期(?:回顾|阅读|检索)?
      |PDF(?:版|下载)?|pdf|(?:THE\s*)?END|end|RSS|APP|A[+-]?|\d+|[+-])""",
    re.VERBOSE,
)
SEPARATORS_RE = re.compile(r"[\s|｜·•:：/／、，,\[\]【】（）()<>《》〈〉→←↑↓»«›‹>＞▶►◀…._\-—+↗✕×☆★♡]+")
# Words of a frame that are followed by something: 上一篇：…, 分享到：…, 浏览次数：12.
FRAME_WORD_RE = re.compile(
    r"""^[【\[（(]?\s*(?:[上下前后]\s*一?\s*[篇条页期]\s*[:：]|分享(?:到|至|给)|我要(?:评论|纠错)|关键[词字]\s*[:：]|(?:文章)?标签\s*[:：]|tags?\s*[:：]
      |本帖最后由|本文(?:网址|链接|地址)\s*[:：]|(?:友情|相关)链接|(?:热门|热点|最新|推荐|相关|图片|今日|精彩|本类|频道|专题|24小时|一周|点击|阅读)(?:新闻|文章|推荐|阅读|排行|头条|资讯|热点|内容|图文|报道|专题|导读|信息)?\s*[:：]?\s*(?:更多|more|>>|»)?\s*$
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
# The heading of a section that other lines of the page's kind are set like.
HEADING_LENGTH = 60
SHORT = 40
# Prose without a full stop is at least so long.
PROSE_LENGTH = 25
# A line with so great a share of links leads away from the page.
LINKED = 0.5
# An element is entered in search of the story while it has so great a part of the prose.
MAIN_SHARE = 0.72
# So much of a page's prose is no frame, whatever the element is called.
NO_FRAME = 0.4
# The teaser of another story is one paragraph below a link, no longer than this.
TEASER = 160
TEASER_LINES = 5  # with its link, its day, its source
# Lines above a headline that may be its kicker, or its source line.
ABOVE = 2
SOURCE_REACH = 8
SURE_TITLE = 15.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is for: a story (its number, 0: none), a heading of a level, a role."""

    story: int = 0
    level: int = 0
    role: str | None = None


@dataclass
class Judge:
    """Tells what the lines of one page are for. `titles` are what its head calls the story, or the page."""

    page: HtmlPage
    titles: Sequence[str] = ()
    lineages: dict[int, tuple[Element, ...]] = field(default_factory=dict)

    @property
    def lines(self) -> Sequence[HtmlLine]:
        return self.page.lines

    def around(self, line: HtmlLine) -> tuple[Element, ...]:
        """The element of a line and all around it, the innermost first."""
        if line.element not in self.lineages:
            self.lineages[line.element] = tuple(self.page.lineage(line.element))
        return self.lineages[line.element]

    # --- the frame ---

    @cached_property
    def prose(self) -> list[int]:
        """For each line how many characters of sentences it has."""
        return [_prose_of(line) for line in self.lines]

    @cached_property
    def talk(self) -> set[int]:
        """The lines in elements that hold what readers said."""
        return {
            at
            for at, line in enumerate(self.lines)
            if any(TALK_NAME_RE.search(one.names) for one in self.around(line) if one.tag != "body")
        }

    @cached_property
    def frame(self) -> set[int]:
        """The lines that stand in an element of the page's frame."""
        total = Counter[int]()
        for line, prose in zip(self.lines, self.prose, strict=True):
            for one in self.around(line):
                total[one.index] += prose
        most = NO_FRAME * max(1, sum(self.prose))
        titled = {
            one.index
            for line in self.lines
            if self.repeats_title(line) >= 1 and not line.linked
            for one in self.around(line)
        }

        def is_frame(one: Element, inside_story: bool) -> bool:
            if one.tag in FRAME_TAGS or one.purpose in FRAME_PURPOSES:
                return total[one.index] <= most
            if one.tag == "header" and not inside_story:
                return total[one.index] <= most and one.index not in titled
            named = FRAME_NAME_RE.search(one.names) is not None and one.tag not in ("body", "html")
            return named and total[one.index] <= most and one.index not in titled

        found = set()
        for at, line in enumerate(self.lines):
            around = self.around(line)
            inside = any(one.tag in STORY_TAGS for one in around)
            if any(is_frame(one, inside) for one in around):
                found.add(at)
        return found

    @cached_property
    def controls(self) -> set[int]:
        return {at for at, line in enumerate(self.lines) if is_control(line.text)}

    @cached_property
    def teasers(self) -> set[int]:
        """Prose that is one paragraph below a link, twice and more in elements alike: the beginnings of other stories."""
        found: dict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
        for at in range(1, len(self.lines)):
            line, above = self.lines[at], self.lines[at - 1]
            home = self.page.elements[self.around(line)[0].parent]
            if (
                self.prose[at]
                and len(line.text) <= TEASER
                and above.linked > LINKED
                and at - 1 not in self.controls
                and len(self.held[home.index]) <= TEASER_LINES
                and at - 1 in self.held[home.index]
            ):
                found[home.tag, home.names, len(self.around(line))][home.index] = at
        return {at for group in found.values() if len(group) > 1 for at in group.values()}

    def is_aside(self, at: int) -> bool:
        """Whether a line surely belongs to no story."""
        return at in self.frame or at in self.controls or at in self.talk or at in self.teasers

    # --- the headline ---

    def repeats_title(self, line: HtmlLine) -> int:
        """How well a line says what the head of the file calls the page: 2 as its first words, 1 as some of them, 0 not."""
        text = fold(line.text)
        if len(text) < 4 or len(line.text) > 2 * HEADING_LENGTH:
            return 0
        best = 0
        for title in self.titles:
            cut = fold(title.rstrip(".… "))
            first = fold(TITLE_CUT_RE.split(title.strip(), maxsplit=1)[0].rstrip(".… "))
            if text == first or (len(text) >= 6 and cut.startswith(text)):
                return 2
            if text in map(fold, TITLE_CUT_RE.split(title)) or (len(text) >= 8 and text in cut) or (len(first) >= 8 and text.startswith(first)):
                best = 1
        return best

    def title_score(self, at: int, first: int) -> float:
        """How much speaks for a line being the headline of the text that begins at `first`."""
        line, around = self.lines[at], self.around(self.lines[at])
        text = line.text
        if len(text) > 2 * HEADING_LENGTH or at in self.controls or is_crumbs(line):
            return -100.0
        repeats = 0 if is_site_name(text) else self.repeats_title(line)
        score = {2: 100.0, 1: 45.0, 0: 0.0}[repeats]
        score += (0, 40, 35, 28, 18, 12, 8)[line.level]
        score += 20 * any(TITLE_NAME_RE.search(one.names) for one in around[:2])
        score += 18 * (line.size >= 18) + 8 * line.bold + 8 * line.centred
        score -= 1.5 * abs(first - at)
        below = next((one for one in self.lines[at + 1 : at + 4] if not is_control(one.text)), None)
        score += 14 * (below is not None and is_source(below))
        score -= 60 * (line.linked > LINKED) + 35 * (at in self.frame or at in self.talk)
        score -= 70 * is_site_name(text) + 100 * (is_source(line) or DAY_LINE_RE.match(text) is not None)
        score -= 25 * text.endswith(("。", "；", "，", ":", "：")) + 30 * (len(text) < 4)
        score -= 40 * is_column_name(text) * (repeats < 2)
        score -= 30 * (RELATED_RE.match(text) is not None or TALK_RE.match(text) is not None)
        return score - 25 * (FRAME_WORD_RE.match(text) is not None)

    def headline(self, first: int, lowest: int) -> int | None:
        """The headline of the text that begins at line `first`; those up to `lowest` may be it, as a page has it below its source too."""
        scores = {at: self.title_score(at, first) for at in range(lowest)}
        best = max(scores, key=lambda at: (scores[at], at), default=None)
        return best if best is not None and scores[best] >= SURE_TITLE else None

    # --- where the story is ---

    @cached_property
    def mass(self) -> list[int]:
        """Prose that may be of the story; where a page has next to none, whatever is no link."""
        mass = [0 if self.is_aside(at) else prose for at, prose in enumerate(self.prose)]
        if sum(mass) >= PROSE_LENGTH:
            return mass
        return [0 if self._says_nothing(at) else len(line.text) for at, line in enumerate(self.lines)]

    def _says_nothing(self, at: int) -> bool:
        """Whether a line is surely no text of a story, be it as short as it may."""
        line = self.lines[at]
        frame = self._leads_away(at) or FOOTER_RE.search(line.text) is not None
        head = is_crumbs(line) or is_source(line) or is_masthead(line.text) or self.is_titled(at)
        return frame or head or line.linked > LINKED or self.repeats_title(line) > 0

    def find_stories(self) -> tuple[Element | None, list[list[Element]]]:
        """The smallest element that holds nearly all prose, and the elements of its stories, if they stand in such."""
        weights = Counter[int]()
        children: dict[int, dict[int, int]] = defaultdict(dict)
        for at, mass in enumerate(self.mass):
            if not mass:
                continue
            around = self.around(self.lines[at])
            for inner, outer in zip(around, around[1:], strict=False):
                children[outer.index][inner.index] = 0
            for one in around:
                weights[one.index] += mass
        if not weights:
            return None, []
        here = 0
        while inner := sorted(children[here], key=lambda index: (-weights[index], index)):
            alike = self._alike(inner, inner[0])
            if len(alike) > 1 and self._are_posts(alike):
                here = alike[0]
            elif len(alike) > 1 and self._are_stories(alike):
                return self.page.elements[here], [[self.page.elements[one]] for one in alike]
            elif len(self._split_flat(self.inside(here))) > 1:
                break
            elif weights[inner[0]] >= MAIN_SHARE * weights[here]:
                here = inner[0]
            else:
                break
        return self.page.elements[self._around_paragraph(here)], []

    def _around_paragraph(self, index: int) -> int:
        """The element that holds a paragraph and its neighbours, where the search has ended in the paragraph itself."""
        one = self.page.elements[index]
        alone = len(self.inside(index)) == 1 and one.parent >= 0
        beside = [other for other in self.page.elements if other.parent == one.parent and other.tag == one.tag]  # fmt: skip
        return one.parent if one.tag in PARAGRAPHS or (alone and len(beside) > 1) else index

    def _alike(self, indices: Iterable[int], model: int) -> list[int]:
        """Those that are built like one of them, in the order of the page."""
        one = self.page.elements[model]
        return sorted(
            index
            for index in indices
            if (other := self.page.elements[index]).tag == one.tag
            and re.sub(r"\d+", "", other.names).split()[:1] == re.sub(r"\d+", "", one.names).split()[:1]
        )

    @cached_property
    def held(self) -> dict[int, list[int]]:
        """For every element the lines in it."""
        held: dict[int, list[int]] = defaultdict(list)
        for at, line in enumerate(self.lines):
            for one in self.around(line):
                held[one.index].append(at)
        return held

    def inside(self, element: int) -> list[int]:
        """The lines in an element."""
        return self.held[element]

    def _are_posts(self, elements: Sequence[int]) -> bool:
        """Whether elements alike are the contributions of several people: each has its speaker and time, none a headline."""
        groups = [self.inside(one) for one in elements]
        return all(
            any(SPEAKER_RE.search(self.lines[at].text) for at in group) for group in groups[1:]
        ) and not any(self.is_titled(at) for group in groups[1:] for at in group)

    def _are_stories(self, elements: Sequence[int]) -> bool:
        """Whether elements alike are stories of their own, rather than sections of one: no headline above rules them."""
        groups = [self.inside(one) for one in elements]
        if elements and self.page.elements[elements[0]].tag in ("p", "td", "li", "tr", "span"):
            return False
        if not all(self._has_heading(group) for group in groups):
            return False
        above = [at for at in range(groups[0][0]) if not self.is_aside(at)]
        level = min((self.lines[at].level or 7 for group in groups for at in group), default=7)
        return not any(self._rules(at, level) for at in above)

    def _rules(self, at: int, level: int) -> bool:
        """Whether a line is the headline of all that stands below it, and none of the page's frame."""
        line = self.lines[at]
        if is_masthead(line.text) or is_crumbs(line) or line.linked > LINKED or is_source(line):
            return False
        if self.repeats_title(line) > 0 or 0 < line.level < level:
            return True
        set_apart = self.is_heading(at) and not line.level and not is_column_name(line.text)
        return set_apart and len(line.text) >= 2 * len("标题")

    def _has_heading(self, group: Sequence[int]) -> bool:
        """Whether lines begin with something set like a headline, and prose follows."""
        texts = [at for at in group if self.prose[at]]
        if not texts:
            return False
        above = [at for at in group if at < texts[0] and at not in self.controls]
        return any(self.is_heading(at) for at in above)

    def is_heading(self, at: int) -> bool:
        line = self.lines[at]
        if len(line.text) > HEADING_LENGTH or line.text.endswith("。") or is_source(line):
            return False
        return self.is_titled(at) or (line.bold and is_open(line.text)) or line.size >= 18

    def is_titled(self, at: int) -> bool:
        """Whether the file calls a line a heading, by its element or the element's name."""
        line = self.lines[at]
        return bool(line.level) or TITLE_NAME_RE.search(self.around(line)[0].names) is not None

    # --- the whole page ---

    def judge(self) -> list[Verdict]:
        """What each line of the page is for."""
        element, parts = self.find_stories()
        if element is None:
            return [self._outside(at, set()) for at in range(len(self.lines))]
        if parts:
            ranges = [sorted(at for one in part for at in self.inside(one.index)) for part in parts]
        else:
            ranges = self._split_flat(self.inside(element.index))
        return self._verdicts(ranges, single=len(ranges) == 1)

    def _split_flat(self, members: list[int]) -> list[list[int]]:
        """The lines of the main element as stories, where headlines of one kind stand in it one below the other."""
        heads = [
            at
            for at in members
            if self.lines[at].level
            and not self.is_aside(at)
            and not is_masthead(self.lines[at].text)
            and RELATED_RE.match(self.lines[at].text) is None
            and not self._heads_links(at)
        ]
        if not heads:
            return [members]
        top = min(self.lines[at].level for at in heads)
        heads = [at for at in heads if self.lines[at].level == top]
        ends = [*heads[1:], members[-1] + 1]
        heads = [
            at for at, end in zip(heads, ends, strict=True) if any(self.mass[one] for one in members if at < one < end)
        ]  # fmt: skip
        ruled = any(
            self._rules(at, top) for at in range(heads[0] if heads else 0) if not self.is_aside(at)
        )
        named = any(self.repeats_title(self.lines[at]) for at in heads)
        if len(heads) < 2 or ruled or named:
            return [members]
        if any(self.mass[at] for at in members if at < heads[0]):
            return [members]
        starts = [members[0], *heads[1:]]
        return [
            [at for at in members if start <= at < end]
            for start, end in zip(starts, [*heads[1:], members[-1] + 1], strict=True)
        ]

    def _verdicts(self, ranges: Sequence[Sequence[int]], *, single: bool) -> list[Verdict]:
        verdicts: dict[int, Verdict] = {}
        for number, members in enumerate(ranges, start=1):
            verdicts |= self._story(members, number, single=single)
        dated = {
            one.story for at, one in verdicts.items() if DATED_RE.search(self.lines[at].text)
            and (one.role == "source_line" or SOURCE_LINE_RE.search(self.lines[at].text))
        }  # fmt: skip
        return [verdicts.get(at) or self._outside(at, dated) for at in range(len(self.lines))]

    @cached_property
    def is_edition(self) -> bool:
        """Whether this is a page of a paper's e-edition: it tells the number of its page."""
        return any(PAGE_NUMBER_RE.search(line.text) for line in self.lines)

    def _outside(self, at: int, dated: set[int]) -> Verdict:
        """What a line outside of all stories is for."""
        text = self.lines[at].text
        if at in self.talk:
            return Verdict(role="other")
        day = DATED_RE.search(text) is not None
        numbered = EDITION_RE.search(text) is not None and (day or re.search(r"\d\s*版", text))
        edition = numbered or (day and EDITION_DAY_RE.search(text) and self.is_edition)
        plain = self.lines[at].linked <= LINKED and not TODAY_RE.search(text) and len(text) < 80
        if edition and plain and not dated and not FOOTER_RE.search(text):
            return Verdict(role="page_header")
        return Verdict(role="nav")

    def _story(self, members: Sequence[int], number: int, *, single: bool) -> dict[int, Verdict]:
        """The lines of one story, with what each is for; `members` are those of its element."""
        texts = [at for at in members if self.mass[at]]
        if not texts:
            return {}
        first = texts[0]
        title = self._title_of(members, first, single=single)
        start = min(first, title) if title is not None else first
        if title is None:
            start = next((at for at in members if at <= first and not self._leads_away(at)), first)
        chosen: dict[int, Verdict] = {}
        if title is not None:
            chosen |= self._above(title, number, range(title) if single else members)
            level = 1 if single else self.lines[title].level or 2
            chosen[title] = Verdict(number, level, "display")
        end = members[-1] if members[-1] >= first else first
        for at in self._kept(range(start, end + 1), set(members), title, first, texts[-1]):
            if at != title:
                chosen[at] = self._member(at, number, title, first)
        if single and not any(self._is_dated_source(at) for at in chosen):
            chosen |= self._source_below(end, number)
        return chosen

    def _title_of(self, members: Sequence[int], first: int, *, single: bool) -> int | None:
        if single:
            return self.headline(first, first + 1 if not self.prose[first] else first)
        above = [at for at in members if at < first and self.is_heading(at)]
        return max(above, key=lambda at: (self.title_score(at, first), -at), default=None)

    def _above(self, title: int, number: int, members: Sequence[int]) -> dict[int, Verdict]:
        """The kicker above a headline, and the source line where a page has it there."""
        chosen: dict[int, Verdict] = {}
        home = {one.index for one in self.around(self.lines[title])[1:3] if one.tag not in ("body", "html")}  # fmt: skip
        at = title - 1
        while at in members and title - at <= SOURCE_REACH:
            line, around = self.lines[at], self.around(self.lines[at])
            near = any(one.index in home for one in around[1:3])
            if at in self.controls:
                at -= 1
                continue
            if self._leads_away(at) or is_crumbs(line):
                break
            if is_source(line) and not TODAY_RE.search(line.text) and not EDITION_DAY_RE.search(line.text):
                chosen[at] = Verdict(number, 0, _source_role(line))
            elif is_masthead(line.text):
                break
            elif near and self._is_kicker(at, title):
                chosen[at] = Verdict(number, 0, "display")
            else:
                break
            at -= 1
        return chosen

    def _is_kicker(self, at: int, title: int) -> bool:
        line, around = self.lines[at], self.around(self.lines[at])
        named = ABOVE_NAME_RE.search(around[0].names) is not None or bool(line.level)
        home = self.around(self.lines[title])
        same = around[1:2] == home[1:2] or (around[1].tag == "tr" and around[2:3] == home[2:3])
        fits = 4 <= len(line.text) <= SHORT and is_open(line.text) and line.text[0] not in "（("
        fits = fits and not line.linked and title - at <= ABOVE
        return fits and not is_column_name(line.text) and (named or same)

    def _leads_away(self, at: int) -> bool:
        """Whether a line among those of a story is of the frame all the same."""
        line = self.lines[at]
        text = line.text
        if self.is_aside(at) or NOTICE_RE.search(text):
            return True
        if line.linked > LINKED and not (line.files or (self.prose[at] and text.endswith(("。", "！", "？", "”")))):  # fmt: skip
            return True
        if self.prose[at] and len(text) > SHORT:
            return False
        prompts = PROMPT_RE.search(text) is not None and is_open(text) and len(text) <= HEADING_LENGTH
        return (
            prompts
            or FRAME_WORD_RE.match(text) is not None
            or (NAV_RE.search(text) is not None and not is_source(line))
            or MENU_RE.match(text) is not None
        )

    def _kept(
        self, span: Iterable[int], members: set[int], title: int | None, first: int, last: int
    ) -> list[int]:
        """The lines of a story between its headline and its end, without the lists and controls in between."""
        kept = []
        listing = False
        for at in span:
            line = self.lines[at]
            if at > first and TALK_RE.match(line.text) and len(line.text) <= SHORT and not self.mass[at]:
                if at > last:
                    break
                continue
            if RELATED_RE.match(line.text) and len(line.text) <= SHORT and at not in self.frame:
                listing = True
                continue
            plain = line.linked <= LINKED and not self.is_aside(at)
            if listing and plain and (self.prose[at] or self.lines[at - 1].linked > LINKED):
                listing = False
            if line.level and self._heads_links(at):
                listing = True
            if self._is_dated_head(at, title, first) and not listing:
                kept.append(at)
                continue
            if listing or self._leads_away(at) or self._is_stranger(at, title, first):
                continue
            if at < first or at in members:
                kept.append(at)
        return kept

    def _is_dated_head(self, at: int, title: int | None, first: int) -> bool:
        """Whether a line between headline and text tells the day, whatever else it says."""
        if title is None or not title < at < first or self.mass[at] or self.lines[at].level:
            return False
        return DATED_RE.search(self.lines[at].text) is not None and at not in self.frame

    def _heads_links(self, at: int) -> bool:
        """Whether a heading has no text below it, only several links or nothing."""
        links = 0
        for below in range(at + 1, len(self.lines)):
            if self.lines[below].linked > LINKED or self.is_aside(below):
                links += 1
            elif not self.lines[below].level:
                return links > 1
        return True

    def _is_stranger(self, at: int, title: int | None, first: int) -> bool:
        """Whether a short line between headline and text belongs to neither: who wrote in a forum, and his rank there."""
        if title is None or not title < at < first:
            return False
        line = self.lines[at]
        if self.mass[at] or is_source(line) or self.is_titled(at) or is_byline(line.text):
            return False
        if SUBTITLE_RE.match(line.text) or self._is_caption(at) or len(line.text) > SHORT:
            return False
        home = self.around(line)[1:2]
        return home not in (self.around(self.lines[title])[1:2], self.around(self.lines[first])[1:2])

    def _member(self, at: int, number: int, title: int | None, first: int) -> Verdict:
        """What a line of a story is for."""
        line = self.lines[at]
        if line.row:
            return Verdict(number, 0, "table")
        if self._is_caption(at):
            return Verdict(number, 0, "caption")
        if self._is_dated_head(at, title, first):
            return Verdict(number, 0, _source_role(line))
        head = title is not None and title < at <= first and not self.mass[at]
        if (head or title is None) and is_source(line) and len(line.text) < 2 * SHORT:
            return Verdict(number, 0, _source_role(line))
        if line.level and not self.mass[at] and len(line.text) <= HEADING_LENGTH:
            dashed = SUBTITLE_RE.match(line.text) is not None
            return Verdict(number, max(2, line.level), None if dashed else "display")
        if line.files and not self.prose[at]:
            return Verdict(number, 0, "body")
        if self._is_bold_heading(at, first):
            return Verdict(number, 4, "display")
        return Verdict(number)

    def _is_bold_heading(self, at: int, first: int) -> bool:
        """Whether a line of the text is a heading because all of it is bold, and the lines around it are not."""
        line = self.lines[at]
        if not line.bold or at <= first or len(line.text) > SHORT or not is_open(line.text):
            return False
        below = self.lines[at + 1] if at + 1 < len(self.lines) else None
        return below is not None and not below.bold and not is_source(line) and SUBTITLE_RE.match(line.text) is None  # fmt: skip

    def _is_caption(self, at: int) -> bool:
        line, around = self.lines[at], self.around(self.lines[at])
        if any(one.tag == "figcaption" for one in around):
            return True
        if line.level or len(line.text) > 2 * SHORT:
            return False
        if any(CAPTION_NAME_RE.search(one.names) for one in around[:2]):
            return True
        if not line.pictured or line.bold:
            return False
        framed = PICTURE_NAME_RE.search(around[0].names) is not None
        return line.centred or (line.beside and (line.broken or framed))

    def _is_dated_source(self, at: int) -> bool:
        return DATED_RE.search(self.lines[at].text) is not None and is_source(self.lines[at])

    def _source_below(self, end: int, number: int) -> dict[int, Verdict]:
        """The source line of a page that has it below the text."""
        for at in range(end + 1, min(len(self.lines), end + 1 + SOURCE_REACH)):
            line = self.lines[at]
            told = self._is_dated_source(at) and not SPEAKER_RE.search(line.text)
            if told and not line.linked and not FOOTER_RE.search(line.text) and at not in self.talk:  # fmt: skip
                return {at: Verdict(number, 0, _source_role(line))}
        return {}


# --- what a line says by itself ------------------------------------------------------------------


def fold(text: str) -> str:
    """A title without its marks and blanks, to compare.

    >>> fold("“一张桌子” 坐下来")
    '一张桌子坐下来'
    """
    return FOLD_RE.sub("", text).lower()


def _prose_of(line: HtmlLine) -> int:
    """How many characters of sentences a line has; none if it is mostly links, or says no sentence."""
    text = line.text
    if line.linked > LINKED or line.level or line.row or BLURB_END_RE.search(text):
        return 0
    ended = text.endswith(("。", "！", "？", "；", "：", "”", "）", "…", ":"))
    if not SENTENCE_RE.search(text) or len(text) < 8 or not (ended or len(text) >= PROSE_LENGTH):
        return 0
    frame = FRAME_WORD_RE.match(text) is not None and len(text) <= SHORT
    if frame or NOTICE_RE.search(text) or FOOTER_RE.search(text) or (is_source(line) and len(text) < 2 * SHORT):
        return 0
    return len(text)


def is_control(text: str) -> bool:
    """Whether a line is nothing but controls of the page.

    >>> [is_control(text) for text in ("【打印本页】 【关闭窗口】", "字号：[大 中 小]", "上一版 下一版", "大家的事")]
    [True, True, True, False]
    """
    rest = SEPARATORS_RE.sub(" ", text).split()
    return len(text) <= 80 and DATED_RE.search(text) is None and all(_is_controls_word(word) for word in rest)


def _is_controls_word(word: str) -> bool:
    while word:
        found = CONTROLS_RE.match(word)
        if found is None or not found[0]:
            return False
        word = word[found.end() :]
    return True


def is_source(line: HtmlLine) -> bool:
    """Whether a line tells the day or the source of a story."""
    text = line.text
    if len(text) > 120 or line.level or text.endswith("。"):
        return False
    return (
        SOURCE_LINE_RE.search(text) is not None
        or SOURCE_WORD_RE.match(text) is not None
        or (DATED_RE.search(text) is not None and (SOURCE_WORD_RE.search(text) is not None or len(DATED_RE.sub("", text)) <= 24))
    )  # fmt: skip


def _source_role(line: HtmlLine) -> str | None:
    """Nothing where the forms of print know such a line themselves, and what stands behind it."""
    return None if SOURCE_LINE_RE.search(line.text) and len(line.text) < 2 * SHORT else "source_line"


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


Stories = Callable[[HtmlPage, Sequence[str]], list[Verdict]]


def judge_lines(page: HtmlPage, titles: Sequence[str]) -> list[Verdict]:
    """What each line of a page is for."""
    # The forms of print are written in simplified characters.
    lines = [replace(line, text=simplify(line.text)) for line in page.lines]
    return Judge(HtmlPage(page.elements, lines), [simplify(title) for title in titles]).judge()
