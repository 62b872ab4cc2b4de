"""Telegram ids: `channel123` and `user123` of today, the offset numbers of exports before 2022, the marked ones of bots.

The old program wrote one number for every peer: a user's id as it is, a basic group's plus 2^32, a
channel's plus 2^33. Unless they are brought together, one channel becomes two. Programs for bots
mark a channel as -100 and its id, a basic group as its negative id.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

PLATFORM: Final = "telegram"
GROUP_OFFSET: Final = 1 << 32
CHANNEL_OFFSET: Final = 1 << 33
_MARK: Final = 1_000_000_000_000
_NAMED: Final = re.compile(r"(user|chat|channel)(\d{1,20})")


class Peer(NamedTuple):
    """Who: kind `user`, `chat` or `channel`, and the bare id as text."""

    kind: str
    native_id: str


@lru_cache(maxsize=1 << 14, typed=True)
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


def channel_id(value: object) -> str | None:
    """The bare id of a channel, from it or from its marked form (`-100` before it); None where it is neither."""
    if not isinstance(value, int) or isinstance(value, bool) or value == 0:
        return None
    if value > 0:
        return str(value)
    return str(-value - _MARK) if -value > _MARK else None
