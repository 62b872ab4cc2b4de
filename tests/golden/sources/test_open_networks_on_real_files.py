"""What other people's tools read in real files of YouTube, Mastodon, Bluesky, Reddit and feeds, we read too."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
import sources_files

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.schema.words import AccountType, EdgeType, Kind, State
from dalil.sources.formats.bluesky_api.importer import BlueskyApi
from dalil.sources.formats.bluesky_jetstream.importer import BlueskyJetstream
from dalil.sources.formats.feeds.importer import Feeds
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.formats.reddit.importer import Reddit
from dalil.sources.formats.youtube_api.importer import YouTubeApi
from dalil.sources.importer import Importer, Item, Record
from dalil.sources.reading import head_of
from dalil.sources.registry import detect

HERE = Path(__file__).resolve().parent
STAND_IN = re.compile(r"/h:[0-9a-f]{32}")


def oracle(folder: str, name: str, tool: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((HERE / folder / f"{name}.{tool}.json").read_text(encoding="utf-8"))
    return found


def identifiers(value: Any) -> set[str]:
    """Every string that stands under a key which names accounts, to make them all public."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in ("did", "acct", "author", "value", "channelId", "src"):
                found.add(inner)
            found |= identifiers(inner)
            if isinstance(inner, str) and inner.startswith("at://did:"):
                found.add(inner.split("/")[2])
    elif isinstance(value, list):
        for inner in value:
            found |= identifiers(inner)
    return found


def everybody(platform: str, path: Path, *, by: str) -> list[PublicAccount]:
    """All accounts of a file as public, so that true ids can be compared."""
    text = path.read_text(encoding="utf-8")
    values = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else [json.loads(text)]
    return [PublicAccount(**{"platform": platform, by: name}) for name in sorted(identifiers(values))]


def read(importer: Importer, path: Path, public: list[PublicAccount]) -> list[Item]:
    found = sources_files.items(importer, path, public=public)
    assert sources_files.rejects(found) == []
    return found


def native(record: Record) -> str:
    return record.uid.partition(":")[2]


def targets(record: Record) -> dict[EdgeType, str]:
    return {
        edge.type: (edge.dst_uid or "").partition(":")[2] for edge in record.edges if edge.type is not EdgeType.MENTION
    }


def post_of(record: Record) -> Post:
    assert record.post is not None
    return record.post


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


# Bluesky, by atproto


def facets_of(post: Post) -> list[tuple[str, str, str]]:
    kinds = {"url": "link", "mention": "mention", "hashtag": "tag"}
    return [(kinds[span.type], post.text[span.start : span.end], span.target) for span in post.spans]


def same_but_for_addresses(ours: str, theirs: str) -> bool:
    """Whether two texts are the same where ours holds no stand-in for an address of somebody elsewhere."""
    parts = [re.escape(part) for part in STAND_IN.split(ours)]
    return re.fullmatch(r"/[^\s]+".join(parts), theirs) is not None


def check_bluesky(record: Record, wanted: dict[str, Any]) -> None:
    post = post_of(record)
    assert native(record) == wanted["uri"]
    assert record.author_ref == f"bluesky:{wanted['did']}"
    assert same_but_for_addresses(post.text, wanted["text"])
    assert post.claimed_at == at(wanted["created_at"])
    found = targets(record)
    assert found.get(EdgeType.REPLY) == wanted["parent"]
    if wanted["quoted"] is None or "/app.bsky.feed.post/" in wanted["quoted"]:
        assert found.get(EdgeType.QUOTE) == wanted["quoted"]
    assert post.thread_root == f"bluesky:{wanted['root'] or wanted['uri']}"
    assert [ref.native_key for ref in post.media] == wanted["media"]
    given = sorted((kind, words) for kind, words, _ in wanted["facets"])
    if wanted["facets"]:
        found_facets = sorted((kind, words) for kind, words, _ in facets_of(post))
        for (kind, ours), (wanted_kind, theirs) in zip(found_facets, given, strict=True):
            assert kind == wanted_kind
            assert same_but_for_addresses(ours, theirs)
        links = [target for kind, _, target in wanted["facets"] if kind == "link"]
        shown = [target for kind, _, target in facets_of(post) if kind == "link"]
        assert all(same_but_for_addresses(ours, theirs) for ours, theirs in zip(shown, links, strict=True))
        tags = {target for kind, _, target in wanted["facets"] if kind == "tag"}
        assert tags <= set(post.hashtags) | {words.lstrip("#") for kind, words, _ in wanted["facets"] if kind == "tag"}
    assert post.lang == (wanted["langs"][0] if len(wanted["langs"]) == 1 else None)


@pytest.mark.parametrize(("name", "ending"), [("posts", "jsonl"), ("hydrated", "json")])
def test_bluesky_views_are_read_as_atproto_reads_them(name: str, ending: str) -> None:
    path = HERE / "bluesky_api" / f"{name}.{ending}"
    found = read(BlueskyApi(), path, everybody("bluesky", path, by="native_id"))
    by_uri = {native(record): record for record in sources_files.records(found, "post")}
    compared = 0
    for wanted in oracle("bluesky_api", name, "atproto"):
        if wanted is None:
            continue  # atproto refuses the view: an embed or facet of a kind of its own
        record = by_uri[wanted["uri"]]
        check_bluesky(record, wanted)
        post = post_of(record)
        assert post.server_indexed_at == post.created_at == at(wanted["indexed_at"])
        counts = {metric.name: metric.value for metric in post.metrics}
        assert [counts["likes"], counts["reposts"], counts["replies"]] == [wanted["likes"], wanted["reposts"], wanted["replies"]]  # fmt: skip
        compared += 1
    assert compared >= 4


def test_bluesky_posts_that_atproto_refuses_are_read_all_the_same() -> None:
    path = HERE / "bluesky_api" / "posts.jsonl"
    refused = sum(wanted is None for wanted in oracle("bluesky_api", "posts", "atproto"))
    lines = path.read_text(encoding="utf-8").splitlines()
    found = read(BlueskyApi(), path, [])
    primary = [item for item in found if isinstance(item, Record) and not item.included]
    reposted = sum('"reason"' in line for line in lines)
    foreign = sum(
        '"$type": "app.midnightsky.post"' in line and '"record": {"$type": "app.midnightsky' in line for line in lines
    )
    assert refused == 19
    assert len(primary) == len(lines) - foreign
    assert len(sources_files.records(found, "repost")) == reposted


def test_bluesky_reposts_of_a_feed_have_their_reposter_and_the_original() -> None:
    path = HERE / "bluesky_api" / "posts.jsonl"
    found = read(BlueskyApi(), path, everybody("bluesky", path, by="native_id"))
    [repost] = sources_files.records(found, "repost")
    assert repost.author_ref == "bluesky:did:plc:5klvtukw5fucxsrkjldhrjxs"
    [edge] = repost.edges
    original = [record for record in sources_files.records(found, "post") if record.uid == edge.dst_uid]
    assert original[0].included
    assert edge.at is not None


@pytest.mark.parametrize(
    ("name", "ending"), [("golden_v1", "jsonl"), ("expected_v1", "jsonl"), ("firehose", "json"), ("tap", "json")]
)
def test_bluesky_commits_are_read_as_atproto_reads_them(name: str, ending: str) -> None:
    path = HERE / "bluesky_jetstream" / f"{name}.{ending}"
    found = read(BlueskyJetstream(), path, everybody("bluesky", path, by="native_id"))
    records = {native(record): record for record in sources_files.records(found) if record.kind is not Kind.ACCOUNT}
    for wanted in oracle("bluesky_jetstream", name, "atproto"):
        record = records.get(wanted["uri"])
        if wanted["operation"] == "delete":
            assert (record is not None) == (wanted["collection"] == "app.bsky.feed.post")
            assert record is None or post_of(record).state is State.DELETED
        elif wanted["collection"] == "app.bsky.feed.repost":
            assert record is not None
            assert targets(record) == {EdgeType.REPOST: wanted["subject"]}
        elif wanted["collection"] == "app.bsky.feed.post":
            assert record is not None
            check_bluesky(record, wanted)
            if wanted["time_us"]:
                server = datetime.fromtimestamp(wanted["time_us"] / 1_000_000, UTC)
                assert post_of(record).server_indexed_at == server == post_of(record).created_at
        else:
            assert record is None


def test_a_deletion_of_the_real_stream_is_a_state() -> None:
    found = read(BlueskyJetstream(), HERE / "bluesky_jetstream" / "expected_v1.jsonl", [])
    gone = [
        post_of(record) for record in sources_files.records(found, "post") if post_of(record).state is State.DELETED
    ]
    assert len(gone) == 1
    assert gone[0].text == ""
    assert gone[0].state_at is not None
    assert gone[0].state_reason == "delete"


# Mastodon, by Mastodon.py


def test_mastodon_is_read_as_mastodon_py_reads_it() -> None:
    path = HERE / "mastodon" / "statuses.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    public = [PublicAccount(platform="mastodon", handle=f"{s['account']['acct']}@localhost:3000") for s in raw]
    found = read(Mastodon(), path, public)
    posts = sources_files.records(found, "post")
    wanted = [status for status in oracle("mastodon", "statuses", "mastodon-py") if status["visibility"] == "public"]
    assert len(posts) == len(wanted)
    for record, status in zip(posts, wanted, strict=True):
        post = post_of(record)
        assert native(record) == status["uri"]
        assert record.author_ref == f"mastodon:@{status['account']}@localhost:3000"
        assert post.created_at == at(status["created_at"])
        assert post.edited_at == (at(status["edited_at"]) if status["edited_at"] else None)
        assert post.state is (State.EDITED if status["edited_at"] else State.LIVE)
        assert post.lang == status["language"]
        assert [ref.native_key for ref in post.media] == status["media"]
        assert len(post.mentions) == len(status["mentions"])
        assert [metric.value for metric in post.metrics][:3] == status["counts"]
        assert (EdgeType.REPLY in targets(record)) == (status["in_reply_to_id"] is not None)
    assert any(targets(record).get(EdgeType.REPLY) for record in posts)


def test_a_reply_of_the_real_statuses_finds_what_it_answers() -> None:
    path = HERE / "mastodon" / "statuses.json"
    found = sources_files.records(read(Mastodon(), path, []), "post")
    held = {record.uid for record in found}
    answered = [edge for record in found for edge in record.edges if edge.type is EdgeType.REPLY]
    assert answered
    assert all(edge.dst_uid in held for edge in answered)


def test_edits_of_the_real_statuses_are_versions_of_one_post() -> None:
    found = sources_files.records(read(Mastodon(), HERE / "mastodon" / "statuses.json", []), "post")
    edited = [record for record in found if post_of(record).state is State.EDITED]
    live = [record for record in found if record.uid == edited[0].uid and post_of(record).state is State.LIVE]
    assert edited[0].version != live[0].version
    assert "Kate" in post_of(edited[0]).text
    assert "VS Code" in post_of(live[0]).text


# Reddit, by PRAW


@pytest.mark.parametrize("name", ["search", "post", "crosspost"])
def test_reddit_is_read_as_praw_reads_it(name: str) -> None:
    wanted = oracle("reddit", name, "praw")
    public = [PublicAccount(platform="reddit", handle=thing["author"]) for thing in wanted if thing["author"]]
    public.append(PublicAccount(platform="reddit", handle="kwwxis2"))
    found = read(Reddit(), HERE / "reddit" / f"{name}.json", public)
    primary = [record for record in sources_files.records(found, included=False) if record.kind is not Kind.ACCOUNT]
    assert len(primary) == len(wanted)
    for record, thing in zip(primary, wanted, strict=True):
        assert native(record) == thing["name"]
        assert record.author_ref == f"reddit:@{thing['author'].casefold()}"
        if thing["crosspost_parent"]:
            assert record.kind is Kind.REPOST
            assert targets(record) == {EdgeType.REPOST: thing["crosspost_parent"]}
            assert record.edges[0].at == datetime.fromtimestamp(thing["created_utc"], UTC)
            continue
        post = post_of(record)
        assert post.created_at == datetime.fromtimestamp(thing["created_utc"], UTC)
        assert post.edited_at == (datetime.fromtimestamp(thing["edited"], UTC) if thing["edited"] else None)
        assert post.container_ref == f"reddit:r/{thing['subreddit'].casefold()}"
        assert post.text.startswith(thing["title"].strip())
        counts = {metric.name: metric.value for metric in post.metrics}
        assert (counts["score"], counts["comments"]) == (thing["score"], thing["num_comments"])


def test_reddit_s_subreddits_are_groups_by_name() -> None:
    found = sources_files.records(read(Reddit(), HERE / "reddit" / "subreddits.json", []), "account")
    wanted = {thing["display_name"]: thing["subscribers"] for thing in oracle("reddit", "subreddits", "praw")}
    shown = {record.accounts[0].handle: record.accounts[0].counts[0].value for record in found}
    assert shown == {f"r/{name}": value for name, value in wanted.items()}
    assert {record.accounts[0].type for record in found} == {AccountType.GROUP}


# YouTube, by python-youtube


@pytest.mark.parametrize(
    "name", ["videos_info_multi", "search_by_keywords_p1", "activities_by_channel_p1", "playlist_items_paged_1"]
)
def test_videos_are_read_as_python_youtube_reads_them(name: str) -> None:
    found = read(YouTubeApi(), HERE / "youtube_api" / f"{name}.json", [])
    posts = sources_files.records(found, "post", included=False)
    wanted = oracle("youtube_api", name, "python-youtube")
    assert len(posts) == len(wanted)
    for record, item in zip(posts, wanted, strict=True):
        post = post_of(record)
        if not name.startswith("activities"):  # an activity's own id is not its video's
            assert native(record) == item["id"]
        if not name.startswith("playlist"):  # its owner and time are the playlist's, not the video's
            assert record.author_ref == f"youtube:{item['channel']}"
            assert post.created_at == at(item["published"])
        assert post.text.startswith(item["title"].replace("&amp;", "&").replace("&#39;", "'").strip())
        assert post.text.endswith(item["description"].strip()[-20:])


@pytest.mark.parametrize("name", ["comments_by_parent_paged_1", "comment_threads_by_video_paged_1"])
def test_comments_are_read_as_python_youtube_reads_them(name: str) -> None:
    path = HERE / "youtube_api" / f"{name}.json"
    found = read(YouTubeApi(), path, everybody("youtube", path, by="native_id"))
    posts = sources_files.records(found, "post")
    wanted = oracle("youtube_api", name, "python-youtube")
    assert len(posts) == len(wanted)
    for record, comment in zip(posts, wanted, strict=True):
        post = post_of(record)
        assert native(record) == comment["id"]
        assert record.author_ref == f"youtube:{comment['author']}"
        assert post.text == comment["text"]
        assert post.created_at == at(comment["published"])
        assert post.metrics[0].value == comment["likes"]
        answered = targets(record)[EdgeType.REPLY]
        if comment["parent"]:
            assert answered.startswith("h:")  # nobody tells here who wrote the parent
        else:
            assert answered == comment["video"]


# Feeds, by feedparser on the whole document at once


@pytest.mark.parametrize("path", sorted((HERE / "feeds").glob("*.xml")), ids=lambda path: path.stem)
def test_a_feed_in_pieces_is_read_as_feedparser_reads_the_whole(path: Path) -> None:
    whole = feedparser.parse(io.BytesIO(path.read_bytes()))
    found = read(Feeds(), path, [])
    posts = sources_files.records(found, "post")
    assert len(posts) == len(whole.entries)
    for record, entry in zip(posts, whole.entries, strict=True):
        assert entry.get("title", "") in post_of(record).text
        assert any(warning.code == "feed-broken" for warning in record.warnings) == bool(whole.bozo)


# Everything


@pytest.mark.shared
def test_every_real_file_of_the_open_networks_is_taken_for_what_it_is(shared_data: Path) -> None:
    folders = {
        "bluesky_api_json": "bluesky-api",
        "bluesky_firehose": "bluesky-jetstream",
        "mastodon_api_cassettes": "mastodon",
        "reddit_praw_cassettes": "reddit",
        "rss_atom": "feeds",
        "youtube_api": "youtube-api",
    }
    for folder, name in folders.items():
        for path in sorted((shared_data / "formats" / folder).iterdir()):
            if path.suffix in (".md", ".yaml") or path.name.startswith("Test") or path.name == "atproto_did_doc.json":
                continue  # provenance; recordings of whole conversations; no posts in it
            found = detect(head_of(path))
            assert found is not None, path.name
            assert found.manifest.name == name, path.name


@pytest.mark.shared
def test_the_whole_real_files_are_read_without_a_reject(shared_data: Path) -> None:
    counts = {
        "bluesky-posts.json": 120,
        "bluesky-hydrated-firehose-posts.json": 9,
        "bluesky-tap-posts.json": 14,
        "bluesky-firehose-posts.json": 9,
        "jetstream_expected_v1.jsonl": 18,
        "statuses_extracted.json": 14,
        "listing_extracted.json": 6,
        "search_by_keywords_p1.json": 25,
        "playlist_items_paged_1.json": 10,
        "activities_by_channel_p1.json": 10,
    }
    seen = set()
    for path in sorted((shared_data / "formats").glob("*/*")):
        if path.name in counts:
            importer = detect(head_of(path))
            assert importer is not None
            posts = sources_files.records(read(importer, path, []), "post", included=False)
            assert len(posts) == counts[path.name], path.name
            seen.add(path.name)
    assert seen == set(counts)


@pytest.mark.parametrize("folder", ["bluesky_api", "bluesky_jetstream", "mastodon", "reddit", "youtube_api"])
def test_nobody_of_the_real_files_is_named_outside_the_locators(folder: str) -> None:
    for path in sorted((HERE / folder).glob("*.json*")):
        if len(path.suffixes) > 1:
            continue  # what a tool read in it
        names = private_names(path)
        handed = sources_files.child(path)
        tables = ("observations", "posts", "accounts", "edges", "rejects", "text_signals")
        rows = [handed.rows(name) for name in tables]
        for post in rows[1]:
            post["text"] = post["text_raw"] = ""  # words may hold any name
        shown = json.dumps(rows, default=str, ensure_ascii=False)
        for name in names:
            assert f'"{name}"' not in shown, (path.name, name)
            assert f":{name}" not in shown, (path.name, name)


def private_names(path: Path) -> set[str]:
    """Ids and handles of all accounts in a file that are private by its format."""
    text = path.read_text(encoding="utf-8")
    value = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)
    found: set[str] = set()

    def walk(inner: Any) -> None:
        if isinstance(inner, dict):
            for key, part in inner.items():
                if key in ("did", "handle", "acct", "username", "author", "author_fullname") and isinstance(part, str):
                    found.add(part)
                if key == "authorChannelId":
                    found.add(part["value"])
                walk(part)
        elif isinstance(inner, list):
            for part in inner:
                walk(part)

    walk(value)
    return {name for name in found if len(name) > 5}
