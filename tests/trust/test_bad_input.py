"""R12: whatever lies in sources/ or content/ is taken or told in a sentence; nothing crashes, hangs or eats the machine."""

from __future__ import annotations

import io
import os
import re
import resource
import signal
import socket
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jianbao import content
from jianbao.config import Config, Known
from jianbao.content import load
from jianbao.convert.conversion import convert_source
from jianbao.errors import JianbaoError
from jianbao.publish.markdown import plain_passages, render_body
from jianbao.slugs import MAX_LENGTH
from tests.trust.small_archive import build, convert, make_archive, run, tree, write

MEMORY = 1_000_000_000  # bytes that a run may have at any time
SECONDS = 10  # of work on one file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive")


# --- files that are hardly files ----------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u3000\u200b".encode()])
def test_R12_a_file_without_a_character_is_noted_and_is_no_error(home: Path, data: bytes) -> None:
    write(home / "sources" / "empty.txt", data)
    report = convert(home)
    assert report.errors == ()
    [note] = [one for one in report.notes if "empty.txt" in one]
    assert "no article" in note
    assert list((home / "content" / "empty").glob("*.md")) == []


def as_link(path: Path) -> None:
    path.symlink_to(write_outside(path))


def as_circle(path: Path) -> None:
    path.symlink_to(path)


def as_dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere.txt"))


def as_socket(path: Path) -> None:
    place = os.open(path.parent, os.O_RDONLY)
    try:  # the path of a socket is short
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(f"/proc/self/fd/{place}/{path.name}")
    finally:
        os.close(place)


def as_linked_folder(path: Path) -> None:
    path.symlink_to(write_outside(path).parent)


def write_outside(path: Path) -> Path:
    outside = path.parent.parent.parent / "outside" / "secret.txt"
    write(outside, "# 不给人看的\n\n这一篇在外面。\n")
    return outside


ODD: dict[str, Callable[[Path], object]] = {
    "a link": as_link,
    "a circle": as_circle,
    "a link to nothing": as_dangling,
    "a pipe": os.mkfifo,
    "a socket": as_socket,
    "a linked folder": as_linked_folder,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_R12_what_is_no_plain_file_is_skipped_and_told(
    home: Path, odd: Callable[[Path], object]
) -> None:
    odd(home / "sources" / "odd.txt")
    report = convert(home)
    assert report.errors == ()
    [note] = [one for one in report.notes if "odd.txt" in one]
    assert "not opened" in note
    assert not [name for name in tree(home / "content") if "odd" in name or "secret" in name]


def test_R12_a_folder_called_like_a_page_is_a_folder(home: Path) -> None:
    write(home / "sources" / "folder.txt" / "b.txt", "# 渡口\n\n城南渡口昨日开航。\n")
    report = convert(home)
    assert (report.errors, report.files) == ((), 4)


@pytest.mark.parametrize("place", ["content/a/zz.md", "content/a/source.yaml"])
@pytest.mark.parametrize("odd", ["a link", "a pipe"])
def test_R12_what_is_no_plain_file_in_content_is_not_read(home: Path, place: str, odd: str) -> None:
    convert(home)
    path = home / place
    path.unlink(missing_ok=True)
    ODD[odd](path)
    report = build(home)
    [error] = [one for one in report.errors if one.path == str(path)]
    assert "no plain file" in error.message
    assert "不给人看的" not in str(tree(home / "site"))
    if odd != "a pipe":  # which convert has nothing to say of either
        assert [one for one in convert(home).errors if one.path != str(path)] == []


# --- names ---------------------------------------------------------------------------------------

NAMES = (
    "a b.txt", "渡口.txt", "new\nline.txt", "tab\t.txt", "-x.txt", "..x.txt", "a\\b.txt", "CON.txt", "{{7*7}}.txt",
    "x" * 251 + ".txt", "青" * 83 + "ab.txt", "é.txt", unicodedata.normalize("NFD", "é.txt"), "A.txt", "B.txt", "b.txt",
    "index.txt", "search.txt", "404.txt", "assets.txt", "data.txt", "$(id).txt", "a;b.txt", "'.txt", '"><script>.txt',
)  # fmt: skip


def test_R12_any_name_has_an_address_of_its_own_that_does_not_depend_on_order(
    tmp_path: Path,
) -> None:
    slugs: list[dict[str, str]] = []
    for number, names in enumerate((NAMES, NAMES[::-1])):
        home = tmp_path / str(number)
        write(home / "config.yaml", "title: 渡口\n")
        for name in names:
            write(home / "sources" / name, f"# 渡口\n\n这一篇的名字是第{NAMES.index(name)}个。\n")
        report = convert(home)
        assert report.errors == ()
        ledgers = (home / "content").glob("*/source.yaml")
        slugs.append({content.load_ledger(path.read_text("utf-8"), path="").file: path.parent.name for path in ledgers})  # fmt: skip
    assert slugs[0] == slugs[1]
    assert slugs[0].keys() == set(NAMES) - {"..x.txt"}  # a dot in front hides a file
    found = list(slugs[0].values())
    assert len({one.casefold() for one in found}) == len(found)
    for one in found:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one)
        assert len(one) <= MAX_LENGTH + len("-12345678")
    report = build(home)
    assert report.errors == ()
    assert all(re.fullmatch(r"[\w./-]+", name, re.ASCII) for name in tree(home / "site"))


NAMELESS = (b"bad\xff.txt", b"bad\x01.txt", b"bad\x7f.txt")


@pytest.mark.parametrize("name", NAMELESS)
def test_R12_a_name_that_cannot_be_written_down_is_told(home: Path, name: bytes) -> None:
    write(home / "sources" / os.fsdecode(name), "# 渡口\n\n城南渡口昨日开航。\n")
    write(home / "sources" / "bad.txt", "# 灯\n\n老码头的灯亮了。\n")
    report = convert(home)
    [error] = report.errors
    assert "name" in error.message
    assert "Rename" in error.hint
    assert (report.files, (home / "content" / "bad" / "01.md").is_file()) == (4, True)
    assert build(home).errors == ()
    if name == NAMELESS[0]:  # and the command can print it
        assert run(home, "convert", "--json").returncode == 1


# --- articles that share something ---------------------------------------------------------------


def test_R12_articles_of_one_title_and_day_have_addresses_of_their_own(home: Path) -> None:
    for name in ("one", "two"):
        write(home / "sources" / f"{name}.txt", f"# 渡口\n\n2020年6月18日，{name}从渡口过江。\n")
    convert(home)
    report = build(home)
    assert report.errors == ()
    assert {"one-01", "two-01"} <= {path.name for path in (home / "site" / "articles").iterdir()}


@pytest.mark.parametrize("name", ["index", "search", "404", "assets", "articles", "sitemap"])
def test_R12_an_id_may_be_a_name_of_the_sites_own(home: Path, name: str) -> None:
    write(home / "content" / "own" / "01.md", f'---\nid: "{name}"\ntitle: 甲\n---\n\n乙。\n')
    before = set(tree(home / "site"))
    assert build(home).errors == ()
    assert before <= set(tree(home / "site"))
    assert (home / "site" / "articles" / name / "index.html").is_file()
    assert "甲" in (home / "site" / "articles" / name / "index.html").read_text("utf-8")


# --- articles too complex --------------------------------------------------------------------------

COMPLEX = {
    "brackets": "[" * 50_000,
    "pictures": "![" * 25_000,
    "links": "[a](b" * 20_000,
    "references": "[a][" * 20_000,
    "quotations": ">" * 5_000 + "甲",
    "quotations with blanks": "> " * 5_000 + "甲",
    "columns": "|" + "甲|" * 10_000 + "\n|" + "-|" * 10_000 + "\n|" + "乙|" * 10_000 + "\n",
    "lists": "\n".join("  " * depth + "- 甲" for depth in range(2_000)),
    "lists in one line": "- " * 2_000 + "甲",
    "a line": "甲乙丙丁，" * 200_000,
    "stars": "**甲" * 50_000,
    "underlines": "__a_" * 50_000,
    "ticks": "".join("`" * length + "a" for length in range(600)),
    "tags": "<a " * 50_000,
    "comments": "<!--" * 50_000,
    "entities": "&a;" * 50_000,
    "underlined headings": "甲\n===\n" * 10_000,
    "blank lines": "\n" * 500_000 + "甲",
    "letters": "a" * 300_000 + "!甲",
    "commas": "甲" + "," * 300_000,
    "parentheses": "甲" + "(" * 20_000 + ")" * 20_000,
    "addresses": "甲https://" * 50_000 + "!",
}


@pytest.mark.parametrize("body", COMPLEX.values(), ids=COMPLEX.keys())
def test_R12_an_article_too_complex_is_shown_as_it_stands(body: str) -> None:
    with ended_after(SECONDS):
        shown = render_body(body, widen=True).html
        text = "".join(passage.text for passage in plain_passages(body))
    words = set(re.findall("[甲乙丙丁]", body))
    assert words == words & set(shown) & set(text)


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """An error where the work takes longer, counted in the time of this process alone."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


# --- sizes -----------------------------------------------------------------------------------------


def test_R12_a_file_above_the_limit_is_refused_and_one_may_raise_it(home: Path) -> None:
    large = home / "sources" / "large.txt"
    with large.open("wb") as file:
        file.truncate(100_000_000)
    [error] = convert(home).errors
    assert error.told().startswith(
        f"error: {large}: has 100 MB, more than 20\n  Raise max_source_mb"
    )
    write(home / "config.yaml", "max_source_mb: 101\n")
    [error] = convert(home).errors
    assert error.message == "not text"  # it was read: it is all NULs


def zip_of(names: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return made.getvalue()


ARCHIVES = {
    "a bomb": zip_of({"word/document.xml": bytes(60_000_000)}),
    "many entries": zip_of({f"{number}.xml": b"" for number in range(20_000)}),
    "a name that climbs": zip_of({"../../outside.txt": b"x", "word/document.xml": b"<x/>"}),
}


@pytest.mark.parametrize("data", ARCHIVES.values(), ids=ARCHIVES.keys())
@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.zip"])
def test_S11_an_archive_of_files_is_refused_whoever_reads_it(name: str, data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(JianbaoError):
        convert_source(data, name, "a", Known(), Config())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "darwin" else 1024) < MEMORY / 10


# --- YAML ------------------------------------------------------------------------------------------

YAML = {
    "a bomb": "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
    "brackets": "a: " + "[" * 30_000,
    "braces": "a: " + "{b: " * 30_000,
    "dashes": "a:\n" + "- " * 30_000,
    "a key twice": "id: a\nid: b\n",
    "a call": "a: !!python/object/apply:os.system [id]\n",
    "a name": "a: !!python/name:os.system\n",
    "a tab": "id: a\n\ttitle: b\n",
    "no day": "id: a\ndate: 2020-02-30\n",
    "octal": "id: a\npage: 010\n",
    "a list": "- a\n",
    "a word": "a\n",
    "nothing": "",
    "a NUL": "id: a\0\n",
    "a slug that climbs": "id: ../../x\n",
}  # fmt: skip


@pytest.mark.parametrize("front", YAML.values(), ids=YAML.keys())
def test_R12_front_matter_that_is_wrong_is_one_sentence_with_its_line(front: str) -> None:
    with pytest.raises(JianbaoError) as error:
        load(f"---\n{front}---\n\n渡口。\n", path="content/a/01.md")
    assert error.value.path == "content/a/01.md"
    assert error.value.line
    assert "\n" not in error.value.message
    assert len(error.value.message) < 300


def test_R12_a_very_long_value_is_taken() -> None:
    title = "渡" * 1_000_000
    assert load(f"---\nid: a\ntitle: {title}\n---\n", path="").title == title
