"""The licences of everything that a site is built with: `make licences` writes docs/licences.md.

    python -m tests.licences

Of Python packages the licence is what their own metadata say, of npm's what the lock file says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
HEAD = """\
# Licences

What a site is built with, and under which licence. Written by `make licences` from the lock files and what the packages say of
themselves; nothing of them stands in this repository, and only lunr.js is part of a built site.

| package | version | licence |
|---|---|---|
"""
LOCKED_RE = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)
CLASSIFIER = "License :: OSI Approved :: "


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    rows = sorted({*python_rows(), *npm_rows()})
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def python_rows() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of every package that is locked and belongs on this system."""
    for name, version in LOCKED_RE.findall((ROOT / "requirements.txt").read_text("utf-8")):
        try:
            yield name, version, licence_of(name)
        except PackageNotFoundError:  # for another system
            continue


def licence_of(package: str) -> str:
    said: Any = metadata(package)
    stated = said.get("License-Expression") or said.get("License") or ""
    classified = [one.removeprefix(CLASSIFIER) for one in said.get_all("Classifier") or [] if one.startswith(CLASSIFIER)]  # fmt: skip
    return stated if stated and "\n" not in stated else " / ".join(classified)


def npm_rows() -> Iterator[tuple[str, str, str]]:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    for place, row in lock["packages"].items():
        if place and not row.get("dev"):
            yield place.rpartition("node_modules/")[2], row["version"], row["license"]


if __name__ == "__main__":
    main()
