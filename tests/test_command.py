"""The command as a person types it: what it says, which code it ends with, and what it leaves alone."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from jianbao import cli, content
from jianbao.crew import Crew
from jianbao.processes import cpu_count
from jianbao.swap import locked

ROOT = Path(__file__).parent.parent
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
SOURCES = ("wjw-2020-03.txt", "wjw-2020-03.txt.yaml", "梧川日报/2020-06-18/A3.txt")
SUMMARY_RE = re.compile(
    r"2 files · \d+ articles · \d+ repairs( · \d+ doubts?)? · \d+ pages · \d+\.\d s\n"
)
JSON_KEYS = ["files", "articles", "repairs", "doubts", "conflicts", "pages", "seconds", "errors"]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with settings and two sources, nothing converted yet."""
    return make_archive(tmp_path / "an archive")


def make_archive(folder: Path) -> Path:
    for name in ("config.yaml", *(f"sources/{name}" for name in SOURCES)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def converted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_archive(tmp_path_factory.mktemp("once") / "archive")
    assert run(folder, "convert").returncode == 0
    return folder


@pytest.fixture
def converted(converted_once: Path, tmp_path: Path) -> Path:
    """An archive whose sources are converted already."""
    return Path(shutil.copytree(converted_once, tmp_path / "converted"))


def run(
    folder: Path, *words: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, run in an archive's folder; it never shows a traceback."""
    done = subprocess.run(
        [sys.executable, ROOT / "build.py", *words],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def times(folder: Path) -> dict[str, int]:
    """Every file below a folder and when it was last written."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- what is wrong with the words: 2 -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["publish"], "invalid choice: 'publish'"),
        (["--fast"], "unrecognized arguments: --fast"),
        (["serve", "--port", "70000"], "a port is a number from 1 to 65535"),
        (["build", "--port", "8000"], "unrecognized arguments: --port 8000"),
        (["--config", "none.yaml"], "error: none.yaml: there is no such file"),
        (["convert", "--sources", "none"], "error: none: there is no such folder"),
        (["build", "--content", "none"], "error: none: there is no such folder"),
        (["review", "--content", "none"], "error: none: there is no such folder"),
        (["--base-url", "ftp://archive.example"], "base_url must begin with https:// or http://"),
        (["build", "--site", "content"], "error: content: "),
        (["convert", "--workers", "0"], "the number of workers is 1 or more, not '0'"),
        (["--workers", "many"], "the number of workers is 1 or more, not 'many'"),
        (["convert", "--cluster", "here"], "a scheduler's address is a host and a port, such as"),
        (["diff", "--cluster", "http://host:8786"], "a scheduler's address is a host and a port"),
        (["--workers", "2", "diff", "--cluster", "h:1"], "error: --workers and --cluster exclude"),
    ],
)
def test_R11_words_that_mean_nothing_end_with_2(
    converted: Path, words: list[str], says: str
) -> None:
    before = tree(converted)
    done = run(converted, *words)
    assert says in done.stderr
    assert done.stdout == ""
    assert (done.returncode, tree(converted)) == (2, before)


def test_R11_an_unknown_setting_ends_with_2_and_the_nearest_one(archive: Path) -> None:
    (archive / "config.yaml").write_text("titel: 剪报\n", "utf-8")
    done = run(archive)
    assert done.returncode == 2
    assert done.stderr.startswith("error: config.yaml:1: unknown setting 'titel'\n  Did you mean")
    assert not (archive / "content").exists()


def test_R8_an_archive_in_use_ends_with_75(converted: Path) -> None:
    with locked(converted / "content"):
        done = run(converted, "convert")
    assert done.returncode == 75
    assert done.stderr.startswith("error: ")


# --- who works, and where it is seen --------------------------------------------------------------


class Stream(io.StringIO):
    """A standard error that is a terminal, or none."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.mark.parametrize(
    ("words", "crew"),
    [
        (["convert"], Crew(cpu_count())),
        (["--workers", "3"], Crew(3)),
        (["serve", "--workers", "1"], Crew(1)),
        (["--cluster", "[::1]:8786"], Crew(cpu_count(), "[::1]:8786")),
        (
            ["diff", "--cluster", "tls://archive.example:8786"],
            Crew(cpu_count(), "tls://archive.example:8786"),
        ),
    ],
)
def test_who_works(words: list[str], crew: Crew) -> None:
    assert cli._hands(cli._parser().parse_args(words))[0] == crew


@pytest.mark.parametrize(
    ("words", "is_terminal", "term", "is_shown"),
    [
        ([], True, "xterm", True),
        ([], False, "xterm", False),
        ([], True, "dumb", False),
        (["--quiet"], True, "xterm", False),
        (["--json"], True, "xterm", False),
    ],
)
def test_how_far_it_is_is_shown_to_those_who_watch(
    words: list[str], is_terminal: bool, term: str, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(is_terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", term)
    _, progress = cli._hands(cli._parser().parse_args(["convert", *words]))
    assert progress.terminal is (stream if is_shown else None)


# --- what is wrong with the input: 1, and all else is done ---------------------------------------


def test_R11_one_bad_file_does_not_stop_the_others(archive: Path) -> None:
    (archive / "sources" / "photo.txt").write_bytes(PNG)
    done = run(archive)
    assert done.returncode == 1
    assert done.stderr.startswith("error: sources/photo.txt: ")
    assert "\n  " in done.stderr  # what to do
    assert len(list((archive / "content").glob("*/source.yaml"))) == 2
    assert (archive / "site" / "index.html").is_file()


def test_a_broken_sidecar_is_told_with_its_line(archive: Path) -> None:
    sidecar = archive / "sources" / "wjw-2020-03.txt.yaml"
    sidecar.write_text("kind: web\ndate: 2020-13-01\n", "utf-8")
    done = run(archive, "convert")
    assert done.returncode == 2
    assert done.stderr.startswith("error: sources/wjw-2020-03.txt.yaml:2: date must be a day")
    assert [path.parent.name for path in (archive / "content").glob("*/source.yaml")] == [
        "wu-chuan-ri-bao-2020-06-18-a3"
    ]


def test_R11_a_broken_article_is_told_and_left_out(converted: Path) -> None:
    first = converted / "content" / "wjw-2020-03" / "01.md"
    first.write_text(
        first.read_text("utf-8").replace("complete: whole", "complete: quite"), "utf-8"
    )
    done = run(converted, "build", "--json")
    assert done.returncode == 1
    (error,) = json.loads(done.stdout)["errors"]
    assert error["path"] == "content/wjw-2020-03/01.md"
    assert error["line"] > 1
    assert error["message"] == "complete cannot be 'quite'"
    assert error["hint"]
    articles = {path.name for path in (converted / "site" / "articles").iterdir()}
    assert "wjw-2020-03-01" not in articles
    assert "wjw-2020-03-02" in articles


# --- all is well: 0 ------------------------------------------------------------------------------


def test_without_a_verb_it_converts_and_builds_and_sums_up_in_one_line(archive: Path) -> None:
    received = tree(archive / "sources")
    done = run(archive)
    assert (done.returncode, done.stderr) == (0, "")
    assert SUMMARY_RE.fullmatch(done.stdout)
    assert (archive / "site" / "articles" / "wjw-2020-03-01" / "index.html").is_file()
    assert tree(archive / "sources") == received


def test_json_is_one_object_with_what_the_summary_says(converted: Path) -> None:
    done = run(converted, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(told) == JSON_KEYS
    assert (told["files"], told["conflicts"], told["errors"]) == (2, 0, [])
    assert told["articles"] == len(list((converted / "content").glob("*/*.md")))
    assert told["pages"] == len(list((converted / "site").rglob("*.html")))
    assert told["seconds"] > 0


def test_an_error_is_told_in_json_too(archive: Path) -> None:
    done = run(archive, "--json", "--config", "none.yaml")
    assert (done.returncode, done.stderr) == (2, "")
    told = json.loads(done.stdout)
    assert list(told) == JSON_KEYS
    assert told["errors"][0]["path"] == "none.yaml"


def test_options_stand_before_the_verb_or_after_it(converted: Path) -> None:
    assert run(converted, "--site", "one", "build", "--quiet").stdout == ""
    assert run(converted, "--quiet", "build", "--site", "two").stdout == ""
    assert tree(converted / "one") == tree(converted / "two")
    assert not (converted / "site").exists()


def test_quiet_still_says_what_is_wrong(archive: Path) -> None:
    (archive / "sources" / "photo.txt").write_bytes(PNG)
    done = run(archive, "convert", "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert "sources/photo.txt" in done.stderr


def test_the_public_address_of_the_command_line_wins(converted: Path) -> None:
    assert run(converted, "build", "--base-url", "https://a.example/b/").returncode == 0
    home = (converted / "site" / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://a.example/b/">' in home


def test_a_built_site_passes_its_own_check(converted: Path) -> None:
    assert run(converted, "build").returncode == 0
    done = run(converted, "check")
    assert (done.returncode, done.stderr) == (0, "")


# --- what needs a person -------------------------------------------------------------------------

ITEM_KEYS = ["article", "source", "reason", "start", "end", "says", "score"]
PAIRED = "wu-chuan-ri-bao-2020-06-18-a3-02"  # an article whose headline stands below it


def test_review_names_the_file_to_open_and_the_line_of_the_source(converted: Path) -> None:
    before = times(converted)
    done = run(converted, "review")
    assert (done.returncode, done.stderr) == (0, "")
    _, says, where, _ = done.stdout.partition("headline-pairing")[2].split("\n", 3)
    assert "标题排在正文之后" in says
    path, _, place = where.strip().partition("  ")
    assert (converted / path).is_file()
    source, line, words = re.fullmatch(r"(sources/\S+):(\d+)  (\S+).*", place).groups()  # type: ignore[union-attr]
    assert words in (converted / source).read_text("utf-8").split("\n")[int(line) - 1]
    assert re.search(r'\n\d+ items? · \d+ sources? · .*reviewed: "YYYY-MM-DD".*\n$', done.stdout)
    assert times(converted) == before


def test_review_as_json_is_one_object_with_the_most_doubtful_first(converted: Path) -> None:
    done = run(converted, "review", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(told) == ["items", "errors"]
    assert told["errors"] == []
    assert all(list(item) == ITEM_KEYS for item in told["items"])
    assert PAIRED in [item["article"] for item in told["items"]]
    scores = [item["score"] for item in told["items"]]
    assert scores == sorted(scores, reverse=True)
    for item in told["items"]:
        text = (converted / "sources" / item["source"]).read_text("utf-8-sig")
        assert 0 <= item["start"] < item["end"] <= len(text)


def test_what_was_ticked_off_is_not_told_again(converted: Path) -> None:
    for path in (converted / "content").glob("*/*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("\n---\n", '\nreviewed: "2026-11-22"\n---\n', 1), "utf-8")
    told = json.loads(run(converted, "review", "--json").stdout)
    assert [item for item in told["items"] if item["article"]] == []
    assert run(converted, "review", "--quiet").stdout == ""
    assert run(converted, "review").stdout == "0 items · 0 sources\n"


def test_a_review_leaves_out_what_it_cannot_read_and_says_so(converted: Path) -> None:
    path = next((converted / "content").glob("wu-chuan*/02.md"))
    path.write_text(path.read_text("utf-8").replace("complete: whole", "complete: quite"), "utf-8")
    done = run(converted, "review", "--quiet")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {path.relative_to(converted)}:")
    assert "/03.md  sources/" in done.stdout
    assert "/02.md  sources/" not in done.stdout
    assert "items ·" not in done.stdout
    told = json.loads(run(converted, "review", "--json").stdout)
    assert [error["path"] for error in told["errors"]] == [str(path.relative_to(converted))]


def test_a_review_without_content_ends_with_2_in_json_too(archive: Path) -> None:
    done = run(archive, "review", "--json")
    assert (done.returncode, done.stderr) == (2, "")
    told = json.loads(done.stdout)
    assert (list(told), told["items"]) == (["items", "errors"], [])
    assert told["errors"][0]["path"] == "content"


def test_a_source_that_is_gone_is_reviewed_all_the_same(converted: Path) -> None:
    (converted / "sources" / "梧川日报" / "2020-06-18" / "A3.txt").unlink()
    done = run(converted, "review")
    assert done.returncode == 0
    assert "/02.md  sources/梧川日报/2020-06-18/A3.txt\n" in done.stdout


def test_a_source_does_not_speak_to_the_terminal(archive: Path) -> None:
    (archive / "sources" / "esc.txt").write_text("没有标题的一段\x1b[2J\x07文字\n", "utf-8")
    assert run(archive, "convert").returncode == 0
    shown = run(archive, "review").stdout
    assert "没有标题的一段[2J文字" in shown
    assert "\x1b" not in shown


def test_help_and_version_end_with_0(tmp_path: Path) -> None:
    assert "convert" in run(tmp_path, "--help").stdout
    assert run(tmp_path, "--version").stdout.startswith("Jianbao ")


# --- converting again ----------------------------------------------------------------------------


def test_converting_again_writes_nothing(converted: Path) -> None:
    before = times(converted / "content")
    assert run(converted, "convert").returncode == 0
    assert times(converted / "content") == before


def test_R3_a_correction_by_hand_is_kept(converted: Path) -> None:
    article = converted / "content" / "wjw-2020-03" / "01.md"
    corrected = f"{article.read_text('utf-8')}\n此处由人补上一段。\n"
    article.write_text(corrected, "utf-8")
    done = run(converted)
    assert (done.returncode, done.stderr) == (0, "")
    assert article.read_text("utf-8") == corrected
    page = converted / "site" / "articles" / "wjw-2020-03-01" / "index.html"
    assert "此处由人补上一段。" in page.read_text("utf-8")


def test_an_article_that_nobody_corrected_follows_the_converter(converted: Path) -> None:
    folder = converted / "content" / "wjw-2020-03"
    today = (folder / "01.md").read_bytes()
    for path in (folder / "01.md", folder / ".base" / "01.md"):
        path.write_bytes(today.replace("。".encode(), "．".encode()))  # an older converter's
    assert run(converted, "convert").returncode == 0
    assert (folder / "01.md").read_bytes() == today
    assert (folder / ".base" / "01.md").read_bytes() == today


def contradicted(converted: Path) -> tuple[Path, str]:
    """An article whose title a person and the converter have both changed since; and the line that is printed today."""
    folder = converted / "content" / "wjw-2020-03"
    base, ours = folder / ".base" / "01.md", folder / "01.md"
    title = re.search("(?m)^title: .*$", base.read_text("utf-8"))
    assert title
    for path, other in ((base, "从前的标题"), (ours, "由人改定的标题")):
        path.write_text(path.read_text("utf-8").replace(title[0], f"title: {other}"), "utf-8")
    return ours, title[0]


def test_R11_a_correction_that_a_new_conversion_contradicts_is_a_conflict(converted: Path) -> None:
    ours, title = contradicted(converted)
    before = ours.read_bytes()
    done = run(converted, "convert")
    assert done.returncode == 3
    assert "content/wjw-2020-03/01.md: title: kept as corrected" in done.stderr
    assert title in done.stderr
    assert "1 conflict" in done.stdout
    assert ours.read_bytes() == before


def test_diff_tells_what_a_conversion_would_change_and_writes_nothing(converted: Path) -> None:
    folder = converted / "content" / "wjw-2020-03"
    base = folder / ".base" / "01.md"
    title = re.search("(?m)^title: .*$", base.read_text("utf-8"))
    assert title
    for path in (base, folder / "01.md"):
        path.write_text(path.read_text("utf-8").replace(title[0], "title: 从前的标题"), "utf-8")
    before = tree(converted)
    done = run(converted, "diff")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"content/wjw-2020-03/01.md\n  - title: 从前的标题\n  + {title[0]}\n1 changed\n"
    )
    told = json.loads(run(converted, "diff", "--json").stdout)
    assert told == {
        "changes": [
            {
                "path": "wjw-2020-03/01.md",
                "kind": "changed",
                "rows": ["- title: 从前的标题", f"+ {title[0]}"],
            }
        ],
        "conflicts": 0,
        "errors": [],
    }
    assert tree(converted) == before


def test_diff_of_an_archive_that_was_never_converted_names_the_new_articles(archive: Path) -> None:
    done = run(archive, "diff")
    assert done.returncode == 0
    assert "content/wjw-2020-03/01.md  new\n  + title: " in done.stdout
    assert not (archive / "content").exists()


def test_diff_ends_as_the_conversion_would(converted: Path) -> None:
    contradicted(converted)
    done = run(converted, "diff")
    assert done.returncode == 3
    assert "1 conflict" in done.stdout
    (converted / "sources" / "photo.txt").write_bytes(PNG)
    assert run(converted, "diff").returncode == 1


def test_a_source_that_changed_below_a_correction_keeps_the_correction(converted: Path) -> None:
    ours = converted / "content" / "wjw-2020-03" / "01.md"
    ours.write_bytes(ours.read_bytes() + "\n由人补上。\n".encode())
    source = converted / "sources" / "wjw-2020-03.txt"
    source.write_bytes(source.read_bytes() + "\n另有一行。\n".encode())
    assert run(converted, "convert").returncode == 0
    assert ours.read_text("utf-8").endswith("\n由人补上。\n")
    assert hashlib.sha256(source.read_bytes()).hexdigest() in ours.read_text("utf-8")


def test_R3_a_deleted_article_stays_deleted_and_its_characters_are_told(converted: Path) -> None:
    folder = converted / "content" / "wjw-2020-03"
    article = content.load((folder / "02.md").read_text("utf-8"), path="02.md")
    assert article.source
    (folder / "02.md").unlink()
    done = run(converted)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (folder / "02.md").exists()
    ledger = content.load_ledger((folder / "source.yaml").read_text("utf-8"), path="source.yaml")
    removed = [(one.start, one.end) for one in ledger.furniture if one.role == "removed"]
    assert removed == sorted(article.source.spans)
    assert not (converted / "site" / "articles" / article.id).exists()


def test_an_article_of_a_person_is_published_like_any_other(converted: Path) -> None:
    own = converted / "content" / "notes"
    own.mkdir()
    text = "---\nid: a-note\ntitle: 编者按\n---\n\n这一组剪报是我们自己抄的。\n"
    (own / "a-note.md").write_text(text, "utf-8")
    assert run(converted).returncode == 0
    assert (own / "a-note.md").read_text("utf-8") == text
    assert (converted / "site" / "articles" / "a-note" / "index.html").is_file()


def test_two_sources_of_one_name_do_not_take_each_others_place(archive: Path) -> None:
    for name in ("same.txt", "same.md"):
        (archive / "sources" / name).write_text(f"来自{name}的一句话，只在这里。\n", "utf-8")
    assert run(archive, "convert").returncode == 0
    ledgers = (archive / "content").glob("*/source.yaml")
    files = {content.load_ledger(path.read_text("utf-8"), path="").file for path in ledgers}
    assert {"same.txt", "same.md"} <= files


# --- the same in, the same out -------------------------------------------------------------------


def test_R5_two_builds_are_byte_for_byte_the_same_anywhere(archive: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copytree(archive, tmp_path / "elsewhere" / "另一处"))
    here = {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}
    there = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C"}
    assert run(archive, environment=here).returncode == 0
    assert run(elsewhere, environment=there).returncode == 0
    for name in ("content", "site"):
        assert tree(elsewhere / name) == tree(archive / name)


def test_R5_building_again_changes_nothing(converted: Path) -> None:
    assert run(converted, "build").returncode == 0
    once = tree(converted / "site")
    assert run(converted).returncode == 0
    assert tree(converted / "site") == once
