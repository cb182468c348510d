"""The floors of the house: which module may import which, read from the source and held to a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Lowest first. A module imports only what stands on a lower floor; inside a wing (`….*`) also its
# neighbours. A new module of a wing needs no line here, any other does.
FLOORS = (
    ("jianbao",),  # the package itself: the version
    ("jianbao.errors", "jianbao.pinyin", "jianbao.seal"),
    (
        "jianbao.models",
        "jianbao.yaml_subset",
        "jianbao.job",
        "jianbao.progress",
        "jianbao.report",
        "jianbao.inventory",
    ),
    (
        "jianbao.yaml_guard",
        "jianbao.slugs",
        "jianbao.account",
        "jianbao.identity",
        "jianbao.homes",
        "jianbao.review",
        "jianbao.colours",
        "jianbao.processes",
        "jianbao.cluster",
    ),
    ("jianbao.content", "jianbao.config", "jianbao.swap", "jianbao.crew", "jianbao.watching"),
    ("jianbao.merge", "jianbao.intake", "jianbao.founding"),
    ("jianbao.copies",),
    ("jianbao.corrections",),
    ("jianbao.shelf", "jianbao.changes"),
    ("jianbao.convert.*", "jianbao.publish.*"),
    ("jianbao.converting", "jianbao.facsimiles", "jianbao.last_build", "jianbao.readings"),
    ("jianbao.loading", "jianbao.last_conversion"),
    ("jianbao.building",),
    ("jianbao.pipeline",),
    ("jianbao.serve", "jianbao.rebuilding", "jianbao.check.*", "jianbao.tell"),
    ("jianbao.cli",),
    ("build",),
)

PACKAGES = ("jianbao", "jianbao.check", "jianbao.convert", "jianbao.publish")

# `site` hides a module of the standard library; the others say nothing of what is in them.
FORBIDDEN_NAMES = frozenset({"site", "utils", "helpers", "manager"})

Sources = dict[str, str]  # module name → its code


def test_the_house_stands() -> None:
    assert list(complaints(house())) == []


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        pytest.param(
            {"jianbao.publish.pages": "import jianbao.convert"},
            "jianbao.publish.pages imports jianbao.convert, which is not below it",
            id="one wing imports the other",
        ),
        pytest.param(
            {"jianbao.models": "import jianbao.config"},
            "jianbao.models imports jianbao.config, which is not below it",
            id="a module imports upward",
        ),
        pytest.param(
            {"jianbao.config": "def load():\n    from jianbao import content"},
            "jianbao.config imports jianbao.content, which is not below it",
            id="a module imports its neighbour, late",
        ),
        pytest.param(
            {"jianbao.convert.read": "from ..pipeline import convert"},
            "jianbao.convert.read imports jianbao.pipeline, which is not below it",
            id="a module imports upward by dots",
        ),
        pytest.param(
            {"jianbao.pipeline": "import build"},
            "jianbao.pipeline imports build, which is not below it",
            id="the code imports its command",
        ),
        pytest.param(
            {"jianbao.stray": ""},
            "jianbao.stray stands on no floor",
            id="a module is missing from the table",
        ),
        pytest.param(
            {
                "jianbao.convert.read": "from jianbao.convert.blocks import split_blocks",
                "jianbao.convert.blocks": "from jianbao.convert.read import READERS",
            },
            "jianbao.convert.blocks and jianbao.convert.read import each other in a circle",
            id="two modules of a wing import each other",
        ),
        pytest.param(
            {"jianbao.convert.utils": ""},
            "jianbao.convert.utils has a name that says nothing, or is taken",
            id="a name that says nothing",
        ),
    ],
)
def test_a_crooked_house_is_seen(sources: Sources, complaint: str) -> None:
    assert complaint in complaints(house() | sources)


@pytest.mark.parametrize(
    "sources",
    [
        pytest.param(
            {"jianbao.convert.dates": "from jianbao.models import Article"}, id="downward"
        ),
        pytest.param({"jianbao.publish.more": "from jianbao.publish import x"}, id="in a wing"),
        pytest.param({"build": "import sys, jianbao.cli"}, id="the command, the standard library"),
        pytest.param({"jianbao.errors": "from jianbao import __version__"}, id="the version"),
    ],
)
def test_a_straight_house_is_left_alone(sources: Sources) -> None:
    assert list(complaints(house() | sources)) == []


# --- what is wrong with a house -----------------------------------------------------------------


def complaints(sources: Sources) -> Iterator[str]:
    """Everything that goes against the table, in sentences."""
    imports = {name: set(imported(name, code, sources)) for name, code in sources.items()}
    for name, others in imports.items():
        if name.rpartition(".")[2] in FORBIDDEN_NAMES:
            yield f"{name} has a name that says nothing, or is taken"
        if floor(name) is None:
            yield f"{name} stands on no floor"
        yield from (
            f"{name} imports {other}, which is not below it"
            for other in sorted(others)
            if not may_import(name, other)
        )
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        circle = " and ".join(sorted(set(error.args[1])))
        yield f"{circle} import each other in a circle"


def may_import(name: str, other: str) -> bool:
    """Whether `other` stands on a lower floor than `name`, or in the same wing."""
    here, there = floor(name), floor(other)
    if here is None or there is None:
        return here is None  # a module on no floor is told by itself
    same_wing = wing(name) is not None and wing(name) == wing(other)
    return there < here or same_wing


def floor(name: str) -> int | None:
    """The number of a module's floor, None when the table does not have it."""
    entry = wing(name) or name
    return next((number for number, names in enumerate(FLOORS) if entry in names), None)


def wing(name: str) -> str | None:
    """The table's entry for the wing a module belongs to, if any."""
    wings = (entry for names in FLOORS for entry in names if entry.endswith(".*"))
    return next((entry for entry in wings if f"{name}.".startswith(entry[:-1])), None)


def imported(name: str, code: str, sources: Sources) -> Iterator[str]:
    """The modules of the house that a module imports, anywhere in it."""
    package = name if name in PACKAGES else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            whole = resolve_name("." * node.level + (node.module or ""), package)
            parts = (f"{whole}.{alias.name}" for alias in node.names)
            if is_ours(whole):
                yield from (part if part in sources else whole for part in parts)


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in ("jianbao", "build")


def house() -> dict[str, str]:
    """The modules as they stand in the repository."""
    paths = [*ROOT.glob("build.py"), *ROOT.glob("jianbao/**/*.py")]
    return {module_name(path): path.read_text(encoding="utf-8") for path in sorted(paths)}


def module_name(path: Path) -> str:
    """`jianbao/convert/read.py` is `jianbao.convert.read`, `jianbao/__init__.py` is `jianbao`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
