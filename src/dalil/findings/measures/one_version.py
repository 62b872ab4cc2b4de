"""M1, one-version rate: claims without an independent report 24 hours after they crossed T.

Needs no view counts and cannot be raised by more accounts: only sources of the frozen panel let a
claim cross, and only another bloc's own evidence takes it out of the count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dalil.findings.measures.calendar import Week, local_days
from dalil.findings.measures.intervals import clustered_rate
from dalil.findings.measures.spread import Panel, Reports, crossed_at, first_independent
from dalil.schema.casework import ClaimTimeline, PanelCapture
from dalil.schema.results import Rate
from dalil.schema.words import CaptureState

MARK: Final = timedelta(hours=24)
WATCHED_SHARE: Final = 0.8
"""Independent panel sources whose 24 hours must be complete for the unit to count."""

Captured = Mapping[tuple[str, date], CaptureState]


@dataclass(frozen=True, slots=True)
class Unit:
    """One claim × cell whose mark falls in the week.

    `alone` and `alone_without_ours`: no independent report by the mark. `watched`: the 24 hours are
    complete enough to say so.
    """

    claim: ClaimTimeline
    alone: bool
    alone_without_ours: bool
    watched: bool


@dataclass(frozen=True, slots=True)
class OneVersion:
    """M1 and its cuts."""

    rate: Rate
    without_ours: Rate
    by_platform: dict[str, Rate]
    by_maker: dict[str, Rate]


def captured(captures: Iterable[PanelCapture]) -> dict[tuple[str, date], CaptureState]:
    """Captures by (source, day); of two for one day the better counts: it was captured."""
    best = [CaptureState.NONE, CaptureState.PARTIAL, CaptureState.COMPLETE]
    found: dict[tuple[str, date], CaptureState] = {}
    for capture in captures:
        key = capture.source_uid, capture.day
        found[key] = max(found.get(key, CaptureState.NONE), capture.state, key=best.index)
    return found


def one_version(
    claims: Sequence[ClaimTimeline],
    reports: Reports,
    panel: Panel,
    captures: Captured,
    *,
    week: Week,
    as_of: datetime,
) -> OneVersion:
    """M1 of one week.

    Makers of unknown class are left out and counted; units that were not watched are unknown.
    """
    units, left_out = [], 0
    for claim in claims:
        crossed = crossed_at(claim, reports.of(claim), panel)
        if crossed is None or not week.holds(crossed + MARK) or crossed + MARK > as_of:
            continue
        if claim.maker_class.bloc is None:
            left_out += 1
            continue
        units.append(_unit(claim, crossed, reports, panel, captures, week))
    return OneVersion(
        rate=_rate(units, left_out),
        without_ours=_rate(units, left_out, ours=False),
        by_platform=_cut(units, {unit.claim.cell.platform for unit in units}, lambda u: u.claim.cell.platform),
        by_maker=_cut(units, {unit.claim.maker_class.value for unit in units}, lambda u: u.claim.maker_class.value),
    )


def _unit(
    claim: ClaimTimeline, crossed: datetime, reports: Reports, panel: Panel, captures: Captured, week: Week
) -> Unit:
    mark = crossed + MARK
    with_ours = first_independent(claim, reports.of(claim))
    without_ours = first_independent(claim, reports.of(claim), ours=False)
    return Unit(
        claim=claim,
        alone=with_ours is None or with_ours > mark,
        alone_without_ours=without_ours is None or without_ours > mark,
        watched=_watched(claim, crossed, panel, captures, week),
    )


def _watched(claim: ClaimTimeline, crossed: datetime, panel: Panel, captures: Captured, week: Week) -> bool:
    sources = {source.source_uid for source in panel.independent_of(claim.maker_class, claim.cell)}
    days = tuple(local_days(crossed, crossed + MARK, week.zone))
    complete = sum(all(captures.get((uid, day)) is CaptureState.COMPLETE for day in days) for uid in sources)
    return bool(sources) and complete >= WATCHED_SHARE * len(sources)


def _rate(units: Sequence[Unit], left_out: int = 0, *, ours: bool = True) -> Rate:
    known = [unit for unit in units if unit.watched]
    rows = [
        (unit.claim.claim_id, str(unit.claim.cell), unit.alone if ours else unit.alone_without_ours) for unit in known
    ]
    return clustered_rate(rows, unknown=len(units) - len(known), left_out=left_out)


def _cut(units: Sequence[Unit], keys: set[str], key_of: Callable[[Unit], str]) -> dict[str, Rate]:
    return {key: _rate([unit for unit in units if key_of(unit) == key]) for key in sorted(keys)}
