"""The page generator: its gold is exact, its pages are plausible, and it can make every shape it promises."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from jianbao.models import COMPLETE, FURNITURE_ROLES, is_blank
from tests.typesetter.bylines import FORMS, draw_byline
from tests.typesetter.casts import Cast, Deck, invent_town, read_fields, read_sentences
from tests.typesetter.cuts import cut_anywhere, cut_at_line
from tests.typesetter.damage import EVERY_MARK, fold_marks
from tests.typesetter.generator import LOOKS, draw_page
from tests.typesetter.invent import GENRES, Order, invent_story
from tests.typesetter.looks.text_layer import measure_cut
from tests.typesetter.looks.web_page import to_traditional
from tests.typesetter.stories import Piece, Story, body_markdown

SEEDS = range(12)
PAGES = [(seed, look) for look in LOOKS for seed in SEEDS]
# Marks a look prints and a body has not, or has and the look prints otherwise.
MARKUP = str.maketrans("", "", "#*：图")


# --- what must not happen ------------------------------------------------------------------------


@pytest.mark.parametrize("genre", GENRES)
def test_no_slot_or_choice_is_left_open(genre: str) -> None:
    for seed in range(8):
        story = a_story(genre, seed)
        told = "".join([*story.head.values(), *(piece.text for piece in story.strips[0])])
        assert not set("{}[]|") & set(told)


def test_nothing_is_torn_in_a_short_paragraph_or_at_a_mark() -> None:
    short = Story("a", {}, ((Piece("body", "天晴了，风也停了。"),),))
    assert cut_anywhere(short, 3, random.Random(1)) == short
    for seed in range(20):
        story = cut_anywhere(a_story("feature", seed), 3, random.Random(seed))
        for one, other in pairwise(story.strips):
            assert other[0].continues
            assert is_han(one[-1].text[-1])
            assert is_han(other[0].text[0])


def test_a_line_that_marks_may_move_is_no_place_to_cut() -> None:
    assert measure_cut("天晴了，风也停了，孩子们跑出门去。", 6, 1) is None
    assert measure_cut("天晴了。", 6, 3) is None


def test_a_deck_repeats_nothing_before_all_have_come() -> None:
    deck = Deck("甲乙丙丁", random.Random(1))
    assert sorted(deck.draw() for _ in range(4)) == sorted("甲乙丙丁")
    assert sorted(deck.deal(9)) == sorted("甲乙丙丁")


def test_nobody_is_called_like_somebody_else() -> None:
    town = invent_town(random.Random(2))
    names = [town.draw_name() for _ in range(300)]
    assert len(set(names)) == 300


# --- words ---------------------------------------------------------------------------------------


def test_there_are_fields_enough_and_words_in_each() -> None:
    fields = read_fields()
    assert len(fields) >= 25
    for name, kinds in fields.items():
        assert sum(map(len, kinds.values())) >= 40, name
        assert all("/" in measure for measure in kinds["measures"]), name


@pytest.mark.parametrize("kind", read_sentences())
def test_no_sentence_is_written_twice(kind: str) -> None:
    sentences = read_sentences()[kind]
    assert len(set(sentences)) == len(sentences)


def test_a_story_keeps_to_its_cast() -> None:
    cast = Cast(invent_town(random.Random(1)), "供水")
    told = [cast.fill("{thing}{office}{village}") for _ in range(40)]
    assert len(set(told)) <= 3


def test_a_person_has_an_office_once() -> None:
    cast = Cast(invent_town(random.Random(1)), "供水")
    first, again = cast.fill("{chief}"), cast.fill("{chief}")
    assert first.endswith(again)
    assert len(first) > len(again)


def test_paragraphs_of_one_story_share_words_and_those_of_two_hardly() -> None:
    same, different = [], []
    for seed in range(10):
        town = invent_town(random.Random(seed))
        orders = [Order(key, "news", town, name) for key, name in (("a", "供水"), ("b", "消防"))]
        one, other = (invent_story(order, random.Random(seed)) for order in orders)
        bodies = [[p.text for p in s.strips[0] if p.role == "body"] for s in (one, other)]
        same += [shared(*pair) for body in bodies for pair in pairwise(body)]
        different.append(shared(bodies[0][-1], bodies[1][0]))
    assert sum(same) / len(same) > 3 * sum(different) / len(different)


@pytest.mark.parametrize("genre", FORMS)
def test_every_author_is_printed(genre: str) -> None:
    for seed in range(60):
        town = invent_town(random.Random(seed))
        byline = draw_byline(town, genre, random.Random(seed))
        assert all(one.name in bare(byline.text) for one in byline.authors)
        assert ("记者" in byline.text) == any("记者" in (one.role or "") for one in byline.authors)


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "look"), PAGES)
def test_every_printing_character_is_in_exactly_one_span(seed: int, look: str) -> None:
    _, text, gold = page(seed, look)
    owners = Counter(at for span in spans(gold) for at in range(span["start"], span["end"]))
    assert {at for at, char in enumerate(text) if not is_blank(char)} - set(owners) == set()
    assert max(owners.values()) == 1
    for span in spans(gold):
        assert not is_blank(text[span["start"]])
        assert not is_blank(text[span["end"] - 1])


@pytest.mark.parametrize(("seed", "look"), PAGES)
def test_the_body_is_what_its_spans_say(seed: int, look: str) -> None:
    _, text, gold = page(seed, look)
    for article in gold["articles"]:
        told = "".join(
            read_at(text, gold, span)
            for span in article["spans"]
            if span["role"] in ("body", "heading", "caption", "list", "contact")
        )
        assert bare(told.translate(MARKUP)) == bare(article["body"].translate(MARKUP))
        for role in ("title", "kicker", "subtitle"):
            printed = "".join(read_at(text, gold, s) for s in article["spans"] if s["role"] == role)
            assert bare(printed).strip("#*") == bare(article[role] or "")


@pytest.mark.parametrize(("seed", "look"), PAGES)
def test_authors_dates_and_words_are_those_of_the_page(seed: int, look: str) -> None:
    _, text, gold = page(seed, look)
    assert {one["complete"] for one in gold["articles"]} <= set(COMPLETE)
    assert {span["role"] for span in gold["furniture"]} <= set(FURNITURE_ROLES)
    for article in gold["articles"]:
        printed = "".join(read_at(text, gold, span) for span in article["spans"])
        assert all(one["name"] in bare(printed) for one in article["authors"])
        if gold["issue_date"]["value"]:
            assert article["date"] == gold["issue_date"]["value"]
        elif article["date"]:
            year, month, day = map(int, article["date"].split("-"))
            assert fold_marks(f"{year}年{month}月{day}日", EVERY_MARK) in printed


@pytest.mark.parametrize("look", LOOKS)
def test_a_seed_is_a_page_and_another_another(look: str) -> None:
    assert draw_page(3, look) == draw_page(3, look)
    assert draw_page(3, look)[1] != draw_page(4, look)[1]


def test_a_page_without_a_look_has_one() -> None:
    prefixes = {draw_page(seed)[0].partition("-")[0] for seed in range(30)}
    assert prefixes == {prefix for prefix, _, _ in LOOKS.values()}


def test_newspaper_pages_have_three_to_ten_articles() -> None:
    for look in ("text_layer", "ocr_markdown"):
        counts = [len(page(seed, look)[2]["articles"]) for seed in SEEDS]
        assert min(counts) >= 3
        assert max(counts) <= 10


def test_every_shape_comes_up() -> None:
    articles = [
        article
        for look in ("text_layer", "ocr_markdown")
        for seed in range(80)
        for article in page(seed, look)[2]["articles"]
    ]
    assert {one["complete"] for one in articles} == set(COMPLETE)
    assert {one["title_status"] for one in articles} == {"stated", "absent"}
    roles = {span["role"] for one in articles for span in one["spans"]}
    assert {"column", "kicker", "subtitle", "pointer", "caption", "list", "contact"} <= roles
    assert any(head_below(one) for one in articles)
    assert any(one["column"] and "column" not in roles_of(one) for one in articles)


def test_web_pages_come_in_both_scripts_and_damaged() -> None:
    golds = [page(seed, "web_page")[2] for seed in range(30)]
    assert {gold["script"] for gold in golds} == {"Hans", "Hant"}
    assert {run["kind"] for gold in golds for run in gold["damaged"]} == {"bytes", "pinyin"}


def test_a_story_cut_at_a_line_is_whole_again_when_joined() -> None:
    cut = 0
    for seed in range(20):
        whole = a_story("news", seed)
        story = cut_at_line(whole, 14, random.Random(seed))
        cut += len(story.strips) > 1
        joined = body_markdown(list(enumerate(story.strips)))
        assert joined == body_markdown(list(enumerate(whole.strips)))
    assert cut > 5


# --- looking at pages ----------------------------------------------------------------------------


@cache
def page(seed: int, look: str) -> tuple[str, str, dict[str, Any]]:
    return draw_page(seed, look)


def a_story(genre: str, seed: int) -> Story:
    rng = random.Random(seed)
    return invent_story(Order("a", genre, invent_town(rng), rng.choice(sorted(read_fields()))), rng)


def spans(gold: dict[str, Any]) -> list[dict[str, Any]]:
    """The spans of a page, those of its articles and its furniture."""
    owners = [*gold["articles"], {"spans": gold["furniture"]}]
    return [span for owner in owners for span in owner["spans"]]


def read_at(text: str, gold: dict[str, Any], span: dict[str, Any]) -> str:
    """What a span says once its damage is undone."""
    part, start = text[span["start"] : span["end"]], span["start"]
    for run in reversed(gold["damaged"]):
        if start <= run["start"] and run["end"] <= span["end"]:
            part = part[: run["start"] - start] + run["repaired"] + part[run["end"] - start :]
    return part


def head_below(article: dict[str, Any]) -> bool:
    """Whether the headline stands below the text it belongs to."""
    titles = [span["start"] for span in article["spans"] if span["role"] == "title"]
    texts = [span["start"] for span in article["spans"] if span["role"] == "body"]
    return bool(titles and texts) and titles[0] > max(texts)


def roles_of(article: dict[str, Any]) -> set[str]:
    return {span["role"] for span in article["spans"]}


def shared(one: str, other: str) -> int:
    """How many pairs of characters two texts have in common."""
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other)]
    return len(pairs[0] & pairs[1])


def bare(text: str) -> str:
    return "".join(char for char in text if not is_blank(char))


def is_han(char: str) -> bool:
    return "一" <= char <= "鿿"


def test_conversion_of_names_is_that_of_the_page() -> None:
    for seed in range(30):
        _, _, gold = page(seed, "web_page")
        if gold["script"] == "Hant":
            for article in gold["articles"]:
                for one in article["authors"]:
                    assert one["name"] == "".join(map(to_traditional, one["name"]))
