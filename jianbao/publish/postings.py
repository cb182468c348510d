"""The postings: which terms stand in which documents, in the form that the site ships (docs/search-format.md).

A term's documents are told as gaps, its shard by its place among all terms, so that a reader's browser fetches only the few
shards that a query needs. The scores are lunr's, computed from what is here.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, islice
from typing import NamedTuple, overload

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
LONGEST_POSTING = 8  # characters: a gap of a million documents, and a count

Counts = dict[int, int]  # document → how often it holds a term


# Where a term stands in some documents: `first document << 1 | stands there more than once`, the last document, and all
# that follows the first number, encoded. So the pieces of a term are joined without a look inside.
Piece = tuple[int, int, str]


class Segment(NamedTuple):
    """The postings of documents in a row."""

    documents: int
    rows: tuple[dict[str, Piece], ...]  # of each field: term → where it stands
    lengths: dict[str, bytes]  # of each weighed field: the classes of the lengths


Tokens = tuple[
    Sequence[str], Sequence[str]
]  # of one field: its tokens, and the marks in it, which count once


def make_segment(
    first: int, documents: Iterable[Sequence[Tokens]], fields: Sequence[str], weighed: Sequence[str]
) -> Segment:
    """The postings of some documents, which are numbered from `first`; `fields` and `weighed` as for `Postings`."""
    rows: tuple[defaultdict[str, list[int]], ...] = tuple(defaultdict(list) for _ in fields)
    lengths = {name: bytearray() for name in weighed}
    held = 0
    for held, texts in enumerate(documents, 1):
        base = (first + held - 1) << TF_BITS
        once = base | 1
        for name, places, (tokens, marks) in zip(fields, rows, texts, strict=True):
            if name in lengths:
                lengths[name].append(length_class(len(tokens)))
            for term, count in Counter(chain(tokens, marks)).items():
                places[term].append(once if count == 1 else base | min(count, MAX_COUNT))
    pieces = tuple(dict(_pieces_of(places)) for places in rows)
    return Segment(held, pieces, {name: bytes(classes) for name, classes in lengths.items()})


def _pieces_of(places: Mapping[str, list[int]]) -> Iterator[tuple[str, Piece]]:
    for term, row in places.items():
        first, count = row[0] >> TF_BITS, row[0] & MAX_COUNT
        rest = encode_postings(row[1:], first) if len(row) > 1 else ""
        if count == 1:
            yield term, (first << 1, row[-1] >> TF_BITS, rest)
        else:
            yield term, (first << 1 | 1, row[-1] >> TF_BITS, encode_number(count - 2) + rest)


class Postings:
    """The postings of a few fields, put together segment by segment."""

    def __init__(self, fields: Sequence[str], weighed: Sequence[str]) -> None:
        """`weighed` are the fields whose length counts in the score; of the others every document has length 1."""
        self.fields = tuple(fields)
        # Term → the last document it stands in, and its postings, encoded.
        self.rows: tuple[dict[str, tuple[int, str]], ...] = tuple({} for _ in fields)
        self.lengths: dict[str, bytes] = dict.fromkeys(weighed, b"")
        self.documents = 0

    def append(self, segment: Segment) -> None:
        """The documents that follow those which are here already."""
        for rows, pieces in zip(self.rows, segment.rows, strict=True):
            for term, (first, last, rest) in pieces.items():
                known = rows.get(term)
                if known is None:
                    rows[term] = last, encode_number(first) + rest
                else:
                    before, text = known
                    rows[term] = last, text + encode_number(first - ((before + 1) << 1)) + rest
        for name, classes in segment.lengths.items():
            self.lengths[name] += classes
        self.documents += segment.documents

    def terms(self) -> list[str]:
        """All terms in the order of UTF-16 units, which is that of JavaScript."""
        return sorted(set().union(*self.rows), key=lambda term: term.encode("utf-16-be"))

    def shared_terms(self, first: str, second: str, most: int) -> Iterator[tuple[str, str, str]]:
        """The terms that more than one document may hold in two fields, and no more than `most`, with the postings of both."""
        left, right = (self.rows[self.fields.index(name)] for name in (first, second))
        nothing = (0, "")
        for term, (_, text) in right.items():
            headed = left.get(term, nothing)[1]
            if len(text) + len(headed) > 1 and len(text) <= most * LONGEST_POSTING:
                yield term, headed, text
        for term, (_, text) in left.items():
            if len(text) > 1 and term not in right:
                yield term, text, ""

    def length_of(self, document: int, field: str) -> int:
        """How many tokens a weighed field of a document has, as near as its class tells."""
        return LENGTHS[self.lengths[field][document]]

    def lengths_as_text(self) -> str:
        """A line for each field, a character for each document; empty where every length is 1."""
        return "\n".join(
            "".join(ALPHABET[one] for one in self.lengths.get(name, b"")) for name in self.fields
        )

    def give_lines(self) -> Iterator[str]:
        """The line of each term: the postings of the fields, as far as there are any. They are given away, to spare memory."""
        widest = max(range(len(self.rows)), key=lambda place: len(self.rows[place]))
        others = set().union(*self.rows[:widest], *self.rows[widest + 1 :])
        main = self.rows[widest]
        nothing = (0, "")
        before = "\t" * (widest + 1)
        for term in self.terms():
            if term in others:
                yield line_with(term, [rows.pop(term, nothing)[1] for rows in self.rows])
            else:  # most terms stand in one field
                yield f"{term}{before}{main.pop(term)[1]}\n"


def line_with(term: str, postings: Iterable[str]) -> str:
    """A term with its postings in every field.

    >>> line_with("读书", ["", "AB", "", ""])
    '读书\\t\\tAB\\n'
    """
    return "\t".join([term, *postings]).rstrip("\t") + "\n"


@dataclass(frozen=True)
class Shards:
    """The lines of all terms, cut into files."""

    first: tuple[str, ...]  # the first term of each
    texts: Sequence[str]

    def line_of(self, term: str) -> str | None:
        """What follows a term in its shard: its postings, with tabs between."""
        if not self.first:
            return None
        text = self.texts[max(0, bisect_right(self._begins, term.encode("utf-16-be")) - 1)]
        start = text.find(f"\n{term}\t")
        if start < 0:
            return None
        start += len(term) + 2
        return text[start : text.index("\n", start)]

    @cached_property
    def _begins(self) -> list[bytes]:
        return [term.encode("utf-16-be") for term in self.first]


def best_shard_size(size: int) -> float:
    """Bytes of a shard, uncompressed, at which a reader of an index of `size` bytes loads least.

    >>> [round(best_shard_size(size)) for size in (1_000, 13_000_000, 80_000_000)]
    [3200, 6077, 15076]
    """
    best = math.sqrt(size * COMPRESSED * LIST_BYTES / SHARDS_NEEDED)
    return max(best, LEAST_SHARD) / COMPRESSED


class Part(NamedTuple):
    """The lines of one file: from which to which, and how many bytes."""

    start: int
    stop: int
    size: int


class Texts(Sequence[str]):
    """The texts of files, each put together of its lines when it is asked for."""

    def __init__(self, lines: Sequence[str], parts: Sequence[Part]) -> None:
        self.lines, self.parts = lines, parts

    def __len__(self) -> int:
        return len(self.parts)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return Texts(self.lines, self.parts[number])
        part = self.parts[number]
        return "\n" + "".join(self.lines[part.start : part.stop])


def cut_lines(lengths: Iterable[int], size: float | None = None) -> list[Part]:
    """Lines of these lengths in files of about `size` bytes, by default the best; a longer line has one of its own."""
    ends = list(accumulate(lengths))
    if size is None:
        size = best_shard_size(ends[-1] if ends else 0)
    parts: list[Part] = []
    at = held = 0
    while at < len(ends):
        stop = max(at + 1, bisect_right(ends, held + size, at))
        parts.append(Part(at, stop, ends[stop - 1] - held))
        at, held = stop, ends[stop - 1]
    return parts


def cut_shards(lines: Sequence[str], size: float | None = None) -> Shards:
    """The lines in files (`cut_lines`), which need the lines no longer."""
    shards = shards_of(lines, cut_lines((len(line.encode()) for line in lines), size))
    return Shards(shards.first, tuple(shards.texts))


def shards_of(lines: Sequence[str], parts: Sequence[Part]) -> Shards:
    """The lines in these files, whose texts are put together when they are asked for."""
    return Shards(tuple(term_of(lines[part.start]) for part in parts), Texts(lines, parts))


def term_of(line: str) -> str:
    """
    >>> term_of("读书\\tAB\\n"), term_of("5书\\n")
    ('读书', '5书')
    """
    return line.partition("\t")[0].removesuffix("\n")


def average_length(classes: bytes) -> float:
    """The mean length of a field, in tokens; of one that is not weighed every length is 1."""
    counts = Counter(classes)
    if not counts:
        return 1
    return sum(LENGTHS[one] * number for one, number in counts.items()) / len(classes)


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


def encode_postings(row: Iterable[int], before: int = -1) -> str:
    """Documents and how often a term stands in each, from numbers `document << 12 | count` in rising order.

    `before` is the document that the first gap is counted from.

    >>> encode_postings([0 << 12 | 1, 3 << 12 | 5]), decode_postings("AFD")
    ('AFD', [(0, 1), (3, 5)])
    """
    parts = []
    for number in row:
        document, count = number >> TF_BITS, number & MAX_COUNT
        gap = (document - before - 1) << 1
        before = document
        if count == 1:
            parts.append(SMALL[gap] if gap < LEAST_LARGE else _encode(gap))
        else:
            parts += encode_number(gap | 1), encode_number(count - 2)
    return "".join(parts)


def repeats(text: str) -> bool:
    """Whether a term stands more than once in a document, told without decoding: the number of such a one is odd.

    >>> repeats(encode_postings([2 << 12 | 1, 60 << 12 | 1])), repeats(encode_postings([60 << 12 | 2]))
    (False, True)
    """
    return REPEATED_RE.search(text) is not None


# A number ends with one of the first 32 digits; whether it is odd, its first digit tells. Behind an odd one stands the count, which may
# be odd too, and never stands without it.
NUMBER_RE = re.compile("[g-z0-9_-]*[A-Za-f]")
ODD = re.escape(ALPHABET[1::2])
REPEATED_RE = re.compile(f"(?:^|(?<=[A-Za-f]))[{ODD}]")
COUNT_RE = re.compile(f"(?<![g-z0-9_-])((?:[{re.escape(ALPHABET[1:32:2])}]|[{re.escape(ALPHABET[33::2])}]{NUMBER_RE.pattern})){NUMBER_RE.pattern}")  # fmt: skip


def decode_postings(text: str) -> list[tuple[int, int]]:
    """What `encode_postings` wrote: (document, count) in rising order."""
    return list(counts_in(text).items())


def documents_in(text: str) -> set[int]:
    """The documents alone, many times as fast.

    >>> documents_in(encode_postings([2 << 12 | 1, 3 << 12 | 99, 70 << 12 | 1])) == {2, 3, 70}
    True
    """
    gaps = COUNT_RE.sub(r"\1", text)
    return set(
        islice(accumulate(map(_steps.__getitem__, NUMBER_RE.findall(gaps)), initial=-1), 1, None)
    )


def counts_in(text: str) -> Counts:
    """The same as document → count."""
    found: Counts = {}
    document = -1
    numbers = decode_numbers(text)
    for number in numbers:
        document += (number >> 1) + 1
        found[document] = next(numbers) + 2 if number & 1 else 1
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
    return SMALL[number] if number < LEAST_LARGE else _encode(number)


def _encode(number: int) -> str:
    parts = []
    while number >= 32:
        parts.append(ALPHABET[number & 31 | 32])
        number >>= DIGIT
    return "".join([*parts, ALPHABET[number]])


LEAST_LARGE = 1 << 14
SMALL = [_encode(number) for number in range(LEAST_LARGE)]


def decode_numbers(text: str) -> Iterator[int]:
    """The numbers that stand one after the other in a text.

    >>> list(decode_numbers("AfgB"))
    [0, 31, 32]
    """
    return map(_decoded.__getitem__, NUMBER_RE.findall(text))


class _Decoded(dict[str, int]):
    """Numbers by how they are written, learnt as they are met: there are not many more than documents."""

    def __missing__(self, text: str) -> int:
        number = 0
        for char in reversed(text):
            number = number << DIGIT | VALUES[char] & 31
        self[text] = number
        return number


class _Steps(dict[str, int]):
    """How far the number of a posting leads from the document before."""

    def __missing__(self, text: str) -> int:
        self[text] = step = (_decoded[text] >> 1) + 1
        return step


_decoded = _Decoded()
_steps = _Steps()
