"""M3b, time to a second account, and M3, time unanswered: how long claims of control stood alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dalil.findings.measures.calendar import Week
from dalil.findings.measures.spread import Panel, Reports, crossed_at, first_answer, first_independent
from dalil.findings.measures.survival import Wait, plain_median, survival
from dalil.schema.casework import ClaimTimeline
from dalil.schema.results import Survival
from dalil.schema.words import ClaimType, ClaimVerdict

CONTROL: Final = frozenset({ClaimType.VICTORY, ClaimType.WITHDRAWAL, ClaimType.CAPTURE})
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """M3b and M3 with what must stand beside them: not settled, crossed T, and the split in hours."""

    second_account: Survival
    unanswered: Survival
    not_settled: int
    crossed: int
    split_hours: dict[str, float | None]


def unanswered(
    claims: Sequence[ClaimTimeline], reports: Reports, panel: Panel, *, week: Week, as_of: datetime
) -> Unanswered:
    """Both measures of the 28 days before the week's end.

    A unit without an event is right-censored at `as_of`, silence or not, so that neither silence
    nor delay can improve the figure. A report older than t0 counts as no wait at all.
    """
    until = min(week.ends_at, as_of)
    recent = [claim for claim in claims if claim.claim_type in CONTROL and week.look_back_from <= claim.t0 < until]
    known = [claim for claim in recent if claim.maker_class.bloc is not None]
    false = [claim for claim in recent if _verdict(claim, as_of) is ClaimVerdict.FALSE]
    second = [_wait(claim, first_independent(claim, reports.of(claim)), as_of) for claim in known]
    answers = [_wait(claim, first_answer(claim, reports.of(claim), as_of), as_of) for claim in false]
    return Unanswered(
        second_account=survival(second, left_out=len(recent) - len(known)),
        unanswered=survival(answers),
        not_settled=sum(_verdict(claim, as_of) is None for claim in recent),
        crossed=sum(crossed_at(claim, reports.of(claim), panel) is not None for claim in false),
        split_hours=_split(false, as_of),
    )


def _verdict(claim: ClaimTimeline, as_of: datetime) -> ClaimVerdict | None:
    if claim.verdict_at is not None and claim.verdict_at > as_of:
        return None
    return claim.verdict


def _wait(claim: ClaimTimeline, at: datetime | None, as_of: datetime) -> Wait:
    end = as_of if at is None else max(at, claim.t0)
    return Wait(cluster=claim.claim_id, hours=(end - claim.t0) / HOUR, answered=at is not None)


def _split(claims: Sequence[ClaimTimeline], as_of: datetime) -> dict[str, float | None]:
    steps: dict[str, list[tuple[datetime | None, datetime | None]]] = {
        "t0_logged": [(claim.t0, claim.logged_at) for claim in claims],
        "logged_verdict": [(claim.logged_at, claim.verdict_at) for claim in claims],
        "verdict_published": [(claim.verdict_at, claim.published_at) for claim in claims],
    }
    return {name: plain_median([_hours(a, b) for a, b in ends if _done(a, b, as_of)]) for name, ends in steps.items()}


def _done(start: datetime | None, end: datetime | None, as_of: datetime) -> bool:
    return start is not None and end is not None and end <= as_of


def _hours(start: datetime | None, end: datetime | None) -> float:
    assert start is not None
    assert end is not None
    return max((end - start) / HOUR, 0.0)
