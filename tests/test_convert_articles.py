"""Whole pages: which articles they hold, and what is said of each."""

from __future__ import annotations

from typing import Any

import pytest

from jianbao.config import Config, Known, Topic
from jianbao.convert.conversion import Conversion, convert_source
from jianbao.convert.describe import Headline, find_topics
from jianbao.convert.script import script_of
from jianbao.models import Article
from tests.specimens import Specimen, each

TOPICS = (
    Topic("读书", keywords=("图书馆", "读者", "阅览")),
    Topic("道路", keywords=("石板路", "路面", "施工")),
    Topic("保密"),
)


@each("articles")
def test_articles_of_a_page(specimen: Specimen) -> None:
    articles = convert(specimen["page"]).articles
    asked = specimen["articles"]
    assert len(articles) == len(asked)
    for article, one in zip(articles, asked, strict=True):
        assert {key: told(article, key) for key in one} == one


@each("articles", known_failures=False)
def test_articles_are_numbered_in_the_order_in_which_they_begin(specimen: Specimen) -> None:
    articles = convert(specimen["page"]).articles
    starts = [min(one.source.spans)[0] for one in articles if one.source]
    assert starts == sorted(starts)
    assert [one.id for one in articles] == [f"a-{n:02}" for n in range(1, len(articles) + 1)]


@each("topics")
def test_topics(specimen: Specimen) -> None:
    found = find_topics(Headline(specimen["title"]), specimen["body"], TOPICS)
    assert list(found) == specimen["topics"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020",
        "ABC",
        "青禾市图书馆",
        "他著书立说，后来，青禾市图书馆收藏了这套书。",
        "“静音键”『』「」",
    ],
)
def test_simplified_script(text: str) -> None:
    assert script_of(text) == "Hans"


@pytest.mark.parametrize("text", ["圖書館", "圖書館夜裡開到十點，WHO", "讀完一本書再回家"])
def test_traditional_script(text: str) -> None:
    assert script_of(text) == "Hant"


def test_what_the_maintainer_knows_stands_in_the_origin() -> None:
    known = Known(kind="web", url="https://example.org/1", accessed="2020-07-01")
    [article] = convert(
        "青禾市图书馆夜里开到十点，读完一本书再回家，馆员为他们留着灯。", known
    ).articles
    assert article.source is not None
    assert article.source.kind == "web"
    assert article.source.url == "https://example.org/1"
    assert article.source.accessed == "2020-07-01"


def test_what_the_maintainer_states_needs_no_evidence_in_the_article() -> None:
    known = Known(publication="青禾晚报", date="2020-06-19", page="B1")
    [article] = convert("# 夜读\n\n读完一本书再回家，馆员为他们留着灯。", known).articles
    assert (article.publication, article.date, article.page) == ("青禾晚报", "2020-06-19", "B1")
    assert article.evidence == {}


def convert(page: str, known: Known | None = None) -> Conversion:
    return convert_source(page.encode(), "a.md", "a", known or Known(), Config())


def told(article: Article, key: str) -> Any:
    """A value of the front matter as a specimen writes it."""
    match key:
        case "authors":
            return [[one.name, one.role] for one in article.authors]
        case "dateline":
            line = article.dateline
            parts = {"agency": line.agency, "place": line.place, "date": line.date} if line else {}
            return {name: value for name, value in parts.items() if value}
        case "kind":
            return article.source.kind if article.source else None
        case "topics" | "places":
            return list(getattr(article, key))
    return getattr(article, key)
