"""A message of a channel, and the channel itself, as records."""

from __future__ import annotations

from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, MediaRef, Metric, Post, ReadWarning
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, ZoneBasis
from dalil.sources import closed_words, times
from dalil.sources.formats.tgdataset.shapes import About, Entry
from dalil.sources.importer import Record
from dalil.sources.telegram import ids, texts
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import PLATFORM

SOURCE_VERSION: Final = "tgdataset"
_TYPES: Final = {
    "jpe": "image/jpeg",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
}
"""What an extension claims; one that is not here is left out."""


def channel_record(chat: Chat, about: About) -> Record:
    """The channel as an account."""
    created = None if about.creation_date is None else times.from_epoch(about.creation_date)
    description = chat.scope.clean(about.description) if about.description else None
    counts = () if about.n_subscribers is None else (Metric("followers", about.n_subscribers),)
    raw: dict[str, object] = {
        "id": chat.native_id,
        "username": about.username,
        "name": about.title or "",
        "about": description,
        "created": about.creation_date,
        "verified": about.verified,
        "scam": about.scam,
        "subscribers": about.n_subscribers,
    }
    return chat.record(
        about.title or "",
        raw,
        source_version=SOURCE_VERSION,
        about=description,
        created_at=created,
        counts=counts,
        verified=about.verified,
    )


def entry_record(number: int, entry: Entry, medium: Entry | None, chat: Chat) -> Record:
    """One message: its words, with the medium of the same id where there is one."""
    public = chat.itself.public
    shown = chat.post_id(number, public=public)
    uid = f"{PLATFORM}:{shown}"
    at = None if entry.date is None else times.from_epoch(entry.date)
    warnings = [] if at is not None else [ReadWarning("time-unreadable", "date")]
    basis = ZoneBasis.EPOCH if at is not None else ZoneBasis.UNKNOWN
    text = texts.read(entry.message or "", (), chat.scope)
    refs = () if medium is None else (_reference(medium, chat, warnings),)
    edges: tuple[Edge, ...] = ()
    post: Post | None = None
    if entry.is_forward:
        target, hint = _source(entry, chat)
        edges = (Edge(src_uid=uid, dst_uid=target, type=EdgeType.FORWARD, dst_hint=hint, at=at, at_basis=basis),)
        version = content_version("forward", target or hint, text.text, *(ref.native_key for ref in refs))
    else:
        version = content_version(text.text, *(ref.native_key for ref in refs), State.LIVE.value)
        post = Post(
            uid=uid,
            platform=PLATFORM,
            native_id=shown,
            uri=chat.address(number) if public else None,
            id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
            author_ref=chat.uid,
            container_ref=chat.uid,
            created_at=at,
            created_zone_basis=basis,
            claimed_at=at,
            server_indexed_at=at,
            state=State.LIVE,
            visibility=chat.visibility,
            text=text.text,
            text_complete=Completeness.YES,
            hashtags=text.hashtags,
            mentions=text.mentions,
            media=refs,
        )
    return Record(
        kind=Kind.REPOST if post is None else Kind.POST,
        uid=uid,
        version=version,
        raw=canonical_bytes(_raw(entry, shown, text.text, refs, edges, chat)),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=chat.uid,
        author_public=public,
        edges=edges,
        signal_text=text.text,
        locators=chat.privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _raw(
    entry: Entry, shown: str, text: str, refs: tuple[MediaRef, ...], edges: tuple[Edge, ...], chat: Chat
) -> dict[str, object]:
    """What is kept of a message: redacted, ids as they may be stored."""
    return {
        "chat": chat.itself.native_id,
        "id": shown,
        "date": entry.date,
        "text": text,
        "media": refs,
        "forward": [(edge.dst_uid, edge.dst_hint) for edge in edges],
        "forwarded_date": entry.forwarded_message_date,
    }


def _source(entry: Entry, chat: Chat) -> tuple[str | None, str | None]:
    """The message and the account that a forward comes from, as far as it says."""
    if entry.forwarded_from_id is None:
        return None, None
    native_id = ids.channel_id(entry.forwarded_from_id)
    if native_id is None:
        return None, None
    origin = ids.Peer("channel", native_id)
    if entry.forwarded_from_message_id is None:
        return None, chat.account(origin).uid
    return f"{PLATFORM}:{chat.post_elsewhere(origin, entry.forwarded_from_message_id)}", chat.account(origin).uid


def _reference(medium: Entry, chat: Chat, warnings: list[ReadWarning]) -> MediaRef:
    key = closed_words.of_form(medium.media_id, closed_words.ID, "media_id", warnings)
    if key and not chat.itself.public:
        key = chat.privacy.stand_in(PLATFORM, "media", key)
    mime = _TYPES.get((medium.extension or "").lower().lstrip("."))
    return MediaRef(native_key=key, mime=mime, not_included=None if key else "media-not-included")
