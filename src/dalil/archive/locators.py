"""True locators of private persons, sealed so that two circles must agree before one is opened.

Each locator is encrypted with age (X25519) to one circle, and the result to another: the outer circle
removes its layer and hands on what only the inner circle can open. Each is sealed on its own, so that
opening one, for a referral, opens no other. The writer holds public recipients only: it cannot open
what it sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyrage

from dalil.errors import NotAllowed


class Circles(NamedTuple):
    """The two circles of a sealed locator: `outer` opens first, then `inner`."""

    inner: str
    outer: str


def choose(recipients: Mapping[str, str], home: str) -> Circles | None:
    """The circle that collected it and the first other one by name; the first two if it has no recipient.

    Returns:
        None while fewer than two circles have a recipient: then locators are not kept.
    """
    names = sorted(recipients, key=lambda name: (name != home, name))
    return Circles(names[0], names[1]) if len(names) > 1 else None


def seal(locators: Sequence[str], recipients: Mapping[str, str], circles: Circles) -> list[bytes]:
    """Seal each locator on its own to both circles, in order."""
    inner = [pyrage.x25519.Recipient.from_str(recipients[circles.inner])]
    outer = [pyrage.x25519.Recipient.from_str(recipients[circles.outer])]
    return [
        pyrage.encrypt(pyrage.encrypt(locator.encode("utf-8", "surrogatepass"), inner), outer) for locator in locators
    ]


def peel(sealed: bytes, identity: str) -> bytes:
    """Remove one circle's layer.

    Args:
        identity: the circle's secret age identity (`AGE-SECRET-KEY-1…`).
    Raises:
        NotAllowed: it is not sealed to this circle.
    """
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise NotAllowed("no-such-thing") from None
