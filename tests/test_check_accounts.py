"""What the check says of an archive's accounts: sources, articles, the site and its search belong together."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao.check import CheckWarning, check_accounts, check_site
from jianbao.config import Config
from jianbao.errors import JianbaoError
from jianbao.pipeline import Folders, build_site, convert_sources

PAGE = """梧川日报 2020年6月18日 星期四 第3版

渡口今天恢复通航

本报讯（记者 何小禾）停了四十天的渡口今天恢复通航。早上六点，第一班渡船载着三十名乘客离岸。

老桥头的钟又走起来了

本报讯（记者 孟书遥）老桥头的钟停了三年，昨天又走起来了。修钟的老师傅今年七十岁。
"""


def folders_in(place: Path) -> Folders:
    return Folders(
        place / "config.yaml", *(place / name for name in ("sources", "content", "site"))
    )


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("accounts") / "archive"
    (place / "sources").mkdir(parents=True)
    (place / "sources" / "a3.txt").write_text(PAGE, "utf-8")
    folders = folders_in(place)
    assert convert_sources(Config(), folders).articles == 2
    assert build_site(Config(), folders).errors == ()
    return place


@pytest.fixture
def archive(built_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built_once, tmp_path / "archive"))


def complaints(place: Path) -> list[tuple[type[JianbaoError], str]]:
    folders = folders_in(place)
    errors = [*check_site(folders.site, base_url=None), *check_accounts(Config(), folders)]
    assert all(error.hint for error in errors)
    return [(type(one), one.told().splitlines()[0].replace(f"{place}/", "")) for one in errors]


def test_an_archive_as_it_was_built(archive: Path) -> None:
    assert complaints(archive) == []


def test_a_site_alone_has_no_accounts(archive: Path) -> None:
    shutil.rmtree(archive / "content")
    assert complaints(archive) == []


# --- content/ against sources/ --------------------------------------------------------------------


def test_a_source_that_changed_is_an_error(archive: Path) -> None:
    source = archive / "sources" / "a3.txt"
    source.write_text(PAGE.replace("四十天", "四十一天"), "utf-8")
    says = "error: sources/a3.txt: has changed since it was converted"
    assert complaints(archive) == [(JianbaoError, says)]


def test_sources_that_are_not_here_are_a_warning(archive: Path) -> None:
    (archive / "sources" / "a3.txt").unlink()
    says = "warning: sources: sources that are not here: 1, such as a3.txt"
    assert complaints(archive) == [(CheckWarning, says)]


def test_a_ledger_that_names_a_file_elsewhere_is_not_followed(archive: Path) -> None:
    (archive / "secret.txt").write_text(PAGE, "utf-8")
    edit(
        archive / "content" / "a3" / "source.yaml",
        lambda text: text.replace("file: a3.txt", "file: ../secret.txt"),
    )
    says = "warning: sources: sources that are not here: 1, such as ../secret.txt"
    assert complaints(archive) == [(CheckWarning, says)]


def edit(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    assert change(text) != text
    path.write_text(change(text), "utf-8")


@pytest.mark.parametrize(
    ("pattern", "put", "says"),
    [
        (r"characters: \d+", "characters: 7", "tells of"),
        (r"bytes: \d+", "bytes: 7", "tells of 7 bytes"),
        (r"end: \d+", "end: 90000", "a span leads out of the source"),
        (r"sha256: \w{8}", "sha256: 00000000", "has changed since it was converted"),
    ],
)
def test_a_ledger_that_is_wrong_is_an_error(
    archive: Path, pattern: str, put: str, says: str
) -> None:
    edit(
        archive / "content" / "a3" / "source.yaml", lambda text: re.sub(pattern, put, text, count=1)
    )
    ((kind, line),) = complaints(archive)
    assert kind is JianbaoError
    assert says in line


def test_a_ledger_that_cannot_be_read_is_an_error(archive: Path) -> None:
    (archive / "content" / "a3" / "source.yaml").write_text("file: [\n", "utf-8")
    ((kind, line),) = complaints(archive)
    assert kind is JianbaoError
    assert line.startswith("error: content/a3/source.yaml:")


def test_what_the_next_conversion_puts_right_is_a_warning(archive: Path) -> None:
    first = archive / "content" / "a3" / "01.md"
    edit(first, lambda text: text.replace("publish:", "").replace("source:", "kept: true\nsource:"))
    twice = first.read_text("utf-8").replace("id: a3-01", "id: a3-01-again")
    (archive / "content" / "a3" / "03.md").write_text(twice, "utf-8")
    found = complaints(archive)
    assert (CheckWarning, "error: content/a3/03.md: has no page in the site") not in found
    kinds = {line.partition(": ")[0]: kind for kind, line in found}
    assert kinds == {"warning": CheckWarning, "error": JianbaoError}
    assert any(
        "stands in two places by the account in content/a3/source.yaml" in line for _, line in found
    )
    assert convert_sources(Config(), folders_in(archive)).errors == ()
    assert build_site(Config(), folders_in(archive)).errors == ()
    assert complaints(archive) == []


def test_a_deleted_article_is_told_with_the_line_of_its_source(archive: Path) -> None:
    (archive / "content" / "a3" / "02.md").unlink()
    ((kind, line),) = complaints(archive)
    assert kind is CheckWarning
    assert re.fullmatch(
        r"warning: sources/a3\.txt:7: the character '老' is in no article by .*",
        line.replace(str(archive), ""),
    )


# --- the site against content/ --------------------------------------------------------------------


def test_a_site_that_is_older_than_its_articles_is_an_error(archive: Path) -> None:
    own = "---\nid: a-note\ntitle: 编者按\n---\n\n渡口的事，另见县志。\n"
    (archive / "content" / "note.md").write_text(own, "utf-8")
    assert complaints(archive) == [
        (JianbaoError, "error: content/note.md: has no page in the site")
    ]


def test_an_article_that_was_taken_down_and_is_still_there_is_an_error(archive: Path) -> None:
    edit(
        archive / "content" / "a3" / "01.md",
        lambda text: text.replace("\n---\n", "\npublish: false\n---\n", 1),
    )
    says = "error: content/a3/01.md: is still in the site, though it says publish: false"
    assert complaints(archive) == [(JianbaoError, says)]


# --- the search as it was shipped -----------------------------------------------------------------


def index_of(archive: Path) -> Path:
    (manifest,) = (archive / "site" / "search").glob("*/manifest.json")
    return manifest.parent


def test_a_search_whose_files_were_changed_is_an_error(archive: Path) -> None:
    edit(index_of(archive) / "terms" / "0.txt", lambda text: text.replace("渡口", "渡船"))
    ((kind, line),) = complaints(archive)
    assert kind is JianbaoError
    assert line.endswith("the files of the search are not those that were built")


def test_a_search_that_is_gone_is_an_error(archive: Path) -> None:
    index = index_of(archive)
    shutil.rmtree(index)
    says = f"error: site/search/index.html: its index search/{index.name}/ is not there"
    assert (JianbaoError, says) in complaints(archive)


def test_a_search_that_does_not_find_an_article_is_an_error(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are those that were built, and still a word is missing."""
    index = index_of(archive)
    edit(index / "terms" / "0.txt", lambda text: re.sub("\n渡口\t.*", "", text))
    monkeypatch.setattr("jianbao.publish.search.folder_of", lambda _: f"/search/{index.name}/")
    lines = [line for _, line in complaints(archive)]
    assert len(lines) == 1
    assert "the search does not find it by" in lines[0]


def test_a_search_that_finds_what_has_no_page_is_an_error(archive: Path) -> None:
    shutil.rmtree(archive / "site" / "articles" / "a3-01")
    assert any(
        "finds the article 'a3-01', which has no page" in line for _, line in complaints(archive)
    )


def test_a_site_of_another_folder_is_checked_there(archive: Path) -> None:
    folders = replace(folders_in(archive), site=archive / "elsewhere")
    (archive / "site").rename(archive / "elsewhere")
    assert check_accounts(Config(), folders) == []
