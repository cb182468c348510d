"""The layout of a page: which lines stand under which headline, in which order, told by boxes and type sizes alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.convert.layout import MARGIN, Set, find_zones, number_zones, scales
from jianbao.convert.printed_lines import PrintedLine, text_of

EM = 9.0
LEADING = 13.0
COLUMN = 14 * EM
GUTTER = 14.0


def column(at: float, top: float, lines: int, size: float = EM, *, width: float = COLUMN) -> list[Set]:  # fmt: skip
    """Lines of a column, the first of which begins `at` columns from the left."""
    left = at * (COLUMN + GUTTER)
    tops = [top + LEADING * number for number in range(lines)]
    return [Set((left, one, left + width, one + size), size) for one in tops]


def headline(at: float, top: float, ems: float, size: float = 24.0) -> Set:
    left = at * (COLUMN + GUTTER)
    return Set((left, top, left + ems * size, top + size), size)


def order(lines: Sequence[Set]) -> list[int]:
    return [at for zone in find_zones(lines) for at in zone.lines]


# --- what must not happen -------------------------------------------------------------------------

some_lines = st.lists(
    st.builds(
        lambda left, top, width, size, page: Set((left, top, left + width, top + size), size, page),
        st.floats(0, 800), st.floats(0, 1200), st.floats(1, 400), st.sampled_from([0.0, 7.5, 9.0, 9.4, 11.0, 24.0, 36.0]),
        st.integers(1, 3),
    ),
    max_size=40,
)  # fmt: skip


@given(some_lines)
def test_every_line_is_in_exactly_one_zone(lines: list[Set]) -> None:
    assert sorted(order(lines)) == list(range(len(lines)))


@given(some_lines)
def test_the_order_of_the_lines_of_a_file_says_nothing(lines: list[Set]) -> None:
    boxes = {line.box for line in lines}
    if len(boxes) == len(lines):  # two in one place have no order of their own
        turned = lines[::-1]
        assert [lines[at] for at in order(lines)] == [turned[at] for at in order(turned)]


@given(some_lines, st.floats(0.5, 4))
def test_a_page_that_is_larger_is_read_alike(lines: list[Set], scale: float) -> None:
    larger = [
        Set(tuple(scale * side for side in box), scale * size, page)  # type: ignore[arg-type]
        for box, size, page in column(0, 50, 9) + column(1, 50, 9) + [headline(0, 10, 8)]
    ]
    assert order(larger) == order(column(0, 50, 9) + column(1, 50, 9) + [headline(0, 10, 8)])


@given(some_lines)
def test_the_text_has_every_character_once_and_a_place_for_each_line(lines: list[Set]) -> None:
    printed = [
        PrintedLine(chr(0x4E00 + at) * 3, line.box, line.size, line.page)
        for at, line in enumerate(lines)
    ]
    text, places, _ = text_of(printed)
    assert sorted("".join(text.split())) == sorted("".join(line.text for line in printed))
    shown = {text[place.start : place.end]: place for place in places}
    assert all(shown[line.text].box == line.box for line in printed)


# --- stories --------------------------------------------------------------------------------------


def test_a_headline_across_columns_owns_them_and_the_next_story_its_own() -> None:
    first = [headline(0, 40, 15), *column(0, 80, 8), *column(1, 80, 8), *column(2, 80, 6)]
    second = [headline(3, 40, 8, 20), *column(3, 80, 9), *column(4, 80, 9)]
    mixed = [line for pair in zip(first, second, strict=False) for line in pair]
    mixed += first[len(second) :] + second[len(first) :]
    numbers = number_zones(mixed)
    assert {numbers[mixed.index(line)] for line in first} == {1}
    assert {numbers[mixed.index(line)] for line in second} == {2}
    assert [mixed[at] for at in order(mixed)] == [*first, *second]


def test_a_headline_that_is_narrower_than_its_columns_stands_in_the_middle_of_them() -> None:
    left = [Set((60, 40, 180, 58), 18), *column(0, 80, 5), *column(1, 80, 5)]
    right = [Set((420, 40, 560, 58), 18), *column(2, 80, 5), *column(3, 80, 5), *column(4, 80, 5)]
    numbers = number_zones([*left, *right])
    assert numbers == [1] * len(left) + [2] * len(right)


def test_the_text_goes_up_beside_a_headline_in_the_first_column() -> None:
    story = [headline(0, 40, 5, 22), *column(0, 70, 6), *column(1, 40, 8), *column(2, 40, 8)]
    assert number_zones(story) == [1] * len(story)
    assert order(story) == list(range(len(story)))


def test_a_story_goes_on_below_a_picture() -> None:
    story = [headline(0, 40, 12), *column(0, 80, 4), *column(0, 250, 4), *column(1, 80, 17)]
    assert number_zones(story) == [1] * len(story)


def test_the_row_below_begins_a_story_of_its_own() -> None:
    above = [headline(0, 40, 9), *column(0, 80, 6), *column(1, 80, 6)]
    below = [headline(0, 190, 9, 20), *column(0, 225, 6), *column(1, 225, 6)]
    assert number_zones([*above, *below]) == [1] * len(above) + [2] * len(below)


def test_a_heading_at_the_top_of_a_column_is_no_headline() -> None:
    story = [
        headline(0, 40, 10), Set((30, 80, 100, 92), 12.0), *column(0, 100, 6), *column(1, 80, 8),
    ]  # fmt: skip
    assert number_zones(story) == [1] * len(story)
    assert order(story) == list(range(len(story)))


def test_kicker_and_subtitle_stand_with_their_headline() -> None:
    head = [headline(0, 40, 10, 12.5), headline(0, 56, 11, 26), headline(0, 86, 12, 12.5)]
    (zone,) = find_zones([*head, *column(0, 108, 6), *column(1, 108, 6), *column(2, 108, 5)])
    assert zone.head == (0, 1, 2)


def test_a_byline_across_the_columns_is_read_before_them() -> None:
    byline = Set((120, 75, 220, 84), EM)
    lines = [headline(0, 40, 12), *column(0, 96, 5), *column(1, 96, 5), *column(2, 96, 5), byline]
    (zone,) = find_zones(lines)
    assert zone.across == ((len(lines) - 1,),)


# --- margins --------------------------------------------------------------------------------------


def test_the_head_of_a_page_is_its_margin() -> None:
    top = [Set((0, 10, 30, 24), 14.0), Set((300, 12, 420, 22), 10.0)]
    lines = [*top, headline(0, 60, 10), *column(0, 100, 8), *column(1, 100, 8)]
    assert number_zones(lines)[:2] == [MARGIN, MARGIN]
    assert MARGIN not in number_zones(lines)[2:]


def test_a_headline_alone_at_the_top_is_no_margin() -> None:
    lines = [headline(0, 10, 14), *column(0, 60, 8), *column(1, 60, 8)]
    assert MARGIN not in number_zones(lines)


# --- the text that comes of it --------------------------------------------------------------------


def test_columns_of_a_story_follow_one_another_without_a_blank_line() -> None:
    boxes = [headline(0, 40, 8), *column(0, 80, 2), *column(1, 80, 2)]
    indented = boxes[1]._replace(box=(2 * EM, *boxes[1].box[1:]))
    words = ["桥通了", "昨天桥上走", "过头一班人", "他们走得慢", "一句话不说"]
    lines = [
        PrintedLine(text, one.box, one.size)
        for text, one in zip(words, [boxes[0], indented, *boxes[2:]], strict=True)
    ]
    shown = "桥通了\n\n\u3000\u3000昨天桥上走\n过头一班人\n他们走得慢\n一句话不说\n"
    assert text_of(lines).text == shown


def test_a_caption_in_smaller_type_stands_by_itself() -> None:
    boxes = [headline(0, 40, 8), *column(0, 80, 2), *column(0, 160, 1, 7.9), *column(0, 180, 2)]
    lines = [PrintedLine(f"{at}字", one.box, one.size) for at, one in enumerate(boxes)]
    assert text_of(lines).text == "0字\n\n1字\n2字\n\n3字\n\n4字\n5字\n"


@pytest.mark.parametrize(("size", "scale"), [(9.0, 1.0), (18.0, 2.0), (0.0, 0.0)])
def test_type_is_told_by_the_body_of_its_page(size: float, scale: float) -> None:
    lines = [*column(0, 0, 5), Set((0, 90, 50, 99), size), Set((0, 0, 999, 20), 20.0, page=2)]
    assert scales(lines)[5:] == [scale, 1.0]
