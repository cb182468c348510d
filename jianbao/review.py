"""The review desk: what needs a person, most doubtful first.

Doubts of the ledgers, values that were inferred, fragments, and ticks that have lapsed, each as one item with its place in
the source. An article that a person ticked off (`reviewed:`) has none; nor has one that was deleted or taken down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from jianbao.models import Article, Doubt, Ledger, Span, is_blank

# How often the converter is in fact wrong in what an item is about: the headline (no-headline, headline-pairing), `complete`
# (gap, start- and end-missing), the text (no-text), the cut (orphan-fragment), the characters (byte-shift, lost-bytes), the value
# (inferred-…). Measured as wrong items of all, on 4,200 fresh pages of tests/typesetter (seeds from 7001, a third in each look)
# and the five real pages with gold; only their order matters. On the real pages alone none of 15 was wrong.
SCORES = {
    "conflict": 1.00,  # not measured: only a person can say which of two versions is right
    "lost-bytes": 1.00,  # 42 of 42, though all stood among shifted bytes, where they are not told
    "byte-shift": 1.00,  # 105 of 105
    "gap": 0.96,  # 106 of 110
    "review-lapsed": 0.95,  # not measured: a person has seen another text than stands there now
    "orphan-fragment": 0.94,  # 134 of 143
    "no-headline": 0.92,  # 419 of 457
    "no-text": 0.92,  # 786 of 852
    "end-missing": 0.57,  # 577 of 1009
    "start-missing": 0.35,  # 35 of 101
    "inferred-date": 0.33,  # the generator dates its pages by the same rule; of real ones 0 of 1, so (0 + 1) / (1 + 2)
    "latin-slip": 0.33,  # none on fresh pages, 0 of 1 on real ones
    "doubtful-character": 0.20,  # 1 of 9, on twelve invented pages recognised at 150 dpi and the demo's scan: (1 + 1) / (9 + 2)
    "headline-pairing": 0.15,  # 523 of 3404
    "inferred-publication": 0.01,  # 0 of 520
}
UNMEASURED = 0.5  # a reason that the table does not know

# Characters of its text below which an untitled article is rather a piece of another than one of its own: 72 of 83 were on
# 2,400 such pages; from 60 to 120 it is 18 of 44, above that 75 of 234.
SHORT = 60

# What a reason leaves unsaid: whoever looks at the one in an article has the others before them.
IMPLIED = {
    "orphan-fragment": ("no-headline", "no-text", "start-missing", "end-missing"),
    "no-headline": ("start-missing",),
    "no-text": ("end-missing",),
}

# What a person has answered by writing it into the article; the ledger may still have the doubt.
ANSWERED: Mapping[str, Callable[[Article], bool]] = {
    "no-headline": lambda article: article.title is not None,
    "no-text": lambda article: bool(article.body),
    "gap": lambda article: article.complete == "whole",
    "start-missing": lambda article: article.complete == "whole",
    "end-missing": lambda article: article.complete == "whole",
}

# Keys of the front matter as the trade calls them.
KEYS = {
    "title": "题名", "kicker": "引题", "subtitle": "副题", "column": "栏目", "authors": "作者", "dateline": "电头",
    "date": "日期", "publication": "报名", "page": "版次", "topics": "专题", "places": "地点",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `article` is an id, None for the page as a whole; the score runs to 1, most doubtful."""

    article: str | None
    source: str  # below sources/
    reason: str
    start: int
    end: int
    says: str
    score: float

    def as_json(self) -> dict[str, str | int | float | None]:
        return asdict(self)


def find_items(
    articles: Iterable[Article], sources: Iterable[tuple[Ledger, str | None]]
) -> tuple[Item, ...]:
    """All items, in an order that depends on nothing else; of each source its ledger and decoded text, None where the file is gone."""
    by_file: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda one: one.id):
        if article.source and article.source.spans:
            by_file.setdefault(article.source.file, []).append(article)
    items = {
        item
        for ledger, text in sources
        for item in _items_of(ledger, text, by_file.get(ledger.file, ()))
    }
    return tuple(sorted(items, key=_most_doubtful_first))


def by_reason(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """The items under their reasons, in the order in which each first comes up."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.reason, []).append(item)
    return list(groups.items())


def line_of(item: Item, text: str) -> int:
    """The line of a source on which an item begins."""
    return text.count("\n", 0, item.start) + 1


def _most_doubtful_first(item: Item) -> tuple[object, ...]:
    place = (item.source, item.start, item.article or "", item.reason)
    return (-item.score, *place, item.end, item.says)


def _items_of(ledger: Ledger, text: str | None, articles: Sequence[Article]) -> Iterator[Item]:
    """The items of one source, each inside its text."""
    waiting = [one for one in articles if one.publish and is_waiting(one, ledger)]
    doubts = [*_page_doubts(ledger), *_inferred(waiting, text)]
    for article in waiting:
        doubts += _told_once(list(_doubts_about(article, ledger)))
    length = ledger.characters if text is None else len(text)
    for one in doubts:
        start, end = sorted(min(max(at, 0), length) for at in (one.start, one.end))
        score = SCORES.get(one.reason, UNMEASURED)
        yield Item(one.article, ledger.file, one.reason, start, end, one.says, score)


def is_waiting(article: Article, ledger: Ledger) -> bool:
    """Whether an article waits for a person: nobody has ticked it off, or it is another since."""
    return article.reviewed is None or ledger.has_lapsed(article)


# --- what there is to say ------------------------------------------------------------------------


def _page_doubts(ledger: Ledger) -> Iterator[Doubt]:
    """What is doubtful about no article in particular. Bytes out of step tell of the bytes lost among them."""
    shifted = [(one.start, one.end) for one in ledger.doubts if one.reason == "byte-shift"]
    for one in ledger.doubts:
        is_among = any(start < one.end and one.start < end for start, end in shifted)
        if one.article is None and not (one.reason == "lost-bytes" and is_among):
            yield one


def _doubts_about(article: Article, ledger: Ledger) -> Iterator[Doubt]:
    """What is doubtful about one article, as the ledger and the article itself have it."""
    for doubt in ledger.doubts:
        is_answered = ANSWERED.get(doubt.reason)
        if doubt.article == article.id and not (is_answered and is_answered(article)):
            yield doubt
    if ledger.has_lapsed(article):
        yield _doubt(article, "review-lapsed", f"{article.reviewed}校对之后，转换有了变化")
    if is_orphan(article):
        length = _length(article)
        what = f"只有{length}字" if length < SHORT else "首尾不全"
        yield _doubt(article, "orphan-fragment", f"没有标题，{what}，或是别的文章的一段")


def _doubt(article: Article, reason: str, says: str) -> Doubt:
    return Doubt(reason, *_first_span(article), says, article.id)


def is_orphan(article: Article) -> bool:
    """Whether an article looks like a piece of another: no headline, and hardly a text or neither beginning nor end."""
    is_piece = article.complete == "both-missing" or _length(article) < SHORT
    return article.title is None and is_piece


def _length(article: Article) -> int:
    return sum(not is_blank(char) for char in article.body)


def _told_once(doubts: Sequence[Doubt]) -> list[Doubt]:
    """The doubts about one article without those that another implies.

    >>> doubts = [Doubt("start-missing", 0, 9, "", "a"), Doubt("no-headline", 0, 9, "", "a")]
    >>> [one.reason for one in _told_once(doubts)]
    ['no-headline']
    """
    implied = {other for one in doubts for other in IMPLIED.get(one.reason, ())}
    return [one for one in doubts if one.reason not in implied]


# --- what was inferred ---------------------------------------------------------------------------


def _inferred(articles: Sequence[Article], text: str | None) -> Iterator[Doubt]:
    """The values that were inferred; one that several articles owe to the same words is told once, of the page."""
    shared: dict[tuple[str, str, str], list[Article]] = {}
    for article in articles:
        for key, one in article.evidence.items():
            if one.status == "inferred":
                shared.setdefault((key, _value(article, key), one.quote), []).append(article)
    for (key, value, quote), ones in shared.items():
        owner = ones[0].id if len(ones) == 1 else None
        says = f"{KEYS.get(key, key)}{value}是推定的"
        says += f"，所据“{quote}”" if quote else ""
        says += f"（{len(ones)}篇同）" if len(ones) > 1 else ""
        start, end = find_quote(quote, text or "") or _first_span(ones[0])
        yield Doubt(f"inferred-{key}", start, end, says, owner)


def _value(article: Article, key: str) -> str:
    value = getattr(article, key, None)
    return value if isinstance(value, str) else ""


def find_quote(quote: str, text: str) -> Span | None:
    """Where the words that a value was concluded from stand; blanks apart, and without what the converter added to them.

    >>> find_quote("本报临河3月4日电，2021年", "春耕\\n本报临河3月 4日电 田里")
    (3, 13)
    """
    for words in (quote, quote.rpartition("，")[0]):
        characters = [re.escape(char) for char in words if not is_blank(char)]
        found = re.search(r"\s*".join(characters), text) if characters else None
        if found:
            return found.span()
    return None


def _first_span(article: Article) -> Span:
    """Where an article first stands in its source."""
    assert article.source
    return min(article.source.spans)
