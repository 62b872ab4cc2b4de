"""Ids, decided once: observations, versions, and private persons' keyed hashes.

All three are HMAC-SHA256 or SHA-256 over unambiguous bytes, so that they are the same on every
machine that holds the workspace's keys, and confirm nobody's guess on one that does not.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

KEY_BYTES: Final = 32
_BLOCK: Final = 64  # bytes that SHA-256 takes at a time, to which a key is filled up
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_DETERMINISTIC: Final = msgspec.json.Encoder(order="deterministic")


class Mac:
    """HMAC-SHA256 (RFC 2104) of many messages under one key that begin alike: what they share is hashed once.

    Half the time of `hmac.digest`, which looks its parts up anew each time.

    Args:
        key: 32 bytes. A missing or short key would give ids that anybody can make, so it is refused.
        beginning: of every message.
    Raises:
        ValueError: the key is not 32 bytes long.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes, beginning: bytes = b"") -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key is {KEY_BYTES} bytes long, not {len(key)}")
        block = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(block.translate(_INNER) + beginning)
        self._outer = hashlib.sha256(block.translate(_OUTER))

    def of(self, rest: bytes) -> bytes:
        """The 32 bytes for one message: what `rest` is after the beginning."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(rest)
        outer.update(inner.digest())
        return outer.digest()


def canonical_bytes(record: object) -> bytes:
    """Deterministic msgspec JSON: keys sorted, no white space. For hashing inside one workspace only."""
    return _DETERMINISTIC.encode(record)


def observation_mac(identity_key: bytes, source_format: str) -> Mac:
    """What gives the ids of one format's observations: `observation_id` is the hex of its `of(redacted_record)`."""
    return Mac(identity_key, _name(source_format) + b"\x00")


def observation_id(identity_key: bytes, source_format: str, redacted_record: bytes) -> str:
    """The id of one observation, 64 hex digits.

    Args:
        identity_key: 32 bytes, the workspace's identity key.
        source_format: name of the source format.
        redacted_record: `canonical_bytes` of the primary record after redaction.
    Raises:
        ValueError: the key is not 32 bytes long.
    """
    return observation_mac(identity_key, source_format).of(redacted_record).hex()


def keyed_mac(pseudonym_key: bytes, platform: str, scheme: str) -> Mac:
    """What gives the stand-ins of one kind under a key of one link: `keyed_hash` is the hex of the first 16 bytes of its `of`."""
    return Mac(pseudonym_key, b"\x00".join((_name(platform), _name(scheme), b"")))


def keyed_hash(pseudonym_key: bytes, platform: str, scheme: str, value: str) -> str:
    """The stand-in for a private person's id, handle, name or post id, 32 hex digits (128 bits).

    Args:
        pseudonym_key: of one generation: 32 bytes, or several links of 32 bytes, each of which hashes what the
            one before gave (`relinked`), so that a key can be changed without knowing what it hashed.
        scheme: what `value` is: `account`, `handle`, `name`, `post`.
    Raises:
        ValueError: the key is not 32 bytes long.
    """
    found = keyed_mac(pseudonym_key[:KEY_BYTES], platform, scheme).of(value.encode("utf-8", "surrogatepass"))[:16].hex()
    for start in range(KEY_BYTES, len(pseudonym_key), KEY_BYTES):
        found = relinked(pseudonym_key[start : start + KEY_BYTES], found)
    return found


def private_mark(identity_key: bytes, platform: str, name: str) -> str:
    """How the workspace's list names an account that is a private person's: `p:` and a hash, never the name.

    Under the identity key, which is never changed, so that the list outlives every rotation.

    Args:
        name: the account's id as it is written, or its handle, case-folded.
    """
    return f"p:{keyed_hash(identity_key, platform, 'private', name)}"


def relinked(link: bytes, hashed: str) -> str:
    """The next generation's stand-in for what `hashed` (32 hex digits) stands for, whatever that is.

    Raises:
        ValueError: the link is not 32 bytes long, or `hashed` is no hex.
    """
    return Mac(link, b"dalil link\x00").of(bytes.fromhex(hashed))[:16].hex()


def content_version(*parts: str | None) -> str:
    """Hash of what makes one version of a post: its text, media and state, 32 hex digits."""
    found: list[bytes] = []
    for part in parts:
        data = b"\xff" if part is None else part.encode("utf-8", "surrogatepass")
        found += (len(data).to_bytes(8, "big"), data)
    return hashlib.sha256(b"".join(found)).hexdigest()[:32]


def _name(text: str) -> bytes:
    """A name before a NUL: its own NULs are written as `\\0`, so that no two messages are the same bytes."""
    return text.encode().replace(b"\\", b"\\\\").replace(b"\x00", b"\\0")
