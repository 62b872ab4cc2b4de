"""X API v2 as a collector writes it: one response a line, with includes, lookups of known ids, and errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from dalil.sample.cast import Account
from dalil.sample.schedule import Capture
from dalil.sample.stream import Draft, count

Json = dict[str, Any]
PAGE: Final = 100
_ENCODER: Final = msgspec.json.Encoder()


def pages(drafts: Sequence[Draft], gone: Sequence[Draft], capture: Capture) -> bytes:
    """One capture's file.

    Args:
        drafts: what was public in the capture's stretch, by time.
        gone: posts of earlier captures that are no longer there; they appear as errors of a lookup.
    """
    starts = range(0, len(drafts), PAGE)
    lines = [_page(list(drafts[start : start + PAGE]), capture, start // PAGE) for start in starts]
    if gone:
        lines.append(_lookup(gone))
    return b"\n".join(_ENCODER.encode(line) for line in lines) + b"\n"


def _page(drafts: list[Draft], capture: Capture, number: int) -> Json:
    seen = capture.at
    targets = {id(d.target): d.target for d in drafts if d.target is not None}
    users = {a.native_id: a for d in [*drafts, *targets.values()] for a in _accounts(d)}
    lost = [d for d in targets.values() if d.deleted_at is not None and d.deleted_at <= seen]
    kept = [d for d in targets.values() if d not in lost]
    media = [_medium(d) for d in [*drafts, *kept] if d.photo]
    includes: Json = {"users": [_user(a) for a in users.values()]}
    if kept:
        includes["tweets"] = [_tweet(d, seen) for d in kept]
    if media:
        includes["media"] = list({m["media_key"]: m for m in media}.values())
    page: Json = {"data": [_tweet(d, seen) for d in drafts], "includes": includes}
    if lost:
        page["errors"] = [_not_found(d, "referenced_tweets.id") for d in lost]
    page["meta"] = {
        "newest_id": _id(drafts[-1], seen),
        "oldest_id": _id(drafts[0], seen),
        "result_count": len(drafts),
        "next_token": f"page{number + 1:03d}",
    }
    return page


def _lookup(gone: Sequence[Draft]) -> Json:
    return {"errors": [_not_found(d, "ids") for d in gone], "meta": {"result_count": 0}}


def _not_found(draft: Draft, parameter: str) -> Json:
    return {
        "value": draft.native_id,
        "detail": f"Could not find tweet with {parameter}: [{draft.native_id}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": parameter,
        "resource_id": draft.native_id,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def _accounts(draft: Draft) -> list[Account]:
    return [draft.account] + ([draft.target.account] if draft.target is not None else [])


def _id(draft: Draft, seen: datetime) -> str:
    return draft.edited_id if draft.edited_at is not None and draft.edited_at <= seen else draft.native_id


def _tweet(draft: Draft, seen: datetime) -> Json:
    text, entities = _text(draft, seen)
    edited = draft.edited_at is not None and draft.edited_at <= seen
    tweet: Json = {
        "id": _id(draft, seen),
        "author_id": draft.account.native_id,
        "created_at": _time(draft.edited_at if edited and draft.edited_at else draft.at),
        "text": text,
        "lang": {"ckb": "ckb", "en": "en"}.get(draft.account.language, "ar"),
        "conversation_id": draft.target.native_id if draft.kind == "reply" and draft.target else draft.native_id,
        "edit_history_tweet_ids": [draft.native_id, draft.edited_id] if edited else [draft.native_id],
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "public_metrics": _metrics(draft, seen),
    }
    if entities:
        tweet["entities"] = entities
    if draft.target is not None:
        kind = {"reply": "replied_to", "quote": "quoted", "repost": "retweeted"}[draft.kind]
        tweet["referenced_tweets"] = [{"type": kind, "id": draft.target.native_id}]
        if draft.kind == "reply":
            tweet["in_reply_to_user_id"] = draft.target.account.native_id
    if draft.photo:
        tweet["attachments"] = {"media_keys": [_media_key(draft)]}
    if len(draft.text_at(seen)) > 280:
        tweet["note_tweet"] = {"text": draft.text_at(seen)}
    return tweet


def _metrics(draft: Draft, seen: datetime) -> Json:
    if draft.kind == "repost":
        return {
            "retweet_count": 0,
            "reply_count": 0,
            "like_count": 0,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": 0,
        }
    shares = {
        "retweet_count": 0.02,
        "reply_count": 0.01,
        "like_count": 0.06,
        "quote_count": 0.003,
        "bookmark_count": 0.004,
        "impression_count": 1.0,
    }
    return {name: count(draft, share, seen) for name, share in shares.items()}


def _text(draft: Draft, seen: datetime) -> tuple[str, Json]:
    """The text as the platform gives it, and its entities; offsets are code points, end exclusive."""
    entities: Json = {}
    text = draft.text_at(seen)[:280]
    if draft.target is not None and draft.kind in ("reply", "repost"):
        handle = draft.target.account.handle
        head = f"@{handle} " if draft.kind == "reply" else f"RT @{handle}: "
        start = head.index("@")
        entities["mentions"] = [
            {"start": start, "end": start + 1 + len(handle), "username": handle, "id": draft.target.account.native_id}
        ]
        text = head + (text if draft.kind == "reply" else draft.target.text_at(seen))
        if draft.kind == "repost" and len(text) > 140:
            text = text[:139] + "…"
    urls = []
    if draft.link:
        urls.append(
            (
                {
                    "expanded_url": draft.link,
                    "display_url": draft.link.removeprefix("https://")[:26],
                    "unwound_url": draft.link,
                },
                "L",
            )
        )
    if draft.kind == "quote" and draft.target is not None:
        address = f"https://x.com/{draft.target.account.handle}/status/{draft.target.native_id}"
        urls.append(({"expanded_url": address, "display_url": address.removeprefix("https://")[:26]}, "Q"))
    if draft.photo:
        address = f"https://x.com/{draft.account.handle}/status/{draft.native_id}/photo/1"
        urls.append(({"expanded_url": address, "display_url": "pic.x.com/sample", "media_key": _media_key(draft)}, "P"))
    listed = []
    for more, mark in urls:
        short = f"https://t.co/SHL{mark}{draft.native_id[-9:]}"
        start = len(text) + 1
        text = f"{text} {short}"
        listed.append({"start": start, "end": start + len(short), "url": short, **more})
    if listed:
        entities["urls"] = listed
    return text, entities


def _media_key(draft: Draft) -> str:
    return f"3_{int(draft.native_id) + 1}"


def _medium(draft: Draft) -> Json:
    return {
        "media_key": _media_key(draft),
        "type": "photo",
        "url": f"https://pbs.twimg.com/media/SHL{draft.native_id[-12:]}.jpg",
        "width": 1200,
        "height": 800,
    }


def _user(account: Account) -> Json:
    return {
        "id": account.native_id,
        "username": account.handle,
        "name": account.name,
        "created_at": account.created,
        "description": "",
        "protected": False,
        "verified": account.kind == "outlet",
        "public_metrics": {
            "followers_count": account.followers,
            "following_count": 100 + account.followers % 400,
            "tweet_count": 500 + account.followers % 3000,
            "listed_count": account.followers // 500,
        },
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
