"""What the review desk asks of a person: nothing that was answered or ticked off, each thing once, in one order."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.config import Config
from jianbao.convert.conversion import DOUBT_ORDER
from jianbao.models import Article, Doubt, Evidence, Ledger, Origin, Span, Tick
from jianbao.publish.archive import SourceText, make_archive
from jianbao.publish.article_pages import cut_source
from jianbao.publish.desk import DESK, cut_pieces, desk_pages, make_tasks
from jianbao.review import IMPLIED, SCORES, SHORT, Item, by_reason, find_items, find_quote

FILE = "临河/a.txt"
TEXT = "渡口停航\n本报临河3月4日电 渡船今天停航，桥上的灯\n当晚就亮了。\n没头没尾的一段\n"
LONG = "字" * SHORT


def article(number: int = 1, **values: object) -> Article:
    given: dict[str, object] = {
        "id": f"a-{number:02}",
        "title": "渡口停航",
        "source": Origin(FILE, "", ((0, 4), (5, 34))),
        "converted": "1",
        "body": LONG,
    }
    return Article(**(given | values))  # type: ignore[arg-type]


def ledger(*doubts: Doubt, **values: object) -> Ledger:
    given: dict[str, object] = {
        "file": FILE, "sha256": "", "bytes": 1, "characters": len(TEXT), "encoding": "utf-8",
        "reader": "text", "doubts": doubts,
    }  # fmt: skip
    return Ledger(**(given | values))  # type: ignore[arg-type]


def doubt(reason: str, article: str | None = "a-01", span: Span = (0, 4)) -> Doubt:
    return Doubt(reason, *span, f"有疑：{reason}", article)


def reasons(articles: list[Article], account: Ledger, text: str | None = TEXT) -> list[str]:
    return [one.reason for one in find_items(articles, [(account, text)])]


INFERRED = {"date": Evidence("inferred", "本报临河3月4日电，2021年")}


# --- what is left alone --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "account"),
    [
        pytest.param([article()], ledger(), id="nothing is doubtful"),
        pytest.param(
            [article(reviewed="2026-11-22", evidence=INFERRED)],
            ledger(doubt("headline-pairing")),
            id="ticked off",
        ),
        pytest.param(
            [article(reviewed="2026-11-22")],
            ledger(doubt("gap"), reviewed={"a-01": Tick("2026-11-22", "1")}),
            id="ticked off, and the same since",
        ),
        pytest.param([], ledger(doubt("headline-pairing")), id="deleted"),
        pytest.param(
            [article(publish=False, title=None, evidence=INFERRED)],
            ledger(doubt("no-headline")),
            id="taken down",
        ),
        pytest.param([article()], ledger(doubt("no-headline")), id="a headline was written in"),
        pytest.param(
            [article()],
            ledger(doubt("gap"), doubt("start-missing"), doubt("end-missing")),
            id="found whole by a person",
        ),
        pytest.param(
            [article(body="由人补上。")], ledger(doubt("no-text")), id="a text was written in"
        ),
        pytest.param(
            [article(source=None, title=None, body="", evidence=INFERRED)],
            ledger(),
            id="a person's own",
        ),
        pytest.param(
            [article(evidence={"date": Evidence("stated", "落款"), "page": Evidence("unknown", "")})],
            ledger(),
            id="stated, or unknown",
        ),
        pytest.param([article(body="字", title="短讯")], ledger(), id="short, with a headline"),
        pytest.param([article(title=None)], ledger(), id="no headline, and long"),
    ],
)  # fmt: skip
def test_what_needs_nobody(here: list[Article], account: Ledger) -> None:
    assert reasons(here, account) == []


# --- what is told --------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["headline-pairing", "latin-slip", "conflict", "of-tomorrow"])
def test_a_doubt_of_the_ledger_is_told_as_it_stands(reason: str) -> None:
    (item,) = find_items([article()], [(ledger(doubt(reason)), TEXT)])
    assert (item.article, item.source, item.reason) == ("a-01", FILE, reason)
    assert (item.start, item.end, item.says) == (0, 4, f"有疑：{reason}")


def test_a_doubt_about_the_page_stays_whatever_is_ticked_off() -> None:
    done = article(reviewed="2026-11-22")
    assert reasons([done], ledger(doubt("lost-bytes", None))) == ["lost-bytes"]
    assert reasons([], ledger(doubt("byte-shift", None))) == ["byte-shift"]


def test_bytes_lost_among_shifted_ones_are_told_once() -> None:
    shift = doubt("byte-shift", None, (5, 9))
    inside, outside = doubt("lost-bytes", None, (8, 9)), doubt("lost-bytes", None, (9, 10))
    assert reasons([], ledger(inside, shift)) == ["byte-shift"]
    assert sorted(reasons([], ledger(outside, shift))) == ["byte-shift", "lost-bytes"]


def test_what_an_article_lacks_is_told_once() -> None:
    torn = ledger(doubt("no-headline"), doubt("start-missing"), doubt("end-missing"))
    untitled = article(title=None, complete="start-missing")
    assert reasons([untitled], torn) == ["no-headline", "end-missing"]
    short = replace(untitled, body="只有几字。")
    (item,) = find_items([short], [(torn, TEXT)])
    assert (item.reason, item.start, item.end) == ("orphan-fragment", 0, 4)
    assert "只有5字" in item.says
    assert reasons([replace(untitled, complete="both-missing")], torn) == ["orphan-fragment"]


def test_what_is_implied_of_one_article_is_told_of_another() -> None:
    account = ledger(doubt("no-headline"), doubt("start-missing", "a-02"))
    here = [article(title=None), article(2, complete="start-missing")]
    assert reasons(here, account) == ["no-headline", "start-missing"]


def test_a_tick_that_has_lapsed_is_told_with_all_the_rest() -> None:
    account = ledger(doubt("headline-pairing"), reviewed={"a-01": Tick("2026-11-22", "0")})
    done = article(reviewed="2026-11-22")
    assert reasons([done], account) == ["review-lapsed", "headline-pairing"]
    (item, _) = find_items([done], [(account, TEXT)])
    assert item.says == "2026-11-22校对之后，转换有了变化"
    assert reasons([replace(done, reviewed="2026-11-23")], account) == []


def test_an_inferred_value_of_one_article_is_told_with_its_words_and_their_place() -> None:
    (item,) = find_items([article(date="2021-03-05", evidence=INFERRED)], [(ledger(), TEXT)])
    assert (item.article, item.reason) == ("a-01", "inferred-date")
    assert item.says == "日期2021-03-05是推定的，所据“本报临河3月4日电，2021年”"
    assert TEXT[item.start : item.end] == "本报临河3月4日电"


def test_a_value_inferred_for_a_whole_page_is_told_once_and_until_the_last_is_ticked_off() -> None:
    here = [article(number, date="2021-03-05", evidence=INFERRED) for number in range(1, 10)]
    (item,) = find_items(here, [(ledger(), TEXT)])
    assert item.article is None
    assert item.says.endswith("（9篇同）")
    rest = [replace(one, reviewed="2026-11-22") for one in here[1:]]
    (item,) = find_items([here[0], *rest], [(ledger(), TEXT)])
    assert item.article == "a-01"
    assert reasons(rest, ledger()) == []


def test_two_values_of_a_page_are_two_items() -> None:
    other = article(2, date="2021-03-06", evidence=INFERRED)
    assert len(find_items([article(evidence=INFERRED), other], [(ledger(), TEXT)])) == 2


@pytest.mark.parametrize("text", [TEXT, None])
def test_words_that_are_not_found_leave_the_place_of_the_article(text: str | None) -> None:
    evidence = {"publication": Evidence("inferred", "别处的话")}
    (item,) = find_items([article(evidence=evidence)], [(ledger(), text)])
    assert (item.reason, item.start, item.end) == ("inferred-publication", 0, 4)


def test_a_quotation_without_words_is_nowhere() -> None:
    assert find_quote("", TEXT) is None
    assert find_quote("，", "没有逗号") is None
    assert find_quote("(a+)+", "(a+)+") == (0, 5)


# --- order, places, numbers ----------------------------------------------------------------------

REASONS = st.sampled_from([*SCORES, "of-tomorrow"])
DOUBTS = st.builds(
    Doubt,
    REASONS,
    st.integers(-3, 60),
    st.integers(-3, 60),
    st.sampled_from(["", "甲", "乙"]),
    st.sampled_from([None, "a-01", "a-02", "a-03"]),
)
ARTICLES = [article(), article(2, title=None, body=""), article(3, complete="gap", title=None)]


@given(st.lists(DOUBTS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_is_total_and_every_place_is_inside(
    doubts: list[Doubt], chance: random.Random
) -> None:
    here = list(ARTICLES)
    sources = [(ledger(*doubts), TEXT), (ledger(*doubts, file="b.txt"), TEXT)]
    items = find_items(here, sources)
    chance.shuffle(here)
    chance.shuffle(doubts)
    again = [(ledger(*doubts, file="b.txt"), TEXT), (ledger(*doubts), TEXT)]
    assert find_items(here, again) == items
    keys = [(-one.score, one.source, one.start, one.article or "", one.reason) for one in items]
    assert keys == sorted(keys)
    assert len(set(items)) == len(items)
    assert all(0 <= one.start <= one.end <= len(TEXT) and 0 <= one.score <= 1 for one in items)


def test_every_reason_of_the_converter_has_its_score() -> None:
    assert set(DOUBT_ORDER) <= SCORES.keys()
    assert IMPLIED.keys() | {one for ones in IMPLIED.values() for one in ones} <= SCORES.keys()
    assert all(round(score, 2) == score for score in SCORES.values())


def test_an_item_as_json() -> None:
    (item,) = find_items([], [(ledger(doubt("lost-bytes", None)), TEXT)])
    told = json.loads(json.dumps(item.as_json()))
    assert list(told) == ["article", "source", "reason", "start", "end", "says", "score"]
    assert told["article"] is None
    assert told["score"] == SCORES["lost-bytes"]


def test_items_stand_under_their_reasons_as_these_come_up() -> None:
    items = [Item(None, FILE, reason, 0, 1, "", 1.0) for reason in ("gap", "conflict", "gap")]
    assert [(reason, len(ones)) for reason, ones in by_reason(items)] == [("gap", 2), ("conflict", 1)]  # fmt: skip


# --- the pages of the desk -----------------------------------------------------------------------


@given(st.lists(DOUBTS, max_size=8), st.sampled_from([TEXT, "", TEXT[:20]]))
def test_the_marked_page_is_the_source_and_every_item_opens_once(
    doubts: list[Doubt], text: str
) -> None:
    source = SourceText("a", ledger(*doubts), text)
    archive = make_archive(Config(), ARTICLES, [source])
    tasks = [*make_tasks(archive, find_items(ARTICLES, [(source.ledger, text)]), {}).values()]
    pieces = [*cut_pieces(cut_source(source, ARTICLES), tasks)]
    assert "".join(one.segment.text for one in pieces) == text
    opened = [number for one in pieces for number in one.numbers]
    assert opened == sorted(opened) == [*range(1, len(tasks) + 1)]
    for one in pieces:
        covering = [
            task.item
            for task in tasks
            if task.item.start <= one.segment.start < task.item.end and one.segment.text
        ]
        assert one.is_doubtful is bool(covering)


def test_a_source_that_needs_nobody_has_no_page() -> None:
    quiet = SourceText("b", ledger(file="b.txt"), "")
    archive = make_archive(Config(), ARTICLES, [SourceText("a", ledger(), TEXT), quiet])
    items = find_items(ARTICLES, [(ledger(), TEXT)])
    pages = [*desk_pages(archive, items, {}, "2026-11-22")]
    assert [page.url for page in pages if page.url.endswith("/")] == [DESK, f"{DESK}a/"]
    assert not any(page.listed for page in pages)


def test_every_reason_has_a_name_on_the_desk() -> None:
    macros = Path(__file__).parent.parent / "templates" / "review_macros.html"
    named = set(re.findall(r"^  '([\w-]+)': _\(", macros.read_text("utf-8"), re.MULTILINE))
    assert named == SCORES.keys()
