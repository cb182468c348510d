"""Collation: for each paragraph of an article, the characters of its source that it was made of.

Content keeps the spans of whole articles only, and a person may have rewritten anything; so the paragraphs are found again in
the repaired text of the spans, exactly where nothing was changed, by what they still share where something was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from jianbao.models import Repair, Span, is_blank
from jianbao.publish.markdown import Passage
from jianbao.publish.spans import Segment

# What a corrected paragraph must share with its source: characters in a row that are no chance, and of all of it this part.
SHARED_RUN = 3
SHARED_PART = 0.5
WORD_RE = re.compile(r"\w")  # without one, what is left of a span is a rule or marks of Markdown
# How far a corrected paragraph is looked for, from where the one before it ended: in its own lengths.
REACH = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """What one paragraph was made of; without an anchor, what no paragraph holds: headline, credits."""

    anchor: str | None
    segments: tuple[Segment, ...]  # in reading order; blanks at either end are left out


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a character of the repaired text came from."""

    span: int  # which of the article's spans
    start: int  # its offset in the source


def collate(
    text: str, spans: Sequence[Span], repairs: Sequence[Repair], passages: Sequence[Passage]
) -> tuple[Piece, ...]:
    """The pieces of a source, in the order of the paragraphs, what is left of the spans first.

    >>> pieces = collate("桥通\\n了。 又记", [(0, 8)], [], [Passage("桥通了。", "p-1")])
    >>> [(piece.anchor, "".join(one.text for one in piece.segments)) for piece in pieces]
    [(None, '又记'), ('p-1', '桥通\\n了。')]
    """
    within = [one for one in repairs if any(start <= one.start < end for start, end in spans)]
    solid, places = _trace(text, spans, within)
    found: list[tuple[str, list[Span]]] = []
    reached, taken = 0, bytearray(len(solid))
    for passage in passages:
        run = _run_of(passage.text, solid, reached) if passage.anchor else None
        if run and passage.anchor and not any(taken[run[0] : run[1]]):
            reached = run[1]
            taken[run[0] : run[1]] = b"\1" * (run[1] - run[0])
            found.append((passage.anchor, list(_spans_of(run, places, spans))))
    held = [span for _, several in found for span in several]
    left = [(start, end) for start, end in _without(spans, held) if WORD_RE.search(text[start:end])]
    rows: list[tuple[str | None, list[Span]]] = [(None, left), *found]
    pieces = (Piece(anchor, tuple(_cut(text, several, within))) for anchor, several in rows)
    return tuple(piece for piece in pieces if piece.segments)


def _trace(text: str, spans: Sequence[Span], repairs: Sequence[Repair]) -> tuple[str, list[_Place]]:
    """The repaired text of the spans without blanks, and the place of each of its characters."""
    chars: list[str] = []
    places: list[_Place] = []
    for number, (start, end) in enumerate(spans):
        at = start
        for repair in [*_inside(repairs, start, end), Repair("", end, end, "", "")]:
            stood = ((char, place) for place, char in enumerate(text[at : repair.start], at))
            for char, place in [*stood, *((char, repair.start) for char in repair.after)]:
                if not is_blank(char):
                    chars.append(char)
                    places.append(_Place(number, place))
            at = max(at, repair.end)
    return "".join(chars), places


def _run_of(passage: str, solid: str, reached: int) -> Span | None:
    """Where a paragraph stands in the text without blanks, if it does."""
    wanted = "".join(char for char in passage if not is_blank(char))
    at = solid.find(wanted, reached)
    at = solid.find(wanted) if at < 0 else at
    if at >= 0:
        return (at, at + len(wanted)) if wanted else None
    near = solid[reached : reached + REACH * len(wanted)]
    blocks = SequenceMatcher(None, near, wanted, autojunk=False).get_matching_blocks()
    shared = [block for block in blocks if block.size >= SHARED_RUN]
    if sum(block.size for block in shared) < SHARED_PART * len(wanted):
        return None
    return reached + shared[0].a, reached + shared[-1].a + shared[-1].size


def _spans_of(run: Span, places: Sequence[_Place], spans: Sequence[Span]) -> Iterator[Span]:
    """The spans of the source behind a run, each to where the next character begins: what was removed there belongs to it."""
    first, last = run
    at = first
    while at < last:
        number = places[at].span
        end = at
        while end < last and places[end].span == number:
            end += 1
        goes_on = end < len(places) and places[end].span == number
        yield places[at].start, places[end].start if goes_on else spans[number][1]
        at = end


def _without(spans: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """What is left of the spans, in their order."""
    for start, end in spans:
        at = start
        for begun, ended in sorted(taken):
            if at < ended and begun < end:
                if at < begun:
                    yield at, begun
                at = max(at, ended)
        if at < end:
            yield at, end


def _cut(text: str, spans: Sequence[Span], repairs: Sequence[Repair]) -> Iterator[Segment]:
    """The characters of some spans, cut where a repair begins or ends; each span without the blanks at its ends."""
    for start, end in spans:
        while start < end and is_blank(text[start]):
            start += 1
        while start < end and is_blank(text[end - 1]):
            end -= 1
        at = start
        for repair in [*_inside(repairs, start, end), None]:
            stop = repair.start if repair else end
            if at < stop:
                yield Segment(at, text[at:stop], opens=at == start)
            if repair:
                at = repair.end
                yield Segment(stop, text[stop:at], repair=repair, opens=stop == start)


def _inside(repairs: Sequence[Repair], start: int, end: int) -> list[Repair]:
    """The repairs within a span, in their order."""
    inside = (one for one in repairs if start <= one.start and one.end <= end)
    return sorted(inside, key=lambda one: one.start)
