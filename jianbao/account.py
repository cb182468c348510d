"""The account of a source: every character that is not blank stands in exactly one span of an article or of the furniture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jianbao.errors import JianbaoError
from jianbao.models import Span, is_blank


def join_spans(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Spans in reading order; neighbours with only blanks between are one.

    >>> list(join_spans([(0, 1), (2, 3), (5, 6), (3, 4)], "甲 乙丙 丁"))
    [(0, 3), (5, 6), (3, 4)]
    """
    current: Span | None = None
    for start, end in spans:
        if current and current[1] <= start and not text[current[1] : start].strip():
            current = (current[0], end)
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def check_partition(text: str, spans: Iterable[Span], *, path: str) -> None:
    """Whether the spans hold every character of a source that is not blank, each once; `path` is the source's.

    Raises:
        JianbaoError: one is missing or stands twice; nothing may be written then.
    """
    done = 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        if start < done:
            raise _unaccounted(text, start, path, "stands in two places")
        for offset in range(done, start):
            if not is_blank(text[offset]):
                raise _unaccounted(text, offset, path, "is in no article")
        done = end


def _unaccounted(text: str, offset: int, path: str, says: str) -> JianbaoError:
    return JianbaoError(
        f"the character {text[offset]!r} {says}",
        path=path,
        line=text.count("\n", 0, offset) + 1,
        hint="This is a fault of Jianbao's; nothing of this file was written. Please report the line.",
    )
