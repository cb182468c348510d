"""The press: every page of the site, and the files beside each article, in portions that any process can make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jianbao import content
from jianbao.models import Article
from jianbao.publish.archive import Archive
from jianbao.publish.citation_files import citation_files
from jianbao.publish.downloads import address_of
from jianbao.publish.page import Page, path_of, url_in, url_of
from jianbao.publish.pages import make_pages
from jianbao.publish.render import Render, make_renderer
from jianbao.publish.theme import TemplateFolder

Files = list[tuple[str, bytes]]  # path below site/, and what is to stand there
# Pages and articles in one portion: some hundredths of a second, so that nobody waits long for the last one.
PORTION = 40


@dataclass(frozen=True, slots=True)
class Copy:
    """All that pages are made of."""

    archive: Archive
    templates: Sequence[TemplateFolder]
    assets: Mapping[str, bytes]
    originals: Mapping[str, str] = field(
        default_factory=dict
    )  # id → its file in content/, as it stands


@dataclass(frozen=True, slots=True)
class Press:
    """A press with the types set: it prints any portion."""

    copy: Copy
    pages: Sequence[Page]
    renderers: Mapping[str, Render]

    def print(self, portion: range) -> Files:
        """The files of a portion of `self.things`."""
        return [file for at in portion for file in self._print_one(at)]

    def portions(self) -> Iterator[range]:
        """Everything, in portions."""
        end = len(self.pages) + len(self.copy.archive.articles)
        return (range(at, min(at + PORTION, end)) for at in range(0, end, PORTION))

    def _print_one(self, at: int) -> Iterator[tuple[str, bytes]]:
        if at < len(self.pages):
            return self._print_page(self.pages[at])
        return self._files_beside(self.copy.archive.articles[at - len(self.pages)])

    def _print_page(self, page: Page) -> Iterator[tuple[str, bytes]]:
        config = self.copy.archive.config
        shown = page.shows()
        for language in page.languages(config):
            yield path_of(url_in(language, page.url, config)), self.renderers[language](page, shown)

    def _files_beside(self, article: Article) -> Iterator[tuple[str, bytes]]:
        config = self.copy.archive.config
        folder = url_of(article)[1:]
        original = self.copy.originals.get(article.id)
        yield f"{folder}index.md", (original or content.dump(article)).encode()
        for name, data in citation_files(article, config, address_of(article, config)):
            yield f"{folder}{name}", data


def set_up(copy: Copy) -> Press:
    """A press for this copy."""
    languages = copy.archive.config.languages
    renderers = {
        language: make_renderer(copy.archive, language, copy.templates, copy.assets)
        for language in languages
    }
    return Press(copy, tuple(make_pages(copy.archive)), renderers)


def print_portion(portion: range, press: Press) -> Files:
    """The files of a portion; to be called in whichever process has the press."""
    return press.print(portion)
