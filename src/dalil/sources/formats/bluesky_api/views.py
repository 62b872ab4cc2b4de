"""One view of a post, or one account, as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dalil.schema.records import Label, Metric
from dalil.schema.words import ZoneBasis
from dalil.sources import bluesky, bluesky_records
from dalil.sources.account_records import Profile
from dalil.sources.bluesky_texts import AT_URI, DID, PLATFORM, PostRecord
from dalil.sources.decoding import count
from dalil.sources.formats.bluesky_api.shapes import Author, Reason, View
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser

_METRICS: Final = {"reply_count": "replies", "repost_count": "reposts", "like_count": "likes", "quote_count": "quotes"}
_COUNTS: Final = {"followers_count": "followers", "follows_count": "following", "posts_count": "posts"}
_LABELLERS: Final = {"did:plc:ar7c4by46qjdydhdevvrndac": "bluesky"}
VERSION: Final = "app.bsky"


def post_record(
    view: View, record: PostRecord, privacy: Pseudonymiser, handles: Mapping[str, str], *, included: bool
) -> Record:
    """A post with its counts and labels."""
    metrics = tuple(
        Metric(shared, count(getattr(view, name)))
        for name, shared in _METRICS.items()
        if getattr(view, name) is None or isinstance(getattr(view, name), int)
    )
    found = bluesky.Found(
        uri=view.uri,
        record=record,
        cid=view.cid or None,
        server=bluesky.read_time(view.indexed_at),
        view=view.embed or (view.embeds[0] if isinstance(view.embeds, list) and view.embeds else None),
        metrics=metrics,
        labels=_labels(view),
        handles=handles,
    )
    return bluesky.post_record(found, privacy, version=VERSION, included=included)


def repost_record(reason: Reason, post: str, privacy: Pseudonymiser, handles: Mapping[str, str]) -> Record | None:
    """Who reposted a post of a feed, and when; None where it does not say who."""
    if not reason.by or not DID.fullmatch(reason.by.did):
        return None
    own = reason.uri if reason.uri and AT_URI.fullmatch(reason.uri) else None
    when = bluesky.times_of(None, bluesky.read_time(reason.indexed_at), ZoneBasis.EXPLICIT)
    return bluesky_records.repost_record(own, reason.by.did, post, when, privacy, handles=handles, version=VERSION)


def profile_of(author: Author, privacy: Pseudonymiser) -> Profile | None:
    """The account of a view; None where its id can be none."""
    if not DID.fullmatch(author.did):
        return None
    handle = author.handle or None
    given = [(shared, getattr(author, name)) for name, shared in _COUNTS.items()]
    return Profile(
        who=privacy.account(PLATFORM, author.did, handle=handle),
        platform=PLATFORM,
        handle=handle,
        display_name=author.display_name or None,
        description=author.description or None,
        created_at=bluesky.read_time(author.created_at),
        counts=tuple((name, value) for name, value in given if isinstance(value, int)),
    )


def handles_of(*values: Any) -> dict[str, str]:
    """Id → handle of every account that these views name, which the server vouches for; the first 200."""
    found: dict[str, str] = {}
    waiting = list(values)
    seen = 0
    while waiting and seen < 5_000 and len(found) < 200:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            did, handle = value.get("did"), value.get("handle")
            if isinstance(did, str) and isinstance(handle, str) and DID.fullmatch(did) and handle != "handle.invalid":
                found.setdefault(did, handle)
            waiting += [value[name] for name in ("author", "by", "record", "media", "embeds") if name in value]
        elif isinstance(value, list):
            waiting += value[:20]
    return found


def quoted_view(embed: Any) -> dict[str, Any] | None:
    """The view of a quoted record, with or without media beside it."""
    match embed:
        case {"record": {"record": {"uri": str()} as inner}} | {"record": {"uri": str()} as inner}:
            return dict(inner)
        case _:
            return None


def _labels(view: View) -> tuple[Label, ...]:
    """Labels on the post. Of a labeller that is a person's account only that it is one is kept."""
    found = []
    author = view.author.did if view.author else None
    for label in view.labels[:20] if isinstance(view.labels, list) else ():
        match label:
            case {"neg": True}:
                continue
            case {"src": str(source), "val": str(value)}:
                named = "self" if source == author else _LABELLERS.get(source, "labeller")
                found.append(Label(named, value[:100]))
    return tuple(dict.fromkeys(found))
