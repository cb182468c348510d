"""The account of a source: no character is missing, none stands twice."""

from __future__ import annotations

import pytest

from jianbao.account import check_partition
from jianbao.errors import JianbaoError
from jianbao.models import Span


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        pytest.param([(0, 2)], "'丙' is in no article", id="one is missing"),
        pytest.param([(0, 4), (2, 4)], "stands in two places", id="one stands twice"),
        pytest.param([], "'甲' is in no article", id="all are missing"),
    ],
)
def test_R4_the_sum_is_checked(spans: list[Span], says: str) -> None:
    with pytest.raises(JianbaoError, match=says) as error:
        check_partition("甲乙\n丙", spans, path="a.txt")
    assert error.value.path == "a.txt"


def test_the_line_is_told() -> None:
    with pytest.raises(JianbaoError) as error:
        check_partition("甲乙\n丙", [(0, 2)], path="a.txt")
    assert error.value.line == 2


@pytest.mark.parametrize("text", ["", " \n\u3000", "甲\u200b乙 丙"])
def test_blanks_need_no_account(text: str) -> None:
    spans = [(at, at + 1) for at, char in enumerate(text) if char in "甲乙丙"]
    check_partition(text, spans, path="a.txt")
