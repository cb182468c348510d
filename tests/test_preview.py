"""The preview of a real archive, as the person has it: the command at work, a page open in the browser, files saved one by one."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Error, Page, expect

from tests.conftest import ROOT
from tests.test_serve import eventually

SOURCE = """城南渡口昨日开通

本报讯（记者 何川）城南渡口昨日开通，过江不再绕路。渡船每一刻钟一班，早六点开航。

河西新桥合龙

本报讯（通讯员 周明）河西新桥昨日合龙，两岸居民奔走相告。新桥长六百米，下月通车。
"""
PATIENCE = 60_000  # milliseconds: other tests are at work, too


@dataclass
class Preview:
    """`build.py serve` at work on an archive of its own."""

    home: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(line.rstrip("\n") for line in self.process.stderr)

    def await_line(self, holds: Callable[[str], bool]) -> str:
        end = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < end:
            if found := next((line for line in list(self.lines) if holds(line)), None):
                return found
            time.sleep(0.05)
        raise AssertionError(f"not told; what was told: {self.lines}")

    @property
    def url(self) -> str:
        return self.await_line(lambda line: line.startswith("preview: ")).split()[1]

    def article(self, words: str) -> Path:
        """The file of the article that holds these words."""
        return next(
            path
            for path in sorted(self.home.glob("content/*/*.md"))
            if words in path.read_text("utf-8")
        )

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def hear_ctrl_c() -> None:
    """A shell's background job ignores it, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text(SOURCE, "utf-8")
    (tmp_path / "config.yaml").write_text("title: 渡口剪报\n", "utf-8")
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--config", "config.yaml"]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c
    ) as process:
        preview = Preview(tmp_path, process)
        Thread(target=preview.read, daemon=True).start()
        try:
            preview.await_line(lambda line: line.startswith("first build: "))
            yield preview
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(30)
    assert code == 0
    preview.await_line(lambda line: line == "preview ended")
    assert not [line for line in preview.lines if "Traceback" in line]


def test_whatever_is_saved_is_seen_in_the_open_page(preview: Preview, page: Page) -> None:
    """Markdown, template, style, source and settings, one after the other, in one page that stays open."""
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    ferry = preview.article("渡船每一刻钟")
    name = next(
        line.split(": ")[1]
        for line in ferry.read_text("utf-8").split("\n")
        if line.startswith("id:")
    )
    page.goto(f"{preview.url}articles/{name}/")
    body, heading = page.locator("main"), page.locator("h1")
    expect(body).to_contain_text("早六点开航")

    preview.change(ferry, "早六点", "早五点半")
    expect(body).to_contain_text("早五点半开航")

    preview.change(ferry, "title: 城南渡口昨日开通", "title: 城南渡口今晨开通")
    expect(heading).to_contain_text("城南渡口今晨开通")

    block = '{% extends "jianbao/article.html" %}{% block citation %}<p id="mine">原报藏于本馆</p>{% endblock %}'
    (preview.home / "theme" / "templates").mkdir(parents=True)
    (preview.home / "theme" / "templates" / "article.html").write_text(block, "utf-8")
    expect(page.locator("#mine")).to_have_text("原报藏于本馆")

    (preview.home / "theme" / "assets").mkdir()
    (preview.home / "theme" / "assets" / "theme.css").write_text(
        "h1 { color: rgb(1, 2, 3) }", "utf-8"
    )
    expect(heading).to_have_css("color", "rgb(1, 2, 3)")

    preview.change(preview.home / "sources" / "a.txt", "过江不再绕路", "过江只要一刻钟")
    expect(body).to_contain_text("过江只要一刻钟")
    expect(body).to_contain_text("早五点半开航")
    expect(heading).to_contain_text("城南渡口今晨开通")

    preview.change(preview.home / "config.yaml", "渡口剪报", "云江旧闻")
    expect(page).to_have_title(re.compile("云江旧闻"))


def test_a_style_is_changed_without_loading_the_page_again(preview: Preview, page: Page) -> None:
    (preview.home / "theme" / "assets").mkdir(parents=True)
    style = preview.home / "theme" / "assets" / "theme.css"
    style.write_text("h1 { color: rgb(1, 2, 3) }", "utf-8")
    preview.await_line(lambda line: line.startswith("theme/assets/theme.css: "))
    page.goto(preview.url)
    expect(page.locator("h1").first).to_have_css("color", "rgb(1, 2, 3)")
    page.evaluate("window.sameAsBefore = true")
    style.write_text("h1 { color: rgb(4, 5, 6) }", "utf-8")
    expect(page.locator("h1").first).to_have_css("color", "rgb(4, 5, 6)", timeout=PATIENCE)
    assert page.evaluate("window.sameAsBefore") is True


def test_a_reader_stays_where_they_read(preview: Preview, page: Page) -> None:
    bridge = preview.article("新桥长六百米")
    preview.change(bridge, "下月通车。", "下月通车。" + "\n\n岸边添了石阶。" * 120)
    page.goto(f"{preview.url}articles/a-02/")
    assert eventually(lambda: in_page(page, "document.body.scrollHeight") > 4000)
    page.evaluate("scrollTo(0, 1800)")
    preview.change(bridge, "两岸居民奔走相告", "两岸居民争相观看")
    expect(page.locator("main")).to_contain_text("两岸居民争相观看", timeout=PATIENCE)
    assert eventually(lambda: abs(in_page(page, "scrollY") - 1800) < 60)


def in_page(page: Page, number: str) -> float:
    """A number of the page; 0 while it is being loaded again."""
    with suppress(Error):
        return float(page.evaluate(number))
    return 0


def test_an_article_comes_and_goes_everywhere(preview: Preview, page: Page) -> None:
    page.goto(preview.url)
    own = preview.home / "content" / "own" / "01.md"
    own.parent.mkdir()
    own.write_text("---\nid: own-01\ntitle: 自撰的一篇\n---\n\n江水东流。\n", "utf-8")
    expect(page.locator("main")).to_contain_text("自撰的一篇", timeout=PATIENCE)
    page.goto(f"{preview.url}articles/own-01/")
    expect(page.locator("h1")).to_contain_text("自撰的一篇")
    own.unlink()
    expect(page.locator("h1")).to_contain_text("未找到", timeout=PATIENCE)
    page.goto(preview.url)
    expect(page.locator("main")).not_to_contain_text("自撰的一篇")


def test_what_is_broken_is_told_in_both_places_until_it_is_mended(
    preview: Preview, page: Page
) -> None:
    page.goto(f"{preview.url}articles/a-01/")
    alert, home = page.get_by_role("alert"), preview.home
    ferry = preview.article("渡船每一刻钟")
    good = ferry.read_text("utf-8")
    template = home / "theme" / "templates" / "404.html"
    template.parent.mkdir(parents=True)
    for path, bad, mended, told in (
        (ferry, good.replace("title: ", "title: [", 1), good, f"{ferry.name}:"),
        (template, "{% block main %}", '{% extends "jianbao/404.html" %}', "404.html:"),
        (home / "config.yaml", "title: 渡口剪报\ntitel: x\n", "title: 渡口剪报\n", "config.yaml:"),
        (
            home / "sources" / "b.txt",
            "\x7fELF\0\0",
            "又一则\n\n江水东流去，渡船来复往。\n",
            "b.txt",
        ),
    ):
        path.write_text(bad, "utf-8")
        expect(alert).to_contain_text(told, timeout=PATIENCE)
        preview.await_line(lambda line: "error: " in line and told in line)  # noqa: B023
        expect(page.locator("h1")).to_contain_text("城南渡口", timeout=PATIENCE)
        path.write_text(mended, "utf-8")
        expect(alert).to_have_count(0, timeout=PATIENCE)


def test_a_source_that_contradicts_a_correction_is_told(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.url}articles/a-01/")
    ferry = preview.article("渡船每一刻钟")
    preview.change(ferry, "早六点开航", "早五点半开航")
    expect(page.locator("main")).to_contain_text("早五点半开航", timeout=PATIENCE)
    preview.change(preview.home / "sources" / "a.txt", "早六点开航", "早七点开航")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("人工的改动已照旧保留", timeout=PATIENCE)
    expect(alert).to_contain_text("早七点开航")
    expect(alert.get_by_role("link")).to_have_attribute("href", "/__review/")
    expect(page.locator("main")).to_contain_text("早五点半开航")
    time.sleep(2.5)  # what the conversion wrote into content/ is no news that takes its place
    expect(alert).to_have_count(1)


def test_a_taken_port_is_passed_over_unless_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "config.yaml").write_text("title: 渡口剪报\n", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, str(ROOT / "build.py"), "serve", "--config", "config.yaml"]
        ran = subprocess.run(
            [*command, "--port", port], cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert ran.returncode == 2
    assert f"port {port} cannot be had" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_preview_differs_from_the_site_by_one_script(preview: Preview, page: Page) -> None:
    got = page.request.get(f"{preview.url}articles/a-01/").body().decode()
    built = (preview.home / "site" / "articles" / "a-01" / "index.html").read_text("utf-8")
    before, script, after = got.partition('<script src="/__reload.js?')
    assert before + after.partition("</script>")[2] == built
    assert script
