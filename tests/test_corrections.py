"""Corrections of a page's structure: what a person merged, split, moved, deleted, added or renamed stays so, improvements arrive
all the same, ids stay with their articles, and every character is accounted for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao import content
from jianbao.account import join_spans
from jianbao.corrections import Outcome, Standing, reconcile
from jianbao.models import Article, Doubt, Furniture, Ledger, Origin, Piece, Source


@dataclass(frozen=True)
class Made:
    """A conversion as the converter gives it."""

    source: Source
    articles: tuple[Article, ...]
    ledger: Ledger
    pieces: tuple[tuple[Piece, ...], ...]


def page(count: int, seed: int = 0) -> list[str]:
    """Paragraphs of two to four sentences of any characters, none like another."""
    rng = random.Random(seed)
    return [
        "".join(
            "".join(chr(rng.randrange(0x4E00, 0x6000)) for _ in range(rng.randint(6, 20)))
            + f"{at}号。"
            for at in range(rng.randint(2, 4))
        )
        for _ in range(count)
    ]


Cut = Sequence[Sequence[int]]  # articles as the indices of their paragraphs


def convert(
    printed: Sequence[str], cut: Cut, read: Mapping[int, str] | None = None, *, sha: str = "1"
) -> Made:
    """What a converter makes of a page that it cuts so and reads so; every article has a title, which is printed above it."""
    lines = [line for number, text in enumerate(printed) for line in (f"题{number}", text)]
    source = Source("a.txt", sha, 1, "\n".join(lines), "utf-8", "text")
    ends = [0]
    for line in lines:
        ends.append(ends[-1] + len(line) + 1)
    spans = [(start, end - 1) for start, end in pairwise(ends)]
    articles, pieces = [], []
    for number, members in enumerate(cut, 1):
        said = [(read or {}).get(one, printed[one]) for one in members]
        rows = [((spans[2 * one][0], spans[2 * one][1]), f"题{one}") for one in members]
        rows = [
            row
            for one, row in zip(members, rows, strict=True)
            for row in (row, (spans[2 * one + 1], (read or {}).get(one, printed[one])))
        ]
        origin = Origin("a.txt", sha, tuple(join_spans((span for span, _ in rows), source.text)))
        article = Article(
            f"a-{number:02}", title=f"题{members[0]}", source=origin, body="\n\n".join(said)
        )
        articles.append(content.stamp(article))
        pieces.append(tuple(rows))
    used = {one for members in cut for one in members}
    furniture = [
        Furniture(*spans[line], "other")
        for one in range(len(printed))
        if one not in used
        for line in (2 * one, 2 * one + 1)
    ]
    ledger = Ledger("a.txt", sha, 1, len(source.text), "utf-8", "text", furniture=tuple(furniture))
    return Made(source, tuple(articles), ledger, tuple(pieces))


def first(made: Made) -> Standing:
    return after(Standing("a", {}, {}), reconcile(Standing("a", {}, {}), made))


def after(standing: Standing, outcome: Outcome) -> Standing:
    """What stands there when an outcome is written."""
    files = {path: data for path, data in standing.files.items() if path not in outcome.gone}
    return Standing("a", outcome.bases, files | dict(outcome.files), outcome.ledger)


def with_files(standing: Standing, **files: str | None) -> Standing:
    """The same after a person has written these files, or taken them away."""
    new = dict(standing.files)
    for name, text in files.items():
        path = f"a/{name.removeprefix('_')}.md"
        if text is None:
            new.pop(path)
        else:
            new[path] = text.encode()
    return replace(standing, files=new)


def text_of(standing: Standing | Outcome, name: str) -> str:
    return standing.files[f"a/{name}.md"].decode()


def body_of(standing: Standing | Outcome, name: str) -> str:
    return article_of(standing, name).body


def article_of(standing: Standing | Outcome, name: str) -> Article:
    return content.load(text_of(standing, name), path=name)


def sentences(text: str) -> set[str]:
    body = text.split("---\n", 2)[-1]
    return {one.strip() for one in re.split(r"(?<=[。！？；\n])", body) if one.strip()}


PRINTED = page(6)
CUT = ((0, 1), (2, 3), (4, 5))
BETTER = {number: text.replace("号", "號", 1) for number, text in enumerate(PRINTED)}


# --- a person's cut stays, the converter's improvements arrive ------------------------------------


def joined(standing: Standing) -> Standing:
    """The second article put behind the first."""
    text = text_of(standing, "01").rstrip("\n") + "\n\n" + body_of(standing, "02") + "\n"
    return with_files(standing, _01=text, _02=None)


def parted(standing: Standing) -> Standing:
    """The second half of the first article made one of its own."""
    _, moved = body_of(standing, "01").split("\n\n")
    text = text_of(standing, "01").replace("\n\n" + moved, "")
    return with_files(
        standing, _01=text, _07=f"---\nid: my-own\ntitle: 我分出来的\n---\n\n{moved}\n"
    )


def copied(standing: Standing) -> Standing:
    """The same, begun with a copy of the file."""
    kept, moved = body_of(standing, "01").split("\n\n")
    text = text_of(standing, "01")
    other = text.replace("id: a-01", "id: a-09").replace(kept + "\n\n", "")
    return with_files(standing, _01=text.replace("\n\n" + moved, ""), _09=other)


def shifted(standing: Standing) -> Standing:
    """A paragraph of the first article put into the second, between its two."""
    _, moved = body_of(standing, "01").split("\n\n")
    one, _ = body_of(standing, "02").split("\n\n")
    return with_files(
        standing,
        _01=text_of(standing, "01").replace("\n\n" + moved, ""),
        _02=text_of(standing, "02").replace(one, f"{one}\n\n{moved}"),
    )


def renamed(standing: Standing) -> Standing:
    return with_files(standing, _01=None, 老街=text_of(standing, "01"))


def swapped(standing: Standing) -> Standing:
    return with_files(standing, _01=text_of(standing, "02"), _02=text_of(standing, "01"))


def swapped_ids(standing: Standing) -> Standing:
    return with_files(
        standing,
        _01=text_of(standing, "01").replace("id: a-01", "id: a-02"),
        _02=text_of(standing, "02").replace("id: a-02", "id: a-01"),
    )


def deleted(standing: Standing) -> Standing:
    return with_files(standing, _02=None)


def added(standing: Standing) -> Standing:
    return with_files(standing, _04="---\nid: my-own\ntitle: 补记\n---\n\n这是后来补写的。\n")


WORK: dict[str, Callable[[Standing], Standing]] = {
    work.__name__: work
    for work in (joined, parted, copied, shifted, renamed, swapped, swapped_ids, deleted, added)
}
works = pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())


@works
def test_R3_a_persons_cut_stays_when_the_conversion_is_the_same(
    work: Callable[[Standing], Standing],
) -> None:
    made = convert(PRINTED, CUT)
    standing = work(first(made))
    for _ in range(3):
        outcome = reconcile(standing, made)
        assert outcome.clashes == ()
        assert outcome.gone == ()
        assert {path: bare(data) for path, data in outcome.files.items()} == {
            path: bare(data) for path, data in standing.files.items()
        }
        assert accounted(outcome, made)
        standing = after(standing, outcome)


@works
def test_R3_improvements_reach_every_paragraph_where_a_person_put_it(
    work: Callable[[Standing], Standing],
) -> None:
    standing = work(first(convert(PRINTED, CUT)))
    made = convert(PRINTED, CUT, BETTER)
    outcome = reconcile(standing, made)
    assert outcome.clashes == ()
    for path, data in standing.files.items():
        text = bare(data)
        for number, was in enumerate(PRINTED):
            text = text.replace(was, BETTER[number])
        assert bare(outcome.files[path]) == text
    assert accounted(outcome, made)


@works
def test_R3_a_persons_cut_outlives_a_new_one_of_the_converter(
    work: Callable[[Standing], Standing],
) -> None:
    standing = work(first(convert(PRINTED, CUT)))
    made = convert(PRINTED, ((0,), (1, 2, 3), (4,), (5,)), BETTER)
    outcome = reconcile(standing, made)
    assert accounted(outcome, made)
    again = reconcile(after(standing, outcome), made)
    assert (again.files, again.gone, again.ledger) == (outcome.files, (), outcome.ledger)
    said = "".join(data.decode() for data in outcome.files.values())
    gone = {2, 3} if work is deleted else set()
    for number, text in BETTER.items():
        assert said.count(text) == (number not in gone)


def bare(data: bytes) -> str:
    """A file without what only the converter can say."""
    text = re.sub(r"^source:\n(?:  .*\n)*", "", data.decode(), flags=re.MULTILINE)
    return re.sub(r"^converted: .*\n", "", text, flags=re.MULTILINE)


def accounted(outcome: Outcome, made: Made) -> bool:
    """Whether the files as they can be read and the ledger hold every character once."""
    spans = [(one.start, one.end) for one in outcome.ledger.furniture]
    for path, data in outcome.files.items():
        origin = content.load(data.decode(), path=path).source
        spans += origin.spans if origin else ()
    offsets = [at for start, end in spans for at in range(start, end)]
    text = made.source.text
    return sorted(at for at in offsets if not text[at].isspace()) == [
        at for at, char in enumerate(text) if not char.isspace()
    ]


def test_the_characters_of_a_moved_paragraph_go_with_it() -> None:
    made = convert(PRINTED, CUT)
    outcome = reconcile(parted(first(made)), made)
    own = article_of(outcome, "07")
    assert own.source is not None
    assert [made.source.text[start:end] for start, end in own.source.spans] == [PRINTED[1]]


def test_the_characters_of_a_deleted_article_are_removed() -> None:
    made = convert(PRINTED, CUT)
    outcome = reconcile(deleted(first(made)), made)
    removed = [(one.start, one.end) for one in outcome.ledger.furniture if one.role == "removed"]
    assert "".join(made.source.text[start:end] for start, end in removed).replace("\n", "") == (
        f"题2{PRINTED[2]}题3{PRINTED[3]}"
    )


def test_a_deleted_article_stays_deleted_when_the_converter_joins_it_to_another() -> None:
    standing = deleted(first(convert(PRINTED, CUT)))
    outcome = reconcile(standing, convert(PRINTED, ((0, 1, 2, 3), (4, 5)), BETTER))
    assert body_of(outcome, "01") == f"{BETTER[0]}\n\n{BETTER[1]}"
    assert "a/02.md" not in outcome.files


def test_a_joined_article_is_found_under_its_old_id_too() -> None:
    made = convert(PRINTED, CUT)
    outcome = reconcile(joined(first(made)), made)
    assert outcome.ledger.retired == {"a-02": "a-01"}


def test_what_was_doubtful_of_an_article_is_settled_when_a_person_joins_it_to_another() -> None:
    made = convert(PRINTED, CUT)
    doubts = tuple(Doubt(reason, 0, 1, "？", "a-02") for reason in ("no-headline", "latin-slip"))
    made = replace(made, ledger=replace(made.ledger, doubts=doubts))
    outcome = reconcile(joined(first(made)), made)
    assert [(one.reason, one.article) for one in outcome.ledger.doubts] == [("latin-slip", "a-01")]


def test_an_id_that_a_person_changed_leads_on() -> None:
    made = convert(PRINTED, CUT)
    standing = first(made)
    standing = with_files(standing, _02=text_of(standing, "02").replace("id: a-02", "id: lao-jie"))
    outcome = reconcile(standing, made)
    assert outcome.ledger.retired == {"a-02": "lao-jie"}
    assert text_of(outcome, "02") == text_of(standing, "02")


# --- a correction follows its paragraph -----------------------------------------------------------


def corrected(standing: Standing, name: str, was: str, now: str) -> Standing:
    text = text_of(standing, name)
    assert was in text
    return with_files(standing, **{f"_{name}": text.replace(was, now)})


def test_a_correction_goes_with_its_paragraph_into_the_article_that_has_it_now() -> None:
    standing = first(convert(PRINTED, CUT))
    words = PRINTED[1].split("。")[0]
    standing = corrected(standing, "01", words, "人人都说" + words)
    outcome = reconcile(standing, convert(PRINTED, ((0,), (1, 2, 3), (4, 5)), BETTER))
    assert "人人都说" in body_of(outcome, "02")
    assert "人人都说" not in body_of(outcome, "01")
    assert body_of(outcome, "01") == BETTER[0]


def test_a_correction_goes_into_an_article_that_is_new() -> None:
    standing = first(convert(PRINTED, ((0, 1), (2, 3, 4, 5))))
    standing = corrected(standing, "02", PRINTED[5], PRINTED[5] + "我知道。")
    outcome = reconcile(standing, convert(PRINTED, ((0, 1), (2, 3, 4), (5,)), BETTER))
    assert body_of(outcome, "03") == BETTER[5] + "我知道。"
    assert article_of(outcome, "03").id == "a-03"


def test_an_article_with_a_corrected_title_stays_one_when_the_converter_joins_it() -> None:
    standing = first(convert(PRINTED, CUT))
    standing = corrected(standing, "02", "title: 题2", "title: 我起的题")
    made = convert(PRINTED, ((0, 1, 2, 3), (4, 5)), BETTER)
    outcome = reconcile(standing, made)
    assert article_of(outcome, "02").title == "我起的题"
    assert body_of(outcome, "02") == f"{BETTER[2]}\n\n{BETTER[3]}"
    assert body_of(outcome, "01") == f"{BETTER[0]}\n\n{BETTER[1]}"
    assert outcome.ledger.retired == {}
    assert accounted(outcome, made)
    again = reconcile(after(standing, outcome), made)
    assert (again.files, again.clashes) == (outcome.files, ())


# --- ids ------------------------------------------------------------------------------------------


def random_cut(rng: random.Random, count: int) -> list[list[int]]:
    """Any way to cut a page into articles."""
    order = list(range(count))
    rng.shuffle(order)
    cut: list[list[int]] = []
    for one in order:
        if cut and rng.random() < 0.6:
            rng.choice(cut).append(one)
        else:
            cut.append([one])
    return sorted(cut)


def test_a_hundred_changes_of_segmentation_keep_every_citation() -> None:
    rng = random.Random(2026)
    printed = page(24)
    made = convert(printed, random_cut(rng, 24))
    standing = first(made)
    cited: dict[
        str, str
    ] = {}  # id → the longest run of characters it had when it was first published
    for _ in range(100):
        for data in standing.files.values():
            article = content.load(data.decode(), path="")
            cited.setdefault(article.id, max(article.body.split("\n\n"), key=len))
        made = convert(printed, random_cut(rng, 24))
        before, standing = standing, after(standing, reconcile(standing, made))
        live = {
            one.id: one
            for one in (content.load(data.decode(), path="") for data in standing.files.values())
        }
        assert standing.ledger is not None
        for identity in cited:
            here, seen = identity, set()
            while here not in live:
                assert here not in seen
                seen.add(here)
                here = standing.ledger.retired[here] or ""
        for data in before.files.values():  # and the article has most of what was cited
            was = content.load(data.decode(), path="")
            shares = {key: shared(was, one) for key, one in live.items()}
            if was.id not in live:
                here = standing.ledger.retired[was.id] or ""
                assert shares[here] == max(shares.values())
            else:
                assert shares[was.id] > 0


def shared(one: Article, other: Article) -> int:
    assert one.source is not None
    assert other.source is not None
    places = [
        {at for span in each.source.spans for at in range(*span)}
        for each in (one, other)
        if each.source
    ]
    return len(places[0] & places[1])


def test_numbers_are_never_used_again() -> None:
    standing = first(convert(PRINTED, ((0, 1), (2, 3), (4, 5))))
    standing = after(standing, reconcile(standing, convert(PRINTED, ((0, 1), (2, 3, 4, 5)))))
    assert standing.ledger is not None
    assert standing.ledger.retired in ({"a-02": "a-03"}, {"a-03": "a-02"})
    outcome = reconcile(standing, convert(PRINTED, ((0, 1), (2, 3), (4, 5))))
    ids = {content.load(data.decode(), path="").id for data in outcome.files.values()}
    assert len(ids - {"a-01", "a-02", "a-03"}) == 1
    assert "a-04" in ids


def test_articles_of_a_source_that_has_changed_are_known_by_their_words() -> None:
    standing = first(convert(PRINTED, CUT))
    new = ["多出来的一篇从来没有见过的文章，很长很长。", *PRINTED[2:], *PRINTED[:2]]
    outcome = reconcile(standing, convert(new, ((0,), (1, 2), (3, 4), (5, 6)), sha="2"))
    ids = {
        content.load(data.decode(), path="").id: data.decode() for data in outcome.files.values()
    }
    assert PRINTED[0] in ids["a-01"]
    assert PRINTED[2] in ids["a-02"]
    assert PRINTED[4] in ids["a-03"]
    assert "多出来" in ids["a-04"]


def test_other_words_do_not_get_the_id_of_an_article_that_is_gone() -> None:
    standing = first(convert(PRINTED, CUT))
    new = [*PRINTED[:4], "从来没有见过的文章，跟先前那篇一点关系也没有。"]
    outcome = reconcile(standing, convert(new, ((0, 1), (2, 3), (4,)), sha="2"))
    assert {content.load(data.decode(), path="").id for data in outcome.files.values()} == {
        "a-01",
        "a-02",
        "a-04",
    }
    assert outcome.ledger.retired == {"a-03": None}


# --- a base that cannot be trusted ----------------------------------------------------------------


@pytest.mark.parametrize("damage", ["", "---\nid: [\n", "\ufffd\ufffd"])
def test_R3_where_the_base_is_lost_or_spoilt_a_persons_file_stays_to_the_letter(
    damage: str,
) -> None:
    standing = corrected(first(convert(PRINTED, CUT)), "01", "号", "弄")
    bases = {name: damage if name == "01.md" else text for name, text in standing.bases.items()}
    standing = replace(standing, bases=bases)
    outcome = reconcile(standing, convert(PRINTED, CUT, BETTER))
    assert text_of(outcome, "01") == text_of(standing, "01")
    assert [path for path, _ in outcome.clashes] == ["a/01.md"]
    assert body_of(outcome, "02") == f"{BETTER[2]}\n\n{BETTER[3]}"
    assert set(outcome.bases) == {"01.md", "02.md", "03.md"}


def test_where_all_bases_are_lost_what_nobody_touched_is_written_anew() -> None:
    standing = replace(first(convert(PRINTED, CUT)), bases={}, ledger=None)
    outcome = reconcile(standing, convert(PRINTED, CUT, BETTER))
    assert body_of(outcome, "01") == f"{BETTER[0]}\n\n{BETTER[1]}"
    assert outcome.clashes == ()


# --- ticks and conflicts --------------------------------------------------------------------------


def ticked(standing: Standing) -> Standing:
    return corrected(standing, "01", "complete: whole", 'complete: whole\nreviewed: "2026-11-22"')


def has_lapsed(outcome: Outcome) -> bool:
    return outcome.ledger.has_lapsed(article_of(outcome, "01"))


def test_a_tick_stays_until_the_conversion_changes() -> None:
    made = convert(PRINTED, CUT)
    standing = ticked(first(made))
    for _ in range(2):
        outcome = reconcile(standing, made)
        assert not has_lapsed(outcome)
        standing = after(standing, outcome)
    better = convert(PRINTED, CUT, BETTER)
    for _ in range(2):
        outcome = reconcile(standing, better)
        assert has_lapsed(outcome)
        standing = after(standing, outcome)
    standing = corrected(standing, "01", "2026-11-22", "2026-12-01")
    assert not has_lapsed(reconcile(standing, better))


def test_a_tick_lapses_when_the_conversion_changes_before_it_was_ever_noted() -> None:
    standing = ticked(first(convert(PRINTED, CUT)))
    assert has_lapsed(reconcile(standing, convert(PRINTED, CUT, BETTER)))


def test_a_tick_lapses_when_the_source_changes() -> None:
    standing = ticked(first(convert(PRINTED, CUT)))
    assert has_lapsed(reconcile(standing, convert(PRINTED, CUT, sha="2")))


def test_a_conflict_stays_on_the_desk_until_the_article_is_ticked_off() -> None:
    made = convert(PRINTED, CUT)
    better = convert(PRINTED, CUT, BETTER)
    standing = corrected(first(made), "01", PRINTED[0], PRINTED[0].replace("0号", "0弄"))
    outcome = reconcile(standing, better)
    [(path, clash)] = outcome.clashes
    [doubt] = outcome.ledger.doubts
    assert (path, doubt.reason, doubt.article) == ("a/01.md", "conflict", "a-01")
    assert clash.ours.strip() in doubt.says
    standing = after(standing, outcome)
    outcome = reconcile(standing, better)
    assert (outcome.clashes, outcome.ledger.doubts) == ((), (doubt,))
    outcome = reconcile(ticked(after(standing, outcome)), better)
    assert outcome.ledger.doubts == ()


# --- anything at all ------------------------------------------------------------------------------


def any_work(rng: random.Random, standing: Standing) -> Standing:
    """One thing that a person may do to the files of a source."""
    names = sorted(path.removeprefix("a/").removesuffix(".md") for path in standing.files)
    one, other = rng.choice(names), rng.choice(names)
    text = text_of(standing, one)
    parts = re.findall(r"[^。]*。", text.split("---\n", 2)[2])
    match rng.randrange(8):
        case 0 if parts:
            return corrected(standing, one, rng.choice(parts), f"我写的第{rng.randrange(999)}句。")
        case 1 if parts:
            words = rng.choice(parts)
            return corrected(standing, one, words, f"{words}我添的第{rng.randrange(999)}句。")
        case 2 if parts:
            return corrected(standing, one, rng.choice(parts), "")
        case 3 if one != other:
            moved = rng.choice(body_of(standing, one).split("\n\n"))
            if moved:
                standing = with_files(standing, **{f"_{one}": text.replace(moved, "")})
                return with_files(
                    standing,
                    **{f"_{other}": text_of(standing, other).rstrip("\n") + f"\n\n{moved}\n"},
                )
        case 4 if one != other:
            body = body_of(standing, one)
            standing = with_files(
                standing, **{f"_{other}": text_of(standing, other).rstrip("\n") + f"\n\n{body}\n"}
            )
            return with_files(standing, **{f"_{one}": None})
        case 5 if "title: " in text:
            return corrected(standing, one, "title: ", "title: 我改的")
        case 6:
            return with_files(standing, **{f"_{one}": None, f"_新名{rng.randrange(99)}": text})
        case 7:
            own = f"---\nid: own-{rng.randrange(9999)}\n---\n\n我自己的文章，第{rng.randrange(999)}篇。\n"
            return with_files(standing, **{f"_自{rng.randrange(99)}": own})
    return standing


@settings(max_examples=60, deadline=None)
@given(st.integers())
def test_R3_whatever_a_person_and_a_converter_do_no_word_of_the_person_is_lost(seed: int) -> None:
    rng = random.Random(seed)
    printed = page(8, seed)
    made = convert(printed, random_cut(rng, 8))
    standing = first(made)
    for _ in range(rng.randint(1, 3)):
        published = sentences("".join(data.decode() for data in standing.files.values()))
        for _ in range(rng.randint(1, 4)):
            standing = any_work(rng, standing)
        written = (
            set().union(*(sentences(data.decode()) for data in standing.files.values())) - published
        )
        read = {
            number: text.replace("号", "號")
            for number, text in enumerate(printed)
            if rng.random() < 0.5
        }
        made = convert(printed, random_cut(rng, 8), read)
        outcome = reconcile(standing, made)
        kept = set().union(*(sentences(data.decode()) for data in outcome.files.values()))
        assert {one for one in written if "我" in one} <= kept
        assert accounted(outcome, made)
        standing = after(standing, outcome)
        again = reconcile(standing, made)
        assert (again.gone, again.bases, again.clashes) == ((), outcome.bases, ())
        assert {path: bare(data) for path, data in again.files.items()} == {
            path: bare(data) for path, data in outcome.files.items()
        }
        standing = after(standing, again)
        assert reconcile(standing, made).files == again.files
