"""Bylines: who wrote a story, in every form print has for it (署名).

A form says where it stands and is filled with names: `a` reporters 记者, `b` correspondents 通讯员, `c` people whose
role is not printed, `d` photographers. Marks in ASCII are up to the look.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jianbao.models import Credit, Dateline
from tests.typesetter.casts import Town

Stand = Literal["opener", "head", "end", "closer", "none"]

ROLES: Mapping[str, str | None] = {"a": "记者", "b": "通讯员", "c": None, "d": "摄影"}
NAME_RE = re.compile(r"\{([abcd]+)\}")
# How often a single name of two characters is set as wide as three: 王 帆.
WIDE = 0.08
# How often no blank stands between the role and the name: （记者张三 李四）.
COMPACT = 0.25


@dataclass(frozen=True, slots=True)
class Byline:
    """What is printed, where it stands, and what it says."""

    stand: Stand
    text: str = ""
    authors: tuple[Credit, ...] = ()
    dateline: Dateline | None = None


# Genre → (weight, where it stands, form). Letters in braces are names, one for each letter.
# Weights: 23 credits of the five real pages, other forms of the trade added with a small weight.
FORMS: Mapping[str, tuple[tuple[int, Stand, str], ...]] = {
    "news": (
        (20, "opener", "本报讯（记者 {a}）"),
        (14, "opener", "本报讯（记者 {a} 通讯员 {bb}）"),
        (8, "opener", "本报讯（记者 {a} 通讯员 {b}）"),
        (6, "opener", "本报讯 （记者 {a} 通讯员 {b}）"),
        (8, "opener", "本报讯（通讯员 {b} 记者 {a}）"),
        (3, "opener", "本报讯（通讯员 {b}）"),
        (2, "opener", "{paper}讯（记者 {aa}）"),
        (5, "end", "本报讯|（{c}）"),
        (3, "end", "本报讯|（{cc}）"),
        (6, "opener", "本报讯"),
        (3, "end", "|（{c}）"),
        (3, "end", "|（记者 {a}）"),
        (5, "head", "本报记者 {a}"),
        (3, "head", "■本报记者 {a} 通讯员 {b}"),
        (2, "head", "记者 {a} 通讯员 {b}/文 {b}/图"),
        (3, "none", ""),
    ),
    "dispatch": (
        (6, "opener", "本报{place}{date}电（记者 {a}）"),
        (5, "opener", "本报{place}{date}电（记者 {aa}）"),
        (3, "opener", "本报{place}{date}电（通讯员 {b} 记者 {a}）"),
        (3, "opener", "新华社{place}{date}电（记者{aa}）"),
        (2, "opener", "新华社{place}{date}电"),
    ),
    "feature": (
        (6, "head", "本报记者 {a}"),
        (4, "head", "■文/图 本报记者 {a}"),
        (3, "head", "■文/本报记者 {a}"),
        (3, "head", "{paper}记者 {a} 通讯员/{bb}"),
        (2, "head", "记者 {a} 通讯员 {b}/文 {b}/图"),
        (3, "head", "本报记者 {a} 文/图"),
        (3, "head", "本报记者 {a} 摄影报道"),
        (2, "head", "○{c}"),
        (2, "head", "□ 本报记者 {aa}"),
        (2, "head", "本报见习记者 {a}"),
        (2, "end", "|（本报记者 {a}）"),
        (3, "closer", "（新华社{place}{date}电）"),
        (2, "none", ""),
    ),
    "essay": (
        (5, "head", "{c}"),
        (2, "head", "○{c}"),
        (2, "head", "□{c}"),
        (4, "end", "|（{c}）"),
    ),
    "photo": (
        (4, "end", "|（{d} 摄）"),
        (4, "end", "|本报记者 {a} 摄"),
        (3, "end", "|新华社发（{d} 摄）"),
        (2, "end", "|通讯员 {b} 摄"),
    ),
    "brief": ((4, "opener", "本报讯（记者 {a}）"), (2, "end", "|（{c}）"), (2, "none", "")),
    "world": ((1, "none", ""),),
}
# A role a form prints more exactly than its letter says.
EXACT_ROLES = {"见习记者": "见习记者"}


def draw_byline(town: Town, genre: str, rng: random.Random) -> Byline:
    """A byline as stories of a genre have it; an opener that ends elsewhere is split by a bar."""
    forms = FORMS.get(genre, ((1, "none", ""),))
    _, stand, form = rng.choices(forms, [weight for weight, _, _ in forms])[0]
    compact = rng.random() < COMPACT
    authors: list[Credit] = []

    def names(found: re.Match[str]) -> str:
        drawn = [_draw_author(town, letter, form, rng) for letter in found[1]]
        authors.extend(drawn)
        shown = [one.name for one in drawn]
        wide = len(shown) == 1 and len(shown[0]) == 2 and rng.random() < WIDE
        return " ".join(shown[0]) if wide else " ".join(shown)

    text = NAME_RE.sub(names, re.sub(r"(?<=者|员) (?=\{)", "", form) if compact else form)
    place, date = _draw_place(town, rng), _day_before(town.issue)
    text = text.replace("{paper}", town.paper).replace("{place}", place).replace("{date}", date)
    return Byline(stand, text, tuple(authors), _dateline(text, town, place, date))


def _draw_author(town: Town, letter: str, form: str, rng: random.Random) -> Credit:
    foreign = "新华社发" in form and rng.random() < 0.5
    name = town.draw_foreigner() if foreign else town.draw_name()
    role = next((exact for exact in EXACT_ROLES if exact in form), ROLES[letter])
    return Credit(name, role)


def _draw_place(town: Town, rng: random.Random) -> str:
    near = [one[:2] for one in town.places["district"] if len(one) == 3]
    return rng.choice([town.city, *near])


def _day_before(day: datetime.date) -> str:
    before = day - datetime.timedelta(1)
    return f"{before.month}月{before.day}日"


def _dateline(text: str, town: Town, place: str, date: str) -> Dateline | None:
    """What an opener or a closing line says of its sender."""
    agency = next((one for one in ("新华社", town.paper, "本报") if one in text), None)
    if f"{date}电" in text:
        return Dateline(agency, place, date)
    if re.match(rf"(?:本报|{town.paper})讯", text):
        return Dateline(agency)
    return Dateline("新华社") if "新华社发" in text else None
