"""The importer of X's releases of information operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.csv_table import Named, header_of, named_rows
from dalil.sources.formats.x_io_csv.rows import COLUMNS, created_again, given
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.reading import SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.x_status.reading import Statuses
from dalil.sources.x_status.rereads import Rereading

_VERSION: Final = "io"
_AGAIN: Final = Rereading(_VERSION, created=created_again)


class XIoCsv:
    """Posts of accounts that X took down and published."""

    manifest = Manifest(
        name="x-io-csv",
        version="2",
        title="X Information Operations (CSV)",
        proof="unproven on a real file",
        notes="Accounts that X itself hashed are hashed again under the workspace's key, like all that are not in the "
        "public list. Coordinates are not read. Times are UTC where the post's id confirms it.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the 31 columns; of most of them where a release left some out."""
        found = set(header_of(head))
        if {"tweetid", "userid", "tweet_text"} <= found:
            return 0.95 if found.issuperset(COLUMNS) else 0.8 if len(found.intersection(COLUMNS)) >= 12 else 0.0
        return 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each row's post, and its account where it is not as lately."""
        statuses = Statuses(context.privacy, _VERSION)
        for row in named_rows(source, context, COLUMNS):
            if not isinstance(row, Named):
                yield row
                continue
            found = given(row.cells, row.where)
            if found is None:
                yield Reject(row.where, "row-without-id", row.sha256)
            else:
                yield from statuses.items(found)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return _AGAIN.read(raw, held, again)
