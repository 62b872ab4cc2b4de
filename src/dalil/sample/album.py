"""The sample's pictures: distinct scenes, and every file made of them, with what a hash can be expected to see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dalil.sample import edits, scenes
from dalil.sample.dice import grains
from dalil.sample.likeness import LOST, RECOGNISED, Picture, distance, hash_bits, nearest_turn, quality

APART: Final = 96
"""Bits by which two scenes differ at least, also when one is mirrored."""
COVERS_APART: Final = 64
ATTEMPTS: Final = 400
MIN_QUALITY: Final = 90
SETTLED: Final[dict[str, bool | None]] = {"border": True, "logo": None}
"""Edits whose expectation is not measured: a plain border is trimmed before a picture is hashed, and
under a logo of this size the hash may hold or not."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """One file. `expect_pdq`: whether a PDQ hash (≤ 31 bits, eight turns) recognises the picture's original;
    None where it may or may not."""

    picture: str
    edit: str
    data: bytes
    sha256: str
    width: int
    height: int
    expect_pdq: bool | None


@dataclass(slots=True)
class Album:
    """Scenes by key `p000`…, drawn in order; files are made when they are asked for."""

    seed: int
    pictures: list[Picture] = field(default_factory=list)
    bits: list[NDArray[np.bool_]] = field(default_factory=list)
    files: list[PictureFile] = field(default_factory=list)
    _mirrored: list[NDArray[np.bool_]] = field(default_factory=list)
    _covers: list[NDArray[np.bool_]] = field(default_factory=list)
    _drawn: int = 0

    def new(self) -> str:
        """Draw one more scene, far from all others and good to hash; gives its key.

        Raises:
            ValueError: no such scene was found, which is a bug of ours.
        """
        for _ in range(ATTEMPTS):
            self._drawn += 1
            picture = scenes.scene(grains(self.seed, f"album/{self._drawn}")).picture
            bits = hash_bits(picture)
            if quality(picture) >= MIN_QUALITY and self._far(bits):
                self.pictures.append(picture)
                self.bits.append(bits)
                self._mirrored.append(hash_bits(np.ascontiguousarray(picture[:, ::-1])))
                return f"p{len(self.pictures) - 1:03d}"
        raise ValueError("no scene is far enough from the others")

    def _far(self, bits: NDArray[np.bool_]) -> bool:
        if not self.bits:
            return True
        known = np.stack(self.bits + self._mirrored)
        return int(np.count_nonzero(known != bits, axis=1).min()) >= APART

    def file(self, key: str, edit: str, *, brand: str = "") -> PictureFile:
        """Make a new file of a scene; each call is another one, as another hand would make it.

        Args:
            brand: put under a news banner with this name (Latin letters) first.
        """
        number = int(key[1:])
        rng = grains(self.seed, f"album/{key}/{edit}/{len(self.files)}")
        change, grade = edits.EDITS[edit]
        picture = self.pictures[number]
        if brand:
            picture = edits.bulletin(picture, brand)
        picture = change(rng, picture)
        data = edits.encode_jpeg(picture, grade=grade if edit == "original" else grade - int(rng.integers(0, 6)))
        made = PictureFile(
            picture=key,
            edit="bulletin" if brand else edit,
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            width=picture.shape[1],
            height=picture.shape[0],
            expect_pdq=SETTLED[edit] if edit in SETTLED else _expected(nearest_turn(picture, self.bits[number])),
        )
        self.files.append(made)
        return made

    def shown_on_phone(self, held: PictureFile | None, label: str) -> PictureFile:
        """A phone's screenshot of a post with that picture, or with the plain cover of its page.

        Raises:
            ValueError: no cover was found that is far from all others, which is a bug of ours.
        """
        if held is not None:
            inner = edits.decode_jpeg(held.data)
            screen = edits.phone(grains(self.seed, f"album/phone/{label}"), inner)
            return self._screenshot(screen, held.picture, "screenshot")
        for attempt in range(ATTEMPTS):
            rng = grains(self.seed, f"album/phone/{label}/{attempt}")
            screen = edits.phone(rng, scenes.cover(rng))
            bits = hash_bits(screen)
            if all(distance(bits, other) >= COVERS_APART for other in self._covers):
                self._covers.append(bits)
                return self._screenshot(screen, "", "screenshot_of_text")
        raise ValueError("no cover is far enough from the others")

    def _screenshot(self, screen: Picture, picture: str, edit: str) -> PictureFile:
        data = edits.encode_jpeg(screen, grade=82)
        apart = nearest_turn(screen, self.bits[int(picture[1:])]) if picture else None
        made = PictureFile(
            picture=picture,
            edit=edit,
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            width=screen.shape[1],
            height=screen.shape[0],
            expect_pdq=None if apart is None else _expected(apart),
        )
        self.files.append(made)
        return made


def _expected(bits_apart: int) -> bool | None:
    if bits_apart <= RECOGNISED:
        return True
    return False if bits_apart > LOST else None
