"""The importer of TGDataset files: an object of public channels by their ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.formats.tgdataset import channels, entries, rereads
from dalil.sources.formats.tgdataset.channels import MEDIA, TEXTS, Outline
from dalil.sources.formats.tgdataset.shapes import About
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_stream import JsonReader
from dalil.sources.json_values import json_problem
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.telegram.chats import Chat

_CHANNEL: Final = re.compile(rb'\{\s*"-?\d{1,19}"\s*:\s*\{')
_KNOWN: Final = re.compile(
    rb'"(?:username|creation_date|title|scam|n_subscribers|verified|text_messages|generic_media)"\s*:'
)
_CONTENT: Final = re.compile(rb'"(?:text_messages|generic_media)"\s*:\s*\{')


class TgDataset:
    """The channels of TGDataset (La Morgia et al. 2023): words and media by message id."""

    manifest = Manifest(
        name="tgdataset",
        version="2",
        title="TGDataset (JSON)",
        proof="unproven on a real file",
        notes="All its channels are public. Media are references: the files are not in it, and their names are not kept.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of channels by their ids with one of the two dictionaries of messages."""
        if not _CHANNEL.match(head.removeprefix(BOM).lstrip()):
            return 0.0
        if _CONTENT.search(head):
            return 0.95
        return 0.6 if len(set(_KNOWN.findall(head))) >= 4 else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each channel, then its messages with their media, then its media without words."""
        limit = context.limits.line_bytes
        with source.open() as ahead, source.open() as stream:
            yield from _File(source, context, JsonReader(ahead, limit=limit), JsonReader(stream, limit=limit)).items()


class _File:
    """One file while it is read, by two readers side by side."""

    def __init__(self, source: SourceFile, context: ReadContext, ahead: JsonReader, reader: JsonReader) -> None:
        self._label = source.label
        self._context = context
        self._ahead = ahead
        self._reader = reader
        self._told = False

    def items(self) -> Iterator[Item]:
        both = zip(self._ahead.fields(), self._reader.fields(), strict=False)
        for index, (_, key) in enumerate(both):
            found = channels.outline(self._ahead)
            if not found.is_channel:
                self._reader.skip()
                yield Ignored("other-object")
                continue
            yield from self._channel(key, f"{self._label}channel {index + 1}", found)
        broken = self._ahead.broken or self._reader.broken
        if broken and not self._told:
            yield Reject(f"{self._label}end", broken)

    def _channel(self, key: str, place: str, found: Outline) -> Iterator[Item]:
        number = channels.message_id(key.removeprefix("-100"))
        if not number:
            self._reader.skip()
            yield Reject(place, "chat-without-id")
            return
        about = found.about or About()
        chat = Chat(str(number), self._context.privacy, handle=about.username or None)
        yield entries.channel_record(chat, about)
        for field in self._reader.fields():
            if field in (TEXTS, MEDIA):
                yield from self._entries(field, f"{place} {field}", found, chat)
            else:
                self._reader.skip()

    def _entries(self, field: str, place: str, found: Outline, chat: Chat) -> Iterator[Item]:
        reader, context = self._reader, self._context
        for key in reader.fields():
            captured = reader.value()
            context.done_bytes = reader.offset
            number = channels.message_id(key)
            if captured.data is None:
                self._told = self._told or captured.problem == "json-truncated"
                yield Reject(f"{place}[{number}]", captured.problem, captured.sha256)
            elif number is None:
                yield Reject(place, "id-unreadable", hashlib.sha256(captured.data).hexdigest())
            elif field == TEXTS or number not in found.media:
                yield self._entry(number, captured.data, f"{place}[{number}]", field, found, chat)

    def _entry(self, number: int, data: bytes, where: str, field: str, found: Outline, chat: Chat) -> Item:
        try:
            entry = channels.decoded(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Reject(where, json_problem(error, data), hashlib.sha256(data).hexdigest())
        medium = entry if field == MEDIA else found.media.get(number)
        return entries.entry_record(number, entry, medium, chat)
