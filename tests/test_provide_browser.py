"""A browser for the tests is found, or installed, or its want is told: on machines made up here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import provide_browser

Machine = Callable[..., list[str]]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`machine("chromium", …)` has these programs only, and root; it gives the commands it is told.

    A command that `works` names leaves the program named behind it.
    """

    def put(program: str, says: str = "") -> None:
        (tmp_path / program).write_text(f"#!/bin/sh\necho {says}\n", encoding="utf-8")
        (tmp_path / program).chmod(0o755)

    def make(
        *programs: str, type_known: bool = True, works: dict[str, str] | None = None
    ) -> list[str]:
        told: list[str] = []

        def succeeds(*command: str) -> bool:
            told.append(" ".join(command[-2:]))
            left_behind = (works or {}).get(told[-1])
            if left_behind:
                put(left_behind)
            return left_behind is not None

        for program in programs:
            put(program)
        put("fc-list", "Song" if type_known else "")
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("CHROMIUM", raising=False)
        monkeypatch.setattr("os.geteuid", lambda: 0)
        monkeypatch.setattr(provide_browser, "succeeds", succeeds)
        return told

    return make


def test_a_browser_at_hand_is_taken(machine: Machine) -> None:
    told = machine("google-chrome", "apt-get")
    assert provide_browser.main() == 0
    assert told == []
    assert Path(str(provide_browser.find_chromium())).name == "google-chrome"


def test_a_browser_that_is_named_must_be_there(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("chromium")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="CHROMIUM=/nowhere/chromium: no such program"):
        provide_browser.main()


def test_debian_installs_one(machine: Machine) -> None:
    works = {"apt-get update": "lists", "chromium fonts-noto-cjk": "chromium"}
    told = machine("apt-get", works=works)
    assert provide_browser.main() == 0
    assert told == list(works)


def test_a_package_that_holds_no_browser_is_not_enough(machine: Machine) -> None:
    works = {
        "apt-get update": "lists",
        "chromium fonts-noto-cjk": "other",
        "install chromium": "own",
    }
    told = machine("apt-get", works=works)
    assert provide_browser.main() == 0
    assert told == list(works)


def test_without_any_the_want_is_told(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    told = machine()
    assert provide_browser.main() == 1
    assert told == ["install chromium"]
    assert "no browser for the tests" in capsys.readouterr().err


def test_missing_type_is_installed_too(machine: Machine) -> None:
    works = {"apt-get update": "lists", "--no-install-recommends fonts-noto-cjk": "type"}
    told = machine("chromium", "apt-get", type_known=False, works=works)
    assert provide_browser.main() == 0
    assert told == list(works)


def test_missing_type_stops_nobody(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine("chromium", type_known=False)
    assert provide_browser.main() == 0
    assert "no Chinese font" in capsys.readouterr().err
