"""The search as it was shipped: its files are whole, and every article is found in them by words of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from jianbao.check.faults import Fault
from jianbao.errors import JianbaoError

PAGE = "search/index.html"
FOLDER_RE = re.compile(r'data-search="[^"]*?([0-9a-f]+)/manifest\.json"')
ARTICLE_PAGE = "articles/{}/index.html"
AGAIN = "Build the site again, as a whole (remove it first)."


def look_at_search(files: Mapping[str, Path]) -> Iterator[Fault]:
    """What is wrong with the search of a site; nothing is asked of one that has none."""
    if PAGE not in files:
        return
    named = FOLDER_RE.search(files[PAGE].read_text("utf-8", "replace"))
    if not named:
        return
    folder = f"search/{named[1]}/"
    shipped = {
        name.removeprefix(folder): path for name, path in files.items() if name.startswith(folder)
    }
    if not shipped:
        yield Fault(PAGE, 0, f"its index {folder} is not there", AGAIN)
        return
    from jianbao.publish.search import read_shipped  # all that makes pages comes along

    try:
        ids = read_shipped({name: path.read_bytes() for name, path in shipped.items()}, folder)
    except JianbaoError as error:
        yield Fault(f"{folder}{error.path or ''}", 0, error.message, error.hint or AGAIN)
        return
    for one in ids:
        if ARTICLE_PAGE.format(one) not in files:
            yield Fault(folder, 0, f"finds the article {one!r}, which has no page", AGAIN)
