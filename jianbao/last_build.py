"""The last build: what it left beside the site, whether that still holds, and which articles were edited since.

Without it, or where anything but the words of articles has changed, the whole site is made; so it may be removed at any time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jianbao.errors import JianbaoError
from jianbao.intake import is_plain_file
from jianbao.shelf import LEDGER
from jianbao.swap import MANIFEST, stands_as_written, write_atomically

FOLDER = ".cache"
# Packages whose version shows in the site.
PACKAGES = ("babel", "jinja2", "lunr", "markdown-it-py", "opencc", "pypinyin", "rjsmin")
# A file that was written so shortly before it was looked at may be written once more at what its clock calls the same time.
DOUBTFUL = 50_000_000  # nanoseconds; clocks of file systems tick every 1 to 10 million

Stamp = list[Any]  # size, times and number of a file; of a doubtful one its SHA-256 behind them


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What a build knew when it began."""

    content: Mapping[str, Stamp]  # path below content/ → its stamp
    originals: Mapping[
        str, Stamp
    ]  # path below sources/ of every source → the same; [] where it is gone
    ids: Mapping[str, str]  # path of an article below content/ → its id
    sources: list[list[str]]  # folder of each source, and its file below sources/
    pages: int

    def as_json(self, site: Path) -> dict[str, Any]:
        return {
            "content": dict(self.content),
            "originals": dict(self.originals),
            "ids": dict(self.ids),
            "sources": self.sources,
            "pages": self.pages,
            "site": _digest(site / MANIFEST),
        }

    @classmethod
    def from_json(cls, rows: dict[str, Any], site: Path) -> LastBuild | None:
        """The last build, if its site stands as it was written."""
        is_same = rows.pop("site") == _digest(site / MANIFEST) and stands_as_written(site)
        return cls(**rows) if is_same else None

    def touched(self, now: Mapping[str, Stamp], content: Path, sources: Path) -> list[str] | None:
        """The articles that may have been edited since, by their paths below `content`; None when more than that has changed.

        `now` are the stamps of all files below `content`.
        """
        if now.keys() != self.content.keys():
            return None
        for path, stamp in self.originals.items():
            if not _is_same(sources / path, stamp):
                return None
        touched = [
            path
            for path, stamp in now.items()
            if stamp[:4] != self.content[path][:4] or len(self.content[path]) > 4
        ]
        edited = [path for path in touched if not _is_same(content / path, self.content[path])]
        return edited if all(path in self.ids for path in edited) else None


def path_of_memory(config: Path, site: Path) -> Path:
    """Where the memory of a site is kept: beside the settings, in a folder that no repository holds."""
    return path_of_cache(config, "build", site)


def path_of_cache(config: Path, kind: str, folder: Path) -> Path:
    """The file beside the settings in which something of a kind is kept about a folder."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    return config.parent / FOLDER / f"{kind}-{name}.json"


def folder_of_templates(config: Path, key: str) -> Path | None:
    """Where compiled templates are kept as long as the key is the same; None where there can be no such folder."""
    place = config.parent / FOLDER / "templates"
    folder = place / key[:16]
    try:
        if not folder.is_dir():
            shutil.rmtree(place, ignore_errors=True)
            folder.mkdir(parents=True)
    except OSError:
        return None
    return folder


def read_memory(path: Path) -> bytes:
    """What `write_memory` kept; nothing where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def write_memory(path: Path, data: bytes) -> None:
    """Keep the memory; where that cannot be, the next build makes everything."""
    with suppress(OSError, JianbaoError):
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, data)


def key_of(parts: Iterable[bytes]) -> str:
    """A digest of what all pages depend on: settings, templates and assets, and the program with its packages."""
    digest = hashlib.sha256(sys.version.encode())
    for name in PACKAGES:
        digest.update(f"{name} {version(name)}\n".encode())
    add_part(digest, digest_of_program())
    for part in parts:
        add_part(digest, part)
    return digest.hexdigest()


@cache  # what is at work is what was there when it began
def digest_of_program() -> bytes:
    """A digest of all modules of this program."""
    digest = hashlib.sha256()
    home = Path(__file__).parent
    for path in sorted(home.rglob("*.py")):
        add_part(digest, path.read_bytes())
    return digest.digest()


def add_part(digest: Any, part: bytes) -> None:
    """Add a part to a digest, so that it tells where the part ends."""
    digest.update(f"{len(part)}\n".encode())
    digest.update(part)


# --- files ---------------------------------------------------------------------------------------


def files_of(content: Path) -> Iterator[str]:
    """Articles and ledgers below content/, hidden ones left out."""
    waiting = [""]
    while waiting:
        place = waiting.pop()
        with os.scandir(content / place) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{place}{entry.name}/")
                elif entry.name.endswith(".md") or entry.name == LEDGER:
                    yield f"{place}{entry.name}"


def stamps_of(folder: Path, paths: Iterable[str]) -> dict[str, Stamp]:
    """The stamp of each file that is there."""
    stamps = {}
    newest = time.time_ns() - DOUBTFUL
    for path in paths:
        with suppress(OSError):
            seen = os.stat(f"{folder}/{path}")  # noqa: PTH116  # of very many
            stamp: Stamp = [seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino]
            if max(seen.st_mtime_ns, seen.st_ctime_ns) > newest:
                stamp.append(_digest(folder / path))
            stamps[path] = stamp
    return stamps


def _is_same(path: Path, stamp: Stamp) -> bool:
    """Whether a file is what it was when the stamp was taken."""
    if len(stamp) > 4:
        return bool(_digest(path) == stamp[4])
    return stamps_of(path.parent, [path.name]).get(path.name, [])[:4] == stamp


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if is_plain_file(path) else None
    except OSError:
        return None
