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
from dalil.intake.signals_port import PictureRow, TextSignals
from dalil.schema.chunks import Begin, ChildOrder, Chunk, Done, End, Failed, PublicAccount
from dalil.schema.frames import read_frames
from dalil.schema.records import Reject
from dalil.schema.tables import HANDED_OVER
from dalil.schema.words import TimeBasis
from dalil.sources.importer import Importer, Item, Limits, ReadContext, Record
from dalil.sources.mojibake import damaged
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile

GOLDEN = Path(__file__).resolve().parent / "golden" / "sources"
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

    def of_texts(self, given: Sequence[str]) -> TextSignals:
        keys, count = [text.lower() for text in given], len(given)
        return TextSignals(keys, keys, list(map(len, given)), ["und"] * count, ["none"] * count, [False] * count)

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


# Telethon


def tl_message(number: int, **more: object) -> dict[str, Any]:
    return {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": 1494031694},
        "date": "2026-05-11T15:34:16+00:00",
        "message": f"words {number}",
        "post": True,
        "from_id": None,
        "fwd_from": None,
        "media": None,
        "entities": [],
        "views": 10,
        "forwards": 2,
    } | more


def tl_channel(**more: object) -> dict[str, Any]:
    return {
        "_": "Channel",
        "id": 1494031694,
        "title": "Sahlara News",
        "username": "sahlara_news",
        "usernames": [],
        "date": "2020-01-02T03:04:05+00:00",
        "broadcast": True,
        "megagroup": False,
        "verified": True,
        "access_hash": 7447,
        "participants_count": 4200,
    } | more


# TGDataset


def td_entry(**more: object) -> dict[str, Any]:
    entry = {"message": "words", "date": 1637750294.0, "author": None, "is_forwarded": False}
    return entry | {"forwarded_from_id": None, "forwarded_message_date": None} | more


def td_medium(**more: object) -> dict[str, Any]:
    medium = {"title": "hidden person.pdf", "extension": ".pdf", "media_id": "BQADBAADgAwAAiDz"}
    entry = td_entry(**more)
    del entry["message"]
    return medium | entry | more


def td_channel(texts: dict[str, Any], media: dict[str, Any], **more: object) -> dict[str, Any]:
    about = {"username": "sahlara_news", "creation_date": 1450995556.0, "title": "Sahlara News", "description": "d"}
    about |= {"scam": False, "verified": True, "n_subscribers": 4200}
    return about | more | {"text_messages": texts, "generic_media": media}


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


# Meta Content Library


def mcl_row(number: int, **more: str) -> dict[str, str]:
    return {
        "id": f"4012345678{number}",
        "text": f"Bulletin {number} from Tel Nahr",
        "creation_time": "2026-05-11T15:34:16+00:00",
        "modified_time": "2026-05-11T15:34:16+00:00",
        "lang": "en",
        "content_type": "photos",
        "mcl_url": f"https://mcl.example/post/{number}",
        "post_owner.type": "page",
        "post_owner.id": "5098765432101",
        "post_owner.name": "Sahlara Today",
        "post_owner.username": "sahlaratoday",
        "surface.type": "page",
        "surface.id": "5098765432101",
        "surface.name": "Sahlara Today",
        "surface.username": "sahlaratoday",
        "shared_post_id": "",
        "link_attachment.link": "",
        "link_attachment.name": "",
        "multimedia": '[{"type": "photo", "id": "6011"}]',
        "is_branded_content": "False",
        "statistics.like_count": "5",
        "statistics.love_count": "1",
        "statistics.reaction_count": "6",
        "statistics.comment_count": "0",
        "statistics.share_count": "",
        "statistics.views": "1200",
        "statistics.views_date_last_refreshed": "2026-05-16T00:00:00+00:00",
    } | more


def write_table(path: Path, rows: Iterable[dict[str, str]], *, columns: Sequence[str] | None = None) -> Path:
    """Rows as a CSV with a header: of the first row's keys unless given."""
    text = io.StringIO(newline="")
    made = list(rows)
    names = list(columns or made[0])
    writer = csv.writer(text)
    writer.writerow(names)
    for row in made:
        writer.writerow([row.get(name, "") for name in names])
    path.write_bytes(text.getvalue().encode())
    return path


# Facebook, Download your information


def fb_post(number: int, text: str | None = None, **more: object) -> dict[str, Any]:
    """A post as a download writes it: each byte of UTF-8 as a character."""
    data: list[dict[str, Any]] = [{"post": damaged(text)}] if text is not None else []
    data.append({"update_timestamp": 1778513656 + number})
    title = damaged("Hidden Person updated her status.")
    return {"timestamp": 1778513656 + number, "data": data, "title": title, "tags": [{"name": "Hidden Friend"}]} | more


def fb_media(uri: str) -> list[dict[str, Any]]:
    photo = {"photo_metadata": {"exif_data": [{"upload_ip": "203.0.113.7", "latitude": 36.123456}]}}
    medium = {"uri": uri, "creation_timestamp": 1778513656, "media_metadata": photo, "title": "Hidden album"}
    return [{"data": [{"media": medium}]}]
