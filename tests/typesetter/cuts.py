"""Cuts: a whole story in the strips a page or an OCR model leaves of it.

A cut within a paragraph leaves an open sentence on one side and a beginning without its start on the other, so a
reader of the page can see it; what nobody could see is never cut.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from tests.typesetter.looks.text_layer import measure_cut
from tests.typesetter.stories import Piece, Story

# Within a word or between two, but with two characters at least to the next mark, so that the seam shows.
SEAM_RE = re.compile(r"(?<=[一-鿿]{3})(?=[一-鿿]{3})")
# What a tail that begins with it would hide: 下一步…, 本报讯….
HIDES_RE = re.compile(
    r"[一二三四五六七八九十第今昨这在对据从为]|本报|记者|同时|此外|目前|如今|截至|近年|下一|接下"
)
# A paragraph shorter than this is not torn.
TORN_MIN = 50


def cut_anywhere(story: Story, count: int, rng: random.Random) -> Story:
    """The story in up to `count` strips more, torn in the middle of sentences."""
    for _ in range(count):
        story = _cut_longest(story, rng)
    return story


def cut_at_line(story: Story, width: int, rng: random.Random) -> Story:
    """The story in two strips, the first ending with a full line of a column of `width` characters."""
    places = _torn_places(story.strips[-1])
    rng.shuffle(places)
    for place in places:
        text = story.strips[-1][place].text
        at = measure_cut(text, width, rng.randint(1, max(1, len(text) // width - 1)))
        if at and not HIDES_RE.match(text[at:]):
            return _cut(story, place, at)
    return story


def cut_between(story: Story, rng: random.Random) -> Story:
    """The story in two strips, with whole paragraphs in both."""
    pieces = story.strips[0]
    places = [at for at in range(1, len(pieces)) if pieces[at].role == "body" and not pieces[at].runs_on]  # fmt: skip
    if not places:
        return story
    at = rng.choice(places)
    return replace(story, strips=(pieces[:at], pieces[at:]))


def point_back(story: Story, strip: int, page: int) -> Story:
    """The story with （上接第1版） above one of its strips."""
    return _with_pieces(story, strip, [Piece("pointer", f"（上接第{page}版）")], [])


def point_on(story: Story, strip: int, page: int) -> Story:
    """The story with （下转第3版） below one of its strips."""
    return _with_pieces(story, strip, [], [Piece("pointer", f"（下转第{page}版）")])


def _with_pieces(
    story: Story, strip: int, before: Sequence[Piece], after: Sequence[Piece]
) -> Story:
    strips = list(story.strips)
    strips[strip] = (*before, *strips[strip], *after)
    return replace(story, strips=tuple(strips))


def _cut_longest(story: Story, rng: random.Random) -> Story:
    """The story with its longest strip cut in two, if a paragraph in it can be torn."""
    strip = max(range(len(story.strips)), key=lambda at: _length(story.strips[at]))
    places = _torn_places(story.strips[strip])
    if not places:
        return story
    place = rng.choice(places)
    text = story.strips[strip][place].text
    seams = [
        found.start()
        for found in SEAM_RE.finditer(text)
        if 8 < found.start() < len(text) - 8 and not HIDES_RE.match(text[found.start() :])
    ]
    return _cut(story, place, rng.choice(seams), strip) if seams else story


def _torn_places(pieces: Sequence[Piece]) -> list[int]:
    """The places of paragraphs that are long enough to be torn and stand alone."""
    return [
        at
        for at, piece in enumerate(pieces)
        if piece.role == "body" and len(piece.text) >= TORN_MIN
        and not piece.text.startswith("（")
        and (not piece.runs_on or at == 1)
        and not any(after.runs_on for after in pieces[at + 1 : at + 2])
    ]  # fmt: skip


def _cut(story: Story, place: int, at: int, strip: int = -1) -> Story:
    """The story with the paragraph at a place of a strip torn at a character."""
    strips = list(story.strips)
    strip %= len(strips)
    pieces = strips[strip]
    torn = pieces[place]
    left = replace(torn, text=torn.text[:at])
    right = Piece(torn.role, torn.text[at:], continues=True)
    strips[strip : strip + 1] = [(*pieces[:place], left), (right, *pieces[place + 1 :])]
    return replace(story, strips=tuple(strips))


def _length(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)
