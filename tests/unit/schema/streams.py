"""What a child might write, made by hand, and pipes that give it slowly or forever."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa

from dalil.schema.chunks import Begin, ChunkHead, Done, End
from dalil.schema.frames import Received, read_frames, write_chunk, write_frame
from dalil.schema.tables import HANDED_OVER

BEGIN = Begin(source_format="x-api-v2", importer_version="1", received_sha256="0" * 64, received_bytes=9)
ROWS = {"observations": 2, "rejects": 1}


class Pipe(io.BytesIO):
    """A pipe that gives `step` bytes at a time and counts what it gave; after its data `endless`, forever."""

    def __init__(self, data: bytes, *, step: int = 1 << 20, endless: bytes = b"") -> None:
        super().__init__(data)
        self.given = 0
        self._step, self._endless = step, endless

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(min(size or 0, self._step)) or self._endless * min(size or 0, self._step)
        self.given += len(found)
        return found

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def frame(value: object) -> bytes:
    header = msgspec.msgpack.encode(value)
    return struct.pack(">I", len(header)) + header


def some_rows(name: str, count: int) -> pa.Table:
    text = next(column.name for column in HANDED_OVER[name] if column.type == pa.string())
    return pa.Table.from_pylist([{text: f"نصر {number}"} for number in range(count)], schema=HANDED_OVER[name])


def head(number: int = 0, rows: Mapping[str, int] = ROWS, **changes: Any) -> ChunkHead:
    """The head of the `number`th chunk, each with `rows` in it: observations and rejects, one a record."""
    rejected = {"broken": rows["rejects"] * (number + 1)}
    given = {"read": sum(rows.values()) * (number + 1), "rejected": rejected, "includes": 0, "quarantined": 0}
    return ChunkHead(number=number, **({**given, "done_bytes": 0, "tables": {}} | changes))


def stream_of(chunks: int = 2, rows: Mapping[str, int] = ROWS, end: End | None = None) -> bytes:
    """A whole stream of so many chunks alike."""
    stream = io.BytesIO()
    write_frame(stream, BEGIN)
    for number in range(chunks):
        write_chunk(stream, head(number, rows), {name: some_rows(name, count) for name, count in rows.items()})
    last = head(chunks - 1, rows)
    write_frame(stream, end or End(read=last.read, includes=0, quarantined=0, rejected=last.rejected))
    write_frame(stream, Done())
    return stream.getvalue()


def read(data: bytes) -> list[Received]:
    return list(read_frames(io.BytesIO(data)))
