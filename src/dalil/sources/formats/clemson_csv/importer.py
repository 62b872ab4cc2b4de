"""The importer of the troll posts published by FiveThirtyEight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dalil.plugins import Manifest, Parameter
from dalil.schema.records import Reject
from dalil.sources.csv_table import Named, header_of, named_rows
from dalil.sources.formats.clemson_csv.rows import COLUMNS, created_again, given
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.reading import SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.times import zone_option
from dalil.sources.x_status.reading import Statuses
from dalil.sources.x_status.rereads import Rereading

_VERSION: Final = "538"
_AGAIN: Final = Rereading(_VERSION, created=created_again)


class ClemsonCsv:
    """Posts of accounts that the Internet Research Agency ran."""

    manifest = Manifest(
        name="clemson-csv",
        version="2",
        title="Clemson / FiveThirtyEight troll posts (CSV)",
        proof="unproven on a real file",
        notes="Ids that a spreadsheet rounded are flagged; the true one is taken where the same row has it. The "
        "collectors' opinions of accounts are not read.",
        rereads=True,
        parameters=(Parameter("zone", "", "IANA zone of the dates, which name none."),),
    )

    def detect(self, head: bytes) -> float:
        """Sure of its own column names."""
        found = set(header_of(head))
        if not {"author", "content", "publish_date"} <= found:
            return 0.0
        return 0.95 if {"external_author_id", "account_category", "harvested_date"} & found else 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each row's post, and its account where it is not as lately."""
        zone = zone_option(context.options.get("zone"))
        statuses = Statuses(context.privacy, _VERSION)
        for row in named_rows(source, context, COLUMNS):
            if not isinstance(row, Named):
                yield row
                continue
            found = given(row.cells, row.where, zone)
            if found is None:
                yield Reject(row.where, "row-without-id", row.sha256)
            else:
                yield from statuses.items(found)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return _AGAIN.read(raw, held, again)
