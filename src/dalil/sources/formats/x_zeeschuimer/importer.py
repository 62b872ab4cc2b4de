"""The importer of posts of X captured by Zeeschuimer: envelopes, one a line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.decoding import UNREADABLE, reject_of
from dalil.sources.formats.x_zeeschuimer.shapes import TweetResult
from dalil.sources.formats.x_zeeschuimer.unwrapping import Missing, status_of
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.x_status.reading import Statuses
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.rereads import Rereading
from dalil.sources.zeeschuimer import ENVELOPE, platform_of

_VERSION: Final = "graphql"
_AGAIN: Final = Rereading(_VERSION, originals=True)
_RESULT: Final = msgspec.json.Decoder(TweetResult)
PLATFORMS: Final = frozenset({"twitter.com", "x.com", "twitter", "x"})


class XZeeschuimer:
    """Posts of X as its web client gets them."""

    manifest = Manifest(
        name="x-zeeschuimer",
        version="2",
        title="X captured by Zeeschuimer (NDJSON)",
        proof="unproven on a real file",
        notes="The collector's browser, device and addresses in the envelope are never read. Accounts not in the "
        "public list become keyed hashes.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure where the envelope names X."""
        return 0.95 if platform_of(head) in PLATFORMS else 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each post with what it quotes and repeats; what is missing of those as states."""
        return read_each(source, context, _Reader(context).value)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return _AGAIN.read(raw, held, again)


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._statuses = Statuses(context.privacy, _VERSION)

    def value(self, data: bytes, where: str) -> Iterator[Item]:
        try:
            envelope = ENVELOPE.decode(data)
            if envelope.source_platform not in PLATFORMS:
                yield Ignored("other-platform")
                return
            missing: list[Missing] = []
            status = status_of(_RESULT.decode(envelope.data), missing)
        except UNREADABLE as error:
            yield reject_of(error, where, data)
            return
        if status is None:
            yield Reject(where, "post-missing", hashlib.sha256(data).hexdigest())
            return
        yield from self._statuses.items(Given(status, where, retrieved_at=envelope.collected_at))
        yield from self._missing(missing, envelope.collected_at)

    def _missing(self, missing: list[Missing], at: datetime | None) -> Iterator[Item]:
        for one in missing:
            yield self._statuses.notice(one.key, one.author, one.state, one.reason, retrieved_at=at, included=True)
