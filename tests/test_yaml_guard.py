"""YAML in and out: what is refused, in one sentence with file and line, and what comes back as written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.errors import JianbaoError
from jianbao.yaml_guard import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    dump_clean,
    dump_yaml,
    load_yaml,
    without_controls,
)
from jianbao.yaml_subset import Inline
from tests.refusals import refusal

BOMB = "a: &a [青, 青]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"

# --- refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param(BOMB, 2, "aliases", id="a bomb of aliases"),
        pytest.param("甲: &one 一\n乙: *one\n", 2, "aliases", id="an alias that is meant well"),
        pytest.param("甲: 一\n<<: *no\n", 2, "aliases", id="a merge"),
        pytest.param("[" * 30_000, 1, "nested deeper", id="30,000 nested lists"),
        pytest.param("{a: " * 30_000, 1, "nested deeper", id="30,000 nested mappings"),
        pytest.param("- " * 30_000, 1, "nested deeper", id="30,000 lists in a row"),
        pytest.param("甲: 一\n乙: 二\n甲: 三\n", 3, "'甲' stands twice", id="a key twice"),
        pytest.param("a: {b: 1, b: 2}\n", 1, "'b' stands twice", id="a key twice, further in"),
        pytest.param("? [a]\n: 1\n", 1, "a key must be a word", id="a list as a key"),
        pytest.param("a: !!python/object/apply:os.getcwd []\n", 1, "tag", id="a call"),
        pytest.param("a: !!python/name:os.system\n", 1, "tag", id="a name of Python's"),
        pytest.param("a: !mine 1\n", 1, "tag", id="a tag of one's own"),
        pytest.param("a: 1\n\tb: 2\n", 2, "not valid YAML", id="a tab for blanks"),
        pytest.param("a: [1, 2\nb: 3\n", 2, "not valid YAML", id="a bracket left open"),
        pytest.param('a: "一\n', 2, "not valid YAML", id="a quotation left open"),
        pytest.param("a: b: c\n", 1, "not valid YAML", id="two colons"),
        pytest.param("a: 1\n--- \nb: 2\n", 2, "document", id="two documents"),
        pytest.param("a: \x00\n", 1, "not valid YAML", id="a NUL"),
        pytest.param("a: !!int 一\n", 1, "not valid YAML", id="a number that is none"),
    ],
)
def test_R12_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(JianbaoError, match=says) as error:
        load_yaml(text, path="a.yaml")
    assert (error.value.path, error.value.line) == ("a.yaml", line)
    assert "\n" not in error.value.message


def test_a_document_that_is_too_large() -> None:
    with pytest.raises(JianbaoError, match="too large"):
        load_yaml("#" * (MAX_CHARACTERS + 1), path="a.yaml")


def test_lines_are_counted_from_where_the_yaml_begins_in_its_file() -> None:
    with pytest.raises(JianbaoError) as error:
        load_yaml("a: 1\na: 2\n", path="a.md", first_line=2)
    assert error.value.line == 3
    assert error.value.hint == "Keep one of the two."


@given(st.text(max_size=60))
def test_F4_any_text_is_yaml_or_a_sentence(text: str) -> None:
    error = refusal(load_yaml, text, path="a.yaml")
    assert error is None or (error.path == "a.yaml" and error.line)


@given(st.text(alphabet="-:[]{}&*!|>'\"%@`#? \n\ta1青~,", max_size=40))
def test_F4_any_heap_of_marks_is_yaml_or_a_sentence(text: str) -> None:
    error = refusal(load_yaml, text, path="a.yaml")
    assert error is None or error.line


# --- taken --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param("# 只有说明\n", None, id="a comment"),
        pytest.param("date: 2020-02-30\n", {"date": "2020-02-30"}, id="no day, but text"),
        pytest.param("date: 2020-06-18\n", {"date": "2020-06-18"}, id="a day stays text"),
        pytest.param("at: 2020-06-18 08:00:00\n", {"at": "2020-06-18 08:00:00"}, id="a moment"),
        pytest.param("- 青\n- 禾\n", ["青", "禾"], id="a list"),
        pytest.param("青禾", "青禾", id="a word"),
        pytest.param("a: '010'\n", {"a": "010"}, id="a number in quotes"),
        pytest.param("a: " + "青" * 1_000_000, {"a": "青" * 1_000_000}, id="a very long text"),
    ],
)
def test_R12_taken(text: str, value: Any) -> None:
    assert load_yaml(text, path="a.yaml") == value


def test_the_deepest_document_that_is_taken() -> None:
    value = load_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, path="a.yaml")
    for _ in range(MAX_DEPTH):
        [value] = value or [None]
    assert value is None


# --- written ------------------------------------------------------------------------------------


def test_how_it_is_written() -> None:
    value = {
        "标题": "青禾：一座小城",
        "行": [{"start": 1, "end": 2}, {"start": 3, "end": 4}],
        "spans": Inline([[1, 2], [3, 4]]),
        "字": "𬎆",
    }
    assert dump_yaml(value) == (
        "标题: 青禾：一座小城\n"
        "行:\n"
        "  - {start: 1, end: 2}\n"
        "  - {start: 3, end: 4}\n"
        "spans: [[1, 2], [3, 4]]\n"
        "字: 𬎆\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n", "a\nb", "---", "...", "yes", "null", "~", "1", "1.0", "0x1", "1e3", "2020-06-18", "08:00", "#",
        "a: b", "- a", "? a", "'", '"', "\\", "\t", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "{", "[", "，", "：",
        "𬎆", "🙂", "\u3000", "\xa0", "末尾 ", " 开头", "青\u2028禾",
    ],
)  # fmt: skip
def test_every_text_comes_back(text: str) -> None:
    assert load_yaml(dump_yaml({"a": text, "b": [text]}), path="a.yaml") == {"a": text, "b": [text]}


@given(st.text())
def test_F4_every_text_without_controls_comes_back(text: str) -> None:
    clean = without_controls(text)
    assert load_yaml(dump_yaml({"a": clean}), path="a.yaml") == {"a": clean}


def test_controls_are_left_out_wherever_they_stand() -> None:
    value = {"甲\x00": ["一\x1b", {"二\x85": "\ud800三\t", "四": None}], "spans": Inline([[1, 2]])}
    assert load_yaml(dump_clean(value), path="a.yaml") == {
        "甲": ["一", {"二": "三\t", "四": None}],
        "spans": [[1, 2]],
    }


def test_shared_values_are_written_out() -> None:
    pair = [1, 2]
    assert "&" not in dump_yaml({"a": pair, "b": pair})
