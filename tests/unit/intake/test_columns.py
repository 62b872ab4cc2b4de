"""Structs to Arrow columns, against Arrow's own slow way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dalil.intake.columns import Constant, column, table
from dalil.schema.records import Metric, Span
from dalil.schema.tables import POSTS, REJECTS

moments = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(st.lists(moments))
def test_times(values: list[datetime | None]) -> None:
    kind = pa.timestamp("us", tz="UTC")
    assert column(values, kind).equals(pa.array(values, kind))


@given(st.lists(st.lists(st.builds(Metric, st.text(max_size=3), st.none() | st.integers(-5, 5), moments), max_size=3)))
def test_nested(values: list[list[Metric]]) -> None:
    kind = POSTS.field("metrics").type
    slow: list[list[dict[str, Any]]] = [[msgspec.structs.asdict(item) for item in items] for items in values]
    for items in slow:
        for item in items:
            item["basis"] = str(item["basis"])
    assert column(values, kind).to_pylist() == pa.array(slow, kind).to_pylist()


def test_constants_and_empty_lists() -> None:
    assert column(Constant("a", 3), pa.string()).to_pylist() == ["a"] * 3
    assert column(Constant(None, 2), pa.int64()).to_pylist() == [None, None]
    assert column([(), ()], POSTS.field("spans").type).to_pylist() == [[], []]
    assert column([(Span(0, 1, "b"),)], POSTS.field("spans").type).to_pylist() == [
        [{"start": 0, "end": 1, "type": "b", "target": ""}]
    ]


def test_a_table_takes_attributes_and_what_is_given() -> None:
    class Row(msgspec.Struct):
        where: str
        code: str

    made = table([Row("line 1", "a"), Row("line 2", "b")], REJECTS, {"raw_hash": ["x", "y"]})
    assert made.to_pylist() == [
        {"where": "line 1", "code": "a", "raw_hash": "x"},
        {"where": "line 2", "code": "b", "raw_hash": "y"},
    ]
