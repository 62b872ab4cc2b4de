"""A raw record of this format read again: a post or comment, a crosspost, a subreddit."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.moments import Moment
from dalil.schema.records import Account, Edge, Label, MediaRef, Metric, Post, Reject, Span, Url
from dalil.schema.words import EdgeType, State
from dalil.sources import account_records, kept_records, marked_text
from dalil.sources.decoding import UNREADABLE
from dalil.sources.formats.reddit import things
from dalil.sources.formats.reddit.media import Medium
from dalil.sources.formats.reddit.things import Head, Told
from dalil.sources.importer import Record
from dalil.sources.kept_records import native
from dalil.sources.privacy import Who
from dalil.sources.reddit_names import PLATFORM
from dalil.sources.rereading import Held, Plainly, Reread, in_order, is_stand_in, not_read


class KeptThing(msgspec.Struct):
    """The raw record of a post or comment."""

    name: str
    author: str | None = None
    place: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    urls: tuple[Url, ...] = ()
    created_utc: Moment | None = None
    edited: bool | Moment = False
    state: State = State.LIVE
    reason: str | None = None
    media: tuple[MediaRef, ...] = ()
    labels: tuple[Label, ...] = ()
    edges: tuple[tuple[EdgeType, str], ...] = ()
    root: str | None = None
    metrics: dict[str, int | None] = {}


class KeptCrosspost(msgspec.Struct):
    """The raw record of a crosspost."""

    name: str
    parent: str
    author: str | None = None
    place: str | None = None
    created_utc: Moment | None = None


class Kept(msgspec.Struct):
    """The three kinds of raw record."""

    thing: KeptThing | UnsetType = UNSET
    crosspost: KeptCrosspost | UnsetType = UNSET
    account: Account | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    try:
        kept = _KEPT.decode(raw)
    except UNREADABLE:
        return not_read(held)
    if isinstance(kept.account, Account):
        return _subreddit(kept.account, held, again)
    if isinstance(kept.crosspost, KeptCrosspost):
        head = _head(kept.crosspost.name, kept.crosspost.author, kept.crosspost.place, again.privacy)
        kind, at = EdgeType.REPOST, kept.crosspost.created_utc
        edge = things.edge_to(at, head, native(kept.crosspost.parent), kind, again.privacy, public=_is_plain(kept.crosspost.parent))  # fmt: skip
        found = things.crosspost_record(head, edge, again.privacy, included=held.included)
        return msgspec.structs.replace(found, source_version=held.source_version, warnings=held.warnings)
    if not isinstance(kept.thing, KeptThing) or held.post is None:
        return not_read(held)
    if not kept_records.fits(kept.thing.text, kept.thing.spans):
        return not_read(held)
    head = _head(kept.thing.name, kept.thing.author, kept.thing.place, again.privacy)
    told = _told(kept.thing, head, held, held.post, again.privacy)
    found = things.post_record(told, head, again.privacy, included=held.included)
    return msgspec.structs.replace(found, source_version=held.source_version)


def _subreddit(account: Account, held: Held, again: Reread) -> Record | Reject:
    """A subreddit; `u/name` in what it says of itself is one of this platform's own ways to name somebody."""
    if account.description:
        account = msgspec.structs.replace(account, description=things.clean(account.description, again.privacy))
    return account_records.reread(account, held, again, things.scope_of(again.privacy))


def _is_plain(uid: str) -> bool:
    return not is_stand_in(uid)


def _head(name: str, author: str | None, place: str | None, privacy: Plainly) -> Head:
    who = privacy.by_handle(PLATFORM, author.removeprefix("@")) if author else None
    shown = privacy.post(PLATFORM, name, public=who is not None and who.public)
    return Head(name, shown, who, _place(native(place), privacy).uid if place else None)


def _place(place: str, privacy: Plainly) -> Who:
    """A subreddit, or a person's own page, which is that person."""
    if place.startswith("@"):
        return privacy.by_handle(PLATFORM, place[1:])
    return privacy.account(PLATFORM, place, kind="subreddit")


def _told(kept: KeptThing, head: Head, held: Held, was: Post, privacy: Plainly) -> Told:
    page = was.uri if head.place == kept.place else things.short_address(head)
    return Told(
        text=kept.text,
        marks=tuple(marked_text.marks_of(kept.spans)),
        created=kept.created_utc,
        edited=kept.edited,
        state=kept.state,
        reason=kept.reason,
        complete=was.text_complete,
        visibility=was.visibility,
        page=page,
        links=tuple(url.as_written for url in kept.urls if url.as_written == url.expanded),
        media=tuple(_medium(ref) for ref in kept.media),
        edges=tuple(_edge(kept, kind, to, head, privacy) for kind, to in kept.edges),
        root=_root(kept, head, privacy),
        metrics=in_order((Metric(name, value) for name, value in kept.metrics.items()), was.metrics),
        labels=kept.labels,
        seen=was.state_at,
        warnings=held.warnings,
    )


def _edge(kept: KeptThing, kind: EdgeType, to: str, head: Head, privacy: Plainly) -> Edge:
    return things.edge_to(kept.created_utc, head, native(to), kind, privacy, public=_is_plain(to))


def _root(kept: KeptThing, head: Head, privacy: Plainly) -> str | None:
    root = native(kept.root or "")
    if not root or root == kept.name:
        return head.uid if root else None
    return f"{PLATFORM}:{privacy.post(PLATFORM, root, public=_is_plain(root))}"


def _medium(ref: MediaRef) -> Medium:
    return Medium(ref.native_key or "", ref.source_url, ref.mime, ref.width, ref.height, ref.duration_s)
