"""Portraits: what a topic, a newspaper or a person looks like as a whole, counted from its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jianbao.publish import dates
from jianbao.publish.archive import WAYS, Archive, Way, group

# Names of each kind beside a list: two or three lines of them.
NAMES = 8
# Two topics that share one article may share it by chance.
LEAST_SHARED = 2

Counted = tuple[tuple[Way, int], ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """The time a way covers, what it is near to, and whom one meets on it."""

    first: str | None  # the first day and the last
    last: str | None
    chart: dates.Chart | None
    roles: tuple[tuple[str | None, int], ...]  # of a person: as what, and how often
    akin: Counted  # others of its kind, with the articles in common
    company: Mapping[str, Counted]  # kind → the commonest names on its articles


def portray(archive: Archive, way: Way) -> Portrait:
    """A way as a whole."""
    days = sorted(article.date for article in way.articles if article.date)
    met = {
        kind: Counter(name for article in way.articles for name in dict.fromkeys(names_of(article)))
        for kind, names_of in WAYS.items()
    }
    return Portrait(
        first=days[0] if days else None,
        last=days[-1] if days else None,
        chart=_chart_of(days),
        roles=_roles_of(way) if way.kind == "people" else (),
        akin=_akin(archive, way, met[way.kind]),
        company={
            kind: _commonest(archive, kind, counts)
            for kind, counts in met.items()
            if kind != way.kind and counts
        },
    )


def _chart_of(days: Sequence[str]) -> dates.Chart | None:
    """The days over time; none where no month or year has two, which the list shows as well."""
    chart = dates.chart(Counter(day[:7] for day in days))
    return chart if chart and chart.most > 1 else None


def _roles_of(way: Way) -> tuple[tuple[str | None, int], ...]:
    """In which roles a person is credited (记者, 摄影 …), the commonest first; without one last."""
    roles = Counter(
        role
        for article in way.articles
        for role in {credit.role: None for credit in article.authors if credit.name == way.name}
    )
    return tuple(sorted(roles.items(), key=lambda item: (item[0] is None, -item[1], item[0] or "")))


def _akin(archive: Archive, way: Way, shared: Mapping[str, int]) -> Counted:
    """Those of its kind that share articles with it, at least two and more than chance would give, the nearest first.

    By chance, of a articles and b articles among n there would be a·b/n in common. Nearness is the share of
    those in common among all that either has (Jaccard).
    """
    own, total = len(way.articles), len(archive.articles)
    near = []
    for name, common in shared.items():
        other = archive.ways[way.kind][name]
        theirs = len(other.articles)
        if name != way.name and common >= LEAST_SHARED and common * total > own * theirs:
            near.append((-common / (own + theirs - common), other.slug, other, common))
    return tuple((other, common) for _, _, other, common in sorted(near, key=lambda row: row[:2]))[
        :NAMES
    ]


def _commonest(archive: Archive, kind: str, counts: Mapping[str, int]) -> Counted:
    ways = ((archive.ways[kind][name], number) for name, number in counts.items())
    return tuple(sorted(ways, key=lambda item: (-item[1], item[0].slug)))[:NAMES]


def spans_of_years(archive: Archive, kind: str) -> Mapping[str, tuple[str, str]]:
    """Name → the first and the last year of its articles; the undated have none."""
    spans = {}
    for way in archive.ways[kind].values():
        years = group(way.articles, lambda article: (article.date or "")[:4])
        if years:
            spans[way.name] = (min(years), max(years))
    return spans
