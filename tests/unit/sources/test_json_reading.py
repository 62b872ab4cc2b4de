"""The bounded JSON reader against the standard library's, with buffers of any size."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.sources import json_stream, json_values
from dalil.sources.json_stream import JsonReader
from dalil.sources.json_values import is_one_a_line, values

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=15
)
LIMIT = 1 << 20


@pytest.fixture(params=[1, 2, 7, 64, 1 << 18])
def step(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(json_stream, "_STEP", request.param)
    return int(request.param)


def walk(reader: JsonReader) -> Any:
    """Read a whole document by fields and elements, as an importer would."""
    match reader.peek():
        case b"{":
            return {name: walk(reader) for name in reader.fields()}
        case b"[":
            return [walk(reader) for _ in reader.elements()]
        case _:
            return json.loads(reader.value().data or b"")


@settings(deadline=None)
@given(documents, st.sampled_from([None, 1]), st.booleans(), st.sampled_from([1, 3, 50, 1 << 18]))
def test_walking_gives_the_document(document: Any, indent: int | None, ascii_only: bool, size: int) -> None:
    data = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    old, json_stream._STEP = json_stream._STEP, size
    try:
        assert walk(JsonReader(io.BytesIO(data), limit=LIMIT)) == document
        assert JsonReader(io.BytesIO(data), limit=LIMIT).value().data == data
        assert JsonReader(io.BytesIO(data), limit=LIMIT).skip()
    finally:
        json_stream._STEP = old


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([1, 5, 1 << 18]))
def test_no_bytes_make_it_fail_or_run_for_ever(data: bytes, size: int) -> None:
    old, json_stream._STEP = json_stream._STEP, size
    try:
        reader = JsonReader(io.BytesIO(data), limit=50)
        for _ in reader.fields():
            for _ in reader.elements():
                reader.value()
            reader.skip()
        found = list(values(io.BytesIO(data), limit=50))
    finally:
        json_stream._STEP = old
    assert len(found) <= len(data) + 1


def test_a_value_that_is_too_long_is_hashed_and_passed_over(step: int) -> None:
    long = json.dumps({"text": 'a"\\' * 100}).encode()
    reader = JsonReader(io.BytesIO(b"[" + long + b', {"id": 2}]'), limit=100)
    found = [reader.value() for _ in reader.elements()]
    assert found[0].data is None
    assert found[0].problem == "record-too-long"
    assert found[0].sha256 == hashlib.sha256(long).hexdigest()
    assert found[1].data == b'{"id": 2}'


def test_a_value_that_is_cut_off_says_so(step: int) -> None:
    for data in (b'[{"a": "b', b'[{"a": {"b"', b'[{"a": "\\', b'["abc'):
        reader = JsonReader(io.BytesIO(data), limit=LIMIT)
        found = [reader.value() for _ in reader.elements()]
        assert found[-1].problem == "json-truncated"
        assert reader.broken == "json-truncated"


def test_a_million_levels_are_walked_over_without_recursion() -> None:
    deep = b"[" * 1_000_000 + b"]" * 1_000_000
    reader = JsonReader(io.BytesIO(b'{"a":' + deep + b',"b":1}'), limit=100)
    found = {}
    for name in reader.fields():
        found[name] = reader.value()
    assert found["a"].problem == "record-too-long"
    assert found["b"].data == b"1"


def test_recovering_goes_on_at_the_next_match(step: int) -> None:
    import re

    data = b'[{"id":1,"x":"a"},{"id":2,"x":{"id":3},{"id":4}]'
    reader = JsonReader(io.BytesIO(data), limit=LIMIT)
    elements = reader.elements()
    next(elements)
    assert reader.value().data == b'{"id":1,"x":"a"}'
    next(elements)
    start = reader.offset
    assert reader.value().data == b'{"id":2,"x":{"id":3},{"id":4}]'  # it swallowed its neighbour and the end
    assert reader.recover(re.compile(rb'\{"id":4'), start + 1)
    next(elements)
    assert reader.value().data == b'{"id":4}'
    assert list(elements) == []
    assert not reader.broken


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (b'{"a":1}\n{"a":2}\n', True),
        (b'{"a":1', True),
        (b'{"broken\n{"a":2}\n{"a":3}\n', True),
        (b'{\n "a": 1\n}\n', False),
        (b'[\n{"a":1},\n{"a":2}\n]\n', False),
        (b'[{"a":1}]', False),
        (b'\xef\xbb\xbf{"a":1}\n{"a":2}\n', True),
        (b"", False),
    ],
)
def test_how_a_file_is_laid_out_is_seen_from_its_head(head: bytes, lines: bool) -> None:
    assert is_one_a_line(head) is lines


@pytest.mark.parametrize("indent", [None, 1, 0])
def test_all_layouts_give_the_same_values(indent: int | None) -> None:
    wanted = [{"n": n, "text": "a\nb"} for n in range(5)]
    one_a_line = "\n".join(json.dumps(value) for value in wanted)
    array = json.dumps(wanted, indent=indent)
    after_another = "\n".join(json.dumps(value, indent=indent) for value in wanted)
    for text in (one_a_line, array, after_another):
        found = list(values(io.BytesIO(text.encode()), limit=LIMIT))
        assert [json.loads(value.data or b"") for value in found] == wanted


def test_a_line_too_long_loses_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'{"a":1}\n' + b'{"a":"' + b"x" * 5000 + b'"}\n{"a":3}\n'
    monkeypatch.setattr(json_values, "HEAD_BYTES", 100)
    found = list(values(io.BytesIO(data), limit=100))
    assert [value.problem for value in found] == ["", "record-too-long", ""]
    assert found[1].sha256 == hashlib.sha256(data.split(b"\n")[1] + b"\n").hexdigest()
    assert [value.where for value in found] == ["line 1", "line 2", "line 3"]


@pytest.mark.parametrize("depth", [1, 7, 8, 9, 10, 30])
def test_values_of_any_depth_are_found_whole(depth: int, step: int) -> None:
    inner = '{"a]":"\\\\\\"}",' * depth + '"z":[]' + "}" * depth
    first = inner.replace('",', '","b":', depth - 1).encode()
    reader = JsonReader(io.BytesIO(b"[" + first + b", 5," + first + b"]"), limit=LIMIT)
    found = [reader.value() for _ in reader.elements()]
    assert [value.data for value in found] == [first, b"5", first]
    assert not reader.broken


def test_a_whole_value_that_is_longer_than_the_limit_is_hashed_all_the_same() -> None:
    data = b'{"a": "' + b"x" * 100 + b'"}'
    reader = JsonReader(io.BytesIO(b"[" + data + b",1]"), limit=50)
    found = [reader.value() for _ in reader.elements()]
    assert found[0] == (None, "record-too-long", hashlib.sha256(data).hexdigest())
    assert found[1].data == b"1"
