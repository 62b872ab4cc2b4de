"""Plain tables: our template in three languages, strange tables by a mapping, every encoding, nothing private kept."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_tables import MAPPING, STRANGE, F, filled

from dalil.errors import InputError, LimitReached
from dalil.schema.chunks import PublicAccount
from dalil.schema.mappings import TableMapping, TimeOrder
from dalil.schema.words import IdQuality, MetricBasis, Precision, PublicRole, State, Visibility, ZoneBasis
from dalil.sources.formats.plain_table import template
from dalil.sources.formats.plain_table.importer import PlainTable
from dalil.sources.importer import Ignored, Quarantined
from dalil.sources.reading import head_of

POST = "https://x.com/SahlaraToday/status/1700000000000000001"


def strange_row(**cells: str) -> list[str]:
    row = {
        "tweet_url": POST,
        "Author": "SahlaraToday",
        "When": "17/05/2026 14:05",
        "Was sagt er": "x",
        "Likes": "3",
        "note": "n",
    }
    return list((row | {name.replace("_sagt_", " sagt "): value for name, value in cells.items()}).values())


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_the_template_is_known_in_each_language_and_says_its_zone(tmp_path: Path, language: str) -> None:
    path = sources_tables.write_template(tmp_path / "x", [filled()], language=language)
    assert PlainTable().detect(head_of(path)) > 0.9
    record, post = sources_tables.one(path)
    assert post.uid == "facebook:sahlaratoday_77"
    assert post.author_ref == "facebook:@sahlaratoday"
    assert post.uri == "https://www.facebook.com/sahlaratoday/posts/77"
    assert post.created_at == datetime(2026, 5, 17, 11, 5, tzinfo=UTC)
    assert (post.created_precision, post.created_zone_basis) == (Precision.MINUTE, ZoneBasis.EXPLICIT)
    assert post.state_at == datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
    assert post.visibility is Visibility.PUBLIC
    assert [(m.name, m.value) for m in post.metrics] == [("likes", 12), ("comments", None), ("shares", 0)]
    assert record.accounts[0].display_name == "Sahlara Today"
    assert record.accounts[0].public_role is PublicRole.PUBLIC_ACTOR
    assert record.source_version == "template"
    assert record.locators == ()


@pytest.mark.parametrize(
    ("kind", "public"),
    [("صفحة", True), ("پەڕە", True), ("Outlet", True), ("قناة", True), ("شخص", False), ("friend", False), ("", False)],
)
def test_the_kind_in_any_language_decides_who_is_public_and_doubt_protects(
    tmp_path: Path, kind: str, public: bool
) -> None:
    path = sources_tables.write_template(tmp_path / "x", [filled(account_kind=kind)])
    record, post = sources_tables.one(path)
    assert record.author_public is public
    assert (post.uri is not None) is public
    unknown = [warning.code for warning in record.warnings]
    assert unknown == (["account-kind-unknown"] if kind == "friend" else [])


def test_a_template_without_its_zone_gives_times_without_one(tmp_path: Path) -> None:
    header = [name.partition(" (Asia")[0] for name in template.header("en", sources_tables.ZONE)]
    path = sources_tables.write(tmp_path / "x", header, [[filled()[field] for field in template.FIELDS]])
    record, post = sources_tables.one(path)
    assert post.created_zone_basis is ZoneBasis.UNKNOWN
    assert {(w.code, w.field) for w in record.warnings} == {("zone-unknown", "posted_at"), ("zone-unknown", "seen_at")}
    _, post = sources_tables.one(path, options={"zone": "Asia/Baghdad"})
    assert post.created_zone_basis is ZoneBasis.EXPLICIT


def test_who_speaks_in_a_group_is_private_and_the_group_is_the_container(tmp_path: Path) -> None:
    address = "https://www.facebook.com/groups/777/posts/555"
    path = sources_tables.write_template(
        tmp_path / "x", [filled(account_kind="group", account_name="Friends of Tel Nahr", address=address)]
    )
    record, post = sources_tables.one(path)
    assert post.container_ref == "facebook:777"
    assert post.author_ref is None
    assert post.id_quality is IdQuality.HASHED
    assert post.uri is None
    assert [(a.uid, a.display_name, a.type) for a in record.accounts] == [
        ("facebook:777", "Friends of Tel Nahr", "group")
    ]
    path = sources_tables.write_template(
        tmp_path / "y",
        [filled(account_kind="group", account_name="Friends of Tel Nahr", address=address, visibility="")],
    )
    record, post = sources_tables.one(path)
    assert str(post.container_ref).startswith("facebook:h:")
    assert "Friends" not in repr(record.accounts)


@pytest.mark.parametrize(
    ("word", "code"),
    [("members", "followers"), ("خاص", "direct"), ("الأصدقاء", "followers"), ("ئەندامان", "followers")],
)
def test_what_is_not_public_is_counted_and_not_kept(tmp_path: Path, word: str, code: str) -> None:
    found = sources_tables.items(sources_tables.write_template(tmp_path / "x", [filled(visibility=word)]))
    assert found == [Quarantined(code)]


def test_a_strange_table_by_its_mapping(tmp_path: Path) -> None:
    path = sources_tables.write(tmp_path / "x", STRANGE, [strange_row(Likes="1,234")], delimiter=";")
    with pytest.raises(InputError) as caught:
        sources_tables.items(path)
    assert caught.value.code == "table-unmapped"
    news = (PublicAccount(platform="x", handle="SahlaraToday"),)
    found = sources_tables.items(path, MAPPING, public=news)
    assert found[0] == Ignored("column", 1)
    [record] = sources_files.records(found)
    assert record.post is not None
    assert record.post.uid == "x:1700000000000000001"
    assert record.post.created_at == datetime(2026, 5, 17, 11, 5, tzinfo=UTC)
    assert record.post.metrics[0].value == 1234
    assert record.post.metrics[0].basis is MetricBasis.LOCALE_GUESS
    assert record.source_version == "strange 3"
    assert b"note" not in record.raw


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_records(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        filled(text='الجسر في تل نهر ما زال قائما؛ "قالوا"\nسطر ثان', account_name="سهلارا اليوم"),
        filled(text="جسر, ثان; هنا", address="https://www.facebook.com/sahlaratoday/posts/78"),
    ]
    plain = sources_tables.records(sources_tables.write_template(tmp_path / "plain", rows, language="ar"))
    path = sources_tables.write_template(tmp_path / "x", rows, language="ar", encoding=encoding, delimiter=delimiter)
    assert PlainTable().detect(head_of(path)) > 0.9
    assert sources_tables.records(path) == plain
    assert plain[0].post is not None
    assert "\n" in plain[0].post.text


def test_excels_own_first_line_names_the_delimiter(tmp_path: Path) -> None:
    path = sources_tables.write(tmp_path / "x", STRANGE, [strange_row()], delimiter="|")
    path.write_bytes(b"sep=|\r\n" + path.read_bytes())
    assert len(sources_tables.records(path, MAPPING)) == 1


def test_a_table_without_a_header_is_mapped_by_numbers(tmp_path: Path) -> None:
    mapping = msgspec.structs.replace(MAPPING, columns={"#1": F.ADDRESS, "#4": F.TEXT}, header=False)
    path = sources_tables.write(tmp_path / "x", strange_row(), [strange_row(Was_sagt_er="y")])
    assert [record.post.text for record in sources_tables.records(path, mapping) if record.post] == ["x", "y"]


def test_a_column_may_be_named_by_its_number_under_a_header_too(tmp_path: Path) -> None:
    mapping = msgspec.structs.replace(MAPPING, columns={"#4": F.TEXT})
    path = sources_tables.write(tmp_path / "x", STRANGE, [strange_row(Was_sagt_er="y")])
    assert sources_tables.one(path, mapping)[1].text == "y"


def test_a_mapping_of_another_table_does_not_fit(tmp_path: Path) -> None:
    path = sources_tables.write(tmp_path / "x", ["a", "b"], [["1", "2"]])
    with pytest.raises(InputError) as caught:
        sources_tables.items(path, MAPPING)
    assert caught.value.code == "mapping-does-not-fit"


def test_a_mapping_is_checked_again_where_it_is_used(tmp_path: Path) -> None:
    path = sources_tables.write(tmp_path / "x", STRANGE, [strange_row()])
    for wrong in (
        '{"name":"a","columns":{"x":"likes"},"platform":"x"}',
        "{",
        "[" * 50_000,
        '"x"',
        "\ud800",
        '{"name":1}',
    ):
        with pytest.raises(InputError, match=r".") as caught:
            sources_files.items(PlainTable(), path, options={"mapping": wrong})
        assert caught.value.code.startswith("mapping-")


def test_day_and_month_are_told_by_the_file_or_not_read(tmp_path: Path) -> None:
    rows = [strange_row(When="05/06/2026 10:00", tweet_url=f"{POST[:-1]}{n}") for n in (2, 3)]
    told = [*rows, strange_row(When="17/05/2026 10:00")]
    found = sources_tables.records(sources_tables.write(tmp_path / "x", STRANGE, rows), MAPPING)
    assert [record.post.created_at for record in found if record.post] == [None, None]
    assert {warning.code for record in found for warning in record.warnings} == {"time-unreadable"}
    found = sources_tables.records(sources_tables.write(tmp_path / "y", STRANGE, told), MAPPING)
    assert found[0].post is not None
    assert found[0].post.created_at == datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
    american = msgspec.structs.replace(MAPPING, times=TimeOrder.MONTH_FIRST)
    found = sources_tables.records(tmp_path / "x", american)
    assert found[0].post is not None
    assert found[0].post.created_at == datetime(2026, 5, 6, 7, 0, tzinfo=UTC)


def test_date_and_time_of_day_in_two_columns(tmp_path: Path) -> None:
    mapping = TableMapping(
        name="two", columns={"d": F.POSTED_AT, "t": F.POSTED_TIME, "x": F.TEXT}, platform="x", times=TimeOrder.DAY_FIRST
    )
    path = sources_tables.write(tmp_path / "x", ["d", "t", "x"], [["1/6/2026", "2:05 م", "text"]])
    _, post = sources_tables.one(path, mapping)
    assert post.created_at == datetime(2026, 6, 1, 14, 5, tzinfo=UTC)


def test_a_rounded_id_gives_way_to_the_address_and_is_kept_and_flagged_without_one(tmp_path: Path) -> None:
    mapping = TableMapping(
        name="ids", columns={"id": F.POST_ID, "url": F.ADDRESS, "text": F.TEXT, "by": F.ACCOUNT_HANDLE}, platform="x"
    )
    news = (PublicAccount(platform="x", handle="SahlaraToday"),)
    rows = [["1.70000E+18", POST, "a", "SahlaraToday"], ["1700000000000000000", "", "b", "SahlaraToday"]]
    first, second = sources_tables.records(
        sources_tables.write(tmp_path / "x", ["id", "url", "text", "by"], rows), mapping, public=news
    )
    assert first.post is not None
    assert second.post is not None
    assert (first.post.native_id, first.post.id_quality) == (POST.rpartition("/")[2], IdQuality.EXACT)
    assert (second.post.native_id, second.post.id_quality) == ("1700000000000000000", IdQuality.ROUNDED)
    assert {w.code for w in (*first.warnings, *second.warnings)} == {"id-rounded"}


def test_screenshots_lie_beside_the_table_and_only_pictures_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(sources_files.PNG)
    (tmp_path / "b.png").write_bytes(sources_files.PNG + b"b")
    (tmp_path / "key").write_bytes(b"SECRET KEY")
    (tmp_path.parent / "outside.png").write_bytes(sources_files.PNG)
    names = "a.png; b.png;key|../outside.png\nmissing.png"
    record, post = sources_tables.one(sources_tables.write_template(tmp_path / "x.csv", [filled(screenshot=names)]))
    assert [item.data for item in record.media] == [sources_files.PNG, sources_files.PNG + b"b"]
    assert [ref.not_included for ref in post.media] == [None, None, "media-no-picture", "media-not-found"]
    assert sorted(warning.code for warning in record.warnings) == [
        "media-no-picture",
        "media-not-found",
        "media-not-found",
    ]
    assert b"SECRET" not in msgspec.json.encode(record)
    assert b".png" not in record.raw


def test_rows_that_are_none_are_rejects_with_their_reason(tmp_path: Path) -> None:
    path = sources_tables.write(
        tmp_path / "x",
        STRANGE,
        [
            strange_row(),
            ["", "a", "", "", "", ""],
            ["only", "two"],
            [*strange_row(), "more"],
            ["", "", "", "", "", "n"],
        ],
    )
    found = sources_tables.items(path, MAPPING)
    assert sources_files.rejects(found) == [
        ("line 3", "row-without-content"),
        ("line 4", "columns-differ"),
        ("line 5", "columns-differ"),
    ]
    assert [item for item in found if isinstance(item, Ignored)] == [Ignored("column", 1), Ignored("empty-row")]
    no_platform = msgspec.structs.replace(MAPPING, platform=None)
    path = sources_tables.write(tmp_path / "y", STRANGE, [strange_row(tweet_url="https://example.org/1")])
    assert sources_files.rejects(sources_tables.items(path, no_platform)) == [("line 2", "platform-unknown")]


def test_replies_are_edges_and_states_are_states(tmp_path: Path) -> None:
    mapping = TableMapping(
        name="r", columns={"t": F.TEXT, "to": F.REPLY_TO, "s": F.STATE, "by": F.ACCOUNT_HANDLE}, platform="x"
    )
    news = (PublicAccount(platform="x", handle="SahlaraToday"),)
    rows = [
        ["a", POST, "deleted", "SahlaraToday"],
        ["b", "99", "محذوف", "SahlaraToday"],
        ["c", "", "odd", "SahlaraToday"],
    ]
    first, second, third = sources_tables.records(
        sources_tables.write(tmp_path / "x", ["t", "to", "s", "by"], rows), mapping, public=news
    )
    assert first.edges[0].dst_uid == "x:1700000000000000001"
    assert str(second.edges[0].dst_uid).startswith("x:h:")
    assert first.post is not None
    assert second.post is not None
    assert third.post is not None
    assert (first.post.state, second.post.state, third.post.state) == (State.DELETED, State.DELETED, State.UNKNOWN)


POISON = "Hidden.Person"
SECRETS = (b"hidden", b"9007001", b"555000111")


def poisoned() -> list[dict[F, str]]:
    """Everything that names a private person, in every cell, one after the other and all at once."""
    address = "https://www.facebook.com/hidden.person/posts/555000111"
    personal = {
        F.ACCOUNT_NAME: POISON,
        F.ACCOUNT_KIND: "person",
        F.ADDRESS: address,
        F.TEXT: f"says @{POISON} at {address}",
        F.SEEN_AT: f"{POISON} 1",
        F.POSTED_AT: f"{POISON} 17/05/2026",
        F.LIKES: POISON,
        F.SHARES: f"9007001 {POISON}",
        F.SCREENSHOT: f"{POISON}.png",
        F.VISIBILITY: POISON,
        F.PLATFORM: "facebook",
    }
    return [
        personal,
        filled(**{F.ACCOUNT_KIND.value: "group", F.ACCOUNT_NAME.value: POISON, "visibility": "", "address": address}),
    ]


def test_no_true_name_handle_or_address_is_in_any_table(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = sources_tables.write_template(folder / "x.csv", poisoned())
    handed = sources_files.child(path)
    assert handed.end is not None
    assert handed.end.read == 2
    assert handed.end.rejected == {}
    for name in ("observations", "posts", "accounts", "edges", "media", "text_signals", "raw", "rejects"):
        shown = repr(handed.rows(name)).lower().encode()
        assert [secret for secret in SECRETS if secret in shown] == [], name
    assert handed.table("locators").num_rows >= 3


def test_ids_in_columns_of_their_own_are_hashed_and_join(tmp_path: Path) -> None:
    mapping = TableMapping(
        name="ids",
        columns={"u": F.ACCOUNT_ID, "h": F.ACCOUNT_HANDLE, "p": F.POST_ID, "t": F.TEXT, "r": F.REPLY_TO},
        platform="x",
    )
    rows = [
        ["9007001", "hidden_one", "555000111", "a @hidden_one", ""],
        ["9007001", "hidden_one", "555000222", "b", "555000111"],
    ]
    first, second = sources_tables.records(
        sources_tables.write(tmp_path / "x", ["u", "h", "p", "t", "r"], rows), mapping
    )
    assert first.author_ref == second.author_ref
    assert second.edges[0].dst_uid == first.uid
    for record in (first, second):
        shown = msgspec.json.encode(msgspec.structs.replace(record, locators=())).lower()
        assert b"hidden_one" not in shown
        assert b"9007001" not in shown
        assert b"555000" not in shown


def test_the_same_row_under_a_better_mapping_is_another_record_of_the_same_post(tmp_path: Path) -> None:
    path = sources_tables.write(tmp_path / "x", STRANGE, [strange_row()])
    before = sources_tables.records(path, msgspec.structs.replace(MAPPING, zone=None))
    after = sources_tables.records(path, MAPPING)
    again = sources_tables.records(path, msgspec.structs.replace(MAPPING, name="another name"))
    assert before[0].uid == after[0].uid
    assert before[0].raw != after[0].raw
    assert again[0].raw == after[0].raw


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(tmp_path: Path, seed: int) -> None:
    rows = [strange_row(When=f"{n % 28 + 1}/05/2026 10:00", tweet_url=f"https://x.com/a/status/{n}") for n in range(40)]
    wanted = {
        record.raw for record in sources_tables.records(sources_tables.write(tmp_path / "x", STRANGE, rows), MAPPING)
    }
    random.Random(seed).shuffle(rows)
    found = sources_tables.records(sources_tables.write(tmp_path / "y", STRANGE, rows), MAPPING)
    assert {record.raw for record in found} == wanted
    assert len(wanted) == 40


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "",
        "page",
        "public",
        "1e20",
        "9" * 40,
        "\x00",
        '"',
        "05/06/2026",
        "=cmd()",
        "\u202e",
        "https://www.facebook.com/a/posts/1",
        "nan",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(field=st.sampled_from(list(template.FIELDS)), value=cells)
def test_any_value_in_any_cell_gives_a_record_a_reject_or_nothing(tmp_path: Path, field: F, value: str) -> None:
    path = sources_tables.write_template(tmp_path / "x", [filled() | {field: value}, filled()])
    read(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=600))
def test_garbage_raises_nothing_but_our_errors(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert 0 <= PlainTable().detect(data) < 0.5
    read(path)
    path.write_bytes(",".join(STRANGE).encode() + b"\n" + data)
    read(path, mapping=MAPPING)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 900), encoding=st.sampled_from(["utf-8", "utf-16", "cp1256"]))
def test_a_file_cut_anywhere_gives_what_stands_before_the_cut(tmp_path: Path, at: int, encoding: str) -> None:
    path = sources_tables.write_template(
        tmp_path / "x", [filled(text="جسر تل نهر"), filled(text="two\nlines")], encoding=encoding, language="ar"
    )
    path.write_bytes(path.read_bytes()[:at])
    read(path)


def read(path: Path, **how: Any) -> None:
    try:
        for item in sources_tables.items(path, **how):
            msgspec.json.encode(item)
    except (InputError, LimitReached):
        pass


def test_a_huge_cell_is_a_reject_and_the_rest_is_read(tmp_path: Path) -> None:
    path = sources_tables.write_template(tmp_path / "x", [filled(), filled(text="x" * 5_000), filled(address="")])
    from dalil.sources.importer import Limits

    found = sources_tables.items(path, limits=Limits(line_bytes=1_000))
    assert sources_files.rejects(found) == [("line 3", "record-too-long")]
    assert len(sources_files.records(found)) == 2
