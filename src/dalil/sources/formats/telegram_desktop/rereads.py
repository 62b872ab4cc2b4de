"""A raw record of this format read again: one message or album, or the chat that it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from dalil.schema.records import Account, Edge, MediaRef, Metric, Post, Reject, Span, Url
from dalil.schema.words import EdgeType, ZoneBasis
from dalil.sources import times
from dalil.sources.importer import Record
from dalil.sources.rereading import MENTIONED, Held, Reread, decoded, not_read

_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")


class Kept(msgspec.Struct):
    """What of a message's raw record is read again."""

    id: str
    text: str = ""
    spans: tuple[Span, ...] = ()
    media: tuple[MediaRef, ...] = ()
    edges: tuple[tuple[EdgeType, str | None], ...] = ()
    date_unixtime: str | int | None = None
    reactions: dict[str, int | None] = {}
    poll: dict[str, Any] = {}


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`. Its privacy is not asked: a chat that became private is expunged whole."""
    del again
    try:
        values = decoded(raw)
    except ValueError:
        return not_read(held)
    if isinstance(values.get("chat"), dict) and "text" not in values:
        return _chat(values["chat"], raw, held)
    try:
        kept = msgspec.convert(values, Kept)
    except msgspec.ValidationError:
        return not_read(held)
    was = held.record(raw)
    if held.post is None:
        return msgspec.structs.replace(was, signal_text=kept.text)
    post = _post(kept, held.post)
    edges = tuple(_edge(post, kind, target) for kind, target in kept.edges)
    return msgspec.structs.replace(was, post=post, signal_text=post.text, edges=edges)


def _chat(chat: dict[str, Any], raw: bytes, held: Held) -> Record | Reject:
    if not held.accounts or not isinstance(chat.get("name", ""), str):
        return not_read(held)
    account: Account = msgspec.structs.replace(held.accounts[0], display_name=chat.get("name") or None)
    return msgspec.structs.replace(held.record(raw), accounts=(account,))


def _post(kept: Kept, was: Post) -> Post:
    sent = times.from_epoch(kept.date_unixtime) if kept.date_unixtime is not None else None
    question = kept.poll.get("question")
    return msgspec.structs.replace(
        was,
        text=kept.text or (question if isinstance(question, str) else ""),
        spans=kept.spans,
        urls=tuple(Url(kept.text[s.start : s.end], s.target) for s in kept.spans if s.type == "url"),
        hashtags=tuple(_HASHTAG.findall(kept.text)),
        mentions=_mentions(kept.text, kept.spans),
        media=kept.media,
        metrics=tuple(Metric(name, value) for name, value in kept.reactions.items()),
        created_at=sent or was.created_at,
        created_zone_basis=ZoneBasis.EPOCH if sent else was.created_zone_basis,
        claimed_at=sent or was.claimed_at,
        server_indexed_at=sent or was.server_indexed_at,
    )


def _edge(post: Post, kind: EdgeType, target: str | None) -> Edge:
    """Of a forward the source alone is known, never its message."""
    to, hint = (None, target) if kind is EdgeType.FORWARD else (target, None)
    at, basis = post.created_at, post.created_zone_basis
    return Edge(src_uid=post.uid, dst_uid=to, dst_hint=hint, type=kind, at=at, at_basis=basis)


def _mentions(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Those that redaction left and those that the platform marked, in the order of the text."""
    named = [(match.start(), match[0]) for match in MENTIONED.finditer(text)]
    named += [(span.start, span.target) for span in spans if span.type == "mention"]
    return tuple(dict.fromkeys(name for _, name in sorted(named)))
