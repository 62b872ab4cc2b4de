"""Everything a run needs to know about its shares, by arrays in memory or by an engine: equal answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dalil.findings.coordination import expression, pairs, planning, viral
from dalil.findings.coordination.shares import (
    COLUMNS,
    GUESS_FROM,
    MINUTE_SLACK,
    Ints,
    Shares,
    check_columns,
    load,
)
from dalil.schema.words import Precision

Rows = tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The counts of one run. Account and object numbers are places in the two lists of names.

    `objects_of(a, b)` gives (edge number, object number) for edges sorted by (a, b); `directed()`
    ordered pairs (source, target) with the source's distinct contents. `missed` is
    set where edges between accounts that meet on viral objects alone were not looked for.
    """

    edges: pairs.Edges
    activity: Ints
    account_names: list[str]
    object_names: list[str]
    shares: int
    left_out: int
    minute_only: int
    missed: bool
    objects_of: Callable[[Ints, Ints], Rows]
    directed: Callable[[], tuple[Ints, Ints, Ints]]


def by_arrays(
    shares: Shares,
    window: int,
    *,
    min_participation: int,
    min_objects: int,
    drop_own: bool = False,
    limit: int = planning.ALL_PAIRS,
) -> Gathered:
    """Gather in memory.

    Args:
        shares: as loaded; those of accounts with too few are dropped here.
        drop_own: leave shares out whose content is the object itself.
        limit: most pairs that are all made; above, see `viral`.
    """
    busy = shares.of_active_accounts(min_participation)
    if drop_own:
        busy = busy.where(~busy.own)
    by_object = planning.pairs_by_object(busy, window)
    apart = planning.viral_objects(by_object, limit)
    if apart.any():
        found = viral.edges_by_candidates(busy, window, apart, by_object, min_objects=min_objects)
    else:
        found = pairs.edges(busy, window, at_least=min_objects)
    return Gathered(
        edges=found,
        activity=busy.activity(),
        account_names=shares.account_names.to_pylist(),
        object_names=shares.object_names.to_pylist(),
        shares=len(shares),
        left_out=shares.left_out,
        minute_only=shares.minute_only,
        missed=bool(apart.any()),
        objects_of=lambda a, b: pairs.objects_of(busy, window, a, b),
        directed=lambda: pairs.directed(busy, window),
    )


def by_tables(table: ir.Table, window: int, *, min_participation: int, drop_own: bool = False) -> Gathered:
    """Gather by the bucket equi-join on whatever engine the table is bound to.

    Raises:
        InputError: a column is missing, or the times are not numbers.
    """
    check_columns(table)
    rows, before, minute_only = _with_slack(table)
    busy = expression.active(rows, min_participation)
    if drop_own:
        busy = busy.filter(busy.object_id != busy.content_id)
    widest = window + (MINUTE_SLACK if minute_only else 0)
    near = expression.pairs(busy, window=window, widest=widest)
    accounts = _sorted(rows.group_by("account_id").agg(n=rows.count()), "account_id")
    objects = _sorted(rows.group_by("object_id").agg(n=rows.count()), "object_id")
    place = _Places(accounts["account_id"], objects["object_id"])
    found = expression.edges(near).order_by("account_a", "account_b").to_pyarrow()
    activity = place.accounts_filled(busy.group_by("account_id").agg(n=busy.count()).to_pyarrow())
    edges = pairs.Edges(
        place.account(found["account_a"]),
        place.account(found["account_b"]),
        objects=_whole(found["objects"]),
        shares=_whole(found["shares"]),
        delay_sum=_whole(found["delay_sum"]),
        object_pairs=place.objects_filled(expression.object_pairs(near).to_pyarrow()),
        taking_part=place.accounts_filled(expression.taking_part(busy, near).to_pyarrow()),
    )
    kept = int(pc.sum(accounts["n"]).as_py() or 0)
    return Gathered(
        edges=edges,
        activity=activity,
        account_names=accounts["account_id"].to_pylist(),
        object_names=objects["object_id"].to_pylist(),
        shares=kept,
        left_out=before - kept,
        minute_only=minute_only,
        missed=False,
        objects_of=lambda a, b: _objects_of(near, place, a, b),
        directed=lambda: _directed(near, place),
    )


class _Places:
    """From names to their places in the sorted lists."""

    def __init__(self, accounts: pa.ChunkedArray, objects: pa.ChunkedArray) -> None:
        self.accounts = accounts.combine_chunks()
        self.objects = objects.combine_chunks()

    def account(self, names: pa.ChunkedArray) -> Ints:
        places: Any = pc.index_in(names.combine_chunks(), self.accounts)
        return np.asarray(places.to_numpy(zero_copy_only=False), dtype=np.int64)

    def object(self, names: pa.ChunkedArray) -> Ints:
        places: Any = pc.index_in(names.combine_chunks(), self.objects)
        return np.asarray(places.to_numpy(zero_copy_only=False), dtype=np.int64)

    def accounts_filled(self, rows: pa.Table) -> Ints:
        out = np.zeros(len(self.accounts), dtype=np.int64)
        out[self.account(rows.column(0))] = rows.column(1).to_numpy()
        return out

    def objects_filled(self, rows: pa.Table) -> Ints:
        out = np.zeros(len(self.objects), dtype=np.int64)
        out[self.object(rows.column(0))] = rows.column(1).to_numpy()
        return out


def _with_slack(table: ir.Table) -> tuple[ir.Table, int, int]:
    """The shares that can be placed, with the slack of each; how many there were; how many are rough."""
    before = int(table.count().to_pyarrow().as_py())
    names = [*COLUMNS, *(["precision"] if "precision" in table.columns else [])]
    rows = table.select(*names).drop_null()
    rows = rows.mutate(**{name: rows[name].cast("string") for name in COLUMNS[:3]})
    if "precision" in names:
        rows = rows.filter(rows.precision != Precision.DAY.value)
        rough = rows.precision == Precision.MINUTE.value
    else:
        whole = rows.timestamp_share.floor().cast("int64") % 60 == 0
        counts = rows.agg(n=rows.count(), whole=whole.sum()).to_pyarrow().to_pylist()[0]
        guessed = counts["n"] >= GUESS_FROM and 2 * (counts["whole"] or 0) >= counts["n"]
        rough = whole if guessed else ibis.literal(False)
    rows = rows.mutate(slack=ibis.ifelse(rough, MINUTE_SLACK, 0).cast("int64"))
    minute_only = int((rows.slack > 0).sum().to_pyarrow().as_py() or 0)
    return rows, before, minute_only


def _whole(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _sorted(counts: ir.Table, name: str) -> pa.Table:
    found = counts.to_pyarrow()
    return found.take(pc.sort_indices(found, sort_keys=[(name, "ascending")]))


def _objects_of(near: ir.Table, place: _Places, a: Ints, b: Ints) -> Rows:
    kept = pa.table({"account_a": place.accounts.take(pa.array(a)), "account_b": place.accounts.take(pa.array(b))})
    kept = kept.append_column("edge", pa.array(np.arange(len(a))))
    joined = near.join(ibis.memtable(kept), ["account_a", "account_b"])
    rows = joined.select("edge", "object_id").distinct().to_pyarrow()
    edge, code = _whole(rows["edge"]), place.object(rows["object_id"])
    order = np.lexsort((code, edge))
    return edge[order], code[order]


def _directed(near: ir.Table, place: _Places) -> tuple[Ints, Ints, Ints]:
    rows = expression.directed(near).order_by("source", "target").to_pyarrow()
    return place.account(rows["source"]), place.account(rows["target"]), _whole(rows["shares"])


def gather(
    table: ir.Table | pa.Table,
    window: int,
    *,
    min_participation: int,
    min_objects: int,
    largest: int,
    exact_times: bool = False,
    drop_own: bool = False,
) -> Gathered:
    """Gather in memory up to `largest` shares, by the engine above.

    Args:
        exact_times: take every time as exact to the second, as the compatibility modes do.
    """
    check_columns(table)
    if (len(table) if isinstance(table, pa.Table) else int(table.count().to_pyarrow().as_py())) > largest:
        table = ibis.memtable(table) if isinstance(table, pa.Table) else table
        source = table.select(*COLUMNS).mutate(precision=ibis.literal("s")) if exact_times else table
        return by_tables(source, window, min_participation=min_participation, drop_own=drop_own)
    shares = load(table)
    if exact_times:
        shares = shares.exact()
    return by_arrays(shares, window, min_participation=min_participation, min_objects=min_objects, drop_own=drop_own)
