"""F1 to F10: what must hold of any input at all; `make torture` runs them on other examples every time.

Those that are not here stand beside what they are about: `grep -rn 'test_F' tests` finds them all.
"""

from __future__ import annotations

import shutil
import tempfile
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from playwright.sync_api import Page

from jianbao.convert.read import read_source
from jianbao.intake import source_slugs
from jianbao.merge import merge
from jianbao.publish.markdown import render_body
from tests.refusals import refusal
from tests.test_convert_properties import PAGES as TEXTS
from tests.test_markdown import HOSTILE, Reader
from tests.trust.small_archive import PAGES, build, convert, make_archive, rubbish, tree, write

# Files that were once hard, or are of a kind that chance hardly finds.
CORPUS: tuple[bytes, ...] = (
    b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff\xd8\x00", b"\xff\xfe\x00\xd8", b"\xff\xfe\x00\x00", b"\xff\xfeA", b"\x00\x00\xfe\xff\x00\x11\x00\x00",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x81", b"\x81\x30\x81\x30", b"\xfe\x50\xfe\x50", b"\x84\x31\xa4\x37", b"\xc2\x85\xe2\x80\xa8\x0c\r\r\n",
    "渡口\u202e\u2066\u200b\ufeff".encode(), "渡口".encode("utf-16-le") * 40, "渡口".encode("gb18030") + b"\xff",
    "渡口\0".encode("utf-16"), b"%PDF-1.7", b"PK\x03\x04", b"---\nid: ../x\n---\n", "＃".encode() * 300, b"[" * 400, "。！？；".encode() * 99,
)  # fmt: skip


# --- F1: decoding -----------------------------------------------------------------------------------


@given(st.binary(max_size=300) | st.sampled_from(CORPUS) | st.tuples(st.sampled_from(CORPUS), st.binary(max_size=20)).map(b"".join))  # fmt: skip
def test_F1_any_bytes_become_characters_or_a_sentence(raw: bytes) -> None:
    if refusal(read_source, raw, "a.txt") is None:
        source, _ = read_source(raw, "a.txt")
        source.text.encode()  # no lone surrogate
        assert "\0" not in source.text
        assert source.encoding


# --- F5: a body in a browser --------------------------------------------------------------------------

BODIES = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=12).map("".join)
# Every element that the browser makes of a text, with its attributes; it runs none of it.
AS_A_BROWSER_READS = """(text) => [...new DOMParser().parseFromString(text, "text/html").body.querySelectorAll("*")]
  .map((one) => [one.localName, ...[...one.attributes].map((it) => [it.name, it.value])])"""


class Tags(HTMLParser):
    """Every element of a text with its attributes, in order, as they are written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[list[object]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append([tag, *([name, value or ""] for name, value in attrs)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(bodies=st.lists(BODIES, min_size=1, max_size=8))
def test_F5_a_browser_reads_the_elements_that_are_written_and_no_other(
    page: Page, bodies: list[str]
) -> None:
    for body in bodies:
        html = render_body(body).html
        written = Tags(html).found
        assert page.evaluate(AS_A_BROWSER_READS, f"<body>{html}") == written, body
        assert "!--" not in Reader(html).tags


# --- F6: addresses ------------------------------------------------------------------------------------

NAMES = st.text(
    st.sampled_from("渡口aAée\u0301ＡⅣ. -_~\n/\\工公会慧惠404index"), min_size=1, max_size=12
).filter(lambda name: not name.startswith((".", "/")) and not name.endswith("/"))


@given(st.lists(NAMES.map(lambda name: f"{name}.txt"), unique=True, max_size=8), st.randoms())
def test_F6_every_source_has_an_address_whatever_the_order(names: list[str], dice: object) -> None:
    found = source_slugs(sorted(names), {})
    assert len({slug.casefold() for slug in found.values()}) == len(names)
    for slug in found.values():
        assert slug.isascii()
        assert unicodedata.normalize("NFKC", slug) == slug.lower().strip("-") == slug
        assert len(slug.encode()) + len(".html") < 255
    shuffled = sorted(names, key=lambda _: dice.random())  # type: ignore[attr-defined]
    assert source_slugs(shuffled, {}) == found


# --- F7: merging ----------------------------------------------------------------------------------------


@given(TEXTS, TEXTS, TEXTS)
def test_F7_any_three_texts_go_together_and_no_word_of_a_persons_is_lost(
    base: str, ours: str, theirs: str
) -> None:
    assert merge(base, ours, base).text == ours
    assert merge(base, base, theirs).text == theirs
    merged = merge(base, ours, theirs)
    if merged.text != theirs:
        assert merge(theirs, merged.text, theirs).text == merged.text


# --- F9: the site after anything at all -------------------------------------------------------------------

WORDS = st.sampled_from(
    ("渡口开航了。", "灯亮到天明。", "## 小标题", "水位涨了三尺；", "| 甲 | 乙 |")
)
SOURCES = st.sampled_from((*PAGES, "more.txt", "b/second.txt"))


class Archive(RuleBasedStateMachine):
    """An archive to which anything happens; after each step the site is that of a clean build."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.home = make_archive(self.place / "archive")

    def teardown(self) -> None:
        shutil.rmtree(self.place)

    @initialize()
    def begin(self) -> None:
        convert(self.home)

    @rule(name=SOURCES, words=WORDS)
    def a_source_comes_or_changes(self, name: str, words: str) -> None:
        write(
            self.home / "sources" / name, f"# 渡口\n\n本报讯（记者 何小禾）{words}过江不再绕路。\n"
        )
        convert(self.home)

    @rule(name=SOURCES)
    def a_source_goes(self, name: str) -> None:
        (self.home / "sources" / name).unlink(missing_ok=True)
        convert(self.home)

    @rule(name=SOURCES, other=SOURCES)
    def a_source_is_renamed(self, name: str, other: str) -> None:
        path, goal = (
            self.home / "sources" / name,
            self.home / "sources" / f"moved-{Path(other).name}",
        )
        if path.is_file():
            path.rename(goal)
            convert(self.home)

    @rule(at=st.integers(0, 9), words=WORDS)
    def an_article_is_edited(self, at: int, words: str) -> None:
        if path := self.article(at):
            write(path, path.read_text("utf-8") + f"\n{words}\n")

    @rule(
        at=st.integers(0, 9),
        key=st.sampled_from(("title: 改过", "publish: false", "topics: [渡口]")),
    )
    def a_key_is_edited(self, at: int, key: str) -> None:
        if path := self.article(at):
            name = key.partition(":")[0]
            lines = path.read_text("utf-8").splitlines()
            kept = [line for line in lines if not line.startswith(f"{name}:")]
            write(path, "\n".join([kept[0], *kept[1:2], key, *kept[2:]]) + "\n")

    @rule(at=st.integers(0, 9), is_converted=st.booleans())
    def an_article_goes(self, at: int, is_converted: bool) -> None:
        if path := self.article(at):
            path.unlink()
            if is_converted:
                convert(self.home)

    @rule(at=st.integers(0, 9))
    def an_article_is_moved(self, at: int) -> None:
        if path := self.article(at):
            path.rename(path.with_name(f"moved-{at}.md"))

    @rule(title=st.sampled_from(("甲", "乙")), wide=st.booleans())
    def the_settings_change(self, title: str, wide: bool) -> None:
        write(
            self.home / "config.yaml",
            f"title: {title}\ntypography: {{widen_punctuation: {str(wide).lower()}}}\n",
        )

    @rule(name=st.sampled_from(("404.html", "about.html")), words=WORDS)
    def a_template_changes(self, name: str, words: str) -> None:
        text = f'{{% extends "jianbao/{name}" %}}{{% block title %}}{words}{{% endblock %}}\n'
        write(self.home / "theme" / "templates" / name, text)

    @rule(size=st.integers(1, 3))
    def a_style_changes(self, size: int) -> None:
        write(self.home / "theme" / "assets" / "theme.css", f"p {{ top: {size}px }}\n")

    @rule()
    def the_theme_goes(self) -> None:
        shutil.rmtree(self.home / "theme", ignore_errors=True)

    @rule(part=st.sampled_from((0, 2)))
    def the_memory_is_damaged(self, part: int) -> None:
        for path in (self.home / ".cache").rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                path.write_bytes(data[: len(data) // part] if part else b"")

    @rule()
    def the_program_is_another(self) -> None:
        """What is remembered was made by another version: its key is another."""
        for path in (self.home / ".cache").glob("build-*"):
            path.write_bytes(path.read_bytes().replace(b'"key":"', b'"key":"0', 1))

    @invariant()
    def the_site_is_that_of_a_clean_build(self) -> None:
        build(self.home)
        clean = self.place / "clean"
        shutil.rmtree(clean, ignore_errors=True)
        shutil.copytree(self.home, clean, ignore=shutil.ignore_patterns("site", ".cache"))
        build(clean)
        assert tree(self.home / "site") == tree(clean / "site")
        assert rubbish(self.home) == []

    def article(self, at: int) -> Path | None:
        found = sorted((self.home / "content").glob("*/*.md"))
        return found[at % len(found)] if found else None


def test_F9_whatever_happens_to_an_archive_its_site_is_that_of_a_clean_build() -> None:
    is_long = settings.default is not None and settings.default.max_examples > 100
    Archive.TestCase.settings = settings(
        max_examples=5 if is_long else 1,
        stateful_step_count=20 if is_long else 8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Archive.TestCase("runTest").runTest()
