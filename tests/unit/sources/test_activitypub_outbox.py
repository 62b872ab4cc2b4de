"""ActivityPub: addressed to everybody or not read; a member's own archive is the member's; edits, deletions, languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import AccountType, EdgeType, State, TextFormat
from dalil.sources.formats.activitypub_outbox.importer import ActivityPubOutbox
from dalil.sources.formats.activitypub_outbox.shapes import address, addresses, several, total, types
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.importer import Ignored, Item, Quarantined, Record

KNOWN = [PublicAccount(platform="mastodon", handle="sahlara@social.example")]
AT = datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)


def read(tmp_path: Path, value: object, **more: Any) -> list[Item]:
    more.setdefault("public", KNOWN)
    return sources_files.items(ActivityPubOutbox(), made.write_json(tmp_path / "a.json", value), **more)


def outbox(tmp_path: Path, *items: object, **more: Any) -> list[Item]:
    return read(tmp_path, made.ap_outbox(items), **more)


def one(tmp_path: Path, item: object) -> tuple[Record, Post]:
    record = sources_files.records(outbox(tmp_path, item), "post")[0]
    assert record.post is not None
    return record, record.post


def note(**more: object) -> dict[str, Any]:
    return made.ap_note(12, "sahlara", "<p>The bridge stands.</p>") | more


def test_a_created_note(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.ap_create(note()))
    assert post.uid == "mastodon:https://social.example/users/sahlara/statuses/12"
    assert post.uri == "https://social.example/@sahlara/12"
    assert post.author_ref == "mastodon:@sahlara@social.example"
    assert (post.text, post.text_format, post.lang) == ("The bridge stands.", TextFormat.HTML, "en")
    assert post.created_at == post.claimed_at == AT
    assert record.author_public


def test_the_same_post_by_the_api_and_by_activitypub_is_one_post(tmp_path: Path) -> None:
    status = made.md_status(12, "hidden_one", "<p>The bridge stands.</p>")
    by_api = sources_files.records(
        sources_files.items(Mastodon(), made.write_json(tmp_path / "m.json", status)), "post"
    )[0]
    by_outbox, _ = one(tmp_path, made.ap_create(made.ap_note(12, "hidden_one", "<p>The bridge stands.</p>")))
    assert by_api.uid == by_outbox.uid
    assert by_api.author_ref == by_outbox.author_ref
    assert by_api.version == by_outbox.version


FOLLOWERS = "https://social.example/users/sahlara/followers"


@pytest.mark.parametrize(
    ("to", "cc", "public"),
    [
        ([made.TO_ALL], [FOLLOWERS], True),
        (made.TO_ALL, None, True),
        (["as:Public"], [], True),
        (["Public"], [], True),
        ([FOLLOWERS], [made.TO_ALL], False),  # unlisted
        ([FOLLOWERS], [], False),
        (["https://other.example/users/hidden_two"], [], False),
        ([], [], False),
        (None, None, False),
        (5, {"a": 1}, False),
    ],
)
def test_who_it_is_addressed_to_decides(tmp_path: Path, to: object, cc: object, public: bool) -> None:
    found = outbox(tmp_path, made.ap_create(note(to=to, cc=cc)))
    assert bool(sources_files.records(found)) == public
    assert (found == [Quarantined("not-public")]) == (not public)


def test_a_note_that_says_nothing_is_as_its_activity(tmp_path: Path) -> None:
    bare = {key: value for key, value in note().items() if key not in ("to", "cc")}
    assert sources_files.records(outbox(tmp_path, made.ap_create(bare, to=[made.TO_ALL])))
    assert outbox(tmp_path, made.ap_create(bare, to=[FOLLOWERS])) == [Quarantined("not-public")]


def test_a_narrow_note_in_a_wide_activity_stays_narrow(tmp_path: Path) -> None:
    assert outbox(tmp_path, made.ap_create(note(to=[FOLLOWERS], cc=[]), to=[made.TO_ALL])) == [
        Quarantined("not-public")
    ]


def test_an_announce_is_a_repost(tmp_path: Path) -> None:
    found = outbox(tmp_path, made.ap_announce(99, "hidden_one", note()["id"]))
    [record] = sources_files.records(found)
    [edge] = record.edges
    assert (edge.type, edge.dst_uid) == (EdgeType.REPOST, "mastodon:https://social.example/users/sahlara/statuses/12")
    assert edge.at == datetime(2026, 5, 12, 8, tzinfo=UTC)
    assert record.author_ref is not None
    assert record.author_ref.startswith("mastodon:h:")
    assert outbox(tmp_path, made.ap_announce(99, "hidden_one", note()["id"], to=[FOLLOWERS], cc=[])) == [
        Quarantined("not-public")
    ]


def test_an_announced_note_comes_along(tmp_path: Path) -> None:
    repost, post = sources_files.records(outbox(tmp_path, made.ap_announce(99, "hidden_one", note())))
    assert post.included
    assert repost.edges[0].dst_uid == post.uid


def test_an_announce_and_mastodon_s_repost_are_one_observation_of_one_thing(tmp_path: Path) -> None:
    status = made.md_repost(99, "hidden_one", made.md_status(12, "sahlara", "<p>x</p>"))
    path = made.write_json(tmp_path / "m.json", status)
    by_api = sources_files.records(sources_files.items(Mastodon(), path, public=KNOWN), "repost")[0]
    [by_outbox] = sources_files.records(outbox(tmp_path, made.ap_announce(99, "hidden_one", note()["id"])))
    assert (by_api.uid, by_api.version) == (by_outbox.uid, by_outbox.version)


def test_several_languages_are_one_text(tmp_path: Path) -> None:
    words = {"ar": "<p>الجسر قائم</p>", "en": "<p>The bridge stands.</p>"}
    _, post = one(tmp_path, made.ap_create(note(content=None, contentMap=words)))
    assert post.text == "الجسر قائم\n\nThe bridge stands."
    assert post.lang is None
    _, single = one(tmp_path, made.ap_create(note(contentMap={"ckb": "<p>پرد</p>"}, content="<p>پرد</p>")))
    assert (single.text, single.lang) == ("پرد", "ckb")


def test_title_warning_and_content_are_one_text_with_its_marks(tmp_path: Path) -> None:
    content = f"<p>by {made.md_mention('hidden_two', 'other.example')}</p>"
    item = note(type="Article", name="Title &amp; more", summary="<b>a warning</b>", content=content, contentMap=None)
    _, post = one(tmp_path, made.ap_create(item))
    assert post.text.startswith("Title & more\n\na warning\n\nby @h:")
    assert post.text[post.spans[0].start : post.spans[0].end] == post.mentions[0]


@pytest.mark.parametrize(
    ("media_type", "kind"), [("text/markdown", TextFormat.MARKDOWN), ("text/plain", TextFormat.PLAIN)]
)
def test_content_may_be_no_html(tmp_path: Path, media_type: str, kind: TextFormat) -> None:
    text = "1 < 2 **bold** https://news.example/"
    _, post = one(tmp_path, made.ap_create(note(content=text, contentMap=None, mediaType=media_type)))
    assert (post.text, post.text_format) == (text, kind)
    assert post.urls[0].expanded == "https://news.example/"


def test_an_update_is_a_version(tmp_path: Path) -> None:
    before, _ = one(tmp_path, made.ap_create(note()))
    changed = note(content="<p>The bridge fell.</p>", contentMap=None, updated="2026-05-11T16:00:00Z")
    for activity in (made.ap_create(changed, type="Update"), made.ap_create(changed), changed):
        after, post = one(tmp_path, activity)
        assert after.uid == before.uid
        assert after.version != before.version
        assert (post.state, post.edited_at) == (State.EDITED, datetime(2026, 5, 11, 16, tzinfo=UTC))
    plain = note(content="<p>x</p>", contentMap=None)
    _, post = one(tmp_path, made.ap_create(plain, type="Update", published="2026-05-11T17:00:00Z"))
    assert post.edited_at == datetime(2026, 5, 11, 17, tzinfo=UTC)


def test_updated_that_is_not_later_is_no_edit(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.ap_create(note(updated="2026-05-11T15:34:16Z")))
    assert (post.state, post.edited_at) == (State.LIVE, None)


def gone(**more: object) -> dict[str, Any]:
    tombstone = {"type": "Tombstone", "id": note()["id"], "formerType": "Note", "deleted": "2026-05-13T00:00:00Z"}
    return {
        "type": "Delete",
        "id": "https://social.example/d/1",
        "actor": made.ap_actor("sahlara"),
        "object": tombstone,
    } | more


def test_a_deletion_is_a_state_of_the_same_post(tmp_path: Path) -> None:
    live, _ = one(tmp_path, made.ap_create(note()))
    for item in (gone(), gone()["object"], gone(object=note()["id"], published="2026-05-13T00:00:00Z")):
        record, post = one(tmp_path, item)
        assert record.uid == live.uid
        assert (post.state, post.text) == (State.DELETED, "")
        assert post.state_at == datetime(2026, 5, 13, tzinfo=UTC)


def test_the_deletion_of_an_account_is_not_one_of_a_post(tmp_path: Path) -> None:
    assert outbox(tmp_path, gone(object=made.ap_actor("sahlara"))) == [Ignored("activity-not-read")]


def test_reply_quote_and_mentions_are_edges(tmp_path: Path) -> None:
    tags = [
        {"type": "Mention", "href": "https://pixels.example/hidden_three", "name": "@hidden_three@pixels.example"},
        {"type": "Hashtag", "name": "#bridge", "href": "https://social.example/tags/bridge"},
        {"type": "Emoji", "name": ":x:"},
        "nonsense",
    ]
    item = note(
        inReplyTo={"id": "https://social.example/users/sahlara/statuses/11"},
        quoteUrl="https://other.example/users/hidden_two/statuses/5",
        tag=tags,
    )
    record, _ = one(tmp_path, made.ap_create(item))
    kinds = [edge.type for edge in record.edges]
    assert kinds == [EdgeType.REPLY, EdgeType.QUOTE, EdgeType.MENTION]
    assert record.edges[0].dst_uid == "mastodon:https://social.example/users/sahlara/statuses/11"
    assert all("hidden" not in str(edge) for edge in record.edges)


def test_a_mention_whose_link_is_not_the_account_s_address_is_found_by_its_name(tmp_path: Path) -> None:
    tag = {"type": "Mention", "href": "https://home.example/p/1234/", "name": "@hidden_two@home.example"}
    content = (
        '<p><a href="https://home.example/u/hidden_two/" class="u-url mention">@<span>hidden_two</span></a> boom</p>'
    )
    record, post = one(tmp_path, made.ap_create(note(content=content, contentMap=None, tag=[tag])))
    [edge] = record.edges
    assert edge.dst_uid == f"mastodon:{post.mentions[0][1:]}"
    assert "hidden" not in repr(post) + record.raw.decode()
    two = [tag, {"type": "Mention", "href": "https://other.example/p/5", "name": "@hidden_two@other.example"}]
    record, post = one(tmp_path, made.ap_create(note(content=content, contentMap=None, tag=two)))
    assert len(record.edges) == 3  # neither of the two, and whom the link itself means
    assert "hidden" not in repr(post) + record.raw.decode()


def test_a_reply_to_what_is_no_address_has_no_edge(tmp_path: Path) -> None:
    record, _ = one(tmp_path, made.ap_create(note(inReplyTo="not an address")))
    assert record.edges == ()


def test_attachments_choices_and_counts(tmp_path: Path) -> None:
    attachment = [
        {
            "type": "Document",
            "mediaType": "image/png",
            "url": "https://files.example/1.png",
            "name": "a bridge",
            "width": 8,
            "height": 6,
        },
        {"type": "Video", "url": [{"type": "Link", "href": "https://files.example/2.mp4"}]},
        "nonsense",
    ]
    choices = [
        {"type": "Note", "name": "yes", "replies": {"totalItems": 3}},
        {"name": "no", "replies": {"totalItems": 0}},
        5,
    ]
    counts = {"replies": {"totalItems": 4}, "likes": {"totalItems": 0}, "shares": {"totalItems": -1}}
    item = note(type="Question", attachment=attachment, oneOf=choices, votersCount=3, **counts)
    record, post = one(tmp_path, made.ap_create(item))
    assert [(ref.source_url, ref.mime, ref.alt_text) for ref in post.media] == [
        ("https://files.example/1.png", "image/png", "a bridge"),
        ("https://files.example/2.mp4", "video/*", None),
    ]
    assert (post.media[0].width, post.media[0].height) == (8, 6)
    assert post.metrics == (Metric("replies", 4), Metric("likes", 0), Metric("poll voters", 3))
    assert b'"poll":[["yes",3],["no",0]]' in record.raw


def test_the_page_of_several_links_is_the_html_one(tmp_path: Path) -> None:
    links = [{"type": "Link", "href": "https://v.example/a.mp4", "mediaType": "video/mp4"}, {"type": "Link", "href": "https://v.example/w/a", "mediaType": "text/html"}]  # fmt: skip
    _, post = one(tmp_path, made.ap_create(note(type="Video", url=links)))
    assert post.uri == "https://v.example/w/a"


@pytest.mark.parametrize("kind", ["Like", "Follow", "Block", "Undo", "Add", "Flag", "Accept", "EmojiReact"])
def test_what_else_somebody_did_is_counted(tmp_path: Path, kind: str) -> None:
    activity = {"type": kind, "actor": made.ap_actor("hidden_one"), "object": note()["id"], "to": [made.TO_ALL]}
    assert outbox(tmp_path, activity) == [Ignored("activity-not-read")]


def test_a_created_address_without_its_object_is_counted(tmp_path: Path) -> None:
    assert outbox(tmp_path, made.ap_create(note(), object=note()["id"]), note()["id"]) == [Ignored("address-only")] * 2


# A member's own archive


def archive(*items: object) -> dict[str, Any]:
    return made.ap_outbox(items, id="outbox.json")


def test_of_a_private_member_s_archive_nothing_is_read(tmp_path: Path) -> None:
    items = [
        made.ap_create(made.ap_note(1, "hidden_one", "<p>own words</p>")),
        made.ap_announce(2, "hidden_one", note()["id"]),
    ]
    found = read(tmp_path, archive(*items))
    assert found == [Quarantined("personal-export")] * 2
    assert "hidden" not in repr(found)


def test_nor_is_the_owner_handed_on_as_a_locator(tmp_path: Path) -> None:
    mixed = archive(made.ap_create(made.ap_note(1, "hidden_one", "<p>own</p>")), made.ap_create(note()))
    [record] = sources_files.records(read(tmp_path, mixed), "post")
    assert record.locators == ()


def test_of_a_public_account_s_archive_the_public_posts_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, archive(made.ap_create(note()), made.ap_create(note(to=[FOLLOWERS], cc=[]))))
    assert len(sources_files.records(found, "post")) == 1
    assert Quarantined("not-public") in found


def test_the_archive_s_account_file_is_not_read_for_a_private_member(tmp_path: Path) -> None:
    own = {"@context": "https://www.w3.org/ns/activitystreams", "id": made.ap_actor("hidden_one"), "type": "Person", "preferredUsername": "hidden_one", "name": "Hidden", "outbox": "outbox.json"}  # fmt: skip
    assert read(tmp_path, own) == [Quarantined("personal-export")]


# Actors


def actor(name: str, **more: object) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": made.ap_actor(name),
        "type": "Person",
        "preferredUsername": name,
        "name": f"Name of {name}",
        "summary": "<p>words</p>",
        "url": f"https://social.example/@{name}",
        "published": "2023-01-02T00:00:00Z",
        "outbox": f"{made.ap_actor(name)}/outbox",
        "publicKey": {"publicKeyPem": "secretkey"},
    } | more


def test_a_known_actor_in_full_and_another_as_a_hash(tmp_path: Path) -> None:
    [known] = sources_files.records(read(tmp_path, actor("sahlara")))
    assert (known.accounts[0].handle, known.accounts[0].display_name) == ("sahlara@social.example", "Name of sahlara")
    assert known.accounts[0].description == "words"
    [other] = sources_files.records(read(tmp_path, actor("hidden_one")))
    assert other.accounts[0].uid.startswith("mastodon:h:")
    assert "hidden" not in repr(other.accounts) + other.raw.decode()


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("Service", AccountType.BOT),
        ("Group", AccountType.GROUP),
        ("Organization", AccountType.PAGE),
        ("Person", AccountType.PERSON),
    ],
)
def test_kinds_of_actors(tmp_path: Path, kind: str, wanted: AccountType) -> None:
    [record] = sources_files.records(read(tmp_path, actor("sahlara", type=kind)))
    assert record.accounts[0].type is wanted


def test_an_actor_whose_address_has_no_name_takes_its_own(tmp_path: Path) -> None:
    odd = actor("sahlara", id="https://social.example/ap/users/117", url="https://social.example/@sahlara")
    [record] = sources_files.records(read(tmp_path, odd))
    assert record.accounts[0].uid == "mastodon:@sahlara@social.example"


# Ways of writing


def test_pages_lines_lists_and_single_objects(tmp_path: Path) -> None:
    items = [made.ap_create(note()), made.ap_announce(99, "hidden_one", note()["id"])]
    whole = [record.raw for record in sources_files.records(outbox(tmp_path, *items))]
    page = made.ap_outbox(items, type="OrderedCollectionPage")
    first = made.ap_outbox([], first=page)
    plain = {"type": "Collection", "@context": "https://www.w3.org/ns/activitystreams", "items": items}
    ways = [
        made.write_json(tmp_path / "1.json", page),
        made.write_json(tmp_path / "2.json", first),
        made.write_json(tmp_path / "3.json", plain),
        made.write_json(tmp_path / "4.json", items),
        made.write_lines(tmp_path / "5.jsonl", items),
        made.write_lines(tmp_path / "6.jsonl", [page, made.ap_outbox([])]),
    ]
    for path in ways:
        found = sources_files.items(ActivityPubOutbox(), path, public=KNOWN)
        assert [record.raw for record in sources_files.records(found)] == whole, path.name


def test_what_is_broken_loses_only_itself(tmp_path: Path) -> None:
    bad_id = made.ap_create(note(id="not an address"))
    wrong = made.ap_create(note()) | {"published": 5}
    found = outbox(tmp_path, bad_id, wrong, 7, {"a": 1}, made.ap_create(note()))
    assert [code for _, code in sources_files.rejects(found)] == [
        "id-unreadable",
        "shape-unknown",
        "shape-unknown",
        "shape-unknown",
    ]
    assert len(sources_files.records(found, "post")) == 1


def test_a_cut_outbox_keeps_what_was_whole(tmp_path: Path) -> None:
    text = json.dumps(
        made.ap_outbox([made.ap_create(made.ap_note(n, "sahlara", f"<p>post {n}</p>")) for n in range(1, 5)])
    )
    path = tmp_path / "a.json"
    path.write_text(text[: text.index("post 3")], encoding="utf-8")
    found = sources_files.items(ActivityPubOutbox(), path, public=KNOWN)
    assert len(sources_files.records(found, "post")) == 2
    assert sources_files.rejects(found)


def test_values_of_one_or_several() -> None:
    assert several(None) == []
    assert several("x") == ["x"]
    assert several([1, 2]) == [1, 2]
    assert len(several([0] * 500)) == 100
    assert address([{"href": "https://a.example/"}]) == "https://a.example/"
    assert address([5, {"id": ""}, "https://b.example/"]) == "https://b.example/"
    assert address({"x": 1}) is None
    assert addresses(["a", {"id": "b"}, 5]) == {"a", "b"}
    assert types(["Note", "https://x.example/ns#Question"]) == {"Note", "Question"}
    assert total({"totalItems": 5}) == 5
    for value in (None, 5, {}, {"totalItems": True}, {"totalItems": -1}, {"totalItems": 1 << 60}):
        assert total(value) is None
