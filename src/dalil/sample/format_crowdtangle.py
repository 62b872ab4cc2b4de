"""CrowdTangle CSV with the quirks of real ones: BOM, zone abbreviations, locale numbers, ids with a TAB.

Exports of pages are American (BOM, `1,972`, EDT with a few rows in EST and BRT); those of groups are
German (`1.972`, score `1,4`, a TAB after each id).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Final

from dalil.sample.cast import Account
from dalil.sample.schedule import Capture
from dalil.sample.stream import Draft, count

REACTIONS: Final = {
    "Likes": 0.05, "Comments": 0.012, "Shares": 0.02, "Love": 0.008, "Wow": 0.002, "Haha": 0.004, "Sad": 0.003,
    "Angry": 0.002, "Care": 0.002,
}  # fmt: skip
WEIGHTED: Final = (
    "Total Interactions (weighted  —  Likes 1x Shares 1x Comments 1x Love 1x Wow 1x Haha 1x Sad 1x Angry 1x Care 1x )"
)
_COLUMNS: Final = (
    "User Name", "Facebook Id", "Page Category", "Page Admin Top Country", "Page Description", "Page Created",
    "Likes at Posting", "Followers at Posting", "Post Created", "Post Created Date", "Post Created Time", "Type",
    "Total Interactions", *REACTIONS, "Video Share Status", "Is Video Owner?", "Post Views", "Total Views",
    "Total Views For All Crossposts", "Video Length", "URL", "Message", "Link", "Final Link", "Image Text", "Link Text",
    "Description", "Sponsor Id", "Sponsor Name", "Sponsor Category", WEIGHTED, "Overperforming Score",
)  # fmt: skip
_ZONES: Final = {"EDT": -4, "EST": -5, "BRT": -3}


def table(drafts: Sequence[Draft], capture: Capture) -> bytes:
    """One capture's file, of pages or of groups."""
    german = capture.series == "groups"
    out = io.StringIO(newline="")
    first = "Group Name" if german else "Page Name"
    writer = csv.DictWriter(out, [first, *_COLUMNS], lineterminator="\n" if german else "\r\n")
    writer.writeheader()
    for draft in drafts:
        writer.writerow(_row(draft, capture.at, first, german=german))
    return out.getvalue().encode("utf-8" if german else "utf-8-sig")


def _row(draft: Draft, seen: datetime, first: str, *, german: bool) -> dict[str, str]:
    account = draft.account
    parts = {name: count(draft, share, seen) for name, share in REACTIONS.items()}
    total = _number(sum(parts.values()), german=german)
    zone = _zone(draft)
    moment = draft.at.astimezone(timezone(timedelta(hours=_ZONES[zone])))
    score = sum(parts.values()) / max(1.0, account.followers * 0.004)
    row = dict.fromkeys(_COLUMNS, "")
    row |= {
        first: account.name,
        "User Name": account.handle,
        "Facebook Id": account.native_id + ("\t" if german else ""),
        "Page Category": "" if german else ("NEWS_SITE" if account.organisation else "COMMUNITY"),
        "Page Created": "2019-05-01 08:00:00",
        "Likes at Posting": str(account.followers),
        "Followers at Posting": str(account.followers + account.followers // 9),
        "Post Created": f"{moment:%Y-%m-%d %H:%M:%S} {zone}",
        "Post Created Date": f"{moment:%Y-%m-%d}",
        "Post Created Time": f"{moment:%H:%M:%S}",
        "Type": "Photo" if draft.photo else "Link" if draft.link else "Status",
        "Total Interactions": total,
        **{name: _number(value, german=german) for name, value in parts.items()},
        "Post Views": "0",
        "Total Views": "0",
        "Total Views For All Crossposts": "0",
        "URL": address(account, draft.native_id.partition("_")[2]),
        "Message": draft.text_at(seen),
        "Link": draft.link,
        WEIGHTED: total,
        "Overperforming Score": f"{score:.2f}".replace(".", ",") if german else f"{score:.2f}",
    }
    return row


def address(account: Account, post: str) -> str:
    """The address of a post of a page or group."""
    if account.kind == "group":
        return f"https://www.facebook.com/groups/{account.native_id}/permalink/{post}"
    return f"https://www.facebook.com/{account.native_id}/posts/{post}"


def _zone(draft: Draft) -> str:
    """Mostly EDT; some pages of a file are written in another zone, as in real exports."""
    return ("EDT", "EDT", "EDT", "EDT", "EST", "EDT", "BRT")[int(draft.account.native_id) % 7]


def _number(value: int, *, german: bool) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if german else text
