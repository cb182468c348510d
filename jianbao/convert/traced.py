"""Text that knows where each of its characters stood in the decoded source.

Repairs shorten and change text; `Traced` keeps the way back, so that whatever is written down as a span
counts characters of the source (pdfplumber's TextMap is the model).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from jianbao.models import Repair, Span, is_blank


@dataclass(frozen=True, slots=True)
class Traced:
    """`origins[i]` is the source offset of `text[i]`; one more entry holds the end of the source."""

    source: str
    text: str
    origins: array[int]

    def span(self, start: int, end: int) -> Span | None:
        """The source span of text[start:end], blanks at its ends left out; None when all is blank.

        What a repair removed belongs to the character before it, at the beginning of a page to the first.
        """
        first, last = self.origins[start] if start else 0, self.origins[end]
        while first < last and is_blank(self.source[first]):
            first += 1
        while last > first and is_blank(self.source[last - 1]):
            last -= 1
        return (first, last) if first < last else None


def trace(source: str) -> Traced:
    """The source text before any repair.

    >>> trace(" 甲乙 ").span(0, 4)
    (1, 3)
    """
    return Traced(source, source, array("l", range(len(source) + 1)))


def apply(source: str, repairs: Iterable[Repair]) -> Traced:
    """The source with all repairs done; repairs are sorted and do not overlap.

    A repaired run's characters share its offsets in order: the n-th stands where the n-th stood, as far as there are any.

    >>> traced = apply("網(wǎng)站好", [Repair("pinyin", 1, 7, "(wǎng)", "")])
    >>> traced.text, traced.span(0, 1), traced.span(1, 3)
    ('網站好', (0, 7), (7, 9))
    """
    parts: list[str] = []
    origins = array("l")
    done = 0
    for repair in repairs:
        assert done <= repair.start
        assert source[repair.start : repair.end] == repair.before
        parts.append(source[done : repair.start])
        origins.extend(range(done, repair.start))
        parts.append(repair.after)
        last = max(repair.start, repair.end - 1)
        origins.extend(min(repair.start + n, last) for n in range(len(repair.after)))
        done = repair.end
    parts.append(source[done:])
    origins.extend(range(done, len(source) + 1))
    return Traced(source, "".join(parts), origins)
