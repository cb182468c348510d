"""The page: the paragraphs of one source in their order, as the rules of `roles` look at them, and the lines of its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jianbao.convert.credits import read_opener
from jianbao.convert.forms import (
    DATED_RE,
    DAY_LINE_RE,
    EDITOR_RE,
    HEADER_LENGTH,
    HEADER_WORD_RE,
    PAGE_HEADER_RE,
    WHOLE_ARTICLE_RE,
)
from jianbao.convert.lines import Paragraph, is_open

# From this share of blank lines on they stand between paragraphs, not here and there: OCR Markdown has .6 to 1, in verse too.
SPACED = 0.5
# The longest headline line of the seeds has 33 characters (a subtitle, 002).
DISPLAY_LENGTH = 40
# From these log-odds on the indent decides whether a text begins inside a sentence.
SURE_INDENT = 2.5


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


def is_spaced(gaps: Sequence[int]) -> bool:
    """Whether a page sets its paragraphs apart by blank lines, so that lines without one between belong together; `gaps` are the
    blank lines above each.
    """
    return sum(gap > 0 for gap in gaps) >= SPACED * len(gaps)


def is_page_header(page: Page, index: int) -> bool:
    """A line of the head of the page: its paper, its day, its number."""
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


def is_head_of_page(page: Page, index: int) -> bool:
    """A page's header or its editors: no text that could break off."""
    return is_page_header(page, index) or EDITOR_RE.match(page.text(index)) is not None
