"""A body as HTML: nothing hostile comes through, Chinese emphasis holds, marks are as wide as they should be."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from jianbao.publish import markdown
from jianbao.publish.markdown import (
    Heading,
    Passage,
    is_allowed_link,
    plain_paragraphs,
    plain_passages,
    render_body,
)
from jianbao.publish.tokens import fold
from jianbao.publish.typography import stands_close, widen_characters, widen_punctuation

# All that a page may hold below its body. `s` is ~~text~~, `start` that of a list.
TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "br",
    "strong", "em", "s", "a", "code", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"id", "class", "href", "title", "rel", "start", "tabindex"}
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- -->", "<style>", "<svg/onload=1>",
    "[a](", "![a](", ")", "javascript:alert(1)", "&#x6A;avascript:", "\x01javascript:", "vbscript:x",
    "data:text/html,x", "file:///x", "blob:x", "feed:javascript:x", "//evil.example", "/\\evil.example",
    "https://example.org/", "mailto:a@example.org", "<", ">", '"', "'", "`", "```", "~~~ x\" onload=1\n",
    "*", "**", "_", "~~", "#", "# ", "- ", "1. ", "> ", "|a|b|\n|:-|-:|\n|c|d|\n", "\n", "\n\n", " ", "    ",
    "字", "“", "”。", "图：", "[r]: javascript:x\n", "[r]", "{{ 7*7 }}", "\\", "&lt;", "&amp;", "a", "\x00",
)  # fmt: skip


class Reader(HTMLParser):
    """The tags, attributes and addresses of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")


# --- safety --------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=12).map("".join))
def test_F5_no_text_makes_a_tag_an_attribute_or_an_address_of_its_own(body: str) -> None:
    for widen in (False, True):
        page = Reader(render_body(body, widen=widen).html)
        assert page.tags <= TAGS
        assert {name for name, _ in page.attributes} <= ATTRIBUTES
        for name, value in page.attributes:
            assert name != "href" or (value is not None and is_allowed_link(value))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#x6A;avascript:alert(1)", "\x01javascript:x",
        "java\nscript:x", "vbscript:x", "data:text/html,x", "file:///etc/passwd", "blob:x", "x:y",
        "feed:javascript:x", "//evil.example", "///evil.example", "/\\evil.example", "https:evil.example",
        "https:///evil.example", "http:/\\evil.example", "ftp://example.org/", "javascript&colon;x",
    ],
)  # fmt: skip
def test_S2_an_address_not_on_the_list_is_no_link(address: str) -> None:
    for body in (f"[甲]({address})", f"<{address}>", f"[甲][r]\n\n[r]: {address}"):
        for name, value in Reader(render_body(body).html).attributes:
            # a backslash becomes %5C, a line end the end: what is left is a place on our own host
            assert name != "href" or ":" not in (value or ":"), body
            assert name != "href" or not (value or "").startswith("//"), body


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c:d#e", "HTTP://example.org", "mailto:a@example.org", "../a/index.html#p-3",
        "a", "/a:b", "./a:b", "?a=b:c", "#p-1", "",
    ],
)  # fmt: skip
def test_an_address_on_the_list_is_a_link(address: str) -> None:
    assert ("href", address) in Reader(render_body(f"[甲]({address})").html).attributes


def test_a_link_to_another_host_does_not_tell_where_it_came_from() -> None:
    assert 'rel="noopener noreferrer"' in render_body("[甲](https://example.org/)").html
    assert "rel" not in render_body("[甲](../a/index.html)").html


def test_S3_a_picture_gives_its_words_only() -> None:
    body = '![甲 <b> "乙"](https://example.org/p.gif "丙")'
    assert render_body(body).html == '<p id="p-1">甲 &lt;b&gt; &quot;乙&quot;</p>\n'
    assert plain_paragraphs(body) == ('甲 <b> "乙"',)


def test_S6_raw_html_and_templates_are_text() -> None:
    body = "<b>甲</b> {{ 7*7 }} {% raw %}"
    assert Reader(render_body(body).html).text.strip() == body


def test_S5_the_words_after_a_fence_cannot_leave_their_attribute() -> None:
    page = Reader(render_body('~~~ "><script>\n甲\n~~~').html)
    assert page.tags == {"pre", "code"}


# --- structure -----------------------------------------------------------------------------------


def test_paragraphs_and_headings_are_numbered_apart() -> None:
    rendered = render_body("## 一\n\n甲\n\n### 二\n\n> 乙\n\n- 丙\n- 丁\n\n戊")
    ids = [value for name, value in Reader(rendered.html).attributes if name == "id"]
    assert ids == ["h-1", "p-1", "h-2", "p-2", "p-3"]
    assert rendered.headings == (Heading(2, "一", "h-1"), Heading(3, "二", "h-2"))


def test_no_heading_stands_beside_the_title() -> None:
    assert [heading.level for heading in render_body("# 一\n\n二\n==\n\n## 三").headings] == [
        2,
        2,
        2,
    ]


def test_a_heading_with_emphasis_has_plain_words() -> None:
    assert render_body("## 一 **二** `三`").headings == (Heading(2, "一 二 三", "h-1"),)


def test_captions_are_a_class_of_their_own() -> None:
    assert render_body("图：甲").html == '<p id="p-1" class="caption">图：甲</p>\n'
    assert "caption" not in render_body("图书：甲\n\n见图：甲\n\n## 图：甲").html


def test_a_table_is_aligned_without_style() -> None:
    html = render_body("|甲|乙|\n|:-:|-|\n|丙|丁|").html
    assert '<th class="align-center">甲</th>' in html
    assert "<th>乙</th>" in html


def test_a_text_is_rendered_the_same_after_any_other() -> None:
    first = render_body("[甲][r]\n\n[r]: https://example.org/")
    assert render_body("[甲][r]").html == '<p id="p-1">[甲][r]</p>\n'
    assert render_body("[甲][r]\n\n[r]: https://example.org/") == first


def test_plain_passages_are_what_a_reader_sees() -> None:
    body = (
        "## 题*目*\n\n图：甲\n乙\n\n- 丙\n\n|丁|戊|\n|-|-|\n|己||\n\n    code\n\n<庚>&amp;[辛](a)"
    )
    assert plain_passages(body) == (
        Passage("题目", "h-1"), Passage("甲乙", "p-1"), Passage("丙", None), Passage("丁", None),
        Passage("戊", None), Passage("己", None), Passage("<庚>&辛", "p-2"), Passage("code\n", None),
    )  # fmt: skip
    assert plain_paragraphs(body) == tuple(passage.text for passage in plain_passages(body))


def test_an_empty_body_is_empty() -> None:
    assert render_body("").html == ""
    assert plain_paragraphs("") == ()


# --- Chinese emphasis and line ends ----------------------------------------------------------------


@given(st.text("ab *_.,!(\"'é“”—£", max_size=20))
def test_without_wide_characters_emphasis_is_that_of_commonmark(words: str) -> None:
    body = f"a{words}"  # begins no list and no line across the page
    stock = MarkdownIt("js-default", {"html": False}).render(body)
    assert render_body(body).html.replace(' id="p-1"', "") == stock


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        # left alone: no pair, marks in numbers and names, Latin as CommonMark has it
        ("2*3*4", "2<em>3</em>4"),
        ("snake_case_name", "snake_case_name"),
        ("**开头没有结尾", "**开头没有结尾"),
        ("a**“b”**c", "a**“b”**c"),
        ("* * *星*", "<em>星</em>"),
        # closed where Chinese has no blank
        ("市长**“一定要通车。”**他说", "市长<strong>“一定要通车。”</strong>他说"),
        ("**“开幕”**于昨日", "<strong>“开幕”</strong>于昨日"),
        ("定于**《读书周》**开幕", "定于<strong>《读书周》</strong>开幕"),
        ("**通车：**首日三千人", "<strong>通车：</strong>首日三千人"),
        ("本报讯**（记者 张三）**昨日", "本报讯<strong>（记者 张三）</strong>昨日"),
        ("共*5%*人", "共<em>5%</em>人"),
        ("𠮷**“甲”**𠮷", "𠮷<strong>“甲”</strong>𠮷"),
    ],
)  # fmt: skip
def test_emphasis_beside_chinese(body: str, shown: str) -> None:
    assert shown in render_body(body).html


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("City\nNews", "City\nNews"),
        ("第5G\nNews", "第5G\nNews"),
        ("新闻\nNews", "新闻\nNews"),
        ("“News”\n“City”", "“News”\n“City”"),
        ("新闻\n发布", "新闻发布"),
        ("新闻，\n发布", "新闻，发布"),
        ("“新闻”\n发布", "“新闻”发布"),
        ("**新闻**\n*发布*", "新闻发布"),
        ("新闻\n[发布](a)\n会", "新闻发布会"),
    ],
)
def test_line_ends_between_han_are_dropped(body: str, text: str) -> None:
    assert Reader(render_body(body).html).text.strip() == text
    assert plain_paragraphs(body) == (text,)


def test_a_line_end_that_is_meant_stays() -> None:
    assert "<br>" in render_body("电话  \n地址").html


def test_two_shared_marks_say_nothing_about_their_script() -> None:
    assert not stands_close("”", "“")


# --- punctuation ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "", "12:30", "3,000人", "2019,2020年", "比分3:2获胜", "Hello, world! (see below)", "f(x)的值",
        "https://example.org/a,b?c=d!e", "见https://example.org/?a=1;b=(2)", "见 www.example.org/城?南=1;2 网",
        "已是全角，：；！？（）", "He said “yes”, and left.", ",开头没有字", "没有关上(的括号", "没有打开)的括号",
        "3.5%", "a@example.org", "A:B", "(1)",
    ],
)  # fmt: skip
def test_marks_that_stay(text: str) -> None:
    assert widen_punctuation(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("城南,城北", "城南，城北"),
        ("通车啦!你来吗?来;不来:都好", "通车啦！你来吗？来；不来：都好"),
        ("城南, 城北 ,城西", "城南，城北，城西"),
        ("于6月18日,300人", "于6月18日，300人"),
        ("用上5G,城南", "用上5G，城南"),
        ("增长3.5%,比去年", "增长3.5%，比去年"),
        ("开幕时间:12:30", "开幕时间：12:30"),
        ("世界卫生组织(WHO)到会", "世界卫生组织（WHO）到会"),
        ("本报讯(记者 张三)昨日", "本报讯（记者 张三）昨日"),
        ("本报讯 (记者 张三) 昨日", "本报讯（记者 张三）昨日"),
        ("WHO(世卫组织)", "WHO（世卫组织）"),
        ("(一)总则", "（一）总则"),
        ("(1)总则", "（1）总则"),
        ("甲(乙(丙)丁)戊", "甲（乙（丙）丁）戊"),
        ("他说“好”,就走", "他说“好”，就走"),
        ("真的吗?!", "真的吗？！"),
        ("来源:CCTV", "来源：CCTV"),
        ("见https://example.org/, 城南", "见https://example.org/，城南"),
    ],
)
def test_marks_that_are_widened(text: str, shown: str) -> None:
    assert widen_punctuation(text) == shown


@given(st.text("城南读A5 ,:;!?()“。\n", max_size=24))
def test_widening_is_only_for_the_eye(text: str) -> None:
    shown = widen_characters(text)
    assert len(shown) == len(text)
    assert fold("".join(shown)) == fold(text)
    assert widen_punctuation("".join(shown)) == "".join(shown)


def test_widening_sees_through_emphasis_but_not_into_code_or_addresses() -> None:
    body = "**城南,**城北(*WHO*)`甲,乙`,丙<https://example.org/,甲,乙>"
    assert render_body(body, widen=True).html == (
        '<p id="p-1"><strong>城南，</strong>城北（<em>WHO</em>）<code>甲,乙</code>，丙'
        '<a href="https://example.org/,%E7%94%B2,%E4%B9%99" rel="noopener noreferrer" title="example.org">'
        "https://example.org/,甲,乙</a></p>\n"
    )
    assert "，" not in render_body(body).html


def test_headings_and_captions_are_widened_too() -> None:
    assert render_body("## 城南,城北", widen=True).headings[0].text == "城南，城北"
    assert 'class="caption">图：城南' in render_body("图:城南", widen=True).html


# --- plain bodies ---------------------------------------------------------------------------------

PLAIN_PIECES = st.lists(
    st.sampled_from([*"甲乙，。：“”（）！？、图 \u3000123.)-+=#>:ab!/%'\"{}$@^;,\t·—…《》~\u00a0\u200b\u2028\x85\ufeff", "\n\n", "\n\n", "\n", "图："]),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=200)
@given(PLAIN_PIECES)
def test_what_is_read_without_the_parser_is_what_the_parser_reads(body: str) -> None:
    assume(markdown.PLAIN_RE.fullmatch(body))
    quick = plain_passages(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "PLAIN_RE", re.compile(r"(?!)"))
        assert plain_passages(body) == quick


@settings(max_examples=200)
@given(PLAIN_PIECES, st.booleans())
def test_what_is_rendered_without_the_parser_is_what_the_parser_renders(
    body: str, widen: bool
) -> None:
    assume(markdown.PLAIN_RE.fullmatch(body))
    quick = render_body(body, widen=widen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "PLAIN_RE", re.compile(r"(?!)"))
        assert render_body(body, widen=widen) == quick


@pytest.mark.parametrize(
    "body",
    [
        "## 开幕", "- 甲", "> 甲", "1. 甲", "12) 甲", "甲*乙*", "甲\n乙", "    甲", "\u3000甲", "[甲](b)", "![甲](b)", "`甲`", "甲\\\\乙",
        "&lt;", "<b>", "| 甲 |", "~~~", "***", "===", "甲\n\n- 乙", "甲\n\n\n乙",
    ],
)  # fmt: skip
def test_what_means_something_to_markdown_is_left_to_the_parser(body: str) -> None:
    assert not markdown.PLAIN_RE.fullmatch(body)
