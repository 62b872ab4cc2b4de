"""A CSV as text, whatever its separator and quotes; a file that is none is refused, in one sentence."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive import table_files
from dalil.archive.table_files import is_parquet, read_csv
from dalil.errors import InputError, LimitReached

NAMES = ["object_id", "account_id", "text"]
CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=8)


def written(path: Path, data: str, *, encoding: str = "utf-8") -> Path:
    path.write_text(data, encoding=encoding, newline="")
    return path


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6), st.sampled_from(",;\t|"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_was_written_quoted_is_read_again(
    tmp_path: Path, rows: list[tuple[str, str, str]], separator: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    found = read_csv(written(tmp_path / "t.csv", out.getvalue()))
    assert found.column_names == NAMES
    assert list(zip(*(found[name].to_pylist() for name in NAMES), strict=True)) == rows


def test_numbers_stay_text_and_empty_cells_are_missing(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", 'id,n,note\n00012,9007199254740993,NA\n,,""\n')
    assert read_csv(path).to_pylist() == [
        {"id": "00012", "n": "9007199254740993", "note": "NA"},
        {"id": None, "n": None, "note": ""},
    ]


def test_only_the_columns_asked_for_are_read_and_missing_ones_are_not_made_up(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "b,a,c\n1,2,3\n")
    assert read_csv(path, columns={"a", "b", "z"}).to_pylist() == [{"b": "1", "a": "2"}]


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_table(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a,b\r\n1,2\r\n", encoding="utf-8-sig")
    assert read_csv(path).to_pylist() == [{"a": "1", "b": "2"}]


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    found = read_csv(written(tmp_path / "t.csv", "a,b\n"))
    assert (found.column_names, len(found)) == (["a", "b"], 0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"a,a\n1,2\n",
        b"a,b\n1,2,3\n",
        b"a,b\n\xff\xfe,2\n",
        "a,b\n1,2\n".encode("utf-16"),
        b'a,"b\n1,2\n',
        b"\x89PNG\r\n\x1a\n" + bytes(64),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_csv(path)
    assert raised.value.code == "table-unreadable"
    assert "t.csv" in str(raised.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    for ask in (read_csv, is_parquet):
        with pytest.raises(InputError) as raised:
            ask(tmp_path / "none.csv")
        assert raised.value.code == "path-missing"


def test_a_file_larger_than_can_be_held_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_files, "LARGEST", 7)
    with pytest.raises(LimitReached) as raised:
        read_csv(written(tmp_path / "t.csv", "a,b\n1,2\n"))
    assert raised.value.code == "file-too-large"


def test_parquet_is_told_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"PAR1 and more")
    assert is_parquet(tmp_path / "t.csv")
    assert not is_parquet(written(tmp_path / "u.parquet", "a,b\n"))
