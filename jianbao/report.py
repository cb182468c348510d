"""The report: what a run has to say, and the folders that it was about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jianbao.errors import JianbaoError


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an archive stands."""

    config: Path
    sources: Path
    content: Path
    site: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What every run has to say, whatever it was for."""

    conflicts: int = 0
    errors: tuple[JianbaoError, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Result):
    """What a run did."""

    files: int = 0
    articles: int = 0
    repairs: int = 0
    doubts: int = 0
    pages: int = 0
    written: int = 0  # files of the site with other bytes than before
    is_built: bool = True  # False: the site was left as it was
    seconds: float = 0.0

    def __add__(self, other: Report) -> Report:
        """Two runs, one after the other; counts of the later one win where both counted."""
        return Report(
            files=other.files or self.files,
            articles=other.articles or self.articles,
            repairs=self.repairs + other.repairs,
            doubts=self.doubts + other.doubts,
            conflicts=self.conflicts + other.conflicts,
            pages=other.pages or self.pages,
            written=self.written + other.written,
            is_built=self.is_built and other.is_built,
            seconds=self.seconds + other.seconds,
            errors=self.errors + other.errors,
            notes=self.notes + other.notes,
        )
