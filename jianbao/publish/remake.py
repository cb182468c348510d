"""The site after an edit: what depends on the edited articles is made again, equal to a site made of everything.

A page depends on the articles that it leads to. The search and the downloads hold all articles, and change where these stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

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
from jianbao.publish.press import LAST, Copy, set_up, shown_in
from jianbao.publish.reindex import Edit, Opened, reindex
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

    now = {name: named(article) for name, (article, _) in edited.items()}
    edits = [Edit(numbers[name], named(old[name]), now[name]) for name in sorted(now)]
    heads = list(memory.heads)
    for edit in edits:
        heads[edit.number] = head_of(edit.new)
    folder = memory.search_folder[1:]

    def read(name: str) -> bytes:
        return before.read(folder + name)

    search = kept.search or Opened(read)
    found = reindex(search, edits, heads, read, at, widen=config.widen_punctuation)
    nearest = list(memory.nearest)
    for number, near in found.nearest.items():
        nearest[number] = list(near)
    found_digests = {name: sha256(data).hexdigest() for name, data in found.files.items()}
    known = kept.search_digests or _digests_below(folder, before.digests)
    known |= found_digests
    for name in found.gone:
        known.pop(name, None)
    search_folder = folder_of(known)
    changed = {edit.number for edit in edits} | found.nearest.keys()
    urls = {url_of(heads[number]) for number in changed} | _depending(memory, edits) | {LAST}
    if any(is_counted_anew(edit.old, edit.new) for edit in edits):
        urls |= {"/about/", SITEMAP}
    quoted = {number for url in urls & set(memory.quoting) for number in memory.shown[url]}
    own = {numbers[one] for one in map(id_in, urls) if one in numbers}
    whole = {number: at(number) for number in own | quoted} | {
        edit.number: edit.new for edit in edits
    }
    retold = [edit for edit in edits if head_of(edit.old) != heads[edit.number]]
    if kept.archive:
        listed = kept.archive.with_articles({edit.new.id: heads[edit.number] for edit in retold})
    else:
        listed = make_archive(config, heads, sources, memory.retired)
    archive = replace(
        listed.with_articles({article.id: article for article in whole.values()}),
        sources=by_their_files(sources),
        search_folder=search_folder,
        nearest=_Nearest(nearest, heads, numbers),
        paths=paths,
    )
    folders = [read_templates(folder) for folder in templates]
    originals = {name: text for name, (_, text) in edited.items()}
    press = set_up(Copy(archive, folders, dress(assets, config.accent), originals, compiled), urls)
    files: dict[str, bytes] = {}
    shown = dict(memory.shown)
    for page in press.pages:
        printed = dict(press.print_page(page))
        files |= printed
        if page.url != SITEMAP:
            shown[page.url] = [
                numbers[one] for one in shown_in(next(iter(printed.values()))) if one in numbers
            ]
    for name in edited:
        files |= dict(press.print_beside(now[name]))
    downloads, known_digests = edit_downloads(
        config, [(edit.old, edit.new) for edit in edits], before.read
    )
    digests = {f"{search_folder[1:]}{name}": digest for name, digest in found_digests.items()}
    files |= downloads
    digests |= {
        name: known_digests.get(name) or sha256(data).hexdigest() for name, data in files.items()
    }
    files |= {f"{search_folder[1:]}{name}": data for name, data in found.files.items()}
    moved = (folder, search_folder[1:])
    kept.archive, kept.search, kept.search_digests = listed, search, known
    return Remade(
        {
            name: data
            for name, data in files.items()
            if digests[name] != before.digests.get(_before(name, moved))
        },
        digests,
        moved if moved[0] != moved[1] else ("", ""),
        frozenset(f"{search_folder[1:]}{name}" for name in found.gone),
        replace(
            memory, heads=tuple(heads), nearest=nearest, shown=shown, search_folder=search_folder
        ),
    )


def _before(name: str, moved: tuple[str, str]) -> str:
    """How a file was called."""
    return moved[0] + name[len(moved[1]) :] if name.startswith(moved[1]) else name


def _digests_below(folder: str, digests: Mapping[str, str]) -> dict[str, str]:
    """The files of a folder by their paths in it."""
    cut = len(folder)
    return {name[cut:]: one for name, one in digests.items() if name.startswith(folder)}


def _depending(memory: Memory, edits: Sequence[Edit]) -> set[str]:
    """The pages that show an edited article, beside its own: what they tell of it is its head, and on some the beginning of its text."""
    numbers = {edit.number for edit in edits}
    retold = {edit.number for edit in edits if head_of(edit.old) != head_of(edit.new)}
    quoting = {url for url in memory.quoting if not numbers.isdisjoint(memory.shown[url])}
    if not retold:
        return quoting
    return quoting | {url for url, shown in memory.shown.items() if not retold.isdisjoint(shown)}


class _Nearest(dict[str, tuple[Article, ...]]):
    """Id → the articles nearest to it, found when somebody asks."""

    def __init__(
        self, rows: Sequence[Sequence[int]], articles: Sequence[Article], numbers: Mapping[str, int]
    ) -> None:
        super().__init__()
        self.rows, self.articles, self.numbers = rows, articles, numbers

    def get(self, name: str, default: Any = None) -> Any:
        return tuple(self.articles[number] for number in self.rows[self.numbers[name]])
