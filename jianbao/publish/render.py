"""Rendering: a page becomes bytes, in a language of the archive, with links that work anywhere.

A template is code of the house or of a theme; what the articles say is always a value, never a template.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2.bccache import Bucket

from jianbao.config import LANGUAGES, Config
from jianbao.errors import JianbaoError
from jianbao.publish import citation, dates
from jianbao.publish.archive import Archive
from jianbao.publish.memo import Here, Memo, PageEnvironment
from jianbao.publish.page import Page, absolute_link, path_of, url_in, url_of
from jianbao.publish.theme import TemplateFolder, find_logo, make_loader
from jianbao.publish.typography import cut_phrases, visible, widen_punctuation
from jianbao.publish.words import WordsPutIn, load_words, word_functions
from jianbao.seal import sealed, unsealed

Render = Callable[[Page, Mapping[str, Any]], bytes]

# Addresses that a page of some depth leads to, most of them more than once.
LINKS_KEPT = 10_000


def make_renderer(
    archive: Archive,
    language: str,
    templates: Sequence[TemplateFolder],
    assets: Mapping[str, bytes],
    names: Iterable[str] = (),
    *,
    compiled: Path | None = None,
) -> Render:
    """A function from pages, and what they show, to bytes in one language. Earlier folders of templates win over later ones.

    `names` are those of templates that are compiled here and now, so that workers which are forked after this have them; `compiled`
    is a folder in which they are kept for the next run.

    Raises:
        JianbaoError: from the function, when a template is wrong; with its file and line.
    """
    config = archive.config
    environment = make_environment(config, language, templates)
    if compiled:
        environment.bytecode_cache = CompiledTemplates(compiled, language)
    environment.globals |= {
        "archive": archive,
        "assets": assets,
        "logo": find_logo(assets),
        "asset": _asset_links(assets, environment.link),
    }
    here = environment.here
    for name in names:
        with suppress(jinja2.TemplateError):  # to be told when a page is rendered
            environment.get_template(name)

    def render(page: Page, shown: Mapping[str, Any]) -> bytes:
        here.root, here.url = root_of(page, language, config), page.url
        try:
            text = environment.get_template(page.template).render(shown, page=page)
        except jinja2.TemplateError as error:
            raise _as_sentence(error, page) from error
        return text.encode("utf-8")

    return render


class CompiledTemplates(jinja2.BytecodeCache):
    """Compiled templates in a folder that belongs to one state of program, templates and words (`pipeline`). A damaged one is compiled anew."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder, self.language = folder, language

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            data = unsealed(self._path(bucket).read_bytes())
            if data is not None:
                bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        data = bucket.bytecode_to_string()
        with suppress(OSError):
            self._path(bucket).write_bytes(sealed(data))

    def _path(self, bucket: Bucket) -> Path:
        return self.folder / f"{self.language}-{bucket.key}"


def make_environment(
    config: Config, language: str, templates: Sequence[TemplateFolder]
) -> PageEnvironment:
    """Jinja as strict as it gets: all output escaped, an unknown name an error."""

    def absolute(url: str, language: str = language) -> str:
        return absolute_link(config.base_url or "", url_in(language, url, config))

    environment = PageEnvironment(
        loader=make_loader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
        extensions=[WordsPutIn, Memo],
    )
    environment.globals |= word_functions(load_words(environment, language))
    environment.link, near = _link_functions(config, language, environment.here)
    environment.globals |= {"link": environment.link, "near": near}
    environment.globals |= {"config": config, "language": language}
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    environment.globals["absolute"] = absolute
    environment.globals["language_names"] = LANGUAGES
    environment.globals["weekdays"] = dates.weekdays(language)
    environment.filters |= {
        "day": cache(partial(dates.day_in_words, language=language)),
        "month": cache(partial(dates.month_in_words, language=language)),
        "year": cache(partial(dates.year_in_words, language=language)),
        "day_of_year": cache(partial(dates.day_of_year_in_words, language=language)),
        "short_month": cache(partial(dates.short_month_in_words, language=language)),
        "weeks": dates.weeks_of,
        "url_of": url_of,
        "title_of": citation.title_of,
        "excerpt_of": citation.excerpt_of,
        "language_of": citation.language_of,
        "host": host_of,
        "phrases": cut_phrases,
        "wide": widen_punctuation if config.widen_punctuation else str,
    }
    return environment


# --- links ---------------------------------------------------------------------------------------


def root_of(page: Page, language: str, config: Config) -> str:
    """The way from a page to the site's root.

    >>> config = Config(languages=("zh-Hans", "en"))
    >>> [root_of(Page("/topics/", ""), language, config) for language in config.languages]
    ['../', '../../']
    """
    if page.anywhere:  # from the top of the host, whichever it is
        return f"{urlsplit(config.base_url or '').path.rstrip('/')}/"
    return "../" * (url_in(language, page.url, config).count("/") - 1)


def link_from(root: str, url: str) -> str:
    """The address `url` of the site, seen from a page; files are named, so that it opens from disk too.

    >>> link_from("../../", "/topics/x/#top"), link_from("", "/feed.xml")
    ('../../topics/x/index.html#top', 'feed.xml')
    """
    place, hash_, fragment = url.partition("#")
    return f"{root}{path_of(place)}{hash_}{fragment}"


def host_of(url: str) -> str:
    """Where a link leads, as a reader should see it before following.

    A name in other letters is shown as it is looked up, for some look like Latin ones.

    >>> host_of("https://paper.example.org/a/1.html"), host_of("https://p\u0430per.example.org/")
    ('paper.example.org', 'xn--pper-53d.example.org')
    """
    host = urlsplit(url).hostname or url
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:  # no name of a host
        return host.encode("ascii", "backslashreplace").decode("ascii")


def assets_folder(assets: Mapping[str, bytes]) -> str:
    """One folder for all assets, named by what they hold: a change gives a new address to all.

    >>> assets_folder({"style.css": b""})
    '/assets/501bfd9b/'
    """
    digest = hashlib.blake2b(digest_size=4)
    for name, data in sorted(assets.items()):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return f"/assets/{digest.hexdigest()}/"


def _link_functions(
    config: Config, language: str, here: Here
) -> tuple[Callable[..., str], Callable[[str], str]]:
    """`link` for templates, and `near`, which knows that a place on the same page is no journey."""

    @lru_cache(LINKS_KEPT)
    def seen_from(root: str, url: str, to: str) -> str:
        there = url_in(to, url, config)
        is_beside = to == language and there != url  # in a language with a folder of its own
        return link_from(root.removeprefix("../"), url) if is_beside else link_from(root, there)

    def link(url: str, to: str = language) -> str:
        return seen_from(here.root, url, to)

    def near(place: str) -> str:
        return place[len(here.url) :] if place.startswith(f"{here.url}#") else link(place)

    return link, near


def _asset_links(assets: Mapping[str, bytes], link: Callable[[str], str]) -> Callable[[str], str]:
    folder = assets_folder(assets)

    def asset(name: str) -> str:
        if name not in assets:
            raise JianbaoError(f"a template asks for the asset {name!r}, which is not there")
        return link(f"{folder}{name}")

    return asset


# --- values and errors ---------------------------------------------------------------------------


def _shown(value: Any) -> Any:
    """What a template shows, without the characters that nobody can see."""
    if not isinstance(value, str):
        return value
    text = visible(value)
    return value if text is value else type(value)(text)


def _as_sentence(error: jinja2.TemplateError, page: Page) -> JianbaoError:
    """A template's error with the file and line of the template."""
    if isinstance(error, jinja2.TemplateNotFound):
        return JianbaoError(f"the template {error.message} is missing", path=page.template)
    if isinstance(error, jinja2.TemplateSyntaxError):
        path, line = error.filename or error.name, error.lineno
        return JianbaoError(f"the template is wrong: {error.message}", path=path, line=line)
    frames = traceback.extract_tb(error.__traceback__)
    place = next((one for one in reversed(frames) if not one.filename.endswith(".py")), None)
    return JianbaoError(
        f"the template is wrong: {error.message}",
        path=place.filename if place else page.template,
        line=place.lineno if place else None,
        hint=f"It was making the page {page.url}",
    )
