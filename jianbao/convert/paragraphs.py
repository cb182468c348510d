"""Paragraphs: the lines of a page joined as print had them.

Two looks. A text *set in columns* (the text layer of a PDF) breaks at the width of its column, see `columns`. In all other
texts (OCR Markdown, saved web pages) a line is a paragraph already.
"""

from __future__ import annotations

import re

from jianbao.convert.columns import is_set_in_columns, join_columns
from jianbao.convert.lines import Line, Paragraph, split_lines

HEADING_MARK_RE = re.compile(r"^(#{1,6})\s+")
BOLD_RE = re.compile(r"^\*\*([^*]+)\*\*$")


def make_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a page in the order of the text."""
    lines = split_lines(text)
    if is_set_in_columns(lines):
        return list(join_columns(lines))
    return [whole_line(line) for line in lines]


def whole_line(line: Line) -> Paragraph:
    """A line as a paragraph, its Markdown marks told apart from its text.

    >>> whole_line(Line(0, 6, "## 甲乙 ##")).text, whole_line(Line(0, 6, "**甲**")).bold
    ('甲乙', True)
    """
    mark = HEADING_MARK_RE.match(line.text)
    text = line.text[mark.end() :].rstrip("#").rstrip() if mark else line.text
    bold = BOLD_RE.match(text)
    return Paragraph(
        line.start,
        line.end,
        bold[1].strip() if bold else text,
        gap=line.gap,
        level=len(mark[1]) if mark else 0,
        bold=bold is not None,
    )
