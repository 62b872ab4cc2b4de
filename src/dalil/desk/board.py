"""Lists of claims: the board, what stands unanswered, silences due, and what waits for the reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from rapidfuzz import fuzz, process

from dalil.desk.access import Circles, circles, permitted
from dalil.desk.models import Claim, Holding, Suggestion
from dalil.desk.rows import ClaimRow, SuggestionRow, TaskRow
from dalil.desk.rules import Standing, State, Step, Try, next_step, steps_open
from dalil.desk.verdicts import Outcome
from dalil.errors import InputError
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.casework import Cell
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass
from dalil.signals.texts import norm


def board(actor: Actor, *, state: str | None = None, now: datetime) -> list[ClaimRow]:
    """Every claim, newest first, or those in one state (a key of `rules.ALLOWED`).

    Raises:
        InputError: no such state (`value-wrong`).
    """
    require(actor, Act.READ)
    if state is not None and state not in set(State):
        raise InputError("value-wrong", name="state", value=state[:20], kind=", ".join(State))
    claims = Claim.objects.order_by("-number")
    return rows(actor, claims.filter(state=state) if state else claims, now=now)


def unanswered(actor: Actor, *, now: datetime) -> list[ClaimRow]:
    """Claims past threshold without an answer, oldest first.

    A silence takes a claim off this list until its review, unless the claim crossed the threshold
    only after that decision: then it is back at once.
    """
    require(actor, Act.READ)
    decided = Q(silent_until__gt=now, crossed_at__lte=F("silent_since"))
    claims = Claim.objects.filter(crossed_at__lte=now, answered_at=None).exclude(decided)
    return sorted(rows(actor, claims, now=now), key=lambda row: (row.t0 or row.logged_at, row.number))


def silences_due(actor: Actor, *, now: datetime) -> list[ClaimRow]:
    """Claims whose silence is to be looked at again, longest due first."""
    require(actor, Act.READ)
    return rows(actor, Claim.objects.filter(silent_until__lte=now).order_by("silent_until", "number"), now=now)


def waiting_tasks(actor: Actor, *, now: datetime) -> list[TaskRow]:
    """What the reader could do next, longest waiting first: the next step of each claim where the tables
    and the reader's role allow it, and no other circle has it in hand."""
    require(actor, Act.READ)
    known = circles(actor)
    tasks = []
    for claim in Claim.objects.exclude(state=State.SETTLED, answered_at__isnull=False):
        step = next_step(standing(claim), now=now)
        if step != "none" and _for_reader(actor, known, claim, step):
            tasks.append(_task(claim, step))
    return sorted(tasks, key=lambda task: (task.since, task.number))


def suggestions(actor: Actor) -> list[SuggestionRow]:
    """What groups of equal texts suggest and nobody has decided on, most accounts first."""
    require(actor, Act.READ)
    found = Suggestion.objects.filter(state="suggested").order_by("-accounts", "-posts", "suggestion_id")
    return [
        SuggestionRow(
            suggestion_id=row.suggestion_id,
            sentence=row.sentence,
            sentence_lang=row.sentence_lang,
            posts=row.posts,
            accounts=row.accounts,
            first_at=row.first_at,
            last_at=row.last_at,
            observation_ids=tuple(row.observation_ids),
        )
        for row in found
    ]


def similar(actor: Actor, sentence: str, *, now: datetime, limit: int = 5) -> list[ClaimRow]:
    """Claims whose sentence resembles this one, most alike first: to be looked at before logging another.

    Compared by the words of their search keys, in any order; 70 of 100 and more are shown. A lead, no match.
    """
    require(actor, Act.READ)
    wanted = norm(sentence)
    if not wanted:
        return []
    told = dict(Claim.objects.values_list("claim_id", "sentence"))
    keys = {claim_id: norm(text) for claim_id, text in told.items()}
    found = process.extract(wanted, keys, scorer=fuzz.token_set_ratio, score_cutoff=_ALIKE, limit=limit)
    order = {claim_id: place for place, (_, _, claim_id) in enumerate(found)}
    return sorted(rows(actor, Claim.objects.filter(pk__in=list(order)), now=now), key=lambda row: order[row.claim_id])


_ALIKE = 70
_STEPS = {
    "take": Step.TAKE,
    "check": Step.CHECK,
    "first_vote": Step.VOTE,
    "second_vote": Step.VOTE,
    "third_vote": Step.VOTE,
    "warn": Step.WARN,
    "review_silence": Step.SILENCE,
}


def _for_reader(actor: Actor, known: Circles, claim: Claim, step: str) -> bool:
    if step in ("check", "first_vote") and claim.holder_circle not in (None, known.own):
        return False
    wanted = (Step.POST if claim.ready else Step.ANSWER) if step == "answer" else _STEPS[step]
    return wanted.value in permitted(actor, steps_open(standing(claim), Try(circle=known.own)))


def _task(claim: Claim, step: str) -> TaskRow:
    since = {
        "answer": claim.verdict_at,
        "review_silence": claim.silent_until,
        "warn": claim.logged_at,
        "check": claim.taken_at,
        "take": None if claim.round > 1 else claim.logged_at,
    }.get(step)
    return TaskRow(
        claim_id=claim.claim_id,
        number=claim.number,
        sentence=claim.sentence,
        sentence_lang=claim.sentence_lang,
        next_step=step,
        since=since or claim.moved_at,
    )


def standing(claim: Claim) -> Standing:
    """What the rules look at, from the projected row; member tokens are not in it."""
    return Standing(
        state=State(claim.state),
        claim_type=ClaimType(claim.claim_type),
        outcome=Outcome(claim.outcome),
        holder_circle=claim.holder_circle,
        voted=frozenset(claim.voted),
        open_checks=claim.open_checks,
        found=claim.found,
        found_now=claim.found_now,
        answered=claim.answered_at is not None,
        ready=claim.ready,
        warned=claim.warned_at is not None,
        silent_since=claim.silent_since,
        silent_until=claim.silent_until,
    )


def rows(actor: Actor, claims: QuerySet[Claim], *, now: datetime, known: Circles | None = None) -> list[ClaimRow]:
    """Claims as rows for the reader: four queries, however many."""
    known = known or circles(actor)
    holders = dict(_holders(actor, known))
    return [_row(claim, known, holders, now) for claim in claims]


def _holders(actor: Actor, known: Circles) -> Iterable[tuple[str, str]]:
    """(token, pseudonym) of the holders in the reader's own circle."""
    if not known.own:
        return
    names = people.pseudonyms(actor)
    for token, member in Holding.objects.filter(circle_id=actor.circle_id).values_list("token", "member_id"):
        if member in names:
            yield token, names[member]


def _row(claim: Claim, known: Circles, holders: dict[str, str], now: datetime) -> ClaimRow:
    t0 = claim.t0 or claim.logged_t0
    own = claim.holder_circle is not None and claim.holder_circle == known.own
    return ClaimRow(
        claim_id=claim.claim_id,
        number=claim.number,
        sentence=claim.sentence,
        sentence_lang=claim.sentence_lang,
        claim_type=ClaimType(claim.claim_type),
        maker_class=MakerClass(claim.maker_class),
        state=claim.state,
        cells=tuple(Cell(*cell) for cell in claim.cells),
        sightings=claim.sightings,
        views=claim.views,
        t0=t0,
        logged_at=claim.logged_at,
        crossed_at=claim.crossed_at,
        answered_at=claim.answered_at,
        waiting=max((claim.answered_at or now) - (t0 or claim.logged_at), timedelta(0)),
        holder=holders.get(claim.holder or "") if own else None,
        held_by=known.colour(claim.holder_circle) if claim.holder_circle else None,
        verdict=ClaimVerdict(claim.verdict) if claim.verdict else None,
        silent_until=claim.silent_until,
        next_step=next_step(standing(claim), now=now),
    )
