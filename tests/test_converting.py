"""Conversion by a crew: what is written, told and foretold is the same whoever works, and whoever dies of it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from jianbao import pipeline
from jianbao.config import Config
from jianbao.crew import Crew
from jianbao.intake import source_files
from jianbao.pipeline import (
    HERE,
    Folders,
    Forecast,
    Report,
    convert_sources,
    foretell,
    read_config,
)
from jianbao.processes import Processes
from jianbao.progress import SILENT, Progress, Step
from tests.conftest import lend_readings

ROOT = Path(__file__).parent.parent
CREWS = (Crew(1), Crew(2), Crew(8))


@pytest.fixture(autouse=True)
def every_file_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the few files of the demo are enough for a crew."""
    monkeypatch.setattr(pipeline, "CHUNK", 1)


def demo_in(folder: Path) -> Folders:
    """The demo's sources, and three more that are wrong, nothing converted yet."""
    shutil.copytree(ROOT / "sources", folder / "sources")
    shutil.copy(ROOT / "config.yaml", folder)
    lend_readings(folder)
    (folder / "sources" / "0.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (folder / "sources" / "m.txt").write_bytes(b"x" * 1_100_000)
    (folder / "sources" / "z.txt").write_text("梧川", "utf-8")
    (folder / "sources" / "z.txt.yaml").write_text("kind: web\ndate: 2020-13-01\n", "utf-8")
    return Folders(*(folder / name for name in ("config.yaml", "sources", "content", "site")))


def settings(folders: Folders) -> Config:
    return replace(read_config(folders.config), max_source_mb=1)


def convert(folders: Folders, crew: Crew = HERE, progress: Progress = SILENT) -> Report:
    return convert_sources(settings(folders), folders, crew, progress)


def told(report: Report | Forecast, folders: Folders) -> tuple[Any, ...]:
    """All that a report says, but how long it took."""
    here = f"{folders.config.parent}/"
    errors = [error.told().replace(here, "") for error in report.errors]
    return errors, [note.replace(here, "") for note in report.notes], counts(report)


def counts(report: Report | Forecast) -> tuple[Any, ...]:
    if isinstance(report, Forecast):
        return report.changes, report.conflicts
    return report.files, report.articles, report.repairs, report.doubts, report.conflicts


def tree(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The demo, converted by one."""
    folders = demo_in(tmp_path_factory.mktemp("one") / "archive")
    report = convert(folders)
    files = sum(1 for _ in source_files(folders.sources))
    assert (report.files, len(report.errors)) == (files, 3)
    return folders


def correct(folder: Path) -> None:
    """What a person does, and what a converter that was less able had written before."""
    first, last = (
        folder / name for name in ("2019-12-24-di-7-ban", "wu-chuan-ri-bao-2020-06-18-a3")
    )
    retitle("新", first / "01.md")
    retitle("旧", first / ".base" / "01.md")  # both have changed it: a conflict
    retitle("旧", first / "02.md", first / ".base" / "02.md")  # today's is better
    retitle("旧", first / "03.md", first / ".base" / "03.md")
    (first / "03.md").rename(
        last / "99.md"
    )  # better too, and it stands among the files of a later source
    (last / "01.md").unlink()
    (last / "02.md").write_bytes(b"\xff" + (last / "02.md").read_bytes())


def retitle(sign: str, *paths: Path) -> None:
    for path in paths:
        path.write_text(path.read_text("utf-8").replace("title: ", f"title: {sign}", 1), "utf-8")


# --- the same whoever works ------------------------------------------------------------------------


@pytest.mark.parametrize("crew", CREWS[1:])
def test_a_first_conversion_is_the_same_whoever_does_it(
    crew: Crew, converted: Folders, tmp_path: Path
) -> None:
    folders = demo_in(tmp_path / "archive")
    report = convert(folders, crew)
    assert tree(folders.content) == tree(converted.content)
    shutil.rmtree(folders.content)
    assert told(report, folders) == told(convert(folders), folders)
    assert multiprocessing.active_children() == []


def test_what_a_person_did_is_kept_the_same_whoever_converts(
    converted: Folders, tmp_path: Path
) -> None:
    found = []
    for crew in CREWS:
        folder = tmp_path / str(crew.workers)
        folders = demo_in(folder)
        shutil.copytree(converted.content, folders.content)
        correct(folders.content)
        foretold = told(foretell(settings(folders), folders, crew), folders)
        found.append((foretold, told(convert(folders, crew), folders), tree(folders.content)))
    assert found[0] == found[1] == found[2]
    assert found[0][1][2][-1] == 1  # a conflict, so that there was something to keep
    assert {change.path for change in found[0][0][2][0]} == {
        "2019-12-24-di-7-ban/02.md",
        "wu-chuan-ri-bao-2020-06-18-a3/99.md",
    }
    assert "title: 旧".encode() not in found[0][2]["wu-chuan-ri-bao-2020-06-18-a3/99.md"]


def test_the_command_says_and_writes_the_same(tmp_path: Path) -> None:
    """In a process without threads, so that workers are forked."""
    folders = demo_in(tmp_path / "archive")
    program = (
        "import sys; from jianbao import cli, pipeline; pipeline.CHUNK = 1; sys.exit(cli.main())"
    )
    found = []
    for words in (["--workers", "1"], ["--workers", "3"]):
        shutil.rmtree(folders.content, ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-c", program, "convert", "--quiet", *words],
            cwd=tmp_path / "archive",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        found.append((done.returncode, done.stdout, done.stderr, tree(folders.content)))
    assert found[0] == found[1]
    assert found[0][:2] == (2, b"")
    assert found[0][2].count(b"error: ") == 2


# --- those who die, and what changes meanwhile ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meanwhile(Progress):
    """Something that happens when the first file is written."""

    event: Callable[[], None] = lambda: None

    @contextmanager
    def stage(self, what: str, total: int) -> Iterator[Step]:
        events = iter([self.event])
        yield lambda done=1: next(events, lambda: None)()


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(
    converted: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed = []

    def renew(self: Processes) -> None:
        renewed.append(self)
        renew_pool(self)

    renew_pool = Processes.renew
    monkeypatch.setattr(Processes, "renew", renew)
    folders = demo_in(tmp_path / "archive")
    report = convert(folders, Crew(2), Meanwhile(event=kill_a_worker))
    assert renewed
    assert tree(folders.content) == tree(converted.content)
    assert len(report.errors) == 3


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def kill_a_worker() -> None:
    multiprocessing.active_children()[0].kill()


@pytest.mark.parametrize("crew", CREWS)
def test_R9_what_a_person_saves_meanwhile_is_kept(
    crew: Crew, converted: Folders, tmp_path: Path
) -> None:
    """All files were looked at before the first was written; the last is corrected just then."""
    folders = demo_in(tmp_path / "archive")
    shutil.copytree(converted.content, folders.content)
    last = max(folders.content.glob("*/01.md"))
    article = last.read_text("utf-8").replace("title: ", "title: 又", 1)
    convert(folders, crew, Meanwhile(event=lambda: write(last, article)))
    assert last.read_text("utf-8") == article
