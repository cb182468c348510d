"""What a page says of itself: its publication, its day of issue, its number, and how sure that is."""

from __future__ import annotations

import json

import pytest

from jianbao.config import Known, load_config
from jianbao.convert.blocks import make_blocks
from jianbao.convert.masthead import Masthead, dates_in, read_masthead
from jianbao.convert.traced import trace
from jianbao.models import STATED_BY_PERSON, Finding
from tests.specimens import Specimen, each

FACTS = {"publication": "publication", "date": "issue_date", "number": "page"}


@each("mastheads")
def test_masthead(specimen: Specimen) -> None:
    masthead = read(specimen)
    for key, field in FACTS.items():
        value, status = specimen.get(key, [None, "unknown"])
        found: Finding = getattr(masthead, field)
        value = tuple(value) if isinstance(value, list) else value
        assert (key, found.value, found.status) == (key, value, status)


@each("mastheads", known_failures=False)
def test_what_is_found_has_evidence_that_stands_on_the_page(specimen: Specimen) -> None:
    page = "\n\n".join(specimen["page"])
    for finding in (read(specimen).publication, read(specimen).page):
        if finding.value is None:
            assert finding.evidence == ""
        else:
            assert finding.evidence == STATED_BY_PERSON or finding.evidence in page


def read(specimen: Specimen) -> Masthead:
    publications = json.dumps({"publications": specimen.get("publications", [])})
    return read_masthead(
        make_blocks(trace("\n\n".join(specimen["page"]))),
        Known(**specimen.get("known", {})),
        load_config(publications, path="config.yaml").publications,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020年",
        "2020年6月",
        "6月18日",
        "2020年13月1日",
        "2020年2月30日",
        "二〇二〇年六月",
        "电话2020-6",
    ],
)
def test_no_day(text: str) -> None:
    assert list(dates_in(text)) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020年6月18日", "2020-06-18"),
        ("2020 年 6 月 18 日", "2020-06-18"),
        ("2020/06/18", "2020-06-18"),
        ("2020.6.18", "2020-06-18"),
        ("2020-02-29", "2020-02-29"),
        ("二○二〇年六月十八日", "2020-06-18"),
        ("二零二零年十月二十日", "2020-10-20"),
        ("一九九九年十一月三十日", "1999-11-30"),
    ],
)
def test_a_day_written_in_full(text: str, day: str) -> None:
    assert [found for found, _ in dates_in(text)] == [day]
