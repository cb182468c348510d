"""Page images: every page of a PDF file or a scan as a picture that a browser shows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from jianbao.convert.extras import require

# Pixels of the longer side: on a broadsheet of 55 cm 110 dots per inch, at which body type can just be read.
LONGEST = 2400
MOST_DPI = 150  # a small page is not blown up
QUALITY = 80  # of JPEG
VERSION = 2  # of what is made of a page


class PageImage(NamedTuple):
    """A page as JPEG, without what a camera notes of place and time."""

    data: bytes
    width: int
    height: int
    scale: float  # pixels to a point, the unit of `models.Place`


def has_pages(path: str) -> bool:
    """Whether a file holds pages that can be shown.

    >>> has_pages("a/b.PDF"), has_pages("a.html")
    (True, False)
    """
    return PurePosixPath(path).suffix.lower() in (".pdf", ".png", ".jpg", ".jpeg")


def page_images(raw: bytes, path: str) -> Iterator[PageImage]:
    """Every page of a file, in order.

    Raises:
        JianbaoError: a package is missing, or the file is damaged, locked or too large.
    """
    require("PIL.Image", "pdf", path)
    if raw.startswith(b"%PDF"):
        from jianbao.convert.pdf_reader import opened_pdf

        with opened_pdf(raw, path) as document:
            for page in document:
                longer = max(page.get_width(), page.get_height())
                scale = min(MOST_DPI / 72, LONGEST / longer)
                yield _as_jpeg(page.render(scale=scale).to_pil(), scale)
    else:
        from jianbao.convert.scan_reader import opened_picture

        with opened_picture(raw, path) as (picture, dpi):
            yield _as_jpeg(picture, dpi / 72)


def _as_jpeg(picture: Any, scale: float) -> PageImage:
    picture = picture.convert("RGB")
    before = picture.width
    picture.thumbnail((LONGEST, LONGEST))
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    width, height = picture.size
    return PageImage(out.getvalue(), width, height, scale * width / before)
