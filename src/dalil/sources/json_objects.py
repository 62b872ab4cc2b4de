"""Very large JSON objects, one long array among few fields, read in two passes that each hold one value.

For files in which what is known of the whole (an id, an owner) may stand after the array whose
elements need it. The stream must be seekable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dalil.sources.json_stream import Captured, JsonReader


class LongObject:
    """One object after the other at the top of a stream, told from values of other kinds by `peek`.

    Args:
        wanted: the fields that `fields` gives.
        long: the fields whose elements `elements` gives.
    """

    def __init__(
        self, first: BinaryIO, second: BinaryIO, *, wanted: frozenset[str], long: frozenset[str], limit: int
    ) -> None:
        self._fields = JsonReader(first, limit=limit)
        self._elements = JsonReader(second, limit=limit)
        self._wanted = wanted
        self._long = long

    @property
    def offset(self) -> int:
        """Bytes of the second pass, which is the one that yields."""
        return self._elements.offset

    @property
    def cut(self) -> str:
        """The same of the first pass alone: after `fields`, whether some of them may be missing."""
        return self._fields.broken

    @property
    def broken(self) -> str:
        """`json-truncated` or `json-broken` once an object did not end as it should."""
        return self._fields.broken or self._elements.broken

    def peek(self) -> bytes:
        """The byte that the next top-level value begins with; empty at the end."""
        while (found := self._fields.peek()) and found in b"}],:":
            self._fields.take()
        while (again := self._elements.peek()) and again in b"}],:":
            self._elements.take()
        return found

    def pass_over(self) -> None:
        """Leave out the next value."""
        self._fields.skip()
        self._elements.skip()

    def fields(self) -> dict[str, Captured]:
        """Enter the next object: its wanted fields, the first of each name; call `elements` next."""
        found: dict[str, Captured] = {}
        for name in self._fields.fields():
            if name in self._wanted and name not in found:
                found[name] = self._fields.value()
            else:
                self._fields.skip()
        return found

    def elements(self) -> Iterator[tuple[str, int, Captured]]:
        """(field, index, value) of every element of the long fields of the object last entered."""
        for name in self._elements.fields():
            if name in self._long and self._elements.peek() == b"[":
                for at in self._elements.elements():
                    yield name, at, self._elements.value()
            else:
                self._elements.skip()
