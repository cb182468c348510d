"""Work for crews: small functions that workers can import, some of them deadly; and how to see who is alive."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from jianbao.crew import Crew, open_crew
from jianbao.errors import ConfigError, JianbaoError
from jianbao.job import Job


def double(task: int, _: object) -> int:
    return 2 * task


def add(task: int, prepared: int) -> int:
    return task + prepared


def whereabouts(task: int, prepared: object) -> tuple[int, int]:
    """The process, and the thing that was prepared in it."""
    return os.getpid(), id(prepared)


def prepare_list(shared: int) -> list[int]:
    return [shared]


def refuse_to_prepare(shared: object) -> object:
    raise ConfigError("cannot be prepared", path="config.yaml", line=2, hint="Do not try.")


def fail_at_3(task: int, _: object) -> int:
    if task == 3:
        raise ConfigError("three is wrong", path="c.txt", line=3, hint="Take four.")
    return task


def stumble_at_3(task: int, _: object) -> int:
    """A bug of ours."""
    return 6 // (task - 3)


def die_at_7(task: int, parent: int) -> int:
    if task == 7 and os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def die_once(task: int, mark: Path) -> int:
    """The first that comes to task 4 dies of it."""
    if task == 4:
        with suppress(FileExistsError):
            mark.touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
    return task


def sleep_on(task: int, folder: Path) -> None:
    """Leave a word, and go on for ever."""
    (folder / str(os.getpid())).touch()
    time.sleep(1000)


def is_alive(pid: int) -> bool:
    """Whether a process is at work; one that has ended and was not yet waited for is not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # it has just ended; or there is no /proc
        return not Path("/proc").is_dir()


def main(folder: str, *words: str) -> int:
    """Set two workers to tasks that never end; with one more word, in a process that has another thread."""
    if words:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    job: Job[int, Any] = Job(sleep_on, Path(folder))
    try:
        with open_crew(Crew(2)) as team:
            list(team.map(job, range(9)))
    except KeyboardInterrupt:
        return 130
    except JianbaoError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
