"""Big cheap files of Telegram for the benchmarks, as its desktop program and as Telethon write them: no media."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.sample.clock import TZ
from dalil.sample.format_telegram import NOT_INCLUDED
from dalil.sample.scale import drafted
from dalil.sample.stream import Draft

CHANNEL: Final = 1494031694
_ENCODER: Final = msgspec.json.Encoder()
_OTHERS: Final = 50
_NULLS: Final = dict.fromkeys(
    (
        *("mentioned", "media_unread", "silent", "from_scheduled", "legacy", "pinned", "noforwards", "invert_media"),
        *("offline", "video_processing_pending", "paid_suggested_post_stars", "paid_suggested_post_ton"),
        *("from_boosts_applied", "from_rank", "saved_peer_id", "via_bot_id", "via_business_bot_id", "reply_markup"),
        *("post_author", "ttl_period", "quick_reply_shortcut_id", "effect", "factcheck", "paid_message_stars"),
        *("report_delivery_until_date", "suggested_post", "schedule_repeat_period", "summary_from_language"),
    )
)
"""What Telethon writes of every message although it says nothing."""


def desktop(n: int, path: Path, *, seed: int = 0) -> int:
    """Write one public channel's export of n messages, and give back the file's size in bytes.

    Of each hundred some 14 are forwards, 10 answers, 12 edited, 25 photos that were not included, 17
    with a link, 33 with reactions.
    """
    with path.open("wb") as out:
        size = out.write(
            b'{\n "name": "Sahlara News",\n "type": "public_channel",\n "id": %d,\n "messages": [' % CHANNEL
        )
        for number, draft in enumerate(_drafts(n, seed), 1):
            size += out.write(b",\n  " if number > 1 else b"\n  ")
            size += out.write(msgspec.json.format(_ENCODER.encode(_message(number, draft)), indent=1))
        return size + out.write(b"\n ]\n}\n")


def telethon(n: int, path: Path, *, seed: int = 0) -> int:
    """Write n messages of one public channel as JSON Lines, the channel first; gives back the size in bytes."""
    channel = {"_": "Channel", "id": CHANNEL, "title": "Sahlara News", "username": "sahlara_news", "broadcast": True}
    with path.open("wb") as out:
        size = out.write(_ENCODER.encode(channel) + b"\n")
        for number, draft in enumerate(_drafts(n, seed), 1):
            size += out.write(_ENCODER.encode(_object(number, draft)) + b"\n")
        return size


def _drafts(n: int, seed: int) -> Iterator[Draft]:
    for page in drafted(n, seed, 10):
        yield from page


def _link(number: int) -> str:
    return f"https://sahlara-post.example/{number // 40}" if number % 6 == 0 else ""


def _message(number: int, draft: Draft) -> dict[str, Any]:
    at = draft.at.astimezone(TZ).strftime("%Y-%m-%dT%H:%M:%S")
    epoch = int(draft.at.timestamp())
    message: dict[str, Any] = {"id": number, "type": "message", "date": at, "date_unixtime": str(epoch)}
    if number % 8 == 0:
        message |= {"edited": at, "edited_unixtime": str(epoch + 60)}
    message |= {"from": "Sahlara News", "from_id": f"channel{CHANNEL}"}
    if number % 10 == 0:
        message["reply_to_message_id"] = number - 1
    if number % 7 == 0:
        message |= {"forwarded_from": "Other", "forwarded_from_id": f"channel{777 + number % _OTHERS}"}
    if number % 4 == 0:
        message |= {"photo": NOT_INCLUDED, "width": 1280, "height": 853}
    link = _link(number)
    pieces = [{"type": "plain", "text": draft.text + " " * bool(link)}]
    if link:
        pieces.append({"type": "link", "text": link})
    message["text"] = [pieces[0]["text"], pieces[1]] if link else draft.text
    message["text_entities"] = pieces
    if number % 3 == 0:
        message["reactions"] = [{"type": "emoji", "count": 3, "emoji": "👍"}]
    return message


def _object(number: int, draft: Draft) -> dict[str, Any]:
    at = draft.at.astimezone(UTC).isoformat()
    link = _link(number)
    text = f"{draft.text} {link}" if link else draft.text
    entity = {"_": "MessageEntityUrl", "offset": len(text) - len(link), "length": len(link)}
    media = forward = reply = reactions = None
    if number % 4 == 0:
        sizes = [{"_": "PhotoSize", "type": "y", "w": 1280, "h": 853, "size": 90_000}]
        photo = {"_": "Photo", "id": number, "access_hash": 1, "file_reference": "AAAA", "date": at, "sizes": sizes}
        media = {"_": "MessageMediaPhoto", "spoiler": False, "photo": photo, "ttl_seconds": None}
    if number % 7 == 0:
        origin = {"_": "PeerChannel", "channel_id": 777 + number % _OTHERS}
        forward = {"_": "MessageFwdHeader", "date": at, "from_id": origin, "from_name": None, "channel_post": number}
    if number % 10 == 0:
        reply = {"_": "MessageReplyHeader", "reply_to_msg_id": number - 1, "reply_to_peer_id": None}
    if number % 3 == 0:
        sign = {"_": "ReactionEmoji", "emoticon": "👍"}
        results = [{"_": "ReactionCount", "reaction": sign, "count": 3, "chosen_order": None}]
        reactions = {"_": "MessageReactions", "results": results, "min": False, "recent_reactions": []}
    return {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": CHANNEL},
        "date": at,
        "message": text,
        "out": False,
        **_NULLS,
        "post": True,
        "edit_hide": False,
        "from_id": None,
        "fwd_from": forward,
        "reply_to": reply,
        "media": media,
        "entities": [entity] if link else [],
        "views": 100 + number % 900,
        "forwards": number % 9,
        "replies": None,
        "edit_date": at if number % 8 == 0 else None,
        "grouped_id": None,
        "reactions": reactions,
        "restriction_reason": [],
    }
