"""Which posts a status points at, as edges; the ids are replaced in place by those that may be stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from msgspec import UNSET

from dalil.schema.records import Edge
from dalil.schema.words import EdgeType, ZoneBasis
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.x_status.around import NOBODY, PLATFORM, Around, Author, text_id
from dalil.sources.x_status.shapes import Status


class References(NamedTuple):
    """The edges of a post, and the id of the post that began its thread as it may be stored."""

    edges: list[Edge]
    root: str | None


def read(
    status: Status, key: str, uid: str, at: datetime | None, basis: ZoneBasis, around: Around, privacy: Pseudonymiser
) -> References:
    """Read reply, quote, repost and thread; to be called before the text's links are redacted."""
    edges: list[Edge] = []

    def edge(kind: EdgeType, to: str | None, hint: str | None = None) -> None:
        dst = f"{PLATFORM}:{to}" if to else None
        edges.append(Edge(src_uid=uid, dst_uid=dst, type=kind, dst_hint=hint, at=at, at_basis=basis))

    root = text_id(status.conversation_id_str)
    shown: dict[str, str] = {key: uid.partition(":")[2]}
    if first := around.first_ids.get(key):
        shown[first] = shown[key]
    _repost(status, around, privacy, edge)
    if answered := text_id(status.in_reply_to_status_id_str):
        shown[answered] = around.post_id(answered, around.answered(status, answered), privacy)
        status.in_reply_to_status_id_str = shown[answered]
        edge(EdgeType.REPLY, shown[answered])
    _answered_account(status, around, privacy)
    if quoted := text_id(status.quoted_status_id_str):
        links = (status.entities.urls or ()) if status.entities else ()
        shown[quoted] = around.post_id(quoted, around.quoted(status, quoted, links), privacy)
        status.quoted_status_id_str = shown[quoted]
        edge(EdgeType.QUOTE, shown[quoted])
    if root is not None:
        root = shown.get(root) or around.post_id(root, around.authors.get(root, NOBODY), privacy)
        status.conversation_id_str = root
    status.quoted_status_permalink = UNSET
    return References(edges, root)


def _repost(status: Status, around: Around, privacy: Pseudonymiser, edge: Callable[..., None]) -> None:
    repeated = status.reposted or None
    if repeated is None:
        return
    author = around.known(Author(text_id(repeated.user_id_str), repeated.screen_name or None))
    target = text_id(repeated.id_str)
    if target is not None:
        author = around.authors.get(target, author)
        repeated.id_str = around.post_id(target, author, privacy)
        edge(EdgeType.REPOST, repeated.id_str)
    elif author.native_id:
        edge(EdgeType.REPOST, None, privacy.account(PLATFORM, author.native_id, handle=author.handle).uid)
    else:
        edge(EdgeType.REPOST, None, privacy.by_handle(PLATFORM, author.handle).uid if author.handle else None)
    if author.handle and repeated.screen_name:
        repeated.screen_name = privacy.mention(PLATFORM, author.handle, author.native_id)[1:]
    else:
        repeated.screen_name = UNSET
    known = text_id(repeated.user_id_str)
    repeated.user_id_str = privacy.account(PLATFORM, known, handle=author.handle).native_id if known else UNSET


def _answered_account(status: Status, around: Around, privacy: Pseudonymiser) -> None:
    handle = status.in_reply_to_screen_name or None
    author = around.known(Author(text_id(status.in_reply_to_user_id_str), handle))
    if author.native_id:
        who = privacy.account(PLATFORM, author.native_id, handle=handle)
        status.in_reply_to_user_id_str = who.native_id
    if handle:
        status.in_reply_to_screen_name = privacy.mention(PLATFORM, handle, author.native_id)[1:]
