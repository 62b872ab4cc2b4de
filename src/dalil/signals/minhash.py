"""MinHash bands of texts: two texts that share a band are worth comparing; that is all it says.

64 permutations in 16 bands of 4, over the character 4-grams of `norm`: two texts whose 4-grams
overlap by s share a band with probability 1 - (1 - s⁴)¹⁶, which is one half at s = .45.
Source: Broder, "On the resemblance and containment of documents", SEQUENCES 1997; the permutations
are rensa's. Method card: docs/explanation/signals.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from dalil.signals.texts import SHORT_TEXT

METHOD: Final = "minhash"
VERSION: Final = f"1.{RMinHash.ALGORITHM_VERSION}"
"""Ours, and that of rensa's permutations: bands of two versions must not be compared."""

PERMUTATIONS: Final = 64
BANDS: Final = 16
GRAM: Final = 4
SEED: Final = 20260517
NONE: Final = 0
"""Every band of a text too short for this; it must never count as shared."""

_AT_ONCE: Final = 4096  # texts; bounds the memory of the grams
_ROWS: Final = PERMUTATIONS // BANDS

Hashes = NDArray[np.uint64]


def bands(norms: Sequence[str]) -> Hashes:
    """The band hashes of texts.

    Args:
        norms: n search keys (`texts.norm`).
    Returns:
        uint64 [n, 16]. A band's number is part of its hash, so that all may lie in one column.
        `NONE` in all 16 where the key is shorter than `SHORT_TEXT`: there only an equal skeleton counts.
    """
    found = np.full((len(norms), BANDS), NONE, dtype=np.uint64)
    long_enough = [place for place, norm in enumerate(norms) if len(norm) >= SHORT_TEXT]
    for start in range(0, len(long_enough), _AT_ONCE):
        places = long_enough[start : start + _AT_ONCE]
        found[places] = _banded(_signatures([norms[place] for place in places]))
    return found


def _signatures(texts: list[str]) -> Hashes:
    """uint64 [n, PERMUTATIONS], values below 2³²."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(text) for text in texts])
    ends = np.cumsum(lengths)
    inside = np.ones(len(codes), dtype=bool)
    for back in range(1, GRAM):
        inside[ends - back] = False  # a 4-gram that began here would run into the next text
    grams = _combined([codes[place : len(codes) - GRAM + 1 + place] for place in range(GRAM)])
    rows = np.concatenate(([0], np.cumsum(lengths - GRAM + 1))).astype(np.uint64)
    kept = np.ascontiguousarray(grams[inside[: len(grams)]])
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(kept, rows, PERMUTATIONS, SEED)
    return np.array(matrix.to_rows(), dtype=np.uint64)


def _banded(signatures: Hashes) -> Hashes:
    parts = signatures.reshape(len(signatures), BANDS, _ROWS)
    salt = np.arange(1, BANDS + 1, dtype=np.uint64)
    hashes = _combined([*np.moveaxis(parts, 2, 0), np.broadcast_to(salt, parts.shape[:2])])
    return np.where(hashes == NONE, np.uint64(1), hashes)


def _combined(columns: Sequence[Hashes]) -> Hashes:
    """One 64-bit hash of several numbers in their order (the finaliser of splitmix64 after each)."""
    mixed = np.full(columns[0].shape, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for column in columns:
        mixed ^= column
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed
