"""The importer of the posts in Facebook's "Download your information" (`your_posts_*.json`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.errors import InputError
from dalil.plugins import Manifest, Parameter
from dalil.schema.records import Reject
from dalil.sources.decoding import UNREADABLE
from dalil.sources.formats.facebook_download import rereads
from dalil.sources.formats.facebook_download.posts import OWN_PAGE, PLATFORM, Owner, post_record
from dalil.sources.formats.facebook_download.shapes import Entry
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.json_values import json_problem
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_ENTRY: Final = msgspec.json.Decoder(Entry)
_TIME: Final = re.compile(rb'\{[^{}\[\]]*"timestamp"\s*:\s*\d{8,10}\b')
_WORDS: Final = re.compile(rb'"data"\s*:\s*\[\s*\{\s*"(?:post|update_timestamp|backdated_timestamp)"\s*:')
_HANGING: Final = re.compile(
    rb'"attachments"\s*:\s*\[\s*\{\s*"data"\s*:\s*\[\s*\{\s*"(?:media|external_context|place|event|poll|text)"\s*:'
)
_OTHERS: Final = re.compile(
    rb'"(?:comments_v2|reactions_v2|participants|messages|sender_name|actor)"\s*:|"comment"\s*:\s*\{'
)
_PAGE: Final = re.compile(r"[\w.-]{1,100}")


class FacebookDownload:
    """Posts of a download, of which only one kind of file is read: no messages, comments, friends or account."""

    manifest = Manifest(
        name="facebook-download",
        version="2",
        title="Facebook, Download your information (your_posts_*.json)",
        proof="unproven on a real file",
        notes="A member's own download has no author here, no media and no names. Name the `page` when it is a page's.",
        parameters=(Parameter("page", "", "Name in addresses, or number, of the public page whose download it is."),),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of posts with a time and with words or attachments as a download has them."""
        if head.removeprefix(BOM).lstrip()[:1] not in (b"{", b"[") or not _TIME.search(head) or _OTHERS.search(head):
            return 0.0
        return 0.9 if _WORDS.search(head) else 0.8 if _HANGING.search(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each post in the file's order."""
        owner = _owner(context.options.get("page", ""), context.privacy)
        limit = context.limits.media_bytes

        def post(data: bytes, where: str) -> Iterator[Item]:
            try:
                entry = _ENTRY.decode(data)
            except UNREADABLE as error:
                yield Reject(where, json_problem(error, data), hashlib.sha256(data).hexdigest())
            else:
                yield post_record(entry, owner, context.privacy, source.root, limit) or Ignored("empty-post")

        return read_each(source, context, post)


def _owner(page: str, privacy: Pseudonymiser) -> Owner:
    """The page that the operator named, else a member.

    Raises:
        InputError: `value-wrong`; it cannot be a page's name.
    """
    if not page:
        return Owner(None)
    name = page.strip().lstrip("@")
    if not _PAGE.fullmatch(name):
        raise InputError(
            "value-wrong", name="page", value=page[:60], kind="a page's name in its address, or its number"
        )
    known = frozenset({(PLATFORM, name.casefold())})
    key = name if name.isdigit() else f"@{name.casefold()}"
    if name.isdigit():
        who = privacy.account(PLATFORM, name, kind=OWN_PAGE)
    else:
        who = privacy.by_handle(PLATFORM, name, kind=OWN_PAGE)
    return Owner(who, known if who.public else frozenset(), f"{PLATFORM}:{key}")
