"""Campaigns: communities of kept edges, reported by the objects they push and not by their members.

Leiden on the edges' distinct objects. Private accounts are counted, never listed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from dalil.findings.coordination.chance import Chance
from dalil.findings.coordination.privacy import is_private
from dalil.findings.coordination.shares import Ints
from dalil.schema.results import Campaign

SEED: Final = 20140610
"""Leiden draws at random; a fixed seed makes one input give one answer."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept edges of a run: account numbers a, b, distinct objects, and (edge, object) rows."""

    a: Ints
    b: Ints
    objects: Ints
    object_rows: tuple[Ints, Ints]


def partition(a: Ints, b: Ints, weight: Ints) -> Ints:
    """Community number of each edge's end a and of its end b: an array of shape (2, edges).

    Source: Traag, Waltman and van Eck 2019, "From Louvain to Leiden", Scientific Reports 9.
    """
    import igraph  # loaded only where there is an edge to group
    import leidenalg

    accounts, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    ends = ends.reshape(2, -1)
    graph = igraph.Graph(n=len(accounts), edges=ends.T.tolist())
    found = leidenalg.find_partition(
        graph, leidenalg.ModularityVertexPartition, weights=weight.tolist(), n_iterations=-1, seed=SEED
    )
    membership: Ints = np.asarray(found.membership, dtype=np.int64)
    return membership[ends]


def campaigns(
    kept: Kept,
    *,
    account_names: list[str],
    object_names: list[str],
    chance: Chance,
    threshold: float,
    at_least: int,
) -> tuple[Campaign, ...]:
    """Group kept edges into campaigns, the one with most objects first.

    An edge between two communities belongs to neither. A campaign's objects are those that at
    least one of its edges shares, most shared first.

    Args:
        account_names, object_names: names of the codes in `kept`.
        threshold, at_least: the rule that kept the edges, for the number chance alone would give.
    """
    if not len(kept.a):
        return ()
    community = partition(kept.a, kept.b, kept.objects)
    home = np.where(community[0] == community[1], community[0], -1)
    found = []
    for number in np.unique(home[home >= 0]):
        mine = home == number
        members = np.unique(np.concatenate([kept.a[mine], kept.b[mine]]))
        false_edges = chance.false_edges(threshold, at_least, members)
        objects = _objects(kept.object_rows, mine, object_names)
        found.append(_campaign([account_names[m] for m in members], objects, int(mine.sum()), false_edges))
    return tuple(sorted(found, key=lambda c: (-len(c.objects), -c.edges, c.key)))


def _objects(rows: tuple[Ints, Ints], mine: Ints, names: list[str]) -> tuple[str, ...]:
    edge, code = rows
    codes, often = np.unique(code[mine[edge]], return_counts=True)
    return tuple(name for _, name in sorted((-int(n), names[c]) for c, n in zip(codes, often, strict=True)))


def _campaign(members: list[str], objects: tuple[str, ...], edges: int, false_edges: float) -> Campaign:
    public = tuple(sorted(name for name in members if not is_private(name)))
    digest = hashlib.sha256("\n".join(sorted(objects)).encode("utf-8", "surrogatepass"))
    return Campaign(
        key=f"campaign:{digest.hexdigest()[:16]}",
        accounts=len(members),
        private_accounts=len(members) - len(public),
        public_accounts=public,
        objects=objects,
        edges=edges,
        expected_false_edges=false_edges,
    )
