"""The pipeline: `convert` fills content/, `building` fills site/; the review looks at what stands in content/.

Everything is gathered first and written last. One bad file never stops the others: what is wrong with it is in the report.
Each wing is imported where it is set to work: no run waits for patterns and dictionaries that it has no use for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jianbao.building import HERE, build_site
from jianbao.changes import Change
from jianbao.config import Config, Known, load_config
from jianbao.converting import (
    Given,
    Made,
    convert_given,
    foretell_given,
    weight_of,
    with_converter,
)
from jianbao.crew import Crew, Team, open_crew
from jianbao.errors import ConfigError, JianbaoError
from jianbao.intake import (
    check_name,
    folders_of,
    known_of,
    read_bytes,
    read_text,
    set_aside,
    source_files,
)
from jianbao.job import Job
from jianbao.last_conversion import LastConversion, path_of_conversion
from jianbao.loading import (
    DEFAULT_THEME,
    articles_in,
    load_assets,
    load_sources,
    require_content,
    templates_of,
)
from jianbao.merge import quoted
from jianbao.models import Article
from jianbao.progress import SILENT, Progress
from jianbao.readings import keep_reading, known_reading, read_by_page, reads_by_page
from jianbao.report import Folders, Report, Result
from jianbao.review import Item, find_items
from jianbao.shelf import Seen, Shelf
from jianbao.swap import locked

if TYPE_CHECKING:
    from jianbao import publish
    from jianbao.convert.read import Reading

__all__ = [
    "DEFAULT_THEME",
    "HERE",
    "Folders",
    "Forecast",
    "Report",
    "Result",
    "Review",
    "build_site",
    "convert_sources",
    "foretell",
    "load_review",
    "open_desk",
    "read_config",
]

# Bytes of sources that are converted at one go, of small files several. Converting takes about a second for 100 kB; to
# send them and what comes of them takes a thousandth of that.
CHUNK = 64_000


def read_config(path: Path, *, base_url: str | None = None) -> Config:
    """The settings, with the public address that the command line names; without a `config.yaml`, the defaults.

    Raises:
        ConfigError: the file cannot be what was meant.
    """
    config = (
        load_config(read_text(path, follow=True), path=str(path)) if path.exists() else Config()
    )
    if base_url is None:
        return config
    given = load_config(f"base_url: {json.dumps(base_url)}", path="--base-url")
    return replace(config, base_url=given.base_url)


# --- sources/ → content/ -------------------------------------------------------------------------


def convert_sources(
    config: Config,
    folders: Folders,
    crew: Crew = HERE,
    progress: Progress = SILENT,
    shelf: Shelf | None = None,
) -> Report:
    """Convert every source of which anything has changed, and write what has changed of its articles; what a person made of them
    stays (`corrections`). `shelf` is content/, for who needs it afterwards.

    Raises:
        ConfigError: there is no folder of sources, or no such crew.
        BusyError: another run is writing to content/.
    """
    started = time.perf_counter()
    _require_sources(folders)
    shelf = shelf or Shelf(folders.content)
    with locked(folders.content):
        shelf.recover()
        found = _sources_in(folders, shelf)
        report = _convert_and_write(config, folders, shelf, found.slugs, crew, progress)
    return replace(
        report,
        seconds=time.perf_counter() - started,
        errors=(*found.errors, *report.errors),
        notes=(*report.notes, *found.notes),
    )


def convert_some(
    config: Config, folders: Folders, shelf: Shelf, slugs: Mapping[str, str]
) -> Report:
    """The same for these sources alone (source → its folder of content/), where all others are known to be as they were, and
    nothing is left of a run that was killed.

    Raises:
        BusyError: another run is writing to content/.
    """
    with locked(folders.content):
        return _convert_and_write(config, folders, shelf, slugs, HERE, SILENT, is_all=False)


def sources_in(folders: Folders, shelf: Shelf) -> dict[str, str]:
    """Every source, and its folder of content/."""
    return _sources_in(folders, shelf).slugs


def _convert_and_write(
    config: Config,
    folders: Folders,
    shelf: Shelf,
    slugs: Mapping[str, str],
    crew: Crew,
    progress: Progress,
    *,
    is_all: bool = True,
) -> Report:
    place = path_of_conversion(folders.config, folders.content)
    last = LastConversion.read(place, config)
    written: set[str] = set()  # folders of other sources than the one that was converted

    def put(given: Given, made: Made | JianbaoError) -> Made:
        if isinstance(given.raw, JianbaoError):
            raise given.raw
        seen = shelf.look(given.seen.slug, given.path)
        if seen != given.seen:  # meanwhile changed: by a person, or with a source before it
            reading = given.reading or _raised(made).reading
            made = convert_given(replace(given, seen=seen, reading=reading), config)
        written.update(shelf.write(seen.slug, _raised(made).sheets) - {seen.slug})
        last.note(replace(given, seen=shelf.look(seen.slug, given.path)), _raised(made))
        return _raised(made)

    report = _convert(config, folders, shelf, slugs, convert_given, put, crew, progress, last)
    touched = {path: slug for path, slug in slugs.items() if slug in written}
    if touched:  # what was known of them was so before
        _convert(config, folders, shelf, touched, convert_given, put, HERE, SILENT, last)
    if is_all:
        last.forget_all_but(slugs)
    last.write(place)
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Result):
    """What a conversion would change, and what it would have to say."""

    changes: tuple[Change, ...] = ()


def foretell(
    config: Config, folders: Folders, crew: Crew = HERE, progress: Progress = SILENT
) -> Forecast:
    """What `convert_sources` would do; nothing is written.

    Raises:
        ConfigError: there is no folder of sources, or no such crew.
    """
    _require_sources(folders)
    changes: list[Change] = []

    def note(_: Given, made: Made | JianbaoError) -> Made:
        changes.extend(_raised(made).changes)
        return _raised(made)

    shelf = Shelf(folders.content)
    found = _sources_in(folders, shelf)
    report = _convert(config, folders, shelf, found.slugs, foretell_given, note, crew, progress)
    return Forecast(
        changes=tuple(changes),
        conflicts=report.conflicts,
        errors=(*found.errors, *report.errors),
        notes=(*report.notes, *found.notes),
    )


def _require_sources(folders: Folders) -> None:
    if not folders.sources.is_dir():
        raise ConfigError(
            "there is no such folder",
            path=str(folders.sources),
            hint="Put the newspaper pages there, or name another folder with --sources. A new archive begins with `new DIR`.",
        )


class _Sources(NamedTuple):
    """What lies in sources/: each source with its folder of content/, names that cannot be, and what is gone or no file."""

    slugs: dict[str, str]
    errors: list[JianbaoError]
    notes: list[str]


def _sources_in(folders: Folders, shelf: Shelf) -> _Sources:
    errors: list[JianbaoError] = []
    paths = list(_named(folders.sources, errors))
    slugs, lost = folders_of(paths, folders.sources, shelf.ledgers())
    notes = [
        f"{folders.content / slug}: its source {folders.sources / file} is gone; its articles stay"
        for file, slug in lost.items()
    ]
    notes += [
        f"{folders.sources / path}: is no plain file and was not opened"
        for path in set_aside(folders.sources)
    ]
    return _Sources({path: slugs[path] for path in paths}, errors, notes)


def _convert(
    config: Config,
    folders: Folders,
    shelf: Shelf,
    slugs: Mapping[str, str],
    work: Callable[[Given, Config], Made],
    take: Callable[[Given, Made | JianbaoError], Made],
    crew: Crew,
    progress: Progress,
    last: LastConversion | None = None,
) -> Report:
    """Every source given to `work`, wherever that is done; `take` gets what came of it, here and in their order. Of what is known to
    `last` nothing would change.
    """
    job = Job(work, config, with_converter, lambda given: given.path, weight_of, CHUNK)
    errors: list[JianbaoError] = []
    reports: dict[str, Report] = {}

    def to_convert() -> Iterator[Given]:
        for path, slug in slugs.items():
            given = _given(config, folders, shelf, path, slug)
            given = replace(given, reading=given.reading or ahead.get(path))
            if last and (counts := last.counts_of(given)):
                articles, repairs, doubts = counts
                reports[path] = Report(articles=articles, repairs=repairs, doubts=doubts)
                step()
            else:
                yield given

    with open_crew(crew) as team, progress.stage("files", len(slugs)) as step:
        ahead = dict(_read_ahead(config, folders, shelf, slugs, team, progress, last))
        for given, made in team.map(job, to_convert()):
            try:
                _keep(folders, given, made)
                reports[given.path] = _report(folders, given.path, take(given, made))
            except JianbaoError as error:
                errors.append(_below(error, folders.sources))
            step()
    ordered = [reports[path] for path in slugs if path in reports]
    return Report(
        files=len(slugs),
        articles=sum(one.articles for one in ordered),
        repairs=sum(one.repairs for one in ordered),
        doubts=sum(one.doubts for one in ordered),
        conflicts=sum(one.conflicts for one in ordered),
        errors=tuple(errors),
        notes=tuple(note for one in ordered for note in one.notes),
    )


def _read_ahead(
    config: Config,
    folders: Folders,
    shelf: Shelf,
    slugs: Mapping[str, str],
    team: Team,
    progress: Progress,
    last: LastConversion | None,
) -> Iterator[tuple[str, Reading]]:
    """The readings of files with many pages to recognise, which take minutes each: all workers read one together."""
    for path in filter(reads_by_page, slugs):
        given = _given(config, folders, shelf, path, slugs[path])
        if isinstance(given.raw, JianbaoError) or given.reading or (last and last.counts_of(given)):
            continue
        if reading := read_by_page(given.raw, path, team, progress):
            keep_reading(folders.config, given.raw, path, reading)
            yield path, reading


def _named(sources: Path, errors: list[JianbaoError]) -> Iterator[str]:
    """The sources that have a proper name; of the others it is told in `errors`."""
    for path in source_files(sources):
        try:
            check_name(sources, path)
            yield path
        except JianbaoError as error:
            errors.append(error)


def _given(config: Config, folders: Folders, shelf: Shelf, path: str, slug: str) -> Given:
    """All that the conversion of a source depends on."""
    try:
        raw = read_bytes(folders.sources / path, config.max_source_mb)
        known = known_of(folders.sources, path, config)
    except JianbaoError as error:
        return Given(path, error, Known(), Seen(slug, {}, {}))
    reading = known_reading(folders.config, raw, path)
    return Given(path, raw, known, shelf.look(slug, path), reading)


def _keep(folders: Folders, given: Given, made: Made | JianbaoError) -> None:
    """Keep what a slow reader has made of a source."""
    if isinstance(made, Made) and made.reading is not None and isinstance(given.raw, bytes):
        keep_reading(folders.config, given.raw, given.path, made.reading)


def _raised(made: Made | JianbaoError) -> Made:
    if isinstance(made, JianbaoError):
        raise made
    return made


def _report(folders: Folders, source: str, made: Made) -> Report:
    folder = folders.content
    notes = [f"{folders.sources / source}: holds no article"] if made.is_empty else []
    notes += [
        f"{folder / path}: {clash.where}: kept as corrected, {quoted(clash.ours, 'nothing')}; the conversion says {quoted(clash.theirs, 'nothing')}"
        for path, clash in made.clashes
    ]
    notes += [
        f"{folder / path}: deleted by hand and stays so; the conversion of it has changed"
        for path in made.stay_deleted
    ]
    return Report(
        articles=made.articles,
        repairs=made.repairs,
        doubts=made.doubts,
        conflicts=len(made.clashes),
        notes=tuple(notes),
    )


# --- content/ → the review desk ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Result):
    """What needs a person, and the archive that it is about."""

    items: tuple[Item, ...] = ()
    articles: tuple[Article, ...] = ()
    sources: tuple[publish.SourceText, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)  # an article's id → its file


def load_review(config: Config, folders: Folders) -> Review:
    """Everything that a person should look at, as content/ stands; nothing is written.

    Raises:
        ConfigError: there is no content/.
    """
    require_content(folders)
    errors: list[JianbaoError] = []
    files = articles_in(folders.content, errors)
    sources = load_sources(folders, config, errors)
    articles = tuple(article for article, _, _ in files)
    return Review(
        items=find_items(articles, [(one.ledger, one.text) for one in sources]),
        articles=articles,
        sources=tuple(sources),
        paths={article.id: str(path) for article, path, _ in files},
        errors=tuple(errors),
    )


def open_desk(config: Config, folders: Folders, *, day: str) -> Callable[[str], bytes | None]:
    """The review desk as content/ stands: from a path to the bytes of its file, None where there is none.

    `day` is what is proposed for `reviewed:`.

    Raises:
        JianbaoError: there is no content/; from the function, when a template is wrong.
    """
    from jianbao import publish

    review = load_review(config, folders)
    return publish.make_desk(
        config,
        [article for article in review.articles if article.publish],
        review.sources,
        review.items,
        review.paths,
        day=day,
        templates=templates_of(config, folders),
        assets=load_assets(config, folders),
    )


# --- files ---------------------------------------------------------------------------------------


def _below(error: JianbaoError, folder: Path) -> JianbaoError:
    """An error of a source with its path as the person knows it."""
    if error.path is None or Path(error.path).is_relative_to(folder):
        return error
    more = tuple(_below(one, folder) for one in error.more)
    return type(error)(
        error.message, path=str(folder / error.path), line=error.line, hint=error.hint, more=more
    )
