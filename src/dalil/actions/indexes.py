"""What is kept of the archive to answer fast: indexes of pictures and texts, and the groups of copies.

Each carries the archive's head it was made from; one that is behind is made again, from the archive
alone, so that losing it costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
import numpy as np

from dalil.actions.house import House
from dalil.archive.writing import Writer
from dalil.findings import duplicates
from dalil.findings.seen import PictureIndex, TextIndex, picture_index, text_index
from dalil.schema.results import MediaGroup, TextGroup

PICTURES = "pictures"
TEXTS = "texts"
TEXT_GROUPS = "text-groups"
MEDIA_GROUPS = "media-groups"
Made = TypeVar("Made")
Group = TypeVar("Group", TextGroup, MediaGroup)
Arrays = Mapping[str, np.ndarray[Any, Any]]


def refresh(house: House) -> None:
    """Make the indexes of pictures and texts again where the archive has grown since."""
    pictures(house)
    texts(house)


def pictures(house: House) -> PictureIndex:
    """The index of pictures, fresh."""
    table = house.archive.table
    return _fresh(
        house,
        PICTURES,
        read=PictureIndex.from_arrays,
        build=lambda: picture_index(table("image_signals"), table("media"), table("posts")),
        arrays=PictureIndex.arrays,
    )


def texts(house: House) -> TextIndex:
    """The index of texts, fresh."""
    table = house.archive.table
    return _fresh(
        house,
        TEXTS,
        read=TextIndex.from_arrays,
        build=lambda: text_index(table("text_signals"), table("posts")),
        arrays=TextIndex.arrays,
    )


def groups_of_texts(house: House) -> list[TextGroup]:
    """Posts with the same text, edited or not."""
    table = house.archive.table
    return _groups(
        house,
        TEXT_GROUPS,
        TextGroup,
        duplicates.TEXT_VERSION,
        lambda: duplicates.text_groups(table("text_signals"), table("posts")),
    )


def groups_of_media(house: House) -> list[MediaGroup]:
    """Media items that show the same picture."""
    table = house.archive.table
    return _groups(
        house,
        MEDIA_GROUPS,
        MediaGroup,
        duplicates.MEDIA_VERSION,
        lambda: duplicates.media_groups(table("image_signals"), table("media")),
    )


def _groups(house: House, name: str, kind: type[Group], version: str, build: Callable[[], list[Group]]) -> list[Group]:
    """Groups are kept whole, packed in one array of bytes: grouping is the dearest thing there is to repeat."""

    def read(arrays: Arrays) -> list[Group] | None:
        if arrays["version"].tobytes() != version.encode():
            return None
        return msgspec.msgpack.decode(arrays["packed"].tobytes(), type=list[kind])  # type: ignore[valid-type]

    def pack(groups: list[Group]) -> Arrays:
        packed = msgspec.msgpack.encode(groups)
        return {"version": _bytes(version.encode()), "packed": _bytes(packed)}

    return _fresh(house, name, read=read, build=build, arrays=pack)


def _bytes(data: bytes) -> np.ndarray[Any, Any]:
    return np.frombuffer(data, dtype=np.uint8)


def _fresh(
    house: House,
    name: str,
    *,
    read: Callable[[Arrays], Made | None],
    build: Callable[[], Made],
    arrays: Callable[[Made], Arrays],
) -> Made:
    head = house.archive.facts_head()
    saved = house.archive.index(name)
    if saved is not None and saved.facts.get("head") == head:
        found = read(saved.arrays)
        if found is not None:
            return found
    made = build()
    Writer(house.workspace, keys=house.keys, now=house.now()).save_index(name, arrays(made), facts={"head": head})
    return made
