"""A raw record of this format read again: one archived item."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.records import MediaRef, Post, Reject, Url
from dalil.schema.words import PublicRole, ZoneBasis
from dalil.sources import addresses
from dalil.sources.formats.auto_archiver.records import moment
from dalil.sources.importer import Record
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE
from dalil.sources.rereading import Held, Reread, is_stand_in, kept_in, mentions_in, not_read
from dalil.sources.unnaming import Unnaming, unnamed


class Kept(msgspec.Struct):
    """What of an item's raw record is read again."""

    platform: str
    post: str
    author: str | None = None
    address: str | None = None
    text: str = ""
    title: str = ""
    timestamp: str | int | float | None = None
    archived_at: str | None = None
    media: tuple[MediaRef, ...] = ()


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_in(raw, Kept, "archived")
    if opened is None or held.post is None:
        return not_read(held)
    kept, values = opened
    post = _post(kept, held.post)
    handle = ASCII_HANDLE if kept.platform == "x" else DOTTED_HANDLE
    unnaming = Unnaming(
        again.privacy, kept.platform, handle, private_role=PublicRole.PRIVATE_PERSON, of_person=_nameless
    )
    if post.author_ref and unnaming.account(post.author_ref) != post.author_ref:
        post = replace(post, text=_untitled(kept, "title" in values))
    found = replace(held.record(raw), post=post, signal_text=post.text)
    found = replace(found, version=_version(found))
    return unnamed(found, unnaming, _version, lambda new: _raw(values, new, unnaming))


def _untitled(kept: Kept, is_told: bool) -> str:  # noqa: FBT001 - of one raw record
    """A title often begins with the account's name. Of raw without one any first line may be it."""
    first, _, rest = kept.text.partition("\n")
    if is_told:
        return kept.text.removeprefix(kept.title).lstrip("\n")
    return rest or first


def _nameless(ref: MediaRef) -> MediaRef:
    """Pictures, films and sounds stay; a saved page or web archive shows its author by name."""
    if ref.sha256 is None or (ref.mime or "").startswith(("image/", "video/", "audio/")):
        return ref
    return MediaRef(native_key=f"sha256:{ref.sha256}", mime=ref.mime, not_included="media-names-people")


def _post(kept: Kept, was: Post) -> Post:
    posted = moment(kept.timestamp) if kept.timestamp else None
    archived = moment(kept.archived_at) if kept.archived_at else None
    return replace(
        was,
        uri=kept.address,
        text=kept.text,
        urls=tuple(Url(match[0]) for match in addresses.PERSONAL.finditer(kept.text)),
        mentions=mentions_in(kept.text),
        media=kept.media,
        created_at=posted[0] if posted else None,
        created_zone_basis=posted[1] if posted else ZoneBasis.UNKNOWN,
        claimed_at=posted[0] if posted else None,
        state_at=archived[0] if archived else was.state_at,
    )


def _version(found: Record) -> str:
    assert found.post is not None
    hashes = sorted(ref.sha256 for ref in found.post.media if ref.sha256)
    return content_version(found.post.text, *hashes, found.post.state.value)


def _raw(values: dict[str, Any], found: Record, unnaming: Unnaming) -> dict[str, object]:
    post = found.post
    assert post is not None
    fresh = {"post": post.uid, "author": post.author_ref, "address": post.uri, "text": post.text, "media": post.media}
    if is_stand_in(post.author_ref):
        values = {name: value for name, value in values.items() if name != "title"}
    elif "title" in values:
        fresh["title"] = unnaming.scope.clean(values["title"])
    return {"archived": {**values, **fresh}}
