"""The calibration behind docs/decisions/0020: which scaler keeps a picture's hash where it was.

    python benchmarks/picture_scaler.py ../shared/data/photos/bsds

Each photograph is enlarged to 1,600 pixels with grain and stands for the original; its copies are
scaled to usual sizes and saved as JPEG 75. Printed, under each scaler (mean/largest): bits between
the scaled original and the reference's unscaled hash, between original and copy, and between the
original and the mirror's flip-y variant; and the smallest distance between two photographs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from dalil.signals.pdq import Picture, dihedral, distance, pdq

ORIGINAL = 1600
COPIES = (1280, 1080, 800, 640, 480, 320, 200)
PHOTOS = 40


def resized(picture: Picture, width: int, height: int, way: int) -> Picture:
    """A picture in another size."""
    return np.asarray(cv2.resize(picture, (max(1, width), max(1, height)), interpolation=way), dtype=np.uint8)


def to_long_side(length: int, *, up: bool) -> Callable[[Picture], Picture]:
    """Scale the long side to a length, smaller pictures too or not."""

    def scale(picture: Picture) -> Picture:
        rows, columns = picture.shape[:2]
        longest = max(rows, columns)
        if longest <= length and not up:
            return picture
        way = cv2.INTER_AREA if longest > length else cv2.INTER_LINEAR
        return resized(picture, round(columns * length / longest), round(rows * length / longest), way)

    return scale


def to_square(length: int) -> Callable[[Picture], Picture]:
    """Scale both sides to a length."""
    return lambda picture: resized(
        picture, length, length, cv2.INTER_AREA if max(picture.shape[:2]) > length else cv2.INTER_LINEAR
    )


SCALERS: dict[str, Callable[[Picture], Picture]] = {
    "none": lambda picture: picture,
    "512, down only": to_long_side(512, up=False),
    "512, both ways": to_long_side(512, up=True),
    "1024, down only": to_long_side(1024, up=False),
    "1024, both ways": to_long_side(1024, up=True),
    "512 × 512": to_square(512),
    "320 × 320": to_square(320),
    "576 × 576": to_square(576),
}


def original_and_copies(path: Path, rng: np.random.Generator) -> tuple[Picture, list[Picture]]:
    """A large picture made of a photograph, and its copies as they go round."""
    photo = cv2.imread(str(path))
    rows, columns = photo.shape[:2]
    ratio = ORIGINAL / max(rows, columns)
    large = resized(photo, round(columns * ratio), round(rows * ratio), cv2.INTER_LANCZOS4).astype(np.int16)
    original = np.clip(large + rng.integers(-6, 7, large.shape), 0, 255).astype(np.uint8)
    copies = []
    for size in COPIES:
        small = resized(
            original, original.shape[1] * size // ORIGINAL, original.shape[0] * size // ORIGINAL, cv2.INTER_AREA
        )
        copies.append(cv2.imdecode(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])[1], cv2.IMREAD_COLOR))
    return original[:, :, ::-1], [copy[:, :, ::-1] for copy in copies]


def main(photos: Path) -> None:
    """Print the table."""
    rng = np.random.default_rng(0)
    sets = [original_and_copies(path, rng) for path in sorted(photos.glob("*.jpg"))[:PHOTOS]]
    print(
        f"{'scaler':18s}{'reference':>10s}"
        + "".join(f"{size:>10d}" for size in COPIES)
        + f"{'mirrored':>10s}{'strangers':>11s}"
    )
    for name, scale in SCALERS.items():
        hashes = [pdq(scale(original))[0].tobytes() for original, _ in sets]
        row = [[distance(one, pdq(original)[0].tobytes()) for one, (original, _) in zip(hashes, sets, strict=True)]]
        for place in range(len(COPIES)):
            copies = [pdq(scale(copies[place]))[0].tobytes() for _, copies in sets]
            row.append([distance(one, copy) for one, copy in zip(hashes, copies, strict=True)])
        mirrored = [dihedral(np.ascontiguousarray(scale(original[:, ::-1])))[0][5].tobytes() for original, _ in sets]
        row.append([distance(one, other) for one, other in zip(hashes, mirrored, strict=True)])
        strangers = min(distance(one, other) for one, other in combinations(hashes, 2))
        print(f"{name:18s}" + "".join(f"{np.mean(bits):6.1f}/{max(bits):<3d}" for bits in row) + f"{strangers:>11d}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
