"""Which posts a status points at, as edges; the ids are replaced in place by those that may be stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from msgspec import UNSET

from dalil.schema.records import Edge
from dalil.schema.words import EdgeType, ZoneBasis
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.rereading import is_stand_in
from dalil.sources.x_status.around import NOBODY, PLATFORM, Around, Author, name_of, text_id
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
    whose = _Whose(privacy)
    _repost(status, shown[key], around, privacy, whose, edge)
    if answered := text_id(status.in_reply_to_status_id_str):
        author = around.answered(status, answered)
        shown[answered] = around.post_id(answered, author, privacy)
        told = Author(text_id(status.in_reply_to_user_id_str), status.in_reply_to_screen_name or None)
        whose.add(shown[answered], author, told)
        status.in_reply_to_status_id_str = shown[answered]
        edge(EdgeType.REPLY, shown[answered])
    _answered_account(status, around, privacy)
    if quoted := text_id(status.quoted_status_id_str):
        links = (status.entities.urls or ()) if status.entities else ()
        author = around.quoted(status, quoted, links)
        shown[quoted] = around.post_id(quoted, author, privacy)
        whose.add(shown[quoted], author, around.named(shown[quoted], (link.expanded_url for link in links)))
        status.quoted_status_id_str = shown[quoted]
        edge(EdgeType.QUOTE, shown[quoted])
    if root is not None:
        if root not in shown:
            author = around.authors.get(root, NOBODY)
            shown[root] = around.post_id(root, author, privacy)
            whose.add(shown[root], author, NOBODY)
        status.conversation_id_str = root = shown[root]
    status.quoted_status_permalink = UNSET
    status.whose = whose.found or UNSET
    return References(edges, root)


class _Whose:
    """Public accounts whose posts are referred to, as far as the raw record would not tell them otherwise.

    One that turns out to be a private person's is found by it, and the post's id with it.
    """

    def __init__(self, privacy: Pseudonymiser) -> None:
        self._privacy = privacy
        self.found: dict[str, str] = {}

    def add(self, shown: str, author: Author, told: Author) -> None:
        """Note whose a post is, unless it is a private person's or `told`, what raw tells of it, says the same."""
        if is_stand_in(shown) or _same(author, told):
            return
        name = name_of(author, self._privacy)
        if name is not None and not is_stand_in(name):
            self.found[shown] = name


def _same(one: Author, other: Author) -> bool:
    if one.native_id and one.native_id == other.native_id:
        return True
    return bool(one.handle and other.handle) and str(one.handle).casefold() == str(other.handle).casefold()


def _repost(
    status: Status, own: str, around: Around, privacy: Pseudonymiser, whose: _Whose, edge: Callable[..., None]
) -> None:
    repeated = status.reposted or None
    if repeated is None:
        return
    author = around.known(Author(text_id(repeated.user_id_str), repeated.screen_name or None))
    target = text_id(repeated.id_str)
    if target is not None:
        told, author = author, around.authors.get(target, author)
        repeated.id_str = around.post_id(target, author, privacy)
        if repeated.id_str == own:  # it repeats itself: whose it is, the status tells
            repeated.user_id_str = repeated.screen_name = UNSET
            edge(EdgeType.REPOST, own)
            return
        whose.add(repeated.id_str, author, told)
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
    if known is None and author.native_id and not _is_mentioned(author, status):
        known = author.native_id  # it was told outside of this status, and raw could not tell it
    repeated.user_id_str = privacy.account(PLATFORM, known, handle=author.handle).native_id if known else UNSET


def _is_mentioned(author: Author, status: Status) -> bool:
    """Whether a mention in the status tells the account's id for its handle."""
    mentions = (status.entities.user_mentions or ()) if status.entities else ()
    return any(mention.id_str and _same(author, Author(None, mention.screen_name or None)) for mention in mentions)


def _answered_account(status: Status, around: Around, privacy: Pseudonymiser) -> None:
    handle = status.in_reply_to_screen_name or None
    author = around.known(Author(text_id(status.in_reply_to_user_id_str), handle))
    if author.native_id:
        who = privacy.account(PLATFORM, author.native_id, handle=handle)
        status.in_reply_to_user_id_str = who.native_id
    if handle:
        status.in_reply_to_screen_name = privacy.mention(PLATFORM, handle, author.native_id)[1:]
