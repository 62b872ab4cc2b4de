"""Kaplan–Meier with a log-log band, robust to claims that stand in several cells.

Times are hours. The variance is the infinitesimal jackknife summed over clusters; where each unit
is its own cluster it is Greenwood's formula exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dalil.findings.measures.intervals import NO_INTERVAL, SMALLEST_N, Z
from dalil.schema.results import Interval, Survival, SurvivalPoint

MARKS: Final = (1.0, 6.0, 14.0, 24.0, 48.0)
SHOWN_HOURS: Final = 48.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one unit waited: `hours` until it was answered, or so far. `cluster` is its claim."""

    cluster: str
    hours: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function over distinct answer times: the share still waiting after each, with its band."""

    times: Floats
    share: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    longest: float
    n: int

    def at(self, hours: float) -> tuple[float, float, float]:
        """(share, low, high) right after so many hours."""
        place = int(np.searchsorted(self.times, hours, side="right")) - 1
        if place < 0:
            return 1.0, *_no_event_yet(self.n)
        return float(self.share[place]), float(self.low[place]), float(self.high[place])

    def first_at_or_below(self, values: Floats, level: float) -> float | None:
        """The first time at which `values` (share, low or high) is at most `level`."""
        places = np.flatnonzero(values <= level + 1e-12)
        return float(self.times[places[0]]) if len(places) else None


def kaplan_meier(waits: Sequence[Wait]) -> Curve:
    """Estimate the share still waiting.

    Source: Kaplan and Meier 1958, JASA 53; band on log(−log S): Kalbfleisch and Prentice 1980;
    clustered variance: Williams 1995, Biometrics 51, as infinitesimal jackknife.
    """
    # One order, so that sums of fractions come out the same whatever order the waits were given in.
    waits = sorted(waits, key=lambda wait: (wait.cluster, wait.hours, wait.answered))
    hours = np.array([wait.hours for wait in waits], dtype=np.float64)
    answered = np.array([wait.answered for wait in waits], dtype=bool)
    times = np.unique(hours[answered])
    at_risk = np.array([(hours >= t).sum() for t in times], dtype=np.float64)
    events = np.array([(hours[answered] == t).sum() for t in times], dtype=np.float64)
    share: Floats = np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)
    variance = _log_variance(waits, hours, answered, times, at_risk, events)
    low, high = _band(share, variance, at_risk)
    return Curve(times, share, low, high, at_risk, float(hours.max(initial=0.0)), len(waits))


def _log_variance(
    waits: Sequence[Wait],
    hours: Floats,
    answered: npt.NDArray[np.bool_],
    times: Floats,
    at_risk: Floats,
    events: Floats,
) -> Floats:
    """Variance of log S after each time, clustered."""
    names = sorted({wait.cluster for wait in waits})
    number = {name: place for place, name in enumerate(names)}
    cluster = np.array([number[wait.cluster] for wait in waits], dtype=np.int64)
    influence = np.zeros((len(names), len(times)))
    for place, t in enumerate(times):
        left = at_risk[place] - events[place]
        if left == 0:  # everybody answered: S is 0 and its band is set apart
            continue
        here = (answered & (hours == t)) - (hours >= t) * (events[place] / at_risk[place])
        influence[:, place] = np.bincount(cluster, here / left, minlength=len(names))
    summed: Floats = (np.cumsum(influence, axis=1) ** 2).sum(axis=0)
    return summed


def _band(share: Floats, variance: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    low, high = np.zeros_like(share), np.zeros_like(share)
    for place, value in enumerate(share):
        if value <= 0:
            # log-log is not defined at 0: the most that a sample of the last at risk could hide.
            high[place] = 1 - 0.025 ** (1 / at_risk[place])
            continue
        spread = Z * np.sqrt(variance[place]) / abs(np.log(value))
        low[place], high[place] = value ** np.exp(spread), value ** np.exp(-spread)
    return low, high


def _no_event_yet(n: int) -> tuple[float, float]:
    """Band around 1 before the first answer: Clopper–Pearson for none of n."""
    return (float(0.025 ** (1 / n)) if n else 0.0), 1.0


def survival(waits: Sequence[Wait], *, left_out: int = 0) -> Survival:
    """What the page shows: median with its interval, the curve up to 48 h, and the marks.

    A mark beyond the longest wait is not given while some still wait: nobody was watched so long.
    Below n = 10 no rate is given: neither median, curve nor marks.
    """
    n, events = len(waits), sum(wait.answered for wait in waits)
    if n < SMALLEST_N:
        return Survival(
            n=n, events=events, median_hours=None, median=NO_INTERVAL, curve=(), marks=(), left_out=left_out
        )
    curve = kaplan_meier(waits)
    return Survival(
        n=n,
        events=events,
        median_hours=curve.first_at_or_below(curve.share, 0.5),
        median=Interval(curve.first_at_or_below(curve.low, 0.5), curve.first_at_or_below(curve.high, 0.5)),
        curve=_points(curve),
        marks=tuple(SurvivalPoint(hours, *curve.at(hours)) for hours in MARKS if _watched(curve, hours)),
        left_out=left_out,
    )


def _watched(curve: Curve, hours: float) -> bool:
    return hours <= curve.longest or bool(len(curve.share) and curve.share[-1] <= 0)


def _points(curve: Curve) -> tuple[SurvivalPoint, ...]:
    start = SurvivalPoint(0.0, *((1.0, *_no_event_yet(curve.n)) if not _at_zero(curve) else curve.at(0.0)))
    shown = [t for t in curve.times.tolist() if 0 < t <= SHOWN_HOURS]
    return (start, *(SurvivalPoint(t, *curve.at(t)) for t in shown))


def _at_zero(curve: Curve) -> bool:
    return bool(len(curve.times)) and curve.times[0] <= 0


def plain_median(hours: Sequence[float]) -> float | None:
    """Median of waits that all have both ends; None below n = 10."""
    return float(np.median(np.array(hours, dtype=np.float64))) if len(hours) >= SMALLEST_N else None
