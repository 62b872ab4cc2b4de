"""A raw record of this format read again: what a person wrote down."""

from __future__ import annotations

from typing import Final

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import MediaRef, Reject, Url
from dalil.schema.words import AccountKind, IdQuality, PublicRole, ZoneBasis
from dalil.sources import addresses, times
from dalil.sources.importer import Record
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE, Scope
from dalil.sources.rereading import Held, Plainly, Reread, is_stand_in, kept_in, mentions_in, not_read

_HANDLES: Final = {"x": ASCII_HANDLE}


class Kept(msgspec.Struct):
    """What of a capture's raw record is read again."""

    platform: str
    post: str
    author: str | None = None
    address: str | None = None
    text: str = ""
    page_name: str | None = None
    account_kind: AccountKind = AccountKind.PERSON
    posted_at: str | None = None
    media: tuple[MediaRef, ...] = ()


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_in(raw, Kept, "capture")
    if opened is None or held.post is None:
        return not_read(held)
    kept, values = opened
    privacy = again.privacy
    native = (kept.author or "").partition(":")[2]
    public = bool(kept.author) and privacy.is_public(kept.platform, native_id=native, handle=native.removeprefix("@"))
    author = _author(kept, native, privacy, public=public)
    post_id = kept.post.partition(":")[2]
    shown = privacy.post(kept.platform, post_id, public=public or is_stand_in(post_id))
    scope = Scope(privacy, kept.platform, handle=_HANDLES.get(kept.platform, DOTTED_HANDLE))
    text = scope.clean(kept.text)
    posted = times.from_iso(kept.posted_at) if kept.posted_at else None
    post = msgspec.structs.replace(
        held.post,
        uid=f"{kept.platform}:{shown}",
        native_id=shown,
        id_quality=held.post.id_quality if public else IdQuality.HASHED,
        uri=kept.address if public else None,
        author_ref=author,
        text=text,
        urls=tuple(Url(match[0]) for match in addresses.PERSONAL.finditer(text)),
        mentions=mentions_in(text),
        media=kept.media,
        created_at=posted[0] if posted else None,
        created_zone_basis=posted[1] if posted else ZoneBasis.UNKNOWN,
        claimed_at=posted[0] if posted else None,
    )
    fresh = {"post": post.uid, "author": author, "address": post.uri, "text": text, "media": kept.media}
    fresh["page_name"] = kept.page_name if public else None
    was = held.record(raw)
    same = (text, kept.media) == (held.post.text, held.post.media)
    return msgspec.structs.replace(
        was,
        uid=post.uid,
        version=was.version if same else content_version(text, *(m.sha256 for m in kept.media), post.state.value),
        raw=raw if not privacy.gone else canonical_bytes({"capture": {**values, **fresh}}),
        post=post,
        author_ref=author,
        author_public=public,
        accounts=tuple(
            msgspec.structs.replace(
                account,
                uid=author or account.uid,
                native_id=(author or account.uid).partition(":")[2],
                id_quality=account.id_quality if public else IdQuality.HASHED,
                display_name=kept.page_name if public else None,
                type=kept.account_kind.account_type,
                public_role=account.public_role if public else PublicRole.PRIVATE_PERSON,
            )
            for account in held.accounts
        ),
        signal_text=text,
        locators=privacy.take_locators(),
    )


def _author(kept: Kept, native: str, privacy: Plainly, *, public: bool) -> str | None:
    """The account's uid as it may be stored now."""
    if kept.author is None or public:
        return kept.author
    for prefix, scheme in (("@", "handle"), ("name:", "name"), ("", "account")):
        if native.startswith(prefix):
            return f"{kept.platform}:{privacy.stand_in(kept.platform, scheme, native.removeprefix(prefix))}"
    return None
