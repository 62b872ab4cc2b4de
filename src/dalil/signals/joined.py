"""Many texts as one array of code points, so that one step of NumPy does a step for all of them.

Each text is followed by a terminator, U+000A; whoever works on the array sees to it that no text holds
one of its own by the time that matters. `ends[i]` is the place of the i-th terminator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

END: Final = 0x0A
SPACE: Final = 0x20
_AT_ONCE: Final = 1 << 18
"""Code points in one array: it and what is made of it stay in the processor's cache."""
_AT: Final = 0x40
_SLASH: Final = 0x2F
_STOP: Final = 0x2E
_W: Final = 0x77

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Strings(NamedTuple):
    """n texts as UTF-8, one after the other: text i is `data[offsets[i] : offsets[i + 1]]`."""

    data: bytes
    offsets: NDArray[np.int32]

    def texts(self) -> list[str]:
        """The texts themselves."""
        bounds = self.offsets.tolist()
        return [self.data[start:end].decode() for start, end in pairwise(bounds)]


class Joined(NamedTuple):
    """Some texts, joined."""

    codes: Codes
    ends: Places

    def some(self, rows: Sequence[int]) -> list[str]:
        """The texts of some rows."""
        whole, bounds = self._whole(), self._bounds(rows)
        return [whole[start:end] for start, end in bounds]

    def changed(self, rows: Sequence[int], change: Callable[[str], str]) -> Joined:
        """The same, some texts (rows in rising order) replaced by what `change` makes of them, of the same length."""
        if not rows:
            return self
        whole, at = self._whole(), 0
        parts: list[str] = []
        for start, end in self._bounds(rows):
            parts += (whole[at:start], change(whole[start:end]))
            at = end
        return Joined(_codes("".join((*parts, whole[at:]))), self.ends)

    def _whole(self) -> str:
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    def _bounds(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Start and end of some rows."""
        ends = self.ends[rows]
        starts = np.where(np.asarray(rows) == 0, 0, self.ends[np.asarray(rows, dtype=np.int64) - 1] + 1)
        return list(zip(starts.tolist(), ends.tolist(), strict=True))

    def rows_of(self, places: Places) -> list[int]:
        """The rows that hold the given places of `codes`, each once."""
        return np.unique(self.ends.searchsorted(places)).tolist() if len(places) else []

    def without(self, dropped: Mask) -> Joined:
        """All but the dropped places, none of which is a terminator."""
        gone = np.flatnonzero(dropped)
        if len(gone) == 0:
            return self
        return Joined(self.codes[~dropped], self.ends - gone.searchsorted(self.ends))

    def squeezed(self) -> Joined:
        """Spaces to one, and none at either end, as `" ".join(text.split())` does; nothing else may be white space."""
        blank = self.codes == SPACE
        gap = blank.copy()
        gap[self.ends] = True
        dropped = blank & np.concatenate(([True], gap[:-1]))
        kept = np.flatnonzero(~dropped)
        last = kept[kept.searchsorted(self.ends) - 1]
        dropped[last[blank[last]]] = True
        return self.without(dropped)

    def cut(self, length: int) -> Joined:
        """No more than the first `length` characters of each."""
        sizes = np.diff(self.ends, prepend=-1)
        if sizes.max(initial=0) <= length + 1:
            return self
        place = np.arange(len(self.codes)) - np.repeat(self.ends - sizes + 1, sizes)
        return self.without((place >= length) & (place != np.repeat(sizes - 1, sizes)))

    def strings(self) -> Strings:
        """As UTF-8; no text may hold a terminator or a lone surrogate."""
        data = np.frombuffer(self.codes.tobytes().decode("utf-32-le").encode(), dtype=np.uint8)
        places = np.flatnonzero(data == END)
        offsets = np.zeros(len(places) + 1, dtype=np.int32)
        offsets[1:] = places - np.arange(len(places))
        return Strings(data[data != END].tobytes(), offsets)


def join(texts: Sequence[str]) -> Joined:
    """Join texts."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return Joined(_codes("\n".join((*texts, ""))), (lengths + 1).cumsum() - 1)


def groups(texts: Sequence[str]) -> Iterator[slice]:
    """Cut texts into groups whose arrays are of a good size; a text that is longer makes its own."""
    start, size = 0, 0
    for at, text in enumerate(texts):
        size += len(text) + 1
        if size > _AT_ONCE and at > start:
            yield slice(start, at)
            start, size = at, len(text) + 1
    if start < len(texts):
        yield slice(start, len(texts))


def erased(texts: Joined, erase: Callable[[str], str]) -> Joined:
    """Without addresses and mentions, which those texts (lower case) may hold that have an @, a / or `www.`."""
    codes = texts.codes
    stops = np.flatnonzero(codes == _STOP)
    stops = stops[stops >= 3]
    www = stops[(codes[stops - 1] == _W) & (codes[stops - 2] == _W) & (codes[stops - 3] == _W)]
    return texts.changed(
        texts.rows_of(np.concatenate((np.flatnonzero((codes == _AT) | (codes == _SLASH)), www))), erase
    )


def concatenated(parts: Sequence[Strings]) -> Strings:
    """One after the other."""
    shifts = np.cumsum([0, *(len(part.data) for part in parts)])
    offsets = [part.offsets[1:] + shift for part, shift in zip(parts, shifts, strict=False)]
    return Strings(b"".join(part.data for part in parts), np.concatenate([[0], *offsets]).astype(np.int32))


def _codes(text: str) -> Codes:
    return np.frombuffer(bytearray(text.encode("utf-32-le", "surrogatepass")), dtype="<u4")
