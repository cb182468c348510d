"""Repairs of single characters, and the way back to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.convert.repair import repair
from jianbao.convert.traced import apply, trace
from jianbao.models import Repair
from tests.specimens import Specimen, each

SPOILED = st.text(alphabet="青禾市，。⽂⺠\u202e\x07\x85\u2028\n a1(wǎng)網\ufffd?!", max_size=80)


@each("repairs")
def test_repair(specimen: Specimen) -> None:
    traced, _ = repair(specimen["broken"])
    assert traced.text == specimen.get("fixed", specimen["broken"])


@given(SPOILED)
def test_repairs_lie_in_the_text_apart_and_say_what_stood_there(text: str) -> None:
    _, found = repair(text)
    done = 0
    for one in found.repairs:
        assert done <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.before != one.after
        done = one.end
    assert all(0 <= one.start < one.end <= len(text) for one in found.doubts)


@given(SPOILED)
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    once = repair(text)[0].text
    assert repair(once)[0].text == once


@given(SPOILED)
def test_every_character_knows_where_it_stood(text: str) -> None:
    traced, _ = repair(text)
    origins = list(traced.origins)
    assert origins == sorted(origins)
    assert len(origins) == len(traced.text) + 1
    assert origins[-1] == len(text)


def test_pieces_of_the_repaired_text_hold_the_whole_source() -> None:
    traced = apply(
        "\u202e甲(jiǎ)乙", [Repair("x", 0, 1, "\u202e", ""), Repair("y", 2, 7, "(jiǎ)", "")]
    )
    assert traced.text == "甲乙"
    assert [traced.span(0, 1), traced.span(1, 2)] == [(0, 7), (7, 8)]


def test_a_span_of_blanks_is_none() -> None:
    assert trace("甲 \u3000\u200b乙").span(1, 4) is None


@pytest.mark.parametrize(
    "repairs",
    [
        pytest.param([Repair("x", 0, 1, "乙", "")], id="something else stands there"),
        pytest.param([Repair("x", 0, 2, "甲乙", ""), Repair("y", 1, 2, "乙", "")], id="overlap"),
    ],
)
def test_a_repair_that_cannot_be_meant(repairs: list[Repair]) -> None:
    with pytest.raises(AssertionError):
        apply("甲乙", repairs)
