"""Processes of this machine that do a job: started when there is one, gone when it is done or when this process ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from jianbao.errors import JianbaoError
from jianbao.job import Hands, Job, pack, unpack

THREADS = Path("/proc/self/task")  # an entry for each thread of this process; Linux has it
PATIENCE = 2.0  # seconds without a result after which it is asked whether all processes live
CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # what a container may use of its machine


class Processes:
    """A pool of processes with a job at hand.

    How they are started decides what they cost. Measured, two workers on two cores: a fork takes 15 ms and has what is
    shared already; a fork server takes 0.75 s for the first pool (it imports the code, once) and 20 ms for the next,
    and pickles what is shared for every worker; a spawn takes 0.8 s and 1.6 s of CPU each time. But a fork also copies
    locks that other threads hold just then, and nobody opens them. So a process without other threads is forked (the
    command), all others come from a fork server (the preview; macOS, where a fork is never safe).
    """

    lost = BrokenExecutor
    patience = 2  # how often a chunk may lose its worker before its tasks are tried one by one
    tries = 2  # and how often each of them

    def __init__(self, job: Job[Any, Any], workers: int) -> None:
        self.job, self.workers = job, workers
        self.pool = self._start()

    def width(self) -> int:
        """How many chunks are worked at at one time."""
        return self.workers

    def submit(self, tasks: Sequence[Any]) -> Future[Any]:
        """Have a chunk done; the first one starts the processes.

        Raises:
            BrokenExecutor: a worker has died, and the pool with it.
            JianbaoError: the system starts no more processes.
        """
        try:
            return self.pool.submit(_do, tasks)
        except OSError as error:
            raise JianbaoError(
                f"{self.workers} processes cannot be started: {error.strerror or error}",
                hint="Try fewer with --workers.",
            ) from error

    def result(self, future: Future[Any]) -> list[Any]:
        """What became of a chunk.

        Raises:
            BrokenExecutor: a worker died, and the pool with it.
        """
        while not wait([future], PATIENCE).done:
            if self._has_lost_one() and not future.done():
                raise BrokenExecutor("a worker died unnoticed")
        done: list[Any] = future.result()
        return done

    def _has_lost_one(self) -> bool:
        """Whether a process has ended: one that dies while it sends, or while a chunk is handed in, leaves the pool waiting for ever."""
        processes = getattr(self.pool, "_processes", None)
        return not processes or any(one.exitcode is not None for one in [*processes.values()])

    def renew(self) -> None:
        """New processes in the place of a pool that has lost one."""
        self.kill()
        self.pool = self._start()

    def close(self) -> None:
        """Let the processes go. Nothing is under way, so they are not asked: one that a fork server has just started may never hear it."""
        self.kill()

    def kill(self) -> None:
        """End the processes, whatever they are at."""
        for process in list((getattr(self.pool, "_processes", None) or {}).values()):
            process.kill()
        self.pool.shutdown(cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        context = start_method(self.job.work.__module__)
        hands = Hands(self.job) if context.get_start_method() == "fork" else pack(self.job)
        return ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=_begin, initargs=(hands,)
        )


def cpu_count() -> int:
    """How many CPUs this process may use."""
    has_affinity = hasattr(os, "sched_getaffinity")
    count = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    with suppress(OSError):
        return min(count, cpus_in(CPU_QUOTA.read_text()) or count)
    return count


def cpus_in(quota: str) -> int:
    """Whole CPUs in a `cpu.max` of Linux, at least one; 0 where nothing is limited.

    >>> cpus_in("150000 100000"), cpus_in("max 100000"), cpus_in("20000 100000")
    (1, 0, 1)
    """
    most, _, period = quota.partition(" ")
    return max(1, int(most) // int(period)) if most.isdigit() else 0


# --- how processes are started ---------------------------------------------------------------------


def start_method(module: str) -> BaseContext:
    """A fork where that is safe, else a fork server that has imported `module`, and all of ours that we have."""
    with suppress(OSError):
        if sum(1 for _ in THREADS.iterdir()) == 1:
            return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    ours = sorted(name for name in sys.modules if name.startswith(f"{__package__}."))
    context.set_forkserver_preload([*ours, module])
    with _told_where_code_is():
        forkserver.ensure_running()
    return context


@contextmanager
def _told_where_code_is() -> Iterator[None]:
    """A fork server looks for modules in its own path, not in ours; what it cannot import every worker would."""
    was = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        yield
    finally:
        if was is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = was


# --- in the worker ---------------------------------------------------------------------------------

AT_HAND: list[Any] = []  # the job of this process, packed or not; one only


def _begin(hands: Hands[Any, Any] | bytes) -> None:
    """Get ready: Ctrl-C is this process's parent's business, and without a parent there is nothing to do."""
    gc.freeze()  # what a fork has brought is never garbage here, and stays shared as long as nobody looks
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    AT_HAND[:] = [hands]


def _end_with_parent() -> None:
    """A pool never ends by itself when its owner is killed: its workers wait for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _do(tasks: Sequence[Any]) -> list[Any]:
    if isinstance(AT_HAND[0], bytes):
        AT_HAND[:] = [unpack(AT_HAND[0])]
    hands: Hands[Any, Any] = AT_HAND[0]
    return hands.do_all(tasks)
