"""Stories: articles as their writers left them, cut into the strips a page is made up from.

A story's text has one paragraph a line; its first characters tell its kind (`KINDS`), `\\` is a line end
that print keeps, and `‖` is where a strip ends: the foot of a column, or of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jianbao.models import Credit, Dateline

# What a line of a story begins with → the role it plays in the gold. Any other line is `body`.
KINDS: Mapping[str, str] = {
    "## ": "heading",
    "图：": "caption",
    "* ": "list",
    "@ ": "contact",
    "~ ": "byline",  # a credit below the text, the signature of an essay
    "% ": "dateline",  # an agency's closing line
    "> ": "pointer",  # 上接第1版, 下转第3版
}
# The parts of a head, in reading order.
HEAD_ROLES = ("column", "kicker", "title", "subtitle", "byline")
STRIP_END = "‖"
LINE_END = "\\"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or the part of one that stands in this strip."""

    role: str
    text: str
    continues: bool = False  # the paragraph began in the strip before
    runs_on: bool = False  # stands on the line of the piece before: the text after 本报讯（…）


@dataclass(frozen=True, slots=True)
class Story:
    """One article: its head, its strips, and what an archivist would note about it."""

    key: str
    head: Mapping[str, str]  # HEAD_ROLES → as printed
    strips: tuple[tuple[Piece, ...], ...]
    authors: tuple[Credit, ...] = ()
    dateline: Dateline | None = None
    date: str | None = None
    complete: str | None = None  # None: whole, as far as all strips stand on the page


def read_story(data: Mapping[str, Any], *, date: str | None) -> Story:
    """A story out of its YAML; `date` holds when it names none."""
    return Story(
        key=data["key"],
        head={role: data[role] for role in HEAD_ROLES if role in data},
        strips=tuple(read_strips(data.get("text", ""), opener=data.get("opener"))),
        authors=tuple(Credit(one["name"], one.get("role")) for one in data.get("authors", ())),
        dateline=Dateline(**data["dateline"]) if "dateline" in data else None,
        date=data.get("date", date),
        complete=data.get("complete"),
    )


def read_strips(text: str, *, opener: str | None = None) -> Iterator[tuple[Piece, ...]]:
    """The pieces of each strip.

    >>> [[(piece.text, piece.continues) for piece in strip] for strip in read_strips("一‖二\\n三")]
    [[('一', False)], [('二', True), ('三', False)]]
    """
    for number, strip in enumerate(text.split(STRIP_END)):
        pieces = [read_piece(line) for line in _paragraphs(strip)]
        if number == 0 and opener:
            first, *rest = pieces
            pieces = [Piece("dateline", opener), _changed(first, runs_on=True), *rest]
        elif number and pieces and not strip.startswith("\n"):
            pieces[0] = _changed(pieces[0], continues=True)
        yield tuple(pieces)


def read_piece(line: str) -> Piece:
    """A paragraph with its kind told by its first characters.

    >>> read_piece("图：晒秋")
    Piece(role='caption', text='晒秋', continues=False, runs_on=False)
    """
    if line.startswith("|"):
        return Piece("table", line)
    for mark, role in KINDS.items():
        if line.startswith(mark):
            return Piece(role, line.removeprefix(mark))
    return Piece("body", line)


def printed(text: str, *, wrap: str = "\n") -> str:
    """The text with its line ends as print has them."""
    return text.replace(LINE_END, wrap)


def body_markdown(strips: Sequence[tuple[int, Sequence[Piece]]]) -> str:
    """The ideal body of an article of which these strips, with their numbers, stand on a page.

    A paragraph cut by the end of a strip is whole again when both its strips are there.
    """
    paragraphs: list[str] = []
    last = -1
    for number, strip in strips:
        for piece in strip:
            shown = _as_markdown(piece)
            if shown is None:
                continue
            if piece.continues and paragraphs and number == last + 1:
                paragraphs[-1] += shown
            else:
                paragraphs.append(shown)
        last = number
    return "\n\n".join(paragraphs)


def _as_markdown(piece: Piece) -> str | None:
    match piece.role:
        case "heading":
            return "## " + printed(piece.text, wrap=" ").strip("*")
        case "caption":
            return "图：" + printed(piece.text, wrap="")
        case "column" | "byline" | "dateline" | "pointer":
            return None
    return piece.text


def _paragraphs(strip: str) -> list[str]:
    """The lines of a strip; the rows of a table stay together."""
    lines = [line.strip() for line in strip.split("\n") if line.strip()]
    return re.split(r"\n(?!\|)|(?<!\|)\n", "\n".join(lines)) if lines else []


def _changed(piece: Piece, *, continues: bool = False, runs_on: bool = False) -> Piece:
    return Piece(piece.role, piece.text, continues, runs_on)
