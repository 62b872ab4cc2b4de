"""Signal rows of one method only: methods change, facts do not, and two methods are never mixed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def newest_method(signals: ir.Table, *keys: str) -> ir.Table:
    """One row for each key: that of the newest method version.

    Versions compare as numbers where they are whole numbers, so that 10 is newer than 9.

    Args:
        signals: has `method`, `method_version` and the key columns.
    """
    age = signals.method_version.try_cast("int64").fill_null(-1)
    window = ibis.window(group_by=list(keys), order_by=[ibis.desc(age), ibis.desc(signals.method_version)])
    numbered = signals.mutate(nth=ibis.row_number().over(window))
    return numbered.filter(numbered.nth == 0).drop("nth")
