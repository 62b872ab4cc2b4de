"""The Arrow schemas: the same fields as the records, real values through them and back, and their version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.schema.arrow_rows import record_of, row_of, stored, table_of
from unit.schema.strategies import of, tables_of, tries

from dalil.schema.records import (
    Account,
    AltId,
    Edge,
    Label,
    Media,
    MediaRef,
    Metric,
    Observation,
    Post,
    ReadWarning,
    Reject,
    Span,
    Url,
)
from dalil.schema.tables import HANDED_OVER, STORED, TABLES_VERSION

RECORDS: dict[str, type[msgspec.Struct]] = {
    "observations": Observation,
    "posts": Post,
    "accounts": Account,
    "media": Media,
    "edges": Edge,
    "rejects": Reject,
}
BESIDE: dict[str, dict[str, str]] = {
    "observations": {},
    "posts": {
        "obs_id": "the bridge to the envelope",
        "version": "of the envelope, so that versions are told apart without a join",
        "collected_at": "of the envelope: the month that a segment lies in",
        "author_public": "whether the author may be shown; decided at the door",
    },
    "accounts": {"obs_id": "the bridge", "collected_at": "the month"},
    "media": {"obs_id": "the bridge", "collected_at": "the month"},
    "edges": {"obs_id": "the bridge", "author_ref": "who made the edge; `src_uid` is the post"},
    "rejects": {},
}
"""Columns without a field, each with its reason."""
FLATTENED = {"raw": {"sha256", "segment", "pointer"}}
"""Fields that are columns of their own, so that raw records are found without reading structs."""
IN_THE_MANIFEST = {"schema_version"}
"""Kept once for a segment, not in each row."""
NESTED: dict[tuple[str, str], type[msgspec.Struct]] = {
    ("observations", "warnings"): ReadWarning,
    ("posts", "spans"): Span,
    ("posts", "urls"): Url,
    ("posts", "media"): MediaRef,
    ("posts", "metrics"): Metric,
    ("posts", "labels_by_platform"): Label,
    ("accounts", "counts"): Metric,
    ("accounts", "alt_ids"): AltId,
}
TIME = pa.timestamp("us", tz="UTC")


def plain_kind(annotation: Any) -> Any:
    """A field's type without `| None`, and without what only decoding checks."""
    options = [option for option in get_args(annotation) if option is not NoneType]
    if get_origin(annotation) is Annotated:
        return plain_kind(annotation.__origin__)
    return plain_kind(options[0]) if type(None) in get_args(annotation) else annotation


def fits(annotation: Any, kind: pa.DataType) -> bool:
    """Whether a column of this Arrow type can hold the field's values without loss."""
    plain = plain_kind(annotation)
    if get_origin(plain) is tuple:
        return pa.types.is_list(kind) and fits(get_args(plain)[0], kind.value_type)
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return bool(kind == pa.string())
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        fields = {field.name: field.type for field in msgspec.structs.fields(plain)}
        return [field.name for field in kind] == list(fields) and all(fits(fields[f.name], f.type) for f in kind)
    allowed = {
        str: {pa.string()},
        int: {pa.int32(), pa.int64()},
        float: {pa.float64()},
        bool: {pa.bool_()},
        datetime: {TIME},
    }
    return kind in allowed[plain]


def walk(kind: pa.DataType) -> Iterator[pa.DataType]:
    """A type and all within it."""
    yield kind
    for number in range(kind.num_fields):
        yield from walk(kind.field(number).type)


@pytest.mark.parametrize("name", RECORDS)
def test_each_field_has_its_column_and_each_column_its_field(name: str) -> None:
    fields = {field.name for field in msgspec.structs.fields(RECORDS[name])}
    flat = {f"{field}_{part}" for field, parts in FLATTENED.items() if field in fields for part in parts}
    expected = (fields - FLATTENED.keys() - IN_THE_MANIFEST) | flat | BESIDE[name].keys()
    assert set(HANDED_OVER[name].names) == expected
    assert len(HANDED_OVER[name].names) == len(expected), "a column twice"


@pytest.mark.parametrize("name", RECORDS)
def test_a_column_can_hold_what_its_field_can(name: str) -> None:
    kinds = {field.name: field.type for field in msgspec.structs.fields(RECORDS[name])}
    assert [
        column.name
        for column in HANDED_OVER[name]
        if column.name in kinds and not fits(kinds[column.name], column.type)
    ] == []


def test_the_records_within_records_are_all_checked() -> None:
    lists = {(name, c.name) for name, schema in STORED.items() for c in schema if pa.types.is_list(c.type)}
    assert lists - NESTED.keys() == {("posts", "hashtags"), ("posts", "mentions")}
    for (name, column), struct in NESTED.items():
        assert fits(struct, HANDED_OVER[name].field(column).type.value_type), (name, column)


def test_one_column_means_one_kind_in_every_table() -> None:
    """`uid`, `sha256`, `collected_at` and the like join across tables, so they must be of one type."""
    kinds: dict[str, set[pa.DataType]] = {}
    for schema in STORED.values():
        for column in schema:
            kinds.setdefault(column.name, set()).add(column.type)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", HANDED_OVER)
def test_times_are_utc_microseconds_and_ids_are_text(name: str) -> None:
    for column in HANDED_OVER[name]:
        assert all(kind == TIME for kind in walk(column.type) if pa.types.is_temporal(kind)), column
        assert not any(pa.types.is_dictionary(kind) or pa.types.is_null(kind) for kind in walk(column.type)), column
        if column.name.endswith(("_id", "uid", "_ref", "sha256", "_by")):
            assert column.type == pa.string(), column


@pytest.mark.parametrize("name", RECORDS)
@given(data=st.data())
@tries(40)
def test_a_record_comes_back_from_its_table_as_it_went(name: str, data: st.DataObject) -> None:
    """In any zone: the instant is the same, and it is told in UTC."""
    records = data.draw(st.lists(of(RECORDS[name]), min_size=1, max_size=3))
    table = table_of(name, [row_of(record) for record in records])
    table.validate(full=True)
    rows = table.to_pylist()
    schema_version = {"schema_version": records[0].schema_version} if name == "observations" else {}
    expected = [msgspec.structs.replace(record, **schema_version) for record in records]
    assert [record_of(row | schema_version, RECORDS[name]) for row in rows] == expected
    times = [value for row in rows for value in row.values() if isinstance(value, datetime)]
    assert all(time.utcoffset() == timedelta(0) for time in times)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        (datetime(2026, 5, 17, 14, 20, tzinfo=timezone(timedelta(hours=3))), "2026-05-17T11:20:00+00:00"),
        (datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=3))), "2025-12-31T22:30:00+00:00"),
        (datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "1969-12-31T23:59:59.999999+00:00"),
        (datetime(2026, 5, 17, 0, 0, 0, 1, tzinfo=UTC), "2026-05-17T00:00:00.000001+00:00"),
    ],
)
def test_a_time_keeps_its_instant_to_the_microsecond(written: datetime, instant: str) -> None:
    """At both depths: a column, and a metric within a list."""
    row = stored(
        "posts",
        Post(uid="x:1", platform="x", native_id="1", created_at=written, metrics=(Metric("likes", 0, written),)),
    )
    assert row["created_at"].isoformat() == instant
    assert row["metrics"][0]["at"].isoformat() == instant


def test_nested_lists_stay_with_their_rows() -> None:
    """Empty, one and many, so that a wrong offset would move an item to its neighbour."""
    posts = [
        Post(
            uid=f"x:{n}",
            platform="x",
            native_id=str(n),
            spans=tuple(Span(i, i + n, "link", f"{n}.{i}") for i in range(n)),
        )
        for n in (0, 3, 0, 1, 2)
    ]
    table = pa.concat_tables([table_of("posts", [row_of(post)]) for post in posts]).combine_chunks()
    assert [record_of(row, Post) for row in table.to_pylist()] == posts
    assert [len(spans) for spans in table.slice(1, 3)["spans"].to_pylist()] == [3, 0, 1]


@pytest.mark.parametrize("name", HANDED_OVER)
def test_each_schema_says_its_version_in_memory_and_in_a_file(name: str) -> None:
    version = {b"dalil.tables_version": str(TABLES_VERSION).encode()}
    empty = HANDED_OVER[name].empty_table()
    sink = pa.BufferOutputStream()
    pq.write_table(empty, sink)
    read = pq.read_table(pa.BufferReader(sink.getvalue()))
    assert HANDED_OVER[name].metadata == version
    assert read.schema.metadata == version
    assert read.schema.equals(HANDED_OVER[name])


@pytest.mark.parametrize("name", STORED)
@given(data=st.data())
@tries(15)
def test_a_stored_table_is_the_same_after_parquet(name: str, data: st.DataObject) -> None:
    """Nulls in lists and structs, NUL and bidi characters, 64-bit hashes without a sign."""
    table = data.draw(tables_of(name))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    assert pq.read_table(pa.BufferReader(sink.getvalue())).equals(table)


def test_what_must_never_be_a_table_in_the_archive_is_not_stored() -> None:
    """Raw records and media have places of their own, locators are sealed, rejects are counted."""
    assert HANDED_OVER.keys() - STORED.keys() == {"raw", "blobs", "locators", "rejects"}
    assert not any("locator" in column for schema in STORED.values() for column in schema.names)
    assert not any(
        pa.types.is_large_binary(kind) for s in STORED.values() for column in s for kind in walk(column.type)
    )


def test_empty_tables_join_with_full_ones() -> None:
    for name, schema in HANDED_OVER.items():
        empty = schema.empty_table()
        full = pa.Table.from_pylist([{}], schema=schema)
        assert (empty.num_rows, empty.validate(full=True)) == (0, None)
        assert pa.concat_tables([empty, full, empty]).num_rows == 1, name


def test_a_hash_or_a_day_of_another_size_does_not_fit() -> None:
    with pytest.raises(pa.ArrowException):
        table_of("image_signals", [{"sha256": "0", "pdq": b"\0" * 31}])
    with pytest.raises((pa.ArrowException, OverflowError)):
        table_of("text_signals", [{"obs_id": "0", "skeleton_hash": -1}])
    with pytest.raises((pa.ArrowException, TypeError)):
        table_of("posts", [{"obs_id": "0", "created_at": date(2026, 5, 17).isoformat()}])
