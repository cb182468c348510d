"""A page of the site, and the addresses of pages: from the root, in each language, as a file, as a server shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from jianbao.config import Config
from jianbao.models import Article

# Articles on one page of a list, as other generators' lists have them; names are shorter.
ARTICLES_PER_PAGE = 50
NAMES_PER_PAGE = 500


def _unknown() -> None:
    """What content/ does not tell."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address from the site's root, its template and what the template shows.

    A page is told of long before it is rendered, and often it need not be: `shows` gathers what it shows when that is asked for.
    """

    url: str  # /articles/x/ or /feed.xml
    template: str
    shows: Callable[[], Mapping[str, Any]] = dict
    modified: Callable[[], str | None] = _unknown  # the day of its last change
    listed: bool = True  # in the sitemap
    anywhere: bool = False  # served at any address (404): its links begin at the top of the host

    @property
    def path(self) -> str:
        """Where it is written, below the site's folder.

        >>> Page("/articles/x/", "").path, Page("/feed.xml", "").path
        ('articles/x/index.html', 'feed.xml')
        """
        return path_of(self.url)

    @property
    def section(self) -> str:
        """The part of the site it belongs to, as an address.

        >>> Page("/topics/x/", "").section, Page("/topics/", "").section, Page("/", "").section
        ('/topics/', '/topics/', '/')
        """
        return section_of(self.url)

    def languages(self, config: Config) -> tuple[str, ...]:
        """In which languages it is made: pages in all; files (a feed), and what is served anywhere, in the first.

        >>> Page("/feed.xml", "").languages(Config(languages=("zh-Hant", "en")))
        ('zh-Hant',)
        """
        is_in_all = self.path.endswith(".html") and not self.anywhere
        return config.languages if is_in_all else config.languages[:1]


def section_of(url: str) -> str:
    """The part of the site to which an address belongs."""
    first, _, rest = url[1:].partition("/")
    return f"/{first}/" if first and (rest or url.endswith("/")) else "/"


def url_in(language: str, url: str, config: Config) -> str:
    """The address of a page in a language of the interface: the first has the root, each other its folder. Files stand once.

    >>> config = Config(languages=("zh-Hans", "en"))
    >>> [url_in("en", url, config) for url in ("/topics/x/#top", "/articles/x/index.md")]
    ['/en/topics/x/#top', '/articles/x/index.md']
    """
    if language == config.languages[0]:
        return url
    return f"/{language}{url}" if path_of(url.partition("#")[0]).endswith(".html") else url


def url_of(article: Article) -> str:
    """The address of an article."""
    return f"/articles/{article.id}/"


def id_in(url: str) -> str | None:
    """The article at an address, if it is one of an article.

    >>> id_in("/articles/a-01/"), id_in("/about/")
    ('a-01', None)
    """
    first, _, rest = url[1:].partition("/")
    return rest.removesuffix("/") if first == "articles" else None


def path_of(url: str) -> str:
    """The file behind an address of the site."""
    return f"{url}index.html"[1:] if url.endswith("/") else url[1:]


def absolute_link(base_url: str, url: str) -> str:
    """The full address, as a server shows it.

    >>> absolute_link("https://a.example/b/", "/topics/x/")
    'https://a.example/b/topics/x/'
    """
    return base_url.rstrip("/") + url


# --- lists in pages -------------------------------------------------------------------------------


def list_pages(
    url: str,
    template: str,
    items: Sequence[Any],
    shows: Callable[[], Mapping[str, Any]],
    per_page: int,
) -> Iterator[Page]:
    """A list in pages: /topics/x/, /topics/x/page-2.html … At least one, be it empty."""
    last = max(1, -(-len(items) // per_page))
    urls = [page_of_list(url, number) for number in range(1, last + 1)]
    if last > 1:
        shows = cache(shows)  # the same on all of them

    def shows_part(number: int) -> Mapping[str, Any]:
        part = items[number * per_page : (number + 1) * per_page]
        return {**shows(), "items": part, "total": len(items), "number": number + 1, "pages": urls}

    for number, here in enumerate(urls):
        yield Page(here, template, partial(shows_part, number))


def page_of_list(url: str, number: int) -> str:
    """
    >>> page_of_list("/topics/x/", 1), page_of_list("/topics/x/", 2), page_of_list("/people/by-name.html", 2)
    ('/topics/x/', '/topics/x/page-2.html', '/people/by-name-page-2.html')
    """
    if number == 1:
        return url
    stem = url if url.endswith("/") else f"{url.removesuffix('.html')}-"
    return f"{stem}page-{number}.html"


def url_in_list(url: str, place: int, per_page: int) -> str:
    """The page of a list on which its item number `place` stands, counted from 0."""
    return page_of_list(url, place // per_page + 1)
