"""Exports of gazouilloire and minet: joined lists, documents of the index, users."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_x_files as x

from dalil.schema.identity import keyed_hash
from dalil.schema.records import Metric, Post
from dalil.schema.words import EdgeType, Kind, State, ZoneBasis
from dalil.sources.formats.gazouilloire_csv.documents import DOCUMENT, row_of
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.gazouilloire_csv.rows import parts
from dalil.sources.importer import Item, Quarantined, Record


def read(folder: Path, *rows: dict[str, str]) -> list[Item]:
    return sources_files.items(GazouilloireCsv(), x.table(folder / "t.csv", rows), public=(x.NEWS,))


def one(folder: Path, row: dict[str, str]) -> tuple[Record, Post]:
    record = sources_files.records(read(folder, row), included=False)[0]
    assert record.post is not None
    return record, record.post


def news(text: str, **more: str) -> dict[str, str]:
    return x.gazouilloire_row(1600, 55, "SahlaraToday", text, **more)


def hidden(text: str, **more: str) -> dict[str, str]:
    return x.gazouilloire_row(1600, 9007, "hidden_one", text, **more)


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(sources_files.KEY, "x", scheme, value)


def test_a_public_post(tmp_path: Path) -> None:
    record, post = one(
        tmp_path, news("The bridge stands.", hashtags="bridge|nahr", links="https://a.example|https://b.example")
    )
    assert (post.uid, post.uri) == ("x:1600", "https://x.com/SahlaraToday/status/1600")
    assert post.created_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.hashtags == ("bridge", "nahr")
    assert [url.expanded for url in post.urls] == ["https://a.example", "https://b.example"]
    assert post.metrics == (Metric("likes", 5), Metric("replies", None), Metric("reposts", 3))
    assert record.source_version == "twitwi"


def test_the_collectors_times_and_the_authors_place_are_never_read(tmp_path: Path) -> None:
    for row in (news("x"), hidden("x")):
        for record in sources_files.records(read(tmp_path, row)):
            for secret in (b"18:34:16", b"19:00:00", b"Secretville", b"profile_images"):
                assert secret not in record.raw


def test_a_private_post(tmp_path: Path) -> None:
    record, post = one(tmp_path, hidden("see https://twitter.com/hidden_one/status/1600/photo/1"))
    assert post.uid == "x:" + hashed("post", "1600")
    assert "hidden_one" not in post.text
    assert b"hidden_one" not in record.raw


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("", []), ("a", ["a"]), ("a|b", ["a", "b"]), ("a||b", ["a", "", "b"]), (" a | b ", ["a", "b"]), ("|", ["", ""])],
)
def test_lists_are_joined(cell: str, wanted: list[str]) -> None:
    assert parts({"x": cell}, "x") == wanted
    assert parts({}, "x") == []


def test_mentions_are_read_in_pairs(tmp_path: Path) -> None:
    text = "@SahlaraToday @hidden_two"
    record, post = one(tmp_path, hidden(text, mentioned_names="hidden_two|sahlaratoday", mentioned_ids="9008|55"))
    assert [edge.dst_uid for edge in record.edges] == ["x:" + hashed("account", "9008"), "x:55"]
    assert post.text == "@SahlaraToday @" + hashed("account", "9008")


def test_which_id_is_whose_is_not_guessed(tmp_path: Path) -> None:
    record, post = one(
        tmp_path, hidden("@hidden_two @hidden_three", mentioned_names="hidden_two|hidden_three", mentioned_ids="9008")
    )
    assert record.edges == ()
    assert post.mentions == ("@" + hashed("handle", "hidden_two"), "@" + hashed("handle", "hidden_three"))


def test_media(tmp_path: Path) -> None:
    more = {
        "media_urls": "https://pbs.twimg.com/media/a.jpg|https://video.twimg.com/b.mp4",
        "media_types": "photo|video",
        "media_alt_texts": "by @hidden_two|",
        "media_files": "1600_a.jpg|1600_b.mp4",
    }
    _, post = one(tmp_path, news("x", **{name: value for name, value in more.items() if name in x.GAZOUILLOIRE}))
    first, second = post.media
    assert (first.source_url, first.mime) == ("https://pbs.twimg.com/media/a.jpg", "image/*")
    assert first.alt_text is not None
    assert first.alt_text.startswith("by @h:")
    assert (second.mime, second.alt_text) == ("video/mp4", None)
    _, private = one(tmp_path, hidden("x", media_urls=more["media_urls"], media_types="photo|video"))
    assert all(ref.source_url is None and ref.native_key for ref in private.media)


@pytest.mark.parametrize(
    ("more", "target"),
    [
        ({"retweeted_id": "1500", "retweeted_user": "SahlaraToday", "retweeted_user_id": "55"}, "x:1500"),
        ({"retweeted_id": "1500", "retweeted_user": "SahlaraToday"}, "x:1500"),
        ({"retweeted_id": "1500", "retweeted_user": "hidden_two", "retweeted_user_id": "9008"}, None),
        ({"retweeted_id": "1500"}, None),
    ],
)
def test_a_retweet_is_an_edge(tmp_path: Path, more: dict[str, str], target: str | None) -> None:
    [record] = sources_files.records(read(tmp_path, hidden("RT @someone: The bridge stands", **more)), "repost")
    assert record.kind is Kind.REPOST
    assert record.edges[0].dst_uid == (target or "x:" + hashed("post", "1500"))
    assert record.signal_text == "The bridge stands"


def test_a_quote_knows_whose_post_it_quotes(tmp_path: Path) -> None:
    record, _ = one(tmp_path, hidden("see", quoted_id="1500", quoted_user="SahlaraToday", quoted_user_id="55"))
    assert [(edge.type, edge.dst_uid) for edge in record.edges] == [(EdgeType.QUOTE, "x:1500")]
    record, _ = one(tmp_path, hidden("see", quoted_id="1500", quoted_user="hidden_two", quoted_user_id="9008"))
    assert record.edges[0].dst_uid == "x:" + hashed("post", "1500")
    assert record.locators


def test_an_answer_knows_whom_it_answers(tmp_path: Path) -> None:
    record, _ = one(tmp_path, hidden("no", to_username="SahlaraToday", to_userid="55", to_tweetid="1500"))
    assert [(edge.type, edge.dst_uid) for edge in record.edges] == [(EdgeType.REPLY, "x:1500")]


def test_a_row_without_an_id_is_a_reject(tmp_path: Path) -> None:
    assert sources_files.rejects(read(tmp_path, news("x") | {"id": " "})) == [("line 2", "row-without-id")]


def test_the_account_of_a_row_is_given_once(tmp_path: Path) -> None:
    found = read(tmp_path, *(x.gazouilloire_row(n, 9007, "hidden_one", "x") for n in range(1, 5)))
    assert len(sources_files.records(found, "account")) == 1


# documents of the index


def document(row: dict[str, Any], **more: object) -> dict[str, Any]:
    source = {name: value for name, value in row.items() if name != "id"}
    return {
        "_index": "corpus_tweets",
        "_type": "_doc",
        "_id": row["id"],
        "_score": None,
        "_source": source | more,
        "sort": [1],
    }


def test_a_document_gives_the_post_that_its_row_gives(tmp_path: Path) -> None:
    more = {
        "hashtags": "bridge|nahr",
        "mentioned_names": "hidden_two",
        "mentioned_ids": "9008",
        "links": "https://a.example",
    }
    row = news("@hidden_two the #bridge", **more)
    lists = {name: value.split("|") for name, value in more.items()}
    path = x.lines(
        tmp_path / "d.jsonl",
        [document(row, like_count=5, retweet_count=3, reply_count=None, possibly_sensitive=None, **lists)],
    )
    theirs = sources_files.records(sources_files.items(GazouilloireCsv(), path, public=(x.NEWS,)), "post")[0]
    ours, _ = one(tmp_path, row)
    assert theirs.post == ours.post
    assert theirs.edges == ours.edges


def test_values_of_a_document_become_cells() -> None:
    raw = json.dumps({"_id": "7", "_source": {"like_count": 5, "possibly_sensitive": True, "lang": None, "hashtags": ["a", "b"], "coordinates": [43.13, 36.34], "id": "8", "local_time": "x"}}).encode()  # fmt: skip
    assert row_of(DOCUMENT.decode(raw)) == {
        "id": "7",
        "like_count": "5",
        "possibly_sensitive": "true",
        "lang": "",
        "hashtags": "a|b",
    }


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"_index": "x", "_id": 7, "_source": {}}', "shape-unknown"),
        (b'{"_index": "x", "_id": "7", "_source": {"text": {"a": 1}}}', "shape-unknown"),
        (b'{"_index": "x", "_id": "7"}', "shape-unknown"),
        (b'{"_index": "x", "_id": "", "_source": {}}', "row-without-id"),
        (b'{"_index": "x", "_id": ', "json-broken"),
    ],
)
def test_a_broken_document_loses_only_itself(tmp_path: Path, line: bytes, code: str) -> None:
    path = tmp_path / "d.jsonl"
    good = json.dumps(document(news("x"))).encode()
    path.write_bytes(good + b"\n" + line + b"\n" + good)
    found = sources_files.items(GazouilloireCsv(), path, public=(x.NEWS,))
    assert sources_files.rejects(found) == [("line 2", code)]
    assert len(sources_files.records(found, "post")) == 2


# users


def users(folder: Path, *rows: dict[str, str]) -> list[Item]:
    plain = {"id": "55", "screen_name": "SahlaraToday", "name": "Sahlara Today", "description": "by @hidden_one", "timestamp_utc": "1502908414", "local_time": "2017-08-16T20:33:34", "location": "Secretville", "verified": "1", "protected": "0", "tweets": "3452", "followers": "729", "friends": "475", "lists": "15", "witheld_in_countries": "XA|XB"}  # fmt: skip
    path = x.table(folder / "users.csv", [plain | row for row in rows])
    return sources_files.items(GazouilloireCsv(), path, public=(x.NEWS,))


def test_users_are_primary_records(tmp_path: Path) -> None:
    [record] = sources_files.records(users(tmp_path, {}))
    [account] = record.accounts
    assert (record.kind, record.included) == (Kind.ACCOUNT, False)
    assert (account.handle, account.verified, account.state) == ("SahlaraToday", True, State.WITHHELD)
    assert account.created_at == datetime(2017, 8, 16, 18, 33, 34, tzinfo=UTC)
    assert account.description is not None
    assert "hidden_one" not in account.description
    assert b"Secretville" not in record.raw


def test_protected_users_are_counted_and_private_ones_hashed(tmp_path: Path) -> None:
    found = users(
        tmp_path,
        {"id": "9007", "screen_name": "hidden_one", "protected": "1"},
        {"id": "9008", "screen_name": "hidden_two"},
    )
    assert Quarantined("not-public") in found
    [record] = sources_files.records(found)
    assert record.uid == "x:" + hashed("account", "9008")


def test_a_user_without_an_id_is_a_reject(tmp_path: Path) -> None:
    assert sources_files.rejects(users(tmp_path, {"id": ""})) == [("line 2", "row-without-id")]


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        (b"id,timestamp_utc,local_time,user_screen_name,text\n", True),
        (b"query,id,timestamp_utc,user_screen_name,text\n", True),
        (b"id,screen_name,name,timestamp_utc,followers,friends\n", True),
        (b"id,text,timestamp\n", False),
        (b'{"_index": "x", "_source": {"user_screen_name": "a"}}', True),
        (b'{"_index": "x", "_source": {"title": "a"}}', False),
        (b"", False),
    ],
)
def test_it_is_known_by_its_columns(head: bytes, sure: bool) -> None:
    assert (GazouilloireCsv().detect(head) >= 0.5) is sure
