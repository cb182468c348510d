"""The one error a maintainer gets to see: where, what, what to do."""

from __future__ import annotations


class JianbaoError(Exception):
    """Something in the input, the settings or the surroundings is wrong, and a person can mend it.

    `path` is the file as the person named it, `line` counts from 1, `hint` says what to do, `more` is what else is wrong with it.
    A traceback, in contrast, means a bug of ours.

    >>> print(JianbaoError("the date '2020-13-19' is no date", path="content/a/02.md", line=3,
    ...                    hint="Write it as 2020-10-19, or leave it out.").told())
    error: content/a/02.md:3: the date '2020-13-19' is no date
      Write it as 2020-10-19, or leave it out.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        hint: str = "",
        more: tuple[JianbaoError, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.hint = hint
        self.more = more

    def told(self) -> str:
        """The error as the command prints it: one line, and the hint below it; then whatever there is more."""
        where = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        line = f"error: {where}: {self.message}" if where else f"error: {self.message}"
        told = f"{line}\n  {self.hint}" if self.hint else line
        return "\n".join([told, *(one.told() for one in self.more)])

    def as_json(self) -> list[dict[str, str | int | None]]:
        """The error as items of `errors` in the output of `--json`."""
        row = {"path": self.path, "line": self.line, "message": self.message, "hint": self.hint}
        return [row, *(item for one in self.more for item in one.as_json())]


class ConfigError(JianbaoError):
    """The settings or the command line are wrong; nothing was done."""

    exit_code = 2


class BusyError(JianbaoError):
    """Another build of the same site is running."""

    exit_code = 75
