"""The command: words on a command line become a call, its outcome becomes sentences and an exit code.

0 done · 1 something in the input is wrong · 2 usage or settings · 3 done, with conflicts kept for a person
· 75 another build is running
"""

from __future__ import annotations

import argparse
import datetime
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from jianbao import __version__, check, serve
from jianbao.changes import Change
from jianbao.config import Config
from jianbao.errors import ConfigError, JianbaoError
from jianbao.pipeline import (
    Folders,
    Forecast,
    Report,
    Review,
    build_site,
    convert_sources,
    foretell,
    load_review,
    open_desk,
    read_config,
)
from jianbao.review import Item, by_reason, line_of
from jianbao.yaml_guard import without_controls

CONFLICTS = 3
EXCERPT_LENGTH = 24  # characters of a doubtful place that the terminal shows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Chinese
    options = _parser().parse_args(arguments)
    try:
        config, folders = _settings(options)
        outcome: Report | Review | Forecast = options.run(config, folders, options)
    except JianbaoError as error:
        if options.debug:
            raise
        _tell_failure(error, options)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    if isinstance(outcome, Review):
        return _tell_review(outcome, folders, options)
    if isinstance(outcome, Forecast):
        return _tell_forecast(outcome, folders, options)
    return _tell(outcome, options)


# --- what can be done ----------------------------------------------------------------------------


def run_all(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """Convert, then build."""
    return convert_sources(config, folders) + build_site(config, folders)


def run_convert(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """sources/ → content/."""
    return convert_sources(config, folders)


def run_build(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """content/ → site/."""
    return build_site(config, folders)


def run_check(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """Look for what is broken in the built site."""
    return Report(errors=tuple(check.check_site(folders.site, base_url=config.base_url)))


def run_review(config: Config, folders: Folders, options: argparse.Namespace) -> Review:
    """What needs a person, most doubtful first."""
    return load_review(config, folders)


def run_diff(config: Config, folders: Folders, options: argparse.Namespace) -> Forecast:
    """What a conversion would change, before it is written."""
    return foretell(config, folders)


def run_serve(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """Preview with live reload."""

    def rebuild() -> Report:
        fresh, _ = _settings(options)
        return convert_sources(fresh, folders) + build_site(fresh, folders)

    def desk() -> serve.Desk:
        fresh, _ = _settings(options)
        today = datetime.datetime.now().astimezone().date().isoformat()
        return open_desk(fresh, folders, day=today)

    place = folders.config.parent
    watched = [folders.sources, folders.content, folders.config]
    watched += [place / name for name in ("templates", "assets", config.theme or "theme")]
    serve.serve(
        rebuild,
        folders.site,
        watched,
        open_desk=desk,
        port=options.port,
        open_browser=options.open,
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    return Report()


Run = Callable[[Config, Folders, argparse.Namespace], Report | Review | Forecast]

# Verb → what it runs and what the help says of it; no verb is `run_all`.
COMMANDS: dict[str, tuple[Run, str]] = {
    "convert": (run_convert, "sources/ to content/"),
    "build": (run_build, "content/ to site/"),
    "serve": (run_serve, "preview on this machine with live reload"),
    "check": (run_check, "look for broken links and pages in the built site"),
    "review": (run_review, "what needs a person, most doubtful first"),
    "diff": (run_diff, "what a conversion would change, before it is written"),
}


# --- the words -----------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Newspaper pages in sources/ become articles in content/ and an archive in site/. "
        "Without a command: convert, then build.",
    )
    parser.add_argument("--version", action="version", version=f"Jianbao {__version__}")
    _add_options(parser, default=None)
    parser.set_defaults(run=run_all)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (run, says) in COMMANDS.items():
        verb = verbs.add_parser(name, help=says, description=says)
        # An option that is not given after the verb leaves alone what was given before it.
        _add_options(verb, default=argparse.SUPPRESS)
        verb.set_defaults(run=run)
        if name == "serve":
            verb.add_argument("--port", type=_port, help="default: the first free one from 8000")
            verb.add_argument("--open", action="store_true", help="open the browser")
    return parser


def _add_options(parser: argparse.ArgumentParser, default: object) -> None:
    flag = False if default is None else default
    for name, says in (
        ("--config", "settings (config.yaml)"),
        ("--sources", "pages as received (sources/)"),
        ("--content", "articles (content/)"),
        ("--site", "the built archive (site/)"),
    ):
        parser.add_argument(name, type=Path, metavar="PATH", default=default, help=says)
    parser.add_argument(
        "--base-url", metavar="URL", default=default, help="the archive's public address"
    )
    parser.add_argument("--quiet", action="store_true", default=flag, help="say only what is wrong")
    parser.add_argument("--json", action="store_true", default=flag, help="the summary as JSON")
    parser.add_argument(
        "--debug", action="store_true", default=flag, help="show where an error comes from"
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")


def _settings(options: argparse.Namespace) -> tuple[Config, Folders]:
    """The settings and folders: beside config.yaml unless an option names another."""
    path = options.config or Path("config.yaml")
    if options.config and not path.is_file():
        raise ConfigError("there is no such file", path=str(path), hint="Name it with --config.")
    config = read_config(path, base_url=options.base_url)
    place = path.parent
    return config, Folders(
        config=path,
        sources=options.sources or place / "sources",
        content=options.content or place / "content",
        site=options.site or place / "site",
    )


# --- the outcome ---------------------------------------------------------------------------------


def _tell(report: Report, options: argparse.Namespace) -> int:
    code = max((error.exit_code for error in report.errors), default=0)
    code = code or (CONFLICTS if report.conflicts else 0)
    if options.json:
        _say(json.dumps(_as_json(report), ensure_ascii=False))
        return code
    for line in (*report.notes, *(error.told() for error in report.errors)):
        print(line, file=sys.stderr)
    if not options.quiet and (report.files or report.pages):
        _say(summary(report))
    return code


def _tell_review(review: Review, folders: Folders, options: argparse.Namespace) -> int:
    """The items, which even `--quiet` leaves: they are what is wrong."""
    if options.json:
        _say(json.dumps(_review_as_json(review), ensure_ascii=False))
    else:
        for error in review.errors:
            print(error.told(), file=sys.stderr)
        last = [] if options.quiet else [_review_summary(review)]
        if lines := [*review_lines(review, folders), *last]:
            _say("\n".join(lines))
    return max((error.exit_code for error in review.errors), default=0)


def _tell_forecast(forecast: Forecast, folders: Folders, options: argparse.Namespace) -> int:
    """The changes, as a person reads them in a terminal; the code is what the conversion would end with."""
    report = forecast.report
    code = max((error.exit_code for error in report.errors), default=0)
    if options.json:
        _say(json.dumps(_forecast_as_json(forecast), ensure_ascii=False))
    else:
        for line in (*report.notes, *(error.told() for error in report.errors)):
            print(line, file=sys.stderr)
        last = [] if options.quiet else [_forecast_summary(forecast)]
        if lines := [*change_lines(forecast.changes, folders), *last]:
            _say("\n".join(lines))
    return code or (CONFLICTS if report.conflicts else 0)


def _tell_failure(error: JianbaoError, options: argparse.Namespace) -> None:
    if options.json:
        report = Report(errors=(error,))
        failed = _as_json(report)
        if options.run is run_review:
            failed = _review_as_json(Review(errors=report.errors))
        elif options.run is run_diff:
            failed = _forecast_as_json(Forecast(report=report))
        _say(json.dumps(failed, ensure_ascii=False))
    else:
        print(error.told(), file=sys.stderr)


def _say(line: str) -> None:
    """One line on standard output; a reader that has gone away is no fault."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def summary(report: Report) -> str:
    """The run in one line.

    >>> summary(Report(files=5, articles=28, repairs=412, doubts=9, pages=96, seconds=1.52))
    '5 files · 28 articles · 412 repairs · 9 doubts · 96 pages · 1.5 s'
    """
    counts = [(report.files, "file"), (report.articles, "article"), (report.repairs, "repair")]
    counts += [(report.doubts, "doubt"), (report.conflicts, "conflict"), (report.pages, "page")]
    parts = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number]
    return " · ".join([*parts, f"{report.seconds:.1f} s"])


def _as_json(report: Report) -> dict[str, object]:
    names = ("files", "articles", "repairs", "doubts", "conflicts", "pages")
    return {name: getattr(report, name) for name in names} | {
        "seconds": round(report.seconds, 3),
        "errors": [error.as_json() for error in report.errors],
    }


def _review_as_json(review: Review) -> dict[str, object]:
    return {
        "items": [item.as_json() for item in review.items],
        "errors": [error.as_json() for error in review.errors],
    }


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


def _review_summary(review: Review) -> str:
    items, sources = len(review.items), len({item.source for item in review.items})
    counts = [f"{items} item{'s' * (items != 1)}", f"{sources} source{'s' * (sources != 1)}"]
    how = 'an article is ticked off by reviewed: "YYYY-MM-DD" in its front matter'
    return " · ".join([*counts, how] if items else counts)


def _forecast_as_json(forecast: Forecast) -> dict[str, object]:
    return {
        "changes": [change.as_json() for change in forecast.changes],
        "conflicts": forecast.report.conflicts,
        "errors": [error.as_json() for error in forecast.report.errors],
    }


def change_lines(changes: Sequence[Change], folders: Folders) -> Iterator[str]:
    """Every file that would change, and below it what goes (-) and what comes (+); of a whole one only its title."""
    for change in changes:
        note = "" if change.kind == "changed" else f"  {change.kind}"
        rows = change.rows
        if change.kind != "changed":
            rows = tuple(row for row in rows if row[2:].startswith("title:"))
        elif not rows:
            note = "  only its account: spans and checksums"
        yield f"{folders.content / change.path}{note}"
        yield from (f"  {without_controls(row)}" for row in rows)


def _forecast_summary(forecast: Forecast) -> str:
    kinds = Counter(change.kind for change in forecast.changes)
    parts = [f"{kinds[kind]} {kind}" for kind in ("changed", "new", "gone") if kinds[kind]]
    if conflicts := forecast.report.conflicts:
        parts.append(f"{conflicts} conflict{'s' * (conflicts != 1)}")
    return " · ".join(parts) or "nothing would change"
