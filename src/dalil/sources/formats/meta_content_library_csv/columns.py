"""The columns of the library's exports; all others are dropped. Older spellings are brought to today's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from dalil.sources.locale_numbers import Sums

METRICS: Final = {
    "statistics.like_count": "likes",
    "statistics.comment_count": "comments",
    "statistics.share_count": "shares",
    "statistics.reaction_count": "reactions",
    "statistics.love_count": "reaction love",
    "statistics.wow_count": "reaction wow",
    "statistics.haha_count": "reaction haha",
    "statistics.sad_count": "reaction sad",
    "statistics.angry_count": "reaction angry",
    "statistics.care_count": "reaction care",
    "statistics.repost_count": "reposts",
    "statistics.quote_count": "quotes",
    "statistics.reply_count": "replies",
    "statistics.views": "views",
}
SUMS: Final = Sums(
    "statistics.reaction_count",
    [f"statistics.{sign}_count" for sign in ("like", "love", "wow", "haha", "sad", "angry", "care")],
)
REFRESHED: Final = "statistics.views_date_last_refreshed"
KNOWN: Final = frozenset(
    {"id", "text", "creation_time", "modified_time", "lang", "content_type", "mcl_url", "shared_post_id", "multimedia"}
    | {f"{who}.{what}" for who in ("post_owner", "surface") for what in ("type", "id", "name", "username")}
    | {f"link_attachment.{what}" for what in ("link", "name", "caption", "description")}
    | {*METRICS, REFRESHED}
)
_OLDER: Final = {
    "link_attachment_fields.": "link_attachment.",
    "post_owner.data.": "post_owner.",
    "surface.data.": "surface.",
    "view_date_last_refreshed": REFRESHED,
    "views_date_last_refreshed": REFRESHED,
    "media_type": "content_type",
}
_OF_FACEBOOK: Final = frozenset({"surface", "link_attachment"})
_REACTIONS: Final = frozenset({"statistics.reaction_count", "statistics.love_count", "statistics.haha_count"})
_OF_THREADS: Final = frozenset({"statistics.repost_count", "statistics.quote_count"})


class Layout(NamedTuple):
    """Our name of each column, `` for one that is dropped; and the platform that only these columns fit."""

    names: tuple[str, ...]
    platform: str


def layout_of(header: Sequence[str]) -> Layout | None:
    """How to read a file with this header; None where it is not the library's."""
    names = tuple(_name(cell.strip()) for cell in header)
    marks = sum(name.startswith(("post_owner.", "surface.", "statistics.", "mcl_url")) for name in names)
    if "id" not in names or "creation_time" not in names or marks < 2:
        return None
    if _OF_FACEBOOK & {name.partition(".")[0] for name in names} or _REACTIONS & set(names):
        return Layout(names, "facebook")
    return Layout(names, "threads" if _OF_THREADS & set(names) else "instagram")


def _name(cell: str) -> str:
    name = cell.lower()
    for older, today in _OLDER.items():
        if name == older or (older.endswith(".") and name.startswith(older)):
            name = today + name[len(older) :] if older.endswith(".") else today
    return name if name in KNOWN else ""
