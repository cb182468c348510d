"""Columns: the lines of a text layer joined to paragraphs by the width of their column.

The line breaks of print stand at the column's edge; a paragraph ends where a line is short, or where the next one begins with
the indent it has lost. Blank lines mark the end of a column, not of a paragraph; between them stand headlines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from jianbao.convert.credits import (
    OPENER_RE,
    is_bracketed_name,
    is_byline,
    is_marked_name,
    is_person,
    read_closing,
)
from jianbao.convert.forms import (
    ARTICLE_NUMBER_RE,
    CONTACT_RE,
    DAY_LINE_RE,
    ITEM_RE,
    SUBTITLE_RE,
    WHOLE_ARTICLE_RE,
)
from jianbao.convert.lines import Line, Paragraph, is_letter_spaced, is_open
from jianbao.convert.seams import seam_odds, word_pieces

# A text is set in columns when nearly all its lines are no wider than this many em, and many break mid-sentence. Columns of
# Chinese dailies hold 12 to 17 characters (seed 000: 12, 14, 17); the widest column of one line in print is about 30.
WIDEST_COLUMN = 30.0
NARROW_SHARE = 0.95
BROKEN_SHARE = 0.4
# A line is short, and so ends its paragraph, when this much narrower than its column: a mark pushed to the next line by
# line-breaking rules costs 1 em (seed 000).
SHORT_BY = 1.3
# The first line of a paragraph has lost its indent of two characters; justification moves it by less than this.
INDENT = 2.0
SLACK = 0.6
# How far around a line its column's width is looked for, in lines.
NEIGHBOURS = 6
# A line of smaller type below a headline is wider than a wrapped one of the same size by more than this.
SMALLER_TYPE = 1.75
HEADLINE_WIDTH = 6.0
# A piece of this many lines has a width of its own.
OWN_LINES = 4
# Two columns are of clearly different width when this many lines of each show it, by so many em. Of the neighbouring texts of
# one story in the seeds, the demo and 40 generated pages 3 of 1,000 stand so.
SURE_LINES, OTHER_WIDTH = 3, 2
# Two columns are of clearly different width when this many lines of each show it, by so many em. Of the neighbouring texts of
# one story in the seeds, the demo and 40 generated pages 3 of 1,000 stand so.
SURE_LINES, OTHER_WIDTH = 3, 2
# A line of a text holds a comma or a full stop in three of four cases, a headline hardly ever.
MARK_RE = re.compile("[，。、；]")
UNMARKED_ODDS = 1.4
BETWEEN_ODDS = 3.0
# Headlines in narrow columns take one to three lines.
DISPLAY_LINES = 3
DISPLAY_LENGTH = 48

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
# The last characters of a sentence that began above: 和。
SENTENCE_END_RE = re.compile(r"^(?:.{0,3}[。；]|[，、])")
# 问：办理“甲” is the first line of a question, although it ends as a sentence can.
QUESTION_RE = re.compile(r"^问[:：][^？?。]*[”』」》]$")
CHAPTER_RE = re.compile(r"^第[一二三四五六七八九十百]+[章节编]\s*[^，。；：]{0,14}$")
# What begins a text and no headline.
TEXT_FORMS = (OPENER_RE, ARTICLE_NUMBER_RE, ITEM_RE, CONTACT_RE, re.compile(r"^[问答][:：]"))
BRACKETS = {"（": "）", "(": ")", "“": "”", "《": "》", "「": "」", "【": "】"}


def is_set_in_columns(lines: Sequence[Line]) -> bool:
    """Whether lines break at a column's width rather than at the ends of paragraphs."""
    texts = [line for line in lines if not line.text.startswith("#")]
    if len(texts) < 2:
        return False
    narrow = sum(width(line.text) <= WIDEST_COLUMN for line in texts) / len(texts)
    broken = sum(is_open(one.text) and not other.gap for one, other in pairwise(texts))
    return narrow >= NARROW_SHARE and broken >= BROKEN_SHARE * (len(texts) - 1)


def join_columns(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """Lines joined to paragraphs; headlines, bylines and headings are kept apart (`display`)."""
    yield from _Column(lines).paragraphs()


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


class _Column:
    """The lines of a page with the width of the column each stands in."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        # Without the blanks of justification, in which the forms of print are not written.
        self.texts = [close_spaces(line.text) for line in lines]
        self.widths = [width(line.text) for line in lines]
        joined = (
            "\n" * (line.gap > 0) + text for line, text in zip(lines, self.texts, strict=True)
        )
        self.pieces = word_pieces(["".join(joined)])
        self.columns = self._column_widths()
        self.printed = self._printed_widths()

    def paragraphs(self) -> Iterator[Paragraph]:
        flow: list[int] = []  # the lines of the paragraph at hand
        for group in self._groups():
            if self._is_display(group, flow):
                if flow:
                    yield self._joined(flow)
                for lines in self._headline_lines(group):
                    yield self._joined(lines, display=True)
                flow = []
                continue
            for index in group:
                if flow and self._breaks(flow, index):
                    yield self._joined(flow)
                    flow = []
                flow.append(index)
        if flow:
            yield self._joined(flow)

    def _column_widths(self) -> list[float]:
        """The commonest width among a line's neighbours, the wider of two."""
        rounded = [round(one) for one in self.widths]
        columns = []
        for index in range(len(rounded)):
            counts = Counter(rounded[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1])
            columns.append(float(max(counts, key=lambda value: (counts[value], value))))
        return columns

    def _printed_widths(self) -> list[tuple[int, int]]:
        """For every line the commonest width of the lines around it up to the next blank ones, and how many have it."""
        printed: list[tuple[int, int]] = []
        starts = [at for at, line in enumerate(self.lines) if at == 0 or line.gap]
        for first, end in pairwise([*starts, len(self.lines)]):
            counts = Counter(round(one) for one in self.widths[first:end])
            widest = max(counts, key=lambda value: (counts[value], value))
            printed += [(widest, counts[widest])] * (end - first)
        return printed

    # --- what a line is ---

    def is_short(self, index: int) -> bool:
        """Whether a line ends before its column does."""
        return self.widths[index] < self.columns[index] - SHORT_BY

    def is_full(self, index: int, column: float) -> bool:
        return abs(self.widths[index] - column) <= SHORT_BY

    def is_first(self, index: int, column: float) -> bool:
        """Whether a line is as wide as the first of a paragraph, whose indent is lost."""
        return abs(self.widths[index] - (column - INDENT)) <= SLACK

    def is_credit(self, index: int) -> bool:
        """A byline or a chapter's heading, which takes a line of its own."""
        text = self.texts[index]
        chapter = CHAPTER_RE.match(text) is not None and self.is_short(index)
        if chapter or is_byline(text) or is_bracketed_name(text) or is_marked_name(text):
            return True
        return index > 0 and self._is_name_below_headline(index)

    def _is_name_below_headline(self, index: int) -> bool:
        """A bare name as the last line between blank lines, below a line that says no sentence: headline and author."""
        below, above = index + 1, self.texts[index - 1]
        last = below == len(self.lines) or self.lines[below].gap > 0
        name = re.sub("[ \u3000]", "", self.texts[index])
        begins = index == 1 or self.lines[index - 1].gap > 0 or SUBTITLE_RE.match(above)
        headline = is_open(above) and re.search("[，。；：]", above) is None
        return last and bool(begins) and headline and self.lines[index].gap == 0 and is_person(name)

    def is_alone(self, index: int) -> bool:
        """A line that the text around it does not run on in: a byline, a heading, the beginning of a subtitle."""
        return self.is_credit(index) or self._begins_subtitle(index)

    def _begins_subtitle(self, index: int) -> bool:
        """A line that begins with a dash, where no sentence ends before the next blank line."""
        if not SUBTITLE_RE.match(self.texts[index]):
            return False
        end = index + 1
        while end < len(self.lines) and end - index < DISPLAY_LINES and not self.lines[end].gap:
            end += 1
        return "。" not in "".join(self.texts[index:end])

    # --- groups between blank lines ---

    def _groups(self) -> Iterator[list[int]]:
        """Lines that belong together by blank lines; bylines stand alone, a subtitle begins a group."""
        group: list[int] = []
        for index, line in enumerate(self.lines):
            alone = self.is_alone(index)
            if group and (line.gap or line.starts or alone):
                yield group
                group = []
            group.append(index)
            if self.is_credit(index):
                yield group
                group = []
        if group:
            yield group

    def _is_display(self, group: Sequence[int], flow: Sequence[int]) -> bool:
        """Whether the lines between blank lines are a headline, byline or heading rather than a piece of a column."""
        texts = [self.texts[index] for index in group]
        whole = "".join(texts)
        if self.is_alone(group[0]):
            return True
        quoting = has_open_bracket("".join(self.texts[index] for index in flow))
        if quoting and not self._is_between(flow[-1], group):
            return False
        if len(group) > DISPLAY_LINES or len(whole) > DISPLAY_LENGTH or has_open_bracket(whole):
            return False
        if any(form.match(whole) for form in TEXT_FORMS) or self._is_signature(group):
            return False
        if re.search(r"。|[，,；;、：]$", whole) or (
            not is_open(whole) and not re.search(r"[？！?!”》）)]$", whole)
        ):
            return False
        if flow and is_open(self.texts[flow[-1]]) and not self._is_over(flow):
            full = all(self.is_full(index, self.columns[flow[-1]]) for index in group)
            return not full or self._is_between(flow[-1], group)
        return not self._goes_on(group)

    def _headline_lines(self, group: Sequence[int]) -> Iterator[Sequence[int]]:
        """The lines of a headline, those of one type size together: smaller type puts clearly more into a line."""
        first = 0
        for at in range(1, len(group)):
            widest = max(self.widths[index] for index in group[first:at])
            if widest >= HEADLINE_WIDTH and self.widths[group[at]] > SMALLER_TYPE * widest:
                yield group[first:at]
                first = at
        yield group[first:]

    def _is_over(self, flow: Sequence[int]) -> bool:
        """Whether nothing goes on behind a paragraph although it ends without a full stop: a day, an address, a credit."""
        last = self.texts[flow[-1]]
        whole = "".join(self.texts[index] for index in flow)
        return (
            DAY_LINE_RE.match(last) is not None
            or CONTACT_RE.match(last) is not None
            or read_closing(whole) is not None
        )

    def _column_below(self, index: int) -> float:
        """The width of the column that begins at a line, by its own lines where it has enough of them."""
        end = index + 1
        while end < len(self.lines) and not self.lines[end].gap:
            end += 1
        if end - index < OWN_LINES:
            return self.columns[index]
        counts = Counter(round(one) for one in self.widths[index:end])
        return float(max(counts, key=lambda value: (counts[value], value)))

    def _is_between(self, last: int, group: Sequence[int]) -> bool:
        """Whether the text that line `last` breaks off goes on below the lines between blank lines, and not in them."""
        after = group[-1] + 1
        if after < len(self.lines) and self._begins_subtitle(after):
            return True
        if after == len(self.lines) or self.is_alone(after):
            return False
        line, below = self.texts[group[0]], self.texts[after]
        across, into = (seam_odds(self.texts[last], text, self.pieces) for text in (below, line))
        odds = across - into - seam_odds(self.texts[group[-1]], below, self.pieces)
        return odds + UNMARKED_ODDS * (MARK_RE.search(line) is None) > BETWEEN_ODDS

    def _goes_on(self, group: Sequence[int]) -> bool:
        """Whether a group fills its column as the beginning of a paragraph does, and more of it follows."""
        after = group[-1] + 1
        if after == len(self.lines) or not is_open(self.texts[group[-1]]):
            return False
        if self.is_alone(after) or OPENER_RE.match(self.texts[after]):
            return False
        column = self._column_below(after)
        first = abs(self.widths[group[0]] - (column - INDENT)) <= SHORT_BY
        if not first or not all(self.is_full(index, column) for index in group[1:]):
            return False
        if SENTENCE_END_RE.match(self.texts[after]):
            return True
        # Below a headline a text begins with a first line, narrower than the column by its indent; a full line goes on.
        if self._is_single(after):
            return self._is_between(group[-1], [after])
        if self.is_first(after, column):
            return False
        full = abs(self.widths[after] - column) <= SLACK
        return full or len(group) > 1 or "，" in self.texts[group[0]]

    def _is_single(self, index: int) -> bool:
        """Whether a line stands by itself between blank lines, and says no sentence."""
        below = index + 1
        alone = below == len(self.lines) or self.lines[below].gap > 0
        return alone and self.lines[index].gap > 0 and is_open(self.texts[index])

    def _is_signature(self, group: Sequence[int]) -> bool:
        """The office and the day below a notice."""
        below = group[-1] + 1
        texts = [self.texts[index] for index in group[1:]]
        if below < len(self.lines):
            texts.append(self.texts[below])
        return DAY_LINE_RE.match(self.texts[group[0]]) is not None or any(
            DAY_LINE_RE.match(text) for text in texts
        )

    # --- paragraphs ---

    def _breaks(self, flow: Sequence[int], other: int) -> bool:
        """Whether the paragraph of the lines `flow` ends there and the next begins with line `other`."""
        last = flow[-1]
        first, second = self.texts[last], self.texts[other]
        line = self.lines[other]
        if line.starts or CONTACT_RE.match(second):
            return True
        if OPENER_RE.match(second):
            # 新华社梧川3月2日电 alone in its line is not yet the whole opener.
            return OPENER_RE.fullmatch(first) is None
        if len(flow) == 1 and QUESTION_RE.match(first):
            return False
        if self._is_end_matter(flow, other):
            return True
        numbered = ARTICLE_NUMBER_RE.match(second) or ITEM_RE.match(second)
        if numbered and not is_open(first):
            return True
        if self._changes_width(last, other):
            return True
        if self._changes_width(last, other):
            return True
        if is_open(first) or re.search(r"[；;]$", first):
            return False
        if line.indent >= INDENT or (line.gap and len(flow) <= 2) or self.is_short(last):
            return True
        below = other + 1
        return (
            self.is_first(other, self.columns[other])
            and below < len(self.lines)
            and not self.lines[below].gap
        )

    def _changes_width(self, last: int, other: int) -> bool:
        """Whether a column of clearly another width begins at line `other`: that of another story."""
        (left, lines), (right, others) = self.printed[last], self.printed[other]
        return min(lines, others) >= SURE_LINES and abs(left - right) >= OTHER_WIDTH

    def _changes_width(self, last: int, other: int) -> bool:
        """Whether a column of clearly another width begins at line `other`: that of another story."""
        (left, lines), (right, others) = self.printed[last], self.printed[other]
        return min(lines, others) >= SURE_LINES and abs(left - right) >= OTHER_WIDTH

    def _is_end_matter(self, flow: Sequence[int], other: int) -> bool:
        """Whether a contact line, the office or the day of a notice ends or begins here."""
        last = flow[-1]
        first, second = self.texts[last], self.texts[other]
        if DAY_LINE_RE.match(first) or DAY_LINE_RE.match(second):
            return True
        note = "".join(self.texts[index] for index in flow)
        if first[-1] in "）)" and WHOLE_ARTICLE_RE.match(note):
            return True
        if CONTACT_RE.match(first) and self.widths[last] < self.columns[last] - SLACK:
            return True
        below = other + 1
        signed = below < len(self.lines) and DAY_LINE_RE.match(self.texts[below]) is not None
        return signed and is_open(second) and re.search(r"[，。；：]", second) is None

    def _joined(self, indices: Sequence[int], *, display: bool = False) -> Paragraph:
        """One paragraph out of lines, with the blanks of justification taken out."""
        members = [self.lines[index] for index in indices]
        texts = [self.texts[index] for index in indices]
        # Two phrases of a heading stand below one another; a wrapped headline fills its first line.
        apart = (
            len(texts) == 2
            and is_open(texts[0])
            and is_open(texts[1])
            and width(texts[0]) + 1 < width(texts[1]) < 20
        )
        # A paragraph may stand in two columns: the one whose width is the better known.
        column, measured = max((self.printed[at] for at in indices), key=lambda one: (one[1], one))
        text = texts[0]
        for one in texts[1:]:
            words = re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", one)
            text += (" " if words or apart else "") + one
        return Paragraph(
            members[0].start,
            members[-1].end,
            text,
            gap=members[0].gap,
            display=display,
            joins=len(members) - 1,
            closed=sum(len(line.text) for line in members) - sum(map(len, texts)),
            width=column,
            measured=measured,
        )


def has_open_bracket(text: str) -> bool:
    """Whether a bracket or quotation mark is still open at the end.

    >>> has_open_bracket("（记者 甲 通"), has_open_bracket("“创文”工作")
    (True, False)
    """
    return any(text.count(one) > text.count(other) for one, other in BRACKETS.items())
