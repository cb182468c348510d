"""The bundle: how pip makes a wheel of Jianbao, with lunr.js in it as npm has it.

pip asks this module (`[build-system]` in pyproject.toml), and setuptools answers. Where npm has not been at work yet,
as in a fresh clone that pip made by itself, it brings lunr.js first, checked against package-lock.json.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from setuptools import build_meta

HOME = Path(__file__).resolve().parent
LUNR = HOME / "node_modules" / "lunr" / "lunr.min.js"
NO_NPM = "Jianbao's search needs lunr.js, which npm brings: install Node.js 20.19 or newer, with npm, and run this again."

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def bring_lunr() -> None:
    """Have npm install what package-lock.json names, unless it has."""
    if LUNR.is_file():
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(NO_NPM)
    subprocess.run([npm, "ci", "--omit=dev", "--loglevel=error"], cwd=HOME, check=True)  # noqa: S603  # our own words, no shell


def with_lunr(answer: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The same answer, once lunr.js is there: setuptools looks at its folder even to say what it needs."""

    @wraps(answer)
    def answer_then(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        bring_lunr()
        return answer(*args, **kwargs)

    return answer_then


# What pip may ask (PEP 517, PEP 660).
get_requires_for_build_wheel = with_lunr(build_meta.get_requires_for_build_wheel)
get_requires_for_build_editable = with_lunr(build_meta.get_requires_for_build_editable)
get_requires_for_build_sdist = with_lunr(build_meta.get_requires_for_build_sdist)
prepare_metadata_for_build_wheel = with_lunr(build_meta.prepare_metadata_for_build_wheel)
prepare_metadata_for_build_editable = with_lunr(build_meta.prepare_metadata_for_build_editable)
build_wheel = with_lunr(build_meta.build_wheel)
build_editable = with_lunr(build_meta.build_editable)
build_sdist = with_lunr(build_meta.build_sdist)
