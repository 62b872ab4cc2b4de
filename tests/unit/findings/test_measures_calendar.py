"""Weeks in one zone, over changes of the clocks and of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.findings.measures import week_at, week_of
from dalil.findings.measures.calendar import local_days

ZONES = ["Asia/Baghdad", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]
MOMENTS = st.integers(1_420_000_000, 2_050_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From 2014 to 2034."""


def test_the_samples_week() -> None:
    week = week_of("2026-W20", "Asia/Baghdad")
    assert week.starts_at == datetime(2026, 5, 10, 21, tzinfo=UTC)
    assert week.ends_at == datetime(2026, 5, 17, 21, tzinfo=UTC)
    assert week.look_back_from == datetime(2026, 4, 19, 21, tzinfo=UTC)
    assert [day.isoformat() for day in week.days()][::6] == ["2026-05-11", "2026-05-17"]


@pytest.mark.parametrize(("name", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W20", 168)])
def test_a_week_with_a_change_of_clocks_is_an_hour_shorter_or_longer(name: str, hours: int) -> None:
    week = week_of(name, "Europe/Berlin")
    assert week.ends_at - week.starts_at == timedelta(hours=hours)


def test_28_days_back_is_local_midnight_too() -> None:
    week = week_of("2026-W15", "Europe/Berlin")  # the clocks changed on 29 March
    assert week.look_back_from == datetime(2026, 3, 15, 23, tzinfo=UTC)
    assert week.ends_at == datetime(2026, 4, 12, 22, tzinfo=UTC)


@given(MOMENTS, st.sampled_from(ZONES))
def test_each_moment_lies_in_exactly_its_week(moment: datetime, zone: str) -> None:
    week = week_at(moment, zone)
    assert week.starts_at <= moment < week.ends_at
    assert week.starts_at.astimezone(ZoneInfo(zone)).isoweekday() == 1
    assert week.before(1).ends_at == week.starts_at
    assert week_of(week.before(1).name, zone) == week.before(1)


@given(
    MOMENTS,
    st.integers(1, 72 * 60),
    st.sampled_from(ZONES),
)
def test_local_days_are_those_touched(start: datetime, minutes: int, zone: str) -> None:
    end = start + timedelta(minutes=minutes)
    touched: list[date] = []
    moment = start
    while moment < end:
        day = moment.astimezone(ZoneInfo(zone)).date()
        touched += [day] if day not in touched else []
        moment += timedelta(minutes=15)
    last = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    touched += [last] if last not in touched else []
    assert [day for day in local_days(start, end, ZoneInfo(zone)) if day in touched] == touched


def test_a_stretch_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    zone = ZoneInfo("Asia/Baghdad")
    start = datetime(2026, 5, 11, 21, tzinfo=UTC)
    assert list(local_days(start, start + timedelta(hours=24), zone)) == [date(2026, 5, 12)]


@pytest.mark.parametrize("name", ["2026-W54", "2026-W00", "2026-20", "W20", "", "2026-W2", "next", "2025-W53"])
def test_a_week_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="ISO week"):
        week_of(name, "Asia/Baghdad")


@pytest.mark.parametrize("zone", ["Sahlara/City", "", "../etc/passwd", "+03"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(InputError, match="IANA"):
        week_of("2026-W20", zone)


def test_week_53_exists_where_the_year_has_one() -> None:
    assert week_of("2026-W53", "UTC").monday == date(2026, 12, 28)
    assert week_of("2026-W53", "UTC").before(-1).name == "2027-W01"
