"""The printed page: stories set as a newspaper sets them, in HTML that a browser lays out and prints.

A page has four to six columns and is filled row by row. Every story stands in a block of one or more columns: the column's name,
kicker, headline, subtitle and byline across it, its text in the columns below; a picture is a grey box with a caption. Every
piece is marked (`data-piece`), so that the browser can say where its characters stand.
"""

from __future__ import annotations

import html
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.typesetter.stories import LINE_END, Piece, Story
from tests.typesetter.tape import HEAD, head_pieces

# Points. Dailies are set in 8 to 10 point type with columns of 12 to 17 characters (seed 000: 12, 14, 17).
BODY_SIZES = (8.5, 9.0, 9.0, 9.5, 10.0)
COLUMN_WIDTHS = (12.5, 13, 14, 15, 16.5)  # in em
COLUMNS = (4, 5, 5, 6)
# Least and most type size of a headline, by the columns that its story is wide.
TITLE_SIZES = ((13.5, 18.0), (18.0, 25.0), (24.0, 36.0))
# A column of a story has at least so many characters of its text.
FEWEST_IN_COLUMN = 90
# How often a headline stands at the head of the first column only, with the text going up beside it.
INSET = 0.12
# How often the columns of a story are wider than those of the page.
WIDER = 0.15
FRAMED = 0.08

Cell = tuple[int, list[str]]  # columns, the stories that stand in it one above the other


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of the page as the browser knows it: of a story, or furniture when there is none."""

    role: str
    text: str
    story: Story | None = None
    strip: int = HEAD
    place: int = 0


@dataclass(slots=True)
class PrintedPage:
    """A page in the making: the marked pieces by their number, and the HTML."""

    marked: list[Marked] = field(default_factory=list)

    def mark(self, one: Marked, text: str | None = None) -> str:
        """The piece as HTML that carries its number."""
        self.marked.append(one)
        shown = html.escape(text or one.text).replace(LINE_END, "<br>")
        return f'<span data-piece="{len(self.marked) - 1}">{shown}</span>'


@dataclass(frozen=True, slots=True)
class Style:
    """How a paper sets its pages."""

    columns: int
    size: float
    width: float  # of a column, in points
    gutter: float
    margin: float
    leading: float
    centred: bool
    ruled: bool  # lines between stories
    face: str = '"Noto Serif CJK SC", serif'
    weight: int = 700  # of headlines

    @property
    def page_width(self) -> float:
        return self.columns * (self.width + self.gutter) - self.gutter + 2 * self.margin

    def span(self, columns: float) -> float:
        """The width of a block of columns."""
        return columns * (self.width + self.gutter) - self.gutter


def draw_style(rng: random.Random, columns: int = 0) -> Style:
    """A paper's habits, with so many columns or as many as it likes."""
    size = rng.choice(BODY_SIZES)
    return Style(
        columns=columns or rng.choice(COLUMNS),
        size=size,
        width=round(rng.choice(COLUMN_WIDTHS) * size + 1, 1),
        gutter=round(rng.uniform(1.3, 2.0) * size, 1),
        margin=round(rng.uniform(24, 42), 1),
        leading=rng.choice((1.35, 1.45, 1.5, 1.6)),
        centred=rng.random() < 0.6,
        ruled=rng.random() < 0.4,
    )


def lay_printed_page(
    stories: Mapping[str, Story],
    furniture: Sequence[tuple[str, str]],
    style: Style,
    rng: random.Random,
    rows: Sequence[Sequence[Cell]] = (),
) -> tuple[str, list[Marked]]:
    """The HTML of a page and its marked pieces; `furniture` are roles and texts of the page's head, `rows` say where stories
    stand if that is not left to chance.
    """
    page = PrintedPage()
    rows = rows or list(_rows(stories, style.columns, rng))
    at_foot = bool(rng.random() < 0.15)
    head = _header(page, furniture, style, rng) if furniture else ""
    body = "".join(_row(page, row, stories, style, rng) for row in rows)
    parts = [body, head] if at_foot else [head, body]
    css = CSS % {
        "width": style.page_width, "margin": style.margin, "size": style.size, "leading": style.leading,
        "rule": "0.5pt solid #444" if style.ruled else "0",
        "face": style.face, "weight": style.weight,
        "align": "center" if style.centred else "left",
    }  # fmt: skip
    return (
        f'<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><style>{css}</style>'
        f"<body><main>{''.join(parts)}</main></body></html>",
        page.marked,
    )


CSS = """
* { margin: 0; padding: 0; box-sizing: border-box }
body { width: %(width)spt; padding: %(margin)spt; font: %(size)spt/%(leading)s %(face)s }
main { display: flex; flex-direction: column; gap: 16pt }
.row { display: flex; align-items: flex-start }
.cell { display: flex; flex-direction: column; gap: 16pt }
.cell + .cell, .story + .story { border: 0 }
.row + .row { border-top: %(rule)s; padding-top: 7pt }
.head { text-align: %(align)s; margin-bottom: 5pt }
.head > * { text-align: %(align)s }
h1 { font-family: "Noto Sans CJK SC", sans-serif; font-weight: %(weight)s; line-height: 1.25 }
.kicker, .subtitle { font-size: 12.5pt; line-height: 1.3; padding: 2pt 0 }
.column { font-size: 11.5pt; font-family: "Noto Sans CJK SC", sans-serif; font-weight: %(weight)s }
.text { text-align: justify; line-break: strict; column-fill: balance }
.text p { text-indent: 2em; orphans: 1; widows: 1 }
.text p.flush { text-indent: 0 }
.text h2 { font-size: 1.2em; line-height: 1.3; text-align: center; padding: 3pt 0; break-after: avoid; font-family: "Noto Sans CJK SC", sans-serif }
figure { break-inside: avoid; padding: 3pt 0 }
figure div { background: #ccc }
figcaption { font-size: 0.88em; line-height: 1.3; padding-top: 2pt; font-family: "Noto Sans CJK SC", sans-serif }
.framed { border: 0.7pt solid #333; padding: 6pt }
.top { display: flex; justify-content: space-between; align-items: baseline; border-bottom: 0.8pt solid #000 }
.top span { white-space: pre }
"""


# --- where stories stand --------------------------------------------------------------------------


def _length(story: Story) -> int:
    return sum(len(piece.text) for strip in story.strips for piece in strip)


def _rows(stories: Mapping[str, Story], columns: int, rng: random.Random) -> Iterator[list[Cell]]:
    """The rows of a page from its head to its foot; the widths of a row's cells make up the page's."""
    waiting = list(stories)
    while waiting:
        most = min(len(waiting), 3, columns)
        count = rng.choices(range(1, most + 1), (2, 5, 4)[:most])[0]
        row: list[list[str]] = [[waiting.pop(0)] for _ in range(count)]
        if waiting and count > 1 and rng.random() < 0.3:
            row[-1].append(waiting.pop(0))
        lengths = [max(_length(stories[key]) for key in cell) for cell in row]
        yield list(zip(_shares(lengths, columns), row, strict=True))


def _shares(lengths: Sequence[int], columns: int) -> list[int]:
    """So many columns for each, one at least, by their lengths.

    >>> _shares([900, 100, 200], 5)
    [3, 1, 1]
    """
    shares = [1] * len(lengths)
    for _ in range(columns - len(lengths)):
        tightest = max(range(len(lengths)), key=lambda at: lengths[at] / shares[at])
        shares[tightest] += 1
    return shares


# --- a row, a story -------------------------------------------------------------------------------


def _row(
    page: PrintedPage,
    row: Sequence[Cell],
    stories: Mapping[str, Story],
    style: Style,
    rng: random.Random,
) -> str:
    cells = []
    for number, (span, keys) in enumerate(row):
        inner = "".join(_story(page, stories[key], span, style, rng) for key in keys)
        gap = f";margin-left:{style.gutter}pt" if number else ""
        cells.append(f'<div class="cell" style="width:{style.span(span)}pt{gap}">{inner}</div>')
    return f'<div class="row">{"".join(cells)}</div>'


def _story(page: PrintedPage, story: Story, span: int, style: Style, rng: random.Random) -> str:
    columns = max(1, -(-span // 2), min(span, _length(story) // FEWEST_IN_COLUMN))
    if columns > 2 and rng.random() < WIDER:
        columns -= 1
    framed = span > 1 and rng.random() < FRAMED
    inset = columns > 1 and rng.random() < INSET
    head = _head(page, story, 1 if inset else span, style, rng)
    figures = rng.random() < 0.5
    text = "".join(_strips(page, story, style, rng, wide=figures and not inset))
    gutter = f"columns:{columns};column-gap:{style.gutter}pt"
    inner = (
        f'<div class="text" style="{gutter}">{head}{text}</div>'
        if inset
        else f'{head}<div class="text" style="{gutter}">{text}</div>'
    )
    return f'<article class="story{" framed" if framed else ""}">{inner}</article>'


def _head(page: PrintedPage, story: Story, span: int, style: Style, rng: random.Random) -> str:
    least, most = TITLE_SIZES[min(span, len(TITLE_SIZES)) - 1]
    size = rng.uniform(least, most)
    title = story.head.get("title", "")
    longest = max((len(line) for line in title.split(LINE_END)), default=0)
    lines = 3 if span == 1 else 2
    if longest:
        size = max(least * 0.9, min(size, lines * style.span(span) / (longest + lines)))
    parts = []
    for place, piece in enumerate(head_pieces(story)):
        shown = page.mark(Marked(piece.role, piece.text, story, HEAD, place))
        tag = "h1" if piece.role == "title" else "div"
        own = f' style="font-size:{size:.1f}pt"' if piece.role == "title" else ""
        parts.append(f'<{tag} class="{piece.role}"{own}>{shown}</{tag}>')
    return f'<div class="head">{"".join(parts)}</div>' if parts else ""


def _strips(
    page: PrintedPage, story: Story, style: Style, rng: random.Random, *, wide: bool
) -> Iterator[str]:
    """The paragraphs of a story; what runs on stands in the paragraph of the piece before."""
    for number, strip in enumerate(story.strips):
        groups: list[list[int]] = []
        for place, piece in enumerate(strip):
            if piece.runs_on and groups:
                groups[-1].append(place)
            else:
                groups.append([place])
        for group in groups:
            marked = [page.mark(Marked(strip[at].role, strip[at].text, story, number, at)) for at in group]  # fmt: skip
            yield _paragraph(strip[group[0]], "".join(marked), style, rng, wide=wide)


def _paragraph(piece: Piece, inner: str, style: Style, rng: random.Random, *, wide: bool) -> str:
    if piece.role == "heading":
        return f"<h2>{inner}</h2>"
    if piece.role == "caption":
        height = style.width * rng.uniform(0.5, 0.8)
        across = ";column-span:all" if wide and rng.random() < 0.3 else ""
        return f'<figure style="padding:3pt 0{across}"><div style="height:{height:.0f}pt"></div><figcaption>{inner}</figcaption></figure>'
    return f'<p class="{"flush" if piece.continues else ""}">{inner}</p>'


def _header(
    page: PrintedPage, furniture: Sequence[tuple[str, str]], style: Style, rng: random.Random
) -> str:
    sizes = [rng.choice((8.5, 9, 10, 11))] * len(furniture)
    if len(furniture) > 1:
        sizes[0] = rng.choice((10, 14, 18))
    marked = [
        f'<span style="font-size:{size}pt">{page.mark(Marked(role, text))}</span>'
        for size, (role, text) in zip(sizes, furniture, strict=True)
    ]
    return f'<div class="top">{"".join(marked)}</div>'
