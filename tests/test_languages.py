"""An archive in several languages: the same pages and articles, other words around them, one set of files."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from xml.etree import ElementTree

import pytest

from jianbao.config import LANGUAGES, load_config
from jianbao.publish import article_pages
from jianbao.publish.markdown import render_body
from tests.test_publish import (
    BASE,
    BRIDGE,
    CONFIG,
    LIBRARY,
    TEMPLATES,
    UNTITLED,
    Markup,
    make,
    page,
    pages,
)

THREE = replace(CONFIG, languages=("zh-Hans", "zh-Hant", "en"))
OTHERS = ("zh-Hant", "en")
SITE = make(THREE)
BODY_RE = re.compile(r'<div class="body".*?</article>', re.DOTALL)


def alternates(html: str) -> dict[str, str]:
    """Language → address, as the head of a page names them."""
    links = [values for tag, values in Markup(html).tags if tag == "link"]
    return {one["hreflang"] or "": one["href"] or "" for one in links if "hreflang" in one}


def canonical(html: str) -> str:
    links = [values for tag, values in Markup(html).tags if tag == "link"]
    return next(one["href"] or "" for one in links if one["rel"] == "canonical")


def language_of(path: str) -> str:
    return next((one for one in OTHERS if path.startswith(f"{one}/")), "zh-Hans")


# --- which files there are -----------------------------------------------------------------------


def test_one_language_has_no_folder_and_names_no_other() -> None:
    for path, html in pages(make()):
        assert language_of(path) == "zh-Hans", path
        assert "hreflang" not in html, path


def test_the_first_language_stays_where_it_was() -> None:
    assert {path for path in SITE if language_of(path) == "zh-Hans"} == set(make())


def test_each_other_language_has_every_page_and_no_file() -> None:
    expected = {path for path in make() if path.endswith(".html")} - {"404.html"}
    for language in OTHERS:
        folder = f"{language}/"
        assert {path.removeprefix(folder) for path in SITE if path.startswith(folder)} == expected


def test_another_first_language_has_the_root() -> None:
    files = make(replace(CONFIG, languages=("en", "zh-Hans")))
    assert '<html lang="en">' in page(files, "index.html")
    assert '<html lang="zh-Hans">' in page(files, "zh-Hans/index.html")
    assert '<html lang="en">' in page(files, "404.html")


def test_an_article_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: Counter[str] = Counter()

    def counting(body: str, *, widen: bool) -> object:
        rendered[body] += 1
        return render_body(body, widen=widen)

    monkeypatch.setattr(article_pages, "render_body", counting)
    make(THREE)
    assert rendered == Counter(one.body for one in (BRIDGE, LIBRARY, UNTITLED))


# --- what stands in them -------------------------------------------------------------------------


def test_every_page_names_its_language() -> None:
    for path, html in pages(SITE):
        assert f'<html lang="{language_of(path)}">' in html, path


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_change_and_the_article_does_not(language: str) -> None:
    ours, theirs = page(SITE, "articles/linhe-01/index.html"), page(SITE, f"{language}/articles/linhe-01/index.html")  # fmt: skip
    assert BODY_RE.findall(ours) == BODY_RE.findall(theirs) != []
    assert '<article class="story" lang="zh-Hans"' in theirs
    assert ">关于本库<" in ours
    assert ">关于本库<" not in theirs


def test_the_citation_names_one_address_in_all_languages() -> None:
    lines = {
        line
        for path, html in pages(SITE)
        if path.endswith("articles/linhe-01/index.html")
        for line in re.findall('<p class="citation".*?</p>|<meta name="citation_public_url".*?>', html)
    }  # fmt: skip
    assert len(lines) == 2


# --- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("base_url", [BASE, None])
def test_every_link_of_every_language_leads_somewhere(base_url: str | None) -> None:
    files = make(replace(THREE, base_url=base_url))
    if base_url is None:
        del files["404.html"]
    found = {path: Markup(html) for path, html in pages(files)}
    for path, markup in found.items():
        for url in markup.links():
            place, fragment = urldefrag(urljoin(f"{BASE}{path}", url))
            target = place.removeprefix(BASE)
            if target.startswith("http") or "articles/ID/" in target:
                continue
            target += "index.html" if target == "" or target.endswith("/") else ""
            assert target in files, (path, url)
            assert not fragment or fragment in found[target].ids, (path, url)


def test_a_reader_stays_in_a_language() -> None:
    """All links to pages lead to the same language, but for the switch."""
    for path, html in pages(SITE):
        for tag, values in Markup(html).tags:
            href = values.get("href")
            if tag != "a" or "hreflang" in values or not href:
                continue
            target = urljoin(f"{BASE}{path}", href).removeprefix(BASE)
            if target.partition("#")[0].endswith(".html"):
                assert language_of(target) == language_of(path), (path, target)


@pytest.mark.parametrize(("folder", "up"), [("", "../"), ("en/", "../../")])
def test_the_search_leads_to_articles_of_its_language(folder: str, up: str) -> None:
    html = page(SITE, f"{folder}search/index.html")
    assert 'data-article="../articles/ID/index.html"' in html
    manifest = re.findall('data-search="([^"]+)"', html)[0]
    assert urljoin(f"/{folder}search/", manifest)[1:] in SITE
    assert f'src="{up}assets/' in html


def test_the_switch_leads_to_the_same_page_by_each_languages_own_name() -> None:
    html = page(SITE, "en/topics/livelihood/index.html")
    switch = re.findall(r'<a lang="([^"]+)" hreflang="\1" href="([^"]+)"([^>]*)>([^<]+)</a>', html)
    assert [(language, name) for language, _, _, name in switch] == [
        ("zh-Hans", "简体中文"),
        ("zh-Hant", "繁體中文"),
        ("en", "English"),
    ]
    assert [urljoin("/en/topics/livelihood/", href) for _, href, _, _ in switch] == [
        "/topics/livelihood/index.html",
        "/zh-Hant/topics/livelihood/index.html",
        "/en/topics/livelihood/index.html",
    ]
    assert [state for _, _, state, _ in switch] == ["", "", ' aria-current="true"']


def test_a_page_that_is_not_found_is_of_the_first_language_and_leads_to_all() -> None:
    html = page(SITE, "404.html")
    assert re.findall(r'hreflang="[^"]+" href="([^"]+)"', html) == [
        "/linhe/index.html",
        "/linhe/zh-Hant/index.html",
        "/linhe/en/index.html",
    ]


def test_a_retired_id_leads_on_in_every_language() -> None:
    html = page(SITE, "en/articles/linhe-03/index.html")
    assert 'content="0; url=../../articles/linhe-02/index.html"' in html
    assert canonical(html) == f"{BASE}en/articles/linhe-02/"


# --- what search engines are told ----------------------------------------------------------------


def test_each_version_of_a_page_names_all_and_itself() -> None:
    named = 0
    for path, html in pages(SITE):
        if "404" in path or 'http-equiv="refresh"' in html:
            assert alternates(html) == {}, path
            continue
        others = alternates(html)
        assert list(others) == ["zh-Hans", "zh-Hant", "en", "x-default"], path
        assert others["x-default"] == others["zh-Hans"], path
        assert canonical(html) == others[language_of(path)] == f"{BASE}{path.removesuffix('index.html')}"  # fmt: skip
        for address in others.values():
            target = address.removeprefix(BASE)
            target += "index.html" if target == "" or target.endswith("/") else ""
            assert alternates(page(SITE, target)) == others, path
        named += 1
    assert named > 20


def test_without_an_address_no_head_names_another_language() -> None:
    for path, html in pages(make(replace(THREE, base_url=None))):
        assert alternates(html) == {}, path


def test_the_sitemap_has_every_page_of_every_language() -> None:
    named = [one.text for one in ElementTree.fromstring(SITE["sitemap.xml"]).iter() if one.text]
    for path in ("", "en/", "zh-Hant/articles/linhe-01/", "en/topics/livelihood/"):
        assert f"{BASE}{path}" in named
    assert len(named) == len(set(named))


def test_feeds_are_of_the_first_language() -> None:
    assert [path for path in SITE if path.endswith("feed.xml")] == [path for path in make() if path.endswith("feed.xml")]  # fmt: skip
    assert 'href="../../../feed.xml"' in page(SITE, "en/articles/linhe-01/index.html")


# --- one more ------------------------------------------------------------------------------------


def test_a_language_more_is_a_catalogue_and_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    shutil.copytree(templates / "i18n" / "en", templates / "i18n" / "fr")
    monkeypatch.setitem(LANGUAGES, "fr", "Français")
    config = load_config("languages: [en, fr]", path="config.yaml")
    files = make(replace(CONFIG, languages=config.languages), templates=(templates,))
    html = page(files, "fr/articles/linhe-01/index.html")
    assert ">Français</a>" in html
    assert "18 juin 2020" in html
    assert "juin 2020" in page(files, "fr/dates/2020/06/index.html")
