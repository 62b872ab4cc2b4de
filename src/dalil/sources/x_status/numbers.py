"""Counts, indices and times of a status, which may be numbers or strings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import UNSET

from dalil.schema.records import Metric
from dalil.schema.words import MetricBasis, Precision, ZoneBasis
from dalil.sources.counts import kept_digits, whole
from dalil.sources.times import from_epoch, from_iso
from dalil.sources.x_status.shapes import Status

METRICS: Final = (
    ("favorite_count", "likes"),
    ("reply_count", "replies"),
    ("retweet_count", "reposts"),
    ("quote_count", "quotes"),
    ("bookmark_count", "bookmarks"),
    ("view_count", "views"),
)
_MONTHS: Final = {
    name: at
    for at, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_X_DATE: Final = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<time>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{4}) (?P<year>\d{4})",
    re.ASCII,
)
_ZERO: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_FIRST_SNOWFLAKE: Final = 29_700_859_247


class Created:
    """When a post was made: the time, its precision, and where its zone comes from."""

    __slots__ = ("at", "basis", "precision")

    def __init__(
        self,
        at: datetime | None = None,
        precision: Precision = Precision.SECOND,
        basis: ZoneBasis = ZoneBasis.UNKNOWN,
    ) -> None:
        self.at, self.precision, self.basis = at, precision, basis


def metrics_of(status: Status, at: datetime | None) -> tuple[Metric, ...]:
    """The counts: one that is absent is left out, null gives one without a value, zero gives 0 (law 5)."""
    found: list[Metric] = []
    for field, name in METRICS:
        value = getattr(status, field)
        if value is UNSET:
            continue
        count = whole(value)
        if isinstance(value, float) and not value.is_integer():
            found.append(Metric(name, count, at, MetricBasis.ROUNDED, repr(value)))
        else:
            raw = kept_digits(value, count) if isinstance(value, str) and value != str(count) else ""
            found.append(Metric(name, count, at, MetricBasis.EXACT, raw))
    return tuple(found)


def from_x_date(text: object) -> Created:
    """`Thu Jul 28 16:10:07 +0000 2022`, or ISO 8601, as UTC; without a time where it is neither."""
    if not isinstance(text, str):
        return Created()
    match = _X_DATE.fullmatch(text)
    if match and match["month"] in _MONTHS:
        zone = match["zone"]
        read = from_iso(
            f"{match['year']}-{_MONTHS[match['month']]:02}-{int(match['day']):02}T{match['time']}{zone[:3]}:{zone[3:]}"
        )
    else:
        read = from_iso(text) if len(text) <= 40 and "T" in text else None
    return Created(read[0], Precision.SECOND, read[1]) if read else Created()


def from_seconds(text: str) -> Created:
    """Seconds since 1970, as text."""
    at = from_epoch(text) if text else None
    return Created(at, Precision.SECOND, ZoneBasis.EPOCH) if at else Created()


def time_of_id(key: str) -> datetime | None:
    """When a post with this id was made, to the millisecond; None for ids from before 2010-11-04 and for others."""
    if not (key.isascii() and key.isdigit() and len(key) < 20) or not _FIRST_SNOWFLAKE < int(key) < 1 << 63:
        return None
    return _ZERO + timedelta(milliseconds=int(key) >> 22)


def span_of(indices: object) -> tuple[int, int] | None:
    """Start and end of an entity; None where they are not two whole numbers."""
    if not isinstance(indices, list) or len(indices) != 2:
        return None
    start, end = whole(indices[0]), whole(indices[1])
    return (start, end) if start is not None and end is not None else None
