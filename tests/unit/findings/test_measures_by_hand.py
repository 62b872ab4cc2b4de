"""One week worked out on paper, and the same week where the clocks change in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dalil.findings.measures import LogCheck, MediaCount, week
from dalil.findings.measures.intervals import wilson
from dalil.schema.casework import Cell, ClaimTimeline, PanelCapture, PanelSource, PanelVersion, Report
from dalil.schema.results import WeekResult
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, ReportCode

FACEBOOK, TELEGRAM = Cell("facebook", "ar", "sahlara"), Cell("telegram", "ckb", "sahlara")
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 5, 10, 21, tzinfo=UTC)
AS_OF = MONDAY + timedelta(days=6, hours=14, minutes=20)

# Twelve claims of victory by the group, each in one cell, posted noon on Monday, one hour apart. Each is carried by
# three panel sources in its first two hours. Hours until an independent report, None where there was none; hours until
# our answer; the verdict.
CLAIMS: list[tuple[Cell, float | None, float | None, ClaimVerdict | None]] = [
    (FACEBOOK, 2.0, 10.0, ClaimVerdict.FALSE),
    (FACEBOOK, 4.0, 12.0, ClaimVerdict.FALSE),
    (FACEBOOK, 6.0, 14.0, ClaimVerdict.FALSE),
    (FACEBOOK, 26.0, None, ClaimVerdict.FALSE),
    (FACEBOOK, 26.5, 16.0, ClaimVerdict.FALSE),
    (FACEBOOK, None, 18.0, ClaimVerdict.FALSE),
    (TELEGRAM, 8.0, 20.0, ClaimVerdict.FALSE),
    (TELEGRAM, 10.0, 22.0, ClaimVerdict.FALSE),
    (TELEGRAM, 30.0, None, ClaimVerdict.FALSE),
    (TELEGRAM, None, 30.0, ClaimVerdict.FALSE),
    (TELEGRAM, None, None, None),
    (TELEGRAM, None, None, ClaimVerdict.TRUE),
]


def panel() -> PanelVersion:
    """In each cell three sources of the group and five independent ones."""
    return PanelVersion(
        version=3,
        quarter="2026-Q2",
        sources=tuple(
            PanelSource(
                source_uid=f"{cell.platform}:{n}",
                cell=cell,
                maker_class=MakerClass.GROUP if n < 3 else MakerClass.INDEPENDENT,
            )
            for cell in (FACEBOOK, TELEGRAM)
            for n in range(8)
        ),
    )


def compute(monday: datetime = MONDAY, name: str = "2026-W20", zone: str = "Asia/Baghdad") -> WeekResult:
    timelines, reports = [], []
    for number, (cell, reported, answered, verdict) in enumerate(CLAIMS):
        t0 = monday + (12 + number) * HOUR
        claim = ClaimTimeline(
            claim_id=f"claim-{number:02d}",
            cell=cell,
            claim_type=ClaimType.VICTORY,
            maker_class=MakerClass.GROUP,
            t0=t0,
            logged_at=t0 + HOUR,
            verdict=verdict,
            verdict_at=t0 + 5 * HOUR if verdict else None,
            silent_since=t0 + 6 * HOUR if number == 8 else None,
        )
        timelines.append(claim)
        reports += [_report(claim, f"{cell.platform}:{n}", n, code=ReportCode.CARRIES) for n in range(3)]
        if reported is not None:
            reports.append(_report(claim, "outlet", reported, MakerClass.INDEPENDENT, own_evidence=True))
        if answered is not None:
            reports.append(_report(claim, "ours", answered, MakerClass.INDEPENDENT, qualified=True, ours=True))
    captures = [
        PanelCapture(source.source_uid, monday.date() + timedelta(days=n), CaptureState.COMPLETE)
        for source in panel().sources
        for n in range(8)
    ]
    return week(
        timelines,
        reports,
        panel(),
        captures,
        [MediaCount(name, 20, 13)],
        week=name,
        zone=zone,
        as_of=monday + (AS_OF - MONDAY),
        log_checks=[LogCheck(name, 50, 49)],
    )


def _report(
    claim: ClaimTimeline,
    source: str,
    hours: float,
    maker: MakerClass = MakerClass.GROUP,
    *,
    code: ReportCode = ReportCode.CORRECTS,
    own_evidence: bool = False,
    qualified: bool = False,
    ours: bool = False,
) -> Report:
    return Report(
        claim_id=claim.claim_id,
        cell=claim.cell,
        observation_id=f"{claim.claim_id}-{source}-{hours}",
        source_uid=source,
        maker_class=maker,
        at=claim.t0 + hours * HOUR,
        code=code,
        own_evidence=own_evidence,
        qualified=qualified,
        ours=ours,
    )


def test_one_version_by_hand() -> None:
    """Crossed 2 h after t0, so the mark is at 26 h: a report at 26 h is in time, one at 26.5 h is not."""
    result = compute()
    assert (result.m1.numerator, result.m1.n, result.m1.unknown, result.m1.left_out) == (6, 12, 0, 0)
    assert result.m1.value == pytest.approx(0.5)
    assert result.m1.method == "cluster-bootstrap"
    assert {name: (rate.numerator, rate.n) for name, rate in result.m1_by_platform.items()} == {
        "facebook": (2, 6),
        "telegram": (4, 6),
    }
    assert result.m1_by_platform["facebook"].value is None
    assert {name: (rate.numerator, rate.n) for name, rate in result.m1_by_maker.items()} == {"group": (6, 12)}
    assert result.m1_without_ours.numerator == 6


def test_waiting_by_hand() -> None:
    """M3b: answered at 2, 4, 6, 8, 10, 26, 26.5 and 30 h, four still alone. The sixth of twelve is the median."""
    result = compute()
    assert (result.m3b.n, result.m3b.events, result.m3b.median_hours) == (12, 8, 26.0)
    shares = {point.hours: round(point.share * 12) for point in result.m3b.marks}
    assert shares == {1: 12, 6: 9, 14: 7, 24: 7, 48: 4}
    # M3: ten found false, answered at 10, 12, … 22 and 30 h; the silence and one more stay open.
    assert (result.m3.n, result.m3.events, result.m3.median_hours) == (10, 8, 18.0)
    assert {point.hours: round(point.share * 10) for point in result.m3.marks} == {1: 10, 6: 10, 14: 7, 24: 3, 48: 2}
    assert (result.m3_not_settled, result.m3_crossed) == (1, 10)
    assert result.m3_split_hours == {"t0_logged": 1.0, "logged_verdict": 4.0, "verdict_published": None}


def test_the_line_above_by_hand() -> None:
    """Nine were answered, of which none is the one left in silence: ten of twelve are answered or decided."""
    result = compute()
    assert (result.claims, result.crossed) == (12, 12)
    assert result.answered_or_decided == sum(answered is not None for _, _, answered, _ in CLAIMS) + 1
    assert (result.panel_sources, result.missing_sources) == (16, 0)
    assert (result.m0.numerator, result.m0.n, result.partial) == (49, 50, False)
    assert result.m11.interval == wilson(13, 20)
    assert result.caveats == ("week-not-over",)


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("2026-W13", datetime(2026, 3, 22, 23, tzinfo=UTC)),  # the clocks go forward on its Sunday
        ("2026-W43", datetime(2026, 10, 18, 22, tzinfo=UTC)),  # and back on this one's
    ],
)
def test_hours_are_hours_where_the_clocks_change(name: str, monday: datetime) -> None:
    usual, changed = compute(), compute(monday, name, "Europe/Berlin")
    assert (changed.m1.numerator, changed.m1.n) == (usual.m1.numerator, usual.m1.n)
    assert changed.m3b == usual.m3b
    assert changed.m3 == usual.m3
    assert changed.starts_at == monday
    assert changed.ends_at - changed.starts_at != timedelta(days=7)
