"""The authenticator (RFC 6238): optional, under a label that says nothing, each code good once.

Optional on purpose: an authenticator entry on a seized phone betrays that there is something to
open. The entry is labelled `code` and names no issuer.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime
from typing import Final, NamedTuple

import pyotp

from dalil.people.pseudonyms import plain_digits

LABEL: Final = "code"
STEP: Final = 30
"""Seconds a code lasts; the ones before and after are taken too, for clocks that disagree."""


class Offer(NamedTuple):
    """What to enter into an authenticator: the secret in base 32, and the same as an address for a QR code."""

    secret: str
    uri: str


def offer() -> Offer:
    """A new secret."""
    secret = pyotp.random_base32()
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=LABEL))


def matching_step(secret: str, typed: str, now: datetime) -> int | None:
    """The time step whose code was typed, or None; which step it was must then be spent."""
    code = plain_digits(unicodedata.normalize("NFKC", typed[:32])).replace(" ", "")
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP
    found = None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            found = step
    return found
