"""The search: an index in shards, the texts that its hits are checked in, and what a reader may choose from.

The client finds candidates by our tokens, ranks them with lunr.js, and looks into the texts themselves, so what it shows is
exact. docs/search-format.md tells every file. A new searchable field is one row of FIELDS: the client learns it from here.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b, sha256
from operator import itemgetter
from typing import Any, NamedTuple

from jianbao.errors import JianbaoError
from jianbao.models import Article
from jianbao.publish.markdown import Passage, plain_passages
from jianbao.publish.postings import (
    K1,
    LENGTHS,
    B,
    Postings,
    Segment,
    Shards,
    Tokens,
    average_length,
    cut_shards,
    encode_documents,
    make_segment,
    term_of,
)
from jianbao.publish.related import find_related
from jianbao.publish.self_test import check_that_all_are_found
from jianbao.publish.suggestions import Row, by_letter, suggestions_of
from jianbao.publish.tokens import (
    LATIN_RE,
    fold,
    foldable,
    folding,
    marks_of_folded,
    tokens_of_folded,
)
from jianbao.publish.typography import widen_punctuation

Texts = Mapping[str, tuple[str, ...]]  # field → its texts in one article
DOCUMENTS_PER_FOLDER = 1000
PAST_LATIN = "\u0250"  # the first character that begins no Latin run
MANIFEST = "manifest.json"
SUGGESTIONS = "suggestions/"
ENDINGS_BYTES = 8192  # of a file of joints turned round, uncompressed: some 3 KB as sent
PHRASE = 6  # characters of a phrase that an article must be found by


@dataclass(frozen=True, slots=True)
class Field:
    """A searchable part of an article: its weight, its texts, and the words that ask for it alone."""

    name: str
    boost: int
    get: Callable[[Article, Sequence[Passage]], tuple[str, ...]]
    prefixes: tuple[str, ...]  # `title:词`, simplified; the client folds what a reader types
    always: bool = False  # searched without a prefix, too
    is_weighed: bool = False  # a term tells less in a long text than in a short one


def _titles(article: Article, _: Sequence[Passage]) -> tuple[str, ...]:
    return _present(article.kicker, article.title, article.subtitle)


def _paragraphs(_: Article, passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(passage.text for passage in passages)


def _authors(article: Article, _: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(author.name for author in article.authors)


def _publication(article: Article, _: Sequence[Passage]) -> tuple[str, ...]:
    return _present(article.publication)


def _column(article: Article, _: Sequence[Passage]) -> tuple[str, ...]:
    return _present(article.column)


# Boost of the title: from 3 to 10 the order of hits is equally good (nDCG .935 over 224 queries on 10,000
# news articles), 1 and 20 are worse.
FIELDS = (
    Field("title", 5, _titles, ("title", "标题"), always=True),
    Field("body", 1, _paragraphs, ("body", "正文"), always=True, is_weighed=True),
    Field("author", 1, _authors, ("author", "作者")),
    Field("publication", 1, _publication, ("publication", "报纸")),
    Field("column", 1, _column, ("column", "栏目")),
)

NAMES = tuple(field.name for field in FIELDS)
WEIGHED = tuple(field.name for field in FIELDS if field.is_weighed)

# What a reader may choose from: the names under which an article is found.
FACETS: dict[str, Callable[[Article], Iterable[str]]] = {
    "publication": lambda article: _present(article.publication),
    "topic": lambda article: article.topics,
    "person": lambda article: (author.name for author in article.authors),
    "place": lambda article: article.places,
}


class Entry(NamedTuple):
    """What the search knows of one article."""

    tokens: list[Tokens]  # of each field
    document: bytes  # what the client shows of it, as JSON
    phrases: list[str]  # by which it must be found


class Part(NamedTuple):
    """What the search knows of some articles in a row."""

    segment: Segment
    documents: list[bytes]  # what the client shows of each, as JSON
    phrases: list[list[str]]  # of each, by which it must be found
    suggestions: set[Row]


@dataclass(frozen=True, slots=True)
class Index:
    """All that the search knows, the articles in the order of their numbers."""

    articles: Sequence[Article]
    postings: Postings
    documents: Sequence[bytes]
    phrases: Sequence[Sequence[str]]
    suggestions: Mapping[str, Sequence[Row]]  # by their first letter

    def related(self) -> dict[str, tuple[Article, ...]]:
        """Id → the articles nearest to it, by the same pairs; to be asked before `search_files`, which takes the postings."""
        nearest = find_related(self.postings, "title", "body")
        return {
            article.id: tuple(self.articles[number] for number in numbers)
            for article, numbers in zip(self.articles, nearest, strict=True)
        }


@dataclass(frozen=True, slots=True)
class SearchFiles:
    """The files of the search by their path in the site, and the folder they stand in, which is named by what they hold."""

    folder: str  # /search/1a2b3c4d5e6f/
    files: Mapping[str, bytes]


def numbered(articles: Iterable[Article]) -> list[Article]:
    """The articles in the order of their numbers: by date, so that a greater number is a later article."""
    return sorted(articles, key=lambda article: (article.date or "", article.id))


def read_article(article: Article, *, widen: bool = False) -> Entry:
    """What the search knows of an article. With `widen`, snippets show punctuation as the pages do; it changes nothing in what is found."""
    passages = plain_passages(article.body)
    texts = {field.name: field.get(article, passages) for field in FIELDS}
    folded = {name: [fold(text) for text in several] for name, several in texts.items()}
    return Entry(
        [_tokens_and_marks(folded[field.name]) for field in FIELDS],
        as_json(_document(article, texts, passages, widen=widen)),
        _own_phrases(folded),
    )


def index_part(articles: Sequence[Article], first: int, *, widen: bool = False) -> Part:
    """What the search knows of some articles, which are numbered from `first`; `widen` as for `read_article`."""
    documents: list[bytes] = []
    phrases: list[list[str]] = []

    def read() -> Iterator[list[Tokens]]:
        for article in articles:
            entry = read_article(article, widen=widen)
            documents.append(entry.document)
            phrases.append(entry.phrases)
            yield entry.tokens

    segment = make_segment(first, read(), NAMES, WEIGHED)
    return Part(segment, documents, phrases, set(suggestions_of(articles)))


def make_index(articles: Sequence[Article], parts: Iterable[Part]) -> Index:
    """The parts put together; `articles` are in the order of their numbers, and so are the parts."""
    postings = Postings(NAMES, WEIGHED)
    documents: list[bytes] = []
    phrases: list[list[str]] = []
    suggestions: set[Row] = set()
    for part in parts:
        postings.append(part.segment)
        documents += part.documents
        phrases += part.phrases
        suggestions |= part.suggestions
    return Index(articles, postings, documents, phrases, by_letter(suggestions))


def search_files(index: Index) -> SearchFiles:
    """The files of the search; equal articles make equal bytes.

    Raises:
        JianbaoError: an article is not found by its own words.
    """
    postings = index.postings
    files = {document_path(number): data for number, data in enumerate(index.documents)}
    lines = list(postings.give_lines())
    shards, lists = cut_shards(lines), make_lists(lines, set(map(itemgetter(0), lines)))
    lines.clear()  # of a large archive they are the most that there is at any time
    table = make_table(shards, lists)
    check_that_all_are_found(index.articles, dict(enumerate(index.phrases)), table.shards, NAMES)
    files |= table.files
    files["lengths.txt"] = postings.lengths_as_text().encode()
    letters = index.suggestions
    files |= {suggestions_path(letter): as_json(rows) for letter, rows in letters.items()}
    files |= _choice_files(index.articles)
    files[MANIFEST] = make_manifest(postings.lengths, postings.documents, table, files)
    folder = folder_of({name: sha256(data).hexdigest() for name, data in files.items()})
    return SearchFiles(folder, {f"{folder[1:]}{name}": data for name, data in files.items()})


def read_shipped(files: Mapping[str, bytes], folder: str) -> list[str]:
    """The ids of the articles that the shipped files find, each by words of its own; `folder` is where they stand in the site.

    Raises:
        JianbaoError: the files are not those that were made, or an article is not found.
    """
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    if folder_of(digests).strip("/") != folder.strip("/"):
        raise JianbaoError("the files of the search are not those that were built")
    manifest = json.loads(files[MANIFEST])
    names = [document_path(number) for number in range(manifest["documents"])]
    texts = [json.loads(files[name]) for name in names]
    articles = [Article(one["id"]) for one in texts]
    nothing: Sequence[str] = ()
    phrases = {
        number: _own_phrases({name: [fold(text) for text in one.get("texts", {}).get(name, nothing)] for name in NAMES})
        for number, one in enumerate(texts)
    }  # fmt: skip
    first = manifest["first"]
    shards = Shards(
        tuple(first),
        tuple(files[f"terms/{number}.txt"].decode() for number in range(len(first))),
    )
    check_that_all_are_found(articles, phrases, shards, NAMES)
    return [article.id for article in articles]


@dataclass(frozen=True, slots=True)
class Lists:
    """What helps to find terms: by their ends, by what they are folded to."""

    endings: Shards
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Table:
    """All terms as they are shipped: in shards, and the lists that help to find them. `files` may be only those that were asked for."""

    shards: Shards
    endings: Shards
    files: Mapping[str, bytes]


def make_table(shards: Shards, lists: Lists, only: Iterable[int] | None = None) -> Table:
    """The files of all terms, or of `only` some shards by their numbers."""
    asked = range(len(shards.texts)) if only is None else only
    files = {f"terms/{number}.txt": shards.texts[number].encode() for number in asked}
    return Table(shards, lists.endings, {**files, **lists.files})


def make_lists(lines: Sequence[str], begins: Set[str]) -> Lists:
    """The lists for the terms of these lines, which stand in the order of UTF-16 units; `begins` are the characters with which they begin, as every Han character of a text begins one."""
    # What begins with Latin letters comes before all Han.
    latin = [term_of(line) for line in lines[: bisect_left(lines, PAST_LATIN, key=itemgetter(0))]]
    endings = _endings(latin)
    held = begins | {char for field in FIELDS for prefix in field.prefixes for char in prefix}
    pairs = _pairs(char for char, to in folding().items() if to in held)
    files = {f"endings/{number}.txt": text.encode() for number, text in enumerate(endings.texts)}
    files["latin.txt"] = "\n".join(filter(_is_latin, latin)).encode()
    files["folding.json"] = as_json(pairs or {"from": "", "to": ""})
    return Lists(endings, files)


def document_path(number: int) -> str:
    """
    >>> document_path(1234)
    'texts/1/1234.json'
    """
    return f"texts/{number // DOCUMENTS_PER_FOLDER}/{number}.json"


def suggestions_path(letter: str) -> str:
    return f"{SUGGESTIONS}{letter}.json"


def make_manifest(
    lengths: Mapping[str, bytes], documents: int, table: Table, names: Iterable[str]
) -> bytes:
    """What the client must know before it can ask for anything; `names` are those of all files."""
    there = set(names)
    letters = (name[len(SUGGESTIONS)] for name in there if name.startswith(SUGGESTIONS))
    fields = [
        {
            "name": field.name,
            "prefixes": field.prefixes,
            "always": field.always,
            "boost": field.boost,
            "average": average_length(lengths.get(field.name, b"")),
        }
        for field in FIELDS
    ]
    return as_json(
        {
            "documents": documents,
            "fields": fields,
            "k1": K1,
            "b": B,
            "lengths": LENGTHS,
            "first": table.shards.first,
            "endings": table.endings.first,
            "facets": [name for name in FACETS if f"facets/{name}.json" in there],
            "letters": "".join(sorted(letters)),
        }
    )


def folder_of(digests: Mapping[str, str]) -> str:
    """The folder of the search's files, named by what they hold: their names and their SHA-256."""
    rows = "".join(f"{name}\0{digest}\0" for name, digest in sorted(digests.items()))
    return f"/search/{blake2b(rows.encode(), digest_size=6).hexdigest()}/"


def _tokens_and_marks(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tokens end to end, nothing across two paragraphs; of marks each once."""
    tokens = [token for text in texts for token in tokens_of_folded(text)]
    return tokens, marks_of_folded("".join(texts))


def _document(
    article: Article,
    texts: Texts,
    passages: Sequence[Passage],
    *,
    widen: bool,
) -> dict[str, Any]:
    """What the client shows of an article, and the texts it looks into; what is empty is left out."""
    shown = widen_punctuation if widen else str
    met = set("".join(text for ones in texts.values() for text in ones))
    data = {
        "id": article.id,
        "title": None if article.title is None else shown(article.title),
        "date": article.date,
        "publication": article.publication,
        "topics": article.topics,
        "texts": {name: [shown(text) for text in ones] for name, ones in texts.items() if ones},
        "anchors": [passage.anchor for passage in passages],
        "folds": _pairs(sorted(set("".join(map(foldable, met))))),
    }
    return {key: value for key, value in data.items() if value}


def _pairs(chars: Iterable[str]) -> dict[str, str] | None:
    """Characters and, in step, what they are folded to."""
    several = "".join(chars)
    return (
        {"from": several, "to": "".join(folding()[char] for char in several)} if several else None
    )


# --- the index ------------------------------------------------------------------------------------


def _is_latin(term: str) -> bool:
    """Whether a term is a run of Latin letters and digits."""
    return bool(LATIN_RE.match(term[0]) and LATIN_RE.match(term[-1]))


def _endings(terms: Iterable[str]) -> Shards:
    """The joints of a Latin run with the Han behind it, turned round: what ends alike stands together."""
    joints = (one for one in terms if LATIN_RE.match(one[0]) and not LATIN_RE.match(one[-1]))
    turned = sorted((one[::-1] for one in joints), key=lambda one: one.encode("utf-16-be"))
    return cut_shards([f"{one}\n" for one in turned], ENDINGS_BYTES)


def _own_phrases(folded: Mapping[str, Sequence[str]]) -> list[str]:
    """Three phrases of an article, from its title, from the middle and from the end of its text."""
    titles = [text for text in folded["title"] if text]
    longest = max(folded["body"], key=len, default="")
    last = folded["body"][-1] if folded["body"] else ""
    middle = len(longest) // 2
    return [
        phrase
        for phrase in (
            titles[0][:PHRASE] if titles else "",
            longest[middle : middle + PHRASE],
            last[-PHRASE:],
        )
        if phrase
    ]


# --- what a reader chooses from -------------------------------------------------------------------


def _choice_files(articles: Sequence[Article]) -> dict[str, bytes]:
    days = Counter(article.date for article in articles)
    undated = days.pop(None, 0)
    files = {"dates.json": as_json({"undated": undated, "days": sorted(days.items())})}
    for name, names_of in FACETS.items():
        documents: dict[str, list[int]] = {}
        for number, article in enumerate(articles):
            for one in dict.fromkeys(names_of(article)):
                documents.setdefault(one, []).append(number)
        if documents:
            names = sorted(documents, key=lambda one: (-len(documents[one]), one))
            rows = [encode_documents(documents[one]) for one in names]
            files[f"facets/{name}.json"] = as_json({"names": names, "documents": rows})
    return files


def _present(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
