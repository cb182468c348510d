"""A fault: one thing that is wrong in a file, and how it is told."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from jianbao.errors import JianbaoError


class CheckWarning(JianbaoError):  # noqa: N818  # it is told beside the errors, and is none
    """Nothing is wrong yet."""

    exit_code = 0

    def told(self) -> str:
        return super().told().replace("error:", "warning:", 1)


class Fault(NamedTuple):
    """One thing that is wrong, in a file of the site; line 0 is the file as a whole."""

    file: str
    line: int
    message: str
    hint: str = ""
    kind: type[JianbaoError] = JianbaoError

    def order(self) -> tuple[str, int, str]:
        return self.file, self.line, self.message

    def as_error(self, folder: Path) -> JianbaoError:
        where = str(folder / self.file)
        return self.kind(self.message, path=where, line=self.line or None, hint=self.hint)


class Complaint(NamedTuple):
    """What is wrong in a page, before it is known which page it is."""

    line: int
    message: str
    hint: str = ""
