"""Votes that nobody can read before both are in: commitments, member tokens, and the sealed part.

A vote is bound by SHA-256 over its canonical bytes and a 32-byte nonce, with the claim, round,
circle and member token inside, so that a commitment copied from another circle can never be opened
as one's own. The secret part is encrypted with age to the voter's circle.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec
import pyrage

from dalil.desk.signing import framed
from dalil.schema.words import ClaimVerdict

_COMMIT: Final = b"dalil/vote/1"
_TOKEN: Final = b"dalil/member-token/1"
VOTER: Final = "voter"
HOLDER: Final = "holder"
NONCE_BYTES: Final = 32


class Secret(msgspec.Struct, frozen=True):
    """What a seal hides."""

    vote: ClaimVerdict
    reason: str
    nonce: bytes


def member_token(circle_private: bytes, claim_id: str, member_id: str, role: str = VOTER) -> str:
    """A member's stand-in for one claim, 32 hex digits: the same within the claim, unlinkable across claims.

    Args:
        circle_private: the circle's raw signing key, from which the token key is derived.
        role: `VOTER` or `HOLDER`, which differ, so that knowing who holds a claim does not tell their vote.
    """
    key = hmac.digest(circle_private, _TOKEN, "sha256")
    message = framed(_TOKEN, role.encode(), claim_id.encode(), member_id.encode())
    return hmac.digest(key, message, "sha256").hex()[:32]


def commitment(secret: Secret, *, claim_id: str, round_: int, circle: str, member: str) -> str:
    """What binds a vote before it is told, 64 hex digits."""
    return hashlib.sha256(
        framed(
            _COMMIT,
            claim_id.encode(),
            round_.to_bytes(4, "big"),
            circle.encode(),
            member.encode(),
            secret.vote.encode(),
            secret.reason.encode(),
            secret.nonce,
        )
    ).hexdigest()


def seal(secret: Secret, identity: str) -> bytes:
    """Encrypt the secret to the circle whose age identity this is."""
    recipient = pyrage.x25519.Identity.from_str(identity).to_public()
    sealed: bytes = pyrage.encrypt(msgspec.msgpack.encode(secret), [recipient])
    return sealed


def unseal(sealed: bytes, identity: str) -> Secret:
    """Open what `seal` made.

    Raises:
        ValueError: the identity does not open it, or what it holds is no vote.
    """
    try:
        opened = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
        return msgspec.msgpack.decode(opened, type=Secret)
    except (pyrage.DecryptError, msgspec.DecodeError) as error:
        raise ValueError("this identity does not open the vote") from error
