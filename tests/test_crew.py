"""Crews: the same results whoever works, in the order of the tasks, few under way; and what becomes of the dead."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import processes
from jianbao.crew import AHEAD, WORTH, Crew, Team, in_order, open_crew
from jianbao.errors import BusyError, ConfigError, JianbaoError
from jianbao.job import Hands, Job, in_chunks
from jianbao.processes import Processes, cpu_count, start_method
from tests import labour
from tests.cost import family

ROOT = Path(__file__).parent.parent
TASKS = range(20)


@contextmanager
def other_thread() -> Iterator[None]:
    """A second thread of this process, so that it may not be forked."""
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def done_by(crew: Crew, job: Job[int, Any], tasks: Sequence[int] = TASKS) -> list[Any]:
    with open_crew(crew) as team, other_thread():
        return list(team.map(job, tasks))


# --- the order of things, with any executor -------------------------------------------------------


class LostError(Exception):
    """A worker of a `Bench` has died."""


class Bench:
    """A workshop where nothing is done before it is asked for, and then in any order; and where workers die."""

    lost = LostError
    patience = tries = 2

    def __init__(self, job: Job[int, Any], width: int, choose: Callable[[int], int]) -> None:
        self.hands, self.workers, self.choose = Hands(job), width, choose
        self.waiting: list[tuple[Sequence[int], Future[Any]]] = []
        self.most = 0

    def width(self) -> int:
        return self.workers

    def submit(self, tasks: Sequence[int]) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((tasks, future))
        self.most = max(self.most, len(self.waiting))
        return future

    def result(self, future: Future[Any]) -> list[Any]:
        while not future.done():
            tasks, other = self.waiting.pop(self.choose(len(self.waiting)))
            if self.choose(8) == 7:
                other.set_exception(LostError())
            else:
                other.set_result(self.hands.do_all(tasks))
        done: list[Any] = future.result()
        return done

    def renew(self) -> None: ...
    def close(self) -> None: ...
    def kill(self) -> None: ...


@given(
    st.integers(0, 60),
    st.integers(1, 4),
    st.integers(1, 7),
    st.lists(st.integers(0, 7), max_size=80),
)
def test_results_come_in_order_whoever_is_done_first_and_whoever_dies(
    count: int, width: int, weight: int, choices: list[int]
) -> None:
    choices = [*choices]

    def choose(below: int) -> int:
        return choices.pop() % below if choices else 0

    job: Job[int, int] = Job(labour.double, chunk=weight)
    bench = Bench(job, width, choose)
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for task in range(count):
            taken += 1
            yield task

    told = 0
    for task, result in in_order(bench, in_chunks(job, tasks()), str):
        assert (task, result) == (told, 2 * told) or isinstance(result, JianbaoError)
        assert task == told
        assert taken <= told + weight * (AHEAD * width + 1)
        told += 1
    assert told == count
    assert bench.most <= AHEAD * width


def test_a_chunk_that_never_comes_back_is_told_by_its_names() -> None:
    """Each choice is the last: every chunk loses its worker, every time."""
    job: Job[int, int] = Job(labour.double, chunk=2)
    found = list(
        in_order(Bench(job, 1, lambda below: below - 1), in_chunks(job, range(4)), "n{}".format)
    )
    assert [task for task, _ in found] == [0, 1, 2, 3]
    assert [error.path for _, error in found] == ["n0", "n1", "n2", "n3"]


class Threads(Processes):
    """Any executor will do."""

    def _start(self) -> Any:
        hands = Hands(self.job)
        pool = ThreadPoolExecutor(self.workers)
        self.submit = lambda tasks: pool.submit(hands.do_all, tasks)  # type: ignore[method-assign]
        return pool


def test_any_executor_can_do_it() -> None:
    team = Team(lambda job: Threads(job, 3), 0)
    found = list(team.map(Job(labour.double), TASKS))
    assert found == [(task, 2 * task) for task in TASKS]


# --- jobs and their errors ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [JianbaoError, ConfigError, BusyError])
def test_an_error_travels_whole(kind: type[JianbaoError]) -> None:
    error = pickle.loads(pickle.dumps(kind("no date", path="a.md", line=3, hint="Write one.")))
    assert type(error) is kind
    assert error.told() == "error: a.md:3: no date\n  Write one."
    assert (error.path, error.line, error.hint) == ("a.md", 3, "Write one.")


@pytest.mark.parametrize("workers", [1, 2])
def test_the_error_of_a_task_is_its_result(workers: int) -> None:
    found = done_by(Crew(workers), Job(labour.fail_at_3))
    errors = {task: result for task, result in found if task != result}
    assert list(errors) == [3]
    assert errors[3].told() == "error: c.txt:3: three is wrong\n  Take four."
    assert errors[3].exit_code == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_prepared_is_told_at_once(workers: int) -> None:
    with pytest.raises(ConfigError) as error:
        done_by(Crew(workers), Job(labour.double, prepare=labour.refuse_to_prepare))
    assert (error.value.path, error.value.line) == ("config.yaml", 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bug_is_a_bug_wherever_it_is(workers: int) -> None:
    with pytest.raises(ZeroDivisionError):
        done_by(Crew(workers), Job(labour.stumble_at_3))
    assert multiprocessing.active_children() == []


# --- processes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_the_same_results_whoever_works(workers: int) -> None:
    found = done_by(Crew(workers), Job(labour.add, shared=5, chunk=3))
    assert found == [(task, task + 5) for task in TASKS]
    assert multiprocessing.active_children() == []


def test_what_is_shared_is_prepared_once_in_every_worker() -> None:
    job: Job[int, Any] = Job(labour.whereabouts, shared=1, prepare=labour.prepare_list)
    found = {result for _, result in done_by(Crew(2), job)}
    assert os.getpid() not in {pid for pid, _ in found}
    assert len(found) == len({pid for pid, _ in found}) <= 2


def test_little_work_is_done_here() -> None:
    found = done_by(Crew(2), Job(labour.whereabouts), range(WORTH - 1))
    assert {pid for _, (pid, _) in found} == {os.getpid()}


def test_one_worker_is_this_process() -> None:
    found = done_by(Crew(1), Job(labour.whereabouts))
    assert {pid for _, (pid, _) in found} == {os.getpid()}


def test_a_worker_that_dies_costs_a_retry(tmp_path: Path) -> None:
    mark = tmp_path / "dead"
    assert done_by(Crew(2), Job(labour.die_once, mark)) == [(task, task) for task in TASKS]
    assert mark.exists()


def test_a_worker_that_dies_while_the_pool_does_not_look_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.1)
    pool = Processes(Job(labour.double), 2)
    try:
        assert pool.result(pool.submit([3])) == [6]
        waiting: Future[Any] = Future()
        later = threading.Timer(0.5, waiting.set_result, [[4]])
        later.start()
        assert pool.result(waiting) == [4]  # long work is waited for
        for process in [*pool.pool._processes.values()]:
            process.kill()
            process.join()
        with pytest.raises(BrokenExecutor):
            pool.result(Future())
    finally:
        pool.kill()


def test_a_task_that_kills_whoever_takes_it_is_told_and_all_else_is_done() -> None:
    job = Job(labour.die_at_7, os.getpid(), name=lambda task: f"{task}.txt", chunk=3)
    found = dict(done_by(Crew(2), job))
    error = found.pop(7)
    assert error.told().startswith("error: 7.txt: every worker that was given this died\n  ")
    assert found == {task: task for task in TASKS if task != 7}


def test_whoever_leaves_early_leaves_nobody_behind(tmp_path: Path) -> None:
    job: Job[int, Any] = Job(labour.die_once, tmp_path / "dead")
    with open_crew(Crew(2)) as team, other_thread():
        assert next(team.map(job, TASKS)) == (0, 0)
    assert multiprocessing.active_children() == []


def test_a_system_that_starts_no_more_processes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(*_: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", submit)
    with pytest.raises(JianbaoError, match="5000 processes cannot be started: Resource") as error:
        done_by(Crew(5000), Job(labour.double))
    assert "--workers" in error.value.hint


def test_a_process_with_threads_is_not_forked() -> None:
    with other_thread():
        assert start_method("tests.labour").get_start_method() == "forkserver"


def test_a_system_that_does_not_tell_its_threads_is_not_forked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processes, "THREADS", tmp_path / "none")
    assert start_method("tests.labour").get_start_method() == "forkserver"


def test_the_path_of_modules_is_lent_to_a_fork_server_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "mine")
    start_method("tests.labour")
    assert os.environ["PYTHONPATH"] == "mine"
    monkeypatch.delenv("PYTHONPATH")
    start_method("tests.labour")
    assert "PYTHONPATH" not in os.environ


def test_a_cpu_is_always_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr(processes, "CPU_QUOTA", quota)
    alone = cpu_count()
    assert alone >= 1
    quota.write_text("max 100000\n")
    assert cpu_count() == alone
    quota.write_text("50000 100000\n")
    assert cpu_count() == 1


# --- the end of it all ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("threads",)])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_the_parent_ends_nobody_is_left(
    end: signal.Signals, words: Sequence[str], tmp_path: Path
) -> None:
    """Workers that were forked, and workers of a fork server. A terminal sends Ctrl-C to all of them."""
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.labour", str(tmp_path), *words],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # even from a background job
    )
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    others = {*family(parent.pid), *(int(path.name) for path in tmp_path.iterdir())} - {parent.pid}
    assert all(map(labour.is_alive, others))
    if end is signal.SIGINT:
        os.killpg(parent.pid, end)
    else:
        parent.send_signal(end)
    _, said = parent.communicate()
    assert parent.returncode == (130 if end is signal.SIGINT else -end)
    assert end is not signal.SIGINT or said == b""
    wait_until(lambda: not any(map(labour.is_alive, others)))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again; whatever never happens fails, and late."""
    for _ in range(3000):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")
