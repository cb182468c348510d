"""Word files made for tests and for the demo: the same bytes for the same words, every time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

# What a ZIP archive can say of the first time it knows.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
UNIX = 3
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE = f"{W}val"
LEFT_OUT = frozenset(("stylesWithEffects", "customXml", "thumbnail", "numbering", "theme", "fontTable", "webSettings"))  # fmt: skip
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
    _leave_out_unused(document)
    written = BytesIO()
    document.save(written)
    return timeless(written.getvalue())


def _leave_out_unused(document: Any) -> None:
    """Take out what the template brings along for Word's own screens: it would be twenty times the rest."""
    used = {style.get(VALUE) for style in document.element.body.iter(f"{W}pStyle", f"{W}tblStyle")}
    styles = document.styles.element
    for one in list(styles):
        named = one.get(f"{W}styleId")
        kept = named in used or one.get(f"{W}default") == "1"
        if one.tag == f"{W}latentStyles" or (one.tag == f"{W}style" and not kept):
            styles.remove(one)
    for part in (document.part, document.part.package):
        for key, link in list(part.rels.items()):
            if link.reltype.rpartition("/")[2] in LEFT_OUT:
                del part.rels[key]


def _set(paragraph: Any, text: str, points: float, bold: bool, centred: bool) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(points), bold
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def timeless(raw: bytes) -> bytes:
    """The same archive without the times it was written at, and not packed: packers differ from machine to machine."""
    with ZipFile(BytesIO(raw)) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    return make_zip(entries, ZIP_STORED)


def make_zip(entries: Sequence[tuple[str, bytes]], packed: int = ZIP_DEFLATED) -> bytes:
    """An archive of these entries, in this order."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, data in entries:
            info = ZipInfo(name, FIRST_TIME)
            info.create_system = UNIX  # wherever this runs
            archive.writestr(info, data, packed)
    return written.getvalue()
