"""The conversion of one source from its bytes to its articles and its ledger, stage by stage.

read → repair → blocks → segment → describe
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jianbao.account import check_partition
from jianbao.config import Config, Known
from jianbao.content import stamp
from jianbao.convert.blocks import FURNITURE, Block, make_blocks
from jianbao.convert.describe import Described, describe, whole_page_agency
from jianbao.convert.masthead import Masthead, breadcrumb_column, read_masthead
from jianbao.convert.read import Reading, read_source
from jianbao.convert.repair import repair
from jianbao.convert.segment import SATELLITES, Draft, segment
from jianbao.convert.traced import Traced
from jianbao.models import Article, Doubt, Furniture, Ledger, Piece, Repair, Source

# Roles of blocks as the ledger names them.
LEDGER_ROLES = {"contact_line": "contact"}
# What a person should look at first.
DOUBT_ORDER = (
    "lost-bytes", "byte-shift", "no-headline", "headline-pairing", "gap", "no-text", "start-missing", "end-missing",
    "latin-slip", "doubtful-character",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one source became."""

    source: Source
    articles: tuple[Article, ...]
    ledger: Ledger
    pieces: tuple[tuple[Piece, ...], ...]  # of each article, in reading order


def convert_source(
    raw: bytes,
    path: str,
    slug: str,
    known: Known,
    config: Config,
    reading: Reading | None = None,
) -> Conversion:
    """The articles of one source file, numbered in the order in which they begin on the page.

    `path` is relative to `sources/`, `slug` names its folder in `content/`, `known` is what the maintainer states,
    `reading` what was made of the bytes before.

    Raises:
        JianbaoError: the bytes are no text, or a character would be lost.
    """
    source, lost = read_source(raw, path, encoding=known.encoding, reading=reading)
    traced, found = repair(source.text)
    blocks = make_blocks(traced, source.places)
    page = read_masthead(blocks, known, config.publications, source.head)
    drafts = segment(blocks)
    described = _describe_all(drafts, blocks, slug, source, page, known, config)
    articles = tuple(stamp(one.article) for one in described)
    stray = _stray(blocks, drafts)
    ledger = Ledger(
        file=path,
        sha256=source.sha256,
        bytes=source.size,
        characters=len(source.text),
        encoding=source.encoding,
        reader=source.reader,
        publication=page.publication,
        issue_date=page.issue_date,
        page=page.page,
        furniture=tuple(Furniture(*block.span, _ledger_role(block)) for block in stray),
        repairs=tuple(_all_repairs(found.repairs, blocks, traced)),
        doubts=tuple(_sorted_doubts([*lost, *found.doubts], described, found.repairs)),
    )
    pieces = tuple(tuple((block.span, block.text) for block in draft.blocks) for draft in drafts)
    spans = [span for one in articles if one.source for span in one.source.spans]
    spans += [(one.start, one.end) for one in ledger.furniture]
    check_partition(source.text, spans, path=path)
    return Conversion(source, articles, ledger, pieces)


def _describe_all(
    drafts: Sequence[Draft],
    blocks: Sequence[Block],
    slug: str,
    source: Source,
    page: Masthead,
    known: Known,
    config: Config,
) -> list[Described]:
    web = source.reader == "html" or any(block.role in ("nav", "source_line") for block in blocks)
    agency = whole_page_agency(blocks)
    column = breadcrumb_column(blocks)  # of the first story below it
    level = 0
    described = []
    for number, draft in enumerate(drafts, start=1):
        if draft.banner and _names_one_story(draft, blocks):
            own: str | None = _column_name(draft)
        elif draft.banner:
            column = _column_name(draft)
            level = _banner_level(draft)
            own = column
        elif (web and number > 1) or _leaves_column(draft, level):
            own = column = None
        else:
            own = column
        described.append(
            describe(
                draft,
                f"{slug}-{number:02}",
                source,
                page,
                own,
                agency,
                known,
                config.topics,
                web=web,
            )
        )
    return described


def _column_name(draft: Draft) -> str:
    """The name above an article, without the brackets it is set in."""
    return " ".join(block.text.strip("【】") for block in draft.banner)


def _names_one_story(draft: Draft, blocks: Sequence[Block]) -> bool:
    """Whether a column's name belongs to the headline just below it only: that one is not of a lower level."""
    if not draft.headline:
        return True
    name, headline = draft.banner[-1], draft.headline[0]
    if any(name.start < block.start < headline.start for block in blocks):
        return False
    return not 0 < name.level < headline.level


def _banner_level(draft: Draft) -> int:
    """The Markdown level a headline must reach to leave the column; 0 where a banner governs the rest of its page."""
    levels = [block.level for block in draft.headline if block.level]
    inside = bool(levels) and min(levels) > draft.banner[-1].level
    return draft.banner[-1].level if inside else 0


def _leaves_column(draft: Draft, level: int) -> bool:
    levels = [block.level for block in draft.headline if block.level]
    return bool(level and levels and min(levels) <= level)


def _stray(blocks: Sequence[Block], drafts: Sequence[Draft]) -> list[Block]:
    """The blocks of no article: page furniture, and captions on a page without articles."""
    used = {block.start for draft in drafts for block in draft.blocks}
    return [block for block in blocks if block.start not in used]


def _ledger_role(block: Block) -> str:
    if block.role in SATELLITES:
        return "other"
    return LEDGER_ROLES.get(block.role, block.role) if block.role in FURNITURE else "other"


def _all_repairs(
    fixed: Iterable[Repair], blocks: Sequence[Block], traced: Traced
) -> Iterable[Repair]:
    """Repairs of characters, and for every block its joined lines and closed blanks, summed up."""
    repairs = list(fixed)
    for block in blocks:
        if block.joins or block.closed:
            before = f"{block.joins} line ends, {block.closed} blanks"
            repairs.append(Repair("join_lines", *block.span, before, ""))
    return sorted(repairs, key=lambda one: (one.start, one.end))


def _sorted_doubts(
    page: Iterable[Doubt], described: Iterable[Described], repairs: Sequence[Repair]
) -> list[Doubt]:
    """All doubts, the most important first; a lost byte that a repair brought back is none."""
    doubts = [
        one for one in page if not any(r.start <= one.start and one.end <= r.end for r in repairs)
    ]
    doubts += [doubt for one in described for doubt in one.doubts]
    rank = {reason: order for order, reason in enumerate(DOUBT_ORDER)}
    return sorted(doubts, key=lambda one: (rank.get(one.reason, len(rank)), one.start))
