"""One row as a status: who wrote what, and which posts it answers, quotes or repeats."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from msgspec import UNSET, UnsetType

from dalil.schema.records import ReadWarning
from dalil.schema.words import Precision, ZoneBasis
from dalil.sources import csv_table
from dalil.sources.formats.x_io_csv.lists import items
from dalil.sources.ids import native
from dalil.sources.x_status.numbers import Created, time_of_id
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.shapes import Entities, Link, Mention, Repost, Status, Tag, User, said

COLUMNS: Final = (
    *("tweetid", "userid", "user_display_name", "user_screen_name", "user_reported_location"),
    *("user_profile_description", "user_profile_url", "follower_count", "following_count", "account_creation_date"),
    *("account_language", "tweet_language", "tweet_text", "tweet_time", "tweet_client_name", "in_reply_to_userid"),
    *("in_reply_to_tweetid", "quoted_tweet_tweetid", "is_retweet", "retweet_userid", "retweet_tweetid", "latitude"),
    *("longitude", "quote_count", "reply_count", "like_count", "retweet_count", "hashtags", "urls", "user_mentions"),
    "poll_choices",
)
"""All 31, in their order. Places, profile addresses and account languages are known and not read."""
_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)", re.ASCII)
_MINUTE: Final = timedelta(minutes=1)
_NOTHING: Final = frozenset({"nan", "null", "none", "absent"})
filled = partial(csv_table.filled, nothing=_NOTHING)
count = partial(csv_table.count, nothing=_NOTHING)


def given(row: dict[str, str], where: str) -> Given | None:
    """The row as a status; None where it has no id."""
    key = filled(row, "tweetid")
    if not key:
        return None
    warnings: list[ReadWarning] = []
    status = Status(
        id_str=key,
        full_text=row.get("tweet_text", ""),
        created_at=filled(row, "tweet_time"),
        source=filled(row, "tweet_client_name"),
        lang=_language(row),
        user=User(
            id_str=filled(row, "userid"),
            screen_name=_handle(row),
            name=filled(row, "user_display_name"),
            description=filled(row, "user_profile_description"),
            created_at=_day(filled(row, "account_creation_date")),
            followers_count=count(row, "follower_count"),
            friends_count=count(row, "following_count"),
        ),
        in_reply_to_status_id_str=filled(row, "in_reply_to_tweetid"),
        in_reply_to_user_id_str=filled(row, "in_reply_to_userid"),
        quoted_status_id_str=filled(row, "quoted_tweet_tweetid"),
        quote_count=count(row, "quote_count"),
        reply_count=count(row, "reply_count"),
        favorite_count=count(row, "like_count"),
        retweet_count=count(row, "retweet_count"),
        entities=_entities(row, warnings),
    )
    if said(filled(row, "is_retweet") or None) or filled(row, "retweet_tweetid"):
        status.reposted = Repost(filled(row, "retweet_tweetid"), filled(row, "retweet_userid"))
    created = time_of(row.get("tweet_time", ""), native(key)[0], warnings)
    return Given(status, where, created=created, warnings=warnings)


def time_of(text: str, key: str, warnings: list[ReadWarning]) -> Created:
    """`2019-01-05 13:37`: minutes, and no zone. Where the post's own id tells the same minute in UTC, it is UTC."""
    match = _TIME.fullmatch(text.strip())
    try:
        at = datetime(*(int(part) for part in match.groups()), tzinfo=UTC) if match else None  # type: ignore[misc, arg-type]
    except ValueError:
        at = None
    if at is None:
        if text.strip():
            warnings.append(ReadWarning("time-unreadable", "tweet_time"))
        return Created()
    own = time_of_id(key)
    if own is not None and at <= own < at + _MINUTE:
        return Created(at, Precision.MINUTE, ZoneBasis.EPOCH)
    warnings.append(ReadWarning("zone-unknown", "tweet_time"))
    return Created(at, Precision.MINUTE, ZoneBasis.UNKNOWN)


def created_again(status: Status, held: Created) -> Created:
    """When a post that is read again was made; an id that is hashed confirms nothing, and what it confirmed is held."""
    key = native(status.id_str)[0] if isinstance(status.id_str, str) else ""
    found = time_of(status.created_at or "", key, [])
    return Created(found.at, found.precision, held.basis) if found.at and found.basis is ZoneBasis.UNKNOWN else found


def _handle(row: dict[str, str]) -> str | UnsetType:
    """The handle; of a hashed account the column repeats the hash, which is no handle."""
    handle = filled(row, "user_screen_name")
    return handle if handle != filled(row, "userid") else UNSET


def _language(row: dict[str, str]) -> str | UnsetType:
    found = filled(row, "tweet_language")
    return found if found != "und" else UNSET


def _day(text: str | UnsetType) -> str | UnsetType:
    return f"{text}T00:00:00+00:00" if isinstance(text, str) and len(text) == 10 else UNSET


def _entities(row: dict[str, str], warnings: list[ReadWarning]) -> Entities:
    lists: dict[str, list[str]] = {}
    for name in ("hashtags", "urls", "user_mentions"):
        found = items(row.get(name, ""))
        if found is None:
            warnings.append(ReadWarning("list-unreadable", name))
        lists[name] = found or []
    return Entities(
        hashtags=[Tag(tag.lstrip("#＃")) for tag in lists["hashtags"]],
        urls=[Link(expanded_url=url) for url in lists["urls"]],
        user_mentions=[Mention(id_str=key) for key in lists["user_mentions"]],
    )
