"""A raw record of this format read again: the same structs, the same way, on what redaction left."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from dalil.schema.records import Post, Reject
from dalil.schema.words import EdgeType
from dalil.sources.counts import whole
from dalil.sources.formats.tiktok_zeeschuimer import posts
from dalil.sources.formats.tiktok_zeeschuimer.accounts import COUNTS, Author, text_id, told, who_of
from dalil.sources.formats.tiktok_zeeschuimer.shapes import Item, Number, Person
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.rereading import Held, Reread, not_read

_ADDRESS: Final = re.compile(r"https://www\.tiktok\.com/@([^/]+)/video/.+")


class Raw(msgspec.Struct):
    """The two kinds of raw record."""

    item: Item | UnsetType = UNSET
    author: Person | UnsetType = UNSET
    stats: dict[str, Number] | UnsetType = msgspec.field(default=UNSET, name="authorStats")


_RAW: Final = msgspec.json.Decoder(Raw)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    try:
        kept = _RAW.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return not_read(held)
    if kept.item and held.post:
        found = _post(kept.item, held, held.post, again.privacy)
    elif kept.author and held.accounts:
        found = _account(kept.author, kept.stats or {}, held, again.privacy)
    else:
        return not_read(held)
    return replace(found, included=held.included, warnings=held.warnings) if isinstance(found, Record) else found


def _post(item: Item, held: Held, was: Post, privacy: Pseudonymiser) -> Record | Reject:
    _give_author(item, was)
    found = posts.record_of(item, privacy, [], where="raw", at=was.state_at, held=was)
    if isinstance(found, Reject):
        return found
    if not isinstance(found, Record):
        return not_read(held)
    aliases = [edge for edge in held.edges if edge.type is EdgeType.ALIAS] if found.author_public else []
    return replace(found, edges=(*found.edges, *aliases))


def _give_author(item: Item, was: Post) -> None:
    """The account behind the post under its fields again: its handle stands in the address that is held."""
    name = text_id(item.author_id)
    address = _ADDRESS.fullmatch(was.uri or "")
    handle = address[1] if address else None
    if name and name.startswith("@"):
        handle, item.author_id = handle or name[1:], UNSET
    item.author = handle or UNSET


def _account(person: Person, stats: dict[str, Number], held: Held, privacy: Pseudonymiser) -> Record | Reject:
    author = Author(text_id(person.id), person.unique_id or None, person)
    who = who_of(author, privacy)
    if who is None:
        return not_read(held)
    counts = tuple((name, whole(stats[name])) for _, name in COUNTS if name in stats)
    return told(author, who, counts, privacy)
