"""Pieces that many pages share are rendered once: `{% memo key, … %} … {% endmemo %}` in a template.

Such a piece may show the site as a whole, the article or whatever else its keys name, and links; of the page it stands on,
nothing that the keys do not tell. Pages of the same depth share it, as their links are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

# So many pieces are kept; of a card that is some 30 MB. Pages follow one another by date, and so do the cards on them.
MOST = 20_000


class Here:
    """Where the page stands that is being rendered: links are as they are seen from there."""

    root = ""  # the way to the site's root
    url = "/"


class PageEnvironment(Environment):
    """Jinja that knows where the page stands that it renders."""

    link: Callable[..., str]  # from there to an address of the site

    def __init__(self, **options: Any) -> None:
        self.here = Here()
        super().__init__(**options)


class Memo(Extension):
    """The tag `memo`."""

    environment: PageEnvironment
    tags = {"memo"}  # noqa: RUF012  # as Jinja declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.pieces: dict[tuple[object, ...], str] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        keys: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            keys.append(parser.parse_expression())
            parser.stream.skip_if("comma")
        body = parser.parse_statements(("name:endmemo",), drop_needle=True)
        place = nodes.Const(crc32(f"{parser.name}:{line}".encode()))
        key = nodes.Tuple([place, *keys], "load")
        call = self.call_method("piece", [key])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def piece(self, key: tuple[object, ...], caller: Callable[[], str]) -> str:
        key = (self.environment.here.root, *key)
        known = self.pieces.get(key)
        if known is None:
            if len(self.pieces) >= MOST:
                self.pieces.clear()
            known = self.pieces[key] = caller()
        return known
