"""Messages of one public chat as records: posts with their edges, forwards as edges of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Metric, Post, ReadWarning
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, Visibility, ZoneBasis
from dalil.sources import times
from dalil.sources.formats.telegram_desktop import media, texts
from dalil.sources.formats.telegram_desktop.chats import SOURCE_VERSION, Chat
from dalil.sources.formats.telegram_desktop.ids import peer
from dalil.sources.formats.telegram_desktop.shapes import Message, Poll
from dalil.sources.formats.telegram_desktop.texts import PLATFORM
from dalil.sources.importer import Record
from dalil.sources.redaction import Scope

_DROPPED: Final = ("contact_information", "location_information")
_LONGEST_EMOJI: Final = 10


@dataclass(slots=True)
class _Time:
    at: datetime | None
    basis: ZoneBasis


def record_of(group: Sequence[tuple[Message, media.Found | None]], chat: Chat) -> Record:
    """One message, or the messages of one album, as one record."""
    first = group[0][0]
    worded = next((message for message, _ in group if message.text), first)
    scope = chat.scope()
    who = chat.author(first)
    public = who is not None and who.public
    shown = chat.post_id(first.id, public=public)
    uid = f"{PLATFORM}:{shown}"
    warnings: list[ReadWarning] = []
    sent = _time(first.date_unixtime, first.date, chat, "date", warnings)
    text = texts.read(worded.text, scope)
    found = [medium for _, medium in group if medium is not None]
    warnings += [ReadWarning(medium.doubt, "media") for medium in found if medium.doubt]
    warnings += [ReadWarning("field-dropped", name) for name in _DROPPED if getattr(first, name)]
    if len(group) > 1:
        warnings.append(ReadWarning("album-derived", "media", str(len(group))))
    edges = _edges(first, uid, sent, chat)
    post: Post | None = None
    if first.is_forward:
        version = content_version("forward", edges[-1].dst_hint, text.text, *(m.ref.sha256 for m in found))
        edges = edges[-1:]
    else:
        post = _post(group, chat, uid, shown, sent, text, warnings)
        version = content_version(post.text, *(m.ref.sha256 or m.ref.not_included for m in found), post.state.value)
    return Record(
        kind=Kind.POST if post else Kind.REPOST,
        uid=uid,
        version=version,
        raw=canonical_bytes(_raw(group, chat, shown, text, edges, scope)),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=who.uid if who else None,
        author_public=public,
        edges=tuple(edges),
        media=tuple(medium.data for medium in found if medium.data is not None),
        signal_text=post.text if post else text.text,
        locators=chat.privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _post(
    group: Sequence[tuple[Message, media.Found | None]],
    chat: Chat,
    uid: str,
    shown: str,
    sent: _Time,
    text: texts.Text,
    warnings: list[ReadWarning],
) -> Post:
    first = group[0][0]
    who = chat.author(first)
    public = who is not None and who.public
    edits = [_time(m.edited_unixtime, m.edited, chat, "edited", warnings).at for m, _ in group if m.edited]
    edited = max((at for at in edits if at is not None), default=None)
    question = texts.read(first.poll.question, chat.scope()).text if first.poll else ""
    return Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=chat.address(first.id) if public and who and who.uid == chat.uid else None,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        container_ref=chat.uid,
        created_at=sent.at,
        created_zone_basis=sent.basis,
        claimed_at=sent.at,
        server_indexed_at=sent.at if sent.basis is ZoneBasis.EPOCH else None,
        edited_at=edited,
        state=State.EDITED if edits else State.LIVE,
        state_at=edited,
        visibility=Visibility.PUBLIC,
        text=text.text or question,
        text_complete=Completeness.YES,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=tuple(medium.ref for _, medium in group if medium is not None),
        group_id=uid if len(group) > 1 else None,
        metrics=_metrics(first),
    )


def _time(epoch: object, local: object, chat: Chat, field: str, warnings: list[ReadWarning]) -> _Time:
    """The time sent, by the epoch where there is one; a local date without a zone is said to be one (law 2)."""
    if isinstance(epoch, str | int):
        at = times.from_epoch(epoch)
        if at is not None:
            return _Time(at, ZoneBasis.EPOCH)
    read = times.from_iso(local, chat.zone) if isinstance(local, str) else None
    if read is None:
        warnings.append(ReadWarning("time-unreadable", field))
        return _Time(None, ZoneBasis.UNKNOWN)
    if read[1] is ZoneBasis.UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", field, str(local)[:40]))
    return _Time(*read)


def _edges(message: Message, uid: str, sent: _Time, chat: Chat) -> list[Edge]:
    """The answer and the forward of a message; of a forward only the source is known, never its message."""
    edges: list[Edge] = []
    if isinstance(message.reply_to_message_id, int):
        elsewhere = peer(message.reply_to_peer_id)
        if elsewhere is None or elsewhere.native_id == chat.native_id:
            target = chat.answered_id(message.reply_to_message_id)
        else:
            key = f"{elsewhere.native_id}/{message.reply_to_message_id}"
            target = chat.privacy.post(PLATFORM, key, public=chat.account(elsewhere).public)
        edges.append(
            Edge(src_uid=uid, dst_uid=f"{PLATFORM}:{target}", type=EdgeType.REPLY, at=sent.at, at_basis=sent.basis)
        )
    if message.is_forward:
        hint = _source(message, chat)
        edges.append(
            Edge(src_uid=uid, dst_uid=None, type=EdgeType.FORWARD, dst_hint=hint, at=sent.at, at_basis=sent.basis)
        )
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
    """Reactions by their sign; a custom one by that word, because its id leads to who made it."""
    found: dict[str, int | None] = {}
    for reaction in message.reactions or ():
        sign = reaction.emoji if reaction.emoji and len(reaction.emoji) <= _LONGEST_EMOJI else "custom"
        count = reaction.count if isinstance(reaction.count, int) else None
        known = found.get(f"reaction {sign}")
        found[f"reaction {sign}"] = count if known is None else known + (count or 0)
    return tuple(Metric(name, value) for name, value in found.items())


def _raw(
    group: Sequence[tuple[Message, media.Found | None]],
    chat: Chat,
    shown: str,
    text: texts.Text,
    edges: Sequence[Edge],
    scope: Scope,
) -> dict[str, object]:
    """The raw record: texts joined and redacted, ids as they may be stored, media by their hash."""
    first = group[0][0]
    who = chat.author(first)
    record: dict[str, object] = {
        "chat": {"id": chat.native_id, "type": chat.type},
        "id": shown,
        "from_id": who.native_id if who else None,
        "text": text.text,
        "spans": text.spans,
        "media": [medium.ref for _, medium in group if medium is not None],
        "edges": [(edge.type, edge.dst_uid or edge.dst_hint) for edge in edges],
    }
    for name in ("date", "date_unixtime", "edited", "edited_unixtime", "media_type"):
        value = getattr(first, name)
        if isinstance(value, str | int):
            record[name] = value
    if first.poll:
        record["poll"] = _raw_poll(first.poll, scope)
    if first.reactions:
        record["reactions"] = {metric.name: metric.value for metric in _metrics(first)}
    return record


def _raw_poll(poll: Poll, scope: Scope) -> dict[str, object]:
    return {
        "question": texts.read(poll.question, scope).text,
        "answers": [[texts.read(a.text, scope).text, a.voters or None] for a in poll.answers or ()],
        "closed": poll.closed or None,
    }
