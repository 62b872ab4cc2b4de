"""JSON bytes to msgspec structs, with the code of what is wrong where they do not fit; numbers within bounds."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import UnsetType

from dalil.schema.records import Reject

_LARGEST: Final = 1 << 53
Whole = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Number = Whole | Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
T = TypeVar("T")

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not what was asked for."""


def code_of(error: Exception) -> str:
    """The code of a reject for one of `UNREADABLE`."""
    match error:
        case msgspec.ValidationError():
            return "shape-unknown"
        case RecursionError():
            return "nested-too-deep"
        case UnicodeDecodeError():
            return "encoding-wrong"
        case _:
            return "json-broken"


def decode(decoder: msgspec.json.Decoder[T], data: bytes | msgspec.Raw | UnsetType) -> T | str:
    """The value, or the code of a reject: json-broken, shape-unknown (also what is absent), encoding-wrong,
    nested-too-deep."""
    if isinstance(data, UnsetType):
        return "shape-unknown"
    try:
        return decoder.decode(data)
    except UNREADABLE as error:
        return code_of(error)


def reject(where: str, code: str, data: bytes | msgspec.Raw) -> Reject:
    """A reject with the hash of its bytes."""
    return Reject(where.rstrip(), code, hashlib.sha256(bytes(data)).hexdigest())


def reject_of(error: Exception, where: str, data: bytes) -> Reject:
    """The reject for a value whose decoding raised one of `UNREADABLE`."""
    return Reject(where, code_of(error), hashlib.sha256(data).hexdigest())


def side(value: object) -> int | None:
    """A width or height in pixels; None where it is none that a picture can have."""
    return int(value) if isinstance(value, int | float) and 0 < value < 1 << 31 else None


def count(value: str | int | float | UnsetType | None) -> int | None:
    """A count that came as a number or as its digits; None where it is neither (law 5: never zero)."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) <= 15 else None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return int(value)
    return None
