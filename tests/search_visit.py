"""A visitor of a search page who counts: bytes, requests, milliseconds, and what was found.

The page is any that keeps the contract of ours (`data-article-id`, `data-result-count`, `data-more`, `?q=`); it is
served on this machine as a host does, gzipped and kept alive, and opened in Chromium.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Browser, Page, Playwright

from tests.conftest import CHROMIUM_ARGS
from tests.provide_browser import find_chromium

TEN = 10  # results that a visitor looks at first
LOOKED_AT = 100  # results of a query that are held against the truth; beyond them the count is
PATIENCE = 60_000  # milliseconds for one query
QUIET = 2_000  # milliseconds without a change, after which no more results are waited for
# What belongs to the page as to any other page of the site; all else is the search's.
PAGE_FILES = (".html", ".css", ".svg", ".ico", "theme.js", "/")
COMPRESSED = (".html", ".css", ".svg", ".js", ".json", ".txt", ".webmanifest")

# Notes when results stand, from the start of the visit on; `ask` does the same on a page that stands.
WATCH = """
  window.watch = (wanted) => new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`no answer after PATIENCE ms: ${location.search}`)), PATIENCE);
    const noted = {ten: null, count: null, number: null, long: 0};
    let quiet = 0;
    const finish = () => {
      mutations.disconnect();
      setTimeout(() => { tasks.disconnect(); done(noted); }, 0);
    };
    const look = () => {
      const results = document.querySelectorAll("[data-article-id]:not([data-earlier])").length;
      const text = document.querySelector("[data-result-count]")?.textContent.trim() ?? "";
      const now = performance.timeOrigin + performance.now();
      if (text !== "" && noted.count === null) [noted.count, noted.number] = [now, Number(text)];
      const enough = noted.number === null ? wanted : Math.min(wanted, noted.number);
      if (noted.ten === null && results >= enough) noted.ten = now;
      clearTimeout(quiet);
      if (noted.ten !== null && noted.count !== null) finish();
      else if (noted.count !== null) {
        // The number was an estimate, and no more results come.
        quiet = setTimeout(() => { noted.ten = now; finish(); }, QUIET);
      }
    };
    const tasks = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.long = Math.max(noted.long, entry.duration);
    });
    tasks.observe({type: "longtask"});
    const mutations = new MutationObserver(look);
    mutations.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  });
""".replace("PATIENCE", str(PATIENCE)).replace("QUIET", str(QUIET))
ARRIVE = f"{WATCH} window.arrived = window.watch({TEN});"
ASK = """async (query) => {
  const box = document.querySelector("[name=q]");
  const count = document.querySelector("[data-result-count]");
  for (const old of document.querySelectorAll("[data-article-id]")) old.dataset.earlier = "";
  count.textContent = "";
  const begun = performance.timeOrigin + performance.now();
  const noted = window.watch(TEN);
  box.value = query;
  box.form.requestSubmit();
  return {begun, ...await noted};
}""".replace("TEN", str(TEN))
PAGE_ON = """async (limit) => {
  const shown = () => document.querySelectorAll("[data-article-id]:not([data-earlier])");
  const more = document.querySelector("[data-more]");
  const pause = () => new Promise((done) => setTimeout(done, 4));
  let before = -1;
  while (shown().length > before && shown().length < limit && !more.hidden) {
    before = shown().length;
    more.click();
    for (let wait = 0; wait < 500 && shown().length === before && !more.hidden; wait += 1) await pause();
  }
  return Array.from(shown(), (one) => one.dataset.articleId);
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one query took: milliseconds, and the search's bytes and requests until then."""

    query: str
    found: int  # the number of hits, as the page tells it
    ten: float  # milliseconds until ten results stand, or all
    count: float  # milliseconds until their number stands
    longest_task: float  # milliseconds that the page did not answer
    bytes_to_ten: int = 0
    bytes_to_count: int = 0
    requests_to_ten: int = 0
    page_bytes: int = 0  # of what is not the search's, until the count stands
    ids: tuple[str, ...] = ()


# --- a host --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    moment: float  # milliseconds since 1970
    path: str
    size: int  # bytes of the body as sent

    @property
    def is_search(self) -> bool:
        return not self.path.endswith(PAGE_FILES)


@dataclass(slots=True)
class Host:
    """A folder served over HTTP, and what was delivered of it."""

    folder: Path
    address: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    bodies: dict[str, tuple[bytes, bool]] = field(default_factory=dict)

    def body(self, path: str) -> tuple[bytes, bool] | None:
        """The bytes to send and whether they are gzipped; None when there is no such file."""
        if path not in self.bodies:
            file = self.folder / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
            if not file.is_file():
                return None
            data, gzipped = file.read_bytes(), file.suffix in COMPRESSED
            self.bodies[path] = (gzip.compress(data, 6) if gzipped else data, gzipped)
        return self.bodies[path]


@contextmanager
def hosted(folder: Path) -> Iterator[Host]:
    host = Host(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one piece: small pieces wait for each other
        disable_nagle_algorithm = True

        def do_GET(self) -> None:  # the name it has there
            path = unquote(urlsplit(self.path).path)
            found = host.body(path)
            body, gzipped = found or (b"", False)
            self.send_response(200 if found else 404)
            kind = mimetypes.guess_type("index.html" if path.endswith("/") else path)[0]
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Cache-Control", "max-age=600")
            if gzipped:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            host.deliveries.append(Delivery(time.time() * 1000, path, len(body)))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Requests are not told."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no news."""


# --- a visitor -----------------------------------------------------------------------------------


def open_browser(playwright: Playwright) -> Browser:
    flags = [*CHROMIUM_ARGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=find_chromium(), args=flags)


def cold_visits(
    browser: Browser, host: Host, page: str, queries: Sequence[str], seconds: float
) -> list[Visit]:
    """Each query asked by someone who was never there; as many of them as fit into the time."""
    cold_visit(browser, host, page, queries[0])  # the host compresses, the browser wakes up
    begun, visits = time.monotonic(), []
    for query in queries:
        visits.append(cold_visit(browser, host, page, query))
        if time.monotonic() - begun > seconds:
            break
    return visits


def cold_visit(browser: Browser, host: Host, path: str, query: str) -> Visit:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.add_init_script(ARRIVE)
        host.deliveries.clear()
        page.goto(f"{host.address}{path}?q={quote(query)}", wait_until="commit")
        noted = page.evaluate("window.arrived")
        noted["begun"] = page.evaluate("performance.timeOrigin")
    finally:
        context.close()
    return visit_of(query, noted, list(host.deliveries))


def visit_of(query: str, noted: dict[str, float], deliveries: Sequence[Delivery]) -> Visit:
    search = [one for one in deliveries if one.is_search]
    to_ten = [one.size for one in search if one.moment <= noted["ten"]]
    return Visit(
        query,
        found=int(noted["number"]),
        ten=noted["ten"] - noted["begun"],
        count=noted["count"] - noted["begun"],
        longest_task=noted["long"],
        bytes_to_ten=sum(to_ten),
        bytes_to_count=sum(one.size for one in search if one.moment <= noted["count"]),
        requests_to_ten=len(to_ten),
        page_bytes=sum(one.size for one in deliveries if not one.is_search),
    )


def warm_page(browser: Browser, host: Host, path: str, query: str) -> Page:
    """A search page that has answered a query already; close its context in the end."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(ARRIVE)
    page.goto(f"{host.address}{path}?q={quote(query)}")
    page.evaluate("window.arrived")
    return page


def warm_visits(
    page: Page, host: Host, queries: Sequence[str], seconds: float, *, look: bool = False
) -> list[Visit]:
    """One query after the other on the same page, as many as fit into the time; with `look`, what they find."""
    begun, visits = time.monotonic(), []
    for query in queries:
        host.deliveries.clear()
        noted = page.evaluate(ASK, query)
        visit = visit_of(query, noted, list(host.deliveries))
        if look:
            ids: Sequence[str] = page.evaluate(PAGE_ON, LOOKED_AT)
            visit = Visit(query, visit.found, visit.ten, visit.count, visit.longest_task, ids=tuple(ids))  # fmt: skip
        visits.append(visit)
        if time.monotonic() - begun > seconds:
            break
    return visits
