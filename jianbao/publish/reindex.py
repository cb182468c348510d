"""The search after an edit: the lines of the terms that came or went are written anew, all else is taken from the files of before.

It is equal, byte for byte, to a search made of everything. Only the words of articles may have changed: which articles there are,
their days and names are as they were, so each keeps its number.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from jianbao.models import Article
from jianbao.publish.postings import (
    ALPHABET,
    LENGTHS,
    MAX_COUNT,
    TF_BITS,
    VALUES,
    Counts,
    Part,
    counts_in,
    cut_lines,
    encode_postings,
    length_class,
    line_with,
    shards_of,
    term_of,
)
from jianbao.publish.related import ASKED, COMMON_RE, LEAST_SHARED, most_holders, nearest_to
from jianbao.publish.search import (
    MANIFEST,
    NAMES,
    PAST_LATIN,
    WEIGHED,
    Entry,
    Lists,
    Table,
    as_json,
    document_path,
    make_lists,
    make_manifest,
    make_table,
    read_article,
    suggestions_path,
)
from jianbao.publish.self_test import check_that_all_are_found
from jianbao.publish.suggestions import Row, in_order, suggestions_of

Rows = list[Counts]  # of each field: document → how often it holds a term
HEADLINE, TEXT = NAMES.index("title"), NAMES.index("body")


@dataclass(frozen=True, slots=True)
class Edit:
    """An article as it was indexed and as it is now."""

    number: int
    old: Article
    new: Article


class Shape(NamedTuple):
    """What tells of a shard whether it holds the lines it held, if none of these was written anew."""

    first: str
    lines: int
    size: int


class Terms:
    """The lines of all terms, to be looked up and written anew."""

    def __init__(self, shards: Sequence[bytes]) -> None:
        """`shards` are the files of all terms."""
        whole = b"".join(shard[1:] for shard in shards)
        self.lines = [f"{line}\n" for line in whole.decode().split("\n")]
        self.lines.pop()
        self.lengths = [len(line) + 1 for line in whole.split(b"\n")]
        self.lengths.pop()
        self._begins = Counter(map(itemgetter(0), self.lines))
        self._lists: Lists | None = None
        self._written: set[str] = set()  # since the last table
        self._shapes = self._shapes_of(_parts_of(shards))

    def rows(self, term: str) -> Rows:
        """Where a term stands."""
        at = self._place(term)
        line = self.lines[at][:-1] if at < len(self.lines) else ""
        texts = line.split("\t")[1:] if term_of(line) == term else []
        return [counts_in(text) for text in texts] + [{} for _ in NAMES[len(texts) :]]

    def write(self, term: str, rows: Rows) -> None:
        at = self._place(term)
        there = at < len(self.lines) and term_of(self.lines[at]) == term
        new = [line_with(term, map(_encoded, rows))] if any(rows) else []
        self.lines[at : at + there] = new
        self.lengths[at : at + there] = [len(line.encode()) for line in new]
        if there != bool(new):
            self._note_begin(term[0], 1 if new else -1)
        self._written.add(term)

    def _note_begin(self, char: str, more: int) -> None:
        """Note that one term more or less begins with a character."""
        self._begins[char] += more
        if char < PAST_LATIN or self._begins[char] == max(more, 0):  # the first, or the last
            self._lists = None

    def table(self) -> Table:
        """The table, with the shards that may hold other lines than in the table before."""
        self._lists = self._lists or make_lists(self.lines, (+self._begins).keys())
        parts = cut_lines(self.lengths)
        return make_table(shards_of(self.lines, parts), self._lists, self._changed(parts))

    def _changed(self, parts: Sequence[Part]) -> list[int]:
        before, self._shapes = self._shapes, self._shapes_of(parts)
        places = sorted(map(self._place, self._written))
        self._written.clear()
        return [
            number
            for number, (part, shape) in enumerate(zip(parts, self._shapes, strict=True))
            if before[number : number + 1] != [shape]
            or bisect_left(places, part.start) < bisect_right(places, part.stop)
        ]

    def _shapes_of(self, parts: Iterable[Part]) -> list[Shape]:
        return [
            Shape(term_of(self.lines[part.start]), part.stop - part.start, part.size)
            for part in parts
        ]

    def _place(self, term: str) -> int:
        return bisect_left(self.lines, _units(term), key=lambda line: _units(term_of(line)))


def _parts_of(shards: Iterable[bytes]) -> Iterator[Part]:
    """Which lines stand in each of these files."""
    at = 0
    for shard in shards:
        stop = at + shard.count(b"\n") - 1
        yield Part(at, stop, len(shard) - 1)
        at = stop


def _units(term: str) -> bytes:
    return term.encode("utf-16-be")


def _encoded(counts: Counts) -> str:
    return encode_postings(document << TF_BITS | counts[document] for document in sorted(counts))


class Opened:
    """The search as it was written, read once; what edits make of it is noted here."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """`read` gives a file of the search."""
        self.manifest = json.loads(read(MANIFEST))
        numbers = range(len(self.manifest["first"]))
        self.terms = Terms([read(f"terms/{number}.txt") for number in numbers])
        self.lengths = _lengths_in(read("lengths.txt").decode())


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What has become of the search."""

    files: Mapping[str, bytes]  # of its folder: new ones, and those that may have other bytes
    gone: frozenset[str]
    nearest: Mapping[int, Sequence[int]]  # of each article whose neighbours may have changed


def reindex(
    opened: Opened,
    edits: Sequence[Edit],
    articles: Sequence[Article],
    read: Callable[[str], bytes],
    full: Callable[[int], Article],
    *,
    widen: bool = False,
) -> Reindexed:
    """What the edits make of a search; afterwards it is `opened` as it is then, but after an error of no more use.

    `articles` stand in the order of their numbers, `read` gives a file of the search as it was, `full` an article as it is now with its body.

    Raises:
        JianbaoError: an article is not found by its own words.
    """
    manifest, terms, lengths = opened.manifest, opened.terms, opened.lengths
    before = {edit.number: read_article(edit.old, widen=widen) for edit in edits}
    after = {edit.number: read_article(edit.new, widen=widen) for edit in edits}
    stood = _write_anew(terms, before, after)
    stretched = {number for number, entry in after.items() if _note_length(lengths, number, entry)}
    table = terms.table()
    phrases = {number: entry.phrases for number, entry in after.items()}
    check_that_all_are_found(articles, phrases, table.shards, NAMES)
    files = dict(table.files)
    files |= {document_path(number): entry.document for number, entry in after.items()}
    files["lengths.txt"] = _as_text(lengths).encode()
    letters = _suggestions(edits, manifest["letters"], read)
    files |= {suggestions_path(letter): as_json(rows) for letter, rows in letters.items() if rows}
    gone = {f"terms/{at}.txt" for at in range(len(table.shards.first), len(manifest["first"]))}
    gone |= {
        f"endings/{at}.txt" for at in range(len(table.endings.first), len(manifest["endings"]))
    }
    gone |= {suggestions_path(letter) for letter, rows in letters.items() if not rows}
    there = {f"facets/{name}.json" for name in manifest["facets"]}
    there |= {suggestions_path(letter) for letter in manifest["letters"]} - gone
    files[MANIFEST] = make_manifest(lengths, len(articles), table, there | files.keys())
    opened.manifest = json.loads(files[MANIFEST])
    near = _Neighbourhood(
        terms,
        lengths["body"],
        len(articles),
        lambda number: after.get(number) or read_article(full(number)),
    )
    asking = near.touched(stood) | set(after)
    for number in stretched:
        held = chain.from_iterable(
            chain(entry.tokens[HEADLINE][0], entry.tokens[TEXT][0])
            for entry in (before[number], after[number])
        )
        asking |= near.asking_for(set(held))
    return Reindexed(
        files, frozenset(gone), {number: near.nearest(number) for number in sorted(asking)}
    )


# --- the lines of the terms ----------------------------------------------------------------------


def _counts_of(entry: Entry) -> list[Counter[str]]:
    return [Counter(chain(tokens, marks)) for tokens, marks in entry.tokens]


def _write_anew(
    terms: Terms, before: Mapping[int, Entry], after: Mapping[int, Entry]
) -> dict[str, tuple[Rows, Rows]]:
    """Write the terms that articles hold otherwise than before; where each stood, and where it stands."""
    changed: dict[str, list[tuple[int, int, int]]] = {}  # term → (field, document, how often now)
    for number in after:
        for field, (was, now) in enumerate(
            zip(_counts_of(before[number]), _counts_of(after[number]), strict=True)
        ):
            for term in was.keys() | now.keys():
                if min(was[term], MAX_COUNT) != min(now[term], MAX_COUNT):
                    changed.setdefault(term, []).append((field, number, min(now[term], MAX_COUNT)))
    stood = {}
    for term, several in changed.items():
        old = terms.rows(term)
        new = [dict(row) for row in old]
        for field, number, count in several:
            new[field].pop(number, None)
            if count:
                new[field][number] = count
        terms.write(term, new)
        stood[term] = old, new
    return stood


def _lengths_in(text: str) -> dict[str, bytes]:
    rows = dict(zip(NAMES, text.split("\n"), strict=False))
    return {name: bytes(VALUES[char] for char in rows.get(name, "")) for name in WEIGHED}


def _as_text(lengths: Mapping[str, bytes]) -> str:
    return "\n".join("".join(ALPHABET[one] for one in lengths.get(name, b"")) for name in NAMES)


def _note_length(lengths: dict[str, bytes], number: int, entry: Entry) -> bool:
    """Note how long an article is now; whether that is another class than before."""
    changed = False
    for name in WEIGHED:
        new = length_class(len(entry.tokens[NAMES.index(name)][0]))
        changed |= new != lengths[name][number]
        lengths[name] = lengths[name][:number] + bytes([new]) + lengths[name][number + 1 :]
    return changed


# --- suggestions ---------------------------------------------------------------------------------


def _suggestions(
    edits: Iterable[Edit], letters: str, read: Callable[[str], bytes]
) -> dict[str, list[Row]]:
    """The rows of each letter whose headlines have changed; none, where none is left."""
    edits = [edit for edit in edits if edit.old.title != edit.new.title]
    new = {row for edit in edits for row in suggestions_of([edit.new]) if row[3]}
    old = {row for edit in edits for row in suggestions_of([edit.old]) if row[3]}
    changed = {}
    for letter in sorted({row[0][0] for row in new ^ old}):
        rows = json.loads(read(suggestions_path(letter))) if letter in letters else []
        kept = {tuple(row) for row in rows} - old
        changed[letter] = in_order(kept | {row for row in new if row[0][0] == letter})
    return changed


# --- what is near --------------------------------------------------------------------------------


class _Neighbourhood:
    """What is near an article, as `related.find_related` tells it, for some articles only."""

    def __init__(
        self, terms: Terms, classes: bytes, documents: int, read: Callable[[int], Entry]
    ) -> None:
        self.terms, self.read = terms, read
        self.sizes = [LENGTHS[one] for one in classes]
        self.most = most_holders(documents)

    def touched(self, stood: Mapping[str, tuple[Rows, Rows]]) -> set[int]:
        """The articles that ask for a pair, or did, which others hold now, or no longer do."""
        asking: set[int] = set()
        for pair, states in stood.items():
            for rows in states:
                asking |= self._repeating(pair, rows)
        return asking

    def asking_for(self, pairs: Iterable[str]) -> set[int]:
        """The articles to which one that holds these pairs may be near."""
        asking = Counter(
            one for pair in pairs for one in self._repeating(pair, self.terms.rows(pair))
        )
        return {one for one, shared in asking.items() if shared >= LEAST_SHARED}

    def _repeating(self, pair: str, rows: Rows) -> set[int]:
        """Who repeats a pair, if it is rare."""
        headed, counts = rows[HEADLINE], rows[TEXT]
        if COMMON_RE.search(pair) or not 2 <= len(headed.keys() | counts.keys()) <= self.most:
            return set()
        return {one for one, count in counts.items() if count > 1} | headed.keys()

    def nearest(self, number: int) -> list[int]:
        (headed, marks), (tokens, more) = (self.read(number).tokens[at] for at in (HEADLINE, TEXT))
        counts = Counter(chain(tokens, more))
        repeated = {pair for pair, count in counts.items() if count > 1} | {*headed, *marks}
        holders = {}
        for pair in repeated:
            if not COMMON_RE.search(pair):
                rows = self.terms.rows(pair)
                held = rows[HEADLINE].keys() | rows[TEXT].keys()
                if 2 <= len(held) <= self.most:
                    holders[pair] = frozenset(held)
        asked = nlargest(ASKED, ((-len(held), pair) for pair, held in holders.items()))
        return nearest_to(number, asked, holders, self.sizes)
