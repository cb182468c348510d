"""The search, through lunr.js and our client in Node: what it finds is what stands in the texts."""

from __future__ import annotations

import json
import random
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest
import rjieba

from jianbao import content
from jianbao.config import Config
from jianbao.models import Article, Credit
from jianbao.pipeline import Folders, convert_sources
from jianbao.publish.tokens import fold
from tests.built_search import build_search

HERE = Path(__file__).parent
ROOT = HERE.parent
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


def generated(dice: random.Random, number: int) -> list[Article]:
    """Articles of the vocabulary, most of them dated, with names to choose from."""
    return [
        Article(
            id=f"a-{place:03}",
            title=sentence(dice, 4),
            body="\n\n".join(sentence(dice, 30) for _ in range(dice.randrange(1, 5))),
            date=dice.choice((None, *(f"2020-0{month}-01" for month in range(1, 10)))),
            publication=dice.choice(("临江日报", "临江晚报", None)),
            topics=tuple(dice.sample(("文化", "交通", "读书"), dice.randrange(3))),
            authors=tuple(Credit(name, "记者") for name in dice.sample("甲乙丙丁", 1)),
            places=tuple(dice.sample(("临江", "城南"), dice.randrange(2))),
        )
        for place in range(number)
    ]


def texts_of(article: Article) -> list[str]:
    """The texts that a query without a prefix is found in, read from the article in the plainest way."""
    return plain_texts((article.kicker, article.title, article.subtitle), article.body)


def plain_texts(titles: Sequence[str | None], body: str) -> list[str]:
    marks = re.compile(r"\*\*|\\\\(?=[^\w\s])|^#+ +", re.MULTILINE)
    return [
        *(text for text in titles if text),
        *(marks.sub("", one).removeprefix("图：") for one in re.split(r"\n{2,}", body)),
    ]


@cache
def folded_texts(titles: Sequence[str | None], body: str) -> list[str]:
    """The same, folded once for all queries that are looked for in them."""
    return [folded_simply(text) for text in plain_texts(titles, body)]


def ids_holding(articles: Sequence[Article], query: str) -> set[str]:
    wanted = folded_simply(query)
    return {
        one.id
        for one in articles
        if any(
            wanted in text for text in folded_texts((one.kicker, one.title, one.subtitle), one.body)
        )
    }


@pytest.fixture(scope="module")
def many() -> list[Article]:
    return generated(random.Random(47), 300)


def test_an_exact_search_over_three_hundred_articles(many: list[Article]) -> None:
    """Recall 1 and precision 1 against plain substring, for queries cut out of the texts anywhere."""
    dice = random.Random(48)
    queries = [cut(dice, dice.choice(texts_of(dice.choice(many)))) for _ in range(500)]
    for query, answer in zip(queries, ask(many, *queries), strict=True):
        plain = ids_holding(many, query)
        assert plain, query
        assert set(answer["ids"]) == plain, query
        assert len(answer["ids"]) == len(plain), query


def test_F8_an_exact_search_over_the_demo() -> None:
    """The same on text as newspapers print it, in both scripts."""
    assert_exact(ROOT / "content")


def test_an_exact_search_over_the_real_pages(shared: Path, tmp_path: Path) -> None:
    folders = Folders(
        tmp_path / "config.yaml", shared / "seeds", tmp_path / "content", tmp_path / "site"
    )
    assert convert_sources(Config(), folders).errors == ()
    assert_exact(folders.content)


def assert_exact(folder: Path) -> None:
    """500 pieces of 1 to 6 characters and 200 words find what plain substring finds, no more and no less."""
    articles = [content.load(path.read_text("utf-8"), path=str(path)) for path in folder.glob("*/*.md")]  # fmt: skip
    articles = [one for one in articles if one.publish]
    dice = random.Random(49)
    pieces = drawn(500, lambda: cut(dice, some_text(dice, articles)))
    words = drawn(200, lambda: dice.choice(rjieba.cut(some_text(dice, articles))))
    for query, answer in zip(pieces + words, ask(articles, *pieces, *words), strict=True):
        assert set(answer["ids"]) == ids_holding(articles, query), query


def some_text(dice: random.Random, articles: Sequence[Article]) -> str:
    return dice.choice([text for text in texts_of(dice.choice(articles)) if text])


def drawn(number: int, draw: Callable[[], str]) -> list[str]:
    """So many queries that hold more than marks and blanks, and no mark of Markdown or of the grammar."""
    found: list[str] = []
    while len(found) < number:
        query = draw()
        if re.search(r"\w", query) and not re.search(r"[\s*\\#|>:：\"“”]|^[-－]", query):
            found.append(query)
    return found


def sentence(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(VOCABULARY, k=length))


def cut(dice: random.Random, text: str) -> str:
    """A part of the text, as a reader copies it; none that means something to the query's grammar."""
    while True:
        start = dice.randrange(len(text))
        part = text[start : start + dice.randint(1, 6)]
        if part[0] not in "-“" and not any(ord(char) == 0xFFFD for char in part):
            return part


def folded_simply(text: str) -> str:
    """All the folding these texts need, written down apart from ours."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(simplified())
    return "".join(plain.split())


@cache
def simplified() -> dict[int, str]:
    """Every traditional character of the basic block with its simplified one, 著 as Taiwan has it."""
    converter = opencc.OpenCC("t2s")
    table = {code: converter.convert(chr(code)) for code in range(0x4E00, 0xA000)}
    return table | {code: fold(chr(code)) for code in map(ord, "著瞭衞麼")}


def test_scores_are_those_of_one_whole_index_of_lunr(many: list[Article]) -> None:
    """Not a bit differs, however little of the index was asked for."""
    dice = random.Random(50)
    words = [cut(dice, dice.choice(texts_of(dice.choice(many)))) for _ in range(150)]
    queries = [
        *words,
        *(" ".join(dice.sample(words, 2)) for _ in range(50)),
        "作者:甲",
        "报纸:日报 读书",
        "标题:城南 市民",
    ]
    answers = in_node("scores.mjs", {"files": files_of(many), "queries": queries})
    compared = [(query, *row) for query, rows in zip(queries, answers, strict=True) for row in rows]
    assert len(compared) > 2000
    for query, name, ours, theirs in compared:
        assert ours == theirs, (query, name)


def test_only_what_a_query_needs_is_fetched(many: list[Article]) -> None:
    rare = [chr(code) for code in range(0x4E00, 0x9FFF) if fold(chr(code)) == chr(code)]
    wide = [
        replace(one, title="".join(rare[40 * place : 40 * place + 40]))
        for place, one in enumerate(many)
    ]
    shards = [path for path in files_of(wide) if path.startswith("terms/")]
    assert len(shards) > 6
    two, one_text, none = ask(wide, "城南", "车站：市民", {"q": "", "topic": "文化"}, fresh=True)
    for answer, most in ((two, 1), (one_text, 3), (none, 0)):
        read = answer["read"]["first"]
        assert sum(path.startswith("terms/") for path in read) <= most
        assert not {"folding.json", "latin.txt", "dates.json"} & set(read)
        assert len([path for path in read if path.startswith("texts/")]) >= 10
    assert len([path for path in two["read"]["settled"] if path.startswith("texts/")]) == 10
    assert [path for path in two["read"]["first"] if path.startswith("facets/")] == []


def test_nothing_is_fetched_twice(many: list[Article]) -> None:
    for answer in ask(many, "读书节", "读书节开幕", "馆的", "5G", fresh=True, names=True):
        assert len(answer["read"]["all"]) == len(set(answer["read"]["all"]))


def test_what_is_known_is_not_fetched_for_the_next_query(many: list[Article]) -> None:
    _, again = ask(many, "城南区", {"q": "城南区", "sort": "date"})
    assert again["read"]["all"] == []


def test_numbers_are_exact_up_to_a_hundred_candidates_and_estimated_beyond() -> None:
    def answer(number: int) -> dict[str, Any]:
        whole = [Article(id=f"w-{place}", body="城南公交车站") for place in range(number // 2)]
        parts = [
            Article(id=f"p-{place}", body="城南公交，公交车站") for place in range(number // 2)
        ]
        return ask([*whole, *parts], "城南公交车站", fresh=True)[0]

    few, many = answer(100), answer(200)
    assert (few["count"], few["isExact"], len(few["ids"])) == (50, True, 50)
    assert (many["isExact"], len(many["ids"])) == (False, 100)
    assert len(many["read"]["settled"]) < 200


def test_a_number_the_index_alone_gives_is_exact_however_great() -> None:
    articles = [Article(id=f"a-{place}", body="城南公交") for place in range(150)]
    for answer in ask(articles, "城南", "城", "城南 公交", "-站 城南"):
        assert (answer["count"], answer["isExact"]) == (150, True)


def test_names_are_counted_as_they_would_leave_hits(many: list[Article]) -> None:
    asked = [
        {"q": "读书"},
        {"q": "城南公交", "topic": "文化"},
        {"q": "", "from": "2020-03-01"},
        {"q": "", "place": "城南"},
    ]
    for one, answer in zip(asked, ask(many, *asked, names=True), strict=True):
        assert {row["name"] for row in answer["names"]} == set(NAMES_OF)
        for row in answer["names"]:
            limits = {
                key: value for key, value in one.items() if key in NAMES_OF and key != row["name"]
            }
            hits = [article for article in many
                    if (not one["q"] or article.id in ids_holding([article], one["q"]))
                    and (article.date or "") >= one.get("from", "")
                    and all(value in NAMES_OF[key](article) for key, value in limits.items())]  # fmt: skip
            plain = Counter(name for article in hits for name in NAMES_OF[row["name"]](article))
            assert row["isExact"]
            assert dict(row["names"]) == plain, (one, row["name"])


NAMES_OF: dict[str, Callable[[Article], tuple[str, ...]]] = {
    "publication": lambda article: (article.publication,) if article.publication else (),
    "topic": lambda article: article.topics,
    "person": lambda article: tuple(author.name for author in article.authors),
    "place": lambda article: article.places,
}


def test_days_limit_from_either_side(many: list[Article]) -> None:
    limits = [
        ("", "2020-03-01"),
        ("2020-03-01", ""),
        ("2020-02-02", "2020-05-31"),
        ("2021-01-01", ""),
    ]
    asked = [{"q": "", "from": first, "to": last} for first, last in limits]
    for (first, last), answer in zip(limits, ask(many, *asked), strict=True):
        plain = [
            (one.date, one.id) for one in many if one.date and first <= one.date <= (last or "9")
        ]
        assert answer["ids"] == [name for _, name in sorted(plain, reverse=True)]


def test_suggestions_begin_as_typed_and_names_hold_it() -> None:
    asked = ["", "zhang", "zhangs", "zx", "临江", "lj"]
    none, zhang, also, nobody, han, initials = in_node(
        "suggestions.mjs", {"files": files_of(TRIO), "texts": asked}
    )
    assert (none, nobody) == ([], [])
    assert {"text": "张　三", "kind": "person", "id": None} in zhang
    assert also == [one for one in zhang if one["text"].startswith("张")]
    assert {one["text"] for one in han} == {"临江日报", "临江晚报"}
    assert {one["text"] for one in initials} >= {"临江日报", "临江晚报"}


def test_a_file_that_failed_is_asked_for_anew() -> None:
    assert in_node("failures.mjs", {"files": files_of(TRIO)}) == ["failed", 2, "failed", 2]


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


@pytest.mark.parametrize("printed", ["\u2f9e", "\uf902", "車", "车"])
def test_a_character_is_found_in_whatever_form_it_is_printed(printed: str) -> None:
    """A Kangxi radical, as text layers have it, a compatibility ideograph, the traditional and the simplified one."""
    article = Article("a-01", "题", body=f"昨日去{printed}站接人。")
    for answer in ask([article], *(f"去{one}站接" for one in "\u2f9e\uf902車车")):
        assert answer["ids"] == ["a-01"]
        assert f"«去{printed}站接»人" in answer["passage"]


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


def test_widened_snippets_find_the_same() -> None:
    article = replace(BUS, title="开通了:市民到场", body="通车了,市民到场。")
    plain, wide = build_search([article]), build_search([article], widen=True)
    shown = json.loads(wide.files[f"{wide.folder[1:]}texts/0/0.json"])
    assert shown["title"] == "开通了：市民到场"
    assert shown["texts"]["body"] == ["通车了，市民到场。"]
    assert (
        plain.files[f"{plain.folder[1:]}terms/0.txt"] == wide.files[f"{wide.folder[1:]}terms/0.txt"]
    )
