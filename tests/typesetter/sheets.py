"""Sheets: the order of a page's parts in its source, and the page with its gold that comes of it.

A line of the layout is a story's name (its head, then all its strips), one part of it (`bridge.head`,
`bridge.2`), or furniture (`{nav: 首页}`). A `+` before it keeps it on the line of the part before.
What is not named is not on the page: a story without its first strip has lost its start.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.typesetter.looks.ocr_markdown import lay_ocr_markdown
from tests.typesetter.looks.slots import Slot
from tests.typesetter.looks.text_layer import lay_text_layer
from tests.typesetter.looks.web_page import lay_web_page
from tests.typesetter.stories import Story
from tests.typesetter.tape import HEAD, Tape

Look = Callable[[Sequence[Slot], random.Random, Mapping[str, Any]], Tape]

LOOKS: Mapping[str, Look] = {
    "text_layer": lay_text_layer,
    "ocr_markdown": lay_ocr_markdown,
    "web_page": lay_web_page,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page to be: its look, the order of its parts, and what is known about it."""

    file: str
    look: str
    seed: int
    layout: Sequence[str | Mapping[str, str]]
    stories: Mapping[str, Story]
    facts: Mapping[str, Any]  # publication and issue_date, as gold says them
    options: Mapping[str, Any] = field(default_factory=dict)


def set_tape(sheet: Sheet) -> Tape:
    """The page as its look sets it."""
    slots = [slot for line in sheet.layout for slot in read_slots(line, sheet.stories)]
    return LOOKS[sheet.look](slots, random.Random(sheet.seed), sheet.options)


def lay_out(sheet: Sheet) -> tuple[str, dict[str, Any]]:
    """The text of the page as it reaches us, and its gold (offsets count that text)."""
    tape = set_tape(sheet)
    gold: dict[str, Any] = {
        "source": sheet.file,
        **sheet.facts,
        "articles": tape.articles(),
        "furniture": tape.furniture(),
    }
    if tape.damaged:
        gold["damaged"] = tape.damage()
    return tape.text + "\n", gold


def read_slots(line: str | Mapping[str, str], stories: Mapping[str, Story]) -> Iterator[Slot]:
    """The parts a line of the layout asks for, in the order of the source."""
    if not isinstance(line, str):
        for role, text in line.items():
            yield Slot(role=role.lstrip("+"), text=text, same_line=role.startswith("+"))
        return
    key, _, part = line.lstrip("+").partition(".")
    story, same_line = stories[key], line.startswith("+")
    if part:
        yield Slot(story, HEAD if part == "head" else int(part), same_line=same_line)
        return
    if story.head:
        yield Slot(story, HEAD, same_line=same_line)
        same_line = False
    for number in range(len(story.strips)):
        yield Slot(story, number, same_line=same_line and number == 0)
