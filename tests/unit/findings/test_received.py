"""Pictures received and recognised by week, held against a count one by one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.findings.measures import MediaCount, week_at
from dalil.findings.measures.received import received

START = datetime(2025, 12, 20, tzinfo=UTC)
captures = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 40 * 24)), max_size=60)


def table(rows: list[tuple[str, datetime]]) -> pa.Table:
    return pa.table(
        {
            "sha256": pa.array([row[0] for row in rows], pa.string()),
            "collected_at": pa.array([row[1] for row in rows], pa.timestamp("us", tz="UTC")),
        }
    )


def one_by_one(rows: list[tuple[str, datetime]], leaders: dict[str, str], zone: str) -> list[MediaCount]:
    first: dict[str, datetime] = {}
    again: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name, at in sorted(rows, key=lambda row: row[1]):
        key = leaders.get(name, name)
        week = week_at(at.astimezone(ZoneInfo(zone)), zone).name
        total[week] += 1
        if key in first and first[key] < at:
            again[week] += 1
        first.setdefault(key, at)
    return [MediaCount(week, total[week], again[week]) for week in sorted(total)]


@given(captures, st.dictionaries(st.sampled_from("abcdefxy"), st.sampled_from("abz")), st.randoms())
@pytest.mark.parametrize("zone", ["Asia/Baghdad", "UTC", "America/St_Johns"])
def test_the_same_as_one_by_one(zone: str, drawn, leaders, chance) -> None:  # type: ignore[no-untyped-def]
    rows = [(name, START + timedelta(hours=hour)) for name, hour in drawn]
    chance.shuffle(rows)
    assert received(table(rows), leaders, zone) == one_by_one(rows, leaders, zone)


def test_the_last_moment_of_a_week_and_the_first_of_the_next() -> None:
    sunday = datetime(2026, 5, 17, 20, 59, 59, 999_999, tzinfo=UTC)  # 23:59:59 in Baghdad
    rows = [("a", sunday), ("a", sunday + timedelta(microseconds=1))]
    assert received(table(rows), {}, "Asia/Baghdad") == [MediaCount("2026-W20", 1, 0), MediaCount("2026-W21", 1, 1)]


def test_a_week_with_nothing_is_left_out_and_no_media_is_no_week() -> None:
    rows = [("a", START), ("b", START + timedelta(days=30))]
    assert [count.week for count in received(table(rows), {}, "UTC")] == ["2025-W51", "2026-W04"]
    assert received(table([]), {}, "UTC") == []
