"""One archived item as its JSON enricher writes it: the fields that are read; all others are passed over.

The file may tell of the machine that archived (folders, settings, versions): none of that is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

MOST_MEDIA: Final = 200


class Medium(msgspec.Struct):
    """One file of the item. Its names are used to find its bytes and forgotten.

    `properties` holds its hash (`SHA-256:…`), and files made from it: thumbnails, proofs of time.
    """

    filename: str = ""
    key: str | None = None
    stored_key: str | None = msgspec.field(default=None, name="_key")
    urls: list[str] = []
    properties: dict[str, msgspec.Raw] = {}
    mimetype: str | None = msgspec.field(default=None, name="_mimetype")

    @property
    def names(self) -> list[str]:
        """What it may be called beside the item's own file, the surest first."""
        given = [name for name in (self.key, self.stored_key, *self.urls, self.filename) if name]
        found = [name for name in given if "://" not in name and not name.startswith("/")]
        found += [name.replace("\\", "/").rstrip("/").rpartition("/")[2] for name in given]
        return [name for name in dict.fromkeys(found) if name]

    @property
    def sha256(self) -> str | None:
        """Its hash, where it was made with SHA-256."""
        try:
            told = msgspec.json.decode(self.properties.get("hash", b"null"), type=str | None)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        kind, _, value = (told or "").partition(":")
        value = value.strip().lower()
        return (
            value if kind.upper() == "SHA-256" and len(value) == 64 and set(value) <= set("0123456789abcdef") else None
        )


class Details(msgspec.Struct):
    """What was found out about the item. `processed_at` is when it was archived."""

    url: str
    processed_at: str | float = msgspec.field(name="_processed_at")
    timestamp: str | float | None = None
    title: str | None = None
    content: str | None = None


class Item(msgspec.Struct):
    """The whole file."""

    metadata: Details
    status: str = ""
    media: list[Medium] = []


_INNER: Final = msgspec.json.Decoder(list[Medium])
_ITEM: Final = msgspec.json.Decoder(Item)


def decoded(data: bytes) -> Item | str:
    """The item, or the code of what is wrong with it."""
    try:
        return _ITEM.decode(data)
    except RecursionError:
        return "nested-too-deep"
    except msgspec.ValidationError:
        return "shape-unknown"
    except UnicodeDecodeError:
        return "encoding-wrong"
    except msgspec.DecodeError:
        return "json-broken"


def all_media(item: Item) -> Iterator[Medium]:
    """The item's files, each followed by those made from it, at most `MOST_MEDIA`."""
    count = 0
    for medium in item.media:
        for one in (medium, *_made_from(medium)):
            if count == MOST_MEDIA:
                return
            count += 1
            yield one


def _made_from(medium: Medium) -> Iterator[Medium]:
    for value in medium.properties.values():
        if not bytes(value).lstrip().startswith(b"["):
            continue
        try:
            yield from (inner for inner in _INNER.decode(value) if inner.filename or inner.key)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
