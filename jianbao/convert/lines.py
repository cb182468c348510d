"""Lines: the repaired text of a page as lines and paragraphs, the matter that columns and blocks are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from jianbao.models import Place, is_blank

# Offset in the repaired text → the place of the line that stands there.
PlaceAt = Callable[[int], Place | None]

TERMINAL_RE = re.compile(
    r"[。！？!?…；;：:](?:[”’」』）)》\"】]*)$|[”」』](?:[）)]*)$|[。！？!?][”’」』]*[（(][^（）()]{1,30}[）)]$"
)
HEADING_MARK_RE = re.compile(r"^(#{1,6})\s+")
SENTENCE_END_RE = re.compile(r"[。！？!?…][”’」』）)》\"】]*$")
OPENER_INSIDE_RE = re.compile(
    r"(?<=[^\s*])[ \u3000]*(?=本报(?:讯|[^，。\s]{2,10}[讯电])[ \u3000]*[（(](?:本报)?(?:记者|通讯员|特约|见习|实习))"
)
# Captions of pictures side by side share a printed line: 开展义诊。 举办讲座。 A credit in brackets belongs to what it follows.
CAPTIONS_RE = re.compile(r"(?<=。)[ \u3000]+(?=[^\s（(])")
CAPTION_LINES = 3  # between two blank lines
# A line is letter-spaced when it holds a run this long. Measured on the five seeds: 12 such lines, all in 000; shorter
# runs that are damage (做 法, 好 经 验) stand only on those lines, and the one other spaced pair is a name set wide
# (王 帆, 004 line 10). Re-run the gold scores after changing it.
LETTER_SPACED_MIN = 5
LETTER_SPACED_RE = re.compile(rf"(?:(?<!\S)\S[ \u3000]){{{LETTER_SPACED_MIN - 1},}}\S(?!\S)")
# What a sentence hardly begins with: closing marks, particles, suffixes and measure words whose number is lost,
# but for the words that do begin so (着眼于, 率先, 项目).
MID_SENTENCE_RE = re.compile(
    r"^(?:[，。、；：！？”’」』）》】,;:!?)]|[的了们們吨噸亩畝]|[着著](?![眼力手重实實名])|[过過](?![去程年])|等(?![待候到])"
    r"|得(?![到益知以])|性(?![能别质])|率(?![先领])|项(?!目)|元(?![旦宵月]))"
)
TAIL_RE = re.compile(
    r"(?!第[一二三四五六七八九十百零\d]+条|[（(]|特此)[^，,。：:？?！!“‘我你他她它这那]+。"
)
# A paragraph this short that is one plain statement is oftener the end of a sentence than a paragraph: in the seeds 6 of 7.
TAIL_LENGTH = 16
# A quotation that ends here and began elsewhere: 十年了。”他说
CLOSES_QUOTE_RE = re.compile(r"[^“”「」『』]+[”」]")
OPENS_QUOTE_RE = re.compile(r"[“「][^“”「」]*$")
HAN_RUN_RE = re.compile("[\u3400-\u9fff]+")
GROUP_RE = re.compile(r"\n[ \t\u3000]*\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the repaired text without the blanks around it; offsets count repaired text."""

    start: int
    end: int
    text: str
    indent: int = 0  # blanks before the first character
    gap: int = 0  # blank lines above
    starts: bool = False  # in the middle of a printed line: a new article, a second caption
    place: Place | None = None  # in the file, where that is no text


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
    width: int = 0  # of the column it stands in, in em; 0 where there is none
    measured: int = 0  # how many lines of the column have that width
    inside: float = (
        0.0  # log-odds by its first line's indent that it begins in the middle of a sentence
    )
    places: tuple[Place, ...] = ()  # of its lines in the file, where that is no text
    scale: float = 0.0  # its type size over that of the page's body; 0 where it is not known
    zone: int | None = None  # of the layout: what stands under one headline; 0: the margins


def nowhere(offset: int) -> Place | None:
    """The place of a line in a file that is text."""


def split_lines(text: str, place_at: PlaceAt = nowhere) -> list[Line]:
    """The lines that are not blank. A line is cut where an article or a second caption begins in its middle.

    >>> [(line.text, line.gap) for line in split_lines("甲\\n\\n 乙。本报讯（记者 丙）\\n")]
    [('甲', 0), ('乙。', 1), ('本报讯（记者 丙）', 0)]
    """
    lines: list[Line] = []
    for start, end, small in _printed_lines(text):
        body = text[start:end]
        gap = max(0, text.count("\n", lines[-1].end, start) - 1) if lines else 0
        inside = {cut.end() for cut in OPENER_INSIDE_RE.finditer(body)}
        if small:
            inside |= {cut.end() for cut in CAPTIONS_RE.finditer(body)}
        indent = start - 1 - max(text.rfind("\n", 0, start), text.rfind("\f", 0, start))
        for first, last in pairwise([0, *sorted(inside), len(body)]):
            piece = body[first:last].rstrip()
            place = (start + first, start + first + len(piece))
            head = first == 0
            lines.append(
                Line(
                    *place,
                    piece,
                    indent if head else 0,
                    gap if head else 0,
                    starts=not head,
                    place=place_at(start),
                )
            )
    return lines


def _printed_lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each line that is not blank, and whether only few lines stand between blank lines there."""
    done = 0
    for blank in [*GROUP_RE.finditer(text), None]:
        end = blank.start() if blank else len(text)
        spans = [
            (done + found.start(), done + found.end())
            for found in re.finditer(r"[^\n\f]*[^\s][^\n\f]*", text[done:end])
        ]
        for start, stop in spans:
            while start < stop and is_blank(text[start]):
                start += 1
            while stop > start and is_blank(text[stop - 1]):
                stop -= 1
            if start < stop:
                yield start, stop, len(spans) <= CAPTION_LINES
        done = end


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


def is_torn_quotation(one: str, other: str) -> bool:
    """Whether a quotation begins in one text and ends in the other.

    >>> is_torn_quotation("她说：“灯亮", "到天明。”大家笑了。"), is_torn_quotation("她说：“灯亮。", "“天明了。”")
    (True, False)
    """
    return OPENS_QUOTE_RE.search(one) is not None and CLOSES_QUOTE_RE.match(other) is not None


def ends_sentence(text: str) -> bool:
    """Whether a text ends with the end of a sentence; a colon or a bare closing quotation mark is none.

    >>> ends_sentence("服务新模式。”"), ends_sentence("全市“书香机关”")
    (True, False)
    """
    return SENTENCE_END_RE.search(text) is not None


def starts_inside(text: str) -> bool:
    """Whether a text begins in the middle of a sentence.

    >>> [starts_inside(text) for text in ("，完成任务。", "完成使命。", "着眼长远，久久为功。", "他笑了，说好。")]
    [True, True, False, False]
    >>> starts_inside("第九条 本办法自公布之日起施行。"), starts_inside("十年了。”他说。")
    (False, True)
    """
    if MID_SENTENCE_RE.match(text) or CLOSES_QUOTE_RE.match(text):
        return True
    return len(text) <= TAIL_LENGTH and TAIL_RE.fullmatch(text) is not None
