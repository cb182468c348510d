"""The door of `content/`: what is written comes back, and what a person may have written wrong is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.content import MAX_ID, dump, dump_ledger, load, load_ledger, stamp
from jianbao.errors import JianbaoError
from jianbao.models import (
    COMPLETE,
    FURNITURE_ROLES,
    SCRIPTS,
    SOURCE_KINDS,
    Article,
    Credit,
    Dateline,
    Doubt,
    Evidence,
    Finding,
    Furniture,
    Ledger,
    Origin,
    Repair,
    Tick,
)
from jianbao.yaml_guard import dump_yaml, without_controls
from tests.refusals import refusal

# --- an article's file, refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("", 1, "no front matter", id="empty"),
        pytest.param("# 只有标题\n", 1, "no front matter", id="no front matter"),
        pytest.param("---\nid: a\n", 1, "no front matter", id="no second line ---"),
        pytest.param("\n---\nid: a\n---\n", 1, "no front matter", id="a blank line before it"),
        pytest.param("---\n---\n", 2, "id is missing", id="nothing in it"),
        pytest.param("---\n- id\n---\n", 2, "`key: value`", id="a list"),
        pytest.param("---\n青禾\n---\n", 2, "`key: value`", id="a word"),
        pytest.param("---\n1: 2\n---\n", 2, "`key: value`", id="a number for a key"),
        pytest.param("---\ntitle: 甲\n---\n", 2, "id is missing", id="no id"),
        pytest.param("---\nid: 青禾\n---\n", 2, "cannot be an address", id="an id in Chinese"),
        pytest.param("---\nid: ../a\n---\n", 2, "cannot be an address", id="an id that climbs"),
        pytest.param("---\nid: a--b\n---\n", 2, "cannot be an address", id="two hyphens"),
        pytest.param(
            f"---\nid: {'a' * 141}\n---\n", 2, "cannot be an address", id="too long an id"
        ),
        pytest.param("---\nid: 7\n---\n", 2, "id must be text", id="a number for an id"),
        pytest.param(
            "---\nid: a\ntitle: 1937\n---\n", 3, "title must be text", id="title a number"
        ),
        pytest.param("---\nid: a\ntitle: [甲]\n---\n", 3, "title must be text", id="title a list"),
        pytest.param("---\nid: a\npage: 010\n---\n", 3, "page must be text", id="page in octal"),
        pytest.param("---\nid: a\ndate: 2020-13-19\n---\n", 3, "is no date", id="month 13"),
        pytest.param("---\nid: a\ndate: 2020-02-30\n---\n", 3, "is no date", id="30 February"),
        pytest.param(
            "---\nid: a\ndate: 2020-6-18\n---\n", 3, "is no date", id="a month of one digit"
        ),
        pytest.param("---\nid: a\ndate: 2020\n---\n", 3, "date must be text", id="a year"),
        pytest.param(
            "---\nid: a\nreviewed: gestern\n---\n", 3, "is no date", id="reviewed is a word"
        ),
        pytest.param("---\nid: a\nauthors: 何小禾\n---\n", 3, "must be a list", id="one author"),
        pytest.param(
            "---\nid: a\nauthors: [7]\n---\n", 3, "must have a name", id="author a number"
        ),
        pytest.param(
            "---\nid: a\nauthors: [{role: 记者}]\n---\n", 3, "must have a name", id="no name"
        ),
        pytest.param(
            "---\nid: a\ntopics: [[甲]]\n---\n", 3, "topics must be text", id="topics nested"
        ),
        pytest.param("---\nid: a\nscript: hans\n---\n", 3, "script cannot be", id="script small"),
        pytest.param(
            "---\nid: a\ncomplete: half\n---\n", 3, "complete cannot be", id="half complete"
        ),
        pytest.param("---\nid: a\npublish: 不\n---\n", 3, "true or false", id="publish a word"),
        pytest.param("---\nid: a\ndateline: 本报\n---\n", 3, "a mapping", id="dateline a word"),
        pytest.param(
            "---\nid: a\nevidence: {date: 猜的}\n---\n", 3, "must say status", id="evidence"
        ),
        pytest.param("---\nid: a\nsource: a.txt\n---\n", 3, "a mapping", id="source a word"),
        pytest.param(
            "---\nid: a\nsource: {spans: [[2, 1]]}\n---\n", 3, "a span must", id="backwards"
        ),
        pytest.param(
            "---\nid: a\nsource: {spans: [[1]]}\n---\n", 3, "a span must", id="half a span"
        ),
        pytest.param("---\nid: a\nsource: {spans: [3]}\n---\n", 3, "a span must", id="a number"),
        pytest.param("---\nid: a\nsource: {kind: radio}\n---\n", 3, "kind cannot be", id="kind"),
        pytest.param(
            "---\nid: a\nsource: {url: 'javascript:alert(1)'}\n---\n",
            3,
            "neither http",
            id="a script",
        ),
        pytest.param("---\nid: a\nid: b\n---\n", 3, "stands twice", id="an id twice"),
        pytest.param("---\nid: a\n\ttitle: b\n---\n", 3, "not valid YAML", id="a tab"),
        pytest.param("---\na: &a [甲]\nid: *a\n---\n", 3, "aliases", id="an alias"),
    ],
)
def test_R12_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(JianbaoError) as error:
        load(text, path="content/a/02.md")
    assert says in error.value.message
    assert (error.value.path, error.value.line) == ("content/a/02.md", line)


def test_the_error_says_what_to_do() -> None:
    with pytest.raises(JianbaoError) as error:
        load("---\nid: a\ndate: 2020-13-19\n---\n", path="content/a/02.md")
    assert error.value.told() == (
        "error: content/a/02.md:3: the date '2020-13-19' is no date\n"
        "  Write it as 2020-10-19, or leave it out."
    )


@pytest.mark.parametrize("spans", ["甲", "{a: 1}"])
def test_spans_that_are_no_pairs(spans: str) -> None:
    with pytest.raises(JianbaoError, match=r"spans? must be"):
        load(f"---\nid: a\nsource: {{spans: {spans}}}\n---\n", path="a.md")


@pytest.mark.parametrize("spans", ["7", "true"])
def test_spans_that_are_no_list(spans: str) -> None:
    with pytest.raises(JianbaoError):
        load(f"---\nid: a\nsource: {{spans: {spans}}}\n---\n", path="a.md")


@pytest.mark.parametrize("url", ["http://[a", "https://[::1"])
def test_an_address_that_cannot_be_taken_apart(url: str) -> None:
    with pytest.raises(JianbaoError):
        load(f"---\nid: a\nsource: {{url: '{url}'}}\n---\n", path="a.md")


@given(st.text(alphabet="-\n:id a[]{}'\"青#spanource1,", max_size=60))
def test_F4_any_front_matter_is_an_article_or_a_sentence(text: str) -> None:
    error = refusal(load, f"---\nid: a\n{text}\n---\n", path="a.md")
    assert error is None or error.path == "a.md"


# --- an article's file, taken -------------------------------------------------------------------


def test_the_least_article() -> None:
    assert load("---\nid: a\n---\n", path="a.md") == Article(id="a")


def test_an_author_may_be_a_bare_name() -> None:
    article = load("---\nid: a\nauthors: [何小禾]\n---\n", path="a.md")
    assert article.authors == (Credit("何小禾"),)


def test_a_persons_own_keys_are_kept() -> None:
    article = load("---\nid: a\n备注: {看过: true}\n---\n", path="a.md")
    assert article.extra == {"备注": {"看过": True}}
    assert load(dump(article), path="a.md") == article


def test_a_line_of_hyphens_in_the_body_ends_nothing() -> None:
    article = load("---\nid: a\n---\n\n甲\n\n---\n\n乙\n", path="a.md")
    assert article.body == "甲\n\n---\n\n乙"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_an_editors_line_ends_and_mark_are_taken_in_silence(newline: str) -> None:
    text = dump(FULL)
    assert load("\ufeff" + text.replace("\n", newline), path="a.md") == FULL


FULL = Article(
    id="wuchuan-ribao-2020-06-18-a3-02",
    title="着眼：“静音键” # 一",
    kicker="青禾市",
    subtitle="——写在第一百天",
    column="民生在线",
    authors=(Credit("何小禾", "记者"), Credit("艾松")),
    dateline=Dateline("本报", "重庆", "6月17日"),
    date="2020-06-18",
    publication="梧川日报",
    page="A3",
    topics=("便民服务",),
    places=("重庆",),
    complete="end-missing",
    evidence={"date": Evidence("inferred", "本报重庆6月17日电")},
    source=Origin("a.txt", "9f2c", ((616, 1030), (1032, 1060)), "web", "https://a.example/1", "2020-07-01"),
    converted="3f2a9c",
    reviewed="2026-11-22",
    publish=False,
    body="甲。\n\n## 一、乙\n\n图：丙",
)  # fmt: skip


def test_how_an_article_is_written() -> None:
    assert (
        dump(FULL)
        == """\
---
id: wuchuan-ribao-2020-06-18-a3-02
title: '着眼：“静音键” # 一'
kicker: 青禾市
subtitle: ——写在第一百天
column: 民生在线
authors:
  - {name: 何小禾, role: 记者}
  - {name: 艾松, role: null}
dateline: {agency: 本报, place: 重庆, date: 6月17日}
date: '2020-06-18'
publication: 梧川日报
page: A3
topics: [便民服务]
places: [重庆]
script: Hans
complete: end-missing
evidence:
  date: {status: inferred, from: 本报重庆6月17日电}
source:
  file: a.txt
  sha256: 9f2c
  spans: [[616, 1030], [1032, 1060]]
  kind: web
  url: https://a.example/1
  accessed: '2020-07-01'
converted: 3f2a9c
reviewed: '2026-11-22'
publish: false
---

甲。

## 一、乙

图：丙
"""
    )


def test_what_is_absent_is_left_out_but_for_the_title() -> None:
    assert dump(Article(id="a")) == "---\nid: a\ntitle: null\nscript: Hans\ncomplete: whole\n---\n"


# --- round trips --------------------------------------------------------------------------------

DAYS = st.dates().map(lambda day: day.isoformat())
PRINTED = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="青禾𬎆🙂:：#'\"“”[]{}&*!|>%@`-?,，\n\t ~\u3000\u00a0", max_size=20),
    st.sampled_from(["---", "yes", "null", "~", "1937", "1e3", "0x1", "2020-06-18", "- a", "a: b", "\\", "..."]),
).map(without_controls)  # fmt: skip
SOME = PRINTED.filter(bool)  # an empty text is an absent value
MAYBE = st.none() | SOME
IDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
SPANS = st.tuples(st.integers(0, 9999), st.integers(1, 999)).map(lambda one: (one[0], sum(one)))
# A body keeps no newline at its ends; a lone carriage return is a newline to any editor.
BODIES = PRINTED.map(lambda text: text.replace("\r", "").strip("\n"))
DATELINES = st.builds(Dateline, MAYBE, MAYBE, MAYBE).filter(lambda line: line != Dateline())
ORIGINS = st.builds(
    Origin,
    file=SOME,
    sha256=SOME,
    spans=st.lists(SPANS, max_size=3).map(tuple),
    kind=st.sampled_from(SOURCE_KINDS),
    url=st.none() | st.just("https://a.example/?a=b#c"),
    accessed=st.none() | DAYS,
)
OWN = st.dictionaries(
    SOME.map(lambda key: f"备注{key}"),
    st.recursive(SOME | st.booleans() | st.integers(), lambda one: st.lists(one, min_size=1, max_size=2)),
    max_size=2,
)  # fmt: skip
ARTICLES = st.builds(
    Article,
    id=IDS,
    title=MAYBE,
    kicker=MAYBE,
    subtitle=MAYBE,
    column=MAYBE,
    authors=st.lists(st.builds(Credit, PRINTED, MAYBE), max_size=3).map(tuple),
    dateline=st.none() | DATELINES,
    date=st.none() | DAYS,
    publication=MAYBE,
    page=MAYBE,
    topics=st.lists(SOME, max_size=3).map(tuple),
    places=st.lists(SOME, max_size=3).map(tuple),
    script=st.sampled_from(SCRIPTS),
    complete=st.sampled_from(COMPLETE),
    evidence=st.dictionaries(
        SOME, st.builds(Evidence, st.sampled_from(["stated", "inferred", "unknown"]), PRINTED), max_size=2
    ),
    source=st.none() | ORIGINS,
    converted=MAYBE,
    reviewed=st.none() | DAYS,
    publish=st.booleans(),
    extra=OWN,
    body=BODIES,
)  # fmt: skip


@given(ARTICLES)
def test_F4_every_article_comes_back(article: Article) -> None:
    assert load(dump(article), path="a.md") == article


@given(ARTICLES)
def test_an_article_is_written_the_same_way_twice(article: Article) -> None:
    assert dump(load(dump(article), path="a.md")) == dump(article)


def test_an_id_of_the_greatest_length() -> None:
    article = Article(id="a" * MAX_ID)
    assert load(dump(article), path="a.md") == article


def test_controls_are_not_written() -> None:
    article = Article(id="a", title="青\x00禾\x1b", body="一\x85二\ud800")
    assert load(dump(article), path="a.md") == Article(id="a", title="青禾", body="一二")


# --- the stamp ----------------------------------------------------------------------------------


def test_a_stamp_is_of_all_else_and_not_of_itself() -> None:
    once = stamp(FULL)
    assert stamp(once) == once
    assert replace(once, converted=FULL.converted) == FULL
    assert stamp(replace(FULL, body="乙")).converted != once.converted


# --- the ledger ---------------------------------------------------------------------------------

FINDINGS = st.builds(
    Finding,
    value=MAYBE | st.lists(SOME, min_size=1, max_size=3).map(tuple),
    status=st.sampled_from(["stated", "inferred", "unknown"]),
    evidence=PRINTED,
)
OFFSETS = st.integers(0, 99_999)
LEDGERS = st.builds(
    Ledger,
    file=SOME,
    sha256=SOME,
    bytes=OFFSETS,
    characters=OFFSETS,
    encoding=SOME,
    reader=SOME,
    publication=FINDINGS,
    issue_date=FINDINGS,
    page=FINDINGS,
    furniture=st.lists(
        st.builds(Furniture, OFFSETS, OFFSETS, st.sampled_from(FURNITURE_ROLES)), max_size=3
    ).map(tuple),
    repairs=st.lists(st.builds(Repair, SOME, OFFSETS, OFFSETS, PRINTED, PRINTED), max_size=3).map(tuple),
    doubts=st.lists(st.builds(Doubt, SOME, OFFSETS, OFFSETS, PRINTED, st.none() | IDS), max_size=3).map(tuple),
    retired=st.dictionaries(IDS, IDS, max_size=2),
    reviewed=st.dictionaries(IDS, st.builds(Tick, SOME, SOME), max_size=2),
)  # fmt: skip


@given(LEDGERS)
def test_F4_every_ledger_comes_back(ledger: Ledger) -> None:
    assert load_ledger(dump_ledger(ledger), path="source.yaml") == ledger


@pytest.mark.parametrize(
    "change",
    [
        {"file": None},
        {"sha256": None},
        {"furniture": [{"start": 1}]},
        {"furniture": [7]},
        {"repairs": [{"von": 1}]},
        {"doubts": "keine"},
        {"publication": "梧川日报"},
        {"bytes": "viel"},
        {"retired": [1]},
        {"reviewed": {"a-01": {"when": "2026-11-22"}}},
    ],
)
def test_a_ledger_that_the_converter_does_not_write(change: dict[str, Any]) -> None:
    ledger: dict[str, Any] = {
        "file": "a.txt", "sha256": "9f", "bytes": 1, "characters": 1, "encoding": "utf-8", "reader": "text",
    }  # fmt: skip
    with pytest.raises(JianbaoError) as error:
        load_ledger(dump_yaml(ledger | change), path="a/source.yaml")
    assert error.value.path == "a/source.yaml"
