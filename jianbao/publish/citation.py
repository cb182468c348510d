"""How an article is named and cited: GB/T 7714, the head metadata Zotero reads, JSON-LD.

The forms are those of the standard's implementers, the CSL of the Chinese Zotero community.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any, NamedTuple

from jianbao.models import Article
from jianbao.publish.markdown import CAPTION_RE, plain_paragraphs
from jianbao.publish.typography import widen_punctuation

Pairs = tuple[tuple[str, str], ...]

# GB/T 7714 names three authors and then 等.
MAX_AUTHORS = 3
# An untitled article is called by its first words: as many as a headline of one line holds.
FIRST_WORDS = 16
# What a search engine or a chat window shows of a page; longer is cut off there.
EXCERPT = 110
# Among so many blocks there is one that says what the article is about; parsing all would take twice as long.
OPENING = 4

# Characters of a version: two texts of one article share one by chance once in four thousand million times.
VERSION_LENGTH = 8
# The number of a page, without 第 and 版 around it; several are parted by commas, ranges by hyphens.
EDITION_RE = re.compile(r"第?([A-Za-z0-9][A-Za-z0-9\s、，,;；—–－~～至-]*)版?")
BETWEEN_PAGES_RE = re.compile(r"\s*[、，,;；]\s*")
PAGE_RANGE_RE = re.compile(r"(?<=[0-9])\s*[-—–－~～至]+\s*(?=[A-Za-z]*[0-9])")

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


def full_title(article: Article) -> str:
    """题名：副题名, as it is cited. The kicker (引题) stands above the title and is no part of it, nor is the column.

    >>> full_title(Article("a", "桥通了", kicker="重点工程", subtitle="——公交恢复原线", column="民生"))
    '桥通了：公交恢复原线'
    >>> full_title(Article("a", "任职公示", subtitle="（第8号）"))
    '任职公示（第8号）'
    """
    subtitle = (article.subtitle or "").lstrip("—-－─ ")
    colon = "：" if subtitle and subtitle[0] not in "（(" else ""
    return f"{title_of(article)}{colon}{subtitle}"


def as_shown(article: Article, *, widen: bool) -> Article:
    """The article with its headline in the punctuation of its page: a citation says what one reads there.

    >>> full_title(as_shown(Article("a", "太原:桥通了", subtitle="公交,恢复"), widen=True))
    '太原：桥通了：公交，恢复'
    """
    if not widen:
        return article
    title, subtitle = (one and widen_punctuation(one) for one in (article.title, article.subtitle))
    return replace(article, title=title, subtitle=subtitle)


def edition_of(page: str) -> str:
    """版次 as the standard writes it: the bare number; what is no 版 stays as it is.

    >>> [edition_of(page) for page in ("A3", "第3版", "2、5—7版", "头版", "第1—2页")]
    ['A3', '3', '2, 5-7', '头版', '第1—2页']
    """
    found = EDITION_RE.fullmatch(page)
    if found is None:
        return page
    pages = BETWEEN_PAGES_RE.split(found[1])
    return ", ".join(PAGE_RANGE_RE.sub("-", one) for one in pages)


def is_web(article: Article) -> bool:
    """Whether it is cited as a web page: it is from one, or is the archive's own and from no paper at all."""
    if article.source is None:
        return article.publication is None
    return article.source.kind == "web"


def version_of(article: Article) -> str:
    """The version of its text, a checksum: whoever cites can say which text was read.

    Kicker, title, subtitle and body count, as they stand in `content/`; so it changes with every corrected word, and
    with nothing else (docs/citing.md).

    >>> version_of(Article("a", "桥通了", body="昨日。"))
    'fdf9f04f'
    """
    wording = (article.kicker, article.title, article.subtitle, article.body)
    text = "\n".join(part or "" for part in wording)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:VERSION_LENGTH]


def excerpt_of(article: Article, length: int = EXCERPT) -> str:
    """The first paragraph that is no caption's or heading's stub, cut to about this length.

    >>> excerpt_of(Article("a", body="图：开幕的早晨。\\n\\n一二三四五六"), 4)
    '一二三四…'
    """
    blocks = article.body.split("\n\n")
    told = [block for block in blocks if not CAPTION_RE.match(block)] or blocks
    paragraphs = plain_paragraphs("\n\n".join(told[:OPENING]))
    text = next((one for one in paragraphs if len(one) > FIRST_WORDS), "".join(paragraphs[:1]))
    return text if len(text) <= length else text[:length].rstrip("，、：；“‘（《") + "…"


def cite(article: Article, style: str, url: str | None = None) -> str:
    """The article as a line of GB/T 7714; `url` is its address here, for want of another.

    >>> from jianbao.models import Credit
    >>> cite(Article("a", "旧桥新生", authors=(Credit("林一", "记者"),), date="2020-06-18",
    ...              publication="临河日报", page="A3"), "gb2025")
    '林一. 旧桥新生[N]. 临河日报，2020-06-18（A3）.'
    """
    if is_web(article):
        return _cite_web(article, STYLES[style], url)
    return _cite_newspaper(article, STYLES[style], with_access=style == "gb2015")


def _cite_newspaper(article: Article, marks: Punctuation, *, with_access: bool) -> str:
    comma, opening, closing = marks
    url = article.source.url if article.source else None
    accessed = article.source.accessed if article.source else None
    issue = comma.join(part for part in (article.publication, article.date) if part)
    if article.page:
        issue += f"{opening}{edition_of(article.page)}{closing}"
    if url and accessed and with_access:
        issue += f"[{accessed}]"
    name = _named(article, marks, "N/OL" if url else "N")
    return " ".join(f"{part}." for part in (name, issue, url) if part)


def _cite_web(article: Article, marks: Punctuation, url: str | None) -> str:
    _, opening, closing = marks
    accessed = article.source.accessed if article.source else None
    days = f"{opening}{article.date}{closing}" if article.date else ""
    days += f"[{accessed}]" if accessed else ""
    name = _named(article, marks, "EB/OL")
    return " ".join(f"{part}." for part in (name, days, web_address(article, url)) if part)


def web_address(article: Article, url: str | None) -> str | None:
    """Where a web page stands; for want of that its address here."""
    return (article.source.url if article.source else None) or url


def _named(article: Article, marks: Punctuation, kind: str) -> str:
    """责任者. 题名：副题[N]"""
    title = full_title(article)
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
    """`<meta name>` and content, as Zotero's translators read them (Dublin Core, PRISM, Highwire)."""
    authors = writers_of(article)
    title = full_title(article)
    first, last = first_and_last_page(article.page)
    rows: list[tuple[str, str | None]] = [
        ("description", excerpt_of(article)),
        ("DC.type", "webpage" if is_web(article) else "newspaperArticle"),
        ("DC.title", title),
        *(("DC.creator", author) for author in authors),
        ("DC.source", article.publication),
        ("DC.date", article.date),
        ("DC.language", language_of(article)),
        *(("DC.subject", topic) for topic in article.topics),
        ("prism.publicationName", article.publication),
        ("prism.publicationDate", article.date),
        ("citation_title", title),
        *(("citation_author", author) for author in authors),
        ("citation_date", article.date),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_language", language_of(article)),
        ("citation_public_url", url),
    ]
    return tuple((name, content) for name, content in rows if content)


def first_and_last_page(page: str | None) -> tuple[str | None, str | None]:
    """版次 in the two halves that Highwire asks for; joined by a hyphen they are the whole again.

    >>> first_and_last_page("A3"), first_and_last_page("2、5—7版")
    (('A3', None), ('2, 5', '7'))
    """
    if page is None:
        return None, None
    first, hyphen, last = edition_of(page).rpartition("-")
    return (first, last) if hyphen else (last, None)


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
    """The article for schema.org: of a newspaper a `NewsArticle`, of the web an `Article` in its `WebSite`."""
    web = is_web(article)
    container = {"@type": "WebSite" if web else "Newspaper", "name": article.publication}
    dateline = article.dateline
    printed = (dateline.agency, dateline.place, dateline.date) if dateline else ()
    data = {
        "@context": "https://schema.org",
        "@type": "Article" if web else "NewsArticle",
        "headline": title_of(article),
        "alternativeHeadline": article.subtitle,
        "datePublished": article.date,
        "author": [{"@type": "Person", "name": name} for name in writers_of(article)],
        "isPartOf": container if article.publication else None,
        "inLanguage": language_of(article),
        "isBasedOn": article.source.url if article.source else None,
        "url": url,
    }
    if web:
        data["articleSection"] = article.column
    else:
        data["printPage"] = article.page
        data["printSection"] = article.column
        data["dateline"] = "".join(part for part in printed if part)
    return {key: value for key, value in data.items() if value}
