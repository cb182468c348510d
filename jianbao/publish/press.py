"""The press: every page of the site, and the files beside each article, in portions that any process can make."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from jianbao import content
from jianbao.models import Article
from jianbao.publish.archive import Archive
from jianbao.publish.citation_files import citation_files
from jianbao.publish.downloads import address_of
from jianbao.publish.page import Page, path_of, url_in, url_of
from jianbao.publish.pages import SITEMAP, make_pages, search_page
from jianbao.publish.render import Render, make_renderer
from jianbao.publish.theme import TemplateFolder

File = tuple[str, bytes]  # path below site/, and what is to stand there
# Pages and articles in one portion: some hundredths of a second, so that nobody waits long for the last one.
PORTION = 40
ARTICLE_RE = re.compile(rb"articles/([a-z0-9-]+)/")  # in a page: the address of an article
LAST = "/search/"  # the page that must know what the search's folder is called


@dataclass(frozen=True, slots=True)
class Copy:
    """All that pages are made of."""

    archive: Archive
    templates: Sequence[TemplateFolder]
    assets: Mapping[str, bytes]
    originals: Mapping[str, str] = field(default_factory=dict)  # id → its file in content/
    compiled: Path | None = None  # where compiled templates are kept, if they are


class Printed(NamedTuple):
    """What became of a portion."""

    files: list[File]
    shown: list[tuple[str, list[str]]]  # address of a page, and the articles that it leads to


@dataclass(frozen=True, slots=True)
class Press:
    """A press with its types set: it prints any page."""

    copy: Copy
    pages: Sequence[Page]
    renderers: Mapping[str, Render]

    def print_page(self, page: Page) -> Iterator[File]:
        config = self.copy.archive.config
        shown = page.shows()
        for language in page.languages(config):
            yield path_of(url_in(language, page.url, config)), self.renderers[language](page, shown)

    def print_beside(self, article: Article) -> Iterator[File]:
        """The files beside an article: its text and its citation."""
        config = self.copy.archive.config
        folder = url_of(article)[1:]
        original = self.copy.originals.get(article.id)
        yield f"{folder}index.md", (original or content.dump(article)).encode()
        for name, data in citation_files(article, config, address_of(article, config)):
            yield f"{folder}{name}", data


def set_up(copy: Copy, only: Collection[str] | None = None) -> Press:
    """A press for the pages of this copy, or `only` those at some addresses."""
    pages = tuple(make_pages(copy.archive, only))
    return Press(copy, pages, _renderers(copy, {page.template for page in pages}))


def _renderers(copy: Copy, names: Iterable[str]) -> dict[str, Render]:
    archive, config = copy.archive, copy.archive.config
    return {
        language: make_renderer(
            archive, language, copy.templates, copy.assets, names, compiled=copy.compiled
        )
        for language in config.languages
    }


def portions(archive: Archive) -> Iterator[range]:
    """All pages and articles by their places in a press, in portions."""
    end = sum(1 for _ in make_pages(archive)) + len(archive.articles)
    return (range(at, min(at + PORTION, end)) for at in range(0, end, PORTION))


def print_portion(portion: range, press: Press) -> Printed:
    """The files of a portion; to be called in whichever process has the press."""
    printed = Printed([], [])
    for at in portion:
        if at >= len(press.pages):
            article = press.copy.archive.articles[at - len(press.pages)]
            printed.files.extend(press.print_beside(article))
        elif (page := press.pages[at]).url != LAST:
            files = list(press.print_page(page))
            printed.files.extend(files)
            if page.url != SITEMAP:
                printed.shown.append((page.url, shown_in(files[0][1])))
    return printed


def print_last(copy: Copy, search_folder: str) -> Iterator[File]:
    """The page of the search, once it is known where the search's files stand."""
    copy = replace(copy, archive=replace(copy.archive, search_folder=search_folder))
    pages = tuple(search_page(copy.archive))
    press = Press(copy, pages, _renderers(copy, ()))
    return (file for page in pages for file in press.print_page(page))


def shown_in(data: bytes) -> list[str]:
    """The ids of the articles that a page leads to.

    >>> shown_in(b'<a href="../articles/a-01/index.html">')
    ['a-01']
    """
    return sorted({one.decode() for one in ARTICLE_RE.findall(data)})
