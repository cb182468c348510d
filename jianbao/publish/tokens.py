"""Search tokens: the pieces of Chinese text that the index holds and a query asks for.

Nothing here knows a word. Han characters go in overlapping pairs, Latin letters and digits in whole
runs, and where the two touch a joined token holds them together. So every piece of a query that stands
in a text is a piece of that text too: the search loses nothing, and needs neither a dictionary nor the
browser's. `assets/search/tokens.js` does the same; `tests/fixtures/tokens.json` holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import add
from types import MappingProxyType

import opencc

# Han: the basic block, extension A, the compatibility ideographs that NFKC keeps, planes 2 and 3, 々 and 〇.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd\u3005\u3007"
# Digits and small Latin letters, accents included; all else is punctuation to the index.
LATIN = "0-9a-z\u00df-\u00f6\u00f8-\u024f"
RUN_RE = re.compile(f"([{HAN}]+)|[{LATIN}]+")
LATIN_RE = re.compile(f"[{LATIN}]")

# Blanks as the ledger counts them, and what no reader sees: joiners, marks of direction. Written out,
# because Python's \s and JavaScript's differ.
BLANK_RE = re.compile(
    "[\t-\r\x1c-\x20\x85\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff]"
)

# Characters that OpenCC simplifies only inside certain words (瞭解 but not 瞭望); a reader who types the
# simplified word must find both, so here they are always simplified.
ONLY_IN_WORDS = {"瞭": "了", "藉": "借", "祇": "只"}
# What OpenCC's tables for Taiwan and Hong Kong add to its general one; a test asks them. They never change a character that is
# itself a simplified one (么).
REGIONAL = dict(zip("潀痺睪簷著敍枱粧糭衞衹", "潨痹睾檐着叙台妆粽卫只", strict=True))
HAN_BLOCKS = (range(0x3400, 0xA000), range(0x20000, 0x33480))


@cache
def folding() -> Mapping[str, str]:
    """Traditional character or variant → the simplified one, character by character, all pairs.

    >>> [folding().get(char) for char in "開衞著么"]
    ['开', '卫', '着', None]
    """
    table = REGIONAL | converted("t2s") | ONLY_IN_WORDS
    return MappingProxyType({char: _settled(char, table) for char in sorted(table)})


def converted(tables: str) -> dict[str, str]:
    """The Han characters that a set of OpenCC's tables changes, those that NFKC changes left out."""
    chars = [chr(code) for block in HAN_BLOCKS for code in block]
    # A line each, so that no two make a word.
    after: list[str] = opencc.OpenCC(tables).convert("\n".join(chars)).split("\n")
    changed = ((char, to) for char, to in zip(chars, after, strict=True) if to != char)
    return {char: to for char, to in changed if unicodedata.normalize("NFKC", char) == char}


def _settled(char: str, table: Mapping[str, str]) -> str:
    """Where a chain of pairs ends (薴 → 苧 → 苎)."""
    while char in table:
        char = table[char]
    return char


def fold(text: str) -> str:
    """The text as search compares it: width, case and script made one, blanks gone.

    A blank means nothing in Chinese print (张　三, 2019 年), and nobody types it in a query.

    >>> fold("ＣＣＴＶ 開通，张　三")
    'cctv开通,张三'
    """
    folded = text.translate(_FOLDED)
    return _fold_whole(text) if JOINING in folded else folded


def _fold_whole(text: str) -> str:
    return "".join(folding().get(char, char) for char in plain(text))


class _Folded(dict[int, str]):
    """What each character folds to, learnt when it is first met; JOINING where its neighbours have a say in that."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        alone = _fold_whole(char)
        self[code] = folded = JOINING if _joins(char + alone) else alone
        return folded


# No character of any text (Unicode's own word).
JOINING = "\ufdd0"
_FOLDED = _Folded()


def _joins(chars: str) -> bool:
    """Whether one of the characters may become one with what stands before it: a mark, a vowel or final of Hangul."""
    return any(
        unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff" for char in chars
    )


@cache
def foldable(char: str) -> str:
    """Of what a character is to the search, the part that folding changes.

    >>> foldable("開"), foldable("开"), foldable("⾞")
    ('開', '', '車')
    """
    return "".join(one for one in plain(char) if one in folding())


def plain(text: str) -> str:
    """The text with width and case made one and blanks gone; its script is what it was.

    >>> plain("ＣＣＴＶ ⾞站"), fold("⾞站")
    ('cctv車站', '车站')
    """
    solid = BLANK_RE.sub("", unicodedata.normalize("NFKC", text))
    small = solid.lower().replace("ς", "σ")
    return unicodedata.normalize("NFKC", small)


def tokens(text: str) -> list[str]:
    """What the index holds of a text: bigrams and the last character of each Han run, whole Latin
    runs, and the joints between the two.

    >>> tokens("第2019届")
    ['第', '2019', '第2019', '届', '2019届']
    >>> tokens("读书节")
    ['读书', '书节', '节']
    """
    return tokens_of_folded(fold(text))


def tokens_of_folded(folded: str) -> list[str]:
    """The tokens of a text that is folded already."""
    found: list[str] = []
    before, reached = "", -1  # the run before, and where it ended
    for match in RUN_RE.finditer(folded):
        run = match[0]
        is_han = match[1] is not None
        if is_han:
            found += map(add, run, run[1:])
            found.append(run[-1])
        else:
            found.append(run)
        if match.start() == reached:
            found.append(before + run[0] if is_han else before[-1] + run)
        before, reached = run, match.end()
    return found


def marks_of_folded(folded: str) -> list[str]:
    """The characters that stand in no run, each once: punctuation, and scripts that the index does not cut.

    >>> marks_of_folded(fold("“好！”他说，好！"))
    ['“', '!', '”', ',']
    """
    return list(dict.fromkeys(RUN_RE.sub("", folded)))


def query_terms(text: str) -> list[str]:
    """What a text that holds this one must hold in the index, all of them; `*` stands for any end.

    A number at the edge of the query may be cut (`19年` stands in 2019年), hence the star; a Han
    character alone is the beginning of a pair or, before a mark, the end of a run. Only a query without any run
    asks for its marks; in others the look into the texts decides on them.

    >>> query_terms("读书节"), query_terms("……")
    (['读书', '书节'], ['.'])
    >>> query_terms("读"), query_terms("19年"), query_terms("5G")
    (['读*'], ['*19年'], ['*5g*'])
    """
    folded = fold(text)
    found: list[str] = []
    for run in _runs(folded):
        before, after = run.before, run.after
        if run.is_han:
            found += [first + second for first, second in pairwise(run.text)]
            if len(run.text) == 1 and not before and not after:
                found.append(f"{run.text}*" if run.end == len(folded) else run.text)
            continue
        start = "*" if run.start == 0 else ""
        end = "*" if run.end == len(folded) else ""
        if before:
            found.append(f"{before[-1]}{run.text}{end}")
        if after:
            found.append(f"{start}{run.text}{after[0]}")
        if not before and not after:
            found.append(f"{start}{run.text}{end}")
    return list(dict.fromkeys(found)) or marks_of_folded(folded)


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of one kind in a row, and the run of the other kind it touches on either side."""

    text: str
    is_han: bool
    start: int
    end: int
    before: str
    after: str


def _runs(folded: str) -> list[_Run]:
    matches = list(RUN_RE.finditer(folded))
    ends = {match.end(): match[0] for match in matches}
    starts = {match.start(): match[0] for match in matches}
    return [
        _Run(
            text=match[0],
            is_han=match[1] is not None,
            start=match.start(),
            end=match.end(),
            before=ends.get(match.start(), ""),
            after=starts.get(match.end(), ""),
        )
        for match in matches
    ]
