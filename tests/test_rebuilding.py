"""Building again and again in one process, and converting again: equal to doing all from the start, whatever has happened meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jianbao import pipeline, swap
from jianbao.config import Config
from jianbao.converting import Given, Made, convert_given
from jianbao.crew import Crew
from jianbao.errors import JianbaoError
from jianbao.last_conversion import path_of_conversion
from jianbao.pipeline import Folders, build_site, convert_sources, read_config
from jianbao.progress import SILENT
from jianbao.rebuilding import Rebuilder
from jianbao.report import Report
from jianbao.watching import difference, take_stock

PAGES = {
    "a.txt": """城南渡口昨日开通

本报讯（记者 何川）城南渡口昨日开通，过江不再绕路。渡船每一刻钟一班，早六点开航。

河西新桥合龙

本报讯（通讯员 周明）河西新桥昨日合龙，两岸居民奔走相告。新桥长六百米，下月通车。
""",
    "b.txt": """图书馆夜间开放

本报讯（记者 何川）市图书馆自下周起夜间开放至十点，读者凭证入馆。夜读座位共有二百个。
""",
}
Happening = Callable[[Path, int], object]


def folders_in(home: Path) -> Folders:
    return Folders(home / "config.yaml", home / "sources", home / "content", home / "site")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def articles(home: Path) -> list[Path]:
    return sorted(path for path in home.glob("content/*/*.md"))


def replaced(home: Path, at: int, old: str, new: str) -> None:
    if found := articles(home):
        path = found[at % len(found)]
        write(path, path.read_text("utf-8").replace(old, new))


def moved(home: Path, at: int) -> None:
    if found := articles(home):
        path = found[at % len(found)]
        target = home / "content" / "b" / f"moved-{at}.md"
        if target.parent.is_dir() and not target.exists():
            path.rename(target)


def deleted(home: Path, at: int) -> None:
    if found := articles(home):
        found[at % len(found)].unlink()


HAPPENINGS: dict[str, Happening] = {
    "nothing": lambda home, at: None,
    "a word": lambda home, at: replaced(home, at, "昨日", f"前{'一二三四五'[at % 5]}日"),
    "a headline": lambda home, at: replaced(home, at, "title: ", f"title: 新{at}"),
    "another source": lambda home, at: replaced(home, at, "file: a.txt", "file: b.txt"),
    "moved": moved,
    "deleted": deleted,
    "an article of one's own": lambda home, at: write(
        home / "content" / "own" / f"{at}.md", f"---\nid: own-{at}\ntitle: 自撰\n---\n\n渡口。\n"
    ),
    "broken": lambda home, at: write(home / "content" / "own" / "x.md", "---\nid: [\n---\n"),
    "mended": lambda home, at: (home / "content" / "own" / "x.md").unlink(missing_ok=True),
    "the page": lambda home, at: write(
        home / "sources" / "a.txt", PAGES["a.txt"].replace("六百米", f"{at}百米")
    ),
    "a page more": lambda home, at: write(
        home / "sources" / f"more-{at}.txt",
        f"第{at}号简讯\n\n本报讯（记者 何川）第{at}号简讯今日见报。\n",
    ),
    "a page less": lambda home, at: (home / "sources" / "b.txt").unlink(missing_ok=True),
    "a sidecar": lambda home, at: write(
        home / "sources" / "a.txt.yaml", f"issue_date: 2020-01-{at % 28 + 1:02}\n"
    ),
    "a folder's sidecar": lambda home, at: write(
        home / "sources" / "_.yaml", f"publication: 云江{'日晚早'[at % 3]}报\n"
    ),
    "a bad page": lambda home, at: (home / "sources" / "bad.txt").write_bytes(b"%PDF-1.7"),
    "a good page": lambda home, at: (home / "sources" / "bad.txt").unlink(missing_ok=True),
    "a setting": lambda home, at: write(home / "config.yaml", f"title: 第{at}种\n"),
    "a template": lambda home, at: write(
        home / "theme/templates/404.html", f'{{% extends "jianbao/404.html" %}}{{# {at} #}}'
    ),
    "no memory": lambda home, at: shutil.rmtree(home / ".cache", ignore_errors=True),
    "no site": lambda home, at: shutil.rmtree(home / "site", ignore_errors=True),
    "no ledger": lambda home, at: (home / "content/a/source.yaml").unlink(missing_ok=True),
}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("converted")
    write(home / "config.yaml", "title: 剪报\n")
    for name, text in PAGES.items():
        write(home / "sources" / name, text)
    convert_and_build(home)
    return home


def convert_and_build(home: Path) -> Report:
    folders = folders_in(home)
    config = read_config(folders.config)
    return convert_sources(config, folders) + build_site(config, folders)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class Preview:
    """A rebuilder that is told what has changed as the preview is."""

    def __init__(self, home: Path) -> None:
        self.home = home
        folders = folders_in(home)
        self.rebuilder = Rebuilder(lambda: read_config(folders.config), folders, Crew(), SILENT)
        names = ("sources", "content", "config.yaml", "theme")
        self.watched = [home / name for name in names]
        self.stock = take_stock(self.watched)
        self.rebuilder.rebuild(())
        self.rebuilder.rest()

    def rebuild(self) -> tuple[object, ...]:
        """What came of it, until nothing more changes."""
        told: tuple[object, ...] = ()
        for _ in range(3):
            before, self.stock = self.stock, take_stock(self.watched, self.stock)
            changed = difference(before, self.stock)
            if not changed:
                break
            told = said(lambda: self.rebuilder.rebuild(changed))  # noqa: B023
        return told


def said(run: Callable[[], Report]) -> tuple[object, ...]:
    try:
        report = run()
    except JianbaoError as error:
        return ("not built", error.message)
    errors = sorted(str(error.message) for error in report.errors)
    return report.conflicts, errors


STEPS = st.lists(
    st.lists(st.tuples(st.sampled_from(sorted(HAPPENINGS)), st.integers(0, 9)), max_size=2),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, one_by_one=st.booleans())
def test_a_preview_shows_what_a_run_from_the_start_would_make(
    steps: Sequence[Sequence[tuple[str, int]]],
    one_by_one: bool,
    converted: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", 0 if one_by_one else 5000)
    home, clean = tmp_path / "archive", tmp_path / "clean"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(converted, home)
    preview = Preview(home)
    for step in steps:
        for name, number in step:
            HAPPENINGS[name](home, number)
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(home, clean, ignore=shutil.ignore_patterns(".cache", ".site*"))
        preview.rebuild()
        for _ in range(3):  # as often as the preview: what one run writes, the next one may read
            outcome = said(lambda: convert_and_build(clean))
        assert tree(home / "content") == tree(clean / "content"), step
        if outcome[0] != "not built" and (home / "site").is_dir():
            assert tree(home / "site") == tree(clean / "site"), step


@pytest.mark.parametrize("name", sorted(HAPPENINGS))
def test_converting_again_is_converting(name: str, converted: Path, tmp_path: Path) -> None:
    """With what is known of the last conversion, and without."""
    home, clean = tmp_path / "archive", tmp_path / "clean"
    shutil.copytree(converted, home)
    convert_and_build(home)
    HAPPENINGS[name](home, 3)
    shutil.copytree(home, clean, ignore=shutil.ignore_patterns(".cache", ".site*"))
    reports = []
    for one in (home, clean):
        folders = folders_in(one)
        report = convert_sources(read_config(folders.config), folders)
        reports.append(
            (report.files, report.articles, report.repairs, report.doubts, report.conflicts)
        )
        assert path_of_conversion(folders.config, folders.content).is_file()
    assert reports[0] == reports[1]
    assert tree(home / "content") == tree(clean / "content")


def test_only_what_has_changed_is_converted(
    converted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "archive"
    shutil.copytree(converted, home)
    folders = folders_in(home)
    config = read_config(folders.config)
    convert_sources(config, folders)
    done: list[str] = []

    def noted(given: Given, config: Config) -> Made:
        done.append(given.path)
        return convert_given(given, config)

    monkeypatch.setattr(pipeline, "convert_given", noted)
    convert_sources(config, folders)
    assert done == []
    HAPPENINGS["the page"](home, 3)
    convert_sources(config, folders)
    assert done == ["a.txt"]
    convert_sources(read_config(folders.config, base_url="https://a.example/"), folders)
    assert done == ["a.txt", "a.txt", "b.txt"]


@pytest.mark.parametrize("how", [lambda data: data[:-7], lambda data: b"", lambda data: b"{}"])
def test_a_damaged_memory_of_a_conversion_is_no_memory(
    how: Callable[[bytes], bytes], converted: Path, tmp_path: Path
) -> None:
    home = tmp_path / "archive"
    shutil.copytree(converted, home)
    folders = folders_in(home)
    config = read_config(folders.config)
    first = convert_sources(config, folders)
    place = path_of_conversion(folders.config, folders.content)
    place.write_bytes(how(place.read_bytes()))
    again = convert_sources(config, folders)
    assert (again.articles, again.doubts) == (first.articles, first.doubts)


def test_an_edit_converts_one_source_and_writes_few_files(converted: Path, tmp_path: Path) -> None:
    home = tmp_path / "archive"
    shutil.copytree(converted, home)
    preview = Preview(home)
    folders = preview.rebuilder.folders
    before = take_stock([home / "site"])
    HAPPENINGS["a word"](home, 0)
    changed = difference(preview.stock, take_stock(preview.watched, preview.stock))
    report = preview.rebuilder.rebuild(changed)
    assert report.files == len(list(folders.sources.glob("*.txt"))) or report.files == 1
    assert 0 < report.written < len(before) / 2


def test_an_edit_that_could_not_be_converted_is_made_up_for(
    converted: Path, tmp_path: Path
) -> None:
    """The next save may be of another article, which is then all that the preview is told of."""
    home = tmp_path / "archive"
    shutil.copytree(converted, home)
    preview = Preview(home)
    HAPPENINGS["a headline"](home, 0)
    with swap.locked(home / "content"):
        assert preview.rebuild()[0] == "not built"
    HAPPENINGS["a headline"](home, 1)
    preview.rebuild()
    shutil.copytree(home, tmp_path / "clean", ignore=shutil.ignore_patterns(".cache", ".site*"))
    convert_and_build(tmp_path / "clean")
    assert tree(home / "site") == tree(tmp_path / "clean" / "site")
    assert "新0" in (home / "site/data/articles.csv").read_text("utf-8")
