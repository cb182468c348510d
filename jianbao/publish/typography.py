"""Chinese typography in plain text: which characters are full-width, and punctuation that should be.

Only what is shown is changed here; the archive keeps the text as it was printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

WIDE_FORMS = dict(zip(",:;!?()", "，：；！？（）", strict=True))
BRACKETS = "()"
NARROW_RE = re.compile(f"[{re.escape(''.join(WIDE_FORMS))}]")
# Marks that are as wide as their neighbours: Chinese print and Western print share the code points.
SHARED_MARKS = "“”‘’—…·"
REACH = 40  # characters in which the neighbours of a bracket are looked for: enough for any word
# An address ends at a blank or at Chinese punctuation; marks at its very end belong to the sentence.
ADDRESS_RE = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}://|www\.|mailto:)[^\s，。；：！？、（）《》「」“”‘’]*[^\s，。；：！？、（）《》「」“”‘’,:;!?()]",
    re.IGNORECASE,
)

# A headline breaks at a blank, or after a pause and what closes with it.
PHRASE_RE = re.compile(r"[\s\u3000]+|(?<=[，、：；。！？])(?![，、：；。！？”’」』）】》〉…—])")


# Controls that XML forbids, and those that turn the direction of text, with which an address or a name
# could be made to look like another.
UNSHOWN_RE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """A text without the characters that nobody can see.

    >>> visible("甲\u202e乙")
    '甲乙'
    """
    return UNSHOWN_RE.sub("", text) if UNSHOWN_RE.search(text) else text


def is_wide(char: str) -> bool:
    """Whether a character fills a square: Han, kana, Chinese punctuation, full-width forms.

    >>> [is_wide(char) for char in "字。，A“"]
    [True, True, True, False, False]
    """
    return char != "" and unicodedata.east_asian_width(char) in "WF"


def stands_close(before: str, after: str) -> bool:
    """Whether two characters stand side by side in print when a line ends between them."""
    wide = is_wide(before), is_wide(after)
    shared = before in SHARED_MARKS, after in SHARED_MARKS
    return any(wide) and (wide[0] or shared[0]) and (wide[1] or shared[1])


def cut_phrases(text: str) -> tuple[str, ...]:
    """The phrases of a headline and what stands between them, in turn: phrase, blank or nothing, phrase …

    >>> cut_phrases("一人一策 让新“农人”回得来：三问")
    ('一人一策', ' ', '让新“农人”回得来：', '', '三问')
    >>> cut_phrases("“灯亮了！”")
    ('“灯亮了！”',)
    """
    pieces, end = [], 0
    text = text.strip()
    for pause in PHRASE_RE.finditer(text):
        if end < pause.start() < len(text):
            pieces += [text[end : pause.start()], pause[0]]
            end = pause.end()
    return (*pieces, text[end:])


def widen_punctuation(text: str) -> str:
    """The text with ASCII , : ; ! ? ( ) in full width where they stand in Chinese.

    A mark is widened when the nearest letter on either side is full-width; brackets in pairs, when they
    hold Chinese or follow it. Numbers, Latin sentences and addresses keep their marks.

    >>> widen_punctuation("12:30开幕,世界卫生组织(WHO)到会:3,000人")
    '12:30开幕，世界卫生组织（WHO）到会：3,000人'
    >>> widen_punctuation("Hello, world! https://example.org/?q=1")
    'Hello, world! https://example.org/?q=1'
    """
    return "".join(widen_characters(text)) if NARROW_RE.search(text) else text


def widen_characters(text: str) -> list[str]:
    """As `widen_punctuation`, one string for each character, so that a caller can keep its place.

    The blank beside a widened mark goes: the mark brings its own.
    """
    shown = list(text)
    fixed = {at for address in ADDRESS_RE.finditer(text) for at in range(*address.span())}
    for opening, closing in _pairs(text, fixed):
        if _is_chinese_pair(text, opening, closing):
            _widen(shown, opening)
            _widen(shown, closing)
    before, seen, ahead = (
        "",
        0,
        0,
    )  # the letter before a mark, how far was looked for it, where the next one is
    for at, char in enumerate(text):
        if char in WIDE_FORMS and char not in BRACKETS and at not in fixed:
            before, seen = _letter(reversed(shown[seen:at])) or before, at
            if ahead <= at:
                ahead = next(filter(lambda one: _is_letter(shown[one]), range(at + 1, len(text))), len(text))  # fmt: skip
            if before and (is_wide(before) or is_wide("".join(shown[ahead : ahead + 1]))):
                _widen(shown, at)
    return shown


def _pairs(text: str, fixed: set[int]) -> Iterator[tuple[int, int]]:
    """Positions of brackets that belong together, inner ones first."""
    open_at: list[int] = []
    for at, char in enumerate(text):
        if char == "(" and at not in fixed:
            open_at.append(at)
        elif char == ")" and at not in fixed and open_at:
            yield open_at.pop(), at


def _is_chinese_pair(text: str, opening: int, closing: int) -> bool:
    if any(is_wide(char) for char in text[opening : min(closing, opening + REACH)]):
        return True
    before = _letter(reversed(text[max(0, opening - REACH) : opening]))
    return is_wide(before or _letter(text[closing + 1 : closing + REACH]))


def _letter(chars: Iterable[str]) -> str:
    """The first letter, digit or full-width character; marks and blanks are passed over."""
    return next(filter(_is_letter, chars), "")


def _is_letter(char: str) -> bool:
    return char != "" and (char.isalnum() or is_wide(char))


def _widen(shown: list[str], at: int) -> None:
    shown[at] = WIDE_FORMS[shown[at]]
    for step in (-1, 1):
        beside = at + step
        while 0 <= beside < len(shown) and shown[beside] in ("", " "):
            shown[beside] = ""
            beside += step
