"""The words of column mappings in the reader's language: what a column holds, and what was read with a doubt."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

Words = dict[str, "Promise | str"]

FIELDS: Final[Words] = {
    "text": _in("column", "Text of the post"),
    "address": _in("column", "Address of the post"),
    "account_name": _in("column", "Name of the page, group or account"),
    "account_handle": _in("column", "Handle of the account"),
    "account_id": _in("column", "Number of the account"),
    "account_kind": _in("column", "Kind of account"),
    "platform": _in("column", "Platform"),
    "posted_at": _in("column", "When it was posted"),
    "posted_time": _in("column", "Time of day it was posted"),
    "seen_at": _in("column", "When it was seen"),
    "post_id": _in("column", "Number of the post"),
    "reply_to": _in("column", "The post that it answers"),
    "visibility": _in("column", "Who can see it"),
    "state": _in("column", "Whether it is still there"),
    "link": _in("column", "A link in the post"),
    "hashtags": _in("column", "Hashtags"),
    "language": _in("column", "Language"),
    "screenshot": _in("column", "Screenshot file"),
    "likes": _in("column", "Likes"),
    "comments": _in("column", "Comments"),
    "shares": _in("column", "Shares"),
    "reactions": _in("column", "Reactions"),
    "views": _in("column", "Views"),
    "followers": _in("column", "Followers of the account"),
}
COUNTS: Final[Words] = {
    "likes": _in("column", "Likes"),
    "comments": _in("column", "Comments"),
    "shares": _in("column", "Shares"),
    "reactions": _in("column", "Reactions"),
    "views": _in("column", "Views"),
    "author followers": _in("column", "Followers of the account"),
}
TIMES: Final[Words] = {
    "auto": _("as the table itself shows"),
    "ymd": _("year first: 2026-05-17"),
    "dmy": _("day first: 17/05/2026"),
    "mdy": _("month first: 05/17/2026"),
    "epoch": _("seconds since 1970"),
    "epoch_ms": _("milliseconds since 1970"),
}
THOUSANDS: Final[Words] = {
    "": _("not known"),
    ",": "1,234",
    ".": "1.234",
    " ": "1 234",
    "'": "1'234",
}
DELIMITERS: Final[Words] = {
    "": _("as the table itself shows"),
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("upright bar"),
}
ENCODINGS: Final[Words] = {
    "": _("as the table itself shows"),
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1256": "Windows-1256",
    "cp1252": "Windows-1252",
}
DOUBTS: Final[Words] = {
    "account-kind-unknown": _("kind of account not known, so kept as private"),
    "id-rounded": _("a number that a spreadsheet rounded"),
    "media-no-picture": _("the file named is no picture"),
    "media-not-found": _("the picture did not come along"),
    "media-too-large": _("the picture is too large"),
    "number-unreadable": _("a count could not be read"),
    "state-unknown": _("state not known"),
    "time-unreadable": _("a time could not be read"),
    "too-many-screenshots": _("too many pictures"),
    "visibility-unknown": _("who can see it is not known"),
    "zone-unknown": _("a time without its zone"),
}
REJECTS: Final[Words] = {
    "columns-differ": _("another number of columns"),
    "csv-broken": _("quotes that do not close"),
    "encoding-wrong": _("letters that cannot be read"),
    "platform-unknown": _("platform not known"),
    "quote-open": _("quotes that do not close"),
    "record-too-long": _("too long"),
    "row-without-content": _("neither text, address nor screenshot"),
}
"""Why a row of a table is rejected."""
