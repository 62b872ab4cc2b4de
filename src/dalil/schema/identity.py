"""Ids, decided once: observations, versions, and private persons' keyed hashes.

All three are HMAC-SHA256 or SHA-256 over unambiguous bytes, so that they are the same on every
machine that holds the workspace's keys, and confirm nobody's guess on one that does not.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec

_DETERMINISTIC: Final = msgspec.json.Encoder(order="deterministic")


def canonical_bytes(record: object) -> bytes:
    """Deterministic msgspec JSON: keys sorted, no white space. For hashing inside one workspace only."""
    return _DETERMINISTIC.encode(record)


def observation_id(identity_key: bytes, source_format: str, redacted_record: bytes) -> str:
    """The id of one observation, 64 hex digits.

    Args:
        identity_key: 32 bytes, the workspace's identity key.
        source_format: name of the source format.
        redacted_record: `canonical_bytes` of the primary record after redaction.
    """
    message = source_format.encode() + b"\x00" + redacted_record
    return hmac.digest(identity_key, message, "sha256").hex()


def keyed_hash(pseudonym_key: bytes, platform: str, scheme: str, value: str) -> str:
    """The stand-in for a private person's id, handle, name or post id, 32 hex digits (128 bits).

    Args:
        pseudonym_key: 32 bytes, of one generation.
        scheme: what `value` is: `account`, `handle`, `name`, `post`.
    """
    message = b"\x00".join((platform.encode(), scheme.encode(), value.encode("utf-8", "surrogatepass")))
    return hmac.digest(pseudonym_key, message, "sha256")[:16].hex()


def content_version(*parts: str | None) -> str:
    """Hash of what makes one version of a post: its text, media and state, 32 hex digits."""
    digest = hashlib.sha256()
    for part in parts:
        data = b"\xff" if part is None else part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]
