"""CSV files as Arrow tables: every value as text, a file that is none refused in one sentence.

Read by PyArrow and not by the engine, which takes twenty times the CPU for it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv

from dalil.errors import InputError, LimitReached

LARGEST: Final = 8 << 30
"""Bytes of the largest CSV that is read, since it is held whole; Parquet has no such limit."""
_HEAD: Final = 1 << 16
_BLOCK: Final = 16 << 20
_SEPARATORS: Final = ",;\t|"


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does.

    Raises:
        InputError: `path-missing`.
    """
    return _head(path, 4) == b"PAR1"


def read_csv(path: Path, *, columns: Collection[str] | None = None) -> pa.Table:
    """A CSV file's rows, all columns as text; a cell that is empty and not quoted is null.

    Args:
        path: UTF-8, with a line of names; separated by whichever of , ; tab | is most frequent in it.
        columns: read these alone, as far as the file has them; all if None.
    Raises:
        InputError: `path-missing`, or `table-unreadable`.
        LimitReached: `file-too-large`.
    """
    if path.is_file() and path.stat().st_size > LARGEST:
        raise LimitReached("file-too-large", name=path.name, limit=LARGEST)
    head = _head(path, _HEAD)
    separator = max(_SEPARATORS, key=head.partition(b"\n")[0].decode("latin-1").count)
    try:
        names = _names(head, separator)
        return pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK),
            parse_options=pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[name for name in names if columns is None or name in columns],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                null_values=[""],
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error):
        raise InputError("table-unreadable", name=path.name) from None


def _names(head: bytes, separator: str) -> list[str]:
    """The first record. Raises as its parts do where it is not one of different, non-empty names."""
    text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)  # the last character may be cut in two
    names = next(csv.reader(io.StringIO(text), delimiter=separator), [])
    if not any(names) or len(set(names)) != len(names):
        raise csv.Error("no names of columns")
    return names


def _head(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        raise InputError("path-missing", name=path.name) from None
