"""Rows as they are held and as they were read anew: which observations changed, and in what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import pyarrow as pa

TABLES: Final = ("observations", "posts", "accounts", "edges", "text_signals")
ENVELOPE: Final = frozenset(
    {
        *("obs_id", "importer", "importer_version", "raw_sha256", "raw_segment", "raw_pointer", "collected_at"),
        *("collected_at_basis", "collected_by", "included", "purpose", "may_share", "key_generation"),
    }
)
"""Columns that tell of the capture or of the reading itself: never a difference."""
_ENCODER: Final = msgspec.json.Encoder(order="sorted")
Rows = dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Differences:
    """What a second reading changed.

    `fields`: `table.column` → how many rows differ in it; `added` and `removed`: table → rows that one of the two
    readings does not have.
    """

    same: int = 0
    changed: list[str] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)


def compare(held: Mapping[str, pa.Table], fresh: Mapping[str, pa.Table]) -> Differences:
    """Compare observation by observation; those that `fresh` does not have are left out of it."""
    found = Differences()
    ours = {name: _by_id(held[name]) if name in held else {} for name in TABLES}
    theirs = {name: _by_id(fresh[name]) if name in fresh else {} for name in TABLES}
    for obs_id in theirs["observations"]:
        differs = [_compare(name, ours[name].get(obs_id, []), theirs[name].get(obs_id, []), found) for name in TABLES]
        if any(differs):
            found.changed.append(obs_id)
        else:
            found.same += 1
    return found


def _compare(table: str, held: list[dict[str, Any]], fresh: list[dict[str, Any]], found: Differences) -> bool:
    """Whether one observation's rows of one table differ; of several rows the order says nothing."""
    if len(held) > 1 or len(fresh) > 1:
        before, after = Counter(map(_ENCODER.encode, held)), Counter(map(_ENCODER.encode, fresh))
        if before == after:
            return False
        held = [msgspec.json.decode(row) for row in (before - after).elements()]
        fresh = [msgspec.json.decode(row) for row in (after - before).elements()]
    for before_row, after_row in zip(held, fresh, strict=False):
        found.fields.update(f"{table}.{name}" for name in after_row if before_row[name] != after_row[name])
    found.added[table] += max(0, len(fresh) - len(held))
    found.removed[table] += max(0, len(held) - len(fresh))
    return held != fresh


def _by_id(table: pa.Table) -> Rows:
    rows: Rows = {}
    for row in table.to_pylist():
        obs_id = row["obs_id"]
        rows.setdefault(obs_id, []).append({name: value for name, value in row.items() if name not in ENVELOPE})
    return rows
