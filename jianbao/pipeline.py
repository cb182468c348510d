"""The pipeline: the only floor that touches folders. `convert` fills content/, `build` fills site/.

Both gather everything first and write last. One bad file never stops the others: what is wrong with it is in the report.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from jianbao import content, convert, publish
from jianbao.config import Config, Known, load_config, load_known
from jianbao.corrections import Outcome, reconcile
from jianbao.errors import ConfigError, JianbaoError
from jianbao.models import Article, Ledger, Source
from jianbao.review import Item, find_items
from jianbao.shelf import LEDGER, Shelf
from jianbao.slugs import unique_slugs, with_suffix
from jianbao.swap import locked, publish_folder

SIDECAR_SUFFIX = ".yaml"
FOLDER_SIDECAR = "_.yaml"
MESSAGE_LENGTH = 60  # characters of each version in the message about a conflict
# Where this program's own templates and assets stand; a theme's come before them.
HOME = Path(__file__).resolve().parent.parent
LUNR = Path("node_modules/lunr/lunr.min.js")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an archive stands."""

    config: Path
    sources: Path
    content: Path
    site: Path


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, for the summary and for `--json`."""

    files: int = 0
    articles: int = 0
    repairs: int = 0
    doubts: int = 0
    conflicts: int = 0
    pages: int = 0
    seconds: float = 0.0
    errors: tuple[JianbaoError, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: Report) -> Report:
        """Two runs, one after the other; counts of the later one win where both counted."""
        return Report(
            files=other.files or self.files,
            articles=other.articles or self.articles,
            repairs=self.repairs + other.repairs,
            doubts=self.doubts + other.doubts,
            conflicts=self.conflicts + other.conflicts,
            pages=other.pages or self.pages,
            seconds=self.seconds + other.seconds,
            errors=self.errors + other.errors,
            notes=self.notes + other.notes,
        )


def read_config(path: Path, *, base_url: str | None = None) -> Config:
    """The settings, with the public address that the command line names; without a `config.yaml`, the defaults.

    Raises:
        ConfigError: the file cannot be what was meant.
    """
    config = load_config(_read_text(path), path=str(path)) if path.exists() else Config()
    if base_url is None:
        return config
    given = load_config(f"base_url: {json.dumps(base_url)}", path="--base-url")
    return replace(config, base_url=given.base_url)


# --- sources/ → content/ -------------------------------------------------------------------------


def convert_sources(config: Config, folders: Folders) -> Report:
    """Convert every source whose outcome has changed; a file that a person has edited is left as it is.

    Raises:
        ConfigError: there is no folder of sources.
        BusyError: another run is writing to content/.
    """
    started = time.perf_counter()
    if not folders.sources.is_dir():
        raise ConfigError(
            "there is no such folder",
            path=str(folders.sources),
            hint="Put the newspaper pages there, or name another folder with --sources.",
        )
    paths = list(_source_files(folders.sources))
    shelf = Shelf(folders.content)
    errors: list[JianbaoError] = []
    reports: list[Report] = []
    with locked(folders.content):
        shelf.recover()
        slugs, lost = _folders_of(paths, folders.sources, shelf)
        for path in paths:
            try:
                conversion, outcome = _plan(folders, config, shelf, path, slugs[path])
                shelf.write(slugs[path], outcome)
                reports.append(_report(folders.content, conversion, outcome))
            except JianbaoError as error:
                errors.append(_below(error, folders.sources))
    notes = [
        f"{folders.content / slug}: its source {folders.sources / file} is gone; its articles stay"
        for file, slug in lost.items()
    ]
    return Report(
        files=len(paths),
        articles=sum(one.articles for one in reports),
        repairs=sum(one.repairs for one in reports),
        doubts=sum(one.doubts for one in reports),
        conflicts=sum(one.conflicts for one in reports),
        seconds=time.perf_counter() - started,
        errors=tuple(errors),
        notes=(*(note for one in reports for note in one.notes), *notes),
    )


def _plan(
    folders: Folders, config: Config, shelf: Shelf, path: str, slug: str
) -> tuple[convert.Conversion, Outcome]:
    """What a source is converted to, and what is to stand in its folder; nothing is written."""
    raw = _read_source_bytes(folders.sources / path, config.max_source_mb)
    known = _known(folders.sources, path, config)
    conversion = convert.convert_source(raw, path, slug, known, config)
    return conversion, reconcile(shelf.standing(slug, path), conversion)


def _report(folder: Path, conversion: convert.Conversion, outcome: Outcome) -> Report:
    notes = [
        f"{folder / path}: {clash.where}: kept as corrected, {_short(clash.ours)}; the conversion says {_short(clash.theirs)}"
        for path, clash in outcome.clashes
    ]
    notes += [
        f"{folder / path}: deleted by hand and stays so; the conversion of it has changed"
        for path in outcome.stay_deleted
    ]
    return Report(
        articles=len(conversion.articles),
        repairs=len(outcome.ledger.repairs),
        doubts=len(outcome.ledger.doubts),
        conflicts=len(outcome.clashes),
        notes=tuple(notes),
    )


def _short(text: str) -> str:
    """What a person or the conversion wrote, for a message.

    >>> _short("title: 渡口\\n"), _short("")
    ('“title: 渡口”', 'nothing')
    """
    line = " ".join(text.split())
    return f"“{line[:MESSAGE_LENGTH]}{'…' * (len(line) > MESSAGE_LENGTH)}”" if line else "nothing"


def _source_files(folder: Path) -> Iterator[str]:
    """The sources, as paths relative to the folder, in an order that no file system decides.

    Sidecars and hidden files are none; what is no plain file is not opened.
    """
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        relative = path.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts):
            continue
        if path.suffix == SIDECAR_SUFFIX or path.is_symlink() or not path.is_file():
            continue
        yield relative.as_posix()


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


def _folders_of(
    paths: Sequence[str], sources: Path, shelf: Shelf
) -> tuple[dict[str, str], dict[str, str]]:
    """Source → its folder of `content/`; and the same for sources that are gone.

    A source whose file was renamed or moved keeps its folder: its bytes tell which it is.
    """
    ledgers = {str(head["file"]): (slug, head.get("sha256")) for slug, head in shelf.ledgers()}
    lost = {file: ledgers[file] for file in ledgers.keys() - set(paths)}
    in_use = {file: slug for file, (slug, _) in ledgers.items() if file not in lost}
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


def _read_source_bytes(path: Path, max_mb: int) -> bytes:
    with _readable(path):
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise JianbaoError(
                f"has {size / 1_000_000:.0f} MB, more than {max_mb}",
                path=str(path),
                hint="Raise max_source_mb in config.yaml, or split the file.",
            )
        return path.read_bytes()


def _known(sources: Path, path: str, config: Config) -> Known:
    """What is stated of a source: by a path pattern, by the sidecar of a folder, by its own; the later wins."""
    stated = {key: value for key, value in known_by_path(path, config.paths).items() if value}
    place = PurePosixPath(path)
    sidecars = [sources / parent / FOLDER_SIDECAR for parent in reversed(place.parents)]
    for sidecar in [*sidecars, sources / f"{path}{SIDECAR_SUFFIX}"]:
        if sidecar.is_file() and not sidecar.is_symlink():
            known = load_known(_read_text(sidecar), path=str(sidecar))
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


# --- content/ → site/ ----------------------------------------------------------------------------


def build_site(config: Config, folders: Folders) -> Report:
    """Build the whole site aside and put it in place in one step.

    Articles that cannot be read are told and left out; all others are published.

    Raises:
        ConfigError: there is no content, or `site` is no place for a site.
        BusyError: another build is running.
        JianbaoError: a template is wrong, or the site cannot be written.
    """
    started = time.perf_counter()
    _require_content(folders)
    errors: list[JianbaoError] = []
    articles = _load_articles(folders.content, errors)
    sources = _load_sources(folders, config, errors)
    files = publish.make_site(
        config,
        [article for article in articles if article.publish],
        sources,
        templates=_templates(config, folders),
        assets=_load_assets(config, folders),
    )
    pages = 0

    def counted() -> Iterator[tuple[str, bytes]]:
        nonlocal pages
        for name, data in files:
            pages += name.endswith(".html")
            yield name, data
        yield ".nojekyll", b""

    publish_folder(folders.site, counted(), keep=[folders.content, folders.sources])
    return Report(
        files=len(sources),
        articles=sum(article.publish for article in articles),
        pages=pages,
        seconds=time.perf_counter() - started,
        errors=tuple(errors),
    )


def _require_content(folders: Folders) -> None:
    if not folders.content.is_dir():
        raise ConfigError(
            "there is no such folder",
            path=str(folders.content),
            hint="Run `python build.py convert` first, or name another folder with --content.",
        )


def _load_articles(folder: Path, errors: list[JianbaoError]) -> list[Article]:
    """All articles of content/ in the order of their ids; what is wrong goes to `errors`."""
    return [article for article, _ in _articles_in(folder, errors)]


def _articles_in(folder: Path, errors: list[JianbaoError]) -> list[tuple[Article, Path]]:
    """The same, each with its file."""
    found: dict[str, tuple[Article, Path]] = {}
    for path in sorted(folder.rglob("*.md")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            article = content.load(_read_text(path), path=str(path))
            if article.id in found:
                raise JianbaoError(
                    f"the id {article.id!r} stands in {found[article.id][1]} too",
                    path=str(path),
                    hint="Give one of the two articles another id.",
                )
            found[article.id] = (article, path)
        except JianbaoError as error:
            errors.append(error)
    return [found[key] for key in sorted(found)]


def _load_sources(
    folders: Folders, config: Config, errors: list[JianbaoError]
) -> list[publish.SourceText]:
    """Every ledger with the text of its source, as far as the file is still there and the same."""
    loaded = []
    for path in sorted(folders.content.glob(f"*/{LEDGER}")):
        try:
            ledger = content.load_ledger(_read_text(path), path=str(path))
            source = _source_of(folders.sources, ledger, config)
            text = source.text if source else None
            loaded.append(publish.SourceText(path.parent.name, ledger, text))
        except JianbaoError as error:
            errors.append(error)
    return loaded


def _source_of(sources: Path, ledger: Ledger, config: Config) -> Source | None:
    """The decoded source of a ledger; None when the file is gone or another one."""
    path = sources / ledger.file
    if not path.resolve().is_relative_to(sources.resolve()) or not path.is_file():
        return None
    raw = _read_source_bytes(path, config.max_source_mb)
    source, _ = convert.read_source(raw, ledger.file, encoding=ledger.encoding)
    return source if source.sha256 == ledger.sha256 else None


# --- content/ → the review desk ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Review:
    """What needs a person, and the archive that it is about."""

    items: tuple[Item, ...] = ()
    articles: tuple[Article, ...] = ()
    sources: tuple[publish.SourceText, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)  # an article's id → its file
    errors: tuple[JianbaoError, ...] = ()


def load_review(config: Config, folders: Folders) -> Review:
    """Everything that a person should look at, as content/ stands; nothing is written.

    Raises:
        ConfigError: there is no content/.
    """
    _require_content(folders)
    errors: list[JianbaoError] = []
    files = _articles_in(folders.content, errors)
    sources = _load_sources(folders, config, errors)
    articles = tuple(article for article, _ in files)
    return Review(
        items=find_items(articles, [(one.ledger, one.text) for one in sources]),
        articles=articles,
        sources=tuple(sources),
        paths={article.id: str(path) for article, path in files},
        errors=tuple(errors),
    )


def open_desk(config: Config, folders: Folders, *, day: str) -> Callable[[str], bytes | None]:
    """The review desk as content/ stands: from a path to the bytes of its file, None where there is none.

    `day` is what is proposed for `reviewed:`.

    Raises:
        JianbaoError: there is no content/; from the function, when a template is wrong.
    """
    review = load_review(config, folders)
    return publish.make_desk(
        config,
        [article for article in review.articles if article.publish],
        review.sources,
        review.items,
        review.paths,
        day=day,
        templates=_templates(config, folders),
        assets=_load_assets(config, folders),
    )


# --- templates and assets ------------------------------------------------------------------------


def _templates(config: Config, folders: Folders) -> list[Path]:
    """Where templates are looked for, in this order."""
    return [*_theme(config, folders, "templates"), _own("templates", folders)]


def _load_assets(config: Config, folders: Folders) -> dict[str, bytes]:
    """Name → bytes of all assets: ours, the theme's over them, and lunr.js from its package."""
    assets: dict[str, bytes] = {}
    for folder in [_own("assets", folders), *_theme(config, folders, "assets")]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                assets[path.relative_to(folder).as_posix()] = path.read_bytes()
    lunr = HOME / LUNR
    if not lunr.is_file():
        raise ConfigError(
            "lunr.js is not installed", path=str(LUNR), hint="Run `make setup` (or `npm ci`)."
        )
    return assets | {"lunr.min.js": lunr.read_bytes()}


def _own(name: str, folders: Folders) -> Path:
    """A folder of the archive, or the program's own where the archive has none."""
    beside = folders.config.parent / name
    return beside if beside.is_dir() else HOME / name


def _theme(config: Config, folders: Folders, name: str) -> list[Path]:
    if config.theme is None:
        return []
    folder = folders.config.parent / config.theme
    if not folder.is_dir():
        raise ConfigError(
            f"the theme {config.theme!r} is no folder",
            path=str(folders.config),
            hint="theme: names a folder that holds templates/ or assets/.",
        )
    return [folder / name] if (folder / name).is_dir() else []


# --- files ---------------------------------------------------------------------------------------


def _read_text(path: Path) -> str:
    with _readable(path):
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise JianbaoError(
                "is not UTF-8", path=str(path), line=line, hint="Save the file as UTF-8."
            ) from error


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """An operating system's refusal as a sentence."""
    try:
        yield
    except OSError as error:
        raise JianbaoError(
            f"cannot be read: {error.strerror}",
            path=str(path),
            hint="See whether the file is there and may be read.",
        ) from error


def _below(error: JianbaoError, folder: Path) -> JianbaoError:
    """An error of a source with its path as the person knows it."""
    if error.path is None or Path(error.path).is_relative_to(folder):
        return error
    return type(error)(
        error.message, path=str(folder / error.path), line=error.line, hint=error.hint
    )
