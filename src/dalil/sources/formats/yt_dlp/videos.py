"""A video with its comments, of YouTube or of any other place that yt-dlp reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, MediaRef, Metric, Post, ReadWarning
from dalil.schema.words import (
    AccountType,
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    Precision,
    State,
    Visibility,
    ZoneBasis,
)
from dalil.sources import marked_text, times, youtube
from dalil.sources.account_records import Profile
from dalil.sources.addresses import HOSTS, PERSONAL
from dalil.sources.decoding import count
from dalil.sources.formats.yt_dlp.shapes import Comment, Info
from dalil.sources.importer import Record
from dalil.sources.platforms import platform_named
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope

NOT_PUBLIC: Final = frozenset({"private", "unlisted", "subscriber_only", "premium_only"})
_METRICS: Final = {"view_count": "views", "like_count": "likes", "dislike_count": "dislikes", "comment_count": "comments", "repost_count": "reposts"}  # fmt: skip
_DAY: Final = re.compile(r"\d{8}")
_ID: Final = re.compile(r"[^\x00-\x20]{1,200}")


class Source:
    """One video as the place for its records: its platform, its uploader, when it was looked at."""

    def __init__(self, info: Info, privacy: Pseudonymiser) -> None:
        self.info = info
        self.privacy = privacy
        self.platform = _platform(info)
        self.seen_at = times.from_epoch(info.epoch) if isinstance(info.epoch, int | float) else None
        self.who = self._who()

    @property
    def is_youtube(self) -> bool:
        return self.platform == youtube.PLATFORM

    @property
    def placed(self) -> bool:
        """Whether it says where it is from."""
        return bool(self.info.extractor_key or self.info.extractor or self.info.webpage_url)

    @property
    def readable(self) -> bool:
        """Whether its id can be one."""
        pattern = youtube.VIDEO_ID if self.is_youtube else _ID
        return pattern.fullmatch(self.info.id) is not None

    def _who(self) -> Who | None:
        """The uploader: on YouTube a public channel, elsewhere as the workspace knows it."""
        info = self.info
        if self.is_youtube:
            channel = info.channel_id if info.channel_id and youtube.ID.fullmatch(info.channel_id) else None
            return self.privacy.account(self.platform, channel, kind="channel") if channel else None
        name = (info.uploader_id or info.channel_id or "").lstrip("@")
        if not name:
            return None
        if name.isdigit():
            return self.privacy.account(self.platform, name)
        return self.privacy.by_handle(self.platform, name)

    def scope(self) -> Scope:
        """For texts of this platform."""
        if self.is_youtube:
            return youtube.scope_of(self.privacy, self.who.native_id if self.who else None)
        return Scope(self.privacy, self.platform, handle=DOTTED_HANDLE)


def _platform(info: Info) -> str:
    """By the extractor; in a file that ends before it, by the address."""
    name = (info.extractor_key or info.extractor or "").lower()
    if not name and info.webpage_url:
        match = PERSONAL.match(info.webpage_url)
        return HOSTS[match["host"].lower()] if match and match["host"] else "web"
    for prefix, platform in (("youtube", "youtube"), ("twitter", "x"), ("tiktok", "tiktok"), ("facebook", "facebook"), ("instagram", "instagram"), ("telegram", "telegram"), ("reddit", "reddit"), ("bluesky", "bluesky")):  # fmt: skip
        if name.startswith(prefix):
            return platform
    return platform_named(name.partition(":")[0]) or "web"


def profile_of(source: Source) -> Profile | None:
    """The uploader's account."""
    if source.who is None:
        return None
    info = source.info
    given = [("followers", count(info.channel_follower_count))] if _given(info.channel_follower_count) else []
    return Profile(
        who=source.who,
        platform=source.platform,
        handle=info.uploader_id.lstrip("@") if info.uploader_id and info.uploader_id.startswith("@") else None,
        display_name=info.channel or info.uploader or None,
        counts=tuple(given),
        counted_at=source.seen_at,
        type=AccountType.CHANNEL,
        verified=info.channel_is_verified if isinstance(info.channel_is_verified, bool) else None,
    )


def video_record(source: Source) -> Record:
    """The video as a post."""
    info = source.info
    created = _created(info)
    metrics = tuple(
        Metric(shared, count(getattr(info, name)), source.seen_at)
        for name, shared in _METRICS.items()
        if _given(getattr(info, name))
    )
    title, description = info.fulltitle or info.title or "", info.description or ""
    scope = source.scope()
    raw = {
        "extractor": source.platform,
        "title": scope.clean(title),
        "description": scope.clean(description),
        "created": created.at,
        "duration": info.duration or None,
        "counts": {metric.name: metric.value for metric in metrics},
        "tags": [scope.clean(tag) for tag in info.tags or ()],
        "availability": info.availability or None,
        "live_status": info.live_status or None,
        "language": info.language or None,
    }
    if not source.is_youtube:
        return _elsewhere(source, created, metrics, raw, title, description)
    video = youtube.Video(
        key=info.id,
        channel=source.who.native_id if source.who else None,
        title=title,
        description=description,
        created=created,
        lang=info.language or None,
        metrics=metrics,
        duration_s=_seconds(info),
        thumbnail=(info.thumbnail, None, None) if info.thumbnail else None,
        state_at=source.seen_at,
        visibility=Visibility.PUBLIC if info.availability == "public" else Visibility.UNKNOWN,
    )
    return youtube.video_record(video, source.privacy, raw)


def _elsewhere(
    source: Source,
    created: youtube.Moment,
    metrics: tuple[Metric, ...],
    raw: Mapping[str, object],
    title: str,
    description: str,
) -> Record:
    """A video of another place: private unless the workspace knows its uploader."""
    info, privacy, who = source.info, source.privacy, source.who
    public = who is not None and who.public
    shown = privacy.post(source.platform, info.id, public=public)
    uid = f"{source.platform}:{shown}"
    written = "\n\n".join(part for part in (title.strip(), description.strip()) if part)
    text = marked_text.read(written, marked_text.links_in(written), source.scope())
    media = MediaRef(
        native_key=info.id if public else privacy.stand_in(source.platform, "media", info.id),
        source_url=info.webpage_url or None if public else None,
        mime="video/*",
        duration_s=_seconds(info),
    )
    post = Post(
        uid=uid,
        platform=source.platform,
        native_id=shown,
        uri=info.webpage_url or None if public else None,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        created_at=created.at,
        created_precision=created.precision,
        created_zone_basis=created.basis,
        claimed_at=created.at,
        state=State.LIVE,
        state_at=source.seen_at,
        visibility=Visibility.PUBLIC if info.availability == "public" else Visibility.UNKNOWN,
        text=text.text,
        text_complete=Completeness.UNKNOWN,
        lang=info.language or None,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=(media,),
        metrics=metrics,
    )
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, media.native_key, post.state.value),
        raw=canonical_bytes({"video": dict(raw) | {"id": shown, "uploader": who.native_id if who else None}}),
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        signal_text=post.text,
        locators=privacy.take_locators(),
    )


def comment_record(comment: Comment, source: Source) -> Record:
    """A comment; yt-dlp works its time out from words such as "2 years ago", so it is right to a day at best."""
    key = str(comment.id)
    at = times.from_epoch(comment.timestamp) if isinstance(comment.timestamp, int | float) else None
    when = youtube.Moment(_whole_day(at), ZoneBasis.UNKNOWN, Precision.DAY) if source.is_youtube else youtube.Moment(at, ZoneBasis.EPOCH if at else ZoneBasis.UNKNOWN)  # fmt: skip
    likes = (Metric("likes", count(comment.like_count), source.seen_at),) if _given(comment.like_count) else ()
    doubts = (ReadWarning("time-relative", "timestamp"),) if source.is_youtube and at else ()
    parent = None if not comment.parent or comment.parent == "root" else str(comment.parent)
    text = comment.text or ""
    if source.is_youtube:
        channel = source.who.native_id if source.who else None
        author = channel if comment.author_is_uploader is True and channel else comment.author_id or None
        found = youtube.Comment(
            key=key,
            video=source.info.id,
            channel=channel,
            author=author,
            parent=parent,
            text=text,
            marks=tuple(marked_text.links_in(text)),
            created=when,
            metrics=likes,
            warnings=doubts,
        )
        raw = {"likes": [metric.value for metric in likes]}
        return youtube.comment_record(found, source.privacy, raw, included=True)
    return _comment_elsewhere(comment, key, parent, when, likes, source)


def _comment_elsewhere(
    comment: Comment, key: str, parent: str | None, when: youtube.Moment, likes: tuple[Metric, ...], source: Source
) -> Record:
    platform, privacy = source.platform, source.privacy
    who = privacy.account(platform, comment.author_id) if comment.author_id else None
    public = who is not None and who.public
    shown = privacy.post(platform, key, public=public)
    video = privacy.post(platform, source.info.id, public=source.who is not None and source.who.public)
    target = f"{platform}:{privacy.post(platform, parent, public=False) if parent else video}"
    text = marked_text.read(comment.text or "", marked_text.links_in(comment.text or ""), source.scope())
    uid = f"{platform}:{shown}"
    post = Post(
        uid=uid,
        platform=platform,
        native_id=shown,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        created_at=when.at,
        created_precision=when.precision,
        created_zone_basis=when.basis,
        claimed_at=when.at,
        state_at=source.seen_at,
        visibility=Visibility.UNKNOWN,
        text=text.text,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        thread_root=f"{platform}:{video}",
        metrics=likes,
    )
    kept = {"id": shown, "author": who.native_id if who else None, "text": text.text, "spans": text.spans, "at": when.at, "answers": target, "likes": [metric.value for metric in likes]}  # fmt: skip
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, post.state.value),
        raw=canonical_bytes({"comment": kept}),
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        edges=(Edge(src_uid=uid, dst_uid=target, type=EdgeType.REPLY, at=when.at, at_basis=when.basis),),
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=True,
    )


def _given(value: object) -> bool:
    """Whether a count was given: yt-dlp writes null for what it did not find."""
    return isinstance(value, int | float)


def _seconds(info: Info) -> float | None:
    return float(info.duration) if isinstance(info.duration, int | float) and info.duration >= 0 else None


def _created(info: Info) -> youtube.Moment:
    """The epoch where there is one, else the day."""
    for given in (info.timestamp, info.release_timestamp):
        at = times.from_epoch(given) if isinstance(given, int | float) else None
        if at is not None:
            return youtube.Moment(at, ZoneBasis.EPOCH)
    if info.upload_date and _DAY.fullmatch(info.upload_date):
        try:
            at = datetime.strptime(info.upload_date, "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            return youtube.Moment()
        return youtube.Moment(at, ZoneBasis.UNKNOWN, Precision.DAY)
    return youtube.Moment()


def _whole_day(at: datetime | None) -> datetime | None:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) if at else None
