"""What happens to a picture on its way: the edits that recycled pictures show, each a pure function."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dalil.sample.likeness import Picture

Edit = Callable[[np.random.Generator, Picture], Picture]


def encode_jpeg(picture: Picture, *, grade: int) -> bytes:
    """JPEG bytes of an RGB picture, without any metadata."""
    out = BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=grade, subsampling=2)
    return out.getvalue()


def decode_jpeg(data: bytes) -> Picture:
    """The RGB picture in JPEG bytes of our own."""
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"), np.uint8)


def _same(_: np.random.Generator, picture: Picture) -> Picture:
    return picture


def _resized(rng: np.random.Generator, picture: Picture) -> Picture:
    share = float(rng.uniform(0.45, 0.7))
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _grey(_: np.random.Generator, picture: Picture) -> Picture:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)


def _brighter(_: np.random.Generator, picture: Picture) -> Picture:
    return np.asarray(np.clip(picture.astype(np.float32) * 1.08 + 14, 0, 255), np.uint8)


def _mirror(_: np.random.Generator, picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, ::-1])


def _crop(rng: np.random.Generator, picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    keep = float(rng.uniform(0.7, 0.86))
    top, left = int(height * (1 - keep) * rng.random()), int(width * (1 - keep) * rng.random())
    return np.ascontiguousarray(picture[top : top + int(height * keep), left : left + int(width * keep)])


def _logo(rng: np.random.Generator, picture: Picture) -> Picture:
    """A disc with bars, 24 % of the short side, in a corner."""
    out = picture.copy()
    height, width = out.shape[:2]
    radius = int(min(height, width) * 0.12)
    x = radius + 12 if rng.random() < 0.5 else width - radius - 12
    y = radius + 12 if rng.random() < 0.5 else height - radius - 12
    cv2.circle(out, (x, y), radius, (236, 232, 222), -1, cv2.LINE_AA)
    for bar in (-0.5, 0.0, 0.5):
        cv2.line(
            out,
            (int(x - radius * 0.6), int(y + radius * bar)),
            (int(x + radius * 0.6), int(y + radius * bar)),
            (60, 74, 96),
            5,
        )
    return out


def _caption(rng: np.random.Generator, picture: Picture) -> Picture:
    """A bar with a line of bars for letters under the picture."""
    height, width = picture.shape[:2]
    bar = np.full((int(height * 0.16), width, 3), 24, np.uint8)
    _greek(bar, rng, left=20, top=int(height * 0.04), lines=2, colour=(235, 235, 235), right_to_left=True)
    return np.vstack([picture, bar])


def _border(_: np.random.Generator, picture: Picture) -> Picture:
    edge = int(min(picture.shape[:2]) * 0.08)
    return np.asarray(
        cv2.copyMakeBorder(picture, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(250, 250, 250)), np.uint8
    )


def _mirror_crop(rng: np.random.Generator, picture: Picture) -> Picture:
    return _mirror(rng, _crop(rng, picture))


def _screenshot(rng: np.random.Generator, picture: Picture) -> Picture:
    return phone(rng, picture)


def altered(rng: np.random.Generator, picture: Picture) -> Picture:
    """A part of the picture covered by another part of it: a mended place that was never there."""
    out = picture.copy()
    height, width = out.shape[:2]
    tall, wide = height // 3, width // 3
    y, x = int(rng.integers(0, height - tall)), int(rng.integers(0, width // 2 - wide // 2))
    out[y : y + tall, width - wide - x // 2 : width - x // 2] = picture[y : y + tall, x : x + wide]
    return out


def bulletin(picture: Picture, brand: str) -> Picture:
    """A picture under a news banner with a brand's name (Latin letters)."""
    out = picture.copy()
    height, width = out.shape[:2]
    band = int(height * 0.14)
    out[height - band :, :] = (168, 34, 38)
    canvas = Image.fromarray(out)
    font = ImageFont.load_default(int(band * 0.5))
    ImageDraw.Draw(canvas).text((int(width * 0.04), height - int(band * 0.78)), brand, fill=(255, 255, 255), font=font)
    return np.asarray(canvas, np.uint8)


def phone(rng: np.random.Generator, picture: Picture) -> Picture:
    """A phone's screenshot of a post: a bar, a disc, bars for letters, the picture, buttons; 640 wide."""
    screen = np.full((1180, 640, 3), 246, np.uint8)
    screen[:64] = (38, 52, 74)
    cv2.circle(screen, (590, 112), 28, tuple(int(v) for v in rng.integers(80, 200, 3)), -1, cv2.LINE_AA)
    cv2.rectangle(screen, (330, 96), (545, 112), (70, 74, 82), -1)
    cv2.rectangle(screen, (430, 124), (545, 134), (170, 174, 180), -1)
    _greek(screen, rng, left=24, top=168, lines=int(rng.integers(2, 5)), colour=(90, 94, 100), right_to_left=True)
    height, width = picture.shape[:2]
    tall = min(820, int(height * 640 / width))
    top = 300
    screen[top : top + tall] = cv2.resize(picture, (640, tall), interpolation=cv2.INTER_AREA)
    for number in range(3):
        x = 70 + 200 * number
        cv2.rectangle(screen, (x, top + tall + 20), (x + 100, top + tall + 36), (150, 154, 160), -1)
    return np.ascontiguousarray(screen[: top + tall + 64])


def _greek(
    canvas: Picture,
    rng: np.random.Generator,
    *,
    left: int,
    top: int,
    lines: int,
    colour: tuple[int, int, int],
    right_to_left: bool,
) -> None:
    """Bars where words would stand: no text, no font."""
    width = canvas.shape[1]
    for line in range(lines):
        at = left
        end = width - left - (int(rng.integers(60, 260)) if line == lines - 1 else 0)
        while at < end - 30:
            wide = min(int(rng.integers(24, 90)), end - at)
            a, b = (width - at - wide, width - at) if right_to_left else (at, at + wide)
            cv2.rectangle(canvas, (a, top + 28 * line), (b, top + 28 * line + 12), colour, -1)
            at += wide + 10


EDITS: Final[dict[str, tuple[Edit, int]]] = {
    "original": (_same, 90),
    "recompressed": (_same, 38),
    "resized": (_resized, 80),
    "grey": (_grey, 80),
    "brighter": (_brighter, 80),
    "mirror": (_mirror, 82),
    "crop": (_crop, 82),
    "logo": (_logo, 82),
    "caption": (_caption, 80),
    "border": (_border, 82),
    "mirror_crop": (_mirror_crop, 80),
    "screenshot": (_screenshot, 80),
    "altered": (altered, 84),
}
"""Kind of edit → what it does, and the JPEG quality it is saved with."""
COPIES: Final = tuple(name for name in EDITS if name not in ("original", "altered"))
"""The edits under which a recycled picture may come back."""
