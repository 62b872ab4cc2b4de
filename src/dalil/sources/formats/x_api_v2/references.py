"""Who wrote the post that another refers to, as far as the record itself tells."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dalil.schema.records import Edge
from dalil.schema.words import EdgeType, ZoneBasis
from dalil.sources.addresses import parse
from dalil.sources.formats.x_api_v2.batches import PLATFORM, Batch
from dalil.sources.formats.x_api_v2.shapes import Reference, Tweet
from dalil.sources.ids import key_of
from dalil.sources.privacy import Pseudonymiser

TYPES = {"replied_to": EdgeType.REPLY, "quoted": EdgeType.QUOTE, "retweeted": EdgeType.REPOST}


class Author(NamedTuple):
    """What is known of an account: its id, its handle, either or neither."""

    native_id: str | None = None
    handle: str | None = None


def author_of(tweet: Tweet, batch: Batch) -> Author:
    """The author of a post that is at hand."""
    if not tweet.author_id:
        return Author()
    key = key_of(tweet.author_id)
    user = batch.users.get(key)
    return Author(key, user.username if user and user.username else None)


def author_of_reference(tweet: Tweet, reference: Reference, batch: Batch) -> Author:
    """The author of a post that `tweet` refers to.

    From the post itself where it was included; else from whom a reply answers, from the mention
    that opens a retweet, or from the address that a quote carries.
    """
    known = batch.authors.get(key_of(reference.id))
    if known:
        user = batch.users.get(known)
        return Author(known, user.username if user and user.username else None)
    if reference.type == "replied_to" and tweet.in_reply_to_user_id:
        key = key_of(tweet.in_reply_to_user_id)
        user = batch.users.get(key)
        return Author(key, user.username if user and user.username else None)
    entities = tweet.entities or None
    if reference.type == "retweeted" and entities and tweet.text:
        for mention in entities.mentions or ():
            if mention.start == 3 and mention.username and tweet.text.startswith("RT "):
                return Author(batch.ids.get(mention.username.casefold()), mention.username)
    if reference.type == "quoted" and entities:
        for link in entities.urls or ():
            address = parse(link.expanded_url) if link.expanded_url else None
            if address and address.platform == PLATFORM and address.post == key_of(reference.id):
                handle = address.account
                return Author(batch.ids.get(handle.casefold()) if handle else None, handle)
    return Author()


def post_id(key: str, author: Author, batch: Batch, privacy: Pseudonymiser) -> str:
    """The id of a post as it may be stored: of its first version, true only where its author is public."""
    public = privacy.is_public(PLATFORM, native_id=author.native_id, handle=author.handle)
    return privacy.post(PLATFORM, batch.first_ids.get(key, key), public=public)


def edges_of(
    tweet: Tweet, uid: str, at: datetime | None, batch: Batch, privacy: Pseudonymiser
) -> tuple[list[Edge], list[str]]:
    """The edges of a post to those it refers to, and each target's id as it may be stored, in order."""
    edges: list[Edge] = []
    shown: list[str] = []
    if not tweet.referenced_tweets:
        return edges, shown
    basis = ZoneBasis.EXPLICIT if at else ZoneBasis.UNKNOWN
    for reference in tweet.referenced_tweets:
        author = author_of_reference(tweet, reference, batch)
        target = post_id(key_of(reference.id), author, batch, privacy)
        shown.append(target)
        if reference.type in TYPES:
            kind = TYPES[reference.type]
            edges.append(Edge(src_uid=uid, dst_uid=f"{PLATFORM}:{target}", type=kind, at=at, at_basis=basis))
    return edges, shown
