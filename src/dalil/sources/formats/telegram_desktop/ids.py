"""Telegram ids: `channel123` and `user123` of today, and the offset numbers of exports before 2022.

The old program wrote one number for every peer: a user's id as it is, a basic group's plus 2^32, a
channel's plus 2^33. Unless they are brought together, one channel becomes two.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

GROUP_OFFSET: Final = 1 << 32
CHANNEL_OFFSET: Final = 1 << 33
_NAMED: Final = re.compile(r"(user|chat|channel)(\d{1,20})")


class Peer(NamedTuple):
    """Who: kind `user`, `chat` or `channel`, and the bare id as text."""

    kind: str
    native_id: str


def peer(value: object) -> Peer | None:
    """The peer that a `from_id` names; None where it names nobody we can read."""
    if isinstance(value, str):
        match = _NAMED.fullmatch(value)
        if match:
            return Peer(match[1], match[2])
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None
    if not isinstance(value, int) or value <= 0:
        return None
    if value >= CHANNEL_OFFSET:
        return Peer("channel", str(value - CHANNEL_OFFSET))
    if value >= GROUP_OFFSET:
        return Peer("chat", str(value - GROUP_OFFSET))
    return Peer("user", str(value))


def chat_id(value: object, *, old: bool) -> str | None:
    """The bare id of an exported channel or supergroup; None where there is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or value <= 0:
        return None
    return str(value - CHANNEL_OFFSET if old and value >= CHANNEL_OFFSET else value)
