"""The repairer of the byte shift: what it leaves alone, what it undoes, and that it never guesses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jianbao.convert.byte_shift import (
    LOST,
    ByteShift,
    damage,
    find_pinyin,
    mended,
    repair_byte_shift,
)
from tests.typesetter.damage import EVERY_MARK, EXCLAMATION, READINGS, damage_bytes, fold_marks

SPECIMENS = yaml.safe_load(
    (Path(__file__).parent / "specimens" / "byte_shift.yaml").read_text(encoding="utf-8")
)

SIMPLIFIED = (
    "青禾市昨天召开会议，部署今年的重点工作。",
    "“这件事要早做。”主任在会上说，“大家都要出力。”",
    "《青禾市志愿服务办法》今天起实施。",
    "社区把保护环境当成大事，经常化地开展宣传。",
    "他问：“办好了吗？”窗口回答：“办好了！”",
    "全市新建三所学校、两家医院、五个公园。",
    "“有人说我们太严。”她笑着说，“严一点好。”",
    "7月1日，第一批共36名职工领到了证书（含补发）。",
    "世界卫生组织(WHO)的专家也来了；他们看了社区医院。",
)
TRADITIONAL = (
    "他們在日復一日的工作中學習進步，動員大家實行網上辦理。",
    "會議開了半天。“該說的話要說，該做的事要做。”主任說完，大家都笑了。",
    "“我們都聽您的！”隊員們說。《青禾市辦法》已經實施。",
    "他們在網上學習統計、審計的規則，對實際問題進行調查。",
    "這項工作責任重大，關係到每一個家庭的幸福。",
)
FACES: list[Mapping[str, Any]] = [
    {"lone": lone, "marks": marks} for lone in (LOST, "?") for marks in (EXCLAMATION, EVERY_MARK)
]

simplified_pages = st.lists(st.sampled_from(SIMPLIFIED), min_size=1, max_size=5).map("".join)
traditional_pages = st.lists(st.sampled_from(TRADITIONAL), min_size=1, max_size=5).map("".join)
pages = st.one_of(
    simplified_pages,
    traditional_pages,
    simplified_pages.map(lambda page: page.replace("。", "。\n")),
)
faces = st.sampled_from(FACES)


# --- specimens --------------------------------------------------------------------------------------


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen["comment"])
def test_specimen(specimen: dict[str, Any]) -> None:
    page = specimen["broken"]
    found = repair_byte_shift(page)
    assert mended(page, found.repairs) == specimen.get("fixed", page)
    assert len(found.doubts) == specimen.get("doubts", 0)


# --- what stays ---------------------------------------------------------------------------------------


@given(pages, st.booleans())
def test_undamaged_text_gives_nothing(page: str, folded: bool) -> None:
    page = fold_marks(page) if folded else page
    assert repair_byte_shift(page) == ByteShift()


@given(pages, st.lists(st.tuples(st.integers(0, 300), st.sampled_from("?!,?？！)(")), max_size=30))
def test_stray_marks_are_no_damage(page: str, marks: list[tuple[int, str]]) -> None:
    for at, mark in marks:
        page = page[:at] + mark + page[at:]
    assert repair_byte_shift(page) == ByteShift()


@given(st.text(alphabet="青禾市日报?!,(wǎng)�。“”\n7P", max_size=50))
def test_any_text_keeps_its_offsets(page: str) -> None:
    found = repair_byte_shift(page)
    at = 0
    for repair in found.repairs:
        assert at <= repair.start < repair.end
        assert page[repair.start : repair.end] == repair.before != repair.after
        at = repair.end
    assert all(0 <= doubt.start < doubt.end <= len(page) for doubt in found.doubts)


def test_pinyin_of_one_page_is_no_habit_of_another() -> None:
    gloss = "本报记者来到亳(bó)州采访。"
    assert find_pinyin(gloss) == []
    habit = "動(dòng)員大家學(xué)習(xí),共同進(jìn)步,網(wǎng)上辦理。"
    assert len(find_pinyin(habit)) == 5


def test_a_trigger_is_always_followed() -> None:
    page = "動(dòng)員大家學(xué)習(xí),共同進(jìn)步,網(wǎng)上辦理。"
    spans = find_pinyin(page + "經(jīng)常說動聽的話")
    assert "動" not in {page[start - 1] for start, _ in spans if start < len(page)}


# --- what is undone -----------------------------------------------------------------------------------


@given(traditional_pages, faces)
def test_pinyin_damage_is_undone(page: str, face: Mapping[str, Any]) -> None:
    page = TRADITIONAL[0] + page  # with five different insertions: the habit that one alone is not
    check_undone(page, damage_bytes(page, pinyin=True, **face), face["marks"])


@given(pages, faces)
def test_mark_damage_is_undone(page: str, face: Mapping[str, Any]) -> None:
    check_undone(page, damage_bytes(page, pinyin=False, **face), face["marks"])


@given(pages, faces)
def test_repairing_twice_changes_nothing_more(page: str, face: Mapping[str, Any]) -> None:
    damaged = damage_bytes(page, pinyin=True, **face)
    once = mended(damaged, repair_byte_shift(damaged).repairs)
    assert repair_byte_shift(once).repairs == ()


def check_undone(page: str, damaged: str, marks: Mapping[str, str]) -> None:
    """Without a doubt the page is whole again; and never does a repair write what was not printed."""
    found = repair_byte_shift(damaged)
    clean = fold_marks(page, marks)
    if not found.doubts:
        assert fold_marks(mended(damaged, found.repairs), marks) == clean
    for repair in found.repairs:
        after = fold_marks(repair.after, marks)
        assert re.search(re.escape(after).replace(LOST, "."), clean), repair


# --- the two forward models ----------------------------------------------------------------------------


@given(st.sampled_from(SIMPLIFIED + TRADITIONAL), st.sampled_from((EXCLAMATION, EVERY_MARK)))
def test_both_forward_models_replace_the_same_marks(line: str, marks: Mapping[str, str]) -> None:
    assert damage(line, notes={}, marks=marks.values()) == damage_bytes(
        line, pinyin=False, marks=marks
    )


@given(st.sampled_from(TRADITIONAL))
def test_both_forward_models_insert_the_same_pinyin(line: str) -> None:
    notes = {char.encode("gb18030"): note for char, note in READINGS.items()}
    cut = re.compile(rf"{LOST}(?=\()(\()")
    assert cut.sub("?", damage(line, notes=notes, marks="")) == damage_bytes(line, marks={})


# --- the real page --------------------------------------------------------------------------------------


def test_the_real_page_is_mended_as_the_gold_says(shared: Path) -> None:
    page = next((shared / "seeds").glob("003_*.txt")).read_text(encoding="utf-8")
    gold = yaml.safe_load(next((shared / "gold").glob("003_*.yaml")).read_text(encoding="utf-8"))
    found = repair_byte_shift(page)
    wanted = {(run["start"], run["end"], run["repaired"]) for run in gold["damaged"]}
    assert {(one.start, one.end, one.after) for one in found.repairs} == wanted
    assert found.doubts == ()


def test_the_undamaged_real_pages_stay(shared: Path) -> None:
    for path in sorted((shared / "seeds").glob("00[0124]_*.txt")):
        assert repair_byte_shift(path.read_text(encoding="utf-8")) == ByteShift()
