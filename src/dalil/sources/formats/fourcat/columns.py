"""The columns of 4CAT's tables, by our name for each; all others are dropped.

Every data source of 4CAT has `id`, `thread_id`, `body`, `author`, `timestamp`; the rest differs, and no
column says which platform it is: that is told from columns that only one source has, else from addresses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

NEEDED: Final = frozenset({"id", "thread_id", "body", "author", "timestamp"})
MARKS: Final = frozenset(
    {"unix_timestamp", "subject", "author_followers", "hashtags", "author_fullname", "author_name", "tiktok_url"}
)

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id",),
    "thread": ("thread_id",),
    "parent": ("parent_id", "parent"),
    "body": ("body",),
    "subject": ("subject",),
    "author": ("author",),
    "author_id": ("author_id",),
    "page": ("page_id",),
    "author_handle": ("author_username",),
    "author_name": ("author_fullname", "author_full", "author_name", "page_name"),
    "chat": ("chat",),
    "time": ("timestamp",),
    "epoch": ("unix_timestamp",),
    "edited": ("unix_timestamp_edited",),
    "url": ("url", "tiktok_url", "tweet_url", "post_url", "link"),
    "links": ("urls", "url_original"),
    "hashtags": ("hashtags",),
    "language": ("language_guess", "language"),
    "reply_to": ("reply_to",),
    "replied": ("replied_user",),
    "quoted": ("quoted_user",),
    "is_repost": ("is_retweet",),
    "reposted": ("retweeted_user", "page_shared_from"),
    "forwarded": ("author_forwarded_from_username",),
    "forwarded_name": ("author_forwarded_from_name",),
    "pictures": ("images", "image_url", "thumbnail_url", "attachment_filename", "media_url"),
    "videos": ("videos", "video_url"),
    "deleted": ("deleted", "is_deleted"),
}
"""Our name → theirs, the first that is filled."""
METRICS: Final[dict[str, tuple[str, ...]]] = {
    "likes": ("likes", "like_count", "num_likes", "amount_likes"),
    "replies": ("comments", "num_comments", "reply_count", "amount_comments"),
    "reposts": ("shares", "retweet_count", "amount_shares"),
    "quotes": ("quote_count",),
    "views": ("views", "plays", "impression_count", "amount_plays", "views_post", "num_views"),
    "score": ("score",),
    "interactions": ("interactions",),
    "author followers": ("author_followers", "page_followers"),
}
"""Name of the metric → their columns."""
KNOWN: Final = frozenset(name for table in (COLUMNS, METRICS) for names in table.values() for name in names)

_TELLING: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("telegram", frozenset({"chat", "author_username"})),
    ("tiktok", frozenset({"tiktok_url"})),
    ("x", frozenset({"is_retweet"})),
    ("x", frozenset({"retweeted_user"})),
    ("facebook", frozenset({"likes_angry"})),
    ("facebook", frozenset({"is_in_group"})),
    ("instagram", frozenset({"num_likes", "usertags"})),
    ("reddit", frozenset({"subreddit"})),
    ("4chan", frozenset({"board", "image_md5"})),
    ("bitchute", frozenset({"author_id", "category", "dislikes"})),
)


def is_4cat(names: Collection[str]) -> bool:
    """Whether a table or an item with these columns is 4CAT's."""
    found = set(names)
    return found >= NEEDED and bool(found & MARKS)


def platform_by_columns(names: Collection[str]) -> str | None:
    """The platform that only these columns are of; None where several have them."""
    found = set(names)
    return next((platform for platform, telling in _TELLING if telling <= found), None)


def picked(row: Mapping[str, str]) -> dict[str, str]:
    """The known cells by our names."""
    found = {}
    for name, theirs in COLUMNS.items():
        value = next((row[one] for one in theirs if row.get(one, "").strip()), "")
        if value:
            found[name] = value
    return found
