"""One claim's page, in the order of the work: folded from its events when it is read."""

from __future__ import annotations

from datetime import datetime

from dalil.desk import board, events
from dalil.desk.access import Circles, circles, permitted
from dalil.desk.folding import CaseState, Entry, fold
from dalil.desk.limits import length_on, limit_of
from dalil.desk.models import Claim, CodedReport
from dalil.desk.projection import load
from dalil.desk.reports import uncoded
from dalil.desk.rows import (
    AnswerRow,
    CheckRow,
    ClaimPage,
    HistoryRow,
    MediaFindingRow,
    SightingRow,
    SilenceRow,
    VoteRow,
)
from dalil.desk.rules import Try, steps_open
from dalil.errors import NotAllowed
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.casework import Cell
from dalil.schema.words import MakerClass, ReportCode


def claim_page(actor: Actor, claim_id: str, *, now: datetime) -> ClaimPage:
    """Everything that the reader may see of one claim.

    Raises:
        NotAllowed: no such claim, or none for this reader.
    """
    require(actor, Act.READ)
    known = circles(actor)
    row = next(iter(board.rows(actor, Claim.objects.filter(pk=claim_id), now=now, known=known)), None)
    case = fold(load(claim_id)) if row else None
    if row is None or case is None:
        raise NotAllowed("no-such-thing")
    return ClaimPage(
        row=row,
        sightings=_sightings(claim_id),
        media=_media(case, known),
        checks=_checks(case, known),
        votes=_votes(case, known),
        answers=_answers(case, known),
        silences=_silences(case, known),
        history=tuple(_history(entry, known) for entry in case.history if _shown(entry)),
        may=permitted(actor, steps_open(case.standing(), Try(circle=known.own))),
        uncoded=tuple(uncoded(claim_id)),
        outcome=case.decision.outcome,
    )


def is_private(source_uid: str) -> bool:
    """Whether a uid is a private person's keyed hash (`platform:h:<hash>`)."""
    return source_uid.partition(":")[2].startswith("h:")


def _sightings(claim_id: str) -> tuple[SightingRow, ...]:
    found = []
    seen: set[Cell] = set()
    for report in CodedReport.objects.filter(claim_id=claim_id).order_by("at", "observation_id"):
        cell = Cell(report.platform, report.language, report.region)
        code = ReportCode(report.code)
        first = code is ReportCode.CARRIES and cell not in seen
        if first:
            seen.add(cell)
        found.append(
            SightingRow(
                observation_id=report.observation_id,
                cell=cell,
                at=report.at,
                source=None if is_private(report.source_uid) else report.source_uid,
                maker_class=MakerClass(report.maker_class),
                code=code,
                own_evidence=report.own_evidence,
                views=report.views,
                first=first,
            )
        )
    return tuple(found)


def _media(case: CaseState, known: Circles) -> tuple[MediaFindingRow, ...]:
    return tuple(
        MediaFindingRow(
            sha256=body.sha256,
            finding=body.finding,
            earliest_captured=body.earliest_captured,
            earliest_claimed=body.earliest_claimed,
            note=body.note,
            circle=known.colour(circle),
            at=at,
        )
        for (_, circle), (body, at) in case.media.items()
    )


def _checks(case: CaseState, known: Circles) -> tuple[CheckRow, ...]:
    return tuple(
        CheckRow(
            check_id=check_id,
            question=check.body.question,
            method=check.body.method,
            finding=check.body.finding,
            evidence=check.evidence,
            confidence=check.body.confidence,
            circle=known.colour(check.circle),
            at=check.at,
        )
        for check_id, check in case.checks.items()
    )


def _votes(case: CaseState, known: Circles) -> tuple[VoteRow, ...]:
    return tuple(
        VoteRow(
            circle=known.colour(vote.circle),
            mine=vote.circle == known.own,
            sealed=vote.reveal is None,
            vote=vote.reveal.vote if vote.reveal else None,
            reason=vote.reveal.reason if vote.reveal else None,
            at=vote.at,
        )
        for vote in case.votes.get(case.round, [])
    )


def _answers(case: CaseState, known: Circles) -> tuple[AnswerRow, ...]:
    return tuple(
        AnswerRow(
            answer_id=answer_id,
            text=answer.body.text,
            language=answer.body.language,
            platform=answer.body.platform,
            length=length_on(answer.body.platform, answer.body.text),
            limit=limit_of(answer.body.platform),
            posted_url=answer.posted.url if answer.posted else None,
            posted_at=answer.posted.posted_at if answer.posted else None,
            circle=known.colour(answer.circle),
            at=answer.at,
            stale=case.stale(answer),
        )
        for answer_id, answer in case.answers.items()
    )


def _silences(case: CaseState, known: Circles) -> tuple[SilenceRow, ...]:
    standing = case.silence
    return tuple(
        SilenceRow(
            reason=silence.body.reason,
            reach=silence.body.reach,
            review_at=silence.body.review_at,
            circle=known.colour(silence.circle),
            at=silence.at,
            ended=silence is not standing,
        )
        for silence in case.silences.values()
    )


def _shown(entry: Entry) -> bool:
    return not isinstance(entry.body, events.CheckEvidence)


def _history(entry: Entry, known: Circles) -> HistoryRow:
    return HistoryRow(
        at=entry.at,
        event=events.kind_of(entry.body),
        circle=known.colour(entry.circle),
        detail=_detail(entry.body, known),
    )


def _detail(body: events.AnyBody, known: Circles) -> str:
    match body:
        case events.ClaimHandedOver(to_circle=circle):
            return known.colour(circle) if circle else ""
        case events.CheckAdded(question=question):
            return question
        case events.MediaFound(finding=finding):
            return finding.value
        case events.VoteRevealed(vote=vote):
            return vote.value
        case events.ClaimReopened(reason=reason) | events.SilenceKept(reason=reason):
            return reason
        case events.AnswerDrafted(platform=platform, language=language):
            return f"{platform} {language}"
        case events.AnswerPosted(url=url):
            return url
        case _:
            return ""
