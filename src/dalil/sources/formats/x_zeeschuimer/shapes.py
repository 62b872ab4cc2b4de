"""What of the web client's answers is read: wrappers around the status object of API v1.1.

`core` and `legacy` hold the account's fields in turn, as X moves them about.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.x_status.shapes import Edits, Entities, Flag, Id, Number, Status, User


class Privacy(msgspec.Struct):
    """Where the client says that an account is protected."""

    protected: Flag = UNSET


class AccountResult(msgspec.Struct):
    """An account; of one that is not to be had, nothing but its typename."""

    rest_id: Id | UnsetType | None = UNSET
    legacy: User | UnsetType | None = UNSET
    core: User | UnsetType | None = UNSET
    privacy: Privacy | UnsetType | None = UNSET


class AccountResults(msgspec.Struct):
    """The account, wrapped."""

    result: AccountResult | UnsetType | None = UNSET


class Core(msgspec.Struct):
    """Who wrote a post."""

    user_results: AccountResults | UnsetType | None = UNSET
    user_result: AccountResults | UnsetType | None = UNSET


class Views(msgspec.Struct):
    """How often a post was shown: a string."""

    count: Number | UnsetType = UNSET


class Note(msgspec.Struct):
    """The whole text of a long post."""

    text: str | UnsetType | None = UNSET
    entity_set: Entities | UnsetType | None = UNSET


class NoteResult(msgspec.Struct):
    """The long text, wrapped."""

    result: Note | UnsetType | None = UNSET


class NoteResults(msgspec.Struct):
    """The long text, wrapped twice."""

    note_tweet_results: NoteResult | UnsetType | None = UNSET


class EditControl(msgspec.Struct):
    """The ids of all versions: of the first version here, of later ones under `edit_control_initial`."""

    edit_tweet_ids: list[Id] | UnsetType | None = UNSET
    initial_tweet_id: Id | UnsetType | None = UNSET
    edit_control_initial: Edits | UnsetType | None = UNSET


class Words(msgspec.Struct):
    """A text of the client."""

    text: str | UnsetType | None = UNSET


class Tombstone(msgspec.Struct):
    """What stands for a post that is not shown."""

    text: Words | UnsetType | None = UNSET


class TweetResults(msgspec.Struct):
    """A post, wrapped; its `result` is empty where it is not to be had."""

    result: TweetResult | UnsetType | None = UNSET


class Legacy(Status):
    """The status object, with the post that it repeats wrapped."""

    retweeted_status_result: TweetResults | UnsetType | None = UNSET
    user_id_str: Id | UnsetType | None = UNSET


class TweetResult(msgspec.Struct):
    """A post. `tweet` holds it where it is wrapped in `TweetWithVisibilityResults`."""

    typename: str | UnsetType = msgspec.field(default=UNSET, name="__typename")
    rest_id: Id | UnsetType | None = UNSET
    tweet: TweetResult | UnsetType | None = UNSET
    core: Core | UnsetType | None = UNSET
    user: User | UnsetType | None = UNSET
    legacy: Legacy | UnsetType | None = UNSET
    views: Views | UnsetType | None = UNSET
    ext_views: Views | UnsetType | None = UNSET
    source: str | UnsetType | None = UNSET
    note_tweet: NoteResults | UnsetType | None = UNSET
    edit_control: EditControl | UnsetType | None = UNSET
    quoted_status_result: TweetResults | UnsetType | None = UNSET
    tombstone: Tombstone | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET
