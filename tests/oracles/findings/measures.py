"""Slow, naive answers to what `dalil.findings.measures` computes, and worlds of claims to ask about.

Nothing here shares code with what it checks.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from dalil.schema.casework import Cell, ClaimTimeline, PanelCapture, PanelSource, PanelVersion, Report
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, ReportCode

ZONE = "Asia/Baghdad"
WEEK = "2026-W20"
START = datetime(2026, 5, 10, 21, tzinfo=UTC)
END = START + timedelta(days=7)
AS_OF = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)

MAKERS = list(MakerClass)
CELLS = [Cell("facebook", "ar", "north"), Cell("telegram", "ar", "north"), Cell("x", "en", "south")]
GROUPS = {
    MakerClass.GROUP: "group",
    MakerClass.SUPPORTER: "group",
    MakerClass.STATE: "state",
    MakerClass.ALLY: "state",
    MakerClass.INDEPENDENT: "independent",
}


class World:
    """A random but reproducible set of everything that a week is computed from."""

    def __init__(self, seed: int, claims: int = 40) -> None:
        rng = random.Random(seed)
        self.panel = PanelVersion(version=1, quarter="2026-Q2", sources=tuple(_sources(rng)), thresholds={})
        self.captures = [
            PanelCapture(source.source_uid, START.date() - timedelta(days=30) + timedelta(days=n), _state(rng))
            for source in self.panel.sources
            for n in range(45)
        ]
        self.timelines: list[ClaimTimeline] = []
        self.reports: list[Report] = []
        for number in range(claims):
            for cell in rng.sample(CELLS, rng.choice([1, 1, 2, 3])):
                self._add(rng, f"claim-{number:03d}", cell)

    def _add(self, rng: random.Random, claim_id: str, cell: Cell) -> None:
        t0 = AS_OF - timedelta(hours=rng.uniform(0, 30 * 24))
        verdict = rng.choice([None, ClaimVerdict.FALSE, ClaimVerdict.FALSE, ClaimVerdict.TRUE, ClaimVerdict.UNPROVEN])
        logged = t0 + timedelta(hours=rng.uniform(0, 10))
        self.timelines.append(
            ClaimTimeline(
                claim_id=claim_id,
                cell=cell,
                claim_type=rng.choice(list(ClaimType)[:4]),
                maker_class=rng.choice(MAKERS),
                t0=t0,
                logged_at=logged,
                verdict=verdict,
                verdict_at=logged + timedelta(hours=rng.uniform(0, 30)) if verdict else None,
                silent_since=t0 + timedelta(hours=3) if rng.random() < 0.1 else None,
            )
        )
        for n in range(rng.choice([1, 3, 4, 6, 9])):
            source = rng.choice(self.panel.sources)
            self.reports.append(
                Report(
                    claim_id=claim_id,
                    cell=cell,
                    observation_id=f"{claim_id}-{cell}-{n}",
                    source_uid=source.source_uid,
                    maker_class=rng.choice(MAKERS),
                    at=t0 + timedelta(hours=rng.expovariate(1 / 12)),
                    code=rng.choice([ReportCode.CARRIES, ReportCode.CARRIES, *ReportCode]),
                    own_evidence=rng.random() < 0.5,
                    qualified=rng.random() < 0.3,
                    ours=rng.random() < 0.3,
                )
            )


def _sources(rng: random.Random) -> list[PanelSource]:
    return [
        PanelSource(source_uid=f"{cell.platform}:{n}", cell=cell, maker_class=rng.choice(MAKERS))
        for cell in CELLS
        for n in range(8)
    ]


def _state(rng: random.Random) -> CaptureState:
    return rng.choices(list(CaptureState), [0.95, 0.03, 0.02])[0]


def crossing(claim: ClaimTimeline, reports: list[Report], panel: PanelVersion, as_of: datetime) -> datetime | None:
    """The first moment at which T panel sources of the cell have carried it, by trying each moment."""
    here = {source.source_uid for source in panel.sources if source.cell == claim.cell}
    need = panel.thresholds.get(str(claim.cell), 3)
    mine = [
        report
        for report in reports
        if report.claim_id == claim.claim_id
        and report.cell == claim.cell
        and report.code == ReportCode.CARRIES
        and report.source_uid in here
        and report.at <= as_of
    ]
    for moment in sorted(report.at for report in mine):
        if len({report.source_uid for report in mine if report.at <= moment}) >= need:
            return moment
    return None


def independent(claim: ClaimTimeline, reports: list[Report], as_of: datetime, *, ours: bool = True) -> list[datetime]:
    """Times of all independent reports about a claim in its cell."""
    return [
        report.at
        for report in reports
        if report.claim_id == claim.claim_id
        and report.cell == claim.cell
        and report.at <= as_of
        and report.own_evidence
        and report.code in ("confirms", "contests", "corrects")
        and (ours or not report.ours)
        and report.maker_class in GROUPS
        and claim.maker_class in GROUPS
        and GROUPS[report.maker_class] != GROUPS[claim.maker_class]
    ]


def answers(claim: ClaimTimeline, reports: list[Report], as_of: datetime) -> list[datetime]:
    """Times of all qualified answers to a claim in its cell."""
    found = [
        report.at
        for report in reports
        if report.claim_id == claim.claim_id
        and report.cell == claim.cell
        and report.at <= as_of
        and report.qualified
        and report.code in ("confirms", "contests", "corrects")
        and (report.ours or report.maker_class == "independent")
    ]
    return found + ([claim.published_at] if claim.published_at and claim.published_at <= as_of else [])


def m1(world: World, as_of: datetime = AS_OF) -> dict[str, list[tuple[str, str, bool]]]:
    """Units of M1 by fate: known (claim, cell, alone), unknown, left out."""
    found: dict[str, list[tuple[str, str, bool]]] = {"known": [], "unknown": [], "left_out": [], "without_ours": []}
    complete = {(c.source_uid, c.day) for c in world.captures if c.state == CaptureState.COMPLETE}
    for claim in world.timelines:
        crossed = crossing(claim, world.reports, world.panel, as_of)
        if claim.logged_at > as_of or crossed is None:
            continue
        mark = crossed + timedelta(hours=24)
        if not START <= mark < END or mark > as_of:
            continue
        unit = claim.claim_id, str(claim.cell)
        if claim.maker_class not in GROUPS:
            found["left_out"].append((*unit, False))
            continue
        sources = [
            source
            for source in world.panel.sources
            if source.cell == claim.cell
            and source.maker_class in GROUPS
            and GROUPS[source.maker_class] != GROUPS[claim.maker_class]
        ]
        days = _days(crossed, mark)
        good = [source for source in sources if all((source.source_uid, day) in complete for day in days)]
        if not sources or len(good) / len(sources) < 0.8:
            found["unknown"].append((*unit, False))
            continue
        found["known"].append((*unit, not any(at <= mark for at in independent(claim, world.reports, as_of))))
        others = independent(claim, world.reports, as_of, ours=False)
        found["without_ours"].append((*unit, not any(at <= mark for at in others)))
    return found


def _days(start: datetime, end: datetime) -> set[date]:
    """Local days that [start, end) touches, minute by minute, at UTC+3."""
    moment, days = start, set()
    while moment < end:
        days.add((moment + timedelta(hours=3)).date())
        moment += timedelta(minutes=1)
    return days


def kaplan_meier(waits: list[tuple[float, bool]], hours: float) -> float:
    """Share still waiting right after so many hours: the product over all answers until then."""
    share = 1.0
    for t in sorted({t for t, answered in waits if answered and t <= hours}):
        at_risk = sum(u >= t for u, _ in waits)
        events = sum(u == t and answered for u, answered in waits)
        share *= 1 - events / at_risk
    return share
