"""Videos, from wherever the API tells of one: videos, search results, playlist items, activities."""

from __future__ import annotations

import re
from typing import Final

from dalil.schema.records import Metric, ReadWarning
from dalil.schema.words import Completeness, State, Visibility, ZoneBasis
from dalil.sources import closed_words, times, youtube
from dalil.sources.decoding import count, side
from dalil.sources.formats.youtube_api.shapes import ContentDetails, Resource, ResourceId, Snippet, Status
from dalil.sources.html_text import unescape
from dalil.sources.importer import Ignored, Item, Quarantined
from dalil.sources.privacy import Pseudonymiser

_METRICS: Final = {"viewCount": "views", "likeCount": "likes", "dislikeCount": "dislikes", "commentCount": "comments"}
_SIZES: Final = ("maxres", "standard", "high", "medium", "default")
_IN_THUMBNAIL: Final = re.compile(r"https?://i\d?\.ytimg\.com/vi(?:_webp)?/([0-9A-Za-z_-]{6,20})/")
_GONE: Final = {
    ("Private video", "This video is private."): (State.PRIVATE, "private"),
    ("Deleted video", "This video is unavailable."): (State.DELETED, "unavailable"),
}
_REASONS: Final = frozenset(
    {
        *("claim", "copyright", "duplicate", "inappropriate", "legal", "length", "termsOfUse", "trademark"),
        *("uploaderAccountClosed", "uploaderAccountSuspended"),
    }
)
_STATUS: Final = {"deleted": State.DELETED, "rejected": State.WITHHELD, "failed": State.UNAVAILABLE}


def item_of(resource: Resource, snippet: Snippet, privacy: Pseudonymiser) -> Item | None:
    """The video as a record; None where no video is meant that can be told."""
    status = resource.status or Status()
    if status.privacy_status not in (None, "public") and isinstance(status.privacy_status, str):
        return Quarantined("not-public")
    kind = resource.kind.partition("#")[2]
    if kind == "activity" and snippet.type != "upload":
        return Ignored("activity-not-read")
    key, doubts = _key(kind, resource, snippet)
    if key is None or not youtube.VIDEO_ID.fullmatch(key):
        return None
    warnings = list(doubts)
    spoken = snippet.default_language or snippet.default_audio_language
    reason = closed_words.one_of(status.rejection_reason, _REASONS, "rejectionReason", warnings)
    video = youtube.Video(
        key=key,
        channel=_channel(kind, snippet),
        title=snippet.title or "",
        description=snippet.description or "",
        created=_created(kind, resource, snippet),
        lang=closed_words.language(spoken, warnings, "defaultLanguage"),
        metrics=_metrics(resource),
        duration_s=youtube.seconds(resource.content_details.duration or None) if resource.content_details else None,
        thumbnail=_thumbnail(snippet),
        visibility=Visibility.PUBLIC if status.privacy_status == "public" else Visibility.UNKNOWN,
        warnings=tuple(warnings),
    )
    if kind == "searchResult":
        video.title, video.description = unescape(video.title), unescape(video.description)
        video.complete = Completeness.TRUNCATED if youtube.is_cut(video.description) else Completeness.UNKNOWN
    gone = _GONE.get((video.title, video.description))
    if gone is not None:
        video.state, video.state_reason = gone
        video.title = video.description = ""
        video.complete = Completeness.UNKNOWN
    elif status.upload_status in _STATUS:
        video.state, video.state_reason = _STATUS[str(status.upload_status)], reason
    return youtube.video_record(video, privacy, _raw(resource, video, snippet, privacy), version="3")


def _key(kind: str, resource: Resource, snippet: Snippet) -> tuple[str | None, tuple[ReadWarning, ...]]:
    """The video that is meant; an activity that does not say so is told by its preview picture."""
    details = resource.content_details or ContentDetails()
    if kind == "video":
        return (resource.id if isinstance(resource.id, str) else None), ()
    if kind == "searchResult":
        return (resource.id.video_id or None if isinstance(resource.id, ResourceId) else None), ()
    if kind == "playlistItem":
        named = snippet.resource_id or ResourceId()
        return named.video_id or details.video_id or None, ()
    if details.upload and details.upload.video_id:
        return details.upload.video_id, ()
    shown = _thumbnail(snippet)
    match = _IN_THUMBNAIL.match(shown[0]) if shown else None
    return (match[1], (ReadWarning("id-from-thumbnail", "id"),)) if match else (None, ())


def _channel(kind: str, snippet: Snippet) -> str | None:
    """The uploader. The owner of a playlist is one only where it is the list of a channel's uploads."""
    channel = snippet.channel_id or None
    if kind == "playlistItem":
        uploads = channel is not None and snippet.playlist_id == f"UU{channel[2:]}"
        channel = snippet.video_owner_channel_id or (channel if uploads else None)
    return channel if channel and youtube.ID.fullmatch(channel) else None


def _created(kind: str, resource: Resource, snippet: Snippet) -> youtube.Moment:
    """When the video was published; a playlist item's own time is when it was put there."""
    written = snippet.published_at
    if kind == "playlistItem":
        written = resource.content_details.video_published_at if resource.content_details else None
    read = times.from_iso(written) if written else None
    return youtube.Moment(read[0], read[1]) if read else youtube.Moment(None, ZoneBasis.UNKNOWN)


def _metrics(resource: Resource) -> tuple[Metric, ...]:
    """Counts are strings; one that is absent was switched off, and is not zero."""
    given = resource.statistics or {}
    found = []
    for name, shared in _METRICS.items():
        if name in given:
            value = given[name]
            found.append((shared, None if isinstance(value, bool) else count(value)))
    return youtube.counts(found)


def _thumbnail(snippet: Snippet) -> tuple[str, int | None, int | None] | None:
    for size in _SIZES:
        found = (snippet.thumbnails or {}).get(size)
        if found is not None and found.url:
            return found.url, side(found.width), side(found.height)
    return None


def _raw(resource: Resource, video: youtube.Video, snippet: Snippet, privacy: Pseudonymiser) -> dict[str, object]:
    """The resource as written under its own names, redacted."""
    scope = youtube.scope_of(privacy, video.channel)
    raw: dict[str, object] = {
        "kind": resource.kind,
        "title": scope.clean(video.title),
        "description": scope.clean(video.description),
        "publishedAt": video.created.at,
        "language": video.lang,
        "tags": [scope.clean(tag) for tag in snippet.tags or ()],
        "state": video.state,
        "statistics": {metric.name: metric.value for metric in video.metrics},
    }
    if resource.content_details and resource.content_details.duration:
        raw["duration"] = video.duration_s
    if video.thumbnail:
        raw["thumbnail"] = video.thumbnail
    return raw
