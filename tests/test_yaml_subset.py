"""The YAML that we write ourselves: with the same characters as PyYAML, read with the same values, or left to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import yaml_subset
from jianbao.content import FRONT_MATTER_RE, dump
from jianbao.yaml_guard import dump_anything, dump_yaml, load_guarded, load_yaml
from jianbao.yaml_subset import LONGEST_KEY, Inline
from tests.invented_archive import invented_articles

ROOT = Path(__file__).parent.parent

# --- every mark in every place --------------------------------------------------------------------

MARKS = (
    *" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r17abefnotxyTN青，“🙂",
    *"\x00\x1f\x7f\x80\x85\x9f\xa0\u200b\u2027\u2028\u2029\u202a\u3000\ud7ff\ud800\udfff\ue000",
    *"\ufefe\ufeff\uff00\ufffd\ufffe\uffff\U00010000\U0001fffe\U0010fffe\U0010ffff",
    *(
        "''",
        '""',
        "--",
        "---",
        "..",
        "...",
        "<<",
        "[]",
        "{}",
        "[[1, 2]]",
        "# ",
        ": ",
        "- ",
        "? ",
        ", ",
    ),
)
# Words that are no text, and those that look like them.
TYPED = (
    *(
        "null",
        "Null",
        "nULL",
        "true",
        "false",
        "True",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "n",
        "0",
        "-0",
        "7",
        "-7",
        "+7",
        "007",
    ),
    *(
        "0o7",
        "0x1F",
        "0b1",
        "1_000",
        "9" * 18,
        "9" * 19,
        "1.",
        "1.5",
        ".5",
        ".",
        "1e3",
        "1e+3",
        "1.0e+3",
        ".inf",
        "-.INF",
    ),
    *(
        ".nan",
        "1:30",
        "190:20:30.15",
        "2020-06-18",
        "2020-6-18",
        "2020-06-18 08:00:00",
        "12020-06-18",
        "1２",
        "２",
        "１",
    ),
    *(
        "https://a.example/?a=b#c",
        "x" * LONGEST_KEY,
        "x" * (LONGEST_KEY + 1),
        "x" * 122,
        "x" * 123,
        "x" * 128,
        "键" * 1030,
    ),
)
EVERY = [
    text
    for mark in MARKS
    for text in (
        mark,
        f"{mark}a",
        f"a{mark}",
        f"a{mark}a",
        f"{mark} a",
        f"a {mark}",
        f"a{mark} a",
        mark * 3,
    )
]
EVERY += [text for word in TYPED for text in (word, f"{word}a", f"a{word}")]

PLACES = (
    "a: %s\n",
    "%s: a\n",
    "a: [%s]\n",
    "a: [b, %s, c]\n",
    "a: {b: %s}\n",
    "a: {%s: b, c: %s}\n",
    "a:\n  - %s\n",
    "a:\n  %s: b\n",
    "%s\n",
)


def test_every_mark_is_written_as_pyyaml_writes_it() -> None:
    for text in EVERY:
        for value in (
            {"a": text, "b": [text], "c": [text, [text]], "d": {"e": text}},
            {text: {text: 1}, "f": {text: [1]}},
        ):
            written, expected = yaml_subset.write(value), dump_anything(value)
            assert written == expected or (written is None and is_strange(text)), value


def is_strange(text: str) -> bool:
    """Whether a text may be left to PyYAML: it escapes it, breaks the line in it, or takes it for too long a key."""
    written = dump_anything({"a": text})
    return '"' in written[:4] or len(written.splitlines()) > 1 or len(text) > LONGEST_KEY


def test_every_mark_is_read_as_pyyaml_reads_it_or_not_at_all() -> None:
    for text in EVERY:
        for place in PLACES:
            assert_read_alike(place.replace("%s", text))


# --- any text, any shape --------------------------------------------------------------------------

TEXTS = st.lists(st.sampled_from(MARKS + TYPED), max_size=5).map("".join) | st.text(max_size=8)
# On one line, with what has to be in quotes for the most different reasons.
TAME = st.sampled_from(
    ["青禾", "何小禾", "a", "join_lines", "a-01", "6月17日", "3 line ends, 0 blanks", "'", "it's", "a: b", "a #b", "C#", "?", "-",
     "", " ", "2020-06-18", "1937", "010", "1:30", "null", "yes", "[甲]", "{", "# 甲", "“甲”", "\u3000", "https://a.example/1"]
)  # fmt: skip


def values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Words, lists and mappings in one another, with keys of the same kind."""
    words = st.none() | st.booleans() | st.integers() | st.integers(0, 99_999) | texts
    spans = st.lists(st.tuples(st.integers(0), st.integers(0)).map(list)).map(Inline)
    return st.recursive(
        words | texts | spans,
        lambda one: (
            st.lists(one, max_size=3)
            | st.lists(one, max_size=3).map(Inline)
            | st.dictionaries(texts, one, max_size=3)
        ),
        max_leaves=10,
    )


def documents(texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(texts, values(texts), max_size=4)


@st.composite
def misprints(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """YAML of ours in which somebody has put in, taken out or written over some characters."""
    text = dump_anything(draw(documents(texts)))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = (
            text[:start] + draw(TEXTS) + text[start + draw(st.sampled_from((0, 0, 1, 1, 2, 5))) :]
        )
    return text


HEAPS = st.lists(
    st.sampled_from(
        ["a", "青", "b: c", ": ", ":\n", "\n", "\n  ", "\n  - ", "- ", "  ", "{", "}", "{a: b}", "[", "]", "[a, 1]", "[[1, 2]]",
         ", ", "'", '"', "'a'", '"b"', "#", " #", "&a", "*a", "!", "|", ">", "? ", "1", "0x1", "null", "~", "2020-06-18"]
    ),
    max_size=10,
).map(lambda pieces: "".join(pieces) + "\n")  # fmt: skip


def assert_read_alike(text: str) -> None:
    """What is read at all is what PyYAML reads, of the same types; what that refuses (and raises here) is not read."""
    found = yaml_subset.read(text)
    assert found is None or repr(found) == repr(load_guarded(text, path="a.yaml"))


@given(documents(TEXTS) | documents(TAME))
def test_it_is_written_as_pyyaml_writes_it(value: dict[str, Any]) -> None:
    assert yaml_subset.write(value) in (None, dump_anything(value))


@given(documents(TEXTS) | documents(TAME))
def test_what_is_written_is_read_as_pyyaml_reads_it(value: dict[str, Any]) -> None:
    assert_read_alike(dump_anything(value))


@given(misprints(TEXTS) | misprints(TAME))
def test_what_is_misprinted_is_read_as_pyyaml_reads_it_or_not_at_all(text: str) -> None:
    assert_read_alike(text)


@given(HEAPS)
def test_a_heap_of_marks_is_read_as_pyyaml_reads_it_or_not_at_all(text: str) -> None:
    assert_read_alike(text)


@given(st.dictionaries(TAME.filter(bool), TAME | st.lists(TAME) | st.dictionaries(TAME.filter(bool), TAME), min_size=1))  # fmt: skip
def test_what_stands_on_lines_of_its_own_is_never_left_to_pyyaml(value: dict[str, Any]) -> None:
    text = yaml_subset.write(value)
    assert text is not None
    assert yaml_subset.read(text) == value


# --- what is ours, and what is not ----------------------------------------------------------------


def our_files() -> Iterator[tuple[str, str]]:
    """The front matter of the demo's articles and of invented ones, and the demo's ledgers, by their names."""
    for path in sorted((ROOT / "content").rglob("*.md")) + sorted(
        (ROOT / "content").rglob("*.yaml")
    ):
        text = path.read_text(encoding="utf-8")
        yield path.relative_to(ROOT).as_posix(), front_of(text) if path.suffix == ".md" else text
    for article in invented_articles(50):
        yield article.id, front_of(dump(article))


def front_of(text: str) -> str:
    found = FRONT_MATTER_RE.match(text)
    assert found is not None
    return found[1]


def test_everything_in_an_archive_is_ours() -> None:
    files = dict(our_files())
    found = {name: yaml_subset.read(text) for name, text in files.items()}
    assert [name for name, value in found.items() if value is None] == []
    assert found == {name: load_guarded(text, path=name) for name, text in files.items()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param('reviewed: "2026-11-22"\n', {"reviewed": "2026-11-22"}, id="a person's quotes"),
        pytest.param("title: '甲'\n", {"title": "甲"}, id="quotes that nobody needs"),
        pytest.param("date: 2020-06-18\n", {"date": "2020-06-18"}, id="a day without quotes"),
        pytest.param("a:\n  b: 甲\n  c: 乙\n", {"a": {"b": "甲", "c": "乙"}}, id="on lines of its own"),
        pytest.param("a: {b: '', c: \"d, e\"}\n", {"a": {"b": "", "c": "d, e"}}, id="quotes in brackets"),
        pytest.param("a: -7\nb: -0\n", {"a": -7, "b": 0}, id="below nought"),
        pytest.param("'a: b': c\n", {"a: b": "c"}, id="a key in quotes"),
    ],
)  # fmt: skip
def test_what_a_person_writes_is_ours_too(text: str, value: Any) -> None:
    assert yaml_subset.read(text) == value == load_guarded(text, path="a.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "a: b", "# 说明\na: b\n", "a: b # 说明\n", "a: b\n\nc: d\n", "---\na: b\n", "a: b\n...\n", "青禾\n", "- a\n",
        "a: &x b\n", "a: *x\n", "a: !!str b\n", "a: !b c\n", "<<: a\n", "a: =\n", "a: ~\n", "a: Null\n", "a: yes\n", "a: True\n",
        "a: 010\n", "a: 0x1\n", "a: 1_0\n", "a: 1.5\n", "a: 1:30\n", "a: 2020-06-18 08:00:00\n", f"a: {'9' * 19}\n", "a: .inf\n",
        "a: b\n  c\n", "a: |\n  b\n", "a: >-\n  b\n", "a: 'b\n  c'\n", 'a: "b\n  c"\n', 'a: "b\\tc"\n', "a:\n", "a: \n", "a:\n  b\n",
        "a: b \n", "a:  b\n", "a : b\n", " a: b\n", "a:\n b: c\n", "a:\n   b: c\n", "a:\n- b\n", "a:\n  -  b\n", "a:\n  - b\n  c: d\n",
        "a:\n  b: c\n  - d\n", "a:\n  b:\n    c: d\n", "a:\n  - b: c\n", "a:\n  - - b\n", "a:\n  - b\n  ccc\n", "a:\tb\n", "a: b\tc\n", "a: b\r\n",
        "a: b\u2028c: d\n", "a: b\x85", "a: b\ufeff\n", "\ufeffa: b\n", "a: b\x00\n", "a: b\na: c\n", "a: {b: c, b: d}\n", "a: {b: c, 'b': d}\n",
        "a: {b, c}\n", "a: {b: c}}\n", "a: {b: c\n", "a: {b:c}\n", "a: {b: c,d: e}\n", "a: {b: c, }\n", "a: [b, ]\n", "a: [b,c]\n",
        "a: [[b]]\n", "a: [[1, 2], 3]\n", "a: [[01, 2]]\n", "a: [b: c]\n", "a: [{b: c}]\n", "a: {b: [c]}\n", "a: b: c\n", "? a\n: b\n",
        "1: a\n", "null: a\n", "true: a\n", f"{'a' * 101}: b\n", "a: 'b'c\n", "a: 'b'' c\n", "a: \"b\"c\"\n", "'a': 'b': c\n",
    ],
)  # fmt: skip
def test_what_is_left_to_pyyaml(text: str) -> None:
    assert yaml_subset.read(text) is None


def test_a_list_that_is_marked_is_written_on_one_line() -> None:
    value = {
        "source": {"file": "a.txt", "spans": Inline([[616, 1030], [1032, 1060]]), "kind": "web"}
    }
    written = "source:\n  file: a.txt\n  spans: [[616, 1030], [1032, 1060]]\n  kind: web\n"
    assert yaml_subset.write(value) == written == dump_anything(value)
    assert yaml_subset.read(written) == value


def test_the_door_asks_pyyaml_for_the_rest() -> None:
    text = "# 说明\ntitle: 甲\n备注: |\n  一\n  二\n"
    value = {"title": "甲", "备注": "一\n二\n"}
    assert load_yaml(text, path="a.yaml") == value
    assert dump_yaml(value) == dump_anything(value)
    assert load_yaml(dump_yaml(value), path="a.yaml") == value


@pytest.mark.parametrize(
    "value",
    [{}, {"": 1}, {"a\nb": 1}, {"x" * 101: 1}, {1: 2}, {None: 1}, {"a": 1.5}, {"a": b"b"}, {"a": {1}}, {"a": "b\n"}, {"a": "\t"}],
)  # fmt: skip
def test_what_is_written_by_pyyaml(value: dict[Any, Any]) -> None:
    assert yaml_subset.write(value) is None
    assert dump_yaml(value) == dump_anything(value)
