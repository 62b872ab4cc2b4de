"""A member's own archive of X: the posts are read, and the member is forgotten (law 9)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_x_files as x

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import keyed_hash
from dalil.schema.records import Metric
from dalil.schema.words import EdgeType, Kind, State, Visibility
from dalil.sources.formats.x_archive.importer import XArchive
from dalil.sources.formats.x_archive.owner import owner_of
from dalil.sources.importer import Item, Limits, Record
from dalil.sources.reading import SourceFile, head_of
from dalil.sources.x_status.around import Author

OWNER = (9007, "hidden_one")


def read(folder: Path, *tweets: dict[str, Any], public: tuple[PublicAccount, ...] = (), **how: Any) -> list[Item]:
    return sources_files.items(XArchive(), x.archive(folder, tweets, **how), public=public)


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(sources_files.KEY, "x", scheme, value)


def test_counts_and_positions_are_strings(tmp_path: Path) -> None:
    text = "the #bridge stands"
    tags = {"hashtags": [{"text": "bridge", "indices": ["4", "11"]}]}
    [record] = sources_files.records(read(tmp_path, x.archived(1600, text, entities=tags)))
    assert record.post is not None
    assert record.post.metrics == (Metric("likes", 5), Metric("reposts", 3))
    assert [(s.start, s.end) for s in record.post.spans] == [(4, 11)]
    assert record.source_version == "archive"


def test_the_owner_is_a_hash_and_nothing_is_sealed(tmp_path: Path) -> None:
    text = "to @another_one, see https://t.co/abc"
    own = x.archived(1600, text, entities={"user_mentions": [x.mention(text, "another_one", 8001)]})
    [record] = sources_files.records(read(tmp_path, own))
    assert record.uid == "x:" + hashed("post", "1600")
    assert record.author_ref == "x:" + hashed("account", "9007")
    assert not record.author_public
    assert record.locators == (), "whom a member writes to is nobody's business either"
    assert record.post is not None
    assert record.post.mentions == ("@" + hashed("account", "8001"),)
    assert record.post.visibility is Visibility.UNKNOWN


def test_an_owners_hash_is_the_one_that_others_captures_give(tmp_path: Path) -> None:
    from dalil.sources.formats.x_api_v1.importer import XApiV1

    [ours] = sources_files.records(read(tmp_path, x.archived(1600, "words")))
    captured = x.lines(tmp_path / "v1.jsonl", [x.status(1600, x.user(9007, "hidden_one"), "words")])
    theirs = sources_files.records(sources_files.items(XApiV1(), captured), "post")[0]
    assert (ours.uid, ours.author_ref, ours.version) == (theirs.uid, theirs.author_ref, theirs.version)


def test_nothing_of_the_account_file_but_the_id_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, x.archived(1600, "words of hidden_one: I am @hidden_one"))
    shown = str(found).lower()
    for secret in ("ownersecret", "@hidden_one", "9007'", "2011-02-03"):
        assert secret not in shown
    assert [record.kind for record in sources_files.records(found)] == [Kind.POST], "no record of the account"


def test_the_archive_of_a_public_page_is_read_as_public(tmp_path: Path) -> None:
    found = read(tmp_path, x.archived(1600, "The bridge stands."), owner=(55, "SahlaraToday"), public=(x.NEWS,))
    post = sources_files.records(found, "post")[0]
    assert post.uid == "x:1600"
    assert post.author_public
    assert post.post is not None
    assert post.post.uri == "https://x.com/SahlaraToday/status/1600"


def test_what_a_public_page_seals_of_others_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, x.archived(1600, "to @another_one"), owner=(55, "SahlaraToday"), public=(x.NEWS,))
    assert any(record.locators for record in sources_files.records(found))


def test_without_the_account_file_nobody_wrote_it(tmp_path: Path) -> None:
    [record] = sources_files.records(read(tmp_path, x.archived(1600, "words"), owner=None))
    assert record.author_ref is None
    assert record.uid == "x:" + hashed("post", "1600")
    assert record.locators == ()


# reposts, answers, edits


def test_a_repost_tells_whose_words_but_not_which_post(tmp_path: Path) -> None:
    text = "RT @SahlaraToday: The bridge at Tel Nahr st…"
    marks = {"user_mentions": [x.mention(text, "SahlaraToday", 55)]}
    [record] = sources_files.records(read(tmp_path, x.archived(1700, text, entities=marks), public=(x.NEWS,)), "repost")
    [edge] = record.edges
    assert (edge.type, edge.dst_uid, edge.dst_hint) == (EdgeType.REPOST, None, "x:55")
    assert record.signal_text == "The bridge at Tel Nahr st…"
    assert json.loads(record.raw)["status"]["reposted"] == {"user_id_str": "55", "screen_name": "SahlaraToday"}


def test_a_repost_of_a_private_person_hints_at_a_hash(tmp_path: Path) -> None:
    text = "RT @another_one: words"
    marks = {"user_mentions": [x.mention(text, "another_one", 8001)]}
    for entities, hint in ((marks, hashed("account", "8001")), ({}, hashed("handle", "another_one"))):
        [record] = sources_files.records(read(tmp_path, x.archived(1700, text, entities=entities)))
        assert record.edges[0].dst_hint == f"x:{hint}"
        assert b"another_one" not in record.raw


def test_accounts_that_are_no_more_share_no_id(tmp_path: Path) -> None:
    text = "@gone_one and @gone_two"
    marks = [x.mention(text, "gone_one") | {"id_str": "-1"}, x.mention(text, "gone_two") | {"id_str": "-1", "id": "-1"}]
    [record] = sources_files.records(read(tmp_path, x.archived(1600, text, entities={"user_mentions": marks})))
    assert record.post is not None
    assert len(set(record.post.mentions)) == 2
    assert not [edge for edge in record.edges if edge.type is EdgeType.MENTION]


def test_an_answer_to_oneself_is_an_edge_within_the_archive(tmp_path: Path) -> None:
    answer = {
        "in_reply_to_status_id_str": "1600",
        "in_reply_to_user_id_str": "9007",
        "in_reply_to_screen_name": "hidden_one",
    }
    first, second = sources_files.records(read(tmp_path, x.archived(1600, "one"), x.archived(1601, "two", **answer)))
    assert [edge.dst_uid for edge in second.edges] == [first.uid]


@pytest.mark.parametrize(
    "info",
    [
        {"initial": {"editTweetIds": [str(x.FIRST), str(x.SECOND)], "editsRemaining": "4"}},
        {
            "edit": {
                "initialTweetId": str(x.FIRST),
                "editControlInitial": {"editTweetIds": [str(x.FIRST), str(x.SECOND)]},
            }
        },
        {"edit": {"initialTweetId": str(x.FIRST), "editControlInitial": {"editTweetIds": [str(x.SECOND)]}}},
    ],
)
def test_an_edit_is_a_version_of_the_first(tmp_path: Path, info: dict[str, Any]) -> None:
    [record] = sources_files.records(read(tmp_path, x.archived(x.SECOND, "It did not fall.", edit_info=info)))
    assert record.uid == "x:" + hashed("post", str(x.FIRST))
    assert record.post is not None
    assert (record.post.state, record.post.version_no) == (State.EDITED, 2)


# the file


@pytest.mark.parametrize(
    "prefix",
    [
        "window.YTD.tweets.part0 = ",
        "window.YTD.tweet.part0 = ",
        "window.YTD.tweets.part12=",
        "\ufeffwindow.YTD.tweets.part0 = ",
        "\n window.YTD.tweets.part0  =\n",
    ],
)
def test_the_assignment_before_the_list_may_vary(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "whatever.bin"
    path.write_text(prefix + json.dumps([{"tweet": x.archived(1600, "words")}]), encoding="utf-8")
    assert XArchive().detect(head_of(path)) == 1.0
    assert len(sources_files.records(sources_files.items(XArchive(), path))) == 1


def test_archives_from_before_2019_have_no_wrapper(tmp_path: Path) -> None:
    path = tmp_path / "tweet.js"
    path.write_text("window.YTD.tweet.part0 = " + json.dumps([x.archived(1600, "words"), x.archived(1601, "more")]))
    assert len(sources_files.records(sources_files.items(XArchive(), path))) == 2


@pytest.mark.parametrize(
    "other",
    [
        "window.YTD.direct_messages.part0 = [",
        "window.YTD.account.part0 = [",
        "window.YTD.deleted_tweets.part0 = [",
        "window.YTD.like.part0 = [",
        "window.YTD.twitter_circle_tweet.part0 = [",
        "window.YTD.tweets.part0 = {",
        "window.YTD.tweets.part = [",
        "[]",
    ],
)
def test_no_other_file_of_an_archive_is_taken(tmp_path: Path, other: str) -> None:
    path = tmp_path / "x.js"
    path.write_text(other)
    assert XArchive().detect(head_of(path)) == 0.0
    with pytest.raises(InputError) as caught:
        sources_files.items(XArchive(), path)
    assert caught.value.code == "format-unknown"


def test_a_broken_element_loses_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    good = json.dumps({"tweet": x.archived(1600, "words")})
    path.write_text(f'window.YTD.tweets.part0 = [{good}, {{"tweet": 5}}, 7, {good.replace("1600", "1601")}]')
    found = sources_files.items(XArchive(), path)
    assert len(sources_files.records(found)) == 2
    assert sources_files.rejects(found) == [("tweet 2", "shape-unknown"), ("tweet 3", "shape-unknown")]


def test_a_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = x.archive(tmp_path, [x.archived(1600, "words"), x.archived(1601, "more words")])
    whole = path.read_bytes()
    for cut in range(40, len(whole) - 1, 97):
        path.write_bytes(whole[:cut])
        found = sources_files.items(XArchive(), path)
        assert sources_files.rejects(found), cut
        assert len(sources_files.records(found)) < 2


def test_an_element_that_is_too_long_is_not_held(tmp_path: Path) -> None:
    path = x.archive(tmp_path, [x.archived(1600, "w" * 5000), x.archived(1601, "words")])
    found = sources_files.items(XArchive(), path, limits=Limits(line_bytes=3000))
    assert sources_files.rejects(found) == [("tweet 1", "record-too-long")]
    assert len(sources_files.records(found)) == 1


# whose it is


def test_the_owner_is_found_beside_the_file(tmp_path: Path) -> None:
    path = x.archive(tmp_path, [])
    assert owner_of(SourceFile(path, tmp_path)) == Author("9007", "hidden_one")
    assert owner_of(SourceFile(path, None)) == Author(), "it may point at no other file"


def test_the_owner_is_found_in_a_folder_below(tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "data"
    folder.mkdir(parents=True)
    path = x.archive(folder, [])
    assert owner_of(SourceFile(path, tmp_path)) == Author("9007", "hidden_one")


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    x.archive(outside, [])
    path = x.archive(inside, [], owner=None)
    (inside / "account.js").symlink_to(outside / "account.js")
    assert owner_of(SourceFile(path, inside)) == Author()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"window.YTD.account.part0 = ",
        b"= 5",
        b"= []",
        b'= [{"account": 7}]',
        b"= \xff\xfe",
        b"= " + b"[" * 50_000,
        b'= [{"account": {}}]',
    ],
)
def test_an_account_file_that_cannot_be_read_names_nobody(tmp_path: Path, content: bytes) -> None:
    path = x.archive(tmp_path, [], owner=None)
    (tmp_path / "account.js").write_bytes(content)
    assert owner_of(SourceFile(path, tmp_path)) == Author()


def test_no_record_of_any_archive_can_be_unsealed(tmp_path: Path) -> None:
    tweets = [
        x.archived(n, f"@another_{n} https://t.co/{n} https://x.com/another_{n}/status/{n}", in_reply_to_status_id_str=str(n + 500), in_reply_to_screen_name=f"another_{n}")
        for n in range(1600, 1650)
    ]  # fmt: skip
    found = read(tmp_path, *tweets)
    assert sum(isinstance(item, Record) for item in found) == 50
    assert all(record.locators == () for record in sources_files.records(found))
