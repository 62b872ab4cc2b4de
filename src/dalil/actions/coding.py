"""Posts about a claim: linked when they are seen, coded when somebody has read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dalil.actions.desk import Desk, acting
from dalil.desk import events
from dalil.desk.rules import Step
from dalil.people.actor import Actor
from dalil.schema.casework import Report
from dalil.schema.words import ReportCode


def add_sightings(actor: Actor, claim_id: str, observation_ids: Sequence[str], *, now: datetime, desk: Desk) -> None:
    """Link posts that show the claim, to be coded later."""
    if not observation_ids:
        return
    with acting(actor, claim_id, Step.CODE, now=now, desk=desk) as it:
        it.add(events.ObservationsLinked(observation_ids=tuple(dict.fromkeys(observation_ids))))
        it.note("claim.linked", observations=len(observation_ids))


def code_report(actor: Actor, claim_id: str, report: Report, *, now: datetime, desk: Desk) -> None:
    """Code one post about the claim; a later coding of the same post in the same cell replaces it."""
    code_reports(actor, claim_id, [report], now=now, desk=desk)


def code_reports(actor: Actor, claim_id: str, reports: Sequence[Report], *, now: datetime, desk: Desk) -> None:
    """The same for many posts, as one event."""
    if not reports:
        return
    with acting(actor, claim_id, Step.CODE, now=now, desk=desk) as it:
        it.add(events.ReportsCoded(reports=tuple(own(claim_id, report) for report in reports)))
        it.note("claim.coded", reports=len(reports))


def own(claim_id: str, report: Report) -> Report:
    """The report under its claim. Only a post that answers with evidence can be a qualified answer."""
    answers = report.code is not ReportCode.CARRIES and report.own_evidence
    return msgspec.structs.replace(report, claim_id=claim_id, qualified=report.qualified and answers)
