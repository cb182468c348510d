"""Links: how much speaks for one block following another in an article.

A weight is in rough log-odds; what is not worth more than nothing is no link. `weights` holds every number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from jianbao.convert.blocks import Block
from jianbao.convert.chain import FAR, NEAR, Chain
from jianbao.convert.credits import is_bracketed_name
from jianbao.convert.forms import OFFICE_RE
from jianbao.convert.headings import headline_evidence
from jianbao.convert.lines import MID_SENTENCE_RE
from jianbao.convert.weights import FAR_ODDS, WEIGHTS, Weights, log_odds, width_odds

# A headline claims a text from this difference on: neighbours of one article stay below it.
CLAIM = 0.4
HEADLINE_EVIDENCE = 1.5  # from here on a display is taken for a headline while others are weighed
BROKEN_PLACE = 1.0
STATED = 99.0  # what the file says itself, no measure outweighs
# Characters of the longest subject line above a headline, unless it names an office.
SUBJECT_LENGTH = 12


# Neighbours whose link hardly depends on their words: role above, role below → weight.
FIXED: dict[tuple[str, str], float] = {
    ("headline", "subtitle"): 9.0,
    ("headline", "pointer"): 6.0,
    ("credit", "pointer"): 6.0,
    ("credit", "credit"): 6.0,
    ("credit", "text"): 4.0,
    ("heading", "display"): 4.0,
    ("heading", "heading"): 4.0,
    ("heading", "text"): 6.0,
    ("text", "closer"): 6.0,
    ("closer", "closing_note"): 4.0,
}


def weigh_links(chain: Chain, weights: Weights = WEIGHTS) -> dict[int, dict[int, float]]:
    """From → to → weight of every link worth taking."""
    links: dict[int, dict[int, float]] = {index: {} for index in range(len(chain))}
    scale = _Scale(chain, weights)
    for one, other, weight in scale.candidates():
        weight += scale.by_place(one, other)
        if weight > 0 and one != other:
            links[one][other] = max(weight, links[one].get(other, 0.0))
    return links


Candidate = tuple[int, int, float]


class _Scale:
    """Weighs the links of one page."""

    def __init__(self, chain: Chain, weights: Weights) -> None:
        self.chain, self.w = chain, weights
        self.evidence = headline_evidence(chain, weights)
        self.habit = self._headline_habit()
        self.cuts = set(self._cuts_between_datelines())

    def candidates(self) -> Iterator[Candidate]:
        for index in range(len(self.chain)):
            if self.chain.blocks[index].story:
                yield from self._in_story(index)
                continue
            yield from self._to_next(index)
            if self.chain.is_headline(index) or self._is_byline_of_headline(index):
                yield from self._headline_to_text(index)
            if self.chain.is_credit(index) and self.chain.is_headline(index - 1):
                yield from self._headline_to_text_above(index)
            if self.chain.is_text(index):
                yield from self._text_to_text(index)

    def _in_story(self, index: int) -> Iterator[Candidate]:
        """From a block to the next one of its story, where the file itself says which it is of."""
        blocks, after = self.chain.blocks, index + 1
        if after < len(blocks) and blocks[after].story == blocks[index].story:
            yield index, after, STATED

    def by_place(self, one: int, other: int) -> float:
        """What the layout of the page says of a link, where it is known."""
        here, there = self.chain.blocks[one].zone, self.chain.blocks[other].zone
        if here is None or there is None:
            return 0.0
        if here == there:
            return self.w.same_zone * (other == one + 1)
        return self.w.other_zone if self.chain.has_head(other) else self.w.no_head

    # --- neighbours ---

    def _to_next(self, index: int) -> Iterator[Candidate]:
        """From a block to the one just below."""
        chain, after = self.chain, index + 1
        if after == len(chain):
            return
        one, other = chain.blocks[index], chain.blocks[after]
        fixed = FIXED.get((_kind(one), _kind(other, exact=True))) or FIXED.get(
            (_kind(one), _kind(other))
        )
        match _kind(one), other.role:
            case "headline", "display":
                yield index, after, self._headline_lines(index)
            case "headline", ("byline" | "source_line"):
                fits = self.w.fits_below * self._fit(index, after)
                yield index, after, self.w.credit_below + fits
            case "credit", ("display" | "subtitle") if chain.is_headline(index - 1):
                yield index, after, 3.0 if other.role == "subtitle" else 1.0
            case "credit", "display" if one.role == "source_line":
                yield index, after, 6.0
            case "pointer", _ if chain.is_continued(index):
                yield index, after, 7.0
            case "text", "pointer" if not chain.is_continued(after):
                yield index, after, 7.0
            case "text", "display" if chain.closes[index] and not chain.is_saved_page:
                return
            case "text", "display" if one.role == "signature" and not chain.is_saved_page:
                return
            case "text", "heading" if (
                chain.closes[index] or chain.opens[after] or one.role == "signature"
            ):
                return
            case "credit", "byline" if self._is_name_below(index):
                return
            case "credit", _ if chain.is_signed(index):
                return
            case "credit", _ if chain.is_text(after) and self._is_name_below(index):
                yield index, after, self.w.name_below
            case "credit", _ if chain.is_text(after) and chain.is_text(index - 1):
                yield index, after, self._credit_between(index)
            case "credit", _ if chain.is_text(after) and chain.starts_inside[after]:
                torn = self.w.indent * max(0.0, other.inside)
                yield index, after, FIXED["credit", "text"] + self.w.starts_inside - torn
            case (("text" | "headline" | "credit" | "pointer"), "heading"):
                yield (
                    index,
                    after,
                    5.0 + 0.5 * log_odds(chain.cohesion(*chain.texts_around(after)), FAR_ODDS),
                )
            case "text", "display" if chain.is_saved_page:
                yield index, after, 0.0 if self._is_above_source(after) else self.w.heading_on_web
            case "text", "display":
                prior = self.w.heading_marked if other.level else self.w.heading_plain
                yield index, after, prior - self.evidence[after]
            case "text", "byline":
                # A name below its text, where no other text begins.
                below = not chain.is_text(after + 1) or self._is_name_below(after)
                yield index, after, 1.5 if below else 0.2
            case _ if fixed and not (
                _kind(other) == "text" and chain.opens[after] and _kind(one) == "heading"
            ):
                yield index, after, fixed

    def _headline_lines(self, index: int) -> float:
        """Whether two headline lines one above the other are of one article: kicker, headline, subtitle."""
        one, other, w = self.chain.blocks[index], self.chain.blocks[index + 1], self.w
        if one.level and other.level:
            if one.level != other.level:
                return 4.0
            named = len(one.text) <= SUBJECT_LENGTH or OFFICE_RE.search(one.text) is not None
            return w.same_level if named else w.same_level_long
        if one.level or other.level:
            return 4.5
        if self.chain.is_saved_page:
            return 4.0
        if one.display and other.display and not other.gap:
            return self.w.line_close
        short = len(one.text) <= SUBJECT_LENGTH and len(other.text) > len(one.text) + 2
        if short or OFFICE_RE.search(one.text):
            return self.w.subject_line
        third = self.chain.role(index + 2) == "display"
        return (
            self.w.line_above
            if third or len(one.text) > len(other.text)
            else self.w.line_above + 0.7
        )

    def _is_name_below(self, index: int) -> bool:
        """Whether a name ends the text above it: it stands in brackets, or the text below has an opener of its own."""
        chain = self.chain
        bracketed = is_bracketed_name(chain.blocks[index].text)
        return chain.is_text(index - 1) and (bracketed or chain.opens[index + 1])

    def _is_byline_of_headline(self, index: int) -> bool:
        """Whether a byline ends a headline, so that the text may begin above the two."""
        return self.chain.role(index) == "byline" and self.chain.is_headline(index - 1)

    def _credit_between(self, index: int) -> float:
        """From a byline between two texts to the lower one. Where headlines stand above, it may as well end the upper one;
        and nobody is named in the middle of a sentence.
        """
        chain, w = self.chain, self.w
        if chain.breaks_off[index - 1] or chain.starts_inside[index + 1]:
            return w.credit_in_sentence
        return w.credit_between - w.name_above * chain.is_marked

    def _is_above_source(self, index: int) -> bool:
        """Whether a display belongs to a headline above another source line of a saved page."""
        while self.chain.is_headline(index):
            index += 1
        return self.chain.role(index) == "source_line"

    # --- headlines ---

    def _headline_to_text(self, index: int) -> Iterator[Candidate]:
        """From the last line of a headline to the beginning of its text, below it or above it."""
        chain, w, after = self.chain, self.w, index + 1
        if chain.is_text(after) or chain.role(after) == "heading":
            fits = self._fit(index, after)
            weight = w.text_below + w.fits_below * fits
            weight += w.begins * (chain.is_text(after) and chain.opens[after])
            weight += w.starts_inside * chain.starts_inside[after]
            weight += w.item_below * chain.is_item_of_list(after)
            weight -= w.indent * max(0.0, chain.blocks[after].inside)
            yield index, after, weight
        yield from self._headline_to_text_above(index)

    def _headline_to_text_above(self, index: int) -> Iterator[Candidate]:
        """From the last line of a headline, or the byline below it, to where its text begins above it."""
        chain, w = self.chain, self.w
        headline = index - chain.is_credit(index)
        for first in self._starts_above(headline):
            begins = not chain.is_text(first) or chain.opens[first] or chain.is_orphan(first)
            weight = w.text_above + w.fits_above * self._fit(headline, first)
            yield index, first, weight + w.begins_above * begins + self.habit

    def _fit(self, headline: int, first: int) -> float:
        """How much of a headline's words the text uses that begins at `first`; the best of its lines."""
        run = self.chain.run_from(first)
        head = self.chain.head_of(headline)
        return max(self.chain.affinity(at, run) for at in range(head, headline + 1))

    def _starts_above(self, index: int) -> Iterator[int]:
        """Where the text above a headline may begin, the nearest first.

        The search ends at an opener, a byline, a pointer, another headline, behind a closing line, at the top of the page. On the
        way a story may begin wherever the wording changes.
        """
        chain = self.chain
        bottom = chain.head_of(index) - 1
        bottom -= chain.is_credit(bottom) and chain.is_text(bottom - 1)  # the name below a text
        at = bottom
        while at >= 0:
            if chain.is_credit(at) or chain.role(at) == "pointer":
                if at < bottom:
                    ends = chain.role(at) == "pointer" and not chain.is_continued(at)
                    yield at + ends
                return
            if chain.opens[at] or (chain.is_text(at) and at == 0):
                yield at
                return
            if (
                chain.role(at) in ("closer", "signature")
                and at < bottom
                and not chain.is_text(at + 1)
            ):
                yield at + 1
                return
            if self._is_head(at):
                if at < bottom and chain.is_text(at + 1):
                    yield at + 1
                return
            above = at - 1
            if chain.is_text(at) and chain.is_text(above):
                if chain.closes[above]:
                    yield at
                    return
                if chain.is_weak(above) or (
                    chain.breaks_off[above] and not chain.starts_inside[at]
                ):
                    yield at
            at -= 1

    def _headline_habit(self) -> float:
        """How much likelier a headline stands below its text than above it on this page.

        Text layers of PDFs come in the order of drawing, which a page keeps for most of its stories: each headline that
        shares clearly more of its words with the text above or below it has a vote.
        """
        votes = [0, 0]
        for index in range(len(self.chain)):
            if not self.chain.is_headline(index) or self.chain.is_headline(index + 1):
                continue
            above = max((self._fit(index, at) for at in self._starts_above(index)), default=0.0)
            below = self._fit(index, index + 1)
            if abs(above - below) >= self.w.sure_fit:
                votes[above > below] += 1
        return self.w.habit * math.log((votes[1] + 1) / (votes[0] + 1))

    def _is_head(self, index: int) -> bool:
        """Whether a line is taken for one of a headline while others are weighed; a subtitle says so by itself."""
        role = self.chain.role(index)
        return role == "subtitle" or (
            role == "display" and self.evidence[index] > HEADLINE_EVIDENCE
        )

    # --- texts ---

    def _cuts_between_datelines(self) -> Iterator[int]:
        """Texts behind which a story ends: where one begins with a dateline and ends with another, it is two. The place is
        the weakest between the two."""
        for end in range(len(self.chain)):
            if self.chain.role(end) != "closer":
                continue
            start = end - 1
            while start > 0 and self.chain.is_text(start) and not self.chain.opens[start]:
                start -= 1
            between = range(start, end - 1)
            if self.chain.is_text(start) and self.chain.opens[start] and between:
                yield min(between, key=self._firmness)

    def _firmness(self, index: int) -> tuple[float, int]:
        """How firmly a text holds to the next; a column that breaks off in a sentence is the likelier place of a change."""
        held = self._hangs_together(index, index + 1, NEAR)
        return (held - BROKEN_PLACE * self.chain.breaks_off[index], index)

    def _text_to_text(self, index: int) -> Iterator[Candidate]:
        """From a text to where it may go on: the next text, the one below a headline, or, broken off, anywhere near."""
        chain, w = self.chain, self.w
        below = chain.texts_below(index)
        if below and below[0] == index + 1:
            weight = w.neighbour + w.on_saved_page * chain.is_saved_page
            weight += self._goes_on(index, index + 1) - self._pull(index + 1)
            weight += w.same_group * chain.is_same_group(index)
            weight += w.two_datelines * (index in self.cuts) + w.parted * chain.parted[index]
            yield index, index + 1, weight
            below = below[1:]
        elif below:
            between = chain.blocks[index + 1 : below[0]]
            if not any(block.role in ("byline", "source_line", "closer") for block in between):
                yield index, below[0], w.below_headline + self._goes_on(index, below[0])
            below = below[1:]
        if chain.breaks_off[index]:
            for at in (*below, *chain.texts_of_earlier_runs(index)):
                weight = self._goes_on(index, at, FAR) + self._pull(at) + self._headless(at)
                yield index, at, weight + self._displacement(at)
            return
        for at in [at for at in below if chain.goes_on_counting(index, at)][:1]:
            yield index, at, w.counting_far + self._goes_on(index, at)
        if index + 1 < len(chain) and (not chain.is_text(index + 1) or chain.opens[index + 1]):
            # The end of a column: the story may go on at the top of another, below somebody else's headline.
            for at in (*below, *chain.texts_of_earlier_runs(index)):
                orphan = chain.is_orphan(at)
                if orphan or not chain.is_text(at - 1) or chain.breaks_off[at - 1]:
                    weight = w.end_of_column + w.orphan_paragraph * orphan + self._headless(at)
                    yield index, at, weight + self._goes_on(index, at, FAR)

    def _goes_on(self, one: int, other: int, reach: int = NEAR) -> float:
        """How well text `other` goes on from text `one`, wherever they stand."""
        chain, w = self.chain, self.w
        first, second = chain.role(one), chain.role(other)
        if chain.opens[other]:
            return -9.0
        if chain.closes[one] and second != "closing_note":
            return -6.0
        if second == "table" and (first == "table" or chain.breaks_off[one]):
            return self.w.next_row if first == "table" else -6.0
        weight = self._hangs_together(one, other, reach) + self.w.width * width_odds(
            self.chain, one, other
        )
        if chain.goes_on_counting(one, other):
            weight += w.counting
        elif chain.breaks_off[one]:
            goes_on = not chain.is_item(other) and chain.counts_on(one, other)
            weight += w.counts_on * goes_on
            weight += w.torn_quotation * chain.is_torn_quotation(one, other)
            weight += w.item_after_break if chain.is_item(other) else w.broken_off
            weight += w.tail * chain.starts_inside[other] + w.indent * chain.blocks[other].inside
            weight += chain.seam_odds(one, other)
        elif chain.starts_inside[other]:
            weight += w.cut_off * (MID_SENTENCE_RE.match(chain.blocks[other].text) is not None)
            weight += w.whole_to_tail - w.indent * max(0.0, chain.blocks[other].inside)
        if first == "signature" and second not in ("signature", "contact"):
            weight += w.after_signature
        return weight + w.end_matter * (second in ("signature", "contact", "closing_note"))

    def _hangs_together(self, one: int, other: int, reach: int) -> float:
        """The wording around the end of one text and the beginning of another, as log-odds."""
        chain = self.chain
        around = chain.cohesion(chain.window_before(one, reach), chain.window_after(other, reach))
        if reach == NEAR:
            return log_odds(around)
        left = chain.window_before(one, reach, inside=True)
        right = chain.window_after(other, reach, inside=True)
        return log_odds(max(around, chain.cohesion(left, right)), FAR_ODDS)

    def _pull(self, other: int) -> float:
        """How much a headline elsewhere draws a text away from the one above it."""
        return self.w.pull * max(0.0, self.chain.claim(other) - CLAIM)

    def _headless(self, index: int) -> float:
        """What a text that ends somebody's story with a dateline, and surely not that of the text above, is drawn to a head by."""
        return self.w.headless * (index - 1 in self.cuts)

    def _displacement(self, index: int) -> float:
        """What it costs to believe that a column begins at a text: little where the block above is no text, breaks off or
        ends a story, more where the wording only changes, most in the middle of a story."""
        chain, w, above = self.chain, self.w, index - 1
        ended = not chain.is_text(above) or chain.breaks_off[above] or chain.closes[above]
        ended = ended or chain.parted[above]
        if ended or chain.starts_inside[index]:
            return w.column_top + w.orphan * chain.is_orphan(index)
        return w.weak_place if chain.is_weak(above) else w.inside_story


def _kind(block: Block, *, exact: bool = False) -> str:
    """The role of a block as `FIXED` names it."""
    if exact and block.role in ("subtitle", "display", "closing_note"):
        return block.role
    for kind, roles in KINDS.items():
        if block.role in roles:
            return kind
    return block.role


KINDS: Mapping[str, Sequence[str]] = {
    "headline": ("display", "subtitle"),
    "credit": ("byline", "source_line"),
    "text": ("body", "list", "table", "contact", "signature", "closing_note", "verse"),
}
