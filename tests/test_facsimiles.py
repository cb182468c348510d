"""Facsimiles: pages of PDF files and scans as pictures, made once, shown where they are asked for."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from jianbao import facsimiles
from jianbao.config import Config
from jianbao.convert.page_images import LONGEST, page_images
from jianbao.errors import JianbaoError
from jianbao.facsimiles import facsimiles_of
from jianbao.models import Facsimile
from jianbao.pipeline import Folders, Report, build_site, convert_sources
from tests.conftest import ROOT, lend_readings

PDF = "wuchuan-2021-03-22-02.pdf"
SCAN = "剪报扫描 2019-05-13.jpg"
SHOWN = Config(page_images=True)
PLACE_OF_CAMERA = 0x8825  # the tag of EXIF below which a camera notes where it was


def picture(kind: str, size: tuple[int, int] = (60, 40), **named: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **named)
    return out.getvalue()


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a PDF, a scan and a text, converted."""
    home = tmp_path_factory.mktemp("facsimiles")
    (home / "sources").mkdir()
    for name in (PDF, SCAN):
        shutil.copy(ROOT / "sources" / name, home / "sources")
    (home / "sources" / "a.txt").write_text("桥头的灯\n\n　　桥头的灯亮了。\n", "utf-8")
    lend_readings(home)
    assert convert_sources(SHOWN, folders_in(home)).errors == ()
    return home


def folders_in(home: Path) -> Folders:
    return Folders(home / "config.yaml", home / "sources", home / "content", home / "site")


def build(home: Path, config: Config = SHOWN) -> Report:
    return build_site(config, folders_in(home))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_are_shown_only_where_they_are_asked_for(converted: Path, tmp_path: Path) -> None:
    home = shutil.copytree(converted, tmp_path / "archive")
    assert build(home, replace(SHOWN, page_images=False)).errors == ()
    assert not list((home / "site").rglob("*.jpg"))
    assert build(home).errors == ()
    shown = sorted((home / "site").rglob("*.jpg"))
    assert [path.name for path in shown] == ["page-1.jpg"] * 2
    for path in shown:
        page = (path.parent / "index.html").read_text("utf-8")
        with Image.open(path) as one:
            assert f'/page-1.jpg" width="{one.width}" height="{one.height}"' in page


def test_the_lines_of_an_article_are_marked_where_they_are_printed(
    converted: Path, tmp_path: Path
) -> None:
    """On what is printed there is ink, and off it is none but that of furniture."""
    home = shutil.copytree(converted, tmp_path / "archive")
    build(home)
    (place,) = (path.parent for path in home.glob("site/sources/wuchuan*/page-1.jpg"))
    page = (place / "index.html").read_text("utf-8")
    rows = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', page)
    boxes = [tuple(map(int, row)) for row in rows]
    assert len(re.findall(r'<a class="a\d" href="[^"]+" tabindex="-1"><title>', page)) == 3
    with Image.open(place / "page-1.jpg") as picture:
        grey = picture.convert("L")
    ink = grey.point(lambda tone: 255 * (tone < 120))
    for x, y, width, height in boxes:
        assert ink.crop((x, y, x + width, y + height)).getbbox()
    for x, y, width, height in boxes:
        ink.paste(0, (x - 4, y - 4, x + width + 4, y + height + 4))
    left = ink.getbbox()
    assert left is not None
    assert left[3] < ink.height / 10  # the header alone


def test_a_page_is_made_into_a_picture_once(
    converted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(converted, tmp_path / "archive")
    shutil.rmtree(home / facsimiles.FOLDER)
    build(home)
    first = tree(home / "site")
    shutil.rmtree(home / "site")

    def refuse(*_: object) -> None:
        raise AssertionError("it is made again")

    with monkeypatch.context() as patch:
        patch.setattr(facsimiles, "page_images", refuse)
        build(home)
    assert tree(home / "site") == first
    shutil.rmtree(home / "site")
    shutil.rmtree(home / facsimiles.FOLDER)
    build(home)
    assert tree(home / "site") == first


def test_R6_after_an_edit_the_pages_are_still_there(converted: Path, tmp_path: Path) -> None:
    home = shutil.copytree(converted, tmp_path / "archive")
    build(home)
    for path in home.glob("content/*/*.md"):
        path.write_text(path.read_text("utf-8").replace("title: ", "title: 新"), "utf-8")
    shutil.rmtree(home / facsimiles.FOLDER)
    build(home)
    after = tree(home / "site")
    shutil.rmtree(home / "site")
    shutil.rmtree(home / ".cache" / "templates")
    build(home)
    assert tree(home / "site") == after


def test_pages_stand_in_their_order(tmp_path: Path) -> None:
    sizes = [(10 + page, 20) for page in range(11)]
    first, *others = [Image.new("RGB", size) for size in sizes]
    out = io.BytesIO()
    first.save(out, "PDF", resolution=72, save_all=True, append_images=others)
    found = facsimiles_of(tmp_path / "config.yaml", out.getvalue(), "a.pdf")
    scale = found[0].width / sizes[0][0]
    assert [round(one.width / scale) for one in found] == [width for width, _ in sizes]
    assert [one.file.name.partition("-")[0] for one in found] == [str(n) for n in range(1, 12)]


def test_no_picture_tells_where_its_camera_was(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(PLACE_OF_CAMERA)[1] = "N"
    raw = picture("JPEG", exif=exif, comment=b"who")
    (one,) = page_images(raw, "a.jpg")
    with Image.open(io.BytesIO(one.data)) as shown:
        assert not shown.getexif()
        assert "comment" not in shown.info


@pytest.mark.parametrize("size", [(5000, 300), (300, 5000), (300, 200)])
def test_a_large_page_is_made_smaller_and_a_small_one_stays(size: tuple[int, int]) -> None:
    (one,) = page_images(picture("PNG", size), "a.png")
    assert max(one.width, one.height) == min(max(size), LONGEST)
    assert abs(one.width / one.height - size[0] / size[1]) < 0.02 * size[0] / size[1]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda home: (home / ".cache" / "facsimiles").write_text("in the way"),
        lambda home: (home / ".cache" / "facsimiles").mkdir(mode=0o500),
    ],
    ids=["a file", "read only"],
)
def test_where_pictures_cannot_be_kept_the_text_is_shown_without_them(
    spoil: Callable[[Path], object], converted: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(converted, tmp_path / "archive")
    shutil.rmtree(home / facsimiles.FOLDER)
    spoil(home)
    report = build(home)
    pages = list((home / "site" / "sources").rglob("index.html"))
    assert len(pages) == 4  # and the list of all
    if report.errors:  # nothing is read only to root
        assert {error.path for error in report.errors} == {PDF, SCAN}
        assert all("page_images" in (error.hint or "") for error in report.errors)
        assert not list((home / "site").rglob("*.jpg"))


def test_what_has_no_pages_is_not_opened(tmp_path: Path) -> None:
    assert facsimiles_of(tmp_path / "config.yaml", b"not looked at", "a.html") == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("raw", "path"), [(b"%PDF-1.7 and no more", "a.pdf"), (b"\x89PNG", "a.png")])  # fmt: skip
def test_a_damaged_file_leaves_nothing_half_made(raw: bytes, path: str, tmp_path: Path) -> None:
    with pytest.raises(JianbaoError) as error:
        facsimiles_of(tmp_path / "config.yaml", raw, path)
    assert error.value.path == path
    assert list((tmp_path / facsimiles.FOLDER).iterdir()) == []


def test_what_else_lies_there_is_no_page(tmp_path: Path) -> None:
    config, raw = tmp_path / "config.yaml", picture("PNG")
    (one,) = facsimiles_of(config, raw, "a.png")
    (one.file.parent / "Thumbs.db").write_bytes(b"")
    assert facsimiles_of(config, raw, "a.png") == (Facsimile(one.file, 60, 40, one.scale),)
