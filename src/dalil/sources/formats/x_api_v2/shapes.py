"""What of the X API v2 is read: the known fields, with missing, null and zero apart.

What is not named here is never read: `context_annotations` and `entities.annotations` (the
platform's guesses about people and topics), shortened display addresses, exact coordinates, profile pictures, locations, the
collector's private metrics. All structs are mutable, because a record is redacted in place before
it is written as raw.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

_LARGEST = 1 << 53
Id = str | int | float
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Side = Annotated[int, msgspec.Meta(ge=0, le=(1 << 31) - 1)]
Count = Whole | Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)] | None


class Mention(msgspec.Struct, omit_defaults=True):
    """An @mention; offsets in code points of the text it belongs to."""

    username: str | UnsetType = UNSET
    id: Id | UnsetType | None = UNSET
    start: Whole | UnsetType = UNSET
    end: Whole | UnsetType = UNSET


class Link(msgspec.Struct, omit_defaults=True):
    """A link; `url` is the t.co form that stands in the text."""

    url: str | UnsetType | None = UNSET
    expanded_url: str | UnsetType | None = UNSET
    unwound_url: str | UnsetType | None = UNSET
    start: Whole | UnsetType = UNSET
    end: Whole | UnsetType = UNSET
    media_key: str | UnsetType = UNSET
    title: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET


class Tag(msgspec.Struct, omit_defaults=True):
    """A hashtag or cashtag, without its sign."""

    tag: str
    start: Whole | UnsetType = UNSET
    end: Whole | UnsetType = UNSET


class Entities(msgspec.Struct, omit_defaults=True):
    """What stands in a text."""

    mentions: list[Mention] | UnsetType | None = UNSET
    urls: list[Link] | UnsetType | None = UNSET
    hashtags: list[Tag] | UnsetType | None = UNSET
    cashtags: list[Tag] | UnsetType | None = UNSET


class Note(msgspec.Struct, omit_defaults=True):
    """The whole text of a long post."""

    text: str
    entities: Entities | UnsetType | None = UNSET


class Variant(msgspec.Struct, omit_defaults=True):
    """One encoding of a video."""

    url: str | UnsetType | None = UNSET
    bit_rate: Count | UnsetType = UNSET
    content_type: str | UnsetType | None = UNSET


class Medium(msgspec.Struct, omit_defaults=True):
    """A picture, animation or video; its bytes are not in this format. Empty where it was not included."""

    media_key: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    url: str | UnsetType | None = UNSET
    preview_image_url: str | UnsetType | None = UNSET
    width: Side | UnsetType | None = UNSET
    height: Side | UnsetType | None = UNSET
    duration_ms: Count | UnsetType = UNSET
    alt_text: str | UnsetType | None = UNSET
    public_metrics: dict[str, Count] | UnsetType | None = UNSET
    variants: list[Variant] | UnsetType | None = UNSET


class Place(msgspec.Struct, omit_defaults=True):
    """A place; only its country is kept."""

    id: str | UnsetType = UNSET
    country_code: str | UnsetType | None = UNSET


class Geo(msgspec.Struct, omit_defaults=True):
    """Where a post says it was written: the place's id, and its country when flattened."""

    place_id: str | UnsetType | None = UNSET
    country_code: str | UnsetType | None = UNSET


class Option(msgspec.Struct, omit_defaults=True):
    """One answer of a poll."""

    label: str
    position: Whole | UnsetType = UNSET
    votes: Count | UnsetType = UNSET


class Poll(msgspec.Struct, omit_defaults=True):
    """A poll. Empty where it was not included."""

    id: Id | UnsetType = UNSET
    options: list[Option] | UnsetType = UNSET
    end_datetime: str | UnsetType | None = UNSET
    voting_status: str | UnsetType | None = UNSET


class Attachments(msgspec.Struct, omit_defaults=True):
    """What hangs on a post: keys in a response, whole objects when flattened."""

    media_keys: list[str] | UnsetType | None = UNSET
    poll_ids: list[Id] | UnsetType | None = UNSET
    media: list[Medium] | UnsetType = UNSET
    poll: Poll | UnsetType = UNSET


class Withheld(msgspec.Struct, omit_defaults=True):
    """That the platform withholds a post or account, where, and why."""

    copyright: bool | UnsetType | None = UNSET
    country_codes: list[str] | UnsetType | None = UNSET
    scope: str | UnsetType | None = UNSET


class User(msgspec.Struct, omit_defaults=True):
    """An account. An empty object stands for one that the response did not include."""

    id: Id | UnsetType = UNSET
    username: str | UnsetType = UNSET
    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    created_at: str | UnsetType | None = UNSET
    protected: bool | UnsetType | None = UNSET
    verified: bool | UnsetType | None = UNSET
    verified_type: str | UnsetType | None = UNSET
    public_metrics: dict[str, Count] | UnsetType | None = UNSET
    withheld: Withheld | UnsetType | None = UNSET


class Twarc(msgspec.Struct):
    """What twarc adds about its own request; of it only the time is read."""

    retrieved_at: str | UnsetType | None = UNSET


class Tweet(msgspec.Struct, omit_defaults=True):
    """A post, in a response or flattened."""

    id: Id
    text: str | UnsetType = UNSET
    author_id: Id | UnsetType | None = UNSET
    created_at: str | UnsetType | None = UNSET
    conversation_id: Id | UnsetType | None = UNSET
    in_reply_to_user_id: Id | UnsetType | None = UNSET
    referenced_tweets: list[Reference] | UnsetType | None = UNSET
    entities: Entities | UnsetType | None = UNSET
    note_tweet: Note | UnsetType | None = UNSET
    attachments: Attachments | UnsetType | None = UNSET
    public_metrics: dict[str, Count] | UnsetType | None = UNSET
    edit_history_tweet_ids: list[Id] | UnsetType | None = UNSET
    withheld: Withheld | UnsetType | None = UNSET
    geo: Geo | UnsetType | None = UNSET
    lang: str | UnsetType | None = UNSET
    source: str | UnsetType | None = UNSET
    possibly_sensitive: bool | UnsetType | None = UNSET
    reply_settings: str | UnsetType | None = UNSET
    author: User | UnsetType = UNSET
    in_reply_to_user: User | UnsetType = UNSET
    twarc: Twarc | UnsetType | None = msgspec.field(default=UNSET, name="__twarc")


class Reference(Tweet, omit_defaults=True):
    """A post that another refers to: `type` and `id`, and the rest of it when flattened."""

    type: str = ""


class Problem(msgspec.Struct):
    """One entry of `errors`: something asked for that the platform did not give."""

    resource_type: str | UnsetType | None = UNSET
    resource_id: Id | UnsetType | None = UNSET
    value: Id | list[Id] | UnsetType | None = UNSET
    parameter: str | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET
    detail: str | UnsetType | None = UNSET


class Includes(msgspec.Struct):
    """What came along with a response's data."""

    users: list[User] | UnsetType = UNSET
    tweets: list[Tweet] | UnsetType = UNSET
    media: list[Medium] | UnsetType = UNSET
    places: list[Place] | UnsetType = UNSET
    polls: list[Poll] | UnsetType = UNSET


class Response(msgspec.Struct):
    """One answer of the API."""

    data: list[Tweet] | Tweet | UnsetType | None = UNSET
    includes: Includes | UnsetType | None = UNSET
    errors: list[Problem] | UnsetType = UNSET
    twarc: Twarc | UnsetType | None = msgspec.field(default=UNSET, name="__twarc")


class LooseIncludes(msgspec.Struct):
    """The same, each object undecoded, for a response in which one of them is broken."""

    users: list[msgspec.Raw] = []
    tweets: list[msgspec.Raw] = []
    media: list[msgspec.Raw] = []
    places: list[msgspec.Raw] = []
    polls: list[msgspec.Raw] = []


class LooseResponse(msgspec.Struct):
    """A response with each object undecoded."""

    data: msgspec.Raw | UnsetType = UNSET
    includes: LooseIncludes | UnsetType | None = UNSET
    errors: list[msgspec.Raw] | UnsetType = UNSET
    twarc: msgspec.Raw | UnsetType = msgspec.field(default=UNSET, name="__twarc")


def parsed_time(text: object) -> datetime | None:
    """An ISO time of the API as aware UTC; None where it is missing or not one."""
    if not isinstance(text, str):
        return None
    try:
        found = msgspec.convert(text, datetime)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return None
    return found if found.tzinfo else None
