"""Copies: the files of a source as a person left them, and which article of the last conversion each of them is.

A file is known by the id in its front matter, wherever it was moved and whatever it is called; where that says nothing, by its
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jianbao.merge import parts_of, plain

STATED_ID_RE = re.compile(r"""^id:[ \t]*['"]?([a-z0-9-]+)['"]?[ \t]*(?:#.*)?$""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Copy:
    """One file. A `whole` one can only be kept as it is: it is no text, has no front matter, or what it was made from is lost."""

    path: str  # below content/
    raw: bytes
    whole: bool = False

    @property
    def text(self) -> str:
        """As its editor saved it."""
        return self.raw.decode("utf-8", "replace")

    @property
    def head(self) -> dict[str, str]:
        """Its front matter: key → the lines it stands in."""
        return parts_of(plain(self.text))[0]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return paragraphs_of(self.text)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of the body of a file.

    >>> paragraphs_of("---\\nid: a\\n---\\n\\n渡口。\\n\\n\\n灯亮了。\\n")
    ('渡口。', '灯亮了。')
    """
    return (
        tuple(re.split(r"\n{2,}", body)) if (body := parts_of(plain(text))[1].strip("\n")) else ()
    )


def stated_id(text: str) -> str | None:
    """The id in a front matter, be the rest of it broken.

    >>> stated_id("---\\nid: 'a-01'  # bleibt\\ntitle: [\\n---\\n"), stated_id("id: a-01\\n")
    ('a-01', None)
    """
    found = STATED_ID_RE.search(parts_of(plain(text))[0].get("id", ""))
    return found[1] if found else None


def match_copies(
    files: Mapping[str, bytes], bases: Mapping[str, str], usual: Mapping[str, str]
) -> dict[str, Copy]:
    """Key → file. The key is the id of the article of `bases` (id → text) that a file was, or its own id, or its path.

    `usual` is the path at which an article was written.
    """
    found: dict[str, Copy] = {}
    left = []
    for path, copy in _usual_first(files, usual):
        key = stated_id(copy.text)
        if key and key in bases and key not in found:
            found[key] = copy
        else:
            left.append((path, copy))
    by_path = {path: key for key, path in usual.items() if key in bases and key not in found}
    for path, copy in left:
        own = stated_id(copy.text)
        key = by_path.get(path) or (own if own and own not in found else path)
        found[key] = copy
    return found


def _usual_first(
    files: Mapping[str, bytes], usual: Mapping[str, str]
) -> Iterator[tuple[str, Copy]]:
    """The files, those at the place of the article whose id they state before copies of them elsewhere."""
    rows = []
    for path, raw in files.items():
        text = raw.decode("utf-8", "replace")
        is_text = text.encode() == raw and bool(parts_of(plain(text))[0])
        rows.append((usual.get(stated_id(text) or "") != path, path, Copy(path, raw, not is_text)))
    return ((path, copy) for _, path, copy in sorted(rows, key=lambda row: row[:2]))
