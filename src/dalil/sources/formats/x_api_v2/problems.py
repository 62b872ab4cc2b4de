"""Entries of `errors`: posts that were deleted or are not public, as states (law 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Post
from dalil.schema.words import IdQuality, Kind, State
from dalil.sources.formats.x_api_v2.batches import PLATFORM, Batch
from dalil.sources.formats.x_api_v2.references import Author, author_of_reference, post_id
from dalil.sources.formats.x_api_v2.shapes import Problem
from dalil.sources.ids import key_of
from dalil.sources.importer import Ignored, Record
from dalil.sources.privacy import Pseudonymiser

STATES: Final = {
    "resource-not-found": State.DELETED,
    "not-authorized-for-resource": State.PRIVATE,
    "disallowed-resource": State.UNAVAILABLE,
}
_NOBODY: Final[Mapping[str, Author]] = MappingProxyType({})
_ASKED_FOR: Final = ("id", "ids")


def authors_of(batch: Batch) -> dict[str, Author]:
    """Who wrote the posts that were not given, as far as the posts that refer to them tell.

    To be called before any post of the batch is redacted. So a notice names the same post as the
    edge that leads to it.
    """
    missing = {key_of(problem.resource_id) for problem in batch.problems if problem.resource_id}
    found: dict[str, Author] = {}
    for _, tweet in (*batch.tweets, *batch.included) if missing else ():
        for reference in tweet.referenced_tweets or ():
            key = key_of(reference.id)
            if key in missing:
                author = author_of_reference(tweet, reference, batch)
                if author != Author():
                    found.setdefault(key, author)
    return found


def record_of(
    problem: Problem, batch: Batch, privacy: Pseudonymiser, authors: Mapping[str, Author] = _NOBODY
) -> Record | Ignored:
    """The state of a post that the platform did not give; what is no post is counted.

    Where nobody tells the author, the post is named by its keyed hash; a public post says which hash
    that is (`aliases`), so that the two join.

    It is a primary record where the post itself was asked for, and included where another refers to it.
    """
    kind = (problem.type or "").rpartition("/")[2]
    if problem.resource_type != "tweet" or not problem.resource_id or kind not in STATES:
        return Ignored("error-entry")
    key = key_of(problem.resource_id)
    shown = post_id(key, authors.get(key) or Author(batch.authors.get(key) or None), batch, privacy)
    state = STATES[kind]
    return Record(
        kind=Kind.POST,
        uid=f"{PLATFORM}:{shown}",
        version=content_version("", state.value),
        raw=canonical_bytes({"error": {"resource_type": "tweet", "resource_id": shown, "type": kind}}),
        source_version="2",
        post=Post(
            uid=f"{PLATFORM}:{shown}",
            platform=PLATFORM,
            native_id=shown,
            id_quality=IdQuality.HASHED if shown != key else IdQuality.EXACT,
            state=state,
            state_at=batch.retrieved_at,
            state_reason=kind,
        ),
        locators=privacy.take_locators(),
        included=problem.parameter not in _ASKED_FOR,
    )
