"""Folders and files that change in one step: whoever looks sees the old or the new, never a mixture.

A site is written beside the one in place and then exchanged with it. A build that is killed, runs out
of disk or meets a bad template leaves the old site whole; the next one clears up after it.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jianbao.errors import BusyError, ConfigError, JianbaoError

# The list of all we wrote into a folder, as `sha256sum` writes and checks it. It stands in the folder
# itself: what it does not name is not ours, and two sites are the same when their lists are.
MANIFEST = ".jianbao"
MANIFEST_HEAD = "# Jianbao wrote this folder, and every build replaces it as a whole.\n"
JOURNAL = ".journal"  # what a build was about to change in a folder, one by one
LINKED_AT_MOST = 5_000  # files: some hundredths of a second
# What a file manager leaves wherever somebody has looked: nobody's work.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

# The site is for everybody to read, whatever umask its maintainer keeps.
FOLDER_MODE = 0o755
FILE_MODE = 0o644

FORBIDDEN_RE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")  # in the path of a page
UNFINISHED_RE = re.compile(r"\.(?P<name>.+)\.new-[a-z0-9_]{8}")  # as tempfile writes it

HINTS = {
    errno.ENOSPC: "The disk is full. Make room and try again; what stood there before is unharmed.",
    errno.EDQUOT: "The quota is used up. Make room and try again; what stood there before is unharmed.",
    errno.EACCES: "Ask for the right to write there, or name another folder.",
    errno.EPERM: "Ask for the right to write there, or name another folder.",
    errno.EROFS: "The disk is read-only. Name another folder.",
}

# --- a whole folder ------------------------------------------------------------------------------


def publish_folder(
    out: Path, files: Iterable[tuple[str, bytes]], *, keep: Sequence[Path] = ()
) -> int:
    """Make `out` hold exactly these files, in one step, and tell how many there are.

    `files` are pairs of a path below `out`, with forward slashes, and the bytes; they are taken one
    by one while the folder is locked. `keep` are folders the site must stay clear of.

    Raises:
        ConfigError: `out` is no place for a site, or holds something that is not ours.
        BusyError: another build is at work on it.
        JianbaoError: a file cannot be written. The site in place stays as it was.
    """
    out = _checked_place(out, keep)
    with locked(out):
        _clear_up(out)
        _refuse_strangers(out)
        with _told(out):
            new = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        try:
            count = _fill(new, files, out, {}, {str(new)}, {})
            with _told(out):
                _put_in_place(new, out)
        finally:
            shutil.rmtree(new, ignore_errors=True)  # the old site, or the unfinished new one
    return count


Mark = tuple[int, int, int] | None  # of the list of all files: its number, size and time


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to become of a folder that `publish_folder` has written; all else in it stays."""

    was: Mapping[str, str]  # what it held when they were found: path → SHA-256
    mark: Mark  # of it, then
    files: Mapping[str, bytes]  # new, or with other bytes
    digests: Mapping[str, str]  # path → SHA-256 of each of these
    moved: tuple[str, str] = ("", "")  # a folder in it and its new place, each with a slash behind
    gone: frozenset[str] = frozenset()  # as they are called after that

    def stays(self) -> dict[str, str]:
        """The files that stay: their new path → SHA-256."""
        before, after = self.moved
        stays = dict(self.was)
        for name in [name for name in stays if name.startswith(before)] if before else ():
            stays[after + name[len(before) :]] = stays.pop(name)
        for name in (*self.gone, *self.files):
            stays.pop(name, None)
        return stays

    def name_before(self, name: str) -> str:
        """How a file that stays was called."""
        before, after = self.moved
        return f"{before}{name[len(after) :]}" if after and name.startswith(after) else name


def publish_changes(
    out: Path, changes: Changes, *, keep: Sequence[Path] = ()
) -> dict[str, str] | None:
    """Change some files of a folder, as `publish_folder` would have written it anew; what stays is neither read nor written.

    Returns path → SHA-256 of all it holds then; None, and nothing is done, where somebody else has built there meanwhile.

    A small folder is exchanged as a whole, with what stays linked into the new one. In a large one that would take longer than
    all the rest, so the files are put in their places one by one: each is whole at any time, and what a killed build has begun
    `recover` ends.

    Raises: as `publish_folder`.
    """
    out = _checked_place(out, keep)
    with locked(out):
        _clear_up(out)
        if mark_of(out) != changes.mark:
            return None
        digests = changes.stays()
        is_small = len(digests) <= LINKED_AT_MOST
        if is_small:
            _refuse_strangers(out)
        with _told(out):
            new = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        try:
            made = {str(new)}
            if is_small:
                _link(new, out, {name: changes.name_before(name) for name in digests}, made)
            _fill(new, changes.files.items(), out, digests, made, changes.digests)
            with _told(out):
                if is_small:
                    _put_in_place(new, out)
                else:
                    _put_one_by_one(new, out, changes)
        finally:
            if not _journal_of(out).exists():
                shutil.rmtree(new, ignore_errors=True)
    return digests


def _link(new: Path, out: Path, stays: Mapping[str, str], made: set[str]) -> None:
    """Link files of the folder into the new one: new path → old path."""
    for place, name in stays.items():
        try:
            _make_folders(f"{new}/{place}".rpartition("/")[0], made)
            os.link(f"{out}/{name}", f"{new}/{place}", follow_symlinks=False)
        except OSError as error:
            raise _as_sentence(error, out / place) from error


def _put_one_by_one(new: Path, out: Path, changes: Changes) -> None:
    """Move the files of `new` to their places in `out`. From when the journal stands, it is done to its end."""
    journal = _journal_of(out)
    rows = {"new": new.name, "gone": sorted(changes.gone), "moved": list(changes.moved)}
    written = new / JOURNAL
    written.write_text(json.dumps(rows), encoding="utf-8")
    written.replace(journal)
    _follow(journal, out)


def _journal_of(out: Path) -> Path:
    return out.with_name(f".{out.name}.journal")


def _follow(journal: Path, out: Path) -> None:
    """Do what is left of a journal; all of it may be done already."""
    rows = json.loads(journal.read_text(encoding="utf-8"))
    new = out.with_name(rows["new"])
    before, after = rows["moved"]
    if before and (out / before).is_dir():
        (out / before).rename(out / after)
    staged = sorted(name for name, _ in _files_below(new)) if new.is_dir() else []
    made = {str(out)}
    for name in [*(name for name in staged if name != MANIFEST), *staged]:
        if (new / name).exists():  # the list of all comes last
            _make_folders_there(f"{out}/{name}".rpartition("/")[0], made)
            (new / name).replace(out / name)
    for name in rows["gone"]:
        (out / name).unlink(missing_ok=True)
        _prune((out / name).parent, out)
    os.utime(out / MANIFEST)
    journal.unlink()


def _make_folders_there(folder: str, made: set[str]) -> None:
    """As `_make_folders`, in a folder where some are already."""
    if folder not in made and not Path(folder).is_dir():
        _make_folders_there(folder.rpartition("/")[0], made)
        os.mkdir(folder)  # noqa: PTH102
        os.chmod(folder, FOLDER_MODE)  # noqa: PTH101
    made.add(folder)


def _prune(folder: Path, out: Path) -> None:
    """Remove a folder that holds nothing any more, and those it stood in."""
    with suppress(OSError):
        while folder != out:
            folder.rmdir()
            folder = folder.parent


def stands_as_written(folder: Path) -> bool:
    """Whether a folder holds what `publish_folder` wrote: no file is missing, none came, none was touched after the list of all was written.

    Of a large folder it is only asked whether files came or went, which shows in the times of the folders within it.
    """
    names = read_manifest(folder).keys()
    if not names:
        return False
    newest = (folder / MANIFEST).stat().st_mtime_ns
    if len(names) <= LINKED_AT_MOST:
        found = {name for name, modified in _files_below(folder) if modified <= newest}
        return found == names | {MANIFEST}
    places = {name.rpartition("/")[0] for name in names}
    return all(_changed_by(f"{folder}/{place}", newest) for place in places)


def _changed_by(path: str, time: int) -> bool:
    """Whether a file or folder is there, and was changed at this time at the latest."""
    try:
        return os.stat(path).st_mtime_ns <= time  # noqa: PTH116  # of very many
    except OSError:
        return False


def _files_below(folder: Path) -> Iterator[tuple[str, int]]:
    """Every file and link with its path below the folder, and when it was changed."""
    waiting = [""]
    while waiting:
        place = waiting.pop()
        with os.scandir(f"{folder}/{place}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{place}{entry.name}/")
                else:
                    yield f"{place}{entry.name}", entry.stat(follow_symlinks=False).st_mtime_ns


def mark_of(folder: Path) -> Mark:
    """What tells whether a folder is still as `publish_folder` or `publish_changes` left it; None when it is not ours."""
    try:
        state = (folder / MANIFEST).stat()
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


def read_manifest(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file that `publish_folder` wrote; empty when the folder is not ours."""
    try:
        return dict(_rows_of((folder / MANIFEST).read_bytes()))
    except (OSError, UnicodeDecodeError):
        return {}


@lru_cache(1)  # a large one is asked for several times in a build
def _rows_of(manifest: bytes) -> Mapping[str, str]:
    rows = (line.split("  ", 1) for line in manifest.decode().split("\n") if line[:1] != "#")
    return {row[1]: row[0] for row in rows if len(row) == 2}


def recover(folder: Path) -> None:
    """Clear up after a build that was killed; to be called with the folder `locked`.

    Puts the old folder back where the new one had not arrived, and removes what was never finished.
    """
    _clear_up(folder)
    with _told(folder):
        for path in folder.rglob(".*"):
            if _is_unfinished(path) and path.is_file():
                path.unlink()


def _clear_up(folder: Path) -> None:
    """As `recover`, for a folder in which no single file is ever written by itself."""
    folder = folder.resolve()
    old = _set_aside(folder)
    with _told(folder):
        if (journal := _journal_of(folder)).is_file():
            _follow(journal, folder)
        if old.is_dir() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        for path in folder.parent.iterdir():
            if _is_unfinished(path, folder.name) and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)


def clear_up(folder: Path) -> None:
    """Remove what a build that could not end has left beside a folder; nothing is done where it has left nothing.

    Raises:
        BusyError: it is still running.
    """
    place = folder.resolve()
    if folder.is_symlink() or not place.name:
        return  # it will be refused
    beside = list(place.parent.iterdir()) if place.parent.is_dir() else []
    if any(path == _lock_of(place) or _is_unfinished(path, place.name) for path in beside):
        with locked(folder):
            _clear_up(folder)


def _is_unfinished(path: Path, name: str | None = None) -> bool:
    parts = UNFINISHED_RE.fullmatch(path.name)
    return parts is not None and name in (None, parts["name"])


def _set_aside(folder: Path) -> Path:
    """Where the old folder waits while the new one moves in, if that takes two steps."""
    return folder.with_name(f".{folder.name}.replaced")


# --- where a site may stand ----------------------------------------------------------------------


def _checked_place(out: Path, keep: Sequence[Path]) -> Path:
    """The place, when replacing all it holds can do no harm."""
    if out.is_symlink():
        raise ConfigError(
            "the site cannot be a symbolic link", path=str(out), hint="Name the folder itself."
        )
    place = out.resolve()
    for folder in (Path.home(), Path.cwd(), *keep):
        if folder.resolve().is_relative_to(place):
            raise ConfigError(
                f"the site would take the place of {folder}",
                path=str(out),
                hint="Every build replaces the site as a whole: give it a folder of its own.",
            )
    for folder in keep:
        if place.is_relative_to(folder.resolve()):
            raise ConfigError(
                f"the site cannot lie inside {folder}",
                path=str(out),
                hint="Give it a folder of its own, such as site.",
            )
    if place.exists() and not place.is_dir():
        raise ConfigError("is a file, not a folder", path=str(out), hint="Name another folder.")
    return out if out.name == place.name else place  # errors name it as the person did


def _refuse_strangers(out: Path) -> None:
    if not out.is_dir():
        return
    ours = read_manifest(out).keys() | {MANIFEST}
    strangers = (name for name, _ in _files_below(out) if name not in ours)
    for name in sorted(name for name in strangers if name.rpartition("/")[2] not in LITTER):
        raise ConfigError(
            f"holds {name!r}, which Jianbao did not write",
            path=str(out),
            hint="Every build replaces this folder as a whole: move your own files out of it, or "
            "name another folder.",
        )


# --- filling and exchanging ----------------------------------------------------------------------


def _fill(
    new: Path,
    files: Iterable[tuple[str, bytes]],
    out: Path,
    digests: dict[str, str],
    made: set[str],
    known: Mapping[str, str],
) -> int:
    """Write the files and their manifest into `new`; errors name the place below `out`. `digests` tells what stands there already,
    and gets what is written, of which some may be `known`.
    """
    for name, data in files:
        _check_name(name, digests, out)
        _write_below(new, name, data, out, made)
        digests[name] = known.get(name) or hashlib.sha256(data).hexdigest()
    rows = [f"{digests[name]}  {name}\n" for name in sorted(digests)]
    _write_below(new, MANIFEST, (MANIFEST_HEAD + "".join(rows)).encode(), out, made)
    with _told(out):
        os.utime(new / MANIFEST)  # nothing in the folder is newer
        new.chmod(FOLDER_MODE)  # last: until here it is nobody's to read
    return len(digests)


def _check_name(name: str, taken: Collection[str], out: Path) -> None:
    """Refuse a path that would leave the site, hide from it, or be there already."""
    parts = name.split("/")
    if {"", ".", ".."} & set(parts) or FORBIDDEN_RE.search(name) or name == MANIFEST:
        raise JianbaoError(f"no page can have the path {name!r}", path=str(out))
    if name in taken:
        raise JianbaoError(
            "two pages have this path",
            path=str(out / name),
            hint="Give one of them another id or slug.",
        )


def _write_below(new: Path, name: str, data: bytes, out: Path, made: set[str]) -> None:
    """Write a new file; `made` are the folders that are there. Paths are plain strings: a site has 100,000 of them."""
    path = f"{new}/{name}"
    try:
        _make_folders(path.rpartition("/")[0], made)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        _write_and_close(os.open(path, flags, FILE_MODE), data)
    except OSError as error:
        raise _as_sentence(error, out / name) from error


def _make_folders(folder: str, made: set[str]) -> None:
    if folder not in made:
        _make_folders(folder.rpartition("/")[0], made)
        os.mkdir(folder)  # noqa: PTH102
        os.chmod(folder, FOLDER_MODE)  # noqa: PTH101
        made.add(folder)


def _write_and_close(descriptor: int, data: bytes, *, sync: bool = False) -> None:
    try:
        os.fchmod(descriptor, FILE_MODE)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(new: Path, out: Path) -> None:
    if not out.exists():
        new.rename(out)
    elif not _exchange(new, out):
        _replace_in_two_steps(new, out)


def _renameat2() -> Callable[..., int] | None:
    """The system call that can exchange two names: Linux has it, others do not."""
    function = getattr(ctypes.CDLL(None), "renameat2", None)
    if function is None:
        return None
    name = ctypes.c_char_p
    function.argtypes = (ctypes.c_int, name, ctypes.c_int, name, ctypes.c_uint)
    call: Callable[..., int] = function
    return call


RENAMEAT2 = _renameat2()
AT_FDCWD = -100  # <fcntl.h>: relative paths count from the current folder
RENAME_EXCHANGE = 2  # <linux/fs.h>


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the file system cannot."""
    if RENAMEAT2 is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    return RENAMEAT2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0


def _replace_in_two_steps(new: Path, out: Path) -> None:
    """As near as one comes without an exchange: killed in between, `recover` puts the old one back."""
    old = _set_aside(out)
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


# --- one at a time -------------------------------------------------------------------------------


HELD: set[int] = set()  # the lock files this process has open


def _let_go() -> None:
    """A forked child must not keep a lock alive when the build it belongs to is killed."""
    for descriptor in HELD:
        os.close(descriptor)
    HELD.clear()


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for oneself; the lock `.NAME.lock` stands beside it and dies with its process.

    Raises:
        BusyError: somebody else holds it.
    """
    place = folder.resolve()
    path = _lock_of(place)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _take_lock(path, folder)
    HELD.add(descriptor)
    try:
        yield
    finally:
        with suppress(OSError):  # one that stays is taken by the next build
            path.unlink()
        HELD.discard(descriptor)
        os.close(descriptor)


def _lock_of(place: Path) -> Path:
    return place.with_name(f".{place.name}.lock")


def _take_lock(path: Path, folder: Path) -> int:
    """The open lock file, ours. One that its owner removed while we waited at it is no lock."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same_file(descriptor, path):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
                return descriptor
        except BlockingIOError as error:
            owner = os.read(descriptor, 20).decode("ascii", "replace").strip()  # a pid is shorter
            os.close(descriptor)
            raise BusyError(
                f"another build (pid {owner or 'unknown'}) is running",
                path=str(folder),
                hint="Wait until it is done, or end it; nothing was changed.",
            ) from error
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


# --- a single file -------------------------------------------------------------------------------


def write_atomically(path: Path, data: bytes) -> bool:
    """Make a file hold these bytes, on the disk when this returns; False when it did already.

    Killed in between, it leaves `.NAME.new-XXXXXXXX`, which `recover` of the folder removes.

    Raises:
        JianbaoError: it cannot be written, or is no plain file. What stood there is unharmed.
    """
    with _told(path):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise JianbaoError(
                "is no plain file",
                path=str(path),
                hint="Move it out of the way; it is not followed.",
            )
        if path.exists() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.new-", dir=path.parent)
        try:
            _write_and_close(descriptor, data, sync=True)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    return True


def remove(path: Path) -> None:
    """Have a file be there no more.

    Raises:
        JianbaoError: it cannot be removed.
    """
    with _told(path):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the disk know the new name as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what the system says as a sentence about `path`."""
    try:
        yield
    except OSError as error:
        raise _as_sentence(error, path) from error


def _as_sentence(error: OSError, path: Path) -> JianbaoError:
    return JianbaoError(
        f"cannot be written: {error.strerror or error}",
        path=str(path),
        hint=HINTS.get(error.errno or 0, ""),
    )
