"""A folder is exchanged whole or not at all: killed, out of disk, in company, in the wrong place."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import itertools
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest

from jianbao import swap
from jianbao.errors import BusyError, ConfigError, JianbaoError
from jianbao.swap import (
    MANIFEST,
    locked,
    publish_folder,
    read_manifest,
    recover,
    write_atomically,
)

ROOT = Path(__file__).parent.parent
OLD = [("index.html", "旧".encode()), ("articles/a-01/index.html", "旧的一篇".encode())]
NEW = [("index.html", "新".encode()), ("topics/x/index.html", "新的专题".encode())]

# The calls that reach for the disk, in `publish_folder` and `write_atomically`.
DISK_CALLS = ("open", "write", "fsync", "fchmod", "chmod", "mkdir", "rename", "replace")


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a published folder but the manifest."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def beside(folder: Path) -> list[str]:
    """What stands next to a folder: nothing, once the dust has settled."""
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    out = tmp_path / "home" / "site"
    publish_folder(out, OLD)
    return out


# --- places that are refused ---------------------------------------------------------------------


def test_S10_a_link_is_no_place_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "else")
    with pytest.raises(ConfigError, match="symbolic link"):
        publish_folder(tmp_path / "site", NEW)
    assert tree(tmp_path / "else") == {}


@pytest.mark.parametrize("place", [Path("/"), Path.home(), Path.home().parent, Path(), Path("..")])
def test_S10_the_root_the_home_and_the_project_are_never_replaced(place: Path) -> None:
    with pytest.raises(ConfigError):
        publish_folder(place, NEW)


@pytest.mark.parametrize("place", ["archive", "archive/content", "archive/content/site"])
def test_S10_a_site_stays_clear_of_what_it_is_made_from(tmp_path: Path, place: str) -> None:
    content = tmp_path / "archive" / "content"
    content.mkdir(parents=True)
    with pytest.raises(ConfigError, match="content"):
        publish_folder(tmp_path / place, NEW, keep=[content])
    assert tree(tmp_path) == {}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("一封信", encoding="utf-8")
    with pytest.raises(ConfigError, match="not a folder"):
        publish_folder(tmp_path / "site", NEW)


def test_R12_a_folder_with_somebodys_work_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "论文.docx").write_bytes(b"\0")
    with pytest.raises(ConfigError, match=r"论文\.docx"):
        publish_folder(tmp_path / "site", NEW)
    assert tree(tmp_path / "site") == {"论文.docx": b"\0"}
    assert beside(tmp_path / "site") == []


@pytest.mark.parametrize("stranger", ["CNAME", "articles/a-01/照片.jpg"])
def test_R12_nor_is_a_site_with_one_file_of_somebodys_own(site: Path, stranger: str) -> None:
    (site / stranger).write_bytes(b"own")
    with pytest.raises(ConfigError, match=stranger.rpartition("/")[2]):
        publish_folder(site, NEW)
    assert (site / stranger).read_bytes() == b"own"
    assert dict(OLD).items() <= tree(site).items()


def test_a_stray_link_in_the_site_is_somebodys_own(site: Path, tmp_path: Path) -> None:
    (site / "extra").symlink_to(tmp_path)
    with pytest.raises(ConfigError, match="extra"):
        publish_folder(site, NEW)


@pytest.mark.parametrize(
    "name",
    ["", "/etc/x", "../x", "a/../../x", "a//x", "./x", "a/", "a\\x", "a\0x", "a\nx", "\ud800", MANIFEST],
)  # fmt: skip
def test_S9_a_path_that_leaves_the_site_is_refused(site: Path, name: str) -> None:
    with pytest.raises(JianbaoError, match="no page can have the path"):
        publish_folder(site, [*NEW, (name, b"")])
    assert tree(site) == dict(OLD)
    assert beside(site) == []


def test_R12_two_pages_with_one_path_are_told(site: Path) -> None:
    with pytest.raises(JianbaoError, match="two pages"):
        publish_folder(site, [*NEW, NEW[0]])
    assert tree(site) == dict(OLD)


# --- publishing ----------------------------------------------------------------------------------


def test_the_first_site(tmp_path: Path) -> None:
    out = tmp_path / "not" / "yet" / "site"
    assert publish_folder(out, NEW) == 2
    assert tree(out) == dict(NEW)
    assert beside(out) == []


def test_an_error_names_the_place_as_the_person_did(tmp_path: Path) -> None:
    out = Path(os.path.relpath(tmp_path / "site"))
    publish_folder(out, OLD)
    with pytest.raises(JianbaoError) as caught:
        publish_folder(out, [("a", b""), ("a/b", b"")])
    assert caught.value.path == str(out / "a" / "b")
    assert not out.is_absolute()
    assert tree(out) == dict(OLD)


def test_a_folder_without_a_name_of_its_own_can_be_locked(tmp_path: Path) -> None:
    (tmp_path / "archive" / "content").mkdir(parents=True)
    with locked(tmp_path / "archive" / "content" / ".."):
        assert beside(tmp_path / "archive") == [".archive.lock"]
        recover(tmp_path / "archive" / "content" / "..")


def test_an_empty_folder_and_the_litter_of_a_file_manager_are_nobodys_work(tmp_path: Path) -> None:
    (tmp_path / "site" / "empty").mkdir(parents=True)
    (tmp_path / "site" / ".DS_Store").write_bytes(b"\0")
    publish_folder(tmp_path / "site", NEW)
    assert tree(tmp_path / "site") == dict(NEW)


@pytest.mark.parametrize("can_exchange", [True, False])
def test_R7_stale_pages_vanish(
    site: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(swap, "RENAMEAT2", None)
    publish_folder(site, NEW)
    assert tree(site) == dict(NEW)
    assert beside(site) == []


def test_where_the_system_can_exchange_there_is_no_moment_without_a_site(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_second_way(new: Path, out: Path) -> None:
        assert swap.RENAMEAT2 is None, "there was a moment without a site"

    monkeypatch.setattr(swap, "_replace_in_two_steps", no_second_way)
    publish_folder(site, NEW)


def test_R5_the_manifest_can_be_checked_and_does_not_depend_on_order(site: Path) -> None:
    first = (site / MANIFEST).read_bytes()
    publish_folder(site, reversed(OLD))
    assert (site / MANIFEST).read_bytes() == first
    assert list(read_manifest(site)) == sorted(dict(OLD))
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", MANIFEST], cwd=site, check=True)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_everybody_may_read_a_site_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        publish_folder(tmp_path / "site", OLD)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("site/**/*.html")}
    folders = [tmp_path / "site", *(tmp_path / "site").glob("**/")]
    assert modes == {0o644}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o755}


def test_a_page_that_cannot_be_made_leaves_the_old_site(site: Path) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield NEW[0]
        raise JianbaoError("the template is broken", path="templates/article.html", line=3)

    with pytest.raises(JianbaoError, match="the template is broken"):
        publish_folder(site, files())
    assert tree(site) == dict(OLD)
    assert beside(site) == []


# --- a disk that fails ---------------------------------------------------------------------------


class FailingDisk:
    """Lets the first `sound` calls to the disk pass; the next says that the disk is full."""

    def __init__(self, sound: int) -> None:
        self.calls, self.sound = 0, sound
        self.patch = pytest.MonkeyPatch()

    def __enter__(self) -> Self:
        for name in DISK_CALLS:
            self.patch.setattr(os, name, self.failing(getattr(os, name)))
        return self

    def __exit__(self, *_: object) -> None:
        self.patch.undo()

    def failing(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            self.calls += 1
            if self.calls == self.sound + 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **kwargs)

        return call


def failures(action: Callable[[], object]) -> Iterator[JianbaoError | None]:
    """Do something again and again, each time with the next call to the disk failing.

    Gives the error it ended with, or None where it could do without that call; ends with the
    first time that no call fails.
    """
    for sound in itertools.count():
        error = None
        with FailingDisk(sound) as disk:
            try:
                action()
            except JianbaoError as told:
                error = told
        if disk.calls <= sound:
            assert error is None
            return
        yield error


@pytest.mark.parametrize("can_exchange", [True, False])
def test_R2_whichever_call_fails_the_site_is_whole_and_the_place_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(swap, "RENAMEAT2", None)
    site = tmp_path / "site"
    publish_folder(site, OLD)
    told = 0
    for error in failures(lambda: publish_folder(site, NEW)):
        if error is None:  # only the old site could not be removed
            assert tree(site) == dict(NEW)
        else:
            told += 1
            assert_says_where(error, tmp_path)
            assert tree(site) == dict(OLD)
            assert set(beside(site)) <= {".site.lock"}
        publish_folder(site, OLD)
        assert tree(site) == dict(OLD)
        assert beside(site) == []
    assert told > 15
    assert tree(site) == dict(NEW)


def assert_says_where(error: JianbaoError, below: Path) -> None:
    assert "No space left" in error.message
    assert "Make room" in error.hint
    assert error.path is not None
    assert Path(error.path).is_relative_to(below)
    assert ".new-" not in error.path


def test_R2_whichever_call_fails_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "01.md"
    path.write_bytes(b"old")
    told = 0
    for error in failures(lambda: write_atomically(path, b"new")):
        if error is None:  # only the folder, which was there, could not be made
            assert path.read_bytes() == b"new"
        else:
            told += 1
            assert_says_where(error, tmp_path)
            assert path.read_bytes() in (b"old", b"new")
        assert beside(path) == []
        path.write_bytes(b"old")
    assert told > 5


def test_R2_a_full_disk_that_is_real(tmp_path: Path) -> None:
    """The system itself refuses: files may not grow beyond 100,000 bytes in this process."""
    program = (
        "import resource, sys; from pathlib import Path; from jianbao.swap import publish_folder\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from jianbao.errors import JianbaoError\n"
        "try: publish_folder(Path(sys.argv[1]), [('big.json', bytes(200_000))])\n"
        "except JianbaoError as error: print(error.told())\n"
    )
    publish_folder(tmp_path / "site", OLD)
    done = run_python(program, tmp_path / "site")
    assert f"error: {tmp_path}/site/big.json: cannot be written: File too large" in done.stdout
    assert tree(tmp_path / "site") == dict(OLD)
    assert beside(tmp_path / "site") == []


def run_python(program: str, *args: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, args)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip


# --- a build that is killed (R1) -----------------------------------------------------------------

KILLS = 15  # of each kind

PUBLISH_FOR_EVER = """
import itertools, sys
from pathlib import Path
from jianbao import swap
if sys.argv[2] == "two steps":
    swap.RENAMEAT2 = None
for version in itertools.count(1):
    swap.publish_folder(
        Path(sys.argv[1]),
        ((f"pages/{page}.html", f"version {version}".encode() * 50) for page in range(40)),
    )
    if version == 2:
        print("under way", flush=True)
"""


def versions(site: Path) -> set[bytes]:
    return set(tree(site).values())


# 30 kills take 4 seconds on two cores; KILLS=200 of each kind were tried, and every site was whole.
@pytest.mark.parametrize("way", ["one step", "two steps"])
def test_R1_a_killed_build_leaves_one_whole_version(tmp_path: Path, way: str) -> None:
    chance = random.Random(2020)
    site = tmp_path / "site"
    for _ in range(KILLS):
        build = subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOR_EVER, str(site), way],
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert build.stdout is not None
        build.stdout.readline()
        time.sleep(chance.uniform(0, 0.03))
        build.kill()
        build.communicate()
        if way == "two steps":  # killed between the steps, the site returns with the next build
            with locked(site):
                recover(site)
        assert len(tree(site)) == 40
        assert len(versions(site)) == 1
        assert len(read_manifest(site)) == 40
    publish_folder(site, NEW)
    assert tree(site) == dict(NEW)
    assert beside(site) == []


def test_R1_the_next_build_puts_back_a_site_that_was_set_aside(site: Path) -> None:
    site.rename(site.with_name(".site.replaced"))
    (site.parent / ".site.new-abcd1234" / "articles").mkdir(parents=True)
    with locked(site):
        recover(site)
    assert tree(site) == dict(OLD)
    assert beside(site) == []


def test_recovering_leaves_alone_what_looks_alike(site: Path) -> None:
    for name in ("site.new-abcd1234", ".site.new-", ".sites.new-abcd1234", ".site.lock.d"):
        (site.parent / name).mkdir()
    names = beside(site)
    recover(site)
    assert beside(site) == names


def test_recovering_a_folder_removes_files_that_were_never_finished(tmp_path: Path) -> None:
    (tmp_path / "content" / "a").mkdir(parents=True)
    for name in (".01.md.new-k3_jx8q2", "01.md", ".hidden"):
        (tmp_path / "content" / "a" / name).write_bytes(b"")
    recover(tmp_path / "content")
    assert sorted(tree(tmp_path / "content")) == ["a/.hidden", "a/01.md"]


# --- two builds at once (R8) ---------------------------------------------------------------------


def test_R8_the_second_build_says_who_is_the_first(site: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from jianbao.swap import publish_folder\n"
        "from jianbao.errors import BusyError\n"
        "try: publish_folder(Path(sys.argv[1]), iter([]))\n"
        "except BusyError as error: print(error.told()); sys.exit(error.exit_code)\n"
    )
    with locked(site):
        second = subprocess.run(
            [sys.executable, "-c", program, str(site)],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert second.returncode == 75
    assert f"another build (pid {os.getpid()}) is running" in second.stdout
    assert tree(site) == dict(OLD)


def test_R8_the_files_of_a_second_build_are_not_even_made(site: Path) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        pytest.fail("the work was begun")
        yield "", b""

    with locked(site), pytest.raises(BusyError):
        publish_folder(site, files())


def test_R8_the_lock_of_a_dead_build_is_not_obeyed(site: Path) -> None:
    (site.parent / ".site.lock").write_text("999999\n", encoding="ascii")
    publish_folder(site, NEW)
    assert tree(site) == dict(NEW)
    assert beside(site) == []


BUILD_WITH_A_CHILD = """
import os, signal, sys
from pathlib import Path
from jianbao.swap import locked
with locked(Path(sys.argv[1])):
    if os.fork() == 0:
        print(os.getpid(), flush=True)
    signal.pause()
"""


def test_R8_a_child_that_outlives_its_build_does_not_keep_the_lock(site: Path) -> None:
    build = subprocess.Popen(
        [sys.executable, "-c", BUILD_WITH_A_CHILD, str(site)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert build.stdout is not None
    child = int(build.stdout.readline())
    try:
        with pytest.raises(BusyError, match=f"pid {build.pid}"):
            publish_folder(site, NEW)
        build.kill()
        build.wait()
        publish_folder(site, NEW)
    finally:
        os.kill(child, signal.SIGKILL)
        build.communicate()
    assert tree(site) == dict(NEW)


def test_a_lock_that_was_removed_while_we_took_it_is_none(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, path = fcntl.flock, site.parent / ".site.lock"

    def owner_ends_just_now(descriptor: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", real)
        path.unlink()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", owner_ends_just_now)
    with locked(site):
        assert path.read_text(encoding="ascii") == f"{os.getpid()}\n"
        with pytest.raises(BusyError):
            publish_folder(site, NEW)


# --- a single file -------------------------------------------------------------------------------


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a" / "01.md"
    assert write_atomically(path, b"one")
    before = path.stat()
    assert not write_atomically(path, b"one")
    after = path.stat()  # it was read, and a file system may note when
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert beside(path) == []


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_S10_what_is_no_plain_file_is_neither_followed_nor_replaced(
    tmp_path: Path, kind: str
) -> None:
    path, other = tmp_path / "01.md", tmp_path / "other.md"
    other.write_bytes(b"theirs")
    match kind:
        case "link":
            path.symlink_to(other)
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
    with pytest.raises(JianbaoError, match="no plain file"):
        write_atomically(path, b"ours")
    assert other.read_bytes() == b"theirs"
    assert beside(path) == ["other.md"]


# --- what is there, and what a build has left ------------------------------------------------------


def test_a_folder_that_is_not_ours_does_not_stand_as_we_wrote_it(tmp_path: Path) -> None:
    assert not swap.stands_as_written(tmp_path)


@pytest.mark.parametrize("most", [0, 5000])
def test_a_folder_stands_as_it_was_written_until_something_goes(
    site: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    assert swap.stands_as_written(site)
    shutil.rmtree(site / "articles" / "a-01")
    assert not swap.stands_as_written(site)


@pytest.mark.parametrize("most", [0, 5000])
def test_what_goes_takes_its_empty_folders_with_it(
    site: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(swap, "LINKED_AT_MOST", most)
    publish_folder(site, [*OLD, ("top.html", b"")])
    gone = frozenset({"top.html", "articles/a-01/index.html"})
    was, mark = read_manifest(site), swap.mark_of(site)
    assert swap.publish_changes(site, swap.Changes(was, mark, {"a.txt": b"1"}, {}, gone=gone))
    assert tree(site) == {"index.html": OLD[0][1], "a.txt": b"1"}
    assert sorted(path.name for path in site.iterdir()) == [MANIFEST, "a.txt", "index.html"]


def test_R1_what_a_build_has_left_is_cleared_up_even_where_there_is_nothing_to_do(
    site: Path,
) -> None:
    swap.clear_up(site)
    (site.parent / ".site.new-abcd1234").mkdir()
    (site.parent / ".site.lock").write_bytes(b"")
    swap.clear_up(site)
    assert beside(site) == []
    with locked(site), pytest.raises(BusyError):
        swap.clear_up(site)
    swap.clear_up(site.parent / "nowhere" / "site")


def test_a_file_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    swap.remove(tmp_path / "b")
    with pytest.raises(JianbaoError, match="cannot be written"):
        swap.remove(tmp_path / "a")


def test_a_system_without_an_exchange_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert swap._renameat2() is None


def test_R8_a_child_lets_go_of_what_its_parent_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    monkeypatch.setattr(swap, "HELD", {descriptor})
    swap._let_go()
    assert set() == swap.HELD
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
