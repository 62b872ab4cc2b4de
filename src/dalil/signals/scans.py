"""The text in a picture: preparations that make letters stand out, and the best of what was read in them.

Reading itself is done by Tesseract, a program of the system, in a limited child (`actions.scanning`).
Method card: docs/explanation/signals.md. The words of a screenshot lie on pictures and coloured bars: each
preparation keeps what another loses, so all are read and the one with the surest words is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np

from dalil.signals.pdq import Picture
from dalil.signals.pictures import decode

METHOD: Final = "tesseract"
VERSION: Final = "1"
"""Of preparations and choice; a row's version names the program's version and languages too."""
PREPARATIONS: Final = ("black", "white", "otsu", "inverse")
_ENOUGH_WIDTH: Final = 1600
_MOST_PIXELS: Final = 12_000_000
_NEAR_WHITE: Final = 190
_NEAR_BLACK: Final = 80
_WORD: Final = 5
_FIELDS: Final = 12
_SURE: Final = 30.0
"""Words below this confidence, of 100, are left out: they are mostly edges of pictures."""
_FEWER: Final = 0.5
LONGEST: Final = 20_000


class Scan(NamedTuple):
    """What was read: lines of text, the number of words, their mean confidence 0 to 100 (weighted by length)."""

    preparation: str
    text: str
    words: int
    confidence: float


NOTHING: Final = Scan("", "", 0, 0.0)


def prepared(data: bytes, *, max_pixels: int) -> list[tuple[str, bytes]]:
    """Each preparation of a picture file as the bytes of a grey PNM, black letters on white.

    Raises:
        InputError, LimitReached: as `pictures.decode`.
    """
    rgb = _scaled(decode(data, max_pixels=max_pixels).rgb)
    lightest, darkest = rgb.min(axis=2), rgb.max(axis=2)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    _, otsu = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    made: dict[str, Any] = {
        "black": np.where(darkest < _NEAR_BLACK, 0, 255).astype(np.uint8),
        "white": np.where(lightest > _NEAR_WHITE, 0, 255).astype(np.uint8),
        "otsu": otsu,
        "inverse": 255 - otsu,
    }
    return [(name, _pnm(made[name])) for name in PREPARATIONS]


def parsed(preparation: str, tsv: str) -> Scan:
    """What a run of Tesseract read, from its table of words; lines that are none are passed over."""
    lines: dict[tuple[str, ...], list[str]] = {}
    weight = total = 0.0
    words = 0
    for row in tsv.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != _FIELDS or cells[0] != str(_WORD):
            continue
        confidence, text = _number(cells[10]), cells[11].strip()
        if not text or not _SURE <= confidence <= 100:
            continue
        lines.setdefault(tuple(cells[1:5]), []).append(text)
        words += 1
        weight += len(text)
        total += len(text) * confidence
    read = "\n".join(" ".join(line) for line in lines.values())[:LONGEST]
    return Scan(preparation, read, words, round(total / weight, 2) if weight else 0.0)


def best(scans: Iterable[Scan]) -> Scan:
    """The surest of several readings, among those with at least half as many words as the richest: a single
    word that is sure says less than a whole text that is nearly so."""
    found = list(scans)
    most = max((scan.words for scan in found), default=0)
    rich = [scan for scan in found if scan.words and scan.words >= _FEWER * most]
    return max(rich, key=lambda scan: (scan.confidence, scan.words), default=NOTHING)


def version_of(program: str, languages: Sequence[str]) -> str:
    """The version of a row: ours, the program's, and the languages it read with."""
    return f"{VERSION} {program} {'+'.join(languages)}"


def _scaled(rgb: Picture) -> Picture:
    """Twice as large where letters are small, as Tesseract wants them about 30 pixels high."""
    height, width = rgb.shape[:2]
    if width >= _ENOUGH_WIDTH or 4 * height * width > _MOST_PIXELS:
        return rgb
    return np.asarray(cv2.resize(rgb, (2 * width, 2 * height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _pnm(grey: Any) -> bytes:
    height, width = grey.shape
    return b"P5\n%d %d\n255\n" % (width, height) + np.ascontiguousarray(grey).tobytes()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0
