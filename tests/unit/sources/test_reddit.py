"""Reddit: subreddits are public, who posts is not; deleted and removed are states; crossposts are edges."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Label, Metric, Post
from dalil.schema.words import AccountType, EdgeType, IdQuality, Kind, State, TextFormat, Visibility, ZoneBasis
from dalil.sources.formats.reddit.importer import Reddit
from dalil.sources.formats.reddit.media import media_of, refs_of
from dalil.sources.formats.reddit.shapes import Thing
from dalil.sources.formats.reddit.things import place_of, unescaped
from dalil.sources.importer import Ignored, Item, Quarantined, Record
from dalil.sources.privacy import Pseudonymiser

KNOWN = [PublicAccount(platform="reddit", handle="SahlaraNews")]
AT = datetime.fromtimestamp(1778513656, UTC)


def read(tmp_path: Path, value: object, **more: Any) -> list[Item]:
    more.setdefault("public", KNOWN)
    return sources_files.items(Reddit(), made.write_json(tmp_path / "a.json", value), **more)


def listing(tmp_path: Path, *things: tuple[str, object], **more: Any) -> list[Item]:
    return read(tmp_path, made.rd_listing([made.rd_thing(kind, data) for kind, data in things]), **more)


def one(tmp_path: Path, thing: dict[str, Any], kind: str = "t3") -> tuple[Record, Post]:
    record = sources_files.records(listing(tmp_path, (kind, thing)), "post")[0]
    assert record.post is not None
    return record, record.post


def known(title: str = "The bridge stands", **more: object) -> dict[str, Any]:
    return made.rd_post("1abc", "SahlaraNews", title, **more)


def test_a_post_of_a_known_account(tmp_path: Path) -> None:
    record, post = one(tmp_path, known(selftext="**Both** lanes.\nhttps://news.example/bridge #bridge"))
    assert post.uid == record.uid == "reddit:t3_1abc"
    assert post.uri == "https://www.reddit.com/r/Sahlara/comments/1abc/some_words/"
    assert post.author_ref == "reddit:@sahlaranews"
    assert post.container_ref == "reddit:r/sahlara"
    assert post.text == "The bridge stands\n\n**Both** lanes.\nhttps://news.example/bridge #bridge"
    assert post.text_format is TextFormat.MARKDOWN
    assert post.created_at == post.server_indexed_at == AT
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.hashtags == ("bridge",)
    assert [url.as_written for url in post.urls] == ["https://news.example/bridge"]
    assert post.metrics == (Metric("score", 5), Metric("comments", 2), Metric("reposts", 0))
    assert post.visibility is Visibility.PUBLIC
    assert post.thread_root == post.uid
    assert post.state is State.LIVE


def test_a_post_of_anybody_else_is_hashed_with_the_place_left(tmp_path: Path) -> None:
    record, post = one(
        tmp_path, made.rd_post("1hid", "hidden_one", "words", selftext="by u/hidden_one and /u/Hidden_Two")
    )
    assert post.uid.startswith("reddit:h:")
    assert (post.uri, post.id_quality, record.author_public) == (None, IdQuality.HASHED, False)
    assert post.container_ref == "reddit:r/sahlara"
    assert post.author_ref is not None
    assert post.mentions[0] == f"u/{post.author_ref.partition(':')[2]}"
    shown = (repr(post) + record.raw.decode()).lower()
    for secret in ("hidden", "1hid", "t2_", "saved", "secretmodhash"):
        assert secret not in shown


def test_a_name_is_one_hash_in_any_case_and_in_addresses(tmp_path: Path) -> None:
    own, _ = one(tmp_path, made.rd_post("1hid", "Hidden_One", "words"))
    _, post = one(tmp_path, known(selftext="see https://www.reddit.com/user/hidden_one"))
    assert own.author_ref is not None
    assert post.urls[0].expanded == f"https://www.reddit.com/{own.author_ref.partition(':')[2]}"


@pytest.mark.parametrize(("edited", "at"), [(False, None), (1778517256.0, datetime.fromtimestamp(1778517256, UTC)), (True, None), (None, None), ("1778517256", datetime.fromtimestamp(1778517256, UTC))])  # fmt: skip
def test_edited_is_false_a_time_or_of_old_true(tmp_path: Path, edited: object, at: datetime | None) -> None:
    _, post = one(tmp_path, known(edited=edited))
    assert post.edited_at == at
    assert post.state is (State.EDITED if edited else State.LIVE)


@pytest.mark.parametrize(
    ("change", "state", "reason", "text"),
    [
        ({"selftext": "[deleted]", "author": "[deleted]"}, State.DELETED, "[deleted]", "The bridge stands"),
        ({"selftext": "[removed]"}, State.WITHHELD, "[removed]", "The bridge stands"),
        (
            {"selftext": "[removed]", "removed_by_category": "moderator"},
            State.WITHHELD,
            "moderator",
            "The bridge stands",
        ),
        (
            {"selftext": "words", "removed_by_category": "automod_filtered"},
            State.WITHHELD,
            "automod_filtered",
            "The bridge stands\n\nwords",
        ),
        ({"selftext": "", "removed_by_category": "deleted"}, State.DELETED, "deleted", "The bridge stands"),
        ({"title": "[deleted by user]", "selftext": "[removed]"}, State.DELETED, "[deleted]", ""),
    ],
)
def test_deleted_and_removed_are_states(
    tmp_path: Path, change: dict[str, object], state: State, reason: str, text: str
) -> None:
    _, post = one(tmp_path, known() | change)
    assert (post.state, post.state_reason, post.text) == (state, reason, text)


def test_an_author_who_is_gone_is_nobody(tmp_path: Path) -> None:
    record, post = one(tmp_path, known(author="[deleted]"))
    assert post.author_ref is None
    assert post.uid.startswith("reddit:h:")
    assert not record.author_public


def test_a_deletion_is_a_version_of_the_same_post(tmp_path: Path) -> None:
    live, _ = one(tmp_path, known(selftext="words"))
    gone, post = one(tmp_path, known(selftext="[removed]", retrieved_utc=1778600000))
    assert live.uid == gone.uid
    assert live.version != gone.version
    assert post.state_at == datetime.fromtimestamp(1778600000, UTC)


def test_a_comment_answers_a_post_or_a_comment(tmp_path: Path) -> None:
    top = made.rd_comment("cx1", "hidden_one", "no", link_id="t3_1hid", parent_id="t3_1hid")
    reply = made.rd_comment("cx2", "hidden_two", "yes", link_id="t3_1hid", parent_id="t1_cx1")
    own = made.rd_post("1hid", "hidden_three", "words")
    found = sources_files.records(listing(tmp_path, ("t3", own), ("t1", top), ("t1", reply)))
    post, first, second = found
    assert [(edge.type, edge.dst_uid) for edge in first.edges] == [(EdgeType.REPLY, post.uid)]
    assert second.edges[0].dst_uid == first.uid
    assert first.post is not None
    assert second.post is not None
    assert first.post.thread_root == second.post.thread_root == post.uid
    assert first.post.metrics == (Metric("score", -3),)


@pytest.mark.parametrize("parent", [None, 12345, "nonsense", "t4_abc"])
def test_a_parent_of_no_shape(tmp_path: Path, parent: object) -> None:
    record, _ = one(tmp_path, made.rd_comment("cx1", "hidden_one", "no", parent_id=parent), "t1")
    targets = [edge.dst_uid for edge in record.edges]
    assert len(targets) == (1 if parent is None or isinstance(parent, int) else 0)


def test_replies_below_a_comment_are_read(tmp_path: Path) -> None:
    deepest = made.rd_comment("cx3", "hidden_one", "third")
    second = made.rd_comment("cx2", "hidden_one", "second", replies=made.rd_listing([made.rd_thing("t1", deepest), made.rd_thing("more", {"children": ["x"]})]))  # fmt: skip
    first = made.rd_comment("cx1", "hidden_one", "first", replies=made.rd_listing([made.rd_thing("t1", second)]))
    found = listing(tmp_path, ("t1", first))
    assert [record.post.text for record in sources_files.records(found) if record.post] == ["first", "second", "third"]
    assert Ignored("kind-not-read") in found


def test_replies_of_any_depth_end(tmp_path: Path) -> None:
    thing = json.dumps(made.rd_thing("t1", made.rd_comment("cx", "hidden_one", "x", replies="HERE")))
    before, after = thing.split('"HERE"')
    before += '{"kind": "Listing", "data": {"children": ['
    path = tmp_path / "deep.json"
    path.write_text(before * 250 + thing + ("]}}" + after) * 250, encoding="utf-8")
    found = sources_files.items(Reddit(), path)
    assert {code for _, code in sources_files.rejects(found)} == {"nested-too-deep"}
    assert len(sources_files.records(found)) in range(120)


# Crossposts


def crosspost(title: str, parent: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    held = {} if parent is None else {"crosspost_parent_list": [parent]}
    return made.rd_post("1hid", "hidden_one", title, crosspost_parent="t3_1abc", **held, **more)


def test_a_crosspost_under_the_same_title_is_a_repost(tmp_path: Path) -> None:
    repost, original = sources_files.records(listing(tmp_path, ("t3", crosspost("The bridge stands", known()))))
    assert (repost.kind, original.included) == (Kind.REPOST, True)
    assert [(edge.type, edge.dst_uid) for edge in repost.edges] == [(EdgeType.REPOST, "reddit:t3_1abc")]
    assert original.uid == "reddit:t3_1abc"
    assert repost.signal_text == ""
    assert b'"place":"reddit:r/sahlara"' in repost.raw


def test_a_crosspost_under_a_title_of_its_own_quotes(tmp_path: Path) -> None:
    own = crosspost("It is a lie", known(selftext="copied words"), selftext="copied words", secure_media={"reddit_video": {"fallback_url": "https://v.redd.it/x"}})  # fmt: skip
    quote, original = sources_files.records(listing(tmp_path, ("t3", own)))
    assert quote.post is not None
    assert quote.post.text == "It is a lie"
    assert quote.post.media == quote.post.urls == ()
    assert [(edge.type, edge.dst_uid) for edge in quote.edges] == [(EdgeType.QUOTE, original.uid)]


def test_a_crosspost_whose_original_is_not_at_hand(tmp_path: Path) -> None:
    [repost] = sources_files.records(listing(tmp_path, ("t3", crosspost("x"))))
    assert repost.kind is Kind.REPOST
    assert repost.edges[0].dst_uid is not None
    assert repost.edges[0].dst_uid.startswith("reddit:h:")
    broken = listing(tmp_path, ("t3", crosspost("x", None) | {"crosspost_parent_list": [5]}))
    assert [code for _, code in sources_files.rejects(broken)] == ["shape-unknown"]


def test_a_crosspost_of_a_crosspost_is_read_once(tmp_path: Path) -> None:
    inner = known() | {"crosspost_parent": "t3_1xyz", "crosspost_parent_list": [known()]}
    found = sources_files.records(listing(tmp_path, ("t3", crosspost("The bridge stands", inner))))
    assert [record.kind for record in found] == [Kind.REPOST, Kind.POST]


# Links and media


def test_a_link_post_is_made_of_its_link(tmp_path: Path) -> None:
    _, post = one(tmp_path, known(is_self=False, url="https://news.example/a?b=1&amp;c=2"))
    assert [url.as_written for url in post.urls] == ["https://news.example/a?b=1&c=2"]
    record, private = one(
        tmp_path, made.rd_post("1hid", "hidden_one", "x", is_self=False, url="https://www.youtube.com/@hidden_two")
    )
    assert "hidden" not in repr(private) + record.raw.decode()


GALLERY = {"m1": {"m": "image/png", "s": {"x": 800, "y": 600, "u": "https://preview.redd.it/m1.png"}}, "m2": {"s": {"gif": "https://i.redd.it/m2.gif"}}, "m3": {}, "m4": 5}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        (
            {"media_metadata": GALLERY},
            [
                ("m1", "image/png", "https://preview.redd.it/m1.png"),
                ("m2", "image/*", "https://i.redd.it/m2.gif"),
                ("m3", "image/*", None),
            ],
        ),
        (
            {
                "secure_media": {
                    "reddit_video": {
                        "fallback_url": "https://v.redd.it/x/720",
                        "width": 1280,
                        "height": 720,
                        "duration": 12,
                    }
                }
            },
            [("https://v.redd.it/x/720", "video/mp4", "https://v.redd.it/x/720")],
        ),
        (
            {"media": {"reddit_video": {"fallback_url": "https://v.redd.it/y"}}},
            [("https://v.redd.it/y", "video/mp4", "https://v.redd.it/y")],
        ),
        (
            {"url": "https://i.redd.it/a.JPG?x=1"},
            [("https://i.redd.it/a.JPG?x=1", "image/jpeg", "https://i.redd.it/a.JPG?x=1")],
        ),
        (
            {"url": "https://i.imgur.com/a.mp4"},
            [("https://i.imgur.com/a.mp4", "video/mp4", "https://i.imgur.com/a.mp4")],
        ),
        ({"url": "https://news.example/a.png"}, []),
        ({"url": "http://[::1"}, []),
        ({"secure_media": {"type": "youtube.com"}, "media": 5, "media_metadata": 5}, []),
        ({}, []),
    ],
)
def test_media_of_all_kinds(fields: dict[str, Any], wanted: list[tuple[str, str, str | None]]) -> None:
    privacy = Pseudonymiser(bytes(32))
    shown = refs_of(media_of(Thing(**fields), []), privacy, public=True)
    assert [(ref.native_key, ref.mime, ref.source_url) for ref in shown] == wanted
    for ref in refs_of(media_of(Thing(**fields), []), privacy, public=False):
        assert ref.source_url is None
        assert ref.native_key is not None
        assert ref.native_key.startswith("h:")


def test_labels(tmp_path: Path) -> None:
    _, post = one(tmp_path, known(over_18=True, stickied=True, link_flair_text="by u/hidden_one"))
    assert post.labels_by_platform[:2] == (Label("reddit", "over_18"), Label("reddit", "stickied"))
    assert post.labels_by_platform[2].source == "subreddit"
    assert "hidden" not in post.labels_by_platform[2].value


# Places


@pytest.mark.parametrize("kind", ["private", "employees_only", "gold_only"])
def test_what_stands_in_a_closed_subreddit_is_not_read(tmp_path: Path, kind: str) -> None:
    assert listing(tmp_path, ("t3", known(subreddit_type=kind))) == [Quarantined("not-public")]
    assert listing(tmp_path, ("t5", subreddit("Closed", subreddit_type=kind))) == [Quarantined("not-public")]


def test_private_messages_are_not_read(tmp_path: Path) -> None:
    assert listing(tmp_path, ("t4", {"body": "secret"})) == [Quarantined("not-public")]


def subreddit(name: str, **more: object) -> dict[str, Any]:
    return {"display_name": name, "title": "News of Sahlara", "public_description": "by u/hidden_one", "subscribers": 1234, "created_utc": 1213802177.0, "subreddit_type": "public", "id": "2qizd", "name": "t5_2qizd"} | more  # fmt: skip


def test_a_subreddit_is_a_public_group(tmp_path: Path) -> None:
    [record] = sources_files.records(listing(tmp_path, ("t5", subreddit("Sahlara"))))
    [account] = record.accounts
    assert (account.uid, account.handle, account.type) == ("reddit:r/sahlara", "r/Sahlara", AccountType.GROUP)
    assert account.counts == (Metric("followers", 1234),)
    assert "hidden" not in repr(account) + record.raw.decode()


def test_a_person_s_own_page_is_a_person(tmp_path: Path) -> None:
    assert listing(tmp_path, ("t5", subreddit("u_hidden_one"))) == [Ignored("profile-not-read")]
    assert listing(tmp_path, ("t5", subreddit("hidden_one", subreddit_type="user"))) == [Ignored("profile-not-read")]
    record, post = one(tmp_path, made.rd_post("1hid", "hidden_one", "x", subreddit="u_hidden_one"))
    assert post.container_ref == post.author_ref
    assert "hidden" not in repr(post) + record.raw.decode()


def test_places() -> None:
    privacy = Pseudonymiser(bytes(32))
    assert place_of("Sahlara", privacy) == "reddit:r/sahlara"
    assert place_of("", privacy) is None
    assert place_of("no spaces", privacy) is None


def test_accounts_and_awards_are_counted(tmp_path: Path) -> None:
    assert listing(tmp_path, ("t2", {"name": "hidden_one"}), ("t6", {})) == [Ignored("kind-not-read")] * 2


# Lines


def test_lines_of_pushshift_are_flat(tmp_path: Path) -> None:
    post = known(created_utc="1778513656", retrieved_on=1778600000)
    del post["name"]
    comment = made.rd_comment("CX1", "hidden_one", "a &gt; b &amp;&amp; c", retrieved_on=1778600000)
    del comment["name"]
    path = made.write_lines(tmp_path / "a.ndjson", [post, comment, {"a": 1}, {"title": "x"}, 5])
    found = sources_files.items(Reddit(), path, public=KNOWN)
    first, second = sources_files.records(found)
    assert first.uid == "reddit:t3_1abc"
    assert first.post is not None
    assert first.post.created_at == AT
    assert first.post.state_at == datetime.fromtimestamp(1778600000, UTC)
    assert second.post is not None
    assert second.post.text == "a > b && c"
    assert sources_files.rejects(found) == [
        ("line 3", "shape-unknown"),
        ("line 4", "shape-unknown"),
        ("line 5", "shape-unknown"),
    ]


def test_a_line_and_a_listing_are_one_observation(tmp_path: Path) -> None:
    post = known(selftext="words")
    path = made.write_lines(tmp_path / "a.ndjson", [post])
    [flat] = sources_files.records(sources_files.items(Reddit(), path, public=KNOWN))
    listed, _ = one(tmp_path, post)
    assert flat.raw == listed.raw


def test_what_is_broken_loses_only_itself(tmp_path: Path) -> None:
    nameless = known() | {"id": "no id!", "name": None}
    found = listing(tmp_path, ("t3", nameless), ("t3", {"id": []}), ("t3", known()), ("t5", {"display_name": ""}))
    assert [code for _, code in sources_files.rejects(found)] == ["id-unreadable", "shape-unknown", "id-unreadable"]
    assert len(sources_files.records(found)) == 1
    assert [code for _, code in sources_files.rejects(read(tmp_path, {"kind": "Listing", "data": 5}))] == [
        "shape-unknown"
    ]
    assert read(tmp_path, {"message": "Forbidden", "error": 403}) == [Ignored("answer-is-error")]


def test_a_time_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    record, post = one(tmp_path, known(created_utc="soon"))
    assert post.created_at is None
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]


def test_entities_are_three() -> None:
    assert unescaped("&lt;b&gt; &amp;amp; &quot;") == "<b> &amp; &quot;"
    assert unescaped("no entities") == "no entities"
