"""Describing: what an article's blocks say of it, as the fields of its front matter. Nothing is invented: a value
is printed, or found with evidence that stands beside it, or absent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jianbao.account import join_spans
from jianbao.config import Known, Topic
from jianbao.convert.blocks import Block
from jianbao.convert.compose import compose_body
from jianbao.convert.credits import (
    read_author_field,
    read_closing,
    read_opener,
    read_photo,
    read_signature,
)
from jianbao.convert.forms import OFFICE_RE
from jianbao.convert.lines import MID_SENTENCE_RE, is_open
from jianbao.convert.masthead import Masthead, dates_in
from jianbao.convert.script import script_of, simplify
from jianbao.convert.segment import Draft
from jianbao.models import (
    Article,
    Complete,
    Credit,
    Dateline,
    Doubt,
    Evidence,
    Origin,
    Source,
)

# A keyword in the headline counts as much as four in the text; an article is of a topic from this weight on.
HEADLINE_WEIGHT = 4
TOPIC_WEIGHT = 4
MOST_TOPICS = 3
# Latin words between Chinese characters are often slips of recognition ( and  for 和).
# How a story without a dateline begins: with its day.
STORY_BEGIN_RE = re.compile(r"^(?:日前|近日|昨日|昨天|最近|\d{1,2}月\d{1,2}日)")
HEAD_LINES = 3  # 引题, 主题, 副题
# 附件：名录.xls below a notice is no broken sentence.
ATTACHMENT_RE = re.compile(r"附件\s*\d*\s*[:：]")
# The title of an official document, and its upper line where it is set in two.
OFFICIAL_TITLE_RE = re.compile(r"[》的]\s*(?:通知|公告|通告|意见|决定|批复|函|办法|规定|报告)$")
OFFICIAL_HALF_RE = re.compile(r"(?:关于|關於)(?!.*(?:通知|公告|通告|意见|决定|批复)$)")
# What is left of 新华社发（甲 摄） where the brackets stand in a line of their own.
AGENCY_END_RE = re.compile(r"(?:新华社|中新社)发$")
LATIN_SLIP_RE = re.compile(
    r"(?<=[\u4e00-\u9fff])\s+(?:and|the|of|or|in|to|a)\s+(?=[\u4e00-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Described:
    """An article and what is doubtful about it."""

    article: Article
    doubts: tuple[Doubt, ...]


def describe(
    draft: Draft,
    identity: str,
    source: Source,
    page: Masthead,
    column: str | None,
    agency: Dateline | None,
    known: Known,
    topics: Sequence[Topic],
    *,
    web: bool,
) -> Described:
    """The article of a draft. `column` is the name that stands above it, `agency` the dateline a closing line of the page
    gives to all its stories (均据新华社)."""
    if web:  # no columns are torn apart there: a short paragraph is no piece of another
        draft = replace(draft, gaps=frozenset())
    headline = read_headline(draft.headline)
    body = compose_body(draft)
    text = "".join(block.text for block in draft.blocks)
    date, date_evidence = _date(draft, page)
    publication = page.publication
    evidence: dict[str, Evidence] = {}
    if publication.value and publication.status == "inferred":
        evidence["publication"] = Evidence("inferred", publication.evidence)
    if date_evidence:
        evidence["date"] = date_evidence
    dateline = _dateline(draft) or agency
    article = Article(
        id=identity,
        title=headline.title,
        kicker=headline.kicker,
        subtitle=headline.subtitle,
        column=column,
        authors=_authors(draft),
        dateline=dateline,
        date=date,
        publication=publication.value if isinstance(publication.value, str) else None,
        page=page.page_of(draft.blocks[0].sheet),
        topics=find_topics(headline, body, topics),
        places=(dateline.place,) if dateline and dateline.place else (),
        script=script_of(text),
        complete=_complete(draft),
        evidence=evidence,
        source=Origin(
            file=source.path,
            sha256=source.sha256,
            spans=tuple(join_spans((block.span for block in draft.blocks), source.text)),
            kind=known.kind or ("web" if web else "newspaper"),
            url=known.url or source.head.url,
            accessed=known.accessed,
        ),
        body=body,
    )
    return Described(article, tuple(_doubts(draft, article)))


# --- headline ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Headline:
    """引题, 主题, 副题."""

    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None


# Of the pairs of lines (see `is_kicker`) a subtitle without a dash is longer than its headline by this many characters; a
# kicker as much shorter than its headline has at most so many.
EXPLAINING = 6
SHORT_KICKER = 9
SUBTITLE_FORM_RE = re.compile(
    r"^[（(].*[）)]$|〔\d{4}〕|(?:有感|读后|观后感?|侧记|纪实|见闻|札记)$|(?:讲话|主持|出席|致辞|作报告)$"
)


def read_headline(blocks: Sequence[Block]) -> Headline:
    """Which of the lines of a headline is the main one.

    The one that Markdown marks as the highest; without marks, the line below a short subject line, the one just above ——…,
    the middle one of three, else the first.
    What stands above it is the kicker, what stands below it or begins with —— is the subtitle.
    """
    blocks = join_wrapped(blocks)
    lines = [block for block in blocks if block.role == "display"]
    if not lines:
        return Headline(subtitle=_joined([block for block in blocks if block.role == "subtitle"]))
    marked = [block for block in lines if block.level]
    if all(block.scale for block in lines):
        main = max(lines, key=lambda block: (round(block.scale, 1), -block.start))
    elif marked:
        main = min(marked, key=lambda block: (block.level, block.start))
    elif len(lines) > 1 and (
        is_kicker(lines[0].text, lines[1].text)
        or _has_own_subtitle(lines[1], blocks)
        or len(lines) == HEAD_LINES
    ):
        main = lines[1]
    else:
        main = lines[0]
    at = blocks.index(main)
    return Headline(
        title=main.text,
        kicker=_joined(blocks[:at]),
        subtitle=_joined(blocks[at + 1 :]),
    )


def _has_own_subtitle(line: Block, blocks: Sequence[Block]) -> bool:
    """Whether ——… stands just below a line: a subtitle belongs to the main headline."""
    at = blocks.index(line)
    return at + 1 < len(blocks) and blocks[at + 1].role == "subtitle"


def join_wrapped(blocks: Sequence[Block]) -> list[Block]:
    """The lines of a headline, where …关于印发 and 《…》的通知 are one that ran over two lines."""
    joined: list[Block] = []
    for block in blocks:
        above = joined[-1] if joined else None
        if (
            above
            and above.role == block.role == "display"
            and above.level == block.level
            and OFFICIAL_HALF_RE.search(above.text)
            and OFFICIAL_TITLE_RE.search(block.text)
        ):
            joined[-1] = replace(above, text=above.text + block.text)
        else:
            joined.append(block)
    return joined


def is_kicker(one: str, other: str) -> bool:
    """Whether the upper of two lines without marks is the kicker above the headline, rather than the headline.

    Mostly it is: of 40 such pairs of the seeds and of pages written like them 27 are. A subtitle is a number in brackets, says
    what was done at a meeting or what kind of piece this is, or explains a headline and so is longer by far.

    >>> is_kicker("市总工会", "充分发挥职能作用"), is_kicker("聚焦审批 回应期盼", "一张桌子坐下来 一枚印章管到底")
    (True, True)
    >>> is_kicker("全市停车场改造推进会昨天在城东召开", "把车位还给邻居"), is_kicker("听证会公告", "（第1号）")
    (True, False)
    >>> is_kicker("小切口里做大文章", "市消费者协会暂停超期电梯，抽检合格率持续改善")
    False
    """
    if OFFICE_RE.search(one):
        return True
    if SUBTITLE_FORM_RE.search(other):
        return False
    explains = re.search("[，,]", other) is not None or len(one) > SHORT_KICKER
    return not (explains and len(other) >= len(one) + EXPLAINING)


def _joined(blocks: Sequence[Block]) -> str | None:
    return " ".join(block.text for block in blocks) or None


# --- people, dateline, date ----------------------------------------------------------------------


def _authors(draft: Draft) -> tuple[Credit, ...]:
    """Everyone credited, once; where somebody is named twice, the office that is printed first stays."""
    found: dict[str, Credit] = {}
    for credit in _credits(draft.chain):
        earlier = found.get(credit.name)
        if earlier is None or (earlier.role is None and credit.role):
            found[credit.name] = credit
    return tuple(found.values())


def _credits(chain: Sequence[Block]) -> list[Credit]:
    found: list[Credit] = []
    for block in chain:
        match block.role:
            case "byline":
                found += read_signature(block.text)
            case "source_line":
                found += read_author_field(block.text)
            case "photo_credit" | "caption":
                found += read_photo(block.text)
            case "body":
                if opener := read_opener(block.text):
                    found += opener.credits
                if closing := read_closing(block.text):
                    found += closing.credits
    return found


def _dateline(draft: Draft) -> Dateline | None:
    for block in draft.chain:
        if (
            block.role in ("body", "byline")
            and (opener := read_opener(block.text))
            and opener.dateline
        ):
            return opener.dateline
    for block in reversed(draft.chain):
        if (
            block.role in ("body", "closer")
            and (closing := read_closing(block.text))
            and closing.dateline
        ):
            return closing.dateline
    return None


def whole_page_agency(blocks: Sequence[Block]) -> Dateline | None:
    """The agency of a closing line that speaks for all stories of a page: （均据新华社）."""
    for block in blocks:
        if block.role == "closer" and (closing := read_closing(block.text)) and closing.whole_page:
            return closing.dateline
    return None


def _date(draft: Draft, page: Masthead) -> tuple[str | None, Evidence | None]:
    """The day of issue; for a signed notice of an unknown issue, the day it was signed."""
    value = page.issue_date.value
    if isinstance(value, str):
        inferred = page.issue_date.status == "inferred"
        return value, Evidence("inferred", page.issue_date.evidence) if inferred else None
    for block in reversed(draft.chain):
        if block.role == "signature":
            for day, words in dates_in(block.text):
                return day, Evidence("stated", f"落款 {words}")
    return None, None


# --- wholeness, script, topics -------------------------------------------------------------------


def _complete(draft: Draft) -> Complete:
    texts = [block for block in draft.chain if block.role in ("body", "list", "table", "verse")]
    pointers = [block.text for block in draft.chain if block.role == "pointer"]
    start = any("接" in text for text in pointers) or _begins_inside(draft, texts)
    last = draft.chain[-1] if draft.chain else None
    closed = last is not None and (
        last.role in ("signature", "closing_note", "closer", "contact", "verse")
        or ATTACHMENT_RE.match(last.text) is not None
    )
    end = (
        any(re.search("[转轉]", text) for text in pointers)
        or not texts
        or (not closed and is_open(AGENCY_END_RE.sub("", texts[-1].text)))
    )
    if draft.headline and not texts and any(b.role == "caption" for b in draft.chain):
        end = False  # a picture and its caption are a whole
    if start and end:
        return "both-missing"
    if start:
        return "start-missing"
    if end:
        return "end-missing"
    return "gap" if draft.gaps else "whole"


def _begins_inside(draft: Draft, texts: Sequence[Block]) -> bool:
    """Whether the first text is not where the story begins: it is the end of a sentence, or nothing above it says that a story
    begins, and it does not itself.
    """
    if not texts:
        return False
    first = texts[0].text
    if draft.headline:
        return MID_SENTENCE_RE.match(first) is not None
    begins = read_opener(first) is not None or STORY_BEGIN_RE.match(first) is not None
    return texts[0].begins_inside or not (begins or _signed(draft))


def _signed(draft: Draft) -> bool:
    return any(block.role in ("byline", "signature") for block in draft.chain)


def find_topics(headline: Headline, body: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """The topics whose keywords weigh enough, the heaviest first; the headline weighs more than the text.

    >>> find_topics(Headline("工会送清凉"), "", [Topic("工会工作", keywords=("工会",))])
    ('工会工作',)
    >>> find_topics(Headline("工会送清凉"), "", [Topic("工會工作", keywords=("工會",))])
    ('工會工作',)
    """
    title = simplify(" ".join(filter(None, (headline.kicker, headline.title, headline.subtitle))))
    text = simplify(body)
    weights = []
    for order, topic in enumerate(topics):
        weight = sum(
            HEADLINE_WEIGHT * title.count(word) + text.count(word)
            for word in map(simplify, topic.keywords or (topic.name,))
        )
        if weight >= TOPIC_WEIGHT:
            weights.append((-weight, order, topic.name))
    return tuple(name for _, _, name in sorted(weights)[:MOST_TOPICS])


# --- doubts --------------------------------------------------------------------------------------


def _doubts(draft: Draft, article: Article) -> list[Doubt]:
    """What a person should look at, each with its place."""
    doubts = []

    def doubt(reason: str, block: Block, says: str) -> None:
        doubts.append(Doubt(reason, *block.span, says, article.id))

    first = draft.blocks[0]
    if article.title is None:
        doubt("no-headline", first, "版面上没有找到这篇文字的标题")
    if not any(block.role in ("body", "list", "table", "caption") for block in draft.chain):
        doubt("no-text", first, "只有标题，没有找到正文")
    for at in sorted(draft.gaps):
        doubt("gap", draft.chain[at], "此处之前缺字，与上文不相接")
    if article.complete in ("start-missing", "both-missing"):
        doubt("start-missing", first, "开头不在本版")
    if article.complete in ("end-missing", "both-missing"):
        doubt("end-missing", draft.blocks[-1], "结尾不在本版")
    heads = [block for block in draft.headline if block.role == "display"]
    texts = [block for block in draft.chain if block.role == "body"]
    if heads and texts and heads[-1].start > texts[-1].start:
        doubt("headline-pairing", heads[-1], "标题排在正文之后，按内容配对")
    for block in draft.chain:
        for slip in LATIN_SLIP_RE.finditer(block.text):
            doubt("latin-slip", block, f"汉字之间的“{slip[0].strip()}”可能是识别错误")
    return doubts
