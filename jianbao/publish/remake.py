"""The site after an edit: what depends on the edited articles is made again, equal to a site made of everything.

A page depends on the articles that it leads to. The search and the downloads hold all articles, and change where these stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from jianbao.config import Config
from jianbao.models import Article
from jianbao.pinyin import LEARNT
from jianbao.publish.archive import (
    Archive,
    SourceText,
    by_their_files,
    make_archive,
    under_one_name,
)
from jianbao.publish.downloads import edit_downloads
from jianbao.publish.memory import Memory, head_of, is_counted_anew
from jianbao.publish.page import id_in, url_of
from jianbao.publish.pages import SITEMAP
from jianbao.publish.press import LAST, Copy, Press, set_up, shown_in
from jianbao.publish.reindex import Edit, Opened, Reindexed, reindex
from jianbao.publish.search import folder_of
from jianbao.publish.theme import dress, read_templates


@dataclass(slots=True)
class Kept:
    """What was made of the memory of a site, for whoever makes one edit after another; after an error it is of no more use."""

    archive: Archive | None = None  # of heads
    search: Opened | None = None
    search_digests: dict[str, str] | None = None  # path below its folder → SHA-256


@dataclass(frozen=True, slots=True)
class Before:
    """The site as it stands, and what is remembered of it."""

    memory: Memory
    digests: Mapping[str, str]  # path → SHA-256 of every file
    read: Callable[[str], bytes]  # path → what is in it
    kept: Kept = field(default_factory=Kept)


@dataclass(frozen=True, slots=True)
class Remade:
    """What is to become of the site."""

    files: Mapping[str, bytes]  # those with other bytes
    digests: Mapping[str, str]  # path → SHA-256 of each of these, and of others
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
    memory, kept = before.memory, before.kept
    LEARNT.update(memory.readings)
    numbers = {head.id: number for number, head in enumerate(memory.heads)}

    def named(article: Article) -> Article:
        return next(under_one_name(config, [article]))

    def at(number: int) -> Article:
        return named(full(memory.heads[number].id)[0])

    def read(name: str) -> bytes:
        return before.read(memory.search_folder[1:] + name)

    now = {name: named(article) for name, (article, _) in edited.items()}
    edits = [Edit(numbers[name], named(old[name]), now[name]) for name in sorted(now)]
    heads = list(memory.heads)
    for edit in edits:
        heads[edit.number] = head_of(edit.new)
    opened = kept.search or Opened(read)
    found = reindex(opened, edits, heads, read, at, widen=config.widen_punctuation)
    search = _search_after(before, found)
    nearest = list(memory.nearest)
    for number, near in found.nearest.items():
        nearest[number] = list(near)
    urls = _depending(memory, edits) | {url_of(heads[number]) for number in found.nearest}
    own = {numbers[one] for one in map(id_in, urls) if one in numbers}
    quoted = {number for url in urls & set(memory.quoting) for number in memory.shown[url]}
    whole = [at(number) for number in own | quoted if memory.heads[number].id not in now]
    listed = _listed(before, edits, heads) or make_archive(config, heads, sources, memory.retired)
    archive = replace(
        listed.with_articles({one.id: one for one in (*whole, *now.values())}),
        sources=by_their_files(sources),
        search_folder=search.folder,
        nearest=_Nearest(nearest, heads, numbers),
        paths=paths,
    )
    folders = [read_templates(folder) for folder in templates]
    originals = {name: text for name, (_, text) in edited.items()}
    press = set_up(Copy(archive, folders, dress(assets, config.accent), originals, compiled), urls)
    files, shown = _printed(press, now.values(), numbers)
    rows = [(edit.old, edit.new) for edit in edits]
    downloads, digests = edit_downloads(config, rows, before.read)
    files |= downloads
    digests |= {name: sha256(files[name]).hexdigest() for name in files.keys() - digests.keys()}
    kept.archive, kept.search, kept.search_digests = listed, opened, search.digests
    changes = {
        name: data for name, data in files.items() if digests[name] != before.digests.get(name)
    }
    return Remade(
        changes | search.files,
        digests | search.digests_of_files,
        search.moved,
        search.gone,
        replace(
            memory,
            heads=tuple(heads),
            nearest=nearest,
            shown={**memory.shown, **shown},
            search_folder=search.folder,
        ),
    )


class _Search(NamedTuple):
    """The files of the search as they are to stand in the site."""

    folder: str
    digests: dict[str, str]  # path below the folder → SHA-256 of every one
    files: dict[str, bytes]  # with other bytes than before
    digests_of_files: dict[str, str]
    gone: frozenset[str]
    moved: tuple[str, str]


def _search_after(before: Before, found: Reindexed) -> _Search:
    """Where the search stands now: its folder is called by the digests of its files."""
    stood = before.memory.search_folder[1:]
    cut = len(stood)
    digests = before.kept.search_digests or {
        name[cut:]: one for name, one in before.digests.items() if name.startswith(stood)
    }
    now = {name: sha256(data).hexdigest() for name, data in found.files.items()}
    changed = {name: one for name, one in now.items() if digests.get(name) != one}
    digests |= changed
    for name in found.gone:
        digests.pop(name, None)
    folder = folder_of(digests)
    place = folder[1:]
    return _Search(
        folder,
        digests,
        {f"{place}{name}": found.files[name] for name in changed},
        {f"{place}{name}": one for name, one in changed.items()},
        frozenset(f"{place}{name}" for name in found.gone),
        (stood, place) if stood != place else ("", ""),
    )


def _listed(before: Before, edits: Iterable[Edit], heads: Sequence[Article]) -> Archive | None:
    """The archive of heads that was kept, with those that are otherwise now."""
    retold = [edit for edit in edits if head_of(edit.old) != heads[edit.number]]
    archive = before.kept.archive
    return archive and archive.with_articles({one.new.id: heads[one.number] for one in retold})


def _printed(
    press: Press, edited: Iterable[Article], numbers: Mapping[str, int]
) -> tuple[dict[str, bytes], dict[str, list[int]]]:
    """The files of all pages of a press, and those beside edited articles; and which articles each page leads to."""
    files: dict[str, bytes] = {}
    shown: dict[str, list[int]] = {}
    for page in press.pages:
        printed = dict(press.print_page(page))
        files |= printed
        if page.url != SITEMAP:
            ids = shown_in(next(iter(printed.values())))
            shown[page.url] = [numbers[one] for one in ids if one in numbers]
    for article in edited:
        files |= dict(press.print_beside(article))
    return files, shown


def _depending(memory: Memory, edits: Sequence[Edit]) -> set[str]:
    """The pages to be made again for the sake of an edited article: its own, those that show it (what they tell of it is its head, and on
    some the beginning of its text), those with counts, and the page of the search.
    """
    numbers = {edit.number for edit in edits}
    retold = {edit.number for edit in edits if head_of(edit.old) != head_of(edit.new)}
    urls = {LAST} | {url_of(edit.new) for edit in edits}
    urls |= {url for url in memory.quoting if not numbers.isdisjoint(memory.shown[url])}
    if retold:
        urls |= {url for url, shown in memory.shown.items() if not retold.isdisjoint(shown)}
    if any(is_counted_anew(edit.old, edit.new) for edit in edits):
        urls |= {"/about/", SITEMAP}
    return urls


class _Nearest(dict[str, tuple[Article, ...]]):
    """Id → the articles nearest to it, found when somebody asks."""

    def __init__(
        self, rows: Sequence[Sequence[int]], articles: Sequence[Article], numbers: Mapping[str, int]
    ) -> None:
        super().__init__()
        self.rows, self.articles, self.numbers = rows, articles, numbers

    def get(self, name: str, default: Any = None) -> Any:
        return tuple(self.articles[number] for number in self.rows[self.numbers[name]])
