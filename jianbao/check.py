"""What is wrong with a built site: links that lead nowhere, pages a browser or the host would refuse.

Every page is read once and held to `RULES`, one by one; then every address in it is looked up. To add
a check, write a function from a page to its faults and add its name.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from jianbao.config import MANY_BYTES, MAX_BYTES
from jianbao.errors import JianbaoError


class CheckWarning(JianbaoError):  # noqa: N818  # it is told beside the errors, and is none
    """Nothing is wrong yet."""

    exit_code = 0

    def told(self) -> str:
        return super().told().replace("error:", "warning:", 1)


def check_site(folder: Path, *, base_url: str | None) -> list[JianbaoError]:
    """All that is wrong with the site in `folder`, by file and line; nothing when all is well.

    With a `base_url`, absolute addresses below it are looked up in the folder too. What is no more
    than a warning is a `CheckWarning`.
    """
    files = files_of(folder)
    if not any(name.endswith(".html") for name in files):
        return [JianbaoError("there is no site here", path=str(folder), hint="Build it first.")]
    atlas = Atlas(files, base_url)
    faults = [*weigh(files), *symbolic_links(files)]
    for name, path in files.items():
        read = READERS.get(name) or READERS.get(path.suffix)
        if read and not path.is_symlink():
            faults += read_text(name, path, read, atlas)
    faults += atlas.dead_ends()
    return [fault.as_error(folder) for fault in sorted(faults, key=Fault.order)]


def files_of(folder: Path) -> dict[str, Path]:
    """Every file and link below, by its path in the site."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in paths}


class Fault(NamedTuple):
    """One thing that is wrong, in a file of the site; line 0 is the file as a whole."""

    file: str
    line: int
    message: str
    hint: str = ""
    kind: type[JianbaoError] = JianbaoError

    def order(self) -> tuple[str, int, str]:
        return self.file, self.line, self.message

    def as_error(self, folder: Path) -> JianbaoError:
        where = str(folder / self.file)
        return self.kind(self.message, path=where, line=self.line or None, hint=self.hint)


# --- the folder as a whole -----------------------------------------------------------------------


def weigh(files: Mapping[str, Path]) -> Iterator[Fault]:
    """Whether the host takes a site of this size."""
    total = sum(path.lstat().st_size for path in files.values())
    size = f"the site has {total / 1_000_000:,.0f} MB"
    hint = "GitHub Pages publishes up to 1,000 MB. Split the archive, or choose another host."
    if total > MAX_BYTES:
        yield Fault("", 0, size, hint)
    elif total > MANY_BYTES:
        yield Fault("", 0, size, hint, CheckWarning)


def symbolic_links(files: Mapping[str, Path]) -> Iterator[Fault]:
    for name, path in files.items():
        if path.is_symlink():
            yield Fault(name, 0, "is a symbolic link", "GitHub Pages refuses it: put a file there.")


def read_text(name: str, path: Path, read: Reader, atlas: Atlas) -> Iterator[Fault]:
    """The faults of one text file, of which the first is that it is none."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault(name, 1 + data.count(b"\n", 0, error.start), "is not UTF-8")
    else:
        yield from read(name, text, atlas)


# --- addresses -----------------------------------------------------------------------------------


class Address(NamedTuple):
    """An address as it is written in a file, and whether the browser loads it by itself."""

    text: str
    line: int
    loaded: bool = False


class Place(NamedTuple):
    """A file of the site, and a place in it; no fragment is the file as a whole."""

    file: str
    fragment: str


LINK_SCHEMES = ("http", "https", "mailto")
NOT_FOUND_PAGE = "404.html"  # served in the place of any page, at any depth


class Atlas:
    """What there is in a site and where its addresses lead; a dead end is told once, where it first is."""

    def __init__(self, files: Collection[str], base_url: str | None) -> None:
        self.files = files
        self.base = base_url.rstrip("/") + "/" if base_url else None
        self.ids: dict[str, Collection[str]] = {}
        self.first: dict[Place, tuple[str, Address]] = {}  # who leads there first
        self.links: Counter[Place] = Counter()

    def note(self, file: str, address: Address) -> Iterator[Fault]:
        """Take down where an address leads, unless it should not stand there at all."""
        place = self.place(file, address)
        if isinstance(place, Fault):
            yield place
        elif place is not None:
            self.first.setdefault(place, (file, address))
            self.links[place] += 1

    def place(self, file: str, address: Address) -> Place | Fault | None:
        """The file of the site that an address means, None for one elsewhere, or what is wrong."""
        text = address.text.strip()
        try:
            scheme, host, path, _, fragment = urlsplit(text)
        except ValueError:
            return Fault(file, address.line, f"{text!r} is no address")
        if self.base and (text + "/").startswith(self.base):
            path = unquote(path)[len(unquote(urlsplit(self.base).path)) :]
            return self.known_place(path, fragment)
        if scheme or host:
            return self.fault_elsewhere(file, address, scheme)
        if path.startswith("/"):
            return self.place_from_the_top(file, address, path, fragment)
        if path and file == NOT_FOUND_PAGE:
            return Fault(
                file,
                address.line,
                f"{text!r} is relative to a page that is shown anywhere",
                "In 404.html write the address in full, or from the top: /…",
            )
        target = posixpath.join(posixpath.dirname(file), unquote(path)) if path else file
        if posixpath.normpath(target).startswith(".."):
            return Fault(file, address.line, f"{text!r} leads out of the site")
        return self.known_place(target, fragment)

    def place_from_the_top(
        self, file: str, address: Address, path: str, fragment: str
    ) -> Place | Fault:
        top = urlsplit(self.base).path if self.base else "/"
        if file == NOT_FOUND_PAGE and path.startswith(top):
            return self.known_place(unquote(path)[len(unquote(top)) :], fragment)
        return Fault(
            file,
            address.line,
            f"{address.text!r} begins at the top of its host",
            "Below an address such as /repository/ it leads elsewhere: write it relative to the page.",
        )

    def fault_elsewhere(self, file: str, address: Address, scheme: str) -> Fault | None:
        if address.loaded:
            return Fault(
                file,
                address.line,
                f"{address.text!r} is loaded from elsewhere",
                "A page loads from its own site only: visitors are nobody else's business.",
            )
        if scheme.lower() not in LINK_SCHEMES:
            schemes = ", ".join(f"{one}:" for one in LINK_SCHEMES)
            hint = f"Links begin with {schemes} or are relative."
            return Fault(file, address.line, f"a link to {address.text!r}", hint)
        return None

    def known_place(self, path: str, fragment: str) -> Place:
        """The place, with the page of a folder named in full."""
        is_folder = path.endswith("/") or path == ""
        file = posixpath.normpath(path) if path else "."
        page = posixpath.normpath(posixpath.join(file, "index.html"))
        if is_folder or (file not in self.files and page in self.files):
            file = page
        return Place(file, unquote(fragment.partition(":~:")[0]))

    def dead_ends(self) -> Iterator[Fault]:
        """The addresses that lead nowhere, once all pages are known."""
        for place, (file, address) in self.first.items():
            if place.file not in self.files:
                message = f"{address.text!r} leads nowhere"
            elif not self.has_fragment(place):
                message = f"{address.text!r} leads to no place in that page"
            else:
                continue
            more = self.links[place] - 1
            yield Fault(file, address.line, message, f"{more} more links do." if more else "")

    def has_fragment(self, place: Place) -> bool:
        """Whether the place is there; in what is no page, nobody can say."""
        if place.fragment in ("", "top") or place.file not in self.ids:
            return True
        return place.fragment in self.ids[place.file]


Reader = Callable[[str, str, Atlas], Iterator[Fault]]  # a file's name, its text, and what there is


# --- pages ---------------------------------------------------------------------------------------


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

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def meta(self, name: str, value: str) -> list[Element]:
        return [one for one in self.all("meta") if one.get(name).lower() == value]


class PageReader(HTMLParser):
    """Collects the elements, and the titles of the page (a drawing has titles of its own)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.titles: list[str] = []
        self.drawings, self.in_title = 0, False
        self.feed(text)
        self.close()

    def page(self) -> Page:
        return Page(tuple(self.elements), tuple(title.strip() for title in self.titles))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        first_wins = {name: value or "" for name, value in reversed(attrs)}
        self.elements.append(Element(tag, first_wins, self.getpos()[0]))
        self.drawings += tag == "svg"
        if tag == "title" and not self.drawings:
            self.in_title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        self.drawings -= tag == "svg"
        self.in_title = self.in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.titles[-1] += data


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


class Complaint(NamedTuple):
    line: int
    message: str
    hint: str = ""


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
        is_data = element.get("type") == "application/ld+json"
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


RULES: tuple[Callable[[Page], Iterator[Complaint]], ...] = (
    names_its_language,
    names_its_encoding,
    has_a_title,
    has_one_heading,
    has_distinct_ids,
    is_guarded,
    has_nothing_inline,
    keeps_its_base,
)


# --- addresses in pages, style sheets and feeds --------------------------------------------------

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
CSS_ADDRESS_RE = re.compile(
    r"""url\( \s* ['"]? (?P<url> [^'")]+ ) | @import \s+ ['"] (?P<sheet> [^'"]+ )""", re.VERBOSE
)


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


def read_style_sheet(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    for match in CSS_ADDRESS_RE.finditer(text):
        address = (match["url"] or match["sheet"]).strip()
        if not address.startswith("#"):
            line = 1 + text.count("\n", 0, match.start())
            yield from atlas.note(name, Address(address, line, loaded=True))


# What the root of an XML file must be, by the name of the file.
XML_ROOTS = {
    "feed.xml": "{http://www.w3.org/2005/Atom}feed",
    "sitemap.xml": "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset",
    "opensearch.xml": "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription",
}


def read_xml(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  # our own build wrote it
    except ElementTree.ParseError as error:
        yield Fault(name, error.position[0], f"is no XML: {error}")
        return
    expected = XML_ROOTS.get(posixpath.basename(name), root.tag)
    if root.tag != expected:
        yield Fault(name, 1, f"begins with {root.tag!r}", f"It should be {expected!r}.")
    for text in full_addresses(root):
        if atlas.base and not text.startswith(atlas.base):
            yield Fault(name, 0, f"{text!r} is no address of this site", f"Ours are: {atlas.base}")
        elif atlas.base:
            yield from atlas.note(name, Address(text, 0))


def full_addresses(root: ElementTree.Element) -> Iterator[str]:
    """The pages that a sitemap or a feed names, and where a search leads."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "loc":
            yield (element.text or "").strip()
        if tag == "link" and element.get("rel", "alternate") in ("alternate", "self"):
            yield element.get("href", "")
        if tag == "Url":
            yield element.get("template", "")


# --- what machines read first --------------------------------------------------------------------


def read_robots(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), 1):
        key, _, value = line.partition(":")
        if key.strip().lower() == "sitemap":
            yield from atlas.note(name, Address(value.strip(), number))


def read_package(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    """The description of the downloads: what it names is there."""
    try:
        resources = json.loads(text)["resources"]
        paths = [one["path"] for one in resources]
    except (ValueError, LookupError, TypeError):
        yield Fault(name, 0, "is no description of data", "It should be a Data Package.")
        return
    for path in paths:
        yield from atlas.note(name, Address(path, 0))


# By the ending of a file, or its whole name.
READERS: dict[str, Reader] = {
    ".html": read_page,
    ".css": read_style_sheet,
    ".xml": read_xml,
    "robots.txt": read_robots,
    "data/datapackage.json": read_package,
}
