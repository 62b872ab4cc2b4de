"""The columns of CrowdTangle's exports, by our name for each; all others are dropped.

The header of the score column holds a whole sentence with an em dash, which differs by weights.
Some history exports have no header at all: their first line is data, in one of the known orders.
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
    "Created": "created",
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
_SCORE: Final = re.compile(
    r"(?:Overperforming Score|Total Interactions|Interaction Rate) ?\(weighted\s*[—–-]", re.IGNORECASE
)
_SUM: Final = re.compile(r"Total Interactions ?\(weighted\s*[—–-](?:\s*\w+ 1x)+\s*\)", re.IGNORECASE)
"""The total under its longer name, which is the plain sum where every weight is 1."""
DROPPED: Final = frozenset({"Sponsor Id", "Sponsor Name", "Sponsor Category", "Photo", "Overperforming Score"})

_TAIL: Final = (
    *("likes_at_posting", "followers_at_posting", "created", "created_date", "created_time", "type", "interactions"),
    *("likes", "comments", "shares", "love", "wow", "haha", "sad", "angry", "care", "video_share_status"),
    *("is_video_owner", "views", "total_views", "all_views", "video_length", "url", "message", "link", "final_link"),
    *("image_text", "link_text", "description", "", "", "", "score"),
)
_TAIL_OF_2020: Final = (
    *("created", "type", "likes", "comments", "shares", "love", "wow", "haha", "sad", "angry", "care"),
    *("video_share_status", "views", "total_views", "all_views", "video_length", "url", "message", "link"),
    *("final_link", "image_text", "link_text", "description", "", "", "interactions", "score"),
)
_INSTAGRAM: Final = (
    *("name", "handle", "followers_at_posting", "created", "created_date", "created_time", "type", "interactions"),
    *("likes", "comments", "views", "url", "link", "", "link_text", "message", "image_text", "", "", "score"),
)
ORDERS: Final = (
    ("name", "handle", "account_id", "category", "country", "about", "page_created", *_TAIL),
    ("name", "handle", "account_id", *_TAIL),
    ("name", "handle", "account_id", "likes_at_posting", *_TAIL_OF_2020),
    ("name", "handle", "account_id", "likes_at_posting", "followers_at_posting", *_TAIL_OF_2020),
    _INSTAGRAM,
)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: [A-Z]{3,5}| ?[+-]\d\d:?\d\d)?")
_POST: Final = re.compile(r"https?://(?:[a-z]+\.)?(?:facebook|instagram)\.com/\S+")
_AGAIN: Final = re.compile(r"(.*)\.(\d{1,3})", re.DOTALL)


class Layout(NamedTuple):
    """Our name of each column, `` for one that is dropped; whether the first line is a header.

    `mangled`: the first line is data that a program has taken for a header and made each cell of it unique.
    """

    names: tuple[str, ...]
    has_header: bool
    is_group: bool
    mangled: bool = False

    @property
    def unknown(self) -> int:
        """How many columns are dropped."""
        return sum(not name for name in self.names)


def layout_of(first: Sequence[str]) -> Layout | None:
    """How to read a file whose first record is `first`; None where it is none of CrowdTangle's."""
    cells = [cell.strip() for cell in first]
    names = [COLUMNS.get(cell, "score" if _SCORE.match(cell) else "") for cell in cells]
    if "name" in names and ("url" in names or "created" in names) and sum(map(bool, names)) >= 3:
        if "message" not in names and "description" in names:
            names[names.index("description")] = "message"  # what Instagram calls the words of a post
        if "interactions" not in names:
            names = ["interactions" if _SUM.match(cell) else name for name, cell in zip(names, cells, strict=True)]
        return Layout(tuple(names), has_header=True, is_group="Group Name" in cells)
    before = restored(cells)
    for order in ORDERS:
        if len(cells) in (len(order), len(order) - 1):
            named = dict(zip(order, before or cells, strict=False))
            if _TIME.fullmatch(named["created"]) and _POST.fullmatch(named["url"]):
                is_group = "/groups/" in named["url"]
                return Layout(order[: len(cells)], has_header=False, is_group=is_group, mangled=before is not None)
    return None


def restored(cells: Sequence[str]) -> list[str] | None:
    """The cells of a line of data that was read as a header and written again; None where it was not.

    Such a program names an empty column `Unnamed: 7` by its place, and a second `0` `0.1`.
    """
    if not any(cell == f"Unnamed: {place}" for place, cell in enumerate(cells)):
        return None
    found: list[str] = []
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells):
        match = _AGAIN.fullmatch(cell)
        if cell == f"Unnamed: {place}":
            found.append("")
        elif match and seen.get(match[1]) == int(match[2]):
            seen[match[1]] += 1
            found.append(match[1])
        else:
            seen[cell] = seen.get(cell, 0) + 1
            found.append(cell)
    return found
