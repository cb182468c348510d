"""The folder as a whole, and the files in it that are no pages: style sheets, and what machines read first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jianbao.check.atlas import Address, Atlas
from jianbao.check.faults import CheckWarning, Fault
from jianbao.config import MANY_BYTES, MAX_BYTES

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


# --- style sheets --------------------------------------------------------------------------------


CSS_ADDRESS_RE = re.compile(
    r"""url\( \s* ['"]? (?P<url> [^'")]+ ) | @import \s+ ['"] (?P<sheet> [^'"]+ )""", re.VERBOSE
)


def read_style_sheet(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    for match in CSS_ADDRESS_RE.finditer(text):
        address = (match["url"] or match["sheet"]).strip()
        if not address.startswith("#"):
            line = 1 + text.count("\n", 0, match.start())
            yield from atlas.note(name, Address(address, line, loaded=True))


# --- what machines read first --------------------------------------------------------------------

DOMAIN_RE = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def read_robots(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), 1):
        key, _, value = line.partition(":")
        if key.strip().lower() == "sitemap":
            yield from atlas.note(name, Address(value.strip(), number))


def read_domain(name: str, text: str, atlas: Atlas) -> Iterator[Fault]:
    """The domain that the host is told of is the one that the pages name."""
    domain = text.strip()
    if not DOMAIN_RE.fullmatch(domain):
        yield Fault(
            name,
            1,
            f"{domain!r} is no domain",
            "Write one, such as archive.example.org, and nothing else.",
        )
        return
    here = urlsplit(atlas.base).hostname if atlas.base else None
    if here and here != domain.lower():
        hint = f"Build with --base-url https://{domain}/, or write {here} into CNAME beside config.yaml."
        yield Fault(name, 1, f"names {domain}, and the pages name {here}", hint, CheckWarning)


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
