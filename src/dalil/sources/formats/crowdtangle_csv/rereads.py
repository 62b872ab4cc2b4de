"""A raw record of this format read again: the row's cells as they were written, and the page behind it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dalil.schema.records import Post, Reject
from dalil.schema.words import ZoneBasis
from dalil.sources.formats.crowdtangle_csv.rows import AUDIENCE, Owner, account_record, post_record, who_owns
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Reread, decoded, mentions_in, not_read
from dalil.sources.table_rereads import all_texts, locale_of, merged


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    try:
        kept = decoded(raw)
    except ValueError:
        return not_read(held)
    match kept:
        case {"account": dict() as cells, "uid": str() as uid} if all_texts(cells):
            return _account(cells, uid, held, again)
        case {"row": {"post": str(), "owner": str()} as row} if all_texts(row) and held.post is not None:
            return _post(row, held, held.post, again)
        case _:
            return not_read(held)


def _owner(
    uid: str, cells: Mapping[str, str], held: Held, post_key: str | None, again: Reread, *, is_group: bool
) -> Owner:
    platform, _, native_id = uid.partition(":")
    quality = held.accounts[0].id_quality if held.accounts else held.post.id_quality if held.post else None
    known = frozenset((platform, name) for name in (native_id, cells.get("handle", "").casefold()) if name)
    assert quality is not None
    who = who_owns(again.privacy, platform, native_id, cells.get("handle", "").strip().casefold(), is_group=is_group)
    return Owner(platform, native_id, who, quality, is_group, known, post_key, None)


def _account(cells: Mapping[str, str], uid: str, held: Held, again: Reread) -> Record | Reject:
    if not held.accounts:
        return not_read(held)
    was = held.accounts[0]
    found = account_record(cells, _owner(uid, cells, held, None, again, is_group=was.type == "group"), again.privacy)
    account = msgspec.structs.replace(
        found.accounts[0], type=was.type, alt_ids=was.alt_ids if found.author_public else ()
    )
    return msgspec.structs.replace(found, accounts=(account,), included=held.included, warnings=held.warnings)


def _post(row: Mapping[str, str], held: Held, was: Post, again: Reread) -> Record:
    is_group = was.author_ref is None
    owner = _owner(row["owner"], row, held, row["post"].partition(":")[2], again, is_group=is_group)
    found = post_record(row, owner, again.privacy, locale_of(was.metrics), None, [])
    post = found.post
    assert post is not None
    if post.created_zone_basis is ZoneBasis.UNKNOWN:  # the zone that the operator named is not in the row
        post = msgspec.structs.replace(
            post, created_at=was.created_at, created_zone_basis=was.created_zone_basis, claimed_at=was.claimed_at
        )
    metrics = merged(post.metrics, was.metrics)
    if not owner.who.public:
        metrics = tuple(metric for metric in metrics if metric.name not in AUDIENCE)
    post = msgspec.structs.replace(post, metrics=metrics, mentions=mentions_in(post.text))
    return msgspec.structs.replace(found, post=post, included=held.included, warnings=held.warnings)
