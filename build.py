#!/usr/bin/env python3
"""Jianbao: newspaper pages in sources/ become articles in content/ and an archive in site/.

    python build.py            convert, then build
    python build.py --help     all that can be done

What happens, in order: jianbao/cli.py reads the command, jianbao/pipeline.py runs convert (jianbao/convert/) and
publish (jianbao/publish/), with content/ as the only door between them.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

PYTHON = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
# New objects after which Python looks for garbage that holds itself. Its own 700 cost a build of the demo 274 looks, most of them
# at dictionaries that stay: 0.11 of 2.4 s. So it is 14 looks and half the time; a build of 600 articles takes 2 MB more.
OBJECTS_BEFORE_A_LOOK = 10_000


def run() -> int:
    """Run the command, in the virtual environment that `make setup` made if this Python lacks the packages."""
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK)
    try:
        from jianbao.cli import main

        return main()  # what only one verb needs is imported here
    except ModuleNotFoundError as error:
        if PYTHON.exists() and Path(sys.prefix) != PYTHON.parent.parent:
            os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606  # our own interpreter, no shell
        print(
            f"error: the package {error.name} is not installed\n  Run: make setup", file=sys.stderr
        )
        return 2


if __name__ == "__main__":
    sys.exit(run())
