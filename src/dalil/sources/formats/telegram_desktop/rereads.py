"""A raw record of this format read again: one message or album, or the chat that it stands in."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.records import Edge, MediaRef, Metric, Post, Reject, Span
from dalil.schema.words import EdgeType
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Reread, in_order
from dalil.sources.telegram import rereads
from dalil.sources.telegram.ids import PLATFORM
from dalil.sources.unnaming import Named, Unnaming, unnamed


class Kept(msgspec.Struct):
    """What of a message's raw record is read again."""

    id: str
    chat: dict[str, str] = {}
    text: str = ""
    spans: tuple[Span, ...] = ()
    media: tuple[MediaRef, ...] = ()
    edges: tuple[tuple[EdgeType, str | None], ...] = ()
    named: tuple[Named, ...] = ()
    date_unixtime: str | int | None = None
    reactions: dict[str, int | None] = {}
    poll: dict[str, Any] = {}

    @property
    def question(self) -> str:
        found = self.poll.get("question")
        return found if isinstance(found, str) else ""


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = rereads.message_in(raw, Kept, held, again)
    if not isinstance(opened, tuple):
        return opened
    kept, values = opened
    was = held.record(raw)
    post = _post(kept, held.post) if held.post is not None else None
    if post is not None:
        was = replace(was, edges=tuple(_edge(post, kind, target) for kind, target in kept.edges))
    found = replace(was, post=post, signal_text=post.text if post else kept.text)
    unnaming = rereads.unnaming(again, kept.text, kept.named)
    found = replace(found, version=_version(found, kept))
    return unnamed(
        found, unnaming, lambda new: _version(new, kept), lambda new: _raw(values, kept, found, new, unnaming)
    )


def _post(kept: Kept, was: Post) -> Post:
    post = rereads.worded(was, kept.text, kept.spans, kept.question)
    post = replace(
        post,
        media=kept.media,
        metrics=in_order((Metric(name, value) for name, value in kept.reactions.items()), was.metrics),
    )
    try:
        at = float(kept.date_unixtime) if kept.date_unixtime is not None else None
    except ValueError:
        at = None
    return rereads.sent(post, at)


def _edge(post: Post, kind: EdgeType, target: str | None) -> Edge:
    """Of a forward the source alone is known, never its message."""
    to, hint = (None, target) if kind is EdgeType.FORWARD else (target, None)
    at, basis = post.created_at, post.created_zone_basis
    return Edge(src_uid=post.uid, dst_uid=to, dst_hint=hint, type=kind, at=at, at_basis=basis)


def _version(found: Record, kept: Kept) -> str:
    if found.post is None:
        hint = found.edges[0].dst_hint if found.edges else None
        return content_version("forward", hint, found.signal_text, *(ref.sha256 for ref in kept.media))
    post = found.post
    return content_version(post.text, *(ref.sha256 or ref.not_included for ref in post.media), post.state.value)


def _raw(values: dict[str, Any], kept: Kept, was: Record, found: Record, unnaming: Unnaming) -> dict[str, object]:
    text, spans = unnaming.text(kept.text, kept.spans)
    gone = found.author_ref != was.author_ref
    fresh: dict[str, object] = {
        **values,
        "id": found.uid.partition(":")[2],
        "from_id": found.author_ref.partition(":")[2] if found.author_ref else None,
        "text": text,
        "spans": spans,
        "media": unnaming.media(kept.media, author_gone=gone),
        "edges": [(kind, unnaming.either(target) if target else target) for kind, target in kept.edges],
    }
    if "id" in kept.chat:
        fresh["chat"] = {**kept.chat, "id": unnaming.account(f"{PLATFORM}:{kept.chat['id']}").partition(":")[2]}
    rereads.still(fresh, values, kept.text, kept.poll, unnaming)
    return fresh
