"""Printed lines: what a PDF or a scan holds, lines with boxes and type sizes, put into reading order as the text of a source.

The text has a line end behind every printed line, blank lines around heads, captions and zones, and two blanks before a line
that stands in. Column after column of one story follows without a blank line, as its sentences do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jianbao.convert.layout import MARGIN, Set, Zone, find_zones
from jianbao.models import Box, Doubt, Place, Span

INDENT = "\u3000\u3000"
# A line stands in when it begins so many em further in than its column.
LEAST_INDENT, MOST_INDENT = 1.4, 3.2
# Type of another size, by more than this share, is of another paragraph: a caption, a heading.
OTHER_SIZE = 0.07
# Lines further apart than this, in em from top to top, have a blank line between them.
APART = 2.15


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of one column, as it stands on its page; `doubtful` are spans of its text that were hardly legible."""

    text: str
    box: Box
    size: float
    page: int = 1
    doubtful: tuple[Span, ...] = ()

    @property
    def set(self) -> Set:
        return Set(self.box, self.size, self.page)


class PrintedText(NamedTuple):
    """The text of a file of printed lines, the place of every line, and what was hardly legible."""

    text: str
    places: list[Place]
    doubts: list[Doubt]


def text_of(lines: Sequence[PrintedLine]) -> PrintedText:
    """The lines of a file in reading order."""
    parts: list[str] = []
    places: list[Place] = []
    doubts: list[Doubt] = []
    length = 0
    for blanks, at, indent in _ordered(lines):
        line = lines[at]
        before = (blanks if parts else "") + indent
        start = length + len(before)
        parts += [before, line.text]
        length = start + len(line.text)
        places.append(Place(start, length, line.page, line.box, line.size))
        doubts += [
            Doubt("doubtful-character", start + first, start + end, "识别时看不清的字，请对照原件")
            for first, end in line.doubtful
        ]
    return PrintedText("".join(parts) + "\n" * bool(parts), places, doubts)


def _ordered(lines: Sequence[PrintedLine]) -> Iterator[tuple[str, int, str]]:
    """Every line in reading order: the blanks before it, its index, its indent."""
    for zone in find_zones([line.set for line in lines]):
        blanks = "\n\n"
        for at in zone.head:
            yield blanks, at, ""
            blanks = "\n"
        yield from _flow(zone, lines)


def _flow(zone: Zone, lines: Sequence[PrintedLine]) -> Iterator[tuple[str, int, str]]:
    for stack in zone.across:
        for number, at in enumerate(stack):
            yield "\n" if number else "\n\n", at, ""
    above: PrintedLine | None = None
    for stack in zone.columns:
        left = _column_left(zone, stack, lines)
        for at in stack:
            line = lines[at]
            apart = above is None or _is_apart(above, line)
            yield "\n\n" if apart else "\n", at, _indent(line, left, stack, lines, zone)
            above = line


def _is_apart(above: PrintedLine, line: PrintedLine) -> bool:
    """Whether a blank line stands between two lines of a zone: their type differs, or there is room between them."""
    if abs(above.size - line.size) > OTHER_SIZE * max(above.size, line.size):
        return True
    return line.box[1] - above.box[1] > APART * line.size


def _column_left(zone: Zone, stack: Sequence[int], lines: Sequence[PrintedLine]) -> float:
    """Where the lines of a stack's column begin: the leftmost of its zone that stand above or below it."""
    first = lines[stack[0]]
    own = min(lines[at].box[0] for at in stack)
    near = [
        lines[at].box[0]
        for other in zone.columns
        for at in other
        if own - MOST_INDENT * first.size <= lines[at].box[0] <= own
        and lines[at].box[2] > first.box[0] + first.size
        and lines[at].page == first.page
    ]
    return min(near, default=own)


def _indent(
    line: PrintedLine,
    left: float,
    stack: Sequence[int],
    lines: Sequence[PrintedLine],
    zone: Zone,
) -> str:
    """The blanks of a first line that stands in; none before a line that is centred."""
    if zone.number == MARGIN:
        return ""
    size = max(line.size, 1)
    stands_in = (line.box[0] - left) / size
    right = max(lines[at].box[2] for at in stack)
    centred = abs((right - line.box[2]) / size - stands_in) < 0.6 and len(stack) > 1
    if LEAST_INDENT <= stands_in <= MOST_INDENT and not centred:
        return INDENT
    return ""
