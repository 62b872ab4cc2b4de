"""One table as bytes between the child and its parent: an Arrow IPC stream, written plainly, read with nothing trusted.

A compressed stream is refused before a byte of it is unpacked: a few kilobytes could ask for gigabytes. So
what a table takes in memory is never more than the bytes that came. Metadata other than our own is refused
too, on the schema, its columns and their parts: it would travel on into the archive's files unseen.
"""

from __future__ import annotations

import struct
from typing import Final

import pyarrow as pa

from dalil.errors import InputError
from dalil.schema.tables import HANDED_OVER

_U16: Final = struct.Struct("<H")
_U32: Final = struct.Struct("<I")
_I32: Final = struct.Struct("<i")
# Places in the flatbuffers of Arrow's Message.fbs: Message.header, and RecordBatch.compression.
_HEADER: Final = 2
_COMPRESSION: Final = 3


def table_bytes(table: pa.Table, name: str) -> pa.Buffer:
    """The table as one uncompressed batch, with the metadata of our own schema whatever it came with."""
    whole = table.combine_chunks()
    measured = pa.MockOutputStream()
    _write(measured, whole, name)
    found = pa.allocate_buffer(measured.size())  # once, of the right size: a buffer that grows is copied as it does
    _write(pa.FixedSizeBufferWriter(found), whole, name)
    return found


def _write(sink: pa.NativeFile, table: pa.Table, name: str) -> None:
    with pa.ipc.new_stream(sink, HANDED_OVER[name], options=pa.ipc.IpcWriteOptions(compression=None)) as writer:
        writer.write_table(table)


def read_table(payload: bytes | bytearray, name: str) -> pa.Table:
    """The table in a payload, every buffer validated.

    Raises:
        InputError: `child-stream-broken`; it is not an uncompressed stream of record batches of exactly
            our schema.
    """
    try:
        messages = pa.ipc.MessageReader.open_stream(pa.py_buffer(payload))
        if not pa.ipc.read_schema(messages.read_next_message()).equals(HANDED_OVER[name], check_metadata=True):
            raise InputError("child-stream-broken", part=name)
        table = pa.Table.from_batches((_batch(message, name) for message in messages), schema=HANDED_OVER[name])
        table.validate(full=True)
    except (pa.ArrowException, StopIteration, UnicodeDecodeError, OSError, MemoryError, struct.error):
        raise InputError("child-stream-broken", part=name) from None
    return table


def _batch(message: pa.ipc.Message, name: str) -> pa.RecordBatch:
    if message.type != "record batch" or _is_compressed(memoryview(message.metadata)):
        raise InputError("child-stream-broken", part=name)
    return pa.ipc.read_record_batch(message, HANDED_OVER[name])


def _is_compressed(metadata: memoryview) -> bool:
    """Whether a record batch says that its buffers are compressed; pyarrow does not tell."""
    header = _field(metadata, _U32.unpack_from(metadata, 0)[0], _HEADER)
    return bool(_field(metadata, header + _U32.unpack_from(metadata, header)[0], _COMPRESSION))


def _field(metadata: memoryview, table: int, number: int) -> int:
    """Where a flatbuffer table keeps a field, 0 if it has none."""
    vtable = table - _I32.unpack_from(metadata, table)[0]
    slot = 4 + 2 * number
    offset = _U16.unpack_from(metadata, vtable + slot)[0] if slot < _U16.unpack_from(metadata, vtable)[0] else 0
    return table + offset if offset else 0
