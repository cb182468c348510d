"""The values that flow through the house. All are frozen: a stage returns new ones.

Offsets are `str` indices into the *decoded* source text, before any repair; a span is a half-open
pair of them. Dates are strings, `YYYY-MM-DD`, never `datetime.date`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Span = tuple[int, int]
Box = tuple[
    float, float, float, float
]  # left, top, right, bottom, in points from the upper left corner of a page
Piece = tuple[
    Span, str
]  # a paragraph or line of an article: where it stands and what it says, repaired
Status = Literal["stated", "inferred", "unknown"]
Complete = Literal["whole", "start-missing", "end-missing", "both-missing", "gap"]
Script = Literal["Hans", "Hant"]

COMPLETE: tuple[Complete, ...] = ("whole", "start-missing", "end-missing", "both-missing", "gap")
SCRIPTS: tuple[Script, ...] = ("Hans", "Hant")
SOURCE_KINDS = ("newspaper", "web")
FURNITURE_ROLES = (
    "page_header", "editor_credit", "nav", "contact", "ad", "ornament", "other", "removed",
)  # fmt: skip

# The evidence of what a sidecar or a path states: a person's word, not the page's.
STATED_BY_PERSON = "整理者注明"

# No printed character: str.isspace(), zero-width space, byte order mark, soft hyphen (ARCHITECTURE.md).
INVISIBLE = frozenset("\u200b\ufeff\u00ad")


def is_blank(char: str) -> bool:
    """Whether a character counts as blank in the ledger's sum.

    >>> [is_blank(char) for char in ("字", "\\u3000", "\\u200b")]
    [False, True, True]
    """
    return char.isspace() or char in INVISIBLE


def trim_blanks(text: str) -> str:
    """A text without the characters at its ends that count as blank.

    >>> trim_blanks("\\u3000甲 乙\\u200b")
    '甲 乙'
    """
    start, end = 0, len(text)
    while start < end and is_blank(text[start]):
        start += 1
    while end > start and is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


@dataclass(frozen=True, slots=True)
class Facsimile:
    """A page of a source as a picture: the file that holds it, its measures in pixels, and how many of these are a point."""

    file: Path
    width: int
    height: int
    scale: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of a source stood in its file, and how it was set, as far as that kind of file tells."""

    start: int  # in the decoded text, as a span
    end: int
    page: int = 1  # of the file
    box: Box | None = None
    size: float = 0.0  # of its type, in points; 0: not known
    level: int = 0  # of a heading that the file marks as one, 1 to 6; 0: it marks none
    role: str | None = None  # of a block, where the file itself names it: nav, page_header, caption
    where: str = ""  # the element that holds it, as XPath: (//p)[17]
    story: int = 0  # which story of the file it is of, counted from 1; 0: the file does not say


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself without printing it: the head of a saved page."""

    url: str | None = None
    day: str | None = None  # of publication, YYYY-MM-DD
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One file of `sources/`, decoded: line ends are `\\n`, a byte order mark is dropped."""

    path: str  # relative to sources/, with forward slashes
    sha256: str  # of the bytes as received
    size: int  # bytes
    text: str
    encoding: str
    reader: str
    places: tuple[Place, ...] = ()  # in the order of the text; none where the file is text already
    head: Head = Head()


@dataclass(frozen=True, slots=True)
class Repair:
    """One change of characters: `before` stood at [start, end) of the source, `after` replaces it."""

    fixer: str
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should look at, and why. `article` is an id, None for the page as a whole."""

    reason: str
    start: int
    end: int
    says: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A person credited in an article; the role as printed (记者, 通讯员 …), None when none is."""

    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """电头: who sent the story, from where, on which day as printed (`5月27日`)."""

    agency: str | None = None
    place: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a value was found that is not printed outright."""

    status: Status
    quote: str  # `from:` in YAML


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article stands in its source; spans are in reading order."""

    file: str
    sha256: str
    spans: tuple[Span, ...]
    kind: str = "newspaper"
    url: str | None = None
    accessed: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it stands in `content/` (ARCHITECTURE.md)."""

    id: str
    title: str | None = None
    kicker: str | None = None  # 引题
    subtitle: str | None = None  # 副题
    column: str | None = None  # 栏目
    authors: tuple[Credit, ...] = ()
    dateline: Dateline | None = None
    date: str | None = None
    publication: str | None = None
    page: str | None = None  # 版次
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    script: Script = "Hans"
    complete: Complete = "whole"
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    source: Origin | None = None  # None: a person's own article
    converted: str | None = None
    reviewed: str | None = None
    publish: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys of a person's own
    body: str = ""  # Markdown, without a newline at its ends


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact about a whole page: its value, how sure it is, and the words that say so."""

    value: str | tuple[str, ...] | None = None
    status: Status = "unknown"
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Furniture:
    """Characters of a source that belong to no article: page header, navigation …"""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Tick:
    """What a person saw who ticked an article off: the day in its `reviewed:`, and its `converted` then."""

    on: str
    converted: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """`source.yaml`: the account of one source file (ARCHITECTURE.md)."""

    file: str
    sha256: str
    bytes: int
    characters: int
    encoding: str
    reader: str
    publication: Finding = Finding()
    issue_date: Finding = Finding()
    page: Finding = Finding()
    furniture: tuple[Furniture, ...] = ()
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    retired: Mapping[str, str | None] = field(
        default_factory=dict
    )  # None: nobody has its characters
    reviewed: Mapping[str, Tick] = field(default_factory=dict)  # by the article's id

    def has_lapsed(self, article: Article) -> bool:
        """Whether the source or the conversion of an article has changed since a person ticked it off."""
        tick = self.reviewed.get(article.id)
        return (
            tick is not None and tick.on == article.reviewed and tick.converted != article.converted
        )
