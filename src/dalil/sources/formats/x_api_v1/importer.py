"""The importer of X API v1.1 files: JSON Lines line by line, any other JSON value by value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.schema.words import State
from dalil.sources.decoding import UNREADABLE, reject_of
from dalil.sources.formats.x_api_v1.embedded import brought_home
from dalil.sources.formats.x_api_v1.shapes import EVENTS, Embedded, Envelope, Gone
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.json_items import read_each
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread
from dalil.sources.times import from_epoch
from dalil.sources.x_status.around import NOBODY, Author, text_id
from dalil.sources.x_status.reading import Statuses
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.rereads import Rereading
from dalil.sources.x_status.shapes import User

_VERSION: Final = "1.1"
_AGAIN: Final = Rereading(_VERSION, originals=True)
_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_STATUS: Final = msgspec.json.Decoder(Embedded)
_USER: Final = msgspec.json.Decoder(User)
_MAP: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_OPENS: Final = re.compile(rb"\s*[\[{]")
_ID: Final = re.compile(rb'"id_str"\s*:\s*"')
_STATUS_FIELDS: Final = re.compile(
    rb'"(?:favorite_count|retweet_count|in_reply_to_status_id_str|is_quote_status|favorited)"\s*:'
)
_TEXT: Final = re.compile(rb'"(?:full_text|text)"\s*:')
_ACCOUNT: Final = re.compile(
    rb'"(?:screen_name)"\s*:.*"(?:statuses_count|friends_count|followers_count)"\s*:', re.DOTALL
)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_EVENT: Final = re.compile(
    rb'\s*\[?\s*\{\s*"(?:delete"\s*:\s*\{\s*"status"\s*:\s*\{|status_withheld"\s*:\s*\{|limit"\s*:\s*\{\s*"track"|user_withheld"\s*:\s*\{)'
)
_OTHERS: Final = re.compile(
    rb'"(?:source_platform|timestamp_collected|edit_history_tweet_ids|conversation_id|author_id|rest_id|_source|reblogs_count|timestamp_utc)"\s*:'
)


class XApiV1:
    """Posts of X as its API v1.1 gives them."""

    manifest = Manifest(
        name="x-api-v1",
        version="2",
        title="X API v1.1 (JSON, JSON Lines)",
        proof="three statuses and three users of the API and three answers of its embedding service, recorded by "
        "others, in tests/golden/sources/x_api_v1 (medialab/twitwi, MIT); events of streams: unproven on a real file",
        notes="Answers of search and lookup, streams with their deletions, users. Accounts not in the public list "
        "become keyed hashes.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure where `id_str` stands beside fields that only this API has, outside any envelope."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head) or _OTHERS.search(head):
            return 0.0
        if _EVENT.match(head):
            return 0.9
        if not _ID.search(head):
            return 0.0
        if _STATUS_FIELDS.search(head) and _TEXT.search(head):
            return 0.95
        return 0.85 if _ACCOUNT.search(head) else 0.0

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each status with what it contains, in order; deletions and withholdings as states."""
        return read_each(source, context, _Reader(context).value)

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        return _AGAIN.read(raw, held, again)


class _Reader:
    """Reads value by value; remembers recent accounts only."""

    def __init__(self, context: ReadContext) -> None:
        self._statuses = Statuses(context.privacy, _VERSION)

    def value(self, data: bytes, where: str) -> Iterator[Item]:
        try:
            yield from self._decoded(data, where)
        except UNREADABLE as error:
            yield reject_of(error, where, data)

    def _decoded(self, data: bytes, where: str) -> Iterator[Item]:
        """What one value holds.

        Raises:
            msgspec.DecodeError, UnicodeDecodeError, RecursionError: it cannot be read.
        """
        envelope = _ENVELOPE.decode(data)
        if envelope.full_text is not UNSET or envelope.text is not UNSET:
            yield from self._status(data, where)
        elif envelope.statuses is not UNSET:
            for at, part in enumerate(envelope.statuses):
                yield from self._part(bytes(part), f"{where} statuses[{at}]")
        elif envelope.users is not UNSET:
            for at, part in enumerate(envelope.users):
                yield from self._part(bytes(part), f"{where} users[{at}]")
        elif envelope.screen_name is not UNSET:
            yield from self._user(data, where)
        elif envelope.id is not UNSET:
            yield from self._looked_up(bytes(envelope.id), where)
        else:
            yield self._event(envelope, data, where)

    def _part(self, data: bytes, where: str) -> Iterator[Item]:
        """One element of an answer; a broken one loses only itself."""
        try:
            envelope = _ENVELOPE.decode(data)
            as_user = envelope.screen_name is not UNSET and envelope.full_text is envelope.text is UNSET
            yield from self._user(data, where) if as_user else self._status(data, where)
        except UNREADABLE as error:
            yield reject_of(error, where, data)

    def _status(self, data: bytes, where: str) -> Iterator[Item]:
        status = brought_home(_STATUS.decode(data))
        status.reposted = UNSET  # what only we write
        yield from self._statuses.items(Given(status, where))

    def _user(self, data: bytes, where: str) -> Iterator[Item]:
        user = _USER.decode(data)
        latest, user.status = user.status or None, UNSET
        yield from self._statuses.account(user, included=False)
        if latest is not None:
            latest.user, latest.reposted = user, UNSET
            yield from self._statuses.items(Given(latest, f"{where} status", included=True))

    def _looked_up(self, data: bytes, where: str) -> Iterator[Item]:
        """A lookup with `map=true`: a post that is null is not to be had, and the platform does not say why."""
        for at, (key, part) in enumerate(_MAP.decode(data).items()):
            if bytes(part).strip() == b"null":
                yield self._notice(key, NOBODY, State.UNAVAILABLE, "lookup-null", None, f"{where} id[{at}]")
            else:
                yield from self._part(bytes(part), f"{where} id[{at}]")

    def _event(self, envelope: Envelope, data: bytes, where: str) -> Item:
        """An event of a stream: a state of a post, or counted."""
        if envelope.delete is not UNSET:
            if not envelope.delete.status:
                return Ignored("stream-event")
            return self._gone(envelope.delete.status, State.DELETED, "delete", envelope.delete.timestamp_ms, where)
        if envelope.status_withheld is not UNSET:
            gone = envelope.status_withheld
            codes = [code for code in gone.withheld_in_countries or () if _COUNTRY.fullmatch(code)]
            reason = " ".join(sorted(codes)) or "status_withheld"
            return self._gone(gone, State.WITHHELD, reason, gone.timestamp_ms, where)
        for field, code in EVENTS.items():
            if getattr(envelope, field) is not UNSET:
                return Ignored(code)
        return Reject(where, "shape-unknown", hashlib.sha256(data).hexdigest())

    def _gone(self, gone: Gone, state: State, reason: str, at: object, where: str) -> Item:
        key = text_id(gone.id_str) or text_id(gone.id)
        author = Author(text_id(gone.user_id_str) or text_id(gone.user_id))
        return self._notice(key, author, state, reason, _moment(at), where)

    def _notice(
        self, key: str | None, author: Author, state: State, reason: str, at: datetime | None, where: str
    ) -> Item:
        if not key or not key.isascii() or not key.isdigit() or len(key) > 20:
            return Reject(where, "id-unreadable", hashlib.sha256((key or "").encode("utf-8", "replace")).hexdigest())
        return self._statuses.notice(key, author, state, reason[:200], at=at)


def _moment(milliseconds: object) -> datetime | None:
    try:
        return from_epoch(int(milliseconds) / 1000) if isinstance(milliseconds, str | int) else None
    except (ValueError, OverflowError):
        return None
