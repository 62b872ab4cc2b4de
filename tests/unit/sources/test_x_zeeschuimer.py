"""X as its web client gets it: wrappers, long texts, missing posts, and a collector who must not be in it."""

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
from dalil.schema.words import Completeness, EdgeType, Kind, State
from dalil.sources.formats.x_zeeschuimer.importer import XZeeschuimer
from dalil.sources.importer import Ignored, Item, Quarantined, Record
from dalil.sources.zeeschuimer import ENVELOPE, platform_of

NEWS, HIDDEN = x.user(55, "SahlaraToday"), x.user(9007, "hidden_one")
CAPTURED = datetime(2026, 5, 11, 15, 38, 20, 123000, tzinfo=UTC)


def read(folder: Path, *results: object, platform: str = "twitter.com") -> list[Item]:
    path = x.lines(folder / "f.ndjson", [x.envelope(result, platform) for result in results])
    return sources_files.items(XZeeschuimer(), path, public=(x.NEWS,))


def one(folder: Path, result: object) -> tuple[Record, Post]:
    record = sources_files.records(read(folder, result), included=False)[0]
    assert record.post is not None
    return record, record.post


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(sources_files.KEY, "x", scheme, value)


def wrapped(result: object) -> dict[str, Any]:
    return {"result": {"__typename": "TweetWithVisibilityResults", "tweet": result, "limitedActionResults": {}}}


# the envelope


def test_nothing_of_the_collector_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, x.graphql(1600, NEWS, "words"), x.graphql(1601, HIDDEN, "words"))
    shown = str(found).lower()
    for secret in (
        "secretquery",
        "secretdevice",
        "secretzone",
        "secretbrowser",
        "secretos",
        "user_agent",
        "source_url",
    ):
        assert secret not in shown


def test_when_it_was_captured_is_beside_the_facts_and_not_in_the_raw(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.graphql(1600, NEWS, "words"))
    assert post.state_at == CAPTURED
    assert {metric.at for metric in post.metrics} == {CAPTURED}
    later = x.lines(
        tmp_path / "later.ndjson",
        [x.envelope(x.graphql(1600, NEWS, "words"), "twitter.com", timestamp_collected=1778600000000)],
    )
    again = sources_files.records(sources_files.items(XZeeschuimer(), later, public=(x.NEWS,)), "post")[0]
    assert again.raw == record.raw


@pytest.mark.parametrize("at", [None, 1e40, -1e40, "1778513900123"])
def test_a_time_of_capture_that_cannot_be_is_none(tmp_path: Path, at: object) -> None:
    path = x.lines(tmp_path / "f", [x.envelope(x.graphql(1600, NEWS, "x"), "twitter.com", timestamp_collected=at)])
    for record in sources_files.records(sources_files.items(XZeeschuimer(), path, public=(x.NEWS,)), "post"):
        assert record.post is not None
        assert record.post.state_at is None


def test_items_of_another_platform_are_counted(tmp_path: Path) -> None:
    assert read(tmp_path, {"id": "1"}, platform="instagram.com") == [Ignored("other-platform")]


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (
            b'{"nav_index":"1","item_id":"2","timestamp_collected":3,"source_platform":"twitter.com","data":{}}',
            "twitter.com",
        ),
        (b'{"timestamp_collected": 3, "source_platform" : "tiktok.com"}', "tiktok.com"),
        (b'\xef\xbb\xbf[\n {"source_platform_url": "", "source_platform": "x.com"', "x.com"),
        (b'{"source_platform": "twitter.com"}', None),
        (b'{"timestamp_collected": 3}', None),
        (b'{"timestamp_collected": 3, "source_platform": 5}', None),
        (b'"source_platform": "twitter.com", "nav_index": 1', None),
        (b"", None),
    ],
)
def test_the_platform_is_told_from_the_first_bytes(head: bytes, wanted: str | None) -> None:
    assert platform_of(head) == wanted


def test_an_envelope_decodes_no_field_that_names_the_collector() -> None:
    names = set(ENVELOPE.type.__struct_fields__)  # type: ignore[attr-defined]
    assert names == {"source_platform", "data", "timestamp_collected"}


# posts


def test_a_post_is_read_out_of_its_wrappers(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.graphql(1600, NEWS, "The bridge stands."))
    assert (post.uid, post.author_ref, post.client) == ("x:1600", "x:55", "Twitter Web App")
    assert Metric("views", 1234, CAPTURED, raw="") in post.metrics
    assert post.thread_root == "x:1600"
    assert record.source_version == "graphql"


@pytest.mark.parametrize(
    "change",
    [
        lambda result: wrapped(result)["result"],
        lambda result: wrapped(wrapped(result)["result"])["result"],
        lambda result: {key: value for key, value in result.items() if key != "__typename"},
        lambda result: result | {"core": {"user_result": result["core"]["user_results"]}},
    ],
)
def test_wrapped_untyped_or_renamed_it_is_the_same_post(tmp_path: Path, change: Any) -> None:
    plain = one(tmp_path, x.graphql(1600, NEWS, "The bridge stands."))[0]
    assert one(tmp_path, change(x.graphql(1600, NEWS, "The bridge stands.")))[0] == plain


def test_the_accounts_fields_may_have_moved(tmp_path: Path) -> None:
    result = x.graphql(1600, NEWS, "words")
    account = result["core"]["user_results"]["result"]
    account["core"] = {name: account["legacy"].pop(name) for name in ("screen_name", "name", "created_at")}
    account["legacy"].pop("protected")
    account["privacy"] = {"protected": False}
    found = read(tmp_path, result)
    [account_record] = sources_files.records(found, "account")
    assert account_record.accounts[0].handle == "SahlaraToday"
    assert account_record.accounts[0].created_at is not None


def test_a_protected_account_is_quarantined_wherever_that_is_said(tmp_path: Path) -> None:
    old = x.graphql(1600, x.user(9007, "hidden_one", protected=True), "private words")
    new = x.graphql(1600, HIDDEN, "private words")
    new["core"]["user_results"]["result"]["privacy"] = {"protected": True}
    for result in (old, new):
        assert read(tmp_path, result) == [Quarantined("not-public")]


def test_an_account_that_is_not_there_leaves_its_id(tmp_path: Path) -> None:
    result = x.graphql(1600, NEWS, "words")
    result["core"]["user_results"] = {"result": {"__typename": "UserUnavailable", "reason": "Suspended"}}
    assert one(tmp_path, result)[1].author_ref == "x:55"
    result["core"] = None
    assert one(tmp_path, result)[1].author_ref == "x:55"


def test_the_long_text_is_the_text(tmp_path: Path) -> None:
    long = "The whole text. " * 30 + "@hidden_one #bridge"
    at = long.index("#bridge")
    note = {
        "is_expandable": True,
        "note_tweet_results": {
            "result": {
                "text": long,
                "entity_set": {
                    "hashtags": [{"text": "bridge", "indices": [at, at + 7]}],
                    "user_mentions": [x.mention(long, "hidden_one", 9007)],
                },
            }
        },
    }
    record, post = one(tmp_path, x.graphql(1600, NEWS, "The whole te…", note_tweet=note))
    assert post.text.startswith("The whole text. The whole text.")
    assert post.text_complete is Completeness.YES
    assert post.hashtags == ("bridge",)
    assert post.text.endswith("#bridge")
    assert b"hidden_one" not in record.raw


@pytest.mark.parametrize(
    ("views", "wanted"),
    [
        ({"count": "7"}, 7),
        ({"count": 7}, 7),
        ({"state": "Disabled"}, "absent"),
        (None, "absent"),
        ({"count": "many"}, None),
    ],
)
def test_views_are_a_string_or_not_there(tmp_path: Path, views: object, wanted: object) -> None:
    _, post = one(tmp_path, x.graphql(1600, NEWS, "x", views=views))
    found = {metric.name: metric.value for metric in post.metrics}
    assert found.get("views", "absent") == wanted


@pytest.mark.parametrize(
    "control",
    [
        {"edit_tweet_ids": [str(x.FIRST), str(x.SECOND)]},
        {"initial_tweet_id": str(x.FIRST), "edit_control_initial": {"edit_tweet_ids": [str(x.FIRST), str(x.SECOND)]}},
    ],
)
def test_an_edit_is_a_version_of_the_first(tmp_path: Path, control: dict[str, Any]) -> None:
    _, post = one(tmp_path, x.graphql(x.SECOND, NEWS, "It did not fall.", edit_control=control))
    assert (post.uid, post.state, post.version_no) == (f"x:{x.FIRST}", State.EDITED, 2)


# references


@pytest.mark.parametrize("wrap", [lambda result: {"result": result}, wrapped])
def test_a_retweet_is_an_edge_and_the_original_comes_along(tmp_path: Path, wrap: Any) -> None:
    original = x.graphql(1600, NEWS, "The bridge at Tel Nahr stands.")
    again = x.graphql(1700, HIDDEN, "RT @SahlaraToday: The bridge at Tel N…", retweeted_status_result=wrap(original))
    found = read(tmp_path, again)
    [record] = sources_files.records(found, included=False)
    assert record.kind is Kind.REPOST
    assert [(edge.type, edge.dst_uid) for edge in record.edges] == [(EdgeType.REPOST, "x:1600")]
    [included] = sources_files.records(found, "post", included=True)
    assert included.uid == "x:1600"
    assert included.post is not None
    assert Metric("views", 1234, CAPTURED, raw="") in included.post.metrics


@pytest.mark.parametrize("wrap", [lambda result: {"result": result}, wrapped])
def test_a_quoted_post_comes_along(tmp_path: Path, wrap: Any) -> None:
    quoting = x.graphql(
        1700, NEWS, "see", quoted_status_id_str="1600", quoted_status_result=wrap(x.graphql(1600, HIDDEN, "words"))
    )
    found = read(tmp_path, quoting)
    record, quoted = sources_files.records(found, "post")
    assert record.edges[0].dst_uid == quoted.uid == "x:" + hashed("post", "1600")
    assert quoted.included


def tombstone(words: str) -> dict[str, Any]:
    return {"result": {"__typename": "TweetTombstone", "tombstone": {"text": {"text": words, "rtl": False}}}}


@pytest.mark.parametrize(
    ("missing", "state", "reason"),
    [
        (tombstone("This Post was deleted by the Post author."), State.DELETED, "tombstone"),
        (tombstone("This Post is from an account that no longer exists."), State.DELETED, "tombstone"),
        (
            tombstone("You’re unable to view this Post because this account owner limits who can view their Posts."),
            State.PRIVATE,
            "tombstone",
        ),
        (tombstone("This Post is unavailable."), State.UNAVAILABLE, "tombstone"),
        ({"result": {"__typename": "TweetUnavailable", "reason": "Protected"}}, State.PRIVATE, "tombstone"),
        (
            {"result": {"__typename": "TweetUnavailable", "reason": "NsfwLoggedOut"}},
            State.UNAVAILABLE,
            "tweet-unavailable",
        ),
        ({}, State.UNAVAILABLE, "empty-result"),
    ],
)
def test_a_quoted_post_that_is_not_there_is_a_state(
    tmp_path: Path, missing: dict[str, Any], state: State, reason: str
) -> None:
    quoting = x.graphql(1700, NEWS, "see", quoted_status_id_str="1600", quoted_status_result=missing or {"rest": None})
    found = read(tmp_path, quoting)
    record, notice = sources_files.records(found, "post")
    assert notice.post is not None
    assert (notice.post.state, notice.post.state_reason, notice.included) == (state, reason, True)
    assert notice.post.state_at == CAPTURED
    assert notice.uid == record.edges[0].dst_uid


def test_the_author_of_a_missing_post_is_read_from_its_address(tmp_path: Path) -> None:
    link = {"expanded": "https://twitter.com/SahlaraToday/status/1600"}
    quoting = x.graphql(
        1700,
        HIDDEN,
        "see",
        quoted_status_id_str="1600",
        quoted_status_permalink=link,
        quoted_status_result=tombstone("x"),
    )
    record, notice = sources_files.records(read(tmp_path, quoting), "post")
    assert notice.uid == record.edges[0].dst_uid == "x:1600"


def test_what_search_gave_in_its_older_form_is_read_too(tmp_path: Path) -> None:
    legacy = x.status(1600, None, "words")
    found = read(tmp_path, {"type": "adaptive", "legacy": legacy, "user": NEWS, "ext_views": {"count": "9"}})
    post = sources_files.records(found, "post")[0].post
    assert post is not None
    assert (post.uid, post.author_ref) == ("x:1600", "x:55")
    assert {metric.name: metric.value for metric in post.metrics}["views"] == 9


# damage


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "post-missing"),
        ({"result": 1}, "post-missing"),
        (tombstone("gone")["result"], "post-missing"),
        ([], "shape-unknown"),
        ("words", "shape-unknown"),
        ({"legacy": {"full_text": 5}}, "shape-unknown"),
        ({"legacy": {"id_str": "not an id!"}}, "id-unreadable"),
    ],
)
def test_what_is_no_post_is_a_reject(tmp_path: Path, data: object, code: str) -> None:
    found = read(tmp_path, data, x.graphql(1600, NEWS, "words"))
    assert sources_files.rejects(found) == [("line 1", code)]
    assert len(sources_files.records(found, "post")) == 1


def test_a_wrapper_without_end_is_not_followed(tmp_path: Path) -> None:
    result: dict[str, Any] = x.graphql(1600, NEWS, "words")
    for _ in range(30):
        result = {"__typename": "TweetWithVisibilityResults", "tweet": result}
    assert sources_files.rejects(read(tmp_path, result)) == [("line 1", "post-missing")]


def test_a_long_chain_of_quotes_is_cut_somewhere(tmp_path: Path) -> None:
    result = x.graphql(1, NEWS, "first")
    for n in range(2, 120):
        result = x.graphql(
            n, NEWS, f"post {n}", quoted_status_id_str=str(n - 1), quoted_status_result={"result": result}
        )
    found = read(tmp_path, result)
    assert 60 < len(sources_files.records(found, "post")) <= 120 or sources_files.rejects(found)


def test_every_line_stands_alone(tmp_path: Path) -> None:
    results = [x.graphql(n, NEWS if n % 2 else HIDDEN, f"post {n}") for n in range(1, 8)]
    forward = {record.raw for record in sources_files.records(read(tmp_path, *results), "post")}
    backward = {record.raw for record in sources_files.records(read(tmp_path, *reversed(results)), "post")}
    assert forward == backward
    assert all(json.loads(raw)["status"]["id_str"] for raw in forward)
