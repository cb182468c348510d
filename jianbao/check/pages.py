"""Pages: each is taken apart once, held to `RULES` one by one, and its addresses are noted.

To add a check, write a function from a page to its complaints and add its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NamedTuple

from jianbao.check.atlas import Address, Atlas
from jianbao.check.faults import Complaint, Fault
from jianbao.check.linked_data import complaints_of
from jianbao.check.markup import Nesting

DATA = "application/ld+json"


class Element(NamedTuple):
    """A tag as it is opened."""

    tag: str
    attributes: Mapping[str, str]
    line: int

    def get(self, name: str) -> str:
        return self.attributes.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Page:
    """A page, taken apart as far as the rules need it."""

    elements: tuple[Element, ...]
    titles: tuple[str, ...]
    is_html: bool  # it says so before all else, and browsers read it by the standard
    data: tuple[tuple[int, str], ...]  # what it tells search engines, each with its line
    nesting: tuple[Complaint, ...]  # what is wrong with how its elements open and close

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def meta(self, name: str, value: str) -> list[Element]:
        return [one for one in self.all("meta") if one.get(name).lower() == value]


class PageReader(HTMLParser):
    """Collects the elements, the titles of the page (a drawing has titles of its own) and its data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.titles: list[str] = []
        self.data: list[tuple[int, str]] = []
        self.nesting = Nesting()
        self.is_html = False
        self.taken: str | None = None  # the element whose text is wanted
        self.feed(text)
        self.close()
        self.nesting.finish()

    def page(self) -> Page:
        titles = tuple(title.strip() for title in self.titles)
        complaints = tuple(self.nesting.complaints)
        return Page(tuple(self.elements), titles, self.is_html, tuple(self.data), complaints)

    def handle_decl(self, decl: str) -> None:
        self.is_html = self.is_html or (decl.lower() == "doctype html" and not self.elements)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, slash=False)
        if tag == "title" and not self.nesting.is_foreign():
            self.taken = tag
            self.titles.append("")
        if tag == "script" and self.elements[-1].get("type") == DATA:
            self.taken = tag
            self.data.append((self.elements[-1].line, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, slash=True)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, slash: bool) -> None:
        line = self.getpos()[0]
        first_wins = {name: value or "" for name, value in reversed(attrs)}
        self.elements.append(Element(tag, first_wins, line))
        self.nesting.start(tag, (name for name, _ in attrs), line, slash=slash)

    def handle_endtag(self, tag: str) -> None:
        self.nesting.end(tag, self.getpos()[0])
        if tag == self.taken:
            self.taken = None

    def handle_data(self, data: str) -> None:
        if self.taken == "title":
            self.titles[-1] += data
        elif self.taken == "script":
            line, text = self.data[-1]
            self.data[-1] = (line, text + data)


def read_page(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    page = PageReader(text).page()
    atlas.ids[name] = anchors(page)
    for rule in RULES:
        for complaint in rule(page):
            yield Fault(name, *complaint)
    for address in addresses(page):
        yield from atlas.note(name, address)


def anchors(page: Page) -> frozenset[str]:
    ids = (one.attributes.get("id", "") for one in page.elements)
    names = (one.attributes.get("name", "") for one in page.all("a"))
    return frozenset((*ids, *names)) - {""}


# --- what holds for every page -------------------------------------------------------------------


def is_html(page: Page) -> Iterator[Complaint]:
    if not page.is_html:
        yield Complaint(1, "does not say that it is HTML", "Begin it with <!DOCTYPE html>.")


def opens_and_closes(page: Page) -> Iterator[Complaint]:
    yield from page.nesting


def names_its_language(page: Page) -> Iterator[Complaint]:
    if not any(one.get("lang") for one in page.all("html")):
        yield Complaint(1, "names no language", 'Write <html lang="zh-Hans">.')


def names_its_encoding(page: Page) -> Iterator[Complaint]:
    if not any(one.get("charset").lower() == "utf-8" for one in page.all("meta")):
        yield Complaint(1, "names no encoding", 'Write <meta charset="utf-8"> first in the head.')


def has_a_title(page: Page) -> Iterator[Complaint]:
    if len(page.titles) != 1:
        yield Complaint(1, f"has {len(page.titles)} titles", "Write one <title> in the head.")
    elif not page.titles[0]:
        yield Complaint(page.all("title")[0].line, "the title is empty")


def has_one_heading(page: Page) -> Iterator[Complaint]:
    """A page that only leads on to another needs none."""
    headings = page.all("h1")
    if len(headings) != 1 and not page.meta("http-equiv", "refresh"):
        line = headings[1].line if headings else 1
        yield Complaint(line, f"has {len(headings)} headings <h1>", "A page has one.")


def has_distinct_ids(page: Page) -> Iterator[Complaint]:
    lines: dict[str, int] = {}
    for element in page.elements:
        name = element.attributes.get("id")
        if name in lines:
            yield Complaint(element.line, f"the id {name!r} again", f"First in line {lines[name]}.")
        elif name is not None:
            lines[name] = element.line


def has_ids_that_can_be_named(page: Page) -> Iterator[Complaint]:
    """An id has no blank in it, and what asks for one by name finds it."""
    ids = {element.attributes.get("id") for element in page.elements}
    for element in page.elements:
        name = element.attributes.get("id")
        if name is not None and (not name or name.split() != [name]):
            yield Complaint(
                element.line, f"{name!r} is no id", "An id has a character and no blank."
            )
        for key in NAMING:
            for one in element.get(key).split():
                if one not in ids:
                    what = f"{key}= of <{element.tag}> names {one!r}, and nothing has that id"
                    yield Complaint(element.line, what)


def describes_its_pictures(page: Page) -> Iterator[Complaint]:
    for element in page.all("img"):
        if "alt" not in element.attributes:
            hint = 'Say what it shows, or write alt="" where it is only an ornament.'
            yield Complaint(element.line, "a picture without alt=", hint)


def tells_search_engines_what_they_ask(page: Page) -> Iterator[Complaint]:
    for line, text in page.data:
        for complaint in complaints_of(text):
            yield Complaint(line, f"the data for search engines {complaint}")


def is_guarded(page: Page) -> Iterator[Complaint]:
    """A content security policy holds only for what comes after it."""
    policies = page.meta("http-equiv", "content-security-policy")
    if not policies:
        yield Complaint(1, "has no content security policy", "Write the <meta> first in the head.")
        return
    policy = policies[0]
    before = page.elements[: page.elements.index(policy)]
    early = [one for one in before if one.tag in ("script", "link", "style", "img")]
    if early:
        tag, line = early[0].tag, early[0].line
        yield Complaint(line, f"<{tag}> before the content security policy", "Move it below.")
    for word in ("'unsafe-inline'", "'unsafe-eval'"):
        if word in policy.get("content"):
            yield Complaint(policy.line, f"the content security policy has {word}", "Leave it out.")


def has_nothing_inline(page: Page) -> Iterator[Complaint]:
    """The policy stops what is inline; data for search engines is no script and may stay."""
    for element in page.elements:
        is_data = element.get("type") == DATA
        is_script = element.tag == "script" and "src" not in element.attributes and not is_data
        if element.tag == "style" or is_script:
            yield Complaint(element.line, f"an inline <{element.tag}>", "Move it to its own file.")
        for name in element.attributes:
            if name == "style" or name.startswith("on"):
                what = f"an inline {name}= on <{element.tag}>"
                yield Complaint(element.line, what, "Move it to a style sheet or a script.")


def keeps_its_base(page: Page) -> Iterator[Complaint]:
    for element in page.all("base"):
        yield Complaint(element.line, "<base> moves every address", "Leave it out.")


# Attributes whose words are ids of the same page.
NAMING = (
    "for",
    "aria-controls",
    "aria-describedby",
    "aria-labelledby",
    "aria-owns",
    "list",
    "headers",
    "form",
)

RULES: tuple[Callable[[Page], Iterator[Complaint]], ...] = (
    is_html,
    opens_and_closes,
    names_its_language,
    names_its_encoding,
    has_a_title,
    has_one_heading,
    has_distinct_ids,
    has_ids_that_can_be_named,
    describes_its_pictures,
    tells_search_engines_what_they_ask,
    is_guarded,
    has_nothing_inline,
    keeps_its_base,
)


# --- addresses -----------------------------------------------------------------------------------

# Where an address stands, by tag: those a browser loads by itself or sends something to, and those
# a person follows.
LOADED = {
    "audio": ("src",),
    "button": ("formaction",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
FOLLOWED = {
    "a": ("href", "xlink:href"),
    "area": ("href",),
    "link": ("href",),
}
# A <link> of these kinds is loaded, or its host is called; of others (canonical, alternate) it is not.
LOADED_RELATIONS = frozenset(
    {"apple-touch-icon", "dns-prefetch", "icon", "manifest", "mask-icon", "modulepreload"}
    | {"preconnect", "prefetch", "preload", "stylesheet"}
)
REFRESH_RE = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)


def addresses(page: Page) -> Iterator[Address]:
    for element in page.elements:
        for table, loaded in ((LOADED, True), (FOLLOWED, is_loaded_link(element))):
            for name in table.get(element.tag, ()):
                if name in element.attributes:
                    for text in split_address(name, element.attributes[name]):
                        yield Address(text, element.line, loaded)
    for element in page.meta("http-equiv", "refresh"):
        for text in REFRESH_RE.findall(element.get("content")):
            yield Address(text, element.line)
    for element in (*page.meta("property", "og:url"), *page.meta("property", "og:image")):
        yield Address(element.get("content"), element.line)


def is_loaded_link(element: Element) -> bool:
    relations = element.get("rel").lower().split()
    return element.tag == "link" and not LOADED_RELATIONS.isdisjoint(relations)


def split_address(name: str, value: str) -> list[str]:
    """The addresses in an attribute; only `srcset` holds several, each with its width.

    >>> split_address("srcset", "a.png 1x, b.png 2x")
    ['a.png', 'b.png']
    """
    if name != "srcset":
        return [value]
    return [one.split()[0] for one in value.split(",") if one.strip()]
