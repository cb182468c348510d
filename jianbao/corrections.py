"""Corrections: what becomes of the files of one source when it is converted anew, and a person has been at work on them.

Nothing here touches a folder: what stands there comes in, what is to stand there goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jianbao.merge import Clash, merge, sentences_of

Texts = Mapping[str, str]  # file name → text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the folder of a source is to hold, and what a person ought to hear."""

    files: Mapping[str, bytes]  # those to be written
    deleted: tuple[str, ...] = ()  # by a person; they stay so
    clashes: tuple[
        tuple[str, Clash], ...
    ] = ()  # the file, and what its person and the conversion both changed
    refused: tuple[
        str, ...
    ] = ()  # files that were corrected while the page was cut otherwise: nothing is written


def reconcile(base: Texts, standing: Mapping[str, bytes], new: Texts) -> Outcome:
    """The files of a source: what the converter wrote last, what stands there now, and what it writes today.

    A file that nobody touched becomes today's; in one that was corrected the two are merged (`merge`); one that was deleted
    stays deleted. Where the page is cut into other articles than before, corrections have no place to go to yet: then the
    corrected files are named in `refused`, and nothing is to be written.

    >>> text = "---\\nid: a\\ntitle: 甲\\n---\\n\\n一。二。\\n"
    >>> own = text.replace("一。", "壹。").encode()
    >>> reconcile({"01.md": text}, {"01.md": own}, {"01.md": text.replace("二。", "三。")}).files["01.md"].decode()
    '---\\nid: a\\ntitle: 甲\\n---\\n\\n壹。三。\\n'
    """
    corrected = tuple(
        name
        for name in sorted(base.keys() | (new.keys() & standing.keys()))
        if standing.get(name) != base.get(name, "").encode()
    )
    if corrected and new != base and not _are_the_same_articles(base, new):
        return Outcome({}, refused=corrected)
    files = {name: text.encode() for name, text in new.items() if name not in corrected}
    clashes: list[tuple[str, Clash]] = []
    for name in corrected:
        if name in standing and base[name] != new[name]:
            files[name], found = _merged(base[name], standing[name], new[name])
            clashes += [(name, clash) for clash in found]
    deleted = tuple(name for name in corrected if name not in standing)
    return Outcome(files, deleted, tuple(clashes))


def _merged(base: str, standing: bytes, new: str) -> tuple[bytes, tuple[Clash, ...]]:
    try:
        ours = standing.decode("utf-8")
    except UnicodeDecodeError:
        return standing, (Clash("file", "which is no text", "what the page says today"),)
    outcome = merge(base, ours, new)
    return outcome.text.encode(), outcome.clashes


def _are_the_same_articles(base: Texts, new: Texts) -> bool:
    """Whether every file holds the article that it held before: it shares more with that than with any other."""
    if base.keys() != new.keys():
        return False
    sentences = {name: Counter(sentences_of(text)) for name, text in base.items()}
    for name, text in new.items():
        today = Counter(sentences_of(text))
        shared = {one: (today & counts).total() for one, counts in sentences.items()}
        if shared[name] < max(shared.values()):
            return False
    return True
