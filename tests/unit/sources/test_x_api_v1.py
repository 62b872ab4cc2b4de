"""What the X API v1.1 says and what becomes of it: posts, reposts, answers, streams, users."""

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
from dalil.schema.words import EdgeType, IdQuality, Kind, State, Visibility, ZoneBasis
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.importer import Ignored, Item, Limits, Quarantined, Record

NEWS, HIDDEN = x.user(55, "SahlaraToday"), x.user(9007, "hidden_one")
AT = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)


def read(folder: Path, *values: object) -> list[Item]:
    return sources_files.items(XApiV1(), x.lines(folder / "f.jsonl", values), public=(x.NEWS,))


def one(folder: Path, value: object) -> tuple[Record, Post]:
    found = sources_files.records(read(folder, value), included=False)[0]
    assert found.post is not None
    return found, found.post


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(sources_files.KEY, "x", scheme, value)


def targets(record: Record) -> dict[EdgeType, str | None]:
    return {edge.type: edge.dst_uid for edge in record.edges if edge.type is not EdgeType.ALIAS}


# posts


def test_a_public_post_keeps_its_id_address_and_time(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.status(1600, NEWS, "The bridge stands."))
    assert (post.uid, post.uri) == ("x:1600", "https://x.com/SahlaraToday/status/1600")
    assert post.author_ref == "x:55"
    assert record.author_public
    assert post.created_at == post.server_indexed_at == AT
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert post.visibility is Visibility.PUBLIC
    assert post.client == "Twitter for Android"
    assert post.geo == "XS"
    assert post.lang == "en"
    assert post.state is State.LIVE
    assert post.metrics == (Metric("likes", 5), Metric("reposts", 3))
    assert record.source_version == "1.1"
    assert record.locators == ()


def test_a_private_post_has_hashes_and_locators_only(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.status(1600, HIDDEN, "words"))
    assert post.uid == "x:" + hashed("post", "1600")
    assert post.author_ref == "x:" + hashed("account", "9007")
    assert post.uri is None
    assert post.id_quality is IdQuality.HASHED
    assert (post.uid, "https://x.com/i/web/status/1600") in record.locators
    assert (post.author_ref, "https://x.com/i/user/9007") in record.locators
    assert not any(edge.type is EdgeType.ALIAS for edge in record.edges)


def test_the_same_private_post_has_the_same_name_in_v2(tmp_path: Path) -> None:
    from dalil.sources.formats.x_api_v2.importer import XApiV2

    tweet = sources_files.x_tweet(1600, 9007, "words", created_at="2026-05-11T15:34:16.000Z")
    path = x.lines(
        tmp_path / "v2.jsonl", [sources_files.x_response([tweet], [sources_files.x_user(9007, "hidden_one")])]
    )
    theirs = sources_files.records(sources_files.items(XApiV2(), path), "post")[0]
    ours, _ = one(tmp_path, x.status(1600, HIDDEN, "words"))
    assert (ours.uid, ours.version, ours.author_ref) == (theirs.uid, theirs.version, theirs.author_ref)


def test_exact_places_are_never_read(tmp_path: Path) -> None:
    record, _ = one(tmp_path, x.status(1600, NEWS, "here", geo={"coordinates": [36.34, 43.131415]}))
    assert b"43.13" not in record.raw
    assert b"Tel Nahr" not in record.raw


def test_an_id_that_is_a_number_is_doubted(tmp_path: Path) -> None:
    value = x.status(1552687856111566848, NEWS, "words")
    del value["id_str"]
    record, post = one(tmp_path, value)
    assert post.native_id == "1552687856111566848"
    assert post.id_quality is IdQuality.ROUNDED
    assert [warning.code for warning in record.warnings] == ["id-rounded"]


@pytest.mark.parametrize("key", ["", None, "a/b", "x" * 65, "no id"])
def test_a_post_without_a_readable_id_is_a_reject(tmp_path: Path, key: str | None) -> None:
    value = x.status(1, NEWS, "words") | {"id_str": key, "id": None}
    assert sources_files.rejects(read(tmp_path, value))[0] == ("line 1", "id-unreadable")


def test_withheld_and_sensitive_posts_say_so(tmp_path: Path) -> None:
    _, post = one(tmp_path, x.status(1, NEWS, "x", withheld_in_countries=["XB", "XA"], possibly_sensitive=True))
    assert (post.state, post.state_reason) == (State.WITHHELD, "XA XB")
    assert [(label.source, label.value) for label in post.labels_by_platform] == [("x", "possibly_sensitive")]
    assert one(tmp_path, x.status(1, NEWS, "x", withheld_copyright=True))[1].state is State.WITHHELD


def test_an_edit_is_a_new_version_of_the_first_post(tmp_path: Path) -> None:
    history = {"edit_tweet_ids": [str(x.FIRST), str(x.SECOND)], "initial_tweet_id": str(x.FIRST)}
    record, post = one(tmp_path, x.status(x.SECOND, NEWS, "It did not fall.", edit_history=history))
    assert post.uid == f"x:{x.FIRST}"
    assert post.uri == f"https://x.com/SahlaraToday/status/{x.SECOND}"
    assert (post.state, post.version_no, post.edited_at) == (State.EDITED, 2, AT)
    assert post.created_at is not None
    assert post.created_at < AT
    assert [warning.code for warning in record.warnings] == ["created-from-id"]


# references


def test_a_retweet_is_an_edge_and_its_text_comes_from_the_original(tmp_path: Path) -> None:
    original = x.status(1600, NEWS, "The bridge at Tel Nahr stands, and the market is open.")
    again = x.status(1700, HIDDEN, "RT @SahlaraToday: The bridge at Tel Na…", retweeted_status=original)
    found = read(tmp_path, again)
    [record] = sources_files.records(found, included=False)
    assert record.kind is Kind.REPOST
    assert record.post is None
    assert record.signal_text == ""
    assert [(edge.type, edge.dst_uid, edge.at) for edge in record.edges] == [(EdgeType.REPOST, "x:1600", AT)]
    [included] = sources_files.records(found, "post", included=True)
    assert included.uid == "x:1600"
    assert included.signal_text.endswith("the market is open.")
    accounts = sources_files.records(found, "account")
    assert [account.included for account in accounts] == [True, True]


def test_a_retweet_of_a_quote_has_one_edge_only(tmp_path: Path) -> None:
    quoted = x.status(1500, HIDDEN, "first")
    original = x.status(1600, NEWS, "second", quoted_status_id_str="1500", quoted_status=quoted)
    again = x.status(1700, HIDDEN, "RT @SahlaraToday: second", retweeted_status=original, quoted_status_id_str="1500")
    found = read(tmp_path, again)
    assert targets(sources_files.records(found, included=False)[0]) == {EdgeType.REPOST: "x:1600"}
    inner = {record.uid: targets(record) for record in sources_files.records(found, "post", included=True)}
    assert inner["x:1600"] == {EdgeType.QUOTE: "x:" + hashed("post", "1500")}


def test_one_that_comes_along_twice_is_given_once(tmp_path: Path) -> None:
    quoted = x.status(1500, HIDDEN, "first")
    original = x.status(1600, NEWS, "second", quoted_status_id_str="1500", quoted_status=quoted)
    again = x.status(1700, HIDDEN, "RT", retweeted_status=original, quoted_status=quoted)
    found = sources_files.records(read(tmp_path, again), "post")
    assert sorted(record.uid for record in found) == sorted({record.uid for record in found})


def test_a_reply_names_the_post_through_the_account_it_answers(tmp_path: Path) -> None:
    answer = {
        "in_reply_to_status_id_str": "1600",
        "in_reply_to_user_id_str": "55",
        "in_reply_to_screen_name": "SahlaraToday",
    }
    record, _ = one(tmp_path, x.status(1700, HIDDEN, "@SahlaraToday no", **answer))
    assert targets(record)[EdgeType.REPLY] == "x:1600"
    record, _ = one(
        tmp_path, x.status(1700, NEWS, "no", in_reply_to_status_id_str="1600", in_reply_to_user_id_str="9007")
    )
    assert targets(record)[EdgeType.REPLY] == "x:" + hashed("post", "1600")
    raw = json.loads(record.raw)["status"]
    assert raw["in_reply_to_user_id_str"] == hashed("account", "9007")
    assert raw["in_reply_to_status_id_str"] == hashed("post", "1600")


def test_a_quote_that_does_not_come_along_is_named_through_its_address(tmp_path: Path) -> None:
    link = {"expanded": "https://twitter.com/SahlaraToday/status/1600", "url": "https://t.co/q"}
    record, _ = one(tmp_path, x.status(1700, HIDDEN, "see", quoted_status_id_str="1600", quoted_status_permalink=link))
    assert targets(record)[EdgeType.QUOTE] == "x:1600"
    assert b"permalink" not in record.raw


def test_mentions_are_edges_to_accounts(tmp_path: Path) -> None:
    text = "@SahlaraToday and @hidden_one"
    marks = [x.mention(text, "SahlaraToday", 55), x.mention(text, "hidden_one", 9007)]
    record, post = one(tmp_path, x.status(1600, NEWS, text, entities={"user_mentions": marks}))
    found = [edge.dst_uid for edge in record.edges if edge.type is EdgeType.MENTION]
    assert found == ["x:55", "x:" + hashed("account", "9007")]
    assert post.mentions == ("@SahlaraToday", "@" + hashed("account", "9007"))


# not public


def test_posts_of_protected_accounts_are_counted_and_not_read(tmp_path: Path) -> None:
    hidden = x.user(9007, "hidden_one", protected=True)
    quoting = x.status(
        1700, NEWS, "see", quoted_status_id_str="1600", quoted_status=x.status(1600, hidden, "private words")
    )
    found = read(tmp_path, x.status(1600, hidden, "private words"), quoting)
    assert [item for item in found if isinstance(item, Quarantined)] == [
        Quarantined("not-public"),
        Quarantined("not-public", included=True),
    ]
    assert not any("private words" in str(record) for record in sources_files.records(found))


# streams


def test_a_deletion_is_a_state_with_its_time(tmp_path: Path) -> None:
    gone = {
        "delete": {
            "status": {"id": 1600, "id_str": "1600", "user_id": 55, "user_id_str": "55"},
            "timestamp_ms": "1778513700123",
        }
    }
    record, post = one(tmp_path, gone)
    assert (post.uid, post.state, post.state_reason) == ("x:1600", State.DELETED, "delete")
    assert post.state_at == datetime(2026, 5, 11, 15, 35, 0, 123000, tzinfo=UTC)
    assert (post.text, post.created_at, record.included) == ("", None, False)
    gone["delete"]["status"] = {"id": 1600, "user_id": 9007}  # type: ignore[index]
    record, post = one(tmp_path, gone)
    assert post.uid == "x:" + hashed("post", "1600")
    assert post.id_quality is IdQuality.HASHED
    assert b"1600" not in record.raw


def test_a_withheld_post_is_a_state_with_its_countries(tmp_path: Path) -> None:
    event = {
        "status_withheld": {
            "id": 1600,
            "user_id": 55,
            "withheld_in_countries": ["XB", "XA"],
            "timestamp_ms": 1778513700123,
        }
    }
    _, post = one(tmp_path, event)
    assert (post.uid, post.state, post.state_reason) == ("x:1600", State.WITHHELD, "XA XB")
    assert post.state_at is not None


@pytest.mark.parametrize("at", ["soon", "", None, "9" * 40, [1]])
def test_an_event_without_a_time_has_none(tmp_path: Path, at: object) -> None:
    found = read(tmp_path, {"delete": {"status": {"id_str": "1600"}, "timestamp_ms": at}})
    for record in sources_files.records(found):
        assert record.post is not None
        assert record.post.state_at is None
    assert sources_files.rejects(found) in ([], [("line 1", "shape-unknown")])


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ({"limit": {"track": 17, "timestamp_ms": "1"}}, "stream-limit"),
        ({"disconnect": {"code": 4, "reason": ""}}, "stream-event"),
        ({"warning": {"code": "FALLING_BEHIND"}}, "stream-event"),
        ({"friends": [9007]}, "stream-event"),
        ({"friends_str": ["9007"]}, "stream-event"),
        ({"event": "favorite", "source": {"screen_name": "hidden_one"}}, "stream-event"),
        ({"user_withheld": {"id": 9007, "withheld_in_countries": ["XA"]}}, "account-withheld"),
        ({"scrub_geo": {"user_id": 9007, "up_to_status_id": 1600}}, "scrub-geo"),
        ({"delete": {"direct_message": {"id": 1}}}, "stream-event"),
    ],
)
def test_other_events_are_counted_by_code_only(tmp_path: Path, event: dict[str, Any], code: str) -> None:
    assert read(tmp_path, event) == [Ignored(code)]


@pytest.mark.parametrize("key", ["", "abc", "1" * 21, "12 3", None])
def test_a_deletion_of_nothing_that_can_be_named_is_a_reject(tmp_path: Path, key: str | None) -> None:
    assert sources_files.rejects(read(tmp_path, {"delete": {"status": {"id_str": key}}})) == [
        ("line 1", "id-unreadable")
    ]


def test_a_deletion_joins_the_post_that_the_same_stream_gave(tmp_path: Path) -> None:
    for by in (NEWS, HIDDEN):
        gone = {"delete": {"status": {"id_str": "1600", "user_id_str": by["id_str"]}}}
        post, notice = sources_files.records(read(tmp_path, x.status(1600, by, "x"), gone), "post")
        assert post.uid == notice.uid
        assert post.version != notice.version


# answers


def test_a_search_is_read_status_by_status(tmp_path: Path) -> None:
    answer = {
        "statuses": [x.status(n, NEWS, f"post {n}") for n in range(1, 6)],
        "search_metadata": {"count": 5, "query": "secret"},
    }
    path = sources_files.write_json(tmp_path / "search.json", answer)
    found = sources_files.items(XApiV1(), path, public=(x.NEWS,))
    assert [record.uid for record in sources_files.records(found, "post")] == [f"x:{n}" for n in range(1, 6)]
    assert not any(b"secret" in record.raw for record in sources_files.records(found))


def test_one_broken_status_of_a_search_loses_only_itself(tmp_path: Path) -> None:
    answer = {
        "statuses": [x.status(1, NEWS, "one"), x.status(2, NEWS, "two", entities=7), 5, x.status(3, NEWS, "three")]
    }
    found = read(tmp_path, answer)
    assert [record.uid for record in sources_files.records(found, "post")] == ["x:1", "x:3"]
    assert sources_files.rejects(found) == [
        ("line 1 statuses[1]", "shape-unknown"),
        ("line 1 statuses[2]", "shape-unknown"),
    ]


def test_a_lookup_says_which_posts_are_not_to_be_had(tmp_path: Path) -> None:
    found = read(tmp_path, {"id": {"1600": None, "1601": x.status(1601, NEWS, "here"), "x": None}})
    missing, here = sources_files.records(found, "post")
    assert missing.post is not None
    assert (missing.post.state, missing.post.state_reason) == (State.UNAVAILABLE, "lookup-null")
    assert missing.uid == "x:" + hashed("post", "1600")
    assert here.uid == "x:1601"
    assert sources_files.rejects(found) == [("line 1 id[2]", "id-unreadable")]


def test_an_array_of_statuses_is_read_element_by_element(tmp_path: Path) -> None:
    path = sources_files.write_json(tmp_path / "timeline.json", [x.status(n, NEWS, f"post {n}") for n in range(1, 4)])
    found = sources_files.items(XApiV1(), path, public=(x.NEWS,))
    assert [record.uid for record in sources_files.records(found, "post")] == ["x:1", "x:2", "x:3"]


# users


def test_users_are_primary_records(tmp_path: Path) -> None:
    found = read(tmp_path, NEWS, HIDDEN, x.user(9008, "third", protected=True), HIDDEN)
    assert [(record.kind, record.included) for record in sources_files.records(found)] == [(Kind.ACCOUNT, False)] * 2
    assert Quarantined("not-public") in found
    assert found[-1] == Ignored("account-without-news")


def test_the_latest_status_of_a_user_comes_along(tmp_path: Path) -> None:
    latest = {key: value for key, value in x.status(1600, None, "latest").items() if key != "user"}
    found = read(tmp_path, HIDDEN | {"status": latest})
    [post] = sources_files.records(found, "post")
    assert post.included
    assert post.author_ref == "x:" + hashed("account", "9007")


def test_an_answer_of_followers_is_read_user_by_user(tmp_path: Path) -> None:
    found = read(tmp_path, {"users": [NEWS, HIDDEN], "next_cursor_str": "0"})
    assert len(sources_files.records(found, "account")) == 2


# the embedding service


def test_the_embedding_service_calls_things_otherwise(tmp_path: Path) -> None:
    quoted = x.status(1500, HIDDEN, "quoted") | {"created_at": "2026-05-10T10:00:00.000Z"}
    value = {
        "__typename": "Tweet",
        "id_str": str(x.SECOND),
        "text": "It did not fall.",
        "created_at": "2026-05-11T15:34:16.000Z",
        "favorite_count": 5,
        "conversation_count": 2,
        "user": NEWS,
        "entities": {"hashtags": [], "urls": [], "user_mentions": []},
        "mediaDetails": [x.photo(5, "SahlaraToday")],
        "edit_control": {"edit_tweet_ids": [str(x.FIRST), str(x.SECOND)]},
        "quoted_tweet": quoted,
        "parent": x.status(1400, HIDDEN, "asked"),
    }
    found = read(tmp_path, value)
    record = sources_files.records(found, included=False)[0]
    assert record.post is not None
    assert record.post.uid == f"x:{x.FIRST}"
    assert record.post.created_at is not None
    assert [ref.native_key for ref in record.post.media] == ["3_5"]
    assert targets(record) == {
        EdgeType.QUOTE: "x:" + hashed("post", "1500"),
        EdgeType.REPLY: "x:" + hashed("post", "1400"),
    }
    assert len(sources_files.records(found, "post", included=True)) == 2


# damage


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "json-broken"),
        (b'{"text": "\xff"}', "encoding-wrong"),
        (b'{"text": 5}', "shape-unknown"),
        (b'{"something": "else"}', "shape-unknown"),
        (b"5", "shape-unknown"),
        (b'{"text": ' + b"[" * 100_000, "nested-too-deep"),
        (b'{"statuses": 5}', "shape-unknown"),
    ],
)
def test_damage_is_a_reject_with_its_place_and_hash(tmp_path: Path, line: bytes, code: str) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(
        json.dumps(x.status(1, NEWS, "x")).encode() + b"\n" + line + b"\n" + json.dumps(x.status(2, NEWS, "y")).encode()
    )
    found = sources_files.items(XApiV1(), path, public=(x.NEWS,))
    [(where, got)] = sources_files.rejects(found)
    assert where == "line 2"
    assert got in (code, "json-broken")
    assert [record.uid for record in sources_files.records(found, "post")] == ["x:1", "x:2"]


def test_a_line_that_is_too_long_is_not_held(tmp_path: Path) -> None:
    path = x.lines(tmp_path / "f.jsonl", [x.status(1, NEWS, "x" * 5000), x.status(2, NEWS, "y")])
    found = sources_files.items(XApiV1(), path, public=(x.NEWS,), limits=Limits(line_bytes=3000))
    assert sources_files.rejects(found) == [("line 1", "record-too-long")]
    assert len(sources_files.records(found, "post")) == 1
