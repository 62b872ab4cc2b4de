"""A column mapping: what the columns of a plain table mean, so that it can be read as posts.

A small struct with a name. It travels to the limited child as one option of the order and is checked
again there; nothing in it is code, a pattern or a path.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from dalil.errors import InputError
from dalil.schema.words import AccountKind

OPTION: Final = "mapping"
"""The option of the source format that carries a mapping to the child."""
MOST_BYTES: Final = 32 << 10
MOST_OPTIONS: Final = 16
MOST_COLUMNS: Final = 200
LONGEST_NAME: Final = 60
LONGEST_COLUMN: Final = 300
_SHOWN: Final = 40


class TableField(StrEnum):
    """What one column says of a post."""

    PLATFORM = "platform"
    ACCOUNT_NAME = "account_name"
    ACCOUNT_KIND = "account_kind"
    ACCOUNT_HANDLE = "account_handle"
    ACCOUNT_ID = "account_id"
    ADDRESS = "address"
    POST_ID = "post_id"
    TEXT = "text"
    POSTED_AT = "posted_at"
    POSTED_TIME = "posted_time"
    SEEN_AT = "seen_at"
    VISIBILITY = "visibility"
    STATE = "state"
    LINK = "link"
    HASHTAGS = "hashtags"
    LANGUAGE = "language"
    SCREENSHOT = "screenshot"
    REPLY_TO = "reply_to"
    LIKES = "likes"
    COMMENTS = "comments"
    SHARES = "shares"
    REACTIONS = "reactions"
    VIEWS = "views"
    FOLLOWERS = "followers"


COUNTS: Final[dict[TableField, str]] = {
    TableField.LIKES: "likes",
    TableField.COMMENTS: "comments",
    TableField.SHARES: "shares",
    TableField.REACTIONS: "reactions",
    TableField.VIEWS: "views",
    TableField.FOLLOWERS: "author followers",
}
"""Fields that are counts → the name of the metric."""
REPEATABLE: Final = frozenset({TableField.SCREENSHOT, TableField.LINK, TableField.TEXT})
"""Fields that several columns may fill."""
CONTENT: Final = frozenset({TableField.TEXT, TableField.ADDRESS, TableField.SCREENSHOT})


class TimeOrder(StrEnum):
    """How the table writes its times. `auto` reads ISO 8601 and epochs, and a day and month only where
    the file itself shows which of the two comes first."""

    AUTO = "auto"
    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    EPOCH = "epoch"
    EPOCH_MS = "epoch_ms"


Thousands = Literal["", ",", ".", " ", "'"]
Delimiter = Literal["", ",", ";", "\t", "|"]
Encoding = Literal["", "utf-8", "utf-16", "cp1256", "cp1252"]


class TableMapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the columns of one kind of table mean.

    Args:
        name: what people call it; it names no person.
        columns: header as written → field; a column that is not here is dropped. Without a header line,
            `#1` is the first column.
        platform: of all rows, where no column says it.
        account_kind: of all rows, where no column says it; a person when neither does, so that doubt protects.
        zone: IANA zone of times that carry none.
        thousands: sign between thousands in counts; `` where none is known.
        delimiter, encoding: `` where they are to be told from the file.
    """

    name: str
    columns: dict[str, TableField]
    platform: str | None = None
    account_kind: AccountKind | None = None
    times: TimeOrder = TimeOrder.AUTO
    zone: str | None = None
    thousands: Thousands = ""
    delimiter: Delimiter = ""
    encoding: Encoding = ""
    header: bool = True


class SavedMapping(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a mapping as a workspace keeps it; `day` is when it was saved, never by whom."""

    version: int
    day: str
    mapping: TableMapping


_DECODER: Final = msgspec.json.Decoder(TableMapping)
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


def to_text(mapping: TableMapping) -> str:
    """The mapping as one line of JSON, the same bytes for equal mappings."""
    return _ENCODER.encode(mapping).decode()


def from_text(text: str) -> TableMapping:
    """A mapping from JSON, checked.

    Raises:
        InputError: `mapping-unreadable`, or as `checked`.
    """
    if len(text) > MOST_BYTES:
        raise InputError("mapping-unreadable", why=f"longer than {MOST_BYTES} characters")
    try:
        return checked(_DECODER.decode(text))
    except RecursionError:
        raise InputError("mapping-unreadable", why="nested too deep") from None
    except UnicodeError:
        raise InputError("mapping-unreadable", why="not UTF-8") from None
    except msgspec.MsgspecError as error:
        raise InputError("mapping-unreadable", why=str(error)[:200]) from None


def checked_options(options: Mapping[str, str]) -> dict[str, str]:
    """The options of a source format, within bounds; on the parent's side and again on the child's.

    Raises:
        InputError: `options-too-many`.
    """
    if len(options) > MOST_OPTIONS or any(
        not 1 <= len(name) <= LONGEST_NAME or len(value) > MOST_BYTES for name, value in options.items()
    ):
        raise InputError("options-too-many", most=MOST_OPTIONS, longest=MOST_BYTES)
    return dict(options)


def checked(mapping: TableMapping) -> TableMapping:
    """The mapping, if a table can be read by it.

    Raises:
        InputError: `mapping-name`, `mapping-columns`, `mapping-column-twice`, `mapping-without-content`,
            `mapping-without-platform`, or `value-wrong` for a zone that does not exist.
    """
    _check_name(mapping.name)
    if not 1 <= len(mapping.columns) <= MOST_COLUMNS or any(
        not column.strip() or len(column) > LONGEST_COLUMN or not _is_plain(column) for column in mapping.columns
    ):
        raise InputError("mapping-columns", most=MOST_COLUMNS, longest=LONGEST_COLUMN)
    fields = list(mapping.columns.values())
    for field in fields:
        if fields.count(field) > 1 and field not in REPEATABLE:
            raise InputError("mapping-column-twice", field=field.value)
    if not CONTENT & set(fields):
        raise InputError("mapping-without-content")
    if mapping.platform is None and not {TableField.PLATFORM, TableField.ADDRESS} & set(fields):
        raise InputError("mapping-without-platform")
    if mapping.zone is not None:
        _check_zone(mapping.zone)
    return mapping


def _check_name(name: str) -> None:
    fits = (
        1 <= len(name) <= LONGEST_NAME
        and name == name.strip()
        and all(char.isalnum() or char in " -_" for char in name)
    )
    if not fits:
        raise InputError("mapping-name", name=_safe(name), longest=LONGEST_NAME)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            "value-wrong", name="zone", value=_safe(zone), kind="an IANA zone, such as Asia/Baghdad"
        ) from None


def _is_plain(text: str) -> bool:
    return not any(unicodedata.category(char) == "Cs" for char in text)


def _safe(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text[:_SHOWN])
