"""Messages as records: a post, or a forward with its edge; an album is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Metric, Post, ReadWarning, Span
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, Visibility, ZoneBasis
from dalil.sources import times
from dalil.sources.closed_words import time_written
from dalil.sources.formats.telegram_desktop import media, pieces
from dalil.sources.formats.telegram_desktop.shapes import Message, Poll
from dalil.sources.importer import Record
from dalil.sources.privacy import Who
from dalil.sources.redaction import Scope
from dalil.sources.telegram import counts
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import PLATFORM, peer
from dalil.sources.telegram.texts import Text

SOURCE_VERSION: Final = "result.json"
TYPES: Final = {True: "public_channel", False: "public_supergroup"}
_DROPPED: Final = ("contact_information", "location_information")
_MEDIA_TYPES: Final = ("animation", "audio_file", "sticker", "video_file", "video_message", "voice_message")
_NEVER_EDITED: Final = ("1970-", "1969-")
"""Exports of 2019 write an edit at the epoch, in local time, on every message that was not edited."""

Group = Sequence[tuple[Message, media.Found | None]]
# Members of enums that nearly every record needs, looked up once.
_EDITED: Final = State.EDITED
_EPOCH: Final = ZoneBasis.EPOCH
_EXACT: Final = IdQuality.EXACT
_FORWARD: Final = EdgeType.FORWARD
_HASHED: Final = IdQuality.HASHED
_LIVE: Final = State.LIVE
_POST: Final = Kind.POST
_PUBLIC: Final = Visibility.PUBLIC
_REPLY: Final = EdgeType.REPLY
_REPOST: Final = Kind.REPOST
_UNKNOWN: Final = ZoneBasis.UNKNOWN
_YES: Final = Completeness.YES


class Time(NamedTuple):
    """When, and how that is known."""

    at: datetime | None
    basis: ZoneBasis


def record_of(group: Group, chat: Chat, zone: ZoneInfo | None = None) -> Record:
    """One message, or the messages of one album, as one record."""
    first = group[0][0]
    worded = first if len(group) == 1 else next((message for message, _ in group if message.text), first)
    who = chat.author(peer(first.from_id))
    public = who is not None and who.public
    shown = chat.post_id(first.id, public=public)
    uid = f"{PLATFORM}:{shown}"
    warnings: list[ReadWarning] = []
    sent = _time(first.date_unixtime, first.date, zone, "date", warnings)
    text = pieces.read(worded.text, chat.scope)
    found = [medium for _, medium in group if medium is not None]
    warnings += [ReadWarning(medium.doubt, "media") for medium in found if medium.doubt]
    warnings += [ReadWarning("field-dropped", name) for name in _DROPPED if getattr(first, name)]
    warnings += [
        ReadWarning("field-dropped", "mime_type")
        for message, medium in group
        if medium is not None and message.mime_type and medium.ref.mime is None
    ]
    if len(group) > 1:
        warnings.append(ReadWarning("album-derived", "media", str(len(group))))
    forward = first.is_forward
    edges = _edges(first, uid, sent, chat)
    metrics = _metrics(first)
    post: Post | None = None
    if forward:
        edges = edges[-1:]
        version = content_version("forward", edges[0].dst_hint, text.text, *(m.ref.sha256 for m in found))
    else:
        post = _post(group, chat, who, shown, sent, text, metrics, zone, warnings)
        version = content_version(post.text, *(m.ref.sha256 or m.ref.not_included for m in found), post.state)
    return Record(
        kind=_REPOST if post is None else _POST,
        uid=uid,
        version=version,
        raw=canonical_bytes(_raw(group, chat, who, shown, text, edges, metrics)),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=who.uid if who else None,
        author_public=public,
        edges=tuple(edges),
        media=tuple([medium.data for medium in found if medium.data is not None]) if found else (),
        signal_text=text.text if post is None else post.text,
        locators=chat.privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _post(
    group: Group,
    chat: Chat,
    who: Who | None,
    shown: str,
    sent: Time,
    text: Text,
    metrics: tuple[Metric, ...],
    zone: ZoneInfo | None,
    warnings: list[ReadWarning],
) -> Post:
    first = group[0][0]
    public = who is not None and who.public
    edits = [
        _time(m.edited_unixtime, m.edited, zone, "edited", warnings).at
        for m, _ in group
        if m.edited and not m.edited.startswith(_NEVER_EDITED)
    ]
    edited = max((at for at in edits if at is not None), default=None)
    question = pieces.read(first.poll.question, chat.scope).text if first.poll else ""
    return Post(
        uid=f"{PLATFORM}:{shown}",
        platform=PLATFORM,
        native_id=shown,
        uri=chat.address(first.id) if public and who is chat.itself else None,
        id_quality=_HASHED if shown.startswith("h:") else _EXACT,
        author_ref=who.uid if who else None,
        container_ref=chat.itself.uid,
        created_at=sent.at,
        created_zone_basis=sent.basis,
        claimed_at=sent.at,
        server_indexed_at=sent.at if sent.basis is _EPOCH else None,
        edited_at=edited,
        state=_EDITED if edits else _LIVE,
        state_at=edited,
        visibility=_PUBLIC,
        text=text.text or question,
        text_complete=_YES,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=tuple([medium.ref for _, medium in group if medium is not None]),
        group_id=f"{PLATFORM}:{shown}" if len(group) > 1 else None,
        metrics=metrics,
    )


def _time(epoch: object, local: object, zone: ZoneInfo | None, field: str, warnings: list[ReadWarning]) -> Time:
    """The time sent, by the epoch where there is one; a local date without a zone is said to be one (law 2)."""
    if isinstance(epoch, str | int):
        at = times.from_epoch(epoch)
        if at is not None:
            return Time(at, _EPOCH)
    read = times.from_iso(local, zone) if isinstance(local, str) else None
    if read is None:
        warnings.append(ReadWarning("time-unreadable", field))
        return Time(None, _UNKNOWN)
    if read[1] is _UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", field, str(local)[:40]))
    return Time(*read)


def _edges(message: Message, uid: str, sent: Time, chat: Chat) -> list[Edge]:
    """The answer and the forward of a message; of a forward only the source is known, never its message."""
    edges: list[Edge] = []
    if isinstance(message.reply_to_message_id, int):
        elsewhere = peer(message.reply_to_peer_id)
        if elsewhere is None:
            target = chat.answered_id(message.reply_to_message_id)
        else:
            target = chat.post_elsewhere(elsewhere, message.reply_to_message_id)
        edges.append(Edge(src_uid=uid, dst_uid=f"{PLATFORM}:{target}", type=_REPLY, at=sent.at, at_basis=sent.basis))
    if message.is_forward:
        hint = _source(message, chat)
        edges.append(Edge(src_uid=uid, dst_uid=None, type=_FORWARD, dst_hint=hint, at=sent.at, at_basis=sent.basis))
    return edges


def _source(message: Message, chat: Chat) -> str | None:
    """The account that a forward comes from, by id where there is one, else by the hash of its name."""
    source = peer(message.forwarded_from_id)
    if source is not None:
        return chat.account(source).uid
    if not message.forwarded_from:
        return None
    return f"{PLATFORM}:{chat.privacy.stand_in(PLATFORM, 'name', message.forwarded_from)}"


def _metrics(message: Message) -> tuple[Metric, ...]:
    if not message.reactions:
        return ()
    return counts.reactions(
        (reaction.emoji or None, reaction.count if isinstance(reaction.count, int) else None)
        for reaction in message.reactions
    )


class _Raw(msgspec.Struct, gc=False):
    """The raw record: texts joined and redacted, ids as they may be stored, media by their hash.

    Its fields stand in the order of their names, as in every raw record.
    """

    chat: dict[str, str]
    date: object
    date_unixtime: object
    edges: list[tuple[str, str | None]]
    edited: object
    edited_unixtime: object
    from_id: str | None
    id: str
    media: list[object]
    media_type: object
    named: object
    poll: object
    reactions: object
    spans: tuple[Span, ...]
    text: str


def _raw(
    group: Group,
    chat: Chat,
    who: Who | None,
    shown: str,
    text: Text,
    edges: Sequence[Edge],
    metrics: tuple[Metric, ...],
) -> _Raw:
    first = group[0][0]
    return _Raw(
        {"id": chat.itself.native_id, "type": TYPES[chat.is_channel]},
        _written(first.date),
        _written(first.date_unixtime),
        [(edge.type, edge.dst_uid or edge.dst_hint) for edge in edges],
        _written(first.edited),
        _written(first.edited_unixtime),
        who.native_id if who else None,
        shown,
        [medium.ref for _, medium in group if medium is not None],
        UNSET if first.media_type not in _MEDIA_TYPES else first.media_type,
        text.named or UNSET,
        _raw_poll(first.poll, chat.scope) if first.poll else UNSET,
        {metric.name: metric.value for metric in metrics} if first.reactions else UNSET,
        text.spans,
        text.text,
    )


def _written(time: object) -> object:
    kept = time_written(time)
    return UNSET if kept is None else kept


def _raw_poll(poll: Poll, scope: Scope) -> dict[str, object]:
    return {
        "question": pieces.read(poll.question, scope).text,
        "answers": [[pieces.read(a.text, scope).text, a.voters or None] for a in poll.answers or ()],
        "closed": poll.closed or None,
    }
