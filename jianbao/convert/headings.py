"""Headings: how much speaks for a line set apart being a headline, and against its being a heading inside a story.

Where Markdown marks levels, those speak; a text layer has lost its type sizes, and only what stands around a line is left.
"""

from __future__ import annotations

from collections import defaultdict

from jianbao.convert.chain import Chain, look
from jianbao.convert.weights import FAR_ODDS, Weights, log_odds, width_odds

LONG_HEADLINE = 18  # characters; section headings of the seeds have at most 15
SHORT_HEADING = 9  # of 20 headings in columns half are as short, of 100 headlines a fifth


def headline_evidence(chain: Chain, weights: Weights) -> list[float]:
    """For each block: how much speaks for a headline; 0 where it is no display.

    Newspapers set all headings of a kind alike, so a marked display is judged together with those that look the same.
    """
    displays = [at for at in range(len(chain)) if chain.role(at) == "display"]
    own = {at: _own_evidence(chain, weights, at) for at in displays}
    looks: dict[tuple[int, bool, bool], list[float]] = defaultdict(list)
    for at in displays:
        looks[look(chain.blocks[at])].append(own[at])
    evidence = [0.0] * len(chain)
    for at in displays:
        alike = looks[look(chain.blocks[at])]
        shared = weights.alike * sum(alike) / len(alike)
        evidence[at] = own[at] + shared * (not chain.blocks[at].measured)
    for at in reversed(displays):
        if chain.is_above_marked(at):
            evidence[at] = max(evidence[at : at + 2])
    return evidence


def _own_evidence(chain: Chain, w: Weights, index: int) -> float:
    block, after = chain.blocks[index], index + 1
    while chain.is_headline(after):
        after += 1
    if chain.is_credit(after) or (after < len(chain) and chain.opens[after]):
        return w.credit_follows
    before, behind = chain.texts_around(index)
    typed = 0.0
    if block.scale:
        typed = w.title_type if chain.is_in_head(index) else -w.title_type
    if not before:
        return w.first_on_page
    if not behind:
        return w.last_on_page
    score = typed + w.has_subtitle * (chain.role(after - 1) == "subtitle" and after - 1 > index)
    score += w.after_closing * (chain.closes[index - 1] or chain.role(index - 1) == "signature")
    score += w.parallel * chain.is_parallel(index)
    change = log_odds(chain.cohesion(before, behind), FAR_ODDS)
    if block.measured:
        change_of_width = width_odds(chain, before[0], behind[0])
        score -= w.words_change * change + w.width_changes * w.width * change_of_width
        return score + _evidence_in_column(chain, w, index)
    score += w.long * (len(block.text) >= LONG_HEADLINE) + w.bold * block.bold
    bare = not block.level and chain.is_marked and not chain.is_headline(index - 1)
    return score + w.unmarked * bare + w.marked * bool(block.level) - w.story_changes * change


def _evidence_in_column(chain: Chain, w: Weights, index: int) -> float:
    """What stands around a line of a column, whose type size is not known: a heading stands by itself between two paragraphs.

    The first weights are those of a logistic regression over 400 displays of the seeds, the demo, eight text layers written for it and
    80 generated ones.
    """
    text, above = chain.blocks[index].text, index - 1
    beside = chain.is_headline(above) or chain.is_headline(index + 1)
    torn_above = chain.is_text(above) and chain.breaks_off[above]
    torn_below = index + 1 < len(chain) and chain.starts_inside[index + 1]
    score = w.set_in_column + w.beside_headline * beside + w.with_comma * ("，" in text)
    score += w.below_torn_text * torn_above + w.above_torn_text * torn_below
    score += w.below_story * _has_opener_above(chain, index)
    return score + w.long * (len(text) >= LONG_HEADLINE) + w.short * (len(text) <= SHORT_HEADING)


def _has_opener_above(chain: Chain, index: int) -> bool:
    """Whether the text above a line is of a story that begins with an opener, with no headline in between."""
    at = index - 1
    while at >= 0 and (chain.is_text(at) or chain.role(at) == "heading"):
        if chain.opens[at]:
            return True
        at -= 1
    return False
