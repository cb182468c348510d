"""What an archive costs to build, to build again and to convert, and what other programs take: `make bench`.

    python -m tests.bench [--articles 1000 [10000 …]] [--runs 3] [--convert N] [--peers [hugo …]]

An invented archive is built by whole processes, cold, again and after an edit; the demo's sources, many times over,
are converted. With `--peers` (`PEERS=1 make bench`) other programs build the same articles, in turns with ours, so
that all meet the same load. Nothing is asserted; the tables are printed and kept in test-results/bench.md, also those
before a step that failed.

Exit codes: 0 measured, 1 a step of ours failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jianbao import content
from jianbao.models import Article
from tests.bench_profile import LOST
from tests.bench_serve import measure_preview
from tests.cost import ROOT, Cost, as_table, commit, measure, median_of, tell
from tests.invented_archive import invented_article, invented_articles, path_in, write_archive
from tests.peers import (
    ALL,
    HUGO,
    PAGEFIND,
    Peer,
    build_pagefind,
    build_peer,
    install,
    install_pagefind,
    write,
    write_site,
)

RESULTS = ROOT / "test-results" / "bench.md"
CITY = "梧川"
# Two of these make the name of another city, so that no two editions of the demo are the same text.
SYLLABLES = "云江河山湖海林石桥田溪岭洲泉港城"
WORKERS = "--workers"

Costs = dict[str, Cost]  # a row's name → what it took
Round = Callable[[int], Costs]  # every step once; the number of the round makes each edit a new one


def main() -> int:
    options = parse_arguments()
    parts: list[str] = []
    try:
        smallest: Costs = {}
        for count in sorted(options.articles):
            with tempfile.TemporaryDirectory() as folder:
                costs, stages, preview = measure_archive(Path(folder), count, options)
            smallest = smallest or each(costs, count)
            parts += [f"## {count:,} articles", costs_table(costs, count), stages, preview]
            parts += [ratios_table(costs, growth(smallest, each(costs, count)))]
        if options.convert:
            with tempfile.TemporaryDirectory() as folder:
                parts += measure_conversion(Path(folder), options.convert, options.runs)
    except RuntimeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        keep_results(parts, options.runs)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure speed and memory, beside other programs.")
    add = parser.add_argument
    add("--articles", type=int, nargs="+", default=[1000], metavar="N", help="sizes of the archive")
    add("--runs", type=int, default=3, metavar="N", help="medians of so many are told")
    add("--saves", type=int, default=9, metavar="N", help="saves seen in the preview; 0: none")
    add("--convert", type=int, metavar="N", help="articles to convert; 0: none (as --articles)")
    add(
        "--peers",
        nargs="*",
        metavar="NAME",
        help="install and measure other programs too; some: hugo …",
    )
    options = parser.parse_args()
    if options.convert is None:
        options.convert = min(options.articles)
    return options


# --- building ------------------------------------------------------------------------------------


def measure_archive(
    folder: Path, count: int, options: argparse.Namespace
) -> tuple[Costs, str, str]:
    """Medians of every step, ours and the peers', the profile of a cold build, and how soon the preview shows a save.

    Raises:
        RuntimeError: a step of ours failed.
    """
    rounds = [our_round(folder / "ours", count)]
    if options.peers is not None:
        rounds += peer_rounds(folder, count, options.peers)
    noted: dict[str, list[Cost]] = {}
    for number in range(1, options.runs + 1):
        tell(f"{count:,} articles: round {number} of {options.runs}")
        for one in rounds:
            for name, cost in one(number).items():
                noted.setdefault(name, []).append(cost)
    medians = {name: median_of(costs) for name, costs in noted.items()}
    stages = profile(folder / "ours", count)
    hugo = folder / str(ALL.index(HUGO))
    is_there = hugo if hugo.is_dir() else None
    preview = measure_preview(folder / "ours", is_there, count, options.saves)
    return medians, stages, preview


def edit_body(article: Article, number: int) -> Article:
    return replace(article, body=f"{article.body}\n\n又记：此文第{number}次增补。")


def edit_title(article: Article, number: int) -> Article:
    return replace(article, title=f"{article.title}（{number}）")


COLD, AGAIN, BODY, TITLE = "cold build", "nothing changed", "one body edited", "one title edited"
# What is done in each round, in this order: its name, the verb, and what becomes of one article before.
STEPS: tuple[tuple[str, str, Callable[[Article, int], Article] | None], ...] = (
    (COLD, "build", None),
    (AGAIN, "build", None),
    (BODY, "build", edit_body),
    (TITLE, "build", edit_title),
    ("`build.py check`", "check", None),
)


def our_round(folder: Path, count: int) -> Round:
    tell(f"{count:,} articles: writing them")
    write_archive(folder, invented_articles(count))
    article, path = invented_article(count // 2), path_in(folder, count // 2)

    def take(number: int) -> Costs:
        make_cold(folder)
        path.write_text(content.dump(article), encoding="utf-8")
        costs = {}
        for name, verb, edit in STEPS:
            if edit:
                path.write_text(content.dump(edit(article, number)), encoding="utf-8")
            costs[name] = succeed(folder, verb)
        return costs

    return take


def make_cold(folder: Path, keep: Collection[str] = ("config.yaml", "content", "sources")) -> None:
    """Put aside whatever was made of these: site and caches.

    It is removed at the very end: for minutes after 60,000 files were deleted ext4 takes five times as long to make new ones.
    """
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    for path in folder.iterdir():
        if path.name not in keep:
            path.rename(aside / path.name)


def succeed(folder: Path, verb: str, *words: str) -> Cost:
    """What a verb took.

    Raises:
        RuntimeError: it failed.
    """
    code, cost = measure(folder, verb, *words)
    if code:
        raise RuntimeError(f"`build.py {verb}` ended with {code}")
    return cost


def profile(folder: Path, count: int) -> str:
    """A table of the stages of a cold build, in one process, by CPU time.

    Raises:
        RuntimeError: the build failed.
    """
    tell(f"{count:,} articles: profile")
    make_cold(folder)
    words = [WORKERS, "1"] if has_option("build", WORKERS) else []
    command = [sys.executable, "-m", "tests.bench_profile", str(folder / "config.yaml"), *words]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if ran.returncode:
        raise RuntimeError(f"the profiled build ended with {ran.returncode}")
    said = json.loads(ran.stdout)
    table = stages_table(said["seconds"], count)
    lost = f"Not found, so counted elsewhere: {', '.join(said[LOST])}." if said[LOST] else ""
    return "\n\n".join(filter(None, [table, lost]))


def has_option(verb: str, option: str) -> bool:
    command = [sys.executable, str(ROOT / "build.py"), verb, "--help"]
    return option in subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


# --- the peers -----------------------------------------------------------------------------------


def peer_rounds(folder: Path, count: int, names: Collection[str]) -> Iterator[Round]:
    """One for each peer that can be installed; of some only, if they are named."""
    for number, peer in enumerate(ALL):
        if names and peer.name.split()[0].lower() not in names:
            continue
        if program := install(peer):
            home = folder / str(number)
            write_site(peer, home, invented_articles(count))
            yield peer_round(peer, program, home, count)
        else:
            tell(f"{peer.name} could not be installed: left out")


def peer_round(peer: Peer, program: str, home: Path, count: int) -> Round:
    article = invented_article(count // 2)
    keep = {path.name for path in home.iterdir()}
    pagefind = install_pagefind() if peer is HUGO else None
    if peer is HUGO and pagefind is None:
        tell(f"Pagefind {PAGEFIND} could not be installed: Hugo is measured without")

    def take(number: int) -> Costs:
        costs: Costs = {}
        make_cold(home, keep)
        try:
            for name, text in ((COLD, article), (BODY, edit_body(article, number))):
                write(home, peer.path_of(article), peer.text_of(text))
                costs[f"{peer.name}: {name}"] = alone = build_peer(peer, program, home)
                if pagefind:
                    index = build_pagefind(pagefind, home / peer.out)
                    costs[f"Pagefind {PAGEFIND} over it: {name}"] = index
                    costs[f"{WITH_SEARCH}: {name}"] = alone + index
        except RuntimeError as error:
            tell(f"{error}: what comes after it is left out")
        return costs

    return take


WITH_SEARCH = "Hugo + Pagefind"
RATIOS = (
    (f"{COLD} / {WITH_SEARCH}", COLD, f"{WITH_SEARCH}: {COLD}"),
    (f"{COLD} / Hugo alone", COLD, f"{HUGO.name}: {COLD}"),
    (f"{BODY} / Hugo's rebuild", BODY, f"{HUGO.name}: {BODY}"),
    (f"{BODY} / {WITH_SEARCH}", BODY, f"{WITH_SEARCH}: {BODY}"),
    *((f"{COLD} / {peer.name}", COLD, f"{peer.name}: {COLD}") for peer in ALL if peer is not HUGO),
)


# --- converting ----------------------------------------------------------------------------------


def measure_conversion(folder: Path, articles: int, runs: int) -> list[str]:
    """The demo many times over: converted, again, and by two workers where the command has them.

    Raises:
        RuntimeError: a conversion failed.
    """
    files = write_sources(folder, editions_for(articles))
    one, two = ([WORKERS, "1"], [WORKERS, "2"]) if has_option("convert", WORKERS) else ([], [])
    noted: dict[str, list[Cost]] = {}
    for number in range(1, runs + 1):
        tell(f"converting {files} files: round {number} of {runs}")
        for name, words, cold in (
            ("convert", one, True),
            ("convert, nothing changed", one, False),
            *((("convert, two workers", two, True),) if two else ()),
        ):
            if cold:
                make_cold(folder, ("config.yaml", "sources"))
            noted.setdefault(name, []).append(succeed(folder, "convert", *words))
    count = sum(1 for _ in (folder / "content").glob("*/*.md"))
    costs = {name: median_of(some) for name, some in noted.items()}
    head = f"## {files} files converted to {count:,} articles"
    without = "" if two else f"`convert` has no {WORKERS} yet."
    return [head, costs_table(costs, count), without or speedup(costs)]


def speedup(costs: Costs) -> str:
    faster = costs["convert"].wall / costs["convert, two workers"].wall
    return f"Two workers are {faster:.2f} × as fast as one."


def editions_for(articles: int) -> int:
    """How many times the demo must be repeated to hold so many articles, at least once."""
    demo = sum(1 for _ in (ROOT / "content").glob("*/*.md"))
    return max(1, -(-articles // demo))


def write_sources(archive: Path, editions: int) -> int:
    """Write every edition of the demo's sources, each with a city of its own; the number of files."""
    shutil.copy(ROOT / "config.yaml", archive)
    written = 0
    for number, city in zip(range(editions), cities(), strict=False):
        for path in sorted((ROOT / "sources").rglob("*")):
            if path.is_file():
                first, *rest = path.relative_to(ROOT / "sources").parts
                copy = archive.joinpath("sources", f"{number:04}-{first}", *rest)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(renamed(path.read_bytes(), city))
                written += path.suffix != ".yaml"
    return written


def cities() -> Iterator[str]:
    """Names of cities, the demo's own first; after 256 they come again."""
    yield CITY
    while True:
        yield from (first + second for first in SYLLABLES for second in SYLLABLES)


def renamed(data: bytes, city: str) -> bytes:
    """The page with another city's name; one that is no UTF-8 keeps its bytes.

    >>> renamed("梧川日报".encode(), "云江").decode()
    '云江日报'
    """
    try:
        return data.decode("utf-8").replace(CITY, city).encode("utf-8")
    except UnicodeDecodeError:
        return data


# --- the tables ----------------------------------------------------------------------------------


def costs_table(costs: Mapping[str, Cost], count: int) -> str:
    """A row for each step.

    >>> print(costs_table({"build": Cost(2.5, 3, 80, 40, 50_000)}, 20).splitlines()[2])
    | build | 3.00 | 2.50 | 80 | 150.0 | 40 | 0.1 | 2.5 |
    """
    head = ("", "CPU s", "wall s", "peak MB", "CPU ms/article", "files", "MB written", "KB/article")
    return as_table(head, [[name, *figures(cost, count)] for name, cost in costs.items()])


def figures(cost: Cost, count: int) -> list[str]:
    return [
        f"{cost.cpu:.2f}",
        f"{cost.wall:.2f}",
        f"{cost.peak:.0f}",
        f"{1000 * cost.cpu / count:.1f}",
        f"{cost.files:,.0f}",
        f"{cost.size / 1e6:.1f}",
        f"{cost.size / 1000 / count:.1f}",
    ]


def stages_table(seconds: Mapping[str, float], count: int) -> str:
    """A row for each stage, the longest first.

    >>> print(stages_table({"load": 1.0, "write": 3.0}, 1000))
    | stages of a cold build, one process | CPU s | share | CPU ms/article |
    | --- | --- | --- | --- |
    | write | 3.00 | 75 % | 3.00 |
    | load | 1.00 | 25 % | 1.00 |
    """
    whole = sum(seconds.values())
    rows = [
        [
            stage,
            f"{spent:.2f}",
            f"{spent / whole:.0%}".replace("%", " %"),
            f"{1000 * spent / count:.2f}",
        ]
        for stage, spent in sorted(seconds.items(), key=lambda one: -one[1])
    ]
    return as_table(
        ("stages of a cold build, one process", "CPU s", "share", "CPU ms/article"), rows
    )


Ratio = tuple[str, float, float, float]  # of what, and how many times the CPU, the wall, the peak


def ratios_table(costs: Costs, more: Sequence[Ratio] = ()) -> str:
    """How many times as much ours takes; a row is left out where one of the two was not measured.

    >>> print(ratios_table({COLD: Cost(1, 2, 50), f"{WITH_SEARCH}: {COLD}": Cost(4, 4, 500)}))
    | ratio | CPU | wall | peak |
    | --- | --- | --- | --- |
    | cold build / Hugo + Pagefind | 0.50 | 0.25 | 0.10 |
    >>> ratios_table({COLD: Cost(1, 2, 50)})
    ''
    """
    found = [
        (name, *times(costs[ours], costs[theirs]))
        for name, ours, theirs in RATIOS
        if {ours, theirs} <= costs.keys()
    ]
    rows = [[name, *(f"{one:.2f}" for one in ratios)] for name, *ratios in (*found, *more)]
    return as_table(("ratio", "CPU", "wall", "peak"), rows) if rows else ""


def times(ours: Cost, theirs: Cost) -> tuple[float, float, float]:
    return ours.cpu / theirs.cpu, ours.wall / theirs.wall, ours.peak / theirs.peak


def each(costs: Costs, count: int) -> Costs:
    """What the steps took for one article; the peak, which is not spent but needed, stays as it is."""
    return {
        name: Cost(cost.wall / count, cost.cpu / count, cost.peak) for name, cost in costs.items()
    }


def growth(smallest: Costs, larger: Costs) -> list[Ratio]:
    """How an article's part of a cold build grows with the archive; nothing to tell of the smallest itself.

    >>> growth({COLD: Cost(1, 2, 50)}, {COLD: Cost(2, 3, 500)})
    [('cold build, each article / in the smallest archive', 1.5, 2.0, 10.0)]
    """
    if smallest == larger:
        return []
    return [
        (f"{COLD}, each article / in the smallest archive", *times(larger[COLD], smallest[COLD]))
    ]


def keep_results(parts: Sequence[str], runs: int) -> None:
    text = "\n\n".join([*filter(None, parts), about(runs)]) + "\n"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    print(text, end="")


def about(runs: int) -> str:
    """What the figures depend on."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Commit {commit()}, Python {platform.python_version()}, {os.cpu_count()} CPUs, load average {load} in the end; "
        f"medians of {runs}. Peaks are of all processes at one time. Files and bytes are those written, caches included."
    )


if __name__ == "__main__":
    sys.exit(main())
