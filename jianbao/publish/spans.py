"""A source cut into segments, each belonging to one article, to the furniture, or to nothing.

The segments joined are the source again, character for character.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from jianbao.models import Furniture, Repair, Span

Value = TypeVar("Value")
Run = tuple[int, int, Value]  # start, end, what is there


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of source characters with one owner."""

    start: int
    text: str
    article: str | None = None  # the id it belongs to
    role: str | None = None  # or the furniture's role
    repair: Repair | None = None  # what stands instead in the article, when it was changed
    opens: bool = False  # the first segment of one span


def cut_segments(
    text: str,
    articles: Mapping[str, Sequence[Span]],
    furniture: Iterable[Furniture],
    repairs: Iterable[Repair],
) -> tuple[Segment, ...]:
    """The source in segments; a boundary stands wherever an owner or a repair begins or ends.

    >>> segments = cut_segments("甲乙 丙", {"a": [(0, 2)]}, [Furniture(3, 4, "ad")], [])
    >>> [(one.text, one.article, one.role) for one in segments]
    [('甲乙', 'a', None), (' ', None, None), ('丙', None, 'ad')]
    """
    owners = _disjoint(_owned(articles, furniture), len(text))
    changed = _disjoint(((one.start, one.end, one) for one in repairs), len(text))
    points = {point for start, end, _ in (*owners, *changed) for point in (start, end)}
    bounds = sorted(points | {0, len(text)})
    segments = []
    for start, end in pairwise(bounds):
        owner, repair = _run_at(owners, start), _run_at(changed, start)
        article, role = owner[2] if owner else (None, None)
        opens = bool(owner and owner[0] == start)
        change = repair[2] if repair else None
        segments.append(Segment(start, text[start:end], article, role, change, opens))
    return tuple(segments)


def _owned(
    articles: Mapping[str, Sequence[Span]], furniture: Iterable[Furniture]
) -> Iterator[Run[tuple[str | None, str | None]]]:
    for article, spans in articles.items():
        yield from ((start, end, (article, None)) for start, end in spans)
    yield from ((one.start, one.end, (None, one.role)) for one in furniture)


def _disjoint(runs: Iterable[Run[Value]], length: int) -> list[Run[Value]]:
    """The runs in order and inside the text; of two that overlap, the later loses what they share.

    In a ledger that holds nothing overlaps; a file that was changed since is shown all the same.
    """
    kept: list[Run[Value]] = []
    reached = 0
    for start, end, value in sorted(runs, key=lambda run: run[:2]):
        start, end = max(start, reached), min(end, length)
        if start < end:
            kept.append((start, end, value))
            reached = end
    return kept


def _run_at(runs: Sequence[Run[Value]], point: int) -> Run[Value] | None:
    """The run that holds the point."""
    place = bisect.bisect_right(runs, point, key=lambda run: run[0]) - 1
    return runs[place] if place >= 0 and point < runs[place][1] else None
