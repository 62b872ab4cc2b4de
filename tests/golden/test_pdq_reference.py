"""Our PDQ against the reference's answers, bit for bit; and proof that this notices a slip.

`pdq_reference.json` was written by benchmarks/make_pdq_reference.py with the package `pdqhash`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden.pdq_pictures import Picture, pictures
from PIL import Image

from dalil.signals import pdq

GOLDEN = json.loads((Path(__file__).parent / "pdq_reference.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("DALIL_SHARED", ROOT.parent / "shared"))
PHOTOS = SHARED / "data" / "photos" / "bsds"
MADE = dict(pictures())
AS_IT_IS = (pdq.SIDE, pdq.SIDE)


def differences(name: str, picture: Picture, expected: dict[str, Any]) -> list[str]:
    """What is not as the reference has it."""
    wrong = []
    found, quality = pdq.pdq(picture)
    if found.tobytes().hex() != expected["hash"]:
        wrong.append(f"{name}: hash")
    if quality != expected["quality"]:
        wrong.append(f"{name}: quality")
    variants = [one.tobytes().hex() for one in pdq.dihedral(picture)[0]]
    if picture.shape[:2] != AS_IT_IS and variants != expected["variants"]:  # see below
        wrong.append(f"{name}: variants")
    return wrong


def test_made_pictures_have_the_references_hash_quality_and_variants() -> None:
    assert set(MADE) == set(GOLDEN["made"])
    for name, picture in MADE.items():
        assert hashlib.sha256(picture.tobytes()).hexdigest()[:16] == GOLDEN["made"][name]["pixels"], name
        assert differences(name, picture, GOLDEN["made"][name]) == []


def test_at_64_by_64_the_variants_are_those_of_the_hash_itself() -> None:
    """The reference filters here for the variants and not for the hash; ours does neither."""
    for name, picture in MADE.items():
        if picture.shape[:2] == AS_IT_IS:
            assert pdq.dihedral(picture)[0][0].tobytes().hex() == GOLDEN["made"][name]["hash"]


@pytest.mark.shared
@pytest.mark.skipif(not PHOTOS.is_dir(), reason="needs the 200 photographs in ../shared/data/photos/bsds")
def test_real_photographs_have_the_references_hash_quality_and_variants() -> None:
    assert len(GOLDEN["photos"]) == 200
    wrong: list[str] = []
    for name, expected in GOLDEN["photos"].items():
        picture = np.asarray(Image.open(io.BytesIO((PHOTOS / name).read_bytes())).convert("RGB"))
        pixels = hashlib.sha256(picture.tobytes()).hexdigest()[:16]
        assert pixels == expected["pixels"], f"{name}: this JPEG decoder gives other pixels than the golden's"
        wrong += differences(name, picture, expected)
    assert wrong == []


def exact_box(values: pdq.Floats, window: int, chosen: list[int] | None) -> pdq.Floats:
    ahead = window // 2
    rows = range(len(values)) if chosen is None else chosen
    means = [values[max(0, row + ahead - window + 1) : row + ahead + 1].mean(axis=0, dtype=np.float64) for row in rows]
    return np.array(means, dtype=np.float32)


def rounded_quality(small: pdq.Floats) -> int:
    steps = sum(np.abs(np.rint(np.diff(small, axis=axis) * 100 / 255)).sum() for axis in (0, 1))
    return min(int(steps) // 90, 100)


SLIPS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "window one narrower": ("_window", lambda real: lambda length: max(1, real(length) - 1)),
    "window not rounded up": ("_window", lambda _: lambda length: max(1, length // 128)),
    "window rounded one late": ("_window", lambda _: lambda length: length // 128 + 1),
    "samples at corners": ("_centres", lambda _: lambda length: [place * length // 64 for place in range(64)]),
    "samples one later": ("_centres", lambda real: lambda length: [min(at + 1, length - 1) for at in real(length)]),
    "one pass only": (
        "_box_down",
        lambda real: lambda values, window, chosen=None: real(values, 1 if chosen else window, chosen),
    ),
    "sums in double precision": (
        "_box_down",
        lambda real: lambda values, window, chosen=None: exact_box(values, window, chosen),
    ),
    "upper median": ("bits", lambda _: lambda found: np.packbits((found.ravel() > np.sort(found.ravel())[128])[::-1])),
    "at least the median": (
        "bits",
        lambda _: lambda found: np.packbits((found.ravel() >= np.sort(found.ravel())[127])[::-1]),
    ),
    "bits in the other order": ("bits", lambda real: lambda found: real(found[::-1, ::-1])),
    "rows for columns": ("frequencies", lambda real: lambda small: real(small).T),
    "one frequency later": ("_cosines", lambda real: lambda: np.roll(real(), 1, axis=0)),
    "matrix product": ("frequencies", lambda _: lambda small: pdq._cosines() @ small @ pdq._cosines().T),
    "luma in single precision": (
        "_luma",
        lambda _: lambda picture: picture.astype(np.float32) @ np.float32([0.299, 0.587, 0.114]),
    ),
    "blue before red": ("_luma", lambda real: lambda picture: real(picture[:, :, ::-1])),
    "steps rounded": ("quality", lambda _: rounded_quality),
    "smallest one larger": ("SMALLEST", lambda real: real + 1),
    "smallest one smaller": ("SMALLEST", lambda real: real - 1),
    "sign of odd rows": ("turns", lambda real: lambda found: [found, *real(-found)[1:]]),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_would_be_noticed(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, change = SLIPS[slip]
    monkeypatch.setattr(pdq, name, change(getattr(pdq, name)))
    wrong: list[str] = []
    for made, picture in MADE.items():
        wrong += differences(made, picture, GOLDEN["made"][made])
    assert wrong
