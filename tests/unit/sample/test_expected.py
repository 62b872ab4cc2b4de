"""The literal measures, held against figures worked out by hand and against scipy."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dalil.sample.clock import NOW, WEEK_START, hours
from dalil.sample.expected import Inputs, _waiting, crossing, measures
from dalil.sample.script import CodedPost, PostRef, SourceRef
from dalil.schema.casework import Cell, ClaimTimeline, PanelCapture, PanelSource
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, ReportCode

CELL = Cell("x", "ar", "sahlara")
CROSSED = WEEK_START + hours(10)
CLASSES = [
    MakerClass.GROUP,
    MakerClass.SUPPORTER,
    MakerClass.UNKNOWN,
    MakerClass.STATE,
    MakerClass.ALLY,
    *[MakerClass.INDEPENDENT] * 3,
]


def timeline(key: str, t0: datetime, **more: object) -> ClaimTimeline:
    values: dict[str, object] = {
        "claim_type": ClaimType.VICTORY,
        "maker_class": MakerClass.GROUP,
        "logged_at": t0,
    } | more
    return ClaimTimeline(claim_id=key, cell=CELL, t0=t0, **values)  # type: ignore[arg-type]


def report(number: int, at: datetime, code: ReportCode, **more: object) -> CodedPost:
    return CodedPost(
        post=PostRef("x", f"{number}{at.timestamp():.0f}"), source=SourceRef("x", str(number), public=True), cell=CELL,
        maker_class=CLASSES[number], at=at, code=code, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def carried(crossed: datetime) -> list[CodedPost]:
    return [report(n, crossed - hours(2 - n), ReportCode.CARRIES) for n in range(3)]


def inputs(timelines: list[ClaimTimeline], reports: list[CodedPost], *, gaps: tuple[int, ...] = ()) -> Inputs:
    days = [WEEK_START.date() + timedelta(days=n) for n in range(-1, 8)]
    return Inputs(
        timelines=tuple(timelines),
        reports=tuple(("a", r) for r in reports),
        sources=tuple(PanelSource(source_uid=f"x:{n}", cell=CELL, maker_class=kind) for n, kind in enumerate(CLASSES)),
        captures=tuple(
            PanelCapture(f"x:{n}", day, CaptureState.PARTIAL if n in gaps else CaptureState.COMPLETE)
            for n in range(len(CLASSES)) for day in days
        ),
    )  # fmt: skip


A_CLAIM = timeline("a", CROSSED - hours(2))


def test_a_claim_crosses_with_its_third_source() -> None:
    assert crossing(inputs([A_CLAIM], carried(CROSSED)), "a", CELL) == CROSSED
    assert crossing(inputs([A_CLAIM], carried(CROSSED)[:2]), "a", CELL) is None
    twice = [*carried(CROSSED)[:2], report(0, CROSSED, ReportCode.CARRIES)]
    assert crossing(inputs([A_CLAIM], twice), "a", CELL) is None


@pytest.mark.parametrize(
    ("later", "one"),
    [
        ([], True),
        ([report(5, CROSSED + hours(23), ReportCode.CONTESTS, own_evidence=True)], False),
        ([report(5, CROSSED + hours(25), ReportCode.CONTESTS, own_evidence=True)], True),
        ([report(5, CROSSED + hours(1), ReportCode.CONTESTS)], True),
        ([report(1, CROSSED + hours(1), ReportCode.CONFIRMS, own_evidence=True)], True),
        ([report(2, CROSSED + hours(1), ReportCode.CONFIRMS, own_evidence=True)], True),
        ([report(3, CROSSED + hours(1), ReportCode.CONFIRMS, own_evidence=True)], False),
        ([report(5, CROSSED + hours(1), ReportCode.CARRIES, own_evidence=True)], True),
    ],
)
def test_one_version_is_the_lack_of_another_blocs_own_evidence(later: list[CodedPost], one: bool) -> None:
    found = measures(inputs([A_CLAIM], [*carried(CROSSED), *later])).m1
    assert (found.all.numerator, found.all.n) == (int(one), 1)


def test_our_own_answer_is_left_out_beside() -> None:
    ours = report(5, CROSSED + hours(1), ReportCode.CORRECTS, own_evidence=True, qualified=True, ours=True)
    found = measures(inputs([A_CLAIM], [*carried(CROSSED), ours])).m1
    assert (found.all.numerator, found.without_ours.numerator) == (0, 1)


@pytest.mark.parametrize(("gaps", "unknown"), [((), 0), ((3,), 0), ((3, 4), 1), ((0, 1, 2), 0)])
def test_four_fifths_of_the_independent_sources_must_be_whole(gaps: tuple[int, ...], unknown: int) -> None:
    assert measures(inputs([A_CLAIM], carried(CROSSED), gaps=gaps)).m1.unknown == unknown


def test_unknown_makers_are_left_out_and_counted() -> None:
    claim = timeline("a", CROSSED - hours(2), maker_class=MakerClass.UNKNOWN)
    found = measures(inputs([claim], carried(CROSSED)))
    assert (found.m1.left_out, found.m1.all.n, found.m3b.left_out, found.m3b.n) == (1, 0, 1, 0)


def test_marks_outside_the_week_do_not_count() -> None:
    for crossed in (WEEK_START - hours(25), NOW - hours(23)):
        claim = timeline("a", crossed - hours(2))
        assert measures(inputs([claim], carried(crossed))).m1.all.n == 0


def test_waiting_time_runs_to_the_first_second_account() -> None:
    later = [report(5, CROSSED + hours(3), ReportCode.CONTESTS, own_evidence=True)]
    found = measures(inputs([A_CLAIM], [*carried(CROSSED), *later])).m3b
    assert found.durations == ((5.0, True),)
    assert found.median_hours == 5.0


def test_only_false_claims_of_the_same_kind_count_for_m3() -> None:
    false = timeline("a", CROSSED - hours(2), verdict=ClaimVerdict.FALSE)
    water = timeline("a", CROSSED - hours(2), verdict=ClaimVerdict.FALSE, claim_type=ClaimType.OTHER)
    ours = report(5, CROSSED + hours(4), ReportCode.CORRECTS, own_evidence=True, qualified=True, ours=True)
    assert measures(inputs([false], [*carried(CROSSED), ours])).m3.durations == ((6.0, True),)
    assert measures(inputs([water], [*carried(CROSSED), ours])).m3.n == 0
    assert measures(inputs([A_CLAIM], carried(CROSSED))).m3_not_settled == 1


@given(st.lists(st.tuples(st.floats(0.5, 600), st.booleans()), min_size=1, max_size=30))
def test_kaplan_meier_equals_scipys(rows: list[tuple[float, bool]]) -> None:
    """A row that never ends is censored at the simulated now, so its t0 is what tells how long it waits."""
    pairs = []
    for waited, ended in rows:
        t0 = NOW - timedelta(hours=waited + (1 if ended else 0))
        pairs.append((timeline("a", t0), t0 + timedelta(hours=waited) if ended else None))
    found = _waiting(pairs, left_out=0)
    durations = np.array([d for d, _ in found.durations])
    ended_flags = np.array([e for _, e in found.durations])
    curve = stats.ecdf(stats.CensoredData.right_censored(durations, ~ended_flags)).sf
    for mark, share in found.unanswered.items():
        assert share == pytest.approx(float(curve.evaluate(float(mark))))
    if found.median_hours is not None:
        assert float(curve.evaluate(found.median_hours)) <= 0.5 + 1e-9
