"""Word files: headings, paragraphs, tables, and archives that are not unpacked."""

from __future__ import annotations

import sys
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import parse_xml

from jianbao.config import Config, Known
from jianbao.convert import word_reader
from jianbao.convert.conversion import Conversion, convert_source
from jianbao.convert.extras import require
from jianbao.convert.word_reader import MAX_ENTRIES, MAX_UNPACKED, read_docx
from jianbao.errors import JianbaoError
from jianbao.models import is_blank
from tests.word_files import make_docx, make_zip

FIRST = "本报讯（记者 何小禾）昨夜寒潮到来，全市十二个驿站没有熄灯，值班的人给骑手留了一碗热汤。"
SECOND = "汤是附近食堂送来的，一锅八十碗，十点一次，零点一次。骑手们进门先搓手，再端碗。"
THIRD = "西河上的三座便民桥昨天完成荷载试验，月底可以通车，桥宽六米，两边各有一条步道。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


# --- what is read -------------------------------------------------------------------------------


def test_a_story_with_title_sections_and_table() -> None:
    raw = make_docx(
        [
            ("header", "梧川日报 2020年6月18日 星期四 第5版"),
            ("Title", "驿站里的一碗热汤"),
            ("Subtitle", "——寒潮夜里的十二个窗口"),
            ("Normal", FIRST),
            ("Heading 1", "汤从哪里来"),
            ("Normal", SECOND),
            ("table", [["驿站", "碗数"], ["东门", "八十"], ["西桥", "六十五"]]),
            ("Caption", "图：骑手在东门驿站喝汤。"),
        ]
    )
    [article] = convert(raw).articles
    assert (article.title, article.subtitle) == ("驿站里的一碗热汤", "——寒潮夜里的十二个窗口")
    assert (article.date, article.publication, article.page) == ("2020-06-18", "梧川日报", "5")
    assert [(one.name, one.role) for one in article.authors] == [("何小禾", "记者")]
    assert article.body.split("\n\n") == [
        FIRST.partition("）")[2],
        "## 汤从哪里来",
        SECOND,
        "| 驿站 | 碗数 |\n|---|---|\n| 东门 | 八十 |\n| 西桥 | 六十五 |",
        "图：骑手在东门驿站喝汤。",
    ]


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_every_headline_of_the_first_kind_begins_a_story(style: str) -> None:
    stories = [("驿站里的一碗热汤", FIRST), ("三座便民桥月底通车", THIRD)]
    raw = make_docx([part for head, text in stories for part in ((style, head), ("Normal", text))])
    assert [one.title for one in convert(raw).articles] == [head for head, _ in stories]


def test_a_headline_that_is_only_set_like_one() -> None:
    raw = make_docx(
        [
            ("set", ("驿站里的一碗热汤", 22, True, True)),
            ("set", (FIRST, 12, False, False)),
            ("set", ("汤从哪里来", 12, True, False)),
            ("set", (SECOND, 12, False, False)),
        ]
    )
    [article] = convert(raw).articles
    assert article.title == "驿站里的一碗热汤"
    assert "## 汤从哪里来" in article.body


def test_a_title_above_headings_of_the_first_level_rules_them() -> None:
    raw = make_docx(
        [
            ("set", ("驿站里的一碗热汤", 22, True, True)),
            ("Normal", FIRST),
            ("Heading 1", "汤从哪里来"),
            ("Normal", SECOND),
            ("Heading 1", "汤到哪里去"),
            ("Normal", SECOND),
        ]
    )
    [article] = convert(raw).articles
    assert article.body.count("## ") == 2


def test_every_printed_character_is_in_the_text_once_and_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("甲")
    body = document.element.body
    for xml in (
        "<w:p><w:r><w:t>乙</w:t></w:r><w:ins><w:r><w:t>丙</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>丁</w:t><w:tab/><w:t>戊</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>己</w:t><w:br/><w:t>庚</w:t><w:noBreakHyphen/></w:r></w:p>",
        "<w:p><w:r><w:t>辛</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>壬</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
    ):
        name, _, rest = xml.partition(">")
        body.insert(len(body) - 1, parse_xml(f"{name} {W}>{rest}"))
    written = BytesIO()
    document.save(written)
    text, places = read_docx(written.getvalue(), "a.docx")
    assert "".join(char for char in text if not is_blank(char)) == "甲乙丙丁戊己庚\u2011辛壬"
    assert [(text[one.start : one.end], one.where) for one in places] == [
        ("甲", "(//w:p)[1]"),
        ("乙丙", "(//w:p)[2]"),
        ("丁\t戊", "(//w:p)[3]"),
        ("己", "(//w:p)[4]"),
        ("庚\u2011", "(//w:p)[4]"),
        ("辛", "(//w:p)[5]"),
        ("壬", "(//w:p)[6]"),
    ]


def test_the_way_back_reaches_the_paragraphs_of_the_file() -> None:
    raw = make_docx([("Title", "驿站"), ("Normal", FIRST), ("table", [["甲", "乙"], ["丙", "丁"]])])
    body = docx.Document(BytesIO(raw)).element.body
    text, places = read_docx(raw, "a.docx")
    assert len(places) == 4
    for place in places:
        [element] = body.xpath(place.where)
        told = "".join(one.text or "" for one in element.xpath(".//w:t"))
        assert text[place.start : place.end].replace("\t", "") == told


def test_an_empty_file_has_no_article() -> None:
    conversion = convert(make_docx([]))
    assert conversion.source.text == ""
    assert conversion.articles == ()


def test_the_same_words_make_the_same_bytes() -> None:
    parts = [("Title", "驿站"), ("Normal", FIRST)]
    assert make_docx(parts) == make_docx(parts)


# --- what is refused ----------------------------------------------------------------------------


def bomb(entries: list[tuple[str, bytes]]) -> bytes:
    return make_zip([("[Content_Types].xml", b"<a/>"), *entries])


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        pytest.param(bomb([("word/document.xml", b"\0" * 30_000_000)]), "would grow", id="ratio"),
        pytest.param(bomb([(f"{at}.xml", b"") for at in range(MAX_ENTRIES)]), "entries", id="many"),
        pytest.param(bomb([("../a.xml", b"a")]), "leads out of it", id="up"),
        pytest.param(bomb([("word/../../a.xml", b"a")]), "leads out of it", id="up from inside"),
        pytest.param(bomb([("..\\a.xml", b"a")]), "leads out of it", id="up, as Windows writes it"),
        pytest.param(bomb([("/etc/a.xml", b"a")]), "leads out of it", id="from the root"),
        pytest.param(bomb([("C:/a.xml", b"a")]), "leads out of it", id="from a drive"),
        pytest.param(bomb([("a.xml", b"a"), ("b.xml", b"b")]).replace(b"b.xml", b"a.xml"), "two entries of one name", id="twins"),
        pytest.param(b"PK\x03\x04 and no more", "its archive is damaged", id="no archive"),
        pytest.param(make_docx([("Normal", FIRST)])[:-40], "its archive is damaged", id="cut"),
        pytest.param(b"", "its archive is damaged", id="empty"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "before 2007", id="an old one"),
        pytest.param(bomb([]), "no Word file that can be read", id="another archive"),
        pytest.param(bomb([("word/document.xml", b"<w:p")]), "no Word file", id="broken XML"),
    ],
)  # fmt: skip
def test_an_archive_that_is_none_of_word_is_refused(raw: bytes, complaint: str) -> None:
    with pytest.raises(JianbaoError, match=complaint) as error:
        read_docx(raw, "梧川/a.docx")
    assert error.value.path == "梧川/a.docx"
    assert error.value.hint


def test_an_archive_that_promises_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = bytearray(make_docx([("Normal", FIRST)]))
    at = raw.index(b"PK\x01\x02")  # its table of contents: the size of the first entry
    raw[at + 24 : at + 28] = (MAX_UNPACKED + 1).to_bytes(4, "little")
    monkeypatch.setattr(ZipFile, "open", forbidden)
    with pytest.raises(JianbaoError, match="unpacked it has 200 MB, more than 200"):
        read_docx(bytes(raw), "a.docx")


def test_a_locked_entry_is_refused() -> None:
    raw = bytearray(make_zip([("a.xml", b"a")]))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(JianbaoError, match="locked by a password"):
        read_docx(bytes(raw), "a.docx")


def test_entities_are_not_expanded() -> None:
    raw = make_docx([("Normal", "甲")])
    with ZipFile(BytesIO(raw)) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    evil = [
        (name, data.replace(b"<w:document", laughs + b"<w:document", 1).replace("甲".encode(), b"&b;"))
        if name == "word/document.xml"
        else (name, data)
        for name, data in entries
    ]  # fmt: skip
    try:
        text, _ = read_docx(make_zip(evil), "a.docx")
    except JianbaoError:
        return
    assert "ha" not in text


# --- extras -------------------------------------------------------------------------------------


def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(JianbaoError, match=r"cannot be read without the extra \[docx\]") as error:
        read_docx(make_docx_elsewhere(), "a.docx")
    assert error.value.path == "a.docx"
    assert 'python -m pip install "jianbao[docx]"' in error.value.hint
    assert ".venv/bin/python -m pip install '.[docx]'" in error.value.hint


def test_an_extra_that_is_there_is_its_module() -> None:
    assert require("docx", "docx", "a.docx") is docx


def test_the_archive_is_looked_at_before_the_extra_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_reader, "require", forbidden)
    with pytest.raises(JianbaoError, match="leads out of it"):
        read_docx(bomb([("../a.xml", b"a")]), "a.docx")


def forbidden(*args: object, **kwargs: object) -> None:
    raise AssertionError("not to be called")


def make_docx_elsewhere() -> bytes:
    """A file that looks like Word's, made without the package."""
    return make_zip([("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")])


def convert(raw: bytes) -> Conversion:
    return convert_source(raw, "a.docx", "a", Known(), Config())
