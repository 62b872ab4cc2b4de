"""One exported public channel or supergroup: who posts in it, and which post ids may be stored."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account
from dalil.schema.words import AccountType, Kind, PublicRole, State
from dalil.sources.formats.telegram_desktop.ids import Peer, peer
from dalil.sources.formats.telegram_desktop.shapes import Message
from dalil.sources.formats.telegram_desktop.texts import PLATFORM
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope

SOURCE_VERSION: Final = "result.json"
PUBLIC: Final = {"public_channel": AccountType.CHANNEL, "public_supergroup": AccountType.GROUP}
_REMEMBERED: Final = 1_000_000


@dataclass(slots=True)
class Chat:
    """A public chat while it is read.

    `_own` holds the message ids that the chat itself posted, ascending, at most a million (8 MB):
    in a supergroup only those may be named when somebody answers them.
    """

    native_id: str
    name: str
    type: str
    privacy: Pseudonymiser
    zone: ZoneInfo | None = None
    _own: array[int] = field(default_factory=lambda: array("q"))

    @property
    def uid(self) -> str:
        return f"{PLATFORM}:{self.native_id}"

    @property
    def is_channel(self) -> bool:
        return self.type == "public_channel"

    def scope(self) -> Scope:
        """What is known while a message of this chat is redacted."""
        own = {(PLATFORM, self.native_id)}
        handle = self.privacy.handle_of(PLATFORM, self.native_id)
        if handle:
            own.add((PLATFORM, handle.casefold()))
        return Scope(self.privacy, PLATFORM, own=frozenset(own))

    def author(self, message: Message) -> Who | None:
        """Who posted it: the chat itself, a member (private until known), or nobody we can tell."""
        sender = peer(message.from_id)
        if sender is None:
            return self._itself() if self.is_channel else None
        if sender.kind == "channel" and (self.is_channel or sender.native_id == self.native_id):
            return self._itself()
        return self.account(sender)

    def account(self, who: Peer) -> Who:
        """Any peer; the chat itself is public."""
        if who.kind == "channel" and who.native_id == self.native_id:
            return self._itself()
        return self.privacy.account(PLATFORM, who.native_id)

    def post_id(self, number: int, *, public: bool) -> str:
        """The id of one of its messages as it may be stored; public ones are remembered for their answers."""
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
        at = bisect_left(self._own, number)
        known = self.is_channel or (at < len(self._own) and self._own[at] == number)
        return self.privacy.post(PLATFORM, f"{self.native_id}/{number}", public=known)

    def address(self, number: int) -> str:
        """The address of a message that the chat itself posted."""
        handle = self.privacy.handle_of(PLATFORM, self.native_id)
        return f"https://t.me/{handle}/{number}" if handle else f"https://t.me/c/{self.native_id}/{number}"

    def record(self) -> Record:
        """The chat as an account, included with its messages."""
        account = Account(
            uid=self.uid,
            platform=PLATFORM,
            native_id=self.native_id,
            handle=self.privacy.handle_of(PLATFORM, self.native_id),
            display_name=self.name or None,
            type=PUBLIC[self.type],
            public_role=PublicRole.PUBLIC_ACTOR,
            state=State.LIVE,
        )
        return Record(
            kind=Kind.ACCOUNT,
            uid=self.uid,
            version=content_version(account.handle, account.display_name, None, account.state.value),
            raw=canonical_bytes({"chat": {"id": self.native_id, "name": self.name, "type": self.type}}),
            source_version=SOURCE_VERSION,
            author_ref=self.uid,
            author_public=True,
            accounts=(account,),
            included=True,
        )

    def _itself(self) -> Who:
        return Who(self.uid, self.native_id, public=True)
