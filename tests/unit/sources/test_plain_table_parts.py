"""The parts of plain tables: words in three languages, counts, the first guess at strange columns, the template."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources_tables import F

from dalil.schema.mappings import TableField, TimeOrder, checked
from dalil.schema.words import AccountKind, MetricBasis, State, Visibility
from dalil.sources.formats.plain_table import template, vocabulary
from dalil.sources.formats.plain_table.counts import count
from dalil.sources.formats.plain_table.suggesting import propose
from dalil.sources.table_text import Shape

COMMA = Shape("utf-8", ",")


@pytest.mark.parametrize(
    ("text", "thousands", "value", "basis"),
    [
        ("12", "", 12, MetricBasis.EXACT),
        ("٣٤٥", "", 345, MetricBasis.EXACT),
        ("1,234", ",", 1234, MetricBasis.EXACT),
        ("1,234", "", 1234, MetricBasis.LOCALE_GUESS),
        ("407.137", ".", 407_137, MetricBasis.EXACT),
        ("407.137", ",", None, MetricBasis.LOCALE_GUESS),
        ("1 234 567", " ", 1_234_567, MetricBasis.EXACT),
        ("1\u202f234", " ", 1234, MetricBasis.EXACT),
        ("١٬٢٣٤", "", 1234, MetricBasis.EXACT),
        ("1.2K", "", 1200, MetricBasis.ROUNDED),
        ("3M", "", 3_000_000, MetricBasis.ROUNDED),
        ("٣ آلاف", "", 3000, MetricBasis.ROUNDED),
        ("1,5 هەزار", "", 1500, MetricBasis.ROUNDED),
        ("1.234,5", "", None, MetricBasis.LOCALE_GUESS),
        ("1,23", "", None, MetricBasis.LOCALE_GUESS),
        ("-3", "", None, MetricBasis.LOCALE_GUESS),
        ("many", "", None, MetricBasis.LOCALE_GUESS),
        ("9" * 19, "", None, MetricBasis.LOCALE_GUESS),
        ("9,999,999,999,999,999,999", ",", None, MetricBasis.LOCALE_GUESS),
    ],
)
def test_counts(text: str, thousands: str, value: int | None, basis: MetricBasis) -> None:
    assert count(text, thousands) == (value, basis)


@given(st.integers(0, 10**15), st.sampled_from([",", ".", " ", "'"]))
def test_a_grouped_number_is_the_number(value: int, sign: str) -> None:
    assert count(f"{value:,}".replace(",", sign), sign) == (value, MetricBasis.EXACT)


@given(st.text(max_size=30), st.sampled_from(["", ",", "."]))
def test_no_text_raises_and_no_count_is_negative(text: str, thousands: str) -> None:
    value, _ = count(text, thousands)
    assert value is None or 0 <= value < 1 << 62


def test_words_of_any_spelling() -> None:
    assert (
        vocabulary.platform(" Facebook ")
        == vocabulary.platform("فيسبوك")
        == vocabulary.platform("فيس بوك")
        == "facebook"
    )
    assert vocabulary.platform("Twitter") == vocabulary.platform("إكس") == vocabulary.platform("X") == "x"
    assert vocabulary.platform("no such place!") is None
    assert vocabulary.kind("مجموعه") is AccountKind.GROUP
    assert vocabulary.kind("PAGE") is AccountKind.PAGE
    assert vocabulary.kind("friend") is None
    assert vocabulary.visibility("Everyone") is Visibility.PUBLIC
    assert vocabulary.visibility("عام") is Visibility.PUBLIC
    assert vocabulary.state("removed") is State.DELETED
    assert vocabulary.state("?") is None


@given(st.text(max_size=30))
def test_plain_words_stay_as_they_are(text: str) -> None:
    once = vocabulary.plain(text)
    assert vocabulary.plain(once) == once


@pytest.mark.parametrize("language", ["en", "ar", "ckb", "fr"])
def test_the_template_is_its_own_mapping(language: str) -> None:
    data = template.as_csv(language, "Asia/Baghdad")
    assert data.startswith(b"\xef\xbb\xbf")
    [first] = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    mapping = template.mapping_of(first)
    assert mapping is not None
    assert tuple(mapping.columns.values()) == template.FIELDS
    assert mapping.zone == "Asia/Baghdad"
    assert checked(mapping) is mapping


def test_the_template_may_lose_columns_and_gain_others_but_not_what_it_needs() -> None:
    first = template.header("en", "UTC")
    assert template.mapping_of([*first[:5], first[6], "my own notes"]) is not None
    assert template.mapping_of(first[1:]) is None
    assert template.mapping_of([*first, first[0].upper()]) is None
    assert template.mapping_of(["platform", "text"]) is None


def test_the_headers_of_one_language_differ() -> None:
    for names in template.HEADERS.values():
        assert tuple(names) == template.FIELDS
        assert len({vocabulary.plain(name.partition("(")[0]) for name in names.values()}) == len(names)


CASES: list[tuple[Sequence[str], Sequence[Sequence[str]], dict[str, TableField]]] = [
    (
        ["id", "Tweet URL", "user_screen_name", "created_at", "full_text", "retweet_count", "lang", "notes"],
        [["17", "https://x.com/a/status/17", "a", "2026-05-17", "words", "3", "ar", ""]],
        {
            "id": F.POST_ID, "Tweet URL": F.ADDRESS, "user_screen_name": F.ACCOUNT_HANDLE, "created_at": F.POSTED_AT,
            "full_text": F.TEXT, "retweet_count": F.SHARES, "lang": F.LANGUAGE,
        },
    ),
    (
        ["اسم الصفحة", "رابط المنشور", "نص المنشور", "تاريخ النشر", "الإعجابات", "ملاحظات"],
        [["سهلارا اليوم", "https://www.facebook.com/a/posts/1", "نص", "17/05/2026", "1,234", ""]],
        {
            "اسم الصفحة": F.ACCOUNT_NAME, "رابط المنشور": F.ADDRESS, "نص المنشور": F.TEXT, "تاريخ النشر": F.POSTED_AT,
            "الإعجابات": F.LIKES,
        },
    ),
    (
        ["ناوی پەڕە", "لینک", "دەق", "بەروار", "لایک"],
        [["سەهلارا", "https://www.facebook.com/a/posts/1", "دەق", "2026-05-17", "5"]],
        {"ناوی پەڕە": F.ACCOUNT_NAME, "لینک": F.ADDRESS, "دەق": F.TEXT, "بەروار": F.POSTED_AT, "لایک": F.LIKES},
    ),
    (
        ["Spalte A", "B", "C", "D", "E"],
        [["https://t.me/sahlara_news/12", "a long enough sentence that is a text of a post", "17/05/2026 10:00", "page", "?"]],
        {"Spalte A": F.ADDRESS, "B": F.TEXT, "C": F.POSTED_AT, "D": F.ACCOUNT_KIND},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "samples", "wanted"), CASES)
def test_columns_are_proposed_by_their_names_and_cells(
    first: Sequence[str], samples: Sequence[Sequence[str]], wanted: dict[str, TableField]
) -> None:
    found = propose(first, samples, COMMA)
    assert found.columns == wanted
    assert list(found.columns) == [column for column in first if column in wanted]
    assert found.delimiter == ","


def test_what_the_samples_tell_is_proposed_too() -> None:
    found = propose(*CASES[1][:2], COMMA, name="pages")
    assert (found.name, found.platform, found.times, found.thousands) == ("pages", "facebook", TimeOrder.DAY_FIRST, ",")
    assert propose(*CASES[0][:2], COMMA).platform == "x"
    assert propose(["text", "url"], [["a", "https://example.org/1"]], COMMA).platform is None


def test_a_field_that_may_come_once_is_proposed_once() -> None:
    found = propose(
        ["url", "permalink", "text", "title", "likes", "like count"], [["a", "b", "c", "d", "1", "2"]], COMMA
    )
    assert found.columns == {"url": F.ADDRESS, "text": F.TEXT, "title": F.TEXT, "likes": F.LIKES}


def test_our_template_is_proposed_as_itself() -> None:
    assert propose(template.header("ar", "UTC"), [], COMMA).name == "template"


@given(st.lists(st.text(max_size=10), max_size=6), st.lists(st.lists(st.text(max_size=20), max_size=7), max_size=4))
def test_no_table_raises(first: list[str], samples: list[list[str]]) -> None:
    found = propose(first, samples, COMMA)
    assert set(found.columns) <= set(first)
