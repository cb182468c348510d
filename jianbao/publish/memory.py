"""The memory: what a build leaves for the next one, so that only what depends on an edit is made again.

It holds nothing that could not be found again in content/ and site/; without it, or with one that is damaged, everything is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jianbao.models import Article, Credit, Dateline, Evidence, Origin
from jianbao.seal import sealed, unsealed

# What only other fields of `Article` may change in, for a site to keep all its other pages: where an article is listed.
PLACE = ("id", "column", "authors", "date", "publication", "page", "topics", "places", "publish")
# What is counted on the page about the archive, or told in the sitemap.
COUNTED = ("complete", "evidence", "reviewed", "converted")


@dataclass(frozen=True, slots=True)
class Memory:
    """What a site was made of, and how."""

    heads: tuple[
        Article, ...
    ]  # without body and extra keys, in the order of their numbers in the search
    nearest: Sequence[Sequence[int]]  # of each, the numbers of those that are near it
    shown: Mapping[
        str, Sequence[int]
    ]  # address of a page → the numbers of the articles it leads to
    quoting: Sequence[str]  # addresses of the pages that show the beginning of a text
    search_folder: str
    retired: Mapping[str, str]
    readings: Mapping[str, Sequence[str]]  # the pinyin of all names that are listed


def has_kept_its_place(old: Article, new: Article) -> bool:
    """Whether an article is listed where it was, so that of other pages only those change that show it."""
    return all(getattr(old, name) == getattr(new, name) for name in PLACE) and _origin(
        old
    ) == _origin(new)


def _origin(article: Article) -> object:
    return article.source and (article.source.file, article.source.spans)


def is_counted_anew(old: Article, new: Article) -> bool:
    """Whether the counts of the archive change with it."""
    return any(getattr(old, name) != getattr(new, name) for name in COUNTED)


def head_of(article: Article) -> Article:
    """What lists and other pages tell of an article."""
    return replace(article, body="", extra={})


# --- as a file -----------------------------------------------------------------------------------


def pack(memory: Memory, pipeline: Any, key: str) -> bytes:
    """The memory as a file; `pipeline` is what the pipeline has to remember beside it, as JSON knows it.

    Only who has the same key can read it: it stands for the program and for all that every page depends on.
    """
    rows = {
        "heads": [_head_as_row(head) for head in memory.heads],
        "nearest": memory.nearest,
        "shown": dict(memory.shown),
        "quoting": list(memory.quoting),
        "search_folder": memory.search_folder,
        "retired": dict(memory.retired),
        "readings": dict(memory.readings),
        "pipeline": pipeline,
    }
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return sealed(data, key)


def unpack(data: bytes, key: str) -> tuple[Memory, Any] | None:
    """What `pack` was given; None for a file that was damaged, or written with another key."""
    rest = unsealed(data, key)
    if rest is None:
        return None
    rows = json.loads(rest)
    memory = Memory(
        tuple(_head_of_row(*row) for row in rows["heads"]),
        rows["nearest"],
        rows["shown"],
        rows["quoting"],
        rows["search_folder"],
        rows["retired"],
        rows["readings"],
    )
    return memory, rows["pipeline"]


def _head_as_row(head: Article) -> list[Any]:
    origin, line = head.source, head.dateline
    return [
        [head.id, head.title, head.kicker, head.subtitle, head.column],
        [[one.name, one.role] for one in head.authors],
        line and [line.agency, line.place, line.date],
        [head.date, head.publication, head.page, head.topics, head.places],
        [head.script, head.complete],
        {key: [one.status, one.quote] for key, one in head.evidence.items()},
        origin
        and [origin.file, origin.sha256, origin.spans, origin.kind, origin.url, origin.accessed],
        [head.converted, head.reviewed, head.publish],
    ]


def _head_of_row(
    names: list[Any],
    authors: list[list[Any]],
    dateline: list[Any] | None,
    place: list[Any],
    kind: list[Any],
    evidence: dict[str, list[Any]],
    origin: list[Any] | None,
    state: list[Any],
) -> Article:
    name, title, kicker, subtitle, column = names
    date, publication, page, topics, places = place
    script, complete = kind
    converted, reviewed, publish = state
    if origin:
        origin[2] = tuple((start, end) for start, end in origin[2])
    return Article(
        name,
        title,
        kicker,
        subtitle,
        column,
        tuple(Credit(*one) for one in authors),
        Dateline(*dateline) if dateline else None,
        date,
        publication,
        page,
        tuple(topics),
        tuple(places),
        script,
        complete,
        {key: Evidence(*one) for key, one in evidence.items()},
        Origin(*origin) if origin else None,
        converted,
        reviewed,
        publish,
    )
