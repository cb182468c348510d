"""The press: pages printed by a browser to PDF and to pictures, with gold for whatever a reader makes of them.

    draw_printed(seed)             the page as HTML, its stories, what gold must be told
    printed(pages)                 PDF, and where every character was set, by the browser
    gold_of(printed, text, places) the gold of a text read from the PDF or from a picture

Readers put the lines of a page in an order of their own, and text recognition changes characters. So gold is told by place:
a line that was read has a box, its characters stand side by side in it, and each belongs to the piece of the page that the
browser set there, or nearest to there.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jianbao.convert.columns import width
from jianbao.models import Place, is_blank
from tests.provide_browser import find_chromium
from tests.typesetter.casts import invent_town
from tests.typesetter.generator import Draft, _draw_header, _draw_stories, _tell
from tests.typesetter.looks.printed_page import Marked, draw_style, lay_printed_page
from tests.typesetter.stories import Story
from tests.typesetter.tape import HEAD, Stretch, Tape, head_pieces

PX = 72 / 96  # points
# What the browser says of a page: its height, and for every line of a piece its number, box and words.
WHERE_JS = """() => {
  const lines = [];
  for (const span of document.querySelectorAll('[data-piece]')) {
    const walker = document.createTreeWalker(span, NodeFilter.SHOW_TEXT);
    let line = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      for (let at = 0; at < node.length; at++) {
        const range = document.createRange();
        range.setStart(node, at); range.setEnd(node, at + 1);
        const box = range.getClientRects()[0];
        if (!box) continue;
        if (line && Math.abs(line.top - box.top) < 3 && box.left >= line.right - 3 && box.left < line.right + 40) {
          line.right = box.right; line.text += node.data[at];
        } else {
          line = {piece: +span.dataset.piece, left: box.left, top: box.top, right: box.right, bottom: box.bottom, text: node.data[at]};
          lines.push(line);
        }
      }
    }
  }
  return {height: document.documentElement.scrollHeight, lines};
}"""


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as the browser set it, in points."""

    piece: int
    box: tuple[float, float, float, float]
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page to be printed."""

    name: str
    html: str
    width: float  # points
    stories: Sequence[Story]
    marked: Sequence[Marked]
    draft: Draft | None = None  # of an invented page: what gold must be told


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed page."""

    drawn: Drawn
    pdf: bytes
    lines: Sequence[SetLine]
    picture: bytes = b""


def draw_printed(seed: int) -> Drawn:
    """A page of invented stories, set as a newspaper sets them; always the same for a seed."""
    rng = random.Random(f"{seed} printed")
    draft = Draft(invent_town(rng), "printed")
    _draw_stories(draft, rng)
    header = _draw_header(draft, rng, 0.85)
    furniture = [item for line in header if isinstance(line, dict) for item in line.items()]
    style = draw_style(rng)
    html, marked = lay_printed_page(draft.stories, furniture, style, rng)
    stories = list(draft.stories.values())
    return Drawn(f"print-{seed:05}.pdf", html, style.page_width, stories, marked, draft)


def print_pages(pages: Iterable[Drawn], *, dpi: int = 0, ending: str = "png") -> Iterator[Printed]:
    """Every page as PDF, with `dpi` as a picture too."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = play.chromium.launch(executable_path=find_chromium(), args=args)
        for one in pages:
            wide = round(one.width / PX)
            size = {"width": wide, "height": 800}
            context = browser.new_context(viewport=size, device_scale_factor=dpi / 96 or 1)  # type: ignore[arg-type]
            sheet = context.new_page()
            sheet.emulate_media(media="print")
            sheet.set_content(one.html)
            found = sheet.evaluate(WHERE_JS)
            pdf = sheet.pdf(width=f"{wide}px", height=f"{found['height'] + 1}px", print_background=True)  # fmt: skip
            picture = b""
            if dpi:
                quality = {"quality": 80} if ending == "jpeg" else {}
                picture = sheet.screenshot(full_page=True, type=ending, **quality)  # type: ignore[arg-type]
            lines = [
                SetLine(
                    line["piece"],
                    tuple(PX * line[side] for side in ("left", "top", "right", "bottom")),
                    line["text"],
                )
                for line in found["lines"]
            ]
            context.close()
            yield Printed(one, pdf, lines, picture)
        browser.close()


# --- gold -----------------------------------------------------------------------------------------


def gold_of(page: Printed, name: str, text: str, places: Sequence[Place]) -> dict[str, Any]:
    """The gold of what was read of a page, for the evaluation; offsets count `text`."""
    tape = Tape(text=text)
    for place in places:
        for piece, run in groupby(_owners(page.lines, place, text), key=lambda one: one[1]):
            members = [at for at, _ in run]
            one = page.drawn.marked[piece]
            tape.stretches.append(
                Stretch(members[0], members[-1] + 1, one.role, one.story, one.strip, one.place)
            )
    for story in page.drawn.stories:
        tape.note(story, HEAD, head_pieces(story))
        for number, strip in enumerate(story.strips):
            tape.note(story, number, strip)
    keys = list(dict.fromkeys(one.story.key for one in tape.stretches if one.story))
    gold: dict[str, Any] = {
        "source": name,
        "articles": tape.articles(),
        "furniture": tape.furniture(),
    }
    if page.drawn.draft:
        gold["damaged"] = []
        _tell(gold, dict(zip(keys, gold["articles"], strict=True)), page.drawn.draft, text)
    return gold


def _owners(lines: Sequence[SetLine], place: Place, text: str) -> Iterator[tuple[int, int]]:
    """Every printed character of a line that was read, and the piece that was set where it stands."""
    assert place.box
    left, top, right, bottom = place.box
    middle = (top + bottom) / 2
    whole = width(text[place.start : place.end]) or 1
    near = sorted(lines, key=lambda line: _distance(line.box, (left + right) / 2, middle))[:12]
    done = 0.0
    for at in range(place.start, place.end):
        step = width(text[at])
        if not is_blank(text[at]):
            x = left + (right - left) * (done + step / 2) / whole
            yield at, min(near, key=lambda line: _distance(line.box, x, middle)).piece
        done += step


def _distance(box: tuple[float, float, float, float], x: float, y: float) -> float:
    """How far a point is from a box; 0 inside."""
    left, top, right, bottom = box
    return float(max(left - x, 0, x - right) + max(top - y, 0, y - bottom))
