"""The elements of `tweets.js`: statuses of API v1.1 whose numbers are strings."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from dalil.sources.x_status.shapes import Edits, Id, Status


class Control(msgspec.Struct):
    """The ids of all versions."""

    ids: list[Id] | UnsetType | None = msgspec.field(default=UNSET, name="editTweetIds")


class Edited(msgspec.Struct):
    """Of a later version."""

    initial: Id | UnsetType | None = msgspec.field(default=UNSET, name="initialTweetId")
    control: Control | UnsetType | None = msgspec.field(default=UNSET, name="editControlInitial")


class EditInfo(msgspec.Struct):
    """How a post was edited."""

    initial: Control | UnsetType | None = UNSET
    edit: Edited | UnsetType | None = UNSET


class Tweet(Status):
    """A post of the archive."""

    edit_info: EditInfo | UnsetType | None = UNSET


class Element(msgspec.Struct):
    """A post, wrapped; in archives from before 2019 the element is the post itself."""

    tweet: Tweet


def brought_home(tweet: Tweet) -> Status:
    """The post with its edits under their names in API v1.1, and accounts that are no more (`-1`) without an id."""
    info = tweet.edit_info or None
    tweet.edit_info = UNSET
    if info is not None and info.initial:
        tweet.edit_tweet_ids = info.initial.ids
    elif info is not None and info.edit:
        control = info.edit.control or None
        tweet.edit_history = Edits(control.ids if control else UNSET, info.edit.initial)
    mentions = (tweet.entities.user_mentions or ()) if tweet.entities else ()
    for mention in mentions:
        if str(mention.id_str) == "-1":
            mention.id_str = UNSET
    return tweet
