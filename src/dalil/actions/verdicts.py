"""Votes and what they lead to: sealed, told once two circles are bound, settled, reopened."""

from __future__ import annotations

import secrets
from datetime import datetime

from dalil.actions.desk import Acting, Desk, HeldCircle, acting, seal_identity
from dalil.desk import ballots, events
from dalil.desk.ballots import Secret
from dalil.desk.folding import CaseState
from dalil.desk.models import Holding, SealedVote
from dalil.desk.rules import State, Step
from dalil.desk.verdicts import Outcome, may_reveal
from dalil.people.actor import Actor
from dalil.schema.words import ClaimVerdict


def vote(actor: Actor, claim_id: str, *, vote: ClaimVerdict, reason: str, now: datetime, desk: Desk) -> None:
    """Seal the actor's vote; if that binds two circles, tell the votes of the circles at home.

    Raises:
        Conflict: `vote-same-circle`, `vote-same-person`, `vote-not-open`, `vote-without-finding`, `claim-state`.
    """
    with acting(actor, claim_id, Step.VOTE, now=now, desk=desk) as it:
        case, member = it.case, it.token()
        secret = Secret(vote, reason, secrets.token_bytes(ballots.NONCE_BYTES))
        bound = ballots.commitment(secret, claim_id=claim_id, round_=case.round, circle=it.mine.mark, member=member)
        event = it.add(events.VoteSealed(round=case.round, member=member, commitment=bound))
        SealedVote.objects.create(
            event_id=event.event_id,
            claim_id=claim_id,
            circle_id=it.mine.circle_id,
            sealed=ballots.seal(secret, seal_identity(desk, it.mine.circle_id)),
        )
        it.note("claim.voted", round=case.round)
        tell(it, desk=desk)
        if it.case.state is State.SETTLED:
            settle(it)


def reopen(actor: Actor, claim_id: str, *, reason: str, now: datetime, desk: Desk) -> None:
    """Open a new round on a settled claim, or on one whose sealed votes are not told.

    Its answers are marked until a verdict is in force again, and as corrected if that is another one.
    """
    with acting(actor, claim_id, Step.REOPEN, now=now, desk=desk) as it:
        it.add(events.ClaimReopened(round=it.case.round + 1, cause="decision", reason=reason))
        it.note("claim.reopened", round=it.case.round)


def tell(it: Acting, *, desk: Desk) -> None:
    """Reveal what may be told of the votes of circles at home; three different verdicts open a new round.

    Called after a vote, and after a packet brought another circle's seal.
    """
    case = it.case
    votes = case.votes.get(case.round, ())
    # What was sealed in a round that is over is never told.
    SealedVote.objects.filter(claim_id=it.claim_id).exclude(event_id__in=[vote.event_id for vote in votes]).delete()
    if may_reveal(vote.ballot for vote in votes):
        _reveal(it, case, desk)
        case = it.case
    if case.decision.outcome is Outcome.SPLIT:
        it.add(events.ClaimReopened(round=case.round + 1, cause="split"))
        it.note("claim.split", round=case.round)


def settle(it: Acting) -> None:
    """A verdict is in force: nobody holds the claim any longer, and the audit says so."""
    case = it.case
    Holding.objects.filter(claim_id=case.claim_id).delete()
    verdict = case.verdict
    it.note("claim.settled", verdict=verdict.value if verdict else None, round=case.round)


def _reveal(it: Acting, case: CaseState, desk: Desk) -> None:
    circles: dict[str, HeldCircle] = {circle.circle_id: circle for circle in it.circles}
    waiting = {vote.event_id for vote in case.votes[case.round] if vote.reveal is None}
    for row in SealedVote.objects.filter(claim_id=it.claim_id):
        circle = circles.get(row.circle_id)
        if row.event_id not in waiting or circle is None:
            continue
        secret = ballots.unseal(bytes(row.sealed), seal_identity(desk, row.circle_id))
        it.add(
            events.VoteRevealed(
                round=case.round,
                sealed=row.event_id,
                vote=secret.vote,
                reason=secret.reason,
                nonce=secret.nonce.hex(),
            ),
            by=circle,
        )
        it.note("claim.vote_told", round=case.round)
        row.delete()
