"""What is wrong with a built site: links that lead nowhere, files that a browser, a machine or the host would refuse.

Every file is read once by its entry in `READERS`; then every address in it is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from jianbao.check.atlas import Atlas, Reader
from jianbao.check.faults import CheckWarning, Fault
from jianbao.check.feeds import read_xml
from jianbao.check.files import (
    read_domain,
    read_package,
    read_robots,
    read_style_sheet,
    symbolic_links,
    weigh,
)
from jianbao.check.ledgers import check_accounts
from jianbao.check.pages import read_page
from jianbao.check.shipped_search import look_at_search
from jianbao.errors import JianbaoError

__all__ = ["CheckWarning", "check_accounts", "check_site"]

# Where the front page says what address the site was built for.
CANONICAL_RE = re.compile(r'<link rel="canonical" href="([^"]+)"')


def check_site(folder: Path, *, base_url: str | None) -> list[JianbaoError]:
    """All that is wrong with the site in `folder`, by file and line; nothing when all is well.

    Absolute addresses below the one that the site was built for are looked up in the folder too. What is no more than a
    warning is a `CheckWarning`.
    """
    files = files_of(folder)
    if not any(name.endswith(".html") for name in files):
        return [JianbaoError("there is no site here", path=str(folder), hint="Build it first.")]
    built_for = find_address(files)
    atlas = Atlas(files, built_for or base_url)
    faults = [*weigh(files), *symbolic_links(files), *another_address(base_url, built_for)]
    for name, path in files.items():
        read = READERS.get(name) or READERS.get(path.suffix)
        if read and not path.is_symlink():
            faults += read_text(name, path, read, atlas)
    faults += atlas.dead_ends()
    faults += look_at_search(files)
    return [fault.as_error(folder) for fault in sorted(faults, key=Fault.order)]


def find_address(files: Mapping[str, Path]) -> str | None:
    """The address that the front page of a site names as its own."""
    path = files.get("index.html")
    found = path and CANONICAL_RE.search(path.read_text("utf-8", "replace"))
    return found[1] if found else None


def another_address(expected: str | None, built_for: str | None) -> Iterator[Fault]:
    if expected and built_for and expected.rstrip("/") != built_for.rstrip("/"):
        hint = (
            f"Build it again with --base-url {expected}, or check it with --base-url {built_for}."
        )
        yield Fault("index.html", 0, f"was built for {built_for}, not for {expected}", hint)


def files_of(folder: Path) -> dict[str, Path]:
    """Every file and link below, by its path in the site."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in paths}


def read_text(name: str, path: Path, read: Reader, atlas: Atlas) -> Iterator[Fault]:
    """The faults of one text file, of which the first is that it is none."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault(name, 1 + data.count(b"\n", 0, error.start), "is not UTF-8")
    else:
        yield from read(name, text, atlas)


# By the ending of a file, or its whole name.
READERS: dict[str, Reader] = {
    ".html": read_page,
    ".css": read_style_sheet,
    ".xml": read_xml,
    "CNAME": read_domain,
    "robots.txt": read_robots,
    "data/datapackage.json": read_package,
}
