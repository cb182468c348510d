"""What the repository may hold: our own words, locked dependencies, nothing of any one machine."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")

# The bracketed letters keep this file from finding itself.
REGISTRY_RE = re.compile(
    r"""p[y]pi\.(org|io)|p[y]thonhosted\.|np[m]js\.|deb\.debia[n]\.|registr[y]\.\w[\w-]*\.\w
    |://[^\s"']+/-/[^\s"']+\.tg[z]|--(extra-)?index-ur[l][ =]|--find-link[s][ =]""",
    re.VERBOSE,
)
MACHINE_PATH_RE = re.compile(r"(?<![\w./~-])/(work|root|tmp|home/\w+|Users/\w+)/\w")
PINNED_RE = re.compile(r"[a-z0-9-]+==[^ ;]+( ;.+)?( --hash=sha256:[0-9a-f]{64})+")
RECIPE_RE = re.compile(r"`(jianbao/[\w/]+\.py)`, `([A-Z_]+)`")
ACTION_RE = re.compile(r"\buses: *(\S+)")
PINNED_ACTION_RE = re.compile(r"[\w./-]+@[0-9a-f]{40}")

# So many Chinese characters in a row are no coincidence: the longest name of a regulation in the five
# real pages, which anybody may write, has 19.
BORROWED_MIN = 20


# --- the nets catch ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "index = https://" + "pypi" + ".org/simple",
        "https://" + "registry" + ".example.cn/lunr",
        '"resolved": "https://example.cn/lunr/' + '-/lunr-2.3.9.tgz"',
        "--index" + "-url https://example.cn",
    ],
)
def test_registry_addresses_are_seen(line: str) -> None:
    assert REGISTRY_RE.search(line)


@pytest.mark.parametrize("line", ["read from the registry. Then", "https://linhe.example/index"])
def test_other_lines_are_no_registry_address(line: str) -> None:
    assert not REGISTRY_RE.search(line)


@pytest.mark.parametrize("line", ["in '/" + "work/main'", "/" + "home/li/a.txt", "(/" + "tmp/a)"])
def test_paths_of_a_machine_are_seen(line: str) -> None:
    assert MACHINE_PATH_RE.search(line)


@pytest.mark.parametrize("line", ["https://linhe.example/work/a", "../work/a", "~/work/a"])
def test_other_paths_are_left_alone(line: str) -> None:
    assert not MACHINE_PATH_RE.search(line)


# --- every file ----------------------------------------------------------------------------------


def test_no_file_names_a_registry() -> None:
    assert lines_with(REGISTRY_RE) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH_RE) == []


def test_every_text_file_is_utf8_with_plain_line_ends() -> None:
    wrong = [path for path in files() if not is_plain_text(path) and not is_exempt(path)]
    assert [str(path) for path in wrong] == []


def is_plain_text(path: Path) -> bool:
    """UTF-8 without a byte order mark, `\\n` at the end of each line, the last one included."""
    data = (ROOT / path).read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not text.startswith("\ufeff") and "\r" not in text and (not text or text.endswith("\n"))


def is_exempt(path: Path) -> bool:
    """Files as received keep their bytes, and pictures are no text."""
    return "sources" in path.parts or path.suffix in {".png", ".ico"}


@pytest.mark.needs_shared
def test_no_sentence_is_borrowed_from_the_real_pages(shared: Path) -> None:
    originals = [*shared.glob("seeds/*.txt"), *shared.glob("gold/*.yaml")]
    assert originals
    printed = {run for path in originals for run in runs(path.read_text(encoding="utf-8"))}
    borrowed = {
        str(path): next(iter(found)) for path, text in texts() if (found := printed & runs(text))
    }
    assert borrowed == {}


def runs(text: str) -> set[str]:
    """Every run of `BORROWED_MIN` Chinese characters, whatever stands between them."""
    han = "".join(re.findall(r"[\u4e00-\u9fff]+", text))
    return {han[start : start + BORROWED_MIN] for start in range(len(han) - BORROWED_MIN + 1)}


# --- dependencies --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes(name: str) -> None:
    rows = locked(name)
    assert rows
    assert [row for row in rows if not PINNED_RE.fullmatch(row)] == []


def test_the_tests_run_with_what_the_site_is_built_with() -> None:
    runtime, dev = ({row.partition(" ")[0] for row in locked(name)} for name in LOCKS)
    assert runtime <= dev


def test_the_lock_files_hold_what_is_declared() -> None:
    runtime, dev = ({row.partition("==")[0] for row in locked(name)} for name in LOCKS)
    assert declared() | declared("docx") <= runtime  # the demo has a Word file
    assert declared("dev") | declared("cluster") <= dev
    assert declared("cluster").isdisjoint(runtime)


def test_the_browser_packages_are_locked_without_an_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert packages
    assert [name for name, row in packages.items() if "resolved" in row] == []
    assert [name for name, row in packages.items() if "integrity" not in row] == []


def test_package_json_and_its_lock_agree() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for kind in ("dependencies", "devDependencies"):
        assert lock["packages"][""][kind] == package[kind]


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    assert imported() == declared() | declared("cluster") | declared("docx")


def test_what_only_a_cluster_needs_is_imported_for_a_cluster_only() -> None:
    code = "import sys, jianbao.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert declared("cluster").isdisjoint(ran.stdout.decode().split())


def locked(name: str) -> list[str]:
    """The rows of a requirements file, continued lines joined, comments left out."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    rows = (" ".join(line.split()) for line in text.splitlines())
    return [row for row in rows if row and not row.startswith("#")]


def declared(extra: str = "") -> set[str]:
    """The packages pyproject.toml asks for, at all times or with an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {normal(re.split(r"[^\w.-]", row, maxsplit=1)[0]) for row in rows}


def imported() -> set[str]:
    """The packages that the code imports, anywhere in it; the standard library and ours left out."""
    code = [
        path
        for path in files()
        if path.parts[0] in ("build.py", "jianbao") and path.suffix == ".py"
    ]
    modules = {module for path in code for module in imported_modules(path)}
    foreign = modules - sys.stdlib_module_names - {"jianbao"}
    known = packages_distributions()
    return {normal(known.get(module, [module])[0]) for module in foreign}


def imported_modules(path: Path) -> Iterator[str]:
    """The first part of the name of each module that a file imports."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def normal(name: str) -> str:
    """A package's name as lock files write it.

    >>> normal("types_PyYAML")
    'types-pyyaml'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


# --- commands ------------------------------------------------------------------------------------


def test_the_readme_names_the_command_that_is_tested() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_recipes_name_tables_that_exist() -> None:
    recipes = RECIPE_RE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(recipes) == 5
    for path, table in recipes:
        code = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^{table}\b.* = ", code, re.MULTILINE), f"{path} has no {table}"


def test_the_workflows_pin_their_actions_by_commit() -> None:
    workflows = (ROOT / ".github/workflows").glob("*.yml")
    actions = [one for path in workflows for one in ACTION_RE.findall(path.read_text("utf-8"))]
    assert actions
    assert [action for action in actions if not PINNED_ACTION_RE.fullmatch(action)] == []


# --- the files git knows, or would ---------------------------------------------------------------


@cache
def files() -> tuple[Path, ...]:
    """The files of the repository: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    paths = sorted({Path(name) for name in listed.split("\0") if name})
    return tuple(path for path in paths if (ROOT / path).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """Each file with its text; bytes that are no UTF-8 show as replacement characters."""
    for path in files():
        yield path, (ROOT / path).read_text(encoding="utf-8", errors="replace")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """`path:line` for each line of the repository that holds the pattern."""
    return [
        f"{path}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.split("\n"), 1)
        if pattern.search(line)
    ]
