"""A raw record of this format read again: one item, as its columns were understood."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.records import Metric, Post, Reject, Url
from dalil.schema.words import AccountType, EdgeType, State, ZoneBasis
from dalil.sources.importer import Record
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE
from dalil.sources.rereading import Held, Reread, kept_in, mentions_in, not_read
from dalil.sources.table_rereads import merged
from dalil.sources.unnaming import Unnaming, unnamed

Time = Annotated[datetime, msgspec.Meta(tz=True)]


class Kept(msgspec.Struct):
    """What of an item's raw record is read again."""

    uid: str
    author: str | None = None
    body: str = ""
    subject: str = ""
    created_at: Time | None = None
    basis: ZoneBasis = ZoneBasis.UNKNOWN
    edges: tuple[tuple[EdgeType, str | None], ...] = ()
    metrics: tuple[tuple[str, int | None], ...] = ()
    address: str | None = None
    edited_at: Time | None = None
    state: State | None = None
    lang: str | None = None
    urls: tuple[Url, ...] = ()
    hashtags: tuple[str, ...] = ()
    container: str | None = None
    thread: str | None = None


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_in(raw, Kept, "item")
    if opened is None:
        return not_read(held)
    kept, values = opened
    platform = held.uid.partition(":")[0]
    post = _post(kept, held.post) if held.post is not None else None
    edges = tuple(replace(edge, at=kept.created_at, at_basis=kept.basis) for edge in held.edges)
    found = replace(held.record(raw), post=post, edges=edges, signal_text=kept.body)
    if post is not None and held.post is not None and _told(post) != _told(held.post):
        found = replace(found, version=_version(found))
    handle = ASCII_HANDLE if platform == "x" else DOTTED_HANDLE
    unnaming = Unnaming(again.privacy, platform, handle, private_type=AccountType.UNKNOWN)

    def version(new: Record) -> str:
        same = new.signal_text == found.signal_text and (not new.post or _told(new.post) == _told(found.post))
        return found.version if same else _version(new)

    return unnamed(found, unnaming, version, lambda new: _raw(values, kept, new, unnaming))


def _post(kept: Kept, was: Post) -> Post:
    counted = {metric.name: metric for metric in was.metrics}
    metrics = [
        counted[name] if name in counted and counted[name].value == value else Metric(name, value)
        for name, value in kept.metrics
    ]
    return replace(
        was,
        uri=kept.address,
        created_at=kept.created_at,
        created_zone_basis=kept.basis,
        claimed_at=kept.created_at,
        edited_at=kept.edited_at,
        state=kept.state or was.state,
        text=kept.body,
        lang=kept.lang,
        urls=kept.urls,
        hashtags=kept.hashtags,
        mentions=was.mentions if kept.body == was.text else mentions_in(kept.body),
        metrics=merged(metrics, was.metrics),
    )


def _told(post: Post | None) -> tuple[object, ...]:
    """What makes one version of a post, but for the cell that says that it is deleted: raw has its state alone."""
    return (post.text, tuple(url.as_written for url in post.urls), post.state) if post else ()


def _version(found: Record) -> str:
    if found.post is None:
        kinds = [edge.type.value for edge in found.edges]
        return content_version(found.signal_text, *kinds, None)
    links = [url.as_written for url in found.post.urls]
    return content_version(found.post.text, *links, "yes" if found.post.state is State.DELETED else None)


def _raw(values: dict[str, Any], kept: Kept, found: Record, unnaming: Unnaming) -> dict[str, object]:
    post = found.post
    fresh: dict[str, object] = {
        "uid": found.uid,
        "author": found.author_ref,
        "body": found.signal_text,
        "subject": unnaming.scope.clean(kept.subject),
        "edges": [(kind, unnaming.either(to) if to else to) for kind, to in kept.edges],
    }
    if post is not None:
        fresh |= {"address": post.uri, "urls": post.urls, "hashtags": post.hashtags}
        fresh |= {"container": post.container_ref, "thread": post.thread_root}
    return {"item": {**values, **fresh}}
