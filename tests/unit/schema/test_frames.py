"""The stream between child and parent: read back as written, and nothing else accepted."""

from __future__ import annotations

import io
import struct

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.schema.strategies import tries

from dalil.errors import InputError, LimitReached
from dalil.schema.chunks import MAX_HEADER, Begin, Chunk, ChunkHead, End, Failed
from dalil.schema.frames import read_frames, write_chunk, write_frame
from dalil.schema.tables import HANDED_OVER, REJECTS

BEGIN = Begin(source_format="x", importer_version="1", received_sha256="0" * 64, received_bytes=1)
END = End(read=1, includes=0, quarantined=0, rejected={"a": 1})
HEAD = ChunkHead(number=0, read=1, includes=0, quarantined=0, rejected={"a": 1}, done_bytes=5, tables={})
TABLE = pa.Table.from_pylist([{"where": "line 1", "code": "a", "raw_hash": "b"}], schema=REJECTS)


def stream_of(*, head: ChunkHead = HEAD, tables: dict[str, pa.Table] | None = None) -> bytes:
    stream = io.BytesIO()
    write_frame(stream, BEGIN)
    write_chunk(stream, head, {"rejects": TABLE} if tables is None else tables)
    write_frame(stream, END)
    return stream.getvalue()


def frame(value: object) -> bytes:
    header = msgspec.msgpack.encode(value)
    return struct.pack(">I", len(header)) + header


def test_what_is_written_is_read() -> None:
    begin, chunk, end = read_frames(io.BytesIO(stream_of()))
    assert begin == BEGIN
    assert end == END
    assert isinstance(chunk, Chunk)
    assert chunk.head.tables.keys() == {"rejects"}
    assert chunk.tables["rejects"].equals(TABLE)
    assert chunk.tables.keys() == HANDED_OVER.keys()
    assert all(chunk.tables[name].num_rows == 0 for name in HANDED_OVER if name != "rejects")


def test_a_failure_may_stand_alone_or_come_later() -> None:
    failed = Failed(code="format-unknown", facts={"name": "a"})
    assert list(read_frames(io.BytesIO(frame(failed)))) == [failed]
    assert list(read_frames(io.BytesIO(frame(BEGIN) + frame(failed)))) == [BEGIN, failed]


def test_nothing_is_read_after_the_end() -> None:
    assert len(list(read_frames(io.BytesIO(stream_of() + b"garbage")))) == 3


def test_an_unknown_or_misshapen_table_is_not_written() -> None:
    with pytest.raises(ValueError, match="handed over"):
        write_chunk(io.BytesIO(), HEAD, {"others": TABLE})
    with pytest.raises(ValueError, match="handed over"):
        write_chunk(io.BytesIO(), HEAD, {"posts": TABLE})


@pytest.mark.parametrize(
    "data",
    [
        frame(END),
        frame(BEGIN) + frame(BEGIN),
        struct.pack(">I", MAX_HEADER + 1),
        struct.pack(">I", 3) + b"abc",
        frame(BEGIN) + frame({"type": "chunk"}),
        frame(BEGIN) + frame(msgspec.structs.replace(HEAD, tables={"others": 5})) + b"12345",
        frame(BEGIN) + frame(msgspec.structs.replace(HEAD, tables={"rejects": -1})),
        frame(BEGIN) + frame(msgspec.structs.replace(HEAD, tables={"rejects": 1 << 40})),
        frame(BEGIN) + frame(msgspec.structs.replace(HEAD, tables={"rejects": 5})) + b"12345",
    ],
)
def test_what_does_not_keep_to_the_format_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        list(read_frames(io.BytesIO(data)))
    assert caught.value.code == "child-stream-broken"


def test_a_table_with_another_schema_is_refused() -> None:
    sink = pa.BufferOutputStream()
    other = pa.table({"where": [1]})
    with pa.ipc.new_stream(sink, other.schema) as writer:
        writer.write_table(other)
    payload = sink.getvalue().to_pybytes()
    data = frame(BEGIN) + frame(msgspec.structs.replace(HEAD, tables={"rejects": len(payload)})) + payload
    with pytest.raises(InputError):
        list(read_frames(io.BytesIO(data)))


def test_a_stream_that_stops_is_a_dead_child() -> None:
    whole = stream_of()
    for cut in range(0, len(whole), 7):
        with pytest.raises(LimitReached) as caught:
            list(read_frames(io.BytesIO(whole[:cut])))
        assert caught.value.code == "child-died"


@given(st.binary(max_size=300), st.integers(0, 400))
@tries(100)
def test_garbage_is_refused_and_never_believed(garbage: bytes, at: int) -> None:
    whole = stream_of()
    for data in (garbage, frame(BEGIN) + garbage, whole[:at] + garbage + whole[at + len(garbage) :]):
        try:
            for found in read_frames(io.BytesIO(data)):
                if isinstance(found, Chunk):
                    for table in found.tables.values():
                        table.validate(full=True)
        except (InputError, LimitReached):
            pass
