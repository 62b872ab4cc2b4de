"""Whose a post is and where it stands: pages are public, profiles and accounts are not until they are known to be.

The library gives every account and post an id of its own (`mcl`), which leads nowhere outside it and
must never be taken for the platform's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, AltId, ReadWarning
from dalil.schema.words import AccountType, IdQuality, Kind, PublicRole
from dalil.sources.account_rules import ACCOUNT, PLACE
from dalil.sources.ids import native
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope

MCL: Final = "mcl"
_TYPES: Final = {
    "page": AccountType.PAGE,
    "group": AccountType.GROUP,
    "event": AccountType.GROUP,
    "profile": AccountType.PERSON,
    "user": AccountType.PERSON,
    "person": AccountType.PERSON,
}
_PLACES: Final = frozenset({AccountType.PAGE, AccountType.GROUP})
_RULED: Final = {AccountType.PAGE: "page", AccountType.GROUP: PLACE, AccountType.PERSON: "profile"}
"""What the table of who is public calls each type."""


@dataclass(frozen=True, slots=True)
class Party:
    """An owner or a surface as it may be stored."""

    who: Who
    type: AccountType
    quality: IdQuality
    name: str
    handle: str
    key: str

    @property
    def is_place(self) -> bool:
        """A group or event: members post in it, and it is nobody's voice."""
        return self.type is AccountType.GROUP


def party(
    row: Mapping[str, str], prefix: str, platform: str, privacy: Pseudonymiser, warnings: list[ReadWarning]
) -> Party | None:
    """The `post_owner` or `surface` of a row; None where it names none."""
    given, quality = native(row.get(f"{prefix}.id", ""))
    handle = row.get(f"{prefix}.username", "").strip().lstrip("@")
    if quality is IdQuality.ROUNDED:
        warnings.append(ReadWarning("id-rounded", f"{prefix}.id", given))
    key = f"{MCL}:{given}" if given else f"@{handle.casefold()}" if handle else ""
    if not key:
        return None
    kind = _TYPES.get(row.get(f"{prefix}.type", "").strip().casefold().removeprefix("facebook_"), AccountType.UNKNOWN)
    who = privacy.account(platform, key, handle=handle or None, kind=_RULED.get(kind, ACCOUNT))
    return Party(who, kind, quality, row.get(f"{prefix}.name", "").strip(), handle, key)


def account_record(found: Party, platform: str, privacy: Pseudonymiser) -> Record:
    """A public owner or surface as an account, included with its posts."""
    scope = Scope(privacy, platform, own=own(found, platform), handle=DOTTED_HANDLE)
    name = scope.clean(found.name) or None
    account = Account(
        uid=found.who.uid,
        platform=platform,
        native_id=found.who.native_id,
        id_quality=found.quality,
        handle=found.handle or None,
        display_name=name,
        type=found.type,
        public_role=PublicRole.ORGANISATION if found.type in _PLACES else PublicRole.PUBLIC_ACTOR,
        alt_ids=(AltId(MCL, found.key.removeprefix(f"{MCL}:")),) if found.key.startswith(MCL) else (),
    )
    raw = {"uid": found.who.uid, "name": name, "handle": account.handle, "type": found.type}
    return Record(
        kind=Kind.ACCOUNT,
        uid=found.who.uid,
        version=content_version(account.handle, account.display_name, None, account.state.value),
        raw=canonical_bytes({"account": raw}),
        author_ref=found.who.uid,
        author_public=True,
        accounts=(account,),
        included=True,
        locators=privacy.take_locators(),
    )


def own(found: Party | None, platform: str) -> frozenset[tuple[str, str]]:
    """What a public owner's own texts may say of itself."""
    if found is None or not found.who.public:
        return frozenset()
    return frozenset((platform, name.casefold()) for name in (found.handle, found.key) if name)
