"""Saved pages: what only a page of the web has, its navigation and its source line, and the headline between the two."""

from __future__ import annotations

from collections.abc import Sequence

from jianbao.convert.credits import is_byline, read_opener
from jianbao.convert.forms import (
    HEADER_LENGTH,
    MENU_RE,
    NAV_RE,
    RELATED_RE,
    SOURCE_LINE_RE,
)
from jianbao.convert.lines import is_open
from jianbao.convert.page import DISPLAY_LENGTH, Page

HEAD_LINES = 3  # of a saved page above its source line: kicker, headline, subtitle


def is_web(texts: Sequence[str]) -> bool:
    """Whether a page was saved from the web: navigation, or a line of date and source."""
    return any(NAV_RE.search(text) or SOURCE_LINE_RE.search(text) for text in texts)


def is_nav(page: Page, index: int) -> bool:
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
    if any(place.story for place in page.paragraphs[index].places):
        return False
    if any(SOURCE_LINE_RE.search(text) for text in page.texts[index:]):
        return False
    for above in range(index - 1, -1, -1):
        if RELATED_RE.match(page.text(above)):
            return True
        if not is_open(page.text(above)):
            return False
    return False


def is_source_line(page: Page, index: int) -> bool:
    return (
        page.web
        and SOURCE_LINE_RE.search(page.text(index)) is not None
        and len(page.text(index)) < 80
    )


def stands_above_source(page: Page, index: int) -> bool:
    """Whether only short lines lie between a line and the source line of a saved page: a headline of several lines."""
    if page.text(index)[-1:] == "。":
        return False
    for below in range(index + 1, index + HEAD_LINES + 1):
        if is_source_line(page, below):
            return True
        if not 0 < len(page.text(below)) <= DISPLAY_LENGTH or page.text(below)[-1] == "。":
            return False
    return False


def stands_below_source(page: Page, index: int) -> bool:
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
        if is_source_line(page, above):
            return above == 0 or is_nav(page, above - 1)
        above -= 1
    return False
