"""Linked data: what a page tells search engines in JSON-LD has the shape that schema.org gives it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

CONTEXT = "https://schema.org"

Look = Callable[[Any], str]  # a value → what is wrong with it, nothing when all is well


def complaints_of(text: str) -> Iterator[str]:
    """What is wrong with the data in a page."""
    try:
        data = json.loads(text)
    except ValueError as error:
        yield f"is no JSON: {error}"
        return
    if not isinstance(data, dict):
        yield "is no object"
        return
    if data.get("@context") != CONTEXT:
        yield f"has the @context {data.get('@context')!r}, not {CONTEXT!r}"
    if not isinstance(data.get("@type"), str):
        yield "has no @type"
    yield from _wrong_values(data)


def _wrong_values(data: Mapping[str, Any]) -> Iterator[str]:
    needed, shapes = SHAPES.get(str(data.get("@type")), ((), {}))
    for key in needed:
        if key not in data:
            yield f"has no {key}"
    for key, look in shapes.items():
        if key in data and (wrong := look(data[key])):
            yield f"{key} {wrong}"


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else f"is no text: {value!r}"


def _day(value: Any) -> str:
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return f"is no day: {value!r}"
    return ""


def _address(value: Any) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    is_full = parts and parts.scheme in ("http", "https") and parts.netloc
    return "" if is_full else f"is no full address: {value!r}"


def _named(*types: str) -> Look:
    def look(value: Any) -> str:
        is_named = isinstance(value, dict) and value.get("@type") in types and value.get("name")
        return "" if is_named else f"is no {' or '.join(types)} with a name: {value!r}"

    return look


def _each(look: Look) -> Look:
    def look_at_all(value: Any) -> str:
        if not isinstance(value, list):
            return f"is no list: {value!r}"
        return next(filter(None, map(look, value)), "")

    return look_at_all


ARTICLE: dict[str, Look] = {
    "headline": _text,
    "alternativeHeadline": _text,
    "datePublished": _day,
    "author": _each(_named("Person", "Organization")),
    "isPartOf": _named("Newspaper", "WebSite"),
    "inLanguage": _text,
    "isBasedOn": _address,
    "url": _address,
    "printPage": _text,
}
# @type → the keys it must have, and how the values of its keys are looked at; of other types nothing is asked.
SHAPES: dict[str, tuple[tuple[str, ...], dict[str, Look]]] = {
    "NewsArticle": (("headline", "inLanguage"), ARTICLE),
    "Article": (("headline", "inLanguage"), ARTICLE),
}
