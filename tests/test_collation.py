"""Paragraphs and the characters of the source they were made of."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from jianbao.models import Repair, is_blank
from jianbao.publish.collation import Piece, collate
from jianbao.publish.markdown import Passage

CHARS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃"


def raw(piece: Piece) -> str:
    return "".join(one.text for one in piece.segments)


def solid(text: str) -> str:
    return "".join(char for char in text if not is_blank(char))


def passages(*texts: str) -> list[Passage]:
    return [Passage(text, f"p-{number}") for number, text in enumerate(texts, 1)]


def torn(dice: random.Random, text: str) -> str:
    """The text in lines of a column."""
    return "".join(char + ("\n" if dice.random() < 0.2 else "") for char in text)


@pytest.mark.parametrize("seed", range(30))
def test_each_paragraph_is_found_however_the_page_has_it(seed: int) -> None:
    """In columns, torn into lines, and with a paragraph that runs on in another place."""
    dice = random.Random(seed)
    texts = ["".join(dice.choices(CHARS, k=dice.randrange(8, 40))) for _ in range(6)]
    blocks = [torn(dice, text) for text in texts]
    cut = dice.randrange(1, len(blocks[2]))
    blocks[2:3] = [blocks[2][:cut], blocks[2][cut:]]  # it goes on at the top of another column
    order = dice.sample(range(7), 7)
    page, begins = "", {}
    for number in order:
        begins[number] = len(page)
        page += blocks[number] + "\n版\n"
    spans = [(begins[number], begins[number] + len(blocks[number])) for number in range(7)]
    pieces = {piece.anchor: piece for piece in collate(page, spans, [], passages(*texts))}
    assert [solid(raw(pieces[f"p-{number}"])) for number in range(1, 7)] == texts
    assert None not in pieces


def test_what_no_paragraph_holds_comes_first() -> None:
    text = "桥通了\n本报讯 昨日放行，行人先过。"
    pieces = collate(text, [(0, len(text))], [], passages("昨日放行，行人先过。"))
    assert [(piece.anchor, raw(piece)) for piece in pieces] == [
        (None, "桥通了\n本报讯"),
        ("p-1", "昨日放行，行人先过。"),
    ]


def test_marks_alone_are_not_worth_a_piece() -> None:
    assert [
        raw(one) for one in collate("## ***\n昨日放行", [(0, 11)], [], passages("昨日放行"))
    ] == ["昨日放行"]


def test_a_repair_shows_what_stood_there() -> None:
    repair = Repair("byte_shift", 1, 3, "铮�", "谢")
    (piece,) = collate("多铮�各位来客", [(0, 7)], [repair], passages("多谢各位来客"))
    assert [(one.text, one.repair) for one in piece.segments] == [
        ("多", None),
        ("铮�", repair),
        ("各位来客", None),
    ]


def test_what_was_removed_stays_with_its_paragraph() -> None:
    text = "机(j)要保密(m)员来了"
    repairs = [Repair("pinyin", 1, 4, "(j)", ""), Repair("pinyin", 7, 10, "(m)", "")]
    (piece,) = collate(text, [(0, len(text))], repairs, passages("机要保密员来了"))
    assert raw(piece) == text


def test_a_corrected_paragraph_is_found_by_what_it_still_shares() -> None:
    source = "昨日上午旧桥重新放行，行人排队先过，公交恢复原线。"
    wrote = passages("昨天上午，旧桥重新放行，行人排队先过，公交改走原线。")
    left, piece = collate(source, [(0, len(source))], [], wrote)
    assert "旧桥重新放行，行人排队先过，公交" in raw(piece)
    assert left.anchor is None


def test_a_paragraph_of_a_persons_own_has_no_piece() -> None:
    source = "昨日上午旧桥重新放行。"
    pieces = collate(
        source, [(0, len(source))], [], passages("编者按：本文原缺标题，由整理者补入。")
    )
    assert [(piece.anchor, raw(piece)) for piece in pieces] == [(None, source)]


@pytest.mark.parametrize("seed", range(30))
def test_no_character_stands_in_two_pieces(seed: int) -> None:
    """Whatever a person wrote: pieces are cut out of the spans and do not overlap."""
    dice = random.Random(seed)
    page = torn(dice, "".join(dice.choices(CHARS[:6], k=200)))
    bounds = sorted(dice.sample(range(len(page)), 6))
    spans = list(zip(bounds[::2], bounds[1::2], strict=True))
    dice.shuffle(spans)
    written = ["".join(dice.choices(CHARS[:6], k=dice.randrange(1, 30))) for _ in range(5)]
    copied = ["".join(page[start:end].split()) for start, end in spans]
    written += dice.choices(copied, k=4)  # some of it twice
    pieces = collate(page, spans, [], passages(*written))
    found = sorted(
        (one.start, one.start + len(one.text)) for piece in pieces for one in piece.segments
    )
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    assert all(any(a <= start and end <= b for a, b in spans) for start, end in found)


def test_nothing_comes_of_nothing() -> None:
    assert collate("", [], [], passages("昨日")) == ()
    assert collate("昨日", [(0, 2)], [], []) == collate("昨日", [(0, 2)], [], [Passage("甲", None)])
