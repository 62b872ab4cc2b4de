"""Times of feeds: RFC 822, ISO 8601 and what feedparser knows besides; zones by name from our one table."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz
from typing import Any, Final, NamedTuple

from dalil.schema.words import Precision, ZoneBasis
from dalil.sources import times
from dalil.sources.zone_abbreviations import OFFSETS

_NAMED: Final = re.compile(r"\s+\(?([A-Za-z]{1,5})\)?\s*$")
_OFFSET: Final = re.compile(r"(?:[+-]\d{2}:?\d{2}|\d[Zz])\s*(?:\([A-Za-z ]{1,40}\))?\s*$")
_ZERO: Final = frozenset({"GMT", "UTC", "UT", "Z"})
_DAY: Final = re.compile(r"\s*\d{4}-\d{2}-\d{2}\s*")


class Read(NamedTuple):
    """A time, where its zone comes from, and how exact it is."""

    at: datetime | None
    basis: ZoneBasis
    precision: Precision


def read(written: str, parsed: Any) -> Read:
    """A time as written; `parsed` is what feedparser made of it, which takes a zone it does not know for UTC."""
    written = written[:200]
    if _DAY.fullmatch(written):
        return Read(_first(lambda: datetime.fromisoformat(written.strip()).replace(tzinfo=UTC)), ZoneBasis.UNKNOWN, Precision.DAY)  # fmt: skip
    named = _NAMED.search(written)
    name = named[1].upper() if named else ""
    if named and name not in ("AM", "PM"):
        if name in _ZERO:
            return Read(_first(lambda: _rfc(written), lambda: _tuple(parsed)), ZoneBasis.EXPLICIT, Precision.SECOND)
        if name in OFFSETS:
            minutes = round(60 * OFFSETS[name])
            moved = f"{written[: named.start()]} {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
            return Read(_first(lambda: _rfc(moved)), ZoneBasis.ABBREVIATION, Precision.SECOND)
        bare = f"{written[: named.start()]} +0000"
        return Read(_first(lambda: _rfc(bare), lambda: _tuple(parsed)), ZoneBasis.UNKNOWN, Precision.SECOND)
    basis = ZoneBasis.EXPLICIT if _OFFSET.search(written) else ZoneBasis.UNKNOWN
    return Read(_first(lambda: _iso(written), lambda: _tuple(parsed), lambda: _rfc(written)), basis, Precision.SECOND)


def _first(*ways: Callable[[], datetime | None]) -> datetime | None:
    for way in ways:
        try:
            found = way()
        except (ValueError, OverflowError, TypeError, IndexError, OSError):
            continue
        if found is not None:
            return found
    return None


def _iso(written: str) -> datetime | None:
    found = times.from_iso(written.strip())
    return found[0] if found else None


def _rfc(written: str) -> datetime | None:
    found = parsedate_tz(written)
    return datetime.fromtimestamp(mktime_tz(found), UTC) if found else None


def _tuple(parsed: Any) -> datetime | None:
    return datetime.fromtimestamp(timegm(tuple(parsed)), UTC) if parsed else None
