"""A raw record of this format read again: the same structs, the same way, on what redaction left."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.records import Edge, Post, Reject
from dalil.schema.words import EdgeType, IdQuality
from dalil.sources.formats.x_api_v2 import posts, problems
from dalil.sources.formats.x_api_v2.accounts import Accounts
from dalil.sources.formats.x_api_v2.batches import Batch
from dalil.sources.formats.x_api_v2.shapes import Medium, Problem, Tweet, User
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Reread, in_order, is_stand_in, mentions_in, not_read

_HERE: Final = "h"
"""Stands for the place's id, which raw does not keep: only its country."""


class Kept(msgspec.Struct):
    """The three kinds of raw record: a post with its media, an account, an entry of `errors`."""

    tweet: Tweet | UnsetType = UNSET
    media: list[Medium] = []
    user: User | UnsetType = UNSET
    error: Problem | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    try:
        kept = _KEPT.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return not_read(held)
    batch = Batch(retrieved_at=held.post.state_at if held.post else None)
    if isinstance(kept.tweet, Tweet):
        found = _post(kept.tweet, kept.media, batch, held, again)
    elif isinstance(kept.user, User):
        found = _account(kept.user, held, again)
    elif isinstance(kept.error, Problem):
        found = _state(kept.error, batch, held, again)
    else:
        return not_read(held)
    if not isinstance(found, Record):
        return found
    return msgspec.structs.replace(found, included=held.included, warnings=held.warnings)


def _account(user: User, held: Held, again: Reread) -> Record | Reject:
    found = Accounts(again.privacy).record_of(user)
    if found is None or not held.accounts:
        return not_read(held)
    account = found.accounts[0]
    account = msgspec.structs.replace(account, counts=in_order(account.counts, held.accounts[0].counts))
    return msgspec.structs.replace(found, accounts=(account,))


def _state(problem: Problem, batch: Batch, held: Held, again: Reread) -> Record | Reject:
    found = problems.record_of(problem, batch, again.privacy)
    if not isinstance(found, Record) or found.post is None:
        return not_read(held)
    quality = IdQuality.HASHED if is_stand_in(found.post.native_id) else IdQuality.EXACT
    return msgspec.structs.replace(found, post=msgspec.structs.replace(found.post, id_quality=quality))


def _post(tweet: Tweet, media: list[Medium], batch: Batch, held: Held, again: Reread) -> Record | Reject:
    batch.add_tweet("raw", tweet, included=False)
    batch.media = {medium.media_key: medium for medium in media if medium.media_key}
    if tweet.geo and tweet.geo.country_code:
        batch.countries[_HERE] = tweet.geo.country_code
        tweet.geo.place_id = _HERE
    first = str(tweet.edit_history_tweet_ids[0]) if tweet.edit_history_tweet_ids else ""
    found = posts.record_of(tweet, batch, again.privacy, where="raw", included=held.included)
    if not isinstance(found, Record):
        return found if isinstance(found, Reject) else not_read(held)
    found = msgspec.structs.replace(found, edges=_edges(found, held))
    if found.post is None or held.post is None:
        return found
    return msgspec.structs.replace(found, post=_taken_over(found.post, held.post, first, public=found.author_public))


def _edges(found: Record, held: Held) -> tuple[Edge, ...]:
    """A public post's second name needs the key: it stays as it is held."""
    names = tuple(edge for edge in held.edges if edge.type is EdgeType.ALIAS) if found.author_public else ()
    return tuple(edge for edge in found.edges if edge.type is not EdgeType.ALIAS) + names


def _taken_over(post: Post, held: Post, first: str, *, public: bool) -> Post:
    """What the response told and its raw record does not: the handle in the address, that the account was
    open, when the counts were given, and when a private person's edited post was first made."""
    return msgspec.structs.replace(
        post,
        uri=(held.uri or post.uri) if public else None,
        visibility=held.visibility,
        created_at=held.created_at if is_stand_in(first) else post.created_at,
        mentions=post.mentions or mentions_in(post.text),
        metrics=in_order(post.metrics, held.metrics),
    )
