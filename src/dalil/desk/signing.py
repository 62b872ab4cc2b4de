"""How an event is signed by its circle and verified: Ed25519 over length-framed fields.

A circle is named by the fingerprint of its public key, so that an event can be verified anywhere
the key is known, whatever colour the circle has there.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dalil.desk import events

_EVENT: Final = b"dalil/desk-event/1"
_CIRCLE: Final = b"dalil/circle/1"
LARGEST_CLOCK: Final = 2**40
"""A packet's event may not have a larger clock; from there on, time alone orders."""


class SignedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event as stored and as it travels.

    `subject` is the claim's id (`panel` for panels); `clock` a Lamport clock within the subject,
    which orders what a circle had seen before it acted, whatever its wall clock says; `made_at`
    UTC in whole seconds; `body` the canonical bytes of `events.AnyBody`, kept verbatim.
    """

    event_id: str
    subject: str
    circle: str
    clock: int
    made_at: datetime
    body: bytes
    signature: bytes

    @property
    def order(self) -> tuple[int, datetime, str]:
        """The one order of all events of a subject, the same on every machine."""
        return (self.clock, self.made_at, self.event_id)


def framed(domain: bytes, *parts: bytes) -> bytes:
    """Unambiguous bytes of several parts under a domain, so that no signature fits elsewhere."""
    out = [domain, b"\x00"]
    for part in parts:
        out += (len(part).to_bytes(8, "big"), part)
    return b"".join(out)


def fingerprint(sign_public: bytes) -> str:
    """The name of a circle in events: 32 hex digits from its raw Ed25519 public key."""
    return hashlib.sha256(framed(_CIRCLE, sign_public)).hexdigest()[:32]


@lru_cache(maxsize=64)
def public_of(private: bytes) -> bytes:
    """The raw public key of a raw 32-byte Ed25519 private key."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _message(event: SignedEvent) -> bytes:
    seconds = int(event.made_at.timestamp())
    return framed(
        _EVENT,
        event.event_id.encode(),
        event.subject.encode(),
        event.circle.encode(),
        event.clock.to_bytes(8, "big"),
        seconds.to_bytes(8, "big", signed=True),
        event.body,
    )


def sign_bytes(private: bytes, message: bytes) -> bytes:
    """Ed25519 signature, 64 bytes, with a raw 32-byte private key."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def holds(sign_public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature fits; False for a malformed key or signature too."""
    try:
        Ed25519PublicKey.from_public_bytes(sign_public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def make(
    body: events.AnyBody, *, event_id: str, subject: str, clock: int, made_at: datetime, private: bytes
) -> SignedEvent:
    """Sign a body.

    Args:
        subject: the claim's id; the event's own id for `ClaimLogged`.
        clock: one more than the largest clock known in the subject.
        made_at: aware; cut to whole seconds.
    Raises:
        InputError: the body is out of its bounds.
        ValueError: `made_at` is naive.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at must be aware")
    unsigned = SignedEvent(
        event_id=event_id,
        subject=subject,
        circle=fingerprint(public_of(private)),
        clock=clock,
        made_at=made_at.astimezone(UTC).replace(microsecond=0),
        body=events.encode(body),
        signature=b"",
    )
    return msgspec.structs.replace(unsigned, signature=sign_bytes(private, _message(unsigned)))


def verify(event: SignedEvent, sign_public: bytes) -> bool:
    """Whether the circle that the event names signed exactly this event."""
    return fingerprint(sign_public) == event.circle and holds(sign_public, event.signature, _message(event))
