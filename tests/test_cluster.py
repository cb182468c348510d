"""A Dask cluster of real processes on this machine: the same bytes come back, whoever dies; and what is wrong is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jianbao import cluster, pipeline
from jianbao.crew import Crew, open_crew
from jianbao.errors import ConfigError, JianbaoError
from jianbao.job import Job
from tests import labour
from tests.test_converting import Meanwhile, convert, demo_in, told, tree
from tests.test_crew import wait_until

ROOT = Path(__file__).parent.parent
# Whoever wants something of a worker that has just died gives up after half a minute, if nobody says otherwise.
PATIENCE = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}


@dataclass(slots=True)
class Dask:
    """A scheduler and its workers, each a process of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def crew(self) -> Crew:
        return Crew(cluster=self.address)

    @property
    def workers(self) -> list[subprocess.Popen[bytes]]:
        return self.processes[1:]

    def start(self, workers: int) -> None:
        note = self.folder / "scheduler.json"
        self._run("scheduler", "--port", "0", "--scheduler-file", str(note))
        wait_until(lambda: note.exists() and bool(note.read_text()))
        self.address = json.loads(note.read_text())["address"]
        for _ in range(workers):
            words = ("--nthreads", "1", "--local-directory", str(self.folder))
            self._run("worker", self.address, "--no-nanny", *words)

    def _run(self, *words: str) -> None:
        """As docs/large-archives.md says, but quietly."""
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        with log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"],
                    cwd=ROOT,
                    env={**os.environ, **PATIENCE, **self.environment},
                    stdout=log,
                    stderr=log,
                )
            )

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A scheduler with two workers."""
    made = Dask(tmp_path_factory.mktemp("dask"))
    try:
        made.start(2)
        yield made
    finally:
        made.end()


def done_by(crew: Crew, job: Job[int, Any]) -> list[Any]:
    with open_crew(crew) as team:
        return list(team.map(job, range(20)))


# --- the same bytes --------------------------------------------------------------------------------


def test_results_come_in_order_from_both_workers(dask: Dask) -> None:
    job: Job[int, Any] = Job(labour.whereabouts, shared=1, prepare=labour.prepare_list)
    found = done_by(dask.crew, job)
    assert [task for task, _ in found] == list(range(20))
    places = {place for _, place in found}
    assert len(places) == len({pid for pid, _ in places})  # prepared once in each
    assert {pid for pid, _ in places} <= {process.pid for process in dask.workers}


def test_errors_come_back_whole(dask: Dask) -> None:
    errors = [
        result for task, result in done_by(dask.crew, Job(labour.fail_at_3)) if task != result
    ]
    assert [error.told() for error in errors] == ["error: c.txt:3: three is wrong\n  Take four."]
    assert type(errors[0]) is ConfigError
    with pytest.raises(ZeroDivisionError):
        done_by(dask.crew, Job(labour.stumble_at_3))
    with pytest.raises(ConfigError, match="cannot be prepared"):
        done_by(dask.crew, Job(labour.double, prepare=labour.refuse_to_prepare))


def test_a_worker_with_another_jianbao_is_told(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "program", lambda: "another")
    with pytest.raises(JianbaoError, match="a worker has another version") as error:
        done_by(dask.crew, Job(labour.double))
    assert "docs/large-archives.md" in error.value.hint


def test_a_worker_without_jianbao_is_told(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__name__", "nothing_like_it")
    with pytest.raises(JianbaoError, match="a worker lacks the package nothing_like_it"):
        done_by(dask.crew, Job(labour.double))


def test_whoever_leaves_early_may_come_again(dask: Dask, tmp_path: Path) -> None:
    with open_crew(dask.crew) as team:
        assert next(team.map(Job(labour.double), range(20))) == (0, 0)
    assert done_by(dask.crew, Job(labour.double))[-1] == (19, 38)


def test_a_conversion_survives_a_worker(
    dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test with two workers: one of them is killed while the first file is written."""
    monkeypatch.setattr(pipeline, "CHUNK", 1)
    alone, folders = demo_in(tmp_path / "alone"), demo_in(tmp_path / "archive")
    report = convert(folders, dask.crew, Meanwhile(event=dask.workers[0].kill))
    assert told(report, folders) == told(convert(alone), alone)
    assert tree(folders.content) == tree(alone.content)
    assert dask.workers[0].wait() < 0
    assert dask.workers[1].poll() is None


# --- clusters that fall apart ----------------------------------------------------------------------


def test_a_cluster_that_falls_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task kills two of three workers and is told; then the last one goes, then the scheduler."""
    dask = Dask(tmp_path, {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"})
    try:
        dask.start(3)
        job = Job(labour.die_at_7, os.getpid(), name=lambda task: f"{task}.txt")
        found = dict(done_by(dask.crew, job))
        assert found.pop(7).told().startswith("error: 7.txt: every worker that was given this died")
        assert found == {task: task for task in range(20) if task != 7}

        for process in dask.workers:
            process.kill()
        monkeypatch.setattr(cluster, "DESERTED", 0.2)
        with pytest.raises(JianbaoError, match="nobody has worked for the scheduler for"):
            done_by(dask.crew, Job(labour.double))

        monkeypatch.setattr(cluster, "DESERTED", 60)
        with open_crew(dask.crew) as team:
            shop = team.hire and team.hire(Job(labour.double))
            assert shop
            future = shop.submit([1])
            dask.processes[0].kill()
            with pytest.raises(JianbaoError, match="the scheduler is gone"):
                shop.result(future)
            with pytest.raises(JianbaoError, match="the scheduler is gone"):
                shop.width()
    finally:
        dask.end()


def test_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 0.2)
    with (
        pytest.raises(ConfigError, match="no scheduler answers") as error,
        open_crew(Crew(cluster="127.0.0.1:1")),
    ):
        pass
    assert error.value.path == "127.0.0.1:1"


def test_without_dask_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ConfigError, match="needs the package distributed") as error,
        open_crew(Crew(cluster="127.0.0.1:1")),
    ):
        pass
    assert "pip install distributed" in error.value.hint
