"""What of Mastodon's own API is read.

What is not named here is never read: what the asking account did (`favourited`, `bookmarked`,
`filtered`), pictures, profile fields, roles, pins.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Number, Whole

Text = str | UnsetType | None
Count = Whole | UnsetType | None
Flag = bool | UnsetType | None


class User(msgspec.Struct, rename={"name": "username"}):
    """An account. `acct` has a server only where that is another than the one asked."""

    id: str | Whole | UnsetType = UNSET
    name: Text = UNSET
    acct: Text = UNSET
    url: Text = UNSET
    uri: Text = UNSET
    display_name: Text = UNSET
    note: Text = UNSET
    created_at: Text = UNSET
    bot: Flag = UNSET
    group: Flag = UNSET
    followers_count: Count = UNSET
    following_count: Count = UNSET
    statuses_count: Count = UNSET


class Mention(msgspec.Struct):
    """A mention in a status."""

    id: str | Whole | UnsetType = UNSET
    url: Text = UNSET
    acct: Text = UNSET


class Side(msgspec.Struct):
    """Measures of an original."""

    width: Number | UnsetType | None = UNSET
    height: Number | UnsetType | None = UNSET
    duration: Number | UnsetType | None = UNSET


class Meta(msgspec.Struct):
    """Measures of an attachment."""

    original: Side | UnsetType | None = UNSET


class Attachment(msgspec.Struct):
    """One attachment."""

    id: str | Whole | UnsetType | None = UNSET
    type: Text = UNSET
    url: Text = UNSET
    remote_url: Text = UNSET
    preview_url: Text = UNSET
    description: Text = UNSET
    meta: Meta | UnsetType | None = UNSET


class Option(msgspec.Struct):
    """One answer of a poll."""

    title: Text = UNSET
    votes_count: Count = UNSET


class Poll(msgspec.Struct):
    """A poll."""

    options: list[Option] | UnsetType | None = UNSET
    votes_count: Count = UNSET
    voters_count: Count = UNSET
    expires_at: Text = UNSET


class Application(msgspec.Struct):
    """The client it was written with."""

    name: Text = UNSET


class Card(msgspec.Struct):
    """The preview of a link."""

    url: Text = UNSET
    title: Text = UNSET


class Status(msgspec.Struct):
    """One status; a repost has another in `reblog`."""

    uri: str
    visibility: str
    content: Text
    id: str | Whole | UnsetType = UNSET
    url: Text = UNSET
    account: User | UnsetType | None = UNSET
    created_at: Text = UNSET
    edited_at: Text = UNSET
    in_reply_to_id: str | Whole | UnsetType | None = UNSET
    in_reply_to_account_id: str | Whole | UnsetType | None = UNSET
    sensitive: Flag = UNSET
    spoiler_text: Text = UNSET
    language: Text = UNSET
    replies_count: Count = UNSET
    reblogs_count: Count = UNSET
    favourites_count: Count = UNSET
    quotes_count: Count = UNSET
    application: Application | UnsetType | None = UNSET
    media_attachments: list[Attachment] | UnsetType | None = UNSET
    mentions: list[Mention] | UnsetType | None = UNSET
    poll: Poll | UnsetType | None = UNSET
    card: Card | UnsetType | None = UNSET
    reblog: msgspec.Raw | UnsetType = UNSET
    quote: msgspec.Raw | UnsetType = UNSET


class Quote(msgspec.Struct):
    """A quoted status in its envelope."""

    quoted_status: msgspec.Raw | UnsetType = UNSET


class Envelope(msgspec.Struct):
    """Answers that hold several statuses: threads and searches; and what tells a status from an account."""

    ancestors: list[msgspec.Raw] | UnsetType = UNSET
    descendants: list[msgspec.Raw] | UnsetType = UNSET
    statuses: list[msgspec.Raw] | UnsetType = UNSET
    accounts: list[msgspec.Raw] | UnsetType = UNSET
    content: msgspec.Raw | UnsetType = UNSET
    acct: msgspec.Raw | UnsetType = UNSET
    error: msgspec.Raw | UnsetType = UNSET
