"""Documents of gazouilloire's index, one a line, as rows of its CSV."""

from __future__ import annotations

from typing import Final

import msgspec

from dalil.sources.formats.gazouilloire_csv.rows import POSTS

Scalar = str | int | float | bool | None


class Document(msgspec.Struct):
    """One hit: the post's id, and its fields under the names of the CSV."""

    id: str = msgspec.field(name="_id")
    source: dict[str, msgspec.Raw] = msgspec.field(name="_source")


DOCUMENT: Final = msgspec.json.Decoder(Document)
_VALUE: Final = msgspec.json.Decoder(Scalar | list[Scalar])
_READ: Final = frozenset(POSTS)


def row_of(document: Document) -> dict[str, str]:
    """The known fields as cells; one that is absent stays absent, null is an empty cell.

    Raises:
        msgspec.DecodeError: a known field is neither plain nor a list of plain values.
    """
    row = {"id": document.id}
    for name, raw in document.source.items():
        if name in _READ and name != "id":
            value = _VALUE.decode(raw)
            row[name] = "|".join(map(_cell, value)) if isinstance(value, list) else _cell(value)
    return row


def _cell(value: Scalar) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
