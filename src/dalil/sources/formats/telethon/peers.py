"""Who is meant: peers of today, and the bare numbers of dumps before 2020."""

from __future__ import annotations

from dalil.sources.formats.telethon.shapes import Forward, Message, Peer
from dalil.sources.telegram import ids


def named(value: Peer | int | None) -> ids.Peer | None:
    """The peer that a field names; None where it names nobody."""
    if value is None:
        return None
    if isinstance(value, int):
        channel = ids.channel_id(value) if value < 0 else None
        if channel is not None:
            return ids.Peer("channel", channel)
        return ids.Peer("user", str(value)) if value > 0 else ids.Peer("chat", str(-value)) if value else None
    if value.channel_id is not None:
        channel = ids.channel_id(value.channel_id)
        return ids.Peer("channel", channel) if channel is not None else None
    if value.chat_id is not None:
        return ids.Peer("chat", str(value.chat_id))
    return ids.Peer("user", str(value.user_id)) if value.user_id is not None else None


def home(message: Message) -> ids.Peer | None:
    """The chat that a message stands in."""
    return named(message.peer_id) or named(message.to_id)


def source(forward: Forward) -> ids.Peer | None:
    """Where a forward comes from, if it says so by an id."""
    if forward.channel_id is not None:
        channel = ids.channel_id(forward.channel_id)
        if channel is not None:
            return ids.Peer("channel", channel)
    return named(forward.from_id)
