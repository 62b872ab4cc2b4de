"""Exports written from the format page, and every row that must come of them, spelled out.

For Telegram and hand capture no real file under an open licence is at hand; what is expected is
here for a person to read beside what is given.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import keyed_hash
from dalil.sources.formats.hand_capture import writing

SENT = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
CHANNEL = "telegram:1494031694"
PICTURE = "2a1e8ae1a2f3"


def hashed(scheme: str, value: str, platform: str = "telegram") -> str:
    return "h:" + keyed_hash(sources_files.KEY, platform, scheme, value)


def shown(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """The rows, only the columns named, without what is null or empty."""
    return [{name: row[name] for name in names if row[name] not in (None, "", [])} for row in rows]


CHANNEL_EXPORT = {
    "name": "Sahlara News",
    "type": "public_channel",
    "id": 1494031694,
    "messages": [
        {
            "id": 1,
            "type": "service",
            "date": "2026-05-11T18:00:00",
            "actor": "Sahlara News",
            "action": "create_channel",
        },
        {
            "id": 2,
            "type": "message",
            "date": "2026-05-11T18:34:16",
            "date_unixtime": "1778513656",
            "from": "Sahlara News",
            "from_id": "channel1494031694",
            "author": "An Admin",
            "text": [
                "The bridge at ",
                {"type": "bold", "text": "Tel Nahr"},
                " stands. ",
                {"type": "hashtag", "text": "#bridge"},
            ],
            "text_entities": [],
            "reactions": [{"type": "emoji", "count": 4, "emoji": "👍"}],
        },
        {
            "id": 3,
            "type": "message",
            "date": "2026-05-11T18:40:00",
            "date_unixtime": "1778514000",
            "edited": "2026-05-11T19:00:00",
            "edited_unixtime": "1778515200",
            "from": "Sahlara News",
            "from_id": "channel1494031694",
            "reply_to_message_id": 2,
            "photo": "photos/photo_1.png",
            "width": 1,
            "height": 1,
            "text": "Seen from the east, thanks to @a_reader",
        },
        {
            "id": 4,
            "type": "message",
            "date": "2026-05-11T18:50:00",
            "date_unixtime": "1778514600",
            "from": "Sahlara News",
            "from_id": "channel1494031694",
            "forwarded_from": "Another Channel",
            "forwarded_from_id": "channel777",
            "text": "They say it fell.",
        },
        {
            "id": 5,
            "type": "message",
            "date": "2026-05-11T18:55:00",
            "date_unixtime": "1778514900",
            "from": "Sahlara News",
            "from_id": "channel1494031694",
            "file": "(File not included. Change data exporting settings to download.)",
            "media_type": "video_file",
            "mime_type": "video/mp4",
            "duration_seconds": 12,
            "width": 640,
            "height": 360,
            "text": "",
        },
    ],
}


def test_a_channel(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "photo_1.png").write_bytes(sources_files.PNG)
    sources_files.write_json(tmp_path / "result.json", CHANNEL_EXPORT)
    handed = sources_files.child(tmp_path)
    assert handed.end is not None
    assert (handed.end.read, handed.end.includes, handed.end.quarantined) == (4, 1, 0)
    assert handed.end.ignored == {"service-message": 1}
    assert shown(handed.rows("observations"), "kind", "uid", "included", "source_version") == [
        {"kind": "account", "uid": CHANNEL, "included": True, "source_version": "result.json"},
        {"kind": "post", "uid": f"{CHANNEL}/2", "included": False, "source_version": "result.json"},
        {"kind": "post", "uid": f"{CHANNEL}/3", "included": False, "source_version": "result.json"},
        {"kind": "repost", "uid": f"{CHANNEL}/4", "included": False, "source_version": "result.json"},
        {"kind": "post", "uid": f"{CHANNEL}/5", "included": False, "source_version": "result.json"},
    ]
    assert shown(handed.rows("accounts"), "uid", "native_id", "display_name", "type", "public_role", "state") == [
        {
            "uid": CHANNEL,
            "native_id": "1494031694",
            "display_name": "Sahlara News",
            "type": "channel",
            "public_role": "public_actor",
            "state": "live",
        }
    ]
    reader = "@" + hashed("handle", "a_reader")
    columns = ("text", "spans", "hashtags", "mentions", "state", "edited_at", "created_at", "metrics", "uri")
    at = len("Seen from the east, thanks to ")
    assert shown(handed.rows("posts"), *columns) == [
        {
            "text": "The bridge at Tel Nahr stands. #bridge",
            "spans": [
                {"start": 14, "end": 22, "type": "bold", "target": ""},
                {"start": 31, "end": 38, "type": "hashtag", "target": "bridge"},
            ],
            "hashtags": ["bridge"],
            "state": "live",
            "created_at": SENT,
            "metrics": [{"name": "reaction 👍", "value": 4, "at": None, "basis": "exact", "raw": ""}],
            "uri": "https://t.me/c/1494031694/2",
        },
        {
            "text": f"Seen from the east, thanks to {reader}",
            "mentions": [reader],
            "state": "edited",
            "edited_at": datetime(2026, 5, 11, 16, 0, tzinfo=UTC),
            "created_at": datetime(2026, 5, 11, 15, 40, tzinfo=UTC),
            "uri": "https://t.me/c/1494031694/3",
        },
        {
            "state": "live",
            "created_at": datetime(2026, 5, 11, 15, 55, tzinfo=UTC),
            "uri": "https://t.me/c/1494031694/5",
        },
    ]
    assert at + len(reader) == len(handed.rows("posts")[1]["text"])
    assert shown(handed.rows("edges"), "src_uid", "dst_uid", "type", "dst_hint", "at_basis", "author_ref") == [
        {
            "src_uid": f"{CHANNEL}/3",
            "dst_uid": f"{CHANNEL}/2",
            "type": "reply",
            "at_basis": "epoch",
            "author_ref": CHANNEL,
        },
        {
            "src_uid": f"{CHANNEL}/4",
            "type": "forward",
            "dst_hint": "telegram:" + hashed("account", "777"),
            "at_basis": "epoch",
            "author_ref": CHANNEL,
        },
    ]
    [medium] = shown(handed.rows("media"), "mime", "width", "height", "bytes", "c2pa")
    assert medium == {"mime": "image/png", "width": 1, "height": 1, "bytes": len(sources_files.PNG), "c2pa": "none"}
    video = handed.rows("posts")[2]["media"][0]
    assert {name: value for name, value in video.items() if value is not None} == {
        "mime": "video/mp4",
        "width": 640,
        "height": 360,
        "duration_s": 12.0,
        "not_included": "(File not included. Change data exporting settings to download.)",
    }
    assert [row["norm"] for row in handed.rows("text_signals")] == [
        "the bridge at tel nahr stands. #bridge",
        f"seen from the east, thanks to {reader}",
        "they say it fell.",
    ]
    assert handed.rows("locators") == [
        {"pseudonym": "telegram:" + hashed("handle", "a_reader"), "locator": "https://t.me/a_reader"},
        {"pseudonym": "telegram:" + hashed("account", "777"), "locator": "tg://user?id=777"},
    ]


OLD_GROUP = {
    "name": "Talk of Sahlara",
    "type": "public_supergroup",
    "id": 10083966286,
    "messages": [
        {
            "id": 7,
            "type": "message",
            "date": "2021-03-02T10:00:00",
            "from": "Someone",
            "from_id": 4294000,
            "text": "Is it true?",
        },
        {
            "id": 8,
            "type": "message",
            "date": "2021-03-02T10:05:00",
            "from": "Talk of Sahlara",
            "from_id": 10083966286,
            "reply_to_message_id": 7,
            "text": "We are asking.",
        },
        {
            "id": 9,
            "type": "message",
            "date": "2021-03-02T10:06:00",
            "from": "Someone",
            "from_id": 4294000,
            "reply_to_message_id": 8,
            "text": "Thank you.",
        },
    ],
}


def test_a_group_of_2021(tmp_path: Path) -> None:
    path = sources_files.write_json(tmp_path / "result.json", OLD_GROUP)
    handed = sources_files.child(path, source_format_options={"zone": "Asia/Baghdad"})
    question, thanks = hashed("post", "1494031694/7"), hashed("post", "1494031694/9")
    someone = "telegram:" + hashed("account", "4294000")
    columns = ("uid", "id_quality", "author_ref", "author_public", "container_ref", "created_at", "created_zone_basis")
    assert shown(handed.rows("posts"), *columns) == [
        {
            "uid": f"telegram:{question}",
            "id_quality": "hashed",
            "author_ref": someone,
            "author_public": False,
            "container_ref": CHANNEL,
            "created_at": datetime(2021, 3, 2, 7, 0, tzinfo=UTC),
            "created_zone_basis": "explicit",
        },
        {
            "uid": f"{CHANNEL}/8",
            "id_quality": "exact",
            "author_ref": CHANNEL,
            "author_public": True,
            "container_ref": CHANNEL,
            "created_at": datetime(2021, 3, 2, 7, 5, tzinfo=UTC),
            "created_zone_basis": "explicit",
        },
        {
            "uid": f"telegram:{thanks}",
            "id_quality": "hashed",
            "author_ref": someone,
            "author_public": False,
            "container_ref": CHANNEL,
            "created_at": datetime(2021, 3, 2, 7, 6, tzinfo=UTC),
            "created_zone_basis": "explicit",
        },
    ]
    assert shown(handed.rows("edges"), "src_uid", "dst_uid", "type") == [
        {"src_uid": f"{CHANNEL}/8", "dst_uid": f"telegram:{question}", "type": "reply"},
        {"src_uid": f"telegram:{thanks}", "dst_uid": f"{CHANNEL}/8", "type": "reply"},
    ]
    assert {row["locator"] for row in handed.rows("locators")} == {
        "tg://user?id=4294000",
        "telegram post 1494031694/7",
        "telegram post 1494031694/9",
    }


def test_two_captures(tmp_path: Path) -> None:
    seen = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
    writing.make(
        tmp_path,
        platform="facebook",
        seen_at=seen,
        address="https://www.facebook.com/sahlaratoday/posts/77",
        text="The bridge stands.",
        page_name="Sahlara Today",
        account_kind="page",
        posted_at=SENT,
        screenshot=sources_files.PNG,
    )
    writing.make(
        tmp_path,
        platform="facebook",
        seen_at=seen,
        address="https://www.facebook.com/a.reader/posts/78",
        text="It fell, says @a.friend",
        page_name="A Reader",
    )
    handed = sources_files.child(tmp_path)
    reader = "facebook:" + hashed("handle", "a.reader", "facebook")
    friend = "@" + hashed("handle", "a.friend", "facebook")
    columns = ("uid", "uri", "id_quality", "author_ref", "author_public", "created_at", "state_at", "text", "mentions")
    assert shown(handed.rows("posts"), *columns) == [
        {
            "uid": "facebook:sahlaratoday_77",
            "uri": "https://www.facebook.com/sahlaratoday/posts/77",
            "id_quality": "exact",
            "author_ref": "facebook:@sahlaratoday",
            "author_public": True,
            "created_at": SENT,
            "state_at": seen,
            "text": "The bridge stands.",
        },
        {
            "uid": "facebook:" + hashed("post", "a.reader_78", "facebook"),
            "id_quality": "hashed",
            "author_ref": reader,
            "author_public": False,
            "state_at": seen,
            "text": f"It fell, says {friend}",
            "mentions": [friend],
        },
    ]
    assert shown(handed.rows("accounts"), "uid", "display_name", "type", "public_role") == [
        {
            "uid": "facebook:@sahlaratoday",
            "display_name": "Sahlara Today",
            "type": "page",
            "public_role": "public_actor",
        },
        {"uid": reader, "type": "person", "public_role": "private_person"},
    ]
    [medium] = handed.rows("posts")[0]["media"]
    assert medium["sha256"] == writing.screenshot_name(sources_files.PNG)
    assert handed.table("image_signals").num_rows == 1


def test_making_an_account_public_changes_what_is_kept_of_it(tmp_path: Path) -> None:
    sources_files.write_json(tmp_path / "result.json", OLD_GROUP)
    known = PublicAccount(platform="telegram", native_id="4294000")
    posts = sources_files.child(tmp_path, public=(known,)).rows("posts")
    assert [row["uid"] for row in posts] == [f"{CHANNEL}/7", f"{CHANNEL}/8", f"{CHANNEL}/9"]
    assert {row["author_ref"] for row in posts} == {CHANNEL, "telegram:4294000"}
    assert [row["uri"] for row in posts] == [None, "https://t.me/c/1494031694/8", None]
