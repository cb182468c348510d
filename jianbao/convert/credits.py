"""Credits as newspapers print them: openers, bylines, photo credits, closing names (消息头, 署名).

Everything here reads a piece of text and says who is credited, in which role, and what dateline it states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jianbao.convert.script import simplify
from jianbao.models import Credit, Dateline

# Longer names first: 特约记者 must not be read as 记者.
ROLES = (
    "特约通讯员", "特约评论员", "特约记者", "特约摄影", "见习记者", "实习记者", "首席记者", "全媒体记者", "融媒体记者",
    "摄影记者", "通讯员", "评论员", "实习生", "记者", "摄影", "编译", "整理", "撰文", "撰稿", "作者", "供图",
)  # fmt: skip
# 文 and 图 are roles only when set apart: 文/图, 图/王五; in 张文 they are a name.
SHORT_ROLE = r"(?<![\u4e00-\u9fff])(?:文[/／、&]?图|图[/／、&]?文|文字|图片|文|图)(?=[\s/／:：]|$)"
ROLE = f"(?:{'|'.join(ROLES)}|{SHORT_ROLE})"
# What somebody did is a role only when set apart from the name: 摄影 李四, but not 摄影大赛.
DONE = "(?:摄影|编译|整理|撰文|撰稿|作者|供图)"
# Papers, agencies and broadcasters that stand before 记者 or 讯.
AGENCY = (
    r"(?:本报|本台|本网|本刊|新华社|中新社|中新网|人民网|新华网|央视网|央广网"
    r"|[\u4e00-\u9fff]{2,6}(?:日报|晚报|早报|时报|商报|快报|晨报|周报|工人报|青年报|法制报|法治报|工会报|新闻网|融媒体中心)(?:社)?)"
)
DAY = r"\d{1,2}月\d{1,2}日"
HAN = r"[\u3400-\u9fff\U00020000-\U0003134f]"
NAME = rf"(?:{HAN}{{2,4}}(?:·{HAN}{{1,8}})*|{HAN}{{1,8}}(?:·{HAN}{{1,8}})+|{HAN}[ \u3000]{{1,3}}{HAN}(?!{HAN}))"
BULLETS = "■□●○◎▲△◆◇★☆▪•"
BULLET = r"[■□●○◎▲△◆◇★☆▪•▶◢◥\s]*"
SEPARATOR = r"[\s、，,/／&]+"
BRACKETED = rf"[（(]\s*(?:{AGENCY})?\s*{ROLE}[^（）()。]{{1,60}}[）)]"

# 本报讯（记者 甲 通讯员 乙） · 本报重庆5月27日电（记者 丙） · 新华社北京5月27日电 · （记者 丁）
OPENER_RE = re.compile(
    rf"""[\s\u200b\ufeff\u00ad]*\*{{0,2}}\s*(?:
        (?:据)?(?P<agency>{AGENCY})\s*
        (?: 讯 | (?P<place>{HAN}{{2,6}}?)?\s*(?P<date>{DAY})\s*[电讯]
          | (?:综合|(?P<town>{HAN}{{2,4}}?))?\s*(?:讯|电|消息|报道)(?=\s|[（(*:：]|$) )
        \s*\*{{0,2}}\s*(?P<credit>{BRACKETED})?
      | (?P<alone>{BRACKETED})(?=\S)
    )\s*\*{{0,2}}[ \u3000]*(?:[:：][ \u3000]*)?""",
    re.VERBOSE,
)
# 新华社北京5月27日电 in brackets at the end; （均据新华社）
CLOSER_RE = re.compile(
    rf"[（(]\s*(?P<all>均)?(?:据|综合)?\s*(?P<agency>{AGENCY})\s*(?P<place>{HAN}{{2,6}}?)?\s*(?P<date>{DAY})?\s*"
    r"(?:电|讯|报道|消息|稿)?\s*[）)]$"
)
# 新华社发（甲 摄） · 本报记者 乙 摄 · （丙 摄）
PHOTO_RE = re.compile(
    rf"(?:[（(]\s*)?(?:(?P<agency>{AGENCY})(?:发|供)?\s*[（(]?\s*)?(?:(?:{ROLE})\s*)?"
    rf"(?P<names>{NAME}(?:{SEPARATOR}{NAME}){{0,5}})\s*(?:摄影?|供图|/摄)\s*[）)]*$"
)
# 本报记者 乙 摄 behind the last sentence, without brackets.
PHOTO_END_RE = re.compile(
    rf"(?<=[。！？”])\s*(?:{AGENCY})?\s*(?:记者|通讯员)\s*{NAME}(?:{SEPARATOR}{NAME})?\s*摄$"
)
# The bare credit of a picture agency: 中国商报/东方IC · 视觉中国 · 新华社发
AGENCY_CREDIT_RE = re.compile(
    rf"^{BULLET}[（(]?(?:图片?来源[:：]|图[/／]|供图[:：])?\s*(?:{HAN}{{2,8}}[/／])?"
    r"(?:东方IC|视觉中国|IC\s?photo|CFP|中新图片|人民图片|新华社(?:发|供图|图|照片)|资料(?:图片|照片|图))[）)]?$",
    re.IGNORECASE,
)
# A line that is nothing but a byline.
BYLINE_LINE_RE = re.compile(
    rf"""^{BULLET}[（(]?
    (?: {SHORT_ROLE}\s*[/／:：|｜]?\s*(?:{AGENCY}\s*)?(?:{ROLE}\s*[:：/／]?\s*)?{NAME}
        (?:{SEPARATOR}(?:(?:{AGENCY}\s*)?{ROLE}[\s/／:：]*)?{NAME})*
      | (?:{AGENCY}\s*)?(?!{DONE}{HAN}){ROLE}\s*[:：/／|｜]?\s*{NAME}
        (?:(?:{SEPARATOR})?(?:(?:{AGENCY}\s*)?{ROLE}[\s/／:：]*){NAME}|{SEPARATOR}{NAME})*
    )
    (?:\s*[/／]?\s*(?:[文图摄][/／、]?[文图摄]?|摄影报道|图文报道|报道|整理))?
    (?:{SEPARATOR}{NAME}\s*[/／]\s*[文图摄])*\s*[）)]?$""",
    re.VERBOSE,
)
ROLE_RE = re.compile(rf"(?:{AGENCY}\s*)?(?P<role>{ROLE})(?:\s*[/／]\s*(?:文|图|摄影))?")
# What an author did, behind the names: 甲 文/图, 乙 摄影报道; a lone 文 belongs to a name unless set apart.
TAIL_RE = re.compile(
    r"(?:[\s/／]*(?:摄影报道|图文报道|报道|文[/／、]图|图[/／、]文|整理)|[\s/／]+(?:文|图|摄))\s*$"
)

DOUBLE_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "闻人",
        "端木",
        "南宫",
        "钟离",
    )
)
# The hundred surnames that cover nearly all people, and the double ones; only asked where no role is printed.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛"
    "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆"
    "蓝路游辛靳管柴蒙鲍华喻祁房蒲滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳"
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
    found = OPENER_RE.match(simplify(text))
    if not found or not found[0].strip("* "):
        return None
    if not found["agency"] and not found["alone"]:
        return None
    dateline = None
    if found["agency"]:
        place = "place" if found["place"] else "town"
        dateline = Dateline(*(printed(text, found, name) for name in ("agency", place, "date")))
    people = printed(text, found, "credit") or printed(text, found, "alone") or ""
    return Opener(found.end(), dateline, tuple(read_people(people)))


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
    if photo := PHOTO_END_RE.search(simplify(text)):
        return Closing(photo.start(), None, read_photo(text[photo.start() :]))
    if found := CLOSER_RE.search(simplify(text)):
        dateline = Dateline(*(printed(text, found, name) for name in ("agency", "place", "date")))
        return Closing(found.start(), dateline, (), bool(found["all"]))
    bracket = re.search(r"[（(]([^（）()]{2,40})[）)]$", text)
    if bracket and (people := _signature(bracket[1])):
        return Closing(bracket.start(), None, people)
    return None


AUTHOR_RE = re.compile(
    rf"^(?:作者|文|撰稿|撰文)\s*[:：]?\s*(?P<names>{NAME}(?:{SEPARATOR}{NAME})*)(?:\s+(?:作者)?(?:单位|系|为)\s*[:：]?.*)?$"
)


AUTHOR_FIELD_RE = re.compile(
    rf"(?P<field>作者|记者|通讯员|撰稿)\s*[:：]\s*(?P<names>{NAME}(?:{SEPARATOR}{NAME})*)"
)


def read_author_field(line: str) -> tuple[Credit, ...]:
    """作者：甲 乙 among the fields of a saved page's source line.

    >>> read_author_field("2020-10-19  来源：宣教部  作者：虞满 齐物")
    (Credit(name='虞满', role=None), Credit(name='齐物', role=None))
    """
    found = AUTHOR_FIELD_RE.search(simplify(line))
    if not found:
        return ()
    role = None if found["field"] in ("作者", "撰稿") else found["field"]
    return tuple(Credit(name, role) for name in _names(printed(line, found, "names") or ""))


def _signature(words: str) -> tuple[Credit, ...]:
    """People in a bracket that holds nothing else; without a role, names must begin with a surname."""
    simple = simplify(words)
    if PHOTO_RE.fullmatch(simple):
        return read_photo(words)
    if author := AUTHOR_RE.match(simple):
        return tuple(Credit(name) for name in _names(printed(words, author, "names") or ""))
    if BYLINE_LINE_RE.match(simple):
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

    >>> is_person("李春红"), is_person("人次"), is_person("试行"), is_person("施行。")
    (True, False, False, False)
    """
    return 2 <= len(name) <= 3 and simplify(name[0]) in SURNAMES and name.isalpha()


def read_byline(line: str) -> tuple[Credit, ...]:
    """People of a line that is nothing but a byline; empty when it is something else.

    >>> read_byline("■文/图 本报记者 杨三川")
    (Credit(name='杨三川', role='记者'),)
    >>> [(one.name, one.role) for one in read_byline("临河日报记者 邓金 通讯员/凌良 彭波")]
    [('邓金', '记者'), ('凌良', '通讯员'), ('彭波', '通讯员')]
    """
    return tuple(read_people(line)) if is_byline(line) else ()


def is_byline(line: str) -> bool:
    """Whether a line is nothing but a byline, in either script."""
    return BYLINE_LINE_RE.match(simplify(line)) is not None


def is_marked_name(text: str) -> bool:
    """○ 甲 as a line of its own.

    >>> is_marked_name("□史雪"), is_marked_name("■新闻"), is_marked_name("史雪")
    (True, False, False)
    """
    name = re.sub(r"[ \u3000]", "", text[1:])
    return text[:1] in BULLETS and is_person(name)


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
    return tuple(Credit(name, "摄影") for name in names)


def read_people(words: str) -> Iterator[Credit]:
    """People of a credit, each with the role that stands before; a role governs all names up to the next.

    >>> [(one.name, one.role) for one in read_people("（通讯员贺芳 记者刘林 王 帆）")]
    [('贺芳', '通讯员'), ('刘林', '记者'), ('王帆', '记者')]
    """
    words = re.sub(r"[（()）*■□●○▲◆]", " ", words).strip()
    if place := re.search(r"\s(?:作者)?单位\s*[:：]?", simplify(words)):
        words = words[: place.start()]
    if tail := TAIL_RE.search(simplify(words)):
        words = words[: tail.start()]
    role: str | None = None
    done = 0
    for found in ROLE_RE.finditer(simplify(words)):
        yield from (Credit(name, role) for name in _names(words[done : found.start()]))
        # 文/图 before 本报记者 says what he made; the office that follows is his role.
        role = _role_name(printed(words, found, "role") or "")
        done = found.end()
    yield from (Credit(name, role) for name in _names(words[done:]))


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
