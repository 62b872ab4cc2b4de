"""The stream between the limited child and its parent: frames written, and read with nothing trusted.

A frame is `4-byte big-endian length, msgpack header`; a chunk's header names its tables with the
bytes of each, and the Arrow IPC streams follow in that order (`payloads`). The reader checks every
length, table name, schema and count, because the child has decoded foreign bytes and may no longer be ours.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

import msgspec
import pyarrow as pa

from dalil.errors import InputError, LimitReached
from dalil.schema.chunks import MAX_HEADER, MAX_TABLE, Begin, Chunk, ChunkHead, Done, End, Failed, Frame
from dalil.schema.payloads import read_table, table_bytes
from dalil.schema.tables import HANDED_OVER

_LENGTH: Final = struct.Struct(">I")
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Frame)
_STEP: Final = 1 << 20
_USUAL: Final = 32 << 20

Received = Begin | Chunk | End | Failed | Done


def write_frame(stream: BinaryIO, frame: Begin | End | Failed | Done) -> None:
    """Write a frame that has no tables, and flush it."""
    _write_header(stream, frame)
    stream.flush()


def write_chunk(stream: BinaryIO, head: ChunkHead, tables: Mapping[str, pa.Table]) -> None:
    """Write one chunk; `head.tables` is replaced by the real sizes of `tables`, and empty tables are left out.

    Raises:
        ValueError: a table is not one that may be handed over, has another schema, or is too large.
    """
    payloads: dict[str, pa.Buffer] = {}
    for name, table in tables.items():
        if name not in HANDED_OVER or not table.schema.equals(HANDED_OVER[name]):
            raise ValueError(f"'{name}' is not a table that may be handed over, or its schema differs")
        if table.num_rows:
            payloads[name] = table_bytes(table, name)
            if payloads[name].size > MAX_TABLE:
                raise ValueError(f"the table '{name}' is larger than {MAX_TABLE} bytes")
    sizes = {name: payload.size for name, payload in payloads.items()}
    _write_header(stream, msgspec.structs.replace(head, tables=sizes))
    stream.writelines(payloads.values())
    stream.flush()


def read_frames(stream: BinaryIO) -> Iterator[Received]:
    """Read what a child wrote of one input: each group's begin, chunks and end or failure, and at last the done.

    A failure before any group is the whole input's, and nothing follows. A table that the chunk does
    not name is there, empty, so that a caller need not ask.

    Raises:
        InputError: `child-stream-broken`; it does not keep to the format, or its counts are not those of what came.
        LimitReached: `child-died`; it stops before its done or failure.
    """
    group: _SoFar | None = None
    first = True
    while True:
        frame = _read_header(stream)
        if not _in_order(frame, in_group=group is not None, first=first):
            raise InputError("child-stream-broken", part="order")
        if isinstance(frame, ChunkHead):
            assert group is not None
            tables = _read_tables(stream, frame)
            group.take(frame, tables)
            yield Chunk(frame, tables)
            continue
        if isinstance(frame, End):
            assert group is not None
            group.require_counted(frame)
        yield frame
        if isinstance(frame, Done) or (isinstance(frame, Failed) and group is None):
            return
        group = _SoFar() if isinstance(frame, Begin) else None
        first = False


def _in_order(frame: Frame, *, in_group: bool, first: bool) -> bool:
    match frame:
        case ChunkHead() | End():
            return in_group
        case Failed():
            return in_group or first
        case _:
            return not in_group


@dataclass(slots=True)
class _SoFar:
    """What came, to hold the child's counts against: nothing may be silently fewer."""

    chunks: int = 0
    observations: int = 0
    rejects: int = 0

    def take(self, head: ChunkHead, tables: Mapping[str, pa.Table]) -> None:
        if head.number != self.chunks:
            raise InputError("child-stream-broken", part="order")
        self.chunks += 1
        self.observations += tables["observations"].num_rows
        self.rejects += tables["rejects"].num_rows
        self.require_counted(head)

    def require_counted(self, frame: ChunkHead | End) -> None:
        """Each record met is an observation, a reject or quarantined."""
        met = self.observations + self.rejects + frame.quarantined
        if sum(frame.rejected.values()) != self.rejects or frame.read + frame.includes != met:
            raise InputError("child-stream-broken", part="counts")


def _write_header(stream: BinaryIO, frame: Frame) -> None:
    header = _ENCODER.encode(frame)
    if len(header) > MAX_HEADER:
        raise ValueError(f"a header is larger than {MAX_HEADER} bytes")
    stream.write(_LENGTH.pack(len(header)) + header)


def _read_header(stream: BinaryIO) -> Frame:
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MAX_HEADER:
        raise InputError("child-stream-broken", part="header")
    try:
        found: Frame = _DECODER.decode(_exactly(stream, length))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError("child-stream-broken", part="header") from None
    return found


def _read_tables(stream: BinaryIO, head: ChunkHead) -> dict[str, pa.Table]:
    if any(name not in HANDED_OVER or not 0 < size <= MAX_TABLE for name, size in head.tables.items()):
        raise InputError("child-stream-broken", part="tables")
    tables = {name: schema.empty_table() for name, schema in HANDED_OVER.items()}
    for name, size in head.tables.items():
        tables[name] = read_table(_exactly(stream, size), name)
    return tables


def _exactly(stream: BinaryIO, size: int) -> pa.Buffer:
    """Read exactly `size` bytes. Room for what is of a usual size is taken at once, and more of it as it comes, so
    that a false length alone does not take memory."""
    room = min(size, _USUAL)
    buffer = pa.allocate_buffer(room, resizable=True)
    at = 0
    while at < size:
        if at == room:
            room = min(size, 2 * room)
            buffer.resize(room)
        # Arrow's memory, which it gives back: growing bytes of Python's would leave holes in the heap, chunk by chunk.
        read = stream.readinto(memoryview(buffer).cast("B")[at : min(room, at + _STEP)])  # type: ignore[attr-defined]
        if not read:
            raise LimitReached("child-died")
        at += read
    return buffer
