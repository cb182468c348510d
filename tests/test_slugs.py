"""Names for folders and addresses: portable, short, distinct, whatever a file is called."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from jianbao.pinyin import syllables
from jianbao.slugs import MAX_LENGTH, RESERVED, make_slug, unique_slugs

SLUG_RE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_R12_a_name_that_is_taken_is_not_given(name: str) -> None:
    assert make_slug(name) not in RESERVED
    assert make_slug(name).startswith(name)


@pytest.mark.parametrize(
    "text",
    [
        "", "★", "..", "../../etc", "a\\b", "CON", "a\nb\tc", "-a", "末尾.", " ", "🙂", "\ud800", "青" * 86, "x" * 255,
        "٣", "ß", "İ", "\u202e", "com1", "A.txt",
    ],
)  # fmt: skip
def test_F6_every_name_gives_a_portable_slug(text: str) -> None:
    slug = make_slug(text)
    assert SLUG_RE.fullmatch(slug)
    assert len(slug) <= MAX_LENGTH
    assert slug not in RESERVED


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("梧川日报", "wu-chuan-ri-bao"),
        ("A3", "a3"),
        ("２０２０年", "2020-nian"),
        ("Élan", "elan"),
        ("IMG_2861", "img-2861"),
        ("绿色", "lv-se"),
    ],
)
def test_slug(text: str, slug: str) -> None:
    assert make_slug(text) == slug


@given(st.text(st.sampled_from("梧川行〇𠮷A3 -\n★é٣ﬁ\ue815"), max_size=8))
def test_text_is_read_as_pypinyin_reads_it(text: str) -> None:
    assert syllables(text) == lazy_pinyin(text)


def test_names_that_sound_alike_are_told_apart() -> None:
    slugs = unique_slugs(["工会", "公会", "梧川"])
    assert len(set(slugs.values())) == 3
    assert slugs["梧川"] == "wu-chuan"


def test_R12_twins_are_told_apart() -> None:
    composed = unicodedata.normalize("NFC", "é")
    decomposed = unicodedata.normalize("NFD", "é")
    slugs = unique_slugs([composed, decomposed, "A", "a"])
    assert len(set(slugs.values())) == 4


def test_a_slug_with_a_suffix_is_nobody_elses() -> None:
    suffixed = unique_slugs(["工会", "公会"])["工会"]
    slugs = unique_slugs(["工会", "公会", suffixed])
    assert len(set(slugs.values())) == 3


@given(st.lists(st.text(), unique=True), st.randoms(use_true_random=False))
def test_F6_slugs_are_portable_distinct_and_do_not_depend_on_order(
    names: list[str], random: object
) -> None:
    slugs = unique_slugs(names)
    assert len(set(slugs.values())) == len(names)
    assert all(SLUG_RE.fullmatch(slug) for slug in slugs.values())
    assert unique_slugs(reversed(names)) == slugs


@given(st.text(alphabet="aAbB工公-_ .", max_size=3), st.text(alphabet="aAbB工公-_ .", max_size=3))
def test_a_slug_depends_on_nothing_but_its_own_name_and_its_twins(one: str, other: str) -> None:
    if make_slug(one) != make_slug(other):
        assert unique_slugs([one, other])[one] == unique_slugs([one])[one]
