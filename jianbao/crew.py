"""A crew: many hands for one job. What is done with each task is the same whoever does it, and comes in the order of the tasks.

One worker is this process; more are processes of this machine, or all that work for a Dask scheduler. Only so many tasks
are under way at one time, so a million files need no more memory than a thousand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Protocol

from jianbao.cluster import connected
from jianbao.errors import JianbaoError
from jianbao.job import Hands, Job, Result, Task, in_chunks
from jianbao.processes import Processes

# Chunks under way for each worker: one at work, one at hand, two done that wait for a slow one before them.
AHEAD = 4
# Fewer chunks are done here: at some tenths of a second each, processes would not be started sooner than they are done.
WORTH = 4


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work: so many processes of this machine, or whoever works for the Dask scheduler at an address."""

    workers: int = 1
    cluster: str | None = None


class Workshop(Protocol):
    """Where chunks of a job are done: `processes.Processes`, `cluster.Cluster`, or any `Executor` with these words."""

    patience: int  # how often a chunk may lose its worker before its tasks are tried one by one
    tries: int  # how often each is then

    @property
    def lost(self) -> type[BaseException]: ...
    def width(self) -> int: ...
    def submit(self, tasks: Sequence[Any], /) -> Future[Any]: ...
    def result(self, future: Future[Any], /) -> list[Any]: ...
    def renew(self) -> None: ...
    def close(self) -> None: ...
    def kill(self) -> None: ...


class Team:
    """A crew at work. Leave its `open_crew`, and nobody is at work any more."""

    def __init__(self, hire: Callable[[Job[Any, Any]], Workshop] | None, worth: int) -> None:
        self.hire, self.worth = hire, worth
        self.is_many = hire is not None
        self.shops: list[Workshop] = []

    def map(
        self, job: Job[Task, Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result | JianbaoError]]:
        """Every task with what came of it, in their order, as soon as it is there.

        A `JianbaoError` that one task raises is its result. One that loses its worker is done again; when that happens
        every time, a `JianbaoError` with its name is its result.

        Raises:
            JianbaoError: from `prepare`; or the cluster is gone.
        """
        chunks = in_chunks(job, tasks)
        first = list(islice(chunks, self.worth))
        if self.hire is None or len(first) < self.worth:
            hands = Hands(job)
            for task in chain.from_iterable(chain(first, chunks)):
                yield task, hands.do(task)
            return
        shop = self.hire(job)
        self.shops.append(shop)
        yield from in_order(shop, chain(first, chunks), job.name)
        self.shops.remove(shop)
        shop.close()

    def kill(self) -> None:
        for shop in self.shops:
            shop.kill()


@contextmanager
def open_crew(crew: Crew) -> Iterator[Team]:
    """The crew, ready to work.

        with open_crew(Crew(workers=2)) as team:
            for path, size in team.map(Job(size_of), paths):

    Raises:
        ConfigError: no scheduler answers, or Dask is not installed.
    """
    with ExitStack() as stack:
        if crew.cluster is not None:
            team = Team(stack.enter_context(connected(crew.cluster)), 0)
        elif crew.workers > 1:
            team = Team(lambda job: Processes(job, crew.workers), WORTH)
        else:
            team = Team(None, 0)
        stack.callback(team.kill)
        yield team


# --- chunks under way ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Chunk:
    """Tasks under way: who has them, how many workers they have cost, and what came of them if they were done alone."""

    tasks: Sequence[Any]
    future: Future[Any]
    losses: int = 0
    results: Sequence[Any] | None = None


def in_order(
    shop: Workshop, chunks: Iterator[Sequence[Task]], name: Callable[[Task], str]
) -> Iterator[tuple[Task, Any]]:
    """Every task of the chunks with its result, in their order; at most `AHEAD` chunks for each worker are under way."""
    under_way: deque[_Chunk] = deque()
    while True:
        for tasks in islice(chunks, max(0, AHEAD * shop.width() - len(under_way))):
            under_way.append(_Chunk(tasks, _sent(shop, tasks)))
        if not under_way:
            return
        try:
            results = _results(shop, under_way[0])
        except shop.lost:
            _mend(shop, under_way, name)
        else:
            yield from zip(under_way.popleft().tasks, results, strict=True)


def _sent(shop: Workshop, tasks: Sequence[Any]) -> Future[Any]:
    """A chunk, sent; where nobody is left to take it, as if it had been lost on its way."""
    try:
        return shop.submit(tasks)
    except shop.lost as error:
        future: Future[Any] = Future()
        future.set_exception(error)
        return future


def _results(shop: Workshop, chunk: _Chunk) -> Sequence[Any]:
    return shop.result(chunk.future) if chunk.results is None else chunk.results


def _mend(shop: Workshop, under_way: Iterable[_Chunk], name: Callable[[Any], str]) -> None:
    """Have what was lost done again. A chunk that was lost too often is suspect: its tasks are done one by one, and nothing
    beside them, so that it is known who kills whom.
    """
    lost = [chunk for chunk in under_way if _is_lost(shop, chunk)]
    shop.renew()
    for chunk in lost:
        chunk.losses += 1
        if chunk.losses >= shop.patience:
            chunk.results = [_done_alone(shop, task, name) for task in chunk.tasks]
    for chunk in lost:
        if chunk.results is None:
            chunk.future = _sent(shop, chunk.tasks)


def _is_lost(shop: Workshop, chunk: _Chunk) -> bool:
    try:
        _results(shop, chunk)
    except shop.lost:
        return True
    return False


def _done_alone(shop: Workshop, task: Any, name: Callable[[Any], str]) -> Any:
    for _ in range(shop.tries):
        try:
            return shop.result(_sent(shop, [task]))[0]
        except shop.lost:
            shop.renew()
    return JianbaoError(
        "every worker that was given this died",
        path=name(task),
        hint="Perhaps memory ran out: try fewer workers, or take the file out of the way.",
    )
