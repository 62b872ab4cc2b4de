"""CSV records within limits: a stray quote loses its own line, not the rest of the file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from dalil.sources.reading import Line, lines

MOST_LINES: Final = 2_000
_LARGEST_RECORD: Final = 1 << 20


class Row(NamedTuple):
    """One record: the line it begins on, its cells or the problem, and the hash of its first line."""

    line: int
    cells: list[str]
    problem: str
    sha256: str
    end: int


def rows(stream: BinaryIO, *, limit: int, width: int | None = None, delimiter: str = ",") -> Iterator[Row]:
    """The records of a delimited UTF-8 stream; quoted cells may hold line ends.

    A record whose quotes do not close within 1 MiB or 2,000 lines, or that joins lines and then has
    another number of cells than `width`, is given up: its first line is a problem, and reading goes
    on with the second.
    """
    csv.field_size_limit(max(limit, _LARGEST_RECORD))
    waiting: deque[Line] = deque()
    source = lines(stream, limit=limit)
    end = 0
    while line := waiting.popleft() if waiting else next(source, None):
        end += len(line.data) + 1 if line.data is not None else 0
        if line.data is None:
            yield Row(line.number, [], "record-too-long", line.sha256, end)
            continue
        if not line.data.strip():
            continue
        group, whole = _to_balance(line, waiting, source)
        cells, problem = _cells(group, delimiter) if whole else ([], "quote-open")
        if not problem and width is None:
            width = len(cells)
        if not problem and len(group) > 1 and len(cells) != width:
            problem = "quote-open"
        if problem:
            waiting.extendleft(reversed(group[1:]))
            yield Row(line.number, [], problem, hashlib.sha256(line.data).hexdigest(), end)
            continue
        end += sum(len(more.data or b"") + 1 for more in group[1:])
        yield Row(line.number, cells, "", hashlib.sha256(line.data).hexdigest(), end)


def _to_balance(line: Line, waiting: deque[Line], source: Iterator[Line]) -> tuple[list[Line], bool]:
    """The line and those after it until the quotes are even; False where they never are."""
    group = [line]
    data = line.data or b""
    size, odd = len(data), data.count(b'"') % 2
    while odd:
        more = waiting.popleft() if waiting else next(source, None)
        if more is None:
            return group, False
        group.append(more)
        if more.data is None:
            return group, False
        size += len(more.data)
        if size > _LARGEST_RECORD or len(group) > MOST_LINES:
            return group, False
        odd ^= more.data.count(b'"') % 2
    return group, True


def _cells(group: list[Line], delimiter: str) -> tuple[list[str], str]:
    data = b"\n".join(line.data or b"" for line in group)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return [], "encoding-wrong"
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return [], "csv-broken"
    return (found[0], "") if len(found) == 1 else ([], "csv-broken")
