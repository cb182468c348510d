"""The sentence a call is refused with; for tests of any input at all, which may be taken or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from jianbao.errors import JianbaoError

Given = ParamSpec("Given")


def refusal(
    call: Callable[Given, object], *args: Given.args, **kwargs: Given.kwargs
) -> JianbaoError | None:
    """The error that a call raises, None when it goes well; any other exception is a bug and goes through."""
    try:
        call(*args, **kwargs)
    except JianbaoError as error:
        return error
    return None
