"""Python values to Arrow columns, quickly: structs become their columns without a dict for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate, chain, repeat
from operator import is_
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dalil.signals.joined import Strings

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TIME: Final = pa.timestamp("us", tz="UTC")


class Constant(NamedTuple):
    """A column in which every row has the same value."""

    value: object
    rows: int


Values = Sequence[Any] | Constant | Strings | NDArray[np.uint64]


def column(values: Any, kind: pa.DataType) -> pa.Array:
    """One column of any type that our schemas use."""
    if isinstance(values, np.ndarray):
        return pa.array(values, kind)
    if isinstance(values, Constant):
        return pa.repeat(pa.scalar(values.value, kind), values.rows)
    if isinstance(values, Strings):
        buffers = [pa.py_buffer(values.offsets), pa.py_buffer(values.data)]
        return pa.StringArray.from_buffers(len(values.offsets) - 1, *buffers)
    if kind == TIME:
        return times(values)
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        return nested(values, kind)
    if values and values[0] is values[-1] and all(map(is_, values, repeat(values[0]))):
        return pa.repeat(pa.scalar(values[0], kind), len(values))
    return pa.array(values, kind)


def times(values: Sequence[datetime | None]) -> pa.Array:
    """Aware times as microseconds since 1970 UTC."""
    if not any(values):
        return pa.nulls(len(values), TIME)
    return pa.array([None if value is None else _micros(value) for value in values], pa.int64()).cast(TIME)


def nested(lists: Sequence[Sequence[Any]], kind: pa.DataType) -> pa.Array:
    """Lists of structs whose attributes are named as the fields of the Arrow struct."""
    offsets = pa.array(list(accumulate(map(len, lists), initial=0)), pa.int32())
    found = _fields(list(chain.from_iterable(lists)))
    children = [column(found.get(field.name, ()), field.type) for field in kind.value_type]
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(children, fields=list(kind.value_type)))


def table(rows: Sequence[Any], schema: pa.Schema, given: Mapping[str, Values]) -> pa.Table:
    """A table of structs of one type: each column from `given` where it is there, else from the field of its name."""
    found = {**_fields(rows), **given}
    made: list[pa.Array] = []
    times_made: list[tuple[Any, pa.Array]] = []
    for field in schema:
        values = found[field.name]
        if field.type != TIME or isinstance(values, Constant):
            made.append(column(values, field.type))
            continue
        # A platform's one time is often several of our columns: the very same objects are not reckoned again.
        same = next((array for other, array in times_made if all(map(is_, other, values))), None)
        made.append(column(values, TIME) if same is None else same)
        times_made.append((values, made[-1]))
    return pa.Table.from_arrays(made, schema=schema)


def _fields(rows: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """Field name → its value in each of the rows, structs or named tuples, which are of one type."""
    if not rows:
        return {}
    if isinstance(rows[0], msgspec.Struct):
        return dict(zip(rows[0].__struct_fields__, zip(*map(msgspec.structs.astuple, rows), strict=True), strict=True))
    return dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))


def _micros(value: datetime) -> int:
    passed = value - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
