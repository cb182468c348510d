"""Permanent ids: which article of a new conversion is which of the last one, by the characters they share.

Addresses and citations hang on an id. It stays with an article that has its headline or a good part of its text; where it must
go, it leaves the way to the article that took most of its characters.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from jianbao.models import Article

# Texts of another version of a source are compared by runs of this many characters: two Chinese articles on unlike subjects
# share hardly one in a hundred of these, of pairs one in ten.
GRAM = 4
# An article took over another if it has at least this share of its runs. A page read anew with one character in twenty
# different keeps four fifths of them.
SHARE = 0.25
# What an article is cited by is its headline: to have it counts as much as to have all the text.
HEAD = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids of a new conversion, in the order of its articles, and of each id that is gone who has its characters now."""

    ids: tuple[str, ...]
    heirs: Mapping[str, str | None]


def keep_ids(
    old: Sequence[Article],
    new: Sequence[Article],
    slug: str,
    *,
    taken: Iterable[str] = (),
    last: Collection[str] = (),
) -> Identity:
    """Ids for the articles of `new`: each keeps that of the article whose characters it has, the rest get the next numbers.

    `taken` are ids that were in use once and must not come back for other words; those in `last` are given after all others.
    """
    shared = _characters_shared(old, new)
    pairs = [
        (one.id not in last, number * (HEAD if _begin_alike(one, new[to]) else 1), -at, -to)
        for at, one in enumerate(old)
        for to, number in shared[at].items()
        if number >= SHARE * _length(one) or _begin_alike(one, new[to])
    ]
    keeper: dict[int, int] = {}  # index of a new article → of the old one whose id it keeps
    for _, _, minus_at, minus_to in sorted(pairs, reverse=True):
        if -minus_at not in keeper.values():
            keeper.setdefault(-minus_to, -minus_at)
    fresh = _unused(slug, [*taken, *(one.id for one in old)])
    ids = [old[keeper[to]].id if to in keeper else next(fresh) for to in range(len(new))]
    kept = set(ids)
    heirs = {
        one.id: ids[max(row, key=lambda to: (row[to], -to))] if row else None
        for one, row in zip(old, shared, strict=True)
        if one.id not in kept
    }
    return Identity(tuple(ids), heirs)


def _begin_alike(one: Article, other: Article) -> bool:
    """Whether two articles have the same headline: on the same source they begin at one place, else it has the same words."""
    mine, others = one.source, other.source
    if mine and others and mine.sha256 == others.sha256 and mine.spans and others.spans:
        return mine.spans[0][0] == others.spans[0][0]
    return one.title is not None and one.title == other.title


def number_of(identity: str, slug: str) -> int:
    """The number of an id of this source, 0 for any other id.

    >>> number_of("a-03-12", "a-03"), number_of("b-12", "a-03"), number_of("a-03-zwei", "a-03")
    (12, 0, 0)
    """
    tail = identity.removeprefix(f"{slug}-")
    return int(tail) if tail != identity and tail.isascii() and tail.isdigit() else 0


def _unused(slug: str, taken: Sequence[str]) -> Iterator[str]:
    """The ids of a source that were never in use, one after the other."""
    last = max((number_of(one, slug) for one in taken), default=0)
    return (f"{slug}-{number:02}" for number in count(last + 1))


def _length(article: Article) -> int:
    """Characters of an article in its source, or of its own where it has none."""
    spans = article.source.spans if article.source else ()
    return sum(end - start for start, end in spans) or len(_runs(article))


def _characters_shared(old: Sequence[Article], new: Sequence[Article]) -> list[Counter[int]]:
    """For every old article: index of a new one → characters both have."""
    by_place = _Places(new)
    by_words = _Words(new)
    rows = []
    for one in old:
        row = by_place.shared(one)
        rows.append(by_words.shared(one) if row is None else row)
    return rows


class _Places:
    """Where the articles of a conversion stand in their source. No two stand at the same place."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.sha256 = {one.source.sha256 for one in articles if one.source}
        self.runs = sorted(
            (*span, at)
            for at, one in enumerate(articles)
            if one.source
            for span in one.source.spans
        )
        self.ends = [end for _, end, _ in self.runs]

    def shared(self, other: Article) -> Counter[int] | None:
        """Index of an article → characters it has in common with another of the same source; None for other sources."""
        if other.source is None or other.source.sha256 not in self.sha256:
            return None
        row: Counter[int] = Counter()
        for start, end in other.source.spans:
            for first, last, at in self.runs[bisect.bisect_right(self.ends, start) :]:
                if first >= end:
                    break
                row[at] += min(end, last) - max(start, first)
        return row


class _Words:
    """What the articles of a conversion say, for a source that is no longer the same."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.counts = [Counter(_runs(one)) for one in articles]
        self.holders: dict[str, list[int]] = {}
        for at, counts in enumerate(self.counts):
            for run in counts:
                self.holders.setdefault(run, []).append(at)

    def shared(self, other: Article) -> Counter[int]:
        row: Counter[int] = Counter()
        counts = Counter(_runs(other))
        for run, times in counts.items():
            for at in self.holders.get(run, ()):
                row[at] += min(times, self.counts[at][run])
        enough = SHARE * counts.total()  # fewer are shared by chance
        return Counter({at: number for at, number in row.items() if number >= enough})


def _runs(article: Article) -> list[str]:
    parts = (article.kicker, article.title, article.subtitle, article.body)
    text = "".join("".join(part.split()) for part in parts if part)
    return [text[at : at + GRAM] for at in range(max(1, len(text) - GRAM + 1))] if text else []
