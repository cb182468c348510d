"""Extras: packages that only some kinds of file need, and the sentence for who has not installed them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from jianbao.errors import JianbaoError


def require(module: str, extra: str, path: str) -> ModuleType:
    """A module of an extra, imported when the first file at `path` needs it.

    Raises:
        JianbaoError: it is not installed; the sentence names the command that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise JianbaoError(
            f"cannot be read without the extra [{extra}]",
            path=path,
            hint=f'Install it: python -m pip install "jianbao[{extra}]"; in a clone: '
            f".venv/bin/python -m pip install '.[{extra}]'",
        ) from None
