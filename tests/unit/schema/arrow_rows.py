"""Records as rows of their tables and back, written out slowly: what the schemas say is all that is used."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec
import pyarrow as pa

from dalil.schema.records import Observation
from dalil.schema.tables import HANDED_OVER

Record = TypeVar("Record", bound=msgspec.Struct)


def row_of(record: msgspec.Struct, **beside: Any) -> dict[str, Any]:
    """The row of a record; `beside` holds the columns that come from elsewhere."""
    row: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(datetime, bytes))
    if isinstance(record, Observation):
        raw = row.pop("raw")
        row |= {"raw_sha256": raw["sha256"], "raw_segment": raw["segment"], "raw_pointer": raw["pointer"]}
        del row["schema_version"]
    return row | beside


def table_of(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=HANDED_OVER[name])


def stored(name: str, record: msgspec.Struct, **beside: Any) -> dict[str, Any]:
    """The row as it lies in the table after it was written and read."""
    row: dict[str, Any] = table_of(name, [row_of(record, **beside)]).to_pylist()[0]
    return row


def record_of(row: dict[str, Any], struct: type[Record]) -> Record:
    """The record of a row, strictly: nothing is turned into another kind on the way."""
    if struct is Observation:
        raw = {name: row[f"raw_{name}"] for name in ("sha256", "segment", "pointer")}
        row = {**row, "raw": raw}
    names = {field.name for field in msgspec.structs.fields(struct)}
    return msgspec.convert({key: value for key, value in row.items() if key in names}, struct)
