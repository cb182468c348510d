"""Citing an article: the samples of the standard's implementers, the files for reference managers, the text's version."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.config import Config
from jianbao.models import Article, Credit, Origin
from jianbao.publish.citation import cite, full_title, json_ld, version_of
from jianbao.publish.citation_files import FORMATS, citation_files

CONFIG = Config(title="临河剪报")
HERE = "https://archive.example/articles/a/"


def paper(title: str, *authors: str, **values: object) -> Article:
    """An article of a newspaper on paper."""
    names = tuple(Credit(name) for name in authors)
    printed = Article("a", title, authors=names, source=Origin("a.txt", "", ()))
    return replace(printed, **values)  # type: ignore[arg-type]  # names of the fields


def online(url: str, accessed: str | None = None, kind: str = "newspaper") -> Origin:
    return Origin("a.html", "", (), kind, url, accessed)


DING = paper(
    "数字革命与竞争国际化", "丁文详", publication="中国青年报", date="2000-11-20", page="15"
)
CHEN = paper(
    "探索微观世界的无穷奥秘（科技大观）",
    "陈缮真",
    publication="人民日报",
    date="2022-08-16",
    page="17",
    source=online("http://paper.example/1.htm", "2015-02-28"),
)
CHARTER = paper("四川会议厅暂行章程", publication="广益丛报", date="1910-09-03", page="第1—2页")
MUSEUM = paper(
    "章程",
    "北京鲁迅博物馆",
    date="2021-04-21",
    source=online("https://museum.example/1", "2023-05-02", "web"),
)
FOUR = ("甲一", "乙二", "丙三", "丁四")


# --- the line ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "style", "line"),
    [
        (DING, "gb2025", "丁文详. 数字革命与竞争国际化[N]. 中国青年报，2000-11-20（15）."),
        (DING, "gb2015", "丁文详. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15)."),
        (
            CHEN,
            "gb2025",
            "陈缮真. 探索微观世界的无穷奥秘（科技大观）[N/OL]. 人民日报，2022-08-16（17）. http://paper.example/1.htm.",
        ),
        (
            CHEN,
            "gb2015",
            "陈缮真. 探索微观世界的无穷奥秘（科技大观）[N/OL]. 人民日报, 2022-08-16(17)[2015-02-28]. http://paper.example/1.htm.",
        ),
        (CHARTER, "gb2025", "四川会议厅暂行章程[N]. 广益丛报，1910-09-03（第1—2页）."),
        (
            paper("题", "甲", publication="某报", date="2015-09-29"),
            "gb2025",
            "甲. 题[N]. 某报，2015-09-29.",
        ),
        (
            MUSEUM,
            "gb2025",
            "北京鲁迅博物馆. 章程[EB/OL]. （2021-04-21）[2023-05-02]. https://museum.example/1.",
        ),
        (
            MUSEUM,
            "gb2015",
            "北京鲁迅博物馆. 章程[EB/OL]. (2021-04-21)[2023-05-02]. https://museum.example/1.",
        ),
        (paper("题", *FOUR, publication="某报"), "gb2025", "甲一，乙二，丙三，等. 题[N]. 某报."),
        (paper("题", *FOUR, publication="某报"), "gb2015", "甲一, 乙二, 丙三, 等. 题[N]. 某报."),
        (paper("题", *FOUR[:3], publication="某报"), "gb2025", "甲一，乙二，丙三. 题[N]. 某报."),
    ],
)  # fmt: skip
def test_the_samples(cited: Article, style: str, line: str) -> None:
    assert cite(cited, style, HERE) == line


@pytest.mark.parametrize(
    ("printed", "cited"),
    [
        ("3", "3"),
        ("A03", "A03"),
        ("第3版", "3"),
        ("2版、5-7版", "2版、5-7版"),  # more than we know to read stays as it is
        ("2、5—7", "2, 5-7"),
        ("2，5～7版", "2, 5-7"),
        ("T1-T4", "T1-T4"),
        ("头版", "头版"),
        ("要闻·2", "要闻·2"),
        ("第1—2页", "第1—2页"),
    ],
)
def test_the_page_is_the_bare_number(printed: str, cited: str) -> None:
    assert cite(replace(DING, page=printed), "gb2025").endswith(f"2000-11-20（{cited}）.")


def test_neither_column_nor_kicker_is_part_of_the_title() -> None:
    """（科技大观） in the sample is printed in the title; a column that is not stays out of it, and 引题 too."""
    columned = replace(DING, column="科技大观", kicker="本报特稿")
    assert cite(columned, "gb2025") == cite(DING, "gb2025")
    assert full_title(CHEN) == "探索微观世界的无穷奥秘（科技大观）"


def test_a_role_is_no_part_of_a_name() -> None:
    credited = replace(DING, authors=(Credit("丁文详", "本报记者"), Credit("何川", "摄影")))
    assert cite(credited, "gb2025") == cite(DING, "gb2025")
    for _, data in citation_files(credited, CONFIG, HERE):
        assert "记者" not in data.decode()
        assert "何川" not in data.decode()


def test_an_article_of_the_archives_own_is_a_page_of_the_archive() -> None:
    own = Article("a", "本库说明", date="2026-11-22")
    assert cite(own, "gb2025", HERE) == f"本库说明[EB/OL]. （2026-11-22）. {HERE}."
    typed_in = replace(own, publication="临河日报")
    assert cite(typed_in, "gb2025", HERE) == "本库说明[N]. 临河日报，2026-11-22."


def test_a_web_page_is_no_article_of_a_newspaper() -> None:
    data = json_ld(replace(MUSEUM, publication="某网", column="要闻"), HERE)
    assert data["@type"] == "Article"
    assert data["isPartOf"] == {"@type": "WebSite", "name": "某网"}
    assert not {"printPage", "printSection", "dateline"} & set(data)
    assert json_ld(DING, HERE)["isPartOf"]["@type"] == "Newspaper"


# --- the version ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"title": "数字革命"},
        {"kicker": "引题"},
        {"subtitle": "副题"},
        {"body": "正文。"},
        {"title": None, "kicker": "数字革命与竞争国际化"},
    ],
)
def test_the_version_changes_with_the_text(change: dict[str, str | None]) -> None:
    assert version_of(replace(DING, **change)) != version_of(DING)  # type: ignore[arg-type]


def test_the_version_is_what_the_manual_says() -> None:
    article = replace(DING, subtitle="——十年回顾", body="一段。\n\n二段。")
    wording = "\n数字革命与竞争国际化\n——十年回顾\n一段。\n\n二段。"
    assert hashlib.sha256(wording.encode()).hexdigest().startswith(version_of(article))


def test_the_version_changes_with_nothing_else() -> None:
    same = replace(DING, id="b", date=None, topics=("数字",), reviewed="2026-11-22", converted="f0")
    assert version_of(same) == version_of(DING)
    assert re.fullmatch("[0-9a-f]{8}", version_of(DING))


# --- the files -----------------------------------------------------------------------------------


def files_of(article: Article, url: str | None = HERE) -> dict[str, str]:
    return {name: data.decode() for name, data in citation_files(article, CONFIG, url)}


def bibtex_fields(text: str) -> dict[str, str]:
    """Field → value of an entry, read as BibTeX reads: braces are counted, whatever stands before them."""
    head, _, rest = text.partition(",\n")
    fields, depth, start = {"": head}, 0, 0
    for at, char in enumerate(rest):
        depth += (char == "{") - (char == "}")
        if char == "{" and depth == 1:
            name, start = rest[start:at].strip(" ,=\n"), at + 1
        elif char == "}" and depth == 0:
            fields[name], start = rest[start:at], at + 1
    assert depth == -1  # the brace that closes the entry
    return fields


def ris_rows(text: str) -> list[tuple[str, str]]:
    assert text.endswith("ER  - \r\n")
    assert "\n" not in text.replace("\r\n", "")
    return [(line[:2], line[6:]) for line in text.split("\r\n") if line]


def test_a_newspaper_article_in_every_format() -> None:
    article = replace(DING, subtitle="——十年回顾", column="观察")
    files = files_of(article)
    title = "数字革命与竞争国际化：十年回顾"
    version = version_of(article)
    assert bibtex_fields(files["cite.bib"]) == {
        "": "@article{a",
        "author": "{丁文详}",
        "title": f"{{{title}}}",
        "journal": "中国青年报",
        "date": "2000-11-20",
        "year": "2000",
        "pages": "15",
        "entrysubtype": "newspaper",
        "mark": "N",
        "library": f"临河剪报, {HERE}, {version}",
    }
    assert ris_rows(files["cite.ris"]) == [
        ("TY", "NEWS"),
        ("ID", "a"),
        ("TI", title),
        ("AU", "丁文详"),
        ("T2", "中国青年报"),
        ("SE", "观察"),
        ("PY", "2000"),
        ("DA", "2000/11/20"),
        ("SP", "15"),
        ("LA", "zh-Hans"),
        ("DB", "临河剪报"),
        ("AN", HERE),
        ("N1", f"整理稿版本 {version}"),
        ("ER", ""),
    ]
    assert json.loads(files["cite.json"]) == [
        {
            "id": "a",
            "type": "article-newspaper",
            "title": title,
            "author": [{"literal": "丁文详"}],
            "container-title": "中国青年报",
            "section": "观察",
            "issued": {"date-parts": [[2000, 11, 20]]},
            "page": "15",
            "language": "zh-Hans",
            "archive": "临河剪报",
            "archive_location": HERE,
            "version": version,
        }
    ]


def test_a_web_page_in_every_format() -> None:
    files = files_of(replace(MUSEUM, publication="某网"))
    entry = bibtex_fields(files["cite.bib"])
    assert entry[""] == "@online{a"
    assert (entry["organization"], entry["urldate"]) == ("某网", "2023-05-02")
    assert not {"journal", "mark", "entrysubtype"} & set(entry)
    rows = dict(ris_rows(files["cite.ris"]))
    assert (rows["TY"], rows["UR"], rows["Y2"]) == ("ELEC", "https://museum.example/1", "2023/05/02")  # fmt: skip
    (item,) = json.loads(files["cite.json"])
    assert item["type"] == "webpage"
    assert item["accessed"] == {"date-parts": [[2023, 5, 2]]}


def test_what_is_cited_is_the_original_and_not_this_archive() -> None:
    files = files_of(DING)
    assert "url" not in bibtex_fields(files["cite.bib"])
    assert "UR" not in dict(ris_rows(files["cite.ris"]))
    assert "URL" not in json.loads(files["cite.json"])[0]


def test_without_an_address_the_id_tells_the_place() -> None:
    assert json.loads(files_of(DING, None)["cite.json"])[0]["archive_location"] == "a"


def test_an_address_ends_no_field() -> None:
    wild = replace(DING, source=online("https://a.example/x_%7E{y}}?a=b\\c d"))
    entry = bibtex_fields(files_of(wild)["cite.bib"])
    assert entry["url"] == "https://a.example/x_%7E%7By%7D%7D?a=b%5Cc%20d"


TEX_SHOWN = {r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~"}  # fmt: skip
TEX_RE = re.compile("|".join(map(re.escape, TEX_SHOWN)) + r"|\\([#$%&_])")


def shown_by_tex(value: str) -> str:
    return TEX_RE.sub(lambda found: found[1] or TEX_SHOWN[found[0]], value)


texts = st.text(min_size=1, max_size=40).filter(lambda text: any(map(str.isalnum, text)))


@given(texts, texts)
def test_no_text_breaks_a_format_and_all_of_it_arrives(title: str, name: str) -> None:
    hostile = replace(DING, title=title, authors=(Credit(name),), publication=name, column=title)
    files = files_of(hostile)
    assert list(files) == list(FORMATS)
    (item,) = json.loads(files["cite.json"])
    entry = bibtex_fields(files["cite.bib"])
    rows = ris_rows(files["cite.ris"])
    assert shown_by_tex(entry["title"][1:-1]) == item["title"]
    assert [tag for tag, _ in rows].count("ER") == 1
    assert dict(rows)["TI"] == item["title"]
    assert {tag for tag, _ in rows} <= {"TY", "ID", "TI", "AU", "T2", "SE", "PY", "DA", "SP", "LA", "DB", "AN", "N1", "ER"}  # fmt: skip
