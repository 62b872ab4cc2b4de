"""The importer of CrowdTangle CSV: Facebook pages and groups, Instagram accounts."""

from __future__ import annotations

import csv
import io
import re
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from typing import Final

from dalil.errors import InputError
from dalil.plugins import Manifest, Parameter
from dalil.schema.records import ReadWarning, Reject
from dalil.sources.csv_records import Row, rows
from dalil.sources.formats.crowdtangle_csv import rereads
from dalil.sources.formats.crowdtangle_csv.columns import SUMS, Layout, layout_of, restored
from dalil.sources.formats.crowdtangle_csv.rows import account_record, owner_of, post_record
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.locale_numbers import Locale
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import BOM, SourceFile, head_of
from dalil.sources.rereading import Held, Reread
from dalil.sources.times import zone_option

LOOKED_AT: Final = 2_000
_REMEMBERED: Final = 20_000
_ADDRESS: Final = re.compile(rb"(?:facebook|instagram)\.com/")


class CrowdTangleCsv:
    """Exports of CrowdTangle, which closed in August 2024."""

    manifest = Manifest(
        name="crowdtangle-csv",
        version="3",
        title="CrowdTangle CSV (Facebook, Instagram)",
        proof="three files recorded by others, in tests/golden/sources/crowdtangle_csv (architmeta, CC0)",
        notes="Pages, groups and Instagram accounts are public; the unnamed members who post in a group are not.",
        parameters=(Parameter("zone", "", "IANA zone of dates whose abbreviation is missing or names several zones."),),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the column names; of a file without a header, by its known order of columns."""
        first = _first_record(head)
        layout = layout_of(first) if first else None
        if layout is None:
            return 0.0
        return 0.9 if layout.has_header and (len(first) > 3 or _ADDRESS.search(head)) else 0.7

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each row's page, where it is not as lately, and its post; the locale is decided from the first rows."""
        first = _first_record(head_of(source.path))
        layout = layout_of(first) if first else None
        if layout is None:
            raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head_of(source.path)))
        limit = context.limits.line_bytes
        with source.open() as stream:
            some = islice(rows(stream, limit=limit, width=len(layout.names)), 1, LOOKED_AT)
            locale = SUMS.decide(_named(row.cells, layout) for row in some if not row.problem)
        with source.open() as stream:
            records = rows(stream, limit=limit, width=len(layout.names))
            yield from _Reader(source, context, layout, locale).items(records)


class _Reader:
    def __init__(self, source: SourceFile, context: ReadContext, layout: Layout, locale: Locale) -> None:
        self._label = source.label
        self._context = context
        self._layout = layout
        self._locale = locale
        self._zone = zone_option(context.options.get("zone"))
        self._lately: OrderedDict[str, bytes] = OrderedDict()

    def items(self, records: Iterator[Row]) -> Iterator[Item]:
        if self._layout.has_header:
            next(records, None)
            if self._layout.unknown:
                yield Ignored("column", self._layout.unknown)
        mangled = self._layout.mangled
        for row in records:
            self._context.done_bytes = row.end
            where = f"{self._label}line {row.line}"
            if row.problem:
                yield Reject(where, row.problem, row.sha256)
            elif len(row.cells) != len(self._layout.names):
                yield Reject(where, "columns-differ", row.sha256)
            else:
                cells = (restored(row.cells) or row.cells) if mangled else row.cells
                doubts = [ReadWarning("header-was-data", "")] if mangled else []
                yield from self._row(_named(cells, self._layout), where, row.sha256, doubts)
            mangled = False

    def _row(self, row: dict[str, str], where: str, sha256: str, warnings: list[ReadWarning]) -> Iterator[Item]:
        owner = owner_of(row, warnings, self._context.privacy, is_group=self._layout.is_group)
        if owner is None:
            yield Reject(where, "row-without-id", sha256)
            return
        account = account_record(row, owner, self._context.privacy)
        if self._lately.get(account.uid) != account.raw:
            self._lately[account.uid] = account.raw
            if len(self._lately) > _REMEMBERED:
                self._lately.popitem(last=False)
            yield account
        yield post_record(row, owner, self._context.privacy, self._locale, self._zone, warnings)


def _named(cells: list[str], layout: Layout) -> dict[str, str]:
    """Cells by our names; of two columns with one name the first that is filled."""
    found: dict[str, str] = {}
    for name, cell in zip(layout.names, cells, strict=False):
        if name and not found.get(name, "").strip():
            found[name] = cell
    return found


def _first_record(head: bytes) -> list[str]:
    """The cells of the first record, from the first bytes of the file."""
    try:
        text = head.removeprefix(BOM).decode("utf-8", "ignore")
        return next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return []
