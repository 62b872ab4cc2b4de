"""A raw record of this format read again: one message with its medium, or the channel."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from dalil.schema.records import Edge, MediaRef, Reject
from dalil.schema.words import EdgeType, ZoneBasis
from dalil.sources import times
from dalil.sources.formats.tgdataset.shapes import When
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Reread
from dalil.sources.telegram import rereads
from dalil.sources.telegram.ids import PLATFORM
from dalil.sources.unnaming import Unnaming, unnamed


class Kept(msgspec.Struct):
    """What of a message's raw record is read again. `forward`: message and channel that it comes from."""

    id: str
    chat: str
    text: str = ""
    media: tuple[MediaRef, ...] = ()
    forward: tuple[tuple[str | None, str | None], ...] = ()
    date: When = None


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = rereads.message_in(raw, Kept, held, again)
    if not isinstance(opened, tuple):
        return opened
    kept, values = opened
    found = _again(kept, held, raw)
    unnaming = rereads.unnaming(again, kept.text)
    found = replace(found, version=_version(found, kept, unnaming, gone=False))
    return unnamed(
        found,
        unnaming,
        lambda new: _version(new, kept, unnaming, gone=new.author_ref != found.author_ref),
        lambda new: _raw(values, kept, new, unnaming, gone=new.author_ref != found.author_ref),
    )


def _again(kept: Kept, held: Held, raw: bytes) -> Record:
    at = None if kept.date is None else times.from_epoch(kept.date)
    edges = tuple(
        Edge(
            src_uid=held.uid,
            dst_uid=to,
            type=EdgeType.FORWARD,
            dst_hint=hint,
            at=at,
            at_basis=ZoneBasis.EPOCH if at is not None else ZoneBasis.UNKNOWN,
        )
        for to, hint in kept.forward
    )
    post = held.post
    if post is not None:
        post = replace(rereads.sent(rereads.worded(post, kept.text, ()), kept.date), media=kept.media)
    return replace(held.record(raw), post=post, edges=edges, signal_text=kept.text)


def _version(found: Record, kept: Kept, unnaming: Unnaming, *, gone: bool) -> str:
    return rereads.version_of(found, unnaming.media(kept.media, author_gone=gone))


def _raw(values: dict[str, Any], kept: Kept, found: Record, unnaming: Unnaming, *, gone: bool) -> dict[str, object]:
    either = unnaming.either
    return {
        **values,
        "id": found.uid.partition(":")[2],
        "chat": unnaming.account(f"{PLATFORM}:{kept.chat}").partition(":")[2],
        "text": unnaming.text(kept.text)[0],
        "media": unnaming.media(kept.media, author_gone=gone),
        "forward": [(to and either(to), hint and either(hint)) for to, hint in kept.forward],
    }
