"""Workers on other machines that do a job: those of a Dask scheduler. Bytes go there and bytes come back; no disk is shared."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jianbao.errors import ConfigError, JianbaoError
from jianbao.job import Hands, Job, pack, unpack

CONNECT = 10  # seconds in which a scheduler has to answer
DESERTED = 60.0  # seconds without any worker after which nobody is waited for any longer
GLANCE = 5.0  # seconds between two looks at how many workers there are
# Loggers that Dask writes to the terminal with.
LOUD = ("distributed", "distributed.client", "tornado.application", "asyncio")

SAME = "Set up the same Jianbao on every worker's machine: docs/large-archives.md says how."


class Cluster:
    """The workers of a scheduler with a job at hand.

    What is shared is the result of a task that all others wait for: Dask brings it to each worker once, and makes it
    again when the workers that held it have died. What a lost worker was at is given to others, by Dask itself. (Dask's
    own `Executor` loses results when the scheduler dies: its futures may then wait for ever, so we make our own.)
    """

    # Dask has lost four workers to a chunk (`allowed-failures`) before it says so.
    patience = tries = 1

    def __init__(self, job: Job[Any, Any], client: Any) -> None:
        from distributed import KilledWorker

        self.lost: type[BaseException] = KilledWorker
        self.client = client
        packed = pack(job)
        self.label = hashlib.sha256(packed).hexdigest()
        self.packed = client.submit(bytes, packed, pure=False)
        self.call = _caller()
        self.counted: tuple[float, int] | None = None
        self.under_way: set[Future[Any]] = set()

    def width(self) -> int:
        """How many chunks are worked at at one time; workers come and go."""
        if self.counted is None or time.monotonic() > self.counted[0] + GLANCE:
            self.counted = time.monotonic(), self._count()
        return max(1, self.counted[1])

    def submit(self, tasks: Sequence[Any]) -> Future[Any]:
        sent = pickle.dumps(tasks, protocol=pickle.HIGHEST_PROTOCOL)
        words = (__name__, program(), self.label, self.packed, sent)
        with _told(self.client):
            done = self.client.submit(self.call, *words, pure=False)
            fetched = self.client.gather(done, asynchronous=True)
            future = asyncio.run_coroutine_threadsafe(fetched, self.client.loop.asyncio_loop)
        self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)
        return future

    def result(self, future: Future[Any]) -> list[Any]:
        """What became of a chunk.

        Raises:
            KilledWorker: worker after worker died of it.
            JianbaoError: the scheduler is gone, nobody works for it, or somebody who has another Jianbao.
        """
        while True:
            try:
                with _told(self.client):
                    done: list[Any] = pickle.loads(future.result(timeout=DESERTED))  # noqa: S301  # from our own workers
                return done
            except TimeoutError:
                if future.done():
                    raise
                self._require_workers()

    def renew(self) -> None:
        """Nothing: Dask goes on with the workers that are left."""

    def close(self) -> None:
        self.packed.release()

    def kill(self) -> None:
        """Have nothing begun any more; what is under way ends on its own."""
        for future in list(self.under_way):
            future.cancel()
        self.packed.release()

    def _count(self) -> int:
        with _told(self.client):
            return sum(self.client.nthreads().values())

    def _require_workers(self) -> None:
        if self._count() == 0:
            raise JianbaoError(
                f"nobody has worked for the scheduler for {DESERTED:.0f} seconds",
                path=_address(self.client),
                hint="Start workers and try again; what was written stays.",
            )


@contextmanager
def connected(address: str) -> Iterator[Callable[[Job[Any, Any]], Cluster]]:
    """The cluster of the scheduler at an address: give it a job.

    Raises:
        ConfigError: there is no scheduler, or Dask is not installed.
    """
    try:
        import dask
        import distributed
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"--cluster needs the package {error.name}, which is not installed",
            hint="Install it: .venv/bin/python -m pip install distributed",
        ) from error
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters we tell ourselves
    # What is shared may be large, and Dask warns of that.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
        make: Any = distributed.Client
        try:
            client = make(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ConfigError(
                "no scheduler answers",
                path=address,
                hint="Start one (docs/large-archives.md), or name its address: --cluster HOST:PORT.",
            ) from error
        with client:
            yield lambda job: Cluster(job, client)


def _address(client: Any) -> str:
    return str(client.scheduler.address) if client.scheduler else ""


@contextmanager
def _told(client: Any) -> Iterator[None]:
    """What Dask says of itself, as sentences."""
    if client.status != "running":
        raise _gone(client)
    try:
        yield
    except ModuleNotFoundError as error:
        says = f"a worker lacks the package {error.name}"
        raise JianbaoError(says, path=_address(client), hint=SAME) from error
    except OSError as error:
        if client.status == "running" and not _is_of_dask(error):
            raise
        raise _gone(client) from error
    except CancelledError as error:
        raise _gone(client) from error


def _is_of_dask(error: OSError) -> bool:
    """Whether a connection was lost; it may be some time until the client knows."""
    return type(error).__module__.startswith("distributed.")


def _gone(client: Any) -> JianbaoError:
    return JianbaoError(
        "the scheduler is gone",
        path=_address(client),
        hint="Start it and its workers and try again; what was written stays.",
    )


# --- in the worker ---------------------------------------------------------------------------------


def _caller() -> Callable[..., Any]:
    """A function that calls `do` of the module it is told, and travels as code: neither Dask's scheduler nor a worker has
    to import anything of ours to receive it. A worker that could not would die of it.
    """

    def call(module: str, *words: Any) -> Any:
        from importlib import import_module

        return import_module(module).do(*words)

    return call


def do(caller: str, label: str, packed: bytes, tasks: bytes) -> bytes:
    """Do a chunk of tasks; `caller` is the `program` that asks for it.

    Raises:
        JianbaoError: we are another program and might do something else.
    """
    if caller != program():
        raise JianbaoError("a worker has another version of Jianbao", hint=SAME)
    done = _hands(label, packed).do_all(pickle.loads(tasks))  # noqa: S301  # Dask runs what it is sent anyway
    return pickle.dumps(done, protocol=pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=1)
def _hands(label: str, packed: bytes) -> Hands[Any, Any]:
    """The job that is at hand; kept as long as no other comes."""
    return unpack(packed)


@cache
def program() -> str:
    """A name for exactly this program: the checksum of its files."""
    digest = hashlib.sha256()
    place = Path(__file__).parent
    for path in sorted(place.rglob("*.py")):
        digest.update(f"{path.relative_to(place).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()
