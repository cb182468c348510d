"""The ways in: issues, calendars, portraits, names by pinyin, related articles; and that all of them lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import opencc
from hypothesis import given
from hypothesis import strategies as st

from jianbao import publish
from jianbao.check import check_site
from jianbao.config import Config, Publication, Topic
from jianbao.models import Article, Credit, Ledger, Origin
from jianbao.publish.archive import (
    ARTICLES_PER_MONTH_PAGE,
    WAYS,
    Archive,
    SourceText,
    cut_month,
    make_archive,
)
from jianbao.publish.initials import by_pinyin
from jianbao.publish.issues import CALENDAR_MONTHS, issues_of, sheets_of
from jianbao.publish.portraits import portray
from tests.built_search import build_search
from tests.invented_archive import invented_articles

ROOT = Path(__file__).parent.parent
ASSETS = {
    path.relative_to(ROOT / "assets").as_posix(): path.read_bytes()
    for path in sorted((ROOT / "assets").rglob("*"))
    if path.is_file()
} | {"lunr.min.js": b""}
BASE = "https://archive.example/linhe/"


def article(id: str, **values: object) -> Article:  # noqa: A002
    given = {"title": id, "date": "2020-06-18", "publication": "临河日报", "page": "1"} | values
    return replace(Article(id), **given)  # type: ignore[arg-type]  # names of the fields


def archive_of(*articles: Article, sources: tuple[SourceText, ...] = ()) -> Archive:
    archive = make_archive(Config(), articles, sources)
    return replace(archive, nearest=build_search(archive.articles).related)


def make(*articles: Article, config: Config | None = None) -> dict[str, str]:
    files = publish.make_site(
        config or Config(base_url=BASE), articles, (), templates=[ROOT / "templates"], assets=ASSETS
    )
    return {path: data.decode() for path, data in files if path.endswith((".html", ".css"))}


@cache
def invented() -> tuple[Article, ...]:
    """A paper of some years with pages, and what is known of none."""
    articles = invented_articles(150)
    return tuple(
        replace(one, page=str(number % 4 + 1) if number % 9 else None)
        for number, one in enumerate(articles)
    )


@cache
def invented_site() -> dict[str, bytes]:
    config = Config(
        base_url=BASE,
        languages=("en",),
        topics=(Topic("水利", "water"),),
        publications=(Publication("甲江日报", slug="jia"),),
    )
    return dict(
        publish.make_site(config, invented(), (), templates=[ROOT / "templates"], assets=ASSETS)
    )


# --- issues --------------------------------------------------------------------------------------


def test_an_issue_is_put_together_across_files() -> None:
    sources = tuple(
        SourceText(name, Ledger(f"{name}.txt", "", 0, 0, "utf-8", "text")) for name in "xyz"
    )
    second, first = (
        article(name, page=page, source=Origin(f"{file}.txt", "", ((0, 9),)))
        for name, page, file in (("b", "2", "x"), ("a", "1", "y"))
    )
    beside = article("c", page="2", source=Origin("z.txt", "", ((3, 9),)))
    archive = archive_of(beside, second, first, article("d", date="2020-06-19"), sources=sources)
    issue, _ = issues_of(archive, archive.ways["publications"]["临河日报"])
    assert issue.day == "2020-06-18"
    assert [
        (sheet.page, [one.id for one in sheet.articles], [one.slug for one in sheet.sources])
        for sheet in sheets_of(archive, issue)
    ] == [("1", ["a"], ["y"]), ("2", ["b", "c"], ["x", "z"])]


def test_every_article_of_a_known_day_and_paper_stands_in_one_issue_and_on_one_page_of_it() -> None:
    archive = archive_of(*invented())
    shown = Counter(
        one.id
        for paper in archive.ways["publications"].values()
        for issue in issues_of(archive, paper)
        for sheet in sheets_of(archive, issue)
        for one in sheet.articles
    )
    assert shown == {one.id: 1 for one in archive.articles if one.date}
    assert all(archive.issue_url(one) for one in archive.articles if one.date)
    assert not any(archive.issue_url(one) for one in archive.articles if not one.date)


def test_a_page_without_a_headline_first_has_no_lead() -> None:
    for title, lead in ((None, False), ("题", True)):
        html = make(article("a", title=title, body="一二。"))[
            "publications/lin-he-ri-bao/2020-06-18/index.html"
        ]
        assert ('class="lead"' in html) is lead


def test_a_short_run_shows_its_months_and_a_long_one_its_years() -> None:
    days = [f"{year}-{month:02}-01" for year in (1950, 1999, 2000) for month in range(1, 13)]
    long = [article(day, date=day) for day in days]
    assert len(days) > CALENDAR_MONTHS
    path = "publications/lin-he-ri-bao"
    files = make(*long)
    assert {f"{path}/{year}/index.html" for year in (1950, 1999, 2000)} <= files.keys()
    assert f"{path}/1951/index.html" not in files
    assert "<table" not in files[f"{path}/index.html"]
    assert files[f"{path}/1950/index.html"].count("<table") == 12
    short = make(*long[:12], article("z", date="2000-02-01"))
    assert short[f"{path}/index.html"].count("<table") == 13  # none for the years between
    assert f"{path}/1950/index.html" not in short


# --- dates ---------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 28), max_size=40), st.integers(1, 60))
def test_a_month_is_cut_between_its_days(days: list[int], times: int) -> None:
    articles = [
        Article(f"{place}-{number}", date=f"2020-02-{day:02}")
        for place, day in enumerate(sorted(days))
        for number in range(times)
    ]
    parts = cut_month(articles)
    shown = [one for part in parts for ones in part.values() for one in ones]
    assert shown == articles
    seen = [day for part in parts for day in part]
    assert len(seen) == len(set(seen))
    for part in parts:
        assert len(part) == 1 or sum(map(len, part.values())) <= ARTICLES_PER_MONTH_PAGE or not days


def test_a_full_month_has_pages_and_its_calendar_leads_to_them() -> None:
    many = [
        article(f"{day}-{number}", date=f"2020-06-{day:02}")
        for day in (1, 30)
        for number in range(ARTICLES_PER_MONTH_PAGE)
    ]
    files = make(*many)
    assert 'href="../../../dates/2020/06/page-2.html#d-30"' in files["dates/2020/06/index.html"]
    assert 'href="#d-30"' in files["dates/2020/06/page-2.html"]
    assert 'id="d-30"' in files["dates/2020/06/page-2.html"]
    assert "dates/2020/06/page-3.html" not in files


def test_on_this_day_are_all_years_and_no_day_without_articles() -> None:
    files = make(
        article("a"), article("b", date="2019-06-18"), article("c", date="2020-02-29"), article("d", date=None)
    )  # fmt: skip
    pages = {path.split("/")[2] for path in files if re.match(r"dates/days/\d", path)}
    assert pages == {"06-18", "02-29"}
    assert re.findall(r"articles/([ab])/", files["dates/days/06-18/index.html"]) == ["a", "b"]
    assert 'dates/days/06-18/index.html"' in files["articles/a/index.html"]
    assert "dates/days" not in files["articles/d/index.html"]


# --- portraits -----------------------------------------------------------------------------------


def test_topics_are_akin_when_they_meet_more_often_than_by_chance() -> None:
    together = [article(f"t{number}", topics=("桥", "路")) for number in range(3)]
    everywhere = [article(f"e{number}", topics=("桥", "总")) for number in range(3)]
    alone = [article(f"a{number}", topics=("总",)) for number in range(6)]
    once = [article("o", topics=("桥", "河"))]
    archive = archive_of(*together, *everywhere, *alone, *once)
    topics = archive.ways["topics"]
    assert [(way.name, number) for way, number in portray(archive, topics["桥"]).akin] == [
        ("路", 3)
    ]
    assert [way.name for way, _ in portray(archive, topics["路"]).akin] == ["桥"]
    assert portray(archive, topics["总"]).akin == ()


def test_a_person_is_shown_in_every_role() -> None:
    archive = archive_of(
        article("a", authors=(Credit("周明", "记者"), Credit("周明", "摄影"), Credit("何川", "摄影"))),
        article("b", authors=(Credit("周明", "记者"),)),
        article("c", authors=(Credit("周明"), Credit("何川", "记者"))),
    )  # fmt: skip
    portrait = portray(archive, archive.ways["people"]["周明"])
    assert portrait.roles == (("记者", 2), ("摄影", 1), (None, 1))
    assert [(way.name, number) for way, number in portrait.akin] == []  # no more than by chance


def test_a_portrait_counts_what_the_articles_say() -> None:
    archive = archive_of(*invented())
    for way in archive.ways["topics"].values():
        portrait = portray(archive, way)
        days = [one.date for one in way.articles if one.date]
        assert (portrait.first, portrait.last) == (min(days), max(days))
        for kind, rows in portrait.company.items():
            assert kind != "topics"
            for other, number in rows:
                names = [name for one in way.articles for name in set(WAYS[kind](one))]
                assert names.count(other.name) == number


# --- names ---------------------------------------------------------------------------------------


@given(st.sets(st.text(alphabet="单曾张李乐a3，", min_size=1, max_size=4)))
def test_every_name_stands_under_one_letter(names: set[str]) -> None:
    letters = by_pinyin(names, of_people=True)
    assert sorted(name for row in letters.values() for name in row) == sorted(names)
    assert list(letters) == sorted(letters)


def test_a_word_is_no_surname() -> None:
    assert by_pinyin(["单位", "乐"]) == {"D": ["单位"], "L": ["乐"]}
    assert by_pinyin(["单伟"], of_people=True) == {"S": ["单伟"]}


# --- related articles ----------------------------------------------------------------------------

FERRY = "渡船停航那天，老艄公把缆绳收好。渡船走了四十年，缆绳换了十几根，艄公也老了。"
AGAIN = "大桥通车后渡船少了，艄公守着缆绳等人。"
SCHOOL = "学校门口添了值勤的家长，马甲是红的，孩子说好认。"
FILLING = (
    "山上种茶",
    "湖边修路",
    "医院开诊",
    "书店夜读",
    "田里收稻",
    "球场开赛",
    "街角卖饼",
    "厂里开机",
)


def neighbourhood() -> tuple[Article, ...]:
    texts = {"ferry": FERRY, "again": AGAIN, "school": SCHOOL}
    texts |= {f"f{number}": f"{text}，{text}。" for number, text in enumerate(FILLING)}
    return tuple(
        article(name, title=None, body=text, date=f"2020-01-{number:02}")
        for number, (name, text) in enumerate(texts.items(), 1)
    )


def nearest(*articles: Article) -> dict[str, list[str]]:
    related = build_search(articles).related
    return {name: [one.id for one in ones] for name, ones in related.items()}


def test_articles_with_nothing_in_common_are_not_related() -> None:
    assert nearest(*neighbourhood()) == {
        one.id: ["again"] if one.id == "ferry" else [] for one in neighbourhood()
    }


def test_the_order_of_the_articles_changes_nothing_about_who_is_near() -> None:
    articles = invented()
    assert nearest(*articles) == nearest(*reversed(articles))


def test_script_is_no_distance() -> None:
    convert = opencc.OpenCC("s2t").convert
    ferry, again, *others = neighbourhood()
    traditional = replace(again, body=convert(again.body), script="Hant")
    assert nearest(ferry, traditional, *others)["ferry"] == ["again"]


def test_no_article_is_its_own_neighbour_or_named_twice() -> None:
    for name, others in nearest(*invented()).items():
        assert name not in others
        assert len(others) == len(set(others))


def test_one_article_and_none_have_no_neighbours() -> None:
    assert nearest() == {}
    assert nearest(article("a", body=FERRY)) == {"a": []}


def test_beside_an_article_nothing_is_offered_twice() -> None:
    archive = archive_of(*invented())
    assert any(archive.nearest.values())
    for one in archive.articles:
        company = archive.company(one)
        turned = [other for other in (company.before, company.after) if other]
        lists = (turned, company.same_page, company.related, company.same_topic)
        offered = [other.id for row in lists for other in row]
        assert one.id not in offered
        assert len(offered) == len(set(offered))


# --- the site as a whole -------------------------------------------------------------------------


def test_every_way_leads_somewhere(tmp_path: Path) -> None:
    for path, data in invented_site().items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    assert check_site(tmp_path, base_url=BASE) == []


def test_lists_of_many_names_can_be_read_by_pinyin() -> None:
    files = invented_site()
    by_number, by_name = (files[f"people/{name}.html"].decode() for name in ("index", "by-name"))
    people = set(re.findall(r'people/([^/"]+)/index', by_number))
    assert people == set(re.findall(r'people/([^/"]+)/index', by_name))
    for letter in re.findall(r'href="#(letter-[a-z]+)"', by_name):
        assert f'id="{letter}"' in by_name
    assert "topics/by-name.html" not in files


def test_bars_of_a_topic_lead_into_its_list() -> None:
    files = invented_site()
    topic = files["topics/water/index.html"].decode()
    chart = topic[topic.index("<svg") : topic.index("</svg>")]
    places = re.findall(r'href="([^"]*)#(t-\d+)"', chart)
    assert places
    for place, anchor in places:
        path = place.removeprefix("../../") or "topics/water/index.html"
        assert f'id="{anchor}"' in files[path].decode()


def test_the_way_to_today_is_hidden_until_the_reader_has_a_clock() -> None:
    days = make(article("a"))["dates/days/index.html"]
    assert re.search("<p[^>]*data-today hidden>", days)
    assert 'data-day="06-18"' in days
