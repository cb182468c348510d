"""The postings: which terms stand in which documents, in the form that the site ships (docs/search-format.md).

A term's documents are told as gaps, its shard by its place among all terms, so that a reader's browser fetches only the few
shards that a query needs. The scores are lunr's, computed from what is here.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DIGIT = 5  # bits of a number in one character; the sixth says that more follow
VALUES = {char: value for value, char in enumerate(ALPHABET)}

# BM25 as lunr has it.
K1 = 1.2
B = 0.75

# A query needs some 2.2 shards and the list of all, which has some 4 bytes for each (gzipped, measured on 1,000 to 100,000 articles): small
# shards spare the one, few spare the other. The sum is least at the square root of 4 / 2.2 × all bytes. Postings compress to 64 %.
LIST_BYTES = 4
SHARDS_NEEDED = 2.2
COMPRESSED = 0.64
LEAST_SHARD = 2048  # gzipped; below that a request costs more than its bytes

# Lengths are told in classes, each 1.3 times the one before: the score moves by less than a tenth between two, and a document needs
# three bits instead of nine.
LENGTHS = sorted({round(8 * 1.3**power) for power in range(36)})

TF_BITS = 12
MAX_COUNT = (1 << TF_BITS) - 1


class Postings:
    """The postings of a few fields, filled document by document."""

    def __init__(self, fields: Sequence[str], weighed: Sequence[str]) -> None:
        """`weighed` are the fields whose length counts in the score; of the others every document has length 1."""
        self.fields = tuple(fields)
        # Term → its one posting, or all of them: most terms stand in one document only.
        self.rows: tuple[dict[str, int | array[int]], ...] = tuple({} for _ in fields)
        self.lengths: dict[str, array[int]] = {name: array("B") for name in weighed}
        self.documents = 0

    def add(self, texts: Sequence[tuple[Iterable[str], Iterable[str]]]) -> None:
        """One more document: for every field its tokens, and the marks in it, which count once."""
        base = self.documents << TF_BITS
        for name, rows, (tokens, marks) in zip(self.fields, self.rows, texts, strict=True):
            counts = Counter(tokens)
            if name in self.lengths:
                self.lengths[name].append(length_class(counts.total()))
            counts.update(dict.fromkeys(marks, 1))
            for term, count in counts.items():
                posting = base | min(count, MAX_COUNT)
                known = rows.get(term)
                if known is None:
                    rows[term] = posting
                elif isinstance(known, int):
                    rows[term] = array("I", (known, posting))
                else:
                    known.append(posting)
        self.documents += 1

    def terms(self) -> list[str]:
        """All terms in the order of UTF-16 units, which is that of JavaScript."""
        return sorted(set().union(*self.rows), key=lambda term: term.encode("utf-16-be"))

    def average(self, field: str) -> float:
        """The mean length of a field, in tokens."""
        classes = self.lengths.get(field)
        if not classes:
            return 1
        counts = Counter(classes)
        return sum(LENGTHS[one] * number for one, number in counts.items()) / len(classes)

    def shared_terms(self, first: str, second: str, most: int) -> Iterator[str]:
        """The terms that two documents or more hold, and no more than `most` in either of two fields."""
        left, right = (self.rows[self.fields.index(name)] for name in (first, second))
        for term, row in right.items():
            if isinstance(row, int) and term not in left:
                continue  # most terms stand in one document only
            if isinstance(row, int) or len(row) <= most:
                yield term
        for term, row in left.items():
            if term not in right and not isinstance(row, int):
                yield term

    def counts_of(self, term: str, field: str) -> dict[int, int]:
        """The documents that hold a term in a field, and how often each does."""
        row = self.rows[self.fields.index(field)].get(term, ())
        places = (row,) if isinstance(row, int) else row
        return {posting >> TF_BITS: posting & MAX_COUNT for posting in places}

    def length_of(self, document: int, field: str) -> int:
        """How many tokens a weighed field of a document has, as near as its class tells."""
        return LENGTHS[self.lengths[field][document]]

    def lengths_as_text(self) -> str:
        """A line for each field, a character for each document; empty where every length is 1."""
        return "\n".join(
            "".join(ALPHABET[one] for one in self.lengths.get(name, ())) for name in self.fields
        )

    def give_lines(self) -> Iterator[tuple[str, str]]:
        """Each term with its line: the postings of the fields, as far as there are any. They are given away, to spare memory."""
        for term in self.terms():
            postings = []
            for rows in self.rows:
                row = rows.pop(term, None)  # most terms stand in one field
                postings.append(
                    "" if row is None else encode_postings((row,) if isinstance(row, int) else row)
                )
            yield term, "\t".join([term, *postings]).rstrip("\t") + "\n"


@dataclass(frozen=True, slots=True)
class Shards:
    """The lines of all terms, cut into files."""

    first: tuple[str, ...]  # the first term of each
    texts: tuple[str, ...]

    def line_of(self, term: str) -> str | None:
        """What follows a term in its shard: its postings, with tabs between."""
        if not self.first:
            return None
        text = self.texts[max(0, bisect_right(_units(self.first), term.encode("utf-16-be")) - 1)]
        start = text.find(f"\n{term}\t")
        if start < 0:
            return None
        start += len(term) + 2
        return text[start : text.index("\n", start)]


@cache
def _units(first: tuple[str, ...]) -> list[bytes]:
    return [term.encode("utf-16-be") for term in first]


def best_shard_size(size: int) -> float:
    """Bytes of a shard, uncompressed, at which a reader of an index of `size` bytes loads least.

    >>> [round(best_shard_size(size)) for size in (1_000, 13_000_000, 80_000_000)]
    [3200, 6077, 15076]
    """
    best = math.sqrt(size * COMPRESSED * LIST_BYTES / SHARDS_NEEDED)
    return max(best, LEAST_SHARD) / COMPRESSED


def cut_shards(lines: Iterable[tuple[str, str]], size: float | None = None) -> Shards:
    """The lines in files of about `size` bytes, by default the best; a longer line has one of its own."""
    rows = list(lines)
    lengths = array("I", (len(line.encode()) for _, line in rows))
    if size is None:
        size = best_shard_size(sum(lengths))
    first: list[str] = []
    texts: list[str] = []
    parts: list[str] = []
    held = 0
    for (term, line), length in zip(rows, lengths, strict=True):
        if parts and held + length > size:
            texts.append("\n" + "".join(parts))
            parts, held = [], 0
        if not parts:
            first.append(term)
        parts.append(line)
        held += length
    if parts:
        texts.append("\n" + "".join(parts))
    return Shards(tuple(first), tuple(texts))


def length_class(tokens: int) -> int:
    """The class of a length: the place of the nearest of LENGTHS.

    >>> LENGTHS[:4], [LENGTHS[length_class(tokens)] for tokens in (0, 9, 11, 500)]
    ([8, 10, 14, 18], [8, 8, 10, 532])
    """
    above = bisect_right(LENGTHS, tokens)
    if above == 0:
        return 0
    if above == len(LENGTHS):
        return above - 1
    return above if LENGTHS[above] - tokens < tokens - LENGTHS[above - 1] else above - 1


# --- numbers as text ------------------------------------------------------------------------------


def encode_postings(row: Iterable[int]) -> str:
    """Documents and how often a term stands in each, from numbers `document << 12 | count` in rising order.

    >>> encode_postings([0 << 12 | 1, 3 << 12 | 5]), decode_postings("AFD")
    ('AFD', [(0, 1), (3, 5)])
    """
    parts = []
    before = -1
    for number in row:
        document, count = number >> TF_BITS, number & MAX_COUNT
        gap = document - before - 1
        before = document
        if count == 1:
            parts.append(encode_number(gap << 1))
        else:
            parts += encode_number(gap << 1 | 1), encode_number(count - 2)
    return "".join(parts)


def decode_postings(text: str) -> list[tuple[int, int]]:
    """What `encode_postings` wrote: (document, count) in rising order."""
    numbers = decode_numbers(text)
    found = []
    document = -1
    for number in numbers:
        document += (number >> 1) + 1
        found.append((document, next(numbers) + 2 if number & 1 else 1))
    return found


def encode_documents(documents: Iterable[int]) -> str:
    """Documents alone, in rising order, as gaps.

    >>> encode_documents([0, 3, 40])
    'ACkB'
    """
    parts = []
    before = -1
    for document in documents:
        parts.append(encode_number(document - before - 1))
        before = document
    return "".join(parts)


def encode_number(number: int) -> str:
    """A number of any size, five bits to a character, the lowest first.

    >>> encode_number(0), encode_number(31), encode_number(32)
    ('A', 'f', 'gB')
    """
    return SMALL[number] if number < len(SMALL) else _encode(number)


def _encode(number: int) -> str:
    parts = []
    while number >= 32:
        parts.append(ALPHABET[number & 31 | 32])
        number >>= DIGIT
    return "".join([*parts, ALPHABET[number]])


SMALL = [_encode(number) for number in range(1 << 14)]


def decode_numbers(text: str) -> Iterator[int]:
    """The numbers that stand one after the other in a text."""
    number, shift = 0, 0
    for char in text:
        value = VALUES[char]
        number |= (value & 31) << shift
        if value & 32:
            shift += DIGIT
        else:
            yield number
            number, shift = 0, 0
