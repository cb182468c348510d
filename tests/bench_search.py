"""What the search costs and what it finds, beside Pagefind on the same articles: `make bench-search`.

    python -m tests.bench_search [--articles 1000 [10000 …]] [--queries 200] [--seconds 20] [--no-pagefind]

An invented archive is built, served on this machine and searched in Chromium, as a first visitor and as one
who asks on. What should be found is counted from the articles themselves. Nothing is asserted; the table is
printed and kept in test-results/search.md.

Exit codes: 0 measured, 1 the archive could not be built or searched, 2 there is nothing to measure with.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Error, sync_playwright

from jianbao.models import Article
from tests.built_search import build_search
from tests.cost import ROOT, Cost, as_table, commit, measure, run, tell
from tests.invented_archive import invented_articles, write_archive
from tests.peers import PAGEFIND, install_pagefind
from tests.provide_browser import find_chromium
from tests.search_truth import Truth, substrings, visitors_queries, word_queries
from tests.search_visit import (
    COMPRESSED,
    LOOKED_AT,
    Visit,
    cold_visits,
    hosted,
    open_browser,
    warm_page,
    warm_visits,
)

RESULTS = ROOT / "test-results" / "search.md"
# For a series of queries, the first visits twice; with those that fit into it the table is made. So the whole ends
# within four minutes at 1,000 articles, Pagefind included.
SECONDS = 20
CHECKED = (500, 200)  # substrings and words whose results are held against the truth

Column = dict[str, str]  # a row's name → its figure


def main() -> int:
    options = parse_arguments()
    if options.measure_index is not None:
        print(json.dumps(index_cost(options.measure_index)))
        return 0
    if missing := what_is_missing():
        print(f"error: {missing}", file=sys.stderr)
        return 2
    columns: dict[str, Column] = {}
    for count in options.articles:
        with tempfile.TemporaryDirectory() as folder:
            try:
                measure_archive(Path(folder), count, options, columns)
            except (Error, RuntimeError) as error:
                print(f"error: {error}", file=sys.stderr)
                return 1
    table = told_all(columns)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(table, encoding="utf-8")
    print(table)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the search, beside Pagefind.")
    add = parser.add_argument
    add("--articles", type=int, nargs="+", default=[1000], metavar="N", help="sizes of the archive")
    add("--queries", type=int, default=200, metavar="N", help="asked for bytes and milliseconds")
    add("--seconds", type=int, default=SECONDS, metavar="N", help="given to a series of queries")
    add("--no-pagefind", action="store_true", help="measure ours alone")
    add("--measure-index", type=int, metavar="N", help=argparse.SUPPRESS)  # in a process of its own
    return parser.parse_args()


def what_is_missing() -> str:
    """A sentence about what there is no measuring without; empty when all is there."""
    if not (ROOT / "node_modules" / "lunr").is_dir():
        return "lunr.js is not installed\n  Run `make setup`."
    if not find_chromium():
        return "there is no Chromium on the PATH\n  Install one, or name it: CHROMIUM=/path/to/chromium make bench-search"
    return ""


def measure_archive(
    folder: Path, count: int, options: argparse.Namespace, columns: dict[str, Column]
) -> None:
    """Add the columns of one archive.

    Raises:
        RuntimeError: it could not be built.
        Error: the browser gave no answer.
    """
    articles = list(invented_articles(count))
    truth = Truth(articles)
    tell(f"{count:,} articles: building")
    ours = build_ours(folder, articles)
    theirs = None if options.no_pagefind else build_pagefind(folder / "pagefind", articles)
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        searched = Searched(articles, truth, options.queries, options.seconds)
        tell(f"{count:,} articles: searching")
        columns[f"Jianbao, {count:,}"] = ours | searched.by(browser, folder / "site", "/search/")
        if theirs is not None:
            tell(f"{count:,} articles: searching with Pagefind")
            found = searched.by(browser, folder / "pagefind", "/") if len(theirs) > 1 else {}
            columns[f"Pagefind, {count:,}"] = theirs | found
        browser.close()


# --- ours ----------------------------------------------------------------------------------------


def build_ours(folder: Path, articles: Sequence[Article]) -> Column:
    """Build and check the archive; what that took."""
    write_archive(folder, articles)
    index = measured_index(len(articles))
    costs: dict[str, Cost] = {}
    for verb in ("build", "check"):
        code, costs[verb] = measure(folder, verb)
        if code and verb == "build":  # a check may find the site too large for its host
            raise RuntimeError(f"`build.py {verb}` ended with {code}")
    files = [path for path in (folder / "site" / "search").rglob("*") if path.suffix != ".html"]
    return {
        "**Building**": "",
        "index, CPU ms an article": f"{1000 * index['cpu'] / len(articles):.2f}",
        "index, peak MB (of them articles and modules)": f"{index['peak']:.0f} ({index['before']:.0f})",
        "whole site, CPU s (peak MB)": told(costs["build"]),
        "`build.py check`, CPU s (peak MB)": told(costs["check"]),
        **sizes([path for path in files if path.is_file()]),
    }


def measured_index(count: int) -> dict[str, float]:
    """`index_cost` in a process of its own, so that its memory is nobody else's."""
    command = [sys.executable, "-m", "tests.bench_search", "--measure-index", str(count)]
    said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    cost: dict[str, float] = json.loads(said)
    return cost


def index_cost(count: int) -> dict[str, float]:
    """CPU seconds of `build_search`, and the peak of memory before it and after it."""
    articles = list(invented_articles(count))
    before, begun = peak(), time.process_time()
    build_search(articles)
    return {"cpu": time.process_time() - begun, "peak": peak(), "before": before}


def peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def sizes(files: Sequence[Path]) -> Column:
    """Files and bytes as they are sent; texts are what is shown of an article."""
    index = [path for path in files if "texts" not in path.parts and path.name != "documents.json"]
    sent = {path: sent_bytes(path) for path in files}
    return {
        "index, MB as sent": f"{sum(sent[path] for path in index) / 1e6:.2f}",
        "index with texts, MB as sent": f"{sum(sent.values()) / 1e6:.2f}",
        "index with texts, MB on disk": f"{sum(path.stat().st_size for path in files) / 1e6:.2f}",
        "files (of them texts)": f"{len(files):,} ({len(files) - len(index):,})",
    }


def sent_bytes(path: Path) -> int:
    data = path.read_bytes()
    return len(gzip.compress(data, 6)) if path.suffix in COMPRESSED else len(data)


def told(cost: Cost) -> str:
    return f"{cost.cpu:.1f} ({cost.peak:.0f})"


# --- Pagefind ------------------------------------------------------------------------------------

PAGEFIND_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>Pagefind</title>
<form><input name="q"></form><p data-result-count></p><main></main>
<button data-more hidden>…</button>
<script type="module">
  import { init, search } from "./pagefind/pagefind.js";
  await init();
  const [form, count, list, more] = ["form", "[data-result-count]", "main", "[data-more]"].map((one) => document.querySelector(one));
  let results = [];
  let taken = 0;
  const show = async () => {
    const some = results.slice(taken, taken + 10);
    taken += some.length;
    for (const { url, excerpt } of await Promise.all(some.map((one) => one.data()))) {
      const item = document.createElement("p");
      item.dataset.articleId = url.split("/").filter(Boolean).at(-1);
      item.innerHTML = excerpt;
      list.append(item);
    }
    more.hidden = taken >= results.length;
  };
  const ask = async (query) => {
    list.replaceChildren();
    ({ results } = await search(query));
    taken = 0;
    count.textContent = results.length;
    await show();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(form.q.value); });
  more.addEventListener("click", show);
  const query = new URLSearchParams(location.search).get("q");
  if (query) ask(query);
</script>
</html>
"""


def build_pagefind(folder: Path, articles: Sequence[Article]) -> Column:
    """Index plain pages of the same articles; what that took, or one row that says why it was not done."""
    program = install_pagefind()
    if program is None:
        tell(f"pagefind {PAGEFIND} could not be installed with npm: measuring ours alone")
        return {"**Building**": "could not be installed with npm"}
    for article in articles:
        page = folder / "articles" / article.id / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(plain_page(article), encoding="utf-8")
    code, cost = run([program, "--site", str(folder), "--silent"])
    if code:
        return {"**Building**": f"pagefind ended with {code}"}
    (folder / "index.html").write_text(PAGEFIND_PAGE, encoding="utf-8")
    made = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
    fragments = [path for path in made if path.suffix == ".pf_fragment"]
    index = [path for path in made if path.suffix in {".pf_index", ".pf_meta"}]
    every = [*fragments, *index]
    return {
        "**Building**": "",
        "index, CPU ms an article": f"{1000 * cost.cpu / len(articles):.2f}",
        "index, peak MB (of them articles and modules)": f"{cost.peak:.0f}",
        "index, MB as sent": f"{sum(map(sent_bytes, index)) / 1e6:.2f}",
        "index with texts, MB as sent": f"{sum(map(sent_bytes, every)) / 1e6:.2f}",
        "index with texts, MB on disk": f"{sum(path.stat().st_size for path in every) / 1e6:.2f}",
        "files (of them texts)": f"{len(every):,} ({len(fragments):,})",
    }


def plain_page(article: Article) -> str:
    paragraphs = [article.kicker, article.subtitle, *article.body.split("\n\n")]
    body = "\n".join(f"<p>{html.escape(one)}</p>" for one in paragraphs if one)
    title = html.escape(article.title or "")
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
        f"<main data-pagefind-body><h1>{title}</h1>\n{body}</main></html>\n"
    )


# --- searching -----------------------------------------------------------------------------------


class Searched:
    """The queries of an archive and their truth; any search of it is asked the same."""

    def __init__(self, articles: Sequence[Article], truth: Truth, count: int, seconds: int) -> None:
        self.truth, self.seconds = truth, seconds
        self.visitors = visitors_queries(articles, truth, count)
        self.cut = substrings(articles, truth, CHECKED[0])
        self.words = word_queries(articles, truth, CHECKED[1])

    def by(self, browser: Browser, site: Path, path: str) -> Column:
        """Ask for bytes and time as a first visitor, for time as one who asks on, then for what is found."""
        with hosted(site) as host:
            cold = cold_visits(browser, host, path, self.visitors, 2 * self.seconds)
            page = warm_page(browser, host, path, self.visitors[0])
            warm = warm_visits(page, host, self.visitors[1:], self.seconds)
            again = warm_visits(page, host, [one.query for one in warm], self.seconds)
            cut = warm_visits(page, host, self.cut, self.seconds, look=True)
            words = warm_visits(page, host, self.words, self.seconds, look=True)
            page.context.close()
        return {
            "**First visit: median / p90 / p95 / max**": f"{len(cold)} queries",
            "KB of the search to ten results": spread(cold, lambda one: one.bytes_to_ten / 1000),
            "KB of the search to the count": spread(cold, lambda one: one.bytes_to_count / 1000),
            "KB of page, style and icon": spread(cold, lambda one: one.page_bytes / 1000),
            "requests to ten results": spread(cold, lambda one: one.requests_to_ten),
            "ms to ten results": spread(cold, lambda one: one.ten),
            "ms to the count": spread(cold, lambda one: one.count),
            "longest task, ms (0: under 50)": spread(cold, lambda one: one.longest_task),
            "**Asking on: median / p90 / p95 / max**": f"{len(warm)} queries",
            "KB more to ten results": spread(warm, lambda one: one.bytes_to_ten / 1000),
            "ms from Enter to ten results": spread(warm, lambda one: one.ten),
            "ms from Enter to the count": spread(warm, lambda one: one.count),
            "longest task, ms, asking on": spread(warm, lambda one: one.longest_task),
            "**Asking again what was asked**": f"{len(again)} queries",
            "ms from Enter to ten results, again": spread(again, lambda one: one.ten),
            "ms from Enter to the count, again": spread(again, lambda one: one.count),
            **scores("substrings", cut, self.truth),
            **scores("words", words, self.truth),
        }


def spread(visits: Sequence[Visit], figure: Callable[[Visit], float]) -> str:
    """Median, 90th and 95th percentile and maximum of a figure.

    >>> spread([Visit("a", 1, ten, 0, 0) for ten in (1, 2, 30)], lambda one: one.ten)
    '2.0 / 24 / 27 / 30'
    """
    values = [figure(one) for one in visits]
    twentieths = quantiles(values, n=20, method="inclusive") if len(values) > 1 else values * 19
    shown = (median(values), twentieths[17], twentieths[18], max(values))
    return " / ".join(map(short, shown))


def short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == 0 else f"{value:.1f}"


def scores(kind: str, visits: Sequence[Visit], truth: Truth) -> Column:
    """Recall and precision of what is shown, averages over queries; and queries that were not answered exactly."""
    pairs = [recall_and_precision(one, truth.ids(one.query)) for one in visits]
    recall, precision = (sum(each) / len(pairs) for each in zip(*pairs, strict=True))
    wrong = [one.query for one, pair in zip(visits, pairs, strict=True) if pair != (1, 1)]
    miscounted = [one.query for one in visits if one.found != len(truth.ids(one.query))]
    return {
        f"**{kind.capitalize()}**": f"{len(visits)} queries",
        f"recall, {kind}": f"{recall:.3f}",
        f"precision, {kind}": f"{precision:.3f}",
        f"not answered exactly, {kind}": with_examples(wrong),
        f"number not exact, {kind}": with_examples(miscounted),
        f"ms from Enter to the count, {kind}": spread(visits, lambda one: one.count),
    }


def with_examples(queries: Sequence[str]) -> str:
    """How many, and the first of them.

    >>> with_examples([]), with_examples(["5G", "读书"])
    ('0', '2: `5G` `读书`')
    """
    return f"{len(queries)}: {' '.join(f'`{one}`' for one in queries[:6])}" if queries else "0"


def recall_and_precision(visit: Visit, wanted: set[str]) -> tuple[float, float]:
    """Of the results looked at: of a longer list the first LOOKED_AT; its number is a row of its own.

    >>> recall_and_precision(Visit("a", 2, 0, 0, 0, ids=("x", "y")), {"x", "z"})
    (0.5, 0.5)
    """
    right = len(wanted.intersection(visit.ids))
    precision = right / len(visit.ids) if visit.ids else float(not wanted)
    recall = min(1.0, right / min(len(wanted), LOOKED_AT)) if wanted else 1.0
    return recall, precision


# --- the table -----------------------------------------------------------------------------------


def told_all(columns: dict[str, Column]) -> str:
    """Markdown: a column for each search and size, a row for each figure."""
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    rows = [[name, *(column.get(name, "–") for column in columns.values())] for name in names]
    about = f"Commit {commit()}, Python {platform.python_version()}, bytes gzipped at level 6, served on this machine."
    return f"{as_table(['', *columns], rows)}\n\n{about}\n"


if __name__ == "__main__":
    sys.exit(main())
