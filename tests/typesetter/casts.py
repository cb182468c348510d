"""Casts: who and what a story is about, and its sentences filled from that.

All names are put together by rule; the words of a field of life and the sentences stand in `fields.yaml` and
`sentences.yaml`. A story keeps to its cast, so its paragraphs share names and rare words, as news does.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from jianbao.yaml_guard import load_yaml

Item = TypeVar("Item")

HERE = Path(__file__).parent
SLOT_RE = re.compile(r"\{(\w+)\}")
CHOICE_RE = re.compile(r"\[([^\[\]]*)\]")


class Deck(Generic[Item]):
    """Cards drawn one after another; none comes twice before all have come."""

    def __init__(self, cards: Iterable[Item], rng: random.Random) -> None:
        self.cards, self.rng = list(cards), rng
        self.left: list[Item] = []

    def draw(self) -> Item:
        if not self.left:
            self.left = self.rng.sample(self.cards, len(self.cards))
        return self.left.pop()

    def deal(self, count: int) -> list[Item]:
        """Different cards, so many or all there are."""
        hand: list[Item] = []
        while len(hand) < min(count, len(self.cards)):
            card = self.draw()
            if card not in hand:
                hand.append(card)
        return hand


@cache
def read_fields() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Field → kind of word → words."""
    data = _read("fields.yaml")
    return {
        name: {
            kind: tuple(words.split("|" if kind == "sayings" else None))
            for kind, words in kinds.items()
        }
        for name, kinds in data.items()
    }


@cache
def read_sentences() -> Mapping[str, tuple[str, ...]]:
    """Part in a story → the sentences that can play it."""
    return {kind: tuple(sentences) for kind, sentences in _read("sentences.yaml").items()}


@cache
def names(kind: str) -> tuple[str, ...]:
    """What names of a kind are put together from.

    >>> names("papers")
    ('日报', '晚报', '日报', '日报')
    """
    return tuple(_read("names.yaml")[kind].split())


@cache
def _countries() -> Mapping[str, tuple[str, ...]]:
    return {
        country: tuple(towns.split()) for country, towns in _read("names.yaml")["abroad"].items()
    }


@cache
def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = load_yaml((HERE / name).read_text(encoding="utf-8"), path=name)
    return data


@dataclass(slots=True)
class Town:
    """An invented city with its paper on one day, and what its page has used up so far."""

    rng: random.Random
    city: str
    paper: str
    issue: datetime.date
    places: Mapping[str, Sequence[str]]
    decks: dict[tuple[str, str], Deck[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def deck(self, owner: str, kind: str, cards: Sequence[str]) -> Deck[str]:
        """The deck of this page for the words of a field, or for sentences."""
        return self.decks.setdefault((owner, kind), Deck(cards, self.rng))

    def draw_name(self) -> str:
        """A person nobody else on the page is called like."""
        while True:
            name = self.rng.choice(names("surnames")) + "".join(
                self.rng.choices(names("given"), k=self.rng.choice((1, 2, 2, 2)))
            )
            if name not in self.names and len(set(name)) == len(name):
                self.names.add(name)
                return name

    def draw_foreigner(self) -> str:
        return (
            f"{self.rng.choice(names('foreign_heads'))}·{self.rng.choice(names('foreign_tails'))}"
        )

    def draw_place(self, kind: str) -> str:
        return self.rng.choice(self.places[kind])


def invent_town(rng: random.Random) -> Town:
    """A city, its towns and villages, and a day on which its paper came out."""
    city = rng.choice(names("cities"))
    stems = [
        head + tail for head in names("place_heads") for tail in rng.sample(names("place_tails"), 2)
    ]
    rng.shuffle(stems)
    day = datetime.date(rng.randint(2016, 2023), 1, 20) + datetime.timedelta(rng.randint(0, 340))
    return Town(
        rng=rng,
        city=city,
        paper=city + rng.choice(names("papers")),
        issue=day,
        places={
            "district": rng.sample(names("districts"), 3),
            "town": [stem + rng.choice(("镇", "街道", "乡")) for stem in stems[:6]],
            "village": [stem + rng.choice(("村", "社区", "小区")) for stem in stems[6:16]],
        },
    )


class Cast:
    """The people, places and words of one story, and its sentences."""

    def __init__(self, town: Town, name: str, size: int = 1) -> None:
        """`size`: 1 for a story of a few paragraphs, more for a longer one."""
        self.town, self.rng, self.field = town, town.rng, name
        words = read_fields()[name]
        few = {"units": 2, "venues": 2, "things": 3, "deeds": 3, "fruits": 2, "measures": 3}
        few |= {"troubles": 2, "sayings": 2, "roles": 2, "projects": 1, "offices": 1}
        self.words = {
            kind: town.deck(name, kind, words[kind]).deal(count + (size - 1) * (count > 1))
            for kind, count in few.items()
        }
        self.sayings = list(self.words["sayings"])
        self.counts = {one: self._count(one) for one in self.words["measures"]}
        self.places = {kind: town.draw_place(kind) for kind in ("district", "town", "village")}
        self.people = [(self.rng.choice(self.words["roles"]), town.draw_name()) for _ in range(2)]
        self.chief = (
            f"{self.words['offices'][0]}{self.rng.choice(names('chiefs'))}",
            town.draw_name(),
        )
        self.company = (
            town.city + self.rng.choice(names("companies")) + self.rng.choice(names("trades"))
        )
        self.abroad = self.rng.choice(tuple(_countries()))
        self.world = {
            "worldtrouble": self.rng.choice(names("world_troubles")),
            "worlddeed": self.rng.choice(names("world_deeds")),
            "worldthing": self.rng.choice(names("world_things")),
            "ministry": self.rng.choice(names("ministries")),
            "abroadcity": self.rng.choice(_countries()[self.abroad]),
            "foreigner": town.draw_foreigner(),
        }
        self.met: set[str] = set()
        self.taken: list[str] = []  # within the sentence being filled

    def say(self, kind: str) -> str:
        """A sentence of a kind, one this page has not used yet if there is one."""
        for _ in range(6):
            template = self.town.deck("", kind, read_sentences()[kind]).draw()
            if self.sayings or "{saying}" not in template:
                break
        else:
            template = self.town.deck("", "detail", read_sentences()["detail"]).draw()
        return self.fill(template)

    def fill(self, template: str) -> str:
        """The template with its choices made and its slots filled.

        >>> town = invent_town(random.Random(3))
        >>> Cast(town, "供水").fill("[甲|甲]与{paper}的记者") == f"甲与{town.paper}的记者"
        True
        """
        self.taken = []
        chosen = CHOICE_RE.sub(lambda found: self.rng.choice(found[1].split("|")), template)
        return SLOT_RE.sub(lambda found: self._slot(found[1]), chosen)

    def _slot(self, name: str) -> str:
        if name in _PLURALS:
            return self._fresh(self.words[_PLURALS[name]])
        if name in self.places:
            return self.places[name]
        if name in self.world:
            return self.world[name]
        return _SLOTS[name](self)

    def _fresh(self, words: Sequence[str]) -> str:
        """One of the words, not one that this sentence has already."""
        left = [word for word in words if word not in self.taken] or list(words)
        self.taken.append(self.rng.choice(left))
        return self.taken[-1]

    def saying(self) -> str:
        """What somebody says; nothing is said twice."""
        return self.sayings.pop() if self.sayings else self._fresh(self.words["deeds"])

    def meet(self, office: str, name: str) -> str:
        """A person by office and name, the next time by name."""
        if name in self.met:
            return name
        self.met.add(name)
        return office + name

    def who(self) -> str:
        left = [one for one in self.people if one[1] not in self.taken] or self.people
        office, name = left[0] if self.rng.random() < 0.7 else self.rng.choice(left)
        self.taken.append(name)
        return self.meet(office, name)

    def day(self, least: int = 1, most: int = 12) -> str:
        day = self.town.issue - datetime.timedelta(self.rng.randint(least, most))
        return f"{day.month}月{day.day}日"

    def _count(self, measure: str) -> str:
        """What is counted, with a number of the size its measure word asks for."""
        noun, unit = measure.split("/")
        if unit[0] in "万亿":
            number = f"{self.rng.uniform(1, 90):.1f}"
        elif unit in ("公里", "吨", "期", "座", "场", "次", "部", "家", "所"):
            number = str(self.rng.randint(3, 90))
        else:
            number = str(int(10 ** self.rng.uniform(1.2, 3.9)))
        return f"{noun}{number}{unit}"


_PLURALS = {
    "office": "offices", "unit": "units", "venue": "venues", "thing": "things", "deed": "deeds",
    "fruit": "fruits", "project": "projects", "role": "roles", "trouble": "troubles",
}  # fmt: skip

_SLOTS: Mapping[str, Callable[[Cast], str]] = {
    "city": lambda cast: cast.town.city,
    "paper": lambda cast: cast.town.paper,
    "company": lambda cast: cast.company,
    "who": Cast.who,
    "person": lambda cast: cast.people[0][1],
    "star": lambda cast: "".join(cast.people[0]),
    "chief": lambda cast: cast.meet(*cast.chief),
    "neighbour": lambda cast: cast.town.draw_name() + cast.rng.choice(names("neighbours")),
    "saying": Cast.saying,
    "count": lambda cast: cast._fresh(list(cast.counts.values())),
    "place": lambda cast: cast.rng.choice(list(cast.places.values())),
    "town_kind": lambda cast: cast.rng.choice(("乡镇", "街道", "社区")),
    "day": Cast.day,
    "abroadday": lambda cast: f"{(cast.town.issue - datetime.timedelta(1)).day}日",
    "abroad": lambda cast: cast.abroad,
    "month": lambda cast: str(min(12, cast.town.issue.month + cast.rng.randint(0, 3))),
    "season": lambda cast: cast.rng.choice("春夏秋冬"),
    "clock": lambda cast: cast.rng.choice(names("clocks")),
    "clockword": lambda cast: cast.rng.choice(("清晨", "一天", "夜晚")),
    "n": lambda cast: str(cast.rng.randint(3, 60)),
    "years": lambda cast: str(cast.rng.randint(5, 38)),
    "many": lambda cast: f"{cast.rng.randint(2, 80)}万",
    "pct": lambda cast: f"{cast.rng.uniform(2, 40):.1f}",
    "high": lambda cast: f"{cast.rng.uniform(80, 99):.1f}",
    "money": lambda cast: str(cast.rng.randint(12, 900) * 10),
}
