"""The byte shift undone: GBK text that a web tool cut in the middle of its characters reads right again.

Such a tool replaced byte pairs (`A3A1` ！ by `!`) and put pinyin behind byte pairs (`冊` by `冊(cè)`) without
asking where a character begins. `。“` is `A1A3 A1B0` and holds `A3A1`; what is left is `A1 ! B0…`: a lone
byte, shown as `�` or `?`, and text one byte out of phase until an ASCII byte brings it back.

So every repair is argued three times: a way to read the bytes must lead back into phase (`_follow`), it must
read markedly better (`frequency`), and damaging it again must give exactly what stands there (`damage`).
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import accumulate

from jianbao.convert.frequency import (
    EVERYDAY_BITS,
    MARK_BITS,
    ODD_TURN,
    OPENING,
    PAIRED,
    Language,
    character_bits,
    is_common,
    odd_turn_bits,
)
from jianbao.models import Doubt, Repair, Span
from jianbao.pinyin import readings

# The byte pairs tools replace and the ASCII they write: each is a full-width mark.
MARKS: Mapping[str, bytes] = {char: chr(ord(char) + 0xFEE0).encode("gbk") for char in "!,:;()?"}
NARROW: Mapping[str, str] = {pair.decode("gbk"): char for char, pair in MARKS.items()}
LOST = "\ufffd"
LONE_BYTES = bytes(range(0x81, 0xFF))  # what may stand alone: a first byte of GBK
GBK_RE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|.", re.DOTALL)

# Inserted pinyin: a syllable in brackets. Some sites write ɑ and ɡ, or ă for ǎ.
SYLLABLE = "([a-zɑɡüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜăĕĭŏŭńňǹ]{1,6})"
TONES = frozenset("\u0300\u0301\u0304\u0306\u030c")
NOTE_RE = re.compile(rf"[(（]{SYLLABLE}[)）]")
CUT_NOTE_RE = re.compile(rf"[(（]?{SYLLABLE}[)）]")  # its bracket may be eaten: `?cè)`
HAN_NOTE_RE = re.compile(rf"(?<=[\u3400-\u9fff]){NOTE_RE.pattern}")
HAN_RE = re.compile("[\u3400-\u9fff]")
PRINTED_RE = re.compile("[^\x00-\x7f\ue000-\uf8ff]")
LOST_RE = re.compile(f"[{LOST}?]")
# Where a run may begin. Five marks together are a cry or a line of dots, no lost bytes.
START_RE = re.compile(f"(?<![{LOST}?!]{{4}})[{LOST}?](?![{LOST}?!]{{4}})")
PAIR_MARK_RE = re.compile(f"[{''.join((*PAIRED, *OPENING))}]")
SCAR_RE = re.compile(
    f"[{LOST}\ue000-\uf8ff]+|[?](?=[(（]?[a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*[)）])"
)

# Three characters glossed as no dictionary would: a gloss stands behind a rare character, and once.
# Seed 003 has 63 such characters, good pages none.
HABIT_CHARACTERS = 3
# Where half the characters carry pinyin the page was printed so (a reader for children). Seed 003: one in ten.
RUBY_SHARE = 0.5

# How many bits likelier the repair must be than what stands there; and on a page where another repair has
# proved this face of the damage. Seed 003 gains 26 to 57 bits by general use.
SURE_GAIN, PROVED_GAIN = 25.0, 10.0
# Every round knows the page better: its words without the pinyin in them, its damage by sight.
ROUNDS = 4
# An inserted syllable that fits the character it would stand behind is one of some four hundred.
NOTE_BITS = 8.6
# And how many bits likelier than the next best original: 32 to 1 where a mark was lost, which what stands around
# it decides; 128 to 1 for a character of a word. Seed 003 leads by 5.5 and more.
CHOICE_GAIN, WORD_CHOICE_GAIN = 5.0, 6.0
# Newspaper text takes 9.6 to 9.8 bits a character in four seeds; a short run may be a little odd.
READABLE_BITS = 12.0
# An odd character is none of our common ones: in the seeds one of six, in the same text out of phase seven of
# eight. A wrong reading ends early, so that a page full of question marks takes no longer than another.
ODD_START, ODD_END, ODD_SHARE = 6, 2, 0.4
# Originals kept while reading on; 16 bits behind is past every gain a word can bring.
BEAM, BEAM_BITS = 60, 16.0
SIGHT = 1000  # characters looked at on either side for open quotation marks: a long paragraph
UNPAIRED_BITS = 6.0  # the price of a closing mark that nothing opened, or of one opened twice
# At a line's end a quotation may well go on, a title in 《》 does not.
UNCLOSED_BITS = {"“": 3.0, "‘": 3.0}

SAYS_LOST = "此处有字节丢失，无法证明原文，请对照原版核改。"
SAYS_CHOICE = "此处有字节丢失，原文可能是〔{}〕，也可能是〔{}〕，请对照原版选定。"


@dataclass(frozen=True, slots=True)
class ByteShift:
    """What was undone, and what looks damaged but could not be proved; both in source order."""

    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def repair_byte_shift(text: str) -> ByteShift:
    """Take out inserted pinyin, and bring text that is one byte out of phase back into it.

    Undamaged text gives nothing, real question marks and a U+FFFD that hides no text included.

    >>> for repair in repair_byte_shift("會開了半天�!霸撜f的話要說").repairs:
    ...     print(repair.before, repair.after)
    �!霸撜f 。“該說
    >>> repair_byte_shift("真的?!他问。")
    ByteShift(repairs=(), doubts=())
    """
    page = _Page(text)
    found, proved = ByteShift(), frozenset[str]()
    for _ in range(ROUNDS):
        before = found
        found = page.mend(_Draft(text, found.repairs), proved)
        if found == before:
            break
        proved = frozenset(one.before[0] for one in found.repairs if one.fixer == "byte_shift")
    return replace(found, doubts=(*found.doubts, *_unexplained(text, found)))


def mended(text: str, repairs: Iterable[Repair]) -> str:
    """The text with the repairs made; they do not overlap and stand in source order."""
    pieces, at = [], 0
    for repair in repairs:
        pieces += [text[at : repair.start], repair.after]
        at = repair.end
    return "".join((*pieces, text[at:]))


# --- inserted pinyin -----------------------------------------------------------------------------


def find_pinyin(text: str) -> list[Span]:
    """Where a tool put pinyin behind a character, brackets included.

    It is a habit of a whole page: many everyday characters, each always with the same syllable. A gloss
    that was printed (漯(luò)河), an abbreviation (WHO) and a reader with pinyin throughout stay.

    >>> find_pinyin("動(dòng)員大家學(xué)習(xí),共同進(jìn)步")
    [(1, 7), (11, 16), (17, 21), (25, 30)]
    >>> find_pinyin("本报漯(luò)河6月1日电 世界卫生组织(WHO)")
    []
    """
    notes = list(HAN_NOTE_RE.finditer(text))
    if len(notes) < HABIT_CHARACTERS or len(notes) > RUBY_SHARE * len(HAN_RE.findall(text)):
        return []
    seen = Counter((text[note.start() - 1], note[1]) for note in notes)
    toned = _habit(text, {pair: count for pair, count in seen.items() if _has_tone(pair[1])})
    plain = _habit(text, {pair: count for pair, count in seen.items() if not _has_tone(pair[1])})
    return [note.span() for note in notes if (text[note.start() - 1], note[1]) in toned | plain]


def _habit(text: str, seen: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The pairs of character and syllable that a tool joins on this page; none when it has no habit."""
    readings = Counter(char for char, _ in seen)
    always = {
        (char, note)
        for (char, note), count in seen.items()
        if readings[char] == 1 and count == text.count(char)
    }
    fitting = {pair for pair in always if is_reading(*pair)}
    telling = {pair for pair in fitting if is_common(pair[0]) or seen[pair] > 1}
    if len(telling) < HABIT_CHARACTERS:
        return set()
    return fitting | {pair for pair in always if seen[pair] > 1 and _has_tone(pair[1])}


@cache
def is_reading(char: str, syllable: str) -> bool:
    """Whether a character can be read so; the tone may differ.

    >>> is_reading("網", "wǎng"), is_reading("網", "luò")
    (True, False)
    """
    return any(_toneless(syllable) == _toneless(one) for one in readings(char))


def _toneless(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable.replace("ɑ", "a").replace("ɡ", "g"))
    return "".join(letter for letter in letters if letter not in TONES)


def _has_tone(syllable: str) -> bool:
    return not TONES.isdisjoint(unicodedata.normalize("NFD", syllable))


# --- the damage, forward -------------------------------------------------------------------------


def damage(text: str, *, notes: Mapping[bytes, str], marks: Iterable[str]) -> str:
    """What the tool makes of a text: pinyin behind byte pairs, ASCII for byte pairs, read as GBK again.

    A lone byte shows as U+FFFD; what other faces a site gives it, `_follow` has washed off.

    >>> damage("功夫。《办法》出台", notes={}, marks="!")
    '功夫�!栋旆ā烦鎏�'
    >>> damage("們在網上", notes={"冊".encode("gbk"): "cè", "網".encode("gbk"): "wǎng"}, marks="")
    '們�(cè)诰W(wǎng)上'
    """
    edits = {pair: pair + f"({note})".encode("gb18030") for pair, note in notes.items()}
    edits |= {MARKS[mark]: mark.encode() for mark in marks}
    raw = text.encode("gb18030")
    if edits:
        pairs = b"|".join(re.escape(pair) for pair in edits)
        raw = re.sub(pairs, lambda found: edits[found[0]], raw)
    return "".join(map(_shown, GBK_RE.findall(raw)))


def _shown(raw: bytes) -> str:
    return LOST if len(raw) == 1 and raw > b"\x7f" else raw.decode("gb18030")


# --- the damage, backward ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a run: for every character of the original those that it may have been."""

    start: int
    end: int
    slots: tuple[str, ...]
    face: str  # the run as `damage` shows it: `�` for a lone byte, no bracket eaten, ASCII marks
    notes: tuple[tuple[int, str], ...] = ()  # bytes of the original before an inserted syllable
    marks: frozenset[str] = frozenset()  # marks that stand for a pair astride two characters


@dataclass(slots=True)
class _Walk:
    """A reading on its way: `pending` holds what the first byte of the next character may be."""

    start: int
    at: int
    pending: bytes
    face: str
    slots: list[str] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    wide: bool = False  # whether the site shows the tool's ASCII marks full-width
    odd: int = 0

    def take(self, trails: bytes, pending: bytes, face: str, width: int) -> None:
        """One character of the original ends in one of `trails`; the next begins with `pending`."""
        self.slots.append(_pairs(self.pending, trails))
        self.odd += all(character_bits(char) >= EVERYDAY_BITS for char in self.slots[-1])
        self.pending = pending
        self.face += face
        self.at += width

    def is_hopeless(self) -> bool:
        return not self.slots[-1] or self.odd > ODD_START + ODD_SHARE * len(self.slots)

    def may_end(self) -> bool:
        return self.odd <= ODD_END + ODD_SHARE * len(self.slots)

    def done(self, end: int, last: str = "", face: str = "", note: str = "") -> _Reading:
        """The reading, with `last` as the last character."""
        slots = (*self.slots, last) if last else tuple(self.slots)
        notes = (*self.notes, (2 * len(slots), note)) if note else tuple(self.notes)
        return _Reading(self.start, end, slots, self.face + face, notes, frozenset(self.marks))


def _read(text: str, start: int, stop: int, before: str) -> Iterator[_Reading]:
    """All ways to read a run that begins with the lost byte at `start` and ends on its line.

    `before` is the character in front of it, as it was printed.
    """
    for walk in _begin(text, start, before):
        yield from _follow(text, walk, stop)


def _begin(text: str, start: int, before: str) -> Iterator[_Walk]:
    """The lost byte and what cut it off: a replaced mark, pinyin, or a mark that was eaten with it."""
    make = partial(_Walk, start)
    after = text[start + 1 : start + 2]
    note = CUT_NOTE_RE.match(text, start + 1)
    mark = NARROW.get(after, after)
    if note and len(_bytes(before)) == 2:
        lead = _bytes(before)[1:]
        firsts = bytes(byte for byte in LONE_BYTES if is_reading(_char(lead, byte), note[1]))
        yield make(at=note.end(), pending=firsts, face=f"{LOST}({note[1]})", notes=[(1, note[1])])
    if mark in MARKS:
        made = _cut_by(mark, make(at=start + 2, pending=b"", face=LOST + mark))
        made.wide = after != mark
        yield made
    elif len(_bytes(after)) == 2:
        yield _cut_by("!", make(at=start + 1, pending=b"", face=LOST + "!"))


def _cut_by(mark: str, walk: _Walk) -> _Walk:
    first, second = MARKS[mark][:1], MARKS[mark][1:]
    walk.slots, walk.pending, walk.marks = [_pairs(LONE_BYTES, first)], second, {mark}
    return walk


def _follow(text: str, walk: _Walk, stop: int) -> Iterator[_Reading]:
    """Read on, one byte out of phase, until the bytes come back into it or the line ends.

    Every ASCII byte below 0x40 shows where it stood in the original: alone behind a lone byte (back in
    phase), alone behind a whole character (a mark's pair astride two, still out of it).
    """
    while walk.at < stop and not (walk.slots and walk.is_hopeless()):
        char = text[walk.at]
        mark = NARROW.get(char, char) if walk.wide else char
        raw = _bytes(char)
        if char in (LOST, "?") and walk.may_end():
            yield from _end_lost(text, walk, stop)
        if note := NOTE_RE.match(text, walk.at):
            walk.notes.append((2 * len(walk.slots) + 1, note[1]))
            walk.face += f"({note[1]})"
            walk.at = note.end()
        elif mark in MARKS:
            walk.marks.add(mark)
            walk.take(MARKS[mark][:1], MARKS[mark][1:], mark, 1)
        elif len(raw) == 2:
            walk.take(raw[:1], raw[1:], char, 1)
        elif len(raw) == 1 and raw >= b"\x40":
            yield walk.done(walk.at + 1, _pairs(walk.pending, raw), char)
            return
        else:
            return


def _end_lost(text: str, walk: _Walk, stop: int) -> Iterator[_Reading]:
    """The run ends with a lost byte: inserted pinyin or ASCII stands behind it, or nothing."""
    chars = _pairs(walk.pending, LONE_BYTES)
    after = text[walk.at + 1 : min(walk.at + 2, stop)]
    note = CUT_NOTE_RE.match(text, walk.at + 1)
    fitting = "".join(char for char in chars if is_reading(char, note[1])) if note else ""
    if fitting and after in "(（":  # a whole bracket is a repair of its own
        yield walk.done(walk.at + 1, fitting, LOST)
    elif fitting and note:
        yield walk.done(note.end(), fitting, f"{LOST}({note[1]})", note[1])
    elif not after or (after.isascii() and after < "@") or (walk.wide and after in NARROW):
        yield walk.done(walk.at + 1, chars, LOST)


@cache
def _bytes(char: str) -> bytes:
    """The bytes of a character in GBK; none when GBK does not have it, and for U+FFFD.

    >>> _bytes("中").hex(), _bytes("A").hex(), _bytes("😀")
    ('d6d0', '41', b'')
    """
    raw = char.encode("gb18030", errors="ignore")
    return raw if len(raw) < 3 else b""


@cache
def _char(lead: bytes, trail: int) -> str:
    return (lead + bytes((trail,))).decode("gb18030", errors="ignore")


@cache
def _pairs(leads: bytes, trails: bytes) -> str:
    """The characters that begin with one of `leads` and end in one of `trails`; private use is never printed."""
    chars = (_char(bytes((lead,)), trail) for lead in leads for trail in trails)
    return "".join(char for char in chars if len(char) == 1 and PRINTED_RE.match(char))


# --- which original ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Guess:
    """An original that a reading allows, and how surprising it is."""

    bits: float
    text: str
    opened: str  # opening marks that wait for their closing ones


@dataclass(frozen=True, slots=True)
class _Run:
    """A run with its best original, those that rival it, and the bits that speak for it."""

    start: int
    end: int
    best: str
    rivals: tuple[str, ...]  # other originals that are about as likely
    bits: float  # a character

    def agreed(self) -> str:
        """The original as far as it is certain: U+FFFD for a character that is lost for good."""
        columns = zip(self.best, *self.rivals, strict=True)
        return "".join(chars[0] if len(set(chars)) == 1 else LOST for chars in columns)


def _guesses(
    reading: _Reading, language: Language, left: str, right: str, limit: float
) -> list[_Guess]:
    """The likeliest originals of a run between `left` and `right`, best first; none above `limit`."""
    guesses = [_Guess(0.0, "", _opened(left))]
    for slot in reading.slots:
        if not guesses or guesses[0].bits > limit:
            return []
        grown = sorted(_grown(guesses, slot, language, left), key=lambda guess: guess.bits)[:BEAM]
        guesses = [one for one in grown if one.bits <= grown[0].bits + BEAM_BITS]
    closed = [_close(guess, language, left, right) for guess in guesses]
    return sorted(closed, key=lambda guess: guess.bits)


def _grown(guesses: Sequence[_Guess], slot: str, language: Language, left: str) -> Iterator[_Guess]:
    """Every guess, best first, with every character of the slot behind it, the hopeless left out early."""
    best = math.inf
    for guess in guesses:
        before = (guess.text or left)[-1:]
        for char in _likely(slot):
            if guess.bits + language.bits(before, char) <= best + BEAM_BITS:
                grown = _grow(guess, char, language, left)
                best = min(best, grown.bits)
                yield grown


@cache
def _likely(slot: str) -> str:
    return "".join(sorted(slot, key=character_bits)[:BEAM])


def _grow(guess: _Guess, char: str, language: Language, left: str) -> _Guess:
    text = guess.text + char
    opened, price = _pair_up(guess.opened, char)
    if char in MARK_BITS:
        price += odd_turn_bits(left[-ODD_TURN:] + text)
    bits = language.bits((guess.text or left)[-1:], char)
    return _Guess(guess.bits + bits + price, text, opened)


def _close(guess: _Guess, language: Language, left: str, right: str) -> _Guess:
    """The guess with what follows the run weighed in: its next character, and the marks to come."""
    after = right[:1] or "\n"
    bits, opened = _grow(guess, after, language, left).bits, guess.opened
    if after == "\n":
        bits += sum(UNCLOSED_BITS.get(mark, UNPAIRED_BITS) for mark in opened)
    for char in right[1:]:  # marks only, but for the first character
        opened, price = _pair_up(opened, char)
        bits += price
    return replace(guess, bits=bits)


def _pair_up(opened: str, char: str) -> tuple[str, float]:
    """The open marks after `char`, and the price if it closes what is not open or opens it twice."""
    if char in PAIRED:
        return opened + char, UNPAIRED_BITS if char in opened else 0.0
    if char in OPENING:
        if OPENING[char] not in opened:
            return opened, UNPAIRED_BITS
        return opened[: opened.rindex(OPENING[char])], 0.0
    return opened, 0.0


def _opened(text: str) -> str:
    """The opening marks of the last paragraph that wait for their closing ones."""
    opened = ""
    paragraph = text[text.rfind("\n\n") + 1 :]
    for char in PAIR_MARK_RE.findall(paragraph):
        opened, _ = _pair_up(opened, char)
    return opened


# --- a page --------------------------------------------------------------------------------------


class _Draft:
    """The text as the last round left it: its language, and what stands behind a run."""

    def __init__(self, text: str, repairs: Sequence[Repair]) -> None:
        self.text = mended(text, repairs)
        self.language = Language(self.text)
        self.ends = [repair.end for repair in repairs]
        grown = (len(repair.after) - len(repair.before) for repair in repairs)
        self.shifts = list(accumulate(grown, initial=0))

    def right_of(self, end: int) -> str:
        """The character behind the offset `end` of the source, and the opening and closing marks to come.

        As far as no lost byte makes them doubtful.
        """
        start = end + self.shifts[bisect_right(self.ends, end)]
        behind = NOTE_RE.sub("", self.text[start : start + SIGHT])
        sure = LOST_RE.split(behind, maxsplit=1)[0]
        return sure[:1] + "".join(PAIR_MARK_RE.findall(sure[1:]))


class _Page:
    """A text and what every run of it is judged by: its inserted pinyin and its language."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.notes = dict(find_pinyin(text))
        lost = (found.start() for found in START_RE.finditer(text))
        self.starts = sorted({*self.notes, *lost})

    def mend(self, draft: _Draft, proved: frozenset[str]) -> ByteShift:
        """All repairs; `proved` are the faces of a lost byte that sure repairs have shown here."""
        repairs: list[Repair] = []
        doubts: list[Doubt] = []
        at, left = 0, ""
        for start in self.starts:
            if start < at:
                continue
            left, at = (left + self.text[at:start])[-SIGHT:], start
            if start in self.notes:
                at = self.notes[start]
                repairs.append(self._repair("pinyin", start, at, ""))
                continue
            run = self._find_run(start, left, draft, proved)
            if run is None:
                continue
            at = run.end
            if run.rivals:
                doubts.append(_choice(run))
            if not _is_worth(run.agreed()):
                left += self.text[start:at]
                continue
            left += run.agreed()
            repairs.append(self._repair("byte_shift", start, at, run.agreed()))
            if note := self._note_behind(run):
                repairs.append(self._repair("pinyin", at, note, ""))
                at = note
        return ByteShift(tuple(repairs), tuple(doubts))

    def _note_behind(self, run: _Run) -> int | None:
        """The end of the pinyin behind a run that ended with the second byte of its character."""
        note = NOTE_RE.match(self.text, run.end)
        return note.end() if note and is_reading(run.best[-1], note[1]) else None

    def _repair(self, fixer: str, start: int, end: int, after: str) -> Repair:
        return Repair(fixer, start, end, self.text[start:end], after)

    def _find_run(
        self, start: int, left: str, draft: _Draft, proved: frozenset[str]
    ) -> _Run | None:
        """The run that begins with the lost byte at `start`; None when nothing likelier comes out."""
        stop = self.text.find("\n", start)
        stop = len(self.text) if stop < 0 else stop
        wanted = PROVED_GAIN if self.text[start] in proved else SURE_GAIN
        ways = _read(self.text, start, stop, left[-1:])
        runs = (self._judge(reading, left, draft, wanted) for reading in ways)
        return min(filter(None, runs), key=lambda run: run.bits, default=None)

    def _judge(self, reading: _Reading, left: str, draft: _Draft, wanted: float) -> _Run | None:
        """A reading with its best original, if that is likelier by what is wanted and damages back."""
        right = draft.right_of(reading.end)
        shown = NOTE_RE.sub("", reading.face).replace(LOST, self.text[reading.start])
        surprise = draft.language.surprise(left, shown + (right[:1] or "\n"))
        surprise += NOTE_BITS * len(reading.notes)
        limit = min(surprise - wanted, READABLE_BITS * (len(reading.slots) + 1))
        guesses = _guesses(reading, draft.language, left, right, limit)
        if not guesses or guesses[0].bits > limit:
            return None
        best = guesses[0]
        if not self._damages_back(reading, best.text, left[-1:]):
            return None
        rivals = tuple(one.text for one in guesses[1:] if _is_rival(one, best))
        bits = best.bits / (len(best.text) + 1)
        return _Run(reading.start, reading.end, best.text, rivals, bits)

    def _damages_back(self, reading: _Reading, original: str, before: str) -> bool:
        """Whether the tool makes of this original exactly what stands in the text."""
        before = before if _bytes(before) else ""
        after = self.text[reading.end : reading.end + 1]
        after = NARROW.get(after, after) if reading.face.endswith(LOST) else ""
        raw = (before + original).encode("gb18030")
        first = len(before.encode("gb18030"))
        notes = {raw[first + at - 2 : first + at]: note for at, note in reading.notes}
        whole = damage(before + original + after, notes=notes, marks=reading.marks)
        return whole == before + reading.face + after


def _choice(run: _Run) -> Doubt:
    return Doubt("byte-shift", run.start, run.end, SAYS_CHOICE.format(run.best, run.rivals[0]))


def _is_rival(one: _Guess, best: _Guess) -> bool:
    """Whether another original is too likely to be passed over."""
    differing = (mine for mine, other in zip(best.text, one.text, strict=True) if mine != other)
    only_marks = all(char in MARK_BITS for char in differing)
    return one.bits - best.bits < (CHOICE_GAIN if only_marks else WORD_CHOICE_GAIN)


def _is_worth(original: str) -> bool:
    """Whether enough of a run is certain: twice as many characters as stay lost."""
    return len(original) >= 3 * original.count(LOST)


def _unexplained(text: str, found: ByteShift) -> Iterator[Doubt]:
    """Scars of the damage that no repair and no doubt covers."""
    spans = [(repair.start, repair.end) for repair in found.repairs]
    spans += [(doubt.start, doubt.end) for doubt in found.doubts]
    covered = {at for span in spans for at in range(*span)}
    for scar in SCAR_RE.finditer(text):
        if scar.start() not in covered:
            yield Doubt("byte-shift", scar.start(), scar.end(), SAYS_LOST)
