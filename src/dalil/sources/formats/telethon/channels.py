"""The channels that a dump describes: which of them anybody can read, and under what name."""

from __future__ import annotations

import re
from datetime import datetime
from typing import BinaryIO, Final

import msgspec

from dalil.schema.records import Metric
from dalil.sources import times
from dalil.sources.formats.telethon.shapes import Channel, Message
from dalil.sources.importer import Record
from dalil.sources.json_stream import whole
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.telegram import ids
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import PLATFORM

KINDS: Final = frozenset({"Channel", "channel"})
_DECODER: Final = msgspec.json.Decoder(Channel)
_BEGINNING: Final = re.compile(rb'\{\s{0,400}"_"\s{0,8}:\s{0,8}"[Cc]hannel"')
_STEP: Final = 1 << 20
_OVERLAP: Final = 512
_LARGEST: Final = 64 << 10
_MOST_CHANNELS: Final = 100_000
_MOST_CHATS: Final = 10_000


def described(stream: BinaryIO) -> dict[str, Channel]:
    """The channels that a dump describes, wherever it does so, by their bare id.

    Of two descriptions of one channel the one with a public name. One quick look at all bytes: what
    begins as a channel does is cut out and decoded.
    """
    found: dict[str, Channel] = {}
    for place in _places(stream):
        stream.seek(place)
        data = whole(stream.read(_LARGEST))
        if data is None:
            continue
        try:
            channel = _DECODER.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        native_id = ids.channel_id(channel.id)
        if native_id is not None and (native_id not in found or channel.public_name):
            found[native_id] = channel
    return found


def _places(stream: BinaryIO) -> list[int]:
    """Where a channel may begin. A dump of more than a hundred thousand is read as if it held no more."""
    found: list[int] = []
    before, kept = 0, b""
    while (step := stream.read(_STEP)) and len(found) < _MOST_CHANNELS:
        block = kept + step
        places = [before + match.start() for match in _BEGINNING.finditer(block)]
        found += [place for place in places if not found or place > found[-1]]
        kept = block[-_OVERLAP:]
        before += len(block) - len(kept)
    return found


class Channels:
    """The chats of one dump, opened as their messages come.

    Args:
        known: what the dump says of channels.
        all_public: the operator says that anybody can read the channels that it does not describe.
    """

    def __init__(self, privacy: Pseudonymiser, known: dict[str, Channel], *, all_public: bool) -> None:
        self._privacy = privacy
        self._known = known
        self._all_public = all_public
        self._open: dict[tuple[str, bool], Chat | None] = {}

    def of(self, message: Message, home: ids.Peer | None) -> Chat | None:
        """The chat of a message; None where it is not public, or nothing says that it is.

        A post of a channel (`post` true) that nothing is known of is read under keyed hashes, with
        its visibility unknown; a message of such a group is not read at all.
        """
        if home is None or home.kind != "channel":
            return None
        key = (home.native_id, bool(message.post))
        if key not in self._open:
            if len(self._open) >= _MOST_CHATS:
                self._open.clear()
            self._open[key] = self._opened(*key)
        return self._open[key]

    def _opened(self, native_id: str, is_post: bool) -> Chat | None:  # noqa: FBT001 - the key of a dict
        channel = self._known.get(native_id)
        listed = self._privacy.is_public(PLATFORM, native_id=native_id)
        handle = channel.public_name if channel else None
        public = bool(handle) or listed or (channel is None and self._all_public)
        if not public and (channel is not None or not is_post):
            return None
        is_channel = bool(channel.broadcast or not channel.megagroup) if channel else is_post
        return Chat(native_id, self._privacy, is_channel, public, handle, names_own=False)

    def record(self, native_id: str) -> Record | None:
        """A public channel as an account; None where it has no public name and is not in the public list."""
        channel = self._known[native_id]
        chat = self._opened(native_id, bool(channel.broadcast))
        if chat is None:
            return None
        title = channel.title or ""
        created = _created(channel)
        count = channel.participants_count
        raw: dict[str, object] = {
            "id": native_id,
            "name": title,
            "username": channel.public_name,
            "broadcast": chat.is_channel,
            "date": channel.date if _created(channel) else None,
            "verified": channel.verified,
            "participants": count,
        }
        return chat.record(
            title,
            raw,
            created_at=created,
            counts=() if count is None else (Metric("followers", count),),
            verified=channel.verified,
        )


def _created(channel: Channel) -> datetime | None:
    if isinstance(channel.date, str):
        read = times.from_iso(channel.date)
        return read[0] if read else None
    return None if channel.date is None else times.from_epoch(channel.date)
