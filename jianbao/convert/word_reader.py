"""Word files become text, with the level of their headings; tables are rows of cells with tabs between.

An archive that could burst is refused before anything of it is unpacked.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from jianbao.convert.extras import require
from jianbao.convert.lines import is_open
from jianbao.errors import JianbaoError
from jianbao.models import Place, trim_blanks

# Word's own files have some 10 to 60 entries; text is packed to about a tenth, blank pictures to a hundredth.
MAX_ENTRIES = 4096
MAX_UNPACKED = 200_000_000  # bytes
MAX_RATIO = 200
SMALL = 1_000_000  # bytes; what unpacks to less than this is no bomb, however well it was packed
OLD_WORD = b"\xd0\xcf\x11\xe0"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What stands in a paragraph without being printed, or a second time: the older form of a text box.
UNSEEN = frozenset(
    (f"{W}del", f"{W}moveFrom", f"{W}instrText", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)  # fmt: skip
# Text boxes stand in a paragraph and are read behind it.
APART = frozenset((f"{W}txbxContent",))
HOLDERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))  # fmt: skip
SIGNS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
HEADING_RE = re.compile(r"(?:heading|标题|標題)\s*([1-6])", re.IGNORECASE)
TITLE = "title"
STYLES = {"title": (1, TITLE), "标题": (1, TITLE), "subtitle": (2, None), "副标题": (2, None), "caption": (0, "caption"), "题注": (0, "caption")}  # fmt: skip
# A line by itself in type larger than that of the text by this much is set like a headline.
LARGER = 1.15
HEADLINE_LENGTH = 60
HEAD_LINES = 8  # page headers, kicker, name of a column
DEFAULT_SIZE = 10.0  # Word's own
DEEPEST = 6
MAX_BASES = 12  # of a style, one on the other
# What python-docx and lxml raise when they meet XML that is not what Word writes.
UNREADABLE = (
    AttributeError, EOFError, LookupError, NotImplementedError, OSError, SyntaxError, TypeError, ValueError, BadZipFile, zlib.error,
)  # fmt: skip
Element = Any  # of lxml, which tells no types


@dataclass(frozen=True, slots=True)
class WordLine:
    """A paragraph, or the row of a table."""

    text: str
    where: str  # XPath in the document
    level: int = 0
    role: str | None = None
    size: float = 0.0  # in points; 0: as the style says
    bold: bool = False
    centred: bool = False
    titled: bool = False  # in the style of titles
    broken: bool = False  # a line break in the paragraph stands above it


def read_docx(raw: bytes, path: str) -> tuple[str, list[Place]]:
    """The text of a Word file and the place of each of its lines.

    Raises:
        JianbaoError: no Word file, one that would burst, or the extra is not installed.
    """
    check_archive(raw, path)
    docx = require("docx", "docx", path)
    try:
        lines = _with_headlines(list(_lines_of(docx.Document(BytesIO(raw)))))
    except (*UNREADABLE, docx.exceptions.PythonDocxError) as error:
        raise JianbaoError(
            "is no Word file that can be read",
            path=path,
            hint="Open it in Word or LibreOffice and save it as .docx.",
        ) from error
    return _write(lines)


def _write(lines: list[WordLine]) -> tuple[str, list[Place]]:
    parts: list[str] = []
    places, at = [], 0
    for line, story in zip(lines, _stories(lines), strict=True):
        gap = "" if not parts else "\n" if line.broken else "\n\n"
        parts += [gap, line.text]
        start = at + len(gap)
        at = start + len(line.text)
        places.append(
            Place(
                start,
                at,
                size=line.size,
                level=line.level,
                role=line.role,
                where=line.where,
                story=story,
            )
        )
    return "".join(parts), places


def _stories(lines: list[WordLine]) -> Iterator[int]:
    """For each line which story of the file it is of; 0: the file does not say.

    Every title in the style of one begins a story; so does the only headline of the highest level, near the head.
    """
    levels = [line.level for line in lines if line.level]
    top = min(levels, default=0)
    heads = [at for at, line in enumerate(lines) if line.titled]
    if not heads and levels.count(top) == 1:
        heads = [at for at, line in enumerate(lines) if line.level == top]
    told = bool(heads) and heads[0] < HEAD_LINES
    for at, line in enumerate(lines):
        number = max(1, sum(head <= at for head in heads))
        yield number if told and line.role != "page_header" else 0


# --- the archive ---------------------------------------------------------------------------------


def check_archive(raw: bytes, path: str) -> None:
    """Raise when a Word file is no archive, or one that is made to burst or to write elsewhere."""
    if raw.startswith(OLD_WORD):
        raise JianbaoError(
            "is a Word file of before 2007, or locked by a password",
            path=path,
            hint="Open it in Word or LibreOffice and save it as .docx without a password.",
        )
    try:
        with ZipFile(BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise JianbaoError(
            "is no Word file: its archive is damaged",
            path=path,
            hint="Save it as .docx once more, or take it out of sources/.",
        ) from None
    if complaint := complaint_about(entries):
        raise JianbaoError(
            f"is not unpacked: {complaint}",
            path=path,
            hint="No Word file of a newspaper is like this. Take it out of sources/.",
        )


def complaint_about(entries: list[ZipInfo]) -> str | None:
    """What is wrong with the table of contents of an archive, by what it promises; None: nothing."""
    if len(entries) > MAX_ENTRIES:
        return f"it has {len(entries)} entries, more than {MAX_ENTRIES}"
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED:
        return f"unpacked it has {total // 1_000_000} MB, more than {MAX_UNPACKED // 1_000_000}"
    for entry in entries:
        parts = re.split(r"[\\/]", entry.orig_filename)
        if ".." in parts or entry.orig_filename.startswith(("/", "\\")) or ":" in parts[0]:
            return f"its entry {entry.filename!r} leads out of it"
        if entry.flag_bits & 1:
            return f"its entry {entry.filename!r} is locked by a password"
        if entry.file_size > max(SMALL, MAX_RATIO * entry.compress_size):
            return f"its entry {entry.filename!r} would grow more than {MAX_RATIO} times"
    if len({entry.filename for entry in entries}) < len(entries):
        return "it has two entries of one name"
    return None


# --- what is printed -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """A Word file while it is read: its styles by their ids, and the number of every paragraph and row."""

    styles: Mapping[str, Any]
    numbers: Mapping[Element, int]
    size: float  # of the type where nothing else is said


def _lines_of(document: Any) -> Iterator[WordLine]:
    """Page headers, the text with its tables, footnotes, page footers; headers and footers once each."""
    body = document.element.body
    numbers = {
        element: number
        for tag in ("p", "tr")
        for number, element in enumerate(body.iter(f"{W}{tag}"), start=1)
    }
    styles = {style.style_id: style for style in document.styles}
    word = _Word(styles, numbers, _default_size(document))
    yield from _running(document, "header")
    yield from _blocks(body, word)
    yield from _notes(document)
    yield from _running(document, "footer")


def _default_size(document: Any) -> float:
    defaults = document.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
    return _points(defaults) or DEFAULT_SIZE


def _running(document: Any, kind: str) -> Iterator[WordLine]:
    """The lines that run at the head or foot of the pages, each once."""
    seen = set()
    for number, section in enumerate(document.sections, start=1):
        for name in (kind, f"first_page_{kind}", f"even_page_{kind}"):
            part = getattr(section, name)
            if part.is_linked_to_previous:
                continue
            for paragraph in part._element.iter(f"{W}p"):
                text = trim_blanks(_text_of(paragraph)).replace("\n", " ")
                if text and text not in seen:
                    seen.add(text)
                    yield WordLine(text, f"{kind} {number}", role="page_header")


def _notes(document: Any) -> Iterator[WordLine]:
    """Footnotes and endnotes, in their order."""
    from docx.oxml import parse_xml  # it expands no entities

    for part in document.part.package.iter_parts():
        name = str(part.partname)
        if name.endswith(("/footnotes.xml", "/endnotes.xml")):
            for number, paragraph in enumerate(parse_xml(part.blob).iter(f"{W}p"), start=1):
                if text := trim_blanks(_text_of(paragraph)).replace("\n", " "):
                    yield WordLine(text, f"{name} {number}", role="body")


def _blocks(parent: Element, word: _Word) -> Iterator[WordLine]:
    """The paragraphs and rows below an element, in the order of the document."""
    for child in parent:
        if child.tag == f"{W}p":
            yield from _paragraph(child, word)
            for box in child.iter(f"{W}txbxContent"):
                if not any(one.tag in UNSEEN for one in box.iterancestors()):
                    yield from _blocks(box, word)
        elif child.tag == f"{W}tbl":
            yield from _table(child, word)
        elif child.tag in HOLDERS:
            yield from _blocks(child, word)


def _table(table: Element, word: _Word) -> Iterator[WordLine]:
    """The rows of a table; one that only lays out its page is read as what stands in its cells."""
    rows = [(row, row.findall(f"{W}tc")) for row in table.findall(f"{W}tr")]
    widest = max((len(cells) for _, cells in rows), default=0)
    if len(rows) < 2 or widest < 2 or table.find(f".//{W}tbl") is not None:
        for _, cells in rows:
            for cell in cells:
                yield from _blocks(cell, word)
        return
    for row, cells in rows:
        texts = [_cell_text(cell) for cell in cells]
        if any(texts):
            where = f"(//w:tr)[{word.numbers[row]}]"
            yield WordLine("\t".join(texts).strip("\t"), where, role="table")


def _cell_text(cell: Element) -> str:
    parts = (trim_blanks(_text_of(one)) for one in cell.iter(f"{W}p"))
    return re.sub(r"\s+", " ", " ".join(filter(None, parts)))


def _paragraph(paragraph: Element, word: _Word) -> Iterator[WordLine]:
    """The lines of a paragraph: one, or as many as it has line breaks."""
    level, role = _style_of(paragraph, word)
    size, bold = _type_of(paragraph, word)
    centred = _value(paragraph.find(f"{W}pPr/{W}jc")) == "center"
    where = f"(//w:p)[{word.numbers[paragraph]}]"
    broken = False
    for line in _text_of(paragraph).split("\n"):
        if text := trim_blanks(line):
            titled = level == 1 and role == TITLE
            shown = None if role == TITLE else role
            yield WordLine(text, where, level, shown, size, bold, centred, titled, broken)
            broken = True


def _text_of(element: Element) -> str:
    """What a paragraph prints, the text boxes that hang on it left out."""
    parts = []
    stack = [element]
    while stack:
        one = stack.pop()
        if one.tag == f"{W}t":
            parts.append(one.text or "")
        elif one.tag in SIGNS:
            parts.append(SIGNS[one.tag])
        elif one.tag == f"{W}br":
            parts.append("\n" if one.get(f"{W}type") in (None, "textWrapping") else "")
        elif one.tag not in UNSEEN and one.tag not in APART and isinstance(one.tag, str):
            stack.extend(reversed(one))
    return "".join(parts)


# --- how it is set -------------------------------------------------------------------------------


def _style_of(paragraph: Element, word: _Word) -> tuple[int, str | None]:
    """Level and role that a paragraph's style says, or the one it is based on."""
    outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
    if outline is not None and (level := int(_value(outline) or 9)) < DEEPEST:
        return level + 1, None
    style = word.styles.get(_value(paragraph.find(f"{W}pPr/{W}pStyle")))
    for _ in range(MAX_BASES):
        if style is None:
            break
        name = (style.name or "").strip().lower()
        if found := HEADING_RE.fullmatch(name):
            return int(found[1]), None
        if name in STYLES:
            return STYLES[name]
        style = getattr(style, "base_style", None)
    return 0, None


def _type_of(paragraph: Element, word: _Word) -> tuple[float, bool]:
    """The smallest type of a paragraph in points, and whether all of it is bold."""
    style = word.styles.get(_value(paragraph.find(f"{W}pPr/{W}pStyle")))
    base = style.element.find(f"{W}rPr") if style is not None else None
    runs = [run for run in paragraph.iter(f"{W}r") if trim_blanks(_text_of(run))]
    sizes = [_points(run.find(f"{W}rPr/{W}sz")) for run in runs]
    plain = _points(base.find(f"{W}sz") if base is not None else None) or word.size
    bold = bool(runs) and all(_is_on(run.find(f"{W}rPr/{W}b")) for run in runs)
    return min((size or plain for size in sizes), default=plain), bold


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(f"{W}val") or ""


def _points(element: Element | None) -> float:
    """A size as Word writes it, in half points."""
    value = _value(element)
    return int(value) / 2 if value.isdecimal() else 0.0


def _is_on(element: Element | None) -> bool:
    return element is not None and _value(element) not in ("0", "false", "none")


def _with_headlines(lines: list[WordLine]) -> list[WordLine]:
    """The lines, where those that are set like headlines have a level, if no style says so of any."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text) if line.size else 0
    common = max(sizes, key=lambda size: (sizes[size], -size), default=0.0)
    styled = next((at for at, line in enumerate(lines) if line.level), None)
    if styled is not None:
        return _below_title(lines, styled, common)
    looks = {_look(line) for line in lines if _is_set_apart(line, common)}
    levels = {look: level for level, look in enumerate(sorted(looks, reverse=True), start=1)}
    return [
        replace(line, level=min(DEEPEST, levels[_look(line)]))
        if _is_set_apart(line, common)
        else line
        for line in lines
    ]


def _below_title(lines: list[WordLine], styled: int, common: float) -> list[WordLine]:
    """Lines with headings by style. Below a title those of the first level are of its sections; one above them all that is only
    set like a title is one.
    """
    lines = list(lines)
    if not any(line.titled for line in lines):
        above = [at for at in range(styled) if _is_set_apart(lines[at], common)]
        first = max(above, key=lambda at: (_look(lines[at]), -at), default=None)
        if first is None:
            return lines
        lines[first] = replace(lines[first], level=1, titled=True)
    return [
        replace(line, level=min(DEEPEST, line.level + 1))
        if line.level and not line.titled
        else line
        for line in lines
    ]


def _look(line: WordLine) -> tuple[float, bool]:
    return (line.size, line.centred)


def _is_set_apart(line: WordLine, common: float) -> bool:
    short = len(line.text) <= HEADLINE_LENGTH and is_open(line.text) and line.role is None
    return short and (line.bold or line.size >= LARGER * common)
