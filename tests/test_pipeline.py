"""From `sources/` to `content/`: what is known of a file, what goes on when one is bad, and what a person has touched."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import content
from jianbao.config import Config
from jianbao.errors import ConfigError, JianbaoError
from jianbao.intake import known_by_path, source_slugs
from jianbao.models import Article
from jianbao.pipeline import Folders, Report, convert_sources, read_config

PAGE = """\
# 老街的石板路年底前修好

本报讯（记者 何小禾）老街的石板路坑洼多年，雨天积水，晴天硌脚，街坊们盼着它修好已经盼了许多年。昨天，施工队进场了。

# 图书馆夜里开到十点

本报讯（记者 艾松）从本月起，青禾市图书馆每天开放到晚上十点，下班以后的市民也能坐下来读完一本书再回家。
"""
OTHER = PAGE.replace("施工队进场了", "施工队撤走了")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    names = ("config.yaml", "sources", "content", "site")
    made = Folders(*(tmp_path / name for name in names))
    made.sources.mkdir()
    return made


def put(folders: Folders, files: Mapping[str, str | bytes]) -> None:
    """Write files below `sources/`."""
    for name, data in files.items():
        path = folders.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def convert(folders: Folders, config: Config | None = None) -> Report:
    return convert_sources(config or Config(), folders)


def convert_page(folders: Folders) -> None:
    """The archive of one page, converted once."""
    put(folders, {"a.txt": PAGE})
    convert(folders)


def article(folders: Folders, name: str) -> Article:
    path = folders.content / name
    return content.load(path.read_text(encoding="utf-8"), path=name)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, locks aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


# --- what a path says ---------------------------------------------------------------------------

PATTERN = "{publication}/{date}/{page}.txt"


@pytest.mark.parametrize(
    ("path", "patterns"),
    [
        pytest.param("a.txt", [], id="no pattern"),
        pytest.param("a.txt", [PATTERN], id="too few folders"),
        pytest.param("x/梧川日报/2020-06-18/A3.txt", [PATTERN], id="too many folders"),
        pytest.param("梧川日报/2020-06-18/A3.md", [PATTERN], id="another ending"),
        pytest.param("梧川日报/2020-06-18/A3.txt.bak", [PATTERN], id="more behind it"),
        pytest.param("axtxt", ["{page}.txt"], id="a dot is a dot"),
    ],
)
def test_a_path_that_says_nothing(path: str, patterns: list[str]) -> None:
    assert known_by_path(path, patterns) == {}


@pytest.mark.parametrize(
    ("path", "patterns", "known"),
    [
        (
            "梧川日报/2020-06-18/A3.txt",
            [PATTERN],
            {"publication": "梧川日报", "date": "2020-06-18", "page": "A3"},
        ),
        ("2020-06-18_A3.md", ["{date}_{page}.md"], {"date": "2020-06-18", "page": "A3"}),
        ("A3.txt", [PATTERN, "{page}.txt", "{publication}.txt"], {"page": "A3"}),
        ("报(晚)/A3.txt", ["报(晚)/{page}.txt"], {"page": "A3"}),
    ],
)
def test_a_path_that_says_something(path: str, patterns: list[str], known: dict[str, str]) -> None:
    assert known_by_path(path, patterns) == known


@pytest.mark.parametrize("name", ['梧川"日报', "梧川\\日报", "梧川: 日报", "#1", "null"])
def test_a_path_with_marks_of_yaml(name: str) -> None:
    assert known_by_path(f"{name}/A3.txt", ["{publication}/{page}.txt"])["publication"] == name


def test_a_pattern_of_the_same_shape_by_chance_gives_way_to_the_next() -> None:
    patterns = ["{publication}/{date}/{page}.txt", "{publication}/{page}/A3.txt"]
    assert known_by_path("梧川/今天/A3.txt", patterns) == {"publication": "梧川", "page": "今天"}


# --- sidecars -----------------------------------------------------------------------------------


def test_the_file_wins_over_its_folder_the_inner_folder_over_the_outer_all_over_the_path(
    folders: Folders,
) -> None:
    put(
        folders,
        {
            "路上的报/三/A1.txt": PAGE,
            "_.yaml": "publication: 外面的报\nurl: https://example.org/outer\nrights: 外\n",
            "路上的报/三/_.yaml": "url: https://example.org/inner\nkind: web\n",
            "路上的报/三/A1.txt.yaml": "kind: newspaper\n",
        },
    )
    convert(folders, Config(paths=("{publication}/{page}/A1.txt",)))
    [folder] = [path for path in folders.content.iterdir() if path.is_dir()]
    found = article(folders, f"{folder.name}/01.md")
    assert found.source is not None
    assert (found.publication, found.page) == ("外面的报", "三")
    assert (found.source.url, found.source.kind) == ("https://example.org/inner", "newspaper")


def test_a_sidecar_speaks_for_its_own_file_alone(folders: Folders) -> None:
    put(folders, {"a.txt": PAGE, "b.txt": PAGE, "a.txt.yaml": "page: 3\n"})
    convert(folders)
    assert [article(folders, f"{name}/01.md").page for name in "ab"] == ["3", None]


def test_a_sidecar_that_is_wrong_keeps_its_file_back_and_no_other(folders: Folders) -> None:
    put(folders, {"a.txt": PAGE, "b.txt": PAGE, "a.txt.yaml": "page: 3\ndate: 2020-02-30\n"})
    report = convert(folders)
    [error] = report.errors
    assert (error.path, error.line) == (str(folders.sources / "a.txt.yaml"), 2)
    assert not (folders.content / "a").exists()
    assert (folders.content / "b" / "01.md").is_file()


def test_a_sidecar_may_state_the_encoding(folders: Folders) -> None:
    put(folders, {"a.txt": "老街".encode("gb18030"), "a.txt.yaml": "encoding: gb18030\n"})
    assert convert(folders).errors == ()
    ledger = content.load_ledger(
        (folders.content / "a" / "source.yaml").read_text(encoding="utf-8"), path="source.yaml"
    )
    assert (ledger.encoding, ledger.characters) == ("gb18030", 2)


# --- slugs --------------------------------------------------------------------------------------


def test_R12_every_source_has_a_folder_of_its_own(folders: Folders) -> None:
    names = [
        "a.txt", "a.md", "A.txt", "工会.txt", "公会.txt", "sub/a.txt", "index.txt", "con.txt", "-a b.txt", "新\n页.txt",
        "青" * 80 + ".txt",
    ]  # fmt: skip
    put(folders, dict.fromkeys(names, "老街的石板路年底前修好。"))
    report = convert(folders)
    ledgers = list(folders.content.glob("*/source.yaml"))
    assert report.errors == ()
    assert len(ledgers) == len(names)
    assert all(path.parent.name.isascii() for path in ledgers)


PATHS = st.lists(
    st.from_regex(r"[ab工公](/[ab])?(-md)?\.(md|txt)", fullmatch=True), unique=True, max_size=6
)


@given(PATHS, PATHS)
def test_folders_are_distinct_and_stay_when_other_sources_come_and_go(
    first: list[str], second: list[str]
) -> None:
    before = source_slugs(sorted(first), {})
    after = source_slugs(sorted(second), before)
    assert len(set(before.values())) == len(first)
    assert all(after[path] == before[path] for path in second if path in before)
    assert len({**before, **after}) == len({*before.values(), *after.values()})


def test_ids_begin_with_the_folders_name(folders: Folders) -> None:
    put(folders, {"梧川日报 A3.txt": PAGE})
    convert(folders)
    ids = [article(folders, f"wu-chuan-ri-bao-a3/0{n}.md").id for n in (1, 2)]
    assert ids == ["wu-chuan-ri-bao-a3-01", "wu-chuan-ri-bao-a3-02"]


# --- bad files and reports ----------------------------------------------------------------------


def test_no_folder_of_sources(folders: Folders) -> None:
    folders.sources.rmdir()
    with pytest.raises(ConfigError, match="no such folder") as error:
        convert(folders)
    assert error.value.path == str(folders.sources)


def test_an_empty_folder_of_sources(folders: Folders) -> None:
    report = convert(folders)
    assert (report.files, report.articles, report.errors) == (0, 0, ())


def test_R11_a_bad_file_is_told_and_the_others_are_converted(folders: Folders) -> None:
    put(
        folders,
        {"a.txt": b"\x89PNG\r\n", "b.txt": PAGE, "c.docx": b"", "d/e.txt": b"\0\0", "f.txt": ""},
    )
    report = convert(folders)
    told = {
        Path(error.path or "").relative_to(folders.sources).as_posix() for error in report.errors
    }
    assert told == {"a.txt", "c.docx", "d/e.txt"}
    assert (report.files, report.articles) == (5, 2)
    assert (folders.content / "f" / "source.yaml").is_file()


def test_a_bad_file_leaves_what_was_converted_before(folders: Folders) -> None:
    convert_page(folders)
    before = tree(folders.content)
    put(folders, {"a.txt": b"\x89PNG\r\n"})
    assert len(convert(folders).errors) == 1
    assert tree(folders.content) == before


def test_reports_add_up() -> None:
    error = JianbaoError("x")
    one = Report(
        files=2, articles=3, repairs=4, doubts=1, seconds=1.5, errors=(error,), notes=("甲",)
    )
    other = Report(articles=5, pages=7, conflicts=1, seconds=0.5, notes=("乙",))
    assert one + other == Report(
        files=2,
        articles=5,
        repairs=4,
        doubts=1,
        conflicts=1,
        pages=7,
        seconds=2.0,
        errors=(error,),
        notes=("甲", "乙"),
    )


def test_settings_without_a_file_are_the_defaults(folders: Folders) -> None:
    assert read_config(folders.config) == Config()


def test_the_address_of_the_command_line_wins_and_is_checked(folders: Folders) -> None:
    folders.config.write_text("base_url: https://a.example\n", encoding="utf-8")
    assert read_config(folders.config, base_url="https://b.example").base_url == "https://b.example"
    with pytest.raises(ConfigError, match="must begin with"):
        read_config(folders.config, base_url="b.example")


def test_settings_that_are_not_utf_8(folders: Folders) -> None:
    folders.config.write_bytes("motto: x\ntitle: 剪报\n".encode("gb18030"))
    with pytest.raises(JianbaoError, match="not UTF-8") as error:
        read_config(folders.config)
    assert error.value.line == 2


# --- writing ------------------------------------------------------------------------------------


def test_converting_again_writes_the_same_bytes(folders: Folders) -> None:
    convert_page(folders)
    before = tree(folders.content)
    convert(folders)
    assert tree(folders.content) == before
    assert set(before) == {"a/01.md", "a/02.md", "a/.base/01.md", "a/.base/02.md", "a/source.yaml"}


def test_a_source_that_changed_is_converted_anew(folders: Folders) -> None:
    convert_page(folders)
    put(folders, {"a.txt": OTHER})
    convert(folders)
    assert "撤走" in article(folders, "a/01.md").body


def test_an_article_that_is_gone_from_its_source_goes(folders: Folders) -> None:
    convert_page(folders)
    put(folders, {"a.txt": PAGE.partition("\n# 图书馆")[0]})
    convert(folders)
    assert set(tree(folders.content)) == {"a/01.md", "a/.base/01.md", "a/source.yaml"}


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert_page(folders)
    before = tree(folders.content)
    put(folders, {"a.txt": OTHER})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("replace", "rename"):
        monkeypatch.setattr(os, name, full)
        monkeypatch.setattr(Path, name, full)
    report = convert(folders)
    assert [error.exit_code for error in report.errors] == [1]
    monkeypatch.undo()
    assert tree(folders.content) == before


# --- a person's work ----------------------------------------------------------------------------


def edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("街坊们", "邻居们"), encoding="utf-8")


def test_R3_a_file_that_was_only_touched_is_nobodys_work(folders: Folders) -> None:
    convert_page(folders)
    os.utime(folders.content / "a" / "01.md", (0, 0))
    put(folders, {"a.txt": OTHER})
    report = convert(folders)
    assert report.conflicts == 0
    assert "撤走" in article(folders, "a/01.md").body


PERSONS_WORK: list[tuple[str, Callable[[Path], object]]] = [
    ("edited", edit),
    ("edited in front", lambda path: path.write_text(path.read_text().replace("complete: whole", "reviewed: '2026-11-22'\ncomplete: whole"))),
    ("a comment added", lambda path: path.write_text(path.read_text() + "\n<!-- 看过 -->\n")),
    ("saved by an editor with CRLF", lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))),
    ("saved with a mark", lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())),
    ("emptied", lambda path: path.write_bytes(b"")),
    ("bytes that are no text", lambda path: path.write_bytes(b"\xff\xfe\x00")),
    ("deleted", lambda path: path.unlink()),
]  # fmt: skip


@pytest.mark.parametrize("work", [pytest.param(work, id=name) for name, work in PERSONS_WORK])
def test_R3_a_persons_work_stays_when_the_source_is_the_same(
    folders: Folders, work: Callable[[Path], object]
) -> None:
    convert_page(folders)
    work(folders.content / "a" / "01.md")
    before = tree(folders.content / "a")
    for _ in range(3):
        assert convert(folders).conflicts == 0
        after = tree(folders.content / "a")
        assert after.get("01.md") == before.get("01.md")
        assert after["02.md"] == before["02.md"]


MERGED, KEPT = PERSONS_WORK[:5], PERSONS_WORK[5:7]


@pytest.mark.parametrize("work", [pytest.param(work, id=name) for name, work in MERGED])
def test_R3_a_new_conversion_is_merged_into_a_persons_work(
    folders: Folders, work: Callable[[Path], object]
) -> None:
    convert_page(folders)
    path = folders.content / "a" / "01.md"
    work(path)
    before = path.read_bytes()
    put(folders, {"a.txt": OTHER})
    assert convert(folders).conflicts == 0
    mine = before.decode().replace("施工队进场了", "施工队撤走了")
    merged = path.read_bytes().decode()
    assert without_account(merged) == without_account(mine)
    before = path.read_bytes()
    assert convert(folders).conflicts == 0
    assert path.read_bytes() == before


def without_account(text: str) -> str:
    """An article without what only the converter can say: the checksums."""
    return re.sub(r"(sha256|converted): \w+", r"\1", text)


@pytest.mark.parametrize("work", [pytest.param(work, id=name) for name, work in KEPT])
def test_R3_what_cannot_be_merged_stays_and_is_told(
    folders: Folders, work: Callable[[Path], object]
) -> None:
    convert_page(folders)
    path = folders.content / "a" / "01.md"
    work(path)
    before = path.read_bytes()
    put(folders, {"a.txt": OTHER})
    report = convert(folders)
    assert path.read_bytes() == before
    assert report.conflicts == 1
    assert any(str(path) in note for note in report.notes)


def test_R3_a_sentence_that_both_changed_keeps_the_persons_words_and_tells_both(
    folders: Folders,
) -> None:
    convert_page(folders)
    path = folders.content / "a" / "01.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("施工队进场了", "工人进场了"), encoding="utf-8"
    )
    put(folders, {"a.txt": OTHER})
    report = convert(folders)
    assert report.conflicts == 1
    assert "工人进场了" in path.read_text(encoding="utf-8")
    assert any("工人进场了" in note and "施工队撤走了" in note for note in report.notes)
    assert convert(folders).conflicts == 0


def test_R3_a_deleted_article_stays_deleted_when_the_source_has_changed(folders: Folders) -> None:
    convert_page(folders)
    path = folders.content / "a" / "01.md"
    path.unlink()
    put(folders, {"a.txt": OTHER})
    report = convert(folders)
    assert not path.exists()
    assert report.conflicts == 0
    assert any(str(path) in note for note in report.notes)


MORE = PAGE.replace(
    "# 图书馆",
    "# 渡口开航\n\n本报讯（记者 常在）渡口开航了，船工天不亮就到，把缆绳解开。\n\n# 图书馆",
)


def test_a_correction_stays_where_the_page_has_one_article_more(folders: Folders) -> None:
    convert_page(folders)
    edit(folders.content / "a" / "01.md")
    put(folders, {"a.txt": MORE})
    assert convert(folders).conflicts == 0
    assert "邻居们" in article(folders, "a/01.md").body
    titles = {name: article(folders, f"a/{name}.md").title for name in ("01", "02", "03")}
    assert titles == {
        "01": "老街的石板路年底前修好",
        "02": "图书馆夜里开到十点",
        "03": "渡口开航",
    }


def test_R3_a_file_that_was_moved_to_another_folder_gets_the_new_conversion_there(
    folders: Folders,
) -> None:
    convert_page(folders)
    (folders.content / "道路").mkdir()
    there = folders.content / "道路" / "石板路.md"
    (folders.content / "a" / "01.md").rename(there)
    put(folders, {"a.txt": OTHER})
    report = convert(folders)
    assert (report.conflicts, report.notes) == (0, ())
    assert "施工队撤走了" in there.read_text(encoding="utf-8")
    assert not (folders.content / "a" / "01.md").exists()


@pytest.mark.parametrize("work", [pytest.param(work, id=name) for name, work in PERSONS_WORK])
def test_F3_converting_again_without_a_change_writes_nothing(
    folders: Folders, work: Callable[[Path], object]
) -> None:
    convert_page(folders)
    work(folders.content / "a" / "01.md")
    convert(folders)  # what a person did is told in the ledger
    paths = [path for path in folders.content.rglob("*") if path.is_file()]
    before = {path: path.stat().st_mtime_ns for path in paths}
    convert(folders)
    paths = [path for path in folders.content.rglob("*") if path.is_file()]
    assert {path: path.stat().st_mtime_ns for path in paths} == before


def test_R3_a_source_that_is_gone_leaves_its_articles_and_is_told(folders: Folders) -> None:
    put(folders, {"a.txt": PAGE, "b.txt": OTHER})
    convert(folders)
    before = tree(folders.content)
    (folders.sources / "a.txt").unlink()
    report = convert(folders)
    assert tree(folders.content) == before
    assert any("a.txt" in note and "gone" in note for note in report.notes)


def test_a_source_that_was_renamed_keeps_its_addresses(folders: Folders) -> None:
    convert_page(folders)
    edit(folders.content / "a" / "01.md")
    (folders.sources / "2020").mkdir()
    (folders.sources / "a.txt").rename(folders.sources / "2020" / "第三版.txt")
    report = convert(folders)
    assert report.notes == ()
    assert [path.name for path in folders.content.iterdir() if path.is_dir()] == ["a"]
    found = article(folders, "a/01.md")
    assert found.source is not None
    assert (found.id, found.source.file) == ("a-01", "2020/第三版.txt")
    assert "邻居们" in found.body


# --- a run that is killed -------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(8))
def test_R1_a_run_that_ends_at_any_write_is_carried_to_its_end_by_the_next(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    convert_page(folders)
    edit(folders.content / "a" / "01.md")
    before = tree(folders.content)
    put(folders, {"a.txt": MORE})
    calls = 0

    def killed(function: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: object, **options: object) -> None:
            nonlocal calls
            calls += 1
            if calls > at:
                raise KeyboardInterrupt
            function(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed(Path.replace))
        with pytest.raises(KeyboardInterrupt):
            convert(folders)
    convert(folders)
    after = tree(folders.content)
    assert after != before
    again = Folders(folders.config, folders.sources, folders.content.parent / "again", folders.site)
    for name, data in before.items():
        path = again.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    convert(again)
    assert after == tree(again.content)


@pytest.mark.parametrize("at", range(1, 5))
def test_R2_what_cannot_be_written_whole_is_taken_back(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    convert_page(folders)
    before = tree(folders.content)
    put(folders, {"a.txt": MORE})
    real, calls = Path.replace, 0

    def full(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == at + 1:  # the first has put what is pending in its place
            raise OSError(28, "No space left on device")
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        [error] = convert(folders).errors
    assert "No space left" in error.message
    assert tree(folders.content) == before
    assert convert(folders).errors == ()
    assert article(folders, "a/03.md").title == "渡口开航"


def test_R3_what_a_person_saves_after_a_run_was_killed_is_not_written_over(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert_page(folders)
    put(folders, {"a.txt": MORE})
    with monkeypatch.context() as patch:
        patch.setattr("jianbao.shelf._put", lambda path, data: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            convert(folders)
    assert (folders.content / "a" / ".pending").is_file()
    edit(folders.content / "a" / "01.md")
    assert convert(folders).conflicts == 0
    assert not (folders.content / "a" / ".pending").exists()
    assert "邻居们" in article(folders, "a/01.md").body
    assert article(folders, "a/03.md").title == "渡口开航"


def test_S9_a_pending_file_that_was_forged_writes_nothing_outside(folders: Folders) -> None:
    convert_page(folders)
    rows = '[["../outside.md", null, "x"], ["/outside.md", null, "x"]]'
    (folders.content / "a" / ".pending").write_text(rows, encoding="utf-8")
    convert(folders)
    assert not (folders.content.parent / "outside.md").exists()
    assert not (folders.content / "a" / ".pending").exists()


def test_a_deleted_article_is_told_in_the_ledger(folders: Folders) -> None:
    convert_page(folders)
    gone = article(folders, "a/01.md")
    (folders.content / "a" / "01.md").unlink()
    convert(folders)
    ledger = content.load_ledger(
        (folders.content / "a" / "source.yaml").read_text(encoding="utf-8"), path="source.yaml"
    )
    assert gone.source is not None
    removed = [(one.start, one.end) for one in ledger.furniture if one.role == "removed"]
    assert removed == list(gone.source.spans)


def test_R3_a_persons_own_article_is_left_alone(folders: Folders) -> None:
    convert_page(folders)
    own = folders.content / "a" / "99.md"
    own.write_text("---\nid: my-own\n---\n\n补记\n", encoding="utf-8")
    put(folders, {"a.txt": OTHER})
    assert convert(folders).conflicts == 0
    assert own.read_text(encoding="utf-8").endswith("补记\n")


def test_R3_without_its_base_everything_is_a_persons_work(folders: Folders) -> None:
    convert_page(folders)
    edit(folders.content / "a" / "01.md")
    for path in (folders.content / "a" / ".base").iterdir():
        path.unlink()
    put(folders, {"a.txt": OTHER})
    convert(folders)
    assert "邻居们" in (folders.content / "a" / "01.md").read_text(encoding="utf-8")
