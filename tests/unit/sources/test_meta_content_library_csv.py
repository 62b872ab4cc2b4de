"""Meta Content Library CSV: ids of its own, pages public and persons not, shares as edges, counts that add up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.records import AltId, Metric, Post, Url
from dalil.schema.words import AccountType, EdgeType, IdQuality, MetricBasis, State, Visibility, ZoneBasis
from dalil.sources.formats.meta_content_library_csv.columns import KNOWN, METRICS, layout_of
from dalil.sources.formats.meta_content_library_csv.importer import MetaContentLibraryCsv
from dalil.sources.importer import Ignored, Item, Record
from dalil.testing.importers import check_record

PAGE = "facebook:mcl:5098765432101"
PERSON = {
    "post_owner.type": "profile",
    "post_owner.id": "9007001",
    "post_owner.name": "Hidden Person",
    "post_owner.username": "hidden.person",
}


def read(tmp_path: Path, *rows: dict[str, str], columns: list[str] | None = None, **more: Any) -> list[Item]:
    path = sources_files.write_table(tmp_path / "m.csv", rows, columns=columns)
    return sources_files.items(MetaContentLibraryCsv(), path, **more)


def one(tmp_path: Path, **cells: str) -> tuple[Record, Post]:
    [record] = sources_files.records(read(tmp_path, sources_files.mcl_row(1, **cells)), "post")
    assert record.post is not None
    return record, record.post


def test_a_page_and_its_post(tmp_path: Path) -> None:
    found = read(tmp_path, sources_files.mcl_row(1), sources_files.mcl_row(2))
    [page] = sources_files.records(found, "account")
    account = page.accounts[0]
    assert (account.uid, account.handle, account.type) == (PAGE, "sahlaratoday", AccountType.PAGE)
    assert account.alt_ids == (AltId("mcl", "5098765432101"),)
    assert account.public_role.is_public
    record = sources_files.records(found, "post")[0]
    post = record.post
    assert post is not None
    assert post.uid == "facebook:mcl:40123456781"
    assert post.author_ref == post.container_ref == PAGE
    assert post.uri == "https://mcl.example/post/1"
    assert post.created_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert (post.created_zone_basis, post.visibility, post.lang) == (ZoneBasis.EXPLICIT, Visibility.PUBLIC, "en")
    assert (post.state, post.edited_at) == (State.LIVE, None)
    assert [ref.native_key for ref in post.media] == ["mcl:6011"]
    assert Ignored("column", 1) in found


def test_counts_missing_null_and_zero(tmp_path: Path) -> None:
    _, post = one(tmp_path)
    counts = {metric.name: metric for metric in post.metrics}
    assert (counts["likes"].value, counts["comments"].value, counts["shares"].value) == (5, 0, None)
    assert "reaction wow" not in counts
    assert counts["views"] == Metric("views", 1200, datetime(2026, 5, 16, tzinfo=UTC), MetricBasis.EXACT, "1200")


def test_counts_as_spreadsheets_and_pandas_write_them(tmp_path: Path) -> None:
    rows = [
        sources_files.mcl_row(1, **{"statistics.like_count": "1.005", "statistics.love_count": "1", "statistics.reaction_count": "1.006"}),
        sources_files.mcl_row(2, **{"statistics.like_count": "5.0", "statistics.reaction_count": "6.0"}),
        sources_files.mcl_row(3, **{"statistics.like_count": "7"}),
        sources_files.mcl_row(4, **{"statistics.views": "many"}),
    ]  # fmt: skip
    records = sources_files.records(read(tmp_path, *rows), "post")
    likes = [next(m.value for m in record.post.metrics if m.name == "likes") for record in records if record.post]
    assert likes == [1005, 5, 7, 5]
    codes = [[warning.code for warning in record.warnings] for record in records]
    assert codes == [[], [], ["total-differs"], ["number-unreadable"]]


def test_a_later_change_is_an_edit(tmp_path: Path) -> None:
    _, post = one(tmp_path, modified_time="2026-05-11T16:00:00+00:00")
    assert (post.state, post.edited_at) == (State.EDITED, datetime(2026, 5, 11, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "codes"), [("2026-05-11 15:34:16", ["zone-unknown"]), ("soon", ["time-unreadable"])]
)
def test_times_without_a_zone_and_times_that_are_none(tmp_path: Path, written: str, codes: list[str]) -> None:
    record, _ = one(tmp_path, creation_time=written, modified_time="")
    assert [warning.code for warning in record.warnings] == codes
    found = read(
        tmp_path, sources_files.mcl_row(1, creation_time="2026-05-11 15:34:16"), options={"zone": "Asia/Baghdad"}
    )
    [record] = sources_files.records(found, "post")
    assert record.post is not None
    assert record.post.created_at == datetime(2026, 5, 11, 12, 34, 16, tzinfo=UTC)


def test_a_person_s_post_stands_under_hashes(tmp_path: Path) -> None:
    found = read(tmp_path, sources_files.mcl_row(1, **PERSON))
    [record] = sources_files.records(found, "post")
    assert record.post is not None
    assert record.uid.startswith("facebook:h:")
    assert (record.post.uri, record.post.id_quality) == (None, IdQuality.HASHED)
    assert str(record.post.author_ref).startswith("facebook:h:")
    assert str(record.post.media[0].native_key).startswith("h:")
    assert ("facebook:" + record.post.native_id, "facebook post mcl:40123456781") in record.locators
    assert "idden" not in repr(record.post)
    assert b"idden" not in record.raw
    listed = PublicAccount(platform="facebook", handle="hidden.person")
    found = read(tmp_path, sources_files.mcl_row(1, **PERSON), public=[listed])
    assert [r.author_ref for r in sources_files.records(found, "post")] == ["facebook:mcl:9007001"]
    assert any(r.uid == "facebook:mcl:9007001" for r in sources_files.records(found, "account"))


def test_who_posts_in_a_group(tmp_path: Path) -> None:
    surface = {"surface.type": "group", "surface.id": "777", "surface.name": "The square", "surface.username": ""}
    found = read(
        tmp_path,
        sources_files.mcl_row(1, **PERSON, **surface),
        sources_files.mcl_row(2, **surface),
        sources_files.mcl_row(3, **surface, **{"post_owner.type": "group", "post_owner.id": "777"}),
    )
    posts = [record.post for record in sources_files.records(found, "post") if record.post]
    assert {post.container_ref for post in posts} == {"facebook:mcl:777"}
    assert str(posts[0].author_ref).startswith("facebook:h:")
    assert posts[1].author_ref == PAGE
    assert posts[2].author_ref is None
    assert posts[2].uid.startswith("facebook:h:")
    kinds = {record.uid: record.accounts[0].type for record in sources_files.records(found, "account")}
    assert kinds["facebook:mcl:777"] is AccountType.GROUP


def test_a_share_is_an_edge_and_one_with_words_a_quote(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        sources_files.mcl_row(1, text="", shared_post_id="4999"),
        sources_files.mcl_row(2, text="look", shared_post_id="4999"),
    )
    share, quote = sources_files.records(found, included=False)
    assert (share.kind, share.post, share.edges[0].type) == ("repost", None, EdgeType.REPOST)
    assert quote.post is not None
    assert quote.edges[0].type is EdgeType.QUOTE
    assert share.edges[0].dst_uid == quote.edges[0].dst_uid
    assert str(share.edges[0].dst_uid).startswith("facebook:h:")
    assert b"4999" not in share.raw + quote.raw


def test_rounded_ids_are_flagged(tmp_path: Path) -> None:
    record, post = one(tmp_path, id="4.01235E+16")
    assert post.id_quality is IdQuality.ROUNDED
    assert [(warning.code, warning.field) for warning in record.warnings] == [("id-rounded", "id")]


def test_links_of_the_text_and_of_the_attachment(tmp_path: Path) -> None:
    record, post = one(
        tmp_path,
        text="see https://news.example/a, and https://t.me/hidden_one/5",
        **{"link_attachment.link": "https://x.com/hidden_one", "link_attachment.name": "by @hidden_one"},
    )
    assert post.urls[0] == Url("https://news.example/a")
    assert len(post.urls) == 3
    assert "hidden" not in repr(post)
    assert b"hidden" not in record.raw


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("[{'id': '5', 'type': 'photo'}, {\"id\": 6}]", ["mcl:5", "mcl:6"]),
        ("[]", []),
        ("nonsense", []),
        ("[{'type': 'photo'}]", []),
        ("[{" * 1000, []),
    ],
)
def test_multimedia_however_it_is_written(tmp_path: Path, written: str, keys: list[str]) -> None:
    _, post = one(tmp_path, multimedia=written)
    assert [ref.native_key for ref in post.media] == keys
    _, post = one(tmp_path, multimedia='[{"type": "video", "id": "5", "duration": 12.5}]')
    assert post.media[0].duration_s == 12.5


BASE = ["id", "text", "creation_time", "post_owner.id", "post_owner.username", "mcl_url"]


@pytest.mark.parametrize(
    ("columns", "platform"),
    [
        ([*BASE, "surface.id"], "facebook"),
        ([*BASE, "statistics.reaction_count"], "facebook"),
        ([*BASE, "link_attachment_fields.link"], "facebook"),
        ([*BASE, "statistics.like_count"], "instagram"),
        ([*BASE, "statistics.quote_count"], "threads"),
    ],
)
def test_the_platform_is_told_by_the_columns(tmp_path: Path, columns: list[str], platform: str) -> None:
    layout = layout_of(columns)
    assert layout is not None
    assert layout.platform == platform
    found = read(tmp_path, sources_files.mcl_row(1, **{"post_owner.type": ""}), columns=columns)
    assert sources_files.records(found, "post")[0].uid.startswith(f"{platform}:h:")
    found = read(tmp_path, sources_files.mcl_row(1), columns=columns, options={"platform": "threads"})
    assert sources_files.records(found, "post")[0].uid.startswith("threads:")
    with pytest.raises(InputError):
        read(tmp_path, sources_files.mcl_row(1), columns=columns, options={"platform": "nowhere"})


def test_every_known_column_is_named_and_older_ones_too() -> None:
    layout = layout_of(sorted(KNOWN))
    assert layout is not None
    assert set(layout.names) == KNOWN
    older = layout_of(["id", "creation_time", "post_owner.data.id", "view_date_last_refreshed", "mcl_url", "Notes"])
    assert older is not None
    assert older.names[2:4] == ("post_owner.id", "statistics.views_date_last_refreshed")
    assert older.names[5] == ""
    assert len(set(METRICS.values())) == len(METRICS)
    for other in (["id", "text"], ["id", "creation_time", "text"], ["Page Name", "URL"], []):
        assert layout_of(other) is None


def test_an_owner_without_an_id_and_a_row_without_one(tmp_path: Path) -> None:
    _, post = one(tmp_path, **{"post_owner.id": ""})
    assert post.author_ref == "facebook:@sahlaratoday"
    nobody = {f"{who}.{what}": "" for who in ("post_owner", "surface") for what in ("id", "username")}
    record, post = one(tmp_path, **nobody)
    assert (post.author_ref, post.container_ref, record.author_public) == (None, None, False)
    found = read(tmp_path, sources_files.mcl_row(1, id=""))
    assert sources_files.rejects(found) == [("line 2", "row-without-id")]


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [sources_files.mcl_row(n, **(PERSON if n % 2 else {})) for n in range(6)]
    wanted = {record.raw for record in sources_files.records(read(tmp_path, *rows))}
    assert {record.raw for record in sources_files.records(read(tmp_path, *reversed(rows)))} == wanted


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(sources_files.mcl_row(1))), st.text(max_size=30), st.booleans())
def test_no_cell_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, name: str, cell: str, private: bool) -> None:
    row = sources_files.mcl_row(1, **(PERSON if private else {})) | {name: cell.replace("\ud800", "")}
    try:
        found = read(tmp_path_factory.mktemp("wrong"), row)
    except UnicodeEncodeError:
        return
    for item in found:
        if isinstance(item, Record):
            check_record(item)
            assert not private or name.startswith("post_owner") or b"idden" not in item.raw
