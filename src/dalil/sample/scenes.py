"""Procedural pictures of Sahlara: sky, hills and ground under one light, with one subject drawn on it.

Textured enough for a perceptual hash (quality 80 and more), and each lit by its own large patches, so
that two scenes of one kind are still far apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.sample import subjects
from dalil.sample.likeness import Picture

Canvas = NDArray[np.float32]
Colour = tuple[float, float, float]

SIZES: Final = ((640, 480), (720, 480), (800, 600), (860, 640), (960, 640), (640, 800))
"""Width and height."""
LIGHTS: Final[tuple[tuple[Colour, Colour, Colour], ...]] = (
    ((96, 146, 208), (214, 226, 236), (166, 142, 104)),  # clear noon
    ((112, 120, 138), (188, 190, 194), (118, 110, 96)),  # overcast
    ((58, 72, 120), (236, 172, 118), (112, 88, 74)),  # sunset
    ((150, 168, 190), (238, 226, 202), (188, 168, 128)),  # dust
    ((40, 58, 96), (120, 138, 168), (66, 70, 78)),  # dusk
    ((120, 170, 220), (236, 240, 238), (112, 134, 78)),  # spring
)
"""Sky above, sky at the horizon, land."""


def fractal(rng: np.random.Generator, height: int, width: int, patch: float, octaves: int = 4) -> Canvas:
    """Smooth noise in [0, 1], [height, width]; its largest patches are about `patch` pixels wide."""
    total = np.zeros((height, width), np.float32)
    weight, sum_of_weights = 1.0, 0.0
    for octave in range(octaves):
        side = max(2.0, patch / 2**octave)
        grid = rng.random((int(height / side) + 3, int(width / side) + 3), np.float32)
        total += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        sum_of_weights += weight
        weight *= 0.55
    total /= sum_of_weights
    low, high = float(total.min()), float(total.max())
    return np.asarray((total - low) / max(high - low, 1e-6), np.float32)


@dataclass(frozen=True, slots=True)
class Scene:
    """A finished picture, and what it shows."""

    picture: Picture
    subject: str


def scene(rng: np.random.Generator) -> Scene:
    """Draw one picture, [h, w, 3] RGB; everything about it comes from `rng`."""
    width, height = SIZES[rng.integers(len(SIZES))]
    top, low, land = LIGHTS[rng.integers(len(LIGHTS))]
    horizon = int(height * rng.uniform(0.28, 0.6))
    canvas = _sky(rng, height, width, horizon, top, low)
    _hills(rng, canvas, horizon, low, land)
    _ground(rng, canvas, horizon, land)
    subject = subjects.NAMES[rng.integers(len(subjects.NAMES))]
    subjects.draw(subject, rng, canvas, horizon)
    return Scene(_light(rng, canvas), subject)


def cover(rng: np.random.Generator) -> Picture:
    """Two colours in drifting patches, as pages have for a cover; shows nothing. [700, 640, 3]."""
    patches = fractal(rng, 700, 640, float(rng.uniform(60, 160)), 3)[..., None]
    first, second = rng.uniform(30, 225, 3), rng.uniform(30, 225, 3)
    return np.asarray(first * patches + second * (1 - patches), np.uint8)


def _sky(rng: np.random.Generator, height: int, width: int, horizon: int, top: Colour, low: Colour) -> Canvas:
    ramp = np.clip(np.linspace(0, height / max(horizon, 1), height, dtype=np.float32), 0, 1)[:, None, None]
    canvas = np.asarray(top, np.float32) * (1 - ramp) + np.asarray(low, np.float32) * ramp
    canvas = np.repeat(canvas, width, axis=1)
    clouds = fractal(rng, height, width, rng.uniform(80, 260))
    cover = np.clip((clouds - rng.uniform(0.35, 0.6)) * 3, 0, 1)[..., None]
    bright = 255 if rng.random() < 0.7 else 90
    canvas *= 1 - 0.7 * cover
    canvas += bright * 0.7 * cover
    return canvas


def _hills(rng: np.random.Generator, canvas: Canvas, horizon: int, low: Colour, land: Colour) -> None:
    height, width = canvas.shape[:2]
    rows = np.arange(height)[:, None]
    for layer in range(int(rng.integers(1, 4))):
        line = fractal(rng, 1, width, rng.uniform(60, 320), 5)[0]
        edge = horizon - (1 - 0.28 * layer) * height * rng.uniform(0.06, 0.26) * line
        share = 0.35 + 0.25 * layer
        colour = np.asarray(low, np.float32) * (1 - share) + np.asarray(land, np.float32) * share * 0.8
        shade = 0.75 + 0.5 * fractal(rng, height, width, 36)
        first = max(0, int(edge.min()))
        covered = (rows >= edge[None, :])[first:, :, None]
        np.copyto(canvas[first:], colour * shade[first:, :, None], where=covered)


def _ground(rng: np.random.Generator, canvas: Canvas, horizon: int, land: Colour) -> None:
    """Texture that is finer towards the horizon."""
    height, width = canvas.shape[:2]
    depth = height - horizon
    flat = fractal(rng, depth * 2, width, 90, 5)
    steps = (np.linspace(0, 1, depth) ** 0.6 * (depth * 2 - 1)).astype(int)
    grain = 0.55 + 0.8 * flat[steps]
    stones = 0.92 + 0.16 * rng.random((depth, width), np.float32)
    canvas[horizon:] = np.asarray(land, np.float32) * (grain * stones)[..., None]


def _light(rng: np.random.Generator, canvas: Canvas) -> Picture:
    """Large patches of light and shadow, contrast, grain."""
    height, width = canvas.shape[:2]
    patches = fractal(rng, height, width, width / rng.uniform(2.5, 6), 4)
    lit = canvas * (0.45 + 1.0 * patches)[..., None]
    lit -= 118  # step by step in place: each temporary is a megabyte or two
    lit *= rng.uniform(1.05, 1.3)
    lit += 118
    lit += rng.uniform(-8, 14)
    lit += rng.normal(0, rng.uniform(2, 5), (height, width, 1)).astype(np.float32)
    return np.clip(lit, 0, 255, out=lit).astype(np.uint8)
