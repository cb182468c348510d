"""Columns: what can be measured of the lines of a text layer, which break at the width of their column.

Nothing is decided here; `line_kinds` says what each line is, `paragraphs` joins them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from jianbao.convert.layout import LARGER, Set, scales
from jianbao.convert.lines import HEADING_MARK_RE, Line, is_letter_spaced, is_open
from jianbao.convert.seams import seam_odds, word_pieces

# A text is set in columns when nearly all its lines are no wider than this many em, and many break mid-sentence. Columns of
# Chinese dailies hold 12 to 17 characters (seed 000: 12, 14, 17); the widest column of one line in print is about 30.
WIDEST_COLUMN = 30.0
NARROW_SHARE = 0.95
BROKEN_SHARE = 0.4
# A line is short, and so ends its paragraph, when this much narrower than its column: a mark pushed to the next line by
# line-breaking rules costs 1 em (seed 000).
SHORT_BY = 1.3
# The first line of a paragraph is indented by two characters; justification moves its width by less than the slack.
INDENT = 2.0
SLACK = 0.6
# A text layer keeps its indents when this share of its lines has one: a paragraph has at most 25 lines.
INDENTED_SHARE = 0.04
# A text layer sets its parts apart by blank lines when so many lines stand below one: seven with them have .12 to .22, one
# without has .01.
BLANK_SHARE = 0.06
# How far around a line its column's width is looked for, in lines.
NEIGHBOURS = 6
# As many lines of one width between two blank lines have that width as their column's.
OWN_LINES = 4
# Two columns are of clearly different width when this many lines of each show it, by so many em. Of the neighbouring texts of
# one story in the seeds, the demo and 40 generated pages 3 of 1,000 stand so.
SURE_LINES, OTHER_WIDTH = 3, 2

# Sizes of type differ when they do by more than this share.
OTHER_TYPE = 0.07

# Log-odds that a paragraph goes on in a sentence from elsewhere, by its first line: as wide as the first of a paragraph, as wide
# as its column. Where many lines show the column's width, or indents are kept, of 150 paragraphs of eight text layers that
# begin 80 % stand in and 3 % are full, of 20 torn ones 5 % and 85 %; by a guess at the width 10 % that begin are full.
STANDS_IN, IS_FLUSH, IS_FLUSH_PERHAPS = -2.8, 3.0, 1.8

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
WIDE_MARK = "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·％℃"
JUSTIFIED_RE = re.compile(
    rf"(?<=[{HAN}])[ \u3000]+(?=[0-9A-Za-z.%‰])"
    rf"|(?<=[0-9A-Za-z%‰])[ \u3000]+(?=[{HAN}])"
    rf"|(?<=[{WIDE_MARK}])[ \u3000]+|[ \u3000]+(?=[{WIDE_MARK}])"
)
SPACED_RE = re.compile(
    r"(?<=[^\x21-\x7e])[ \u3000]+(?=[^\x20-\x7e])|(?<=[^\x20-\x7e])[ \u3000]+|[ \u3000]+(?=[^\x20-\x7e])"
)


def is_set_in_columns(lines: Sequence[Line]) -> bool:
    """Whether lines break at a column's width rather than at the ends of paragraphs, as no page that marks its headlines does.

    Lines that have a place on a page are those that were printed.
    """
    if any(line.place and line.place.box for line in lines):
        return True
    if len(lines) < 2 or any(HEADING_MARK_RE.match(line.text) for line in lines):
        return False
    narrow = sum(width(line.text) <= WIDEST_COLUMN for line in lines) / len(lines)
    broken = sum(is_open(one.text) and not other.gap for one, other in pairwise(lines))
    return narrow >= NARROW_SHARE and broken >= BROKEN_SHARE * (len(lines) - 1)


def width(text: str) -> float:
    """Width in em: ASCII counts half, spaces of letter-spacing nothing.

    >>> width("共有 12 人"), width("两 侧 及 沿 街")
    (5.0, 5.0)
    """
    spaced = is_letter_spaced(text)
    return sum(0.0 if spaced and char == " " else 0.5 if char < "\u0250" else 1.0 for char in text)


def close_spaces(line: str) -> str:
    """A line of a column without the blanks that justified it; a blank between two words stays.

    >>> close_spaces("员 2000 余人 （次），两 侧")
    '员2000余人（次），两 侧'
    >>> close_spaces("车 、 非 机 动 车 停 车 位 重 新 施")
    '车、非机动车停车位重新施'
    """
    return (SPACED_RE if is_letter_spaced(line) else JUSTIFIED_RE).sub("", line)


class Columns:
    """The lines of a page with the width of the column each stands in; all indices are of lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        # Without the blanks of justification, in which the forms of print are not written.
        self.texts = [close_spaces(line.text) for line in lines]
        self.widths = [width(line.text) for line in lines]
        joined = (
            "\n" * (line.gap > 0) + text for line, text in zip(lines, self.texts, strict=True)
        )
        self._pieces = word_pieces(["".join(joined)])
        self.groups = self._groups()
        # For every line the commonest width between its blank lines, and how many lines have it.
        self.between_blanks = [_commonest(self.widths[first:end]) for first, end in self.groups]
        self.columns = self._column_widths()
        indented = sum(line.indent >= INDENT for line in lines)
        self.uses_blanks = sum(line.gap > 0 for line in lines) > BLANK_SHARE * len(lines)
        # Every line's type size over that of its page's body; 0 where it is not known.
        self.scales = scales([_set(line) for line in lines])
        self.keeps_indents = indented > max(OWN_LINES, INDENTED_SHARE * len(lines))

    def __len__(self) -> int:
        return len(self.lines)

    def _groups(self) -> list[tuple[int, int]]:
        """For every line the first of the lines between the same blank ones, and the end of them."""
        groups: list[tuple[int, int]] = []
        starts = [at for at, line in enumerate(self.lines) if at == 0 or line.gap]
        for first, end in pairwise([*starts, len(self.lines)]):
            groups += [(first, end)] * (end - first)
        return groups

    def _column_widths(self) -> list[float]:
        """The width of each line's column: that of the lines up to the next blank ones, where they are few its neighbours'."""
        columns = []
        for index, (own, count) in enumerate(self.between_blanks):
            near = self.widths[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
            columns.append(float(own if count >= OWN_LINES else _commonest(near)[0]))
        return columns

    def is_short(self, index: int) -> bool:
        """Whether a line ends before its column does."""
        return self.widths[index] < self.columns[index] - SHORT_BY

    def is_full(self, index: int) -> bool:
        """Whether a line ends where its column does."""
        return abs(self.widths[index] - self.columns[index]) <= SHORT_BY

    def is_first(self, index: int) -> bool:
        """Whether a line is as wide as the first of a paragraph, without its indent."""
        return abs(self.widths[index] - (self.columns[index] - INDENT)) <= SLACK

    def is_indented(self, index: int) -> bool:
        return self.lines[index].indent >= INDENT

    def inside_odds(self, index: int) -> float:
        """The log-odds that a paragraph beginning with a line begins in the middle of a sentence, by that line's indent."""
        if self.is_indented(index):
            return STANDS_IN
        if self.keeps_indents:
            return IS_FLUSH
        if self.is_first(index):
            return STANDS_IN
        if self.widths[index] < self.columns[index] - SLACK:
            return 0.0
        return IS_FLUSH if self.between_blanks[index][1] >= OWN_LINES else IS_FLUSH_PERHAPS

    def changes_width(self, index: int) -> bool:
        """Whether a column of clearly another width begins at a line: that of another story."""
        (left, lines), (right, others) = self.between_blanks[index - 1], self.between_blanks[index]
        return min(lines, others) >= SURE_LINES and abs(left - right) >= OTHER_WIDTH

    def is_larger(self, index: int) -> bool:
        """Whether a line is known to be set in clearly larger type than the body of its page."""
        return self.scales[index] >= LARGER

    def is_body_type(self, index: int) -> bool:
        """Whether a line is known to be set in type no larger than the body of its page."""
        return 0 < self.scales[index] < LARGER

    def changes_type(self, index: int) -> bool:
        """Whether a line is known to be set in type of another size than the line above."""
        one, other = self.scales[index - 1], self.scales[index]
        return abs(one - other) > OTHER_TYPE * max(one, other) if one and other else False

    def seam_odds(self, one: int, other: int) -> float:
        """The log-odds that a sentence goes on from one line to another, by the words around the seam."""
        return seam_odds(self.texts[one], self.texts[other], self._pieces)

    def seam_around(self, index: int) -> float:
        """The same for the line above the blank one above a line and the line below the blank one below it; 0 at the page's ends."""
        first, end = self.groups[index]
        return self.seam_odds(first - 1, end) if first > 0 and end < len(self) else 0.0


def _set(line: Line) -> Set:
    place = line.place
    return Set(place.box or (0, 0, 0, 0), place.size, place.page) if place else Set((0, 0, 0, 0), 0)


def _commonest(widths: Sequence[float]) -> tuple[int, int]:
    """The commonest width, the wider of two, and how many lines have it."""
    counts = Counter(round(one) for one in widths)
    widest = max(counts, key=lambda value: (counts[value], value))
    return widest, counts[widest]
