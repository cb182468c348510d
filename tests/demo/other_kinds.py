"""The demo's sources that are no text: a saved page and a Word file, made from the stories in `kinds/`."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jianbao.yaml_guard import dump_yaml, load_yaml
from tests.typesetter.stories import Piece, body_markdown, read_strips
from tests.word_files import Part, make_docx

KINDS = Path(__file__).parent / "kinds"


def read_stories() -> list[dict[str, Any]]:
    """The stories as written down."""
    paths = sorted(KINDS.glob("*.yaml"))
    return [load_yaml(path.read_text(encoding="utf-8"), path=path.name) for path in paths]


def make_other_kinds(sources: Path) -> Iterator[tuple[Path, bytes]]:
    """Each file with its bytes, and what its maintainer states of it."""
    for story in read_stories():
        path = sources / story["file"]
        yield path, MAKERS[path.suffix](story)
        yield path.with_name(path.name + ".yaml"), dump_yaml(story["sidecar"]).encode()


def pieces_of(story: Mapping[str, Any]) -> tuple[Piece, ...]:
    """The paragraphs of a story with their roles; the rows of a table are one."""
    [strip] = read_strips(story["text"])
    return strip


def body_of(story: Mapping[str, Any]) -> str:
    """The ideal body of the article, as Markdown."""
    shown = [
        Piece("body", _with_rule(one.text)) if one.role == "table" else one
        for one in pieces_of(story)
    ]
    return body_markdown([(0, shown)])


def _with_rule(table: str) -> str:
    head, *rows = table.split("\n")
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows])


def make_page(story: Mapping[str, Any]) -> bytes:
    """A saved page: paragraphs with the indents and line breaks of an editor of 2003."""
    lines = [SHOWN.get(one.role, SHOWN["body"]).format(html.escape(one.text)) for one in pieces_of(story)]  # fmt: skip
    page: str = story["frame"].format(title=story["title"], body="\n".join(lines))
    return page.encode(story["encoding"])


SHOWN = {
    "body": "&nbsp;&nbsp;&nbsp;&nbsp;{}<br><br>",
    "heading": "<p align=center><strong>{}</strong></p>",
    "caption": '<p align=center><img src="3201_1.jpg"></p><p align=center>{}</p>',
}


def make_manuscript(story: Mapping[str, Any]) -> bytes:
    """A Word file with the styles of its headings."""
    parts: list[Part] = [
        ("header", story["header"]),
        ("Title", story["title"]),
        ("Subtitle", story["subtitle"]),
        ("Normal", story["byline"]),
    ]
    for one in pieces_of(story):
        if one.role == "table":
            parts.append(("table", [_cells(row) for row in one.text.split("\n")]))
        else:
            parts.append(("Heading 1" if one.role == "heading" else "Normal", one.text))
    return make_docx(parts)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


MAKERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    ".html": make_page,
    ".docx": make_manuscript,
}
