"""The shelf: the folder `content/`, as far as conversion reads and writes it.

What is written of one source changes together: a run that is killed in between is carried to its end by the next.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jianbao import content
from jianbao.corrections import Outcome, Standing
from jianbao.errors import JianbaoError
from jianbao.intake import is_plain_file
from jianbao.models import Ledger
from jianbao.swap import recover, remove, write_atomically
from jianbao.yaml_guard import load_yaml

LEDGER = "source.yaml"
BASE = ".base"
PENDING = ".pending"  # what a run was about to write into the folder of a source
# The line that names the source of an article, as the converter writes it.
FILE_RE = re.compile(
    rb"^source:[ \t]*\r?\n(?:[ \t]+.*\r?\n)*?[ \t]+(file:[ \t]+.+?)\r?$", re.MULTILINE
)


Sheets = Mapping[str, bytes | None]  # path below content/ → what is to stand there; None: nothing


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in `content/` of one source, as bytes."""

    slug: str
    bases: Mapping[str, bytes]  # file name → what the converter wrote last
    files: Mapping[str, bytes]  # path below content/ → what stands there now
    ledger: bytes | None = None

    def read(self) -> Standing:
        bases = {name: data.decode("utf-8", "replace") for name, data in self.bases.items()}
        return Standing(self.slug, bases, self.files, self._read_ledger())

    def _read_ledger(self) -> Ledger | None:
        """The ledger of the last conversion; one that cannot be read is written anew."""
        with suppress(JianbaoError):
            text = self.ledger.decode("utf-8", "replace") if self.ledger else None
            return content.load_ledger(text, path=LEDGER) if text else None
        return None


def sheets_of(seen: Seen, outcome: Outcome) -> Sheets:
    """Everything that is to stand of a source, and what is to go."""
    base = f"{seen.slug}/{BASE}"
    sheets: dict[str, bytes | None] = dict(outcome.files) | dict.fromkeys(outcome.gone)
    sheets |= dict.fromkeys(f"{base}/{name}" for name in seen.bases)
    sheets |= {f"{base}/{name}": text.encode() for name, text in outcome.bases.items()}
    sheets[f"{seen.slug}/{LEDGER}"] = content.dump_ledger(outcome.ledger).encode()
    return sheets


class Shelf:
    """The folder `content/`. To be written to by one process at a time (`swap.locked`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[str, bytes | None] = {}  # by `write`: path → what stands there since

    def recover(self) -> None:
        """Finish what a run that was killed had begun to write."""
        recover(self.folder)
        for path in sorted(self.folder.glob(f"*/{PENDING}")):
            for name, was, data in _read_pending(path):
                target = self.folder / name
                if (
                    target.resolve().is_relative_to(self.folder.resolve())
                    and _digest(target) == was
                ):
                    _put(target, data)
            remove(path)

    def ledgers(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """The folder of every source and the first lines of its ledger: `file` and `sha256`."""
        for path in filter(is_plain_file, sorted(self.folder.glob(f"*/{LEDGER}"))):
            with path.open("rb") as lines:
                head = b"".join(next(lines, b"") for _ in range(2)).decode("utf-8", "replace")
            with suppress(JianbaoError):
                stated = load_yaml(head, path=str(path))
                if isinstance(stated, dict) and isinstance(stated.get("file"), str):
                    yield path.parent.name, stated

    def look(self, slug: str, file: str) -> Seen:
        """What stands there of a source; `file` is its path below `sources/`."""
        folder = self.folder / slug
        bases = {
            path.name: data
            for path in sorted((folder / BASE).glob("*.md"))
            if (data := _bytes_of(path)) is not None
        }
        files = {
            path.relative_to(self.folder).as_posix(): data
            for path in _articles_below(folder)
            if (data := _bytes_of(path)) is not None
        }
        usual = {f"{slug}/{name}": data for name, data in bases.items()}
        if files != usual:  # somebody has been at work: perhaps they moved a file out of its folder
            for path in self._claims.get(file, ()):
                if (data := _bytes_of(self.folder / path)) is not None:
                    files.setdefault(path, data)
        return Seen(slug, bases, files, _bytes_of(folder / LEDGER))

    @cached_property
    def origins(self) -> Mapping[str, str | None]:
        """Every article by its path below the folder, and the source from which it says it comes."""
        return {
            path.relative_to(self.folder).as_posix(): origin_in(_bytes_of(path) or b"")
            for path in _articles_below(self.folder)
        }

    @cached_property
    def _claims(self) -> Mapping[str, list[str]]:
        """Source → paths of all articles that say they come from it, wherever they stand."""
        claims: dict[str, list[str]] = {}
        for name, source in self.origins.items():
            if source is not None:
                claims.setdefault(source, []).append(name)
        return claims

    def write(self, slug: str, sheets: Sheets) -> set[str]:
        """Put what is to stand of a source in its place; a file that holds the same bytes already is left alone.

        Returns the folders in which something was written.

        Raises:
            JianbaoError: a file cannot be written; all are as they were. Where that cannot be either, the next run ends what
                this one began.
        """
        changes = {
            name: data for name, data in sheets.items() if _bytes_of(self.folder / name) != data
        }
        is_first = not any((self.folder / name).exists() for name in changes)
        pending = self.folder / slug / PENDING
        if len(changes) > 1 and not is_first:
            _write_pending(pending, self.folder, changes)
        before = {name: _bytes_of(self.folder / name) for name in changes}
        try:
            for name, data in changes.items():
                _put(self.folder / name, data)
        except JianbaoError:
            with suppress(JianbaoError):
                for name, data in before.items():
                    _put(self.folder / name, data)
                remove(pending)
            raise
        remove(pending)
        self.written |= changes
        return {name.partition("/")[0] for name in changes}


def origin_in(article: bytes) -> str | None:
    """The source from which the file of an article says it comes, below `sources/`.

    >>> origin_in(b"id: a\\nsource:\\n  file: a.txt\\n")
    'a.txt'
    """
    found = FILE_RE.search(article)
    with suppress(JianbaoError):
        stated = load_yaml(found[1].decode("utf-8", "replace"), path="") if found else None
        if isinstance(stated, dict):
            return str(stated["file"])
    return None


def is_hidden(name: str) -> bool:
    """Whether a path below content/ is one that is not published.

    >>> is_hidden("a/.base/01.md"), is_hidden("a/01.md")
    (True, False)
    """
    return name.startswith(".") or "/." in name


def _articles_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.md")):
        if not is_hidden(path.relative_to(folder).as_posix()) and is_plain_file(path):
            yield path


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        remove(path)
    else:
        write_atomically(path, data)


def _write_pending(path: Path, folder: Path, changes: Mapping[str, bytes | None]) -> None:
    rows = [
        [name, _digest(folder / name), None if data is None else data.decode()]
        for name, data in changes.items()
    ]
    write_atomically(path, json.dumps(rows, ensure_ascii=False).encode())


def _read_pending(path: Path) -> Iterator[tuple[str, str | None, bytes | None]]:
    """Path below content/, digest of what stood there, what is to stand there."""
    with suppress(ValueError):
        for name, was, text in json.loads(path.read_bytes()):
            yield name, was, None if text is None else text.encode()


def _digest(path: Path) -> str | None:
    data = _bytes_of(path)
    return None if data is None else hashlib.sha256(data).hexdigest()


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if is_plain_file(path) else None
    except FileNotFoundError:
        return None
