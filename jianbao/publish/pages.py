"""Pages: what each page of the site shows. Every decision is taken here; a template only shows.

A new kind of page is a row of `PAGE_KINDS` and a template.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

from jianbao.models import Article
from jianbao.publish import citation, dates
from jianbao.publish.archive import WAYS, Archive, Way, cut_month, group, month_url
from jianbao.publish.article_pages import article_pages, source_pages
from jianbao.publish.initials import OTHERS, by_pinyin
from jianbao.publish.issues import CALENDAR_MONTHS, Issue, by_month, issues_of, sheets_of
from jianbao.publish.page import (
    ARTICLES_PER_PAGE,
    NAMES_PER_PAGE,
    Page,
    list_pages,
    section_of,
    url_in_list,
)
from jianbao.publish.portraits import Portrait, portray, spans_of_years

Value = TypeVar("Value")
Shown = Mapping[str, Any]  # what a template shows

# The templates that show the beginning of an article's text; an article's own page beside.
QUOTING = frozenset({"home.html", "issue.html", "feed.xml"})

SITEMAP = "/sitemap.xml"  # leads to all articles and shows nothing of any
NEWEST = 9  # on the front page: one lead and four rows of two
TOP_NAMES = 12  # of each way in on the front page
FEED_ENTRIES = 50
# From so many names on a list is there in the order of pinyin as well: more than two screens of a phone.
MANY_NAMES = 60
OPENING_OF_MONTH = 5  # articles beside each month of a year


class Kind(NamedTuple):
    """A kind of pages: how they are made of an archive, and in which sections they stand."""

    make: Callable[..., Iterator[Page]]
    sections: frozenset[str]
    is_one_by_one: bool = False  # `make` can be told which addresses are asked for


def make_pages(archive: Archive, only: Collection[str] | None = None) -> Iterator[Page]:
    """All pages, in the order of `PAGE_KINDS`, last the sitemap, which names the others; or `only` those at some addresses."""
    is_whole = only is None or SITEMAP in only
    sections = {section_of(url) for url in only or ()}
    listed: list[Page] = []
    for kind in PAGE_KINDS:
        if is_whole or not sections.isdisjoint(kind.sections):
            is_narrow = kind.is_one_by_one and not is_whole
            for page in kind.make(archive, only) if is_narrow else kind.make(archive):
                if page.listed and is_whole:
                    listed.append(page)
                if only is None or page.url in only:
                    yield page
    if archive.config.base_url and is_whole:
        yield Page(SITEMAP, "sitemap.xml", partial(_listed, listed), listed=False)


def _listed(pages: Iterable[Page]) -> Shown:
    return {"listed": [(page.url, page.modified()) for page in pages]}


def home_page(archive: Archive) -> Iterator[Page]:
    yield Page("/", "home.html", partial(_front, archive))


def _front(archive: Archive) -> Shown:
    dated = [article for article in archive.articles if article.date]
    newest = (dated or archive.articles)[:NEWEST]
    return {
        "lead": newest[0] if newest else None,
        "newest": newest[1:],
        "first": dated[-1].date if dated else None,
        "last": dated[0].date if dated else None,
        "ways": {kind: tuple(ways.values())[:TOP_NAMES] for kind, ways in archive.ways.items()},
        "spans": spans_of_years(archive, "publications"),
        "places": {period: month_url(period) for period in (*archive.months, *archive.years)},
        "chart": dates.chart({month: len(ones) for month, ones in archive.months.items()}),
    }


def way_pages(kind: str, archive: Archive) -> Iterator[Page]:
    yield from _names_pages(archive, kind)
    for way in archive.ways[kind].values():
        shows = partial(_way, archive, way)
        yield from list_pages(way.url, "way.html", way.articles, shows, ARTICLES_PER_PAGE)


def _way(archive: Archive, way: Way) -> Shown:
    portrait = portray(archive, way)
    places, marks = _periods_of(way, portrait)
    return {
        "way": way,
        "place": _place_of(archive, way),
        "feed": _feed_of(archive, way),
        "portrait": portrait,
        "places": places,
        "marks": marks,
        **(_calendar_of(archive, way) if way.kind == "publications" else {"issues": ()}),
    }


def _names_pages(archive: Archive, kind: str) -> Iterator[Page]:
    """All names of a kind, those with most articles first; of many also in the order of pinyin."""
    url, ways = f"/{kind}/", archive.ways[kind]
    by_name = f"{url}by-name.html" if len(ways) >= MANY_NAMES else None
    spans = spans_of_years(archive, kind) if kind == "publications" else {}
    context = {"kind": kind, "spans": spans, "by_number": url, "by_name": by_name}
    yield from list_pages(url, "ways.html", tuple(ways.values()), lambda: context, NAMES_PER_PAGE)
    if by_name:
        rows = [
            (letter, f"letter-{letter.lower() if letter != OTHERS else 'others'}", ways[name])
            for letter, names in by_pinyin(ways, of_people=kind == "people").items()
            for name in names
        ]
        letters: dict[str, str] = {}
        for place, (letter, anchor, _) in enumerate(rows):
            letters.setdefault(letter, f"{url_in_list(by_name, place, NAMES_PER_PAGE)}#{anchor}")
        lettered = context | {"letters": letters}
        yield from list_pages(by_name, "by_name.html", rows, lambda: lettered, NAMES_PER_PAGE)


def _periods_of(way: Way, portrait: Portrait) -> tuple[dict[str, str], dict[str, str]]:
    """Where in its list each bar of a way's chart begins: the period's address, and the anchor of an article."""
    places: dict[str, str] = {}
    marks: dict[str, str] = {}
    if portrait.chart:
        for place, article in enumerate(way.articles):
            period = dates.period_of(article.date or "", portrait.chart)
            if period and period not in places:
                marks[article.id] = f"t-{period}"
                places[period] = f"{url_in_list(way.url, place, ARTICLES_PER_PAGE)}#t-{period}"
    return places, marks


def _calendar_of(archive: Archive, paper: Way) -> dict[str, Any]:
    """The issues of a newspaper as a calendar: all on its own page, or a page for each year of a long run."""
    issues = issues_of(archive, paper)
    months = by_month(issues)
    is_long = len(months) > CALENDAR_MONTHS
    return {
        "issues": issues,
        "months": {} if is_long else _calendars(months),
        "years": _years(_numbers(months), paper.url) if is_long else {},
    }


def _calendars(months: Mapping[str, Sequence[Issue]]) -> dict[str, dict[str, str]]:
    """Month → its days → the address of the issue."""
    return {month: {one.day: one.url for one in ones} for month, ones in months.items()}


def _numbers(months: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    return {month: len(ones) for month, ones in months.items()}


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month in the table of years: how many there are, how dark it is shown, and where it leads."""

    month: str
    number: int
    level: int
    url: str


def _years(months: Mapping[str, int], url: str | None = None) -> dict[str, list[MonthCell]]:
    """Year → its twelve months, the newest year first. `url` is the page of a newspaper with its own years."""
    most = max(months.values(), default=0)
    years = sorted({month[:4] for month in months}, reverse=True)
    return {
        year: [
            MonthCell(
                month := f"{year}-{number:02}",
                count := months.get(month, 0),
                dates.heat(count, most),
                f"{url}{year}/#m-{month[5:]}" if url else month_url(month),
            )
            for number in range(1, 13)
        ]
        for year in years
    }


def issue_pages(archive: Archive) -> Iterator[Page]:
    """A page for each issue, and for each year of a newspaper that ran long."""
    for paper in archive.ways["publications"].values():
        issues = issues_of(archive, paper)
        for issue, before, after in _with_neighbours(issues):
            yield Page(issue.url, "issue.html", partial(_issue, archive, issue, before, after))
        months = by_month(issues)
        if len(months) > CALENDAR_MONTHS:
            yield from _years_of_paper(paper, months)


def _issue(archive: Archive, issue: Issue, before: Issue | None, after: Issue | None) -> Shown:
    sheets = sheets_of(archive, issue)
    return {"issue": issue, "sheets": sheets, "before": before, "after": after}


def _years_of_paper(paper: Way, months: Mapping[str, Sequence[Issue]]) -> Iterator[Page]:
    years = group(months, lambda month: month[:4])
    for year, before, after in _with_neighbours(years):
        context = {
            "paper": paper,
            "year": year,
            "months": _calendars({month: months[month] for month in years[year]}),
            "before": before,
            "after": after,
        }
        yield Page(f"{paper.url}{year}/", "paper_year.html", partial(dict, context))


def _with_neighbours(
    values: Iterable[Value],
) -> Iterator[tuple[Value, Value | None, Value | None]]:
    """Each with the one before and the one after.

    >>> list(_with_neighbours(["2019", "2021"]))
    [('2019', None, '2021'), ('2021', '2019', None)]
    """
    row = list(values)
    yield from zip(row, [None, *row], [*row[1:], None], strict=False)


def _place_of(archive: Archive, way: Way) -> str | None:
    """Where a newspaper appears, as the settings say."""
    papers = archive.config.publications if way.kind == "publications" else ()
    return next((paper.place for paper in papers if paper.name == way.name), None)


def date_pages(archive: Archive) -> Iterator[Page]:
    months = archive.months
    yield Page("/dates/", "dates.html", lambda: {"years": _years(_numbers(months))})
    for year, before, after in _with_neighbours(archive.years):
        yield Page(month_url(year), "year.html", partial(_year, archive, year, before, after))
    for month, before, after in _with_neighbours(months):
        yield from _month_pages(archive, month, before, after)
    yield from _days_of_year(archive)
    if archive.undated:
        yield from list_pages(
            "/dates/undated/", "undated.html", archive.undated, dict, ARTICLES_PER_PAGE
        )


def _year(archive: Archive, year: str, before: str | None, after: str | None) -> Shown:
    here = {month: archive.months[month] for month in archive.years[year]}
    return {
        "year": year,
        "months": {month: _places_of(archive, ones) for month, ones in here.items()},
        "opening": {month: ones[:OPENING_OF_MONTH] for month, ones in here.items()},
        "before": before,
        "after": after,
    }


def _month_pages(
    archive: Archive, month: str, before: str | None, after: str | None
) -> Iterator[Page]:
    """A month in as many pages as its days need."""
    articles = archive.months[month]

    def shows() -> Shown:
        places = _places_of(archive, articles)
        return {"month": month, "places": places, "before": before, "after": after}

    yield from list_pages(month_url(month), "month.html", cut_month(articles), shows, 1)


def _places_of(archive: Archive, articles: Iterable[Article]) -> dict[str, str]:
    """The days of these articles, and where each is listed."""
    return {day: archive.days[day] for article in articles if (day := article.date)}


def _days_of_year(archive: Archive) -> Iterator[Page]:
    """On this day 历史上的今天: every day of the year that holds anything, with the articles of all years."""
    dated = (article for article in archive.articles if article.date)
    days = dict(sorted(group(dated, lambda one: (one.date or "")[5:]).items()))
    if not days:
        return
    yield Page("/dates/days/", "days.html", lambda: {"months": dates.days_of_year(), "days": days})
    for day, before, after in _with_neighbours(days):
        shows: Callable[[], Shown] = partial(dict, day=day, before=before, after=after)
        yield from list_pages(
            f"/dates/days/{day}/", "day.html", days[day], shows, ARTICLES_PER_PAGE
        )


def search_page(archive: Archive) -> Iterator[Page]:
    yield Page("/search/", "search.html", lambda: {"search": archive.search_folder})


def about_page(archive: Archive) -> Iterator[Page]:
    yield Page("/about/", "about.html", lambda: {"counts": _counts(archive)})


def _counts(archive: Archive) -> Mapping[str, int]:
    articles = archive.articles
    return {
        "inferred": sum(any(e.status == "inferred" for e in a.evidence.values()) for a in articles),
        "fragments": sum(article.complete != "whole" for article in articles),
        "reviewed": sum(article.reviewed is not None for article in articles),
        "repairs": sum(len(source.ledger.repairs) for source in archive.sources.values()),
    }


def not_found_page(_: Archive) -> Iterator[Page]:
    yield Page("/404.html", "404.html", listed=False, anywhere=True)


def redirect_pages(archive: Archive) -> Iterator[Page]:
    successors = set(archive.retired.values())
    titles = {one.id: citation.title_of(one) for one in archive.articles if one.id in successors}
    for old, new in archive.retired.items():
        shows: Callable[[], Shown] = partial(dict, target=f"/articles/{new}/", title=titles[new])
        yield Page(f"/articles/{old}/", "redirect.html", shows, listed=False)


def feeds(archive: Archive) -> Iterator[Page]:
    """The newest articles as Atom, and those of each topic."""
    if not archive.has_feed:
        return
    everything = partial(_feed, "/", None, archive.articles)
    yield Page("/feed.xml", "feed.xml", everything, listed=False)
    for way in archive.ways["topics"].values():
        if url := _feed_of(archive, way):
            shows = partial(_feed, way.url, way.name, way.articles)
            yield Page(url, "feed.xml", shows, listed=False)


def _feed_of(archive: Archive, way: Way) -> str | None:
    """A topic's own feed, when it would hold anything."""
    has_feed = archive.has_feed and way.kind == "topics" and way.articles[0].date
    return f"{way.url}feed.xml" if has_feed else None


def _feed(home: str, name: str | None, articles: Sequence[Article]) -> Shown:
    newest = [article for article in articles if article.date][:FEED_ENTRIES]
    days = {article.id: max(article.date or "", article.reviewed or "") for article in newest}
    return {"home": home, "name": name, "articles": newest, "days": days}


def robots(_: Archive) -> Iterator[Page]:
    yield Page("/robots.txt", "robots.txt", listed=False)


def opensearch(archive: Archive) -> Iterator[Page]:
    """How a browser or a catalogue may search here; it needs the full address."""
    if archive.config.base_url:
        yield Page("/opensearch.xml", "opensearch.xml", listed=False)


def _kind(make: Callable[..., Iterator[Page]], *sections: str) -> Kind:
    return Kind(make, frozenset(sections))


PAGE_KINDS: tuple[Kind, ...] = (
    _kind(home_page, "/"),
    Kind(article_pages, frozenset({"/articles/"}), is_one_by_one=True),
    _kind(source_pages, "/sources/"),
    *(_kind(partial(way_pages, way), f"/{way}/") for way in WAYS),
    _kind(issue_pages, "/publications/"),
    _kind(date_pages, "/dates/"),
    _kind(search_page, "/search/"),
    _kind(about_page, "/about/"),
    _kind(not_found_page, "/"),
    _kind(redirect_pages, "/articles/"),
    _kind(feeds, "/", "/topics/"),
    _kind(robots, "/"),
    _kind(opensearch, "/"),
)
