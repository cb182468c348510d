"""The three-way merge: a person's corrections and a better conversion, both kept.

The base is what the converter wrote last, `ours` what a person made of it, `theirs` what the converter writes today. Front matter is
merged key by key, the body sentence by sentence (a paragraph is one line, so lines would be too coarse). Where the two
changed the same thing differently the person's words stay, and both are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from jianbao.content import FRONT_MATTER_RE

# A sentence ends with its mark and the closing ones behind it, a heading or caption with its line.
SENTENCE_RE = re.compile(r"[^。！？；\n]*(?:[。！？；]+[”’」』）)》】]*|\n+|\Z)")
KEY_RE = re.compile(r"^([^\s#:][^:]*):", re.MULTILINE)
QUOTED = 60  # characters of a version that a message tells
HEAD = ""  # comments above the first key


class Clash(NamedTuple):
    """One thing that both changed, differently: the key, or `body`, and what each of the two made of it."""

    where: str
    ours: str
    theirs: str


def quoted(text: str, nothing: str) -> str:
    """What one of the two made of a thing, shortened for a message.

    >>> quoted("title: 渡口\\n", "（无）"), quoted("", "nothing")
    ('“title: 渡口”', 'nothing')
    """
    line = " ".join(text.split())
    return f"“{line[:QUOTED]}{'…' * (len(line) > QUOTED)}”" if line else nothing


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged file, and where the person's words were kept against the conversion's."""

    text: str
    clashes: tuple[Clash, ...] = ()


def merge(base: str, ours: str, theirs: str) -> Merged:
    """The person's file with what the conversion changed since, in the person's own line ends and byte order mark.

    >>> merge("---\\nid: a\\ntitle: 甲\\n---\\n\\n一。二。\\n", "---\\nid: a\\ntitle: 乙\\n---\\n\\n一。二。\\n",
    ...       "---\\nid: a\\ntitle: 甲\\n---\\n\\n一。三。\\n").text
    '---\\nid: a\\ntitle: 乙\\n---\\n\\n一。三。\\n'
    """
    if base == theirs or ours == theirs:
        return Merged(ours)
    if base == ours:
        return Merged(theirs)
    mine = plain(ours)
    parts = [parts_of(text) for text in (base, mine, theirs)]
    if parts[0][0] and not parts[1][0]:
        return Merged(ours, (Clash("front matter", "", theirs),))
    head, clashes = _merge_keys(*(keys for keys, _ in parts))
    body, more = _merge_sentences(*(sentences_of(body.rstrip("\n")) for _, body in parts))
    end = mine[len(mine.rstrip("\n")) :]
    text = (f"---\n{head}---\n" if head else "") + body.rstrip("\n") + end
    return Merged(as_saved(text, ours), (*clashes, *more))


def plain(text: str) -> str:
    """A file as its editor saved it, without byte order mark, all line ends `\\n`."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def as_saved(text: str, like: str) -> str:
    """A plain text with the byte order mark and the line ends of another.

    >>> as_saved("一\\n", "\\ufeff二\\r\\n")
    '\\ufeff一\\r\\n'
    """
    mark = "\ufeff" if like.startswith("\ufeff") else ""
    return mark + text.replace("\n", "\r\n" if "\r\n" in like else "\n")


def parts_of(text: str) -> tuple[dict[str, str], str]:
    """Front matter by its top-level keys, each with the lines it stands in, and the body; line ends are `\\n`.

    >>> parts_of("---\\nid: a\\ntopics:\\n  - 水利\\n---\\n\\n渡口。\\n")
    ({'': '', 'id': 'id: a\\n', 'topics': 'topics:\\n  - 水利\\n'}, '\\n渡口。\\n')
    """
    found = FRONT_MATTER_RE.match(text)
    if found is None:
        return {}, text
    front = found[1]
    starts = [key.start() for key in KEY_RE.finditer(front)]
    keys = {HEAD: front[: starts[0]] if starts else front}
    for start, end in zip(starts, [*starts[1:], len(front)], strict=True):
        lines = front[start:end]
        keys[lines.partition(":")[0].strip()] = lines
    return keys, text[found.end() :]


def _merge_keys(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> tuple[str, tuple[Clash, ...]]:
    """The person's keys in the person's order, with those that only the conversion changed; new ones where it has them."""
    merged: dict[str, str] = {}
    clashes = []
    for key in _order(ours, theirs):
        was, mine, new = base.get(key), ours.get(key), theirs.get(key)
        if mine in (was, new):
            chosen = new
        else:
            chosen = mine
            if new != was:
                clashes.append(Clash(key, mine or "", new or ""))
        if chosen is not None:
            merged[key] = chosen
    return "".join(merged.values()), tuple(clashes)


def _order(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """The person's keys, each new one of the conversion behind the key it stands behind there."""
    order = list(ours)
    above = HEAD
    for key in theirs:
        if key not in ours:
            order.insert(order.index(above) + 1 if above in order else len(order), key)
        above = key
    return order


def sentences_of(body: str) -> list[str]:
    """The body as sentences, each with all that stands behind it up to the next; joined they are the body.

    >>> sentences_of("一。“二！”\\n\\n三")
    ['一。', '“二！”', '\\n\\n', '三']
    """
    return [piece[0] for piece in SENTENCE_RE.finditer(body) if piece[0]]


def _merge_sentences(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> tuple[str, tuple[Clash, ...]]:
    merged: list[str] = []
    clashes = []
    for was, mine, new in _stretches(base, ours, theirs):
        together = _together(was, mine, new)
        if together is None:
            clashes.append(Clash("body", "".join(mine), "".join(new)))
        merged += mine if together is None else together
    return "".join(merged), tuple(clashes)


def _together(was: Sequence[str], mine: Sequence[str], new: Sequence[str]) -> Sequence[str] | None:
    """What two made of a stretch, as far as both can stand: one of them left it, or changed other sentences of it, or added to
    one end. None when they clash.

    >>> _together(["一。", "二。"], ["壹。", "二。"], ["一。", "贰。"]), _together(["一。"], ["一。", "加。"], ["壹。"])
    (['壹。', '贰。'], ['壹。', '加。'])
    """
    if mine in (was, new):
        return new
    if new == was:
        return mine
    if len(was) == len(mine) == len(new):
        rows = list(zip(was, mine, new, strict=True))
        if any(base not in (one, other) for base, one, other in rows):
            return None
        return [other if one == base else one for base, one, other in rows]
    for longer, other in ((mine, new), (new, mine)):
        if was and longer[: len(was)] == was:
            return [*other, *longer[len(was) :]]
        if was and longer[-len(was) :] == was:
            return [*longer[: -len(was)], *other]
    return None


Stretch = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _stretches(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[Stretch]:
    """The three texts cut where all of them agree: stretches that are the same in all, and what stands between them.

    As diff3 does (Khanna, Kunal and Pierce, A Formal Investigation of Diff3, 2007).
    """
    mine, new = _partners(base, ours), _partners(base, theirs)
    done = (0, 0, 0)
    for at, sentence in enumerate(base):
        if at in mine and at in new:
            here = (at, mine[at], new[at])
            yield base[done[0] : at], ours[done[1] : here[1]], theirs[done[2] : here[2]]
            yield [sentence], [sentence], [sentence]
            done = (at + 1, here[1] + 1, here[2] + 1)
    yield base[done[0] :], ours[done[1] :], theirs[done[2] :]


def _partners(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Sentence of the base → the same sentence of another text, in order."""
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + at: block.b + at
        for block in matcher.get_matching_blocks()
        for at in range(block.size)
    }
