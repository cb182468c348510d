"""Converting one source: from everything that is known of it to everything that is to stand of it.

No folder is touched here, and nothing is remembered, so it can be done in any process on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jianbao.changes import Change, changes_of
from jianbao.config import Config, Known
from jianbao.corrections import Outcome, Standing, reconcile
from jianbao.errors import JianbaoError
from jianbao.merge import Clash
from jianbao.shelf import Seen, Sheets, sheets_of

if TYPE_CHECKING:
    from jianbao.convert.read import Reading


@dataclass(frozen=True, slots=True)
class Given:
    """What the conversion of a source depends on, beside the settings."""

    path: str  # below sources/
    raw: bytes | JianbaoError  # or why it cannot be read
    known: Known
    seen: Seen
    reading: Reading | None = None  # what a slow reader made of these bytes before


@dataclass(frozen=True, slots=True)
class Made:
    """What is to stand of a source, and what a person ought to hear."""

    sheets: Sheets
    articles: int
    repairs: int
    doubts: int
    clashes: tuple[tuple[str, Clash], ...]  # the path, and what both have changed
    stay_deleted: tuple[str, ...]  # paths
    changes: tuple[Change, ...] = ()
    reading: Reading | None = None  # what a slow reader has made of the source now
    is_empty: bool = False  # nothing on the page is of an article, nor was


def weight_of(given: Given) -> int:
    """How much work a source is, in bytes."""
    return len(given.raw) if isinstance(given.raw, bytes) else 0


def convert_given(given: Given, config: Config) -> Made:
    """What becomes of a source.

    Raises:
        JianbaoError: it cannot be read, or a character would be lost.
    """
    given, fresh = _read(given)
    _, outcome = _reconciled(given, config)
    return replace(_made(outcome, sheets_of(given.seen, outcome)), reading=fresh)


def foretell_given(given: Given, config: Config) -> Made:
    """What would become of a source: its changes, and nothing to write.

    Raises:
        JianbaoError: as `convert_given`.
    """
    given, fresh = _read(given)
    standing, outcome = _reconciled(given, config)
    changes = tuple(changes_of(standing, outcome))
    return replace(_made(outcome, {}), changes=changes, reading=fresh)


def with_converter(config: Config) -> Config:
    """The settings, and the converter loaded: before workers are forked it is loaded for all of them."""
    import jianbao.convert.conversion  # noqa: F401

    return config


def _read(given: Given) -> tuple[Given, Reading | None]:
    """A source with its reading, if its reader is slow; and that by itself, if it was made now."""
    from jianbao.convert.read import reader_of

    if isinstance(given.raw, JianbaoError):
        raise given.raw
    if given.reading is not None or not (reader := reader_of(given.path)).slow:
        return given, None
    reading = reader.read(given.raw, given.path, given.known.encoding)
    return replace(given, reading=reading), reading


def _reconciled(given: Given, config: Config) -> tuple[Standing, Outcome]:
    from jianbao.convert.conversion import convert_source

    if isinstance(given.raw, JianbaoError):
        raise given.raw
    slug, standing = given.seen.slug, given.seen.read()
    conversion = convert_source(given.raw, given.path, slug, given.known, config, given.reading)
    return standing, reconcile(standing, conversion)


def _made(outcome: Outcome, sheets: Sheets) -> Made:
    return Made(
        sheets,
        articles=len(outcome.files),
        repairs=len(outcome.ledger.repairs),
        doubts=len(outcome.ledger.doubts),
        clashes=outcome.clashes,
        stay_deleted=outcome.stay_deleted,
        is_empty=not outcome.files
        and not any(one.role == "removed" for one in outcome.ledger.furniture),
    )
