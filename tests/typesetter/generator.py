"""Pages drawn at random: invented stories, made up in one of the looks, with exact gold.

`draw_page(seed)` always gives the same page. What a page may have, and how often, stands in the tables below;
the shares are those of the five real pages, rounded, with the rest of what print does added sparingly.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.typesetter.casts import Cast, Town, invent_town, names
from tests.typesetter.cuts import cut_anywhere, cut_at_line, cut_between, point_back, point_on
from tests.typesetter.invent import Order, break_title, draw_fields, invent_story, world_dateline
from tests.typesetter.looks.text_layer import WIDTHS
from tests.typesetter.looks.web_page import to_traditional
from tests.typesetter.sheets import Sheet, set_tape
from tests.typesetter.stories import Piece, Story

Line = str | dict[str, str]

# Look → the letters the names of its files begin with, the ending, how often it is drawn.
LOOKS: Mapping[str, tuple[str, str, int]] = {
    "text_layer": ("text", "txt", 35),
    "ocr_markdown": ("ocr", "md", 45),
    "web_page": ("web", "txt", 20),
}
# Genre → weight on a newspaper page, on the web. Of 27 stories of the real pages 14 are news, 5 features.
GENRES: Mapping[str, tuple[int, int]] = {
    "news": (46, 25), "dispatch": (8, 0), "feature": (14, 45), "brief": (7, 0), "photo": (6, 0), "essay": (6, 6),
    "question": (3, 8), "answer": (3, 0), "notice": (4, 10), "regulation": (3, 6),
}  # fmt: skip
WEEKDAYS = "一二三四五六日"


@dataclass(slots=True)
class Draft:
    """A page in the making: its stories, the order of its parts, and what gold must be told."""

    town: Town
    look: str
    stories: dict[str, Story] = field(default_factory=dict)
    layout: list[Line] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)  # story → 栏目
    told: dict[str, dict[str, Any]] = field(default_factory=dict)  # story → fields of its gold
    publication: dict[str, Any] = field(default_factory=lambda: _finding("name"))
    issue_date: dict[str, Any] = field(default_factory=lambda: _finding("value"))
    page: str | None = None

    def add(self, story: Story) -> None:
        self.stories[story.key] = story


def _finding(key: str, value: str | None = None, status: str = "unknown", evidence: str = "") -> dict[str, Any]:  # fmt: skip
    return {key: value, "status": status, "evidence": evidence}


def draw_page(seed: int, look: str | None = None) -> tuple[str, str, dict[str, Any]]:
    """The file name, the text and the gold of a page.

    >>> name, text, gold = draw_page(7, "ocr_markdown")
    >>> name, 3 <= len(gold["articles"]) <= 12
    ('ocr-00007.md', True)
    """
    rng = random.Random(f"{seed} {look}")
    look = look or rng.choices(list(LOOKS), [weight for _, _, weight in LOOKS.values()])[0]
    prefix, ending, _ = LOOKS[look]
    draft = Draft(invent_town(rng), look)
    MAKE_UP[look](draft, rng)
    name = f"{prefix}-{seed:05}.{ending}"
    sheet = Sheet(name, look, seed, draft.layout, draft.stories, {}, draft.options)
    tape = set_tape(sheet)
    keys = list(dict.fromkeys(one.story.key for one in tape.stretches if one.story))
    gold: dict[str, Any] = {
        "source": name,
        "articles": tape.articles(),
        "furniture": tape.furniture(),
        "damaged": tape.damage(),
    }
    _tell(gold, dict(zip(keys, gold["articles"], strict=True)), draft, tape.text)
    return name, tape.text + "\n", gold


def _tell(gold: dict[str, Any], articles: Mapping[str, dict[str, Any]], draft: Draft, text: str) -> None:  # fmt: skip
    """Add what a look cannot know: the facts of the page, columns without a span, dates."""
    sent = [one["dateline"]["date"] for one in articles.values() if one["dateline"] and one["dateline"]["date"]]  # fmt: skip
    issue, printed = draft.town.issue, "".join(text.split())
    if draft.issue_date["status"] == "unknown" and sent and f"{issue.year}年" in printed:
        draft.issue_date = _finding("value", issue.isoformat(), "inferred", sent[0])
    for key, article in articles.items():
        article.update(draft.told.get(key, {}))
        article["column"] = draft.columns.get(key)
        signed = draft.stories[key].date
        article["date"] = draft.issue_date["value"] or signed
    for words in (f"{draft.town.paper}讯", f"{draft.town.paper}记者"):
        if draft.publication["status"] == "unknown" and words in printed:
            draft.publication = _finding("name", draft.town.paper, "inferred", words)
    gold |= {
        "publication": draft.publication,
        "issue_date": draft.issue_date,
        "page": draft.page,
        "script": "Hant" if draft.options.get("traditional") else "Hans",
    }


# --- stories of a newspaper page -----------------------------------------------------------------

# How many stories a page has; the real ones have 6, 9, 6, 6.
STORIES = (3, 4, 5, 5, 6, 6, 7, 8, 9)
# How often a page is a round-up of the world's news, and how often two or three stories stand in a column.
ROUND_UP = 0.08
COLUMN = 0.2


def _draw_stories(draft: Draft, rng: random.Random) -> None:
    if draft.look == "ocr_markdown" and rng.random() < ROUND_UP:
        _draw_round_up(draft, rng)
        return
    weights = [on_paper for on_paper, _ in GENRES.values()]
    count = rng.choice(STORIES)
    genres = rng.choices(list(GENRES), weights, k=count)
    for number, (genre, name) in enumerate(zip(genres, draw_fields(count, rng), strict=True)):
        key = f"s{number}"
        order = Order(key, genre, draft.town, name, ocr=draft.look == "ocr_markdown", year=rng.random() < 0.7)  # fmt: skip
        draft.add(invent_story(order, rng))
        _tell_photo(draft, key)
    news = [number for number, genre in enumerate(genres) if genre == "news"]
    runs = [one for one in news if one + 1 in news]
    if runs and rng.random() < COLUMN:
        _set_column(draft, rng.choice(runs), genres, rng)


def _draw_round_up(draft: Draft, rng: random.Random) -> None:
    """Stories from abroad, closed by a line that says for all of them where they come from."""
    count = rng.randint(3, 5)
    for number, name in enumerate(draw_fields(count, rng)):
        key = f"s{number}"
        draft.add(invent_story(Order(key, "world", draft.town, name), rng))
        draft.told[key] = {"dateline": {"place": None, "date": None, "agency": "新华社"}}
    last = draft.stories[key]
    ending = Piece("byline", f"（均据{world_dateline().agency}）", runs_on=rng.random() < 0.4)
    draft.add(replace(last, strips=((*last.strips[0], ending),)))


def _tell_photo(draft: Draft, key: str) -> None:
    """新华社发（甲 摄） is a byline, yet names an agency."""
    dateline = draft.stories[key].dateline
    roles = {piece.role for piece in draft.stories[key].strips[0]}
    if dateline and "dateline" not in roles:
        draft.told[key] = {"dateline": {"place": None, "date": None, "agency": dateline.agency}}


def _set_column(draft: Draft, first: int, genres: Sequence[str], rng: random.Random) -> None:
    """Neighbouring news under a column's standing name, printed once."""
    name = rng.choice(names("columns")).format(city=draft.town.city)
    members = [first]
    last = len(genres) if draft.look == "ocr_markdown" else 0  # only levels tell who is in it
    while members[-1] + 1 < last and genres[members[-1] + 1] == "news" and len(members) < 3:
        members.append(members[-1] + 1)
    draft.columns |= {f"s{number}": name for number in members}
    story = draft.stories[f"s{first}"]
    draft.add(replace(story, head={"column": name, **story.head}))


# --- furniture -----------------------------------------------------------------------------------


def _draw_header(draft: Draft, rng: random.Random, share: float) -> list[Line]:
    """What stands at the head of a page: paper, day, number, editors; often nothing."""
    if rng.random() >= share:
        return []
    lines = rng.choice(HEADERS)(draft, rng)
    if rng.random() < 0.6:
        lines.append({"editor_credit": _draw_editors(draft.town, rng)})
    return lines


def _printed_day(draft: Draft) -> str:
    """The day as a page header prints it; from then on it is stated."""
    day = draft.town.issue
    shown = f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"
    draft.issue_date = _finding("value", day.isoformat(), "stated", shown)
    return shown


def _full_header(draft: Draft, rng: random.Random) -> list[Line]:
    draft.page = str(rng.randint(1, 8))
    line = f"{draft.town.paper} {_printed_day(draft)} 第{draft.page}版"
    draft.publication = _finding("name", draft.town.paper, "stated", line)
    return [{"page_header": line}]


def _day_header(draft: Draft, rng: random.Random) -> list[Line]:
    shown = _printed_day(draft)
    if rng.random() < 0.4:
        return [{"page_header": shown}, {"contact": f"电话：{rng.randint(2000000, 8999999)}"}]
    return [{"page_header": shown}]


def _section_header(draft: Draft, rng: random.Random) -> list[Line]:
    draft.page = rng.choice(("A3", "A5", "B2"))
    return [{"page_header": draft.page}, {"page_header": _printed_day(draft)}]


def _office_header(draft: Draft, rng: random.Random) -> list[Line]:
    line = f"主办：{draft.town.city}市{rng.choice(('文明办', '总工会', '司法局'))} {draft.town.paper}社"
    draft.publication = _finding("name", draft.town.paper, "inferred", line)
    return [{"page_header": line}, {"page_header": _printed_day(draft)}]


HEADERS: Sequence[Callable[[Draft, random.Random], list[Line]]] = (
    _full_header,
    _day_header,
    _section_header,
    _office_header,
)


def _draw_editors(town: Town, rng: random.Random) -> str:
    one, two, three = (town.draw_name() for _ in range(3))
    return rng.choice(
        (
            f"责任编辑：{one} 美术编辑：{two} 校对：{three}",
            f"责任编辑/美术编辑：{one} 校对：{two}",
            f"本版编辑：{one} 版式：{two}",
            f"责编：{one} 美编：{two[0]} {two[-1]} 校对：{three}",
        )
    )


# --- the text layer ------------------------------------------------------------------------------

# A page's habit: how many of its headlines are drawn below their text (seed 000: four of six).
BELOW = (0.0, 0.3, 0.6, 0.8)
# How often a headline stands within its text, at the foot of a column; how often between two paragraphs.
INSIDE = 0.10
BESIDE = 0.03
# How often a story begins on the last line of the one before, if its headline stands below and it has an opener.
MID_LINE = 0.35
# A subtitle without —— is told from a second line of the headline by its type size, which a text layer has not.
UNMARKED_DROPPED = 0.85
LOST = 0.06  # how often a story's end, or its beginning, is not on the page


def _make_up_text_layer(draft: Draft, rng: random.Random) -> None:
    _draw_stories(draft, rng)
    below = rng.choice(BELOW)
    widths = {key: rng.randint(*WIDTHS) for key in draft.stories}
    draft.options = {
        "widths": widths,
        "spread": rng.choice((0.05, 0.15, 0.3)),
        "apart": ("column", "kicker"),
        "pair_captions": rng.random() < 0.5,
        "pictures": [key for key in draft.stories if rng.random() < 0.1],
    }
    header = _draw_header(draft, rng, 0.35)
    at_top = rng.random() < 0.7
    draft.layout += header if at_top else []
    for key in list(draft.stories):
        draft.layout += _place_in_columns(draft, key, widths[key], below, rng)
    draft.layout += [] if at_top else header


def _place_in_columns(
    draft: Draft, key: str, width: int, below: float, rng: random.Random
) -> list[Line]:
    """The parts of a story in the order a text layer has them."""
    story = draft.stories[key]
    if len(story.head["title"]) >= 12 and rng.random() < 0.2:
        story = replace(story, head={**story.head, "title": break_title(story.head["title"])})
        draft.add(story)
    if not story.head.get("subtitle", "——").startswith("——") and rng.random() < UNMARKED_DROPPED:
        head = {role: text for role, text in story.head.items() if role != "subtitle"}
        story = replace(story, head=head)
        draft.add(story)
    chance = rng.random()
    if "column" in story.head:
        chance = 1.0
    if chance < INSIDE and key not in draft.options["pictures"]:
        draft.add(_with_inner_byline(cut_at_line(story, width, rng)))
        return _around_head(draft, key)
    if chance < INSIDE + BESIDE:
        draft.add(_with_inner_byline(cut_between(story, rng)))
        return _around_head(draft, key)
    if rng.random() < LOST and key not in draft.options["pictures"]:
        return _lose_part(draft, key, width, rng)
    if chance < 1.0 and rng.random() < below:
        draft.add(_with_inner_byline(story))
        opens = draft.stories[key].strips[0][0].role == "dateline"
        after_text = bool(draft.layout) and str(draft.layout[-1]).endswith(".0")
        mid_line = opens and after_text and rng.random() < MID_LINE
        return [f"+{key}.0" if mid_line else f"{key}.0", f"{key}.head"]
    return [f"{key}.head", f"{key}.0"]


def _around_head(draft: Draft, key: str) -> list[Line]:
    first, *rest = [f"{key}.{number}" for number in range(len(draft.stories[key].strips))]
    return [first, f"{key}.head", *rest]


def _lose_part(draft: Draft, key: str, width: int, rng: random.Random) -> list[Line]:
    """A story whose end, or whose beginning, stands on another page."""
    story = cut_at_line(draft.stories[key], width, rng)
    draft.add(story)
    if len(story.strips) == 1:
        return [f"{key}.head", f"{key}.0"]
    return [f"{key}.head", f"{key}.{rng.choice((0, 0, 1))}"]


def _with_inner_byline(story: Story) -> Story:
    """The story with its byline above the text, where the headline is not."""
    if "byline" not in story.head:
        return story
    head = {role: text for role, text in story.head.items() if role != "byline"}
    first = (Piece("byline", story.head["byline"]), *story.strips[0])
    return replace(story, head=head, strips=(first, *story.strips[1:]))


# --- OCR Markdown --------------------------------------------------------------------------------

# What stands before a title, a subtitle, a heading: a page's style. The first headline often stands higher.
STYLES: tuple[tuple[int, Mapping[str, str]], ...] = (
    (30, {"title": "## ", "subtitle": "### ", "heading": "**"}),
    (20, {"title": "## ", "subtitle": "", "heading": "### "}),
    (12, {"title": "# ", "subtitle": "## ", "heading": "### "}),
    (12, {"title": "### ", "subtitle": "", "heading": ""}),
    (10, {"title": "## ", "subtitle": "### ", "heading": "## "}),
    (8, {"title": "### ", "subtitle": "", "heading": "### "}),
    (8, {"title": "## ", "subtitle": "", "heading": ""}),
)
# How often a story's level is not that of its page.
ODD_LEVEL = 0.12
# How often an OCR model kept the reading order of the whole page (001, 004; not 002).
ORDERLY = 0.5
# A story of so many characters crosses a column's end once.
PER_CUT = 450


def _make_up_ocr(draft: Draft, rng: random.Random) -> None:
    _draw_stories(draft, rng)
    style = dict(rng.choices([one for _, one in STYLES], [weight for weight, _ in STYLES])[0])
    draft.options = {
        "marks": style | {"column": "## "},
        "levels": _draw_levels(draft, style, rng),
        "fold": rng.random() < 0.5,
        "bold_openers": rng.random() < 0.35,
        "opener_gap": rng.choice(("", " ")),
    }
    orderly = rng.random() < ORDERLY
    draft.layout += _draw_header(draft, rng, 0.4)
    if not draft.columns and rng.random() < 0.12:
        _set_banner(draft, rng)
    blocks = [_place_on_page(draft, key, rng, orderly=orderly) for key in list(draft.stories)]
    draft.layout += _interleaved(blocks, 0.0 if orderly else 0.35, rng)
    _close_page(draft, rng)


def _draw_levels(
    draft: Draft, style: Mapping[str, str], rng: random.Random
) -> dict[str, dict[str, str]]:
    """Levels of single stories that are not those of the page."""
    levels: dict[str, dict[str, str]] = {}
    for number, key in enumerate(draft.stories):
        if key in draft.columns:  # below the name of the column
            levels[key] = {"title": "### ", "subtitle": "", "heading": "**"}
        elif draft.columns:
            levels[key] = {"title": "## "}
        elif (number == 0 and rng.random() < 0.6) or rng.random() < ODD_LEVEL:
            levels[key] = {"title": "# ", "subtitle": rng.choice(("## ", style["subtitle"]))}
        elif rng.random() < ODD_LEVEL:
            levels[key] = {"title": "### ", "subtitle": ""}
    return levels


def _set_banner(draft: Draft, rng: random.Random) -> None:
    """A standing name above the whole page, with its editors below it."""
    name = rng.choice(names("banners")).format(city=draft.town.city)
    draft.columns = dict.fromkeys(draft.stories, name)
    first = next(iter(draft.stories.values()))
    draft.add(replace(first, strips=((Piece("column", name),), *first.strips)))
    draft.layout.append(f"{first.key}.0")
    draft.layout.append({"editor_credit": _draw_editors(draft.town, rng)})


def _place_on_page(draft: Draft, key: str, rng: random.Random, *, orderly: bool) -> list[Line]:
    """The parts of a story in the order an OCR model has them."""
    story = draft.stories[key]
    banner = story.strips[:-1]
    whole = replace(story, strips=story.strips[-1:])
    length = sum(len(piece.text) for piece in whole.strips[0])
    notice = any(piece.role == "contact" for piece in whole.strips[0]) or story.date
    cuts = 0 if notice else min(4, int(length / PER_CUT + rng.random()))
    lost = not notice and rng.random() < (0.06 if orderly else 0.15)
    cut = cut_anywhere(whole, max(cuts, 2 * lost), rng)
    count = len(cut.strips)
    shown = list(range(count))
    if lost and count > 1:
        cut, shown = _lose_strips(cut, rng)
    draft.add(replace(cut, strips=(*banner, *cut.strips)))
    parts: list[Line] = [f"{key}.{number + len(banner)}" for number in shown]
    if shown[0] > 0 and not banner and "column" not in story.head and rng.random() < 0.35:
        return parts  # its headline stands on another page
    return _ordered(f"{key}.head", parts, rng, orderly=orderly)


def _ordered(head: str, parts: list[Line], rng: random.Random, *, orderly: bool) -> list[Line]:
    """Head and parts: in reading order, the tail before the head, or the head between them."""
    chance = 1.0 if orderly or len(parts) < 2 else rng.random()
    if chance < 0.25:
        at = rng.randrange(1, len(parts))
        return [*parts[at:], head, *parts[:at]]
    if chance < 0.35:
        return [parts[0], head, *parts[1:]]
    return [head, *parts]


def _lose_strips(story: Story, rng: random.Random) -> tuple[Story, list[int]]:
    """The story and the numbers of its strips that are on the page."""
    last = len(story.strips) - 1
    match rng.choices(("start", "end", "gap", "both"), (30, 50, 12, 8))[0]:
        case "gap" if last >= 2:
            missing = rng.randrange(1, last)
            return story, [at for at in range(last + 1) if at != missing]
        case "both" if last >= 2:
            return story, [rng.randrange(1, last)]
        case "start":
            pointed = rng.random() < 0.5
            return (point_back(story, 1, 1) if pointed else story), list(range(1, last + 1))
    pointed = rng.random() < 0.35
    return (point_on(story, last - 1, rng.randint(2, 4)) if pointed else story), list(range(last))


def _interleaved(
    blocks: Sequence[Sequence[Line]], share: float, rng: random.Random
) -> Iterator[Line]:
    """The parts of all stories; some end only after the next story has begun or ended."""
    waiting: list[Line] = []
    for block in blocks:
        parts = list(block)
        late: list[Line] = []
        if len(parts) > 2 and rng.random() < share:
            late = [parts.pop()]
        yield from parts
        yield from waiting
        waiting = late
    yield from waiting


def _close_page(draft: Draft, rng: random.Random) -> None:
    """What may stand at the end of a page: a headline without its text, an advertisement."""
    if rng.random() < 0.06 and not draft.columns:
        key = f"s{len(draft.stories)}"
        name = draw_fields(1, rng)[0]
        story = invent_story(Order(key, "feature", draft.town, name), rng)
        head = {"title": story.head["title"]}
        bare = replace(story, head=head, strips=(), authors=(), dateline=None)
        draft.add(replace(bare, complete="end-missing"))
        draft.layout.append(f"{key}.head")
    elif rng.random() < 0.05:
        line = f"·广告· {draft.town.city}市图书馆热线：{rng.randint(2000000, 8999999)}"
        draft.layout.append({"ad": line})


# --- the web page --------------------------------------------------------------------------------

TRADITIONAL = 0.4
DAMAGE = 0.45


def _make_up_web_page(draft: Draft, rng: random.Random) -> None:
    weights = [on_web for _, on_web in GENRES.values()]
    genre = rng.choices(list(GENRES), weights)[0]
    name = draw_fields(1, rng)[0]
    story = invent_story(Order("s0", genre, draft.town, name), rng)
    traditional = rng.random() < TRADITIONAL
    draft.options = {"traditional": traditional, "fold": rng.random() < 0.5}
    if rng.random() < DAMAGE:
        draft.options["damage"] = {
            "pinyin": traditional and rng.random() < 0.7,
            "lone": rng.choice(("\ufffd", "?")),
            **({"marks": "every"} if rng.random() < 0.2 else {}),
        }
    story = _with_inner_byline(story)
    if rng.random() < 0.15:
        story = replace(story, strips=(story.strips[0], _reprint(rng)))
    day = draft.town.issue
    draft.issue_date = _finding("value", day.isoformat(), "stated", day.isoformat())
    section = rng.choice(names("sections"))
    _lay_web_page(draft, story, section, rng)
    draft.columns["s0"] = _as_written(section, draft) or section
    draft.told["s0"] = {
        "authors": [
            {"name": _as_written(one.name, draft), "role": _as_written(one.role, draft)}
            for one in story.authors
        ]
    }
    dateline = story.dateline
    if dateline:
        draft.told["s0"]["dateline"] = {
            "place": _as_written(dateline.place, draft),
            "date": dateline.date,
            "agency": _as_written(dateline.agency, draft),
        }


def _as_written(text: str | None, draft: Draft) -> str | None:
    if text is None or not draft.options.get("traditional"):
        return text
    return "".join(map(to_traditional, text))


def _reprint(rng: random.Random) -> tuple[Piece, ...]:
    return (
        Piece("body", f"（转载自《机关工作》{rng.randint(2010, 2016)}年第{rng.randint(1, 12)}期）"),
    )


def _lay_web_page(draft: Draft, story: Story, section: str, rng: random.Random) -> None:
    """Breadcrumb, headline and source line in either order, text, what stands below."""
    site = draft.town.city + rng.choice(names("sites"))
    named = rng.random() < 0.7
    crumb = rng.choice(CRUMBS if named else PLAIN_CRUMBS).format(site=site, section=section)
    if named:
        draft.publication = _finding("name", site, "stated", crumb)
    source = _draw_source_line(draft.town, rng)
    controls = rng.choice(("【字体：大 中 小】", "【字体： 大 中 小】 打印", "打印", ""))
    first: list[Line] = [{"nav": crumb}]
    if rng.random() < 0.15:  # the line of date and source stands above the headline
        story = replace(story, strips=((Piece("byline", source),), *story.strips))
        order: list[Line] = ["s0.0", "s0.head"]
        rest = range(1, len(story.strips))
    else:
        story = replace(story, head={**story.head, "byline": source})
        order = ["s0.head", *([{"+nav": controls}] if controls else [])]
        rest = range(len(story.strips))
    draft.add(story)
    draft.layout = [*first, *order, *(f"s0.{number}" for number in rest), *_draw_foot(draft, rng)]


CRUMBS = (
    "{site}>>{section}",
    "{site}>>新闻中心>>{section}",
    "{site} > 首页 > {section}",
    "当前位置：{site} > {section}",
)
PLAIN_CRUMBS = ("首页 > 新闻中心 > {section}", "您的位置：首页 >> {section}", "首页>>{section}")


def _draw_source_line(town: Town, rng: random.Random) -> str:
    day, office = town.issue, rng.choice(names("desks"))
    clock = f"{rng.randint(8, 17):02}:{rng.randint(0, 59):02}"
    chinese = f"{day.year}年{day.month:02}月{day.day:02}日"
    return rng.choice(
        (
            f"{chinese}    来源：{office}",
            f"{day.isoformat()} {clock} 来源：{office}",
            f"发布时间：{day.isoformat()} {clock} 来源：{office} 浏览次数：{rng.randint(20, 3000)}",
            f"发布时间：{chinese} 来源：{office}",
            f"来源：{office} 发布日期：{day.isoformat()}",
        )
    )


def _draw_foot(draft: Draft, rng: random.Random) -> Iterator[Line]:
    """Editor, links and controls below the text; a link shows a headline and is none."""
    if rng.random() < 0.4:
        yield {"editor_credit": rng.choice(("责任编辑：{}", "（责任编辑：{}）", "编辑：{}")).format(draft.town.draw_name())}  # fmt: skip
    if rng.random() < 0.35:
        yield {"nav": f"上一篇：{_draw_link(draft, rng)}"}
        yield {"nav": f"下一篇：{_draw_link(draft, rng)}"}
    if rng.random() < 0.4:
        yield {"nav": rng.choice(("相关链接", "相关新闻", "相关阅读："))}
        for _ in range(rng.choice((0, 2, 3, 4))):
            yield {"nav": _draw_link(draft, rng)}
    if rng.random() < 0.3:
        yield {"nav": rng.choice(("打印本页 关闭窗口", "【打印】【关闭】", "返回顶部"))}


def _draw_link(draft: Draft, rng: random.Random) -> str:
    return Cast(draft.town, draw_fields(1, rng)[0]).say("related")


MAKE_UP: Mapping[str, Callable[[Draft, random.Random], None]] = {
    "text_layer": _make_up_text_layer,
    "ocr_markdown": _make_up_ocr,
    "web_page": _make_up_web_page,
}
