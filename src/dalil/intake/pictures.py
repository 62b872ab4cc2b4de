"""One picture's fingerprint between child and parent: what `python -m dalil.intake.picture` reads and writes.

The order is msgpack of `schema.chunks.PictureOrder`; a bare picture file is taken as well.
The answer is msgpack of `signals.pictures.PictureSignal`, an array, or of `schema.chunks.Failed`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from dalil.errors import DalilError, InputError
from dalil.schema.chunks import Failed, PictureOrder
from dalil.signals.pdq import VARIANTS
from dalil.signals.pictures import PictureSignal, picture_signal

_HASH_BYTES: Final = 32


_ORDER: Final = msgspec.msgpack.Decoder(PictureOrder)
_ANSWER: Final = msgspec.msgpack.Decoder(PictureSignal | Failed)


def answer_to(given: bytes) -> bytes:
    """The child's work: an order, or a picture's bytes as they are, to an answer."""
    try:
        order = _ORDER.decode(given)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        order = PictureOrder(data=given)
    try:
        found = picture_signal(order.data, max_pixels=order.max_pixels)
    except DalilError as error:
        return msgspec.msgpack.encode(Failed(code=error.code, facts=dict(error.facts)))
    return msgspec.msgpack.encode(found)


def read_answer(data: bytes) -> PictureSignal | Failed:
    """The parent's side: what the child answered, checked.

    Raises:
        InputError: `child-stream-broken`.
    """
    try:
        answer: PictureSignal | Failed = _ANSWER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError("child-stream-broken", part="picture") from None
    if isinstance(answer, Failed):
        return answer
    if len(answer.variants) != len(VARIANTS) or any(len(one) != _HASH_BYTES for one in answer.variants):
        raise InputError("child-stream-broken", part="picture")
    return answer
