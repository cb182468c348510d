"""Bytes become text, or a sentence about why they cannot."""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.config import Config, Known
from jianbao.convert.conversion import Conversion, convert_source
from jianbao.convert.read import READERS, decode, decode_page, read_source
from jianbao.errors import JianbaoError
from jianbao.intake import source_files
from jianbao.pipeline import Folders, convert_sources
from tests.refusals import refusal

SIMPLIFIED = (
    "本报讯（记者 何小禾）昨天，青禾市图书馆新馆开门迎客，首日接待读者三千多人次，借出图书五千多册。"
    "馆长说，新馆夜里也开放到十点，市民下班以后还能来坐一坐，读完一本书再走。\n"
)
TRADITIONAL = (
    "從本月起，青禾市圖書館每天開放到晚上十點，下班以後的市民也能坐下來讀完一本書再回家，館員為他們留著燈。"
    "這個決定是市民代表會議提出來的，實行以後，來的人比過去多了一倍。\n"
)
CANTONESE = (
    "圖書館夜晚開到十點，收工之後嘅街坊都可以喺度坐低睇完一本書先至返屋企，館員話佢哋會留盞燈。\n"
)
RARE = "老馆员李𬎆说，这里的路她走了三十年。\n"  # 𬎆: four bytes in GB 18030, none in GBK


# --- refused, with a sentence -------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", id="PNG"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", id="PDF"),
        pytest.param(b"PK\x03\x04\x14\0\x06\0", id="zip"),
        pytest.param(b"\x7fELF\x02\x01\x01\0", id="ELF"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", id="JPEG"),
        pytest.param(b"\x1f\x8b\x08\0", id="gzip"),
        pytest.param(b"GIF89a\x01\0\x01\0", id="GIF"),
        pytest.param(b"\0" * 64, id="NULs and nothing else"),
        pytest.param(SIMPLIFIED.encode() + b"\0\0\0", id="NULs in a text"),
        pytest.param(b"MZ\x90\0\x03\0\0\0\x04\0\0\0", id="a program"),
    ],
)
def test_R12_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(JianbaoError, match="not text") as error:
        decode(raw, "a.txt")
    assert error.value.path == "a.txt"
    assert error.value.hint


def test_R12_two_encodings_in_one_file_are_undecidable() -> None:
    mixed = (SIMPLIFIED * 3).encode() + (SIMPLIFIED * 3).encode("gb18030")
    with pytest.raises(JianbaoError, match="the encoding cannot be told") as error:
        decode(mixed, "梧川/a.txt")
    assert "a.txt.yaml" in error.value.hint
    assert "encoding:" in error.value.hint


@pytest.mark.parametrize(
    "mixed",
    [
        pytest.param(
            SIMPLIFIED.encode("gbk") * 40 + SIMPLIFIED.encode(), id="GBK, a passage UTF-8"
        ),
        pytest.param(SIMPLIFIED.encode() + SIMPLIFIED.encode("gbk") * 40, id="UTF-8 first"),
        pytest.param(SIMPLIFIED.encode() * 9 + SIMPLIFIED.encode("gbk"), id="UTF-8, a passage GBK"),
        pytest.param(TRADITIONAL.encode("big5") * 20 + TRADITIONAL.encode(), id="Big5 and UTF-8"),
    ],
)
@pytest.mark.parametrize("read", [decode, decode_page])
def test_a_passage_in_another_encoding_is_not_read_as_if_it_were_none(
    read: Callable[[bytes, str], object], mixed: bytes
) -> None:
    with pytest.raises(JianbaoError, match="the encoding cannot be told"):
        read(mixed, "a.txt")


def test_an_undecidable_file_ends_the_command_with_1_and_all_else_is_done(tmp_path: Path) -> None:
    folders = make_folders(tmp_path)
    (folders.sources / "mixed.txt").write_bytes(SIMPLIFIED.encode() + SIMPLIFIED.encode("gbk"))
    (folders.sources / "whole.txt").write_bytes(SIMPLIFIED.encode("gbk"))
    report = convert_sources(Config(), folders)
    [error] = report.errors
    assert error.exit_code == 1
    assert "mixed.txt.yaml" in error.hint
    assert (folders.content / "whole" / "source.yaml").is_file()
    assert not (folders.content / "mixed").exists()


def test_an_ending_without_a_reader_names_those_that_have_one() -> None:
    with pytest.raises(JianbaoError, match="no reader") as error:
        read_source(b"", "a.rtf")
    assert all(ending in error.value.hint for ending in READERS)


def test_a_stated_encoding_that_does_not_exist() -> None:
    with pytest.raises(JianbaoError, match="no encoding is called 'gb99'"):
        decode(SIMPLIFIED.encode(), "a.txt", "gb99")


def test_a_stated_encoding_that_is_wrong_is_not_put_right_in_silence() -> None:
    with pytest.raises(JianbaoError, match="is not utf-8: byte 0") as error:
        decode(SIMPLIFIED.encode("gb18030"), "a.txt", "utf-8")
    assert "sidecar" in error.value.hint


@pytest.mark.parametrize("name", ["base64", "hex", "rot13", "zip"])
def test_a_stated_encoding_that_is_none_of_text(name: str) -> None:
    with pytest.raises(JianbaoError):
        decode(b"abc", "a.txt", name)


@pytest.mark.parametrize("name", ["unicode_escape", "raw_unicode_escape"])
def test_a_stated_encoding_that_makes_half_characters(name: str) -> None:
    with pytest.raises(JianbaoError):
        decode(b"\\ud800", "a.txt", name)


def test_nothing_but_wide_blanks_in_another_encoding_tells_of_no_encoding() -> None:
    with pytest.raises(JianbaoError, match="the encoding cannot be told"):
        decode("\u3000".encode("gb18030") * 30, "a.txt")


@pytest.mark.parametrize("encoding", ["utf-16", None])
def test_R12_a_nul_is_in_no_text_whatever_its_encoding(encoding: str | None) -> None:
    with pytest.raises(JianbaoError, match="not text"):
        read_source(f"{SIMPLIFIED}\0".encode("utf-16"), "a.txt", encoding=encoding)


# --- read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        pytest.param(SIMPLIFIED, "utf-8", "utf-8", id="UTF-8"),
        pytest.param(TRADITIONAL, "utf-8", "utf-8", id="UTF-8, traditional"),
        pytest.param(SIMPLIFIED, "utf-8-sig", "utf-8", id="UTF-8 with a mark"),
        pytest.param(SIMPLIFIED, "gbk", "gb18030", id="GBK"),
        pytest.param(TRADITIONAL, "gbk", "gb18030", id="GBK, traditional"),
        pytest.param(SIMPLIFIED + RARE, "gb18030", "gb18030", id="GB 18030, four bytes"),
        pytest.param(TRADITIONAL, "big5", "big5hkscs", id="Big5"),
        pytest.param(CANTONESE, "big5hkscs", "big5hkscs", id="Big5-HKSCS"),
        pytest.param(SIMPLIFIED, "utf-16", "utf-16", id="UTF-16 with a mark"),
        pytest.param(SIMPLIFIED, "utf-16-le", "utf-16-le", id="UTF-16LE"),
        pytest.param(SIMPLIFIED, "utf-16-be", "utf-16-be", id="UTF-16BE"),
        pytest.param(TRADITIONAL, "utf-16-le", "utf-16-le", id="UTF-16LE, traditional"),
        pytest.param(TRADITIONAL, "utf-16-be", "utf-16-be", id="UTF-16BE, traditional"),
        pytest.param(SIMPLIFIED, "utf-32", "utf-32", id="UTF-32 with a mark"),
        pytest.param(SIMPLIFIED * 3000, "gb18030", "gb18030", id="GBK, a long file"),
    ],
)
def test_R12_encoding(text: str, encoding: str, found: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == (text, found)


def test_utf_16_be_with_a_mark() -> None:
    raw = codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")
    assert decode(raw, "a.txt")[0] == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["gb18030", "GBK", "big5", "utf-16"])
def test_a_stated_encoding_is_believed(encoding: str) -> None:
    text = "青禾市老街"
    raw = text.encode(encoding, errors="ignore")
    assert decode(raw, "a.txt", encoding) == (raw.decode(encoding), encoding.lower())


def test_the_encoding_of_a_sidecar_wins(tmp_path: Path) -> None:
    folders = make_folders(tmp_path)
    text = "青禾市"  # too short for anybody to tell
    (folders.sources / "a.txt").write_bytes(text.encode("big5"))
    (folders.sources / "a.txt.yaml").write_text("encoding: big5\n", encoding="utf-8")
    assert convert_sources(Config(), folders).errors == ()
    assert "encoding: big5\n" in (folders.content / "a" / "source.yaml").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5hkscs"])
def test_a_few_lost_bytes_do_not_stop_a_stated_encoding(encoding: str) -> None:
    whole = (TRADITIONAL * 4).encode(encoding)
    source, doubts = read_source(whole[:200] + b"\xff" + whole[200:], "a.txt", encoding=encoding)
    assert source.encoding == encoding
    assert "市民代表會議" in source.text
    assert {one.reason for one in doubts} == {"lost-bytes"}


def test_what_was_read_can_be_read_again_by_its_ledger() -> None:
    """The page of a source shows it as it was decoded; the ledger keeps the name of the encoding only."""
    for raw in ((SIMPLIFIED * 4).encode() + b"\xe5\x9b", (SIMPLIFIED * 4).encode("utf-16")):
        source, _ = read_source(raw, "a.txt")
        again, _ = read_source(raw, "a.txt", encoding=source.encoding)
        assert again == source


def test_a_mark_before_a_stated_encoding_is_no_character() -> None:
    assert decode(codecs.BOM_UTF8 + b"abc", "a.txt", "utf-8")[0] == "abc"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param(b" \n\t\r\n", " \n\t\n", id="blanks"),
        pytest.param(codecs.BOM_UTF8, "", id="only a mark"),
        pytest.param(codecs.BOM_UTF16_LE, "", id="only a mark of UTF-16"),
        pytest.param("\u3000\u200b\ufeff".encode(), "\u3000\u200b\ufeff", id="only invisible"),
    ],
)
def test_R12_a_file_without_a_character_has_no_article(raw: bytes, text: str) -> None:
    conversion = convert(raw)
    assert conversion.source.text == text
    assert conversion.articles == ()
    assert conversion.ledger.furniture == ()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: raw.replace("馆".encode(), b"\xff", 1), id="a bad byte"),
        pytest.param(lambda raw: raw + "图".encode()[:2], id="cut at the end"),
    ],
)
def test_R12_damaged_utf_8_is_kept_and_reported(spoil: Callable[[bytes], bytes]) -> None:
    source, doubts = read_source(spoil((SIMPLIFIED * 4).encode()), "a.txt")
    assert source.encoding == "utf-8"
    assert source.text.count("\ufffd") == 1
    assert [(one.reason, one.start) for one in doubts] == [
        ("lost-bytes", source.text.index("\ufffd"))
    ]


def test_a_run_of_lost_bytes_is_one_doubt() -> None:
    raw = (SIMPLIFIED * 8).encode() + b"\xff\xff\xff"
    _, doubts = read_source(raw, "a.txt")
    assert [one.end - one.start for one in doubts] == [3]


def test_a_replacement_character_that_the_file_holds_is_reported_too() -> None:
    _, doubts = read_source("他说\ufffd我们。".encode(), "a.txt")
    assert [(one.start, one.end) for one in doubts] == [(2, 3)]


def test_the_checksum_is_of_the_bytes_as_received() -> None:
    raw = SIMPLIFIED.encode("gb18030")
    source, _ = read_source(raw, "a.txt")
    assert source.sha256 == hashlib.sha256(raw).hexdigest()
    assert source.size == len(raw)


# --- saved pages --------------------------------------------------------------------------------

PAGE_TEXT = {"gb18030": SIMPLIFIED, "utf-8": SIMPLIFIED, "big5hkscs": TRADITIONAL}
MARKUP = "<html><head><meta http-equiv='Content-Type' content='text/html; charset={}'></head><body class='x'>{}</body></html>"


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        pytest.param("gb2312", "gb18030", id="GB2312"),
        pytest.param("GBK", "gb18030", id="GBK"),
        pytest.param("big5", "big5hkscs", id="Big5"),
        pytest.param("utf-8", "utf-8", id="UTF-8"),
        pytest.param("gb2312", "utf-8", id="saved as UTF-8 and still called GB2312"),
        pytest.param("utf-8", "gb18030", id="GBK and called UTF-8"),
        pytest.param("iso-8859-1", "gb18030", id="GBK and called Latin-1"),
        pytest.param("big5", "gb18030", id="GBK and called Big5"),
        pytest.param("gb2312", "big5hkscs", id="Big5 and called GB2312"),
        pytest.param("nonsense", "big5hkscs", id="called nothing that exists"),
    ],
)
def test_the_bytes_of_a_page_count_more_than_what_it_declares(declared: str, real: str) -> None:
    page = MARKUP.format(declared, PAGE_TEXT[real] * 3)
    assert decode_page(page.encode(real), "a.html") == (page, real)


def test_much_markup_does_not_hide_the_encoding_of_a_page() -> None:
    page = "<div class='a'>" * 500 + SIMPLIFIED + "</div>" * 500
    assert decode_page(page.encode("gbk"), "a.html") == (page, "gb18030")


def test_a_declared_encoding_decides_where_the_text_is_too_short_to_tell() -> None:
    page = MARKUP.format("gb2312", "联通")
    assert decode_page(page.encode("gbk"), "a.html") == (page, "gb18030")


def test_lost_bytes_of_a_page_in_the_encoding_it_declares_are_reported() -> None:
    whole = MARKUP.format("gb2312", SIMPLIFIED * 6).encode("gbk")
    source, doubts = read_source(whole[:300] + b"\xff" + whole[300:], "a.html")
    assert source.encoding == "gb18030"
    assert [one.reason for one in doubts] == ["lost-bytes"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_pages_in_unicode(encoding: str) -> None:
    page = MARKUP.format("unicode", SIMPLIFIED)
    assert decode_page(page.encode(encoding), "a.html")[0] == page


def test_a_stated_encoding_of_a_page_wins() -> None:
    page = MARKUP.format("utf-8", "联通")
    assert decode_page(page.encode("gbk"), "a.html", "gbk") == (page, "gbk")


# --- line ends ----------------------------------------------------------------------------------

PAGE = """\
# 老街的石板路年底前修好

本报讯（记者 何小禾）老街的石板路坑洼多年，雨天积水，晴天硌脚，街坊们盼着它修好已经盼了许多年。

图书馆夜里开到十点，读者说，灯光照着书页，心里也亮堂了许多。
"""


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_newline_is_one_character_however_it_is_written(newline: str) -> None:
    source, _ = read_source(PAGE.replace("\n", newline).encode(), "a.txt")
    assert source.text == PAGE


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028", "\u2029", "\x85", "\n\f"])
def test_R12_articles_do_not_depend_on_how_lines_end(newline: str) -> None:
    plain, other = convert(PAGE.encode()), convert(PAGE.replace("\n", newline).encode())
    assert [(one.title, one.authors, one.body) for one in other.articles] == [
        (one.title, one.authors, one.body) for one in plain.articles
    ]


# --- any bytes ----------------------------------------------------------------------------------


@given(st.binary(max_size=400))
def test_F1_any_bytes_become_text_or_a_sentence(raw: bytes) -> None:
    if error := refusal(read_source, raw, "a.txt"):
        assert error.path == "a.txt"
        assert error.hint
        return
    source, _ = read_source(raw, "a.txt")
    source.text.encode()  # no lone surrogate
    assert "\r" not in source.text


@given(st.binary(max_size=400))
def test_any_bytes_of_a_page_become_text_or_a_sentence(raw: bytes) -> None:
    if error := refusal(read_source, raw, "a.html"):
        assert error.path == "a.html"
        assert error.hint
        return
    source, _ = read_source(raw, "a.html")
    source.text.encode()
    assert "\r" not in source.text


@given(st.text(alphabet="青禾市图书馆的新馆，。\n ", min_size=1).filter(str.strip))
def test_every_text_in_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode(), "a.txt") == (text, "utf-8")


# --- which files are sources --------------------------------------------------------------------


def test_R12_a_file_above_the_limit_is_refused_with_the_setting_named(tmp_path: Path) -> None:
    folders = make_folders(tmp_path)
    (folders.sources / "large.txt").write_bytes(b"a" * 1_000_001)
    (folders.sources / "small.txt").write_bytes(b"a" * 1_000_000)
    report = convert_sources(Config(max_source_mb=1), folders)
    [error] = report.errors
    assert error.path == str(folders.sources / "large.txt")
    assert "max_source_mb" in error.hint
    assert (folders.content / "small" / "source.yaml").is_file()


def test_S10_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    folders = make_folders(tmp_path)
    sources, outside = folders.sources, tmp_path / "outside.txt"
    outside.write_text("外面的文件。", encoding="utf-8")
    (sources / "folder.txt").mkdir()
    (sources / "link.txt").symlink_to(outside)
    (sources / "dangling.txt").symlink_to(sources / "nowhere.txt")
    (sources / "circle.txt").symlink_to(sources / "circle.txt")
    os.mkfifo(sources / "pipe.txt")
    (sources / ".hidden.txt").write_text("隐藏的文件。", encoding="utf-8")
    (sources / "a.txt").write_text("青禾市图书馆夜里开到十点。", encoding="utf-8")
    (sources / "a.txt.yaml").write_text("page: 3\n", encoding="utf-8")
    assert list(source_files(sources)) == ["a.txt"]
    report = convert_sources(Config(), folders)
    assert report.errors == ()
    assert [path.name for path in folders.content.iterdir() if path.is_dir()] == ["a"]


def test_the_folder_that_a_browser_saves_beside_a_page_is_part_of_the_page(tmp_path: Path) -> None:
    sources = make_folders(tmp_path).sources
    for name in ("页.html", "页_files/a.html", "页_files/deep/b.txt", "other_files/c.txt"):
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text("青禾市", encoding="utf-8")
    assert list(source_files(sources)) == ["other_files/c.txt", "页.html"]


def test_S10_a_linked_folder_is_not_walked(tmp_path: Path) -> None:
    folders = make_folders(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.txt").write_text("外面的文件。", encoding="utf-8")
    (folders.sources / "linked").symlink_to(tmp_path / "elsewhere")
    assert list(source_files(folders.sources)) == []


def test_R12_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = make_folders(tmp_path)
    (folders.sources / "a.txt").write_text("青禾市", encoding="utf-8")

    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    [error] = convert_sources(Config(), folders).errors
    assert error.path == str(folders.sources / "a.txt")
    assert "cannot be read: Permission denied" in error.message


def make_folders(root: Path) -> Folders:
    folders = Folders(root / "config.yaml", root / "sources", root / "content", root / "site")
    folders.sources.mkdir()
    return folders


def convert(raw: bytes) -> Conversion:
    return convert_source(raw, "a.txt", "a", Known(), Config())
