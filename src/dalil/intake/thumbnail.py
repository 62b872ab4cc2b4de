"""The child's third entry, `python -m dalil.intake.thumbnail`: one picture in, a small grey one out.

What pages show of a picture from outside is never its own bytes: it is decoded here, in the limited
child, and drawn anew: first frame only, at most 240 pixels, without colour or metadata.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Final

import msgspec
from PIL import Image

from dalil.errors import DalilError
from dalil.schema.chunks import Failed, PictureOrder
from dalil.signals.pictures import decode

SIDE: Final = 240
_QUALITY: Final = 60


def thumbnail(data: bytes, *, max_pixels: int) -> bytes:
    """A grey JPEG whose long side is at most `SIDE` pixels.

    Raises:
        InputError: it is no picture that we decode.
        LimitReached: it has too many pixels.
    """
    small = Image.fromarray(decode(data, max_pixels=max_pixels, enough=2 * SIDE).rgb).convert("L")
    small.thumbnail((SIDE, SIDE))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()


def answer_to(order: bytes) -> bytes:
    """MessagePack of the small picture's bytes, or of a `Failed`."""
    asked = msgspec.msgpack.decode(order, type=PictureOrder)
    try:
        return msgspec.msgpack.encode(thumbnail(asked.data, max_pixels=asked.max_pixels))
    except DalilError as error:
        return msgspec.msgpack.encode(Failed(code=error.code, facts=dict(error.facts)))


def main() -> None:
    """Read the order, answer; whatever a decoder prints goes to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with out:
        out.write(answer_to(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
