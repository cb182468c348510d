"""The invented archive is what the measurements of the search take it for, and so is the truth they compare with."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

from jianbao import content
from jianbao.models import Article
from jianbao.publish.markdown import plain_paragraphs
from tests.invented_archive import LENGTH, invented_article, invented_articles, words
from tests.search_truth import Truth, is_plain, substrings, texts_of, visitors_queries, word_queries

ARTICLES = tuple(invented_articles(200))


def test_the_same_number_gives_the_same_article() -> None:
    assert invented_article(7) == ARTICLES[7]
    assert len({article.id for article in ARTICLES}) == len(ARTICLES)


def test_articles_are_as_promised() -> None:
    assert LENGTH * 0.8 < mean(len(article.body) for article in ARTICLES) < LENGTH * 1.3
    assert 0 < sum(article.script == "Hant" for article in ARTICLES) < 30
    assert all(article.title and article.publication and article.topics for article in ARTICLES)
    for name in ("kicker", "subtitle", "authors", "column", "date", "places"):
        assert 0 < sum(bool(getattr(article, name)) for article in ARTICLES) < len(ARTICLES)


def test_articles_go_through_content_unchanged() -> None:
    for article in ARTICLES:
        assert content.load(content.dump(article), path="a.md") == article
        assert plain_paragraphs(article.body) == tuple(article.body.split("\n\n"))


def test_some_words_are_frequent_and_most_are_rare() -> None:
    text = "".join(article.body for article in ARTICLES)
    often = [text.count(word) for word in words()[20:1000:10]]
    assert mean(often[:20]) > 3 * mean(often[-20:])


def test_truth_is_plain_substring_within_one_text() -> None:
    bus = Article("bus", title="公交開通", kicker="便民", body="第一段。\n\n第２段。")
    truth = Truth([bus, replace(bus, id="other", title="别的", body="公交")])
    assert truth.ids("公交") == {"bus", "other"}
    assert truth.ids("公交开通") == {"bus"}
    assert truth.ids("第2段") == {"bus"}
    assert truth.ids("开通便民") == truth.ids("一段。第") == set()


def test_queries_are_drawn_the_same_every_time_and_stand_somewhere() -> None:
    truth = Truth(ARTICLES)
    for draw in (visitors_queries, substrings, word_queries):
        queries = draw(ARTICLES, truth, 30)
        assert queries == draw(ARTICLES, truth, 30)
        assert len(set(queries)) == 30
        assert all(is_plain(query) and truth.ids(query) for query in queries)
    texts = [text for article in ARTICLES for text in texts_of(article)]
    assert all(any(query in text for text in texts) for query in substrings(ARTICLES, truth, 30))
