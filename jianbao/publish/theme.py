"""Themes: templates and assets of the maintainer's that come before ours, an accent, a logo.

A theme that says something to no effect is an error: a block that no page has, a template that nobody asks for.
"""

from __future__ import annotations

import difflib
import io
import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import jinja2
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import meta, nodes
from jinja2.ext import extract_from_ast

from jianbao.colours import ON_STAMP, readable
from jianbao.config import Accent
from jianbao.errors import JianbaoError
from jianbao.publish.memo import Memo

# Our own templates under a name of their own, so that a theme's article.html can extend ours.
HOUSE = "jianbao"
# Of words and pages the reader waits for, a logo should be the least: 25 KB is what a whole page has.
MAX_LOGO_BYTES = 100_000
LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}
ICON = "icon.svg"
ICON_COLOUR = b"#a8261c"
PNG_HEAD = struct.Struct(">8s4x4sII")


# --- templates -----------------------------------------------------------------------------------


class TemplateFolder(NamedTuple):
    """A folder of templates, read: so that a worker elsewhere has them too."""

    path: str
    texts: Mapping[str, str]  # by the name they are asked for

    def load(self, name: str) -> tuple[str, str, None] | None:
        """A template as a loader of Jinja wants it."""
        return (self.texts[name], f"{self.path}/{name}", None) if name in self.texts else None


def read_templates(folder: Path) -> TemplateFolder:
    """The templates of a folder, and its message catalogues.

    Raises:
        JianbaoError: a file is not UTF-8.
    """
    texts = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not re.search(r"(^|/)\.|[~#]$", name):
            if path.is_symlink():
                hint = "Links are not followed: put the file itself there."
                raise JianbaoError("the template is a link", path=str(path), hint=hint)
            try:
                texts[name] = path.read_text("utf-8")
            except UnicodeDecodeError as error:
                raise JianbaoError("the template is not UTF-8", path=str(path)) from error
    return TemplateFolder(str(folder), texts)


def make_loader(templates: Sequence[TemplateFolder]) -> jinja2.BaseLoader:
    """Templates by name: earlier folders win over later ones; `jianbao/NAME` is always of the last, which is ours."""
    several = [jinja2.FunctionLoader(folder.load) for folder in templates]
    return jinja2.ChoiceLoader([*several, jinja2.PrefixLoader({HOUSE: several[-1]})])


def check_theme(templates: Sequence[TemplateFolder]) -> None:
    """Look for what a theme says to no effect; the last folder is ours, the others are themes'.

    Raises:
        JianbaoError: a template cannot be read, is asked for by nobody, extends itself, or has a block that none of
            those it extends has; a message is of no template.
    """
    *themes, house = templates
    library = Library(templates)
    ours = house.texts.keys()
    for folder in themes:
        names = folder.texts.keys()
        trees = {name: library.tree(name) for name in names if not name.endswith(".po")}
        asked = {one for tree in trees.values() for one in meta.find_referenced_templates(tree)}
        for name, tree in trees.items():
            if name not in {*ours, *asked}:
                raise _unknown("template", name, ours, f"{folder.path}/{name}", 1)
            _check_blocks(library, name, tree, f"{folder.path}/{name}")
        words = {word for tree in trees.values() for word in _words_in(tree)}
        for name in sorted(names - trees.keys()):
            if name not in ours:
                raise _unknown("catalogue", name, ours, f"{folder.path}/{name}", 1)
            _check_words(folder, house, name, words)


class Library:
    """Templates as Jinja understands them, each read once."""

    def __init__(self, templates: Sequence[TemplateFolder]) -> None:
        self.loader = make_loader(templates)
        self.environment = jinja2.Environment(
            loader=self.loader, autoescape=True, extensions=[Memo]
        )
        self.tree = cache(self._tree)

    def _tree(self, name: str) -> nodes.Template:
        try:
            source, path, _ = self.loader.get_source(self.environment, name)
            return self.environment.parse(source, name, path)
        except jinja2.TemplateSyntaxError as error:
            raise JianbaoError(
                f"the template is wrong: {error.message}", path=error.filename, line=error.lineno
            ) from error

    def blocks(self, names: Iterable[str]) -> set[str]:
        return {one.name for name in names for one in self.tree(name).find_all(nodes.Block)}

    def ancestors(self, name: str) -> Iterator[str]:
        """The templates that this one extends, the nearest first; one that comes again ends the row."""
        seen = {name}
        while (above := _parent_of(self.tree(name))) is not None:
            yield above
            if above in seen:
                return
            seen.add(above)
            name = above


def _parent_of(tree: nodes.Template) -> str | None:
    found = tree.find(nodes.Extends)
    return found.template.value if found and isinstance(found.template, nodes.Const) else None


def _check_blocks(library: Library, name: str, tree: nodes.Template, path: str) -> None:
    try:
        above = list(library.ancestors(name))
    except jinja2.TemplateNotFound as error:
        raise JianbaoError(f"the template {error.message} is missing", path=path, line=1) from error
    if name in above:
        hint = f'To build on ours, write {{% extends "{HOUSE}/{name}" %}}.'
        raise JianbaoError("the template extends itself", path=path, line=1, hint=hint)
    known = library.blocks(above)
    for block in _outer_blocks(tree) if above else ():
        if block.name not in known:
            raise _unknown("block", block.name, known, path, block.lineno)


def _outer_blocks(node: nodes.Node) -> Iterator[nodes.Block]:
    """The blocks that stand in no other: in a template that extends another they replace the other's."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child
        else:
            yield from _outer_blocks(child)


def _words_in(tree: nodes.Template) -> Iterator[str]:
    for _, _, message in extract_from_ast(tree):
        if one := message if isinstance(message, str) else (message or [""])[0]:
            yield one


def _check_words(
    folder: TemplateFolder, house: TemplateFolder, name: str, words: Collection[str]
) -> None:
    """Whether each message of a theme's catalogue is one of ours, or of the theme's own templates."""
    path = f"{folder.path}/{name}"
    known = {*words, *(_first(one.id) for one in _catalogue(house.texts[name]))}
    for message in _catalogue(folder.texts[name]):
        word = _first(message.id)
        if word and word not in known:
            raise _unknown("message", word, known, path, message.lineno)


def _catalogue(text: str) -> Iterable[Message]:
    return read_po(io.StringIO(text))


def _first(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _unknown(
    what: str, name: str, known: Collection[str], path: str, line: int | None
) -> JianbaoError:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    if what == "block":
        hint += f"Known: {', '.join(sorted(known))}."
    return JianbaoError(f"no page has the {what} {name!r}", path=path, line=line, hint=hint)


# --- colour --------------------------------------------------------------------------------------


def dress(assets: Mapping[str, bytes], accent: Accent | None) -> Mapping[str, bytes]:
    """The assets with the archive's accent: the last rule of style.css, and the ground of the icon.

    >>> dressed = dress({"style.css": b"a {}"}, Accent("#1f4e79", "#70a8da"))
    >>> print(dressed["style.css"].decode())
    a {}
    :root { --seal: light-dark(#1f4e79, #70a8da); --stamp: light-dark(#1f4e79, #2e73b1); }
    <BLANKLINE>
    """
    if accent is None:
        return assets
    stamp = readable(accent.dark, ON_STAMP)
    rule = (
        f":root {{ --seal: light-dark({accent.light}, {accent.dark}); "
        f"--stamp: light-dark({accent.light}, {stamp}); }}\n"
    )
    changed = {"style.css": assets["style.css"].rstrip() + b"\n" + rule.encode()}
    if ICON in assets:
        changed[ICON] = assets[ICON].replace(ICON_COLOUR, accent.light.encode())
    return {**assets, **changed}


# --- logo ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture beside the archive's name, with its size, so that nothing moves when it comes."""

    name: str  # of the asset
    width: int
    height: int

    @property
    def type(self) -> str:
        return LOGOS[self.name]


def find_logo(assets: Mapping[str, bytes]) -> Logo | None:
    name = next((name for name in LOGOS if name in assets), None)
    return read_logo(name, assets[name], path=name) if name else None


def read_logo(name: str, data: bytes, *, path: str) -> Logo:
    """The logo in a file.

    Raises:
        JianbaoError: it is too large, no picture, or one that runs a script.
    """
    if len(data) > MAX_LOGO_BYTES:
        raise JianbaoError(
            f"the logo has {len(data) / 1000:,.0f} KB",
            path=path,
            hint=f"Make it smaller than {MAX_LOGO_BYTES // 1000} KB: every visitor waits for it.",
        )
    try:
        size = _size_of_png(data) if name.endswith(".png") else _size_of_svg(data)
    except (ValueError, struct.error, ElementTree.ParseError) as error:
        raise JianbaoError(
            f"the logo cannot be shown: {error}",
            path=path,
            hint="A logo is a PNG, or an SVG with a viewBox and without scripts.",
        ) from error
    return Logo(name, *size)


def _size_of_png(data: bytes) -> tuple[int, int]:
    signature, chunk, width, height = PNG_HEAD.unpack_from(data)
    if signature != b"\x89PNG\r\n\x1a\n" or chunk != b"IHDR" or not width or not height:
        raise ValueError("it is no PNG")
    return width, height


def _size_of_svg(data: bytes) -> tuple[int, int]:
    """Its proportions. A drawing in an <img> runs nothing, but its own address can be opened too."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("it has a document type")
    root = ElementTree.fromstring(data)  # noqa: S314  # the maintainer's own file, without entities
    if root.tag.rpartition("}")[2] != "svg":
        raise ValueError("it is no SVG")
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        names = {name.rpartition("}")[2].lower(): value for name, value in element.items()}
        if tag in ("script", "foreignobject") or any(name.startswith("on") for name in names):
            raise ValueError("it holds a script")
        if not names.get("href", "#").startswith(("#", "data:image/")):
            raise ValueError(f"it leads elsewhere, to {names['href']}")
    numbers = [float(one) for one in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if one]
    if len(numbers) != 4 or min(numbers[2:]) <= 0:
        raise ValueError("it has no viewBox")
    return max(1, round(100 * numbers[2] / numbers[3])), 100
