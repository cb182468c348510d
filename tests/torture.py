"""Being hard on an archive, for as long as one likes: `make torture`.

    python -m tests.torture [--minutes 20] [--kills 200] [--step 1] [--seed N]

Four things, each an `assert` that must hold every time:

- kill: the command is killed at any moment; the site is one of the whole sites that there can be, and the next run ends well;
- fail: every single call that writes fails once, on a full, a forbidden and a read-only disk; nothing is half done;
- repeat: seeds of hashing, time zones, languages, workers, orders of files, paths, times and masks; one sum for the tree;
- fuzz: the properties F1 to F10 on other examples than those of `make test`, again and again until time is up.

`make test` has a short form of each. Exit codes: 0 all held, 1 something did not; it is printed with its seed.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import errno
import io
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jianbao import cli, swap
from tests.trust.small_archive import (
    FIRST,
    PAGES,
    ROOT,
    SETTINGS,
    digest,
    make_archive,
    rubbish,
    run,
    write,
)

SEED = 20201019
SPARE = 60  # seconds that the last round of fuzzing may take longer


def main() -> int:
    options = parse_arguments()
    print(f"seed {options.seed}", flush=True)
    dice = random.Random(options.seed)
    parts: dict[str, Callable[[Path], str]] = {
        "kill": lambda place: kill(place, options.kills, dice),
        "fail": lambda place: (
            f"{fail(place / 'all', options.step)}, {fail_after_edits(place / 'one', options.step)}"
        ),
        "repeat": lambda place: repeat(place, every_surrounding()),
        "fuzz": lambda _: fuzz(options.minutes, options.seed),
    }
    for name in options.only or parts:
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as place:
            says = parts[name](Path(place))
        print(f"{name}: {says}; {time.perf_counter() - started:.0f} s", flush=True)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20, help="of fuzzing")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--step", type=int, default=1, help="fail every so many calls")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="*", choices=["kill", "fail", "repeat", "fuzz"])
    return parser.parse_args()


# --- states of an archive ------------------------------------------------------------------------


class State(NamedTuple):
    """Whether the settings, an article and a page are as they were, or another version."""

    settings: bool = False
    article: bool = False
    page: bool = False


STATES = tuple(State(*bits) for bits in itertools.product((False, True), repeat=3))
VERSIONS = {False: "街坊们", True: "邻居们"}


def bring_to(home: Path, state: State) -> None:
    """Change the settings, correct the first article, or replace a source, as a person would."""
    title = SETTINGS.replace("渡口剪报", "新渡口剪报") if state.settings else SETTINGS
    write(home / "config.yaml", title)
    article = home / FIRST
    if article.is_file():
        text = article.read_text("utf-8")
        write(article, text.replace(VERSIONS[not state.article], VERSIONS[state.article]))
    page = PAGES["old.md"].decode("big5")
    changed = page.replace("十點", "九點") if state.page else page
    write(home / "sources" / "old.md", changed.encode("big5"))


def whole_sites(home: Path, states: Sequence[State]) -> dict[State, str]:
    """The sum of the site in each state, made without disturbance."""
    known = {}
    for state in states:
        bring_to(home, state)
        assert run(home).returncode == 0
        known[state] = digest(home / "site")
    assert len(set(known.values())) == len(states)
    return known


def copied(home: Path, place: Path) -> Path:
    """An archive somewhere else, as it stands."""
    return Path(shutil.copytree(home, place, symlinks=True))


# --- kill ----------------------------------------------------------------------------------------


def kill(place: Path, kills: int, dice: random.Random, states: Sequence[State] = STATES) -> str:
    """Kill the command again and again; what a visitor sees is always one whole site."""
    home = make_archive(place / "archive")
    assert run(home).returncode == 0
    known = whole_sites(home, states)
    started = time.perf_counter()
    assert run(home).returncode == 0
    length = time.perf_counter() - started
    hits = 0
    for turn in range(kills):
        state = dice.choice(states)
        bring_to(home, state)
        command = [sys.executable, str(ROOT / "build.py"), f"--workers={dice.randrange(1, 3)}"]
        with subprocess.Popen(
            command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as build:
            time.sleep(dice.uniform(0, 1.2 * length))
            build.kill()
            said, _ = build.communicate()
        assert build.returncode in (0, -9), said
        hits += build.returncode == -9
        assert digest(home / "site") in known.values(), f"kill {turn} left no whole site"
        if turn % 5 == 4 or turn == kills - 1:
            done = run(home)
            assert done.returncode == 0, done.stderr
            assert digest(home / "site") == known[state], f"after kill {turn}"
            assert rubbish(home) == []
        if turn % 20 == 19:
            print(f"  {turn + 1} kills", flush=True)
    return f"{kills} kills, {hits} of them before the end; every site was whole"


# --- fail ----------------------------------------------------------------------------------------

# What is waiting to be done when the disk fails: everything anew, and a changed page.
WAITING = State(True, True, True)
CALLS = (
    *("open", "write", "fsync", "fchmod", "chmod", "mkdir", "rename", "replace", "link"),
    *("unlink", "rmdir", "utime", "ftruncate"),
)
REFUSALS = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)


@contextmanager
def failing_disk(at: int, refusal: int) -> Iterator[list[str]]:
    """Lets the calls to the disk that come before pass, and refuses this one; gives the names of all that came."""
    came: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            came.append(name)
            if len(came) == at:
                raise OSError(refusal, os.strerror(refusal), *args[:1])
            return real(*args, **kwargs)

        return call

    def opened(real: Callable[..., Any]) -> Callable[..., Any]:
        failing = counted("io.open", real)

        def call(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            is_written = bool(set(mode) & set("wax+"))
            return (failing if is_written else real)(file, mode, *args, **kwargs)

        return call

    def exchange(*args: Any) -> int:
        came.append("renameat2")
        return -1 if len(came) == at or real_exchange is None else real_exchange(*args)

    real_exchange = swap.RENAMEAT2
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, counted(name, getattr(os, name)))
        patch.setattr(io, "open", opened(io.open))
        patch.setattr(builtins, "open", opened(builtins.open))
        if real_exchange is not None:
            patch.setattr(swap, "RENAMEAT2", exchange)
        yield came


def fail(place: Path, step: int = 1) -> str:
    """Let every `step`-th call to the disk fail, one in each run; site and content are as they were or as they are to be."""
    old, before, home = make_archive(place / "old"), place / "before", place / "home"
    (
        old / "sources" / "青禾日报" / "第一版.txt"
    ).unlink()  # a small site has every kind of file too
    state = WAITING
    assert command(old)[0] == 0
    copied(old, before)
    bring_to(before, state)
    contents, sites = {sum_of_content(before)}, {digest(before / "site")}
    unwritten = copied(
        before, place / "unwritten"
    )  # the articles of a new page could not be written
    assert command(unwritten, "build")[0] == 0
    sites.add(digest(unwritten / "site"))
    for one in (state._replace(page=False), state):
        copied(old, place / f"{one}")
        bring_to(place / f"{one}", one)
        assert command(place / f"{one}")[0] == 0
        goal = sum_of_content(place / f"{one}"), digest(place / f"{one}" / "site")
        contents.add(goal[0])
        sites.add(goal[1])
    told = tolerated = 0
    for at in itertools.count(1, step):
        shutil.rmtree(home, ignore_errors=True)
        copied(before, home)
        with failing_disk(at, REFUSALS[at % len(REFUSALS)]) as came:
            code, said = command(home)
        if len(came) < at:
            assert code == 0, said
            break
        where = f"call {at} ({came[at - 1]}), exit {code}: {said}"
        assert sum_of_content(home) in contents, where
        assert digest(home / "site") in sites, where
        if code == 0:
            tolerated += 1
            assert (sum_of_content(home), digest(home / "site")) == goal, where
        else:
            told += 1
            assert f"error: {home}" in said, where
            assert ".new-" not in said, where
        if told % 5 == 1 or step > 1:
            code, said = command(home)
            assert code == 0, said
            assert (sum_of_content(home), digest(home / "site")) == goal, where
            assert rubbish(home) == [], where
    assert told
    return f"of everything {told} failures told, {tolerated} done without"


def fail_after_edits(place: Path, step: int = 1) -> str:
    """The same where only what depends on an edited article is made; the archive stays in its place, or its memory would not hold."""
    home = make_archive(place / "home")
    assert command(home)[0] == 0
    known: list[tuple[str, str]] = []
    for is_edited in (True, False):
        bring_to(home, State(article=is_edited))
        assert command(home)[0] == 0
        known.insert(0, (sum_of_content(home), digest(home / "site")))
    told = tolerated = 0
    for at in itertools.count(1, step):
        is_edited = (told + tolerated) % 2 == 0
        goal = known[is_edited]
        bring_to(home, State(article=is_edited))
        with failing_disk(at, REFUSALS[at % len(REFUSALS)]) as came:
            code, said = command(home)
        if len(came) < at:
            assert code == 0, said
            break
        where = f"call {at} ({came[at - 1]}), exit {code}: {said}"
        assert digest(home / "site") in {site for _, site in known}, where
        assert sum_of_content(home) == goal[0], where
        if code == 0:
            tolerated += 1
        else:
            told += 1
            assert f"error: {home}" in said, where
        code, said = command(home)
        assert (code, sum_of_content(home), digest(home / "site")) == (0, *goal), where
        assert rubbish(home) == [], where
    assert told
    return f"after edits {told} failures told, {tolerated} done without"


def sum_of_content(home: Path) -> str:
    """The sum of content/, without what a run keeps there for the next one when it could not end."""
    return digest(home / "content", without=".pending")


def command(home: Path, *words: str) -> tuple[int, str]:
    """The command in this process: its exit code, and what it says is wrong."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = cli.main(["--config", str(home / "config.yaml"), "--workers", "1", *words])
    return code, said.getvalue()


# --- repeat --------------------------------------------------------------------------------------


class Surroundings(NamedTuple):
    """All that must make no difference."""

    hash_seed: str
    zone: str
    language: str
    workers: int
    order: int  # of what a folder is said to hold
    umask: str
    path: str
    age: int  # seconds since 1970 that all files say they were written at


SHUFFLED = """
import os, random, sys
dice, scan, names = random.Random(int(sys.argv[1])), os.scandir, os.listdir
class Shuffled(list):
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
    def __next__(self): raise NotImplementedError
def shuffled(found):
    found = Shuffled(found); dice.shuffle(found); return found
os.scandir = lambda path=".": shuffled(scan(path))
os.listdir = lambda path=".": shuffled(names(path))
os.umask(int(sys.argv[2], 8))
sys.path.insert(0, sys.argv[3])
from jianbao.cli import main
sys.exit(main(sys.argv[4:]))
"""


def every_surrounding() -> Iterator[Surroundings]:
    """Every seed, zone, language and number of workers with every other; the rest in turns."""
    rest = itertools.cycle(zip((1, 2, 3, 4), ("022", "077", "000", "027"), ("a", "另 一处", "b/c/d", "x" * 80), (0, 10**9, 86_399, 1_600_000_000), strict=True))  # fmt: skip
    every = itertools.product(
        ("0", "1", "random"),
        ("UTC", "Asia/Shanghai", "America/St_Johns"),
        ("C", "C.UTF-8", "zh_CN.UTF-8"),
        (1, 2, 8),
    )
    for (seed, zone, language, workers), others in zip(every, rest, strict=False):
        order, umask, path, age = others
        yield Surroundings(seed, zone, language, workers, order, umask, path, age)


def repeat(place: Path, every: Iterator[Surroundings] | Sequence[Surroundings]) -> str:
    """Convert and build in all these surroundings: content and site are the same to the byte."""
    sums: dict[tuple[str, str], Surroundings] = {}
    count = 0
    for count, one in enumerate(every, 1):
        home = make_archive(place / str(count) / one.path)
        for path in home.rglob("*"):
            os.utime(path, (one.age, one.age))
        words = [sys.executable, "-c", SHUFFLED, str(one.order), one.umask, str(ROOT)]
        done = subprocess.run(
            [*words, "--workers", str(one.workers)],
            cwd=home,
            env={
                **os.environ,
                "PYTHONHASHSEED": one.hash_seed,
                "TZ": one.zone,
                "LC_ALL": one.language,
            },
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        sums[sum_of_content(home), digest(home / "site")] = one
        assert len(sums) == 1, f"not the same: {list(sums.values())}"
        shutil.rmtree(place / str(count))
    return f"{count} surroundings, one sum"


# --- fuzz ----------------------------------------------------------------------------------------

PROPERTIES = tuple(
    f"test_F{number}_" for number in (1, 2, 3, 4, 5, 6, 7, 10, 8, 9)
)  # the quick first


def fuzz(minutes: float, seed: int) -> str:
    """The properties in turns, on new examples, until time is up.

    Raises:
        AssertionError: one did not hold; its smallest example stands in the message.
    """
    end = time.monotonic() + 60 * minutes
    rounds = itertools.count(seed)
    done: Counter[str] = Counter()
    for one in itertools.cycle(PROPERTIES):
        left = end - time.monotonic()
        if left < 0:
            break
        number = next(rounds)
        words = ["-q", "-x", "-p", "no:cacheprovider", "-k", one, f"--hypothesis-seed={number}"]
        try:
            tried = subprocess.run(
                [sys.executable, "-m", "pytest", *words, "tests"],
                cwd=ROOT,
                env={**os.environ, "JIANBAO_PROFILE": "torture"},
                timeout=left + SPARE,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
        except subprocess.TimeoutExpired:
            break  # it had not failed so far
        assert tried.returncode == 0, f"{one} with seed {number}\n{tried.stdout[-20_000:]}"
        done[one] += 1
    told = ", ".join(f"{one.removeprefix('test_').rstrip('_')} {done[one]}" for one in PROPERTIES)
    return f"rounds of each property: {told}"


if __name__ == "__main__":
    sys.exit(main())
