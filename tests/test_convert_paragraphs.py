"""Lines of a page joined as print had them: the blanks of justification, the ends of paragraphs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jianbao.convert.blocks import Block, make_blocks
from jianbao.convert.columns import close_spaces
from jianbao.convert.lines import split_lines
from jianbao.convert.paragraphs import make_paragraphs
from jianbao.convert.repair import repair
from tests.specimens import Specimen, each


@each("spacing")
def test_a_line_is_closed(specimen: Specimen) -> None:
    assert close_spaces(specimen["broken"]) == specimen.get("fixed", specimen["broken"])


@each("spacing", known_failures=False)
def test_closing_twice_changes_nothing_more(specimen: Specimen) -> None:
    closed = close_spaces(specimen["broken"])
    assert close_spaces(closed) == closed


@each("columns")
def test_paragraphs_of_a_page(specimen: Specimen) -> None:
    paragraphs = make_paragraphs(specimen["page"])
    assert [one.text for one in paragraphs] == specimen["paragraphs"]


@given(st.text(alphabet="甲乙丙，。 \u3000ab12\n"))
def test_closing_takes_nothing_but_blanks(line: str) -> None:
    assert "".join(close_spaces(line).split()) == "".join(line.split())


@given(st.text(alphabet="甲乙丙，。：（）”  \u3000\n\n\f#*ab1"))
def test_lines_and_paragraphs_stand_in_order_and_hold_every_character(text: str) -> None:
    for pieces in (split_lines(text), make_paragraphs(text)):
        ends = [0, *(one.end for one in pieces)]
        starts = [*(one.start for one in pieces), len(text)]
        assert all(not text[end:start].strip() for end, start in zip(ends, starts, strict=True))


def block_of_column(lines: str) -> Block:
    """The first text of a page set in columns."""
    return next(one for one in make_blocks(repair(lines)[0]) if one.role == "body")


def test_the_indent_tells_where_a_paragraph_of_a_column_begins() -> None:
    whole = "青禾市图书馆新馆昨天开\n门迎客，首日接待读者三千\n多人次，儿童阅览室的椅子\n没有空过，家长坐在地毯上\n陪孩子读完了一本又一本。\n"
    torn = "毯上陪孩子读完了一本又一\n" + whole.replace(
        "青禾市图书馆新馆昨天开\n", "本，闭馆的铃声响了三遍还\n"
    )
    assert not block_of_column(whole).begins_inside
    assert block_of_column(torn).begins_inside
    assert block_of_column(whole).width == block_of_column(torn).width == 12
