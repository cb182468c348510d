"""The search of some articles, made in one go, as the tests look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jianbao.models import Article
from jianbao.publish.search import index_part, make_index, numbered, search_files

PART = 7  # articles; so few that even a small archive is put together from several parts


@dataclass(frozen=True, slots=True)
class Built:
    """The search's files by their path in the site, the folder they stand in, and what is near each article."""

    folder: str
    files: Mapping[str, bytes]
    related: Mapping[str, tuple[Article, ...]]


def build_search(articles: Sequence[Article], *, widen: bool = False, part: int = PART) -> Built:
    ordered = numbered(articles)
    firsts = range(0, len(ordered), part)
    parts = [index_part(ordered[first : first + part], first, widen=widen) for first in firsts]
    index = make_index(ordered, parts)
    related = index.related()
    made = search_files(index)
    return Built(made.folder, made.files, related)
