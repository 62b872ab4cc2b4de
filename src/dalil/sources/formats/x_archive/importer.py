"""The importer of a member's own archive of X: a list of statuses behind a JavaScript assignment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from dalil.errors import InputError
from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.decoding import UNREADABLE, reject_of
from dalil.sources.formats.x_archive.owner import owner_of
from dalil.sources.formats.x_archive.shapes import Element, Tweet, brought_home
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.json_stream import Captured, JsonReader
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.x_status.around import PLATFORM, Author
from dalil.sources.x_status.reading import Statuses
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.rereads import Rereading
from dalil.sources.x_status.shapes import Repost, Status, User
from dalil.sources.x_status.texts import repeats

_VERSION: Final = "archive"
_AGAIN: Final = Rereading(_VERSION, sealed=False)
_PREFIX: Final = re.compile(rb"\s*window\.YTD\.tweets?\.part\d{1,4}\s*=\s*(?=\[)")
_ELEMENT: Final = msgspec.json.Decoder(Element)
_TWEET: Final = msgspec.json.Decoder(Tweet)


class XArchive:
    """Posts of `tweets.js` or `tweet.js`."""

    manifest = Manifest(
        name="x-archive",
        version="2",
        title="X account archive (tweets.js)",
        proof="unproven on a real file",
        notes="Only the posts are read. Unless the archive is a public account's, its owner is a keyed hash, and no "
        "true id or address of anything in it is kept, sealed or not.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the assignment at the file's beginning."""
        return 1.0 if _PREFIX.match(head.removeprefix(BOM)) else 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each post in order."""
        owner = owner_of(source)
        known = context.privacy.is_public(PLATFORM, native_id=owner.native_id, handle=owner.handle)
        with source.open() as stream:
            head = stream.read(len(BOM) + 256).removeprefix(BOM)
            start = _PREFIX.match(head)
            if start is None:
                raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head))
            stream.seek(0)
            skipped = start.end() + (len(BOM) if stream.read(len(BOM)) == BOM else 0)
            stream.seek(skipped)
            for item in _elements(stream, skipped, source.label, context, owner):
                yield item if known or not isinstance(item, Record) else msgspec.structs.replace(item, locators=())

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return _AGAIN.read(raw, held, again)


def _elements(stream: BinaryIO, skipped: int, label: str, context: ReadContext, owner: Author) -> Iterator[Item]:
    reader = JsonReader(stream, limit=context.limits.line_bytes)
    statuses = Statuses(context.privacy, _VERSION)
    for number in reader.elements():
        captured = reader.value()
        context.done_bytes = skipped + reader.offset
        yield from _items(captured, f"{label}tweet {number + 1}", statuses, owner)
    if reader.broken:
        yield Reject(f"{label}end", reader.broken)


def _items(captured: Captured, where: str, statuses: Statuses, owner: Author) -> Iterator[Item]:
    if captured.data is None:
        yield Reject(where, captured.problem, captured.sha256)
        return
    try:
        tweet = _decoded(captured.data)
    except UNREADABLE as error:
        yield reject_of(error, where, captured.data)
        return
    yield from statuses.items(Given(_owned(brought_home(tweet), owner), where))


def _decoded(data: bytes) -> Tweet:
    try:
        return _ELEMENT.decode(data).tweet
    except msgspec.ValidationError:
        tweet = _TWEET.decode(data)
        if tweet.id_str is msgspec.UNSET:
            raise
        return tweet


def _owned(status: Status, owner: Author) -> Status:
    """The status with its author, and, of `RT @name: `, what it repeats: whose post, but not which."""
    if owner.native_id or owner.handle:
        status.user = User(id_str=owner.native_id or msgspec.UNSET, screen_name=owner.handle or msgspec.UNSET)
    text = status.full_text or status.text or ""
    if name := repeats(text):
        mentions = (status.entities.user_mentions or ()) if status.entities else ()
        first = next((m for m in mentions if m.screen_name and m.screen_name.casefold() == name.casefold()), None)
        status.reposted = Repost(user_id_str=first.id_str if first else msgspec.UNSET, screen_name=name)
    return status
