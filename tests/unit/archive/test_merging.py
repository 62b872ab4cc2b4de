"""What is worth merging, decided from rows alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive import merging
from dalil.archive.rows import SegmentRow

TABLES = ("observations", "posts", "edges")


def segment(table: str, first: int, last: int, rows: int = 10, month: str = "2026-05") -> SegmentRow:
    return SegmentRow(
        table=table,
        month=month,
        path=f"{table}/{month}/{first}-{last}-{rows}",
        rows=rows,
        min_claimed=None,
        max_claimed=None,
        schema_version=1,
        sha256="0" * 64,
        bytes=1,
        step_from=first,
        step_to=last,
    )


def chunks(steps: range, rows: int = 10, month: str = "2026-05") -> list[SegmentRow]:
    return [segment(table, step, step, rows, month) for step in steps for table in TABLES]


def spans(segments: list[SegmentRow], month: str = "2026-07", **fences: int) -> list[tuple[str, int, int]]:
    groups = merging.plan(
        segments, month=month, fences={key.replace("_", "-")[1:]: step for key, step in fences.items()}
    )
    return [(group.month, group.first, group.last) for group in groups]


def test_small_segments_of_an_old_month_are_merged() -> None:
    assert spans(chunks(range(1, 6))) == [("2026-05", 1, 5)]


def test_few_are_left_alone_and_more_of_a_running_month() -> None:
    assert spans(chunks(range(1, merging.FEWEST_OF_OLD))) == []
    assert spans(chunks(range(1, merging.FEWEST)), month="2026-05") == []
    assert spans(chunks(range(1, merging.FEWEST + 1)), month="2026-05") == [("2026-05", 1, merging.FEWEST)]


def test_months_are_apart() -> None:
    found = spans([*chunks(range(1, 6)), *chunks(range(3, 9), month="2026-04")])
    assert found == [("2026-04", 3, 8), ("2026-05", 1, 5)]


def test_a_group_holds_about_as_many_rows_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "ROWS", 100)
    assert spans(chunks(range(25))) == [("2026-05", 0, 9), ("2026-05", 10, 19), ("2026-05", 20, 24)]


def test_what_is_grown_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "ROWS", 100)
    grown = [segment(table, 0, 9, 90) for table in TABLES]
    assert spans([*grown, *chunks(range(10, 15))]) == [("2026-05", 10, 14)]
    assert spans([*chunks(range(5)), *[segment(t, 5, 9, 90) for t in TABLES], *chunks(range(10, 15))]) == [
        ("2026-05", 0, 4),
        ("2026-05", 10, 14),
    ]


def test_nothing_is_merged_across_a_fence() -> None:
    assert spans(chunks(range(1, 11)), _2026_05=4) == [("2026-05", 1, 4), ("2026-05", 5, 10)]
    assert spans(chunks(range(1, 11)), _2026_05=99) == [("2026-05", 1, 10)]
    assert spans(chunks(range(1, 11)), _2026_05=-1) == [("2026-05", 1, 10)]


def test_what_must_stay_apart_does_and_other_tables_are_not_ours() -> None:
    rows = chunks(range(1, 7))
    apart = {row.path for row in rows if row.step_from == 3}
    (group,) = merging.plan([*rows, segment("other", 2, 4)], month="2026-07", fences={}, apart=apart)
    assert {row.path for row in group.segments} == {row.path for row in rows} - apart
    assert (group.first, group.last) == (1, 6)


def test_a_version_1_month_has_one_step_and_is_one_group() -> None:
    rows = [segment("observations", 0, 0, 10 + n) for n in range(6)]
    assert spans(rows) == [("2026-05", 0, 0)]


spread = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 6), st.integers(1, 60), st.sampled_from(TABLES)), max_size=40
)


@given(spread, st.integers(-1, 70))
def test_groups_are_whole_runs_and_no_segment_is_in_two(drawn: list[tuple[int, int, int, str]], fence: int) -> None:
    segments = [segment(table, first, first + more, rows + n) for n, (first, more, rows, table) in enumerate(drawn)]
    groups = merging.plan(segments, month="2026-07", fences={"2026-05": fence})
    paths = [row.path for group in groups for row in group.segments]
    assert len(paths) == len(set(paths))
    for group in groups:
        inside = {row.path for row in group.segments}
        for row in segments:
            assert (row.path in inside) == (row.step_from <= group.last and group.first <= row.step_to)
        assert group.most >= merging.FEWEST_OF_OLD
        assert [row.path for table in TABLES for row in group.of(table)]
        ends = {row.step_to for row in group.segments}
        starts = {row.step_from for row in group.segments}
        assert max(ends) == group.last
        assert min(starts) == group.first


def test_planning_again_after_a_merge_finds_nothing() -> None:
    merged = [segment(table, 1, 20, 200) for table in TABLES]
    assert spans(merged) == []
