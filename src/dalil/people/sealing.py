"""One secret of the key ring, and what is derived from it for the door: marks of codes, sealed authenticators.

Without the workspace's passphrase nobody holds the secret, so a copy of the database alone lets
nobody try passphrases, codes or pseudonyms against it.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET: Final = "people"  # noqa: S105 - the name under which the key ring holds it, not the secret
_NONCE: Final = 12


class Keys(Protocol):
    """The part of a key ring that is needed here."""

    def get(self, name: str) -> bytes: ...


def new_secret() -> bytes:
    """What `keys.put(SECRET, …)` is given when a workspace is made: 32 random bytes."""
    return secrets.token_bytes(32)


def derive(keys: Keys, purpose: str) -> bytes:
    """A key for one purpose, 32 bytes."""
    return hmac.digest(keys.get(SECRET), b"dalil people\x00" + purpose.encode(), "sha256")


def mark(keys: Keys, purpose: str, *parts: str) -> str:
    """What is stored instead of a code or a name: a keyed hash, 64 hex digits."""
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.digest(derive(keys, purpose), message, "sha256").hex()


def seal(keys: Keys, member_id: str, data: bytes) -> bytes:
    """Encrypt for storage (AES-256-GCM), bound to the member, so that rows cannot be swapped."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(derive(keys, "totp")).encrypt(nonce, data, member_id.encode())


def unseal(keys: Keys, member_id: str, sealed: bytes) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        cryptography.exceptions.InvalidTag: other key, other member, or changed bytes.
    """
    return AESGCM(derive(keys, "totp")).decrypt(sealed[:_NONCE], sealed[_NONCE:], member_id.encode())
