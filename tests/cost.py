"""What a command costs: seconds, memory and files written, its own and those of every process it starts.

Memory is looked up in /proc while the command runs; where there is none, it is that of the largest process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from statistics import median
from threading import Event, Thread

ROOT = Path(__file__).resolve().parent.parent
PROC = Path("/proc")
# Seconds between two looks at the processes; one that takes long is followed by a longer pause, so that looking
# takes a tenth of a core at most.
PAUSE = 0.02
PAUSES_FOR_A_LOOK = 9

Stand = Mapping[str, tuple[int, int, int]]  # a file's path → its inode, time and size


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    wall: float  # seconds
    cpu: float  # seconds, of all its processes
    peak: float  # MB resident, all processes at one time; pages that they share count once
    files: float = 0  # written
    size: float = 0  # bytes in them

    def __add__(self, other: Cost) -> Cost:
        """Two commands, one after the other.

        >>> Cost(1, 2, 30, 4, 5) + Cost(1, 1, 10, 1, 1)
        Cost(wall=2, cpu=3, peak=30, files=5, size=6)
        """
        mine, its = astuple(self), astuple(other)
        added = Cost(*(one + another for one, another in zip(mine, its, strict=True)))
        return replace(added, peak=max(self.peak, other.peak))


def median_of(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself.

    >>> median_of([Cost(1, 5, 10), Cost(3, 4, 20), Cost(2, 9, 90)])
    Cost(wall=2, cpu=5, peak=20, files=0, size=0)
    """
    return Cost(*map(median, zip(*map(astuple, costs), strict=True)))


def measure(archive: Path, verb: str, *words: str) -> tuple[int, Cost]:
    """Run a verb of the command; its exit code and its cost, interpreter start included."""
    command = [sys.executable, str(ROOT / "build.py"), verb, "--quiet", *words]
    return run([*command, "--config", str(archive / "config.yaml")], into=archive)


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    into: Path | None = None,
    silent: bool = False,
) -> tuple[int, Cost]:
    """Run a command in a folder; its exit code, and what it took. `into` is where written files are looked for."""
    before = stand_of(into)
    output = subprocess.DEVNULL if silent else None
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)  # fmt: skip
    with watched(process.pid) as tree:
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # A helper that starts workers may not have been waited for; then what was seen of them is all there is.
    cpu = max(used.ru_utime + used.ru_stime, sum(tree.cpu.values()))
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    peak = tree.peak or used.ru_maxrss * unit
    files = written(before, stand_of(into))
    return process.returncode, Cost(wall, cpu, peak / 1e6, len(files), sum(files.values()))


# --- files ---------------------------------------------------------------------------------------


def stand_of(folder: Path | None) -> Stand:
    """Every file below a folder as it stands."""
    stand = {}
    for here, _, names in os.walk(folder) if folder else ():
        for name in names:
            seen = os.lstat(path := os.path.join(here, name))  # noqa: PTH118  # 100,000 of them
            stand[path] = (seen.st_ino, seen.st_mtime_ns, seen.st_size)
    return stand


def written(before: Stand, after: Stand) -> dict[str, int]:
    """The files that are new or were written anew, with their sizes; one left alone, or linked again, is not.

    >>> written({"a": (1, 50, 9), "b": (2, 50, 9)}, {"a": (1, 50, 9), "b": (3, 60, 9), "c": (4, 60, 7)})
    {'b': 9, 'c': 7}
    """
    return {path: seen[2] for path, seen in after.items() if before.get(path) != seen}


# --- processes -----------------------------------------------------------------------------------


class Tree:
    """A process and all that descend from it, looked at now and then."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = 0  # bytes
        self.cpu: dict[int, float] = {}  # of each process, when it was last seen

    def look(self) -> None:
        pids = list(family(self.pid))
        whole = resident if len(pids) == 1 else proportional
        self.peak = max(self.peak, sum(whole(pid) for pid in pids), *map(highest, pids))
        self.cpu |= {pid: used for pid in pids if (used := cpu_of(pid))}


@contextmanager
def watched(pid: int) -> Iterator[Tree]:
    """Look at a process and its descendants again and again, in a thread, until the block ends."""
    tree, ended = Tree(pid), Event()

    def go_on_looking() -> None:
        pause = PAUSE
        while not ended.wait(pause):
            begun = time.perf_counter()
            tree.look()
            pause = max(PAUSE, PAUSES_FOR_A_LOOK * (time.perf_counter() - begun))

    thread = Thread(target=go_on_looking, daemon=True)
    thread.start()
    try:
        yield tree
    finally:
        ended.set()
        thread.join()


def family(pid: int) -> Iterator[int]:
    """A process, its children and theirs."""
    yield pid
    with suppress(OSError):  # it has ended meanwhile, here and below
        for children in (PROC / str(pid) / "task").glob("*/children"):
            for child in children.read_text().split():
                yield from family(int(child))


def resident(pid: int) -> int:
    return bytes_in(PROC / str(pid) / "status", "VmRSS")


def highest(pid: int) -> int:
    """The most that a process had in memory since its program began."""
    return bytes_in(PROC / str(pid) / "status", "VmHWM")


def proportional(pid: int) -> int:
    """Memory of a process; what it shares with others is divided among them, as forked workers do."""
    return bytes_in(PROC / str(pid) / "smaps_rollup", "Pss")


def bytes_in(path: Path, name: str) -> int:
    """A figure of a file in /proc; 0 when the process has ended."""
    with suppress(OSError):
        return figure_in(path.read_text(), name)
    return 0


def figure_in(text: str, name: str) -> int:
    r"""Bytes of a line `name: kilobytes kB`, 0 when there is none.

    >>> figure_in("VmHWM:\t    9 kB\nVmRSS:\t    8 kB\n", "VmRSS")
    8192
    """
    rows = (line.partition(":") for line in text.splitlines())
    return next((1024 * int(value.split()[0]) for key, _, value in rows if key == name), 0)


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far, without its children; 0 when it has ended."""
    with suppress(OSError):
        return cpu_in((PROC / str(pid) / "stat").read_text(), os.sysconf("SC_CLK_TCK"))
    return 0.0


def cpu_in(stat: str, ticks: int) -> float:
    """CPU seconds in a line of /proc/PID/stat; the program's name, in brackets, may hold anything.

    >>> cpu_in("7 (a) b) S 1 1 1 0 -1 0 0 0 0 0 150 50 0 0", 100)
    2.0
    """
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / ticks


# --- telling -------------------------------------------------------------------------------------


def tell(sentence: str) -> None:
    print(f"{sentence} …", file=sys.stderr)


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    return ran.stdout.strip() or "unknown"


def as_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown.

    >>> print(as_table(["", "s"], [["build", "1.5"]]))
    |  | s |
    | --- | --- |
    | build | 1.5 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
