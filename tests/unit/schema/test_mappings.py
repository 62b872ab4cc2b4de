"""Column mappings: what can be one, and what is said of what cannot."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema import mappings
from dalil.schema.mappings import COUNTS, REPEATABLE, TableField, TableMapping, checked, from_text, to_text

F = TableField
GOOD = TableMapping(name="pages 2026", columns={"url": F.ADDRESS, "text": F.TEXT}, zone="Asia/Baghdad", thousands=",")


def changed(**changes: Any) -> TableMapping:
    return msgspec.structs.replace(GOOD, **changes)


def test_a_mapping_survives_its_text() -> None:
    assert from_text(to_text(GOOD)) == GOOD
    assert json.loads(to_text(GOOD)) == {
        "columns": {"text": "text", "url": "address"},
        "name": "pages 2026",
        "thousands": ",",
        "zone": "Asia/Baghdad",
    }


def test_equal_mappings_have_equal_bytes() -> None:
    other = changed(columns=dict(reversed(GOOD.columns.items())))
    assert to_text(other) == to_text(GOOD)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (changed(name=""), "mapping-name"),
        (changed(name="a" * 61), "mapping-name"),
        (changed(name=" a"), "mapping-name"),
        (changed(name="../a"), "mapping-name"),
        (changed(name="a\x00"), "mapping-name"),
        (changed(columns={}), "mapping-columns"),
        (changed(columns={f"c{n}": F.TEXT for n in range(201)}), "mapping-columns"),
        (changed(columns={" ": F.TEXT}), "mapping-columns"),
        (changed(columns={"x" * 301: F.TEXT}), "mapping-columns"),
        (changed(columns={"\ud800": F.TEXT}), "mapping-columns"),
        (changed(columns={"a": F.ADDRESS, "b": F.ADDRESS}), "mapping-column-twice"),
        (changed(columns={"a": F.LIKES}, platform="x"), "mapping-without-content"),
        (changed(columns={"a": F.TEXT}), "mapping-without-platform"),
        (changed(zone="Atlantis/Nowhere"), "value-wrong"),
        (changed(zone="../../etc/passwd"), "value-wrong"),
    ],
)
def test_what_cannot_be_one_is_refused_with_its_reason(mapping: TableMapping, code: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(mapping)
    assert caught.value.code == code
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("name", ["pages", "جدول الصفحات", "لاپەڕەکان", "a_b-c 2"])
def test_names_in_any_script(name: str) -> None:
    assert checked(changed(name=name)).name == name


def test_several_columns_may_hold_texts_links_and_screenshots() -> None:
    assert {F.TEXT, F.LINK, F.SCREENSHOT} == REPEATABLE
    assert checked(changed(columns={"a": F.TEXT, "b": F.TEXT, "c": F.ADDRESS}))


def test_a_platform_comes_from_the_table_a_column_or_the_address() -> None:
    assert checked(changed(columns={"a": F.TEXT}, platform="x"))
    assert checked(changed(columns={"a": F.TEXT, "b": F.PLATFORM}))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', '{"name":"a"}', '{"name":"a","columns":{"x":"no_such_field"}}', "[" * 100_000, "x" * 40_000,
     '{"name":"a","columns":{"x":"text"},"run":"rm"}', '{"name":"a","columns":{"x":"text"},"delimiter":"ab"}', "\ud800"],
)  # fmt: skip
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        from_text(text)
    assert caught.value.code == "mapping-unreadable"


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(InputError):
        from_text(text)


def test_the_bounds_hold_whatever_is_saved() -> None:
    largest = changed(columns={f"{n:0300}": F.TEXT for n in range(mappings.MOST_COLUMNS)}, platform="x")
    with pytest.raises(InputError):
        from_text(to_text(largest))


def test_each_count_has_a_name_of_its_own() -> None:
    assert len(set(COUNTS.values())) == len(COUNTS)
