"""The publishing wing as a whole: a small invented archive becomes a site, and the site keeps its promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from xml.etree import ElementTree

import pytest

from jianbao import publish
from jianbao.config import Config, Forge, Publication, Topic
from jianbao.errors import JianbaoError
from jianbao.models import (
    Article,
    Credit,
    Dateline,
    Evidence,
    Finding,
    Furniture,
    Ledger,
    Origin,
    Repair,
    Tick,
)

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
ASSETS = {
    path.relative_to(ROOT / "assets").as_posix(): path.read_bytes()
    for path in sorted((ROOT / "assets").rglob("*"))
    if path.is_file()
} | {"lunr.min.js": b"", "search/main.js": b""}
BASE = "https://archive.example/linhe/"

TEXT = "临河日报 A3\n旧桥昨日放行\n清晨六时,旧橋重新放行。\n夜里不关灯\n分馆开到九点。\n责编 陈亮\n"
HOSTILE = '"><script>window.PWNED=1</script><img src=x onerror=PWNED=1>{{ 7*7 }}\u202e'


def span(first: str, last: str) -> tuple[int, int]:
    return TEXT.index(first), TEXT.index(last) + len(last)


def origin(*spans: tuple[int, int]) -> Origin:
    return Origin("linhe/a3.txt", "9f2c", spans)


BRIDGE = Article(
    "linhe-01",
    "旧桥昨日放行",
    kicker="重点工程完工",
    subtitle="——公交恢复原线",
    column="民生在线",
    authors=(Credit("周明", "记者"), Credit("何川", "摄影")),
    dateline=Dateline("本报", "临河", "6月17日"),
    date="2020-06-18",
    publication="临河日报",
    page="A3",
    topics=("民生服务",),
    places=("临河",),
    evidence={"date": Evidence("inferred", "本报临河6月17日电")},
    source=origin(span("旧桥", "放行。")),
    body="清晨六时,旧桥重新放行。\n\n## 通车\n\n首班车12:30到站。",
)
LIBRARY = replace(
    BRIDGE,
    id="linhe-02",
    title="夜里不关灯",
    complete="end-missing",
    evidence={},
    source=origin(span("夜里", "九点。")),
    body="分馆开到九点。",
)
UNTITLED = Article("own-01", None, body="昨夜一场小雨，城南的荷花开了。", topics=("民生服务",))
LEDGER = Ledger(
    "linhe/a3.txt",
    "9f2c",
    100,
    len(TEXT),
    "gb18030",
    "text",
    publication=Finding("临河日报", "stated", "临河日报"),
    furniture=(Furniture(0, 7, "page_header"), Furniture(*span("责编", "陈亮"), "editor_credit")),
    repairs=(Repair("script", *span("橋", "橋"), "橋", "桥"),),
    retired={"linhe-03": "linhe-04", "linhe-04": "linhe-02", "linhe-05": "gone"},
)
SOURCE = publish.SourceText("linhe-a3", LEDGER, TEXT)
CONFIG = Config(
    title="临河剪报",
    motto="留在旧报纸里",
    base_url=BASE,
    publications=(Publication("临河日报", "临河", "linhe-ribao", ("临河报",)),),
    topics=(Topic("民生服务", "livelihood"),),
)


def make(
    config: Config = CONFIG,
    articles: tuple[Article, ...] = (BRIDGE, LIBRARY, UNTITLED),
    sources: tuple[publish.SourceText, ...] = (SOURCE,),
    templates: tuple[Path, ...] = (TEMPLATES,),
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for path, data in publish.make_site(
        config, articles, sources, templates=templates, assets=ASSETS
    ):
        assert path not in files, f"{path} is made twice"
        files[path] = data
    return files


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return make()


def page(site: dict[str, bytes], path: str) -> str:
    return site[path].decode()


def pages(site: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    return ((path, data.decode()) for path, data in site.items() if path.endswith(".html"))


class Markup(HTMLParser):
    """The tags of a page and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.ids = [values["id"] for _, values in self.tags if values.get("id")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def links(self) -> Iterator[str]:
        for tag, values in self.tags:
            for name in ("href", "src", "action", "data-index"):
                if values.get(name) and tag != "meta":
                    yield values[name] or ""


# --- what must not be there ----------------------------------------------------------------------


def test_S1_hostile_words_are_shown_and_never_run() -> None:
    hostile = replace(
        BRIDGE,
        title=HOSTILE,
        kicker=HOSTILE,
        subtitle=HOSTILE,
        column=HOSTILE,
        publication=HOSTILE,
        page=HOSTILE,
        topics=(HOSTILE,),
        places=(HOSTILE,),
        authors=(Credit(HOSTILE, HOSTILE),),
        dateline=Dateline(HOSTILE, HOSTILE, HOSTILE),
        evidence={"date": Evidence("inferred", HOSTILE)},
        body=HOSTILE,
    )
    ledger = replace(LEDGER, file=HOSTILE, publication=Finding(HOSTILE, "inferred", HOSTILE))
    source = publish.SourceText("hostile", ledger, HOSTILE + TEXT)
    hostile = replace(hostile, source=Origin(HOSTILE, "0", ((0, 9),)))
    config = replace(CONFIG, title=HOSTILE, motto=HOSTILE, rights=HOSTILE)
    files = make(config, (hostile,), (source,))
    for path, html in pages(files):
        tags = Markup(html).tags
        assert "img" not in {tag for tag, _ in tags}, path
        scripts = [values for tag, values in tags if tag == "script"]
        assert all("src" in one or one["type"] == "application/ld+json" for one in scripts), path
        assert "{{ 7*7 }}" in html, path
        assert "\u202e" not in html, path
    for path in ("feed.xml", "sitemap.xml"):
        ElementTree.fromstring(files[path])


def test_S12_no_inline_script_or_style_and_the_policy_comes_first(site: dict[str, bytes]) -> None:
    for path, html in pages(site):
        tags = Markup(html).tags
        names = [tag for tag, _ in tags]
        policy = next(at for at, (_, one) in enumerate(tags) if "http-equiv" in one)
        assert tags[policy][1]["http-equiv"] == "Content-Security-Policy", path
        assert policy < min(names.index("link"), names.index("script")), path
        assert "style" not in names, path
        for tag, values in tags:
            assert not any(name == "style" or name.startswith("on") for name in values), (path, tag)
            if tag == "script":
                assert "src" in values or values.get("type") == "application/ld+json", path


def test_every_page_says_once_what_it_is(site: dict[str, bytes]) -> None:
    for path, text in pages(site):
        assert text.count('<meta name="description" content="') == 1, path
        assert 'name="description" content=""' not in text, path


def test_S7_attributes_in_templates_are_quoted() -> None:
    for template in TEMPLATES.glob("*.html"):
        bare = re.sub('"[^"]*"', '""', template.read_text("utf-8"))
        assert not re.search(r"[a-z]=\{", bare), template.name


def test_S6_safe_stands_at_one_place() -> None:
    texts = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")]
    assert sum(text.count("| safe") + text.count("|safe") for text in texts) == 1


def test_S15_nothing_comes_from_another_host(site: dict[str, bytes]) -> None:
    for path, html in pages(site):
        for tag, values in Markup(html).tags:
            assert not (values.get("src") or "").startswith(("http", "//")), path
            if tag == "link" and values.get("rel") != "canonical" and "hreflang" not in values:
                assert not (values["href"] or "").startswith(("http", "//")), path


def test_S7_a_missing_value_in_a_template_is_an_error_with_its_line(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "about.html").write_text("一行\n{{ nothing_of_this_name }}\n", "utf-8")
    with pytest.raises(JianbaoError) as caught:
        make(templates=(theme, TEMPLATES))
    assert caught.value.path == str(theme / "about.html")
    assert caught.value.line == 2


def test_R12_a_template_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "about.html").write_text("一行\n{% if %}\n", "utf-8")
    with pytest.raises(JianbaoError) as caught:
        make(templates=(tmp_path, TEMPLATES))
    assert caught.value.line == 2


def test_an_asset_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "about.html").write_text("{{ asset('no.css') }}", "utf-8")
    with pytest.raises(JianbaoError, match=r"no\.css"):
        make(templates=(tmp_path, TEMPLATES))


# --- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("base_url", [BASE, None])
def test_every_link_leads_somewhere(base_url: str | None) -> None:
    files = make(replace(CONFIG, base_url=base_url))
    if base_url is None:
        del files["404.html"]  # it can only guess that the site stands at the top of its host
    found = {path: Markup(html) for path, html in pages(files)}
    for path, markup in found.items():
        assert len(markup.ids) == len(set(markup.ids)), path
        for url in markup.links():
            place, fragment = urldefrag(urljoin(f"{BASE}{path}", url))
            target = place.removeprefix(BASE)
            if target.startswith(("http", "articles/ID/")):
                continue  # another host; the pattern that the search page fills in
            target += "index.html" if target == "" or target.endswith("/") else ""
            assert target in files, (path, url)
            if fragment:
                assert fragment in found[target].ids, (path, url)


def test_links_are_relative_but_from_the_top_in_404(site: dict[str, bytes]) -> None:
    assert 'href="../../topics/livelihood/index.html"' in page(site, "articles/linhe-01/index.html")
    assert 'href="/linhe/index.html"' in page(site, "404.html")
    assert 'href="/index.html"' in page(make(replace(CONFIG, base_url=None)), "404.html")


def test_assets_share_one_folder_that_changes_with_them(site: dict[str, bytes]) -> None:
    folders = {path.split("/")[1] for path in site if path.startswith("assets/")}
    assert len(folders) == 1
    assets = {**ASSETS, "style.css": b"/* new */"}
    changed = publish.make_site(CONFIG, (), (), templates=[TEMPLATES], assets=assets)
    assert not any(path.startswith(f"assets/{folders.copy().pop()}/") for path, _ in changed)


# --- pages ---------------------------------------------------------------------------------------


def test_an_article_shows_what_is_known_and_how(site: dict[str, bytes]) -> None:
    html = page(site, "articles/linhe-01/index.html")
    assert "<title>旧桥昨日放行 · 临河剪报</title>" in html
    assert "清晨六时，旧桥重新放行。" in html  # widened, but not in the number:
    assert "首班车12:30到站。" in html
    assert "2020年6月18日 星期四" in html
    assert "A3版" in html
    assert "据版面推定" in html
    assert "本报临河6月17日电" in html
    assert "周明. 旧桥昨日放行：公交恢复原线[N]. 临河日报，2020-06-18（A3）." in html
    assert 'href="../../sources/linhe-a3/index.html#a-linhe-01"' in html
    assert "残篇" not in html
    assert "残篇：结尾不在所存版面上。" in page(site, "articles/linhe-02/index.html")


@pytest.mark.parametrize(
    ("repository", "edits"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/edit/main/content/x/01.md"),
        ("https://gitlab.example/a/b/", "https://gitlab.example/a/b/-/edit/main/content/x/01.md"),
        ("https://codeberg.org/a/b", "https://codeberg.org/a/b/_edit/main/content/x/01.md"),
    ],
)
def test_a_reader_may_propose_a_correction(repository: str, edits: str) -> None:
    config = replace(CONFIG, forge=Forge(repository))
    paths = {"linhe-01": "content/x/01.md"}
    files = dict(
        publish.make_site(
            config, (BRIDGE, LIBRARY), (), templates=[TEMPLATES], assets=ASSETS, paths=paths
        )
    )
    assert f'href="{edits}"' in page(files, "articles/linhe-01/index.html")
    assert "订正此文" not in page(files, "articles/linhe-02/index.html")


def test_a_long_article_has_a_table_of_contents() -> None:
    sections = "\n\n".join(f"## 第{number}站\n\n到站。" for number in "一二三")
    short = replace(BRIDGE, id="linhe-09", body=sections.partition("## 第三站")[0].strip())
    files = make(articles=(replace(BRIDGE, body=sections), short))
    listed = re.findall(
        r'<a href="#(h-\d)" lang="zh-Hans">(.*?)</a>', page(files, "articles/linhe-01/index.html")
    )
    assert listed == [("h-1", "第一站"), ("h-2", "第二站"), ("h-3", "第三站")]
    assert "本文目录" not in page(files, "articles/linhe-09/index.html")


def test_an_article_without_title_or_date_says_so(site: dict[str, bytes]) -> None:
    html = page(site, "articles/own-01/index.html")
    assert re.search(r'<h1 class="untitled" [^>]*>(<[^>]+>)?〔无题〕昨夜一场小雨', html)
    assert "日期不详" in html
    assert "本库自撰" in html


def test_a_headline_is_set_in_phrases() -> None:
    article = Article("a-01", "小站<i> 大爱", "一夜，灯亮", "——记夜班", body="字。")
    html = page(make(articles=(article,), sources=()), "articles/a-01/index.html")
    phrases = re.findall(r'<span class="phrase">(.+?)</span>', html.partition("<main")[2])
    assert phrases == ["一夜，", "灯亮", "小站&lt;i&gt;", "大爱"]
    assert ">小站&lt;i&gt;</span> <span" in html
    assert ">一夜，</span><span" in html
    assert ">——记夜班</p>" in html


def test_the_head_is_what_zotero_reads(site: dict[str, bytes]) -> None:
    html = page(site, "articles/linhe-01/index.html")
    metas = [values for tag, values in Markup(html).tags if tag == "meta"]
    named = [(one["name"], one["content"]) for one in metas if "name" in one]
    assert ("DC.type", "newspaperArticle") in named
    assert [content for name, content in named if name == "DC.creator"] == ["周明"]
    assert ("citation_firstpage", "A3") in named
    assert "citation_journal_title" not in html
    assert f'<link rel="canonical" href="{BASE}articles/linhe-01/">' in html
    assert '"@type": "NewsArticle"' in html


def test_without_an_address_there_is_nothing_absolute() -> None:
    files = make(replace(CONFIG, base_url=None))
    assert not {"sitemap.xml", "feed.xml"} & set(files)
    assert "canonical" not in page(files, "articles/linhe-01/index.html")
    assert "Sitemap" not in page(files, "robots.txt")


def test_a_source_shows_every_character_with_its_article(site: dict[str, bytes]) -> None:
    html = page(site, "sources/linhe-a3/index.html")
    received = html[html.index('<div class="received"') :].split(">", 1)[1]
    received = re.sub(r'<a class="badge.*?</a>', "", received.split("</div>")[0])
    assert re.sub("<[^>]+>", "", received) == TEXT
    assert re.search(r'class="repaired" title="→ 桥">橋<', html)
    assert 'id="a-linhe-02"' in html


def test_repairs_that_the_ledger_sums_up_are_not_marked() -> None:
    summed = Repair("join_lines", *span("清晨", "放行。"), "2 line ends", "")
    ledger = replace(LEDGER, repairs=(summed,))
    html = page(make(sources=(replace(SOURCE, ledger=ledger),)), "sources/linhe-a3/index.html")
    assert "repaired" not in html


def test_a_source_whose_file_is_gone_keeps_its_account() -> None:
    files = make(sources=(replace(SOURCE, text=None),))
    assert "原件已不在" in page(files, "sources/linhe-a3/index.html")
    assert '/linhe-a3/index.html"' in page(files, "articles/linhe-01/index.html")


@pytest.mark.parametrize(("converted", "says"), [("9f2c", False), ("3d01", True)])
def test_an_article_that_changed_after_it_was_checked_says_so(converted: str, says: bool) -> None:
    checked = replace(BRIDGE, reviewed="2026-11-22", converted=converted)
    ledger = replace(LEDGER, reviewed={BRIDGE.id: Tick("2026-11-22", "9f2c")})
    site = make(articles=(checked,), sources=(publish.SourceText("linhe-a3", ledger, TEXT),))
    shown = page(site, f"articles/{BRIDGE.id}/index.html")
    assert "已由人校对" in shown
    assert ("此后整理结果有变" in shown) is says


def test_retired_ids_lead_to_the_article_that_took_their_place(site: dict[str, bytes]) -> None:
    for old in ("linhe-03", "linhe-04"):
        html = page(site, f"articles/{old}/index.html")
        assert 'content="0; url=../../articles/linhe-02/index.html"' in html
    assert "articles/linhe-05/index.html" not in site


def test_a_long_list_is_paged() -> None:
    many = tuple(replace(UNTITLED, id=f"own-{number:03}") for number in range(101))
    files = make(articles=many)
    listed = [
        re.findall(r"articles/(own-\d+)/", page(files, f"topics/livelihood/{name}.html"))
        for name in ("index", "page-2", "page-3")
    ]
    assert [len(set(ids)) for ids in listed] == [50, 50, 1]
    assert "topics/livelihood/page-4.html" not in files


def test_an_empty_archive_is_a_site_too() -> None:
    files = make(articles=(), sources=())
    assert "这里还没有文章" in page(files, "index.html")
    for path in ("topics/index.html", "dates/index.html", "search/index.html", "404.html"):
        assert path in files


def test_the_feed_and_the_sitemap(site: dict[str, bytes]) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(site["feed.xml"])
    assert [one.findtext(f"{atom}title") for one in feed.iter(f"{atom}entry")] == [
        "旧桥昨日放行",
        "夜里不关灯",
    ]
    assert feed.findtext(f"{atom}updated") == "2020-06-18T00:00:00+08:00"
    assert "topics/livelihood/feed.xml" in site
    places = [one.text for one in ElementTree.fromstring(site["sitemap.xml"]).iter() if one.text]
    assert f"{BASE}articles/linhe-01/" in places
    assert not any("404" in place or "linhe-03" in place for place in places)


def test_the_interface_speaks_the_first_language() -> None:
    files = make(replace(CONFIG, languages=("en",)))
    html = page(files, "articles/linhe-01/index.html")
    assert '<html lang="en">' in html
    assert "18 June 2020" in html
    assert '<article class="story" lang="zh-Hans"' in html
    assert "3 articles" in page(files, "index.html")
    assert "1 newspaper<" in page(files, "index.html")


def test_a_theme_comes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "404.html").write_text("{{ config.title }}的四零四", "utf-8")
    assert page(make(templates=(tmp_path, TEMPLATES)), "404.html") == "临河剪报的四零四"


def test_R5_two_builds_are_equal_in_any_order_of_the_input() -> None:
    again = make(articles=(UNTITLED, LIBRARY, BRIDGE))
    assert list(make().items()) == list(again.items())
