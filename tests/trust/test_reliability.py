"""R1 to R11: nothing lost, nothing half done, the same bytes everywhere, every error told."""

from __future__ import annotations

import ast
import json
import random
import re
from pathlib import Path

import pytest

from jianbao import content
from jianbao.check.ledgers import look_at_ledgers
from jianbao.errors import JianbaoError
from jianbao.loading import articles_in
from jianbao.models import Article
from jianbao.pipeline import read_config
from tests import torture
from tests.conftest import demo_folders
from tests.torture import State, Surroundings
from tests.trust.small_archive import (
    DATED,
    FIRST,
    PAGES,
    ROOT,
    build,
    convert,
    digest,
    folders_in,
    make_archive,
    run,
    tree,
    write,
)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_archive(tmp_path_factory.mktemp("small") / "archive")
    convert(home)
    build(home)
    return home


@pytest.fixture
def home(built_once: Path, tmp_path: Path) -> Path:
    """The small archive, converted and built."""
    return torture.copied(built_once, tmp_path / "archive")


# --- the short forms of `make torture` -------------------------------------------------------------


def test_R1_a_command_that_is_killed_leaves_one_whole_site(tmp_path: Path) -> None:
    states = (State(), State(settings=True, article=True, page=True))
    torture.kill(tmp_path, 2, random.Random(2020), states)


def test_R2_whichever_call_fails_site_and_content_are_whole(tmp_path: Path) -> None:
    torture.fail(tmp_path, 227)


def test_R2_whichever_call_fails_after_an_edit_the_site_is_whole(tmp_path: Path) -> None:
    torture.fail_after_edits(tmp_path, 131)


def test_R5_surroundings_make_no_difference(tmp_path: Path) -> None:
    torture.repeat(
        tmp_path,
        [
            Surroundings("0", "UTC", "C", 1, 1, "022", "a", 0),
            Surroundings("1", "Asia/Shanghai", "zh_CN.UTF-8", 2, 2, "077", "另 一处", 10**9),
            Surroundings("random", "America/St_Johns", "C.UTF-8", 8, 3, "000", "b/c/d", 86_399),
        ],
    )


def test_R5_a_terminal_that_speaks_no_utf_8_makes_no_difference(home: Path) -> None:
    before = digest(home / "content"), digest(home / "site")
    write(home / "config.yaml", (home / "config.yaml").read_bytes() + b"# anew\n")
    done = run(home, environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert (done.returncode, done.stderr) == (0, "")
    assert (digest(home / "content"), digest(home / "site")) == before


# --- R4: the account -------------------------------------------------------------------------------


def test_R4_the_account_of_every_page_of_the_demo_is_right() -> None:
    folders = demo_folders()
    errors: list[JianbaoError] = []
    articles = [article for article, _, _ in articles_in(folders.content, errors)]
    errors += look_at_ledgers(read_config(folders.config), folders, articles)
    assert (errors, len(articles) > 40) == ([], True)


def test_R4_a_check_tells_of_characters_that_are_lost_or_stand_twice(home: Path) -> None:
    """As a warning: whoever has deleted or split an article may publish, and the next conversion accounts for it."""
    assert run(home, "check").returncode == 0
    article, ledger = home / FIRST, home / "content" / "a" / "source.yaml"
    kept = article.read_bytes()
    article.unlink()
    done = run(home, "check")
    assert "warning: sources/a.txt:1: the character '#' is in no article" in done.stderr
    assert "Run `convert`" in done.stderr
    article.write_bytes(kept)
    write(ledger, ledger.read_text("utf-8").replace("furniture: []", "furniture:\n  - {start: 0, end: 9, role: other}"))  # fmt: skip
    assert "warning: sources/a.txt:1: the character '#' stands in two" in run(home, "check").stderr


# --- R5: no clock ----------------------------------------------------------------------------------

CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "ctime", "localtime", "gmtime"}
# The desk proposes today for `reviewed:`, and a file written just now is looked at twice; neither shows in the site.
HAVE_A_CLOCK = {"jianbao/cli.py", "jianbao/last_build.py"}


def test_R5_nothing_that_makes_a_page_knows_the_time() -> None:
    found = set()
    for path in (ROOT / "jianbao").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                if node.func.attr in CLOCKS and name in ("time", "datetime", "date"):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == HAVE_A_CLOCK


# --- R7: stale pages -------------------------------------------------------------------------------


def test_R7_a_deleted_article_leaves_no_trace_on_the_site(home: Path) -> None:
    article = content.load((home / DATED).read_text("utf-8"), path="")
    named = re.compile(f"{article.id}|{article.title}".encode())
    before = {name for name, data in tree(home / "site").items() if named.search(data)}
    assert {name.split("/")[0] for name in before} >= {"articles", "search", "sitemap.xml", "feed.xml", "data"}  # fmt: skip
    (home / DATED).unlink()
    convert(home)
    build(home)
    after = {name for name, data in tree(home / "site").items() if named.search(data)}
    assert {name.split("/")[0] for name in after if "zh-hant" not in name} <= {"sources"}
    assert not list((home / "site").rglob(article.id))


# --- R9: an edit during a build ----------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 4])
def test_R9_an_edit_during_a_build_is_in_it_or_in_the_next(
    home: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    edited = torture.copied(home, home.with_name("edited"))
    for one in (home, edited):
        write(one / "config.yaml", "title: 新\n")  # so that all is made anew
    path, text = home / FIRST, (home / FIRST).read_text("utf-8").replace("街坊们", "邻居们")
    write(edited / FIRST, text)
    build(edited)
    untouched = torture.copied(home, home.with_name("untouched"))
    build(untouched)
    real, calls = content.load, 0

    def load(*args: str, **kwargs: str) -> Article:
        nonlocal calls
        calls += 1
        if calls == at:
            write(path, text)
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(content, "load", load)
        build(home)
    assert calls >= at
    sums = [digest(one / "site") for one in (untouched, edited)]
    assert digest(home / "site") in sums
    build(home)
    assert digest(home / "site") == sums[1]


# --- R11: errors -----------------------------------------------------------------------------------

TOLD_RE = re.compile(r"error: (?P<path>[^:]+)(:(?P<line>\d+))?: .+\n  (?P<hint>.+)\n")


def test_R11_every_error_of_a_run_is_told_with_its_line_and_its_cure(home: Path) -> None:
    write(home / "sources" / "photo.txt", b"\x89PNG\r\n\x1a\n\0")
    write(home / "sources" / "letter.docx", b"PK\x03\x04")
    page = PAGES["a.txt"] * 3
    write(home / "sources" / "mixed.txt", page + page.decode().encode("gb18030"))
    write(home / "content" / "own" / "1.md", "---\nid: own\ndate: 2020-13-19\n---\n")
    write(home / "content" / "own" / "2.md", "---\nid: own\npage: 010\n---\n")
    write(home / "content" / "own" / "3.md", "# 没有开头\n")
    done = run(home)
    told = {found["path"]: found for found in TOLD_RE.finditer(done.stderr)}
    assert done.returncode == 1
    assert told.keys() == {
        *(f"sources/{name}" for name in ("photo.txt", "letter.docx", "mixed.txt")),
        *(f"content/own/{number}.md" for number in (1, 2, 3)),
    }
    lines = {path: found["line"] for path, found in told.items() if path.startswith("content")}
    assert list(lines.values()) == ["3", "3", "1"]
    assert len(TOLD_RE.sub("", done.stderr)) == 0
    assert len(json.loads(run(home, "--json").stdout)["errors"]) == 6


def test_R11_every_setting_that_is_wrong_is_told(home: Path) -> None:
    write(home / "config.yaml", "titel: 甲\nlanguages: [fr]\nmax_source_mb: 0\nmotto: 乙\n")
    done = run(home, "build")
    assert done.returncode == 2
    for line, words in ((1, "titel"), (2, "languages"), (3, "max_source_mb")):
        assert re.search(rf"^error: config\.yaml:{line}: .*{words}", done.stderr, re.MULTILINE)


def test_R11_a_template_that_is_wrong_is_told_with_its_line_and_the_old_site_stays(
    home: Path,
) -> None:
    before = tree(home / "site")
    write(home / "theme" / "templates" / "404.html", '{% extends "jianbao/404.html" %}\n{% block main %}{{ nothing }}{% endblock %}\n')  # fmt: skip
    done = run(home, "build")
    assert done.returncode == 1
    assert "error: theme/templates/404.html:2: the template is wrong: 'nothing' is undefined" in done.stderr  # fmt: skip
    assert tree(home / "site") == before


def test_R11_a_traceback_is_shown_to_who_asks_for_it(home: Path) -> None:
    write(home / "config.yaml", "titel: 甲\n")
    with pytest.raises(AssertionError, match="Traceback"):
        run(home, "build", "--debug")
    assert folders_in(home).site.is_dir()
