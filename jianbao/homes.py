"""Homes: the article in which each paragraph of a page belongs, when a person and a new conversion have both cut the page.

A paragraph that a person took to another article, or out of the archive, stays where it was taken. All others follow the
new conversion, and a correction follows its paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

Paragraphs = Mapping[str, Sequence[str]]  # key of an article → its paragraphs
Place = tuple[str, int]  # key of an article of the last conversion, index of a paragraph in it
Runs = frozenset[str]

REMOVED = ""  # the home of what a person took out of the archive

# Paragraphs are compared by runs of this many letters. One is found again in a text that has at least half of its runs: a
# person who corrects it seldom changes more, and two unlike paragraphs share hardly any.
GRAM = 4
HALF = 0.5
NO_LETTER_RE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs in one article: paragraphs of the last conversion, of a person, of the new conversion, in one order."""

    base: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Homes:
    """Which article holds what."""

    parts: Mapping[str, Part]  # by the key of the article
    theirs: Mapping[str, tuple[str, ...]]  # article of the new conversion → home of each paragraph
    main: Mapping[str, str]  # article of the last or the new conversion → where most of it is


def find_homes(
    base: Paragraphs,
    ours: Paragraphs,
    theirs: Paragraphs,
    *,
    held: Collection[str] = (),
    heirs: Mapping[str, str | None],
) -> Homes:
    """Every paragraph of the three in the article it belongs to.

    An article of `ours` has the key of that of `base` which it was, or one of its own; a key of `base` that is not in `ours`
    was deleted. `held` are articles that a person keeps although `theirs` does not have them; `heirs` tells who has the
    characters of such an article now.

    >>> homes = find_homes({"a": ["渡口昨天开航。"], "b": ["老街的灯亮了。"]}, {"a": ["渡口昨天开航。", "老街的灯亮了。"]},
    ...                    {"a": ["渡口昨天开航。"], "b": ["老街的灯全亮了。"]}, heirs={})
    >>> homes.parts["a"].theirs, homes.main["b"]
    (('渡口昨天开航。', '老街的灯全亮了。'), 'a')
    """
    if ours == base and not held:  # nobody has moved anything
        return Homes(
            {
                key: Part(tuple(base.get(key, ())), tuple(ours.get(key, ())), tuple(ones))
                for key, ones in theirs.items()
            },
            {key: (key,) * len(ones) for key, ones in theirs.items()},
            {key: key if key in theirs else heirs.get(key) or REMOVED for key in [*base, *theirs]},
        )
    return _Search(base, ours, theirs, frozenset(held), heirs).homes()


def most_like(text: str, paragraphs: Sequence[str]) -> int | None:
    """The index of the paragraph that holds most of a text, at least half of it.

    >>> most_like("老街的灯亮了", ["渡口昨天开航。", "夜里老街的灯亮了。"]), most_like("史雪", ["渡口。"])
    (1, None)
    """
    runs = _runs(text)
    shares = [len(runs & _runs(one)) for one in paragraphs]
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= max(1, HALF * len(runs)) else None


@dataclass(frozen=True, slots=True)
class _Row:
    """A paragraph of one of the three."""

    key: str  # of the article it stands in
    text: str
    like: Place | None  # the paragraph of the last conversion that it was
    home: str


class _Search:
    def __init__(
        self,
        base: Paragraphs,
        ours: Paragraphs,
        theirs: Paragraphs,
        held: frozenset[str],
        heirs: Mapping[str, str | None],
    ) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.heirs = heirs
        self.deleted = base.keys() - ours.keys()
        self.standing = {key: _runs_of_all(ones) for key, ones in ours.items()}
        self.today = {key: _runs_of_all(ones) for key, ones in theirs.items()}
        self.last = _Index(base)
        self.put = {
            place: _holder(runs, place[0], self.standing) for place, runs in self.last.runs.items()
        }
        # Who has taken in a paragraph of another article keeps it, whatever becomes of the article in the new conversion.
        self.held = held | {to for place, to in self.put.items() if to not in (place[0], REMOVED)}
        self.touched = {
            key
            for place in self.put
            if self._was_taken(place)
            for key in (place[0], self.put[place])
        }
        self.main = {key: self._main_home(key) for key in dict.fromkeys([*base, *theirs])}

    def homes(self) -> Homes:
        base = [
            _Row(place[0], self.base[place[0]][place[1]], place, self._home(place))
            for place in self.last.runs
        ]
        ours = [row for key in self.ours for row in self._rows_of_ours(key)]
        theirs = [row for key in self.theirs for row in self._rows_of_theirs(key)]
        keys = dict.fromkeys(row.home for row in [*theirs, *base, *ours] if row.home)
        return Homes(
            {
                key: self._part(
                    key,
                    *([row for row in rows if row.home == key] for rows in (base, ours, theirs)),
                )
                for key in keys
            },
            {key: tuple(row.home for row in theirs if row.key == key) for key in self.theirs},
            self.main,
        )

    def _was_taken(self, place: Place) -> bool:
        """Whether a person decides where a paragraph stands: they took it elsewhere, or keep its article."""
        return self.put[place] != place[0] or place[0] in self.held

    def _main_home(self, key: str) -> str:
        """Where an article is today: under its own key unless a person deleted it; then where they took most of it."""
        if key in self.theirs and key not in self.deleted:
            return key
        if key in self.ours:
            return key if key in self.held or not self.heirs.get(key) else self._heir(key)
        taken = Counter[str]()
        for place, runs in self.last.runs.items():
            if place[0] == key:
                taken[self.put[place]] += len(runs)
        return max(taken, key=lambda to: (taken[to], to), default=REMOVED)

    def _heir(self, key: str) -> str:
        heir = self.heirs.get(key)
        return heir if heir and heir not in self.deleted else key

    def _home(self, place: Place) -> str:
        if self._was_taken(place):
            return self.put[place]
        key = place[0]
        today = _holder(self.last.runs[place], key, self.today) or self.main[key]
        return today if self.main.get(today) == today else key

    def _rows_of_theirs(self, key: str) -> Iterator[_Row]:
        for text in self.theirs[key]:
            like = self.last.like(text, key)
            own = self.main[key]
            if like and (own != key or self._was_taken(like)):
                own = self._home(like)
            yield _Row(key, text, like, own)

    def _rows_of_ours(self, key: str) -> list[_Row]:
        """The paragraphs of a file; what a person wrote of their own goes with the paragraph before it."""
        if key not in self.base:  # a person's own article stays as it is
            return [_Row(key, text, self.last.like(text, key), key) for text in self.ours[key]]
        rows = []
        for text in self.ours[key]:
            like = self.last.like(text, key)
            known = like is not None and self.put[like] == key
            rows.append(_Row(key, text, like, self._home(like) if like and known else ""))
        home = next((row.home for row in rows if row.home), self.main[key])
        for at, row in enumerate(rows):
            home = row.home or home
            rows[at] = replace(row, home=home)
        return rows

    def _part(
        self, key: str, base: Sequence[_Row], ours: Sequence[_Row], theirs: Sequence[_Row]
    ) -> Part:
        rows = [base, ours, theirs]
        if any(
            _is_foreign(key, of, mine)
            for of, mine in zip((self.base, self.ours, self.theirs), rows, strict=True)
        ):
            leader = ours if key in self.touched and ours else theirs
            places = _places_in(leader, base)
            rows = [mine if mine is leader else _in_order(mine, places) for mine in rows]
        return Part(*(tuple(row.text for row in mine) for mine in rows))


def _is_foreign(key: str, of: Paragraphs, rows: Sequence[_Row]) -> bool:
    """Whether an article holds others than its own paragraphs, or not all of them."""
    return any(row.key != key for row in rows) or len(rows) != len(of.get(key, ()))


def _places_in(leader: Sequence[_Row], base: Sequence[_Row]) -> dict[Place, int]:
    """Where the paragraphs of the last conversion stand in `leader`; one that does not, behind the one before it."""
    rank: dict[Place | None, int] = {}
    for at, row in enumerate(leader):
        rank.setdefault(row.like, at)
    places: dict[Place, int] = {}
    for row in base:
        assert row.like is not None
        key, at = row.like
        places[row.like] = rank.get(row.like, places.get((key, at - 1), -1))
    return places


def _in_order(rows: Sequence[_Row], places: Mapping[Place, int]) -> list[_Row]:
    """The rows as their likes follow one another; one without a like stays behind the row before it."""
    order: list[tuple[int, Place]] = []
    for row in rows:
        known = row.like in places
        before = order[-1] if order else (-1, ("", -1))
        order.append((places[row.like], row.like) if row.like and known else before)
    return [rows[at] for at in sorted(range(len(rows)), key=order.__getitem__)]


def _holder(runs: Runs, own: str, among: Mapping[str, Runs]) -> str:
    """The article that has a paragraph: its own if that has enough of it, or the one that has most, or else its own again."""
    shares = {own: len(runs & among[own])} if own in among else {}
    enough = HALF * len(runs)
    if shares.get(own, -1) < enough:
        shares |= {key: len(runs & others) for key, others in among.items()}
    best = max(shares, key=lambda key: (shares[key], key == own), default=REMOVED)
    if best and shares[best] >= enough and shares[best]:
        return best
    return own if own in among else REMOVED


class _Index:
    """The paragraphs of the last conversion, found by what they say."""

    def __init__(self, base: Paragraphs) -> None:
        self.runs: dict[Place, Runs] = {
            (key, at): _runs(text) for key, ones in base.items() for at, text in enumerate(ones)
        }
        self.places: dict[str, list[Place]] = {}
        for place, runs in self.runs.items():
            for run in runs:
                self.places.setdefault(run, []).append(place)

    def like(self, text: str, key: str) -> Place | None:
        """The paragraph that a text was: the one that shares most with it, at least half of the shorter of the two."""
        runs = _runs(text)
        shared = Counter(place for run in runs for place in self.places.get(run, ()))
        fit = [
            place
            for place, number in shared.items()
            if number >= HALF * min(len(runs), len(self.runs[place]))
        ]
        return max(fit, key=lambda place: (shared[place], place[0] == key, place), default=None)


def _runs_of_all(texts: Iterable[str]) -> Runs:
    return frozenset().union(*map(_runs, texts))


@lru_cache(maxsize=1024)  # an article's paragraphs are compared with each line of it
def _runs(text: str) -> Runs:
    """The runs of letters of a paragraph, all of it where it is shorter.

    >>> sorted(_runs("## 渡口，昨天。")), sorted(_runs("* * *"))
    (['渡口昨天'], [])
    """
    letters = NO_LETTER_RE.sub("", text)
    if not letters:
        return frozenset()
    return frozenset(letters[at : at + GRAM] for at in range(max(1, len(letters) - GRAM + 1)))
