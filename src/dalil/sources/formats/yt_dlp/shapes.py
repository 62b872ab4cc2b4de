"""What of yt-dlp's `info.json` is read.

What is not named here is never read: formats with their headers, cookies and signed addresses,
names of files and folders, the version and options of the tool, automatic captions, heat maps.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Number

Text = str | UnsetType | None
Count = Number | UnsetType | None


class Info(msgspec.Struct, rename={"kind": "_type"}):
    """One video, or the head of a playlist (`_type`)."""

    id: str
    kind: Text = UNSET
    title: Text = UNSET
    fulltitle: Text = UNSET
    description: Text = UNSET
    timestamp: Count = UNSET
    release_timestamp: Count = UNSET
    upload_date: Text = UNSET
    epoch: Count = UNSET
    extractor: Text = UNSET
    extractor_key: Text = UNSET
    webpage_url: Text = UNSET
    channel_id: Text = UNSET
    channel: Text = UNSET
    uploader_id: Text = UNSET
    uploader: Text = UNSET
    channel_follower_count: Count = UNSET
    channel_is_verified: bool | UnsetType | None = UNSET
    duration: Count = UNSET
    view_count: Count = UNSET
    like_count: Count = UNSET
    dislike_count: Count = UNSET
    comment_count: Count = UNSET
    repost_count: Count = UNSET
    availability: Text = UNSET
    live_status: Text = UNSET
    language: Text = UNSET
    tags: list[str] | UnsetType | None = UNSET
    thumbnail: Text = UNSET


class Comment(msgspec.Struct):
    """One comment. Its author's name and picture are not read."""

    id: str | Number
    text: Text = UNSET
    timestamp: Count = UNSET
    author_id: Text = UNSET
    author_is_uploader: bool | UnsetType | None = UNSET
    parent: str | Number | UnsetType | None = UNSET
    like_count: Count = UNSET


FIELDS = frozenset(Info.__struct_encode_fields__)
