"""Displays: whether a paragraph is set like a headline, by its mark or by what stands around it."""

from __future__ import annotations

import re

from jianbao.convert.credits import is_byline, read_opener
from jianbao.convert.forms import NUMBERED_RE, RUN_IN_RE, SUBTITLE_RE
from jianbao.convert.lines import MID_SENTENCE_RE, Paragraph, is_open
from jianbao.convert.page import DISPLAY_LENGTH, Page, is_head_of_page
from jianbao.convert.saved_pages import is_nav, stands_above_source, stands_below_source
from jianbao.convert.seams import TORN, seam_odds

# Without a mark or a neighbour that is one, a text is a headline only up to this length (the longest section heading of the
# seeds without a mark has 10 characters).
PLAIN_DISPLAY_LENGTH = 18
# What a line that is no sentence does not end or begin with; a paragraph cut at the foot of a column does.
PLAIN_TEXT_RE = re.compile(
    r"。|摄$|[，,、；;：:—…!！)）]$|[！？]”$|[的将在和与及把被对为从向于或而并已要能可不就都也还到让使由以]$"
    r"|^(?:第[一二三四五六七八九十百零\d]+条|附件\s*\d?[:：]|(?:\*\*)?(?:[问答]|记者|主持人)[:：]|下一步|目前|截至|今年|去年|近日|日前|据|\d{1,2}月\d{1,2}日|同时|此外)"
)
# A line without a mark beside a headline that has one; where the text above breaks off, only a subject line.
LINE_BESIDE = 26
PLAIN_KICKER = 12


def is_set_apart_by_mark(page: Page, index: int) -> bool:
    one = page.paragraphs[index]
    return bool(one.level) or one.display


def is_set_apart(page: Page, index: int) -> bool:
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
        and not is_nav(page, index)
        and (stands_above_source(page, index) or stands_below_source(page, index))
    ):
        return True
    return not page.columns and _is_plain_display(page, index)


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
        and not is_set_apart(page, index - 1)
        and is_open(before.text)
        and not is_head_of_page(page, index - 1)
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
