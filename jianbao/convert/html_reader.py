"""Saved pages of the web become text, with what their markup says of each line.

Text is what the page shows, each block on a line of its own and in the order of the file; nothing of it is left out, and no
mark is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jianbao.convert.html_lines import HtmlLine, read_lines
from jianbao.convert.html_story import judge_lines
from jianbao.convert.html_words import TITLE_CUT_RE, is_site_name
from jianbao.convert.masthead import dates_in
from jianbao.convert.script import simplify
from jianbao.errors import JianbaoError
from jianbao.models import Head, Place

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# A page is parsed in time that grows with the square of its depth; those that people made are 20 to 60 deep.
MAX_DEPTH = 4000
TAG_RE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements without an end, or whose end may be left out.
ENDLESS = frozenset(
    ("area", "base", "basefont", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
     "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr", "html",
     "head", "body")
)  # fmt: skip
# What a browser that runs scripts does not show, and what would take a paragraph apart.
NOSCRIPT_RE = re.compile(r"(<noscript\b[^>]*>).*?(</noscript\s*>)", re.IGNORECASE | re.DOTALL)
SAVED_FROM_RE = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->")
# Names under which the head of a page has the headline, its day, and the site.
TITLE_NAMES = ("articletitle", "og:title", "title", "twitter:title", "dc.title")
DAY_NAMES = ("pubdate", "article:published_time", "publishdate", "publish-date", "date", "datepublished", "og:release_date", "dc.date")  # fmt: skip
SITE_NAMES = ("sitename", "og:site_name")


def read_html(text: str, path: str) -> tuple[str, list[Place], Head]:
    """The text of a page, the place of each of its lines, and what its head says.

    Raises:
        JianbaoError: elements are nested deeper than any page has them.
    """
    from selectolax.lexbor import LexborHTMLParser

    if depth_of(text) > MAX_DEPTH:
        raise JianbaoError(
            f"its elements are nested more than {MAX_DEPTH} deep",
            path=path,
            hint="Save the page from a browser as text, or take the file out of sources/.",
        )
    tree = LexborHTMLParser(NOSCRIPT_RE.sub(r"\1\2", text))
    if tree.root is None:
        return "", [], Head()
    page = read_lines(tree.root)
    said = dict(_said(tree))
    verdicts = judge_lines(page, list(_titles(tree, said)))
    written: list[str] = []
    places: list[Place] = []
    at = 0
    for line, verdict in zip(page.lines, verdicts, strict=True):
        start = at + len(_gap(line)) * bool(written)
        written += [_gap(line)] * bool(written) + [line.text]
        at = start + len(line.text)
        places.append(
            Place(
                start,
                at,
                level=verdict.level,
                role=verdict.role,
                where=page.where(line),
                story=verdict.story,
            )
        )
    return "".join(written), places, _head(text, tree, said)


def _gap(line: HtmlLine) -> str:
    return "\n" if line.broken else "\n\n"


def depth_of(text: str) -> int:
    """How deep elements are nested, about: an upper bound for pages that end what they begin.

    >>> depth_of("<div><p>a<p>b<br></div>")
    1
    """
    depth = deepest = 0
    for found in TAG_RE.finditer(text):
        if found[2].lower() not in ENDLESS:
            depth = max(0, depth + (-1 if found[1] else 1))
            deepest = max(deepest, depth)
    return deepest


# --- what the head says --------------------------------------------------------------------------


def _said(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Names and contents of the head's meta elements, the first of a name last."""
    for node in reversed(tree.css("meta[content]")):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        if name:
            yield name.lower(), (attributes.get("content") or "").strip()


def _titles(tree: LexborHTMLParser, said: dict[str, str]) -> Iterator[str]:
    yield from (said[name] for name in TITLE_NAMES if said.get(name))
    title = tree.css_first("title")
    if title is not None and (text := title.text(deep=True).strip()):
        yield text


def _head(text: str, tree: LexborHTMLParser, said: dict[str, str]) -> Head:
    day = next((said[name] for name in DAY_NAMES if said.get(name)), "")
    if not day and (time := tree.css_first("time[datetime]")) is not None:
        day = time.attributes.get("datetime") or ""
    return Head(
        url=_url(text, tree, said),
        day=next((day for day, _ in dates_in(day)), None),
        site=_site(tree, said),
    )


def _site(tree: LexborHTMLParser, said: dict[str, str]) -> str | None:
    """The name of a site, as its head says outright or behind the headline: 甲乙丙_青禾新闻网."""
    if outright := next((said[name] for name in SITE_NAMES if said.get(name)), None):
        return outright
    parts = [part for title in _titles(tree, said) for part in TITLE_CUT_RE.split(title)]
    return next(
        (name for part in reversed(parts) if is_site_name(simplify(name := part.strip()))), None
    )


def _url(text: str, tree: LexborHTMLParser, said: dict[str, str]) -> str | None:
    """The address of a page: as the browser noted that saved it, or as the page itself says."""
    saved = SAVED_FROM_RE.search(text[:4096])
    link = tree.css_first('link[rel="canonical"][href]')
    found = (
        saved and saved[1],
        link is not None and link.attributes.get("href"),
        said.get("og:url"),
    )
    return next((url for url in found if url and re.match(r"https?://[^\s<>\"]+$", url)), None)
