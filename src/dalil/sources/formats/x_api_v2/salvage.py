"""A response in which one object is broken: what is whole is read, what is broken is a reject of its own."""

from __future__ import annotations

import hashlib
from typing import Final, TypeVar

import msgspec

from dalil.schema.records import Reject
from dalil.sources.formats.x_api_v2.batches import Batch, of_response
from dalil.sources.formats.x_api_v2.shapes import (
    Includes,
    LooseResponse,
    Medium,
    Place,
    Poll,
    Problem,
    Response,
    Tweet,
    User,
)

_LOOSE: Final = msgspec.json.Decoder(LooseResponse)
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
T = TypeVar("T")


def salvage(data: bytes, where: str) -> tuple[Batch, list[Reject]] | None:
    """Decode object by object; None where not even the envelope is a response's."""
    try:
        loose = _LOOSE.decode(data)
        kind = bytes(loose.data or b"").lstrip()[:1]
        if not loose.data or kind not in (b"[", b"{"):
            return None
        items = _LIST.decode(loose.data) if kind == b"[" else [loose.data]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    rejects: list[Reject] = []

    def whole(raws: list[msgspec.Raw], kind: type[T], part: str) -> list[T]:
        decoder = msgspec.json.Decoder(kind)
        found: list[T] = []
        for at, item in enumerate(raws):
            try:
                found.append(decoder.decode(item))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                raw_hash = hashlib.sha256(bytes(item)).hexdigest()
                rejects.append(Reject(f"{where} {part}[{at}]", "shape-unknown", raw_hash))
        return found

    response = Response(data=whole(items, Tweet, "data"))
    if loose.includes:
        response.includes = Includes(
            users=whole(loose.includes.users, User, "includes.users"),
            tweets=whole(loose.includes.tweets, Tweet, "includes.tweets"),
            media=whole(loose.includes.media, Medium, "includes.media"),
            places=whole(loose.includes.places, Place, "includes.places"),
            polls=whole(loose.includes.polls, Poll, "includes.polls"),
        )
    response.errors = whole(loose.errors or [], Problem, "errors")
    return of_response(response, f"{where} "), rejects
