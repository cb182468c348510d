"""Fixers: small, ordered, named functions, each finding one kind of damage that can be undone for certain.

A fixer takes the decoded source and gives the repairs it is sure of, in offsets of that source, and doubts about the
places it is not. `FIXERS` is the order: where two would change the same characters, the earlier one does. Hard wraps and
letter-spacing need the lines of the page and are undone in `paragraphs`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from jianbao.convert.byte_shift import repair_byte_shift
from jianbao.convert.traced import Traced, apply
from jianbao.models import Doubt, Repair

# Kangxi radicals and CJK radicals supplement, where PDFs made by browsers put whole characters.
RADICAL_RE = re.compile("[\u2e80-\u2fdf]")
# Those of the supplement that Unicode does not decompose; the character each one is drawn as.
RADICALS = {
    "⺁": "厂", "⺄": "乙", "⺆": "冂", "⺈": "刀", "⺊": "卜", "⺌": "小", "⺍": "小", "⺕": "彐", "⺗": "心", "⺘": "手",
    "⺙": "攵", "⺛": "旡", "⺝": "月", "⺠": "民", "⺡": "水", "⺣": "火", "⺧": "牛", "⺩": "玉", "⺫": "目", "⺬": "示",
    "⺮": "竹", "⺯": "纟", "⺰": "纟", "⺲": "网", "⺳": "网", "⺴": "网", "⺵": "网", "⺶": "羊", "⺷": "羊", "⺸": "羊",
    "⺹": "老", "⺺": "聿", "⺻": "聿", "⺼": "肉", "⺽": "臼", "⺾": "艹", "⺿": "艹", "⻀": "艹", "⻁": "虎", "⻂": "衣",
    "⻃": "覀", "⻄": "西", "⻅": "见", "⻆": "角", "⻇": "角", "⻈": "讠", "⻉": "贝", "⻊": "足", "⻋": "车", "⻌": "辶",
    "⻍": "辶", "⻎": "辶", "⻏": "邑", "⻐": "钅", "⻑": "長", "⻒": "镸", "⻓": "长", "⻔": "门", "⻖": "阜", "⻘": "青",
    "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻟": "飠", "⻠": "饣", "⻢": "马", "⻣": "骨", "⻤": "鬼",
    "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟",
}  # fmt: skip
# C0 and C1 controls but tab, line feed and form feed, bidirectional marks, and marks of direction: never printed.
CONTROL_RE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
# Line ends that `\n` does not know: NEXT LINE, LINE SEPARATOR, PARAGRAPH SEPARATOR.
LINE_END_RE = re.compile("[\x85\u2028\u2029]")


class Found(NamedTuple):
    """What a fixer is sure of, and what a person should look at."""

    repairs: tuple[Repair, ...]
    doubts: tuple[Doubt, ...] = ()


def undo_byte_shift(text: str) -> Found:
    """Pinyin taken out and GBK bytes put back in phase, where damaging again gives what stands here."""
    shift = repair_byte_shift(text)
    return Found(shift.repairs, shift.doubts)


def map_radicals(text: str) -> Found:
    """Kangxi radicals as the characters they stand for; nothing else is normalised.

    >>> [(r.before, r.after) for r in map_radicals("⽂明⺠生，（Ⅱ）").repairs]
    [('⽂', '文'), ('⺠', '民')]
    """
    return Found(
        tuple(
            Repair("radicals", *match.span(), match[0], after)
            for match in RADICAL_RE.finditer(text)
            if (after := RADICALS.get(match[0]) or unicodedata.normalize("NFKC", match[0]))
            != match[0]
        )
    )


def remove_controls(text: str) -> Found:
    """Control and bidirectional characters, which no page prints.

    >>> [r.after for r in remove_controls("甲\\u202e乙\\x85丙\\t丁").repairs]
    ['', '\\n']
    """
    removed = [Repair("controls", *m.span(), m[0], "") for m in CONTROL_RE.finditer(text)]
    ends = [Repair("controls", *m.span(), m[0], "\n") for m in LINE_END_RE.finditer(text)]
    return Found(tuple(sorted(removed + ends, key=lambda repair: repair.start)))


FIXERS: tuple[Callable[[str], Found], ...] = (undo_byte_shift, map_radicals, remove_controls)


def repair(text: str) -> tuple[Traced, Found]:
    """The text with all fixers run, and what they did."""
    done: list[Repair] = []
    doubts: list[Doubt] = []
    for fixer in FIXERS:
        found = fixer(text)
        done += [one for one in found.repairs if not _touches(one, done)]
        doubts += found.doubts
        done.sort(key=lambda one: one.start)
    return apply(text, done), Found(tuple(done), tuple(doubts))


def _touches(one: Repair, others: list[Repair]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
