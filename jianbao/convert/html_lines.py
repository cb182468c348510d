"""The lines of a saved page as a browser shows them: each with its element, and with what its markup says of how it is set.

Only what is shown counts: no scripts, styles, hidden elements, attributes. Ruby readings (`rt`) are a gloss and no text.
Nothing is decided here about what a line is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jianbao.models import is_blank, trim_blanks

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
     "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre",
     "search", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr",
     "ul", "button")
)  # fmt: skip
UNSEEN = frozenset(
    ("applet", "audio", "canvas", "datalist", "embed", "head", "iframe", "math", "noembed", "noframes",
     "noscript", "object", "rp", "rt", "script", "style", "svg", "template", "title", "video")
)  # fmt: skip
HIDDEN_STYLE_RE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
CENTRED_RE = re.compile(r"text-align\s*:\s*center")
BOLD_STYLE_RE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
SIZE_RE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(px|pt|em|rem)")
BOLD_TAGS = frozenset(("b", "strong", "th"))
HEADING_RE = re.compile(r"h([1-6])")
# Pixels of one unit of a font size; <font size="5"> as browsers draw it.
PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0}
FONT_SIZES = {"1": 10, "2": 13, "3": 16, "4": 18, "5": 24, "6": 32, "7": 48, "+1": 18, "+2": 24, "+3": 32, "+4": 48}  # fmt: skip
BLANK_RUN_RE = re.compile(r"[ \t\n\r\f]+")
# A line end of the file inside a Chinese sentence is no blank that anybody typed.
WRAP_RE = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\n\r][ \t\n\r\f]*(?=[\u3000-\u9fff\uff00-\uffef])"
)
# What stands in its own element on the line of a story's day and source; such elements lie apart on the screen.
LABEL_RE = re.compile(
    r"^\s*[\[【（(]?(?:(?:稿件|文章|信息)?来源|稿源|作者|记者|通讯员|编辑|责任编辑|责编|发布|发表|更新|时间|日期|浏览|阅读|点击|访问|字号|字体|分享|打印|\d{4}[-年/.]\d)"
)
DAY_END_RE = re.compile(
    r"\d{4}(?:[-/.]\d{1,2}){2}$|\d{4}年\d{1,2}月\d{1,2}日$|\d{1,2}:\d{2}(?::\d{2})?$"
)
LABEL_IN_BRACKETS_RE = re.compile(r"[\[【][^\[\]【】]{1,8}[\]】]")
# A table of data has rows of as many short cells; a table that lays out a page has not.
NO_DATA = "table table, caption, img, form, input, select, iframe, script, style, noscript, ruby"
CELL_LENGTH = 80
MEAN_CELL = 30


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the page that is shown."""

    index: int  # among the shown ones, in the order of the file
    tag: str
    number: int  # among all of its tag: (//p)[number]
    parent: int  # -1: none
    names: str = ""  # its class and id, in small letters
    purpose: str = ""  # its ARIA role


@dataclass(frozen=True, slots=True)
class HtmlLine:
    """One line of a page, without the blanks around it."""

    text: str
    element: int  # the block that holds it
    linked: float = 0.0  # the share of its characters that are links
    level: int = 0  # of h1 … h6
    bold: bool = False  # all of it
    size: float = 0.0  # of its type in pixels, where the markup says so; 0: as all others
    centred: bool = False
    pictured: bool = False  # a picture stands just above it
    beside: bool = False  # the same block holds that picture
    broken: bool = False  # one <br> parts it from the line above
    row: bool = False  # of a table of data: cells between tabs
    files: bool = False  # its links lead to files for download


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What a page shows: its lines in their order, and the blocks that hold them."""

    elements: list[Element]
    lines: list[HtmlLine]

    def lineage(self, index: int) -> Iterator[Element]:
        """The element and all around it, the innermost first."""
        while index >= 0:
            yield self.elements[index]
            index = self.elements[index].parent

    def where(self, line: HtmlLine) -> str:
        """XPath of the block that holds a line."""
        one = self.elements[line.element]
        return f"(//{one.tag})[{one.number}]"


@dataclass(frozen=True, slots=True)
class _Style:
    """How text is set at a place of the page, by all the elements around it."""

    block: int = 0
    level: int = 0
    linked: bool = False
    files: bool = False
    bold: bool = False
    size: float = 0.0
    centred: bool = False
    kept: bool = False  # line ends as in the file


@dataclass(slots=True)
class _Writer:
    """Gathers pieces of text and makes lines of them."""

    lines: list[HtmlLine] = field(default_factory=list)
    pieces: list[tuple[str, _Style]] = field(default_factory=list)
    picture: int = -1  # the block of a picture since the last line; -1: none
    broken: bool = False

    def write(self, text: str, style: _Style) -> None:
        self.pieces.append((text, style))

    def end_line(self, *, broken: bool = False) -> None:
        """End the line that is being gathered, if it says anything."""
        pieces, self.pieces = self.pieces, []
        was_broken, self.broken = self.broken, False  # two <br> are a blank line
        pieces = self._without_label(pieces)
        text = trim("".join(piece for piece, _ in pieces))
        if not text:
            return
        self.broken = broken
        shown = [(len(printed), style) for piece, style in pieces if (printed := _printed(piece))]
        total = sum(count for count, _ in shown)
        first = shown[0][1]
        self.lines.append(
            HtmlLine(
                text,
                first.block,
                linked=sum(count for count, style in shown if style.linked) / total,
                level=min(style.level for _, style in shown),
                bold=all(style.bold for _, style in shown),
                size=min(style.size for _, style in shown),
                centred=first.centred,
                pictured=self.picture >= 0,
                beside=self.picture == first.block,
                broken=was_broken,
                files=any(style.files for _, style in shown),
            )
        )
        self.picture = -1

    def _without_label(self, pieces: list[tuple[str, _Style]]) -> list[tuple[str, _Style]]:
        """The pieces of a line without the link in brackets above a forum's headline, which names its column: a line of its own."""
        printed = [at for at, (piece, _) in enumerate(pieces) if _printed(piece)]
        if len(printed) < 2:
            return pieces
        text, style = pieces[printed[0]]
        if not (style.level and style.linked and LABEL_IN_BRACKETS_RE.fullmatch(text.strip())):
            return pieces
        self.pieces = pieces[: printed[0] + 1]
        self.end_line()
        return pieces[printed[0] + 1 :]

    def add_row(self, cells: list[str], block: int) -> None:
        self.end_line()
        if any(cells):
            self.lines.append(HtmlLine("\t".join(cells).strip("\t"), block, row=True))
            self.picture = -1


def trim(text: str) -> str:
    """A text as a browser sets it: runs of blanks are one, none at the ends, and none for a line end between two characters.

    >>> trim("  青禾市\\n  图书馆 open\\n now ")
    '青禾市图书馆 open now'
    """
    return trim_blanks(BLANK_RUN_RE.sub(" ", WRAP_RE.sub("", text)))


def _printed(text: str) -> str:
    return "".join(char for char in text if not is_blank(char))


def read_lines(root: LexborNode) -> HtmlPage:
    """The lines of a page in the order of the file."""
    page = HtmlPage([], [])
    writer = _Writer(page.lines)
    numbers = _numbers(root)
    # Nodes to be entered, and blocks to be left: a page may be nested deeper than Python calls.
    stack: list[tuple[LexborNode | None, _Style]] = [(root, _Style())]
    while stack:
        node, style = stack.pop()
        if node is None:
            writer.end_line()
        elif node.is_text_node:
            _write_text(node.text_content or "", style, writer)
        elif node.is_element_node and not _is_unseen(node):
            _enter(node, style, page, writer, numbers, stack)
    writer.end_line()
    return page


def _write_text(text: str, style: _Style, writer: _Writer) -> None:
    if not style.kept:
        writer.write(text, style)
        return
    for at, line in enumerate(text.split("\n")):
        if at:
            writer.end_line(broken=True)
        writer.write(line, style)


def _enter(
    node: LexborNode,
    style: _Style,
    page: HtmlPage,
    writer: _Writer,
    numbers: Mapping[int, int],
    stack: list[tuple[LexborNode | None, _Style]],
) -> None:
    tag, attributes = node.tag or "", node.attributes
    if tag == "br":
        writer.end_line(broken=True)
        return
    if tag == "img":
        writer.picture = style.block
        return
    block = style.block
    if tag in BLOCKS:
        writer.end_line()
        writer.broken = False
        parent = style.block if page.elements else -1
        block = len(page.elements)
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().strip()
        purpose = (attributes.get("role") or "").lower()
        page.elements.append(Element(block, tag, numbers[node.mem_id], parent, names, purpose))
        stack.append((None, style))
    elif writer.pieces and _lies_apart(writer.pieces[-1][0], _first_words(node)):
        writer.write(" ", style)
    if tag == "table" and (rows := _rows(node)):
        for row, cells in rows:
            place = len(page.elements)
            page.elements.append(Element(place, "tr", numbers[row.mem_id], block))
            writer.add_row(cells, place)
        return
    inner = _restyle(tag, attributes, style, block)
    stack.extend((child, inner) for child in reversed(list(node.iter(include_text=True))))


def _restyle(tag: str, attributes: Mapping[str, str | None], style: _Style, block: int) -> _Style:
    """How text is set inside an element."""
    css = (attributes.get("style") or "").lower()
    heading = HEADING_RE.fullmatch(tag)
    linked = style.linked or (tag == "a" and attributes.get("href") is not None)
    address = (attributes.get("href") or "").lower() if tag == "a" else ""
    is_block = tag in BLOCKS
    return _Style(
        block=block,
        level=int(heading[1]) if heading else style.level,
        linked=linked,
        files=style.files or FILE_RE.search(address) is not None,
        bold=style.bold or tag in BOLD_TAGS or BOLD_STYLE_RE.search(css) is not None,
        size=_size(tag, attributes, css) or style.size,
        centred=_is_centred(tag, attributes, css) if is_block else style.centred,
        kept=style.kept or tag == "pre",
    )


FILE_RE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|zip|rar|7z|ofd)(?:$|[?#])")


def _size(tag: str, attributes: Mapping[str, str | None], css: str) -> float:
    if found := SIZE_RE.search(css):
        return (
            float(found[1].strip(".") or 0) * PIXELS[found[2]] if found[1].count(".") < 2 else 0.0
        )
    return FONT_SIZES.get((attributes.get("size") or "").strip(), 0) if tag == "font" else 0.0


def _is_centred(tag: str, attributes: Mapping[str, str | None], css: str) -> bool:
    centred = (attributes.get("align") or "").lower() == "center"
    return centred or tag == "center" or CENTRED_RE.search(css) is not None


def _is_unseen(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        node.tag in UNSEEN
        or "hidden" in attributes
        or (node.tag == "dialog" and "open" not in attributes)
        or HIDDEN_STYLE_RE.search((attributes.get("style") or "").lower()) is not None
    )


def _numbers(root: LexborNode) -> dict[int, int]:
    """Every element's number among those of its tag, hidden ones included."""
    counts: dict[str, int] = {}
    numbers = {}
    for node in root.traverse():
        tag = node.tag or ""
        counts[tag] = counts.get(tag, 0) + 1
        numbers[node.mem_id] = counts[tag]
    return numbers


def _lies_apart(above: str, words: str) -> bool:
    """Whether what an element says is another piece of news than what stands just before it: a label, or what follows a day.

    >>> _lies_apart("2020-06-18", "青禾网"), _lies_apart("2020年6月18", "日"), _lies_apart("青禾", "市")
    (True, False, False)
    """
    if LABEL_RE.match(words):
        return True
    return (
        DAY_END_RE.search(above) is not None
        and re.match(r"\s*[^\s日号时点\d:：]", words) is not None
    )


def _first_words(node: LexborNode) -> str:
    """The first piece of text in an element."""
    child = node.child
    while child is not None and child.is_element_node:
        child = child.child
    return (child.text_content or "") if child is not None and child.is_text_node else ""


def _rows(table: LexborNode) -> list[tuple[LexborNode, list[str]]]:
    """The rows of a table of data, each with the texts of its cells; none if it lays out a page."""
    if table.css_first(NO_DATA) is not None or any(map(_is_unseen, table.css("[hidden], [style]"))):
        return []
    rows = [(row, [_cell_text(cell) for cell in row.css("td, th")]) for row in table.css("tr")]
    cells = [cell for _, texts in rows for cell in texts]
    links = sum(len(link.text(deep=True)) for link in table.css("a[href]"))
    even = len(rows) > 1 and len(rows[0][1]) > 1 and len({len(texts) for _, texts in rows}) == 1
    if not even:
        return []
    total = sum(map(len, cells))
    short = max(map(len, cells)) <= CELL_LENGTH and total <= MEAN_CELL * len(cells)
    return rows if short and links * 3 <= total else []


def _cell_text(cell: LexborNode) -> str:
    """The text of a cell on one line."""
    parts = []
    for node in cell.traverse(include_text=True):
        if node.is_text_node:
            parts.append(node.text_content or "")
        elif node.tag in BLOCKS or node.tag == "br":
            parts.append(" ")
    return trim("".join(parts))
