"""The tape: what was set so far, to whom each character belongs, and the gold that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.typesetter.damage import Run
from tests.typesetter.stories import HEAD_ROLES, Piece, Story, body_markdown, printed

HEAD = -1  # the number of the head among the strips of a story: it is read first


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters [start, end) of the page: a piece of a story, or furniture when there is none."""

    start: int
    end: int
    role: str
    story: Story | None = None
    strip: int = HEAD
    place: int = 0  # within its strip


@dataclass(slots=True)
class Tape:
    """A page in the making. Only `put` and `skip` write; offsets are those of the final text."""

    text: str = ""
    stretches: list[Stretch] = field(default_factory=list)
    damaged: list[Run] = field(default_factory=list)
    bodies: dict[tuple[str, int], list[Piece]] = field(default_factory=dict)

    def skip(self, blanks: str) -> None:
        """Set blanks; nothing at the top of the page, where there is nothing to keep apart."""
        assert not blanks.strip(), blanks
        if self.text:
            self.text += blanks

    def put(
        self,
        text: str,
        role: str,
        story: Story | None = None,
        strip: int = HEAD,
        place: int = 0,
        runs: Iterable[Run] = (),
    ) -> None:
        """Set a piece; it begins and ends with a character that prints."""
        assert text == text.strip() != "", text
        start = len(self.text)
        self.text += text
        self.stretches.append(Stretch(start, len(self.text), role, story, strip, place))
        self.damaged += [
            Run(start + run.start, start + run.end, run.repaired, run.kind, run.certain)
            for run in runs
        ]

    def note(self, story: Story, strip: int, pieces: Sequence[Piece]) -> None:
        """Remember what a strip reads like, repaired, for the body in the gold."""
        self.bodies[story.key, strip] = list(pieces)

    def articles(self) -> list[dict[str, Any]]:
        """The articles of the page as gold has them, in the order they first appear in."""
        stories = {one.story.key: one.story for one in self.stretches if one.story}
        return [
            {"id": f"a{number:02}"} | self._article(story)
            for number, story in enumerate(stories.values(), 1)
        ]

    def furniture(self) -> list[dict[str, Any]]:
        return [
            {"start": one.start, "end": one.end, "role": one.role}
            for one in self.stretches
            if one.story is None
        ]

    def damage(self) -> list[dict[str, Any]]:
        return [asdict(run) for run in self.damaged]

    def _article(self, story: Story) -> dict[str, Any]:
        mine = sorted(
            (one for one in self.stretches if one.story is story),
            key=lambda one: (one.strip, one.place),
        )
        roles = {one.role for one in mine}
        credits_ = "".join(
            self.text[one.start : one.end] for one in mine if one.role in ("byline", "dateline")
        )
        strips = sorted(number for key, number in self.bodies if key == story.key and number >= 0)
        dateline = story.dateline if "dateline" in roles else None
        return {
            **self._head(story),
            "authors": [
                {"name": one.name, "role": one.role}
                for one in story.authors
                if one.name in "".join(credits_.split())
            ],
            "dateline": dateline
            and {"place": dateline.place, "date": dateline.date, "agency": dateline.agency},
            "date": story.date,
            "complete": story.complete or _complete(strips, len(story.strips)),
            "spans": [{"start": one.start, "end": one.end, "role": one.role} for one in mine],
            "body": body_markdown([(number, self.bodies[story.key, number]) for number in strips]),
        }

    def _head(self, story: Story) -> dict[str, Any]:
        pieces = {piece.role: piece.text for piece in self.bodies.get((story.key, HEAD), ())}
        head = {
            role: printed(pieces[role], wrap="") if role in pieces else None
            for role in ("title", "kicker", "subtitle", "column")
        }
        return head | {"title_status": "stated" if head["title"] else "absent"}


def head_pieces(story: Story) -> list[Piece]:
    """The parts of a story's head that it has, in reading order."""
    return [Piece(role, story.head[role]) for role in HEAD_ROLES if role in story.head]


def _complete(strips: Sequence[int], count: int) -> str:
    """How much of a story stands on the page, a missing start or end before a gap.

    >>> [_complete(strips, 3) for strips in ([0, 1, 2], [1, 2], [0], [1], [0, 2])]
    ['whole', 'start-missing', 'end-missing', 'both-missing', 'gap']
    """
    start, end = 0 in strips, count - 1 in strips
    match start, end:
        case True, True:
            return "whole" if len(strips) == count else "gap"
        case False, True:
            return "start-missing"
        case True, False:
            return "end-missing"
    return "both-missing"
