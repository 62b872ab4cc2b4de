"""The importer of Reddit's listings and of lines such as Pushshift's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec
from msgspec import UNSET

from dalil.plugins import Manifest
from dalil.schema.records import Edge, Reject
from dalil.schema.words import AccountType, EdgeType, PublicRole
from dalil.sources import times
from dalil.sources.account_records import Accounts, Profile
from dalil.sources.decoding import count, decode, reject
from dalil.sources.formats.reddit import rereads, things
from dalil.sources.formats.reddit.shapes import Envelope, Listing, Nested, Thing
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.reddit_names import PLATFORM
from dalil.sources.rereading import Held, Reread

_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_LISTING: Final = msgspec.json.Decoder(Listing)
_THING: Final = msgspec.json.Decoder(Thing)
_NESTED: Final = msgspec.json.Decoder(Nested)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_KIND: Final = re.compile(rb'"kind"\s*:\s*"(?:Listing|t[1-6]|more)"')
_SUBREDDIT: Final = re.compile(rb'"subreddit(?:_id|_name_prefixed|_type)?"\s*:')
_CREATED: Final = re.compile(rb'"created_utc"\s*:')
_BODY: Final = re.compile(rb'"(?:selftext|body|link_id|permalink|num_comments)"\s*:')
_OTHERS: Final = re.compile(rb'"(?:source_platform_url|nav_index|thread_id|time_us|extractor_key)"\s*:')
_DEEPEST: Final = 200


class Reddit:
    """Posts, comments and subreddits, from the API's listings or one a line."""

    manifest = Manifest(
        name="reddit",
        version="2",
        title="Reddit listing (JSON), Pushshift lines (NDJSON)",
        proof="three listings recorded by others, in tests/golden/sources/reddit (praw-dev/praw, BSD-2-Clause); lines of Pushshift: unproven on a real file",
        notes="Subreddits are public; who posts in them is a private person, unless in the public list.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of a listing, or of a thing's own keys together."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        if _KIND.search(head):
            return 0.95 if _SUBREDDIT.search(head) or b'"children"' in head else 0.6
        return 0.9 if all(key.search(head) for key in (_SUBREDDIT, _CREATED, _BODY)) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each thing in order, with the replies below it."""
        return read_each(source, context, partial(_Reader(context).value, depth=0))


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)

    def value(self, data: bytes | msgspec.Raw, where: str, *, depth: int) -> Iterator[Item]:
        """A listing, a thing in its envelope, or a flat thing."""
        envelope = decode(_ENVELOPE, data)
        if isinstance(envelope, str) or depth > _DEEPEST:
            yield reject(where, envelope if isinstance(envelope, str) else "nested-too-deep", data)
        elif envelope.kind and envelope.data is not UNSET:
            yield from self._kind(envelope.kind, envelope.data, where, depth=depth)
        elif envelope.error is not UNSET:
            yield Ignored("answer-is-error")
        else:
            yield from self._flat(data, where)

    def _kind(self, kind: str, data: msgspec.Raw, where: str, *, depth: int) -> Iterator[Item]:
        if kind == "Listing":
            listing = decode(_LISTING, data)
            if isinstance(listing, str):
                yield reject(where, listing, data)
                return
            for at, child in enumerate(listing.children or ()):
                yield from self.value(child, f"{where} children[{at}]", depth=depth + 1)
        elif kind in ("t1", "t3"):
            yield from self._thing(kind, data, where, included=False)
            nested = decode(_NESTED, data)
            if kind == "t1" and isinstance(nested, Nested) and bytes(nested.replies or b"").lstrip()[:1] == b"{":
                yield from self.value(bytes(nested.replies or b""), f"{where} replies", depth=depth + 1)
        elif kind == "t5":
            yield self._subreddit(data, where)
        elif kind == "t4":
            yield Quarantined("not-public")  # a private message
        else:
            yield Ignored("kind-not-read")

    def _flat(self, data: bytes | msgspec.Raw, where: str) -> Iterator[Item]:
        """A line of Pushshift: a comment has a body, a post a title."""
        thing = decode(_THING, data)
        if isinstance(thing, str):
            yield reject(where, thing, data)
        elif thing.body is not UNSET:
            yield from self._thing("t1", data, where, included=False)
        elif thing.title is not UNSET and thing.subreddit is not UNSET:
            yield from self._thing("t3", data, where, included=False)
        else:
            yield reject(where, "shape-unknown", data)

    def _thing(self, kind: str, data: bytes | msgspec.Raw, where: str, *, included: bool) -> Iterator[Item]:
        thing = decode(_THING, data)
        if isinstance(thing, str):
            yield reject(where, thing, data)
            return
        if thing.subreddit_type in things.NOT_PUBLIC:
            yield Quarantined("not-public", included=included)
            return
        head = things.head_of(thing, self._privacy, kind)
        if head is None:
            yield reject(where, "id-unreadable", data)
            return
        if kind == "t1":
            yield self._post(thing, head, things.answered(thing, head, self._privacy), included=included)
        elif thing.crosspost_parent and things.FULL_NAME.fullmatch(thing.crosspost_parent) and not included:
            yield from self._crosspost(thing, head, thing.crosspost_parent, where)
        else:
            yield self._post(thing, head, (), included=included)

    def _post(self, thing: Thing, head: things.Head, edges: tuple[Edge, ...], *, included: bool) -> Record:
        told = things.told_of(thing, head, self._privacy, edges)
        return things.post_record(told, head, self._privacy, included=included)

    def _crosspost(self, thing: Thing, head: things.Head, parent: str, where: str) -> Iterator[Item]:
        """A repost under the same title; a quotation where it has a title of its own. The parent comes along."""
        held = thing.crosspost_parent_list[0] if thing.crosspost_parent_list else UNSET
        original = decode(_THING, held)
        author = original.author or "" if isinstance(original, Thing) else ""
        public = bool(author) and self._privacy.is_public(PLATFORM, handle=author)
        same = isinstance(original, str) or (original.title or "").strip() == (thing.title or "").strip()
        kind = EdgeType.REPOST if same else EdgeType.QUOTE
        edge = things.edge_to(things.time_of(thing.created_utc), head, parent, kind, self._privacy, public=public)
        if same:
            yield things.crosspost_record(head, edge, self._privacy)
        else:
            own = msgspec.structs.replace(
                thing, selftext="", media=UNSET, secure_media=UNSET, media_metadata=UNSET, url=UNSET
            )
            yield self._post(own, head, (edge,), included=False)
        if held is not UNSET:
            yield from self._thing("t3", held, f"{where} crosspost_parent_list[0]", included=True)

    def _subreddit(self, data: msgspec.Raw, where: str) -> Item:
        """A subreddit is a group that is public by nature; a person's own page is a person."""
        thing = decode(_THING, data)
        if isinstance(thing, str):
            return reject(where, thing, data)
        if thing.subreddit_type in things.NOT_PUBLIC:
            return Quarantined("not-public")
        name = thing.display_name or ""
        place = things.place_of(name, self._privacy)
        if place is None or thing.subreddit_type == "user" or name.lower().startswith("u_"):
            return Ignored("profile-not-read") if place else reject(where, "id-unreadable", data)
        created = times.from_epoch(thing.created_utc) if isinstance(thing.created_utc, int | float | str) else None
        figures = (("followers", count(thing.subscribers)),) if isinstance(thing.subscribers, int) else ()
        profile = Profile(
            who=self._privacy.account(PLATFORM, f"r/{name.casefold()}", kind="subreddit"),
            platform=PLATFORM,
            handle=f"r/{name}",
            display_name=thing.title or None,
            description=things.clean(thing.public_description, self._privacy) if thing.public_description else None,
            created_at=created,
            counts=figures,
            type=AccountType.GROUP,
            role=PublicRole.ORGANISATION,
        )
        account = self._accounts.record_of(profile, things.scope_of(self._privacy), included=False)
        return account or Ignored("given-already")
