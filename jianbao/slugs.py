"""Names for folders, files and addresses: ASCII, lower case, short, the same on every system."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from jianbao.pinyin import syllables

# 255 bytes is what file systems take; 120 leaves room for suffixes and folders.
MAX_LENGTH = 120
# Names that a system or the site itself has taken.
RESERVED = frozenset(
    {"index", "search", "404", "assets", "data", "con", "prn", "aux", "nul"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)}
)


@cache
def make_slug(text: str) -> str:
    """`[a-z0-9-]+`, at most 120 characters; Chinese becomes pinyin without tones.

    Two texts may share a slug; `unique_slugs` tells them apart.

    >>> make_slug("临河日报 2020-06-18 A3")
    'lin-he-ri-bao-2020-06-18-a3'
    >>> make_slug("../../etc")
    'etc'
    >>> make_slug("★").startswith("x-")
    True
    """
    words = " ".join(syllables(unicodedata.normalize("NFKC", text)))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_LENGTH].rstrip("-")
    if not slug:
        return f"x-{_digest(text)}"
    return f"{slug}-{_digest(text)}" if slug in RESERVED else slug


def unique_slugs(names: Iterable[str]) -> dict[str, str]:
    """Name → slug, all different. Names that would collide all get a suffix from their own
    characters, so the outcome does not depend on the order in which they were found.

    >>> unique_slugs(["工会", "公会", "a"]) == {
    ...     "工会": "gong-hui-" + _digest("工会"), "公会": "gong-hui-" + _digest("公会"), "a": "a"}
    True
    """
    slugs = {name: make_slug(name) for name in names}
    while len(set(slugs.values())) < len(slugs):
        shared = Counter(slugs.values())
        slugs = {
            name: slug if shared[slug] == 1 else with_suffix(slug, name)
            for name, slug in slugs.items()
        }
    return slugs


def with_suffix(slug: str, name: str) -> str:
    """A slug told apart from others like it by the characters of its name."""
    return f"{slug}-{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
