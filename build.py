#!/usr/bin/env python3
"""Jianbao: newspaper pages in sources/ become articles in content/ and an archive in site/.

    python3 build.py            convert, then build
    python3 build.py --help     all that can be done

What happens, in order: jianbao/cli.py reads the command, jianbao/pipeline.py runs convert (jianbao/convert/) and
publish (jianbao/publish/), with content/ as the only door between them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NEEDED = (3, 11)
PYTHON = Path(__file__).resolve().parent / ".venv" / "bin" / "python"


def run() -> int:
    """Run the command, in the virtual environment that `make setup` made if this Python is too old or lacks the packages."""
    missing = f"Jianbao needs Python 3.11 or newer, and this is {sys.version.split()[0]}"
    if sys.version_info >= NEEDED:
        try:
            from jianbao.cli import main

            return main()  # what only one verb needs is imported here
        except ModuleNotFoundError as error:
            missing = f"the package {error.name} is not installed"
    if PYTHON.exists() and Path(sys.prefix) != PYTHON.parent.parent:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606  # our own interpreter, no shell
    print(f"error: {missing}\n  Run: make setup", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(run())
