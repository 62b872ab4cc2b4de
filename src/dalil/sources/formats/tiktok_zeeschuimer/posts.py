"""A TikTok post as a record."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Final

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Metric, Post, ReadWarning, Reject
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, Visibility, ZoneBasis
from dalil.sources.aliases import alias_edge
from dalil.sources.counts import whole
from dalil.sources.formats.tiktok_zeeschuimer.accounts import PLATFORM, Author, author_of, text_id, who_of
from dalil.sources.formats.tiktok_zeeschuimer.shapes import Challenge, Duet, Image, Images, Item, Music, Sticker, Video
from dalil.sources.formats.tiktok_zeeschuimer.texts import Text, read
from dalil.sources.ids import native
from dalil.sources.importer import Quarantined, Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope
from dalil.sources.times import from_epoch

_ID: Final = re.compile(r"[0-9]{1,32}", re.ASCII)
_HANDLE: Final = re.compile(r"[0-9A-Za-z_.]{1,50}", re.ASCII)
METRICS: Final = (
    ("diggCount", "likes"),
    ("commentCount", "replies"),
    ("shareCount", "shares"),
    ("collectCount", "bookmarks"),
    ("repostCount", "reposts"),
    ("playCount", "views"),
)


def record_of(
    item: Item,
    privacy: Pseudonymiser,
    warnings: list[ReadWarning],
    *,
    where: str,
    at: datetime | None,
    held: Post | None = None,
) -> Record | Quarantined | Reject:
    """One post; one that not everybody may see is counted and not read. The item is redacted in place.

    Args:
        at: when it was captured.
        held: what is held of the post, where the item is its raw record; see `rereads`.
    """
    author = author_of(item)
    if author.private or True in (item.private_item, item.secret, item.for_friend):
        return Quarantined("not-public")
    key, quality = native(item.id)
    if held is not None:
        quality = held.id_quality
    if not key or (not _ID.fullmatch(key) and quality is IdQuality.EXACT):
        return Reject(where, "id-unreadable", hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest())
    head = _Head(author, who_of(author, privacy), key, quality, privacy)
    if quality is IdQuality.ROUNDED:
        warnings.append(ReadWarning("id-rounded", "id"))
    scope = _scope(item, author, privacy)
    text = read(item, scope, warnings, again=held is not None)
    media = _media(item, scope, public=head.public, held=held.media if held else ())
    created = from_epoch(item.create_time) if isinstance(item.create_time, str | int | float) else None
    edges = [_edge(head.uid, to, EdgeType.MENTION, created) for to in text.mentioned]
    duet = text_id(item.duet_info.duet_from_id) if item.duet_info else None
    if duet:
        duet = privacy.stand_in(PLATFORM, "post", duet)
        edges.append(_edge(head.uid, f"{PLATFORM}:{duet}", EdgeType.QUOTE, created))
    if head.public and held is None:
        edges.append(alias_edge(PLATFORM, key, privacy))
    post = _post(item, head, text, media, created, at, scope)
    _redact(item, head, duet, scope)
    return Record(
        kind=Kind.POST,
        uid=head.uid,
        version=content_version(post.text, *(ref.native_key for ref in media), post.state.value),
        raw=canonical_bytes({"item": item}),
        post=post,
        author_ref=post.author_ref,
        author_public=head.public,
        edges=tuple(edges),
        signal_text=post.text,
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


class _Head:
    """Who and what a post is: the true key and the id as it may be stored."""

    __slots__ = ("author", "key", "public", "quality", "shown", "uid", "who")

    def __init__(self, author: Author, who: Who | None, key: str, quality: IdQuality, privacy: Pseudonymiser) -> None:
        self.author, self.who, self.key, self.quality = author, who, key, quality
        self.public = who is not None and who.public
        self.shown = privacy.post(PLATFORM, key, public=self.public)
        self.uid = f"{PLATFORM}:{self.shown}"


def _post(
    item: Item,
    head: _Head,
    text: Text,
    media: tuple[MediaRef, ...],
    created: datetime | None,
    at: datetime | None,
    scope: Scope,
) -> Post:
    return Post(
        uid=head.uid,
        platform=PLATFORM,
        native_id=head.shown,
        uri=_address(head.author, head.key) if head.public else None,
        id_quality=head.quality if head.public else IdQuality.HASHED,
        author_ref=head.who.uid if head.who else None,
        created_at=created,
        created_zone_basis=ZoneBasis.EPOCH if created else ZoneBasis.UNKNOWN,
        claimed_at=created,
        server_indexed_at=created,
        state=State.LIVE,
        state_at=at,
        visibility=Visibility.PUBLIC if item.private_item is False else Visibility.UNKNOWN,
        text=text.text,
        text_raw=text.raw,
        text_complete=Completeness.YES if isinstance(item.desc, str) else Completeness.UNKNOWN,
        lang=item.language if item.language and item.language != "un" else None,
        spans=text.spans,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=media,
        metrics=_metrics(item, at),
        labels_by_platform=_labels(item, scope),
        geo=item.country if isinstance(item.country, str) and len(item.country) == 2 else None,
    )


def _scope(item: Item, author: Author, privacy: Pseudonymiser) -> Scope:
    ids = {author.handle.casefold(): author.native_id} if author.handle and author.native_id else {}
    for extra in item.text_extra or ():
        known = text_id(extra.user_id)
        if extra.user_unique_id and known:
            ids.setdefault(extra.user_unique_id.casefold(), known)
    return Scope(privacy, PLATFORM, ids=ids, handle=DOTTED_HANDLE)


def _edge(uid: str, to: str, kind: EdgeType, at: datetime | None) -> Edge:
    return Edge(src_uid=uid, dst_uid=to, type=kind, at=at, at_basis=ZoneBasis.EPOCH if at else ZoneBasis.UNKNOWN)


def _address(author: Author, key: str) -> str | None:
    if author.handle and _HANDLE.fullmatch(author.handle):
        return f"https://www.tiktok.com/@{author.handle}/video/{key}"
    return None


def _media(item: Item, scope: Scope, *, public: bool, held: tuple[MediaRef, ...] = ()) -> tuple[MediaRef, ...]:
    """The video or the pictures, and the sound; no addresses, which are signed for the collector's session.

    Words on the video are its alternative text. An original sound is hashed whoever posts with it: it
    leads to the person who made it, and the same sound still has the same hash.

    Args:
        held: the media as they are held; raw does not keep the video's id, which leads to a private person's post.
    """
    words = " ".join(" ".join(sticker.sticker_text or ()) for sticker in item.stickers or ()).strip()
    alt = scope.clean(words) or None
    refs: list[MediaRef] = []
    images = (item.image_post.images or ()) if item.image_post else ()
    key = text_id(item.video.id) if item.video else None
    base = _key_of(held) or key or native(item.id)[0]
    shown = base if public else scope.privacy.stand_in(PLATFORM, "media", base)
    for number, image in enumerate(images):
        refs.append(
            MediaRef(
                native_key=f"{shown}#{number}",
                mime="image/*",
                width=_side(image.image_width),
                height=_side(image.image_height),
            )
        )
    if item.video and not images:
        refs.append(
            MediaRef(
                native_key=shown,
                mime="video/*",
                width=_side(item.video.width),
                height=_side(item.video.height),
                duration_s=_seconds(item.video.duration),
                alt_text=alt,
            )
        )
    sound = text_id(item.music.id) if item.music else None
    if item.music and sound:
        own = item.music.original is not False
        kept = scope.privacy.stand_in(PLATFORM, "sound", sound) if own else sound
        item.music = Music(id=kept, original=item.music.original, duration=item.music.duration)
        refs.append(MediaRef(native_key=f"sound:{kept}", mime="audio/*", duration_s=_seconds(item.music.duration)))
    return tuple(refs)


def _key_of(held: tuple[MediaRef, ...]) -> str | None:
    """The key of a post's video or pictures; a sound has one of its own."""
    keys = (ref.native_key for ref in held if ref.native_key and not ref.native_key.startswith("sound:"))
    return next((key.partition("#")[0] for key in keys), None)


def _side(value: object) -> int | None:
    found = whole(value)
    return found if found and found < 1 << 31 else None


def _seconds(value: object) -> float | None:
    found = whole(value)
    return float(found) if found else None


def _metrics(item: Item, at: datetime | None) -> tuple[Metric, ...]:
    """The counts: `statsV2`, whose strings are exact, before `stats`."""
    stats = {**(item.stats or {}), **(item.stats_v2 or {})}
    found = []
    for field, name in METRICS:
        if field in stats:
            value = stats[field]
            found.append(Metric(name, whole(value), at))
    return tuple(found)


def _labels(item: Item, scope: Scope) -> tuple[Label, ...]:
    found = [Label(PLATFORM, scope.clean(warn.text)[:200]) for warn in item.warnings or () if warn.text]
    return (*found, Label(PLATFORM, "ad")) if item.is_ad else tuple(found)


def _redact(item: Item, head: _Head, duet: str | None, scope: Scope) -> None:
    """Replace ids and drop what is a record of its own, in place; text and sound are done already."""
    item.id = head.shown
    if isinstance(item.create_time, str) and from_epoch(item.create_time) is None:
        item.create_time = UNSET
    item.author_id = head.who.native_id if head.who else UNSET
    item.author = item.nickname = item.author_stats = UNSET
    item.duet_info = Duet(duet) if duet else UNSET
    item.challenges = [Challenge(title=one.title) for one in item.challenges or ()] or UNSET
    for stats in (item.stats, item.stats_v2):
        for field in [name for name in stats or () if name not in dict(METRICS)]:
            (stats or {}).pop(field)
    if item.video:
        item.video = Video(width=item.video.width, height=item.video.height, duration=item.video.duration)
    if item.image_post:
        images = item.image_post.images or ()
        item.image_post = Images([Image(image.image_width, image.image_height) for image in images])
    if item.music and not text_id(item.music.id):
        item.music = UNSET
    if item.stickers:
        item.stickers = [Sticker([scope.clean(" ".join(one.sticker_text or ()))]) for one in item.stickers]
    for warn in item.warnings or ():
        warn.text = scope.clean(warn.text) if warn.text else UNSET
