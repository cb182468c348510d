"""Reading: the bytes of one source file become a `Source`, or a sentence about why they cannot.

`READERS` says which function reads which file ending. A reader returns decoded text; it repairs nothing.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from jianbao.errors import JianbaoError
from jianbao.models import Doubt, Head, Place, Source

if TYPE_CHECKING:
    from jianbao.convert.printed_lines import PrintedLine

# What no newspaper text begins with: PDF, PNG, JPEG, ZIP (docx), gzip, ELF, GIF.
MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"GIF8")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A file is UTF-8 with damaged places, rather than something else, up to this share of bad bytes
# (text of another encoding is bad UTF-8 in most of its characters).
MAX_BAD_BYTES = 0.01
# Candidates after UTF-8, judged by how much of the text is common Chinese; the winner must lead by a margin. In its own
# encoding 0.36 to 0.70 of a seed is in COMMON, in a wrong one the bytes are no text at all or next to nothing is.
LEGACY = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
SCORED_BYTES = 65_536
# Six characters of three bytes. In two-byte text each of their 18 bytes would have to fall where it does by chance.
UTF8_PASSAGE_RE = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){6}")
# How a page in UTF-16 without a mark begins.
WIDE_PAGES = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
LEAD = 0.08
# The commonest characters of both scripts and the three marks that every page of print has.
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面"
    "而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把"
    "性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质"
    "气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活"
    "设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则"
    "任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美"
    "再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元"
    "这個國來時們動說產種後經進電裡現實點從業應開還間與關問題黨員長設農區強戰處隊給門規熱領東導壓爭濟"
    "市县省委局书记者者工作服务群众单位干部管理安全卫健医院疫情防控保密文明创建，。、“”（）：；"
)

Decoded = tuple[str, str]  # text, name of the encoding


class Reading(NamedTuple):
    """What a reader makes of a file: its text, the name of its encoding, where in the file its lines stood, and what was
    hardly legible.
    """

    text: str
    encoding: str
    places: Sequence[Place] = ()
    doubts: Sequence[Doubt] = ()
    head: Head = Head()


def read_source(
    raw: bytes, path: str, *, encoding: str | None = None, reading: Reading | None = None
) -> tuple[Source, list[Doubt]]:
    """The source in `raw`; `path` is relative to `sources/`, `encoding` is what a sidecar states, `reading` what was made of
    these bytes before.

    Doubts name the places where bytes were no characters, and what was hardly legible.

    Raises:
        JianbaoError: not text, or text in an encoding that cannot be told.
    """
    reader = reader_of(path)
    made = reading or reader.read(raw, path, encoding)
    if "\0" in made.text:
        raise _no_text(path)
    source = Source(
        path=path,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        text=made.text,
        encoding=made.encoding,
        reader=reader.name,
        places=tuple(made.places),
        head=made.head,
    )
    return source, [*lost_bytes(source), *made.doubts]


def reader_of(path: str) -> Reader:
    """What reads a file.

    Raises:
        JianbaoError: nothing does.
    """
    reader = READERS.get(PurePosixPath(path).suffix.lower())
    if reader is None:
        raise JianbaoError(
            "no reader for this kind of file", path=path, hint=f"Read are: {', '.join(READERS)}."
        )
    return reader


def read_plain(raw: bytes, path: str, encoding: str | None) -> Reading:
    """A file that is text already."""
    text, used = decode(raw, path, encoding)
    return Reading(text.replace("\r\n", "\n").replace("\r", "\n"), used)


def read_page(raw: bytes, path: str, encoding: str | None) -> Reading:
    """A saved page of the web."""
    # Late: what only some files need makes no other run slower.
    from jianbao.convert.html_reader import read_html

    text, used = decode_page(raw, path, encoding)
    text, places, head = read_html(text.replace("\r\n", "\n").replace("\r", "\n"), path)
    return Reading(text, used, places, head=head)


def read_word(raw: bytes, path: str, encoding: str | None) -> Reading:
    """A Word file, whose encoding is not asked."""
    from jianbao.convert.word_reader import read_docx

    text, places = read_docx(raw, path)
    return Reading(text, "utf-8", places)


def read_print(raw: bytes, path: str, encoding: str | None) -> Reading:
    """A file with pages of set type, which says what its characters are."""
    from jianbao.convert.pdf_reader import read_pdf  # late: what only some files need

    made = read_pdf(raw, path)
    return Reading(made.text, "utf-8", places=made.places, doubts=made.doubts)


def count_scans(raw: bytes, path: str) -> int:
    from jianbao.convert.pdf_reader import scanned_pages

    return scanned_pages(raw, path)


def read_scan_of(raw: bytes, path: str, number: int) -> list[PrintedLine]:
    from jianbao.convert.pdf_reader import read_pdf_page

    return read_pdf_page(raw, path, number)


def bound(pages: Iterable[Sequence[PrintedLine]]) -> Reading:
    """A file of pages of set type."""
    from jianbao.convert.printed_lines import text_of

    made = text_of([line for page in pages for line in page])
    return Reading(made.text, "utf-8", places=made.places, doubts=made.doubts)


def read_picture(raw: bytes, path: str, encoding: str | None) -> Reading:
    """A picture of a page."""
    from jianbao.convert.scan_reader import read_scan

    made = read_scan(raw, path)
    return Reading(made.text, "utf-8", places=made.places, doubts=made.doubts)


def decode(raw: bytes, path: str, encoding: str | None = None) -> Decoded:
    """Text and encoding: as stated, by byte order mark, strict UTF-8, damaged UTF-8, or by what reads as Chinese.

    >>> decode("临河日报".encode("gb18030") * 8, "a.txt")[1]
    'gb18030'
    >>> decode("临河日报".encode() * 40 + b"\\xff", "a.txt")[0][-1]
    '\\ufffd'
    """
    if encoding:
        return _decode_stated(raw, path, encoding)
    for mark, name in BOMS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), name.removesuffix("-sig")
    refuse_binary(raw, path)
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_damaged(raw) or _decode_legacy(raw, path)


def decode_page(raw: bytes, path: str, encoding: str | None = None) -> Decoded:
    """Text and encoding of a saved page: what it declares is believed if it reads so, as servers and browsers change one without
    the other. Its markup is left out of account.

    >>> page = '<meta charset="big5"><p>临河日报</p>'
    >>> decode_page((page * 8).encode("gb18030"), "a.html")[1], decode_page(page.encode(), "a.html")[1]
    ('gb18030', 'utf-8')
    """
    if encoding or raw.startswith(tuple(mark for mark, _ in BOMS)):
        return decode(raw, path, encoding)
    if wide := WIDE_PAGES.get(raw[:2]):
        return raw.decode(wide, errors="replace"), wide
    refuse_binary(raw, path)
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        from jianbao.convert.html_encoding import declared_encoding, printed_bytes

        printed = printed_bytes(raw)
        found = (
            _decode_damaged(printed)
            or _decode_declared(printed, declared_encoding(raw))
            or _decode_legacy(printed, path)
        )
    return raw.decode(found[1], errors="replace"), found[1]


def _decode_declared(raw: bytes, declared: str | None) -> Decoded | None:
    """Text as a page declares it, unless it reads clearly better in another encoding."""
    if declared not in LEGACY or _has_utf8(raw):
        return None
    text = raw.decode(declared, errors="replace")
    others = max(_score_as(raw, name) for name in LEGACY if name != declared)
    fits = text.count("\ufffd") <= max(1, MAX_BAD_BYTES * len(raw))
    return (text, declared) if fits and _score(text) > others - LEAD else None


def refuse_binary(raw: bytes, path: str) -> None:
    """Raise when the bytes are plainly no text: a known file head, or NULs in what is not UTF-16."""
    head = raw[:4096]
    if raw.startswith(MAGIC) or (b"\0" in head and not _looks_utf16(head)):
        raise _no_text(path)


def _no_text(path: str) -> JianbaoError:
    hint = "Save the page as text, or take the file out of sources/."
    return JianbaoError("not text", path=path, hint=hint)


def _looks_utf16(head: bytes) -> bool:
    """UTF-16 without a mark: read so, it holds no NUL and reads as Chinese. (一 is 4E 00: NULs stand on both sides.)"""
    texts = (head.decode(name, errors="replace") for name in ("utf-16-le", "utf-16-be"))
    return any("\0" not in text and _score(text) >= LEAD for text in texts)


def _decode_stated(raw: bytes, path: str, encoding: str) -> Decoded:
    try:
        text = _decode_nearly(raw, encoding).removeprefix("\ufeff")
        text.encode()  # encodings of programs (unicode_escape) can make half characters
        return text, encoding.lower()
    except UnicodeEncodeError:
        raise JianbaoError(
            f"is no text in {encoding}", path=path, hint="For example gb18030 or utf-8."
        ) from None
    except LookupError:
        raise JianbaoError(
            f"no encoding is called {encoding!r}", path=path, hint="For example gb18030 or utf-8."
        ) from None
    except UnicodeDecodeError as error:
        raise JianbaoError(
            f"is not {encoding}: byte {error.start} is no character of it",
            path=path,
            hint="Correct encoding: in the sidecar, or leave it out.",
        ) from None


def _decode_nearly(raw: bytes, encoding: str) -> str:
    """Text in an encoding, where a few bytes may be none of its characters."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, errors="replace")
        if text.count("\ufffd") > max(1, MAX_BAD_BYTES * len(raw)) or _score(text) <= 0:
            raise
        return text


def _decode_damaged(raw: bytes) -> Decoded | None:
    text = raw.decode("utf-8", errors="replace")
    bad = text.count("\ufffd") - raw.count("\ufffd".encode())
    return (text, "utf-8") if bad <= max(1, MAX_BAD_BYTES * len(raw)) and _score(text) > 0 else None


def _decode_legacy(raw: bytes, path: str) -> Decoded:
    scores = sorted(((_score_as(raw, name), name) for name in LEGACY), reverse=True)
    (best, name), (second, _) = scores[:2]
    if best - second < LEAD or (name in ("gb18030", "big5hkscs") and _has_utf8(raw)):
        raise JianbaoError(
            "the encoding cannot be told",
            path=path,
            hint=f"Write it into {PurePosixPath(path).name}.yaml beside the file: encoding: gb18030",
        )
    return raw.decode(name), name


def _has_utf8(raw: bytes) -> bool:
    """Whether a passage is UTF-8, which two-byte text is nowhere for so long: the file is a mixture."""
    return UTF8_PASSAGE_RE.search(raw) is not None


def _score_as(raw: bytes, name: str) -> float:
    """Share of common characters if all of `raw` is valid in this encoding, else -1."""
    try:
        return _score(raw.decode(name)[:SCORED_BYTES])
    except UnicodeDecodeError:
        return -1.0


def _score(text: str) -> float:
    printed = [char for char in text if not char.isspace()]
    if not printed:
        return 0.0
    return sum(char in COMMON for char in printed) / len(printed)


def lost_bytes(source: Source) -> list[Doubt]:
    """A doubt for each run of U+FFFD: bytes that were no characters, or had been lost before."""
    doubts, start = [], source.text.find("\ufffd")
    while start >= 0:
        end = start
        while end < len(source.text) and source.text[end] == "\ufffd":
            end += 1
        doubts.append(Doubt("lost-bytes", start, end, "此处有无法识别的字节，原字已失"))
        start = source.text.find("\ufffd", end)
    return doubts


class ByPage(NamedTuple):
    """How a file is read page by page, by as many as there are; it makes the same reading."""

    number: Callable[[bytes, str], int]  # of its pages; 0: it is best read as a whole
    read: Callable[[bytes, str, int], Any]  # what stands on one, counted from 0
    bind: Callable[[Iterable[Any]], Reading]  # of what stands on all


class Reader(NamedTuple):
    """One kind of file: what the ledger calls it, and how bytes, path and stated encoding are read.

    The text that comes of it has `\\n` for line ends. What a slow reader made of a file is kept (`readings`), under its version.
    """

    name: str
    read: Callable[[bytes, str, str | None], Reading]
    slow: bool = False
    version: int = 1
    by_page: ByPage | None = None  # for a file of so many pages that they are best read one by one


# File ending → what reads it.
READERS: dict[str, Reader] = {
    ".txt": Reader("text", read_plain),
    ".md": Reader("markdown", read_plain),
    ".html": Reader("html", read_page),
    ".htm": Reader("html", read_page),
    ".docx": Reader("word", read_word),
    ".pdf": Reader("pdf", read_print, slow=True, by_page=ByPage(count_scans, read_scan_of, bound)),
    ".png": Reader("scan", read_picture, slow=True),
    ".jpg": Reader("scan", read_picture, slow=True),
    ".jpeg": Reader("scan", read_picture, slow=True),
}
