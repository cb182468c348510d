"""How soon a save is seen in an open page: our preview, and Hugo's server, on the same articles. A part of `make bench`.

A page of Chromium stands open at an article; the article's file is saved, and the page itself notes when it shows what was
saved. Rounds of both take turns, so that they meet the same load.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from jianbao import content
from jianbao.crew import Crew
from jianbao.models import Article
from jianbao.pipeline import Folders, read_config
from jianbao.progress import SILENT
from jianbao.rebuilding import Rebuilder
from tests.cost import ROOT, bytes_in, tell
from tests.invented_archive import invented_article, path_in
from tests.peers import HUGO, install, write
from tests.provide_browser import find_chromium

PORT = 8730  # and the next
PATIENCE = 900  # seconds for the first build, and 60 for an edit
WARM = 3  # saves of which nothing is noted
# In the page: the last mark that it shows, and when.
NOTE = r"""addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => {
  const marks = document.body.textContent.match(/【\d+】/g) ?? [];
  seen([...marks], Date.now());
}))"""

Edit = Callable[[Article, str], Article]


def body_with(article: Article, mark: str) -> Article:
    return replace(article, body=f"{article.body}\n\n又记：此文增补{mark}。")


def title_with(article: Article, mark: str) -> Article:
    return replace(article, title=f"{article.title}{mark}")


EDITS: dict[str, Edit] = {"one body": body_with, "one title": title_with}


@dataclass(frozen=True, slots=True)
class Server:
    """A preview at work: where its pages are, and how an article is saved."""

    name: str
    pid: int
    address: str
    save: Callable[[Article], None]


def measure_preview(ours: Path, hugo: Path | None, count: int, saves: int) -> str:
    """A table: milliseconds from a save until it is seen, of body and title; `hugo` is the same archive in Hugo's shape."""
    if saves == 0:
        return ""
    tell(f"{count:,} articles: preview")
    article = invented_article(count // 2)
    (ours / "sources").mkdir(exist_ok=True)
    noted: dict[tuple[str, str], list[float]] = {}
    with our_server(ours, count // 2) as first, hugo_server(hugo) as second:
        servers = [first, *([second] if second else [])]
        for server in servers:
            await_page(server, article)
        with browser_pages(servers, article) as pages:
            number = 0
            for name, edit in EDITS.items():
                for turn in range(WARM + saves):
                    for server, look in zip(servers, pages, strict=True):
                        number += 1
                        took = look(edit, number)
                        if turn >= WARM:
                            noted.setdefault((name, server.name), []).append(took)
        memory = {
            server.name: bytes_in(Path(f"/proc/{server.pid}/status"), "VmRSS") for server in servers
        }
    return as_table(noted, memory, saves)


def as_table(noted: dict[tuple[str, str], list[float]], memory: dict[str, int], saves: int) -> str:
    rows = [
        f"| from a save to what is seen, ms ({saves} saves) | median | p95 | MB resident at the end |",
        "|---|---|---|---|",
    ]
    for (what, name), several in noted.items():
        worst = quantiles(several, n=20)[-1] if len(several) > 1 else several[0]
        rows.append(
            f"| {what}, {name} | {median(several):.0f} | {worst:.0f} | {memory[name] / 1e6:.0f} |"
        )
    return "\n".join(rows)


@contextmanager
def our_server(home: Path, number: int) -> Iterator[Server]:
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--port", str(PORT)]
    path = path_in(home, number)
    with running([*command, "--config", str(home / "config.yaml")], home) as process:
        assert process.stderr is not None
        for line in process.stderr:  # until then the site of before is shown
            if line.startswith(b"first build:"):
                break
        yield Server(
            "Jianbao",
            process.pid,
            f"http://127.0.0.1:{PORT}",
            lambda article: replace_file(path, content.dump(article)),
        )


@contextmanager
def hugo_server(home: Path | None) -> Iterator[Server | None]:
    program = install(HUGO) if home else None
    if home is None or program is None:
        yield None
        return
    words = ["server", "--bind", "127.0.0.1", "--port", str(PORT + 1), "--buildFuture"]
    with running([program, *words], home) as process:
        yield Server(
            HUGO.name,
            process.pid,
            f"http://127.0.0.1:{PORT + 1}",
            lambda article: write(home, HUGO.path_of(article), HUGO.text_of(article)),
        )


def replace_file(path: Path, text: str) -> None:
    """Save as most editors do."""
    path.with_name(f".{path.name}.new").write_text(text, "utf-8")
    path.with_name(f".{path.name}.new").replace(path)


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # even from a background job
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def await_page(server: Server, article: Article) -> None:
    """Wait until the first build is done.

    Raises:
        RuntimeError: it took too long.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with (
            suppress(URLError, ConnectionError, TimeoutError),
            urlopen(f"{server.address}/articles/{article.id}/", timeout=60) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"{server.name} shows no page after {PATIENCE} s")


@contextmanager
def browser_pages(
    servers: Sequence[Server], article: Article
) -> Iterator[list[Callable[[Edit, int], float]]]:
    """For each server a function: save an edit with a number, and tell after how many milliseconds its open page shows it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield [looker(browser.new_page(), server, article) for server in servers]
        browser.close()


def looker(page: Page, server: Server, article: Article) -> Callable[[Edit, int], float]:
    seen: dict[str, float] = {}

    def note(marks: list[str], at: float) -> None:
        for mark in marks:
            seen.setdefault(mark, at)

    page.expose_function("seen", note)
    page.add_init_script(NOTE)
    page.goto(f"{server.address}/articles/{article.id}/")

    def look(edit: Edit, number: int) -> float:
        mark = f"【{number}】"
        page.wait_for_timeout(600)  # a person does not save while the page still loads
        saved = 1000 * time.time()
        server.save(edit(article, mark))
        end = time.monotonic() + 60
        while mark not in seen:
            page.wait_for_timeout(10)
            if time.monotonic() > end:
                raise RuntimeError(f"{server.name} does not show {mark}")
        return seen[mark] - saved

    return look


# --- memory ---------------------------------------------------------------------------------------


def measure_memory(home: Path, edits: int) -> str:
    """A table: what the process of a preview holds after so many edits of an archive, one in five of them of a headline."""
    names = ("config.yaml", "sources", "content", "site")
    folders = Folders(*(home / name for name in names))
    folders.sources.mkdir(exist_ok=True)
    paths = sorted(folders.content.absolute().glob("*/*.md"))
    rebuilder = Rebuilder(lambda: read_config(folders.config), folders, Crew(), SILENT)
    rebuilder.rebuild(())
    rows = ["| after so many edits | MB resident |", "|---|---|"]
    for number in range(edits + 1):
        path = paths[number * 37 % len(paths)]
        edit = EDITS["one title" if number % 5 == 0 else "one body"]
        article = content.load(path.read_text("utf-8"), path=str(path))
        replace_file(path, content.dump(edit(article, f"【{number}】")))
        rebuilder.rebuild([path])
        if number % 10 == 0:
            rebuilder.rest()
        if number % max(1, edits // 10) == 0:
            rows.append(
                f"| {number:,} | {bytes_in(Path('/proc/self/status'), 'VmRSS') / 1e6:.0f} |"
            )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_serve", description=__doc__)
    parser.add_argument("home", type=Path, help="an archive, which is edited")
    parser.add_argument("--hugo", type=Path, help="the same archive in Hugo's shape")
    parser.add_argument("--edits", type=int, help="measure memory over so many instead")
    options = parser.parse_args()
    total = sum(1 for _ in options.home.glob("content/*/*.md"))
    if options.edits:
        print(measure_memory(options.home, options.edits))
    else:
        print(measure_preview(options.home, options.hugo, total, 9))


if __name__ == "__main__":
    main()
