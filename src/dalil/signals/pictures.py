"""A picture's bytes to its fingerprint: decode within limits, turn upright, trim, scale, hash.

This is the one pipeline; its hashes must never stand in one index with those of another. It runs
in the limited child: the bytes come from strangers. Method card: docs/explanation/signals.md.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Final, NamedTuple

import cv2
import numpy as np
from PIL import Image

from dalil.errors import InputError, LimitReached
from dalil.signals.borders import trim_border
from dalil.signals.pdq import METHOD, SIDE, VARIANTS, Picture, dihedral
from dalil.signals.sniffing import sniff

__all__ = ["VARIANTS", "Decoded", "PictureSignal", "decode", "picture_signal", "scale", "sniff", "trim_border"]

VERSION: Final = "1"
"""Changes with anything in this pipeline, PDQ itself included."""

FORMATS: Final = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF", "image/bmp": "BMP",
}  # fmt: skip
"""Media types that are decoded → Pillow's name of the one decoder that may touch them."""

SQUARE: Final = 5 * SIDE
"""Every picture is brought to this width and height before it is hashed; see docs/decisions/0020.

Five pixels for each of PDQ's 64 steps, and a filter three wide: odd numbers, so that filter and samples
are centred and a mirrored picture has the very hash of its variant."""

_ORIENTATION: Final = 0x0112
_TURN: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_ON_ITS_SIDE: Final = (
    Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_270,
)  # fmt: skip
_DEEP: Final = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
_DECODER_ERRORS: Final = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, AttributeError,
    RuntimeError, AssertionError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's decoders raise on broken bytes; they promise nothing narrower."""

cv2.setNumThreads(1)  # the limited child may start none, and one picture is too little to share out
# Once, for the process: `catch_warnings` around each picture would leave another thread's filters behind.
warnings.filterwarnings("ignore", module=r"PIL\.")
Image.MAX_IMAGE_PIXELS = None  # `decode` has its own limit, by setting, and checks it before any pixel is read


class Decoded(NamedTuple):
    """A picture as one sees it: upright, on white where it is see-through, first frame of several.

    `rgb` is uint8 [rows, columns, 3]. `width` and `height` are the file's, upright: more than columns
    and rows where it was decoded smaller.
    """

    rgb: Picture
    width: int
    height: int
    mime: str


class PictureSignal(NamedTuple):
    """Fingerprint of a picture. `variants` are the eight of `pdq.VARIANTS`, each 32 bytes, the first
    the same as `pdq`; `width` and `height` are of the whole picture, before trimming."""

    pdq: bytes
    variants: tuple[bytes, ...]
    quality: int
    width: int
    height: int
    mime: str
    method: str
    version: str


def picture_signal(data: bytes, *, max_pixels: int) -> PictureSignal:
    """The fingerprint of a picture file.

    Args:
        data: the file's bytes.
        max_pixels: width × height above which nothing is decoded.
    Raises:
        InputError: not one of our formats (`picture-format`), or its bytes are broken (`picture-broken`).
        LimitReached: too many pixels (`picture-too-large`).
    """
    picture = decode(data, max_pixels=max_pixels, enough=2 * SQUARE)
    hashes, quality = dihedral(scale(trim_border(picture.rgb)))
    variants = tuple(one.tobytes() for one in hashes)
    return PictureSignal(variants[0], variants, quality, picture.width, picture.height, picture.mime, METHOD, VERSION)


def decode(data: bytes, *, max_pixels: int, enough: int | None = None) -> Decoded:
    """Decode a picture within limits; see `picture_signal` for the other arguments and errors.

    Args:
        enough: a side in pixels; a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as no
            side falls below this. Saves most of the time and memory of a large photograph.
    """
    mime = sniff(data)
    if mime not in FORMATS:
        raise InputError("picture-format", mime=mime)
    try:
        with Image.open(io.BytesIO(data), formats=[FORMATS[mime]]) as image:
            pixels = image.width * image.height
            if pixels > max_pixels:
                raise LimitReached("picture-too-large", pixels=pixels, limit=max_pixels)
            turn = _TURN.get(_orientation(image))
            width, height = image.size if turn not in _ON_ITS_SIDE else image.size[::-1]
            if enough is not None:
                image.draft(None, (enough, enough))
            rgb = _as_seen(image.transpose(turn) if turn is not None else image)
    except _DECODER_ERRORS:
        raise InputError("picture-broken", mime=mime) from None
    return Decoded(rgb, width, height, mime)


def scale(picture: Picture) -> Picture:
    """The one scaler: to `SQUARE` × `SQUARE`, down by area averaging, up by linear steps.

    Whatever its size, a copy thus meets its original at the same size: PDQ's filter is a whole number
    of pixels wide, and moves up to 30 bits between pictures of 320 and of 1,280 pixels.
    """
    if picture.shape[:2] == (SQUARE, SQUARE):
        return picture
    way = cv2.INTER_AREA if max(picture.shape[:2]) > SQUARE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (SQUARE, SQUARE), interpolation=way), dtype=np.uint8)


def _orientation(image: Image.Image) -> int:
    """The camera's note on how it was held, 1 to 8; 1 (upright) where it cannot be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _DECODER_ERRORS:
        return 1


def _as_seen(image: Image.Image) -> Picture:
    if image.mode in _DEEP:  # 16 bits and more: Pillow would cut off at 255
        deep = np.asarray(image, dtype=np.float64)
        top = 65535.0 if deep.size and deep.max() > 255 else 255.0
        grey = np.clip(deep * (255.0 / top), 0, 255).astype(np.uint8)
        return np.ascontiguousarray(np.broadcast_to(grey[:, :, None], (*grey.shape, 3)))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return np.array(Image.alpha_composite(white, layer).convert("RGB"))
    return np.array(image.convert("RGB"))
