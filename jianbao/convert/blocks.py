"""Blocks: every paragraph of a page with its role, the matter of articles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from jianbao.convert.forms import (
    CONTROL_TAIL_RE,
    POINTER_END_RE,
    POINTER_START_RE,
    SOURCE_LINE_RE,
)
from jianbao.convert.layout import Set, number_zones, scales
from jianbao.convert.lines import Paragraph, PlaceAt, nowhere, starts_inside
from jianbao.convert.page import SURE_INDENT, Page, is_spaced
from jianbao.convert.paragraphs import make_paragraphs
from jianbao.convert.roles import role_of
from jianbao.convert.saved_pages import is_web
from jianbao.convert.script import simplify
from jianbao.convert.seams import word_pieces
from jianbao.convert.traced import Traced
from jianbao.models import Place, Span

FURNITURE = frozenset(
    {"page_header", "editor_credit", "nav", "ad", "ornament", "contact_line", "other"}
)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of characters with one role. `text` is repaired and joined; the span counts source characters."""

    role: str
    text: str
    span: Span
    start: int  # in the repaired text, for order
    end: int
    level: int = 0
    bold: bool = False
    gap: int = 0
    display: bool = False
    joins: int = 0
    closed: int = 0
    width: int = 0  # of its column, in em; 0 where there is none
    measured: int = 0  # how many lines show it
    inside: float = (
        0.0  # log-odds by its first line's indent that it begins in the middle of a sentence
    )
    story: int = 0  # which one of the file, where the file itself says so
    scale: float = 0.0  # its type size over that of the page's body; 0 where it is not known
    zone: int | None = None  # of the layout: what stands under one headline; 0: the margins
    sheet: int = 0  # the page of the file that it begins on; 0 where the file has none

    @property
    def begins_inside(self) -> bool:
        """Whether it begins in the middle of a sentence: by the indent of its first line, and where that says nothing by its words."""
        if abs(self.inside) >= SURE_INDENT:
            return self.inside > 0
        return starts_inside(self.text)


def make_blocks(traced: Traced, places: Sequence[Place] = ()) -> list[Block]:
    """The blocks of a page in the order of the source; together they hold every printed character once.

    `places` say where the lines of the source stood in its file, if that was no text.
    """
    found = make_paragraphs(traced.text, _finder(traced, places) if places else nowhere)
    placed = _placed(found, places) if places else found
    paragraphs = [piece for one in placed for piece in _cut(one)]
    if not paragraphs:
        # Nothing printed; what is not blank all the same are controls that a repair took out.
        rest = traced.span(0, len(traced.text))
        return [] if rest is None else [Block("ornament", "", rest, 0, len(traced.text))]
    texts = [simplify(one.text) for one in paragraphs]
    page = Page(
        paragraphs,
        texts,
        is_web(texts) or any(place.role == "nav" for place in places),
        any(one.joins for one in paragraphs),
        is_spaced([one.gap for one in paragraphs]),
        word_pieces(texts),
    )
    ends = [one.start for one in paragraphs[1:]] + [len(traced.text)]
    blocks = []
    for index, (one, end) in enumerate(zip(paragraphs, ends, strict=True)):
        # What stands between two paragraphs without being blank (marks taken off) belongs to the first.
        start = 0 if index == 0 else one.start
        span = traced.span(start, end)
        if span is None:
            continue
        blocks.append(
            Block(
                role_of(page, index),
                one.text,
                span,
                one.start,
                one.end,
                one.level,
                one.bold,
                one.gap,
                one.display,
                one.joins,
                one.closed,
                one.width,
                one.measured,
                one.inside,
                next((place.story for place in one.places), 0),
                one.scale,
                one.zone,
                one.places[0].page if one.zone is not None else 0,
            )
        )
    return blocks


def _finder(traced: Traced, places: Sequence[Place]) -> PlaceAt:
    """Where the characters of a repaired text stood in the file."""
    starts = [place.start for place in places]

    def place_at(offset: int) -> Place | None:
        origin = traced.origins[offset]
        index = bisect_right(starts, origin) - 1
        return places[index] if index >= 0 and origin < places[index].end else None

    return place_at


def _placed(paragraphs: Sequence[Paragraph], places: Sequence[Place]) -> list[Paragraph]:
    """Paragraphs with what the layout of their pages says of them."""
    boxed = [place for place in places if place.box]
    lines = [Set(place.box, place.size, place.page) for place in boxed if place.box]
    known = {
        place.start: of_line
        for place, of_line in zip(
            boxed, zip(scales(lines), number_zones(lines), strict=True), strict=True
        )
    }
    placed = []
    for one in paragraphs:
        found = [known[place.start] for place in one.places if place.start in known]
        if found:
            one = replace(one, scale=median(scale for scale, _ in found), zone=found[0][1])
        placed.append(one)
    return placed


def _cut(one: Paragraph) -> Iterator[Paragraph]:
    """A paragraph cut where another role begins in it: a pointer, the controls behind a web page's date."""
    cut = None if one.joins or one.bold else _place_of_cut(simplify(one.text))
    left, right = (one.text[:cut].rstrip(), one.text[cut:].lstrip()) if cut else ("", "")
    if not left or not right:
        yield one
        return
    # Marks may stand in front of `text`; the end of the paragraph is the same place in both.
    at = one.end - len(right)
    yield replace(one, end=at, text=left)
    yield replace(one, start=at, text=right, gap=0, level=0)


def _place_of_cut(text: str) -> int | None:
    if found := POINTER_START_RE.search(text):
        return found.end()
    if found := POINTER_END_RE.search(text):
        return found.start()
    controls = CONTROL_TAIL_RE.search(text)
    return controls.start() if controls and SOURCE_LINE_RE.search(text) else None
