"""Pictures of the built site, for looking at: each kind of page, wide and narrow, light, dark and printed.

`make screenshots` builds ./site first and runs this. The pictures go to `.cache/screenshots/`, which git
ignores; with `--readme` the one picture that the README shows is made too. Fonts are this machine's.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import CHROMIUM_ARGS, previewed, served
from tests.provide_browser import find_chromium
from tests.showcase import SHOWCASE_ID, build_showcase

ROOT = Path(__file__).parent.parent
SITE = ROOT / "site"
PICTURES = ROOT / ".cache" / "screenshots"
README_PICTURE = ROOT / "docs" / "images" / "archive.png"
QUERY = "保密"
NO_QUERY = "此词不在此处"
# Articles that look unlike others, by what their files hold.
PECULIAR = {
    "table": re.compile("^\\|", re.MULTILINE),
    "fragment": re.compile("^complete: [a-z]+-missing", re.MULTILINE),
    "untitled": re.compile("^title: null", re.MULTILINE),
    "traditional": re.compile("^script: Hant", re.MULTILINE),
}

DESKTOP = (1280, 800)
PHONE = (390, 844)


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at a page."""

    name: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    printed: bool = False


LOOKS = (
    Look("desktop"),
    Look("phone", PHONE),
    Look("dark", dark=True),
    Look("phone-dark", PHONE, dark=True),
    Look("print", (658, 971), printed=True),  # A4 within its margins, at 96 dots an inch
)


def main() -> int:
    """Take all pictures; 2 when there is no site yet."""
    parser = argparse.ArgumentParser(description="Take pictures of ./site.")
    parser.add_argument("--readme", action="store_true", help="make the README's picture too")
    options = parser.parse_args()
    if not (SITE / "index.html").is_file():
        print("error: there is no site/ yet\n  Run: make site", file=sys.stderr)
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    showcase = build_showcase(PICTURES / "showcase")
    with (
        served(SITE) as address,
        served(showcase) as show,
        previewed(SITE) as preview,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[*CHROMIUM_ARGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        for look in LOOKS:
            take_pictures(browser, address, addresses(SITE), look)
            take_pictures(browser, show, [("showcase", f"/articles/{SHOWCASE_ID}/")], look)
            take_pictures(browser, preview, desk_addresses(SITE), look)
        if options.readme:
            make_readme_picture(browser, address)
        browser.close()
    return 0


def addresses(site: Path) -> Iterator[tuple[str, str]]:
    """Name and address of each page that is pictured."""
    texts = {path.parent.name: path.read_text("utf-8") for path in site.glob("articles/*/index.md")}
    article = max(sorted(texts), key=lambda one: rank(texts[one]))
    yield "home", "/"
    yield "article", f"/articles/{article}/"
    for name, sign_re in PECULIAR.items():
        found = sorted(one for one, text in texts.items() if sign_re.search(text))
        yield from ((f"article-{name}", f"/articles/{one}/") for one in found[:1])
    yield "source", f"/sources/{article.rpartition('-')[0]}/"
    yield "search", f"/search/?q={quote(QUERY)}"
    yield "search-empty", "/search/"
    yield "search-nothing", f"/search/?q={quote(NO_QUERY)}"
    yield "dates-undated", "/dates/undated/"
    lists = sorted(path.parent.relative_to(site) for path in site.glob("*/index.html"))
    yield from ((one.name, f"/{one}/") for one in lists if one.name not in ("search", "assets"))
    for kind in ("topics", "publications", "people", "dates"):
        yield f"{kind}-one", f"/{richest(site, f'{kind}/*/index.html')}/"
    newspaper, issue = issue_to_show(site)
    yield "issue", f"/publications/{newspaper}/{issue}/"
    yield "days", "/dates/days/"
    yield "dates-month", f"/{richest(site, 'dates/[0-9]*/*/index.html')}/"
    yield "not-found", "/404.html"


def desk_addresses(site: Path) -> Iterator[tuple[str, str]]:
    """The pages of the review desk, which only the preview has: the list, and the fullest source."""
    yield "review", "/__review/"
    article = next(path for name, path in addresses(site) if name == "source")
    yield "review-source", f"/__review{article.removeprefix('/sources')}"


def issue_to_show(site: Path) -> tuple[str, str]:
    """The newspaper and day with the most to show."""
    pages = site.glob("publications/*/*-*-*/index.html")
    most = max(sorted(pages), key=lambda path: path.stat().st_size)
    return most.parent.parent.name, most.parent.name


def rank(text: str) -> tuple[int, int]:
    """How much there is to see in an article.

    >>> rank("图：一\\n\\n## 二\\n") > rank("## 一\\n\\n## 二，长得多\\n")
    True
    """
    headings, captions = text.count("\n## "), text.count("图：")
    return min(headings, captions), len(text)


def richest(site: Path, pattern: str) -> str:
    """Of pages of one kind the one with the most to show."""
    most = max(sorted(site.glob(pattern)), key=lambda path: path.stat().st_size)
    return most.parent.relative_to(site).as_posix()


def take_pictures(
    browser: Browser, address: str, pages: Iterable[tuple[str, str]], look: Look
) -> None:
    """Every page in one look, from its top to its end."""
    page = open_page(browser, look)
    for name, path in pages:
        visit(page, f"{address}{path}")
        page.screenshot(path=PICTURES / f"{name}-{look.name}.png", full_page=True)
    page.context.close()


def open_page(browser: Browser, look: Look) -> Page:
    width, height = look.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if look.dark else "light",
        locale="zh-CN",
    )
    page = context.new_page()
    if look.printed:
        page.emulate_media(media="print")
    return page


def visit(page: Page, address: str) -> None:
    """A page with its type set and, if it is a search, its results on it."""
    page.goto(address)
    if "?q=" in address:
        page.wait_for_selector("[data-result-count]:not([data-result-count=''])", state="attached")
    page.evaluate("document.fonts.ready")


# --- the README's picture ------------------------------------------------------------------------

# Home and an article side by side, as two sheets on a desk; what is shown are pictures of the pages.
COMPOSITION = """<!DOCTYPE html><title>README</title><style>
  body {{ margin: 0; padding: 28px; background: #d9d5cc; display: grid; gap: 28px; width: 1224px;
          grid-template-columns: 1fr 1fr; }}
  img {{ width: 100%; display: block; box-shadow: 0 2px 14px #0004; }}
</style>{images}"""


def make_readme_picture(browser: Browser, address: str) -> None:
    """Home and an article, side by side in one picture."""
    page = open_page(browser, Look("readme", (1000, 1076)))
    pages = dict(addresses(SITE))
    for name in ("home", "article"):
        visit(page, f"{address}{pages[name]}")
        page.screenshot(path=PICTURES / f"readme-{name}.png")
    images = "".join(f'<img src="readme-{name}.png">' for name in ("home", "article"))
    sheet = PICTURES / "readme.html"
    sheet.write_text(COMPOSITION.format(images=images), encoding="utf-8")
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(sheet.as_uri())
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=README_PICTURE)
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
