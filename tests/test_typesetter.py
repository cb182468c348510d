"""The typesetter: what it must leave alone, what it does to a page, and that the demo is what it made."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from jianbao.config import load_config, load_known
from jianbao.models import COMPLETE, FURNITURE_ROLES, is_blank
from jianbao.yaml_guard import load_yaml
from tests.demo.make_sources import GOLD, ROOT, SOURCES, make_files, read_pages, read_sheet
from tests.demo.printed_sources import HERE as PRINTED
from tests.typesetter.damage import EVERY_MARK, EXCLAMATION, damage_bytes, damage_runs, fold_marks
from tests.typesetter.looks.lines import NOT_FIRST, NOT_LAST, break_lines, justify, measure
from tests.typesetter.looks.web_page import to_traditional
from tests.typesetter.sheets import lay_out, read_slots
from tests.typesetter.stories import body_markdown, read_piece, read_story, read_strips

PAGES = sorted(read_pages())
# What an article may consist of, as gold/FORMAT.md lists it.
SPAN_ROLES = frozenset(
    "column kicker title subtitle byline dateline body heading caption list table contact pointer".split()  # noqa: SIM905
)
# Marks a look prints and a body has not, or has and the look prints otherwise.
MARKUP = str.maketrans("", "", "#*：图")


# --- damage --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "臨河的風吹過來。",  # no trigger among them
        "他问：“好吗？”",  # no mark but one that has no pair astride
        "保密，常化",  # A3BB stands astride, but no real page shows it replaced
        "He said (really) OK?",
        "真的!",  # ASCII already
    ],
)
def test_what_no_tool_touches_comes_out_as_it_was(text: str) -> None:
    assert damage_runs(text).runs == ()
    assert damage_bytes(text) == text


def test_a_mark_in_its_own_place_is_folded_and_no_damage() -> None:
    damaged = damage_runs("太好了！", pinyin=False)
    assert (damaged.text, damaged.runs) == ("太好了!", ())


@pytest.mark.parametrize(
    ("clean", "damaged"),
    [
        ("功夫。《", "功夫�!�"),
        ("功夫。“该花的钱", "功夫�!案没ǖ那�"),
        ("我們在聽。", "我們?cè)诼牎?"),
        ("網站", "網(wǎng)站"),
    ],
)
def test_damage_has_the_face_of_real_pages(clean: str, damaged: str) -> None:
    assert damage_bytes(clean) == damaged


def test_a_line_end_stops_the_shift() -> None:
    first, second = damage_bytes("他说。”\n第二天。", pinyin=False).split("\n")
    assert first != "他说。”"
    assert second == "第二天。"


@pytest.mark.parametrize(
    ("clean", "certain"), [("功夫。”", True), ("我們在聽關", True), ("墙。”墙上的表,", False)]
)
def test_only_a_lost_byte_of_a_word_leaves_doubt(clean: str, certain: bool) -> None:
    assert [run.certain for run in damage_runs(clean).runs if run.kind == "bytes"] == [certain]


def test_a_coarser_tool_replaces_more() -> None:
    assert damage_runs("经常化。", marks=EVERY_MARK, pinyin=False).runs
    assert not damage_runs("经常化。", marks=EXCLAMATION, pinyin=False).runs


CHINESE = st.text(
    st.sampled_from("的一是在們動網復冊。，“”！？《》（）常保化海会開 aA1(\n"), max_size=40
)


@given(CHINESE, st.booleans(), st.sampled_from("\ufffd?"))
def test_the_runs_undo_the_damage(text: str, pinyin: bool, lone: str) -> None:
    damaged = damage_runs(text, pinyin=pinyin, lone=lone)
    assert undone(damaged.text, damaged.runs) == fold_marks(text, EXCLAMATION)


@given(CHINESE)
def test_the_second_tool_decodes_as_python_does(text: str) -> None:
    for line in text.split("\n"):
        spoiled = line.encode("gb18030").replace("！".encode("gb18030"), b"!")
        assert damage_bytes(line, pinyin=False) == spoiled.decode("gb18030", errors="replace")


def undone(text: str, runs: Any) -> str:
    """The text with each run replaced by what was printed."""
    for run in sorted(runs, key=lambda run: run.start, reverse=True):
        text = text[: run.start] + run.repaired + text[run.end :]
    return text


# --- lines and stories ---------------------------------------------------------------------------

PROSE = st.text(st.sampled_from("梧川日报讯今天下雨，。：“”（）《》——……3.5%A 0"), max_size=120)


@given(PROSE, st.integers(8, 18), st.randoms(use_true_random=False))
def test_breaking_lines_loses_nothing(text: str, width: int, rng: random.Random) -> None:
    assert bare("".join(break_lines(text, width, rng))) == bare(text)


def test_no_line_begins_or_ends_with_what_must_not_stand_there() -> None:
    for page in ("page-2020-06-18-a3", "page-2019-12-24-07"):
        for paragraph in body_of(page).split("\n\n"):
            for width in (12, 15, 18):
                lines = break_lines(paragraph, width, random.Random(width))
                assert [line for line in lines[1:] if line[0] in NOT_FIRST] == []
                assert [line for line in lines[:-1] if line[-1] in NOT_LAST] == []
                assert max(map(measure, lines)) <= 2 * width + 4


def test_justification_leaves_numbers_whole_and_adds_only_spaces() -> None:
    line = "共接待患者860余人（次）"
    seen = {justify(line, 14, random.Random(seed), spread=1.0) for seed in range(40)}
    assert line in seen
    assert "共接待患者 860 余人 （次）" in seen
    assert {bare(one) for one in seen} == {line}


@pytest.mark.parametrize("line", ["第3版", "（记者 甲）", "图书馆", "一、总则", "*号"])
def test_what_only_resembles_a_mark_is_body(line: str) -> None:
    assert read_piece(line).role == "body"


def test_a_cut_between_paragraphs_leaves_two() -> None:
    strips = list(enumerate(read_strips("一。\n‖\n二。")))
    assert body_markdown(strips) == "一。\n\n二。"


def test_a_cut_in_a_paragraph_heals_only_when_both_parts_are_there() -> None:
    strips = list(enumerate(read_strips("一‖二‖三。")))
    assert body_markdown(strips) == "一二三。"
    assert body_markdown([strips[0], strips[2]]) == "一\n\n三。"


def test_pointers_credits_and_the_opener_are_not_body() -> None:
    strips = read_strips("> （上接第1版）\n~ （某某 摄）\n% （本报甲地电）\n正文。")
    assert body_markdown(list(enumerate(strips))) == "正文。"
    assert body_markdown(list(enumerate(read_strips("正文。", opener="本报讯")))) == "正文。"


def test_a_layout_names_parts_in_the_order_of_the_source() -> None:
    story = read_story({"key": "a", "title": "题", "text": "一‖二"}, date=None)
    lines = ("a.1", "+a.head", "a", {"+nav": "首页"})
    slots = [slot for line in lines for slot in read_slots(line, {"a": story})]
    assert [(slot.strip, slot.role, slot.same_line) for slot in slots] == [
        (1, "", False),
        (-1, "", True),
        (-1, "", False),
        (0, "", False),
        (1, "", False),
        (-1, "nav", True),
    ]


def test_conversion_looks_at_one_character_at_a_time() -> None:
    assert "".join(map(to_traditional, "皇后发里")) == "皇后發里"


# --- every page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_printing_character_is_in_exactly_one_span(name: str) -> None:
    text, gold = page(name)
    owners = Counter(at for span in spans(gold) for at in range(span["start"], span["end"]))
    printing = {at for at, char in enumerate(text) if not is_blank(char)}
    assert printing - set(owners) == set()
    assert {at for at, count in owners.items() if count > 1} == set()


@pytest.mark.parametrize("name", PAGES)
def test_spans_begin_and_end_with_a_printing_character(name: str) -> None:
    text, gold = page(name)
    for span in spans(gold):
        assert not is_blank(text[span["start"]])
        assert not is_blank(text[span["end"] - 1])


@pytest.mark.parametrize("name", PAGES)
def test_the_body_is_what_its_spans_say(name: str) -> None:
    text, gold = page(name)
    for article in gold["articles"]:
        told = "".join(
            read_at(text, gold, span)
            for span in article["spans"]
            if span["role"] in ("body", "heading", "caption", "list", "contact", "table")
        )
        assert bare(told.translate(MARKUP)) == bare(article["body"].translate(MARKUP))


@pytest.mark.parametrize("name", PAGES)
def test_heads_and_credits_stand_in_the_source(name: str) -> None:
    text, gold = page(name)
    for article in gold["articles"]:
        head = {
            role: bare("".join(read_at(text, gold, span) for span in article["spans"] if span["role"] == role))
            for role in SPAN_ROLES
        }  # fmt: skip
        for role in ("title", "kicker", "subtitle"):
            assert head[role].strip("#*") == bare(article[role] or "")
        for author in article["authors"]:
            assert author["name"] in head["byline"] + head["dateline"]
        for value in (article["dateline"] or {}).values():
            assert (value or "") in head["dateline"]


@pytest.mark.parametrize("name", PAGES)
def test_roles_and_completeness_are_known_words(name: str) -> None:
    _, gold = page(name)
    assert {span["role"] for article in gold["articles"] for span in article["spans"]} <= SPAN_ROLES
    assert {span["role"] for span in gold["furniture"]} <= set(FURNITURE_ROLES)
    assert {article["complete"] for article in gold["articles"]} <= set(COMPLETE)


def test_another_seed_gives_another_page() -> None:
    written = read_pages()["page-2020-06-18-a3"]
    assert lay_out(read_sheet(written))[0] == lay_out(read_sheet(written))[0]
    assert lay_out(read_sheet(written))[0] != lay_out(read_sheet(written | {"seed": 2}))[0]


# --- the demo ------------------------------------------------------------------------------------


def test_the_committed_demo_is_what_the_typesetter_makes() -> None:
    made = make_files()
    folders = (SOURCES, GOLD, PRINTED)
    there = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    there -= set(PRINTED.glob("*.yaml"))  # what a person writes of the printed pages
    hint = "run python -m tests.demo.make_sources"
    assert there == set(made), hint
    assert [str(path) for path, content in made.items() if path.read_bytes() != content] == [], hint


def test_gold_counts_the_decoded_text() -> None:
    for name, written in read_pages().items():
        data = (SOURCES / written["file"]).read_bytes()
        decoded = data.decode(written.get("encoding", "utf-8")).replace("\r\n", "\n")
        assert decoded == page(name)[0]
        gold = load_yaml((GOLD / f"{name}.yaml").read_text(encoding="utf-8"), path=name)
        assert gold == page(name)[1]


def test_the_demo_is_large_and_varied_enough() -> None:
    articles = [article for name in PAGES for article in page(name)[1]["articles"]]
    assert len(PAGES) >= 7
    assert len(articles) >= 34
    assert sum(len(bare(article["body"])) for article in articles) >= 11_000
    assert {article["complete"] for article in articles} == set(COMPLETE)
    assert {article["title_status"] for article in articles} == {"stated", "absent"}
    assert {span["role"] for article in articles for span in article["spans"]} == SPAN_ROLES


def test_the_demo_has_every_encoding_a_maintainer_meets() -> None:
    contents = [path.read_bytes() for path in SOURCES.rglob("*") if path.suffix in (".txt", ".md")]
    assert any(content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content for content in contents)
    assert any(not is_utf8(content) for content in contents)


def test_settings_and_sidecars_are_accepted() -> None:
    config = load_config((ROOT / "config.yaml").read_text(encoding="utf-8"), path="config.yaml")
    names = {publication.name for publication in config.publications}
    assert {page(name)[1]["publication"]["name"] for name in PAGES} == names
    for path in SOURCES.rglob("*.yaml"):
        known = load_known(path.read_text(encoding="utf-8"), path=path.name)
        assert known.publication in {*names, None}


def test_every_article_has_a_topic_and_every_topic_an_article() -> None:
    config = load_config((ROOT / "config.yaml").read_text(encoding="utf-8"), path="config.yaml")
    used: Counter[str] = Counter()
    for name in PAGES:
        for article in page(name)[1]["articles"]:
            words = fold_to_simplified(f"{article['title']}{article['body']}")
            topics = {
                topic.name
                for topic in config.topics
                if any(word in words for word in topic.keywords)
            }
            assert topics, (name, article["title"])
            used.update(topics)
    assert {topic.name for topic in config.topics} - set(used) == set()


# --- looking at pages ----------------------------------------------------------------------------


@cache
def page(name: str) -> tuple[str, dict[str, Any]]:
    return lay_out(read_sheet(read_pages()[name]))


def spans(gold: dict[str, Any]) -> list[dict[str, Any]]:
    """The spans of a page, those of its articles and its furniture."""
    return [
        span
        for owner in [*gold["articles"], {"spans": gold["furniture"]}]
        for span in owner["spans"]
    ]


def read_at(text: str, gold: dict[str, Any], span: dict[str, Any]) -> str:
    """What a span says once its damage is undone."""
    start, end = span["start"], span["end"]
    part = text[start:end]
    for run in reversed(gold.get("damaged", [])):
        if start <= run["start"] and run["end"] <= end:
            part = part[: run["start"] - start] + run["repaired"] + part[run["end"] - start :]
    return part


def body_of(name: str) -> str:
    return "\n\n".join(article["body"] for article in page(name)[1]["articles"])


def bare(text: str) -> str:
    return "".join(char for char in text if not is_blank(char))


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def fold_to_simplified(text: str) -> str:
    folded: str = OpenCC("t2s").convert(text)
    return folded
