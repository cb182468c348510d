"""The postings: what is written is what was read, and the scores in it are those of lunr.py."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunr.builder import Builder

from jianbao.publish.postings import (
    K1,
    LENGTHS,
    MAX_COUNT,
    TF_BITS,
    VALUES,
    B,
    Postings,
    Shards,
    Tokens,
    average_length,
    counts_in,
    cut_shards,
    decode_numbers,
    decode_postings,
    documents_in,
    encode_documents,
    encode_number,
    encode_postings,
    length_class,
    make_segment,
    repeats,
)

ROWS = st.dictionaries(st.integers(0, 900_000), st.integers(1, MAX_COUNT), max_size=40).map(
    lambda row: sorted(row.items())
)
TERMS = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4),
    unique=True, max_size=60,
)  # fmt: skip
BOOSTS = {"title": 5, "body": 1}


@given(st.lists(st.integers(0, 2**40)))
def test_numbers_come_back(numbers: list[int]) -> None:
    assert list(decode_numbers("".join(map(encode_number, numbers)))) == numbers


@given(ROWS)
def test_postings_come_back(row: list[tuple[int, int]]) -> None:
    packed = [document << TF_BITS | count for document, count in row]
    assert decode_postings(encode_postings(packed)) == row


@given(st.sets(st.integers(0, 10**6)))
def test_documents_come_back(documents: set[int]) -> None:
    found = -1
    back = [found := found + gap + 1 for gap in decode_numbers(encode_documents(sorted(documents)))]
    assert back == sorted(documents)


def postings_of(
    documents: Sequence[Sequence[Tokens]], fields: list[str], weighed: list[str], size: int = 3
) -> Postings:
    """The postings of some documents, in segments of a few."""
    postings = Postings(fields, weighed)
    for first in range(0, len(documents), size):
        some = documents[first : first + size]
        postings.append(make_segment(first, some, fields, weighed))
    return postings


@given(
    st.lists(st.lists(st.sampled_from("甲乙丙"), max_size=6), max_size=9),
    st.integers(1, 4),
)
def test_segments_of_any_size_make_the_same_postings(texts: list[list[str]], size: int) -> None:
    documents = [[(tokens, ["。"])] for tokens in texts]
    whole = postings_of(documents, ["body"], ["body"], max(1, len(documents)))
    parts = postings_of(documents, ["body"], ["body"], size)
    assert list(parts.give_lines()) == list(whole.give_lines())
    assert parts.lengths_as_text() == whole.lengths_as_text()


@given(st.dictionaries(st.integers(0, 10**6), st.integers(1, MAX_COUNT), max_size=20))
def test_what_is_told_without_decoding_is_true(counts: dict[int, int]) -> None:
    text = encode_postings(document << TF_BITS | counts[document] for document in sorted(counts))
    assert counts_in(text) == counts
    assert documents_in(text) == counts.keys()
    assert repeats(text) == any(count > 1 for count in counts.values())


@given(TERMS, st.integers(1, 200))
def test_every_term_is_found_in_its_shard_and_no_other_is(terms: list[str], size: int) -> None:
    held, missing = terms[::2], set(terms[1::2]) - set(terms[::2])
    postings = postings_of([[([term], [])] for term in held], ["body"], [])
    shards = cut_shards(list(postings.give_lines()), size)
    for number, term in enumerate(held):
        line = shards.line_of(term)
        assert line is not None
        assert decode_postings(line) == [(number, 1)]
    assert not any(shards.line_of(term) for term in missing)


@given(TERMS)
def test_terms_stand_in_the_order_of_javascript(terms: list[str]) -> None:
    postings = postings_of([[(terms, [])]], ["body"], [])
    units = [term.encode("utf-16-be") for term in postings.terms()]
    assert all(first < second for first, second in pairwise(units))


@pytest.mark.parametrize("tokens", [0, 1, 8, 9, 100, 5_000, 10**7])
def test_the_class_of_a_length_is_the_nearest(tokens: int) -> None:
    nearest = min(LENGTHS, key=lambda length: (abs(length - tokens), length))
    assert LENGTHS[length_class(tokens)] == nearest


def test_an_empty_index_knows_no_term() -> None:
    assert Shards((), ()).line_of("读书") is None


def test_a_mark_counts_once_and_not_in_the_length() -> None:
    postings = postings_of([[(["读书"] * 9, ["，"])]], ["body"], ["body"])
    assert postings.lengths_as_text() == "A"  # the class of 8
    lines = [line.rstrip("\n").split("\t") for line in postings.give_lines()]
    assert decode_postings(dict(lines)["，"]) == [(0, 1)]


# --- against lunr.py ------------------------------------------------------------------------------


def invented(count: int) -> list[dict[str, list[str]]]:
    dice = random.Random(7)
    terms = [
        f"{chr(0x4E00 + dice.randrange(60))}{chr(0x4E00 + dice.randrange(60))}" for _ in range(400)
    ]
    return [
        {"title": dice.choices(terms, k=dice.randrange(9)), "body": dice.choices(terms, k=dice.randrange(1, 300))}
        for _ in range(count)
    ]  # fmt: skip


def scores_of_lunr(
    documents: list[dict[str, list[str]]],
) -> dict[tuple[str, str], dict[str, float]]:
    """(field, document) → term → score, from the index that lunr.py serialises, with our lengths."""
    builder = Builder()
    for field, boost in BOOSTS.items():
        builder.field(field, boost=boost)
    for number, fields in enumerate(documents):
        builder.add({"id": str(number), **fields})
        builder.field_lengths[f"title/{number}"] = 1
        builder.field_lengths[f"body/{number}"] = LENGTHS[length_class(len(fields["body"]))]
    index: dict[str, Any] = builder.build().serialize()
    terms = {posting["_index"]: term for term, posting in index["invertedIndex"]}
    return {
        (field, number): {
            terms[at]: score for at, score in zip(vector[::2], vector[1::2], strict=True)
        }
        for name, vector in index["fieldVectors"]
        for field, _, number in [name.partition("/")]
    }


def test_the_scores_are_those_of_lunr() -> None:
    documents = invented(80)
    texts: list[list[Tokens]] = [[(fields[name], []) for name in BOOSTS] for fields in documents]
    postings = postings_of(texts, list(BOOSTS), ["body"])
    classes = [VALUES[char] for char in postings.lengths_as_text().split("\n")[1]]
    average = {"title": 1.0, "body": average_length(postings.lengths["body"])}
    expected = scores_of_lunr(documents)
    found = 0
    for line in postings.give_lines():
        term, *texts_of_fields = line.rstrip("\n").split("\t")
        rows = [decode_postings(text) for text in texts_of_fields]
        holding = sum(map(len, rows))
        rarity = math.log(1 + abs((len(documents) - holding + 0.5) / (holding + 0.5)))
        for (name, boost), row in zip(BOOSTS.items(), rows, strict=False):
            for document, count in row:
                length = LENGTHS[classes[document]] if name == "body" else 1
                norm = K1 * (1 - B + B * (length / average[name]))
                score = round(rarity * ((K1 + 1) * count) / (norm + count) * boost, 3)
                assert score == expected[name, str(document)][term], (name, document, term)
                found += 1
    assert found == sum(map(len, expected.values()))
