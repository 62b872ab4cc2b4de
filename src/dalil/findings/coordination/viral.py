"""Candidate, then complete: what to do when a few viral objects hold nearly all pairs.

Pairs on the other objects find candidates, pairs of accounts with at least two objects in common;
then the candidates' pairs on the viral objects are added back, so that weights are exact for every
candidate. A cap on viral objects instead would drop their shares and be a hole to hide in. What
meets on viral objects alone is missed, and the result says so.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dalil.findings.coordination.pairs import Edges, blocks, edges, merge, pair_keys, rows_of_block
from dalil.findings.coordination.shares import Ints, Shares

CANDIDATE_OBJECTS: Final = 2
_MASK: Final = 1 << 24


def edges_by_candidates(
    shares: Shares, window: int, viral: npt.NDArray[np.bool_], by_object: Ints, *, min_objects: int
) -> Edges:
    """The edges of all candidates, with viral objects counted in.

    Args:
        window: seconds, ends included.
        viral: for each object code, whether it is left for the second pass.
        by_object: pairs of each object code, as `planning.pairs_by_object` counts them.
        min_objects: a pair of accounts with `min(2, min_objects)` objects is a candidate.
    """
    apart = viral[shares.objects]
    small = edges(shares.where(~apart), window, at_least=min(CANDIDATE_OBJECTS, min_objects))
    added, taking_part = _on_viral(shares.where(apart), window, small)
    accounts = max(len(shares.account_names), 1)
    first = np.stack([small.a * accounts + small.b, small.objects, small.shares, small.delay_sum])
    rows = np.concatenate([first, added], axis=1)
    rows = rows[:, np.argsort(rows[0], kind="stable")]
    starts = np.flatnonzero(np.r_[True, rows[0, 1:] != rows[0, :-1]]) if rows.shape[1] else np.zeros(0, dtype=np.int64)
    objects, count, delay = (np.add.reduceat(rows[n], starts) if len(starts) else rows[n] for n in (1, 2, 3))
    return Edges(
        rows[0, starts] // accounts,
        rows[0, starts] % accounts,
        objects,
        count,
        delay,
        np.where(viral, by_object, small.object_pairs),
        small.taking_part + taking_part,
    )


def _on_viral(shares: Shares, window: int, candidates: Edges) -> tuple[Ints, Ints]:
    """Rows (pair, objects, shares, delay sum) of the candidates on viral objects, and who takes part."""
    accounts = max(len(shares.account_names), 1)
    wanted = candidates.a * accounts + candidates.b
    touched = np.zeros(accounts, dtype=bool)
    touched[candidates.a] = True
    touched[candidates.b] = True
    near = shares.where(touched[shares.accounts])
    mask = np.zeros(_MASK, dtype=bool)
    mask[wanted % _MASK] = True
    seen = np.zeros(len(near), dtype=bool)
    parts: list[Ints] = []
    for i, j in blocks(near, window):
        pair = pair_keys(near, i, j)
        maybe = np.flatnonzero(mask[pair % _MASK])
        hit = maybe[np.isin(pair[maybe], wanted)]
        seen[i[hit]] = True
        seen[j[hit]] = True
        parts.append(rows_of_block(near, i[hit], j[hit]))
    taking_part = np.bincount(near.accounts[seen], minlength=len(shares.account_names))
    return np.stack(merge(parts)), taking_part
