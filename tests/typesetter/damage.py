"""Damage, forward: what a web tool does to a page when it works on GBK bytes and sees no characters.

Two tools stood one behind the other. The first put pinyin behind byte pairs it took for certain
characters, the second wrote ASCII for the byte pairs of full-width marks. Both also met their pairs
astride two characters (`。“` is A1A3 A1B0, and holds A3A1, a full-width exclamation mark); from there
the line is read one byte out of phase until an ASCII byte brings it back. A line is damaged by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

HAN_RE = re.compile("[一-鿿]")

# The pairs known to be replaced astride two characters; real pages show only this one.
EXCLAMATION: Mapping[str, str] = {"！": "!"}
# What a coarser tool may have replaced: every mark that has an ASCII twin.
EVERY_MARK: Mapping[str, str] = {
    "！": "!", "，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "？": "?",
}  # fmt: skip

# Characters the pinyin tool knew, with the one reading it gave each. 冊 and 復 stand for the rarer
# ones: 們在 (8283 D4DA) holds 冊 (83D4) astride, which is how (cè) gets inside a word.
_READINGS = """
    網wǎng 動dòng 關guān 實shí 機jī 評píng 進jìn 對duì 發fā 學xué 個gè 導dǎo 業yè 時shí 強qiáng 點diǎn
    務wù 規guī 責zé 區qū 獎jiǎng 態tài 領lǐng 會huì 準zhǔn 認rèn 現xiàn 經jīng 質zhì 護hù 堅jiān 隊duì
    習xí 內nèi 標biāo 統tǒng 調diào 礎chǔ 臺tái 細xì 據jù 項xiàng 勢shì 級jí 術shù 計jì 達dá 識shí 結jié
    優yōu 驗yàn 當dāng 協xié 構gòu 創chuàng 運yùn 補bǔ 嚴yán 絡luò 節jié 勵lì 續xù 轉zhuǎn 冊cè 復fù
"""
READINGS: Mapping[str, str] = {word[0]: word[1:] for word in _READINGS.split()}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of damaged text that does not say what was printed, and what was.

    `certain`: what stands there and the sentence tell it; not so when a byte of a word is lost for good.
    """

    start: int
    end: int
    repaired: str
    kind: Literal["bytes", "pinyin"]
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Damaged:
    """Text after the damage, and the runs that say how to undo it."""

    text: str
    runs: tuple[Run, ...]


class _Unit(NamedTuple):
    """A character or a byte, and the characters [first, last) of the clean line it came from.

    What a tool inserted came from none: there `first` equals `last`.
    """

    value: str | int
    first: int
    last: int


def damage_bytes(
    text: str,
    *,
    pinyin: bool = True,
    marks: Mapping[str, str] = EXCLAMATION,
    lone: str = "\ufffd",
) -> str:
    """The text as the page shows it after both tools; `lone` is the face of a byte without its pair.

    >>> damage_bytes("他下了功夫。《办法》出台", pinyin=False)
    '他下了功夫�!栋旆ā烦鎏�'
    >>> damage_bytes("他下了功夫。”", pinyin=False, lone="?")
    '他下了功夫?!?'
    >>> damage_bytes("他們在網上學習！他們在等。")
    '他們?cè)诰W(wǎng)上學(xué)習(xí)!他們?cè)诘取?'
    """
    return damage_runs(text, pinyin=pinyin, marks=marks, lone=lone).text


def damage_runs(
    text: str,
    *,
    pinyin: bool = True,
    marks: Mapping[str, str] = EXCLAMATION,
    lone: str = "\ufffd",
) -> Damaged:
    """The damaged text together with its damaged runs; a mark folded in its own place is no run.

    >>> damage_runs("保密網站。", marks={})
    Damaged(text='保密網(wǎng)站。', runs=(Run(start=3, end=9, repaired='', kind='pinyin', certain=True),))
    """
    lines: list[str] = []
    runs: list[Run] = []
    at = 0
    for line in text.split("\n"):
        units = _damage_line(line, pinyin=pinyin, marks=marks, lone=lone)
        runs += _find_runs(line, units, marks, lone, at)
        lines.append("".join(str(unit.value) for unit in units))
        at += len(lines[-1]) + 1
    return Damaged("\n".join(lines), tuple(runs))


def fold_marks(text: str, marks: Mapping[str, str] = EVERY_MARK) -> str:
    """The text with ASCII twins for its full-width marks, character by character: no damage, a habit.

    >>> fold_marks("据介绍（试行）：好，很好！")
    '据介绍(试行):好,很好!'
    """
    return text.translate({ord(mark): twin for mark, twin in marks.items()})


def _damage_line(line: str, *, pinyin: bool, marks: Mapping[str, str], lone: str) -> list[_Unit]:
    units = [_Unit(char, at, at + 1) for at, char in enumerate(line)]
    if pinyin:
        notes = {
            _pair(char): _pair(char) + f"({note})".encode("gb18030")
            for char, note in READINGS.items()
        }
        units = list(_decode(_replace(_encode(units), notes), lone="?", eats=True))
    if marks:
        twins = {_pair(mark): twin.encode("ascii") for mark, twin in marks.items()}
        units = list(_decode(_replace(_encode(units), twins), lone=lone, eats=False))
    return units


def _pair(char: str) -> bytes:
    return char.encode("gb18030")


def _encode(units: Sequence[_Unit]) -> list[_Unit]:
    return [_Unit(byte, unit.first, unit.last) for unit in units for byte in _pair(str(unit.value))]


def _replace(units: Sequence[_Unit], table: Mapping[bytes, bytes]) -> list[_Unit]:
    """Bytes replaced wherever a key of the table stands, whether or not a character begins there."""
    line = bytes(int(unit.value) for unit in units)
    result: list[_Unit] = []
    done = 0
    for found in re.finditer(b"|".join(re.escape(key) for key in table), line):
        old, new = units[found.start() : found.end()], table[found[0]]
        result += units[done : found.start()]
        if new.startswith(found[0]):  # an insertion behind the pair
            result += old
            result += [_Unit(byte, old[-1].last, old[-1].last) for byte in new[len(old) :]]
        else:
            result += [_Unit(byte, old[0].first, old[-1].last) for byte in new]
        done = found.end()
    return result + list(units[done:])


def _decode(units: Sequence[_Unit], *, lone: str, eats: bool) -> Iterator[_Unit]:
    """Characters out of bytes. A byte without its pair becomes `lone`; `eats`: with the byte after it.

    The first tool's decoder ate (`們?cè)` has lost its bracket), the second's did not (`�!`).
    """
    line = bytes(int(unit.value) for unit in units)
    at = 0
    while at < len(units):
        char, width = _read_char(line[at : at + 4])  # no character is longer
        if not char and eats:
            width = 2
        taken = units[at : at + width]
        yield _Unit(char or lone, *_origin(taken))
        at += len(taken)


def _read_char(line: bytes) -> tuple[str, int]:
    """The first character of a line and how many bytes it has; an empty one where none begins."""
    try:
        char = line.decode("gb18030")[0]
    except UnicodeDecodeError as error:
        if error.start == 0:
            return "", error.end
        char = line[: error.start].decode("gb18030")[0]
    return char, len(_pair(char))


def _origin(units: Sequence[_Unit]) -> tuple[int, int]:
    printed = [unit for unit in units if unit.first < unit.last] or units
    return min(unit.first for unit in printed), max(unit.last for unit in printed)


def _find_runs(
    line: str, units: Sequence[_Unit], marks: Mapping[str, str], lone: str, offset: int
) -> Iterator[Run]:
    def is_clean(unit: _Unit) -> bool:
        there = line[unit.first : unit.last]
        return unit.value in (there, marks.get(there)) and there != ""

    at = 0
    while at < len(units):
        end = at
        while end < len(units) and not is_clean(units[end]):
            end += 1
        if end > at:
            yield from _split_pinyin(line, units[at:end], lone, offset + at)
        at = end + 1


def _split_pinyin(line: str, units: Sequence[_Unit], lone: str, start: int) -> Iterator[Run]:
    """A run cut into whole insertions at its ends and what lies between, which is out of phase."""
    values = "".join(str(unit.value) if unit.first == unit.last else "\0" for unit in units)
    head = re.match(r"(\([^()\0]+\))*", values)
    assert head  # may be empty, always matches
    tail = re.search(r"(\([^()\0]+\))?$", values[head.end() :])
    assert tail
    left, right = head.end(), head.end() + tail.start()
    if left:
        yield Run(start, start + left, "", "pinyin")
    if right > left:
        first, last = _origin(units[left:right])
        certain = not _loses_a_word(line, units[left : right + 1], right - left, lone)
        yield Run(start + left, start + right, line[first:last], "bytes", certain)
    if right < len(units):
        yield Run(start + right, start + len(units), "", "pinyin")


def _loses_a_word(line: str, units: Sequence[_Unit], count: int, lone: str) -> bool:
    """Whether a byte of a Han character among the first `count` left nothing but `lone`.

    A lost mark the sentence tells (`。“`), and a character before its pinyin the pinyin (`?cè)`).
    """
    for at, unit in enumerate(units[:count]):
        told = any(after.first == after.last for after in units[at + 1 : at + 2])
        if unit.value in (lone, "?") and not told and HAN_RE.search(line[unit.first : unit.last]):
            return True
    return False
