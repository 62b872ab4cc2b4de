"""The importer of answers of Bluesky's API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.schema.words import ZoneBasis
from dalil.sources import bluesky, bluesky_records, bluesky_rereads
from dalil.sources.account_records import Accounts
from dalil.sources.bluesky_texts import AT_URI, POST, REPOST, PostRecord, scope_of
from dalil.sources.decoding import decode, reject
from dalil.sources.formats.bluesky_api import views
from dalil.sources.formats.bluesky_api.shapes import Author, Reason, Reply, Thing, View
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_THING: Final = msgspec.json.Decoder(Thing)
_VIEW: Final = msgspec.json.Decoder(View)
_RECORD: Final = msgspec.json.Decoder(PostRecord)
_AUTHOR: Final = msgspec.json.Decoder(Author)
_REASON: Final = msgspec.json.Decoder(Reason)
_REPLY: Final = msgspec.json.Decoder(Reply)
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_ANY: Final = msgspec.json.Decoder(Any)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_URI: Final = re.compile(rb'"uri"\s*:\s*"at://')
_RECORD_KEYS: Final = re.compile(rb'"(?:record|value)"\s*:\s*\{')
_DID: Final = re.compile(rb'"did"\s*:\s*"did:')
_HANDLE: Final = re.compile(rb'"handle"\s*:\s*"')
_LEXICON: Final = re.compile(rb'"(?:app\.bsky\.|followersCount"|follows"|viewer"|notFound")')
_OTHERS: Final = re.compile(rb'"(?:time_us|didDoc|source_platform_url|rkey)"\s*:')
_LISTS: Final = ("feed", "posts", "records", "profiles", "actors")
_RELATIONS: Final = ("follows", "followers", "likes", "reposted_by", "notifications")
_DEEPEST: Final = 200


class BlueskyApi:
    """Feeds, threads, posts and profiles as Bluesky's servers show them, and records of repositories."""

    manifest = Manifest(
        name="bluesky-api",
        version="1",
        title="Bluesky API (JSON, JSON Lines)",
        proof="posts, profiles and a thread recorded by others, in tests/golden/sources/bluesky_api (medialab/twitwi, MarshalX/atproto, MIT)",
        notes="Followers and likes are lists of persons: counted, not read.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of addresses of records with the words of Bluesky's own lexicon."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        if _URI.search(head) and (_RECORD_KEYS.search(head) or _LEXICON.search(head)):
            return 0.95
        return 0.85 if _DID.search(head) and _HANDLE.search(head) and _LEXICON.search(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return bluesky_rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each post in order, then what it quotes or answers, then its account where that is new."""
        return read_each(source, context, partial(_Reader(context).value, depth=0))


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)

    def value(self, data: bytes | msgspec.Raw, where: str, *, depth: int) -> Iterator[Item]:
        """Anything that an answer may be or hold."""
        thing = decode(_THING, data)
        if isinstance(thing, str):
            yield reject(where, thing, data)
        elif depth > _DEEPEST:
            yield reject(where, "nested-too-deep", data)
        elif thing.post is not UNSET:
            yield from self._item(thing, where, depth=depth)
        elif thing.uri is not UNSET:
            yield from self._view(data, where, {}, included=False)
        elif thing.thread is not UNSET:
            yield from self.value(thing.thread, f"{where} thread", depth=depth + 1)
        elif any(getattr(thing, name) is not UNSET for name in _LISTS):
            yield from self._lists(thing, where, depth=depth)
        elif any(getattr(thing, name) is not UNSET for name in _RELATIONS):
            yield Ignored("relations-not-read")
        elif thing.did_doc is not UNSET or thing.error is not UNSET:
            yield Ignored("answer-is-error" if thing.did_doc is UNSET else "kind-not-read")
        elif thing.did is not UNSET and thing.handle is not UNSET:
            yield from self._profile(data, where)
        else:
            yield reject(where, "shape-unknown", data)

    def _lists(self, thing: Thing, where: str, *, depth: int) -> Iterator[Item]:
        for name in _LISTS:
            raw = getattr(thing, name)
            if raw is UNSET:
                continue
            items = decode(_LIST, raw)
            if isinstance(items, str):
                yield reject(f"{where} {name}", items, raw)
                continue
            for at, item in enumerate(items):
                yield from self.value(item, f"{where} {name}[{at}]", depth=depth + 1)

    def _item(self, thing: Thing, where: str, *, depth: int) -> Iterator[Item]:
        """An item of a feed (with its repost and what it answers), or a node of a thread (with its neighbours)."""
        reply = decode(_REPLY, thing.reply)
        answered = [raw for raw in (reply.parent, reply.root) if raw is not UNSET] if isinstance(reply, Reply) else []
        around = views.handles_of(*(_any(raw) for raw in answered))
        if thing.post is not UNSET:
            yield from self._repost(thing, where, thing.post)
            yield from self._view(thing.post, f"{where} post", around, included=_is_repost(thing.reason))
        for at, raw in enumerate(answered):
            if at == 0 or bytes(raw) != bytes(answered[0]):
                yield from self._view(raw, f"{where} reply[{at}]", {}, included=True)
        if thing.parent is not UNSET and bytes(thing.parent) != b"null":
            yield from self.value(thing.parent, f"{where} parent", depth=depth + 1)
        for at, raw in enumerate(thing.replies or ()):
            yield from self.value(raw, f"{where} replies[{at}]", depth=depth + 1)

    def _repost(self, thing: Thing, where: str, post: msgspec.Raw) -> Iterator[Item]:
        if not _is_repost(thing.reason) or thing.reason is UNSET:
            return
        reason, view = decode(_REASON, thing.reason), decode(_VIEW, post)
        if isinstance(reason, str) or isinstance(view, str) or not AT_URI.fullmatch(view.uri):
            yield reject(f"{where} reason", "shape-unknown", thing.reason)
            return
        handles = views.handles_of(_any(post), _any(thing.reason))
        yield views.repost_record(reason, view.uri, self._privacy, handles) or reject(
            f"{where} reason", "shape-unknown", thing.reason
        )
        yield from self._author(reason.by)

    def _view(
        self, data: msgspec.Raw | bytes, where: str, around: Mapping[str, str], *, included: bool, inner: bool = False
    ) -> Iterator[Item]:
        view = decode(_VIEW, data)
        if isinstance(view, str):
            yield reject(where, view, data)
            return
        match = AT_URI.fullmatch(view.uri)
        if match is None:
            yield reject(where, "id-unreadable", data)
            return
        if view.blocked or view.detached:
            yield Ignored("hidden-from-asker")  # says whom the asking account blocks, or who blocks it
            return
        if match["collection"] not in (POST, REPOST):
            yield Ignored("kind-not-read")
            return
        handles = views.handles_of(msgspec.to_builtins(view.author) if view.author else None, view.embed) | dict(around)
        if view.not_found:
            yield bluesky_records.gone_record(view.uri, self._privacy, at=None, reason="not-found", handles=handles, included=included, version=views.VERSION)  # fmt: skip
            return
        raw = view.record if view.record is not UNSET else view.value
        record = decode(_RECORD, raw)
        if isinstance(record, str):
            yield reject(where, record, data)
            return
        if match["collection"] == REPOST:
            yield self._bare_repost(view.uri, match["repo"], record, where, data)
            return
        if record.kind not in (POST, None, UNSET):
            yield Ignored("kind-not-read")
            return
        yield views.post_record(view, record, self._privacy, handles, included=included)
        quoted = views.quoted_view(view.embed)
        if quoted is not None and not inner:
            yield from self._view(msgspec.json.encode(quoted), f"{where} quoted", {}, included=True, inner=True)
        yield from self._author(view.author)

    def _bare_repost(self, uri: str, repo: str, record: PostRecord, where: str, data: msgspec.Raw | bytes) -> Item:
        """A repost as it stands in its repository."""
        match record.subject:
            case {"uri": str(of)} if AT_URI.fullmatch(of):
                when = bluesky.times_of(record.created_at, None, ZoneBasis.EXPLICIT)
                return bluesky_records.repost_record(
                    uri, repo, of, when, self._privacy, handles={}, version=views.VERSION
                )
            case _:
                return reject(where, "shape-unknown", data)

    def _profile(self, data: msgspec.Raw | bytes, where: str) -> Iterator[Item]:
        author = decode(_AUTHOR, data)
        profile = views.profile_of(author, self._privacy) if isinstance(author, Author) else None
        if profile is None:
            yield reject(where, author if isinstance(author, str) else "id-unreadable", data)
            return
        account = self._accounts.record_of(profile, scope_of(self._privacy, {}), included=False)
        yield account or Ignored("given-already")

    def _author(self, author: Author | UnsetType | None) -> Iterator[Item]:
        profile = views.profile_of(author, self._privacy) if author else None
        account = self._accounts.record_of(profile, scope_of(self._privacy, {})) if profile else None
        if account is not None:
            yield account


def _is_repost(reason: msgspec.Raw | UnsetType) -> bool:
    return reason is not UNSET and b"#reasonRepost" in bytes(reason)


def _any(raw: msgspec.Raw) -> Any:
    return decode(_ANY, raw)
