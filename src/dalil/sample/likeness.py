"""How alike two pictures are, to the sample's own eye: written from the published description of PDQ.

It is not `dalil.signals.pdq` and shares no line with it, so that a mistake there cannot hide here. It
keeps distinct scenes apart and says which edits a perceptual hash can be expected to survive.
Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook, 2019.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Bits = NDArray[np.bool_]

SIDE: Final = 64
RECOGNISED: Final = 26
"""Bits apart below which a hash surely recognises a copy (the calibrated threshold is 31)."""
LOST: Final = 38
"""Bits apart above which it surely does not."""

_k: Final = np.arange(1, 17)[:, None]
_n: Final = np.arange(SIDE)[None, :]
_DCT: Final = (np.sqrt(2.0 / SIDE) * np.cos(np.pi / (2 * SIDE) * _k * (2 * _n + 1))).astype(np.float32)


def hash_bits(picture: Picture) -> Bits:
    """256 bits of a picture, [h, w, 3] RGB."""
    small = _reduced(picture)
    frequencies = _DCT @ small @ _DCT.T
    bits: Bits = (frequencies > np.median(frequencies)).ravel()
    return bits


def quality(picture: Picture) -> int:
    """0 to 100: how much there is to hash; below 50 a hash means little."""
    small = _reduced(picture)
    steps = np.abs(np.trunc((small[1:] - small[:-1]) * 100 / 255)).sum()
    steps += np.abs(np.trunc((small[:, 1:] - small[:, :-1]) * 100 / 255)).sum()
    return min(100, int(steps / 90))


def distance(a: Bits, b: Bits) -> int:
    """Bits that differ."""
    return int(np.count_nonzero(a != b))


def nearest_turn(picture: Picture, bits: Bits) -> int:
    """Smallest distance of a picture, as it is or mirrored, to a hash."""
    return min(distance(hash_bits(picture), bits), distance(hash_bits(np.ascontiguousarray(picture[:, ::-1])), bits))


def _reduced(picture: Picture) -> NDArray[np.float32]:
    """Luma, two tent passes, 64 × 64 samples."""
    red, green, blue = (picture[..., colour].astype(np.float32) for colour in range(3))
    luma = red * 0.299 + green * 0.587 + blue * 0.114
    height, width = luma.shape
    window = (max(1, (width + 127) // 128), max(1, (height + 127) // 128))
    for _ in range(2):
        luma = cv2.blur(luma, window, borderType=cv2.BORDER_REPLICATE)
    rows = ((np.arange(SIDE) + 0.5) * height / SIDE).astype(int)
    columns = ((np.arange(SIDE) + 0.5) * width / SIDE).astype(int)
    return np.ascontiguousarray(luma[np.ix_(rows, columns)], dtype=np.float32)
