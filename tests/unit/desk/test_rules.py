"""The tables are whole, and hold what the product promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk import rules
from dalil.desk.rows import NEXT_STEPS
from dalil.desk.rules import Standing, State, Step, Try
from dalil.desk.verdicts import Outcome
from dalil.errors import MESSAGES, Conflict
from dalil.schema.words import ClaimType

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
times = st.one_of(st.none(), st.timedeltas(timedelta(-3), timedelta(3)).map(lambda gap: NOW + gap))
marks = st.sampled_from(["blue", "green", "red"])
standings = st.builds(
    Standing,
    state=st.sampled_from(State),
    claim_type=st.sampled_from(ClaimType),
    outcome=st.sampled_from(Outcome),
    holder_circle=st.one_of(st.none(), marks),
    voted=st.frozensets(marks),
    tokens=st.frozensets(st.sampled_from(["m", "n"])),
    open_checks=st.integers(0, 2),
    found=st.integers(0, 2),
    found_now=st.integers(0, 2),
    answered=st.booleans(),
    ready=st.booleans(),
    warned=st.booleans(),
    silent_since=times,
    silent_until=times,
)
tries = st.builds(Try, circle=marks, tokens=st.frozensets(st.sampled_from(["m", "n"])))


def test_the_tables_are_whole():
    assert set(rules.ALLOWED) == set(State)
    assert set(rules.STEP_STATES) == set(Step)
    assert {step for step, _ in rules.NEXT} <= set(NEXT_STEPS)
    codes = {code for rows in rules.OBSTACLES.values() for code, _ in rows} | {"claim-state"}
    assert codes <= set(MESSAGES)


def test_every_state_leads_to_settled():
    reached = {State.LOGGED}
    while more := {after for state in reached for after in rules.ALLOWED[state]} - reached:
        reached |= more
    assert reached == set(State)
    assert all(rules.ALLOWED[state] for state in State)


@given(standings, tries)
def test_a_circle_or_person_that_voted_never_votes_again(now, by):
    if by.circle in now.voted or by.tokens & now.tokens:
        with pytest.raises(Conflict):
            rules.require(Step.VOTE, now, by)


@given(standings, tries)
def test_threats_are_never_silenced(now, by):
    if now.claim_type is ClaimType.THREAT:
        with pytest.raises(Conflict, match="silence"):
            rules.require(Step.SILENCE, now, by)


@given(standings, tries)
def test_no_answer_without_a_settled_verdict_or_with_an_open_check(now, by):
    if now.state is not State.SETTLED or now.open_checks or not now.found:
        assert rules.obstacle(Step.ANSWER, now, by) is not None
    if now.state is not State.SETTLED or now.open_checks:
        assert rules.obstacle(Step.POST, now, by) is not None


@given(standings, tries)
def test_only_who_holds_a_claim_hands_it_over(now, by):
    if Step.HAND_OVER in rules.steps_open(now, by):
        assert now.holder_circle == by.circle


@given(standings, tries)
def test_nothing_but_reopening_changes_a_settled_claim(now, by):
    if now.state is State.SETTLED:
        open_ = rules.steps_open(now, by)
        assert not open_ & {Step.TAKE, Step.HAND_OVER, Step.CHECK, Step.FIND, Step.VOTE}


@given(standings, st.sampled_from([0, 1, 5]))
def test_the_next_step_is_one_of_the_known_ones(now, hours):
    assert rules.next_step(now, now=NOW + timedelta(hours=hours)) in NEXT_STEPS


@given(standings)
def test_a_threat_is_warned_of_before_anything_else(now):
    if now.claim_type is ClaimType.THREAT and not now.warned:
        assert rules.next_step(now, now=NOW) == "warn"


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({}, "take"),
        ({"state": State.TAKEN}, "check"),
        ({"state": State.CHECKING}, "check"),
        ({"state": State.CHECKING, "found_now": 1}, "first_vote"),
        ({"state": State.PROPOSED, "outcome": Outcome.ONE}, "second_vote"),
        ({"state": State.PROPOSED, "outcome": Outcome.WAITING}, "none"),
        ({"state": State.PROPOSED, "outcome": Outcome.THIRD}, "third_vote"),
        ({"state": State.SETTLED, "outcome": Outcome.AGREED}, "answer"),
        ({"state": State.SETTLED, "outcome": Outcome.AGREED, "answered": True}, "none"),
        ({"state": State.REOPENED}, "take"),
        ({"state": State.REOPENED, "answered": True}, "take"),
        ({"silent_until": NOW + timedelta(hours=1)}, "none"),
        ({"silent_until": NOW}, "review_silence"),
        ({"claim_type": ClaimType.THREAT}, "warn"),
        ({"claim_type": ClaimType.THREAT, "warned": True}, "take"),
    ],
)
def test_the_next_step_by_table(changes, step):
    plain = {"state": State.LOGGED, "claim_type": ClaimType.VICTORY, "outcome": Outcome.NONE}
    assert rules.next_step(Standing(**{**plain, **changes}), now=NOW) == step
