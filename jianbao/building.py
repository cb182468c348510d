"""Building: content/ becomes site/, as a whole or, after an edit, as far as it depends on what was edited.

Everything is gathered first and written last. What is wrong with one article never stops the others.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jianbao import content
from jianbao.config import MANY_BYTES, MAX_BYTES, Config
from jianbao.crew import Crew, open_crew
from jianbao.errors import JianbaoError
from jianbao.intake import read_text
from jianbao.inventory import HOME
from jianbao.last_build import (
    LastBuild,
    Stamp,
    files_of,
    folder_of_templates,
    key_of,
    path_of_memory,
    read_memory,
    stamps_of,
    write_memory,
)
from jianbao.loading import (
    articles_in,
    files_for_the_host,
    load_assets,
    load_source,
    load_sources,
    require_content,
    templates_of,
)
from jianbao.models import Article
from jianbao.progress import SILENT, Progress
from jianbao.report import Folders, Report
from jianbao.shelf import LEDGER
from jianbao.swap import (
    Changes,
    Mark,
    clear_up,
    mark_of,
    publish_changes,
    publish_folder,
    read_manifest,
)

if TYPE_CHECKING:
    from jianbao import publish

HERE = Crew()  # this process alone


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the site as it stands: how it was made, and what it holds."""

    key: str
    last: LastBuild
    memory: publish.Memory
    digests: Mapping[str, str]  # path → SHA-256 of every file
    mark: Mark
    kept: publish.Kept


class Workbench:
    """What lies ready between two builds, for a process that builds again and again; it is put away when there is time."""

    def __init__(self) -> None:
        self.known: _Known | None = None
        self.is_written = True
        self.good: frozenset[str | None] = (
            frozenset()
        )  # files that could be read when the site was made

    def lay(self, known: _Known | None) -> None:
        self.known, self.is_written = known, False

    def key_of_site(self, folders: Folders) -> str | None:
        """The key of the site that stands there; None where nothing that lies here is of it."""
        known = self.known
        return known.key if known and known.mark == mark_of(folders.site) else None

    def take(self, folders: Folders, key: str) -> _Known | None:
        """What is known of the site, from here or from the last build's memory; here it lies no longer, as it may be changed now."""
        known, self.known = self.known, None
        if known and (known.key, known.mark) == (key, mark_of(folders.site)):
            return known
        return _recalled(folders, key)

    def put_away(self, folders: Folders) -> None:
        """Write what is known into the memory, for the next process."""
        from jianbao import publish

        known = self.known
        if known and not self.is_written and known.mark == mark_of(folders.site):
            path = path_of_memory(folders.config, folders.site)
            rows = known.last.as_json(folders.site)
            write_memory(path, publish.pack(known.memory, rows, known.key))
        self.is_written = True


def build_site(
    config: Config,
    folders: Folders,
    crew: Crew = HERE,
    progress: Progress = SILENT,
    workbench: Workbench | None = None,
    changed: Collection[str] | None = None,
) -> Report:
    """Build the site: after an edit what depends on it, else the whole site aside, which is put in place in one step.

    Articles that cannot be read are told and left out; all others are published. Who gives a `workbench` puts it away, and while one
    of the files that could be read before cannot be read, the site stays as it is. Who knows what has `changed` since the last build with
    it, and that it is nothing but these files below content/, spares looking at all the others.

    Raises:
        ConfigError: there is no content, or `site` is no place for a site.
        BusyError: another build is running.
        JianbaoError: a template is wrong, or the site cannot be written.
    """
    started = time.perf_counter()
    require_content(folders)
    clear_up(folders.site)
    bench = workbench or Workbench()
    standing = bench.key_of_site(folders) if changed is not None else None
    key = standing or _key(config, folders)
    looked_at = changed if standing else None
    report = _build_edits(config, folders, key, bench, looked_at) or _build_all(
        config, folders, key, bench, crew, progress
    )
    if workbench is None:
        bench.put_away(folders)
    return replace(report, seconds=time.perf_counter() - started)


def _build_all(
    config: Config, folders: Folders, key: str, bench: Workbench, crew: Crew, progress: Progress
) -> Report:
    """The whole site, and what is to be remembered of it."""
    from jianbao import publish

    stamps = stamps_of(folders.content, files_of(folders.content))
    errors: list[JianbaoError] = []
    loaded = articles_in(folders.content, errors)
    sources = load_sources(folders, config, errors, progress)
    if any(error.path in bench.good for error in errors):
        return Report(errors=tuple(errors), is_built=False)
    published = [(article, path, text) for article, path, text in loaded if article.publish]
    before = read_manifest(folders.site)
    kept: list[publish.Memory] = []
    size = 0

    def remembered(
        files: Generator[tuple[str, bytes], None, publish.Memory],
    ) -> Iterator[tuple[str, bytes]]:
        kept.append((yield from files))
        yield ".nojekyll", b""
        yield from files_for_the_host(folders).items()

    def weighed(files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        nonlocal size
        for name, data in files:
            size += len(data)
            yield name, data

    with open_crew(crew) as team:
        files = publish.make_site(
            config,
            [article for article, _, _ in published],
            sources,
            paths={article.id: _in_repository(folders, path) for article, path, _ in published},
            originals={article.id: text for article, _, text in published},
            templates=templates_of(config, folders),
            assets=load_assets(config, folders),
            compiled=folder_of_templates(folders.config, key),
            team=team,
            progress=progress,
        )
        written = weighed(remembered(files))
        publish_folder(folders.site, written, keep=[folders.content, folders.sources])
    mark, digests = mark_of(folders.site), read_manifest(folders.site)
    pages = sum(name.endswith(".html") for name in digests)
    ledgers = (str(folders.content / one.slug / LEDGER) for one in sources)
    bench.good = frozenset((*(str(path) for _, path, _ in loaded), *ledgers))
    if not errors:
        files_there = stamps_of(folders.sources, (one.file for one in sources))
        last = LastBuild(
            stamps,
            {one.file: files_there.get(one.file, []) for one in sources},
            {path.relative_to(folders.content).as_posix(): one.id for one, path, _ in loaded},
            [[one.slug, one.file] for one in sources],
            pages,
        )
        bench.lay(_Known(key, last, kept[0], digests, mark, publish.Kept()))
    return Report(
        files=len(sources),
        articles=len(published),
        pages=pages,
        written=len(digests.items() - before.items()),
        errors=tuple(errors),
        notes=tuple(_too_large(folders.site, size)),
    )


def _too_large(site: Path, size: int) -> Iterator[str]:
    """A word in time, while the host still takes the site."""
    if size >= MANY_BYTES:
        most = f"{MAX_BYTES / 1e9:.0f} GB"
        yield f"{site}: the site has {size / 1e6:,.0f} MB; GitHub Pages publishes up to {most}. docs/large-archives.md says what can be done."


def _in_repository(folders: Folders, path: Path) -> str:
    """The path of an article as the repository has it."""
    return f"content/{path.relative_to(folders.content).as_posix()}"


# --- after an edit -------------------------------------------------------------------------------


def _build_edits(
    config: Config, folders: Folders, key: str, bench: Workbench, changed: Collection[str] | None
) -> Report | None:
    """What depends on the articles that were edited since the last build; None when more has changed, or nothing is known of that build.
    Only `changed` files are looked at, if these are known.
    """
    from jianbao import publish

    if [folder.resolve() for folder in templates_of(config, folders)] != [HOME / "templates"]:
        return None  # what a theme shows of an article need not lead to it
    known = bench.take(folders, key)
    if not known:
        return None
    stamps, touched = _stamps_and_touched(folders, known.last, changed)
    if touched is None:
        return None
    read = partial(_read_from, folders.site, known.digests)
    before = publish.Before(known.memory, known.digests, read, known.kept)
    after, written = replace(known, last=replace(known.last, content=stamps)), 0
    try:
        found = _edited(folders, known.last, before, touched)
        if found is None:
            return None
        if found:
            remade = _remade(config, folders, key, known.last, before, found)
            changes = Changes(
                known.digests, known.mark, remade.files, remade.digests, remade.moved, remade.gone
            )
            keep = [folders.content, folders.sources]
            digests = publish_changes(folders.site, changes, keep=keep)
            if digests is None:
                return None
            written = len(remade.files)
            after = replace(
                after, memory=remade.memory, digests=digests, mark=mark_of(folders.site)
            )
    except LookupError:
        return None  # the site is not what is remembered of it
    bench.lay(after)
    last, heads = after.last, after.memory.heads
    return Report(files=len(last.sources), articles=len(heads), pages=last.pages, written=written)


def _stamps_and_touched(
    folders: Folders, last: LastBuild, changed: Collection[str] | None
) -> tuple[Mapping[str, Stamp], list[str] | None]:
    """The stamps of all files as they are, and the articles that may have been edited; None when more than that has changed."""
    if changed is None:
        stamps = stamps_of(folders.content, files_of(folders.content))
        return stamps, last.touched(stamps, folders.content, folders.sources)
    fresh = stamps_of(folders.content, changed)
    are_articles = len(fresh) == len(changed) and fresh.keys() <= last.ids.keys()
    return {**last.content, **fresh}, list(fresh) if are_articles else None


def _recalled(folders: Folders, key: str) -> _Known | None:
    """What the memory tells of the site; None when it was made otherwise, or does not stand as it was written."""
    from jianbao import publish

    mark = mark_of(folders.site)
    found = publish.unpack(read_memory(path_of_memory(folders.config, folders.site)), key)
    last = found and LastBuild.from_json(found[1], folders.site)
    if not found or not last:
        return None
    return _Known(key, last, found[0], read_manifest(folders.site), mark, publish.Kept())


def _read_from(site: Path, digests: Mapping[str, str], name: str) -> bytes:
    """A file of the site, as it was written.

    Raises:
        LookupError: it is not.
    """
    with suppress(OSError):
        data = (site / name).read_bytes()
        if hashlib.sha256(data).hexdigest() == digests.get(name):
            return data
    raise LookupError(name)


class _Edited(NamedTuple):
    """An article as it was, as it is, and its file as it is."""

    old: Article
    new: Article
    text: str


def _edited(
    folders: Folders, last: LastBuild, before: publish.Before, touched: Iterable[str]
) -> dict[str, _Edited] | None:
    """The articles that were edited, by their ids; None when one is wrong, or is listed elsewhere now."""
    from jianbao import publish

    heads = {head.id for head in before.memory.heads}
    found: dict[str, _Edited] = {}
    for name in touched:
        was, now = last.ids[name], _article_at(folders.content / name)
        if now is None or was not in heads or now[0].id != was:
            return None
        stood = f"articles/{was}/index.md"
        old = content.load(before.read(stood).decode(), path=stood)
        if not publish.has_kept_its_place(old, now[0]):
            return None
        found[was] = _Edited(old, *now)
    return found


def _remade(
    config: Config,
    folders: Folders,
    key: str,
    last: LastBuild,
    before: publish.Before,
    found: Mapping[str, _Edited],
) -> publish.Remade:
    """What the edits make of the site.

    Raises:
        LookupError: the site is not what is remembered of it.
    """
    from jianbao import publish

    places = {one: name for name, one in last.ids.items()}
    return publish.remake(
        config,
        before,
        {name: (one.new, one.text) for name, one in found.items()},
        {name: one.old for name, one in found.items()},
        lambda one: _required(_article_at(folders.content / places[one])),
        _sources_later(folders, config, last),
        templates=templates_of(config, folders),
        assets=load_assets(config, folders),
        paths={one: f"content/{name}" for one, name in places.items()},
        compiled=folder_of_templates(folders.config, key),
    )


def _article_at(path: Path) -> tuple[Article, str] | None:
    """An article and its text; None for one that is wrong, of which the whole build will tell."""
    try:
        text = read_text(path)
        return content.load(text, path=str(path)), text
    except JianbaoError:
        return None


def _required(article: tuple[Article, str] | None) -> tuple[Article, str]:
    assert article is not None
    return article


def _sources_later(folders: Folders, config: Config, last: LastBuild) -> list[publish.SourceText]:
    """The sources of the last build, read when somebody asks for them."""
    from jianbao import publish

    return [
        publish.SourceToRead(slug, file, partial(load_source, folders, slug, config, []))
        for slug, file in last.sources
    ]


def _key(config: Config, folders: Folders) -> str:
    """What all pages depend on, beside articles and sources."""
    parts = [repr(config).encode(), str(folders.sources).encode()]
    for folder in templates_of(config, folders):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        parts += [part for path in files for part in (str(path).encode(), path.read_bytes())]
    assets = load_assets(config, folders)
    assets |= files_for_the_host(folders)
    parts += [part for name in sorted(assets) for part in (name.encode(), assets[name])]
    return key_of(parts)
