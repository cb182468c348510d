"""Words of the interface: none stands in a template or a script, all stand in the catalogues, each in its own script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import opencc
import pytest
import rjsmin
from babel.messages.pofile import read_po
from jinja2 import nodes

from jianbao.config import LANGUAGES
from jianbao.publish.memo import Memo

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
MARKUP = sorted(path.name for path in TEMPLATES.iterdir() if path.suffix in {".html", ".xml"})
SCRIPTS = sorted([*ROOT.glob("assets/**/*.js"), *TEMPLATES.glob("*.js")])

# What may stand in a template as it is, and why.
NAMES = {
    "Markdown",  # a format, called so in every language
    "SHA-256",
    "BibTeX",
    "RIS",
    "CSL-JSON",
    "articles.jsonl",  # files, called so in every language
    "articles.csv",
    "datapackage.json",
    "UTF-8",
    "reviewed: ",  # a key of the front matter, to be copied
    "T00:00:00+08:00",  # the hour of a feed's days
    "%.2f",  # how a number is written
}
# The ledger's own value for what the maintainer states: compared with, and shown by way of `_`.
VALUES = {"整理者注明"}

HAN_RE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# A letter of any language, or punctuation that only Chinese has.
LETTER_RE = re.compile(r"[^\W\d_]|[、。〈-】〔〕！（），／：；？]")
# A constant in an expression that looks like words rather than a name of ours: `Latest`, `all of them`.
WORDS_RE = re.compile(r"[A-Z][a-z]|[a-z] [a-z]")
SPOKEN = frozenset(
    {"alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "label"}
    | {"placeholder", "summary", "title"}
)
# A value of <meta name> that is meant for people; of others it is for machines.
SPOKEN_META = frozenset({"description", "keywords", "og:title", "og:description", "author"})


# --- the net -------------------------------------------------------------------------------------


def complaints(source: str) -> Iterator[str]:
    """Literal words of a template: in its text, in attributes that are read out, in its expressions."""
    tree = jinja2.Environment(autoescape=True, extensions=[Memo]).parse(source)
    yield from constants(tree)
    reader = WordReader("".join(shown(tree)))
    reader.close()
    yield from reader.found


def shown(node: nodes.Node) -> Iterator[str]:
    """The markup as it may come out: literal text, and of an expression the constants that it can show."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Output):
            for part in child.nodes:
                yield part.data if isinstance(part, nodes.TemplateData) else " ".join(values(part))
        else:
            yield from shown(child)


def values(node: nodes.Node | None) -> Iterator[str]:
    """The constants that an expression can have for its value."""
    match node:
        case nodes.Const(value=str() as text):
            yield text
        case nodes.CondExpr():
            yield from values(node.expr1)
            yield from values(node.expr2)
        case nodes.BinExpr():  # a ~ b is none, but + and `or` are
            yield from values(node.left)
            yield from values(node.right)
        case nodes.Concat():
            for part in node.nodes:
                yield from values(part)
        case nodes.Filter() | nodes.Getattr() | nodes.Getitem():
            yield from values(node.node)
        case nodes.Dict():
            for pair in node.items:
                yield from values(pair.value)
        case nodes.List() | nodes.Tuple():
            for item in node.items:
                yield from values(item)
        case nodes.Call(node=nodes.Getattr() as method):  # {…}.get(key, default)
            yield from values(method)
            for argument in node.args[1:]:
                yield from values(argument)


def constants(node: nodes.Node) -> Iterator[str]:
    """Words in expressions that no `_` or `ngettext` takes up."""
    match node:
        case nodes.Call(node=nodes.Name(name="_" | "gettext" | "ngettext")):
            return
        case nodes.Const(value=str() as text) if text not in VALUES:
            if HAN_RE.search(text) or WORDS_RE.search(text):
                yield f"line {node.lineno}: {text!r} in an expression"
    for child in node.iter_child_nodes():
        yield from constants(child)


class WordReader(HTMLParser):
    """Collects the literal words of a page: its text, and what its attributes say to people."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if HAN_RE.search(value) or (is_spoken(tag, name, given) and says(value)):
                self.found.append(f'<{tag} {name}="{value}">')

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None and says(data):
            self.found.append(repr(" ".join(data.split())))
        elif HAN_RE.search(data):
            self.found.append(repr(data))


def is_spoken(tag: str, name: str, given: Mapping[str, str]) -> bool:
    """Whether people get to see or hear the value of an attribute."""
    if tag == "meta" and name == "content":
        return given.get("name", given.get("property")) in SPOKEN_META
    if name.startswith("data-"):
        return bool(WORDS_RE.search(given[name]))
    return name in SPOKEN or (name == "value" and tag in ("button", "input"))


def says(text: str) -> bool:
    """Whether words are left when the names that are nobody's language are taken out."""
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, " ")
    return bool(LETTER_RE.search(text))


# --- the net catches -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<p>文章</p>",
        "<p>Articles</p>",
        "<p>{{ number }} articles</p>",
        '<a title="更多">{{ x }}</a>',
        '<a aria-label="More">{{ x }}</a>',
        '<nav aria-label="{{ x }} pages"></nav>',
        '<img alt="Emblem">',
        '<input placeholder="词">',
        '<input type="submit" value="Go">',
        '<meta name="description" content="An archive">',
        '<p class="甲">{{ x }}</p>',
        '<p data-says="Not found">{{ x }}</p>',
        "{{ 'yes' if x else 'no' }}",
        "<a title=\"{{ 'open' if x else none }}\"></a>",
        "{{ {'a': 'one', 'b': 'two'}[x] }}",
        "{{ {'a': _('一')}.get(x, 'other') }}",
        "{{ x or 'nothing' }}",
        "{{ 'page ' ~ number }}",
        "{{ ('page %s' | format(number)) }}",
        "{{ trail([('/dates/', '日期')]) }}",
        "{{ trail([('/dates/', 'Dates')]) }}",
        "{% set name = 'All of them' %}",
        "{% macro a() %}<b>kicker</b>{% endmacro %}",
        "{% if x %}{% for y in x %}<li>item</li>{% endfor %}{% endif %}",
        "{% block a %}text{% endblock %}",
        "<title>Archive · {{ x }}</title>",
        "<p>{{ x }}：{{ y }}</p>",
        "<p>{{ x }}{% if y %}、{% endif %}{{ y }}</p>",
    ],
)
def test_a_literal_word_is_seen(source: str) -> None:
    assert list(complaints(source))


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('文章') }} · {{ ngettext('%(num)s 篇', '%(num)s 篇', x) }}“{{ y }}” (1/2) → …</p>",
        '<p class="count" id="main" lang="en" data-says="count">{{ x }}</p>',
        '<a aria-current="{{ \'page\' if x else \'true\' }}" href="{{ link(\'/dates/\' ~ x) }}"></a>',
        '<meta name="color-scheme" content="light dark">',
        '<input type="search" enterkeyhint="search" value="{{ x }}">',
        "{% if x == 'inferred' %}{{ {'a': _('一')}[x] }}{% endif %}",
        "{# 说明 #}<code>SHA-256</code>",
        "<script src=\"a.js\" defer></script>",
    ],
)  # fmt: skip
def test_what_is_no_word_of_the_interface_is_left_alone(source: str) -> None:
    assert list(complaints(source)) == []


# --- templates and scripts -----------------------------------------------------------------------


@pytest.mark.parametrize("name", MARKUP)
def test_no_word_of_the_interface_stands_in_a_template(name: str) -> None:
    assert list(complaints((TEMPLATES / name).read_text("utf-8"))) == []


# A script's own words would come in here: text put into the page, and what is read out.
SAID_RE = re.compile(
    r"""(?: (?:textContent|innerText|title|placeholder|alt|ariaLabel) \s*=\s*
        | (?:append|prepend|replaceChildren|createTextNode|alert|confirm|prompt) \(
        | setAttribute\( ["'](?:title|alt|placeholder|aria-label)["'] ,\s* )
        (["'`]) (?P<said> .*?) \1""",
    re.VERBOSE,
)


@pytest.mark.parametrize(
    "code",
    ['a.textContent = "Loading";', "b.append('没有')", 'c.setAttribute("aria-label", "More")'],
)
def test_a_word_in_a_script_is_seen(code: str) -> None:
    assert words_in_script(code)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_word_of_the_interface_stands_in_a_script(path: Path) -> None:
    assert words_in_script(path.read_text("utf-8")) == []


def words_in_script(code: str) -> list[str]:
    bare = rjsmin.jsmin(code)  # without comments
    said = [match["said"] for match in SAID_RE.finditer(bare)]
    return [*HAN_RE.findall(bare), *(one for one in said if LETTER_RE.search(one))]


# --- the catalogues ------------------------------------------------------------------------------


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Message → its texts in a language."""
    path = TEMPLATES / "i18n" / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {
        one.id if isinstance(one.id, str) else one.id[0]: (
            (one.string,) if isinstance(one.string, str) else tuple(map(str, one.string or ()))
        )
        for one in messages
    }


# The table writes 臺, print in Taiwan and Hong Kong mostly 台.
BOTH_WAYS = str.maketrans({"台": "臺"})


def test_the_traditional_words_hold_no_simplified_character() -> None:
    to_traditional = opencc.OpenCC("s2t")
    wrong = {
        text
        for texts in catalogue("zh-Hant").values()
        for text in texts
        if to_traditional.convert(text).translate(BOTH_WAYS) != text.translate(BOTH_WAYS)
    }
    assert wrong == set()


def test_the_simplified_words_hold_no_traditional_character() -> None:
    to_simplified = opencc.OpenCC("t2s")
    wrong = {text for texts in catalogue("zh-Hans").values() for text in texts if to_simplified.convert(text) != text}  # fmt: skip
    assert wrong == set()


def test_the_english_words_hold_no_chinese() -> None:
    assert {text for texts in catalogue("en").values() for text in texts if HAN_RE.search(text)} == set()  # fmt: skip


def test_the_simplified_words_are_those_of_the_templates() -> None:
    """But for a note in brackets, which tells apart what only other languages tell apart."""
    for word, texts in catalogue("zh-Hans").items():
        assert set(texts) == {re.sub("(?<=.)（.*）$", "", word)} or set(texts) == {word}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_has_the_same_gaps_in_every_language(language: str) -> None:
    gap = re.compile(r"%\(\w+\)s|\{\w+\}")
    for word, texts in catalogue(language).items():
        for text in texts:
            assert sorted(gap.findall(text)) == sorted(gap.findall(word)), text
