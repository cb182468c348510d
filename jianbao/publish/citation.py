"""How an article is named and cited: GB/T 7714, the head metadata Zotero reads, JSON-LD.

The forms are those of the standard's implementers, the CSL of the Chinese Zotero community.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from jianbao.models import Article
from jianbao.publish.markdown import plain_paragraphs

Pairs = tuple[tuple[str, str], ...]

# GB/T 7714 names three authors and then 等.
MAX_AUTHORS = 3
# An untitled article is called by its first words: as many as a headline of one line holds.
FIRST_WORDS = 16
# What a search engine or a chat window shows of a page; longer is cut off there.
EXCERPT = 110
# Among so many blocks there is one that says what the article is about; parsing all would take twice as long.
OPENING = 4

# Credited, but not with the words of the article.
NOT_OF_THE_TEXT_RE = re.compile(
    "摄影|攝影|摄|攝|图|圖|编辑|編輯|校对|校對|制图|製圖|版式|美编|美編"
)


class Punctuation(NamedTuple):
    """What the two editions of the standard write differently."""

    comma: str
    opening: str
    closing: str


STYLES = {"gb2025": Punctuation("，", "（", "）"), "gb2015": Punctuation(", ", "(", ")")}


def title_of(article: Article) -> str:
    """The headline; for an article without one 〔无题〕 and its first words.

    >>> title_of(Article("a", title="桥通了")), title_of(Article("b", body="昨日雨。"))
    ('桥通了', '〔无题〕昨日雨。')
    """
    if article.title:
        return article.title
    mark = "〔無題〕" if article.script == "Hant" else "〔无题〕"
    return mark + excerpt_of(article, FIRST_WORDS)


def excerpt_of(article: Article, length: int = EXCERPT) -> str:
    """The first paragraph that is no caption's or heading's stub, cut to about this length.

    >>> excerpt_of(Article("a", body="一二三四五六"), 4)
    '一二三四…'
    """
    opening = article.body.split("\n\n", OPENING)[:OPENING]
    paragraphs = plain_paragraphs("\n\n".join(opening))
    text = next((one for one in paragraphs if len(one) > FIRST_WORDS), "".join(paragraphs[:1]))
    return text if len(text) <= length else text[:length].rstrip("，、：；“‘（《") + "…"


def cite(article: Article, style: str, url: str | None = None) -> str:
    """The article as a line of GB/T 7714; `url` is its address here, for want of another.

    >>> from jianbao.models import Credit
    >>> cite(Article("a", "旧桥新生", authors=(Credit("林一", "记者"),), date="2020-06-18",
    ...              publication="临河日报", page="A3"), "gb2025")
    '林一. 旧桥新生[N]. 临河日报，2020-06-18（A3）.'
    """
    if article.source and article.source.kind == "web":
        return _cite_web(article, STYLES[style], url)
    return _cite_newspaper(article, STYLES[style], with_access=style == "gb2015")


def _cite_newspaper(article: Article, marks: Punctuation, *, with_access: bool) -> str:
    comma, opening, closing = marks
    url = article.source.url if article.source else None
    accessed = article.source.accessed if article.source else None
    issue = comma.join(part for part in (article.publication, article.date) if part)
    if article.page:
        issue += f"{opening}{article.page}{closing}"
    if url and accessed and with_access:
        issue += f"[{accessed}]"
    name = _named(article, marks, "N/OL" if url else "N")
    return " ".join(f"{part}." for part in (name, issue, url) if part)


def _cite_web(article: Article, marks: Punctuation, url: str | None) -> str:
    _, opening, closing = marks
    source = article.source
    assert source is not None
    days = f"{opening}{article.date}{closing}" if article.date else ""
    days += f"[{source.accessed}]" if source.accessed else ""
    name = _named(article, marks, "EB/OL")
    return " ".join(f"{part}." for part in (name, days, source.url or url) if part)


def _named(article: Article, marks: Punctuation, kind: str) -> str:
    """责任者. 题名：副题[N]"""
    title = title_of(article)
    if article.subtitle:
        title += f"：{article.subtitle.lstrip('—-－─ ')}"
    authors = writers_of(article)
    named = marks.comma.join(authors[:MAX_AUTHORS])
    if len(authors) > MAX_AUTHORS:
        named += f"{marks.comma}等"
    return f"{named}. {title}[{kind}]" if named else f"{title}[{kind}]"


def writers_of(article: Article) -> tuple[str, ...]:
    """Those who wrote the words; a photographer or editor only when nobody else is credited."""
    wrote = [one.name for one in article.authors if not _is_of_no_text(one.role)]
    return tuple(dict.fromkeys(wrote or [one.name for one in article.authors]))


def _is_of_no_text(role: str | None) -> bool:
    return bool(role and NOT_OF_THE_TEXT_RE.fullmatch(role))


def language_of(article: Article) -> str:
    """The language tag of its script."""
    return f"zh-{article.script}"


def head_names(article: Article, url: str | None) -> Pairs:
    """`<meta name>` and content, as Zotero's translators read them (DC, PRISM, Highwire)."""
    is_newspaper = not (article.source and article.source.kind == "web")
    authors = writers_of(article)
    rows: list[tuple[str, str | None]] = [
        ("description", excerpt_of(article)),
        ("DC.type", "newspaperArticle" if is_newspaper else "webpage"),
        ("DC.title", title_of(article)),
        *(("DC.creator", author) for author in authors),
        ("DC.source", article.publication),
        ("prism.publicationName", article.publication),
        ("citation_title", title_of(article)),
        *(("citation_author", author) for author in authors),
        ("citation_date", article.date),
        ("citation_firstpage", article.page),
        ("citation_language", language_of(article)),
        ("citation_public_url", url),
    ]
    return tuple((name, content) for name, content in rows if content)


def head_properties(article: Article, site: str, url: str | None) -> Pairs:
    """`<meta property>` and content: Open Graph."""
    rows = [
        ("og:type", "article"),
        ("og:title", title_of(article)),
        ("og:site_name", site),
        ("og:url", url),
        ("og:locale", "zh_TW" if article.script == "Hant" else "zh_CN"),
        ("article:published_time", article.date),
        ("article:section", article.column),
    ]
    return tuple((name, content) for name, content in rows if content)


def json_ld(article: Article, url: str | None) -> dict[str, Any]:
    """The article for schema.org."""
    paper = {"@type": "Newspaper", "name": article.publication} if article.publication else None
    dateline = article.dateline
    printed = (dateline.agency, dateline.place, dateline.date) if dateline else ()
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title_of(article),
        "alternativeHeadline": article.subtitle,
        "datePublished": article.date,
        "author": [{"@type": "Person", "name": name} for name in writers_of(article)],
        "isPartOf": paper,
        "printPage": article.page,
        "printSection": article.column,
        "dateline": "".join(part for part in printed if part),
        "inLanguage": language_of(article),
        "isBasedOn": article.source.url if article.source else None,
        "url": url,
    }
    return {key: value for key, value in data.items() if value}
