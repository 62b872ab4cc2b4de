"""Whose archive it is: the one thing that is read of `account.js`, to be hashed and then forgotten (law 9)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import UNREADABLE
from dalil.sources.reading import SourceFile, inside
from dalil.sources.x_status.around import Author, text_id
from dalil.sources.x_status.shapes import Id

_LARGEST: Final = 64 << 10


class Named(msgspec.Struct):
    """The account: mail address, telephone, display name and the rest are not named here and so not read."""

    id: Id | UnsetType | None = msgspec.field(default=UNSET, name="accountId")
    handle: str | UnsetType | None = msgspec.field(default=UNSET, name="username")


class Entry(msgspec.Struct):
    """One element of the file's list."""

    account: Named


_DECODER: Final = msgspec.json.Decoder(list[Entry])


def _beside(source: SourceFile) -> str:
    """Where `account.js` would lie: a place of a walk is the file's own, a folder of the disk may be one above."""
    if isinstance(source.root, Path) and isinstance(source.path, Path) and source.path.is_relative_to(source.root):
        return source.path.relative_to(source.root).with_name("account.js").as_posix()
    return "account.js"


def owner_of(source: SourceFile) -> Author:
    """The owner as `account.js` beside the file tells; nobody where there is none or it cannot be read."""
    if source.root is None:
        return Author()
    path = inside(source.root, _beside(source))
    if path is None:
        return Author()
    try:
        with SourceFile(path).open() as stream:
            found = _DECODER.decode(stream.read(_LARGEST).partition(b"=")[2])
    except UNREADABLE:
        return Author()
    return Author(text_id(found[0].account.id), found[0].account.handle or None) if found else Author()
