"""A raw record of this format read again: one post of a page, or of a member who stays unnamed."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.records import MediaRef, Post, Reject
from dalil.schema.words import State
from dalil.sources import times
from dalil.sources.formats.facebook_download.posts import NOT_READ, PLATFORM, urls_of
from dalil.sources.importer import Record
from dalil.sources.mojibake import damaged
from dalil.sources.rereading import Held, Reread, kept_in, not_read
from dalil.sources.unnaming import HASHTAG, Named, Unnaming, marked_mentions, unnamed


class Kept(msgspec.Struct):
    """What of a post's raw record is read again. `times`: when it was posted, then when it was changed."""

    id: str
    text: str = ""
    times: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    media: tuple[MediaRef, ...] = ()
    named: tuple[Named, ...] = ()


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_in(raw, Kept)
    if opened is None or held.post is None:
        return not_read(held)
    kept, values = opened
    post = _post(kept, held.post)
    found = replace(held.record(raw), post=post, signal_text=kept.text)
    found = replace(found, version=_version(found))
    unnaming = Unnaming(
        again.privacy,
        PLATFORM,
        named=kept.named,
        written=damaged,
        of_person=lambda _: MediaRef(not_included=NOT_READ),
    )
    return unnamed(found, unnaming, _version, lambda new: _raw(values, kept, new, unnaming))


def _post(kept: Kept, was: Post) -> Post:
    post = replace(
        was,
        text=kept.text,
        text_raw=damaged(kept.text) if was.text_raw is not None else None,
        urls=urls_of(kept.text, list(kept.links)),
        hashtags=tuple(HASHTAG.findall(kept.text)),
        mentions=marked_mentions(kept.text),
        media=kept.media,
    )
    at = times.from_epoch(kept.times[0]) if kept.times else None
    if at is None:
        return post
    later = [change for change in kept.times[1:] if change > kept.times[0]]
    edited = times.from_epoch(max(later)) if later else None
    backdated = was.claimed_at != was.created_at  # raw does not hold what the member says
    return replace(
        post,
        created_at=at,
        claimed_at=was.claimed_at if backdated else at,
        server_indexed_at=at,
        edited_at=edited,
        state=State.EDITED if later else State.LIVE,
        state_at=edited,
    )


def _version(found: Record) -> str:
    assert found.post is not None
    return content_version(found.post.text, *(ref.sha256 for ref in found.post.media), found.post.state.value)


def _raw(values: dict[str, Any], kept: Kept, found: Record, unnaming: Unnaming) -> dict[str, object]:
    assert found.post is not None
    fresh: dict[str, object] = {
        **values,
        "id": found.post.native_id,
        "owner": found.author_ref.partition(":")[2] if found.author_ref else None,
        "text": found.post.text,
        "links": [url.expanded or url.as_written for url in found.post.urls],
        "media": found.post.media,
    }
    fresh.pop("named", None)
    if named := unnaming.still_named(kept.text):
        fresh["named"] = named
    return fresh
