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
    CLOSER_RE,
    PHOTO_RE,
    is_byline,
    is_credit_line,
    is_dashed_name,
    is_person,
    is_wide_name,
    read_belonging,
    read_opener,
)
from jianbao.convert.forms import (
    AD_RE,
    ARTICLE_NUMBER_RE,
    BRACKETED_RE,
    CAPTION_RE,
    COLUMN_RE,
    COMMENTS_RE,
    CONTACT_RE,
    CONTROL_TAIL_RE,
    DATED_RE,
    DAY_LINE_RE,
    DESK_LINE_RE,
    DESK_RE,
    EDITOR_RE,
    FOOTER_RE,
    HEADER_LENGTH,
    HEADER_WORD_RE,
    IMAGE_RE,
    ITEM_RE,
    MENU_RE,
    NAV_RE,
    NUMBERED_RE,
    OFFICE_RE,
    ORNAMENT_RE,
    PAGE_HEADER_RE,
    POINTER_END_RE,
    POINTER_RE,
    POINTER_START_RE,
    RELATED_RE,
    RUN_IN_RE,
    SERVICE_RE,
    SOURCE_LINE_RE,
    SUBTITLE_RE,
    TABLE_ROW_RE,
    WHOLE_ARTICLE_RE,
)
from jianbao.convert.lines import MID_SENTENCE_RE, Paragraph, is_open, starts_inside
from jianbao.convert.paragraphs import make_paragraphs
from jianbao.convert.script import simplify
from jianbao.convert.seams import TORN, seam_odds, word_pieces
from jianbao.convert.traced import Traced
from jianbao.models import Span

FURNITURE = frozenset(
    {"page_header", "editor_credit", "nav", "ad", "ornament", "contact_line", "other"}
)

# The longest headline line of the seeds has 33 characters (a subtitle, 002); without a mark or a neighbour that
# is one, text of this length is a headline only up to 22 (the longest section heading without a mark has 10).
DISPLAY_LENGTH = 40
PLAIN_DISPLAY_LENGTH = 18
CAPTION_LENGTH = 45
# What a line that is no sentence does not end or begin with; a paragraph cut at the foot of a column does.
PLAIN_TEXT_RE = re.compile(
    r"。|摄$|[，,、；;：:—…!！)）]$|[！？]”$|[的将在和与及把被对为从向于或而并已要能可不就都也还到让使由以]$"
    r"|^(?:第[一二三四五六七八九十百零\d]+条|附件\s*\d?[:：]|(?:\*\*)?(?:[问答]|记者|主持人)[:：]|下一步|目前|截至|今年|去年|近日|日前|据|\d{1,2}月\d{1,2}日|同时|此外)"
)
SENTENCE_CAPTION = 32
# A line without a mark beside a headline that has one; where the text above breaks off, only a subject line.
LINE_BESIDE = 26
PLAIN_KICKER = 12
NAME_LENGTH = 6  # of a page, a supplement
FOOTER_LINES = 3  # of a saved page below its owner: address, telephone, visitors
HEAD_LINES = 3  # of a saved page above its source line: kicker, headline, subtitle
# A plain statement between a headline and a text this long is no lead.
LEAD = 60
# What the headline of a notice ends with; its day may stand just below.
NOTICE_RE = re.compile(r"(?:公告|公示|通告|通知|启事|声明)$")
# From these log-odds on the indent decides whether a text begins inside a sentence.
SURE_INDENT = 2.5
# From this share of blank lines on they stand between paragraphs, not here and there: OCR Markdown has .6 to 1, in verse too.
SPACED = 0.5
# A stanza has this many lines and more, each of at most so many characters.
STANZA_LINES = 3
VERSE_LENGTH = 24
# Forms that stand in short lines and are no verse.
NO_VERSE = (
    *(TABLE_ROW_RE, IMAGE_RE, ORNAMENT_RE, AD_RE, PAGE_HEADER_RE, EDITOR_RE, POINTER_RE, CONTACT_RE, SUBTITLE_RE),
    *(PHOTO_RE, CAPTION_RE, DAY_LINE_RE, ITEM_RE, NUMBERED_RE, BRACKETED_RE, CLOSER_RE, NAV_RE, SOURCE_LINE_RE),
)  # fmt: skip
# What several short news below one headline begin with.
BRIEF_MARKS = frozenset("▲△▼▶◆◇●○■□★☆")
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
    width: int = 0  # of its column, in em; 0 where there is none
    measured: int = 0  # how many lines show it
    inside: float = (
        0.0  # log-odds by its first line's indent that it begins in the middle of a sentence
    )

    @property
    def begins_inside(self) -> bool:
        """Whether it begins in the middle of a sentence: by the indent of its first line, and where that says nothing by its words."""
        if abs(self.inside) >= SURE_INDENT:
            return self.inside > 0
        return starts_inside(self.text)


Rule = tuple[str, Callable[["Page", int], bool]]


@dataclass(frozen=True, slots=True)
class Page:
    """The paragraphs of one source, for rules that look at neighbours."""

    paragraphs: Sequence[Paragraph]
    texts: Sequence[str]  # in simplified characters, as the forms of print are written
    web: bool
    columns: bool  # set in columns
    spaced: bool  # a blank line between paragraphs, as OCR Markdown has it
    pieces: frozenset[str]  # of its words, see `seams`

    def at(self, index: int) -> Paragraph | None:
        return self.paragraphs[index] if 0 <= index < len(self.paragraphs) else None

    def text(self, index: int) -> str:
        """The simplified words of a paragraph; empty beyond the ends of the page."""
        return self.texts[index] if 0 <= index < len(self.texts) else ""


def make_blocks(traced: Traced) -> list[Block]:
    """The blocks of a page in the order of the source; together they hold every printed character once."""
    paragraphs = [piece for one in make_paragraphs(traced.text) for piece in _cut(one)]
    if not paragraphs:
        # Nothing printed; what is not blank all the same are controls that a repair took out.
        rest = traced.span(0, len(traced.text))
        return [] if rest is None else [Block("ornament", "", rest, 0, len(traced.text))]
    texts = [simplify(one.text) for one in paragraphs]
    page = Page(
        paragraphs,
        texts,
        is_web(texts),
        any(one.joins for one in paragraphs),
        is_spaced(paragraphs),
        word_pieces(texts),
    )
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
                one.width,
                one.measured,
                one.inside,
            )
        )
    return blocks


def is_web(texts: Sequence[str]) -> bool:
    """Whether a page was saved from the web: navigation, or a line of date and source."""
    return any(NAV_RE.search(text) or SOURCE_LINE_RE.search(text) for text in texts)


def is_spaced(paragraphs: Sequence[Paragraph | Block]) -> bool:
    """Whether a page sets its paragraphs apart by blank lines, so that lines without one between belong together."""
    return sum(one.gap > 0 for one in paragraphs) >= SPACED * len(paragraphs)


def role_of(page: Page, index: int) -> str:
    """The role of a paragraph, by the first rule that fits."""
    return next(role for role, fits in RULES if fits(page, index))


def _cut(one: Paragraph) -> Iterator[Paragraph]:
    """A paragraph cut where another role begins in it: a pointer, the controls behind a web page's date."""
    cut = None if one.joins or one.bold else _place_of_cut(simplify(one.text))
    left, right = (one.text[:cut].rstrip(), one.text[cut:].lstrip()) if cut else ("", "")
    if not left or not right:
        yield one
        return
    # Marks may stand in front of `text`; the end of the paragraph is the same place in both.
    at = one.end - len(right)
    yield replace(one, end=at, text=left)
    yield replace(one, start=at, text=right, gap=0, level=0)


def _place_of_cut(text: str) -> int | None:
    if found := POINTER_START_RE.search(text):
        return found.end()
    if found := POINTER_END_RE.search(text):
        return found.start()
    controls = CONTROL_TAIL_RE.search(text)
    return controls.start() if controls and SOURCE_LINE_RE.search(text) else None


# --- the rules -----------------------------------------------------------------------------------


def _matches(pattern: re.Pattern[str]) -> Callable[[Page, int], bool]:
    return lambda page, index: pattern.search(page.text(index)) is not None


def _is_nav(page: Page, index: int) -> bool:
    """Navigation of a saved page, and the list of other stories below its own."""
    if not page.web or len(page.text(index)) >= HEADER_LENGTH:
        return False
    return (
        NAV_RE.search(page.text(index)) is not None
        or MENU_RE.match(page.text(index)) is not None
        or _is_related(page, index)
    )


def _is_related(page: Page, index: int) -> bool:
    """Whether a line stands in the list below 相关链接: short, without an end, and no story begins below it."""
    if not is_open(page.text(index)) or len(page.text(index)) > DISPLAY_LENGTH:
        return False
    if any(SOURCE_LINE_RE.search(text) for text in page.texts[index:]):
        return False
    for above in range(index - 1, -1, -1):
        if RELATED_RE.match(page.text(above)):
            return True
        if not is_open(page.text(above)):
            return False
    return False


def _is_source_line(page: Page, index: int) -> bool:
    return (
        page.web
        and SOURCE_LINE_RE.search(page.text(index)) is not None
        and len(page.text(index)) < 80
    )


def _is_page_header(page: Page, index: int) -> bool:
    text = page.text(index)
    if len(text) >= HEADER_LENGTH or read_opener(text) or WHOLE_ARTICLE_RE.match(text):
        return False
    beside = (page.text(index - 1), page.text(index + 1))
    if DAY_LINE_RE.match(text) and any(PAGE_HEADER_RE.search(one) for one in beside):
        return True
    return PAGE_HEADER_RE.search(text) is not None or (
        DATED_RE.search(text) is not None
        and HEADER_WORD_RE.search(text) is not None
        and is_open(text)
    )


def _is_page_name(page: Page, index: int) -> bool:
    """A supplement's name set like a headline: only the rest of the page's header below it, and no headline below that."""
    one = page.paragraphs[index]
    below = index + 1
    while _is_head_of_page(page, below):
        below += 1
    return (
        one.level > 0
        and len(one.text) <= NAME_LENGTH
        and _is_page_header(page, index + 1)
        and not _set_apart(page, below)
    )


def _is_head_of_page(page: Page, index: int) -> bool:
    """A page's header or its editors: no text that could break off."""
    return _is_page_header(page, index) or EDITOR_RE.match(page.text(index)) is not None


def _is_contact_line(page: Page, index: int) -> bool:
    """A telephone of the page's desk, or any beside a page header; the office at the foot of a saved page."""
    if DESK_RE.match(page.text(index)) and len(page.text(index)) < HEADER_LENGTH:
        return True
    if page.web and CONTACT_RE.match(page.text(index)):
        above = page.texts[max(0, index - FOOTER_LINES) : index]
        return any(FOOTER_RE.search(text) for text in above)
    beside = (page.text(index - 1), page.text(index + 1))
    return DESK_LINE_RE.match(page.text(index)) is not None and any(
        PAGE_HEADER_RE.search(text) or EDITOR_RE.search(text) for text in beside
    )


def _is_lone_row(page: Page, index: int) -> bool:
    """One row between bars, where a table has several: today's weather."""
    rows = [TABLE_ROW_RE.match(page.text(at)) is not None for at in (index - 1, index, index + 1)]
    return rows == [False, True, False]


def _is_byline(page: Page, index: int) -> bool:
    text = page.text(index)
    if CAPTION_RE.match(text):
        return False
    if is_credit_line(text):
        return True
    before = page.at(index - 1)
    if before is None:
        return False
    if is_person(re.sub(r"[ \u3000]", "", text)) and _set_apart(page, index - 1):
        return True
    # A pen name below a headline, or who signs at the end of a text.
    closes = not _set_apart(page, index - 1) and not is_open(before.text)
    if is_wide_name(text):
        return closes or _set_apart(page, index - 1)
    return closes and not _set_apart_by_mark(page, index) and bool(read_belonging(text))


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
    text = page.text(index)
    short = len(text) <= 60 and "。" not in text
    return short and SUBTITLE_RE.match(text) is not None and not is_dashed_name(text)


def _is_signature(page: Page, index: int) -> bool:
    """The office and the day below a notice."""
    if DAY_LINE_RE.match(page.text(index)) or _is_below_day(page, index):
        return True
    if _is_office_below_answer(page, index):
        return True
    following = page.at(index + 1)
    return (
        following is not None
        and DAY_LINE_RE.match(following.text) is not None
        and len(page.text(index)) <= 30
        and is_open(page.text(index))
        and NOTICE_RE.search(page.text(index)) is None
        and not _set_apart_by_mark(page, index)
    )


def _is_office_below_answer(page: Page, index: int) -> bool:
    """The office that answers a letter, below its answer: a column's name stands below it, no headline of its own."""
    before = page.at(index - 1)
    return (
        OFFICE_RE.match(page.text(index)) is not None
        and COLUMN_RE.match(page.text(index + 1)) is not None
        and before is not None
        and not _set_apart(page, index - 1)
        and not is_open(before.text)
        and not _set_apart_by_mark(page, index)
    )


def _is_below_day(page: Page, index: int) -> bool:
    """What stands below the day of a notice without a blank line: 恳辞花篮."""
    return (
        page.spaced
        and page.paragraphs[index].gap == 0
        and len(page.text(index)) <= VERSE_LENGTH
        and DAY_LINE_RE.match(page.text(index - 1)) is not None
    )


def _is_verse(page: Page, index: int) -> bool:
    """A line of a poem: one of several short ones without a blank line between, where paragraphs have one."""
    if not page.spaced or page.columns or page.web or not _is_verse_line(page, index):
        return False
    first = last = index
    while page.paragraphs[first].gap == 0 and _is_verse_line(page, first - 1):
        first -= 1
    while _is_verse_line(page, last + 1) and page.paragraphs[last + 1].gap == 0:
        last += 1
    return last - first + 1 >= STANZA_LINES


def _is_verse_line(page: Page, index: int) -> bool:
    one = page.at(index)
    if one is None or one.level or one.bold or len(one.text) > VERSE_LENGTH:
        return False
    text = page.text(index)
    return not (any(form.search(text) for form in NO_VERSE) or is_byline(text) or read_opener(text))


def _is_closing_note(page: Page, index: int) -> bool:
    """A sentence about the whole story, or a line below it that is one bracket."""
    if WHOLE_ARTICLE_RE.search(page.text(index)):
        return True
    before = page.at(index - 1)
    return (
        BRACKETED_RE.fullmatch(page.text(index)) is not None
        and not _set_apart_by_mark(page, index)
        and before is not None
        and not is_open(before.text)
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
    if (
        page.web
        and not _is_nav(page, index)
        and (_stands_above_source(page, index) or _stands_below_source(page, index))
    ):
        return True
    return not page.columns and _is_plain_display(page, index)


def _stands_above_source(page: Page, index: int) -> bool:
    """Whether only short lines lie between a line and the source line of a saved page: a headline of several lines."""
    if page.text(index)[-1:] == "。":
        return False
    for below in range(index + 1, index + HEAD_LINES + 1):
        if _is_source_line(page, below):
            return True
        if not 0 < len(page.text(below)) <= DISPLAY_LENGTH or page.text(below)[-1] == "。":
            return False
    return False


def _stands_below_source(page: Page, index: int) -> bool:
    """Whether a line is the headline of a saved page that has it below the source line."""
    text = page.text(index)
    if len(text) > DISPLAY_LENGTH or text[-1] in "。；;：:" or is_byline(text) or read_opener(text):
        return False
    above = index - 1
    while (
        above >= 0
        and index - above <= HEAD_LINES
        and 0 < len(page.text(above)) <= DISPLAY_LENGTH + 20
    ):
        if _is_source_line(page, above):
            return above == 0 or _is_nav(page, above - 1)
        above -= 1
    return False


def _is_plain_display(page: Page, index: int) -> bool:
    """Whether a line without any mark is a headline or heading: it says no sentence, and stands where they stand."""
    text = page.text(index)
    if len(text) > DISPLAY_LENGTH or PLAIN_TEXT_RE.search(text) or _has_open_quote(text):
        return False
    if RUN_IN_RE.match(text):
        return False
    if read_opener(text) or seam_odds(text, page.text(index + 1), page.pieces) >= TORN:
        return False
    before, after = page.at(index - 1), page.at(index + 1)
    broken = (
        before is not None
        and not _set_apart(page, index - 1)
        and is_open(before.text)
        and not _is_head_of_page(page, index - 1)
    )
    opens = after is not None and (
        read_opener(after.text) is not None or is_byline(page.text(index + 1))
    )
    if before is not None and (before.level or SUBTITLE_RE.match(before.text)):
        return opens or (len(text) <= LINE_BESIDE and not _starts_inside(after))
    if after is not None and (after.level or SUBTITLE_RE.match(after.text)):
        return len(text) <= (PLAIN_KICKER if broken else LINE_BESIDE)
    if opens:
        return not broken or len(text) <= PLAIN_KICKER
    if after is None or _starts_inside(after) or broken or len(text) > PLAIN_DISPLAY_LENGTH:
        return False
    if text[-1] in "？?":
        return True
    phrases = re.split(r"[，,\s]+", NUMBERED_RE.sub("", text).strip())
    return len(phrases) == 1 or (len(phrases) == 2 and abs(len(phrases[0]) - len(phrases[1])) <= 2)


def _starts_inside(paragraph: Paragraph | None) -> bool:
    return paragraph is not None and MID_SENTENCE_RE.match(paragraph.text) is not None


def _has_open_quote(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count("（") + text.count("(") > text.count(
        "）"
    ) + text.count(")")


def _is_caption(page: Page, index: int) -> bool:
    """A line below a picture: marked as one, or short and set off by the room of the picture that is gone."""
    one = page.paragraphs[index]
    before = page.at(index - 1)
    if one.level or len(one.text) > CAPTION_LENGTH * 2:
        return False
    if CAPTION_RE.match(one.text):
        return True
    if PHOTO_RE.search(one.text):
        # With a headline of its own and no text below it is a story: picture news.
        alone = page.at(index + 1) is None or _set_apart(page, index + 1)
        return not (alone and _follows_headline(page, index))
    if page.columns:
        return _is_column_caption(page, index)
    after = page.at(index + 1)
    room = max(one.gap, after.gap if after else 0) >= PICTURE_GAP
    if (
        _follows_headline(page, index)
        and starts_inside(one.text)
        and len(page.text(index + 1)) > LEAD
    ):
        return True
    if index == 0 or one.bold or not (room or (before is not None and IMAGE_RE.match(before.text))):
        return False
    if is_open(one.text):
        return one.gap >= PICTURE_GAP and len(one.text) <= CAPTION_LENGTH
    return (
        len(one.text) <= SENTENCE_CAPTION and re.fullmatch(r"[^“。？！]+。", one.text) is not None
    )


def _follows_headline(page: Page, index: int) -> bool:
    """Whether a headline, or the byline below one, stands just above."""
    above = index - 1
    while above >= 0 and is_byline(page.text(above)):
        above -= 1
    if above < 0:
        return False
    return _set_apart_by_mark(page, above) or SUBTITLE_RE.match(page.text(above)) is not None


def _is_column_caption(page: Page, index: int) -> bool:
    """One of several short sentences, each by itself between blank lines, or one below a headline or byline."""
    if not _is_short_sentence(page, index):
        return False
    first = last = index
    while _is_short_sentence(page, first - 1):
        first -= 1
    while _is_short_sentence(page, last + 1):
        last += 1
    one = page.paragraphs[index]
    indented = one.joins > 0 and one.inside <= -SURE_INDENT
    below = _follows_headline(page, index) and page.at(index + 1) is not None
    return last > first or (below and not indented)


def _is_short_sentence(page: Page, index: int) -> bool:
    """One short sentence in a paragraph of its own, blank lines or its like around it."""
    one, below = page.at(index), page.at(index + 1)
    if one is None or one.display or one.joins > 1 or len(one.text) > CAPTION_LENGTH:
        return False
    if one.inside >= SURE_INDENT:
        return False
    if one.text.count("。") != 1 or one.text[-1] != "。" or one.text[0] in "“‘（(":
        return False
    if ARTICLE_NUMBER_RE.match(one.text) or ITEM_RE.match(one.text):
        return False
    before = page.at(index - 1)
    if before is not None and not before.display and is_open(before.text):
        return False
    apart = one.gap > 0 or before is None or len(before.text) <= CAPTION_LENGTH
    closed = below is None or below.gap > 0 or len(below.text) <= CAPTION_LENGTH
    return apart and closed and read_opener(one.text) is None


def _is_brief(page: Page, index: int) -> bool:
    """One of several short news below a headline, each a paragraph behind the same mark: ▲ …。 ▲ …。"""
    mark = page.text(index)[:1]
    if mark not in BRIEF_MARKS or _is_byline(page, index):
        return False
    first = last = index
    while page.text(first - 1)[:1] == mark:
        first -= 1
    while page.text(last + 1)[:1] == mark:
        last += 1
    return last > first and _set_apart(page, first - 1)


def _is_item(page: Page, index: int) -> bool:
    return ITEM_RE.match(page.text(index)) is not None and not _set_apart_by_mark(page, index)


def _is_heading(page: Page, index: int) -> bool:
    """A numbered line set apart: 一、… 1. … 第二章 …"""
    return NUMBERED_RE.match(page.text(index)) is not None and _set_apart(page, index)


RULES: tuple[Rule, ...] = (
    ("other", _matches(SERVICE_RE)),
    ("other", _is_lone_row),
    ("table", _matches(TABLE_ROW_RE)),
    ("ornament", _matches(IMAGE_RE)),
    ("ornament", _matches(ORNAMENT_RE)),
    ("ad", _matches(AD_RE)),
    ("nav", _is_nav),
    ("other", lambda page, index: page.web and COMMENTS_RE.match(page.text(index)) is not None),
    ("source_line", _is_source_line),
    ("page_header", _is_page_header),
    ("page_header", _is_page_name),
    ("editor_credit", _matches(EDITOR_RE)),
    ("contact_line", _is_contact_line),
    ("pointer", _matches(POINTER_RE)),
    ("contact", _matches(CONTACT_RE)),
    ("subtitle", _is_subtitle),
    ("photo_credit", _is_photo_credit),
    ("byline", _is_byline),
    ("closer", _is_closer),
    ("closing_note", _is_closing_note),
    ("heading", _is_heading),
    ("signature", _is_signature),
    ("verse", _is_verse),
    ("list", _is_brief),
    ("caption", _is_caption),
    ("display", _set_apart),
    ("list", _is_item),
    ("body", lambda page, index: True),
)
