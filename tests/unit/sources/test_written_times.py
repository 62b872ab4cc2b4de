"""Times as people write them: every way of writing one moment gives that moment, and doubt gives none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.mappings import TimeOrder
from dalil.schema.words import Precision, ZoneBasis
from dalil.sources import times
from dalil.sources.written_times import latin_digits, order_in, read

BAGHDAD = ZoneInfo("Asia/Baghdad")
MOMENT = datetime(2026, 5, 17, 11, 5, tzinfo=UTC)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-17 14:05",
        "2026/5/17 14:05",
        "2026-05-17T14:05",
        "17/05/2026 14:05",
        "17.5.2026 14:05",
        "17-05-2026, 2:05 PM",
        "17/05/2026 2:05 م",
        "17/05/2026 02:05 مساءً",
        "17/05/2026 2:05 د.ن",
        "٢٠٢٦-٠٥-١٧ ١٤:٠٥",
        "۱۷/۰۵/۲۰۲۶ ۱۴:۰۵",
        "17 May 2026 14:05",
        "May 17, 2026 at 14:05",
        "17 أيار 2026 14:05",
        "17 مايو 2026 في 14:05",
        "17 ئایار 2026 14:05",
        "2026-05-17 11:05 UTC",
        "2026-05-17 14:05+03:00",
        "17/05/2026 13:05 CEST",
    ],
)
def test_one_moment_in_many_hands(text: str) -> None:
    found = read(text, TimeOrder.AUTO, BAGHDAD)
    assert found is not None
    assert found.at == MOMENT
    assert found.precision is Precision.MINUTE
    assert found.basis in (ZoneBasis.EXPLICIT, ZoneBasis.ABBREVIATION)


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("5/6/2026", TimeOrder.DAY_FIRST, datetime(2026, 6, 5, tzinfo=UTC)),
        ("5/6/2026", TimeOrder.MONTH_FIRST, datetime(2026, 5, 6, tzinfo=UTC)),
        ("5/5/2026", TimeOrder.AUTO, datetime(2026, 5, 5, tzinfo=UTC)),
        ("2026-06-05", TimeOrder.AUTO, datetime(2026, 6, 5, tzinfo=UTC)),
        ("12 كانون الثاني 2026", TimeOrder.AUTO, datetime(2026, 1, 12, tzinfo=UTC)),
        ("12 تشرینی دووەم 2026", TimeOrder.AUTO, datetime(2026, 11, 12, tzinfo=UTC)),
    ],
)
def test_a_day_alone(text: str, order: TimeOrder, wanted: datetime) -> None:
    assert read(text, order, None) == (wanted, ZoneBasis.UNKNOWN, Precision.DAY)


@pytest.mark.parametrize("text", ["1778513656", "1778513656000", "1778513656.0"])
def test_epochs_are_known_by_their_size(text: str) -> None:
    found = read(text, TimeOrder.AUTO, BAGHDAD)
    assert found is not None
    assert found.at == datetime.fromtimestamp(1778513656, UTC)
    assert found.basis is ZoneBasis.EPOCH


def test_an_epoch_column_takes_any_number_and_nothing_else() -> None:
    found = read("1000", TimeOrder.EPOCH, None)
    assert found is not None
    assert found.at == datetime(1970, 1, 1, 0, 16, 40, tzinfo=UTC)
    assert read("2026-05-17", TimeOrder.EPOCH, None) is None
    assert read("1e400", TimeOrder.EPOCH_MS, None) is None


@pytest.mark.parametrize(
    "text",
    ["", "5/6/2026", "13/13/2026", "31/02/2026", "yesterday", "17/05/26", "14:05", "2026-05-17 25:00", "17/05/2026 14:05 PM",
     "17/05/2026 14:05 nonsense", "17 Nonsense 2026", "x" * 100, "99999999999999999999", "0000-00-00", "2026-5-17 14:5x", "¹⁷/05/2026"],
)  # fmt: skip
def test_what_is_in_doubt_is_not_read(text: str) -> None:
    assert read(text, TimeOrder.AUTO, None) is None


def test_the_clock_from_another_cell() -> None:
    found = read("17/05/2026", TimeOrder.AUTO, BAGHDAD, clock="٢:٠٥ م")
    assert found is not None
    assert found.at == MOMENT
    assert read("17/05/2026", TimeOrder.AUTO, None, clock="9" * 100) is None


def test_the_order_is_told_by_numbers_above_twelve_alone() -> None:
    assert order_in(["05/06/2026", "17/05/2026", "2026-13-01"]) is TimeOrder.DAY_FIRST
    assert order_in(["05/06/2026", "5/١٧/2026"]) is TimeOrder.MONTH_FIRST
    assert order_in(["05/17/2026", "17/05/2026"]) is TimeOrder.AUTO
    assert order_in(["05/06/2026", "", "x"]) is TimeOrder.AUTO


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)),  # noqa: DTZ001 - Hypothesis asks for naive bounds
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %I:%M:%S %p", "%d %B %Y, %H:%M:%S"]),
    st.sampled_from([None, ARABIC_DIGITS, PERSIAN_DIGITS]),
)
def test_what_strftime_writes_is_read_back(moment: datetime, form: str, digits: dict[int, int] | None) -> None:
    moment = moment.replace(microsecond=0)
    text = moment.strftime(form)
    found = read(text.translate(digits) if digits else text, TimeOrder.DAY_FIRST, None)
    assert found == (moment.replace(tzinfo=UTC), ZoneBasis.UNKNOWN, Precision.SECOND)


@given(st.text(max_size=40), st.sampled_from(list(TimeOrder)), st.text(max_size=10))
def test_no_text_raises(text: str, order: TimeOrder, clock: str) -> None:
    found = read(text, order, BAGHDAD, clock=clock)
    assert found is None or found.at.utcoffset() == timedelta(0)


@given(st.text(max_size=20))
def test_only_digits_change(text: str) -> None:
    found = latin_digits(text)
    assert len(found) == len(text)
    assert all(new == old or (old.isdecimal() and new in "0123456789") for new, old in zip(found, text, strict=True))


@pytest.mark.parametrize("between", ['"', "x", "_", "\n", "٣", "–"])
def test_only_a_letter_t_or_a_space_stands_between_day_and_hour(between: str) -> None:
    """Python takes any sign there; what has not the form of a time is not kept in raw."""
    assert times.from_iso(f"2012-03-04{between}05:06:07") is None
    assert times.from_iso("2012-03-04T05:06:07Z") == times.from_iso("2012-03-04 05:06:07+00:00")
