"""A row, or a document of the index, as a status.

Both tools write links out in the text. Never read: `local_time` and `collection_time`, which tell
the collector's zone; coordinates; pictures; names of downloaded files.
"""

from __future__ import annotations

from typing import Final

from msgspec import UNSET, UnsetType

from dalil.sources.csv_table import count, filled
from dalil.sources.x_status.around import Author
from dalil.sources.x_status.numbers import Created, from_seconds
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.shapes import Entities, Link, Medium, Mention, Place, Repost, Status, Tag, User

POSTS: Final = (
    *("id", "timestamp_utc", "user_screen_name", "text", "possibly_sensitive", "retweet_count", "like_count"),
    *("reply_count", "impression_count", "lang", "to_username", "to_userid", "to_tweetid", "source_name", "user_id"),
    *("user_name", "user_verified", "user_description", "user_tweets", "user_followers", "user_friends", "user_lists"),
    *("user_timestamp_utc", "retweeted_id", "retweeted_user", "retweeted_user_id", "quoted_id", "quoted_user"),
    *("quoted_user_id", "place_country_code", "links", "media_urls", "media_types", "media_alt_texts"),
    *("mentioned_names", "mentioned_ids", "hashtags"),
)
USERS: Final = (
    *("id", "screen_name", "name", "description", "timestamp_utc", "verified", "protected", "tweets", "followers"),
    *("friends", "lists", "witheld_in_countries"),
)
MOST: Final = 500


def given(row: dict[str, str], where: str) -> Given | None:
    """The row as a status; None where it has no id."""
    key = filled(row, "id")
    if not key:
        return None
    status = Status(
        id_str=key,
        full_text=row.get("text", ""),
        created_at=filled(row, "timestamp_utc"),
        source=filled(row, "source_name"),
        lang=filled(row, "lang"),
        possibly_sensitive=filled(row, "possibly_sensitive"),
        user=_author(row),
        in_reply_to_status_id_str=filled(row, "to_tweetid"),
        in_reply_to_user_id_str=filled(row, "to_userid"),
        in_reply_to_screen_name=filled(row, "to_username"),
        quoted_status_id_str=filled(row, "quoted_id"),
        retweet_count=count(row, "retweet_count"),
        favorite_count=count(row, "like_count"),
        reply_count=count(row, "reply_count"),
        view_count=count(row, "impression_count"),
        place=_place(row),
        entities=_entities(row),
        extended_entities=_media(row),
    )
    if filled(row, "retweeted_id") or filled(row, "retweeted_user"):
        names = ("retweeted_id", "retweeted_user_id", "retweeted_user")
        status.reposted = Repost(*(filled(row, name) for name in names))
    found = Given(status, where, created=from_seconds(row.get("timestamp_utc", "").strip()))
    if quoted := filled(row, "quoted_id"):
        found.known[quoted] = Author(filled(row, "quoted_user_id") or None, filled(row, "quoted_user") or None)
    return found


def created_again(status: Status, held: Created) -> Created:
    """When a post that is read again was made."""
    del held
    return from_seconds((status.created_at or "").strip())


def user_of(row: dict[str, str]) -> User:
    """A row of the export of users."""
    return User(
        id_str=filled(row, "id"),
        screen_name=filled(row, "screen_name"),
        name=filled(row, "name"),
        description=filled(row, "description"),
        created_at=_iso(row.get("timestamp_utc", "")),
        protected=filled(row, "protected"),
        verified=filled(row, "verified"),
        followers_count=count(row, "followers"),
        friends_count=count(row, "friends"),
        statuses_count=count(row, "tweets"),
        listed_count=count(row, "lists"),
        withheld_in_countries=parts(row, "witheld_in_countries") or UNSET,
    )


def parts(row: dict[str, str], name: str) -> list[str]:
    """The items of a cell joined by `|`."""
    cell = row.get(name, "").strip()
    return [part.strip() for part in cell.split("|")[:MOST]] if cell else []


def _author(row: dict[str, str]) -> User:
    return User(
        id_str=filled(row, "user_id"),
        screen_name=filled(row, "user_screen_name"),
        name=filled(row, "user_name"),
        description=filled(row, "user_description"),
        created_at=_iso(row.get("user_timestamp_utc", "")),
        verified=filled(row, "user_verified"),
        followers_count=count(row, "user_followers"),
        friends_count=count(row, "user_friends"),
        statuses_count=count(row, "user_tweets"),
        listed_count=count(row, "user_lists"),
    )


def _iso(seconds: str) -> str | UnsetType:
    at = from_seconds(seconds.strip()).at
    return at.isoformat() if at else UNSET


def _place(row: dict[str, str]) -> Place | UnsetType:
    country = filled(row, "place_country_code")
    return Place(country) if country else UNSET


def _entities(row: dict[str, str]) -> Entities:
    names, ids = parts(row, "mentioned_names"), parts(row, "mentioned_ids")
    if len(ids) != len(names):
        ids = [""] * len(names)  # which id is whose cannot be told
    return Entities(
        hashtags=[Tag(tag) for tag in parts(row, "hashtags") if tag],
        urls=[Link(expanded_url=link) for link in parts(row, "links") if link],
        user_mentions=[Mention(name, key or UNSET) for name, key in zip(names, ids, strict=True) if name],
    )


def _media(row: dict[str, str]) -> Entities | UnsetType:
    addresses = parts(row, "media_urls")
    kinds, alts = parts(row, "media_types"), parts(row, "media_alt_texts")
    media = [
        Medium(
            type=kinds[at] if at < len(kinds) else UNSET,
            media_url_https=address,
            ext_alt_text=(alts[at] or UNSET) if len(alts) == len(addresses) else UNSET,
        )
        for at, address in enumerate(addresses)
        if address
    ]
    return Entities(media=media) if media else UNSET
