"""Slow, naive answers to what `dalil.findings.coordination` computes, and campaigns to find.

Nothing here shares code with what it checks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa


class Row(NamedTuple):
    """One share."""

    object_id: str
    account_id: str
    content_id: str
    timestamp_share: int


def table(rows: list[Row], **more: list[object]) -> ir.Table:
    """The rows as an Ibis table, with further columns if given."""
    columns = {
        "object_id": pa.array([row.object_id for row in rows], pa.string()),
        "account_id": pa.array([row.account_id for row in rows], pa.string()),
        "content_id": pa.array([row.content_id for row in rows], pa.string()),
        "timestamp_share": pa.array([row.timestamp_share for row in rows], pa.int64()),
        **{name: pa.array(values) for name, values in more.items()},
    }
    return ibis.memtable(pa.table(columns))


def pairs(rows: list[Row], window: int) -> list[tuple[Row, Row]]:
    """All pairs of rows of one object by two accounts within the window, by looking at every pair of an object."""
    by_object: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_object[row.object_id].append(row)
    return [
        (x, y)
        for some in by_object.values()
        for x, y in combinations(some, 2)
        if x.account_id != y.account_id and abs(x.timestamp_share - y.timestamp_share) <= window
    ]


def active(rows: list[Row], at_least: int) -> list[Row]:
    """Rows of accounts with at least so many."""
    count: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        count[row.account_id] += 1
    return [row for row in rows if count[row.account_id] >= at_least]


def taking_part(rows: list[Row], found: list[tuple[Row, Row]]) -> dict[str, int]:
    """For each account, its rows whose content lies in some pair."""
    contents = {(row.account_id, row.content_id) for pair in found for row in pair}
    count: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        count[row.account_id] += (row.account_id, row.content_id) in contents
    return dict(count)


def edges(rows: list[Row], window: int) -> dict[tuple[str, str], tuple[int, int, float]]:
    """{(a, b): (distinct objects, pairs of shares, mean delay)}, a < b."""
    objects: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    delays: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for x, y in pairs(rows, window):
        a, b = sorted((x.account_id, y.account_id))
        objects[a, b].add(x.object_id)
        delays[a, b].append(abs(x.timestamp_share - y.timestamp_share))
    return {key: (len(objects[key]), len(delays[key]), sum(delays[key]) / len(delays[key])) for key in objects}


def default_edges(
    rows: list[Row], window: int, *, min_participation: int, min_objects: int
) -> dict[tuple[str, str], tuple[int, int, float]]:
    """What the default mode returns, kept or not."""
    busy = active(rows, min_participation)
    often = taking_part(busy, pairs(busy, window))
    return {
        key: value
        for key, value in edges(busy, window).items()
        if value[0] >= min_objects and all(often[account] >= min_participation for account in key)
    }


def coortweet_edges(
    rows: list[Row], window: int, *, min_participation: int
) -> dict[tuple[str, str], tuple[int, float]]:
    """{(a, b): (pairs of shares, mean delay)} where either account takes part often enough."""
    busy = active(rows, min_participation)
    often = taking_part(busy, pairs(busy, window))
    return {
        key: value[1:]
        for key, value in edges(busy, window).items()
        if any(often[account] >= min_participation for account in key)
    }


def qut_edges(rows: list[Row], window: int) -> dict[tuple[str, str], int]:
    """{(source, target): the source's distinct contents in pairs with the target}."""
    contents: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for x, y in pairs(rows, window):
        contents[x.account_id, y.account_id].add(x.content_id)
        contents[y.account_id, x.account_id].add(y.content_id)
    return {key: len(value) for key, value in contents.items()}


def expected(rows: list[Row], window: int, a: str, b: str) -> float:
    """Distinct objects that chance alone would let two accounts share."""
    activity: defaultdict[str, int] = defaultdict(int)
    per_object: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        activity[row.account_id] += 1
    for x, _ in pairs(rows, window):
        per_object[x.object_id] += 1
    total = sum(activity.values())
    other = sum(activity[x] * activity[y] for x, y in combinations(activity, 2))
    assert math.isclose(2 * other, total**2 - sum(n * n for n in activity.values()))
    return sum(1 - math.exp(-n * activity[a] * activity[b] / other) for n in per_object.values())


def poisson_tail(count: int, rate: float) -> float:
    """P(X ≥ count), term by term from the top so that small tails keep their digits."""
    term = math.exp(-rate) * rate**count / math.factorial(count)
    total, n = 0.0, count
    while term > total * 1e-17 or n < rate:
        total += term
        n += 1
        term *= rate / n
    return total


class Planted(NamedTuple):
    """Shares with campaigns hidden in them; `together` are the pairs of one campaign."""

    rows: list[Row]
    together: set[tuple[str, str]]


def planted(
    seed: int,
    *,
    shares: int = 20_000,
    accounts: int = 2_000,
    objects: int = 3_000,
    campaigns: int = 5,
    members: int = 12,
    pushed: int = 20,
    joins: float = 0.6,
) -> Planted:
    """Organic sharing with heavy tails and bursts, and campaigns whose members push objects within 50 s."""
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, objects + 1) ** 0.9
    busyness = 1 / (np.arange(1, accounts + 1) + 20) ** 0.8
    obj = rng.choice(objects, shares, p=popularity / popularity.sum())
    acc = rng.choice(accounts, shares, p=busyness / busyness.sum())
    born = rng.integers(0, 30 * 86400, objects)
    late = rng.lognormal(math.log(3600), 1.5, shares).astype(np.int64)
    rows = [
        Row(f"o{o}", f"a{a}", f"c{n}", 1_700_000_000 + int(born[o] + d))
        for n, (o, a, d) in enumerate(zip(obj.tolist(), acc.tolist(), late.tolist(), strict=True))
    ]
    together: set[tuple[str, str]] = set()
    for group in range(campaigns):
        names = sorted(f"x{group}-{member}" for member in range(members))
        together |= set(combinations(names, 2))
        for o in rng.integers(objects // 10, objects, pushed).tolist():
            start = 1_700_000_000 + int(born[o]) + int(rng.lognormal(math.log(3600), 1))
            for name in names:
                if rng.random() < joins:
                    rows.append(Row(f"o{o}", name, f"c{len(rows)}", start + int(rng.integers(0, 50))))
        for name in names:  # members also talk like everybody else
            for o in rng.choice(objects, 5, p=popularity / popularity.sum()).tolist():
                at = 1_700_000_000 + int(born[o]) + int(rng.lognormal(math.log(3600), 1.5))
                rows.append(Row(f"o{o}", name, f"c{len(rows)}", at))
    return Planted(rows, together)
