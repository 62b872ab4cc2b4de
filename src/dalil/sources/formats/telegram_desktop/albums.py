"""Albums, which the export does not mark: consecutive media of one sender in one second are one post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dalil.schema.records import Reject
from dalil.sources.formats.telegram_desktop.shapes import Message
from dalil.sources.importer import Ignored, Quarantined

MOST: Final = 10


Other = Reject | Ignored | Quarantined


def grouped(items: Iterable[Message | Other]) -> Iterator[list[Message] | Other]:
    """Messages in their order, those of one album together, and all else in its place; ten are held at most.

    An album: up to ten messages with a picture, video or file each, ids one after the other, the
    same sender, second and forward source, and at most one of them with a text.
    """
    held: list[Message] = []
    for item in items:
        if not isinstance(item, Message):
            if held:
                yield held
                held = []
            yield item
            continue
        if not item.is_medium:
            if held:
                yield held
                held = []
            yield [item]
            continue
        if held and not (len(held) < MOST and _belongs(item, held)):
            yield held
            held = []
        held.append(item)
    if held:
        yield held


def _belongs(message: Message, held: list[Message]) -> bool:
    last = held[-1]
    return (
        message.id == last.id + 1
        and message.from_id == last.from_id
        and (message.date_unixtime or message.date) == (last.date_unixtime or last.date)
        and message.forwarded_from == last.forwarded_from
        and message.forwarded_from_id == last.forwarded_from_id
        and message.reply_to_message_id == last.reply_to_message_id
        and not (message.text and any(other.text for other in held))
    )
