"""What a second reading of a table takes from the counts that are held: the locale of the file, empty cells, zones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.records import Metric, Post
from dalil.schema.words import MetricBasis, ZoneBasis
from dalil.sources.locale_numbers import Locale
from dalil.sources.table_rereads import all_texts, locale_of, merged, timed

NOON = datetime(2026, 5, 17, 12, tzinfo=UTC)
POST = Post(uid="x:1", platform="x", native_id="1", created_at=NOON, claimed_at=NOON)
SIGNS = (".", ",", " ", "'", "\u066c")


def count(raw: str, value: int | None, basis: MetricBasis = MetricBasis.EXACT, name: str = "likes") -> Metric:
    return Metric(name, value, None, basis, raw)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("proven", [True, False])
def test_the_sign_between_thousands_is_that_of_a_count_that_needed_one(sign: str, proven: bool) -> None:
    basis = MetricBasis.EXACT if proven else MetricBasis.LOCALE_GUESS
    assert locale_of([count("12", 12), count(f"1{sign}234", 1234, basis)]) == Locale(sign, proven=proven)


@pytest.mark.parametrize("sign", ["\u00a0", "\u202f"])
def test_a_narrow_space_is_a_space(sign: str) -> None:
    assert locale_of([count(f"1{sign}234", 1234)]).thousands == " "


@pytest.mark.parametrize(
    "metrics",
    [
        [],
        [count("12", 12)],
        [count("", None)],
        [count("1.234", None)],
        [count("about 1.234", 1234)],
        [count("1.23", 123)],
    ],
)
def test_where_no_count_tells_there_is_none(metrics: list[Metric]) -> None:
    assert locale_of(metrics) == Locale()


@given(value=st.integers(1_000, 10**15), sign=st.sampled_from(SIGNS))
def test_what_a_locale_read_it_reads_again(value: int, sign: str) -> None:
    written = f"{value:,}".replace(",", sign)
    read, basis = Locale(sign, proven=True).whole(written)
    again = locale_of([count(written, read, basis)])
    assert again.whole(written) == (value, MetricBasis.EXACT)


def test_counts_keep_their_order_and_empty_cells_stay_empty() -> None:
    was = [count("", None, name="shares"), count("1", 1, name="likes")]
    fresh = [count("2", 2, name="likes"), count("3", 3, name="views")]
    assert merged(fresh, was) == (was[0], fresh[0], fresh[1])
    assert merged([], was) == tuple(was)
    assert merged(fresh, []) == tuple(fresh)


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.lists(st.sampled_from("abcdef"), unique=True))
def test_no_count_is_lost_and_none_is_doubled(fresh: list[str], was: list[str]) -> None:
    found = merged([Metric(name, 1) for name in fresh], [Metric(name, None) for name in was])
    names = [metric.name for metric in found]
    assert sorted(names) == sorted({*fresh, *was})
    assert names[: len(was)] == was
    assert {metric.name for metric in found if metric.value == 1} == set(fresh)


@pytest.mark.parametrize(
    "read", [None, (None, ZoneBasis.EXPLICIT), (datetime(2020, 1, 1, tzinfo=UTC), ZoneBasis.UNKNOWN)]
)
def test_a_time_without_a_zone_stays_as_the_operators_zone_made_it(
    read: tuple[datetime | None, ZoneBasis] | None,
) -> None:
    assert timed(POST, read) == POST


def test_a_time_with_one_is_taken() -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    found = timed(POST, (at, ZoneBasis.EXPLICIT))
    assert (found.created_at, found.claimed_at, found.created_zone_basis) == (at, at, ZoneBasis.EXPLICIT)


def test_what_can_be_cells() -> None:
    assert all_texts({"a": "b"})
    assert all_texts({})
    assert not all_texts({"a": 1})
    assert not all_texts({"a": None})
    assert not all_texts({1: "a"})
