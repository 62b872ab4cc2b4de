"""Answers resting on a settled verdict, and recorded decisions to stay silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dalil.actions.desk import Desk, acting, new_id
from dalil.desk import events
from dalil.desk.limits import length_on, limit_of
from dalil.desk.rules import Step
from dalil.errors import Conflict, InputError, LimitReached, NotAllowed
from dalil.people.actor import Actor

LONGEST_SILENCE = timedelta(days=30)


def draft(
    actor: Actor,
    claim_id: str,
    *,
    text: str,
    language: str,
    platform: str,
    evidence: Sequence[str] = (),
    now: datetime,
    desk: Desk,
) -> str:
    """Draft an answer; returns its id.

    Args:
        evidence: public addresses or hashes that the answer shows.
    Raises:
        Conflict: no settled verdict (`claim-state`), a check is open (`answer-check-open`), nothing was
            found (`answer-without-evidence`).
        LimitReached: longer than the platform takes (`answer-too-long`).
    """
    with acting(actor, claim_id, Step.ANSWER, now=now, desk=desk) as it:
        case = it.case
        limit, length = limit_of(platform), length_on(platform, text)
        if limit is not None and length > limit:
            raise LimitReached("answer-too-long", platform=platform, length=length, limit=limit)
        if case.verdict is None:
            raise Conflict("claim-state", state=case.state, step=Step.ANSWER)
        answer_id = new_id()
        it.add(
            events.AnswerDrafted(
                answer_id=answer_id,
                round=case.round,
                verdict=case.verdict,
                text=text.strip(),
                language=language,
                platform=platform,
                evidence=tuple(evidence),
            )
        )
        it.note("answer.drafted", answer=answer_id, platform=platform)
        return answer_id


def record_posted(
    actor: Actor, claim_id: str, answer_id: str, *, url: str, posted_at: datetime, now: datetime, desk: Desk
) -> None:
    """Record where and when a person posted an answer. Dalil itself posts nothing.

    Raises:
        NotAllowed: the claim has no such answer.
        Conflict: it was posted already, or the verdict it rests on is not in force.
        InputError: the time lies in the future, or the address is not http(s).
    """
    if posted_at.tzinfo is None:
        raise ValueError("posted_at must be aware")
    if posted_at > now:
        raise InputError("posted-in-future")
    with acting(actor, claim_id, Step.POST, now=now, desk=desk) as it:
        case = it.case
        answer = case.answers.get(answer_id)
        if answer is None:
            raise NotAllowed("no-such-thing")
        if answer.posted is not None:
            raise Conflict("answer-posted")
        if case.stale(answer):
            raise Conflict("answer-stale")
        it.add(events.AnswerPosted(answer_id=answer_id, url=url, posted_at=posted_at))
        it.note("answer.posted", answer=answer_id)


def stay_silent(
    actor: Actor,
    claim_id: str,
    *,
    reason: str,
    reach: int | None,
    review_at: datetime,
    now: datetime,
    desk: Desk,
) -> None:
    """Decide not to answer for now.

    Args:
        reach: views at the time, None if unknown.
        review_at: when it is looked at again; after `now`, at most 30 days.
    Raises:
        Conflict: a threat (`silence-threat`), or answered already (`silence-answered`).
        InputError: the review lies in the past or too far away (`silence-review`).
    """
    if not now < review_at <= now + LONGEST_SILENCE:
        raise InputError("silence-review", days=LONGEST_SILENCE.days)
    with acting(actor, claim_id, Step.SILENCE, now=now, desk=desk) as it:
        it.add(events.SilenceKept(reason=reason, reach=reach, review_at=review_at))
        it.note("claim.silenced", reach=reach)


def end_silence(actor: Actor, claim_id: str, *, now: datetime, desk: Desk) -> None:
    """End the silence that stands, without an answer."""
    with acting(actor, claim_id, Step.END_SILENCE, now=now, desk=desk) as it:
        silence = it.case.silence
        if silence is None:
            raise Conflict("claim-state", state=it.case.state, step=Step.END_SILENCE)
        it.add(events.SilenceEnded(silence=silence.silence_id))
        it.note("claim.silence_ended")
