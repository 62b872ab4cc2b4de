"""A raw record of this format read again: the row's cells as they were written, or the page or group."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import content_version
from dalil.schema.records import MediaRef, Post, Reject
from dalil.schema.words import EdgeType, State, ZoneBasis
from dalil.sources import times
from dalil.sources.closed_words import LANGUAGE
from dalil.sources.formats.meta_content_library_csv.rows import Reading, metrics_of, urls_of
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Reread, decoded, mentions_in, not_read
from dalil.sources.table_rereads import all_texts, locale_of, merged, timed
from dalil.sources.unnaming import HASHTAG, Unnaming, unnamed


class Kept(msgspec.Struct):
    """What of a row's raw record is not a cell: ids as they are stored, media, what is shared."""

    id: str
    text: str = ""
    owner: str | None = None
    surface: str | None = None
    media: tuple[MediaRef, ...] = ()
    edges: tuple[tuple[EdgeType, str], ...] = ()


class Party(msgspec.Struct):
    """What of an account's raw record is read again."""

    uid: str
    name: str | None = None
    handle: str | None = None
    type: str = ""


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    platform = held.uid.partition(":")[0]
    unnaming = Unnaming(again.privacy, platform)
    try:
        values = decoded(raw)
        if isinstance(values.get("account"), dict):
            return _account(msgspec.convert(values["account"], Party), raw, held, unnaming)
        kept = msgspec.convert(values, Kept)
    except ValueError:  # what msgspec raises is one
        return not_read(held)
    cells = {name: cell for name, cell in values.items() if name not in Kept.__struct_fields__}
    if not all_texts(cells):
        return not_read(held)
    found = _row(kept, cells, raw, held, unnaming)
    found = replace(found, version=_version(found, kept, unnaming))
    return unnamed(
        found, unnaming, lambda new: _version(new, kept, unnaming), lambda new: _raw(cells, kept, new, unnaming)
    )


def _account(kept: Party, raw: bytes, held: Held, unnaming: Unnaming) -> Record | Reject:
    if not held.accounts:
        return not_read(held)
    account = replace(held.accounts[0], display_name=kept.name, handle=kept.handle)
    version = content_version(account.handle, account.display_name, None, account.state.value)
    found = replace(held.record(raw), accounts=(account,), version=version)

    def fresh(new: Record) -> dict[str, object]:
        one = new.accounts[0]
        return {"account": {"uid": one.uid, "name": one.display_name, "handle": one.handle, "type": kept.type}}

    return unnamed(found, unnaming, lambda new: content_version(None, None, None, new.accounts[0].state.value), fresh)


def _row(kept: Kept, cells: dict[str, str], raw: bytes, held: Held, unnaming: Unnaming) -> Record:
    post = _post(kept, cells, held.post, unnaming) if held.post is not None else None
    found = replace(held.record(raw), post=post, signal_text=kept.text if post else "")
    if post is None or len(kept.edges) != len(held.edges):
        return found
    at, basis = post.created_at, post.created_zone_basis
    edges = (
        replace(edge, type=kind, dst_uid=target, at=at, at_basis=basis)
        for edge, (kind, target) in zip(held.edges, kept.edges, strict=True)
    )
    return replace(found, edges=tuple(edges))


def _post(kept: Kept, cells: dict[str, str], was: Post, unnaming: Unnaming) -> Post:
    reading = Reading(unnaming.platform, locale_of(was.metrics), None, unnaming.privacy)
    created = times.from_iso(cells.get("creation_time", "").strip())
    changed = times.from_iso(cells.get("modified_time", "").strip())
    lang = cells.get("lang", "").strip()
    post = replace(
        timed(was, created),
        text=kept.text,
        lang=lang if LANGUAGE.fullmatch(lang) else None,
        urls=urls_of(cells, kept.text, unnaming.scope),
        hashtags=tuple(HASHTAG.findall(kept.text)),
        mentions=mentions_in(kept.text),
        media=kept.media,
        metrics=merged(metrics_of(cells, reading, []), was.metrics),
    )
    if created is None or created[1] is ZoneBasis.UNKNOWN:
        return post
    edited = changed[0] if changed and changed[1] is not ZoneBasis.UNKNOWN and changed[0] > created[0] else None
    state = State.EDITED if edited else State.LIVE
    if changed is not None and changed[1] is ZoneBasis.UNKNOWN:
        edited, state = was.edited_at, was.state
    return replace(post, server_indexed_at=created[0], edited_at=edited, state=state, state_at=edited)


def _version(found: Record, kept: Kept, unnaming: Unnaming) -> str:
    text = unnaming.text(kept.text)[0]
    keys = [ref.native_key for ref in _media(kept, found, unnaming)]
    return content_version(text, *keys, found.post.state.value if found.post else "repost")


def _media(kept: Kept, found: Record, unnaming: Unnaming) -> tuple[MediaRef, ...]:
    author = found.author_ref.partition(":")[2] if found.author_ref else None
    return unnaming.media(kept.media, author_gone=author != kept.owner)


def _raw(cells: dict[str, str], kept: Kept, found: Record, unnaming: Unnaming) -> dict[str, Any]:
    place = kept.surface and unnaming.account(f"{unnaming.platform}:{kept.surface}").partition(":")[2]
    return {
        **{name: unnaming.scope.clean(cell) for name, cell in cells.items()},
        "id": found.uid.partition(":")[2],
        "text": unnaming.text(kept.text)[0],
        "owner": found.author_ref.partition(":")[2] if found.author_ref else None,
        "surface": place,
        "media": _media(kept, found, unnaming),
        "edges": [(edge.type, edge.dst_uid) for edge in found.edges],
    }
