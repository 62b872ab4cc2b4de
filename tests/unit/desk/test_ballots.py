"""A sealed vote is bound, hidden, and cannot be opened as somebody else's."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk.ballots import HOLDER, Secret, commitment, member_token, seal, unseal
from dalil.schema.words import ClaimVerdict

KEY = bytes(range(32))
SECRET = Secret(ClaimVerdict.FALSE, "as found", b"n" * 32)
PLACE = {"claim_id": "c" * 32, "round_": 1, "circle": "b" * 32, "member": "m" * 32}


@given(st.text(max_size=20), st.sampled_from(ClaimVerdict), st.binary(min_size=32, max_size=32))
def test_a_commitment_binds_vote_reason_and_nonce(reason, vote, nonce):
    same = Secret(vote, reason, nonce) == SECRET
    assert (commitment(Secret(vote, reason, nonce), **PLACE) == commitment(SECRET, **PLACE)) == same


@pytest.mark.parametrize("change", [{"claim_id": "d" * 32}, {"round_": 2}, {"circle": "g" * 32}, {"member": "n" * 32}])
def test_a_commitment_copied_elsewhere_never_opens(change):
    assert commitment(SECRET, **{**PLACE, **change}) != commitment(SECRET, **PLACE)


@given(st.text(max_size=5), st.text(max_size=5), st.binary(max_size=3), st.binary(max_size=3))
def test_no_two_ballots_share_bytes_by_moving_a_border(first, second, nonce, other):
    one, two = Secret(ClaimVerdict.TRUE, first, nonce), Secret(ClaimVerdict.TRUE, second, other)
    assert (commitment(one, **PLACE) == commitment(two, **PLACE)) == (one == two)


def test_only_the_circle_opens_its_seal():
    own, other = str(pyrage.x25519.Identity.generate()), str(pyrage.x25519.Identity.generate())
    sealed = seal(SECRET, own)
    assert b"as found" not in sealed
    assert unseal(sealed, own) == SECRET
    with pytest.raises(ValueError, match="does not open"):
        unseal(sealed, other)
    with pytest.raises(ValueError, match="does not open"):
        unseal(sealed[:-3], own)


def test_a_token_is_stable_in_a_claim_and_unlinkable_across_claims_circles_and_roles():
    token = member_token(KEY, "c1", "member")
    assert token == member_token(KEY, "c1", "member")
    others = {
        member_token(KEY, "c2", "member"),
        member_token(KEY, "c1", "other"),
        member_token(b"x" * 32, "c1", "member"),
        member_token(KEY, "c1", "member", HOLDER),
    }
    assert len(others | {token}) == 5
    assert "member" not in token
