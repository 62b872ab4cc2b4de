"""What stands in a scene: a bridge, a market, a road, houses, silos, a mast, palms, a wall, a street."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
Colour = tuple[float, float, float]
Draw = Callable[[np.random.Generator, Canvas, int], None]


def _mix(colour: Colour, share: float) -> Colour:
    """Darker below 1, lighter above."""
    return (colour[0] * share, colour[1] * share, colour[2] * share)


def _fill(canvas: Canvas, points: list[tuple[float, float]], colour: Colour) -> None:
    cv2.fillPoly(canvas, [np.asarray(points, np.int32)], colour, cv2.LINE_AA)


def _box(canvas: Canvas, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
    cv2.rectangle(canvas, (int(left), int(top)), (int(right), int(bottom)), colour, -1)


def _line(canvas: Canvas, a: tuple[float, float], b: tuple[float, float], colour: Colour, thick: int = 2) -> None:
    cv2.line(canvas, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), colour, thick, cv2.LINE_AA)


_PAINTS: Final[tuple[Colour, ...]] = (
    (206, 184, 148), (178, 150, 116), (222, 208, 182), (160, 120, 92), (142, 146, 148), (196, 196, 190),
    (118, 138, 152), (150, 92, 76), (94, 116, 102), (214, 170, 120), (86, 104, 128), (232, 226, 214),
)  # fmt: skip
"""Plaster, brick, concrete and faded paint."""


def _tint(rng: np.random.Generator, *, cloth: bool = False) -> Colour:
    """The colour of a wall, or of cloth and fruit, which are brighter."""
    if cloth:
        red, green, blue = rng.uniform(70, 215, 3)
    else:
        red, green, blue = np.asarray(_PAINTS[rng.integers(len(_PAINTS))]) * rng.uniform(0.72, 1.08) + rng.uniform(
            -12, 12, 3
        )
    return (float(red), float(green), float(blue))


def _bridge(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    water = int(horizon + (height - horizon) * rng.uniform(0.1, 0.4))
    ripples = 0.7 + 0.6 * rng.random((height - water, 1), np.float32) * np.ones((1, width), np.float32)
    canvas[water:] = np.asarray(_mix((70, 110, 130), float(rng.uniform(0.7, 1.3))), np.float32) * ripples[..., None]
    deck = horizon + int(rng.uniform(-0.16, 0.12) * height)
    slope = int(rng.uniform(-0.08, 0.08) * height)
    thick = int(height * rng.uniform(0.03, 0.07))
    stone = _mix(_tint(rng), 0.9)
    spans = int(rng.integers(3, 8))
    for number in range(spans + 1):
        x = width * (number + float(rng.uniform(-0.1, 0.1))) / spans
        y = deck + slope * number / spans
        _box(canvas, x - width * 0.012, y, x + width * 0.018, height * 0.93, _mix(stone, 0.8))
        if number < spans:
            middle = (int(x + width / spans / 2), int(y + thick))
            cv2.ellipse(
                canvas, middle, (int(width / spans / 2.2), int(height * 0.14)), 0, 180, 360, _mix(stone, 0.6), 3
            )
    _fill(canvas, [(0, deck), (width, deck + slope), (width, deck + slope + thick), (0, deck + thick)], stone)


def _market(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    for row in range(int(rng.integers(2, 4))):
        base = horizon + (height - horizon) * (0.25 + 0.3 * row)
        tall = height * (0.12 + 0.07 * row)
        x = -width * float(rng.uniform(0, 0.1))
        while x < width:
            wide = width * float(rng.uniform(0.1, 0.22)) * (0.7 + 0.25 * row)
            awning, drop = _tint(rng, cloth=True), tall * float(rng.uniform(0.3, 0.5))
            _box(canvas, x, base - tall * 0.5, x + wide * 0.92, base, (64, 56, 48))
            _fill(
                canvas,
                [
                    (x, base - tall),
                    (x + wide * 0.9, base - tall),
                    (x + wide, base - tall + drop),
                    (x - wide * 0.08, base - tall + drop),
                ],
                awning,
            )
            for stripe in range(int(rng.integers(2, 6))):
                at = x + wide * 0.9 * stripe / 6
                _line(canvas, (at, base - tall), (at, base - tall + drop), _mix(awning, 1.35), 3)
            for _ in range(int(rng.integers(6, 16))):
                spot = (int(x + float(rng.uniform(0.05, 0.85)) * wide), int(base - float(rng.uniform(0, 0.22)) * tall))
                cv2.circle(canvas, spot, int(rng.integers(3, 8)), _tint(rng, cloth=True), -1, cv2.LINE_AA)
            x += wide * float(rng.uniform(1.05, 1.5))


def _road(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    vanish = (width * float(rng.uniform(0.15, 0.85)), float(horizon))
    left, right = width * float(rng.uniform(-0.4, 0.3)), width * float(rng.uniform(0.6, 1.3))
    _fill(canvas, [vanish, (right, height), (left, height)], (82, 82, 86))
    for step in range(9):
        a, b = (step / 9) ** 1.7, ((step + 0.45) / 9) ** 1.7
        x, y = (left + right) / 2 - vanish[0], height - vanish[1]
        _line(
            canvas,
            (vanish[0] + x * a, vanish[1] + y * a),
            (vanish[0] + x * b, vanish[1] + y * b),
            (222, 216, 190),
            2 + int(6 * a),
        )
    side = left if rng.random() < 0.5 else right
    for step in range(1, int(rng.integers(5, 11))):
        share = (step / 9) ** 1.5
        foot = (vanish[0] + (side - vanish[0]) * share * 1.1, vanish[1] + (height - vanish[1]) * share)
        top = foot[1] - height * 0.6 * share - 6
        _line(canvas, foot, (foot[0], top), (54, 46, 40), 2 + int(5 * share))
        _line(canvas, (foot[0] - 30 * share, top + 6), (foot[0] + 30 * share, top + 6), (54, 46, 40), 2)


def _houses(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    spots = sorted(
        (float(rng.uniform(-0.06, 0.55)), float(rng.uniform(-0.08, 1))) for _ in range(int(rng.integers(8, 22)))
    )
    for depth, across in spots:
        size = height * (0.09 + 0.22 * max(depth, 0))
        base, x = horizon + (height - horizon) * max(depth, 0.02) + size * 0.2, width * across
        wide, tall = size * float(rng.uniform(0.9, 1.9)), size * float(rng.uniform(0.7, 1.5))
        wall = _mix(_tint(rng), 0.6 + 0.4 * float(rng.random()))
        _box(canvas, x, base - tall, x + wide, base, wall)
        _fill(
            canvas,
            [(x + wide, base - tall), (x + wide * 1.25, base - tall * 0.9), (x + wide * 1.25, base), (x + wide, base)],
            _mix(wall, 0.6),
        )
        for column in range(int(rng.integers(1, 5))):
            for floor in range(int(rng.integers(1, 4))):
                wx, wy = x + wide * (0.12 + 0.22 * column), base - tall * (0.88 - 0.3 * floor)
                if wx + wide * 0.12 < x + wide and wy + tall * 0.16 < base:
                    _box(
                        canvas,
                        wx,
                        wy,
                        wx + wide * 0.12,
                        wy + tall * 0.16,
                        (40, 44, 52) if rng.random() < 0.8 else (240, 214, 130),
                    )


def _silos(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    x = width * float(rng.uniform(-0.05, 0.35))
    for _ in range(int(rng.integers(3, 8))):
        radius, tall = width * float(rng.uniform(0.035, 0.085)), height * float(rng.uniform(0.25, 0.6))
        base, body = horizon + height * float(rng.uniform(0.06, 0.2)), _tint(rng)
        for column in range(int(2 * radius)):
            shade = 0.5 + 0.7 * float(np.sin(np.pi * (column + 1) / (2 * radius + 2)))
            _line(canvas, (x + column, base - tall), (x + column, base), _mix(body, shade), 1)
        cv2.ellipse(
            canvas,
            (int(x + radius), int(base - tall)),
            (int(radius), int(radius * 0.4)),
            0,
            0,
            360,
            _mix(body, 1.15),
            -1,
            cv2.LINE_AA,
        )
        for ring in range(int(rng.integers(3, 9))):
            y = base - tall * ring / 9
            _line(canvas, (x, y), (x + 2 * radius, y), _mix(body, 0.55), 1)
        x += 2 * radius * float(rng.uniform(1.05, 1.4))


def _mast(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    _houses(rng, canvas, horizon)
    for _ in range(int(rng.integers(1, 4))):
        x, half = width * float(rng.uniform(0.1, 0.9)), width * float(rng.uniform(0.02, 0.05))
        base, top = horizon + height * 0.2, height * float(rng.uniform(0.03, 0.2))
        steel, steps = (60.0, 58.0, 62.0), int(rng.integers(7, 14))
        for step in range(steps):
            a, b = step / steps, (step + 1) / steps
            ya, yb = base + (top - base) * a, base + (top - base) * b
            la, lb = half * (1 - 0.85 * a), half * (1 - 0.85 * b)
            _line(canvas, (x - la, ya), (x + lb, yb), steel, 2)
            _line(canvas, (x + la, ya), (x - lb, yb), steel, 2)
            _line(canvas, (x - la, ya), (x - lb, yb), steel, 3)
            _line(canvas, (x + la, ya), (x + lb, yb), steel, 3)


def _palms(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    for depth in sorted(float(rng.uniform(0.1, 1)) for _ in range(int(rng.integers(6, 18)))):
        x, base = width * float(rng.uniform(0, 1)), horizon + (height - horizon) * depth * 0.85
        tall, lean = height * (0.14 + 0.4 * depth), float(rng.uniform(-20, 20))
        crown = (x + lean, base - tall)
        _line(canvas, (x, base), crown, (92, 72, 52), 3 + int(7 * depth))
        green = (float(rng.uniform(40, 90)), float(rng.uniform(90, 140)), float(rng.uniform(40, 70)))
        for leaf in np.linspace(0, 2 * np.pi, int(rng.integers(8, 14)), endpoint=False):
            reach = tall * float(rng.uniform(0.25, 0.45))
            tip = (crown[0] + reach * float(np.cos(leaf)), crown[1] + reach * (0.35 + 0.7 * float(np.sin(leaf))) * 0.8)
            _line(canvas, crown, tip, green, 2 + int(5 * depth))


def _wall(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    """A dam with its gates."""
    height, width = canvas.shape[:2]
    top, foot = horizon - height * float(rng.uniform(0, 0.12)), horizon + height * float(rng.uniform(0.15, 0.35))
    concrete = _mix((172, 168, 160), float(rng.uniform(0.6, 1.15)))
    _fill(
        canvas, [(0, top), (width, top + height * float(rng.uniform(-0.08, 0.08))), (width, foot), (0, foot)], concrete
    )
    gates = int(rng.integers(4, 10))
    for number in range(gates):
        x, wide = width * (number + 0.25) / gates, width * 0.5 / gates
        _box(canvas, x, top + (foot - top) * 0.3, x + wide, foot, _mix(concrete, 0.45))
        if rng.random() < 0.6:
            _fill(
                canvas,
                [(x, foot - 12), (x + wide, foot - 12), (x + wide * 1.3, height), (x - wide * 0.3, height)],
                (214, 226, 232),
            )
        _line(canvas, (x - wide * 0.2, top), (x - wide * 0.2, foot), _mix(concrete, 0.7), 3)


def _street(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    vanish = width * float(rng.uniform(0.3, 0.7))
    _fill(canvas, [(vanish, horizon), (width * 0.95, height), (width * 0.05, height)], (104, 100, 96))
    for side in (-1, 1):
        edge = 0 if side < 0 else width
        cuts = np.sort(rng.uniform(0, 1, int(rng.integers(4, 9))) ** 0.6)[::-1]
        for near, far in pairwise(float(cut) for cut in cuts):
            xa, xb = vanish + (edge - vanish) * near, vanish + (edge - vanish) * far
            up, wall = float(rng.uniform(0.5, 1.2)) * horizon, _tint(rng)
            points = [
                (xa, horizon - up * near),
                (xb, horizon - up * far),
                (xb, horizon + (height - horizon) * far * 0.9),
                (xa, horizon + (height - horizon) * near * 0.9),
            ]
            _fill(canvas, points, _mix(wall, 0.8))
            for floor in range(1, int(rng.integers(2, 5))):
                level = floor / 5
                a, b = (
                    (xa * 0.8 + xb * 0.2, horizon - up * near * level),
                    (xa * 0.2 + xb * 0.8, horizon - up * far * level),
                )
                _line(canvas, a, b, (44, 46, 54), 3 + int(12 * near))


SUBJECTS: Final[dict[str, Draw]] = {
    "bridge": _bridge,
    "market": _market,
    "road": _road,
    "houses": _houses,
    "silos": _silos,
    "mast": _mast,
    "palms": _palms,
    "dam": _wall,
    "street": _street,
}
NAMES: Final = tuple(SUBJECTS)


def draw(subject: str, rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    """Draw a subject on a canvas, in place: float32 [h, w, 3], RGB, 0 to 255."""
    SUBJECTS[subject](rng, canvas, horizon)
