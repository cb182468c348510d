"""A small archive to be hard on: three pages of our own words in three encodings, and the command to run on it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from jianbao.pipeline import Folders, Report, build_site, convert_sources, read_config

ROOT = Path(__file__).parent.parent.parent
SETTINGS = """\
title: 渡口剪报
base_url: https://archive.example/du-kou/
languages: [zh-Hans]
topics: [{name: 水利, keywords: [渡口, 水位]}]
"""
PAGES: dict[str, bytes] = {
    "a.txt": """\
# 老街的石板路年底前修好

本报讯（记者 何小禾）老街的石板路坑洼多年，雨天积水，晴天硌脚，街坊们盼着它修好已经盼了许多年。昨天，施工队进场了。

# 图书馆夜里开到十点

本报讯（记者 艾松）从本月起，青禾市图书馆每天开放到晚上十点，下班以后的市民也能坐下来读完一本书再回家。
""".encode(),
    "青禾日报/第一版.txt": """\
青禾日报 2020年6月18日 星期四 第1版

# 城南渡口昨日开航

本报讯（记者 史雪）城南渡口昨日开航，过江不再绕路。船工说，天不亮就有人在岸上等，水位涨落都写在牌子上。
""".encode("gb18030"),
    "old.md": """\
# 老碼頭的燈又亮了

從本月起，老碼頭每晚點燈到十點，下班以後的市民也能坐下來看看江水再回家，船員為他們留著燈。
""".encode("big5"),
}
FIRST = "content/a/01.md"  # an article of it
DATED = "content/qing-he-ri-bao-di-yi-ban/01.md"  # one whose day is known


def make_archive(folder: Path) -> Path:
    """The archive below a folder, nothing converted yet."""
    for name, data in {"config.yaml": SETTINGS.encode()}.items():
        write(folder / name, data)
    for name, data in PAGES.items():
        write(folder / "sources" / name, data)
    return folder


def write(path: Path, data: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def folders_in(home: Path) -> Folders:
    return Folders(home / "config.yaml", home / "sources", home / "content", home / "site")


def convert(home: Path) -> Report:
    folders = folders_in(home)
    return convert_sources(read_config(folders.config), folders)


def build(home: Path) -> Report:
    folders = folders_in(home)
    return build_site(read_config(folders.config), folders)


def run(
    home: Path, *words: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; it never shows a traceback."""
    done = subprocess.run(
        [sys.executable, ROOT / "build.py", *words],
        cwd=home,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def digest(folder: Path, *, without: str = "/") -> str:
    """One SHA-256 of all names and bytes below a folder; files whose name ends with `without` are left out."""
    whole = hashlib.sha256()
    for name, data in tree(folder).items():
        if name.endswith(without):
            continue
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def rubbish(home: Path) -> list[str]:
    """What a run has left beside what it makes: nothing, once it is done."""
    usual = {"config.yaml", "sources", "content", "site", "theme", ".cache"}
    beside = [path.name for path in home.iterdir() if path.name not in usual]
    within = [str(path) for path in home.glob("content/**/.*") if path.name != ".base"]
    return sorted(beside + within)
