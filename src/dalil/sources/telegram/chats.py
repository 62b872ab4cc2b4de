"""One channel or supergroup: who posts in it, and which of its ids may be stored."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, Metric
from dalil.schema.words import AccountType, IdQuality, Kind, MetricBasis, PublicRole, State, Visibility
from dalil.sources.account_rules import ACCOUNT, PLACE
from dalil.sources.counts import rough
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope
from dalil.sources.telegram.ids import PLATFORM, Peer

_REMEMBERED: Final = 1_000_000
# Members of enums that nearly every record needs, looked up once.
_ACCOUNT: Final = Kind.ACCOUNT
_LIVE: Final = State.LIVE
_PUBLIC: Final = Visibility.PUBLIC
_UNKNOWN: Final = Visibility.UNKNOWN


@dataclass
class Chat:
    """A chat while its messages are read.

    Args:
        native_id: its true bare id.
        is_channel: its own posts are all there is: nobody else writes in a channel.
        public: it is known to be readable by anybody; of any other chat not even the id is stored.
        handle: its public name, where the source tells it.
        names_own: a group's own posts keep their ids; that needs its messages in the order of their ids.

    `_own` holds the message ids that the chat itself posted, ascending, at most a million (8 MB):
    in a supergroup only those may be named when somebody answers them.
    """

    native_id: str
    privacy: Pseudonymiser
    is_channel: bool = True
    public: bool = True
    handle: str | None = None
    names_own: bool = True
    _own: array[int] = field(default_factory=lambda: array("q"))

    @cached_property
    def itself(self) -> Who:
        """The chat as an account: a channel that anybody can read, or a group as a place."""
        kind = ACCOUNT if not self.public else "public_channel" if self.is_channel else PLACE
        return self.privacy.account(PLATFORM, self.native_id, handle=self.handle, kind=kind)

    @property
    def uid(self) -> str:
        return self.itself.uid

    @property
    def visibility(self) -> Visibility:
        """Whether anybody can read it; a person's own public channel is no less public for that."""
        return _PUBLIC if self.public or self.itself.public else _UNKNOWN

    @cached_property
    def name(self) -> str | None:
        """Its public name, if we know one."""
        return self.handle or self.privacy.handle_of(PLATFORM, self.native_id)

    @cached_property
    def scope(self) -> Scope:
        """What is known while a message of this chat is redacted."""
        own = {(PLATFORM, self.native_id)} if self.itself.public else set()
        if self.itself.public and self.name:
            own.add((PLATFORM, self.name.casefold()))
        return Scope(self.privacy, PLATFORM, own=frozenset(own))

    def author(self, sender: Peer | None) -> Who | None:
        """Who posted: the chat itself, a member (private until known), or nobody we can tell."""
        if sender is None:
            return self.itself if self.is_channel else None
        if sender.kind == "channel" and (self.is_channel or sender.native_id == self.native_id):
            return self.itself
        return self.privacy.account(
            PLATFORM, sender.native_id, kind=ACCOUNT if self.is_channel else "public_supergroup"
        )

    def account(self, who: Peer) -> Who:
        """Any peer."""
        if who.kind == "channel" and who.native_id == self.native_id:
            return self.itself
        return self.privacy.account(PLATFORM, who.native_id)

    def post_id(self, number: int, *, public: bool) -> str:
        """The id of one of its messages as it may be stored; public ones are remembered for their answers."""
        public = public and self.itself.public and (self.is_channel or self.names_own)
        if (
            public
            and not self.is_channel
            and len(self._own) < _REMEMBERED
            and (not self._own or number > self._own[-1])
        ):
            self._own.append(number)
        return self.privacy.post(PLATFORM, f"{self.native_id}/{number}", public=public)

    def answered_id(self, number: int) -> str:
        """The id of an earlier message that another answers."""
        if self.is_channel:
            known = self.itself.public
        else:
            at = bisect_left(self._own, number)
            known = at < len(self._own) and self._own[at] == number
        return self.privacy.post(PLATFORM, f"{self.native_id}/{number}", public=known)

    def post_elsewhere(self, where: Peer, number: int) -> str:
        """The id of a message of another channel, that this one answers or forwards."""
        if where.native_id == self.native_id:
            return self.answered_id(number)
        public = self.privacy.is_public(PLATFORM, native_id=where.native_id)
        return self.privacy.post(PLATFORM, f"{where.native_id}/{number}", public=public)

    def address(self, number: int) -> str:
        """The address of a message that the chat itself posted."""
        return f"https://t.me/{self.name}/{number}" if self.name else f"https://t.me/c/{self.native_id}/{number}"

    def record(
        self,
        shown: str,
        raw: dict[str, object],
        *,
        source_version: str = "",
        about: str | None = None,
        created_at: datetime | None = None,
        counts: tuple[Metric, ...] = (),
        verified: bool | None = None,
    ) -> Record:
        """A chat as an account, included with its messages; a private one's name and description are left out.

        Args:
            shown: what it calls itself.
            raw: what is kept of a public one; nothing private may be in it.
        """
        kind = AccountType.CHANNEL if self.is_channel else AccountType.GROUP
        if not self.itself.public:
            return self._private(private_account(self.itself, counts, kind), source_version)
        account = Account(
            uid=self.uid,
            platform=PLATFORM,
            native_id=self.native_id,
            handle=self.name,
            display_name=shown or None,
            description=about,
            created_at=created_at,
            counts=counts,
            type=kind,
            public_role=PublicRole.PUBLIC_ACTOR,
            verified=verified,
            state=_LIVE,
        )
        return Record(
            kind=_ACCOUNT,
            uid=self.uid,
            version=content_version(account.handle, account.display_name, about, account.state),
            raw=canonical_bytes({"chat": raw}),
            source_version=source_version,
            author_ref=self.uid,
            author_public=True,
            accounts=(account,),
            included=True,
            locators=self.privacy.take_locators(),
        )

    def _private(self, account: Account, source_version: str) -> Record:
        return Record(
            kind=Kind.ACCOUNT,
            uid=account.uid,
            version=content_version(None, None, None, account.state.value),
            raw=canonical_bytes({"chat": private_raw(account)}),
            source_version=source_version,
            author_ref=account.uid,
            accounts=(account,),
            included=True,
            locators=self.privacy.take_locators(),
        )


def private_account(who: Who, counts: tuple[Metric, ...], kind: AccountType) -> Account:
    """What may be stored of a chat that is a private person's: its hash, its kind and rounded counts."""
    return Account(
        uid=who.uid,
        platform=PLATFORM,
        native_id=who.native_id,
        id_quality=IdQuality.HASHED,
        counts=tuple(Metric(count.name, rough(count.value), basis=MetricBasis.ROUNDED) for count in counts),
        type=kind,
        public_role=PublicRole.UNKNOWN,
        state=State.LIVE,
    )


def private_raw(account: Account) -> dict[str, object]:
    """The same as raw, whichever format told of it."""
    return {"id": account.native_id, "type": account.type, "counts": [(m.name, m.value) for m in account.counts]}
