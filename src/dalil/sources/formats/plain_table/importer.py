"""The importer of plain tables: our own template by its header, any other by a column mapping."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from dalil.errors import InputError
from dalil.plugins import Manifest, Parameter
from dalil.schema.mappings import OPTION, REPEATABLE, TableField, TableMapping, TimeOrder, from_text
from dalil.schema.records import Reject
from dalil.sources import csv_records
from dalil.sources.formats.plain_table import rereads, template
from dalil.sources.formats.plain_table.facts import Reading, Row
from dalil.sources.formats.plain_table.rows import record_of
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import SourceFile, head_of
from dalil.sources.rereading import Held, Reread
from dalil.sources.table_text import Shape, first_records, opened, shape_of
from dalil.sources.times import zone_option
from dalil.sources.written_times import order_in

VERSION_OPTION: Final = "mapping_version"
_LOOKED_AT: Final = 2_000
_TIMES: Final = (TableField.POSTED_AT, TableField.SEEN_AT)


class Layout(NamedTuple):
    """How one file is read: its shape, the field of each column (None for one that is dropped), the mapping."""

    shape: Shape
    fields: tuple[TableField | None, ...]
    mapping: TableMapping


class _Read(NamedTuple):
    """One row, and what a reject of it would say."""

    where: str
    row: Row
    sha256: str


class PlainTable:
    """CSV and TSV with one post a row."""

    manifest = Manifest(
        name="plain-table",
        version="1",
        title="Plain table (CSV, TSV): our template, or any table with a column mapping",
        proof="our own template; any other table by a mapping that a person made and looked at",
        notes="An account is private unless its kind says page, channel or outlet, or the workspace knows it. "
        "Columns that the mapping does not name are dropped.",
        parameters=(
            Parameter(OPTION, "", "The column mapping, as JSON; see dalil mapping."),
            Parameter("zone", "", "IANA zone of times that carry none, where neither mapping nor template names one."),
        ),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of our own template; of any other table only that it is one, which is too little without a mapping."""
        shape = shape_of(head)
        if shape is None:
            return 0.0
        records = first_records(head, shape, most=1)
        return 0.95 if records and template.mapping_of(records[0]) else 0.2

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """One record a row; the order of day and month is decided from the first rows."""
        head = head_of(source.path)
        layout = layout_of(head, source, context)
        order = layout.mapping.times
        if order is TimeOrder.AUTO:
            some = islice(self._rows(source, context, layout), _LOOKED_AT)
            rows = (item.row for item in some if not isinstance(item, Reject))
            order = order_in(row[name] for row in rows for name in _TIMES if name in row)
        version = f"{layout.mapping.name} {context.options.get(VERSION_OPTION, '')}".strip()
        zone = zone_option(layout.mapping.zone or context.options.get("zone"))
        reading = Reading(layout.mapping, order, zone, version)
        dropped = sum(field is None for field in layout.fields)
        if dropped:
            yield Ignored("column", dropped)
        for item in self._rows(source, context, layout, progress=True):
            if isinstance(item, Reject):
                yield item
            elif not any(cell.strip() for cell in item.row.values()):
                yield Ignored("empty-row")
            else:
                found = record_of(item.row, reading, source.root, context)
                yield Reject(item.where, found, item.sha256) if isinstance(found, str) else found

    def _rows(
        self, source: SourceFile, context: ReadContext, layout: Layout, *, progress: bool = False
    ) -> Iterator[_Read | Reject]:
        """Each record after the header."""
        with source.open() as stream:
            text = opened(stream, layout.shape.encoding)
            records = csv_records.rows(
                text, limit=context.limits.line_bytes, width=len(layout.fields), delimiter=layout.shape.delimiter
            )
            in_header = layout.mapping.header
            for record in records:
                if progress:
                    context.done_bytes = stream.tell()
                if in_header:
                    in_header = not record.problem and _is_before_header(record.cells)
                    continue
                where = f"{source.label}line {record.line}"
                cells = _fitted(record.cells, len(layout.fields))
                if record.problem or cells is None:
                    yield Reject(where, record.problem or "columns-differ", record.sha256)
                else:
                    yield _Read(where, _named(cells, layout.fields), record.sha256)


def layout_of(head: bytes, source: SourceFile, context: ReadContext) -> Layout:
    """How to read a file: by the mapping that was given, else as our template.

    Raises:
        InputError: `mapping-…`, the mapping is wrong; `mapping-does-not-fit`, the file has none of its
            columns; `table-unmapped`, there is no mapping; `format-unknown`, it is no table.
    """
    given = context.options.get(OPTION)
    mapping = from_text(given) if given else None
    shape = shape_of(head, encoding=mapping.encoding if mapping else "", delimiter=mapping.delimiter if mapping else "")
    records = first_records(head, shape, most=1) if shape else []
    if shape is None or not records:
        raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head))
    first = records[0]
    mapping = mapping or template.mapping_of(first)
    if mapping is None:
        raise InputError("table-unmapped", name=shown(source.path.name))
    fields = fields_of(first, mapping)
    if not any(fields):
        raise InputError("mapping-does-not-fit", name=shown(source.path.name), mapping=mapping.name)
    return Layout(shape, fields, mapping)


def fields_of(first: list[str], mapping: TableMapping) -> tuple[TableField | None, ...]:
    """The field of each column of a table whose first record is `first`. Two columns with one header are both it."""
    by_name = {name.strip(): field for name, field in mapping.columns.items()}
    names = [cell.strip() for cell in first] if mapping.header else [f"#{n}" for n in range(1, len(first) + 1)]
    return tuple(by_name.get(name) or by_name.get(f"#{n}") for n, name in enumerate(names, 1))


def _is_before_header(cells: list[str]) -> bool:
    """Whether a record stands before the header: a line of empty cells, or Excel's own that names the delimiter."""
    return not any(cell.strip() for cell in cells) or cells[0].startswith("sep=")


def _fitted(cells: list[str], width: int) -> list[str] | None:
    """Cells filled up or cut to the table's width; None where that would lose something, or most are missing."""
    if any(cell.strip() for cell in cells[width:]) or 2 * len(cells) <= width:
        return None
    return [*cells[:width], *[""] * (width - len(cells))]


def _named(cells: list[str], fields: tuple[TableField | None, ...]) -> Row:
    found: dict[TableField, str] = {}
    for name, cell in zip(fields, cells, strict=True):
        if name is None:
            continue
        before = found.get(name, "")
        if before.strip() and cell.strip():
            found[name] = f"{before}\n{cell}" if name in REPEATABLE else before
        else:
            found[name] = before if before.strip() else cell
    return found
