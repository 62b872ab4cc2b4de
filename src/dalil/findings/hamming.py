"""Nearest 256-bit hashes: a flat scan for one query, a multi-index hash for many.

Hashes are rows of four unsigned 64-bit words. With 16 chunks of 16 bits, two hashes within 31 bits
agree in some chunk but for one bit (31 < 2 × 16), so looking up each chunk and its 16 one-bit
neighbours misses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

BITS: Final = 256
CHUNKS: Final = 16
SIDE: Final = 16
MULTI_INDEX_RADIUS: Final = 31
"""Largest distance at which the multi-index hash is exact."""


def words_of(hashes: Sequence[bytes]) -> Words:
    """32-byte hashes as an array of shape (n, 4).

    Raises:
        ValueError: a hash does not have 32 bytes.
    """
    if any(len(one) != BITS // 8 for one in hashes):
        raise ValueError("a hash has 32 bytes")
    return np.frombuffer(b"".join(hashes), dtype=np.uint64).reshape(-1, 4)


def words_of_column(column: pa.ChunkedArray) -> Words:
    """The same from an Arrow column of fixed 32-byte values without nulls."""
    return words_of(column.to_pylist())


def distances(words: Words, queries: Words) -> npt.NDArray[np.uint16]:
    """Bits in which each hash differs from the nearest of the queries.

    Args:
        words: (n, 4).
        queries: (q, 4), q at least 1; the variants of one picture.
    """
    nearest = np.full(len(words), BITS, dtype=np.uint16)
    for query in queries:
        apart = np.bitwise_count(words[:, 0] ^ query[0]).astype(np.uint16)
        for place in (1, 2, 3):
            apart += np.bitwise_count(words[:, place] ^ query[place])
        np.minimum(nearest, apart, out=nearest)
    return nearest


def turned(words: Words) -> Words:
    """The hashes of the same pictures turned and mirrored, from the hashes alone: shape (n, 8, 4).

    In the order of `pdq.VARIANTS`. Transposing moves bits and is exact; mirroring changes the sign of
    every other frequency and so flips its bit, exact but for frequencies close to the median.
    """
    grid = np.unpackbits(words.view(np.uint8), axis=1)[:, ::-1].reshape(-1, SIDE, SIDE)
    even = (np.arange(SIDE) % 2 == 0).astype(np.uint8)
    flip_x, flip_y = grid ^ even[:, None], grid ^ even
    both = flip_x ^ even
    ways = [grid, _across(flip_y), both, _across(flip_x), flip_x, flip_y, _across(grid), _across(both)]
    flat = np.stack(ways, axis=1).reshape(len(words), 8, BITS)[:, :, ::-1]
    return np.packbits(flat, axis=2).view(np.uint64).reshape(len(words), 8, 4)


def _across(grid: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return grid.transpose(0, 2, 1)


@dataclass(frozen=True, slots=True)
class MultiIndex:
    """Hashes filed by each of their 16 chunks: `starts[c, v]` is where value v of chunk c begins in `rows[c]`."""

    words: Words
    starts: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]

    @staticmethod
    def build(words: Words) -> MultiIndex:
        """File n hashes; 64 bytes each and 4 MB for the index itself."""
        chunks = np.ascontiguousarray(words).view(np.uint16).reshape(-1, CHUNKS)
        starts = np.zeros((CHUNKS, 2**16 + 1), dtype=np.int32)
        rows = np.zeros((CHUNKS, len(words)), dtype=np.int32)
        for place in range(CHUNKS):
            rows[place] = np.argsort(chunks[:, place], kind="stable")
            starts[place, 1:] = np.cumsum(np.bincount(chunks[:, place], minlength=2**16))
        return MultiIndex(np.ascontiguousarray(words), starts, rows)

    def within(self, queries: Words, radius: int = MULTI_INDEX_RADIUS) -> tuple[Ints, Ints, Ints]:
        """All hashes within a radius of each query.

        Args:
            queries: (q, 4).
            radius: at most 31.
        Returns:
            (query number, row, distance), by query and row.
        Raises:
            ValueError: the radius is above 31, where the index would miss some.
        """
        if not 0 <= radius <= MULTI_INDEX_RADIUS:
            raise ValueError(f"the multi-index hash is exact up to {MULTI_INDEX_RADIUS} bits")
        if not len(self.words) or not len(queries):
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, empty
        found: Any = _within(self.words, self.starts, self.rows, np.ascontiguousarray(queries), radius)
        query, row, apart = found
        order = np.lexsort((row, query))
        return query[order], row[order], apart[order]


@numba.njit(cache=True)
def _within(words, starts, rows, queries, radius):  # type: ignore[no-untyped-def]  # compiled: types come from the call
    out = np.empty((3, 1024), dtype=np.int64)
    found = 0
    last = np.full(len(words), -1, dtype=np.int64)
    for q in range(len(queries)):
        for chunk in range(16):
            value = (queries[q, chunk >> 2] >> np.uint64(16 * (chunk & 3))) & np.uint64(0xFFFF)
            for near in range(17):
                probe = value if near == 16 else value ^ (np.uint64(1) << np.uint64(near))
                for place in range(starts[chunk, probe], starts[chunk, probe + np.uint64(1)]):
                    row = rows[chunk, place]
                    if last[row] == q:
                        continue
                    last[row] = q
                    apart = 0
                    for word in range(4):
                        apart += _ones(words[row, word] ^ queries[q, word])
                    if apart <= radius:
                        if found == out.shape[1]:
                            wider = np.empty((3, 2 * found), dtype=np.int64)
                            wider[:, :found] = out
                            out = wider
                        out[0, found] = q
                        out[1, found] = row
                        out[2, found] = apart
                        found += 1
    return out[:, :found]


@numba.njit(cache=True, inline="always")
def _ones(x):  # type: ignore[no-untyped-def]  # compiled
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)
