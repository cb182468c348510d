"""The three-way merge: nothing a person wrote is lost, and nothing the converter found is kept from them."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.merge import Clash, merge

SENTENCES = (
    "渡口开航。",
    "灯亮了！",
    "谁来守？",
    "船工说：",
    "“天不亮就到。”",
    "水涨三尺；",
    "\n\n",
    "## 老街\n\n",
    "人散了。",
)
KEYS = (
    "title: 渡口\n",
    "kicker: 老街\n",
    "authors:\n  - {name: 史雪, role: 记者}\n",
    "topics: [水利]\n",
    "page: A3\n",
)
bodies = st.lists(st.sampled_from(SENTENCES), max_size=12).map("".join)
heads = st.lists(st.sampled_from(KEYS), max_size=4, unique=True).map("".join)
articles = st.builds(lambda head, body: f"---\nid: a-01\n{head}---\n\n{body}\n", heads, bodies)


def article(
    title: str = "渡口", body: str = "渡口开航。灯亮了。\n\n人散了。", more: str = ""
) -> str:
    return f"---\nid: a-01\ntitle: {title}\n{more}---\n\n{body}\n"


def sentences_of(text: str) -> set[str]:
    body = text.split("---\n", 2)[2]
    return {one.strip() for one in re.split(r"(?<=[。！？；\n])", body) if one.strip()}


@given(articles, articles)
def test_F7_without_a_new_conversion_the_persons_file_stays(base: str, ours: str) -> None:
    assert merge(base, ours, base).text == ours


@given(articles, articles)
def test_F7_without_a_correction_the_conversion_is_taken(base: str, theirs: str) -> None:
    assert merge(base, base, theirs).text == theirs


@settings(max_examples=500)
@given(articles, articles, articles)
def test_F7_no_sentence_of_a_person_is_ever_missing(base: str, ours: str, theirs: str) -> None:
    """What the conversion now has without a full stop may stand just before it: 船工说：灯亮了！"""
    written = sentences_of(ours) - sentences_of(base)
    merged = merge(base, ours, theirs).text
    assert [one for one in written if one not in merged] == []


@given(articles, articles, articles)
def test_F7_merging_again_changes_nothing_more(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs).text
    assert merge(theirs, merged, theirs).text == merged


@given(articles, st.integers())
def test_different_sentences_go_together_without_a_clash(base: str, seed: int) -> None:
    rng = random.Random(seed)
    base += "甲。乙。丙。丁。戊。\n"
    mine, new = rng.sample(("甲", "丙", "戊"), 2)
    merged = merge(
        base, base.replace(f"{mine}。", "我改的。"), base.replace(f"{new}。", "它改的。")
    )
    assert merged.text == base.replace(f"{mine}。", "我改的。").replace(f"{new}。", "它改的。")
    assert merged.clashes == ()


def test_the_same_sentence_changed_twice_keeps_the_persons() -> None:
    merged = merge(
        article(),
        article(body="渡口开航。灯很亮。\n\n人散了。"),
        article(body="渡口开航。灯灭了。\n\n人散了。"),
    )
    assert merged.text == article(body="渡口开航。灯很亮。\n\n人散了。")
    assert merged.clashes == (Clash("body", "灯很亮。", "灯灭了。"),)


def test_the_same_change_on_both_sides_is_one() -> None:
    changed = article(body="渡口开航。灯很亮。\n\n人散了。")
    assert merge(article(), changed, changed).text == changed


def test_a_title_changed_twice_keeps_the_persons_and_the_rest_is_taken() -> None:
    merged = merge(article(), article("新渡口"), article("渡 口", more="kicker: 老街\n"))
    assert merged.text == article("新渡口", more="kicker: 老街\n")
    assert merged.clashes == (Clash("title", "title: 新渡口\n", "title: 渡 口\n"),)


def test_keys_and_comments_of_a_person_stay_where_they_stand() -> None:
    ours = "---\n# 待核\nmine: 1\ntitle: 渡口\nid: a-01\n---\n\n渡口开航。灯亮了。\n\n人散了。\n"
    theirs = article(body="渡口开航。灯亮了。\n\n人都散了。", more="page: A3\n")
    assert merge(article(), ours, theirs).text == (
        "---\n# 待核\nmine: 1\ntitle: 渡口\npage: A3\nid: a-01\n---\n\n渡口开航。灯亮了。\n\n人都散了。\n"
    )


def test_a_key_that_the_conversion_no_longer_finds_goes_unless_a_person_changed_it() -> None:
    base = article(more="kicker: 老街\n")
    assert merge(base, base.replace("灯亮了", "灯很亮"), article()).text == article().replace(
        "灯亮了", "灯很亮"
    )
    corrected = base.replace("kicker: 老街", "kicker: 新街")
    assert merge(base, corrected, article()).text == corrected


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_persons_line_ends_and_byte_order_mark_stay(mark: str, line_end: str) -> None:
    ours = mark + article("新渡口").replace("\n", line_end)
    theirs = article(body="渡口开航。灯亮了。\n\n人都散了。")
    expected = mark + article("新渡口", body="渡口开航。灯亮了。\n\n人都散了。").replace(
        "\n", line_end
    )
    assert merge(article(), ours, theirs).text == expected


def test_where_the_characters_came_from_is_the_converters_to_say() -> None:
    base = article(more="source: {spans: [[0, 9]]}\n")
    theirs = article(more="source: {spans: [[0, 12]]}\n")
    merged = merge(base, base.replace("灯亮了", "灯很亮"), theirs)
    assert merged.text == theirs.replace("灯亮了", "灯很亮")


def test_an_article_whose_front_matter_a_person_took_away_stays_so() -> None:
    ours = "渡口开航。灯很亮。\n"
    merged = merge(article(), ours, article(body="渡口开航。灯灭了。"))
    assert merged.text == ours
    assert [one.where for one in merged.clashes] == ["front matter"]
