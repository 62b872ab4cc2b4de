"""Files of X and TikTok in the shapes that tools and exports give them, written for tests; all of Sahlara."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.sources.formats.clemson_csv.rows import COLUMNS as CLEMSON
from dalil.sources.formats.x_io_csv.rows import COLUMNS as IO

NEWS = PublicAccount(platform="x", native_id="55", handle="SahlaraToday")
CLIP_NEWS = PublicAccount(platform="tiktok", native_id="655", handle="sahlara.today")
DATE = "Mon May 11 15:34:16 +0000 2026"
FIRST, SECOND = 2053000000000000001, 2053000600000000002

# API v1.1


def user(number: int, handle: str, **more: object) -> dict[str, Any]:
    return {
        "id": number,
        "id_str": str(number),
        "screen_name": handle,
        "name": f"Name of {handle}",
        "description": "about @somebody",
        "location": "Tel Nahr",
        "created_at": "Wed Aug 16 18:33:34 +0000 2017",
        "protected": False,
        "verified": False,
        "followers_count": 12_345,
        "friends_count": 7,
        "statuses_count": 990,
        "listed_count": 0,
        "profile_image_url_https": f"https://pbs.twimg.com/profile_images/{handle}.jpg",
    } | more


def status(number: int, by: dict[str, Any] | None, text: str, **more: object) -> dict[str, Any]:
    found = {
        "id": number,
        "id_str": str(number),
        "created_at": DATE,
        "full_text": text,
        "source": '<a href="http://twitter.com/download/android" rel="nofollow">Twitter for Android</a>',
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id_str": None,
        "in_reply_to_screen_name": None,
        "coordinates": {"type": "Point", "coordinates": [43.131415, 36.34]},
        "place": {"country_code": "XS", "full_name": "Tel Nahr"},
        "retweet_count": 3,
        "favorite_count": 5,
        "lang": "en",
        "entities": {"hashtags": [], "symbols": [], "urls": [], "user_mentions": []},
    }
    return found | ({"user": by} if by else {}) | more


def mention(text: str, handle: str, number: int | None = None) -> dict[str, Any]:
    at = text.index(f"@{handle}")
    found: dict[str, Any] = {"screen_name": handle, "name": f"Name of {handle}", "indices": [at, at + len(handle) + 1]}
    return found | ({"id": number, "id_str": str(number)} if number else {})


def link(text: str, short: str, expanded: str) -> dict[str, Any]:
    at = text.index(short)
    return {"url": short, "expanded_url": expanded, "display_url": "x.example", "indices": [at, at + len(short)]}


def photo(number: int, handle: str, short: str = "https://t.co/pic") -> dict[str, Any]:
    return {
        "id_str": str(number),
        "media_url_https": f"https://pbs.twimg.com/media/{number}.jpg",
        "url": short,
        "expanded_url": f"https://twitter.com/{handle}/status/1/photo/1",
        "type": "photo",
        "original_info": {"width": 1024, "height": 512},
        "ext_alt_text": f"seen by @{handle}",
        "indices": [0, 5],
    }


# the account archive


def archive(folder: Path, tweets: Iterable[dict[str, Any]], *, owner: tuple[int, str] | None = (9007, "hidden_one"), name: str = "tweets") -> Path:  # fmt: skip
    if owner:
        about = {
            "email": "ownersecret@mail.example",
            "username": owner[1],
            "accountId": str(owner[0]),
            "createdAt": "2011-02-03T04:05:06.000Z",
            "accountDisplayName": "Ownersecret Name",
        }
        (folder / "account.js").write_text(f"window.YTD.account.part0 = {json.dumps([{'account': about}])}")
    path = folder / f"{name}.js"
    path.write_text(f"window.YTD.{name}.part0 = " + json.dumps([{"tweet": one} for one in tweets], indent=2))
    return path


def archived(number: int, text: str, **more: object) -> dict[str, Any]:
    found = status(number, None, text, favorite_count="5", retweet_count="3", **more)
    return found | {"id": str(number), "display_text_range": ["0", str(len(text))]}


# captures by Zeeschuimer


def envelope(data: object, platform: str, **more: object) -> dict[str, Any]:
    return {
        "nav_index": "1:2:3",
        "item_id": "1",
        "timestamp_collected": 1778513900123,
        "last_updated": 1778513900123,
        "source_platform": platform,
        "source_platform_url": "https://x.com/i/api/graphql/secretquery",
        "source_url": "https://x.com/home?device_id=secretdevice&tz_name=Asia%2FSecretzone",
        "user_agent": "Secretbrowser/1.0 (secretos)",
        "data": data,
    } | more


def graphql(number: int, by: dict[str, Any], text: str, **more: object) -> dict[str, Any]:
    legacy_user = {key: value for key, value in by.items() if key not in ("id", "id_str")}
    given = {
        key: more.pop(key)
        for key in list(more)
        if key in ("views", "note_tweet", "quoted_status_result", "edit_control")
    }
    legacy = status(number, None, text, **({"user_id_str": by["id_str"], "conversation_id_str": str(number)} | more))
    legacy.pop("source")
    return {
        "__typename": "Tweet",
        "rest_id": str(number),
        "core": {"user_results": {"result": {"__typename": "User", "rest_id": by["id_str"], "legacy": legacy_user}}},
        "views": {"count": "1234", "state": "EnabledWithCount"},
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
        "legacy": legacy,
    } | given  # fmt: skip


def tiktok(number: int, author: object, desc: str, **more: object) -> dict[str, Any]:
    return {
        "id": str(number),
        "desc": desc,
        "createTime": 1778513656,
        "author": author,
        "authorStats": {"followerCount": 12345, "followingCount": 7, "heartCount": 99, "videoCount": 5, "diggCount": 1},
        "stats": {"diggCount": 5, "shareCount": 3, "commentCount": 0, "playCount": 1200, "collectCount": "2"},
        "music": {"id": "7001", "title": "original sound - hidden.one", "authorName": "hidden.one", "original": True},
        "challenges": [{"id": "77", "title": "telnahr", "desc": ""}],
        "textExtra": [],
        "video": {"id": str(number), "width": 576, "height": 1024, "duration": 15, "playAddr": "https://v16.tiktok.com/secretsigned"},
        "duetInfo": {"duetFromId": "0"},
        "privateItem": False,
        "secret": False,
    } | more  # fmt: skip


def clip_author(number: int, handle: str, **more: object) -> dict[str, Any]:
    return {
        "id": str(number),
        "uniqueId": handle,
        "nickname": f"Name of {handle}",
        "signature": "about @somebody",
        "secUid": "MS4secretsecuid",
        "verified": False,
        "privateAccount": False,
    } | more


# tables


def io_row(number: int, by: int | str, text: str, **more: str) -> dict[str, str]:
    found = dict.fromkeys(IO, "")
    return (
        found
        | {
            "tweetid": str(number),
            "userid": str(by),
            "user_display_name": "Name of hidden_one",
            "user_screen_name": "hidden_one",
            "user_reported_location": "Secretville",
            "user_profile_description": "about @somebody",
            "follower_count": "12345",
            "following_count": "7",
            "account_creation_date": "2017-08-16",
            "account_language": "en",
            "tweet_language": "en",
            "tweet_text": text,
            "tweet_time": "2026-05-11 15:34",
            "tweet_client_name": "Twitter Web Client",
            "is_retweet": "False",
            "latitude": "absent",
            "longitude": "absent",
            "quote_count": "0.0",
            "reply_count": "0.0",
            "like_count": "5.0",
            "retweet_count": "3.0",
            "hashtags": "[]",
            "urls": "[]",
            "user_mentions": "[]",
        }
        | more
    )


def clemson_row(number: int, text: str, **more: str) -> dict[str, str]:
    found = dict.fromkeys(CLEMSON, "")
    return (
        found
        | {
            "external_author_id": "906000000000000000",
            "author": "HIDDEN_ONE",
            "content": text,
            "region": "Secretregion",
            "language": "English",
            "publish_date": "10/1/2017 19:58",
            "harvested_date": "10/1/2017 19:59",
            "following": "1052",
            "followers": "9636",
            "updates": "253",
            "account_type": "Right",
            "retweet": "0",
            "account_category": "RightTroll",
            "new_june_2018": "0",
            "alt_external_id": "905874659358453760",
            "tweet_id": str(number),
            "article_url": f"http://twitter.com/905874659358453760/statuses/{number}",
            "tco1_step1": f"https://twitter.com/905874659358453760/status/{number}/video/1",
        }
        | more
    )


GAZOUILLOIRE = (
    *("id", "timestamp_utc", "local_time", "user_screen_name", "text", "possibly_sensitive", "retweet_count"),
    *("like_count", "reply_count", "lang", "to_username", "to_userid", "to_tweetid", "source_name", "user_location"),
    *("lat", "lng", "user_id", "user_name", "user_description", "user_image", "user_tweets", "user_followers"),
    *("retweeted_id", "retweeted_user", "retweeted_user_id", "quoted_id", "quoted_user", "quoted_user_id"),
    *("collection_time", "url", "links", "media_urls", "media_types", "media_alt_texts", "mentioned_names"),
    *("mentioned_ids", "hashtags"),
)


def gazouilloire_row(number: int, by: int, handle: str, text: str, **more: str) -> dict[str, str]:
    return (
        dict.fromkeys(GAZOUILLOIRE, "")
        | {
            "id": str(number),
            "timestamp_utc": "1778513656.0",
            "local_time": "2026-05-11T18:34:16",
            "user_screen_name": handle,
            "text": text,
            "retweet_count": "3",
            "like_count": "5",
            "lang": "en",
            "source_name": "Twitter Web App",
            "user_location": "Secretville",
            "user_id": str(by),
            "user_name": f"Name of {handle}",
            "user_description": "about @somebody",
            "user_image": f"https://pbs.twimg.com/profile_images/{handle}.jpg",
            "user_tweets": "990",
            "user_followers": "12345",
            "collection_time": "2026-05-11T19:00:00",
            "url": f"https://twitter.com/{handle}/status/{number}",
        }
        | more
    )


def table(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def lines(path: Path, values: Iterable[object]) -> Path:
    return sources_files.write_lines(path, values)
