"""Markup: whether tags open and close as they should, so that a browser sees the page that was written.

What the standard lets a writer leave out (the end of a paragraph, of a list item, of a row) is no fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from jianbao.check.faults import Complaint


def _tags(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = _tags("area base br col embed hr img input link meta source track wbr")
FOREIGN = frozenset({"svg", "math"})  # in them a slash closes a tag
# Elements whose end may be left out.
OPTIONAL_END = _tags(
    "html head body p li dt dd option optgroup tr td th thead tbody tfoot caption colgroup rt rp"
)
# What ends an open paragraph by beginning.
BLOCKS = _tags(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hgroup hr main menu nav ol p pre search section table ul"
)
# What ends an open neighbour by beginning, and the elements beyond which it ends none.
NEIGHBOURS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "option": (frozenset({"option"}), frozenset({"select", "datalist"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr"})),
    "thead": (frozenset({"caption", "colgroup"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tr", "td", "th", "caption", "colgroup"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tr", "td", "th"}), frozenset({"table"})),
    "rt": (frozenset({"rt", "rp"}), frozenset({"ruby"})),
    "rp": (frozenset({"rt", "rp"}), frozenset({"ruby"})),
    "body": (frozenset({"head"}), frozenset({"html"})),
}  # fmt: skip
# No paragraph beyond these is ended by a block.
PARAGRAPH_SCOPE = frozenset({"button", "td", "th", "caption", "object", "html"})
PRESSED = frozenset({"a", "button"})  # one in another: nobody can tell which is meant
OBSOLETE = _tags(
    "acronym applet basefont big center dir font frame frameset marquee noframes strike tt"
)


class Open(NamedTuple):
    tag: str
    line: int


class Nesting:
    """The elements that are open while a page is read, and what is wrong with how they are."""

    def __init__(self) -> None:
        self.open: list[Open] = []
        self.complaints: list[Complaint] = []

    def start(self, tag: str, names: Iterable[str], line: int, *, slash: bool = False) -> None:
        """A tag opens; `names` are those of its attributes, `slash` says that it closes itself."""
        for name, times in Counter(names).items():
            if times > 1:
                self._complain(line, f"<{tag}> has {name}= {times} times", "Keep one.")
        if self.is_foreign() or tag in FOREIGN:
            if not slash:
                self.open.append(Open(tag, line))
            return
        if slash and tag not in VOID:
            self._complain(line, f"<{tag}/> is not closed by its slash", f"Write </{tag}>.")
        if tag in OBSOLETE:
            self._complain(line, f"<{tag}> is obsolete", "Say it in the style sheet.")
        self._end_neighbours(tag)
        if tag in PRESSED:
            self._look_for_pressed(tag, line)
        if tag not in VOID and not slash:
            self.open.append(Open(tag, line))

    def end(self, tag: str, line: int) -> None:
        if not any(one.tag == tag for one in self.open):
            hint = "A paragraph ends where a block begins in it." if tag == "p" else "Take it out."
            self._complain(line, f"</{tag}> closes nothing", hint)
            return
        while (last := self.open.pop()).tag != tag:
            self._tell_unclosed(last, f"before </{tag}> in line {line}")

    def finish(self) -> None:
        """The page is at its end."""
        while self.open:
            self._tell_unclosed(self.open.pop(), "at all")

    def is_foreign(self) -> bool:
        return any(one.tag in FOREIGN for one in self.open)

    def _end_neighbours(self, tag: str) -> None:
        ended, scope = NEIGHBOURS.get(tag, (frozenset[str](), frozenset[str]()))
        if tag in BLOCKS:
            ended, scope = frozenset({"p"}), PARAGRAPH_SCOPE
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at].tag in scope or not ended:
                return
            if self.open[at].tag in ended:
                for unclosed in self.open[at + 1 :]:
                    self._tell_unclosed(unclosed, f"before <{tag}>")
                del self.open[at:]

    def _look_for_pressed(self, tag: str, line: int) -> None:
        for one in self.open:
            if one.tag in PRESSED:
                self._complain(
                    line, f"<{tag}> in <{one.tag}>", f"That is open since line {one.line}."
                )

    def _tell_unclosed(self, one: Open, where: str) -> None:
        if one.tag not in OPTIONAL_END:
            self._complain(one.line, f"<{one.tag}> is not closed {where}", f"Write </{one.tag}>.")

    def _complain(self, line: int, message: str, hint: str) -> None:
        self.complaints.append(Complaint(line, message, hint))
