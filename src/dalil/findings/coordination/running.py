"""One run: gather the pairs, judge the edges, and report campaigns with what chance would give."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from dalil.errors import LimitReached
from dalil.findings.coordination import rules
from dalil.findings.coordination.communities import Kept, campaigns
from dalil.findings.coordination.gathering import Gathered, gather
from dalil.findings.coordination.rules import Judged, Mode
from dalil.findings.coordination.shares import window_seconds
from dalil.schema.results import Campaign, CoordinationEdge, CoordinationResult

VERSION: Final = "1"
IN_MEMORY: Final = 20_000_000
"""Up to so many shares are worked on in memory; more, by the engine the table is bound to."""
MOST_EDGES: Final = 2_000_000


def coordinate(
    shares: ir.Table | pa.Table,
    *,
    window: timedelta,
    min_participation: int = 2,
    min_objects: int = 3,
    mode: str = "default",
    fdr: float = 0.05,
    edge_weight: float = 0.5,
    trace: str = "",
    in_memory: int = IN_MEMORY,
) -> CoordinationResult:
    """Find accounts that share the same objects close in time, more often than chance explains.

    Args:
        shares: object_id, account_id, content_id, timestamp_share (epoch seconds); may have `precision`.
        window: whole seconds, ends included.
        min_participation: shares that an account needs in pairs: both accounts of an edge (default
            mode), either (coortweet), not asked (qut).
        min_objects: distinct objects that make an edge; default mode only.
        mode: `default`, `coortweet` or `qut`.
        fdr: Benjamini–Hochberg's false discovery rate; default mode only.
        edge_weight: percentile of the weights above which an edge is kept; coortweet only.
        trace: what the objects are; carried into the result.
        in_memory: most shares that are fetched; above, the engine does the join.
    Returns:
        All edges that reach `min_objects` and participation, kept ones first; campaigns of the kept.
        In qut mode an edge points from `account_a` to `account_b`, else a < b.
    Raises:
        InputError: a column is missing, or the times are not epoch seconds.
        LimitReached: more than `MOST_EDGES` edges.
        ValueError: a parameter is out of range.
    """
    rule, seconds = Mode(mode), window_seconds(window)
    if min_participation < 1 or min_objects < 1 or not 0 < fdr < 1 or not 0 <= edge_weight <= 1:
        raise ValueError("min_participation and min_objects are at least 1; fdr and edge_weight are shares")
    found = gather(
        shares,
        seconds,
        min_participation=1 if rule is Mode.QUT else min_participation,
        min_objects=min_objects if rule is Mode.DEFAULT else 1,
        largest=in_memory,
        exact_times=rule is not Mode.DEFAULT,
        drop_own=rule is Mode.COORTWEET,
    )
    match rule:
        case Mode.DEFAULT:
            judged = rules.ours(found, min_participation=min_participation, min_objects=min_objects, fdr=fdr)
        case Mode.COORTWEET:
            judged = rules.coortweet(found, min_participation=min_participation, percentile=edge_weight)
        case Mode.QUT:
            judged = rules.qut(found)
    return _report(found, judged, mode=rule, window=seconds, trace=trace)


def _report(found: Gathered, judged: Judged, *, mode: Mode, window: int, trace: str) -> CoordinationResult:
    if len(judged.edges) > MOST_EDGES:
        raise LimitReached("edges-too-many", found=len(judged.edges), limit=MOST_EDGES)
    return CoordinationResult(
        trace=trace,
        mode=mode.value,
        window_seconds=window,
        shares=found.shares,
        objects=len(found.object_names),
        accounts=len(found.account_names),
        edges=_edges(judged, found.account_names),
        campaigns=_campaigns(judged, found),
        expected_false_edges=judged.chance.false_edges(judged.threshold, judged.at_least) * judged.directions,
        caveats=(*_caveats(found), *judged.caveats),
    )


def _campaigns(judged: Judged, found: Gathered) -> tuple[Campaign, ...]:
    forward = judged.kept & (judged.edges.a < judged.edges.b)
    edges = judged.edges.where(forward)
    order = np.lexsort((edges.b, edges.a))
    a, b = edges.a[order], edges.b[order]
    if not len(a):
        return ()
    return campaigns(
        Kept(a, b, edges.objects[order], found.objects_of(a, b)),
        account_names=found.account_names,
        object_names=found.object_names,
        chance=judged.chance,
        threshold=judged.threshold,
        at_least=judged.at_least,
    )


def _edges(judged: Judged, names: list[str]) -> tuple[CoordinationEdge, ...]:
    edges = judged.edges
    order = np.lexsort((edges.b, edges.a, -edges.objects, ~judged.kept))
    columns = (edges.a, edges.b, edges.objects, edges.shares)
    judgement = (judged.mean_delay, judged.expected, judged.p, judged.q, judged.kept)
    rows = zip(*(column[order].tolist() for column in (*columns, *judgement)), strict=True)
    return tuple(
        CoordinationEdge(
            account_a=names[a],
            account_b=names[b],
            objects=objects,
            shares=shares,
            mean_delay=delay,
            expected=expected,
            p_value=p,
            q_value=q,
            kept=kept,
        )
        for a, b, objects, shares, delay, expected, p, q, kept in rows
    )


def _caveats(found: Gathered) -> tuple[str, ...]:
    """Codes, some with `=number`; the reference page of the method says what each means."""
    caveats = []
    if found.minute_only:
        caveats.append(f"minute-times={found.minute_only}")
    if found.left_out:
        caveats.append(f"shares-left-out={found.left_out}")
    return tuple(caveats)
