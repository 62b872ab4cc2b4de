"""Datasets as 4CAT writes them, for tests: the columns of its data sources, filled with invented items."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

X = {
    "id": "1700000000000000001",
    "thread_id": "1700000000000000001",
    "timestamp": "2026-05-11 17:34:16",
    "unix_timestamp": "1778513656",
    "link": "https://x.com/SahlaraToday/status/1700000000000000001",
    "subject": "",
    "body": "The bridge at Tel Nahr stands. #TelNahr",
    "author": "SahlaraToday",
    "author_fullname": "Sahlara Today",
    "author_id": "55",
    "author_followers": "1200",
    "source": "Web App",
    "language_guess": "en",
    "possibly_sensitive": "no",
    "retweet_count": "3",
    "reply_count": "0",
    "like_count": "5",
    "quote_count": "1",
    "impression_count": "",
    "is_retweet": "no",
    "retweeted_user": "",
    "is_quote_tweet": "no",
    "quoted_user": "",
    "is_reply": "no",
    "replied_user": "",
    "hashtags": "TelNahr,Sahlara",
    "urls": "https://example.org/a,https://example.org/b",
    "images": "https://pbs.example/1.jpg?token=secrettoken,https://pbs.example/2.jpg",
    "videos": "",
    "mentions": "",
    "long_lat": "36.1,43.2",
    "place_name": "somewhere",
}
TELEGRAM = {
    "id": "12",
    "thread_id": "sahlara_news",
    "chat": "sahlara_news",
    "author": "9007001",
    "author_username": "hidden_one",
    "author_name": "Hidden Person",
    "author_is_bot": "",
    "body": "The column says it holds the bridge. @hidden_one",
    "reply_to": "11",
    "views": "1500",
    "timestamp": "2026-05-11 17:34:16",
    "unix_timestamp": "1778513656",
    "timestamp_edited": "",
    "unix_timestamp_edited": "",
    "author_forwarded_from_name": "",
    "author_forwarded_from_username": "",
    "timestamp_forwarded_from": "",
    "unix_timestamp_forwarded_from": "",
    "attachment_type": "contact",
    "attachment_data": '{"phone_number": "+964700000000", "first_name": "Hidden"}',
    "attachment_filename": "",
}
TIKTOK = {
    "id": "7100000000000000001",
    "thread_id": "7100000000000000001",
    "author": "hidden_one",
    "author_full": "Hidden Person",
    "author_id": "9007001",
    "author_followers": "90",
    "body": "a clip #bridge",
    "timestamp": "1778513656",
    "is_duet": "False",
    "music_name": "sound",
    "video_url": "https://v16.example/x?tk=secrettoken",
    "tiktok_url": "https://tiktok.com/@hidden_one/video/7100000000000000001",
    "thumbnail_url": "https://p16.example/t",
    "likes": "4",
    "comments": "1",
    "shares": "0",
    "plays": "100",
    "hashtags": "bridge",
}
FACEBOOK = {
    "id": "77",
    "thread_id": "77",
    "body": "A bulletin",
    "author": "sahlaratoday",
    "timestamp": "2026-05-11 17:34:16",
    "unix_timestamp": "1778513656",
    "page_name": "Sahlara Today",
    "page_id": "100064062786653",
    "page_followers": "1500",
    "interactions": "10",
    "likes": "5",
    "likes_angry": "0",
    "comments": "2",
    "shares": "3",
    "url": "https://www.facebook.com/100064062786653/posts/77",
    "hashtags": "",
}
CHAN = {
    "id": "301",
    "thread_id": "300",
    "timestamp": "2026-05-11 17:34:16",
    "unix_timestamp": "1778513656",
    "body": "a reply",
    "subject": "",
    "author": "Anonymous",
    "board": "pol",
    "image_md5": "",
}
ALL: dict[str, dict[str, str]] = {"x": X, "telegram": TELEGRAM, "tiktok": TIKTOK, "facebook": FACEBOOK, "4chan": CHAN}


def write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_ndjson(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
