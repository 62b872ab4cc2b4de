"""Telegram Desktop's export: one result.json over several chats with their photos, or one old channel's.

The full export nests the chats under `chats.list[]`; it also holds the exporting member's own account
and a private chat, which no importer may read (law 9): `POISON` stands in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.sample.cast import Account
from dalil.sample.clock import TZ
from dalil.sample.schedule import Capture
from dalil.sample.stream import Draft

Json = dict[str, Any]
POISON: Final = "zq-private-7731"
"""Stands wherever a reader must not look; it may be found nowhere in a workspace."""
NOT_INCLUDED: Final = "(File not included. Change data exporting settings to download.)"
OLD_OFFSET: Final = 2**33
_ENCODER: Final = msgspec.json.Encoder()


def write_full(folder: Path, drafts: Sequence[Draft], capture: Capture) -> None:
    """A full export of the public channels in one folder."""
    homes: dict[str, tuple[Account, list[Draft]]] = {}
    for draft in drafts:
        homes.setdefault(draft.home.native_id, (draft.home, []))[1].append(draft)
    chats: list[Json] = []
    for number, (home, posts) in enumerate(homes.values(), start=1):
        place = f"chats/chat_{number:02d}/"
        chats.append(_chat(folder, home, posts, capture.at, place))
    chats.append(_private_chat())
    export = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 7, "first_name": POISON, "phone_number": POISON, "bio": POISON},
        "chats": {"about": "This page lists all chats from this export.", "list": chats},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_bytes(msgspec.json.format(_ENCODER.encode(export), indent=1))


def write_old(folder: Path, home: Account, drafts: Sequence[Draft]) -> None:
    """One channel as exports of 2021 gave it: an offset id, and no `date_unixtime`."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = [_message(folder, draft, draft.at, "", old=True) for draft in drafts]
    export = {"name": home.name, "type": "public_channel", "id": int(home.native_id) + OLD_OFFSET, "messages": messages}
    (folder / "result.json").write_bytes(msgspec.json.format(_ENCODER.encode(export), indent=1))


def _chat(folder: Path, home: Account, drafts: Sequence[Draft], seen: datetime, place: str) -> Json:
    messages = [_message(folder, draft, seen, place) for draft in drafts]
    if home.kind == "channel" and drafts and drafts[0].number % 5 == 0:
        messages.insert(0, _service(home, drafts[0]))
    kind = "public_supergroup" if home.kind == "supergroup" else "public_channel"
    return {"name": home.name, "type": kind, "id": int(home.native_id), "messages": messages}


def _message(folder: Path, draft: Draft, seen: datetime, place: str, *, old: bool = False) -> Json:
    message: Json = {"id": draft.number, "type": "message", **_times("date", draft.at, old=old)}
    if draft.edited_at is not None and draft.edited_at <= seen:
        message |= _times("edited", draft.edited_at, old=old)
    if draft.container is None:
        message |= {
            "from": draft.account.name,
            "from_id": f"channel{int(draft.account.native_id) + (OLD_OFFSET if old else 0)}",
        }
    else:
        message |= {"from": draft.account.name, "from_id": f"user{draft.account.native_id}"}
    if draft.kind == "forward" and draft.target is not None:
        message["forwarded_from"] = draft.target.home.name
        message["forwarded_from_id"] = f"channel{draft.target.home.native_id}"
    if draft.picture is not None:
        name = f"photos/photo_{draft.number}@{draft.at.astimezone(TZ):%d-%m-%Y_%H-%M-%S}.jpg"
        message |= {"photo": place + name, "photo_file_size": len(draft.picture.data)}
        message |= {"width": draft.picture.width, "height": draft.picture.height}
        path = folder / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draft.picture.data)
    elif draft.photo:
        message |= {"photo": NOT_INCLUDED, "width": 1280, "height": 853}
    message |= _text(draft, seen)
    return message


def _times(name: str, at: datetime, *, old: bool) -> Json:
    """Local time without a zone, and the epoch where exports have it."""
    stem = "date" if name == "date" else "edited"
    times: Json = {stem: at.astimezone(TZ).strftime("%Y-%m-%dT%H:%M:%S")}
    if not old:
        times[f"{stem}_unixtime"] = str(int(at.timestamp()))
    return times


def _text(draft: Draft, seen: datetime) -> Json:
    """A plain string, or a list of strings and entities where something is linked or bold."""
    text = draft.text_at(seen)
    if draft.link:
        pieces: list[str | Json] = [text + " ", {"type": "link", "text": draft.link}]
        if draft.number % 3 == 0 and ". " in text:
            head, rest = text.split(". ", 1)
            pieces = [
                {"type": "bold", "text": head},
                ". " + rest + " ",
                {"type": "text_link", "text": "↗", "href": draft.link},
            ]
        entities = [piece if isinstance(piece, dict) else {"type": "plain", "text": piece} for piece in pieces]
        return {"text": pieces, "text_entities": entities}
    return {"text": text, "text_entities": [{"type": "plain", "text": text}] if text else []}


def _service(home: Account, near: Draft) -> Json:
    return {
        "id": 1,
        "type": "service",
        **_times("date", near.at, old=False),
        "actor": home.name,
        "actor_id": f"channel{home.native_id}",
        "action": "pin_message",
        "message_id": near.number,
        "text": "",
        "text_entities": [],
    }


def _private_chat() -> Json:
    message = {
        "id": 3,
        "type": "message",
        "date": "2026-03-20T10:00:00",
        "date_unixtime": "1773990000",
        "from": POISON,
        "from_id": "user7",
        "text": POISON,
        "text_entities": [{"type": "plain", "text": POISON}],
    }
    return {"name": POISON, "type": "personal_chat", "id": 7, "messages": [message]}
