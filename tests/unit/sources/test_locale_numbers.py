"""Law 3: numbers in the locale of their file, told by what adds up, guessed otherwise, and then said to be guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.words import MetricBasis
from dalil.sources.locale_numbers import Locale, Sums

SUMS = Sums("total", ("a", "b", "c"), "score")
SIGNS = (".", ",", " ", "'", "\u066c")


def row(*cells: str, score: str = "") -> dict[str, str]:
    return dict(zip(("total", "a", "b", "c"), cells, strict=False)) | ({"score": score} if score else {})


@pytest.mark.parametrize(
    ("written", "thousands"),
    [("407.137", "."), ("407,137", ","), ("407 137", " "), ("407\u202f137", " "), ("407\u00a0137", " "), ("407'137", "'"), ("407’137", "'"), ("٤٠٧٬١٣٧", "\u066c")],
)  # fmt: skip
def test_one_number_as_many_write_it(written: str, thousands: str) -> None:
    assert Locale(thousands, proven=True).whole(written) == (407_137, MetricBasis.EXACT)
    assert Locale(thousands).whole(written) == (407_137, MetricBasis.LOCALE_GUESS)
    other = next(sign for sign in SIGNS if sign != thousands)
    assert Locale(other).whole(written)[0] is None
    assert Locale().whole(written)[0] is None


@pytest.mark.parametrize("written", ["", "many", "1,4", "1.4.5", "12.34", "-5", "1e5", ".", "1.0000", "1 23", "0x5"])
@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_no_whole_number(written: str, sign: str) -> None:
    assert Locale(sign).whole(written)[0] is None


def test_a_plain_number_needs_no_locale() -> None:
    for sign in ("", *SIGNS):
        assert Locale(sign).whole(" 407137 ") == (407_137, MetricBasis.EXACT)
    assert Locale().whole("9" * 30)[0] is None


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], Locale()),
        ([row("10", "5", "5")], Locale()),
        ([row("1.010", "1.000", "10")], Locale(".", proven=True)),
        ([row("1,010", "1,000", "10")], Locale(",", proven=True)),
        ([row("1.010", "1.000", "11")], Locale(".")),
        ([row("1.010"), row("1,010")], Locale()),
        ([row("1.010"), row("1,010")] * 5 + [row("2,010", "2,000", "10")], Locale(",", proven=True)),
        ([row("", "1.234", score="1,4")], Locale(".")),
        ([row("", "1,234", score="1.4")], Locale(",")),
        ([row("", "1.234", score="1.4")], Locale(".")),
        ([row("", "1.234", "5,678", score="1,4")], Locale(".")),
    ],
)
def test_what_decides(rows: list[dict[str, str]], wanted: Locale) -> None:
    assert SUMS.decide(rows) == wanted


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (("10", "5", "5"), True),
        (("10", "5", "6"), False),
        (("10", "5"), None),
        (("", "5", "5"), None),
        (("10", "5", "many"), None),
        (("10", "", "10", "0"), True),
        ((), None),
    ],
)
def test_whether_a_row_adds_up(cells: tuple[str, ...], wanted: bool | None) -> None:
    assert SUMS.adds_up(row(*cells), Locale()) is wanted


@given(st.lists(st.integers(1, 9_999_999), min_size=3, max_size=3), st.sampled_from(SIGNS))
def test_a_file_that_adds_up_is_read_right(parts: list[int], sign: str) -> None:
    cells = [f"{number:,}".replace(",", sign) for number in (sum(parts), *parts)]
    locale = SUMS.decide([row(*cells)])
    assert [locale.whole(cell)[0] for cell in cells] == [sum(parts), *parts]
    assert locale.proven is (sign in "".join(cells))


@given(
    st.lists(st.dictionaries(st.sampled_from(["total", "a", "b", "c", "score", "x"]), st.text(max_size=8)), max_size=6)
)
def test_no_file_makes_it_fail(rows: list[dict[str, str]]) -> None:
    locale = SUMS.decide(rows)
    for cells in rows:
        SUMS.adds_up(cells, locale)
        for cell in cells.values():
            value, basis = locale.whole(cell)
            assert value is None or value >= 0
            assert basis in (MetricBasis.EXACT, MetricBasis.LOCALE_GUESS)
