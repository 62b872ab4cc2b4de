"""The bucket equi-join: the same pairs as `pairs`, as one Ibis expression that any engine can run.

Bucket k = t div w; every pair within w lies in one bucket or in two neighbouring ones, so joining
(object, k) with (object, k) and with (object, k + 1) finds them all by equality alone. A range join
on time, or a join on the object alone, would make every pair of a viral object.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def buckets(shares: ir.Table, window: int) -> ir.Table:
    """One row for each share with its bucket; `slack` is taken as zero where the column is absent."""
    slack = shares["slack"].cast("int64") if "slack" in shares.columns else ibis.literal(0, "int64")
    rows = shares.select(
        object_id=shares.object_id.cast("string"),
        account_id=shares.account_id.cast("string"),
        content_id=shares.content_id.cast("string"),
        t=shares.timestamp_share.floor().cast("int64"),
        slack=slack,
    )
    return rows.mutate(k=(rows.t / max(window, 1)).floor().cast("int64"))


def active(shares: ir.Table, at_least: int) -> ir.Table:
    """The shares of accounts that have at least so many."""
    busy = shares.group_by("account_id").having(shares.count() >= at_least).agg(total=shares.count())
    return shares.semi_join(busy, "account_id")


def pairs(shares: ir.Table, *, window: int, widest: int) -> ir.Table:
    """One row for each pair of shares of one object by two accounts within the window, ends included.

    Args:
        shares: object_id, account_id, content_id, timestamp_share, and `slack` in seconds if known.
        window: seconds.
        widest: window plus the largest slack; the width of a bucket.
    Returns:
        object_id, account_a < account_b, content_a, content_b, delay (seconds, zero or more).
    """
    left = buckets(shares, widest)
    right = left.view()
    same = left.join(right, [left.object_id == right.object_id, left.k == right.k, left.account_id < right.account_id])
    next_ = left.join(
        right, [left.object_id == right.object_id, left.k + 1 == right.k, left.account_id != right.account_id]
    )
    rows = ibis.union(_columns(same, left, right), _columns(next_, left, right), distinct=False)
    near = rows.filter(rows.delay <= rows.slack + window)
    return near.drop("slack")


def _columns(joined: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    swap = left.account_id > right.account_id
    return joined.select(
        object_id=left.object_id,
        account_a=ibis.least(left.account_id, right.account_id),
        account_b=ibis.greatest(left.account_id, right.account_id),
        content_a=ibis.ifelse(swap, right.content_id, left.content_id),
        content_b=ibis.ifelse(swap, left.content_id, right.content_id),
        delay=(left.t - right.t).abs(),
        slack=ibis.greatest(left.slack, right.slack),
    )


def edges(near: ir.Table) -> ir.Table:
    """Pairs of accounts with their distinct objects, pairs of shares and summed delay."""
    return near.group_by("account_a", "account_b").agg(
        objects=near.object_id.nunique(),
        shares=near.count(),
        delay_sum=near.delay.sum(),
    )


def object_pairs(near: ir.Table) -> ir.Table:
    """Pairs of shares of each object."""
    return near.group_by("object_id").agg(pairs=near.count())


def taking_part(shares: ir.Table, near: ir.Table) -> ir.Table:
    """For each account, its shares whose content lies in some pair."""
    left = near.select(account_id=near.account_a, content_id=near.content_a)
    right = near.select(account_id=near.account_b, content_id=near.content_b)
    contents = ibis.union(left, right, distinct=True)
    rows = shares.semi_join(contents, ["account_id", "content_id"])
    return rows.group_by("account_id").agg(shares=rows.count())


def directed(near: ir.Table) -> ir.Table:
    """Ordered pairs of accounts; `shares` counts the source's distinct contents in pairs with the target."""
    there = near.select(source=near.account_a, target=near.account_b, content=near.content_a)
    back = near.select(source=near.account_b, target=near.account_a, content=near.content_b)
    both = ibis.union(there, back, distinct=True)
    return both.group_by("source", "target").agg(shares=both.count())
