"""PDQ, a 256-bit fingerprint of a picture: our own, equal to the reference bit for bit.

Every sum is made in single precision and in the reference's order, since a hash bit is a comparison
of two close sums. NumPy's element-wise operations and `add.accumulate` keep that order; its `sum`
and matrix product do not, and are not used here.
Source: Facebook, "PDQ: perceptual hashing", 2019 (github.com/facebook/ThreatExchange, pdq/); Jarosz,
"Fast image convolutions", SIGGRAPH @ UIUC 2001. Method card: docs/explanation/signals.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

METHOD: Final = "pdq"
VERSION: Final = "1"

SIDE: Final = 64
"""Side of the small picture that is hashed."""
KEPT: Final = 16
"""Frequencies kept in each direction; KEPT² bits."""
SMALLEST: Final = 5
"""A picture with a side below this has the hash of all zeros and quality 0."""
VARIANTS: Final = ("as-is", "rotate-90", "rotate-180", "rotate-270", "flip-x", "flip-y", "flip-plus", "flip-minus")
"""Names of the eight hashes of `dihedral`, in their order."""

_BLOCK: Final = 64  # rows that are filtered at once: what fits the processor's cache

Bytes32 = NDArray[np.uint8]
Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]


def pdq(picture: Picture) -> tuple[Bytes32, int]:
    """Hash and quality of a picture.

    Args:
        picture: uint8 [height, width] or [height, width, 3] (red, green, blue).
    Returns:
        (hash, quality): uint8 [32], most significant bit first, as in the usual 64 hex digits;
        quality 0 to 100, below 50 too plain to say anything.
    Raises:
        ValueError: the array has another shape or type.
    """
    if min(_checked(picture).shape[:2]) < SMALLEST:
        return np.zeros(32, dtype=np.uint8), 0
    small = shrink(picture)
    return bits(frequencies(small)), quality(small)


def dihedral(picture: Picture) -> tuple[list[Bytes32], int]:
    """The hashes of the picture turned and mirrored in the eight ways of `VARIANTS`, and its quality.

    They are computed from one set of frequencies: exact for a picture that was turned losslessly,
    but for the filter's half step at its edges.
    Raises:
        ValueError: the array has another shape or type.
    """
    if min(_checked(picture).shape[:2]) < SMALLEST:
        return [np.zeros(32, dtype=np.uint8) for _ in VARIANTS], 0
    small = shrink(picture)
    return [bits(turned) for turned in turns(frequencies(small))], quality(small)


def shrink(picture: Picture) -> Floats:
    """Luma, blurred by a tent filter and decimated to 64 × 64; 64 × 64 is taken as it is."""
    luma = _luma(picture)
    rows, columns = luma.shape
    if (rows, columns) == (SIDE, SIDE):
        return luma
    across, down = _window(columns), _window(rows)
    once = _box_down(_turned(_box_down(_turned(luma), across)), down)
    twice = _box_down(_turned(once), across, _centres(columns))  # the rest of it is never looked at
    return _box_down(_turned(twice), down, _centres(rows))


def frequencies(small: Floats) -> Floats:
    """The 16 × 16 lowest frequencies of a 64 × 64 picture, without the constant ones."""
    basis = _cosines()
    half = np.zeros((KEPT, SIDE), dtype=np.float32)
    for k in range(SIDE):
        half += basis[:, k, None] * small[k]
    whole = np.zeros((KEPT, KEPT), dtype=np.float32)
    for k in range(SIDE):
        whole += half[:, k, None] * basis[:, k]
    return whole


def turns(found: Floats) -> list[Floats]:
    """The frequencies of the picture turned and mirrored, in the order of `VARIANTS`."""
    odd = np.arange(KEPT) % 2 == 1  # index 0 is frequency 1, which changes sign in a mirror
    sign = np.where(odd, np.float32(1), np.float32(-1))
    flip_x = found * sign[:, None]
    flip_y = found * sign
    both = found * sign[:, None] * sign
    return [found, flip_y.T, both, flip_x.T, flip_x, flip_y, found.T, both.T]


def bits(found: Floats) -> Bytes32:
    """One bit for each frequency: is it above the (lower) median? First frequency last."""
    flat = found.ravel()
    median = np.partition(flat, KEPT * KEPT // 2 - 1)[KEPT * KEPT // 2 - 1]
    return np.packbits((flat > median)[::-1])


def quality(small: Floats) -> int:
    """How much there is to see, 0 to 100: the sum of the clear steps between neighbours."""
    steps = 0
    for first, second in ((small[:-1], small[1:]), (small[:, :-1], small[:, 1:])):
        step = ((first - second) * np.float32(100)) / np.float32(255)
        steps += int(np.abs(step.astype(np.int32)).sum())
    return min(steps // 90, 100)


def distance(first: bytes, second: bytes) -> int:
    """Bits in which two hashes differ, 0 to 256."""
    return (int.from_bytes(first, "big") ^ int.from_bytes(second, "big")).bit_count()


def _checked(picture: Picture) -> Picture:
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 3):
        raise ValueError("a picture is uint8 [height, width] or [height, width, 3]")
    return picture


def _luma(picture: Picture) -> Floats:
    """Weighted in double precision and rounded once, as the reference's Python binding does."""
    channels = [picture] * 3 if picture.ndim == 2 else [picture[:, :, place] for place in range(3)]
    red, green, blue = channels
    luma: Floats = np.empty((len(picture), picture.shape[1]), dtype=np.float32)
    for start in range(0, len(picture), _BLOCK):
        rows = slice(start, start + _BLOCK)
        weighted = np.multiply(red[rows], 0.299, dtype=np.float64)
        weighted += np.multiply(green[rows], 0.587, dtype=np.float64)
        weighted += np.multiply(blue[rows], 0.114, dtype=np.float64)
        luma[rows] = weighted
    return luma


def _turned(values: Floats) -> Floats:
    """Rows for columns; OpenCV copies in blocks, three times as fast as NumPy."""
    return np.asarray(cv2.transpose(values), dtype=np.float32)


def _window(length: int) -> int:
    """Width of one pass of the filter: two of them cover one of 64 steps."""
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def _centres(length: int) -> list[int]:
    """Where the 64 samples are taken along a side."""
    return [int(((place + 0.5) * length) / SIDE) for place in range(SIDE)]


def _box_down(values: Floats, window: int, chosen: Sequence[int] | None = None) -> Floats:
    """Running mean along each column, at the ends the mean of what is there.

    Each step adds one row and takes one away, so that roundings add up as in the reference.

    Args:
        values: [n, m].
        window: w, at most n; row i is the mean of rows i - (w - 1) // 2 to i + w // 2.
        chosen: rows of the result that are wanted, ascending, a row may come twice; None for all.
    Returns:
        float32 [n, m], or [len(chosen), m].
    """
    length, ahead = values.shape[0], window // 2
    wanted = iter(range(length) if chosen is None else chosen)
    out = np.empty((length if chosen is None else len(chosen), values.shape[1]), dtype=np.float32)
    total = np.zeros(values.shape[1], dtype=np.float32)
    place, row = 0, next(wanted)
    for right in range(length + ahead):  # the window's last row, running on past the end
        if right < length:
            total += values[right]
        if right >= window:
            total -= values[right - window]
        while row == right - ahead:
            np.divide(total, np.float32(min(right, length - 1) - max(right - window, -1)), out=out[place])
            place, row = place + 1, next(wanted, -1)
    return out


@cache
def _cosines() -> Floats:
    """Rows 1 to 16 of the 64-point cosine transform."""
    scale = float(np.float32(math.sqrt(2 / SIDE)))
    step = math.pi / 2 / SIDE
    rows = [[scale * math.cos(step * (i + 1) * (2 * j + 1)) for j in range(SIDE)] for i in range(KEPT)]
    return np.array(rows, dtype=np.float64).astype(np.float32)
