"""The importer of Meta Content Library CSV."""

from __future__ import annotations

import csv
import io
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from typing import Final

from dalil.errors import InputError
from dalil.plugins import Manifest, Parameter
from dalil.schema.records import ReadWarning, Reject
from dalil.sources.csv_records import Row, rows
from dalil.sources.formats.meta_content_library_csv import rereads
from dalil.sources.formats.meta_content_library_csv.columns import SUMS, Layout, layout_of
from dalil.sources.formats.meta_content_library_csv.owners import Party, account_record, party
from dalil.sources.formats.meta_content_library_csv.rows import Reading, post_record
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import BOM, SourceFile, head_of
from dalil.sources.rereading import Held, Reread
from dalil.sources.times import zone_option

PLATFORMS: Final = ("facebook", "instagram", "threads")
_LOOKED_AT: Final = 2_000
_REMEMBERED: Final = 20_000


class MetaContentLibraryCsv:
    """What researchers take out of Meta's library, which came after CrowdTangle."""

    manifest = Manifest(
        name="meta-content-library-csv",
        version="1",
        title="Meta Content Library CSV (Facebook, Instagram, Threads)",
        proof="unproven on a real file",
        notes="Ids are the library's own. Pages are public; profiles, accounts and who posts in a group are not, "
        "unless they are in the public list.",
        parameters=(
            Parameter("platform", "", "facebook, instagram or threads, where the columns do not tell it rightly."),
            Parameter("zone", "", "IANA zone of times without one."),
        ),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the names of the columns."""
        return 0.95 if layout_of(_header(head)) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each row's page or group, where it is not as lately, and its post."""
        layout = layout_of(_header(head_of(source.path)))
        if layout is None:
            raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head_of(source.path)))
        platform = context.options.get("platform") or layout.platform
        if platform not in PLATFORMS:
            raise InputError("value-wrong", name="platform", value=platform[:60], kind=" | ".join(PLATFORMS))
        limit, width = context.limits.line_bytes, len(layout.names)
        zone = zone_option(context.options.get("zone"))
        with source.open() as stream:
            some = islice(rows(stream, limit=limit, width=width), 1, _LOOKED_AT)
            locale = SUMS.decide(_named(row, layout) for row in some if not row.problem)
        with source.open() as stream:
            reading = Reading(platform, locale, zone, context.privacy)
            yield from _Reader(source, context, layout, reading).items(rows(stream, limit=limit, width=width))


class _Reader:
    def __init__(self, source: SourceFile, context: ReadContext, layout: Layout, reading: Reading) -> None:
        self._label = source.label
        self._context = context
        self._layout = layout
        self._reading = reading
        self._lately: OrderedDict[str, bytes] = OrderedDict()

    def items(self, records: Iterator[Row]) -> Iterator[Item]:
        next(records, None)
        dropped = sum(not name for name in self._layout.names)
        if dropped:
            yield Ignored("column", dropped)
        for row in records:
            self._context.done_bytes = row.end
            where = f"{self._label}line {row.line}"
            if row.problem:
                yield Reject(where, row.problem, row.sha256)
            elif len(row.cells) != len(self._layout.names):
                yield Reject(where, "columns-differ", row.sha256)
            else:
                yield from self._row(_named(row, self._layout), where, row.sha256)

    def _row(self, row: dict[str, str], where: str, sha256: str) -> Iterator[Item]:
        reading = self._reading
        warnings: list[ReadWarning] = []
        owner, surface = (
            party(row, prefix, reading.platform, reading.privacy, warnings) for prefix in ("post_owner", "surface")
        )
        record = post_record(row, owner, surface, reading, warnings)
        if record is None:
            yield Reject(where, "row-without-id", sha256)
            return
        for found in (owner, surface):
            yield from self._account(found)
        yield record

    def _account(self, found: Party | None) -> Iterator[Item]:
        if found is None or not found.who.public:
            return
        record = account_record(found, self._reading.platform, self._reading.privacy)
        if self._lately.get(record.uid) != record.raw:
            self._lately[record.uid] = record.raw
            if len(self._lately) > _REMEMBERED:
                self._lately.popitem(last=False)
            yield record


def _named(row: Row, layout: Layout) -> dict[str, str]:
    """Cells by our names; of two columns with one name the first that is filled."""
    found: dict[str, str] = {}
    for name, cell in zip(layout.names, row.cells, strict=False):
        if name and not found.get(name, "").strip():
            found[name] = cell
    return found


def _header(head: bytes) -> list[str]:
    """The cells of the first record, from the first bytes of the file."""
    try:
        return next(csv.reader(io.StringIO(head.removeprefix(BOM).decode("utf-8", "ignore"), newline="")), [])
    except csv.Error:
        return []
