"""The search, through lunr.js and our client in Node: what it finds is what stands in the texts."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jianbao.models import Article, Credit
from jianbao.publish.search import FIELDS, build_search

HERE = Path(__file__).parent
# Words of an invented paper; some hold others, some share characters, some mix scripts of number.
VOCABULARY = """
    读书 读书节 书节 城南 城南区 南区 市民 市民中心 中心 开幕 开通 通车 公交 公交车 车站 一 第 年
    2019年 19年 2020年6月 第12届 12 3,000人 5G 5G网络 COVID-19 WHO 城市 市图书馆 图书馆 馆 的 在 了
    𠮷祥里 㐀㐁 ， 。 ： （ ） “ ” 、
""".split()  # noqa: SIM905  # a list of forty quoted words is harder to read


def files_of(articles: Sequence[Article]) -> dict[str, str]:
    """The files of the search by their path below its folder."""
    built = build_search(articles)
    return {
        path.removeprefix(built.folder[1:]): data.decode() for path, data in built.files.items()
    }


def in_node(script: str, asked: dict[str, Any]) -> Any:
    """What a script of tests/search answers."""
    ran = subprocess.run(
        ["node", HERE / "search" / script],
        input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def ask(
    articles: Sequence[Article], *queries: str | dict[str, str], **how: bool
) -> list[dict[str, Any]]:
    """The client's answer to each query; a number that is called exact is that of the hits."""
    asked = [{"q": one} if isinstance(one, str) else one for one in queries]
    answers: list[dict[str, Any]] = in_node(
        "queries.mjs", {"files": files_of(articles), "queries": asked, **how}
    )
    for answer in answers:
        assert answer["count"] == len(answer["ids"]) or not answer["isExact"]
    return answers


def found(articles: Sequence[Article], *queries: str | dict[str, str]) -> list[list[str]]:
    return [sorted(answer["ids"]) for answer in ask(articles, *queries)]


BUS = Article(
    id="bus", title="城南公交开通", kicker="便民 服务", subtitle="——首日客流三千", column="民生在线",
    authors=(Credit("张　三", "记者"),), date="2020-06-18", publication="临江晚报", topics=("交通",),
    body="城南公交專線今日開通。\n\n图：首班车驶出车站。\n\n- 票价2元\n- 末班车22:30",
)  # fmt: skip
BOOKS = Article(
    id="books", title="讀書節開幕", date="2019-04-23", publication="临江日报", topics=("文化",),
    authors=(Credit("李四", "记者"),), script="Hant",
    body="市民在圖書館讀書，\n著力推廣閱讀。\n\n報名電話見第12版，5G 信號全覆蓋。",
)  # fmt: skip
UNDATED = Article(id="undated", body="张三到过城南。**公交**要读“好书”。New York Times转载。")
TRIO = (BUS, BOOKS, UNDATED)


# Queries and the articles they must find; first those that must find none.
NOWHERE = (
    "", " ", "不在此处", "开通城", "今日开通首班", "公交要开", "图：首班", "开通-", "张三 不在",
    "作者:城南", "标题:市民", "临江", "民生在线", "专线今曰", "9年", "__proto__",
    "constructor", "title:+~^*", "(.*", "[", "<img src=x onerror=alert(1)>", "*", "城*", "-城南 城南",
    "城南公交开通便民服务",
)  # fmt: skip
SOMEWHERE: tuple[tuple[str, list[str]], ...] = (
    # both scripts, from either side
    ("开通", ["bus"]), ("開通", ["bus"]), ("专线", ["bus"]), ("读书", ["books"]), ("讀書", ["books"]),
    ("着力", ["books"]), ("著力", ["books"]),
    # one character, in the middle of a word, at the end of a sentence, in the title
    ("城", ["bus", "undated"]), ("线", ["bus"]), ("读", ["books", "undated"]), ("幕", ["books"]),
    # across blanks and line ends, in the text and in the query
    ("便民服务", ["bus"]), ("读书,着力", ["books"]), ("5G信号", ["books"]), ('"5G 信号"', ["books"]),
    ("newyork", ["undated"]), ('"York Times"', ["undated"]), ("york", ["undated"]),
    # numbers, whole and cut
    ("2元", ["bus"]), ("22:30", ["bus"]), ("2:3", ["bus"]), ("第12版", ["books"]), ("2版", ["books"]),
    ("第1", ["books"]),
    # punctuation in either width, quotation marks of a phrase
    ("读书，着力", ["books"]), ("，着力", ["books"]), ("“好书”", ["undated"]), ("“好书", ["undated"]), ("——首日", ["bus"]),
    # emphasis is no border, a caption is found without its mark
    ("公交要读", ["undated"]), ("首班车驶出", ["bus"]),
    # several words, wherever they stand; a word that must not
    ("城南 公交", ["bus", "undated"]), ("公交 城南", ["bus", "undated"]), ("城南　首日", ["bus"]),
    ("城南 -开通", ["undated"]), ("城南 -標題:開通", ["undated"]), ("-城南", ["books"]),
    # prefixes, Chinese and English, either width and script
    ("作者:张三", ["bus"]), ("author:张", ["bus"]), ("作者：李四", ["books"]), ('作者:"张 三"', ["bus"]),
    ("报纸:临江", ["books", "bus"]), ("publication:晚报", ["bus"]), ("報紙:日報", ["books"]),
    ("栏目:民生", ["bus"]), ("column:民生在线", ["bus"]), ("title:读书", ["books"]),
    ("标题:服务", ["bus"]), ("正文:读书", ["books"]), ("读书 报纸:日报", ["books"]),
    # what the index does not know is looked up in the texts
    ("——", ["bus"]), ("：", ["bus"]), ("？", []),
)  # fmt: skip


@pytest.fixture(scope="module")
def answers() -> dict[str, list[str]]:
    """The three articles found by every query above, in one Node process."""
    queries = [*NOWHERE, *(query for query, _ in SOMEWHERE)]
    return dict(zip(queries, found(TRIO, *queries), strict=True))


@pytest.mark.parametrize("query", NOWHERE)
def test_what_stands_nowhere_is_not_found(answers: dict[str, list[str]], query: str) -> None:
    assert answers[query] == []


@pytest.mark.parametrize(("query", "ids"), SOMEWHERE)
def test_what_stands_there_is_found(
    answers: dict[str, list[str]], query: str, ids: list[str]
) -> None:
    assert answers[query] == ids


def test_an_exact_search_over_three_hundred_articles() -> None:
    """Recall 1 and precision 1 against plain substring, for queries cut out of the texts anywhere."""
    dice = random.Random(47)
    texts = [
        (sentence(dice, 4), *(sentence(dice, 30) for _ in range(dice.randrange(1, 5))))
        for _ in range(300)
    ]
    articles = [
        Article(id=f"a-{number:03}", title=title, body="\n\n".join(paragraphs))
        for number, (title, *paragraphs) in enumerate(texts)
    ]
    queries = [cut(dice, dice.choice(dice.choice(texts))) for _ in range(250)]
    for query, answer in zip(queries, ask(articles, *queries), strict=True):
        plain = {
            article.id
            for article, several in zip(articles, texts, strict=True)
            if any(folded_simply(query) in folded_simply(text) for text in several)
        }
        assert plain, query
        assert set(answer["ids"]) == plain, query


def sentence(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(VOCABULARY, k=length))


def cut(dice: random.Random, text: str) -> str:
    """A part of the text, as a reader copies it; none that means something to the query's grammar."""
    while True:
        start = dice.randrange(len(text))
        part = text[start : start + dice.randrange(1, 9)]
        if part[0] not in "-“" and not any(ord(char) == 0xFFFD for char in part):
            return part


def folded_simply(text: str) -> str:
    """All the folding this vocabulary needs, written down apart from ours."""
    return text.lower().translate(str.maketrans("，：（）", ",:()"))


def test_titles_weigh_more_and_dates_decide_among_equals() -> None:
    inside = replace(BUS, id="inside", title="其他", body="城南公交开通。\n\n" + "别的内容。" * 9)
    twins = [replace(UNDATED, id=f"t-{day}", date=f"2020-01-0{day}") for day in (2, 1, 3)]
    answers = ask((inside, BUS, *twins, UNDATED), "开通", "公交要读", {"q": "城南", "sort": "date"})
    assert answers[0]["ids"] == ["bus", "inside"]
    assert answers[1]["ids"] == ["t-3", "t-2", "t-1", "undated"]
    assert answers[2]["ids"] == ["inside", "bus", "t-3", "t-2", "t-1", "undated"]


def test_limits_of_newspaper_topic_and_date() -> None:
    assert found(
        TRIO,
        {"q": "", "publication": "临江晚报"},
        {"q": "读", "topic": "文化"},
        {"q": "读", "topic": "交通"},
        {"q": "", "from": "2020-01-01"},
        {"q": "", "to": "2020-01-01"},
        {"q": "", "from": "2019-04-23", "to": "2020-06-18"},
    ) == [["bus"], ["books"], [], ["bus"], ["books"], ["books", "bus"]]


def test_words_are_marked_as_printed() -> None:
    far = replace(BOOKS, id="far", body="开头。" * 40 + "讀 書\n節在此。" + "结尾。" * 40)
    here, there, title = ask((far,), "读书节", "作者:李四", "标题:读书")
    assert (here["title"], here["anchor"]) == ("«讀書節»開幕", "p-1")
    assert here["passage"].startswith("……")
    assert "«讀 書節»在此" in here["passage"]
    assert here["passage"].endswith("……")
    assert (there["title"], "«" in there["passage"]) == ("讀書節開幕", False)
    assert (title["title"], "«" in title["passage"]) == ("«讀書»節開幕", False)


def test_a_pasted_page_does_not_stop_the_search() -> None:
    page = "城南公交专线" * 1700
    long = replace(BUS, id="long", body=page)
    assert found((*TRIO, long), page, page + "无") == [["long"], []]


def test_ids_may_be_names_of_properties() -> None:
    ids = ["constructor", "tostring", "valueof"]
    assert found([replace(BUS, id=one) for one in ids], "开通") == [ids]


def test_terms_beyond_the_basic_plane_keep_the_order_of_lunr() -> None:
    """lunr.js refuses terms out of UTF-16 order; code points would put 﨎 before 𠮷."""
    article = replace(BUS, body="﨎城𠮷城豈字")
    assert found([article], "﨎", "𠮷", "城𠮷") == [["bus"], ["bus"], ["bus"]]


def test_an_empty_archive_finds_nothing() -> None:
    assert found((), "城南", "") == [[], []]


def test_an_article_without_words_is_no_obstacle() -> None:
    assert found((Article(id="bare"), BUS), "城南", "标题:城南") == [["bus"], ["bus"]]


def test_equal_articles_make_equal_bytes_in_any_order() -> None:
    assert build_search(TRIO) == build_search(TRIO[::-1])


def test_the_files_and_their_places() -> None:
    files = build_search(TRIO)
    documents = json.loads(files["search/documents.json"])
    folding = json.loads(files["search/folding.json"])
    assert sorted(files) == ["search/documents.json", "search/folding.json", "search/index.json"]
    assert [one["id"] for one in documents["documents"]] == ["undated", "books", "bus"]
    assert [one["name"] for one in documents["fields"]] == [field.name for field in FIELDS]
    pairs = dict(zip(folding["from"], folding["to"], strict=True))
    assert pairs["開"] == "开"
    assert "龜" not in pairs  # no 龟 in this archive: the pair could find nothing


def test_widened_snippets_find_the_same() -> None:
    article = replace(BUS, title="开通了:市民到场", body="通车了,市民到场。")
    plain, wide = build_search([article]), build_search([article], widen=True)
    document = json.loads(wide["search/documents.json"])["documents"][0]
    assert document["title"] == "开通了：市民到场"
    assert document["texts"]["body"] == ["通车了，市民到场。"]
    assert plain["search/index.json"] == wide["search/index.json"]
