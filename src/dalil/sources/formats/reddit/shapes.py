"""What of Reddit's things is read.

What is not named here is never read: what the asking account did (`likes`, `saved`, `clicked`), what
moderators see, flairs of authors, awards, previews, the HTML forms of texts.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Number

Text = str | UnsetType | None
Count = Number | UnsetType | None
Flag = bool | UnsetType | None
Epoch = Number | str | UnsetType | None


class Thing(msgspec.Struct):
    """A post (t3), a comment (t1), a subreddit (t5) or an account (t2), in its envelope or flat."""

    id: str | Number | UnsetType | None = UNSET
    name: Text = UNSET
    author: Text = UNSET
    subreddit: Text = UNSET
    subreddit_type: Text = UNSET
    created_utc: Epoch = UNSET
    edited: Number | bool | str | UnsetType | None = UNSET
    retrieved_on: Epoch = UNSET
    retrieved_utc: Epoch = UNSET
    title: Text = UNSET
    selftext: Text = UNSET
    body: Text = UNSET
    permalink: Text = UNSET
    url: Text = UNSET
    is_self: Flag = UNSET
    is_video: Flag = UNSET
    link_id: Text = UNSET
    parent_id: str | Number | UnsetType | None = UNSET
    link_flair_text: Text = UNSET
    over_18: Flag = UNSET
    stickied: Flag = UNSET
    quarantine: Flag = UNSET
    removed_by_category: Text = UNSET
    score: Count = UNSET
    num_comments: Count = UNSET
    num_crossposts: Count = UNSET
    crosspost_parent: Text = UNSET
    crosspost_parent_list: list[msgspec.Raw] | UnsetType | None = UNSET
    media_metadata: Any = UNSET
    secure_media: Any = UNSET
    media: Any = UNSET
    replies: Any = UNSET
    display_name: Text = UNSET
    public_description: Text = UNSET
    subscribers: Count = UNSET


class Listing(msgspec.Struct):
    """What a listing holds."""

    children: list[msgspec.Raw] | UnsetType | None = UNSET


class Envelope(msgspec.Struct):
    """`{"kind": …, "data": …}`; a flat thing has neither."""

    kind: Text = UNSET
    data: msgspec.Raw | UnsetType = UNSET
    error: msgspec.Raw | UnsetType = UNSET


class Nested(msgspec.Struct):
    """A comment's replies, which are a listing, or an empty string where there are none."""

    replies: msgspec.Raw | UnsetType = UNSET
