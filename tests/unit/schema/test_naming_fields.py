"""Every text field of every table is on the list of those that may, or may not, name a person."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dalil.schema.naming_fields import FIELDS, Names, text_fields, texts_of


def test_every_text_field_is_listed_and_nothing_else() -> None:
    assert sorted(text_fields()) == sorted(FIELDS)


def test_a_new_text_column_would_be_missed_by_nobody() -> None:
    schema = pa.schema([("a", pa.list_(pa.struct([("b", pa.string()), ("n", pa.int64())])))])
    assert list(text_fields({"new": schema})) == ["new.a[].b"]
    assert list(texts_of("new", {"a": [{"b": "somebody", "n": 1}]})) == [("new.a[].b", "somebody")]


@pytest.mark.parametrize("field", ["posts.text", "accounts.description", "media.alt_text", "posts.spans[].target"])
def test_what_people_write_may_name_anybody(field: str) -> None:
    assert FIELDS[field] is Names.FREE


def test_texts_of_a_row_leave_codes_out() -> None:
    row = {"obs_id": "a" * 64, "text": "by hand", "lang": "en", "urls": [{"as_written": "x.com/a", "final": None}]}
    assert dict(texts_of("posts", row)) == {"posts.text": "by hand", "posts.urls[].as_written": "x.com/a"}
