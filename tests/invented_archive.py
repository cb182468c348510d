"""An invented archive of any size: articles whose words follow one another as often as in Chinese print.

Nothing in it means anything. Words are drawn by Zipf's law from invented ones, whose characters are drawn
unevenly too, so pairs of characters are about as many and as unequal as in a newspaper: what an index is made of.
10,000 articles hold 333,000 terms of our index in 3.6 million places; as many real ones of 500 characters held
326,000 in 3.6 million.

The same number always gives the same article, however many are asked for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import opencc

from jianbao import content
from jianbao.models import Article, Credit

SEED = "invented"
TITLE = "无中生有的剪报"
ADDRESS = "https://archive.example/"
PER_SOURCE = 10  # articles
# GB2312 holds the 3,755 commonest characters in rows 16 to 55; so many of them are in use here.
CHARACTERS = 2500
WORDS = 16_000
TURNS = 8_000  # of two to four words that often follow each other
THEME = 20  # words and turns that an article comes back to
LENGTH = 430  # characters at which an article may end; its last paragraph goes on to about 500
FIRST_DAY = date(2015, 1, 1)
DAYS = 2_500
PEOPLE = 300
# The commonest words of any text, and how many in a thousand they are.
FUNCTION_WORDS = {"的": 55, "了": 12, "在": 16, "是": 13, "和": 12, "不": 8, "有": 8, "为": 7, "等": 6, "将": 6, "对": 6, "也": 5, "与": 5, "上": 5, "中": 6}  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
PUBLICATIONS = ("甲江日报", "乙山晚报", "丙湖时报", "丁州商报", "戊城新报")
TOPICS = ("水利", "交通", "教育", "卫生", "农事", "文化", "体育", "法治", "商贸", "气象")
COLUMNS = ("街谈", "民声", "走村", "本市要闻")
LATIN = ("5G", "COVID-19", "GDP", "Wi-Fi", "AI", "WHO", "CPI", "PM2.5", "A股", "4K", "K12", "App")
ENDS = "。。。。。。！？；"

# Something that is no word: a number with its unit, a day, Latin letters.
FACTS: tuple[Callable[[random.Random], str], ...] = (
    lambda dice: f"{dice.randrange(1990, 2026)}年",
    lambda dice: f"{dice.randrange(1, 13)}月{dice.randrange(1, 29)}日",
    lambda dice: f"{dice.randrange(1, 100)}.{dice.randrange(1, 10)}%",
    lambda dice: f"{dice.randrange(2, 5000)}万元",
    lambda dice: f"{dice.randrange(1, 400):,}名",
    lambda dice: f"第{dice.randrange(1, 60)}届",
    lambda dice: dice.choice(LATIN),
)


def invented_articles(count: int) -> Iterator[Article]:
    """The first `count` articles of the archive."""
    return map(invented_article, range(count))


def invented_article(number: int) -> Article:
    """One article; one in twenty in traditional characters. Those of one source stood on one page of an issue."""
    dice = random.Random(f"{SEED} {number}")
    theme = [*dice.sample(words(), THEME // 2), *dice.sample(turns(), THEME // 2)]
    sheet = sheet_of(number // PER_SOURCE)
    texts = {
        "title": headline(dice, theme, 4),
        "kicker": headline(dice, theme, 3) if dice.random() < 0.2 else None,
        "subtitle": f"——{headline(dice, theme, 4)}" if dice.random() < 0.1 else None,
        "body": "\n\n".join(paragraphs(dice, theme)),
    }
    traditional = dice.random() < 0.05
    if traditional:
        texts = {name: text and simplified_to_traditional(text) for name, text in texts.items()}
    return Article(
        id=f"{(sheet.day or FIRST_DAY).year}-{number:06}",
        title=texts["title"],
        kicker=texts["kicker"],
        subtitle=texts["subtitle"],
        column=dice.choice(COLUMNS) if dice.random() < 0.2 else None,
        authors=tuple(Credit(name, "记者") for name in dice.sample(people(), dice.randrange(3))),
        date=sheet.day.isoformat() if sheet.day else None,
        publication=sheet.publication,
        page=sheet.page,
        topics=tuple(dice.sample(TOPICS, dice.randrange(1, 3))),
        places=tuple(dice.sample(places(), dice.randrange(2))),
        script="Hant" if traditional else "Hans",
        body=texts["body"] or "",
    )


class Sheet(NamedTuple):
    """A page of an issue."""

    publication: str
    day: date | None
    page: str


def sheet_of(source: int) -> Sheet:
    """What a source is a page of; of one in a hundred the day is not known."""
    dice = random.Random(f"{SEED} sheet {source}")
    day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    known = dice.random() >= 0.01
    return Sheet(dice.choice(PUBLICATIONS), day if known else None, str(dice.randrange(1, 9)))


def write_archive(folder: Path, articles: Iterable[Article]) -> None:
    """An archive as a maintainer has it: articles in the folders of their sources."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = f"title: {TITLE}\nbase_url: {ADDRESS}\n"
    (folder / "config.yaml").write_text(settings, encoding="utf-8")
    for number, article in enumerate(articles):
        path = path_in(folder, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.dump(article), encoding="utf-8")


def path_in(folder: Path, number: int) -> Path:
    """The file of an article of the archive.

    >>> path_in(Path("archive"), 25).as_posix()
    'archive/content/00002/05.md'
    """
    source, place = divmod(number, PER_SOURCE)
    return folder / "content" / f"{source:05}" / f"{place:02}.md"


def headline(dice: random.Random, theme: Sequence[str], length: int) -> str:
    return "".join(drawn(dice, theme, length))


def paragraphs(dice: random.Random, theme: Sequence[str]) -> Iterator[str]:
    """Sentences until the article is long enough, some to a paragraph."""
    written, wanted = 0, dice.randrange(LENGTH // 2, LENGTH * 3 // 2)
    while written < wanted:
        text = "".join(sentence(dice, theme) for _ in range(dice.randrange(1, 6)))
        written += len(text)
        yield text


def sentence(dice: random.Random, theme: Sequence[str]) -> str:
    clauses = (clause(dice, theme) for _ in range(dice.randrange(1, 5)))
    text = "，".join(clauses) + dice.choice(ENDS)
    return f"“{text}”" if dice.random() < 0.04 else text


def clause(dice: random.Random, theme: Sequence[str]) -> str:
    """Some words; in every fourth a person, a place or a fact, in one of a hundred a word never seen before."""
    found = drawn(dice, theme, dice.randrange(2, 4))
    chance = dice.random()
    if chance < 0.12:
        found.append(dice.choice(FACTS)(dice))
    elif chance < 0.18:
        found.append(dice.choice(people()))
    elif chance < 0.24:
        found.append(dice.choice(places()))
    elif chance < 0.25:
        found.append(new_word(dice))
    dice.shuffle(found)
    return "".join(found)


def drawn(dice: random.Random, theme: Sequence[str], count: int) -> list[str]:
    """Some words and many more turns of phrase, three fifths of all of the article's theme."""
    own = sum(dice.random() < 0.6 for _ in range(count))
    turned = sum(dice.random() < 0.92 for _ in range(count - own))
    common = dice.choices(words(), cum_weights=word_weights(), k=count - own - turned)
    turning = dice.choices(turns(), cum_weights=turn_weights(), k=turned)
    return common + turning + dice.choices(theme, k=own)


# --- the language --------------------------------------------------------------------------------


@cache
def words() -> tuple[str, ...]:
    """All words: those of grammar, then invented ones, the commonest first."""
    dice = random.Random(f"{SEED} words")
    found = dict.fromkeys(FUNCTION_WORDS)
    while len(found) < WORDS:
        found[new_word(dice)] = None
    return tuple(found)


@cache
def word_weights() -> tuple[float, ...]:
    """Added up as `choices` takes them: those of grammar as counted, the others by Zipf's law."""
    others = [1 / (rank + 100) for rank in range(WORDS - len(FUNCTION_WORDS))]
    share = (1000 - sum(FUNCTION_WORDS.values())) / sum(others)
    return tuple(accumulate([*FUNCTION_WORDS.values(), *(share * one for one in others)]))


@cache
def turns() -> tuple[str, ...]:
    """Turns of phrase: words that stand together more often than chance would have it."""
    dice = random.Random(f"{SEED} turns")
    drawn = dice.choices(words(), cum_weights=word_weights(), k=4 * TURNS)
    return tuple("".join(drawn[at : at + dice.randrange(2, 5)]) for at in range(0, len(drawn), 4))


@cache
def turn_weights() -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + 60) for rank in range(TURNS)))


def new_word(dice: random.Random) -> str:
    """Two characters mostly, three or four at times."""
    length = dice.choices((2, 3, 4), (75, 15, 10))[0]
    return "".join(dice.choices(characters(), cum_weights=character_weights(), k=length))


@cache
def characters() -> tuple[str, ...]:
    """Common characters, in an order of our own that makes some of them frequent."""
    rows, places_in_row = range(0xB0, 0xD8), range(0xA1, 0xFF)
    codes = [bytes((row, place)) for row in rows for place in places_in_row]
    common = [char for code in codes if (char := code.decode("gb2312", "ignore"))]
    return tuple(random.Random(f"{SEED} characters").sample(common, CHARACTERS))


@cache
def character_weights() -> tuple[float, ...]:
    """As uneven as in Chinese print, where 500 characters make three quarters of a text and 1,000 nine tenths."""
    return tuple(accumulate((rank + 40) ** -1.3 for rank in range(CHARACTERS)))


@cache
def people() -> tuple[str, ...]:
    dice = random.Random(f"{SEED} people")
    return tuple(dice.choice(SURNAMES) + given_name(dice) for _ in range(PEOPLE))


@cache
def places() -> tuple[str, ...]:
    dice = random.Random(f"{SEED} places")
    return tuple(given_name(dice, 2) + dice.choice("省市县镇村区") for _ in range(80))


def given_name(dice: random.Random, length: int | None = None) -> str:
    return "".join(dice.choices(characters()[:800], k=length or dice.randrange(1, 3)))


def simplified_to_traditional(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
