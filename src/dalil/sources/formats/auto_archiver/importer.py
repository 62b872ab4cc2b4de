"""The importer of auto-archiver's output: one `metadata.json` an item, its files beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from dalil.errors import DalilError
from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.formats.auto_archiver import evidence, records, rereads
from dalil.sources.formats.auto_archiver.shapes import Item as Archived
from dalil.sources.formats.auto_archiver.shapes import decoded
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_stream import JsonReader
from dalil.sources.reading import BOM, ForeignFile, SourceFile, head_of
from dalil.sources.rereading import Held, Reread

_OBJECT: Final = re.compile(rb'\s*\{\s*"')
_DETAILS: Final = re.compile(rb'"metadata"\s*:\s*\{')
_PROCESSED: Final = re.compile(rb'"_processed_at"\s*:')
_ADDRESS: Final = re.compile(rb'"url"\s*:\s*"')


class AutoArchiver:
    """What auto-archiver's JSON enricher and local storage write."""

    manifest = Manifest(
        name="auto-archiver",
        version="2",
        title="auto-archiver output (metadata.json, media, .wacz, .ots, .tsr)",
        proof="unproven on a real file; written from the source of its JSON enricher and storage",
        notes="Files are kept by hash. Of an account not known to be public, saved pages and web archives are not kept.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the time of archiving inside `metadata`, which only this tool writes."""
        head = head.removeprefix(BOM)
        if not _OBJECT.match(head) or not _DETAILS.search(head) or not _PROCESSED.search(head):
            return 0.0
        return 0.95 if _ADDRESS.search(head) else 0.6

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """The one item that the file holds."""
        with source.open() as stream:
            reader = JsonReader(stream, limit=context.limits.line_bytes)
            captured = reader.value()
            context.done_bytes = reader.offset
        where = f"{source.label}item"
        if captured.data is None:
            yield Reject(where, captured.problem, captured.sha256)
            return
        found = decoded(captured.data)
        if isinstance(found, str):
            yield Reject(where, found, hashlib.sha256(captured.data).hexdigest())
            return
        yield self._item(found, source, context, where, captured.data)

    def _item(self, found: Archived, source: SourceFile, context: ReadContext, where: str, data: bytes) -> Item:
        url = found.metadata.url.strip()
        if records.is_closed(url):
            return Quarantined("not-public")
        if not found.media and not found.metadata.content and "success" not in found.status:
            return Ignored("not-archived")
        found.metadata.url = url
        seen = records.seen_at(url, context.privacy)
        kept = evidence.gather(
            found, source, public=seen.public, limit=context.limits.media_bytes, is_item=self._is_item
        )
        record = records.record_of(found, seen, kept, context.privacy)
        return Reject(where, record, hashlib.sha256(data).hexdigest()) if isinstance(record, str) else record

    def _is_item(self, file: ForeignFile) -> bool:
        try:
            return self.detect(head_of(file)) > 0
        except DalilError:
            return False
