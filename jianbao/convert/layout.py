"""Layout: from lines with boxes to their reading order: which lines stand under which headline, column by column.

Pure functions over boxes and type sizes; what the lines say plays no part. A *head* is a group of lines of which one is clearly
larger than the body. A *stack* is a run of lines one below the other. Each stack belongs to the head that it hangs from:
the one straight above it, that of the stack it goes on below, or that of its neighbours that begin at the same height. A head
with all its stacks is a *zone*, mostly a story. What stands at the head or the foot of the page by itself is its margin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import NamedTuple

from jianbao.models import Box

# Type this much larger than the body's makes a line part of a head; one of TITLE makes the head. Headlines of dailies are set in
# 1.4 times the body's size and more, headings inside a story in at most 1.25, captions and bylines no larger than the body.
LARGER, TITLE, SURE_TITLE = 1.08, 1.3, 1.6
# Lines of a stack follow within so many times their type size, from top to top: the widest leading of print is 1.8.
PITCH = 2.1
# … and within so many times the usual distance of lines on the page.
LEADING = 1.22
# A first line stands in by 2 em; a line that begins further in, or further out, is of another stack unless it is centred.
MOST_INDENT = 2.6
# Two boxes are one above the other when they share so much of the narrower one's width.
ABOVE = 0.35
# Columns whose tops differ by less, in em of the body, begin at the same height.
LEVEL = 1.0
# A stack hangs from the one above it across a gap of so many em of the body; a wider one holds a picture, or ends a story.
NEAR = 1.6
# Zones begin at the same height when their tops differ by at most so many em of the body: type of other sizes stands there.
BESIDE = 3.0
# Lines of a head follow one another within so many times the size of the larger one.
HEAD_GAP = 1.0
# A headline is so many em wide at least; a character or two are the end of something else.
FEWEST = 2.2
# Two pieces of a headline's line are no further apart than this, in em of their own; two headlines are.
PIECES = 0.4
# What stands in the margin is no larger than this many times the body: the name of a section.
MARGIN_SIZE = 2.6

MARGIN = 0  # the number of the zone of what belongs to no story


class Set(NamedTuple):
    """How a line is set: all that the layout knows of it."""

    box: Box
    size: float
    page: int = 1


@dataclass(slots=True)
class Part:
    """Lines that stand together: a head or a stack. `lines` are indices, from the top."""

    lines: list[int]
    box: Box
    owner: Part | None = None  # the head of its zone; of a head, itself
    is_head: bool = False

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def top(self) -> float:
        return self.box[1]

    @property
    def right(self) -> float:
        return self.box[2]

    @property
    def bottom(self) -> float:
        return self.box[3]

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Zone:
    """A head and what stands under it: the stacks across its columns, those in its columns, all in reading order."""

    number: int  # MARGIN for what belongs to no story
    head: tuple[int, ...]  # empty where a text has no headline
    across: tuple[tuple[int, ...], ...] = ()  # bylines, mostly
    columns: tuple[tuple[int, ...], ...] = ()

    @property
    def lines(self) -> Iterator[int]:
        yield from self.head
        for stack in (*self.across, *self.columns):
            yield from stack


def find_zones(lines: Sequence[Set]) -> list[Zone]:
    """The zones of a file in reading order, page by page; every line is in exactly one."""
    zones: list[Zone] = []
    stories = 0
    for _, members in sorted(_by_page(lines).items()):
        for zone in _PageLayout(lines, members).zones():
            stories += zone.number != MARGIN
            zones.append(replace(zone, number=stories) if zone.number != MARGIN else zone)
    return zones


def _by_page(lines: Sequence[Set]) -> dict[int, list[int]]:
    """The lines of each page."""
    pages: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        pages[line.page].append(at)
    return pages


def number_zones(lines: Sequence[Set]) -> list[int]:
    """For every line the number of its zone."""
    numbers = [MARGIN] * len(lines)
    for zone in find_zones(lines):
        for at in zone.lines:
            numbers[at] = zone.number
    return numbers


def body_size(lines: Iterable[Set]) -> float:
    """The type size that most of a text is set in, to a quarter of a point; 0 where none is known.

    >>> body_size([Set((0, 0, 90, 9), 9.1), Set((0, 9, 90, 18), 8.95), Set((0, 20, 90, 50), 30.0)])
    9.0
    """
    widths: dict[float, float] = defaultdict(float)
    for line in lines:
        if line.size > 0:
            widths[round(4 * line.size) / 4] += (line.box[2] - line.box[0]) / line.size
    return max(widths, key=lambda size: (widths[size], size), default=0.0)


def scales(lines: Sequence[Set]) -> list[float]:
    """The type size of every line over that of its page's body; 0 where it is not known."""
    bodies = {
        page: body_size(lines[at] for at in members) for page, members in _by_page(lines).items()
    }
    return [line.size / bodies[line.page] if bodies[line.page] else 0.0 for line in lines]


class _PageLayout:
    """The parts of one page and who owns what."""

    def __init__(self, lines: Sequence[Set], members: Sequence[int]) -> None:
        self.lines, self.members = lines, members
        self.body = body_size(lines[at] for at in members) or 1.0
        by_place = sorted(members, key=lambda at: (lines[at].box[1], lines[at].box, lines[at].size))
        self.margin = self._margins(by_place)
        inside = [at for at in by_place if at not in self.margin]
        self.heads, rest = self._heads(inside)
        self.leading = self._leading(rest)
        self.stacks = self._stacks(rest)
        self._find_owners()

    def zones(self) -> Iterator[Zone]:
        """The zones from the top of the page to its foot, of those beside each other the left one first."""
        owned: dict[int, list[Part]] = defaultdict(list)
        for stack in self.stacks:
            owned[id(stack.owner)].append(stack)
        found = [self._zone(head, owned[id(head)]) for head in self.heads]
        found += [Zone(1, (), (), (tuple(stack.lines),)) for stack in owned[id(None)]]
        top = [Zone(MARGIN, (), (), ((at,),)) for at in self.margin]
        yield from self._in_order([*top, *found])

    def _zone(self, head: Part, stacks: Sequence[Part]) -> Zone:
        across, inside = self._flow(head, stacks)
        return Zone(1, tuple(head.lines), _lines_of(across), _lines_of(inside))

    def _in_order(self, zones: Sequence[Zone]) -> Iterator[Zone]:
        """Zones that begin at about the same height from left to right, all others from the top."""
        boxes = {id(zone): _union([self.lines[at].box for at in zone.lines]) for zone in zones}
        row: list[Zone] = []
        for zone in sorted(zones, key=lambda one: boxes[id(one)][1]):
            if row and boxes[id(zone)][1] - boxes[id(row[0])][1] > BESIDE * self.body:
                yield from sorted(row, key=lambda one: boxes[id(one)][0])
                row = []
            row.append(zone)
        yield from sorted(row, key=lambda one: boxes[id(one)][0])

    # --- margins ---

    def _margins(self, by_place: Sequence[int]) -> list[int]:
        """The lines of the page's head and foot: a row by itself, of small type or in several pieces."""
        rows = list(self._rows(by_place))
        found: list[int] = []
        if len(rows) < 3:
            return found
        for row, beside in ((rows[0], rows[1]), (rows[-1], rows[-2])):
            if self._is_margin(row, beside):
                found += row
        return found

    def _rows(self, by_place: Sequence[int]) -> Iterator[list[int]]:
        """Lines that share a height, so that a horizontal cut goes above and below them."""
        row: list[int] = []
        bottom = 0.0
        for at in by_place:
            if row and self.lines[at].box[1] >= bottom - 0.1 * self.body:
                yield row
                row = []
            bottom = max(bottom, self.lines[at].box[3]) if row else self.lines[at].box[3]
            row.append(at)
        if row:
            yield row

    def _is_margin(self, row: Sequence[int], beside: Sequence[int]) -> bool:
        boxes = [self.lines[at].box for at in row]
        top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
        others = [self.lines[at].box for at in beside]
        gap = max(min(box[1] for box in others) - bottom, top - max(box[3] for box in others))
        if len({round(box[3] / self.body) for box in boxes}) > 2 or gap < 0.8 * self.body:
            return False
        sizes = [self.lines[at].size for at in row]
        small = max(sizes) <= LARGER * 1.1 * self.body
        apart = len(row) > 1 and min(sizes) <= TITLE * self.body
        return (small and len(row) <= 2) or (apart and max(sizes) <= MARGIN_SIZE * self.body)

    # --- heads and stacks ---

    def _heads(self, inside: Sequence[int]) -> tuple[list[Part], list[int]]:
        """Groups of lines in larger type of which one is a title's, and all other lines."""
        larger = [at for at in inside if self.lines[at].size >= LARGER * self.body]
        groups: list[Part] = []
        for at in larger:
            line = self.lines[at]
            touching = [one for one in groups if self._joins_head(one, line)]
            joined = Part([at], line.box)
            for one in touching:
                joined = Part(sorted([*one.lines, *joined.lines], key=inside.index), _union([one.box, joined.box]))  # fmt: skip
            groups = [one for one in groups if one not in touching] + [joined]
        heads = [
            Part(one.lines, one.box, is_head=True)
            for one in groups
            if max(self.lines[at].size for at in one.lines) >= TITLE * self.body
            and one.right - one.left >= FEWEST * max(self.lines[at].size for at in one.lines)
        ]
        heads = [head for head in heads if not self._is_heading(head, heads)]
        for head in heads:
            head.owner = head
        taken = {at for head in heads for at in head.lines}
        return heads, [at for at in inside if at not in taken]

    def _is_heading(self, one: Part, heads: Sequence[Part]) -> bool:
        """Whether what may be a headline is a heading at the top of a column: another headline stands just above, and text
        beside it.
        """
        if max(self.lines[at].size for at in one.lines) >= SURE_TITLE * self.body:
            return False
        return any(
            0 <= one.top - head.bottom <= 2 * self.body
            and _overlap(head.box, one.box) >= ABOVE
            and all(self._has_text_beside(head, self.lines[at]) for at in one.lines)
            for head in heads
            if head is not one
        )

    def _joins_head(self, head: Part, line: Set) -> bool:
        """Whether a line is of the headline that stands just above it, or beside it as a piece of the same line."""
        if line.box[1] < head.bottom - 0.3 * line.size:
            # Lines of one headline never stand beside each other; pieces of one line do.
            apart = max(line.box[0] - head.right, head.left - line.box[2])
            level = any(
                abs(self.lines[at].box[3] - line.box[3]) < 0.2 * line.size for at in head.lines
            )
            return level and apart < PIECES * line.size
        lowest = max((self.lines[at] for at in head.lines), key=lambda one: one.box[3])
        room = HEAD_GAP * max(line.size, lowest.size)
        if line.box[1] - head.bottom > room or _overlap(head.box, line.box) < ABOVE:
            return False
        return line.size >= SURE_TITLE * self.body or not self._has_text_beside(head, line)

    def _has_text_beside(self, head: Part, line: Set) -> bool:
        """Whether text below the same headline stands at the height of a line: it is then a heading in one of its columns."""
        left, right = min(head.left, line.box[0]), max(head.right, line.box[2])
        middle = (line.box[1] + line.box[3]) / 2
        return any(
            other.box[1] < middle < other.box[3]
            and other.box[0] < right
            and other.box[2] > left
            and other.size < LARGER * self.body
            for other in (self.lines[at] for at in self.members)
        )

    def _leading(self, rest: Sequence[int]) -> float:
        """The usual distance from one line of the body to the next."""
        drops = []
        for number, at in enumerate(rest):
            for other in rest[number + 1 :]:
                one, below = self.lines[at], self.lines[other]
                drop = below.box[1] - one.box[1]
                if drop > PITCH * self.body:
                    break
                if drop >= 0.8 * self.body and _overlap(one.box, below.box) >= 0.8:
                    drops.append(drop)
                    break
        return median_low(drops) if drops else PITCH * self.body

    def _stacks(self, rest: Sequence[int]) -> list[Part]:
        """Runs of lines, each straight below the one before and nothing else below that."""
        below: dict[int, list[int]] = defaultdict(list)
        above: dict[int, list[int]] = defaultdict(list)
        for number, at in enumerate(rest):
            for other in rest[number + 1 :]:
                if self.lines[other].box[1] - self.lines[at].box[1] > PITCH * 1.3 * self.body:
                    break
                if self._follows(self.lines[at], self.lines[other]):
                    below[at].append(other)
                    above[other].append(at)
        # Of several lines below a line only the nearest row follows it.
        stacks: list[Part] = []
        done: set[int] = set()
        for at in rest:
            if at in done:
                continue
            run = [at]
            done.add(at)
            while (following := self._next(run[-1], below, above)) is not None and following not in done:  # fmt: skip
                run.append(following)
                done.add(following)
            stacks.append(Part(run, _union([self.lines[one].box for one in run])))
        return stacks

    def _next(
        self, at: int, below: dict[int, list[int]], above: dict[int, list[int]]
    ) -> int | None:
        """The line that goes on below a line, if there is exactly one and it goes on from no other."""
        nearest = _nearest([(self.lines[one].box[1], one) for one in below[at]], 0.5 * self.body)
        if len(nearest) != 1:
            return None
        upper = _nearest([(-self.lines[one].box[3], one) for one in above[nearest[0]]], 0.5 * self.body)  # fmt: skip
        return nearest[0] if upper == [at] else None

    def _follows(self, one: Set, other: Set) -> bool:
        """Whether a line may stand in the same stack just below another."""
        drop = other.box[1] - one.box[1]
        if drop > LEADING * self.leading * max(1.0, one.size / self.body):
            return False
        if not 0.5 * min(one.size, other.size) <= drop <= PITCH * max(one.size, other.size, 1):
            return False
        indent = abs(one.box[0] - other.box[0]) / max(one.size, 1)
        # The short last line of a paragraph may end before the line above it, which stands in, begins.
        short = (
            indent <= MOST_INDENT
            and min(one.box[2], other.box[2]) >= max(one.box[0], other.box[0]) - 0.2 * self.body
        )
        if _overlap(one.box, other.box) < 0.5 and not short:
            return False
        centred = abs(sum(one.box[::2]) - sum(other.box[::2])) / 2 <= 1.5 * self.body
        within = one.box[0] <= other.box[0] + self.body and other.box[2] <= one.box[2] + self.body
        return indent <= MOST_INDENT or centred or within

    # --- owners ---

    def _find_owners(self) -> None:
        self.stacks.sort(key=lambda part: (part.top, part.left))
        self.above = {id(stack): self._above(stack) for stack in self.stacks}
        for stack in self.stacks:
            upper = self.above[id(stack)]
            if upper is not None and (upper.is_head or stack.top - upper.bottom <= NEAR * self.body):  # fmt: skip
                stack.owner = upper.owner
                if upper.owner is None:
                    self.above[id(stack)] = upper
        # First the columns that can only be of one story: where that ends decides of those between two.
        for both_sides in (False, True, True):
            for stack in self.stacks:
                if stack.owner is None:
                    self._adopt_row(stack, both_sides=both_sides)
            for stack in self.stacks:
                upper = self.above[id(stack)]
                if stack.owner is None and upper is not None and upper.owner is not None:
                    near = stack.top - upper.bottom <= NEAR * self.body
                    stack.owner = upper.owner if near else None
        for stack in self.stacks:
            if stack.owner is None:
                stack.owner = self._last_resort(stack)

    def _above(self, stack: Part) -> Part | None:
        """The part straight above a stack, the lowest of those that share its width."""
        candidates = [
            one
            for one in [*self.heads, *self.stacks]
            if one is not stack
            and one.bottom <= stack.top + 0.4 * self.body
            and _overlap(one.box, stack.box) >= ABOVE
        ]
        return max(candidates, key=lambda one: (one.bottom, one.is_head), default=None)

    def _adopt_row(self, stack: Part, *, both_sides: bool) -> None:
        """Give the stacks that begin at the height of one without an owner to the heads of their neighbours."""
        row = sorted(
            (one for one in self.stacks if abs(one.top - stack.top) <= LEVEL * self.body),
            key=lambda one: one.left,
        )
        first = last = row.index(stack)
        while first > 0 and row[first - 1].owner is None and self._is_clear(row[first - 1], row[first]):  # fmt: skip
            first -= 1
        while last + 1 < len(row) and row[last + 1].owner is None and self._is_clear(row[last], row[last + 1]):  # fmt: skip
            last += 1
        run = row[first : last + 1]
        left = self._head_beside(run[0], row[first - 1] if first else None)
        right = self._head_to_the_right(run[-1], row[last + 1] if last + 1 < len(row) else None)
        if left is None and right is None:
            left = self._head_over(run)
        if (left is None and right is None) or (left and right and not both_sides):
            return
        cut = len(run) if right is None else 0 if left is None else self._cut(run, left, right)
        for one in run[:cut]:
            one.owner = left
        for one in run[cut:]:
            one.owner = right

    def _head_beside(self, stack: Part, neighbour: Part | None) -> Part | None:
        """The head to the left whose text a stack may be: that of the neighbour in its row, or one that it stands beside."""
        found = neighbour.owner if neighbour else None
        if neighbour and found and self._is_free(stack, found) and self._is_clear(neighbour, stack):
            return found
        beside = [
            head
            for head in self.heads
            if abs(head.top - stack.top) <= 1.2 * max(self.lines[at].size for at in head.lines)
            and head.right <= stack.left + 0.5 * self.body
            and self._is_clear(head, stack)
        ]
        return max(beside, key=lambda head: head.right, default=None)

    def _head_over(self, run: Sequence[Part]) -> Part | None:
        """The head that stands above a row of columns, in the middle of them and above none: over a picture, mostly."""
        over = [
            head
            for head in self.heads
            if head.left < run[-1].right
            and head.right > run[0].left
            and head.bottom <= run[0].top + self.body
            and all(self._is_free(one, head) for one in run)
        ]
        return max(over, key=lambda head: head.bottom, default=None)

    def _head_to_the_right(self, stack: Part, neighbour: Part | None) -> Part | None:
        found = neighbour.owner if neighbour else None
        clear = neighbour and found and self._is_free(stack, found)
        return found if clear and neighbour and self._is_clear(stack, neighbour) else None

    def _is_free(self, stack: Part, head: Part) -> bool:
        """Whether nothing stands above a stack beside or below a head that it is to hang from."""
        upper = self.above[id(stack)]
        return head.top <= stack.top and (upper is None or upper.bottom <= head.top + self.body)

    def _is_clear(self, left: Part, right: Part) -> bool:
        """Whether no other part stands between two, at the height at which the right one begins."""
        height = right.top + 0.5 * self.body
        return not any(
            one.left >= left.right - self.body
            and one.right <= right.left + self.body
            and one.top < height < one.bottom
            for one in [*self.heads, *self.stacks]
            if one is not left and one is not right
        )

    def _cut(self, run: Sequence[Part], left: Part, right: Part) -> int:
        """How many of the stacks between the texts of two heads are the left one's: so that each head stands best above its own."""

        def cost(cut: int) -> float:
            return _askew(left, [*self._owned(left, run[0]), *run[:cut]]) + _askew(
                right, [*run[cut:], *self._owned(right, run[0])]
            )

        return min(range(len(run) + 1), key=cost)

    def _owned(self, head: Part, level: Part) -> list[Part]:
        return [one for one in self.stacks if one.owner is head and one.top <= level.top + LEVEL * self.body]  # fmt: skip

    def _last_resort(self, stack: Part) -> Part | None:
        """The head of a stack that stands under a picture, or goes on at the top of a column."""
        upper = self.above[id(stack)]
        left = [
            one
            for one in [*self.stacks, *self.heads]
            if one.owner is not None
            and one.right <= stack.left + 0.5 * self.body
            and one.top - self.body <= stack.top <= one.bottom + self.body
        ]
        right = [
            one
            for one in [*self.stacks, *self.heads]
            if one.owner is not None
            and one.left >= stack.right - 0.5 * self.body
            and one.top - self.body <= stack.top <= one.bottom + self.body
        ]
        beside = [max(left, key=lambda one: one.right)] if left else []
        beside += [min(right, key=lambda one: one.left)] if right else []
        for neighbour in beside:
            head = neighbour.owner
            if head is not None and self._is_free(stack, head):
                return head
        return upper.owner if upper is not None else None

    # --- the order of a zone ---

    def _flow(self, head: Part, stacks: Sequence[Part]) -> tuple[list[Part], list[Part]]:
        """The stacks of a zone in reading order: those above its columns, and those in them, column after column."""
        columns: list[list[Part]] = []
        for stack in sorted(stacks, key=lambda part: (part.left, part.top)):
            column = next((one for one in columns if self._is_same_column(one[0], stack)), None)
            if column is None:
                columns.append([stack])
            else:
                column.append(stack)
        tops = [min(part.top for part in column) for column in columns]
        across = [
            part
            for column in columns
            for part in column
            if sum(top >= part.bottom - 0.3 * self.body for top in tops) >= max(1, len(columns) - 1)
            and len(part.lines) <= 2
            and part.top >= head.bottom - 0.5 * self.body
            and len(columns) > 1
        ]
        across.sort(key=lambda part: part.top)
        inside = [
            part
            for column in columns
            for part in sorted(column, key=lambda part: part.top)
            if part not in across
        ]
        return across, inside

    def _is_same_column(self, one: Part, other: Part) -> bool:
        return _overlap(one.box, other.box) >= 0.5 and other.left - one.left <= 4 * self.body


def _lines_of(parts: Sequence[Part]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(part.lines) for part in parts)


def _askew(head: Part, stacks: Sequence[Part]) -> float:
    """How far a head is from standing above the middle, or the left edge, of some columns."""
    if not stacks:
        return 0.0
    left, right = min(one.left for one in stacks), max(one.right for one in stacks)
    return min(abs(head.centre - (left + right) / 2), abs(head.left - left) * 1.5 + 1)


def _overlap(one: Box, other: Box) -> float:
    """The share of the narrower box's width that two boxes have in common.

    >>> _overlap((0, 0, 10, 5), (5, 9, 25, 15))
    0.5
    """
    shared = min(one[2], other[2]) - max(one[0], other[0])
    return max(0.0, shared) / max(min(one[2] - one[0], other[2] - other[0]), 1e-6)


def _union(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _nearest(found: Sequence[tuple[float, int]], slack: float) -> list[int]:
    """Of some with their distances the nearest, and those hardly farther."""
    least = min((distance for distance, _ in found), default=0.0)
    return [one for distance, one in found if distance <= least + slack]
