"""What machines read of a built site: Zotero's mapping of the head, feeds, the sitemap, the search description, downloads."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import publish
from jianbao.models import Article, Credit, Origin, Tick
from jianbao.publish.citation import version_of
from jianbao.publish.downloads import COLUMNS, FORMULA_RE, guarded
from tests.test_publish import BASE, BRIDGE, CONFIG, LEDGER, LIBRARY, SOURCE, TEXT, UNTITLED, make

WEB = replace(
    BRIDGE,
    id="web-01",
    page=None,
    publication="临河在线",
    source=Origin("web.html", "0", (), "web", "https://web.example/1", "2020-07-01"),
)
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC3339_RE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return make(articles=(BRIDGE, LIBRARY, UNTITLED, WEB))


# --- the head, as Zotero maps it -----------------------------------------------------------------


class Head(HTMLParser):
    """The metas of a page, by name or property, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        key = values.get("name") or values.get("property")
        if tag == "meta" and key:
            self.rows.append((key, values["content"] or ""))

    def all(self, *keys: str) -> list[str]:
        """The values of the first of these keys that has any."""
        found = [[value for key, value in self.rows if key == one] for one in keys]
        return next((values for values in found if values), [])

    def first(self, *keys: str) -> str | None:
        return next(iter(self.all(*keys)), None)


def zotero_item(html: bytes) -> dict[str, Any]:
    """The item that "Embedded Metadata" and "RDF" make of a page: which field each key goes to, and which key wins.

    Told after reading both translators; only the keys that could stand in our heads.
    """
    head = Head(html.decode())
    first_page, last_page = head.first("citation_firstpage"), head.first("citation_lastpage")
    # A title of a journal beats every other sign; then a website, then the type by its name in Zotero.
    if head.first("citation_journal_title"):
        kind = "journalArticle"
    elif head.first("og:type") == "website":
        kind = "webpage"
    elif (named := head.first("DC.type")) in ("newspaperArticle", "webpage"):
        kind = named
    else:
        kind = "journalArticle" if head.first("citation_title") else "webpage"
    # A hyphen in the first page cuts it there.
    first_page = first_page and re.split("[-\u2013]", first_page)[0].strip()
    item = {
        "itemType": kind,
        "title": head.first("citation_title", "DC.title", "og:title"),
        "creators": head.all("citation_author", "DC.creator"),
        "publicationTitle": head.first("prism.publicationName", "DC.source", "og:site_name"),
        "date": head.first("citation_date", "prism.publicationDate", "DC.date"),
        "pages": f"{first_page}-{last_page}" if last_page else first_page,
        "section": head.first("article:section"),
        "language": head.first("citation_language"),
        "url": head.first("citation_public_url", "og:url"),
        "archiveLocation": head.first("DC.coverage"),
        "abstractNote": head.first("og:description", "description"),
    }
    foreign = {"webpage": {"pages", "section", "archiveLocation"}}.get(kind, set())
    return {key: value for key, value in item.items() if value and key not in foreign}


def test_zotero_files_a_newspaper_article(site: dict[str, bytes]) -> None:
    assert zotero_item(site["articles/linhe-01/index.html"]) == {
        "itemType": "newspaperArticle",
        "title": "旧桥昨日放行：公交恢复原线",
        "creators": ["周明"],
        "publicationTitle": "临河日报",
        "date": "2020-06-18",
        "pages": "A3",
        "section": "民生在线",
        "language": "zh-Hans",
        "url": f"{BASE}articles/linhe-01/",
        "abstractNote": "清晨六时,旧桥重新放行。",
    }


def test_zotero_files_a_web_page(site: dict[str, bytes]) -> None:
    item = zotero_item(site["articles/web-01/index.html"])
    assert item["itemType"] == "webpage"
    assert item["publicationTitle"] == "临河在线"  # the title of the website
    assert not {"pages", "section"} & set(item)
    assert '"NewsArticle"' not in site["articles/web-01/index.html"].decode()


@pytest.mark.parametrize(
    ("printed", "pages"), [("第3版", "3"), ("2、5—7版", "2, 5-7"), ("5-7", "5-7")]
)
def test_zotero_keeps_a_range_of_pages(printed: str, pages: str) -> None:
    files = make(articles=(replace(BRIDGE, page=printed),))
    assert zotero_item(files["articles/linhe-01/index.html"])["pages"] == pages


@pytest.mark.parametrize(("widen", "comma"), [(True, "，"), (False, ",")])
def test_a_citation_has_the_punctuation_of_its_page(widen: bool, comma: str) -> None:
    printed = replace(BRIDGE, title="旧桥,放行", subtitle="(公交恢复)")
    files = make(replace(CONFIG, widen_punctuation=widen), articles=(printed,))
    title = f"旧桥{comma}放行" + ("（公交恢复）" if widen else "(公交恢复)")
    html = files["articles/linhe-01/index.html"]
    assert f"周明. {title}[N]. 临河日报，2020-06-18（A3）." in html.decode()
    assert zotero_item(html)["title"] == title
    assert json.loads(files["articles/linhe-01/cite.json"])[0]["title"] == title
    assert lines_of(files)[0]["citation"].startswith(f"周明. {title}[N]")
    assert version_of(printed) in html.decode()


def test_no_article_has_what_would_lead_zotero_astray(site: dict[str, bytes]) -> None:
    for path, data in site.items():
        if re.fullmatch("articles/.*/index.html", path) and b'http-equiv="refresh"' not in data:
            head = Head(data.decode())
            assert head.all("og:type") == ["article"], path
            assert len(head.all("DC.type")) == 1, path
            assert not head.all("citation_journal_title", "DC.coverage"), path


def test_the_head_names_the_files_beside_the_article(site: dict[str, bytes]) -> None:
    html = site["articles/linhe-01/index.html"].decode()
    for name in ("cite.bib", "cite.ris", "cite.json", "index.md"):
        assert re.search(rf'<link rel="alternate" type="[^"]+" href="[^"]*{name}">', html), name
        assert f"articles/linhe-01/{name}" in site
    assert f"<code>{version_of(BRIDGE)}</code> · 未经人校对</p>" in html


# --- feeds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["feed.xml", "topics/livelihood/feed.xml"])
def test_a_feed_has_what_atom_asks_for(path: str) -> None:
    """RFC 4287, 4.1: what stands once, what at least once, dates with a zone, an author for every entry."""
    reviewed = replace(LIBRARY, reviewed="2026-11-22", authors=())
    feed = ElementTree.fromstring(make(articles=(BRIDGE, reviewed, UNTITLED))[path])
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2  # the undated has no day to stand under
    for element in (feed, *entries):
        for tag in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{tag}")) == 1, tag
        assert RFC3339_RE.fullmatch(element.findtext(f"{ATOM}updated") or "")
        assert len(element.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{BASE}{path}"  # type: ignore[union-attr]
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith(BASE) for one in ids)
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == ["2020-06-18T00:00:00+08:00", "2026-11-22T00:00:00+08:00"]
    assert feed.findtext(f"{ATOM}updated") == max(updated, key=str)


# --- the sitemap, robots.txt, search from elsewhere ----------------------------------------------


def lastmod(files: dict[str, bytes]) -> dict[str, str | None]:
    rows = ElementTree.fromstring(files["sitemap.xml"]).findall(f"{SITEMAP}url")
    return {str(row.findtext(f"{SITEMAP}loc")): row.findtext(f"{SITEMAP}lastmod") for row in rows}


def test_the_sitemap_tells_only_days_that_content_tells() -> None:
    checked = replace(BRIDGE, reviewed="2026-11-22", converted="9f2c")
    lapsed = replace(LIBRARY, reviewed="2026-11-20", converted="3d01")
    ledger = replace(LEDGER, reviewed={LIBRARY.id: Tick("2026-11-20", "9f2c")})
    source = publish.SourceText("linhe-a3", ledger, TEXT)
    days = lastmod(make(articles=(checked, lapsed, UNTITLED), sources=(source,)))
    assert {url: day for url, day in days.items() if day} == {
        f"{BASE}articles/linhe-01/": "2026-11-22"
    }
    assert f"{BASE}articles/linhe-02/" in days


def test_robots_and_browsers_find_their_way(site: dict[str, bytes]) -> None:
    assert f"Sitemap: {BASE}sitemap.xml\n" in site["robots.txt"].decode()
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    search = ElementTree.fromstring(site["opensearch.xml"])
    assert search.tag == f"{space}OpenSearchDescription"
    assert 0 < len(search.findtext(f"{space}ShortName") or "") <= 16
    urls = {one.get("type"): one.get("template") for one in search.findall(f"{space}Url")}
    assert urls["text/html"] == f"{BASE}search/?q={{searchTerms}}"
    icon = search.findtext(f"{space}Image") or ""
    assert icon.removeprefix(BASE) in site
    assert 'rel="search"' in site["index.html"].decode()


def test_without_an_address_nothing_asks_for_one() -> None:
    files = make(replace(CONFIG, base_url=None))
    assert "opensearch.xml" not in files
    assert 'rel="search"' not in files["index.html"].decode()
    package = json.loads(files["data/datapackage.json"])
    assert not {"homepage", "licenses"} & set(package)


# --- downloads -----------------------------------------------------------------------------------


def table_of(files: dict[str, bytes]) -> list[dict[str, str]]:
    data = files["data/articles.csv"]
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def lines_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["data/articles.jsonl"].decode().splitlines()]


def test_both_files_hold_every_article_once_in_the_order_of_ids(site: dict[str, bytes]) -> None:
    ids = ["linhe-01", "linhe-02", "own-01", "web-01"]
    assert [row["id"] for row in table_of(site)] == ids
    assert [row["id"] for row in lines_of(site)] == ids


def test_a_line_holds_the_article(site: dict[str, bytes]) -> None:
    line = lines_of(site)[0]
    assert line["title"] == BRIDGE.title
    assert line["authors"] == [{"name": "周明", "role": "记者"}, {"name": "何川", "role": "摄影"}]
    assert line["evidence"] == {"date": {"status": "inferred", "from": "本报临河6月17日电"}}
    assert line["body"] == BRIDGE.body
    assert line["url"] == f"{BASE}articles/linhe-01/"
    assert len({tuple(one) for one in lines_of(site)}) == 1  # the same keys everywhere


def test_a_row_of_the_table_is_for_people(site: dict[str, bytes]) -> None:
    row = table_of(site)[0]
    assert row["authors"] == "周明（记者）；何川（摄影）"
    assert row["dateline"] == "本报 临河 6月17日"
    assert row["evidence"] == "date: inferred"
    assert row["citation"].startswith("周明. 旧桥昨日放行：公交恢复原线[N].")
    assert "body" not in row
    assert table_of(site)[2]["title"] == ""


def test_the_package_describes_the_files_as_they_are(site: dict[str, bytes]) -> None:
    package = json.loads(site["data/datapackage.json"])
    assert re.fullmatch("[-a-z0-9._/]+", package["name"])
    for resource in package["resources"]:
        data = site[f"data/{resource['path']}"]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    table, lines = package["resources"]
    assert [one["name"] for one in table["schema"]["fields"]] == list(table_of(site)[0])
    assert [one["name"] for one in lines["schema"]["fields"]] == list(lines_of(site)[0])
    assert {one["type"] for one in table["schema"]["fields"]} == {"string", "date", "integer"}


PYTHON_TYPES = {"string": str, "date": str, "integer": int, "array": list, "object": dict}


def test_values_are_of_the_types_that_the_schema_tells(site: dict[str, bytes]) -> None:
    types = {column.name: PYTHON_TYPES[column.type] for column in COLUMNS}
    for line in lines_of(site):
        for name, kind in types.items():
            assert line[name] is None or isinstance(line[name], kind), name


def test_the_rights_are_told_as_they_are_and_as_the_format_asks() -> None:
    package = json.loads(make(replace(CONFIG, rights="版权属原报"))["data/datapackage.json"])
    assert package["rights"] == "版权属原报"
    assert package["licenses"] == [{"path": f"{BASE}about/", "title": "版权属原报"}]


def test_no_cell_is_a_formula() -> None:
    texts = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1")
    wild = tuple(
        replace(
            UNTITLED, id=f"own-{number}", title=text, kicker=text, authors=(Credit(text, text),)
        )
        for number, text in enumerate(texts)
    )
    rows = table_of(make(articles=wild, sources=(SOURCE,)))
    assert len(rows) == len(texts)
    for row in rows:
        for name, cell in row.items():
            assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell), (row["id"], name)


@given(st.text(alphabet="'=+-@＝桥 \t", max_size=8))
def test_a_guard_can_be_taken_off(text: str) -> None:
    cell = guarded(text)
    bare = cell[1:] if cell.startswith("'") and FORMULA_RE.match(cell) else cell
    assert bare == " ".join(text.split())
    assert not re.match("[=+@＝-]", cell)


def test_an_empty_archive_has_empty_downloads() -> None:
    files = make(articles=(), sources=())
    assert table_of(files) == []
    assert files["data/articles.jsonl"] == b""


def test_a_line_is_one_line_whatever_the_text() -> None:
    wild = Article("own-01", body="一\u2028二\x85三\n\n四")
    data = make(articles=(wild,), sources=())["data/articles.jsonl"].decode()
    assert len(data.splitlines()) == 1
    assert json.loads(data)["body"] == wild.body
