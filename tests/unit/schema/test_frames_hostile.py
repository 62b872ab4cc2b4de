"""A child that is no longer ours: whatever it writes, the parent ends with our own errors, soon and small."""

from __future__ import annotations

import io
import struct
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.schema.strategies import tries
from unit.schema.streams import BEGIN, ROWS, Pipe, frame, head, read, some_rows, stream_of

from dalil.errors import InputError, LimitReached
from dalil.schema.chunks import LONGEST_PATH, LONGEST_WORD, MAX_HEADER, MAX_TABLE, Chunk, Done, End, Failed, Skipped
from dalil.schema.frames import Received, read_frames
from dalil.schema.payloads import table_bytes
from dalil.schema.tables import HANDED_OVER


def refused_for(data: bytes) -> object:
    with pytest.raises(InputError) as caught:
        read(data)
    assert caught.value.code == "child-stream-broken"
    return caught.value.facts["part"]


def outcome(data: bytes) -> str:
    """What reading comes to: `read`, or the code of one of our own errors; any other error fails the test."""
    try:
        for item in read_frames(io.BytesIO(data)):
            require_ours(item)
    except (InputError, LimitReached) as error:
        return error.code
    return "read"


def test_every_cut_is_a_dead_child_and_what_came_before_it_was_read() -> None:
    """At each single byte. A chunk is given out only once all of it is there."""
    whole = stream_of(rows={"rejects": 1})
    kinds = [type(item) for item in read(whole)]
    for cut in range(len(whole)):
        found: list[Received] = []
        with pytest.raises(LimitReached) as caught:
            found.extend(read_frames(io.BytesIO(whole[:cut])))
        assert caught.value.code == "child-died"
        assert [type(item) for item in found] == kinds[: len(found)]


def test_a_flipped_bit_anywhere_is_refused_or_changes_a_value_only() -> None:
    """One bit of each byte in turn: no crash, no other error, and whatever is read is valid and of our schema."""
    whole = stream_of(chunks=1, rows={"rejects": 2})
    outcomes = Counter(
        outcome(whole[:place] + bytes([whole[place] ^ 1 << place * 5 % 8]) + whole[place + 1 :])
        for place in range(len(whole))
    )
    assert outcomes.keys() == {"read", "child-stream-broken", "child-died"}, "or the flips did not reach everything"


@given(st.binary(max_size=64), st.integers(0, 1 << 16), st.integers(0, 64))
@tries(300)
def test_bytes_put_over_or_taken_out_anywhere_raise_nothing_else(garbage: bytes, at: int, out: int) -> None:
    whole = stream_of(chunks=1)
    at %= len(whole)
    assert outcome(whole[:at] + garbage + whole[at + out :]) in {"read", "child-stream-broken", "child-died"}
    assert outcome(frame(BEGIN) + garbage) in {"child-stream-broken", "child-died"}


def require_ours(item: Received) -> None:
    if isinstance(item, Chunk):
        for name, table in item.tables.items():
            table.validate(full=True)
            assert table.schema.equals(HANDED_OVER[name], check_metadata=True)


def hostile_headers() -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "no map", b"\x93\x01\x02\x03"
    yield "a map of four thousand million", b"\xdf\xff\xff\xff\xff\xa4type\xa3end"
    yield "a text of four gigabytes", b"\x81\xa4type\xdb\xff\xff\xff\xff"
    yield "a list of four thousand million", b"\x81\xa4type\xdd\xff\xff\xff\xff"
    yield "a hundred thousand deep", b"\x81\xa4type" + b"\x91" * 100_000
    yield "deep in a field nobody knows", b"\x82\xa4type\xa3end\xa1x" + b"\x91" * 100_000 + b"\xc0"
    yield "not UTF-8", b"\x82\xa4type\xa6failed\xa4code\xa2\xff\xfe"
    yield "an extension", b"\x81\xa4type\xd6\xff\x00\x00\x00\x00"
    yield "no tag", msgspec.msgpack.encode({"read": 1})
    yield "an unknown tag", msgspec.msgpack.encode({"type": "order"})
    yield "a number as a tag", msgspec.msgpack.encode({"type": 1})
    yield "two headers in one", msgspec.msgpack.encode(BEGIN) * 2
    yield "text for a number", msgspec.msgpack.encode(msgspec.to_builtins(BEGIN) | {"received_bytes": "9"})
    yield "a fraction", msgspec.msgpack.encode(msgspec.to_builtins(BEGIN) | {"received_bytes": 9.5})
    yield "not a number", msgspec.msgpack.encode(msgspec.to_builtins(BEGIN) | {"received_bytes": float("nan")})
    yield "less than nothing", msgspec.msgpack.encode(msgspec.to_builtins(BEGIN) | {"received_bytes": -1})
    yield (
        "more than the manifest keeps",
        msgspec.msgpack.encode(msgspec.to_builtins(BEGIN) | {"received_bytes": 1 << 63}),
    )


@pytest.mark.parametrize("header", [pytest.param(data, id=name) for name, data in hostile_headers()])
def test_a_hostile_header_is_refused(header: bytes) -> None:
    assert refused_for(struct.pack(">I", len(header)) + header) == "header"
    assert refused_for(frame(BEGIN) + struct.pack(">I", len(header)) + header) == "header"


@pytest.mark.parametrize("size", [MAX_HEADER + 1, 1 << 31, (1 << 32) - 1])
def test_an_oversize_header_is_refused_before_it_is_read(size: int) -> None:
    pipe = Pipe(struct.pack(">I", size), endless=b"\x90")
    with pytest.raises(InputError):
        list(read_frames(pipe))
    assert pipe.given == 4


@pytest.mark.parametrize("size", [0, MAX_TABLE + 1, (1 << 63) - 1])
def test_an_oversize_or_empty_table_is_refused_before_any_table_is_read(size: int) -> None:
    start = frame(BEGIN) + frame(head(tables={"rejects": 100, "raw": size}))
    pipe = Pipe(start, endless=b"\0")
    with pytest.raises(InputError) as caught:
        list(read_frames(pipe))
    assert (caught.value.facts["part"], pipe.given) == ("tables", len(start))


def test_a_size_that_is_allowed_but_false_takes_no_memory() -> None:
    data = frame(BEGIN) + frame(head(tables={"raw": MAX_TABLE})) + bytes(1000)
    tracemalloc.start()
    try:
        with pytest.raises(LimitReached):
            read(data)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("endless", [b"\0", b"\x01", b"\x91", b"\xff"])
def test_a_child_that_prints_forever_is_refused_at_once(endless: bytes) -> None:
    """Before the first frame, and after it."""
    for start in (b"", frame(BEGIN)):
        pipe = Pipe(start, endless=endless)
        with pytest.raises(InputError):
            list(read_frames(pipe))
        assert pipe.given == len(start) + 4


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"number": 1}, "order"),
        ({"read": 2}, "counts"),
        ({"read": 4}, "counts"),
        ({"includes": 1}, "counts"),
        ({"quarantined": 1}, "counts"),
        ({"rejected": {}}, "counts"),
        ({"rejected": {"broken": 2}}, "counts"),
        ({"rejected": {"broken": 1, "other": 1}}, "counts"),
        ({"read": -3}, "header"),
        ({"rejected": {"broken": -1, "other": 2}}, "header"),
        ({"tables": {"rejects": -1}}, "header"),
        ({"done_bytes": 1 << 63}, "header"),
    ],
)
def test_counts_that_the_tables_do_not_bear_out_are_refused(changes: dict[str, Any], part: str) -> None:
    """Nothing may be silently fewer: each record met is an observation, a reject or quarantined."""
    payloads = {name: table_bytes(some_rows(name, count), name).to_pybytes() for name, count in ROWS.items()}
    true = msgspec.to_builtins(head(tables={name: len(payload) for name, payload in payloads.items()}))
    assert outcome(frame(BEGIN) + frame(true) + b"".join(payloads.values())) == "child-died"
    assert refused_for(frame(BEGIN) + frame(true | changes) + b"".join(payloads.values())) == part


@pytest.mark.parametrize(
    ("read_in_all", "rejected"), [(5, {"broken": 2}), (7, {"broken": 2}), (6, {"broken": 1}), (6, {})]
)
def test_an_end_that_forgets_or_invents_records_is_refused(read_in_all: int, rejected: dict[str, int]) -> None:
    assert refused_for(stream_of(end=End(read=read_in_all, includes=0, quarantined=0, rejected=rejected))) == "counts"


def test_quarantined_and_included_records_count_without_a_row() -> None:
    end = End(read=7, includes=2, quarantined=3, rejected={"broken": 2}, ignored={"service": 5})
    assert read(stream_of(end=end))[-2] == end


@pytest.mark.parametrize("numbers", [[1], [0, 0], [0, 2], [1, 0]])
def test_a_chunk_out_of_turn_or_twice_is_refused(numbers: list[int]) -> None:
    data = frame(BEGIN) + b"".join(frame(head(number, read=0, rejected={})) for number in numbers)
    assert refused_for(data) == "order"


@pytest.mark.parametrize(
    "data", [frame(End(read=0, includes=0, quarantined=0, rejected={})), frame(head()), frame(BEGIN) * 2]
)
def test_a_stream_begins_once_and_first(data: bytes) -> None:
    assert refused_for(data) == "order"


@pytest.mark.parametrize(
    "data",
    [
        frame(BEGIN) + frame(Done()),
        frame(Done())[:0] + frame(BEGIN) + frame(BEGIN),
        stream_of()[: -len(frame(Done()))] + frame(Failed(code="format-unknown")),
        stream_of()[: -len(frame(Done()))] + frame(End(read=0, includes=0, quarantined=0, rejected={})),
        frame(BEGIN) + frame(Failed(code="x")) + frame(Failed(code="x")),
    ],
)
def test_groups_do_not_overlap_and_a_failure_of_the_whole_comes_first(data: bytes) -> None:
    assert refused_for(data) == "order"


@pytest.mark.parametrize(
    ("where", "field", "longest"),
    [
        (BEGIN, "source_format", LONGEST_WORD),
        (BEGIN, "importer_version", LONGEST_WORD),
        (BEGIN, "received_sha256", LONGEST_WORD),
        (BEGIN, "container_sha256", LONGEST_WORD),
        (BEGIN, "inner", LONGEST_PATH),
        (Failed(code="x"), "code", LONGEST_WORD),
        (Skipped(code="x"), "code", LONGEST_WORD),
        (Skipped(code="x"), "inner", LONGEST_PATH),
        (Skipped(code="x"), "begins", LONGEST_PATH),
    ],
)
def test_text_that_is_longer_than_any_of_ours_is_refused(where: msgspec.Struct, field: str, longest: int) -> None:
    """A hostile child fills neither the manifest nor the screen."""
    for length, refused in ((longest, False), (longest + 1, True)):
        changed = msgspec.structs.replace(where, **{field: "x" * length})
        sent = frame(Done(skipped=(changed,)) if isinstance(changed, Skipped) else changed)
        data = sent + frame(Failed(code="x")) + frame(Done()) if where is BEGIN else sent
        assert (outcome(data) == "child-stream-broken") is refused, field


@pytest.mark.parametrize(
    "value",
    [
        Failed(code="x", facts={"name": "x" * (LONGEST_PATH + 1)}),
        Failed(code="x", facts={"x" * (LONGEST_WORD + 1): 1}),
    ],
)
def test_facts_are_short_too(value: Failed) -> None:
    assert refused_for(frame(value)) == "header"


def test_an_unknown_table_is_refused() -> None:
    assert refused_for(frame(BEGIN) + frame(head(tables={"others": 5})) + bytes(5)) == "tables"
