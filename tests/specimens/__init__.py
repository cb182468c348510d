"""Specimens: what stands in `NAME.yaml` beside this file, as the parameters of a test.

Every specimen says in its `comment` where such a thing is found or why it matters. One that carries
`xfail` is a failure we know and cannot mend yet; it is strict, so the day it heals we hear of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jianbao.yaml_guard import load_yaml

Specimen = dict[str, Any]

HERE = Path(__file__).parent


def each(name: str, *, known_failures: bool = True) -> pytest.MarkDecorator:
    """Run a test with every specimen of a file: `@each("openers")` above `def test_…(specimen)`.

    A test of something that holds for the known failures too leaves their marks aside.
    """
    parameters = [_parameter(one, marked=known_failures) for one in read_specimens(name)]
    return pytest.mark.parametrize("specimen", parameters)


def read_specimens(name: str) -> list[Specimen]:
    """The specimens of a file, in its order."""
    path = HERE / f"{name}.yaml"
    specimens: list[Specimen] = load_yaml(path.read_text(encoding="utf-8"), path=path.name)
    return specimens


def _parameter(specimen: Specimen, *, marked: bool) -> Any:
    known = specimen.get("xfail") if marked else None
    marks = [pytest.mark.xfail(strict=True, reason=known)] if known else []
    return pytest.param(specimen, id=specimen["comment"], marks=marks)
