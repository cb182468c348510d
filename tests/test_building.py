"""A site is the same whoever makes it: one process, several, workers elsewhere, and some of them may die."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from jianbao import building, publish
from jianbao.crew import Crew
from jianbao.errors import JianbaoError
from jianbao.pipeline import HERE, Folders, build_site, read_config
from jianbao.progress import SILENT, Progress, Step
from tests.conftest import lend_readings
from tests.test_cluster import Dask
from tests.test_converting import kill_a_worker, tree

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the demo is enough for a crew."""
    monkeypatch.setattr(publish, "PART", 5)


def archive_in(folder: Path) -> Folders:
    folder.mkdir()
    for name in ("content", "sources"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "config.yaml", folder)
    lend_readings(folder)
    return Folders(*(folder / name for name in ("config.yaml", "sources", "content", "site")))


def build(folder: Path, crew: Crew = HERE, progress: Progress = SILENT) -> dict[str, bytes]:
    folders = archive_in(folder)
    assert build_site(read_config(folders.config), folders, crew, progress).errors == ()
    return tree(folders.site)


@dataclass(frozen=True, slots=True)
class During(Progress):
    """Something that happens at the first step of a stage."""

    what: str = ""
    event: Callable[[], None] = lambda: None

    @contextmanager
    def stage(self, what: str, total: int) -> Iterator[Step]:
        events = iter([self.event] if what == self.what else [])
        yield lambda done=1: next(events, lambda: None)()


@pytest.fixture(scope="module")
def by_one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(tmp_path_factory.mktemp("one") / "archive")


@pytest.mark.parametrize("workers", [2, 8])
def test_any_number_of_workers(workers: int, by_one: dict[str, bytes], tmp_path: Path) -> None:
    assert build(tmp_path / "archive", Crew(workers)) == by_one


@pytest.mark.parametrize("stage", ["articles", "pages"])
def test_a_worker_that_is_killed(stage: str, by_one: dict[str, bytes], tmp_path: Path) -> None:
    progress = During(what=stage, event=kill_a_worker)
    assert build(tmp_path / "archive", Crew(2), progress) == by_one


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    made = Dask(tmp_path)
    try:
        made.start(2)
        yield made
    finally:
        made.end()


def test_a_cluster_that_loses_a_worker(
    dask: Dask, by_one: dict[str, bytes], tmp_path: Path
) -> None:
    progress = During(what="pages", event=dask.workers[0].kill)
    assert build(tmp_path / "archive", dask.crew, progress) == by_one
    assert dask.workers[0].wait() < 0


def test_a_site_that_nears_its_limit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = archive_in(tmp_path / "archive")
    config = read_config(folders.config)
    assert build_site(config, folders).notes == ()
    monkeypatch.setattr(building, "MANY_BYTES", 3_000_000)
    shutil.rmtree(folders.site)
    (note,) = build_site(config, folders).notes
    size = round(sum(map(len, tree(folders.site).values())) / 1e6)
    assert f"the site has {size} MB; GitHub Pages publishes up to 1 GB" in note


@pytest.mark.parametrize("crew", [HERE, Crew(2)])
def test_a_template_that_is_wrong_is_told(crew: Crew, tmp_path: Path) -> None:
    folders = archive_in(tmp_path / "archive")
    theme = tmp_path / "archive" / "theme" / "templates"
    theme.mkdir(parents=True)
    (theme / "article.html").write_text("{{ nonsense }}", "utf-8")
    with pytest.raises(JianbaoError, match="'nonsense' is undefined") as error:
        build_site(read_config(folders.config), folders, crew)
    assert (error.value.path, error.value.line) == (str(theme / "article.html"), 1)
    assert not folders.site.exists()
