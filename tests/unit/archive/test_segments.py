"""The order of a chunk's observations and the cutting into months, against plain sorting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.archive.segments import encode, order_of, split

MOMENTS = st.datetimes(datetime(1965, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
ROWS = st.lists(
    st.tuples(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS), min_size=1, max_size=30
)
TIME = pa.timestamp("us", tz="UTC")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tables(rows: list[tuple[datetime, datetime | None, datetime | None, datetime | None]]) -> dict[str, pa.Table]:
    """Observations captured at the first time; claimed, created and edge times as given; None leaves the row out."""
    ids = [f"{number:064x}" for number in range(len(rows))]
    posts = [(name, row[1], row[2]) for name, row in zip(ids, rows, strict=True) if row[1] or row[2]]
    edges = [(name, row[3]) for name, row in zip(ids, rows, strict=True) if row[3]]
    return {
        "observations": pa.table({"obs_id": ids, "collected_at": pa.array([row[0] for row in rows], TIME)}),
        "posts": pa.table(
            {
                "obs_id": pa.array([post[0] for post in posts], pa.string()),
                "claimed_at": pa.array([post[1] for post in posts], TIME),
                "created_at": pa.array([post[2] for post in posts], TIME),
            }
        ),
        "edges": pa.table(
            {
                "obs_id": pa.array([edge[0] for edge in edges], pa.string()),
                "at": pa.array([edge[1] for edge in edges], TIME),
            }
        ),
    }


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_month_then_claimed_time_then_as_given(rows):
    order = order_of(tables(rows))
    claims = [claimed or created or at for _, claimed, created, at in rows]
    slow = sorted(
        range(len(rows)),
        key=lambda n: (rows[n][0].strftime("%Y-%m"), (0, micros(claims[n])) if claims[n] else (1, 0), n),
    )
    assert np.argsort(order.rank).tolist() == slow
    assert [str(np.datetime64(int(month), "M")) for month in order.months] == [
        rows[n][0].strftime("%Y-%m") for n in slow
    ]


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_segments_hold_every_row_once_and_one_month_each(rows):
    made = tables(rows)
    order = order_of(made)
    parts = list(split("observations", made["observations"], order.rank, order))
    back = [pq.read_table(pa.BufferReader(part.data)) for part in parts]
    assert (
        sorted(name for table in back for name in table["obs_id"].to_pylist())
        == made["observations"]["obs_id"].to_pylist()
    )
    assert len({part.month for part in parts}) == len(parts)
    for part, table in zip(parts, back, strict=True):
        assert {moment.strftime("%Y-%m") for moment in table["collected_at"].to_pylist()} == {part.month}
        assert part.path == f"observations/month={part.month}/{part.sha256}.parquet"


@given(st.lists(st.integers(0, 5), max_size=20))
def test_places_of_rows_and_of_strangers(numbers):
    rows = [(EPOCH + timedelta(days=30 * n), None, None, None) for n in (4, 1, 3)]
    order = order_of(tables(rows))
    asked = pa.chunked_array([pa.array([f"{n:064x}" for n in numbers], pa.string())])
    assert order.places(asked).tolist() == [{0: 2, 1: 0, 2: 1}.get(n, -1) for n in numbers]


def test_an_empty_table_makes_no_segment():
    order = order_of(tables([(EPOCH, None, None, None)]))
    empty = pa.table({"obs_id": pa.array([], pa.string())})
    assert list(split("posts", empty, np.array([], dtype=np.int64), order)) == []


def test_the_earliest_of_several_edges_counts():
    made = tables([(EPOCH, None, None, None), (EPOCH, None, None, EPOCH + timedelta(days=2))])
    first = f"{0:064x}"
    made["edges"] = pa.table(
        {
            "obs_id": [first, first, f"{1:064x}"],
            "at": pa.array([EPOCH + timedelta(days=9), EPOCH + timedelta(days=1), EPOCH + timedelta(days=2)], TIME),
        }
    )
    assert order_of(made).rank.tolist() == [0, 1]


def test_the_same_rows_give_the_same_bytes_and_other_rows_others():
    one = pa.table({"a": [1, 2, 3]})
    assert encode(one) == encode(pa.table({"a": [1, 2, 3]}))
    assert encode(one) != encode(pa.table({"a": [1, 2, 4]}))
