"""What may stand where a value of API v1.1 is expected: a status, a user, an answer, an event of a stream."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.x_status.shapes import Edits, Id, Medium, Status


class Gone(msgspec.Struct):
    """Which post an event is about, and whose it was. Some events give numbers only."""

    id_str: Id | UnsetType | None = UNSET
    id: Id | UnsetType | None = UNSET
    user_id_str: Id | UnsetType | None = UNSET
    user_id: Id | UnsetType | None = UNSET
    withheld_in_countries: list[str] | UnsetType | None = UNSET
    timestamp_ms: Id | UnsetType | None = UNSET


class Deletion(msgspec.Struct):
    """`delete` of a stream: of a post; of a direct message or anything else, `status` is not there."""

    status: Gone | UnsetType | None = UNSET
    timestamp_ms: Id | UnsetType | None = UNSET


class Envelope(msgspec.Struct):
    """What a whole value may be besides a status or a user; each part undecoded.

    `id` of a lookup with `map=true` is an object of post id → status or null.
    """

    statuses: list[msgspec.Raw] | UnsetType = UNSET
    users: list[msgspec.Raw] | UnsetType = UNSET
    id: msgspec.Raw | UnsetType = UNSET
    delete: Deletion | UnsetType = UNSET
    status_withheld: Gone | UnsetType = UNSET
    limit: msgspec.Raw | UnsetType = UNSET
    disconnect: msgspec.Raw | UnsetType = UNSET
    warning: msgspec.Raw | UnsetType = UNSET
    user_withheld: msgspec.Raw | UnsetType = UNSET
    scrub_geo: msgspec.Raw | UnsetType = UNSET
    friends: msgspec.Raw | UnsetType = UNSET
    friends_str: msgspec.Raw | UnsetType = UNSET
    event: msgspec.Raw | UnsetType = UNSET
    full_text: msgspec.Raw | UnsetType = UNSET
    text: msgspec.Raw | UnsetType = UNSET
    screen_name: msgspec.Raw | UnsetType = UNSET


class Embedded(Status):
    """The status as X's embedding service gives it: the same fields, some under other names."""

    typename: str | UnsetType = msgspec.field(default=UNSET, name="__typename")
    quoted_tweet: Embedded | UnsetType | None = UNSET
    edit_control: Edits | UnsetType | None = UNSET
    media_details: list[Medium] | UnsetType | None = msgspec.field(default=UNSET, name="mediaDetails")
    parent: Embedded | UnsetType | None = UNSET


EVENTS = {
    "limit": "stream-limit",
    "disconnect": "stream-event",
    "warning": "stream-event",
    "user_withheld": "account-withheld",
    "scrub_geo": "scrub-geo",
    "friends": "stream-event",
    "friends_str": "stream-event",
    "event": "stream-event",
}
"""Events that are about no post: field → the code under which they are counted."""
