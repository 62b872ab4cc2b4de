"""Files in the formats that we read, written for tests; and the child run in this process."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from dalil.errors import InputError
from dalil.intake.child import run
from dalil.intake.signals_port import PictureRow, TextSignal
from dalil.schema.chunks import Begin, ChildOrder, Chunk, Done, End, Failed, PublicAccount
from dalil.schema.frames import read_frames
from dalil.schema.records import Reject
from dalil.schema.tables import HANDED_OVER
from dalil.schema.words import TimeBasis
from dalil.sources.importer import Importer, Item, Limits, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile

KEY = bytes(range(32))
COLLECTED = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63606060000000040001f61738550000000049454e44ae426082"
)


def items(
    importer: Importer,
    path: Path,
    *,
    public: Iterable[PublicAccount] = (),
    limits: Limits | None = None,
    options: dict[str, str] | None = None,
) -> list[Item]:
    """Everything an importer yields for a file."""
    context = ReadContext(Pseudonymiser(KEY, public), limits or Limits(), options or {})
    return list(importer.read(SourceFile(path, path.parent), context))


def records(found: Iterable[Item], kind: str | None = None, *, included: bool | None = None) -> list[Record]:
    """The records among the items, of one kind, included or not."""
    return [
        item
        for item in found
        if isinstance(item, Record)
        and (kind is None or item.kind == kind)
        and (included is None or item.included is included)
    ]


def rejects(found: Iterable[Item]) -> list[tuple[str, str]]:
    """(where, code) of the rejects among the items."""
    return [(item.where, item.code) for item in found if isinstance(item, Reject)]


class FakeSignals:
    """Signals that are quick and plain."""

    def of_texts(self, given: Sequence[str]) -> list[TextSignal]:
        return [TextSignal(text.lower(), text.lower(), len(text), "und", "none", False) for text in given]

    def of_picture(self, data: bytes, *, max_pixels: int) -> PictureRow:
        if not data.startswith(PNG[:8]) or len(data) < len(PNG):
            raise InputError("picture-broken", mime="image/png")
        return PictureRow(bytes(32), 100, 1, 1, "image/png")

    def media_type(self, data: bytes) -> str:
        return "image/png" if data.startswith(b"\x89PNG") else "application/octet-stream"


@dataclass
class Handed:
    """What the child handed over: its frames, and its tables put together; of several groups the last one's
    begin, end and failure, and all of them in `begins`, `ends` and `failures`."""

    begins: list[Begin] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)
    done: Done | None = None
    chunks: list[Chunk] = field(default_factory=list)
    data: bytes = b""

    @property
    def begin(self) -> Begin | None:
        return self.begins[-1] if self.begins else None

    @property
    def end(self) -> End | None:
        return self.ends[-1] if self.ends else None

    @property
    def failed(self) -> Failed | None:
        return self.failures[-1] if self.failures else None

    @property
    def skipped(self) -> list[tuple[str, int]]:
        return [(row.code, row.count) for row in self.done.skipped] if self.done else []

    def table(self, name: str) -> pa.Table:
        return pa.concat_tables([HANDED_OVER[name].empty_table(), *(chunk.tables[name] for chunk in self.chunks)])

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self.table(name).to_pylist()


def order_of(path: Path, **changes: Any) -> ChildOrder:
    given: dict[str, Any] = {
        "path": str(path),
        "format": None,
        "identity_key": b"i" * 32,
        "pseudonym_key": KEY,
        "key_generation": 1,
        "public": (),
        "collected_at": COLLECTED,
        "collected_at_basis": TimeBasis.OPERATOR,
        "collected_by": "blue",
    }
    return ChildOrder(**(given | changes))


def child(path: Path, *, signals: Any = None, **changes: Any) -> Handed:
    """Run the child's work in this process and read what it wrote as the parent does."""
    stream = io.BytesIO()
    run(order_of(path, **changes), stream, signals or FakeSignals())
    handed = Handed(data=stream.getvalue())
    stream.seek(0)
    for frame in read_frames(stream):
        match frame:
            case Begin():
                handed.begins.append(frame)
            case Chunk():
                handed.chunks.append(frame)
            case End():
                handed.ends.append(frame)
            case Failed():
                handed.failures.append(frame)
            case Done():
                handed.done = frame
    return handed


def write_json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_lines(path: Path, values: Iterable[object]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


# X API v2


def x_user(number: int, handle: str, **more: object) -> dict[str, Any]:
    return {
        "id": str(number),
        "username": handle,
        "name": f"Name of {handle}",
        "description": "about @somebody",
        "created_at": "2015-01-02T03:04:05.000Z",
        "protected": False,
        "verified": False,
        "public_metrics": {"followers_count": 12_345, "following_count": 7, "tweet_count": 990, "listed_count": 0},
    } | more


def x_tweet(number: int, by: int, text: str, **more: object) -> dict[str, Any]:
    """A post; mentions and t.co links found in the text get their entities unless given."""
    return {
        "id": str(number),
        "author_id": str(by),
        "text": text,
        "created_at": "2026-05-11T15:34:16.000Z",
        "conversation_id": str(number),
        "lang": "en",
        "source": "Twitter Web App",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "public_metrics": {"retweet_count": 3, "reply_count": 0, "like_count": 5, "quote_count": 1},
        "edit_history_tweet_ids": [str(number)],
    } | more


def x_mention(text: str, handle: str, number: int | None = None) -> dict[str, Any]:
    start = text.index(f"@{handle}")
    found: dict[str, Any] = {"start": start, "end": start + len(handle) + 1, "username": handle}
    return found | ({"id": str(number)} if number else {})


def x_link(text: str, short: str, expanded: str) -> dict[str, Any]:
    start = text.index(short)
    return {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": expanded,
        "display_url": "x.example",
    }


def x_response(data: object, users: Sequence[object] = (), **includes: object) -> dict[str, Any]:
    return {"data": data, "includes": {"users": list(users), **includes}, "meta": {"result_count": 1}}


# Telegram Desktop


def tg_message(number: int, text: object = "", **more: object) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2026-05-11T18:34:16",
        "date_unixtime": "1778513656",
        "from": "Sahlara News",
        "from_id": "channel1494031694",
        "text": text,
        "text_entities": [],
    } | more


def tg_chat(messages: Sequence[object], **more: object) -> dict[str, Any]:
    return {"name": "Sahlara News", "type": "public_channel", "id": 1494031694} | more | {"messages": list(messages)}


def tg_account(chats: Sequence[object]) -> dict[str, Any]:
    return {
        "about": "Here is the data you requested. Telegram is …",
        "personal_information": {
            "user_id": 777000111,
            "first_name": "Ownersecret",
            "phone_number": "+964 700 000 0000",
        },
        "contacts": {"about": "…", "list": [{"first_name": "Contact", "phone_number": "+964 700 111 1111"}]},
        "chats": {"about": "This page lists all chats", "list": list(chats)},
    }


# CrowdTangle

CT_COLUMNS = (
    *("Page Name", "User Name", "Facebook Id", "Page Category", "Page Admin Top Country", "Page Description"),
    *("Page Created", "Likes at Posting", "Followers at Posting", "Post Created", "Post Created Date"),
    *("Post Created Time", "Type", "Total Interactions", "Likes", "Comments", "Shares", "Love", "Wow", "Haha", "Sad"),
    *("Angry", "Care", "Video Share Status", "Is Video Owner?", "Post Views", "Total Views"),
    *("Total Views For All Crossposts", "Video Length", "URL", "Message", "Link", "Final Link", "Image Text"),
    *("Link Text", "Description", "Sponsor Id", "Sponsor Name", "Sponsor Category"),
    "Overperforming Score (weighted  —  Likes 1x Shares 1x Comments 1x Love 1x Wow 1x Haha 1x Sad 1x Angry 1x Care 1x )",
)


def ct_row(number: int, **more: str) -> dict[str, str]:
    return {
        "Page Name": "Sahlara Today",
        "User Name": "sahlaratoday",
        "Facebook Id": "100064062786653\t",
        "Page Category": "NEWS_SITE",
        "Page Created": "2012-03-04 05:06:07",
        "Likes at Posting": "1200",
        "Followers at Posting": "1500",
        "Post Created": "2023-11-13 04:30:36 EST",
        "Post Created Date": "2023-11-13",
        "Post Created Time": "04:30:36",
        "Type": "Photo",
        "Total Interactions": "10",
        "Likes": "5",
        "Comments": "2",
        "Shares": "3",
        "Love": "0",
        "URL": f"https://www.facebook.com/100064062786653/posts/{number}",
        "Message": f"Bulletin {number} from Tel Nahr",
        CT_COLUMNS[-1]: "1.4",
    } | more


def write_ct(
    path: Path, rows: Iterable[dict[str, str]], *, columns: Sequence[str] = CT_COLUMNS, header: bool = True
) -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if header:
        writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns])
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    return path
