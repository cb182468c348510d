"""Saved pages of the web: the story without its frame, and the way back to the element of every line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from jianbao.config import Config, Known
from jianbao.convert.conversion import Conversion, convert_source
from jianbao.convert.html_reader import MAX_DEPTH, read_html
from jianbao.convert.html_words import is_control, is_masthead
from jianbao.convert.read import read_source
from jianbao.errors import JianbaoError
from jianbao.models import Head, is_blank
from jianbao.yaml_guard import load_yaml
from tests.demo.make_sources import SOURCES
from tests.demo.other_kinds import body_of, read_stories
from tests.typesetter.saved_pages import SHAPES, draw_saved_page

FOLDER = Path(__file__).parent / "saved_pages"
EXPECTED: dict[str, dict[str, Any]] = load_yaml(
    (FOLDER / "expected.yaml").read_text(encoding="utf-8"), path="expected.yaml"
)
SEEDS = range(24)
DRAWN = [(shape, seed) for shape in SHAPES for seed in SEEDS]
STORY = "<p>青禾市图书馆夜里开到十点，下班以后的市民也能来坐一坐，读完一本书再走。</p>"


# --- the story ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_gives_its_story_without_the_frame(name: str) -> None:
    expected = dict(EXPECTED[name])
    raw = (FOLDER / name).read_text(encoding="utf-8").encode(expected.pop("encoding", "utf-8"))
    conversion = convert(raw)
    [article] = conversion.articles
    assert article.source is not None
    shown = {key: getattr(article, key) for key in expected if key not in ("url", "body")}
    assert shown == {key: expected[key] for key in shown}
    assert article.source.url == expected.get("url")
    assert article.source.kind == "web"
    assert article.body == expected["body"].strip()


def test_every_page_beside_them_is_expected_to_say_something() -> None:
    names = {path.name for path in FOLDER.glob("*.html")}
    assert names == {*EXPECTED, "paper_page.html"}


def test_several_stories_of_an_e_edition_are_several_articles() -> None:
    conversion = convert((FOLDER / "paper_page.html").read_bytes())
    told = [(one.title, one.subtitle, one.date, one.page) for one in conversion.articles]
    assert told == [
        ("老邮局改成了邻里客厅", None, "2021-03-09", "A02"),
        ("三座便民桥月底通车", None, "2021-03-09", "A02"),
        ("“小板凳课堂”进了夜市", "摊主收摊前学半小时消防", "2021-03-09", "A02"),
    ]
    assert {one.publication for one in conversion.articles} == {"石桥日报"}


@pytest.mark.parametrize(("shape", "seed"), DRAWN)
def test_a_page_that_nobody_has_seen(shape: str, seed: int) -> None:
    page = draw_saved_page(seed, shape)
    articles = convert(page.html.encode()).articles
    assert [one.title for one in articles] == [one.title for one in page.stories]
    assert [letters(one.body) for one in articles] == [letters(one.body) for one in page.stories]
    assert {one.date for one in articles} == {page.day}


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_the_encoding_changes_nothing_of_the_story(encoding: str) -> None:
    page = draw_saved_page(7, "portal").html
    raw = page.replace("charset='utf-8'", "").encode(encoding, errors="xmlcharrefreplace")
    plain, other = convert(page.encode()).articles, convert(raw).articles
    assert [(one.title, one.date, one.body) for one in other] == [
        (one.title, one.date, one.body) for one in plain
    ]


def test_the_headline_is_no_navigation_though_it_is_a_link() -> None:
    page = f"<title>夜里的灯 - 青禾网</title><h1><a href='/a'>夜里的灯</a></h1>{STORY * 2}"
    [article] = convert(page.encode()).articles
    assert article.title == "夜里的灯"


def test_a_list_of_headlines_is_no_story() -> None:
    page = "<ul>" + "".join(f"<li><a href='/{at}'>老站台的去与留{at}</a></li>" for at in range(9)) + "</ul>"  # fmt: skip
    conversion = convert(page.encode())
    assert conversion.articles == ()
    assert {one.role for one in conversion.ledger.furniture} == {"nav"}


def test_what_readers_say_is_of_no_article() -> None:
    talk = "<div class='comments'><h3>网友评论</h3><p>灯光照着书页，我每天都去，希望一直开下去。</p></div>"
    [article] = convert(f"<h1>夜里的灯</h1>{STORY * 2}{talk}".encode()).articles
    assert "希望一直开下去" not in article.body


def test_a_table_of_data_is_a_table() -> None:
    table = "<table><tr><th>分馆</th><th>到几点</th></tr><tr><td>东门</td><td>二十二点</td></tr></table>"
    [article] = convert(f"<h1>夜里的灯</h1>{STORY}{table}{STORY}".encode()).articles
    assert "| 分馆 | 到几点 |\n|---|---|\n| 东门 | 二十二点 |" in article.body


@pytest.mark.parametrize(
    "text",
    [
        "上一篇 下一篇",
        "【打印】【关闭】",
        "字号：A- A A+",
        "分享到 微信 微博",
        "共 3 页 首页 上一页 下一页",
    ],
)
def test_controls(text: str) -> None:
    assert is_control(text)


@pytest.mark.parametrize(
    "text", ["大家的事大家办", "下一站，老街", "2020-06-18", "更多人走进图书馆"]
)
def test_what_is_no_control(text: str) -> None:
    assert not is_control(text)


def test_a_headline_is_no_masthead() -> None:
    assert is_masthead("青禾日报")
    assert not is_masthead("老街织成一张网")


# --- what the head says ---------------------------------------------------------------------------


def test_what_the_head_says_counts_where_the_page_prints_nothing() -> None:
    head = '<meta property="article:published_time" content="2021-07-22T20:15:00+08:00"><meta name="SiteName" content="青禾网">'
    [article] = convert(
        f"<html><head>{head}</head><body><h1>夜里的灯</h1>{STORY}".encode()
    ).articles
    assert (article.date, article.publication) == ("2021-07-22", "青禾网")
    assert article.evidence["date"].status == "inferred"
    assert article.evidence["date"].quote == "网页文件头注明 2021-07-22"


def test_what_the_page_prints_counts_more_than_its_head() -> None:
    head = '<meta name="PubDate" content="2026-11-01">'
    line = "<p>2020-06-18 10:20 来源：青禾网</p>"
    [article] = convert(f"<head>{head}</head><h1>夜里的灯</h1>{line}{STORY}".encode()).articles
    assert article.date == "2020-06-18"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<!-- saved from url=(0022)https://a.example/1.html -->", "https://a.example/1.html"),
        ('<link rel="canonical" href="https://a.example/2">', "https://a.example/2"),
        ('<meta property="og:url" content="http://a.example/3">', "http://a.example/3"),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="/relative">', None),
    ],
)
def test_the_address_of_a_page(head: str, url: str | None) -> None:
    assert read(f"<html>{head}<body>{STORY}")[2].url == url


def test_a_sidecar_wins_over_the_head() -> None:
    page = f'<link rel="canonical" href="https://a.example/2"><h1>夜里的灯</h1>{STORY}'
    known = Known(url="https://b.example/", publication="青禾晚报", date="2020-01-02")
    [article] = convert(page.encode(), known).articles
    assert article.source is not None
    assert (article.source.url, article.publication, article.date) == (
        "https://b.example/",
        "青禾晚报",
        "2020-01-02",
    )


# --- the demo -----------------------------------------------------------------------------------


@pytest.mark.parametrize("story", read_stories(), ids=lambda story: str(story["file"]))
def test_the_demo_of_other_kinds_gives_the_story_it_was_made_of(story: dict[str, Any]) -> None:
    raw = (SOURCES / story["file"]).read_bytes()
    known = Known(**story["sidecar"])
    [article] = convert_source(raw, story["file"], "a", known, Config()).articles
    assert (article.title, article.subtitle, article.date, article.body) == (
        story["title"],
        story.get("subtitle"),
        story["date"],
        body_of(story),
    )


# --- what is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        pytest.param("甲<script>乙</script>丙", "甲丙", id="a script"),
        pytest.param("甲<style>乙</style>丙", "甲丙", id="a style"),
        pytest.param("甲<noscript><p>乙</p></noscript>丙", "甲丙", id="what is for no scripts"),
        pytest.param("甲<span hidden>乙</span>丙", "甲丙", id="hidden"),
        pytest.param("甲<span style='DISPLAY: none'>乙</span>丙", "甲丙", id="hidden by its style"),
        pytest.param("甲<!-- 乙 -->丙", "甲丙", id="a comment"),
        pytest.param("甲<template>乙</template>丙", "甲丙", id="a template"),
        pytest.param("<ruby>甲<rp>(</rp><rt>jiǎ</rt><rp>)</rp></ruby>乙", "甲乙", id="a reading"),
        pytest.param("甲&nbsp;乙&emsp;丙", "甲\xa0乙\u2003丙", id="blanks with names"),
        pytest.param("甲&lt;乙&gt;&amp;&#x4E01;", "甲<乙>&丁", id="entities"),
        pytest.param("青禾\n   市馆", "青禾市馆", id="a line end of the file"),
        pytest.param("open\n   now", "open now", id="a line end between words"),
        pytest.param("甲<br>乙<br><br>丙", "甲\n乙\n\n丙", id="line breaks"),
        pytest.param("<p>甲<p>乙", "甲\n\n乙", id="paragraphs without an end"),
        pytest.param("<pre>甲\n  乙</pre>", "甲\n乙", id="lines as in the file"),
        pytest.param("<span>甲</span><span>乙</span>", "甲乙", id="spans of a word processor"),
        pytest.param("<span>甲社</span><span>来源：乙</span>", "甲社 来源：乙", id="labels apart"),
        pytest.param("<img alt='乙'>甲<input value='丙'>", "甲", id="attributes"),
        pytest.param("", "", id="nothing"),
        pytest.param("<frameset><frame src=a><noframes>乙</noframes></frameset>", "", id="frames"),
    ],
)
def test_what_a_browser_shows_is_the_text(markup: str, shown: str) -> None:
    assert read(markup)[0] == shown


@pytest.mark.parametrize(
    ("shape", "seed"), [(shape, seed) for shape in SHAPES for seed in range(6)]
)
def test_every_printed_character_is_in_the_text_once_and_in_order(shape: str, seed: int) -> None:
    page = draw_saved_page(seed, shape).html
    assert printed(read(page)[0]) == printed("".join(shown_text(page)))


@pytest.mark.parametrize("name", [*EXPECTED, "paper_page.html"])
def test_every_place_leads_back_to_the_element_that_holds_its_line(name: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    text, places, _ = read(page)
    assert printed("".join(text[one.start : one.end] for one in places)) == printed(text)
    elements = by_path(page)
    for place in places:
        line = printed(text[place.start : place.end])
        assert line in printed(elements[place.where]), place


def test_the_way_back_reaches_the_blocks_of_an_article() -> None:
    page = (FOLDER / "cms.html").read_bytes()
    conversion = convert(page)
    source, elements = conversion.source, by_path(page.decode())
    for span, _ in conversion.pieces[0]:
        [place] = [one for one in source.places if one.start <= span[0] < one.end]
        assert printed(source.text[slice(*span)]) in printed(elements[place.where])


def test_a_page_that_is_nested_too_deep_is_refused() -> None:
    page = "<div>" * (MAX_DEPTH + 1) + "青禾"
    with pytest.raises(JianbaoError, match="nested") as error:
        read_source(page.encode(), "a.html")
    assert error.value.hint


def test_a_page_nested_deeper_than_python_calls_is_read() -> None:
    assert read("<div>" * 3000 + "青禾")[0] == "青禾"


# --- what these tests look with -------------------------------------------------------------------


def convert(raw: bytes, known: Known | None = None) -> Conversion:
    return convert_source(raw, "a.html", "a", known or Known(), Config())


def read(page: str) -> tuple[str, list[Any], Head]:
    return read_html(page, "a.html")


def printed(text: str) -> str:
    return "".join(char for char in text if not is_blank(char))


def letters(body: str) -> str:
    """A body without the marks of Markdown."""
    return re.sub(r"[#*\\\s|]|图：", "", body)


def by_path(page: str) -> dict[str, str]:
    """XPath → all text of an element; `(//p)[2]`."""
    counts: dict[str, int] = {}
    found = {}
    page = re.sub(r"(?is)<(noscript|script|style)\b.*?</\1>", r"<\1></\1>", page)
    root = LexborHTMLParser(page).root
    assert root is not None
    for node in root.traverse():
        counts[node.tag or ""] = counts.get(node.tag or "", 0) + 1
        found[f"(//{node.tag})[{counts[node.tag or '']}]"] = node.text(deep=True)
    return found


class Shown(HTMLParser):
    """What a page shows, told by another parser than the reader's."""

    VOID = frozenset(("br", "img", "input", "meta", "link", "hr", "area", "frame", "col"))
    UNSEEN = frozenset(("script", "style", "noscript", "title", "rt", "rp", "template"))

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        unseen = tag in self.UNSEEN or "display:none" in (dict(attrs).get("style") or "")
        if tag not in self.VOID and (self.hidden or unseen):
            self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag == self.hidden[-1]:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def shown_text(page: str) -> Iterator[str]:
    parser = Shown()
    parser.feed(page)
    parser.close()
    return iter(parser.parts)
