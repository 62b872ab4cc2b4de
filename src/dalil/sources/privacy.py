"""Private persons: who is known to be public, and the keyed stand-ins for everybody else.

An account is private until the workspace knows it as a public channel, page or outlet. A private
one is `platform:h:<hash>`, and so are its post ids; one true identifier always gives one hash, so
that edges and counts still join. What a stand-in stands for is handed on once, as a locator, to be
sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import KEY_BYTES, Mac, keyed_mac, private_mark, relinked
from dalil.sources.account_rules import ACCOUNT, TABLE, Table
from dalil.sources.addresses import locator

_CACHED: Final = 50_000
_AUTHORS: Final = 1_000
"""Accounts kept ready: those of one answer or so; further back the stand-ins' own cache serves, in less memory."""


class Who(NamedTuple):
    """An account as it may be stored. `native_id` is `h:<hash>` for a private one."""

    uid: str
    native_id: str
    public: bool


class Pseudonymiser:
    """Stand-ins under one key.

    Args:
        key: 32 bytes, the pseudonym key of one generation.
        public: the accounts that the workspace knows to be public channels, pages or outlets.
        rules: who is public by kind; the one table (`account_rules`), but in tests of it.
        identity_key: under which the list marks accounts that are a private person's.
    """

    def __init__(
        self, key: bytes, public: Iterable[PublicAccount] = (), rules: Table = TABLE, *, identity_key: bytes = b""
    ) -> None:
        self._key = key[:KEY_BYTES]
        self._links = [key[start : start + KEY_BYTES] for start in range(KEY_BYTES, len(key), KEY_BYTES)]
        self._identity_key = identity_key
        self._marked: dict[tuple[str, str], bool] = {}
        self._rules = rules
        self._ids: set[tuple[str, str]] = set()
        self._handles: set[tuple[str, str]] = set()
        self._handle_of: dict[tuple[str, str], str] = {}
        self._private: set[tuple[str, str]] = set()
        for account in public:
            if account.private:
                self._private |= {
                    (account.platform, name)
                    for name in (account.native_id, account.handle.lstrip("@").casefold())
                    if name
                }
                continue
            if account.native_id:
                self._ids.add((account.platform, account.native_id))
            if account.native_id and account.handle:
                self._handle_of[account.platform, account.native_id] = account.handle.lstrip("@")
            if account.handle:
                self._handles.add((account.platform, account.handle.lstrip("@").casefold()))
        self._macs: dict[tuple[str, str], Mac] = {}
        self._accounts: dict[tuple[str, str, str | None], Who] = {}
        self._cache: dict[tuple[str, str, str], str] = {}
        self._new: dict[str, str] = {}

    def is_public(self, platform: str, *, native_id: str | None = None, handle: str | None = None) -> bool:
        """Whether the workspace knows the account, by its id or by its handle, to be public."""
        if self._private and self.is_private(platform, native_id=native_id, handle=handle):
            return False
        if native_id and self._ids and (platform, native_id) in self._ids:
            return True
        if handle and self._handles and (platform, handle.casefold()) in self._handles:
            return True
        return bool(self._rules.open) and platform in self._rules.open

    def is_public_kind(self, platform: str, kind: str) -> bool:
        """Whether its kind alone makes an account public."""
        return self._rules.is_public(platform, kind)

    def is_private(self, platform: str, *, native_id: str | None = None, handle: str | None = None) -> bool:
        """Whether two circles found the account to be a person's, which goes before its kind."""
        if not self._private:
            return False
        names = {native_id or "", (handle or "").lstrip("@").casefold()} - {""}
        return any((platform, name) in self._private or self._is_marked(platform, name) for name in names)

    def _is_marked(self, platform: str, name: str) -> bool:
        """Whether the list holds the mark of this name."""
        if not self._identity_key:
            return False
        known = self._marked.get((platform, name))
        if known is None:
            if len(self._marked) >= _AUTHORS:
                self._marked.clear()
            known = (platform, private_mark(self._identity_key, platform, name)) in self._private
            self._marked[platform, name] = known
        return known

    def has_private(self, platform: str) -> bool:
        """Whether any account of a platform was found to be a person's."""
        return any(one == platform for one, _ in self._private)

    def handle_of(self, platform: str, native_id: str) -> str | None:
        """The handle of a public account, where the workspace knows it."""
        return self._handle_of.get((platform, native_id))

    def account(self, platform: str, native_id: str, *, handle: str | None = None, kind: str = ACCOUNT) -> Who:
        """The account with this id, of this kind (an exported channel, a page), which alone may make it public."""
        by_kind = kind != ACCOUNT and self.is_public_kind(platform, kind)
        if by_kind and not self.is_private(platform, native_id=native_id, handle=handle):
            return Who(f"{platform}:{native_id}", native_id, public=True)
        known = self._accounts.get((platform, native_id, handle))
        if known is None:
            known = self._accounts[platform, native_id, handle] = self._account(platform, native_id, handle)
        return known

    def _account(self, platform: str, native_id: str, handle: str | None) -> Who:
        if len(self._accounts) >= _AUTHORS:
            self._accounts.clear()
        if self.is_public(platform, native_id=native_id, handle=handle):
            return Who(f"{platform}:{native_id}", native_id, public=True)
        shown = self.stand_in(platform, "account", native_id)
        return Who(f"{platform}:{shown}", shown, public=False)

    def by_handle(self, platform: str, handle: str, *, kind: str = ACCOUNT) -> Who:
        """The account of which only a handle is known; a private one joins with others met by that handle."""
        by_kind = kind != ACCOUNT and self.is_public_kind(platform, kind)
        if (by_kind and not self.is_private(platform, handle=handle)) or self.is_public(platform, handle=handle):
            return Who(f"{platform}:@{handle.casefold()}", f"@{handle.casefold()}", public=True)
        shown = self.stand_in(platform, "handle", handle.casefold())
        return Who(f"{platform}:{shown}", shown, public=False)

    def mention(self, platform: str, handle: str, native_id: str | None = None) -> str:
        """`@handle` where it is public, else `@h:<hash>`: of the id where it is known, else of the handle."""
        if self.is_public(platform, native_id=native_id, handle=handle):
            return f"@{handle}"
        if native_id:
            return "@" + self.stand_in(platform, "account", native_id)
        return "@" + self.stand_in(platform, "handle", handle.casefold())

    def post(self, platform: str, native_id: str, *, public: bool) -> str:
        """A post's id: itself where its author is known to be public, else `h:<hash>`."""
        return native_id if public else self.stand_in(platform, "post", native_id)

    def stand_in(self, platform: str, scheme: str, value: str) -> str:
        """`h:<32 hex digits>` for a true identifier; its locator is handed on the first time."""
        known = self._cache.get((platform, scheme, value))
        return self._first_met(platform, scheme, value) if known is None else known

    def _first_met(self, platform: str, scheme: str, value: str) -> str:
        if len(self._cache) >= _CACHED:
            self._cache.clear()
        shown = self.hashed(platform, scheme, value)
        self._cache[platform, scheme, value] = shown
        self._new[f"{platform}:{shown}"] = locator(platform, scheme, value)
        return shown

    def hashed(self, platform: str, scheme: str, value: str) -> str:
        """The same as `stand_in` for what is public: nothing is handed on to be sealed."""
        mac = self._macs.get((platform, scheme))
        if mac is None:
            mac = self._macs[platform, scheme] = keyed_mac(self._key, platform, scheme)
        found = mac.of(value.encode("utf-8", "surrogatepass"))[:16].hex()
        for link in self._links:
            found = relinked(link, found)
        return "h:" + found

    def take_locators(self) -> tuple[tuple[str, str], ...]:
        """(pseudonym, true locator) of those met since the last call."""
        if not self._new:
            return ()
        found, self._new = tuple(self._new.items()), {}
        return found
