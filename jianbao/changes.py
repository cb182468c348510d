"""Changes: what a conversion would do to the articles of a source, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Literal

from jianbao.corrections import ACCOUNT, Outcome, Standing
from jianbao.merge import parts_of, plain, sentences_of

PARAGRAPH = "¶"  # what stands for the end of a paragraph


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one file of `content/`. Its rows begin with `-` for what would go and `+` for what would come."""

    path: str  # below content/
    kind: Literal["new", "changed", "gone"]
    rows: tuple[str, ...] = ()  # empty where only the account changes: spans and checksums

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def changes_of(standing: Standing, outcome: Outcome) -> Iterator[Change]:
    """The articles that would come, change or go, in the order of their paths."""
    for path in sorted({*outcome.files, *outcome.gone}):
        was, data = standing.files.get(path), outcome.files.get(path)
        if data is None:
            yield Change(path, "gone", tuple(_rows(was, None)))
        elif was is None:
            yield Change(path, "new", tuple(_rows(None, data)))
        elif was != data:
            yield Change(path, "changed", tuple(_rows(was, data)))


def _rows(was: bytes | None, now: bytes | None) -> Iterator[str]:
    (keys, body), (new_keys, new_body) = (
        parts_of(plain((data or b"").decode("utf-8", "replace"))) for data in (was, now)
    )
    for key in dict.fromkeys([*keys, *new_keys]):
        if key not in ACCOUNT:
            yield from _difference(_lines(keys, key), _lines(new_keys, key))
    yield from _difference(_sentences(body), _sentences(new_body))


def _lines(keys: Mapping[str, str], key: str) -> list[str]:
    return keys.get(key, "").splitlines()


def _sentences(body: str) -> list[str]:
    """Sentences, and a sign for each end of a paragraph."""
    return [one.strip() or PARAGRAPH for one in sentences_of(body.strip("\n"))]


def _difference(was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """What goes and what comes, row by row.

    >>> list(_difference(["一。", "二。"], ["一。", "贰。", "三。"]))
    ['- 二。', '+ 贰。', '+ 三。']
    """
    for kind, first, last, new_first, new_last in SequenceMatcher(
        None, was, now, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            yield from (f"- {one}" for one in was[first:last])
            yield from (f"+ {one}" for one in now[new_first:new_last])
