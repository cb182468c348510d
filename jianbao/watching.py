"""Watching: which files have changed. To read, to touch, to save the same is no change; a save of any editor is one."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

# Measured on two busy cores: the events of one editor's save come within 5 ms, a storm of 2,000 files
# takes 3 s and never pauses for more than 12 ms.
QUIET = 0.05
CALM = 0.3  # after a storm, in the middle of which a busy machine takes breath
ONE_SAVE = 4  # files that an editor touches at most
NOISY = 10.0  # but whoever writes without end is not waited for longer
TICK = 1.0  # how soon a watched folder that was moved away and back is found again
FEW = 100  # files of which events are believed to tell all; after more, everything is looked at


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was last seen; it is read again only when its `mark` differs."""

    mark: tuple[int, int, int]  # inode, size, time of the last change
    digest: bytes


Stock = dict[Path, Seen]

# What happens to a file when its bytes may be others; being opened and read is none of it.
CHANGES = frozenset({"created", "modified", "moved", "deleted", "closed"})


def take_stock(roots: Iterable[Path], before: Mapping[Path, Seen] | None = None) -> Stock:
    """Every file in and below the roots, with a digest of its bytes."""
    stock: Stock = {}
    for path in files_below(roots):
        with suppress(OSError):  # gone in between, or not ours to read
            state = path.lstat()
            if not stat.S_ISREG(state.st_mode):
                continue
            mark = (state.st_ino, state.st_size, state.st_mtime_ns)
            seen = before.get(path) if before else None
            if seen is None or seen.mark != mark:
                seen = Seen(mark, _digest(path.read_bytes()))
            stock[path] = seen
    return stock


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data).digest()


def files_below(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        if not root.is_dir():
            yield root
        for place, folders, names in os.walk(root):
            folders[:] = [name for name in folders if not is_by_the_way(name)]
            yield from (Path(place, name) for name in names if not is_by_the_way(name))


def is_by_the_way(name: str) -> bool:
    """Whether an editor, Python or we ourselves left it there in passing.

    >>> [is_by_the_way(name) for name in (".02.md.swp", "02.md~", "#02.md#", "4913", "_.yaml")]
    [True, True, True, True, False]
    """
    return name.startswith(".") or name.endswith(("~", "#")) or name in ("4913", "__pycache__")


def difference(before: Stock, after: Stock) -> tuple[Path, ...]:
    """The files that came, went, or hold other bytes."""
    digests = ({path: seen.digest for path, seen in stock.items()} for stock in (before, after))
    old, new = (frozenset(one.items()) for one in digests)
    return tuple(sorted({path for path, _ in old ^ new}))


class Watch(FileSystemEventHandler):
    """Waits until a watched file holds other bytes. To read, to touch, to save the same is no change."""

    def __init__(self, watched: Sequence[Path]) -> None:
        self.roots = tuple(path.absolute() for path in watched)
        self.stock = take_stock(self.roots)
        self.woken = threading.Event()
        self.told: set[Path] = set()  # files of which there were events
        self.is_all = False  # there may be more than that
        self.telling = threading.Lock()  # events come from another thread
        self.posts: dict[Path, tuple[object, ObservedWatch]] = {}
        # watchdog 7.1 warns when it meets a new folder twice, once by its event and once by looking into its parent.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        self.observer = Observer()
        self.observer.start()
        self.keep_posted()
        self.woken.clear()

    def close(self) -> None:
        self.observer.stop()
        self.observer.join()

    def wait(self, rest: Callable[[], object] = bool) -> tuple[Path, ...]:
        """The files that have changed since the last time, once it has gone quiet; `rest` is called when it stays quiet for a while."""
        has_rested = False
        while True:
            self.keep_posted()
            if self.woken.wait(TICK):
                self.await_quiet()
            elif has_rested:
                continue
            else:
                has_rested = self.is_all = True  # to find what no event has told of
                rest()
            if changed := self.look():
                return changed

    def await_quiet(self) -> None:
        end = time.monotonic() + NOISY
        self.woken.clear()
        while time.monotonic() < end and self.woken.wait(self._pause()):
            self.woken.clear()

    def _pause(self) -> float:
        return CALM if len(self.told) > ONE_SAVE else QUIET

    def look(self) -> tuple[Path, ...]:
        """The files that hold other bytes than when they were last looked at: those that events have told of, or any."""
        with self.telling:
            told, self.told = self.told, set()
            is_all, self.is_all = self.is_all, False
        if is_all or len(told) > FEW or any(map(Path.is_dir, told)):
            before, self.stock = self.stock, take_stock(self.roots, self.stock)
            return difference(before, self.stock)
        before = {path: self.stock.pop(path) for path in told if path in self.stock}
        now = take_stock([path for path in told if self.is_watched(path)], before)
        self.stock |= now
        return difference(before, now)

    def expect(self, own: Mapping[Path, bytes | None]) -> None:
        """Take for seen what we have written ourselves, unless somebody has saved something else there meanwhile."""
        for path, data in own.items():
            now = take_stock([path] if self.is_watched(path) else []).get(path)
            if now and data is not None and now.digest == _digest(data):
                self.stock[path] = now
            elif now is None and data is None:
                self.stock.pop(path, None)

    def is_watched(self, path: Path) -> bool:
        """Whether a file would be found by looking through the folders."""
        for root in self.roots:
            if path.is_relative_to(root):
                *folders, name = path.relative_to(root).parts or [""]
                is_by_a_link = root.resolve().joinpath(*folders) != path.parent.resolve()
                return path == root or not (
                    is_by_a_link or any(map(is_by_the_way, [*folders, name]))
                )
        return False

    def on_any_event(self, event: FileSystemEvent) -> None:
        paths = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        if event.event_type in CHANGES and any(map(self.concerns, paths)):
            with self.telling:
                if not event.is_directory:
                    self.told.update(paths)
                # A folder is modified when a file in it comes or goes, of which there is an event of its own.
                elif event.event_type != "modified":
                    self.is_all = True
            self.woken.set()
        if event.event_type == "deleted" and paths[0] in self.posts:
            self.posts[paths[0]] = (None, self.posts[paths[0]][1])  # a new one may get its inode

    def concerns(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in self.roots)

    def keep_posted(self) -> None:
        """Stand at every watched folder, and at the folder of every watched file or missing folder.

        One that was moved away or made anew is another folder by the same name: stand there afresh.
        Where the system lets us stand nowhere, we look again at every tick.
        """
        for root in self.roots:
            place = root if root.is_dir() else root.parent
            with suppress(OSError):
                state = place.stat()
                identity = (state.st_dev, state.st_ino)
                if place in self.posts and self.posts[place][0] == identity:
                    continue
                self.is_all = True
                self.woken.set()
                self.leave(place)
                post = self.observer.schedule(self, str(place), recursive=place == root)
                self.posts[place] = (identity, post)

    def leave(self, place: Path) -> None:
        if place in self.posts:
            _, post = self.posts.pop(place)
            with suppress(KeyError):  # it went with its folder
                self.observer.unschedule(post)
