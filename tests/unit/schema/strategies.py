"""Values of every kind that the schema knows, for property tests, made from the types and Arrow schemas themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from types import ModuleType
from typing import Any

import msgspec
import pyarrow as pa
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import inspect

from dalil.schema import casework, chunks, records, results
from dalil.schema.tables import HANDED_OVER, STORED

AWKWARD = (
    "",
    "null",
    "1e3",
    "007",
    "a:b",
    "\0",
    "\u202eabc",
    "e\u0301",
    "نصر",
    "ڕۆژ",
    "٠١",
    "😀",
    '"\\',
    "\x7f",
    "\x85",
)
TEXTS = st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Everything that UTF-8 can say; lone surrogates cannot be stored and are refused before."""
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(-timedelta(hours=9, minutes=30))])
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds; zones are drawn
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INT32 = st.integers(-(1 << 31), (1 << 31) - 1)
INT64 = st.integers(-(1 << 63), (1 << 63) - 1)
NARROW = {"start", "end", "width", "height", "version_no", "key_generation"}
"""Fields that a table keeps in 32 bits."""


PLAIN: dict[type, st.SearchStrategy[Any]] = {
    inspect.StrType: TEXTS,
    inspect.BoolType: st.booleans(),
    inspect.FloatType: FLOATS,
    inspect.BytesType: st.binary(max_size=40),
    inspect.NoneType: st.none(),
    inspect.DateTimeType: TIMES,
    inspect.DateType: st.dates(),
}


def tries(count: int) -> settings:
    """So many examples, however slow the machine is today."""
    return settings(max_examples=count, deadline=None)


def structs_of(*modules: ModuleType) -> tuple[type[msgspec.Struct], ...]:
    """The structs that these modules define, except the one that holds Arrow tables and never is bytes."""
    found = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == module.__name__
    ]
    return tuple(struct for struct in found if struct is not chunks.Chunk)


STRUCTS = structs_of(records, results, casework, chunks)


@cache
def of(struct: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Instances of a struct: every field drawn, by its type."""
    known = inspect.type_info(struct)
    assert isinstance(known, inspect.StructType)
    drawn = {field.name: _of(field.type, INT32 if field.name in NARROW else INT64) for field in known.fields}
    return st.builds(struct, **drawn)


def _of(kind: inspect.Type, whole: st.SearchStrategy[int] = INT64) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.IntType(ge=low, le=high):
            return whole if low is None else st.integers(low, high)
        case inspect.EnumType(cls=words):
            return st.sampled_from(list(words))
        case inspect.UnionType(types=kinds):
            return st.one_of(*(_of(one, whole) for one in kinds))
        case inspect.VarTupleType(item_type=item):
            return st.lists(_of(item), max_size=3).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_of(key), _of(value), max_size=3)
        case inspect.StructType(cls=struct):
            return of(struct)
    return PLAIN[type(kind)]


def cells_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Values of one Arrow column that is not null."""
    if pa.types.is_list(kind):
        return st.lists(cells_of(kind.value_type), max_size=3)
    if pa.types.is_struct(kind):
        return st.fixed_dictionaries({field.name: st.none() | cells_of(field.type) for field in kind})
    if pa.types.is_fixed_size_binary(kind):
        return st.binary(min_size=kind.byte_width, max_size=kind.byte_width)
    return {
        pa.string(): TEXTS,
        pa.bool_(): st.booleans(),
        pa.int32(): INT32,
        pa.int64(): INT64,
        pa.uint64(): st.integers(0, (1 << 64) - 1),
        pa.float64(): FLOATS,
        pa.large_binary(): st.binary(max_size=40),
        pa.timestamp("us", tz="UTC"): TIMES,
    }[kind]


def tables_of(name: str, *, most: int = 4) -> st.SearchStrategy[pa.Table]:
    """Tables of up to `most` rows, nulls anywhere."""
    schema = {**STORED, **HANDED_OVER}[name]
    row = st.fixed_dictionaries({field.name: st.none() | cells_of(field.type) for field in schema})
    return st.lists(row, max_size=most).map(lambda rows: pa.Table.from_pylist(rows, schema=schema))
