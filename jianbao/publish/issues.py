"""Issues: what one newspaper printed on one day, put together from all the sources that hold a piece of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jianbao.models import Article
from jianbao.publish.archive import Archive, SourceText, Way, group, issue_url

# A paper whose issues fill no more months than this shows them all on its own page; one that ran longer has a page
# for each year. Two years are 24 small calendars, four screens of a phone.
CALENDAR_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of an issue: its number as printed, what stood on it, and the files it was read from."""

    page: str | None
    articles: tuple[Article, ...]
    sources: tuple[SourceText, ...]

    @property
    def lead(self) -> Article | None:
        """What the page is led by: the first article, if it has a headline to lead with."""
        return self.articles[0] if self.articles[0].title else None


@dataclass(frozen=True, slots=True)
class Issue:
    """One day of one newspaper; for a website, what it published on that day."""

    paper: Way
    day: str
    articles: tuple[Article, ...]

    @property
    def url(self) -> str:
        return issue_url(self.paper, self.day)


def issues_of(archive: Archive, paper: Way) -> tuple[Issue, ...]:
    """The issues of a newspaper, the oldest first."""
    days = sorted({article.date for article in paper.articles if article.date})
    return tuple(Issue(paper, day, archive.issues[paper.name, day]) for day in days)


def sheets_of(archive: Archive, issue: Issue) -> tuple[Sheet, ...]:
    """The pages of an issue as they follow one another, each with its articles as they stood on it."""
    pages: dict[str | None, list[Article]] = {}
    for article in issue.articles:
        pages.setdefault(article.page, []).append(article)
    return tuple(
        Sheet(page, tuple(articles), _sources_of(archive, articles))
        for page, articles in pages.items()
    )


def _sources_of(archive: Archive, articles: Sequence[Article]) -> tuple[SourceText, ...]:
    sources = (archive.source_of(article) for article in articles)
    return tuple({source.slug: source for source in sources if source}.values())


def by_month(issues: Sequence[Issue]) -> Mapping[str, tuple[Issue, ...]]:
    """2020-06 → the issues of that month; only months that have any."""
    return group(issues, lambda issue: issue.day[:7])
