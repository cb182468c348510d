"""PDF files and scans: what is read of them, what is refused, and how well pages that a browser printed are told apart."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from jianbao.config import Config, Known
from jianbao.convert import extras, pdf_reader, scan_reader
from jianbao.convert.conversion import convert_source
from jianbao.convert.pdf_reader import Glyph
from jianbao.convert.pdf_reader import lines_of as lines_of_glyphs
from jianbao.convert.read import read_print, read_scan_of, read_source
from jianbao.convert.scan_reader import Found, lines_of
from jianbao.crew import Crew, open_crew
from jianbao.errors import JianbaoError
from jianbao.models import Article, is_blank
from jianbao.progress import SILENT
from jianbao.readings import read_by_page
from tests.conftest import ROOT
from tests.typesetter.press import Printed, draw_printed, gold_of, print_pages

DEMO_PDF = ROOT / "sources" / "wuchuan-2021-03-22-02.pdf"
DEMO_SCAN = ROOT / "sources" / "剪报扫描 2019-05-13.jpg"
# Pages of every shape: a headline over two columns of its own, frames, pictures, text beside a headline.
SEEDS = (5, 14)


def refused(raw: bytes, path: str) -> JianbaoError:
    with pytest.raises(JianbaoError) as error:
        read_source(raw, path)
    assert error.value.path == path
    return error.value


def blank_pdf(*, pages: int = 1) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(300, 400)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# --- what is refused ------------------------------------------------------------------------------


def test_what_is_no_pdf_and_no_picture_is_refused_with_a_word_of_what_to_do() -> None:
    assert "is no PDF" in refused(b"%PDF-1.7 and no more", "a.pdf").message
    assert "is no picture" in refused(b"\x89PNG\r\n\x1a\n and no more", "a.png").message
    assert "is no picture" in refused(DEMO_PDF.read_bytes(), "a.jpg").message
    assert refused(DEMO_SCAN.read_bytes()[:2000], "a.jpeg").hint


def test_a_picture_larger_than_any_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_reader, "MOST_PIXELS", 1000)
    assert "pixels" in refused(DEMO_SCAN.read_bytes(), "a.jpg").message


@pytest.mark.parametrize(
    ("path", "module", "extra"),
    [("a.pdf", "pypdfium2", "pdf"), ("a.png", "rapidocr", "ocr"), ("a.jpg", "onnxruntime", "ocr")],
)
def test_an_extra_that_is_missing_is_told_with_its_command(
    monkeypatch: pytest.MonkeyPatch, path: str, module: str, extra: str
) -> None:
    def import_none(name: str) -> object:
        if name == module:
            raise ModuleNotFoundError(name)
        return object()

    monkeypatch.setattr(extras, "import_module", import_none)
    assert f'pip install "jianbao[{extra}]"' in refused(b"", path).hint


def test_a_pdf_without_a_page_that_is_printed_on_is_empty() -> None:
    source, _ = read_source(blank_pdf(pages=2), "a.pdf")
    assert (source.text, source.places) == ("", ())


# --- lines of a PDF -------------------------------------------------------------------------------


def row(text: str, left: float, base: float, size: float = 10.0, *, step: float = 1.0) -> list[Glyph]:  # fmt: skip
    return [
        Glyph(char, left + size * step * at, left + size * (step * at + 1), base, size)
        for at, char in enumerate(text)
        if not is_blank(char)
    ]


def words(glyphs: Sequence[Glyph]) -> list[str]:
    return [line.text for line in lines_of_glyphs(glyphs)]


def test_characters_that_justification_spread_are_no_words_apart() -> None:
    assert words(row("两侧及沿街商铺", 0, 20, step=1.4)) == ["两侧及沿街商铺"]


def test_columns_that_are_drawn_line_by_line_across_the_page_stay_apart() -> None:
    assert words(row("左边一行", 0, 20) + row("右边一行", 60, 20)) == ["左边一行", "右边一行"]


def test_two_words_of_a_headline_are_apart_and_a_dash_of_one_glyph_is_whole() -> None:
    assert words(row("关键小事 民生大事", 0, 20, 30)) == ["关键小事 民生大事"]
    dash = [Glyph("—", 0, 40, 20, 20), Glyph("—", 0, 40, 20, 20), *row("记今天", 40, 20, 20)]
    assert words(dash) == ["——记今天"]


def test_a_line_that_was_drawn_in_pieces_is_one() -> None:
    assert words(row("本报记者", 0, 20) + row("下面一行", 0, 33) + row("报道", 40, 20)) == [
        "本报记者报道",
        "下面一行",
    ]


def test_the_demo_page_says_what_is_printed_on_it_and_where() -> None:
    source, doubts = read_source(DEMO_PDF.read_bytes(), DEMO_PDF.name)
    assert doubts == []
    title = source.text.index("一座步行桥接上两岸")
    (place,) = [place for place in source.places if place.start == title]
    assert (place.page, place.size > 20, place.end - title) == (1, True, 9)
    lines = source.text.count("\n") - source.text.count("\n\n")
    assert len(source.places) == lines


def test_radicals_of_a_text_layer_are_put_right_and_told() -> None:
    from jianbao.convert.repair import repair

    traced, found = repair("⼀座步⾏桥")
    assert (traced.text, [one.fixer for one in found.repairs]) == ("一座步行桥", ["radicals"] * 2)


# --- lines of a scan ------------------------------------------------------------------------------


def found(text: str, left: float, top: float, size: float = 19.0, *, sure: float = 0.99, lean: float = 0.0) -> Found:  # fmt: skip
    """A line as recognition gives it: its box a little larger than its type, leaning by an angle."""
    pad = 0.15 * size
    right = left + size * len(text)

    def at(x: float, y: float) -> tuple[float, float]:
        return x * math.cos(lean) - y * math.sin(lean), x * math.sin(lean) + y * math.cos(lean)

    corners = [at(left, top - pad), at(right, top - pad), at(right, top + size + pad), at(left, top + size + pad)]  # fmt: skip
    middles = [at(left + size * (number + 0.5), top + size / 2) for number in range(len(text))]
    return Found(corners, text, sure, [(char, sure, middle) for char, middle in zip(text, middles, strict=True)])  # fmt: skip


BODY = [found("走过新桥的人都说桥好走", 100, 100 + 28 * number) for number in range(6)]


def test_a_page_that_leans_is_set_upright() -> None:
    leaning = [found("走过新桥的人都说桥好走", 100, 100 + 28 * number, lean=0.02) for number in range(6)]  # fmt: skip
    boxes = [line.box for line in lines_of(leaning, 1.0)]
    assert max(box[0] for box in boxes) - min(box[0] for box in boxes) < 1
    assert all(abs(box[1] - boxes[0][1] - 28 * at) < 1 for at, box in enumerate(boxes))


def test_a_line_across_a_gutter_is_cut() -> None:
    text = "左边一栏右边一栏"
    across = found(text, 100, 400)
    moved = [(char, sure, (x + 40 * (at > 3), y)) for at, (char, sure, (x, y)) in enumerate(across.characters)]  # fmt: skip
    lines = lines_of([*BODY, across._replace(characters=moved)], 1.0)
    assert [line.text for line in lines if "一栏" in line.text] == ["左边一栏", "右边一栏"]


def test_a_headline_in_two_pieces_is_one_and_has_one_size() -> None:
    pieces = [found("桥头的", 100, 40, 40), found("“灯火”", 235, 40, 40), found("亮", 100, 92, 40)]
    lines = lines_of([*BODY, *pieces], 1.0)
    sizes = {line.size for line in lines if line.size > 30}
    assert [line.text for line in lines if line.size > 30] == ["桥头的“灯火”", "亮"]
    assert len(sizes) == 1


def test_the_short_last_line_of_a_paragraph_is_in_the_type_of_its_column() -> None:
    low = found("好。", 100, 100 + 28 * 6)
    taller = low._replace(corners=[(x, y + (6 if at > 1 else -6)) for at, (x, y) in enumerate(low.corners)])  # fmt: skip
    assert len({line.size for line in lines_of([*BODY, taller], 1.0)}) == 1


def test_characters_that_are_not_sure_are_told_together() -> None:
    line = found("说要等并水重新", 100, 40)
    doubtful = [(char, 0.3 if char in "并水" else 0.99, at) for char, _, at in line.characters]
    (read,) = [one for one in lines_of([*BODY, line._replace(characters=doubtful)], 1.0) if one.doubtful]  # fmt: skip
    assert [read.text[start:end] for start, end in read.doubtful] == ["并水"]


def test_the_demo_scan_is_read_and_what_is_doubtful_is_a_doubt() -> None:
    source, doubts = read_source(DEMO_SCAN.read_bytes(), DEMO_SCAN.name)
    assert "公交车上的伞回来了九成" in source.text
    assert {doubt.reason for doubt in doubts} == {"doubtful-character"}
    assert all(source.text[doubt.start : doubt.end].strip() for doubt in doubts)


def test_a_pdf_whose_page_is_a_picture_is_read_as_a_scan() -> None:
    out = io.BytesIO()
    with Image.open(DEMO_SCAN) as picture:
        half = picture.crop((0, 0, picture.width, picture.height // 2))
        half.save(out, "PDF", resolution=150)
    source, _ = read_source(out.getvalue(), "a.pdf")
    assert "古井清淤" in source.text


def test_a_scan_of_many_pages_that_several_read_is_as_one_reads_it() -> None:
    with Image.open(DEMO_SCAN) as picture:
        corners = [picture.crop((0, at, 300, at + 300)) for at in range(0, 400, 100)]
        out = io.BytesIO()
        corners[0].save(out, "PDF", resolution=150, save_all=True, append_images=corners[1:])
    assert pdf_reader.scanned_pages(out.getvalue(), "a.pdf") == len(corners)
    assert pdf_reader.scanned_pages(DEMO_PDF.read_bytes(), "a.pdf") == 0
    whole = read_print(out.getvalue(), "a.pdf", None)
    with open_crew(Crew(workers=2)) as team:
        assert read_by_page(out.getvalue(), "a.pdf", team, SILENT) == whole
    first = read_scan_of(out.getvalue(), "a.pdf", 0)  # in this process
    assert [line.text in whole.text for line in first] == [True] * len(first)
    assert first
    assert len({place.page for place in whole.places}) > 1


# --- printed pages --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed() -> Sequence[Printed]:
    return list(print_pages(draw_printed(seed) for seed in SEEDS))


def test_stories_of_printed_pages_are_told_apart(printed: Sequence[Printed]) -> None:
    """Every story has its headline and its characters: of these pages all but what may go wrong."""
    wrong = [fault for page in printed for fault in faults(page)]
    assert wrong == []


def faults(page: Printed) -> list[str]:
    """The stories of a page that are not an article with their headline and, but for one in fifty, their characters."""
    name = page.drawn.name
    source, _ = read_source(page.pdf, name)
    gold = gold_of(page, name, source.text, source.places)
    made = convert_source(page.pdf, name, Path(name).stem, Known(), Config()).articles
    return [
        f"{name}: {one['title']}"
        for one in gold["articles"]
        if not any(is_same(one, article, source.text) for article in made)
    ]


def is_same(gold: dict[str, object], article: Article, text: str) -> bool:
    title = "".join((article.title or "").split()) == "".join(str(gold["title"]).split())
    spans = gold["spans"]
    assert article.source
    assert isinstance(spans, list)
    wanted = {at for span in spans for at in range(span["start"], span["end"])}
    given = {at for start, end in article.source.spans for at in range(start, end)}
    wanted, given = ({at for at in one if not is_blank(text[at])} for one in (wanted, given))
    return title and len(wanted & given) >= 0.98 * len(wanted | given)


def test_a_file_of_several_pages_has_their_numbers(printed: Sequence[Printed]) -> None:
    import pypdfium2

    both = pypdfium2.PdfDocument.new()
    for raw in (DEMO_PDF.read_bytes(), printed[0].pdf):
        both.import_pages(pypdfium2.PdfDocument(raw))
    out = io.BytesIO()
    both.save(out)
    made = convert_source(out.getvalue(), "a.pdf", "a", Known(), Config())
    assert {place.page for place in made.source.places} == {1, 2}
    assert {article.page for article in made.articles[:3]} == {"2"}
    assert {article.page for article in made.articles[3:]} != {"2"}
