"""A PDF with a text layer and no font in it: viewers bring their own for Adobe's Chinese characters (PDF 1.7, 9.7.5.2).

A file that a browser prints holds pieces of the fonts it was set in, which are not ours to give away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jianbao.convert.columns import width

Line = tuple[
    Sequence[float], str
]  # left, top, right, bottom in points from the upper left corner, and the words

# A line's box is as high as the ascent and the descent of the face that the browser set it in, Noto Sans CJK.
ASCENT, DESCENT = 1.16, 0.288
# Full-width by default; the CIDs 1 to 95 of Adobe-GB1 are ASCII, half as wide.
FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
    " /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 /W [1 95 500] >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880"
    " /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def write_pdf(lines: Iterable[Line], size: tuple[float, float]) -> bytes:
    """A page of these lines; `size` is its width and height in points. The same lines make the same bytes.

    >>> write_pdf([((10, 10, 34, 27.4), "渡口")], (100, 50))[:8]
    b'%PDF-1.4'
    """
    wide, high = size
    text = "\n".join(_shown(box, words, high) for box, words in lines)
    stream = f"BT\n{text}\nET\n"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [6 0 R] /Count 1 /MediaBox [0 0 {wide:.1f} {high:.1f}] >>",
        *FONT,
        "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 3 0 R >> >> /Contents 7 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}endstream",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{rows}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + end.encode("ascii")


def _shown(box: Sequence[float], words: str, high: float) -> str:
    """The operators that set a line into its box: size, stretch, place, words."""
    left, top, right, bottom = box
    size = (bottom - top) / (ASCENT + DESCENT)
    stretch = 100 * (right - left) / (size * max(width(words), 0.5))
    base = high - top - ASCENT * size
    codes = words.encode("utf-16-be").hex()
    return f"/F {size:.2f} Tf {stretch:.1f} Tz 1 0 0 1 {left:.1f} {base:.1f} Tm <{codes}> Tj"
