"""The accounts: whether content/ and sources/ add up, and whether the site is what content/ says.

A source that changed, an account that is wrong and a site that is older than its articles are errors. What the next conversion
puts right, after articles were split or deleted by hand, is a warning: it need not stop anybody from publishing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from jianbao import content
from jianbao.account import check_partition
from jianbao.check.faults import CheckWarning
from jianbao.config import Config
from jianbao.errors import JianbaoError
from jianbao.intake import read_bytes, read_text
from jianbao.loading import articles_in
from jianbao.models import Article, Ledger, Span
from jianbao.readings import source_of
from jianbao.report import Folders
from jianbao.shelf import LEDGER

CONVERT = "Run `convert`: it writes the account anew, and your corrections stay."
BUILD = "Run `build`."


def check_accounts(config: Config, folders: Folders) -> list[JianbaoError]:
    """All that does not add up; nothing for an archive without content/."""
    if not folders.content.is_dir():
        return []
    errors: list[JianbaoError] = []
    loaded = articles_in(folders.content, errors)
    articles = [article for article, _, _ in loaded]
    errors += look_at_ledgers(config, folders, articles)
    errors += look_at_site(folders.site, [(article, str(path)) for article, path, _ in loaded])
    return errors


# --- content/ against sources/ --------------------------------------------------------------------


def look_at_ledgers(
    config: Config, folders: Folders, articles: Iterable[Article]
) -> Iterator[JianbaoError]:
    spans: defaultdict[str, list[Span]] = defaultdict(list)
    for article in articles:
        if article.source:
            spans[article.source.file] += article.source.spans
    gone: list[str] = []
    for path in sorted(folders.content.glob(f"*/{LEDGER}")):
        try:
            ledger = content.load_ledger(read_text(path), path=str(path))
            if not is_below(folders.sources, ledger.file):
                gone.append(ledger.file)
                continue
            yield from look_at_ledger(config, folders, ledger, str(path), spans[ledger.file])
        except JianbaoError as error:
            yield error
    if gone:
        says = f"sources that are not here: {len(gone)}, such as {gone[0]}"
        hint = "Their articles stay; whether nothing of them is lost cannot be told without them."
        yield CheckWarning(says, path=str(folders.sources), hint=hint)


def is_below(sources: Path, file: str) -> bool:
    """Whether a ledger's file is there, and in its place: a ledger may come from anywhere."""
    path = sources / file
    return path.resolve().is_relative_to(sources.resolve()) and path.is_file()


def look_at_ledger(
    config: Config, folders: Folders, ledger: Ledger, path: str, spans: Collection[Span]
) -> Iterator[JianbaoError]:
    """Whether a ledger tells of the source that is there, and every character of it stands in one place."""
    file = folders.sources / ledger.file
    raw = read_bytes(file, config.max_source_mb)
    if hashlib.sha256(raw).hexdigest() != ledger.sha256:
        yield JianbaoError("has changed since it was converted", path=str(file), hint=CONVERT)
        return
    source = source_of(folders.config, raw, ledger.file, ledger.encoding)
    if (len(raw), len(source.text)) != (ledger.bytes, ledger.characters):
        told = f"{ledger.bytes} bytes and {ledger.characters} characters"
        found = f"{len(raw)} and {len(source.text)}"
        yield JianbaoError(f"tells of {told}; the source has {found}", path=path, hint=CONVERT)
    held = [*spans, *((one.start, one.end) for one in ledger.furniture)]
    if any(start < 0 or end > len(source.text) or start >= end for start, end in held):
        says = "a span leads out of the source"
        yield JianbaoError(says, path=path, hint=CONVERT)
        return
    try:
        check_partition(source.text, held, path=str(file))
    except JianbaoError as error:
        says = f"{error.message} by the account in {path}"
        yield CheckWarning(says, path=error.path, line=error.line, hint=CONVERT)


# --- the site against content/ --------------------------------------------------------------------


def look_at_site(site: Path, articles: Iterable[tuple[Article, str]]) -> Iterator[JianbaoError]:
    """Articles that should have a page and have none, and those that should have none."""
    for article, path in articles:
        is_there = (site / "articles" / article.id / "index.md").is_file()
        if article.publish and not is_there:
            yield JianbaoError("has no page in the site", path=path, hint=BUILD)
        elif not article.publish and is_there:
            says = "is still in the site, though it says publish: false"
            yield JianbaoError(says, path=path, hint=BUILD)
