"""The other script: simplified text in traditional characters and the reverse, by OpenCC, when the site is built.

A page holds the text as printed and, in an attribute, only the characters that differ; the browser puts them in when a reader
wishes it (assets/article.js).
"""

from __future__ import annotations

import html
import re
from functools import cache
from itertools import chain, compress, count, pairwise
from operator import ne

import opencc

from jianbao.models import Script

OTHER: dict[Script, Script] = {"Hans": "Hant", "Hant": "Hans"}
TABLES: dict[Script, str] = {"Hans": "s2t", "Hant": "t2s"}
TAG_RE = re.compile(r"<[^>]*>")  # markdown-it writes every other > as &gt;


def differences(text: str, script: Script) -> str:
    """What to put in so that a text in `script` reads in the other one: before each character how many stay as they are.

    >>> differences("发展头发", "Hans"), differences("开幕", "Hans"), differences("山水", "Hans")
    ('0發1頭0髮', '0開', '')
    """
    other = _converted(text, script)
    if other == text:
        return ""
    places = compress(count(), map(ne, text, other))
    return "".join(f"{at - before - 1}{other[at]}" for before, at in pairwise(chain((-1,), places)))


def words_of_html(markup: str) -> str:
    """The text of a piece of HTML, as a browser's `textContent` has it.

    >>> words_of_html('<p>甲&amp;<b>乙</b></p>')
    '甲&乙'
    """
    return html.unescape(TAG_RE.sub("", markup))


def _converted(text: str, script: Script) -> str:
    """The text in the other script, character for character: by its words, or where these change its length one by one."""
    converter = _converter(TABLES[script])
    whole: str = converter.convert(text)
    if len(whole) == len(text):
        return whole
    single = {char: converter.convert(char) for char in dict.fromkeys(text)}
    return "".join(other if len(other := single[char]) == 1 else char for char in text)


@cache
def _converter(tables: str) -> opencc.OpenCC:
    return opencc.OpenCC(tables)
