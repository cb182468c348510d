"""What comes from elsewhere: pinned by its content, small, licensed, and run with as few rights as it needs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tests import licences
from tests.test_repository import LOCKS, declared, imported, locked, normal
from tests.trust.small_archive import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
USES_RE = re.compile(r"\buses: *(\S+)")
# What a site is built with may be used, changed and passed on by anybody, together with ours.
FREE = {
    *("MIT", "MIT License", "MIT-CMU", "BSD-3-Clause", "BSD License", "3-Clause BSD License", "PSF-2.0"),
    *("Apache-2.0", "Apache 2.0", "Apache License 2.0", "Apache-2.0 OR BSD-2-Clause"),
    # Of single files, or of what a library brings along; text recognition needs these.
    *("MPL-2.0", "MPL-2.0 AND MIT", "BSD-3-Clause, Apache-2.0, dependency licenses"),
    "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
}  # fmt: skip
EXTRAS = ("cluster", "docx", "ocr", "pdf")
# Packages in all, ours and theirs, without extras: each is somebody who could do harm.
CLOSURE = 15


# --- packages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_supply_every_package_is_pinned_by_its_content(name: str) -> None:
    rows = locked(name)
    assert rows
    assert [row for row in rows if "==" not in row or "--hash=sha256:" not in row] == []


def test_supply_what_a_site_is_built_with_is_little() -> None:
    assert len(closure(declared())) <= CLOSURE
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    runtime = [name for name, row in lock["packages"].items() if name and not row.get("dev")]
    assert runtime == ["node_modules/lunr"]
    assert all("integrity" in row for name, row in lock["packages"].items() if name)


def closure(names: Iterable[str]) -> set[str]:
    """These packages and all that they ask for, on this machine."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            rows = [Requirement(row) for row in requires(name) or ()]
            waiting += [
                normal(row.name)
                for row in rows
                if row.marker is None or row.marker.evaluate({"extra": ""})
            ]
    return found


def test_supply_nothing_is_imported_that_is_not_declared() -> None:
    extras = set().union(*map(declared, EXTRAS))
    assert declared() <= imported() <= declared() | extras


def test_supply_the_licences_are_those_that_are_told_and_all_are_free() -> None:
    assert licences.PAGE.read_text("utf-8") == licences.page(), "Run: make licences"
    rows = [*licences.python_rows(), *licences.npm_rows()]
    assert [row for row in rows if row[2] not in FREE] == []


def test_supply_installing_runs_nothing_and_asks_for_the_locked_content() -> None:
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text("utf-8")
    recipe = (ROOT / "Makefile").read_text("utf-8")
    installs = re.findall(r"^\t.*(?:PIP_INSTALL\)|npm ).*$", recipe, re.MULTILINE)
    unlocked = [line for line in installs if "--require-hashes" not in line and "npm ci" not in line]  # fmt: skip
    # What writes the lock files, and asks npm for its version.
    assert [line for line in unlocked if not re.search("--upgrade uv|--package-lock-only|npm --version", line)] == []  # fmt: skip


# --- workflows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_supply_every_action_is_pinned_by_its_commit(path: Path) -> None:
    actions = USES_RE.findall(path.read_text("utf-8"))
    assert actions
    assert [one for one in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_supply_a_workflow_has_no_right_that_it_does_not_need(path: Path) -> None:
    flow = yaml.safe_load(path.read_text("utf-8"))
    assert flow["permissions"] == {}
    for name, job in flow["jobs"].items():
        rights = job["permissions"]
        writes = {right for right, kind in rights.items() if kind == "write"}
        assert not writes or writes <= {"pages", "id-token"}, name
        assert not (writes and "contents" in rights), f"{name} fetches the code and may write"
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name


def test_supply_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run([zizmor, "--offline", "--no-progress", "--no-config", ".github"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert (done.returncode, "No findings to report" in done.stdout + done.stderr) == (0, True), done.stdout  # fmt: skip


def test_supply_zizmor_sees_what_is_wrong(tmp_path: Path) -> None:
    write = tmp_path / ".github" / "workflows" / "bad.yml"
    write.parent.mkdir(parents=True)
    write.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n", "utf-8")  # fmt: skip
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run([zizmor, "--offline", "--no-progress", "--no-config", ".github"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode != 0
    assert "unpinned-uses" in done.stdout


def test_supply_dependabot_renews_all_three_kinds() -> None:
    told = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))
    kinds = {one["package-ecosystem"] for one in told["updates"]}
    assert kinds == {"pip", "npm", "github-actions"}
