"""An archive of one's own: begun, filled, built and checked, from the repository and from the installed package."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from jianbao import inventory
from jianbao.config import Config
from jianbao.errors import ConfigError
from jianbao.founding import FILES, UNKNOWN, found_archive
from jianbao.inventory import Provenance, find_provenance
from jianbao.pipeline import read_config
from tests.test_command import run, tree

ROOT = Path(__file__).parent.parent
BASE = "https://somebody.example/cuttings/"
ELSEWHERE = Provenance(
    "https://forge.example/somebody/jianbao.git", "0123456789abcdef" * 2 + "01234567"
)
PAGE = """渡口今天恢复通航

本报讯（记者 何小禾）停了四十天的渡口今天恢复通航。早上六点，第一班渡船载着三十名乘客离岸。
"""


def begun(folder: Path) -> Path:
    found_archive(folder, ELSEWHERE)
    return folder


def add_a_page(archive: Path) -> None:
    path = archive / "sources" / "临河日报" / "2020-06-18" / "A3.txt"
    path.parent.mkdir(parents=True)
    path.write_text(PAGE, "utf-8")


# --- what is written ------------------------------------------------------------------------------


def test_an_archive_begins_with_its_files_and_its_folders_name(tmp_path: Path) -> None:
    done = run(tmp_path, "new", "临河剪报")
    assert done.returncode == 0
    archive = tmp_path / "临河剪报"
    assert set(tree(archive)) == set(FILES)
    assert all(f"临河剪报/{name}\n" in done.stdout for name in FILES)
    assert "serve --config" in done.stdout
    config = read_config(archive / "config.yaml")
    assert replace(config, title="剪报", paths=()) == Config()
    assert config.title == "临河剪报"
    assert (archive / "README.md").read_text("utf-8").startswith("# 临河剪报\n")


@pytest.mark.parametrize("name", ['a "b" #c', "a: b", "- a", "@COMMIT@s"])
def test_any_name_of_a_folder_can_be_a_title(tmp_path: Path, name: str) -> None:
    assert read_config(begun(tmp_path / name) / "config.yaml").title == name


def test_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n", "utf-8")
    (tmp_path / ".git").mkdir()
    founded = found_archive(tmp_path, ELSEWHERE)
    assert founded.notes == (f"{tmp_path / 'README.md'}: was there, and stays as it is",)
    assert "README.md" not in founded.files
    assert (tmp_path / "README.md").read_text("utf-8") == "mine\n"
    assert (tmp_path / "config.yaml").is_file()


@pytest.mark.parametrize("sign", ["config.yaml", "sources", "content"])
def test_no_archive_is_begun_in_another(tmp_path: Path, sign: str) -> None:
    (tmp_path / sign).mkdir()
    with pytest.raises(ConfigError, match="there is an archive already"):
        found_archive(tmp_path, ELSEWHERE)
    assert [path.name for path in tmp_path.iterdir()] == [sign]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run(tmp_path, "new", "file/archive")
    assert done.returncode == 1
    assert "error: file/archive: cannot be written: Not a directory" in done.stderr


def test_settings_that_are_wrong_here_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("titel: x\n", "utf-8")
    done = run(tmp_path, "new", "a", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"folder": "a", "files": list(FILES), "errors": []}


# --- where the program is to be had ---------------------------------------------------------------


def test_the_workflow_and_the_readme_name_the_commit(tmp_path: Path) -> None:
    archive = begun(tmp_path / "a")
    workflow = (archive / ".github/workflows/pages.yml").read_text("utf-8")
    assert f'JIANBAO: "{ELSEWHERE.repository}"' in workflow
    assert f'JIANBAO_COMMIT: "{ELSEWHERE.commit}"' in workflow
    assert f"git+{ELSEWHERE.repository}@{ELSEWHERE.commit}" in (archive / "README.md").read_text(
        "utf-8"
    )
    assert f"somebody/jianbao/blob/{ELSEWHERE.commit}/docs/config.md" in (
        archive / "config.yaml"
    ).read_text("utf-8")


def test_what_nobody_knows_is_told(tmp_path: Path) -> None:
    (note,) = found_archive(tmp_path / "a", None).notes
    workflow = tmp_path / "a" / ".github/workflows/pages.yml"
    assert note.startswith(f"{workflow}: this Jianbao was not fetched from a public repository.")
    assert f'JIANBAO: "{UNKNOWN.repository}"' in workflow.read_text("utf-8")


def git(folder: Path, *words: str) -> str:
    words = (
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.example",
        "-c",
        "init.defaultBranch=main",
        *words,
    )
    ran = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return ran.stdout.strip()


def test_a_clone_names_its_origin_and_a_commit_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "HOME", tmp_path / "clone")
    assert find_provenance() is None
    (tmp_path / "origin").mkdir()
    git(tmp_path / "origin", "init")
    git(tmp_path / "origin", "commit", "--allow-empty", "-m", "one")
    git(tmp_path, "clone", "origin", "clone")
    assert find_provenance() is None  # a folder of this machine
    public = git(tmp_path / "clone", "rev-parse", "HEAD")
    git(tmp_path / "clone", "commit", "--allow-empty", "-m", "mine")
    git(tmp_path / "clone", "remote", "set-url", "origin", "git@forge.example:somebody/jianbao.git")
    assert find_provenance() == Provenance("https://forge.example/somebody/jianbao.git", public)


def test_what_pip_noted_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Noted:
        def read_text(self, _: str) -> str:
            return json.dumps(
                {
                    "url": ELSEWHERE.repository,
                    "vcs_info": {"vcs": "git", "commit_id": ELSEWHERE.commit},
                }
            )

    monkeypatch.setattr(inventory, "IS_INSTALLED", True)
    monkeypatch.setattr(inventory, "distribution", lambda _: Noted())
    assert find_provenance() == ELSEWHERE
    monkeypatch.setattr(Noted, "read_text", lambda *_: '{"url": "file:///a", "dir_info": {}}')
    assert find_provenance() is None


# --- what becomes of it ---------------------------------------------------------------------------


def test_an_archive_without_a_page_is_a_site_too(tmp_path: Path) -> None:
    """A maintainer pushes before anything is converted, and the workflow must not fail."""
    archive = begun(tmp_path / "a")
    for words in ((), ("build", "--base-url", BASE)):
        done = run(archive, *words)
        assert (done.returncode, done.stderr) == (0, "")
        done = run(archive, "check")
        assert (done.returncode, done.stderr) == (0, "")


def test_an_archive_with_a_page_is_built_and_checked(tmp_path: Path) -> None:
    archive = begun(tmp_path / "a")
    add_a_page(archive)
    done = run(archive, "--base-url", BASE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 file · 1 article · ")
    (article,) = (archive / "site" / "articles").glob("*/index.md")
    assert "publication: 临河日报" in article.read_text("utf-8")
    done = run(archive, "check")
    assert (done.returncode, done.stderr) == (0, "")


# --- the installed package ------------------------------------------------------------------------

BUNDLED = ("pyproject.toml", "bundle.py", "README.md", "LICENSE", "jianbao", "templates", "assets")
# What `npm ci` would bring, brought from here.
NPM = """#!/bin/sh
[ "$*" = "ci --omit=dev --loglevel=error" ] || exit 2
mkdir -p node_modules && cp -r {lunr} node_modules/
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of a fresh clone by what is installed here; nothing is fetched."""
    place = tmp_path_factory.mktemp("wheel")
    clone = place / "clone"
    clone.mkdir()
    for name in BUNDLED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, clone / name)
    npm = place / "npm"
    npm.write_text(NPM.format(lunr=shlex.quote(str(ROOT / "node_modules/lunr"))), "utf-8")
    npm.chmod(0o755)
    words = ("--no-build-isolation", "--no-deps", "-w", place / "dist", clone)
    pip(sys.executable, "wheel", *words, path=f"{place}:{os.environ['PATH']}")
    (made,) = (place / "dist").glob("*.whl")
    return made


def pip(python: str | Path, verb: str, *words: str | Path, path: str = os.environ["PATH"]) -> None:
    ran = subprocess.run(
        [python, "-m", "pip", verb, "--no-index", "-q", *words],
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a fresh virtual environment, which borrows the packages that are installed here."""
    place = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (packages,) = place.glob("lib/python3*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    pip(place / "bin" / "python", "install", "--no-deps", wheel)
    return place / "bin" / "jianbao"


def call(command: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [command, *words], cwd=folder, env=clean, capture_output=True, encoding="utf-8", check=False
    )


def test_the_wheel_holds_what_stands_in_the_repository(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {"jianbao/lunr/lunr.min.js"}
    for folder, place in (("jianbao", ""), ("templates", "jianbao/"), ("assets", "jianbao/")):
        files = (path for path in (ROOT / folder).rglob("*") if path.is_file())
        expected |= {
            place + path.relative_to(ROOT).as_posix()
            for path in files
            if "__pycache__" not in path.parts
        }
    assert names == expected


def test_the_installed_command_begins_builds_and_checks(installed: Path, tmp_path: Path) -> None:
    done = call(installed, tmp_path, "new", "a")
    assert done.returncode == 0
    assert "cd a && jianbao && jianbao serve --open" in done.stdout
    archive = tmp_path / "a"
    add_a_page(archive)
    for words in ((), ("check",), ("review",), ("diff",)):
        done = call(installed, archive, *words)
        assert (done.returncode, done.stderr) == (0, ""), words
    there = tree(archive / "site")
    assert run(archive, "build", "--site", "other").returncode == 0
    assert tree(archive / "other") == there


def test_the_installed_command_calls_itself_by_its_name(installed: Path, tmp_path: Path) -> None:
    assert call(installed, tmp_path, "--help").stdout.startswith("usage: jianbao ")
    done = call(installed, tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: sources: there is no such folder\n")
    assert "`new DIR`" in done.stderr


def test_without_npm_a_wheel_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bundle

    monkeypatch.setattr(bundle, "LUNR", tmp_path / "lunr.min.js")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"install Node\.js"):
        bundle.bring_lunr()
