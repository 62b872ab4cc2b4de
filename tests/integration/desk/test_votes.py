"""Votes on one host that serves several circles: sealed, told together, settled by two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dalil.errors import Conflict
from dalil.schema.words import ClaimVerdict

FALSE, TRUE, UNPROVEN = ClaimVerdict.FALSE, ClaimVerdict.TRUE, ClaimVerdict.UNPROVEN


def cast(house, actor, claim_id, vote, reason="as found"):
    from dalil.actions import verdicts

    verdicts.vote(actor, claim_id, vote=vote, reason=reason, **house.kw)


def refused(house, actor, claim_id, code, vote=FALSE):
    with pytest.raises(Conflict) as caught:
        cast(house, actor, claim_id, vote)
    assert caught.value.code == code


@pytest.fixture
def claim_id(house, blue):
    claim = house.claim(blue)
    house.checked(blue, claim)
    return claim


def page(house, actor, claim_id):
    from dalil.desk import queries

    return queries.claim_page(actor, claim_id, now=house.clock)


def test_a_first_vote_is_shown_to_nobody(house, blue, green, claim_id):
    from dalil.desk.models import DeskEvent, SealedVote

    cast(house, blue, claim_id, TRUE, reason="a secret reason")
    for reader in (blue, green):
        vote = page(house, reader, claim_id).votes[0]
        assert (vote.sealed, vote.vote, vote.reason) == (True, None, None)
    stored = [bytes(row.body) for row in DeskEvent.objects.all()] + [
        bytes(row.sealed) for row in SealedVote.objects.all()
    ]
    assert len(stored) == 4
    assert not any(b"secret reason" in data for data in stored)


def test_nobody_votes_twice_and_no_circle_votes_twice(house, blue, green, claim_id):
    cast(house, blue, claim_id, FALSE)
    refused(house, blue, claim_id, "vote-same-circle")
    refused(house, house.member("blue"), claim_id, "vote-same-circle", TRUE)
    assert page(house, green, claim_id).row.state == "proposed"
    assert "vote" in page(house, green, claim_id).may
    assert "vote" not in page(house, blue, claim_id).may


def test_a_person_who_changed_circles_is_still_the_same_person(house, blue, green, claim_id):
    moved = replace(blue, circle_id=green.circle_id)
    cast(house, blue, claim_id, FALSE)
    refused(house, moved, claim_id, "vote-same-person")


def test_two_that_agree_settle_and_leave_no_secret_behind(house, blue, green, claim_id):
    from dalil.desk.models import SealedVote

    cast(house, blue, claim_id, FALSE)
    cast(house, green, claim_id, FALSE, reason="I looked too")
    votes = page(house, blue, claim_id).votes
    assert [(vote.circle, vote.vote, vote.sealed) for vote in votes] == [
        ("blue", FALSE, False),
        ("green", FALSE, False),
    ]
    assert votes[1].reason == "I looked too"
    assert not SealedVote.objects.exists()
    refused(house, house.member("red"), claim_id, "claim-state")


def test_disagreement_is_told_and_a_third_circle_decides(house, blue, green, red, claim_id):
    cast(house, blue, claim_id, FALSE)
    cast(house, green, claim_id, TRUE)
    shown = page(house, red, claim_id)
    assert (shown.row.next_step, shown.outcome, shown.row.verdict) == ("third_vote", "third", None)
    refused(house, house.member("green"), claim_id, "vote-same-circle")
    cast(house, red, claim_id, TRUE)
    assert page(house, red, claim_id).row.verdict is TRUE


def test_three_verdicts_open_a_new_round_that_needs_new_findings(house, blue, green, red, claim_id):
    cast(house, blue, claim_id, FALSE)
    cast(house, green, claim_id, TRUE)
    cast(house, red, claim_id, UNPROVEN)
    shown = page(house, blue, claim_id)
    assert (shown.row.state, shown.row.verdict, shown.votes, shown.row.next_step) == ("reopened", None, (), "take")
    assert [row.event for row in shown.history][-1] == "claim_reopened"
    refused(house, blue, claim_id, "claim-state")
    house.checked(blue, claim_id, question="Who was there?")
    cast(house, blue, claim_id, FALSE)
    cast(house, red, claim_id, FALSE)
    assert page(house, blue, claim_id).row.verdict is FALSE


def test_reopening_is_a_decision_of_its_own(house, blue, green, claim_id):
    from dalil.actions import verdicts

    with pytest.raises(Conflict, match="checking"):
        verdicts.reopen(green, claim_id, reason="", **house.kw)
    cast(house, blue, claim_id, FALSE)
    with pytest.raises(Conflict, match="not finished"):
        verdicts.reopen(green, claim_id, reason="", **house.kw)
    cast(house, green, claim_id, FALSE)
    verdicts.reopen(green, claim_id, reason="a new picture", **house.kw)
    shown = page(house, blue, claim_id)
    assert (shown.row.state, shown.row.verdict) == ("reopened", None)
    assert shown.history[-1].detail == "a new picture"


def test_the_audit_tells_acts_without_votes_or_names(house, blue, green, claim_id):
    from dalil.audit import queries as audit
    from dalil.audit.models import Entry

    cast(house, blue, claim_id, TRUE, reason="a secret reason")
    cast(house, green, claim_id, TRUE)
    told = [row.event for row in Entry.objects.order_by("id") if row.subject == claim_id]
    assert told == [
        "claim.logged",
        "claim.checked",
        "claim.voted",
        "claim.voted",
        "claim.vote_told",
        "claim.vote_told",
        "claim.settled",
    ]
    everything = " ".join(f"{row.actor} {row.subject} {row.facts}" for row in Entry.objects.all())
    for name in ("secret", blue.pseudonym, green.pseudonym, blue.member_id, green.member_id):
        assert name not in everything
    assert audit.verify() == []
