"""Albums: messages of one `grouped_id` are one post, in whatever order a dump has them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from dalil.sources.formats.telethon.shapes import Message

WINDOW: Final = 1_000
"""Messages read after an album's first before it is handed on: how far apart its members may stand."""
MOST: Final = 10


class Albums:
    """Holds the members of albums until theirs are complete; never more than `WINDOW` messages."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], tuple[int, dict[int, Message]]] = OrderedDict()
        self._count = 0

    def add(self, channel: str, message: Message) -> Iterator[list[Message]]:
        """Take in a message; hand on what is complete, each album by ascending ids."""
        self._count += 1
        if message.grouped_id is None:
            yield [message]
        else:
            key = (channel, str(message.grouped_id))
            _, album = self._held.setdefault(key, (self._count, {}))
            album.setdefault(message.id, message)
            if len(album) == MOST:
                del self._held[key]
                yield _ordered(album)
        while self._held and self._count - next(iter(self._held.values()))[0] >= WINDOW:
            yield _ordered(self._held.popitem(last=False)[1][1])

    def rest(self) -> Iterator[list[Message]]:
        """What is still held at the end."""
        while self._held:
            yield _ordered(self._held.popitem(last=False)[1][1])


def _ordered(album: dict[int, Message]) -> list[Message]:
    return [album[number] for number in sorted(album)]
