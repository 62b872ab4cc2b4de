"""Encoding and delimiter of a table, told from its first bytes."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO

import pytest
import sources_tables
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources import csv_records
from dalil.sources.reading import HEAD_BYTES
from dalil.sources.table_text import DELIMITERS, Shape, decoded, encoding_of, first_records, opened, shape_of

ROWS = [["جسر تل نهر", "نص, بفاصلة", "12"], ["دالية", "سطر\nثان; هنا", "7"], ["third", "|", "1"]]
HEADER = ["الصفحة", "النص", "likes"]


def written(encoding: str, delimiter: str, rows: list[list[str]] = ROWS) -> bytes:
    return sources_tables.text_of(HEADER, rows, delimiter).encode(encoding)


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_shape_and_records_come_back(encoding: str, delimiter: str) -> None:
    data = written(encoding, delimiter)
    shape = shape_of(data)
    assert shape is not None
    assert shape.delimiter == delimiter
    assert first_records(data, shape) == [HEADER, *ROWS]
    stream: BinaryIO = io.BytesIO(data)
    rows = [row.cells for row in csv_records.rows(opened(stream, shape.encoding), limit=1 << 20, delimiter=delimiter)]
    assert rows == [HEADER, *ROWS]


def test_western_words_are_not_taken_for_arabic() -> None:
    assert encoding_of("Straße;Café;naïve\ngrün;élan;Ärger\n".encode("cp1252")) == "cp1252"
    assert encoding_of("جسر;نهر\nتل;دالية\n".encode("cp1256")) == "cp1256"
    assert encoding_of("کوردی;گوند\nژیان;پرد\n".encode("cp1256", "ignore")) == "cp1256"


def test_what_is_known_is_not_guessed_again() -> None:
    data = "café;x\n".encode("cp1252")
    assert shape_of(data, encoding="cp1256", delimiter=",") == Shape("cp1256", ",")
    assert encoding_of("a;b".encode("utf-16-le"), known="utf-16") == "utf-16-le"
    assert encoding_of("a;b".encode("utf-16-be"), known="utf-16") == "utf-16-be"
    assert encoding_of(b"\xef\xbb\xbfa;b", known="cp1256") == "utf-8-sig"


@pytest.mark.parametrize(
    "head",
    [b"", b"hello\n", b"one\ntwo\nthree\n", b'{"a": 1, "b": 2}\n', b"[1, 2]\n", b"<a>,<b>\n", b"PK\x03\x04,\x00,\n", b"\x00" * 64,
     b"\x89PNG\r\n\x1a\n,,,,\n", b"   \n\n"],
)  # fmt: skip
def test_what_is_no_table_is_none(head: bytes) -> None:
    assert shape_of(head) is None


def test_the_delimiter_that_makes_even_rows_wins() -> None:
    text = "a;b\n" + "\n".join(f"one, two, three {n};{n},5" for n in range(10)) + "\n"
    shape = shape_of(text.encode())
    assert shape is not None
    assert shape.delimiter == ";"


def test_a_head_cut_inside_a_letter_is_still_utf8() -> None:
    data = ("ا" * 40 + ",ب\n") * 900
    head = data.encode()[:HEAD_BYTES]
    assert decoded(head, "utf-8") is not None
    assert encoding_of(head) == "utf-8"


def test_one_column_is_enough_where_the_delimiter_is_known() -> None:
    shape = shape_of(b"url\nhttps://x.com/a/status/1\n", delimiter=",")
    assert shape == Shape("utf-8", ",")
    assert first_records(b"url\nhttps://x.com/a/status/1\n", shape) == [["url"], ["https://x.com/a/status/1"]]


@given(st.binary(max_size=300), st.sampled_from(["", "utf-16", "cp1256"]))
def test_no_bytes_raise(head: bytes, known: str) -> None:
    shape = shape_of(head, encoding=known)
    if shape is not None:
        first_records(head, shape)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(["utf-8", "utf-16"]))
def test_text_that_is_read_a_step_at_a_time_is_the_text(rows: list[list[str]], encoding: str) -> None:
    text = sources_tables.text_of(HEADER, rows)
    data = text.encode(encoding)
    stream = opened(io.BytesIO(data), encoding)
    assert stream.read().decode() == text
    assert list(csv.reader(io.StringIO(text, newline=""))) == [HEADER, *rows]


def test_bytes_that_mean_nothing_become_the_sign_for_it() -> None:
    stream = opened(io.BytesIO("ab".encode("utf-16-le") + b"\x00\xd8x"), "utf-16-le")
    assert stream.read().decode().startswith("ab�")
