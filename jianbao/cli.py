"""The command: words on a command line become a call, its outcome becomes sentences and an exit code.

0 done · 1 something in the input is wrong · 2 usage or settings · 3 done, with conflicts kept for a person
· 75 another build is running
"""

from __future__ import annotations

import argparse
import datetime
import gc
import io
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from jianbao import __version__
from jianbao.config import Config
from jianbao.crew import Crew
from jianbao.errors import ConfigError, JianbaoError
from jianbao.founding import Founded, found_archive
from jianbao.inventory import IS_INSTALLED, find_provenance
from jianbao.pipeline import (
    DEFAULT_THEME,
    Folders,
    Forecast,
    Report,
    Result,
    Review,
    build_site,
    convert_sources,
    foretell,
    load_review,
    open_desk,
    read_config,
)
from jianbao.processes import cpu_count
from jianbao.progress import SILENT, Progress
from jianbao.tell import as_json, lines_of, summary_of

CONFLICTS = 3
PROGRAM = "jianbao" if IS_INSTALLED else "build.py"
# Objects made before Python looks for cycles among them: a build makes millions and hardly a cycle. By default (700) the looking is a tenth
# of its time; with so many it is not seen.
COLLECT_AFTER = 50_000
ADDRESS_RE = re.compile(r"((tcp|tls)://)?([^\s:/\[\]]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    if arguments is None and sys.getfilesystemencoding() != "utf-8":
        # Names of files are the same characters whatever the terminal speaks.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.argv])  # noqa: S606  # our own interpreter, no shell
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Chinese
    gc.set_threshold(COLLECT_AFTER)
    options = _parser().parse_args(arguments)
    try:
        config, folders = options.settings(options)
        result: Result = options.run(config, folders, options)
    except JianbaoError as error:
        if options.debug:
            raise
        _tell_failure(error, options)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return _tell(result, folders, options)


# --- what can be done ----------------------------------------------------------------------------
# What only one verb needs (a server, the check of HTML) is imported when that verb runs.


def run_all(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """Convert, then build."""
    hands = _hands(options)
    return convert_sources(config, folders, *hands) + build_site(config, folders, *hands)


def run_convert(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """sources/ → content/."""
    return convert_sources(config, folders, *_hands(options))


def run_build(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """content/ → site/."""
    return build_site(config, folders, *_hands(options))


def run_check(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """Look for what is broken in the built site, and in the accounts behind it."""
    from jianbao.check import check_accounts, check_site

    errors = check_site(folders.site, base_url=config.base_url)
    return Report(errors=(*errors, *check_accounts(config, folders)))


def run_review(config: Config, folders: Folders, options: argparse.Namespace) -> Review:
    """What needs a person, most doubtful first."""
    return load_review(config, folders)


def run_diff(config: Config, folders: Folders, options: argparse.Namespace) -> Forecast:
    """What a conversion would change, before it is written."""
    return foretell(config, folders, *_hands(options))


def run_new(config: Config, folders: Folders, options: argparse.Namespace) -> Founded:
    """Begin an archive."""
    return found_archive(options.folder, find_provenance())


def run_serve(config: Config, folders: Folders, options: argparse.Namespace) -> Report:
    """Preview with live reload."""
    from jianbao import serve
    from jianbao.rebuilding import Rebuilder

    rebuilder = Rebuilder(lambda: _settings(options)[0], folders, *_hands(options))

    def desk() -> serve.Desk:
        fresh, _ = _settings(options)
        today = datetime.datetime.now().astimezone().date().isoformat()
        return open_desk(fresh, folders, day=today)

    place = folders.config.parent
    watched = [folders.sources, folders.content, folders.config]
    watched += [place / name for name in ("templates", "assets", config.theme or DEFAULT_THEME)]
    watched += [place / config.logo] if config.logo else []
    serve.serve(
        rebuilder,
        folders.site,
        watched,
        open_desk=desk,
        port=options.port,
        open_browser=options.open,
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    return Report()


Run = Callable[[Config, Folders, argparse.Namespace], Result]

# Verb → what it runs, the kind of its result, and what the help says of it; no verb is `run_all`.
COMMANDS: dict[str, tuple[Run, type[Result], str]] = {
    "convert": (run_convert, Report, "sources/ to content/"),
    "build": (run_build, Report, "content/ to site/"),
    "serve": (run_serve, Report, "preview on this machine with live reload"),
    "check": (run_check, Report, "look for what is broken in the built site and behind it"),
    "review": (run_review, Review, "what needs a person, most doubtful first"),
    "diff": (run_diff, Forecast, "what a conversion would change, before it is written"),
    "new": (run_new, Founded, "begin an archive of your own in the folder DIR"),
}


# --- the words -----------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Newspaper pages in sources/ become articles in content/ and an archive in site/. "
        "Without a command: convert, then build.",
    )
    parser.add_argument("--version", action="version", version=f"Jianbao {__version__}")
    _add_options(parser, default=None)
    parser.set_defaults(run=run_all, kind=Report, settings=_settings)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (run, kind, says) in COMMANDS.items():
        verb = verbs.add_parser(name, help=says, description=says)
        # An option that is not given after the verb leaves alone what was given before it.
        _add_options(verb, default=argparse.SUPPRESS)
        verb.set_defaults(run=run, kind=kind)
        if name == "new":  # of an archive that may be here it asks nothing
            verb.add_argument(
                "folder", type=Path, metavar="DIR", help="a new folder, or your empty repository"
            )
            verb.set_defaults(settings=_no_settings)
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
    parser.add_argument(
        "--workers",
        type=_workers,
        metavar="N",
        default=default,
        help="work in so many processes (as many as this machine has CPUs)",
    )
    parser.add_argument(
        "--cluster",
        type=_address,
        metavar="ADDRESS",
        default=default,
        help="work on the machines of a Dask scheduler instead",
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


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"the number of workers is 1 or more, not {text!r}")


def _address(text: str) -> str:
    if ADDRESS_RE.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(
        f"a scheduler's address is a host and a port, such as 10.0.0.5:8786, not {text!r}"
    )


def _hands(options: argparse.Namespace) -> tuple[Crew, Progress]:
    """Who does the work, and where it is seen how far they are."""
    if options.workers and options.cluster:
        raise ConfigError(
            "--workers and --cluster exclude each other",
            hint="Work in processes of this machine, or on the machines of the cluster.",
        )
    is_watched = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    progress = is_watched and not options.quiet and not options.json
    return (
        Crew(options.workers or cpu_count(), options.cluster),
        Progress(sys.stderr) if progress else SILENT,
    )


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


def _no_settings(_: argparse.Namespace) -> tuple[Config, Folders]:
    return Config(), Folders(*map(Path, ("config.yaml", "sources", "content", "site")))


# --- the outcome ---------------------------------------------------------------------------------


def _tell(result: Result, folders: Folders, options: argparse.Namespace) -> int:
    """Print a result; the exit code."""
    if options.json:
        _say(json.dumps(as_json(result), ensure_ascii=False))
    else:
        for line in (*result.notes, *(error.told() for error in result.errors)):
            print(line, file=sys.stderr)
        last = "" if options.quiet else summary_of(result)
        if lines := [*lines_of(result, folders), *([last] if last else [])]:
            _say("\n".join(lines))
    code = max((error.exit_code for error in result.errors), default=0)
    return code or (CONFLICTS if result.conflicts else 0)


def _tell_failure(error: JianbaoError, options: argparse.Namespace) -> None:
    if options.json:
        _say(json.dumps(as_json(options.kind(errors=(error,))), ensure_ascii=False))
    else:
        print(error.told(), file=sys.stderr)


def _say(line: str) -> None:
    """One line on standard output; a reader that has gone away is no fault."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
