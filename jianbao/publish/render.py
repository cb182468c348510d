"""Rendering: a page becomes bytes, in the archive's language, with links that work anywhere.

A template is code of the house or of a theme; what the articles say is always a value, never a template.
"""

from __future__ import annotations

import gettext
import hashlib
import io
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from jianbao.config import Config
from jianbao.errors import JianbaoError
from jianbao.publish import citation, dates
from jianbao.publish.archive import Archive
from jianbao.publish.pages import Page, absolute_link, path_of
from jianbao.publish.typography import widen_punctuation

# Controls that XML forbids, and those that turn the direction of text, with which an address or a name
# could be made to look like another.
UNSHOWN_RE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def make_renderer(
    archive: Archive, templates: Sequence[Path], assets: Mapping[str, bytes]
) -> Callable[[Page], bytes]:
    """A function from pages to bytes. Earlier folders of templates win over later ones.

    Raises:
        JianbaoError: from the function, when a template is wrong; with its file and line.
    """
    environment = make_environment(archive.config, templates)
    language = archive.config.languages[0]
    shared = {"config": archive.config, "archive": archive, "language": language}
    folder = assets_folder(assets)

    def render(page: Page) -> bytes:
        link = partial(link_from, root_of(page, archive.config))
        asset = partial(_asset_link, assets, folder, link)
        try:
            template = environment.get_template(page.template)
            text = template.render(shared, page=page, link=link, asset=asset, **page.context)
        except jinja2.TemplateError as error:
            raise _as_sentence(error, page) from error
        return text.encode("utf-8")

    return render


def make_environment(config: Config, templates: Sequence[Path]) -> jinja2.Environment:
    """Jinja as strict as it gets: all output escaped, an unknown name an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in templates]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    language = config.languages[0]
    environment.globals |= word_functions(load_words(environment, language))
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    environment.globals["absolute"] = partial(absolute_link, config.base_url or "")
    environment.globals["weekdays"] = dates.weekdays(language)
    environment.filters |= {
        "day": partial(dates.day_in_words, language=language),
        "month": partial(dates.month_in_words, language=language),
        "year": partial(dates.year_in_words, language=language),
        "day_of_year": partial(dates.day_of_year_in_words, language=language),
        "short_month": partial(dates.short_month_in_words, language=language),
        "weeks": dates.weeks_of,
        "title_of": citation.title_of,
        "excerpt_of": citation.excerpt_of,
        "language_of": citation.language_of,
        "host": host_of,
        "wide": widen_punctuation if config.widen_punctuation else str,
    }
    return environment


def load_words(environment: jinja2.Environment, language: str) -> gettext.NullTranslations:
    """The interface's words in a language, from its message catalogue."""
    name = f"i18n/{language.replace('-', '_')}/LC_MESSAGES/messages.po"
    assert environment.loader is not None
    try:
        text, _, _ = environment.loader.get_source(environment, name)
    except jinja2.TemplateNotFound as error:
        raise JianbaoError(f"no words for the language {language}", path=name) from error
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(text)))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def word_functions(words: gettext.NullTranslations) -> dict[str, Callable[..., str]]:
    """`_` and `ngettext` for templates; what they give is escaped where it is shown, like any other text.

    >>> word_functions(gettext.NullTranslations())["_"]("第%(page)s版", page="3")
    '第3版'
    """

    def word(message: str, **values: object) -> str:
        text = words.gettext(message)
        return text % values if values else text

    def counted(one: str, many: str, number: int) -> str:
        return words.ngettext(one, many, number) % {"num": number}

    return {"_": word, "ngettext": counted}


# --- links ---------------------------------------------------------------------------------------


def root_of(page: Page, config: Config) -> str:
    """The way from a page to the site's root.

    >>> root_of(Page("/articles/x/", ""), Config()), root_of(Page("/", ""), Config())
    ('../../', '')
    """
    if page.anywhere:  # from the top of the host, whichever it is
        return f"{urlsplit(config.base_url or '').path.rstrip('/')}/"
    return "../" * (page.url.count("/") - 1)


def link_from(root: str, url: str) -> str:
    """The address `url` of the site, seen from a page; files are named, so that it opens from disk too.

    >>> link_from("../../", "/topics/x/#top"), link_from("", "/feed.xml")
    ('../../topics/x/index.html#top', 'feed.xml')
    """
    place, hash_, fragment = url.partition("#")
    return f"{root}{path_of(place)}{hash_}{fragment}"


def host_of(url: str) -> str:
    """Where a link leads, as a reader should see it before following.

    >>> host_of("https://paper.example.org/a/1.html")
    'paper.example.org'
    """
    return urlsplit(url).hostname or url


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


def _asset_link(
    assets: Mapping[str, bytes], folder: str, link: Callable[[str], str], name: str
) -> str:
    if name not in assets:
        raise JianbaoError(f"a template asks for the asset {name!r}, which is not there")
    return link(f"{folder}{name}")


# --- values and errors ---------------------------------------------------------------------------


def _shown(value: Any) -> Any:
    """What a template shows, without the characters that nobody can see."""
    if not isinstance(value, str) or not UNSHOWN_RE.search(value):
        return value
    return type(value)(UNSHOWN_RE.sub("", value))


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
