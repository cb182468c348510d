"""`config.yaml` and the sidecars of sources: read once, checked where they enter, trusted after.

`SETTINGS` and `SIDECAR_KEYS` are the whole list of what may be written; an unknown key is an error that names the
nearest one.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jianbao.colours import AT_NIGHT, NIGHT, PAPER, READABLE, contrast, readable
from jianbao.errors import ConfigError, JianbaoError
from jianbao.models import SOURCE_KINDS
from jianbao.yaml_guard import load_yaml

# Languages of the interface, each by its own name.
LANGUAGES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
CITATION_STYLES = ("gb2025", "gb2015")

# Bytes of a site. GitHub Pages publishes up to 1 GB; the warning comes while there is time to think.
MAX_BYTES = 1_000_000_000
MANY_BYTES = 800_000_000


@dataclass(frozen=True, slots=True)
class Publication:
    """A newspaper or website of this archive; aliases are other names it is printed under."""

    name: str
    place: str | None = None
    slug: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """专题: an article belongs to it when its keywords weigh enough (convert.describe)."""

    name: str
    slug: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forge:
    """Where readers may propose a correction: the repository's address and branch."""

    repository: str
    branch: str = "main"


@dataclass(frozen=True, slots=True)
class Accent:
    """The one colour beside ink and paper, as it is by day and by night."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Config:
    """This archive's settings, each with the value it has when `config.yaml` does not name it."""

    title: str = "剪报"
    motto: str = ""
    base_url: str | None = None  # None: no canonical addresses, no sitemap
    languages: tuple[str, ...] = ("zh-Hans",)  # of the interface; the first is the default
    rights: str = ""
    citation: str = "gb2025"
    publications: tuple[Publication, ...] = ()
    topics: tuple[Topic, ...] = ()
    paths: tuple[str, ...] = ()  # patterns such as {publication}/{date}/{page}.txt
    widen_punctuation: bool = True  # typography: {widen_punctuation: …}
    accent: Accent | None = None  # None: the vermilion of style.css
    logo: str | None = None  # a picture beside config.yaml
    theme: str | None = None  # its templates/ and assets/ come before ours; None: theme/, if there
    forge: Forge | None = None
    page_images: bool = False  # pages of PDF files and scans are shown beside their text
    max_source_mb: int = 20


@dataclass(frozen=True, slots=True)
class Known:
    """What the maintainer states about a source, in a sidecar or by its path. It wins."""

    publication: str | None = None
    date: str | None = None
    page: str | None = None
    kind: str | None = None
    url: str | None = None
    accessed: str | None = None
    encoding: str | None = None
    rights: str | None = None


def load_config(text: str, *, path: str) -> Config:
    """The settings in a `config.yaml`.

    Raises:
        ConfigError: an unknown key, or a value that cannot be meant.
    """
    return Config(**_Settings(text, path, SETTINGS, "setting").values())


def load_known(text: str, *, path: str) -> Known:
    """What a sidecar `sources/NAME.EXT.yaml` states.

    Raises:
        ConfigError: as `load_config`.
    """
    return Known(**_Settings(text, path, SIDECAR_KEYS, "key").values())


class _Settings:
    """A mapping out of a file, its keys checked against a table, errors with their line."""

    def __init__(self, text: str, path: str, table: Mapping[str, _Check], what: str) -> None:
        self.text, self.path = text, path
        try:
            data = load_yaml(text.removeprefix("\ufeff"), path=path)
        except JianbaoError as error:
            raise ConfigError(
                error.message, path=error.path, line=error.line, hint=error.hint
            ) from error
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise ConfigError("must hold `key: value` lines", path=path, line=1)
        self.data, self.table = data, table
        self.what = what

    def unknown(self, key: Any) -> ConfigError:
        near = difflib.get_close_matches(str(key), self.table, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        known = f"{hint}Known: {', '.join(sorted(self.table))}."
        return self.wrong(str(key), f"unknown {self.what} {key!r}", known)

    def wrong(self, key: str, says: str, hint: str = "") -> ConfigError:
        found = re.search(rf"^{re.escape(key)}[ \t]*:", self.text, re.MULTILINE)
        line = 1 + self.text.count("\n", 0, found.start()) if found else None
        return ConfigError(says, path=self.path, line=line, hint=hint)

    def refuse_comment(self, key: str) -> None:
        """Tell of a colour without quotes: for YAML it is a comment."""
        if found := re.search(
            rf"^{re.escape(str(key))}[ \t]*:[ \t]+(#\w+)", self.text, re.MULTILINE
        ):
            hint = f'Write it in quotes: {key}: "{found[1]}"'
            raise self.wrong(key, f"{found[1]} begins with #, and is read as a comment", hint)

    def values(self) -> dict[str, Any]:
        """Fields of the dataclass, checked; all that is wrong is told at once."""
        values: dict[str, Any] = {}
        wrong: list[ConfigError] = []
        for key, value in self.data.items():
            try:
                values |= self.fields_of(key, value)
            except ConfigError as error:
                wrong.append(error)
        if wrong:
            first, *others = wrong
            first.more = tuple(others)
            raise first
        return values

    def fields_of(self, key: Any, value: Any) -> dict[str, Any]:
        if key not in self.table:
            raise self.unknown(key)
        if value is None:
            self.refuse_comment(key)
            return {}
        try:
            return self.table[key](key, value)
        except ValueError as error:
            raise self.wrong(key, str(error)) from error


# --- checks: key and value in, fields of the dataclass out, ValueError with a sentence -----------

_Check = Callable[[str, Any], dict[str, Any]]


def _text(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{key} must be text, not {value!r}")
    return {key: str(value)}


def _texts(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{key} must be a list of texts, not {value!r}")
    return {key: tuple(value)}


def _patterns(key: str, value: Any) -> dict[str, Any]:
    """Path patterns; what stands in braces is a key of a sidecar."""
    for pattern in _texts(key, value)[key]:
        names = re.findall(r"\{(\w*)\}", pattern)
        for name in names:
            if name not in SIDECAR_KEYS:
                raise ValueError(f"{pattern!r} holds {{{name}}}; known: {', '.join(SIDECAR_KEYS)}")
            if names.count(name) > 1:
                raise ValueError(f"{pattern!r} holds {{{name}}} twice")
    return {key: tuple(value)}


def _count(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{key} must be a number from 1, not {value!r}")
    return {key: value}


def _yes_or_no(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, bool):
        raise ValueError(f"{key} must be true or false, not {value!r}")
    return {key: value}


def _url(key: str, value: Any) -> dict[str, Any]:
    parts = urlsplit(str(value))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{key} must begin with https:// or http://, not {value!r}")
    return {key: str(value)}


def _one_of(*allowed: str) -> _Check:
    def check(key: str, value: Any) -> dict[str, Any]:
        if value not in allowed:
            raise ValueError(f"{key} must be one of {', '.join(allowed)}, not {value!r}")
        return {key: value}

    return check


def _languages(key: str, value: Any) -> dict[str, Any]:
    _texts(key, value)
    for one in value:
        _one_of(*LANGUAGES)(key, one)
    if not value:
        raise ValueError("languages must name at least one")
    if len(set(value)) < len(value):
        raise ValueError("languages names one twice")
    return {key: tuple(value)}


def _day(key: str, value: Any) -> dict[str, Any]:
    try:
        if len(str(value)) != 10:
            raise ValueError
        return {key: datetime.date.fromisoformat(str(value)).isoformat()}
    except ValueError:
        raise ValueError(f"{key} must be a day such as 2020-10-19, not {value!r}") from None


def _rows(kind: Callable[..., Any], **checks: _Check) -> _Check:
    """A list of mappings, each with a name, each made into `kind`."""

    def check(key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, list):
            raise ValueError(f"{key} must be a list")
        return {
            key: tuple(_record(key, one, kind, {"name": _text} | checks, "name") for one in value)
        }

    return check


def _record(
    key: str, value: Any, kind: Callable[..., Any], checks: Mapping[str, _Check], needed: str
) -> Any:
    if not isinstance(value, dict) or needed not in value:
        raise ValueError(f"{key}: {value!r} must have {needed}:")
    fields: dict[str, Any] = {}
    for name, one in value.items():
        if name not in checks:
            raise ValueError(f"{key}: unknown {name!r}; known: {', '.join(checks)}")
        fields |= checks[name](name, one)
    return kind(**fields)


def _slug(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"a slug is made of a-z, 0-9 and single hyphens, not {value!r}")
    return {key: value}


def _typography(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) - {"widen_punctuation"}:
        raise ValueError("typography knows widen_punctuation: true or false")
    return _yes_or_no("widen_punctuation", value.get("widen_punctuation", True))


def _colour(key: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise ValueError(f'{key} must be a colour such as "#1f4e79", not {value!r}')
    return value.lower()


def _accent(key: str, value: Any) -> dict[str, Any]:
    """One colour, from which that of the night is derived, or one for each."""
    if not isinstance(value, dict):
        value = {"light": value}
    if set(value) - {"light", "dark"} or "light" not in value:
        raise ValueError(f"{key} is a colour, or {{light: …, dark: …}}")
    light = _colour(f"{key}: light", value["light"])
    derived = readable(light, NIGHT, AT_NIGHT)
    dark = _colour(f"{key}: dark", value.get("dark", derived))
    for colour, ground, name in ((light, PAPER, "the paper"), (dark, NIGHT, "the paper by night")):
        ratio = contrast(colour, ground)
        if ratio < READABLE:
            raise ValueError(
                f"{key}: {colour} on {name} ({ground}) has a contrast of {int(ratio * 100) / 100}:1, and words need "
                f"{READABLE}:1; the nearest that has it is {readable(colour, ground)}"
            )
    return {key: Accent(light, dark)}


def _logo(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str) or not value.lower().endswith((".svg", ".png")):
        raise ValueError(f"{key} must name a picture beside this file, .svg or .png, not {value!r}")
    return {key: value}


def _forge(key: str, value: Any) -> dict[str, Any]:
    checks = {"repository": _url, "branch": _text}
    return {key: _record(key, value, Forge, checks, "repository")}


SETTINGS: dict[str, _Check] = {
    "title": _text,
    "motto": _text,
    "base_url": _url,
    "languages": _languages,
    "rights": _text,
    "citation": _one_of(*CITATION_STYLES),
    "publications": _rows(Publication, place=_text, slug=_slug, aliases=_texts),
    "topics": _rows(Topic, slug=_slug, keywords=_texts),
    "paths": _patterns,
    "typography": _typography,
    "accent": _accent,
    "logo": _logo,
    "theme": _text,
    "forge": _forge,
    "page_images": _yes_or_no,
    "max_source_mb": _count,
}

SIDECAR_KEYS: dict[str, _Check] = {
    "publication": _text,
    "date": _day,
    "page": _text,
    "kind": _one_of(*SOURCE_KINDS),
    "url": _url,
    "accessed": _day,
    "encoding": _text,
    "rights": _text,
}
