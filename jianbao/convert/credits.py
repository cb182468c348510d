"""Credits as newspapers print them: openers, bylines, photo credits, closing names (消息头, 署名).

Everything here reads a piece of text and says who is credited, in which role, and what dateline it states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jianbao.convert.forms import PAPER_KINDS
from jianbao.convert.lines import is_open
from jianbao.convert.names import (
    DOUBLE_SURNAMES,
    HAN,
    NAME,
    NAMES,
    PLACES,
    SEPARATOR,
    STANDINGS,
    SURNAMES,
    WIDE_WORDS,
)
from jianbao.convert.script import simplify
from jianbao.models import Credit, Dateline

# --- offices -------------------------------------------------------------------------------------

# 见习记者, 特约通讯员, 全媒体首席记者: a rank or two before the office.
RANK = "(?:特约|特派|见习|实习|首席|资深|全媒体|融媒体?|摄影|文字|参与)"
STAFF = f"{RANK}{{0,2}}(?:记者|通讯员|评论员|撰稿人?)|特约摄影|实习生"
# What somebody did is a role only when set apart from the name: 摄影 李四, but not 摄影大赛.
DONE = "(?:摄影|编译|翻译|整理|撰文|撰稿|采写|执笔|口述|作者|供图|制图|视频|策划|读者)"
# 文 and 图 are roles only when set apart: 文/图, 图/王五; in 张文 they are a name.
SHORT_ROLE = rf"(?<!{HAN})(?:文[/／、&]?图|图[/／、&]?文|文字|图片|文|图)(?=[\s/／:：]|$)"
ROLE = f"(?:{STAFF}|{DONE}|{SHORT_ROLE})"
# What a role behind the names says: 甲 文 乙 图. Behind 本报记者 甲 it adds nothing to the office.
WORK = "(?:文[/／、&]?[图摄]|图[/／、&]?文|摄影|视频|整理|编译|翻译|供图|文|图|摄|著|译)"
WORKS = dict.fromkeys(("图", "摄", "摄影", "供图"), "摄影") | {
    word: word for word in ("视频", "整理", "编译", "翻译", "著", "译")
}
# What a paper calls itself without its town: 晚报讯.
SHORT_PAPERS = ("日报", "晚报", "早报", "晨报", "商报", "快报", "都市报", "周刊")
# Papers, agencies and broadcasters that stand before 记者 or 讯.
AGENCY = (
    r"(?:本报|本台|本网|本刊|新华社|中新社|中央社|中通社|法新社|美联社|路透社?|共同社|韩联社|塔斯社"
    rf"|中新网|人民网|新华网|央视网|央广网|{'|'.join(SHORT_PAPERS)}"
    rf"|{HAN}{{2,6}}(?:{PAPER_KINDS}|新闻网|融媒体中心)(?:社)?)"
)
# 本报记者, 本报驻京记者, 新华社特派记者
OFFICE = rf"(?:{AGENCY}\s*(?:驻{HAN}{{1,6}}?\s*)?)?{ROLE}"

# --- forms ---------------------------------------------------------------------------------------

NUMERAL = "(?:\\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
# 5月27日 · 27日 · 六月十七日
DAY = f"(?:{NUMERAL}月)?{NUMERAL}日"
BULLETS = "■□●○◎▲△◆◇★☆▪•"
BULLET = r"[■□●○◎▲△◆◇★☆▪•▶◢◥\s]*"
OPEN, CLOSE = "[（(〔【［]", "[）)〕】］]"
BRACKETED = rf"{OPEN}\s*{OFFICE}[^（）()〔〕【】［］。]{{1,60}}{CLOSE}"
# ／东滨报道 · 台北17日电 behind the names of a credit; a blank alone sets no place apart from a name.
REPORT_RE = re.compile(
    rf"(?:[/／]\s*(?P<slash>{HAN}{{2,6}}?)?|\s+(?P<place>{HAN}{{2,6}}?)?|(?P<close>{HAN}{{2}})(?={DAY}))?"
    rf"(?P<date>{DAY})?(?P<verb>专?电|摄影报道|图文报道|报道|报导)\s*{CLOSE}?$"
)
# 本报讯（记者 甲 通讯员 乙） · 〔本报讯〕 · 本报重庆5月27日电（记者 丙） · 本报讯 记者丁报道： · （记者 戊） · 〔记者己／东滨报道〕
OPENER_RE = re.compile(
    rf"""[\s\u200b\ufeff\u00ad]*\*{{0,2}}\s*{BULLET}(?:
        [〔【［]?(?:据)?(?P<agency>{AGENCY})\s*
        (?: 讯(?!息) | (?P<place>{HAN}{{2,9}}?)?\s*(?P<date>{DAY})\s*专?[电讯]
          | (?:综合|(?P<town>{HAN}{{2,4}}?))?\s*(?:讯|电|消息|报道)(?=\s|[（(*:：〕】］]|$) )
        [〕】］]?\s*\*{{0,2}}\s*
        (?: (?P<credit>{BRACKETED}) | (?P<plain>(?:{STAFF})\s*{NAME}(?:{SEPARATOR}(?:(?:{STAFF})\s*)?{NAME})*?)报道(?=[\s:：]) )?
      | (?P<alone>{BRACKETED})(?=\S)
    )\s*\*{{0,2}}[ \u3000]*(?:[:：][ \u3000]*)?""",
    re.VERBOSE,
)
# 新华社北京5月27日电 in brackets at the end; （均据新华社）; （本报综合）; （编译组）; （未完待续）
CLOSER_RE = re.compile(
    rf"[（(]\s*(?:(?P<all>均)?(?:据|综合)?\s*(?P<agency>{AGENCY})\s*"
    rf"(?:(?P<place>{HAN}{{2,9}}?)?\s*(?P<date>{DAY})?\s*(?:电|讯|报道|消息|稿)|综合(?:报道|消息|整理|稿)?)?"
    r"|编译组|编辑部|综合(?:报道|整理|消息)|(?:未完)?待续|全文完)\s*[）)]$"
)
# 新华社发（甲 摄） · 本报记者 乙 摄 · （丙 摄）
PHOTO_RE = re.compile(
    rf"(?:[（(]\s*)?(?:(?P<agency>{AGENCY})(?:发|供)?\s*[（(]?\s*)?(?:(?:{ROLE})\s*)?"
    rf"(?P<names>{NAME}(?:{SEPARATOR}{NAME}){{0,5}})\s*(?:(?:[/／]\s*)?摄影?|供图)\s*[）)]*$"
)
# Who supplies a picture without being a person: 受访者供图, 资料图片.
SUPPLIER_RE = re.compile(
    r"(?:受访|当事|网|资料|视频|监控|企业|主办|活动)|[方者位门会局院司馆社校部队园厂]$"
)
# 本报记者 乙 摄 behind the last sentence, without brackets.
PHOTO_END_RE = re.compile(
    rf"(?<=[。！？”])\s*(?:{AGENCY})?\s*(?:记者|通讯员)\s*{NAME}(?:{SEPARATOR}{NAME})?\s*摄$"
)
# The bare credit of a picture agency: 中国商报/东方IC · 某某图片/视觉中心 · 视觉中国 · 新华社发 · 受访者供图
AGENCY_CREDIT_RE = re.compile(
    rf"^{BULLET}[（(]?(?:图片?来源[:：]|图[/／]|供图[:：])?\s*(?:{HAN}{{2,8}}[/／])?"
    r"(?:东方IC|视觉(?:中国|中心)|IC\s?photo|CFP|中新图片|人民图片|新华社(?:发|供图|图|照片)|资料(?:图片|照片|图)"
    r"|受访(?:者|单位|企业|对象|方)供图)[）)]?$",
    re.IGNORECASE,
)
# A dozen names with their offices; the pattern has too many ways to read a longer line.
BYLINE_LENGTH = 80
# A line that is nothing but a byline.
BYLINE_LINE_RE = re.compile(
    rf"""^{BULLET}{OPEN}?\s*
    (?: {SHORT_ROLE}\s*[/／:：|｜]?\s*(?:{OFFICE}\s*[:：/／]?\s*)?{NAME}
      | (?:{AGENCY}\s*(?:驻{HAN}{{1,6}}?\s*)?)?(?:(?<=[〔（(])|(?!{DONE}{HAN})){ROLE}\s*[:：/／|｜]?\s*{NAME} )
    (?: (?:{SEPARATOR})?(?:{OFFICE}[\s/／:：]*){NAME} | {SEPARATOR}{NAME} | [\s/／]*{WORK}(?=[\s/／，、;；）)]|$) )*
    (?:[\s/／]*(?:{HAN}{{2,6}}?)?(?:{DAY})?(?:专?电|摄影报道|图文报道|报道|报导))?\s*{CLOSE}?$""",
    re.VERBOSE,
)
# 甲 文 乙 图 · 甲／文图 · 甲 著: no office, what they did stands behind the names.
WORK_LINE_RE = re.compile(
    rf"^{BULLET}{OPEN}?{NAMES}[\s/／]+(?:{WORK}(?:[\s/／、；;]+{NAMES}[\s/／]*{WORK})+|(?![图摄]){WORK})\s*{CLOSE}?$"
)
# 本报评论员: an office that signs without a name.
OFFICE_LINE_RE = re.compile(rf"^{BULLET}(?:{AGENCY})(?:特约)?(?:评论员|编辑部|评论部)$")
# 梧桐路 甲 · （市图书馆退休馆员 乙） · （丙／青禾市教师） · （丁 青禾法院供稿）: a name and where somebody belongs.
WHERE = rf"{HAN}{{1,14}}(?:[{PLACES}{STANDINGS}]|公司|集团|中心|干部|教授|顾问|律师|代表)"
WHERE_LINE_RE = re.compile(
    rf"^(?:(?P<where>{WHERE})\s+(?P<name>{NAME})"
    rf"|(?P<first>{NAME})[\s/／，,]\s*(?:{WHERE}|{HAN}{{2,14}}(?=供稿|推荐|提供))(?:供稿|推荐|提供)?)$"
)
# 记者手记, （读者来信）: the name of a column, unless a person's name follows.
TITLE_RE = re.compile(rf"^{BULLET}{OPEN}?(?:{STAFF}|{DONE})(?P<word>{HAN}{{2,6}}){CLOSE}?$")
ROLE_RE = re.compile(
    rf"(?:{AGENCY}\s*(?:驻{HAN}{{1,6}}?\s*)?)?(?P<role>{STAFF}|{DONE}|{SHORT_ROLE}|(?<=[\s/／]){WORK}(?=[\s/／，、;；]|$)|摄(?=[\s/／，、;；]|$))"
    r"(?:\s*[/／]\s*(?:文|图|摄影)(?=[\s/／:：]))?"
)
# Two characters set wide are a name; 文 and 图 by themselves are not the half of one: 王 帆 文 艾 松 图.
WIDE_RE = re.compile(
    rf"(?<!{HAN})(?:[文图圖](?=[\s/／:：])|(?P<one>{HAN})[ \u3000]{{1,3}}(?P<two>{HAN})(?!{HAN}))"
)


class Opener(NamedTuple):
    """The opener of a story: how long it is in the text, its dateline, its people."""

    length: int
    dateline: Dateline | None
    credits: tuple[Credit, ...]


class Closing(NamedTuple):
    """A credit at the end of a text: where it begins, its dateline, its people."""

    start: int
    dateline: Dateline | None
    credits: tuple[Credit, ...]
    whole_page: bool = False  # 均据…: it speaks for all stories before it


def read_opener(text: str) -> Opener | None:
    """本报讯（记者 甲）… at the beginning of a text.

    >>> read_opener("本报重庆5月27日电（记者张三 李四）今天，")[1]
    Dateline(agency='本报', place='重庆', date='5月27日')
    >>> read_opener("本报记者昨日来电询问") is None
    True
    """
    simple = simplify(text)
    found = OPENER_RE.match(simple)
    if not found or not (found["agency"] or found["alone"]):
        return None
    if found["alone"]:
        credit = printed(text, found, "alone") or ""
        if is_title(credit):
            return None
        return Opener(found.end(), read_report(credit), tuple(read_people(credit)))
    place = "place" if found["place"] else "town"
    dateline = Dateline(*(printed(text, found, name) for name in ("agency", place, "date")))
    credit = printed(text, found, "credit") or printed(text, found, "plain") or ""
    end = found.end()
    if not credit and is_byline(simple[end:]):  # 新华社北京5月27日电 新华社记者 甲
        credit, end = text[end:], len(text)
    return Opener(end, dateline, tuple(read_people(credit)))


def read_report(credit: str) -> Dateline | None:
    """The place and day behind the names of a credit.

    >>> read_report("〔記者何小禾／東濱報導〕").place
    '東濱'
    >>> read_report("（本报记者 何小禾 艾松报道）") is None
    True
    """
    simple = simplify(credit)
    found = REPORT_RE.search(simple)
    if not found:
        return None
    group = next((name for name in ("slash", "place", "close") if found[name]), "place")
    agency = re.match(rf"{OPEN}?({AGENCY})", simple)
    place = None if is_person(found[group] or "") or "综合" in (found[group] or "") else group
    if not place and not found["date"]:
        return None
    return Dateline(
        agency=credit[agency.start(1) : agency.end(1)] if agency else None,
        place=printed(credit, found, place) if place else None,
        date=printed(credit, found, "date"),
    )


def printed(text: str, found: re.Match[str], name: str) -> str | None:
    """A group that was matched in the simplified text, as it is printed."""
    start, end = found.span(name)
    return text[start:end] if start >= 0 else None


def read_closing(text: str) -> Closing | None:
    """（新华社北京5月27日电）, （均据新华社）, （记者 甲）, (李春红), （丙 摄） at the end of a text.

    >>> read_closing("网办率达到了九成。(李春红)").credits
    (Credit(name='李春红', role=None),)
    >>> read_closing("参与职工近10万人（次）。") is None
    True
    """
    simple = simplify(text)
    if photo := PHOTO_END_RE.search(simple):
        return Closing(photo.start(), None, read_photo(text[photo.start() :]))
    if found := CLOSER_RE.search(simple):
        named = [printed(text, found, name) for name in ("agency", "place", "date")]
        dateline = Dateline(*named) if any(named) else None
        return Closing(found.start(), dateline, (), bool(found["all"]))
    bracket = re.search(r"[（(]([^（）()]{2,40})[）)]$", text)
    if not bracket:
        return None
    people = _signature(bracket[1])
    # An aside within a sentence signs nothing.
    if not people and (bracket.start() == 0 or not is_open(text[: bracket.start()])):
        people = read_belonging(bracket[1])
    return Closing(bracket.start(), None, people) if people else None


AUTHOR_RE = re.compile(
    rf"^(?:作者|文|撰稿|撰文)\s*[:：]?\s*(?!系|为|是|单位|简介)(?P<names>{NAME}(?:{SEPARATOR}{NAME})*)(?:\s+(?:作者)?(?:单位|系|为)\s*[:：]?.*)?$"
)


# A field's name is no person: 作者：甲 编辑：乙.
FIELD_NAME = rf"{NAME}(?!{HAN}|\s*[:：])"
AUTHOR_FIELD_RE = re.compile(
    rf"(?:(?P<field>作者|记者|通讯员|撰稿)\s*[:：]|(?<=\s)(?P<office>{STAFF})(?=\s))"
    rf"\s*(?P<names>{FIELD_NAME}(?:{SEPARATOR}(?!{STAFF}){FIELD_NAME})*)"
)


def read_author_field(line: str) -> tuple[Credit, ...]:
    """作者：甲 乙 among the fields of a saved page's source line.

    >>> read_author_field("2020-10-19  来源：宣教部  作者：虞满 齐物  编辑：金子")
    (Credit(name='虞满', role='作者'), Credit(name='齐物', role='作者'))
    """
    people: list[Credit] = []
    for found in AUTHOR_FIELD_RE.finditer(simplify(line)):
        role = printed(line, found, "field") or printed(line, found, "office")
        people += [Credit(name, role) for name in _names(printed(line, found, "names") or "")]
    return tuple(people)


def _signature(words: str) -> tuple[Credit, ...]:
    """People in a bracket that holds nothing else; without a role, names must begin with a surname."""
    simple = simplify(words)
    if PHOTO_RE.fullmatch(simple):
        return read_photo(words)
    if author := AUTHOR_RE.match(simple):
        return tuple(Credit(name) for name in _names(printed(words, author, "names") or ""))
    if is_byline(words):
        return tuple(read_people(words))
    names = _names(words)
    without = re.sub(SEPARATOR, "", words)
    if names and "".join(names) == without and all(is_person(name) for name in names):
        return tuple(Credit(name) for name in names)
    return ()


def close_name(text: str) -> str:
    """A name without the blanks that set it wide: 王 帆 → 王帆.

    >>> close_name("王　帆")
    '王帆'
    """
    return re.sub(r"[ \u3000]", "", text)


def is_person(name: str) -> bool:
    """Whether a word without a role can be a Chinese name: two to three characters, a surname first.

    >>> is_person("李春红"), is_person("欧阳修文"), is_person("人次"), is_person("周六"), is_person("施行。")
    (True, True, False, False, False)
    """
    simple = simplify(name)
    if re.fullmatch("周[一二三四五六日末]", simple):
        return False
    if simple[:2] in DOUBLE_SURNAMES and 3 <= len(name) <= 4:
        return name.isalpha()
    polite = simple.endswith(("女士", "先生"))
    return 2 <= len(name) <= 3 and simple[0] in SURNAMES and name.isalpha() and not polite


def read_byline(line: str) -> tuple[Credit, ...]:
    """People of a line that is nothing but a byline; empty when it is something else.

    >>> read_byline("■文/图 本报记者 杨三川")
    (Credit(name='杨三川', role='记者'),)
    >>> [(one.name, one.role) for one in read_byline("临河日报记者 邓金 通讯员/凌良 彭波")]
    [('邓金', '记者'), ('凌良', '通讯员'), ('彭波', '通讯员')]
    >>> [(one.name, one.role) for one in read_byline("晚报记者 邓金 文／凌良 摄")]
    [('邓金', '记者'), ('凌良', '摄影')]
    """
    return tuple(read_people(line)) if is_byline(line) else ()


def read_signature(line: str) -> tuple[Credit, ...]:
    """People of a line that the page sets as a byline, whatever its form.

    >>> read_signature("□ 史 雪"), read_signature("（东门读者 史雪）")
    ((Credit(name='史雪', role=None),), (Credit(name='史雪', role='读者'),))
    """
    closing = read_closing(line)
    if closing and closing.start == 0:
        return closing.credits
    return read_byline(line) or read_belonging(line) or tuple(read_people(line))


def is_byline(line: str) -> bool:
    """Whether a line is nothing but a byline, in either script."""
    if len(line) > BYLINE_LENGTH:
        return False
    simple = simplify(line)
    if BYLINE_LINE_RE.match(simple):
        return not is_title(simple)
    if not WORK_LINE_RE.match(simple):
        return False
    people = list(read_people(simple))
    return bool(people) and all(is_person(one.name) for one in people)


def is_title(line: str) -> bool:
    """Whether what looks like an office and a name is the name of a column.

    >>> is_title("记者手记"), is_title("（读者来信）"), is_title("记者何小禾"), is_title("记者 水清扬")
    (True, True, False, False)
    """
    found = TITLE_RE.match(simplify(line))
    return found is not None and not is_person(found["word"])


def read_belonging(line: str) -> tuple[Credit, ...]:
    """A name and where its bearer belongs, as letters to the editor are signed; a reader is called one.

    >>> read_belonging("城北街道居民 尚远"), read_belonging("东门读者 尚远")
    ((Credit(name='尚远', role=None),), (Credit(name='尚远', role='读者'),))
    >>> read_belonging("青禾路 文化街"), read_belonging("全市 三年")
    ((), ())
    """
    found = WHERE_LINE_RE.match(simplify(line))
    if not found:
        return ()
    printed_name = printed(line, found, "name") or printed(line, found, "first") or ""
    name = close_name(printed_name)
    if not is_person(name) or simplify(name[-1]) in PLACES:
        return ()
    reader = (found["where"] or "").endswith("读者")
    return (Credit(name, "读者" if reader else None),)


def is_marked_name(text: str) -> bool:
    """○ 甲 as a line of its own.

    >>> is_marked_name("□史雪"), is_marked_name("■新闻"), is_marked_name("史雪")
    (True, False, False)
    """
    name = re.sub(rf"^{BULLET}|[ \u3000]", "", text)
    return text[:1] in BULLETS and is_person(name)


def is_dashed_name(text: str) -> bool:
    """—— 甲: a name that is set like a subtitle.

    >>> is_dashed_name("—— 史雪"), is_dashed_name("——史家村纪事")
    (True, False)
    """
    dash = re.match(r"[—－-]+\s+", text)
    return dash is not None and is_person(text[dash.end() :])


def is_credit_line(text: str) -> bool:
    """Whether a line credits somebody by its form alone, wherever it stands.

    >>> [is_credit_line(one) for one in ("本报记者 史雪", "（史雪）", "□史雪", "□本报评论员", "史雪")]
    [True, True, True, True, False]
    """
    office = OFFICE_LINE_RE.match(simplify(text)) is not None
    named = is_byline(text) or is_bracketed_name(text) or is_marked_name(text)
    return office or named or is_dashed_name(text)


def is_wide_name(text: str) -> bool:
    """王 帆: two characters set wide. So are the names of some small kinds of text (启 事), which are none.

    >>> is_wide_name("海 平"), is_wide_name("启 事"), is_wide_name("海平")
    (True, False, False)
    """
    return re.fullmatch(rf"{HAN}[ \u3000]{{1,3}}{HAN}", text) is not None and (
        simplify(text[0] + text[-1]) not in WIDE_WORDS
    )


def is_bracketed_name(text: str) -> bool:
    """（甲） or （记者 甲 通讯员 乙） as a line of its own.

    >>> is_bracketed_name("（吕韵 许秀）"), is_bracketed_name("（试行）")
    (True, False)
    """
    closing = read_closing(text)
    return closing is not None and closing.start == 0 and bool(closing.credits)


def read_photo(line: str) -> tuple[Credit, ...]:
    """The photographers a line or its end credits, with the office that is printed, else 摄影.

    >>> read_photo("新华社发（塞巴·库吉 摄）")
    (Credit(name='塞巴·库吉', role='摄影'),)
    >>> read_photo("（本报记者 伏羽 摄）")
    (Credit(name='伏羽', role='记者'),)
    """
    if is_byline(line):
        return tuple(read_people(line))
    found = PHOTO_RE.search(simplify(line))
    names = _names(printed(line, found, "names") or "") if found else []
    supplied = found is not None and "供图" in found[0]
    return tuple(
        Credit(name, "摄影") for name in names if not (supplied and SUPPLIER_RE.search(name))
    )


def read_people(words: str) -> Iterator[Credit]:
    """People of a credit, each with the role that stands before; a role governs all names up to the next.

    >>> [(one.name, one.role) for one in read_people("（通讯员贺芳 记者刘林 王 帆）")]
    [('贺芳', '通讯员'), ('刘林', '记者'), ('王帆', '记者')]
    """
    words = _bare(words)
    simple = simplify(words)
    marks = list(ROLE_RE.finditer(simple))
    # 甲 文 乙 摄 ends with what was done, 文 甲 摄影 乙 with a name: what was done stands behind the names, or before.
    behind = bool(marks) and marks[-1].end() == len(simple) and len(_names(words)) > 0
    role: str | None = None
    done = 0
    for mark in marks:
        closes = behind and re.fullmatch(WORK, mark["role"]) is not None
        role = role or (WORKS.get(mark["role"]) if closes else None)
        yield from (Credit(name, role) for name in _names(words[done : mark.start()]))
        # 文/图 before 本报记者 says what he made; the office that follows is his role.
        role = None if closes else _role_name(printed(words, mark, "role") or "")
        done = mark.end()
    yield from (Credit(name, role) for name in _names(words[done:]))


def _bare(words: str) -> str:
    """A credit without its brackets, its dateline and the place of work; names set wide are closed up."""
    if report := REPORT_RE.search(simplify(words)):
        apart = report["slash"] or report["close"] or not is_person(report["place"] or "王帆")
        words = words[: report.start() if apart else report.start("verb")]
    words = re.sub(r"[（()）〔〕【】［］*■□●○◎▲◆]", " ", words).strip()
    if place := re.search(r"\s(?:作者)?单位\s*[:：]?", simplify(words)):
        words = words[: place.start()]
    return WIDE_RE.sub(lambda one: (one["one"] or one[0]) + (one["two"] or ""), words)


def _role_name(role: str) -> str:
    simple = simplify(role)
    if simple in ("图", "图片", "供图"):
        return "摄影"
    return "文图" if len(simple) == 3 and "图" in simple else role


def _names(words: str) -> list[str]:
    """The names in a list of names; a name set wide (王 帆) is one."""
    parts = [part for part in re.split(r"[\s、，,/／&:：|｜；;]+", words) if part]
    names: list[str] = []
    wide = ""
    for part in parts:
        if len(part) == 1 and re.match(HAN, part):
            if wide:
                names.append(wide + part)
            wide = "" if wide else part
            continue
        wide = ""
        if together := names_set_together(part):
            names += together
        elif re.fullmatch(NAME, part):
            names.append(part)
    return names


def names_set_together(word: str) -> list[str]:
    """Two names that lost the blank between them at the end of a line; none when the word can be one name.

    >>> names_set_together("彭融娴张亚涛"), names_set_together("秦婕尹爱"), names_set_together("欧阳修文")
    (['彭融娴', '张亚涛'], ['秦婕', '尹爱'], [])
    """
    if not 4 <= len(word) <= 6 or word[:2] in DOUBLE_SURNAMES:
        return []
    cuts = [cut for cut in (3, 2) if is_person(word[:cut]) and is_person(word[cut:])]
    return [word[: cuts[0]], word[cuts[0] :]] if cuts else []
