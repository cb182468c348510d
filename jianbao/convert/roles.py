"""Roles: the one role each paragraph plays, told by how newspapers print it.

`RULES` is the whole list, tried in order; the first that says yes gives the role. What is only *set like a headline*
gets the role `display`: whether it is a headline, a kicker, a column's name or a section heading, and whose, is
decided over the whole page in `segment`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jianbao.convert.credits import (
    AGENCY_CREDIT_RE,
    CLOSER_RE,
    PHOTO_RE,
    close_name,
    is_byline,
    is_credit_line,
    is_dashed_name,
    is_person,
    is_wide_name,
    read_belonging,
    read_opener,
)
from jianbao.convert.displays import is_set_apart, is_set_apart_by_mark
from jianbao.convert.forms import (
    AD_RE,
    ARTICLE_NUMBER_RE,
    BRACKETED_RE,
    CAPTION_RE,
    COLUMN_RE,
    COMMENTS_RE,
    CONTACT_RE,
    DAY_LINE_RE,
    DESK_LINE_RE,
    DESK_RE,
    EDITOR_RE,
    FOOTER_RE,
    HEADER_LENGTH,
    IMAGE_RE,
    ITEM_RE,
    NAV_RE,
    NUMBERED_RE,
    OFFICE_RE,
    ORNAMENT_RE,
    PAGE_HEADER_RE,
    POINTER_RE,
    SERVICE_RE,
    SOURCE_LINE_RE,
    SUBTITLE_RE,
    TABLE_ROW_RE,
    WHOLE_ARTICLE_RE,
)
from jianbao.convert.layout import MARGIN
from jianbao.convert.lines import MID_SENTENCE_RE, is_open, starts_inside
from jianbao.convert.page import SURE_INDENT, Page, is_head_of_page, is_page_header
from jianbao.convert.saved_pages import is_nav, is_source_line

CAPTION_LENGTH = 45
SENTENCE_CAPTION = 32
FOOTER_LINES = 3  # of a saved page below its owner: address, telephone, visitors
NAME_LENGTH = 6  # of a page, a supplement
# Captions are set in type smaller than the body's, to this share of it at most.
SMALLER = 0.94
# A plain statement between a headline and a text this long is no lead.
LEAD = 60
# What the headline of a notice ends with; its day may stand just below.
NOTICE_RE = re.compile(r"(?:公告|公示|通告|通知|启事|声明)$")
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
Rule = tuple[str, Callable[["Page", int], bool]]


def role_of(page: Page, index: int) -> str:
    """The role of a paragraph: what its file says that it is, or the first rule that fits."""
    stated = next((place.role for place in page.paragraphs[index].places if place.role), None)
    return stated or next(role for role, fits in RULES if fits(page, index))


def _matches(pattern: re.Pattern[str]) -> Callable[[Page, int], bool]:
    return lambda page, index: pattern.search(page.text(index)) is not None


def _is_page_name(page: Page, index: int) -> bool:
    """A supplement's name set like a headline: only the rest of the page's header below it, and no headline below that."""
    one = page.paragraphs[index]
    below = index + 1
    while is_head_of_page(page, below):
        below += 1
    return (
        one.level > 0
        and len(one.text) <= NAME_LENGTH
        and is_page_header(page, index + 1)
        and not is_set_apart(page, below)
    )


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
    if is_person(close_name(text)) and is_set_apart(page, index - 1):
        return True
    # A pen name below a headline, or who signs at the end of a text.
    closes = not is_set_apart(page, index - 1) and not is_open(before.text)
    if is_wide_name(text):
        return closes or is_set_apart(page, index - 1)
    return closes and not is_set_apart_by_mark(page, index) and bool(read_belonging(text))


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
        and not is_set_apart_by_mark(page, index)
    )


def _is_office_below_answer(page: Page, index: int) -> bool:
    """The office that answers a letter, below its answer: a column's name stands below it, no headline of its own."""
    before = page.at(index - 1)
    return (
        OFFICE_RE.match(page.text(index)) is not None
        and COLUMN_RE.match(page.text(index + 1)) is not None
        and before is not None
        and not is_set_apart(page, index - 1)
        and not is_open(before.text)
        and not is_set_apart_by_mark(page, index)
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
        and not is_set_apart_by_mark(page, index)
        and before is not None
        and not is_open(before.text)
    )


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
        alone = page.at(index + 1) is None or is_set_apart(page, index + 1)
        return not (alone and _follows_headline(page, index))
    if 0 < one.scale <= SMALLER:
        return len(one.text) <= CAPTION_LENGTH * 2
    if page.columns:
        return _is_column_caption(page, index)
    after = page.at(index + 1)
    room = max(one.gap, after.gap if after else 0) >= PICTURE_GAP
    if (
        _follows_headline(page, index)
        and starts_inside(one.text)
        and MID_SENTENCE_RE.match(one.text) is None
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
    return is_set_apart_by_mark(page, above) or SUBTITLE_RE.match(page.text(above)) is not None


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
    if one.inside >= SURE_INDENT or (one.scale and one.inside <= -SURE_INDENT):
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
    return last > first and is_set_apart(page, first - 1)


def _is_item(page: Page, index: int) -> bool:
    return ITEM_RE.match(page.text(index)) is not None and not is_set_apart_by_mark(page, index)


def _is_heading(page: Page, index: int) -> bool:
    """A numbered line set apart: 一、… 1. … 第二章 …"""
    return NUMBERED_RE.match(page.text(index)) is not None and is_set_apart(page, index)


RULES: tuple[Rule, ...] = (
    ("other", _matches(SERVICE_RE)),
    ("other", _is_lone_row),
    ("table", _matches(TABLE_ROW_RE)),
    ("ornament", _matches(IMAGE_RE)),
    ("ornament", _matches(ORNAMENT_RE)),
    ("ad", _matches(AD_RE)),
    ("nav", is_nav),
    ("other", lambda page, index: page.web and COMMENTS_RE.match(page.text(index)) is not None),
    ("source_line", is_source_line),
    ("page_header", is_page_header),
    ("page_header", _is_page_name),
    ("editor_credit", _matches(EDITOR_RE)),
    ("contact_line", _is_contact_line),
    ("page_header", lambda page, index: page.paragraphs[index].zone == MARGIN),
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
    ("display", is_set_apart),
    ("list", _is_item),
    ("body", lambda page, index: True),
)
