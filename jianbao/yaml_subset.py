"""The YAML that we write ourselves, written and read without PyYAML in a tenth of the time.

A document is a mapping with a line for every key. A value is a word, a list or mapping of words on one line, or
again such lines, two blanks further in. Whatever is not certainly of this kind is PyYAML's: both directions give
None then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

# --- words ---------------------------------------------------------------------------------------

# What cannot stand on a line as it is: controls, all five ends of lines, halves of characters, the byte order mark,
# and U+10FFFF, which PyYAML escapes.
STRANGE_RE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\U0010ffff]"
)
NO_START = r"[ #,\[\]{}&*!|>'\"%@`]|[-?](?: |\Z)|---|\.\.\.|\Z"


def _bare(parting: str, colon: str) -> re.Pattern[str]:
    """Text without quotes: none of the marks `parting`, no # after a blank, a colon as `colon`, no blank at the end."""
    inside = rf"[^#:{parting}]*+"
    return re.compile(rf"(?!{NO_START}){inside}(?:(?:(?<! )#{colon}){inside})*+(?<! )")


# Alone on its line, and among others in brackets.
BARE_RE = {False: _bare("", r"|:(?! |\Z)"), True: _bare(r",?\[\]{}", "")}
# PyYAML's own patterns of what is a number, a day, a truth or nothing, by their first character.
TYPED = yaml.SafeLoader.yaml_implicit_resolvers
NAMES = {None: "null", True: "true", False: "false"}
WORDS = frozenset((str, int, bool, type(None)))
LONGEST_KEY = 100  # PyYAML writes one of 123 in another way, and reads none of 1,025


class Inline(list[Any]):
    """A list that is written on one line, as `[[616, 1030], [1032, 1060]]`."""


class _UnsureError(Exception):
    """PyYAML knows better."""


def _is_typed(text: str) -> bool:
    return any(pattern.match(text) for _, pattern in TYPED.get(text[0], ()))


# --- written -------------------------------------------------------------------------------------


def write(value: Mapping[str, Any]) -> str | None:
    """The mapping as PyYAML would write it; None where that is not certain.

    >>> write({"title": "甲", "authors": [{"name": "何小禾", "role": None}], "date": "2020-06-18"})
    "title: 甲\\nauthors:\\n  - {name: 何小禾, role: null}\\ndate: '2020-06-18'\\n"
    >>> write({"title": "甲\\n乙"})
    """
    try:
        return "\n".join([*_mapping_lines(value), ""]) if value else None
    except _UnsureError:
        return None


def _lines(value: Any) -> Iterator[str]:
    return _mapping_lines(value) if type(value) is dict else _list_lines(value)


def _mapping_lines(value: Mapping[Any, Any]) -> Iterator[str]:
    for key, one in value.items():
        if _is_inline(one):
            yield f"{_key(key, False)}: {_value(one, False)}"
        else:
            yield f"{_key(key, False)}:"
            yield from (f"  {line}" for line in _lines(one))


def _list_lines(value: Iterable[Any]) -> Iterator[str]:
    for one in value:
        first, *others = [_value(one, False)] if _is_inline(one) else _lines(one)
        yield f"- {first}"
        yield from (f"  {line}" for line in others)


def _is_inline(value: Any) -> bool:
    """Whether a value stands on the line of its key: a word, or a list or mapping of nothing but words."""
    if type(value) is dict:
        return WORDS.issuperset(map(type, value.values()))
    return type(value) is not list or WORDS.issuperset(map(type, value))


def _value(value: Any, flow: bool = True) -> str:
    """A value on one line, alone or among others."""
    kind = type(value)
    if kind is str:
        return _text(value, flow)
    if kind is int:
        return str(value)
    if kind is dict:
        pairs = [f"{_key(key, True)}: {_value(one)}" for key, one in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if kind is list or kind is Inline:
        return f"[{', '.join(map(_value, value))}]"
    if kind in WORDS:
        return NAMES[value]
    raise _UnsureError


def _key(key: Any, flow: bool) -> str:
    if type(key) is str and 0 < len(key) <= LONGEST_KEY:
        return _text(key, flow)
    raise _UnsureError


@lru_cache(maxsize=2048)
def _text(text: str, flow: bool) -> str:
    if STRANGE_RE.search(text):
        raise _UnsureError
    if BARE_RE[flow].fullmatch(text) and not _is_typed(text):
        return text
    return "'" + text.replace("'", "''") + "'"


# --- read ----------------------------------------------------------------------------------------

VALUES = {name: value for value, name in NAMES.items()}
NUMBER = r"(?:0|[1-9][0-9]{0,17})"  # PyYAML takes 010 for 8
NUMBER_RE = re.compile(rf"-?{NUMBER}")
DAY_RE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # typed, but the guarded loader leaves it text
SINGLE = r"'[^'\n]*+(?:''[^'\n]*+)*+'"
DOUBLE = r'"[^"\\\n]*+"'
SINGLE_RE, DOUBLE_RE = re.compile(SINGLE), re.compile(DOUBLE)
# What stands in lines, and what in brackets, one after the other. Where nothing fits the last group takes all the rest,
# and the empty word before it is refused.
ENTRY_RE = re.compile(rf"({SINGLE}|{DOUBLE}|.+?):(?: (.+)|((?:\n  .++)++))\n|((?s:.+))")
PART = rf"([^,:'\"][^,:]*+|{SINGLE}|{DOUBLE})"
ITEM_RE = re.compile(rf"{PART}(?:, (?!\Z)|\Z)|(.+)")
PAIR_RE = re.compile(rf"{PART}: {PART}(?:, (?!\Z)|\Z)|(.+)")
SPANS_RE = re.compile(rf"\[\[{NUMBER}, {NUMBER}\](?:, \[{NUMBER}, {NUMBER}\])*+\]")


def read(text: str) -> dict[str, Any] | None:
    """The mapping as the guarded loader would read it; None where that is not certain.

    >>> read("title: 甲\\nspans: [[0, 9]]\\n")
    {'title': '甲', 'spans': [[0, 9]]}
    >>> read("title: 甲 # 乙\\n")
    """
    if STRANGE_RE.search(text.replace("\n", " ")) or not text.endswith("\n"):
        return None
    try:
        return _mapping(text)
    except _UnsureError:
        return None


def _mapping(text: str, depth: int = 1) -> dict[str, Any]:
    entries = ENTRY_RE.findall(text)
    return _once(
        [
            (_read_key(key, False), _line(line) if line else _block(block, depth))
            for key, line, block, _ in entries
        ]
    )


def _block(text: str, depth: int) -> Any:
    """What stands below a key: items, or a mapping, but none below its keys."""
    text = text[3:].replace("\n  ", "\n")
    if text.startswith("- "):
        return [_line(_after_hyphen(line)) for line in text.split("\n")]
    if depth == 0:
        raise _UnsureError
    return _mapping(f"{text}\n", depth - 1)


def _after_hyphen(line: str) -> str:
    if line.startswith("- "):
        return line[2:]
    raise _UnsureError


def _line(text: str) -> Any:
    ends = text[:1] + text[-1:]
    if ends == "{}":
        return _row(text[1:-1])
    return _items(text) if ends == "[]" else _word(text, False)


def _row(text: str) -> dict[str, Any]:
    pairs = PAIR_RE.findall(text)
    return _once([(_read_key(key, True), _word(word, True)) for key, word, _ in pairs])


def _items(text: str) -> Any:
    if SPANS_RE.fullmatch(text):
        return json.loads(text)
    return [_word(word, True) for word, _ in ITEM_RE.findall(text[1:-1])]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The mapping, in which no key stands twice."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    raise _UnsureError


def _read_key(word: str, flow: bool) -> str:
    key = _word(word, flow)
    if type(key) is str and len(key) <= LONGEST_KEY:
        return key
    raise _UnsureError


@lru_cache(maxsize=2048)
def _word(word: str, flow: bool) -> Any:
    if NUMBER_RE.fullmatch(word):
        return int(word)
    if BARE_RE[flow].fullmatch(word) and (DAY_RE.fullmatch(word) or not _is_typed(word)):
        return word
    if word in VALUES:
        return VALUES[word]
    if SINGLE_RE.fullmatch(word):
        return word[1:-1].replace("''", "'")
    if DOUBLE_RE.fullmatch(word):
        return word[1:-1]
    raise _UnsureError
