"""Two readings side by side: what changed, in which columns, and that nothing else counts as a change."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from archive_chunks import post_id, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.intake.comparing import ENVELOPE, TABLES, compare
from dalil.schema.tables import OBSERVATIONS, STORED


def tables(numbers: list[int], **changes: Any) -> dict[str, pa.Table]:
    """Rows of some posts; `changes`: table → function over its list of rows."""
    gathered: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    for number in numbers:
        for name, rows in rows_of(number).items():
            if name in gathered:
                gathered[name] += rows
    for name, change in changes.items():
        gathered[name] = change(gathered[name])
    return {name: pa.Table.from_pylist(rows, schema=STORED[name]) for name, rows in gathered.items()}


def test_the_same_is_the_same_whatever_the_order() -> None:
    found = compare(tables([1, 2, 3]), tables([3, 1, 2], edges=lambda rows: rows[::-1]))
    assert (found.same, found.changed) == (3, [])
    assert not +found.fields
    assert not +found.added
    assert not +found.removed


def test_what_tells_of_the_capture_is_no_change() -> None:
    other = {"importer_version": "9", "collected_by": "green", "raw_segment": "elsewhere", "raw_pointer": 7}
    found = compare(tables([1]), tables([1], observations=lambda rows: [{**row, **other} for row in rows]))
    assert (found.same, found.changed) == (1, [])
    assert set(other) <= ENVELOPE <= set(OBSERVATIONS.names)


def test_columns_that_differ_are_counted() -> None:
    def louder(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**row, "text": row["text"].upper(), "lang": "en"} if "number 2" in row["text"] else row for row in rows
        ]

    found = compare(tables([1, 2, 3]), tables([1, 2, 3], posts=louder))
    assert (found.same, found.changed) == (2, [post_id(2)])
    assert dict(found.fields) == {"posts.text": 1, "posts.lang": 1}


def test_rows_that_are_more_or_fewer() -> None:
    found = compare(tables([1, 2]), tables([1, 2], edges=lambda rows: rows[1:], accounts=lambda rows: rows + rows[:1]))
    assert found.changed == [post_id(1)]
    assert (dict(+found.removed), dict(+found.added)) == ({"edges": 1}, {"accounts": 1})
    assert not +found.fields


def test_what_was_not_read_again_is_no_change() -> None:
    found = compare(tables([1, 2, 3]), tables([2]))
    assert (found.same, found.changed) == (1, [])
    assert compare(tables([1]), {}).changed == []


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
@settings(max_examples=25, deadline=None)
def test_exactly_those_that_changed(held: set[int], changed: set[int]) -> None:
    wanted = {f"fake:{number}" for number in changed}

    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "client": "other"} if row["uid"] in wanted else row for row in rows]

    found = compare(tables(sorted(held)), tables(sorted(held), posts=change))
    assert set(found.changed) == {post_id(number) for number in held & changed}
    assert found.same == len(held - changed)
