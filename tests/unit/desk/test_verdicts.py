"""Votes make a verdict by table, whatever the order, and never by one circle or one person."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk.verdicts import Ballot, Outcome, counted, decide, may_reveal
from dalil.schema.words import ClaimVerdict

FALSE, UNPROVEN, TRUE = ClaimVerdict.FALSE, ClaimVerdict.UNPROVEN, ClaimVerdict.TRUE
votes = st.one_of(st.none(), st.sampled_from(ClaimVerdict))


@st.composite
def distinct(draw):
    """Ballots of different circles and members, as honest circles make them."""
    given_votes = draw(st.lists(votes, max_size=6))
    return [Ballot(f"circle{n}", f"member{n}", vote) for n, vote in enumerate(given_votes)]


anything = st.lists(
    st.builds(Ballot, st.sampled_from("abcd"), st.sampled_from("mnop"), votes),
    max_size=8,
)


def of(*told: ClaimVerdict | None) -> list[Ballot]:
    return [Ballot(f"circle{n}", f"member{n}", vote) for n, vote in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "outcome", "verdict"),
    [
        ((), Outcome.NONE, None),
        ((None,), Outcome.ONE, None),
        ((FALSE,), Outcome.ONE, None),
        ((None, None), Outcome.WAITING, None),
        ((FALSE, None), Outcome.WAITING, None),
        ((FALSE, FALSE), Outcome.AGREED, FALSE),
        ((FALSE, TRUE), Outcome.THIRD, None),
        ((FALSE, TRUE, None), Outcome.WAITING, None),
        ((FALSE, TRUE, FALSE), Outcome.AGREED, FALSE),
        ((UNPROVEN, TRUE, UNPROVEN), Outcome.AGREED, UNPROVEN),
        ((FALSE, UNPROVEN, TRUE), Outcome.SPLIT, None),
        ((FALSE, FALSE, TRUE), Outcome.AGREED, FALSE),
        ((FALSE, FALSE, TRUE, TRUE), Outcome.SPLIT, None),
        ((FALSE, FALSE, TRUE, TRUE, TRUE), Outcome.AGREED, TRUE),
    ],
)
def test_the_table(told, outcome, verdict):
    decision = decide(of(*told))
    assert (decision.outcome, decision.verdict) == (outcome, verdict)


@given(anything)
def test_one_circle_or_one_person_never_settles(ballots):
    """Oracle: a verdict needs two revealed votes for it, by two circles and two members."""
    decision = decide(ballots)
    if decision.outcome is Outcome.AGREED:
        agreeing = [ballot for ballot in ballots if ballot.vote is decision.verdict]
        assert len({ballot.circle for ballot in agreeing}) >= 2
        assert len({ballot.member for ballot in agreeing}) >= 2
        assert decision.signers <= {ballot.circle for ballot in agreeing}
        assert len(decision.signers) >= 2


@given(st.lists(st.tuples(st.sampled_from("mnop"), votes), max_size=6))
def test_all_of_one_circle_settle_nothing(members):
    assert decide(Ballot("a", member, vote) for member, vote in members).verdict is None


@given(st.lists(st.tuples(st.sampled_from("abcd"), votes), max_size=6))
def test_one_person_in_many_circles_settles_nothing(circles):
    assert decide(Ballot(circle, "m", vote) for circle, vote in circles).verdict is None


@given(distinct(), st.randoms())
def test_the_order_of_votes_changes_nothing(ballots, random):
    shuffled = list(ballots)
    random.shuffle(shuffled)
    assert decide(shuffled) == decide(ballots)


@given(distinct())
def test_a_verdict_has_two_votes_and_more_than_any_other(ballots):
    """Against a naive count."""
    told = [ballot.vote for ballot in ballots if ballot.vote is not None]
    best = {verdict: told.count(verdict) for verdict in ClaimVerdict}
    expected = [v for v, n in best.items() if n >= 2 and all(n > m for w, m in best.items() if w is not v)]
    assert decide(ballots).verdict == (expected[0] if expected else None)


@given(anything)
def test_no_more_votes_count_than_there_are_circles_and_members(ballots):
    kept = counted(ballots)
    assert len({b.circle for b in kept}) == len({b.member for b in kept}) == len(kept)
    assert may_reveal(ballots) == (len(kept) >= 2)


def test_every_pair_and_every_three_have_a_row():
    for told in [*product(ClaimVerdict, repeat=2), *product(ClaimVerdict, repeat=3)]:
        decision = decide(of(*told))
        if len(set(told)) == len(told):
            assert decision.outcome is (Outcome.THIRD if len(told) == 2 else Outcome.SPLIT)
        else:
            assert decision.outcome is Outcome.AGREED
