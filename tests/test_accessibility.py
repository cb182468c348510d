"""The archive for everybody: axe finds nothing, a keyboard is enough, nothing jumps, and reading needs no script.

axe-core's rules are those of WCAG 2.2 AA and its best practices. It is put into the page from outside, past the
page's policy: the policy keeps the archive's own pages, and what we run on them here is not part of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from tests.conftest import ROOT, Archive, previewed
from tests.showcase import SHOWCASE_ID, build_showcase

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LACKING = {"redirect", "undated", "by_name", "paper_year"}  # the demo has no page of these
# What depends on the look of a page; all else is looked for in its first look only.
AXE_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
RUN_AXE = """async (wanted) => {
  const found = await axe.run(document, {runOnly: wanted, resultTypes: ["violations"]});
  return found.violations.map((one) => ({rule: one.id, places: one.nodes.map((node) => node.target.join(" "))}));
}"""

PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 800}, "phone": PHONE}
MOST_TABS = 60  # of a page: a list of articles has hundreds of links, all alike

# Searches with results, without any, and before anything is asked.
SEARCHES = (f"/search/?q={quote('保密')}", f"/search/?q={quote('此词不在此处')}", "/search/")
ANSWERED = "[data-result-count]:not([data-result-count=''])"
TEMPLATE_RE = re.compile(r'<body class="(\w+)')


@pytest.fixture(scope="session")
def showcase(tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]) -> str:
    """The address of an archive with one article that has every piece of type."""
    return serve_folder(build_showcase(tmp_path_factory.mktemp("showcase")))


def one_of_each(site: Path) -> list[str]:
    """An address for each template but the search's and that of articles: the fullest page made with it."""
    fullest: dict[str, Path] = {}
    for path in sorted(site.rglob("*.html")):
        template = TEMPLATE_RE.search(path.read_text("utf-8"))
        assert template
        name = template[1]
        if name not in fullest or path.stat().st_size > fullest[name].stat().st_size:
            fullest[name] = path
    found = [path for name, path in fullest.items() if name not in ("article", "search")]
    return [f"/{path.relative_to(site).as_posix()}" for path in found]


def articles_of_each_sort(demo: Archive) -> list[str]:
    """An article that is whole and a fragment, in either script."""
    sorts = {(one.complete == "whole", one.script): one for one in demo.articles if one.publish}
    return [f"/articles/{one.id}/" for one in sorts.values()]


def visit(page: Page, address: str) -> None:
    """A page with all that it shows; of a search, its results."""
    page.goto(address)
    if "?q=" in address:
        page.wait_for_selector(ANSWERED, state="attached")


def test_one_of_each_template_is_looked_at(demo: Archive) -> None:
    templates = {path.stem for path in (ROOT / "templates").glob("*.html")}
    apart = {
        "base",
        "macros",
        "time_macros",
        "review_macros",
        "review",
        "review_source",
        "article",
        "search",
    }
    assert len(one_of_each(demo.site)) == len(templates - apart - LACKING)


# --- axe ------------------------------------------------------------------------------------------


@pytest.fixture
def examined(browser: Browser) -> Iterator[Page]:
    """A page into which axe is put whenever it loads."""
    context = browser.new_context(locale="zh-CN", bypass_csp=True, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing(examined: Page, demo: Archive, showcase: str) -> None:
    with previewed(demo.site) as preview:
        paths = [*one_of_each(demo.site), *articles_of_each_sort(demo), *SEARCHES]
        desk = ["/__review/", "/__review/img-2861/"]
        shown = [
            f"{showcase}/articles/{SHOWCASE_ID}/",
            *(preview + path for path in [*paths, *desk]),
        ]
        wrong = {one: found for one in shown if (found := axe(examined, one))}
    assert wrong == {}


def axe(page: Page, address: str) -> dict[str, Any]:
    """What axe finds wrong on a page, in each of its looks."""
    visit(page, address)
    wrong: dict[str, Any] = {}
    looks = product(SIZES.items(), (False, True))
    for looked_at, ((name, size), is_dark) in enumerate(looks):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        if found := page.evaluate(RUN_AXE, AXE_LOOKS if looked_at else AXE_TAGS):
            wrong[f"{name}, {'dark' if is_dark else 'light'}"] = found
    return wrong


def test_axe_sees_what_is_wrong(examined: Page, demo: Archive) -> None:
    visit(examined, f"{demo.address}/about/")
    style = "p { color: #ddd } nav ul { display: block !important } nav a { font-size: 8px !important; padding: 0 !important }"
    examined.add_style_tag(content=style)
    examined.evaluate("document.documentElement.removeAttribute('lang')")
    found = {one["rule"] for one in examined.evaluate(RUN_AXE, AXE_TAGS)}
    assert found >= {"color-contrast", "html-has-lang", "target-size"}


# --- by key ---------------------------------------------------------------------------------------

# What can be reached by key and is shown; a disclosure's content counts when it is open.
CONTROLS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((one) => one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}))
  .map((one, place) => { one.dataset.place = place; return one.outerHTML.slice(0, 120); })"""
FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const isSeen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const isMarked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {place: one.dataset?.place ?? null, isSeen, isMarked, box: JSON.stringify(box)};
}"""


def test_every_control_is_reached_by_key_and_seen(page: Page, demo: Archive, showcase: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    paths = [*one_of_each(demo.site), *articles_of_each_sort(demo)[:1], *SEARCHES]
    with previewed(demo.site) as preview:
        for address in (f"{showcase}/articles/{SHOWCASE_ID}/", *(preview + path for path in paths)):
            visit(page, address)
            controls = page.evaluate(CONTROLS)
            seen: list[str] = []
            for _ in range(MOST_TABS):
                page.keyboard.press("Tab")
                at = page.evaluate(FOCUSED)
                if at["place"] == (seen or [""])[-1]:  # a date has keys for its year, month and day
                    continue
                if at["place"] is None or at["place"] in seen:
                    break
                assert at["isSeen"], f"{address}: {controls[int(at['place'])]}: {at['box']}"
                assert at["isMarked"], f"{address}: {controls[int(at['place'])]}"
                seen.append(at["place"])
            assert sorted(seen, key=int) == [str(n) for n in range(len(controls))][:MOST_TABS]


@pytest.mark.parametrize("path", ["/", "/search/", "/about/"])
def test_the_first_key_leads_past_the_navigation(page: Page, demo: Archive, path: str) -> None:
    page.goto(demo.address + path)
    skip = page.locator(".skip")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_who_wants_no_motion_gets_none(page: Page, demo: Archive) -> None:
    page.emulate_media(reduced_motion="reduce")
    for path in ("/", "/search/"):
        visit(page, demo.address + path)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        durations = "[...document.querySelectorAll('*')].flatMap((one) => [getComputedStyle(one).transitionDuration, getComputedStyle(one).animationDuration])"
        assert set(page.evaluate(durations)) == {"0s"}


# --- without scripts ------------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()


def test_every_kind_of_page_is_read_without_scripts(plain: Page, demo: Archive) -> None:
    for path in (*one_of_each(demo.site), *articles_of_each_sort(demo)):
        plain.goto(demo.address + path)
        expect(plain.locator("h1")).to_be_attached()
        assert plain.locator("main").inner_text().strip(), path
        links = plain.locator("header nav a")
        assert links.count() > 3
        for control in plain.locator("button, input, select").all():
            expect(control).to_be_hidden()


def test_one_gets_to_an_article_without_scripts(plain: Page, demo: Archive) -> None:
    plain.goto(f"{demo.address}/")
    plain.click("header nav a[href*=topics]")
    plain.click("main .names a")
    plain.click("main .headline a")
    expect(plain.locator(".story .body p").first).to_be_visible()


def test_the_search_says_what_it_needs(plain: Page, demo: Archive) -> None:
    plain.goto(f"{demo.address}{SEARCHES[0]}")
    expect(plain.locator("noscript .notice")).to_be_visible()
    for control in plain.locator("button, input, select, .search-help").all():
        expect(control).to_be_hidden()


# --- nothing jumps --------------------------------------------------------------------------------

NOTE_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const places = entry.sources.map((one) => one.node?.className || one.node?.nodeName);
    if (!entry.hadRecentInput) shifts.push({value: entry.value, places: places.join(" ")});
  }
}).observe({type: "layout-shift", buffered: true});"""
SETTLE = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nothing_jumps(page: Page, demo: Archive, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.add_init_script(NOTE_SHIFTS)
    page.route("**/search/**/*.json", slowly)
    for path in ("/", *articles_of_each_sort(demo), SEARCHES[0]):
        visit(page, demo.address + path)
        page.evaluate(SETTLE)
        shifts = page.evaluate("shifts")
        allowed = 0.02 if "?q=" in path else 0
        assert sum(one["value"] for one in shifts) <= allowed, f"{path}: {shifts}"


def test_what_scripts_show_has_its_place_already(page: Page, demo: Archive) -> None:
    page.goto(f"{demo.address}/about/")
    show = "one => document.querySelector('[data-theme-switch]').hidden = one"
    top = "document.querySelector('main').getBoundingClientRect().top"
    for width in (320, 360, 390, 412, 600, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(show, True)
        before = page.evaluate(top)
        page.evaluate(show, False)
        assert page.evaluate(top) == before, width


def slowly(route: Route) -> None:
    """Data that come later than the first picture of the page, as from a distant host."""
    sleep(0.1)
    route.continue_()
