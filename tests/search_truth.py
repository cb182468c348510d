"""What a search must find, told without any search: plain substring, and queries cut out of the texts by rule."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from jianbao.models import Article
from jianbao.publish.tokens import fold
from tests.invented_archive import people, places, words

# What means something to the grammar of queries: blanks, quotation marks, a prefix's colon, a star, a minus in front.
GRAMMAR_RE = re.compile(r"""[\s"“”:：*]|^[-－]""")
MIXED_RE = re.compile(r"[\u4e00-\u9fff]{0,2}[0-9A-Za-z][0-9A-Za-z.,-]*[%\u4e00-\u9fff]?")


class Truth:
    """The texts of an archive, folded: each title, kicker, subtitle and paragraph by itself."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._texts = [(one.id, "\n".join(map(fold, texts_of(one)))) for one in articles]

    def ids(self, query: str) -> set[str]:
        """The articles that hold the query within one text. A folded query holds no line end."""
        wanted = fold(query)
        return {name for name, text in self._texts if wanted in text}


def texts_of(article: Article) -> list[str]:
    """What a query without a prefix is looked up in, for articles without marks of Markdown."""
    titles = (article.title, article.kicker, article.subtitle)
    return [text for text in (*titles, *article.body.split("\n\n")) if text]


def is_plain(query: str) -> bool:
    """Whether a query means just its characters.

    >>> [is_plain(query) for query in ("读书", "-读书", "他说：“", "5G")]
    [True, False, False, True]
    """
    return bool(fold(query)) and not GRAMMAR_RE.search(query)


# --- queries -------------------------------------------------------------------------------------


def visitors_queries(articles: Sequence[Article], truth: Truth, count: int) -> list[str]:
    """What a visitor might type: words, names, phrases, numbers and Latin letters in turn; each stands somewhere."""
    dice = random.Random("visitors")
    return drawn_in_turn((word, name, phrase, phrase, mixed), dice, articles, truth, count)


def substrings(articles: Sequence[Article], truth: Truth, count: int) -> list[str]:
    """Any 1 to 6 characters that stand together."""
    return drawn_in_turn((substring,), random.Random("substrings"), articles, truth, count)


def word_queries(articles: Sequence[Article], truth: Truth, count: int) -> list[str]:
    return drawn_in_turn((word,), random.Random("words"), articles, truth, count)


Maker = Callable[[random.Random, Sequence[Article]], str]


def drawn_in_turn(
    makers: Sequence[Maker],
    dice: random.Random,
    articles: Sequence[Article],
    truth: Truth,
    count: int,
) -> list[str]:
    """The first `count` different queries that the makers give, without those of the grammar or without a hit."""
    found: dict[str, None] = {}
    for query in made_in_turn(makers, dice, articles, 100 * count):
        if len(found) == count:
            break
        if query not in found and is_plain(query) and truth.ids(query):
            found[query] = None
    return list(found)


def made_in_turn(
    makers: Sequence[Maker], dice: random.Random, articles: Sequence[Article], times: int
) -> Iterator[str]:
    for turn in range(times):
        yield makers[turn % len(makers)](dice, articles)


def word(dice: random.Random, articles: Sequence[Article]) -> str:
    """A word, common or rare: ranks are drawn by their logarithm."""
    return words()[int(len(words()) ** dice.random()) - 1]


def name(dice: random.Random, articles: Sequence[Article]) -> str:
    return dice.choice((*people(), *places()))


def phrase(dice: random.Random, articles: Sequence[Article]) -> str:
    """Three to six Han characters out of a text."""
    runs = re.findall(r"[\u4e00-\u9fff]{3,}", dice.choice(texts_of(dice.choice(articles))))
    return cut(dice, dice.choice(runs), 3, 6) if runs else ""


def mixed(dice: random.Random, articles: Sequence[Article]) -> str:
    """A number or Latin letters, with what stands beside them."""
    found = MIXED_RE.findall(dice.choice(articles).body)
    return dice.choice(found) if found else ""


def substring(dice: random.Random, articles: Sequence[Article]) -> str:
    return cut(dice, dice.choice(texts_of(dice.choice(articles))), 1, 6)


def cut(dice: random.Random, text: str, shortest: int, longest: int) -> str:
    length = min(len(text), dice.randint(shortest, longest))
    start = dice.randrange(len(text) - length + 1)
    return text[start : start + length]
