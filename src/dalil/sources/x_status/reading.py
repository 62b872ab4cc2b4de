"""One status with all that is inside it, as records in order: itself, its author, then what came along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Post
from dalil.schema.words import IdQuality, Kind, State
from dalil.sources.importer import Ignored, Item, Quarantined, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.x_status import records
from dalil.sources.x_status.accounts import Accounts
from dalil.sources.x_status.around import PLATFORM, Around, Author, key_of, name_of
from dalil.sources.x_status.records import Given
from dalil.sources.x_status.shapes import User, said
from dalil.sources.x_status.tidying import Tidier

_MOST_NESTED: Final = 64


class Statuses:
    """Reads the statuses of one file.

    Args:
        source_version: of the format, such as `1.1`.
    """

    def __init__(self, privacy: Pseudonymiser, source_version: str) -> None:
        self._privacy = privacy
        self._source_version = source_version
        self._accounts = Accounts(privacy, source_version)

    def items(self, given: Given) -> Iterator[Item]:
        """The status, the account behind it, and whatever it contains, counted apart."""
        given.status.whose = UNSET
        found = [given]
        seen = {key_of(given.status)[0]}
        for one in found:
            one.original_here = bool(one.status.retweeted_status)
            for inner in records.nested(one.status) if len(found) < _MOST_NESTED else ():
                key = key_of(inner)[0]
                if key not in seen:
                    seen.add(key)
                    where = f"{given.where} included {len(found)}"
                    found.append(Given(inner, where, included=True, retrieved_at=given.retrieved_at))
        around = Around()
        for one in found:
            Tidier(one.warnings).status(one.status)
            around.add(one.status)
        for key, author in given.known.items():
            around.tell(key, author)
        for one in found:
            user = one.status.user or None
            yield records.record_of(one, around, self._privacy, source_version=self._source_version)
            yield from self.account(user)

    def account(self, user: User | None, *, included: bool = True) -> Iterator[Item]:
        """The account on its own; where it is the record itself, nothing is left out silently."""
        if user is not None and not included:
            Tidier([]).user(user)
        if user is not None and said(user.protected):
            if not included:
                yield Quarantined("not-public")
            return
        record = self._accounts.record_of(user, included=included)
        if record is not None:
            yield record
        elif not included:
            yield Ignored("account-without-news")

    def notice(
        self,
        key: str,
        author: Author,
        state: State,
        reason: str,
        *,
        at: datetime | None = None,
        retrieved_at: datetime | None = None,
        included: bool = False,
    ) -> Record:
        """The state of a post that itself is not there: deleted, withheld, not to be had (law 7).

        Args:
            at: when it came to be so, by the platform; else `retrieved_at`, when the collector saw it.
        """
        shown = Around().post_id(key, author, self._privacy)
        raw: dict[str, object] = {"id_str": shown, "reason": reason, "at": at}
        if shown == key:
            raw["whose"] = name_of(author, self._privacy)
        return Record(
            kind=Kind.POST,
            uid=f"{PLATFORM}:{shown}",
            version=content_version("", state.value),
            raw=canonical_bytes({"notice": raw}),
            source_version=self._source_version,
            post=Post(
                uid=f"{PLATFORM}:{shown}",
                platform=PLATFORM,
                native_id=shown,
                id_quality=IdQuality.HASHED if shown != key else IdQuality.EXACT,
                state=state,
                state_at=at or retrieved_at,
                state_reason=reason,
            ),
            locators=self._privacy.take_locators(),
            included=included,
        )
