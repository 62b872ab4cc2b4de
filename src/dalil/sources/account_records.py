"""Accounts that come along with posts, as records of their own: in full where public, else rounded counts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, AltId, Metric, Reject
from dalil.schema.words import AccountType, IdQuality, Kind, MetricBasis, PublicRole, State
from dalil.sources.counts import rough
from dalil.sources.importer import Record
from dalil.sources.lately import Lately
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope
from dalil.sources.rereading import Held, Reread, in_order, not_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a format tells of an account, as written. `counts`: shared name → value."""

    who: Who
    platform: str
    quality: IdQuality = IdQuality.EXACT
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    created_at: datetime | None = None
    counts: Sequence[tuple[str, int | None]] = ()
    counted_at: datetime | None = None
    type: AccountType = AccountType.UNKNOWN
    role: PublicRole = PublicRole.PUBLIC_ACTOR
    verified: bool | None = None
    state: State = State.LIVE
    alt_ids: tuple[AltId, ...] = ()


class Accounts:
    """Makes account records, leaving out one that is the same as lately; its memory is bounded."""

    def __init__(self, privacy: Pseudonymiser) -> None:
        self._privacy = privacy
        self._lately = Lately()

    def record_of(self, profile: Profile, scope: Scope, *, included: bool = True) -> Record | None:
        """The account; None where it was just given, or where nothing of a private one is left to tell."""
        uid = profile.who.uid
        if not self._lately.is_news(
            uid, (profile.handle, profile.display_name, profile.description, tuple(profile.counts), profile.state)
        ):
            return None
        account = _public(profile, scope) if profile.who.public else _private(profile)
        if not profile.who.public and included and not account.counts:
            return None
        return _record(account, self._privacy, public=profile.who.public, included=included)


def reread(account: Account, held: Held, again: Reread, scope: Scope) -> Record | Reject:
    """The account of a raw record again; one that has become private keeps its rounded counts only."""
    if not held.accounts or account.uid != f"{account.platform}:{account.native_id}":
        return not_read(held)
    privacy, native = again.privacy, account.native_id
    if native.startswith("@"):
        who = privacy.by_handle(account.platform, native[1:])
    else:
        who = privacy.account(account.platform, native, handle=account.handle)
    account = replace(account, counts=in_order(account.counts, held.accounts[0].counts))
    if not who.public:
        account = Account(
            uid=who.uid,
            platform=account.platform,
            native_id=who.native_id,
            id_quality=IdQuality.HASHED,
            counts=tuple(_rounded(count.name, count.value) for count in account.counts),
            state=account.state,
        )
    elif account.description:
        account = replace(account, description=scope.clean(account.description))
    found = _record(account, privacy, public=who.public, included=held.included)
    return replace(found, source_version=held.source_version, warnings=held.warnings)


def _record(account: Account, privacy: Pseudonymiser, *, public: bool, included: bool) -> Record:
    return Record(
        kind=Kind.ACCOUNT,
        uid=account.uid,
        version=content_version(account.handle, account.display_name, account.description, account.state.value),
        raw=canonical_bytes({"account": replace(account, counts=tuple(replace(m, at=None) for m in account.counts))}),
        author_ref=account.uid,
        author_public=public,
        accounts=(account,),
        locators=privacy.take_locators(),
        included=included,
    )


def _public(profile: Profile, scope: Scope) -> Account:
    return Account(
        uid=profile.who.uid,
        platform=profile.platform,
        native_id=profile.who.native_id,
        id_quality=profile.quality,
        handle=profile.handle or None,
        display_name=profile.display_name or None,
        description=scope.clean(profile.description) if profile.description else None,
        created_at=profile.created_at,
        counts=tuple(Metric(name, value, profile.counted_at) for name, value in profile.counts),
        type=profile.type,
        public_role=profile.role,
        verified=profile.verified,
        state=profile.state,
        alt_ids=profile.alt_ids,
    )


def _private(profile: Profile) -> Account:
    return Account(
        uid=profile.who.uid,
        platform=profile.platform,
        native_id=profile.who.native_id,
        id_quality=IdQuality.HASHED,
        counts=tuple(_rounded(name, value) for name, value in profile.counts),
        public_role=PublicRole.UNKNOWN,
        state=profile.state,
    )


def _rounded(name: str, value: int | None) -> Metric:
    return Metric(name, rough(value), basis=MetricBasis.ROUNDED)
