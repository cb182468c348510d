"""What any test may ask for: a browser, a folder served over HTTP, the demo built, the real pages in ../shared.

`shared` (or the mark `needs_shared`) leaves a test out where the real pages are not at hand; one line
at the end of the run says so. Nothing else is ever left out.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import hypothesis
import pytest

from jianbao import content, facsimiles, readings
from jianbao.config import Config
from jianbao.convert.read import READERS
from jianbao.models import Article
from jianbao.pipeline import Folders, build_site, open_desk, read_config
from jianbao.readings import source_of
from jianbao.serve import Board, running_server
from tests.provide_browser import find_chromium

ROOT = Path(__file__).parent.parent

# Tests know no clock and no chance: the same examples every time, however slow the machine is.
hypothesis.settings.register_profile("jianbao", deadline=None, derandomize=True)
# `make torture` looks for others, and for more of them.
hypothesis.settings.register_profile(
    "torture", deadline=None, derandomize=False, max_examples=300, database=None
)
hypothesis.settings.load_profile(os.environ.get("JIANBAO_PROFILE", "jianbao"))

# A browser of a test calls nobody but the page it is shown.
CHROMIUM_ARGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


# --- the real pages -----------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_shared: reads the real pages, which lie in ../shared")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if has_shared(config):
        return
    left_out = [item for item in items if needs_shared(item)]
    items[:] = [item for item in items if not needs_shared(item)]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if not has_shared(config):
        terminalreporter.write_line(
            "Left out: the tests on the real pages, for there is no ../shared "
            "(JIANBAO_SHARED names another place)."
        )


def shared_folder(config: pytest.Config) -> Path:
    """Where the real pages are expected: $JIANBAO_SHARED, or `shared` beside the checkout."""
    return Path(os.environ.get("JIANBAO_SHARED") or config.rootpath.parent / "shared")


def has_shared(config: pytest.Config) -> bool:
    return (shared_folder(config) / "seeds").is_dir()


def needs_shared(item: pytest.Item) -> bool:
    """Whether a test carries the mark, or asks for the fixture."""
    return bool(item.get_closest_marker("needs_shared")) or "shared" in getattr(
        item, "fixturenames", ()
    )


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """The folder with `seeds`, `gold` and `eval`; tests that ask for it run only where it exists."""
    return shared_folder(pytestconfig)


# --- the browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright starts the browser: this machine's Chromium, or else Playwright's own."""
    chromium = find_chromium()
    return {
        **browser_type_launch_args,
        **({"executable_path": chromium} if chromium else {}),
        "args": [*CHROMIUM_ARGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has a site of its own. (pytest-playwright's fixture of this name is deprecated.)"""


# --- a folder over HTTP -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """`serve_folder(path)` serves a folder until the tests end, and gives its address.

    The address has no slash at its end. To see a site below an address, serve the folder above it.
    """
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(served(folder))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, served on a free port of this machine."""
    server = QuietServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no news."""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name it has there
        """Requests are not told."""


# --- the demo, built ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Archive:
    """A built archive: where it is served, and what it was built from."""

    address: str
    articles: Sequence[Article]
    site: Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]) -> Archive:
    """The demo as it is committed, below an address as on GitHub Pages."""
    place = tmp_path_factory.mktemp("host")
    folders = replace(demo_folders(), site=place / "archive")
    return built(read_config(folders.config), folders, f"{serve_folder(place)}/archive")


def demo_folders() -> Folders:
    return Folders(ROOT / "config.yaml", ROOT / "sources", ROOT / "content", ROOT / "site")


def lend_readings(home: Path) -> None:
    """Give an archive of the demo's sources what was read of those that take long, so that they are not read again."""
    for path in (ROOT / "sources").rglob("*"):
        if path.suffix in READERS and READERS[path.suffix].slow:
            source_of(ROOT / "config.yaml", path.read_bytes(), path.name, None)
            facsimiles.facsimiles_of(ROOT / "config.yaml", path.read_bytes(), path.name)
    for folder in (readings.FOLDER, facsimiles.FOLDER):
        shutil.copytree(ROOT / folder, home / folder, dirs_exist_ok=True)


def built(config: Config, folders: Folders, address: str) -> Archive:
    report = build_site(config, folders)
    assert report.errors == ()
    paths = sorted(folders.content.glob("*/*.md"))
    articles = [content.load(path.read_text("utf-8"), path=str(path)) for path in paths]
    return Archive(address, articles, folders.site)


def kinds(site: Path) -> list[str]:
    """One address of every kind of page, the richest of each."""
    found: dict[tuple[str, int], Path] = {}
    for path in sorted(site.rglob("index.html")):
        parts = path.parent.relative_to(site).parts
        kind = ("".join(parts[:1]), len(parts))
        if kind not in found or path.stat().st_size > found[kind].stat().st_size:
            found[kind] = path
    return [f"/{path.parent.relative_to(site).as_posix()}/".replace("/./", "/") for path in found.values()]  # fmt: skip


@pytest.fixture
def desk(demo: Archive) -> Iterator[Archive]:
    """The demo as its preview shows it, at the top of a host and with the review desk."""
    with previewed(demo.site) as address:
        yield replace(demo, address=address)


@contextmanager
def previewed(site: Path) -> Iterator[str]:
    """The address of the demo's preview: its built site, and the review desk."""
    folders = replace(demo_folders(), site=site)
    opened = partial(open_desk, read_config(folders.config), folders, day="2026-11-22")
    with running_server(site, 0, Board("v1"), opened) as server:
        yield server.url.rstrip("/")
