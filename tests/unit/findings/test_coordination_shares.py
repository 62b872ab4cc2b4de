"""What a table of shares may look like, and what is said about rough times and missing cells."""

from __future__ import annotations

from datetime import timedelta

import ibis
import pyarrow as pa
import pytest
from oracles.findings.coordination import Row, table

from dalil.errors import InputError, LimitReached
from dalil.findings.coordination import coordinate, gathering, running
from dalil.findings.coordination.shares import from_text, load

MINUTE = timedelta(seconds=60)


def meeting(times: tuple[int, int], objects: int = 3) -> list[Row]:
    return [
        Row(f"o{o}", account, f"{account}{o}", 1_700_000_040 + 6000 * o + at)
        for o in range(objects)
        for account, at in zip(("a", "b"), times, strict=True)
    ]


@pytest.mark.parametrize("name", ["object_id", "account_id", "content_id", "timestamp_share"])
def test_a_missing_column_is_named(name: str) -> None:
    rows = table(meeting((0, 10))).drop(name)
    with pytest.raises(InputError) as error:
        coordinate(rows, window=MINUTE)
    assert error.value.code == "shares-column-missing"
    assert f"'{name}'" in str(error.value)
    assert "columns" in error.value.remedy


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_times_that_are_text_are_refused(in_memory: int) -> None:
    rows = table(meeting((0, 10))).mutate(timestamp_share=ibis.literal("yesterday"))
    with pytest.raises(InputError, match="not epoch seconds"):
        coordinate(rows, window=MINUTE, in_memory=in_memory)


def test_times_in_milliseconds_are_refused() -> None:
    rows = [row._replace(timestamp_share=row.timestamp_share * 1000) for row in meeting((0, 10))]
    with pytest.raises(InputError, match="milliseconds"):
        coordinate(table(rows), window=MINUTE)


def test_fractions_of_a_second_are_cut() -> None:
    rows = pa.table({"object_id": ["o"], "account_id": ["a"], "content_id": ["c"], "timestamp_share": [10.9]})
    assert load(ibis.memtable(rows)).times.tolist() == [10]


def as_text(rows: pa.Table) -> pa.Table:
    return pa.table({name: rows[name].cast(pa.string()) for name in rows.column_names})


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_shares_in_an_arrow_table_or_all_as_text_give_the_same(in_memory: int) -> None:
    bound = table(meeting((0, 10)))
    rows = bound.to_pyarrow()
    wanted = coordinate(bound, window=MINUTE, in_memory=in_memory)
    assert len(wanted.edges) == 1
    assert coordinate(rows, window=MINUTE, in_memory=in_memory) == wanted
    assert coordinate(from_text(as_text(rows)), window=MINUTE, in_memory=in_memory) == wanted


@pytest.mark.parametrize(
    ("cells", "times"), [([" 10", None, "20 "], [10, 20]), (["10.9", "2e1", "30"], [10, 20, 30]), ([], [])]
)
def test_times_as_text_are_read_as_numbers(cells: list[str | None], times: list[int]) -> None:
    names = pa.array(["x"] * len(cells), pa.string())
    rows = pa.table(dict.fromkeys(("object_id", "account_id", "content_id"), names))
    rows = rows.append_column("timestamp_share", pa.array(cells, pa.string()))
    assert load(from_text(rows)).times.tolist() == times


def test_a_time_as_text_that_is_no_number_is_refused() -> None:
    rows = as_text(table(meeting((0, 10))).to_pyarrow())
    place = rows.column_names.index("timestamp_share")
    wrong = rows.set_column(place, "timestamp_share", pa.array(["2026-05-17 14:20"] * len(rows)))
    with pytest.raises(InputError, match="not epoch seconds"):
        from_text(wrong)
    with pytest.raises(InputError) as error:
        from_text(rows.drop_columns(["timestamp_share"]))
    assert error.value.code == "shares-column-missing"


def test_ids_may_be_numbers() -> None:
    rows = pa.table({"object_id": [7, 7], "account_id": [1, 2], "content_id": [3, 4], "timestamp_share": [10, 20]})
    result = coordinate(ibis.memtable(rows), window=MINUTE, min_objects=1, min_participation=1)
    assert [(e.account_a, e.account_b) for e in result.edges] == [("1", "2")]


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_rows_with_empty_cells_and_whole_days_are_left_out_and_counted(in_memory: int) -> None:
    rows = meeting((0, 10))
    precision = ["s"] * len(rows)
    empty = pa.table(
        {
            "object_id": pa.array(["o0", None, "o1"]),
            "account_id": pa.array(["c", "c", None]),
            "content_id": pa.array(["x", "y", "z"]),
            "timestamp_share": pa.array([1_700_000_041, 1, 2], pa.int64()),
            "precision": pa.array(["day", "s", "s"]),
        }
    )
    both = ibis.union(table(rows, precision=precision), ibis.memtable(empty))
    result = coordinate(both, window=MINUTE, in_memory=in_memory)
    assert "shares-left-out=3" in result.caveats
    assert [(e.account_a, e.account_b, e.objects) for e in result.edges] == [("a", "b", 3)]
    assert result.shares == len(rows)


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_minute_only_times_are_widened_and_said(in_memory: int) -> None:
    """Truncated to 0 and 120 s, the true times may lie within a minute of each other: 59 s and 119 s."""
    rows = meeting((0, 119))
    exact = coordinate(table(rows, precision=["s"] * len(rows)), window=MINUTE, in_memory=in_memory)
    rough = coordinate(table(rows, precision=["min"] * len(rows)), window=MINUTE, in_memory=in_memory)
    mixed = coordinate(table(rows, precision=["min", "s"] * 3), window=MINUTE, in_memory=in_memory)
    assert exact.edges == ()
    assert [e.objects for e in rough.edges] == [e.objects for e in mixed.edges] == [3]
    assert "minute-times=6" in rough.caveats
    assert "minute-times=3" in mixed.caveats


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_an_export_of_whole_minutes_gives_itself_away(in_memory: int) -> None:
    whole = [row._replace(timestamp_share=row.timestamp_share // 60 * 60) for row in meeting((0, 100), 12)]
    result = coordinate(table(whole), window=MINUTE, in_memory=in_memory)
    assert "minute-times=24" in result.caveats
    assert [e.objects for e in result.edges] == [12]


def test_a_few_shares_on_the_minute_say_nothing() -> None:
    assert load(table(meeting((0, 60), 2))).minute_only == 0


def test_compatibility_modes_take_every_time_as_exact() -> None:
    whole = [row._replace(timestamp_share=row.timestamp_share // 60 * 60) for row in meeting((0, 120), 12)]
    assert coordinate(table(whole), window=MINUTE, mode="coortweet").edges == ()
    assert coordinate(table(whole), window=MINUTE, mode="qut", in_memory=0).edges == ()


def test_a_content_belongs_to_its_account() -> None:
    """Two accounts may use one content id, as two platforms do; they are two contents."""
    rows = [Row(f"o{n}", account, f"c{n}", 100 + n) for n in range(3) for account in ("a", "b")]
    found = gathering.by_arrays(load(table(rows)), 60, min_participation=2, min_objects=1)
    assert found.edges.taking_part.tolist() == [3, 3]
    assert found.directed()[2].tolist() == [3, 3]


@pytest.mark.parametrize("mode", ["default", "coortweet", "qut"])
@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_an_empty_table_gives_an_empty_result(mode: str, in_memory: int) -> None:
    result = coordinate(table([]), window=MINUTE, mode=mode, in_memory=in_memory)
    assert (result.edges, result.campaigns, result.shares, result.expected_false_edges) == ((), (), 0, 0.0)


def test_too_many_edges_are_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_EDGES", 2)
    rows = [Row("o", f"a{n}", f"c{n}", n) for n in range(4)]
    with pytest.raises(LimitReached) as error:
        coordinate(table(rows), window=MINUTE, min_objects=1, min_participation=1)
    assert error.value.facts == {"found": 6, "limit": 2}


@pytest.mark.parametrize(
    "wrong", [{"min_participation": 0}, {"min_objects": 0}, {"fdr": 1.0}, {"edge_weight": -0.1}, {"mode": "magic"}]
)
def test_parameters_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|not a valid Mode"):
        coordinate(table(meeting((0, 1))), window=MINUTE, **wrong)  # type: ignore[arg-type]


def test_times_far_apart_are_no_obstacle() -> None:
    rows = [Row(f"o{n}", "a", f"c{n}", (n % 2) * 10**11) for n in range(4)]
    assert coordinate(table(rows), window=MINUTE).edges == ()
