"""Raw records of status objects read again: the same structs, the same way, on what redaction left.

What a raw record does not tell is taken over from the rows that are held of it: the author's handle (which
stands in the address), whether the account was open, when the counts were taken, how far the id can be
trusted, a second name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.moments import Moment
from dalil.schema.records import MediaRef, Post, Reject
from dalil.schema.words import EdgeType, IdQuality, Visibility
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.rereading import Held, Plainly, Reread, is_stand_in, not_read
from dalil.sources.x_status import records, texts
from dalil.sources.x_status.accounts import Accounts
from dalil.sources.x_status.around import PLATFORM, Around, Author, key_of, name_of, named_by, text_id
from dalil.sources.x_status.numbers import Created, from_x_date
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.shapes import Status, User

_ADDRESS: Final = re.compile(r"https://x\.com/([0-9A-Za-z_]{1,50})/status/.+")


class Notice(msgspec.Struct):
    """That a post is not there; `whose` it is, where that is a public account."""

    id_str: str
    reason: str | None = None
    at: Moment | None = None
    whose: str | None = None


class Counted(User):
    """An account; what was a text of many digits is a number now."""

    followers_count: str | int | float | UnsetType | None = UNSET
    friends_count: str | int | float | UnsetType | None = UNSET
    statuses_count: str | int | float | UnsetType | None = UNSET
    listed_count: str | int | float | UnsetType | None = UNSET


class Raw(msgspec.Struct):
    """The three kinds of raw record."""

    status: Status | UnsetType = UNSET
    user: Counted | UnsetType = UNSET
    notice: Notice | UnsetType = UNSET


_RAW: Final = msgspec.json.Decoder(Raw)


@dataclass(slots=True)
class Stored(Around):
    """What a raw record tells. A post's id that stands plainly is a public account's, whoever else is hashed in
    it, and stays, unless that account has become private."""

    def post_id(self, key: str, author: Author, privacy: Pseudonymiser) -> str:
        """The id of a post as it may be stored now."""
        plain = Author(*(None if is_stand_in(name) else name for name in author))
        return Around.post_id(self, key, plain, privacy)


def as_x_writes_it(status: Status, held: Created) -> Created:
    """When a post was made, where `created_at` has X's own form."""
    del held
    return from_x_date(status.created_at)


@dataclass(frozen=True, slots=True)
class Rereading:
    """How the raw records of one format are read again.

    Args:
        source_version: as the importer gives it.
        created: when a post was made, from its `created_at` and from what is held of it.
        originals: in this format the original of a repost comes along, so that its words make no keys.
        sealed: whom hashes stand for may be sealed; in a private person's own archive it may not.
    """

    source_version: str
    created: Callable[[Status, Created], Created] = as_x_writes_it
    originals: bool = False
    sealed: bool = True

    def read(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """See `sources.rereading.Rereader`."""
        try:
            kept = _RAW.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return not_read(held)
        if kept.status:
            found = self._status(kept.status, held, again.privacy)
        elif kept.user and kept.user.id_str:
            found = Accounts(again.privacy, self.source_version).told(kept.user, kept.user.id_str, included=False)
            found = _with_quality(found, held)
        elif kept.notice and held.post:
            found = self._notice(kept.notice, held, held.post, again.privacy)
        else:
            return not_read(held)
        if isinstance(found, Reject):
            return found
        locators = found.locators if self.sealed or found.author_public else ()
        return replace(found, included=held.included, warnings=held.warnings, locators=locators)

    def _status(self, status: Status, held: Held, privacy: Plainly) -> Record | Reject:
        post = held.post
        status.quoted_status = status.retweeted_status = status.parent = status.extended_tweet = UNSET
        status.text, status.full_text = status.full_text, UNSET
        _give_author(status, post)
        around = Stored()
        around.add(status)
        for key, name in (status.whose or {}).items():
            around.tell(key, named_by(name))
        _tell_repeated(status, held, around)
        first = around.first_ids.get(key_of(status)[0] or "", "")
        given = Given(
            status,
            "raw",
            created=self.created(status, _created(held)),
            quality=post.id_quality if post else None,
            retrieved_at=post.state_at if post else None,
            original_here=self.originals,
            again=True,
        )
        found = records.record_of(given, around, privacy, source_version=self.source_version)
        if isinstance(found, Reject):
            return found
        if not isinstance(found, Record):
            return not_read(held)
        if found.post is None or post is None:
            return found
        fresh = found.post
        if is_stand_in(first):
            fresh = replace(fresh, created_at=post.created_at)
        if post.media and not status.extended_entities:
            scope = texts.scope_of(status, around, privacy, public=found.author_public, again=True)
            fresh = replace(fresh, media=_media(post.media, scope, public=found.author_public))
        version = content_version(fresh.text, *(ref.native_key for ref in fresh.media), fresh.state.value)
        aliases = [edge for edge in held.edges if edge.type is EdgeType.ALIAS] if found.author_public else []
        return replace(found, post=fresh, version=version, edges=(*found.edges, *aliases))

    def _notice(self, notice: Notice, held: Held, post: Post, privacy: Plainly) -> Record | Reject:
        author = named_by(notice.whose or "")
        shown = Stored().post_id(notice.id_str, author, privacy)
        kept: dict[str, object] = {"id_str": shown, "reason": notice.reason, "at": notice.at}
        if notice.whose and not is_stand_in(shown):
            kept["whose"] = name_of(author, privacy)
        return Record(
            kind=held.kind,
            uid=f"{PLATFORM}:{shown}",
            version=content_version("", post.state.value),
            raw=canonical_bytes({"notice": kept}),
            source_version=self.source_version,
            post=Post(
                uid=f"{PLATFORM}:{shown}",
                platform=PLATFORM,
                native_id=shown,
                id_quality=IdQuality.HASHED if is_stand_in(shown) else IdQuality.EXACT,
                state=post.state,
                state_at=notice.at or post.state_at,
                state_reason=notice.reason,
            ),
            locators=privacy.take_locators(),
        )


def _give_author(status: Status, post: Post | None) -> None:
    """The account behind the status under its fields again, as far as it may be told."""
    author = named_by(text_id(status.user_id_str) or "")
    address = _ADDRESS.fullmatch(post.uri) if post and post.uri else None
    handle = address[1] if address and address[1] != "i" else author.handle
    user = User(id_str=author.native_id or UNSET, screen_name=handle or UNSET)
    user.protected = False if post and post.visibility is Visibility.PUBLIC else UNSET
    status.user, status.user_id_str = user, UNSET


def _tell_repeated(status: Status, held: Held, around: Around) -> None:
    """The id of a public account that is repeated: raw of version 1 had its handle alone, and the edge has its id."""
    repeated = status.reposted or None
    known = (held.edges[0].dst_hint or "").partition(":")[2] if held.edges else ""
    if repeated and repeated.screen_name and known and not (known.startswith("@") or is_stand_in(known)):
        around.ids.setdefault(repeated.screen_name.casefold(), known)


def _created(held: Held) -> Created:
    """When the post was made, as it is held."""
    if held.post is not None:
        return Created(held.post.claimed_at, held.post.created_precision, held.post.created_zone_basis)
    return Created(held.edges[0].at, basis=held.edges[0].at_basis) if held.edges else Created()


def _with_quality(found: Record, held: Held) -> Record:
    """How far an account's id can be trusted is not in the id alone: a number may have been rounded."""
    if not found.author_public or not held.accounts:
        return found
    return replace(found, accounts=(replace(found.accounts[0], id_quality=held.accounts[0].id_quality),))


def _media(media: tuple[MediaRef, ...], scope: Scope, *, public: bool) -> tuple[MediaRef, ...]:
    """Media that raw does not hold: raw of version 1 left out those that only `entities` named."""
    found = []
    for ref in media:
        alt = scope.clean(ref.alt_text) if ref.alt_text else None
        key = ref.native_key
        if not public:
            key = scope.privacy.stand_in(PLATFORM, "media", key) if key else None
        found.append(replace(ref, native_key=key, source_url=ref.source_url if public else None, alt_text=alt))
    return tuple(found)
