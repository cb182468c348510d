"""The inventory: what the program brings along, and which program this is, in its repository or installed.

In the repository templates and assets stand beside the package, and lunr.js where npm has put it; in a wheel all are in the
package (`pyproject.toml` says so). An archive of its own has none of them, and so gets the new ones with a new version.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from jianbao.errors import ConfigError

PACKAGE = Path(__file__).resolve().parent
IS_INSTALLED = (PACKAGE / "templates").is_dir()
# Where templates/ and assets/ stand; a theme's come before them.
HOME = PACKAGE if IS_INSTALLED else PACKAGE.parent
LUNR = HOME / ("lunr" if IS_INSTALLED else "node_modules/lunr") / "lunr.min.js"
STARTER = PACKAGE / "starter"  # what a new archive begins with


def read_lunr() -> bytes:
    """lunr.js, as visitors get it.

    Raises:
        ConfigError: npm has not brought it.
    """
    if not LUNR.is_file():
        raise ConfigError(
            "lunr.js is not installed",
            path=LUNR.relative_to(HOME).as_posix(),
            hint="Run `make setup` (or `npm ci`).",
        )
    return LUNR.read_bytes()


# --- which program this is -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a machine elsewhere gets the same program: the address of its repository, and the commit."""

    repository: str
    commit: str


def find_provenance() -> Provenance | None:
    """Where this program came from; None where only this machine has it."""
    found = _installed_from() if IS_INSTALLED else _cloned_from(HOME)
    return found if found and found.repository.startswith("https://") else None


def _installed_from() -> Provenance | None:
    """What pip noted when it installed from a repository (PEP 610)."""
    try:
        noted = json.loads(distribution("jianbao").read_text("direct_url.json") or "{}")
        return Provenance(noted["url"], noted["vcs_info"]["commit_id"])
    except (PackageNotFoundError, ValueError, LookupError):
        return None


def _cloned_from(folder: Path) -> Provenance | None:
    """The origin of a clone, and the newest commit of what is checked out that the origin has too."""
    address = _git(folder, "remote", "get-url", "origin")
    commit = _git(folder, "merge-base", "HEAD", "origin/HEAD") or _git(folder, "rev-parse", "HEAD")
    return Provenance(https_of(address), commit) if address and commit else None


def https_of(address: str) -> str:
    """The address of a repository as anybody may read it, without a name and a password.

    >>> https_of("git@forge.example:somebody/jianbao.git")
    'https://forge.example/somebody/jianbao.git'
    >>> https_of("https://me:secret@forge.example/somebody/jianbao")
    'https://forge.example/somebody/jianbao'
    """
    scheme, parted, rest = address.partition("://")
    if not parted:
        host, colon, path = address.partition(":")
        if not colon or "@" not in host:
            return address  # a folder of this machine
        rest = f"{host}/{path}"
    elif scheme not in ("https", "ssh"):
        return address
    host, slash, path = rest.partition("/")
    return f"https://{host.rpartition('@')[2]}{slash}{path}"


def _git(folder: Path, *words: str) -> str:
    """What git says; nothing where there is no git, or no repository."""
    if not (folder / ".git").exists():
        return ""
    try:
        ran = subprocess.run(  # noqa: S603  # our own words, no shell
            ["git", "-C", str(folder), *words],  # noqa: S607  # the git of the PATH, as for the maintainer
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
    except OSError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
