"""A survey of a saved page: its frame, its prose, its headline, and the elements that hold its stories.

Main text is told from navigation by how pages are built: prose has sentences and few links, a story stands in an element of its
own below the line that the page's title repeats, furniture stands in elements that say so. The names of elements only help, and
none is of one site.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from jianbao.convert.forms import (
    DAY_LINE_RE,
    FOOTER_RE,
    MENU_RE,
    NAV_RE,
    RELATED_RE,
    is_column_name,
)
from jianbao.convert.html_lines import Element, HtmlLine, HtmlPage
from jianbao.convert.html_words import (
    FRAME_WORD_RE,
    LINKED,
    NOTICE_RE,
    PROMPT_RE,
    PROSE_LENGTH,
    SHORT,
    SPEAKER_RE,
    TALK_RE,
    TITLE_CUT_RE,
    ends_phrase,
    fold,
    is_control,
    is_crumbs,
    is_masthead,
    is_site_name,
    is_source,
    prose_of,
)
from jianbao.convert.lines import is_open

# Elements, ARIA roles and words in the names of elements that mark the frame of a page.
FRAME_TAGS = frozenset(("nav", "aside", "footer", "menu", "select", "option", "button", "textarea", "label", "dialog"))  # fmt: skip
FRAME_PURPOSES = frozenset(
    (
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "menu",
        "menubar",
        "dialog",
        "alert",
        "toolbar",
    )
)
PARAGRAPHS = frozenset(("p", "li", "blockquote", "center", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "figcaption", "address"))  # fmt: skip
STORY_TAGS = frozenset(("article", "main"))
FRAME_NAME_RE = re.compile(
    r"""(?:^|[\s_-])(?:nav\w*|menus?|bread\w*|crumbs?|foot(?:er)?|copyright|side(?:bar)?|aside|relat\w*|recommend\w*|recom|hot\w*|rank\w*
      |share\w*|bdshare\w*|pager?|pagination|tool(?:s|bar)?|login|search\w*|ads?|advert\w*|banner|friend\w*|links?|tags?|qr\w*|popup
      |modal|toast|cookies?|weather|topbar|prev\w*|next\w*)(?:$|[\s_\d-])""",
    re.VERBOSE,
)
TALK_NAME_RE = re.compile(r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|pinglun|liuyan|discuss\w*|feedback)(?:$|[\s_\d-]|list|box|area)")  # fmt: skip
TITLE_NAME_RE = re.compile(r"(?:^|[\s_-])(?:\w*title\d?|headline|biaoti|zhengbiaoti|bt|tit|subject)(?:$|[\s_-])")  # fmt: skip
ABOVE_NAME_RE = re.compile(r"yinti|yin_?biaoti|kicker|shoulder|eyebrow|jianti|pre-?title|yt|sub-?title|sub|futi|fubiaoti|ft|second")  # fmt: skip
CAPTION_NAME_RE = re.compile(
    r"(?:^|[\s_-])(?:caption|captions|pic-?(?:desc|text|info|title|note)|img-?(?:desc|text|info|note)|photo-?(?:desc|info)|tushuo|figcaption)(?:$|[\s_-])"
)
PICTURE_NAME_RE = re.compile(
    r"(?:^|[\s_-])(?:photos?|pics?|pictures?|images?|imgs?|tupian|tu)(?:$|[\s_\d-]|box|wrap|con)"
)

# A headline has at most so many characters.
HEADING_LENGTH = 60
# No line of a frame is longer; forms of print are not asked of longer ones.
LONG = 200
# An element is entered in search of the story while it has so great a part of the prose.
MAIN_SHARE = 0.72
# So much of a page's prose is no frame, whatever the element is called.
NO_FRAME = 0.4
# The teaser of another story is one paragraph below a link, no longer than this.
TEASER = 160
TEASER_LINES = 5  # with its link, its day, its source
# From this score on a line is taken for the headline: an h5 near its text, or a line in large type.
SURE_TITLE = 15.0


@dataclass
class Survey:
    """What can be seen of the lines of one page. `titles` are what its head calls the story, or the page."""

    page: HtmlPage
    titles: Sequence[str] = ()
    lineages: dict[int, tuple[Element, ...]] = field(default_factory=dict)

    @property
    def lines(self) -> Sequence[HtmlLine]:
        return self.page.lines

    def around(self, line: HtmlLine) -> tuple[Element, ...]:
        """The element of a line and all around it, the innermost first."""
        if line.element not in self.lineages:
            self.lineages[line.element] = tuple(self.page.lineage(line.element))
        return self.lineages[line.element]

    @cached_property
    def prose(self) -> list[int]:
        """For each line how many characters of sentences it has."""
        return [prose_of(line) for line in self.lines]

    @cached_property
    def talk(self) -> set[int]:
        """The lines in elements that hold what readers said."""
        return {
            at
            for at, line in enumerate(self.lines)
            if any(TALK_NAME_RE.search(one.names) for one in self.around(line) if one.tag != "body")
        }

    @cached_property
    def frame(self) -> set[int]:
        """The lines that stand in an element of the page's frame."""
        total = Counter[int]()
        for line, prose in zip(self.lines, self.prose, strict=True):
            for one in self.around(line):
                total[one.index] += prose
        most = NO_FRAME * max(1, sum(self.prose))
        titled = {
            one.index
            for line in self.lines
            if self.repeats_title(line) >= 1 and not line.linked
            for one in self.around(line)
        }

        def is_frame(one: Element, inside_story: bool) -> bool:
            if one.tag in FRAME_TAGS or one.purpose in FRAME_PURPOSES:
                return total[one.index] <= most
            if one.tag == "header" and not inside_story:
                return total[one.index] <= most and one.index not in titled
            named = FRAME_NAME_RE.search(one.names) is not None and one.tag not in ("body", "html")
            return named and total[one.index] <= most and one.index not in titled

        found = set()
        for at, line in enumerate(self.lines):
            around = self.around(line)
            inside = any(one.tag in STORY_TAGS for one in around)
            if any(is_frame(one, inside) for one in around):
                found.add(at)
        return found

    @cached_property
    def controls(self) -> set[int]:
        return {at for at, line in enumerate(self.lines) if is_control(line.text)}

    @cached_property
    def teasers(self) -> set[int]:
        """Prose that is one paragraph below a link, twice and more in elements alike: the beginnings of other stories."""
        found: dict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
        for at in range(1, len(self.lines)):
            line, above = self.lines[at], self.lines[at - 1]
            home = self.page.elements[self.around(line)[0].parent]
            if (
                self.prose[at]
                and len(line.text) <= TEASER
                and above.linked > LINKED
                and at - 1 not in self.controls
                and len(self.held[home.index]) <= TEASER_LINES
                and at - 1 in self.held[home.index]
            ):
                found[home.tag, home.names, len(self.around(line))][home.index] = at
        return {at for group in found.values() if len(group) > 1 for at in group.values()}

    def is_aside(self, at: int) -> bool:
        """Whether a line surely belongs to no story."""
        return at in self.frame or at in self.controls or at in self.talk or at in self.teasers

    def repeats_title(self, line: HtmlLine) -> int:
        """How well a line says what the head of the file calls the page: 2 as its first words, 1 as some of them, 0 not."""
        text = fold(line.text)
        if len(text) < 4 or len(line.text) > 2 * HEADING_LENGTH:
            return 0
        best = 0
        for title in self.titles:
            cut = fold(title.rstrip(".… "))
            first = fold(TITLE_CUT_RE.split(title.strip(), maxsplit=1)[0].rstrip(".… "))
            if text == first or (len(text) >= 6 and cut.startswith(text)):
                return 2
            if (
                text in map(fold, TITLE_CUT_RE.split(title))
                or (len(text) >= 8 and text in cut)
                or (len(first) >= 8 and text.startswith(first))
            ):
                best = 1
        return best

    def title_score(self, at: int, first: int) -> float:
        """How much speaks for a line being the headline of the text that begins at `first`."""
        line, around = self.lines[at], self.around(self.lines[at])
        text = line.text
        if len(text) > 2 * HEADING_LENGTH or at in self.controls or is_crumbs(line):
            return -100.0
        repeats = 0 if is_site_name(text) else self.repeats_title(line)
        score = {2: 100.0, 1: 45.0, 0: 0.0}[repeats]
        score += (0, 40, 35, 28, 18, 12, 8)[line.level]
        score += 20 * any(TITLE_NAME_RE.search(one.names) for one in around[:2])
        score += 18 * (line.size >= 18) + 8 * line.bold + 8 * line.centred
        score -= 1.5 * abs(first - at)
        below = next((one for one in self.lines[at + 1 : at + 4] if not is_control(one.text)), None)
        score += 14 * (below is not None and is_source(below))
        score -= 60 * (line.linked > LINKED) + 35 * (at in self.frame or at in self.talk)
        score -= 70 * is_site_name(text) + 100 * (
            is_source(line) or DAY_LINE_RE.match(text) is not None
        )
        score -= 25 * text.endswith(("。", "；", "，", ":", "：")) + 30 * (len(text) < 4)
        score -= 40 * is_column_name(text) * (repeats < 2)
        score -= 30 * (RELATED_RE.match(text) is not None or TALK_RE.match(text) is not None)
        return score - 25 * (FRAME_WORD_RE.match(text) is not None)

    def headline(self, first: int, lowest: int) -> int | None:
        """The headline of the text that begins at line `first`; those up to `lowest` may be it, as a page has it below its source too."""
        scores = {at: self.title_score(at, first) for at in range(lowest)}
        best = max(scores, key=lambda at: (scores[at], at), default=None)
        return best if best is not None and scores[best] >= SURE_TITLE else None

    @cached_property
    def mass(self) -> list[int]:
        """Prose that may be of the story; where a page has next to none, whatever is no link."""
        mass = [0 if self.is_aside(at) else prose for at, prose in enumerate(self.prose)]
        if sum(mass) >= PROSE_LENGTH:
            return mass
        return [
            0 if self._says_nothing(at) else len(line.text) for at, line in enumerate(self.lines)
        ]

    def _says_nothing(self, at: int) -> bool:
        """Whether a line is surely no text of a story, be it as short as it may."""
        line = self.lines[at]
        frame = self.leads_away(at) or FOOTER_RE.search(line.text) is not None
        head = is_crumbs(line) or is_source(line) or is_masthead(line.text) or self.is_titled(at)
        return frame or head or line.linked > LINKED or self.repeats_title(line) > 0

    def find_stories(self) -> tuple[Element | None, list[list[Element]]]:
        """The smallest element that holds nearly all prose, and the elements of its stories, if they stand in such."""
        weights = Counter[int]()
        children: dict[int, dict[int, int]] = defaultdict(dict)
        for at, mass in enumerate(self.mass):
            if not mass:
                continue
            around = self.around(self.lines[at])
            for one, outer in pairwise(around):
                children[outer.index][one.index] = 0
            for one in around:
                weights[one.index] += mass
        if not weights:
            return None, []
        here = 0
        while inner := sorted(children[here], key=lambda index: (-weights[index], index)):
            alike = self._alike(inner, inner[0])
            if len(alike) > 1 and self._are_posts(alike):
                here = alike[0]
            elif len(alike) > 1 and self._are_stories(alike):
                return self.page.elements[here], [[self.page.elements[one]] for one in alike]
            elif len(self.split_flat(self.inside(here))) > 1:
                break
            elif weights[inner[0]] >= MAIN_SHARE * weights[here]:
                here = inner[0]
            else:
                break
        return self.page.elements[self._around_paragraph(here)], []

    def _around_paragraph(self, index: int) -> int:
        """The element that holds a paragraph and its neighbours, where the search has ended in the paragraph itself."""
        one = self.page.elements[index]
        alone = len(self.inside(index)) == 1 and one.parent >= 0
        beside = [other for other in self.page.elements if other.parent == one.parent and other.tag == one.tag]  # fmt: skip
        return one.parent if one.tag in PARAGRAPHS or (alone and len(beside) > 1) else index

    def _alike(self, indices: Iterable[int], model: int) -> list[int]:
        """Those that are built like one of them, in the order of the page."""
        one = self.page.elements[model]
        return sorted(
            index
            for index in indices
            if (other := self.page.elements[index]).tag == one.tag
            and re.sub(r"\d+", "", other.names).split()[:1]
            == re.sub(r"\d+", "", one.names).split()[:1]
        )

    @cached_property
    def held(self) -> dict[int, list[int]]:
        """For every element the lines in it."""
        held: dict[int, list[int]] = defaultdict(list)
        for at, line in enumerate(self.lines):
            for one in self.around(line):
                held[one.index].append(at)
        return held

    def inside(self, element: int) -> list[int]:
        """The lines in an element."""
        return self.held[element]

    def _are_posts(self, elements: Sequence[int]) -> bool:
        """Whether elements alike are the contributions of several people: each has its speaker and time, none a headline."""
        groups = [self.inside(one) for one in elements]
        return all(
            any(SPEAKER_RE.search(self.lines[at].text) for at in group) for group in groups[1:]
        ) and not any(self.is_titled(at) for group in groups[1:] for at in group)

    def _are_stories(self, elements: Sequence[int]) -> bool:
        """Whether elements alike are stories of their own, rather than sections of one: no headline above rules them."""
        groups = [self.inside(one) for one in elements]
        if elements and self.page.elements[elements[0]].tag in ("p", "td", "li", "tr", "span"):
            return False
        if not all(self._has_heading(group) for group in groups):
            return False
        above = [at for at in range(groups[0][0]) if not self.is_aside(at)]
        level = min((self.lines[at].level or 7 for group in groups for at in group), default=7)
        return not any(self._rules(at, level) for at in above)

    def _rules(self, at: int, level: int) -> bool:
        """Whether a line is the headline of all that stands below it, and none of the page's frame."""
        line = self.lines[at]
        if is_masthead(line.text) or is_crumbs(line) or line.linked > LINKED or is_source(line):
            return False
        if self.repeats_title(line) > 0 or 0 < line.level < level:
            return True
        set_apart = self.is_heading(at) and not line.level and not is_column_name(line.text)
        return set_apart and len(line.text) >= 2 * len("标题")

    def _has_heading(self, group: Sequence[int]) -> bool:
        """Whether lines begin with something set like a headline, and prose follows."""
        texts = [at for at in group if self.prose[at]]
        if not texts:
            return False
        above = [at for at in group if at < texts[0] and at not in self.controls]
        return any(self.is_heading(at) for at in above)

    def is_heading(self, at: int) -> bool:
        line = self.lines[at]
        if len(line.text) > HEADING_LENGTH or line.text.endswith("。") or is_source(line):
            return False
        return self.is_titled(at) or (line.bold and not ends_phrase(line.text)) or line.size >= 18

    def is_titled(self, at: int) -> bool:
        """Whether the file calls a line a heading, by its element or the element's name."""
        line = self.lines[at]
        return bool(line.level) or TITLE_NAME_RE.search(self.around(line)[0].names) is not None

    def split_flat(self, members: list[int]) -> list[list[int]]:
        """The lines of the main element as stories, where headlines of one kind stand in it one below the other."""
        heads = [
            at
            for at in members
            if self.is_titled(at)
            and not self.is_aside(at)
            and len(self.lines[at].text) <= HEADING_LENGTH
            and not is_masthead(self.lines[at].text)
            and RELATED_RE.match(self.lines[at].text) is None
            and not self.heads_links(at)
        ]
        if not heads:
            return [members]
        top = min(self.lines[at].level for at in heads)
        heads = [at for at in heads if self.lines[at].level == top]
        ends = [*heads[1:], members[-1] + 1]
        heads = [
            at for at, end in zip(heads, ends, strict=True) if any(self.mass[one] for one in members if at < one < end)
        ]  # fmt: skip
        ruled = any(
            self._rules(at, top) for at in range(heads[0] if heads else 0) if not self.is_aside(at)
        )
        named = any(self.repeats_title(self.lines[at]) for at in heads)
        if len(heads) < 2 or ruled or named:
            return [members]
        if any(self.mass[at] for at in members if at < heads[0]):
            return [members]
        starts = [members[0], *heads[1:]]
        return [
            [at for at in members if start <= at < end]
            for start, end in zip(starts, [*heads[1:], members[-1] + 1], strict=True)
        ]

    def heads_links(self, at: int) -> bool:
        """Whether a heading has no text below it, only several links or nothing."""
        links = 0
        for below in range(at + 1, len(self.lines)):
            if self.lines[below].linked > LINKED or self.is_aside(below):
                links += 1
            elif not self.lines[below].level:
                return links > 1
        return True

    def leads_away(self, at: int) -> bool:
        """Whether a line among those of a story is of the frame all the same."""
        line = self.lines[at]
        text = line.text
        if self.is_aside(at) or NOTICE_RE.search(text):
            return True
        if line.linked > LINKED and not (line.files or (self.prose[at] and text.endswith(("。", "！", "？", "”")))):  # fmt: skip
            return True
        if (self.prose[at] and len(text) > SHORT) or len(text) > LONG:
            return False
        prompts = (
            PROMPT_RE.search(text) is not None and is_open(text) and len(text) <= HEADING_LENGTH
        )
        return (
            prompts
            or FRAME_WORD_RE.match(text) is not None
            or (NAV_RE.search(text) is not None and not is_source(line))
            or MENU_RE.match(text) is not None
        )
