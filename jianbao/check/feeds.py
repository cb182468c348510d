"""XML: feeds, the sitemap and the description of the search have what their readers ask for.

Held to RFC 4287 (Atom), the protocol of sitemaps.org and OpenSearch 1.1, as far as a reader would stumble.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from jianbao.check.atlas import Address, Atlas
from jianbao.check.faults import Fault

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

TIME_RE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MAX_LISTED = 50_000  # addresses in one sitemap
MAX_SHORT_NAME = 16  # characters; browsers cut or refuse a longer one
MAX_DESCRIPTION = 1024

Complaints = Iterator[str]


def read_xml(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  # our own build wrote it
    except ElementTree.ParseError as error:
        yield Fault(name, error.position[0], f"is no XML: {error}")
        return
    expected, look = KINDS.get(posixpath.basename(name), (root.tag, _nothing))
    if root.tag != expected:
        yield Fault(name, 1, f"begins with {root.tag!r}", f"It should be {expected!r}.")
        return
    for complaint in look(root):
        yield Fault(name, 0, complaint, "Its template says it so; a theme's own comes before ours.")
    for address in full_addresses(root):
        if atlas.base and not address.startswith(atlas.base):
            hint = f"Ours are: {atlas.base}"
            yield Fault(name, 0, f"{address!r} is no address of this site", hint)
        elif atlas.base:
            yield from atlas.note(name, Address(address, 0))


def full_addresses(root: Element) -> Iterator[str]:
    """The pages that a sitemap or a feed names, and where a search leads."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "loc":
            yield (element.text or "").strip()
        if tag == "link" and element.get("rel", "alternate") in ("alternate", "self"):
            yield element.get("href", "")
        if tag == "Url":
            yield element.get("template", "")


# --- what each kind must have ---------------------------------------------------------------------


def look_at_feed(feed: Element) -> Complaints:
    """A title, an id and a time once, for the feed and for every entry; somebody who wrote it; a page it leads to."""
    yield from _look_at_atom(feed, "the feed")
    has_author = feed.find(f"{ATOM}author") is not None
    ids: set[str] = set()
    for number, entry in enumerate(feed.findall(f"{ATOM}entry"), 1):
        what = f"entry {number}"
        yield from _look_at_atom(entry, what)
        if not has_author and entry.find(f"{ATOM}author") is None:
            yield f"{what} has no author, and neither has the feed"
        own = entry.findtext(f"{ATOM}id") or ""
        if own in ids:
            yield f"{what} has the id {own!r} of another"
        ids.add(own)


def _look_at_atom(element: Element, what: str) -> Complaints:
    for tag in ("id", "title", "updated"):
        yield from _once(element, ATOM, tag, what)
    for tag in ("updated", "published"):
        time = element.findtext(f"{ATOM}{tag}")
        if time and not _is_time(time.strip()):
            yield f"{tag} of {what} is no time with a zone: {time!r}"
    links = element.findall(f"{ATOM}link")
    if not any(link.get("rel", "alternate") == "alternate" for link in links):
        yield f"{what} leads to no page"


def look_at_sitemap(sitemap: Element) -> Complaints:
    """Addresses, each once; days where it tells any."""
    rows = sitemap.findall(f"{SITEMAP}url")
    if len(rows) > MAX_LISTED:
        yield f"lists {len(rows):,} addresses, and readers take {MAX_LISTED:,}"
    listed: set[str] = set()
    for number, row in enumerate(rows, 1):
        yield from _once(row, SITEMAP, "loc", f"row {number}")
        address = (row.findtext(f"{SITEMAP}loc") or "").strip()
        if address and address in listed:
            yield f"lists {address!r} twice"
        listed.add(address)
        day = row.findtext(f"{SITEMAP}lastmod")
        if day is not None and not (_is_day(day.strip()) or _is_time(day.strip())):
            yield f"lastmod of row {number} is no day: {day!r}"


def look_at_search(description: Element) -> Complaints:
    """A name that fits, and an address with a place for the words."""
    for tag, most in (("ShortName", MAX_SHORT_NAME), ("Description", MAX_DESCRIPTION)):
        yield from _once(description, OPENSEARCH, tag, "the description")
        length = len(description.findtext(f"{OPENSEARCH}{tag}") or "")
        if length > most:
            yield f"{tag} has {length} characters, and browsers take {most}"
    urls = description.findall(f"{OPENSEARCH}Url")
    pages = [url.get("template", "") for url in urls if url.get("type") == "text/html"]
    if not any("{searchTerms}" in template for template in pages):
        yield "has no address of type text/html with {searchTerms} in it"


def _nothing(_: Element) -> Complaints:
    return iter(())


# By the name of the file: its root, and what is asked of it.
KINDS: dict[str, tuple[str, Callable[[Element], Complaints]]] = {
    "feed.xml": (f"{ATOM}feed", look_at_feed),
    "sitemap.xml": (f"{SITEMAP}urlset", look_at_sitemap),
    "opensearch.xml": (f"{OPENSEARCH}OpenSearchDescription", look_at_search),
}


def _once(element: Element, space: str, tag: str, what: str) -> Complaints:
    found = element.findall(f"{space}{tag}")
    if len(found) != 1:
        yield f"{what} has {len(found) or 'no'} {tag}"
    elif not (found[0].text or "").strip():
        yield f"{tag} of {what} is empty"


def _is_time(text: str) -> bool:
    """A time of RFC 3339.

    >>> _is_time("2020-06-18T00:00:00+08:00"), _is_time("2020-06-18"), _is_time("2020-13-18T00:00:00Z")
    (True, False, False)
    """
    return bool(TIME_RE.fullmatch(text)) and _is_day(text[:10])


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
