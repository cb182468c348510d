"""What a page says of itself: publication, day of issue, page number, each with the words that say so.

Stated is what the page prints as its own name or date; inferred is what datelines and bylines let one conclude; all else
stays unknown. A sidecar or a path pattern (`Known`) wins over both.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jianbao.config import Known, Publication
from jianbao.convert.blocks import FURNITURE, Block
from jianbao.convert.credits import SHORT_PAPERS, read_closing, read_opener
from jianbao.convert.forms import PAPER
from jianbao.convert.script import simplify
from jianbao.models import STATED_BY_PERSON, Dateline, Finding, Head, Status

DATE_RE = re.compile(
    r"(?<![A-Za-z\d])(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)\s*日?"
)
CHINESE_DATE_RE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,3})日"
)
# Years of the Republic of China count from 1912: 民国一〇九年 is 2020.
REPUBLIC_RE = re.compile(
    r"民国\s*([〇○零一二三四五六七八九十百]{2,6}|\d{2,3})\s*年\s*([一二三四五六七八九十]{1,3}|\d{1,2})\s*月"
    r"\s*([一二三四五六七八九十廿卅]{1,3}|\d{1,2})\s*日"
)
REPUBLIC = 1911
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
# Of several days on a saved page, the one it was published.
PUBLISHED_RE = re.compile(r"发布(?:时间|日期)?\s*[:：]\s*")
MONTH_DAY_RE = re.compile(r"(\d{1,2})月(\d{1,2})日")
YEAR_RE = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
# The name stands by itself in a page's head, at whatever place.
MASTHEAD_RE = re.compile(rf"(?<![^\s·|])({PAPER})(?=[\s·|]|$|\d|第)")
# 梧川日报社, 梧川晚报广告部: the house that makes the page; its street number (88号) is none of its name.
PAPER_OFFICE_RE = re.compile(
    rf"(?<![\u4e00-\u9fff])号?({PAPER})(?:社|(?:广告|发行|群工|副刊|读者|编辑|新媒体)(?:部|中心))"
)
PAPER_STAFF_RE = re.compile(rf"^\W*({PAPER})(?:社)?(?:全媒体|融媒体|首席|见习|实习)?(?:记者|讯)")
# 晚报讯, 晚报记者: the paper without its town.
SHORT_STAFF_RE = re.compile(
    rf"^\W*({'|'.join(SHORT_PAPERS)})(?:讯[（(\s]|(?:首席|见习|实习)?记者\s)"
)
PAGE_RE = re.compile(
    r"(?:(?<!今日)\s|^|第)([A-Z]?\d{1,2})\s*版(?!面)|(?:^|[\s*])([A-Z]\d{1,2})(?=[\s*]|$)"
    r"|^(\d{1,2})\s+[\u4e00-\u9fff·]{2,10}$|^●?[\u4e00-\u9fff·]{2,10}\s(\d{1,2})$|第([一二三四五六七八九十]{1,3})版"
)
SITE_RE = re.compile(
    r"^(?:(?:您?(?:现在|現在|当前|當前)?的?位置)\s*[:：]\s*)?([\u4e00-\u9fff·]{3,20}?(?:网站|網站|网|網|门户|在线|公众号|平台))\s*(?:>|＞|»|-|首页|$)"
)
# The evidence of what stands in the head of a saved page, which nobody sees.
NOTHING_SAID = Head()
HEAD_EVIDENCE = "网页文件头注明"
PAGE_FURNITURE = ("page_header", "nav", "source_line")
# Where the house of the paper is named: its desks' lines, the foot of its own notices.
HOUSE_LINES = (*PAGE_FURNITURE, "contact_line", "editor_credit", "contact", "signature", "ad")
# A newspaper prints yesterday's dispatches: the day of issue is the day after the latest dateline.
NEXT_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts of a whole page."""

    publication: Finding
    issue_date: Finding
    page: Finding
    # Of a file of several pages: which of them → its printed number, None where it prints none.
    sheets: Mapping[int, str | None] = field(default_factory=dict)

    def page_of(self, sheet: int) -> str | None:
        """The printed number of a page of the file."""
        if self.sheets:
            return self.sheets.get(sheet)
        return self.page.value if isinstance(self.page.value, str) else None


def read_masthead(
    blocks: Sequence[Block],
    known: Known,
    publications: Sequence[Publication],
    head: Head = NOTHING_SAID,
) -> Masthead:
    """Publication, day of issue and page number of a page; `head` is what its file says without printing it."""
    return Masthead(
        publication=_stated(known.publication)
        or _or_head(_publication(blocks, publications), head.site),
        issue_date=_stated(known.date) or _or_head(_issue_date(blocks), head.day),
        page=_stated(_page_number(known.page)) or _page(blocks),
        sheets={} if known.page else _sheets(blocks),
    )


def _stated(value: str | None) -> Finding | None:
    return Finding(value, "stated", STATED_BY_PERSON) if value else None


def _or_head(found: Finding, said: str | None) -> Finding:
    """What a page prints, else what the head of its file says."""
    if found.status == "stated" or said is None:
        return found
    return Finding(said, "inferred", f"{HEAD_EVIDENCE} {said}")


# --- publication ---------------------------------------------------------------------------------


def _publication(blocks: Sequence[Block], publications: Sequence[Publication]) -> Finding:
    names = {alias: one.name for one in publications for alias in (one.name, *one.aliases)}
    for name, status, quote in _publication_candidates(blocks, names):
        return Finding(names.get(name, name), status, quote)
    return Finding()


def _publication_candidates(
    blocks: Sequence[Block], names: dict[str, str]
) -> Iterator[tuple[str, Status, str]]:
    """Names with how sure they are and what says so, the surest first."""
    furniture = [block for block in blocks if block.role in PAGE_FURNITURE]
    first = min((block.start for block in blocks if block.role not in FURNITURE), default=0)
    for block in furniture:
        # Below the first story a site lists others.
        above = block.start < first
        if above and block.role == "nav" and (site := SITE_RE.match(block.text)):
            yield site[1], "stated", block.text
        paper = MASTHEAD_RE.search(simplify(block.text))
        if block.role == "page_header" and paper:
            yield block.text[paper.start(1) : paper.end(1)], "stated", block.text
    for block in furniture:
        for name in names:
            if block.role != "source_line" and name in block.text:
                yield name, "inferred" if f"{name}社" in block.text else "stated", block.text
    for block in blocks:
        for office in PAPER_OFFICE_RE.finditer(block.text) if block.role in HOUSE_LINES else ():
            yield office[1], "inferred", block.text
    staff = Counter(
        found[1]
        for block in blocks
        if block.role in ("byline", "body") and (found := PAPER_STAFF_RE.match(block.text))
    )
    for name, _ in staff.most_common(1):
        yield name, "inferred", f"{name}记者"
    yield from _named_in_full(blocks)


def _named_in_full(blocks: Sequence[Block]) -> Iterator[tuple[str, Status, str]]:
    """晚报讯 tells the paper where the page names exactly one 晚报 in full."""
    for block in blocks:
        short = SHORT_STAFF_RE.match(block.text) if block.role in ("byline", "body") else None
        if not short:
            continue
        full = re.compile(rf"《([\u4e00-\u9fff]{{2,6}}{short[1]})》")
        names = {found[1] for one in blocks for found in full.finditer(one.text)}
        if len(names) == 1:
            yield names.pop(), "inferred", short[0]


def breadcrumb_column(blocks: Sequence[Block]) -> str | None:
    """The last step of a saved page's breadcrumb: 首页>>工会要闻 names the column 工会要闻."""
    headlines = {block.text for block in blocks if block.role == "display"}
    for block in blocks:
        steps = [step.strip() for step in re.split(r">+|＞+|»|›", block.text)]
        if (
            block.role == "nav"
            and len(steps) > 1
            and steps[-1] not in headlines
            and not re.search(r"正文|详情|詳情|查看|^$", steps[-1])
        ):
            return steps[-1]
    return None


# --- day of issue --------------------------------------------------------------------------------


def dates_in(text: str) -> Iterator[tuple[str, str]]:
    """The days a text writes in full, as YYYY-MM-DD, with the words.

    >>> list(dates_in("2020年10月19日 星期一，二〇二〇年六月十八日，2020年13月1日"))
    [('2020-10-19', '2020年10月19日'), ('2020-06-18', '二〇二〇年六月十八日')]
    >>> list(dates_in("中華民國一○九年六月廿八日"))
    [('2020-06-28', '民國一○九年六月廿八日')]
    """
    for found in DATE_RE.finditer(text):
        if day := _day(*(int(part) for part in found.groups())):
            yield day.isoformat(), found[0].strip()
    for found in CHINESE_DATE_RE.finditer(text):
        if day := _day(_digits(found[1]), _number(found[2]), _number(found[3])):
            yield day.isoformat(), found[0]
    for found in REPUBLIC_RE.finditer(simplify(text)):
        if day := _day(REPUBLIC + _digits(found[1]), _number(found[2]), _number(found[3])):
            yield day.isoformat(), text[found.start() : found.end()]


def _digits(year: str) -> int:
    """A year written digit by digit, in figures, or in words.

    >>> _digits("二○二〇"), _digits("109"), _digits("一百零九"), _digits("九十八")
    (2020, 109, 109, 98)
    """
    hundreds, mark, rest = year.rpartition("百")
    if mark or "十" in year:
        return 100 * _number(hundreds) + _number(rest.lstrip("〇○零"))
    return int(year.translate(DIGITS))


def _number(words: str) -> int:
    """十, 廿八, 卅一, 12.

    >>> _number("十"), _number("廿八"), _number("三十一"), _number("12")
    (10, 28, 31, 12)
    """
    if words.isdecimal():
        return int(words)
    words = words.replace("廿", "二十").replace("卅", "三十")
    tens, mark, ones = words.rpartition("十")
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")}
    return (digits.get(tens, 1) * 10 if mark else 0) + digits.get(ones, 0)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _issue_date(blocks: Sequence[Block]) -> Finding:
    for role in ("page_header", "source_line"):
        for block in blocks:
            if block.role == role:
                published = PUBLISHED_RE.search(simplify(block.text))
                start = published.end() if published else 0
                for day, _ in dates_in(block.text[start:]):
                    return Finding(day, "stated", block.text)
    return _day_after_datelines(blocks)


def _day_after_datelines(blocks: Sequence[Block]) -> Finding:
    """The day after the latest dispatch, if the text leaves no doubt of the year."""
    sent = [
        (line, words) for line, words in _datelines(blocks) if MONTH_DAY_RE.search(line.date or "")
    ]
    year = _year(blocks)
    if not sent or year is None:
        return Finding()
    days = []
    for line, words in sent:
        month, day = (int(part) for part in MONTH_DAY_RE.findall(line.date or "")[0])
        if found := _day(year, month, day):
            days.append((found, words))
    if not days:
        return Finding()
    latest, words = max(days)
    return Finding((latest + NEXT_DAY).isoformat(), "inferred", f"{words}，{year}年")


def _datelines(blocks: Sequence[Block]) -> Iterator[tuple[Dateline, str]]:
    for block in blocks:
        if block.role not in ("body", "closer"):
            continue
        if (opener := read_opener(block.text)) and opener.dateline:
            yield opener.dateline, block.text[: opener.length].strip("* ")
        if (closing := read_closing(block.text)) and closing.dateline:
            yield closing.dateline, block.text[closing.start :]


def _year(blocks: Sequence[Block]) -> int | None:
    """The year a page is of: the latest it names, if it names it twice, or once in a full date."""
    text = "\n".join(block.text for block in blocks)
    named = Counter(int(year) for year in YEAR_RE.findall(text))
    full = {int(day[:4]) for day, _ in dates_in(text)}
    likely = [year for year, times in named.items() if times >= 2 or year in full]
    return max(likely, default=None)


# --- page ----------------------------------------------------------------------------------------


def _page_number(text: str | None) -> str | None:
    """第7版 and 7 are one page: 7.

    >>> _page_number("第7版"), _page_number("A03")
    ('7', 'A03')
    """
    found = PAGE_RE.search(text or "")
    return _printed_number(found) if found else text


def _printed_number(found: re.Match[str]) -> str:
    return next(filter(None, found.groups()[:-1]), None) or str(_number(found[5]))


def _sheets(blocks: Sequence[Block]) -> dict[int, str | None]:
    """The printed number of every page of a file that has several."""
    sheets = {block.sheet: [one for one in blocks if one.sheet == block.sheet] for block in blocks}
    if len(sheets) < 2:
        return {}
    findings = {sheet: _page(some).value for sheet, some in sheets.items()}
    return {sheet: value if isinstance(value, str) else None for sheet, value in findings.items()}


def _page(blocks: Sequence[Block]) -> Finding:
    found: list[tuple[str, str]] = []
    for block in blocks:
        if block.role == "page_header" and (number := PAGE_RE.search(block.text)):
            value = _printed_number(number)
            if value not in [one for one, _ in found]:
                found.append((value, block.text))
    if not found:
        return Finding()
    values = tuple(value for value, _ in found)
    return Finding(values[0] if len(values) == 1 else values, "stated", found[0][1])
