"""What a page says of itself: publication, day of issue, page number, each with the words that say so.

Stated is what the page prints as its own name or date; inferred is what datelines and bylines let one conclude; all else
stays unknown. A sidecar or a path pattern (`Known`) wins over both.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jianbao.config import Known, Publication
from jianbao.convert.blocks import Block
from jianbao.convert.credits import read_closing, read_opener
from jianbao.models import STATED_BY_PERSON, Dateline, Finding, Status

DATE_RE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
CHINESE_DATE_RE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
MONTH_DAY_RE = re.compile(r"(\d{1,2})月(\d{1,2})日")
YEAR_RE = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
PAPER = r"[\u4e00-\u9fff]{2,8}?(?:日报|晚报|早报|时报|商报|快报|晨报|周报|导报|都市报|工人报|青年报|法制报|法治报|工会报|农民报|新报)"
MASTHEAD_RE = re.compile(rf"^({PAPER})(?:\s|$|[0-9])")
PAPER_OFFICE_RE = re.compile(rf"(?<![\u4e00-\u9fff])({PAPER})社")
PAPER_STAFF_RE = re.compile(rf"^\W*({PAPER})(?:社)?(?:全媒体|融媒体|首席|见习|实习)?(?:记者|讯)")
PAGE_RE = re.compile(
    r"(?:^|\s|第)([A-Z]?\d{1,2})\s*版(?!面)|^([A-Z]\d{1,2})(?:\s|$)|第([一二三四五六七八九十]{1,3})版"
)
SITE_RE = re.compile(
    r"^(?:(?:您?(?:现在|現在|当前|當前)?的?位置)\s*[:：]\s*)?([\u4e00-\u9fff·]{3,20}?(?:网站|網站|网|網|门户|在线|公众号|平台))\s*(?:>|＞|»|-|首页|$)"
)
PAGE_FURNITURE = ("page_header", "nav", "source_line")
# A newspaper prints yesterday's dispatches: the day of issue is the day after the latest dateline.
NEXT_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Masthead:
    """The facts of a whole page."""

    publication: Finding
    issue_date: Finding
    page: Finding


def read_masthead(
    blocks: Sequence[Block], known: Known, publications: Sequence[Publication]
) -> Masthead:
    """Publication, day of issue and page number of a page."""
    return Masthead(
        publication=_stated(known.publication) or _publication(blocks, publications),
        issue_date=_stated(known.date) or _issue_date(blocks),
        page=_stated(_page_number(known.page)) or _page(blocks),
    )


def _stated(value: str | None) -> Finding | None:
    return Finding(value, "stated", STATED_BY_PERSON) if value else None


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
    for block in furniture:
        if block.role == "nav" and (site := SITE_RE.match(block.text)):
            yield site[1], "stated", block.text
        if paper := MASTHEAD_RE.match(block.text):
            yield paper[1], "stated", block.text
    for block in furniture:
        for name in names:
            if block.role != "source_line" and name in block.text:
                yield name, "inferred" if f"{name}社" in block.text else "stated", block.text
    for block in furniture:
        for office in PAPER_OFFICE_RE.finditer(block.text):
            yield office[1], "inferred", block.text
    staff = Counter(
        found[1]
        for block in blocks
        if block.role in ("byline", "body") and (found := PAPER_STAFF_RE.match(block.text))
    )
    for name, _ in staff.most_common(1):
        yield name, "inferred", f"{name}记者"


def breadcrumb_column(blocks: Sequence[Block]) -> str | None:
    """The last step of a saved page's breadcrumb: 首页>>工会要闻 names the column 工会要闻."""
    for block in blocks:
        steps = [step.strip() for step in re.split(r">+|＞+|»", block.text)]
        if (
            block.role == "nav"
            and len(steps) > 1
            and not re.search(r"正文|详情|詳情|^$", steps[-1])
        ):
            return steps[-1]
    return None


# --- day of issue --------------------------------------------------------------------------------


def dates_in(text: str) -> Iterator[tuple[str, str]]:
    """The days a text writes in full, as YYYY-MM-DD, with the words.

    >>> list(dates_in("2020年10月19日 星期一，二〇二〇年六月十八日，2020年13月1日"))
    [('2020-10-19', '2020年10月19日'), ('2020-06-18', '二〇二〇年六月十八日')]
    """
    for found in DATE_RE.finditer(text):
        if day := _day(*(int(part) for part in found.groups())):
            yield day.isoformat(), found[0].strip()
    for found in CHINESE_DATE_RE.finditer(text):
        year = int(
            "".join(
                str("零一二三四五六七八九".find(char) % 10 if char not in "〇○" else 0)
                for char in found[1]
            )
        )
        if day := _day(year, _number(found[2]), _number(found[3])):
            yield day.isoformat(), found[0]


def _number(words: str) -> int:
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
                for day, _ in dates_in(block.text):
                    return Finding(day, "stated", block.text)
    return _day_after_datelines(blocks)


def _day_after_datelines(blocks: Sequence[Block]) -> Finding:
    """The day after the latest dispatch, if the text leaves no doubt of the year."""
    sent = [(line, words) for line, words in _datelines(blocks) if line.date]
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
    return (found[1] or found[2] or str(_number(found[3]))) if found else text


def _page(blocks: Sequence[Block]) -> Finding:
    found: list[tuple[str, str]] = []
    for block in blocks:
        if block.role == "page_header" and (number := PAGE_RE.search(block.text)):
            value = number[1] or number[2] or str(_number(number[3]))
            if value not in [one for one, _ in found]:
                found.append((value, block.text))
    if not found:
        return Finding()
    values = tuple(value for value, _ in found)
    return Finding(values[0] if len(values) == 1 else values, "stated", found[0][1])
