"""The best set of successors against trying everything."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.convert import matching
from jianbao.convert.matching import Links, best_successors

Value = TypeVar("Value")
NODES = 5
WEIGHTS = st.integers(1, 20).map(lambda tenths: tenths / 2)


@st.composite
def pages(draw: st.DrawFn, *, backwards: bool) -> Links:
    """Links between a few blocks; when none goes backwards, no choice of them can be a cycle."""
    nodes = range(NODES)
    pairs = [(one, other) for one in nodes for other in nodes if one < other or backwards]
    taken = draw(st.lists(st.sampled_from([p for p in pairs if p[0] != p[1]]), unique=True))
    links: dict[int, dict[int, float]] = {}
    for one, other in taken:
        links.setdefault(one, {})[other] = draw(WEIGHTS)
    return links


@pytest.mark.parametrize(
    ("links", "chosen"),
    [
        pytest.param({}, {}, id="nothing to choose"),
        pytest.param({1: {}}, {}, id="a block that nothing follows"),
        pytest.param({1: {2: 1.0}}, {1: 2}, id="one link"),
        pytest.param({1: {3: 2.0}, 2: {3: 5.0}}, {2: 3}, id="two want the same"),
        pytest.param({1: {2: 5.0, 3: 4.0}, 4: {2: 3.0}}, {1: 3, 4: 2}, id="the second best for the best sum"),
        pytest.param({1: {2: 5.0}, 2: {1: 4.0}}, {1: 2}, id="a cycle is opened where it is weakest"),
        pytest.param({1: {2: 5.0}, 2: {3: 4.0}, 3: {1: 3.0}}, {1: 2, 2: 3}, id="a longer cycle"),
    ],
)  # fmt: skip
def test_chosen(links: Links, chosen: dict[int, int]) -> None:
    assert best_successors(links) == chosen


@given(pages(backwards=False))
def test_no_choice_has_a_greater_sum(links: Links) -> None:
    best = max(worth(links, choice) for choice in every_choice(links))
    assert worth(links, best_successors(links)) == pytest.approx(best)


@given(pages(backwards=True))
def test_what_is_chosen_was_offered_and_ends(links: Links) -> None:
    chosen = best_successors(links)
    assert all(other in links[one] for one, other in chosen.items())
    assert len(set(chosen.values())) == len(chosen)
    for start in chosen:
        steps, one = 0, start
        while one in chosen:
            one, steps = chosen[one], steps + 1
            assert steps <= NODES


@given(pages(backwards=True))
def test_the_order_in_which_links_are_offered_does_not_matter(links: Links) -> None:
    turned = {one: backwards(others) for one, others in backwards(links).items()}
    assert worth(links, best_successors(turned)) == pytest.approx(
        worth(links, best_successors(links))
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_file_of_many_pages_is_chosen_piece_by_piece(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What chooses anew around a cycle leaves the rest alone; choosing against it would never end."""
    monkeypatch.setattr(matching, "AROUND", 2)
    rng = random.Random(seed)
    count = 120
    links = {
        one: {
            other: rng.randint(1, 20) / 2
            for other in rng.sample(range(max(0, one - 6), min(count, one + 7)), 5)
            if other != one
        }
        for one in range(count)
    }
    chosen = best_successors(links)
    assert all(other in links[one] for one, other in chosen.items())
    assert len(set(chosen.values())) == len(chosen)
    assert not ends_nowhere(chosen)


def ends_nowhere(chosen: Mapping[int, int]) -> bool:
    """Whether a chain of successors comes back to where it was."""
    for start in chosen:
        one = chosen[start]
        while one in chosen and one != start:
            one = chosen[one]
        if one == start:
            return True
    return False


def backwards(mapping: Mapping[int, Value]) -> dict[int, Value]:
    return dict(reversed(list(mapping.items())))


def worth(links: Links, chosen: dict[int, int]) -> float:
    return sum(links[one][other] for one, other in chosen.items())


def every_choice(links: Links) -> Iterator[dict[int, int]]:
    """All ways to give some blocks one successor each, no two the same."""

    def rest(nodes: tuple[int, ...], taken: frozenset[int]) -> Iterator[dict[int, int]]:
        if not nodes:
            yield {}
            return
        first, others = nodes[0], nodes[1:]
        yield from rest(others, taken)
        for other in links[first]:
            if other not in taken:
                yield from ({first: other} | more for more in rest(others, taken | {other}))

    return rest(tuple(links), frozenset())
