"""What the last conversion leaves for the next one: of which sources nothing has changed since.

It holds digests of all that a conversion depends on and counts of what came of it, and nothing that could not be found again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jianbao.config import Config
from jianbao.converting import Given, Made
from jianbao.last_build import (
    add_part,
    digest_of_program,
    path_of_cache,
    read_memory,
    write_memory,
)
from jianbao.seal import sealed, unsealed

# Packages whose version may show in articles; those of extras may be missing.
PACKAGES = ("opencc", "rjieba", "pypdfium2", "python-docx", "rapidocr", "selectolax")

Counts = tuple[int, int, int]  # articles, repairs, doubts


@dataclass(slots=True)
class LastConversion:
    """Sources that need not be converted as long as all they depend on is the same."""

    key: str
    done: dict[str, tuple[str, Counts]] = field(default_factory=dict)  # source → digest, counts
    is_written: bool = False

    def counts_of(self, given: Given) -> Counts | None:
        """What became of a source, if converting it again would change nothing."""
        digest, counts = self.done.get(given.path, ("", None))
        return counts if counts and digest == digest_of(given) else None

    def note(self, given: Given, made: Made) -> None:
        """Note that a source was converted; `given` is how it stands now. Where a person has to hear something, it is told every time."""
        self.is_written = False
        self.done.pop(given.path, None)
        if not made.clashes and not made.stay_deleted and not made.is_empty:
            self.done[given.path] = digest_of(given), (made.articles, made.repairs, made.doubts)

    def forget_all_but(self, paths: Iterable[str]) -> None:
        gone = self.done.keys() - set(paths)
        self.is_written = self.is_written and not gone
        for path in gone:
            del self.done[path]

    def write(self, path: Path) -> None:
        """Keep it for the next run, if it tells anything new."""
        if not self.is_written:
            data = json.dumps(self.done, ensure_ascii=False).encode()
            write_memory(path, sealed(data, self.key))
            self.is_written = True

    @classmethod
    def read(cls, path: Path, config: Config) -> LastConversion:
        """What was kept; nothing where it is damaged, or comes from another program or other settings."""
        key = _key(config)
        data = unsealed(read_memory(path), key)
        if data is None:
            return cls(key)
        done = {one: (found, tuple(counts)) for one, (found, counts) in json.loads(data).items()}
        return cls(key, done, is_written=True)


def path_of_conversion(config: Path, content: Path) -> Path:
    """Where the memory of a content/ is kept."""
    return path_of_cache(config, "conversion", content)


def digest_of(given: Given) -> str:
    """A digest of all that the conversion of a source depends on, beside the program and the settings."""
    digest = hashlib.sha256(repr((given.path, given.known, given.seen.slug)).encode())
    for part in _parts_of(given):
        add_part(digest, part)
    return digest.hexdigest()


def _parts_of(given: Given) -> Iterator[bytes]:
    yield given.raw if isinstance(given.raw, bytes) else repr(given.raw).encode()
    yield given.seen.ledger or b""
    for files in (given.seen.bases, given.seen.files):
        yield from _listed(files)


def _listed(files: Mapping[str, bytes]) -> Iterator[bytes]:
    yield str(len(files)).encode()
    for name in sorted(files):
        yield name.encode("utf-8", "surrogateescape")
        yield files[name]


def _key(config: Config) -> str:
    digest = hashlib.sha256(repr(config).encode())
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}\n".encode())
    add_part(digest, digest_of_program())
    return digest.hexdigest()
