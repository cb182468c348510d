"""Telling: what a run has to say, as lines for a terminal and as JSON. A new kind of result has a row in TELLERS."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from jianbao.founding import Founded
from jianbao.inventory import IS_INSTALLED
from jianbao.pipeline import Folders, Forecast, Report, Result, Review
from jianbao.review import Item, by_reason, line_of
from jianbao.yaml_guard import without_controls

Lines = Callable[..., Iterator[str]]
Summary = Callable[..., str]
Json = Callable[..., dict[str, Any]]

EXCERPT_LENGTH = 24  # characters of a doubtful place that the terminal shows


def lines_of(result: Result, folders: Folders) -> Iterator[str]:
    """What was found, line by line; `--quiet` leaves it, for it is what was asked for."""
    return TELLERS[type(result)][0](result, folders)


def summary_of(result: Result) -> str:
    """The run in one line; nothing for a run that did nothing."""
    return TELLERS[type(result)][1](result)


def as_json(result: Result) -> dict[str, Any]:
    """The object that `--json` prints."""
    told = TELLERS[type(result)][2](result)
    return told | {"errors": [item for error in result.errors for item in error.as_json()]}


# --- a run that converts, builds or checks --------------------------------------------------------


def report_lines(_: Report, __: Folders) -> Iterator[str]:
    return iter(())


def summary(report: Report) -> str:
    """The counts of a run.

    >>> summary(Report(files=5, articles=28, repairs=412, doubts=9, pages=96, seconds=1.52))
    '5 files · 28 articles · 412 repairs · 9 doubts · 96 pages · 1.5 s'
    """
    counts = [(report.files, "file"), (report.articles, "article"), (report.repairs, "repair")]
    counts += [(report.doubts, "doubt"), (report.conflicts, "conflict"), (report.pages, "page")]
    parts = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number]
    is_work = report.files or report.pages
    return " · ".join([*parts, f"{report.seconds:.1f} s"]) if is_work else ""


def report_json(report: Report) -> dict[str, Any]:
    names = ("files", "articles", "repairs", "doubts", "conflicts", "pages")
    return {name: getattr(report, name) for name in names} | {"seconds": round(report.seconds, 3)}


# --- what needs a person --------------------------------------------------------------------------


def review_lines(review: Review, folders: Folders) -> Iterator[str]:
    """The items under their reasons: the score and what is doubtful, then the file to open and the place in the source."""
    texts = {one.ledger.file: one.text for one in review.sources}
    for reason, items in by_reason(review.items):
        yield reason
        for item in items:
            place = _place(item, texts[item.source], folders)
            path = review.paths.get(item.article or "")
            yield f"{item.score:.2f}  {item.says}"
            yield "      " + "  ".join(part for part in (path, place) if part)
        yield ""


def _place(item: Item, text: str | None, folders: Folders) -> str:
    """The place of an item as an editor opens it, and its first words."""
    path = str(folders.sources / item.source)
    if text is None:
        return path
    words = without_controls(" ".join(text[item.start : item.end].split()))
    excerpt = words[:EXCERPT_LENGTH] + "…" * (len(words) > EXCERPT_LENGTH)
    return f"{path}:{line_of(item, text)}  {excerpt}".rstrip()


def review_summary(review: Review) -> str:
    items, sources = len(review.items), len({item.source for item in review.items})
    counts = [f"{items} item{'s' * (items != 1)}", f"{sources} source{'s' * (sources != 1)}"]
    how = 'an article is ticked off by reviewed: "YYYY-MM-DD" in its front matter'
    return " · ".join([*counts, how] if items else counts)


def review_json(review: Review) -> dict[str, Any]:
    return {"items": [item.as_json() for item in review.items]}


# --- what a conversion would change ---------------------------------------------------------------


def forecast_lines(forecast: Forecast, folders: Folders) -> Iterator[str]:
    """Every file that would change, and below it what goes (-) and what comes (+); of a whole one only its title."""
    for change in forecast.changes:
        note = "" if change.kind == "changed" else f"  {change.kind}"
        rows = change.rows
        if change.kind != "changed":
            rows = tuple(row for row in rows if row[2:].startswith("title:"))
        elif not rows:
            note = "  only its account: spans and checksums"
        yield f"{folders.content / change.path}{note}"
        yield from (f"  {without_controls(row)}" for row in rows)


def forecast_summary(forecast: Forecast) -> str:
    kinds = Counter(change.kind for change in forecast.changes)
    parts = [f"{kinds[kind]} {kind}" for kind in ("changed", "new", "gone") if kinds[kind]]
    if conflicts := forecast.conflicts:
        parts.append(f"{conflicts} conflict{'s' * (conflicts != 1)}")
    return " · ".join(parts) or "nothing would change"


def forecast_json(forecast: Forecast) -> dict[str, Any]:
    changes = [change.as_json() for change in forecast.changes]
    return {"changes": changes, "conflicts": forecast.conflicts}


# --- a new archive --------------------------------------------------------------------------------


def founded_lines(founded: Founded, _: Folders) -> Iterator[str]:
    """The files, and what to do next with them."""
    yield from (str(founded.folder / name) for name in founded.files)


def founded_summary(founded: Founded) -> str:
    if IS_INSTALLED:
        then = f"cd {shlex.quote(str(founded.folder))} && jianbao && jianbao serve --open"
    else:
        config = shlex.quote(str(founded.folder / "config.yaml"))
        then = (
            f"python3 build.py --config {config} && python3 build.py serve --config {config} --open"
        )
    sources = founded.folder / "sources"
    return f"\nPut pages into {sources}, then:\n  {then}\nHow it is published stands in {founded.folder / 'README.md'}."


def founded_json(founded: Founded) -> dict[str, Any]:
    return {"folder": str(founded.folder), "files": list(founded.files)}


# Kind of result → its lines, its summary, its JSON.
TELLERS: dict[type[Result], tuple[Lines, Summary, Json]] = {
    Report: (report_lines, summary, report_json),
    Review: (review_lines, review_summary, review_json),
    Forecast: (forecast_lines, forecast_summary, forecast_json),
    Founded: (founded_lines, founded_summary, founded_json),
}
