"""Everything that is done with a claim before and beside its verdict: log, take, check, find, warn.

Coding posts is in `coding`, suggesting claims in `suggesting`; both are offered here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from dalil.actions.coding import add_sightings, code_report, code_reports, own
from dalil.actions.desk import Acting, Desk, acting, begin, finish, new_id
from dalil.actions.suggesting import accepted, dismiss_suggestion, propose_from_groups
from dalil.desk import events
from dalil.desk.access import mark_of
from dalil.desk.models import Holding
from dalil.desk.rules import Step
from dalil.errors import NotAllowed
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.casework import Cell, Report
from dalil.schema.words import ClaimType, Confidence, MakerClass, MediaFindingKind, ReportCode

__all__ = [
    "accept_suggestion",
    "add_check",
    "add_sightings",
    "code_report",
    "code_reports",
    "dismiss_suggestion",
    "hand_over",
    "log_claim",
    "propose_from_groups",
    "record_media_finding",
    "take",
    "warn",
]

_HASH = re.compile(r"[0-9a-f]{64}")


def log_claim(
    actor: Actor,
    *,
    sentence: str,
    sentence_lang: str,
    claim_type: ClaimType,
    maker_class: MakerClass,
    cells: Iterable[Cell],
    observation_ids: Sequence[str] = (),
    reports: Sequence[Report] = (),
    now: datetime,
    desk: Desk,
) -> str:
    """Begin a claim; returns its id.

    Args:
        sentence: neutral, worded as a claim ("says it holds"); at most 500 characters.
        cells: where it is known to be seen; the reports' cells are added by themselves.
        observation_ids: posts that show it, to be coded later.
        reports: posts that are coded already; their `claim_id` is filled in.
    """
    require(actor, Act.LOG_CLAIM)
    with transaction.atomic():
        it = begin(actor, new_id(), now=now, desk=desk, new=True)
        _log(it, sentence, sentence_lang, claim_type, maker_class, cells, observation_ids, reports)
        finish(it)
        return it.claim_id


def _log(
    it: Acting,
    sentence: str,
    sentence_lang: str,
    claim_type: ClaimType,
    maker_class: MakerClass,
    cells: Iterable[Cell],
    observation_ids: Sequence[str],
    reports: Sequence[Report],
) -> None:
    carried = [report.at for report in reports if report.code is ReportCode.CARRIES]
    body = events.ClaimLogged(
        sentence=" ".join(sentence.split()),
        sentence_lang=sentence_lang,
        claim_type=claim_type,
        maker_class=maker_class,
        cells=tuple(dict.fromkeys(cells)),
        t0=min(carried, default=None),
    )
    it.add(body, event_id=it.claim_id)
    if observation_ids:
        it.add(events.ObservationsLinked(observation_ids=tuple(dict.fromkeys(observation_ids))))
    if reports:
        it.add(events.ReportsCoded(reports=tuple(own(it.claim_id, report) for report in reports)))
    it.note("claim.logged", type=claim_type.value, reports=len(reports))


def accept_suggestion(
    actor: Actor,
    suggestion_id: str,
    *,
    sentence: str,
    sentence_lang: str,
    claim_type: ClaimType,
    maker_class: MakerClass,
    cells: Iterable[Cell],
    reports: Sequence[Report] = (),
    now: datetime,
    desk: Desk,
) -> str:
    """Make a suggested claim a real one, in the words that the actor gives it; returns the claim's id.

    Its posts are linked to the claim, to be coded.
    Raises:
        NotAllowed: there is no such suggestion.
        Conflict: it was accepted or dismissed already (`suggestion-decided`).
    """
    require(actor, Act.LOG_CLAIM)
    with transaction.atomic():
        observation_ids = accepted(suggestion_id)
        it = begin(actor, new_id(), now=now, desk=desk, new=True)
        _log(it, sentence, sentence_lang, claim_type, maker_class, cells, observation_ids, reports)
        it.note("claim.accepted", suggestion=suggestion_id)
        finish(it)
        return it.claim_id


def take(actor: Actor, claim_id: str, *, now: datetime, desk: Desk) -> None:
    """Work on a claim that nobody has in hand."""
    with acting(actor, claim_id, Step.TAKE, now=now, desk=desk) as it:
        _hold(it, actor.member_id)
        it.add(events.ClaimTaken(round=it.case.round, holder=it.holder_token(actor.member_id)))
        it.note("claim.taken")


def hand_over(
    actor: Actor,
    claim_id: str,
    *,
    to_circle: str | None = None,
    to_member: str | None = None,
    now: datetime,
    desk: Desk,
) -> None:
    """Give a claim of one's own circle away: to a circle, to a member of one's own, or back to the board.

    Args:
        to_circle: a circle's id here; `to_member`: a member's id in the actor's circle; both None: to the board.
    Raises:
        NotAllowed: no such circle or member.
    """
    with acting(actor, claim_id, Step.HAND_OVER, now=now, desk=desk) as it:
        if to_member is not None:
            if to_member not in people.pseudonyms(actor):
                raise NotAllowed("no-such-thing")
            _hold(it, to_member)
            mark, token = it.mine.mark, it.holder_token(to_member)
            it.add(events.ClaimHandedOver(round=it.case.round, to_circle=mark, holder=token))
        else:
            Holding.objects.filter(claim_id=claim_id).delete()
            it.add(events.ClaimHandedOver(round=it.case.round, to_circle=_circle_mark(to_circle)))
        it.note("claim.handed_over")


def _circle_mark(circle_id: str | None) -> str | None:
    if circle_id is None:
        return None
    row = people.circle(circle_id)
    if row is None:
        raise NotAllowed("no-such-thing")
    return mark_of(row)


def _hold(it: Acting, member_id: str) -> None:
    Holding.objects.update_or_create(
        claim_id=it.claim_id,
        defaults={
            "circle_id": it.mine.circle_id,
            "member_id": member_id,
            "token": it.holder_token(member_id),
        },
    )


def add_check(
    actor: Actor,
    claim_id: str,
    *,
    question: str,
    method: str,
    finding: str,
    evidence: Sequence[str],
    confidence: Confidence,
    check_id: str | None = None,
    now: datetime,
    desk: Desk,
) -> str:
    """Add a check, or a newer finding to one; returns its id.

    Args:
        confidence: `open` while the question stands without a finding.
        check_id: the check that this is a newer finding of; None finds an open one with the same question.
        evidence: hashes (64 hex digits) travel in packets, everything else stays in this workspace.
    Raises:
        NotAllowed: no such check.
    """
    with acting(actor, claim_id, Step.CHECK, now=now, desk=desk) as it:
        case = it.case
        if check_id is not None and check_id not in case.checks:
            raise NotAllowed("no-such-thing")
        same = (
            id_
            for id_, check in case.checks.items()
            if check.body.confidence is Confidence.OPEN and check.body.question == question
        )
        check_id = check_id or next(same, None) or new_id()
        hashes = tuple(item for item in evidence if _HASH.fullmatch(item))
        it.add(
            events.CheckAdded(
                round=case.round,
                check_id=check_id,
                question=question,
                method=method,
                finding=finding,
                confidence=confidence,
                hashes=hashes,
                elsewhere=len(evidence) - len(hashes),
            )
        )
        if len(evidence) > len(hashes):
            it.add(events.CheckEvidence(check_id=check_id, evidence=tuple(evidence)))
        it.note("claim.checked", check=check_id, confidence=confidence.value)
        return check_id


def record_media_finding(
    actor: Actor,
    claim_id: str,
    *,
    sha256: str,
    finding: MediaFindingKind,
    earliest_captured: datetime | None = None,
    earliest_claimed: datetime | None = None,
    note: str = "",
    now: datetime,
    desk: Desk,
) -> None:
    """Say what was found about a media item: it refutes the item, never by itself the claim."""
    with acting(actor, claim_id, Step.FIND, now=now, desk=desk) as it:
        it.add(
            events.MediaFound(
                round=it.case.round,
                sha256=sha256,
                finding=finding,
                earliest_captured=earliest_captured,
                earliest_claimed=earliest_claimed,
                note=note,
            )
        )
        it.note("claim.media_found", media=sha256, finding=finding.value)


def warn(actor: Actor, claim_id: str, *, now: datetime, desk: Desk) -> None:
    """Record that those whom a threat names were warned; who they are is stored nowhere."""
    with acting(actor, claim_id, Step.WARN, now=now, desk=desk) as it:
        it.add(events.ThreatWarned())
        it.note("claim.warned")
