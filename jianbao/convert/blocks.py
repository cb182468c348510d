"""Blocks: every paragraph of a page with the one role it plays, told by how newspapers print it.

`RULES` is the whole list, tried in order; the first that says yes gives the role. What is only *set like a headline*
gets the role `display`: whether it is a headline, a kicker, a column's name or a section heading, and whose, is
decided over the whole page in `segment`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from jianbao.convert.credits import (
    AGENCY_CREDIT_RE,
    BYLINE_LINE_RE,
    CLOSER_RE,
    PHOTO_RE,
    is_person,
    read_opener,
)
from jianbao.convert.paragraphs import SUBTITLE_RE, Paragraph, is_open, make_paragraphs
from jianbao.convert.traced import Traced
from jianbao.models import Span

FURNITURE = frozenset(
    {"page_header", "editor_credit", "nav", "ad", "ornament", "contact_line", "other"}
)
TEXT = frozenset({"body", "list", "contact", "table", "signature"})

DATE = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
SOURCE_LINE_RE = re.compile(
    rf"(?=.*(?:来源|來源|发布|發布|稿源|信息来源)\s*[:：])(?=.*{DATE})|^{DATE}(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*(?:来源|來源)|^(?:来源|來源|稿源)\s*[:：].{{2,20}}$|^(?:发布|發布)(?:时间|時間|日期)\s*[:：]"
)
NAV_RE = re.compile(
    r">{2}|»|＞.*＞|^\S+\s*>\s*\S+\s*>|^(?:您?(?:现在|現在|当前|當前)?的?位置\s*[:：])|^当前位置|^當前位置"
    r"|^【?\s*(?:字体|字體|字号|字號)\s*[:：]|^(?:相关链接|相關鏈接|相关新闻|相關新聞|相关阅读|相关附件|延伸阅读|上一篇|下一篇|上一條|下一條|打印|列印|关闭窗口|关闭|返回(?:顶部|首页|列表)?|首页|收藏|分享(?:到)?|扫一扫.*|网站地图|联系我们|关于我们|无障碍.*|浏览次数.*|点击(?:数|率|次数).*)\s*[:：】]?\s*$"
    r"|^(?:上一篇|下一篇|上一条|下一条)\s*[:：]|版权所有|ICP备|公网安备|技术支持\s*[:：]|网站标识码|^(?:浏览|阅读|点击)(?:次数|量|数)\s*[:：]"
)
WEB_TAIL_RE = re.compile(r"\s*【?\s*(?:字体|字體|字号|字號|大\s*中\s*小|打印|列印|关闭).*$")
PAGE_HEADER_RE = re.compile(
    rf"^(?:主办|承办|协办|主管|主辦|出版)\s*[:：]|^{DATE}\s*[/·|]?\s*(?:星期|周|农历|庚|己|辛)|^(?:星期|周)[一二三四五六日天]\s|国内统一(?:连续出版物号|刊号)|邮发代号|^(?:第?[A-Z]?\d{{1,2}}版|[A-Z]\d{{1,2}})\s*(?:[\u4e00-\u9fff·]{{2,6}})?$|今日\s*\d+\s*版|^总?第\d+期|^(?:新闻热线|投稿(?:邮箱|信箱)|订阅热线|广告热线|发行热线|报料电话|读者热线)|^[\u4e00-\u9fff]{{2,6}}日报社?\s*(?:出版|主办)"
)
# A short line with a full date and one of these is the head of a page, in whatever order.
DATED_RE = re.compile(DATE)
HEADER_WORD_RE = re.compile(r"星期[一二三四五六日天]|\d\s*版|农历|日报社|出版|第\d+期|[A-Z]\d{2}\b")
HEADER_LENGTH = 80
EDITOR_RE = re.compile(
    r"^[（(]?(?:本版|[一二三四五六七八]版)?(?:责任编辑|责编|责任编|美术编辑|美编|版式(?:编辑|设计)?|本版编辑|编辑|校对|组版|排版|值班(?:主任|编委|总编)|审读|统筹|责任编辑/美术编辑|責任編輯|編輯|校對|视觉)\s*(?:[/／](?:美术编辑|美编|版式|校对|责编))?\s*[:：/／]|^(?:责编|责任编辑|编辑|美编|校对|版式|组版)\s+[\u4e00-\u9fff]{2,4}(?:\s|$)"
)
CONTACT_LINE_RE = re.compile(
    r"^(?:电话|热线|传真|邮箱|E-?mail|网址|地址|QQ)\s*[:：]\s*[\d\w@./:-]+", re.IGNORECASE
)
CONTACT_RE = re.compile(
    r"^\*{0,2}[\u4e00-\u9fff]{0,6}(?:地址|邮编|邮政编码|电话|联系人|联系方式|网址|网站|邮箱|信箱|传真|短信[\u4e00-\u9fff]{0,4}|平台|热线|微信|公众号)\s*[:：]\*{0,2}"
)
POINTER = r"(?:上接|下转|紧接|转|详见|见)\s*第?\s*[A-Z]?\d{1,2}\s*版[^（）()]{0,12}"
POINTER_RE = re.compile(rf"^[（(►▶▷→]?\s*{POINTER}[）)]?$")
POINTER_END_RE = re.compile(rf"[（(]\s*{POINTER}[）)]$|[►▶→]\s*{POINTER}$")
POINTER_START_RE = re.compile(rf"^[（(]\s*{POINTER}[）)]\s*(?=\S)")
AD_RE = re.compile(r"^[·•【（(]?\s*(?:公益)?广告\s*[·•】）):：]")
IMAGE_RE = re.compile(r"^(?:!\[[^\]]*\]\([^)]*\)|<img[^>]*>|\[?图片\]?)$")
TABLE_ROW_RE = re.compile(r"^\|.*\|$")
ORNAMENT_RE = re.compile(r"^[^\w\u3400-\u9fff]+$")
NUMBERED_RE = re.compile(
    r"^(?:第[一二三四五六七八九十百零\d]+(?:[章节编部]|[关站招步幕课问篇]\s*[:：，。])|[一二三四五六七八九十]{1,3}\s*[、．.]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}\s*[.．、](?!\d))"
)
ITEM_RE = re.compile(r"^[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|^[①-⑳]")
ARTICLE_NUMBER_RE = re.compile(r"^\*{0,2}(第[一二三四五六七八九十百零\d]+条)\*{0,2}")
CAPTION_RE = re.compile(
    r"^(?:图[:：]|图为|图片说明[:：]|上图|下图|左图|右图|[▲△▼▽◀▶←→↑↓]\s*[\u4e00-\u9fff]|[（(][上下左右]?图[）)])"
)
DAY_LINE_RE = re.compile(rf"^[（(]?{DATE}[）)]?$")
WHOLE_ARTICLE_RE = re.compile(
    r"^[（(]?(?:本文|以上|本版|本组)?(?:图片?|照片|稿件|文图)[^。]{0,6}(?:由|均).{2,20}(?:提供|拍摄)|^[（(](?:轉載|转载|原载|原載|摘自|摘编自|选自|据|來源|来源)"
)

# The longest headline line of the seeds has 33 characters (a subtitle, 002); without a mark or a neighbour that
# is one, text of this length is a headline only up to 22 (the longest section heading without a mark has 10).
DISPLAY_LENGTH = 40
PLAIN_DISPLAY_LENGTH = 22
CAPTION_LENGTH = 45
# Blank lines above a caption whose picture the OCR left out: one more than between paragraphs (004).
PICTURE_GAP = 2


@dataclass(frozen=True, slots=True)
class Block:
    """A run of characters with one role. `text` is repaired and joined; the span counts source characters."""

    role: str
    text: str
    span: Span
    start: int  # in the repaired text, for order
    end: int
    level: int = 0
    bold: bool = False
    gap: int = 0
    display: bool = False
    joins: int = 0
    closed: int = 0


Rule = tuple[str, Callable[["Page", int], bool]]


@dataclass(frozen=True, slots=True)
class Page:
    """The paragraphs of one source, for rules that look at neighbours."""

    paragraphs: Sequence[Paragraph]
    web: bool
    columns: bool  # set in columns

    def at(self, index: int) -> Paragraph | None:
        return self.paragraphs[index] if 0 <= index < len(self.paragraphs) else None

    def text(self, index: int) -> str:
        found = self.at(index)
        return found.text if found else ""


def make_blocks(traced: Traced) -> list[Block]:
    """The blocks of a page in the order of the source; together they hold every printed character once."""
    paragraphs = [piece for one in make_paragraphs(traced.text) for piece in _cut(one)]
    if not paragraphs:
        # Nothing printed; what is not blank all the same are controls that a repair took out.
        rest = traced.span(0, len(traced.text))
        return [] if rest is None else [Block("ornament", "", rest, 0, len(traced.text))]
    page = Page(paragraphs, is_web(paragraphs), any(one.joins for one in paragraphs))
    ends = [one.start for one in paragraphs[1:]] + [len(traced.text)]
    blocks = []
    for index, (one, end) in enumerate(zip(paragraphs, ends, strict=True)):
        # What stands between two paragraphs without being blank (marks taken off) belongs to the first.
        start = 0 if index == 0 else one.start
        span = traced.span(start, end)
        if span is None:
            continue
        blocks.append(
            Block(
                role_of(page, index),
                one.text,
                span,
                one.start,
                one.end,
                one.level,
                one.bold,
                one.gap,
                one.display,
                one.joins,
                one.closed,
            )
        )
    return blocks


def is_web(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a page was saved from the web: navigation, or a line of date and source."""
    return any(NAV_RE.search(one.text) or SOURCE_LINE_RE.search(one.text) for one in paragraphs)


def role_of(page: Page, index: int) -> str:
    """The role of a paragraph, by the first rule that fits."""
    return next(role for role, fits in RULES if fits(page, index))


def _cut(one: Paragraph) -> Iterator[Paragraph]:
    """A paragraph cut where another role begins in it: a pointer, the controls behind a web page's date."""
    for pattern in (POINTER_START_RE, POINTER_END_RE, WEB_TAIL_RE):
        found = pattern.search(one.text)
        if not found or not found[0].strip() or found.group() == one.text or one.joins:
            continue
        if pattern is WEB_TAIL_RE and not SOURCE_LINE_RE.search(one.text):
            continue
        # Marks may stand in front of `text`; the end of the paragraph is the same place in both.
        at = (
            one.end
            - len(one.text)
            + (found.end() if pattern is POINTER_START_RE else found.start())
        )
        if one.bold:
            continue
        cut = found.end() if pattern is POINTER_START_RE else found.start()
        left, right = one.text[:cut].strip(), one.text[cut:].strip()
        if left and right:
            yield replace(one, end=at, text=left)
            yield replace(one, start=at, text=right, gap=0, level=0)
            return
    yield one


# --- the rules -----------------------------------------------------------------------------------


def _matches(pattern: re.Pattern[str]) -> Callable[[Page, int], bool]:
    return lambda page, index: pattern.search(page.text(index)) is not None


def _is_nav(page: Page, index: int) -> bool:
    return page.web and NAV_RE.search(page.text(index)) is not None and len(page.text(index)) < 80


def _is_source_line(page: Page, index: int) -> bool:
    return (
        page.web
        and SOURCE_LINE_RE.search(page.text(index)) is not None
        and len(page.text(index)) < 80
    )


def _is_page_header(page: Page, index: int) -> bool:
    text = page.text(index)
    if len(text) >= HEADER_LENGTH or read_opener(text):
        return False
    return PAGE_HEADER_RE.search(text) is not None or (
        DATED_RE.search(text) is not None
        and HEADER_WORD_RE.search(text) is not None
        and is_open(text)
    )


def _is_contact_line(page: Page, index: int) -> bool:
    """A telephone of the page's desk: beside a page header."""
    beside = (page.text(index - 1), page.text(index + 1))
    return CONTACT_LINE_RE.match(page.text(index)) is not None and any(
        PAGE_HEADER_RE.search(text) or EDITOR_RE.search(text) for text in beside
    )


def _is_byline(page: Page, index: int) -> bool:
    text = page.text(index)
    if CAPTION_RE.match(text):
        return False
    if BYLINE_LINE_RE.match(text):
        return True
    name = re.sub(r"^[■□●○◆◇★☆\s]+|[ \u3000]", "", text)
    before = page.at(index - 1)
    return is_person(name) and before is not None and _set_apart(page, index - 1)


def _is_photo_credit(page: Page, index: int) -> bool:
    text = page.text(index)
    return AGENCY_CREDIT_RE.match(text) is not None or (
        (found := PHOTO_RE.search(text)) is not None and found.start() == 0
    )


def _is_closer(page: Page, index: int) -> bool:
    """（新华社北京5月27日电） on a line of its own."""
    return (found := CLOSER_RE.match(page.text(index))) is not None and found.end() == len(
        page.text(index)
    )


def _is_subtitle(page: Page, index: int) -> bool:
    return SUBTITLE_RE.match(page.text(index)) is not None and len(page.text(index)) <= 60


def _is_signature(page: Page, index: int) -> bool:
    """The office and the day below a notice."""
    if DAY_LINE_RE.match(page.text(index)):
        return True
    following = page.at(index + 1)
    return (
        following is not None
        and DAY_LINE_RE.match(following.text) is not None
        and len(page.text(index)) <= 30
        and is_open(page.text(index))
        and not _set_apart_by_mark(page, index)
    )


def _set_apart_by_mark(page: Page, index: int) -> bool:
    one = page.paragraphs[index]
    return bool(one.level) or one.display


def _set_apart(page: Page, index: int) -> bool:
    """Whether a paragraph is printed like a headline or heading."""
    one = page.at(index)
    if one is None or not one.text or len(one.text) > DISPLAY_LENGTH + 20:
        return False
    if one.level or one.display:
        return True
    if one.bold:
        return len(one.text) <= DISPLAY_LENGTH and read_opener(one.text) is None
    if page.web and _is_source_line(page, index + 1) and not _is_nav(page, index):
        return True
    if (
        page.columns
        or one.joins
        or len(one.text) > DISPLAY_LENGTH
        or ARTICLE_NUMBER_RE.match(one.text)
    ):
        return False
    if re.search(r"[。，,、；;：:—…!！)）]$|[。！？]”$", one.text) or _has_open_quote(one.text):
        return False
    before, after = page.at(index - 1), page.at(index + 1)
    beside_headline = any(
        near is not None and (near.level or SUBTITLE_RE.match(near.text))
        for near in (before, after)
    )
    opens = after is not None and read_opener(after.text) is not None
    if beside_headline or opens:
        return (
            before is None
            or not is_open(before.text)
            or bool(before.level)
            or len(before.text) <= DISPLAY_LENGTH
        )
    calm = len(re.findall(r"[，,。]", one.text)) <= 1
    interrupts = (
        before is not None
        and is_open(before.text)
        and not _set_apart_by_mark(page, index - 1)
        and not BYLINE_LINE_RE.match(before.text)
        and len(before.text) > DISPLAY_LENGTH
    )
    return len(one.text) <= PLAIN_DISPLAY_LENGTH and calm and not interrupts


def _has_open_quote(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count("（") + text.count("(") > text.count(
        "）"
    ) + text.count(")")


def _is_caption(page: Page, index: int) -> bool:
    """A line below a picture: marked as one, or short and set off by the room of the picture that is gone."""
    one = page.paragraphs[index]
    if one.level or len(one.text) > CAPTION_LENGTH * 2:
        return False
    if CAPTION_RE.match(one.text) or (
        PHOTO_RE.search(one.text) and len(one.text) <= CAPTION_LENGTH * 2
    ):
        return True
    if page.columns:
        return _is_column_caption(page, index)
    before = page.at(index - 1)
    set_off = one.gap >= PICTURE_GAP or (
        before is not None and IMAGE_RE.match(before.text) is not None
    )
    return (
        set_off
        and index > 0
        and len(one.text) <= CAPTION_LENGTH
        and is_open(one.text)
        and not one.bold
    )


def _is_column_caption(page: Page, index: int) -> bool:
    """One of several short sentences, each by itself between blank lines, beside a headline or byline."""

    def short(at: int) -> bool:
        one = page.at(at)
        return (
            one is not None
            and not one.display
            and len(one.text) <= CAPTION_LENGTH
            and one.text.count("。") <= 1
            and read_opener(one.text) is None
            and one.joins <= 1
        )

    if not short(index):
        return False
    first = index
    while short(first - 1):
        first -= 1
    last = index
    while short(last + 1):
        last += 1
    above = page.at(first - 1)
    return last > first and above is not None and above.display


def _is_item(page: Page, index: int) -> bool:
    return ITEM_RE.match(page.text(index)) is not None and not _set_apart_by_mark(page, index)


def _is_heading(page: Page, index: int) -> bool:
    """A numbered line set apart: 一、… 1. … 第二章 …"""
    return NUMBERED_RE.match(page.text(index)) is not None and _set_apart(page, index)


RULES: tuple[Rule, ...] = (
    ("table", _matches(TABLE_ROW_RE)),
    ("ornament", _matches(IMAGE_RE)),
    ("ornament", _matches(ORNAMENT_RE)),
    ("ad", _matches(AD_RE)),
    ("nav", _is_nav),
    ("source_line", _is_source_line),
    ("page_header", _is_page_header),
    ("editor_credit", _matches(EDITOR_RE)),
    ("contact_line", _is_contact_line),
    ("pointer", _matches(POINTER_RE)),
    ("contact", _matches(CONTACT_RE)),
    ("subtitle", _is_subtitle),
    ("photo_credit", _is_photo_credit),
    ("byline", _is_byline),
    ("closing_note", _matches(WHOLE_ARTICLE_RE)),
    ("closer", _is_closer),
    ("heading", _is_heading),
    ("signature", _is_signature),
    ("caption", _is_caption),
    ("display", _set_apart),
    ("list", _is_item),
    ("body", lambda page, index: True),
)
