"""What chance alone would give: a Poisson null on account and object activity.

Under the null the times and sizes of every object's shares are as they were, but who shares is
drawn anew: each pair of shares of an object falls on accounts a and b with a chance proportional to
the product of their activities. An object with P pairs then joins a and b with probability
1 − exp(−P x), x = 2 s_a s_b ÷ (S² − Σ s²), and the number of distinct objects that join them is
close to Poisson with mean λ(x) = Σ 1 − exp(−P x). Keeping the objects' own bursts makes organic
virality expensive to mistake for coordination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dalil.findings.coordination.shares import Ints

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

Floats = npt.NDArray[np.float64]

_GRID: Final = 256
_LEVELS: Final = 96
"""Activity levels told apart when chance edges are counted; above, levels are put in log bins."""


class Chance:
    """The null for one run.

    Args:
        activity: shares of each account, zero for an account that takes no part.
        object_pairs: pairs of shares of each object by two different accounts.
        distinct: count distinct objects (default), or pairs of shares.
    """

    def __init__(self, activity: Ints, object_pairs: Ints, *, distinct: bool = True) -> None:
        self._activity = activity
        total = float(activity.sum())
        crossing = total * total - float((activity.astype(np.float64) ** 2).sum())
        self._scale = 2.0 / crossing if crossing > 0 else 0.0
        sizes, often = np.unique(object_pairs[object_pairs > 0], return_counts=True)
        self._pairs = float((sizes * often).sum())
        self._curve = _curve(sizes, often, activity, self._scale) if distinct and self._pairs and self._scale else None

    @property
    def tests(self) -> int:
        """Pairs of accounts that could have been found: the number of hypotheses."""
        n = int(np.count_nonzero(self._activity))
        return n * (n - 1) // 2

    def expected(self, product: Floats) -> Floats:
        """λ for pairs of accounts with the given products of activities."""
        x = product * self._scale
        if self._curve is None:
            return x * self._pairs
        inside = np.clip(np.log(np.maximum(x, 1e-300)), self._curve.x[0], self._curve.x[-1])
        rate: Floats = np.minimum(np.exp(self._curve(inside)), x * self._pairs)
        return rate

    def edge_expected(self, a: Ints, b: Ints) -> Floats:
        """λ for pairs of account codes."""
        product: Floats = self._activity[a].astype(np.float64) * self._activity[b]
        return self.expected(product)

    def false_edges(self, threshold: float, at_least: int, members: Ints | None = None) -> float:
        """How many pairs of accounts chance alone brings to `at_least` and to a p-value of `threshold`.

        Args:
            threshold: largest p-value that is kept; 1 where the p-value does not decide.
            at_least: smallest number that makes an edge.
            members: account codes to look among; all where None.
        """
        activity = self._activity if members is None else self._activity[members]
        levels, people = _levels(activity[activity > 0])
        if threshold <= 0 or not len(levels):
            return 0.0
        left, right = np.triu_indices(len(levels))
        pairs = np.where(left == right, people[left] * (people[left] - 1) / 2, people[left] * people[right])
        rate = self.expected(levels[left] * levels[right])
        need = smallest_count(rate, threshold, at_least)
        return float((pairs * tail(need, rate)).sum())


def tail(count: Floats | Ints, rate: Floats) -> Floats:
    """P(X ≥ count) for X Poisson with the given mean; 1 for a count of zero."""
    from scipy.special import gammainc  # SciPy takes a second to load: only where it is used

    result: Floats = np.where(np.asarray(count) > 0, gammainc(np.maximum(count, 1), rate), 1.0)
    return result


def smallest_count(rate: Floats, threshold: float, at_least: int) -> Floats:
    """For each mean, the smallest count of `at_least` or more whose tail is within the threshold."""
    low = np.full(len(rate), float(max(at_least, 1)))
    if threshold >= 1:
        return low
    step = np.maximum(np.ceil(rate + 60 + 12 * np.sqrt(rate)), low)
    high: Floats = step.copy()
    while np.any(wide := tail(high, rate) > threshold):
        high = np.where(wide, high * 2, high)
    while np.any(low < high):
        middle = np.floor((low + high) / 2)
        enough = tail(middle, rate) <= threshold
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle + 1)
    return high


def benjamini_hochberg(p: Floats, tests: int) -> Floats:
    """q-values when `tests` hypotheses were looked at and all but these had p = 1.

    Source: Benjamini and Hochberg 1995, JRSS B 57.
    """
    order = np.argsort(p, kind="stable")
    raw = p[order] * tests / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def _curve(sizes: Ints, often: Ints, activity: Ints, scale: float) -> CubicSpline | None:
    """log λ as a smooth function of log x: a spline through exact points (error below 1e-6)."""
    from scipy.interpolate import CubicSpline

    active = np.sort(activity[activity > 0]).astype(np.float64)
    if len(active) < 2:
        return None
    low, high = np.log(active[0] * active[1] * scale), np.log(active[-1] * active[-2] * scale)
    grid = np.linspace(low - 0.01, high + 0.01, _GRID)
    exact = -np.expm1(-np.outer(np.exp(grid), sizes.astype(np.float64))) @ often
    return CubicSpline(grid, np.log(exact))


def _levels(activity: Ints) -> tuple[Floats, Floats]:
    """Distinct activities and how many accounts have each; binned by their mean where there are many."""
    values, people = np.unique(activity, return_counts=True)
    if len(values) <= _LEVELS:
        return values.astype(np.float64), people.astype(np.float64)
    bins = np.floor(np.log(values / values[0]) / np.log(values[-1] / values[0] + 1e-9) * (_LEVELS - 1)).astype(np.int64)
    weight = np.bincount(bins, people)
    mean = np.bincount(bins, values * people)[weight > 0] / weight[weight > 0]
    return mean, weight[weight > 0].astype(np.float64)
