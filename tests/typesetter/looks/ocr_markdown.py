"""OCR Markdown: a layout model's reading of a photographed page, with levels that lie.

Headings have the level of their type size, not of their meaning; a paragraph cut by the foot of a
column stays cut; columns come in any order; page header and editors stand where they were seen.

Options: `marks` (role → what stands before it: `# `, `### `, nothing, `**` about it), `levels` (the same
for one story), `fold` (ASCII punctuation between Han), `bold_openers`, `opener_gap` (what stands behind a bare 本报讯).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.typesetter.damage import EVERY_MARK, fold_marks
from tests.typesetter.looks.slots import Slot
from tests.typesetter.stories import Piece, printed
from tests.typesetter.tape import Tape

# What a layout model puts before a role when the type is of the usual size.
MARKS: Mapping[str, str] = {
    "column": "## ",
    "title": "# ",
    "subtitle": "## ",
    "heading": "### ",
}
# A line end inside an address block, which Markdown shows.
HARD_BREAK = "  \n"
# A picture leaves empty lines where it stood.
PICTURE = "\n\n\n\n"


def lay_ocr_markdown(slots: Sequence[Slot], rng: random.Random, options: Mapping[str, Any]) -> Tape:
    """Set a page as an OCR model writes it down; a mark called `?` is drawn from chance."""
    tape = Tape()
    for slot in slots:
        key = slot.story.key if slot.story else ""
        marks = {**MARKS, **options.get("marks", {}), **options.get("levels", {}).get(key, {})}
        pieces = [_folded(piece) if options.get("fold") else piece for piece in slot.pieces()]
        if slot.story:
            tape.note(slot.story, slot.strip, pieces)
        for place, piece in enumerate(pieces):
            before = pieces[place - 1] if place else None
            tape.skip(_gap(before, piece, options, same_line=slot.same_line))
            shown = _marked(piece, marks, rng, bold=bool(options.get("bold_openers")))
            tape.put(shown, piece.role, slot.story, slot.strip, place)
    return tape


def draw_mark(rng: random.Random) -> str:
    """A level as a model might see it."""
    return rng.choice(("# ", "## ", "## ", "### ", "**", ""))


def _folded(piece: Piece) -> Piece:
    return Piece(piece.role, fold_marks(piece.text, EVERY_MARK), piece.continues, piece.runs_on)


def _gap(before: Piece | None, piece: Piece, options: Mapping[str, Any], *, same_line: bool) -> str:
    """The blanks before a piece."""
    if before is None:
        return " " if same_line else "\n\n"
    if piece.runs_on:
        bare = before.role == "dateline" and before.text.endswith("讯")
        return str(options.get("opener_gap", "")) if bare else ""
    if "caption" in (before.role, piece.role):
        return PICTURE if piece.role == "caption" else "\n\n"
    return HARD_BREAK if before.role == "contact" else "\n\n"


def _marked(piece: Piece, marks: Mapping[str, str], rng: random.Random, *, bold: bool) -> str:
    mark = marks.get(piece.role, "")
    mark = draw_mark(rng) if mark == "?" else mark
    text = printed(piece.text, wrap=" " if piece.role == "heading" else "")
    if mark == "**" or (bold and piece.role == "dateline" and re.match("本报", text)):
        return f"**{text}**"
    return mark + text
