"""The publishing wing: articles become a site. `make_site` is its table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jianbao.config import Config
from jianbao.models import Article
from jianbao.publish.archive import SourceText, make_archive
from jianbao.publish.desk import desk_pages
from jianbao.publish.downloads import download_files
from jianbao.publish.press import Copy, print_portion, set_up
from jianbao.publish.render import assets_folder, make_renderer
from jianbao.publish.search import index_part, make_index, numbered, search_files
from jianbao.publish.theme import LOGOS, check_theme, dress, read_logo, read_templates
from jianbao.review import Item

__all__ = ["LOGOS", "SourceText", "make_desk", "make_site", "read_logo"]

PART = 1000  # articles that are indexed together


def make_site(
    config: Config,
    articles: Sequence[Article],
    sources: Sequence[SourceText],
    *,
    templates: Sequence[Path],
    assets: Mapping[str, bytes],
    paths: Mapping[str, str] | None = None,
    originals: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site: its path below `site/` and its bytes, the same on every run.

    `paths` tells the file of each article, by its id, as the repository has it: content/x/01.md; `originals` what stands in it.
    """
    folders = [read_templates(folder) for folder in templates]
    check_theme(folders)
    assets = dress(assets, config.accent)
    archive = make_archive(config, articles, sources)
    ordered = numbered(archive.articles)
    parts = (
        index_part(ordered[first : first + PART], first, widen=config.widen_punctuation)
        for first in range(0, len(ordered), PART)
    )
    index = make_index(ordered, parts)
    nearest = index.related()
    search = search_files(index)
    yield from search.files.items()
    archive = replace(archive, search_folder=search.folder, nearest=nearest, paths=paths or {})
    press = set_up(Copy(archive, folders, assets, originals or {}))
    for portion in press.portions():
        yield from print_portion(portion, press).files
    yield from download_files(archive)
    for name, data in sorted(assets.items()):
        yield f"{assets_folder(assets)[1:]}{name}", data


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
