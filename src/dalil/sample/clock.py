"""The sample's simulated clock: eight weeks that end on Sunday 2026-05-17 at 14:20 in Asia/Baghdad.

Every time inside the room is aware UTC; only what a format writes as local time is converted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = "Asia/Baghdad"
TZ: Final = ZoneInfo(ZONE)
WEEK: Final = "2026-W20"
QUARTER: Final = "2026-Q2"


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A wall-clock time of the province, as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=TZ).astimezone(UTC)


def hours(number: float) -> timedelta:
    """That many hours."""
    return timedelta(hours=number)


START: Final = local(2026, 3, 23)
"""Monday 00:00 of the first week."""
WEEK_START: Final = local(2026, 5, 11)
WEEK_END: Final = local(2026, 5, 18)
NOW: Final = local(2026, 5, 17, 14, 20)
"""The simulated now."""


def whole_second(at: datetime) -> datetime:
    """Platforms give seconds; what is finer would be invented."""
    return at.replace(microsecond=0)


def parse_local(text: str) -> datetime:
    """`2026-03-23T10:20`, wall-clock time of the province, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=TZ).astimezone(UTC)
