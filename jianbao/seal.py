"""A checksum in front of what is kept for the next run: what was damaged, or written for another purpose, is not taken for it."""

from __future__ import annotations

import hashlib


def sealed(data: bytes, key: str = "") -> bytes:
    """The data with a first line that only data and key together give."""
    return _seal(data, key) + b"\n" + data


def unsealed(kept: bytes, key: str = "") -> bytes | None:
    """What `sealed` was given; None where it is not that, or had another key.

    >>> unsealed(sealed(b"a")), unsealed(sealed(b"a") + b"b"), unsealed(sealed(b"a"), "key")
    (b'a', None, None)
    """
    seal, _, data = kept.partition(b"\n")
    return data if seal == _seal(data, key) else None


def _seal(data: bytes, key: str) -> bytes:
    return hashlib.sha256(key.encode() + data).hexdigest().encode()
