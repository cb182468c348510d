"""Founding: an archive of the maintainer's own, in a folder of its own, that uses Jianbao without holding it.

What stands in `starter/` is written there by the table `FILES`. Nothing that is there already is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jianbao import __version__
from jianbao.config import load_config
from jianbao.errors import ConfigError, JianbaoError
from jianbao.inventory import STARTER, Provenance
from jianbao.report import Result

# Where a file goes → which of `starter/` it is.
FILES = {
    "config.yaml": "config.yaml",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    ".gitattributes": "gitattributes",
    ".github/workflows/pages.yml": "pages.yml",
    "sources/.gitkeep": "keep",
    "content/.gitkeep": "keep",
}
# What an archive has: where one of them stands, none is begun.
SIGNS = ("config.yaml", "sources", "content")
# What stands in the workflow where nobody knows yet; git refuses it with these very words.
UNKNOWN = Provenance("ADDRESS-OF-JIANBAO", "COMMIT-OF-JIANBAO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded(Result):
    """A new archive: its folder, and which files were written there."""

    folder: Path = Path()
    files: tuple[str, ...] = ()


def found_archive(folder: Path, provenance: Provenance | None) -> Founded:
    """Begin an archive in `folder`, which may hold a repository's own files; `provenance` is where its workflow gets Jianbao.

    Raises:
        ConfigError: an archive is there, or no folder can be.
    """
    for sign in SIGNS:
        if (folder / sign).exists():
            hint = "Name a folder that is new, or has no config.yaml, sources/ and content/."
            raise ConfigError("there is an archive already", path=str(folder / sign), hint=hint)
    texts = dict(starter_files(title_of(folder), provenance or UNKNOWN))
    there = [name for name in texts if (folder / name).exists()]
    written = {name: text for name, text in texts.items() if name not in there}
    _write(folder, written)
    notes = [f"{folder / name}: was there, and stays as it is" for name in there]
    if provenance is None:
        workflow = folder / ".github/workflows/pages.yml"
        notes.append(
            f"{workflow}: this Jianbao was not fetched from a public repository. Before you publish, write the address of one, and a "
            f"commit, for {UNKNOWN.repository} and {UNKNOWN.commit} there and in README.md."
        )
    return Founded(folder=folder, files=tuple(written), notes=tuple(notes))


def title_of(folder: Path) -> str:
    """The archive is called as its folder is, until somebody says otherwise."""
    return folder.resolve().name or "剪报"


def starter_files(title: str, provenance: Provenance) -> Iterator[tuple[str, str]]:
    """The files of a new archive: their paths and texts."""
    address = provenance.repository.removesuffix(".git")
    docs = "" if provenance == UNKNOWN else f"{address}/blob/{provenance.commit}/"
    words = {
        "@TITLE@": title,
        "@VERSION@": __version__,
        "@REPOSITORY@": provenance.repository,
        "@COMMIT@": provenance.commit,
        "@DOCS@": docs,
    }
    for name, starter in FILES.items():
        text = (STARTER / starter).read_text("utf-8")
        quoted = (
            {"@TITLE@": json.dumps(title, ensure_ascii=False)} if name.endswith(".yaml") else {}
        )
        yield name, _filled(text, words | quoted)


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub("|".join(words), lambda found: words[found[0]], text)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    load_config(texts.get("config.yaml", ""), path="config.yaml")
    try:
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        hint = "Name a folder where you may write."
        raise JianbaoError(
            f"cannot be written: {error.strerror}", path=str(folder), hint=hint
        ) from error
