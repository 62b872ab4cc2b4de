"""The rows that a real file gives, as JSON that a person can compare; run it to write the goldens again."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent / "golden" / "sources"
sys.path[:0] = [str(HERE.parents[2] / "src")]

import sources_files  # noqa: E402

from dalil.schema.chunks import PublicAccount  # noqa: E402

PUBLIC = (
    PublicAccount(platform="x", handle="PChidambaram_IN"),
    PublicAccount(platform="x", native_id="140776364"),
    PublicAccount(platform="x", handle="bluesky"),
    PublicAccount(platform="mastodon", handle="mastodonpy_test_2@localhost:3000"),
    PublicAccount(platform="bluesky", native_id="did:plc:jqs453ktxco5ho5z46wardhp"),
    PublicAccount(platform="bluesky", handle="korben.info"),
    PublicAccount(platform="bluesky", native_id="did:plc:dclwtltrt2ggsryagfzk7dp4"),
    PublicAccount(platform="youtube", native_id="UC_x5XG1OV2P6uZZ5FSM9Ttw"),
)
"""Some accounts of the samples, so that public and private authors are both in the goldens."""
OPEN_NETWORKS = (
    *(HERE / "bluesky_api" / name for name in ("atproto_thread_view_post_with_embed_media.json", "hydrated.json")),
    *(HERE / "bluesky_api" / name for name in ("posts.jsonl", "profiles.json", "atproto_get_follows.json")),
    *(
        HERE / "bluesky_jetstream" / name
        for name in ("expected_v1.jsonl", "golden_v1.jsonl", "firehose.json", "tap.json")
    ),
    *(HERE / "feeds" / f"{name}.xml" for name in ("big5", "channel_dc_publisher", "feed_link_rel_self", "tis620")),
    HERE / "feeds" / "entry_source_author_map_author_2.xml",
    HERE / "mastodon" / "statuses.json",
    *(HERE / "reddit" / f"{name}.json" for name in ("search", "subreddits", "post", "crosspost")),
    *(HERE / "youtube_api" / f"{name}.json" for name in ("activities_by_channel_p1", "channel_info_multi")),
    *(HERE / "youtube_api" / f"{name}.json" for name in ("comment_threads_by_video_paged_1", "videos_info_multi")),
    *(HERE / "youtube_api" / f"{name}.json" for name in ("comments_by_parent_paged_1", "playlist_items_paged_1")),
    HERE / "youtube_api" / "search_by_keywords_p1.json",
)
"""YouTube, Mastodon, Bluesky, Reddit and feeds."""
FILES = (
    *(HERE / "x_api_v2" / f"{name}.json" for name in ("payload-v2", "payload-v2-geo", "payload-v2-singletweet")),
    *(HERE / "x_api_v2" / f"{name}.json" for name in ("payload-v2-tweet-retweet", "payload-v2-video")),
    HERE / "x_api_v2" / "alternative-payload-v2.json",
    *(HERE / "x_api_v1" / f"payload-v1-{name}.json" for name in ("search", "show", "stream")),
    HERE / "x_api_v1" / "users-v1.json",
    HERE / "x_api_v1" / "embedded.jsonl",
    *(HERE / "gazouilloire_csv" / name for name in ("tweet-export.csv", "user-export.csv", "tweet-export.jsonl")),
    *(HERE / "crowdtangle_csv" / f"{name}.csv" for name in ("db1", "db2", "outlets")),
    HERE / "telethon" / "messages.json",
    *OPEN_NETWORKS,
)
TABLES = ("observations", "posts", "accounts", "edges", "rejects")
LEFT_OUT = frozenset({"raw_segment", "raw_pointer", "collected_at", "collected_by", "purpose", "importer_version"})


def golden_of(path: Path) -> Path:
    """The golden beside a file; of two files with one name each has its own."""
    if path.suffix == ".jsonl":
        return path.with_name(f"{path.name}.rows.json")
    return path.with_suffix(".rows.json")


def rows_of(path: Path) -> dict[str, Any]:
    """Counts and rows; what is null or empty is left out, so that the golden stays readable."""
    handed = sources_files.child(path, public=PUBLIC)
    assert handed.begin is not None
    assert handed.end is not None
    found: dict[str, Any] = {
        "format": handed.begin.source_format,
        "read": handed.end.read,
        "includes": handed.end.includes,
        "quarantined": handed.end.quarantined,
        "rejected": handed.end.rejected,
        "ignored": handed.end.ignored,
        "locators": handed.table("locators").num_rows,
    }
    for name in TABLES:
        found[name] = [plain(row) for row in handed.rows(name)]
    return found


def plain(row: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in row.items() if key not in LEFT_OUT and value not in (None, "", [], {})}
    return {key: _value(value) for key, value in shown.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {key: _value(item) for key, item in value.items() if item not in (None, "")}
    return value


def main() -> None:
    for path in FILES:
        text = json.dumps(rows_of(path), ensure_ascii=False, indent=1, sort_keys=True)
        golden_of(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
