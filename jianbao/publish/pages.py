"""Pages: what each page of the site shows. Every decision is taken here; a template only shows.

A new kind of page is a function in `PAGE_KINDS` and a template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from jianbao.config import Config
from jianbao.models import Article, Repair
from jianbao.publish import citation, dates
from jianbao.publish.archive import Archive, SourceText, Way, file_of
from jianbao.publish.collation import Piece, collate
from jianbao.publish.markdown import plain_passages, render_body
from jianbao.publish.scripts import OTHER, differences, words_of_html
from jianbao.publish.spans import Segment, cut_segments
from jianbao.publish.typography import visible, widen_punctuation

# Articles on one page of a list, as other generators' lists have them; names are shorter.
ARTICLES_PER_PAGE = 50
NAMES_PER_PAGE = 500
NEWEST = 9  # on the front page: one lead and four rows of two
TOP_NAMES = 12  # of each way in on the front page
FEED_ENTRIES = 50
# Repairs told one by one below a source. A page with inserted pinyin has some 300 of one kind;
# all are marked in the text, and the whole list stands in the ledger.
REPAIRS_SHOWN = 200
HEADINGS_LISTED = 3  # from so many on an article has a table of contents
TINTS = 10  # classes a0 … a9 of style.css
# The path of a forge's editor, by what its host is called; the others are as GitHub.
EDIT = "edit"
EDITORS = {"gitlab": "-/edit", "gitea": "_edit", "codeberg": "_edit", "forgejo": "_edit"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address from the site's root, its template and what the template shows."""

    url: str  # /articles/x/ or /feed.xml
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = True  # in the sitemap
    anywhere: bool = False  # served at any address (404): its links begin at the top of the host
    modified: str | None = None  # the day of its last change, where content/ tells it

    @property
    def path(self) -> str:
        """Where it is written, below the site's folder.

        >>> Page("/articles/x/", "").path, Page("/feed.xml", "").path
        ('articles/x/index.html', 'feed.xml')
        """
        return path_of(self.url)

    def languages(self, config: Config) -> tuple[str, ...]:
        """In which languages it is made: pages in all; files (a feed), and what is served anywhere, in the first.

        >>> Page("/feed.xml", "").languages(Config(languages=("zh-Hant", "en")))
        ('zh-Hant',)
        """
        is_in_all = self.path.endswith(".html") and not self.anywhere
        return config.languages if is_in_all else config.languages[:1]


def url_in(language: str, url: str, config: Config) -> str:
    """The address of a page in a language of the interface: the first has the root, each other its folder. Files stand once.

    >>> config = Config(languages=("zh-Hans", "en"))
    >>> [url_in("en", url, config) for url in ("/topics/x/#top", "/articles/x/index.md")]
    ['/en/topics/x/#top', '/articles/x/index.md']
    """
    if language == config.languages[0]:
        return url
    return f"/{language}{url}" if path_of(url.partition("#")[0]).endswith(".html") else url


def path_of(url: str) -> str:
    """The file behind an address of the site."""
    return f"{url}index.html"[1:] if url.endswith("/") else url[1:]


def absolute_link(base_url: str, url: str) -> str:
    """The full address, as a server shows it.

    >>> absolute_link("https://a.example/b/", "/topics/x/")
    'https://a.example/b/topics/x/'
    """
    return base_url.rstrip("/") + url


def make_pages(archive: Archive) -> Iterator[Page]:
    """All pages, in the order of `PAGE_KINDS`; last the sitemap, which names the others."""
    listed = []
    for make in PAGE_KINDS:
        for page in make(archive):
            if page.listed:
                listed.append((page.url, page.modified))
            yield page
    if archive.config.base_url:
        yield Page("/sitemap.xml", "sitemap.xml", {"listed": listed}, listed=False)


def home_page(archive: Archive) -> Iterator[Page]:
    dated = [article for article in archive.articles if article.date]
    newest = (dated or archive.articles)[:NEWEST]
    context = {
        "lead": newest[0] if newest else None,
        "newest": newest[1:],
        "first": dated[-1].date if dated else None,
        "last": dated[0].date if dated else None,
        "ways": {kind: tuple(ways.values())[:TOP_NAMES] for kind, ways in archive.ways.items()},
        "bars": dates.chart({month: len(ones) for month, ones in archive.months.items()}),
    }
    yield Page("/", "home.html", context)


def article_pages(archive: Archive) -> Iterator[Page]:
    config = archive.config
    changes = {file: _changes(source) for file, source in archive.sources.items()}
    for article in archive.articles:
        url = f"/articles/{article.id}/"
        absolute = absolute_link(config.base_url, url) if config.base_url else None
        ways = archive.ways_to(article)
        people = {way.name: way for way in ways["people"]}
        before, after = archive.neighbours(article)
        source = archive.source_of(article)
        body = render_body(article.body, widen=config.widen_punctuation)
        pieces = _pieces_of(article, source, changes.get(file_of(article), ()))
        shown = citation.as_shown(article, widen=config.widen_punctuation)
        version = citation.version_of(article)
        context = {
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
            "lapsed": source is not None and source.ledger.has_lapsed(article),
            "source_url": _place_in_source(archive, article),
            "cited": citation.cite(shown, config.citation, absolute),
            "version": version,
            "names": citation.head_names(shown, absolute),
            "properties": citation.head_properties(shown, config.title, absolute),
            "data": citation.json_ld(shown, absolute) | {"version": version},
            "before": before,
            "after": after,
            "same_page": archive.same_page(article),
            "related": archive.related(article),
        }
        modified = None if context["lapsed"] else article.reviewed
        yield Page(url, "article.html", context, modified=modified)


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
    yield from _list("/sources/", "sources.html", sources, {}, NAMES_PER_PAGE)
    for source in sources:
        articles = archive.by_file.get(source.ledger.file, ())
        segments = cut_source(source, articles)
        context = {
            "source": source,
            "legend": tuple((number % TINTS, article) for number, article in enumerate(articles)),
            "segments": segments,
            "anchors": {one.article: one.start for one in reversed(segments) if one.opens},
            "tints": {article.id: number % TINTS for number, article in enumerate(articles)},
            "numbers": {article.id: number for number, article in enumerate(articles, 1)},
            "titles": {article.id: citation.title_of(article) for article in articles},
            "repairs": _changes(source),
            "repairs_shown": REPAIRS_SHOWN,
        }
        yield Page(source.url, "source.html", context)


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


def way_pages(archive: Archive) -> Iterator[Page]:
    for kind, ways in archive.ways.items():
        yield from _list(
            f"/{kind}/", "ways.html", tuple(ways.values()), {"kind": kind}, NAMES_PER_PAGE
        )
        for way in ways.values():
            context = {"way": way, "place": _place_of(archive, way), "feed": _feed_of(archive, way)}
            yield from _list(way.url, "way.html", way.articles, context, ARTICLES_PER_PAGE)


def _place_of(archive: Archive, way: Way) -> str | None:
    """Where a newspaper appears, as the settings say."""
    papers = archive.config.publications if way.kind == "publications" else ()
    return next((paper.place for paper in papers if paper.name == way.name), None)


def date_pages(archive: Archive) -> Iterator[Page]:
    yield Page("/dates/", "dates.html", {"years": archive.years})
    for year, months in archive.years.items():
        yield Page(f"/dates/{year}/", "year.html", {"year": year, "months": months})
    for month, articles in archive.months.items():
        days: dict[str, list[Article]] = {}
        for article in articles:
            days.setdefault(article.date or "", []).append(article)
        context = {"month": month, "days": days, "weeks": dates.weeks_of(month)}
        yield Page(f"/dates/{month.replace('-', '/')}/", "month.html", context)
    if archive.undated:
        yield from _list("/dates/undated/", "undated.html", archive.undated, {}, ARTICLES_PER_PAGE)


def search_page(archive: Archive) -> Iterator[Page]:
    yield Page("/search/", "search.html", {"search": archive.search_folder})


def about_page(archive: Archive) -> Iterator[Page]:
    articles = archive.articles
    counts = {
        "inferred": sum(any(e.status == "inferred" for e in a.evidence.values()) for a in articles),
        "fragments": sum(article.complete != "whole" for article in articles),
        "reviewed": sum(article.reviewed is not None for article in articles),
        "repairs": sum(len(source.ledger.repairs) for source in archive.sources.values()),
    }
    yield Page("/about/", "about.html", {"counts": counts})


def not_found_page(_: Archive) -> Iterator[Page]:
    yield Page("/404.html", "404.html", listed=False, anywhere=True)


def redirect_pages(archive: Archive) -> Iterator[Page]:
    titles = {article.id: citation.title_of(article) for article in archive.articles}
    for old, new in archive.retired.items():
        context = {"target": f"/articles/{new}/", "title": titles[new]}
        yield Page(f"/articles/{old}/", "redirect.html", context, listed=False)


def feeds(archive: Archive) -> Iterator[Page]:
    """The newest articles as Atom, and those of each topic."""
    if not archive.has_feed:
        return
    yield _feed("/feed.xml", "/", None, archive.articles)
    for way in archive.ways["topics"].values():
        if url := _feed_of(archive, way):
            yield _feed(url, way.url, way.name, way.articles)


def _feed_of(archive: Archive, way: Way) -> str | None:
    """A topic's own feed, when it would hold anything."""
    has_feed = archive.has_feed and way.kind == "topics" and way.articles[0].date
    return f"{way.url}feed.xml" if has_feed else None


def _feed(url: str, home: str, name: str | None, articles: Sequence[Article]) -> Page:
    newest = [article for article in articles if article.date][:FEED_ENTRIES]
    days = {article.id: max(article.date or "", article.reviewed or "") for article in newest}
    context = {"home": home, "name": name, "articles": newest, "days": days}
    return Page(url, "feed.xml", context, listed=False)


def robots(_: Archive) -> Iterator[Page]:
    yield Page("/robots.txt", "robots.txt", listed=False)


def opensearch(archive: Archive) -> Iterator[Page]:
    """How a browser or a catalogue may search here; it needs the full address."""
    if archive.config.base_url:
        yield Page("/opensearch.xml", "opensearch.xml", listed=False)


def _list(
    url: str, template: str, items: Sequence[Any], context: Mapping[str, Any], per_page: int
) -> Iterator[Page]:
    """A list in pages: /topics/x/, /topics/x/page-2.html … At least one, be it empty."""
    last = max(1, -(-len(items) // per_page))
    urls = [url, *(f"{url}page-{number}.html" for number in range(2, last + 1))]
    for number, here in enumerate(urls):
        shown = {
            "items": items[number * per_page : (number + 1) * per_page],
            "total": len(items),
            "number": number + 1,
            "pages": urls,
        }
        yield Page(here, template, {**context, **shown})


PAGE_KINDS: tuple[Callable[[Archive], Iterator[Page]], ...] = (
    home_page,
    article_pages,
    source_pages,
    way_pages,
    date_pages,
    search_page,
    about_page,
    not_found_page,
    redirect_pages,
    feeds,
    robots,
    opensearch,
)
