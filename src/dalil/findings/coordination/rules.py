"""Which edges count: our rule, and those of two reference tools for the sake of comparison."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dalil.findings.coordination.chance import Chance, Floats, benjamini_hochberg, tail
from dalil.findings.coordination.gathering import Gathered
from dalil.findings.coordination.pairs import Edges
from dalil.findings.coordination.shares import Ints


class Mode(StrEnum):
    """The rule that makes an edge count."""

    DEFAULT = "default"
    COORTWEET = "coortweet"
    QUT = "qut"


@dataclass(frozen=True, slots=True)
class Judged:
    """Edges, which of them are kept, and how chance sees each.

    `threshold` and `at_least` are the largest p-value and the smallest count that are kept, for the
    number of edges that chance alone would give; `directions` is 2 where each edge stands twice.
    """

    edges: Edges
    kept: npt.NDArray[np.bool_]
    mean_delay: Floats
    expected: Floats
    p: Floats
    q: Floats
    chance: Chance
    threshold: float
    at_least: int
    directions: int = 1
    caveats: tuple[str, ...] = ()


def ours(found: Gathered, *, min_participation: int, min_objects: int, fdr: float) -> Judged:
    """Distinct objects, both accounts taking part often enough, and more objects than chance explains."""
    edges = found.edges
    often = edges.taking_part >= min_participation
    edges = edges.where((edges.objects >= min_objects) & often[edges.a] & often[edges.b])
    chance = Chance(found.activity, found.edges.object_pairs)
    expected, p, q = _against(chance, edges)
    kept = q <= fdr
    threshold = float(p[kept].max()) if kept.any() else 0.0
    caveats = []
    if found.missed:
        caveats.append("viral-meetings-missed")
    if _little_background(found.activity, edges, kept):
        caveats.append("little-background")
    delay = edges.delay_sum / np.maximum(edges.shares, 1)
    return Judged(edges, kept, delay, expected, p, q, chance, threshold, min_objects, caveats=tuple(caveats))


def coortweet(found: Gathered, *, min_participation: int, percentile: float) -> Judged:
    """CooRTweet: the weight counts pairs, either account suffices, weights strictly above a percentile.

    Source: Righetti and Balluff, CooRTweet 2.1; its quantile is R's type 7, which is NumPy's.
    """
    often = found.edges.taking_part >= min_participation
    edges = found.edges.where(often[found.edges.a] | often[found.edges.b])
    border = float(np.quantile(edges.shares, percentile)) if len(edges) else 0.0
    chance = Chance(found.activity, found.edges.object_pairs, distinct=False)
    expected = chance.edge_expected(edges.a, edges.b)
    p = tail(edges.shares, expected)
    q = benjamini_hochberg(p, max(chance.tests, len(edges)))
    delay = edges.delay_sum / np.maximum(edges.shares, 1)
    at_least = int(np.floor(border)) + 1
    kept = edges.shares > border
    return Judged(edges, kept, delay, expected, p, q, chance, 1.0, at_least, caveats=("percentile-rule",))


def qut(found: Gathered) -> Judged:
    """QUT coordination network toolkit: directed, the weight counts the source's distinct messages.

    `shares` holds that weight; objects, delay and chance are those of the unordered pair.
    """
    source, target, weight = found.directed()
    edges = found.edges
    accounts = max(len(found.account_names), 1)
    low, high = np.minimum(source, target), np.maximum(source, target)
    place = np.searchsorted(edges.a * accounts + edges.b, low * accounts + high)
    mean_delay = (edges.delay_sum / np.maximum(edges.shares, 1))[place]
    both = _directed(edges, source, target, weight, place)
    chance = Chance(found.activity, edges.object_pairs)
    expected, p, q = _against(chance, both)
    kept = np.ones(len(both), dtype=bool)
    return Judged(both, kept, mean_delay, expected, p, q, chance, 1.0, 1, directions=2, caveats=("every-meeting-kept",))


def _directed(edges: Edges, source: Ints, target: Ints, weight: Ints, place: Ints) -> Edges:
    return Edges(
        source,
        target,
        edges.objects[place],
        weight,
        edges.delay_sum[place],
        edges.object_pairs,
        edges.taking_part,
    )


def _against(chance: Chance, edges: Edges) -> tuple[Floats, Floats, Floats]:
    expected = chance.edge_expected(edges.a, edges.b)
    p = tail(edges.objects, expected)
    return expected, p, benjamini_hochberg(p, max(chance.tests, len(edges)))


def _little_background(activity: Ints, edges: Edges, kept: npt.NDArray[np.bool_]) -> bool:
    """Whether the kept accounts hold most shares: chance was then measured on themselves."""
    members = np.unique(np.concatenate([edges.a[kept], edges.b[kept]]))
    return 2 * int(activity[members].sum()) > int(activity.sum()) > 0
