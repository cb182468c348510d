"""The printed pages of the demo: a PDF and a scan, set and printed by a browser from our own words.

A browser prints no page twice alike, byte for byte. So a page is printed anew only when it has changed: beside each stands what it
was printed from, and where the browser set its lines. Of these the PDF is written, without the browser's fonts, and the gold made.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jianbao.models import Box
from jianbao.readings import source_of
from jianbao.yaml_guard import load_yaml
from tests.typesetter.looks.printed_page import draw_style, lay_printed_page
from tests.typesetter.plain_pdf import write_pdf
from tests.typesetter.press import Drawn, Printed, SetLine, gold_of, print_pages
from tests.typesetter.stories import read_story

HERE = Path(__file__).parent / "printed"
FOOT = 90.0  # points below the last line
PAPER = 244  # how white the paper of a scan is, of 255

Made = tuple[str, bytes, bytes, dict[str, Any]]  # file, its bytes, where its lines are, gold


def make_printed(sources: Path, config: Path) -> Iterator[tuple[str, Path, Made]]:
    """For every printed page its name, the file that says where its lines are, and what is made of it."""
    for path in sorted(HERE.glob("*.yaml")):
        page = load_yaml(path.read_text(encoding="utf-8"), path=path.name)
        beside = path.with_suffix(".lines.json")
        yield path.stem, beside, _made(page, sources / page["file"], beside, config)


def _made(page: Mapping[str, Any], source: Path, beside: Path, config: Path) -> Made:
    drawn = draw(page)
    digest = hashlib.sha256(json.dumps([drawn.html, page.get("scan")]).encode()).hexdigest()
    printed = _kept(drawn, digest, source, beside) or _anew(drawn, page.get("scan"))
    if not page.get("scan"):
        printed = replace(printed, pdf=unfonted(printed))
    lines = [[line.piece, *line.box, line.text] for line in printed.lines]
    rows = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    read = source_of(config, printed.pdf, page["file"], None)
    gold = gold_of(printed, page["file"], read.text, read.places)
    told = {"source": gold.pop("source"), **page["facts"], **gold}
    for article in told["articles"]:
        article["date"] = page["date"]
    return page["file"], printed.pdf, f"{digest}\n{rows}\n".encode(), told


def draw(page: Mapping[str, Any]) -> Drawn:
    """A page as HTML."""
    stories = {one["key"]: read_story(one, date=page["date"]) for one in page["stories"]}
    furniture = [item for line in page["head"] for item in line.items()]
    rng = random.Random(page["seed"])
    # One light face for all: each of its characters is a picture of its own in the file, which is to stay small.
    style = replace(draw_style(rng, page["columns"]), face='"Noto Sans CJK SC"', weight=400)
    rows = [[(span, keys) for span, keys in row] for row in page["rows"]]
    html, marked = lay_printed_page(stories, furniture, style, rng, rows)
    return Drawn(page["file"], html, style.page_width, list(stories.values()), marked)


def _kept(drawn: Drawn, digest: str, source: Path, beside: Path) -> Printed | None:
    """The page as it stands in sources/, if it was printed from what is written today."""
    if not source.is_file() or not beside.is_file():
        return None
    written, *rows = beside.read_text(encoding="utf-8").splitlines()
    if written != digest:
        return None
    lines = [SetLine(piece, (left, top, right, bottom), text) for piece, left, top, right, bottom, text in map(json.loads, rows)]  # fmt: skip
    return Printed(drawn, source.read_bytes(), lines)


def _anew(drawn: Drawn, scan: Mapping[str, Any] | None) -> Printed:
    """The page printed now; of a scan its picture stands for the PDF."""
    (printed,) = print_pages([drawn], dpi=scan["dpi"] if scan else 0)
    lines = [replace(line, box=_rounded(line.box)) for line in printed.lines]  # as they are kept
    printed = replace(printed, lines=lines)
    return replace(printed, pdf=scanned(printed.picture, scan)) if scan else printed


def _rounded(box: Box) -> Box:
    left, top, right, bottom = box
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)


def unfonted(printed: Printed) -> bytes:
    """The page as a PDF without a font in it."""
    bottom = max(line.box[3] for line in printed.lines)
    return write_pdf(
        [(line.box, line.text) for line in printed.lines], (printed.drawn.width, bottom + FOOT)
    )


def scanned(picture: bytes, scan: Mapping[str, Any]) -> bytes:
    """A picture as a scanner sees it: grey, leaning a little, on paper that is not quite white."""
    from PIL import Image

    page = Image.open(io.BytesIO(picture)).convert("L")
    page = page.rotate(-scan["lean"], resample=Image.Resampling.BICUBIC, fillcolor=255)
    page = page.point(lambda value: 30 + value * (PAPER - 30) // 255)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=scan["quality"], dpi=(scan["dpi"], scan["dpi"]))
    return out.getvalue()
