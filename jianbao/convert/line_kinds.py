"""Line kinds: what each line of a text set in columns is: the first of a paragraph or a later one, of a headline, or one alone.

No single sign is to be trusted. Indents are mostly lost and blank lines come at every column's end; sentences are torn and
headlines stand in the tear. So all lines of a page are told at once: each kind has its odds by the look of the line, each
pair of neighbours by how the one ends and the other begins, and the sequence with the greatest sum is taken (Viterbi).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from jianbao.convert.columns import INDENT, SHORT_BY, SLACK, Columns
from jianbao.convert.credits import (
    OPENER_RE,
    PHOTO_RE,
    close_name,
    is_credit_line,
    is_person,
)
from jianbao.convert.forms import (
    AD_RE,
    ARTICLE_NUMBER_RE,
    CONTACT_RE,
    DAY_LINE_RE,
    DESK_RE,
    EDITOR_RE,
    HEADER_LENGTH,
    ITEM_RE,
    NUMBERED_RE,
    PAGE_HEADER_RE,
    POINTER_RE,
    SERVICE_RE,
    SUBTITLE_RE,
)
from jianbao.convert.lines import MID_SENTENCE_RE, ends_sentence, is_open

Kind = Literal["first", "later", "headline", "headline on", "alone"]


@dataclass(frozen=True, slots=True)
class Odds:
    """Every number that lines are told by, in rough log-odds. Set by hand, then fitted on text layers: seed 000, two of the demo,
    five written by others for it and 25 generated ones; judged on pages that had no part in it.
    """

    # The first line of a paragraph.
    indented: float = 2.5
    not_indented: float = (
        -1.91
    )  # on a page that keeps its indents; half of it at the top of a column
    opens_story: float = 3.0
    first_width: float = 0.9
    numbered: float = 1.5
    first_below_blank: float = -0.4
    first_below_line: float = -0.8
    first_inside_sentence: float = -1.52
    below_short: float = 0.86  # the paragraph above has ended, with a short line
    below_full_and_blank: float = 1.02  # … with a full line, at the end of a column
    below_full: float = 0.62
    below_weak_end: float = -0.6  # a colon, a closing quotation mark
    below_open: float = -2.0  # the sentence above has not ended
    below_open_and_blank: float = -0.67
    # A later line of a paragraph.
    full: float = 0.22
    after_short: float = -1.85
    into_indent: float = -4.0
    into_first_width: float = -0.8  # behind a sentence's end
    sentence_on: float = 1.02
    weak_end_on: float = 0.4
    blank_in_sentence: float = -0.3
    blank_after_weak_end: float = -0.6
    blank_after_sentence: float = -2.0
    hanging_mark: float = (
        0.5  # a blank line above an opening mark comes of its hanging out of the column
    )
    other_column: float = -2.5
    torn_word: float = 0.35
    end_matter: float = -3.0
    bracket_on: float = 3.0  # the line above leaves a bracket open that this one closes
    # A line of a headline.
    headline: float = 0.1
    marks: float = -1.16
    two_phrases: float = -0.7
    ends_in_mark: float = -2.0
    ends_in_colon: float = -4.0
    full_stop: float = -5.0
    full_width: float = -0.7
    wider: float = 0.6
    narrower: float = 0.5
    very_short: float = 0.9
    like_first: float = 0.19
    inside_sentence: float = -2.0
    text_form: float = -5.2
    begins_as_text: float = -2.5
    indented_headline: float = -2.0
    ends_in_particle: float = -1.12
    asks: float = 0.5
    subtitle: float = 3.0
    numbered_heading: float = 0.8
    two_words: float = 1.22
    closes_quotation: float = -2.7
    opens_quotation: float = -1.0
    few_lines: float = 0.5
    torn_around: float = 0.4  # the text above the blank lines goes on below them
    # What a file with type sizes says of them.
    larger_type: float = 6.0
    body_type: float = -5.0
    other_type: float = -6.0  # than the line above, for one paragraph
    # A headline and what stands above and below it.
    blank_above: float = 0.9
    no_blank_above: float = -0.99  # more where the page sets its parts apart by blank lines
    no_blank_above_set_apart: float = -1.0
    flush_below: float = -0.5
    blank_below: float = 0.9
    below_open_text: float = -0.3
    below_ended_text: float = 0.28
    story_below: float = 1.21
    indent_below: float = 0.8
    first_width_below: float = 0.03
    torn_above: float = -0.1
    one_more_line: float = 0.38
    blank_inside: float = -1.5
    torn_inside: float = 0.3
    another_headline: float = -1.0
    # A byline, a pointer, a page header.
    alone: float = 4.0
    not_alone: float = -4.0
    alone_in_bracket: float = -3.0


ODDS = Odds()

CLOSES_BRACKET_RE = re.compile("[^（(]{0,20}[）)]")
OPEN_BRACKET_RE = re.compile(r"[（(][^）)]*$")
# Two phrases of a headline with a mark between: 门票一票三日，修复登山古道.
TWO_PHRASES_RE = re.compile("[^，、；。]{2,14}[，、；][^，、；。]{2,14}")
PARTICLE_END_RE = re.compile(
    "[的将在和与及把被对为从向于或而并已要能可不就都也还到让使由以是了有]$"
)
WORDS_APART_RE = re.compile("[\u4e00-\u9fff”》] [\u4e00-\u9fff“《]")
# What sentences of a report begin with and headlines do not: a day, a reference, a turn.
TEXT_BEGIN_RE = re.compile(
    r"(?:\d{1,2}月\d{1,2}日|[上下]?[午周][一二三四五六日]?|日前|近日|昨[日天]|当天|目前|截至|据|按照|根据|同时|此外|另外|其中|其次|首先"
    r"|下一步|今后|今年[，以]|去年|如今|起初|后来|对此|为此|因此|记者|他们?[说的]|她们?[说的]|如遇|如果)"
)
QUESTION_RE = re.compile("[问答][:：]")
LISTED_RE = re.compile("[①-⑳●★▲■◆]")
HANGING_RE = re.compile("[“《‘]")
CHAPTER_RE = re.compile(r"第[一二三四五六七八九十百]+[章节编]\s*[^，。；：]{0,14}$")
FURNITURE_FORMS = (PAGE_HEADER_RE, EDITOR_RE, DESK_RE, SERVICE_RE, AD_RE)
TEXT_FORMS = (OPENER_RE, ARTICLE_NUMBER_RE, ITEM_RE, CONTACT_RE, DAY_LINE_RE, QUESTION_RE)
VERY_SHORT = 8.0  # em
FEW_LINES = 2  # between two blank lines
BRACKETS = ("“”", "（）", "()")


def tell_lines(columns: Columns, odds: Odds = ODDS) -> list[Kind]:
    """The kind of every line of a page."""
    scale = _Scale(columns, odds)
    best: dict[Kind, float] = {kind: scale.look(kind, 0) for kind in scale.kinds(0, None)}
    ways: list[dict[Kind, Kind]] = []
    for index in range(1, len(columns)):
        row: dict[Kind, float] = {}
        way: dict[Kind, Kind] = {}
        for above, so_far in best.items():
            for kind in scale.kinds(index, above):
                odds_of = so_far + scale.step(above, kind, index) + scale.look(kind, index)
                if kind not in row or odds_of > row[kind]:
                    row[kind], way[kind] = odds_of, above
        best = row
        ways.append(way)
    return _walk_back(max(best, key=lambda kind: best[kind]), ways)


def _walk_back(last: Kind, ways: Sequence[dict[Kind, Kind]]) -> list[Kind]:
    kinds = [last]
    for way in reversed(ways):
        kinds.append(way[kinds[-1]])
    return kinds[::-1]


def stands_alone(columns: Columns, index: int) -> bool:
    """Whether the text around a line does not run on in it: a byline, a chapter's heading, a pointer, a page header."""
    text = columns.texts[index]
    if CHAPTER_RE.match(text) and columns.is_short(index):
        return True
    if is_credit_line(text) or POINTER_RE.match(text) or PHOTO_RE.fullmatch(text):
        return True
    short = len(text) < HEADER_LENGTH and not OPENER_RE.match(text)
    furniture = short and any(form.search(text) for form in FURNITURE_FORMS)
    return furniture or _is_name_below_headline(columns, index)


def _is_name_below_headline(columns: Columns, index: int) -> bool:
    """A bare name as the last line between blank lines, below a line that says no sentence: headline and author."""
    if not index or columns.lines[index].gap or columns.is_larger(index):
        return False
    above, below = index - 1, index + 1
    last = below == len(columns) or columns.lines[below].gap > 0
    headline = columns.texts[above]
    begins = above == 0 or columns.lines[above].gap > 0 or SUBTITLE_RE.match(headline)
    plain = is_open(headline) and re.search("[，。；：]", headline) is None
    return last and bool(begins) and plain and is_person(close_name(columns.texts[index]))


# --- the look of a line --------------------------------------------------------------------------


def _quotation(text: str) -> int:
    """-1 where a line closes a bracket or quotation that it did not open, 1 where it leaves one open, else 0."""
    open_ones = [text.count(pair[0]) - text.count(pair[1]) for pair in BRACKETS]
    return -1 if min(open_ones) < 0 else int(max(open_ones) > 0)


Sign = Callable[[Columns, int], bool]

# What speaks for or against a headline, by the name of its odds.
HEADLINE_SIGNS: tuple[tuple[str, Sign], ...] = (
    ("headline", lambda page, at: True),
    ("two_phrases", lambda page, at: TWO_PHRASES_RE.fullmatch(page.texts[at]) is not None),
    ("marks", lambda page, at: _has_marks(page.texts[at])),
    ("ends_in_mark", lambda page, at: page.texts[at][-1] in "，、；—"),
    ("ends_in_colon", lambda page, at: page.texts[at][-1] in "：:"),
    ("full_stop", lambda page, at: "。" in page.texts[at]),
    ("full_width", lambda page, at: page.is_full(at)),
    ("wider", lambda page, at: not page.is_full(at) and not page.is_short(at)),
    ("narrower", lambda page, at: page.is_short(at)),
    ("very_short", lambda page, at: page.widths[at] <= VERY_SHORT),
    ("like_first", lambda page, at: page.is_first(at)),
    ("inside_sentence", lambda page, at: MID_SENTENCE_RE.match(page.texts[at]) is not None),
    ("begins_as_text", lambda page, at: TEXT_BEGIN_RE.match(page.texts[at]) is not None),
    ("text_form", lambda page, at: _has_text_form(page, at)),
    ("indented_headline", lambda page, at: page.keeps_indents and page.is_indented(at)),
    ("ends_in_particle", lambda page, at: PARTICLE_END_RE.search(page.texts[at]) is not None),
    ("asks", lambda page, at: page.texts[at][-1] in "？?！!"),
    ("subtitle", lambda page, at: SUBTITLE_RE.match(page.texts[at]) is not None),
    ("numbered_heading", lambda page, at: NUMBERED_RE.match(page.texts[at]) is not None),
    ("two_words", lambda page, at: WORDS_APART_RE.search(page.texts[at]) is not None),
    ("closes_quotation", lambda page, at: _quotation(page.texts[at]) < 0),
    ("opens_quotation", lambda page, at: _quotation(page.texts[at]) > 0),
    ("larger_type", lambda page, at: page.is_larger(at)),
    ("body_type", lambda page, at: page.is_body_type(at)),
    ("few_lines", lambda page, at: page.groups[at][1] - page.groups[at][0] <= FEW_LINES),
)
# What speaks for or against the first line of a paragraph.
FIRST_SIGNS: tuple[tuple[str, Sign], ...] = (
    ("opens_story", lambda page, at: _opens_story(page, at)),
    ("indented", lambda page, at: page.is_indented(at)),
    ("first_width", lambda page, at: page.is_first(at)),
    ("numbered", lambda page, at: _is_listed(page.texts[at])),
    ("first_below_blank", lambda page, at: page.lines[at].gap > 0),
    ("first_below_line", lambda page, at: not page.lines[at].gap),
    ("first_inside_sentence", lambda page, at: MID_SENTENCE_RE.match(page.texts[at]) is not None),
)


def _has_marks(text: str) -> bool:
    return re.search("[，、；]", text) is not None and TWO_PHRASES_RE.fullmatch(text) is None


def _has_text_form(page: Columns, at: int) -> bool:
    """Whether a line begins as a text does, or names the office above the day of a notice."""
    if any(form.match(page.texts[at]) for form in TEXT_FORMS):
        return True
    return at + 1 < len(page) and DAY_LINE_RE.match(page.texts[at + 1]) is not None


def _opens_story(page: Columns, at: int) -> bool:
    if at and OPENER_RE.fullmatch(page.texts[at - 1]):
        return False  # 新华社梧川3月2日电 alone in its line is not yet the whole opener
    return page.lines[at].starts or OPENER_RE.match(page.texts[at]) is not None


def _is_listed(text: str) -> bool:
    forms = (ARTICLE_NUMBER_RE, ITEM_RE, CONTACT_RE, QUESTION_RE, LISTED_RE)
    return any(form.match(text) for form in forms)


def _end_of(text: str) -> str:
    """How a line ends: with a `sentence`, `weak` (a colon, a closing quotation mark), or `open`.

    >>> [_end_of(text) for text in ("种好了。", "种好“三分地”", "问：办理“绿化认养”", "种好")]
    ['sentence', 'weak', 'open', 'open']
    """
    if ends_sentence(text):
        return "sentence"
    return "open" if is_open(text) or QUESTION_RE.match(text) else "weak"


# --- the odds ------------------------------------------------------------------------------------


class _Scale:
    """What the look of a line and the step from the line above say, each reckoned once."""

    def __init__(self, page: Columns, odds: Odds) -> None:
        self.page, self.o = page, odds
        count = range(len(page))
        self.alone = [stands_alone(page, at) for at in count]
        self.ends = [_end_of(text) for text in page.texts]
        self.headline = [self._headline(at) for at in count]
        self.first = [self._first(at) for at in count]
        self.seams = [0.0, *(page.seam_odds(at - 1, at) for at in count[1:])]
        self.later = [self._later(at, after_first=False) for at in count]
        self.second = [self._later(at, after_first=True) for at in count]

    def _sum(self, signs: Sequence[tuple[str, Sign]], at: int) -> float:
        return sum(float(getattr(self.o, name)) for name, is_so in signs if is_so(self.page, at))

    def kinds(self, at: int, above: Kind | None) -> Sequence[Kind]:
        """The kinds that a line can be of, below one of kind `above`; None for the top of the page."""
        kinds: list[Kind] = ["first"]
        if above in ("first", "later") and not self.page.lines[at].starts:
            kinds.append("later")
        if self.alone[at]:
            return [*kinds, "alone"]
        goes_on = above in ("headline", "headline on")
        if goes_on and not SUBTITLE_RE.match(self.page.texts[at]):
            kinds.append("headline on")
        return [*kinds, "headline"]

    def look(self, kind: Kind, at: int) -> float:
        """What a line by itself says of a kind."""
        if self.alone[at]:
            return self.o.alone if kind == "alone" else self.o.not_alone
        if kind in ("headline", "headline on"):
            return self.headline[at]
        return self.first[at] if kind == "first" else 0.0

    def step(self, above: Kind, kind: Kind, at: int) -> float:
        """What a line and the one above say of their kinds."""
        if kind == "later":
            return self.second[at] if above == "first" else self.later[at]
        if kind == "headline on":
            blank = self.o.blank_inside * (self.page.lines[at].gap > 0)
            if self._is_quotation_closed(at):
                blank -= self.o.opens_quotation + self.o.closes_quotation
            return self.o.one_more_line + blank + self.o.torn_inside * self.seams[at]
        weight = self._below_headline(kind, at) if above.startswith("headline") else 0.0
        if above in ("first", "later"):
            weight = self._below_text(kind, at)
        return weight + (self._above_headline(above, at) if kind == "headline" else 0.0)

    def _is_quotation_closed(self, at: int) -> bool:
        """Whether a line closes the quotation that the line above leaves open, as in a headline that runs over."""
        texts = self.page.texts
        return _quotation(texts[at - 1]) > 0 > _quotation(texts[at])

    def _headline(self, at: int) -> float:
        """How much a line looks like one of a headline."""
        weight = self._sum(HEADLINE_SIGNS, at)
        first, end = self.page.groups[at]
        if at == first and end - first <= FEW_LINES and at and self.ends[at - 1] == "open":
            weight += self.o.torn_around * max(0.0, self.page.seam_around(at))
        return weight

    def _first(self, at: int) -> float:
        """How much a line looks like the first of a paragraph."""
        weight = self._sum(FIRST_SIGNS, at)
        if self.page.keeps_indents and not self.page.is_indented(at):
            weight += self.o.not_indented / (2 if self.page.lines[at].gap else 1)
        return weight

    def _later(self, at: int, *, after_first: bool) -> float:
        """How well a line goes on in the paragraph of the line above, which may be its first and so narrower."""
        if not at:
            return 0.0
        page, o, above = self.page, self.o, at - 1
        end = self.ends[above]
        short_by = INDENT + SLACK if after_first else SHORT_BY
        is_full = page.widths[above] >= page.columns[above] - short_by
        weight = o.full if is_full else o.after_short / (2 if end == "open" else 1)
        weight += {"open": o.sentence_on, "weak": o.weak_end_on, "sentence": 0.0}[end]
        weight += o.into_indent * page.is_indented(at) + o.other_column * page.changes_width(at)
        weight += o.torn_word * self.seams[at] - o.opens_story * _opens_story(page, at)
        if end == "sentence" and page.is_first(at) and not page.keeps_indents:
            weight += o.into_first_width
        if page.lines[at].gap:
            blank = {"open": o.blank_in_sentence, "weak": o.blank_after_weak_end}
            weight += blank.get(end, o.blank_after_sentence)
            weight += o.hanging_mark * (end != "sentence" and _hangs(page.texts[at]))
        closes = OPEN_BRACKET_RE.search(page.texts[above]) and CLOSES_BRACKET_RE.match(
            page.texts[at]
        )
        weight += o.bracket_on * (closes is not None)
        weight += o.other_type * page.changes_type(at)
        return weight + o.end_matter * self._is_end_matter(at)

    def _is_end_matter(self, at: int) -> bool:
        """Whether the day of a notice or an address ends above a line or begins with it."""
        page, above = self.page, at - 1
        if any(DAY_LINE_RE.match(page.texts[one]) for one in (above, at)):
            return True
        ended = (
            CONTACT_RE.match(page.texts[above]) and page.widths[above] < page.columns[above] - SLACK
        )
        return bool(ended) or CONTACT_RE.match(page.texts[at]) is not None

    def _below_text(self, kind: Kind, at: int) -> float:
        """What the end of a paragraph just above says of a line that does not go on in it."""
        o, above, end = self.o, at - 1, self.ends[at - 1]
        blank = self.page.lines[at].gap > 0
        if kind == "headline":
            ended = {"open": o.below_open_text, "sentence": o.below_ended_text}.get(end, 0.0)
            torn = o.torn_above * max(0.0, self.seams[at]) * (end != "sentence")
            return ended + torn
        if kind == "alone":
            inside = end == "open" and OPEN_BRACKET_RE.search(self.page.texts[above])
            return o.alone_in_bracket if inside else 0.0
        if end == "open":
            return o.below_open_and_blank if blank else o.below_open
        full = o.below_full_and_blank if blank else o.below_full
        weight = o.below_short if self.page.is_short(above) else full
        return weight + o.below_weak_end * (end == "weak")

    def _above_headline(self, above: Kind, at: int) -> float:
        """What a blank line, or none, says of a headline that begins with a line."""
        if self.page.lines[at].gap:
            return self.o.blank_above
        if above in ("first", "later"):
            apart = self.o.no_blank_above_set_apart * self.page.uses_blanks
            return self.o.no_blank_above + apart
        again = above != "alone" and not SUBTITLE_RE.match(self.page.texts[at])
        return self.o.another_headline * again

    def _below_headline(self, kind: Kind, at: int) -> float:
        """What a line says of the headline that has ended above it."""
        o, page = self.o, self.page
        weight = o.blank_below * (page.lines[at].gap > 0)
        if kind == "alone" or OPENER_RE.match(page.texts[at]):
            weight += o.story_below
        elif kind == "first":
            below = o.first_width_below * page.is_first(at)
            weight += o.indent_below if page.is_indented(at) else below
        if kind == "first":
            flush = not page.is_indented(at) and not page.is_first(at) and page.is_full(at)
            weight += o.flush_below * flush
        return weight


def _hangs(text: str) -> bool:
    return HANGING_RE.match(text) is not None
