"""Word files made for tests and for the demo: the same bytes for the same words, every time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

# What a ZIP archive can say of the first time it knows.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
Part = tuple[str, Any]  # what it is (a style, `table`, `header`, `set`) and what it says


def make_docx(parts: Sequence[Part]) -> bytes:
    """A Word file of these parts: paragraphs by their style, `table` with its rows, `header` and `footer` of its pages, and
    `set`: (text, points, bold, centred) without any style.
    """
    document = docx.Document()
    when = datetime.datetime(2020, 1, 1)  # noqa: DTZ001 - as the format has it, without a zone
    document.core_properties.created = document.core_properties.modified = when
    for kind, said in parts:
        match kind:
            case "table":
                table = document.add_table(rows=len(said), cols=len(said[0]))
                for row, texts in zip(table.rows, said, strict=True):
                    for cell, text in zip(row.cells, texts, strict=True):
                        cell.text = text
            case "header":
                document.sections[0].header.paragraphs[0].text = said
            case "footer":
                document.sections[0].footer.paragraphs[0].text = said
            case "set":
                _set(document.add_paragraph(), *said)
            case _:
                document.add_paragraph(said, style=kind)
    written = BytesIO()
    document.save(written)
    return timeless(written.getvalue())


def _set(paragraph: Any, text: str, points: float, bold: bool, centred: bool) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(points), bold
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def timeless(raw: bytes) -> bytes:
    """The same archive without the times it was written at."""
    with ZipFile(BytesIO(raw)) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    return make_zip(entries)


def make_zip(entries: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive of these entries, in this order."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = ZipInfo(name, FIRST_TIME)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, data)
    return written.getvalue()
