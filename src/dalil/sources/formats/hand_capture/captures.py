"""One capture as a record: the post that was seen, its account, its screenshot."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, MediaRef, Post, ReadWarning, Url
from dalil.schema.words import AccountKind, Completeness, IdQuality, Kind, PublicRole, State, Visibility, ZoneBasis
from dalil.sources import addresses, times
from dalil.sources.authorship import Authorship, Told, authorship
from dalil.sources.formats.hand_capture.shapes import Capture
from dalil.sources.importer import MediaBytes, ReadContext, Record
from dalil.sources.platforms import platform_named
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import Root
from dalil.sources.screenshots import screenshot

SOURCE_VERSION: Final = "1"


def record_of(capture: Capture, root: Root | None, context: ReadContext) -> Record | str:
    """The record, or the code of what is wrong with the capture."""
    platform = platform_named(capture.platform)
    seen_at = times.from_iso(capture.seen_at)
    if platform is None:
        return "platform-unknown"
    if seen_at is None or seen_at[1] is ZoneBasis.UNKNOWN:
        return "time-without-zone"
    privacy = context.privacy
    address = (capture.address or "").strip()
    seen = _seen(capture, platform, address, privacy)
    scope = seen.scope(privacy)
    warnings = [ReadWarning("id-rounded", name) for name in seen.rounded]
    refs, media = _screenshots(capture, root, context.limits.media_bytes, warnings)
    shown = seen.shown(privacy)
    posted = times.from_iso(capture.posted_at) if capture.posted_at else None
    if capture.posted_at and (posted is None or posted[1] is ZoneBasis.UNKNOWN):
        warnings.append(ReadWarning("zone-unknown" if posted else "time-unreadable", "posted_at"))
    text = scope.clean(capture.text)
    post = Post(
        uid=f"{platform}:{shown}",
        platform=platform,
        native_id=shown,
        uri=address or None if seen.public else None,
        id_quality=seen.shown_quality,
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
        media=refs,
    )
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(post.text, *([ref.sha256 for ref in refs] or [None]), post.state.value),
        raw=canonical_bytes({"capture": _raw(capture, seen, post, seen_at[0])}),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=post.author_ref,
        author_public=seen.public,
        accounts=_accounts(capture, seen),
        media=media,
        signal_text=text,
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _seen(capture: Capture, platform: str, address: str, privacy: Pseudonymiser) -> Authorship:
    """The account by its address, else by its name; private unless the form or the workspace says otherwise."""
    told = Told(
        platform=platform,
        address=address,
        post_id=(capture.native_id or "").strip(),
        name=(capture.page_name or "").strip(),
        kind=capture.account_kind.value,
        derived_from=(address or None, capture.text, capture.posted_at),
    )
    return authorship(told, privacy)


def _screenshots(
    capture: Capture, root: Root | None, limit: int, warnings: list[ReadWarning]
) -> tuple[tuple[MediaRef, ...], tuple[MediaBytes, ...]]:
    """The pictures of one post in the order in which they were taken, each once."""
    names = dict.fromkeys([capture.screenshot, *capture.screenshots] if capture.screenshot else capture.screenshots)
    refs: dict[MediaRef, None] = {}
    media: dict[str, MediaBytes] = {}
    for name in names:
        shot = screenshot(root, name, limit=limit)
        refs[shot.ref] = None
        if shot.media is not None:
            media[shot.media.sha256] = shot.media
        if shot.problem or (shot.media is not None and shot.media.sha256 != name):
            warnings.append(ReadWarning(shot.problem or "screenshot-differs", "screenshot"))
    return tuple(refs), tuple(media.values())


def _accounts(capture: Capture, seen: Authorship) -> tuple[Account, ...]:
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


def _raw(capture: Capture, seen: Authorship, post: Post, seen_at: datetime) -> dict[str, object]:
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
