"""How long an archive takes and how much memory: the demo's pages many times over, each stage a whole process.

`make bench` runs it; `python -m tests.bench --articles 3000` measures a larger archive.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CITY = "梧川"
# Two of these make the name of another city, so that no two editions of the demo are the same text.
SYLLABLES = "云江河山湖海林石桥田溪岭洲泉港城"
STAGES = (("convert", "convert"), ("build", "build"), ("again", "convert"), ("rebuild", "build"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    wall: float  # seconds
    cpu: float  # seconds, of the process and its children
    peak: float  # MB resident


def main() -> int:
    """Measure and print a table; the code of the first stage that fails."""
    parser = argparse.ArgumentParser(description="Measure speed and memory of convert and build.")
    parser.add_argument("--articles", type=int, default=300, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder)
        files = write_sources(archive, editions_for(options.articles))
        print(f"{'stage':8} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'CPU ms/article':>15}")
        for name, verb in STAGES:
            code, cost = measure(archive, verb)
            if code:
                return code
            articles = sum(1 for _ in (archive / "content").glob("*/*.md"))
            each = 1000 * cost.cpu / articles
            print(f"{name:8} {cost.wall:8.1f} {cost.cpu:8.1f} {cost.peak:8.0f} {each:15.1f}")
        print(f"{files} files, {articles} articles")
    return 0


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
    """The page with another city's name; one that is no UTF-8 keeps its bytes."""
    try:
        return data.decode("utf-8").replace(CITY, city).encode("utf-8")
    except UnicodeDecodeError:
        return data


def measure(archive: Path, verb: str) -> tuple[int, Cost]:
    """Run a verb of the command; its exit code and its cost, interpreter start included."""
    command = [sys.executable, str(ROOT / "build.py"), verb, "--quiet"]
    return run([*command, "--config", str(archive / "config.yaml")])


def run(command: list[str]) -> tuple[int, Cost]:
    """Run a command; its exit code, and what it and the processes it waited for took."""
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    cost = Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6)
    return os.waitstatus_to_exitcode(status), cost


if __name__ == "__main__":
    sys.exit(main())
