"""The best set of successors: which block follows which, chosen for the whole page at once.

A page is a set of paths: every block has at most one successor and one predecessor, and the sum of the weights of the
links that are taken is the greatest possible. That is a bipartite matching of greatest weight; blocks are added one by
one, each along its best alternating path (Kuhn–Munkres in its incremental form), which stays short because links are few.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Mapping, Sequence, Set

Links = Mapping[
    int, Mapping[int, float]
]  # from → to → weight; only what is worth taking, weight > 0

# Two solutions that differ by less are the same; keeps rounding from going round in circles.
EPSILON = 1e-9
# How far from a cycle blocks choose anew when it is opened: twice the reach of a link (`chain.REACH`). The pages of a daily
# have fewer blocks, so that only files of many pages are chosen piece by piece, in time that grows with their length.
AROUND = 112


def best_successors(links: Links) -> dict[int, int]:
    """From → to of the links taken: the greatest sum of weights, then every cycle opened.

    The link taken out of a cycle is not offered again, and what stands around it is chosen anew. Cycles are opened one after
    another, so where a page has many the sum may stay below the greatest that is possible without a cycle.

    >>> best_successors({1: {2: 3.0, 3: 4.0}, 4: {3: 3.0}})
    {1: 2, 4: 3}
    >>> best_successors({1: {2: 8.0}, 2: {3: 0.5}, 3: {1: 4.0}})
    {1: 2, 3: 1}
    """
    offered = {one: dict(others) for one, others in links.items()}
    chosen = _match(offered, {}, offered)
    while cycles := _find_cycles(chosen):
        around: set[int] = set()
        for cycle in cycles:
            near = _around(cycle, offered)
            one = _where_to_open(cycle, near, chosen, offered)
            del offered[one][chosen.pop(one)]
            around |= near
        chosen = _match(offered, chosen, around)
    return chosen


def _around(cycle: Sequence[int], offered: Links) -> set[int]:
    """The blocks that may choose anew when a cycle is opened."""
    near = range(min(cycle) - AROUND, max(cycle) + AROUND + 1)
    return {one for one in near if one in offered}


def _where_to_open(
    cycle: Sequence[int], near: Set[int], chosen: Mapping[int, int], offered: Links
) -> int:
    """The block of a cycle whose link is taken out: of the weakest link and the weakest that leads back up the page, the one
    without which the page keeps more.
    """

    def weight(one: int) -> tuple[float, int]:
        return offered[one][chosen[one]], one

    def left_without(one: int) -> float:
        rest = {**offered, one: {at: w for at, w in offered[one].items() if at != chosen[one]}}
        kept = _match(rest, chosen, near)
        return math.fsum(rest[at][kept[at]] for at in near if at in kept)

    weakest = min(cycle, key=weight)
    weakest_back = min((one for one in cycle if chosen[one] < one), key=weight)
    return weakest if weakest == weakest_back else max(weakest_back, weakest, key=left_without)


def _match(links: Links, chosen: Mapping[int, int], anew: Collection[int]) -> dict[int, int]:
    """The matching in which the blocks `anew` choose again, among what the others leave them."""
    kept = {one: to for one, to in chosen.items() if one not in anew}
    taken = frozenset(kept.values())
    left = {
        one: {to: weight for to, weight in links[one].items() if to not in taken} for one in anew
    }
    successor: dict[int, int] = {}
    predecessor: dict[int, int] = {}
    for row in sorted(left):
        _augment(row, left, successor, predecessor)
    return dict(sorted({**kept, **successor}.items()))


def _augment(
    row: int, links: Links, successor: dict[int, int], predecessor: dict[int, int]
) -> None:
    """Add one block: the alternating path from it with the greatest gain, if there is any gain."""
    gain_of_row = {row: 0.0}
    came_from: dict[int, int] = {}  # column → row
    gain_of_column: dict[int, float] = {}
    queue = deque([row])
    while queue:
        one = queue.popleft()
        for column, weight in links[one].items():
            if successor.get(one) == column:
                continue
            gain = gain_of_row[one] + weight
            if gain <= gain_of_column.get(column, 0.0) + EPSILON:
                continue
            gain_of_column[column], came_from[column] = gain, one
            owner = predecessor.get(column)
            if owner is None or owner == row:
                continue
            left = gain - links[owner][column]
            if left > gain_of_row.get(owner, float("-inf")) + EPSILON:
                gain_of_row[owner] = left
                queue.append(owner)
    ends = [
        (gain, -column, column)
        for column, gain in gain_of_column.items()
        if column not in predecessor
    ]
    # A block that loses its successor and gets none ends the path as well.
    drops = [(gain, -one, one) for one, gain in gain_of_row.items() if one != row]
    best_end = max(ends, default=(0.0, 0, -1))
    best_drop = max(drops, default=(0.0, 0, -1))
    if max(best_end[0], best_drop[0]) <= EPSILON:
        return
    column = best_end[2] if best_end[0] >= best_drop[0] else successor.pop(best_drop[2])
    while True:
        one = came_from[column]
        previous = successor.get(one)
        successor[one], predecessor[column] = column, one
        if one == row or previous is None:
            return
        column = previous


def _find_cycles(successor: Mapping[int, int]) -> list[list[int]]:
    """The members of every cycle; no two cycles share one."""
    cycles: list[list[int]] = []
    done: set[int] = set()
    for start in successor:
        path: list[int] = []
        seen: set[int] = set()
        one: int | None = start
        while one is not None and one not in done and one not in seen:
            path.append(one)
            seen.add(one)
            one = successor.get(one)
        if one is not None and one in seen:
            cycles.append(path[path.index(one) :])
        done |= seen
    return cycles
