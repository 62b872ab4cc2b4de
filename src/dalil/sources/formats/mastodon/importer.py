"""The importer of answers of Mastodon's own API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources import fediverse, fediverse_rereads
from dalil.sources.account_records import Accounts
from dalil.sources.decoding import decode, reject
from dalil.sources.formats.mastodon import statuses
from dalil.sources.formats.mastodon.shapes import Envelope, Quote, Status, User
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_STATUS: Final = msgspec.json.Decoder(Status)
_USER: Final = msgspec.json.Decoder(User)
_QUOTE: Final = msgspec.json.Decoder(Quote)
_OPENS: Final = re.compile(rb"\s*[\[{]")
_STATUS_KEYS: Final = re.compile(rb'"(?:spoiler_text|reblogs_count|favourites_count)"\s*:')
_MORE_KEYS: Final = re.compile(rb'"(?:visibility|media_attachments|in_reply_to_account_id)"\s*:')
_USER_KEYS: Final = (
    re.compile(rb'"acct"\s*:'),
    re.compile(rb'"statuses_count"\s*:'),
    re.compile(rb'"display_name"\s*:'),
)
_OTHERS: Final = re.compile(rb'"(?:id_str|source_platform_url|nav_index|orderedItems|time_us)"\s*:')
_PUBLIC: Final = "public"


class Mastodon:
    """Statuses, threads, searches and accounts as Mastodon and its kin answer them."""

    manifest = Manifest(
        name="mastodon",
        version="2",
        title="Mastodon API (JSON, JSON Lines)",
        proof="17 of 39 statuses recorded by others, in tests/golden/sources/mastodon (halcy/Mastodon.py, MIT)",
        notes="Only public posts are read: unlisted, followers-only and direct ones are counted at the door.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the words that only this API has."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        if _STATUS_KEYS.search(head) and _MORE_KEYS.search(head):
            return 0.95
        return 0.8 if all(key.search(head) for key in _USER_KEYS) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return fediverse_rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each status in order, then what it holds, then its account where that is new."""
        return read_each(source, context, _Reader(context).value)


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)

    def value(self, data: bytes, where: str) -> Iterator[Item]:
        found = decode(_ENVELOPE, data)
        if isinstance(found, str):
            yield reject(where, found, data)
        elif found.content is not msgspec.UNSET:
            yield from self._status(data, where)
        elif found.acct is not msgspec.UNSET:
            yield from self._account(data, where)
        elif found.error is not msgspec.UNSET:
            yield Ignored("answer-is-error")
        else:
            held = [(name, getattr(found, name)) for name in ("ancestors", "descendants", "statuses", "accounts")]
            if all(part is msgspec.UNSET for _, part in held):
                yield reject(where, "shape-unknown", data)
            for name, part in held:
                for at, item in enumerate(part or ()):
                    read = self._account if name == "accounts" else self._status
                    yield from read(item, f"{where} {name}[{at}]")

    def _status(
        self, data: bytes | msgspec.Raw, where: str, *, included: bool = False, depth: int = 0
    ) -> Iterator[Item]:
        status = decode(_STATUS, data)
        if isinstance(status, str):
            yield reject(where, status, data)
            return
        if status.visibility != _PUBLIC:
            yield Quarantined("not-public", included=included)
            return
        if not fediverse.URI.fullmatch(status.uri):
            yield reject(where, "id-unreadable", data)
            return
        inner = bytes(status.reblog or b"null")
        if inner != b"null" and depth == 0:
            yield from self._repost(status, inner, where, data, included=included)
        else:
            quoted = self._quoted(status)
            target = None
            if quoted is not None:
                original = decode(_STATUS, quoted)
                if isinstance(original, Status):
                    target = fediverse.Target(
                        original.uri, statuses.person_of(original.account) if original.account else None
                    )
            yield statuses.note_record(status, self._privacy, target, included=included)
            if quoted is not None and depth == 0:
                yield from self._status(quoted, f"{where} quote", included=True, depth=1)
        yield from self._profile(status.account or None)

    def _repost(
        self, status: Status, inner: bytes, where: str, data: bytes | msgspec.Raw, *, included: bool
    ) -> Iterator[Item]:
        original = decode(_STATUS, inner)
        if isinstance(original, str):
            yield reject(f"{where} reblog", original, inner)
            return
        if original.visibility != _PUBLIC:
            yield Quarantined("not-public", included=included)
            return
        yield statuses.repost_record(status, original, self._privacy, included=included) or reject(
            where, "shape-unknown", data
        )
        yield from self._status(inner, f"{where} reblog", included=True, depth=1)

    @staticmethod
    def _quoted(status: Status) -> msgspec.Raw | None:
        """The quoted status: in an envelope (Mastodon), or as it is (others)."""
        raw = status.quote
        if raw is msgspec.UNSET or bytes(raw).lstrip()[:1] != b"{":
            return None
        envelope = decode(_QUOTE, raw)
        if isinstance(envelope, Quote) and envelope.quoted_status is not msgspec.UNSET:
            inner = envelope.quoted_status
            return inner if bytes(inner).lstrip()[:1] == b"{" else None
        return raw if b'"content"' in bytes(raw) else None

    def _account(self, data: bytes | msgspec.Raw, where: str) -> Iterator[Item]:
        user = decode(_USER, data)
        if isinstance(user, str):
            yield reject(where, user, data)
            return
        profile = statuses.profile_of(user, self._privacy)
        if profile is None:
            yield reject(where, "id-unreadable", data)
            return
        scope = fediverse.scope_of(self._privacy)
        yield self._accounts.record_of(profile, scope, included=False) or Ignored("given-already")

    def _profile(self, user: User | None) -> Iterator[Item]:
        profile = statuses.profile_of(user, self._privacy) if user is not None else None
        account = self._accounts.record_of(profile, fediverse.scope_of(self._privacy)) if profile else None
        if account is not None:
            yield account
