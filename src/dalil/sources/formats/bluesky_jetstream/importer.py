"""The importer of Bluesky's stream of commits, which tells of edits and deletions as they happen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.schema.words import State, ZoneBasis
from dalil.sources import account_records, bluesky, bluesky_records, bluesky_rereads, times
from dalil.sources.bluesky_texts import AT_URI, DID, PLATFORM, POST, REPOST, PostRecord, scope_of
from dalil.sources.decoding import decode, reject
from dalil.sources.formats.bluesky_jetstream.shapes import Commit, Event, Profile, Status
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_EVENT: Final = msgspec.json.Decoder(Event)
_POST: Final = msgspec.json.Decoder(PostRecord)
_PROFILE: Final = msgspec.json.Decoder(Profile)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_TIME: Final = re.compile(rb'"time_us"\s*:\s*\d')
_KIND: Final = re.compile(rb'"kind"\s*:\s*"(?:commit|identity|account)"')
_TAP: Final = re.compile(rb'"type"\s*:\s*"(?:record|identity|user)"')
_COMMIT: Final = re.compile(rb'"(?:rkey|collection|handle)"\s*:\s*"')
_DID: Final = re.compile(rb'"did"\s*:\s*"did:')
_ACCOUNT: Final = "app.bsky.actor.profile"
_VERSION: Final = "jetstream-1"
_IGNORED: Final = {
    "app.bsky.feed.like": "like-not-read",
    "app.bsky.graph.follow": "relations-not-read",
    "app.bsky.graph.block": "relations-not-read",
    "app.bsky.graph.list": "relations-not-read",
    "app.bsky.graph.listitem": "relations-not-read",
}
_GONE: Final = {"deleted": State.DELETED, "takendown": State.WITHHELD, "suspended": State.WITHHELD}


class BlueskyJetstream:
    """Posts, reposts, edits and deletions from Jetstream, a decoded firehose or Tap."""

    manifest = Manifest(
        name="bluesky-jetstream",
        version="1",
        title="Bluesky Jetstream, decoded firehose, Tap (JSON Lines, JSON)",
        proof="62 of 162 events of bluesky-social/jetstream (Apache-2.0) and 10 of 23 of medialab/twitwi (MIT), in tests/golden/sources/bluesky_jetstream",
        notes="A deletion is a state. Likes, follows and blocks are counted, not read. Repositories as CAR files are not read.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the envelope of an event."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or not _DID.search(head):
            return 0.0
        if _TIME.search(head) and _KIND.search(head):
            return 0.97
        return 0.97 if _TAP.search(head) and _COMMIT.search(head) and not _TIME.search(head) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return bluesky_rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each event in order."""
        reader = _Reader(context)
        return read_each(source, context, lambda data, where: (reader.event(data, where),))


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._accounts = account_records.Accounts(context.privacy)

    def event(self, data: bytes, where: str) -> Item:
        event = decode(_EVENT, data)
        if isinstance(event, str):
            return reject(where, event, data)
        at = times.from_epoch(event.time_us / 1_000_000) if event.time_us is not UNSET else None
        commit = event.commit or event.record or None
        did = event.did or (commit.did if commit else None) or ""
        if event.kind == "identity" or event.type in ("identity", "user"):
            return Ignored("identity-not-read")
        if not DID.fullmatch(did):
            return reject(where, "id-unreadable" if commit or did else "shape-unknown", data)
        if event.account:
            return self._status(did, event.account)
        if commit is None:
            return reject(where, "shape-unknown", data)
        uri = f"at://{did}/{commit.collection}/{commit.rkey}"
        if not AT_URI.fullmatch(uri):
            return reject(where, "id-unreadable", data)
        return self._commit(did, uri, commit, at, where, data)

    def _commit(self, did: str, uri: str, commit: Commit, at: datetime | None, where: str, data: bytes) -> Item:
        operation = commit.operation or commit.action
        if operation not in ("create", "update", "delete"):
            return reject(where, "shape-unknown", data)
        if operation == "delete":
            if commit.collection != POST:
                return Ignored(_IGNORED.get(commit.collection, "undone-not-read"))
            return bluesky_records.gone_record(uri, self._privacy, at=at, reason="delete", handles={}, version=_VERSION)
        if commit.collection == _ACCOUNT:
            return self._profile(did, commit)
        if commit.collection not in (POST, REPOST):
            return Ignored(_IGNORED.get(commit.collection, "kind-not-read"))
        record = decode(_POST, commit.record)
        if isinstance(record, str):
            return reject(where, record, data)
        if commit.collection == REPOST:
            return self._repost(did, uri, record, at, where, data)
        if record.kind not in (POST, None, UNSET):
            return Ignored("kind-not-read")
        found = bluesky.Found(
            uri=uri,
            record=record,
            cid=commit.cid or None,
            server=at,
            server_basis=ZoneBasis.EPOCH,
            edited=operation == "update",
        )
        return bluesky.post_record(found, self._privacy, version=_VERSION)

    def _repost(self, did: str, uri: str, record: PostRecord, at: datetime | None, where: str, data: bytes) -> Item:
        of: Any = record.subject.get("uri") if isinstance(record.subject, dict) else None
        if not isinstance(of, str) or not AT_URI.fullmatch(of):
            return reject(where, "shape-unknown", data)
        when = bluesky.times_of(record.created_at, at, ZoneBasis.EPOCH)
        return bluesky_records.repost_record(uri, did, of, when, self._privacy, handles={}, version=_VERSION)

    def _profile(self, did: str, commit: Commit) -> Item:
        """What a public account says of itself; a private one's words about itself are not read."""
        found = decode(_PROFILE, commit.record)
        if not self._privacy.is_public(PLATFORM, native_id=did) or isinstance(found, str):
            return Ignored("profile-not-read")
        profile = account_records.Profile(
            who=self._privacy.account(PLATFORM, did),
            platform=PLATFORM,
            display_name=found.display_name or None,
            description=found.description or None,
            created_at=bluesky.read_time(found.created_at),
        )
        account = self._accounts.record_of(profile, scope_of(self._privacy, {}), included=False)
        return account or Ignored("given-already")

    def _status(self, did: str, status: Status) -> Item:
        """An account that went away is a state."""
        if status.active is not False:
            return Ignored("identity-not-read")
        profile = account_records.Profile(
            who=self._privacy.account(PLATFORM, did),
            platform=PLATFORM,
            state=_GONE.get(status.status or "", State.UNAVAILABLE),
        )
        account = self._accounts.record_of(profile, scope_of(self._privacy, {}), included=False)
        return account or Ignored("given-already")
