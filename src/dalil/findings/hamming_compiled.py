"""The look-up of `hamming.MultiIndex`, compiled when it is first called.

Apart from the rest, since loading the compiler takes longer than most archives' whole comparison.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def within(words, starts, rows, queries, radius):  # type: ignore[no-untyped-def]  # compiled: types come from the call
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
                        apart += ones(words[row, word] ^ queries[q, word])
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
def ones(x):  # type: ignore[no-untyped-def]  # compiled
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)
