"""A CSV file whose first record names its columns, as rows of known columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import UNSET, UnsetType

from dalil.errors import InputError
from dalil.schema.records import Reject
from dalil.sources.csv_records import rows
from dalil.sources.importer import Ignored, ReadContext
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import BOM, SourceFile, head_of

_LONGEST_HEADER: Final = 16 << 10


class Named(NamedTuple):
    """One row: where it stands, its cells by column, and the hash of its first line."""

    where: str
    cells: dict[str, str]
    sha256: str


def header_of(head: bytes) -> list[str]:
    """The cells of the first record, from the first bytes of a file; empty where it is no CSV."""
    line = head.removeprefix(BOM)[:_LONGEST_HEADER].partition(b"\n")[0]
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8").strip("\r"), newline="")), [])
    except (csv.Error, UnicodeDecodeError):
        return []


def named_rows(source: SourceFile, context: ReadContext, known: Sequence[str]) -> Iterator[Named | Reject | Ignored]:
    """The rows with their known columns; columns that are not known are counted once and never read.

    Of two columns with one name the first counts.

    Raises:
        InputError: `format-unknown`; no column is known.
    """
    names = header_of(head_of(source.path))
    places = {name: names.index(name) for name in known if name in names}
    if not places:
        raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head_of(source.path)))
    if len(names) > len(places):
        yield Ignored("column", len(names) - len(places))
    with source.open() as stream:
        records = rows(stream, limit=context.limits.line_bytes, width=len(names))
        next(records, None)
        for row in records:
            context.done_bytes = row.end
            where = f"{source.label}line {row.line}"
            if row.problem:
                yield Reject(where, row.problem, row.sha256)
            elif len(row.cells) != len(names):
                yield Reject(where, "columns-differ", row.sha256)
            else:
                yield Named(where, {name: row.cells[at] for name, at in places.items()}, row.sha256)


def filled(row: Mapping[str, str], name: str, *, nothing: Collection[str] = ()) -> str | UnsetType:
    """A cell that says something; the words of `nothing`, in any case, say that there is nothing."""
    cell = row.get(name, "").strip()
    return UNSET if not cell or cell.lower() in nothing else cell


def count(row: Mapping[str, str], name: str, *, nothing: Collection[str] = ()) -> str | UnsetType | None:
    """The cell of a count: a column that is missing tells nothing, an empty cell is null (law 5)."""
    return UNSET if name not in row else filled(row, name, nothing=nothing) or None
