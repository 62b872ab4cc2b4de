"""Whose post a record shows, as far as an address, an id, a handle or a name tells; private unless known.

For formats in which people say themselves what they saw: hand captures, plain tables, tables of tools.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dalil.schema.identity import content_version
from dalil.schema.words import IdQuality
from dalil.sources import addresses
from dalil.sources.account_rules import ACCOUNT
from dalil.sources.ids import native
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a record tells of a post's account and of the post itself.

    Args:
        kind: what the record says that the account is, such as a page, channel or outlet; by it the table decides.
        derived_from: what an id is made of where the record gives none.
    """

    platform: str
    address: str = ""
    post_id: str = ""
    account_id: str = ""
    handle: str = ""
    name: str = ""
    kind: str = ACCOUNT
    derived_from: Sequence[str | None] = ()


@dataclass(frozen=True, slots=True)
class Authorship:
    """Account and post as they may be stored. `who` is None where nothing tells of the account."""

    platform: str
    who: Who | None
    post_key: str
    quality: IdQuality
    public: bool
    known_as: frozenset[tuple[str, str]]
    rounded: tuple[str, ...] = ()
    """Which of the two ids, `post_id` and `account_id`, a spreadsheet rounded (law 1)."""

    def shown(self, privacy: Pseudonymiser) -> str:
        """The post's id as it may be stored."""
        return privacy.post(self.platform, self.post_key, public=self.public)

    @property
    def shown_quality(self) -> IdQuality:
        return self.quality if self.public else IdQuality.HASHED

    def scope(self, privacy: Pseudonymiser) -> Scope:
        """How texts of this record are redacted."""
        handle = ASCII_HANDLE if self.platform == "x" else DOTTED_HANDLE
        return Scope(privacy, self.platform, own=self.known_as, handle=handle)


def address_in(text: str, platform: str) -> addresses.Address:
    """What the address of a post names; one of another platform names nothing here."""
    found = addresses.parse(text) if addresses.PERSONAL.match(text) else addresses.Address(platform)
    return found if found.platform == platform else addresses.Address(platform)


def authorship(told: Told, privacy: Pseudonymiser) -> Authorship:
    """The account by its id, else by its address, else by its handle, else by its name.

    A rounded id is no id where the address has one; where it is all there is, it is kept and flagged.
    """
    platform = told.platform
    found = address_in(told.address, platform)
    who = _who(told, found, privacy)
    public = bool(who and who.public)
    known = frozenset(
        (platform, name.casefold()) for name in (told.account_id, told.handle, found.account) if name and public
    )
    key, quality = native(told.post_id) if told.post_id else ("", IdQuality.EXACT)
    rounded = ("post_id",) if quality is IdQuality.ROUNDED else ()
    if told.account_id and native(told.account_id)[1] is IdQuality.ROUNDED:
        rounded = (*rounded, "account_id")
    if found.post and (not key or quality is IdQuality.ROUNDED):
        key, quality = found.post, IdQuality.EXACT
    if not key:
        key, quality = "d:" + content_version(platform, *told.derived_from), IdQuality.DERIVED
    return Authorship(platform, who, key, quality, public, known, rounded)


def _who(told: Told, found: addresses.Address, privacy: Pseudonymiser) -> Who | None:
    platform, handle = told.platform, told.handle.lstrip("@")
    account = told.account_id or told.handle or found.account
    if privacy.is_private(platform, native_id=account, handle=account):
        told = replace(told, kind=ACCOUNT)  # the workspace's own list goes before what a record says
    native_id, quality = native(told.account_id) if told.account_id else ("", IdQuality.EXACT)
    by_address = found.account or ""
    if quality is IdQuality.ROUNDED:
        native_id = ""
    if not native_id and found.by_id:
        native_id = by_address
    handle = handle or ("" if found.by_id else by_address)
    if native_id:
        return privacy.account(platform, native_id, handle=handle or None, kind=told.kind)
    if handle:
        return privacy.by_handle(platform, handle, kind=told.kind)
    if told.name:
        public = privacy.is_public_kind(platform, told.kind)
        public = public and not privacy.is_private(platform, handle=told.name)
        shown = f"name:{told.name.casefold()}" if public else privacy.stand_in(platform, "name", told.name)
        return Who(f"{platform}:{shown}", shown, public=public)
    return privacy.account(platform, told.account_id.strip(), kind=told.kind) if told.account_id.strip() else None
