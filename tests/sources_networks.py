"""Files of YouTube, Mastodon, Bluesky, Reddit and feeds as their tools write them, made for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sources_files

TO_ALL = "https://www.w3.org/ns/activitystreams#Public"

# YouTube


def yt_thumbnails(video: str) -> dict[str, Any]:
    return {
        "default": {"url": f"https://i.ytimg.com/vi/{video}/default.jpg", "width": 120, "height": 90},
        "high": {"url": f"https://i.ytimg.com/vi/{video}/hqdefault.jpg", "width": 480, "height": 360},
    }


def yt_snippet(video: str, **more: object) -> dict[str, Any]:
    return {
        "publishedAt": "2026-05-11T15:34:16Z",
        "channelId": "UCsahlaratoday0000000000",
        "title": "The bridge at Tel Nahr",
        "description": "It stands. #bridge\nhttps://news.example/bridge",
        "thumbnails": yt_thumbnails(video),
        "channelTitle": "Sahlara Today",
        "liveBroadcastContent": "none",
    } | more


def yt_video(video: str, snippet: Mapping[str, object] | None = None, **more: object) -> dict[str, Any]:
    return {
        "kind": "youtube#video",
        "etag": "etag",
        "id": video,
        "snippet": yt_snippet(video) | dict(snippet or {}),
        "contentDetails": {"duration": "PT1H2M3S", "dimension": "2d"},
        "statistics": {"viewCount": "1200", "likeCount": "7", "commentCount": "0"},
        "status": {"privacyStatus": "public", "uploadStatus": "processed"},
    } | more


def yt_comment(key: str, text: str, author: str = "UChiddenperson0000000001", **more: object) -> dict[str, Any]:
    return {
        "kind": "youtube#comment",
        "id": key,
        "snippet": {
            "authorDisplayName": "@hidden_one",
            "authorProfileImageUrl": "https://yt3.ggpht.com/hidden_picture",
            "authorChannelUrl": f"http://www.youtube.com/channel/{author}",
            "authorChannelId": {"value": author},
            "textDisplay": text,
            "textOriginal": text,
            "canRate": True,
            "viewerRating": "like",
            "likeCount": 3,
            "publishedAt": "2026-05-12T10:00:00Z",
            "updatedAt": "2026-05-12T10:00:00Z",
        }
        | more,
    }


def yt_thread(video: str, top: Mapping[str, object], replies: Sequence[object] = (), **more: object) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": "youtube#commentThread",
        "id": top["id"],
        "snippet": {
            "channelId": "UCsahlaratoday0000000000",
            "videoId": video,
            "topLevelComment": top,
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": True,
        }
        | more,
    }
    return found | ({"replies": {"comments": list(replies)}} if replies else {})


def yt_answer(items: Sequence[object], kind: str = "videoList") -> dict[str, Any]:
    return {
        "kind": f"youtube#{kind}Response",
        "etag": "etag",
        "nextPageToken": "CAUQAA",
        "pageInfo": {"totalResults": len(items), "resultsPerPage": 50},
        "items": list(items),
    }


# yt-dlp


def dl_info(video: str, comments: Sequence[object] | None = None, **more: object) -> dict[str, Any]:
    """An info.json in yt-dlp's own order, with headers and signed addresses in its formats."""
    found: dict[str, Any] = {
        "id": video,
        "title": "The bridge at Tel Nahr",
        "formats": [
            {
                "format_id": "18",
                "protocol": "https",
                "url": "https://rr1.googlevideo.com/videoplayback?ip=203.0.113.9&signature=secretsignature",
                "cookies": "SESSION=secretcookie; Domain=.youtube.com",
                "http_headers": {"User-Agent": "secretagent", "Accept": "*/*"},
            }
        ],
        "thumbnail": f"https://i.ytimg.com/vi/{video}/maxresdefault.jpg",
        "description": "It stands. #bridge",
        "channel_id": "UCsahlaratoday0000000000",
        "channel_url": "https://www.youtube.com/channel/UCsahlaratoday0000000000",
        "duration": 63,
        "view_count": 1200,
        "webpage_url": f"https://www.youtube.com/watch?v={video}",
        "tags": ["bridge"],
        "comment_count": len(comments or ()),
        "like_count": 7,
        "channel": "Sahlara Today",
        "channel_follower_count": 4321,
        "uploader": "Sahlara Today",
        "uploader_id": "@sahlaratoday",
        "upload_date": "20260511",
        "timestamp": 1778513656,
        "availability": "public",
    }
    if comments is not None:
        found["comments"] = list(comments)
    found |= {
        "webpage_url_basename": "watch",
        "extractor": "youtube",
        "extractor_key": "Youtube",
        "filename": "/home/secretowner/videos/x.mp4",
        "epoch": 1778600000,
        "_type": "video",
        "_version": {"version": "2026.05.01", "repository": "yt-dlp/yt-dlp"},
    }
    return found | more


def dl_comment(key: str, text: str, **more: object) -> dict[str, Any]:
    return {
        "id": key,
        "text": text,
        "like_count": 2,
        "author_id": "UChiddenperson0000000001",
        "author": "@hidden_one",
        "author_thumbnail": "https://yt3.ggpht.com/hidden_picture",
        "parent": "root",
        "_time_text": "2 days ago",
        "timestamp": 1778427256,
        "author_url": "https://www.youtube.com/@hidden_one",
        "author_is_uploader": False,
        "is_favorited": False,
    } | more


# Mastodon


def md_account(name: str, server: str = "social.example", **more: object) -> dict[str, Any]:
    return {
        "id": str(sum(map(ord, name))),
        "username": name,
        "acct": name,
        "display_name": f"Name of {name}",
        "locked": False,
        "bot": False,
        "created_at": "2023-01-02T00:00:00.000Z",
        "note": f"<p>words about {name}</p>",
        "url": f"https://{server}/@{name}",
        "uri": f"https://{server}/users/{name}",
        "avatar": f"https://files.example/avatars/{name}.png",
        "followers_count": 123,
        "following_count": 7,
        "statuses_count": 99,
        "fields": [{"name": "home", "value": f"https://home.example/{name}"}],
    } | more


def md_mention(name: str, server: str = "social.example") -> str:
    return (
        f'<span class="h-card"><a href="https://{server}/@{name}" class="u-url mention">@<span>{name}</span></a></span>'
    )


def md_status(number: int, by: str, content: str, **more: object) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": "2026-05-11T15:34:16.500Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://social.example/users/{by}/statuses/{number}",
        "url": f"https://social.example/@{by}/{number}",
        "replies_count": 1,
        "reblogs_count": 2,
        "favourites_count": 3,
        "edited_at": None,
        "favourited": True,
        "bookmarked": True,
        "content": content,
        "reblog": None,
        "application": {"name": "Web", "website": None},
        "account": md_account(by),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    } | more


def md_repost(number: int, by: str, of: object) -> dict[str, Any]:
    return md_status(number, by, "", reblog=of) | {
        "uri": f"https://social.example/users/{by}/statuses/{number}/activity",
        "url": f"https://social.example/users/{by}/statuses/{number}/activity",
    }


# ActivityPub


def ap_actor(name: str, server: str = "social.example") -> str:
    return f"https://{server}/users/{name}"


def ap_note(number: int, by: str, content: str, **more: object) -> dict[str, Any]:
    return {
        "id": f"{ap_actor(by)}/statuses/{number}",
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": "2026-05-11T15:34:16Z",
        "url": f"https://social.example/@{by}/{number}",
        "attributedTo": ap_actor(by),
        "to": [TO_ALL],
        "cc": [f"{ap_actor(by)}/followers"],
        "sensitive": False,
        "content": content,
        "contentMap": {"en": content},
        "attachment": [],
        "tag": [],
    } | more


def ap_create(note: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {
        "id": f"{note['id']}/activity",
        "type": "Create",
        "actor": note["attributedTo"],
        "published": note.get("published"),
        "to": note.get("to"),
        "cc": note.get("cc"),
        "object": dict(note),
    } | more


def ap_announce(number: int, by: str, of: object, **more: object) -> dict[str, Any]:
    return {
        "id": f"{ap_actor(by)}/statuses/{number}/activity",
        "type": "Announce",
        "actor": ap_actor(by),
        "published": "2026-05-12T08:00:00Z",
        "to": [TO_ALL],
        "cc": [f"{ap_actor(by)}/followers"],
        "object": of,
    } | more


def ap_outbox(items: Sequence[object], **more: object) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://social.example/users/sahlara/outbox",
        "type": "OrderedCollection",
        "totalItems": len(items),
    } | more | {"orderedItems": list(items)}  # fmt: skip


# Bluesky


def did(name: str) -> str:
    """A made id with a name in it, such as `did:plc:hiddenaaaaaaaaaaaaaaaaaa`."""
    return "did:plc:" + (name + "a" * 24)[:24]


def bs_uri(name: str, rkey: str, collection: str = "app.bsky.feed.post") -> str:
    return f"at://{did(name)}/{collection}/{rkey}"


def bs_record(text: str, **more: object) -> dict[str, Any]:
    return {
        "$type": "app.bsky.feed.post",
        "createdAt": "2026-05-11T15:34:16.000Z",
        "text": text,
        "langs": ["en"],
    } | more


def bs_author(name: str, **more: object) -> dict[str, Any]:
    return {
        "did": did(name),
        "handle": f"{name}.bsky.example",
        "displayName": f"Name of {name}",
        "avatar": f"https://cdn.bsky.app/img/avatar/plain/{did(name)}/bafkreiavatar@jpeg",
        "viewer": {"muted": False, "following": f"at://{did('collector')}/app.bsky.graph.follow/3kcollector"},
        "labels": [],
        "createdAt": "2023-09-23T13:41:23.762Z",
    } | more


def bs_view(name: str, rkey: str, record: Mapping[str, object], **more: object) -> dict[str, Any]:
    return {
        "uri": bs_uri(name, rkey),
        "cid": f"bafyrei{name}{rkey}",
        "author": bs_author(name),
        "record": dict(record),
        "replyCount": 1,
        "repostCount": 2,
        "likeCount": 3,
        "quoteCount": 0,
        "indexedAt": "2026-05-11T15:34:20.000Z",
        "viewer": {"like": f"at://{did('collector')}/app.bsky.feed.like/3kcollector"},
        "labels": [],
    } | more


def bs_facet(text: str, part: str, feature: Mapping[str, object]) -> dict[str, Any]:
    """A facet over a part of a text, by its bytes."""
    start = len(text[: text.index(part)].encode())
    index = {"byteStart": start, "byteEnd": start + len(part.encode())}
    return {"index": index, "features": [dict(feature)]}


def bs_link(uri: str) -> dict[str, str]:
    return {"$type": "app.bsky.richtext.facet#link", "uri": uri}


def bs_mention(name: str) -> dict[str, str]:
    return {"$type": "app.bsky.richtext.facet#mention", "did": did(name)}


def bs_tag(tag: str) -> dict[str, str]:
    return {"$type": "app.bsky.richtext.facet#tag", "tag": tag}


def bs_image(key: str, alt: str = "") -> dict[str, Any]:
    blob = {"$type": "blob", "ref": {"$link": key}, "mimeType": "image/jpeg", "size": 10}
    return {"alt": alt, "image": blob, "aspectRatio": {"width": 800, "height": 600}}


def js_commit(name: str, rkey: str, record: object = None, operation: str = "create", **more: object) -> dict[str, Any]:
    collection = str(more.pop("collection", "app.bsky.feed.post"))
    commit: dict[str, Any] = {"rev": "3mptbypluud2a", "operation": operation, "collection": collection, "rkey": rkey}
    if record is not None:
        commit |= {"record": record, "cid": f"bafyrei{name}{rkey}"}
    return {"did": did(name), "time_us": 1778513660123456, "kind": "commit", "commit": commit} | more


def tap_event(name: str, rkey: str, record: object, action: str = "create", **more: object) -> dict[str, Any]:
    inner = {
        "live": False,
        "did": did(name),
        "rev": "3mc7ffzllzi2n",
        "collection": "app.bsky.feed.post",
        "rkey": rkey,
        "action": action,
        "record": record,
        "cid": f"bafyrei{name}{rkey}",
    }
    return {"id": 1553506, "type": "record", "record": inner | more}


# Reddit


def rd_post(key: str, by: str, title: str, **more: object) -> dict[str, Any]:
    return {
        "id": key,
        "name": f"t3_{key}",
        "subreddit": "Sahlara",
        "subreddit_id": "t5_2qizd",
        "subreddit_type": "public",
        "author": by,
        "author_fullname": f"t2_{by}",
        "author_flair_text": f"flair of {by}",
        "title": title,
        "selftext": "",
        "selftext_html": None,
        "is_self": True,
        "domain": "self.Sahlara",
        "created_utc": 1778513656.0,
        "edited": False,
        "score": 5,
        "num_comments": 2,
        "num_crossposts": 0,
        "over_18": False,
        "stickied": False,
        "permalink": f"/r/Sahlara/comments/{key}/some_words/",
        "url": f"https://www.reddit.com/r/Sahlara/comments/{key}/some_words/",
        "likes": True,
        "saved": True,
        "link_flair_text": None,
        "removed_by_category": None,
        "secure_media": None,
    } | more


def rd_comment(key: str, by: str, body: str, **more: object) -> dict[str, Any]:
    return {
        "id": key,
        "name": f"t1_{key}",
        "subreddit": "Sahlara",
        "subreddit_type": "public",
        "author": by,
        "body": body,
        "created_utc": 1778513999.0,
        "edited": False,
        "score": -3,
        "link_id": "t3_1abc",
        "parent_id": "t3_1abc",
        "permalink": f"/r/Sahlara/comments/1abc/some_words/{key}/",
        "replies": "",
    } | more


def rd_thing(kind: str, data: object) -> dict[str, Any]:
    return {"kind": kind, "data": data}


def rd_listing(children: Sequence[object]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"modhash": "secretmodhash", "after": None, "children": list(children)}}


# Feeds


def rss_item(number: int, words: str = "The bridge stands.", **more: str) -> str:
    """An item; `more` replaces elements by name, or adds them."""
    elements = {
        "title": f"Bulletin {number}",
        "link": f"https://news.example/{number}",
        "guid": f"https://news.example/?p={number}",
        "pubDate": "Mon, 11 May 2026 15:34:16 GMT",
        "description": words,
        "author": "hidden.writer@news.example (Hidden Writer)",
    } | more
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in elements.items() if text) + "</item>"


def rss(items: Iterable[str], *, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>', **more: str) -> str:
    """An RSS 2.0 feed."""
    elements = {
        "title": "Sahlara Today",
        "link": "https://news.example/",
        "description": "News of Sahlara",
        "language": "en",
        "managingEditor": "hidden.editor@news.example (Hidden Editor)",
    } | more
    shown = "".join(f"<{name}>{text}</{name}>" for name, text in elements.items() if text)
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    return f'{prolog}<rss version="2.0" {spaces}><channel>{shown}{"".join(items)}</channel></rss>'


def atom_entry(number: int, **more: str) -> str:
    elements = {
        "id": f"tag:news.example,2026:{number}",
        "title": f"Bulletin {number}",
        "published": "2026-05-11T15:34:16Z",
        "updated": "2026-05-11T15:34:16Z",
        "content": "The bridge stands.",
        "author": "<name>Hidden Writer</name><email>hidden.writer@news.example</email>",
    } | more
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in elements.items() if text)
    return f'<entry><link href="https://news.example/{number}"/>{inner}</entry>'


def atom(entries: Iterable[str], *, link: str = "https://news.example/") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Sahlara Today</title>'
        f'<link href="{link}"/><id>{link}</id><updated>2026-05-11T15:34:16Z</updated>{"".join(entries)}</feed>'
    )


def write(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_json(path: Path, value: object) -> Path:
    return sources_files.write_json(path, value)


def write_lines(path: Path, values: Iterable[object]) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(value) + "\n" for value in values)
    return path
