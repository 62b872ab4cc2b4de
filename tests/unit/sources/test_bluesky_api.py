"""Bluesky: facets in bytes, claimed and server times, embeds of all kinds, feeds, threads, quotes, nobody's relations."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Label, Metric, Post
from dalil.schema.words import EdgeType, IdQuality, Kind, State, TextFormat, ZoneBasis
from dalil.sources import bluesky_records
from dalil.sources.bluesky_embeds import Embed, Medium, embed_of
from dalil.sources.bluesky_texts import AT_URI, DID, HANDLE, PostRecord, bare_ids, code_points, marks_of, scope_of
from dalil.sources.formats.bluesky_api.importer import BlueskyApi
from dalil.sources.formats.bluesky_api.views import handles_of, quoted_view
from dalil.sources.importer import Ignored, Item, Record
from dalil.sources.privacy import Pseudonymiser

KNOWN = [PublicAccount(platform="bluesky", native_id=made.did("sahlara"))]
CLAIMED = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
SERVER = datetime(2026, 5, 11, 15, 34, 20, tzinfo=UTC)
OWN = f"bluesky:{made.bs_uri('sahlara', '3kaa')}"


def read(tmp_path: Path, value: object, **more: Any) -> list[Item]:
    more.setdefault("public", KNOWN)
    return sources_files.items(BlueskyApi(), made.write_json(tmp_path / "a.json", value), **more)


def one(tmp_path: Path, value: object, **more: Any) -> tuple[Record, Post]:
    record = sources_files.records(read(tmp_path, value, **more), "post", included=False)[0]
    assert record.post is not None
    return record, record.post


def public(text: str = "The bridge stands.", **record: object) -> dict[str, Any]:
    return made.bs_view("sahlara", "3kaa", made.bs_record(text, **record))


def private(text: str = "no", rkey: str = "3khidden", **record: object) -> dict[str, Any]:
    return made.bs_view("hidden", rkey, made.bs_record(text, **record))


def test_a_post_of_a_known_account(tmp_path: Path) -> None:
    record, post = one(tmp_path, public())
    assert post.uid == record.uid == OWN
    assert post.uri == "https://bsky.app/profile/sahlara.bsky.example/post/3kaa"
    assert post.author_ref == f"bluesky:{made.did('sahlara')}"
    assert (post.claimed_at, post.server_indexed_at, post.created_at) == (CLAIMED, SERVER, SERVER)
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert post.metrics == (Metric("replies", 1), Metric("reposts", 2), Metric("likes", 3), Metric("quotes", 0))
    assert (post.lang, post.text_format, post.state) == ("en", TextFormat.PLAIN, State.LIVE)
    assert post.thread_root == OWN
    assert record.warnings == ()
    assert b"bafyrei" in record.raw


def test_a_post_of_anybody_else_is_hashed_throughout(tmp_path: Path) -> None:
    record, post = one(tmp_path, private())
    assert post.uid.startswith("bluesky:h:")
    assert (post.uri, post.id_quality) == (None, IdQuality.HASHED)
    shown = repr(post) + record.raw.decode()
    for secret in ("hidden", "collector", "bafyrei", "viewer"):
        assert secret not in shown


def test_a_handle_in_the_list_makes_public_whom_the_server_says_it_is(tmp_path: Path) -> None:
    known = [PublicAccount(platform="bluesky", handle="sahlara.bsky.example")]
    record, _ = one(tmp_path, public(), public=known)
    assert record.author_public


def test_a_claimed_time_far_from_the_server_s_is_a_warning(tmp_path: Path) -> None:
    record, post = one(tmp_path, public(createdAt="2014-06-10T00:00:00Z"))
    assert [(w.code, w.original) for w in record.warnings] == [("times-differ", "2014-06-10T00:00:00+00:00")]
    assert post.created_at == SERVER
    assert post.claimed_at == datetime(2014, 6, 10, tzinfo=UTC)
    record, post = one(tmp_path, public(createdAt="yesterday"))
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]
    assert (post.claimed_at, post.created_at) == (None, SERVER)


def test_a_record_of_a_repository_has_only_the_claimed_time(tmp_path: Path) -> None:
    bare = {"uri": made.bs_uri("sahlara", "3kaa"), "cid": "bafyreix", "value": made.bs_record("The bridge stands.")}
    for value in (bare, {"records": [bare]}):
        _, post = one(tmp_path, value)
        assert (post.created_at, post.server_indexed_at) == (CLAIMED, None)
        assert post.metrics == ()


# Facets


TEXT = "😀 نهر @hiddentwo.bsky.example see news.example #تل"


def test_facets_are_bytes_and_spans_are_code_points(tmp_path: Path) -> None:
    facets = [
        made.bs_facet(TEXT, "@hiddentwo.bsky.example", made.bs_mention("hiddentwo")),
        made.bs_facet(TEXT, "news.example", made.bs_link("https://news.example/long/address")),
        made.bs_facet(TEXT, "#تل", made.bs_tag("تل")),
    ]
    record, post = one(tmp_path, public(TEXT, facets=facets))
    assert post.text_format is TextFormat.FACETS
    shown = [(span.type, post.text[span.start : span.end], span.target) for span in post.spans]
    assert shown[0][0] == "mention"
    assert shown[0][1] == shown[0][2] == post.mentions[0]
    assert shown[1:] == [("url", "news.example", "https://news.example/long/address"), ("hashtag", "#تل", "تل")]
    assert post.hashtags == ("تل",)
    [mention] = [edge for edge in record.edges if edge.type is EdgeType.MENTION]
    assert mention.dst_uid is not None
    assert mention.dst_uid == f"bluesky:{post.mentions[0][1:]}"
    assert "hidden" not in repr(post) + record.raw.decode()


def test_a_mention_and_an_author_are_one_hash(tmp_path: Path) -> None:
    author, _ = one(tmp_path, made.bs_view("hiddentwo", "3kbb", made.bs_record("x")))
    facets = [made.bs_facet(TEXT, "@hiddentwo.bsky.example", made.bs_mention("hiddentwo"))]
    record, _ = one(tmp_path, public(TEXT, facets=facets))
    assert record.edges[-1].dst_uid == author.author_ref


def test_a_public_handle_over_a_private_id_does_not_name_the_id(tmp_path: Path) -> None:
    text = "by @sahlara.bsky.example"
    known = [PublicAccount(platform="bluesky", handle="sahlara.bsky.example")]
    facets = [made.bs_facet(text, "@sahlara.bsky.example", made.bs_mention("hidden"))]
    record, post = one(tmp_path, private(text, facets=facets), public=known)
    assert post.text == text
    assert "hidden" not in repr(record.edges) + repr(post) + record.raw.decode()


@pytest.mark.parametrize(
    "index",
    [
        {"byteStart": 1, "byteEnd": 4},  # inside a character
        {"byteStart": 0, "byteEnd": 9_999},
        {"byteStart": -5, "byteEnd": 2},
        {"byteStart": 8, "byteEnd": 8},
        {"byteStart": 8, "byteEnd": 4},
    ],
)
def test_a_facet_that_covers_no_whole_characters_is_a_warning(tmp_path: Path, index: dict[str, int]) -> None:
    record, post = one(
        tmp_path, public(TEXT, facets=[{"index": index, "features": [made.bs_link("https://n.example/")]}])
    )
    assert [warning.code for warning in record.warnings] == ["span-wrong"]
    assert not any(span.target == "https://n.example/" for span in post.spans)


@pytest.mark.parametrize(
    "facets",
    [
        None,
        5,
        [5],
        [{"index": {"byteStart": "0", "byteEnd": 4}, "features": []}],
        [{"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"$type": "FACETTAG", "tag": "x"}]}],
        [{"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"$type": "app.bsky.richtext.facet#link"}]}],
        [{"features": [made.bs_tag("x")]}],
    ],
)
def test_facets_of_any_invention_lose_only_themselves(tmp_path: Path, facets: object) -> None:
    record, post = one(tmp_path, public("plain words", facets=facets))
    assert post.text == "plain words"
    assert post.spans == ()
    assert record.warnings == ()


@given(st.text(max_size=40), st.lists(st.integers(-3, 200), max_size=10))
def test_places_in_bytes_are_those_of_a_slow_count(text: str, offsets: list[int]) -> None:
    data = text.encode("utf-8", "surrogatepass")
    found = code_points(text, offsets)
    for offset in offsets:
        try:
            wanted = len(data[:offset].decode("utf-8")) if 0 <= offset <= len(data) else None
        except UnicodeDecodeError:
            wanted = None
        assert found[offset] == wanted


def test_more_facets_than_a_text_can_need_are_cut() -> None:
    facets = [{"index": {"byteStart": n, "byteEnd": n + 1}, "features": [made.bs_tag("x")]} for n in range(2_000)]
    marks, doubts = marks_of(PostRecord(text="a" * 3_000, facets=facets))
    assert len(marks) == 500
    assert doubts == ()


def test_ids_of_accounts_in_a_text_are_replaced_and_public_ones_stay(tmp_path: Path) -> None:
    text = f"{made.did('hidden')} and {made.did('sahlara')} at at://{made.did('hiddentwo')}/app.bsky.feed.post/3kcc"
    _, post = one(tmp_path, public(text))
    assert "hidden" not in post.text
    assert made.did("sahlara") in post.text
    assert bare_ids("nothing here", scope_of(Pseudonymiser(bytes(32)), {})) == []


# Edges


def reply(parent: str, root: str) -> dict[str, Any]:
    return {"parent": {"uri": parent, "cid": "x"}, "root": {"uri": root, "cid": "x"}}


def test_reply_and_root(tmp_path: Path) -> None:
    parent, root = made.bs_uri("hidden", "3kp"), made.bs_uri("sahlara", "3kaa")
    record, post = one(tmp_path, private(reply=reply(parent, root)))
    [edge] = record.edges
    assert edge.type is EdgeType.REPLY
    assert edge.dst_uid is not None
    assert edge.dst_uid.startswith("bluesky:h:")
    assert post.thread_root == OWN


@pytest.mark.parametrize(
    "value", [None, 5, {}, {"parent": {"uri": "nonsense"}}, {"parent": []}, {"parent": {"uri": 5}}]
)
def test_a_reply_of_no_shape_is_none(tmp_path: Path, value: object) -> None:
    record, post = one(tmp_path, public(reply=value))
    assert record.edges == ()
    assert post.thread_root == OWN


def quote(uri: str) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.record", "record": {"uri": uri, "cid": "x"}}


def test_a_quote_is_an_edge_and_what_it_quotes_comes_along(tmp_path: Path) -> None:
    shown = {"$type": "app.bsky.embed.record#view", "record": {"$type": "app.bsky.embed.record#viewRecord", "uri": made.bs_uri("sahlara", "3kaa"), "author": made.bs_author("sahlara"), "value": made.bs_record("The bridge stands."), "indexedAt": "2026-05-11T15:34:20.000Z", "likeCount": 9}}  # fmt: skip
    view = private(embed=quote(made.bs_uri("sahlara", "3kaa"))) | {"embed": shown}
    own, quoted = sources_files.records(read(tmp_path, view), "post")
    assert [(edge.type, edge.dst_uid) for edge in own.edges] == [(EdgeType.QUOTE, OWN)]
    assert (quoted.uid, quoted.included) == (OWN, True)
    assert quoted.post is not None
    assert quoted.post.metrics == (Metric("likes", 9),)


def test_a_quoted_list_is_no_quote(tmp_path: Path) -> None:
    record, _ = one(tmp_path, public(embed=quote(made.bs_uri("hidden", "3kl", "app.bsky.graph.list"))))
    assert record.edges == ()


@pytest.mark.parametrize(
    ("view", "items"),
    [
        (
            {"$type": "app.bsky.embed.record#viewNotFound", "uri": made.bs_uri("hidden", "3kg"), "notFound": True},
            [State.DELETED],
        ),
        ({"$type": "app.bsky.embed.record#viewBlocked", "uri": made.bs_uri("hidden", "3kg"), "blocked": True}, []),
        ({"$type": "app.bsky.embed.record#viewDetached", "uri": made.bs_uri("hidden", "3kg"), "detached": True}, []),
    ],
)
def test_a_quote_that_is_gone_is_a_state_and_one_that_is_hidden_from_the_asker_is_not_read(
    tmp_path: Path, view: dict[str, Any], items: list[State]
) -> None:
    post = private(embed=quote(made.bs_uri("hidden", "3kg"))) | {
        "embed": {"$type": "app.bsky.embed.record#view", "record": view}
    }
    found = read(tmp_path, post)
    included = sources_files.records(found, "post", included=True)
    assert [record.post.state for record in included if record.post] == items
    assert (Ignored("hidden-from-asker") in found) == (not items)


# Embeds


PICTURES = {"$type": "app.bsky.embed.images", "images": [made.bs_image("bafkreione", "a bridge, by @hiddentwo.bsky.example"), made.bs_image("bafkreitwo")]}  # fmt: skip
SHOWN = {
    "images": [{"fullsize": "https://cdn.bsky.app/img/one@jpeg"}, {"fullsize": "https://cdn.bsky.app/img/two@jpeg"}]
}


def test_pictures_have_keys_and_addresses_for_public_authors_only(tmp_path: Path) -> None:
    _, post = one(tmp_path, public(embed=PICTURES) | {"embed": SHOWN})
    assert [ref.native_key for ref in post.media] == ["bafkreione", "bafkreitwo"]
    assert post.media[1].source_url == "https://cdn.bsky.app/img/two@jpeg"
    assert (post.media[0].width, post.media[0].height, post.media[0].mime) == (800, 600, "image/jpeg")
    assert "hidden" not in str(post.media[0].alt_text)
    _, other = one(tmp_path, private(embed=PICTURES) | {"embed": SHOWN})
    assert other.media[0].source_url is None
    assert other.media[0].native_key is not None
    assert other.media[0].native_key.startswith("h:")


def test_a_link_card_is_a_link(tmp_path: Path) -> None:
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://bsky.app/profile/hidden.example", "title": "by @hidden.example", "description": "d"}}  # fmt: skip
    record, post = one(tmp_path, public("see", embed=card))
    assert post.urls[0].expanded is not None
    assert post.urls[0].expanded.startswith("https://bsky.app/h:")
    assert b'"external"' in record.raw
    assert b"hidden" not in record.raw


@pytest.mark.parametrize(
    ("embed", "wanted"),
    [
        (None, Embed()),
        (5, Embed()),
        ({}, Embed()),
        ({"images": 5}, Embed()),
        ({"images": [5]}, Embed()),
        ({"images": [{"image": {"cid": "old", "mimeType": "image/png"}}]}, Embed((Medium("old", "image/png"),))),
        ({"images": [{"image": {"ref": "flat"}}]}, Embed((Medium("flat", "image/*"),))),
        ({"images": [{}]}, Embed((Medium(None, "image/*"),))),
        (
            {"video": {"ref": {"$link": "v"}, "mimeType": "video/mp4"}, "alt": "a"},
            Embed((Medium("v", "video/mp4", alt_text="a"),)),
        ),
        ({"external": {"uri": "https://n.example/"}}, Embed(link=("https://n.example/", "", ""))),
        ({"external": {"uri": 5}}, Embed()),
        ({"record": {"uri": "at://x"}}, Embed(quoted="at://x")),
        ({"record": {"record": {"uri": "at://x"}}}, Embed(quoted="at://x")),
        (
            {"media": {"images": [{"image": {"ref": {"$link": "a"}}}]}, "record": {"record": {"uri": "at://x"}}},
            Embed((Medium("a", "image/*"),), None, "at://x"),
        ),
        (
            {"media": {"external": {"uri": "https://n.example/"}}, "record": {"uri": "at://x"}},
            Embed((), ("https://n.example/", "", ""), "at://x"),
        ),
        ({"$type": "ar.cabildoabierto.embed.selectionQuote", "selection": "x"}, Embed()),
    ],
)
def test_embeds_of_all_kinds(embed: object, wanted: Embed) -> None:
    assert embed_of(embed, None) == wanted


def test_the_view_of_a_video_and_of_media_beside_a_quote() -> None:
    film = {"video": {"ref": {"$link": "v"}}, "aspectRatio": {"width": 1, "height": 2}}
    [medium] = embed_of(film, {"playlist": "https://video.bsky.app/v.m3u8"}).media
    assert (medium.url, medium.width, medium.height) == ("https://video.bsky.app/v.m3u8", 1, 2)
    both = {"media": PICTURES, "record": {"record": {"uri": "at://x"}}}
    assert [m.url for m in embed_of(both, {"media": SHOWN}).media] == [
        "https://cdn.bsky.app/img/one@jpeg",
        "https://cdn.bsky.app/img/two@jpeg",
    ]


# Labels, languages, tags


def test_labels_say_who_put_them(tmp_path: Path) -> None:
    labels = [
        {"src": made.did("sahlara"), "val": "graphic-media"},
        {"src": "did:plc:ar7c4by46qjdydhdevvrndac", "val": "!takedown"},
        {"src": made.did("hidden"), "val": "rude"},
        {"src": made.did("hidden"), "val": "gone", "neg": True},
        5,
    ]
    record, post = one(tmp_path, public(labels={"values": [{"val": "nudity"}, 5]}) | {"labels": labels})
    assert post.labels_by_platform == (
        Label("self", "graphic-media"),
        Label("bluesky", "!takedown"),
        Label("labeller", "rude"),
        Label("self", "nudity"),
    )
    assert post.state is State.WITHHELD
    assert "hidden" not in repr(post) + record.raw.decode()


def test_several_languages_are_none_and_outline_tags_are_hashtags(tmp_path: Path) -> None:
    _, post = one(tmp_path, public("x #one", langs=["ar", "en"], tags=["two", 5]))
    assert post.lang is None
    assert post.hashtags == ("one", "two")
    _, odd = one(tmp_path, public("x", langs="en", tags="two"))
    assert (odd.lang, odd.hashtags) == (None, ())


# Feeds, threads, profiles


def test_a_repost_of_a_feed_is_an_edge_and_the_post_comes_along(tmp_path: Path) -> None:
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": made.bs_author("hidden"),
        "indexedAt": "2026-05-12T00:00:00.000Z",
    }
    found = read(tmp_path, {"feed": [{"post": public(), "reason": reason}]})
    [repost] = sources_files.records(found, "repost")
    assert repost.edges[0].dst_uid == OWN
    assert repost.edges[0].at == datetime(2026, 5, 12, tzinfo=UTC)
    assert repost.author_ref is not None
    assert repost.author_ref.startswith("bluesky:h:")
    assert sources_files.records(found, "post")[0].included
    own = reason | {"uri": made.bs_uri("hidden", "3krp", "app.bsky.feed.repost")}
    [named] = sources_files.records(read(tmp_path, {"feed": [{"post": public(), "reason": own}]}), "repost")
    assert named.uid != repost.uid
    again = sources_files.records(read(tmp_path, {"feed": [{"post": public(), "reason": reason}]}), "repost")
    assert again[0].uid == repost.uid


def test_a_pinned_post_is_a_post(tmp_path: Path) -> None:
    found = read(tmp_path, {"feed": [{"post": public(), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}]})
    assert next(record.kind for record in sources_files.records(found)) is Kind.POST
    assert not sources_files.records(found, "repost")


def test_what_an_item_of_a_feed_answers_comes_along_once(tmp_path: Path) -> None:
    item = {
        "post": private(reply=reply(made.bs_uri("sahlara", "3kaa"), made.bs_uri("sahlara", "3kaa"))),
        "reply": {"parent": public(), "root": public()},
    }
    found = sources_files.records(read(tmp_path, {"feed": [item]}), "post")
    assert [(record.uid == OWN, record.included) for record in found] == [(False, False), (True, True)]


def test_a_thread_is_read_up_and_down(tmp_path: Path) -> None:
    node = {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": public(),
        "parent": {"post": private("before", "3kb")},
        "replies": [
            {"post": private("after", "3kc"), "replies": [{"post": private("below", "3kd"), "replies": None}]},
            {"$type": "app.bsky.feed.defs#notFoundPost", "uri": made.bs_uri("hidden", "3ke"), "notFound": True},
            {
                "$type": "app.bsky.feed.defs#blockedPost",
                "uri": made.bs_uri("hidden", "3kf"),
                "blocked": True,
                "author": {"did": made.did("hidden")},
            },
        ],
    }
    found = read(tmp_path, {"thread": node})
    posts = [record.post for record in sources_files.records(found, "post") if record.post]
    assert [post.text for post in posts] == ["The bridge stands.", "before", "after", "below", ""]
    assert posts[-1].state is State.DELETED
    assert posts[-1].state_reason == "not-found"
    assert Ignored("hidden-from-asker") in found


def test_a_thread_of_any_depth_ends(tmp_path: Path) -> None:
    node: dict[str, Any] = {"post": private("deepest", "3kz")}
    for number in range(300):
        node = {"post": private(f"level {number}", f"3k{number}"), "replies": [node]}
    found = read(tmp_path, {"thread": node})
    assert [code for _, code in sources_files.rejects(found)] == ["nested-too-deep"]
    assert len(sources_files.records(found, "post")) == 200


def test_profiles(tmp_path: Path) -> None:
    views = [
        made.bs_author("sahlara", followersCount=12, description="by @hiddentwo.bsky.example"),
        made.bs_author("hidden", followersCount=1234),
    ]
    for value in (views, {"profiles": views}, {"actors": views}):
        known, other = sources_files.records(read(tmp_path, value), "account")
        assert (known.accounts[0].handle, known.accounts[0].display_name) == ("sahlara.bsky.example", "Name of sahlara")
        assert known.accounts[0].created_at == datetime(2023, 9, 23, 13, 41, 23, 762_000, tzinfo=UTC)
        assert [metric.value for metric in other.accounts[0].counts] == [1000]
        assert "hidden" not in repr((known.accounts, other.accounts)) + known.raw.decode()


@pytest.mark.parametrize("name", ["follows", "followers", "likes", "repostedBy", "notifications"])
def test_lists_of_persons_are_counted_and_not_read(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, {"subject": made.bs_author("hidden"), name: [made.bs_author("hiddentwo")]})
    assert found == [Ignored("relations-not-read")]


def test_reposts_and_other_records_of_a_repository(tmp_path: Path) -> None:
    repost = {"uri": made.bs_uri("hidden", "3kr", "app.bsky.feed.repost"), "cid": "x", "value": {"$type": "app.bsky.feed.repost", "createdAt": "2026-05-11T15:34:16.000Z", "subject": {"uri": made.bs_uri("sahlara", "3kaa"), "cid": "x"}}}  # fmt: skip
    feed = {
        "uri": made.bs_uri("hidden", "atproto", "app.bsky.feed.generator"),
        "value": {"$type": "app.bsky.feed.generator"},
    }
    broken = repost | {"value": {"subject": 5}}
    found = read(tmp_path, {"records": [repost, feed, broken]})
    [record] = sources_files.records(found, "repost")
    assert record.edges[0].dst_uid == OWN
    assert record.edges[0].at == CLAIMED
    assert Ignored("kind-not-read") in found
    assert [code for _, code in sources_files.rejects(found)] == ["shape-unknown"]


def test_what_has_no_shape_is_rejected(tmp_path: Path) -> None:
    nameless = public() | {"uri": "at://nonsense"}
    wordless = public() | {"record": 5}
    odd = {"did": "did:web", "handle": "x"}
    found = read(tmp_path, [5, {"a": 1}, nameless, wordless, odd, {"error": "InvalidRequest"}, {"feed": 5}])
    assert [code for _, code in sources_files.rejects(found)] == [
        *("shape-unknown", "shape-unknown", "id-unreadable", "shape-unknown", "id-unreadable", "shape-unknown"),
    ]
    assert Ignored("answer-is-error") in found


# Names


def test_ids_addresses_and_handles() -> None:
    assert DID.fullmatch("did:plc:ar7c4by46qjdydhdevvrndac")
    assert DID.fullmatch("did:web:sahlara.example")
    assert not DID.fullmatch("did:plc:short")
    assert AT_URI.fullmatch("at://sahlara.example/app.bsky.feed.post/3kaa")
    assert not AT_URI.fullmatch("at://sahlara.example")
    assert HANDLE.findall("@a.b-c.example. (@name) a@b") == ["a.b-c.example", "name", "b"]


def test_handles_are_taken_from_accounts_only() -> None:
    view = {
        "record": {"author": {"did": made.did("a"), "handle": "a.example"}},
        "text": {"did": made.did("b"), "handle": "b.example"},
    }
    assert handles_of(view) == {made.did("a"): "a.example"}
    assert handles_of({"did": made.did("a"), "handle": "handle.invalid"}) == {}
    assert handles_of({"did": 5, "handle": "x"}, None, [[[]]]) == {}


def test_a_quoted_view_with_and_without_media() -> None:
    inner = {"uri": "at://x"}
    assert quoted_view({"record": inner}) == inner
    assert quoted_view({"record": {"record": inner}}) == inner
    assert quoted_view({"images": []}) is None


def test_an_address_by_handle_is_public_by_handle() -> None:
    privacy = Pseudonymiser(bytes(32), [PublicAccount(platform="bluesky", handle="sahlara.example")])
    uri = "at://sahlara.example/app.bsky.feed.post/3kaa"
    assert bluesky_records.shown_id(privacy, uri, {}) == uri
    assert bluesky_records.shown_id(privacy, uri.replace("sahlara", "other"), {}).startswith("h:")
    assert bluesky_records.who(privacy, "sahlara.example", {}).public
