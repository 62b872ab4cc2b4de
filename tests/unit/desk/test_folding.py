"""A claim's state follows from the set of its events: not from their order, nor from how often they came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_histories import CIRCLES, CLAIM, LOGGED, NOW, entry, histories, reveal_entry, seal_entry
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.desk import events
from dalil.desk.folding import fold
from dalil.desk.rules import ALLOWED, State
from dalil.desk.verdicts import Outcome
from dalil.schema.words import ClaimVerdict, Confidence

BLUE, GREEN, RED, GREY = CIRCLES
FALSE, UNPROVEN, TRUE = ClaimVerdict.FALSE, ClaimVerdict.UNPROVEN, ClaimVerdict.TRUE
CHECK = events.CheckAdded(
    round=1, check_id="1" * 32, question="Today?", method="look", finding="No.", confidence=Confidence.CERTAIN
)


def voted(*votes: tuple[str, ClaimVerdict], round_: int = 1, first: int = 10) -> list:
    found = []
    for n, (circle, vote) in enumerate(votes):
        when = {"clock": first + n, "minute": n, "round_": round_}
        found.append(seal_entry(first + n, vote, circle=circle, **when))
        found.append(reveal_entry(first + n + 50, first + n, vote, circle=circle, **when))
    return found


@given(histories(), st.randoms())
@settings(max_examples=300)
def test_any_order_and_any_repetition_give_the_same_state(history, random):
    again = history + random.choices(history, k=5)
    random.shuffle(again)
    assert fold(again) == fold(history)


@given(histories())
def test_nobody_settles_a_claim_alone(history):
    case = fold(history)
    if case.state is State.SETTLED:
        told = [vote for vote in case.votes[case.round] if vote.reveal and vote.reveal.vote is case.verdict]
        assert len({vote.circle for vote in told}) >= 2
        assert len({vote.body.member for vote in told}) >= 2


@given(histories(), st.sampled_from(CIRCLES))
def test_events_of_one_circle_settle_nothing(history, circle):
    case = fold(item for item in history if item.circle == circle or item.event_id == CLAIM)
    assert case.verdict is None


@given(histories())
def test_nothing_but_votes_makes_a_verdict(history):
    votes = (events.VoteSealed, events.VoteRevealed)
    assert fold(item for item in history if not isinstance(item.body, votes)).verdict is None


@given(histories(logged=False))
def test_without_the_event_that_logged_it_there_is_no_claim(history):
    assert fold(history) is None


@given(histories())
def test_what_is_sealed_is_shown_to_nobody(history):
    """A vote without a fitting reveal has no value anywhere in the state."""
    case = fold(item for item in history if not isinstance(item.body, events.VoteRevealed))
    assert all(vote.reveal is None and vote.ballot.vote is None for votes in case.votes.values() for vote in votes)


def test_the_states_by_the_way():
    way = [entry(0, LOGGED)]
    steps = [
        (State.LOGGED, []),
        (State.TAKEN, [entry(1, events.ClaimTaken(round=1, holder="9" * 32), clock=2)]),
        (State.CHECKING, [entry(2, CHECK, clock=3)]),
        (State.PROPOSED, voted((BLUE, FALSE))),
        (State.SETTLED, voted((GREEN, FALSE), first=12)),
        (State.REOPENED, [entry(3, events.ClaimReopened(round=2, cause="decision", reason="new"), clock=30)]),
        (State.TAKEN, [entry(4, events.ClaimTaken(round=2, holder="9" * 32), clock=31)]),
    ]
    before = State.LOGGED
    for state, more in steps:
        way += more
        assert fold(way).state is state
        assert state is before or state in ALLOWED[before]
        before = state


def test_disagreement_opens_a_third_and_the_majority_settles():
    way = [entry(0, LOGGED), entry(2, CHECK, clock=3), *voted((BLUE, FALSE), (GREEN, TRUE))]
    assert fold(way).decision.outcome is Outcome.THIRD
    case = fold([*way, *voted((RED, FALSE), first=20)])
    assert (case.verdict, case.decision.signers) == (FALSE, {BLUE, RED})


def test_three_verdicts_are_none():
    case = fold([entry(0, LOGGED), entry(2, CHECK), *voted((BLUE, FALSE), (GREEN, TRUE), (RED, UNPROVEN))])
    assert (case.state, case.decision.outcome, case.verdict) == (State.PROPOSED, Outcome.SPLIT, None)


def test_a_reveal_that_does_not_fit_is_nothing():
    seals = [seal_entry(10, FALSE, circle=BLUE), seal_entry(11, FALSE, circle=GREEN)]
    honest = reveal_entry(60, 10, FALSE, circle=BLUE)
    for liar in (
        reveal_entry(61, 11, TRUE, circle=GREEN),  # another vote than was sealed
        reveal_entry(61, 11, FALSE, circle=BLUE),  # told by another circle
        reveal_entry(61, 99, FALSE, circle=GREEN),  # no such seal
        reveal_entry(61, 11, FALSE, circle=GREEN, round_=2),  # another round
    ):
        assert fold([entry(0, LOGGED), *seals, honest, liar]).decision.outcome is Outcome.WAITING
    fitting = reveal_entry(61, 11, FALSE, circle=GREEN)
    assert fold([entry(0, LOGGED), *seals, honest, fitting]).verdict is FALSE


def test_a_commitment_copied_from_another_circle_cannot_be_opened():
    blue = seal_entry(10, FALSE, circle=BLUE)
    copied = entry(11, blue.body, circle=GREEN)
    told = reveal_entry(60, 10, FALSE, circle=BLUE)
    parrot = entry(61, events.VoteRevealed(**{**fields(told.body), "sealed": f"{11:032x}"}), circle=GREEN)
    assert fold([entry(0, LOGGED), blue, copied, told, parrot]).verdict is None


def fields(body):
    return {name: getattr(body, name) for name in body.__struct_fields__}


def test_a_back_dated_vote_pushes_nobody_out():
    """A circle that seals a vote under an early clock after the fact only adds its own vote."""
    way = [entry(0, LOGGED), entry(2, CHECK), *voted((BLUE, FALSE), (GREEN, FALSE))]
    late = [seal_entry(5, TRUE, circle=GREY, clock=1), reveal_entry(6, 5, TRUE, circle=GREY, clock=1)]
    assert fold([*way, *late]).verdict is FALSE


def test_the_verdict_s_time_is_that_of_the_second_agreeing_vote():
    case = fold([entry(0, LOGGED), entry(2, CHECK), *voted((BLUE, FALSE), (GREEN, TRUE), (RED, FALSE))])
    assert case.verdict_at == NOW + timedelta(minutes=2)


@pytest.mark.parametrize(("later", "stale"), [(FALSE, ""), (TRUE, "corrected"), (None, "reopened")])
def test_an_answer_is_marked_when_its_verdict_changes(later, stale):
    draft = events.AnswerDrafted(
        answer_id="1" * 32, round=1, verdict=FALSE, text="No.", language="ar", platform="telegram"
    )
    posted = events.AnswerPosted(answer_id="1" * 32, url="https://example.org/1", posted_at=NOW)
    way = [entry(0, LOGGED), entry(2, CHECK), *voted((BLUE, FALSE), (GREEN, FALSE))]
    way += [entry(70, draft, clock=20), entry(71, posted, clock=21)]
    assert fold(way).answered_at == NOW
    way.append(entry(72, events.ClaimReopened(round=2, cause="decision", reason="new"), clock=22))
    if later is not None:
        way += voted((BLUE, later), (RED, later), round_=2, first=30)
    case = fold(way)
    assert case.stale(case.answers["1" * 32]) == stale
    assert (case.answered_at is None) == (stale == "corrected")


def test_a_newer_silence_or_an_answer_ends_the_earlier_silence():
    kept = events.SilenceKept(reason="small", reach=5, review_at=NOW + timedelta(hours=3))
    way = [entry(0, LOGGED), entry(1, kept, clock=2), entry(2, kept, clock=3)]
    case = fold(way)
    assert [silence.ended for silence in case.silences.values()] == [True, False]
    assert case.silence.silence_id == f"{2:032x}"
    ended = fold([*way, entry(3, events.SilenceEnded(silence=f"{2:032x}"), clock=4)])
    assert ended.silence is None
