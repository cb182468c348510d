"""A job: what is done with each of many tasks, be it in this process, in another one or on another machine."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from jianbao.errors import JianbaoError

Task = TypeVar("Task")
Result = TypeVar("Result")
Value = TypeVar("Value")


def as_it_is(value: Value) -> Value:
    return value


def one(_: object) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Job(Generic[Task, Result]):
    """What is to be done: `work` is called with every task, and with what `prepare` makes of `shared`.

    `shared` goes to every worker once, and `prepare` is called there once; what it gives never travels. `work`, `prepare`,
    `shared`, tasks and results travel by pickle, so the functions stand at the top of a module. They may not depend on
    anything else: no folder, no global, no other task.
    """

    work: Callable[[Task, Any], Result]
    shared: Any = None
    prepare: Callable[[Any], Any] = as_it_is
    name: Callable[[Task], str] = str  # what an error calls a task: its file
    # Tasks travel together until they weigh `chunk`: so much that doing them takes some tenths of a second.
    weigh: Callable[[Task], int] = one
    chunk: int = 1


class Hands(Generic[Task, Result]):
    """A job where it is done: what is shared is prepared, tasks may come."""

    def __init__(self, job: Job[Task, Result]) -> None:
        self.work, self.prepared = job.work, job.prepare(job.shared)

    def do(self, task: Task) -> Result | JianbaoError:
        """What comes of a task. A `JianbaoError` is given, not raised: one bad file never stops the others."""
        try:
            return self.work(task, self.prepared)
        except JianbaoError as error:
            return error.with_traceback(None)

    def do_all(self, tasks: Iterable[Task]) -> list[Result | JianbaoError]:
        return [self.do(task) for task in tasks]


def pack(job: Job[Any, Any]) -> bytes:
    """The part of a job that workers need, to be sent."""
    return pickle.dumps((job.work, job.shared, job.prepare), protocol=pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> Hands[Any, Any]:
    """Hands for a job that `pack` has packed."""
    return Hands(Job(*pickle.loads(packed)))  # noqa: S301  # our own bytes, from our own process


def in_chunks(job: Job[Task, Any], tasks: Iterable[Task]) -> Iterator[Sequence[Task]]:
    """The tasks in their order, packed together until they weigh enough.

    >>> list(in_chunks(Job(str, weigh=len, chunk=3), ["a", "b", "cccc", "d", "e"]))
    [['a', 'b', 'cccc'], ['d', 'e']]
    """
    chunk: list[Task] = []
    weight = 0
    for task in tasks:
        chunk.append(task)
        weight += job.weigh(task)
        if weight >= job.chunk:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk
