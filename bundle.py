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
from setuptools.build_meta import *  # noqa: F403  # the other questions pip asks

HOME = Path(__file__).resolve().parent
LUNR = HOME / "node_modules" / "lunr" / "lunr.min.js"
NO_NPM = "Jianbao's search needs lunr.js, which npm brings: install Node.js 20.19 or newer, with npm, and run this again."


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, str | list[str] | None] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """The name of the wheel that was made."""
    bring_lunr()
    made: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return made


def bring_lunr() -> None:
    """Have npm install what package-lock.json names, unless it has."""
    if LUNR.is_file():
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(NO_NPM)
    subprocess.run([npm, "ci", "--omit=dev", "--loglevel=error"], cwd=HOME, check=True)  # noqa: S603  # our own words, no shell
