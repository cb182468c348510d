"""The files of the search: what stands in them, that they are the same on every run, and that each article is found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from jianbao.errors import JianbaoError
from jianbao.models import Article, Credit
from jianbao.publish import search, self_test
from jianbao.publish.postings import Shards, cut_shards
from jianbao.publish.suggestions import by_letter, suggestions_of
from tests.built_search import build_search

BUS = Article(
    id="bus", title="城南公交开通", kicker="便民", authors=(Credit("何小禾", "记者"),), date="2020-06-18",
    publication="临江晚报", topics=("交通",), places=("城南",), body="城南公交今日开通。\n\n图：首班车驶出车站。",
)  # fmt: skip
BOOKS = Article(
    id="books",
    title="讀書節開幕",
    date="2019-04-23",
    publication="临江晚报",
    script="Hant",
    body="市民在圖書館讀書。",
)
UNDATED = Article(id="undated", body="张三到过城南。")
TRIO = (BUS, BOOKS, UNDATED)


def files_of(articles: Sequence[Article], *, widen: bool = False) -> dict[str, Any]:
    """The files below the version's folder; JSON is read."""
    made = build_search(articles, widen=widen)
    names = {path.removeprefix(made.folder[1:]): data for path, data in made.files.items()}
    return {
        name: json.loads(data) if name.endswith(".json") else data.decode()
        for name, data in names.items()
    }


def test_the_order_of_the_articles_does_not_matter() -> None:
    assert build_search(TRIO) == build_search(TRIO[::-1])


def test_the_folder_has_another_name_when_anything_in_it_changes() -> None:
    other = replace(UNDATED, body="张三到过城北。")
    assert build_search(TRIO).folder != build_search((BUS, BOOKS, other)).folder


def test_an_archive_without_articles_has_an_empty_index() -> None:
    files = files_of(())
    manifest = files["manifest.json"]
    assert (manifest["documents"], manifest["first"], manifest["facets"]) == (0, [], [])


def test_documents_are_numbered_by_date_the_undated_first() -> None:
    files = files_of(TRIO)
    assert [files[f"texts/0/{number}.json"]["id"] for number in range(3)] == [
        "undated",
        "books",
        "bus",
    ]
    assert files["dates.json"] == {"undated": 1, "days": [["2019-04-23", 1], ["2020-06-18", 1]]}


def test_a_text_says_what_is_shown_and_leaves_out_what_is_not_there() -> None:
    files = files_of(TRIO)
    assert files["texts/0/0.json"] == {
        "id": "undated",
        "texts": {"body": ["张三到过城南。"]},
        "anchors": ["p-1"],
    }
    assert files["texts/0/2.json"]["texts"] == {
        "title": ["便民", "城南公交开通"],
        "body": ["城南公交今日开通。", "首班车驶出车站。"],
        "author": ["何小禾"],
        "publication": ["临江晚报"],
    }


def test_only_a_text_that_the_folding_changes_brings_its_pairs() -> None:
    files = files_of(TRIO)
    assert files["texts/0/1.json"]["folds"] == {"from": "圖書節讀開館", "to": "图书节读开馆"}
    assert ["folds" in files[f"texts/0/{number}.json"] for number in range(3)] == [
        False,
        True,
        False,
    ]


def test_the_folding_has_the_pairs_that_this_archive_needs() -> None:
    folding = files_of((BUS,))["folding.json"]
    assert "開" in folding["from"]
    assert "讀" not in folding["from"]


def test_names_stand_by_the_number_of_their_articles() -> None:
    files = files_of(TRIO)
    assert files["facets/publication.json"] == {"names": ["临江晚报"], "documents": ["BA"]}
    assert files["facets/person.json"] == {"names": ["何小禾"], "documents": ["C"]}
    assert files["manifest.json"]["facets"] == ["publication", "topic", "person", "place"]


def test_wide_punctuation_is_shown_and_not_indexed_otherwise() -> None:
    article = replace(UNDATED, body="张三,到过城南。")
    narrow, wide = files_of((article,)), files_of((article,), widen=True)
    assert wide["texts/0/0.json"]["texts"]["body"] == ["张三，到过城南。"]
    assert narrow["terms/0.txt"] == wide["terms/0.txt"]


def test_runs_stand_apart_and_their_joints_turned_round() -> None:
    files = files_of((replace(UNDATED, body="5G覆盖2019年。"),))
    assert files["latin.txt"].split("\n") == ["2019", "5g"]
    assert files["endings/0.txt"] == "\n年9102\n覆g5\n"
    assert files["manifest.json"]["endings"] == ["年9102"]


# --- suggestions ----------------------------------------------------------------------------------


def test_a_name_is_suggested_by_its_pinyin_and_by_its_initials() -> None:
    rows = [row for ones in by_letter(suggestions_of(TRIO)).values() for row in ones]
    assert ("hexiaohe", "何小禾", "person", None) in rows
    assert ("hxh", "何小禾", "person", None) in rows
    assert ("chengnangong", "城南公交开通", "title", "bus") in rows


def test_a_name_of_many_articles_is_suggested_once() -> None:
    rows = [row for ones in by_letter(suggestions_of(TRIO)).values() for row in ones]
    assert len(rows) == len(set(rows))
    assert sum(text == "临江晚报" for _, text, _, _ in rows) == 2


# --- the self-test --------------------------------------------------------------------------------


def test_an_index_that_does_not_find_an_article_is_not_shipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lossy(lines: Sequence[str], *size: float, **lengths: Any) -> Shards:
        return cut_shards([one for one in lines if not one.startswith("到过\t")], *size)

    monkeypatch.setattr(search, "cut_shards", lossy)
    with pytest.raises(JianbaoError, match="does not find it by") as error:
        build_search(TRIO)
    assert error.value.path == "undated"


def test_what_lunr_does_not_find_is_not_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "_found_by_lunr", lambda *_: set())
    with pytest.raises(JianbaoError, match="does not find it by"):
        build_search(TRIO)
