"""Scans: pictures of pages, whose lines are recognised; from there on they are read as printed lines, like those of a PDF.

The models come with the package; nothing is fetched when a page is read.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from statistics import median
from typing import Any, NamedTuple

from jianbao.convert.columns import width
from jianbao.convert.extras import require
from jianbao.convert.printed_lines import PrintedLine, PrintedText, text_of
from jianbao.errors import JianbaoError
from jianbao.models import Box, Span, is_blank

# Where a picture does not say how fine it is, pages are taken for scanned at this.
USUAL_DPI = 150.0
# How finely a page of a PDF that is a picture is looked at.
PAGE_DPI = 200.0
# A page of a broadsheet at 300 dpi has 30 million pixels; beyond this no page is meant.
MOST_PIXELS = 120_000_000
# A line that is less sure than this is a crease or a picture; a character, a doubt.
LEAST_LINE, LEAST_CHARACTER = 0.4, 0.6
# A line is long enough to tell its type size by its width from so many em on.
MEASURED = 5.0
# Sizes this close to the body's are the body's: a box is only so exact, and a justified line is spread.
SAME_SIZE = 0.11
# Em of a line → how much larger its type may be by its width than by the height of its box: the box of a short line is high
# enough, and a blank that was lost makes it wide.
TRUST = ((7, 1.15), (0, 1.0))
# A line that stands in a column of the body is of the body from this size on, up to MOST_BODY, or, of a few characters, MOST_SHORT.
LEAST_BODY, MOST_BODY, MOST_SHORT, MOST_LEADING = 0.75, 1.16, 1.4, 1.8
# … and so close to that of the line above in larger type, they are the same: by how many em there are of it.
SAME_TYPE = ((MEASURED, 0.13), (3, 0.25), (0, 0.5))
# Neighbouring characters of a line stand no further apart than so many em; columns do.
GUTTER = 1.15

# A full-width mark has half an em of white beside it; recognition may take that for the gap between two lines.
MARK_GAP = 0.75
CLOSES_RE = re.compile(r"[”’》」』】）。，！？：；、]$")
OPENS_RE = re.compile(r"[“‘《「『【（]")

Point = tuple[float, float]


class Found(NamedTuple):
    """A line that was recognised: its corners, from the upper left one on, its text, and how sure each character is."""

    corners: Sequence[Point]
    text: str
    score: float
    characters: Sequence[tuple[str, float, Point]] = ()  # each with the middle of its box


def read_scan(raw: bytes, path: str) -> PrintedText:
    """A picture of a page.

    Raises:
        JianbaoError: a package is missing, or the file is no picture or too large a one.
    """
    require("rapidocr", "ocr", path)
    require("onnxruntime", "ocr", path)
    numpy = require("numpy", "ocr", path)
    with opened_picture(raw, path) as (picture, dpi):
        return text_of(lines_of(recognise(numpy.asarray(picture)[:, :, ::-1]), 72 / dpi))


@contextmanager
def opened_picture(raw: bytes, path: str) -> Iterator[tuple[Any, float]]:
    """A picture, upright, and its dots per inch.

    Raises:
        JianbaoError: a package is missing, or the file is no picture or too large a one.
    """
    pillow, operations = require("PIL.Image", "ocr", path), require("PIL.ImageOps", "ocr", path)
    try:
        with pillow.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise JianbaoError(
                    f"has {opened.width} x {opened.height} pixels",
                    path=path,
                    hint="Save it at 300 dots per inch, or cut it into its pages.",
                )
            dpi = float(opened.info.get("dpi", (USUAL_DPI,))[0])
            upright = operations.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, pillow.DecompressionBombError):
        raise JianbaoError(
            "is no picture that can be read", path=path, hint="Save it anew as PNG or JPEG."
        ) from None
    yield upright, dpi if dpi >= USUAL_DPI / 2 else USUAL_DPI


def pixels_of_page(page: Any, path: str) -> Any:
    """The picture that a page of a PDF is.

    Raises:
        JianbaoError: a package is missing, or the page is larger than any newspaper's.
    """
    require("rapidocr", "ocr", path)
    numpy = require("numpy", "ocr", path)
    scale = PAGE_DPI / 72
    if page.get_width() * page.get_height() * scale**2 > MOST_PIXELS:
        raise JianbaoError(
            "has a page larger than any newspaper's", path=path, hint="Save its pages as pictures."
        )
    return numpy.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3])


@cache
def _engine() -> Any:
    """The recognition, made ready once in a process; pages share the machine with others, so it takes one thread."""
    rapidocr = require("rapidocr", "ocr", "")
    return rapidocr.RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.max_side_len": 8000,
            "Global.text_score": LEAST_LINE,
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def recognise(pixels: Any) -> list[Found]:
    """The lines of a picture, in no order that means anything."""
    result = _engine()(pixels, use_cls=False, return_word_box=True, return_single_char_box=True)
    if result.txts is None:
        return []
    return [
        Found(
            [(float(x), float(y)) for x, y in corners],
            text,
            float(score),
            [(char, float(sure), _middle(box)) for char, sure, box in characters],
        )
        for corners, text, score, characters in zip(
            result.boxes, result.txts, result.scores, result.word_results, strict=True
        )
    ]


def _middle(corners: Iterable[Sequence[float]]) -> Point:
    points = [(float(x), float(y)) for x, y in corners]
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


# --- from what was recognised to printed lines ----------------------------------------------------


def lines_of(found: Sequence[Found], scale: float, page: int = 1) -> list[PrintedLine]:
    """Printed lines in points: set upright, cut at gutters, with type sizes; `scale` is points to a pixel."""
    angle = _slope(found)
    pieces = [piece for one in found if one.text.strip() for piece in _cut_at_gutters(_turned(one, angle))]  # fmt: skip
    pieces = _rejoined(pieces)
    sizes = _sizes(pieces)
    lines = []
    for one, size in zip(pieces, sizes, strict=True):
        left, top, right, bottom = _box(one)
        middle = (top + bottom) / 2
        box = (left, middle - size / 2, right, middle + size / 2)
        lines.append(
            PrintedLine(
                one.text.strip(),
                tuple(round(side * scale, 2) for side in box),  # type: ignore[arg-type]
                round(size * scale, 2),
                page,
                tuple(_doubtful(one)),
            )
        )
    return lines


def _box(one: Found) -> Box:
    xs, ys = [x for x, _ in one.corners], [y for _, y in one.corners]
    return min(xs), min(ys), max(xs), max(ys)


def _slope(found: Sequence[Found]) -> float:
    """How far the lines of a picture lean, as an angle; that of most long ones."""
    slopes = [
        math.atan2(one.corners[1][1] - one.corners[0][1], one.corners[1][0] - one.corners[0][0])
        for one in found
        if width(one.text) >= MEASURED
    ]
    return median(slopes) if slopes else 0.0


def _turned(one: Found, angle: float) -> Found:
    """A line with its places turned back by an angle."""
    cos, sin = math.cos(-angle), math.sin(-angle)

    def turn(point: Point) -> Point:
        return point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos

    return one._replace(
        corners=[turn(point) for point in one.corners],
        characters=[(char, sure, turn(middle)) for char, sure, middle in one.characters],
    )


def _cut_at_gutters(one: Found) -> Iterator[Found]:
    """The parts of a line that runs across the gutter between two columns."""
    if len(one.characters) < 2 or "".join(char for char, _, _ in one.characters) != "".join(one.text.split()):  # fmt: skip
        yield one
        return
    left, top, right, bottom = _box(one)
    steps = [other[2][0] - this[2][0] for this, other in zip(one.characters, one.characters[1:], strict=False)]  # fmt: skip
    em = min(bottom - top, median(steps) * 1.2)
    cuts = [at for at, step in enumerate(steps, 1) if step > (1 + GUTTER) * em]
    for first, last in zip([0, *cuts], [*cuts, len(one.characters)], strict=True):
        part = one.characters[first:last]
        begins = left if first == 0 else part[0][2][0] - em / 2
        ends = right if last == len(one.characters) else part[-1][2][0] + em / 2
        text = one.text.strip() if not cuts else "".join(char for char, _, _ in part)
        yield Found([(begins, top), (ends, top), (ends, bottom), (begins, bottom)], text, one.score, part)  # fmt: skip


def _rejoined(pieces: Sequence[Found]) -> list[Found]:
    """Lines that were found in two pieces, because a full-width mark leaves a gap, in one."""
    joined: list[Found] = []
    for piece in sorted(pieces, key=lambda one: _box(one)[0]):
        left, top, right, bottom = _box(piece)
        for at, one in enumerate(joined):
            box = _box(one)
            em = min(box[3] - box[1], bottom - top)
            level = abs(box[1] - top) + abs(box[3] - bottom) <= 0.3 * em
            marked = CLOSES_RE.search(one.text) or OPENS_RE.match(piece.text)
            if level and marked and -em <= left - box[2] <= MARK_GAP * em:
                whole = (box[0], min(box[1], top), right, max(box[3], bottom))
                corners = [
                    (whole[0], whole[1]),
                    (whole[2], whole[1]),
                    (whole[2], whole[3]),
                    (whole[0], whole[3]),
                ]
                characters = [*one.characters, *piece.characters]
                score = min(one.score, piece.score)
                joined[at] = Found(corners, one.text + piece.text, score, characters)
                break
        else:
            joined.append(piece)
    return joined


def _sizes(pieces: Sequence[Found]) -> list[float]:
    """The type size of each line: of long ones by their width, of others by their height; those near the body's are the body's."""
    boxes = [_box(one) for one in pieces]
    by_width = [(box[2] - box[0]) / max(width(one.text), 1) for one, box in zip(pieces, boxes, strict=True)]  # fmt: skip
    heights = [box[3] - box[1] for box in boxes]
    long = [at for at, one in enumerate(pieces) if width(one.text) >= MEASURED]
    share = median(by_width[at] / heights[at] for at in long) if long else 0.8
    by_height = [share * height for height in heights]
    measured = set(long)
    sizes = [
        min(by_width[at], _trust(width(one.text)) * by_height[at]) for at, one in enumerate(pieces)
    ]
    body = _commonest(sizes, [width(one.text) for one in pieces])
    sizes = [body if abs(size - body) <= SAME_SIZE * body else size for size in sizes]
    lines_of_body = [box for box, size in zip(boxes, sizes, strict=True) if size == body]
    for at, size in enumerate(sizes):
        most = MOST_BODY if at in measured else MOST_SHORT
        if LEAST_BODY * body <= size <= most * body and _is_in_column(boxes[at], lines_of_body, body, below_only=size < body):  # fmt: skip
            sizes[at] = body
    for upper, lower in _below_one_another(boxes, sizes, body):
        surer = max((upper, lower), key=lambda at: width(pieces[at].text))
        # What ran over to the next line is short; what stands above a headline in other type may be, too.
        ems = width(pieces[lower].text)
        close = next(share for least, share in SAME_TYPE if ems >= least)
        if abs(sizes[upper] - sizes[lower]) <= close * sizes[surer]:
            sizes[upper] = sizes[lower] = sizes[surer]
    return sizes


def _trust(ems: float) -> float:
    """How far the width of a line of so many em may say more of its type size than its height does."""
    return next(share for least, share in TRUST if ems >= least)


def _is_in_column(box: Box, lines: Sequence[Box], body: float, *, below_only: bool) -> bool:
    """Whether a line begins where a line of the body just above it does, or just below it unless `below_only`, or stands in like
    the first of a paragraph.
    """
    return any(
        0.6 * body < abs(box[1] - other[1]) <= MOST_LEADING * body
        and (other[1] < box[1] or not below_only)
        and min(abs(box[0] - other[0]), abs(abs(box[0] - other[0]) - 2 * body)) <= 0.4 * body
        for other in lines
    )


def _below_one_another(
    boxes: Sequence[Box], sizes: Sequence[float], body: float
) -> Iterator[tuple[int, int]]:
    """Pairs of lines in larger type of which one stands just below the other, from the top of the page."""
    larger = [at for at, size in enumerate(sizes) if size > body]
    larger.sort(key=lambda at: boxes[at][1])
    for number, upper in enumerate(larger):
        for lower in larger[number + 1 :]:
            drop = boxes[lower][1] - boxes[upper][1]
            if drop > 1.8 * sizes[upper]:
                break
            left, right = (
                max(boxes[upper][0], boxes[lower][0]),
                min(boxes[upper][2], boxes[lower][2]),
            )
            if drop > 0.6 * sizes[upper] and right > left:
                yield upper, lower


def _commonest(sizes: Sequence[float], weights: Sequence[float]) -> float:
    """The size around which most of a page is set."""

    def near(size: float) -> float:
        return sum(
            weight
            for other, weight in zip(sizes, weights, strict=True)
            if abs(other - size) <= 0.05 * size
        )

    middle = max(sizes, key=near, default=1.0)
    return median([size for size in sizes if abs(size - middle) <= 0.05 * middle] or [1.0])


def _doubtful(one: Found) -> Iterator[Span]:
    """Where the characters stand that were hardly legible, those side by side together."""
    text = one.text.strip()
    at, begun = 0, None
    for char, sure, _ in one.characters:
        while at < len(text) and text[at] != char and is_blank(text[at]):
            at += 1
        if at >= len(text) or text[at] != char:
            break
        if sure < LEAST_CHARACTER and char.isalnum():  # of a mark only its width is in doubt
            begun = at if begun is None else begun
        elif begun is not None:
            yield begun, at
            begun = None
        at += 1
    if begun is not None:
        yield begun, at
