"""A browser for the tests, and Chinese type for it: found on this machine, or else installed.

`make test` runs this first; `conftest` asks it where the browser is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Provide what is missing; 1 when there is no browser and none can be had."""
    if not has_browser() and not (install_with_apt() or install_with_playwright()):
        print(
            "error: no browser for the tests, and none could be installed\n"
            "  Install Chromium, or name one: CHROMIUM=/path/to/chromium make test",
            file=sys.stderr,
        )
        return 1
    if not has_chinese_type() and not apt_install("fonts-noto-cjk"):
        print("warning: no Chinese font found; pictures of pages will show boxes", file=sys.stderr)
    return 0


def find_chromium() -> str | None:
    """Where this machine's Chromium is: what $CHROMIUM names, or else the first name on the PATH."""
    names = [named] if (named := os.environ.get("CHROMIUM")) else CHROMIUM_NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


def has_browser() -> bool:
    """Whether there is a Chromium; a wrong $CHROMIUM is told, not passed over.

    Raises:
        SystemExit: $CHROMIUM names no program.
    """
    found = find_chromium()
    if not found and (named := os.environ.get("CHROMIUM")):
        raise SystemExit(f"error: CHROMIUM={named}: no such program\n  Correct it, or unset it.")
    return found is not None


def has_chinese_type() -> bool:
    """Whether fontconfig knows a font for Chinese; systems without fontconfig bring their own."""
    if not shutil.which("fc-list"):
        return sys.platform != "linux"
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def install_with_apt() -> bool:
    """Whether Debian's Chromium could be installed (Ubuntu's package of that name holds none)."""
    return apt_install("chromium", "fonts-noto-cjk") and find_chromium() is not None


def install_with_playwright() -> bool:
    """Whether Playwright has its own Chromium, or could download it."""
    print("Looking for Playwright's own Chromium …", file=sys.stderr)
    return succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def apt_install(*packages: str) -> bool:
    """Whether the packages could be installed with apt-get; only root on Debian may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print(f"Installing {' and '.join(packages)} with apt-get …", file=sys.stderr)
    options = ("install", "--yes", "--no-install-recommends")
    return succeeds("apt-get", "update") and succeeds("apt-get", *options, *packages)


def succeeds(*command: str) -> bool:
    """Whether a command ends well; what it said is shown only when it does not."""
    done = subprocess.run(
        command,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
