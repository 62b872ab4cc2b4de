"""The columns of CrowdTangle's exports, by our name for each; all others are dropped.

The header of the score column holds a whole sentence with an em dash, which differs by weights.
Some history exports have no header at all: their first line is data, in one of two known orders.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from dalil.sources.locale_numbers import Sums

COLUMNS: Final = {
    "Page Name": "name",
    "Group Name": "name",
    "Account": "name",
    "User Name": "handle",
    "Facebook Id": "account_id",
    "Page Category": "category",
    "Page Admin Top Country": "country",
    "Page Description": "about",
    "Page Created": "page_created",
    "Likes at Posting": "likes_at_posting",
    "Followers at Posting": "followers_at_posting",
    "Post Created": "created",
    "Post Created Date": "created_date",
    "Post Created Time": "created_time",
    "Type": "type",
    "Total Interactions": "interactions",
    "Likes": "likes",
    "Comments": "comments",
    "Shares": "shares",
    "Love": "love",
    "Wow": "wow",
    "Haha": "haha",
    "Sad": "sad",
    "Angry": "angry",
    "Care": "care",
    "Video Share Status": "video_share_status",
    "Is Video Owner?": "is_video_owner",
    "Post Views": "views",
    "Views": "views",
    "Total Views": "total_views",
    "Total Views For All Crossposts": "all_views",
    "Video Length": "video_length",
    "URL": "url",
    "Message": "message",
    "Link": "link",
    "Final Link": "final_link",
    "Image Text": "image_text",
    "Link Text": "link_text",
    "Title": "link_text",
    "Description": "description",
}
SUMS: Final = Sums(
    total="interactions",
    parts=("likes", "comments", "shares", "love", "wow", "haha", "sad", "angry", "care"),
    decimal="score",
)
_SCORE: Final = re.compile(r"(?:Overperforming Score|Total Interactions) ?\(weighted\s*[—–-]", re.IGNORECASE)
DROPPED: Final = frozenset({"Sponsor Id", "Sponsor Name", "Sponsor Category", "Photo", "Overperforming Score"})

_TAIL: Final = (
    *("likes_at_posting", "followers_at_posting", "created", "created_date", "created_time", "type", "interactions"),
    *("likes", "comments", "shares", "love", "wow", "haha", "sad", "angry", "care", "video_share_status"),
    *("is_video_owner", "views", "total_views", "all_views", "video_length", "url", "message", "link", "final_link"),
    *("image_text", "link_text", "description", "", "", "", "score"),
)
ORDERS: Final = (
    ("name", "handle", "account_id", "category", "country", "about", "page_created", *_TAIL),
    ("name", "handle", "account_id", *_TAIL),
)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: [A-Z]{3,5}| ?[+-]\d\d:?\d\d)?")
_POST: Final = re.compile(r"https?://(?:[a-z]+\.)?(?:facebook|instagram)\.com/\S+")


class Layout(NamedTuple):
    """Our name of each column, `` for one that is dropped; whether the first line is a header."""

    names: tuple[str, ...]
    has_header: bool
    is_group: bool

    @property
    def unknown(self) -> int:
        """How many columns are dropped."""
        return sum(not name for name in self.names)


def layout_of(first: Sequence[str]) -> Layout | None:
    """How to read a file whose first record is `first`; None where it is none of CrowdTangle's."""
    cells = [cell.strip() for cell in first]
    names = tuple(COLUMNS.get(cell, "score" if _SCORE.match(cell) else "") for cell in cells)
    if "name" in names and ("url" in names or "created" in names) and sum(map(bool, names)) >= 3:
        return Layout(names, has_header=True, is_group="Group Name" in cells)
    for order in ORDERS:
        if len(cells) in (len(order), len(order) - 1):
            named = dict(zip(order, cells, strict=False))
            if _TIME.fullmatch(named["created"]) and _POST.fullmatch(named["url"]):
                return Layout(order[: len(cells)], has_header=False, is_group="/groups/" in named["url"])
    return None
