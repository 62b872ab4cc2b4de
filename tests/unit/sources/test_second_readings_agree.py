"""Inputs that contradict themselves, found by fuzzing: read again, each must be the record that it was at first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pytest
import sources_archived
import sources_files
import sources_networks as net
import sources_x_files as x

from dalil.schema.chunks import PublicAccount
from dalil.schema.words import EdgeType
from dalil.sources.formats.auto_archiver.importer import AutoArchiver
from dalil.sources.formats.bluesky_api.importer import BlueskyApi
from dalil.sources.formats.facebook_download.importer import FacebookDownload
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import Record
from dalil.sources.rereading import Plainly, Reread
from dalil.testing.importers import held_as

US, THEM, HIDDEN = x.user(55, "SahlaraToday"), x.user(66, "TelNahrRadio"), x.user(77, "hidden_one")
PUBLIC: Final = (
    PublicAccount(platform="x", native_id="55", handle="SahlaraToday"),
    PublicAccount(platform="x", native_id="66", handle="TelNahrRadio"),
    PublicAccount(platform="mastodon", handle="sahlara@social.example"),
    PublicAccount(platform="bluesky", native_id=net.did("sahlara"), handle="sahlara.bsky.example"),
)
STAND_IN: Final = "h:" + "0a" * 16


class Case(NamedTuple):
    """A file and who reads it."""

    importer: Any
    write: Callable[[Path], Path]


def v1_repeats_itself(by: dict[str, Any], told: dict[str, Any]) -> Case:
    post = x.status(1600, by, "RT @TelNahrRadio: Here", retweeted_status=x.status(1600, told, "Here"))
    return Case(XApiV1(), lambda folder: x.lines(folder / "a.jsonl", [post]))


def edited_repeats_itself() -> Case:
    history = {"initial_tweet_id": str(x.FIRST), "edit_tweet_ids": [str(x.FIRST), str(x.SECOND)]}
    inner = x.status(x.FIRST, THEM, "Here")
    post = x.status(x.SECOND, US, "RT @TelNahrRadio: Here", edit_history=history, retweeted_status=inner)
    return Case(XApiV1(), lambda folder: x.lines(folder / "a.jsonl", [post]))


def row_repeats_itself(by: int, handle: str) -> Case:
    more = {"retweeted_id": "1600", "retweeted_user": "TelNahrRadio", "retweeted_user_id": "66"}
    row = x.gazouilloire_row(1600, by, handle, "RT @TelNahrRadio: Here", **more)
    return Case(GazouilloireCsv(), lambda folder: x.table(folder / "a.csv", [row]))


def boost_of(uri: str, quote: bool = False) -> Case:
    inner = net.md_status(1, "sahlara", "Here") | {"uri": uri}
    outer = net.md_repost(2, "hidden_one", inner) if not quote else net.md_status(2, "hidden_one", "See", quote=inner)
    return Case(Mastodon(), lambda folder: net.write_json(folder / "a.json", [outer]))


def bluesky(text: str, facets: object) -> Case:
    view = net.bs_view("sahlara", "3kaa", net.bs_record(text, facets=facets))
    return Case(BlueskyApi(), lambda folder: net.write_json(folder / "a.json", {"feed": [{"post": view}]}))


def v2(posts: list[dict[str, Any]]) -> Case:
    users = [sources_files.x_user(55, "SahlaraToday")]
    return Case(
        XApiV2(), lambda folder: sources_files.write_lines(folder / "a.jsonl", [sources_files.x_response(posts, users)])
    )


def given_twice(one: list[str], other: list[str]) -> Case:
    histories = (one, other)
    return v2([sources_files.x_tweet(1600, 55, "Here", edit_history_tweet_ids=ids) for ids in histories])


def archived(content: str) -> Case:
    return Case(
        AutoArchiver(), lambda folder: next(sources_archived.folder(folder / "i", content=content).glob("*.json"))
    )


def downloaded(text: str) -> Case:
    rows = [sources_files.fb_post(1, text)]
    return Case(FacebookDownload(), lambda folder: sources_files.write_json(folder / "posts_1.json", rows))


LINK: Final = "https://x.com/hidden_one"
FACET: Final = net.bs_facet(f"see {LINK}", "see", net.bs_link("at://did:plc:nobody/app.bsky.feed.post/3kaa"))
CASES: Final = {
    "v1: another's post under its own id": v1_repeats_itself(US, THEM),
    "v1: a private person's post under its own id": v1_repeats_itself(HIDDEN, THEM),
    "v1: a private person's words in a public post's id": v1_repeats_itself(US, HIDDEN),
    "v1: an edit that repeats its first version": edited_repeats_itself(),
    "gazouilloire: public": row_repeats_itself(55, "SahlaraToday"),
    "gazouilloire: private": row_repeats_itself(77, "hidden_one"),
    "mastodon: boost of words": boost_of("Name of hidden_one"),
    "mastodon: boost of nothing": boost_of(""),
    "mastodon: boost in capitals": boost_of("HTTPS://social.example/users/sahlara/statuses/1"),
    "mastodon: quote of words": boost_of("Name of hidden_one", quote=True),
    "bluesky: facets that link nowhere": bluesky(f"see {LINK}", [FACET]),
    "bluesky: no facets": bluesky(f"see {LINK}", []),
    "bluesky: facets that are none": bluesky(f"see {LINK}", [{"index": 5}, None]),
    "v2: one name twice": v2([sources_files.x_tweet(1600, 55, "@hidden_one and @hidden_one")]),
    "v2: two histories, the longer first": given_twice([" ", "1600"], ["1600"]),
    "v2: two histories, the shorter first": given_twice(["1600"], ["1500", "1600"]),
    "v2: two histories, one another's": given_twice(["1500", "1600"], ["1500", "1599"]),
    "auto-archiver: a hash in the text": archived(f"@{STAND_IN} and @hidden_one and @hidden_one"),
    "facebook: a friend's name with digits right after it": downloaded("here @[900700155:2048:Hidden Person]999 was"),
    "auto-archiver: wide signs": archived("＠hidden_one＠SahlaraToday @hidden_one.a @a@b"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_read_again_it_is_the_same_record(case: Case, tmp_path: Path) -> None:
    found = sources_files.items(case.importer, case.write(tmp_path), public=PUBLIC)
    records = [item for item in found if isinstance(item, Record)]
    assert records
    for record in records:
        again = case.importer.reread(record.raw, held_as(record), Reread(Plainly()))
        assert again == msgspec.structs.replace(record, media=(), locators=())


def test_a_post_that_repeats_itself_is_one_repost_of_itself(tmp_path: Path) -> None:
    case = v1_repeats_itself(US, THEM)
    [repost] = sources_files.records(sources_files.items(case.importer, case.write(tmp_path), public=PUBLIC), "repost")
    assert [(edge.type, edge.src_uid, edge.dst_uid) for edge in repost.edges] == [(EdgeType.REPOST, "x:1600", "x:1600")]


def test_a_boost_of_what_has_no_address_keeps_a_hash_of_it_alone(tmp_path: Path) -> None:
    case = boost_of("Name of hidden_one")
    [repost] = sources_files.records(sources_files.items(case.importer, case.write(tmp_path), public=PUBLIC), "repost")
    assert str(repost.edges[0].dst_uid).startswith("mastodon:h:")
    assert b"hidden_one" not in repost.raw


def test_facets_that_link_nowhere_are_not_made_up_for(tmp_path: Path) -> None:
    case = CASES["bluesky: facets that link nowhere"]
    [post] = sources_files.records(sources_files.items(case.importer, case.write(tmp_path), public=PUBLIC), "post")
    assert post.post is not None
    assert (post.post.spans, post.post.urls) == ((), ())


def test_of_two_histories_both_copies_have_one_id(tmp_path: Path) -> None:
    case = CASES["v2: two histories, the shorter first"]
    found = sources_files.records(sources_files.items(case.importer, case.write(tmp_path), public=PUBLIC), "post")
    assert [record.uid for record in found] == ["x:1500", "x:1500"]
