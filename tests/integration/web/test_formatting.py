"""Digits, numbers, dates and durations by language, with the zone; plural forms; words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema import words as schema_words

AT = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
ZONE = "Asia/Baghdad"


@pytest.mark.parametrize(
    ("language", "grouped", "share", "small"),
    [
        ("en", "41,000.5", "31%", "0"),
        ("ar", "٤١٬٠٠٠٫٥", "٣١٪", "٠"),
        ("ckb", "٤١٬٠٠٠٫٥", "٣١٪", "٠"),
        ("ku", "41.000,5", "31%", "0"),
        ("de", "41,000.5", "31%", "0"),
    ],
)
def test_numbers(speaking: Any, language: str, grouped: str, share: str, small: str) -> None:
    from dalil.web import numerals

    with speaking(language):
        assert numerals.number(41000.5, places=1) == grouped
        assert numerals.percent(0.314) == share
        assert numerals.digits("0") == small


@given(st.floats(0, 1))
def test_a_share_is_whole_and_never_rounds_to_none_or_all(share: float) -> None:
    from dalil.web.numerals import percent

    whole = int(percent(share).rstrip("%"))
    assert abs(whole - share * 100) <= 1
    assert (whole == 0) == (share == 0)
    assert (whole == 100) == (share == 1)


@given(st.text())
def test_digits_change_digits_alone(text: str) -> None:
    from django.utils import translation

    from dalil.web.languages import ARABIC_INDIC, LATIN
    from dalil.web.numerals import digits

    with translation.override("ar"):
        back = digits(text).translate(str.maketrans(ARABIC_INDIC, LATIN))
    assert back == text.translate(str.maketrans(ARABIC_INDIC, LATIN))


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("en", "17 May 2026, 14:20 (UTC+3)"),
        ("ar", "١٧ أيار ٢٠٢٦، ١٤:٢٠ (UTC+3)"),
        ("ckb", "١٧ی ئایاری ٢٠٢٦، ١٤:٢٠ (UTC+3)"),
        ("ku", "17 Gulan 2026, 14:20 (UTC+3)"),
    ],
)
def test_a_moment_always_has_its_zone(speaking: Any, language: str, moment: str) -> None:
    from dalil.web import times

    with speaking(language):
        said = times.moment(AT, ZONE)
    assert said.replace("\u2066", "").replace("\u2069", "") == moment
    assert "\u2066UTC+3\u2069" in said


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("UTC", "UTC"), ("Asia/Kolkata", "UTC+5:30"), ("America/New_York", "UTC\u22124"), ("Asia/Tehran", "UTC+3:30")],
)
def test_offsets(django_workspace: Any, zone: str, offset: str) -> None:
    from dalil.web import times

    assert times.offset(AT, zone).strip("\u2066\u2069") == offset


@pytest.mark.parametrize(
    ("minutes", "en", "ar"),
    [
        (-5, "0 min", "٠ د"),
        (45, "45 min", "٤٥ د"),
        (545, "9 h 05 min", "٩ س ٠٥ د"),
        (2879, "47 h 59 min", "٤٧ س ٥٩ د"),
        (2880, "2 d 0 h", "٢ ي ٠ س"),
        (4560, "3 d 4 h", "٣ ي ٤ س"),
    ],
)
def test_durations(speaking: Any, minutes: int, en: str, ar: str) -> None:
    from dalil.web import times

    with speaking("en"):
        assert times.duration(timedelta(minutes=minutes)) == en
    with speaking("ar"):
        assert times.duration(timedelta(minutes=minutes)) == ar


def test_hours_drop_empty_minutes(speaking: Any) -> None:
    from dalil.web import times

    with speaking("en"):
        assert times.hours(4.0) == "4 h"
        assert times.hours(7.33) == "7 h 20 min"
        assert times.hours(0.0) == "0 min"


def test_weeks_within_and_across_months(speaking: Any) -> None:
    from dalil.web import times

    with speaking("en"):
        start = datetime(2026, 5, 10, 21, tzinfo=UTC)
        assert times.week_span(start, start + timedelta(days=7), ZONE) == "11–17 May 2026"
        start = datetime(2026, 6, 28, 21, tzinfo=UTC)
        assert times.week_span(start, start + timedelta(days=7), ZONE) == "29 June 2026 – 5 July 2026"
        assert times.week_number("2026-W05") == 5


def test_week_names() -> None:
    from dalil.errors import NotAllowed
    from dalil.web import weeks

    assert weeks.week_of(datetime(2026, 5, 17, 21, 30, tzinfo=UTC), ZONE) == "2026-W21"
    assert weeks.week_of(datetime(2026, 5, 17, 20, 30, tzinfo=UTC), ZONE) == "2026-W20"
    assert weeks.beside("2026-W01", weeks=-1) == "2025-W52"
    for wrong in ("2026-W54", "2026-20", "2026-W2", "x"):
        with pytest.raises(NotAllowed):
            weeks.known(wrong)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "منشور واحد"),
        (2, "منشوران"),
        (3, "٣ منشورات"),
        (10, "١٠ منشورات"),
        (11, "١١ منشورًا"),
        (99, "٩٩ منشورًا"),
        (100, "١٠٠ منشور"),
        (103, "١٠٣ منشورات"),
    ],
)
def test_arabic_counts_in_six_forms(speaking: Any, n: int, said: str) -> None:
    from django.utils.translation import ngettext

    from dalil.web.numerals import digits

    with speaking("ar"):
        assert ngettext("%(n)s post", "%(n)s posts", n) % {"n": digits(n)} == said


def test_kurmanji_is_known_to_django_and_written_left_to_right(django_workspace: Any) -> None:
    from django.utils.translation import get_language_info

    from dalil.web.languages import TONGUES

    info = get_language_info("ku")
    assert (info["name_local"], info["bidi"]) == ("Kurmancî", False)
    assert TONGUES["ckb"].name == "سۆرانی"
    assert all(len(tongue.months) == 12 for tongue in TONGUES.values())
    with pytest.raises(KeyError):
        get_language_info("xx")


TABLES = {
    "claim_type": schema_words.ClaimType,
    "maker": schema_words.MakerClass,
    "verdict": schema_words.ClaimVerdict,
    "finding": schema_words.MediaFindingKind,
    "code": schema_words.ReportCode,
    "confidence": schema_words.Confidence,
}


@pytest.mark.parametrize("table", TABLES)
def test_every_word_of_the_schema_has_a_label(django_workspace: Any, table: str) -> None:
    from dalil.web.words import TABLES as LABELS

    assert set(LABELS[table]) == set(TABLES[table])


def test_every_word_of_the_rooms_has_a_label(django_workspace: Any) -> None:
    from dalil.actions.capturing import KINDS
    from dalil.desk.events import STAYS_HOME, TRAVELS
    from dalil.desk.rows import NEXT_STEPS
    from dalil.desk.rules import State
    from dalil.jobs.models import State as JobState
    from dalil.people.actor import MEMBER_ROLES, Status
    from dalil.people.colours import COLOURS
    from dalil.signals.pdq import VARIANTS
    from dalil.web.words import TABLES as LABELS

    about_claims = (STAYS_HOME | TRAVELS) - {"panel_frozen", "captures_marked"}
    assert set(LABELS["event"]) >= about_claims
    assert set(LABELS["state"]) == set(State)
    assert set(LABELS["todo"]) == set(NEXT_STEPS)
    assert set(LABELS["next"]) == set(NEXT_STEPS) - {"none"}
    assert set(LABELS["job"]) == set(JobState)
    assert set(LABELS["role"]) == set(MEMBER_ROLES)
    assert set(LABELS["status"]) == set(Status)
    assert set(LABELS["colour"]) >= set(COLOURS)
    assert set(LABELS["variant"]) == set(VARIANTS)
    assert set(LABELS["account_kind"]) == set(KINDS)


def test_a_word_that_is_in_no_table_is_shown_as_it_is(speaking: Any) -> None:
    from dalil.web.words import choices, word

    with speaking("ar"):
        assert word("claim_type", "newer-kind") == "newer-kind"
        assert choices("verdict", ["true"]) == [("true", "صحيح")]


def test_days(speaking: Any) -> None:
    from dalil.web import times

    with speaking("ar"):
        assert times.day(date(2025, 11, 4)) == "٤ تشرين الثاني ٢٠٢٥"


def test_every_code_of_a_reject_has_its_sentence() -> None:
    """As the page of sources lists them."""
    import re
    from pathlib import Path

    from dalil.web.reasons import REJECTED

    page = (Path(__file__).parents[3] / "docs" / "explanation" / "sources.md").read_text(encoding="utf-8")
    listed = page.partition("## Codes of rejects")[2].partition("##")[0]
    assert set(re.findall(r"`([a-z-]+)`", listed)) == set(REJECTED)
