"""A raw record of this format read again: an entry, or the outlet whose feed it was."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.identity import content_version
from dalil.schema.moments import Moment
from dalil.schema.records import Account, MediaRef, Post, Reject, Span
from dalil.schema.words import IdQuality
from dalil.sources import account_records, kept_records, marked_text
from dalil.sources.decoding import UNREADABLE
from dalil.sources.formats.feeds import entries, moments
from dalil.sources.formats.feeds.entries import Told
from dalil.sources.formats.feeds.outlets import PLATFORM, scope_of
from dalil.sources.formats.feeds.sites import without_sites
from dalil.sources.importer import Record
from dalil.sources.kept_records import native
from dalil.sources.privacy import Who
from dalil.sources.rereading import Held, Plainly, Reread, not_read


class KeptEntry(msgspec.Struct):
    """The raw record of an entry."""

    id: str
    feed: str
    author: str | None = None
    link: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    language: str | None = None
    media: tuple[MediaRef, ...] = ()
    categories: tuple[str, ...] = ()


class Kept(msgspec.Struct):
    """The two kinds of raw record."""

    entry: KeptEntry | UnsetType = UNSET
    account: Account | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    try:
        kept = _KEPT.decode(raw)
    except UNREADABLE:
        return not_read(held)
    if isinstance(kept.account, Account):
        account = kept.account
        if account.description:
            described = without_sites(account.description, again.privacy)
            account = msgspec.structs.replace(account, description=described)
        return account_records.reread(account, held, again, scope_of(again.privacy))
    if not isinstance(kept.entry, KeptEntry) or held.post is None:
        return not_read(held)
    if not kept_records.fits(kept.entry.text, kept.entry.spans):
        return not_read(held)
    found = entries.record_of(_told(kept.entry, held, held.post, again.privacy), again.privacy)
    return msgspec.structs.replace(found, source_version=held.source_version, included=held.included)


def _told(kept: KeptEntry, held: Held, was: Post, privacy: Plainly) -> Told:
    feed = _outlet(kept.feed, privacy)
    return Told(
        key=_key(kept, was, feed),
        quality=was.id_quality,
        of=_outlet(kept.author, privacy) if kept.author else None,
        feed=feed,
        link=kept.link or "",
        text=kept.text,
        marks=tuple(marked_text.marks_of(kept.spans)),
        complete=was.text_complete,
        created=moments.Read(kept.published, was.created_zone_basis, was.created_precision),
        edited_at=kept.updated,
        lang=kept.language,
        media=kept.media,
        categories=kept.categories,
        warnings=held.warnings,
    )


def _outlet(uid: str, privacy: Plainly) -> Who:
    return privacy.account(PLATFORM, native(uid), kind="outlet")


def _key(kept: KeptEntry, was: Post, feed: Who) -> str:
    """The entry's key, as an import makes it today: one that has its feed in it changes with the feed's."""
    before = native(kept.feed)
    if feed.native_id == before:
        return kept.id
    if kept.id.startswith(f"{before}#"):
        return f"{feed.native_id}#{kept.id[len(before) + 1 :]}"
    if was.id_quality is IdQuality.DERIVED:
        return "d:" + content_version("entry", feed.native_id, kept.text)
    return kept.id
