"""Openers, bylines, closing credits and photo credits: who is credited, and who only looks like it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import pytest

from jianbao.convert.credits import (
    is_person,
    read_author_field,
    read_byline,
    read_closing,
    read_opener,
    read_photo,
)
from jianbao.models import Credit, Dateline
from tests.specimens import Specimen, each


@each("openers")
def test_opener(specimen: Specimen) -> None:
    text, opener = specimen["text"], read_opener(specimen["text"])
    if "rest" not in specimen:
        assert opener is None
        return
    assert opener is not None
    assert text[opener.length :] == specimen["rest"]
    assert printed(opener.dateline) == specimen.get("dateline", {})
    assert people(opener.credits) == specimen.get("people", [])


@each("bylines")
def test_byline(specimen: Specimen) -> None:
    assert people(read_byline(specimen["line"])) == specimen.get("people", [])


@each("closings")
def test_closing(specimen: Specimen) -> None:
    text, closing = specimen["text"], read_closing(specimen["text"])
    if "rest" not in specimen:
        assert closing is None
        return
    assert closing is not None
    assert text[: closing.start] == specimen["rest"]
    assert printed(closing.dateline) == specimen.get("dateline", {})
    assert people(closing.credits) == specimen.get("people", [])
    assert closing.whole_page == specimen.get("whole_page", False)


@each("photos")
def test_photo(specimen: Specimen) -> None:
    assert people(read_photo(specimen["line"])) == specimen.get("people", [])


@pytest.mark.parametrize(
    "word", ["", "王", "人次", "试行", "以下简称", "青禾站", "市政府", "欧阳小满子"]
)
def test_a_word_that_is_nobody(word: str) -> None:
    assert not is_person(word)


@pytest.mark.parametrize("name", ["王帆", "李春江", "何小禾"])
def test_a_name(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2020-10-19  来源：梧川保密网", []),
        ("2020-10-19  作者：", []),
        ("2020-10-19  作者：  来源：梧川网", []),
        ("来源：梧川日报 作者：盛小满 编辑：艾松", [["盛小满", "作者"]]),
        ("来源：梧川日报 记者 何小禾 通讯员 盛小满", [["何小禾", "记者"], ["盛小满", "通讯员"]]),
        ("2020-10-19  来源：宣教科  作者：盛小满", [["盛小满", "作者"]]),
        ("2020-10-19  来源：宣教科  记者：何小禾", [["何小禾", "记者"]]),
        (
            "2020-10-19  来源：宣教科  通讯员：盛小满 艾松",
            [["盛小满", "通讯员"], ["艾松", "通讯员"]],
        ),
    ],
)
def test_the_author_among_the_fields_of_a_saved_page(
    line: str, expected: list[list[str | None]]
) -> None:
    assert people(read_author_field(line)) == expected


def people(credited: Iterable[Credit]) -> list[list[str | None]]:
    return [[one.name, one.role] for one in credited]


def printed(dateline: Dateline | None) -> dict[str, str]:
    """What a dateline says, without what it leaves open."""
    return {key: value for key, value in asdict(dateline).items() if value} if dateline else {}
