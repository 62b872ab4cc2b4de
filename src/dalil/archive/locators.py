"""True locators of private persons, sealed so that two circles must agree before one is opened.

Each batch has two secrets, one for each circle, which only that circle can read: age (X25519) to its public
recipient. A locator's key is made of two shares, each the HMAC of the locator's number under one secret. The outer
circle makes its share of one locator and hands that on; the inner circle adds its own and opens it. So no
circle opens one alone, and opening one, for a referral, opens no other. The writer forgets the secrets with the
batch: it cannot open what it sealed. Decision 0130.

What was sealed before (decision 0032: age to the inner circle, and the result with age to the outer one) is
opened the same way, by `peel` and `peel` again.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dalil.errors import NotAllowed
from dalil.schema.identity import Mac

_SEALED: Final = b"DALILLOC1"
"""Sealed to both: number, inner and outer secret, sealed, each with its length; then the locator's own bytes."""
_HALF: Final = b"DALILHALF"
"""The same once the outer circle has put its share in the place of its secret."""
_NUMBER: Final = struct.Struct(">I")
_LENGTH: Final = struct.Struct(">H")
_NONCE: Final = bytes(12)
"""Each key is used once."""
_BEGINNING: Final = b"dalil locator share\x00"


class Circles(NamedTuple):
    """The two circles of a sealed locator: `outer` opens first, then `inner`."""

    inner: str
    outer: str


class Secrets(NamedTuple):
    """A batch's two secrets, each sealed to its circle."""

    inner: bytes
    outer: bytes


def choose(recipients: Mapping[str, str], home: str) -> Circles | None:
    """The circle that collected it and the first other one by name; the first two if it has no recipient.

    Returns:
        None while fewer than two circles have a recipient: then locators are not kept.
    """
    names = sorted(recipients, key=lambda name: (name != home, name))
    return Circles(names[0], names[1]) if len(names) > 1 else None


def seal(
    locators: Sequence[str], recipients: Mapping[str, str], circles: Circles
) -> tuple[Secrets, list[tuple[int, bytes]]]:
    """Seal each locator of a batch to both circles.

    Returns:
        The batch's secrets, sealed, and for each locator, in order, its number and what is stored of it.
    """
    macs: list[Mac] = []
    sealed: list[bytes] = []
    for circle in circles:
        secret = secrets.token_bytes(32)
        macs.append(Mac(secret, _BEGINNING))
        sealed.append(pyrage.encrypt(secret, [pyrage.x25519.Recipient.from_str(recipients[circle])]))
    inner, outer = macs
    found = []
    for number, locator in enumerate(locators):
        name = _NUMBER.pack(number)
        key = _key(inner.of(name), outer.of(name))
        found.append((number, ChaCha20Poly1305(key).encrypt(_NONCE, locator.encode("utf-8", "surrogatepass"), None)))
    return Secrets(*sealed), found


def together(secrets: Secrets, number: int, stored: bytes) -> bytes:
    """A sealed locator by itself, to be handed to the outer circle."""
    return _joined(_SEALED, _NUMBER.pack(number), secrets.inner, secrets.outer, stored)


def peel(sealed: bytes, identity: str) -> bytes:
    """What one circle can do: the outer one takes the sealed locator to its half, the inner one opens the half.

    Args:
        identity: the circle's secret age identity (`AGE-SECRET-KEY-1…`).
    Raises:
        NotAllowed: it is not this circle's turn, or it is damaged.
    """
    try:
        if sealed.startswith(_SEALED):
            return _half(sealed, identity)
        if sealed.startswith(_HALF):
            return _opened(sealed, identity)
        return _decrypted(sealed, identity)
    except (pyrage.DecryptError, pyrage.IdentityError, InvalidTag, struct.error, ValueError):
        raise NotAllowed("no-such-thing") from None


def _half(sealed: bytes, identity: str) -> bytes:
    number, inner, outer, stored = _parts(sealed)
    return _joined(_HALF, number, inner, Mac(_decrypted(outer, identity), _BEGINNING).of(number), stored)


def _opened(half: bytes, identity: str) -> bytes:
    number, inner, share, stored = _parts(half)
    key = _key(Mac(_decrypted(inner, identity), _BEGINNING).of(number), share)
    return ChaCha20Poly1305(key).decrypt(_NONCE, stored, None)


def _joined(kind: bytes, number: bytes, inner: bytes, outer: bytes, stored: bytes) -> bytes:
    return b"".join((kind, number, _LENGTH.pack(len(inner)), inner, _LENGTH.pack(len(outer)), outer, stored))


def _parts(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Number, the inner circle's part, the outer one's, and the locator's own."""
    at = len(_SEALED) + _NUMBER.size
    number = data[len(_SEALED) : at]
    parts: list[bytes] = []
    for _ in range(2):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        parts.append(data[at : at + length])
        at += length
    return number, parts[0], parts[1], data[at:]


def _key(inner: bytes, outer: bytes) -> bytes:
    return hashlib.sha256(b"dalil locator key\x00" + inner + outer).digest()


def _decrypted(data: bytes, identity: str) -> bytes:
    return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(identity)]))
