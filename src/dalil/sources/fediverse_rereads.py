"""Raw records of Mastodon and its kin read again, whichever of the two formats wrote them."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.moments import Moment
from dalil.schema.records import Account, MediaRef, Metric, Post, Reject, Span
from dalil.schema.words import EdgeType, State
from dalil.sources import account_records, fediverse, kept_records
from dalil.sources.fediverse import Medium, Note, Person, Target
from dalil.sources.importer import Record
from dalil.sources.kept_records import native
from dalil.sources.rereading import Held, Reread, in_order, is_stand_in, not_read


class KeptPost(msgspec.Struct):
    """What of a post's raw record gives rows."""

    uri: str
    author: str | None = None
    content: str = ""
    spans: tuple[Span, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    language: str | None = None
    media: tuple[MediaRef, ...] = ()
    edges: tuple[tuple[EdgeType, str | None], ...] = ()
    metrics: dict[str, int | None] = {}
    sensitive: bool = False
    state: State = State.LIVE


class KeptAnnounce(msgspec.Struct):
    """A repost's raw record."""

    uri: str
    author: str
    object: str
    published: Moment | None = None


class Kept(msgspec.Struct):
    """The three kinds of raw record."""

    post: KeptPost | UnsetType = UNSET
    announce: KeptAnnounce | UnsetType = UNSET
    account: Account | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_records.opened(_KEPT, raw)
    if opened is None:
        return not_read(held)
    kept, values = opened
    if isinstance(kept.account, Account):
        return account_records.reread(kept.account, held, again, fediverse.scope_of(again.privacy))
    if isinstance(kept.announce, KeptAnnounce):
        return _repost(kept.announce, held, again)
    if not isinstance(kept.post, KeptPost) or held.post is None:
        return not_read(held)
    if not kept_records.fits(kept.post.content, kept.post.spans):
        return not_read(held)
    note = _note(kept.post, held, held.post)
    scope = fediverse.scope_of(again.privacy)
    more = kept_records.more(values, "post", KeptPost.__struct_fields__, scope, as_is=("type", "visibility", "deleted"))
    return fediverse.note_record(note, again.privacy, more, version=held.source_version, included=held.included)


def _repost(kept: KeptAnnounce, held: Held, again: Reread) -> Record:
    found = fediverse.repost_record(
        kept.uri,
        _person(kept.author),
        _target(kept.object),
        kept.published,
        again.privacy,
        version=held.source_version,
        included=held.included,
    )
    return msgspec.structs.replace(found, warnings=held.warnings)


def _note(kept: KeptPost, held: Held, was: Post) -> Note:
    mentioned = [to for kind, to in kept.edges if kind is EdgeType.MENTION and to]
    people = {native(uid): _person(native(uid)) for uid in mentioned}
    edited = kept.state is State.EDITED and kept.updated is not None
    return Note(
        uri=kept.uri,
        author=_person(kept.author) if kept.author else None,
        url=was.uri,
        text=kept.content,
        marks=tuple(kept_records.meant(kept.spans, mentioned)),
        text_format=was.text_format,
        complete=was.text_complete,
        created=kept.published,
        edited=kept.updated,
        lang=kept.language,
        answers=_pointed(EdgeType.REPLY, kept, held),
        quotes=_pointed(EdgeType.QUOTE, kept, held),
        mentions=people,
        named=tuple(people.values()),
        media=tuple(_medium(ref) for ref in kept.media),
        metrics=in_order((Metric(name, value) for name, value in kept.metrics.items()), was.metrics),
        sensitive=kept.sensitive,
        client=was.client,
        state=State.LIVE if edited else kept.state,
        state_at=was.state_at,
        warnings=held.warnings,
    )


def _pointed(kind: EdgeType, kept: KeptPost, held: Held) -> Target | None:
    """What the post answers or quotes; of one that could not be resolved only the hash of what is known."""
    to = next((to for one, to in kept.edges if one is kind and to), None)
    if to is None:
        return None
    if any(edge.type is kind and edge.dst_uid is None for edge in held.edges):
        return Target("", hint=native(to))
    return _target(to)


def _person(native_id: str) -> Person:
    return Person("", native_id[1:]) if native_id.startswith("@") else Person(native_id)


def _target(uid: str) -> Target:
    """A post by its uid. One that stands plainly is a public author's, who is told by its address where any is."""
    uri = native(uid)
    if is_stand_in(uri) or not fediverse.URI.fullmatch(uri):
        return Target(uri)
    return Target(uri, fediverse.target(uri).author or Person(uri))


def _medium(ref: MediaRef) -> Medium:
    return Medium(
        key=ref.native_key,
        url=ref.source_url,
        mime=ref.mime,
        width=ref.width,
        height=ref.height,
        duration_s=ref.duration_s,
        alt_text=ref.alt_text,
    )
