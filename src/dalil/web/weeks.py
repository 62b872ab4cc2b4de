"""ISO weeks by name: the one of a moment in a zone, and its neighbours."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dalil.errors import NotAllowed

_NAME: Final = re.compile(r"(\d{4})-W(\d{2})")


def week_of(at: datetime, zone: str) -> str:
    """`2026-W20` for a moment, in the zone."""
    return _name(at.astimezone(ZoneInfo(zone)).date())


def beside(week: str, *, weeks: int) -> str:
    """The week so many weeks later, earlier if negative.

    Raises:
        NotAllowed: there is no such week.
    """
    return _name(_monday(week) + timedelta(weeks=weeks))


def known(week: str) -> str:
    """`week` itself if it names one.

    Raises:
        NotAllowed: it does not.
    """
    return _name(_monday(week))


def _monday(week: str) -> date:
    match = _NAME.fullmatch(week)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else _none()
    except ValueError:
        return _none()


def _none() -> date:
    raise NotAllowed("no-such-thing")


def _name(value: date) -> str:
    year, number, _ = value.isocalendar()
    return f"{year}-W{number:02}"
