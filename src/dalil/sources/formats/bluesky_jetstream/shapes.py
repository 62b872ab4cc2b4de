"""What of the stream of commits is read. Who follows, blocks or likes whom is not."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.decoding import Whole

Text = str | UnsetType | None


class Commit(msgspec.Struct):
    """What one account did to one record."""

    collection: str
    rkey: str
    operation: Text = UNSET
    action: Text = UNSET
    did: Text = UNSET
    record: msgspec.Raw | UnsetType = UNSET
    cid: Text = UNSET


class Status(msgspec.Struct):
    """Whether an account is still there."""

    active: bool | UnsetType | None = UNSET
    status: Text = UNSET
    time: Text = UNSET


class Event(msgspec.Struct):
    """One event: of Jetstream (`kind`, `time_us`), or of Tap (`type`, its commit in `record`)."""

    did: Text = UNSET
    time_us: Whole | UnsetType = UNSET
    kind: Text = UNSET
    type: Text = UNSET
    commit: Commit | UnsetType | None = UNSET
    record: Commit | UnsetType | None = UNSET
    account: Status | UnsetType | None = UNSET


class Profile(msgspec.Struct, rename={"display_name": "displayName", "created_at": "createdAt"}):
    """What an account says of itself."""

    display_name: Text = UNSET
    description: Text = UNSET
    created_at: Text = UNSET
