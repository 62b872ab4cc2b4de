"""A raw record of this format read again: one message or album, or the channel that the dump described."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from dalil.schema.records import Label, MediaRef, Metric, Post, Reject, Span
from dalil.schema.words import EdgeType, State
from dalil.sources import times
from dalil.sources.formats.telethon.shapes import When
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Reread
from dalil.sources.telegram import rereads
from dalil.sources.telegram.ids import PLATFORM
from dalil.sources.unnaming import Named, Unnaming, unnamed


class Kept(msgspec.Struct):
    """What of a message's raw record is read again."""

    id: str
    chat: str
    text: str = ""
    spans: tuple[Span, ...] = ()
    media: tuple[MediaRef, ...] = ()
    metrics: tuple[tuple[str, int | None], ...] = ()
    edges: tuple[tuple[EdgeType, str | None], ...] = ()
    named: tuple[Named, ...] = ()
    date: When | None = None
    edited: tuple[When | None, bool] | None = None
    restricted: tuple[tuple[str, str], ...] = ()
    poll: dict[str, Any] | None = None
    thread: str | None = None
    album: int | None = None

    @property
    def question(self) -> str:
        found = (self.poll or {}).get("question")
        return found if isinstance(found, str) else ""


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = rereads.message_in(raw, Kept, held, again)
    if not isinstance(opened, tuple):
        return opened
    kept, values = opened
    post = _post(kept, held.post) if held.post is not None else None
    found = replace(held.record(raw), post=post, signal_text=post.text if post else kept.text)
    if post is not None:
        at, basis = post.created_at, post.created_zone_basis
        found = replace(found, edges=tuple(replace(edge, at=at, at_basis=basis) for edge in held.edges))
    unnaming = rereads.unnaming(again, kept.text, kept.named)
    found = replace(found, version=_version(found, kept, unnaming, gone=False))
    return unnamed(
        found,
        unnaming,
        lambda new: _version(new, kept, unnaming, gone=new.author_ref != found.author_ref),
        lambda new: _raw(values, kept, new, unnaming, gone=new.author_ref != found.author_ref),
    )


def _post(kept: Kept, was: Post) -> Post:
    post = rereads.sent(rereads.worded(was, kept.text, kept.spans, kept.question), kept.date)
    post = replace(
        post,
        media=kept.media,
        metrics=tuple(Metric(name, value) for name, value in kept.metrics),
        labels_by_platform=tuple(Label(f"restricted {where}", why) for where, why in kept.restricted),
        thread_root=kept.thread,
    )
    if kept.album is not None or kept.edited is None:
        return post  # of an album raw holds the first member's edit alone
    written, is_hidden = kept.edited
    if is_hidden:
        return replace(post, state=State.LIVE, edited_at=None, state_at=None)
    read = times.from_iso(written) if isinstance(written, str) else None
    edited = read[0] if read is not None else None
    if isinstance(written, int | float):
        edited = times.from_epoch(written)
    return replace(post, state=State.EDITED, edited_at=edited, state_at=edited)


def _version(found: Record, kept: Kept, unnaming: Unnaming, *, gone: bool) -> str:
    return rereads.version_of(found, unnaming.media(kept.media, author_gone=gone))


def _raw(values: dict[str, Any], kept: Kept, found: Record, unnaming: Unnaming, *, gone: bool) -> dict[str, object]:
    text, spans = unnaming.text(kept.text, kept.spans)
    fresh: dict[str, object] = {
        **values,
        "id": found.uid.partition(":")[2],
        "from": found.author_ref.partition(":")[2] if found.author_ref else None,
        "chat": unnaming.account(f"{PLATFORM}:{kept.chat}").partition(":")[2],
        "text": text,
        "spans": spans,
        "media": unnaming.media(kept.media, author_gone=gone),
        "edges": [(kind, unnaming.either(target) if target else target) for kind, target in kept.edges],
    }
    if kept.thread is not None:
        fresh["thread"] = unnaming.post(kept.thread)
    rereads.still(fresh, values, kept.text, kept.poll, unnaming)
    return fresh
