"""Bluesky's stream: edits and deletions as they happen, server times, likes and follows counted only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.schema.words import EdgeType, Kind, State, ZoneBasis
from dalil.sources.formats.bluesky_api.importer import BlueskyApi
from dalil.sources.formats.bluesky_jetstream.importer import BlueskyJetstream
from dalil.sources.importer import Ignored, Item, Record

KNOWN = [PublicAccount(platform="bluesky", native_id=made.did("sahlara"))]
SERVER = datetime.fromtimestamp(1778513660.123456, UTC)
OWN = f"bluesky:{made.bs_uri('sahlara', '3kaa')}"


def read(tmp_path: Path, *events: object, **more: Any) -> list[Item]:
    more.setdefault("public", KNOWN)
    return sources_files.items(BlueskyJetstream(), made.write_lines(tmp_path / "a.jsonl", events), **more)


def one(tmp_path: Path, event: object, **more: Any) -> tuple[Record, Post]:
    [record] = sources_files.records(read(tmp_path, event, **more), "post")
    assert record.post is not None
    return record, record.post


def test_a_created_post(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.js_commit("sahlara", "3kaa", made.bs_record("The bridge stands.")))
    assert post.uid == OWN
    assert post.created_at == post.server_indexed_at == SERVER
    assert post.claimed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.uri == f"https://bsky.app/profile/{made.did('sahlara')}/post/3kaa"
    assert record.author_public


def test_a_post_by_the_stream_and_by_the_api_is_one_post(tmp_path: Path) -> None:
    record, _ = one(tmp_path, made.js_commit("hidden", "3kbb", made.bs_record("words")))
    view = made.write_json(tmp_path / "v.json", made.bs_view("hidden", "3kbb", made.bs_record("words")))
    [other] = sources_files.records(sources_files.items(BlueskyApi(), view), "post")
    assert (record.uid, record.version, record.author_ref) == (other.uid, other.version, other.author_ref)


def test_an_update_is_a_version(tmp_path: Path) -> None:
    before, _ = one(tmp_path, made.js_commit("sahlara", "3kaa", made.bs_record("first")))
    after, post = one(tmp_path, made.js_commit("sahlara", "3kaa", made.bs_record("second"), "update"))
    assert before.uid == after.uid
    assert before.version != after.version
    assert (post.state, post.edited_at, post.state_at) == (State.EDITED, SERVER, SERVER)


def test_a_deletion_is_a_state_of_the_same_post(tmp_path: Path) -> None:
    live, _ = one(tmp_path, made.js_commit("hidden", "3kbb", made.bs_record("words")))
    record, post = one(tmp_path, made.js_commit("hidden", "3kbb", operation="delete"))
    assert record.uid == live.uid
    assert record.version != live.version
    assert (post.state, post.state_at, post.state_reason, post.text) == (State.DELETED, SERVER, "delete", "")
    assert "hidden" not in repr(post) + record.raw.decode()


def repost(by: str = "hidden", **more: object) -> dict[str, Any]:
    record = {
        "$type": "app.bsky.feed.repost",
        "createdAt": "2026-05-11T15:34:16.000Z",
        "subject": {"uri": made.bs_uri("sahlara", "3kaa"), "cid": "x"},
    }
    return made.js_commit(by, "3krp", record | more, collection="app.bsky.feed.repost")


def test_a_repost_is_an_edge(tmp_path: Path) -> None:
    [record] = sources_files.records(read(tmp_path, repost()))
    assert record.kind is Kind.REPOST
    [edge] = record.edges
    assert (edge.type, edge.dst_uid, edge.at, edge.at_basis) == (EdgeType.REPOST, OWN, SERVER, ZoneBasis.EPOCH)
    assert record.author_ref is not None
    assert record.author_ref.startswith("bluesky:h:")


def test_a_repost_of_nothing_is_rejected(tmp_path: Path) -> None:
    for subject in (None, {}, {"uri": "nonsense"}, {"uri": 5}, "at://x"):
        assert [code for _, code in sources_files.rejects(read(tmp_path, repost(subject=subject)))] == ["shape-unknown"]


def test_the_undoing_of_a_repost_is_counted(tmp_path: Path) -> None:
    undone = made.js_commit("hidden", "3krp", operation="delete", collection="app.bsky.feed.repost")
    assert read(tmp_path, undone) == [Ignored("undone-not-read")]


@pytest.mark.parametrize(
    ("collection", "code"),
    [
        ("app.bsky.feed.like", "like-not-read"),
        ("app.bsky.graph.follow", "relations-not-read"),
        ("app.bsky.graph.block", "relations-not-read"),
        ("app.bsky.graph.listitem", "relations-not-read"),
        ("fm.teal.alpha.actor.status", "kind-not-read"),
    ],
)
@pytest.mark.parametrize("operation", ["create", "update"])
def test_likes_relations_and_other_records_are_counted(
    tmp_path: Path, collection: str, code: str, operation: str
) -> None:
    event = made.js_commit("hidden", "3kx", {"subject": made.did("hiddentwo")}, operation, collection=collection)
    assert read(tmp_path, event) == [Ignored(code)]


def test_a_post_of_another_application_in_our_collection_is_counted(tmp_path: Path) -> None:
    event = made.js_commit("hidden", "3kx", made.bs_record("x") | {"$type": "app.midnightsky.post"})
    assert read(tmp_path, event) == [Ignored("kind-not-read")]


def profile(name: str) -> dict[str, Any]:
    record = {
        "$type": "app.bsky.actor.profile",
        "displayName": f"Name of {name}",
        "description": "by @hiddentwo.bsky.example",
        "createdAt": "2023-01-02T00:00:00Z",
    }
    return made.js_commit(name, "self", record, "update", collection="app.bsky.actor.profile")


def test_what_a_public_account_says_of_itself_is_kept_and_nobody_else_s_is(tmp_path: Path) -> None:
    [record] = sources_files.records(read(tmp_path, profile("sahlara")))
    assert record.accounts[0].display_name == "Name of sahlara"
    assert "hidden" not in repr(record.accounts) + record.raw.decode()
    assert read(tmp_path, profile("hidden")) == [Ignored("profile-not-read")]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("deleted", State.DELETED),
        ("takendown", State.WITHHELD),
        ("suspended", State.WITHHELD),
        ("deactivated", State.UNAVAILABLE),
        (None, State.UNAVAILABLE),
    ],
)
def test_an_account_that_went_away_is_a_state(tmp_path: Path, status: str | None, state: State) -> None:
    event = {
        "did": made.did("hidden"),
        "time_us": 1,
        "kind": "account",
        "account": {"active": False, "did": made.did("hidden"), "status": status},
    }
    [record] = sources_files.records(read(tmp_path, event))
    assert record.accounts[0].state is state
    assert record.accounts[0].uid.startswith("bluesky:h:")


def test_identities_and_accounts_that_are_there_are_counted(tmp_path: Path) -> None:
    account = {
        "did": made.did("hidden"),
        "time_us": 1,
        "kind": "account",
        "account": {"active": True, "did": made.did("hidden")},
    }
    identity = {
        "did": made.did("hidden"),
        "time_us": 1,
        "kind": "identity",
        "identity": {"did": made.did("hidden"), "handle": "hidden.example"},
    }
    tap = {"id": 1, "type": "identity", "identity": {"did": made.did("hidden"), "handle": "hidden.example"}}
    assert read(tmp_path, account, identity, tap) == [Ignored("identity-not-read")] * 3


# Tap


def test_tap_has_no_server_time_so_the_claimed_one_is_all_there_is(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.tap_event("sahlara", "3kaa", made.bs_record("The bridge stands.")))
    assert post.uid == OWN
    assert post.server_indexed_at is None
    assert post.created_at == post.claimed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    by_stream, _ = one(tmp_path, made.js_commit("sahlara", "3kaa", made.bs_record("The bridge stands.")))
    assert record.version == by_stream.version


def test_tap_s_actions(tmp_path: Path) -> None:
    _, edited = one(tmp_path, made.tap_event("sahlara", "3kaa", made.bs_record("x"), "update"))
    assert edited.state is State.EDITED
    _, gone = one(tmp_path, made.tap_event("sahlara", "3kaa", None, "delete"))
    assert (gone.state, gone.state_at) == (State.DELETED, None)


# What is broken


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"did": "nobody"}, "id-unreadable"),
        ({"did": None}, "id-unreadable"),
        ({"commit": None}, "shape-unknown"),
        ({"commit": {"collection": "x", "rkey": "y"}}, "id-unreadable"),
        ({"commit": {"collection": "app.bsky.feed.post", "rkey": "no spaces", "operation": "create"}}, "id-unreadable"),
        ({"commit": {"collection": "app.bsky.feed.post", "rkey": "3k", "operation": "destroy"}}, "shape-unknown"),
        ({"commit": {"collection": "app.bsky.feed.post", "rkey": "3k", "operation": "create"}}, "shape-unknown"),
        (
            {"commit": {"collection": "app.bsky.feed.post", "rkey": "3k", "operation": "create", "record": 5}},
            "shape-unknown",
        ),
        ({"time_us": "soon"}, "shape-unknown"),
        ({"time_us": 1 << 60}, "shape-unknown"),
    ],
)
def test_what_is_broken_is_one_reject(tmp_path: Path, change: dict[str, object], code: str) -> None:
    good = made.js_commit("sahlara", "3kaa", made.bs_record("The bridge stands."))
    found = read(tmp_path, good | change, good)
    assert sources_files.rejects(found) == [("line 1", code)]
    assert len(sources_files.records(found)) == 1


def test_a_time_beyond_all_years_is_none(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.js_commit("sahlara", "3kaa", made.bs_record("x"), time_us=(1 << 53) - 1))
    assert post.server_indexed_at is None or post.server_indexed_at.year > 2200


def test_detection_tells_the_stream_from_the_api() -> None:
    stream = json.dumps(made.js_commit("sahlara", "3kaa", made.bs_record("x"))).encode()
    tap = json.dumps([made.tap_event("sahlara", "3kaa", made.bs_record("x"))]).encode()
    view = json.dumps(made.bs_view("sahlara", "3kaa", made.bs_record("x"))).encode()
    for data, ours, other in (
        (stream, BlueskyJetstream(), BlueskyApi()),
        (tap, BlueskyJetstream(), BlueskyApi()),
        (view, BlueskyApi(), BlueskyJetstream()),
    ):
        assert ours.detect(data) >= 0.9
        assert other.detect(data) < 0.5
