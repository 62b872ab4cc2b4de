"""A post of the API as a record: a Post with its edges, or, for a retweet, a repost edge and no post."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Post, ReadWarning, Reject
from dalil.schema.words import EdgeType, IdQuality, Kind, State, Visibility, ZoneBasis
from dalil.sources import closed_words
from dalil.sources.aliases import alias_edge
from dalil.sources.formats.x_api_v2 import raw, texts
from dalil.sources.formats.x_api_v2.batches import PLATFORM, Batch
from dalil.sources.formats.x_api_v2.media import media_of
from dalil.sources.formats.x_api_v2.metrics import metrics_of
from dalil.sources.formats.x_api_v2.references import Author, author_of, edges_of, post_id
from dalil.sources.formats.x_api_v2.shapes import Tweet, User, parsed_time
from dalil.sources.ids import key_of, native
from dalil.sources.importer import Quarantined, Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.x_status.texts import Text

SOURCE_VERSION: Final = "2"
_SNOWFLAKE_ZERO: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_ID: Final = re.compile(r"[0-9A-Za-z_.+-]{1,64}|h:[0-9a-f]{32}")
_HANDLE: Final = re.compile(r"[0-9A-Za-z_]{1,50}")
_FIRST_SNOWFLAKE: Final = 29_700_859_247
# Members of enums that nearly every post needs, looked up once.
_EXPLICIT: Final = ZoneBasis.EXPLICIT
_HASHED: Final = IdQuality.HASHED
_LIVE: Final = State.LIVE
_POST: Final = Kind.POST
_PUBLIC: Final = Visibility.PUBLIC
_REPOST: Final = EdgeType.REPOST
_ROUNDED: Final = IdQuality.ROUNDED
_UNKNOWN: Final = Visibility.UNKNOWN
_LANGUAGES: Final = frozenset({"ar", "ckb", "en", "fa", "ku", "tr", "und", "zxx"})
_REPLIES: Final = frozenset({"everyone", "mentionedUsers", "following", "subscribers", "verified", "other"})


class _Head(NamedTuple):
    """Who and what a post is: the true key, the id as it may be stored, and the time."""

    key: str
    quality: IdQuality
    shown: str
    uid: str
    who: Who | None
    public: bool
    user: User | None
    created: datetime | None


def record_of(
    tweet: Tweet, batch: Batch, privacy: Pseudonymiser, *, where: str, included: bool, author: Author | None = None
) -> Record | Quarantined | Reject:
    """One post as a record; a protected account's is counted and not read.

    The tweet is redacted in place and becomes the raw record: nobody may use it afterwards.

    Args:
        author: `author_of` the tweet, where the caller has it.
    """
    author = author or author_of(tweet, batch)
    user = batch.users.get(author.native_id or "")
    if user is not None and user.protected:
        return Quarantined("not-public", included=included)
    key, quality = native(tweet.id)
    if not _ID.fullmatch(key):
        return Reject(where, "id-unreadable", hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest())
    if key in batch.first_ids:
        _begin_history(tweet, key, batch.first_ids[key])
    who = privacy.account(PLATFORM, author.native_id, handle=author.handle) if author.native_id else None
    public = who is not None and who.public
    shown = privacy.post(PLATFORM, batch.first_ids.get(key, key), public=public)
    created = parsed_time(tweet.created_at)
    head = _Head(key, quality, shown, f"{PLATFORM}:{shown}", who, public, user, created)
    warnings = [ReadWarning("id-rounded", "id")] if quality is _ROUNDED else []
    _tidy(tweet, created, warnings)
    edges, targets = edges_of(tweet, head.uid, head.created, batch, privacy)
    scope = texts.scope_of(tweet, batch, privacy, public=head.public)
    text = texts.read(tweet, scope, warnings)
    media, raw_media = media_of(tweet, batch, scope, public=head.public)
    post: Post | None = None
    root = _thread_root(tweet, batch, head, targets, privacy)
    repost = next((edge for edge in edges if edge.type is _REPOST), None) if edges else None
    if repost is None:
        if text.mentioned:
            edges += [_mention(head, to) for to in text.mentioned]
        if head.public:
            edges.append(alias_edge(PLATFORM, head.shown, privacy))
        post = _post(tweet, batch, head, text, media, root, warnings)
        version = content_version(post.text, *[ref.native_key for ref in media], post.state)
    else:
        edges = [repost]
        version = content_version("repost", repost.dst_uid)
    redacted = raw.redacted(tweet, batch, head.key, head.shown, head.who, targets, root, privacy)
    return Record(
        kind=_POST if post else Kind.REPOST,
        uid=head.uid,
        version=version,
        raw=canonical_bytes({"tweet": redacted, "media": raw_media} if raw_media else {"tweet": redacted}),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=who.uid if who else None,
        author_public=head.public,
        edges=tuple(edges),
        signal_text=post.text if post else "",
        locators=privacy.take_locators(),
        included=included,
        warnings=tuple(warnings),
    )


def _tidy(tweet: Tweet, created: datetime | None, warnings: list[ReadWarning]) -> None:
    """Fields of few words that are stored as they came, held to their forms; the most frequent words at once."""
    if tweet.lang and tweet.lang not in _LANGUAGES:
        tweet.lang = closed_words.language(tweet.lang, warnings) or UNSET
    if tweet.reply_settings:
        tweet.reply_settings = closed_words.one_of(tweet.reply_settings, _REPLIES, "reply_settings", warnings) or UNSET
    if created is None and tweet.created_at:
        written = closed_words.of_form(tweet.created_at, closed_words.TIME, "created_at", warnings)
        tweet.created_at = written or UNSET


def _begin_history(tweet: Tweet, key: str, first: str) -> None:
    """Of a post that came twice with different histories, both begin with the version that made its id."""
    history = [key_of(version) for version in tweet.edit_history_tweet_ids or ()]
    if key not in history or history[0] != first:
        tweet.edit_history_tweet_ids = [first, key]


def _mention(head: _Head, to: str) -> Edge:
    basis = ZoneBasis.EXPLICIT if head.created else ZoneBasis.UNKNOWN
    return Edge(src_uid=head.uid, dst_uid=to, type=EdgeType.MENTION, at=head.created, at_basis=basis)


def _post(
    tweet: Tweet,
    batch: Batch,
    head: _Head,
    text: Text,
    media: tuple[MediaRef, ...],
    root: str | None,
    warnings: list[ReadWarning],
) -> Post:
    edited = batch.first_ids.get(head.key, head.key) != head.key
    first, edited_at = _times(head, batch, warnings) if edited else (head.created, None)
    state, reason = _state(tweet, edited=edited) if edited or tweet.withheld else (_LIVE, None)
    return Post(
        uid=head.uid,
        platform=PLATFORM,
        native_id=head.shown,
        uri=_address(head) if head.public else None,
        id_quality=head.quality if head.public else _HASHED,
        author_ref=head.who.uid if head.who else None,
        created_at=first,
        created_zone_basis=_EXPLICIT if head.created else ZoneBasis.UNKNOWN,
        claimed_at=head.created,
        server_indexed_at=head.created,
        edited_at=edited_at,
        version_no=_version_no(tweet, head, edited=edited),
        state=state,
        state_at=batch.retrieved_at,
        state_reason=reason,
        visibility=_PUBLIC if head.user and head.user.protected is False else _UNKNOWN,
        text=text.text,
        text_raw=text.raw,
        text_complete=text.complete,
        lang=tweet.lang or None,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=media,
        thread_root=f"{PLATFORM}:{root}" if root else None,
        client=tweet.source or None,
        metrics=metrics_of(tweet.public_metrics, batch.retrieved_at) if tweet.public_metrics else (),
        labels_by_platform=(Label("x", "possibly_sensitive"),) if tweet.possibly_sensitive else (),
        geo=batch.countries.get(tweet.geo.place_id) if tweet.geo and tweet.geo.place_id else None,
    )


def _address(head: _Head) -> str:
    handle = head.user.username if head.user else None
    known = handle if handle and _HANDLE.fullmatch(handle) else "i/web"
    return f"https://x.com/{known}/status/{head.key}"


def _times(head: _Head, batch: Batch, warnings: list[ReadWarning]) -> tuple[datetime | None, datetime | None]:
    """When the first version of an edited post was made, read from its id, and when this one was."""
    first = batch.first_ids[head.key]
    if first.isdigit() and _FIRST_SNOWFLAKE < int(first) < 1 << 63:
        warnings.append(ReadWarning("created-from-id", "created_at"))
        return _SNOWFLAKE_ZERO + timedelta(milliseconds=int(first) >> 22), head.created
    return head.created, head.created


def _state(tweet: Tweet, *, edited: bool) -> tuple[State, str | None]:
    if tweet.withheld:
        return State.WITHHELD, " ".join(sorted(tweet.withheld.country_codes or ())) or None
    return (State.EDITED if edited else State.LIVE), None


def _version_no(tweet: Tweet, head: _Head, *, edited: bool) -> int | None:
    if not edited:
        return 1 if tweet.edit_history_tweet_ids else None
    history = [key_of(key) for key in tweet.edit_history_tweet_ids or ()]
    return history.index(head.key) + 1 if head.key in history else None


def _thread_root(tweet: Tweet, batch: Batch, head: _Head, targets: Sequence[str], privacy: Pseudonymiser) -> str | None:
    """The id of the post that began the thread, as it may be stored."""
    if not tweet.conversation_id:
        return None
    if tweet.conversation_id == tweet.id and type(tweet.conversation_id) is type(tweet.id):
        return head.shown
    key = key_of(tweet.conversation_id)
    if key == head.key or key == batch.first_ids.get(head.key):
        return head.shown
    for reference, target in zip(tweet.referenced_tweets or (), targets, strict=True):
        if key_of(reference.id) == key:
            return target
    return post_id(key, Author(batch.authors.get(key) or None), batch, privacy)
