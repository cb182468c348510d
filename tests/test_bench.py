"""The measurements measure: whole families of processes, files that were written, stages within stages, equal sites."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from tests.bench import COLD, STEPS, growth, make_cold, ratios_table
from tests.bench_profile import STAGES, Clock, wrap
from tests.cost import PROC, Cost, median_of, run
from tests.invented_archive import invented_article, invented_articles, path_in, write_archive
from tests.peers import ALL, HUGO, MKDOCS, PELICAN, Peer, in_lists, write_site

# A process that holds 60 MB and waits for a child that does the same.
FAMILY = """
import subprocess, sys, time
held = b"x" * 60_000_000
if sys.argv[1:]:
    subprocess.run([sys.executable, "-c", *sys.argv[1:]], check=True)
else:
    time.sleep(1)
"""
ARTICLES = tuple(invented_articles(60))


# --- what a command costs ------------------------------------------------------------------------


def test_memory_is_that_of_all_processes_at_one_time() -> None:
    code, cost = run([sys.executable, "-c", FAMILY, FAMILY])
    assert code == 0
    assert cost.peak > (120 if PROC.is_dir() else 60)
    assert cost.peak < 300


def test_the_cpu_of_children_counts() -> None:
    """A command's own seconds come from the system; here the work is all a child's."""
    work = "import time\nwhile time.process_time() < 0.5: pass"
    call = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    _, cost = run([sys.executable, "-c", call])
    assert cost.cpu >= 0.5


def test_files_are_those_written_and_a_failure_is_told(tmp_path: Path) -> None:
    (tmp_path / "left").write_text("as it is")
    (tmp_path / "changed").write_text("before")
    program = (
        "open('changed', 'w').write('after it'); open('new', 'w').write('new'); raise SystemExit(3)"
    )
    code, cost = run([sys.executable, "-c", program], folder=tmp_path, into=tmp_path)
    assert (code, cost.files, cost.size) == (3, 2, len("after it") + len("new"))
    assert run([sys.executable, "-c", ""], into=tmp_path)[1].files == 0


def test_a_median_of_costs_is_of_each_figure() -> None:
    costs = [Cost(3, 1, 5), Cost(1, 2, 4), Cost(2, 9, 9)]
    assert median_of(costs) == Cost(2, 2, 5)
    assert median_of(costs[:1]) == costs[0]


# --- rounds --------------------------------------------------------------------------------------


def test_a_cold_build_finds_nothing_that_was_made(tmp_path: Path) -> None:
    write_archive(tmp_path, ARTICLES[:12])
    before = set(tmp_path.rglob("*"))
    for name in ("site/a/index.html", ".cache/b", ".jianbao-cache/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    make_cold(tmp_path)
    assert set(tmp_path.rglob("*")) == before


def test_each_round_edits_one_article_in_a_way_of_its_own(tmp_path: Path) -> None:
    article = invented_article(7)
    edits = [edit for _, _, edit in STEPS if edit]
    assert len(edits) == 2
    for edit in edits:
        assert article not in (edit(article, 1), edit(article, 2))
        assert edit(article, 1) != edit(article, 2)
        assert edit(article, 1).id == article.id
    write_archive(tmp_path, ARTICLES)
    assert f"id: {article.id}\n" in path_in(tmp_path, 7).read_text(encoding="utf-8")


def test_ratios_tell_only_what_was_measured_on_both_sides() -> None:
    ours = {COLD: Cost(1, 2, 50)}
    assert ratios_table(ours) == ""
    assert "/ Hugo alone" in (table := ratios_table(ours | {f"{HUGO.name}: {COLD}": Cost(1, 1, 1)}))
    assert "Pagefind" not in table
    assert growth(ours, ours) == []


# --- stages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for names in STAGES.values() for name in names])
def test_the_functions_of_a_stage_are_there(name: str) -> None:
    module, _, function = name.partition(":")
    assert callable(getattr(import_module(module), function))


def test_what_is_not_there_is_told() -> None:
    assert not wrap(Clock("start"), "load", "jianbao.pipeline:no_such_function")
    assert not wrap(Clock("start"), "load", "jianbao.no_such_module:main")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def work(self, seconds: float) -> None:
        self.time += seconds


def test_a_stage_has_what_no_stage_within_it_takes() -> None:
    hand = Hand()
    clock = Clock("start", lambda: hand.time)
    inner = clock.timed("inner", lambda: hand.work(5))

    def outer() -> None:
        hand.work(1)
        inner()
        hand.work(2)

    hand.work(7)
    clock.begin("rest")
    clock.timed("outer", outer)()
    clock.end()
    assert clock.seconds == {"start": 7, "rest": 0, "outer": 3, "inner": 5}


def test_generators_and_functions_that_a_stage_gives_are_of_that_stage() -> None:
    hand = Hand()
    clock = Clock("start", lambda: hand.time)

    def numbers() -> Iterator[int]:
        for number in range(3):
            hand.work(1)
            yield number

    given = clock.timed("generator", numbers)()
    made = clock.timed("maker", lambda: lambda: hand.work(10))()
    clock.begin("rest")
    for _ in given:
        made()
    clock.end()
    assert clock.seconds == {"start": 0, "generator": 3, "maker": 30, "rest": 0}


def test_a_stage_that_fails_is_left() -> None:
    clock = Clock("start", lambda: 0.0)
    with pytest.raises(ZeroDivisionError):
        clock.timed("load", lambda: 1 / 0)()
    assert clock.stages == ["start"]


# --- the peers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("peer", ALL, ids=lambda peer: peer.name)
def test_a_peer_gets_every_article_and_a_pinned_version(peer: Peer, tmp_path: Path) -> None:
    write_site(peer, tmp_path, ARTICLES)
    for article in ARTICLES:
        text = (tmp_path / peer.path_of(article)).read_text(encoding="utf-8")
        assert article.body in text
        assert (article.title or "") in text
        assert all(topic in text for topic in article.topics)
    assert all(re.fullmatch(r"[\w-]+(\[\w+\])?==[\d.]+", one) for one in peer.packages)
    assert all(one.partition("==")[2] in peer.name for one in peer.packages)


def test_front_matter_is_what_the_peers_read() -> None:
    article = ARTICLES[0]
    for peer in (HUGO, MKDOCS):
        head = yaml.safe_load(peer.text_of(article).split("---\n")[1])
        assert head["title"] == article.title
    assert peer_head(PELICAN.text_of(article))["Slug"] == article.id


def peer_head(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.partition("\n\n")[0].splitlines())


def test_every_link_of_a_written_list_leads_to_a_file(tmp_path: Path) -> None:
    """Of MkDocs, whose lists are ours."""
    write_site(MKDOCS, tmp_path, ARTICLES)
    for page in (tmp_path / "docs").rglob("*.md"):
        for link in re.findall(r"\]\(([^)]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).resolve().is_file(), f"{page}: {link}"
    lists = (tmp_path / "docs" / "lists").glob("*.md")
    listed = "".join(path.read_text(encoding="utf-8") for path in lists)
    assert all(f"/{article.id}.md" in listed for article in ARTICLES)
    assert [article for some in in_lists(ARTICLES) for article in some] == list(ARTICLES)
