"""What of a status is read: the known fields, under the names of API v1.1.

Numbers may be strings, as the account archive writes them. What is not named here is never read:
coordinates, profile pictures, places but for their country, cards, who collected. All structs are
mutable, because a record is redacted in place before it is written as raw. Fields that another
shape calls otherwise are brought to these names by its importer; the few that v1.1 does not have
are named at the end of `Status`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

_LARGEST = 1 << 53
Id = str | int | float
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Number = str | Whole | Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)] | None
Flag = bool | str | UnsetType | None


class Mention(msgspec.Struct, omit_defaults=True):
    """An @mention."""

    screen_name: str | UnsetType | None = UNSET
    id_str: Id | UnsetType | None = UNSET
    indices: list[Number] | UnsetType | None = UNSET


class Unwound(msgspec.Struct, omit_defaults=True):
    """Where a link finally led."""

    url: str | UnsetType | None = UNSET


class Link(msgspec.Struct, omit_defaults=True):
    """A link; `url` is the t.co form that stands in the text."""

    url: str | UnsetType | None = UNSET
    expanded_url: str | UnsetType | None = UNSET
    unwound: Unwound | UnsetType | None = UNSET
    indices: list[Number] | UnsetType | None = UNSET


class Tag(msgspec.Struct, omit_defaults=True):
    """A hashtag or cashtag, without its sign."""

    text: str
    indices: list[Number] | UnsetType | None = UNSET


class Variant(msgspec.Struct, omit_defaults=True):
    """One encoding of a video."""

    url: str | UnsetType | None = UNSET
    bitrate: Number | UnsetType = UNSET
    content_type: str | UnsetType | None = UNSET


class Video(msgspec.Struct, omit_defaults=True):
    """What a medium has that moves."""

    duration_millis: Number | UnsetType = UNSET
    variants: list[Variant] | UnsetType | None = UNSET


class Size(msgspec.Struct, omit_defaults=True):
    """Width and height of the original."""

    width: Number | UnsetType = UNSET
    height: Number | UnsetType = UNSET


class Medium(msgspec.Struct, omit_defaults=True):
    """A picture, animation or video; its bytes are not in these formats."""

    id_str: Id | UnsetType | None = UNSET
    media_key: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    expanded_url: str | UnsetType | None = UNSET
    media_url_https: str | UnsetType | None = UNSET
    ext_alt_text: str | UnsetType | None = UNSET
    original_info: Size | UnsetType | None = UNSET
    video_info: Video | UnsetType | None = UNSET
    indices: list[Number] | UnsetType | None = UNSET


class Entities(msgspec.Struct, omit_defaults=True):
    """What stands in a text."""

    user_mentions: list[Mention] | UnsetType | None = UNSET
    urls: list[Link] | UnsetType | None = UNSET
    hashtags: list[Tag] | UnsetType | None = UNSET
    symbols: list[Tag] | UnsetType | None = UNSET
    media: list[Medium] | UnsetType | None = UNSET


class Extended(msgspec.Struct):
    """The whole text of a post whose `text` is cut, as streams give it."""

    full_text: str | UnsetType | None = UNSET
    entities: Entities | UnsetType | None = UNSET
    extended_entities: Entities | UnsetType | None = UNSET


class Place(msgspec.Struct, omit_defaults=True):
    """A place; only its country is read."""

    country_code: str | UnsetType | None = UNSET


class Permalink(msgspec.Struct):
    """The address of a quoted post."""

    expanded: str | UnsetType | None = UNSET


class Edits(msgspec.Struct):
    """The ids of all versions of a post, the first one first."""

    edit_tweet_ids: list[Id] | UnsetType | None = UNSET
    initial_tweet_id: Id | UnsetType | None = UNSET


class User(msgspec.Struct, omit_defaults=True):
    """An account."""

    id_str: Id | UnsetType | None = UNSET
    screen_name: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    created_at: str | UnsetType | None = UNSET
    protected: Flag = UNSET
    verified: Flag = UNSET
    followers_count: Number | UnsetType = UNSET
    friends_count: Number | UnsetType = UNSET
    statuses_count: Number | UnsetType = UNSET
    listed_count: Number | UnsetType = UNSET
    withheld_in_countries: list[str] | UnsetType | None = UNSET
    status: Status | UnsetType | None = UNSET


class Status(msgspec.Struct, omit_defaults=True):
    """A post."""

    id_str: Id | UnsetType | None = UNSET
    id: Id | UnsetType | None = UNSET
    created_at: str | UnsetType | None = UNSET
    full_text: str | UnsetType | None = UNSET
    text: str | UnsetType | None = UNSET
    truncated: Flag = UNSET
    source: str | UnsetType | None = UNSET
    lang: str | UnsetType | None = UNSET
    possibly_sensitive: Flag = UNSET
    entities: Entities | UnsetType | None = UNSET
    extended_entities: Entities | UnsetType | None = UNSET
    extended_tweet: Extended | UnsetType | None = UNSET
    user: User | UnsetType | None = UNSET
    user_id_str: Id | UnsetType | None = UNSET
    in_reply_to_status_id_str: Id | UnsetType | None = UNSET
    in_reply_to_user_id_str: Id | UnsetType | None = UNSET
    in_reply_to_screen_name: str | UnsetType | None = UNSET
    quoted_status_id_str: Id | UnsetType | None = UNSET
    quoted_status: Status | UnsetType | None = UNSET
    quoted_status_permalink: Permalink | UnsetType | None = UNSET
    retweeted_status: Status | UnsetType | None = UNSET
    conversation_id_str: Id | UnsetType | None = UNSET
    retweet_count: Number | UnsetType = UNSET
    favorite_count: Number | UnsetType = UNSET
    reply_count: Number | UnsetType = UNSET
    quote_count: Number | UnsetType = UNSET
    bookmark_count: Number | UnsetType = UNSET
    place: Place | UnsetType | None = UNSET
    withheld_in_countries: list[str] | UnsetType | None = UNSET
    withheld_copyright: Flag = UNSET
    edit_history: Edits | UnsetType | None = UNSET
    edit_tweet_ids: list[Id] | UnsetType | None = UNSET
    view_count: Number | UnsetType = UNSET
    parent: Status | UnsetType | None = UNSET
    reposted: Repost | UnsetType | None = UNSET
    whose: dict[str, str] | UnsetType = UNSET
    """Post id → public account, of posts that it refers to; written by us where nothing else in raw tells."""


class Repost(msgspec.Struct, omit_defaults=True):
    """That this post repeats another, where the other does not come along: what is told of it."""

    id_str: Id | UnsetType | None = UNSET
    user_id_str: Id | UnsetType | None = UNSET
    screen_name: str | UnsetType | None = UNSET


def texts(*values: object) -> list[str]:
    """Those of the values that are strings and not empty."""
    return [value for value in values if isinstance(value, str) and value]


def said(value: Flag) -> bool | None:
    """A flag that may be written as a word; None where nothing is said."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return None
