"""Downloads: the whole archive as a table, as lines of JSON, and the package that describes both (Frictionless Data).

A new column is one row of `COLUMNS`. The table leaves out what only lines of JSON hold well: the texts.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jianbao.config import Config
from jianbao.models import Article
from jianbao.publish import citation
from jianbao.publish.archive import Archive
from jianbao.publish.page import absolute_link, url_of
from jianbao.slugs import make_slug
from jianbao.yaml_guard import without_controls

# A spreadsheet takes a cell that begins so for a formula, which could fetch or send things. The full-width ones count,
# too, in Chinese and Japanese versions. A quotation mark before it makes it text; see `guarded`.
FORMULA_RE = re.compile(r"'*[=+\-@＝＋－＠]")
SEPARATOR = "；"  # between several values in a cell: no name holds one
# What JSON lets stand in a text and many a reader takes for the end of a line.
LINE_ENDS = "\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table and a key of the lines: its name, its type in the schema of the lines, what it says, how to get it, how it looks in a cell."""

    name: str
    type: str
    says: str
    get: Callable[[Article], Any]
    cell: Callable[[Any], str] | None = None  # None: by `cell_of`
    in_table: bool = True


def columns_of(config: Config) -> tuple[Column, ...]:
    """All columns, in their order."""
    return (
        Column("id", "string", "永久标识，网址和引文所系", lambda one: one.id),
        Column("url", "string", "本库网址", lambda one: address_of(one, config)),
        *COLUMNS,
        Column("citation", "string", "引文（GB/T 7714）", lambda one: _cited(one, config)),
        Column("body", "string", "正文（Markdown）", lambda one: one.body, in_table=False),
    )


def address_of(article: Article, config: Config) -> str | None:
    """The article's full address, where the archive has one."""
    return absolute_link(config.base_url, url_of(article)) if config.base_url else None


def _cited(article: Article, config: Config) -> str:
    shown = citation.as_shown(article, widen=config.widen_punctuation)
    return citation.cite(shown, config.citation, address_of(article, config))


def _kind(article: Article) -> str:
    return "web" if citation.is_web(article) else "newspaper"


def _credits(rows: Sequence[Mapping[str, str | None]]) -> str:
    """
    >>> _credits([{"name": "周明", "role": "记者"}, {"name": "何川", "role": None}])
    '周明（记者）；何川'
    """
    return SEPARATOR.join(
        f"{row['name']}（{row['role']}）" if row["role"] else str(row["name"]) for row in rows
    )


def _dateline(parts: Mapping[str, str | None]) -> str:
    return " ".join(part for part in parts.values() if part)


def _statuses(rows: Mapping[str, Mapping[str, str]]) -> str:
    return SEPARATOR.join(f"{key}: {row['status']}" for key, row in rows.items())


COLUMNS: tuple[Column, ...] = (
    Column("title", "string", "题名；原无标题者为空", lambda one: one.title),
    Column("kicker", "string", "引题", lambda one: one.kicker),
    Column("subtitle", "string", "副题", lambda one: one.subtitle),
    Column("column", "string", "栏目", lambda one: one.column),
    Column(
        "authors",
        "array",
        "署名，身份照原样",
        lambda one: [{"name": credit.name, "role": credit.role} for credit in one.authors],
        _credits,
    ),
    Column(
        "dateline",
        "object",
        "电头：发稿单位、地点、日期",
        lambda one: (
            {key: getattr(one.dateline, key) for key in ("agency", "place", "date")}
            if one.dateline
            else None
        ),
        _dateline,
    ),
    Column("date", "date", "刊出之日", lambda one: one.date),
    Column("publication", "string", "报纸或网站", lambda one: one.publication),
    Column("page", "string", "版次", lambda one: one.page),
    Column("topics", "array", "专题", lambda one: list(one.topics)),
    Column("places", "array", "地点", lambda one: list(one.places)),
    Column("script", "string", "Hans 简体，Hant 繁体，照原件", lambda one: one.script),
    Column("complete", "string", "whole 完整；其余说明缺在何处", lambda one: one.complete),
    Column(
        "evidence",
        "object",
        "不是版面载明的著录项，怎样得来",
        lambda one: {
            key: {"status": found.status, "from": found.quote}
            for key, found in one.evidence.items()
        },
        _statuses,
    ),
    Column("source", "string", "原件的文件名", lambda one: one.source and one.source.file),
    Column("kind", "string", "newspaper 或 web", _kind),
    Column("source_url", "string", "原文网址", lambda one: one.source and one.source.url),
    Column("accessed", "date", "访问原文之日", lambda one: one.source and one.source.accessed),
    Column("reviewed", "date", "由人校对之日；未校者为空", lambda one: one.reviewed),
    Column("version", "string", "整理稿版本", citation.version_of),
    Column("length", "integer", "正文字数", lambda one: len("".join(one.body.split()))),
)


def download_files(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """The files of `/data/`; articles stand in the order of their ids, so that two versions compare line by line."""
    articles = sorted(archive.articles, key=lambda one: one.id)
    columns = columns_of(archive.config)
    rows = [_row(one, columns) for one in articles]
    yield from _packed(archive.config, as_table(columns, rows), as_lines(rows))[0].items()


def edit_downloads(
    config: Config, edits: Iterable[tuple[Article, Article]], read: Callable[[str], bytes]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The same files after some articles were edited (old, new), and the SHA-256 of the large ones; `read` gives them as they were.

    Raises:
        LookupError: they do not hold an old article.
    """
    columns = columns_of(config)
    table, lines = read("data/articles.csv"), read("data/articles.jsonl")
    head = as_table(columns, [])
    for old, new in edits:
        was, now = ([_row(one, columns)] for one in (old, new))
        table = _exchanged(
            table, *(as_table(columns, some).removeprefix(head) for some in (was, now))
        )
        lines = _exchanged(lines, as_lines(was), as_lines(now))
    return _packed(config, table, lines)


def _row(article: Article, columns: Sequence[Column]) -> dict[str, Any]:
    return {column.name: column.get(article) for column in columns}


def _exchanged(data: bytes, old: bytes, new: bytes) -> bytes:
    start = data.find(old)
    if start < 0:
        raise LookupError(old)
    view = memoryview(data)  # tens of megabytes are copied once
    return b"".join((view[:start], new, view[start + len(old) :]))


def _packed(config: Config, table: bytes, lines: bytes) -> tuple[dict[str, bytes], dict[str, str]]:
    """All files by their paths, and the SHA-256 of those that the package describes."""
    files = {"articles.csv": table, "articles.jsonl": lines}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    package = as_package(config, columns_of(config), files, digests)
    described = {f"data/{name}": data for name, data in files.items()}
    return (
        described | {"data/datapackage.json": package},
        {f"data/{name}": digest for name, digest in digests.items()},
    )


# --- the table -----------------------------------------------------------------------------------


def as_table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """CSV as RFC 4180 has it, with a byte order mark: without one, spreadsheets of Chinese systems read GBK."""
    shown = [column for column in columns if column.in_table]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in shown])
    for row in rows:
        writer.writerow([_cell(column, row[column.name]) for column in shown])
    return out.getvalue().encode("utf-8-sig", "replace")


def _cell(column: Column, value: Any) -> str:
    if value in (None, "", [], {}):  # most are
        return ""
    return guarded((column.cell or cell_of)(value))


def cell_of(value: Any) -> str:
    """A value as text, several of them parted.

    >>> cell_of(["桥", "路"]), cell_of(0)
    ('桥；路', '0')
    """
    if isinstance(value, list):
        return SEPARATOR.join(cell_of(one) for one in value)
    return str(value)


def guarded(text: str) -> str:
    """A cell that no spreadsheet computes: one more quotation mark before what looks like a formula.

    To undo it, take one `'` from every cell that begins with some and goes on with one of = + - @ ＝ ＋ － ＠; no other
    cell is touched, and none can be mistaken. Blanks become one, so none begins with a tab or a carriage return.

    >>> [guarded(text) for text in ("=1+1", "'=1", "——副题", "'引'")]
    ["'=1+1", "''=1", '——副题', "'引'"]
    """
    line = " ".join(without_controls(text).split())
    return f"'{line}" if FORMULA_RE.match(line) else line


# --- lines of JSON, and the package --------------------------------------------------------------


def as_lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """An object on each line, all with the same keys."""
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    lines = "".join(f"{encoder.encode(row)}\n" for row in rows)
    for char in LINE_ENDS:
        lines = lines.replace(char, f"\\u{ord(char):04x}")
    return lines.encode("utf-8", "replace")


def as_package(
    config: Config,
    columns: Sequence[Column],
    files: Mapping[str, bytes],
    digests: Mapping[str, str],
) -> bytes:
    """`datapackage.json` (Data Package, version 2): what the files hold, their sizes and checksums."""

    def resource(name: str, path: str, mediatype: str) -> dict[str, Any]:
        return _resource(name, path, mediatype, len(files[path]), digests[path])

    table = [column for column in columns if column.in_table]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": make_slug(config.title),
        "title": config.title,
        "description": config.motto,
        "homepage": config.base_url,
        "licenses": _licenses(config),
        "rights": config.rights,
        "resources": [
            resource("table", "articles.csv", "text/csv")
            | {
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
                "schema": _schema(table, text=True),
            },
            resource("articles", "articles.jsonl", "application/jsonl")
            | {"schema": _schema(columns, text=False)},
        ],
    }
    kept = {key: value for key, value in package.items() if value}
    return f"{json.dumps(kept, ensure_ascii=False, indent=1)}\n".encode("utf-8", "replace")


def _licenses(config: Config) -> list[dict[str, str]]:
    """The rights notice in the form that the format asks for: a title, and a path to where it stands."""
    if not config.rights or not config.base_url:
        return []
    return [{"path": absolute_link(config.base_url, "/about/"), "title": config.rights}]


def _resource(name: str, path: str, mediatype: str, size: int, digest: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": path,
        "format": path.rpartition(".")[2],
        "mediatype": mediatype,
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
    }


def _schema(columns: Sequence[Column], *, text: bool) -> dict[str, Any]:
    """A table schema; lists and objects are text in the cells of a table."""
    return {
        "fields": [
            {
                "name": column.name,
                "type": "string" if text and column.type in ("array", "object") else column.type,
                "description": column.says,
            }
            for column in columns
        ],
        "primaryKey": ["id"],
    }
