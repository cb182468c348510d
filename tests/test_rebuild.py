"""The site after an edit: equal to a site made of everything, whatever was edited, and whatever became of the memory of the last build."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao import content, pipeline, swap
from jianbao.building import Workbench
from jianbao.errors import JianbaoError
from jianbao.last_build import path_of_memory
from jianbao.models import Article
from jianbao.pipeline import Folders, build_site, read_config
from jianbao.publish.reindex import Edit, Opened, reindex
from jianbao.publish.search import numbered
from tests.built_search import Built, build_search
from tests.invented_archive import invented_articles, path_in, write_archive

ARTICLES = 24
OF_A_BUILD_RE = re.compile(r"(site|\.cache|\.site[^/]*)(/|$)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its site and its templates compiled, put away from where it was built."""
    home = tmp_path_factory.mktemp("built") / "archive"
    write_archive(home, invented_articles(ARTICLES))
    build(home)
    return home.rename(home.with_name("put away"))


def folders_in(home: Path) -> Folders:
    return Folders(home / "config.yaml", home / "sources", home / "content", home / "site")


def build(home: Path) -> pipeline.Report:
    folders = folders_in(home)
    return build_site(read_config(folders.config), folders)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def clean_tree(home: Path) -> dict[str, bytes]:
    """What a build makes of the same archive that knows of no other."""
    files = tree(home).items()
    return clean_tree_of(frozenset(item for item in files if not OF_A_BUILD_RE.match(item[0])))


@lru_cache(maxsize=32)  # many happenings leave the same archive
def clean_tree_of(files: frozenset[tuple[str, bytes]]) -> dict[str, bytes]:
    with TemporaryDirectory() as place:
        for name, data in files:
            path = Path(place, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        build(Path(place))
        return tree(Path(place, "site"))


# --- what may happen to an archive ----------------------------------------------------------------


def change(home: Path, number: int, **values: object) -> None:
    if article := article_at(home, number):
        changed = content.dump(replace(article, **values))  # type: ignore[arg-type]
        path_in(home, number).write_text(changed, "utf-8")


def text_of(home: Path, number: int) -> str:
    article = article_at(home, number)
    return article.body if article else ""


def article_at(home: Path, number: int) -> Article | None:
    """An article, if it is there and can be read."""
    with suppress(OSError, JianbaoError):
        return content.load(path_in(home, number).read_text("utf-8"), path="")
    return None


HAPPENINGS: dict[str, Callable[[Path, int], object]] = {
    "a sentence more": lambda home, at: change(
        home, at, body=f"{text_of(home, at)}\n\n渡口开通了。"
    ),
    "half the text": lambda home, at: change(
        home, at, body=text_of(home, at)[: len(text_of(home, at)) // 2]
    ),
    "another's text": lambda home, at: change(home, at, body=text_of(home, (at + 7) % ARTICLES)),
    "no text": lambda home, at: change(home, at, body=""),
    "Markdown": lambda home, at: change(
        home, at, body=f"## 小标题\n\n- {text_of(home, at)[:40]}\n"
    ),
    "a headline": lambda home, at: change(home, at, title=f"渡口新桥第{at}座通车"),
    "no headline": lambda home, at: change(home, at, title=None),
    "a kicker": lambda home, at: change(home, at, kicker="便民", subtitle="——一期完工"),
    "traditional": lambda home, at: change(home, at, script="Hant"),
    "checked": lambda home, at: change(home, at, reviewed="2026-11-22"),
    "a fragment": lambda home, at: change(home, at, complete="end-missing"),
    "a key of one's own": lambda home, at: change(home, at, extra={"note": "再看一遍"}),
    "another day": lambda home, at: change(home, at, date="2021-03-04"),
    "another topic": lambda home, at: change(home, at, topics=("渡口",)),
    "withheld": lambda home, at: change(home, at, publish=False),
    "touched": lambda home, at: path_in(home, at).touch() if path_in(home, at).exists() else None,
    "deleted": lambda home, at: path_in(home, at).unlink(missing_ok=True),
    "one more": lambda home, at: (home / "content" / "00000" / f"own-{at}.md").write_text(
        f"---\nid: own-{at}\ntitle: 自撰\n---\n\n渡口。\n", "utf-8"
    ),
    "broken": lambda home, at: path_in(home, at).write_text("---\nid: [\n---\n", "utf-8"),
    "another title of all": lambda home, at: (home / "config.yaml").write_text(
        f"title: 第{at}种\nbase_url: https://archive.example/\n", "utf-8"
    ),
    "a style": lambda home, at: write(home / "theme/assets/theme.css", f"p {{ top: {at}px }}"),
    "a template": lambda home, at: write(
        home / "theme/templates/404.html", f'{{% extends "jianbao/404.html" %}}{{# {at} #}}'
    ),
    "no memory": lambda home, at: memory_of(home).unlink(missing_ok=True),
    "half a memory": lambda home, at: spoil(home, lambda data: data[: len(data) // 2]),
    "a bit of it turned": lambda home, at: spoil(
        home, lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
    ),
    "no site": lambda home, at: shutil.rmtree(home / "site"),
    "a page lost": lambda home, at: (home / "site/about/index.html").unlink(missing_ok=True),
    "a page scribbled on": lambda home, at: write(home / "site/about/index.html", "scribble"),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def memory_of(home: Path) -> Path:
    return path_of_memory(home / "config.yaml", home / "site")


def spoil(home: Path, how: Callable[[bytes], bytes]) -> None:
    path = memory_of(home)
    if path.is_file():
        path.write_bytes(how(path.read_bytes()))


def brought_back(built: Path) -> Path:
    """A copy of the archive where it was built, so that its templates need not be compiled again; with a memory of the copy."""
    home = built.with_name("archive")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(built, home)
    memory_of(home).unlink()
    build(home)
    return home


STEPS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(sorted(HAPPENINGS)), st.integers(0, ARTICLES - 1)),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=4, deadline=None)  # more in `make torture`
@given(steps=STEPS)
def test_R6_whatever_happens_the_site_is_that_of_a_clean_build(
    steps: Sequence[Sequence[tuple[str, int]]], built: Path
) -> None:
    home = brought_back(built)
    for step in steps:
        for name, number in step:
            HAPPENINGS[name](home, number)
        build(home)
        assert tree(home / "site") == clean_tree(home), step


# In a large folder it is not asked whether somebody wrote into a file.
ONE_BY_ONE = sorted(HAPPENINGS.keys() - {"a page scribbled on"})


@pytest.mark.parametrize(
    ("name", "most"),
    [
        (name, most)
        for name in sorted(HAPPENINGS)
        for most in ((5000, 0) if name in ONE_BY_ONE else (5000,))
    ],
)
def test_R6_each_of_these_alone(
    name: str, most: int, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = brought_back(built)
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    HAPPENINGS[name](home, 5)
    build(home)
    assert tree(home / "site") == clean_tree(home)
    assert not [path.name for path in home.iterdir() if path.name.startswith(".site")]


def test_R6_one_process_after_another_edit_of_an_archive_where_few_are_near_each_other(
    tmp_path: Path,
) -> None:
    """With what lies ready between two builds, and pages of articles that only show an edited one."""
    home, bench = tmp_path / "archive", Workbench()
    write_archive(home, invented_articles(150))
    folders = folders_in(home)
    config = read_config(folders.config)
    build_site(config, folders, workbench=bench)
    for happenings in (["a headline"], ["a sentence more"], ["a kicker", "half the text"]):
        for at, name in enumerate(happenings):
            HAPPENINGS[name](home, 70 + 11 * at)
        report = build_site(config, folders, workbench=bench)
        assert 0 < report.written < 500  # of 1,300
        assert tree(home / "site") == clean_tree(home), happenings


# --- how much is made -----------------------------------------------------------------------------


def test_where_nothing_has_changed_nothing_is_written(built: Path) -> None:
    home = brought_back(built)
    before = (home / "site").stat()
    report = build(home)
    after = (home / "site").stat()
    assert (after.st_ino, after.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)
    assert (report.articles, report.pages) == (ARTICLES, len(list((home / "site").rglob("*.html"))))


def test_after_an_edit_only_what_depends_on_it_is_written(built: Path) -> None:
    home = brought_back(built)
    before = {path: path.stat().st_ino for path in (home / "site").rglob("index.html")}
    HAPPENINGS["a sentence more"](home, 5)
    build(home)
    changed = {path for path, inode in before.items() if path.stat().st_ino != inode}
    article = content.load(path_in(home, 5).read_text("utf-8"), path="")
    own = home / "site" / "articles" / article.id / "index.html"
    assert own in changed
    assert len(changed) < len(before) / 2


def test_R6_the_memory_of_another_archive_is_not_trusted(built: Path, tmp_path: Path) -> None:
    home = brought_back(built)
    other = tmp_path / "other"
    write_archive(other, invented_articles(3))
    build(other)
    memory_of(home).write_bytes(memory_of(other).read_bytes())
    build(home)
    assert tree(home / "site") == clean_tree(home)


def test_R6_a_damaged_template_is_compiled_anew(built: Path) -> None:
    home = brought_back(built)
    kept = sorted((home / ".cache" / "templates").glob("*/*"))
    assert kept
    for number, path in enumerate(kept):
        path.write_bytes(path.read_bytes()[: -20 if number % 2 else 0])
    HAPPENINGS["a headline"](home, 5)
    build(home)
    assert tree(home / "site") == clean_tree(home)


def test_a_theme_may_show_an_article_without_leading_to_it(built: Path) -> None:
    home = brought_back(built)
    write(
        home / "theme/templates/404.html",
        '{% extends "jianbao/404.html" %}{% block main %}{% for one in archive.articles %}{{ one.title }}{% endfor %}{% endblock %}',
    )
    build(home)
    HAPPENINGS["a headline"](home, 5)
    build(home)
    assert "渡口新桥第5座通车" in (home / "site/404.html").read_text("utf-8")
    assert tree(home / "site") == clean_tree(home)


def test_a_source_that_comes_back_is_noticed(built: Path, tmp_path: Path) -> None:
    home = brought_back(built)
    page = home / "sources" / "page.txt"
    write(page, "城南渡口昨日开通\n\n　　城南渡口昨日开通，过江不再绕路。\n")
    pipeline.convert_sources(read_config(home / "config.yaml"), folders_in(home))
    page.rename(tmp_path / "page.txt")
    build(home)
    (tmp_path / "page.txt").rename(page)
    build(home)
    assert tree(home / "site") == clean_tree(home)


def test_where_the_memory_cannot_be_kept_everything_is_made(built: Path) -> None:
    home = brought_back(built)
    shutil.rmtree(home / ".cache")
    (home / ".cache").write_text("a file", "utf-8")
    for happening in ("a headline", "a sentence more"):
        HAPPENINGS[happening](home, 5)
        build(home)
        assert tree(home / "site") == clean_tree(home)


@pytest.mark.parametrize("pattern", ["search/*/terms/*", "articles/*/*.md"])
def test_R6_what_is_read_from_a_large_site_is_as_it_was_written(
    pattern: str, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", 0)
    home = brought_back(built)
    files = sorted((home / "site").glob(pattern))
    assert files
    for file in files:
        write(file, "scribble")
    HAPPENINGS["a headline"](home, 5)
    build(home)
    assert tree(home / "site") == clean_tree(home)


# --- a folder changed in part ---------------------------------------------------------------------


def digests_of(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


OLD = {"a/x.html": b"1", "a/y.html": b"2", "old/1.txt": b"3", "old/2.txt": b"4", "index.html": b"5"}
WRITTEN = {"a/x.html": b"new", "b/c/z.html": b"6", "new/2.txt": b"7"}
CHANGES = swap.Changes(
    digests_of(OLD),
    None,
    WRITTEN,
    digests_of(WRITTEN),
    ("old/", "new/"),
    frozenset({"a/y.html"}),
)
NEW = {
    "a/x.html": b"new",
    "b/c/z.html": b"6",
    "index.html": b"5",
    "new/1.txt": b"3",
    "new/2.txt": b"7",
}


def changes_of(out: Path) -> swap.Changes:
    return replace(CHANGES, mark=swap.mark_of(out))


@pytest.mark.parametrize("most", [0, 99], ids=["one by one", "exchanged"])
def test_a_changed_folder_is_as_one_written_anew(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    swap.publish_folder(tmp_path / "out", OLD.items())
    written = swap.publish_changes(tmp_path / "out", changes_of(tmp_path / "out"))
    assert written == swap.read_manifest(tmp_path / "out")
    swap.publish_folder(tmp_path / "clean", NEW.items())
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")
    assert swap.stands_as_written(tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "out"]
    assert not (tmp_path / "out/old").exists()


@pytest.mark.parametrize("most", [0, 99], ids=["one by one", "exchanged"])
def test_where_another_build_has_been_nothing_is_changed(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    swap.publish_folder(tmp_path / "out", OLD.items())
    changes = changes_of(tmp_path / "out")
    swap.publish_folder(tmp_path / "out", OLD.items())
    before = tree(tmp_path / "out")
    assert swap.publish_changes(tmp_path / "out", changes) is None
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("most", [0, 99], ids=["one by one", "exchanged"])
@pytest.mark.parametrize("nth", range(14))
def test_R1_a_build_that_dies_leaves_the_old_folder_or_a_way_to_the_new_one(
    nth: int, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    out = tmp_path / "out"
    swap.publish_folder(out, OLD.items())
    before, changes = tree(out), changes_of(out)
    die_at(nth, monkeypatch)
    with suppress(JianbaoError):
        swap.publish_changes(out, changes)
    monkeypatch.undo()
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    has_begun = swap._journal_of(out).exists()
    swap.recover(out)
    swap.publish_folder(tmp_path / "clean", NEW.items())
    assert tree(out) in (
        [tree(tmp_path / "clean")] if has_begun else [before, tree(tmp_path / "clean")]
    )
    left = {path.name for path in tmp_path.iterdir()} - {
        ".out.lock"
    }  # a lock dies with its process
    assert left == {"clean", "out"}


def die_at(nth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system call number `nth` that changes a folder fail, and all after it."""
    done = 0

    def failing(call: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(*args: Any, **named: Any) -> Any:
            nonlocal done
            done += 1
            if done > nth:
                raise OSError(28, "No space left on device")
            return call(*args, **named)

        return attempt

    for name in ("link", "mkdir", "utime"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    for name in ("rename", "replace", "unlink"):
        monkeypatch.setattr(Path, name, failing(getattr(Path, name)))


# --- the search alone -----------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(["渡口", "新桥", "读书", "5G", "云江", "，", "書", "A股", "开"]), max_size=14
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=14),
    st.dictionaries(st.integers(0, 13), st.tuples(WORDS, WORDS), min_size=1, max_size=3),
)
def test_a_search_after_edits_is_one_of_everything(
    texts: Sequence[tuple[list[str], list[str]]],
    edited: dict[int, tuple[list[str], list[str]]],
) -> None:
    old = numbered([article_of(at, *text) for at, text in enumerate(texts)])
    new = [article_of(at, *edited.get(at, text)) for at, text in enumerate(texts)]
    before, after = build_search(old), build_search(new)
    edits = [Edit(at, old[at], new[at]) for at in sorted(edited) if at < len(old)]
    read = {name[len(before.folder) - 1 :]: data for name, data in before.files.items()}
    made = reindex(Opened(read.__getitem__), edits, new, read.__getitem__, new.__getitem__)
    files = {name: data for name, data in files_of(before).items() if name not in made.gone}
    assert files | dict(made.files) == files_of(after)
    near = {one.id: [other.id for other in before.related[one.id]] for one in old}
    near |= {old[at].id: [old[one].id for one in ones] for at, ones in made.nearest.items()}
    assert near == {name: [one.id for one in ones] for name, ones in after.related.items()}


def article_of(number: int, title: list[str], body: list[str]) -> Article:
    return Article(f"a-{number:02}", "".join(title) or None, body="".join(body).strip())


def files_of(built: Built) -> dict[str, bytes]:
    return {name[len(built.folder) - 1 :]: data for name, data in built.files.items()}
