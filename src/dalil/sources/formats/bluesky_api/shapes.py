"""What of the answers of Bluesky's API is read.

What is not named here is never read: `viewer` (what the asking account follows, mutes, blocks, and
whom it knows), pictures, lists of followers and of those who liked.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Whole

Text = str | UnsetType | None
Count = Whole | UnsetType | None
Raw = msgspec.Raw | UnsetType


class Author(msgspec.Struct, rename="camel"):
    """An account as a view shows it."""

    did: str
    handle: Text = UNSET
    display_name: Text = UNSET
    description: Text = UNSET
    created_at: Text = UNSET
    followers_count: Count = UNSET
    follows_count: Count = UNSET
    posts_count: Count = UNSET


class View(msgspec.Struct, rename="camel"):
    """A post as a server shows it, or as it stands in a repository (`value`)."""

    uri: str
    cid: Text = UNSET
    author: Author | UnsetType | None = UNSET
    record: Raw = UNSET
    value: Raw = UNSET
    indexed_at: Text = UNSET
    embed: Any = UNSET
    embeds: Any = UNSET
    labels: Any = UNSET
    reply_count: Count = UNSET
    repost_count: Count = UNSET
    like_count: Count = UNSET
    quote_count: Count = UNSET
    not_found: bool | UnsetType | None = UNSET
    blocked: bool | UnsetType | None = UNSET
    detached: bool | UnsetType | None = UNSET


class Reply(msgspec.Struct):
    """The posts that an item of a feed answers."""

    root: Raw = UNSET
    parent: Raw = UNSET


class Reason(msgspec.Struct, rename={"indexed_at": "indexedAt"}):
    """Why a post stands in a feed: who reposted it."""

    by: Author | UnsetType | None = UNSET
    indexed_at: Text = UNSET
    uri: Text = UNSET


class Thing(msgspec.Struct, rename="camel"):
    """Any value of a file: told by which of these fields it has."""

    uri: Raw = UNSET
    did: Raw = UNSET
    handle: Raw = UNSET
    did_doc: Raw = UNSET
    feed: Raw = UNSET
    posts: Raw = UNSET
    thread: Raw = UNSET
    profiles: Raw = UNSET
    actors: Raw = UNSET
    records: Raw = UNSET
    follows: Raw = UNSET
    followers: Raw = UNSET
    likes: Raw = UNSET
    reposted_by: Raw = UNSET
    notifications: Raw = UNSET
    error: Raw = UNSET
    post: Raw = UNSET
    reply: Raw = UNSET
    reason: Raw = UNSET
    parent: Raw = UNSET
    replies: list[msgspec.Raw] | UnsetType | None = UNSET
