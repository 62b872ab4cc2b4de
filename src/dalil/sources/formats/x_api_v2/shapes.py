"""What of the X API v2 is read: the known fields, with missing, null and zero apart.

What is not named here is never read: `context_annotations` and `entities.annotations` (the
platform's guesses about people and topics), shortened display addresses, exact coordinates, profile pictures, locations, the
collector's private metrics. All structs are mutable, because a record is redacted in place before
it is written as raw.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

Id = str | int | float
Count = int | float | None


class Mention(msgspec.Struct, omit_defaults=True):
    """An @mention; offsets in code points of the text it belongs to."""

    username: str | UnsetType = UNSET
    id: Id | None | UnsetType = UNSET
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET


class Link(msgspec.Struct, omit_defaults=True):
    """A link; `url` is the t.co form that stands in the text."""

    url: str | None | UnsetType = UNSET
    expanded_url: str | None | UnsetType = UNSET
    unwound_url: str | None | UnsetType = UNSET
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET
    media_key: str | UnsetType = UNSET
    title: str | None | UnsetType = UNSET
    description: str | None | UnsetType = UNSET


class Tag(msgspec.Struct, omit_defaults=True):
    """A hashtag or cashtag, without its sign."""

    tag: str
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET


class Entities(msgspec.Struct, omit_defaults=True):
    """What stands in a text."""

    mentions: list[Mention] | None | UnsetType = UNSET
    urls: list[Link] | None | UnsetType = UNSET
    hashtags: list[Tag] | None | UnsetType = UNSET
    cashtags: list[Tag] | None | UnsetType = UNSET


class Note(msgspec.Struct, omit_defaults=True):
    """The whole text of a long post."""

    text: str
    entities: Entities | None | UnsetType = UNSET


class Variant(msgspec.Struct, omit_defaults=True):
    """One encoding of a video."""

    url: str | None | UnsetType = UNSET
    bit_rate: Count | UnsetType = UNSET
    content_type: str | None | UnsetType = UNSET


class Medium(msgspec.Struct, omit_defaults=True):
    """A picture, animation or video; its bytes are not in this format. Empty where it was not included."""

    media_key: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    url: str | None | UnsetType = UNSET
    preview_image_url: str | None | UnsetType = UNSET
    width: int | None | UnsetType = UNSET
    height: int | None | UnsetType = UNSET
    duration_ms: Count | UnsetType = UNSET
    alt_text: str | None | UnsetType = UNSET
    public_metrics: dict[str, Count] | None | UnsetType = UNSET
    variants: list[Variant] | None | UnsetType = UNSET


class Place(msgspec.Struct, omit_defaults=True):
    """A place; only its country is kept."""

    id: str | UnsetType = UNSET
    country_code: str | None | UnsetType = UNSET


class Geo(msgspec.Struct, omit_defaults=True):
    """Where a post says it was written: the place's id, and its country when flattened."""

    place_id: str | None | UnsetType = UNSET
    country_code: str | None | UnsetType = UNSET


class Option(msgspec.Struct, omit_defaults=True):
    """One answer of a poll."""

    label: str
    position: int | UnsetType = UNSET
    votes: Count | UnsetType = UNSET


class Poll(msgspec.Struct, omit_defaults=True):
    """A poll. Empty where it was not included."""

    id: Id | UnsetType = UNSET
    options: list[Option] | UnsetType = UNSET
    end_datetime: str | None | UnsetType = UNSET
    voting_status: str | None | UnsetType = UNSET


class Attachments(msgspec.Struct, omit_defaults=True):
    """What hangs on a post: keys in a response, whole objects when flattened."""

    media_keys: list[str] | None | UnsetType = UNSET
    poll_ids: list[Id] | None | UnsetType = UNSET
    media: list[Medium] | UnsetType = UNSET
    poll: Poll | UnsetType = UNSET


class Withheld(msgspec.Struct, omit_defaults=True):
    """That the platform withholds a post or account, where, and why."""

    copyright: bool | None | UnsetType = UNSET
    country_codes: list[str] | None | UnsetType = UNSET
    scope: str | None | UnsetType = UNSET


class User(msgspec.Struct, omit_defaults=True):
    """An account. An empty object stands for one that the response did not include."""

    id: Id | UnsetType = UNSET
    username: str | UnsetType = UNSET
    name: str | None | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    created_at: str | None | UnsetType = UNSET
    protected: bool | None | UnsetType = UNSET
    verified: bool | None | UnsetType = UNSET
    verified_type: str | None | UnsetType = UNSET
    public_metrics: dict[str, Count] | None | UnsetType = UNSET
    withheld: Withheld | None | UnsetType = UNSET


class Twarc(msgspec.Struct):
    """What twarc adds about its own request; of it only the time is read."""

    retrieved_at: str | None | UnsetType = UNSET


class Tweet(msgspec.Struct, omit_defaults=True):
    """A post, in a response or flattened."""

    id: Id
    text: str | UnsetType = UNSET
    author_id: Id | None | UnsetType = UNSET
    created_at: str | None | UnsetType = UNSET
    conversation_id: Id | None | UnsetType = UNSET
    in_reply_to_user_id: Id | None | UnsetType = UNSET
    referenced_tweets: list[Reference] | None | UnsetType = UNSET
    entities: Entities | None | UnsetType = UNSET
    note_tweet: Note | None | UnsetType = UNSET
    attachments: Attachments | None | UnsetType = UNSET
    public_metrics: dict[str, Count] | None | UnsetType = UNSET
    edit_history_tweet_ids: list[Id] | None | UnsetType = UNSET
    withheld: Withheld | None | UnsetType = UNSET
    geo: Geo | None | UnsetType = UNSET
    lang: str | None | UnsetType = UNSET
    source: str | None | UnsetType = UNSET
    possibly_sensitive: bool | None | UnsetType = UNSET
    reply_settings: str | None | UnsetType = UNSET
    author: User | UnsetType = UNSET
    in_reply_to_user: User | UnsetType = UNSET
    twarc: Twarc | None | UnsetType = msgspec.field(default=UNSET, name="__twarc")


class Reference(Tweet, omit_defaults=True):
    """A post that another refers to: `type` and `id`, and the rest of it when flattened."""

    type: str = ""


class Problem(msgspec.Struct):
    """One entry of `errors`: something asked for that the platform did not give."""

    resource_type: str | None | UnsetType = UNSET
    resource_id: Id | None | UnsetType = UNSET
    value: Id | list[Id] | None | UnsetType = UNSET
    parameter: str | None | UnsetType = UNSET
    title: str | None | UnsetType = UNSET
    type: str | None | UnsetType = UNSET
    detail: str | None | UnsetType = UNSET


class Includes(msgspec.Struct):
    """What came along with a response's data."""

    users: list[User] | UnsetType = UNSET
    tweets: list[Tweet] | UnsetType = UNSET
    media: list[Medium] | UnsetType = UNSET
    places: list[Place] | UnsetType = UNSET
    polls: list[Poll] | UnsetType = UNSET


class Response(msgspec.Struct):
    """One answer of the API."""

    data: list[Tweet] | Tweet | None | UnsetType = UNSET
    includes: Includes | None | UnsetType = UNSET
    errors: list[Problem] | UnsetType = UNSET
    twarc: Twarc | None | UnsetType = msgspec.field(default=UNSET, name="__twarc")


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
    includes: LooseIncludes | None | UnsetType = UNSET
    errors: list[msgspec.Raw] | UnsetType = UNSET
    twarc: msgspec.Raw | UnsetType = msgspec.field(default=UNSET, name="__twarc")


def parsed_time(text: object) -> datetime | None:
    """An ISO time of the API as aware UTC; None where it is missing or not one."""
    if not isinstance(text, str):
        return None
    try:
        found = _TIME.decode(f'"{text}"'.encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    return found if found.tzinfo else None


_TIME = msgspec.json.Decoder(datetime)
