"""Loading: what a site is made of, from its folders: articles, sources, templates and assets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import rjsmin

from jianbao import content, readings
from jianbao.config import Config
from jianbao.errors import ConfigError, JianbaoError
from jianbao.facsimiles import facsimiles_of
from jianbao.intake import read_bytes, read_text
from jianbao.inventory import HOME, read_lunr
from jianbao.models import Article, Facsimile, Ledger, Place, Source
from jianbao.progress import SILENT, Progress
from jianbao.report import Folders
from jianbao.shelf import LEDGER

if TYPE_CHECKING:
    from jianbao import publish

DEFAULT_THEME = "theme"
THEME_SUFFIXES = {".html", ".xml", ".css", ".js", ".svg", ".png"}
# Files beside the settings that the host looks for at the top of the site.
FOR_THE_HOST = ("CNAME",)


def require_content(folders: Folders) -> None:
    if not folders.content.is_dir():
        raise ConfigError(
            "there is no such folder",
            path=str(folders.content),
            hint="Convert first (`convert`), or name another folder with --content.",
        )


def articles_in(folder: Path, errors: list[JianbaoError]) -> list[tuple[Article, Path, str]]:
    """All articles of content/ with their files and what stands in them, in the order of their ids; what is wrong goes to `errors`."""
    found: dict[str, tuple[Article, Path, str]] = {}
    for path in sorted(folder.rglob("*.md")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            text = read_text(path)
            article = content.load(text, path=str(path))
            if article.id in found:
                raise JianbaoError(
                    f"the id {article.id!r} stands in {found[article.id][1]} too",
                    path=str(path),
                    hint="Give one of the two articles another id.",
                )
            found[article.id] = (article, path, text)
        except JianbaoError as error:
            errors.append(error)
    return [found[key] for key in sorted(found)]


def load_sources(
    folders: Folders, config: Config, errors: list[JianbaoError], progress: Progress = SILENT
) -> list[publish.SourceText]:
    """Every ledger with its source, as far as the file is still there and the same."""
    from jianbao import publish

    loaded = []
    paths = sorted(folders.content.glob(f"*/{LEDGER}"))
    with progress.stage("sources", len(paths)) as step:
        for path in paths:
            try:
                slug = path.parent.name
                loaded.append(publish.SourceText(slug, *load_source(folders, slug, config, errors)))
            except JianbaoError as error:
                errors.append(error)
            step()
    return loaded


def load_source(
    folders: Folders, slug: str, config: Config, errors: list[JianbaoError]
) -> tuple[Ledger, str | None, tuple[Facsimile, ...], tuple[Place, ...]]:
    """A ledger, the text of its source, and, if they are asked for, the pictures of its pages and where on them its lines stand; what
    keeps these from being made goes to `errors`.

    Raises:
        JianbaoError: the ledger or the source cannot be read.
    """
    path = folders.content / slug / LEDGER
    ledger = content.load_ledger(read_text(path), path=str(path))
    source = source_of(folders, ledger, config)
    if source is None:
        return ledger, None, (), ()
    try:
        raw = read_bytes(folders.sources / ledger.file, config.max_source_mb)
        images = facsimiles_of(folders.config, raw, ledger.file) if config.page_images else ()
    except JianbaoError as error:
        errors.append(error)
        images = ()
    return ledger, source.text, images, source.places if images else ()


def source_of(folders: Folders, ledger: Ledger, config: Config) -> Source | None:
    """The decoded source of a ledger; None when the file is gone or another one, or is read otherwise than it was."""
    sources, path = folders.sources, folders.sources / ledger.file
    if not path.resolve().is_relative_to(sources.resolve()) or not path.is_file():
        return None
    raw = read_bytes(path, config.max_source_mb)
    source = readings.source_of(folders.config, raw, ledger.file, ledger.encoding)
    is_same = source.sha256 == ledger.sha256 and len(source.text) == ledger.characters
    return source if is_same else None


# --- templates and assets ------------------------------------------------------------------------


def templates_of(config: Config, folders: Folders) -> list[Path]:
    """Where templates are looked for, in this order."""
    return [*_theme(config, folders, "templates"), _own("templates", folders)]


def load_assets(config: Config, folders: Folders) -> dict[str, bytes]:
    """Name → bytes of all assets: ours, the theme's over them, scripts without comments; and lunr.js from its package."""
    assets: dict[str, bytes] = {}
    for folder in [_own("assets", folders), *_theme(config, folders, "assets")]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                data = path.read_bytes()
                name = path.relative_to(folder).as_posix()
                assets[name] = rjsmin.jsmin(data) if path.suffix == ".js" else data
    if config.logo is not None:
        assets = _with_logo(assets, folders.config.parent / config.logo)
    return assets | {"lunr.min.js": read_lunr()}


def files_for_the_host(folders: Folders) -> dict[str, bytes]:
    """Name → bytes of what the host looks for at the top of the site, such as the domain in CNAME."""
    place = folders.config.parent
    return {name: (place / name).read_bytes() for name in FOR_THE_HOST if (place / name).is_file()}


def _with_logo(assets: Mapping[str, bytes], path: Path) -> dict[str, bytes]:
    """The assets with the archive's own logo for any other; it must be one."""
    from jianbao import publish

    if not path.is_file():
        hint = "logo: names a picture beside config.yaml."
        raise ConfigError("there is no such file", path=str(path), hint=hint)
    name = f"logo{path.suffix.lower()}"
    data = path.read_bytes()
    publish.read_logo(name, data, path=str(path))
    others = {other: data for other, data in assets.items() if other not in publish.LOGOS}
    return others | {name: data}


def _own(name: str, folders: Folders) -> Path:
    """A folder of the archive, or the program's own where the archive has none."""
    beside = folders.config.parent / name
    return beside if beside.is_dir() else HOME / name


def _theme(config: Config, folders: Folders, name: str) -> list[Path]:
    """`templates` or `assets` of the theme: of the folder the settings name, or of `theme`, where there is one."""
    folder = folders.config.parent / (config.theme or DEFAULT_THEME)
    if not folder.is_dir() and config.theme is None:
        return []
    if not folder.is_dir():
        raise ConfigError(
            f"the theme {config.theme!r} is no folder",
            path=str(folders.config),
            hint="theme: names a folder that holds templates/ or assets/.",
        )
    for path in sorted(folder.iterdir()):
        if path.suffix in THEME_SUFFIXES:
            raise JianbaoError(
                "stands beside the theme's folders, where nothing looks for it",
                path=str(path),
                hint=f"Templates belong into {folder}/templates/, all else into {folder}/assets/.",
            )
    return [folder / name] if (folder / name).is_dir() else []
