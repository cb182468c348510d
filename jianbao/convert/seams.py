"""Seams: whether a word was torn between two pieces of text, so that the one goes on in the other.

The edge of a column cuts every other sentence inside a word (药 | 柜). The dictionary knows the word, and mostly the page
has it whole elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jianbao.convert.lines import HAN_RUN_RE
from jianbao.convert.script import simplify

Pieces = frozenset[str]

# Whether a word of the dictionary stands astride the seam, and how many characters around it the page has elsewhere →
# log-odds that the text goes on there. Measured on eight text layers (seed 000, two of the demo, five written for it): 991
# line ends inside a paragraph, 4,900 pairs of lines that are none.
SEAM_ODDS: Mapping[tuple[bool, int], float] = {
    (False, 0): -0.8, (False, 2): 0.8, (False, 3): 2.3, (True, 0): 2.2, (True, 2): 3.8, (True, 3): 4.8,
}  # fmt: skip
# From here on a word is surely torn: of the pairs that are none 4 in 1,000.
TORN = 3.8
ASTRIDE = 6  # characters on each side in which words are looked for


def seam_odds(left: str, right: str, pieces: Pieces) -> float:
    """The log-odds that a text goes on from the end of one piece at the beginning of another, by the words around the seam
    and by those of the page (`word_pieces`); 0 where no two Chinese characters meet.

    >>> pieces = word_pieces(["药柜旁边"])
    >>> [seam_odds("才让药", after, pieces) for after in ("柜旁", "柜台", "办公", "，柜")]
    [2.3, 0.8, -0.8, 0.0]
    >>> seam_odds("机要员现场演", "示文件的用法", pieces)
    2.2
    """
    if not (HAN_RUN_RE.fullmatch(left[-1:]) and HAN_RUN_RE.fullmatch(right[:1])):
        return 0.0
    return SEAM_ODDS[_has_word_astride(left, right), _known_around(left, right, pieces)]


def word_pieces(texts: Iterable[str]) -> Pieces:
    """Two and three neighbouring Chinese characters, wherever texts have them.

    >>> sorted(word_pieces(["药柜旁，柜"]))
    ['柜旁', '药柜', '药柜旁']
    """
    runs = [run for text in texts for run in HAN_RUN_RE.findall(text)]
    return frozenset(
        run[at : at + size] for run in runs for size in (2, 3) for at in range(len(run) - size + 1)
    )


def _has_word_astride(left: str, right: str) -> bool:
    """Whether the likeliest cut into words, those of the dictionary only, leaves the seam inside one."""
    import rjieba  # late: its dictionary takes 0.1 s, and many a page has no such seam

    before, after = simplify(left[-ASTRIDE:]), simplify(right[:ASTRIDE])
    end = 0
    for word in rjieba.cut(before + after, hmm=False):
        end += len(word)
        if end >= len(before):
            break
    return end > len(before)


def _known_around(left: str, right: str, pieces: Pieces) -> int:
    """How many characters around a seam another place of the page uses as well: 3, 2, or 0 for none."""
    before, after = left[-2:], right[:2]
    if any(
        len(three) == 3 and three in pieces for three in (before + after[0], before[-1] + after)
    ):
        return 3
    return 2 if before[-1] + after[0] in pieces else 0
