"""A video with its comments, of YouTube or of any other place that yt-dlp reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from dalil.schema.records import Metric, ReadWarning
from dalil.schema.words import (
    AccountType,
    Precision,
    Visibility,
    ZoneBasis,
)
from dalil.sources import closed_words, marked_text, times, youtube
from dalil.sources.account_records import Profile
from dalil.sources.addresses import HOSTS, PERSONAL
from dalil.sources.decoding import count
from dalil.sources.formats.yt_dlp import elsewhere
from dalil.sources.formats.yt_dlp.shapes import Comment, Info
from dalil.sources.importer import Record
from dalil.sources.platforms import platform_named
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope

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
        self.channel = info.channel_id if info.channel_id and youtube.ID.fullmatch(info.channel_id) else None
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
            return self.privacy.account(self.platform, self.channel, kind="channel") if self.channel else None
        name = (info.uploader_id or info.channel_id or "").lstrip("@")
        if not name:
            return None
        if name.isdigit():
            return self.privacy.account(self.platform, name)
        return self.privacy.by_handle(self.platform, name)

    def scope(self) -> Scope:
        """For texts of this platform."""
        if self.is_youtube:
            return youtube.scope_of(self.privacy, self.channel)
        return elsewhere.scope_of(self.privacy, self.platform)


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
    doubts: list[ReadWarning] = []
    lang = closed_words.language(info.language, doubts, "language")
    raw = {
        "extractor": source.platform,
        "title": scope.clean(title),
        "description": scope.clean(description),
        "created": created.at,
        "duration": info.duration or None,
        "counts": {metric.name: metric.value for metric in metrics},
        "tags": [scope.clean(tag) for tag in info.tags or ()],
        "availability": closed_words.of_form(info.availability, closed_words.WORD, "availability", doubts),
        "live_status": closed_words.of_form(info.live_status, closed_words.WORD, "live_status", doubts),
        "language": lang,
    }
    if not source.is_youtube:
        return elsewhere.clip_record(_clip(source, created, metrics, lang, doubts), raw, source.privacy)
    video = youtube.Video(
        key=info.id,
        channel=source.channel,
        title=title,
        description=description,
        created=created,
        lang=lang,
        metrics=metrics,
        warnings=tuple(doubts),
        duration_s=_seconds(info),
        thumbnail=(info.thumbnail, None, None) if info.thumbnail else None,
        state_at=source.seen_at,
        visibility=_visibility(info),
    )
    return youtube.video_record(video, source.privacy, raw)


def _clip(
    source: Source, created: youtube.Moment, metrics: tuple[Metric, ...], lang: str | None, doubts: list[ReadWarning]
) -> elsewhere.Clip:
    info = source.info
    return elsewhere.Clip(
        platform=source.platform,
        key=info.id,
        author=source.who,
        title=info.fulltitle or info.title or "",
        description=info.description or "",
        page=info.webpage_url or None,
        duration_s=_seconds(info),
        created=created,
        lang=lang,
        metrics=metrics,
        warnings=tuple(doubts),
        seen_at=source.seen_at,
        visibility=_visibility(info),
    )


def _visibility(info: Info) -> Visibility:
    return Visibility.PUBLIC if info.availability == "public" else Visibility.UNKNOWN


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
        author = source.channel if comment.author_is_uploader is True and source.channel else comment.author_id or None
        found = youtube.Comment(
            key=key,
            video=source.info.id,
            channel=source.channel,
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
    remark = elsewhere.Remark(
        platform=source.platform,
        key=key,
        author=source.privacy.account(source.platform, comment.author_id) if comment.author_id else None,
        video=source.info.id,
        video_public=source.who is not None and source.who.public,
        parent=parent,
        text=text,
        marks=tuple(marked_text.links_in(text)),
        created=when,
        metrics=likes,
        seen_at=source.seen_at,
    )
    return elsewhere.remark_record(remark, source.privacy)


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
