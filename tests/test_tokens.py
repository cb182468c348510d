"""Tokens: what the index holds, what a query asks, and that Python and JavaScript agree on both."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.publish.tokens import (
    REGIONAL,
    converted,
    fold,
    folding,
    marks_of_folded,
    query_terms,
    tokens,
)

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads(
    (HERE / "fixtures/tokens.json").read_text(encoding="utf-8")
)
# What newspaper text is made of, and what breaks a cutter of it.
ALPHABETS = (
    "读书节开幕市民到场新闻发布城区道路年月日第届",
    "開通臨河聞網發衞著瞭麼薴藉",
    "𠮷𰀀﨎㐀䶿々〇⼀豈",
    "0123456789",
    "abcXYZéǎßİΣςК",
    "ＣＴ１，：㈠ﬁｶﾞ①",
    "，。《》“”、——……:,.-_*()",
    " \u3000\t\n\u00a0\u200b\ufeff\u00ad\u202e",
    "👍한éeе\u0301\u00b4ﾞｶ",
)
TEXTS = st.text("".join(ALPHABETS), max_size=30)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_python_reads_the_shared_cases(case: dict[str, Any]) -> None:
    assert fold(case["text"]) == case["folded"]
    assert tokens(case["text"]) == case["tokens"]
    assert query_terms(case["text"]) == case["terms"]


def test_the_shared_cases_are_many_and_different() -> None:
    assert len({case["text"] for case in CASES}) == len(CASES) >= 60


def test_javascript_reads_the_shared_cases() -> None:
    for case, answer in zip(CASES, in_javascript(case["text"] for case in CASES), strict=True):
        assert answer == {key: case[key] for key in ("folded", "tokens", "terms")}, case["why"]


def test_F8_javascript_agrees_on_ten_thousand_random_texts() -> None:
    dice = random.Random(20200618)
    texts = ["".join(dice.choices(dice.choice(ALPHABETS))[0] for _ in range(dice.randrange(20)))
             for _ in range(5_000)]  # fmt: skip
    traditional = [*folding(), *"读书2019年 ,"]
    texts += ["".join(dice.choices(traditional, k=dice.randrange(1, 12))) for _ in range(5_000)]
    for text, answer in zip(texts, in_javascript(texts), strict=True):
        expected = {"folded": fold(text), "tokens": tokens(text), "terms": query_terms(text)}
        assert answer == expected, ascii(text)


def test_the_regional_pairs_are_those_that_opencc_adds() -> None:
    """A new OpenCC may have more; REGIONAL is where they belong."""
    general = converted("t2s")
    known = {*general, *general.values()}
    regional = converted("tw2s") | converted("hk2s")
    assert {char: to for char, to in regional.items() if char not in known} == REGIONAL


def in_javascript(texts: Iterable[str]) -> list[dict[str, Any]]:
    """What the client makes of each text, all in one Node process."""
    table = {"from": "".join(folding()), "to": "".join(folding().values())}
    asked = json.dumps({"folding": table, "texts": list(texts)})
    ran = subprocess.run(
        ["node", HERE / "search/tokens.mjs"],
        input=asked, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    answers: list[dict[str, Any]] = json.loads(ran.stdout)
    return answers


@pytest.mark.parametrize("char", ["着", "么", "里", "网", "A", "，"])
def test_what_is_simplified_already_is_left_alone(char: str) -> None:
    assert char not in folding()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("开通", "開通"), ("保密", "保密"), ("卫生", "衞生"), ("着力", "著力"), ("了解", "瞭解")],
)
def test_one_script_finds_the_other(typed: str, printed: str) -> None:
    assert fold(typed) == fold(printed)


def test_no_pair_of_the_folding_leads_to_another() -> None:
    assert not set(folding()) & set(folding().values())


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("读书节年第0123abc,。", min_size=1, max_size=12), st.data())
def test_F8_every_part_of_a_text_is_found_by_its_terms(text: str, data: st.DataObject) -> None:
    """The promise of the whole design: a query that stands in a text never misses it."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    held = [*tokens(text), *marks_of_folded(fold(text))]
    for term in query_terms(text[start:end]):
        assert any(token == term or fnmatchcase(token, term) for token in held), (
            text[start:end],
            term,
        )
