"""The search: an index that lunr.js loads, the texts that its hits are checked in, the folding table.

lunr finds candidates by our tokens and ranks them; the client then looks into the texts themselves, so
what it shows is exact. A new searchable field is one row of FIELDS: the client learns it from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lunr.builder import Builder

from jianbao.models import Article
from jianbao.publish.markdown import plain_paragraphs, plain_passages
from jianbao.publish.tokens import fold, folding, tokens
from jianbao.publish.typography import widen_punctuation

LUNR_VERSION = "2.3.9"  # of lunr.js, which loads what lunr.py writes
Texts = Mapping[str, tuple[str, ...]]  # field → its texts in one article


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable part of an article: its weight, its texts, and the words that ask for it alone."""

    name: str
    boost: int
    get: Callable[[Article], tuple[str, ...]]
    prefixes: tuple[str, ...]  # `title:词`, simplified; the client folds what a reader types
    always: bool = False  # searched without a prefix, too


def _titles(article: Article) -> tuple[str, ...]:
    return _present(article.kicker, article.title, article.subtitle)


def _paragraphs(article: Article) -> tuple[str, ...]:
    return plain_paragraphs(article.body)


def _authors(article: Article) -> tuple[str, ...]:
    return tuple(author.name for author in article.authors)


def _publication(article: Article) -> tuple[str, ...]:
    return _present(article.publication)


def _column(article: Article) -> tuple[str, ...]:
    return _present(article.column)


# Boost of the title: from 3 to 10 the order of hits is equally good (nDCG .935 over 224 queries on 10,000
# news articles), 1 and 20 are worse.
FIELDS = (
    Field("title", 5, _titles, ("title", "标题"), always=True),
    Field("body", 1, _paragraphs, ("body", "正文"), always=True),
    Field("author", 1, _authors, ("author", "作者")),
    Field("publication", 1, _publication, ("publication", "报纸")),
    Field("column", 1, _column, ("column", "栏目")),
)


def build_search(articles: Sequence[Article], *, widen: bool = False) -> dict[str, bytes]:
    """The files of the search by their path in the site; equal articles make equal bytes.

    Articles are numbered by date, so a greater number is a later article. With `widen`, snippets
    show punctuation as the pages do; it changes nothing in what is found.
    """
    ordered = sorted(articles, key=lambda article: (article.date or "", article.id))
    texts = [{field.name: field.get(article) for field in FIELDS} for article in ordered]
    shown = widen_punctuation if widen else str
    documents = {
        "fields": [
            {"name": field.name, "prefixes": field.prefixes, "always": field.always}
            for field in FIELDS
        ],
        "documents": [
            _document(article, fields, shown)
            for article, fields in zip(ordered, texts, strict=True)
        ],
    }
    return {
        "search/documents.json": _as_json(documents),
        "search/folding.json": _as_json(_pairs_needed(texts)),
        "search/index.json": _as_json(_index(texts)),
    }


def _document(article: Article, texts: Texts, shown: Callable[[str], str]) -> dict[str, Any]:
    """What the client shows of an article, and the texts it looks into."""
    return {
        "id": article.id,
        "title": None if article.title is None else shown(article.title),
        "date": article.date,
        "publication": article.publication,
        "topics": article.topics,
        "texts": {name: [shown(text) for text in several] for name, several in texts.items()},
        "anchors": [passage.anchor for passage in plain_passages(article.body)],
    }


def _index(texts: Sequence[Texts]) -> dict[str, Any]:
    """lunr's index as its `Index.load` takes it, references being places in the list of documents."""
    if not texts:  # lunr.py divides by the number of documents
        return _serialised([], [])
    builder = Builder()
    for field in FIELDS:
        builder.field(field.name, boost=field.boost)
    for place, fields in enumerate(texts):
        found = {name: _tokens_of(several) for name, several in fields.items()}
        builder.add({"id": str(place), **found})
    index = builder.build().serialize()
    return _serialised(index["fieldVectors"], index["invertedIndex"])


def _serialised(vectors: list[Any], postings: list[Any]) -> dict[str, Any]:
    """lunr.js wants the terms in the order of UTF-16 units; lunr.py gives that of code points."""
    return {
        "version": LUNR_VERSION,
        "fields": [field.name for field in FIELDS],
        "fieldVectors": vectors,
        "invertedIndex": sorted(postings, key=lambda posting: posting[0].encode("utf-16-be")),
        "pipeline": [],
    }


def _tokens_of(texts: tuple[str, ...]) -> list[str]:
    """Token lists end to end: nothing is found across two paragraphs."""
    return [token for text in texts for token in tokens(text)]


def _pairs_needed(texts: Sequence[Texts]) -> dict[str, str]:
    """The pairs whose simplified side this archive or a prefix holds; no other can change a search.

    Two strings in step: a character of `from` becomes the one in the same place of `to`.
    """
    held = {char for field in FIELDS for prefix in field.prefixes for char in prefix}
    for fields in texts:
        for several in fields.values():
            held.update(*map(fold, several))
    pairs = [(char, to) for char, to in folding().items() if to in held]
    return {"from": "".join(char for char, _ in pairs), "to": "".join(to for _, to in pairs)}


def _present(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
