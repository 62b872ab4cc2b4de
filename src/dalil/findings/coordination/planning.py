"""Plan before the run: exact numbers of shares and pairs, and where the pairs lie, without making any."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

import ibis.expr.types as ir
import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dalil.findings.coordination import pairs
from dalil.findings.coordination.shares import Ints, Shares, load, window_seconds

ALL_PAIRS: Final = 60_000_000
"""Up to so many pairs all are made; above, candidates come from small objects first."""


class Way(StrEnum):
    """How a run goes about it."""

    ALL_PAIRS = "all-pairs"
    CANDIDATES = "candidates-then-complete"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run would do. `pairs` is exact, with those of one account among themselves.

    `viral_objects` of `objects` hold `viral_pairs` of the pairs; a run by candidates does not look
    for new edges among them. `minute_only` shares have times to the minute; their pairs are given
    59 s more.
    """

    shares: int
    left_out: int
    objects: int
    accounts: int
    window_seconds: int
    pairs: int
    largest_object_pairs: int
    viral_objects: int
    viral_pairs: int
    minute_only: int
    way: Way


def plan(shares: ir.Table | pa.Table, *, window: timedelta = timedelta(seconds=60)) -> Plan:
    """Count what a run over a table of shares would do.

    Raises:
        InputError: a column is missing, or the times are not epoch seconds.
        ValueError: the window is negative or not whole seconds.
    """
    return plan_of(load(shares), window_seconds(window))


def plan_of(shares: Shares, window: int, *, limit: int = ALL_PAIRS) -> Plan:
    """The same for shares in arrays; `limit` is the largest number of pairs that are all made."""
    by_object = pairs_by_object(shares, window)
    total = int(by_object.sum())
    viral = viral_objects(by_object, limit)
    return Plan(
        shares=len(shares),
        left_out=shares.left_out,
        objects=len(np.unique(shares.objects)),
        accounts=len(np.unique(shares.accounts)),
        window_seconds=window,
        pairs=total,
        largest_object_pairs=int(by_object.max(initial=0)),
        viral_objects=int(viral.sum()),
        viral_pairs=int(by_object[viral].sum()),
        minute_only=shares.minute_only,
        way=Way.CANDIDATES if viral.any() else Way.ALL_PAIRS,
    )


def pairs_by_object(shares: Shares, window: int) -> Ints:
    """Pairs of each object code, counted and not made."""
    counts = pairs.reach(shares, window)
    return np.bincount(shares.objects, counts, minlength=len(shares.object_names)).astype(np.int64)


def viral_objects(by_object: Ints, limit: int) -> npt.NDArray[np.bool_]:
    """True for the fewest objects, largest first, without which the rest has at most `limit` pairs."""
    if int(by_object.sum()) <= limit:
        return np.zeros(len(by_object), dtype=bool)
    order = np.argsort(-by_object, kind="stable")
    left = int(by_object.sum()) - np.cumsum(by_object[order])
    viral = np.zeros(len(by_object), dtype=bool)
    viral[order[: int(np.searchsorted(-left, -limit)) + 1]] = True
    return viral
