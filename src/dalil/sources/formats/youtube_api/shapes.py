"""What of the answers of the YouTube Data API is read.

What is not named here is never read: who asked (`viewerRating`, `canReply`), authors' names and
pictures, guesses (`topicDetails`), live chat ids, page tokens.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Number, Whole

Text = str | UnsetType | None
Count = str | Whole | UnsetType | None


class ResourceId(msgspec.Struct, rename="camel"):
    """An id as an object, as search and playlists write it."""

    kind: Text = UNSET
    video_id: Text = UNSET
    channel_id: Text = UNSET
    playlist_id: Text = UNSET


class Value(msgspec.Struct):
    """`{"value": "UC…"}`."""

    value: Text = UNSET


class Thumbnail(msgspec.Struct):
    """One preview picture."""

    url: Text = UNSET
    width: Number | UnsetType | None = UNSET
    height: Number | UnsetType | None = UNSET


class Snippet(msgspec.Struct, rename="camel"):
    """The snippets of videos, search results, playlist items, activities, channels and comments."""

    published_at: Text = UNSET
    updated_at: Text = UNSET
    channel_id: Text = UNSET
    channel_title: Text = UNSET
    title: Text = UNSET
    description: Text = UNSET
    custom_url: Text = UNSET
    default_language: Text = UNSET
    default_audio_language: Text = UNSET
    tags: list[str] | UnsetType | None = UNSET
    thumbnails: dict[str, Thumbnail] | UnsetType | None = UNSET
    playlist_id: Text = UNSET
    resource_id: ResourceId | UnsetType | None = UNSET
    video_owner_channel_id: Text = UNSET
    video_owner_channel_title: Text = UNSET
    type: Text = UNSET
    video_id: Text = UNSET
    parent_id: Text = UNSET
    text_original: Text = UNSET
    text_display: Text = UNSET
    author_channel_id: Value | UnsetType | None = UNSET
    like_count: Count = UNSET
    total_reply_count: Count = UNSET
    moderation_status: Text = UNSET
    is_public: bool | UnsetType | None = UNSET
    top_level_comment: msgspec.Raw | UnsetType = UNSET


class Upload(msgspec.Struct, rename="camel"):
    """What an activity uploaded."""

    video_id: Text = UNSET


class ContentDetails(msgspec.Struct, rename="camel"):
    """Length of a video, or which one a playlist item or an activity means."""

    duration: Text = UNSET
    video_id: Text = UNSET
    video_published_at: Text = UNSET
    upload: Upload | UnsetType | None = UNSET


class Status(msgspec.Struct, rename="camel"):
    """Whether it is public, and whether it is still there."""

    privacy_status: Text = UNSET
    upload_status: Text = UNSET
    rejection_reason: Text = UNSET


class Replies(msgspec.Struct):
    """The replies that come with a thread."""

    comments: list[msgspec.Raw] | UnsetType | None = UNSET


class Resource(msgspec.Struct, rename="camel"):
    """One item of an answer, of any kind."""

    kind: str
    id: str | ResourceId | UnsetType | None = UNSET
    snippet: Snippet | UnsetType | None = UNSET
    statistics: dict[str, str | Whole | bool | None] | UnsetType | None = UNSET
    content_details: ContentDetails | UnsetType | None = UNSET
    status: Status | UnsetType | None = UNSET
    replies: Replies | UnsetType | None = UNSET


class Answer(msgspec.Struct):
    """An answer: its items, each decoded by itself so that a broken one loses only itself."""

    kind: Text = UNSET
    items: list[msgspec.Raw] | UnsetType | None = UNSET
    error: msgspec.Raw | UnsetType = UNSET
