"""Where the time of a build goes: `python -m tests.bench_profile CONFIG`, a process of its own, prints JSON.

The functions are wrapped from outside and each stage has its own CPU seconds: what another stage takes inside of it is
that one's. Generators and functions that a stage gives back are of that stage too, whoever runs them.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Generator, Iterator
from functools import wraps
from importlib import import_module
from types import FunctionType
from typing import Any

from jianbao import cli

# A stage and the functions it consists of, by the name under which they are called.
STAGES = {
    "load": ("jianbao.building:articles_in", "jianbao.building:load_sources"),
    "archive": ("jianbao.publish:make_archive",),
    "search": (
        "jianbao.publish:index_part",
        "jianbao.publish:make_index",
        "jianbao.publish:search_files",
        "jianbao.publish.search:find_related",
    ),
    "pages": (
        "jianbao.publish:set_up",
        "jianbao.publish:print_portion",
    ),  # and files beside articles
    "Markdown": ("jianbao.publish.article_pages:render_body",),
    "render": ("jianbao.publish.press:make_renderer",),
    "downloads": ("jianbao.publish:download_files",),
    "rest of the site": ("jianbao.publish:make_site",),
    "write": ("jianbao.building:publish_folder",),
}
START, REST, LOST = "start", "rest", "not found"


def main() -> int:
    """Build, and print the CPU seconds of each stage; the exit code of the build."""
    clock = Clock(START)
    lost = [name for stage, names in STAGES.items() for name in names if not wrap(clock, stage, name)]  # fmt: skip
    clock.begin(REST)
    code = cli.main(["build", "--quiet", "--config", *sys.argv[1:]])
    clock.end()
    print(json.dumps({"seconds": clock.seconds, LOST: lost}))
    return code


class Clock:
    """CPU seconds of stages within stages."""

    def __init__(self, first: str, now: Callable[[], float] = time.process_time) -> None:
        self.now = now
        self.stages = [first]
        self.seconds: dict[str, float] = {}
        self.since = 0.0  # the process began

    def begin(self, stage: str) -> None:
        self._note()
        self.stages.append(stage)

    def end(self) -> None:
        self._note()
        self.stages.pop()

    def _note(self) -> None:
        now, stage = self.now(), self.stages[-1]
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self.since
        self.since = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted for the stage; also that of the generator or function it gives."""

        @wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            self.begin(stage)
            try:
                given = function(*args, **named)
            finally:
                self.end()
            if isinstance(given, Iterator):
                return self.each(stage, given)
            return self.timed(stage, given) if isinstance(given, FunctionType) else given

        return call

    def each(self, stage: str, values: Iterator[Any]) -> Generator[Any, None, Any]:
        while True:
            self.begin(stage)
            try:
                value = next(values)
            except StopIteration as end:
                return end.value
            finally:
                self.end()
            yield value


def wrap(clock: Clock, stage: str, name: str) -> bool:
    """Time a function of ours wherever it is called by this name; False when there is none."""
    module_name, _, function_name = name.partition(":")
    try:
        module = import_module(module_name)
        function = getattr(module, function_name)
    except (ImportError, AttributeError):
        return False
    setattr(module, function_name, clock.timed(stage, function))
    return True


if __name__ == "__main__":
    sys.exit(main())
