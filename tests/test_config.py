"""Settings and sidecars: what may be written, and the sentence for what may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao.config import SETTINGS, SIDECAR_KEYS, Accent, Config, Forge, Known, Publication, Topic
from jianbao.config import load_config as load_settings
from jianbao.config import load_known as load_sidecar
from jianbao.errors import ConfigError
from tests.refusals import refusal

# --- config.yaml, refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("titel: 剪报\n", 1, "unknown setting 'titel'", id="a slip"),
        pytest.param(
            "title: 剪报\nmotto: x\nbaseurl: y\n", 3, "'baseurl'", id="a slip further down"
        ),
        pytest.param("1: 剪报\n", 1, "unknown setting 1", id="a number for a key"),
        pytest.param('paths: ["{town}/{page}.txt"]\n', 1, "{town}", id="an unknown key in a path"),
        pytest.param('paths: ["{page}/{page}.txt"]\n', 1, "twice", id="a key twice in a path"),
        pytest.param("- title\n", 1, "`key: value`", id="a list"),
        pytest.param("剪报\n", 1, "`key: value`", id="a word"),
        pytest.param("title: [剪报]\n", 1, "title must be text", id="title is a list"),
        pytest.param("title: true\n", 1, "title must be text", id="title is a yes"),
        pytest.param("base_url: example.org\n", 1, "must begin with https://", id="no scheme"),
        pytest.param("base_url: ftp://example.org\n", 1, "must begin with", id="another scheme"),
        pytest.param("base_url: javascript:alert(1)\n", 1, "must begin with", id="a script"),
        pytest.param("base_url: https://\n", 1, "must begin with", id="no host"),
        pytest.param("base_url: [a]\n", 1, "must begin with", id="a list for an address"),
        pytest.param("base_url: 'http://[a'\n", 1, "", id="a broken address"),
        pytest.param("languages: zh-Hans\n", 1, "must be a list", id="one language without a list"),
        pytest.param("languages: [fr]\n", 1, "zh-Hans, zh-Hant, en", id="no such language"),
        pytest.param("languages: []\n", 1, "at least one", id="no language"),
        pytest.param("languages: [en, en]\n", 1, "names one twice", id="a language twice"),
        pytest.param("languages: [[en]]\n", 1, "must be a list of texts", id="a list in a list"),
        pytest.param("citation: apa\n", 1, "gb2025, gb2015", id="no such citation"),
        pytest.param("citation: [gb2025]\n", 1, "gb2025, gb2015", id="a list of citations"),
        pytest.param("publications: 梧川日报\n", 1, "must be a list", id="publications is a word"),
        pytest.param("publications: [梧川日报]\n", 1, "must have name:", id="a bare publication"),
        pytest.param("publications: [{place: 梧川}]\n", 1, "must have name:", id="without name"),
        pytest.param(
            "publications: [{name: x, town: y}]\n", 1, "unknown 'town'", id="unknown part"
        ),
        pytest.param(
            "publications: [{name: x, slug: Aa}]\n", 1, "a slug is made", id="slug in capitals"
        ),
        pytest.param(
            "publications: [{name: x, slug: ../a}]\n", 1, "a slug is made", id="slug climbs"
        ),
        pytest.param("publications: [{name: x, aliases: y}]\n", 1, "list of texts", id="one alias"),
        pytest.param("topics:\n  - {name: x, keywords: y}\n", 1, "list of texts", id="one keyword"),
        pytest.param("topics: [{name: [x]}]\n", 1, "name must be text", id="a list for a name"),
        pytest.param("paths: a\n", 1, "must be a list of texts", id="one path"),
        pytest.param("typography: true\n", 1, "widen_punctuation", id="typography is a yes"),
        pytest.param("typography: {wide: true}\n", 1, "widen_punctuation", id="unknown typography"),
        pytest.param("typography: {widen_punctuation: 1}\n", 1, "true or false", id="one for true"),
        pytest.param("forge: github\n", 1, "must have repository:", id="forge is a word"),
        pytest.param(
            "forge: {repository: github}\n", 1, "must begin with", id="forge without scheme"
        ),
        pytest.param("forge: {branch: main}\n", 1, "must have repository:", id="no repository"),
        pytest.param("max_source_mb: 0\n", 1, "a number from 1", id="nought"),
        pytest.param("max_source_mb: true\n", 1, "a number from 1", id="true for one"),
        pytest.param("max_source_mb: 1.5\n", 1, "a number from 1", id="one and a half"),
        pytest.param("title: a\ntitle: b\n", 2, "stands twice", id="a setting twice"),
        pytest.param("title: a\n\tmotto: b\n", 2, "not valid YAML", id="a tab"),
        pytest.param("a: &a [x]\nb: *a\n", 2, "aliases", id="an alias"),
        pytest.param("[" * 30_000, 1, "nested deeper", id="30,000 nested lists"),
    ],
)
def test_R12_settings_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_settings(text, path="config.yaml")
    assert says in error.value.message
    assert (error.value.path, error.value.line) == ("config.yaml", line)
    assert error.value.exit_code == 2


def test_R12_an_unknown_key_names_the_nearest_and_all() -> None:
    with pytest.raises(ConfigError) as error:
        load_settings("titel: 剪报\n", path="config.yaml")
    assert error.value.hint.startswith("Did you mean title? ")
    assert all(key in error.value.hint for key in SETTINGS)


def test_an_unknown_key_that_is_near_to_none_names_all() -> None:
    with pytest.raises(ConfigError) as error:
        load_settings("青禾: 1\n", path="config.yaml")
    assert "Did you mean" not in error.value.hint
    assert all(key in error.value.hint for key in SETTINGS)


@given(st.text(alphabet="title:base_url-[]{}'\"\n 1青", max_size=40))
def test_F4_any_text_is_settings_or_a_sentence(text: str) -> None:
    error = refusal(load_settings, text, path="config.yaml")
    assert error is None or error.path == "config.yaml"


# --- config.yaml, taken -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "# 只有说明\n", "\ufeff", "title:\n", "{}\n"])
def test_what_is_not_said_has_its_default(text: str) -> None:
    assert load_settings(text, path="config.yaml") == Config()


def test_every_setting() -> None:
    config = load_settings(
        """
title: 梧川剪报
motto: 一座小城的公共生活
base_url: https://example.org/archive
languages: [zh-Hant, en]
rights: 演示
citation: gb2015
publications:
  - {name: 梧川日报, place: 梧川, slug: wuchuan-ribao, aliases: [梧川日报社]}
topics:
  - {name: 保密工作, slug: secrecy, keywords: [保密, 涉密]}
paths: ["{publication}/{date}/{page}.txt"]
typography: {widen_punctuation: false}
accent: {light: "#1f4e79", dark: "#8cb4dc"}
logo: emblem.svg
theme: my-theme
forge: {repository: "https://example.org/me/archive", branch: trunk}
max_source_mb: 5
""",
        path="config.yaml",
    )
    assert config == Config(
        title="梧川剪报",
        motto="一座小城的公共生活",
        base_url="https://example.org/archive",
        languages=("zh-Hant", "en"),
        rights="演示",
        citation="gb2015",
        publications=(Publication("梧川日报", "梧川", "wuchuan-ribao", ("梧川日报社",)),),
        topics=(Topic("保密工作", "secrecy", ("保密", "涉密")),),
        paths=("{publication}/{date}/{page}.txt",),
        widen_punctuation=False,
        accent=Accent("#1f4e79", "#8cb4dc"),
        logo="emblem.svg",
        theme="my-theme",
        forge=Forge("https://example.org/me/archive", "trunk"),
        max_source_mb=5,
    )


def test_a_title_that_is_a_number_is_taken_as_text() -> None:
    assert load_settings("title: 1937\n", path="config.yaml").title == "1937"


# --- sidecars -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("datum: 2020-06-18\n", 1, "unknown key 'datum'", id="a slip"),
        pytest.param("title: 青禾\n", 1, "unknown key 'title'", id="a setting of config.yaml"),
        pytest.param("page: 3\ndate: 2020-02-30\n", 2, "must be a day", id="no day"),
        pytest.param("date: 2020-6-18\n", 1, "must be a day", id="a month without its nought"),
        pytest.param("date: 20200618\n", 1, "must be a day", id="a day without strokes"),
        pytest.param("date: 2020-06\n", 1, "must be a day", id="a month"),
        pytest.param("date: [2020]\n", 1, "must be a day", id="a list for a day"),
        pytest.param("accessed: gestern\n", 1, "must be a day", id="a word for a day"),
        pytest.param("kind: radio\n", 1, "newspaper, web", id="no such kind"),
        pytest.param("url: /a/b\n", 1, "must begin with", id="an address without a host"),
        pytest.param("publication: {name: x}\n", 1, "must be text", id="a mapping for a name"),
    ],
)
def test_R12_sidecar_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_sidecar(text, path="a.txt.yaml")
    assert says in error.value.message
    assert (error.value.path, error.value.line) == ("a.txt.yaml", line)


def test_an_unknown_key_of_a_sidecar_names_the_nearest() -> None:
    with pytest.raises(ConfigError) as error:
        load_sidecar("acessed: 2020-06-18\n", path="a.txt.yaml")
    assert error.value.hint.startswith("Did you mean accessed? ")
    assert all(key in error.value.hint for key in SIDECAR_KEYS)


def test_every_key_of_a_sidecar() -> None:
    known = load_sidecar(
        "publication: 梧川日报\ndate: 2020-06-18\npage: 3\nkind: web\nurl: https://example.org/a\n"
        'accessed: "2020-07-01"\nencoding: gb18030\nrights: 演示\n',
        path="a.txt.yaml",
    )
    assert known == Known(
        publication="梧川日报",
        date="2020-06-18",
        page="3",
        kind="web",
        url="https://example.org/a",
        accessed="2020-07-01",
        encoding="gb18030",
        rights="演示",
    )


def test_an_empty_sidecar_states_nothing() -> None:
    assert load_sidecar("", path="a.txt.yaml") == Known()
