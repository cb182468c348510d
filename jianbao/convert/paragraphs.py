"""Paragraphs: the lines of a page joined as print had them.

Two looks. A text *set in columns* (the text layer of a PDF) breaks at the width of its column: `line_kinds` tells which
lines make a paragraph, which a headline. In all other texts (OCR Markdown, saved web pages) a line is a paragraph already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jianbao.convert.columns import Columns, is_set_in_columns, width
from jianbao.convert.credits import close_name, is_person
from jianbao.convert.forms import is_column_name
from jianbao.convert.line_kinds import Kind, tell_lines
from jianbao.convert.lines import (
    HEADING_MARK_RE,
    Line,
    Paragraph,
    PlaceAt,
    is_open,
    nowhere,
    split_lines,
)

BOLD_RE = re.compile(r"^\*\*([^*]+)\*\*$")
# A line of smaller type below a headline is wider than a wrapped one of the same size by more than this.
SMALLER_TYPE = 1.75
HEADLINE_WIDTH = 6.0
# So short a line begins no headline that runs over several: it names the column (走村记).
LABEL_RE = re.compile(r"[\u4e00-\u9fff]{2,3}")
# Two lines narrower than this may be two phrases, one below the other.
PHRASE_WIDTH = 20


def make_paragraphs(text: str, place_at: PlaceAt = nowhere) -> list[Paragraph]:
    """The paragraphs of a page in the order of the text; `place_at` says where a line stood in its file."""
    lines = split_lines(text, place_at)
    if not any(line.place and line.place.where for line in lines) and is_set_in_columns(lines):
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
    level = line.place.level if line.place else 0
    return Paragraph(
        line.start,
        line.end,
        bold[1].strip() if bold else text,
        gap=line.gap,
        level=len(mark[1]) if mark else level,
        bold=bold is not None,
        places=(line.place,) if line.place else (),
    )


# --- columns -------------------------------------------------------------------------------------


def join_columns(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """Lines joined to paragraphs; headlines, bylines and headings are kept apart (`display`)."""
    columns = Columns(lines)
    kinds = tell_lines(columns)
    for members in _runs(kinds):
        if kinds[members[0]] == "first":
            yield _joined(columns, members)
            continue
        for same_type in _by_type(columns, members):
            yield _joined(columns, same_type, display=True)


def _runs(kinds: Sequence[Kind]) -> Iterator[list[int]]:
    """The lines of each paragraph, headline, or line alone."""
    run = [0]
    for index in range(1, len(kinds)):
        if kinds[index] in ("later", "headline on"):
            run.append(index)
        else:
            yield run
            run = [index]
    yield run


def _by_type(columns: Columns, members: Sequence[int]) -> Iterator[Sequence[int]]:
    """The lines of a headline, those of one kind together: the column's name above it, an author's name below it, and of the
    others those of one type size, as smaller type puts clearly more into a line.
    """
    first = 0
    above = columns.texts[members[0]]
    if len(members) > 1 and (is_column_name(above) or LABEL_RE.fullmatch(above)):
        yield members[:1]
        first = 1
    last = members[-1]
    same_type = columns.is_larger(last) and not columns.changes_type(last)
    if len(members) > first + 1 and not same_type and is_person(close_name(columns.texts[last])):
        yield from _by_size(columns, members[first:-1])
        yield members[-1:]
    else:
        yield from _by_size(columns, members[first:])


def _by_size(columns: Columns, members: Sequence[int]) -> Iterator[Sequence[int]]:
    first = 0
    for at in range(1, len(members)):
        if columns.scales[members[at]]:
            if columns.changes_type(members[at]):
                yield members[first:at]
                first = at
            continue
        widest = max(columns.widths[index] for index in members[first:at])
        if widest >= HEADLINE_WIDTH and columns.widths[members[at]] > SMALLER_TYPE * widest:
            yield members[first:at]
            first = at
    yield members[first:]


def _joined(columns: Columns, indices: Sequence[int], *, display: bool = False) -> Paragraph:
    """One paragraph out of lines, with the blanks of justification taken out."""
    members = [columns.lines[index] for index in indices]
    texts = [columns.texts[index] for index in indices]
    # A paragraph may stand in two columns: the one whose width is the better known.
    column, measured = max(
        (columns.between_blanks[index] for index in indices), key=lambda one: (one[1], one)
    )
    return Paragraph(
        members[0].start,
        members[-1].end,
        join_lines(texts),
        gap=members[0].gap,
        display=display,
        joins=len(members) - 1,
        closed=sum(len(line.text) for line in members) - sum(map(len, texts)),
        width=column,
        measured=measured,
        inside=0.0 if display else columns.inside_odds(indices[0]),
        places=tuple(line.place for line in members if line.place),
    )


def join_lines(texts: Sequence[str]) -> str:
    """Lines as one text: a blank stands between two Latin words, and between two phrases of a heading.

    >>> join_lines(["云端 work", "shop 开课"]), join_lines(["强化领导", "细分责任狠抓落实"])
    ('云端 work shop 开课', '强化领导 细分责任狠抓落实')
    """
    # Two phrases of a heading stand below one another; a wrapped headline fills its first line.
    phrases = len(texts) == 2 and all(map(is_open, texts))
    apart = phrases and width(texts[0]) + 1 < width(texts[1]) < PHRASE_WIDTH
    text = texts[0]
    for one in texts[1:]:
        words = re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", one)
        text += (" " if words or apart else "") + one
    return text
