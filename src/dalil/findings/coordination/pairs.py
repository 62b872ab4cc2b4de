"""All pairs of shares of one object that lie close in time, by one sorted sweep over arrays.

The in-memory twin of `expression`: the same pairs, about ten times cheaper where the shares fit in
memory. Pairs are made in blocks, so that memory follows the edges and not the pairs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dalil.findings.coordination.shares import Ints, Shares

BLOCK: Final = 2_000_000
"""Pairs made at once; about 100 bytes each."""


@dataclass(frozen=True, slots=True)
class Edges:
    """m pairs of accounts with a < b (ranks), and what they share within the window.

    `object_pairs` counts, for each object code, the pairs of shares by two different accounts;
    `taking_part`, for each account code, its shares that lie in some pair.
    """

    a: Ints
    b: Ints
    objects: Ints
    shares: Ints
    delay_sum: Ints
    object_pairs: Ints
    taking_part: Ints

    def __len__(self) -> int:
        return len(self.a)

    def where(self, keep: npt.NDArray[np.bool_]) -> Edges:
        """The edges at which `keep` is true."""
        return dataclasses.replace(
            self,
            a=self.a[keep],
            b=self.b[keep],
            objects=self.objects[keep],
            shares=self.shares[keep],
            delay_sum=self.delay_sum[keep],
        )


def reach(shares: Shares, window: int) -> Ints:
    """For each share, how many later ones of the same object lie within the window, slack included.

    The sum is the exact number of pairs (with those of one account among themselves), without
    making any.
    """
    if not len(shares):
        return np.zeros(0, dtype=np.int64)
    widest = window + int(shares.slack.max())
    since = shares.times - shares.times.min()
    span = int(since.max()) + widest + 1
    # Ranks of the objects that occur, so that the key below stays within 63 bits.
    rank = np.cumsum(np.r_[0, shares.objects[1:] != shares.objects[:-1]])
    if (int(rank[-1]) + 1) * span >= 2**63:
        raise ValueError("times lie too far apart to be sorted with their objects")
    key = rank * span + since
    counts: Ints = np.searchsorted(key, key + widest, side="right") - np.arange(len(key)) - 1
    return counts


def blocks(shares: Shares, window: int, *, block: int = BLOCK) -> Iterator[tuple[Ints, Ints]]:
    """Pairs (i, j) of row numbers, i < j, of different accounts within the window, ends included.

    Rows of one object may be split over several blocks; the pairs of one i never are.
    """
    counts = reach(shares, window)
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + block, side="right")))
        yield _pairs(shares, window, counts, start, stop)
        start = stop


def _pairs(shares: Shares, window: int, counts: Ints, start: int, stop: int) -> tuple[Ints, Ints]:
    here = counts[start:stop]
    i = np.repeat(np.arange(start, stop), here)
    first = np.repeat(np.cumsum(here) - here, here)
    j = i + 1 + np.arange(len(i)) - first
    apart = shares.accounts[i] != shares.accounts[j]
    if shares.slack.any():
        allowed = window + np.maximum(shares.slack[i], shares.slack[j])
        apart &= shares.times[j] - shares.times[i] <= allowed
    return i[apart], j[apart]


def edges(shares: Shares, window: int, *, at_least: int = 1, block: int = BLOCK) -> Edges:
    """Aggregate all pairs to edges.

    Args:
        window: seconds, ends included.
        at_least: distinct objects that an edge must have; others are not returned. Who takes part
            and the pairs of each object are counted over all pairs all the same.
    """
    accounts = len(shares.account_names)
    object_pairs = np.zeros(len(shares.object_names), dtype=np.int64)
    seen = np.zeros(int(shares.contents.max()) + 1 if len(shares) else 0, dtype=bool)
    often = _Often(int(reach(shares, window).sum()) if at_least > 1 else 0)
    for i, j in blocks(shares, window, block=block):
        seen[shares.contents[i]] = True
        seen[shares.contents[j]] = True
        object_pairs += np.bincount(shares.objects[i], minlength=len(object_pairs))
        if at_least > 1:
            often.add(pair_keys(shares, i, j))
    parts: list[Ints] = []
    for i, j in blocks(shares, window, block=block):
        hopeful = often.at_least(pair_keys(shares, i, j), at_least) if at_least > 1 else slice(None)
        parts.append(rows_of_block(shares, i[hopeful], j[hopeful]))
    pair, objects, count, delay = merge(parts)
    taking_part = np.bincount(shares.accounts[seen[shares.contents]], minlength=accounts)
    n = max(accounts, 1)
    found = Edges(pair // n, pair % n, objects, count, delay, object_pairs, taking_part)
    return found.where(objects >= at_least) if at_least > 1 else found


class _Often:
    """How often each pair of accounts occurs, at most: counts in buckets, so never too few.

    Most pairs of accounts meet once; dropping these before anything is sorted is most of the speed.
    """

    def __init__(self, pairs: int) -> None:
        self._mask = (1 << min(max((2 * pairs).bit_length(), 10), 25)) - 1
        self._counts = np.zeros(self._mask + 1, dtype=np.int64)  # the type of 1: another is ten times slower

    def add(self, keys: Ints) -> None:
        np.add.at(self._counts, keys & self._mask, 1)

    def at_least(self, keys: Ints, number: int) -> npt.NDArray[np.bool_]:
        enough: npt.NDArray[np.bool_] = self._counts[keys & self._mask] >= number
        return enough


def pair_keys(shares: Shares, i: Ints, j: Ints) -> Ints:
    """One number for each unordered pair of accounts: a × accounts + b, a < b."""
    left, right = shares.accounts[i], shares.accounts[j]
    keys: Ints = np.minimum(left, right) * len(shares.account_names) + np.maximum(left, right)
    return keys


def rows_of_block(shares: Shares, i: Ints, j: Ints) -> Ints:
    """Rows (pair key, object, count, delay sum), one for each pair of accounts and object of a block."""
    pair, objects, delay = pair_keys(shares, i, j), shares.objects[i], shares.times[j] - shares.times[i]
    order = np.lexsort((objects, pair))
    pair, objects, delay = pair[order], objects[order], delay[order]
    first = _first_of_run(pair, objects)
    starts = np.flatnonzero(first)
    count = np.diff(np.r_[starts, len(pair)])
    sums = np.add.reduceat(delay, starts) if len(starts) else delay[:0]
    return np.stack([pair[starts], objects[starts], count, sums])


def merge(parts: list[Ints]) -> tuple[Ints, Ints, Ints, Ints]:
    """(pair key, objects, count, delay sum), summed over blocks; an object that two blocks share counts once."""
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty, empty
    rows = np.concatenate(parts, axis=1)
    pair, objects, count, delay = rows[:, np.lexsort((rows[1], rows[0]))] if len(parts) > 1 else rows
    starts = np.flatnonzero(_first_of_run(pair))
    if not len(starts):
        return pair, objects, count, delay
    distinct = np.add.reduceat(_first_of_run(pair, objects).astype(np.int64), starts)
    return pair[starts], distinct, np.add.reduceat(count, starts), np.add.reduceat(delay, starts)


def _first_of_run(*columns: Ints) -> npt.NDArray[np.bool_]:
    """True where a sorted row differs from the one before it."""
    first = np.ones(len(columns[0]), dtype=bool)
    if len(first) > 1:
        first[1:] = False
        for column in columns:
            first[1:] |= column[1:] != column[:-1]
    return first


def _distinct(first: Ints, second: Ints) -> Ints:
    """The distinct rows of two columns, sorted, as an array of shape (2, rows)."""
    order = np.lexsort((second, first))
    keep = order[_first_of_run(first[order], second[order])]
    return np.stack([first[keep], second[keep]])


def objects_of(shares: Shares, window: int, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Which objects each of some edges shares.

    Args:
        a, b: ranks of the edges' accounts, a < b, sorted by (a, b).
    Returns:
        (edge number, object code), one row for each edge and object, sorted.
    """
    accounts = len(shares.account_names)
    wanted = a * accounts + b
    touched = np.zeros(accounts, dtype=bool)
    touched[a] = True
    touched[b] = True
    small = shares.where(touched[shares.accounts])
    found: list[Ints] = [np.zeros((2, 0), dtype=np.int64)]
    for i, j in blocks(small, window):
        pair = pair_keys(small, i, j)
        place = np.minimum(np.searchsorted(wanted, pair), max(len(wanted) - 1, 0))
        hit = wanted[place] == pair if len(wanted) else np.zeros(len(pair), dtype=bool)
        found.append(_distinct(place[hit], small.objects[i][hit]))
    edge, code = _distinct(*np.concatenate(found, axis=1))
    return edge, code


def directed(shares: Shares, window: int) -> tuple[Ints, Ints, Ints]:
    """Ordered pairs of accounts (source, target) and the source's distinct contents in pairs with the target."""
    accounts = len(shares.account_names)
    parts = [np.zeros((2, 0), dtype=np.int64)]
    for i, j in blocks(shares, window):
        left, right = shares.accounts[i], shares.accounts[j]
        keys = np.concatenate([left * accounts + right, right * accounts + left])
        parts.append(_distinct(keys, np.concatenate([shares.contents[i], shares.contents[j]])))
    pair, weight = np.unique(_distinct(*np.concatenate(parts, axis=1))[0], return_counts=True)
    return pair // max(accounts, 1), pair % max(accounts, 1), weight
