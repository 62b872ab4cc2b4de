"""Who posted, and the account as a record of its own; a private one keeps rounded counts only."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, Metric
from dalil.schema.words import IdQuality, Kind, MetricBasis, PublicRole, State
from dalil.sources.counts import rough, whole
from dalil.sources.formats.tiktok_zeeschuimer.shapes import Id, Item, Person
from dalil.sources.ids import native
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope

PLATFORM: Final = "tiktok"
COUNTS: Final = (
    ("followerCount", "followers"),
    ("followingCount", "following"),
    ("videoCount", "posts"),
    ("heartCount", "likes"),
)
Counts = tuple[tuple[str, int | None], ...]


class Author(NamedTuple):
    """An author in one of the two known shapes: id or None, handle or None, and the rest where there is one."""

    native_id: str | None
    handle: str | None
    person: Person | None

    @property
    def private(self) -> bool:
        """Whether TikTok says that only some may see the account."""
        return self.person is not None and (self.person.private_account is True or self.person.secret is True)


def text_id(value: Id | object) -> str | None:
    """An id as text; `0` and nothing are none."""
    found = native(value)[0] if isinstance(value, str | int | float) else ""
    return found if found not in ("", "0") else None


def author_of(item: Item) -> Author:
    """The author, whether an object or a string."""
    if isinstance(item.author, Person):
        return Author(text_id(item.author.id), item.author.unique_id or None, item.author)
    handle = item.author if isinstance(item.author, str) else None
    return Author(text_id(item.author_id), handle or None, None)


def who_of(author: Author, privacy: Pseudonymiser) -> Who | None:
    """The author as it may be stored."""
    if author.native_id:
        return privacy.account(PLATFORM, author.native_id, handle=author.handle)
    return privacy.by_handle(PLATFORM, author.handle) if author.handle else None


def record_of(item: Item, author: Author, privacy: Pseudonymiser) -> Record | None:
    """The account as an included record; None where nothing but its id is told."""
    who = who_of(author, privacy)
    stats = item.author_stats or {}
    counts: Counts = tuple((name, _count(stats[field])) for field, name in COUNTS if field in stats)
    if who is None or not author.native_id or not (counts or (who.public and author.person)):
        return None
    return told(author, who, counts, privacy)


def told(author: Author, who: Who, counts: Counts, privacy: Pseudonymiser) -> Record:
    """The account with what is told of it."""
    account, raw = _public(author, who, counts, privacy) if who.public else _private(who, counts)
    return Record(
        kind=Kind.ACCOUNT,
        uid=account.uid,
        version=content_version(account.handle, account.display_name, account.description, account.state.value),
        raw=canonical_bytes({"author": raw, "authorStats": {metric.name: metric.value for metric in account.counts}}),
        author_ref=account.uid,
        author_public=who.public,
        accounts=(account,),
        locators=privacy.take_locators(),
        included=True,
    )


def _public(author: Author, who: Who, counts: Counts, privacy: Pseudonymiser) -> tuple[Account, Person]:
    person = author.person or Person()
    scope = Scope(privacy, PLATFORM, handle=DOTTED_HANDLE)
    description = scope.clean(person.signature) if person.signature else None
    name = scope.clean(person.nickname) if person.nickname else None
    account = Account(
        uid=who.uid,
        platform=PLATFORM,
        native_id=who.native_id,
        handle=author.handle,
        display_name=name,
        description=description,
        counts=tuple(Metric(name, value) for name, value in counts),
        public_role=PublicRole.PUBLIC_ACTOR,
        verified=person.verified if isinstance(person.verified, bool) else None,
        state=State.LIVE,
    )
    kept = Person(
        id=who.native_id,
        unique_id=author.handle or UNSET,
        nickname=UNSET if name is None else name,
        signature=UNSET if description is None else description,
        verified=person.verified,
    )
    return account, kept


def _private(who: Who, counts: Counts) -> tuple[Account, Person]:
    account = Account(
        uid=who.uid,
        platform=PLATFORM,
        native_id=who.native_id,
        id_quality=IdQuality.HASHED,
        counts=tuple(Metric(name, rough(value), basis=MetricBasis.ROUNDED) for name, value in counts),
        public_role=PublicRole.UNKNOWN,
    )
    return account, Person(id=who.native_id)


def _count(value: object) -> int | None:
    return whole(value)
