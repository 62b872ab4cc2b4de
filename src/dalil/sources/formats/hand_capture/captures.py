"""One capture as a record: the post that was seen, its account, its screenshot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, MediaRef, Post, ReadWarning, Url
from dalil.schema.words import Completeness, IdQuality, Kind, PublicRole, State, Visibility, ZoneBasis
from dalil.sources import addresses, times
from dalil.sources.formats.hand_capture.shapes import AccountKind, Capture
from dalil.sources.importer import MediaBytes, ReadContext, Record
from dalil.sources.platforms import platform_named
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.reading import inside
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE, Scope

SOURCE_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the address and the form tell: platform, account, post."""

    platform: str
    who: Who | None
    post_key: str
    quality: IdQuality
    public: bool


def record_of(capture: Capture, root: Path | None, context: ReadContext) -> Record | str:
    """The record, or the code of what is wrong with the capture."""
    platform = platform_named(capture.platform)
    seen_at = times.from_iso(capture.seen_at)
    if platform is None:
        return "platform-unknown"
    if seen_at is None or seen_at[1] is ZoneBasis.UNKNOWN:
        return "time-without-zone"
    privacy = context.privacy
    address = (capture.address or "").strip()
    found = addresses.parse(address) if addresses.PERSONAL.match(address) else addresses.Address(platform)
    seen = _seen(capture, found, platform, address, privacy)
    scope = _scope(seen, found, privacy)
    warnings: list[ReadWarning] = []
    ref, media = _screenshot(capture, root, context.limits.media_bytes, warnings)
    shown = privacy.post(platform, seen.post_key, public=seen.public)
    posted = times.from_iso(capture.posted_at) if capture.posted_at else None
    if capture.posted_at and (posted is None or posted[1] is ZoneBasis.UNKNOWN):
        warnings.append(ReadWarning("zone-unknown" if posted else "time-unreadable", "posted_at"))
    text = scope.clean(capture.text)
    post = Post(
        uid=f"{platform}:{shown}",
        platform=platform,
        native_id=shown,
        uri=address or None if seen.public else None,
        id_quality=seen.quality if seen.public else IdQuality.HASHED,
        author_ref=seen.who.uid if seen.who else None,
        created_at=posted[0] if posted else None,
        created_precision=capture.posted_precision,
        created_zone_basis=posted[1] if posted else ZoneBasis.UNKNOWN,
        claimed_at=posted[0] if posted else None,
        state=State.LIVE,
        state_at=seen_at[0],
        visibility=Visibility.UNKNOWN,
        text=text,
        text_complete=Completeness.UNKNOWN,
        urls=tuple(Url(match[0]) for match in addresses.PERSONAL.finditer(text)),
        mentions=tuple(dict.fromkeys(edit.new for edit in scope.edits(capture.text) if edit.kind == "mention")),
        media=(ref,) if ref else (),
    )
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(post.text, ref.sha256 if ref else None, post.state.value),
        raw=canonical_bytes({"capture": _raw(capture, seen, post, seen_at[0])}),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=post.author_ref,
        author_public=seen.public,
        accounts=_accounts(capture, seen),
        media=(media,) if media else (),
        signal_text=text,
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _seen(capture: Capture, found: addresses.Address, platform: str, address: str, privacy: Pseudonymiser) -> _Seen:
    """The account by its address, else by its name; private unless the form or the workspace says otherwise."""
    account = found.account if found.platform == platform else None
    found_private = privacy.is_private(platform, native_id=account, handle=account)
    public = capture.account_kind.is_public and not found_private
    who: Who | None = None
    name = (capture.page_name or "").strip()
    if account and found.by_id:
        who = privacy.account(platform, account, public=public)
    elif account:
        public = public or privacy.is_public(platform, handle=account)
        handle = f"@{account.casefold()}"
        who = Who(f"{platform}:{handle}", handle, public=True) if public else privacy.by_handle(platform, account)
    elif name:
        shown = f"name:{name.casefold()}" if public else privacy.stand_in(platform, "name", name)
        who = Who(f"{platform}:{shown}", shown, public=public)
    key = (capture.native_id or "").strip() or (found.post if found.platform == platform else None)
    if key:
        return _Seen(platform, who, key, IdQuality.EXACT, bool(who and who.public))
    derived = "d:" + content_version(platform, address or None, capture.text, capture.posted_at)
    return _Seen(platform, who, derived, IdQuality.DERIVED, bool(who and who.public))


def _scope(seen: _Seen, found: addresses.Address, privacy: Pseudonymiser) -> Scope:
    own = frozenset({(seen.platform, found.account.casefold())} if seen.public and found.account else ())
    return Scope(privacy, seen.platform, own=own, handle=ASCII_HANDLE if seen.platform == "x" else DOTTED_HANDLE)


def _screenshot(
    capture: Capture, root: Path | None, limit: int, warnings: list[ReadWarning]
) -> tuple[MediaRef | None, MediaBytes | None]:
    if not capture.screenshot:
        return None, None
    path = inside(root, capture.screenshot) if root is not None else None
    if path is None:
        warnings.append(ReadWarning("media-not-found", "screenshot"))
        return MediaRef(not_included="media-not-found"), None
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        warnings.append(ReadWarning("media-too-large", "screenshot"))
        return MediaRef(not_included="media-too-large"), None
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != capture.screenshot:
        warnings.append(ReadWarning("screenshot-differs", "screenshot"))
    return MediaRef(sha256=sha256), MediaBytes(sha256=sha256, data=data)


def _accounts(capture: Capture, seen: _Seen) -> tuple[Account, ...]:
    if seen.who is None:
        return ()
    outlet = capture.account_kind is AccountKind.OUTLET
    role = PublicRole.ORGANISATION if outlet else PublicRole.PUBLIC_ACTOR
    return (
        Account(
            uid=seen.who.uid,
            platform=seen.platform,
            native_id=seen.who.native_id,
            id_quality=IdQuality.EXACT if seen.public else IdQuality.HASHED,
            display_name=capture.page_name if seen.public else None,
            type=capture.account_kind.account_type,
            public_role=role if seen.public else PublicRole.PRIVATE_PERSON,
        ),
    )


def _raw(capture: Capture, seen: _Seen, post: Post, seen_at: datetime) -> dict[str, object]:
    """The capture as entered, redacted; the screenshot by its hash. When it was seen is part of what was entered."""
    return {
        "platform": seen.platform,
        "post": post.uid,
        "author": post.author_ref,
        "address": post.uri,
        "text": post.text,
        "page_name": capture.page_name if seen.public else None,
        "account_kind": capture.account_kind,
        "seen_at": seen_at,
        "posted_at": capture.posted_at,
        "media": post.media,
    }
