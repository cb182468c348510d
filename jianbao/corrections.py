"""Corrections: what becomes of the files of one source when it is converted anew, and a person has been at work on them.

copies (which file is which article) → identity (of the new articles) → homes (what belongs where) → merge (what it says) →
account (where it came from). Nothing here touches a folder: what stands there comes in, what is to stand there goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Protocol

from jianbao import content
from jianbao.account import check_partition, join_spans
from jianbao.copies import match_copies, paragraphs_of, stated_id
from jianbao.errors import JianbaoError
from jianbao.homes import REMOVED, Homes, Part, find_homes, most_like
from jianbao.identity import Identity, keep_ids, number_of
from jianbao.merge import Clash, Merged, as_saved, merge, parts_of, plain, quoted
from jianbao.models import Article, Doubt, Furniture, Ledger, Origin, Piece, Source, Span, Tick

# Keys that only the converter can fill; to change them is no correction.
ACCOUNT = ("source", "converted")
CONFLICT = "conflict"
# Doubts about an article as a whole; a person who made it part of another has settled them.
WHOLE = frozenset({"no-headline", "headline-pairing", "no-text", "start-missing", "end-missing"})


class Conversion(Protocol):
    """What the converter makes of a source today; its ids count from 1."""

    @property
    def source(self) -> Source: ...
    @property
    def articles(self) -> tuple[Article, ...]: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in `content/` of one source."""

    slug: str
    bases: Mapping[str, str]  # file name → what the converter wrote last
    files: Mapping[str, bytes]  # path below content/ → what stands there now
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to stand in `content/` of one source, and what a person ought to hear."""

    files: Mapping[str, bytes]  # path below content/ → article
    gone: tuple[str, ...]  # paths of files that stand no longer
    bases: Mapping[str, str]  # file name → what the converter says today
    ledger: Ledger
    clashes: tuple[tuple[str, Clash], ...] = ()  # the path, and what both have changed
    stay_deleted: tuple[str, ...] = ()  # paths of deleted articles whose conversion has changed


def reconcile(standing: Standing, new: Conversion) -> Outcome:
    """The files of a source: what the converter wrote last, what stands there now, and what it writes today, made one.

    A file that nobody touched becomes today's; in one that was corrected the two are merged (`merge`). What a person deleted,
    moved, split, joined, renamed or added stays so (`homes`), and ids stay with their articles (`identity`).

    Raises:
        JianbaoError: a character of the source would be lost; nothing may be written then.
    """
    desk = _Desk(standing, new)
    merged = {key: desk.merged(key) for key in desk.paths}
    texts = {key: outcome.text for key, outcome in merged.items()}
    spans, removed = desk.account(texts)
    texts = {key: desk.with_spans(key, text, spans.get(key)) for key, text in texts.items()}
    clashes = [(key, clash) for key, outcome in merged.items() for clash in outcome.clashes]
    ledger = desk.ledger(texts, spans, removed, clashes)
    held = [span for ones in spans.values() for span in ones]
    held += [(one.start, one.end) for one in ledger.furniture]
    check_partition(new.source.text, held, path=new.source.path)
    return Outcome(
        {path: desk.bytes_of(key, texts[key]) for key, path in desk.paths.items()},
        tuple(copy.path for key, copy in desk.copies.items() if key not in desk.paths),
        dict(desk.new_bases()),
        ledger,
        tuple((desk.paths[key], clash) for key, clash in clashes),
        tuple(
            desk.usual[key]
            for key, text in desk.texts.items()
            if key in desk.deleted and desk.main(key) == REMOVED and text != desk.bases[key]
        ),
    )


class _Desk:
    """The articles of a source in their three versions, each under one key: its id, or the path of a file without one."""

    def __init__(self, standing: Standing, new: Conversion) -> None:
        self.standing, self.new = standing, new
        self.retired = standing.ledger.retired if standing.ledger else {}
        dumped = [content.dump(article) for article in new.articles]
        is_same = [text for _, text in sorted(standing.bases.items())] == dumped
        self.bases, names = _readable(standing.bases, is_same=is_same)
        usual = {key: f"{standing.slug}/{name}" for key, name in names.items()}
        self.copies = match_copies(standing.files, self.bases, usual)
        as_numbered = Identity(tuple(article.id for article in new.articles), {})
        self.identity = as_numbered if is_same else self._identity(names)
        rows = list(zip(self.identity.ids, new.articles, dumped, strict=True))
        self.today = {
            key: article if article.id == key else content.stamp(replace(article, id=key))
            for key, article, _ in rows
        }
        self.texts = {
            key: text if article.id == key else content.dump(self.today[key])
            for key, article, text in rows
        }
        self.names = names | {key: self._name(key) for key in self.today if key not in names}
        self.usual = {key: f"{standing.slug}/{name}" for key, name in self.names.items()}
        self._trust_what_has_no_base()
        self.deleted = self.bases.keys() - self.copies.keys()
        self.is_corrected = {key: text.encode() for key, text in self.bases.items()} != {
            key: copy.raw for key, copy in self.copies.items()
        }
        self.homes = self._homes()
        self.paths = dict(self._paths())

    # --- who is who ---

    def _identity(self, names: Mapping[str, str]) -> Identity:
        old = [content.load(text, path=names[key]) for key, text in self.bases.items()]
        old += self._without_base(old)
        files = [*names.values(), *self.standing.bases, *self.standing.files]
        stems = [PurePosixPath(name).stem for name in files]
        taken = [*(f"{self.standing.slug}-{stem}" for stem in stems), *self.retired]
        deleted = self.bases.keys() - self.copies.keys()
        kept = [one.id for one in old if not one.body]
        return keep_ids(
            old, self.new.articles, self.standing.slug, taken=taken, last=[*deleted, *kept]
        )

    def _without_base(self, known: Sequence[Article]) -> Iterator[Article]:
        """Articles that the converter wrote and whose base is lost: no other has any of their characters."""
        held = {
            at
            for one in known
            if one.source
            for start, end in one.source.spans
            for at in range(start, end)
        }
        for key, copy in self.copies.items():
            article = None if key in self.bases else _article(copy.text)
            if article and article.id == key and article.converted and article.source:
                spans = article.source.spans
                if held.isdisjoint(at for start, end in spans for at in range(start, end)):
                    yield article

    def _name(self, key: str) -> str:
        number = number_of(key, self.standing.slug)
        return f"{number:02}.md" if number else f"{key}.md"

    def _trust_what_has_no_base(self) -> None:
        """A file whose base is lost: the converter's if its checksum says so, else a person's, to the last word."""
        for key in sorted(self.today.keys() & self.copies.keys() - self.bases.keys()):
            copy = self.copies[key]
            self.bases[key] = plain(copy.text)
            if not _is_untouched(copy.text):
                self.copies[key] = replace(copy, whole=True)

    def new_bases(self) -> Iterator[tuple[str, str]]:
        """File name → what the converter says today; of an article that it no longer has, but a person keeps, the front matter."""
        for key, text in self.texts.items():
            yield self.names[key], text
        for key in sorted(self.bases.keys() & self.paths.keys() - self.texts.keys()):
            article = content.load(self.bases[key], path=self.names[key])
            yield self.names[key], content.dump(content.stamp(replace(article, body="")))

    # --- what belongs where ---

    def _homes(self) -> Homes:
        base = {key: paragraphs_of(text) for key, text in self.bases.items()}
        ours = {
            key: base[key] if copy.whole and key in base else copy.paragraphs
            for key, copy in self.copies.items()
        }
        theirs = {key: paragraphs_of(text) for key, text in self.texts.items()}
        held = [key for key in self.copies if self._is_kept_by_a_person(key)]
        return find_homes(base, ours, theirs, held=held, heirs=self.identity.heirs)

    def _is_kept_by_a_person(self, key: str) -> bool:
        """Whether an article that the converter no longer has must stay one: a person has worked on its front matter."""
        if key in self.today or key not in self.bases:
            return False
        copy = self.copies[key]
        head, base = copy.head, parts_of(self.bases[key])[0]
        changed = (name for name in head.keys() | base.keys() if head.get(name) != base.get(name))
        return copy.whole or any(name not in ACCOUNT for name in changed)

    def _paths(self) -> Iterator[tuple[str, str]]:
        """Key → path of every file that is to stand."""
        for key, copy in self.copies.items():
            stands = key in self.today or key not in self.bases or key in self.homes.parts
            if stands or self._is_kept_by_a_person(key):
                yield key, copy.path
        for key, text in self.texts.items():
            is_new = key not in self.copies and key not in self.deleted
            if is_new and (self._part(key).theirs or not paragraphs_of(text)):
                yield key, self.usual[key]

    def _part(self, key: str) -> Part:
        return self.homes.parts.get(key, Part())

    # --- what it says ---

    def merged(self, key: str) -> Merged:
        """The file of an article, and where a person and the converter both changed it."""
        copy, part = self.copies.get(key), self._part(key)
        mine = plain(copy.text) if copy else None
        base = self.bases.get(key) or mine or self.texts[key]
        theirs = self.texts.get(key) or base
        if copy and copy.whole:
            clash = Clash("file", "the file as it stands", "what the page says today")
            return Merged(copy.text, (clash,) if key in self.today and theirs != base else ())
        heads = [dict(parts_of(text)[0]) for text in (base, mine or base, theirs)]
        for name in ACCOUNT:
            if name in heads[0] and name in heads[1]:
                if key in self.today:
                    heads[1][name] = heads[0][name]
                else:  # what the converter no longer has stays as it is
                    heads[0][name] = heads[2][name] = heads[1][name]
        texts = [
            _file(head, text, paragraphs)
            for head, text, paragraphs in zip(
                heads,
                (base, mine or base, theirs),
                (part.base, part.ours, part.theirs),
                strict=True,
            )
        ]
        if copy:
            texts[1] = copy.text if texts[1] == mine else as_saved(texts[1], copy.text)
        return merge(*texts)

    def bytes_of(self, key: str, text: str) -> bytes:
        copy = self.copies.get(key)
        return copy.raw if copy and copy.whole else text.encode()

    # --- where it came from ---

    def account(
        self, texts: Mapping[str, str]
    ) -> tuple[dict[str, tuple[Span, ...]], tuple[Span, ...]]:
        """Key → spans of every file with characters of this source; and the spans that a person took out."""
        found: dict[str, list[Span]] = {
            key: [] for key in self.paths if key in self.today or self._origin(texts[key])
        }
        removed: list[Span] = []
        bodies = {key: parts_of(plain(text))[1] for key, text in texts.items()}
        for key, pieces in zip(self.today, self.new.pieces, strict=True):
            for span, home in self._homes_of_pieces(key, pieces, bodies):
                (found.setdefault(home, []) if home else removed).append(span)
        text = self.new.source.text
        return {key: tuple(join_spans(ones, text)) for key, ones in found.items()}, tuple(
            join_spans(sorted(removed), text)
        )

    def _homes_of_pieces(
        self, key: str, pieces: Sequence[Piece], bodies: Mapping[str, str]
    ) -> Iterator[tuple[Span, str]]:
        """Each line or paragraph with the file that has it; one that a person wrote anew stays where it was counted last."""
        homes, main = self.homes.theirs[key], self.main(key)
        is_cut = bool(set(homes) - {main})
        paragraphs = paragraphs_of(self.texts[key])
        for span, text in pieces:
            at = most_like(text, paragraphs) if is_cut or self.is_corrected else None
            home = main if at is None else homes[at]
            if at is not None and most_like(text, [bodies.get(home, "")]) is None:
                other = most_like(text, list(bodies.values()))
                home = self._counted_last(span, home) if other is None else [*bodies][other]
            yield span, home if home in self.paths else REMOVED

    def _counted_last(self, span: Span, otherwise: str) -> str:
        """Which file had a span of this source until now."""
        ledger = self.standing.ledger
        if ledger is None or ledger.sha256 != self.new.source.sha256:
            return otherwise
        held = [(one.start, one.end, REMOVED) for one in ledger.furniture if one.role == "removed"]
        for key, copy in self.copies.items():
            origin = self._origin(copy.text)
            held += [(*own, key) for own in origin.spans] if origin else []
        return next((key for start, end, key in held if start <= span[0] < end), otherwise)

    def main(self, key: str) -> str:
        """The file that has most of an article today; `REMOVED` when none has."""
        if key in self.paths:
            return key
        homes = Counter(self.homes.theirs.get(key, ()))
        home = max(homes, key=lambda to: (homes[to], to)) if homes else self.homes.main[key]
        return home if home in self.paths else REMOVED

    def with_spans(self, key: str, text: str, spans: tuple[Span, ...] | None) -> str:
        """The file with what it has of the source told in its front matter."""
        copy = self.copies.get(key)
        stated = self._origin(text)
        if spans is None or (copy and copy.whole) or (stated and stated.spans == spans):
            return text
        origin = stated or next(one.source for one in self.today.values() if one.source)
        head, body = parts_of(plain(text))
        head["source"] = content.dump_origin(
            replace(origin, sha256=self.new.source.sha256, spans=spans)
        )
        return as_saved(f"---\n{''.join(head.values())}---\n{body}", text)

    def _origin(self, text: str) -> Origin | None:
        """What a file states of its source, if it is this one."""
        article = _article(text)
        origin = article.source if article else None
        return origin if origin and origin.file == self.new.source.path else None

    # --- the ledger ---

    def ledger(
        self,
        texts: Mapping[str, str],
        spans: Mapping[str, tuple[Span, ...]],
        removed: Sequence[Span],
        clashes: Sequence[tuple[str, Clash]],
    ) -> Ledger:
        """The account of the source, with a person's part in it."""
        ids = {key: stated_id(text) or key for key, text in texts.items()}
        ticks = dict(self._ticks(texts, ids))
        ledger = self.new.ledger
        furniture = [*ledger.furniture, *(Furniture(*span, "removed") for span in removed)]
        return replace(
            ledger,
            furniture=tuple(sorted(furniture, key=lambda one: one.start)),
            doubts=(*self._conflicts(ids, spans, clashes, ticks), *self._doubts(ids)),
            retired=self._retired(ids),
            reviewed=ticks,
        )

    def _doubts(self, ids: Mapping[str, str]) -> Iterator[Doubt]:
        """The converter's, each with the article that has its characters now."""
        keys = dict(zip((one.id for one in self.new.articles), self.today, strict=True))
        for doubt in self.new.ledger.doubts:
            if doubt.article is None:
                yield doubt
                continue
            key = keys[doubt.article]
            home = self.main(key)
            if home and (home == key or doubt.reason not in WHOLE):
                yield replace(doubt, article=ids[home])

    def _conflicts(
        self,
        ids: Mapping[str, str],
        spans: Mapping[str, tuple[Span, ...]],
        clashes: Sequence[tuple[str, Clash]],
        ticks: Mapping[str, Tick],
    ) -> Iterator[Doubt]:
        """What was decided for a person's words against the converter's, until the person has seen it."""
        fresh = []
        for key, clash in clashes:
            start, end = next(iter(spans.get(key, ())), (0, 0))
            ours, theirs = (quoted(text, "（无）") for text in (clash.ours, clash.theirs))
            says = f"校改与转换不同（{clash.where}）：保留{ours}，转换作{theirs}"
            fresh.append(Doubt(CONFLICT, start, end, says, ids[key]))
        known = {(one.article, one.says) for one in fresh}
        yield from fresh
        last = len(self.new.source.text)
        for doubt in self.standing.ledger.doubts if self.standing.ledger else ():
            if (
                doubt.reason == CONFLICT
                and doubt.article in ids.values()
                and doubt.article not in ticks
                and (doubt.article, doubt.says) not in known
            ):
                yield replace(doubt, start=min(doubt.start, last), end=min(doubt.end, last))

    def _retired(self, ids: Mapping[str, str]) -> dict[str, str | None]:
        """Ids that are gone, and who has their characters. What a person deleted is not told."""
        retired = dict(self.retired)
        for key in dict.fromkeys([*self.bases, *self.today]):
            home = self.main(self.identity.heirs.get(key) or key)
            if home:
                retired[key] = ids[home]
            elif key not in self.deleted:
                retired[key] = None
        live = set(ids.values())
        return {old: new for old, new in retired.items() if old not in live}

    def _ticks(
        self, texts: Mapping[str, str], ids: Mapping[str, str]
    ) -> Iterator[tuple[str, Tick]]:
        """What each person saw who ticked an article off: the conversion that stood there when the day was written."""
        known = self.standing.ledger.reviewed if self.standing.ledger else {}
        for key, text in texts.items():
            if "\nreviewed:" not in text or not (copy := self.copies.get(key)):
                continue
            article = _article(copy.text)
            if article and article.reviewed and article.converted:
                tick = known.get(ids[key])
                same = tick is not None and tick.on == article.reviewed
                yield ids[key], tick if tick and same else Tick(article.reviewed, article.converted)


def _readable(files: Mapping[str, str], *, is_same: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Id → what the converter wrote last, and the name of that file; one that is no article counts as lost."""
    bases: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, text in sorted(files.items()):
        key = stated_id(text)
        if key and key not in bases and (is_same or _article(text)):
            bases[key], names[key] = text, name
    return bases, names


def _article(text: str) -> Article | None:
    """What a file says, None where it cannot be read."""
    try:
        return content.load(text, path="")
    except JianbaoError:
        return None


def _is_untouched(text: str) -> bool:
    """Whether a file is what the converter wrote, as its checksum says."""
    article = _article(text)
    return article is not None and content.dump(content.stamp(article)) == text


def _file(head: Mapping[str, str], text: str, paragraphs: Sequence[str]) -> str:
    """A file with this front matter and these paragraphs; where they are its own, set as they were."""
    body = parts_of(text)[1]
    if tuple(paragraphs) != paragraphs_of(text):
        body = "\n" + "\n\n".join(paragraphs) + "\n" if paragraphs else ""
    return f"---\n{''.join(head.values())}---\n{body}"
