"""The site after an edit: what depends on the edited articles is made again, equal to a site made of everything.

A page depends on the articles that it leads to. The search and the downloads hold all articles, and change where these stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from jianbao.config import Config
from jianbao.models import Article
from jianbao.pinyin import LEARNT
from jianbao.publish.archive import SourceText, make_archive, under_one_name
from jianbao.publish.downloads import edit_downloads
from jianbao.publish.memory import Memory, head_of, is_counted_anew
from jianbao.publish.page import url_of
from jianbao.publish.press import LAST, SITEMAP, Copy, set_up, shown_in
from jianbao.publish.reindex import Edit, reindex
from jianbao.publish.search import folder_of
from jianbao.publish.theme import dress, read_templates


@dataclass(frozen=True, slots=True)
class Before:
    """The site as it stands, and what is remembered of it."""

    memory: Memory
    digests: Mapping[str, str]  # path → SHA-256 of every file
    read: Callable[[str], bytes]  # path → what is in it


@dataclass(frozen=True, slots=True)
class Remade:
    """What is to become of the site."""

    files: Mapping[str, bytes]  # those with other bytes
    moved: tuple[str, str]  # the folder of the search, and its new name
    gone: frozenset[str]
    memory: Memory


def remake(
    config: Config,
    before: Before,
    edited: Mapping[str, tuple[Article, str]],
    old: Mapping[str, Article],
    full: Callable[[str], tuple[Article, str]],
    sources: Sequence[SourceText],
    *,
    templates: Sequence[Path],
    assets: Mapping[str, bytes],
    paths: Mapping[str, str],
    compiled: Path | None = None,
) -> Remade:
    """What edits make of a site.

    `edited` are the articles as they are now, by their ids, each with the text of its file; `old` the same articles as they were. `full` reads any
    article in the same way. All have kept their place (`memory.has_kept_its_place`).

    Raises:
        JianbaoError: a template is wrong, or an article is not found by its own words.
        LookupError: the site is not what is remembered of it.
    """
    memory = before.memory
    LEARNT.update(memory.readings)
    numbers = {head.id: number for number, head in enumerate(memory.heads)}

    def named(article: Article) -> Article:
        return next(under_one_name(config, [article]))

    def at(number: int) -> Article:
        return named(full(memory.heads[number].id)[0])

    now = {name: named(article) for name, (article, _) in edited.items()}
    edits = [Edit(numbers[name], named(old[name]), now[name]) for name in sorted(now)]
    heads = list(memory.heads)
    for edit in edits:
        heads[edit.number] = head_of(edit.new)
    folder = memory.search_folder[1:]
    search = reindex(
        edits, heads, lambda name: before.read(folder + name), at, widen=config.widen_punctuation
    )
    nearest = list(memory.nearest)
    for number, near in search.nearest.items():
        nearest[number] = list(near)
    search_folder = _folder_after(folder, before.digests, search.files, search.gone)
    urls = _depending(memory, edits, search.nearest) | {LAST}
    if any(is_counted_anew(edit.old, edit.new) for edit in edits):
        urls |= {"/about/", SITEMAP}
    needed = {number for url in urls for number in memory.shown.get(url, ())}
    needed.update(near for number in search.nearest for near in nearest[number])
    whole = {number: at(number) for number in needed} | {edit.number: edit.new for edit in edits}
    articles = [whole.get(number, head) for number, head in enumerate(heads)]
    archive = replace(
        make_archive(config, articles, sources, memory.retired),
        search_folder=search_folder,
        nearest=_Nearest(nearest, articles, numbers),
        paths=paths,
    )
    folders = [read_templates(folder) for folder in templates]
    originals = {name: text for name, (_, text) in edited.items()}
    press = set_up(Copy(archive, folders, dress(assets, config.accent), originals, compiled))
    files: dict[str, bytes] = {
        f"{search_folder[1:]}{name}": data for name, data in search.files.items()
    }
    shown = dict(memory.shown)
    for page in press.pages:
        if page.url in urls:
            printed = dict(press.print_page(page))
            files |= printed
            if page.url != SITEMAP:
                shown[page.url] = [
                    numbers[one] for one in shown_in(next(iter(printed.values()))) if one in numbers
                ]
    for article in archive.articles:
        if article.id in edited:
            files |= dict(press.print_beside(article))
    files |= edit_downloads(config, [(edit.old, edit.new) for edit in edits], before.read)
    moved = (folder, search_folder[1:])
    return Remade(
        {
            name: data
            for name, data in files.items()
            if sha256(data).hexdigest() != before.digests.get(_before(name, moved))
        },
        moved if moved[0] != moved[1] else ("", ""),
        frozenset(f"{search_folder[1:]}{name}" for name in search.gone),
        replace(
            memory, heads=tuple(heads), nearest=nearest, shown=shown, search_folder=search_folder
        ),
    )


def _before(name: str, moved: tuple[str, str]) -> str:
    """How a file was called."""
    return moved[0] + name[len(moved[1]) :] if name.startswith(moved[1]) else name


def _folder_after(
    folder: str, digests: Mapping[str, str], files: Mapping[str, bytes], gone: Iterable[str]
) -> str:
    known = {name[len(folder) :]: one for name, one in digests.items() if name.startswith(folder)}
    known |= {name: sha256(data).hexdigest() for name, data in files.items()}
    return folder_of({name: known[name] for name in known.keys() - set(gone)})


def _depending(memory: Memory, edits: Sequence[Edit], nearest: Iterable[int]) -> set[str]:
    """The pages that show an edited article, and those of articles that have others near them now."""
    numbers = {edit.number for edit in edits}
    urls = {url_of(memory.heads[number]) for number in (*numbers, *nearest)}
    return urls | {url for url, shown in memory.shown.items() if not numbers.isdisjoint(shown)}


class _Nearest(dict[str, tuple[Article, ...]]):
    """Id → the articles nearest to it, found when somebody asks."""

    def __init__(
        self, rows: Sequence[Sequence[int]], articles: Sequence[Article], numbers: Mapping[str, int]
    ) -> None:
        super().__init__()
        self.rows, self.articles, self.numbers = rows, articles, numbers

    def get(self, name: str, default: Any = None) -> Any:
        return tuple(self.articles[number] for number in self.rows[self.numbers[name]])
