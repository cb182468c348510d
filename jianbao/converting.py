"""Converting one source: from everything that is known of it to everything that is to stand of it.

No folder is touched here, and nothing is remembered, so it can be done in any process on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from jianbao.changes import Change, changes_of
from jianbao.config import Config, Known
from jianbao.corrections import Outcome, Standing, reconcile
from jianbao.errors import JianbaoError
from jianbao.merge import Clash
from jianbao.shelf import Seen, Sheets, sheets_of


@dataclass(frozen=True, slots=True)
class Given:
    """What the conversion of a source depends on, beside the settings."""

    path: str  # below sources/
    raw: bytes | JianbaoError  # or why it cannot be read
    known: Known
    seen: Seen


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
    is_empty: bool = False  # nothing on the page is of an article, nor was


def weight_of(given: Given) -> int:
    """How much work a source is, in bytes."""
    return len(given.raw) if isinstance(given.raw, bytes) else 0


def convert_given(given: Given, config: Config) -> Made:
    """What becomes of a source.

    Raises:
        JianbaoError: it cannot be read, or a character would be lost.
    """
    _, outcome = _reconciled(given, config)
    return _made(outcome, sheets_of(given.seen, outcome))


def foretell_given(given: Given, config: Config) -> Made:
    """What would become of a source: its changes, and nothing to write.

    Raises:
        JianbaoError: as `convert_given`.
    """
    standing, outcome = _reconciled(given, config)
    return replace(_made(outcome, {}), changes=tuple(changes_of(standing, outcome)))


def with_converter(config: Config) -> Config:
    """The settings, and the converter loaded: before workers are forked it is loaded for all of them."""
    import jianbao.convert.conversion  # noqa: F401

    return config


def _reconciled(given: Given, config: Config) -> tuple[Standing, Outcome]:
    from jianbao.convert.conversion import convert_source

    if isinstance(given.raw, JianbaoError):
        raise given.raw
    slug, standing = given.seen.slug, given.seen.read()
    conversion = convert_source(given.raw, given.path, slug, given.known, config)
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
