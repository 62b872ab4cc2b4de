"""The sweep and the bucket join find every pair and no other, whatever the data look like."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.findings import coordination as oracle
from oracles.findings.coordination import Row, table

from dalil.findings.coordination import coordinate, gathering, pairs, plan, planning
from dalil.findings.coordination.shares import load

TIMES = st.integers(min_value=-200, max_value=200)


@st.composite
def many_rows(draw: st.DrawFn) -> list[Row]:
    """Few accounts and objects, so that they meet often; contents repeat within an account."""
    drawn = draw(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 3), TIMES), min_size=1, max_size=40)
    )
    return [Row(f"o{o}", f"a{a}", f"c{a}-{c}", 1_700_000_000 + t) for o, a, c, t in drawn]


def got(edges: pairs.Edges, names: list[str]) -> dict[tuple[str, str], tuple[int, int, float]]:
    return {
        (names[a], names[b]): (objects, count, delay / count)
        for a, b, objects, count, delay in zip(
            edges.a.tolist(),
            edges.b.tolist(),
            edges.objects.tolist(),
            edges.shares.tolist(),
            edges.delay_sum.tolist(),
            strict=True,
        )
    }


@given(many_rows(), st.integers(0, 90), st.integers(1, 3), st.integers(1, 50))
def test_the_sweep_finds_what_looking_at_every_pair_finds(
    rows: list[Row], window: int, at_least: int, block: int
) -> None:
    shares = load(table(rows))
    found = pairs.edges(shares, window, at_least=at_least, block=block)
    assert got(found, shares.account_names.to_pylist()) == {
        key: value for key, value in oracle.edges(rows, window).items() if value[0] >= at_least
    }
    taking_part = dict(zip(shares.account_names.to_pylist(), found.taking_part.tolist(), strict=True))
    assert taking_part == oracle.taking_part(rows, oracle.pairs(rows, window))


@settings(max_examples=15)
@given(many_rows(), st.integers(0, 90), st.integers(1, 3))
def test_the_bucket_join_finds_what_the_sweep_finds(rows: list[Row], window: int, participation: int) -> None:
    shares = table(rows)
    by_arrays = gathering.by_arrays(load(shares), window, min_participation=participation, min_objects=1)
    by_tables = gathering.by_tables(shares, window, min_participation=participation)
    assert by_tables.account_names == by_arrays.account_names
    assert by_tables.object_names == by_arrays.object_names
    for name in ("a", "b", "objects", "shares", "delay_sum", "object_pairs", "taking_part"):
        assert getattr(by_tables.edges, name).tolist() == getattr(by_arrays.edges, name).tolist(), name
    assert by_tables.activity.tolist() == by_arrays.activity.tolist()
    assert [x.tolist() for x in by_tables.directed()] == [x.tolist() for x in by_arrays.directed()]
    ends = by_arrays.edges.a, by_arrays.edges.b
    assert [x.tolist() for x in by_tables.objects_of(*ends)] == [x.tolist() for x in by_arrays.objects_of(*ends)]


@given(many_rows(), st.integers(0, 90))
def test_the_plan_counts_pairs_without_making_them(rows: list[Row], window: int) -> None:
    exact = sum(
        x.object_id == y.object_id and abs(x.timestamp_share - y.timestamp_share) <= window
        for n, x in enumerate(rows)
        for y in rows[:n]
    )
    shares = load(table(rows))
    assert planning.plan_of(shares.exact(), window).pairs == exact
    assert planning.pairs_by_object(shares.exact(), window).sum() == exact


@given(many_rows(), st.integers(0, 60), st.integers(0, 60))
def test_a_wider_window_never_loses_an_edge(rows: list[Row], narrow: int, extra: int) -> None:
    shares = load(table(rows))
    names = shares.account_names.to_pylist()
    assert set(got(pairs.edges(shares, narrow), names)) <= set(got(pairs.edges(shares, narrow + extra), names))


@given(many_rows(), st.integers(0, 90), st.integers(0, 30))
def test_candidates_keep_their_exact_weights(rows: list[Row], window: int, limit: int) -> None:
    """Capped by candidates, each edge that is found has the weight of the uncapped run."""
    shares = load(table(rows)).exact()
    whole = gathering.by_arrays(shares, window, min_participation=1, min_objects=3)
    capped = gathering.by_arrays(shares, window, min_participation=1, min_objects=3, limit=limit)
    names = whole.account_names
    everything, found = got(whole.edges, names), got(capped.edges, names)
    assert everything.items() >= {key: value for key, value in found.items() if value[0] >= 3}.items()
    if not capped.missed:
        assert found == everything
    assert capped.missed == (planning.plan_of(shares, window).pairs > limit)


def test_what_meets_on_small_objects_twice_is_never_missed() -> None:
    viral = [Row("viral", f"a{n}", f"v{n}", 1_700_000_000 + n % 7) for n in range(60)]
    quiet = [Row(f"o{o}", f"a{a}", f"q{o}{a}", 1_700_100_000 + 500 * o + a) for o in range(2) for a in range(3)]
    shares = load(table(viral + quiet))
    found = gathering.by_arrays(shares, 60, min_participation=1, min_objects=3, limit=100)
    assert found.missed
    assert {k: v[0] for k, v in got(found.edges, found.account_names).items()} == {
        ("a0", "a1"): 3,
        ("a0", "a2"): 3,
        ("a1", "a2"): 3,
    }


@given(st.integers(0, 40), st.integers(-40, 40))
def test_both_ends_of_the_window_belong_to_it(window: int, apart: int) -> None:
    rows = [Row("o", "a", "c1", 1_000_000), Row("o", "b", "c2", 1_000_000 + apart)]
    shares = load(table(rows))
    assert len(pairs.edges(shares, window)) == (abs(apart) <= window)


def test_an_account_makes_no_pair_with_itself() -> None:
    rows = [Row("o", "a", f"c{n}", 1_000_000 + n) for n in range(10)]
    result = coordinate(table(rows), window=timedelta(seconds=60), min_objects=1, min_participation=1)
    assert result.edges == ()
    assert result.shares == 10


@settings(max_examples=40)
@given(many_rows(), st.integers(0, 90), st.integers(1, 3), st.integers(1, 3))
def test_default_mode_against_the_oracle(rows: list[Row], window: int, participation: int, objects: int) -> None:
    result = coordinate(
        table(rows), window=timedelta(seconds=window), min_participation=participation, min_objects=objects
    )
    found = {(e.account_a, e.account_b): (e.objects, e.shares, e.mean_delay) for e in result.edges}
    assert found == oracle.default_edges(rows, window, min_participation=participation, min_objects=objects)


@settings(max_examples=40)
@given(many_rows(), st.integers(0, 90), st.integers(1, 3), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]))
def test_coortweet_mode_against_the_oracle(rows: list[Row], window: int, participation: int, percentile: float) -> None:
    result = coordinate(
        table(rows),
        window=timedelta(seconds=window),
        min_participation=participation,
        mode="coortweet",
        edge_weight=percentile,
    )
    wanted = oracle.coortweet_edges(rows, window, min_participation=participation)
    assert {(e.account_a, e.account_b): (e.shares, e.mean_delay) for e in result.edges} == wanted
    weights = sorted(weight for weight, _ in wanted.values())
    if weights:  # R's type 7: linear between the two order statistics around (n − 1) p
        place = (len(weights) - 1) * percentile
        below = weights[int(place)]
        above = weights[min(int(place) + 1, len(weights) - 1)]
        border = below + (place - int(place)) * (above - below)
        assert {(e.account_a, e.account_b) for e in result.edges if e.kept} == {
            key for key, (weight, _) in wanted.items() if weight > border
        }


@settings(max_examples=40)
@given(many_rows(), st.integers(0, 90))
def test_qut_mode_against_the_oracle(rows: list[Row], window: int) -> None:
    result = coordinate(table(rows), window=timedelta(seconds=window), mode="qut")
    assert {(e.account_a, e.account_b): e.shares for e in result.edges} == oracle.qut_edges(rows, window)
    assert all(e.kept for e in result.edges)


@settings(max_examples=12)
@given(many_rows(), st.sampled_from(["default", "coortweet", "qut"]))
def test_the_engine_gives_the_same_result_as_memory(rows: list[Row], mode: str) -> None:
    def run(most: int) -> object:
        return coordinate(
            table(rows), window=timedelta(seconds=60), mode=mode, min_objects=1, min_participation=1, in_memory=most
        )

    assert run(0) == run(10**6)


@given(many_rows())
def test_the_order_of_the_rows_does_not_matter(rows: list[Row]) -> None:
    shares, turned = load(table(rows)), load(table(rows[::-1]))
    found, again = pairs.edges(shares, 60), pairs.edges(turned, 60)
    assert got(found, shares.account_names.to_pylist()) == got(again, turned.account_names.to_pylist())


def test_a_plan_names_the_way_it_would_go() -> None:
    rows = [Row("viral", f"a{n}", f"c{n}", 1_700_000_000) for n in range(100)]
    small = plan(table(rows))
    assert (small.way, small.pairs, small.largest_object_pairs) == (planning.Way.ALL_PAIRS, 4950, 4950)
    capped = planning.plan_of(load(table(rows)), 60, limit=1000)
    assert (capped.way, capped.viral_objects, capped.viral_pairs) == (planning.Way.CANDIDATES, 1, 4950)


def test_the_fewest_objects_are_set_apart() -> None:
    by_object = np.array([5, 100, 40, 1])
    assert planning.viral_objects(by_object, 46).tolist() == [False, True, False, False]
    assert planning.viral_objects(by_object, 45).tolist() == [False, True, True, False]
    assert planning.viral_objects(by_object, 146).tolist() == [False, False, False, False]


@pytest.mark.parametrize("window", [timedelta(seconds=-1), timedelta(milliseconds=500)])
def test_a_window_is_whole_seconds(window: timedelta) -> None:
    with pytest.raises(ValueError, match="whole seconds"):
        coordinate(table([Row("o", "a", "c", 0)]), window=window)
