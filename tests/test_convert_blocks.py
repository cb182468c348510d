"""Every paragraph of a page and the one role it plays."""

from __future__ import annotations

import re

from jianbao.convert.blocks import make_blocks
from jianbao.convert.repair import repair
from jianbao.convert.roles import RULES
from jianbao.convert.traced import trace
from tests.specimens import Specimen, each, read_specimens

WHOLLY_BOLD_RE = re.compile(r"^\*\*([^*]+)\*\*$")


@each("roles")
def test_roles(specimen: Specimen) -> None:
    printed = [(role, text) for one in specimen["page"] for role, text in one.items()]
    blocks = make_blocks(trace("\n\n".join(text for _, text in printed)))
    assert [(block.role, block.text) for block in blocks] == [
        (role, WHOLLY_BOLD_RE.sub(r"\1", line.lstrip("# ")))
        for role, text in printed
        for line in text.splitlines()
    ]


def test_every_role_of_the_table_is_shown() -> None:
    shown = {
        role for specimen in read_specimens("roles") for one in specimen["page"] for role in one
    }
    assert {role for role, _ in RULES} - shown == set()


def test_a_page_without_text_has_no_blocks() -> None:
    assert make_blocks(trace("")) == make_blocks(trace(" \n\u3000\n\ufeff\u200b")) == []


def test_spans_count_characters_of_the_source_not_of_the_repaired_text() -> None:
    source = "\u202e⽂明城市\n\n青禾市昨天\u202c开会。"
    traced, _ = repair(source)
    blocks = make_blocks(traced)
    assert [(one.text, source[slice(*one.span)]) for one in blocks] == [
        ("文明城市", "\u202e⽂明城市"),
        ("青禾市昨天开会。", "青禾市昨天\u202c开会。"),
    ]
