"""Raw records of Bluesky read again, whichever of the two formats wrote them."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.moments import Moment
from dalil.schema.records import Account, Label, MediaRef, Metric, Post, Reject, Span
from dalil.schema.words import EdgeType, State, TextFormat, ZoneBasis
from dalil.sources import account_records, bluesky_records, kept_records
from dalil.sources.bluesky_embeds import Medium
from dalil.sources.bluesky_records import Times, Told
from dalil.sources.bluesky_texts import scope_of
from dalil.sources.decoding import UNREADABLE
from dalil.sources.importer import Record
from dalil.sources.kept_records import native
from dalil.sources.rereading import Held, Reread, in_order, not_read

_PAGE: Final = re.compile(r"https://bsky\.app/profile/([^/]+)/post/[^/]+")


class KeptPost(msgspec.Struct):
    """A post's raw record."""

    uri: str
    did: str
    text: str = ""
    facets: tuple[Span, ...] = ()
    createdAt: Moment | None = None  # noqa: N815 - the network's own name
    indexedAt: Moment | None = None  # noqa: N815
    langs: tuple[str, ...] = ()
    edges: tuple[tuple[EdgeType, str], ...] = ()
    root: str | None = None
    media: tuple[MediaRef, ...] = ()
    metrics: dict[str, int | None] = {}
    labels: tuple[Label, ...] = ()
    tags: tuple[str, ...] = ()
    state: State = State.LIVE
    external: tuple[str, str, str] | None = None
    cid: str | None = None


class KeptGone(msgspec.Struct):
    """The raw record of a post that was deleted or not found."""

    uri: str
    did: str
    reason: str
    at: Moment | None = None


class KeptRepost(msgspec.Struct):
    """A repost's raw record."""

    uri: str
    did: str
    subject: str
    createdAt: Moment | None = None  # noqa: N815
    at: Moment | None = None


class Kept(msgspec.Struct):
    """The four kinds of raw record."""

    post: KeptPost | UnsetType = UNSET
    gone: KeptGone | UnsetType = UNSET
    repost: KeptRepost | UnsetType = UNSET
    account: Account | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    try:
        kept = _KEPT.decode(raw)
    except UNREADABLE:
        return not_read(held)
    if isinstance(kept.account, Account):
        return account_records.reread(kept.account, held, again, scope_of(again.privacy, {}))
    if isinstance(kept.repost, KeptRepost):
        return _repost(kept.repost, held, again)
    if held.post is None:
        return not_read(held)
    if isinstance(kept.gone, KeptGone):
        return _gone(kept.gone, held, held.post, again)
    if not isinstance(kept.post, KeptPost) or not kept_records.fits(kept.post.text, kept.post.facets):
        return not_read(held)
    told = _told(kept.post, held, held.post)
    return bluesky_records.post_record(told, again.privacy, version=held.source_version, included=held.included)


def _repost(kept: KeptRepost, held: Held, again: Reread) -> Record:
    basis = held.edges[0].at_basis if held.edges else ZoneBasis.UNKNOWN
    return bluesky_records.repost_record(
        kept.uri,
        _repo(kept.did),
        native(kept.subject),
        Times(kept.createdAt, kept.at, basis, held.warnings),
        again.privacy,
        handles={},
        version=held.source_version,
        included=held.included,
    )


def _gone(kept: KeptGone, held: Held, was: Post, again: Reread) -> Record:
    found = bluesky_records.gone_record(
        kept.uri,
        again.privacy,
        at=kept.at,
        reason=kept.reason,
        handles={},
        repo=_repo(kept.did),
        page=was.uri,
        included=held.included,
        version=held.source_version,
    )
    return msgspec.structs.replace(found, warnings=held.warnings)


def _told(kept: KeptPost, held: Held, was: Post) -> Told:
    mentioned = [to for kind, to in kept.edges if kind is EdgeType.MENTION]
    pointed = {kind: native(to) for kind, to in kept.edges if kind is not EdgeType.MENTION}
    root = native(kept.root or "")
    return Told(
        uri=kept.uri,
        repo=_repo(kept.did),
        page=was.uri,
        cid=kept.cid,
        text=kept.text,
        marks=tuple(kept_records.meant(kept.facets, mentioned)),
        facets=was.text_format is TextFormat.FACETS,
        when=Times(kept.createdAt, kept.indexedAt or kept.createdAt, was.created_zone_basis, held.warnings),
        server=kept.indexedAt,
        edited=kept.state is State.EDITED,
        state=kept.state,
        langs=kept.langs,
        tags=kept.tags,
        parent=pointed.get(EdgeType.REPLY),
        root=root if root and root != kept.uri else None,
        quoted=pointed.get(EdgeType.QUOTE),
        mentioned=tuple(_repo(native(uid)) for uid in mentioned),
        media=tuple(_medium(ref) for ref in kept.media),
        link=kept.external,
        metrics=in_order((Metric(name, value) for name, value in kept.metrics.items()), was.metrics),
        labels=kept.labels,
        handles=_handle(kept.did, was.uri),
    )


def _repo(account: str) -> str:
    """Whose repository: an id, a hash, or the handle of whom an address has only that."""
    return account.removeprefix("@")


def _handle(did: str, page: str | None) -> dict[str, str]:
    """The author's handle, which only the page's address tells."""
    match = _PAGE.fullmatch(page or "")
    return {did: match[1]} if match and match[1] != did else {}


def _medium(ref: MediaRef) -> Medium:
    return Medium(ref.native_key, ref.mime, ref.width, ref.height, ref.alt_text, ref.source_url)
