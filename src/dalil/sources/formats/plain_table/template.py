"""Our own table for pages and groups saved by hand: its columns in three languages, and how it is known again.

The header carries the zone of its times, so that a table that is passed on says itself what they mean.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from dalil.schema.mappings import TableField, TableMapping
from dalil.sources.formats.plain_table.vocabulary import plain

VERSION: Final = "1"
NAME: Final = "template"
_ZONED: Final = frozenset({TableField.POSTED_AT, TableField.SEEN_AT})
_ZONE: Final = re.compile(r"[((]([A-Za-z0-9_+\-/]{1,60})[))]\s*$")

HEADERS: Final[dict[str, dict[TableField, str]]] = {
    "en": {
        TableField.PLATFORM: "platform",
        TableField.ACCOUNT_NAME: "page or group",
        TableField.ACCOUNT_KIND: "kind (page, group, channel, outlet, person)",
        TableField.ADDRESS: "address of the post",
        TableField.TEXT: "text",
        TableField.POSTED_AT: "posted at",
        TableField.SEEN_AT: "seen at",
        TableField.VISIBILITY: "who can see it",
        TableField.LIKES: "likes",
        TableField.COMMENTS: "comments",
        TableField.SHARES: "shares",
        TableField.SCREENSHOT: "screenshot files",
    },
    "ar": {
        TableField.PLATFORM: "المنصة",
        TableField.ACCOUNT_NAME: "الصفحة أو المجموعة",
        TableField.ACCOUNT_KIND: "النوع (صفحة، مجموعة، قناة، وسيلة إعلام، شخص)",
        TableField.ADDRESS: "رابط المنشور",
        TableField.TEXT: "النص",
        TableField.POSTED_AT: "وقت النشر",
        TableField.SEEN_AT: "وقت المشاهدة",
        TableField.VISIBILITY: "من يمكنه رؤيته",
        TableField.LIKES: "الإعجابات",
        TableField.COMMENTS: "التعليقات",
        TableField.SHARES: "المشاركات",
        TableField.SCREENSHOT: "ملفات لقطات الشاشة",
    },
    "ckb": {
        TableField.PLATFORM: "پلاتفۆرم",
        TableField.ACCOUNT_NAME: "پەڕە یان گروپ",
        TableField.ACCOUNT_KIND: "جۆر (پەڕە، گروپ، کەناڵ، دەزگای ڕاگەیاندن، کەس)",
        TableField.ADDRESS: "بەستەری پۆست",
        TableField.TEXT: "دەق",
        TableField.POSTED_AT: "کاتی بڵاوکردنەوە",
        TableField.SEEN_AT: "کاتی بینین",
        TableField.VISIBILITY: "کێ دەتوانێت بیبینێت",
        TableField.LIKES: "لایک",
        TableField.COMMENTS: "کۆمێنت",
        TableField.SHARES: "هاوبەشکردن",
        TableField.SCREENSHOT: "فایلی وێنەی شاشە",
    },
}
"""Language → field → header. The order is that of the printed sheet and of the template."""
FIELDS: Final = tuple(HEADERS["en"])
_NEEDED: Final = frozenset(FIELDS[:5]) | {TableField.SEEN_AT}


def _key(header: str) -> str:
    return plain(header.partition("(")[0])


_FIELD_OF: Final = [{_key(text): field for field, text in names.items()} for names in HEADERS.values()]


def header(language: str, zone: str) -> list[str]:
    """The template's columns.

    Args:
        language: ar, ckb or en; any other gives English.
        zone: IANA name, of the times that will be entered.
    """
    names = HEADERS.get(language, HEADERS["en"])
    return [f"{text} ({zone})" if field in _ZONED else text for field, text in names.items()]


def as_csv(language: str, zone: str) -> bytes:
    """The empty template, as spreadsheets open it without asking: UTF-8 with its mark."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerow(header(language, zone))
    return sheet.getvalue().encode("utf-8-sig")


def mapping_of(first: Sequence[str]) -> TableMapping | None:
    """How to read a table whose first record is `first`; None where it is not our template, in any language."""
    for fields in _FIELD_OF:
        columns = {cell: fields[_key(cell)] for cell in first if _key(cell) in fields}
        found = set(columns.values())
        if found >= _NEEDED and len(found) == len(columns):
            return TableMapping(name=NAME, columns=columns, zone=_zone_of(columns))
    return None


def _zone_of(columns: dict[str, TableField]) -> str | None:
    for cell, field in columns.items():
        match = _ZONE.search(cell)
        if field in _ZONED and match:
            return match[1]
    return None
