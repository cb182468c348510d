"""A web page as text: navigation, a headline, a line of date and source, paragraphs, more navigation.

Options: `traditional` (the page was converted character by character), `fold` (marks → ASCII), and `damage`
(what the tools of the site did to its bytes: the keyword arguments of `damage_runs`, `marks: every`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from opencc import OpenCC

from tests.typesetter.damage import EVERY_MARK, EXCLAMATION, Damaged, damage_runs, fold_marks
from tests.typesetter.looks.slots import Slot
from tests.typesetter.stories import Piece, printed
from tests.typesetter.tape import HEAD, Tape

# One simplified character, several traditional ones, or a form few people write (羣, 喫, 祕): left as it is.
LEFT_ALONE = frozenset("里后干于并只面系几征群吃秘")
# The everyday form where OpenCC has the learned one (爲, 籤, 鍾, 溼).
EVERYDAY = {"为": "為", "签": "簽", "钟": "鐘", "湿": "濕", "台": "臺"}
# What a site folds when its tool works on characters: all but the marks that end a sentence.
FOLDED = {mark: twin for mark, twin in EVERY_MARK.items() if mark not in "！？"}


def lay_web_page(slots: Sequence[Slot], rng: random.Random, options: Mapping[str, Any]) -> Tape:
    """Set a page as a browser's text of it reads. Nothing here is left to chance."""
    del rng
    tape = Tape()
    for slot in slots:
        pieces = [_as_site_writes(piece, options) for piece in slot.pieces()]
        if slot.story:
            tape.note(slot.story, slot.strip, pieces)
        shown = [piece for piece in pieces if piece.role != "column"]  # the navigation names it
        for place, piece in enumerate(shown):
            tape.skip(_gap(shown, place, slot))
            damaged = _damaged(printed(piece.text), options)
            tape.put(damaged.text, piece.role, slot.story, slot.strip, place, damaged.runs)
    return tape


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


@cache
def to_traditional(char: str) -> str:
    """One character, converted without a look at its neighbours.

    >>> "".join(map(to_traditional, "这里的网站后台"))
    '這里的網站后臺'
    """
    if char in LEFT_ALONE:
        return char
    converted: str = EVERYDAY.get(char) or _converter().convert(char)
    return converted


def _as_site_writes(piece: Piece, options: Mapping[str, Any]) -> Piece:
    text = piece.text
    if options.get("traditional"):
        text = "".join(map(to_traditional, text))
    if options.get("fold"):
        text = fold_marks(text, FOLDED)
    if "damage" in options:  # a mark met in its own place is replaced, and that is no damage
        text = fold_marks(text, _replaced(options["damage"]))
    return Piece(piece.role, text, piece.continues, piece.runs_on)


def _damaged(text: str, options: Mapping[str, Any]) -> Damaged:
    damage = options.get("damage")
    if damage is None:
        return Damaged(text, ())
    return damage_runs(
        text,
        pinyin=damage.get("pinyin", False),
        marks=_replaced(damage),
        lone=damage.get("lone", "\ufffd"),
    )


def _replaced(damage: Mapping[str, Any]) -> Mapping[str, str]:
    return EVERY_MARK if damage.get("marks") == "every" else EXCLAMATION


def _gap(pieces: Sequence[Piece], place: int, slot: Slot) -> str:
    if place == 0:
        return " " if slot.same_line else "\n\n"
    if pieces[place].runs_on:
        return ""
    return "\n" if slot.strip == HEAD and pieces[place].role == "subtitle" else "\n\n"
