"""Slots: the parts of a page in the order of its source."""

from __future__ import annotations

from dataclasses import dataclass

from tests.typesetter.stories import Piece, Story
from tests.typesetter.tape import HEAD, head_pieces


@dataclass(frozen=True, slots=True)
class Slot:
    """A head or a strip of a story, or furniture: a role and its text."""

    story: Story | None = None
    strip: int = HEAD
    role: str = ""
    text: str = ""
    same_line: bool = False

    def pieces(self) -> list[Piece]:
        """What stands in the slot, clean."""
        if self.story is None:
            return [Piece(self.role, self.text)]
        if self.strip == HEAD:
            return head_pieces(self.story)
        return list(self.story.strips[self.strip])
