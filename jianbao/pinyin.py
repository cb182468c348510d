"""Pinyin: how Chinese text is read, as pypinyin's dictionaries have it.

They take 0.15 s to load, as long as all else that a build imports; so they are loaded when the first Chinese text is to be
read, not before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence


def syllables(text: str) -> list[str]:
    """Pinyin without tones, a syllable for each Chinese character; what stands between them as it is.

    >>> syllables("梧川日报A3 第2版"), syllables("IMG_2861"), syllables("")
    (['wu', 'chuan', 'ri', 'bao', 'A3 ', 'di', '2', 'ban'], ['IMG_2861'], [])
    """
    if text.isascii():
        return [text] if text else []
    if text in LEARNT:
        return list(LEARNT[text])
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text)


LEARNT: dict[
    str, Sequence[str]
] = {}  # what an earlier run found, so that the dictionaries need not be loaded


def readings(char: str) -> list[str]:
    """All readings of a character, with their tones; none of a character that has no pinyin.

    >>> readings("中"), readings("A")
    (['zhōng', 'zhòng'], [])
    """
    from pypinyin import Style, pinyin

    found = pinyin(char, style=Style.TONE, heteronym=True, errors="ignore")
    return [reading for one in found for reading in one]


def phrases() -> Collection[str]:
    """The 47,000 words and sayings whose reading the dictionary knows."""
    from pypinyin.constants import PHRASES_DICT

    return PHRASES_DICT.keys()
