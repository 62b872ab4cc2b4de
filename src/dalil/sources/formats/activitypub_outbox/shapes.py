"""What of ActivityPub is read; values that may be one or several are brought to one form.

What is not named here is never read: signatures, keys, inboxes, who liked or followed, pictures of
accounts, what a member's archive says of the member.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Number

Text = str | UnsetType | None
Loose = Any
"""A value of several shapes (an address, an object, a list of either), taken apart by `one` and `several`."""


class Object(msgspec.Struct, rename="camel"):
    """An object: a post, an activity, an actor, a tombstone."""

    id: Text = UNSET
    type: str | list[str] | UnsetType | None = UNSET
    actor: Loose = UNSET
    object: Loose = UNSET
    attributed_to: Loose = UNSET
    to: Loose = UNSET
    cc: Loose = UNSET
    url: Loose = UNSET
    published: Text = UNSET
    updated: Text = UNSET
    deleted: Text = UNSET
    former_type: Loose = UNSET
    in_reply_to: Loose = UNSET
    name: Text = UNSET
    summary: Text = UNSET
    content: Text = UNSET
    name_map: dict[str, str | None] | UnsetType | None = UNSET
    summary_map: dict[str, str | None] | UnsetType | None = UNSET
    content_map: dict[str, str | None] | UnsetType | None = UNSET
    media_type: Text = UNSET
    sensitive: bool | UnsetType | None = UNSET
    tag: Loose = UNSET
    attachment: Loose = UNSET
    one_of: Loose = UNSET
    any_of: Loose = UNSET
    voters_count: Number | UnsetType | None = UNSET
    quote: Loose = UNSET
    quote_url: Loose = UNSET
    quote_uri: Loose = UNSET
    replies: Loose = UNSET
    likes: Loose = UNSET
    shares: Loose = UNSET
    preferred_username: Text = UNSET
    outbox: Loose = UNSET
    first: Loose = UNSET


class Head(msgspec.Struct, rename="camel"):
    """What is known of a collection as a whole."""

    id: Text = UNSET
    type: str | list[str] | UnsetType | None = UNSET
    ordered_items: msgspec.Raw | UnsetType = UNSET
    items: msgspec.Raw | UnsetType = UNSET


def several(value: Loose) -> list[Any]:
    """One or several as a list; nothing for null and absent."""
    if value is UNSET or value is None:
        return []
    return value[:100] if isinstance(value, list) else [value]


def address(value: Loose) -> str | None:
    """The address that a value is or holds, of the first where there are several."""
    for item in several(value):
        if isinstance(item, str):
            return item or None
        if isinstance(item, dict):
            for name in ("id", "href"):
                if isinstance(item.get(name), str) and item[name]:
                    return str(item[name])
    return None


def addresses(value: Loose) -> set[str]:
    """All the addresses that a value holds."""
    return {found for item in several(value) if (found := address(item)) is not None}


def total(value: Loose) -> int | None:
    """`totalItems` of a collection that is at hand."""
    found = value.get("totalItems") if isinstance(value, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 53 else None


def types(value: str | list[str] | UnsetType | None) -> set[str]:
    """The types of an object."""
    return {item.rpartition("#")[2] for item in several(value) if isinstance(item, str)}
