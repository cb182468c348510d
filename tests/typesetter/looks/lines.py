"""Lines: a paragraph broken at the width of a newspaper column, justified as a text layer shows it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

# 行首禁则 and 行尾禁则: what may not begin or end a line.
NOT_FIRST = frozenset("，。、；：？！”’）》】…％%")
NOT_LAST = frozenset("“‘（《【")
# What is never torn apart: numbers and Latin words, dashes and dots of two ems.
UNIT_RE = re.compile(r"[A-Za-z0-9.+/:@%-]+|——|……|.")
# Where justification puts a space that nobody wrote: about numbers, before 《（ and after 》）.
SEAM_RE = re.compile(r"(?<=[一-鿿])(?=[0-9A-Za-z《（])|(?<=[0-9A-Za-z%》）])(?=[一-鿿])")
# A line that lacks this many half-widths is stretched; narrower gaps vanish between the marks.
SLACK_MIN = 2
# Letter-spacing is seen from this many characters on; a shorter line is a paragraph's last.
SPREAD_MIN = 6


def measure(text: str) -> int:
    """The width in half-widths: a Han character takes two.

    >>> measure("共3座桥")
    7
    """
    return sum(1 if ord(char) < 0x2000 else 2 for char in text)


def break_lines(
    text: str,
    width: int,
    rng: random.Random,
    *,
    indent: int = 2,
    narrow: Mapping[int, int] | None = None,
) -> list[str]:
    """The lines of a paragraph in a column of `width` Han characters, its first one shorter.

    A mark that may not begin a line hangs over its end, or takes the character before it along.
    `narrow` says which lines run beside a picture, and how wide those are.

    >>> break_lines("天晴了，风也停了，孩子们跑出门去。", 6, random.Random(2))
    ['天晴了，', '风也停了，孩', '子们跑出门', '去。']
    """
    lines: list[str] = []
    line = ""
    narrow = narrow or {}
    room = 2 * (narrow.get(0, width) - indent)
    for unit in UNIT_RE.findall(text):
        if measure(line + unit) <= room or not line:
            line += unit
        elif unit in NOT_FIRST and (len(line) < 2 or rng.random() < 0.5):
            line += unit  # hangs over
        else:
            carry = _carried(line) if unit in NOT_FIRST else ""
            kept = line[: len(line) - len(carry)].rstrip()
            while kept and kept[-1] in NOT_LAST:
                carry, kept = kept[-1] + carry, kept[:-1]
            lines.append(kept)
            line, room = (carry + unit).lstrip(), 2 * narrow.get(len(lines), width)
    return [*lines, line] if line.strip() else lines


def justify(line: str, width: int, rng: random.Random, *, spread: float) -> str:
    """The line as justification leaves it in a text layer: spread, loosened, or as it was.

    >>> justify("沿河两岸的柳树", 9, random.Random(1), spread=1.0)
    '沿 河 两 岸 的 柳 树'
    """
    slack = 2 * width - measure(line)
    plain = not re.search(r"[\sA-Za-z0-9]", line)
    if slack >= SLACK_MIN and plain and len(line) >= SPREAD_MIN and rng.random() < spread:
        return " ".join(line)
    if rng.random() < spread:
        return SEAM_RE.sub(lambda _: rng.choice(("", " ")), line)
    return line


def _carried(line: str) -> str:
    """The end of a line that goes down with the mark that may not begin the next one."""
    units = UNIT_RE.findall(line)
    count = 1
    while count < len(units) - 1 and units[-count] in NOT_FIRST:
        count += 1
    return "".join(units[-count:])
