"""Every promise of docs/trust.md is held by a test that begins with its id, and every id of a test is promised there."""

from __future__ import annotations

import re

from tests.torture import PROPERTIES
from tests.trust.small_archive import ROOT

ROWS = {f"R{number}" for number in range(1, 13)} | {f"S{number}" for number in range(1, 18)}
FUZZED = {name.removeprefix("test_").rstrip("_") for name in PROPERTIES}


def ids_of_tests() -> set[str]:
    texts = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {one for text in texts for one in re.findall(r"^def test_([RSF]\d+)_", text, re.MULTILINE)}  # fmt: skip


def test_every_row_has_a_test_and_every_test_its_row() -> None:
    assert ids_of_tests() == ROWS | FUZZED


def test_every_row_is_told_in_the_document() -> None:
    page = (ROOT / "docs" / "trust.md").read_text("utf-8")
    assert set(re.findall(r"^\| ([RS]\d+) \|", page, re.MULTILINE)) == ROWS
    assert {one for one in FUZZED if re.search(rf"\b{one}\b", page)} == FUZZED
