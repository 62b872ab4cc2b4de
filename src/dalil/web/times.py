"""Dates, times and durations in the reader's language, always with the time zone.

Pages show times in the workspace's one IANA zone; `at` values are aware UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from dalil.web.languages import tongue
from dalil.web.numerals import digits

_LTR_START: Final = "\u2066"
_ISOLATE_END: Final = "\u2069"
_MINUTE: Final = timedelta(minutes=1)
_DAYS_FROM: Final = timedelta(hours=48)


def offset(at: datetime, zone: str) -> str:
    """The zone's distance from UTC at that moment, such as `UTC+3`, held together left to right."""
    minutes = int((at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) / _MINUTE)
    hours, rest = divmod(abs(minutes), 60)
    text = "UTC"
    if minutes:
        text += ("+" if minutes > 0 else "\u2212") + str(hours) + (f":{rest:02}" if rest else "")
    return _LTR_START + text + _ISOLATE_END  # a symbol: it keeps its Latin letters and digits


def day(value: date) -> str:
    """`17 May 2026`."""
    month = tongue().months[value.month - 1]
    return gettext("%(day)s %(month)s %(year)s") % {
        "day": digits(value.day),
        "month": month,
        "year": digits(value.year),
    }


def day_of(at: datetime, zone: str) -> str:
    """The day of a moment in the zone."""
    return day(at.astimezone(ZoneInfo(zone)).date())


def short_day(at: datetime, zone: str) -> str:
    """The day without its year, `17 May`, where the year stands nearby."""
    value = at.astimezone(ZoneInfo(zone)).date()
    return gettext("%(day)s %(month)s") % {"day": digits(value.day), "month": tongue().months[value.month - 1]}


def clock(at: datetime, zone: str) -> str:
    """`14:20` in the zone; the caller shows the zone beside it."""
    return digits(f"{at.astimezone(ZoneInfo(zone)):%H:%M}")


def moment(at: datetime, zone: str) -> str:
    """`17 May 2026, 14:20 (UTC+3)`."""
    return gettext("%(day)s, %(clock)s (%(zone)s)") % {
        "day": day_of(at, zone),
        "clock": clock(at, zone),
        "zone": offset(at, zone),
    }


def duration(length: timedelta) -> str:
    """`45 min`, `9 h 05 min`, and from two days on `3 d 4 h`. A negative length reads as none."""
    minutes = max(round(length / _MINUTE), 0)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": digits(rest)}
    if length < _DAYS_FROM:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": digits(hours), "minutes": digits(f"{rest:02}")}
    days, hours = divmod(hours, 24)
    return gettext("%(days)s d %(hours)s h") % {"days": digits(days), "hours": digits(hours)}


def hours(value: float) -> str:
    """A length given in hours; whole hours are written without minutes."""
    length = timedelta(minutes=round(value * 60))
    if timedelta(0) < length < _DAYS_FROM and not length % timedelta(hours=1):
        return gettext("%(hours)s h") % {"hours": digits(length // timedelta(hours=1))}
    return duration(length)


def week_span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """The days of a week, both ends named: `11–17 May 2026`, `29 June – 5 July 2026`.

    Args:
        ends_at: the first moment after the week.
    """
    first = starts_at.astimezone(ZoneInfo(zone)).date()
    last = (ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    months = tongue().months
    if (first.year, first.month) == (last.year, last.month):
        return gettext("%(first)s–%(last)s %(month)s %(year)s") % {
            "first": digits(first.day),
            "last": digits(last.day),
            "month": months[last.month - 1],
            "year": digits(last.year),
        }
    return f"{day(first)} – {day(last)}"


def week_number(name: str) -> int:
    """The number in an ISO week's name, `2026-W20` → 20."""
    return int(name.partition("-W")[2])
