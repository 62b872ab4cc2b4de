"""A picture that lies beside a record and is named in it: read within limits, and only if it is a picture.

A table from a stranger may name any file of its folder; nothing but a picture is taken in for it.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from dalil.schema.records import MediaRef
from dalil.sources.importer import MediaBytes
from dalil.sources.reading import Root, inside

_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")
_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"avif")


class Shot(NamedTuple):
    """The post's pointer, the bytes if there are any, and why there are none."""

    ref: MediaRef
    media: MediaBytes | None
    problem: str = ""


def screenshot(root: Root | None, name: str, *, limit: int) -> Shot:
    """The picture of that relative name inside `root`, or a pointer that says why it is not there."""
    path = inside(root, name) if root is not None else None
    if path is None:
        return _without("media-not-found")
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError:
        return _without("media-not-found")
    if len(data) > limit:
        return _without("media-too-large")
    if not is_picture(data):
        return _without("media-no-picture")
    sha256 = hashlib.sha256(data).hexdigest()
    return Shot(MediaRef(sha256=sha256), MediaBytes(sha256=sha256, data=data))


def is_picture(data: bytes) -> bool:
    """Whether the first bytes are those of a picture that phones and screens make."""
    if data.startswith(_MAGIC):
        return True
    return (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or (data[4:8] == b"ftyp" and data[8:12] in _BRANDS)


def _without(problem: str) -> Shot:
    return Shot(MediaRef(not_included=problem), None, problem)
