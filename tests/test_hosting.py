"""The site as GitHub Pages serves it: below the address of a project, or at the top of a host; crawled from page to page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from jianbao.check import check_site
from jianbao.config import Config
from jianbao.pipeline import Folders, build_site, convert_sources, read_config
from tests.conftest import QuietServer
from tests.test_command import make_archive

PROJECT = (
    "/some/repo"  # of a project site; a user's site, and a domain of one's own, stand at the top
)
GIVEN_UP = "net::ERR_ABORTED"  # by the browser itself, as it does with icons of pages it has left


@dataclass(frozen=True, slots=True)
class Host:
    """A host that serves one site, and the pages it was asked for that are not there."""

    address: str  # of the site
    missing: list[str]


@contextmanager
def host(top: str, folder: Path) -> Iterator[Host]:
    """A host as GitHub Pages is one: a site below `top`, its 404.html for whatever is not in it; nothing else."""
    missing: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            inside = path.startswith(f"{top}/")
            return super().translate_path(path[len(top) :]) if inside else str(folder / "nowhere")

        def send_error(
            self, code: int, message: str | None = None, explain: str | None = None
        ) -> None:
            missing.append(self.path)
            body = (folder / "404.html").read_bytes() if self.path.startswith(f"{top}/") else b""
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name it has there
            """Requests are not told."""

    def handler(*args: Any) -> Handler:
        return Handler(*args, directory=str(folder))

    server = QuietServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Host(f"http://127.0.0.1:{server.server_port}{top}", missing)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A small archive in all languages."""
    place = make_archive(tmp_path_factory.mktemp("hosting") / "archive")
    folders = Folders(
        place / "config.yaml", *(place / name for name in ("sources", "content", "site"))
    )
    assert convert_sources(read_config(folders.config), folders).errors == ()
    return folders


@pytest.fixture(scope="module", params=[PROJECT, ""], ids=["project", "domain"])
def hosted(
    request: pytest.FixtureRequest, content: Folders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    site = tmp_path_factory.mktemp("host") / "site"
    with host(request.param, site) as served:
        build(content, site, served.address)
        yield served


@pytest.fixture(scope="module")
def project(content: Folders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    site = tmp_path_factory.mktemp("project") / "site"
    with host(PROJECT, site) as served:
        build(content, site, served.address)
        yield served


def build(content: Folders, site: Path, address: str) -> None:
    folders = replace(content, site=site)
    config = read_config(folders.config, base_url=address)
    assert build_site(config, folders).errors == ()
    assert check_site(site, base_url=address) == []


class Watch:
    """What goes wrong while a browser visits: requests that fail or leave the site, errors that a page throws."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.wrong = page, address, list[str]()
        self.looks: dict[str, Callable[..., None]] = {
            "request": self.look,
            "requestfailed": self.look_at_failed,
            "pageerror": lambda error: self.wrong.append(f"error: {error}"),
            "console": self.listen,
        }
        for event, look in self.looks.items():
            page.on(event, look)  # type: ignore[call-overload]  # it names every event

    def end(self) -> None:
        for event, look in self.looks.items():
            self.page.remove_listener(event, look)

    def listen(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.wrong.append(said.text)

    def look(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.wrong.append(f"left the site: {request.url}")

    def look_at_failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self.wrong.append(f"failed: {request.url}")


@pytest.fixture(scope="module")
def one_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def watch(one_page: Page, hosted: Host) -> Iterator[Watch]:
    """The same page for all that are shown a few addresses of a host, watched from when that of the test before is gone."""
    one_page.goto("about:blank")
    watch = Watch(one_page, hosted.address)
    yield watch
    watch.end()


def links_of(page: Page) -> Sequence[str]:
    found: list[str] = page.eval_on_selector_all(
        "a[href]",
        "all => all.map((one) => new URL(one.getAttribute('href'), document.baseURI).href)",
    )
    return [urldefrag(link).url for link in found]


def test_every_page_that_can_be_reached_is_there_and_loads_from_its_own_site(
    page: Page, project: Host
) -> None:
    watch = Watch(page, project.address)
    waiting, seen = [f"{project.address}/"], set[str]()
    kinds = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = page.goto(address)
        assert answer, address
        assert answer.status == 200, address
        kinds.add(urlsplit(address).path.removeprefix(PROJECT).split("/")[1])
        near = [one for one in links_of(page) if one.startswith(f"{project.address}/")]
        waiting += [one for one in near if one.endswith(("/", ".html")) and "?" not in one]
    assert {"en", "zh-Hant", "articles", "sources", "topics", "dates", "search"} <= kinds
    assert len(seen) > 100
    assert watch.wrong == []
    assert project.missing == []


@pytest.mark.parametrize("missing", ["/no", "/no.html", "/articles/no/", "/en/a/b/c/d/e/no/"])
def test_the_page_for_missing_pages_works_at_any_depth(
    watch: Watch, hosted: Host, missing: str
) -> None:
    page = watch.page
    answer = page.goto(hosted.address + missing)
    assert answer
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("页面未找到")
    assert page.evaluate("[...document.styleSheets].every((one) => one.cssRules.length > 0)")
    watch.wrong = [one for one in watch.wrong if "status of 404" not in one]  # of the page itself
    page.click("main a:text-is('首页')")
    expect(page.locator(".lead")).to_be_visible()
    assert page.url == f"{hosted.address}/index.html"
    assert watch.wrong == []


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_search_finds_and_leads_to_what_it_found(
    watch: Watch, hosted: Host, language: str
) -> None:
    page = watch.page
    page.goto(f"{hosted.address}{language}/")
    page.fill("main input[name=q]", "药房")
    page.press("main input[name=q]", "Enter")
    page.wait_for_url(f"{hosted.address}{language}/search/**")
    hit = page.locator("[data-article-id]").first
    expect(hit).to_be_visible()
    hit.locator("a").first.click()
    page.wait_for_url(f"{hosted.address}{language}/articles/**")
    expect(page.locator(".story")).to_contain_text("药房")
    assert watch.wrong == []


# --- a domain of one's own ------------------------------------------------------------------------


def test_the_domain_beside_the_settings_reaches_the_site(content: Folders, tmp_path: Path) -> None:
    place = Path(shutil.copytree(content.config.parent, tmp_path / "archive"))
    folders = Folders(
        place / "config.yaml", *(place / name for name in ("sources", "content", "site"))
    )
    domain = place / "CNAME"
    build_site(Config(), folders)
    assert not (folders.site / "CNAME").exists()
    for text in ("archive.example\n", "news.example\n"):
        domain.write_text(text, "utf-8")
        build_site(Config(), folders)
        assert (folders.site / "CNAME").read_text("utf-8") == text
    domain.unlink()
    build_site(Config(), folders)
    assert not (folders.site / "CNAME").exists()
