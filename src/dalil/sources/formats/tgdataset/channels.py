"""One channel read twice side by side: first what it says of itself and which media belong to which words.

A message with words and a medium stands in both dictionaries under one id, and the words come
first. So a second reader runs ahead over each channel: it keeps the ids of the texts, eight bytes
each, and of the media only those that one of them names.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

import msgspec

from dalil.sources.formats.tgdataset.shapes import About, Entry
from dalil.sources.json_stream import JsonReader

TEXTS: Final = "text_messages"
MEDIA: Final = "generic_media"
MOST: Final = 1_000_000
"""Captions of one channel whose media are kept for them; of any more the medium is a post of its own."""
_ENTRY: Final = msgspec.json.Decoder(Entry)
_ABOUT: Final = msgspec.json.Decoder(About)
_ABOUT_FIELDS: Final = frozenset(About.__struct_fields__)


@dataclass(slots=True)
class Outline:
    """What is known of a channel before its messages are read. `media` are those with words, by message id."""

    about: About | None = None
    media: dict[int, Entry] = field(default_factory=dict)
    is_channel: bool = False


def message_id(key: str) -> int | None:
    """The key of a message as its number; None where it is none."""
    return int(key) if key.isascii() and key.isdigit() and len(key) < 16 else None


def outline(reader: JsonReader) -> Outline:
    """Run over the channel that begins here."""
    found = Outline()
    said: dict[str, msgspec.Raw] = {}
    numbers: array[int] = array("q")
    later: dict[int, Entry] = {}
    for key in reader.fields():
        if key in _ABOUT_FIELDS:
            said[key] = msgspec.Raw(reader.value().data or b"null")
        elif key == TEXTS:
            found.is_channel = True
            numbers = _numbers(reader)
        elif key == MEDIA:
            found.is_channel = True
            later = _named(reader, numbers)
        else:
            reader.skip()
    found.media = later
    found.about = _about(said)
    return found


def decoded(data: bytes) -> Entry:
    """One message."""
    return _ENTRY.decode(data)


def _numbers(reader: JsonReader) -> array[int]:
    found: array[int] = array("q")
    for key in reader.fields():
        number = message_id(key)
        if number is not None and len(found) < MOST:
            found.append(number)
        reader.skip()
    return array("q", sorted(found))


def _named(reader: JsonReader, numbers: array[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for key in reader.fields():
        number = message_id(key)
        at = bisect_left(numbers, number) if number is not None else len(numbers)
        if number is None or at == len(numbers) or numbers[at] != number:
            reader.skip()
            continue
        try:
            found[number] = _ENTRY.decode(reader.value().data or b"null")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return found


def _about(said: dict[str, msgspec.Raw]) -> About | None:
    """What decodes of it: a field of another shape loses itself."""
    try:
        return _ABOUT.decode(msgspec.json.encode(said))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    kept: dict[str, msgspec.Raw] = {}
    for key, value in said.items():
        try:
            _ABOUT.decode(msgspec.json.encode({key: value}))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        kept[key] = value
    return _ABOUT.decode(msgspec.json.encode(kept))
