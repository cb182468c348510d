"""The review desk as pages of the preview: a list of all items, and each source with its doubtful places marked.

These pages are never part of a site. They are made on request, and name files as the person at the desk knows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from jianbao.models import Article
from jianbao.publish import citation
from jianbao.publish.archive import Archive, SourceText
from jianbao.publish.article_pages import TINTS, cut_source
from jianbao.publish.page import Page
from jianbao.publish.spans import Segment
from jianbao.review import Item, by_reason, line_of

DESK = "/__review/"
# What the pages need beside the site's own style: address and template.
PARTS = (("review.css", "review.css"), ("review.js", "review.js"))


@dataclass(frozen=True, slots=True)
class Task:
    """An item as the desk shows it: its number on its source's page, its article, and where both stand."""

    item: Item
    number: int  # as the source is read
    slug: str
    line: int | None  # of the source; None when the file is gone
    article: Article | None
    path: str | None  # of the article's file

    @property
    def url(self) -> str:
        """Its place in the text, or its sentence where there is no text."""
        place = "says" if self.line is None else "item"
        return f"{DESK}{self.slug}/#{place}-{self.number}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of source characters, the numbers of the items that begin with it, and whether any covers it."""

    segment: Segment
    numbers: tuple[int, ...]
    is_doubtful: bool


def desk_pages(
    archive: Archive, items: Sequence[Item], paths: Mapping[str, str], day: str
) -> Iterator[Page]:
    """The list, a page for each source that has items, and their style and script.

    `paths` has the file of every article by its id, `day` is what is proposed for `reviewed:`.
    """
    tasks = make_tasks(archive, items, paths)
    reasons = [(name, [tasks[one] for one in ones]) for name, ones in by_reason(tasks)]
    yield Page(DESK, "review.html", lambda: {"reasons": reasons}, listed=False)
    for source in archive.sources.values():
        own = [one for one in tasks.values() if one.slug == source.slug]
        if own:
            yield _source_page(archive, source, sorted(own, key=lambda one: one.number), day)
    for name, template in PARTS:
        yield Page(f"{DESK}{name}", template, listed=False)


def make_tasks(
    archive: Archive, items: Iterable[Item], paths: Mapping[str, str]
) -> dict[Item, Task]:
    """The items in the order given, each with all that is to be shown of it."""
    articles = {article.id: article for article in archive.articles}
    items = [one for one in items if one.source in archive.sources]
    numbers: dict[Item, int] = {}
    for _, ones in groupby(sorted(items, key=_as_read), lambda one: one.source):
        numbers |= {one: number for number, one in enumerate(ones, 1)}
    tasks = {}
    for one in items:
        source = archive.sources[one.source]
        line = None if source.text is None else line_of(one, source.text)
        article = articles.get(one.article or "")
        path = paths.get(one.article or "")
        tasks[one] = Task(one, numbers[one], source.slug, line, article, path)
    return tasks


def _as_read(item: Item) -> tuple[object, ...]:
    return (item.source, item.start, item.end, item.reason, item.article or "", item.says)


def _source_page(archive: Archive, source: SourceText, tasks: Sequence[Task], day: str) -> Page:
    articles = archive.by_file.get(source.file, ())
    context = {
        "source": source,
        "tasks": tasks,
        "pieces": tuple(cut_pieces(cut_source(source, articles), tasks)),
        "tints": {article.id: number % TINTS for number, article in enumerate(articles)},
        "titles": {article.id: citation.title_of(article) for article in articles},
        "language_of_page": citation.language_of(articles[0]) if articles else "zh",
        "day": day,
    }
    return Page(f"{DESK}{source.slug}/", "review_source.html", lambda: context, listed=False)


def cut_pieces(segments: Iterable[Segment], tasks: Sequence[Task]) -> Iterator[Piece]:
    """The segments of a source, cut further where an item begins or ends.

    >>> item = Item(None, "a.txt", "gap", 1, 2, "", 1.0)
    >>> tasks = [Task(item, 1, "a", 1, None, "")]
    >>> [(one.segment.text, one.numbers, one.is_doubtful) for one in cut_pieces([Segment(0, "甲乙丙")], tasks)]
    [('甲', (), False), ('乙', (1,), True), ('丙', (), False)]
    """
    spans = [(one.item.start, one.item.end) for one in tasks]
    opening: dict[int, list[int]] = {}
    for one in sorted(tasks, key=lambda one: one.number):
        opening.setdefault(one.item.start, []).append(one.number)
    points = {point for span in spans for point in span}
    reached = 0
    for segment in segments:
        reached = segment.start + len(segment.text)
        inner = {point for point in points if segment.start < point < reached}
        for start, end in pairwise(sorted(inner | {segment.start, reached})):
            text = segment.text[start - segment.start : end - segment.start]
            part = replace(segment, start=start, text=text, opens=segment.opens and start == segment.start)  # fmt: skip
            is_doubtful = any(begin <= start < stop for begin, stop in spans)
            yield Piece(part, tuple(opening.get(start, ())), is_doubtful)
    if reached in opening:  # an item about the end of the text, or about an empty one
        yield Piece(Segment(reached, ""), tuple(opening[reached]), False)
