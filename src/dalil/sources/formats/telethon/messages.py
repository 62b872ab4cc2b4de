"""Messages as records: a post, or a forward with its edge; an album is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Metric, Post, ReadWarning, Span
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, ZoneBasis
from dalil.sources import times
from dalil.sources.closed_words import time_written
from dalil.sources.formats.telethon import media, peers
from dalil.sources.formats.telethon.shapes import Entity, Message, Peer, Sign, When
from dalil.sources.importer import Record
from dalil.sources.privacy import Who
from dalil.sources.telegram import counts, ids, texts
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import PLATFORM
from dalil.sources.telegram.texts import Mark, Text

SOURCE_VERSION: Final = "to_json"
_TYPES: Final = {
    "Url": "link",
    "TextUrl": "text_link",
    "Mention": "mention",
    "MentionName": "mention_name",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strike": "strikethrough",
    "Spoiler": "spoiler",
    "Blockquote": "blockquote",
    "Code": "code",
    "Pre": "pre",
}
_ENTITY: Final = {
    f"{begin}{name}": kind for name, kind in _TYPES.items() for begin in ("MessageEntity", "messageEntity")
}
_ENTITY["InputMessageEntityMentionName"] = "mention_name"
# Members of enums that nearly every record needs, looked up once.
_EDITED: Final = State.EDITED
_EPOCH: Final = ZoneBasis.EPOCH
_EXACT: Final = IdQuality.EXACT
_FORWARD: Final = EdgeType.FORWARD
_HASHED: Final = IdQuality.HASHED
_LIVE: Final = State.LIVE
_POST: Final = Kind.POST
_REPLY: Final = EdgeType.REPLY
_REPOST: Final = Kind.REPOST
_UNKNOWN: Final = ZoneBasis.UNKNOWN
_YES: Final = Completeness.YES


class Time(NamedTuple):
    """When, and how that is known."""

    at: datetime | None
    basis: ZoneBasis


class _Made(NamedTuple):
    """What is known of a message once it is read."""

    who: Who | None
    public: bool
    shown: str
    sent: Time
    text: Text
    edges: list[Edge]
    media: tuple[MediaRef, ...]
    metrics: tuple[Metric, ...]
    thread: str | None


def record_of(group: Sequence[Message], chat: Chat) -> Record:
    """One message, or the messages of one album, as one record."""
    first = group[0]
    worded = first if len(group) == 1 else next((message for message in group if message.message), first)
    who = chat.author(peers.named(first.from_id)) if first.from_id is not None else chat.itself
    public = who is not None and who.public
    shown = chat.post_id(first.id, public=public)
    uid = f"{PLATFORM}:{shown}"
    warnings: list[ReadWarning] = []
    sent = _time(first.date, "date", warnings)
    text = _text(worded, chat)
    found = [media.reference(message.media, chat, warnings, public=public) for message in group if message.media]
    warnings += [
        ReadWarning("field-dropped", message.media.kind)
        for message in group
        if message.media and message.media.kind in media.PERSONAL
    ]
    edges, thread = _edges(first, uid, sent, chat)
    refs = tuple([ref for ref in found if ref is not None])
    made = _Made(who, public, shown, sent, text, edges, refs, _metrics(first), thread)
    post: Post | None = None
    if first.fwd_from is not None:
        edges = edges[-1:]
        made = made._replace(edges=edges)
        version = content_version("forward", edges[0].dst_uid or edges[0].dst_hint, text.text, *_keys(refs))
    else:
        post = _post(group, chat, made, warnings)
        version = content_version(post.text, *_keys(refs), post.state)
    return Record(
        kind=_REPOST if post is None else _POST,
        uid=uid,
        version=version,
        raw=canonical_bytes(_raw(group, chat, made)),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=who.uid if who else None,
        author_public=public,
        edges=tuple(edges),
        signal_text=text.text if post is None else post.text,
        locators=chat.privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _post(group: Sequence[Message], chat: Chat, made: _Made, warnings: list[ReadWarning]) -> Post:
    first = group[0]
    edits = [_time(m.edit_date, "edit_date", warnings).at for m in group if m.edit_date is not None and not m.edit_hide]
    edited = max((at for at in edits if at is not None), default=None)
    urls = made.text.urls
    if any(message.media is not None and message.media.webpage is not None for message in group):
        urls += media.preview(group, urls, chat.scope)
    reasons = first.restriction_reason or ()
    return Post(
        uid=f"{PLATFORM}:{made.shown}",
        platform=PLATFORM,
        native_id=made.shown,
        uri=chat.address(first.id) if made.public and made.who is chat.itself and made.shown[0] != "h" else None,
        id_quality=_HASHED if made.shown.startswith("h:") else _EXACT,
        author_ref=made.who.uid if made.who else None,
        container_ref=chat.itself.uid,
        created_at=made.sent.at,
        created_zone_basis=made.sent.basis,
        claimed_at=made.sent.at,
        server_indexed_at=made.sent.at if made.sent.basis is not _UNKNOWN else None,
        edited_at=edited,
        state=_EDITED if edits else _LIVE,
        state_at=edited,
        visibility=chat.visibility,
        text=made.text.text or media.question(first.media, chat.scope),
        text_complete=_YES,
        spans=made.text.spans,
        urls=urls,
        hashtags=made.text.hashtags,
        mentions=made.text.mentions,
        media=made.media,
        thread_root=made.thread,
        group_id=f"{PLATFORM}:{made.shown}" if len(group) > 1 else None,
        metrics=made.metrics,
        labels_by_platform=tuple(Label(f"restricted {reason.platform}", reason.reason) for reason in reasons),
    )


def _time(written: When | None, field: str, warnings: list[ReadWarning]) -> Time:
    """The server's time, which is UTC and says so; digits without a zone are said to be such (law 2)."""
    if isinstance(written, str):
        read = times.from_iso(written)
        if read is not None:
            if read[1] is _UNKNOWN:
                warnings.append(ReadWarning("zone-unknown", field, written[:40]))
            return Time(*read)
    elif written is not None:
        at = times.from_epoch(written)
        if at is not None:
            return Time(at, _EPOCH)
    warnings.append(ReadWarning("time-unreadable", field))
    return Time(None, _UNKNOWN)


def _text(message: Message, chat: Chat) -> Text:
    written = message.message or ""
    if not message.entities:
        return texts.read(written, (), chat.scope)
    known = [entity for entity in message.entities if entity.kind in _ENTITY]
    places = texts.code_points(written, [(entity.offset, entity.length) for entity in known])
    marks = [_mark(entity, start, end) for entity, (start, end) in zip(known, places, strict=True)]
    return texts.read(written, marks, chat.scope)


def _mark(entity: Entity, start: int, end: int) -> Mark:
    user = entity.user_id.user_id if isinstance(entity.user_id, Peer) else entity.user_id
    return Mark(
        start, end, _ENTITY[entity.kind], entity.url or None, None if user is None else ids.Peer("user", str(user))
    )


def _edges(message: Message, uid: str, sent: Time, chat: Chat) -> tuple[list[Edge], str | None]:
    """The answer and the forward of a message; and the message that began its thread."""
    edges: list[Edge] = []
    reply = message.reply_to
    answered = reply.reply_to_msg_id if reply else message.reply_to_msg_id
    top = reply.reply_to_top_id if reply else None
    if reply and reply.forum_topic and top is None:
        answered, top = None, answered  # it answers the topic as a whole
    if answered is not None:
        elsewhere = peers.named(reply.reply_to_peer_id) if reply else None
        target = chat.post_elsewhere(elsewhere, answered) if elsewhere else chat.answered_id(answered)
        edges.append(_edge(uid, f"{PLATFORM}:{target}", _REPLY, sent))
    if message.fwd_from is not None:
        forward, hint, target_uid = message.fwd_from, None, None
        origin = peers.source(forward)
        if origin is not None:
            hint = chat.account(origin).uid
            if origin.kind == "channel" and forward.channel_post is not None:
                target_uid = f"{PLATFORM}:{chat.post_elsewhere(origin, forward.channel_post)}"
        elif forward.from_name:
            hint = f"{PLATFORM}:{chat.privacy.stand_in(PLATFORM, 'name', forward.from_name)}"
        edges.append(_edge(uid, target_uid, _FORWARD, sent, hint))
    return edges, f"{PLATFORM}:{chat.answered_id(top)}" if top is not None else None


def _edge(uid: str, target: str | None, kind: EdgeType, sent: Time, hint: str | None = None) -> Edge:
    return Edge(src_uid=uid, dst_uid=target, type=kind, dst_hint=hint, at=sent.at, at_basis=sent.basis)


def _metrics(message: Message) -> tuple[Metric, ...]:
    """Views, forwards, answers and reactions: one that is absent is left out, null stays None (law 5)."""
    found: tuple[Metric, ...] = ()
    if message.views is not UNSET:
        found = (Metric("views", message.views),)
    if message.forwards is not UNSET:
        found += (Metric("forwards", message.forwards),)
    if message.replies is not None:
        found += (Metric("replies", message.replies.replies),)
    if message.reactions is not None and message.reactions.results:
        found += counts.reactions(
            (r.reaction.emoticon if isinstance(r.reaction, Sign) else r.reaction, r.count)
            for r in message.reactions.results
        )
    return found


def _keys(refs: Sequence[MediaRef]) -> list[str | None]:
    return [ref.native_key for ref in refs]


class _Raw(msgspec.Struct, gc=False, kw_only=True):
    """The raw record: text redacted, ids as they may be stored, counts; nothing of the collector's session.

    Its fields stand in the order of their names, as in every raw record.
    """

    album: object = UNSET
    chat: str
    date: When | None
    edges: list[tuple[str, str | None]]
    edited: object = UNSET
    author: str | None = msgspec.field(name="from")
    id: str
    media: tuple[MediaRef, ...]
    metrics: list[tuple[str, int | None]]
    named: object = UNSET
    poll: object = UNSET
    post: object = UNSET
    restricted: object = UNSET
    spans: tuple[Span, ...]
    text: str
    thread: object = UNSET


def _raw(group: Sequence[Message], chat: Chat, made: _Made) -> _Raw:
    first = group[0]
    raw = _Raw(
        chat=chat.itself.native_id,
        date=time_written(first.date),
        edges=[(edge.type, edge.dst_uid or edge.dst_hint) for edge in made.edges],
        author=made.who.native_id if made.who else None,
        id=made.shown,
        media=made.media,
        metrics=[(metric.name, metric.value) for metric in made.metrics],
        post=UNSET if first.post is None else first.post,
        spans=made.text.spans,
        text=made.text.text,
    )
    if first.edit_date is not None:
        raw.edited = [time_written(first.edit_date), bool(first.edit_hide)]
    if made.thread:
        raw.thread = made.thread
    if made.text.named:
        raw.named = made.text.named
    if len(group) > 1:
        raw.album = len(group)
    if first.media is not None and first.media.poll is not None:
        raw.poll = media.poll(first.media, chat.scope)
    if first.restriction_reason:
        raw.restricted = [(reason.platform, reason.reason) for reason in first.restriction_reason]
    return raw
