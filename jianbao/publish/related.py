"""Related articles: which others hold the rare pairs of characters that an article repeats.

What an article is about shows in pairs that it says more than once and few others say at all: a name, a place, the thing itself.
Each article asks for a few of those, and whoever holds most of them is nearest. A pair that many articles hold is never asked
for, so the work grows with the number of articles and not with its square. The search has counted every pair already.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain

from jianbao.publish.postings import Postings, counts_in, repeats

# An article asks for its rarest pairs, and for none that more than 50 articles or a third of the archive hold: 800 looks at most.
# On the demo's 39 articles 24 pairs found the same neighbours as 16, and others by chance.
ASKED = 16
MOST_HOLDERS = 50
HOLDERS_PART = 3
# A name of three characters makes two pairs, so two in common may be one place in common. And where less than a fifth of what was
# asked for was found, the demo's neighbours had a place in common at most.
LEAST_SHARED = 3
LEAST_PART = 1 / 5
# So many are named; a page shows fewer, as some stand beside the article already.
NAMED = 12
# A text of 1,000 pairs holds more of anybody's than one of 100. This much is added to all, so that no stub comes first.
PAIRS_OF_A_STUB = 100

# What any article may repeat: pairs with a word of grammar or a number in them, and single characters.
COMMON_RE = re.compile("[的了是在和也就不都有这那个们我你他她它一二两三四五六七八九十0-9]|^.$")

Asked = Sequence[tuple[int, str]]  # how many articles hold a pair, and the pair; the rarest first


def find_related(postings: Postings, headline: str, text: str) -> list[list[int]]:
    """For each document the numbers of the nearest others, the nearest first.

    `headline` and `text` name the fields that are looked into; what stands in a headline counts as repeated. Nearness has a direction: a note
    may be nearest to a long report, and the report to another.
    """
    holders: dict[str, frozenset[int]] = {}
    rows: list[list[tuple[int, str]]] = [[] for _ in range(postings.documents)]
    for pair, held, repeating in _rare_pairs(postings, headline, text):
        holders[pair] = held
        for document in repeating:
            # A heap keeps the greatest at its end, so what is rarest must be greatest.
            keep = heapq.heappush if len(rows[document]) < ASKED else heapq.heappushpop
            keep(rows[document], (-len(held), pair))
    sizes = [postings.length_of(document, text) for document in range(postings.documents)]
    return [nearest_to(document, row, holders, sizes) for document, row in enumerate(rows)]


def most_holders(documents: int) -> int:
    """How many articles of so many may hold a pair that is asked for."""
    return min(MOST_HOLDERS, documents // HOLDERS_PART)


def _rare_pairs(
    postings: Postings, headline: str, text: str
) -> Iterator[tuple[str, frozenset[int], list[int]]]:
    """Every pair that a few documents hold and at least one repeats: who holds it, and who repeats it."""
    most = most_holders(postings.documents)
    for pair, in_headline, in_text in postings.shared_terms(headline, text, most):
        if COMMON_RE.search(pair):
            continue
        if not (in_headline or repeats(in_text)):
            continue
        headed, counts = counts_in(in_headline), counts_in(in_text)
        held = counts.keys() | headed.keys()
        repeating = [one for one in held if counts.get(one, 0) > 1 or one in headed]
        if repeating and 2 <= len(held) <= most:
            yield pair, frozenset(held), repeating


def nearest_to(
    document: int, asked: Asked, holders: Mapping[str, Set[int]], sizes: Sequence[int]
) -> list[int]:
    """The documents that hold most of what one asks for, a rare pair counting more than a common one."""
    pairs = sorted(pair for _, pair in asked)
    shared = Counter(chain.from_iterable(holders[pair] for pair in pairs))
    del shared[document]
    found = {other: 0.0 for other, times in shared.items() if times >= LEAST_SHARED}
    whole = 0.0
    for pair in pairs:
        weight = math.log(len(sizes) / len(holders[pair]))
        whole += weight
        for other in holders[pair] & found.keys():
            found[other] += weight
    near = (
        (-weight / math.sqrt(sizes[other] + PAIRS_OF_A_STUB), other)
        for other, weight in found.items()
        if weight >= LEAST_PART * whole
    )
    return [other for _, other in sorted(near)[:NAMED]]
