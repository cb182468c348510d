"""Suggestions: headlines and names by their pinyin, for whoever types Latin letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jianbao.models import Article
from jianbao.pinyin import syllables

# Letters that a row is found by; a reader who has typed so many sees few rows, and a whole headline is long.
FULL, INITIALS = 12, 8

Row = tuple[str, str, str, str | None]  # pinyin, text, kind, id of an article


def suggestions_of(articles: Iterable[Article]) -> Iterator[Row]:
    """What may be suggested of some articles; each name in full and by its initials.

    >>> list(suggestions_of([Article("a-01", "渡口")]))
    [('dukou', '渡口', 'title', 'a-01'), ('dk', '渡口', 'title', 'a-01')]
    """
    for kind, text, identity in dict.fromkeys(_named(articles)):
        opening = "".join(text.split())[:FULL]  # a syllable has a letter at least
        parts = [part.lower() for part in syllables(opening)]
        full = _letters("".join(parts))[:FULL]
        initials = _letters("".join(part[:1] for part in parts))[:INITIALS]
        yield from ((key, text, kind, identity) for key in (full, initials) if key)


def by_letter(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Letter → the rows whose pinyin begins with it, in order."""
    letters: dict[str, list[Row]] = {}
    for row in in_order(rows):
        letters.setdefault(row[0][0], []).append(row)
    return letters


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (*row[:3], row[3] or ""))


def _named(articles: Iterable[Article]) -> Iterator[tuple[str, str, str | None]]:
    """What may be suggested: kind, text, and the article it leads to."""
    for article in articles:
        if article.title:
            yield "title", article.title, article.id
        yield from (("person", author.name, None) for author in article.authors)
        yield from (("topic", topic, None) for topic in article.topics)
        yield from (("place", place, None) for place in article.places)
        if article.publication:
            yield "publication", article.publication, None
        if article.column:
            yield "column", article.column, None


def _letters(text: str) -> str:
    """The letters a to z, as a reader types them."""
    return "".join(char for char in text if "a" <= char <= "z")
