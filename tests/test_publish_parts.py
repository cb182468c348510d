"""The parts of the publishing wing: the archive's order and ways, spans, citations, words, style."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from jianbao.colours import contrast
from jianbao.config import LANGUAGES, Config, Publication, Topic
from jianbao.models import Article, Credit, Furniture, Ledger, Origin, Repair
from jianbao.publish.archive import SourceText, make_archive
from jianbao.publish.citation import cite, excerpt_of, json_ld, writers_of
from jianbao.publish.dates import (
    CHART_HEIGHT,
    CHART_WIDTH,
    HEAT_LEVELS,
    LABEL_WIDTH,
    MAX_MONTHS,
    chart,
    heat,
)
from jianbao.publish.pages import make_pages
from jianbao.publish.spans import cut_segments
from tests.invented_archive import invented_articles

ROOT = Path(__file__).parent.parent


def article(id: str, page: str | None = "1", **values: object) -> Article:  # noqa: A002
    given = {"title": id, "date": "2020-06-18", "publication": "临河日报", "page": page} | values
    return replace(Article(id), **given)  # type: ignore[arg-type]  # names of the fields


# --- the archive ---------------------------------------------------------------------------------


def test_neighbours_follow_the_pages_and_end_with_the_issue() -> None:
    first, tenth, second = article("c"), article("b", "10"), article("a", "2")
    other_day = article("d", date="2020-06-19")
    archive = make_archive(Config(), (tenth, second, other_day, first), ())
    assert archive.neighbours(first) == (None, second)
    assert archive.neighbours(second) == (first, tenth)
    assert archive.neighbours(tenth) == (second, None)
    assert archive.neighbours(other_day) == (None, None)


def test_every_page_is_found_by_its_address_alone() -> None:
    """And so stands in a section that its kind names; with the sitemap, which is asked for others, all are gone through."""
    ledger = Ledger("a.txt", "0" * 64, 3, 1, "utf-8", "text", retired={"old": "invented-0"})
    source = SourceText("a", ledger)
    articles = [
        replace(one, id=f"invented-{number}", source=Origin("a.txt", "0" * 64, ((0, 1),)))
        for number, one in enumerate(invented_articles(130))
    ]
    config = Config(base_url="https://a.example/")
    archive = make_archive(config, [*articles, article("undated", date=None)], [source])
    pages = list(make_pages(archive))
    kinds = {page.template for page in pages}
    assert kinds >= {"day.html", "undated.html", "redirect.html", "feed.xml", "by_name.html"}
    asked: list[Collection[str]] = [[page.url] for page in pages]
    for only in (*asked, {"/sitemap.xml", "/about/"}, ["/nowhere/"]):
        found = [page.url for page in make_pages(archive, only)]
        assert found == [page.url for page in pages if page.url in only]
    *_, sitemap = make_pages(archive, {"/sitemap.xml"})
    assert sitemap.shows() == pages[-1].shows()


def test_the_same_page_is_the_same_page_of_the_same_issue() -> None:
    here, beside, overleaf = article("a"), article("b"), article("c", "2")
    elsewhere = article("d", publication="临河晚报")
    archive = make_archive(Config(), (here, beside, overleaf, elsewhere), ())
    assert archive.same_page(here) == (beside,)


def test_articles_of_one_undated_source_keep_together() -> None:
    one = article("a", None, date=None, source=Origin("x.txt", "", ((9, 12),)))
    two = article("b", None, date=None, source=Origin("x.txt", "", ((0, 8),)))
    archive = make_archive(Config(), (one, two), ())
    assert archive.neighbours(one) == (two, None)
    assert archive.by_file["x.txt"] == (two, one)


def test_the_undated_come_last() -> None:
    undated, old, new = article("a", date=None), article("b"), article("c", date="2021-01-01")
    archive = make_archive(Config(), (undated, old, new), ())
    assert archive.articles == (new, old, undated)
    assert list(archive.months) == ["2020-06", "2021-01"]


def test_ways_come_as_the_settings_name_them_then_by_number() -> None:
    config = Config(topics=(Topic("少", "few"),))
    rows = (article("a", topics=("多", "中")), article("b", topics=("多", "少")))
    topics = make_archive(config, rows, ()).ways["topics"]
    assert [(way.name, way.url) for way in topics.values()] == [
        ("少", "/topics/few/"),
        ("多", "/topics/duo/"),
        ("中", "/topics/zhong/"),
    ]


def test_a_given_slug_is_nobody_elses() -> None:
    config = Config(topics=(Topic("新闻", "news"),))
    topics = make_archive(config, (article("a", topics=("News", "新闻")),), ()).ways["topics"]
    assert topics["新闻"].slug == "news"
    assert topics["News"].slug != "news"


def test_a_newspaper_has_one_name() -> None:
    config = Config(publications=(Publication("临河日报", aliases=("临河报",)),))
    archive = make_archive(config, (article("a"), article("b", publication="临河报")), ())
    assert [len(way.articles) for way in archive.ways["publications"].values()] == [2]


def test_a_topic_named_twice_counts_once() -> None:
    one = article("a", topics=("桥", "桥"))
    archive = make_archive(Config(), (one,), ())
    assert archive.ways["topics"]["桥"].articles == (one,)


def test_articles_of_the_same_topic_are_near_and_from_other_pages() -> None:
    days = [article(f"d{day:02}", date=f"2020-06-{day:02}", topics=("桥",)) for day in range(1, 21)]
    beside = article("beside", date="2020-06-10", topics=("桥",))
    archive = make_archive(Config(), (*days, beside), ())
    same_topic = archive.company(days[9]).same_topic
    assert len(same_topic) == 5
    assert beside not in same_topic
    assert {one.date for one in same_topic} <= {
        f"2020-06-{day:02}" for day in (7, 8, 9, 11, 12, 13)
    }


def test_retired_ids_in_a_circle_lead_nowhere() -> None:
    ledger = Ledger("x", "", 0, 0, "utf-8", "text", retired={"a": "b", "b": "a", "c": "d"})
    archive = make_archive(Config(), (article("d"),), (SourceText("x", ledger),))
    assert archive.retired == {"c": "d"}


# --- spans ---------------------------------------------------------------------------------------

edges = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))


@given(st.text(max_size=50), st.lists(edges), st.lists(edges), st.lists(edges))
def test_the_segments_joined_are_the_source(
    text: str,
    spans: list[tuple[int, int]],
    rest: list[tuple[int, int]],
    repairs: list[tuple[int, int]],
) -> None:
    segments = cut_segments(
        text,
        {f"a{number}": [one] for number, one in enumerate(spans)},
        [Furniture(*one, "ad") for one in rest],
        [Repair("x", *one, "", "") for one in repairs],
    )
    assert "".join(one.text for one in segments) == text
    assert all(text[one.start :].startswith(one.text) for one in segments)


def test_a_span_opens_once_though_a_repair_divides_it() -> None:
    segments = cut_segments("甲乙丙丁", {"a": [(0, 3)]}, [], [Repair("x", 1, 2, "乙", "已")])
    assert [(one.text, one.article, one.opens, one.repair is not None) for one in segments] == [
        ("甲", "a", True, False),
        ("乙", "a", False, True),
        ("丙", "a", False, False),
        ("丁", None, False, False),
    ]


def test_two_spans_of_one_article_both_open() -> None:
    segments = cut_segments("甲乙丙", {"a": [(2, 3), (0, 1)]}, [], [])
    assert [one.opens for one in segments] == [True, False, True]


# --- citations -----------------------------------------------------------------------------------

PAPER = article("a", "A3", title="旧桥新生", authors=(Credit("林一", "记者"),))
ONLINE = replace(
    PAPER, source=Origin("x", "", (), url="https://a.example/1", accessed="2020-07-01")
)
WEB = replace(ONLINE, source=replace(ONLINE.source, kind="web"))  # type: ignore[type-var]
FOUR = tuple(Credit(name) for name in ("甲一", "乙二", "丙三", "丁四"))


@pytest.mark.parametrize(
    ("cited", "style", "line"),
    [
        (PAPER, "gb2025", "林一. 旧桥新生[N]. 临河日报，2020-06-18（A3）."),
        (PAPER, "gb2015", "林一. 旧桥新生[N]. 临河日报, 2020-06-18(A3)."),
        (
            ONLINE,
            "gb2025",
            "林一. 旧桥新生[N/OL]. 临河日报，2020-06-18（A3）. https://a.example/1.",
        ),
        (
            ONLINE,
            "gb2015",
            "林一. 旧桥新生[N/OL]. 临河日报, 2020-06-18(A3)[2020-07-01]. https://a.example/1.",
        ),
        (
            WEB,
            "gb2025",
            "林一. 旧桥新生[EB/OL]. （2020-06-18）[2020-07-01]. https://a.example/1.",
        ),
        (WEB, "gb2015", "林一. 旧桥新生[EB/OL]. (2020-06-18)[2020-07-01]. https://a.example/1."),
        (
            replace(PAPER, authors=FOUR),
            "gb2025",
            "甲一，乙二，丙三，等. 旧桥新生[N]. 临河日报，2020-06-18（A3）.",
        ),
        (
            replace(PAPER, authors=FOUR[:3]),
            "gb2015",
            "甲一, 乙二, 丙三. 旧桥新生[N]. 临河日报, 2020-06-18(A3).",
        ),
        (replace(PAPER, authors=(), page=None), "gb2025", "旧桥新生[N]. 临河日报，2020-06-18."),
        (replace(PAPER, date=None), "gb2025", "林一. 旧桥新生[N]. 临河日报（A3）."),
        (
            replace(PAPER, subtitle="——加固之后"),
            "gb2025",
            "林一. 旧桥新生：加固之后[N]. 临河日报，2020-06-18（A3）.",
        ),
    ],
)
def test_citations(cited: Article, style: str, line: str) -> None:
    assert cite(cited, style) == line


def test_a_photographer_is_no_writer_unless_alone() -> None:
    photographer = Credit("何川", "摄影")
    assert writers_of(replace(PAPER, authors=(photographer, Credit("林一", "记者")))) == ("林一",)
    assert writers_of(replace(PAPER, authors=(photographer,))) == ("何川",)


def test_an_excerpt_passes_over_a_heading() -> None:
    long = "昨日清晨六时，临河北岸的旧桥重新放行。"
    assert excerpt_of(Article("a", body=f"## 通车\n\n{long}")) == long


def test_json_ld_leaves_out_what_is_unknown() -> None:
    assert json_ld(Article("a", "题"), None) == {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": "题",
        "inLanguage": "zh-Hans",
    }


# --- the chart -----------------------------------------------------------------------------------


def test_a_long_time_is_shown_by_years() -> None:
    years = MAX_MONTHS // 12
    by_month = chart({"2000-01": 1, f"{2000 + years - 1}-12": 1})
    by_year = chart({"2000-01": 1, f"{2000 + years}-01": 3})
    assert by_month
    assert by_year
    assert len(by_month.bars) == MAX_MONTHS
    assert [bar.period for bar in by_year.bars][:2] == ["2000", "2001"]


months = st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(lambda day: f"{day:%Y-%m}")


@given(st.dictionaries(months, st.integers(1, 500), max_size=40))
def test_a_chart_counts_everything_and_stays_in_its_frame(counts: dict[str, int]) -> None:
    shown = chart(counts)
    if shown is None:
        assert len({month[:4] for month in counts}) <= 1
        return
    assert sum(bar.count for bar in shown.bars) == sum(counts.values())
    assert max(bar.height for bar in shown.bars) == CHART_HEIGHT
    assert all(bar.height > 0 for bar in shown.bars if bar.count)
    assert all(0 <= bar.place <= bar.x <= CHART_WIDTH - shown.width for bar in shown.bars)
    places = [x for x, _ in shown.years]
    # Places are told to a hundredth.
    assert all(after - before >= LABEL_WIDTH - 0.02 for before, after in pairwise(places))


@given(st.integers(1, 999), st.data())
def test_a_shade_grows_with_the_number(most: int, data: st.DataObject) -> None:
    less, more = sorted(data.draw(st.tuples(st.integers(0, most), st.integers(0, most))))
    assert heat(less, most) <= heat(more, most) <= HEAT_LEVELS
    assert (heat(less, most) == 0) == (less == 0)


# --- words and style -----------------------------------------------------------------------------


def words_of_templates() -> set[str | tuple[str, ...]]:
    options = {
        "**.html": {"trimmed": "true", "silent": "false", "extensions": "jianbao.publish.memo.Memo"}
    }
    found = extract_from_dir(
        str(ROOT / "templates"), [("**.html", "jinja2"), ("**.xml", "jinja2")], options
    )
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", [one.replace("-", "_") for one in LANGUAGES])
def test_each_catalogue_has_every_word_and_no_other(language: str) -> None:
    path = ROOT / "templates" / "i18n" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    messages = [message for message in catalogue if message.id]
    assert {message.id for message in messages} == words_of_templates()
    for message in messages:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(texts) == (catalogue.num_plurals if message.pluralizable else 1)
        assert all(texts), message.id
        assert not message.fuzzy
        assert not list(message.check(catalogue)), message.id


def test_the_style_sheet_is_small_and_ours() -> None:
    style = (ROOT / "assets" / "style.css").read_text("utf-8")
    assert len(style.encode()) <= 24 * 1024
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("ink", "paper"),
        ("ink", "sheet"),
        ("faded", "paper"),
        ("faded", "sheet"),
        ("seal", "paper"),
        ("on-stamp", "stamp"),
    ],
)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(above: str, below: str, scheme: int) -> None:
    """WCAG AA asks for 4.5 to 1."""
    style = (ROOT / "assets" / "style.css").read_text("utf-8")
    colours = dict(re.findall(r"--([a-z-]+): light-dark\(([^)]*)\)", style))
    assert contrast(*(colours[name].split(", ")[scheme] for name in (above, below))) >= 4.5
