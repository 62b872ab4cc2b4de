"""Videos and comments of YouTube as records, whichever tool told of them.

Who uploads a public video is a public channel; who comments is a private person, unless it is the
video's own channel or one that the workspace knows. A video's id names nobody and stays as it is
(decision 0106), unless two circles found its channel to be a person's (0134).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, MediaRef, Metric, Post, ReadWarning
from dalil.schema.words import (
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    Precision,
    State,
    TextFormat,
    Visibility,
    ZoneBasis,
)
from dalil.sources import marked_text
from dalil.sources.account_rules import ACCOUNT
from dalil.sources.html_text import Mark, is_markup, plain
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope
from dalil.sources.rereading import is_stand_in

PLATFORM: Final = "youtube"
HANDLE: Final = re.compile(r"[@＠](\w+(?:[.·-]\w+)*)")
KIND: Final = re.compile(r"[A-Za-z]{1,20}#[A-Za-z]{1,30}")
VIDEO_ID: Final = re.compile(r"[0-9A-Za-z_-]{6,20}")
ID: Final = re.compile(r"[0-9A-Za-z_.-]{1,120}")
_CUT: Final = re.compile(r"(?:…|\.\.\.)\s*\Z")
_DURATION: Final = re.compile(r"P(?:(\d{1,4})D)?T?(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?")


class Moment(msgspec.Struct, frozen=True):
    """A time with what is known of it."""

    at: datetime | None = None
    basis: ZoneBasis = ZoneBasis.UNKNOWN
    precision: Precision = Precision.SECOND


class Video(msgspec.Struct, kw_only=True):
    """What a tool tells of one video. `thumbnail` is (address, width, height).

    Where it is read again: `marks` are those of the text as it is held, `media_key` since its id may be hashed.
    """

    key: str
    media_key: str | None = None
    channel: str | None = None
    title: str = ""
    description: str = ""
    marks: tuple[Mark, ...] | None = None
    complete: Completeness = Completeness.YES
    created: Moment = Moment()
    lang: str | None = None
    metrics: tuple[Metric, ...] = ()
    duration_s: float | None = None
    thumbnail: tuple[str, int | None, int | None] | None = None
    state: State = State.LIVE
    state_reason: str | None = None
    state_at: datetime | None = None
    visibility: Visibility = Visibility.UNKNOWN
    warnings: tuple[ReadWarning, ...] = ()


class Comment(msgspec.Struct, kw_only=True):
    """What a tool tells of one comment. `parent` is the comment it answers; `channel` the video's own."""

    key: str
    video: str | None
    channel: str | None
    author: str | None
    parent: str | None = None
    text: str = ""
    marks: tuple[Mark, ...] = ()
    text_format: TextFormat = TextFormat.PLAIN
    created: Moment = Moment()
    edited_at: datetime | None = None
    edited: bool = False
    metrics: tuple[Metric, ...] = ()
    state_at: datetime | None = None
    warnings: tuple[ReadWarning, ...] = ()


def scope_of(privacy: Pseudonymiser, channel: str | None = None) -> Scope:
    """The scope for a text; addresses of the channel itself stay where it is public."""
    own = frozenset[tuple[str, str]]()
    if channel and privacy.account(PLATFORM, channel, kind="channel").public:
        own = frozenset({(PLATFORM, channel)})
    return Scope(privacy, PLATFORM, own=own, handle=HANDLE)


def displayed(text: str) -> tuple[str, tuple[Mark, ...], TextFormat]:
    """`textDisplay`: HTML, unless the tool asked for plain text."""
    if not is_markup(text):
        return text, tuple(marked_text.links_in(text)), TextFormat.PLAIN
    found = plain(text)
    return found.text, found.marks, TextFormat.HTML


def is_cut(text: str) -> bool:
    """Whether a description ends as search results cut theirs."""
    return _CUT.search(text[-8:]) is not None


def seconds(written: str | None) -> float | None:
    """`PT1H2M3S` in seconds."""
    match = _DURATION.fullmatch(written or "")
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + rest)


def video_record(
    video: Video, privacy: Pseudonymiser, raw: Mapping[str, object], *, version: str = "", included: bool = False
) -> Record:
    """A video as a post of its channel. One whose channel is a person's is known by its hash only."""
    who = privacy.account(PLATFORM, video.channel, kind="channel") if video.channel else None
    public = who is None or who.public
    shown = privacy.post(PLATFORM, video.key, public=public)
    scope = scope_of(privacy, video.channel)
    written = "\n\n".join(part for part in (video.title.strip(), video.description.strip()) if part)
    text = marked_text.read(written, marked_text.links_in(written) if video.marks is None else video.marks, scope)
    uid = f"{PLATFORM}:{shown}"
    post = Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=f"https://www.youtube.com/watch?v={video.key}" if public else None,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        container_ref=who.uid if who else None,
        created_at=video.created.at,
        created_precision=video.created.precision,
        created_zone_basis=video.created.basis,
        server_indexed_at=video.created.at,
        state=video.state,
        state_reason=video.state_reason,
        state_at=video.state_at,
        visibility=video.visibility,
        text=text.text,
        text_complete=video.complete,
        lang=video.lang,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=_media(video, privacy, public=public),
        metrics=video.metrics,
    )
    kept = {name: value for name, value in raw.items() if public or name != "thumbnail"}
    kept |= {"id": shown, "channel": who.native_id if who else None}
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, shown, post.state.value),
        raw=canonical_bytes({"video": kept}),
        source_version=version,
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=video.warnings,
    )


def _media(video: Video, privacy: Pseudonymiser, *, public: bool) -> tuple[MediaRef, ...]:
    """The video and its preview; a private person's keep no address, and the preview's leads to the video."""
    if not public:
        key = privacy.stand_in(PLATFORM, "media", video.media_key or video.key)
        return (MediaRef(native_key=key, mime="video/*", duration_s=video.duration_s),)
    address = f"https://www.youtube.com/watch?v={video.key}"
    found = [MediaRef(native_key=video.key, source_url=address, mime="video/*", duration_s=video.duration_s)]
    if video.thumbnail:
        url, width, height = video.thumbnail
        found.append(MediaRef(native_key=f"{video.key}/thumbnail", source_url=url, mime="image/jpeg", width=width, height=height))  # fmt: skip
    return tuple(found)


def comment_record(
    comment: Comment,
    privacy: Pseudonymiser,
    raw: Mapping[str, object],
    *,
    parent_public: bool = False,
    version: str = "",
    included: bool = False,
) -> Record:
    """A comment as a post of its author; `parent_public` where the comment it answers is known to be public."""
    kind = "channel" if comment.author == comment.channel else ACCOUNT
    who = privacy.account(PLATFORM, comment.author, kind=kind) if comment.author else None
    public = who is not None and who.public
    shown = privacy.post(PLATFORM, comment.key, public=public)
    uid = f"{PLATFORM}:{shown}"
    text = marked_text.read(comment.text, comment.marks, scope_of(privacy, comment.channel))
    channel, video_id, video = _video_of(comment, privacy)
    edges = _edges(comment, uid, video, privacy, parent_public=parent_public)
    post = Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=_page(comment, video_id) if public else None,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        container_ref=channel.uid if channel else None,
        created_at=comment.created.at,
        created_precision=comment.created.precision,
        created_zone_basis=comment.created.basis,
        server_indexed_at=comment.created.at,
        edited_at=comment.edited_at,
        state=State.EDITED if comment.edited else State.LIVE,
        state_at=comment.state_at or comment.edited_at,
        visibility=Visibility.PUBLIC,
        text=text.text,
        text_format=comment.text_format,
        text_complete=Completeness.YES,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        thread_root=video,
        metrics=comment.metrics,
    )
    kept = {"id": shown, "author": who.native_id if who else None, "text": text.text, "spans": text.spans, "video": video_id, "channel": channel.native_id if channel else None, "parent": edges[0].dst_uid if edges else None}  # fmt: skip
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, post.state.value),
        raw=canonical_bytes({"comment": dict(raw) | kept}),
        source_version=version,
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        edges=edges,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=comment.warnings,
    )


def _video_of(comment: Comment, privacy: Pseudonymiser) -> tuple[Who | None, str | None, str | None]:
    """The channel under whose video it stands, that video's id, hashed where the channel is a person's, and uid."""
    channel = privacy.account(PLATFORM, comment.channel, kind="channel") if comment.channel else None
    public = channel is None or channel.public
    if not comment.video:
        return channel, None, None
    video = privacy.post(PLATFORM, comment.video, public=public)
    return channel, video, f"{PLATFORM}:{video}"


def _page(comment: Comment, video: str | None) -> str | None:
    if video is None or is_stand_in(video):
        return None
    return f"https://www.youtube.com/watch?v={video}&lc={comment.key}"


def _edges(
    comment: Comment, uid: str, video: str | None, privacy: Pseudonymiser, *, parent_public: bool
) -> tuple[Edge, ...]:
    """What a comment answers: another comment, else the video."""
    target = video
    if comment.parent:
        target = f"{PLATFORM}:{privacy.post(PLATFORM, comment.parent, public=parent_public)}"
    if target is None:
        return ()
    at, basis = comment.created.at, comment.created.basis
    return (Edge(src_uid=uid, dst_uid=target, type=EdgeType.REPLY, at=at, at_basis=basis),)


def counts(found: Sequence[tuple[str, int | None]], at: datetime | None = None) -> tuple[Metric, ...]:
    """Metrics from (shared name, value); what the source did not give is not in `found`."""
    return tuple(Metric(name, value, at) for name, value in found)
