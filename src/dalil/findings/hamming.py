"""Nearest 256-bit hashes: a flat scan for one query, a multi-index hash for many.

Hashes are rows of four unsigned 64-bit words. With 16 chunks of 16 bits, two hashes within 31 bits
agree in some chunk but for one bit (31 < 2 × 16), so looking up each chunk and its 16 one-bit
neighbours misses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

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
FLAT: Final = 1 << 25
"""Comparisons up to which the flat scan is cheaper than loading the compiled look-up: about 2,000 pictures."""
_BLOCK: Final = 1 << 20


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


def within(words: Words, queries: Words, radius: int = MULTI_INDEX_RADIUS) -> tuple[Ints, Ints, Ints]:
    """All hashes within a radius of each query, by the way that is cheaper for so many; see `MultiIndex.within`."""
    if not 0 <= radius <= MULTI_INDEX_RADIUS:
        raise ValueError(f"the multi-index hash is exact up to {MULTI_INDEX_RADIUS} bits")
    if len(words) * len(queries) > FLAT:
        return MultiIndex.build(words).within(queries, radius)
    return within_flat(words, queries, radius)


def within_flat(words: Words, queries: Words, radius: int) -> tuple[Ints, Ints, Ints]:
    """The same by comparing all with all, for any radius."""
    found = [np.zeros((3, 0), dtype=np.int64)]
    step = max(1, _BLOCK // max(len(words), 1))
    for start in range(0, len(queries), step):
        some = queries[start : start + step]
        apart = np.zeros((len(some), len(words)), dtype=np.uint16)
        for place in range(4):
            apart += np.bitwise_count(some[:, place, None] ^ words[:, place])
        query, row = np.nonzero(apart <= radius)
        found.append(np.stack([query + start, row, apart[query, row].astype(np.int64)]))
    query, row, apart = np.concatenate(found, axis=1)
    return query, row, apart


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
        from dalil.findings.hamming_compiled import within as look_up

        found: Any = look_up(self.words, self.starts, self.rows, np.ascontiguousarray(queries), radius)
        query, row, apart = found
        order = np.lexsort((row, query))
        return query[order], row[order], apart[order]
