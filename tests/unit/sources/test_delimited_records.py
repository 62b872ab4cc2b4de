"""Records of any delimiter: the same as Python's own reader gives for every well-formed table."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.csv_records import rows
from dalil.sources.table_text import DELIMITERS

LIMIT = 1 << 20
cells = st.text(st.sampled_from("ab\"',;|\t\n ﷼ا"), max_size=8)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
)


def written(table: list[list[str]], delimiter: str, line_end: str) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    return sheet.getvalue().encode()


def ours(data: bytes, delimiter: str) -> list[list[str]]:
    return [row.cells for row in rows(io.BytesIO(data), limit=LIMIT, delimiter=delimiter)]


@given(tables, st.sampled_from(DELIMITERS), st.sampled_from(["\n", "\r\n"]))
def test_a_quoted_table_comes_back_as_it_was(table: list[list[str]], delimiter: str, line_end: str) -> None:
    assert ours(written(table, delimiter, line_end), delimiter) == table


@given(
    st.lists(
        st.lists(st.text(st.sampled_from("abc '\u0627"), min_size=1, max_size=5), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(DELIMITERS),
)
def test_a_plain_table_is_read_as_the_naive_way_does(table: list[list[str]], delimiter: str) -> None:
    table = [row for row in table if "".join(row).strip()]
    text = "\n".join(delimiter.join(row) for row in table)
    naive = [line.split(delimiter) for line in text.split("\n") if line.strip()]
    assert ours(text.encode(), delimiter) == naive


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_another_delimiter_is_a_letter_like_any_other(delimiter: str) -> None:
    others = "".join(sign for sign in DELIMITERS if sign != delimiter)
    assert ours(f"a{others}b{delimiter}c\n".encode(), delimiter) == [[f"a{others}b", "c"]]


def test_a_stray_quote_loses_its_own_line_in_any_table() -> None:
    data = b'a;b\n"open;1\nc;d\ne;f\n'
    found = list(rows(io.BytesIO(data), limit=LIMIT, delimiter=";"))
    assert [row.cells for row in found if not row.problem] == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert [(row.line, row.problem) for row in found if row.problem] == [(2, "quote-open")]
