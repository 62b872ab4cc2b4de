"""CrowdTangle CSV: its marks and tabs, its zones, its numbers by locale, its files without a header."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.records import Post
from dalil.schema.words import AccountType, IdQuality, MetricBasis, Precision, ZoneBasis
from dalil.sources.formats.crowdtangle_csv.columns import ORDERS, SUMS, layout_of, restored
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.importer import Ignored, Item, Record
from dalil.sources.locale_numbers import Locale
from dalil.sources.reading import head_of

PAGE = "facebook:100064062786653"


def read(tmp_path: Path, *rows: dict[str, str], **more: Any) -> list[Item]:
    options = more.pop("options", None)
    return sources_files.items(
        CrowdTangleCsv(), sources_files.write_ct(tmp_path / "f.csv", rows, **more), options=options
    )


def posts(found: list[Item]) -> list[Post]:
    return [record.post for record in sources_files.records(found) if record.post]


def one(tmp_path: Path, **cells: str) -> tuple[Record, Post]:
    record = sources_files.records(read(tmp_path, sources_files.ct_row(1, **cells)), "post")[0]
    assert record.post is not None
    return record, record.post


def values(post: Post) -> dict[str, int | None]:
    return {metric.name: metric.value for metric in post.metrics}


def test_a_page_and_its_post(tmp_path: Path) -> None:
    found = read(tmp_path, sources_files.ct_row(7), sources_files.ct_row(8))
    [page] = sources_files.records(found, "account")
    account = page.accounts[0]
    assert (account.uid, account.handle, account.display_name) == (PAGE, "sahlaratoday", "Sahlara Today")
    assert account.type is AccountType.PAGE
    assert account.public_role.is_public
    post = posts(found)[0]
    assert post.uid == f"{PAGE}_7"
    assert post.uri == "https://www.facebook.com/100064062786653/posts/7"
    assert post.author_ref == post.container_ref == PAGE
    assert post.created_at == datetime(2023, 11, 13, 9, 30, 36, tzinfo=UTC)
    assert (post.created_zone_basis, post.created_precision) == (ZoneBasis.ABBREVIATION, Precision.SECOND)
    assert values(post)["reaction love"] == 0
    assert values(post)["reaction wow"] is None
    assert "total views" in values(post)
    assert values(post)["author followers"] == 1500
    assert Ignored("column", 3) in found


def test_ids_lose_their_tab_and_rounded_ones_are_flagged(tmp_path: Path) -> None:
    record, post = one(tmp_path, **{"Facebook Id": "1.00064E+14"})
    assert post.author_ref == PAGE
    assert [(warning.code, warning.original) for warning in record.warnings] == [("id-rounded", "1.00064E+14")]
    record, post = one(
        tmp_path, **{"Facebook Id": "1.00064E+14", "URL": "https://www.facebook.com/sahlaratoday/posts/7"}
    )
    assert post.author_ref == "facebook:1.00064E+14"
    assert post.id_quality is IdQuality.ROUNDED


@pytest.mark.parametrize(
    ("cells", "total", "likes"),
    [
        ({"Total Interactions": "407.137", "Likes": "400.000", "Comments": "7.000", "Shares": "137", "Love": "0"}, 407_137, 400_000),
        ({"Total Interactions": "407,137", "Likes": "400,000", "Comments": "7,000", "Shares": "137", "Love": "0"}, 407_137, 400_000),
        ({"Total Interactions": "407 137", "Likes": "400 000", "Comments": "7 000", "Shares": "137", "Love": "0"}, 407_137, 400_000),
        ({"Total Interactions": "407137", "Likes": "400000", "Comments": "7000", "Shares": "137", "Love": "0"}, 407_137, 400_000),
    ],
)  # fmt: skip
def test_numbers_follow_what_adds_up(tmp_path: Path, cells: dict[str, str], total: int, likes: int) -> None:
    record, post = one(tmp_path, **cells, **{sources_files.CT_COLUMNS[-1]: "1,4"})
    assert values(post)["interactions"] == total
    assert values(post)["likes"] == likes
    assert {metric.basis for metric in post.metrics if metric.value} == {MetricBasis.EXACT}
    assert record.warnings == ()


def test_the_locale_is_the_files_and_a_sum_that_fails_is_flagged(tmp_path: Path) -> None:
    good = sources_files.ct_row(
        1, **{"Total Interactions": "1.010", "Likes": "1.000", "Comments": "10", "Shares": "0", "Love": "0"}
    )
    bad = sources_files.ct_row(
        2, **{"Total Interactions": "2.000", "Likes": "1.000", "Comments": "0", "Shares": "0", "Love": "0"}
    )
    found = sources_files.records(read(tmp_path, good, bad), "post")
    assert [warning.code for warning in found[0].warnings] == []
    assert [warning.code for warning in found[1].warnings] == ["total-differs"]
    assert found[1].post is not None
    assert values(found[1].post)["likes"] == 1000
    assert {metric.basis for metric in found[1].post.metrics if metric.raw} == {MetricBasis.LOCALE_GUESS}


def test_without_sums_the_scores_sign_decides_and_says_that_it_guessed(tmp_path: Path) -> None:
    cells = {"Total Interactions": "", "Likes": "", "Comments": "", "Shares": "1.234", "Love": ""}
    _, post = one(tmp_path, **cells, **{sources_files.CT_COLUMNS[-1]: "1,4"})
    shares = next(metric for metric in post.metrics if metric.name == "shares")
    assert (shares.value, shares.basis, shares.raw) == (1234, MetricBasis.LOCALE_GUESS, "1.234")


def test_a_number_that_is_none_is_null_and_flagged(tmp_path: Path) -> None:
    record, post = one(tmp_path, Shares="many", **{"Total Interactions": ""})
    assert values(post)["shares"] is None
    assert "number-unreadable" in [warning.code for warning in record.warnings]


@given(st.lists(st.integers(0, 9_999_999), min_size=2, max_size=9), st.sampled_from([".", ",", " ", "'", "\u066c", ""]))
def test_any_counts_in_any_locale_are_read_back(counts: list[int], sign: str) -> None:
    names = ("likes", "comments", "shares", "love", "wow", "haha", "sad", "angry", "care")
    row = {name: f"{count:,}".replace(",", sign) for name, count in zip(names, counts, strict=False)}
    row["interactions"] = f"{sum(counts):,}".replace(",", sign)
    locale = SUMS.decide([row])
    assert SUMS.adds_up(row, locale) is True
    assert [locale.whole(row[name])[0] for name in row] == [*counts, sum(counts)]


@given(st.text(max_size=20))
def test_no_cell_makes_numbers_fail(text: str) -> None:
    for sign in ("", ".", ",", " ", "'", "\u066c"):
        Locale(sign).whole(text)


@pytest.mark.parametrize(
    ("created", "hour", "basis"),
    [
        ("2021-06-01 12:00:00 BRT", 15, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 EDT", 16, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 EST", 17, ZoneBasis.ABBREVIATION),
        ("2021-06-01 12:00:00 IST", 12, ZoneBasis.UNKNOWN),
    ],
)
def test_zones_are_those_of_the_table(tmp_path: Path, created: str, hour: int, basis: ZoneBasis) -> None:
    record, post = one(tmp_path, **{"Post Created": created})
    assert post.created_at == datetime(2021, 6, 1, hour, tzinfo=UTC)
    assert post.created_zone_basis is basis
    assert [warning.code for warning in record.warnings] == (["zone-unknown"] if basis is ZoneBasis.UNKNOWN else [])


def test_a_zone_by_the_operator(tmp_path: Path) -> None:
    row = sources_files.ct_row(1, **{"Post Created": "2021-06-01 12:00:00"})
    [post] = posts(read(tmp_path, row, options={"zone": "Asia/Baghdad"}))
    assert (post.created_at, post.created_zone_basis) == (datetime(2021, 6, 1, 9, tzinfo=UTC), ZoneBasis.EXPLICIT)


def test_a_history_export_without_a_header_loses_no_row(tmp_path: Path) -> None:
    rows = [sources_files.ct_row(n) for n in (1, 2)]
    path = sources_files.write_ct(tmp_path / "f.csv", rows, header=False)
    assert CrowdTangleCsv().detect(head_of(path)) >= 0.5
    found = sources_files.items(CrowdTangleCsv(), path)
    assert [post.uid for post in posts(found)] == [f"{PAGE}_1", f"{PAGE}_2"]
    with_header = sources_files.items(CrowdTangleCsv(), sources_files.write_ct(tmp_path / "g.csv", rows))
    assert [r.raw for r in sources_files.records(found, "post")] == [
        r.raw for r in sources_files.records(with_header, "post")
    ]
    older = tuple(name for name in sources_files.CT_COLUMNS if name not in sources_files.CT_COLUMNS[3:7])
    found = sources_files.items(
        CrowdTangleCsv(), sources_files.write_ct(tmp_path / "h.csv", rows, columns=older, header=False)
    )
    assert len(posts(found)) == 2


def test_layouts_are_known_by_their_columns() -> None:
    assert layout_of(sources_files.CT_COLUMNS) is not None
    assert len(ORDERS[0]) == len(sources_files.CT_COLUMNS)
    assert layout_of(["id", "text", "url"]) is None
    assert layout_of(["Page Name", "URL"]) is None
    plain, other = (f"Total Interactions (weighted  —  Likes 1x Shares {weight}x )" for weight in (1, 3))
    for header, wanted in (
        ([plain], "interactions"),
        ([other], "score"),
        (["Total Interactions", plain], "score"),
    ):
        layout = layout_of(["Page Name", "URL", *header])
        assert layout is not None
        assert layout.names[-1] == wanted


def test_posts_in_a_group_are_by_members_whom_nobody_names(tmp_path: Path) -> None:
    columns = ("Group Name", *sources_files.CT_COLUMNS[1:])
    row = sources_files.ct_row(1, URL="https://www.facebook.com/groups/777/permalink/12345") | {
        "Facebook Id": "777",
        "Group Name": "G",
    }
    found = read(tmp_path, row, columns=columns)
    [post] = posts(found)
    assert post.uid.startswith("facebook:h:")
    assert (post.uri, post.author_ref, post.container_ref) == (None, None, "facebook:777")
    [account] = sources_files.records(found, "account")
    assert account.accounts[0].type is AccountType.GROUP
    record = sources_files.records(found, "post")[0]
    assert b"12345" not in record.raw
    assert ("facebook:" + post.native_id, "https://www.facebook.com/777_12345") in record.locators


def test_instagram_accounts(tmp_path: Path) -> None:
    columns = ("Account", "User Name", "Followers at Posting", "Post Created", "Type", "Likes", "URL", "Description")
    row = sources_files.ct_row(1, URL="https://www.instagram.com/p/abc/", Description="d") | {"Account": "Sahlara"}
    [post] = posts(read(tmp_path, row, columns=columns))
    assert post.text == "d"
    assert post.uid == "instagram:abc"
    assert post.author_ref == "instagram:@sahlaratoday"


def test_links_to_others_are_replaced_and_own_and_foreign_ones_stay(tmp_path: Path) -> None:
    own = "https://www.facebook.com/sahlaratoday/posts/9"
    message = f"see {own} and https://facebook.com/hidden.person/posts/555 and https://news.example/a"
    record, post = one(
        tmp_path,
        Message=message,
        Link="https://facebook.com/hidden.person",
        **{"Final Link": "https://t.me/hidden_one"},
    )
    assert own in post.text
    assert "https://news.example/a" in post.text
    for text in (post.text, str(post.urls), record.raw.decode()):
        assert "hidden" not in text
        assert "555" not in text


def test_sponsors_and_unknown_columns_are_dropped(tmp_path: Path) -> None:
    columns = (*sources_files.CT_COLUMNS, "Notes")
    row = sources_files.ct_row(1, **{"Sponsor Name": "hidden person"}) | {"Notes": "hidden notes"}
    found = read(tmp_path, row, columns=columns)
    assert "hidden" not in repr(found)
    assert Ignored("column", 4) in found


def test_rows_without_an_id_and_with_other_columns_are_rejects(tmp_path: Path) -> None:
    path = sources_files.write_ct(
        tmp_path / "f.csv", [sources_files.ct_row(1), {"Message": "nothing else"}, sources_files.ct_row(3)]
    )
    path.write_bytes(path.read_bytes() + b"one,two\r\n")
    found = sources_files.items(CrowdTangleCsv(), path)
    assert sources_files.rejects(found) == [("line 3", "row-without-id"), ("line 5", "columns-differ")]
    assert len(posts(found)) == 2


def test_a_row_without_an_address_has_a_derived_id(tmp_path: Path) -> None:
    _, post = one(tmp_path, URL="")
    assert post.native_id.startswith("d:")
    assert post.id_quality is IdQuality.DERIVED


def test_a_file_that_is_none_of_its_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        sources_files.items(CrowdTangleCsv(), tmp_path / "f.csv")
    assert caught.value.code == "format-unknown"


# Exports of other years and of Instagram

INSTAGRAM = (
    *("Account", "User Name", "Followers at Posting", "Post Created", "Post Created Date", "Post Created Time", "Type"),
    *("Total Interactions", "Likes", "Comments", "Views", "URL", "Link", "Photo", "Title", "Description", "Image Text"),
    *("Sponsor Id", "Sponsor Name", "Overperforming Score (weighted  —  Likes 1x Comments 1x )"),
)
OF_2020 = (
    *("Page Name", "User Name", "Facebook Id", "Likes at Posting", "Created", "Type", "Likes", "Comments", "Shares"),
    *("Love", "Wow", "Haha", "Sad", "Angry", "Care", "Video Share Status", "Post Views", "Total Views"),
    *("Total Views For All Crossposts", "Video Length", "URL", "Message", "Link", "Final Link", "Image Text"),
    *("Link Text", "Description", "Sponsor Id", "Sponsor Name", "Total Interactions"),
    "Total Interactions (weighted  —  Likes 1x Shares 1x Comments 1x Love 1x Wow 1x Haha 1x Sad 1x Angry 1x Care 1x )",
)


def ig_row(number: int, **more: str) -> dict[str, str]:
    row = sources_files.ct_row(number, URL=f"https://www.instagram.com/p/C{number}/", **{"Total Interactions": "7"})
    row |= {"Account": "Sahlara Today", "Description": f"Bulletin {number} #bridge by @hidden_one", "Views": "90"}
    return row | {"Link": row["URL"], "Photo": "https://media.example/hidden.jpg", "Title": "Photo by x"} | more


def row_of_2020(number: int, **more: str) -> dict[str, str]:
    row = sources_files.ct_row(number, **{"Total Interactions": "1,972,048", "Likes": "1972043", "Video Length": "N/A"})
    return row | {"Created": row["Post Created"], OF_2020[-1]: "1,972,048"} | more


@pytest.mark.parametrize("header", [True, False])
def test_a_whole_export_of_instagram(tmp_path: Path, header: bool) -> None:
    found = read(tmp_path, ig_row(1), ig_row(2), columns=INSTAGRAM, header=header)
    [account] = sources_files.records(found, "account")
    assert (account.uid, account.accounts[0].display_name) == ("instagram:@sahlaratoday", "Sahlara Today")
    post = posts(found)[0]
    assert post.uid == "instagram:C1"
    assert post.uri == "https://www.instagram.com/p/C1/"
    assert post.text.startswith("Bulletin 1 #bridge by @h:")
    assert post.hashtags == ("bridge",)
    assert {"likes": 5, "comments": 2, "interactions": 7, "views": 90}.items() <= values(post).items()
    assert "hidden" not in repr([(record.raw, record.post) for record in sources_files.records(found)])
    assert "total-differs" not in [w.code for record in sources_files.records(found) for w in record.warnings]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("followers", [True, False])
def test_exports_of_2020(tmp_path: Path, header: bool, followers: bool) -> None:
    columns = (*OF_2020[:4], *(("Followers at Posting",) if followers else ()), *OF_2020[4:])
    found = read(tmp_path, row_of_2020(1), row_of_2020(2), columns=columns, header=header)
    assert sources_files.rejects(found) == []
    post = posts(found)[1]
    assert post.created_at == datetime(2023, 11, 13, 9, 30, 36, tzinfo=UTC)
    interactions = next(metric for metric in post.metrics if metric.name == "interactions")
    assert (interactions.value, interactions.basis) == (1_972_048, MetricBasis.EXACT)
    assert ("author followers" in values(post)) is followers


def test_data_that_was_taken_for_a_header_is_restored_and_said_to_be(tmp_path: Path) -> None:
    rows = [sources_files.ct_row(n) for n in (1, 2)]
    plain = sources_files.write_ct(tmp_path / "plain.csv", rows, header=False)
    wanted = sources_files.records(sources_files.items(CrowdTangleCsv(), plain))
    lines = list(csv.reader(io.StringIO(plain.read_text("utf-8-sig"), newline="")))
    seen: dict[str, int] = {}
    header = []
    for place, cell in enumerate(lines[0]):  # as the program does it that most people read such files with
        again = seen.get(cell, 0)
        seen[cell] = again + 1
        header.append(f"Unnamed: {place}" if not cell else f"{cell}.{again}" if again else cell)
    path = tmp_path / "mangled.csv"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *lines[1:]])
    path.write_text(text.getvalue(), "utf-8")
    found = sources_files.records(sources_files.items(CrowdTangleCsv(), path))
    assert [record.raw for record in found] == [record.raw for record in wanted]
    assert [[warning.code for warning in record.warnings] for record in found] == [[], ["header-was-data"], []]


@given(st.lists(st.text("01.", max_size=3), max_size=20))
def test_what_a_program_made_unique_is_made_the_same_again(cells: list[str]) -> None:
    seen: dict[str, int] = {}
    taken: set[str] = set()
    header = []
    for place, cell in enumerate(["", *cells]):
        name = cell or f"Unnamed: {place}"
        again = seen.get(name, 0)
        seen[name] = again + 1
        header.append(f"{name}.{again}" if again else name)
        taken.add(header[-1])
    found = restored(header)
    assert found is not None
    if len(taken) == len(header) and not any("." in cell for cell in cells):
        assert found == ["", *cells]
    assert restored(["a", "Unnamed: 5"]) is None
