"""Old segments read as if they had been written today.

A segment keeps the schema version it was written with. When a table changes, `STEPS` gains one function
that turns version n of that table into n + 1; a reader applies them one after the other. Facts on disk
are never rewritten for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import ibis.expr.types as ir

Step = Callable[[ir.Table], ir.Table]

STEPS: Final[Mapping[tuple[str, int], Step]] = {}
"""(table, version it turns into the next) → how. A table without a step did not change then."""


def upcast(rows: ir.Table, table: str, version: int, *, newest: int, steps: Mapping[tuple[str, int], Step]) -> ir.Table:
    """Rows of an old version as rows of the newest.

    Raises:
        ValueError: the version is newer than the newest.
    """
    if version > newest:
        raise ValueError(f"version {version} of '{table}' is newer than {newest}")
    for number in range(version, newest):
        step = steps.get((table, number))
        rows = step(rows) if step else rows
    return rows


def conform(rows: ir.Table, like: ir.Table) -> ir.Table:
    """The columns of `like`, in its order and types.

    Raises:
        ValueError: a column is missing, so that a step was forgotten.
    """
    missing = sorted(set(like.columns) - set(rows.columns))
    if missing:
        raise ValueError(f"no step gives the columns {', '.join(missing)}")
    if rows.schema() == like.schema():
        return rows
    return rows.select(**{name: rows[name].cast(kind) for name, kind in like.schema().items()})
