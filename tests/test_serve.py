"""The preview shows the site to this machine only, follows every save, and survives what goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from jianbao.errors import ConfigError, JianbaoError
from jianbao.report import Report
from jianbao.serve import (
    MAX_FOLLOWERS,
    Board,
    Notice,
    Server,
    find_file,
    open_server,
    running_server,
    serve,
    with_script,
)
from jianbao.swap import publish_folder
from jianbao.watching import Watch, is_by_the_way

ROOT = Path(__file__).parent.parent
SECRET = "不给人看的".encode()
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types jianbao"
)


def make_page(text: str, style: str = "assets/style.css") -> bytes:
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
        f'<title>{text}</title><link rel="stylesheet" href="{style}"></head>'
        f"<body><h1>{text}</h1></body></html>"
    ).encode()


# --- which file an address names -----------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site, with secrets all around it and links that lead to them."""
    site = tmp_path / "site"
    (site / "articles" / "a-01").mkdir(parents=True)
    (site / "index.html").write_bytes(make_page("首页"))
    (site / "articles" / "a-01" / "index.html").write_bytes(make_page("一篇"))
    (site / "空 格.txt").write_bytes("有空格".encode())
    (site / "style.css").write_bytes(b"h1 { color: green }")
    for secret in (tmp_path / "secret.txt", site / ".jianbao", site / ".git"):
        secret.write_bytes(SECRET)
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "out").symlink_to(tmp_path)
    (site / "inside.html").symlink_to(site / "index.html")
    (site / "circle").symlink_to(site / "circle")
    os.mkfifo(site / "pipe")
    return site


REFUSED = [
    "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%252e%252e/secret.txt",
    "/articles/../../secret.txt", "/..\\secret.txt", "/..%5csecret.txt", "/%00", "/index.html%00",
    "/index.html%0a", "/.", "/./index.html", "/articles/./a-01/", "http://evil.example/", "*", "",
    "index.html", "//etc/passwd", "/etc/passwd", "/articles//a-01/", "/%ff", "/" + "x" * 300,
    "/.jianbao", "/.git", "/.git/config", "/out.txt", "/out/secret.txt", "/out/", "/out",
    "/inside.html", "/circle", "/circle/", "/pipe", "/index.html/", "/articles/", "/nothing",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_names_nothing_to_be_shown(folder: Path, address: str) -> None:
    assert find_file(folder, address) is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/articles/a-01/", "articles/a-01/index.html"),
        ("/articles/a-01", "articles/a-01"),
        ("/%61rticles/a%2D01/", "articles/a-01/index.html"),
        ("/%E7%A9%BA%20%E6%A0%BC.txt", "空 格.txt"),
    ],
)
def test_an_address_that_names_something(folder: Path, address: str, name: str) -> None:
    assert find_file(folder, address) == folder / name


def test_the_script_stands_before_the_last_end_of_a_body_and_nowhere_else() -> None:
    assert with_script(b"<p>no end", "1") == b"<p>no end"
    page = b"<script>'</body>'</script></body></html>"
    assert with_script(page, "1").endswith(b'<script src="/__reload.js?1"></script></body></html>')
    assert with_script(page, "1").count(b"__reload") == 1


# --- requests, byte by byte ----------------------------------------------------------------------


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """Sends bytes to the preview, as no browser would."""

    def __init__(self, server: Server) -> None:
        self.server, self.port = server, server.server_port

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def send(self, request: bytes) -> Answer:
        with self.connect() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return parsed(b"".join(iter(lambda: connection.recv(65536), b"")))

    def ask(self, address: str, method: str = "GET", *hosts: str) -> Answer:
        lines = [f"Host: {host}" for host in hosts or (f"localhost:{self.port}",)]
        head = "\r\n".join([f"{method} {address} HTTP/1.1", *lines, "", ""])
        return self.send(head.encode())


def parsed(response: bytes) -> Answer:
    head, _, body = response.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    status = int(first.split()[1]) if first else 0
    return Answer(status, dict(line.split(": ", 1) for line in rest), body)


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with running_server(folder, 0, Board("v1")) as server:
        yield Client(server)


@pytest.mark.parametrize("address", [one for one in REFUSED if one and " " not in one])
def test_what_is_not_to_be_shown_is_not_found(client: Client, address: str) -> None:
    answer = client.ask(address)
    assert answer.status == 404
    assert SECRET not in answer.body


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example"], ["evil.example:PORT"], ["127.0.0.1"], ["localhost"], ["0.0.0.0:PORT"],
        ["localhost:1"], ["localhost.evil.example:PORT"], ["[::1]:PORT"], [""],
        ["localhost:PORT", "localhost:PORT"], ["localhost:PORT", "evil.example"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/", "/__reload", "/__reload.js"])
def test_only_this_machine_by_its_own_name(
    client: Client, hosts: Sequence[str], address: str
) -> None:
    answer = client.ask(address, "GET", *(host.replace("PORT", str(client.port)) for host in hosts))
    assert answer.status == 421
    assert b"<h1>" not in answer.body


def test_no_host_is_not_for_us_either(client: Client) -> None:
    assert client.send(b"GET / HTTP/1.1\r\n\r\n").status == 421
    assert client.send(b"GET / HTTP/1.0\r\n\r\n").status == 421


@pytest.mark.parametrize("host", ["localhost:PORT", "127.0.0.1:PORT", "LOCALHOST:PORT"])
def test_this_machine_by_name(client: Client, host: str) -> None:
    assert client.ask("/", "GET", host.replace("PORT", str(client.port))).status == 200


def test_it_listens_on_this_machine_only(client: Client) -> None:
    assert client.server.socket.getsockname()[0] == "127.0.0.1"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", client.port), timeout=1)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"])
def test_nothing_but_get_and_head(client: Client, method: str) -> None:
    answer = client.ask("/", method)
    assert answer.status == 501
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_second_request_behind_a_body_is_not_read(client: Client) -> None:
    host = f"Host: localhost:{client.port}\r\n"
    hidden = f"GET /style.css HTTP/1.1\r\n{host}\r\n"
    answer = client.send(
        f"GET / HTTP/1.1\r\n{host}Content-Length: {len(hidden)}\r\n\r\n{hidden}".encode()
    )
    assert b"color: green" not in answer.body


@pytest.mark.parametrize(
    "address", ["/", "/nothing", "/style.css", "/articles/a-01", "/__reload.js"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_is_for_us_alone(client: Client, method: str, address: str) -> None:
    expected = {
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    answer = client.ask(address, method)
    assert expected.items() <= answer.headers.items()
    assert "Python" not in answer.headers["Server"]
    assert method != "HEAD" or answer.body == b""


def test_an_address_too_long(client: Client) -> None:
    assert client.ask("/" + "x" * 70_000).status == 414


def test_too_many_headers(client: Client) -> None:
    assert client.send(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n").status == 431


def test_the_folder_of_a_page_gets_its_slash_and_keeps_its_question(client: Client) -> None:
    answer = client.ask("/articles/a-01?q=%E5%B8%82#p-3")
    assert answer.status == 301
    assert answer.headers["Location"] == "/articles/a-01/?q=%E5%B8%82"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/__reload.js", "text/javascript; charset=utf-8"),
        ("/__reload.css", "text/css; charset=utf-8"),
    ],
)
def test_a_file_says_what_it_is(client: Client, address: str, kind: str) -> None:
    answer = client.ask(address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_pages_follow_the_site_and_files_are_as_they_are(client: Client, folder: Path) -> None:
    assert b'<script src="/__reload.js?v1"></script></body>' in client.ask("/").body
    assert client.ask("/style.css").body == (folder / "style.css").read_bytes()


def test_a_missing_page_follows_too_and_the_site_may_have_its_own(
    client: Client, folder: Path
) -> None:
    assert b"/__reload.js" in client.ask("/nothing").body
    (folder / "404.html").write_bytes(make_page("查无此页"))
    answer = client.ask("/nothing")
    assert answer.status == 404
    assert "查无此页".encode() in answer.body
    assert b"/__reload.js" in answer.body


# --- the review desk -----------------------------------------------------------------------------

DESK = {
    "__review/index.html": make_page("校对台"),
    "__review/a/index.html": make_page("一件原件"),
    "__review/review.js": b"// n and p",
}


@dataclass
class Opening:
    """A desk that counts how often it is opened, and may be broken."""

    times: int = 0
    broken: bool = False

    def __call__(self) -> Callable[[str], bytes | None]:
        self.times += 1
        if self.broken:
            raise JianbaoError("there is <no> such folder", path="content", hint="Convert first.")
        return DESK.get


@pytest.fixture
def opening() -> Opening:
    return Opening()


@pytest.fixture
def at_desk(folder: Path, opening: Opening) -> Iterator[Client]:
    with running_server(folder, 0, Board("v1"), opening) as server:
        yield Client(server)


def test_a_preview_without_a_desk_has_none(client: Client) -> None:
    assert client.ask("/__review/").status == 404
    assert client.ask("/__review").status == 404


def test_the_desk_is_shown_and_follows_like_any_page(at_desk: Client) -> None:
    for address, words in (("/__review/", "校对台"), ("/__review/index.html", "校对台"), ("/__review/a/", "一件原件")):  # fmt: skip
        answer = at_desk.ask(address)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert words.encode() in answer.body
        assert b'<script src="/__reload.js?v1"></script></body>' in answer.body
    script = at_desk.ask("/__review/review.js?x")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.body == DESK["__review/review.js"]
    assert at_desk.ask("/__review").headers["Location"] == "/__review/"


@pytest.mark.parametrize(
    "address",
    ["/__review/b/", "/__review/a", "/__review//", "/__review/../index.html", "/__review/%2e%2e/",
     "/__review/../../secret.txt", "/__review/%00", "/__reviews/"],
)  # fmt: skip
def test_the_desk_has_nothing_else(at_desk: Client, address: str) -> None:
    answer = at_desk.ask(address)
    assert answer.status == 404
    assert SECRET not in answer.body


@pytest.mark.parametrize("address", ["/__review/", "/__review", "/__review/a/"])
def test_the_desk_is_for_this_machine_alone(at_desk: Client, address: str) -> None:
    for host in ("evil.example", f"evil.example:{at_desk.port}", "localhost"):
        answer = at_desk.ask(address, "GET", host)
        assert (answer.status, b"<h1>" in answer.body) == (421, False)
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert at_desk.ask(address, method).status == 501
    whole, head = at_desk.ask(address), at_desk.ask(address, "HEAD")
    assert (head.status, head.body) == (whole.status, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    for answer in (whole, head):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_desk_is_opened_once_after_every_build(at_desk: Client, opening: Opening) -> None:
    at_desk.ask("/__review/")
    at_desk.ask("/__review/a/")
    assert opening.times == 1
    at_desk.server.board.pin(Notice("v1"))  # a build that changed nothing of the site
    at_desk.ask("/__review/")
    assert opening.times == 2


def test_a_desk_that_cannot_be_opened_says_why_and_the_preview_goes_on(
    at_desk: Client, opening: Opening
) -> None:
    opening.broken = True
    answer = at_desk.ask("/__review/a/")
    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b"error: content: there is &lt;no&gt; such folder\n  Convert first." in answer.body
    assert b"/__reload.js" in answer.body
    assert at_desk.ask("/").status == 200
    opening.broken = False
    assert at_desk.ask("/__review/a/").status == 200


@pytest.mark.parametrize("address", ["/nothing", "/__review/"])
def test_S12_a_page_of_the_previews_own_has_a_policy_and_follows(
    at_desk: Client, opening: Opening, address: str, page: Page
) -> None:
    opening.broken = True
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda one: wrong.append(one.text) if "policy" in one.text.lower() else None)
    with page.expect_request("**/__reload?v1"):
        page.goto(f"http://localhost:{at_desk.port}{address}")
    planted = "() => { try { document.body.innerHTML = '<b>'; return '' } catch (error) { return error.name } }"
    assert wrong == []
    assert page.evaluate(planted) == "TypeError"


REQUESTS = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda method, address, rest: method + b" " + address + b" HTTP/1." + rest,
        st.sampled_from([b"GET", b"HEAD", b"POST"]),
        st.one_of(
            st.binary(max_size=60),
            st.lists(
                st.sampled_from([b"/", b"..", b"%2e", b"%2f", b"secret.txt", b"out", b"%00", b".git"])
            ).map(b"".join),
        ),
        st.sampled_from([b"1\r\nHost: localhost:PORT\r\n\r\n", b"0\r\n\r\n", b"9\r\n", b"1\r\n:\r\n\r\n"]),
    ),
)  # fmt: skip


@given(REQUESTS)
def test_F10_whatever_is_asked_nothing_else_is_shown(request_bytes: bytes) -> None:
    server = shared_client()
    answer = server.send(request_bytes.replace(b"PORT", str(server.port).encode()))
    assert answer.status in {0, 200, 301, 400, 404, 414, 421, 431, 501, 505}
    assert SECRET not in answer.body


CLIENTS: list[Client] = []  # one server for all examples


def shared_client() -> Client:
    return CLIENTS[0]


@pytest.fixture(scope="module", autouse=True)
def _server_for_examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    place = tmp_path_factory.mktemp("examples")
    (place / "secret.txt").write_bytes(SECRET)
    (place / "site").mkdir()
    (place / "site" / "index.html").write_bytes(make_page("首页"))
    (place / "site" / ".git").write_bytes(SECRET)
    (place / "site" / "out").symlink_to(place)
    with running_server(place / "site", 0, Board("v1"), Opening()) as server:
        CLIENTS[:] = [Client(server)]
        yield


def test_who_hangs_up_is_no_news(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    for address in ("/", "/__reload"):
        for _ in range(5):
            connection = client.connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(
                f"GET {address} HTTP/1.1\r\nHost: localhost:{client.port}\r\n".encode()
            )
            connection.sendall(b"\r\n")
            connection.close()  # a reset, not a goodbye
    assert client.ask("/").status == 200
    assert capfd.readouterr().err == ""


def test_a_bug_of_ours_is_told(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    def stumble() -> None:
        raise ZeroDivisionError

    try:
        stumble()
    except ZeroDivisionError:
        client.server.handle_error(None, ("127.0.0.1", 0))
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_file_that_goes_while_it_is_asked_for_is_not_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: Path) -> bytes:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_bytes", gone)
    assert client.ask("/style.css").status == 404


def test_who_asks_for_the_head_of_the_news_gets_no_news(client: Client) -> None:
    answer = client.ask("/__reload?v0", "HEAD")
    assert (answer.status, answer.body) == (200, b"")


# --- ports ---------------------------------------------------------------------------------------


def test_a_port_that_was_asked_for_and_is_taken(client: Client, folder: Path) -> None:
    with pytest.raises(ConfigError, match=f"port {client.port} cannot be had"):
        open_server(folder, client.port, Board(""))
    with pytest.raises(ConfigError, match="port 99999"):
        open_server(folder, 99999, Board(""))


def test_the_next_free_port(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_server(folder, 0, Board("")) as first:
        taken = first.server_port
        monkeypatch.setattr("jianbao.serve.PORTS", range(taken, taken + 50))
        with open_server(folder, None, Board("")) as second:
            assert second.server_port > taken
        monkeypatch.setattr("jianbao.serve.PORTS", range(taken, taken + 1))
        with pytest.raises(ConfigError, match="all taken"):
            open_server(folder, None, Board(""))


# --- pages that follow ---------------------------------------------------------------------------


def test_what_a_page_is_told() -> None:
    first, second = Notice("v1"), Notice("v2", styled_after="v1")
    broken = Notice("v2", errors=("error: <b>",), built=False)
    assert first.news("v1", None) == ""
    assert second.news("v1", first) == "event: css\ndata: v2\n\n"
    assert second.news("v0", None) == "event: reload\ndata: v2\n\n"  # it missed one in between
    assert broken.news("v2", broken) == ""
    event, data, *_ = broken.news("v2", second).split("\n")
    assert event == "event: errors"
    assert json.loads(data.removeprefix("data: "))["errors"] == ["error: <b>"]
    assert '"errors": []' in second.news("v2", broken)


@contextmanager
def following(client: Client, version: str = "v1") -> Iterator[Callable[[], str]]:
    """A page that follows; calling gives the next thing it is told."""
    with client.connect() as connection, connection.makefile("rb") as stream:
        head = f"GET /__reload?{version} HTTP/1.1\r\nHost: localhost:{client.port}\r\n\r\n"
        connection.sendall(head.encode())

        def next_block() -> str:
            return b"".join(iter(stream.readline, b"\n")).decode()

        def head_block() -> str:
            return b"".join(iter(stream.readline, b"\r\n")).decode()

        yield lambda: head_block() if not stream.peek(1).startswith(b"event") else next_block()


def test_pages_are_told_at_once(client: Client) -> None:
    board = client.server.board
    with following(client) as hear, following(client, "v0") as hear_late:
        assert "text/event-stream" in hear()
        hear_late()
        assert hear_late() == "event: reload\ndata: v1\n"
        board.pin(Notice("v2", styled_after="v1"))
        assert hear() == "event: css\ndata: v2\n"
        board.pin(Notice("v3"))
        assert hear() == "event: reload\ndata: v3\n"


def test_60_pages_at_once(client: Client) -> None:
    with ExitStack() as pages:
        hear = [pages.enter_context(following(client)) for _ in range(60)]
        heads = [one() for one in hear]
        assert sum(head.startswith("HTTP/1.0 200") for head in heads) == MAX_FOLLOWERS
        assert sum(head.startswith("HTTP/1.0 503") for head in heads) == 60 - MAX_FOLLOWERS
        assert client.ask("/").status == 200
    assert eventually(lambda: is_followed(client))


def is_followed(client: Client) -> bool:
    with following(client) as hear:
        return hear().startswith("HTTP/1.0 200")


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


# --- what has changed ----------------------------------------------------------------------------


@contextmanager
def changes(*watched: Path, patience: float = 1.5) -> Iterator[Callable[[], list[str]]]:
    """A watch at work; calling gives the names of what changed next, or nothing after a while."""
    found: Queue[tuple[Path, ...]] = Queue()
    watch = Watch(watched)

    def look() -> None:
        while True:
            found.put(watch.wait())

    threading.Thread(target=look, daemon=True).start()

    def next_change() -> list[str]:
        try:
            return [path.name for path in found.get(timeout=patience)]
        except Empty:
            return []

    try:
        yield next_change
    finally:
        watch.close()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Two articles of a source, and a configuration beside them."""
    (tmp_path / "content" / "a").mkdir(parents=True)
    for name in ("01.md", "02.md"):
        (tmp_path / "content" / "a" / name).write_text(name, encoding="utf-8")
    (tmp_path / "config.yaml").write_text("title: 剪报\n", encoding="utf-8")
    return tmp_path / "content"


def test_R10_reading_touching_and_saving_the_same_is_no_change(content: Path) -> None:
    with changes(content, content.parent / "config.yaml") as next_change:
        path = content / "a" / "01.md"
        path.read_bytes()
        path.touch()
        path.write_bytes(path.read_bytes())
        list(content.rglob("*"))
        (content / ".02.md.swp").write_bytes(b"vim")
        (content / "02.md~").write_bytes(b"backup")
        (content.parent / "elsewhere.md").write_bytes(b"not watched")
        assert next_change() == []


def save_in_place(path: Path) -> None:
    path.write_text("改", encoding="utf-8")


def save_by_rename(path: Path) -> None:
    path.with_name("new.tmp").write_text("改", encoding="utf-8")
    path.with_name("new.tmp").replace(path)


def save_as_vim_does(path: Path) -> None:
    path.with_name("4913").write_bytes(b"")
    path.with_name("4913").unlink()
    path.rename(path.with_name(path.name + "~"))
    path.write_text("改", encoding="utf-8")
    path.chmod(0o644)


def save_bit_by_bit(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for character in "改了又改":
            file.write(character)
            file.flush()
            time.sleep(0.02)


@pytest.mark.parametrize("save", [save_in_place, save_by_rename, save_as_vim_does, save_bit_by_bit])
def test_R10_a_save_is_one_change(content: Path, save: Callable[[Path], None]) -> None:
    with changes(content) as next_change:
        save(content / "a" / "01.md")
        assert next_change() == ["01.md"]
        assert next_change() == []


def test_a_watched_file_among_others(content: Path) -> None:
    with changes(content.parent / "config.yaml") as next_change:
        save_by_rename(content.parent / "config.yaml")
        assert next_change() == ["config.yaml"]
        (content.parent / "config.yaml").unlink()
        assert next_change() == ["config.yaml"]


def test_R10_an_archive_that_is_reached_by_a_link(content: Path, tmp_path: Path) -> None:
    """One look is enough: what events tell of is found where they tell it."""
    (tmp_path / "by").symlink_to(content.parent, target_is_directory=True)
    watch = Watch([tmp_path / "by" / "content"])
    try:
        (content / "a" / "01.md").write_text("改", encoding="utf-8")
        assert [path.name for path in watch.wait()] == ["01.md"]
        (content / "a" / "01.md").write_text("再改", encoding="utf-8")
        assert eventually(lambda: bool(watch.told))
        assert [path.name for path in watch.look()] == ["01.md"]
        assert tmp_path / "by" / "content" / "a" / "01.md" in watch.stock
    finally:
        watch.close()


def test_what_was_written_by_ourselves_is_no_change_unless_it_was_saved_over(content: Path) -> None:
    watch = Watch([content])
    try:
        paths = [content / "a" / name for name in ("01.md", "02.md", "03.md")]
        for path in paths[1:]:
            path.write_bytes(b"ours")
        paths[0].unlink()
        paths[2].write_bytes(b"theirs")
        watch.expect({paths[0]: None, paths[1]: b"ours", paths[2]: b"ours"})
        assert [path.name for path in watch.wait()] == ["03.md"]
    finally:
        watch.close()


def test_files_that_come_and_go(content: Path) -> None:
    with changes(content) as next_change:
        (content / "b" / "c").mkdir(parents=True)
        (content / "b" / "c" / "01.md").write_bytes(b"new")
        assert next_change() == ["01.md"]
        (content / "b" / "c" / "02.md").write_bytes(b"new")
        assert next_change() == ["02.md"]
        shutil.rmtree(content / "b")
        assert next_change() == ["01.md", "02.md"]


def test_R10_a_storm_is_one_change_or_two(content: Path) -> None:
    with changes(content, patience=20) as next_change:
        for number in range(2000):
            (content / f"{number}.md").write_bytes(b"x")
        found = next_change()
        if len(found) < 2000:
            found += next_change()
        assert len(found) == 2000


@pytest.mark.parametrize("with_a_pause", [False, True])
def test_R10_a_folder_that_goes_away_and_comes_back(content: Path, with_a_pause: bool) -> None:
    with changes(content) as next_change:
        shutil.rmtree(content)
        if with_a_pause:
            assert next_change() == ["01.md", "02.md"]
        content.mkdir()
        (content / "03.md").write_bytes(b"back")
        assert "03.md" in next_change()
        (content / "04.md").write_bytes(b"still watched")
        assert next_change() == ["04.md"]


def test_R10_a_folder_that_is_moved_and_one_that_takes_its_place(content: Path) -> None:
    with changes(content) as next_change:
        content.rename(content.with_name("old"))
        assert next_change() == ["01.md", "02.md"]
        shutil.copytree(content.with_name("old"), content)
        assert next_change() == ["01.md", "02.md"]
        save_in_place(content / "a" / "01.md")
        assert next_change() == ["01.md"]


@pytest.mark.parametrize("name", ["01.md", "_.yaml", "#1.txt", "a~b.txt"])
def test_what_is_not_by_the_way(name: str) -> None:
    assert not is_by_the_way(name)


def test_R10_a_pipe_among_the_watched_is_not_read(content: Path) -> None:
    os.mkfifo(content / "pipe.md")
    with changes(content) as next_change:
        save_in_place(content / "a" / "01.md")
        assert next_change() == ["01.md"]


# --- the whole -----------------------------------------------------------------------------------


@dataclass
class Preview:
    """A preview at work: one page made from one text, and what it said."""

    place: Path
    lines: list[str] = field(default_factory=list)
    builds: int = 0
    rests: int = 0
    own: dict[Path, bytes | None] = field(default_factory=dict)
    over: bool = False

    def rest(self) -> None:
        self.rests += 1

    def wrote(self) -> dict[Path, bytes | None]:
        return self.own

    def rebuild(self, changed: Sequence[Path]) -> Report:
        self.builds += 1
        if self.over:
            raise KeyboardInterrupt
        text = (self.place / "content" / "01.md").read_text(encoding="utf-8")
        style = (self.place / "content" / "style.css").read_bytes()
        if "坏" in text:
            raise JianbaoError("the date '坏' is no date", path="content/01.md", line=3)
        name = f"assets/{len(style)}/style.css"
        publish_folder(self.place / "site", [("index.html", make_page(text, name)), (name, style)])
        left_out = (JianbaoError("not text", path="sources/x.pdf"),) if "缺" in text else ()
        conflicts = ("content/01.md: title: kept as corrected",) if "争" in text else ()
        return Report(
            pages=1, written=1, errors=left_out, conflicts=len(conflicts), notes=conflicts
        )

    def open_desk(self) -> Callable[[str], bytes | None]:
        text = (self.place / "content" / "01.md").read_text(encoding="utf-8")
        return {"__review/index.html": make_page(f"待校：{text}")}.get

    def save(self, text: str, name: str = "01.md") -> None:
        (self.place / "content" / name).write_text(text, encoding="utf-8")

    def said(self, words: str) -> bool:
        return eventually(lambda: any(words in line for line in self.lines))

    @property
    def url(self) -> str:
        assert self.said("preview: http://127.0.0.1:")
        return self.lines[0].split()[1]


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    preview = Preview(tmp_path)
    (tmp_path / "content").mkdir()
    preview.save("早报")
    preview.save("h1 { color: rgb(1, 2, 3) }", "style.css")
    thread = threading.Thread(
        target=serve,
        args=(preview, tmp_path / "site", [tmp_path / "content"]),
        kwargs={
            "port": 0,
            "open_browser": False,
            "say": preview.lines.append,
            "open_desk": preview.open_desk,
        },
        daemon=True,
    )
    thread.start()
    assert preview.said("first build: 1 pages")
    yield preview
    preview.over = True  # as Ctrl-C
    preview.save("完")
    thread.join(10)
    assert not thread.is_alive()
    assert preview.lines[-1] == "preview ended"


def test_a_save_is_told_in_one_line(preview: Preview) -> None:
    preview.save("晚报")
    assert preview.said("01.md: 1 pages, 1 files differ, ")
    assert preview.builds == 2
    assert eventually(lambda: preview.rests > 0)


def test_R10_the_browser_follows(preview: Preview, page: Page) -> None:
    """One story in one page: a reload, an error, the last good site, its end; a style without reload."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(preview.url)
    heading, alert = page.locator("h1"), page.get_by_role("alert")
    expect(heading).to_have_text("早报")
    expect(alert).to_have_count(0)

    preview.save("晚报")
    expect(heading).to_have_text("晚报")

    preview.save("坏")
    expect(alert).to_contain_text("没有建成")
    expect(alert).to_contain_text("error: content/01.md:3: the date '坏' is no date")
    expect(alert).to_have_css("position", "fixed")
    expect(heading).to_have_text("晚报")
    page.reload()
    expect(alert).to_contain_text("没有建成")

    preview.save("缺一页")
    expect(heading).to_have_text("缺一页")
    expect(alert).to_contain_text("error: sources/x.pdf: not text")
    preview.save("有争议")
    expect(heading).to_have_text("有争议")
    expect(alert).to_contain_text("content/01.md: title: kept as corrected")
    expect(alert.get_by_role("link")).to_have_attribute("href", "/__review/")
    preview.save("号外")
    expect(heading).to_have_text("号外")
    expect(alert).to_have_count(0)

    page.evaluate("window.sameAsBefore = true")
    preview.save("h1 { color: rgb(100, 0, 0); margin: 0 }", "style.css")
    expect(heading).to_have_css("color", "rgb(100, 0, 0)")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    assert page.evaluate("window.sameAsBefore") is True
    preview.save("再来一期")
    expect(heading).to_have_text("再来一期")
    assert complaints == []


def test_the_browser_is_opened_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def end(address: str) -> None:
        opened.append(address)
        raise KeyboardInterrupt

    monkeypatch.setattr("jianbao.serve.webbrowser.open", end)
    said: list[str] = []
    (tmp_path / "content").mkdir()
    preview = Preview(tmp_path)
    preview.save("早报")
    preview.save("", "style.css")
    serve(preview, tmp_path / "site", [tmp_path], port=0, open_browser=True, say=said.append)
    assert [f"preview: {opened[0]} (Ctrl-C ends it)", "preview ended"] == [said[0], said[-1]]


def test_the_desk_follows_too_and_is_no_part_of_the_site(preview: Preview, page: Page) -> None:
    assert preview.said(f"review: {preview.url}__review/")
    page.goto(f"{preview.url}__review/")
    heading = page.locator("h1")
    expect(heading).to_have_text("待校：早报")
    preview.save("晚报")
    expect(heading).to_have_text("待校：晚报")
    assert not (preview.place / "site" / "__review").exists()


PROGRAM = """
import signal
import sys
from pathlib import Path
from jianbao.report import Report
from jianbao.serve import serve
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from jianbao.report import Report
from jianbao.swap import publish_folder
place = Path(sys.argv[1])
class Builder:
    def rebuild(self, changed):
        publish_folder(place / "site", [])
        return Report()
    def rest(self):
        pass
    def wrote(self):
        return {}
serve(
    Builder(),
    place / "site", [place / "content"], port=0, open_browser=False,
    say=lambda line: print(line, flush=True),
)
"""


def test_ctrl_c_ends_it_without_a_trace(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("preview: http://127.0.0.1:")
            assert process.stdout.readline().startswith("first build: 0 pages")
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            told, complaints = process.communicate(timeout=20)
        finally:
            process.kill()
    assert (process.returncode, told, complaints) == (0, "preview ended\n", "")
