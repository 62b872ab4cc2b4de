"""Law 2: one table of abbreviations, held against the tz database that comes with Python or its package."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.words import ZoneBasis
from dalil.sources.times import from_abbreviated
from dalil.sources.zone_abbreviations import OF_A_ZONE, OFFSETS, SEVERAL, offset_of

NOT_ELSEWHERE = {"PST", "EST", "CDT", "MST", "KST"}
"""Also of the Philippines, of Cuba; KST of Pyongyang from 2015 to 2018: see the table's note."""
MOMENTS = [datetime(year, month, 15, tzinfo=UTC) for year in (2012, 2018, 2024) for month in (1, 7)]


@cache
def in_use() -> dict[str, set[float]]:
    """Each abbreviation that the tz database has used since 2012, and its offsets in hours."""
    found: dict[str, set[float]] = defaultdict(set)
    for name in available_timezones():
        for at in MOMENTS:
            there = at.astimezone(ZoneInfo(name))
            offset = there.utcoffset()
            if offset is not None and (there.tzname() or "").isalpha():
                found[there.tzname() or ""].add(offset / timedelta(hours=1))
    return found


@pytest.mark.parametrize("name", sorted(OFFSETS))
def test_each_names_the_offset_that_the_tz_database_has(name: str) -> None:
    if name in in_use() and name not in NOT_ELSEWHERE:
        assert in_use()[name] == {OFFSETS[name]}
    if name in NOT_ELSEWHERE:
        assert OFFSETS[name] in in_use()[name]


def test_what_names_several_is_in_no_table_of_offsets() -> None:
    assert not SEVERAL & OFFSETS.keys()
    several = {name for name, offsets in in_use().items() if len(offsets) > 1}
    assert several <= SEVERAL | NOT_ELSEWHERE | OF_A_ZONE.keys()


@pytest.mark.parametrize(
    ("written", "zone", "hour", "basis"),
    [
        ("2021-06-01 12:00:00 BRT", None, 15, ZoneBasis.ABBREVIATION),
        ("2013-06-01 12:00:00 MSK", None, 8, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 MSK", None, 9, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 edt", None, 16, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 NPT", None, 6, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 IST", None, 12, ZoneBasis.UNKNOWN),
        ("2021-06-01 12:00:00 IST", "Asia/Kolkata", 6, ZoneBasis.ABBREVIATION),
        ("2021-01-01 12:00:00 IST", "Asia/Jerusalem", 10, ZoneBasis.ABBREVIATION),
        ("2021-01-01 12:00:00 CST", "America/Chicago", 18, ZoneBasis.ABBREVIATION),
        ("2021-01-01 12:00:00 CST", "Asia/Baghdad", 9, ZoneBasis.EXPLICIT),
        ("2021-01-01 12:00:00 QQQ", "Asia/Baghdad", 9, ZoneBasis.EXPLICIT),
    ],
)
def test_times_with_an_abbreviation(written: str, zone: str | None, hour: int, basis: ZoneBasis) -> None:
    found = from_abbreviated(written, ZoneInfo(zone) if zone else None)
    assert found is not None
    assert (found[0].hour, found[1]) == (hour, basis)


def test_the_hour_that_comes_twice_is_told_by_its_abbreviation() -> None:
    zone = ZoneInfo("America/Halifax")
    at = datetime(2023, 11, 5, 1, 30)  # noqa: DTZ001 - a local time on purpose
    assert offset_of("ADT", at, zone) == timedelta(hours=-3)
    assert offset_of("AST", at, zone) == timedelta(hours=-4)


@given(st.text(max_size=30), st.datetimes())
def test_no_word_makes_it_fail(word: str, at: datetime) -> None:
    offset_of(word, at, ZoneInfo("Asia/Baghdad"))
    from_abbreviated(f"{at} {word}", ZoneInfo("Asia/Baghdad"))
