"""S1 to S17: hostile words are shown and never run, nothing is fetched from elsewhere, nothing leaves its folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import jinja2
import pytest
from playwright.sync_api import Browser, Page, expect

from jianbao import content
from jianbao.config import Config
from jianbao.content import dump, load
from jianbao.errors import ConfigError, JianbaoError
from jianbao.models import Article, Credit
from jianbao.publish.markdown import render_body
from jianbao.publish.render import host_of, make_environment
from jianbao.publish.theme import read_templates
from tests.conftest import Archive, kinds
from tests.trust.small_archive import (
    ROOT,
    build,
    convert,
    folders_in,
    make_archive,
    tree,
    write,
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types jianbao"
)
HOSTILE = (
    "<script>PWNED=1</script>", "<img src=x onerror=PWNED=1>", "<svg/onload=PWNED=1>", "<!-- a -->", "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>parent.PWNED=1</script>'>", '"><script>PWNED=1</script>', "'-PWNED=1-'", "{{ 7*7 }}",
    '{% include "/etc/passwd" %}', "{{ lipsum.__globals__ }}", "</title><script>PWNED=1</script>", "]]><script>PWNED=1</script>",
    "<a href=javascript:PWNED=1>", "javascript:PWNED=1", "</script><script>PWNED=1</script>",
)  # fmt: skip
ALL_HOSTILE = " ".join(HOSTILE)


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]
) -> Archive:
    """An archive whose every word is hostile: names, settings, articles and a page as received."""
    home = make_archive(tmp_path_factory.mktemp("hostile") / "archive")
    settings = f"title: {quoted(ALL_HOSTILE)}\nmotto: {quoted(ALL_HOSTILE)}\nrights: {quoted(ALL_HOSTILE)}\nbase_url: https://archive.example/\n"
    write(home / "config.yaml", settings)
    write(
        home / "sources" / "{{7*7}}.txt", f"# {ALL_HOSTILE}\n\n{'。'.join(HOSTILE)}。渡口开航。\n"
    )
    write(home / "sources" / "{{7*7}}.txt.yaml", f"publication: {quoted(HOSTILE[0])}\nrights: {quoted(HOSTILE[1])}\n")  # fmt: skip
    assert convert(home).errors == ()
    for number, words in enumerate((*HOSTILE, ALL_HOSTILE)):
        article = Article(
            f"hostile-{number}", title=words, kicker=words, subtitle=words, column=words,
            authors=(Credit(words, words),), date="2020-06-18", publication=words, page=words, topics=(words,), places=(words,),
            body=f"{words}\n\n图：{words}\n\n## {words}\n\n    {words}\n\n- {words}\n\n[甲]({words})\n\n![乙]({words})",
        )  # fmt: skip
        write(home / "content" / "hostile" / f"{number:02}.md", dump(article))
    report = build(home)
    assert report.errors == ()
    articles = [load(path.read_text("utf-8"), path="") for path in home.glob("content/*/*.md")]
    return Archive(serve_folder(home / "site"), articles, home / "site")


def quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


class Markup(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def pages_of(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*.html")):
        yield path.relative_to(site).as_posix(), path.read_text("utf-8")


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page that must neither open a dialog, nor break its policy, nor run what it shows."""
    wrong = wrongs_of(page)
    yield page
    assert wrong == []


def wrongs_of(page: Page) -> list[str]:
    """What a page does that it must not, as it does it."""
    wrong: list[str] = []
    page.on("dialog", lambda one: wrong.append(one.message))  # and it stays open
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    return wrong


@pytest.fixture(scope="module")
def asked_and_wrongs(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    page = browser.new_page()
    yield page, wrongs_of(page)
    page.close()


@pytest.fixture
def asked(asked_and_wrongs: tuple[Page, list[str]]) -> Iterator[Page]:
    """The same, one for all queries: each loads the search anew, when the page of the one before is gone."""
    page, wrong = asked_and_wrongs
    page.goto("about:blank")
    wrong.clear()
    yield page
    assert wrong == []


# --- S1 and S6: words are words --------------------------------------------------------------------


def test_S1_hostile_words_do_nothing_on_any_kind_of_page(watched: Page, hostile: Archive) -> None:
    pages = [*kinds(hostile.site), f"/articles/hostile-{len(HOSTILE)}/", "/404.html"]
    for address in pages:
        watched.goto(hostile.address + address)
        assert watched.evaluate("globalThis.PWNED") is None, address
        assert watched.locator("iframe, img[onerror], svg[onload], main style").count() == 0
    watched.goto(f"{hostile.address}/articles/hostile-1/")
    expect(watched.locator("h1")).to_contain_text(HOSTILE[1])
    expect(watched.locator(".body > p").first).to_have_text(HOSTILE[1])


def test_S1_hostile_words_are_found_and_suggested_as_words(watched: Page, hostile: Archive) -> None:
    watched.goto(f"{hostile.address}/search/?q={quote('script PWNED')}")
    expect(watched.locator("[data-article-id]").first).to_be_visible()
    watched.fill("[name=q]", "<img src=x")
    watched.press("[name=q]", "Enter")
    expect(watched.locator("[data-article-id] h2, [data-article-id] a").first).to_be_visible()
    assert watched.evaluate("globalThis.PWNED") is None


def test_S6_what_looks_like_a_template_is_shown_as_it_stands(hostile: Archive) -> None:
    files = tree(hostile.site)
    page = files["articles/hostile-8/index.html"].decode()
    assert page.count("{{ 7*7 }}") > 5
    assert "49" not in re.sub(r"<[^>]*>|[0-9a-f]{8,}", "", page)
    assert b"root:x:0" not in b"".join(files.values())
    source = next(
        data for name, data in files.items() if re.fullmatch(r"sources/7-7/index.html", name)
    )
    assert b"{{7*7}}.txt" in source


def test_S6_no_text_is_ever_compiled_or_trusted() -> None:
    code = {path: path.read_text("utf-8") for path in (ROOT / "jianbao").rglob("*.py")}
    assert [path.name for path, text in code.items() if re.search(r"\bfrom_string|Markup\(|\beval\(|\bexec\(|pickle\.load\b", text)] == []  # fmt: skip
    compiled = [path.name for path, text in code.items() if re.search(r"\.get_template\(|\.render\(shown", text)]  # fmt: skip
    assert compiled == ["render.py"]
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "assets").rglob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", scripts)  # fmt: skip


# --- S4: addresses ---------------------------------------------------------------------------------


REFUSED = ("javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", "https:///x")  # fmt: skip


def test_S4_the_address_of_a_source_is_http_or_refused(tmp_path: Path) -> None:
    home = make_archive(tmp_path)
    for number, address in enumerate(REFUSED):
        write(home / "content" / "own" / f"{number}.md", f"---\nid: own-{number}\nsource: {{url: '{address}'}}\n---\n\n渡口。\n")  # fmt: skip
        write(home / "sources" / f"{number}.txt", "# 渡口\n\n渡口昨日开航。\n")
        write(home / "sources" / f"{number}.txt.yaml", f"url: '{address}'\n")
    wrong = [*convert(home).errors, *build(home).errors]
    told = {str(Path(one.path or "").relative_to(home)): (one.line, one.message) for one in wrong}
    for number in range(len(REFUSED)):
        assert told[f"content/own/{number}.md"][0] == 3
        assert "neither http nor https" in told[f"content/own/{number}.md"][1]
        line, message = told[f"sources/{number}.txt.yaml"]
        assert (line, message.startswith("url must begin with https://")) == (1, True)
    shown = b"".join(tree(home / "site").values())
    assert [address for address in REFUSED if address.encode() in shown] == []


# --- S7: templates ---------------------------------------------------------------------------------


def test_S7_jinja_escapes_everything_and_misses_nothing() -> None:
    environment = make_environment(Config(), "zh-Hans", [read_templates(ROOT / "templates")])
    assert environment.autoescape is True
    assert environment.undefined is jinja2.StrictUndefined


def test_S7_json_is_written_by_tojson_alone() -> None:
    for path in (ROOT / "templates").glob("*.html"):
        for body in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", path.read_text("utf-8"), re.DOTALL):  # fmt: skip
            assert re.fullmatch(r"\s*\{\{ \w+ \| tojson \}\}\s*", body), path.name


# --- S8: front matter ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a\n---\npublish: true", "---", "--- a", "\n---\n", "a: b\n---\n- c", "甲\u2028---\u2028乙", "#", "''", '"'])  # fmt: skip
def test_S8_a_value_cannot_end_the_front_matter(text: str) -> None:
    article = Article("a-01", title=text, body=text.strip("\n"), publish=False)
    written = dump(article)
    assert load(written, path="") == article
    assert written.index("\n---\n") > written.index("publish: false")


def test_S8_a_page_that_begins_like_front_matter_is_a_page(tmp_path: Path) -> None:
    home = make_archive(tmp_path)
    write(
        home / "sources" / "front.md",
        "---\nid: ../../x\npublish: true\n---\n\n# 渡口\n\n渡口昨日开航了。\n",
    )
    assert convert(home).errors == ()
    ids = [load(path.read_text("utf-8"), path="").id for path in home.glob("content/front/*.md")]
    assert all(one.startswith("front-") for one in ids)


# --- S9: paths -------------------------------------------------------------------------------------

CLIMBING = (
    "../../x", "/etc/x", "a/../../b", "..%2f", "C:\\x", "a\\0b", ".git/hooks/x", "x" * 300, ".", "..", "a b", "A", "a_b", "甲", "-a", "a-",
)  # fmt: skip


@pytest.mark.parametrize("name", CLIMBING)
def test_S9_an_id_that_is_no_address_is_refused_and_nothing_is_written_outside(
    tmp_path: Path, name: str
) -> None:
    home = make_archive(tmp_path / "a" / "b" / "archive")
    write(tmp_path / "canary", "不动")
    write(home / "content" / "own" / "1.md", f'---\nid: "{name}"\n---\n\n渡口。\n')
    report = build(home)
    [error] = report.errors
    assert (error.path, error.line) == (str(home / "content" / "own" / "1.md"), 2)
    outside = {one for one in tree(tmp_path) if not one.startswith("a/b/archive/")}
    assert outside == {"canary"}


def test_S9_a_ledger_cannot_lead_out(tmp_path: Path) -> None:
    home = make_archive(tmp_path / "a" / "archive")
    convert(home)
    write(tmp_path / "a" / "secret.txt", "不给人看的一页。\n")
    ledger = home / "content" / "a" / "source.yaml"
    text = ledger.read_text("utf-8")
    for file in ("../secret.txt", str(tmp_path / "a" / "secret.txt"), "x/../../secret.txt"):
        write(ledger, text.replace("file: a.txt", f"file: {file}"))
        build(home)
        assert "不给人看的一页".encode() not in b"".join(tree(home / "site").values())


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/../../../b", ""])
def test_S9_a_retired_id_cannot_lead_out(tmp_path: Path, name: str) -> None:
    home = make_archive(tmp_path / "a" / "archive")
    convert(home)
    ledger = home / "content" / "a" / "source.yaml"
    text = re.sub(r"^retired:.*\n", "", ledger.read_text("utf-8"), flags=re.MULTILINE)
    write(ledger, f'{text}retired: {{"{name}": a-01}}\n')
    report = build(home)
    [error] = report.errors
    assert error.path == str(ledger)
    assert {one for one in tree(tmp_path) if not one.startswith("a/archive/")} == set()


# --- S10: links of the file system --------------------------------------------------------------------


def test_S10_a_linked_template_is_refused_and_a_linked_asset_not_taken(tmp_path: Path) -> None:
    home = make_archive(tmp_path / "archive")
    convert(home)
    write(tmp_path / "secret.css", ".secret { top: 0 }")
    (home / "theme" / "assets").mkdir(parents=True)
    (home / "theme" / "assets" / "theme.css").symlink_to(tmp_path / "secret.css")
    build(home)
    assert b".secret" not in b"".join(tree(home / "site").values())
    (home / "theme" / "templates").mkdir()
    (home / "theme" / "templates" / "404.html").symlink_to(ROOT / "templates" / "404.html")
    with pytest.raises(JianbaoError, match="is a link") as error:
        build(home)
    assert error.value.path == str(home / "theme" / "templates" / "404.html")


def test_S10_a_site_that_is_a_link_is_refused(tmp_path: Path) -> None:
    home = make_archive(tmp_path / "archive")
    convert(home)
    for goal in (Path("/"), Path.home(), home, tmp_path):
        folders_in(home).site.unlink(missing_ok=True)
        folders_in(home).site.symlink_to(goal)
        with pytest.raises(ConfigError, match="symbolic link"):
            build(home)
    assert (home / "config.yaml").is_file()


# --- S12: the policy -------------------------------------------------------------------------------


def assert_keeps_the_policy(name: str, text: str) -> None:
    tags = Markup(text).tags
    policies = [at for at, (_, one) in enumerate(tags) if one.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    assert [tags[at][1]["content"] for at in policies] == [POLICY], name
    loading = [at for at, (tag, one) in enumerate(tags) if tag in ("script", "link", "img") or one.get("http-equiv") == "refresh"]  # fmt: skip
    assert policies[0] < min(loading, default=len(tags)), name
    for tag, one in tags:
        assert tag not in ("style", "base", "object", "embed", "iframe", "frame"), (name, tag)
        assert not [key for key in one if key == "style" or key.startswith("on")], (name, tag)
        if tag == "script":
            assert "src" in one or one.get("type") == "application/ld+json", name


def test_S12_every_page_has_the_policy_and_nothing_that_it_forbids(
    demo: Archive, hostile: Archive
) -> None:
    names = set()
    for site in (demo.site, hostile.site):
        for name, text in pages_of(site):
            assert_keeps_the_policy(name, text)
            names.add(name)
    assert {"index.html", "404.html", "search/index.html", "about/index.html"} <= names


def test_S12_so_have_the_desk_and_the_preview(desk: Archive, page: Page) -> None:
    for address in ("/__review/", "/", "/nothing"):
        answer = page.request.get(desk.address + address)
        assert_keeps_the_policy(address, answer.text())


def test_S12_the_policy_holds_in_the_browser(page: Page, demo: Archive) -> None:
    """An inline script, a planted address of a script elsewhere and a planted piece of HTML do nothing."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.goto(f"{demo.address}/search/")
    page.evaluate(
        "() => { const one = document.createElement('script'); try { one.textContent = 'PWNED=1' } catch {} document.body.append(one) }"
    )
    assert page.evaluate("globalThis.PWNED") is None
    planted = "() => { try { document.body.innerHTML = '<img src=x onerror=PWNED=1>'; return 'done' } catch (error) { return error.name } }"
    assert page.evaluate(planted) == "TypeError"
    another = "() => { try { trustedTypes.createPolicy('other', {}); return 'done' } catch (error) { return error.name } }"
    assert page.evaluate(another) == "TypeError"
    assert page.evaluate("globalThis.PWNED") is None
    assert any("Content Security Policy" in one or "TrustedHTML" in one or "trusted" in one.lower() for one in said)  # fmt: skip


def test_S12_the_one_policy_of_ours_admits_addresses_of_this_site_alone() -> None:
    policies = {
        path.name: found
        for path in (ROOT / "assets").rglob("*.js")
        if (found := re.findall(r"createPolicy\(([^)]*)\)", path.read_text("utf-8")))
    }
    assert policies == {"remote.js": ['"jianbao", { createScriptURL: near }']}


# --- S13: queries ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["<img src=x onerror=PWNED=1>", '"><script>PWNED=1</script>', "__proto__", "constructor", "toString", "hasOwnProperty",
     "(.*", "[", "\\", "title:+~^*", "标题:__proto__", "*", "+", "-", '"', "%00", "\u202e甲", "城" * 10_000],
)  # fmt: skip
def test_S13_a_query_in_the_address_is_only_a_query(asked: Page, demo: Archive, query: str) -> None:
    if len(query) < 2_000:
        asked.goto(f"{demo.address}/search/?q={quote(query)}")
    else:
        asked.goto(f"{demo.address}/search/")
        asked.fill("[name=q]", query)
        asked.press("[name=q]", "Enter")
    if query.strip('"*+-'):
        expect(asked.locator("[data-result-count]")).not_to_have_attribute("data-result-count", "")  # fmt: skip
    assert asked.evaluate("globalThis.PWNED") is None
    assert asked.evaluate("({}).polluted") is None


# --- S14: from disk --------------------------------------------------------------------------------


def test_S14_from_disk_pages_and_links_work_and_the_search_says_what_it_needs(
    page: Page, demo: Archive
) -> None:
    page.goto((demo.site / "index.html").as_uri())
    page.click("main .headline a")
    expect(page.locator(".story .body p").first).to_be_visible()
    page.goto((demo.site / "search" / "index.html").as_uri())
    expect(page.locator('[data-says="file"]')).to_be_visible()
    expect(page.locator('[data-says="failed"]')).to_be_hidden()


# --- S15: privacy ----------------------------------------------------------------------------------


def test_S15_a_visit_asks_nobody_else_and_leaves_nothing(page: Page, demo: Archive) -> None:
    elsewhere: list[str] = []
    page.on("request", lambda one: None if one.url.startswith(f"{demo.address}/") else elsewhere.append(one.url))  # fmt: skip
    for address in kinds(demo.site):
        page.goto(demo.address + address)
        assert page.locator("meta[name=referrer]").get_attribute("content") == "no-referrer"
    page.goto(f"{demo.address}/search/?q={quote('工会')}")
    expect(page.locator("[data-article-id]").first).to_be_visible()
    assert [one for one in elsewhere if not one.startswith("data:")] == []
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0


def test_S15_only_a_choice_of_the_reader_is_kept_and_links_out_tell_nobody() -> None:
    scripts = {path.name: path.read_text("utf-8") for path in (ROOT / "assets").rglob("*.js")}
    keepers = {name for name, text in scripts.items() if "Storage." in text}
    assert keepers == {"theme.js", "article.js"}  # light or dark; the script of the articles
    assert not [name for name, text in scripts.items() if re.search(r"cookie|sendBeacon|indexedDB|caches\.", text)]  # fmt: skip
    for path in (ROOT / "templates").glob("*.html"):
        for tag in re.findall(r'<a [^>]*href="(?:https?:|\{\{ [\w.]*url \}\})[^>]*>', path.read_text("utf-8")):  # fmt: skip
            assert 'rel="noopener noreferrer"' in tag, (path.name, tag)


# --- S16: ids --------------------------------------------------------------------------------------


def test_S16_no_id_or_name_stands_for_something_of_the_browsers(
    page: Page, demo: Archive, hostile: Archive
) -> None:
    names = {
        value
        for archive in (demo, hostile)
        for _, text in pages_of(archive.site)
        for _, one in Markup(text).tags
        for key in ("id", "name")
        if (value := one.get(key))
    }
    assert {"main", "p-1", "q"} <= names
    page.goto("about:blank")
    taken = page.evaluate(
        "(names) => names.filter((name) => name in document || name in window || name in document.createElement('form'))",
        sorted(names),
    )
    metas = {"referrer", "description", "viewport", "color-scheme"}
    assert set(taken) - metas - {"origin", "from"} == set()


def test_S16_the_ids_of_a_body_are_numbers_of_its_parts() -> None:
    shown = render_body(
        "## location\n\nforms\n\n## <a id=x name=cookie>\n\n[x]: /a\n\n甲 {#id}"
    ).html
    assert set(re.findall(r' id="([^"]*)"', shown)) == {"h-1", "h-2", "p-1", "p-2"}
    assert " name=" not in re.sub("&[^;]*;|<[^<>]*>", lambda tag: tag[0], shown).replace("&lt;a id=x name=cookie&gt;", "")  # fmt: skip


# --- S17: spoofing ---------------------------------------------------------------------------------

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def test_S17_nothing_turns_the_direction_of_a_text(tmp_path: Path) -> None:
    home = make_archive(tmp_path)
    write(
        home / "sources" / "turned.txt",
        f"# 渡{TURNING}口\n\n本报讯（记者 何{TURNING}小禾）渡口{TURNING}昨日开航，过江不再绕路。\n",
    )
    convert(home)
    write(home / "content" / "own" / "1.md", dump(Article("own", title=f"甲{TURNING}乙", body=f"丙{TURNING}丁", topics=(f"戊{TURNING}己",))))  # fmt: skip
    build(home)
    for name, text in pages_of(home / "site"):
        assert not set(TURNING) & set(text), name
    ledger = content.load_ledger((home / "content" / "turned" / "source.yaml").read_text("utf-8"), path="")  # fmt: skip
    assert any(set(TURNING) & set(one.before) for one in ledger.repairs)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://paper.example/a", "paper.example"),
        ("https://www.\u0430\u0440\u0440\u04cf\u0435.com/", "www.xn--80ak6aa92e.com"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://bank.example%2f@evil.example:8443/", "evil.example:8443"),
    ],
)
def test_S17_a_link_says_where_it_leads(address: str, host: str) -> None:
    shown = render_body(f'[银行]({address})\n\n[银行]({address} "https://bank.example")').html
    assert f'title="{host}"' in shown
    assert f'title="https://bank.example ({host})"' in shown
    assert host_of(address) == host.partition(":")[0]
