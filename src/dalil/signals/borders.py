"""Plain borders off a picture: frames, letterbox bars.

Only what ends at a straight, sharp line is taken off: a dark sky or a white wall fades or has an
outline, and would be cut at another row in each copy.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dalil.signals.pdq import Picture

TOLERANCE: Final = 12
"""Levels (of 255) that a border's value may be off its colour: JPEG noise."""
PLAIN_SHARE: Final = 0.98
"""Share of a border line's values (three a pixel) that must be its colour's."""
STEP: Final = 40
"""Levels that a value just inside must be off the border's colour: what fades is off by less."""
SHARP_SHARE: Final = 0.25
"""Share of the values of the first line inside that must be off by `STEP`."""
EDGE: Final = 3
STILL_PLAIN: Final = 0.75
"""Share of the values so many lines before it that must still be the border's."""
RINGING: Final = 16
"""Lines over which a compressed edge may ring into the border."""
KEEP_SHARE: Final = 1 / 3
"""A side is never trimmed to less than this."""


def trim_border(picture: Picture) -> Picture:
    """Take plain borders off all four sides.

    Args:
        picture: uint8 [height, width, 3].
    Returns:
        A view of the picture; the whole of it where nothing is surely border.
    """
    top, bottom = _ends(picture)
    left, right = _ends(picture[top:bottom].swapaxes(0, 1))
    top_again, bottom_again = _ends(picture[top:bottom, left:right])
    return picture[top + top_again : top + bottom_again, left:right]


def _ends(picture: Picture) -> tuple[int, int]:
    """First row of the picture proper, and the one after its last."""
    length = picture.shape[0]
    top = _border(picture)
    bottom = length - _border(picture[::-1])
    return (top, bottom) if bottom - top >= length * KEEP_SHARE else (0, length)


def _border(picture: Picture) -> int:
    """How many rows at the top are border; 0 where it does not end sharply."""
    colour = np.median(picture[:1].reshape(-1, 3), axis=0).astype(np.int16)
    length = picture.shape[0]
    row = 0
    while row < length and _like(picture[row], colour, TOLERANCE) >= PLAIN_SHARE:
        row += 1
    for edge in range(max(row, 1), min(row + RINGING, length) if row else 0):
        before = picture[max(edge - EDGE, 0)]
        if _like(picture[edge], colour, STEP) <= 1 - SHARP_SHARE and _like(before, colour, TOLERANCE) >= STILL_PLAIN:
            return edge
    return 0


def _like(line: Picture, colour: NDArray[np.int16], levels: int) -> float:
    """Share of a line's values (three a pixel) that are within `levels` of the colour's."""
    low, high = (colour - levels).clip(0, 255).astype(np.uint8), (colour + levels).clip(0, 255).astype(np.uint8)
    return float(np.count_nonzero((line >= low) & (line <= high)) / line.size)
