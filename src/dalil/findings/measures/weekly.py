"""The Monday page's figures for one week, exactly as the word list and the weekly measures define them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from dalil.findings.measures.calendar import Week, week_of
from dalil.findings.measures.intervals import plain_rate
from dalil.findings.measures.one_version import Captured, captured, one_version
from dalil.findings.measures.spread import Panel, Reports, crossed_at, first_answer
from dalil.findings.measures.unanswered import unanswered
from dalil.schema.casework import ClaimTimeline, PanelCapture, PanelVersion, Report
from dalil.schema.results import Rate, WeekResult
from dalil.schema.words import CaptureState

VERSION: Final = "1"
COMPLETE_LOG: Final = 0.8
"""M0's lower bound must pass this, else everything is partial."""
WEEKS_SHOWN: Final = 8


class MediaCount(msgspec.Struct, frozen=True):
    """Media received in one ISO week, and how many of them were resolved without opening the original."""

    week: str
    received: int
    recognised: int


class LogCheck(msgspec.Struct, frozen=True):
    """A blind random draw of panel posts, read afresh: claims found, and those that were in our log."""

    week: str
    found: int
    in_log: int


def week(
    timelines: Iterable[ClaimTimeline],
    reports: Iterable[Report],
    panel: PanelVersion | None,
    captures: Iterable[PanelCapture],
    media: Iterable[MediaCount] = (),
    *,
    week: str,
    zone: str,
    as_of: datetime,
    log_checks: Iterable[LogCheck] = (),
) -> WeekResult:
    """Compute one week.

    Args:
        timelines: one for each claim × cell.
        reports: about these claims, sightings included.
        panel: the version in force; without one nothing can cross.
        captures: each panel source × local day.
        week: ISO week, such as `2026-W20`, in the IANA zone `zone`.
        as_of: aware; nothing after it is known.
        log_checks: without one of this week M0 is empty and everything is partial.
    Raises:
        InputError: no such week or zone; ValueError: `as_of` is naive.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of must be aware")
    this = week_of(week, zone)
    claims, by_claim = _latest(timelines, as_of), Reports(reports, as_of)
    sources, days = Panel.of(panel), captured(captures)
    m0, m11 = _log_completeness(log_checks, this), _reuse(media, this)
    m1 = one_version(claims, by_claim, sources, days, week=this, as_of=as_of)
    m3 = unanswered(claims, by_claim, sources, week=this, as_of=as_of)
    crossed, decided = _crossed_this_week(claims, by_claim, sources, this, as_of)
    result = WeekResult(
        week=this.name,
        starts_at=this.starts_at,
        ends_at=this.ends_at,
        as_of=as_of,
        zone=zone,
        panel_sources=len(sources.uids()),
        missing_sources=_missing_sources(sources, days, this, as_of),
        claims=len({claim.claim_id for claim in claims if this.holds(claim.logged_at)}),
        crossed=crossed,
        answered_or_decided=decided,
        m0=m0,
        m1=m1.rate,
        m1_by_platform=m1.by_platform,
        m1_by_maker=m1.by_maker,
        m1_without_ours=m1.without_ours,
        m3b=m3.second_account,
        m3=m3.unanswered,
        m3_not_settled=m3.not_settled,
        m3_crossed=m3.crossed,
        m3_split_hours=m3.split_hours,
        m11=m11[this.name],
        m11_by_week=m11,
        partial=m0.interval.low is None or m0.interval.low <= COMPLETE_LOG,
    )
    return msgspec.structs.replace(result, caveats=_caveats(result, panel))


def _latest(timelines: Iterable[ClaimTimeline], as_of: datetime) -> list[ClaimTimeline]:
    """One timeline for each claim × cell that was logged by then, in the order of their names."""
    found = {(claim.claim_id, claim.cell): claim for claim in timelines if claim.logged_at <= as_of}
    return [found[key] for key in sorted(found)]


def _log_completeness(checks: Iterable[LogCheck], this: Week) -> Rate:
    mine = [check for check in checks if check.week == this.name]
    return plain_rate(sum(check.in_log for check in mine), sum(check.found for check in mine))


def _crossed_this_week(
    claims: Sequence[ClaimTimeline], reports: Reports, panel: Panel, this: Week, as_of: datetime
) -> tuple[int, int]:
    """Claims that crossed in some cell this week, and those answered or silenced in every such cell."""
    open_cells: dict[str, int] = {}
    for claim in claims:
        crossed = crossed_at(claim, reports.of(claim), panel)
        if crossed is None or not this.holds(crossed):
            continue
        silent = claim.silent_since is not None and claim.silent_since <= as_of
        answered = silent or first_answer(claim, reports.of(claim), as_of) is not None
        open_cells[claim.claim_id] = open_cells.get(claim.claim_id, 0) + (not answered)
    return len(open_cells), sum(left == 0 for left in open_cells.values())


def _missing_sources(panel: Panel, days: Captured, this: Week, as_of: datetime) -> int:
    """Panel sources that lack a complete capture on some day of the week that is over."""
    today = as_of.astimezone(this.zone).date()
    past = [day for day in this.days() if day < today]
    return sum(any(days.get((uid, day)) is not CaptureState.COMPLETE for day in past) for uid in panel.uids())


def _reuse(media: Iterable[MediaCount], this: Week) -> dict[str, Rate]:
    """M11 of the last eight weeks, oldest first, this one last."""
    names = [this.before(back).name for back in range(WEEKS_SHOWN - 1, -1, -1)]
    received, recognised = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for count in media:
        if count.week in received:
            received[count.week] += count.received
            recognised[count.week] += count.recognised
    return {name: plain_rate(recognised[name], received[name]) for name in names}


def _caveats(result: WeekResult, panel: PanelVersion | None) -> tuple[str, ...]:
    """Codes, some with `=number`; pages say them in words."""
    found = []
    if result.partial:
        found.append("partial")
    if panel is None:
        found.append("no-panel")
    if result.missing_sources:
        found.append(f"missing-sources={result.missing_sources}")
    if result.as_of < result.ends_at:
        found.append("week-not-over")
    return tuple(found)
