"""What any test may ask for: a browser, a folder served over HTTP, the real pages in ../shared.

`shared` (or the mark `needs_shared`) leaves a test out where the real pages are not at hand; one line
at the end of the run says so. Nothing else is ever left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import hypothesis
import pytest

from tests.provide_browser import find_chromium

# Tests know no clock and no chance: the same examples every time, however slow the machine is.
hypothesis.settings.register_profile("jianbao", deadline=None, derandomize=True)
hypothesis.settings.load_profile("jianbao")

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
