"""The text layer of a PDF: lines as wide as the print's columns, and nothing that says what they are.

Paragraphs end where a line is short; blank lines stand at the feet of columns, in the middle of a
sentence or not; a headline stands wherever its strip was drawn; an article may begin in the middle
of the line that ended the one before.

Where columns end within a strip is left to chance. A strip that ends within a paragraph must end with a full line,
which its story has to see to (`measure_cut`).

Options: `widths` (story → Han characters a line), `spread` (how many lines show justification),
`pair_captions` (two on a line), `column` (least and most lines to a column), `pictures` (stories whose lines run
beside one: the longest paragraph is narrowed), `apart` (parts of a head with a blank line below).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jianbao.models import is_blank
from tests.typesetter.looks.lines import SLACK_MIN, break_lines, justify, measure
from tests.typesetter.looks.slots import Slot
from tests.typesetter.stories import Piece, printed
from tests.typesetter.tape import HEAD, Tape

# Widths and column lengths of the text layers we have seen, in Han characters and lines.
WIDTHS = (12, 18)
COLUMN = (18, 34)
# Captions run wider than a column, about the width of a picture.
CAPTION_WIDTH = 17
# How many paragraphs are followed by a blank line, the rest by a line end only.
BLANK_AFTER = 0.8
# The parts of a head below which a blank line stands (seed 000).
APART = ("kicker",)
# Lines narrowed by a picture stand in paragraphs of this length and more (seed 000: one of 540 characters).
PICTURE_TEXT_MIN = 120


def lay_text_layer(slots: Sequence[Slot], rng: random.Random, options: Mapping[str, Any]) -> Tape:
    """Set a page as a text layer shows it."""
    tape = Tape()
    ends = _column_ends(rng, *options.get("column", COLUMN))
    widths = dict(options.get("widths", {}))
    for slot in slots:
        tape.skip("" if slot.same_line else "\n\n")
        if slot.story is None:
            tape.put(printed(slot.text), slot.role)
        elif slot.strip == HEAD:
            _set_head(tape, slot, options.get("apart", APART))
        else:
            width = widths.setdefault(slot.story.key, rng.randint(*WIDTHS))
            _set_strip(tape, slot, width, ends, rng, options)
    return tape


def _column_ends(rng: random.Random, least: int, most: int) -> Iterator[bool]:
    """For each line set: whether a column ends below it."""
    while True:
        yield from [False] * rng.randint(least - 1, most - 1)
        yield True


def _set_head(tape: Tape, slot: Slot, apart: Sequence[str]) -> None:
    pieces = slot.pieces()
    assert slot.story
    tape.note(slot.story, HEAD, pieces)
    for place, piece in enumerate(pieces):
        above = pieces[place - 1].role if place else ""
        tape.skip("\n\n" if above in apart else "\n" if place else "")
        tape.put(printed(piece.text), piece.role, slot.story, HEAD, place)


def _set_strip(
    tape: Tape,
    slot: Slot,
    width: int,
    ends: Iterator[bool],
    rng: random.Random,
    options: Mapping[str, Any],
) -> None:
    assert slot.story
    pieces = slot.pieces()
    tape.note(slot.story, slot.strip, pieces)
    beside = _beside_picture(pieces) if slot.story.key in options.get("pictures", ()) else None
    for paragraph in _paragraphs(pieces):
        first = pieces[paragraph[0]]
        if paragraph[0]:
            tape.skip(_gap(pieces[paragraph[0] - 1], first, paragraph[0], rng, options))
        if first.role in ("body", "dateline", "list"):
            narrow = _narrowed(width, rng) if paragraph[0] == beside else None
            text = _wrapped([pieces[at] for at in paragraph], width, ends, rng, options, narrow)
        elif first.role == "caption":
            text = "\n".join(break_lines(first.text, CAPTION_WIDTH, rng, indent=0))
        else:
            text = printed(first.text)
        parts = _cut(text, [len(_bare(pieces[at].text)) for at in paragraph])
        for at, (blanks, part) in zip(paragraph, parts, strict=True):
            tape.skip(blanks)
            tape.put(part, pieces[at].role, slot.story, slot.strip, at)


def _paragraphs(pieces: Sequence[Piece]) -> list[list[int]]:
    """The places of the pieces, those of one paragraph together."""
    groups: list[list[int]] = []
    for at, piece in enumerate(pieces):
        if piece.runs_on:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _gap(
    before: Piece, piece: Piece, place: int, rng: random.Random, options: Mapping[str, Any]
) -> str:
    """The blanks between two paragraphs."""
    roles = (before.role, piece.role)
    if roles == ("caption", "caption") and options.get("pair_captions") and place % 2:
        return " "
    if "heading" in roles or "caption" in roles or rng.random() < BLANK_AFTER:
        return "\n\n"
    return "\n"


def _wrapped(
    pieces: Sequence[Piece],
    width: int,
    ends: Iterator[bool],
    rng: random.Random,
    options: Mapping[str, Any],
    narrow: Mapping[int, int] | None = None,
) -> str:
    text = "".join(piece.text for piece in pieces)
    indent = 0 if pieces[0].continues else 2
    lines = break_lines(text, width, rng, indent=indent, narrow=narrow)
    spread = options.get("spread", 0.3)
    shown = [
        justify(line, (narrow or {}).get(at, width), rng, spread=spread)
        for at, line in enumerate(lines[:-1])
    ] + lines[-1:]
    result = shown[0]
    for line in shown[1:]:
        result += ("\n\n" if next(ends) else "\n") + line
    return result


def _beside_picture(pieces: Sequence[Piece]) -> int | None:
    """The place of the longest paragraph, if it is long enough to run past a picture."""
    place, piece = max(enumerate(pieces), key=lambda one: len(one[1].text))
    fits = piece.role == "body" and len(piece.text) >= PICTURE_TEXT_MIN and not piece.runs_on
    return place if fits else None


def _narrowed(width: int, rng: random.Random) -> Mapping[int, int]:
    """The lines that run beside a picture, and their width."""
    first = rng.randint(2, 4)
    return dict.fromkeys(range(first, first + rng.randint(4, 9)), width // 2)


def measure_cut(text: str, width: int, line: int) -> int | None:
    """Where a paragraph's line ends, if it ends there full however marks hang over; counted in characters.

    >>> measure_cut("天晴了风也停了孩子们跑出门去放风筝", 6, 2)
    10
    """
    lines = break_lines(text, width, random.Random(0))
    if not 0 < line < len(lines):
        return None
    at = len("".join(lines[:line]))
    if "".join(lines[:line]) != text[:at] or text[at].isspace():
        return None
    for hangs in (0.0, 1.0):
        shown = break_lines(text[:at], width, _Settled(hangs))
        if len(shown) != line or measure(shown[-1]) < 2 * width - SLACK_MIN + 1:
            return None
    return at


class _Settled(random.Random):
    """A chance that always comes out the same."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


def _bare(text: str) -> str:
    return "".join(char for char in printed(text) if not is_blank(char))


def _cut(text: str, counts: Sequence[int]) -> Iterator[tuple[str, str]]:
    """The text in parts of so many printing characters, each with the blanks before it.

    >>> list(_cut("本报\\n讯 今天", [3, 2]))
    [('', '本报\\n讯'), (' ', '今天')]
    """
    at = 0
    for count in counts:
        start = at
        while is_blank(text[start]):
            start += 1
        end, seen = start, 0
        while seen < count:
            seen += not is_blank(text[end])
            end += 1
        yield text[at:start], text[start:end]
        at = end
