"""Kaplan–Meier against SciPy, a naive product, and the promises made about censoring."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.findings.measures import kaplan_meier as naive
from scipy import stats

from dalil.findings.measures.survival import MARKS, Wait, kaplan_meier, plain_median, survival

HOURS = st.one_of(st.integers(0, 60).map(float), st.floats(0, 90))
WAITS = st.lists(st.tuples(HOURS, st.booleans()), min_size=10, max_size=40)


def alone(waits: list[tuple[float, bool]]) -> list[Wait]:
    """Each in a cluster of its own."""
    return [Wait(str(n), hours, answered) for n, (hours, answered) in enumerate(waits)]


def scipy_curve(waits: list[tuple[float, bool]]) -> stats._result_classes.ECDFResult:  # type: ignore[name-defined]
    data = stats.CensoredData.right_censored([t for t, _ in waits], [not answered for _, answered in waits])
    return stats.ecdf(data)


@given(WAITS)
def test_the_curve_is_scipys(waits: list[tuple[float, bool]]) -> None:
    curve, theirs = kaplan_meier(alone(waits)), scipy_curve(waits)
    for place, t in enumerate(curve.times.tolist()):
        assert curve.share[place] == pytest.approx(float(theirs.sf.evaluate(t)), abs=1e-12)


@given(WAITS)
def test_the_band_is_scipys_log_log_band(waits: list[tuple[float, bool]]) -> None:
    curve, theirs = kaplan_meier(alone(waits)), scipy_curve(waits)
    if not len(curve.times):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at 0 and 1 SciPy warns that the band is not defined
        band = theirs.sf.confidence_interval(confidence_level=0.95, method="log-log")
        for place, t in enumerate(curve.times.tolist()):
            low, high = float(band.low.evaluate(t)), float(band.high.evaluate(t))
            if math.isfinite(low) and 0 < curve.share[place] < 1:
                assert curve.low[place] == pytest.approx(low, abs=1e-9)
                assert curve.high[place] == pytest.approx(high, abs=1e-9)


@given(WAITS, st.floats(0, 100))
def test_the_curve_is_the_naive_product(waits: list[tuple[float, bool]], hours: float) -> None:
    assert kaplan_meier(alone(waits)).at(hours)[0] == pytest.approx(naive(waits, hours), abs=1e-12)


@given(WAITS)
def test_shares_fall_and_stay_inside_their_band(waits: list[tuple[float, bool]]) -> None:
    result = survival(alone(waits))
    shares = [point.share for point in result.curve]
    assert shares == sorted(shares, reverse=True)
    for point in (*result.curve, *result.marks):
        assert 0 <= point.low <= point.share + 1e-12
        assert point.share - 1e-12 <= point.high <= 1
    assert [point.hours for point in result.marks] == [h for h in MARKS if h in {p.hours for p in result.marks}]
    assert all(point.hours <= 48 for point in result.curve)


@given(WAITS, st.data())
def test_silence_never_improves_the_figure(waits: list[tuple[float, bool]], data: st.DataObject) -> None:
    """Taking back an answer, so that the claim stays unanswered to the end, never lowers the curve."""
    chosen = data.draw(st.integers(0, len(waits) - 1))
    silent = list(waits)
    silent[chosen] = (max(t for t, _ in waits) + 1, False)
    before, after = survival(alone(waits)), survival(alone(silent))
    for hours in MARKS:
        assert naive(silent, hours) >= naive(waits, hours) - 1e-12
    if after.median_hours is not None:
        assert before.median_hours is not None
        assert before.median_hours <= after.median_hours


def test_below_ten_there_is_no_rate() -> None:
    result = survival(alone([(1.0, True)] * 9), left_out=2)
    assert (result.n, result.events, result.left_out) == (9, 9, 2)
    assert (result.median_hours, result.curve, result.marks) == (None, (), ())
    assert (result.median.low, result.median.high) == (None, None)


def test_a_median_by_hand() -> None:
    waits = [(float(n), True) for n in range(1, 11)]
    result = survival(alone(waits))
    assert result.median_hours == 5.0
    assert result.median.low is not None
    assert result.median.high is not None
    assert result.median.low <= 5 <= result.median.high
    assert [(p.hours, round(p.share, 3)) for p in result.marks] == [(1, 0.9), (6, 0.4), (14, 0), (24, 0), (48, 0)]


def test_a_median_that_is_not_reached_is_none_and_the_mean_of_the_answered_is_never_given() -> None:
    result = survival(alone([(1.0, True)] * 4 + [(100.0, False)] * 6))
    assert result.median_hours is None
    assert result.median.high is None
    assert result.marks[-1].share == pytest.approx(0.6)


def test_a_median_beyond_what_is_drawn_is_still_given() -> None:
    result = survival(alone([(60.0, True)] * 8 + [(100.0, False)] * 4))
    assert result.median_hours == 60.0
    assert all(point.hours <= 48 for point in result.curve)


def test_marks_that_nobody_was_watched_for_are_not_given() -> None:
    result = survival(alone([(2.0, True)] * 3 + [(20.0, False)] * 9))
    assert [point.hours for point in result.marks] == [1, 6, 14]


def test_before_the_first_answer_the_band_is_not_feigned_certainty() -> None:
    first = survival(alone([(5.0, True)] * 5 + [(50.0, False)] * 5)).marks[0]
    assert (first.share, first.high) == (1.0, 1.0)
    assert first.low == pytest.approx(stats.binomtest(10, 10).proportion_ci(0.95, "exact").low)


def test_when_all_are_answered_the_band_above_zero_is_that_of_the_last_at_risk() -> None:
    last = survival(alone([(float(n), True) for n in range(12)])).marks[-1]
    assert (last.share, last.low) == (0.0, 0.0)
    assert last.high == pytest.approx(0.975)


def test_an_answer_older_than_the_claim_counts_from_the_start() -> None:
    result = survival(alone([(0.0, True)] * 3 + [(30.0, False)] * 9))
    assert result.curve[0].hours == 0
    assert result.curve[0].share == pytest.approx(0.75)


def test_clusters_widen_the_band_when_their_cells_agree() -> None:
    """Ten claims in three cells each, with the same fate: thirty units know no more than ten."""
    fates = [(1.0 + n, n % 3 != 0) for n in range(10)]
    once = kaplan_meier([Wait(str(n), t, a) for n, (t, a) in enumerate(fates)])
    thrice = kaplan_meier([Wait(str(n), t, a) for n, (t, a) in enumerate(fates) for _ in range(3)])
    assert thrice.share == pytest.approx(once.share)
    assert thrice.low == pytest.approx(once.low)
    assert thrice.high == pytest.approx(once.high)
    naive_band = kaplan_meier([Wait(f"{n}{c}", t, a) for n, (t, a) in enumerate(fates) for c in range(3)])
    assert (naive_band.low >= thrice.low - 1e-12).all()


def test_the_clustered_band_covers() -> None:
    """Over 300 samples of correlated cells, the 95 % band holds the truth at 6 h at least nine times in ten."""
    rng = np.random.default_rng(17)
    truth, inside = math.exp(-6 / 8), 0
    for _ in range(300):
        waits = []
        for claim in range(25):
            common = rng.exponential(8)
            for _ in range(int(rng.integers(1, 4))):
                t = common if rng.random() < 0.7 else rng.exponential(8)
                waits.append(Wait(str(claim), min(t, 20.0), t < 20))
        _, low, high = kaplan_meier(waits).at(6.0)
        inside += low <= truth <= high
    assert inside >= 270


def test_the_order_of_the_waits_does_not_matter() -> None:
    waits = [Wait(str(n % 7), float(n * 37 % 50), n % 3 > 0) for n in range(30)]
    assert survival(waits) == survival(waits[::-1])


def test_plain_medians_need_ten() -> None:
    assert plain_median([1.0] * 9) is None
    assert plain_median([float(n) for n in range(11)]) == 5.0
