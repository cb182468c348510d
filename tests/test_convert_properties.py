"""The convert wing under any text at all: it never falls over, loses no character, and does the same thing twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.config import Config, Known, Publication, Topic
from jianbao.content import dump, dump_ledger, load, load_ledger
from jianbao.convert.conversion import Conversion, convert_source
from jianbao.models import Article, Ledger, is_blank
from tests.refusals import refusal

CONFIG = Config(
    publications=(Publication("梧川日报", aliases=("梧川日报社",)),),
    topics=(Topic("读书", keywords=("图书馆", "读者")), Topic("道路")),
)

# Pieces that pages are made of, in every state of damage.
PIECES = (
    "本报讯（记者 何小禾）", "本报重庆6月17日电（记者 艾松 通讯员 盛小满）", "新华社北京5月27日电", "（均据新华社）",
    "本报记者 何小禾", "文/图 本报记者 艾松", "（艾松 摄）", "新华社发（艾松 摄）", "视觉中国", "（李春江）",
    "# 老街的石板路年底前修好", "## 一、到哪里办证", "**第一条**", "——写在第一百天", "图书馆夜里开到十点", "民生在线",
    "青禾市图书馆新馆昨天开门迎客，", "首日接待读者三千多人次。", "两 侧 的 商 户 把 货 架", "“能办的马上办。”", "动（dòng）员",
    "（下转第3版）", "（上接A1版）", "►下转2版", "图为居民在新馆里读书。", "▲工人在铺石板", "![](a.jpg)", "| 窗口 | 时间 |",
    "梧川日报 2020年6月18日 星期四 第3版", "责任编辑：陆亮", "电话：0000-123456", "公益广告：讲文明", "★★★",
    "您现在的位置：梧川保密网 > 宣传", "2020-10-19  来源：宣教科  作者：盛小满", "上一篇：碎纸机", "【字体：大 中 小】", "版权所有",
    "青禾市城市管理局", "2020年6月18日", "（一）清点路灯；", "1. 疏通", "咨询电话：0000-123456", "本文图片由图书馆提供",
    "。�!霸撜f的", "⽂明", "\u202e", "\u200b", "\ufeff", "𬎆", "🙂", "*_[]<>`#|~\\", "(", "）", "“", "《", "，", "：", "》", "1", "a b",
)  # fmt: skip
GLUE = st.sampled_from(
    ["", "", " ", "\u3000", "\n", "\n", "\n\n", "\n\n", "\n\n\n\n", "\f", "\t", "  "]
)
PAGES = st.lists(st.tuples(st.sampled_from(PIECES), GLUE), max_size=24).map(
    lambda pieces: "".join(piece + glue for piece, glue in pieces)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
ANY = PAGES | TEXTS


@given(ANY)
def test_F2_any_text_is_converted_or_refused_with_a_sentence(text: str) -> None:
    error = refusal(convert, text)
    assert (
        error is None or error.message == "not text"
    )  # a NUL, or the head of another kind of file


@given(PAGES)
@settings(max_examples=120)
def test_R4_every_character_stands_in_exactly_one_place(text: str) -> None:
    conversion = convert(text)
    printed = {at for at, char in enumerate(conversion.source.text) if not is_blank(char)}
    spans = [span for one in conversion.articles if one.source for span in one.source.spans]
    spans += [(one.start, one.end) for one in conversion.ledger.furniture]
    places = Counter(at for start, end in spans for at in range(start, end))
    assert printed <= places.keys()
    assert set(places.values()) <= {1}
    assert all(0 <= start < end <= len(conversion.source.text) for start, end in spans)


@given(PAGES)
def test_repairs_and_doubts_lie_in_the_text(text: str) -> None:
    conversion = convert(text)
    source, ledger = conversion.source.text, conversion.ledger
    for one in ledger.repairs:
        assert 0 <= one.start < one.end <= len(source)
        assert one.fixer == "join_lines" or source[one.start : one.end] == one.before
    ids = {one.id for one in conversion.articles}
    assert all(0 <= one.start < one.end <= len(source) for one in ledger.doubts)
    assert all(one.article is None or one.article in ids for one in ledger.doubts)


@given(PAGES)
def test_F4_what_is_converted_comes_back_from_its_files(text: str) -> None:
    conversion = convert(text)
    for article in conversion.articles:
        assert load(dump(article), path="01.md") == article
    assert load_ledger(dump_ledger(conversion.ledger), path="source.yaml") == conversion.ledger


@given(PAGES)
def test_F3_converting_again_gives_the_same(text: str) -> None:
    assert convert(text) == convert(text)


@given(PAGES, st.sampled_from(["\r\n", "\r"]))
def test_F2_newlines_do_not_matter(text: str, newline: str) -> None:
    one, other = convert(text), convert(text.replace("\n", newline))
    assert told(other) == told(one)


@given(PAGES)
def test_room_above_and_below_a_page_does_not_matter(text: str) -> None:
    page = text.strip(" \n\f\t\u3000\u200b\ufeff")
    one, other = convert(page), convert(f"\n\n{page}\n\n")
    assert [bare(article) for article in other.articles] == [
        bare(article) for article in one.articles
    ]


@given(st.binary(max_size=200))
def test_F1_any_bytes_are_converted_or_refused_with_a_sentence(raw: bytes) -> None:
    error = refusal(convert_source, raw, "a.txt", "a", Known(), CONFIG)
    assert error is None or "fault of Jianbao" not in error.hint


@pytest.mark.parametrize("piece", PIECES)
def test_every_piece_alone(piece: str) -> None:
    conversion = convert(piece)
    assert len(conversion.articles) <= 1


@pytest.mark.parametrize(("one", "other"), list(pairwise(PIECES)))
def test_neighbours(one: str, other: str) -> None:
    for glue in ("", "\n", "\n\n"):
        convert(one + glue + other)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("a" * 100_000, id="one word"),
        pytest.param("青" * 100_000, id="one paragraph without a mark"),
        pytest.param("青禾市、" * 25_000, id="one list of names"),
        pytest.param("来源：" * 30_000, id="one line of labels"),
        pytest.param("甲" + " " * 2_000 + "乙", id="two characters far apart"),
        pytest.param("（" * 100_000, id="brackets that nothing closes"),
    ],
)
def test_R12_a_page_of_one_endless_line_comes_to_its_end(page: str) -> None:
    assert len(convert(page).source.text) == len(page)


# --- the composed text of an article ------------------------------------------------------------


def test_the_text_of_an_article_is_left_as_it_is_when_it_is_converted_again() -> None:
    body = (
        "老街的石板路坑洼多年，雨天积水，晴天硌脚，街坊们盼着它修好已经盼了许多年。\n\n"
        "昨天，施工队进场了，旧石板一块一块编号、清洗，能用的重新铺回原处，不能用的才换掉。"
    )
    [article] = convert(f"# 老街的石板路年底前修好\n\n本报记者 何小禾\n\n{body}\n").articles
    assert article.body == body
    [again] = convert(f"# {article.title}\n\n{article.body}\n").articles
    assert (again.title, again.body) == (article.title, article.body)


def told(conversion: Conversion) -> tuple[list[Article], Ledger]:
    """Everything but the checksums and the number of bytes."""
    ledger = replace(conversion.ledger, sha256="", bytes=0)
    return [without_checksums(one) for one in conversion.articles], ledger


def bare(article: Article) -> Article:
    """An article without its place in the source."""
    return replace(article, source=None, converted=None)


def without_checksums(article: Article) -> Article:
    assert article.source is not None
    return replace(article, converted=None, source=replace(article.source, sha256=""))


def convert(text: str) -> Conversion:
    return convert_source(text.encode(), "a.txt", "a", Known(), CONFIG)
