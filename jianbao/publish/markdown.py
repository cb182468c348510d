"""An article's body for its readers: safe HTML, its headings, and the plain text that search compares.

CommonMark and tables by markdown-it-py; raw HTML is off, links go where the list allows, pictures give
their words only. On top come what Chinese needs: emphasis beside full-width marks, no blank where a
line of Han ends, punctuation shown in full width.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice, pairwise
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

from jianbao.publish.typography import (
    is_wide,
    stands_close,
    widen_characters,
    widen_punctuation,
)

# http and https with a host, mail, or a place in this archive. A first segment with a colon would be another
# scheme, // and \ another host; markdown-it has encoded controls by now, but may not always.
LINK_RE = re.compile(
    r"(?:https?://[^/?#\\\x00-\x20]|mailto:|(?!//)[^:/?#\\\x00-\x20]*(?:[/?#]|\Z))[^\\\x00-\x20]*",
    re.IGNORECASE,
)
# Paragraphs in which nothing means anything to Markdown: no mark of it anywhere, nothing at a beginning that opens a list, quotation,
# heading or code.
PLAIN = r"(?![-+=#>:\s]|\d{1,9}[.)])[^\x00-\x1f\\`*_\[\]<>&|~!]*(?<!\s)"
PLAIN_RE = re.compile(rf"{PLAIN}(?:\n\n{PLAIN})*")
BETWEEN_RE = re.compile(r"\n(?:[ \t]*\n)+")
# A body is shown as it stands, without Markdown, above so many brackets (the parser looks for the end of each in all the rest: 2,000
# take two seconds at worst, 50,000 half a minute and 25,000 pictures an hour) and so many marks in all (50,000: four seconds). A page
# of the seeds has 40 of them.
MAX_BRACKETS = 2_000
MAX_MARKS = 50_000
MARKS = "[]*_`<&|~\\"
MAX_NESTING = 100  # markdown-it's own: what lies deeper it leaves out
CAPTION_RE = re.compile(r"\A图[：:]\s*")
CAPTION_CLASS = ' class="caption"'
CODE = ("fence", "code_block")
HOST_RE = re.compile(r"https?:", re.IGNORECASE)
ALIGN_RE = re.compile(r"text-align:(left|center|right)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside an article; `##` is level 2, the title of the page being level 1."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class RenderedBody:
    """A body as HTML that needs no more escaping, with its headings in order."""

    html: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one paragraph, heading, list item or table cell; its anchor, when it has one."""

    text: str
    anchor: str | None


def render_body(body: str, *, widen: bool = False) -> RenderedBody:
    """The body as HTML: paragraphs `p-1` …, headings `h-1` …, captions of class `caption`.

    With `widen`, ASCII punctuation between Chinese is shown in full width.

    >>> render_body("图：开幕的**早晨**").html
    '<p id="p-1" class="caption">图：开幕的<strong>早晨</strong></p>\\n'
    """
    if body and PLAIN_RE.fullmatch(body):  # what the parser would make, many times as fast
        return RenderedBody(_render_plain(body, widen=widen), ())
    tokens = _parsed(body)
    if tokens is None:
        return RenderedBody(_render_plain(body, widen=widen), ())
    if widen:
        _widen(tokens)
    headings = tuple(
        Heading(int(opening.tag[1:]), _text_of(inline), str(opening.attrs["id"]))
        for opening, inline in _blocks(tokens)
        if opening.type == "heading_open"
    )
    markdown = _markdown()
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return RenderedBody(html, headings)


def _render_plain(body: str, *, widen: bool) -> str:
    shown = widen_punctuation if widen else str
    return "".join(
        f'<p id="p-{number}"{CAPTION_CLASS if CAPTION_RE.match(text) else ""}>{escapeHtml(shown(text))}</p>\n'
        for number, text in enumerate(_paragraphs(body), 1)
    )


def _paragraphs(body: str) -> list[str]:
    return BETWEEN_RE.split(body.strip("\n"))


def _parsed(body: str) -> list[Token] | None:
    """The body as markdown-it reads it; None where that would take too long, or leave something out."""
    if body.count("[") > MAX_BRACKETS or sum(map(body.count, MARKS)) > MAX_MARKS:
        return None
    tokens = _markdown().parse(body)
    return None if any(token.level >= MAX_NESTING - 1 for token in tokens) else tokens


def plain_passages(body: str) -> tuple[Passage, ...]:
    """Every text of the body as a reader sees it, with its anchor, without the 图： of a caption."""
    # Most bodies are plain: what the parser would say of them, forty times as fast.
    tokens = None if PLAIN_RE.fullmatch(body) else _parsed(body)
    if tokens is None:
        return tuple(
            Passage(text, f"p-{number}")
            for number, paragraph in enumerate(_paragraphs(body), 1)
            if (text := CAPTION_RE.sub("", paragraph))
        )
    code = [Passage(token.content, None) for token in tokens if token.type in CODE]
    texts = [_passage(opening, inline) for opening, inline in _blocks(tokens)]
    return tuple(passage for passage in texts + code if passage.text)


def plain_paragraphs(body: str) -> tuple[str, ...]:
    """The texts of the body, one each for paragraph, heading, list item and table cell.

    >>> plain_paragraphs("## 开幕\\n\\n图：**早晨**\\n\\n- 一等奖\\n- 二等奖")
    ('开幕', '早晨', '一等奖', '二等奖')
    """
    return tuple(passage.text for passage in plain_passages(body))


def is_allowed_link(url: str) -> bool:
    """Whether a link may be followed from our pages.

    >>> [is_allowed_link(url) for url in ("https://example.org/a", "../a/#p-1", "//evil.example",
    ...                                   "javascript:alert(1)")]
    [True, True, False, False]
    """
    return LINK_RE.fullmatch(url) is not None


# --- the parser ----------------------------------------------------------------------------------


@cache
def _markdown() -> _Markdown:
    """The one parser of the house; it keeps nothing between texts."""
    markdown = _Markdown("js-default", {"html": False, "linkify": False, "typographer": False})
    markdown.inline = _ChineseInline()
    for rule in (_drop_soft_breaks, _lower_headings, _number, _prepare_tables, _guard_links):
        markdown.core.ruler.push(rule.__name__, rule)
    markdown.add_render_rule("image", _image_as_words)
    return markdown


class _Markdown(MarkdownIt):
    """markdown-it with our list of links in place of its own."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # markdown-it's name
        return is_allowed_link(url)


class _ChineseState(StateInline):
    """Emphasis whose marks may stand beside a full-width character, as beside a letter.

    CommonMark asks for a blank outside `**“…。”**`, and Chinese has none: `市长**“…。”**他说` would stay
    unmarked. The answer is that of the CommonMark amendment for Chinese, Japanese and Korean; where
    no wide character stands beside the marks nothing changes.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        marker, end = self.src[start], start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        left_flanking = not after.isspace() and (
            not _is_narrow_mark(after)
            or before.isspace()
            or _is_narrow_mark(before)
            or is_wide(before)
        )
        right_flanking = not before.isspace() and (
            not _is_narrow_mark(before)
            or after.isspace()
            or _is_narrow_mark(after)
            or is_wide(after)
        )
        return Scanned(
            left_flanking and (canSplitWord or not right_flanking or _is_mark(before)),
            right_flanking and (canSplitWord or not left_flanking or _is_mark(after)),
            end - start,
        )


class _ChineseInline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """As the parent's, with our state."""
        state = _ChineseState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _is_mark(char: str) -> bool:
    """Punctuation or symbol, as CommonMark has it."""
    return unicodedata.category(char)[0] in "PS"


def _is_narrow_mark(char: str) -> bool:
    return _is_mark(char) and not is_wide(char)


# --- rules over the parsed text ------------------------------------------------------------------


def _drop_soft_breaks(state: StateCore) -> None:
    """Between Han a line end means nothing; a browser would show a blank."""
    for _, inline in _blocks(state.tokens):
        leaves = list(_leaves(inline.children or []))
        for place in range(1, len(leaves) - 1):
            token, before, after = leaves[place][0], leaves[place - 1][1], leaves[place + 1][1]
            if token.type == "softbreak" and stands_close(before[-1], after[0]):
                token.type = "text"


def _lower_headings(state: StateCore) -> None:
    """The title of the page is its only h1."""
    for token in state.tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _number(state: StateCore) -> None:
    """Anchors for citations: made of the order alone, never of the text, so none can be planted."""
    names = {"paragraph_open": ("p", count(1)), "heading_open": ("h", count(1))}
    for opening, inline in _blocks(state.tokens):
        if opening.type in names and not opening.hidden:
            letter, numbers = names[opening.type]
            opening.attrSet("id", f"{letter}-{next(numbers)}")
            if opening.tag == "p" and CAPTION_RE.match(_text_of(inline)):
                opening.attrSet("class", "caption")


def _prepare_tables(state: StateCore) -> None:
    """Columns of a table aligned by class: the pages' security policy forbids style attributes.

    A table that is wider than a phone scrolls, and is reached by key for that.
    """
    for token in state.tokens:
        if token.type == "table_open":
            token.attrSet("tabindex", "0")
        aligned = ALIGN_RE.fullmatch(str(token.attrs.pop("style", "")))
        if aligned:
            token.attrSet("class", f"align-{aligned[1]}")


def _guard_links(state: StateCore) -> None:
    """The far end of a link is not told where the reader came from, and the reader is told its host: a name can look like another's."""
    for _, inline in _blocks(state.tokens):
        for token in inline.children or ():
            if token.type == "link_open" and HOST_RE.match(str(token.attrs["href"])):
                token.attrSet("rel", "noopener noreferrer")
                host = urlsplit(str(token.attrs["href"])).netloc.rpartition("@")[2]
                title = str(token.attrs.get("title", ""))
                token.attrSet("title", f"{title} ({host})" if title else host)


def _image_as_words(
    renderer: object, tokens: Sequence[Token], index: int, options: object, env: EnvType
) -> str:
    """A picture's description: the archive has no pictures, and one from elsewhere is a beacon."""
    return escapeHtml(_text_of(tokens[index]))


def _widen(tokens: Sequence[Token]) -> None:
    """Punctuation in full width, over a whole paragraph: a neighbour may stand inside emphasis."""
    for _, inline in _blocks(tokens):
        leaves = list(_leaves(inline.children or []))
        shown = iter(widen_characters("".join(text for _, text in leaves)))
        for token, text in leaves:
            part = "".join(islice(shown, len(text)))
            if token.type == "text" and text == token.content:
                token.content = part


# --- walking the parsed text ---------------------------------------------------------------------


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each paragraph, heading and table cell: its opening token and its inline one."""
    return ((before, token) for before, token in pairwise(tokens) if token.type == "inline")


def _leaves(children: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """The tokens that hold text, each with what it is to its neighbours.

    Code and bare addresses keep their characters, so they count as so many Latin letters.
    """
    in_address = False
    for token in children:
        if token.type in ("link_open", "link_close"):
            in_address = token.nesting == 1 and token.markup == "autolink"
        elif token.type == "image":
            yield from _leaves(token.children or [])
        elif token.type in ("softbreak", "hardbreak"):
            yield token, "\n"
        elif token.content:
            kept = in_address or token.type == "code_inline"
            yield token, "a" * len(token.content) if kept else token.content


def _text_of(token: Token) -> str:
    """The words of an inline token or a picture."""
    leaves = _leaves(token.children or [])
    return "".join("\n" if leaf.type.endswith("break") else leaf.content for leaf, _ in leaves)


def _passage(opening: Token, inline: Token) -> Passage:
    text = _text_of(inline).strip()
    if opening.tag == "p":
        text = CAPTION_RE.sub("", text)
    anchor = opening.attrs.get("id")
    return Passage(text, None if anchor is None else str(anchor))
