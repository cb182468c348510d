"""A good site passes without a word; every fault that is planted in it is found, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jianbao.check import CheckWarning, check_site
from jianbao.errors import JianbaoError

CSP = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">"
BASE = "https://archive.example/news/"


ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


def make_page(body: str, *, head: str = "", csp: str = CSP) -> str:
    """A good page; the body begins in line 8, and a link in which it ends is closed."""
    body += "</a>" * (body.count("<a ") - body.count("</a>"))
    return (
        f'<!doctype html>\n<html lang="zh-Hans">\n<head><meta charset="utf-8">\n{csp}\n'
        f'<title>剪报</title>{head}\n<link rel="stylesheet" href="/news/style.css">'
        f"</head>\n<body><h1>剪报</h1>\n{body}\n</body></html>\n"
    )


def feed(*, entry: str = "", head: str = "") -> str:
    """A good feed of one entry."""
    said = "<id>{}</id><title>剪报</title><updated>2020-06-18T00:00:00+08:00</updated>"
    page = f'<link href="{BASE}articles/a-01/"/>'
    return (
        f'<feed xmlns="{ATOM}">{head}{said.format(BASE)}<author><name>剪报</name></author>{page}'
        f"<entry>{said.format(BASE + 'articles/a-01/')}{page}</entry>{entry}</feed>"
    )


def sitemap(*addresses: str, day: str = "2026-11-22") -> str:
    rows = "".join(f"<url><loc>{one}</loc><lastmod>{day}</lastmod></url>" for one in addresses)
    return f'<urlset xmlns="{SITEMAP}">{rows}</urlset>'


def opensearch(*, name: str = "剪报", place: str = "search/?q={searchTerms}") -> str:
    return (
        f'<OpenSearchDescription xmlns="{OPENSEARCH}"><ShortName>{name}</ShortName>'
        f'<Description>剪报</Description><Url type="text/html" template="{BASE}{place}"/></OpenSearchDescription>'
    )


def good_site() -> dict[str, str]:
    """Everything that may stand in a site, pages that seem wrong and are not among it."""
    relative = 'href="{}style.css"'
    home = make_page(
        '<a href="articles/a-01/index.html#p-2">一</a> <a href="articles/a-01/">二</a>\n'
        '<a href="articles/a-01">三</a> <a href="#">四</a> <a href="?q=x#top">五</a> <a href="">六</a>\n'
        '<a href="https://elsewhere.example/#x">七</a> <a href="mailto:a@b.example">八</a>\n'
        '<a href="%E5%9B%BE.png#any">九</a> <a href="articles/a-01/#%E6%AE%B5:~:text=%E5%AD%97">十</a>\n'
        '<form action="search/index.html"></form> <img alt="" src="图.png" srcset="图.png 1x, 图.png 2x">\n'
        '<svg><title>图</title><use href="#drawn"/><g id="drawn"/></svg>\n'
        f'<a href="{BASE}articles/a-01/">十一</a>',
        head=f'<link rel="canonical" href="{BASE}"><link rel="alternate" href="feed.xml">'
        f'<meta property="og:url" content="{BASE}"><link rel="license" href="https://cc.example/by">'
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Thing", "name": "</b>"}</script>',
    )
    article = make_page(
        '<p id="p-2">一段</p><p id="段">又一段</p><a href="../../index.html">首页</a>'
    )
    moved = make_page("", head='<meta http-equiv="refresh" content="0; url=../a-01/index.html">')
    top = 'href="/news/style.css"'
    return {
        "index.html": home.replace(top, relative.format("")),
        "articles/a-01/index.html": article.replace(top, relative.format("../../")),
        "articles/a-05/index.html": moved.replace(top, relative.format("../../")).replace("h1", "p"),
        "search/index.html": make_page("").replace(top, relative.format("../")),
        "404.html": make_page(f'<a href="/news/">首页</a> <a href="{BASE}search/">检索</a>'),
        "style.css": "@import 'print.css';\nbody { background: url(图.png); fill: url(#drawn) }\n",
        "print.css": "h1 { color: black }\n",
        "图.png": "",
        "feed.xml": feed(),
        "sitemap.xml": sitemap(BASE),
        "CNAME": "Archive.example\n",
        "robots.txt": f"User-agent: *\nSitemap: {BASE}sitemap.xml\n",
        "opensearch.xml": opensearch(),
        "data/datapackage.json": '{"resources": [{"path": "articles.csv"}]}',
        "data/articles.csv": "\ufeffid\n",
    }  # fmt: skip


def nowhere() -> dict[str, str]:
    """A site that was built for no address."""
    files = good_site()
    return files | {"index.html": files["index.html"].replace('rel="canonical"', 'rel="license"')}


def write_site(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


def faults(folder: Path, *, base_url: str | None = BASE) -> list[str]:
    """What is wrong, as `file:line: message`."""
    lines = [error.told().splitlines()[0] for error in check_site(folder, base_url=base_url)]
    return [line.replace(f"{folder}/", "").removeprefix("error: ") for line in lines]


def faults_of(folder: Path, **changed: str) -> list[str]:
    files = good_site() | {name.replace("__", "/"): text for name, text in changed.items()}
    return faults(write_site(folder, files))


def faults_in_page(folder: Path, page: str) -> list[str]:
    """The faults of a page `x.html` beside the others."""
    page = page.replace('href="/news/style.css"', 'href="style.css"')
    return faults(write_site(folder, good_site() | {"x.html": page}))


# --- nothing is wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("base_url", [BASE, BASE.rstrip("/")])
def test_a_good_site(tmp_path: Path, base_url: str) -> None:
    write_site(tmp_path, good_site())
    assert faults(tmp_path, base_url=base_url) == []


def test_a_good_site_without_an_address(tmp_path: Path) -> None:
    page = make_page('<a href="/">首页</a>').replace("/news/", "/")
    assert faults(write_site(tmp_path, nowhere() | {"404.html": page}), base_url=None) == []


def test_nothing_is_no_site(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path}: there is no site here"]
    assert faults(tmp_path / "nowhere") == [f"{tmp_path}/nowhere: there is no site here"]


def test_a_site_is_checked_for_the_address_it_was_built_for(tmp_path: Path) -> None:
    write_site(tmp_path, good_site())
    assert faults(tmp_path, base_url=None) == []
    (error,) = check_site(tmp_path, base_url="https://other.example/")
    assert (error.path, error.message) == (
        f"{tmp_path}/index.html",
        f"was built for {BASE}, not for https://other.example/",
    )
    assert f"--base-url {BASE}" in error.hint


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="nothing.html">', "'nothing.html' leads nowhere"),
        ('<a href="articles/">', "'articles/' leads nowhere"),
        ('<a href="articles/A-01/">', "'articles/A-01/' leads nowhere"),
        ('<a href="print.css/">', "'print.css/' leads nowhere"),
        ('<a href="#nothing">', "'#nothing' leads to no place in that page"),
        ('<a href="index.html#no">', "'index.html#no' leads to no place in that page"),
        ('<a href="articles/a-01/#p-9">', "'articles/a-01/#p-9' leads to no place in that page"),
        (f'<a href="{BASE}nothing/">', f"'{BASE}nothing/' leads nowhere"),
        ('<a href="../other/">', "'../other/' leads out of the site"),
        ('<a href="articles/../../x">', "'articles/../../x' leads out of the site"),
        ('<a href="/news/">', "'/news/' begins at the top of its host"),
        ('<a href="//evil.example/">', "a link to '//evil.example/'"),
        ('<a href="javascript:alert(1)">', "a link to 'javascript:alert(1)'"),
        ('<a href=" JavaScript:alert(1)">', "a link to ' JavaScript:alert(1)'"),
        ('<a href="data:text/html,x">', "a link to 'data:text/html,x'"),
        ('<a href="http://[x">', "'http://[x' is no address"),
        ('<a href="x:y">', "a link to 'x:y'"),
        ('<form action="https://evil.example/"></form>', "'https://evil.example/' is loaded from elsewhere"),
        ('<img alt="" src="https://evil.example/p.gif">', "'https://evil.example/p.gif' is loaded from elsewhere"),
        ('<img alt="" src="data:image/gif;base64,R0">', "'data:image/gif;base64,R0' is loaded from elsewhere"),
        ('<img alt="" srcset="图.png 1x, 无.png 2x">', "'无.png' leads nowhere"),
        ('<script src="//evil.example/x.js"></script>', "'//evil.example/x.js' is loaded from elsewhere"),
        ('<video poster="no.png"></video>', "'no.png' leads nowhere"),
        ('<svg><use xlink:href="#no"/></svg>', "'#no' leads to no place in that page"),
        ('<link rel="icon" href="https://cdn.example/i.png">', "'https://cdn.example/i.png' is loaded from elsewhere"),
        ('<link rel="preconnect" href="https://cdn.example">', "'https://cdn.example' is loaded from elsewhere"),
        ('<link rel="alternate" href="no.xml">', "'no.xml' leads nowhere"),
        (f'<meta property="og:image" content="{BASE}no.png">', f"'{BASE}no.png' leads nowhere"),
        ('<meta http-equiv="refresh" content="0; URL=\'gone.html\'">', "'gone.html' leads nowhere"),
    ],
)  # fmt: skip
def test_an_address_that_is_wrong(tmp_path: Path, body: str, fault: str) -> None:
    assert faults_in_page(tmp_path, make_page(body)) == [f"x.html:8: {fault}"]


def test_without_an_address_of_its_own_every_host_is_another(tmp_path: Path) -> None:
    files = nowhere() | {"404.html": make_page("").replace("/news/", "/")}
    files["index.html"] = files["index.html"].replace("articles/a-01/", "articles/gone/", 2)
    found = faults(write_site(tmp_path, files), base_url=None)
    assert found == [
        "index.html:8: 'articles/gone/' leads nowhere",
        "index.html:8: 'articles/gone/index.html#p-2' leads nowhere",
    ]


def test_the_page_for_missing_pages_is_shown_anywhere(tmp_path: Path) -> None:
    page = make_page('<a href="index.html">首页</a><a href="/news/no/">无</a><a href="/">外</a>')
    assert faults_of(tmp_path, **{"404.html": page}) == [
        "404.html:8: '/' begins at the top of its host",
        "404.html:8: '/news/no/' leads nowhere",
        "404.html:8: 'index.html' is relative to a page that is shown anywhere",
    ]


def test_a_dead_end_is_told_once(tmp_path: Path) -> None:
    body = '<a href="no.html">一</a><a href="./no.html">二</a>'
    files = {f"{name}.html": make_page(body).replace("/news/", "") for name in "abc"}
    errors = check_site(write_site(tmp_path, files | {"style.css": ""}), base_url=BASE)
    assert [(error.path, error.line, error.message, error.hint) for error in errors] == [
        (f"{tmp_path}/a.html", 8, "'no.html' leads nowhere", "5 more links do.")
    ]


def test_style_sheets_and_feeds_have_addresses_too(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        **{
            "style.css": "p {\n  background: url('no.png') }\n@import \"https://fonts.example/x.css\";",
            "sitemap.xml": sitemap(f"{BASE}no/", "https://other.example/"),
        },
    )
    assert found == [
        f"sitemap.xml: '{BASE}no/' leads nowhere",
        "sitemap.xml: 'https://other.example/' is no address of this site",
        "style.css:2: 'no.png' leads nowhere",
        "style.css:3: 'https://fonts.example/x.css' is loaded from elsewhere",
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("robots.txt", f"Allow: /\nSitemap: {BASE}map.xml", f"robots.txt:2: '{BASE}map.xml' leads nowhere"),
        (
            "opensearch.xml",
            opensearch(place="find/?q={searchTerms}"),
            f"opensearch.xml: '{BASE}find/?q={{searchTerms}}' leads nowhere",
        ),
        (
            "data/datapackage.json",
            '{"resources": [{"path": "gone.csv"}]}',
            "data/datapackage.json: 'gone.csv' leads nowhere",
        ),
        ("data/datapackage.json", "[]", "data/datapackage.json: is no description of data"),
        ("data/datapackage.json", "{", "data/datapackage.json: is no description of data"),
    ],
)  # fmt: skip
def test_what_machines_read_first_leads_somewhere(
    tmp_path: Path, name: str, text: str, fault: str
) -> None:
    assert faults(write_site(tmp_path, good_site() | {name: text})) == [fault]


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (' lang="zh-Hans"', "", "1: names no language"),
        ('<meta charset="utf-8">', "", "1: names no encoding"),
        ("<title>剪报</title>", "", "1: has 0 titles"),
        ("<title>剪报</title>", "<title> </title>", "5: the title is empty"),
        ("<title>剪报</title>", "<title>一</title><title>二</title>", "1: has 2 titles"),
        ("<h1>剪报</h1>", "", "1: has 0 headings <h1>"),
        ("<h1>剪报</h1>", "<h1>一</h1>\n<h1>二</h1>", "8: has 2 headings <h1>"),
        ("<h1>剪报</h1>", "<h1 id='a'></h1>\n<p id='b'>\n<p id='a'>", "9: the id 'a' again"),
        (CSP, "", "1: has no content security policy"),
        (CSP, f'<link rel="license" href="#">{CSP}', "4: <link> before the content security policy"),
        ("script-src 'self'", "script-src 'unsafe-eval'", "4: the content security policy has 'unsafe-eval'"),
        ("<h1>", "<script>1</script><h1>", "7: an inline <script>"),
        ("<h1>", "<style>p {}</style><h1>", "7: an inline <style>"),
        ("<h1>", "<h1 style='color: red'>", "7: an inline style= on <h1>"),
        ("<h1>", "<h1 OnClick='x()'>", "7: an inline onclick= on <h1>"),
        ("</head>", "<base href='.'></head>", "6: <base> moves every address"),
        ("<!doctype html>", "", "1: does not say that it is HTML"),
        ("<h1>", "<div><h1>", "7: <div> is not closed before </body> in line 9"),
        ("<h1>", "<p>一<ul><li>二</ul></p><h1>", "7: </p> closes nothing"),
        ("<h1>", "<p><em>一<p>二</em><h1>", "7: <em> is not closed before <p>; 7: </em> closes nothing"),
        ("<h1>", "<br></br><h1>", "7: </br> closes nothing"),
        ("<h1>", "<span/><h1>", "7: <span/> is not closed by its slash"),
        ("<h1>", "<a href='x.html'><button>一</button></a><h1>", "7: <button> in <a>"),
        ("<h1>", "<center>一</center><h1>", "7: <center> is obsolete"),
        ("<h1>", "<h1 class='a' class='b'>", "7: <h1> has class= 2 times"),
        ("<h1>", "<img src='图.png'><h1>", "7: a picture without alt="),
        ("<h1>", "<h1 id='a b'>", "7: 'a b' is no id"),
        ("<h1>", "<label for='q'>词</label><h1>", "7: for= of <label> names 'q', and nothing has that id"),
    ],
)  # fmt: skip
def test_a_page_that_is_wrong(tmp_path: Path, old: str, new: str, fault: str) -> None:
    page = make_page("")
    assert old in page
    found = faults_in_page(tmp_path, page.replace(old, new))
    assert sorted(found) == sorted(f"x.html:{one}" for one in fault.split("; "))


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li>一<li>二<ul><li>三</ul></ul>",
        "<dl><dt>一<dd>二<dt>三<dd>四</dl>",
        "<table><caption>表</caption><thead><tr><th>一<tbody><tr><td>二<td><p>三<tr><td>四</table>",
        "<p>一<p>二<div>三</div>",
        "<select><option>一<option>二</select>",
        "<svg><path d='M0 0'/><g><circle/></g></svg><br><hr/>",
        "<button>一<p>二</p></button>",
        "<p lang=zh>一</p><ruby>渡<rt>dù</ruby>",
    ],
)
def test_what_the_standard_lets_one_leave_out_is_left_alone(tmp_path: Path, body: str) -> None:
    assert faults_in_page(tmp_path, make_page(body)) == []


STORY = '{"@context":"https://schema.org","@type":"NewsArticle","headline":"渡口","inLanguage":"zh-Hans"'


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (STORY + ',"datePublished":"2020-06-18","author":[{"@type":"Person","name":"何"}]}', ""),
        ("{", "is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "is no object"),
        (STORY.replace("https:", "http:") + "}", "has the @context 'http://schema.org', not 'https://schema.org'"),
        ('{"@context":"https://schema.org"}', "has no @type"),
        (STORY.replace("headline", "name") + "}", "has no headline"),
        (STORY + ',"datePublished":"2020-13-18"}', "datePublished is no day: '2020-13-18'"),
        (STORY + ',"datePublished":2020}', "datePublished is no day: 2020"),
        (STORY + ',"author":"何"}', "author is no list: '何'"),
        (STORY + ',"author":[{"@type":"Person"}]}', "author is no Person or Organization with a name: {'@type': 'Person'}"),
        (STORY + ',"isPartOf":"报"}', "isPartOf is no Newspaper or WebSite with a name: '报'"),
        (STORY + ',"url":"articles/a-01/"}', "url is no full address: 'articles/a-01/'"),
    ],
)  # fmt: skip
def test_what_search_engines_are_told(tmp_path: Path, data: str, fault: str) -> None:
    head = f'<script type="application/ld+json">{data}</script>'
    expected = [f"x.html:5: the data for search engines {fault}"] if fault else []
    assert faults_in_page(tmp_path, make_page("", head=head)) == expected


def test_a_page_in_another_encoding(tmp_path: Path) -> None:
    write_site(tmp_path, good_site())
    (tmp_path / "x.html").write_bytes(make_page("国").encode("gb18030"))
    assert faults(tmp_path) == ["x.html:5: is not UTF-8"]


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("feed.xml", "<feed>\n<entry></feed>", "2: is no XML: mismatched tag: line 2, column 9"),
        ("topics/x/feed.xml", "<rss/>", "1: begins with 'rss'"),
        ("sitemap.xml", "<urlset/>", "1: begins with 'urlset'"),
        ("other.xml", "", "1: is no XML: no element found: line 1, column 0"),
        ("feed.xml", feed().replace("<title>剪报</title>", "", 1), " the feed has no title"),
        ("feed.xml", feed(head="<id>a</id>"), " the feed has 2 id"),
        ("feed.xml", feed().replace("剪报</title>", "</title>", 1), " title of the feed is empty"),
        ("feed.xml", feed().replace("T00:00:00+08:00", "", 1), " updated of the feed is no time with a zone: '2020-06-18'"),
        ("feed.xml", feed().replace("<author><name>剪报</name></author>", ""), " entry 1 has no author, and neither has the feed"),
        ("feed.xml", feed(entry=feed().partition("<entry>")[2].join(["<entry>", ""]).removesuffix("</feed>")), f" entry 2 has the id '{BASE}articles/a-01/' of another"),
        ("feed.xml", feed().replace("/></entry>", " rel='self'/></entry>"), " entry 1 leads to no page"),
        ("sitemap.xml", sitemap(BASE, BASE), f" lists '{BASE}' twice"),
        ("sitemap.xml", sitemap(BASE, day="18.6.2020"), " lastmod of row 1 is no day: '18.6.2020'"),
        ("sitemap.xml", sitemap().replace("></urlset>", "><url/></urlset>"), " row 1 has no loc"),
        ("opensearch.xml", opensearch(name="剪" * 17), " ShortName has 17 characters, and browsers take 16"),
        ("opensearch.xml", opensearch(place="search/"), " has no address of type text/html with {searchTerms} in it"),
        ("CNAME", "https://archive.example/", "1: 'https://archive.example/' is no domain"),
    ],
)  # fmt: skip
def test_a_feed_that_is_wrong(tmp_path: Path, name: str, text: str, fault: str) -> None:
    assert faults(write_site(tmp_path, good_site() | {name: text})) == [f"{name}:{fault}"]


def test_a_domain_that_is_not_that_of_the_pages_is_a_warning(tmp_path: Path) -> None:
    """A fork, or a site on trial, may carry the domain of another."""
    files = good_site() | {"CNAME": "other.example"}
    (error,) = check_site(write_site(tmp_path, files), base_url=BASE)
    assert isinstance(error, CheckWarning)
    assert error.message == "names other.example, and the pages name archive.example"


def test_a_symbolic_link_cannot_be_published(tmp_path: Path) -> None:
    write_site(tmp_path, good_site())
    (tmp_path / "copy.html").symlink_to("index.html")
    assert faults(tmp_path) == ["copy.html: is a symbolic link"]


@pytest.mark.parametrize(
    ("size", "kind"),
    [(799_000_000, None), (800_000_001, CheckWarning), (1_000_000_001, JianbaoError)],
)
def test_the_host_takes_a_gigabyte(
    tmp_path: Path, size: int, kind: type[JianbaoError] | None
) -> None:
    write_site(tmp_path, good_site())
    with (tmp_path / "big.bin").open("wb") as file:
        os.truncate(file.fileno(), size)  # a hole: it takes no room on the disk
    errors = check_site(tmp_path, base_url=BASE)
    assert [type(error) for error in errors] == ([kind] if kind else [])
    if kind is CheckWarning:
        assert errors[0].exit_code == 0
        assert errors[0].told().startswith(f"warning: {tmp_path}: the site has 800 MB")
