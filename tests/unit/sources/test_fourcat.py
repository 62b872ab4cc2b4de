"""4CAT: each data source's columns, times by the epoch, edges without ids, pseudonyms, nothing private kept."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_fourcat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_fourcat import CHAN, FACEBOOK, TELEGRAM, TIKTOK, X

from dalil.errors import InputError, LimitReached
from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.schema.words import AccountType, EdgeType, IdQuality, Kind, State, ZoneBasis
from dalil.sources.formats.fourcat.importer import FourCat
from dalil.sources.importer import Ignored, Record
from dalil.sources.reading import head_of
from dalil.sources.registry import detect

NEWS = (PublicAccount(platform="x", native_id="55", handle="SahlaraToday"),)
MOMENT = datetime.fromtimestamp(1778513656, UTC)


def one(path: Path, row: dict[str, Any], **how: Any) -> Record:
    write = sources_fourcat.write_ndjson if how.pop("as_json", False) else sources_fourcat.write_csv
    [record] = sources_files.records(sources_files.items(FourCat(), write(path, [row]), **how))
    return record


def post_of(record: Record) -> Post:
    assert record.post is not None
    return record.post


@pytest.mark.parametrize("name", sources_fourcat.ALL)
@pytest.mark.parametrize("as_json", [False, True])
def test_each_source_is_known_by_its_content(tmp_path: Path, name: str, as_json: bool) -> None:
    write = sources_fourcat.write_ndjson if as_json else sources_fourcat.write_csv
    path = write(tmp_path / "x", [sources_fourcat.ALL[name]])
    found = detect(head_of(path))
    assert found is not None
    assert found.manifest.name == "fourcat"
    record = one(tmp_path / "x", sources_fourcat.ALL[name], as_json=as_json)
    assert record.uid.startswith(f"{name}:")
    assert post_of(record).created_at == MOMENT
    assert post_of(record).created_zone_basis is ZoneBasis.EPOCH


@pytest.mark.parametrize(
    "head",
    [
        b'{"nav_index":"1:2","item_id":"1","timestamp_collected":1,"source_platform":"tiktok.com","data":{"id":"1"}}\n',
        b"id,text\n1,a\n",
        b"id,thread_id,body,author,timestamp\n1,1,a,b,c\n",
        b'{"id":"1","thread_id":"1"}\n',
        b"id,id,thread_id,body,author,timestamp,unix_timestamp\n",
    ],
)
def test_envelopes_and_other_tables_are_not_ours(head: bytes) -> None:
    assert FourCat().detect(head) == 0


def test_a_public_x_account(tmp_path: Path) -> None:
    found = sources_files.items(FourCat(), sources_fourcat.write_csv(tmp_path / "x", [X]), public=NEWS)
    assert found[0] == Ignored("column", 7)
    [record] = sources_files.records(found)
    post = post_of(record)
    assert post.uid == "x:1700000000000000001"
    assert post.uri == X["link"]
    assert post.author_ref == "x:55"
    assert post.hashtags == ("TelNahr", "Sahlara")
    assert [url.as_written for url in post.urls] == ["https://example.org/a", "https://example.org/b"]
    assert len(post.media) == 2
    counts = {metric.name: metric.value for metric in post.metrics}
    assert counts == {"likes": 5, "replies": 0, "reposts": 3, "quotes": 1, "views": None, "author followers": 1200}
    assert record.accounts[0].handle == "SahlaraToday"
    assert b"secrettoken" not in msgspec.json.encode(record)
    assert b"43.2" not in msgspec.json.encode(record)


def test_a_retweet_is_an_edge_to_an_account_since_4cat_loses_the_post(tmp_path: Path) -> None:
    row = X | {"is_retweet": "yes", "retweeted_user": "SahlaraToday", "body": "RT @SahlaraToday: The bridge stands."}
    record = one(tmp_path / "x", row | {"author": "hidden_one", "author_id": "9"}, public=NEWS)
    assert record.kind is Kind.REPOST
    assert record.post is None
    assert record.signal_text == "The bridge stands."
    assert [(edge.type, edge.dst_uid, edge.dst_hint) for edge in record.edges] == [
        (EdgeType.REPOST, None, "x:@sahlaratoday")
    ]


def test_quotes_and_replies_point_at_accounts(tmp_path: Path) -> None:
    row = X | {"is_quote_tweet": "yes", "quoted_user": "hidden_one", "is_reply": "yes", "replied_user": "SahlaraToday"}
    record = one(tmp_path / "x", row | {"thread_id": "1600000000000000001"}, public=NEWS)
    assert [edge.type for edge in record.edges] == [EdgeType.QUOTE, EdgeType.REPLY]
    assert str(record.edges[0].dst_hint).startswith("x:h:")
    assert record.edges[1].dst_hint == "x:@sahlaratoday"
    assert str(post_of(record).thread_root).startswith("x:h:")


def test_telegram_ids_are_those_of_the_chat(tmp_path: Path) -> None:
    channel = (PublicAccount(platform="telegram", native_id="1494031694", handle="Sahlara_News"),)
    row = TELEGRAM | {
        "author": "1494031694",
        "author_username": "sahlara_news",
        "author_name": "Sahlara News",
        "body": "x",
    }
    record = one(tmp_path / "x", row, public=channel)
    assert record.uid == "telegram:sahlara_news/12"
    assert record.edges[0].dst_uid == "telegram:sahlara_news/11"
    assert post_of(record).container_ref == "telegram:@sahlara_news"
    edited = one(tmp_path / "x", row | {"unix_timestamp_edited": "1778513999"}, public=channel)
    assert post_of(edited).state is State.EDITED
    assert post_of(edited).edited_at == datetime.fromtimestamp(1778513999, UTC)
    forwarded = one(tmp_path / "x", row | {"author_forwarded_from_username": "hidden_one"}, public=channel)
    assert (forwarded.kind, forwarded.edges[0].type) == (Kind.REPOST, EdgeType.FORWARD)
    assert str(forwarded.edges[0].dst_hint).startswith("telegram:h:")


def test_a_page_of_crowdtangle_is_public_and_who_posts_in_a_group_is_not(tmp_path: Path) -> None:
    record = one(tmp_path / "x", FACEBOOK)
    assert record.uid == "facebook:100064062786653_77"
    assert record.author_ref == "facebook:100064062786653"
    assert (record.accounts[0].type, record.accounts[0].display_name) == (AccountType.PAGE, "Sahlara Today")
    group = one(
        tmp_path / "x", FACEBOOK | {"url": "https://www.facebook.com/groups/777/posts/77", "page_name": "A group"}
    )
    assert group.author_ref is None
    assert not group.author_public
    assert post_of(group).id_quality is IdQuality.HASHED
    assert b"A group" not in msgspec.json.encode(group)


def test_nobody_is_no_account(tmp_path: Path) -> None:
    for author in ("Anonymous", "REDACTED", "", "[deleted]"):
        assert one(tmp_path / "x", CHAN | {"author": author}).author_ref is None


def test_4cats_own_pseudonyms_are_hashed_once_more_and_join(tmp_path: Path) -> None:
    pseudonym = "ab12" * 12
    rows = [
        X | {"id": str(n), "link": "", "author": pseudonym, "author_id": "", "author_fullname": pseudonym}
        for n in (1, 2)
    ]
    first, second = sources_files.records(
        sources_files.items(FourCat(), sources_fourcat.write_csv(tmp_path / "x", rows))
    )
    assert first.author_ref == second.author_ref
    assert str(first.author_ref).startswith("x:h:")
    assert pseudonym.encode() not in first.raw


def test_a_written_time_has_no_zone(tmp_path: Path) -> None:
    record = one(tmp_path / "x", {**X, "unix_timestamp": ""})
    assert post_of(record).created_zone_basis is ZoneBasis.UNKNOWN
    assert [warning.code for warning in record.warnings] == ["zone-unknown"]
    record = one(tmp_path / "x", {**X, "unix_timestamp": "", "timestamp": "soon"})
    assert post_of(record).created_at is None
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]


def test_a_rounded_id_is_flagged(tmp_path: Path) -> None:
    record = one(tmp_path / "x", X | {"id": "1.7E+18"}, public=NEWS)
    assert post_of(record).id_quality is IdQuality.ROUNDED
    assert [warning.code for warning in record.warnings] == ["id-rounded"]


def test_lists_and_numbers_of_json_are_read_as_the_csv(tmp_path: Path) -> None:
    typed: dict[str, Any] = {
        **X,
        "hashtags": ["TelNahr", "Sahlara"],
        "like_count": 5,
        "is_retweet": False,
        "impression_count": None,
    }
    typed["urls"], typed["images"] = X["urls"].split(","), X["images"].split(",")
    typed["unix_timestamp"], typed["place"] = 1778513656, {"deep": {"er": 1}}
    assert one(tmp_path / "x", typed, as_json=True, public=NEWS) == one(tmp_path / "y", X, public=NEWS)


def test_the_platform_is_named_where_nothing_tells_it(tmp_path: Path) -> None:
    row = {"id": "1", "thread_id": "1", "body": "b", "author": "a", "timestamp": "1778513656", "subject": "s"}
    record = one(tmp_path / "x", row)
    assert record.uid.startswith("other:")
    assert [warning.code for warning in record.warnings] == ["platform-unknown"]
    assert one(tmp_path / "x", row, options={"platform": "Gab"}).uid.startswith("gab:")
    with pytest.raises(InputError) as caught:
        one(tmp_path / "x", row, options={"platform": "no such/thing"})
    assert caught.value.code == "value-wrong"


@pytest.mark.parametrize("name", ["telegram", "tiktok"])
def test_no_true_name_handle_or_secret_is_in_any_table(tmp_path: Path, name: str) -> None:
    row = sources_fourcat.ALL[name] | {
        "author_forwarded_from_name": "Hidden Person",
        "subject": "@hidden_one",
        "hashtags": "tag,@hidden_one",
        "language_guess": "Hidden Person",
    }
    folder = tmp_path / "in"
    folder.mkdir()
    for forwarded in (False, True):
        given_row = row if forwarded else {k: v for k, v in row.items() if "forwarded" not in k}
        handed = sources_files.child(sources_fourcat.write_csv(folder / "x.csv", [given_row]))
        assert handed.end is not None
        assert (handed.end.read, handed.end.rejected) == (1, {})
        for table in ("observations", "posts", "accounts", "edges", "media", "text_signals", "raw", "rejects"):
            shown = repr(handed.rows(table)).lower()
            for secret in ("hidden", "9007001", "+964", "secrettoken", "7100000000000000001"):
                assert secret not in shown, (table, secret)


def test_broken_lines_are_rejects(tmp_path: Path) -> None:
    path = sources_fourcat.write_ndjson(tmp_path / "x", [TIKTOK, TIKTOK | {"id": ""}])
    path.write_bytes(path.read_bytes() + b'{"id": 1\n[1]\n' + b'{"a":' * 3_000 + b"\n\xff\n")
    assert sources_files.rejects(sources_files.items(FourCat(), path)) == [
        ("line 2", "row-without-id"),
        ("line 3", "json-broken"),
        ("line 4", "shape-unknown"),
        ("line 5", "nested-too-deep"),
        ("line 6", "json-broken"),
    ]
    path = sources_fourcat.write_csv(tmp_path / "y", [TIKTOK])
    path.write_bytes(path.read_bytes() + b"1,2,3\r\n")
    assert sources_files.rejects(sources_files.items(FourCat(), path)) == [("line 3", "columns-differ")]


values = st.text(max_size=20) | st.sampled_from(
    ["", "yes", "1e400", "9" * 30, "\x00", "-1", "nan", "https://x.com/a/status/1"]
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(list(sources_fourcat.ALL)), data=st.data())
def test_any_value_in_any_field_is_a_record_or_a_reject(tmp_path: Path, name: str, data: st.DataObject) -> None:
    row: dict[str, Any] = dict(sources_fourcat.ALL[name])
    column = data.draw(st.sampled_from(list(row)))
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)  # JSON has no others
    row[column] = data.draw(values | numbers | st.none() | st.lists(values) | st.dictionaries(values, values))
    path = sources_fourcat.write_ndjson(tmp_path / "x", [row])
    for item in sources_files.items(FourCat(), path):
        msgspec.json.encode(item)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=300))
def test_garbage_raises_nothing_but_our_errors(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    for head in (
        b"",
        ",".join(X).encode() + b"\n",
        b'{"id":"1","thread_id":"1","body":"","author":"","timestamp":"","hashtags":""}\n',
    ):
        path.write_bytes(head + data)
        try:
            for item in sources_files.items(FourCat(), path):
                msgspec.json.encode(item)
        except (InputError, LimitReached):
            pass


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_order_of_items_does_not_matter(tmp_path: Path, seed: int) -> None:
    rows = [X | {"id": str(n), "body": f"post {n}"} for n in range(30)]
    wanted = {
        r.raw
        for r in sources_files.records(sources_files.items(FourCat(), sources_fourcat.write_csv(tmp_path / "x", rows)))
    }
    random.Random(seed).shuffle(rows)
    found = {
        r.raw
        for r in sources_files.records(sources_files.items(FourCat(), sources_fourcat.write_csv(tmp_path / "x", rows)))
    }
    assert found == wanted
    assert len(wanted) == 30
