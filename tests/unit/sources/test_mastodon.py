"""Mastodon's API: keyed on the uri, HTML to text, only what is public, reposts as edges, edits as versions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import AccountType, EdgeType, IdQuality, Kind, State, TextFormat, Visibility, ZoneBasis
from dalil.sources import fediverse
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.importer import Ignored, Item, Quarantined, Record
from dalil.sources.privacy import Pseudonymiser

KNOWN = [PublicAccount(platform="mastodon", handle="sahlara@social.example")]
AT = datetime(2026, 5, 11, 15, 34, 16, 500_000, tzinfo=UTC)
OTHER = {
    "id": "77",
    "username": "hidden_two",
    "url": "https://other.example/@hidden_two",
    "acct": "hidden_two@other.example",
}


def read(tmp_path: Path, value: object, **more: Any) -> list[Item]:
    more.setdefault("public", KNOWN)
    return sources_files.items(Mastodon(), made.write_json(tmp_path / "a.json", value), **more)


def one(tmp_path: Path, status: object, **more: Any) -> tuple[Record, Post]:
    record = sources_files.records(read(tmp_path, status, **more), "post", included=False)[0]
    assert record.post is not None
    return record, record.post


def test_a_status_of_a_known_account(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.md_status(12, "sahlara", "<p>The bridge stands.</p><p>Both lanes.</p>"))
    assert post.uid == record.uid == "mastodon:https://social.example/users/sahlara/statuses/12"
    assert post.uri == "https://social.example/@sahlara/12"
    assert post.author_ref == "mastodon:@sahlara@social.example"
    assert post.text == "The bridge stands.\n\nBoth lanes."
    assert post.text_format is TextFormat.HTML
    assert post.created_at == post.claimed_at == AT
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert (post.lang, post.client, post.visibility) == ("en", "Web", Visibility.PUBLIC)
    assert post.metrics == (Metric("replies", 1), Metric("reposts", 2), Metric("likes", 3))
    assert post.state is State.LIVE


def test_a_status_of_anybody_else_is_hashed_throughout(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.md_status(9007001, "hidden_one", "<p>words</p>"))
    assert post.uid.startswith("mastodon:h:")
    assert (post.uri, post.id_quality, record.author_public) == (None, IdQuality.HASHED, False)
    shown = repr(post) + record.raw.decode()
    for secret in ("hidden", "9007001", "files.example", "home.example", "bookmarked"):
        assert secret not in shown


@pytest.mark.parametrize("visibility", ["unlisted", "private", "direct", "limited", ""])
def test_what_is_not_public_is_counted_at_the_door(tmp_path: Path, visibility: str) -> None:
    assert read(tmp_path, made.md_status(1, "sahlara", "<p>secret</p>", visibility=visibility)) == [
        Quarantined("not-public")
    ]


def test_a_mention_in_html_is_whom_its_address_means(tmp_path: Path) -> None:
    content = (
        f"<p>{made.md_mention('hidden_two', 'other.example')} and {made.md_mention('sahlara')} hold the bridge</p>"
    )
    record, post = one(tmp_path, made.md_status(12, "sahlara", content, mentions=[OTHER]))
    assert post.text.startswith("@h:")
    assert post.text.endswith(" and @sahlara hold the bridge")
    assert "hidden_two" not in post.text
    assert [post.text[span.start : span.end] for span in post.spans] == list(post.mentions)
    mentioned = [edge.dst_uid for edge in record.edges if edge.type is EdgeType.MENTION]
    assert "mastodon:@sahlara@social.example" in mentioned
    assert len(mentioned) == 2


def test_two_people_of_one_name_on_two_servers_are_two(tmp_path: Path) -> None:
    content = f"<p>{made.md_mention('hidden', 'one.example')} {made.md_mention('hidden', 'two.example')}</p>"
    record, post = one(tmp_path, made.md_status(12, "sahlara", content))
    assert len(set(post.mentions)) == 2
    assert len({edge.dst_uid for edge in record.edges}) == 2


def test_one_person_is_one_hash_however_they_are_met(tmp_path: Path) -> None:
    link = "<p><a href='https://other.example/@hidden_two'>them</a> @hidden_two@other.example</p>"
    by, _ = one(tmp_path, made.md_status(1, "hidden_two", "<p>x</p>", account=made.md_account("hidden_two", "other.example", acct="hidden_two@other.example")))  # fmt: skip
    _, post = one(tmp_path, made.md_status(12, "sahlara", link, mentions=[OTHER]))
    assert by.author_ref is not None
    stand_in = by.author_ref.partition(":")[2]
    assert post.urls[0].expanded == f"https://other.example/{stand_in}"
    assert post.text.endswith(f"@{stand_in}")


def test_hashtags_and_links_keep_their_places(tmp_path: Path) -> None:
    content = '<p>😀 <a href="https://social.example/tags/bridge" class="mention hashtag" rel="tag">#<span>bridge</span></a> <a href="https://news.example/?a=1&amp;b=2"><span class="invisible">https://</span>news.example</a></p>'  # fmt: skip
    _, post = one(tmp_path, made.md_status(12, "sahlara", content))
    assert post.text == "😀 #bridge https://news.example"
    assert post.hashtags == ("bridge",)
    shown = {span.type: (post.text[span.start : span.end], span.target) for span in post.spans}
    assert shown == {"hashtag": ("#bridge", "bridge"), "url": ("https://news.example", "https://news.example/?a=1&b=2")}


def test_a_content_warning_stands_before_the_text(tmp_path: Path) -> None:
    content = f"<p>{made.md_mention('hidden_two', 'other.example')}</p>"
    _, post = one(tmp_path, made.md_status(12, "sahlara", content, spoiler_text="about the bridge", sensitive=True))
    assert post.text.startswith("about the bridge\n\n@h:")
    assert post.text[post.spans[0].start : post.spans[0].end] == post.mentions[0]
    assert [label.value for label in post.labels_by_platform] == ["sensitive"]
    _, alone = one(tmp_path, made.md_status(13, "sahlara", "", spoiler_text="only this"))
    assert alone.text == "only this"


def test_an_edit_is_a_version_of_the_same_post(tmp_path: Path) -> None:
    before, _ = one(tmp_path, made.md_status(12, "sahlara", "<p>first</p>"))
    after, post = one(tmp_path, made.md_status(12, "sahlara", "<p>second</p>", edited_at="2026-05-11T16:00:00Z"))
    assert before.uid == after.uid
    assert before.version != after.version
    assert post.created_at == AT
    assert post.edited_at == post.state_at == datetime(2026, 5, 11, 16, tzinfo=UTC)
    assert post.state is State.EDITED


def test_a_repost_is_an_edge_with_an_observation_of_its_own(tmp_path: Path) -> None:
    original = made.md_status(12, "sahlara", "<p>The bridge stands.</p>")
    found = read(tmp_path, made.md_repost(99, "hidden_one", original))
    [repost] = sources_files.records(found, "repost")
    [edge] = repost.edges
    assert (edge.type, edge.dst_uid) == (EdgeType.REPOST, "mastodon:https://social.example/users/sahlara/statuses/12")
    assert edge.at == AT
    assert repost.post is None
    assert repost.signal_text == ""
    [post] = sources_files.records(found, "post")
    assert post.included
    assert post.uid == edge.dst_uid


def test_a_repost_of_what_is_not_public_is_not_read(tmp_path: Path) -> None:
    original = made.md_status(12, "sahlara", "<p>secret</p>", visibility="private")
    assert read(tmp_path, made.md_repost(99, "hidden_one", original))[0] == Quarantined("not-public")


def test_a_repost_within_a_repost_is_read_once(tmp_path: Path) -> None:
    inner = made.md_repost(98, "hidden_two", made.md_status(12, "sahlara", "<p>x</p>"))
    found = read(tmp_path, made.md_repost(99, "hidden_one", inner))
    assert len(sources_files.records(found, "repost")) == 1


@pytest.mark.parametrize("envelope", [True, False])
def test_a_quoted_status_comes_along(tmp_path: Path, envelope: bool) -> None:
    inner = made.md_status(12, "sahlara", "<p>The bridge stands.</p>")
    quote = {"state": "accepted", "quoted_status": inner} if envelope else inner
    found = read(tmp_path, made.md_status(13, "hidden_one", "<p>no</p>", quote=quote))
    own, quoted = sources_files.records(found, "post")
    assert (own.edges[0].type, own.edges[0].dst_uid) == (EdgeType.QUOTE, quoted.uid)
    assert quoted.included


@pytest.mark.parametrize("quote", [None, {"state": "pending", "quoted_status": None}, {"state": "revoked"}, []])
def test_a_quote_that_may_not_be_seen_is_none(tmp_path: Path, quote: object) -> None:
    record, _ = one(tmp_path, made.md_status(13, "sahlara", "<p>no</p>", quote=quote))
    assert record.edges == ()


def test_a_reply_to_oneself_is_resolved(tmp_path: Path) -> None:
    own = made.md_account("sahlara")
    record, _ = one(
        tmp_path, made.md_status(13, "sahlara", "<p>more</p>", in_reply_to_id="12", in_reply_to_account_id=own["id"])
    )
    assert record.edges[0].dst_uid == "mastodon:https://social.example/users/sahlara/statuses/12"


def test_a_reply_to_somebody_of_the_same_server_is_resolved(tmp_path: Path) -> None:
    local = {"id": "5", "username": "hidden_two", "url": "https://social.example/@hidden_two", "acct": "hidden_two"}
    target, _ = one(tmp_path, made.md_status(12, "hidden_two", "<p>x</p>"))
    record, _ = one(tmp_path, made.md_status(13, "sahlara", "<p>no</p>", in_reply_to_id="12", in_reply_to_account_id="5", mentions=[local]))  # fmt: skip
    assert record.edges[0].dst_uid == target.uid


def test_a_reply_that_cannot_be_resolved_keeps_a_hashed_hint(tmp_path: Path) -> None:
    record, _ = one(tmp_path, made.md_status(13, "sahlara", "<p>no</p>", in_reply_to_id="9007001", in_reply_to_account_id="77", mentions=[OTHER]))  # fmt: skip
    reply = record.edges[0]
    assert (reply.type, reply.dst_uid) == (EdgeType.REPLY, None)
    assert reply.dst_hint is not None
    assert reply.dst_hint.startswith("mastodon:h:")
    assert "9007001" not in record.raw.decode()
    assert any("social.example 9007001" in address for _, address in record.locators)


def test_media_lose_their_addresses_with_a_private_author(tmp_path: Path) -> None:
    picture = {
        "id": "9007001555",
        "type": "image",
        "url": "https://files.example/9007001555.png",
        "description": "a bridge, by @hidden_two@other.example",
        "meta": {"original": {"width": 800, "height": 600}},
    }
    film = {"id": "6", "type": "video", "url": "https://files.example/6.mp4", "meta": {"original": {"duration": 3.5}}}
    _, private = one(tmp_path, made.md_status(12, "hidden_one", "", media_attachments=[picture, film]))
    assert private.media[0].source_url is None
    assert private.media[0].native_key is not None
    assert private.media[0].native_key.startswith("h:")
    assert (private.media[0].width, private.media[0].height, private.media[0].mime) == (800, 600, "image/*")
    assert "hidden" not in str(private.media[0].alt_text)
    _, public = one(tmp_path, made.md_status(12, "sahlara", "", media_attachments=[picture, film]))
    assert [ref.native_key for ref in public.media] == ["9007001555", "6"]
    assert public.media[1].duration_s == 3.5


def test_a_poll_is_in_raw_with_its_votes(tmp_path: Path) -> None:
    poll = {
        "options": [{"title": "by @hidden_one", "votes_count": 3}, {"title": "no", "votes_count": None}],
        "votes_count": 3,
    }
    record, post = one(tmp_path, made.md_status(12, "sahlara", "<p>who?</p>", poll=poll))
    assert Metric("poll votes", 3) in post.metrics
    assert b'"poll":[["by @h:' in record.raw


def test_a_card_is_in_raw(tmp_path: Path) -> None:
    record, _ = one(
        tmp_path,
        made.md_status(12, "sahlara", "<p>x</p>", card={"url": "https://social.example/@hidden_one", "title": "t"}),
    )
    assert b'"card":["https://social.example/h:' in record.raw


def test_a_known_account_comes_along_in_full_and_another_with_rough_counts(tmp_path: Path) -> None:
    found = read(tmp_path, [made.md_status(1, "sahlara", "<p>x</p>"), made.md_status(2, "hidden_one", "<p>y</p>")])
    known, other = sources_files.records(found, "account")
    assert (known.accounts[0].handle, known.accounts[0].display_name) == ("sahlara@social.example", "Name of sahlara")
    assert known.accounts[0].description == "words about sahlara"
    assert [metric.value for metric in other.accounts[0].counts] == [100, 0, 90]
    assert other.accounts[0].handle is None


@pytest.mark.parametrize(("flag", "kind"), [("bot", AccountType.BOT), ("group", AccountType.GROUP)])
def test_bots_and_groups_are_told(tmp_path: Path, flag: str, kind: AccountType) -> None:
    found = read(tmp_path, [made.md_account("sahlara", **{flag: True})])
    [record] = sources_files.records(found)
    assert (record.kind, record.included, record.accounts[0].type) == (Kind.ACCOUNT, False, kind)


def test_threads_and_searches_hold_statuses_and_accounts(tmp_path: Path) -> None:
    status = made.md_status(1, "sahlara", "<p>x</p>")
    thread = read(tmp_path, {"ancestors": [status], "descendants": [made.md_status(2, "hidden_one", "<p>y</p>"), 5]})
    assert len(sources_files.records(thread, "post")) == 2
    assert sources_files.rejects(thread) == [("value 1 descendants[1]", "shape-unknown")]
    search = read(tmp_path, {"accounts": [made.md_account("sahlara")], "statuses": [status], "hashtags": []})
    assert len(sources_files.records(search, "post")) == 1
    assert len(sources_files.records(search, "account")) == 1


def test_what_is_no_status_is_rejected_or_counted(tmp_path: Path) -> None:
    bare = made.md_status(1, "sahlara", "<p>x</p>")
    found = read(
        tmp_path, [{"error": "not found"}, {"a": 1}, bare | {"uri": "urn:x"}, bare | {"uri": 5}, {"acct": "x"}]
    )
    assert [item.code for item in found if isinstance(item, Ignored)] == ["answer-is-error"]
    assert [code for _, code in sources_files.rejects(found)] == [
        "shape-unknown",
        "id-unreadable",
        "shape-unknown",
        "id-unreadable",
    ]


def test_a_status_without_its_author_is_private(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.md_status(1, "sahlara", "<p>x</p>", account=None))
    assert post.author_ref is None
    assert not record.author_public
    assert read(tmp_path, made.md_repost(2, "x", made.md_status(1, "sahlara", "")) | {"account": None})[0] != post


# Names of the fediverse


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://Social.example/@Name", "name@social.example"),
        ("https://social.example/users/name", "name@social.example"),
        ("http://localhost:3000/@name", "name@localhost:3000"),
        ("https://social.example/@name@other.example", "name@other.example"),
        ("https://social.example/ap/users/117", None),
        ("https://pixels.example/name", None),
    ],
)
def test_an_account_is_told_by_its_address(address: str, handle: str | None) -> None:
    assert fediverse.person(address) == fediverse.Person(address, handle)


def test_an_address_without_a_name_takes_the_one_that_the_format_gives() -> None:
    assert fediverse.person("https://pixels.example/name", "name@pixels.example").handle == "name@pixels.example"
    assert fediverse.person("https://pixels.example/name", "name").handle is None
    assert fediverse.person("https://social.example/@name", "else@where.example").handle == "name@social.example"


def test_an_account_is_public_by_handle_or_by_address() -> None:
    by_address = Pseudonymiser(
        bytes(32), [PublicAccount(platform="mastodon", native_id="https://social.example/ap/users/117")]
    )
    assert fediverse.who(by_address, fediverse.Person("https://social.example/ap/users/117")).public
    assert not fediverse.who(by_address, fediverse.Person("https://social.example/ap/users/118")).public
    by_handle = Pseudonymiser(bytes(32), KNOWN)
    assert fediverse.who(by_handle, fediverse.person("https://social.example/@SAHLARA")).public


def test_a_target_is_told_by_its_uri() -> None:
    found = fediverse.target("https://social.example/users/name/statuses/12/activity")
    assert found.uri == "https://social.example/users/name/statuses/12"
    assert found.author is not None
    assert found.author.handle == "name@social.example"
    assert fediverse.target("https://pixels.example/p/name/12") == fediverse.Target("https://pixels.example/p/name/12")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@name@social.example.", ["name@social.example"]),
        ("(@name)", ["name"]),
        ("@a.b-c@s-x.example:3000!", ["a.b-c@s-x.example:3000"]),
        ("@name@", ["name"]),
        ("nobody", []),
    ],
)
def test_handles_in_texts(text: str, names: list[str]) -> None:
    assert fediverse.HANDLE.findall(text) == names
