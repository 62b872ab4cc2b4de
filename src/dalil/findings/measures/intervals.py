"""Shares with their 95 % intervals: Wilson within one cell, a bootstrap over claims across cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dalil.schema.results import Interval, Rate

SMALLEST_N: Final = 10
"""Below this no rate is given, only its counts."""
DRAWS: Final = 2000
SEED: Final = 24
Z: Final = 1.959963984540054
NO_INTERVAL: Final = Interval(None, None)


def wilson(successes: int, n: int) -> Interval:
    """Wilson's score interval, 95 %, without continuity correction.

    Source: Wilson 1927, JASA 22.
    """
    if n == 0:
        return NO_INTERVAL
    share, z2 = successes / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # At the ends the two terms are equal; rounding must not leave a crumb beyond 0 or 1.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return Interval(low, 1.0 if successes == n else min(1.0, middle + half))


def plain_rate(successes: int, n: int, *, unknown: int = 0, left_out: int = 0) -> Rate:
    """A share of independent things, with Wilson's interval; no value below n = 10."""
    enough = n >= SMALLEST_N
    return Rate(
        numerator=successes,
        n=n,
        value=successes / n if enough else None,
        interval=wilson(successes, n) if enough else NO_INTERVAL,
        unknown=unknown,
        left_out=left_out,
        method="wilson",
    )


def clustered_rate(units: Sequence[tuple[str, str, bool]], *, unknown: int = 0, left_out: int = 0) -> Rate:
    """A share of claim × cell units, its interval clustered by claim.

    Within one cell claims are independent and Wilson's interval holds. Across cells the claims are
    drawn again with all their cells (2,000 draws, fixed seed, percentiles). Where every unit agrees
    the draws would all agree too and feign certainty: then Wilson over the number of claims.

    Args:
        units: (claim, cell, counted as one) of each unit.
    """
    n, successes = len(units), sum(hit for _, _, hit in units)
    if n < SMALLEST_N or len({cell for _, cell, _ in units}) <= 1:
        return plain_rate(successes, n, unknown=unknown, left_out=left_out)
    by_claim: dict[str, list[int]] = {}
    for claim, _, hit in units:
        counts = by_claim.setdefault(claim, [0, 0])
        counts[0] += hit
        counts[1] += 1
    if successes in (0, n):
        interval, method = _agreeing(successes, len(by_claim)), "wilson-claims"
    else:
        interval, method = _bootstrap(by_claim), "cluster-bootstrap"
    return Rate(
        numerator=successes,
        n=n,
        value=successes / n,
        interval=interval,
        unknown=unknown,
        left_out=left_out,
        method=method,
    )


def _agreeing(successes: int, claims: int) -> Interval:
    return wilson(claims if successes else 0, claims)


def _bootstrap(by_claim: Mapping[str, Sequence[int]]) -> Interval:
    """Percentile interval over draws of whole claims, in the order of their ids."""
    counts: npt.NDArray[np.int64] = np.array([by_claim[claim] for claim in sorted(by_claim)], dtype=np.int64)
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(counts), size=(DRAWS, len(counts)))
    shares = counts[drawn, 0].sum(axis=1) / counts[drawn, 1].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return Interval(float(low), float(high))
