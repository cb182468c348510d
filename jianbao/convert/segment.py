"""Segmentation: which blocks make one article, in which order, under which headline.

One choice over the whole page: every pair of blocks that could follow one another has a weight (`links`), the set of links
with the greatest sum is taken (`matching`), and the paths it leaves are the articles. A headline has no predecessor, or it is the
heading of a section.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from jianbao.convert.blocks import Block
from jianbao.convert.chain import CHAIN, CREDIT, HEADLINE, Chain, is_continued
from jianbao.convert.credits import read_opener
from jianbao.convert.forms import ITEM_RE, OFFICE_RE, is_column_name
from jianbao.convert.lines import ends_sentence, is_open, starts_inside
from jianbao.convert.links import weigh_links
from jianbao.convert.matching import best_successors
from jianbao.convert.page import SURE_INDENT
from jianbao.convert.script import simplify
from jianbao.convert.weights import WEIGHTS, Weights

SATELLITES = frozenset({"caption", "photo_credit"})
# 【政策解读】: a column's name in a frame of brackets.
FRAMED_NAME_RE = re.compile(r"【[^【】]{2,10}】")
# A column's standing name: a few characters without a mark or a blank (法治临河, 时事聚焦).
COLUMN_NAME_RE = re.compile(r"[“「『【]?[\u4e00-\u9fff·]{2,8}[”」』】]?")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before it is described: its blocks in reading order, satellites included."""

    banner: tuple[Block, ...]  # the name of the column (栏目) where this article is its first
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


def segment(blocks: Sequence[Block], weights: Weights = WEIGHTS) -> list[Draft]:
    """The articles of a page, in the order of their first character; furniture is left out."""
    chain = Chain(blocks)
    successor = best_successors(weigh_links(chain, weights))
    return _drafts(chain, _paths(len(chain), successor), blocks)


def _paths(count: int, successor: dict[int, int]) -> list[list[int]]:
    starts = sorted(set(range(count)) - set(successor.values()))
    paths = []
    for start in starts:
        path = [start]
        while path[-1] in successor:
            path.append(successor[path[-1]])
        paths.append(path)
    return paths


def _drafts(chain: Chain, paths: Sequence[Sequence[int]], blocks: Sequence[Block]) -> list[Draft]:
    """Paths as drafts, with captions and photo credits given to the article they stand in."""
    owner = {chain.blocks[at].start: number for number, path in enumerate(paths) for at in path}
    beside = _satellites(blocks, owner)
    drafts = []
    for number, path in enumerate(paths):
        members = [chain.blocks[at] for at in path]
        before, headline, after = _head_and_rest(members)
        if not headline:
            headline, after = _headline_inside(after)
        rest = tuple(_with_satellites([*before, *after], beside.get(number, [])))
        opens = bool(after) and read_opener(after[0].text) is not None
        banner = _banner_length(headline, blocks, opens=opens)
        drafts.append(
            Draft(tuple(headline[:banner]), tuple(headline[banner:]), rest, *_seams(rest))
        )
    return sorted(drafts, key=lambda draft: draft.first)


def _head_and_rest(members: Sequence[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    """What stands above the headline (a saved page's source line), the headline, and all below it."""
    first = next((at for at, one in enumerate(members) if one.role not in CREDIT), len(members))
    last = next(
        (at for at in range(first, len(members)) if members[at].role not in HEADLINE), len(members)
    )
    if first and members[0].role != "source_line":
        return [], [], list(members)
    return list(members[:first]), list(members[first:last]), list(members[last:])


def _headline_inside(members: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The headline that stands between two columns of its story, and the story without it.

    A story that begins on this page has a headline; where none stands above, a single line set apart in its middle is no
    section heading. One that goes on from another page (上接第1版) may have headings only.
    """
    displays = [at for at, one in enumerate(members) if one.role == "display"]
    continued = any(one.role == "pointer" and is_continued(one.text) for one in members)
    whole = bool(members) and (
        read_opener(members[0].text) is not None or members[0].role in CREDIT
    )
    if len(displays) != 1 or continued or not (whole or members[displays[0]].display):
        return [], list(members)
    at = displays[0]
    end = at + 1
    while end < len(members) and members[end].role in HEADLINE:
        end += 1
    return list(members[at:end]), [*members[:at], *members[end:]]


def _banner_length(headline: Sequence[Block], blocks: Sequence[Block], *, opens: bool) -> int:
    """How many lines at the head of a headline name its column: those with page furniture below them, a short standing
    name above headlines of a lower level, or one set apart from the marked headline below it in another way.
    """
    if not headline or _is_stated(headline):
        return 0
    furniture = {block.start for block in blocks if block.role not in CHAIN | SATELLITES}
    for count in range(len(headline) - 1, 0, -1):
        if any(headline[count - 1].start < at < headline[count].start for at in furniture):
            return count
    if len(headline) == 1:
        return int(headline[0].bold and is_column_name(simplify(headline[0].text)))
    if is_column_name(simplify(headline[0].text)):
        return 1
    if not any(line.level for line in headline[1:]):
        return 0
    one, other = headline[:2]
    if not (COLUMN_NAME_RE.fullmatch(one.text) or FRAMED_NAME_RE.fullmatch(one.text)):
        return 0
    main = next((at for at, line in enumerate(headline) if line.level), 0)
    # Of two lines above a marked headline, the upper is the column's and the lower the kicker.
    framed = FRAMED_NAME_RE.fullmatch(one.text) is not None
    if framed or (main >= 2 and not one.level):
        return 1
    if 0 < one.level < other.level:
        return int(len(other.text) > len(one.text) and (opens or _has_sibling(other, blocks)))
    return int((one.bold or bool(one.level)) and not OFFICE_RE.search(one.text))


def _is_stated(headline: Sequence[Block]) -> bool:
    """Whether the file itself says that the first line of a headline is the main one."""
    first = headline[0]
    return bool(first.story and first.level) and all(
        first.level < line.level or not line.level for line in headline[1:]
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
        # What is lost before a text shows in its words; by its indent alone it goes on in a quotation: 全市“书香机关” | 读书会.
        inside = block.inside > -SURE_INDENT and starts_inside(block.text)
        if last is not None:
            above = chain[last].text
            torn = block.inside >= SURE_INDENT and not ends_sentence(above)
            open_end = is_open(above) or torn
            jump = chain[last].end > block.start
            if open_end and not ITEM_RE.match(block.text) and not _has_heading(chain, last, at):
                joined.add(at)
            elif inside or (open_end and jump):
                gaps.add(at)
        last = at
    return frozenset(gaps), frozenset(joined)


def _has_heading(chain: Sequence[Block], one: int, other: int) -> bool:
    return any(block.role in ("display", "heading") for block in chain[one + 1 : other])
