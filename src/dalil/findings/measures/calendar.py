"""ISO weeks in one IANA zone: Monday 00:00 to Sunday 24:00 local, whatever the clocks do between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dalil.errors import InputError

LOOK_BACK: Final = timedelta(days=28)
_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its name, its zone, and its ends in UTC (end exclusive)."""

    name: str
    zone: ZoneInfo
    monday: date
    starts_at: datetime
    ends_at: datetime

    @property
    def look_back_from(self) -> datetime:
        """Local midnight 28 calendar days before the week's end, in UTC."""
        return midnight(self.monday + timedelta(days=7) - LOOK_BACK, self.zone)

    def holds(self, moment: datetime) -> bool:
        """Whether an aware moment lies in the week."""
        return self.starts_at <= moment < self.ends_at

    def days(self) -> tuple[date, ...]:
        """The week's seven local days."""
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    def before(self, weeks: int) -> Week:
        """The week so many weeks earlier."""
        return _of_monday(self.monday - timedelta(weeks=weeks), self.zone)


def week_of(name: str, zone: str) -> Week:
    """The week with an ISO name such as `2026-W20`.

    Raises:
        InputError: there is no such week, or no such zone.
    """
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError("value-wrong", name="zone", value=zone, kind="an IANA time zone") from None
    match = _WEEK.fullmatch(name)
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        monday = None
    if monday is None:
        raise InputError("value-wrong", name="week", value=name, kind="an ISO week such as 2026-W20")
    return _of_monday(monday, where)


def week_at(moment: datetime, zone: str) -> Week:
    """The week that an aware moment lies in."""
    year, number, _ = moment.astimezone(ZoneInfo(zone)).isocalendar()
    return week_of(f"{year:04d}-W{number:02d}", zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def local_days(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The local days that the half-open stretch [start, end) touches, in order."""
    day = start.astimezone(zone).date()
    while midnight(day, zone) < end:
        yield day
        day += timedelta(days=1)


def _of_monday(monday: date, zone: ZoneInfo) -> Week:
    year, number, _ = monday.isocalendar()
    ends_at = midnight(monday + timedelta(days=7), zone)
    return Week(f"{year:04d}-W{number:02d}", zone, monday, midnight(monday, zone), ends_at)
