"""The stories of a saved page: which of its lines they are, and what each of the others is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from jianbao.convert.credits import is_byline
from jianbao.convert.forms import (
    DATED_RE,
    FOOTER_RE,
    RELATED_RE,
    SOURCE_LINE_RE,
    SUBTITLE_RE,
    is_column_name,
)
from jianbao.convert.html_lines import HtmlLine, HtmlPage
from jianbao.convert.html_survey import (
    ABOVE_NAME_RE,
    CAPTION_NAME_RE,
    HEADING_LENGTH,
    PICTURE_NAME_RE,
    Survey,
)
from jianbao.convert.html_words import (
    EDITION_DAY_RE,
    EDITION_RE,
    LINKED,
    PAGE_NUMBER_RE,
    SHORT,
    SPEAKER_RE,
    TALK_RE,
    TODAY_RE,
    ends_phrase,
    is_crumbs,
    is_masthead,
    is_source,
    source_role,
)
from jianbao.convert.lines import is_open
from jianbao.convert.script import simplify

# Lines above a headline that may be its kicker, or its source line.
ABOVE = 2
SOURCE_REACH = 8
# A stanza has this many lines and more, each of at most so many characters.
STANZA_LINES = 3
VERSE_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line is for: a story (its number, 0: none), a heading of a level, a role."""

    story: int = 0
    level: int = 0
    role: str | None = None


@dataclass
class Judge:
    """Tells what the lines of one page are for."""

    survey: Survey

    @property
    def lines(self) -> Sequence[HtmlLine]:
        return self.survey.lines

    def judge(self) -> list[Verdict]:
        """What each line of the page is for."""
        element, parts = self.survey.find_stories()
        if element is None:
            return [self._outside(at, set()) for at in range(len(self.lines))]
        if parts:
            ranges = [
                sorted(at for one in part for at in self.survey.inside(one.index)) for part in parts
            ]
        else:
            ranges = self.survey.split_flat(self.survey.inside(element.index))
        return self._verdicts(ranges, single=len(ranges) == 1)

    def _verdicts(self, ranges: Sequence[Sequence[int]], *, single: bool) -> list[Verdict]:
        verdicts: dict[int, Verdict] = {}
        for number, members in enumerate(ranges, start=1):
            verdicts |= self._story(members, number, single=single)
        dated = {
            one.story for at, one in verdicts.items() if DATED_RE.search(self.lines[at].text)
            and (one.role == "source_line" or SOURCE_LINE_RE.search(self.lines[at].text))
        }  # fmt: skip
        return [verdicts.get(at) or self._outside(at, dated) for at in range(len(self.lines))]

    @cached_property
    def is_edition(self) -> bool:
        """Whether this is a page of a paper's e-edition: it tells the number of its page."""
        return any(PAGE_NUMBER_RE.search(line.text) for line in self.lines)

    def _outside(self, at: int, dated: set[int]) -> Verdict:
        """What a line outside of all stories is for."""
        text = self.lines[at].text
        if at in self.survey.talk:
            return Verdict(role="other")
        day = DATED_RE.search(text) is not None
        numbered = EDITION_RE.search(text) is not None and (day or re.search(r"\d\s*版", text))
        edition = numbered or (day and EDITION_DAY_RE.search(text) and self.is_edition)
        plain = self.lines[at].linked <= LINKED and not TODAY_RE.search(text) and len(text) < 80
        if edition and plain and not dated and not FOOTER_RE.search(text):
            return Verdict(role="page_header")
        return Verdict(role="nav")

    def _story(self, members: Sequence[int], number: int, *, single: bool) -> dict[int, Verdict]:
        """The lines of one story, with what each is for; `members` are those of its element."""
        texts = [at for at in members if self.survey.mass[at]]
        if not texts:
            return {}
        first = texts[0]
        title = self._title_of(members, first, single=single)
        start = min(first, title) if title is not None else first
        if title is None and not any(self.survey.prose[at] for at in members):
            return {}  # a list, a frame: nothing that could be a story
        if title is None:
            start = next(
                (at for at in members if at <= first and not self.survey.leads_away(at)), first
            )
        chosen: dict[int, Verdict] = {}
        if title is not None:
            chosen |= self._above(title, number, range(title) if single else members)
            level = 1 if single else self.lines[title].level or 2
            chosen[title] = Verdict(number, level, "display")
        end = max(members[-1], first)
        for at in self._kept(range(start, end + 1), set(members), title, first, texts[-1]):
            if at != title:
                chosen[at] = self._member(at, number, title, first)
        if single and not any(self._is_dated_source(at) for at in chosen):
            chosen |= self._source_below(end, number)
        return chosen

    def _title_of(self, members: Sequence[int], first: int, *, single: bool) -> int | None:
        if single:
            return self.survey.headline(first, first + 1 if not self.survey.prose[first] else first)
        above = [at for at in members if at < first and self.survey.is_heading(at)]
        return max(above, key=lambda at: (self.survey.title_score(at, first), -at), default=None)

    def _above(self, title: int, number: int, members: Sequence[int]) -> dict[int, Verdict]:
        """The kicker above a headline, and the source line where a page has it there."""
        chosen: dict[int, Verdict] = {}
        home = {one.index for one in self.survey.around(self.lines[title])[1:3] if one.tag not in ("body", "html")}  # fmt: skip
        at = title - 1
        while at in members and title - at <= SOURCE_REACH:
            line, around = self.lines[at], self.survey.around(self.lines[at])
            near = any(one.index in home for one in around[1:3])
            if at in self.survey.controls:
                at -= 1
                continue
            if self.survey.leads_away(at) or is_crumbs(line):
                break
            if (
                is_source(line)
                and not TODAY_RE.search(line.text)
                and not EDITION_DAY_RE.search(line.text)
            ):
                chosen[at] = Verdict(number, 0, source_role(line))
            elif is_masthead(line.text):
                break
            elif near and self._is_kicker(at, title):
                chosen[at] = Verdict(number, 0, "display")
            else:
                break
            at -= 1
        return chosen

    def _is_kicker(self, at: int, title: int) -> bool:
        line, around = self.lines[at], self.survey.around(self.lines[at])
        named = ABOVE_NAME_RE.search(around[0].names) is not None or bool(line.level)
        home = self.survey.around(self.lines[title])
        same = around[1:2] == home[1:2] or (around[1].tag == "tr" and around[2:3] == home[2:3])
        fits = 4 <= len(line.text) <= SHORT and is_open(line.text) and line.text[0] not in "（("
        fits = fits and not line.linked and title - at <= ABOVE
        return fits and not is_column_name(line.text) and (named or same)

    def _kept(
        self, span: Iterable[int], members: set[int], title: int | None, first: int, last: int
    ) -> list[int]:
        """The lines of a story between its headline and its end, without the lists and controls in between."""
        kept = []
        listing = False
        for at in span:
            line = self.lines[at]
            if (
                at > first
                and TALK_RE.match(line.text)
                and len(line.text) <= SHORT
                and not self.survey.mass[at]
            ):
                if at > last:
                    break
                continue
            if (
                RELATED_RE.match(line.text)
                and len(line.text) <= SHORT
                and at not in self.survey.frame
            ):
                listing = True
                continue
            plain = line.linked <= LINKED and not self.survey.is_aside(at)
            if listing and plain and (self.survey.prose[at] or self.lines[at - 1].linked > LINKED):
                listing = False
            if line.level and self.survey.heads_links(at):
                listing = True
            if self._is_dated_head(at, title, first) and not listing:
                kept.append(at)
                continue
            if listing or self.survey.leads_away(at) or self._is_stranger(at, title, first):
                continue
            if at < first or at in members:
                kept.append(at)
        return kept

    def _is_dated_head(self, at: int, title: int | None, first: int) -> bool:
        """Whether a line between headline and text tells the day, whatever else it says."""
        if title is None or not title < at < first or self.survey.mass[at] or self.lines[at].level:
            return False
        return DATED_RE.search(self.lines[at].text) is not None and at not in self.survey.frame

    def _is_stranger(self, at: int, title: int | None, first: int) -> bool:
        """Whether a short line between headline and text belongs to neither: who wrote in a forum, and his rank there."""
        if title is None or not title < at < first:
            return False
        line = self.lines[at]
        if (
            self.survey.mass[at]
            or is_source(line)
            or self.survey.is_titled(at)
            or is_byline(line.text)
        ):
            return False
        if SUBTITLE_RE.match(line.text) or self._is_caption(at) or len(line.text) > SHORT:
            return False
        home = self.survey.around(line)[1:2]
        return home not in (
            self.survey.around(self.lines[title])[1:2],
            self.survey.around(self.lines[first])[1:2],
        )

    def _member(self, at: int, number: int, title: int | None, first: int) -> Verdict:
        """What a line of a story is for."""
        line = self.lines[at]
        if line.row:
            return Verdict(number, 0, "table")
        if self._is_caption(at):
            return Verdict(number, 0, "caption")
        if self._is_dated_head(at, title, first):
            return Verdict(number, 0, source_role(line))
        head = title is not None and title < at <= first and not self.survey.mass[at]
        if (head or title is None) and is_source(line) and len(line.text) < 2 * SHORT:
            return Verdict(number, 0, source_role(line))
        if line.level and not self.survey.mass[at] and len(line.text) <= HEADING_LENGTH:
            dashed = SUBTITLE_RE.match(line.text) is not None
            return Verdict(number, max(2, line.level), None if dashed else "display")
        if at in self.verse:
            return Verdict(number, 0, "verse")
        if line.files and not self.survey.prose[at]:
            return Verdict(number, 0, "body")
        if self._is_bold_heading(at, first):
            return Verdict(number, 4, "display")
        return Verdict(number)

    @cached_property
    def verse(self) -> set[int]:
        """The lines of poems: several short ones in one paragraph, with a <br> between."""
        found: set[int] = set()
        group: list[int] = []
        for at, line in enumerate([*self.lines, None]):
            if line and group and line.broken and line.element == self.lines[group[0]].element:
                group.append(at)
                continue
            texts = [self.lines[one].text for one in group]
            if len(group) >= STANZA_LINES and max(map(len, texts)) <= VERSE_LENGTH:
                found |= set(group)
            group = [at]
        return found

    def _is_bold_heading(self, at: int, first: int) -> bool:
        """Whether a line of the text is a heading because all of it is bold, and the lines around it are not."""
        line = self.lines[at]
        if not line.bold or at <= first or len(line.text) > SHORT or ends_phrase(line.text):
            return False
        below = self.lines[at + 1] if at + 1 < len(self.lines) else None
        return below is not None and not below.bold and not is_source(line) and SUBTITLE_RE.match(line.text) is None  # fmt: skip

    def _is_caption(self, at: int) -> bool:
        line, around = self.lines[at], self.survey.around(self.lines[at])
        if any(one.tag == "figcaption" for one in around):
            return True
        if line.level or len(line.text) > 2 * SHORT:
            return False
        if any(CAPTION_NAME_RE.search(one.names) for one in around[:2]):
            return True
        if not line.pictured or line.bold:
            return False
        framed = PICTURE_NAME_RE.search(around[0].names) is not None
        return line.centred or (line.beside and (line.broken or framed))

    def _is_dated_source(self, at: int) -> bool:
        return DATED_RE.search(self.lines[at].text) is not None and is_source(self.lines[at])

    def _source_below(self, end: int, number: int) -> dict[int, Verdict]:
        """The source line of a page that has it below the text."""
        for at in range(end + 1, min(len(self.lines), end + 1 + SOURCE_REACH)):
            line = self.lines[at]
            told = self._is_dated_source(at) and not SPEAKER_RE.search(line.text)
            if told and not line.linked and not FOOTER_RE.search(line.text) and at not in self.survey.talk:  # fmt: skip
                return {at: Verdict(number, 0, source_role(line))}
        return {}


def judge_lines(page: HtmlPage, titles: Sequence[str]) -> list[Verdict]:
    """What each line of a page is for; `titles` are what the head of its file calls it."""
    # The forms of print are written in simplified characters.
    lines = [replace(line, text=simplify(line.text)) for line in page.lines]
    survey = Survey(HtmlPage(page.elements, lines), [simplify(title) for title in titles])
    return Judge(survey).judge()
