"""The converter against gold: the real pages and the demo, with floors that only rise (gold_floors.yaml)."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jianbao import content
from jianbao.convert.read import decode
from jianbao.models import Article, Span, is_blank
from jianbao.pipeline import Folders, convert_sources, read_config
from jianbao.readings import source_of
from jianbao.yaml_guard import load_yaml

ROOT = Path(__file__).parent.parent
DEMO_GOLD = Path(__file__).parent / "demo" / "gold"
FLOORS = load_yaml(
    (Path(__file__).parent / "gold_floors.yaml").read_text(encoding="utf-8"),
    path="gold_floors.yaml",
)

# What a source is as a whole, which the gold does not say: page, script, kind; by how its name begins.
SEEDS = {
    "000": (None, "Hans", "newspaper"),
    "001": (None, "Hans", "newspaper"),
    "002": (None, "Hans", "newspaper"),
    "003": (None, "Hant", "web"),
    "004": (None, "Hans", "newspaper"),
}
DEMO = {
    "2019-12-24 第7版.txt": ("7", "Hans", "newspaper"),
    "2021-11-08_001.md": ("1", "Hans", "newspaper"),
    "IMG_2861.md": (None, "Hans", "newspaper"),
    "gonghui.txt": (None, "Hans", "web"),
    "wjw-2020-03.txt": (None, "Hans", "web"),
    "wuchuan_20201116_a04.md": ("A04", "Hans", "newspaper"),
    "保密网/shi-nian-shou-yi-yin.txt": (None, "Hant", "web"),
    "保密网/手机八问.txt": (None, "Hans", "web"),
    "wuchuan-2021-03-22-02.pdf": ("2", "Hans", "newspaper"),
    "剪报扫描 2019-05-13.jpg": ("4", "Hans", "newspaper"),
    "梧川日报/2020-06-18/A3.txt": ("A3", "Hans", "newspaper"),
}


# --- the scorer of ../shared --------------------------------------------------------------------


def test_scores_of_the_real_pages(shared: Path, seeds: Path) -> None:
    assert shortfalls(shared, "seeds", shared / "gold", [shared / "seeds"], seeds) == []


def test_scores_of_the_demo(shared: Path, plain_demo: Folders, tmp_path: Path) -> None:
    """The scorer reads UTF-8 alone and knows files by their names without folders; so the demo is shown to it."""
    folders = [
        path for path in (plain_demo.sources, *plain_demo.sources.rglob("*")) if path.is_dir()
    ]
    for path in DEMO_GOLD.glob("*.yaml"):
        first, rest = path.read_text(encoding="utf-8").split("\n", 1)
        name = first.removeprefix("source: ").rpartition("/")[2]
        (tmp_path / path.name).write_text(f"source: {name}\n{rest}", encoding="utf-8")
    assert shortfalls(shared, "demo", tmp_path, folders, plain_demo.content) == []


def shortfalls(
    shared: Path, name: str, gold: Path, sources: Sequence[Path], out: Path
) -> list[str]:
    """What the scorer finds below the floors of a section."""
    sys.path.insert(0, str(shared / "eval"))
    try:
        from evaluate import evaluate  # type: ignore[import-not-found]
        from scoring import report  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(shared / "eval"))
    missed: list[str] = report.shortfalls(FLOORS[name], evaluate([gold], sources, out).overall())
    return missed


# --- our own counts -----------------------------------------------------------------------------


def test_articles_of_the_demo_that_are_right(demo: Path) -> None:
    """Title, authors and characters; for a clone that has no scorer."""
    right = Counter[str]()
    for gold, article in pairs(DEMO_GOLD, demo):
        printed = printed_in(gold.file)
        checks = {
            "title": article is not None and same(article.title, gold.data["title"]),
            "authors": article is not None and credits_of(article) == gold.credits,
            "characters": article is not None
            and characters(article) & printed == gold.characters & printed,
        }
        right += Counter(name for name, holds in checks.items() if holds)
        right["all"] += all(checks.values())
    assert_floors("demo_articles", right)


def test_fields_of_the_demo(demo: Path) -> None:
    assert_floors("demo_fields", right_fields(DEMO_GOLD, demo))


def test_fields_of_the_real_pages(shared: Path, seeds: Path) -> None:
    assert_floors("seeds_fields", right_fields(shared / "gold", seeds))


def test_page_script_and_kind_of_the_demo(demo: Path) -> None:
    assert dict(whole_sources(demo)) == DEMO


def test_page_script_and_kind_of_the_real_pages(seeds: Path) -> None:
    assert {file[:3]: facts for file, facts in whole_sources(seeds)} == SEEDS


def test_the_demo_has_nothing_that_is_not_in_the_gold(demo: Path) -> None:
    """Furniture is right when no article has its characters; a file without gold would be counted nowhere."""
    files = {gold.file for gold in read_gold(DEMO_GOLD)}
    assert {one.source.file for one in articles_in(demo) if one.source} == files


def right_fields(gold: Path, out: Path) -> Counter[str]:
    """How many articles have their column, and how many their dateline."""
    right = Counter[str]()
    for one, article in pairs(gold, out):
        right["column"] += article is not None and same(article.column, one.data["column"])
        right["dateline"] += article is not None and dateline_of(article) == one.dateline
    return right


def assert_floors(name: str, right: Mapping[str, int]) -> None:
    floors = FLOORS[name]
    assert floors.keys() == right.keys()
    assert {key: right[key] for key in floors if right[key] < floors[key]} == {}, "below the floor"


# --- gold and output, article by article --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gold:
    """One article of the gold."""

    file: str
    data: Mapping[str, Any]

    @property
    def characters(self) -> set[int]:
        return offsets((span["start"], span["end"]) for span in self.data["spans"])

    @property
    def credits(self) -> list[tuple[str, str | None]]:
        return [(one["name"], one["role"]) for one in self.data["authors"]]

    @property
    def dateline(self) -> dict[str, str]:
        return {key: value for key, value in (self.data["dateline"] or {}).items() if value}


def read_gold(folder: Path) -> Iterator[Gold]:
    for path in sorted(folder.glob("*.yaml")):
        data = load_yaml(path.read_text(encoding="utf-8"), path=path.name)
        yield from (Gold(data["source"], article) for article in data["articles"])


def pairs(gold: Path, out: Path) -> Iterator[tuple[Gold, Article | None]]:
    """Every article of the gold with that of the output which shares most of its characters."""
    articles = articles_in(out)
    for one in read_gold(gold):
        shared_with = {
            len(one.characters & characters(article)): article
            for article in articles
            if article.source and article.source.file == one.file
        }
        best = max(shared_with, default=0)
        yield one, shared_with[best] if best else None


def articles_in(out: Path) -> list[Article]:
    paths = sorted(path for path in out.glob("*/*.md"))
    return [content.load(path.read_text(encoding="utf-8"), path=str(path)) for path in paths]


def whole_sources(out: Path) -> Iterator[tuple[str, tuple[str | None, str, str]]]:
    """The page, script and kind that all articles of a source agree on."""
    for article in articles_in(out):
        assert article.source is not None
        facts = (article.page, article.script, article.source.kind)
        mates = [
            one for one in articles_in(out) if one.source and one.source.file == article.source.file
        ]
        assert {(one.page, one.script, one.source.kind) for one in mates if one.source} == {facts}
        yield article.source.file, facts


def characters(article: Article) -> set[int]:
    return offsets(article.source.spans if article.source else ())


def offsets(spans: Iterable[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def credits_of(article: Article) -> list[tuple[str, str | None]]:
    return [(one.name, one.role) for one in article.authors]


def dateline_of(article: Article) -> dict[str, str]:
    line = article.dateline
    parts = (("place", line.place), ("date", line.date), ("agency", line.agency)) if line else ()
    return {key: value for key, value in parts if value}


def same(one: str | None, other: str | None) -> bool:
    """Equal but for blanks."""
    return (one and "".join(one.split())) == (other and "".join(other.split()))


def printed_in(file: str) -> set[int]:
    """The offsets of the characters of a demo source that are not blank."""
    raw = (ROOT / "sources" / file).read_bytes()
    source = source_of(ROOT / "config.yaml", raw, file, None)
    return {at for at, char in enumerate(source.text) if not is_blank(char)}


# --- conversions --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`content/` of the real pages."""
    return converted(shared / "seeds", tmp_path_factory.mktemp("seeds")).content


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`content/` of the demo, made now."""
    root = tmp_path_factory.mktemp("demo")
    return converted(texts_of_demo(root), root).content


@pytest.fixture(scope="module")
def plain_demo(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The demo with all its sources in UTF-8, and its content; what is no text is shown as it was read."""
    root = tmp_path_factory.mktemp("plain")
    sources = texts_of_demo(root)
    printed: dict[Path, str] = {}
    for path in sources.rglob("*"):
        if path.suffix in (".txt", ".md"):
            text, _ = decode(path.read_bytes(), path.name)
            path.write_text(text, encoding="utf-8", newline="")
        elif path.is_file() and path.suffix != ".yaml":
            printed[path] = source_of(ROOT / "config.yaml", path.read_bytes(), path.name, None).text
    folders = converted(sources, root)
    for path, text in printed.items():
        was = hashlib.sha256(path.read_bytes()).hexdigest()
        path.write_text(text, encoding="utf-8", newline="")
        now = hashlib.sha256(path.read_bytes()).hexdigest()
        for ledger in folders.content.glob("*/source.yaml"):
            ledger.write_text(ledger.read_text("utf-8").replace(was, now), encoding="utf-8")
    return folders


def texts_of_demo(root: Path) -> Path:
    """The demo's sources that are text: the gold counts the characters of the file itself. test_saved_pages has the others."""
    others = shutil.ignore_patterns("*.html*", "*.docx*")
    return Path(shutil.copytree(ROOT / "sources", root / "sources", ignore=others))


def converted(sources: Path, root: Path) -> Folders:
    folders = Folders(ROOT / "config.yaml", sources, root / "content", root / "site")
    report = convert_sources(read_config(folders.config), folders)
    assert report.errors == ()
    return folders
