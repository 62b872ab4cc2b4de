"""Pictures made of whole-number arithmetic, the same on every machine, for the PDQ goldens.

Sizes lie around the steps of the filter's width (a new pixel every 128), around the smallest and
around the 64 that is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Grid = NDArray[np.int64]

SIZES: Final = (
    (4, 90), (5, 5), (5, 200), (63, 64), (64, 64), (65, 64), (100, 100), (127, 128), (128, 129), (129, 127),
    (200, 257), (256, 255), (384, 385), (427, 640), (513, 300), (700, 900),
)  # fmt: skip
"""(rows, columns)"""


def noise(y: Grid, x: Grid) -> Grid:
    """A hash of the place, 0 to 255."""
    mixed = (x * 73856093) ^ (y * 19349663)
    mixed = (mixed ^ (mixed >> 13)) * 1274126177 % 2**31
    return (mixed ^ (mixed >> 11)) % 256


def _scene(y: Grid, x: Grid, rows: int, columns: int) -> list[Grid]:
    """A sky that fades, ground, a dark block and a bright round, each with some grain."""
    sky = 60 + y * 150 // rows
    ground = (y * 3 > rows * 2) * (40 + x * 60 // columns)
    block = ((x * 5 > columns) & (x * 5 < columns * 2) & (y * 4 > rows)) * 90
    round_ = ((x * 4 - columns * 3) ** 2 + (y * 4 - rows) ** 2 < min(rows, columns) ** 2 // 2) * 80
    grain = noise(y, x) // 16
    return [np.clip(sky - ground - block + round_ + grain + 9 * channel, 0, 255) for channel in range(3)]


PATTERNS: Final[dict[str, Callable[[Grid, Grid, int, int], list[Grid]]]] = {
    "noise": lambda y, x, _rows, _columns: [noise(y, x + 1000 * channel) for channel in range(3)],
    "scene": _scene,
    "fade": lambda y, x, rows, columns: [x * 255 // columns, y * 255 // rows, (x + y) * 255 // (rows + columns)],
    "checks": lambda y, x, _rows, _columns: [((x // 9 + y // 7) % 2) * 230, ((x // 5 + y // 11) % 2) * 200, x * 0 + 40],
    "flat": lambda _y, x, _rows, _columns: [x * 0 + 128, x * 0 + 127, x * 0 + 3],
}


def pictures() -> Iterator[tuple[str, Picture]]:
    """Every pattern in every size: name, uint8 [rows, columns, 3]."""
    for rows, columns in SIZES:
        y, x = np.mgrid[0:rows, 0:columns].astype(np.int64)
        for name, pattern in PATTERNS.items():
            yield f"{name}-{rows}x{columns}", np.stack(pattern(y, x, rows, columns), axis=2).astype(np.uint8)
