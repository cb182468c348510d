"""Names in the order of a Chinese dictionary: by the first letter of their pinyin, then by its letters."""

from __future__ import annotations

from collections.abc import Iterable

from jianbao.pinyin import syllables

# As a surname these are read otherwise than as a word; the reading decides under which letter a person is looked for.
SURNAMES = {
    "单": "shan", "單": "shan", "曾": "zeng", "仇": "qiu", "查": "zha", "解": "xie", "区": "ou", "區": "ou",
    "乐": "yue", "樂": "yue", "种": "chong", "折": "she", "秘": "bi", "繁": "po", "召": "shao", "覃": "qin",
    "翟": "zhai", "尉迟": "yu", "尉遲": "yu", "长孙": "zhang", "長孫": "zhang", "万俟": "mo", "萬俟": "mo",
}  # fmt: skip
OTHERS = "…"  # stands for the letter of names that begin with none; sorts after all letters


def by_pinyin(names: Iterable[str], *, of_people: bool = False) -> dict[str, list[str]]:
    """Letter → the names that begin with it, in order; last those that begin with no letter.

    >>> by_pinyin(["张三", "曾巩", "3号桥", "单雄信"], of_people=True)
    {'S': ['单雄信'], 'Z': ['曾巩', '张三'], '…': ['3号桥']}
    """
    letters: dict[str, list[str]] = {}
    for reading, name in sorted((_reading(name, of_people), name) for name in names):
        first = reading[:1].upper()
        letters.setdefault(first if "A" <= first <= "Z" else OTHERS, []).append(name)
    return dict(sorted(letters.items()))


def _reading(name: str, of_person: bool) -> str:
    surname = next((one for one in (name[:2], name[:1]) if one in SURNAMES), None)
    if of_person and surname and len(name) > len(surname):
        return " ".join([SURNAMES[surname], *syllables(name[1:])]).lower()
    return " ".join(syllables(name)).lower()
