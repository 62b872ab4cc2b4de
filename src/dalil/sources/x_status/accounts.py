"""The accounts behind statuses, as records of their own; a private one keeps rounded counts only."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, Metric
from dalil.schema.words import IdQuality, Kind, MetricBasis, PublicRole, State
from dalil.sources.counts import rough, whole
from dalil.sources.ids import native
from dalil.sources.importer import Record
from dalil.sources.lately import Lately
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.x_status.around import PLATFORM
from dalil.sources.x_status.numbers import from_x_date
from dalil.sources.x_status.shapes import User, said

COUNTS: Final = (
    ("followers_count", "followers"),
    ("friends_count", "following"),
    ("statuses_count", "posts"),
    ("listed_count", "listed"),
)


class Accounts:
    """Makes account records, leaving out one that is the same as lately; its memory is bounded."""

    def __init__(self, privacy: Pseudonymiser, source_version: str) -> None:
        self._privacy = privacy
        self._source_version = source_version
        self._lately = Lately()

    def record_of(self, user: User | None, *, included: bool = True) -> Record | None:
        """The account; None where it was just given, or is protected or has no id, or nothing is told of it."""
        if user is None or not user.id_str or said(user.protected):
            return None
        who = self._privacy.account(PLATFORM, native(user.id_str)[0], handle=user.screen_name or None)
        counts = _counts(user)
        profile = (user.screen_name, user.name, user.description, user.created_at, said(user.verified))
        if not counts and not who.public:
            return None
        if not self._lately.is_news(who.uid, (profile if who.public else (), counts)):
            return None
        return self.told(user, user.id_str, included=included)

    def told(self, user: User, native_id: str | int | float, *, included: bool) -> Record:
        """The account, whether it was told before or not."""
        key, quality = native(native_id)
        who = self._privacy.account(PLATFORM, key, handle=user.screen_name or None)
        if who.public:
            account, kept = self._public(user, key, quality, _counts(user))
        else:
            account, kept = _private(who.uid, who.native_id, _counts(user))
        return Record(
            kind=Kind.ACCOUNT,
            uid=account.uid,
            version=content_version(account.handle, account.display_name, account.description, account.state.value),
            raw=canonical_bytes({"user": kept}),
            source_version=self._source_version,
            author_ref=account.uid,
            author_public=who.public,
            accounts=(account,),
            locators=self._privacy.take_locators(),
            included=included,
        )

    def _public(
        self, user: User, key: str, quality: IdQuality, counts: tuple[tuple[str, int | None], ...]
    ) -> tuple[Account, User]:
        scope = Scope(self._privacy, PLATFORM)
        description = scope.clean(user.description) if user.description else None
        name = scope.clean(user.name) if user.name else None
        created_at = from_x_date(user.created_at).at
        withheld = user.withheld_in_countries or None
        account = Account(
            uid=f"{PLATFORM}:{key}",
            platform=PLATFORM,
            native_id=key,
            id_quality=quality,
            handle=user.screen_name or None,
            display_name=name,
            description=description,
            created_at=created_at,
            counts=tuple(Metric(name, value) for name, value in counts),
            public_role=PublicRole.PUBLIC_ACTOR,
            verified=said(user.verified),
            state=State.WITHHELD if withheld else State.LIVE,
        )
        kept = User(
            id_str=key,
            screen_name=user.screen_name,
            name=UNSET if name is None else name,
            description=UNSET if description is None else description,
            created_at=user.created_at if created_at else UNSET,
            verified=user.verified,
            withheld_in_countries=user.withheld_in_countries,
        )
        for field, _ in COUNTS:
            setattr(kept, field, getattr(user, field))
        return account, kept


def _counts(user: User) -> tuple[tuple[str, int | None], ...]:
    return tuple((name, whole(getattr(user, field))) for field, name in COUNTS if getattr(user, field) is not UNSET)


def _private(uid: str, shown: str, counts: tuple[tuple[str, int | None], ...]) -> tuple[Account, User]:
    rounded = {name: rough(value) for name, value in counts}
    account = Account(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        id_quality=IdQuality.HASHED,
        counts=tuple(Metric(name, value, basis=MetricBasis.ROUNDED) for name, value in rounded.items()),
        public_role=PublicRole.UNKNOWN,
    )
    kept = User(id_str=shown)
    for field, name in COUNTS:
        if name in rounded:
            setattr(kept, field, rounded[name])
    return account, kept
