"""What a command loads before it begins: nothing that only another command needs. No clock: the modules are named."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import build
from jianbao import content
from jianbao.models import Article, Credit
from tests.test_command import tree

ROOT = Path(__file__).parent.parent
IMPORTED_RE = re.compile(r"^import time:\s+\d+ \|\s+\d+ \| +(\S+)$", re.MULTILINE)

# Each with what it costs, in thousandths of a CPU second (`python -X importtime`).
CONVERT = (
    "jianbao.convert.credits",  # 250: its patterns
    "jianbao.convert.forms",  # 90: its patterns
    "rjieba",  # 90: a dictionary
)
PUBLISH = ("jianbao.publish", "jinja2", "markdown_it", "babel", "lunr")  # 75 together
SERVE = ("jianbao.serve", "watchdog", "http.server")  # 40 together
CHECK = ("jianbao.check", "html.parser")  # 5 together
CLUSTER = ("distributed",)
PINYIN = ("pypinyin",)  # 150: dictionaries
KINDS = ("selectolax", "docx", "lxml")  # of files that this archive has not; 100 together

# What is typed → what it has to do with, and what it must not load.
COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "--help": ("jianbao.cli", CONVERT + PUBLISH + SERVE + CHECK + CLUSTER + PINYIN + ("opencc",)),
    "build": ("jianbao.publish", CONVERT + SERVE + CHECK + CLUSTER + PINYIN + KINDS),
    "convert": ("jianbao.convert.credits", PUBLISH + SERVE + CHECK + CLUSTER + PINYIN + KINDS),
    "diff": ("jianbao.convert.credits", PUBLISH + SERVE + CHECK + CLUSTER + PINYIN + KINDS),
    "review": ("jianbao.review", CONVERT + SERVE + CHECK + CLUSTER + PINYIN),
    "check": ("jianbao.check", CONVERT + SERVE + CLUSTER + PINYIN),  # it asks the search
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built archive in which nothing Chinese has to become an address."""
    return make_and_build(tmp_path_factory.mktemp("start") / "archive")


@pytest.fixture
def archive(built: Path) -> Iterator[Path]:
    """The same one for all; made anew where a command has changed a byte of it."""
    before = tree(built)
    yield built
    if tree(built) != before:
        shutil.rmtree(built)
        make_and_build(built)


def make_and_build(folder: Path) -> Path:
    article = Article("a-01", "Harbour", authors=(Credit("A. Writer"),), body="A harbour.")
    for path, text in (
        ("config.yaml", "title: Cuttings\n"),
        ("content/a/01.md", content.dump(article)),
        ("sources/a.txt", "本报讯（记者 何小禾）渡口今天开了。\n"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    assert loaded(folder, "build")
    return folder


def loaded(archive: Path, word: str) -> set[str]:
    """The modules that a command imports until it ends."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", ROOT / "build.py", word],
        cwd=archive, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-500:] + ran.stdout
    return set(IMPORTED_RE.findall(ran.stderr))


@pytest.mark.parametrize("word", COMMANDS)
def test_a_command_loads_only_what_it_needs(archive: Path, word: str) -> None:
    needed, foreign = COMMANDS[word]
    modules = loaded(archive, word)
    assert needed in modules
    assert modules.isdisjoint(foreign), modules & {*foreign}


def test_a_chinese_name_is_read_by_the_dictionary(archive: Path) -> None:
    article = Article("a-02", "渡口", body="渡口")
    (archive / "content/a/02.md").write_text(content.dump(article), encoding="utf-8")
    assert loaded(archive, "build") >= {*PINYIN}


def test_a_package_that_one_verb_lacks_is_told_like_any_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "PYTHON", tmp_path / "no such python")
    monkeypatch.setitem(sys.modules, "jianbao.check", None)
    monkeypatch.setattr(sys, "argv", ["build.py", "check"])
    assert build.run() == 2
    assert capsys.readouterr().err.endswith("is not installed\n  Run: make setup\n")


def test_an_older_python_hands_over_to_the_one_that_was_set_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """That of macOS is 3.9, and reads no line of ours but these."""
    called: list[list[str]] = []
    monkeypatch.setattr(sys, "version_info", (3, 9, 6))
    monkeypatch.setattr(sys, "argv", ["build.py", "check"])
    monkeypatch.setattr("os.execv", lambda _, words: called.append(words))
    monkeypatch.setattr(build, "PYTHON", tmp_path / "python")
    assert build.run() == 2
    assert "Jianbao needs Python 3.11 or newer, and this is" in capsys.readouterr().err
    assert called == []
    (tmp_path / "python").touch()
    build.run()
    assert called == [[str(tmp_path / "python"), "build.py", "check"]]
