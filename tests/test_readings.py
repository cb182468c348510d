"""Readings: what a slow reader made of a file is kept, believed only whole, and made once."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable
from pathlib import Path

import pytest

from jianbao import readings
from jianbao.config import Config, Known
from jianbao.convert import read
from jianbao.convert.read import ByPage, Reader, Reading
from jianbao.converting import Given, convert_given
from jianbao.errors import JianbaoError
from jianbao.models import Doubt, Place
from jianbao.pipeline import HERE, Folders, build_site, convert_sources, foretell
from jianbao.progress import Progress
from jianbao.readings import keep_reading, known_reading, source_of
from jianbao.shelf import Seen

TEXT = "桥头的灯\n\n　　昨天夜里，桥头的灯亮了，过桥的人慢慢走。\n"
READING = Reading(
    TEXT,
    "utf-8",
    [Place(0, 4, 1, (10.0, 10.5, 90.0, 30.25), 20.0), Place(8, 29, 1, None, 9.0, 2, "caption")],
    [Doubt("doubtful-character", 8, 10, "识别时看不清的字，请对照原件")],
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every file that a slow reader was asked to read."""
    paths: list[str] = []

    def read_slowly(raw: bytes, path: str, encoding: str | None) -> Reading:
        del raw, encoding
        paths.append(path)
        return READING

    monkeypatch.setitem(read.READERS, ".slow", Reader("slow", read_slowly, slow=True))
    return paths


def folders_in(home: Path) -> Folders:
    names = ("config.yaml", "sources", "content", "site")
    folders = Folders(*(home / name for name in names))
    folders.sources.mkdir()
    return folders


def kept(folder: Path) -> list[Path]:
    return list((folder / ".cache" / "readings").glob("*"))


def test_a_reading_comes_back_as_it_was_kept(tmp_path: Path, asked: list[str]) -> None:
    config = tmp_path / "config.yaml"
    assert known_reading(config, b"raw", "a.slow") is None
    keep_reading(config, b"raw", "a.slow", READING)
    assert known_reading(config, b"raw", "b.slow") == READING
    assert known_reading(config, b"others", "a.slow") is None


def test_a_damaged_reading_is_made_anew(tmp_path: Path, asked: list[str]) -> None:
    config = tmp_path / "config.yaml"
    for spoil in (lambda data: data[:-9], lambda data: data.replace("桥".encode(), "挢".encode()), lambda data: b"{}", lambda data: b""):  # fmt: skip
        keep_reading(config, b"raw", "a.slow", READING)
        (place,) = kept(tmp_path)
        place.write_bytes(spoil(place.read_bytes()))
        assert known_reading(config, b"raw", "a.slow") is None
    assert source_of(config, b"raw", "a.slow", None).text == TEXT
    assert asked == ["a.slow"]


def test_what_another_version_of_a_reader_made_is_not_believed(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    keep_reading(config, b"raw", "a.slow", READING)
    monkeypatch.setitem(read.READERS, ".slow", read.READERS[".slow"]._replace(version=2))
    assert known_reading(config, b"raw", "a.slow") is None


def test_what_is_read_quickly_is_not_kept(tmp_path: Path) -> None:
    keep_reading(tmp_path / "config.yaml", b"raw", "a.txt", READING)
    assert not (tmp_path / ".cache").exists()


def test_where_nothing_can_be_kept_it_is_read_all_the_same(
    tmp_path: Path, asked: list[str]
) -> None:
    (tmp_path / ".cache").write_text("in the way")
    for _ in range(2):
        assert source_of(tmp_path / "config.yaml", b"raw", "a.slow", None).text == TEXT
    assert asked == ["a.slow"] * 2


def test_a_conversion_hands_back_what_it_has_read_and_takes_what_is_known(asked: list[str]) -> None:
    given = Given("a.slow", b"raw", Known(), Seen("a", {}, {}))
    made = convert_given(given, Config())
    assert made.reading == READING
    known = Given("a.slow", b"raw", Known(), Seen("a", {}, {}), made.reading)
    assert convert_given(known, Config()).reading is None
    assert convert_given(known, Config()).sheets == made.sheets
    assert asked == ["a.slow"]


def test_a_file_is_read_once_by_all_that_is_done_with_it(tmp_path: Path, asked: list[str]) -> None:
    folders = folders_in(tmp_path)
    (folders.sources / "a.slow").write_bytes(b"raw")
    assert foretell(Config(), folders).errors == ()
    assert convert_sources(Config(), folders).articles == 1
    assert build_site(Config(), folders).errors == ()
    assert asked == ["a.slow"]
    assert "桥头的灯" in (folders.site / "sources" / "a" / "index.html").read_text("utf-8")


@pytest.fixture
def turned(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every page that a reader was asked to read of a file of three pages, `blank.slow` of which cannot be."""
    pages: list[int] = []

    def read_page(raw: bytes, path: str, number: int) -> str:
        pages.append(number)
        if path.startswith("blank") and number:
            raise JianbaoError("a page is blank", path=path)
        return TEXT[number * 9 : number * 9 + 9 if number < 2 else None]

    def bind(texts: Iterable[str]) -> Reading:
        return READING._replace(text="".join(texts))

    reader = read.READERS[".slow"]._replace(by_page=ByPage(lambda raw, path: 3, read_page, bind))
    monkeypatch.setitem(read.READERS, ".slow", reader)
    return pages


@pytest.mark.parametrize("can_be_kept", [True, False])
def test_a_file_of_many_pages_is_read_page_by_page_and_once(
    tmp_path: Path, asked: list[str], turned: list[int], can_be_kept: bool
) -> None:
    folders = folders_in(tmp_path)
    (folders.sources / "a.slow").write_bytes(b"raw")
    if not can_be_kept:
        (tmp_path / ".cache").write_text("in the way")
    terminal, clock = io.StringIO(), itertools.count(0.0, 5.0)
    report = convert_sources(Config(), folders, HERE, Progress(terminal, lambda: next(clock)))
    assert report.articles == 1
    assert (turned, asked) == ([0, 1, 2], [])
    assert "2 of 3 pages of a.slow · " in terminal.getvalue()
    convert_sources(Config(), folders)
    assert turned == ([0, 1, 2] if can_be_kept else [0, 1, 2] * 2)


def test_what_keeps_a_page_from_being_read_is_told_by_who_reads_the_whole(
    tmp_path: Path, asked: list[str], turned: list[int]
) -> None:
    folders = folders_in(tmp_path)
    (folders.sources / "blank.slow").write_bytes(b"raw")
    assert convert_sources(Config(), folders).articles == 1
    assert (turned, asked) == ([0, 1], ["blank.slow"])


def test_a_source_that_is_read_otherwise_than_its_ledger_says_is_not_shown(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = folders_in(tmp_path)
    (folders.sources / "a.slow").write_bytes(b"raw")
    convert_sources(Config(), folders)
    keep_reading(folders.config, b"raw", "a.slow", READING._replace(text=TEXT + "多了几个字"))
    assert build_site(Config(), folders).errors == ()
    assert "多了几个字" not in (folders.site / "sources" / "a" / "index.html").read_text("utf-8")
    assert readings.FOLDER.parts == (".cache", "readings")
