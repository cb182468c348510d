"""The line that tells how far long work is: late, seldom, short, and gone in the end."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest

from jianbao.progress import ERASE, PATIENCE, PAUSE, SILENT, Progress, line_of


class Clock:
    """A clock that goes on by so many seconds whenever it is looked at."""

    def __init__(self, pace: float) -> None:
        self.now, self.pace = 0.0, pace

    def __call__(self) -> float:
        self.now += self.pace
        return self.now


def shown(pace: float, total: int, done: int | None = None) -> list[str]:
    """Every line of a stage whose things take so many seconds each."""
    terminal = io.StringIO()
    with Progress(terminal, Clock(pace)).stage("files", total) as step:
        for _ in range(total if done is None else done):
            step()
    return terminal.getvalue().split(ERASE)[1:]


def test_work_that_is_done_at_once_has_no_line() -> None:
    assert shown(PATIENCE / 10, 9) == []


def test_work_that_takes_a_while_has_a_line_that_is_gone_in_the_end() -> None:
    assert shown(2.0, 3) == [
        "1 of 3 files · 0.5/s · 4 s left",
        "2 of 3 files · 0.5/s · 2 s left",
        "3 of 3 files · 0.5/s · 0 s left",
        "",
    ]


def test_the_line_stays_still_long_enough_to_be_read() -> None:
    lines = shown(PAUSE / 10, 1000)
    assert 2 < len(lines) < 95
    assert lines[0].startswith("100 of 1,000 files · 100/s")


def test_the_line_is_gone_when_work_ends_in_an_error() -> None:
    terminal = io.StringIO()
    with suppress(ValueError), Progress(terminal, Clock(2)).stage("pages", 9) as step:
        step()
        raise ValueError
    assert terminal.getvalue() == f"{ERASE}1 of 9 pages · 0.5/s · 16 s left{ERASE}"


def test_the_line_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    assert shown(2.0, 9, 1) == ["1 of 9 file", ""]


def test_without_a_terminal_nothing_is_written() -> None:
    with SILENT.stage("files", 9) as step:
        step()


@pytest.mark.parametrize(
    ("done", "total", "seconds", "line"),
    [
        (1, 1_000_000, 1.0, "1 of 1,000,000 files · 1.0/s · 277 h 46 min left"),
        (9_999, 10_000, 3.0, "9,999 of 10,000 files · 3,333/s · 0 s left"),
        (12, 9, 4.0, "12 of 9 files · 3.0/s · 0 s left"),
    ],
)
def test_how_far(done: int, total: int, seconds: float, line: str) -> None:
    assert line_of("files", done, total, seconds) == line
