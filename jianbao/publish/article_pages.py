"""The pages of articles and of the sources they came from: what each shows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any
from urllib.parse import quote, urlsplit

from jianbao.models import Article, Repair
from jianbao.publish import citation
from jianbao.publish.archive import Archive, SourceText, file_of
from jianbao.publish.collation import Piece, collate
from jianbao.publish.markdown import plain_passages, render_body
from jianbao.publish.page import NAMES_PER_PAGE, Page, absolute_link, list_pages, url_of
from jianbao.publish.scripts import OTHER, differences, words_of_html
from jianbao.publish.spans import Segment, cut_segments
from jianbao.publish.typography import visible, widen_punctuation

HEADINGS_LISTED = 3  # from so many on an article has a table of contents
# Repairs told one by one below a source. A page with inserted pinyin has some 300 of one kind;
# all are marked in the text, and the whole list stands in the ledger.
REPAIRS_SHOWN = 200
TINTS = 10  # classes a0 … a9 of style.css
# The path of a forge's editor, by what its host is called; the others are as GitHub.
EDIT = "edit"
EDITORS = {"gitlab": "-/edit", "gitea": "_edit", "codeberg": "_edit", "forgejo": "_edit"}


def article_pages(archive: Archive, only: Container[str] | None = None) -> Iterator[Page]:
    """The pages of all articles, or `only` those at some addresses."""
    changes = {file: cache(partial(_changes, source)) for file, source in archive.sources.items()}
    for article in archive.articles:
        if only is None or url_of(article) in only:
            shows = partial(_article, archive, article, changes.get(file_of(article), tuple))
            checked = partial(_checked_on, archive, article)
            yield Page(url_of(article), "article.html", shows, checked)


def _checked_on(archive: Archive, article: Article) -> str | None:
    """The day on which a person found it right, if it is still so."""
    return article.reviewed if article.reviewed and not _has_lapsed(archive, article) else None


def _has_lapsed(archive: Archive, article: Article) -> bool:
    source = archive.source_of(article)
    return source is not None and source.ledger.has_lapsed(article)


def _article(
    archive: Archive, article: Article, changes: Callable[[], Sequence[Repair]]
) -> Mapping[str, Any]:
    """What the page of an article shows; `changes` are the repairs of its source."""
    config = archive.config
    absolute = absolute_link(config.base_url, url_of(article)) if config.base_url else None
    ways = archive.ways_to(article)
    people = {way.name: way for way in ways["people"]}
    source = archive.source_of(article)
    body = render_body(article.body, widen=config.widen_punctuation)
    pieces = _pieces_of(article, source, changes())
    shown = citation.as_shown(article, widen=config.widen_punctuation)
    version = citation.version_of(article)
    return {
        "article": article,
        "body": body,
        "contents": body.headings if len(body.headings) >= HEADINGS_LISTED else (),
        "pieces": pieces,
        "repaired": sum(one.repair is not None for piece in pieces for one in piece.segments),
        "is_traditional": article.script == "Hant",
        "other_language": f"zh-{OTHER[article.script]}",
        "other": _in_other_script(article, body.html, widen=config.widen_punctuation),
        "correction": _correction_link(archive, article),
        "ways": ways,
        "credits": tuple((credit, people[credit.name]) for credit in article.authors),
        "source": source,
        "lapsed": _has_lapsed(archive, article),
        "source_url": _place_in_source(archive, article),
        "cited": citation.cite(shown, config.citation, absolute),
        "version": version,
        "names": citation.head_names(shown, absolute),
        "properties": citation.head_properties(shown, config.title, absolute),
        "data": citation.json_ld(shown, absolute) | {"version": version},
        "issue": archive.issue_url(article),
        "company": archive.company(article),
    }


def _pieces_of(
    article: Article, source: SourceText | None, changes: Sequence[Repair]
) -> tuple[Piece, ...]:
    """The characters of the source that its paragraphs were made of; none where the file is gone."""
    if article.source is None or source is None or source.text is None:
        return ()
    spans = [(start, end) for start, end in article.source.spans if end <= len(source.text)]
    return collate(source.text, spans, changes, plain_passages(article.body))


def _in_other_script(article: Article, body: str, *, widen: bool) -> dict[str, Any]:
    """What differs in the other script, for each text that the page shows of an article."""

    def other(text: str | None) -> str:
        shown = visible(text or "")
        return differences(widen_punctuation(shown) if widen else shown, article.script)

    named = (" ".join(filter(None, (one.role, one.name))) for one in article.authors)
    return {
        "kicker": other(article.kicker),
        "title": other(citation.title_of(article)),
        "subtitle": other(article.subtitle),
        "credits": [differences(visible(one), article.script) for one in named],
        "body": differences(visible(words_of_html(body)), article.script),
    }


def _correction_link(archive: Archive, article: Article) -> str | None:
    """Where a reader proposes a correction: the article's file in the forge's editor."""
    forge, path = archive.config.forge, archive.paths.get(article.id)
    if forge is None or path is None:
        return None
    host = urlsplit(forge.repository).hostname or ""
    edit = next((way for name, way in EDITORS.items() if name in host), EDIT)
    return f"{forge.repository.rstrip('/')}/{edit}/{quote(forge.branch)}/{quote(path)}"


def _place_in_source(archive: Archive, article: Article) -> str | None:
    """Where the page of its source first shows the article."""
    source = archive.source_of(article)
    if source is None or article.source is None:
        return None
    is_there = any(start < len(source.text or "") for start, _ in article.source.spans)
    return f"{source.url}#a-{article.id}" if is_there else source.url


def source_pages(archive: Archive) -> Iterator[Page]:
    sources = tuple(archive.sources.values())
    yield from list_pages("/sources/", "sources.html", sources, dict, NAMES_PER_PAGE)
    for source in sources:
        yield Page(source.url, "source.html", partial(_source, archive, source))


def _source(archive: Archive, source: SourceText) -> Mapping[str, Any]:
    articles = archive.by_file.get(source.file, ())
    segments = cut_source(source, articles)
    return {
        "source": source,
        "legend": tuple((number % TINTS, article) for number, article in enumerate(articles)),
        "segments": segments,
        "anchors": {one.article: one.start for one in reversed(segments) if one.opens},
        "tints": {article.id: number % TINTS for number, article in enumerate(articles)},
        "numbers": {article.id: number for number, article in enumerate(articles, 1)},
        "titles": {article.id: citation.title_of(article) for article in articles},
        "regions": _regions(source, articles),
        "repairs": _changes(source),
        "repairs_shown": REPAIRS_SHOWN,
    }


def _regions(
    source: SourceText, articles: Sequence[Article]
) -> list[dict[str, list[tuple[int, int, int, int]]]]:
    """For each page that is shown: id of an article → its lines there, as left, top, width and height in pixels of the picture."""
    pages: list[dict[str, list[tuple[int, int, int, int]]]] = [{} for _ in source.images]
    owners = sorted((start, end, one.id) for one in articles if one.source for start, end in one.source.spans)  # fmt: skip
    for place in source.places:
        at = bisect_right(owners, place.start, key=itemgetter(0)) - 1
        if at >= 0 and place.start < owners[at][1] and place.box and place.page <= len(pages):
            scale = source.images[place.page - 1].scale
            left, top, right, bottom = (round(side * scale) for side in place.box)
            lines = pages[place.page - 1].setdefault(owners[at][2], [])
            lines.append((left, top, right - left, bottom - top))
    return pages


def cut_source(source: SourceText, articles: Sequence[Article]) -> tuple[Segment, ...]:
    """The text of a source by its owners; none where the file is gone."""
    if source.text is None:
        return ()
    spans = {one.id: one.source.spans for one in articles if one.source}
    return cut_segments(source.text, spans, source.ledger.furniture, _changes(source))


def _changes(source: SourceText) -> tuple[Repair, ...]:
    """The repairs that change a character and tell which.

    Joined lines and removed spacing are not worth a mark, and the ledger may sum them up in words.
    """
    text = source.text
    return tuple(
        one
        for one in source.ledger.repairs
        if "".join(one.before.split()) != "".join(one.after.split())
        and (text is None or text[one.start : one.end] == one.before)
    )
