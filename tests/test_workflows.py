"""The workflows that publish: what they may do, and their steps, run one after the other as GitHub would run them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from jianbao.cli import main
from jianbao.founding import found_archive
from jianbao.inventory import STARTER, Provenance
from tests.test_new_archive import add_a_page, git
from tests.test_repository import ACTION_RE, PINNED_ACTION_RE

ROOT = Path(__file__).parent.parent
WORKFLOWS = {
    "the repository's": ROOT / ".github/workflows/pages.yml",
    "a new archive's": STARTER / "pages.yml",
}
BASE = "https://somebody.example/cuttings"
PROGRAM = ("build.py", "jianbao", "templates", "assets", "node_modules/lunr")


def load(path: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return workflow


def steps_of(workflow: Mapping[str, Any], job: str) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = workflow["jobs"][job]["steps"]
    return steps


@pytest.mark.parametrize("path", WORKFLOWS.values(), ids=WORKFLOWS.keys())
def test_only_the_job_that_deploys_may_write(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    allowed = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert allowed == {
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    (checkout,) = (one for one in steps_of(workflow, "build") if "checkout@" in one.get("uses", ""))
    assert checkout["with"] == {"persist-credentials": False}
    assert all("run" not in step for step in steps_of(workflow, "deploy"))


@pytest.mark.parametrize("path", WORKFLOWS.values(), ids=WORKFLOWS.keys())
def test_actions_are_pinned_and_nothing_is_put_into_a_script(path: Path) -> None:
    actions = ACTION_RE.findall(path.read_text("utf-8"))
    assert len(actions) == 6
    assert [action for action in actions if not PINNED_ACTION_RE.fullmatch(action)] == []
    runs = [
        one["run"]
        for job in ("build", "deploy")
        for one in steps_of(load(path), job)
        if "run" in one
    ]
    assert [run for run in runs if "${{" in run] == []


def test_both_workflows_take_the_same_steps() -> None:
    """But for where the program comes from."""
    ours, new = (steps_of(load(path), "build") for path in WORKFLOWS.values())
    assert len(ours) == len(new)
    assert [one["uses"] for one in ours if "uses" in one] == [
        one["uses"] for one in new if "uses" in one
    ]
    runs = [
        [one["run"].replace(".jianbao/", "") for one in steps if "run" in one][1:]
        for steps in (ours, new)
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("path", WORKFLOWS.values(), ids=WORKFLOWS.keys())
def test_the_commands_are_those_of_the_program(path: Path) -> None:
    runs = [step["run"] for step in steps_of(load(path), "build") if "run" in step]
    calls = [shlex.split(run) for run in runs if "build.py" in run]
    assert [call[2] for call in calls] == ["build", "check"]
    for call in calls:
        with pytest.raises(SystemExit) as ended:
            main([*call[2:], "--help"])
        assert ended.value.code == 0


# --- the steps, run -------------------------------------------------------------------------------


def run_steps(path: Path, archive: Path, environment: Mapping[str, str]) -> None:
    """Every step of the job that builds, in its shell; what other steps tell is the address."""
    workflow = load(path)
    for step in steps_of(workflow, "build"):
        if "run" in step:
            told = {
                name: value.replace("${{ steps.pages.outputs.base_url }}", BASE)
                for name, value in step.get("env", {}).items()
            }
            ran = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=archive,
                env={**os.environ, **environment, **workflow.get("env", {}), **told},
                capture_output=True, encoding="utf-8", check=False,
            )  # fmt: skip
            assert ran.returncode == 0, f"{step}: {ran.stdout}{ran.stderr}"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A `make` that sets up what is installed here, and downloads nothing."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "make").write_text(
        '#!/bin/sh\n[ "$1" = -C ] && cd "$2" && shift 2\n[ "$1" = setup ] || exit 2\n'
        f"ln -sfn {shlex.quote(sys.prefix)} .venv\n",
        "utf-8",
    )
    (tools / "make").chmod(0o755)
    return {"PATH": f"{tools}:{os.environ['PATH']}"}


def copy_program(folder: Path) -> Path:
    for name in PROGRAM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, folder / name)
    return folder


def test_the_steps_publish_the_repositorys_own_archive(
    environment: dict[str, str], tmp_path: Path
) -> None:
    archive = copy_program(tmp_path / "fork")
    for name in ("sources", "content"):
        shutil.copytree(ROOT / name, archive / name)
    shutil.copy(ROOT / "config.yaml", archive)
    run_steps(WORKFLOWS["the repository's"], archive, environment)
    home = (archive / "site" / "index.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{BASE}/">' in home


@pytest.mark.parametrize("is_filled", [False, True], ids=["empty", "with a page"])
def test_the_steps_publish_a_new_archive(
    is_filled: bool, environment: dict[str, str], tmp_path: Path
) -> None:
    program = copy_program(tmp_path / "program")
    git(program, "init")
    git(program, "add", "-Af")
    git(program, "commit", "-m", "Jianbao")
    archive = tmp_path / "archive"
    found_archive(archive, Provenance(program.as_uri(), git(program, "rev-parse", "HEAD")))
    if is_filled:
        add_a_page(archive)
        assert main(["convert", "--quiet", "--config", str(archive / "config.yaml")]) == 0
    run_steps(archive / ".github/workflows/pages.yml", archive, environment)
    pages = list((archive / "site" / "articles").glob("*/index.html"))
    assert len(pages) == is_filled
    assert (archive / "site" / "sitemap.xml").read_text("utf-8").count(f"<loc>{BASE}/") > 5
