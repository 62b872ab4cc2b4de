"""Communities and what they are told by; the rules' small print; the reference tools' odd cases."""

from __future__ import annotations

import secrets
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.findings import coordination as oracle
from oracles.findings.coordination import Row, planted, table

from dalil.findings.coordination import coordinate, gathering, planning
from dalil.findings.coordination.chance import Chance
from dalil.findings.coordination.communities import Kept, campaigns, partition
from dalil.findings.coordination.shares import load

MINUTE = timedelta(seconds=60)
NAMES = [f"x:{n}" for n in range(40)]
OBJECTS = [f"o{n}" for n in range(40)]
QUIET = Chance(np.full(40, 5), np.full(40, 3))


def clique(members: range) -> list[tuple[int, int]]:
    return [(a, b) for a in members for b in members if a < b]


def arrays(edges: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    ends = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


def run(edges: list[tuple[int, int]], objects: dict[tuple[int, int], list[int]]) -> list[tuple[int, tuple[str, ...]]]:
    """(accounts, objects) of each campaign of some edges with the objects of each."""
    a, b = arrays(edges)
    rows = [(n, o) for n, edge in enumerate(sorted(edges)) for o in sorted(objects[edge])]
    pairs = np.array(rows, dtype=np.int64).reshape(-1, 2)
    weight = np.array([len(objects[edge]) for edge in sorted(edges)])
    found = campaigns(
        Kept(a, b, weight, (pairs[:, 0], pairs[:, 1])),
        account_names=NAMES,
        object_names=OBJECTS,
        chance=QUIET,
        threshold=1e-6,
        at_least=3,
    )
    return [(campaign.accounts, campaign.objects) for campaign in found]


def test_two_groups_that_never_met_are_two_campaigns() -> None:
    first, second = clique(range(4)), clique(range(10, 13))
    objects = {edge: [1, 2, 3] for edge in first} | {edge: [7, 8, 9, 10] for edge in second}
    assert run(first + second, objects) == [(3, ("o10", "o7", "o8", "o9")), (4, ("o1", "o2", "o3"))]


def test_one_thin_bridge_does_not_make_two_groups_one() -> None:
    first, second = clique(range(5)), clique(range(10, 15))
    objects = {edge: list(range(8)) for edge in first} | {edge: list(range(20, 28)) for edge in second}
    objects[0, 10] = [30, 31, 32]
    found = run([*first, *second, (0, 10)], objects)
    assert [accounts for accounts, _ in found] == [5, 5]
    assert all("o30" not in pushed for _, pushed in found)


def test_what_most_edges_share_comes_first() -> None:
    objects = {(0, 1): [5, 6, 7], (0, 2): [5, 6, 7], (1, 2): [5, 8, 9]}
    ((accounts, pushed),) = run(list(objects), objects)
    assert accounts == 3
    assert pushed == ("o5", "o6", "o7", "o8", "o9")


def test_no_edges_make_no_campaign() -> None:
    assert run([], {}) == []


@given(st.sets(st.tuples(st.integers(0, 15), st.integers(0, 15)).filter(lambda e: e[0] < e[1]), min_size=1))
def test_communities_are_the_same_each_time_and_connected_accounts_alone_meet(edges: set[tuple[int, int]]) -> None:
    a, b = arrays(list(edges))
    weight = np.ones(len(a), dtype=np.int64)
    first = partition(a, b, weight)
    assert (first == partition(a, b, weight)).all()
    reached = {}
    for x, y in edges:  # naive union of everything connected
        merged = reached.get(x, {x}) | reached.get(y, {y})
        reached.update(dict.fromkeys(merged, merged))
    for left, right in zip(first[0], first[1], strict=True):
        members = set(a[first[0] == left]) | set(b[first[1] == left])
        assert all(member in reached[next(iter(members))] for member in members)
        assert left >= 0
        assert right >= 0


def test_a_campaigns_false_edges_are_among_the_runs() -> None:
    result = coordinate(table(planted(41).rows), window=MINUTE)
    assert len(result.campaigns) == 5
    assert 0 < sum(c.expected_false_edges for c in result.campaigns) < result.expected_false_edges


def test_every_object_of_a_campaign_was_pushed_by_two_of_its_members_at_once() -> None:
    data = planted(12)
    result = coordinate(table(data.rows), window=MINUTE)
    together: dict[str, set[str]] = {}
    by_object: dict[str, list[Row]] = {}
    for row in data.rows:
        by_object.setdefault(row.object_id, []).append(row)
    for rows in by_object.values():
        for x, y in oracle.pairs(rows, 60):
            together.setdefault(x.object_id, set()).update({x.account_id, y.account_id})
    for campaign in result.campaigns:
        for pushed in campaign.objects:
            assert len(together[pushed] & set(campaign.public_accounts)) >= 2


def test_weights_under_candidates_equal_the_whole_run_on_heavy_tails() -> None:
    """Viral objects hold nearly all pairs; set apart and added back, every kept edge has its whole weight."""
    seed = secrets.randbits(32)
    data = planted(seed, shares=30_000, objects=400, accounts=1500)
    shares = load(table(data.rows))
    plan = planning.plan_of(shares, 60)
    limit = plan.pairs // 10
    whole = gathering.by_arrays(shares, 60, min_participation=2, min_objects=3)
    capped = gathering.by_arrays(shares, 60, min_participation=2, min_objects=3, limit=limit)
    assert capped.missed
    assert not whole.missed

    def weights(found: gathering.Gathered) -> dict[tuple[int, int], tuple[int, int, int]]:
        edges = found.edges.where(found.edges.objects >= 3)
        columns = (edges.a, edges.b, edges.objects, edges.shares, edges.delay_sum)
        return {(a, b): (o, s, d) for a, b, o, s, d in zip(*(c.tolist() for c in columns), strict=True)}

    everything, found = weights(whole), weights(capped)
    assert found.items() <= everything.items(), f"seed {seed}"
    names = whole.account_names
    planted_edges = {key for key in everything if (names[key[0]], names[key[1]]) in data.together}
    missed = planted_edges - set(found)
    assert len(missed) <= 0.02 * len(planted_edges), f"seed {seed}"


def test_planned_viral_objects_are_those_set_apart() -> None:
    data = planted(8, shares=5_000, objects=60)
    shares = load(table(data.rows))
    plan = planning.plan_of(shares, 60, limit=200)
    by_object = planning.pairs_by_object(shares, 60)
    apart = planning.viral_objects(by_object, 200)
    assert plan.viral_objects == int(apart.sum())
    assert plan.pairs - plan.viral_pairs <= 200
    smallest = by_object[apart].min()
    assert plan.pairs - plan.viral_pairs + smallest > 200
    assert by_object[~apart].max() <= smallest


@pytest.mark.parametrize("in_memory", [0, 10**6])
def test_coortweet_leaves_out_shares_of_ones_own_post(in_memory: int) -> None:
    """An original among its reposts (content and object are one) makes no pair there; in our mode it does."""
    rows = [Row(f"post{n}", "author", f"post{n}", 100 * n) for n in range(3)]
    rows += [Row(f"post{n}", "fan", f"repost{n}", 100 * n + 5) for n in range(3)]
    theirs = coordinate(table(rows), window=timedelta(seconds=10), mode="coortweet", in_memory=in_memory)
    ours = coordinate(table(rows), window=timedelta(seconds=10), min_objects=1, in_memory=in_memory)
    assert theirs.edges == ()
    assert [(e.account_a, e.account_b, e.objects) for e in ours.edges] == [("author", "fan", 3)]


@pytest.mark.parametrize(("participation", "either", "both"), [(1, 2, 2), (2, 2, 1), (3, 2, 0)])
def test_either_side_and_both_sides(participation: int, either: int, both: int) -> None:
    """a meets b twice and c once; the modes differ in who must have taken part how often."""
    rows = [
        Row("o1", "a", "a1", 0),
        Row("o2", "a", "a2", 1000),
        Row("o3", "a", "a3", 2000),
        Row("o1", "b", "b1", 10),
        Row("o2", "b", "b2", 1010),
        Row("o3", "c", "c1", 2010),
        *[Row(f"x{n}", account, f"x{account}{n}", 9000 + 500 * n) for n, account in enumerate("bcc")],
    ]
    more = {"window": MINUTE, "min_participation": participation}
    assert len(coordinate(table(rows), mode="coortweet", **more).edges) == either
    assert len(coordinate(table(rows), min_objects=1, **more).edges) == both


def test_qut_counts_each_side_its_own_messages() -> None:
    rows = [Row("o", "a", "a1", 0), Row("o", "b", "b1", 5), Row("o", "b", "b2", 6), Row("o", "b", "b3", 500)]
    result = coordinate(table(rows), window=MINUTE, mode="qut")
    assert {(e.account_a, e.account_b): e.shares for e in result.edges} == {("a", "b"): 1, ("b", "a"): 2}
    assert {e.objects for e in result.edges} == {1}
    assert result.caveats == ("every-meeting-kept",)
    assert len(result.campaigns) == 1


def test_kept_edges_come_first_and_then_the_heavier() -> None:
    result = coordinate(table(planted(13).rows), window=MINUTE, min_objects=1)
    order = [(not edge.kept, -edge.objects, edge.account_a, edge.account_b) for edge in result.edges]
    assert order == sorted(order)
    assert all(edge.account_a < edge.account_b for edge in result.edges)


def test_a_stricter_rate_keeps_less_and_expects_less() -> None:
    data = table(planted(14).rows)
    loose, strict = (coordinate(data, window=MINUTE, fdr=fdr) for fdr in (0.2, 0.001))
    kept = [{(e.account_a, e.account_b) for e in run_.edges if e.kept} for run_ in (loose, strict)]
    assert kept[1] <= kept[0]
    assert strict.expected_false_edges <= loose.expected_false_edges
    assert [e.q_value <= 0.2 for e in loose.edges] == [e.kept for e in loose.edges]
