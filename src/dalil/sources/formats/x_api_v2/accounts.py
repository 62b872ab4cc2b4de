"""The accounts behind the posts, as records of their own; a private one keeps rounded counts only."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, Metric
from dalil.schema.words import IdQuality, Kind, MetricBasis, PublicRole, State
from dalil.sources.counts import rough
from dalil.sources.formats.x_api_v2.batches import PLATFORM
from dalil.sources.formats.x_api_v2.shapes import Count, User, parsed_time
from dalil.sources.ids import native
from dalil.sources.importer import Record
from dalil.sources.lately import Lately
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope

COUNTS: Final = {
    "followers_count": "followers",
    "following_count": "following",
    "tweet_count": "posts",
    "listed_count": "listed",
}
# Members of enums that nearly every record needs, looked up once.
_ACCOUNT: Final = Kind.ACCOUNT
_HASHED: Final = IdQuality.HASHED
_LIVE: Final = State.LIVE
_ROUNDED: Final = MetricBasis.ROUNDED
_WITHHELD: Final = State.WITHHELD


_VERIFIED: Final = ("blue", "business", "Business", "government", "none")


class Accounts:
    """Makes account records, leaving out one that is the same as lately; its memory is bounded."""

    def __init__(self, privacy: Pseudonymiser) -> None:
        self._privacy = privacy
        self._lately = Lately()

    def record_of(self, user: User) -> Record | None:
        """The account as an included record; None where it was just given, or is protected or has no id."""
        if not user.id or user.protected:
            return None
        key, quality = native(user.id)
        who = self._privacy.account(PLATFORM, key, handle=user.username or None)
        counts = tuple((user.public_metrics or {}).items())
        profile = (user.username, user.name, user.description, user.created_at, user.verified) if who.public else ()
        if not self._lately.is_news(who.uid, (profile, counts)):
            return None
        account, raw = self._public(user, key, quality) if who.public else self._private(user, who.uid, who.native_id)
        return Record(
            kind=_ACCOUNT,
            uid=account.uid,
            version=content_version(account.handle, account.display_name, account.description, account.state),
            raw=raw,
            source_version="2",
            author_ref=account.uid,
            author_public=who.public,
            accounts=(account,),
            locators=self._privacy.take_locators(),
            included=True,
        )

    def _public(self, user: User, key: str, quality: IdQuality) -> tuple[Account, bytes]:
        scope = Scope(self._privacy, PLATFORM)
        description = scope.clean(user.description) if user.description else None
        account = Account(
            uid=f"{PLATFORM}:{key}",
            platform=PLATFORM,
            native_id=key,
            id_quality=quality,
            handle=user.username or None,
            display_name=user.name or None,
            description=description,
            created_at=parsed_time(user.created_at),
            counts=tuple(Metric(COUNTS[n], _whole(v)) for n, v in (user.public_metrics or {}).items() if n in COUNTS),
            public_role=PublicRole.PUBLIC_ACTOR,
            verified=user.verified if isinstance(user.verified, bool) else None,
            state=_WITHHELD if user.withheld else _LIVE,
        )
        kept = User(
            id=key,
            username=user.username,
            name=user.name,
            description=UNSET if description is None else description,
            created_at=user.created_at if parsed_time(user.created_at) else UNSET,
            verified=user.verified,
            verified_type=user.verified_type if user.verified_type in _VERIFIED else UNSET,
            public_metrics={n: v for n, v in (user.public_metrics or {}).items() if n in COUNTS},
            withheld=user.withheld,
        )
        return account, canonical_bytes({"user": kept})

    @staticmethod
    def _private(user: User, uid: str, shown: str) -> tuple[Account, bytes]:
        rounded = {n: rough(_whole(v)) for n, v in (user.public_metrics or {}).items() if n in COUNTS}
        account = Account(
            uid=uid,
            platform=PLATFORM,
            native_id=shown,
            id_quality=_HASHED,
            counts=tuple(Metric(COUNTS[n], v, basis=_ROUNDED) for n, v in rounded.items()),
            public_role=PublicRole.UNKNOWN,
        )
        return account, canonical_bytes({"user": User(id=shown, public_metrics=dict(rounded))})


def _whole(value: Count) -> int | None:
    if value is None or value < 0:
        return None
    return int(value)
