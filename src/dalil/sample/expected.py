"""The weekly measures, computed slowly and literally from the product page, for the truth file.

Nothing here is shared with `dalil.findings`: plain loops over plain rows, one paragraph of the page
each, so that a reader can hold the code against the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

import msgspec

from dalil.sample.clock import NOW, TZ, WEEK_END, WEEK_START
from dalil.sample.script import CodedPost
from dalil.schema.casework import Cell, ClaimTimeline, PanelCapture, PanelSource
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, ReportCode

MARKS: Final = (1, 6, 14, 24, 48)
SECOND_ACCOUNT_TYPES: Final = (ClaimType.VICTORY, ClaimType.WITHDRAWAL, ClaimType.CAPTURE)
ANSWERING: Final = (ReportCode.CONFIRMS, ReportCode.CONTESTS, ReportCode.CORRECTS)


class Share(msgspec.Struct, frozen=True):
    """A rate: claims without a second version, of n."""

    numerator: int
    n: int


class OneVersion(msgspec.Struct, frozen=True, kw_only=True):
    """M1. `unknown` not captured whole; `left_out` claims of unknown makers."""

    all: Share
    without_ours: Share
    unknown: int
    left_out: int
    by_platform: dict[str, Share]
    by_maker: dict[str, Share]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """M3b or M3. Durations in hours from t0; `left_out` claims of unknown makers (M3b)."""

    n: int
    events: int
    median_hours: float | None
    unanswered: dict[str, float]
    """Share still waiting at 1, 6, 14, 24 and 48 h, by the hour as text."""
    durations: tuple[tuple[float, bool], ...]
    """(hours, whether it ended), shortest first."""
    left_out: int = 0


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """The week's figures. `m3_not_settled` counts claims whose t0 lies in the last 28 days and that no
    verdict settles, `m3_not_settled_cells` their cells; `m3_crossed` cells of M3 that crossed the threshold."""

    m1: OneVersion
    m3b: Waiting
    m3: Waiting
    m3_not_settled: int
    m3_not_settled_cells: int
    m3_crossed: int


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What the measures are computed from; claim ids are truth keys, and reports hold our own answers too."""

    timelines: tuple[ClaimTimeline, ...]
    reports: tuple[tuple[str, CodedPost], ...]
    """(claim key, coded post)."""
    sources: tuple[PanelSource, ...]
    captures: tuple[PanelCapture, ...]


def measures(inputs: Inputs) -> Measures:
    """All of them, for the sample's week."""
    recent = [t for t in inputs.timelines if NOW - timedelta(days=28) <= t.t0 <= NOW]
    moving = [t for t in recent if t.claim_type in SECOND_ACCOUNT_TYPES]
    known = [t for t in moving if t.maker_class.bloc is not None]
    open_cells = [t for t in moving if t.verdict is None]
    false = [t for t in moving if t.verdict is ClaimVerdict.FALSE]
    return Measures(
        m1=_one_version(inputs),
        m3b=_waiting([(t, _second_account(inputs, t)) for t in known], left_out=len(moving) - len(known)),
        m3=_waiting([(t, _qualified_answer(inputs, t)) for t in false], left_out=0),
        m3_not_settled=len({t.claim_id for t in open_cells}),
        m3_not_settled_cells=len(open_cells),
        m3_crossed=sum(crossing(inputs, t.claim_id, t.cell) is not None for t in false),
    )


def crossing(inputs: Inputs, claim: str, cell: Cell) -> datetime | None:
    """When the claim was seen in the third panel source of the cell."""
    homes = {s.source_uid for s in inputs.sources if s.cell == cell}
    first: dict[str, datetime] = {}
    for key, report in inputs.reports:
        uid = f"{report.source.platform}:{report.source.native_id}"
        if key == claim and report.cell == cell and report.code is ReportCode.CARRIES and uid in homes:
            first[uid] = min(report.at, first.get(uid, report.at))
    times = sorted(first.values())
    return times[2] if len(times) >= 3 else None


def _independent(report: CodedPost, maker: MakerClass) -> bool:
    """From another bloc, adding its own evidence; confirming, contesting or correcting."""
    other = report.maker_class.bloc
    return report.code in ANSWERING and report.own_evidence and other is not None and other != maker.bloc


def _one_version(inputs: Inputs) -> OneVersion:
    """Of the claims whose 24-hour mark falls in the week, those without an independent report at that mark."""
    rows: list[tuple[ClaimTimeline, bool, bool]] = []
    unknown = left_out = 0
    for timeline in inputs.timelines:
        crossed = crossing(inputs, timeline.claim_id, timeline.cell)
        if crossed is None or not WEEK_START <= crossed + timedelta(hours=24) < min(WEEK_END, NOW):
            continue
        if timeline.maker_class.bloc is None:
            left_out += 1
        elif not _captured_whole(inputs, timeline, crossed):
            unknown += 1
        else:
            mark = crossed + timedelta(hours=24)
            found = [
                r for key, r in inputs.reports
                if key == timeline.claim_id and r.cell == timeline.cell and r.at <= mark and _independent(r, timeline.maker_class)
            ]  # fmt: skip
            rows.append((timeline, not found, not [r for r in found if not r.ours]))
    platforms = sorted({t.cell.platform for t, _, _ in rows})
    makers = sorted({t.maker_class.value for t, _, _ in rows})
    return OneVersion(
        all=Share(sum(one for _, one, _ in rows), len(rows)),
        without_ours=Share(sum(one for _, _, one in rows), len(rows)),
        unknown=unknown,
        left_out=left_out,
        by_platform={p: _share([one for t, one, _ in rows if t.cell.platform == p]) for p in platforms},
        by_maker={m: _share([one for t, one, _ in rows if t.maker_class == m]) for m in makers},
    )


def _share(ones: Sequence[bool]) -> Share:
    return Share(sum(ones), len(ones))


def _captured_whole(inputs: Inputs, timeline: ClaimTimeline, crossed: datetime) -> bool:
    """The 24 hours are captured complete for at least 80 % of the independent panel sources."""
    sources = [
        s.source_uid for s in inputs.sources
        if s.cell == timeline.cell and s.maker_class.bloc is not None and s.maker_class.bloc != timeline.maker_class.bloc
    ]  # fmt: skip
    days = _days(crossed, crossed + timedelta(hours=24))
    complete = {(c.source_uid, c.day) for c in inputs.captures if c.state is CaptureState.COMPLETE}
    whole = [s for s in sources if all((s, day) in complete for day in days)]
    return bool(sources) and len(whole) >= 0.8 * len(sources)


def _days(start: datetime, end: datetime) -> list[date]:
    """The local days that a stretch touches."""
    first, last = start.astimezone(TZ).date(), end.astimezone(TZ).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _second_account(inputs: Inputs, timeline: ClaimTimeline) -> datetime | None:
    return min(
        (
            r.at for key, r in inputs.reports
            if key == timeline.claim_id and r.cell == timeline.cell and _independent(r, timeline.maker_class)
        ),
        default=None,
    )  # fmt: skip


def _qualified_answer(inputs: Inputs, timeline: ClaimTimeline) -> datetime | None:
    """Public, in the same cell, with evidence and a verdict signed by two; ours or an independent outlet's."""
    return min(
        (r.at for key, r in inputs.reports if key == timeline.claim_id and r.cell == timeline.cell and r.qualified),
        default=None,
    )


def _waiting(rows: Sequence[tuple[ClaimTimeline, datetime | None]], *, left_out: int) -> Waiting:
    """Kaplan–Meier, by hand: those still waiting are censored at the simulated now."""
    durations = sorted((((end or NOW) - timeline.t0) / timedelta(hours=1), end is not None) for timeline, end in rows)

    def waiting_after(limit: float) -> Fraction:
        share = Fraction(1)  # floats would put an exact half just above a half, and the median one event too late
        for moment in sorted({d for d, ended in durations if ended and d <= limit}):
            at_risk = sum(d >= moment for d, _ in durations)
            ended_now = sum(ended and d == moment for d, ended in durations)
            share *= 1 - Fraction(ended_now, at_risk)
        return share

    half = Fraction(1, 2)
    median = next((d for d, ended in durations if ended and waiting_after(d) <= half), None)
    return Waiting(
        n=len(durations),
        events=sum(ended for _, ended in durations),
        median_hours=median,
        unanswered={str(mark): float(waiting_after(mark)) for mark in MARKS},
        durations=tuple(durations),
        left_out=left_out,
    )
