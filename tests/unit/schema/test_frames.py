"""The stream between child and parent: what was written comes back, and the writer refuses what may not be sent."""

from __future__ import annotations

import io

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.schema.strategies import of, tables_of, tries
from unit.schema.streams import BEGIN, Pipe, frame, head, read, some_rows, stream_of

from dalil.schema import chunks
from dalil.schema.chunks import LONGEST_PATH, LONGEST_WORD, MAX_HEADER, Begin, Chunk, Done, End, Failed, Skipped
from dalil.schema.frames import read_frames, write_chunk, write_frame
from dalil.schema.tables import HANDED_OVER


@given(data=st.data())
@tries(40)
def test_any_chunks_come_back_as_they_went(data: st.DataObject) -> None:
    """Tables that a chunk does not name are there, empty, and with their own schema."""
    names = data.draw(st.lists(st.sets(st.sampled_from(sorted(HANDED_OVER)), max_size=4), max_size=3))
    sent = [{name: data.draw(tables_of(name)) for name in sorted(chosen)} for chosen in names]
    stream, met, rejects = io.BytesIO(), 0, 0
    write_frame(stream, BEGIN)
    for number, tables in enumerate(sent):
        rejects += tables["rejects"].num_rows if "rejects" in tables else 0
        met += sum(tables[name].num_rows for name in ("observations", "rejects") if name in tables)
        write_chunk(stream, head(number, read=met, rejected={"broken": rejects}), tables)
    end = End(read=met, includes=0, quarantined=0, rejected={"broken": rejects})
    write_frame(stream, end)
    write_frame(stream, Done())
    first, *found, last, done = read(stream.getvalue())
    assert (first, last, done) == (BEGIN, end, Done())
    for chunk, tables in zip(found, sent, strict=True):
        assert isinstance(chunk, Chunk)
        assert chunk.head.tables.keys() == {name for name, table in tables.items() if table.num_rows}
        for name, schema in HANDED_OVER.items():
            assert chunk.tables[name].equals(tables.get(name, schema.empty_table()), check_metadata=True)


@given(of(Begin), of(Failed), of(Done))
@tries(50)
def test_any_begin_failure_and_done_come_back_as_they_went(begin: Begin, failed: Failed, done: Done) -> None:
    """A failure may stand alone, too: the input could not even be opened."""
    stream = io.BytesIO()
    write_frame(stream, begin)
    write_frame(stream, failed)
    write_frame(stream, done)
    assert read(stream.getvalue()) == [begin, failed, done]
    assert read(frame(failed)) == [failed]
    assert read(frame(done)) == [done]


def test_one_input_may_hold_several_groups_each_counted_by_itself() -> None:
    """And one that fails ends alone."""
    group = stream_of()[: -len(frame(Done()))]
    failed = frame(BEGIN) + frame(Failed(code="archive-broken"))
    done = Done(skipped=(Skipped(code="format-unknown", inner="a/b", begins="Dear", count=3),))
    found = read(group + failed + group + frame(done))
    kinds = [type(item) for item in found]
    assert kinds == [Begin, Chunk, Chunk, End, Begin, Failed, Begin, Chunk, Chunk, End, Done]
    assert found[-1] == done


@pytest.mark.parametrize("step", [1, 3, 7, 4096])
def test_a_pipe_that_gives_little_at_a_time_gives_the_same(step: int) -> None:
    found = [item for item in read_frames(Pipe(stream_of(), step=step)) if isinstance(item, Chunk)]
    assert [chunk.tables["observations"].num_rows for chunk in found] == [2, 2]


def test_nothing_is_read_after_the_done_or_a_failure_of_the_whole() -> None:
    whole = stream_of()
    pipe = Pipe(whole, endless=b"\0")
    assert len(list(read_frames(pipe))) == 5
    assert pipe.given == len(whole)
    assert len(read(frame(Failed(code="format-unknown")) + frame(BEGIN))) == 1


def test_the_sizes_in_a_head_are_those_of_the_tables_whatever_was_said() -> None:
    stream = io.BytesIO()
    write_frame(stream, BEGIN)
    write_chunk(
        stream,
        head(tables={"rejects": 1, "raw": 99}),
        {name: some_rows(name, n) for name, n in (("observations", 2), ("rejects", 1))},
    )
    write_frame(stream, End(read=3, includes=0, quarantined=0, rejected={"broken": 1}))
    write_frame(stream, Done())
    chunk = read(stream.getvalue())[1]
    assert isinstance(chunk, Chunk)
    assert chunk.head.tables.keys() == {"observations", "rejects"}


def test_the_same_chunk_is_the_same_bytes() -> None:
    """An import that is repeated after a crash must make the same chunks, however its tables were pieced together."""
    pieces = pa.concat_tables([some_rows("rejects", 3).slice(0, 1), some_rows("rejects", 3).slice(1)])
    streams = [io.BytesIO(), io.BytesIO()]
    for stream, table in zip(streams, (some_rows("rejects", 3), pieces), strict=True):
        write_chunk(stream, head(), {"rejects": table})
    assert streams[0].getvalue() == streams[1].getvalue()


def test_a_table_that_may_not_be_handed_over_is_not_written() -> None:
    for name, table in (("others", some_rows("rejects", 1)), ("posts", some_rows("rejects", 1))):
        stream = io.BytesIO()
        with pytest.raises(ValueError, match="handed over"):
            write_chunk(stream, head(), {"rejects": some_rows("rejects", 1), name: table})
        assert stream.getvalue() == b"", "not even the tables before it"


def test_what_the_reader_would_refuse_for_its_size_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for frame_type in (Begin, Failed):
        long = "x" * MAX_HEADER
        given = msgspec.structs.replace(BEGIN, source_format=long) if frame_type is Begin else Failed(code=long)
        stream = io.BytesIO()
        with pytest.raises(ValueError, match="header"):
            write_frame(stream, given)
        assert stream.getvalue() == b""
    monkeypatch.setattr("dalil.schema.frames.MAX_TABLE", 100)
    with pytest.raises(ValueError, match="larger"):
        write_chunk(io.BytesIO(), head(), {"rejects": some_rows("rejects", 3)})
    assert chunks.MAX_TABLE > 1 << 30


def test_the_limits_on_words_are_those_of_the_schema() -> None:
    assert LONGEST_WORD < LONGEST_PATH < MAX_HEADER
