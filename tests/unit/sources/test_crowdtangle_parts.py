"""The parts of the CrowdTangle importer one by one: layouts, owners, numbers, links."""

from __future__ import annotations

from typing import Any

import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.records import ReadWarning, Url
from dalil.schema.words import IdQuality, MetricBasis
from dalil.sources.formats.crowdtangle_csv.columns import COLUMNS, DROPPED, ORDERS, SUMS, layout_of
from dalil.sources.formats.crowdtangle_csv.rows import METRICS, account_record, owner_of, post_record
from dalil.sources.locale_numbers import Locale
from dalil.sources.privacy import Pseudonymiser

KEY = bytes(range(32))


def row(**cells: str) -> dict[str, str]:
    """A row by our own names of the columns."""
    given = {COLUMNS[name]: value for name, value in sources_files.ct_row(7).items() if name in COLUMNS}
    return given | cells


def post(cells: dict[str, str], *, is_group: bool = False) -> Any:
    warnings: list[ReadWarning] = []
    owner = owner_of(cells, warnings, Pseudonymiser(KEY), is_group=is_group)
    assert owner is not None
    return post_record(cells, owner, Pseudonymiser(KEY), Locale(), None, warnings)


# Layouts


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_each_known_column_has_a_name_of_ours(name: str) -> None:
    header = ["Page Name", "URL", "Message", name]
    layout = layout_of(header)
    assert layout is not None
    assert layout.names[-1] == COLUMNS[name]
    assert layout.unknown == 0


@pytest.mark.parametrize("name", [*sorted(DROPPED), "Notes", "", "page name"])
def test_columns_that_are_dropped_are_counted(name: str) -> None:
    layout = layout_of(["Page Name", "URL", "Message", name])
    assert layout is not None
    assert layout.unknown == 1


@pytest.mark.parametrize(
    "score",
    [
        "Overperforming Score (weighted  —  Likes 1x Shares 1x Comments 1x Love 1x Wow 1x Haha 1x Sad 1x Angry 1x Care 1x )",
        "Overperforming Score (weighted — Likes 1x Comments 1x )",
        "Overperforming Score (weighted  –  Likes 1x Shares 3x Comments 2x )",
        "Total Interactions (weighted  —  Likes 1x Shares 3x Comments 1x )",
        "Interaction Rate (weighted  —  Likes 1x Shares 1x Comments 1x )",
    ],
)
def test_the_long_column_is_known_by_how_it_begins(score: str) -> None:
    layout = layout_of(["Page Name", "URL", score])
    assert layout is not None
    assert layout.names[2] == "score"


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["Page Name"],
        ["URL", "Message", "Type"],
        ["Page Name", "Likes", "Comments"],
        ["id", "text", "creation_time"],
        ["thread_id", "timestamp", "body", "author"],
        ["Page Name", "URL"],
    ],
)
def test_other_tables_are_not_ours(header: list[str]) -> None:
    assert layout_of(header) is None


def test_the_known_orders_hold_each_column_once() -> None:
    for order in ORDERS:
        named = [name for name in order if name]
        assert len(named) == len(set(named))
    assert set(ORDERS[1]) < set(ORDERS[0])


def test_a_group_export_is_known_by_its_first_column() -> None:
    layout = layout_of(["Group Name", "URL", "Message"])
    assert layout is not None
    assert layout.is_group


# Owners


@pytest.mark.parametrize(
    ("cells", "uid", "quality"),
    [
        ({}, "facebook:100064062786653", IdQuality.EXACT),
        ({"account_id": ""}, "facebook:100064062786653", IdQuality.EXACT),
        ({"account_id": "", "url": ""}, "facebook:@sahlaratoday", IdQuality.EXACT),
        ({"account_id": "", "url": "https://www.facebook.com/other/posts/1"}, "facebook:@sahlaratoday", IdQuality.EXACT),
        ({"account_id": "", "handle": "", "url": "https://www.facebook.com/Other/posts/1"}, "facebook:@other", IdQuality.EXACT),
        ({"account_id": "999\t"}, "facebook:999", IdQuality.EXACT),
        ({"account_id": "1.5E+14"}, "facebook:100064062786653", IdQuality.EXACT),
        ({"account_id": "1.5E+14", "url": ""}, "facebook:1.5E+14", IdQuality.ROUNDED),
        ({"account_id": "", "url": "https://www.instagram.com/p/abc/"}, "instagram:@sahlaratoday", IdQuality.EXACT),
    ],
)  # fmt: skip
def test_whose_post_a_row_is(cells: dict[str, str], uid: str, quality: IdQuality) -> None:
    owner = owner_of(row(**cells), [], Pseudonymiser(KEY), is_group=False)
    assert owner is not None
    assert (owner.uid, owner.quality) == (uid, quality)


def test_a_row_of_nobody() -> None:
    assert owner_of({}, [], Pseudonymiser(KEY), is_group=False) is None
    assert owner_of({"url": "https://news.example/1"}, [], Pseudonymiser(KEY), is_group=False) is None


def test_an_id_and_another_in_the_address_are_both_kept() -> None:
    cells = row(account_id="999")
    owner = owner_of(cells, [], Pseudonymiser(KEY), is_group=False)
    assert owner is not None
    [account] = account_record(cells, owner, Pseudonymiser(KEY)).accounts
    assert account.uid == "facebook:999"
    assert [(alt.scheme, alt.value) for alt in account.alt_ids] == [("address", "100064062786653")]


def test_a_description_of_a_page_names_nobody_private() -> None:
    cells = row(
        about="run by @hidden.person, see https://facebook.com/hidden.person and https://facebook.com/sahlaratoday"
    )
    owner = owner_of(cells, [], Pseudonymiser(KEY), is_group=False)
    assert owner is not None
    record = account_record(cells, owner, Pseudonymiser(KEY))
    assert record.accounts[0].description is not None
    assert "hidden" not in record.accounts[0].description
    assert record.accounts[0].description.endswith("https://facebook.com/sahlaratoday")
    assert b"hidden" not in record.raw


# Numbers


@pytest.mark.parametrize(
    ("sign", "text", "wanted"),
    [
        ("", "407137", 407137),
        ("", "0", 0),
        ("", "", None),
        ("", "407.137", None),
        (".", "407.137", 407137),
        (".", "1.407.137", 1407137),
        (".", "407137", 407137),
        (".", "407.13", None),
        (".", "407,137", None),
        (".", "0.407", 407),
        (",", "407,137", 407137),
        (" ", "407 137", 407137),
        (" ", "407\u00a0137", 407137),
        (" ", "407\u202f137", 407137),
        (".", "-5", None),
        (".", "1e5", None),
        (".", "٤٠٧", None),
        (".", "9" * 19, None),
    ],
)
def test_counts_in_a_locale(sign: str, text: str, wanted: int | None) -> None:
    if text == "٤٠٧":
        assert Locale(sign).whole(text)[0] in (None, 407)
        return
    assert Locale(sign).whole(text)[0] == wanted


def test_a_guess_says_so_and_a_proof_does_not() -> None:
    assert Locale(".").whole("1.000")[1] is MetricBasis.LOCALE_GUESS
    assert Locale(".", proven=True).whole("1.000")[1] is MetricBasis.EXACT
    assert Locale(".").whole("100")[1] is MetricBasis.EXACT


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], Locale()),
        ([{"interactions": "5", "likes": "2", "comments": "3"}], Locale()),
        ([{"interactions": "1.005", "likes": "1.000", "comments": "5"}], Locale(".", proven=True)),
        ([{"interactions": "1,005", "likes": "1,000", "comments": "5"}], Locale(",", proven=True)),
        ([{"interactions": "2.000", "likes": "1.000", "comments": "5"}], Locale(".")),
        ([{"shares": "1.234", "score": "1,4"}], Locale(".")),
        ([{"shares": "1,234", "score": "1.4x"}], Locale(",")),
        ([{"shares": "1.234"}, {"shares": "1,234"}], Locale()),
        ([{"shares": "12.5"}], Locale()),
    ],
)
def test_what_decides_a_locale(rows: list[dict[str, str]], wanted: Locale) -> None:
    assert SUMS.decide(rows) == wanted


def test_one_row_that_adds_up_outweighs_many_that_do_not() -> None:
    rows = [{"interactions": "1,005", "likes": "5", "comments": "9"}] * 50
    rows.append({"interactions": "1.005", "likes": "1.000", "comments": "5"})
    assert SUMS.decide(rows) == Locale(".", proven=True)


@given(st.dictionaries(st.sampled_from(["interactions", *SUMS.parts]), st.text("0123456789.,x ", max_size=8)))
def test_no_row_makes_deciding_fail(cells: dict[str, str]) -> None:
    SUMS.adds_up(cells, SUMS.decide([cells]))


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"interactions": "5", "likes": "2", "comments": "3"}, True),
        ({"interactions": "6", "likes": "2", "comments": "3"}, False),
        ({"interactions": "5", "likes": "5"}, None),
        ({"interactions": "", "likes": "2", "comments": "3"}, None),
        ({"interactions": "5", "likes": "2", "comments": "x"}, None),
        ({"likes": "2", "comments": "3"}, None),
    ],
)
def test_whether_a_row_adds_up(cells: dict[str, str], wanted: bool | None) -> None:
    assert SUMS.adds_up(cells, Locale()) is wanted


# Posts


def test_every_count_has_a_shared_name() -> None:
    found = post(row(**dict.fromkeys(METRICS, "7"))).post.metrics
    assert [metric.name for metric in found] == list(METRICS.values())
    assert {metric.value for metric in found} == {7}


def test_links_of_the_text_and_of_the_card() -> None:
    cells = row(
        message="see https://news.example/a, and https://news.example/b.",
        link="https://short.example/c",
        final_link="https://news.example/c",
    )
    assert post(cells).post.urls == (
        Url("https://news.example/a"),
        Url("https://news.example/b"),
        Url("https://short.example/c", "https://short.example/c", "https://news.example/c"),
    )
    assert post(row(final_link="https://news.example/c")).post.urls == (
        Url("https://news.example/c", "https://news.example/c", "https://news.example/c"),
    )


def test_a_time_that_is_none_is_said_so() -> None:
    found = post(row(created="soon"))
    assert found.post.created_at is None
    assert found.warnings == (ReadWarning("time-unreadable", "Post Created"),)
    assert post(row(created="")).warnings == ()


def test_the_same_row_has_the_same_raw_and_another_text_another_version() -> None:
    assert post(row()).raw == post(row()).raw
    assert post(row()).version == post(row(likes="6")).version
    assert post(row()).raw != post(row(likes="6")).raw
    assert post(row()).version != post(row(message="other words")).version


def test_a_member_of_a_group_is_hidden_by_the_address_alone() -> None:
    found = post(row(url="https://www.facebook.com/groups/777/posts/12345"))
    assert found.post.uri is None
    assert found.post.author_ref is None
    assert not found.author_public
    assert b"12345" not in found.raw
