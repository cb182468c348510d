"""The self-test of the search: whether the index as it is shipped finds every article by words of its own.

Every article is looked up in the shards by three phrases; of a few the shards are given to lunr as well, as a browser would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lunr import __TARGET_JS_VERSION__ as LUNR_VERSION
from lunr.index import Index
from lunr.query import QueryPresence

from jianbao.errors import JianbaoError
from jianbao.models import Article
from jianbao.publish.postings import Shards, decode_postings, documents_in
from jianbao.publish.tokens import query_terms

SAMPLE = 5  # articles that are asked of lunr too
HINT = "This is a fault of Jianbao's; please report the words."


def check_that_all_are_found(
    articles: Sequence[Article],
    phrases: Mapping[int, Sequence[str]],
    shards: Shards,
    fields: Sequence[str],
) -> None:
    """Look for every article that has phrases by these; articles are in the order of their numbers, `fields` in that of the postings.

    Raises:
        JianbaoError: an article is not found.
    """
    wanted: dict[str, list[tuple[int, str]]] = {}  # term → who must be found by it, as part of what
    for number, own in phrases.items():
        for phrase in own:
            for term in _whole_terms(phrase):
                wanted.setdefault(term, []).append((number, phrase))
    for term, expected in wanted.items():
        found = [documents_in(text) for text in (shards.line_of(term) or "").split("\t")]
        for number, phrase in expected:
            if not any(number in documents for documents in found):
                raise _lost(articles[number], phrase)
    for number in range(0, len(articles), len(articles) // SAMPLE + 1):
        phrase = (phrases.get(number) or [""])[-1]
        terms = _whole_terms(phrase)
        if terms and number not in _found_by_lunr(terms, shards, fields):
            raise _lost(articles[number], phrase)


def _whole_terms(phrase: str) -> list[str]:
    """The terms of a phrase that stand in the index as they are."""
    return [term for term in query_terms(phrase) if "*" not in term or term == "*"]


def _postings(term: str, shards: Shards) -> list[list[tuple[int, int]]]:
    return [decode_postings(text) for text in (shards.line_of(term) or "").split("\t")]


def _found_by_lunr(terms: Iterable[str], shards: Shards, fields: Sequence[str]) -> set[int]:
    """The documents that lunr finds with all the terms in the part of the index that holds these terms."""
    inverted: list[list[Any]] = []
    vectors: dict[str, list[float]] = {}
    ordered = sorted(terms)  # as lunr.py wants them; lunr.js goes by UTF-16 units
    for at, term in enumerate(ordered):
        holders: dict[str, Any] = {"_index": at}
        rows = _postings(term, shards)
        for place, field in enumerate(fields):
            row = rows[place] if place < len(rows) else []
            holders[field] = {str(document): {} for document, _ in row}
            for document, count in row:
                vectors.setdefault(f"{field}/{document}", []).extend((at, float(count)))
        inverted.append([term, holders])
    index = Index.load(
        {
            "version": LUNR_VERSION,
            "fields": list(fields),
            "fieldVectors": [list(row) for row in vectors.items()],
            "invertedIndex": inverted,
            "pipeline": [],
        }
    )
    query = index.create_query()
    for term in ordered:
        query.term(term, presence=QueryPresence.REQUIRED, use_pipeline=False)
    return {int(result["ref"]) for result in index.query(query)}


def _lost(article: Article, phrase: str) -> JianbaoError:
    return JianbaoError(f"the search does not find it by {phrase!r}", path=article.id, hint=HINT)
