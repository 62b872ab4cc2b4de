"""The media of a message: bytes beside the export, within its folder only; else why not."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from dalil.schema.records import MediaRef
from dalil.sources.closed_words import NOTE, media_type
from dalil.sources.formats.telegram_desktop.shapes import Message
from dalil.sources.importer import MediaBytes
from dalil.sources.media_files import beside
from dalil.sources.reading import Root


class Found(NamedTuple):
    """A reference to a medium, its bytes where they came along, and the code of a doubt."""

    ref: MediaRef
    data: MediaBytes | None = None
    doubt: str = ""


def found(message: Message, root: Root | None, *, limit: int) -> Found | None:
    """The medium of a message; None where it has none. Its name and path are used and forgotten."""
    named = message.photo if isinstance(message.photo, str) else message.file
    if not isinstance(named, str) or not named:
        return None
    if named.startswith("(") and named.rstrip().endswith(")"):
        return Found(_ref(message, not_included=named if NOTE.fullmatch(named) else "media-not-included"))
    data, doubt = beside(root, named, limit=limit)
    if data is None:
        return Found(_ref(message, not_included=doubt), None, doubt)
    sha256 = hashlib.sha256(data).hexdigest()
    duration = message.duration_seconds
    seconds = float(duration) if isinstance(duration, int | float) else None
    return Found(_ref(message, sha256=sha256), MediaBytes(sha256=sha256, data=data, duration_s=seconds))


def _ref(message: Message, *, sha256: str | None = None, not_included: str | None = None) -> MediaRef:
    duration = message.duration_seconds
    mime = media_type(message.mime_type, [])
    return MediaRef(
        sha256=sha256,
        mime=mime or ("image/jpeg" if isinstance(message.photo, str) else None),
        width=message.width or None,
        height=message.height or None,
        duration_s=float(duration) if isinstance(duration, int | float) else None,
        not_included=not_included,
    )
