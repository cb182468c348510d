"""The preview: the last good site on this machine, built anew after a save, the browser following.

A build that fails leaves the site in place and is told in the page. Nothing but this machine reaches
the server, and nothing but the site and the review desk is shown: no other host name, no link out of
the folder, no dot file, no method but GET and HEAD.
"""

from __future__ import annotations

import errno
import hashlib
import html
import json
import re
import secrets
import select
import socket
import socketserver
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote

from jianbao.errors import ConfigError, JianbaoError
from jianbao.report import Report
from jianbao.swap import MANIFEST
from jianbao.watching import Watch

HOST = "127.0.0.1"
PORTS = range(8000, 8100)  # tried in turn when none is asked for

MAX_FOLLOWERS = 32  # open pages; more are only a runaway script
POLL = 0.5  # how soon a page that was closed gives its place to the next
STOP = 0.05  # how soon the server hears that it is to end


class Builder(Protocol):
    """Who builds what is shown."""

    def rebuild(self, changed: Sequence[Path]) -> Report:
        """Build, after these files have changed; none: for the first time."""
        ...

    def wrote(self) -> Mapping[Path, bytes | None]:
        """Watched files, by absolute paths, that the last rebuild itself has written; None: removed."""
        ...

    def rest(self) -> None:
        """Do what can wait: nobody has saved anything for a while."""
        ...


Say = Callable[[str], None]
# The review desk as content/ stands: a file by its path, None where there is none.
Desk = Callable[[str], bytes | None]
OpenDesk = Callable[[], Desk]


def serve(
    builder: Builder,
    folder: Path,
    watched: Sequence[Path],
    *,
    port: int | None,
    open_browser: bool,
    say: Say,
    open_desk: OpenDesk | None = None,
) -> None:
    """Show `folder`, let `builder` fill it now and whenever a watched file has changed, until Ctrl-C.

    It fills the folder by `swap.publish_folder`, so that a half-built site is never shown. `open_desk` has the
    pages below /__review/, which stand in no folder; it is asked for them anew after every build.

    Raises:
        ConfigError: the port is taken.
    """
    board = Board(site_version(folder))
    with running_server(folder, port, board, open_desk) as server, closing(Watch(watched)) as watch:
        say(f"preview: {server.url} (Ctrl-C ends it)")
        if open_desk:
            say(f"review: {server.url}{DESK[1:]}")
        with suppress(KeyboardInterrupt):
            build_and_tell(builder, (), folder, board, say)
            if open_browser:
                webbrowser.open(server.url)
            while True:
                watch.expect(builder.wrote())
                build_and_tell(builder, watch.wait(builder.rest), folder, board, say)
        builder.rest()
    say("preview ended")


def build_and_tell(
    builder: Builder, changed: Sequence[Path], folder: Path, board: Board, say: Say
) -> None:
    """Build once; a line for the person at the terminal, a notice for the pages in the browser."""
    start = time.perf_counter()
    try:
        report = builder.rebuild(changed)
    except JianbaoError as error:
        say(error.told())
        board.pin(replace(board.notice, built=False, errors=(error.told(),)))
        return
    milliseconds = round(1000 * (time.perf_counter() - start))
    errors = tuple(error.told() for error in report.errors)
    if not report.is_built:
        for line in errors:
            say(line)
        board.pin(replace(board.notice, built=False, errors=errors, kept=()))
        return
    say(f"{named(changed)}: {report.pages} pages, {report.written} files differ, {milliseconds} ms")
    for line in (*errors, *report.notes):
        say(line)
    only_styles = bool(changed) and all(path.suffix == ".css" for path in changed)
    styled_after = board.notice.version if only_styles else None
    kept = tuple(report.notes) if report.conflicts else ()
    board.pin(Notice(site_version(folder), styled_after=styled_after, errors=errors, kept=kept))


def named(changed: Sequence[Path]) -> str:
    """What caused a build, in a few words.

    >>> named([Path("content/a/02.md"), Path("config.yaml"), Path("content/a/03.md")])
    'content/a/02.md and 2 more'
    >>> named([])
    'first build'
    """
    if not changed:
        return "first build"
    first = changed[0]
    with suppress(ValueError):
        first = first.relative_to(Path.cwd())
    return f"{first} and {len(changed) - 1} more" if len(changed) > 1 else str(first)


def site_version(folder: Path) -> str:
    """A name for exactly this site; a site we know nothing of gets a new one every time."""
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()[:16]
    except OSError:
        return secrets.token_hex(8)


# --- what the open pages are told ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """The state of the site, for whoever has a page of it open."""

    version: str
    styled_after: str | None = None  # the version from which only style sheets set this one apart
    errors: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # where a conversion found otherwise than a person wrote
    built: bool = True  # False: the site in place is an older one

    def news(self, version: str, told: Notice | None) -> str:
        """The events for a page of `version` that was told of `told` last."""
        events = []
        if version != self.version:
            kind = "css" if version == self.styled_after else "reload"
            events.append(f"event: {kind}\ndata: {self.version}\n\n")
        if self.panel() != (told.panel() if told else Notice("").panel()):
            events.append(f"event: errors\ndata: {json.dumps(self.panel())}\n\n")
        return "".join(events)

    def panel(self) -> dict[str, Any]:
        """What a page shows beside itself: what is wrong, or else what was kept as a person had corrected it."""
        if self.errors or not self.built:
            title = "已建成，但下面这些没有收进去" if self.built else "没有建成，眼前是上一次的网站"
            return {"title": title, "errors": (*self.errors, *self.kept), "desk": None}
        return {
            "title": "原件变了，人工的改动已照旧保留，请核对",
            "errors": self.kept,
            "desk": DESK,
        }


class Board:
    """Where the latest notice hangs, and the pages wait for the next."""

    def __init__(self, version: str) -> None:
        self.notice = Notice(version)
        self.closed = False
        self._changed = threading.Condition()
        self._seats = threading.BoundedSemaphore(MAX_FOLLOWERS)

    def pin(self, notice: Notice) -> None:
        with self._changed:
            self.notice = notice
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def wait(self, told: Notice | None, timeout: float) -> Notice | None:
        """The notice, as soon as it is another than `told` or time is up; None when all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.notice is not told, timeout)
            return None if self.closed else self.notice

    @contextmanager
    def seat(self) -> Iterator[bool]:
        """A place among the followers, or False when all are taken."""
        taken = self._seats.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._seats.release()


# --- the server ----------------------------------------------------------------------------------

# All that a site holds. The system's own table differs from machine to machine.
CONTENT_TYPES = {
    ".bib": "application/x-bibtex; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
}
EVENT_STREAM = "text/event-stream; charset=utf-8"
PLAIN = CONTENT_TYPES[".txt"]

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

DESK = "/__review/"  # where the review desk is shown

FORBIDDEN_RE = re.compile(r"[\x00-\x1f\x7f\\]")  # in the address of a page

# As every page of the site has it; our own script and style are the only ones that these load.
POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'">"""
MISSING_PAGE = (
    f'<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8">{POLICY}<title>页面未找到</title></head>'
    "<body><h1>页面未找到</h1></body></html>\n"
)


DESK_FAILS = (
    f'<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8">{POLICY}<title>校对台打不开</title></head>'
    "<body><h1>校对台打不开</h1><pre>{}</pre></body></html>\n"
)


def find_file(folder: Path, address: str) -> Path | None:
    """The file an address names, `index.html` for one that ends in a slash, or a folder for one
    that should; None when there is none, or none that may be shown. `folder` is resolved already.
    """
    try:
        name = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return None
    if name.endswith("/"):
        name += "index.html"
    parts = name.split("/")[1:]
    if not name.startswith("/") or FORBIDDEN_RE.search(name):
        return None
    if any(not part or part.startswith(".") for part in parts):
        return None
    path = folder.joinpath(*parts)
    try:
        is_itself = path.resolve(strict=True) == path  # no link on the way, in or out
        return path if is_itself and (path.is_file() or path.is_dir()) else None
    except (OSError, RuntimeError):  # not there, too long, a circle of links
        return None


def with_script(page: bytes, version: str) -> bytes:
    """The page with our script at its end; where it has no written end, as it is.

    >>> with_script(b"<body><p></p></body>", "1a")
    b'<body><p></p><script src="/__reload.js?1a"></script></body>'
    """
    before, end, after = page.rpartition(b"</body>")
    script = f'<script src="/__reload.js?{version}"></script>'.encode() if end else b""
    return before + script + end + after


class Server(ThreadingHTTPServer):
    """The preview of one folder on this machine's own address."""

    daemon_threads = True
    request_queue_size = (
        64  # a page asks for its parts all at once; the default of 5 turned some away
    )

    def __init__(
        self, folder: Path, port: int, board: Board, open_desk: OpenDesk | None = None
    ) -> None:
        self.folder = folder.resolve()
        self.board = board
        self.open_desk = open_desk
        self.desk: tuple[Notice, Desk] | None = None  # and the build after which it was opened
        self.at_desk = threading.Lock()
        super().__init__((HOST, port), Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        self.url = f"http://{HOST}:{self.server_port}/"

    def read_desk(self, open_desk: OpenDesk, path: str) -> bytes | None:
        """A file of the review desk, which is opened once after every build."""
        with self.at_desk:
            notice = self.board.notice
            if self.desk is None or self.desk[0] is not notice:
                self.desk = (notice, open_desk())
            return self.desk[1](path)

    def server_bind(self) -> None:
        """Bind, without asking a name server what 127.0.0.1 is called."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0:2]  # type: ignore[assignment]

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news; anything else is a bug of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def running_server(
    folder: Path, port: int | None, board: Board, open_desk: OpenDesk | None = None
) -> Iterator[Server]:
    """A server at work, on the port asked for or the next that is free."""
    server = open_server(folder, port, board, open_desk)
    thread = threading.Thread(target=server.serve_forever, args=(STOP,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        board.close()
        server.shutdown()
        server.server_close()
        thread.join()


def open_server(
    folder: Path, port: int | None, board: Board, open_desk: OpenDesk | None = None
) -> Server:
    for one in PORTS if port is None else (port,):
        try:
            return Server(folder, one, board, open_desk)
        except (OSError, OverflowError) as error:
            if port is None and getattr(error, "errno", 0) == errno.EADDRINUSE:
                continue
            raise ConfigError(
                f"port {one} cannot be had: {getattr(error, 'strerror', '') or error}",
                hint="Name another with --port, or none, to get the next that is free.",
            ) from error
    raise ConfigError(
        f"the ports {PORTS[0]} to {PORTS[-1]} are all taken", hint="Name one with --port."
    )


class Handler(BaseHTTPRequestHandler):
    """One request. HTTP/1.0 on purpose: a connection each, so nothing can hide behind a request."""

    server: Server
    timeout = 15  # for whoever connects and says nothing
    server_version, sys_version = "jianbao", ""
    default_request_version = "HTTP/1.0"  # whoever names none gets headers all the same

    def do_GET(self) -> None:
        address = re.split(r"[?#]", self.path, maxsplit=1)[0]
        if not self.is_for_us():
            self.answer(
                HTTPStatus.MISDIRECTED_REQUEST, PLAIN, b"This is the preview of an archive.\n"
            )
        elif address == "/__reload":
            self.follow()
        elif address in OWN_FILES:
            self.answer(HTTPStatus.OK, *OWN_FILES[address])
        elif self.server.open_desk and f"{address}/".startswith(DESK):
            self.answer_from_desk(address, self.server.open_desk)
        else:
            self.answer_file(address)

    do_HEAD = do_GET  # noqa: N815

    def is_for_us(self) -> bool:
        """Whether it asks for this machine by name: a page elsewhere cannot reach us by a name of
        its own that points here (DNS rebinding).
        """
        names = self.headers.get_all("Host") or []
        return len(names) == 1 and names[0].strip().lower() in self.server.hosts

    def answer_from_desk(self, address: str, open_desk: OpenDesk) -> None:
        """A page of the review desk; what keeps it from being made is told in its place."""
        if f"{address}/" == DESK:
            self.answer(HTTPStatus.MOVED_PERMANENTLY, PLAIN, b"", {"Location": DESK})
            return
        version = self.server.board.notice.version
        status, name = HTTPStatus.OK, f"{address}index.html" if address.endswith("/") else address
        try:
            data = self.server.read_desk(open_desk, name[1:])
        except JianbaoError as error:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            data, name = DESK_FAILS.format(html.escape(error.told())).encode(), "index.html"
        if data is None:
            self.answer_file(address)  # which says that there is none
            return
        kind = CONTENT_TYPES.get(Path(name).suffix, PLAIN)
        self.answer(status, kind, with_script(data, version) if name.endswith(".html") else data)

    def answer_file(self, address: str) -> None:
        version = (
            self.server.board.notice.version
        )  # before the file: too old is mended, too new is not
        found = find_file(self.server.folder, address)
        if found is not None and found.is_dir():
            query = self.path[len(address) :].partition("#")[0]
            target = quote(unquote(address)) + "/" + query
            self.answer(HTTPStatus.MOVED_PERMANENTLY, PLAIN, b"", {"Location": target})
            return
        status = HTTPStatus.OK
        data = self.read(found)
        if data is None:
            status, found = HTTPStatus.NOT_FOUND, self.server.folder / "404.html"
            data = self.read(find_file(self.server.folder, "/404.html")) or MISSING_PAGE.encode()
        assert found is not None
        if found.suffix == ".html":
            data = with_script(data, version)
        kind = CONTENT_TYPES.get(found.suffix, "application/octet-stream")
        self.answer(status, kind, data)

    def read(self, path: Path | None) -> bytes | None:
        """The bytes of a file; None when there is none, or no more: a new site came in between."""
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None

    def answer(
        self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no proper request, in two words."""
        self.answer(code, PLAIN, f"{HTTPStatus(code).phrase}\n".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name it has there
        """Requests are not told; builds are."""

    # A page that follows the site: server-sent events.

    def follow(self) -> None:
        with self.server.board.seat() as taken:
            if not taken:
                self.answer(HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, b"Too many open pages.\n")
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", EVENT_STREAM)
            self.end_headers()
            if self.command != "HEAD":
                self.tell(self.path.partition("?")[2])

    def tell(self, version: str) -> None:
        """Send what is new to a page of that version, until one of us leaves."""
        told: Notice | None = None
        while (notice := self.server.board.wait(told, POLL)) and not self.has_left():
            if notice is not told:
                self.wfile.write(notice.news(version, told).encode())
                version, told = notice.version, notice

    def has_left(self) -> bool:
        """Whether the browser has closed the connection: it can be read, and there is nothing."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)


# --- our part in the page ------------------------------------------------------------------------

RELOAD_CSS = """\
section {
  position: fixed; z-index: 2147483647; inset: auto 0 0 0; max-height: 60vh; overflow: auto;
  padding: 1rem 1.5rem; border-top: .3rem solid #b3261e; background: #fffaf5; color: #221a18;
  box-shadow: 0 -1rem 3rem #0004; font: 16px/1.6 system-ui, sans-serif;
}
pre { margin: .75rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, monospace; }
"""

# Text nodes and a style sheet of our own only: the page's content security policy holds here too.
RELOAD_JS = """\
{
  let version = new URL(document.currentScript.src).search.slice(1);

  const follow = () => {
    const news = new EventSource(`/__reload?${version}`);
    news.addEventListener("reload", () => location.reload());
    news.addEventListener("css", (event) => { version = event.data; changeStyles(); });
    news.addEventListener("errors", (event) => showErrors(JSON.parse(event.data)));
    news.addEventListener("error", () => { news.close(); setTimeout(follow, 1000); });
  };

  // The new page names the new style sheets; the old ones go when those have come.
  const changeStyles = () => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.open("GET", location.pathname);
    request.onload = () => {
      const old = document.querySelectorAll("link[rel=stylesheet]");
      const fresh = request.response?.querySelectorAll("link[rel=stylesheet]") ?? [];
      if (old.length !== fresh.length) return location.reload();
      old.forEach((link, index) => replaceStyle(link, fresh[index].getAttribute("href")));
    };
    request.onerror = () => location.reload();
    request.send();
  };

  const replaceStyle = (link, href) => {
    const next = link.cloneNode();
    next.href = `${href}?${version}`;
    next.onload = next.onerror = () => link.remove();
    link.after(next);
  };

  const showErrors = ({ title, errors, desk }) => {
    document.querySelector("jianbao-errors")?.remove();
    if (!errors.length) return;
    const host = document.createElement("jianbao-errors");
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/__reload.css" });
    const panel = document.createElement("section");
    panel.setAttribute("role", "alert");
    panel.append(filled("strong", title), ...errors.map((error) => filled("pre", error)));
    if (desk) panel.append(Object.assign(filled("a", "校对台"), { href: desk }));
    host.attachShadow({ mode: "open" }).append(style, panel);
    document.body.append(host);
  };

  const filled = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  follow();
}
"""

OWN_FILES = {
    "/__reload.css": (CONTENT_TYPES[".css"], RELOAD_CSS.encode()),
    "/__reload.js": (CONTENT_TYPES[".js"], RELOAD_JS.encode()),
}
