"""Real files give the rows that they gave, and say what other people's tools read in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_rows

from dalil.schema.chunks import PublicAccount
from dalil.schema.words import EdgeType, Kind
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.telethon.importer import Telethon
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import Record
from dalil.sources.reading import head_of
from dalil.sources.registry import detect

HERE = Path(__file__).resolve().parent
X_FILES = [path for path in sources_rows.FILES if path.parent.name == "x_api_v2"]


@pytest.mark.parametrize("path", sources_rows.FILES, ids=lambda path: path.stem)
def test_rows_are_those_of_the_golden(path: Path) -> None:
    wanted = json.loads(sources_rows.golden_of(path).read_text(encoding="utf-8"))
    assert json.loads(json.dumps(sources_rows.rows_of(path))) == wanted


def everybody(path: Path) -> list[PublicAccount]:
    """All accounts of a response as public, so that true ids can be compared."""
    response = json.loads(path.read_text(encoding="utf-8"))
    return [PublicAccount(platform="x", native_id=user["id"]) for user in response["includes"]["users"]]


def true_id(uid: str | None) -> str | None:
    return None if uid is None else uid.partition(":")[2]


def primary(path: Path) -> Iterator[tuple[Record, dict[str, Any]]]:
    found = sources_files.records(sources_files.items(XApiV2(), path, public=everybody(path)), included=False)
    oracle = json.loads(path.with_suffix(".twitwi.json").read_text(encoding="utf-8"))
    assert len(found) == len(oracle)
    return zip(found, oracle, strict=True)


@pytest.mark.parametrize("path", X_FILES, ids=lambda path: path.stem)
def test_x_is_read_as_twitwi_reads_it(path: Path) -> None:
    for record, oracle in primary(path):
        targets = {edge.type: true_id(edge.dst_uid) for edge in record.edges if edge.type is not EdgeType.MENTION}
        assert true_id(record.uid) == oracle["id"]
        assert true_id(record.author_ref) == oracle["user_id"]
        assert targets.get(EdgeType.REPOST) == oracle["retweeted_id"]
        if record.kind is Kind.REPOST:
            assert oracle["retweeted_id"]
            assert record.edges[0].at == datetime.fromtimestamp(oracle["timestamp_utc"], UTC)
            continue
        post = record.post
        assert post is not None
        assert post.created_at == datetime.fromtimestamp(oracle["timestamp_utc"], UTC)
        for kind, key in ((EdgeType.QUOTE, "quoted_id"), (EdgeType.REPLY, "to_tweetid")):
            if oracle[key] != "":  # twitwi forgets which post was meant where it may not be seen
                assert targets.get(kind) == oracle[key]
        assert post.lang == oracle["lang"]
        assert {tag.lower() for tag in post.hashtags} == set(oracle["hashtags"])
        counts = {metric.name: metric.value for metric in post.metrics}
        for ours, theirs in (("likes", "like_count"), ("reposts", "retweet_count"), ("replies", "reply_count")):
            assert counts[ours] == oracle[theirs]
        if not post.urls and not oracle["quoted_id"]:
            assert post.text == oracle["text"]


@pytest.mark.parametrize("path", X_FILES, ids=lambda path: path.stem)
def test_a_response_and_its_flattened_form_give_the_same_posts(path: Path) -> None:
    flattened = path.with_name(f"{path.stem}.flattened.jsonl")
    assert XApiV2().detect(head_of(flattened)) >= 0.5
    for public in ((), everybody(path)):
        ours, theirs = (sources_files.items(XApiV2(), file, public=public) for file in (path, flattened))
        assert sources_files.rejects(theirs) == []
        wanted = sources_files.records(ours, included=False)
        found = sources_files.records(theirs, included=False)
        assert [record.raw for record in found] == [record.raw for record in wanted]
        assert [record.post for record in found] == [record.post for record in wanted]
        assert [record.edges for record in found] == [record.edges for record in wanted]
        included = {record.uid: record.raw for record in sources_files.records(ours, "post", included=True)}
        for record in sources_files.records(theirs, "post", included=True):
            if record.uid in included and record.post and record.post.state != "private":
                assert included[record.uid] == record.raw


def test_no_user_of_a_real_response_is_named_outside_the_locators() -> None:
    for path in X_FILES:
        response = json.loads(path.read_text(encoding="utf-8"))
        handed = sources_files.child(path)
        shown = json.dumps([handed.rows(name) for name in sources_rows.TABLES], default=str, ensure_ascii=False)
        raws = "".join(row["record"].decode() for row in handed.rows("raw"))
        for user in response["includes"]["users"]:
            if f"#{user['username']}".lower() in raws.lower():
                continue  # a hashtag, which is a word of the text
            for secret in (user["id"], f'"{user["username"]}"', f"@{user['username']} ", f".com/{user['username']}/"):
                assert secret.lower() not in shown.lower()
                assert secret.lower() not in raws.lower()
            assert f'"name":"{user["name"]}"' not in raws
        posts = response["data"] if isinstance(response["data"], list) else [response["data"]]
        for tweet in [*posts, *response["includes"].get("tweets", [])]:
            assert tweet["id"] not in shown
            assert tweet["id"] not in raws


def test_crowdtangle_counts_are_those_of_the_file() -> None:
    found = sources_files.items(CrowdTangleCsv(), HERE / "crowdtangle_csv" / "db1.csv")
    assert sources_files.rejects(found) == []
    posts = sources_files.records(found, "post")
    assert len(posts) == 40
    first = posts[0].post
    assert first is not None
    assert first.created_at == datetime(2023, 11, 13, 9, 30, 36, tzinfo=UTC)
    assert [(metric.name, metric.value) for metric in first.metrics] == [("shares", 6457)]
    assert first.uid == "facebook:100069351265250_660862489568787"


@pytest.mark.shared
def test_every_real_sample_is_taken_for_what_it_is(shared_data: Path) -> None:
    ours = {
        "twitter_v1_json": "x-api-v1",
        "twitter_v2_json": "x-api-v2",
        "crowdtangle_csv": "crowdtangle-csv",
        "gazouilloire_export": "gazouilloire-csv",
    }
    elsewhere = {"bluesky_api_json", "bluesky_firehose", "mastodon_api_cassettes", "reddit_praw_cassettes", "rss_atom", "youtube_api"}  # fmt: skip
    wrapped = ("normalization-no-api-key.json",)  # each answer beside what another tool made of it
    for path in sorted((shared_data / "formats").glob("*/*")):
        if path.suffix == ".md" or path.parent.name in elsewhere:  # those: test_open_networks_on_real_files
            continue
        found = detect(head_of(path))
        wanted = None if path.name in wrapped else ours.get(path.parent.name)
        assert (found.manifest.name if found else None) == wanted, path.name


@pytest.mark.shared
def test_the_whole_real_files_are_read_without_a_reject(shared_data: Path) -> None:
    for path in sorted((shared_data / "formats").glob("twitter_v2_json/*.json")):
        assert sources_files.rejects(sources_files.items(XApiV2(), path)) == []
    rows = {"db1_rows_with_genocide": 2203, "db2_rows_with_genocide": 382}
    for path in sorted((shared_data / "formats").glob("crowdtangle_csv/*.csv")):
        found = sources_files.items(CrowdTangleCsv(), path)
        assert sources_files.rejects(found) == []
        assert len(sources_files.records(found, "post")) == rows.get(path.stem, 58)


def test_telethon_s_entities_are_cut_as_it_cuts_them_itself() -> None:
    everybody = [
        PublicAccount(platform="telegram", handle="hidden_one"),
        PublicAccount(platform="telegram", native_id="9007001"),
        PublicAccount(platform="telegram", native_id="1494031694"),
    ]
    path = HERE / "telethon" / "messages.json"
    oracle = json.loads((HERE / "telethon" / "messages.oracle.json").read_text(encoding="utf-8"))
    found = sources_files.records(sources_files.items(Telethon(), path, public=everybody), "post")
    by_id = {record.post.native_id.rpartition("/")[2]: record.post for record in found if record.post}
    for number, cut in oracle.items():
        post = by_id[number]
        wanted = [text for kind, text in cut if kind != "MessageEntityCustomEmoji"]
        assert [post.text[span.start : span.end] for span in post.spans] == wanted
