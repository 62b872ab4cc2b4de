"""A raw record of this format read again: the row's texts, times and counts as they were written."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.mappings import TableField, TimeOrder
from dalil.schema.records import Account, MediaRef, Post, Reject
from dalil.schema.words import AccountKind, PublicRole, State, ZoneBasis
from dalil.sources import written_times
from dalil.sources.formats.plain_table.rows import hashtags_of, metrics_of, urls_of
from dalil.sources.importer import Record
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE
from dalil.sources.rereading import Held, Reread, kept_in, mentions_in, not_read
from dalil.sources.table_rereads import merged
from dalil.sources.times import zone_option
from dalil.sources.unnaming import Unnaming, unnamed

_ZONE: Final = re.compile(r"[A-Za-z0-9_+/-]{1,60}")


class Way(msgspec.Struct):
    """How the file was read."""

    times: TimeOrder = TimeOrder.AUTO
    zone: str | None = None
    thousands: str = ""


class Kept(msgspec.Struct):
    """What of a row's raw record is read again."""

    platform: str
    post: str
    cells: dict[TableField, str] = {}
    account_kind: AccountKind = AccountKind.PERSON
    author: str | None = None
    container: str | None = None
    address: str | None = None
    name: str | None = None
    state: State = State.LIVE
    lang: str | None = None
    media: tuple[MediaRef, ...] = ()
    reading: Way = msgspec.field(default_factory=Way)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_in(raw, Kept, "row")
    if opened is None or held.post is None:
        return not_read(held)
    kept, values = opened
    handle = ASCII_HANDLE if kept.platform == "x" else DOTTED_HANDLE
    unnaming = Unnaming(again.privacy, kept.platform, handle, private_role=PublicRole.PRIVATE_PERSON)
    post = _post(kept, held.post, unnaming)
    edges = tuple(replace(edge, at=post.created_at, at_basis=post.created_zone_basis) for edge in held.edges)
    found = replace(held.record(raw), post=post, edges=edges, signal_text=post.text)
    found = replace(found, version=_version(found))
    return _places(unnamed(found, unnaming, _version, lambda new: _raw(values, kept, new, unnaming)), found)


def _post(kept: Kept, was: Post, unnaming: Unnaming) -> Post:
    cells, way = kept.cells, kept.reading
    text = cells.get(TableField.TEXT, "")
    counted = metrics_of(cells, way.thousands, [])
    post = replace(
        was,
        uri=kept.address,
        text=text,
        state=kept.state,
        lang=kept.lang,
        urls=tuple(dict.fromkeys([*urls_of({}, text, unnaming.scope), *was.urls])),
        hashtags=hashtags_of(cells, text, unnaming.scope),
        mentions=mentions_in(text),
        media=kept.media,
        metrics=merged(counted, was.metrics),
    )
    written = cells.get(TableField.POSTED_AT, "").strip()
    if not written:
        return post
    zone = zone_option(way.zone) if way.zone and _is_zone(way.zone) else None
    clock = cells.get(TableField.POSTED_TIME, "")
    posted = written_times.read(written, way.times, zone, clock=clock)
    if posted is None or posted.basis is ZoneBasis.UNKNOWN:
        return post  # a zone that the operator named for the whole file is not in raw
    at, basis = posted.at, posted.basis
    return replace(post, created_at=at, created_precision=posted.precision, created_zone_basis=basis, claimed_at=at)


def _is_zone(name: str) -> bool:
    return _ZONE.fullmatch(name) is not None and ".." not in name


def _places(found: Record, was: Record) -> Record:
    """A group that became private is a place of which nothing is known, not a person."""
    container = found.post.container_ref if found.post else None
    accounts: tuple[Account, ...] = tuple(
        replace(account, public_role=PublicRole.UNKNOWN) if account.uid == container != found.author_ref else account
        for account in found.accounts
    )
    gone = was.post is not None and was.post.container_ref != container
    return replace(found, accounts=accounts) if gone else found


def _version(found: Record) -> str:
    assert found.post is not None
    return content_version(found.post.text, *(ref.sha256 for ref in found.post.media), found.post.state.value)


def _raw(values: dict[str, Any], kept: Kept, found: Record, unnaming: Unnaming) -> dict[str, object]:
    post = found.post
    assert post is not None
    cells = {name.value: unnaming.scope.clean(cell) for name, cell in kept.cells.items()}
    place_gone = kept.container != post.container_ref
    fresh: dict[str, object] = {
        "cells": cells,
        "post": post.uid,
        "author": post.author_ref,
        "container": post.container_ref,
        "address": post.uri,
        "name": kept.name if found.author_public and not place_gone else None,
        "media": post.media,
    }
    return {"row": {**values, **fresh}}
