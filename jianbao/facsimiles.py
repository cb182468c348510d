"""Facsimiles: the pages of PDF files and scans as pictures, kept beside the settings, so that none is made twice.

They are kept under the checksum of the file's bytes. The folder may be removed at any time.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from jianbao.convert.page_images import VERSION, has_pages, page_images
from jianbao.errors import JianbaoError
from jianbao.models import Facsimile

FOLDER = Path(".cache", "facsimiles")
NAME_RE = re.compile(r"(?P<page>[1-9]\d*)-(?P<width>\d+)x(?P<height>\d+)-(?P<scale>\d+\.\d+)\.jpg")


def facsimiles_of(config: Path, raw: bytes, path: str) -> tuple[Facsimile, ...]:
    """The pages of a file, in order; none of a file that is no PDF and no picture. `config` is the file of settings.

    Raises:
        JianbaoError: as `page_images`; or there is no place for them.
    """
    if not has_pages(path):
        return ()
    place = config.parent / FOLDER / f"{hashlib.sha256(raw).hexdigest()}-{VERSION}"
    if not place.is_dir():
        _make(place, raw, path)
    found = (NAME_RE.fullmatch(one.name) for one in place.iterdir())
    rows = sorted((int(name["page"]), name) for name in found if name)
    return tuple(
        Facsimile(place / name[0], int(name["width"]), int(name["height"]), float(name["scale"]))
        for _, name in rows
    )


def _make(place: Path, raw: bytes, path: str) -> None:
    """All pages aside, then all in their place at once."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=place.parent))
        try:
            for number, image in enumerate(page_images(raw, path), 1):
                name = f"{number}-{image.width}x{image.height}-{image.scale:.6f}.jpg"
                (new / name).write_bytes(image.data)
            new.rename(place)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise JianbaoError(
            f"there is no place for the pictures of its pages: {error.strerror}",
            path=path,
            hint=f"Make room in {place.parent}, or take page_images: out of the settings.",
        ) from error
