"""The bundle: how pip makes a wheel of Jianbao, with lunr.js in it as npm has it.

pip asks this module (`[build-system]` in pyproject.toml), and setuptools does the work. Where npm has not been at work yet,
as in a fresh clone that pip made by itself, it brings lunr.js first, checked against package-lock.json.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403  # the other questions that pip asks

HOME = Path(__file__).resolve().parent
LUNR = HOME / "node_modules" / "lunr" / "lunr.min.js"
Settings = dict[str, str | list[str] | None] | None
NO_NPM = "Jianbao's search needs lunr.js, which npm brings: install Node.js 20.19 or newer, with npm, and run this again."


def get_requires_for_build_wheel(settings: Settings = None) -> list[str]:
    """What setuptools needs beside itself; it looks at lunr.js's folder already to say so."""
    bring_lunr()
    return list(build_meta.get_requires_for_build_wheel(settings))


def get_requires_for_build_editable(settings: Settings = None) -> list[str]:
    bring_lunr()
    return list(build_meta.get_requires_for_build_editable(settings))


def get_requires_for_build_sdist(settings: Settings = None) -> list[str]:
    bring_lunr()
    return list(build_meta.get_requires_for_build_sdist(settings))


def bring_lunr() -> None:
    """Have npm install what package-lock.json names, unless it has."""
    if LUNR.is_file():
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(NO_NPM)
    subprocess.run([npm, "ci", "--omit=dev", "--loglevel=error"], cwd=HOME, check=True)  # noqa: S603  # our own words, no shell
