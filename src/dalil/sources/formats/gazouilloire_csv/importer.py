"""The importer of what gazouilloire and minet export of X."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.csv_table import Named, header_of, named_rows
from dalil.sources.decoding import UNREADABLE, reject_of
from dalil.sources.formats.gazouilloire_csv.documents import DOCUMENT, row_of
from dalil.sources.formats.gazouilloire_csv.rows import POSTS, USERS, created_again, given, user_of
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile, head_of
from dalil.sources.rereading import Held, Reread
from dalil.sources.x_status.reading import Statuses
from dalil.sources.x_status.rereads import Rereading

_VERSION: Final = "twitwi"
_AGAIN: Final = Rereading(_VERSION, created=created_again)
_DOCUMENT: Final = re.compile(rb'\s*\{\s*"_index"\s*:|\s*\{.{0,400}?"_source"\s*:\s*\{', re.DOTALL)
_OWN: Final = re.compile(rb'"(?:collected_via|match_query|user_screen_name)"\s*:')


class GazouilloireCsv:
    """Posts and users of X as gazouilloire and minet export them."""

    manifest = Manifest(
        name="gazouilloire-csv",
        version="2",
        title="Gazouilloire, minet (CSV, users' CSV, JSON Lines)",
        proof="three files recorded by others, in tests/golden/sources/gazouilloire_csv (medialab/twitwi, MIT)",
        notes="Links stand written out in the text. The collector's local times are not read.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of its own column names, or of documents of its index."""
        head = head.removeprefix(BOM)
        if _DOCUMENT.match(head):
            return 0.95 if _OWN.search(head) else 0.0
        found = set(header_of(head))
        if {"id", "timestamp_utc", "text", "user_screen_name"} <= found:
            return 0.95
        return 0.9 if {"id", "screen_name", "timestamp_utc", "followers", "friends"} <= found else 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each post with its account where that is not as lately; or each user."""
        statuses = Statuses(context.privacy, _VERSION)
        head = head_of(source.path).removeprefix(BOM)
        if head.lstrip().startswith(b"{"):
            yield from _documents(source, context, statuses)
            return
        users = "user_screen_name" not in header_of(head)
        for row in named_rows(source, context, USERS if users else POSTS):
            if not isinstance(row, Named):
                yield row
            elif users and row.cells.get("id", "").strip():
                yield from statuses.account(user_of(row.cells), included=False)
            else:
                yield from _post(row.cells, row.where, row.sha256, statuses)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return _AGAIN.read(raw, held, again)


def _post(cells: dict[str, str], where: str, sha256: str, statuses: Statuses) -> Iterator[Item]:
    found = given(cells, where)
    if found is None:
        yield Reject(where, "row-without-id", sha256)
    else:
        yield from statuses.items(found)


def _documents(source: SourceFile, context: ReadContext, statuses: Statuses) -> Iterator[Item]:
    def document(data: bytes, where: str) -> Iterator[Item]:
        try:
            row = row_of(DOCUMENT.decode(data))
        except UNREADABLE as error:
            yield reject_of(error, where, data)
        else:
            yield from _post(row, where, "", statuses)

    return read_each(source, context, document)
