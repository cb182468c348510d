"""Weights: every number that segmentation weighs with, in rough log-odds, and the tables that turn measures into them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from jianbao.convert.chain import Chain

# Cohesion of the end of one text and the beginning of another as log-odds that the one goes on in the other, with two
# paragraphs on each side and with four. Measured on the five seeds, the nine demo pages and 300 generated ones: 3,270 pairs that
# go on, 16,100 of two articles; where real and generated pages differ, the real ones have it.
NEAR_ODDS = (
    (0.0, -2.0), (0.3, -1.4), (0.6, -0.8), (0.9, -0.2), (1.2, 0.5), (1.6, 1.0), (2.0, 1.7), (2.5, 2.3), (3.0, 2.7),
    (4.0, 3.6), (5.0, 4.2), (7.0, 5.2),
)  # fmt: skip
FAR_ODDS = (
    (0.0, -2.2), (0.3, -1.6), (0.6, -1.0), (0.9, -0.5), (1.2, 0.0), (1.6, 0.5), (2.0, 0.8), (2.5, 1.2), (3.0, 1.8),
    (4.0, 2.8), (5.0, 3.3), (7.0, 5.0),
)  # fmt: skip
# The columns of one story are of one width, those of two mostly not. Log-odds by how many lines show the width of both (1, 2,
# 3, 4 and more), each for a difference of 1, 2, 3 em and more. Measured on the text layers of the seeds, the demo and 40
# generated ones: with four lines and more, paragraphs of one story differ by 0 in 76 to 99 of 100, by 2 and more in none;
# of two stories by 0 in 4 to 10, by 2 and more in 70. What it says that they agree depends on how common the width is.
WIDTH_ODDS = ((0.0, -0.5, -1.0), (-0.3, -1.2, -2.0), (-0.4, -1.8, -2.5), (-0.5, -3.0, -3.5))
SAME_WIDTH_SHARES = (0.55, 0.86, 0.9, 0.9)


@dataclass(frozen=True, slots=True)
class Weights:
    """Every number that segmentation weighs with.

    Fitted on the seeds, the demo, eighteen pages written by others for it and generated ones; held against generated pages and four
    more that had no part in it.
    """

    # From a headline to a text.
    text_below: float = 2.0
    text_above: float = 0.5
    subject_line: float = 2.1
    same_level: float = 2.5  # two headlines marked alike, the upper one short
    same_level_long: float = 0.5
    line_close: float = 5.0  # no blank line between two lines of a column
    line_above: float = -0.5
    credit_below: float = 1.69
    credit_between: float = 4.0  # two texts, without a headline
    credit_in_sentence: float = 1.0
    name_above: float = 3.0  # on a page of marked headlines
    name_below: float = 1.0  # and a text with an opener below that
    fits_below: float = 5.86  # for the whole of its words
    fits_above: float = 5.0
    begins: float = 1.69  # the text below begins as stories do: opener
    begins_above: float = 2.3
    starts_inside: float = -0.75
    item_below: float = -4.0  # no story begins with an item of a list
    habit: float = 1.6
    sure_fit: float = 0.2
    # From text to text.
    neighbour: float = 3.75
    same_group: float = 4.0
    next_row: float = 3.0  # of a table
    parted: float = -1.5  # by page furniture
    torn_quotation: float = 3.0
    counts_on: float = 6.0
    orphan: float = 1.25
    orphan_paragraph: float = 1.25
    on_saved_page: float = 4.0  # which holds one story
    below_headline: float = 0.1  # the next text, with a headline in between
    broken_off: float = 2.4
    tail: float = 0.95  # and the other one starts inside a sentence
    whole_to_tail: float = -1.27
    cut_off: float = -2.0  # by a word that begins no sentence
    indent: float = 0.6  # of the other one's first line: none in the middle of a sentence
    item_after_break: float = -1.0
    counting: float = 6.25
    column_top: float = -2.35
    weak_place: float = -1.31
    inside_story: float = -4.5
    end_of_column: float = -3.12
    counting_far: float = -3.0
    two_datelines: float = -4.0
    headless: float = 1.12
    pull: float = 3.52
    width: float = 0.95  # of the column, the same or another
    after_signature: float = -4.0
    end_matter: float = 3.25
    # What the layout of a page says, where it is known.
    same_zone: float = 3.0  # below one headline, one after the other
    other_zone: float = -4.0
    no_head: float = -1.5  # into a zone that has no headline
    title_type: float = 4.0  # a line is set in type as large as a title's, or not
    # From text to a line set apart: a heading of the story, rather than a headline.
    heading_plain: float = 1.31
    heading_marked: float = 0.6
    heading_on_web: float = 9.0
    # What speaks for a headline.
    credit_follows: float = 4.0
    first_on_page: float = 1.91
    last_on_page: float = 1.88
    story_changes: float = 1.0
    width_changes: float = 0.42
    set_in_column: float = 1.38
    words_change: float = 0.76
    beside_headline: float = 1.8
    below_torn_text: float = 1.9
    below_story: float = 1.56
    above_torn_text: float = 1.19
    with_comma: float = -0.9
    after_closing: float = 2.0
    parallel: float = -3.0
    unmarked: float = -3.0
    marked: float = 0.3
    long: float = 0.8
    short: float = -0.56
    bold: float = -1.5
    alike: float = 0.9
    has_subtitle: float = 3.7


WEIGHTS = Weights()


def log_odds(cohesion: float, table: Sequence[tuple[float, float]] = NEAR_ODDS) -> float:
    """The weight of a cohesion, straight between the points of a table and level beyond its ends.

    >>> log_odds(0.0), log_odds(9.0), round(log_odds(0.3), 2)
    (-2.0, 5.2, -1.4)
    """
    if cohesion <= table[0][0]:
        return table[0][1]
    for (left, low), (right, high) in pairwise(table):
        if cohesion <= right:
            return low + (high - low) * (cohesion - left) / (right - left)
    return table[-1][1]


def width_odds(chain: Chain, one: int, other: int) -> float:
    """What the widths of their columns say about two texts being of one story; 0 where they are not known."""
    left, right = chain.blocks[one], chain.blocks[other]
    measured = min(left.measured, right.measured, len(WIDTH_ODDS)) - 1
    if measured < 0:
        return 0.0
    differs = min(abs(left.width - right.width), len(WIDTH_ODDS[0]))
    if differs:
        return WIDTH_ODDS[measured][differs - 1]
    common = chain.share_of_width(left.width)
    return max(0.0, math.log(SAME_WIDTH_SHARES[measured] / common))
