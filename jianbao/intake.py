"""The intake: the folder `sources/`: which files there are, what is stated of each, and which folder of `content/` it has.

Nothing is ever written here.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from jianbao.config import Config, Known, load_known
from jianbao.errors import ConfigError, JianbaoError
from jianbao.slugs import unique_slugs, with_suffix
from jianbao.yaml_guard import without_controls

SIDECAR_SUFFIX = ".yaml"
FOLDER_SIDECAR = "_.yaml"
# What browsers add to a page's name for the folder of its pictures and styles; how pages end.
BESIDE = ("_files", ".files")
PAGES = (".html", ".htm")


def source_files(folder: Path) -> Iterator[str]:
    """The sources, as paths relative to the folder, in an order that no file system decides.

    Sidecars and hidden files are none, nor are the pictures and styles that a browser saves beside a page; what is no plain file
    is not opened.
    """
    for path in _shown_below(folder):
        if path.suffix != SIDECAR_SUFFIX and is_plain_file(path):
            yield path.relative_to(folder).as_posix()


def set_aside(folder: Path) -> Iterator[str]:
    """What lies among the sources and is not opened: links, pipes, sockets and devices."""
    for path in _shown_below(folder):
        if path.is_symlink() or not (path.is_dir() or is_plain_file(path)):
            yield path.relative_to(folder).as_posix()


def _shown_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if not any(_belongs_to_page(one) for one in path.parents if folder in one.parents):
            yield path


def is_plain_file(path: Path) -> bool:
    """Whether a file can be read without going elsewhere or waiting for anybody; a name that is too long has none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def check_name(sources: Path, path: str) -> None:
    """Refuse a source whose name a ledger could not hold: it would not be found again.

    Raises:
        JianbaoError: its name is no UTF-8, or has control characters.
    """
    if without_controls(path) != path:
        raise JianbaoError(
            "the name has bytes that are no character, or a control character",
            path=str(sources / path),
            hint="Rename the file.",
        )


def _belongs_to_page(folder: Path) -> bool:
    """Whether a browser made a folder beside a page that it saved: `page_files` beside `page.html`."""
    name = next((folder.name.removesuffix(end) for end in BESIDE if folder.name.endswith(end)), "")
    return bool(name) and any((folder.parent / f"{name}{end}").is_file() for end in PAGES)


def source_slugs(paths: Sequence[str], in_use: Mapping[str, str]) -> dict[str, str]:
    """Source → the folder of `content/` it has, or will have. Addresses hang on it, so one that is in use stays.

    A new one is made from the path without its ending; where two sources differ in nothing else, from the whole path.

    >>> source_slugs(["a.md", "a.txt", "b.txt"], {"a.txt": "a"})
    {'a.md': 'a-md', 'a.txt': 'a', 'b.txt': 'b'}
    """
    stems = Counter(str(PurePosixPath(path).with_suffix("")) for path in paths)
    names = {
        path: stem if stems[stem := str(PurePosixPath(path).with_suffix(""))] == 1 else path
        for path in paths
    }
    fresh = unique_slugs(names[path] for path in paths if path not in in_use)
    taken = set(in_use.values())
    slugs = {}
    for path in paths:
        slug = in_use.get(path) or fresh[names[path]]
        while path not in in_use and slug in taken:
            slug = with_suffix(slug, path)
        slugs[path] = slug
        taken.add(slug)
    return slugs


def folders_of(
    paths: Sequence[str], sources: Path, ledgers: Iterable[tuple[str, Mapping[str, object]]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Source → its folder of `content/`; and the same for sources that are gone. `ledgers` are folders with what `Shelf` says.

    A source whose file was renamed or moved keeps its folder: its bytes tell which it is.
    """
    known = {str(head["file"]): (slug, head.get("sha256")) for slug, head in ledgers}
    lost = {file: known[file] for file in known.keys() - set(paths)}
    in_use = {file: slug for file, (slug, _) in known.items() if file not in lost}
    for path in paths if lost else ():
        if path not in in_use:
            digest = _digest_of(sources / path)
            was = next(
                (file for file, (_, sha256) in sorted(lost.items()) if sha256 == digest), None
            )
            if was is not None:
                in_use[path] = lost.pop(was)[0]
    gone = {file: slug for file, (slug, _) in sorted(lost.items())}
    taken = in_use | {f"\0{file}": slug for file, slug in gone.items()}
    return source_slugs(paths, taken), gone


def _digest_of(path: Path) -> str | None:
    """The SHA-256 of a file, None where it cannot be read: that is told when it is converted."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read_bytes(path: Path, max_mb: int) -> bytes:
    with _told(path):
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise JianbaoError(
                f"has {size / 1_000_000:.0f} MB, more than {max_mb}",
                path=str(path),
                hint="Raise max_source_mb in config.yaml, or split the file.",
            )
        return path.read_bytes()


def known_of(sources: Path, path: str, config: Config) -> Known:
    """What is stated of a source: by a path pattern, by the sidecar of a folder, by its own; the later wins."""
    stated = {key: value for key, value in known_by_path(path, config.paths).items() if value}
    place = PurePosixPath(path)
    sidecars = [sources / parent / FOLDER_SIDECAR for parent in reversed(place.parents)]
    for sidecar in [*sidecars, sources / f"{path}{SIDECAR_SUFFIX}"]:
        if is_plain_file(sidecar):
            known = load_known(read_text(sidecar), path=str(sidecar))
            stated |= {
                key: value for key in Known.__slots__ if (value := getattr(known, key)) is not None
            }
    return Known(**stated)


def known_by_path(path: str, patterns: Iterable[str]) -> dict[str, str]:
    """What the first fitting pattern of `paths:` says of a source.

    >>> known_by_path("临河日报/2020-06-18/A3.txt", ["{publication}/{date}/{page}.txt"])
    {'publication': '临河日报', 'date': '2020-06-18', 'page': 'A3'}
    """
    for pattern in patterns:
        parts = re.split(r"\{(\w+)\}", pattern)
        regex = "".join(
            f"(?P<{part}>[^/]+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
        )
        if found := re.fullmatch(regex, path):
            with suppress(ConfigError):  # the same shape by chance: 保密网 is no date
                known = load_known(json.dumps(found.groupdict(), ensure_ascii=False), path=path)
                return {key: getattr(known, key) for key in found.groupdict()}
    return {}


def read_text(path: Path, *, follow: bool = False) -> str:
    """The text of a file in UTF-8; a link is followed only where that is asked for.

    Raises:
        JianbaoError: it is no plain file, cannot be read, or is not UTF-8.
    """
    with _told(path):
        if not stat.S_ISREG((path.stat() if follow else path.lstat()).st_mode):
            raise JianbaoError(
                "is no plain file",
                path=str(path),
                hint="Links are not followed: put the file itself there.",
            )
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise JianbaoError(
                "is not UTF-8", path=str(path), line=line, hint="Save the file as UTF-8."
            ) from error


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """An operating system's refusal as a sentence."""
    try:
        yield
    except OSError as error:
        raise JianbaoError(
            f"cannot be read: {error.strerror}",
            path=str(path),
            hint="See whether the file is there and may be read.",
        ) from error
