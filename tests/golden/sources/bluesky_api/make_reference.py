"""What atproto (the SDK for Python) reads in the samples of this folder and of `bluesky_jetstream`.

Run in an environment of its own: `pip install atproto==0.0.73 && python make_reference.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from atproto import AtUri
from atproto_client import models
from atproto_client.models.utils import get_or_create

HERE = Path(__file__).resolve().parent
POST = "app.bsky.feed.post"
MODELS = {POST: models.AppBskyFeedPost.Record, "app.bsky.feed.repost": models.AppBskyFeedRepost.Record}


def facets(record: Any) -> list[list[str]]:
    """[kind, the words that it covers, target] of each facet whose kind is known."""
    found = []
    data = record.text.encode()
    for facet in record.facets or []:
        words = data[facet.index.byte_start : facet.index.byte_end].decode("utf-8", "replace")
        for feature in facet.features:
            kind = getattr(feature, "py_type", "").rpartition("#")[2]
            target = {"link": "uri", "mention": "did", "tag": "tag"}.get(kind)
            if target:
                found.append([kind, words, getattr(feature, target)])
    return found


def quoted(record: Any) -> str | None:
    embed = record.embed
    if isinstance(embed, models.AppBskyEmbedRecord.Main):
        return embed.record.uri
    if isinstance(embed, models.AppBskyEmbedRecordWithMedia.Main):
        return embed.record.record.uri
    return None


def media(record: Any) -> list[str]:
    embed = record.embed
    if isinstance(embed, models.AppBskyEmbedRecordWithMedia.Main):
        embed = embed.media
    if isinstance(embed, models.AppBskyEmbedImages.Main):
        return [image.image.cid.encode() for image in embed.images]
    if isinstance(embed, models.AppBskyEmbedVideo.Main):
        return [embed.video.cid.encode()]
    return []


def of_record(uri: str, record: Any, **more: Any) -> dict[str, Any]:
    reply = record.reply
    return {
        "uri": uri,
        "did": AtUri.from_str(uri).host,
        "text": record.text,
        "created_at": record.created_at,
        "langs": record.langs or [],
        "parent": reply.parent.uri if reply else None,
        "root": reply.root.uri if reply else None,
        "facets": facets(record),
        "quoted": quoted(record),
        "media": media(record),
        **more,
    }


def of_view(raw: dict[str, Any]) -> dict[str, Any] | None:
    """A post view; None where the SDK refuses it."""
    try:
        view = get_or_create(raw, models.AppBskyFeedDefs.PostView, strict=True)
        return of_record(view.uri, view.record, indexed_at=view.indexed_at, likes=view.like_count, reposts=view.repost_count, replies=view.reply_count)  # fmt: skip
    except Exception:  # noqa: BLE001 - whatever it refuses
        return None


def of_commit(did: str, commit: dict[str, Any], time_us: int | None) -> dict[str, Any] | None:
    uri = f"at://{did}/{commit['collection']}/{commit['rkey']}"
    operation = commit.get("operation") or commit.get("action")
    if operation == "delete" or commit["collection"] not in (POST, "app.bsky.feed.repost"):
        return {"uri": uri, "operation": operation, "collection": commit["collection"]}
    try:
        record = get_or_create(commit["record"], MODELS[commit["collection"]], strict=True)
        if commit["collection"] == POST:
            return of_record(uri, record, operation=operation, collection=POST, time_us=time_us)
        return {"uri": uri, "operation": operation, "collection": commit["collection"], "subject": record.subject.uri, "created_at": record.created_at}  # fmt: skip
    except Exception:  # noqa: BLE001 - whatever it refuses
        return None


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    lines = (HERE / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    write(HERE / "posts.atproto.json", [of_view(item.get("post", item)) for item in map(json.loads, lines)])
    hydrated = json.loads((HERE / "hydrated.json").read_text(encoding="utf-8"))
    write(HERE / "hydrated.atproto.json", [of_view(item) for item in hydrated])
    stream = HERE.parent / "bluesky_jetstream"
    for name in ("golden_v1.jsonl", "expected_v1.jsonl", "firehose.json"):
        text = (stream / name).read_text(encoding="utf-8")
        events = json.loads(text) if name.endswith(".json") else list(map(json.loads, text.splitlines()))
        found = [of_commit(e["did"], e["commit"], e["time_us"]) for e in events if e["kind"] == "commit"]
        write(stream / f"{name.partition('.')[0]}.atproto.json", found)
    tap = json.loads((stream / "tap.json").read_text(encoding="utf-8"))
    write(stream / "tap.atproto.json", [of_commit(e["record"]["did"], e["record"], None) for e in tap])


if __name__ == "__main__":
    main()
