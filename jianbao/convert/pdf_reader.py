"""PDF files: the characters of their text layer with their places, as printed lines."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from statistics import median
from typing import Any, NamedTuple

from jianbao.convert.extras import require
from jianbao.convert.printed_lines import PrintedLine, PrintedText, text_of
from jianbao.errors import JianbaoError
from jianbao.models import is_blank

# Two characters that follow one another are of one line up to this gap, in em: justification spreads characters by less, and no
# columns stand closer. Pieces of a line that were drawn apart may stand as far from one another as PIECE.
GAP, PIECE = 1.05, 0.45
# What is drawn up to this share of an em higher or lower stands on the same line.
DRIFT = 0.2
# A gap is a blank between two words from this many em above the line's usual one; less where the file has a blank there.
WORD_GAP, MARKED_GAP = 0.6, 0.12
# A page with fewer characters than this, mostly covered by pictures, is a scan: somebody has stamped a number on it.
FEW, MOSTLY = 40, 0.5
SEVERAL = (
    4  # pages of a scan that many workers are called for; to start them takes less than to read one
)
# The part of an em above the base line; the rest of it hangs below.
ASCENT = 0.88


class Glyph(NamedTuple):
    """A printed character: where it begins on its base line, where it ends, its size; y grows downwards."""

    char: str
    left: float
    right: float
    base: float
    size: float
    spaced: bool = False  # a blank stands before it


def read_pdf(raw: bytes, path: str) -> PrintedText:
    """The text layer of a PDF file; a page without one is a picture, and is recognised as a scan.

    Raises:
        JianbaoError: the package is missing, or the file is damaged or locked.
    """
    with opened_pdf(raw, path) as document:
        pages = [_lines_of_page(document, number, path) for number in range(len(document))]
    return text_of([line for page in pages for line in page])


def scanned_pages(raw: bytes, path: str) -> int:
    """The number of pages of a file that begins with scans; 0 of one that does not, or has too few to be read by many.

    Raises: as `read_pdf`.
    """
    with opened_pdf(raw, path) as document:
        first = range(min(len(document), SEVERAL))
        is_scan = len(first) == SEVERAL and all(_is_scan(document[number]) for number in first)
        return len(document) if is_scan else 0


def read_pdf_page(raw: bytes, path: str, number: int) -> list[PrintedLine]:
    """The printed lines of one page, counted from 0; those of all pages are the file's (`printed_lines.text_of`).

    Raises: as `read_pdf`.
    """
    with opened_pdf(raw, path) as document:
        return _lines_of_page(document, number, path)


@contextmanager
def opened_pdf(raw: bytes, path: str) -> Iterator[Any]:
    """A PDF document, closed in the end.

    Raises: as `read_pdf`.
    """
    pdfium = require("pypdfium2", "pdf", path)
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error)
        raise JianbaoError(
            "is locked with a password" if locked else "is no PDF that can be read",
            path=path,
            hint="Save it without its password." if locked else "Open it in a viewer and save it anew.",
        ) from None  # fmt: skip
    try:
        yield document
    finally:
        document.close()


def _lines_of_page(document: Any, number: int, path: str) -> list[PrintedLine]:
    page = document[number]
    if _is_scan(page):
        from jianbao.convert import scan_reader

        pixels = scan_reader.pixels_of_page(page, path)
        return scan_reader.lines_of(
            scan_reader.recognise(pixels), 72 / scan_reader.PAGE_DPI, number + 1
        )
    return list(lines_of(list(_glyphs(page)), number + 1))


def _is_scan(page: Any) -> bool:
    """Whether a page is to be recognised: it is covered by pictures, and hardly anything is printed on it."""
    few = list(islice(_glyphs(page), FEW))
    return len(few) < FEW and _is_picture(page)


def _is_picture(page: Any) -> bool:
    """Whether pictures cover most of a page."""
    raw = require("pypdfium2.raw", "pdf", "")
    covered = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(covered > MOSTLY * page.get_width() * page.get_height())


def _glyphs(page: Any) -> Iterator[Glyph]:
    """The printed characters of a page in the order in which they were drawn."""
    raw = require("pypdfium2.raw", "pdf", "")
    text = page.get_textpage()
    height = page.get_height()
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix, box = raw.FS_MATRIX(), raw.FS_RECTF()
    spaced = False
    for at in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, at))
        if is_blank(char) or char < " ":
            spaced = True
            continue
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        raw.FPDFText_GetLooseCharBox(text, at, box)
        size = raw.FPDFText_GetFontSize(text, at) * (matrix.c**2 + matrix.d**2) ** 0.5
        if size <= 0:
            continue
        right = max(box.right, x.value + size) if char >= "\u2e80" else box.right
        yield Glyph(char, x.value, max(right, x.value), height - y.value, size, spaced)
        spaced = False


def lines_of(glyphs: Sequence[Glyph], page: int = 1) -> Iterator[PrintedLine]:
    """The printed lines of a page: characters that follow one another on a base line, with no gutter between.

    >>> row = [Glyph(char, 10.0 * at, 10.0 * at + 10, 20, 10) for at, char in enumerate("一二")]
    >>> far = [Glyph(char, 10.0 * at, 10.0 * at + 10, 20, 10) for at, char in enumerate("三四", 4)]
    >>> [(line.text, line.box) for line in lines_of([*row, *far])]
    [('一二', (0.0, 11.2, 20.0, 21.2)), ('三四', (40.0, 11.2, 60.0, 21.2))]
    """
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if pieces and _goes_on(pieces[-1][-1], glyph):
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
    for line in _joined(pieces):
        yield _printed(line, page)


def _goes_on(one: Glyph, other: Glyph, gap: float = GAP) -> bool:
    size = max(one.size, other.size)
    level = abs(one.base - other.base) <= DRIFT * size
    # The two halves of —— may be one glyph that is drawn once.
    onwards = other.left >= one.left - 0.1 * size
    return level and onwards and other.left - one.right <= gap * min(one.size, other.size)


def _joined(pieces: Sequence[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Pieces of one line that were drawn apart, in the order in which they stand."""
    ordered = sorted(pieces, key=lambda piece: (round(piece[0].base), piece[0].left))
    line: list[Glyph] = []
    for piece in ordered:
        same_size = line and abs(line[-1].size - piece[0].size) <= 0.1 * line[-1].size
        if line and same_size and _goes_on(line[-1], piece[0], PIECE):
            line = [*line, *piece]
            continue
        if line:
            yield line
        line = list(piece)
    if line:
        yield line


def _printed(line: Sequence[Glyph], page: int) -> PrintedLine:
    size = median(glyph.size for glyph in line)
    base = median(glyph.base for glyph in line)
    gaps = [other.left - one.right for one, other in pairwise(line)]
    usual = max(0.0, median(gaps)) if gaps else 0.0
    text = line[0].char
    for gap, glyph in zip(gaps, line[1:], strict=True):
        least = MARKED_GAP if glyph.spaced else WORD_GAP
        text += (" " if gap - usual > least * size else "") + glyph.char
    box = (line[0].left, base - ASCENT * size, line[-1].right, base + (1 - ASCENT) * size)
    return PrintedLine(text, tuple(round(side, 2) for side in box), round(size, 2), page)  # type: ignore[arg-type]
