"""The door between the wings: articles and ledgers as files.

An article is Markdown with YAML front matter; the ledger of a source is `source.yaml`. Everything here takes and
gives text; which folder it goes to is the pipeline's business.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit

from jianbao.errors import JianbaoError
from jianbao.models import (
    COMPLETE,
    SCRIPTS,
    SOURCE_KINDS,
    Article,
    Credit,
    Dateline,
    Doubt,
    Evidence,
    Finding,
    Furniture,
    Ledger,
    Origin,
    Repair,
    Span,
    Status,
    Tick,
)
from jianbao.yaml_guard import dump_clean, load_yaml, without_controls
from jianbao.yaml_subset import Inline

FRONT_MATTER_RE = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
ID_RE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 140  # a slug of 120, a suffix, the number
DATE_RE = re.compile(r"\d{4}-\d{2}-\d{2}")

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=str)


# --- articles ------------------------------------------------------------------------------------


def dump(article: Article) -> str:
    """The article as a Markdown file. `load(dump(a)) == a` for every article without control characters."""
    return _as_file(article, article.converted)


def _as_file(article: Article, converted: str | None) -> str:
    front_matter = dump_clean(_article_as_yaml(article, converted))
    body = without_controls(article.body).strip("\n")
    return f"---\n{front_matter}---\n" + (f"\n{body}\n" if body else "")


def load(text: str, *, path: str) -> Article:
    """The article in a Markdown file, as a person or the converter left it.

    A byte order mark and `\\r\\n` are taken in silence. Unknown keys are kept in `extra`.

    Raises:
        JianbaoError: with file and line, when the front matter cannot be what was meant.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    parts = FRONT_MATTER_RE.match(text)
    if parts is None:
        raise JianbaoError(
            "no front matter",
            path=path,
            line=1,
            hint="An article begins with a line ---, then id: and title:, then a line --- again.",
        )
    data = load_yaml(parts[1], path=path, first_line=2)
    reader = _Reader(data if data is not None else {}, path, parts[1])
    return reader.article(text[parts.end() :].strip("\n"))


def stamp(article: Article) -> Article:
    """The article with `converted`: the checksum of all else the converter wrote."""
    bare = _as_file(article, None)
    return replace(article, converted=hashlib.sha256(bare.encode()).hexdigest()[:16])


def _article_as_yaml(article: Article, converted: str | None) -> dict[str, Any]:
    """Front matter in the order of the contract (ARCHITECTURE.md); absent values are left out, but for the title."""
    data: dict[str, Any] = {"id": article.id, "title": article.title}
    data |= {key: getattr(article, key) for key in ("kicker", "subtitle", "column")}
    data["authors"] = [{"name": one.name, "role": one.role} for one in article.authors]
    data["dateline"] = _without_none(_fields(article.dateline, "agency", "place", "date"))
    data |= {key: getattr(article, key) for key in ("date", "publication", "page")}
    data |= {"topics": list(article.topics), "places": list(article.places)}
    data |= {"script": article.script, "complete": article.complete}
    data["evidence"] = {
        key: {"status": one.status, "from": one.quote} for key, one in article.evidence.items()
    }
    if article.source:
        data["source"] = _origin_as_yaml(article.source)
    data |= {"converted": converted, "reviewed": article.reviewed}
    data["publish"] = None if article.publish else False
    kept = {key: value for key, value in data.items() if value not in (None, [], {})}
    return {"id": article.id, "title": article.title} | kept | dict(article.extra)


def dump_origin(origin: Origin) -> str:
    """The key `source:` of a front matter, as lines.

    >>> dump_origin(Origin("a.txt", "9f2c", ((0, 9),)))
    'source:\\n  file: a.txt\\n  sha256: 9f2c\\n  spans: [[0, 9]]\\n  kind: newspaper\\n'
    """
    return dump_clean({"source": _origin_as_yaml(origin)})


def _origin_as_yaml(origin: Origin) -> dict[str, Any]:
    return _without_none(
        {
            "file": origin.file,
            "sha256": origin.sha256,
            "spans": Inline(list(span) for span in origin.spans),
            **_fields(origin, "kind", "url", "accessed"),
        }
    )


def _fields(value: object | None, *names: str) -> dict[str, Any]:
    return {} if value is None else {name: getattr(value, name) for name in names}


def _without_none(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


# --- the ledger ----------------------------------------------------------------------------------


def dump_ledger(ledger: Ledger) -> str:
    """`source.yaml`, in the order of the contract (ARCHITECTURE.md)."""
    data: dict[str, Any] = {
        key: getattr(ledger, key)
        for key in ("file", "sha256", "bytes", "characters", "encoding", "reader")
    }
    for key in ("publication", "issue_date", "page"):
        finding: Finding = getattr(ledger, key)
        value = list(finding.value) if isinstance(finding.value, tuple) else finding.value
        data[key] = {"value": value, "status": finding.status, "evidence": finding.evidence}
    data["furniture"] = [_row(_fields(one, "start", "end", "role")) for one in ledger.furniture]
    data["repairs"] = [
        _row(_fields(one, "fixer", "start", "end", "before", "after")) for one in ledger.repairs
    ]
    data["doubts"] = [
        _row(_without_none(_fields(one, "reason", "article", "start", "end", "says")))
        for one in ledger.doubts
    ]
    data["retired"] = dict(ledger.retired)
    if ledger.reviewed:
        data["reviewed"] = {
            key: _row(_fields(tick, "on", "converted")) for key, tick in ledger.reviewed.items()
        }
    return dump_clean(data)


def _row(data: dict[str, Any]) -> dict[str, Any]:
    """A mapping of scalars; the dumper writes it on one line."""
    return data


def load_ledger(text: str, *, path: str) -> Ledger:
    """The ledger in a `source.yaml`.

    Raises:
        JianbaoError: when it is not what the converter writes.
    """
    data = load_yaml(text.removeprefix("\ufeff"), path=path)
    reader = _Reader(data if data is not None else {}, path, text, first_line=1)
    return reader.ledger()


def is_id(text: str) -> bool:
    """Whether a text can be the address of an article.

    >>> [is_id(text) for text in ("wu-chuan-01", "../x", "a--b", "")]
    [True, False, False, False]
    """
    return len(text) <= MAX_ID and ID_RE.fullmatch(text) is not None


def is_web_address(url: str) -> bool:
    """Whether an address may be linked to: http or https, with a host.

    >>> [is_web_address(url) for url in ("https://a.example/b", "javascript:alert(1)", "http://[a")]
    [True, False, False]
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


# --- reading with line numbers -------------------------------------------------------------------


class _Reader:
    """Values out of a mapping, each checked; a wrong one is an error with its line."""

    def __init__(self, data: Any, path: str, text: str, first_line: int = 2) -> None:
        self.path, self.text, self.first_line = path, text, first_line
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise JianbaoError(
                "the front matter must hold `key: value` lines", path=path, line=first_line
            )
        self.data: dict[str, Any] = data
        self.used: set[str] = set()

    def article(self, body: str) -> Article:
        source = self.mapping("source")
        return Article(
            id=self.identifier("id"),
            title=self.text_or_none("title"),
            kicker=self.text_or_none("kicker"),
            subtitle=self.text_or_none("subtitle"),
            column=self.text_or_none("column"),
            authors=tuple(self.credit(one) for one in self.items("authors")),
            dateline=self.dateline(),
            date=self.date("date"),
            publication=self.text_or_none("publication"),
            page=self.text_or_none("page"),
            topics=self.texts("topics"),
            places=self.texts("places"),
            script=self.choice("script", SCRIPTS, "Hans"),
            complete=self.choice("complete", COMPLETE, "whole"),
            evidence=self.evidence(),
            source=None if source is None else self.origin(source),
            converted=self.text_or_none("converted"),
            reviewed=self.date("reviewed"),
            publish=self.flag("publish", True),
            body=body,
            extra=self.others(),  # the last: what nothing above has asked for
        )

    def ledger(self) -> Ledger:
        return Ledger(
            file=self.required("file"),
            sha256=self.required("sha256"),
            bytes=self.number("bytes"),
            characters=self.number("characters"),
            encoding=self.required("encoding"),
            reader=self.required("reader"),
            publication=self.finding("publication"),
            issue_date=self.finding("issue_date"),
            page=self.finding("page"),
            furniture=tuple(
                self.row(Furniture, one, "furniture") for one in self.items("furniture")
            ),
            repairs=tuple(self.row(Repair, one, "repairs") for one in self.items("repairs")),
            doubts=tuple(self.row(Doubt, one, "doubts") for one in self.items("doubts")),
            retired=self.retired(),
            reviewed={
                key: self.row(Tick, one, "reviewed")
                for key, one in (self.mapping("reviewed") or {}).items()
            },
        )

    def wrong(self, key: str, says: str, hint: str = "") -> JianbaoError:
        """An error at the line where `key` stands."""
        found = re.search(rf"^{re.escape(key)}[ \t]*:", self.text, re.MULTILINE)
        line = self.first_line + (self.text.count("\n", 0, found.start()) if found else 0)
        return JianbaoError(says, path=self.path, line=line, hint=hint)

    def take(self, key: str, kind: type[Value], name: str) -> Value | None:
        """The value of a key, None when absent; of another type, an error."""
        self.used.add(key)
        value = self.data.get(key)
        if value is None or isinstance(value, kind):
            return value
        raise self.wrong(key, f"{key} must be {name}, not {value!r}")

    def others(self) -> dict[str, Any]:
        return {key: value for key, value in self.data.items() if key not in self.used}

    def mapping(self, key: str) -> dict[str, Any] | None:
        return self.take(key, dict, "a mapping")

    def items(self, key: str) -> list[Any]:
        return self.take(key, list, "a list") or []

    def number(self, key: str) -> int:
        return self.take(key, int, "a number") or 0

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, bool, "true or false")
        return default if value is None else value

    def text_or_none(self, key: str) -> str | None:
        self.used.add(key)
        return self.as_text(key, self.data.get(key))

    def as_text(self, key: str, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(
            key, f"{key} must be text, not {value!r}", f'Put it in quotes: {key}: "{value}"'
        )

    def required(self, key: str) -> str:
        value = self.text_or_none(key)
        if not value:
            raise self.wrong(key, f"{key} is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(text for one in self.items(key) if (text := self.as_text(key, one)))

    def choice(self, key: str, allowed: tuple[Choice, ...], default: Choice) -> Choice:
        value = self.text_or_none(key) or default
        for one in allowed:
            if one == value:
                return one
        raise self.wrong(key, f"{key} cannot be {value!r}", f"One of: {', '.join(allowed)}.")

    def identifier(self, key: str) -> str:
        value = self.required(key)
        if not is_id(value):
            raise self.wrong(
                key,
                f"the id {value!r} cannot be an address",
                "Small letters a-z, digits and single hyphens; it must never change once published.",
            )
        return value

    def date(self, key: str) -> str | None:
        return self.as_date(key, self.text_or_none(key))

    def as_date(self, key: str, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            if not DATE_RE.fullmatch(value):
                raise ValueError
            datetime.date.fromisoformat(value)
        except ValueError:
            raise self.wrong(
                key, f"the {key} {value!r} is no date", "Write it as 2020-10-19, or leave it out."
            ) from None
        return value

    def retired(self) -> dict[str, str | None]:
        """Ids that lead on; their pages have these names."""
        ids = self.mapping("retired") or {}
        for one in (*ids, *filter(None, ids.values())):
            if not isinstance(one, str) or not is_id(one):
                raise self.wrong(
                    "retired", f"the id {one!r} cannot be an address", "Take the row out."
                )
        return ids

    def credit(self, value: Any) -> Credit:
        if isinstance(value, str):
            return Credit(value)
        if not isinstance(value, dict) or not isinstance(value.get("name"), str):
            raise self.wrong(
                "authors",
                f"an author must have a name, not {value!r}",
                "- {name: 张三, role: 记者}",
            )
        return Credit(value["name"], self.as_text("authors", value.get("role")))

    def dateline(self) -> Dateline | None:
        data = self.mapping("dateline")
        if data is None:
            return None
        names = ("agency", "place", "date")
        return Dateline(**{name: self.as_text("dateline", data.get(name)) for name in names})

    def evidence(self) -> dict[str, Evidence]:
        data = self.mapping("evidence") or {}
        found = {}
        for key, one in data.items():
            if not isinstance(one, dict) or one.get("status") not in get_args(Status):
                raise self.wrong("evidence", f"the evidence of {key} must say status: and from:")
            found[key] = Evidence(one["status"], self.as_text("evidence", one.get("from")) or "")
        return found

    def origin(self, data: dict[str, Any]) -> Origin:
        url = self.as_text("source", data.get("url"))
        if url is not None and not is_web_address(url):
            raise self.wrong(
                "source", f"the address {url!r} is neither http nor https", "Leave url: out."
            )
        kind = self.as_text("source", data.get("kind")) or "newspaper"
        if kind not in SOURCE_KINDS:
            raise self.wrong("source", f"kind cannot be {kind!r}", "newspaper or web.")
        return Origin(
            file=self.as_text("source", data.get("file")) or "",
            sha256=self.as_text("source", data.get("sha256")) or "",
            spans=self.spans(data.get("spans")),
            kind=kind,
            url=url,
            accessed=self.as_date("source", self.as_text("source", data.get("accessed"))),
        )

    def spans(self, value: Any) -> tuple[Span, ...]:
        if value is not None and not isinstance(value, list):
            raise self.wrong("source", f"spans must be a list of [start, end], not {value!r}")
        return tuple(self.span(one) for one in value or ())

    def span(self, value: Any) -> Span:
        match value:
            case [int(start), int(end)] if 0 <= start < end:
                return (start, end)
        raise self.wrong("source", f"a span must be [start, end] with start < end, not {value!r}")

    def finding(self, key: str) -> Finding:
        data = self.mapping(key) or {}
        value = data.get("value")
        value = tuple(value) if isinstance(value, list) else value
        return Finding(value, data.get("status", "unknown"), data.get("evidence") or "")

    def row(self, kind: Callable[..., Value], data: Any, key: str) -> Value:
        try:
            return kind(**data)
        except TypeError as error:
            raise self.wrong(key, f"{key} holds {data!r}, which is no such row") from error
