"""The archive: all articles in their order, and the ways in to them.

Every order here is total and comes from the articles alone, so that two builds are equal.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import TypeVar

from jianbao.config import Config, Publication, Topic
from jianbao.models import Article, Facsimile, Ledger, Place
from jianbao.slugs import unique_slugs

Key = TypeVar("Key")
Value = TypeVar("Value")
Articles = tuple[Article, ...]

# What ways in there are, in the order in which they are offered: kind (the folder of its pages) and
# the names by which an article is found there.
WAYS: dict[str, Callable[[Article], Iterable[str]]] = {
    "topics": lambda article: article.topics,
    "publications": lambda article: (article.publication,) if article.publication else (),
    "people": lambda article: (credit.name for credit in article.authors),
    "places": lambda article: article.places,
    "columns": lambda article: (article.column,) if article.column else (),
}

# In each list below an article: what fits on one screen of a phone.
LISTED = 5
# A month is shown on one page up to so many articles; a day is never divided.
ARTICLES_PER_MONTH_PAGE = 100


@dataclass(frozen=True)
class SourceText:
    """A source with its ledger; `text` is the decoded file, None when the file is gone, `images` are its pages, if they are shown, and
    `places` tells where on these its lines stand.
    """

    slug: str
    ledger: Ledger
    text: str | None = None
    images: tuple[Facsimile, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def file(self) -> str:
        """Its path below `sources/`."""
        return self.ledger.file

    @property
    def url(self) -> str:
        return f"/sources/{self.slug}/"

    def url_of_image(self, page: int) -> str:
        """Where the picture of a page stands; pages are counted from 1."""
        return f"{self.url}page-{page}.jpg"


class SourceToRead(SourceText):
    """A source whose ledger and text are read when somebody asks for them."""

    def __init__(
        self,
        slug: str,
        file: str,
        read: Callable[[], tuple[Ledger, str | None, tuple[Facsimile, ...], tuple[Place, ...]]],
    ) -> None:
        object.__setattr__(self, "slug", slug)
        self.__dict__ |= {"known_file": file, "read": cache(read)}

    @property
    def file(self) -> str:
        return str(self.__dict__["known_file"])

    @property
    def ledger(self) -> Ledger:
        ledger: Ledger = self.__dict__["read"]()[0]
        return ledger

    @property
    def text(self) -> str | None:
        text: str | None = self.__dict__["read"]()[1]
        return text

    @property
    def images(self) -> tuple[Facsimile, ...]:
        images: tuple[Facsimile, ...] = self.__dict__["read"]()[2]
        return images

    @property
    def places(self) -> tuple[Place, ...]:
        places: tuple[Place, ...] = self.__dict__["read"]()[3]
        return places


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: a topic, a newspaper, a person … and its articles, newest first."""

    kind: str
    name: str
    slug: str
    articles: tuple[Article, ...]

    @property
    def url(self) -> str:
        return f"/{self.kind}/{self.slug}/"


@dataclass(frozen=True, slots=True)
class Company:
    """What an article stands among."""

    before: Article | None  # in the issue
    after: Article | None
    same_page: Articles  # 同版
    related: Articles  # 相关, by the words that they share
    same_topic: Articles  # 同专题


@dataclass(frozen=True, slots=True)
class Archive:
    """All that is published, found from every side."""

    config: Config
    articles: tuple[Article, ...]  # newest first, the undated last
    ways: Mapping[str, Mapping[str, Way]]  # kind → name → way
    months: Mapping[str, tuple[Article, ...]]  # 2020-06 → articles, oldest day first
    issues: Mapping[tuple[str, ...], tuple[Article, ...]]  # issue → articles as the pages follow
    sources: Mapping[str, SourceText]  # file below sources/ → source, by slug
    by_file: Mapping[str, tuple[Article, ...]]  # the same file → its articles, as they begin there
    retired: Mapping[str, str]  # ids that are gone → the published id that took their place
    days: Mapping[str, str]  # 2020-06-18 → the address at which the articles of that day are listed
    nearest: Mapping[str, Articles] = field(default_factory=dict)  # id → the articles nearest to it
    search_folder: str = "/search/"  # where the files of the search stand
    paths: Mapping[str, str] = field(default_factory=dict)  # id → its file, content/x/01.md

    @property
    def has_feed(self) -> bool:
        """A feed needs absolute addresses and days."""
        return bool(self.config.base_url and self.months)

    @property
    def undated(self) -> tuple[Article, ...]:
        return tuple(article for article in self.articles if not article.date)

    @property
    def years(self) -> Mapping[str, Mapping[str, int]]:
        """Year → month (`2020-06`) → number of articles."""
        years: dict[str, dict[str, int]] = {}
        for month, articles in self.months.items():
            years.setdefault(month[:4], {})[month] = len(articles)
        return years

    def texts_of_names(self) -> Iterator[str]:
        """Every name that is listed, and those of people without the first character, which is read as a surname."""
        for kind, ways in self.ways.items():
            for name in ways:
                yield from (name, name[1:]) if kind == "people" else (name,)

    def ways_to(self, article: Article) -> dict[str, tuple[Way, ...]]:
        """The ways on which an article lies, by kind."""
        return {
            kind: tuple(self.ways[kind][name] for name in dict.fromkeys(names_of(article)))
            for kind, names_of in WAYS.items()
        }

    def source_of(self, article: Article) -> SourceText | None:
        return self.sources.get(file_of(article))

    def neighbours(self, article: Article) -> tuple[Article | None, Article | None]:
        """The articles before and after this one in its issue."""
        issue = self.issues[issue_key(article)]
        place = bisect.bisect_left(issue, issue_order(article), key=issue_order)
        before = issue[place - 1] if place else None
        return before, issue[place + 1] if place + 1 < len(issue) else None

    def same_page(self, article: Article) -> tuple[Article, ...]:
        """The other articles that stood on the same page (同版)."""
        return tuple(
            other
            for other in self.issues[issue_key(article)]
            if other.page == article.page and other.id != article.id
        )

    def same_topic(self, article: Article) -> Iterator[Article]:
        """The other articles of its first topic, the nearest to it in the archive's order first."""
        if not article.topics:
            return iter(())
        row = self.ways["topics"][article.topics[0]].articles
        place = bisect.bisect_left(row, newest_first(article), key=newest_first)
        return _outwards(row, place)

    def issue_url(self, article: Article) -> str | None:
        """The address of the issue it stood in, when newspaper and day are known."""
        if not (article.publication and article.date):
            return None
        return issue_url(self.ways["publications"][article.publication], article.date)

    def with_articles(self, edited: Mapping[str, Article]) -> Archive:
        """The same archive with some articles, by their ids, as they are now; all have kept their place (`memory.has_kept_its_place`)."""
        if not edited:
            return self
        stood = [one for one in self.articles if one.id in edited]

        def anew(
            groups: Mapping[Key, Articles], key: Callable[[Article], Key]
        ) -> dict[Key, Articles]:
            touched = {name: renewed(groups[name]) for name in map(key, stood) if name in groups}
            return {**groups, **touched}

        def renewed(ones: Iterable[Article]) -> Articles:
            return tuple(edited.get(one.id, one) for one in ones)

        ways = {}
        for kind, several in self.ways.items():
            names = {name for one in stood for name in WAYS[kind](one)}
            ways[kind] = {
                **several,
                **{
                    name: replace(several[name], articles=renewed(several[name].articles))
                    for name in names
                },
            }
        return replace(
            self,
            articles=renewed(self.articles),
            ways=ways,
            months=anew(self.months, month_of),
            issues=anew(self.issues, issue_key),
            by_file=anew(self.by_file, file_of),
        )

    def company(self, article: Article) -> Company:
        """Where a reader may go on from an article; no article is offered twice."""
        before, after = self.neighbours(article)
        shown = {one.id for one in (article, before, after) if one}

        def unseen(others: Iterable[Article], most: int | None = LISTED) -> Articles:
            fresh = tuple(islice((one for one in others if one.id not in shown), most))
            shown.update(one.id for one in fresh)
            return fresh

        return Company(
            before,
            after,
            same_page=unseen(self.same_page(article), None),
            related=unseen(self.nearest.get(article.id, ())),
            same_topic=unseen(self.same_topic(article)),
        )


def make_archive(
    config: Config,
    articles: Iterable[Article],
    sources: Iterable[SourceText],
    retired: Mapping[str, str] | None = None,
) -> Archive:
    """The archive of these articles and sources, whatever order they come in. `retired` is found in the ledgers unless it is known."""
    ordered = tuple(sorted(under_one_name(config, articles), key=newest_first))
    files = by_their_files(sources)
    months = group(sorted(ordered, key=oldest_first), month_of)
    return Archive(
        config=config,
        articles=ordered,
        ways={kind: _make_ways(kind, config, ordered) for kind in WAYS},
        months=months,
        issues=group(sorted(ordered, key=issue_order), issue_key),
        sources=files,
        by_file=group(sorted(ordered, key=issue_order), file_of),
        retired=_live_successors(ordered, files.values()) if retired is None else retired,
        days=_places_of_days(months),
    )


def by_their_files(sources: Iterable[SourceText]) -> dict[str, SourceText]:
    """File below `sources/` → source, by slug."""
    return {one.file: one for one in sorted(sources, key=lambda one: one.slug)}


# --- order ---------------------------------------------------------------------------------------


def issue_order(article: Article) -> tuple[object, ...]:
    """How articles follow each other within an issue: by page, then by place on it."""
    source = article.source
    start = source.spans[0][0] if source and source.spans else 0
    return (page_order(article.page), file_of(article), start, article.id)


def newest_first(article: Article) -> tuple[object, ...]:
    """The archive's order: the newest day first, within it by newspaper and page; undated last."""
    day = -int(article.date.replace("-", "")) if article.date else 0
    return (day, article.publication or "", *issue_order(article))


def oldest_first(article: Article) -> tuple[object, ...]:
    """The order of a chronicle."""
    return (article.date or "", article.publication or "", *issue_order(article))


def page_order(page: str | None) -> tuple[tuple[int, int, str], ...]:
    """A sort key that counts: page 2 before page 10, A3 before B1, no page last.

    >>> sorted(["B1", "10", "A3", "2"], key=page_order)
    ['2', '10', 'A3', 'B1']
    """
    if page is None:
        return ((2, 0, ""),)
    parts = re.findall(r"[0-9]+|[^0-9]+", page)
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one) for one in parts)


def issue_key(article: Article) -> tuple[str, ...]:
    """The issue an article stood in: newspaper and day; where one is unknown, its source alone."""
    if article.publication and article.date:
        return (article.publication, article.date)
    return (file_of(article) or article.id,)


def month_of(article: Article) -> str:
    """2020-06; empty where the day is not known."""
    return (article.date or "")[:7]


def file_of(article: Article) -> str:
    """The source it came from, below `sources/`; empty for a person's own article."""
    return article.source.file if article.source else ""


# --- days and issues -----------------------------------------------------------------------------


def issue_url(paper: Way, day: str) -> str:
    return f"{paper.url}{day}/"


def month_url(month: str) -> str:
    """
    >>> month_url("2020-06"), month_url("2020")
    ('/dates/2020/06/', '/dates/2020/')
    """
    return f"/dates/{month.replace('-', '/')}/"


def cut_month(articles: Iterable[Article]) -> list[dict[str, Articles]]:
    """The days of a month with their articles, in so many parts as it has pages."""
    parts: list[dict[str, Articles]] = [{}]
    for day, ones in group(articles, lambda one: one.date or "").items():
        held = sum(len(others) for others in parts[-1].values())
        if held and held + len(ones) > ARTICLES_PER_MONTH_PAGE:
            parts.append({})
        parts[-1][day] = ones
    return parts


def _places_of_days(months: Mapping[str, Iterable[Article]]) -> dict[str, str]:
    return {
        day: f"{month_url(month)}{f'page-{number}.html' if number > 1 else ''}#d-{day[8:]}"
        for month, articles in months.items()
        for number, part in enumerate(cut_month(articles), 1)
        for day in part
    }


# --- gathering -----------------------------------------------------------------------------------


def under_one_name(config: Config, articles: Iterable[Article]) -> Iterator[Article]:
    """The articles, those of one newspaper all under the name that the settings give it."""
    names = {alias: one.name for one in config.publications for alias in one.aliases}
    for article in articles:
        name = names.get(article.publication or "")
        yield replace(article, publication=name) if name else article


def _make_ways(kind: str, config: Config, articles: Sequence[Article]) -> dict[str, Way]:
    """The ways of one kind: first as the settings name them, then those with most articles."""
    found: dict[str, list[Article]] = {}
    for article in articles:
        for name in dict.fromkeys(WAYS[kind](article)):
            found.setdefault(name, []).append(article)
    named = {one.name: one.slug for one in _configured(kind, config)}
    slugs = _make_slugs(found, {name: slug for name, slug in named.items() if slug})
    rank = {name: place for place, name in enumerate(named)}
    ways = [Way(kind, name, slugs[name], tuple(members)) for name, members in found.items()]
    ways.sort(key=lambda way: (rank.get(way.name, len(rank)), -len(way.articles), way.slug))
    return {way.name: way for way in ways}


def _configured(kind: str, config: Config) -> tuple[Topic | Publication, ...]:
    if kind == "topics":
        return config.topics
    return config.publications if kind == "publications" else ()


def _make_slugs(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Name → slug: the given ones as given, all others clear of them and of each other.

    >>> _make_slugs(["民生", "min sheng"], {"民生": "min-sheng"})["min sheng"]
    'min-sheng-43e97e74'
    """
    others = [name for name in names if name not in given]
    return unique_slugs([*others, *(f"/{slug}" for slug in given.values())]) | dict(given)


def group(values: Iterable[Value], key: Callable[[Value], Key]) -> dict[Key, tuple[Value, ...]]:
    """Values by key, in the order given; those with an empty key are left out."""
    groups: dict[Key, list[Value]] = {}
    for value in values:
        if name := key(value):
            groups.setdefault(name, []).append(value)
    return {name: tuple(members) for name, members in groups.items()}


def _outwards(row: Sequence[Value], place: int) -> Iterator[Value]:
    """The others of a row, the nearest to a place first.

    >>> list(_outwards("abcde", 1))
    ['c', 'a', 'd', 'e']
    """
    for step in range(1, len(row)):
        yield from (row[at] for at in (place + step, place - step) if 0 <= at < len(row))


def _live_successors(articles: Iterable[Article], sources: Iterable[SourceText]) -> dict[str, str]:
    """Retired ids → the published article at the end of their chain; the others have none."""
    steps = {old: new for source in sources for old, new in source.ledger.retired.items()}
    live = {article.id for article in articles}
    successors = {}
    for old in sorted(steps.keys() - live):
        new, seen = steps[old], {old}
        while new not in live and new in steps and new not in seen:
            seen.add(new)
            new = steps[new]
        if new in live:
            successors[old] = new
    return successors
