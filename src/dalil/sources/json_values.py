"""JSON values one after the other: one a line, the elements of one array, or one document after another."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

import msgspec

from dalil.sources.json_stream import JsonReader
from dalil.sources.reading import BOM, HEAD_BYTES, lines

_BROKEN_LEFT_OVER: Final = b"}],:"


class Value(NamedTuple):
    """One value and where it stands. `data` is None where it could not be read, with `problem` and `sha256`."""

    where: str
    data: bytes | None
    problem: str
    sha256: str
    end: int


def values(stream: BinaryIO, *, limit: int) -> Iterator[Value]:
    """All values of a seekable stream.

    A file with one value a line is read by lines, so that a broken line loses only itself; any
    other is read by its brackets. No more than one value is held, and none longer than `limit`.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    yield from _by_line(stream, limit) if is_one_a_line(head) else _by_brackets(stream, limit)


def is_one_a_line(head: bytes) -> bool:
    """Whether the first bytes of a file look like one value a line."""
    found = [line for line in io.BytesIO(head.removeprefix(BOM)).readlines() if line.strip()]
    if not found or found[0].lstrip().startswith(b"["):
        return False
    if len(found) == 1:
        return True  # one long line, or one small document
    try:
        msgspec.json.decode(found[0], type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    else:
        return True
    whole = [line.strip() for line in (found if head.endswith(b"\n") else found[:-1])]
    return 2 * sum(line.startswith(b"{") and line.endswith(b"}") and len(line) > 4 for line in whole) >= len(whole)


def _by_line(stream: BinaryIO, limit: int) -> Iterator[Value]:
    end = 0
    for line in lines(stream, limit=limit):
        if line.data is None:
            end = stream.tell()
            yield Value(f"line {line.number}", None, "record-too-long", line.sha256, end)
            continue
        end += len(line.data) + 1
        if line.data and not line.data.isspace():
            yield Value(f"line {line.number}", line.data, "", "", end)


def _by_brackets(stream: BinaryIO, limit: int) -> Iterator[Value]:
    reader = JsonReader(stream, limit=limit)
    number = 0
    cut = False
    while found := reader.peek():
        if found == b"[":
            for _ in reader.elements():
                number += 1
                value = _value(reader, number)
                cut = value.problem == "json-truncated"
                yield value
        elif found in _BROKEN_LEFT_OVER:
            reader.take()
        else:
            number += 1
            yield _value(reader, number)
    if reader.broken == "json-truncated" and not cut:  # between two elements
        yield Value("end", None, reader.broken, "", reader.offset)


def _value(reader: JsonReader, number: int) -> Value:
    captured = reader.value()
    return Value(f"value {number}", captured.data, captured.problem, captured.sha256, reader.offset)


def json_problem(error: Exception, data: bytes) -> str:
    """Why a value did not decode: `nested-too-deep`, `json-broken` or `shape-unknown`.

    The decoder stops at the first doubt, so the brackets after it are looked at again.
    """
    if isinstance(error, RecursionError):
        return "nested-too-deep"
    if not isinstance(error, msgspec.ValidationError):
        return "json-broken"
    try:
        msgspec.json.decode(data)
    except RecursionError:
        return "nested-too-deep"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "json-broken"
    return "shape-unknown"
