"""Texts in two plain arrays, bytes and offsets: no object for each text, and ready to be kept on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Packed:
    """n texts: text i is `data[offsets[i]:offsets[i + 1]]` as UTF-8. A null is the empty text."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    @staticmethod
    def of(column: pa.ChunkedArray | pa.Array) -> Packed:
        """Pack an Arrow column of texts."""
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        texts = pc.fill_null(pc.cast(whole, pa.large_string()), "")
        # A sliced or empty array need not begin at 0, nor have any data at all.
        texts = pa.concat_arrays([texts, pa.array([""], pa.large_string())])[: len(texts)]
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, dtype=np.int64)[: len(texts) + 1]
        return Packed(np.frombuffer(data or b"", dtype=np.uint8)[: int(ends[-1])], ends)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, place: int) -> str:
        return self.data[self.offsets[place] : self.offsets[place + 1]].tobytes().decode("utf-8")

    def arrays(self, name: str) -> Arrays:
        """Both arrays under names of their own."""
        return {f"{name}.data": self.data, f"{name}.offsets": self.offsets}

    @staticmethod
    def from_arrays(name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Packed:
        """The reverse of `arrays`."""
        return Packed(arrays[f"{name}.data"], arrays[f"{name}.offsets"])
