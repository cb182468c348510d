"""What the documents say is so: commands parse, files exist, samples are those of the demo, tables are the code's."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from jianbao.cli import COMMANDS, main
from tests.test_floors import FLOORS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *(*READMES, "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
)

FENCE_RE = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK_RE = re.compile(r"\]\(([^)\s]+)\)")
OPTION_RE = re.compile(r"--[a-z][a-z-]*")
DASK_RE = re.compile(r"\.venv/bin/python -m dask (scheduler|worker) (.*)")
FOREIGN_RE = re.compile(r"\b(dask|rsync|pip|git|npm|var)\b|^\s*\.[\w-]+ \{|-m tests|`--host`")
TABLE_ROW_RE = re.compile(r"^\| `(jianbao/[\w/]+\.py)`((?:, `[A-Z_]+`)+) \|", re.MULTILINE)
FLOOR_ROW_RE = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
# A sample: the file it is from, named in the paragraph before, and its lines.
SAMPLE_RE = re.compile(
    r"`((?:sources|content)/[^`]+\.(?:txt|md))`(?:(?!```).)*?\n```\n(.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
COUNTS_RE = re.compile(r"(\d+) (?:files|个文件)\D+(\d+) (?:articles|篇文章)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shown_lines(name: str) -> Iterator[str]:
    """Every line of every block of code in a document."""
    for block in FENCE_RE.findall(read(name)):
        yield from block.splitlines()


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READMES)
def test_every_word_and_option_of_the_command_is_told(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = read(name)
    assert [verb for verb in COMMANDS if f"`build.py {verb}" not in text] == []
    options = {one for verb in ("", *COMMANDS) for one in OPTION_RE.findall(help_of(verb, capsys))}
    assert {"--config", "--port"} <= options
    assert sorted(one for one in options if not re.search(rf"`{one}[ `]", text)) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_option_is_told_that_the_command_lacks(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines that call another program are its own affair."""
    ours = [line for line in read(name).splitlines() if not FOREIGN_RE.search(line)]
    told = set(OPTION_RE.findall("\n".join(ours)))
    known = {one for verb in ("", *COMMANDS) for one in OPTION_RE.findall(help_of(verb, capsys))}
    assert sorted(told - known) == []


@pytest.mark.parametrize("name", READMES)
def test_every_command_that_is_shown_parses(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = [line for line in shown_lines(name) if line.startswith("python3 build.py")]
    assert shown
    for line in shown:
        with pytest.raises(SystemExit) as ended:  # --help, last, ends before anything is done
            main([*shlex.split(line)[2:], "--help"])
        assert ended.value.code == 0, capsys.readouterr().err


@pytest.mark.parametrize("name", [*READMES, "docs/large-archives.md"])
def test_every_command_of_dask_that_is_shown_has_its_options(name: str) -> None:
    shown = DASK_RE.findall(read(name))
    assert [verb for verb, _ in shown] == ["scheduler", "worker"]
    for verb, words in shown:
        command: Any = import_module(f"distributed.cli.dask_{verb}").main
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        assert set(OPTION_RE.findall(words)) <= known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_of_make_that_is_shown_exists(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE))
    shown = set(re.findall(r"(?:`|^)make (?:\w+=\S+ )*(\w+)", read(name), re.MULTILINE))
    assert sorted(shown - targets) == []


def help_of(verb: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        main([*filter(None, [verb]), "--help"])
    return capsys.readouterr().out


def test_both_readmes_have_the_same_parts() -> None:
    """Headings and items in the same number, the same links, the same commands."""
    parts = []
    for name in READMES:
        text = read(name)
        marks = re.findall(r"^(?:#+ |- |\d\. |\| )", text, re.MULTILINE)
        near = [link for link in LINK_RE.findall(text) if not link.startswith(("#", "README"))]
        commands = [line.split("  ")[0] for line in shown_lines(name)]
        parts.append((marks, near, commands))
    assert parts[0] == parts[1]


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    links = [unquote(link.partition("#")[0]) for link in LINK_RE.findall(read(name))]
    near = [link for link in links if link and "://" not in link]
    assert [link for link in near if not (ROOT / name).parent.joinpath(link).is_file()] == []


@pytest.mark.parametrize("name", READMES)
def test_the_files_that_are_listed_are_there(name: str) -> None:
    listed = [line.split()[0] for line in shown_lines(name) if line.startswith("content/")]
    assert len(listed) == 3
    assert [path for path in listed if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", READMES)
def test_the_samples_are_those_of_the_demo(name: str) -> None:
    samples = SAMPLE_RE.findall(read(name))
    assert [path.partition("/")[0] for path, _ in samples] == ["sources", "content"]
    for path, block in samples:
        for piece in block.strip("\n").split("\n…\n"):
            assert piece.removesuffix("\n…") in read(path), path


@pytest.mark.parametrize("name", READMES)
def test_the_demo_is_as_large_as_is_told(name: str) -> None:
    told = COUNTS_RE.search(read(name))
    assert told
    files = len(list((ROOT / "content").glob("*/source.yaml")))
    articles = len(list((ROOT / "content").glob("*/*.md")))
    assert told.groups() == (str(files), str(articles))


def test_the_picture_is_small_enough_to_clone() -> None:
    assert (ROOT / "docs/images/archive.png").stat().st_size <= 250_000


# --- the code ------------------------------------------------------------------------------------


def test_the_floors_are_those_of_the_test() -> None:
    rows = FLOOR_ROW_RE.findall(read("ARCHITECTURE.md"))
    assert [number for number, _ in rows] == [str(n) for n in range(1, len(FLOORS) + 1)]
    assert [tuple(re.findall(r"`([^`]+)`", names)) for _, names in rows] == list(FLOORS)


def test_the_tables_stand_where_the_architecture_says() -> None:
    rows = TABLE_ROW_RE.findall(read("ARCHITECTURE.md"))
    assert len(rows) == 16
    for path, names in rows:
        for table in re.findall(r"`([A-Z_]+)`", names):
            assert re.search(rf"^{table}\b.* = ", read(path), re.MULTILINE), f"{path}: {table}"


def test_every_path_that_the_architecture_names_is_there() -> None:
    text = read("ARCHITECTURE.md") + read("docs/how-it-works.md")
    paths = re.findall(r"`((?:jianbao|tests|assets|docs)/[\w/.-]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []
