"""Law 2: a time has a basis. Epochs, explicit offsets, and one table of zone abbreviations; else unknown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timezone
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dalil.errors import InputError
from dalil.schema.words import Precision, ZoneBasis
from dalil.sources.zone_abbreviations import offset_of

# Members of enums that nearly every record needs, looked up once.
_ABBREVIATION: Final = ZoneBasis.ABBREVIATION
_DAY: Final = Precision.DAY
_EXPLICIT: Final = ZoneBasis.EXPLICIT
_MINUTE: Final = Precision.MINUTE
_SECOND: Final = Precision.SECOND
_UNKNOWN: Final = ZoneBasis.UNKNOWN
_ISO: Final = re.compile(r"[0-9TtZzW:+., -]+", re.ASCII)


def from_epoch(value: str | int | float) -> datetime | None:
    """Seconds since 1970 as aware UTC; None where it is no number or lies outside years 1 to 9999."""
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def from_iso(text: str, zone: ZoneInfo | None = None) -> tuple[datetime, ZoneBasis] | None:
    """An ISO 8601 time as UTC, with its basis.

    A time without an offset is taken in `zone` where the operator named one (basis explicit), else
    its digits are kept as if they were UTC with basis unknown: right to within 14 hours. Python takes any sign between
    day and hour; we do not, as what has not the form of a time is not kept in raw, and would be read otherwise again.
    """
    if not _ISO.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC), _EXPLICIT
        if zone is not None:
            return found.replace(tzinfo=zone).astimezone(UTC), _EXPLICIT
        return found.replace(tzinfo=UTC), _UNKNOWN
    except (ValueError, OverflowError):
        return None


def from_abbreviated(text: str, zone: ZoneInfo | None = None) -> tuple[datetime, ZoneBasis, Precision] | None:
    """`2023-11-13 04:30:36 EST` as UTC; an abbreviation that names no zone or several is treated as none.

    One that names several is settled by an operator's `zone` that uses it at that time.
    """
    parts = text.split()
    if not 1 <= len(parts) <= 3:
        return None
    precision = _DAY if len(parts) == 1 else _MINUTE if parts[1].count(":") == 1 else _SECOND
    if len(parts) == 3 and parts[2].isalpha():
        read = from_iso(" ".join(parts[:2]))
        if read is None:
            return None
        local = read[0].replace(tzinfo=None)
        east = offset_of(parts[2].upper(), local, zone)
        if east is not None:
            try:
                return local.replace(tzinfo=timezone(east)).astimezone(UTC), _ABBREVIATION, precision
            except OverflowError:
                return None
    offset = len(parts) == 3 and parts[2][0] in "+-" and parts[2][1:].replace(":", "").isdigit()
    read = from_iso(" ".join(parts[:2]) + (parts[2] if offset else ""), zone)
    return (*read, precision) if read else None


def zone_option(name: str | None) -> ZoneInfo | None:
    """The IANA zone that the operator named for times without one.

    Raises:
        InputError: `value-wrong`; there is no such zone.
    """
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            "value-wrong", name="zone", value=name[:60], kind="an IANA zone, such as Asia/Baghdad"
        ) from None
