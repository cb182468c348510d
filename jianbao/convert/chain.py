"""The chain of a page: its headlines, credits and texts in the order of the source, and what can be measured of them.

Nothing is decided here. A measure says how two passages hang together, where a story can begin, what a text's first and last
words give away; `links` turns measures into weights.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from jianbao.convert.blocks import FURNITURE, Block
from jianbao.convert.columns import OTHER_WIDTH, SURE_LINES
from jianbao.convert.credits import read_closing, read_opener
from jianbao.convert.forms import ARTICLE_NUMBER_RE, ITEM_RE
from jianbao.convert.layout import TITLE
from jianbao.convert.lines import HAN_RUN_RE, is_open, is_torn_quotation
from jianbao.convert.page import is_spaced
from jianbao.convert.seams import seam_odds, word_pieces

# Blocks that are links of the chain of an article; captions and photo credits hang beside it.
HEADLINE = frozenset({"display", "subtitle"})
CREDIT = frozenset({"byline", "source_line"})
TEXT = frozenset({"body", "list", "table", "contact", "signature", "closing_note", "verse"})
# A line of verse, a row of a table, an address, a name ends without a mark.
BREAKING = TEXT - {"signature", "contact", "closing_note", "table", "verse"}
CHAIN = HEADLINE | CREDIT | TEXT | {"heading", "closer", "pointer"}

REACH = 56  # how far a broken sentence or a headline's text is sought, in blocks
NEAR = 2  # paragraphs on each side of a link between neighbours
AROUND = 3  # paragraphs on each side of a headline
FAR = 4  # paragraphs on each side of a link across the page
# Below this cohesion of neighbours a story may change: of the pairs of one article in the seeds 12 of 100 are below it,
# of two articles 80.
WEAK = 0.8
PARALLEL_REACH = 15  # how far from one another the section headings of a story stand, in blocks
CLAIMING_LENGTH = 6  # a shorter headline shares its words with too many texts

# A regulation begins with its first chapter, or its first article.
FIRST_RE = re.compile(r"^\*{0,2}第一[章条條](?=\W)")
NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}

Grams = frozenset[str]


class Chain:
    """The chain blocks of a page; measures take and give indices into `blocks`."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = [block for block in blocks if block.role in CHAIN]
        self.grams = [
            bigrams(block.text) if block.role in TEXT else frozenset() for block in self.blocks
        ]
        self.frequency = Counter(gram for grams in self.grams for gram in grams)
        self.texts = max(2, sum(block.role in TEXT for block in self.blocks))
        self.opens = [
            one.role == "body" and read_opener(one.text) is not None for one in self.blocks
        ]
        for at in range(len(self.blocks)):
            self.opens[at] |= self._begins_regulation(at)
        pictures = picture_stories(blocks)
        furniture = [block.start for block in blocks if block.role in FURNITURE]
        self.parted = [
            any(one.start < at < other.start for at in furniture)
            for one, other in pairwise(self.blocks)
        ]
        self.closes = [
            one.role in ("closer", "closing_note")
            or one.start in pictures
            or (one.role == "body" and read_closing(one.text) is not None)
            for one in self.blocks
        ]
        for at, (one, other) in enumerate(pairwise(self.blocks)):
            self.closes[at] |= one.role == "verse" and other.role == "body" and other.gap > 0
        self.breaks_off = [one.role in BREAKING and is_open(one.text) for one in self.blocks]
        self.starts_inside = [one.role in TEXT and one.begins_inside for one in self.blocks]
        # Measures that are asked for again and again.
        self._is_text = [one.role in TEXT for one in self.blocks]
        self._rare = {gram: math.log(self.texts / count) for gram, count in self.frequency.items()}
        self._windows: dict[tuple[int, int, bool, bool], list[int]] = {}
        self._article_numbers: dict[tuple[int, int], int] = {}
        self._unions: dict[tuple[int, ...], Grams] = {}
        self._weak: dict[int, bool] = {}
        self._claims: dict[int, float] = {}
        self._rarities: dict[int, dict[str, float]] = {}

    def __len__(self) -> int:
        return len(self.blocks)

    # --- what a block is ---

    def role(self, index: int) -> str:
        """The role of a block; empty beyond the ends of the page."""
        return self.blocks[index].role if 0 <= index < len(self.blocks) else ""

    def is_text(self, index: int) -> bool:
        return 0 <= index < len(self._is_text) and self._is_text[index]

    def is_headline(self, index: int) -> bool:
        return self.role(index) in HEADLINE

    def is_credit(self, index: int) -> bool:
        return self.role(index) in CREDIT

    def is_continued(self, index: int) -> bool:
        """上接第1版: the pointer above a text whose beginning is on another page."""
        return self.role(index) == "pointer" and is_continued(self.blocks[index].text)

    def is_signed(self, index: int) -> bool:
        """（甲） on a line of its own below a text: who wrote it."""
        one = self.blocks[index]
        return one.role == "byline" and one.text[0] in "（(" and self.is_text(index - 1)

    @cached_property
    def is_saved_page(self) -> bool:
        """Whether this is a page of the web, which holds one story below its source line."""
        return any(block.role == "source_line" for block in self.blocks)

    @cached_property
    def is_spaced(self) -> bool:
        """Whether blank lines stand between the paragraphs of the page, but for those of one group."""
        return not self.is_saved_page and is_spaced([one.gap for one in self.blocks])

    @cached_property
    def is_marked(self) -> bool:
        """Whether the page marks its headlines as Markdown does."""
        return any(block.level for block in self.blocks if block.role == "display")

    def is_in_head(self, index: int) -> bool:
        """Whether a line stands at the head of its zone with one in type as large as a title's."""
        zone = self.blocks[index].zone
        first = index
        while first > 0 and self.blocks[first - 1].zone == zone:
            if self.is_text(first - 1):
                return False
            first -= 1
        last = index
        while self.is_headline(last + 1) and self.blocks[last + 1].zone == zone:
            last += 1
        return max(one.scale for one in self.blocks[first : last + 1]) >= TITLE

    def has_head(self, index: int) -> bool:
        """Whether the zone of a block has a headline."""
        zone = self.blocks[index].zone
        return any(one.zone == zone and one.role in HEADLINE for one in self.blocks)

    # --- how passages hang together ---

    def cohesion(self, one: Sequence[int], other: Sequence[int]) -> float:
        """Bigrams two passages share, weighed by rarity on the page, over the root of the smaller one's number."""
        left, right = self._grams_of(one), self._grams_of(other)
        if not left or not right:
            return 0.0
        # fsum: the same to the last bit, in whatever order a set gives its members.
        shared = math.fsum(map(self._rare.__getitem__, left & right))
        return max(0.0, shared) / math.sqrt(min(len(left), len(right)) + 1)

    def seam_odds(self, one: int, other: int) -> float:
        """The log-odds that a sentence goes on from one text to another, by the words around the seam."""
        return seam_odds(self.blocks[one].text, self.blocks[other].text, self._pieces)

    def changes_width(self, index: int) -> bool:
        """Whether the text just below a text stands in a column of clearly another width."""
        one, other = self.blocks[index], self.blocks[index + 1]
        sure = min(one.measured, other.measured) >= SURE_LINES
        return sure and abs(one.width - other.width) >= OTHER_WIDTH

    def is_same_group(self, index: int) -> bool:
        """Whether the text just below a text stands there without the blank line that parts the paragraphs of the page."""
        return self.is_spaced and self.blocks[index + 1].gap == 0

    def is_torn_quotation(self, one: int, other: int) -> bool:
        """Whether a quotation begins in one text and ends in another."""
        return is_torn_quotation(self.blocks[one].text, self.blocks[other].text)

    def is_orphan(self, index: int) -> bool:
        """Whether a text has nothing above that it could belong to: a story ended there, or it is the first of the page."""
        if not self.is_text(index) or self.opens[index]:
            return False
        above = index - 1
        ended = self.role(above) == "pointer" and not self.is_continued(above)
        return above < 0 or ended or self.closes[above] or self.is_signed(above)

    def share_of_width(self, width: int) -> float:
        """The share of the page's texts that stand in columns this wide."""
        return self._widths[width] / self.texts

    @cached_property
    def _widths(self) -> Counter[int]:
        return Counter(block.width for block in self.blocks if block.role in TEXT)

    @cached_property
    def _pieces(self) -> Grams:
        return word_pieces(block.text for block in self.blocks)

    def affinity(self, headline: int, texts: Sequence[int]) -> float:
        """The share of a headline's words that a text uses, rare ones counting more; 0 to 1."""
        rarity = self._rarity(headline)
        if not rarity:
            return 0.0
        used = self._grams_of(texts)
        shared = sum(weight for gram, weight in rarity.items() if gram in used)
        return shared / sum(rarity.values())

    def _rarity(self, headline: int) -> dict[str, float]:
        """The words of a headline, each with how rare it is on the page."""
        if headline not in self._rarities:
            grams = sorted(bigrams(self.blocks[headline].text))
            self._rarities[headline] = {
                gram: math.log(1 + self.texts / (1 + self.frequency[gram])) for gram in grams
            }
        return self._rarities[headline]

    def claim(self, index: int) -> float:
        """How much more some headline of the page shares with a text than with the text just above it."""
        if index not in self._claims:
            self._claims[index] = self._greatest_claim(index)
        return self._claims[index]

    def _greatest_claim(self, index: int) -> float:
        if not self.is_text(index - 1):
            return 0.0
        left, right = self.window_before(index - 1, NEAR), self.window_after(index, NEAR)
        near = range(max(0, index - REACH), min(len(self), index + REACH))
        return max(
            (
                self.affinity(at, right) - self.affinity(at, left)
                for at in near
                if self.is_headline(at) and len(self.blocks[at].text) >= CLAIMING_LENGTH
            ),
            default=0.0,
        )

    def is_weak(self, index: int) -> bool:
        """Whether a text and the one just below share so little that a story may change between them."""
        if index not in self._weak:
            windows = self.window_before(index, NEAR), self.window_after(index + 1, NEAR)
            shared = max(self.cohesion([index], [index + 1]), self.cohesion(*windows))
            self._weak[index] = shared < WEAK or self.changes_width(index)
        return self._weak[index]

    def goes_on_counting(self, one: int, other: int) -> bool:
        """第五条 → 第六条, （一） → （二）, a colon → （一）."""
        for left, right in zip(self._numbers[one], self._numbers[other], strict=True):
            if left is not None and right is not None:
                return right == left + 1
        return self._numbers[other][1] == 1 and self.blocks[one].text.endswith(("：", ":"))

    @cached_property
    def _numbers(self) -> list[tuple[int | None, int | None]]:
        """For every block the number that it begins with as an article of a regulation, and as an item."""
        return [
            (_number_by(ARTICLE_NUMBER_RE, one.text), _number_by(ITEM_RE, one.text))
            for one in self.blocks
        ]

    def counts_on(self, one: int, other: int) -> bool:
        """Whether the articles of a regulation count on from the column that ends with a text to the one that begins with another."""
        last = self._article_number(range(one, max(-1, one - REACH), -1))
        first = self._article_number(range(other, min(len(self), other + REACH)))
        return 0 < last == first - 1 and not self.breaks_off[other]

    def _article_number(self, indices: range) -> int:
        """The first 第…条 on the way from a text, up to where its column may end; 0 where none is."""
        key = (indices.start, indices.step)
        if key not in self._article_numbers:
            self._article_numbers[key] = self._find_article_number(indices)
        return self._article_numbers[key]

    def _find_article_number(self, indices: range) -> int:
        for at in indices:
            if self.role(at) != "heading" and (not self.is_text(at) or self.opens[at]):
                return 0
            if number := self._numbers[at][0]:
                return number
            if self.breaks_off[at] and at != indices.start:
                return 0
        return 0

    def _begins_regulation(self, index: int) -> bool:
        """第一章, or 第一条 where there are no chapters, without a headline or a heading near above."""
        above = {self.role(index - 1), self.role(index - 2)}
        return (
            FIRST_RE.match(self.blocks[index].text) is not None
            and not self.is_saved_page
            and not above & (HEADLINE | {"heading"})
        )

    def is_item(self, index: int) -> bool:
        """Whether a text begins with a number of its own: 第五条, （一）."""
        return self._numbers[index] != (None, None)

    def is_item_of_list(self, index: int) -> bool:
        """Whether a text is an item that something above it introduces: （一）, or any 第五条 but the first."""
        article, item = self._numbers[index]
        return item is not None or (article or 0) > 1

    def is_above_marked(self, index: int) -> bool:
        """Whether a line without a mark stands just above a headline that has one: it is its kicker or names its column."""
        one = self.blocks[index]
        return not one.level and self.is_headline(index + 1) and self.blocks[index + 1].level > 0

    def is_parallel(self, index: int) -> bool:
        """Whether another display near by looks the same and is built alike, as section headings of one story are."""
        block = self.blocks[index]
        near = range(max(0, index - PARALLEL_REACH), min(len(self), index + PARALLEL_REACH + 1))
        return any(
            at != index
            and self.role(at) == "display"
            and look(self.blocks[at]) == look(block)
            and is_parallel(self.blocks[at].text, block.text)
            for at in near
        )

    def _grams_of(self, texts: Sequence[int]) -> Grams:
        if len(texts) == 1:
            return self.grams[texts[0]]
        key = tuple(texts)
        if key not in self._unions:
            self._unions[key] = frozenset().union(*(self.grams[index] for index in texts))
        return self._unions[key]

    # --- passages around a place ---

    def window_before(self, index: int, most: int, *, inside: bool = False) -> list[int]:
        """A text and those just above it, as far as no boundary lies between; with `inside`, no weak place either."""
        key = (index, most, inside, False)
        if key not in self._windows:
            first = index
            while (
                index - first + 1 < most
                and self.is_text(first - 1)
                and not (self.opens[first] or self.closes[first - 1])
                and not self.changes_width(first - 1)
                and not (inside and self.is_weak(first - 1))
            ):
                first -= 1
            self._windows[key] = list(range(first, index + 1))
        return self._windows[key]

    def window_after(self, index: int, most: int, *, inside: bool = False) -> list[int]:
        """A text and those just below it, as far as no boundary lies between; with `inside`, no weak place either."""
        key = (index, most, inside, True)
        if key not in self._windows:
            last = index
            while (
                last - index + 1 < most
                and self.is_text(last + 1)
                and not (self.opens[last + 1] or self.closes[last])
                and not self.changes_width(last)
                and not (inside and self.is_weak(last))
            ):
                last += 1
            self._windows[key] = list(range(index, last + 1))
        return self._windows[key]

    def texts_around(self, index: int) -> tuple[list[int], list[int]]:
        """The nearest texts above and below a headline, each up to the next boundary."""
        return self._texts(range(index - 1, -1, -1)), self._texts(range(index + 1, len(self)))

    def _texts(self, indices: range) -> list[int]:
        found: list[int] = []
        for index in indices:
            if self.is_text(index):
                if indices.step > 0 and found and self.opens[index]:
                    break
                found.append(index)
                if len(found) == AROUND or (indices.step < 0 and self.opens[index]):
                    break
            elif found and self.role(index) not in ("heading", "closer"):
                break
        return found

    def run_from(self, index: int) -> list[int]:
        """The text that begins at `index` or just below it, up to the next headline, pointer or opener."""
        run: list[int] = []
        for at in range(index, len(self)):
            if self.is_text(at):
                if run and self.opens[at]:
                    break
                run.append(at)
            elif run and (self.is_headline(at) or self.role(at) == "pointer"):
                break
        return run

    def texts_below(self, index: int) -> list[int]:
        """All texts below a block, within reach."""
        return [
            at for at in range(index + 1, min(len(self), index + 1 + REACH)) if self.is_text(at)
        ]

    def texts_of_earlier_runs(self, index: int) -> list[int]:
        """Texts above with a headline, an opener or a pointer in between: tails that stand before their heads."""
        at = index
        while at > 0 and self.is_text(at) and not self.opens[at]:
            at -= 1
        return [one for one in range(max(0, index - REACH), at) if self.is_text(one)]

    def head_of(self, index: int) -> int:
        """The first line of the headline that a headline line belongs to by place."""
        while self.is_headline(index - 1):
            index -= 1
        return index


# --- measures of words ---------------------------------------------------------------------------


def picture_stories(blocks: Sequence[Block]) -> frozenset[int]:
    """Where texts start that are all the text of a picture: a headline above, the photographer below."""
    return frozenset(
        two.start
        for one, two, three in zip(blocks, blocks[1:], blocks[2:], strict=False)
        if one.role in HEADLINE and two.role == "body" and three.role == "photo_credit"
    )


def bigrams(text: str) -> Grams:
    """Pairs of neighbouring Chinese characters.

    >>> sorted(bigrams("工会，工会A办"))
    ['工会']
    """
    return frozenset(
        run[at : at + 2] for run in HAN_RUN_RE.findall(text) for at in range(len(run) - 1)
    )


def look(block: Block) -> tuple[int, bool, bool]:
    """What sets a display apart on the page: its level, its boldness, its place in the column."""
    return (block.level, block.bold, block.display)


def is_continued(pointer: str) -> bool:
    """Whether a pointer stands above a text, whose beginning is elsewhere, and not below one.

    >>> is_continued("（上接第1版）"), is_continued("（下转第3版）"), is_continued("（未完待续）")
    (True, False, False)
    """
    return re.search("[转轉续續]|未完|[载載文]完", pointer) is None


def is_parallel(one: str, other: str) -> bool:
    """Whether two lines have the same build: marks and blanks at the same places, and shared endings or beginnings.

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
    pairs = list(zip(first, second, strict=True))
    close = all(abs(len(left) - len(right)) <= 2 for left, right in pairs)
    shared = sum(
        (left[:1] == right[:1]) + (left[-1:] == right[-1:]) + (left[-3:] == right[-3:])
        for left, right in pairs
    )
    return close and shared >= 2


def _phrases(text: str) -> list[str]:
    return [part for part in re.split(r"[\s，,、：:]+", text) if part]


def _number_by(form: re.Pattern[str], text: str) -> int | None:
    found = form.match(text)
    return number_of(found[0]) if found else None


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
