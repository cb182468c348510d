"""The encoding of a saved page: what it declares, and the bytes by which that can be judged."""

from __future__ import annotations

import re

DECLARED_RE = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,80}encoding=[\"']([\w.:-]+)", re.IGNORECASE)  # fmt: skip
MARKUP_RE = re.compile(
    rb"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^<>]*>|&#?\w{1,10};", re.IGNORECASE | re.DOTALL
)
# What pages declare, and the larger set that browsers take it for.
LABELS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "utf8": "utf-8", "utf-8": "utf-8", "unicode": "utf-8",
}  # fmt: skip


def declared_encoding(raw: bytes) -> str | None:
    """The encoding that a page says it is in, as Python calls it."""
    found = DECLARED_RE.search(raw[:8192])
    label = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    return LABELS.get(label, label) or None


def printed_bytes(raw: bytes) -> bytes:
    """The bytes of a page without its markup, which would outweigh the Chinese by which an encoding is told."""
    return MARKUP_RE.sub(b" ", raw)
