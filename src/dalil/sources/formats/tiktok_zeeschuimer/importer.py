"""The importer of TikTok posts captured by Zeeschuimer: envelopes, one a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import ReadWarning, Reject
from dalil.sources.decoding import UNREADABLE, reject_of
from dalil.sources.formats.tiktok_zeeschuimer import accounts, posts, rereads
from dalil.sources.formats.tiktok_zeeschuimer.shapes import Item as Captured
from dalil.sources.formats.tiktok_zeeschuimer.tidying import tidy
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.lately import Lately
from dalil.sources.reading import SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.zeeschuimer import ENVELOPE, platform_of

_ITEM: Final = msgspec.json.Decoder(Captured)
PLATFORMS: Final = frozenset({"tiktok.com", "tiktok"})


class TikTokZeeschuimer:
    """Posts of TikTok as its web client gets them."""

    manifest = Manifest(
        name="tiktok-zeeschuimer",
        version="2",
        title="TikTok captured by Zeeschuimer (NDJSON)",
        proof="unproven on a real file",
        notes="The collector's browser, device and addresses in the envelope, and all signed addresses of media, are "
        "never read. Accounts not in the public list become keyed hashes.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure where the envelope names TikTok."""
        return 0.95 if platform_of(head) in PLATFORMS else 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each post, and its author's account where something new is told of it."""
        return read_each(source, context, _Reader(context).value)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return rereads.reread(raw, held, again)


class _Reader:
    """Reads value by value; remembers recent accounts only."""

    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._lately = Lately()

    def value(self, data: bytes, where: str) -> Iterator[Item]:
        try:
            envelope = ENVELOPE.decode(data)
            if envelope.source_platform not in PLATFORMS:
                yield Ignored("other-platform")
                return
            item = _ITEM.decode(envelope.data)
        except UNREADABLE as error:
            yield reject_of(error, where, data)
            return
        warnings: list[ReadWarning] = []
        tidy(item, warnings)
        author = accounts.author_of(item)
        account = None if author.private else accounts.record_of(item, author, self._privacy)
        record = posts.record_of(item, self._privacy, warnings, where=where, at=envelope.collected_at)
        if isinstance(record, Record) and account is not None:
            yield msgspec.structs.replace(record, locators=(*account.locators, *record.locators))
            if self._lately.is_news(account.uid, account.raw):
                yield msgspec.structs.replace(account, locators=())
        else:
            yield record
