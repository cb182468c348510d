"""Segmentation: which blocks make one article, in which order, under which headline.

One choice over the whole page. Every pair of blocks that could follow one another gets a weight from `LINKS`: the end of a
sentence and the beginning of the next, rare words shared, openers, numbering, the place and look of a headline. The set of
links with the greatest sum is taken (`matching`); the paths it leaves are the articles. A headline has no
predecessor, or it is the heading of a section.

Weights are in rough log-odds, set by hand and checked on gold; what each was measured on stands beside it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from jianbao.convert.blocks import (
    ARTICLE_NUMBER_RE,
    ITEM_RE,
    WHOLE_ARTICLE_RE,
    Block,
)
from jianbao.convert.credits import read_closing, read_opener
from jianbao.convert.matching import best_successors
from jianbao.convert.paragraphs import is_open

# Blocks that are links of the chain of an article; captions and photo credits hang beside it.
CHAIN = frozenset(
    "display subtitle byline source_line heading body list table contact signature closing_note closer pointer".split()
)
HEADLINE = frozenset({"display", "subtitle"})
TEXT = frozenset({"body", "list", "table", "contact", "signature", "closing_note"})
SATELLITES = frozenset({"caption", "photo_credit"})

# Cohesion (shared bigrams, weighed by rarity on the page, over the root of the smaller number) of two paragraphs on each
# side, as log-odds that they are of one article. Five seeds, 170 pairs of one article: 0.7 at the tenth part, 3.0 at the
# median; 8,994 pairs of two: 0.3 at the median, 1.2 at nine tenths, 2.5 at 99 of 100.
# A saved web page holds one story: what is set apart below its source line is a heading.
ONE_STORY = 5.0
COHESION_ODDS = (
    (0.0, -2.4),
    (0.5, -1.5),
    (0.9, -0.75),
    (1.3, 0.2),
    (2.0, 1.4),
    (3.0, 3.2),
    (4.0, 4.5),
    (6.0, 6.0),
)
DISPLACED_WINDOW = 4  # paragraphs on each side of a story that goes on below another one's headline
# Below this cohesion of neighbours a story may change: of the pairs of one article in the seeds 12 of 100 are below it, of
# two articles 80.
WEAK = 0.8
WINDOW = 3  # paragraphs on each side of a headline that its surroundings are judged by
# A headline claims a text when it shares this much more of its words with it than with the text above; seed 002: 0.9
# where a tail stands before its head, below 0.4 between neighbours of one article.
CLAIM = 0.4
PULL = 5.0
SURE_AFFINITY = 0.3  # a headline that shares this much of its words with a text is its headline
HABIT = 0.8
REACH = 40  # how far a broken sentence is sought, in blocks

# A column's standing name: a few characters without a mark or a blank (法治临河, 时事聚焦).
COLUMN_NAME_RE = re.compile(r"[“「『]?[\u4e00-\u9fff·]{2,8}[”」』]?")

# A subject line above a headline names an office, a place, a series.
SUBJECT_RE = re.compile(
    r"^[^，。：:]{2,16}(?:局|委|院|中心|办|办公室|市|县|区|镇|乡|村|街道|社区|会|公司|集团|学校|大学|部|厅|处|所|站|队|馆|银行|法院|提示|提醒)$"
)

# Section headings of one story are built alike (parallelism, 对仗); a headline is hardly ever like its neighbour.
PARALLEL = 3.0
PARALLEL_REACH = 15
# On a page whose headlines are marked with #, a line without the mark is a heading.
UNMARKED = 3.0

HAN_RUN_RE = re.compile("[\u3400-\u9fff]+")
NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
# What a sentence hardly begins with: closing marks, particles, suffixes and measure words whose number is lost,
# but for the words that do begin so (着眼于, 率先, 项目).
MID_SENTENCE_RE = re.compile(
    r"^(?:[，。、；：！？”’）》】,;:!?)]|[的了们吨亩]|着(?![眼力手重实])|过(?![去程年])|等(?![待候到])"
    r"|得(?![到益知以])|性(?![能别质])|率(?![先领])|项(?!目)|元(?![旦宵月]))"
)


# A paragraph this short that is one plain statement is oftener the end of a sentence than a paragraph: in the seeds 6 of 7.
TAIL_LENGTH = 16


def starts_inside(text: str) -> bool:
    """Whether a text begins in the middle of a sentence.

    >>> [starts_inside(text) for text in ("，完成任务。", "完成使命。", "着眼长远，久久为功。", "他笑了，说好。")]
    [True, True, False, False]
    """
    if MID_SENTENCE_RE.match(text):
        return True
    return (
        len(text) <= TAIL_LENGTH
        and re.fullmatch(r"[^，,。：:？?！!“‘我你他她它这那]+。", text) is not None
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before it is described: its blocks in reading order, satellites included."""

    banner: tuple[
        Block, ...
    ]  # the printed name of the column (栏目), where this article is its first
    headline: tuple[Block, ...]  # display, subtitle in the order of the page
    chain: tuple[Block, ...]  # all else in reading order
    gaps: frozenset[int]  # index in `chain` of blocks before which text is lost
    joined: frozenset[int]  # index in `chain` of blocks that go on in the sentence before

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        return self.banner + self.headline + self.chain

    @property
    def first(self) -> int:
        """Where the article's first character stands on the page."""
        return min(block.start for block in self.blocks)


def segment(blocks: Sequence[Block]) -> list[Draft]:
    """The articles of a page, in the order of their first character; furniture is left out."""
    page = _Chain([block for block in blocks if block.role in CHAIN])
    successor = best_successors(_weights(page))
    page.habit = _headline_habit(page, successor)
    if page.habit:
        successor = best_successors(_weights(page))
    paths = _paths(len(page.blocks), successor)
    return _drafts(page, paths, blocks)


class _Chain:
    """The chain blocks of a page and what is known of each, computed once."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.grams = [
            _bigrams(block.text) if block.role in TEXT else frozenset() for block in blocks
        ]
        self.frequency = Counter(gram for grams in self.grams for gram in grams)
        self.web = any(block.role == "source_line" for block in blocks)
        self.texts = max(2, sum(block.role in TEXT for block in blocks))

        self.habit = 0.0  # how much this page likes headlines below their texts

    def __len__(self) -> int:
        return len(self.blocks)

    def role(self, index: int) -> str:
        return self.blocks[index].role if 0 <= index < len(self.blocks) else ""

    def is_text(self, index: int) -> bool:
        return self.role(index) in TEXT

    def is_headline(self, index: int) -> bool:
        return self.role(index) in HEADLINE

    @cached_property
    def opens(self) -> list[bool]:
        """Whether a block begins with 本报讯 or another opener."""
        return [
            block.role == "body" and read_opener(block.text) is not None for block in self.blocks
        ]

    @cached_property
    def closes(self) -> list[bool]:
        """Whether a block ends an article: a closing credit in brackets."""
        return [
            block.role == "closer"
            or (block.role == "body" and read_closing(block.text) is not None)
            for block in self.blocks
        ]

    @cached_property
    def breaks_off(self) -> list[bool]:
        return [
            block.role in TEXT - {"signature", "contact"} and is_open(block.text)
            for block in self.blocks
        ]

    @cached_property
    def starts_inside(self) -> list[bool]:
        return [block.role in TEXT and starts_inside(block.text) for block in self.blocks]

    def weight(self, gram: str) -> float:
        return (
            math.log(self.texts / self.frequency[gram])
            if self.frequency[gram] < self.texts
            else 0.0
        )

    def cohesion(self, one: Sequence[int], other: Sequence[int]) -> float:
        """How much rare wording two passages share."""
        left: frozenset[str] = frozenset().union(*(self.grams[index] for index in one))
        right: frozenset[str] = frozenset().union(*(self.grams[index] for index in other))
        if not left or not right:
            return 0.0
        shared = sum(self.weight(gram) for gram in left & right)
        return shared / math.sqrt(min(len(left), len(right)) + 1)

    def affinity(self, headline: int, texts: Sequence[int]) -> float:
        """The share of a headline's words that its text uses, rare ones counting more; 0 to 1."""
        grams = _bigrams(self.blocks[headline].text)
        if not grams:
            return 0.0
        used: frozenset[str] = frozenset().union(*(self.grams[index] for index in texts))
        rarity = {gram: math.log(1 + self.texts / (1 + self.frequency[gram])) for gram in grams}
        return sum(rarity[gram] for gram in grams & used) / sum(rarity.values())

    def texts_before(self, index: int) -> list[int]:
        return self._texts(range(index - 1, -1, -1))

    def texts_after(self, index: int) -> list[int]:
        return self._texts(range(index + 1, len(self)))

    def _texts(self, indices: range) -> list[int]:
        """The next text blocks in a direction, up to a headline or an opener's far side."""
        found: list[int] = []
        for index in indices:
            if self.is_text(index):
                if indices.step > 0 and found and self.opens[index]:
                    break
                found.append(index)
                if len(found) == WINDOW or (indices.step < 0 and self.opens[index]):
                    break
            elif self.role(index) not in ("heading", "closer") and found:
                break
        return found

    def window_before(self, index: int, most: int = 2, *, inside: bool = False) -> list[int]:
        """A text block and those just above it, as far as no boundary lies between; with `inside`, no weak link."""
        first = index
        while (
            index - first + 1 < most
            and self.is_text(first - 1)
            and not (self.opens[first] or self.closes[first - 1])
            and not (inside and self.is_weak(first - 1))
        ):
            first -= 1
        return list(range(first, index + 1))

    def window_after(self, index: int, most: int = 2, *, inside: bool = False) -> list[int]:
        """A text block and those just below it, as far as no boundary lies between; with `inside`, no weak link."""
        last = index
        while (
            last - index + 1 < most
            and self.is_text(last + 1)
            and not (self.opens[last + 1] or self.closes[last])
            and not (inside and self.is_weak(last))
        ):
            last += 1
        return list(range(index, last + 1))

    def texts_of_earlier_runs(self, index: int) -> list[int]:
        """Texts above `index` with a headline, an opener or a pointer in between: tails that stand before their heads."""
        at = index
        while at > 0 and self.is_text(at) and not self.opens[at]:
            at -= 1
        return [one for one in range(max(0, index - REACH), at) if self.is_text(one)]

    def pull(self, one: int, other: int) -> float:
        """How much a headline elsewhere on the page claims text `other` but not the text `one` above it."""
        if not self.is_text(one):
            return 0.0
        left, right = self.window_before(one), self.window_after(other)
        claims = [
            self.affinity(at, right) - self.affinity(at, left)
            for at in range(max(0, other - REACH), min(len(self), other + REACH))
            if self.is_headline(at) and len(self.blocks[at].text) >= 6
        ]
        return PULL * max(0.0, max(claims, default=0.0) - CLAIM)

    def displacement(self, index: int) -> float:
        """What it costs to believe that a column begins at a text: little where the block above is no text, breaks off or
        ends a story, more where the wording only changes, most in the middle of a story."""
        above = index - 1
        if not self.is_text(above) or self.breaks_off[above] or self.closes[above]:
            return 1.5
        if self.starts_inside[index]:
            return 1.5
        return 2.5 if self.is_weak(above) else 4.5

    @cache  # noqa: B019  # lives as long as the page
    def is_weak(self, index: int) -> bool:
        """Whether a text and the one just below share so little that a story may change between them."""
        pair = self.cohesion([index], [index + 1])
        return max(pair, self.cohesion(self.window_before(index), self.window_after(index + 1))) < WEAK

    def run_after(self, index: int) -> list[int]:
        """The text that begins at `index`, up to the next headline or opener."""
        run: list[int] = []
        for at in range(index, len(self)):
            if self.is_text(at):
                if run and self.opens[at]:
                    break
                run.append(at)
            elif self.role(at) in ("display", "subtitle", "pointer") and run:
                break
        return run

    @cached_property
    def headline_evidence(self) -> list[float]:
        """For each display: how much speaks for a headline, and against a heading inside an article."""
        own = [
            self._evidence(index) if self.role(index) == "display" else 0.0
            for index in range(len(self))
        ]
        looks: dict[tuple[int, bool, bool], list[float]] = defaultdict(list)
        for index, block in enumerate(self.blocks):
            if block.role == "display":
                looks[_look(block)].append(own[index])
        # Newspapers set all headings of a kind alike: a display is judged with those that look the same.
        return [
            own[index] + 0.7 * sum(looks[_look(block)]) / len(looks[_look(block)])
            if block.role == "display"
            else 0.0
            for index, block in enumerate(self.blocks)
        ]

    def _evidence(self, index: int) -> float:
        after = index + 1
        while self.is_headline(after):
            after += 1
        if self.role(after) in ("byline", "source_line") or (
            after < len(self) and self.opens[after]
        ):
            return 4.0
        before, behind = self.texts_before(index), self.texts_after(index)
        if not before:
            return 3.0
        if not behind:
            return 1.0
        score = -0.8 * log_odds(self.cohesion(before, behind))
        if self.closes[index - 1] or self.role(index - 1) == "signature":
            score += 2.0
        block = self.blocks[index]
        if self._is_parallel(index):
            score -= PARALLEL
        if not block.level and self.marked and not self.is_headline(index - 1):
            score -= UNMARKED
        if block.level:
            score += 0.5
        if len(block.text) >= 18:
            score += 0.8
        if block.bold:
            score -= 1.5
        return score

    @cached_property
    def marked(self) -> bool:
        """Whether the page marks its headlines as Markdown does."""
        return any(block.level for block in self.blocks if block.role == "display")

    def _is_parallel(self, index: int) -> bool:
        """Whether another display near by is built alike, as section headings of one story are."""
        near = range(max(0, index - PARALLEL_REACH), min(len(self), index + PARALLEL_REACH + 1))
        return any(
            at != index
            and self.role(at) == "display"
            and _look(self.blocks[at]) == _look(self.blocks[index])
            and is_parallel(self.blocks[at].text, self.blocks[index].text)
            for at in near
        )


def is_parallel(one: str, other: str) -> bool:
    """Whether two lines have the same build: marks and blanks at the same places, or the same ending.

    >>> is_parallel("路通了,人心也通了", "产业立住了,腰杆也立住了")
    True
    >>> is_parallel("选在哪里 由脚步说了算", "能开多久 由规矩说了算")
    True
    >>> is_parallel("招聘会开进火车站", "最后一班渡船停航")
    False
    """
    first, second = _phrases(one), _phrases(other)
    if len(first) != len(second):
        return False
    close = all(abs(len(a) - len(b)) <= 2 for a, b in zip(first, second, strict=True))
    shared = sum(
        (a[-1:] == b[-1:]) + (a[:1] == b[:1]) + (a[-3:] == b[-3:])
        for a, b in zip(first, second, strict=True)
    )
    return close and shared >= 2


def _phrases(text: str) -> list[str]:
    return [part for part in re.split(r"[\s，,、：:]+", text) if part]


def _look(block: Block) -> tuple[int, bool, bool]:
    return (block.level, block.bold, block.display)


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(
        run[at : at + 2] for run in HAN_RUN_RE.findall(text) for at in range(len(run) - 1)
    )


def _headline_habit(page: _Chain, successor: Mapping[int, int]) -> float:
    """How much likelier a headline stands below its text than above it on this page, from the pairs that are sure.

    Text layers of PDFs come in the order of drawing, which a page keeps for most of its stories.
    """
    below = above = 0
    for one, other in successor.items():
        if page.is_headline(one) and page.is_text(other) and page.opens[other]:
            if page.affinity(one, page.run_after(other)) >= SURE_AFFINITY:
                below += other < one
                above += other > one
    return HABIT * math.log((below + 1) / (above + 1))


# --- weights of links ----------------------------------------------------------------------------


def _weights(page: _Chain) -> dict[int, dict[int, float]]:
    """Every link worth considering, with its weight; those of no worth are left out."""
    links: dict[int, dict[int, float]] = {index: {} for index in range(len(page))}
    for one, other, weight in _candidates(page):
        if weight > 0 and one != other:
            links[one][other] = max(weight, links[one].get(other, 0.0))
    return links


def _candidates(page: _Chain) -> Iterator[tuple[int, int, float]]:
    for index in range(len(page)):
        yield from _to_next(page, index)
        if page.is_headline(index):
            yield from _headline_to_text(page, index)
        if page.role(index) in ("byline", "source_line"):
            yield from _byline_to_text(page, index)
        if page.is_text(index):
            yield from _text_to_text(page, index)


def _to_next(page: _Chain, index: int) -> Iterator[tuple[int, int, float]]:
    """From a block to its neighbour below."""
    after = index + 1
    if after >= len(page):
        return
    one, other = page.blocks[index], page.blocks[after]
    match one.role, other.role:
        case (("display" | "subtitle"), "subtitle"):
            yield index, after, 9.0
        case (("display" | "subtitle"), "display"):
            yield index, after, _display_to_display(page, index)
        case (("display" | "subtitle"), ("byline" | "source_line")):
            yield index, after, 6.0
        case (("display" | "subtitle" | "byline" | "source_line"), "pointer"):
            yield index, after, 6.0
        case (("byline" | "source_line"), ("byline" | "source_line")):
            yield index, after, 6.0
        case (("byline" | "source_line"), ("display" | "subtitle")):
            yield index, after, 3.0 if other.role == "subtitle" else 1.0
        case "pointer", _ if "下转" not in one.text and (
            page.is_text(after) or other.role in ("display", "heading")
        ):
            yield index, after, 7.0
        case _, "pointer" if "下转" in other.text and page.is_text(index):
            yield index, after, 7.0
        case _, "heading" if page.is_text(index) or one.role in HEADLINE | {
            "byline",
            "heading",
            "pointer",
        }:
            around = page.cohesion(page.texts_before(after), page.texts_after(after))
            yield index, after, 5.0 + 0.5 * log_odds(around)
        case "heading", ("display" | "heading" | "subtitle"):
            yield index, after, 4.0
        case "heading", _ if page.is_text(after) and not page.opens[after]:
            yield index, after, 6.0
        case _, "closer" if page.is_text(index):
            yield index, after, 6.0
        case "closer", "closing_note":
            yield index, after, 4.0
        case _, "display" if page.is_text(index):
            prior = ONE_STORY if page.web else 0.6 if other.level else 2.2
            yield index, after, prior - page.headline_evidence[after]
        case _, "byline" if page.is_text(index):
            # A name below its text, where no other text begins.
            yield index, after, 1.5 if not page.is_text(after + 1) else 0.2


def _display_to_display(page: _Chain, index: int) -> float:
    """Whether two headline lines one above the other are of one article: kicker, headline, subtitle."""
    one, other = page.blocks[index], page.blocks[index + 1]
    if one.level and other.level:
        return 4.0 if one.level != other.level else 2.5
    if one.level or other.level:
        return 4.5
    third = page.role(index + 2) == "display"
    if SUBJECT_RE.search(one.text) or len(one.text) <= 12 and len(other.text) > len(one.text) + 2:
        return 3.5
    return 0.8 if third or len(one.text) > len(other.text) else 2.0


def _headline_to_text(page: _Chain, index: int) -> Iterator[tuple[int, int, float]]:
    """From the last line of a headline to the beginning of its text, below it or above it."""
    after = index + 1
    if page.is_text(after) or page.role(after) == "heading":
        run = page.run_after(after)
        fits = 3.0 * page.affinity(index, run)
        start = 3.0 if page.opens[after] else 0.0
        inside = -1.0 if page.starts_inside[after] else 0.0
        yield index, after, 2.0 + fits + start + inside
    start_above = _start_above(page, index)
    if start_above is not None and page.headline_evidence[index] >= 0:
        first = start_above
        run = page.run_after(first if page.is_text(first) else first + 1)
        head = index
        while page.is_headline(head - 1):
            head -= 1
        fits = max(page.affinity(at, run) for at in range(head, index + 1))
        begins = page.role(first) in ("byline", "source_line", "pointer") or page.opens[first]
        yield index, first, 0.5 + 5.0 * fits + (2.0 if begins else 0.0) + page.habit


def _start_above(page: _Chain, index: int) -> int | None:
    """Where the text just above a headline begins, if it begins as articles do: opener, byline, pointer, or
    the first text of the page."""
    at = index - 1
    while page.is_headline(at):
        at -= 1
    while at >= 0:
        if page.role(at) in ("byline", "source_line"):
            return at
        if page.role(at) == "pointer":
            return at if "下转" not in page.blocks[at].text and at < index - 1 else None
        if page.is_text(at) and page.opens[at]:
            return at
        if page.is_text(at) and at == 0:
            return at
        if page.role(at) == "closer" and at < index - 1:
            return at + 1
        if page.is_headline(at) and page.headline_evidence[at] > 1.5:
            return None
        at -= 1
    return None


def _byline_to_text(page: _Chain, index: int) -> Iterator[tuple[int, int, float]]:
    if page.is_text(index + 1):
        yield index, index + 1, 4.0 if not page.opens[index + 1] else 2.0


def _text_to_text(page: _Chain, index: int) -> Iterator[tuple[int, int, float]]:
    """From a text to where it may go on: the next text, the one below a headline, or, broken off, anywhere near."""
    following = [
        at for at in range(index + 1, min(len(page), index + 1 + REACH)) if page.is_text(at)
    ]
    if following and following[0] == index + 1:
        yield (
            index,
            index + 1,
            3.0 + _continuation(page, index, index + 1) - page.pull(index, index + 1),
        )
        following = following[1:]
    elif following:
        # Something stands between: a headline across the columns, a pointer.
        between = page.blocks[index + 1 : following[0]]
        if not any(block.role in ("byline", "closer") for block in between):
            yield index, following[0], _continuation(page, index, following[0]) - 0.5
        following = following[1:]
    if page.breaks_off[index]:
        for at in (*following, *page.texts_of_earlier_runs(index)):
            weight = _continuation(page, index, at, DISPLACED_WINDOW) + page.pull(at - 1, at)
            yield index, at, weight - page.displacement(at)
    else:
        for at in [at for at in following if _goes_on_counting(page, index, at)][:1]:
            yield index, at, _continuation(page, index, at) - 3.0
        if index + 1 < len(page) and (not page.is_text(index + 1) or page.opens[index + 1]):
            # The end of a column: the story may go on below another one's headline.
            for at in following:
                if not page.is_text(at - 1):
                    yield index, at, _continuation(page, index, at, DISPLACED_WINDOW) - 2.0


def _continuation(page: _Chain, one: int, other: int, window: int = 2) -> float:
    """How well text `other` goes on from text `one`, wherever they stand."""
    first, second = page.role(one), page.role(other)
    if page.opens[other]:
        return -9.0
    if page.closes[one] and second != "closing_note":
        return -6.0
    around = page.cohesion(page.window_before(one, window), page.window_after(other, window))
    if window > 2:
        left = page.window_before(one, window, inside=True)
        around = max(around, page.cohesion(left, page.window_after(other, window, inside=True)))
    weight = log_odds(around)
    numbered = _goes_on_counting(page, one, other)
    begins_item = ARTICLE_NUMBER_RE.match(page.blocks[other].text) or second == "list"
    if numbered:
        weight += 5.0
    elif page.breaks_off[one]:
        weight += -1.0 if begins_item else 1.5 + (1.0 if page.starts_inside[other] else 0.0)
    elif page.starts_inside[other]:
        weight -= 2.0
    if first == "signature" and second not in ("signature", "contact"):
        weight -= 4.0
    if second in ("signature", "contact", "closing_note"):
        weight += 3.5
    return weight


def log_odds(cohesion: float) -> float:
    """`COHESION_ODDS` at a value, straight between its points.

    >>> log_odds(0.0), log_odds(9.0), round(log_odds(0.25), 2)
    (-2.4, 6.0, -1.95)
    """
    for (left, low), (right, high) in pairwise(COHESION_ODDS):
        if cohesion <= right:
            return low + (high - low) * (cohesion - left) / (right - left)
    return COHESION_ODDS[-1][1]


def _goes_on_counting(page: _Chain, one: int, other: int) -> bool:
    """第五条 → 第六条, （一） → （二）."""
    first, second = page.blocks[one].text, page.blocks[other].text
    for pattern in (ARTICLE_NUMBER_RE, ITEM_RE):
        left, right = pattern.match(first), pattern.match(second)
        if left and right:
            return number_of(right[0]) == number_of(left[0]) + 1
    # （一） follows the sentence that ends with a colon.
    return (
        bool(ITEM_RE.match(second)) and number_of(second[:4]) == 1 and first.endswith(("：", ":"))
    )


def number_of(words: str) -> int:
    """The number in 第二十三条, （十一）, (3); 0 when there is none.

    >>> [number_of(words) for words in ("第二十三条", "（十）", "第一百零五条", "(3)")]
    [23, 10, 105, 3]
    """
    if digits := re.search(r"\d+", words):
        return int(digits[0])
    value, unit = 0, 0
    for char in words:
        if char in NUMERALS:
            unit = NUMERALS[char]
        elif char == "十":
            value, unit = value + (unit or 1) * 10, 0
        elif char == "百":
            value, unit = value + (unit or 1) * 100, 0
    return value + unit


# --- paths to drafts -----------------------------------------------------------------------------


def _paths(count: int, successor: dict[int, int]) -> list[list[int]]:
    starts = sorted(set(range(count)) - set(successor.values()))
    paths = []
    for start in starts:
        path = [start]
        while path[-1] in successor:
            path.append(successor[path[-1]])
        paths.append(path)
    return paths


def _drafts(page: _Chain, paths: Sequence[Sequence[int]], blocks: Sequence[Block]) -> list[Draft]:
    """Paths as drafts, with captions and photo credits given to the article they stand in."""
    owner = {page.blocks[at].start: number for number, path in enumerate(paths) for at in path}
    beside = _satellites(blocks, owner)
    drafts = []
    for number, path in enumerate(paths):
        members = [page.blocks[at] for at in path]
        heads = 0
        while heads < len(members) and members[heads].role in HEADLINE:
            heads += 1
        chain = _with_satellites(members[heads:], beside.get(number, []))
        gaps, joined = _seams(chain)
        opens = heads < len(path) and page.opens[path[heads]]
        banner = _banner_length(members[:heads], blocks, opens=opens)
        drafts.append(
            Draft(tuple(members[:banner]), tuple(members[banner:heads]), tuple(chain), gaps, joined)
        )
    return sorted(drafts, key=lambda draft: draft.first)


def _banner_length(headline: Sequence[Block], blocks: Sequence[Block], *, opens: bool) -> int:
    """How many lines at the head of a headline name its column: those with page furniture below them, or a short
    standing name above headlines of a lower level.
    """
    if not headline:
        return 0
    furniture = {block.start for block in blocks if block.role not in CHAIN | SATELLITES}
    for count in range(len(headline) - 1, 0, -1):
        if any(headline[count - 1].start < at < headline[count].start for at in furniture):
            return count
    if len(headline) < 2:
        return 0
    one, other = headline[:2]
    standing = COLUMN_NAME_RE.fullmatch(one.text) is not None and 0 < one.level < other.level
    return int(
        standing and len(other.text) > len(one.text) and (opens or _has_sibling(other, blocks))
    )


def _has_sibling(headline: Block, blocks: Sequence[Block]) -> bool:
    """Whether another headline of the same level follows before one of a higher level."""
    for block in blocks:
        if block.start > headline.start and block.role == "display" and block.level:
            return block.level == headline.level
    return False


def _satellites(blocks: Sequence[Block], owner: dict[int, int]) -> dict[int, list[Block]]:
    """Article number → its captions and photo credits: those of the block above, or below at the top of the page."""
    found: dict[int, list[Block]] = defaultdict(list)
    current: int | None = None
    waiting: list[Block] = []
    for block in blocks:
        if block.start in owner:
            current = owner[block.start]
            found[current] += waiting
            waiting = []
        elif block.role in SATELLITES:
            if current is None:
                waiting.append(block)
            else:
                found[current].append(block)
    if waiting and not found:
        found[0] = waiting
    return found


def _with_satellites(chain: Sequence[Block], satellites: Sequence[Block]) -> list[Block]:
    """Satellites at the place in the reading order where the source has them: behind the nearest block above."""
    result = list(chain)
    for one in satellites:
        above = [at for at, block in enumerate(result) if block.start < one.start]
        at = max(above, key=lambda at: result[at].start) + 1 if above else 0
        result.insert(at, one)
    return result


def _seams(chain: Sequence[Block]) -> tuple[frozenset[int], frozenset[int]]:
    """Where text is lost before a block, and where a block goes on in the sentence before it."""
    gaps, joined = set(), set()
    last: int | None = None
    for at, block in enumerate(chain):
        if block.role not in ("body", "list"):
            continue
        inside = starts_inside(block.text)
        if last is not None:
            open_end = is_open(chain[last].text)
            jump = chain[last].end > block.start
            if open_end and not ITEM_RE.match(block.text) and not _has_heading(chain, last, at):
                joined.add(at)
            elif inside or (open_end and jump):
                gaps.add(at)
        last = at
    return frozenset(gaps), frozenset(joined)


def _has_heading(chain: Sequence[Block], one: int, other: int) -> bool:
    return any(block.role in ("display", "heading") for block in chain[one + 1 : other])
