"""The publishing wing: articles become a site. `make_site` is its table of contents."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from jianbao.config import Config
from jianbao.crew import Team
from jianbao.errors import JianbaoError
from jianbao.job import Job, Result
from jianbao.models import Article
from jianbao.pinyin import syllables
from jianbao.progress import SILENT, Progress
from jianbao.publish.archive import Archive, SourceText, SourceToRead, make_archive
from jianbao.publish.desk import desk_pages
from jianbao.publish.downloads import download_files
from jianbao.publish.memory import Memory, has_kept_its_place, head_of, pack, unpack
from jianbao.publish.pages import QUOTING, make_pages
from jianbao.publish.press import Copy, File, Printed, portions, print_last, print_portion, set_up
from jianbao.publish.remake import Before, Kept, Remade, remake
from jianbao.publish.render import assets_folder, make_renderer
from jianbao.publish.search import Part, index_part, make_index, numbered, search_files
from jianbao.publish.theme import LOGOS, check_theme, dress, read_logo, read_templates
from jianbao.review import Item

__all__ = [
    "LOGOS",
    "Before",
    "Kept",
    "Memory",
    "Remade",
    "SourceText",
    "SourceToRead",
    "has_kept_its_place",
    "make_desk",
    "make_site",
    "pack",
    "read_logo",
    "remake",
    "unpack",
]

PART = 1000  # articles that are indexed together
ALONE = Team(None, 0)  # this process


def make_site(
    config: Config,
    articles: Sequence[Article],
    sources: Sequence[SourceText],
    *,
    templates: Sequence[Path],
    assets: Mapping[str, bytes],
    paths: Mapping[str, str] | None = None,
    originals: Mapping[str, str] | None = None,
    compiled: Path | None = None,
    team: Team = ALONE,
    progress: Progress = SILENT,
) -> Generator[File, None, Memory]:
    """Every file of the site: its path below `site/` and its bytes, the same on every run; at the end, what to remember of it.

    `paths` tells the file of each article, by its id, as the repository has it: content/x/01.md; `originals` what stands in it.
    In the folder `compiled` templates are kept as they were compiled.

    Raises:
        JianbaoError: a template is wrong, or an article is not found by its own words.
    """
    folders = [read_templates(folder) for folder in templates]
    check_theme(folders)
    assets = dress(assets, config.accent)
    archive = make_archive(config, articles, sources)
    ordered = numbered(archive.articles)
    index = make_index(ordered, _parts(ordered, config, team, progress))
    nearest = index.related()
    archive = replace(archive, nearest=nearest, paths=paths or {})
    copy = Copy(archive, folders, assets, originals or {}, compiled)
    shown: dict[str, list[str]] = {}
    with ThreadPoolExecutor(1) as beside:  # while others print, the index is put in files here
        printing = _printed(copy, team, progress)
        first = list(islice(printing, 1))  # those others have been called by now
        made = beside.submit(search_files, index)
        if not team.is_many:
            made.result()
        for printed in chain(first, printing):
            shown |= printed.shown
            yield from printed.files
        search = made.result()
    folder = search.folder
    yield from search.files.items()
    del index, made, search  # of a large archive they are more than all that is made from here on
    yield from print_last(copy, folder)
    yield from download_files(archive)
    yield from _facsimiles(archive)
    for name, data in sorted(assets.items()):
        yield f"{assets_folder(assets)[1:]}{name}", data
    return _remember(ordered, nearest, shown, folder, archive)


def _facsimiles(archive: Archive) -> Iterator[File]:
    for source in archive.sources.values():
        for page, image in enumerate(source.images, 1):
            yield source.url_of_image(page)[1:], image.file.read_bytes()


def _parts(
    ordered: Sequence[Article], config: Config, team: Team, progress: Progress
) -> Iterator[Part]:
    """What the search knows of all articles, part by part."""
    job = Job(_index, (ordered, config.widen_punctuation))
    tasks = [range(at, min(at + PART, len(ordered))) for at in range(0, len(ordered), PART)]
    with progress.stage("articles", len(ordered)) as step:
        for task, part in team.map(job, tasks):
            yield _raised(part)
            step(len(task))


def _index(task: range, shared: tuple[Sequence[Article], bool]) -> Part:
    ordered, widen = shared
    return index_part(ordered[task.start : task.stop], task.start, widen=widen)


def _printed(copy: Copy, team: Team, progress: Progress) -> Iterator[Printed]:
    """Every page but the last, and the files beside articles."""
    tasks = list(portions(copy.archive))
    with progress.stage("pages", tasks[-1].stop) as step:
        for task, printed in team.map(Job(print_portion, copy, set_up), tasks):
            yield _raised(printed)
            step(len(task))


def _raised(result: Result | JianbaoError) -> Result:
    if isinstance(result, JianbaoError):
        raise result
    return result


def _remember(
    ordered: Sequence[Article],
    nearest: Mapping[str, Sequence[Article]],
    shown: Mapping[str, Sequence[str]],
    search_folder: str,
    archive: Archive,
) -> Memory:
    numbers = {article.id: number for number, article in enumerate(ordered)}
    return Memory(
        heads=tuple(map(head_of, ordered)),
        nearest=[[numbers[one.id] for one in nearest[article.id]] for article in ordered],
        shown={url: [numbers[one] for one in ids if one in numbers] for url, ids in shown.items()},
        quoting=[page.url for page in make_pages(archive) if page.template in QUOTING],
        search_folder=search_folder,
        retired=archive.retired,
        readings={text: syllables(text) for text in archive.texts_of_names()},
    )


def make_desk(
    config: Config,
    articles: Sequence[Article],
    sources: Sequence[SourceText],
    items: Sequence[Item],
    paths: Mapping[str, str],
    *,
    day: str,
    templates: Sequence[Path],
    assets: Mapping[str, bytes],
) -> Callable[[str], bytes | None]:
    """The review desk, which is shown by the preview and stands in no site: from a path to the bytes of its file."""
    assets = dress(assets, config.accent)
    archive = make_archive(config, articles, sources)
    folders = [read_templates(folder) for folder in templates]
    render = make_renderer(archive, config.languages[0], folders, assets)
    pages = {page.path: page for page in desk_pages(archive, items, paths, day)}
    return lambda path: render(page, page.shows()) if (page := pages.get(path)) else None
