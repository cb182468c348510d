"""Readings: what slow readers made of files, kept beside the settings, so that no file is read twice.

A reading is kept under the checksum of the file's bytes and the version of its reader. The folder may be removed at any time.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from jianbao.convert.read import READERS, Reading, read_source, reader_of
from jianbao.crew import Team
from jianbao.errors import JianbaoError
from jianbao.job import Job
from jianbao.models import Doubt, Place, Source
from jianbao.progress import Progress
from jianbao.seal import sealed, unsealed
from jianbao.swap import write_atomically

FOLDER = Path(".cache", "readings")


def source_of(config: Path, raw: bytes, path: str, encoding: str | None) -> Source:
    """The source in `raw`, from its kept reading where there is one; `config` is the file of settings.

    Raises:
        JianbaoError: as `read_source`.
    """
    reading = known_reading(config, raw, path)
    if reading is None and (reader := reader_of(path)).slow:
        reading = reader.read(raw, path, encoding)
        keep_reading(config, raw, path, reading)
    source, _ = read_source(raw, path, encoding=encoding, reading=reading)
    return source


def known_reading(config: Path, raw: bytes, path: str) -> Reading | None:
    """The reading that was kept of a file; None where none was, or it is damaged."""
    place = _place(config, raw, path)
    if place is None:
        return None
    try:
        data = unsealed(place.read_bytes())
        return None if data is None else _unpacked(data)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep_reading(config: Path, raw: bytes, path: str, reading: Reading) -> None:
    """Keep the reading of a file if its reader is slow; where that cannot be, it is read anew the next time."""
    place = _place(config, raw, path)
    if place is None:
        return
    data = _packed(reading)
    with suppress(OSError, JianbaoError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, sealed(data))


def reads_by_page(path: str) -> bool:
    """Whether a file may be one that is best read page by page."""
    reader = READERS.get(PurePosixPath(path).suffix.lower())
    return reader is not None and reader.by_page is not None


def read_by_page(raw: bytes, path: str, team: Team, progress: Progress) -> Reading | None:
    """The reading of a file (`reads_by_page`) whose pages are best read one by one, by the whole team; None for any other, and where
    that fails: who reads it as a whole will be told why.
    """
    by_page = reader_of(path).by_page
    assert by_page is not None
    try:
        number = by_page.number(raw, path)
    except JianbaoError:
        return None
    job = Job(partial(_read_page, path), raw)
    pages = []
    with progress.stage(f"pages of {PurePosixPath(path).name}", number) as step:
        for _, page in team.map(job, range(number)):
            if isinstance(page, JianbaoError):
                return None
            pages.append(page)
            step()
    return by_page.bind(pages) if pages else None


def _read_page(path: str, number: int, raw: bytes) -> Any:
    by_page = reader_of(path).by_page
    assert by_page is not None
    return by_page.read(raw, path, number)


def _place(config: Path, raw: bytes, path: str) -> Path | None:
    """Where the reading of a file is kept; None where its reader is quick."""
    reader = READERS.get(PurePosixPath(path).suffix.lower())
    if reader is None or not reader.slow:
        return None
    name = f"{hashlib.sha256(raw).hexdigest()}-{reader.name}-{reader.version}.json"
    return config.parent / FOLDER / name


def _packed(reading: Reading) -> bytes:
    rows: dict[str, Any] = {
        "text": reading.text,
        "encoding": reading.encoding,
        "places": [
            [one.start, one.end, one.page, one.box, one.size, one.level, one.role]
            for one in reading.places
        ],
        "doubts": [[one.reason, one.start, one.end, one.says] for one in reading.doubts],
    }
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(data: bytes) -> Reading:
    rows = json.loads(data)
    places = [
        Place(start, end, page, box and tuple(box), size, level, role)
        for start, end, page, box, size, level, role in rows["places"]
    ]
    return Reading(rows["text"], rows["encoding"], places, [Doubt(*row) for row in rows["doubts"]])
