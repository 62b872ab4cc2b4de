"""Wilson against SciPy, the bootstrap against what it promises, and no rate below ten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dalil.findings.measures.intervals import clustered_rate, plain_rate, wilson

UNITS = st.lists(
    st.tuples(st.integers(0, 12).map(str), st.sampled_from(["facebook", "x"]), st.booleans()), min_size=10, max_size=60
)


@given(st.integers(1, 500), st.data())
def test_wilson_is_scipys(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    theirs = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    ours = wilson(successes, n)
    assert ours.low == pytest.approx(float(theirs.low), abs=1e-12)
    assert ours.high == pytest.approx(float(theirs.high), abs=1e-12)


def test_nothing_gives_no_interval() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (None, None)


@pytest.mark.parametrize("n", [0, 1, 9])
def test_below_ten_only_counts_are_given(n: int) -> None:
    rate = plain_rate(n, n, unknown=3, left_out=2)
    assert (rate.value, rate.interval.low, rate.numerator, rate.n, rate.unknown, rate.left_out) == (
        None,
        None,
        n,
        n,
        3,
        2,
    )


def test_within_one_cell_it_is_wilson() -> None:
    units = [(str(n), "facebook", n < 4) for n in range(12)]
    rate = clustered_rate(units)
    assert rate.method == "wilson"
    assert rate.interval == wilson(4, 12)


def test_across_cells_it_is_a_bootstrap_over_claims() -> None:
    units = [(str(n), cell, n % 3 == 0) for n in range(20) for cell in ("facebook", "x")]
    rate = clustered_rate(units)
    assert rate.method == "cluster-bootstrap"
    assert rate.value == pytest.approx(14 / 40)
    assert rate.interval.low is not None
    assert rate.interval.high is not None
    assert rate.interval.low < 14 / 40 < rate.interval.high
    # Twenty claims, not forty units: about as wide as Wilson over the claims.
    claims = wilson(7, 20)
    assert claims.low is not None
    assert claims.high is not None
    assert rate.interval.high - rate.interval.low == pytest.approx(claims.high - claims.low, rel=0.2)


@given(UNITS)
def test_the_interval_holds_the_value_and_is_the_same_each_time(units: list[tuple[str, str, bool]]) -> None:
    rate = clustered_rate(units)
    assert rate == clustered_rate(units[::-1])
    assert rate.value is not None
    assert rate.interval.low is not None
    assert rate.interval.high is not None
    assert 0 <= rate.interval.low <= rate.value + 1e-12
    assert rate.value - 1e-12 <= rate.interval.high <= 1


@pytest.mark.parametrize("hit", [False, True])
def test_units_that_all_agree_do_not_feign_certainty(hit: bool) -> None:
    units = [(str(n), cell, hit) for n in range(6) for cell in ("facebook", "x")]
    rate = clustered_rate(units)
    assert rate.method == "wilson-claims"
    assert rate.interval == wilson(6 * hit, 6)
