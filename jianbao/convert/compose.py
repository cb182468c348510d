"""Composing: the blocks of one article become its Markdown body.

Openers, bylines, pointers and closing credits are fields of the article and do not stand in the body; the wording is the source's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jianbao.convert.blocks import Block
from jianbao.convert.credits import read_closing, read_opener
from jianbao.convert.forms import NUMBERED_RE
from jianbao.convert.segment import Draft

# Roles whose words are told in the front matter.
FIELDS = frozenset({"byline", "source_line", "pointer", "closer", "photo_credit", "subtitle"})
# Markdown marks of the source that mean what they say: bold of a lead or an article's number.
BOLD_RE = re.compile(r"\*\*(?=\S)([^*]{1,60}?)(?<=\S)\*\*")
SPECIAL_RE = re.compile(r"([\\`*_\[\]<>&|~])")
# What would begin a heading, list, quotation or rule at the start of a paragraph.
BLOCK_START_RE = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([#>+=-])")


def compose_body(draft: Draft) -> str:
    """The Markdown of an article: paragraphs, `##` headings, captions as 图：…"""
    paragraphs: list[str] = []
    for at, block in enumerate(draft.chain):
        text = body_text(block)
        if not text or block.role in FIELDS:
            continue
        if block.role == "table":
            goes_on = at > 0 and draft.chain[at - 1].role == "table" and bool(paragraphs)
            text = _as_row(text, first=not goes_on)
            paragraphs[-1:] = [f"{paragraphs[-1]}\n{text}"] if goes_on else [*paragraphs[-1:], text]
        elif _is_next_verse(draft.chain, at) and paragraphs:
            paragraphs[-1] += f"  \n{escape(text)}"
        elif at in draft.joined and paragraphs:
            paragraphs[-1] += escape(text, start=False)
        else:
            paragraphs.append(_paragraph(block, text))
    return "\n\n".join(paragraphs)


def _as_row(text: str, *, first: bool) -> str:
    """A row of a table in Markdown; in saved pages and Word files tabs stand between its cells.

    >>> _as_row("驿站\\t碗数", first=True)
    '| 驿站 | 碗数 |\\n|---|---|'
    """
    if "\t" not in text:
        return text
    cells = [escape(cell.strip(), start=False) for cell in text.split("\t")]
    row = f"| {' | '.join(cells)} |"
    return f"{row}\n|{'---|' * len(cells)}" if first else row


def _is_next_verse(chain: Sequence[Block], at: int) -> bool:
    """Whether a line of verse stands below another of its stanza; a hard break keeps it there."""
    return (
        at > 0
        and chain[at].role == chain[at - 1].role == "verse"
        and chain[at].gap == 0
        and chain[at - 1].end < chain[at].start
    )


def body_text(block: Block) -> str:
    """The text of a block without the opener and the closing credit that are fields of the article."""
    text = block.text
    if block.role != "body":
        return text
    if opener := read_opener(text):
        text = text[opener.length :]
    if closing := read_closing(text):
        text = text[: closing.start]
    return text.strip()


def _paragraph(block: Block, text: str) -> str:
    match block.role:
        case "display" | "heading":
            return f"{'###' if _is_lower(text) else '##'} {escape(text, start=False)}"
        case "caption":
            return "图：" + escape(re.sub(r"^图[:：]\s*|^[▲△▼▽◀▶←→↑↓]\s*", "", text), start=False)
    if block.bold:
        return f"**{escape(text, start=False)}**"
    return escape(text)


def _is_lower(text: str) -> bool:
    """（一） is a heading below 一、."""
    return NUMBERED_RE.match(text) is not None and text[0] in "（("


def escape(text: str, *, start: bool = True) -> str:
    """Source text as Markdown that shows it; bold of the source stays bold.

    >>> escape("1. 甲*乙 **第五条** [丙]")
    '1\\\\. 甲\\\\*乙 **第五条** \\\\[丙\\\\]'
    """
    parts: list[str] = []
    done = 0
    for bold in BOLD_RE.finditer(text):
        parts += [
            SPECIAL_RE.sub(r"\\\1", text[done : bold.start()]),
            "**",
            SPECIAL_RE.sub(r"\\\1", bold[1]),
            "**",
        ]
        done = bold.end()
    parts.append(SPECIAL_RE.sub(r"\\\1", text[done:]))
    escaped = "".join(parts)
    return BLOCK_START_RE.sub(_escape_start, escaped) if start else escaped


def _escape_start(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}"
