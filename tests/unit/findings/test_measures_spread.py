"""When a claim crosses, who is independent, what answers it: each piece against the slow oracle."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.findings import measures as oracle
from oracles.findings.measures import AS_OF, CELLS, START, World

from dalil.findings.measures.one_version import captured
from dalil.findings.measures.spread import (
    THRESHOLD,
    Panel,
    Reports,
    crossed_at,
    first_answer,
    first_independent,
    is_other_bloc,
)
from dalil.schema.casework import Cell, PanelCapture, PanelSource, PanelVersion, Report
from dalil.schema.words import CaptureState, MakerClass, ReportCode

SEEDS = st.integers(0, 10**6)
HOUR = timedelta(hours=1)


@settings(max_examples=30)
@given(SEEDS)
def test_crossing_is_the_oracles(seed: int) -> None:
    world = World(seed, claims=15)
    reports, panel = Reports(world.reports, AS_OF), Panel.of(world.panel)
    for claim in world.timelines:
        found = crossed_at(claim, reports.of(claim), panel)
        assert found == oracle.crossing(claim, world.reports, world.panel, AS_OF)


@settings(max_examples=30)
@given(SEEDS)
def test_first_reports_and_answers_are_the_oracles(seed: int) -> None:
    world = World(seed, claims=15)
    reports = Reports(world.reports, AS_OF)
    for claim in world.timelines:
        mine = reports.of(claim)
        for ours in (True, False):
            times = oracle.independent(claim, world.reports, AS_OF, ours=ours)
            assert first_independent(claim, mine, ours=ours) == min(times, default=None)
        answers = oracle.answers(claim, world.reports, AS_OF)
        assert first_answer(claim, mine, AS_OF) == min(answers, default=None)


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 6))
def test_a_higher_threshold_is_crossed_later_or_never(seed: int, threshold: int) -> None:
    world = World(seed, claims=15)
    reports = Reports(world.reports, AS_OF)
    low, high = (
        Panel.of(msgspec.structs.replace(world.panel, thresholds={str(cell): t for cell in CELLS}))
        for t in (threshold, threshold + 1)
    )
    for claim in world.timelines:
        sooner, later = (crossed_at(claim, reports.of(claim), panel) for panel in (low, high))
        if later is not None:
            assert sooner is not None
            assert sooner <= later


@settings(max_examples=30)
@given(SEEDS)
def test_a_report_of_a_later_time_never_changes_an_earlier_crossing(seed: int) -> None:
    world = World(seed, claims=10)
    panel = Panel.of(world.panel)
    early = AS_OF - 10 * 24 * HOUR
    whole, until = Reports(world.reports, AS_OF), Reports(world.reports, early)
    for claim in world.timelines:
        before = crossed_at(claim, until.of(claim), panel)
        if before is not None:
            assert crossed_at(claim, whole.of(claim), panel) == before


@pytest.mark.parametrize(
    ("first", "second", "other"),
    [
        (MakerClass.GROUP, MakerClass.GROUP, False),
        (MakerClass.GROUP, MakerClass.SUPPORTER, False),
        (MakerClass.STATE, MakerClass.ALLY, False),
        (MakerClass.INDEPENDENT, MakerClass.INDEPENDENT, False),
        (MakerClass.GROUP, MakerClass.STATE, True),
        (MakerClass.SUPPORTER, MakerClass.ALLY, True),
        (MakerClass.INDEPENDENT, MakerClass.ALLY, True),
        (MakerClass.UNKNOWN, MakerClass.GROUP, False),
        (MakerClass.UNKNOWN, MakerClass.UNKNOWN, False),
    ],
)
def test_blocs(first: MakerClass, second: MakerClass, other: bool) -> None:
    assert is_other_bloc(first, second) is is_other_bloc(second, first) is other


def test_the_same_standard_for_every_side() -> None:
    """Whoever makes a claim, the same number of classes can stand beside it."""
    counts = {
        maker: sum(is_other_bloc(other, maker) for other in MakerClass)
        for maker in MakerClass
        if maker.bloc is not None
    }
    assert counts == {
        MakerClass.GROUP: 3,
        MakerClass.SUPPORTER: 3,
        MakerClass.STATE: 3,
        MakerClass.ALLY: 3,
        MakerClass.INDEPENDENT: 4,
    }


def test_a_panel_knows_its_cells() -> None:
    cell, elsewhere = CELLS[0], Cell("tiktok", "ar", "north")
    makers = (MakerClass.GROUP, MakerClass.INDEPENDENT, MakerClass.UNKNOWN, MakerClass.STATE)
    sources = tuple(PanelSource(source_uid=f"f:{n}", cell=cell, maker_class=maker) for n, maker in enumerate(makers))
    panel = Panel.of(PanelVersion(version=1, quarter="2026-Q2", sources=sources, thresholds={str(cell): 5}))
    assert [source.source_uid for source in panel.independent_of(MakerClass.GROUP, cell)] == ["f:1", "f:3"]
    assert [source.source_uid for source in panel.independent_of(MakerClass.ALLY, cell)] == ["f:0", "f:1"]
    assert panel.independent_of(MakerClass.UNKNOWN, cell) == ()
    assert panel.independent_of(MakerClass.GROUP, elsewhere) == ()
    assert (panel.threshold(cell), panel.threshold(elsewhere)) == (5, THRESHOLD)
    assert len(panel.uids()) == 4


def test_without_a_panel_nothing_crosses() -> None:
    world = World(1)
    reports = Reports(world.reports, AS_OF)
    assert all(crossed_at(claim, reports.of(claim), Panel.of(None)) is None for claim in world.timelines)
    assert Panel.of(None).uids() == set()


def test_reports_at_the_same_moment_come_in_a_fixed_order() -> None:
    world = World(2, claims=1)
    claim = world.timelines[0]
    twins = [
        Report(
            claim_id=claim.claim_id,
            cell=claim.cell,
            observation_id=name,
            source_uid=name,
            maker_class=MakerClass.STATE,
            at=claim.t0,
            code=ReportCode.CONTESTS,
        )
        for name in "cab"
    ]
    for order in range(6):
        shuffled = random.Random(order).sample(twins, 3)
        assert [report.observation_id for report in Reports(shuffled, AS_OF).of(claim)] == ["a", "b", "c"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.sampled_from(list(CaptureState)))))
def test_the_better_of_several_captures_of_a_day_counts(rows: list[tuple[str, int, CaptureState]]) -> None:
    captures = [PanelCapture(uid, START.date() + timedelta(days=day), state) for uid, day, state in rows]
    rank = {"none": 0, "partial": 1, "complete": 2}
    wanted: dict[tuple[str, object], CaptureState] = {}
    for capture in captures:
        key = capture.source_uid, capture.day
        if rank[capture.state] >= rank[wanted.get(key, CaptureState.NONE)]:
            wanted[key] = capture.state
    assert captured(captures) == wanted
