"""Themes: the example of docs/theming.md, blocks and words said anew, accents that can be read, logos that do nothing."""

from __future__ import annotations

import re
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao import publish, serve
from jianbao.cli import main
from jianbao.colours import NIGHT, ON_STAMP, PAPER, READABLE, contrast, readable
from jianbao.config import Accent, Config, load_config
from jianbao.errors import ConfigError, JianbaoError
from jianbao.pipeline import Folders, build_site, read_config
from jianbao.publish.theme import ICON, ICON_COLOUR, MAX_LOGO_BYTES, dress, read_logo
from tests.refusals import refusal
from tests.test_publish import ASSETS, BRIDGE, CONFIG, SOURCE, TEMPLATES, make, page, pages

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "theming.md").read_text("utf-8")
FENCE_RE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCK_ROW_RE = re.compile(r"^\| `(\w+\.html)` \| (.+) \|$", re.MULTILINE)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32"><path d="M0 0h48v32z"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 60, 20) + b"\x08\x02\0\0\0"

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


# --- the example ---------------------------------------------------------------------------------


def example() -> dict[str, str]:
    """The files of the example, by the names that stand before them in the document."""
    files = {}
    before = 0
    for block in FENCE_RE.finditer(DOCUMENT):
        names = re.findall(r"`((?:theme/)?[\w./]+\.\w+)`", DOCUMENT[before : block.start()])
        files[names[-1]] = block[2]
        before = block.end()
    return files


def test_the_example_of_the_document_works(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    config = tmp_path / "config.yaml"
    config.write_text((ROOT / "config.yaml").read_text("utf-8"), "utf-8")
    for name, text in example().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text("utf-8") if path.is_file() else "") + text, "utf-8")
    folders = Folders(config, tmp_path / "sources", tmp_path / "content", tmp_path / "site")
    assert build_site(read_config(config), folders).errors == ()
    (style,) = (tmp_path / "site").glob("assets/*/style.css")
    assert "--seal: light-dark(#1f4e79, " in style.read_text("utf-8")
    english = next((tmp_path / "site" / "en" / "articles").glob("*/index.html")).read_text("utf-8")
    assert '<p class="holding">The newspaper itself is in Wuchuan City Library.</p>' in english
    assert ">About the Wuchuan cuttings</a>" in english
    assert re.search(r'<img class="logo" src="[./]+/assets/\w+/logo\.svg" width="150" height="100" alt="">', english)  # fmt: skip
    assert re.search(r'<link rel="stylesheet" href="[./]+/assets/\w+/theme\.css">', english)
    assert 'class="citation"' in english
    chinese = next((tmp_path / "site" / "articles").glob("*/index.html")).read_text("utf-8")
    assert '<p class="holding">原报藏于梧川市图书馆。</p>' in chinese
    assert ">关于本库</a>" in chinese


def test_the_example_has_each_kind_of_file() -> None:
    assert list(example()) == [
        "config.yaml",
        "emblem.svg",
        "theme/templates/article.html",
        "theme/assets/theme.css",
        "theme/templates/i18n/en/LC_MESSAGES/messages.po",
    ]


def test_the_document_names_every_block() -> None:
    rows = BLOCK_ROW_RE.findall(DOCUMENT)
    assert [name for name, _ in rows] == ["base.html", "article.html", "home.html"]
    inherited = {"title", "head", "main", "canonical"}
    for name, told in rows:
        found = set(re.findall(r"{% block (\w+) %}", (TEMPLATES / name).read_text("utf-8")))
        assert set(re.findall(r"`(\w+)`", told)) == (
            found if name == "base.html" else found - inherited
        )


# --- templates -----------------------------------------------------------------------------------


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    return tmp_path / "theme"


def themed(theme: Path, files: dict[str, str], **changes: object) -> dict[str, bytes]:
    """The site with a theme's templates."""
    for name, text in files.items():
        path = theme / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return make(replace(CONFIG, **changes), templates=(theme, TEMPLATES))  # type: ignore[arg-type]  # names of the fields


def test_a_block_is_said_anew_and_the_rest_stays(theme: Path) -> None:
    text = (
        '{% extends "jianbao/article.html" %}{% block turn %}<p>{{ article.id }}</p>{% endblock %}'
    )
    html = page(themed(theme, {"article.html": text}), "articles/linhe-01/index.html")
    assert "<p>linhe-01</p>" in html
    assert 'class="turn"' not in html
    ours = page(make(), "articles/linhe-01/index.html")
    assert html.split('class="record"')[0] == ours.split('class="record"')[0]


def test_a_block_may_use_what_our_page_has_at_hand(theme: Path) -> None:
    """Macros that our template defines or imports can be called in a theme's block."""
    text = '{% extends "jianbao/article.html" %}{% block turn %}{{ linked("topics") }}{{ edition("7") }}{% endblock %}'
    assert "第7版" in page(themed(theme, {"article.html": text}), "articles/linhe-01/index.html")


def test_a_frame_of_the_themes_is_the_frame_of_all_pages(theme: Path) -> None:
    text = '{% extends "jianbao/base.html" %}{% block colophon %}<p id="end">{{ super() }}</p>{% endblock %}'
    for path, html in pages(themed(theme, {"base.html": text})):
        assert '<p id="end">' in html, path
        assert 'class="colophon"' in html, path


def test_new_blocks_inside_ours_and_pieces_that_are_included_are_fine(theme: Path) -> None:
    files = {
        "article.html": '{% extends "jianbao/article.html" %}{% block turn %}{% block mine %}{% include "piece.html" %}{% endblock %}{% endblock %}',
        "piece.html": "<p>{{ config.title }}的一块</p>",
    }
    assert "临河剪报的一块" in page(themed(theme, files), "articles/linhe-01/index.html")


@pytest.mark.parametrize(
    ("name", "text", "line", "says", "hint"),
    [
        pytest.param(
            "article.html",
            '{% extends "jianbao/article.html" %}\n\n{% block citatoin %}{% endblock %}\n',
            3,
            "no page has the block 'citatoin'",
            "Did you mean citation? Known: body, canonical, citation",
            id="a slip in a block",
        ),
        pytest.param(
            "about.html",
            '{% extends "base.html" %}\n{% if true %}\n{% block mian %}{% endblock %}{% endif %}\n',
            3,
            "no page has the block 'mian'",
            "Did you mean main?",
            id="in a condition",
        ),
        pytest.param(
            "artcle.html",
            '{% extends "jianbao/article.html" %}\n',
            1,
            "no page has the template 'artcle.html'",
            "Did you mean article.html?",
            id="a slip in a template's name",
        ),
        pytest.param(
            "article.html",
            '{% extends "article.html" %}\n',
            1,
            "extends itself",
            '{% extends "jianbao/article.html" %}',
            id="a template that extends itself",
        ),
        pytest.param(
            "article.html",
            '{% extends "jianbao/artikel.html" %}\n',
            1,
            "jianbao/artikel.html is missing",
            "",
            id="a parent that is not there",
        ),
        pytest.param("home.html", "\n\n{% block %}\n", 3, "the template is wrong", "", id="syntax"),
        pytest.param(
            "i18n/en/LC_MESSAGES/messages.po",
            'msgid "首頁"\nmsgstr "Front"\n',
            1,
            "no page has the message '首頁'",
            "",
            id="a slip in a message",
        ),
        pytest.param(
            "i18n/zh-Hant/LC_MESSAGES/messages.po",
            'msgid "首页"\nmsgstr "首頁"\n',
            1,
            "no page has the catalogue",
            "Did you mean i18n/zh_Hant/LC_MESSAGES/messages.po?",
            id="a slip in a language",
        ),
    ],
)
def test_what_would_have_no_effect_is_told(
    theme: Path, name: str, text: str, line: int, says: str, hint: str
) -> None:
    with pytest.raises(JianbaoError) as caught:
        themed(theme, {name: text})
    assert says in caught.value.message
    assert (caught.value.path, caught.value.line) == (str(theme / name), line)
    assert hint in caught.value.hint


def test_a_template_in_another_encoding_is_told(theme: Path) -> None:
    theme.mkdir()
    (theme / "about.html").write_bytes("关于".encode("gb18030"))
    with pytest.raises(JianbaoError, match="not UTF-8") as caught:
        themed(theme, {})
    assert caught.value.path == str(theme / "about.html")


# --- words ---------------------------------------------------------------------------------------

CATALOGUE = "i18n/{}/LC_MESSAGES/messages.po"


def test_a_word_of_the_themes_wins_and_the_others_stay(theme: Path) -> None:
    own = 'msgid "检索"\nmsgstr "寻"\n'
    html = page(themed(theme, {CATALOGUE.format("zh_Hans"): own}), "about/index.html")
    assert ">寻</a>" in html
    assert ">日期</a>" in html
    assert "共 3 篇" in html


def test_a_counted_word_of_the_themes_has_its_languages_forms(theme: Path) -> None:
    own = 'msgid "共 %(num)s 篇"\nmsgid_plural "共 %(num)s 篇"\nmsgstr[0] "one text"\nmsgstr[1] "%(num)s texts"\n'
    files = themed(theme, {CATALOGUE.format("en"): own}, languages=("en",))
    assert "3 texts" in page(files, "index.html")
    assert "1 newspaper<" in page(files, "index.html")


# --- the accent ----------------------------------------------------------------------------------


def accent_of(text: str) -> Accent | None:
    return load_config(text, path="config.yaml").accent


@given(colours)
def test_an_accent_is_readable_by_day_and_by_night_or_refused_with_one_that_is(colour: str) -> None:
    error = refusal(load_config, f'accent: "{colour}"\n', path="config.yaml")
    assert (error is None) == (contrast(colour, PAPER) >= READABLE)
    accent = accent_of(f'accent: "{error.message.split()[-1] if error else colour}"\n')
    assert accent
    style = dress({"style.css": b""}, accent)["style.css"].decode()
    light, dark, stamp_light, stamp_dark = re.findall("#[0-9a-f]{6}", style)
    assert stamp_light == light
    assert contrast(light, PAPER) >= READABLE
    assert contrast(light, "#fdf9f0") >= READABLE  # words on a button
    assert contrast(dark, NIGHT) >= READABLE
    assert contrast(stamp_dark, ON_STAMP) >= READABLE
    assert contrast(stamp_dark, NIGHT) >= 3  # a button stands out from the paper: WCAG 1.4.11


@given(colours, colours)
def test_a_readable_colour_stays_and_another_becomes_so(colour: str, ground: str) -> None:
    found = readable(colour, ground)
    assert (found == colour) == (contrast(colour, ground) >= READABLE) or found == colour
    assert contrast(readable(colour, PAPER), PAPER) >= READABLE
    assert contrast(readable(colour, NIGHT), NIGHT) >= READABLE


def test_both_colours_may_be_named() -> None:
    assert accent_of('accent: {light: "#1F4E79", dark: "#8cb4dc"}') == Accent("#1f4e79", "#8cb4dc")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('accent: "#ffcc00"', "a contrast of 1.42:1, and words need 4.5:1; the nearest that has it"),
        ('accent: {light: "#1f4e79", dark: "#1f4e79"}', "the paper by night (#171512)"),
        ("accent: blue", 'a colour such as "#1f4e79"'),
        ('accent: "#fff"', 'a colour such as "#1f4e79"'),
        ('accent: {dark: "#8cb4dc"}', "{light: …, dark: …}"),
        ("accent: [a]", "a colour such as"),
        ("title: 临河\naccent: #1f4e79", "is read as a comment"),
    ],
)  # fmt: skip
def test_accents_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        accent_of(text)
    assert says in caught.value.message
    assert caught.value.line == 1 + text.count("\n")


def test_without_an_accent_the_assets_stay_as_they_are() -> None:
    assert dress(ASSETS, None) is ASSETS


def test_an_accent_changes_the_style_and_the_icon_and_nothing_else() -> None:
    dressed = dress(ASSETS, Accent("#1f4e79", "#70a8da"))
    assert {name for name in ASSETS if dressed[name] != ASSETS[name]} == {"style.css", ICON}
    assert b"#1f4e79" in dressed[ICON]


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    style = ASSETS["style.css"].decode()
    assert f"--paper: light-dark({PAPER}, {NIGHT});" in style
    assert re.search(rf"--on-stamp: light-dark\(#fdf9f0, {ON_STAMP}\);", style)
    assert ICON_COLOUR in ASSETS[ICON]


# --- the logo ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [("logo.svg", SVG, (150, 100)), ("logo.png", PNG, (60, 20))],
)
def test_a_logo_has_its_place_before_it_comes(
    name: str, data: bytes, size: tuple[int, int]
) -> None:
    logo = read_logo(name, data, path=name)
    assert (logo.width, logo.height) == size


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param("logo.svg", SVG.replace(b"<path", b"<script/><path"), "script", id="script"),
        pytest.param("logo.svg", SVG.replace(b"<path", b'<path onload="a()"'), "script", id="on…"),
        pytest.param(
            "logo.svg", SVG.replace(b"<path", b"<foreignObject/><path"), "script", id="foreign"
        ),
        pytest.param(
            "logo.svg",
            SVG.replace(b"<path", b'<a href="javascript:a()"/><path'),
            "elsewhere",
            id="href",
        ),
        pytest.param("logo.svg", b"<!DOCTYPE svg>" + SVG, "document type", id="entities"),
        pytest.param("logo.svg", SVG.replace(b"viewBox", b"viewbox"), "no viewBox", id="no size"),
        pytest.param("logo.svg", SVG.replace(b"48 32", b"0 0"), "no viewBox", id="no extent"),
        pytest.param("logo.svg", SVG.replace(b"48 32", b"a b"), "could not", id="no numbers"),
        pytest.param("logo.svg", b"<html/>", "no SVG", id="another document"),
        pytest.param("logo.svg", b"", "no element", id="nothing"),
        pytest.param("logo.png", SVG, "no PNG", id="a drawing called png"),
        pytest.param("logo.png", b"", "", id="no bytes"),
        pytest.param("logo.png", PNG + b"\0" * MAX_LOGO_BYTES, "100 KB", id="large"),
    ],
)
def test_logos_refused(name: str, data: bytes, says: str) -> None:
    with pytest.raises(JianbaoError) as caught:
        read_logo(name, data, path="emblem")
    assert says in caught.value.message
    assert caught.value.path == "emblem"
    assert caught.value.hint


def test_a_logo_takes_the_place_of_the_seal_and_the_icon() -> None:
    files = dict(
        publish.make_site(
            CONFIG, [BRIDGE], [SOURCE], templates=[TEMPLATES], assets={**ASSETS, "logo.png": PNG}
        )
    )
    html = page(files, "index.html")
    assert re.search(r'<img class="logo" src="assets/\w+/logo\.png" width="60" height="20" alt="">', html)  # fmt: skip
    assert re.search(r'<link rel="icon" type="image/png" href="assets/\w+/logo\.png">', html)
    assert 'class="seal"' not in html
    assert '<span class="seal" aria-hidden="true">临</span>' in page(make(), "index.html")


# --- folders -------------------------------------------------------------------------------------


def archive(place: Path) -> Folders:
    (place / "content").mkdir()
    return Folders(place / "config.yaml", place / "sources", place / "content", place / "site")


def test_a_folder_called_theme_needs_no_setting(tmp_path: Path) -> None:
    folders = archive(tmp_path)
    (tmp_path / "theme" / "templates").mkdir(parents=True)
    (tmp_path / "theme" / "templates" / "404.html").write_text(
        "{{ config.title }}的四零四", "utf-8"
    )
    build_site(Config(), folders)
    assert (tmp_path / "site" / "404.html").read_text("utf-8") == "剪报的四零四"


def test_a_theme_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'gone' is no folder"):
        build_site(Config(theme="gone"), archive(tmp_path))


def test_a_file_at_the_top_of_the_theme_is_told(tmp_path: Path) -> None:
    folders = archive(tmp_path)
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "README.md").write_text("怎样做的", "utf-8")
    build_site(Config(), folders)
    (tmp_path / "theme" / "article.html").write_text("", "utf-8")
    with pytest.raises(JianbaoError) as caught:
        build_site(Config(), folders)
    assert caught.value.path == str(tmp_path / "theme" / "article.html")
    assert "theme/templates/" in caught.value.hint


def test_a_logo_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        build_site(Config(logo="gone.svg"), archive(tmp_path))
    assert caught.value.path == str(tmp_path / "gone.svg")


def test_a_logo_with_a_script_is_told_by_the_name_it_has(tmp_path: Path) -> None:
    (tmp_path / "emblem.svg").write_bytes(SVG.replace(b"<path", b"<script/><path"))
    with pytest.raises(JianbaoError) as caught:
        build_site(Config(logo="emblem.svg"), archive(tmp_path))
    assert caught.value.path == str(tmp_path / "emblem.svg")


@pytest.mark.parametrize("text", ["logo: emblem.jpg", "logo: [a]", "logo: true"])
def test_logos_that_are_no_picture_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"\.svg or \.png"):
        load_config(text, path="config.yaml")


def test_the_preview_watches_the_theme_and_the_logo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[Path] = []
    monkeypatch.setattr(
        serve, "serve", lambda rebuild, folder, paths, **rest: watched.extend(paths)
    )
    config = tmp_path / "config.yaml"
    for text, theme in (("logo: a.svg\n", "theme"), ("logo: a.svg\ntheme: mine\n", "mine")):
        config.write_text(text, "utf-8")
        watched.clear()
        assert main(["serve", "--config", str(config)]) == 0
        assert {tmp_path / theme, tmp_path / "a.svg"} <= set(watched)
