"""One table's bytes: exactly our schema, uncompressed, whole; anything else is refused before it costs memory."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.schema.strategies import tables_of, tries

from dalil.errors import InputError
from dalil.schema.payloads import read_table, table_bytes
from dalil.schema.tables import HANDED_OVER, RAW, REJECTS

BIG = 64 << 20
ROW = {"where": "line 1", "code": "broken", "raw_hash": "0"}


def payload_of(*batches: pa.RecordBatch | pa.Table, schema: pa.Schema, **options: str | None) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for batch in batches:
            writer.write(batch)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def refuses(payload: bytes, name: str) -> bool:
    with pytest.raises(InputError) as caught:
        read_table(payload, name)
    return bool(caught.value.facts == {"part": name})


@pytest.mark.parametrize("name", HANDED_OVER)
@given(data=st.data())
@tries(10)
def test_a_table_comes_back_as_it_went_and_takes_no_more_than_its_bytes(name: str, data: st.DataObject) -> None:
    table = data.draw(tables_of(name))
    payload = table_bytes(table, name).to_pybytes()
    before = pa.total_allocated_bytes()
    found = read_table(payload, name)
    assert pa.total_allocated_bytes() - before <= 4096, "its columns are views of the payload"
    assert found.equals(table, check_metadata=True)


@pytest.mark.parametrize("codec", ["zstd", "lz4"])
def test_a_compressed_table_is_refused_before_it_is_unpacked(codec: str) -> None:
    """A few kilobytes of it are 64 MiB here, and could be as many gigabytes."""
    bomb = payload_of(
        pa.table({"obs_id": ["a"], "sha256": ["b"], "record": [bytes(BIG)]}, schema=RAW), schema=RAW, compression=codec
    )
    assert len(bomb) < BIG // 100
    pa.default_memory_pool().release_unused()
    before = pa.total_allocated_bytes()
    assert refuses(bomb, "raw")
    assert pa.total_allocated_bytes() - before < 1 << 20


def test_one_compressed_batch_among_plain_ones_is_refused() -> None:
    plain = payload_of(pa.Table.from_pylist([ROW], schema=REJECTS), schema=REJECTS)
    packed = payload_of(pa.Table.from_pylist([ROW] * 50, schema=REJECTS), schema=REJECTS, compression="zstd")
    messages = list(pa.ipc.MessageReader.open_stream(packed))
    end = b"\xff\xff\xff\xff\0\0\0\0"
    assert plain.endswith(end)
    mixed = plain.removesuffix(end) + messages[1].serialize().to_pybytes() + end
    assert [message.type for message in pa.ipc.MessageReader.open_stream(mixed)] == [
        "schema",
        "record batch",
        "record batch",
    ]
    assert refuses(mixed, "rejects")


@pytest.mark.parametrize(
    "schema",
    [
        REJECTS.remove_metadata(),
        REJECTS.with_metadata({b"dalil.tables_version": b"2"}),
        REJECTS.with_metadata({**REJECTS.metadata, b"more": b"smuggled"}),
        REJECTS.set(0, pa.field("where", pa.string(), metadata={b"more": b"smuggled"})),
        REJECTS.set(0, pa.field("where", pa.string(), nullable=False)),
        REJECTS.set(0, pa.field("where", pa.large_string())),
        REJECTS.set(0, pa.field("where", pa.dictionary(pa.int32(), pa.string()))),
        REJECTS.set(0, pa.field("Where", pa.string())),
        REJECTS.append(pa.field("more", pa.string())),
        REJECTS.remove(2),
        pa.schema([REJECTS.field(1), REJECTS.field(0), REJECTS.field(2)], metadata=REJECTS.metadata),
        HANDED_OVER["locators"],
    ],
)
def test_a_schema_that_is_not_ours_to_the_last_mark_is_refused(schema: pa.Schema) -> None:
    """Metadata on a column would travel on into the archive's files, where nobody looks for it."""
    rows = [dict.fromkeys(schema.names, "x")]
    assert refuses(payload_of(pa.Table.from_pylist(rows, schema=schema), schema=schema), "rejects")


def test_what_our_own_writer_is_given_comes_out_with_our_marks_only() -> None:
    marked = REJECTS.set(0, pa.field("where", pa.string(), metadata={b"more": b"x"})).with_metadata({b"a": b"b"})
    found = read_table(table_bytes(pa.Table.from_pylist([ROW], schema=marked), "rejects").to_pybytes(), "rejects")
    assert found.schema.equals(REJECTS, check_metadata=True)


def test_a_table_of_many_pieces_is_one() -> None:
    pieces = pa.concat_tables([pa.Table.from_pylist([ROW | {"where": str(n)}], schema=REJECTS) for n in range(5)])
    assert read_table(table_bytes(pieces, "rejects").to_pybytes(), "rejects")["where"].num_chunks == 1
    apart = payload_of(*pieces.to_batches(), schema=REJECTS)
    assert read_table(apart, "rejects").equals(pieces), "a foreign writer may send several batches"


@pytest.mark.parametrize(
    "payload", [b"", b"\0" * 8, b"\xff" * 8, b"\xff\xff\xff\xff\0\0\0\0", b"ARROW1\0\0", b"PAR1" * 4]
)
def test_what_is_no_stream_is_refused(payload: bytes) -> None:
    assert refuses(payload, "rejects")


def test_text_that_is_not_utf8_is_refused() -> None:
    """Arrow reads it without a word; it would break the first page that shows it."""
    good = table_bytes(pa.Table.from_pylist([ROW], schema=REJECTS), "rejects").to_pybytes()
    assert good.count(b"line 1") == 1
    assert refuses(good.replace(b"line 1", b"line\xff1"), "rejects")


def test_offsets_that_point_outside_are_refused() -> None:
    table = pa.Table.from_pylist([{"where": "ab"}, {"where": "cd"}], schema=REJECTS)
    good = table_bytes(table, "rejects").to_pybytes()
    offsets = b"\0\0\0\0\x02\0\0\0\x04\0\0\0"
    assert good.count(offsets) == 1
    for bad in (
        b"\0\0\0\0\x02\0\0\0\x04\x01\0\0",
        b"\0\0\0\0\x04\0\0\0\x02\0\0\0",
        b"\xff\xff\xff\xff\x02\0\0\0\x04\0\0\0",
    ):
        assert refuses(good.replace(offsets, bad), "rejects")
