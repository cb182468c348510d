"""Paragraphs: the lines of a page joined as print had them.

Two looks. A *set in columns* text (the text layer of a PDF) breaks at the width of its column; blank lines stand where a
column ends, not where a paragraph does. In all other texts (OCR Markdown, saved web pages) a line is a paragraph already.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jianbao.convert.credits import BYLINE_LINE_RE, OPENER_RE

TERMINAL_RE = re.compile(
    r"[。！？!?…；;：:](?:[”’」』）)》\"】]*)$|[”」』](?:[）)]*)$|[。！？!?][（(][^（）()]{1,30}[）)]$"
)
SUBTITLE_RE = re.compile(r"^(?:——|--|－－|──|—)")
HEADING_MARK_RE = re.compile(r"^(#{1,6})\s+")
BOLD_RE = re.compile(r"^\*\*([^*]+)\*\*$")
OPENER_INSIDE_RE = re.compile(
    r"(?<=[。！？!?”）)])[ \u3000]*(?=本报(?:[^，。\s]{0,8}[讯电])[ \u3000]*[（(])"
)

# Captions of pictures side by side share a printed line: 开展义诊。 举办讲座。
CAPTIONS_RE = re.compile(r"(?<=。)[ \u3000]+(?=\S)")

# A text is set in columns when nearly all its lines are no wider than this many em, and many break mid-sentence. Columns of
# Chinese dailies hold 12 to 17 characters (seed 000: 12, 14, 17); the widest column of one line in print is about 30.
WIDEST_COLUMN = 30.0
NARROW_SHARE = 0.95
BROKEN_SHARE = 0.4
# A line is short, and so ends its paragraph, when this much narrower than its column: a mark pushed to the next line by
# line-breaking rules costs 1 em (seed 000).
SHORT_BY = 1.3
# The first line of a paragraph has lost its indent of two characters.
INDENT = 2.0
# How far around a line its column's width is looked for, in lines.
NEIGHBOURS = 6
# A line is letter-spaced when it holds a run this long. Measured on the five seeds: 12 such lines, all in 000; shorter
# runs that are damage (做 法, 好 经 验) stand only on those lines, and the one other spaced pair is a name set wide
# (王 帆, 004 line 10). Re-run the gold scores after changing it.
LETTER_SPACED_MIN = 5
LETTER_SPACED_RE = re.compile(rf"(?:(?<!\S)\S[ \u3000]){{{LETTER_SPACED_MIN - 1},}}\S(?!\S)")
# Headlines in narrow columns take one to three lines.
DISPLAY_LINES = 3
DISPLAY_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the repaired text without the blanks around it; offsets count repaired text."""

    start: int
    end: int
    text: str
    indent: int = 0  # blanks before the first character
    gap: int = 0  # blank lines above
    starts: bool = False  # in the middle of a printed line: a new article, a second caption


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What print set as one paragraph, headline or caption; `text` without Markdown marks."""

    start: int
    end: int
    text: str
    gap: int = 0
    level: int = 0  # of a Markdown heading, 0 for none
    bold: bool = False  # the whole paragraph
    display: bool = False  # set apart in its column as headlines are; only known of columns
    joins: int = 0  # line ends taken out
    closed: int = 0  # blanks taken out


def split_lines(text: str) -> list[Line]:
    """The lines that are not blank. A line is cut where an article begins in its middle.

    >>> [(line.text, line.gap) for line in split_lines("甲\\n\\n 乙。本报讯（记者 丙）\\n")]
    [('甲', 0), ('乙。', 1), ('本报讯（记者 丙）', 0)]
    """
    lines: list[Line] = []
    gap = 0
    for match in re.finditer(r"[^\n\f]*", text):
        if not match[0]:
            continue
        body = match[0].strip()
        if not body:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        gap = max(0, text.count("\n", lines[-1].end, start) - 1) if lines else 0
        inside = {cut.end() for cut in OPENER_INSIDE_RE.finditer(body)}
        if _stands_alone(text, match.start(), match.end()):
            inside |= {cut.end() for cut in CAPTIONS_RE.finditer(body)}
        cuts = [0, *sorted(inside), len(body)]
        for first, last in pairwise(cuts):
            piece = body[first:last]
            kept = piece.rstrip()
            lines.append(
                Line(
                    start + first,
                    start + first + len(kept),
                    kept,
                    indent=start - match.start() if not first else 0,
                    gap=gap if not first else 0,
                    starts=first > 0,
                )
            )
    return lines


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether there is a blank line, or none, on both sides of the line [start, end)."""
    return text[:start].endswith(("\n\n", "\n \n")) and text[end : end + 2] in ("\n\n", "\n", "")


def width(text: str) -> float:
    """Width in em: ASCII counts half, spaces of letter-spacing nothing."""
    spaced = is_letter_spaced(text)
    return sum(0.0 if spaced and char == " " else 0.5 if char < "\u0250" else 1.0 for char in text)


def is_letter_spaced(line: str) -> bool:
    """Whether a line was justified by spaces between its characters.

    >>> is_letter_spaced("两 侧 及 沿 街 商 铺"), is_letter_spaced("版式编辑：陈 亮")
    (True, False)
    """
    return LETTER_SPACED_RE.search(line) is not None


def is_open(text: str) -> bool:
    """Whether a text breaks off in the middle of a sentence.

    >>> is_open("移动客户端、微"), is_open("服务新模式。”"), is_open("目标。（李明）")
    (True, False, False)
    """
    return TERMINAL_RE.search(text) is None


def is_set_in_columns(lines: Sequence[Line]) -> bool:
    """Whether lines break at a column's width rather than at the ends of paragraphs."""
    texts = [line for line in lines if not HEADING_MARK_RE.match(line.text)]
    if len(texts) < 2:
        return False
    narrow = sum(width(line.text) <= WIDEST_COLUMN for line in texts) / len(texts)
    broken = sum(is_open(one.text) and not other.gap for one, other in pairwise(texts))
    return narrow >= NARROW_SHARE and broken >= BROKEN_SHARE * (len(texts) - 1)


def make_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a page in the order of the text."""
    lines = split_lines(text)
    if is_set_in_columns(lines):
        return list(_join_columns(lines))
    return [_whole_line(line) for line in lines]


# --- a line is a paragraph -----------------------------------------------------------------------


def _whole_line(line: Line) -> Paragraph:
    mark = HEADING_MARK_RE.match(line.text)
    text = line.text[mark.end() :] if mark else line.text
    text = text.rstrip("#").rstrip() if mark else text
    bold = BOLD_RE.match(text)
    return Paragraph(
        line.start,
        line.end,
        bold[1].strip() if bold else text,
        gap=line.gap,
        level=len(mark[1]) if mark else 0,
        bold=bold is not None,
    )


# --- lines of a column ---------------------------------------------------------------------------


def _join_columns(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """Lines joined to paragraphs by the width of their column; headlines kept apart."""
    columns = _column_widths(lines)
    groups = list(_groups(lines))
    flow: list[int] = []  # the lines of the paragraph at hand, by index
    for group in groups:
        if _is_display(lines, group, columns, flow):
            if flow:
                yield _joined(lines, flow)
            flow = []
            yield replace(_joined(lines, group), display=True)
            continue
        for index in group:
            if flow and _breaks(lines, flow, index, columns):
                yield _joined(lines, flow)
                flow = []
            flow.append(index)
    if flow:
        yield _joined(lines, flow)


def _groups(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Indices of lines that belong together by blank lines; bylines and subtitles stand alone."""
    group: list[int] = []
    for index, line in enumerate(lines):
        alone = BYLINE_LINE_RE.match(line.text) or SUBTITLE_RE.match(line.text)
        if group and (line.gap or line.starts or alone):
            yield group
            group = []
        group.append(index)
        if alone and BYLINE_LINE_RE.match(line.text):
            yield group
            group = []
    if group:
        yield group


def _is_display(
    lines: Sequence[Line], group: Sequence[int], columns: Sequence[float], flow: Sequence[int]
) -> bool:
    """Whether lines between blank lines are a headline, byline or heading rather than a piece of a column."""
    texts = [lines[index].text for index in group]
    if flow and _has_open_bracket("".join(lines[index].text for index in flow)):
        return False
    if BYLINE_LINE_RE.match(texts[0]) or SUBTITLE_RE.match(texts[0]):
        return True
    if len(group) > DISPLAY_LINES or sum(map(len, texts)) > DISPLAY_LENGTH:
        return False
    whole = "".join(texts)
    if (
        OPENER_RE.match(texts[0])
        or re.search(r"。|[，,；;、：]$", whole)
        or _has_open_bracket(whole)
    ):
        return False
    if not is_open(whole) and not re.search(r"[？！?!”》）)]$", whole):
        return False
    if flow and is_open(lines[flow[-1]].text):
        return not all(abs(width(text) - columns[flow[-1]]) <= SHORT_BY for text in texts)
    return not _goes_on(lines, group, columns)


def _goes_on(lines: Sequence[Line], group: Sequence[int], columns: Sequence[float]) -> bool:
    """Whether a group fills its column as the beginning of a paragraph does, and more text follows."""
    after = group[-1] + 1
    if after == len(lines) or not is_open(lines[group[-1]].text):
        return False
    following = lines[after].text
    if (
        SUBTITLE_RE.match(following)
        or OPENER_RE.match(following)
        or BYLINE_LINE_RE.match(following)
    ):
        return False
    column = columns[after]
    widths = [width(lines[index].text) for index in group]
    filled = abs(widths[0] - (column - INDENT)) <= SHORT_BY and all(
        abs(one - column) <= SHORT_BY for one in widths[1:]
    )
    return filled and (len(group) > 1 or "，" in lines[group[0]].text)


BRACKETS = {"（": "）", "(": ")", "“": "”", "《": "》", "「": "」", "【": "】"}


def _has_open_bracket(text: str) -> bool:
    """Whether a bracket or quotation mark is still open at the end."""
    return any(text.count(one) > text.count(other) for one, other in BRACKETS.items())


def _breaks(
    lines: Sequence[Line], flow: Sequence[int], other: int, columns: Sequence[float]
) -> bool:
    """Whether the paragraph of the lines `flow` ends there and the next begins with line `other`."""
    first, second = lines[flow[-1]], lines[other]
    if second.starts or OPENER_RE.match(second.text):
        return True
    if is_open(first.text) or re.search(r"[；;]$", first.text):
        return False
    if second.indent >= INDENT or (second.gap and len(flow) <= 2):
        return True
    if width(first.text) < columns[flow[-1]] - SHORT_BY:
        return True
    return abs(width(second.text) - (columns[other] - INDENT)) <= 0.6 and (
        other + 1 < len(lines) and not lines[other + 1].gap
    )


def _column_widths(lines: Sequence[Line]) -> list[float]:
    """The width of the column each line stands in: the commonest among its neighbours, the wider of two."""
    widths = [round(width(line.text)) for line in lines]
    columns = []
    for index in range(len(lines)):
        near = widths[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
        counts = Counter(near)
        columns.append(float(max(counts, key=lambda value: (counts[value], value))))
    return columns


def _joined(lines: Sequence[Line], indices: Sequence[int]) -> Paragraph:
    """One paragraph out of lines, with the blanks of justification taken out."""
    members = [lines[index] for index in indices]
    texts = [close_spaces(line.text) for line in members]
    text = texts[0]
    apart = len(texts) == 2 and is_open(texts[0]) and width(texts[0]) + 1 < width(texts[1]) < 20
    for one in texts[1:]:
        words = re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", one)
        text += (" " if words or apart else "") + one
    raw = sum(len(line.text) for line in members)
    return Paragraph(
        members[0].start,
        members[-1].end,
        text,
        gap=members[0].gap,
        joins=len(members) - 1,
        closed=raw - sum(map(len, texts)),
    )


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


def close_spaces(line: str) -> str:
    """A line of a column without the blanks that justified it; a blank between two words stays.

    >>> close_spaces("员 2000 余人 （次），两 侧")
    '员2000余人（次），两 侧'
    >>> close_spaces("车 、 非 机 动 车 停 车 位 重 新 施")
    '车、非机动车停车位重新施'
    """
    if is_letter_spaced(line):
        return SPACED_RE.sub("", line)
    return JUSTIFIED_RE.sub("", line)
