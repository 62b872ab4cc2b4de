"""The importer of ActivityPub outboxes: one may hold a decade of posts, so it is read in two passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.schema.words import AccountType
from dalil.sources import fediverse, fediverse_rereads
from dalil.sources.account_records import Accounts, Profile
from dalil.sources.decoding import decode, reject
from dalil.sources.formats.activitypub_outbox import notes
from dalil.sources.formats.activitypub_outbox.shapes import Head, Object, address, several, types
from dalil.sources.html_text import plain
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_objects import LongObject
from dalil.sources.json_stream import Captured
from dalil.sources.json_values import is_one_a_line, values
from dalil.sources.reading import BOM, HEAD_BYTES, SourceFile
from dalil.sources.rereading import Held, Reread

_OBJECT: Final = msgspec.json.Decoder(Object)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_CONTEXT: Final = re.compile(rb'"https://www\.w3\.org/ns/activitystreams[#"]')
_TYPE: Final = re.compile(rb'"type"\s*:\s*"(?:OrderedCollection(?:Page)?|Create|Announce|Update|Delete|Note|Question|Article|Tombstone)"')  # fmt: skip
_KEYS: Final = re.compile(rb'"(?:orderedItems|attributedTo|actor|totalItems)"\s*:')
_OTHERS: Final = re.compile(rb'"(?:spoiler_text|source_platform_url|time_us|_misskey_only)"\s*:')
_COLLECTIONS: Final = frozenset({"OrderedCollection", "OrderedCollectionPage", "Collection", "CollectionPage"})
_ACTORS: Final = {
    "Person": AccountType.PERSON,
    "Service": AccountType.BOT,
    "Application": AccountType.BOT,
    "Group": AccountType.GROUP,
    "Organization": AccountType.PAGE,
}
_DEEPEST: Final = 3


class ActivityPubOutbox:
    """Activities and posts as servers exchange them, and as Mastodon archives them."""

    manifest = Manifest(
        name="activitypub-outbox",
        version="2",
        title="ActivityPub outbox (JSON, JSON Lines)",
        proof="unproven on a real file",
        notes="Only what is addressed to everybody is read; of a member's own archive only a public account's posts.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the vocabulary's address with a type that we read."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        if _TYPE.search(head) and _KEYS.search(head):
            return 0.9 if _CONTEXT.search(head) else 0.7
        return 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return fediverse_rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each activity in order."""
        reader = _Reader(context)
        with source.open() as stream:
            head = stream.read(HEAD_BYTES).removeprefix(BOM)
            stream.seek(0)
            if head.lstrip()[:1] != b"{" or (is_one_a_line(head) and len(head.splitlines()) > 1):
                for value in values(stream, limit=context.limits.line_bytes):
                    context.done_bytes = value.end
                    yield from reader.captured(
                        Captured(value.data, value.problem, value.sha256), source.label + value.where
                    )
                return
            with source.open() as second:
                long = frozenset({"orderedItems", "items"})
                wanted = frozenset(Object.__struct_encode_fields__)
                both = LongObject(stream, second, wanted=wanted, long=long, limit=context.limits.line_bytes)
                number = 0
                while found := both.peek():
                    number += 1
                    where = f"{source.label}value {number}"
                    if found == b"{":
                        yield from reader.long(both, where)
                    else:
                        both.pass_over()
                        yield Reject(where, "shape-unknown")
                if both.broken:
                    yield Reject(f"{source.label}end", both.broken)


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._context = context
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)
        self._personal = False

    def long(self, both: LongObject, where: str) -> Iterator[Item]:
        """One object at the top of the file: a collection, or something by itself."""
        fields = both.fields()
        for value in fields.values():
            if value.data is None:
                yield Reject(where, value.problem, value.sha256)
                fields = {}
                break
        data = b"{" + b",".join(msgspec.json.encode(k) + b":" + (v.data or b"null") for k, v in fields.items()) + b"}"
        item = decode(_OBJECT, data)
        collection = isinstance(item, str) or not fields or not types(item.type).isdisjoint(_COLLECTIONS)
        if isinstance(item, Object):
            self._personal = is_personal(item)
            if not collection:
                yield from self._item(item, where)
            elif isinstance(item.first, dict):
                yield from self._page(item.first, f"{where} first")
        elif fields:
            yield reject(where, item, data)
        for name, at, value in both.elements():
            self._context.done_bytes = both.offset
            yield from self.captured(value, f"{where} {name}[{at}]")

    def captured(self, value: Captured, where: str) -> Iterator[Item]:
        """One activity, post, actor or page, as bytes."""
        if value.data is None:
            yield Reject(where, value.problem, value.sha256)
            return
        item = decode(_OBJECT, value.data)
        if isinstance(item, str):
            if value.data.lstrip()[:1] == b'"':
                yield Ignored("address-only")
            else:
                yield reject(where, item, value.data)
            return
        if types(item.type).isdisjoint(_COLLECTIONS):
            yield from self._item(item, where)
            return
        head = decode(_HEAD, value.data)
        if isinstance(head, str):
            yield reject(where, head, value.data)
            return
        self._personal = is_personal(item)
        for name, raw in (("orderedItems", head.ordered_items), ("items", head.items)):
            if raw is msgspec.UNSET:
                continue
            elements = decode(_ELEMENTS, raw)
            for at, element in enumerate(elements if isinstance(elements, list) else ()):
                yield from self._element(element, f"{where} {name}[{at}]")

    def _element(self, raw: msgspec.Raw, where: str) -> Iterator[Item]:
        """One element of a page that is held whole; pages within pages are not followed."""
        item = decode(_OBJECT, raw)
        if isinstance(item, str):
            yield Ignored("address-only") if bytes(raw).lstrip()[:1] == b'"' else reject(where, item, raw)
        else:
            yield from self._item(item, where)

    def _page(self, page: dict[str, Any], where: str) -> Iterator[Item]:
        for name in ("orderedItems", "items"):
            for at, item in enumerate(page.get(name) or () if isinstance(page.get(name), list) else ()):
                yield from self._inner(item, f"{where} {name}[{at}]")

    def _inner(self, value: Any, where: str) -> Iterator[Item]:
        """What stands inside another, decoded already."""
        item = inner(value)
        if item is None:
            yield Ignored("address-only") if isinstance(value, str) else Reject(where, "shape-unknown")
        else:
            yield from self._item(item, where)

    def _item(self, item: Object, where: str) -> Iterator[Item]:
        kinds = types(item.type)
        actor = address(item.actor) or address(item.attributed_to)
        if self._personal and (actor is None or not fediverse.is_known(self._privacy, fediverse.person(actor))):
            yield Quarantined("personal-export")
        elif not kinds.isdisjoint(notes.POSTS):
            yield self._post(item, None, where)
        elif kinds & {"Create", "Update"}:
            yield from self._carried(item, where, update="Update" in kinds)
        elif "Announce" in kinds:
            yield from self._announced(item, where)
        elif kinds & {"Delete", "Tombstone"}:
            yield self._deleted(item, kinds, where)
        elif not kinds.isdisjoint(_ACTORS):
            yield self._actor(item, kinds, where)
        else:
            yield Ignored("activity-not-read") if kinds else Reject(where, "shape-unknown")

    def _post(self, item: Object, activity: Object | None, where: str, *, update: bool = False) -> Item:
        if not notes.is_public(item, activity):
            return Quarantined("not-public")
        if not isinstance(item.id, str) or not fediverse.URI.fullmatch(item.id):
            return Reject(where, "id-unreadable")
        at = notes.read_time(activity.updated or activity.published) if update and activity else None
        actor = address(activity.actor) if activity else None
        return notes.note_record(item, self._privacy, actor=actor, update=at)

    def _carried(self, activity: Object, where: str, *, update: bool) -> Iterator[Item]:
        item = inner(activity.object)
        if item is None:
            yield Ignored("address-only")
        elif types(item.type).isdisjoint(notes.POSTS):
            yield self._actor(item, types(item.type), where) if not types(item.type).isdisjoint(_ACTORS) else Ignored("activity-not-read")  # fmt: skip
        else:
            yield self._post(item, activity, where, update=update)

    def _announced(self, activity: Object, where: str) -> Iterator[Item]:
        actor, of = address(activity.actor), address(activity.object)
        if not notes.is_public(activity):
            yield Quarantined("not-public")
            return
        usable = all(isinstance(uri, str) and fediverse.URI.fullmatch(uri) for uri in (actor, of, activity.id))
        if not usable or actor is None or of is None:
            yield Reject(where, "id-unreadable")
            return
        item = inner(activity.object)
        author = address(item.attributed_to) if item else None
        target = fediverse.target(of, fediverse.person(author) if author else None)
        at = notes.read_time(activity.published)
        by = fediverse.person(actor)
        yield fediverse.repost_record(str(activity.id), by, target, at, self._privacy, version="2.0")
        if item is not None and not types(item.type).isdisjoint(notes.POSTS):
            found = self._post(item, None, f"{where} object")
            yield msgspec.structs.replace(found, included=True) if not isinstance(found, Reject | Ignored) else found

    def _deleted(self, item: Object, kinds: set[str], where: str) -> Item:
        """A deletion says nothing of its post but that it was: who could see it is not known any more."""
        gone = item if "Tombstone" in kinds else inner(item.object)
        uri = address(item.object) if gone is None else (gone.id if gone else None)
        actor = address(item.actor)
        if not isinstance(uri, str) or not fediverse.URI.fullmatch(uri):
            return Reject(where, "id-unreadable")
        if uri == actor:
            return Ignored("activity-not-read")
        at = notes.read_time(gone.deleted if gone and gone.deleted else item.published)
        return notes.deleted_record(uri, actor, at, self._privacy)

    def _actor(self, item: Object, kinds: set[str], where: str) -> Item:
        if not isinstance(item.id, str) or not fediverse.URI.fullmatch(item.id):
            return Reject(where, "id-unreadable")
        name = item.preferred_username or ""
        handle = f"{name}@{item.id.split('/')[2]}" if name and item.id.count("/") >= 3 else None
        page = address(several(item.url)[:1])
        person = fediverse.person(item.id, handle)
        if person.handle is None and page:
            person = fediverse.Person(item.id, fediverse.person(page).handle)
        if is_personal(item) and not fediverse.is_known(self._privacy, person):
            return Quarantined("personal-export")
        profile = Profile(
            who=fediverse.who(self._privacy, person),
            platform=fediverse.PLATFORM,
            handle=person.handle,
            display_name=item.name or None,
            description=plain(item.summary).text if item.summary else None,
            created_at=notes.read_time(item.published),
            type=next(_ACTORS[kind] for kind in sorted(kinds) if kind in _ACTORS),
        )
        scope = fediverse.scope_of(self._privacy)
        return self._accounts.record_of(profile, scope, included=False) or Ignored("given-already")


_HEAD: Final = msgspec.json.Decoder(Head)
_ELEMENTS: Final = msgspec.json.Decoder(list[msgspec.Raw])


def inner(value: Any) -> Object | None:
    """An object within another; None where there is only its address, or something else."""
    if not isinstance(value, dict):
        return None
    try:
        return msgspec.convert(value, Object)
    except (msgspec.ValidationError, RecursionError):
        return None


def is_personal(item: Object) -> bool:
    """Whether it comes from a member's own archive, whose addresses are names of files beside it."""
    own = item.id if isinstance(item.id, str) else ""
    beside = address(item.outbox) or own
    return bool(beside) and "://" not in beside
