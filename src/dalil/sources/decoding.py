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


def decode(decoder: msgspec.json.Decoder[T], data: bytes | msgspec.Raw | UnsetType) -> T | str:
    """The value, or the code of a reject: json-broken, shape-unknown (also what is absent), encoding-wrong,
    nested-too-deep."""
    if isinstance(data, UnsetType):
        return "shape-unknown"
    try:
        return decoder.decode(data)
    except RecursionError:
        return "nested-too-deep"
    except msgspec.ValidationError:
        return "shape-unknown"
    except UnicodeDecodeError:
        return "encoding-wrong"
    except msgspec.DecodeError:
        return "json-broken"


def reject(where: str, code: str, data: bytes | msgspec.Raw) -> Reject:
    """A reject with the hash of its bytes."""
    return Reject(where.rstrip(), code, hashlib.sha256(bytes(data)).hexdigest())


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
