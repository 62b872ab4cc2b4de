"""Real files of API v1.1 and of gazouilloire say here what twitwi and twarc read in them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_rows

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.schema.words import EdgeType, Kind
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.importer import Quarantined, Record
from dalil.sources.reading import head_of
from dalil.sources.registry import detect
from dalil.sources.x_status.numbers import from_x_date

HERE = Path(__file__).resolve().parent
V1 = HERE / "x_api_v1"
GAZOUILLOIRE = HERE / "gazouilloire_csv"
PAYLOADS = ("search", "show", "stream")
EXPORTS = ("tweet-export.csv", "tweet-export.jsonl")


def everybody(value: Any) -> list[PublicAccount]:
    """All accounts that a JSON value names, as public, so that true ids can be compared."""
    found: list[PublicAccount] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("screen_name"), str) and isinstance(one.get("id_str"), str):
                found.append(PublicAccount(platform="x", native_id=one["id_str"], handle=one["screen_name"]))
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def read(path: Path) -> list[Record]:
    values = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.suffix == ".jsonl" else json.loads(path.read_text(encoding="utf-8"))  # fmt: skip
    found = sources_files.items(XApiV1(), path, public=everybody(values))
    assert sources_files.rejects(found) == []
    return sources_files.records(found)


def by_id(records: list[Record]) -> dict[str, Record]:
    return {record.uid.partition(":")[2]: record for record in records if record.kind is not Kind.ACCOUNT}


def targets(record: Record) -> dict[EdgeType, str | None]:
    kinds = (EdgeType.REPLY, EdgeType.QUOTE, EdgeType.REPOST)
    return {edge.type: (edge.dst_uid or "").partition(":")[2] for edge in record.edges if edge.type in kinds}


def mentioned(record: Record) -> set[str]:
    return {(edge.dst_uid or "").partition(":")[2] for edge in record.edges if edge.type is EdgeType.MENTION}


# twitwi


@pytest.mark.parametrize("name", PAYLOADS)
def test_ids_times_and_edges_are_those_of_twitwi(name: str) -> None:
    ours = by_id(read(V1 / f"payload-v1-{name}.json"))
    oracle = json.loads((V1 / f"payload-v1-{name}.twitwi.json").read_text(encoding="utf-8"))
    assert ours.keys() == {tweet["id"] for tweet in oracle}
    for tweet in oracle:
        record = ours[tweet["id"]]
        assert (record.author_ref or "").partition(":")[2] == tweet["user_id"]
        assert targets(record).get(EdgeType.REPOST) == tweet["retweeted_id"]
        assert targets(record).get(EdgeType.REPLY) == tweet["to_tweetid"]
        at = datetime.fromtimestamp(tweet["timestamp_utc"], UTC)
        if record.post is None:
            assert tweet["retweeted_id"]
            assert record.edges[0].at == at
            continue
        assert record.post.created_at == at
        assert targets(record).get(EdgeType.QUOTE) == tweet["quoted_id"]
        assert {tag.lower() for tag in record.post.hashtags} == set(tweet["hashtags"])
        assert record.post.lang == tweet["lang"]
        counts = {metric.name: metric.value for metric in record.post.metrics}
        for theirs, name_ in (("like_count", "likes"), ("retweet_count", "reposts"), ("reply_count", "replies")):
            assert counts.get(name_) == tweet[theirs]
        if not tweet["quoted_id"]:  # twitwi lends a quoting post the mentions and media of the quoted one
            assert mentioned(record) == set(tweet["mentioned_ids"])
            assert [ref.source_url for ref in record.post.media] == tweet["media_urls"]


@pytest.mark.parametrize("name", PAYLOADS)
def test_texts_are_those_of_twarc(name: str) -> None:
    ours = by_id(read(V1 / f"payload-v1-{name}.json"))
    retweet, original, quoted = json.loads((V1 / f"payload-v1-{name}.twarc.json").read_text(encoding="utf-8"))
    assert retweet["tweet_type"] == "retweet"
    assert targets(ours[retweet["id"]]) == {EdgeType.REPOST: retweet["retweet_or_quote_id"]}
    assert retweet["text"] == original["text"], "twarc too takes a retweet's text from the original"
    for row in (original, quoted):
        post = ours[row["id"]].post
        assert post is not None
        assert (post.text_raw or post.text) == row["text"]
        assert post.created_at == from_x_date(row["created_at"]).at
        assert (post.author_ref or "").partition(":")[2] == row["user_id"]
    assert targets(ours[original["id"]]) == {EdgeType.QUOTE: quoted["id"]}


def test_the_three_ways_of_asking_give_the_same_posts() -> None:
    """But for counts that only some ways give, and a link that only some texts carry."""
    first, second, third = (by_id(read(V1 / f"payload-v1-{name}.json")) for name in PAYLOADS)
    assert first.keys() == second.keys() == third.keys()
    for key, record in first.items():
        for other in (second[key], third[key]):
            assert other.kind == record.kind
            assert targets(other) == targets(record)
            assert other.author_ref == record.author_ref
            if record.post and other.post:
                assert other.post.created_at == record.post.created_at
                assert record.post.text.startswith(other.post.text.rpartition(" https://")[0] or other.post.text)


def test_the_embedding_service_is_read_as_twitwi_reads_it() -> None:
    ours = by_id(read(V1 / "embedded.jsonl"))
    answers = json.loads((V1 / "embedded.twitwi.json").read_text(encoding="utf-8"))
    assert len(answers) == 3
    editions = {"1838281150755967063": "1838280860652507349"}  # an edit is a version of its first post
    for tweet in [tweet for answer in answers for tweet in answer]:
        record = ours[editions.get(tweet["id"], tweet["id"])]
        assert (record.author_ref or "").partition(":")[2] == tweet["user_id"]
        assert record.post is not None
        at = record.post.edited_at or record.post.created_at
        assert at is not None
        assert at.replace(microsecond=0) == datetime.fromtimestamp(tweet["timestamp_utc"], UTC)
        quoted = tweet["quoted_id"]
        assert targets(record).get(EdgeType.QUOTE) == (editions.get(quoted, quoted))
        assert targets(record).get(EdgeType.REPLY) == tweet["to_tweetid"]
        counts = {metric.name: metric.value for metric in record.post.metrics}
        assert counts["likes"] == tweet["like_count"]


def test_users_are_read_and_the_protected_one_is_not() -> None:
    users = json.loads((V1 / "users-v1.json").read_text(encoding="utf-8"))
    found = sources_files.items(XApiV1(), V1 / "users-v1.json", public=everybody(users))
    records = sources_files.records(found, "account")
    assert [record.uid for record in records] == [f"x:{user['id_str']}" for user in users if not user["protected"]]
    assert sum(isinstance(item, Quarantined) for item in found) == 1
    counts = {metric.name: metric.value for metric in records[0].accounts[0].counts}
    assert counts == {"followers": 729, "following": 475, "posts": 3452, "listed": 15}


# gazouilloire


def columns() -> dict[str, dict[str, str]]:
    with (GAZOUILLOIRE / "tweet-export.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def public_of(rows: dict[str, dict[str, str]]) -> list[PublicAccount]:
    found = [
        PublicAccount(platform="x", native_id=row["user_id"], handle=row["user_screen_name"]) for row in rows.values()
    ]
    for row in rows.values():
        names, ids = row["mentioned_names"].split("|"), row["mentioned_ids"].split("|")
        found += [
            PublicAccount(platform="x", native_id=key, handle=name) for name, key in zip(names, ids, strict=True) if key
        ]
        for kind in ("quoted", "retweeted"):
            if row[f"{kind}_user_id"]:
                found.append(PublicAccount(platform="x", native_id=row[f"{kind}_user_id"], handle=row[f"{kind}_user"]))
        if row["to_userid"]:
            found.append(PublicAccount(platform="x", native_id=row["to_userid"], handle=row["to_username"]))
    return found


@pytest.mark.parametrize("name", EXPORTS)
def test_the_export_is_read_as_its_columns_say(name: str) -> None:
    rows = columns()
    found = sources_files.items(GazouilloireCsv(), GAZOUILLOIRE / name, public=public_of(rows))
    assert sources_files.rejects(found) == []
    ours = by_id(sources_files.records(found))
    assert ours.keys() == rows.keys()
    for key, row in rows.items():
        record = ours[key]
        assert record.author_ref == f"x:{row['user_id']}"
        assert targets(record).get(EdgeType.REPOST) == (row["retweeted_id"] or None)
        at = datetime.fromtimestamp(float(row["timestamp_utc"]), UTC)
        if record.post is None:
            assert record.edges[0].at == at
            assert row["text"].endswith(record.signal_text)
            continue
        post: Post = record.post
        assert post.created_at == at
        assert post.text == row["text"].replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
        assert targets(record).get(EdgeType.REPLY) == (row["to_tweetid"] or None)
        assert targets(record).get(EdgeType.QUOTE) == (row["quoted_id"] or None)
        assert mentioned(record) == {key for key in row["mentioned_ids"].split("|") if key}
        assert list(post.hashtags) == [tag for tag in row["hashtags"].split("|") if tag]
        assert [url.expanded for url in post.urls] == [url for url in row["links"].split("|") if url]
        assert {metric.name: metric.value for metric in post.metrics}["likes"] == int(row["like_count"])


def test_the_index_and_the_export_give_the_same_posts() -> None:
    rows = columns()
    one, other = (
        by_id(
            sources_files.records(sources_files.items(GazouilloireCsv(), GAZOUILLOIRE / name, public=public_of(rows)))
        )
        for name in EXPORTS
    )
    assert one.keys() == other.keys()
    for key, record in one.items():
        assert other[key].edges == record.edges
        assert other[key].version == record.version
        assert other[key].signal_text == record.signal_text


# nobody is named


@pytest.mark.parametrize("path", [*(V1 / f"payload-v1-{name}.json" for name in PAYLOADS), V1 / "embedded.jsonl", V1 / "users-v1.json", *(GAZOUILLOIRE / name for name in EXPORTS)], ids=lambda path: path.name)  # fmt: skip
def test_no_user_of_a_real_file_is_named_outside_the_locators(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    handed = sources_files.child(path)
    shown = json.dumps([handed.rows(name) for name in sources_rows.TABLES], default=str, ensure_ascii=False)
    shown += "".join(row["record"].decode() for row in handed.rows("raw"))
    handles: set[str] = set()
    if path.suffix == ".csv" or path.parent == GAZOUILLOIRE:
        handles = {row["user_screen_name"] for row in columns().values()}
    else:
        values = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)
        handles = {account.handle or "" for account in everybody(values)}
    assert handles
    for handle in handles:
        assert f"@{handle}".lower() not in shown.lower()
        assert f".com/{handle}/".lower() not in shown.lower()
        assert f'"{handle}"'.lower() not in shown.lower()


def test_each_real_file_is_taken_for_what_it_is() -> None:
    for path in sources_rows.FILES:
        found = detect(head_of(path))
        assert found is not None
        assert found.manifest.name == path.parent.name.replace("_", "-")
