"""A picture made ready to be read, in the limited child: what `python -m dalil.intake.scan` reads and writes.

The order is msgpack of `schema.chunks.PictureOrder`; the answer a list of (preparation, PNM bytes), or
`schema.chunks.Failed`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from dalil.errors import DalilError, Fact, InputError
from dalil.schema.chunks import Failed, PictureOrder
from dalil.signals.scans import PREPARATIONS, prepared

_ORDER: Final = msgspec.msgpack.Decoder(PictureOrder)
_ANSWER: Final = msgspec.msgpack.Decoder(list[tuple[str, bytes]])
_FAILED: Final = msgspec.msgpack.Decoder(Failed)


def answer_to(given: bytes) -> bytes:
    """The child's work."""
    try:
        order = _ORDER.decode(given)
        return msgspec.msgpack.encode(prepared(order.data, max_pixels=order.max_pixels))
    except DalilError as error:
        facts: dict[str, Fact] = dict(error.facts)
        return msgspec.msgpack.encode(Failed(code=error.code, facts=facts))


def read_answer(data: bytes) -> list[tuple[str, bytes]] | Failed:
    """The parent's side, checked.

    Raises:
        InputError: `child-stream-broken`.
    """
    try:
        return _FAILED.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        pages = _ANSWER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pages = []
    if [name for name, _ in pages] != list(PREPARATIONS) or not all(page.startswith(b"P5\n") for _, page in pages):
        raise InputError("child-stream-broken", part="scan")
    return pages
