"""Progress of long work: one line on a terminal that is written again and again, and is gone when the work is done."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO

PATIENCE = 1.0  # seconds in which nobody wonders; work that is done by then has no line
PAUSE = 0.1  # seconds between two lines: an eye reads no faster
ERASE = "\r\x1b[K"


class Step(Protocol):
    """To be called whenever one thing is done, or several."""

    def __call__(self, done: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the line is written; without a terminal, nowhere. `clock` counts seconds from whenever it likes."""

    terminal: TextIO | None = None
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def stage(self, what: str, total: int) -> Iterator[Step]:
        """Work on so many things. Call what this gives whenever one is done, or several: `step(40)`.

        with progress.stage("pages", len(pages)) as step:
            for page in pages:
                …
                step()
        """
        if self.terminal is None:
            yield _unseen
            return
        line = _Line(self.terminal, self.clock, what, total)
        try:
            yield line.step
        finally:
            line.erase()


def _unseen(done: int = 1) -> None:
    """A step that nobody watches."""


SILENT = Progress()


class _Line:
    def __init__(self, terminal: TextIO, clock: Callable[[], float], what: str, total: int) -> None:
        self.terminal, self.clock = terminal, clock
        self.what, self.total, self.done = what, total, 0
        self.started = clock()
        self.next = self.started + PATIENCE
        self.stands = False

    def step(self, done: int = 1) -> None:
        self.done += done
        now = self.clock()
        if now < self.next:
            return
        self.next = now + PAUSE
        text = line_of(self.what, self.done, self.total, now - self.started)
        self._write(ERASE + text[: shutil.get_terminal_size().columns - 1])
        self.stands = True

    def erase(self) -> None:
        if self.stands:
            self._write(ERASE)

    def _write(self, text: str) -> None:
        self.terminal.write(text)
        self.terminal.flush()


def line_of(what: str, done: int, total: int, seconds: float) -> str:
    """How far the work is.

    >>> line_of("files", 1200, 4000, 60.0)
    '1,200 of 4,000 files · 20/s · 2 min 20 s left'
    >>> line_of("files", 3, 9, 6.0)
    '3 of 9 files · 0.5/s · 12 s left'
    """
    rate = done / seconds
    pace = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    left = duration(max(0, total - done) / rate)
    return f"{done:,} of {total:,} {what} · {pace}/s · {left} left"


def duration(seconds: float) -> str:
    """A time as it is said, by its two largest parts.

    >>> duration(7), duration(200), duration(7500)
    ('7 s', '3 min 20 s', '2 h 5 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
