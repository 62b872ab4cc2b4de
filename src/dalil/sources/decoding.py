"""Why a JSON value cannot be decoded, as the code of its reject."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from dalil.schema.records import Reject

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not what was asked for."""


def reject_of(error: Exception, where: str, data: bytes) -> Reject:
    """The reject for a value whose decoding raised one of `UNREADABLE`."""
    match error:
        case msgspec.ValidationError():
            code = "shape-unknown"
        case RecursionError():
            code = "nested-too-deep"
        case UnicodeDecodeError():
            code = "encoding-wrong"
        case _:
            code = "json-broken"
    return Reject(where, code, hashlib.sha256(data).hexdigest())
