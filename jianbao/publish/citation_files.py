"""Citation files: an article as BibTeX, RIS and CSL-JSON, for whatever a scholar keeps references in.

What is cited is the original, as in `citation`; the archive it was read in, and the version of its text, stand where each
format has the place for that. A new format is a function in `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from jianbao.config import Config
from jianbao.models import Article
from jianbao.publish import citation
from jianbao.yaml_guard import without_controls


class Reference(NamedTuple):
    """What the formats say, each in its own words; every text is one line."""

    id: str
    is_web: bool
    title: str
    authors: tuple[str, ...]
    container: str | None  # the newspaper or website
    section: str | None  # 栏目
    date: str | None
    page: str | None  # 版次
    url: str | None  # of the original
    accessed: str | None
    language: str
    archive: str  # where the text was read:
    place: str  # its address there,
    version: str  # and which text it was


def citation_files(
    article: Article, config: Config, url: str | None
) -> Iterator[tuple[str, bytes]]:
    """The files beside an article, by name; `url` is its address in this archive."""
    reference = reference_of(article, config, url)
    for name, write in FORMATS.items():
        yield name, write(reference).encode("utf-8", "replace")


def reference_of(article: Article, config: Config, url: str | None) -> Reference:
    shown = citation.as_shown(article, widen=config.widen_punctuation)
    web = citation.is_web(article)
    source = article.source
    return Reference(
        id=article.id,
        is_web=web,
        title=_line(citation.full_title(shown)),
        authors=tuple(filter(None, map(_line, citation.writers_of(article)))),
        container=_line_or_none(article.publication),
        section=_line_or_none(article.column),
        date=article.date,
        page=citation.edition_of(_line(article.page)) if article.page else None,
        url=citation.web_address(article, url if web else None),
        accessed=source.accessed if source else None,
        language=citation.language_of(article),
        archive=_line(config.title),
        place=url or article.id,
        version=citation.version_of(article),
    )


def _line(text: str) -> str:
    """The text on one line, so that none of it can pass for a field of its own.

    >>> _line("旧桥\\r\\nER  -\\x07 新生")
    '旧桥 ER - 新生'
    """
    return " ".join(without_controls(text).split())


def _line_or_none(text: str | None) -> str | None:
    return _line(text) if text else None


# --- BibTeX --------------------------------------------------------------------------------------

# Braces are written as commands: BibTeX counts them even behind a backslash.
TEX_SPECIALS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{char: f"\\{char}" for char in "#$%&_"},
    }
)
# An address is taken as it is, but for what would end or break the field.
ADDRESS_SPECIALS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def to_bibtex(reference: Reference) -> str:
    """`@article` with `entrysubtype = newspaper` (biblatex, pandoc) and `mark = N` (gbt7714), or `@online`.

    Titles and names have braces of their own: no style changes their case or takes a name apart.
    """
    web = reference.is_web
    rows = {
        "author": " and ".join(f"{{{tex(name)}}}" for name in reference.authors),
        "title": f"{{{tex(reference.title)}}}",
        "organization" if web else "journal": tex(reference.container or ""),
        "date": reference.date,
        "year": reference.date and reference.date[:4],  # BibTeX's own styles know no other
        "pages": tex(reference.page or ""),
        "entrysubtype": None if web else "newspaper",
        "mark": None if web else "N",
        "url": reference.url and reference.url.translate(ADDRESS_SPECIALS),
        "urldate": reference.url and reference.accessed,
        "library": tex(f"{reference.archive}, {reference.place}, {reference.version}"),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in rows.items() if value]
    return f"@{'online' if web else 'article'}{{{reference.id},\n{''.join(lines)}}}\n"


def tex(text: str) -> str:
    r"""The text as TeX shows it again.

    >>> tex("A股 5%_{x}")
    'A股 5\\%\\_\\textbraceleft{}x\\textbraceright{}'
    """
    return text.translate(TEX_SPECIALS)


# --- RIS -----------------------------------------------------------------------------------------


def to_ris(reference: Reference) -> str:
    """`NEWS` or `ELEC`, a tag to a line; lines end as the format wants them."""
    rows = [
        ("TY", "ELEC" if reference.is_web else "NEWS"),
        ("ID", reference.id),
        ("TI", reference.title),
        *(("AU", name) for name in reference.authors),
        ("T2", reference.container),
        ("SE", reference.section),
        ("PY", reference.date and reference.date[:4]),
        ("DA", reference.date and reference.date.replace("-", "/")),
        ("SP", reference.page),
        ("UR", reference.url),
        ("Y2", reference.url and reference.accessed and reference.accessed.replace("-", "/")),
        ("LA", reference.language),
        ("DB", reference.archive),
        ("AN", reference.place),
        ("N1", f"整理稿版本 {reference.version}"),
    ]
    lines = [f"{tag}  - {value}\r\n" for tag, value in rows if value]
    return "".join([*lines, "ER  - \r\n"])


# --- CSL-JSON ------------------------------------------------------------------------------------


def to_csl_json(reference: Reference) -> str:
    """A list of one item, as citeproc and Zotero take it. Names are `literal`: nobody knows where a surname ends."""
    item: dict[str, Any] = {
        "id": reference.id,
        "type": "webpage" if reference.is_web else "article-newspaper",
        "title": reference.title,
        "author": [{"literal": name} for name in reference.authors],
        "container-title": reference.container,
        "section": reference.section,
        "issued": _date_parts(reference.date),
        "page": reference.page,
        "URL": reference.url,
        "accessed": _date_parts(reference.accessed) if reference.url else None,
        "language": reference.language,
        "archive": reference.archive,
        "archive_location": reference.place,
        "version": reference.version,
    }
    kept = {key: value for key, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False) + "\n"


def _date_parts(day: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


FORMATS: dict[str, Callable[[Reference], str]] = {
    "cite.bib": to_bibtex,
    "cite.ris": to_ris,
    "cite.json": to_csl_json,
}
