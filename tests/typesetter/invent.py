"""Stories invented by rule: one function for each genre a newspaper prints, all hanging on one chance.

    casts.py         names, words and sentences of one story
    bylines.py       who wrote it
    fields.yaml      the words of thirty fields of local life
    sentences.yaml   sentences with slots for them

A story comes whole, in one strip; `generator` cuts it. Lengths and shares are those of the five real pages,
where no other source is named.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jianbao.models import Dateline
from tests.typesetter.bylines import Byline, draw_byline
from tests.typesetter.casts import Cast, Town, read_fields
from tests.typesetter.stories import LINE_END, Piece, Story

NUMERALS = (
    "零",
    *"一二三四五六七八九",
    "十",
    *(f"十{ones}" for ones in "一二三四五六七八九"),
    "二十",
)
# Headlines of the real pages have 8 to 27 characters.
TITLE_LENGTHS = (7, 27)
# An editor writes several headlines and takes the one that says most of what the lead says.
TITLE_DRAFTS = (2, 5, 8)
# How often a headline only hints at its text; such stories always have a subtitle or a kicker that says more.
LOOSE = 0.25


@dataclass(frozen=True, slots=True)
class Order:
    """What a page asks of a story."""

    key: str
    genre: str
    town: Town
    field: str
    ocr: bool = False  # bold article numbers and labels are a layout model's
    year: bool = True  # a regulation may name the day it takes effect


def invent_story(order: Order, rng: random.Random) -> Story:
    """One whole story, in a single strip.

    >>> from tests.typesetter.casts import invent_town
    >>> rng = random.Random(1)
    >>> story = invent_story(Order("a", "brief", invent_town(rng), "供水"), rng)
    >>> len(story.strips), story.strips[0][-1].role in ("body", "byline")
    (1, True)
    """
    size = {"feature": 3, "regulation": 2, "news": 2}.get(order.genre, 1)
    cast = Cast(order.town, order.field, size)
    byline = draw_byline(order.town, order.genre, rng)
    pieces = GENRES[order.genre](cast, order, rng)
    head = _draw_head(cast, order.genre, pieces, rng)
    if byline.stand == "head":
        head["byline"] = byline.text
    return Story(
        key=order.key,
        head=head,
        strips=(tuple(_signed(pieces, byline, rng)),),
        authors=byline.authors,
        dateline=byline.dateline,
        date=order.town.issue.isoformat() if order.genre == "notice" else None,
    )


# --- heads ---------------------------------------------------------------------------------------

# Genre → the kind of its headlines, how many have a kicker, how many a subtitle.
HEADS: Mapping[str, tuple[str, float, float]] = {
    "news": ("title", 0.15, 0.12),
    "dispatch": ("title", 0.10, 0.10),
    "feature": ("title", 0.20, 0.75),
    "brief": ("title", 0.0, 0.0),
    "photo": ("title", 0.0, 0.15),
    "essay": ("title_essay", 0.0, 0.10),
    "question": ("title_question", 0.10, 0.10),
    "notice": ("title_notice", 0.0, 0.0),
    "regulation": ("title_regulation", 0.0, 0.05),
    "world": ("title_world", 0.0, 0.0),
    "answer": ("question", 0.0, 0.0),
}


def _draw_head(
    cast: Cast, genre: str, pieces: Sequence[Piece], rng: random.Random
) -> dict[str, str]:
    kind, kicker, subtitle = HEADS[genre]
    head: dict[str, str] = {}
    loose = genre == "feature" and rng.random() < LOOSE
    if rng.random() < kicker:
        head["kicker"] = _fitting(cast, "kicker", (4, 22))
    drafts = 1 if loose else rng.choice(TITLE_DRAFTS)
    titles = [
        _fitting(cast, "title_loose" if loose else kind, TITLE_LENGTHS) for _ in range(drafts)
    ]
    lead = "".join(piece.text for piece in pieces[:3])
    head["title"] = max(titles, key=lambda title: _share(title, lead))
    if loose or rng.random() < subtitle:
        head["subtitle"] = _fitting(cast, "subtitle", (8, 32))
    return head


def _share(title: str, text: str) -> float:
    """How many of the pairs of characters in a headline stand in the text.

    >>> _share("清淤见底", "北干渠清淤")
    0.3333333333333333
    """
    pairs = {title[at : at + 2] for at in range(len(title) - 1)}
    return sum(pair in text for pair in pairs) / max(1, len(pairs))


def _fitting(cast: Cast, kind: str, lengths: tuple[int, int]) -> str:
    """A line of a kind that is neither too short nor too long, if ten tries give one."""
    for _ in range(10):
        line = cast.say(kind)
        if lengths[0] <= len(line) <= lengths[1] and line not in cast.town.names:
            break
    cast.town.names.add(line)  # nor is a headline printed twice
    return line


# --- texts ---------------------------------------------------------------------------------------


def _paragraph(cast: Cast, kinds: Sequence[str], length: int, first: str | None = None) -> Piece:
    """Sentences of these kinds until there are `length` characters."""
    text = cast.say(first or cast.rng.choice(kinds))
    while len(text) < length:
        text += cast.say(cast.rng.choice(kinds))
    return Piece("body", text)


TELLING = ("detail", "detail", "detail", "cause", "figure", "quote")


def _news(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order
    pieces = [_paragraph(cast, TELLING, rng.choice((40, 60, 110)), "lead")]
    count = rng.choice((0, 1, 2, 2, 3, 3, 4, 5))
    pieces += [_paragraph(cast, TELLING, rng.randint(30, 200)) for _ in range(count)]
    if rng.random() < 0.7:
        pieces.append(_paragraph(cast, ("plan", "quote"), rng.choice((30, 30, 80)), "plan"))
    return pieces


def _feature(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order
    scene = [_paragraph(cast, TELLING, rng.randint(40, 160), rng.choice(("scene", "lead")))]
    if rng.random() < 0.6:
        scene.append(_paragraph(cast, ("figure", "cause"), rng.randint(30, 120)))
    captions = [Piece("caption", cast.say("caption")) for _ in range(rng.choice((0, 0, 1, 2, 4)))]
    pieces = captions + scene if rng.random() < 0.5 else scene
    shown = _heading_style(rng)
    for number in range(1, rng.randint(2, 4) if shown else 2):
        if shown:
            pieces.append(Piece("heading", shown(cast, number)))
        for _ in range(rng.randint(2, 5)):
            pieces.append(_paragraph(cast, TELLING, rng.randint(30, 240)))
    if pieces[0].role != "caption" and captions:
        at = rng.randrange(1, len(pieces))
        pieces[at:at] = captions
    pieces.append(_paragraph(cast, ("plan",), 30))
    if captions and rng.random() < 0.4:
        pieces.append(Piece("body", cast.fill("（本文图片由{office}提供）")))
    return pieces


def _heading_style(rng: random.Random) -> Callable[[Cast, int], str] | None:
    """How a feature sets its headings: not at all, plain, numbered, in two lines."""
    match rng.choices(("none", "plain", "ordinal", "number", "lines"), (15, 45, 15, 10, 15))[0]:
        case "plain":
            return lambda cast, _: _fitting(cast, "heading", (4, 18))
        case "ordinal":
            return lambda cast, number: f"{NUMERALS[number]}、{_fitting(cast, 'heading', (4, 18))}"
        case "number":
            return lambda cast, number: f"{number}. {_fitting(cast, 'heading', (4, 18))}"
        case "lines":
            return lambda cast, _: cast.say("heading_lines")
    return None


def _essay(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order
    return [_paragraph(cast, ("essay",), rng.randint(40, 130)) for _ in range(rng.randint(2, 4))]


def _brief(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order
    return [_paragraph(cast, ("figure", "detail", "plan"), rng.randint(50, 110), "brief")]


def _photo(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order, rng
    return [Piece("body", cast.say("photo"))]


def _world(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order
    return [_paragraph(cast, ("world",), rng.randint(30, 100)) for _ in range(rng.randint(1, 4))]


def _answer(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    """The text below a headline that asks: 首先…其次…."""
    del order
    turns = ("", "首先，", "其次，", "最后，")
    return [
        Piece("body", turn + _paragraph(cast, ("answer", "detail"), rng.randint(60, 180)).text)
        for turn in turns[: rng.randint(2, 4)]
    ]


def _question(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    del order
    pieces = [_paragraph(cast, ("cause", "detail"), 40)]
    mark = rng.choice(("", "", "问："))
    for _ in range(rng.randint(2, 4)):
        asked = mark + _fitting(cast, "question", (6, 24))
        pieces.append(Piece("body" if mark else "heading", asked))
        reply = _paragraph(cast, ("answer",), rng.randint(40, 140)).text
        pieces.append(Piece("body", ("答：" if mark else "") + reply))
    return pieces


def _notice(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    pieces = [_paragraph(cast, ("notice",), rng.randint(40, 90)) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        pieces[1:1] = [Piece("body", _appointment(cast, rng)) for _ in range(rng.randint(2, 4))]
    bold = order.ocr and rng.random() < 0.4
    pieces += [Piece("contact", f"**{one}：** {two}" if bold else f"{one}：{two}") for one, two in _contacts(cast, rng)]  # fmt: skip
    day = order.town.issue
    signed = f"{day.year}年{day.month}月{day.day}日"
    return [*pieces, Piece("body", f"{cast.fill('{city}{office}')}"), Piece("body", signed)]


def _appointment(cast: Cast, rng: random.Random) -> str:
    born = f"19{rng.randint(65, 89)}年{rng.randint(1, 12)}月生"
    return cast.fill(
        f"{cast.town.draw_name()}，{rng.choice('男女')}，汉族，{born}，大学，中共党员，现任{{office}}{{unit}}[副主任|负责人]，"
        "拟任{office}[副局长|总工程师]。"
    )


def _contacts(cast: Cast, rng: random.Random) -> list[tuple[str, str]]:
    lines = [
        ("通信地址", cast.fill("{city}市{town}{n}号")),
        ("邮编", f"{rng.randint(100, 999)}000"),
        ("联系电话", f"（0{rng.randint(300, 999)}）{rng.randint(2000000, 8999999)}"),
        ("联系人", cast.town.draw_name()),
    ]
    return [line for line in lines if rng.random() < 0.6]


def _regulation(cast: Cast, order: Order, rng: random.Random) -> list[Piece]:
    """Numbered articles in chapters, some with items; the last says when it takes effect."""
    pieces: list[Piece] = []
    number = 0
    for chapter, title in enumerate(("总则", "职责分工", "日常管理", "监督检查", "附则"), 1):
        pieces.append(Piece("heading", f"第{NUMERALS[chapter]}章 {title}"))
        for _ in range(rng.randint(1, 4) if title != "附则" else 0):
            number += 1
            pieces += _clause(cast, number, order, rng)
    day = order.town.issue
    ending = f"本办法自{day.year}年{day.month}月1日起施行。" if order.year else "本办法自公布之日起施行。"  # fmt: skip
    return [*pieces, Piece("body", _numbered(number + 1, ending, order))]


def _clause(cast: Cast, number: int, order: Order, rng: random.Random) -> list[Piece]:
    if rng.random() < 0.75:
        return [Piece("body", _numbered(number, cast.say("clause"), order))]
    count = rng.randint(2, 4)
    items = [
        Piece("list", f"（{NUMERALS[at]}）{cast.say('item')}{'；' if at < count else '。'}")
        for at in range(1, count + 1)
    ]
    return [Piece("body", _numbered(number, cast.say("clause_with_items"), order)), *items]


def _numbered(number: int, text: str, order: Order) -> str:
    label = f"第{NUMERALS[number]}条"
    return f"**{label}** {text}" if order.ocr else f"{label} {text}"


GENRES: Mapping[str, Callable[[Cast, Order, random.Random], list[Piece]]] = {
    "news": _news,
    "dispatch": _news,
    "feature": _feature,
    "brief": _brief,
    "photo": _photo,
    "essay": _essay,
    "question": _question,
    "answer": _answer,
    "notice": _notice,
    "regulation": _regulation,
    "world": _world,
}


# --- credits in the text -------------------------------------------------------------------------


def _signed(pieces: list[Piece], byline: Byline, rng: random.Random) -> list[Piece]:
    """The text with its opener, its closing line, or the names at its end."""
    opener, _, ending = byline.text.rpartition("|") if byline.stand == "end" else ("", "", "")
    if byline.stand == "opener":
        opener = byline.text
    if opener:
        at = next(at for at, piece in enumerate(pieces) if piece.role == "body")
        first = Piece("body", pieces[at].text, runs_on=True)
        pieces = [*pieces[:at], Piece("dateline", opener), first, *pieces[at + 1 :]]
    if ending:
        runs_on = pieces[-1].role == "body" and rng.random() < 0.6
        pieces = [*pieces, Piece("byline", ending, runs_on=runs_on)]
    if byline.stand == "closer":
        runs_on = rng.random() < 0.3
        pieces = [*pieces, Piece("dateline", byline.text, runs_on=runs_on)]
    return pieces


def draw_fields(count: int, rng: random.Random) -> list[str]:
    """Fields for the stories of a page; on about every eighth page two stories share one."""
    names = rng.sample(sorted(read_fields()), count)
    if count > 1 and rng.random() < SHARED_FIELD:
        names[-1] = names[0]
        rng.shuffle(names)
    return names


# Real pages: union (two stories of 002), health (002's and 001's own), town affairs in 001.
SHARED_FIELD = 0.12


def break_title(title: str) -> str:
    """A headline set in two lines, broken near its middle, not at a mark.

    >>> break_title("白鹭滩疏挖黑臭底泥有了新模样")
    '白鹭滩疏挖黑臭\\\\底泥有了新模样'
    """
    middle = len(title) // 2
    return title[:middle] + LINE_END + title[middle:]


def world_dateline() -> Dateline:
    """What （均据新华社） says of every story of a round-up page."""
    return Dateline("新华社")
