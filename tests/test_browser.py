"""The archive as a visitor meets it: Chromium opens the demo's site, reads, searches and follows what it finds.

What must be found is counted here in the plainest way, from the files of content/; nothing of the search is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import opencc
import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, Request, Route, expect

from jianbao.config import Config
from jianbao.models import Article
from jianbao.pipeline import Folders, convert_sources
from tests.conftest import Archive, built, kinds

ROOT = Path(__file__).parent.parent
PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}


def is_given_up(request: Request) -> bool:
    """Whether the browser itself gave a request up because the visitor has gone on, as it does with icons."""
    return request.failure == "net::ERR_ABORTED"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What a page throws, and what the browser refuses it."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    return wrong


@pytest.fixture
def visitor(page: Page, demo: Archive) -> Iterator[Page]:
    """A page whose visit must end without an error, a refusal of the policy or a request elsewhere."""
    wrong = wrongs_of(page, demo)
    yield page
    assert wrong == []


@pytest.fixture(scope="module")
def asked_and_wrongs(browser: Browser, demo: Archive) -> Iterator[tuple[Page, list[str]]]:
    page = browser.new_page()
    yield page, wrongs_of(page, demo)
    page.close()


@pytest.fixture
def asked(asked_and_wrongs: tuple[Page, list[str]]) -> Iterator[Page]:
    """The same, one for many queries: each loads the search anew, when the page of the one before is gone."""
    page, wrong = asked_and_wrongs
    page.goto("about:blank")
    wrong.clear()
    yield page
    assert wrong == []


def wrongs_of(page: Page, demo: Archive) -> list[str]:
    """What goes wrong on a page, as it does."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on(
        "requestfailed",
        lambda one: None if is_given_up(one) else wrong.append(f"failed: {one.url}"),
    )
    page.on("request", lambda one: None if is_near(one.url, demo) else wrong.append(one.url))
    return wrong


def is_near(url: str, archive: Archive) -> bool:
    """Whether an address lies in the archive; what is above it on the same host does not."""
    return url.startswith((f"{archive.address}/", "data:"))


# --- every kind of page --------------------------------------------------------------------------


def test_the_kinds_of_pages_are_all_there(demo: Archive) -> None:
    first = {address.split("/")[1] for address in kinds(demo.site)}
    assert first >= {"", "articles", "sources", "topics", "publications", "people", "dates"}
    assert first >= {"places", "columns", "search", "about"}
    assert len(kinds(demo.site)) > len(first)


def test_every_kind_of_page_stands_in_one_column_and_fits_a_phone(
    visitor: Page, demo: Archive
) -> None:
    for address in kinds(demo.site):
        visitor.goto(demo.address + address)
        for size in ({"width": 1280, "height": 800}, PHONE, SMALL_PHONE):
            visitor.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict of theirs
            assert stands_in_order(visitor), f"{address} at {size}"
            assert not scrolls_sideways(visitor), f"{address} at {size}"


# Where the one shown element of each kind begins and ends.
PARTS = """() => [".masthead", "main", ".colophon"].flatMap((part) => {
  const [one, ...others] = document.querySelectorAll(part);
  if (!one?.checkVisibility() || others.length > 0) return [];
  const {top, bottom} = one.getBoundingClientRect();
  return [[top, bottom]];
})"""


def stands_in_order(page: Page) -> bool:
    """Whether the parts of a page follow each other downwards: masthead, main, colophon."""
    parts: list[tuple[float, float]] = page.evaluate(PARTS)
    return len(parts) == 3 and all(bottom <= top + 1 for (_, bottom), (top, _) in pairwise(parts))


def scrolls_sideways(page: Page) -> bool:
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


def test_a_printed_page_has_its_text_and_no_navigation(visitor: Page, demo: Archive) -> None:
    visitor.emulate_media(media="print")
    for address in kinds(demo.site):
        visitor.goto(demo.address + address)
        expect(visitor.locator("main")).to_be_visible()
        expect(visitor.locator(".masthead nav")).to_be_hidden()


def test_a_page_is_printed_on_white_whatever_its_theme(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/")
    visitor.emulate_media(color_scheme="light")
    visitor.click("[data-theme-switch]")
    assert "rgb(255, 255, 255)" not in paper_of(visitor)
    visitor.emulate_media(media="print")
    assert "rgb(255, 255, 255)" in paper_of(visitor)
    ink: str = visitor.evaluate("getComputedStyle(document.body).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 64


# The lines of every headline as they are set.
LINES = """() => [...document.querySelectorAll("h1, .lead h3, .headline, .kicker, .subtitle")].map((one) => {
  const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  const lines = new Map();
  while (texts.nextNode()) {
    for (let at = 0; at < texts.currentNode.length; at += 1) {
      const range = document.createRange();
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + 1);
      const place = Math.round(range.getBoundingClientRect().bottom / 8);
      lines.set(place, (lines.get(place) ?? "") + texts.currentNode.data[at]);
    }
  }
  return [...lines.values()].map((line) => line.trim()).filter(Boolean);
}).filter((lines) => lines.length > 1)"""


def test_no_line_of_a_headline_is_one_character_or_begins_with_a_mark(
    visitor: Page, demo: Archive
) -> None:
    seen = 0
    for address in ("/", "/publications/", *(f"/articles/{one.id}/" for one in demo.articles)):
        visitor.goto(demo.address + address)
        for size in (PHONE, SMALL_PHONE, {"width": 1280, "height": 800}):
            visitor.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict of theirs
            for lines in visitor.evaluate(LINES):
                seen += 1
                assert min(map(len, lines)) > 1, lines
                assert not {line[0] for line in lines} & set("，。：；！？、）》”’"), lines
    assert seen > 20


def test_an_address_without_a_page_leads_on(page: Page, demo: Archive) -> None:
    page.goto(f"{demo.address}/404.html")
    expect(page.locator("main")).to_contain_text("页面未找到")
    assert page.locator("main a").count() > 0


def test_the_theme_is_switched_and_remembered(visitor: Page, demo: Archive) -> None:
    visitor.emulate_media(color_scheme="light")
    visitor.goto(f"{demo.address}/")
    light = paper_of(visitor)
    visitor.click("[data-theme-switch]")
    dark = paper_of(visitor)
    assert dark != light
    visitor.goto(f"{demo.address}/about/")
    assert paper_of(visitor) == dark
    visitor.click("[data-theme-switch]")
    assert paper_of(visitor) == light


def paper_of(page: Page) -> str:
    colour: str = page.evaluate(
        "getComputedStyle(document.body).backgroundColor"
        " + getComputedStyle(document.documentElement).backgroundColor"
    )
    return colour


# --- reading -------------------------------------------------------------------------------------


def richest(archive: Archive) -> Article:
    """An article that has everything: title, byline, date, headings, captions."""
    whole = [one for one in archive.articles if one.title and one.authors and one.date]
    return max(whole, key=lambda one: (one.body.count("图："), one.body.count("\n## "), one.id))


def test_home_leads_to_the_newest_article(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/")
    visitor.click(".lead a")
    newest = max(one.date for one in demo.articles if one.date)
    expect(visitor.locator(".story time")).to_have_attribute("datetime", newest)
    visitor.wait_for_url(f"{demo.address}/articles/**")


def test_an_article_reads_as_its_file_does(visitor: Page, demo: Archive) -> None:
    article = richest(demo)
    visitor.goto(f"{demo.address}/articles/{article.id}/")
    assert article.title
    assert article.date
    assert solid(visitor.locator("h1").inner_text()) == solid(article.title)
    for credit in article.authors:
        assert credit.name in visitor.locator(".story [rel=author]").all_inner_texts()
    assert visitor.locator(".story time").get_attribute("datetime") == article.date
    assert "图：" in article.body
    body = solid(visitor.locator(".body").inner_text())
    assert body == solid("".join(read_paragraphs(article.body, captions=True)))


def test_the_source_page_shows_exactly_the_characters_of_an_article(
    visitor: Page, demo: Archive
) -> None:
    article = richest(demo)
    assert article.source
    visitor.goto(f"{demo.address}/articles/{article.id}/")
    visitor.click(".record a:text('看整个版面')")
    badge = visitor.locator(f"#a-{article.id}")
    expect(badge).to_be_in_viewport()
    tint = badge.get_attribute("class")
    assert tint
    marked = visitor.locator(f".received span.{tint.split()[-1]}")
    text = (ROOT / "sources" / article.source.file).read_text("utf-8-sig")
    spans = sorted(article.source.spans)
    assert blankless("".join(marked.all_inner_texts())) == blankless(
        "".join(text[start:end] for start, end in spans)
    )
    colour: str = marked.first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour not in ("rgba(0, 0, 0, 0)", paper_of(visitor))


def test_a_paragraph_shows_its_characters_in_the_source_and_back(
    visitor: Page, demo: Archive
) -> None:
    article = richest(demo)
    assert article.source
    text = blankless((ROOT / "sources" / article.source.file).read_text("utf-8-sig"))
    visitor.set_viewport_size({"width": 1280, "height": 700})
    visitor.goto(f"{demo.address}/articles/{article.id}/")
    visitor.click(".original summary")
    paragraphs = visitor.locator(".body > p")
    for place in (0, paragraphs.count() - 1):
        paragraph = paragraphs.nth(place)
        piece = visitor.locator(f"#o-{paragraph.get_attribute('id')}")
        paragraph.scroll_into_view_if_needed()
        paragraph.hover()
        expect(piece).to_have_class(re.compile("pointed"))
        expect(piece).to_be_in_viewport(ratio=0.3)
        expect(visitor.locator(".pointed")).to_have_count(2)
        assert blankless(piece.inner_text().removesuffix("↩")) in text
    visitor.locator(".body > p").first.evaluate("one => one.scrollIntoView({block: 'end'})")
    visitor.locator(".piece[data-of]").last.click()
    expect(paragraphs.last).to_be_in_viewport()
    expect(paragraphs.last).to_have_class(re.compile("pointed"))


def test_on_a_phone_a_tap_leads_to_the_source_and_back(visitor: Page, demo: Archive) -> None:
    visitor.set_viewport_size({"width": 390, "height": 700})
    visitor.goto(f"{demo.address}/articles/{richest(demo).id}/")
    paragraph = visitor.locator(".body > p").first
    piece = visitor.locator(f"#o-{paragraph.get_attribute('id')}")
    paragraph.click()
    expect(piece).not_to_be_visible()
    visitor.click(".original summary")
    paragraph.click()
    expect(piece).to_be_in_viewport()
    piece.locator(".back").click()
    expect(paragraph).to_be_in_viewport()


def test_an_article_is_read_in_the_other_script_and_the_choice_remembered(
    visitor: Page, demo: Archive
) -> None:
    articles = [one for one in demo.articles if one.script == "Hans"][:2]
    hant = next(one for one in demo.articles if one.script == "Hant")
    visitor.goto(f"{demo.address}/articles/{articles[0].id}/")
    printed = visitor.locator(".story").inner_text()
    switch = visitor.locator("[data-script-switch]")
    switch.click()
    expect(visitor.locator(".story")).to_have_attribute("lang", "zh-Hant")
    expect(visitor.locator("[data-script-note]")).to_be_visible()
    for place, name in ((0, "body"), (0, "story h1")):
        shown = visitor.locator(f".{name}").nth(place).inner_text()
        assert opencc.OpenCC("t2s").convert(shown) != shown
    visitor.goto(f"{demo.address}/articles/{articles[1].id}/")
    expect(visitor.locator(".story")).to_have_attribute("lang", "zh-Hant")
    visitor.goto(f"{demo.address}/articles/{hant.id}/")
    expect(visitor.locator(".story")).to_have_attribute("lang", "zh-Hant")
    expect(switch).to_have_attribute("aria-pressed", "false")
    visitor.goto(f"{demo.address}/articles/{articles[0].id}/")
    switch.click()
    expect(visitor.locator("[data-script-note]")).to_be_hidden()
    assert visitor.locator(".story").inner_text() == printed


def test_the_other_script_is_that_of_opencc(visitor: Page, demo: Archive) -> None:
    """Every article whole, headlines and bylines too, put together by the browser from the differences."""
    other_of = {"Hans": opencc.OpenCC("s2t").convert, "Hant": opencc.OpenCC("t2s").convert}
    for article in demo.articles:
        visitor.goto(f"{demo.address}/articles/{article.id}/")
        texts = visitor.locator(".story [data-other]")
        printed = texts.all_text_contents()
        visitor.locator("[data-script-switch]").click()
        assert texts.all_text_contents() == [other_of[article.script](one) for one in printed]
        visitor.evaluate("localStorage.clear()")


def test_the_citation_is_copied_and_it_says_so(visitor: Page, demo: Archive) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.goto(f"{demo.address}/articles/{richest(demo).id}/")
    button, said = visitor.locator("[data-copy]"), visitor.locator(".cite-files output")
    expect(button).to_have_text("复制")
    expect(said).to_have_text("")
    for _ in range(2):
        button.click()
        expect(button).to_have_text("已复制")
        expect(said).to_have_text("已复制")
    copied: str = visitor.evaluate("navigator.clipboard.readText()")
    assert copied == visitor.locator("#citation").inner_text()
    assert re.search(r"\[(N|N/OL|EB/OL)\]\. ", copied)
    with visitor.expect_download() as download:
        visitor.click(".cite-files a:text('RIS')")
    assert download.value.suggested_filename == f"{richest(demo).id}.ris"


def test_without_scripts_nothing_offers_to_copy(browser: Browser, demo: Archive) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{demo.address}/articles/{richest(demo).id}/")
    expect(page.locator("#citation")).to_be_visible()
    expect(page.locator(".cite-files a").first).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.close()


# --- the ways in ---------------------------------------------------------------------------------


def test_an_article_leads_to_its_issue_and_the_calendar_to_the_issue(
    visitor: Page, demo: Archive
) -> None:
    article = richest(demo)
    visitor.goto(f"{demo.address}/articles/{article.id}/")
    visitor.click(".story .facts a")
    visitor.wait_for_url(f"**/publications/*/{article.date}/index.html")
    issue = visitor.url
    expect(visitor.locator(f"main a[href*='{article.id}']")).to_be_visible()
    visitor.click(".trail a >> nth=2")
    assert article.date
    visitor.click(f".calendar a[href*='{article.date}']")
    visitor.wait_for_url(issue)


def test_today_leads_to_the_same_day_of_other_years(visitor: Page, demo: Archive) -> None:
    day = richest(demo).date
    assert day
    visitor.clock.set_fixed_time(f"2031-{day[5:]}T12:00:00")
    visitor.goto(f"{demo.address}/dates/days/")
    visitor.click("[data-today] a")
    visitor.wait_for_url(f"**/dates/days/{day[5:]}/index.html")
    expect(visitor.locator("main time").last).to_have_attribute("datetime", day)


def test_a_day_of_which_the_archive_holds_nothing_offers_nothing(
    visitor: Page, demo: Archive
) -> None:
    assert not any(one.date and one.date.endswith("-01-01") for one in demo.articles)
    visitor.clock.set_fixed_time("2031-01-01T12:00:00")
    visitor.goto(f"{demo.address}/dates/days/")
    expect(visitor.locator("[data-today]")).to_be_hidden()


# --- the review desk -----------------------------------------------------------------------------


def test_an_item_of_the_desk_leads_to_its_place_in_the_source(
    page: Page, desk: Archive, complaints: list[str]
) -> None:
    page.goto(f"{desk.address}/__review/")
    page.locator("[aria-labelledby=r-headline-pairing] .says").last.click()
    page.wait_for_url(re.compile("/__review/.+/index.html#item-"))
    number = page.locator(f"#{page.url.partition('#')[2]}")
    expect(number).to_be_in_viewport()
    marked = number.locator("xpath=following-sibling::mark[1]")
    colour: str = marked.evaluate("one => getComputedStyle(one).boxShadow")
    assert colour != "none"
    title = page.locator(f"#says-{number.inner_text()} a[href*='/articles/']")
    assert solid(title.inner_text()) in solid(marked.inner_text())
    title.click()
    assert solid(page.locator("h1").inner_text()) in solid(marked_title(desk, page.url))
    assert complaints == []


def marked_title(archive: Archive, url: str) -> str:
    return next(one.title or "" for one in archive.articles if f"/{one.id}/" in url)


def test_the_desk_shows_the_source_as_it_is_and_is_walked_by_key(
    page: Page, desk: Archive, complaints: list[str]
) -> None:
    page.goto(f"{desk.address}/__review/img-2861/")
    numbers = page.locator(".received .number")
    count = numbers.count()
    assert count > 2
    for key, place in (("n", 1), ("n", 2), ("p", 1), ("p", count), ("j", 1), ("k", count)):
        page.keyboard.press(key)
        page.wait_for_url(re.compile(f"#item-{place}$"))
    shown: str = page.evaluate(
        "[...document.querySelector('.received').childNodes]"
        ".filter(one => !one.matches?.('a')).map(one => one.textContent).join('')"
    )
    assert shown == (ROOT / "sources" / "IMG_2861.md").read_text("utf-8-sig")
    assert complaints == []


def test_the_desk_fits_a_phone_and_stands_beside_the_page_where_there_is_room(
    page: Page, desk: Archive
) -> None:
    for address in ("/__review/", "/__review/img-2861/"):
        page.goto(desk.address + address)
        for size in (PHONE, SMALL_PHONE, {"width": 1280, "height": 800}):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict of theirs
            assert not scrolls_sideways(page), f"{address} at {size}"
    slip, received = page.locator(".slip").bounding_box(), page.locator(".received").bounding_box()
    assert slip
    assert received
    assert slip["x"] > received["x"] + received["width"]


def test_the_desk_is_no_part_of_the_site(demo: Archive) -> None:
    assert [path for path in demo.site.rglob("*") if "review" in path.name] == []
    pages = [path.read_text("utf-8") for path in demo.site.rglob("*.html")]
    assert [text for text in pages if "__review" in text] == []


# --- what a query must find ----------------------------------------------------------------------

# Queries and whether anything is there to be found: the same words in both scripts, and words that only a
# page in traditional characters holds.
QUERIES = (
    ("工会", True), ("工會", True), ("鑰匙", True), ("钥匙", True), ("開", True), ("市民", True),
    ("2020年", True), ("市总工会", True), ("此词不在此处", False), ("保密工会", False),
)  # fmt: skip


def test_secrecy_is_found_in_both_scripts_and_nothing_else(asked: Page, demo: Archive) -> None:
    expected = holding(demo.articles, "保密")
    scripts = {one.script for one in demo.articles if one.id in expected}
    assert scripts == {"Hans", "Hant"}
    assert len(expected) < len(demo.articles)
    assert search(asked, demo, "保密") == expected


@pytest.mark.parametrize(("query", "is_somewhere"), QUERIES)
def test_a_query_finds_the_articles_that_hold_it(
    asked: Page, demo: Archive, query: str, is_somewhere: bool
) -> None:
    expected = holding(demo.articles, query)
    assert bool(expected) is is_somewhere
    assert search(asked, demo, query) == expected


def test_nothing_is_found_across_two_paragraphs(asked: Page, demo: Archive) -> None:
    article = richest(demo)
    first, second = read_paragraphs(article.body)[-2:]
    across = f"{blankless(first)[-3:]}{blankless(second)[:3]}"
    across = re.sub(r"[^\w]", "", across)
    assert search(asked, demo, across) == holding(demo.articles, across) == []


def test_a_hit_leads_to_the_paragraph_that_holds_the_words(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/")
    visitor.fill("[name=q]", "保密")
    visitor.press("[name=q]", "Enter")
    visitor.wait_for_url(re.compile(rf"/archive/search/.*\?q={quote('保密')}$"))
    passage = visitor.locator("[data-article-id] .passage a[href*='#p-']").first
    expect(passage.locator("mark").first).to_have_text("保密")
    passage.click()
    visitor.wait_for_url(re.compile("/articles/.*#p-"))
    anchor = visitor.url.partition("#")[2]
    expect(visitor.locator(f"#{anchor}")).to_contain_text("保密")
    expect(visitor.locator(f"#{anchor}")).to_be_in_viewport()


def test_typing_searches_and_the_address_can_be_shared(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/search/")
    visitor.locator("[name=q]").press_sequentially("保密")
    expected = holding(demo.articles, "保密")
    expect(visitor.locator("[data-result-count]")).to_have_text(str(len(expected)))
    visitor.reload()
    assert ids_shown(visitor) == expected


def count_shown(page: Page) -> Locator:
    return page.locator("[data-result-count]")


def test_a_search_in_another_language_leads_to_articles_in_it(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/en/search/?q={quote('保密')}")
    expect(visitor.locator("[data-result-count]")).not_to_have_text("")
    visitor.locator(".result a").first.click()
    visitor.wait_for_url(f"{demo.address}/en/articles/**")
    expect(visitor.locator(".record dt").first).to_have_text("Newspaper")
    article = visitor.locator(".story h1").inner_text()
    visitor.get_by_role("link", name="繁體中文").click()
    visitor.wait_for_url(f"{demo.address}/zh-Hant/articles/**")
    expect(visitor.locator(".story h1")).to_have_text(article)


def test_an_input_method_searches_only_what_it_has_put_in(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/search/")
    visitor.focus("[name=q]")
    keyboard = compose(visitor)
    visitor.wait_for_timeout(400)  # longer than the pause after which typing searches
    expect(count_shown(visitor)).to_have_attribute("data-result-count", "")
    expect(visitor.locator("[role=option]")).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "保密"})
    expected = holding(demo.articles, "保密")
    expect(count_shown(visitor)).to_have_text(str(len(expected)))
    assert ids_shown(visitor) == expected
    assert visitor.url.endswith(f"?q={quote('保密')}")


def compose(page: Page) -> CDPSession:
    """Begin to write with an input method, three times more letters, and not end it."""
    keyboard = page.context.new_cdp_session(page)
    for pinyin in ("b", "bao", "baomi"):
        composed = {"text": pinyin, "selectionStart": len(pinyin), "selectionEnd": len(pinyin)}
        keyboard.send("Input.imeSetComposition", composed)
    return keyboard


def test_suggestions_that_load_late_leave_an_input_method_alone(
    visitor: Page, demo: Archive
) -> None:
    held: list[Route] = []
    visitor.route("**/search/suggest.js", lambda route: held.append(route))
    visitor.goto(f"{demo.address}/search/")
    visitor.focus("[name=q]")
    keyboard = compose(visitor)
    while not held:
        visitor.wait_for_timeout(20)
    held[0].continue_()
    visitor.wait_for_timeout(400)
    expect(visitor.locator("[role=option]")).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "bao"})
    expect(visitor.locator("[role=option]").first).to_be_visible()


def test_a_choice_stands_in_the_address_and_going_back_undoes_it(
    visitor: Page, demo: Archive
) -> None:
    everything = search(visitor, demo, "保密")
    option = visitor.locator("[name=publication] option:not([value=''])").first
    expect(option).to_have_text(re.compile(r"\(\d+\)$"))
    name = option.get_attribute("value")
    visitor.select_option("[name=publication]", name)
    papers = {one.id: one.publication for one in demo.articles}
    expected = [one for one in everything if papers[one] == name]
    assert expected
    expect(count_shown(visitor)).to_have_text(str(len(expected)))
    assert ids_shown(visitor) == expected
    shared_address = visitor.url
    visitor.go_back()
    expect(count_shown(visitor)).to_have_text(str(len(everything)))
    expect(visitor.locator("[name=publication]")).to_have_value("")
    visitor.goto(shared_address)
    assert ids_shown(visitor) == expected
    expect(visitor.locator("[name=publication]")).to_have_value(name or "")


def test_the_number_beside_a_name_is_that_of_its_hits(visitor: Page, demo: Archive) -> None:
    search(visitor, demo, "工会")
    option = visitor.locator("[name=topic] option:not([value=''])").first
    expect(option).to_have_count(1)
    number = option.inner_text().rpartition("(")[2].rstrip(")")
    visitor.select_option("[name=topic]", option.get_attribute("value"))
    expect(count_shown(visitor)).to_have_text(number)


def test_limits_alone_list_what_they_leave_the_newest_first(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/search/?from=2020-01-01&to=2020-12-31")
    days = {one.id: one.date or "" for one in demo.articles if one.publish}
    expected = sorted(one for one, day in days.items() if day.startswith("2020"))
    assert ids_shown(visitor) == expected
    order = visitor.locator("[data-article-id] time").all_inner_texts()
    assert order == sorted(order, reverse=True)


def test_suggestions_are_chosen_by_key(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/search/")
    box = visitor.locator("[name=q]")
    visitor.keyboard.press("/")
    expect(box).to_be_focused()
    box.press_sequentially("baomigongz")
    option = visitor.locator("[role=option]").first
    expect(option).to_contain_text("保密工作")
    expect(box).to_have_attribute("aria-expanded", "true")
    visitor.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("[name=topic]")).to_have_value("保密工作")
    expect(box).to_have_value("")
    assert ids_shown(visitor) == sorted(
        one.id for one in demo.articles if "保密工作" in one.topics and one.publish
    )


def test_escape_closes_the_suggestions_and_then_leaves_the_box(
    visitor: Page, demo: Archive
) -> None:
    visitor.goto(f"{demo.address}/search/")
    box = visitor.locator("[name=q]")
    box.press_sequentially("baomi")
    expect(visitor.locator("[role=listbox]")).to_be_visible()
    visitor.keyboard.press("Escape")
    expect(visitor.locator("[role=listbox]")).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("baomi")
    visitor.keyboard.press("Escape")
    expect(box).not_to_be_focused()


def test_a_suggested_headline_leads_to_its_article(visitor: Page, demo: Archive) -> None:
    visitor.goto(f"{demo.address}/search/")
    visitor.locator("[name=q]").press_sequentially("bachuangkou")
    visitor.locator("[role=option]").first.click()
    visitor.wait_for_url(re.compile("/articles/"))
    expect(visitor.locator("h1")).to_contain_text("窗口")


def test_nothing_found_shows_other_ways_in(visitor: Page, demo: Archive) -> None:
    assert search(visitor, demo, "此词不在此处") == []
    visitor.locator(".ways-in a").first.click()
    expect(visitor.locator("main a").first).to_be_visible()


def test_a_lost_network_is_told_and_the_next_attempt_tries_anew(page: Page, demo: Archive) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{demo.address}/search/")
    for query in ("保密", "工会"):  # before anything is loaded, and when the engine is there
        page.context.set_offline(True)
        page.fill("[name=q]", query)
        page.press("[name=q]", "Enter")
        expect(page.locator("[data-says=failed]")).to_be_visible()
        expect(count_shown(page)).to_have_attribute("data-result-count", "")
        page.context.set_offline(False)
        page.press("[name=q]", "Enter")
        assert ids_shown(page) == holding(demo.articles, query)
        expect(page.locator("[data-says=failed]")).to_be_hidden()
    assert wrong == []


def test_the_search_works_in_the_page_where_there_are_no_workers(
    visitor: Page, demo: Archive
) -> None:
    visitor.add_init_script("delete globalThis.Worker; delete globalThis.trustedTypes")
    assert search(visitor, demo, "保密") == holding(demo.articles, "保密")
    assert visitor.workers == []


def test_the_search_runs_in_a_worker(visitor: Page, demo: Archive) -> None:
    search(visitor, demo, "保密")
    assert [one.url.rpartition("/")[2] for one in visitor.workers] == ["worker.js"]


@pytest.mark.parametrize(
    "query", ["<img src=x onerror=PWNED=1>", "(.*", "title:+~^*", "城南公交" * 2500]
)
def test_S13_a_strange_query_is_only_a_query(asked: Page, demo: Archive, query: str) -> None:
    asked.goto(f"{demo.address}/search/")
    asked.fill("[name=q]", query)
    asked.press("[name=q]", "Enter")
    expect(count_shown(asked)).to_have_text("0")
    assert asked.evaluate("globalThis.PWNED") is None


def search(page: Page, archive: Archive, query: str) -> list[str]:
    """The ids that the search page shows for a query, after asking for more as often as it offers."""
    page.goto(f"{archive.address}/search/?q={quote(query)}")
    return ids_shown(page)


# In the page: a click from outside would meet the button when the last results have just taken it away.
ASK_FOR_MORE = """async () => {
  const more = document.querySelector("[data-more]");
  for (let turn = 0; turn < 1000 && !more.hidden; turn += 1) {
    more.click();
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


def ids_shown(page: Page) -> list[str]:
    expect(page.locator("[data-result-count]")).not_to_have_attribute("data-result-count", "")
    page.evaluate(ASK_FOR_MORE)
    ids = [one.get_attribute("data-article-id") for one in page.locator("[data-article-id]").all()]
    assert page.locator("[data-result-count]").get_attribute("data-result-count") == str(len(ids))
    return sorted(one for one in ids if one)


def holding(articles: Sequence[Article], query: str) -> list[str]:
    """The ids of the articles that hold a query in a title or within one paragraph."""
    wanted = folded(query)
    return sorted(
        one.id
        for one in articles
        if one.publish
        and any(
            wanted in folded(text)
            for text in (one.kicker, one.title, one.subtitle, *read_paragraphs(one.body))
            if text
        )
    )


def read_paragraphs(body: str, *, captions: bool = False) -> list[str]:
    """The paragraphs of a Markdown body without its marks, captions with or without their 图：."""
    plain = (re.sub(r"\*\*|\\(?=[^\w\s])|^#+ +", "", one) for one in re.split(r"\n{2,}", body))
    return [one if captions else one.removeprefix("图：") for one in plain]


def folded(text: str) -> str:
    return blankless(unicodedata.normalize("NFKC", text).lower().translate(simplified()))


def solid(text: str) -> str:
    """A text for comparing with what a page shows: pages may widen punctuation."""
    return blankless(unicodedata.normalize("NFKC", text))


def blankless(text: str) -> str:
    return "".join(text.split())


@cache
def simplified() -> dict[int, str]:
    """Every traditional character of the basic block with its simplified one."""
    converter = opencc.OpenCC("t2s")
    return {code: converter.convert(chr(code)) for code in range(0x4E00, 0xA000)}


# --- the real pages ------------------------------------------------------------------------------


@pytest.mark.needs_shared
def test_the_real_pages_are_searched_exactly(
    page: Page, shared: Path, tmp_path: Path, serve_folder: Callable[[Path], str]
) -> None:
    folders = Folders(
        tmp_path / "config.yaml", shared / "seeds", tmp_path / "content", tmp_path / "site"
    )
    config = Config()
    assert convert_sources(config, folders).errors == ()
    archive = built(config, folders, serve_folder(tmp_path / "site"))
    for query in ("保密", "保密工作", "開展", "开展", "為", "工会"):
        expected = holding(archive.articles, query)
        assert expected, query
        assert search(page, archive, query) == expected
    scripts = {
        one.script for one in archive.articles if one.id in holding(archive.articles, "保密")
    }
    assert scripts == {"Hans", "Hant"}
