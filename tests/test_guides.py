"""The guides for those who keep an archive or read in one: every key, message, command and query in them is the program's."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from playwright.sync_api import Page, expect

from jianbao.cli import main
from jianbao.config import SETTINGS, SIDECAR_KEYS, Config, load_config, load_known
from jianbao.convert.read import READERS
from tests.conftest import Archive
from tests.test_command import make_archive, tree
from tests.test_docs import DOCUMENTS, read, shown_lines

ROOT = Path(__file__).parent.parent
ROW_RE = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
YAML_RE = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
QUERY_RE = re.compile(r"^\| `([^`]+)` \| .* \| (\d+) \|$", re.MULTILINE)
WORD_RE = re.compile(r"`((?:build\.py|make) [^`]+)`")
COMMAND_RE = re.compile(r"(?:python3? (?:\S+/)?build\.py|\.venv/bin/jianbao|jianbao)( .*)?")
NAMED_RE = re.compile(r"`(\.venv/bin/jianbao[^`]*)`")
# Commands that go on until they are ended, or need other machines: they are read, and not run.
UNFETCHED = "this Jianbao was not fetched from a public repository"  # nor are the tests'
UNENDING = ("serve", "--cluster")


def section(name: str, heading: str) -> str:
    """What stands below a heading of a document, up to the next one."""
    text = read(name).partition(f"\n{heading}\n")[2]
    assert text, heading
    return re.split(r"^#+ ", text, maxsplit=1, flags=re.MULTILINE)[0]


def block(name: str, first: str) -> str:
    """The example in YAML that begins with a line."""
    (found,) = (one for one in YAML_RE.findall(read(name)) if one.startswith(first))
    return str(found)


# --- settings and sources -------------------------------------------------------------------------


def test_every_setting_is_told_and_no_other() -> None:
    assert ROW_RE.findall(read("docs/config.md")) == list(SETTINGS)


def test_the_example_has_every_setting_and_is_read() -> None:
    text = block("docs/config.md", "title:")
    assert list(yaml.safe_load(text)) == list(SETTINGS)
    config = load_config(text, path="config.yaml")
    assert [
        name for name in Config.__slots__ if getattr(config, name) == getattr(Config(), name)
    ] == []


@pytest.mark.parametrize("key", ["publications", "topics", "forge", "typography", "accent"])
def test_the_parts_of_a_setting_are_all_in_the_example(key: str) -> None:
    """A part that nobody tells of is one that the error names and the example lacks."""
    shown = yaml.safe_load(block("docs/config.md", "title:"))[key]
    parts = set(shown[0] if isinstance(shown, list) else shown)
    stray = {**(shown[0] if isinstance(shown, list) else shown), "stray": 1}
    with pytest.raises(Exception, match=r"\w") as error:
        load_config(yaml.safe_dump({key: [stray] if isinstance(shown, list) else stray}), path="")
    known = (
        str(error.value).partition("known: ")[2].split(", ")
        if "known: " in str(error.value)
        else parts
    )
    assert parts | ({"keywords"} if key == "topics" else set()) == set(known)


def test_what_is_left_out_is_what_the_table_says() -> None:
    rows = dict(
        re.findall(
            r"^\| `(\w+)` \| .* \| `?\[?([\w.-]+)\]?`? \|$", read("docs/config.md"), re.MULTILINE
        )
    )
    shown = {key: rows[key] for key in ("title", "languages", "citation", "max_source_mb")}
    plain = Config()
    assert shown == {
        "title": plain.title,
        "languages": plain.languages[0],
        "citation": plain.citation,
        "max_source_mb": str(plain.max_source_mb),
    }


def test_every_key_of_a_sidecar_is_told_and_the_example_is_read() -> None:
    assert ROW_RE.findall(section("docs/sources.md", "## What you know of a source")) == list(
        SIDECAR_KEYS
    )
    assert load_known(block("docs/sources.md", "publication:"), path="a.yaml").kind == "web"


def test_every_format_is_told() -> None:
    assert ROW_RE.findall(section("docs/sources.md", "## Formats")) == list(READERS)


# --- messages -------------------------------------------------------------------------------------


@cache
def sentences() -> frozenset[str]:
    """Every text in the code, with … for what is put in; of the Makefile and of the shell's words too."""
    found = set()
    for path in (ROOT / "build.py", ROOT / "bundle.py", *(ROOT / "jianbao").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (
                    part.value if isinstance(part, ast.Constant) else "…" for part in node.values
                )
                found.add("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset([*found, (ROOT / "Makefile").read_text("utf-8")])


def is_said(message: str) -> bool:
    """Whether the program has a text that holds the message, or that the message is an instance of."""
    wanted = re.compile(".*?".join(map(re.escape, message.split("…"))))
    return any(wanted.search(one) for one in sentences()) or any(
        said.fullmatch(message) for said in instances()
    )


@cache
def instances() -> list[re.Pattern[str]]:
    """What every text looks like when something is put in, if it says enough by itself."""
    parted = (one.split("…") for one in sentences())
    return [
        re.compile(".+".join(map(re.escape, parts)))
        for parts in parted
        if len(parts) > 1 and len("".join(parts)) > 7
    ]


MESSAGES: list[str] = ROW_RE.findall(read("docs/troubleshooting.md"))


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_that_is_told_is_one_of_the_program(message: str) -> None:
    assert is_said(message)


def test_a_message_that_nobody_says_is_seen() -> None:
    assert len(MESSAGES) > 40
    assert not is_said("the moon … is full")
    assert not is_said("unheard setting …")


# --- commands -------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every call of the program in the documents, with its words."""
    documents = [*DOCUMENTS, "jianbao/starter/README.md"]
    lines = {line.strip() for name in documents for line in shown_lines(name)}
    lines |= {one for name in documents for one in NAMED_RE.findall(read(name))}
    for line in sorted(lines):
        if found := COMMAND_RE.fullmatch(line):
            yield line, shlex.split(found[1] or "")


def test_there_are_commands_in_the_documents() -> None:
    lines = [line for line, _ in commands()]
    assert len(lines) >= 10
    assert any("jianbao check" in line for line in lines)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive and its site."""
    return make_and_build(tmp_path_factory.mktemp("place") / "archive")


def make_and_build(folder: Path) -> Path:
    archive = make_archive(folder)
    assert main(["--quiet", "--config", str(archive / "config.yaml")]) == 0
    return archive


@pytest.fixture
def archive(built: Path) -> Iterator[Path]:
    """The same one for all, alone in its place; made anew where a command has changed anything of it."""
    before = seen_in(built)
    yield built
    shutil.rmtree(built.with_name("linhe"), ignore_errors=True)
    if seen_in(built) != before:
        shutil.rmtree(built)
        make_and_build(built)


def seen_in(archive: Path) -> dict[str, bytes]:
    """What a person sees of it: all but the program's memory."""
    return {name: data for name, data in tree(archive).items() if not name.startswith(".cache/")}


@pytest.mark.parametrize(
    "words", [words for _, words in commands()], ids=lambda words: " ".join(words) or "alone"
)
def test_every_command_that_is_shown_does_what_it_should(words: list[str], archive: Path) -> None:
    """In a small archive; what it names beside it is there."""
    if any(word in words for word in UNENDING):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code == 0
        return
    if any("linhe" in word for word in words) and "new" not in words:
        make_archive(archive.with_name("linhe"))
    ran = subprocess.run(
        [sys.executable, ROOT / "build.py", *words],
        cwd=archive,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    told = [line for line in ran.stderr.splitlines() if UNFETCHED not in line]
    assert (ran.returncode, told) == (0, [])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_word_of_the_command_in_a_sentence_is_known(name: str) -> None:
    targets = set(re.findall(r"^(\w[\w-]*):", read("Makefile"), re.MULTILINE))
    for told in WORD_RE.findall(read(name)):
        words = shlex.split(told)
        if words[0] == "make":
            asked = [word for word in words[1:] if "=" not in word]
            assert set(asked) <= targets, told
            continue
        words = [
            {"DIR": "x", "N": "8000", "PATH": "x", "URL": "https://a.example"}.get(word, word)
            for word in words[1:]
        ]
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code == 0, told


# --- queries --------------------------------------------------------------------------------------


def test_every_query_that_is_shown_finds_as_many_as_is_told(page: Page, demo: Archive) -> None:
    shown = QUERY_RE.findall(read("docs/search.md"))
    assert len(shown) == 12
    for query, count in shown:
        page.goto(f"{demo.address}/search/?q={quote(query)}")
        expect(page.locator("[data-result-count]")).to_have_text(count)
