"""A notice about a post joins the post, though it does not know whose post it is (decision 0100)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import sources_files
import sources_x_files as x

from dalil.sample.script import PanelFile
from dalil.sample.writing import write
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import keyed_hash
from dalil.schema.words import EdgeType, Kind, State
from dalil.sources.aliases import alias_edge
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.registry import importers

USERS = [sources_files.x_user(55, "SahlaraToday"), sources_files.x_user(9007, "hidden_one")]
GONE = (State.DELETED, State.PRIVATE, State.UNAVAILABLE)


def hashed(value: str) -> str:
    return "x:h:" + keyed_hash(sources_files.KEY, "x", "post", value)


def missing(number: int, parameter: str = "ids", kind: str = "resource-not-found") -> dict[str, str]:
    return {
        "resource_type": "tweet",
        "resource_id": str(number),
        "value": str(number),
        "parameter": parameter,
        "type": f"https://api.twitter.com/2/problems/{kind}",
    }


def read(folder: Path, *values: object) -> list[Record]:
    found = sources_files.items(XApiV2(), x.lines(folder / "f.jsonl", values), public=(x.NEWS,))
    assert sources_files.rejects(found) == []
    return sources_files.records(found)


def names_of(records: list[Record]) -> dict[str, str]:
    """Second name → first name, as the public posts say."""
    return {
        edge.dst_uid: edge.src_uid
        for record in records
        for edge in record.edges
        if edge.type is EdgeType.ALIAS and edge.dst_uid
    }


def notices_of(records: list[Record]) -> list[Record]:
    return [record for record in records if record.post is not None and record.post.state in GONE]


def test_a_public_post_says_its_second_name_and_seals_nothing_for_it() -> None:
    keeper = Pseudonymiser(sources_files.KEY, (x.NEWS,))
    edge = alias_edge("x", "1600", keeper)
    assert (edge.src_uid, edge.dst_uid, edge.type) == ("x:1600", hashed("1600"), EdgeType.ALIAS)
    assert keeper.take_locators() == ()
    assert edge.dst_uid == "x:" + keeper.post("x", "1600", public=False)


def test_a_lookup_that_comes_later_joins_by_the_second_name(tmp_path: Path) -> None:
    first = read(tmp_path, sources_files.x_response([sources_files.x_tweet(1600, 55, "The bridge fell.")], USERS))
    later = read(tmp_path, {"errors": [missing(1600)]})
    [notice] = notices_of(later)
    assert notice.uid == hashed("1600")
    assert names_of(first)[notice.uid] == "x:1600"


def test_a_private_post_has_one_name_only_and_the_notice_uses_it(tmp_path: Path) -> None:
    first = read(tmp_path, sources_files.x_response([sources_files.x_tweet(1600, 9007, "words")], USERS))
    [notice] = notices_of(read(tmp_path, {"errors": [missing(1600)]}))
    assert names_of(first) == {}
    assert notice.uid == first[0].uid


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("replied_to", {"in_reply_to_user_id": "55"}),
        ("quoted", {"entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://x.com/SahlaraToday/status/1600"}]}}),
        ("retweeted", {"text": "RT @SahlaraToday: x", "entities": {"mentions": [{"start": 3, "end": 16, "username": "SahlaraToday"}]}}),
    ],
)  # fmt: skip
def test_a_notice_beside_a_reference_has_the_name_that_the_edge_has(
    tmp_path: Path, kind: str, more: dict[str, object]
) -> None:
    tweet = (
        sources_files.x_tweet(1700, 9007, "words https://t.co/a", referenced_tweets=[{"type": kind, "id": "1600"}])
        | more
    )
    response = sources_files.x_response([tweet], USERS) | {"errors": [missing(1600, "referenced_tweets.id")]}
    records = read(tmp_path, response)
    [notice] = notices_of(records)
    assert notice.uid == records[0].edges[0].dst_uid == "x:1600"
    assert notice.included


def test_a_reference_of_nobody_known_leaves_the_notice_hashed(tmp_path: Path) -> None:
    tweet = sources_files.x_tweet(1700, 55, "words", referenced_tweets=[{"type": "replied_to", "id": "1600"}])
    response = sources_files.x_response([tweet], USERS) | {"errors": [missing(1600, "referenced_tweets.id")]}
    records = read(tmp_path, response)
    assert notices_of(records)[0].uid == records[0].edges[0].dst_uid == hashed("1600")


def test_a_repost_has_its_own_edge_only(tmp_path: Path) -> None:
    tweet = sources_files.x_tweet(1700, 55, "RT", referenced_tweets=[{"type": "retweeted", "id": "1600"}])
    [record] = [r for r in read(tmp_path, sources_files.x_response([tweet], USERS)) if r.kind is Kind.REPOST]
    assert [edge.type for edge in record.edges] == [EdgeType.REPOST]


def test_an_edited_post_has_the_second_name_of_its_first_version(tmp_path: Path) -> None:
    history = [str(x.FIRST), str(x.SECOND)]
    tweet = sources_files.x_tweet(x.SECOND, 55, "It did not fall.", edit_history_tweet_ids=history)
    assert names_of(read(tmp_path, sources_files.x_response([tweet], USERS))) == {hashed(str(x.FIRST)): f"x:{x.FIRST}"}


def test_formats_agree_on_the_second_name(tmp_path: Path) -> None:
    theirs = read(tmp_path, sources_files.x_response([sources_files.x_tweet(1600, 55, "x")], USERS))
    path = x.lines(tmp_path / "v1.jsonl", [x.status(1600, x.user(55, "SahlaraToday"), "x")])
    ours = sources_files.records(sources_files.items(XApiV1(), path, public=(x.NEWS,)))
    assert names_of(ours) == names_of(theirs)


def test_every_notice_of_the_sample_week_joins_a_post(tmp_path: Path) -> None:
    """52 notices; before, 23 of them joined nothing."""
    week = write(tmp_path, seed=20260517)
    panel = msgspec.json.decode(week.panel.read_bytes(), type=PanelFile)
    public = [PublicAccount(row.platform, row.native_id, row.handle) for row in panel.public]
    records: list[Record] = []
    for capture in week.captures:
        if capture.format == "x-api-v2":
            records += sources_files.records(sources_files.items(importers()["x-api-v2"], capture.path, public=public))
    notices = notices_of(records)
    named = names_of(records)
    posts = {record.uid for record in records if record.post is not None and record.post.state not in GONE}
    posts |= {record.uid for record in records if record.kind is Kind.REPOST}
    assert len(notices) >= 50
    assert [notice.uid for notice in notices if notice.uid not in posts and named.get(notice.uid) not in posts] == []
