"""Tables of posts of X: the platform's own releases, and the trolls that others published (law 1)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sources_files
import sources_x_files as x
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.identity import keyed_hash
from dalil.schema.records import Metric, Post, ReadWarning
from dalil.schema.words import EdgeType, IdQuality, Kind, MetricBasis, Precision, ZoneBasis
from dalil.sources.csv_table import Named, header_of, named_rows
from dalil.sources.formats.clemson_csv.importer import ClemsonCsv
from dalil.sources.formats.clemson_csv.rows import time_of as clemson_time
from dalil.sources.formats.x_io_csv import lists
from dalil.sources.formats.x_io_csv.importer import XIoCsv
from dalil.sources.formats.x_io_csv.rows import COLUMNS, time_of
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile

TROLL = 914580356430536707  # made 2017-10-01 19:58 UTC by its own bits
AT = datetime(2017, 10, 1, 19, 58, tzinfo=UTC)


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(sources_files.KEY, "x", scheme, value)


def io(folder: Path, *rows: dict[str, str]) -> list[Item]:
    return sources_files.items(XIoCsv(), x.table(folder / "io.csv", rows), public=(x.NEWS,))


def io_one(folder: Path, row: dict[str, str]) -> tuple[Record, Post]:
    record = sources_files.records(io(folder, row), included=False)[0]
    assert record.post is not None
    return record, record.post


def clemson(folder: Path, *rows: dict[str, str], **options: str) -> list[Item]:
    return sources_files.items(ClemsonCsv(), x.table(folder / "c.csv", rows), options=options)


def clemson_one(folder: Path, row: dict[str, str], **options: str) -> tuple[Record, Post]:
    record = sources_files.records(clemson(folder, row, **options), included=False)[0]
    assert record.post is not None
    return record, record.post


# lists that Python printed


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("", []),
        ("[]", []),
        ("absent", []),
        ("nan", []),
        ("['a', 'b']", ["a", "b"]),
        ("[a, b]", ["a", "b"]),
        ("[123, 456]", ["123", "456"]),
        ("['it\\'s', \"it's\"]", ["it's", "it's"]),
        ("['a, b', 'c]']", ["a, b", "c]"]),
        ("['تل_نهر']", ["تل_نهر"]),
        ("['\\u062a\\x41\\n']", ["\u062aA\n"]),
        ("['\\ud800', '\\Uffffffff']", ["\ufffd", "\ufffd"]),
        ("  ['a']  ", ["a"]),
        ("plain", ["plain"]),
        ("['a' 'b']", None),
        ("['a", None),
        ("['a'", None),
        ("[__import__('os').system('x')]", None),
        ("[[1]]", None),
        ("['', 'b']", ["b"]),
    ],
)
def test_a_printed_list(cell: str, wanted: list[str] | None) -> None:
    assert lists.items(cell) == wanted


@given(
    st.lists(
        st.text(min_size=1, max_size=12).filter(lambda t: not any(0xD800 <= ord(c) < 0xE000 for c in t)), max_size=8
    )
)
def test_what_python_prints_is_read_back(values: list[str]) -> None:
    assert lists.items(repr(values)) == values


@given(st.text(max_size=200))
def test_any_cell_gives_a_list_or_nothing(cell: str) -> None:
    found = lists.items(cell)
    assert found is None or all(isinstance(item, str) and item for item in found) or found == [cell.strip()]


def test_a_list_without_end_is_cut() -> None:
    assert len(lists.items("[" + "1," * 100_000 + "1]") or []) == lists.MOST


# X's releases


def test_the_31_columns() -> None:
    assert len(COLUMNS) == 31
    assert XIoCsv().detect((",".join(COLUMNS) + "\n").encode()) == 0.95
    assert XIoCsv().detect((",".join(COLUMNS[:-6]) + "\n").encode()) == 0.8
    assert XIoCsv().detect(b"tweetid,userid,tweet_text\n") == 0.0
    assert XIoCsv().detect((",".join(f'"{name}"' for name in COLUMNS) + "\r\n").encode()) == 0.95


def test_a_post_of_a_release(tmp_path: Path) -> None:
    row = x.io_row(1600, 9007, "The bridge. #nahr", hashtags="['nahr']", urls="['https://news.example/1']")
    record, post = io_one(tmp_path, row)
    assert post.uid == "x:" + hashed("post", "1600")
    assert post.author_ref == "x:" + hashed("account", "9007")
    assert post.hashtags == ("nahr",)
    assert [url.expanded for url in post.urls] == ["https://news.example/1"]
    assert post.client == "Twitter Web Client"
    assert post.lang == "en"
    assert post.geo is None
    assert post.metrics == (
        Metric("likes", 5, None, MetricBasis.EXACT, "5.0"),
        Metric("replies", 0, None, MetricBasis.EXACT, "0.0"),
        Metric("reposts", 3, None, MetricBasis.EXACT, "3.0"),
        Metric("quotes", 0, None, MetricBasis.EXACT, "0.0"),
    )
    assert record.source_version == "io"


def test_an_account_that_x_hashed_is_hashed_again(tmp_path: Path) -> None:
    row = x.io_row(1600, "kHashOfX+/=", "words", user_screen_name="kHashOfX+/=", user_display_name="kHashOfX+/=")
    record, post = io_one(tmp_path, row)
    assert post.author_ref == "x:" + hashed("account", "kHashOfX+/=")
    assert b"kHashOfX" not in record.raw


def test_a_public_account_of_a_release_keeps_its_name(tmp_path: Path) -> None:
    found = io(tmp_path, x.io_row(1600, 55, "words", user_screen_name="SahlaraToday"))
    post, account = sources_files.records(found)
    assert post.uid == "x:1600"
    assert account.accounts[0].handle == "SahlaraToday"
    assert account.accounts[0].created_at == datetime(2017, 8, 16, tzinfo=UTC)
    assert b"Secretville" not in account.raw


@pytest.mark.parametrize("empty", ["", "nan", "null", "absent", "None"])
def test_cells_that_say_nothing(tmp_path: Path, empty: str) -> None:
    row = x.io_row(
        1600, 9007, "words", in_reply_to_tweetid=empty, quoted_tweet_tweetid=empty, like_count=empty, latitude=empty
    )
    record, post = io_one(tmp_path, row)
    assert record.edges == ()
    assert Metric("likes", None) in post.metrics


def test_coordinates_are_never_read(tmp_path: Path) -> None:
    record, _ = io_one(tmp_path, x.io_row(1600, 9007, "words", latitude="36.34", longitude="43.131415"))
    assert b"43.13" not in record.raw
    assert b"36.34" not in record.raw


@pytest.mark.parametrize(
    ("row", "kind", "target"),
    [
        ({"in_reply_to_tweetid": "1500", "in_reply_to_userid": "55"}, EdgeType.REPLY, "1500"),
        ({"in_reply_to_tweetid": "1500", "in_reply_to_userid": "9008"}, EdgeType.REPLY, None),
        ({"in_reply_to_tweetid": "1500"}, EdgeType.REPLY, None),
        ({"quoted_tweet_tweetid": "1500"}, EdgeType.QUOTE, None),
        (
            {"quoted_tweet_tweetid": "1500", "urls": "['https://twitter.com/SahlaraToday/status/1500']"},
            EdgeType.QUOTE,
            "1500",
        ),
    ],
)
def test_what_a_post_points_at(tmp_path: Path, row: dict[str, str], kind: EdgeType, target: str | None) -> None:
    record, _ = io_one(tmp_path, x.io_row(1600, 9007, "words", **row))
    assert [(edge.type, edge.dst_uid) for edge in record.edges] == [(kind, "x:" + (target or hashed("post", "1500")))]


def test_a_repost_is_an_edge_and_its_words_are_kept_for_keys(tmp_path: Path) -> None:
    row = x.io_row(
        1600, 9007, "RT @hidden_two: The bridge stands", is_retweet="True", retweet_userid="55", retweet_tweetid="1500"
    )
    [record] = sources_files.records(io(tmp_path, row), "repost")
    assert record.kind is Kind.REPOST
    assert record.edges[0].dst_uid == "x:1500"
    assert record.signal_text == "The bridge stands"
    assert b"hidden_two" not in record.raw


def test_mentions_are_accounts(tmp_path: Path) -> None:
    record, _ = io_one(tmp_path, x.io_row(1600, 9007, "words", user_mentions="['55', '9008']"))
    assert [edge.dst_uid for edge in record.edges] == ["x:55", "x:" + hashed("account", "9008")]


def test_a_list_that_cannot_be_read_is_said_and_dropped(tmp_path: Path) -> None:
    record, post = io_one(tmp_path, x.io_row(1600, 9007, "words", hashtags="['a' 'b']"))
    assert post.hashtags == ()
    assert ReadWarning("list-unreadable", "hashtags") in record.warnings


def test_minutes_without_a_zone_are_utc_where_the_id_says_so() -> None:
    warnings: list[ReadWarning] = []
    found = time_of("2017-10-01 19:58", str(TROLL), warnings)
    assert (found.at, found.precision, found.basis) == (AT, Precision.MINUTE, ZoneBasis.EPOCH)
    assert warnings == []


@pytest.mark.parametrize("key", ["1600", str(TROLL + (60_000 << 22)), str(TROLL - (3_600_000 << 22)), "abc"])
def test_else_their_zone_is_unknown(key: str) -> None:
    warnings: list[ReadWarning] = []
    found = time_of("2017-10-01 19:58", key, warnings)
    assert (found.at, found.basis) == (AT, ZoneBasis.UNKNOWN)
    assert [warning.code for warning in warnings] == ["zone-unknown"]


@pytest.mark.parametrize("text", ["2017-13-01 19:58", "yesterday", "01/10/2017"])
def test_a_time_that_is_none_is_said(text: str) -> None:
    warnings: list[ReadWarning] = []
    assert time_of(text, "1", warnings).at is None
    assert warnings == [ReadWarning("time-unreadable", "tweet_time")]
    assert time_of("", "1", []).at is None


def test_a_row_without_an_id_is_a_reject(tmp_path: Path) -> None:
    found = io(tmp_path, x.io_row(1600, 9007, "words") | {"tweetid": ""}, x.io_row(1601, 9007, "more"))
    assert sources_files.rejects(found) == [("line 2", "row-without-id")]
    assert len(sources_files.records(found, "post")) == 1


@pytest.mark.parametrize("key", ["1.6e18", "1600000000000000000", "1600.0"])
def test_an_id_that_a_spreadsheet_rounded_is_flagged(tmp_path: Path, key: str) -> None:
    record, _ = io_one(tmp_path, x.io_row(1, 9007, "words") | {"tweetid": key})
    assert ReadWarning("id-rounded", "id") in record.warnings


# the trolls


def test_a_troll_post(tmp_path: Path) -> None:
    record, post = clemson_one(tmp_path, x.clemson_row(TROLL, "a \\| b"))
    assert post.text == "a | b"
    assert post.uid == "x:" + hashed("post", str(TROLL))
    assert (post.created_at, post.created_precision, post.created_zone_basis) == (AT, Precision.MINUTE, ZoneBasis.EPOCH)
    assert post.lang == "en"
    assert post.urls == (), "its own address is no link"
    assert record.source_version == "538"
    for opinion in (b"RightTroll", b"Secretregion", b"HIDDEN_ONE"):
        assert opinion not in record.raw


def test_the_true_account_of_the_same_row_is_taken_and_that_is_said(tmp_path: Path) -> None:
    record, post = clemson_one(tmp_path, x.clemson_row(TROLL, "x"))
    assert post.author_ref == "x:" + hashed("account", "905874659358453760")
    assert ReadWarning("id-rounded", "external_author_id") in record.warnings


@pytest.mark.parametrize(
    ("first", "other", "wanted", "warned"),
    [
        ("906000000000000000", "905874659358453760", "905874659358453760", True),
        ("905874659358453760", "905874659358453760", "905874659358453760", False),
        ("9.06E+17", "905874659358453760", "905874659358453760", True),
        ("906000000000000000", "", "906000000000000000", True),
        ("906000000000000000", "9.05E+17", "906000000000000000", True),
        ("2535564756", "", "2535564756", False),
        ("", "2535564756", "2535564756", False),
    ],
)
def test_which_account_id_can_be_trusted(tmp_path: Path, first: str, other: str, wanted: str, warned: bool) -> None:
    record, post = clemson_one(tmp_path, x.clemson_row(TROLL, "x", external_author_id=first, alt_external_id=other))
    assert post.author_ref == "x:" + hashed("account", wanted)
    assert (ReadWarning("id-rounded", "external_author_id") in record.warnings) is warned


@pytest.mark.parametrize("rounded", ["9.14580E+17", "914580000000000000", ""])
def test_a_rounded_post_id_is_read_from_its_address_and_called_derived(tmp_path: Path, rounded: str) -> None:
    public = (x.PublicAccount(platform="x", native_id="905874659358453760"),)
    path = x.table(tmp_path / "c.csv", [x.clemson_row(TROLL, "x", tweet_id=rounded)])
    record = sources_files.records(sources_files.items(ClemsonCsv(), path, public=public), "post")[0]
    assert record.post is not None
    assert record.post.native_id == str(TROLL)
    assert record.post.id_quality is IdQuality.DERIVED
    assert [warning.code for warning in record.warnings if warning.field == "tweet_id"] == ["id-from-address"]


def test_a_rounded_post_id_without_an_address_stays_and_is_flagged(tmp_path: Path) -> None:
    record, _ = clemson_one(
        tmp_path, x.clemson_row(TROLL, "x", tweet_id="914580000000000000", article_url="", tco1_step1="")
    )
    assert ReadWarning("id-rounded", "id") in record.warnings


def test_a_row_without_any_id_is_a_reject(tmp_path: Path) -> None:
    found = clemson(tmp_path, x.clemson_row(TROLL, "x", tweet_id="", article_url=""))
    assert sources_files.rejects(found) == [("line 2", "row-without-id")]


def test_links_that_lead_elsewhere_are_kept(tmp_path: Path) -> None:
    row = x.clemson_row(TROLL, "x", tco2_step1="https://news.example/1", tco3_step1="https://twitter.com/hidden_one")
    _, post = clemson_one(tmp_path, row)
    assert len(post.urls) == 2
    assert post.urls[0].expanded == "https://news.example/1"
    assert "hidden_one" not in str(post.urls)


@pytest.mark.parametrize("more", [{"retweet": "1"}, {"post_type": "RETWEET"}])
def test_a_repost_of_which_nothing_is_known(tmp_path: Path, more: dict[str, str]) -> None:
    [record] = sources_files.records(clemson(tmp_path, x.clemson_row(TROLL, "words of another", **more)), "repost")
    assert (record.edges[0].dst_uid, record.edges[0].dst_hint) == (None, None)
    assert record.signal_text == "words of another"


def test_the_zone_that_the_operator_names_is_taken_where_the_id_is_silent() -> None:
    baghdad = ZoneInfo("Asia/Baghdad")
    found = clemson_time("10/1/2017 22:58", "1600", baghdad, [])
    assert (found.at, found.basis) == (AT, ZoneBasis.EXPLICIT)
    warnings: list[ReadWarning] = []
    found = clemson_time("10/1/2017 22:58", "1600", None, warnings)
    assert found.basis is ZoneBasis.UNKNOWN
    assert [warning.code for warning in warnings] == ["zone-unknown"]
    assert clemson_time("10/1/2017 19:58", str(TROLL), baghdad, []).basis is ZoneBasis.EPOCH


@pytest.mark.parametrize("text", ["13/1/2017 10:00", "2/30/2017 10:00", "soon", "1/1/2017 25:00", "1/1/2017"])
def test_a_date_that_is_none(text: str) -> None:
    warnings: list[ReadWarning] = []
    assert clemson_time(text, "1", None, warnings).at is None
    assert warnings[0].code == "time-unreadable"


def test_a_zone_that_is_none_is_the_operators_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        clemson(tmp_path, x.clemson_row(TROLL, "x"), zone="Nowhere/Town")
    assert caught.value.code == "value-wrong"


@pytest.mark.parametrize(
    ("header", "sure"),
    [
        ("external_author_id,author,content,region,language,publish_date,harvested_date", True),
        ("author,content,publish_date,account_category", True),
        ("author,content,publish_date", False),
        ("external_author_id,content", False),
    ],
)
def test_the_trolls_are_known_by_their_columns(header: str, sure: bool) -> None:
    assert (ClemsonCsv().detect(header.encode() + b"\n1,2,3\n") >= 0.5) is sure


# tables


def rows_of(folder: Path, data: bytes, known: tuple[str, ...] = ("a", "b")) -> list[Any]:
    path = folder / "t.csv"
    path.write_bytes(data)
    return list(named_rows(SourceFile(path), ReadContext(Pseudonymiser(sources_files.KEY)), known))


def test_rows_have_their_known_columns_only(tmp_path: Path) -> None:
    ignored, row = rows_of(tmp_path, b"a,x,b,y\n1,2,3,4\n")
    assert ignored == Ignored("column", 2)
    assert row.cells == {"a": "1", "b": "3"}
    assert row.where == "line 2"


def test_of_two_columns_with_one_name_the_first_counts(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"a,b,a\n1,2,3\n")[1].cells == {"a": "1", "b": "2"}


def test_a_byte_order_mark_and_carriage_returns_are_no_part_of_it(tmp_path: Path) -> None:
    [row] = rows_of(tmp_path, b'\xef\xbb\xbf"a",b\r\n"1\r\n2",3\r\n')
    assert row.cells == {"a": "1\n2", "b": "3"} or row.cells == {"a": "1\r\n2", "b": "3"}


def test_a_row_of_another_length_is_a_reject(tmp_path: Path) -> None:
    found = rows_of(tmp_path, b"a,b\n1\n1,2,3\n4,5\n")
    assert [item.code for item in found[:2]] == ["columns-differ"] * 2
    assert isinstance(found[2], Named)


def test_a_table_without_a_known_column_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        rows_of(tmp_path, b"x,y\n1,2\n")


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (b"a,b\n", ["a", "b"]),
        (b"\xef\xbb\xbfa,b\r\n", ["a", "b"]),
        (b'"a,1",b', ["a,1", "b"]),
        (b"", []),
        (b"\xff\xfe", []),
        (b"a\x00b", ["a\x00b"]),
    ],
)
def test_the_names_of_the_columns(head: bytes, wanted: list[str]) -> None:
    assert header_of(head) == wanted
