"""What a conversion would change, told before it is written."""

from __future__ import annotations

from jianbao.changes import Change, changes_of
from jianbao.corrections import Outcome, Standing
from jianbao.models import Ledger

LEDGER = Ledger("a.txt", "1", 1, 1, "utf-8", "text")
TEXT = (
    "---\nid: a-01\ntitle: 渡口\nsource: {spans: [[0, 9]]}\n---\n\n渡口开航。灯亮了。\n\n人散了。\n"
)


def told(was: dict[str, str], now: dict[str, str], *gone: str) -> list[Change]:
    files = {path: text.encode() for path, text in now.items()}
    standing = Standing("a", {}, {path: text.encode() for path, text in was.items()})
    return list(changes_of(standing, Outcome(files, gone, {}, LEDGER)))


def test_what_stays_is_not_told() -> None:
    assert told({"a/01.md": TEXT}, {"a/01.md": TEXT}) == []


def test_only_the_account() -> None:
    [change] = told({"a/01.md": TEXT}, {"a/01.md": TEXT.replace("[0, 9]", "[0, 12]")})
    assert change == Change("a/01.md", "changed", ())


def test_keys_and_sentences_that_go_and_come() -> None:
    now = TEXT.replace("title: 渡口", "title: 新渡口\nkicker: 老街").replace("灯亮了", "灯灭了")
    [change] = told({"a/01.md": TEXT}, {"a/01.md": now})
    assert change.rows == (
        "- title: 渡口",
        "+ title: 新渡口",
        "+ kicker: 老街",
        "- 灯亮了。",
        "+ 灯灭了。",
    )


def test_paragraphs_that_are_joined() -> None:
    [change] = told({"a/01.md": TEXT}, {"a/01.md": TEXT.replace("灯亮了。\n\n", "灯亮了。")})
    assert change.rows == ("- ¶",)


def test_files_that_come_and_go_in_the_order_of_their_paths() -> None:
    changes = told({"a/02.md": TEXT}, {"a/01.md": TEXT}, "a/02.md")
    assert [(one.path, one.kind) for one in changes] == [("a/01.md", "new"), ("a/02.md", "gone")]
    assert "+ title: 渡口" in changes[0].rows
    assert "- title: 渡口" in changes[1].rows


def test_line_ends_alone_are_no_change_of_words() -> None:
    [change] = told({"a/01.md": TEXT.replace("\n", "\r\n")}, {"a/01.md": TEXT})
    assert change.rows == ()
