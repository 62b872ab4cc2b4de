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
        timelines: one for each claim × cell; those logged after `as_of` are not looked at.
        reports: all reports about these claims, sightings included; later than `as_of` ignored.
        panel: the version in force; without one nothing can cross.
        captures: each panel source × local day.
        media: by ISO week; the last eight weeks are shown.
        week: ISO week, such as `2026-W20`, in the zone.
        zone: the workspace's IANA zone.
        as_of: aware; nothing after it is known.
        log_checks: draws of this week; without one M0 is empty and everything is partial.
    Raises:
        InputError: no such week or zone.
        ValueError: `as_of` is naive.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of must be aware")
    this = week_of(week, zone)
    claims = _latest(timelines, as_of)
    by_claim, sources, days = Reports(reports, as_of), Panel.of(panel), captured(captures)
    m0 = _log_completeness(log_checks, this)
    m1 = one_version(claims, by_claim, sources, days, week=this, as_of=as_of)
    m3 = unanswered(claims, by_claim, sources, week=this, as_of=as_of)
    crossed, decided = _crossed_this_week(claims, by_claim, sources, this, as_of)
    m11 = _reuse(media, this)
    missing = _missing_sources(panel, days, this, as_of)
    partial = m0.interval.low is None or m0.interval.low <= COMPLETE_LOG
    return WeekResult(
        week=this.name,
        starts_at=this.starts_at,
        ends_at=this.ends_at,
        as_of=as_of,
        zone=zone,
        panel_sources=len({source.source_uid for source in panel.sources}) if panel else 0,
        missing_sources=missing,
        claims=len({claim.claim_id for claim in claims if this.starts_at <= claim.logged_at < this.ends_at}),
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
        partial=partial,
        caveats=_caveats(panel, this, as_of, missing, partial=partial),
    )


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
        if crossed is None or not this.starts_at <= crossed < this.ends_at:
            continue
        silent = claim.silent_since is not None and claim.silent_since <= as_of
        answered = silent or first_answer(claim, reports.of(claim), as_of) is not None
        open_cells[claim.claim_id] = open_cells.get(claim.claim_id, 0) + (not answered)
    return len(open_cells), sum(left == 0 for left in open_cells.values())


def _missing_sources(panel: PanelVersion | None, days: Captured, this: Week, as_of: datetime) -> int:
    """Panel sources that lack a complete capture on some day of the week that is over."""
    today = as_of.astimezone(this.zone).date()
    past = [day for day in this.days() if day < today]
    uids = {source.source_uid for source in panel.sources} if panel else set()
    return sum(any(days.get((uid, day)) is not CaptureState.COMPLETE for day in past) for uid in uids)


def _reuse(media: Iterable[MediaCount], this: Week) -> dict[str, Rate]:
    """M11 of the last eight weeks, oldest first, this one last."""
    names = [this.before(back).name for back in range(WEEKS_SHOWN - 1, -1, -1)]
    received, recognised = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for count in media:
        if count.week in received:
            received[count.week] += count.received
            recognised[count.week] += count.recognised
    return {name: plain_rate(recognised[name], received[name]) for name in names}


def _caveats(
    panel: PanelVersion | None, this: Week, as_of: datetime, missing: int, *, partial: bool
) -> tuple[str, ...]:
    """Codes, some with `=number`; pages say them in words."""
    found = []
    if partial:
        found.append("partial")
    if panel is None:
        found.append("no-panel")
    if missing:
        found.append(f"missing-sources={missing}")
    if as_of < this.ends_at:
        found.append("week-not-over")
    return tuple(found)
