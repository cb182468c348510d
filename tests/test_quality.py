"""What every built page is held to, read from its file: valid HTML, and a first visit that weighs little."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from jianbao.config import Config
from jianbao.pipeline import Folders, convert_sources, open_desk, read_config
from tests.conftest import ROOT, Archive, built, demo_folders
from tests.showcase import build_showcase

VALIDATOR = ROOT / "tests" / "html-validate.mjs"

# Bytes of a first visit to an article, gzipped at level 6 as most hosts do: HTML, style, scripts and icon.
FIRST_VISIT = 25_000

IMPORT_RE = re.compile(r"""\b(?:import|from)\s*["']([^"']+)["']""")  # import() loads later, if ever
URL_RE = re.compile(r"""url\(["']?([^"')]+)""")


# --- markup ---------------------------------------------------------------------------------------


def test_every_page_of_the_demo_and_its_desk_is_valid(demo: Archive, tmp_path: Path) -> None:
    showcase = build_showcase(tmp_path / "showcase")
    assert complaints([demo.site, showcase, write_desk(demo.site, tmp_path / "desk")]) == ""


def write_desk(site: Path, folder: Path) -> Path:
    """The pages of the review desk, as its preview answers."""
    folders = replace(demo_folders(), site=site)
    answer = open_desk(read_config(folders.config), folders, day="2026-11-22")
    slugs = (
        path.parent.relative_to(site / "sources") for path in site.glob("sources/*/index.html")
    )
    for slug in (Path(), *slugs):
        if page := answer((Path("__review") / slug / "index.html").as_posix()):
            (folder / slug).mkdir(parents=True)
            (folder / slug / "index.html").write_bytes(page)
    assert len(list(folder.glob("*/index.html"))) > 1
    return folder


@pytest.mark.needs_shared
def test_every_page_of_the_real_pages_is_valid(shared: Path, tmp_path: Path) -> None:
    names = (tmp_path / name for name in ("config.yaml", "content", "site"))
    config, content, site = names
    folders = Folders(config, shared / "seeds", content, site)
    assert convert_sources(Config(), folders).errors == ()
    assert complaints([built(Config(), folders, "").site]) == ""


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    markup = '<p><div></div></p><p id="a"></p><p id="a"></p><ul role="list"></ul><img src="a.png">'
    page = f'<!DOCTYPE html>\n<html lang="zh"><head><title>a</title></head><body>{markup}</body></html>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    said = complaints([tmp_path])
    for rule in ("close-order", "no-dup-id", "no-redundant-role", "wcag/h37"):
        assert f"[{rule}]" in said, rule


def complaints(folders: Iterable[Path]) -> str:
    """What html-validate says of all pages below; nothing when all are valid."""
    node = shutil.which("node")
    assert node
    pages = [path for folder in folders for path in folder.rglob("*.html")]
    assert pages
    ran = subprocess.run(
        [node, VALIDATOR, *folders], capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


# --- weight ---------------------------------------------------------------------------------------


class Links(HTMLParser):
    """What a browser fetches for a page before anybody does anything; pictures are not counted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        relations = set(values.get("rel", "").split())
        if tag == "script" and "src" in values:
            self.found.append(values["src"])
        if tag == "link" and relations & {
            "stylesheet",
            "icon",
            "modulepreload",
            "preload",
            "manifest",
        }:
            self.found.append(values["href"])


def first_visit(page: Path) -> set[Path]:
    """The files of a first visit: the page, what it links, and what those import in turn."""
    found: set[Path] = set()
    waiting = [page]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [
                beside(file, link) for link in links_of(file) if not link.startswith("data:")
            ]
    return found


def links_of(file: Path) -> list[str]:
    """What a file makes a browser fetch."""
    if file.suffix == ".html":
        parser = Links()
        parser.feed(file.read_text("utf-8"))
        return parser.found
    if file.suffix == ".js":
        return IMPORT_RE.findall(file.read_text("utf-8"))
    return URL_RE.findall(file.read_text("utf-8")) if file.suffix == ".css" else []


def beside(file: Path, link: str) -> Path:
    """The file that a link of another one means."""
    path = Path(unquote(urljoin(file.as_uri(), urldefrag(link)[0])).removeprefix("file://"))
    assert path.is_file(), f"{file.name} links {link}"
    return path


def sent_bytes(files: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)


def test_a_first_visit_to_an_article_weighs_little(demo: Archive) -> None:
    visits = {path: first_visit(path) for path in demo.site.glob("articles/*/index.html")}
    weights = {path.parent.name: sent_bytes(files) for path, files in visits.items()}
    assert len(weights) == sum(one.publish for one in demo.articles)
    print(f"first visit to an article: median {median(weights.values()):,} bytes")  # shown with -rP
    assert {name: weight for name, weight in weights.items() if weight > FIRST_VISIT} == {}


def test_a_first_visit_counts_what_a_browser_fetches(tmp_path: Path) -> None:
    files = {
        "a/index.html": '<link rel="stylesheet" href="../s.css"><script type="module" src="../m.js"></script>'
        '<link rel="alternate" href="../feed.xml"><img src="../p.png"><a href="../b.html">b</a>',
        "s.css": 'body { background: url("i.svg"); mask: url(data:image/gif;base64,) }',
        "m.js": 'import { a } from "./n.js"; const later = () => import("./o.js");',
        "n.js": "export const a = 1;",
        "i.svg": "<svg/>",
        "o.js": "",
    }
    (tmp_path / "a").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    visit = first_visit(tmp_path / "a" / "index.html")
    assert {path.name for path in visit} == {"index.html", "s.css", "m.js", "n.js", "i.svg"}
