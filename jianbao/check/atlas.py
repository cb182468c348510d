"""The atlas: what there is in a site, where its addresses lead, and which lead nowhere."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from jianbao.check.faults import Fault


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
